"""A table of papers that someone has already: read for a new review, whatever its columns.

What says who wrote what and when becomes the bibliography; every other column is kept, and is
described in the schema by what it holds (numbers, lists, a few words that repeat, or text).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.errors import DataError, Place, Problem, raise_all
from reviewpress.shapes import Plain
from reviewpress.yaml import dump_yaml, load_yaml

NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "no", "number", "paper", "study id", "paper id", "record id", "ref no"),
    "citekey": ("citekey", "key", "citation key"),
    "author": ("author", "authors", "author s", "first author", "lead author"),
    "year": ("year", "publication year", "date", "year of publication", "year published",
             "pub year"),
    "title": ("title", "paper title", "article title", "study title", "title of paper"),
    "journal": ("journal", "source title", "publication title", "journal source", "journal name"),
    "doi": ("doi",),
    "url": ("url", "link"),
    "sections": ("sections", "section", "themes", "theme"),
}  # fmt: skip
"""The columns that mean something to a review, and what they may be called: words alone."""
_OWN_CODE = "own_code"
_BIBLIOGRAPHIC = ("author", "year", "title", "journal", "doi", "url")
_LIST = re.compile(r"\s*;\s*")
_FEW = 12
_MANY = 40


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """A table of papers, made ready: rows as written, citekeys by code, BibTeX, sections."""

    rows: tuple[tuple[str, ...], ...]
    keys: Mapping[int, str]
    bibtex: str
    sections: tuple[str, ...]
    members: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]

    def of_section(self, name: str) -> tuple[int, ...]:
        """Return the codes of the papers that belong to a section."""
        return self.members.get(name, ())

    def schema(self, template: Path) -> str:
        """Return the description of the tables, with this table's columns in it."""
        head, _, _ = template.read_text(encoding="utf-8").partition("title:")
        data = load_yaml(template.read_text(encoding="utf-8"))
        data["description"] = "Everything the review counts and cites."
        data["tables"].pop("appraisal", None)
        data["tables"]["papers"]["fields"] = self._fields(data["tables"]["papers"]["fields"])
        return head + dump_yaml(data)

    def _fields(self, example: Sequence[Mapping[str, Plain]]) -> list[Mapping[str, Plain]]:
        known = {str(field["name"]): field for field in example}
        fields = []
        for position, name in enumerate(self.rows[0]):
            if name in ("code", "citekey", "sections"):
                fields.append(known[name])
                continue
            cells = [row[position] for row in self.rows[1:]]
            fields.append({"name": name, "title": self.titles[name], **_described(name, cells)})
        return fields


def no_papers(sections: Sequence[str]) -> OwnPapers:
    """Return the table of a review that has no papers yet."""
    return OwnPapers((("code", "citekey", "sections"),), {}, "", tuple(sections), {}, {})


def read_papers(path: Path, sections: Sequence[str] = ()) -> OwnPapers:
    """Read a table of papers from CSV with a header; semicolons or tabs may separate its cells.

    It needs a title and authors (or a citekey) for each paper. Papers are numbered in their order
    where no column gives whole numbers; sections are those of the column `sections`, or every
    section for every paper without it. Raises DataError, or Problems with every wrong row.
    """
    from reviewpress.tables.reader import decode_table

    name = path.name
    try:
        text = decode_table(path.read_bytes(), name)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise DataError(f"the table cannot be read: {reason}.", Place(str(path))) from None
    lines = _lines(text)
    if len(lines) < 2:
        raise DataError("the table holds no papers.", Place(name))
    header, problems = _header(lines[0], name), list[Problem]()
    records = []
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}."
            hint = "Quotes around a cell keep the separators that are in it together."
            problems.append(Problem("table", message, Place(name, row=number), hint))
        records.append({key: cell.strip() for key, cell in zip(header, cells, strict=False)})
        if not records[-1].get("title"):
            place = Place(name, row=number, column="title")
            problems.append(Problem("table", "the paper has no title.", place))
    raise_all(problems)
    if _number(records, name):
        header.append(_OWN_CODE)
        lines[0].append("Own code")
    bibtex = _bibliography(records)
    chosen, members = _sections(records, sections)
    columns = ["code", "citekey", *(c for c in header if c not in ("code", "citekey"))]
    columns = [c for c in columns if c not in _BIBLIOGRAPHIC]
    columns += [] if "sections" in columns else ["sections"]
    rows = [tuple(columns), *(tuple(r.get(c, "") for c in columns) for r in records)]
    titles = dict(zip(header, lines[0], strict=False))
    keys = {int(record["code"]): record["citekey"] for record in records}
    return OwnPapers(tuple(rows), keys, bibtex, chosen, members, titles)


def _lines(text: str) -> list[list[str]]:
    """Return the rows that hold something, without the columns that hold nothing."""
    from reviewpress.tables.reader import find_separator

    separator = find_separator(text.lstrip("\n").partition("\n")[0])
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines = [row for row in rows if any(map(str.strip, row))]
    width = max((n for row in lines for n, cell in enumerate(row, 1) if cell.strip()), default=0)
    return [row[:width] for row in lines]


def _header(cells: Sequence[str], name: str) -> list[str]:
    found: list[str] = []
    for cell in cells:
        words = re.findall(r"\w+", cell.casefold())
        plain = " ".join(words)
        known = next((k for k, names in NAMES.items() if plain in names and k not in found), None)
        slug = known or "_".join(words) or f"column_{len(found) + 1}"
        while slug in found:
            slug += "_2"
        found.append(slug)
    missing = [column for column in ("title", "author") if column not in found]
    if missing:
        message = f"the table has no column {' and no column '.join(missing)}."
        called = " or ".join(f'"{NAMES[column][0].capitalize()}"' for column in missing)
        hint = f"Its columns are: {', '.join(cells)}. Rename what holds them to {called}."
        raise DataError(message, Place(name, row=1), hint)
    return found


def _number(records: list[dict[str, str]], name: str) -> bool:
    """Give each paper a code: its own where all have a whole number, else its place.

    Returns whether there are other codes, which are kept beside.
    """
    codes = [record.get("code", "") for record in records]
    if all(re.fullmatch(r"[1-9]\d{0,5}", code) for code in codes):
        twice = [code for code, count in Counter(codes).items() if count > 1]
        if twice:
            message = f"the code {twice[0]} stands in {codes.count(twice[0])} rows."
            raise DataError(message, Place(name, column="code"), "Each paper needs its own.")
        return False
    for number, record in enumerate(records, start=1):
        record[_OWN_CODE] = record.get("code", "")
        record["code"] = str(number)
    return any(codes)


def _bibliography(records: list[dict[str, str]]) -> str:
    """Give each paper a citekey, and return the bibliography of all."""
    from reviewpress.bibliography import write_bibtex
    from reviewpress.imports.merging import Keys
    from reviewpress.imports.people import read_names
    from reviewpress.imports.records import make_entry

    keys = Keys()
    entries = []
    for record in records:
        texts = {name: record.get(name, "") for name in (*_BIBLIOGRAPHIC, "code")}
        people = read_names(texts.pop("author").replace(" & ", " and "))
        kind = "article" if texts["journal"] else "misc"
        entry = make_entry(kind, texts, people, key=record.get("citekey", ""))
        record["citekey"] = keys.make(entry)
        entries.append(replace(entry, key=record["citekey"]))
    return write_bibtex(entries)


def _sections(
    records: list[dict[str, str]], wanted: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """Return the sections and their papers; a paper without any belongs to all where none has."""
    if not any(record.get("sections") for record in records):
        for record in records:
            record["sections"] = "; ".join(wanted or ("Findings",))
    members: dict[str, list[int]] = {name: [] for name in wanted}
    stands = dict.fromkeys(n for r in records for n in _LIST.split(r.get("sections", "")) if n)
    for record in records:
        names = [name for name in _LIST.split(record.get("sections", "")) if name]
        kept = [name for name in names if not wanted or name in wanted]
        for name in kept:
            members.setdefault(name, []).append(int(record["code"]))
        record["sections"] = "; ".join(kept)
    found = {name: tuple(codes) for name, codes in members.items() if codes}
    if not found:
        message = f"none of the sections asked for ({', '.join(wanted)}) stands in the table."
        raise DataError(message, hint=f"Its sections are: {', '.join(stands)}.")
    return tuple(found), found


def _described(name: str, cells: Sequence[str]) -> dict[str, Plain]:
    """Describe a column by its cells."""
    filled = [cell for cell in cells if cell]
    if filled and all(re.fullmatch(r"-?\d{1,15}", cell) for cell in filled):
        return {"type": "integer"}
    items = [item for cell in filled for item in _LIST.split(cell) if item]
    terms = list(dict.fromkeys(items))
    repeats = len(terms) < len(items)
    if any(";" in cell for cell in filled) and len(terms) <= _MANY:
        return {"type": "list", "evidence": name.replace("_", " ").capitalize(),
                "constraints": {"enum": terms}}  # fmt: skip
    if repeats and len(terms) <= _FEW:
        return {"type": "string", "evidence": name.replace("_", " ").capitalize(),
                "constraints": {"enum": terms}}  # fmt: skip
    return {"type": "string"}
