"""Where a table of papers begins and ends: words above it, names of groups, sums, notes below."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewpress.evidence.decisions import AGREED
from reviewpress.imports.decision_words import reviewer_of
from reviewpress.imports.own_columns import LABELS, NAMES, words_of_column
from reviewpress.imports.study_labels import is_label

PREAMBLE = 4
"""In how many rows a header is looked for."""
_KNOWN = frozenset((*(name for names in NAMES.values() for name in names), *LABELS))
_OF_PAPERS = frozenset((*NAMES["year"], *NAMES["title"], *NAMES["doi"]))
"""Columns that a row of sums has nothing in."""
_SAYING = frozenset((*_OF_PAPERS, *NAMES["author"], *NAMES["citekey"], *LABELS))
"""Columns in one of which a row says which paper it is."""
_SUMS = re.compile(
    r"(?:grand |sub)?totals?(?: \w+)?|sums?"
    r"|(?:overall|pooled)(?: (?:effect|estimate|mean|total|n))?"
    r"|counts?|mean|median|average|summary|all studies",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"[*†‡§¶#]|(?:foot)?notes?\b|abbreviations?\b|sources?\s*:|legend\b|key\s*:|\w{1,6}\s*[:=]\s",
    re.IGNORECASE,
)
GROUP = "group"
_ENOUGH = 3
"""So many columns a table has in which a row with one cell may be but a name."""
_EXTRACTORS = frozenset(
    ("reviewer name", "reviewer", "extractor", "extracted by", "data extractor", "extractor name")
)
_WORDY = 4
"""So many words in the only cell of a row are a note rather than the name of a study."""

Line = tuple[int, list[str]]
"""A row of the file: its number, as spreadsheets show it, and its cells."""


@dataclass(frozen=True, slots=True)
class WithinEdges:
    """A table without what stands round it: its header's row, its columns, the rows below."""

    row: int
    header: list[str]
    rows: list[Line]
    remarks: tuple[str, ...] = ()
    """What was left out, and why."""


def filled_lines(rows: Iterable[Sequence[str]]) -> list[Line]:
    """Return the rows that hold something, without the columns to the right that hold nothing."""
    lines = [(number, list(row)) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]
    width = max((n for _, row in lines for n, cell in enumerate(row, 1) if cell.strip()), default=0)
    return [(number, row[:width]) for number, row in lines]


def within_edges(lines: Sequence[Line]) -> WithinEdges:
    """Return the table that some rows hold: tables begin and end in words about themselves."""
    shares = [
        sum(words_of_column(cell) in _KNOWN for cell in cells) for _, cells in lines[:PREAMBLE]
    ]
    at = next((n for n, share in enumerate(shares) if share), 0)
    filled = sum(bool(cell.strip()) for cell in lines[at][1])
    at = at if all(sum(map(bool, cells)) * 2 <= filled for _, cells in lines[:at]) else 0
    remarks = [_left_out(line, "is above the header") for line in lines[:at]]
    row, header = lines[at]
    rows = list(lines[at + 1 :])
    if rows and _is_below_groups(header, rows[0][1]):
        header = _joined(header, rows[0][1])
        remarks.append(f"rows {row} and {rows[0][0]} were read as one header")
        row, rows = rows[0][0], rows[1:]
    rows, below = _without_rows_below(header, rows)
    remarks += below
    ended, above = len(rows), len(remarks)
    while ended > 1 and (what := _kind_of_end(rows[ended - 1][1], header)):
        ended -= 1
        remarks.insert(above, _left_out(rows[ended], what))
    header, rows, numbered = _without_idle_columns(header, rows[:ended])
    header, rows, headed = _with_groups(header, rows)
    rows, settled = _without_extractors(header, rows)
    return WithinEdges(row, header, rows, (*remarks, *numbered, *headed, *settled))


def _left_out(line: Line, what: str) -> str:
    number, cells = line
    return f"row {number} {what} and was left out: “{' '.join(' '.join(cells).split())[:60]}”"


def _is_below_groups(header: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether a row names the columns of groups that the row above it names.

    Merged cells leave a name over the first column of a group, and nothing over the others.
    """
    below = [*cells, *[""] * (len(header) - len(cells))]
    pairs = list(zip(header, below, strict=False))
    fills = any(cell.strip() and not name.strip() for name, cell in pairs)
    if not fills or any(any(map(str.isdigit, cell)) for cell in below):
        return False
    named = any(words_of_column(cell) in _KNOWN for cell in below)
    beside = [cell for name, cell in pairs if words_of_column(name) in _KNOWN]
    return named or (bool(beside) and not any(map(str.strip, beside)))


def _joined(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """Return one header of two: a column is called by its group and by its own name."""
    found, group = [], ""
    for place in range(max(len(groups), len(names))):
        over = groups[place].strip() if place < len(groups) else ""
        name = names[place].strip() if place < len(names) else ""
        group = over or group
        is_known = words_of_column(name) in _KNOWN or name == over
        found.append(name if is_known else " ".join(filter(None, (group if name else over, name))))
    return found


def _kind_of_end(cells: Sequence[str], header: Sequence[str]) -> str:
    """Say what a row at the end of a table is, if it is no paper."""
    filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
    place, first = filled[0]
    named = {words_of_column(header[at]) for at, _ in filled[1:] if at < len(header)}
    if _SUMS.fullmatch(first) and not is_label(first) and named.isdisjoint(_OF_PAPERS):
        return "holds sums"
    is_alone = len(filled) == 1 and place == 0 and sum(map(bool, header)) > 2
    if not is_alone or words_of_column(header[0]) in NAMES["title"]:
        return ""
    is_note = _NOTES.match(first) or (len(first.split()) >= _WORDY and not is_label(first))
    return "is below the table" if is_note else ""


def _without_rows_below(header: Sequence[str], rows: list[Line]) -> tuple[list[Line], list[str]]:
    """Leave out what an empty row parts from a table's end and names no paper in any column."""
    named = [at for at, name in enumerate(header) if words_of_column(name) in _SAYING]

    def says(cells: Sequence[str]) -> bool:
        return not _kind_of_end(cells, header) and any(
            at < len(cells) and cells[at].strip() for at in named
        )

    told = [says(cells) for _, cells in rows]
    last = max((at for at, one in enumerate(told) if one), default=len(rows) - 1)
    gap = last + 1 < len(rows) and rows[last + 1][0] > rows[last][0] + 1
    if not gap or sum(told[: last + 1]) * 2 <= last:
        return rows, []
    first, end = rows[last + 1][0], rows[-1][0]
    which = f"row {first} is" if first == end else f"rows {first} to {end} are"
    return rows[: last + 1], [f"{which} below the table without a paper's name: left out"]


def _with_groups(header: list[str], rows: list[Line]) -> tuple[list[str], list[Line], list[str]]:
    """Give the rows below a row that is but a name, as “Cohort studies”, that name in a column."""
    first = [next((cell.strip() for cell in cells[:1]), "") for _, cells in rows]
    heads = {
        at
        for at, (_, cells) in enumerate(rows)
        if first[at] and not any(map(str.strip, cells[1:])) and not is_label(first[at])
        if "et al" not in first[at]
    }
    others = [name for at, name in enumerate(first) if at not in heads]
    labels = sum(map(is_label, others))
    if not heads or len(header) < _ENOUGH or not others or labels * 2 <= len(others):
        return header, rows, []
    group, kept = "", []
    for at, (number, cells) in enumerate(rows):
        group = first[at] if at in heads else group
        if at not in heads:
            padded = [*cells, *[""] * (len(header) - len(cells))]
            kept.append((number, [*padded[: len(header)], group, *padded[len(header) :]]))
    told = ", ".join(f"“{first[at]}” (row {rows[at][0]})" for at in sorted(heads)[:3])
    return [*header, GROUP], kept, [f'names above rows are in the column "{GROUP}" now: {told}']


def _without_extractors(header: Sequence[str], rows: list[Line]) -> tuple[list[Line], list[str]]:
    """Leave out what single people extracted where a row has what they agreed on."""
    words = [words_of_column(name) for name in header]
    who = next((at for at, name in enumerate(words) if name in _EXTRACTORS), None)
    numbered = [at for at, name in enumerate(words) if name in NAMES["code"]]
    # Where papers have numbers, what extractors wrote of one in two ways parts nothing.
    known = numbered or [at for at, name in enumerate(words) if name in _KNOWN]
    if who is None:
        return rows, []

    def paper(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cells[at].strip() for at in known if at < len(cells))

    def by(cells: Sequence[str]) -> str:
        return cells[who].strip() if who < len(cells) else ""

    settled = {paper(cells) for _, cells in rows if reviewer_of(by(cells)) == AGREED}
    out = [
        (number, cells)
        for number, cells in rows
        if reviewer_of(by(cells)) != AGREED and paper(cells) in settled
    ]
    if not out:
        return rows, []
    people = ", ".join(dict.fromkeys(f"“{by(cells)}”" for _, cells in out))
    told = f"{len(out)} rows of {people} were left out: what was agreed is there"
    return [line for line in rows if line not in out], [told]


def _without_idle_columns(
    header: list[str], rows: list[Line]
) -> tuple[list[str], list[Line], list[str]]:
    """Leave out columns without a name that hold nothing, or that only number the rows, as R's."""
    nameless = [place for place, name in enumerate(header) if not name.strip()]
    idle = {
        place
        for place in nameless
        if not any(place < len(cells) and cells[place].strip() for _, cells in rows)
    }
    numbers = [cells[0].strip() for _, cells in rows if cells]
    remarks = []
    if 0 in nameless and numbers == [str(n) for n in range(1, len(numbers) + 1)]:
        remarks = ["the first column has no name and only numbers the rows: it was left out"]
        idle.add(0)
    kept = [name for place, name in enumerate(header) if place not in idle]
    return kept, [(n, [c for at, c in enumerate(r) if at not in idle]) for n, r in rows], remarks
