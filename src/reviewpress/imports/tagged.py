"""The tagged formats of EndNote (`%T`, .enw) and of RefWorks (`T1 `), by way of the tags of RIS."""

import re
from collections.abc import Iterator, Mapping, Sequence

from reviewpress.imports.records import Reading
from reviewpress.imports.ris import read_tags
from reviewpress.imports.ris_tags import GAP

_ENDNOTE_LINE = re.compile(r"\s{0,3}%([0-9A-Z@!\[\](){}<>~?*+$&^=#\"'])(?:\s+(.*)|)$")
_ENDNOTE: Mapping[str, str] = {
    "0": "TY", "A": "AU", "B": "T2", "C": "CY", "D": "PY", "E": "ED", "F": "ID", "G": "LA",
    "I": "PB", "J": "JF", "K": "KW", "N": "IS", "P": "SP", "R": "DO", "S": "T3", "T": "TI",
    "U": "UR", "V": "VL", "X": "AB", "Z": "N1", "@": "SN", "7": "ET", "8": "DA", "+": "AD",
    "!": "ST", "9": "M3", "M": "AN",
}  # fmt: skip
_REFWORKS_LINE = re.compile(r"([A-Z][A-Z0-9]|U1[0-5])(?: (.*)|)$")
_REFWORKS: Mapping[str, str] = {
    "RT": "TY", "A1": "AU", "T1": "TI", "JF": "JF", "JO": "JO", "YR": "PY", "FD": "DA", "VO": "VL",
    "IS": "IS", "SP": "SP", "OP": "EP", "K1": "KW", "AB": "AB", "NO": "N1", "A2": "ED", "T2": "T2",
    "ED": "ET", "PB": "PB", "PP": "CY", "SN": "SN", "AD": "AD", "AN": "AN", "LA": "LA", "DO": "DO",
    "DB": "DB", "UL": "UR", "LK": "LK", "ST": "ST", "ID": "ID", "A3": "A3", "T3": "T3",
}  # fmt: skip
_REFWORKS_OTHERS = frozenset((
    "A4", "A5", "AV", "CL", "CN", "CR", "CT", "DS", "IP", "JO", "OL", "OT", "PL", "PM", "PT", "RD",
    "SF", "SR", "SL", "WP", "WT", "WV", *(f"U{n}" for n in range(1, 16)),
))  # fmt: skip
_REFWORKS_END = re.compile(r"\*+|(?:BEGIN|END) EXPORT DATABASE", re.IGNORECASE)
_FEW = 3
"""So many lines of a record may have changed places with its type."""
_TYPES = (
    ("section", "CHAP"), ("chapter", "CHAP"), ("conference paper", "CPAPER"),
    ("conference", "CONF"), ("proceeding", "CONF"), ("dissertation", "THES"), ("thesis", "THES"),
    ("report", "RPRT"), ("government", "GOVDOC"), ("web", "ELEC"), ("newspaper", "NEWS"),
    ("magazine", "MGZN"), ("electronic article", "EJOUR"), ("journal", "JOUR"),
    ("electronic book", "EBOOK"), ("edited book", "EDBOOK"), ("book", "BOOK"), ("dataset", "DATA"),
    ("unpublished", "UNPB"), ("abstract", "ABST"), ("generic", "GEN"),
)  # fmt: skip
"""What a name of a type says in a word, and RIS's sign for it; the more exact ones first."""


def is_endnote_tagged(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are EndNote's: a per cent sign and a letter or figure.

    A piece of a record without its title is told by its people, and by holding nothing else.
    """
    tags = [found[1] for found in map(_ENDNOTE_LINE.match, lines[:200]) if found]
    known = set(tags)
    if len(tags) > 1 and {"T", "0"} & known and {"T", "A", "D"} & known:
        return True
    return bool({"A", "E"} & known) and len(tags) == len(lines[:200]) and known <= _ENDNOTE.keys()


def is_refworks(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are RefWorks's: its name, or a type and a title."""
    starts = {line[:3] for line in lines[:300]}
    return "RT " in starts and bool({"T1 ", "A1 "} & starts)


def read_endnote_tagged(text: str, file: str) -> Reading:
    """Read EndNote's tagged text; every record is either in the records or among the rejected."""
    return read_tags(_endnote_tags(text), file, "EndNote tagged", "endnote")


def read_refworks(text: str, file: str) -> Reading:
    """Read RefWorks's tagged text; every record is in the records or among the rejected."""
    return read_tags(_refworks_tags(text), file, "RefWorks", "refworks")


def _endnote_tags(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        found = _ENDNOTE_LINE.match(line)
        if found:
            yield _as_ris(found[1], found[2] or "", _ENDNOTE, "endnote")
        else:
            yield ("", line.strip()) if line.strip() else (GAP, "")


def _refworks_tags(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tags from the first record on; words and legend before it are the file's."""
    before = 0
    typed = False
    for line in text.split("\n"):
        found = _REFWORKS_LINE.match(line.rstrip())
        if found and found[1] == "RT":
            if before > _FEW and not typed:
                yield "ER", ""  # what a damaged file begins with is no part of this record
            typed = True
        before += found is not None and found[1] in _REFWORKS
        if not before or _REFWORKS_END.fullmatch(line.strip()):
            continue
        if found and (found[1] in _REFWORKS or found[1] in _REFWORKS_OTHERS):
            yield _as_ris(found[1], found[2] or "", _REFWORKS, "refworks")
        else:
            yield ("", line.strip()) if line.strip() else (GAP, "")


def _as_ris(tag: str, value: str, tags: Mapping[str, str], prefix: str) -> tuple[str, str]:
    """Return a tag and its value as RIS has them; one that RIS lacks under a name of its own."""
    own = tags.get(tag, f"{prefix}-{tag if tag.isalnum() else f'x{ord(tag):x}'}")
    value = value.strip()
    if own == "TY":
        value = next((sign for word, sign in _TYPES if word in value.casefold()), value or "GEN")
    return own, value
