"""What screening programs and spreadsheets call decisions and stages."""

import re
from collections.abc import Collection, Mapping

from reviewpress.evidence.decisions import (
    AGREED,
    AWAITING,
    BEFORE,
    EXCLUDE,
    FULL,
    INCLUDE,
    ONGOING,
    RETRIEVAL,
    TITLE,
    UNSURE,
)

_WORDS: Mapping[str, tuple[str, ...]] = {
    INCLUDE: ("include", "included", "inclusion", "in", "yes", "y", "1", "1 0", "true", "relevant",
              "accept", "accepted", "eligible", "keep", "select", "selected"),
    EXCLUDE: ("exclude", "excluded", "exclusion", "out", "no", "n", "0", "0 0", "false",
              "irrelevant", "not relevant", "reject", "rejected", "ineligible", "not eligible"),
    UNSURE: ("unsure", "maybe", "unclear", "uncertain", "not sure", "possibly", "cannot tell",
             "can t tell", "conflict", "discuss"),
    AWAITING: ("awaiting classification", "awaiting", "awaiting assessment",
               "studies awaiting classification", "awaiting classification studies"),
    ONGOING: ("ongoing", "ongoing study", "ongoing studies", "ongoing trial", "ongoing trials"),
}  # fmt: skip
_DECISIONS = {word: decision for decision, words in _WORDS.items() for word in words}
_NONE = frozenset((
    "", "na", "n a", "none", "nan", "null", "undecided", "not screened", "unscreened", "not seen",
    "pending", "no vote", "no decision",
))  # fmt: skip
_WITH_REASON = re.compile(
    r"(?P<word>in|ex)clude[ds]?\b"
    r"(?:\s*(?:[-–—:(,;]+|because(?: of)?|due to|based on|on|for|by)\s*)?"
    r"(?P<rest>.*?)\)?\s*",
    re.IGNORECASE | re.DOTALL,
)
_ANSWER = re.compile(r"(?P<word>yes|no)\s*[-–—:(,;]+\s*(?P<rest>.+?)\)?\s*", re.IGNORECASE)
_BY = re.compile(r"(?P<said>.+?)\s*[(\[](?P<who>[^()\[\]]+)[)\]]")
_CONSENSUS = frozenset(("agreed", "consensus", "final", "adjudicated", "reconciled", "resolved",
                        "final decision", "adjudicator"))  # fmt: skip
_STAGES = (
    (FULL, re.compile(r"\bfull\b|\bft\b|fulltext|eligibility", re.IGNORECASE)),
    (TITLE, re.compile(r"\btitles?\b|\babstracts?\b|\bti ?ab\b|\bt ?a\b|\btiab\b", re.IGNORECASE)),
    (RETRIEVAL, re.compile(r"retriev", re.IGNORECASE)),
    (BEFORE, re.compile(r"\bbefore\b|duplicat", re.IGNORECASE)),
)
_ONWARD = re.compile(
    r"\b(?:go(?:es)?|proceeds?|moves?|advances?|progress(?:es)?|continues?|promotes?|forwards?|send"
    r"|sent|retrieves?|obtains?|orders?|gets?)\b.*\bfull"
)
"""That a record goes on to the full text is decided on its title and abstract."""
_LEVELS = {"1": TITLE, "2": FULL}


def plain_words(text: str) -> str:
    """Return the words of a text in lower case, without signs.

    >>> plain_words(" RAYYAN_Inclusion (final) ")
    'rayyan inclusion final'
    """
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def decision_of(cell: str) -> tuple[str, str] | None:
    """Return the decision that a cell says, with its reason; empty for none, None if not known.

    >>> decision_of("Included"), decision_of("Exclude - wrong population"), decision_of(" ")
    (('include', ''), ('exclude', 'wrong population'), ('', ''))
    >>> decision_of("EXCLUDE on country"), decision_of("Include on title & abstract")
    (('exclude', 'country'), ('include', ''))
    >>> decision_of("Yes, include"), decision_of("No (exclude): wrong population")
    (('include', ''), ('exclude', 'wrong population'))
    >>> decision_of("Scotland") is None
    True
    """
    words = plain_words(cell)
    if "?" in cell and not words:
        return UNSURE, ""
    if words in _NONE:
        return "", ""
    if words in _DECISIONS:
        return _DECISIONS[words], ""
    text = " ".join(cell.split())
    if answered := _ANSWER.fullmatch(text):
        word, rest = answered["word"].casefold(), answered["rest"].strip()
        return (INCLUDE, "") if word == "yes" else _excluded(rest)
    found = _WITH_REASON.fullmatch(text)
    if found is None:
        return None
    if found["word"].casefold() == "in":
        return INCLUDE, ""
    return EXCLUDE, "" if stage_of(found["rest"]) else _closed(found["rest"].strip(" ."))


def decisions_in(cell: str, known: Collection[str] = ()) -> list[tuple[str, str]]:
    """Return the lines of a cell that has a decision in each, and who made it where that is said.

    One line alone is such a cell where who made it is `known` from others.

    >>> decisions_in("Include (Ann)\\nExclude on topic (Bo)")
    [('Include', 'Ann'), ('Exclude on topic', 'Bo')]
    >>> decisions_in("Exclude: wrong\\npopulation"), decisions_in("Include\\nExclude")
    ([], [('Include', ''), ('Exclude', '')])
    """
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    named = [_BY.fullmatch(line) for line in lines]
    is_known = len(lines) == 1 and named[0] is not None and named[0]["who"] in known
    if not (len(lines) > 1 or is_known) or not all((decision_of(t) or ("",))[0] for t in lines):
        return []
    return [
        (found["said"], found["who"]) if found else (line, "")
        for found, line in zip(named, lines, strict=True)
    ]


def _closed(reason: str) -> str:
    """Return a reason with the bracket that ends it, where one is opened in it."""
    return f"{reason})" if reason.count("(") > reason.count(")") else reason


def _excluded(rest: str) -> tuple[str, str]:
    """Return an exclusion with its reason: what follows "No", without the word for it."""
    said = _WITH_REASON.fullmatch(rest)
    return EXCLUDE, _closed((said["rest"] if said else rest).strip(" .:)-–—"))


def stage_of(text: str) -> str:
    """Return the stage that a text names, empty where it names none.

    >>> stage_of("Full-text review"), stage_of("Level 1: Title/Abstract"), stage_of("2")
    ('full text', 'title and abstract', 'full text')
    >>> stage_of("Should this go on to full text?"), stage_of("Include (full text)?")
    ('title and abstract', 'full text')
    """
    words = plain_words(text)
    if _ONWARD.search(words):
        return TITLE
    level = re.fullmatch(r"(?:level |stage |round )?([12])", words)
    if level:
        return _LEVELS[level[1]]
    return next((stage for stage, pattern in _STAGES if pattern.search(words)), "")


def reviewer_of(name: str) -> str:
    """Return the reviewer that a name stands for: consensus has a name of its own."""
    name = " ".join(name.split())
    return AGREED if plain_words(name) in _CONSENSUS else name
