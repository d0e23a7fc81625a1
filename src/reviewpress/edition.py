"""What an edition says and shows, as the file `edition.json` beside its pages has it.

    version, date, what it was made from        who compares two editions asks these
    pages      headings and text in order, and the values computed inside them
    floats     figures and tables: what they show, and digests of their files
    statements findings and key messages
    papers     the included papers; references are all that is cited

`formats` are those that were made together; files of others are from an earlier build. The same
sources give the same file from either engine. It names no place on a machine.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import TypeVar

from reviewpress.errors import ConfigError, Place
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

EDITION = "edition.json"
FORMAT = 1
"""Raised when a reader of the file has to know of a change."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KeptValue:
    """A value inside a text: its expression, its words, and where in the text they begin.

    `reads` are the columns that it was made from, as `data/papers.csv:regions`, or whole files.
    """

    expression: str
    text: str
    at: int
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A heading, paragraph, list item, row of a table, or the place of a figure or table.

    In its text `@id` stands for a reference to something of the edition, `@key` for a citation.
    `origin` is `text` where an author wrote it, `code` where a cell made it, empty where that is
    not known.
    """

    kind: str
    text: str
    id: str = ""
    origin: str = ""
    values: tuple[KeptValue, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A chapter: its file, its text, and what could change its numbers.

    `code` are digests of its code cells, `last` those of cells that nothing else in it uses;
    `reads` are those of the files that its run read.
    """

    page: str
    source: str
    title: str
    blocks: tuple[KeptBlock, ...]
    code: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    reads: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptFloat:
    """A figure or table: its caption, its text alternative, its rows, and its files' digests.

    `code` is the digest of the cell that makes it; `reads` are as those of a value.
    """

    id: str
    page: str
    caption: str
    alt: str = ""
    rows: tuple[str, ...] = ()
    code: str = ""
    reads: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A finding, a published number beside the computed one, or a key message.

    A key message has no id of its own. `papers` are the codes of those that a finding rests on.
    """

    kind: str
    text: str
    id: str = ""
    page: str = ""
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """An included paper: its citekey, its code, and how it is named."""

    key: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """Everything of an edition that another one is compared with.

    `sources` maps the files that it was made from to their digests, `columns` the columns of
    tables; `commit` is the one that has them all, where `changed` names none that it lacks. `names`
    are the words of references: of citations by author and year, of figures and tables by number.
    """

    title: str
    subtitle: str
    version: str
    date: str
    profile: str
    lang: str
    formats: tuple[str, ...]
    reviewpress: str
    commit: str
    changed: tuple[str, ...]
    sources: Mapping[str, str]
    columns: Mapping[str, str]
    errata: tuple[str, ...]
    pages: tuple[KeptPage, ...]
    floats: tuple[KeptFloat, ...]
    statements: tuple[KeptStatement, ...]
    papers: tuple[KeptPaper, ...]
    references: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def called(self) -> str:
        """What the edition is called in a sentence: its version, else its date or its commit."""
        if self.version:
            return f"version {self.version}"
        return self.commit[:10] or self.date or self.profile


def edition_text(record: EditionRecord) -> bytes:
    """Return an edition's record as the file has it; what is empty is left out of its parts."""
    plain = {"format": FORMAT} | {each.name: getattr(record, each.name) for each in fields(record)}
    written = (
        f'"{name}": {json.dumps(value, ensure_ascii=False, default=_without_empty)}'
        for name, value in plain.items()
    )
    return ("{\n" + ",\n".join(written) + "\n}\n").encode()


def read_edition(folder: Path, name: str = "") -> EditionRecord:
    """Return the record of the edition in a folder; `name` is what messages call the folder.

    Raises ConfigError where it has none, or one of a later Reviewpress.
    """
    where = Place(f"{name or folder.name}/{EDITION}")
    try:
        data = json.loads((folder / EDITION).read_bytes())
        if not isinstance(data, dict) or not isinstance(data.get("format"), int):
            raise ValueError
        if data["format"] > FORMAT:
            hint = "Update Reviewpress."
            raise ConfigError("is of a later version of Reviewpress.", where, hint)
        return _record_of(data)
    except FileNotFoundError:
        message = "is not there: the folder holds no edition, or one of an early Reviewpress."
        raise ConfigError(message, where, "Render the edition again.") from None
    except (OSError, ValueError, TypeError, KeyError):
        raise ConfigError("could not be read.", where, "Render the edition again.") from None


def _without_empty(part: object) -> dict[str, Plain]:
    """Return a part of a record as JSON has it; what is empty is left out where it may be."""
    found = {}
    for each in fields(part):  # type: ignore[arg-type]
        value = getattr(part, each.name)
        if value or each.default is each.default_factory is MISSING:
            found[each.name] = value
    return found


def _record_of(data: Mapping[str, Plain]) -> EditionRecord:
    return _made(
        EditionRecord,
        data,
        pages=tuple(map(_page_of, as_list(data["pages"]))),
        floats=tuple(
            _made(
                KeptFloat,
                each,
                rows=_texts(each.get("rows")),
                reads=_texts(each.get("reads")),
                files=_words(each.get("files")),
            )
            for each in map(as_mapping, as_list(data["floats"]))
        ),
        statements=tuple(
            _made(KeptStatement, each, papers=_texts(each.get("papers")))
            for each in map(as_mapping, as_list(data["statements"]))
        ),
        papers=tuple(_made(KeptPaper, as_mapping(each)) for each in as_list(data["papers"])),
        changed=_texts(data["changed"]),
        errata=_texts(data["errata"]),
        formats=_texts(data["formats"]),
        references=_texts(data["references"]),
        sources=_words(data["sources"]),
        columns=_words(data["columns"]),
        names=_words(data["names"]),
    )


def _page_of(plain: Plain) -> KeptPage:
    data = as_mapping(plain)
    blocks = tuple(
        _made(
            KeptBlock,
            block,
            values=tuple(
                _made(KeptValue, each, at=each["at"], reads=_texts(each.get("reads")))
                for each in map(as_mapping, as_list(block.get("values")))
            ),
        )
        for block in map(as_mapping, as_list(data.get("blocks")))
    )
    return _made(
        KeptPage,
        data,
        blocks=blocks,
        code=_texts(data.get("code")),
        last=_texts(data.get("last")),
        reads=_words(data.get("reads")),
    )


def _made(kind: type[T], data: Mapping[str, Plain], **given: object) -> T:
    """Return a value of a class: texts as `data` has them, all else as given."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    texts = {name: as_text(data[name]) for name in known - given.keys() if name in data}
    return kind(**texts, **given)


def _texts(value: Plain) -> tuple[str, ...]:
    return tuple(map(as_text, as_list(value)))


def _words(value: Plain) -> dict[str, str]:
    return {key: as_text(item) for key, item in as_mapping(value).items()}
