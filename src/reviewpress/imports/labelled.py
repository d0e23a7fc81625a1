"""Text of labelled lines: the Cochrane Library's (`AU: `) and CNKI's (`Title-题名: `, `{Title}: `).

By way of the tags of RIS; one that RIS lacks has a field of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from reviewpress.imports.records import Reading
from reviewpress.imports.ris import read_tags
from reviewpress.name_words import is_particle

_COCHRANE_START = re.compile(r"Record #\d+ of \d+\s*$")
_COCHRANE_LINE = re.compile(r"([A-Z]{2,3}): ?(.*)$")
_COCHRANE: Mapping[str, str] = {
    "ID": "AN", "AU": "AU", "TI": "TI", "SO": "JF", "YR": "PY", "VL": "VL", "NO": "IS", "PG": "SP",
    "PM": "PMID", "PB": "PB", "KY": "KW", "DOI": "DO", "AB": "AB", "US": "UR",
}  # fmt: skip
_CNKI_LINE = re.compile(
    r"\s*(?:\{(?P<note>[A-Z][A-Za-z/ ]+)\}|(?P<name>[A-Z][A-Za-z ]*)-[\w ]+)\s?[:：]\s?"
    r"(?P<value>.*)$"
)
_CNKI: Mapping[str, str] = {
    "reference type": "TY", "title": "TI", "author": "AU", "source": "JF",
    "journal": "JF", "year": "PY", "pubtime": "DA", "date": "DA", "volume": "VL", "roll": "VL",
    "issue": "IS", "period": "IS", "pages": "SP", "page": "SP", "keywords": "KW", "keyword": "KW",
    "abstract": "AB", "summary": "AB", "isbn/issn": "SN", "issn": "SN", "doi": "DO", "url": "UR",
    "link": "UR", "author address": "AD", "organ": "AD", "publisher": "PB",
    "database provider": "DB",
}  # fmt: skip
_CNKI_TYPES = (
    ("thesis", "THES"), ("conference", "CONF"), ("newspaper", "NEWS"), ("book", "BOOK"),
)  # fmt: skip
_LISTS = ("AU", "KW")


def is_cochrane(lines: Sequence[str]) -> bool:
    """Whether a file is the Cochrane Library's plain text: numbered records, and their titles."""
    return any(map(_COCHRANE_START.match, lines[:5])) and any(
        line.startswith(("TI: ", "AU: ")) for line in lines[:200]
    )


def is_cnki(lines: Sequence[str]) -> bool:
    """Whether a file is CNKI's own text, or that for NoteExpress."""
    names = {_cnki_name(found) for found in map(_CNKI_LINE.match, lines[:60]) if found}
    return "title" in names and len(names & _CNKI.keys()) > 2


def read_cochrane(text: str, file: str) -> Reading:
    """Read the Cochrane Library's text; every record is in the records or among the rejected."""
    return read_tags(_cochrane_tags(text), file, "Cochrane text", "cochrane")


def read_cnki(text: str, file: str) -> Reading:
    """Read CNKI's text; every record is either in the records or among the rejected."""
    return read_tags(_cnki_tags(text), file, "CNKI text", "cnki")


def _cochrane_tags(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tags of each record: it begins with its number, or a second number or title."""
    whole_names = False
    given: set[str] = set()
    for line in text.split("\n"):
        found = _COCHRANE_LINE.match(line)
        tag = found[1] if found else ""
        if given and (_COCHRANE_START.match(line) or (tag in ("ID", "TI") and tag in given)):
            yield "ER", ""
            given = set()
        if found:
            yield from (("TY", "JOUR"),) if not given else ()
            given.add(tag)
            value = found[2].strip()
            whole_names = value.startswith("CD") if tag == "ID" else whole_names
            yield from _values(_COCHRANE.get(tag, f"cochrane-{tag}"), value, whole_names)
        elif line.strip() and not _COCHRANE_START.match(line):
            yield "", line.strip()


def _values(tag: str, value: str, whole_names: bool) -> Iterator[tuple[str, str]]:
    if tag == "AU" and whole_names:
        yield tag, _inverted(value)
    elif tag == "KW":
        yield from ((tag, word.strip()) for word in value.split(";"))
    elif tag == "PMID":
        yield tag, value.removeprefix("PUBMED ")
    else:
        yield tag, value


def _inverted(name: str) -> str:
    """Return a name of a Cochrane review with a comma after the family name, which comes first.

    >>> _inverted("Crowther Caroline A"), _inverted("Van Ryswyk Emer")
    ('Crowther, Caroline A', 'Van Ryswyk, Emer')
    """
    words = name.split()
    end = 1
    while end < len(words) - 1 and is_particle(words[end - 1].casefold()):
        end += 1
    return (
        name
        if "," in name or len(words) < 2
        else f"{' '.join(words[:end])}, {' '.join(words[end:])}"
    )


def _cnki_tags(text: str) -> Iterator[tuple[str, str]]:
    given: set[str] = set()
    for line in text.split("\n"):
        found = _CNKI_LINE.match(line)
        name = _cnki_name(found) if found else ""
        begins = name == "reference type" or (name == "title" and name in given)
        if given and (begins or not line.strip()):
            yield "ER", ""
            given = set()
        if found is None:
            yield from (("", line.strip()),) if line.strip() and given else ()
            continue
        if not given and name != "reference type":
            yield "TY", "JOUR"
        given.add(name)
        yield from _cnki_values(name, found["value"].strip())


def _cnki_values(name: str, value: str) -> Iterator[tuple[str, str]]:
    tag = _CNKI.get(name, f"cnki-{re.sub('[ /]', '-', name)}")
    if name == "reference type":
        yield tag, next((sign for word, sign in _CNKI_TYPES if word in value.casefold()), "JOUR")
    elif tag in _LISTS:
        yield from ((tag, one.strip()) for one in re.split(r"[;；]", value) if one.strip())
    else:
        yield tag, value


def _cnki_name(found: re.Match[str]) -> str:
    return (found["note"] or found["name"]).casefold()
