"""BibTeX that other programs wrote: no entry is lost for its key, nor for a field given twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reviewpress.bibliography.bibtex import (
    describe_failure,
    is_bare,
    parse_blocks,
    read_strings,
    read_value,
)
from reviewpress.bibliography.entries import Entry, plain
from reviewpress.errors import Place

_HEAD = re.compile(r"^([ \t]*@[ \t]*)([A-Za-z][\w \t.:/+-]*?)([ \t]*[{(])([^\n]*)$", re.MULTILINE)
_LISTED = re.compile(r"^([ \t]*@)\[([^\[\]\n]*)\](?=[ \t]*\{)", re.MULTILINE)
"""A list in the place of a type, as Semantic Scholar writes it."""
_LISTED_TYPES = {
    "Conference": "inproceedings", "BookSection": "incollection", "Book": "book",
    "Dataset": "dataset", "News": "misc",
}  # fmt: skip
_GOOD_KEY = re.compile(r"[^\s\"#%'(),={}\\~]+")
_SECOND = re.compile(r",\s*[A-Za-z][\w-]*\s*=\s*[{\"\w]")
_NO_KEY = re.compile(
    r"^([ \t]*@[ \t]*(?!(?:string|preamble|comment)\b)[A-Za-z][\w \t.:/+-]*?[ \t]*[{(])"
    r"(?=\s*[A-Za-z][\w:+-]*\s*=\s*[{\"\d])",
    re.MULTILINE | re.IGNORECASE,
)
"""The start of an entry whose first field stands where its key should."""
_TITLE = re.compile(r"\btitle\s*=\s*[{\"]+(.*?)(?:[}\"]+\s*(?:,|$)|$)", re.I | re.MULTILINE)
_ENTRY = re.compile(
    r"^\s*(?:@\s*[^\s@{(,;]+|[A-Za-z]+)\s*[{(]|^\s*[A-Za-z]+\s*=\s*[{\"]", re.MULTILINE
)
_NO_COMMA = re.compile(r"(?<=[}\"\w])\s*\n\s*(?P<name>[A-Za-z][\w-]*)\s*=\s*(?=[{\"\w])")
"""What begins a field on a line of its own, where none ends before it."""
_STAND_IN = "reviewpress-key-"
_NO_ENTRY = ("comment", "preamble", "string")


@dataclass(frozen=True, slots=True)
class Unread:
    """What looks like an entry and cannot be read: its line, its title as far as known, and why."""

    line: int
    title: str
    reason: str


def read_loosely(text: str, name: str) -> list[Entry | Unread]:
    """Read BibTeX of any make, in its order: each entry, whatever its key, and what is none.

    An entry without key has an empty one. A field that is given twice with two values is kept a
    second time as `name-2`. Raises BibliographyError where the file is no BibTeX.
    """
    text, keys = _tame_keys(text.replace("\r\n", "\n").replace("\r", "\n"))
    library = parse_blocks(text, name)
    strings = read_strings(library, name)
    found: list[Entry | Unread] = []
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        kind = type(block).__name__
        good = block if kind == "Entry" else getattr(block, "ignore_error_block", None)
        if type(good).__name__ == "Entry":
            found.append(_entry(good, line, name, strings, keys))
        elif kind == "ParsingFailedBlock":
            found.append(_unread(line, block.raw, describe_failure(block)))
        elif kind == "ImplicitComment" and _ENTRY.search(_without_comments(block.comment)):
            reason = "is outside any entry: an @ or a bracket may be missing"
            found.append(_unread(line, block.comment, reason))
        elif kind in ("Preamble", "String") and _TITLE.search(block.raw or ""):
            reason = f"an entry has become part of @{kind.lower()}: a bracket may be missing"
            found.append(_unread(line, block.raw, reason))
    return found


def _tame_keys(text: str) -> tuple[str, dict[str, str]]:
    """Return a text whose entries have keys that can be parsed, and what was in their places.

    Keys with quotes, brackets or signs of equality end an entry for the parser, and so does a
    missing one.
    """
    keys: dict[str, str] = {}

    def tame(found: re.Match[str]) -> str:
        at, kind, bracket, rest = found.groups()
        if kind.strip().lower() in _NO_ENTRY:
            return found[0]
        kind = re.sub(r"[\s.:/+-]+", "_", kind.strip())
        if kind.lower().startswith("comment"):  # of no known kind, and a comment for the parser
            kind = "misc"
        if rest.strip() and not re.search(r"[,={}()]", rest):  # the comma after the key is missing
            return f"{at}{kind}{bracket}{rest.rstrip()},"
        key, comma, after = rest.rstrip().rpartition(",") if rest.rstrip().endswith(",") else (
            rest.partition(",")
        )  # fmt: skip
        if not comma or not key.strip() or _GOOD_KEY.fullmatch(key.strip()):
            return f"{at}{kind}{bracket}{rest}"
        if _SECOND.search(key):  # several fields stand on the line
            return f"{at}{kind}{bracket}{rest}"
        stand_in = f"{_STAND_IN}{len(keys) + 1}"
        keys[stand_in] = key.strip()
        return f"{at}{kind}{bracket}{stand_in},{after}"

    return _HEAD.sub(tame, _NO_KEY.sub(r"\1,", _LISTED.sub(_one_type, text))), keys


def _one_type(found: re.Match[str]) -> str:
    """Return an entry's beginning with the one of its types that says most.

    >>> _LISTED.sub(_one_type, "@['JournalArticle', 'Conference']{ash2020,")
    '@inproceedings{ash2020,'
    """
    words = re.findall(r"\w+", found[2])
    return found[1] + next(
        (kind for word, kind in _LISTED_TYPES.items() if word in words), "article"
    )


def _entry(
    block: Any, line: int, name: str, strings: Mapping[str, str], keys: Mapping[str, str]
) -> Entry:
    fields: dict[str, str] = {}
    for field in block.fields:
        for first, raw in _parted(field.key.strip().lower(), str(field.value)):
            value = read_value(raw, strings, Place(name, line=line))
            own, number = first, 2
            while fields.get(own, value) != value:
                own, number = f"{first}-{number}", number + 1
            fields[own] = value
    key = block.key.strip()
    return Entry(keys.get(key, key), block.entry_type.strip().lower(), fields, line, name)


def _parted(name: str, raw: str) -> Iterator[tuple[str, str]]:
    """Yield a field, and those that became part of its value since a comma is missing."""
    for found in _NO_COMMA.finditer(raw) if is_bare(raw) else ():
        value = raw[: found.start("name")]
        if not is_bare(value.strip()):
            yield name, value
            yield from _parted(found["name"].lower(), raw[found.end() :])
            return
    yield name, raw


def _unread(line: int, raw: str | None, reason: str) -> Unread:
    """Return what cannot be read; where entries have become one, with the titles of them all."""
    first, *others = [plain(each) for each in _TITLE.findall(raw or "")] or [""]
    told = "”, “".join(one[:60] for one in others)
    return Unread(line, first, f"{reason}; it also holds “{told}”" if others else reason)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("%"))
