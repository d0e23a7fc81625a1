"""The PRISMA 2020 flow of records, in the table that the PRISMA2020 R package reads and writes.

The columns are `data,node,box,description,boxtext,tooltips,url,n`, the rows keyed on `data`.
A blank `n` says that the number is not known (or that the line is hidden). A table that is read
and written comes out byte for byte.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from reviewpress.errors import DataError, Place, Problem, all_of, nearest, raise_all
from reviewpress.store.digests import digest_bytes
from reviewpress.tables.reader import (
    decode_table,
    find_separator,
    split_rows,
    split_segments,
)
from reviewpress.tables.writer import write_csv

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
FIRST = tuple(name for name in COLUMNS if name != "boxtext")
"""The columns of the package's first tables."""
LISTS = (
    "database_specific_results",
    "register_specific_results",
    "records_excluded",
    "dbr_excluded",
    "other_excluded",
)
"""Rows whose `n` may be a list: `Reason1, 3; Reason2, 4`."""
COUNTS = (
    "previous_studies",
    "previous_reports",
    "database_results",
    "database_specific_results",
    "register_results",
    "register_specific_results",
    "website_results",
    "organisation_results",
    "citations_results",
    "duplicates",
    "excluded_automatic",
    "excluded_other",
    "records_screened",
    "records_excluded",
    "dbr_sought_reports",
    "dbr_notretrieved_reports",
    "dbr_assessed",
    "dbr_excluded",
    "other_sought_reports",
    "other_notretrieved_reports",
    "other_assessed",
    "other_excluded",
    "new_studies",
    "new_reports",
    "total_studies",
    "total_reports",
    "total_studies_ma",
    "total_reports_ma",
    "total_studies_synthesis",
    "records_excluded_automatic",
    "awaiting_studies",
    "awaiting_reports",
    "ongoing_studies",
    "ongoing_reports",
    "reopened_reports",
)
ADDED = {
    "records_excluded_automatic": (
        "box5",
        "Records excluded by automation tools, unseen (databases and registers)",
        "by automation tools, unseen",
    ),
    "awaiting_studies": ("box10", "Studies awaiting classification", ""),
    "awaiting_reports": ("box10", "Reports of studies awaiting classification", ""),
    "ongoing_studies": ("box10", "Ongoing studies", ""),
    "ongoing_reports": ("box10", "Reports of ongoing studies", ""),
    "reopened_reports": ("box11", "Reports that waited in the previous version", ""),
    "total_studies_ma": ("box17", "Total studies included in meta-analysis", ""),
    "total_reports_ma": (
        "box17",
        "Reports of total included studies in meta-analysis",
        "",
    ),
    "total_studies_synthesis": ("box17", "Total studies included in synthesis", ""),
}
"""Rows that PRISMA2020's table lacks and its package passes over: box, description, words.

What automation excluded is PRISMA 2020's footnote; the others are of Cochrane's diagrams. A table
gets them where something is counted in them.
"""
LAYOUT = ("NA", "prevstud", "newstud", "othstud", "identification", "screening", "included")
_NA = ("", "NA")
_PLACEHOLDER = re.compile(r"(?:n\s*=\s*)?(?:x{2,}|\?+|n/?a|nan|[-–—]+)", re.IGNORECASE)
"""What stands where there is no number: "xxx" in the package's templates, "n = ?", "n/a", "–"."""
_SAID = re.compile(r"\(?\s*n\s*=\s*(?P<number>[^()=]+?)\s*\)?", re.IGNORECASE)
"""A count with the words that the package draws around it itself: "n = 438"."""
_TWO = re.compile(r",\s*\d+\s*(?:\n|,\s*[^\W\d])")
"""A number in the words of a part, after which another part begins: "A, 3, B, 4"."""
_NUMBER = re.compile(r"(\d{1,15}|\d{1,3}(?:[,'’\xa0\u202f ]\d{3})+)(?:\.0+)?")
_PART = re.compile(rf"(?P<name>.*?),\s*(?P<number>{_NUMBER.pattern})", re.DOTALL)
"""A part of a list; the number may have marks between its thousands: "Scopus, 1,234"."""
_TOTALS = {
    "total_studies": ("previous_studies", "new_studies"),
    "total_reports": ("previous_reports", "new_reports"),
    "total_studies_ma": ("total_studies_ma", "new_studies"),
    "total_reports_ma": ("total_reports_ma", "new_studies"),
}
"""Totals that are blank where a template's zero stands beside a number that makes it more."""
Counted = Mapping[str, Place]
"""What a box counts, by name, and where each stands; a search stands for its records."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One named part of a box: a database with its records, a reason with its exclusions."""

    name: str
    number: int | None


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One row of the table as it stands; `row` is its number in the file, 0 without one."""

    data: str
    cells: tuple[str, ...]
    row: int

    @property
    def number(self) -> int | None:
        """The count of the box, None where it is not known; a list counts its parts."""
        text = self.cells[-1].strip()
        if _is_blank(text):
            return None
        if (number := _whole(text)) is not None:
            return number
        numbers = [reason.number for reason in self.reasons]
        known = [number for number in numbers if number is not None]
        return sum(known) if known and len(known) == len(numbers) else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The parts that a list names, in order; none where `n` is a number or blank.

        A part that a template left to fill in is none, and one that is a number has no name.
        """
        text = self.cells[-1].strip()
        if self.data not in LISTS or _is_blank(text) or _whole(text) is not None:
            return ()
        parts = (part.strip() for part in text.split(";"))
        return tuple(_reason(part) for part in parts if part and not _is_unfilled(part))

    @property
    def is_unfilled(self) -> bool:
        """Whether a list has no part but those that a template left to fill in."""
        parts = [part.strip() for part in self.cells[-1].split(";") if part.strip()]
        return self.data in LISTS and bool(parts) and all(map(_is_unfilled, parts))

    def text(self, column: str) -> str:
        """Return a cell by its column (`boxtext`, `tooltips`, …); empty for NA."""
        value = self.cells[COLUMNS.index(column)]
        return "" if value in _NA else value


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of records: its rows, and the exact bytes it was read from.

    `counted_from` says of boxes that were not typed what was counted. `listed` are the parts of
    boxes that PRISMA 2020 shows as one number: the reasons at title and abstract.
    """

    name: str
    rows: tuple[FlowRow, ...]
    content: bytes
    sha256: str
    counted_from: Mapping[str, Counted] = field(default_factory=dict, repr=False)
    listed: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, data: str) -> int | None:
        return None if self._is_zero_of_template(data) else self.row(data).number

    def _is_zero_of_template(self, data: str) -> bool:
        """Whether a total is 0 because nobody filled it in: what it is the total of is more."""
        before, new = _TOTALS.get(data, ("", ""))
        numbers = {row.data: row.number for row in self.rows if row.data in (data, before, new)}
        return bool(new) and not numbers.get(data) and not numbers.get(before) and (
            bool(numbers.get(new))
        )  # fmt: skip

    def row(self, data: str) -> FlowRow:
        """Return a row by its key; DataError with the nearest key otherwise."""
        for row in self.rows:
            if row.data == data:
                return row
        hint = nearest(data, [row.data for row in self.counted])
        raise DataError(f'the flow has no box "{data}".', Place(self.name), hint)

    def place(self, data: str) -> Place:
        """Return where the count of a box stands, or what was counted."""
        counted = all_of(self.counted_from.get(data, {}).values())
        if counted is not None:
            return counted
        row = self.row(data).row
        return Place(self.name, row=row, column="n") if row else Place(self.name)

    def get(self, data: str) -> int | None:
        """Return a box's count; None where it is not known or the table lacks the box."""
        return self[data] if any(row.data == data for row in self.rows) else None

    def reasons(self, data: str) -> tuple[Reason, ...]:
        """Return the parts of a box: databases, or reasons of exclusion."""
        return self.row(data).reasons

    def with_reasons(self) -> "Flow":
        """Return the flow with the reasons for exclusion at title and abstract, where recorded.

        PRISMA 2020 asks for reasons of full texts only. A record that several people excluded
        counts for the reason that was agreed, or else the first one recorded.
        """
        return self.with_counts(self.listed, self.counted_from)

    @property
    def counted(self) -> tuple[FlowRow, ...]:
        """The rows of boxes that hold a number, known or not, in the table's order."""
        return tuple(row for row in self.rows if row.data in COUNTS)

    @property
    def known(self) -> Mapping[str, int]:
        """The boxes whose count is known, in the table's order."""
        found = {row.data: self[row.data] for row in self.counted}
        return {name: number for name, number in found.items() if number is not None}

    def with_counts(
        self,
        counts: Mapping[str, int | str | None],
        counted_from: Mapping[str, Counted] = MappingProxyType({}),
    ) -> "Flow":
        """Return the same table with other counts: numbers, lists as text, None for unknown.

        Only the cells whose count changes are written, and boxes that the table lacks are added.
        """
        text = self.content.decode("utf-8-sig")
        newline = "\r\n" if "\r\n" in text else "\n"
        separator = _separator(text)
        segments = split_segments(text, self.name, separator=separator)
        layout = _layout(_first(segments), self.name, separator)
        lines = [
            _with_count(raw, cells, counts[data], layout)
            if len(cells) > layout.count and (data := cells[layout.data].strip()) in counts
            else raw
            for raw, cells in segments
        ]
        present = {row.data for row in self.rows}
        new = [
            _added(box, counts[box]).cells for box in ADDED if box in counts and box not in present
        ]
        if new and lines and not lines[-1].endswith("\n"):
            lines[-1] += newline
        lines += [layout.line(cells) + newline for cells in new]
        mark = b"\xef\xbb\xbf" if self.content.startswith(b"\xef\xbb\xbf") else b""
        flow = parse_flow(mark + "".join(lines).encode(), self.name)
        return replace(flow, counted_from=counted_from, listed=self.listed)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table is written: what parts its cells, and where in a row each column is."""

    separator: str
    width: int
    places: Mapping[str, int]

    @property
    def data(self) -> int:
        """The place of what a row is known by."""
        return self.places["data"]

    @property
    def count(self) -> int:
        """The place of the count."""
        return self.places[COLUMNS[-1]]

    def cells(self, written: list[str]) -> tuple[str, ...]:
        """Return the cells of a row in the order of the columns."""
        found = {name: written[place] for name, place in self.places.items()}
        found.setdefault("boxtext", _first_words(found["description"]))
        return tuple(found[name] for name in COLUMNS)

    def line(self, cells: tuple[str, ...]) -> str:
        """Return a row as the table has it."""
        written = [""] * self.width
        for name, cell in zip(COLUMNS, cells, strict=True):
            if name in self.places:
                written[self.places[name]] = self.quoted(cell)
        return self.separator.join(written)

    def quoted(self, cell: str) -> str:
        """Return a cell as it is written."""
        plain = write_csv([[cell]]).decode().rstrip("\n") if cell else ""
        return f'"{plain}"' if self.separator in cell and not plain.startswith('"') else plain


def parse_flow(content: bytes, name: str) -> Flow:
    """Read a PRISMA2020 table.

    Raises DataError for a file that is no text or lacks columns, Problems for rows that cannot be
    read, unknown or repeated rows and counts that are no numbers.
    """
    text = decode_table(content, name)
    problems: list[Problem] = []
    separator = _separator(text)
    lines = split_rows(text, name, problems, separator=separator)
    lines = [row for row in lines if any(map(str.strip, row[1]))]
    raise_all(problems)
    header = lines[0][1] if lines else []
    layout = _layout(header, name, separator)
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}."
            problems.append(Problem("flow", message, Place(name, row=number)))
            continue
        found = layout.cells(cells)
        rows.append(FlowRow(_key(found), found, number))
    problems += _wrong_rows(rows, name)
    raise_all(problems)
    return Flow(name, tuple(rows), content, digest_bytes(content))


def _separator(text: str) -> str:
    return find_separator(text.lstrip().partition("\n")[0])


def _first(segments: list[tuple[str, list[str]]]) -> list[str]:
    """Return the cells of the first row that holds something."""
    return next((cells for _, cells in segments if any(map(str.strip, cells))), [])


def _layout(header: list[str], name: str, separator: str) -> _Layout:
    """Return where each column is; the order is free, and an author may have columns of their own.

    The last one was called `k` to begin with, and `boxtext` came later. Raises DataError.
    """
    known = [column.strip().lower() for column in header]
    known = ["n" if column == "k" and "n" not in known else column for column in known]
    lacking = [column for column in FIRST if column not in known]
    twice = [column for column in COLUMNS if known.count(column) > 1]
    if lacking or twice:
        message = f"the columns are not those of PRISMA2020: {', '.join(COLUMNS)}."
        few = lacking and len(lacking) < len(FIRST)
        said = [f"It lacks: {', '.join(lacking)}." if few else "",
                f"Twice: {', '.join(twice)}." if twice else ""]  # fmt: skip
        hint = " ".join(filter(None, said)) or "Start from the package's template, PRISMA.csv."
        raise DataError(message, Place(name, row=1), hint)
    places = {column: known.index(column) for column in COLUMNS if column in known}
    return _Layout(separator, len(header), places)


def _key(cells: tuple[str, ...]) -> str:
    """Return what a row is known by; one of a title has no name, for which R writes NA."""
    data = cells[0].strip()
    return "NA" if not data and cells[COLUMNS.index("box")].strip() in LAYOUT else data


def write_flow(flow: Flow) -> bytes:
    """Return the table as PRISMA2020 reads it; one that was read comes out byte for byte."""
    return flow.content


def _wrong_rows(rows: Iterable[FlowRow], name: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        key = row.data
        if key not in COUNTS and key not in LAYOUT:
            hint = nearest(key[:60], COUNTS)
            place = Place(name, row=row.row, column="data")
            yield Problem("flow", f'PRISMA2020 has no row "{key[:60]}".', place, hint)
            continue
        if key in seen and key != "NA":
            place = Place(name, row=row.row, column="data")
            yield Problem("flow", f'"{key}" is in row {seen[key]} already.', place)
        seen.setdefault(key, row.row)
        text = row.cells[-1].strip()
        if key in COUNTS and not _is_blank(text) and row.number is None and not row.is_unfilled:
            place = Place(name, row=row.row, column="n")
            message = _wrong_number(row, text)
            hint = "A list is written as Reason, 3; Other reason, 4." if key in LISTS else ""
            yield Problem("flow", message, place, hint)


def _wrong_number(row: FlowRow, text: str) -> str:
    """Return what is wrong with the count of a row, or with which items of its list."""
    wrong = [" ".join(part.name.split()) for part in row.reasons if part.number is None]
    joined = [part for part in wrong if _PART.fullmatch(part)]
    if joined:
        return f'"{joined[0][:60]}" has several numbers: put a semicolon between the items.'
    if ";" not in text:
        return f'"{text[:60]}" is not a number of records.'
    told = ", ".join(f'"{part[:60]}"' for part in wrong[:3])
    items = f"item {told} of the list has" if len(wrong) == 1 else f"items {told} of the list have"
    return f"the {items} no number after a comma."


def _reason(part: str) -> Reason:
    if (number := _whole(part)) is not None:
        return Reason("", number)
    found = _PART.fullmatch(part)
    if found is None or _TWO.search(part):
        return Reason(part, None)
    return Reason(found["name"].strip(), _whole(found["number"]))


def _whole(text: str) -> int | None:
    """Return a number, with or without marks between its thousands; None for any other text."""
    said = _SAID.fullmatch(text)
    found = _NUMBER.fullmatch(said["number"] if said else text)
    return int(re.sub(r"\D", "", found[1])) if found else None


def _is_blank(text: str) -> bool:
    return text in _NA or _PLACEHOLDER.fullmatch(text) is not None


def _is_unfilled(part: str) -> bool:
    """Whether a part of a list is one of a template: "Reason1, xxx"."""
    return _PLACEHOLDER.fullmatch(part.rpartition(",")[2].strip()) is not None


def _first_words(description: str) -> str:
    """Return the words of a box in the package's first tables, which have one column for all."""
    return description.partition(": [")[0]


def _with_count(raw: str, cells: list[str], count: int | str | None, layout: _Layout) -> str:
    """Return a row as it is written, with another count if it has another one."""
    before = cells[layout.count].strip()
    is_same = before == _cell(count) or (count is not None and _whole(before) == count)
    if is_same or (_is_blank(before) and count is None):
        return raw
    ending = raw[len(raw.rstrip("\r\n")) :]
    body = raw.rstrip("\r\n")
    other = re.escape(layout.separator)
    written = re.compile(rf'((?:"(?:[^"]|"")*")?[^{other}]*)(?:{other}|\Z)')
    start, end = list(written.finditer(body))[layout.count].span(1)
    return f"{body[:start]}{layout.quoted(_cell(count))}{body[end:]}{ending}"


def _added(data: str, count: int | str | None) -> FlowRow:
    """Return the row of a box that PRISMA2020's table lacks."""
    box, description, words = ADDED[data]
    words = words or description
    return FlowRow(data, (data, "NA", box, description, words, words, "NA", _cell(count)), 0)


def _cell(value: int | str | None) -> str:
    return "" if value is None else str(value)
