"""Words that tell names apart: particles of families, names of bodies, scripts of the East."""

import re

EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in whose names the family's comes first."""
_PARTICLES = frozenset((
    "van", "von", "de", "der", "den", "del", "di", "da", "do", "dos", "das", "du", "la", "le",
    "el", "al", "bin", "bint", "ibn", "ben", "abu", "abi", "ter", "ten", "zu", "zum", "zur", "vom",
    "ap", "ab", "mac", "st", "af", "av", "della", "dello", "degli", "dei", "dal", "lo", "san",
    "santa", "'t",
))  # fmt: skip
_OF_BODIES = re.compile(
    r"\b(?:agency|agenc[ei]a|alliance|assembly|assoc[iy]a\w+|authority|autorité|board|bundes\w+"
    r"|bureau|cent(?:er|re|ro|rum)|collaborati(?:on|ve)|college|comit[éê]|commission|committee"
    r"|company|conse[ij]\w+|consortium|corporation|council|department|directorate|division"
    r"|editors|executive|federation|fond(?:s|o|ation|azione)|forum|foundation|funda[cç]\w+"
    r"|government|group|hospital|inc|initiative|institut\w*|laboratory|library|limited|ltd"
    r"|minist[eèé]r\w+|ministry|network|nhs|office|organi[sz]ation|panel|partners\w*|press"
    r"|programme|project|review|school|scotland|secretariat|services?|servicio|sociedad|société"
    r"|society|team|trust|unit|universi[dt]\w*|gmbh|équipe|grupo|gruppe|verein|stiftung|working"
    r"|of|for|the|and)\b|&",
    re.IGNORECASE,
)
_OF_BODIES_EAST = re.compile(
    "(?:省|庁|局|会|會|大学|大學|研究所|中心|センター|학회|위원회|대학교|연구원)$"
)
_APOSTROPHES = str.maketrans("’‘", "''")


def is_particle(word: str) -> bool:
    """Say whether a word stands before a family's name and belongs to it.

    >>> is_particle("von"), is_particle("St."), is_particle("Ann")
    (True, True, False)
    """
    return word.translate(_APOSTROPHES).casefold().strip(".") in _PARTICLES


def speaks_of_a_body(name: str) -> bool:
    """Say whether a word of a name is one that names of bodies have, and names of persons lack.

    >>> speaks_of_a_body("Health Research Board"), speaks_of_a_body("Mark Fondacaro")
    (True, False)
    """
    return bool(_OF_BODIES.search(name) or _OF_BODIES_EAST.search(name))
