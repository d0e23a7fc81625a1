"""Find what to cite: citekeys and codes by author, title, year, key or code."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from reviewpress.bibliography import Entry, load_bibliographies
from reviewpress.bibliography.bibtex import decode_bibliography, read_entries
from reviewpress.config import Config
from reviewpress.markdown import cite_keys

_NEAR = 75
_SUGGESTED = 3
_SEARCHED = ("author", "editor", "journal", "institution", "publisher", "doi")


@dataclass(frozen=True, slots=True)
class Citable:
    """One reference that can be cited: its key, its code if it is included, and what it is.

    As a text it begins with what an author pastes into a chapter. A `record` is still in the file
    of records, from which it moves once it is cited.
    """

    key: str
    code: int | str | None
    label: str
    title: str
    record: bool = False

    def __str__(self) -> str:
        code = f"paper {self.code}: " if self.code is not None else ""
        where = " (a record: run `reviewpress tidy --records` once it is cited)"
        told = f"{cite_keys([self.key])}  {code}{self.label}. {self.title}"
        return told + where if self.record else told


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: references that hold all the words, or else those that come near."""

    found: tuple[Citable, ...]
    near: tuple[Citable, ...] = ()


def find_citable(config: Config, text: str) -> Search:
    """Look for references by words of authors, title, year, citekey, or by a paper's code.

    Case and accents do not count, and every word must be found. A number alone is a code first,
    then a year. Where nothing holds all the words, the file of records is searched, too; then the
    nearest references are suggested.
    """
    bibliography = load_bibliographies(config.bibliography, config.root)
    entries = sorted(bibliography, key=_order)
    words = _folded(text).split()
    if not words:
        return Search(tuple(_citable(entry) for entry in entries))
    if len(words) == 1 and words[0].isdigit():
        coded = [entry for entry in entries if str(entry.code) == words[0]]
        if coded:
            return Search(tuple(map(_citable, coded)))
    texts = {entry.key: _folded(_text(entry)) for entry in entries}
    found = [entry for entry in entries if all(word in texts[entry.key] for word in words)]
    if found:
        return Search(tuple(map(_citable, found)))
    records = [replace(_citable(entry), record=True) for entry in _records(config, words)]
    near = () if records else _nearest(" ".join(words), entries, texts)
    return Search(tuple(records), tuple(map(_citable, near)))


def _records(config: Config, words: Sequence[str]) -> list[Entry]:
    """Return the records that hold all the words; only entries that do are parsed.

    There may be a hundred thousand, of which reading all takes half a minute.
    """
    if config.records is None or not config.records.is_file():
        return []
    name = config.records.relative_to(config.root).as_posix()
    blocks = re.split(r"(?m)^(?=@)", decode_bibliography(config.records.read_bytes(), name))
    holding = "".join(b for b in blocks if all(word in _folded(b) for word in words))
    found, _ = read_entries(holding, name)
    return [entry for entry in found if all(word in _folded(_text(entry)) for word in words)]


def _nearest(text: str, entries: Iterable[Entry], texts: dict[str, str]) -> list[Entry]:
    scored = [(fuzz.partial_ratio(text, texts[entry.key]), entry) for entry in entries]
    near = [(score, entry) for score, entry in scored if score >= _NEAR]
    return [entry for _, entry in sorted(near, key=lambda pair: -pair[0])[:_SUGGESTED]]


def _citable(entry: Entry) -> Citable:
    return Citable(entry.key, entry.code, entry.label, entry.title)


def _order(entry: Entry) -> tuple[bool, int, str]:
    code = entry.code if isinstance(entry.code, int) else 0
    return entry.code is None, code, entry.key


def _text(entry: Entry) -> str:
    fields = " ".join(entry.text(name) for name in _SEARCHED)
    return f"{entry.key} {entry.label} {entry.title} {fields}"


def _folded(text: str) -> str:
    """Return a text without case and accents.

    >>> _folded("Åsa Ö’Brien")
    "asa o'brien"
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'")
    return "".join(character for character in plain if not unicodedata.combining(character))
