"""Names of authors that are one text: which are persons, and what of a name is the family's."""

import re

from reviewpress.name_words import EAST_ASIAN, is_particle, speaks_of_a_body

_JOINTS = frozenset(("y", "e", "i"))
"""What joins two names of one family: Ortega y Gasset."""
_WITH_PARTICLE = re.compile(r"(?:al|el|ad|an|ar|as|at|az|ash|d|l|t)[-'](?=\w)|['ʿʾ`](?=\w)")
_SUFFIX = re.compile(r"(?:jr|sr|junior|senior|ii|iii|iv)\.?", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:ph\.?\s?d|m\.?d|dr\.?p\.?h|d\.?phil|m\.?sc|b\.?sc|m\.?p\.?h|m\.?phil|m\.?a|b\.?a|ed\.?d"
    r"|m\.?ed|m\.?b\.?a|r\.?n|m\.?s\.?w|psy\.?d|j\.?d|ll\.?[mb]|obe|mbe|cbe|frs|frcp)\.?",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"(?:dr|prof|professor|sir|dame|mr|mrs|ms|mx|miss|rev|lord|lady|hon)\.?", re.IGNORECASE
)
_COMPANY = re.compile(r"(?:inc|llc|ltd|limited|plc|pbc|cic|gmbh|s\.?a|e\.?\s?v)\.?", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|le|la|les|das|der|die|el) ", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|,?\s+(?:and|und|et|&)\s+")
_MARKS = re.compile(r"\[([^\]]*)\]\([^)]*\)(?:\{[^}]*\})?|\^[^^]*\^|[*`]")
"""Markdown around a name: a link, a raised number, emphasis."""
_APOSTROPHES = str.maketrans("’‘", "''")

Parts = tuple[str, str, str, str]
"""A name as it is shown, the family's name, given names, and what follows them, as Jr."""


def parts_of(text: str, *, is_person: bool = False) -> Parts:
    """Return the parts of a name; a body has the first alone, unless it `is_person` for sure.

    >>> parts_of("Ludwig van Beethoven"), parts_of("King, Martin Luther, Jr.")[1:]
    (('Ludwig van Beethoven', 'van Beethoven', 'Ludwig', ''), ('King', 'Martin Luther', 'Jr.'))
    """
    name = _unmarked(text)
    told: list[str] = []
    suffix = ""
    cells = [cell.strip() for cell in name.split(",")]
    for cell in cells:
        if told and _SUFFIX.fullmatch(cell):
            suffix = cell
        elif not (told and _DEGREE.fullmatch(cell)):
            told.append(cell)
    if len(told) > 2 or (len(told) == 2 and _COMPANY.fullmatch(told[1])):
        return name, "", "", ""
    if len(told) == 2 and (is_person or not _is_body(f"{told[1]} {told[0]}".split())):
        family, given = told
        return " ".join(filter(None, (given, family, suffix))), family, given, suffix
    words = (told[0] if len(told) == 1 else name).split()
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    while len(words) > 1 and _HONORIFIC.fullmatch(words[0]):
        del words[0]
    if not is_person and (len(words) < 2 or _is_body(words)):
        return name, "", "", ""
    family, given = _apart(words)
    return name, family, given, suffix


def persons_in(text: str) -> list[str]:
    """Return the names of a text that names several persons, else the text.

    >>> persons_in("Ann Ash, Ben Birch and Cy Cedar"), persons_in("Health and Safety Executive")
    (['Ann Ash', 'Ben Birch', 'Cy Cedar'], ['Health and Safety Executive'])
    """
    pieces = [piece for piece in _BETWEEN.split(_unmarked(text)) if piece]
    found: list[str] = []
    for piece in pieces:
        cells = _cells(piece)
        whole = all(" " in cell for cell in cells)
        is_list = whole and (len(cells) > 2 or (len(cells) > 1 and len(pieces) > 1))
        found += cells if is_list else [piece]
    if len(found) > 1 and all(parts_of(each)[2] for each in found):
        return found
    return [text]


def _unmarked(text: str) -> str:
    return " ".join(_MARKS.sub(r"\1", text).split())


def _cells(text: str) -> list[str]:
    """Return what is between commas; a degree or Jr. belongs to the name before it."""
    cells: list[str] = []
    for cell in text.split(", "):
        if cells and (_SUFFIX.fullmatch(cell) or _DEGREE.fullmatch(cell)):
            cells[-1] += f", {cell}"
        else:
            cells.append(cell)
    return cells


def _apart(words: list[str]) -> tuple[str, str]:
    """Return the family's name and the given names of a person."""
    if EAST_ASIAN.search("".join(words)):
        return words[0], " ".join(words[1:])
    start = len(words) - 1
    if start > 2 and words[start - 1] in _JOINTS:
        start -= 2
    while start > 1 and is_particle(words[start - 1]):
        start -= 1
    return " ".join(words[start:]), " ".join(words[:start])


def _is_body(words: list[str]) -> bool:
    name = " ".join(words)
    plain = [word for word in words if not is_particle(word) and word not in _JOINTS]
    heads = [_WITH_PARTICLE.sub("", word.translate(_APOSTROPHES), count=1) for word in plain]
    return (
        len(plain) > 6
        or bool(_ARTICLE.match(name))
        or speaks_of_a_body(name)
        or any(not word[:1].isalpha() for word in heads)
        or (any(word[0].islower() for word in heads) and not name.islower())
        or (any(map(_is_acronym, words)) and not name.isupper())
    )


def _is_acronym(word: str) -> bool:
    """Whether a word is capitals alone, and not initials: UNICEF, but not J.R.R."""
    return len(word) > 3 and word.isupper() and word.isalpha() and not EAST_ASIAN.search(word)
