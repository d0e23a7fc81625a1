"""A table of papers that someone has already: read for a new review, whatever its columns.

What says who wrote what and when becomes the bibliography; every other column is kept, and is
described in the schema by what it holds (numbers, lists, a few words that repeat, or text). Where
papers have several rows, what differs between them goes into a table of results.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.errors import DataError, Place, Problem, raise_all
from reviewpress.evidence.studies import PRIMARY, STUDY
from reviewpress.imports.own_cells import (
    LIST,
    describe_cells,
    without_quotes,
    write_decimal_points,
    write_decimals,
)
from reviewpress.imports.own_columns import LABELS, NAMES, STUDY_LABELS, words_of_column
from reviewpress.imports.own_edges import (
    PREAMBLE,
    Line,
    WithinEdges,
    filled_lines,
    within_edges,
)
from reviewpress.imports.own_groups import (
    BIBLIOGRAPHIC,
    BIBTEX,
    OWN_CODE,
    UNTITLED,
    group_rows,
    said_above,
    say_studies,
    written_otherwise,
)
from reviewpress.imports.records import is_spreadsheet_error
from reviewpress.imports.study_labels import is_label, read_label
from reviewpress.shapes import Plain
from reviewpress.tables.reader import find_separator
from reviewpress.yaml import dump_yaml, load_yaml

_NO_VALUE = ("NA", "N/A", "NaN", "#N/A", "n/a", "NULL", "<NA>")
"""What R, Python and spreadsheets write where there is no value."""
RESULT = "result"
_YEAR = re.compile(r"\d{4}")
_MOSTLY = 0.6
"""Which part of a column's cells are labels where it is one of labels."""


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """A table of papers, made ready: rows as written, citekeys by code, BibTeX, sections."""

    rows: tuple[tuple[str, ...], ...]
    keys: Mapping[int, str]
    bibtex: str
    sections: tuple[str, ...]
    members: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]
    results: tuple[tuple[str, ...], ...] = ()
    """The rows of the table of results, where papers have several."""
    remarks: tuple[str, ...] = ()
    """What somebody should know of how the table was read, and what it lacks."""

    def of_section(self, name: str) -> tuple[int, ...]:
        """Return the codes of the papers that belong to a section."""
        return self.members.get(name, ())

    def schema(self, template: Path) -> str:
        """Return the description of the tables, with this table's columns in it."""
        head, _, _ = template.read_text(encoding="utf-8").partition("title:")
        data = load_yaml(template.read_text(encoding="utf-8"))
        data["description"] = "Everything the review counts and cites."
        data["tables"].pop("appraisal", None)
        fields = self._fields(self.rows, data["tables"]["papers"]["fields"])
        data["tables"]["papers"]["fields"] = fields
        if self.results:
            data["tables"]["results"] = self._results(fields[0])
        return head + dump_yaml(data)

    def _results(self, code: Mapping[str, Plain]) -> Mapping[str, Plain]:
        required: Mapping[str, Plain] = {"required": True, "minimum": 1}
        first: list[Mapping[str, Plain]] = [
            {"name": RESULT, "type": "integer", "title": "Result",
             "constraints": {**required, "unique": True}},
            {"name": "code", "type": "integer", "title": code["title"], "constraints": required},
        ]  # fmt: skip
        return {
            "path": "results.csv",
            "title": "Results",
            "description": "One row for each row of the table that the review began with.",
            "primaryKey": RESULT,
            "missingValues": [{"value": "", "label": "not recorded"}],
            "foreignKeys": [
                {"fields": "code", "reference": {"resource": "papers", "fields": "code"}}
            ],
            "fields": [*first, *self._fields(self.results, [])[2:]],
        }

    def _fields(
        self, rows: Sequence[Sequence[str]], example: Sequence[Mapping[str, Plain]]
    ) -> list[Mapping[str, Plain]]:
        known = {str(field["name"]): field for field in example}
        fields = []
        for position, name in enumerate(rows[0]):
            if name in ("code", "citekey", "sections") and name in known:
                fields.append(known[name])
                continue
            cells = [row[position] for row in rows[1:]]
            title = self.titles.get(name, name)
            # What groups papers is no trait of theirs to count, and a later study has another name.
            kind = {"type": "string"} if name in (STUDY, PRIMARY) else describe_cells(name, cells)
            fields.append({"name": name, "title": title, **kind})
        return fields


def no_papers(sections: Sequence[str]) -> OwnPapers:
    """Return the table of a review that has no papers yet."""
    return OwnPapers((("code", "citekey", "sections"),), {}, "", tuple(sections), {}, {})


def read_papers(path: Path, sections: Sequence[str] = (), encoding: str = "") -> OwnPapers:
    """Read a table of papers from CSV or a spreadsheet, with a header.

    Each paper needs authors, a study label such as "Ash 2020" or a citekey. Papers are numbered in
    their order where no column gives whole numbers; sections are those of the column `sections`,
    or every section for every paper without it. Rows that name one paper become one paper, and
    what differs between them results. Raises DataError, or Problems with every wrong row.
    """
    name = path.name
    lines, left_out, commas = _table(path, encoding)
    if len(lines) < 2:
        raise DataError("the table holds no papers.", Place(name))
    table = within_edges(lines)
    header, records, problems = _records(table, name)
    titles = dict(zip(header, table.header, strict=False))
    remarks = [*left_out, *table.remarks, *_complete(records, header, name, problems, table)]
    remarks += write_decimal_points(records, header) if commas else ()
    papers, results, apart = group_rows(records, header)
    remarks += written_otherwise(papers, results)
    if apart:
        of = "1 paper" if len(papers) == 1 else f"{len(papers)} papers"
        told = f"{len(records)} rows are of {of}"
        remarks.append(f"{told}: what differs between the rows of one is in data/results.csv")
    if _number(papers, name):
        header.append(OWN_CODE)
        titles[OWN_CODE] = "Own code"
    remarks += say_studies(papers)
    bibtex = _bibliography(papers)
    chosen, members = _sections(papers, sections)
    columns = ["code", "citekey", *(c for c in header if c not in ("code", "citekey", *apart))]
    columns = [c for c in columns if c not in BIBLIOGRAPHIC]
    columns += [] if "sections" in columns else ["sections"]
    for column in (*columns, *apart):
        write_decimals([*papers, *(record for _, record in results)], column)
    rows = [tuple(columns), *(tuple(r.get(c, "") for c in columns) for r in papers)]
    keys = {int(record["code"]): record["citekey"] for record in papers}
    listed = [(RESULT, "code", *apart)] if apart else []
    for number, (position, record) in enumerate(results, start=1):
        cells = [record.get(column, "") for column in apart]
        listed.append((str(number), papers[position]["code"], *cells))
    return OwnPapers(
        tuple(rows), keys, bibtex, chosen, members, titles, tuple(listed), tuple(remarks)
    )


def _table(path: Path, encoding: str) -> tuple[list[Line], list[str], bool]:
    """Return the rows of a table that hold something, and which sheets were left out.

    The last says whether commas are free to be decimal marks. Of a spreadsheet it is the sheet
    whose columns say most of papers; of several, the fullest.
    """
    from reviewpress.imports.encodings import decode_export
    from reviewpress.imports.workbooks import is_workbook, read_sheets

    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise DataError(f"the table cannot be read: {reason}.", Place(str(path))) from None
    if is_workbook(content):
        read = read_sheets(content, path.name).items()
        sheets = {name: rows for name, cells in read if (rows := filled_lines(cells))}
        best = max(sheets, key=lambda name: _says_of_papers(sheets[name]), default="")
        rest = ", ".join(f"“{name}”" for name in sheets if name != best)
        told = [f"of the sheets, “{best}” was read; left out: {rest}"] if rest else []
        return sheets.get(best, []), told, False
    text = decode_export(content, path.name, encoding)[0].replace("\r\n", "\n").replace("\r", "\n")
    separator = find_separator(text.lstrip("\n").partition("\n")[0])
    written = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return filled_lines(written), [], separator != ","


def _says_of_papers(rows: list[Line]) -> tuple[bool, int, int]:
    """Return whether a sheet names papers, how much of them it says, and how full it is."""
    heads = [{words_of_column(cell) for cell in cells} for _, cells in rows[:PREAMBLE]]
    kinds = {
        kind
        for kind in ("author", "year", "title", "journal", "doi")
        for words in heads
        if words.intersection(NAMES[kind])
    }
    named = bool(kinds & {"author", "title"}) or any(words & STUDY_LABELS for words in heads)
    return named, len(kinds), sum(len(cells) for _, cells in rows)


def _records(
    table: WithinEdges, name: str
) -> tuple[list[str], list[dict[str, str]], list[Problem]]:
    """Return the names of the columns, each row by them, and a problem for rows too long."""
    header, problems = _header(table), list[Problem]()
    records = []
    for number, cells in table.rows:
        if len(cells) > len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}."
            hint = "Quotes around a cell keep the separators that are in it together."
            problems.append(Problem("table", message, Place(name, row=number), hint))
        values = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
        values = ["" if v in _NO_VALUE or is_spreadsheet_error(v) else v for v in values]
        record = dict(zip(header, values, strict=False))
        records.append({**record, "author": without_quotes(record.get("author", ""))})
    return header, records, problems


def _complete(
    records: list[dict[str, str]],
    header: list[str],
    name: str,
    problems: list[Problem],
    table: WithinEdges,
) -> list[str]:
    """Give each row authors, year and title from its label; return what is lacking.

    Raises DataError where no column says who wrote what, Problems for rows that do not.
    """
    label = _label_column(records, header)
    has = {column: any(record.get(column) for record in records) for column in NAMES}
    if label is None and not has["title"]:
        _refuse(header, has, name, table.row)
    above: dict[str, dict[str, str]] = {}
    for (number, _), record in zip(table.rows, records, strict=True):
        text = record.get(label, "") if label else ""
        if label and not any(map(str.isalnum, text)):
            # A sign alone, as "&", names nobody.
            text = record[label] = ""
        found = read_label(text) if text else None
        if found and (label == "author" or not record.get("author")):
            record["author"] = found.authors
            record[BIBTEX] = "yes"
        if found and (found.year or not record.get("year")) and not _has_year(record):
            record["year"] = found.year
        if found and found.title and not record.get("title") and not has["title"]:
            record["title"] = found.title
        if has["title"]:
            said_above(above, record, label)
        if not record.get("title") and (has["title"] or not (found or record.get("author"))):
            place = Place(name, row=number, column="title" if has["title"] else label)
            told = "the paper has no title." if has["title"] else "nothing says which paper it is."
            problems.append(Problem("table", told, place, _NAMELESS))
        elif not record.get("title"):
            paper, year = found.paper if found else record["author"], record.get("year", "")
            paper = paper if year in paper else f"{paper} {year}"
            record["title"] = paper + _letter(record, paper)
            record[UNTITLED] = "yes"
    raise_all(problems)
    return _lacking(records, label)


_NAMELESS = (
    "If the row belongs to the paper above, repeat what names the paper there, as where cells were"
    " merged; if it is of no paper, take it out."
)


def _letter(record: Mapping[str, str], paper: str) -> str:
    """Return the letter that tells papers of one year apart, where a column of its own has it."""
    letter = next((record[name] for name in ("letter", "suffix") if record.get(name)), "")
    return letter if re.fullmatch("[a-z]", letter) and paper[-1:].isdigit() else ""


def _label_column(records: list[dict[str, str]], header: Sequence[str]) -> str | None:
    """Return the column that holds study labels; of several, the one that most rows have them in.

    None where other columns say all. Where none has authors, names alone are labels too, for what
    lacks is only the year.
    """
    if all(r.get("author") and r.get("title") and _has_year(r) for r in records):
        return None
    written = {column: [r[column] for r in records if r.get(column)] for column in header}
    known = [column for column in header if words_of_column(column) in LABELS and written[column]]
    shares = {
        column: sum(map(is_label, written[column])) / len(written[column]) for column in known
    }
    best = max(known, key=lambda column: (shares[column], -known.index(column)), default=None)
    if best is not None and shares[best] > _MOSTLY:
        return best
    if "author" in header and written["author"]:
        return None if any(r.get("title") for r in records) else "author"
    titled = any(record.get("title") for record in records)
    named = [
        column
        for column in known
        if not any(cell.replace(".", "").isdigit() for cell in written[column])
        and (not titled or words_of_column(column) in STUDY_LABELS)
    ]
    return named[0] if named else None


def _has_year(record: Mapping[str, str]) -> bool:
    return _YEAR.search(record.get("year", "")) is not None


def _refuse(header: Sequence[str], has: Mapping[str, bool], name: str, row: int) -> None:
    missing = [column for column in ("title", "author") if not has[column]]
    message = f"the table has no column {' and no column '.join(missing)}."
    called = " or ".join(f'"{NAMES[column][0].capitalize()}"' for column in missing)
    hint = f"Its columns are: {', '.join(header)}. Rename what holds them to {called}, or name a"
    hint += ' column "Study" that says who wrote it and when, as in "Ash 2020".'
    raise DataError(message, Place(name, row=row), hint)


def _lacking(records: Sequence[Mapping[str, str]], label: str | None) -> list[str]:
    """Say what was read from labels, and what the bibliography still lacks."""
    remarks = []
    if label is not None:
        one = next(record for record in records if record.get("author"))
        year = one.get("year") or "no year"
        remarks.append(f'the column "{label}" was read as author and year: {one["author"]}, {year}')
    themes = next((c for c in ("themes", "theme") if c in records[0]), "")
    if themes and "sections" not in records[0]:
        remarks.append(
            f'the column "{themes}" is kept as data; one called "sections" would make a chapter'
            " of each"
        )
    papers = {(r.get("author"), r.get("year"), r["title"]): r for r in records}.values()
    lacks = {
        "author": [r for r in papers if not r.get("author")],
        "title": [r for r in papers if r.get(UNTITLED)],
        "year": [r for r in papers if not _has_year(r)],
    }
    for column, lack in lacks.items():
        mark = column == "title"
        if lack:
            first = lack[0].get("title") or lack[0].get("author")
            which = "a label is written in its place" if mark else "write it into the bibliography"
            count = "1 paper has" if len(lack) == 1 else f"{len(lack)} papers have"
            remarks.append(f"{count} no {column} (first: {first}); {which}")
    return remarks


def _header(table: WithinEdges) -> list[str]:
    """Return the names of the columns; one of study labels is none of codes, whatever its name."""
    found: list[str] = []
    years = _year_column(table)
    for position, cell in enumerate(table.header):
        plain = words_of_column(cell)
        known = next((k for k, names in NAMES.items() if plain in names and k not in found), None)
        if known == "year" and position != years:
            known = None
        if known == "code" and plain in LABELS and _has_labels(table.rows, position):
            known = None
        slug = known or plain.replace(" ", "_") or f"column_{len(found) + 1}"
        while slug in found:
            slug += "_2"
        found.append(slug)
    return found


def _year_column(table: WithinEdges) -> int | None:
    """Return the first of the columns of years, or of dates, that has a year in most rows."""
    named = [n for n, cell in enumerate(table.header) if words_of_column(cell) in NAMES["year"]]
    written = [
        sum(bool(_YEAR.search(row[n])) for _, row in table.rows if n < len(row)) for n in named
    ]
    return named[written.index(max(written))] if named else None


def _has_labels(rows: Sequence[Line], position: int) -> bool:
    written = [row[position] for _, row in rows if position < len(row) and row[position].strip()]
    return bool(written) and sum(map(is_label, written)) / len(written) > _MOSTLY


def _number(records: list[dict[str, str]], name: str) -> bool:
    """Give each paper a code: its own where all have a whole number, else its place.

    Returns whether there are other codes, which are kept beside.
    """
    codes = [record.get("code", "") for record in records]
    if all(re.fullmatch(r"[1-9]\d{0,5}", code) for code in codes):
        twice = [code for code, count in Counter(codes).items() if count > 1]
        if twice:
            message = f"the code {twice[0]} is in {codes.count(twice[0])} rows."
            raise DataError(message, Place(name, column="code"), "Each paper needs its own.")
        return False
    for number, record in enumerate(records, start=1):
        record[OWN_CODE] = record.get("code", "")
        record["code"] = str(number)
    return any(codes)


def _bibliography(records: list[dict[str, str]]) -> str:
    """Give each paper a citekey, and return the bibliography of all."""
    from reviewpress.bibliography import write_bibtex
    from reviewpress.imports.merging import Keys
    from reviewpress.imports.people import is_given_first, read_names
    from reviewpress.imports.records import make_entry, read_year

    keys = Keys()
    entries = []
    given_first = is_given_first(record.get("author", "") for record in records)
    for record in records:
        texts = {name: record.get(name, "") for name in (*BIBLIOGRAPHIC, "code")}
        author = texts.pop("author")
        listed = author.replace(" & ", " and ")
        if given_first:
            listed = listed.replace(",", ";")
        people = [] if BIBTEX in record else read_names(listed)
        kind = "article" if texts["journal"] else "misc"
        texts["year"] = read_year(texts["year"]) or texts["year"]
        entry = make_entry(kind, texts, people, key=record.get("citekey", ""))
        if BIBTEX in record and author:
            entry = replace(entry, fields={**entry.fields, "author": author})
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
    stands = dict.fromkeys(n for r in records for n in LIST.split(r.get("sections", "")) if n)
    for record in records:
        names = [name for name in LIST.split(record.get("sections", "")) if name]
        kept = [name for name in names if not wanted or name in wanted]
        for name in kept:
            members.setdefault(name, []).append(int(record["code"]))
        record["sections"] = "; ".join(kept)
    found = {name: tuple(codes) for name, codes in members.items() if codes}
    if not found:
        message = f"none of the sections asked for ({', '.join(wanted)}) is in the table."
        raise DataError(message, hint=f"Its sections are: {', '.join(stands)}.")
    return tuple(found), found
