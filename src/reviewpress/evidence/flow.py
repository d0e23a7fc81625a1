"""The PRISMA 2020 flow of records, in the table that the PRISMA2020 R package reads and writes.

The columns are `data,node,box,description,boxtext,tooltips,url,n`, the rows keyed on `data`.
A blank `n` says that the number is not known (or that the line is hidden). A table that is read
and written comes out byte for byte.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from reviewpress.errors import DataError, Place, Problem, all_of, nearest, raise_all
from reviewpress.store.digests import digest_bytes
from reviewpress.tables.reader import decode_table, split_rows, split_segments
from reviewpress.tables.writer import write_csv

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
FIRST = tuple(name for name in COLUMNS if name != "boxtext")
"""The columns of the package's first tables."""
HEADERS = tuple((*names[:-1], last) for names in (COLUMNS, FIRST) for last in ("n", "k"))
"""The headers that are read: the last column was called `k` to begin with."""
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
OPTIONAL = (
    "register_results",
    "excluded_automatic",
    "excluded_other",
    "other_assessed",
    "other_excluded",
    "previous_studies",
    "previous_reports",
    "records_excluded_automatic",
    "awaiting_reports",
    "ongoing_reports",
)
"""Boxes that a review may lack: a blank one hides its line and counts as none in a sum."""
LAYOUT = ("NA", "prevstud", "newstud", "othstud", "identification", "screening", "included")
_NA = ("", "NA")
_PLACEHOLDER = re.compile(r"x{2,}", re.IGNORECASE)
"""What the package's templates have where a number is to be filled in."""
_NUMBER = re.compile(r"(\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.0+)?")
_LAST_CELL = re.compile(r'(?:"(?:[^"]|"")*"|[^,"]*)[ \t]*(?=\r?\n?\Z)')
_TOTALS = {
    "total_studies": ("previous_studies", "new_studies"),
    "total_reports": ("previous_reports", "new_reports"),
    "total_studies_ma": ("total_studies_ma", "new_studies"),
    "total_reports_ma": ("total_reports_ma", "new_studies"),
}
"""Totals that are blank where a template's zero stands beside a number that makes it more."""
_RULES = (
    (
        ("database_results", "register_results"),
        ("duplicates", "excluded_automatic", "excluded_other", "records_screened"),
    ),
    (("records_screened",), ("records_excluded", "dbr_sought_reports")),
    (("dbr_sought_reports",), ("dbr_notretrieved_reports", "dbr_assessed")),
    (("other_sought_reports",), ("other_notretrieved_reports", "other_assessed")),
    (
        ("dbr_assessed", "other_assessed"),
        ("dbr_excluded", "other_excluded", "new_reports", "awaiting_reports", "ongoing_reports"),
    ),
    (("previous_studies", "new_studies"), ("total_studies",)),
    (("previous_reports", "new_reports"), ("total_reports",)),
    (("database_specific_results",), ("database_results",)),
    (("register_specific_results",), ("register_results",)),
)
"""What goes into a box, and what comes out of it."""

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
        if (found := _NUMBER.fullmatch(text)) and not (self.data in LISTS and "," in text):
            return int(found[1].replace(",", ""))
        numbers = [reason.number for reason in self.reasons]
        known = [number for number in numbers if number is not None]
        return sum(known) if known and len(known) == len(numbers) else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The parts that a list names, in order; none where `n` is a number or blank.

        A part that a template left to fill in is none, and one that is a number has no name.
        """
        text = self.cells[-1].strip()
        if self.data not in LISTS or _is_blank(text) or re.fullmatch(r"\d+", text):
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

    `counted_from` says of boxes that were not typed what was counted.
    """

    name: str
    rows: tuple[FlowRow, ...]
    content: bytes
    sha256: str
    counted_from: Mapping[str, Counted] = field(default_factory=dict, repr=False)

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
        segments = split_segments(text, self.name)
        lines = [
            _with_count(raw, cells, counts[cells[0].strip()])
            if cells and cells[0].strip() in counts
            else raw
            for raw, cells in segments
        ]
        present = {row.data for row in self.rows}
        new = [
            _added(box, counts[box]).cells for box in ADDED if box in counts and box not in present
        ]
        added = [row if len(segments[0][1]) == len(COLUMNS) else _narrowed(row) for row in new]
        if added and lines and not lines[-1].endswith("\n"):
            lines[-1] += newline
        lines.append(write_csv(added).decode().replace("\n", newline))
        mark = b"\xef\xbb\xbf" if self.content.startswith(b"\xef\xbb\xbf") else b""
        return replace(
            parse_flow(mark + "".join(lines).encode(), self.name), counted_from=counted_from
        )


def parse_flow(content: bytes, name: str) -> Flow:
    """Read a PRISMA2020 table.

    Raises DataError for a file that is no text or lacks columns, Problems for rows that cannot be
    read, unknown or repeated rows and counts that are no numbers.
    """
    text = decode_table(content, name)
    problems: list[Problem] = []
    lines = [row for row in split_rows(text, name, problems) if row[1]]
    raise_all(problems)
    header = lines[0][1] if lines else []
    columns = tuple(column.strip().lower() for column in header)
    if columns not in HEADERS:
        message = f"the columns are not those of PRISMA2020: {', '.join(COLUMNS)}."
        raise DataError(message, Place(name, row=1), _other_columns(header))
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(columns):
            message = f"the row has {len(cells)} cells, the header {len(columns)}."
            problems.append(Problem("flow", message, Place(name, row=number)))
            continue
        if len(columns) < len(COLUMNS):
            cells = [*cells[:4], _first_words(cells[3]), *cells[4:]]
        rows.append(FlowRow(cells[0].strip(), tuple(cells), number))
    problems += _wrong_rows(rows, name)
    raise_all(problems)
    return Flow(name, tuple(rows), content, digest_bytes(content))


def _other_columns(header: list[str]) -> str:
    """Return what to do about a header that is none of PRISMA2020's."""
    if len(header) == 1 and len(re.findall(r"[;\t|]", header[0])) >= len(FIRST) - 1:
        return "Save the table as CSV with commas between the cells."
    known = [name.strip().lower() for name in header]
    lacking = [name for name in FIRST if name not in known]
    more = [name or "a column without a name" for name in known if name not in (*COLUMNS, "k")]
    said = [f"It lacks: {', '.join(lacking)}." if lacking and len(lacking) < len(FIRST) else "",
            f"Remove: {', '.join(more)}." if more and not lacking else ""]  # fmt: skip
    return " ".join(filter(None, said)) or "Start from the package's template, PRISMA.csv."


def write_flow(flow: Flow) -> bytes:
    """Return the table as PRISMA2020 reads it; one that was read comes out byte for byte."""
    return flow.content


def check_flow(flow: Flow) -> list[Problem]:
    """Return a problem for each arithmetic rule of the PRISMA 2020 flow that does not hold.

    A rule counts only where all its boxes are known. The rules are those of the diagram (Page et
    al. 2021): what goes into a box is what comes out of it.
    """
    return [*_sums(flow), *_limits(flow)]


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
            yield Problem("flow", f'"{key}" stands in row {seen[key]} already.', place)
        seen.setdefault(key, row.row)
        text = row.cells[-1].strip()
        if key in COUNTS and not _is_blank(text) and row.number is None and not row.is_unfilled:
            place = Place(name, row=row.row, column="n")
            wrong = [part.name for part in row.reasons if part.number is None]
            if len(row.reasons) > 1:
                told = ", ".join(f'"{part[:60]}"' for part in wrong[:3])
                message = f"the item {told} of the list has no number after a comma."
            else:
                message = f'"{text[:60]}" is not a number of records.'
            hint = "A list is written as Reason, 3; Other reason, 4." if key in LISTS else ""
            yield Problem("flow", message, place, hint)


def _sums(flow: Flow) -> Iterator[Problem]:
    """Check that what goes into a box comes out of it."""
    for into, out in _RULES:
        yield from _balance(flow, into, out)


def _balance(flow: Flow, into: tuple[str, ...], out: tuple[str, ...]) -> Iterator[Problem]:
    known = flow.known
    needed = [box for box in (*into, *out) if box not in OPTIONAL]
    if any(box not in known for box in needed):
        return
    if not any(box in known for box in into) or not any(box in known for box in out):
        return
    left, right = (sum(known.get(box, 0) for box in side) for side in (into, out))
    if left != right:
        message = f"{_told(into, known)} is {left}, but {_told(out, known)} is {right}."
        blank = [box for box in (*into, *out) if box not in known]
        hint = f"Boxes left blank count as none: {', '.join(blank)}." if blank else ""
        place = _differing(flow, into, out)
        yield Problem("flow", message, place, hint, subject=" + ".join(into))


def _limits(flow: Flow) -> Iterator[Problem]:
    """Check that no box is larger than the one it comes out of, also where others are unknown."""
    pairs = (
        ("records_excluded", "records_screened"),
        ("dbr_sought_reports", "records_screened"),
        ("dbr_notretrieved_reports", "dbr_sought_reports"),
        ("dbr_assessed", "dbr_sought_reports"),
        ("dbr_excluded", "dbr_assessed"),
        ("other_assessed", "other_sought_reports"),
        ("other_excluded", "other_assessed"),
        ("records_excluded_automatic", "records_excluded"),
        ("new_studies", "new_reports"),
        ("previous_studies", "previous_reports"),
        ("total_studies", "total_reports"),
        ("awaiting_studies", "awaiting_reports"),
        ("total_studies_ma", "total_reports_ma"),
        ("ongoing_studies", "ongoing_reports"),
        ("new_reports", "total_reports"),
    )
    known = flow.known
    for part, whole in pairs:
        if part in known and whole in known and known[part] > known[whole]:
            message = f"{part} ({known[part]}) is more than {whole} ({known[whole]})."
            place = _differing(flow, (whole,), (part,), missing=False)
            yield Problem("flow", message, place, subject=part)


def _differing(
    flow: Flow, into: tuple[str, ...], out: tuple[str, ...], *, missing: bool = True
) -> Place:
    """Return where a sum can be mended: a number that was typed, or what was counted.

    Of what was counted, these are the records that are on one side alone; without `missing`, only
    those that come out and did not go in.
    """
    boxes = [box for box in (*into, *out) if box in flow.known]
    counted = {box: flow.counted_from[box] for box in boxes if box in flow.counted_from}
    typed = [box for box in boxes if box not in counted]
    totals = [box for box in boxes if box in counted and len(counted[box]) != flow.known[box]]
    if typed or totals:
        return flow.place(typed[-1] if typed else totals[0])
    left, right = (
        Counter(name for box in side for name in counted.get(box, ())) for side in (into, out)
    )
    names = [*(right - left), *(left - right if missing else ())]
    places = {name: place for found in counted.values() for name, place in found.items()}
    return all_of(places[name] for name in names) or flow.place(boxes[-1])


def _told(boxes: tuple[str, ...], known: Mapping[str, int]) -> str:
    return " + ".join(f"{box} ({known[box]})" for box in boxes if box in known)


def _reason(part: str) -> Reason:
    name, _, number = part.rpartition(",")
    text = number.strip()
    if not re.fullmatch(r"\d{1,15}", text):
        return Reason(part.strip(), None)
    return Reason(name.strip(), int(text))


def _is_blank(text: str) -> bool:
    return text in _NA or _PLACEHOLDER.fullmatch(text) is not None


def _is_unfilled(part: str) -> bool:
    """Whether a part of a list is one of a template: "Reason1, xxx"."""
    return _PLACEHOLDER.fullmatch(part.rpartition(",")[2].strip()) is not None


def _first_words(description: str) -> str:
    """Return the words of a box in the package's first tables, which have one column for all."""
    return description.partition(": [")[0]


def _with_count(raw: str, cells: list[str], count: int | str | None) -> str:
    """Return a row as it is written, with another count if it has another one."""
    if cells[-1].strip() == _cell(count) or (_is_blank(cells[-1].strip()) and count is None):
        return raw
    ending = raw[len(raw.rstrip("\r\n")) :]
    body = raw.rstrip("\r\n")
    found = _LAST_CELL.search(body)
    start = found.start() if found else len(body)
    cell = write_csv([[_cell(count)]]).decode().rstrip("\n") if count is not None else ""
    return f"{body[:start]}{cell}{ending}"


def _narrowed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Return a row without the column that the package's first tables lack."""
    return (*cells[:4], *cells[5:])


def _added(data: str, count: int | str | None) -> FlowRow:
    """Return the row of a box that PRISMA2020's table lacks."""
    box, description, words = ADDED[data]
    words = words or description
    return FlowRow(data, (data, "NA", box, description, words, words, "NA", _cell(count)), 0)


def _cell(value: int | str | None) -> str:
    return "" if value is None else str(value)
