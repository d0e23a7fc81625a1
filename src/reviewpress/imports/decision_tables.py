"""Decisions in tables: of Rayyan, Covidence, DistillerSR, ASReview, EPPI-Reviewer, and one's own.

Rayyan        all in the notes of a record
Covidence     an export for each outcome, which only its name tells: _irrelevant_, _select_,
              _excluded_, _included_; the reason is in the notes, outcomes may be tags
DistillerSR   `Refid`, `User` and `Level`, and columns that are the questions of a form
ASReview      `asreview_label`, or `included` beside `asreview_ranking`; empty where unseen
one's own     a row a decision, or a column a reviewer
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError, Place, Problem, nearest, raise_all
from reviewpress.evidence.decisions import (
    AGREED,
    AWAITING,
    EXCLUDE,
    FULL,
    INCLUDE,
    ONGOING,
    TITLE,
    is_tool,
)
from reviewpress.imports.asreview import ballot_of_row
from reviewpress.imports.ballots import REVIEWER, Asked, Ballot, DecidedRecord, DecisionFile
from reviewpress.imports.coding_report import is_report, read_report
from reviewpress.imports.csv_rows import Cells
from reviewpress.imports.decision_columns import (
    OF_RECORDS,
    ROLES,
    DecisionTable,
    all_decisions,
)
from reviewpress.imports.decision_words import (
    decision_of,
    decisions_in,
    plain_words,
    reviewer_of,
    stage_of,
)
from reviewpress.imports.distiller import question_columns, which_question
from reviewpress.imports.rayyan import is_rayyan, rayyan_ballots
from reviewpress.imports.records import find_doi
from reviewpress.imports.tables import find_header, numbered_rows

_WIDE = re.compile(r"(?:(?:reviewer|screener|rater|coder) (?:\d+|[a-z])|.+ (?:decision|vote))")
_CONSENSUS = (
    "consensus",
    "final decision",
    "agreed",
    "final",
    "consensus decision",
    "adjudication",
)
_YEARS = ("year", "publication year", "published year", "year published", "pub year")
_WHOLE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][\d:.+Z-]*)?|\d{1,2}[./]\d{1,2}[./]\d{4}")
_OF_STAGE = re.compile(r"inclu|exclu|eligib|relevan|screen|decision|status", re.IGNORECASE)
_STAGE_WORDS = re.compile(
    r"\b(?:titles?|abstracts?|ti ?ab|ta|full|texts?|ft|fulltext|and|screening|stage)\b"
)
_OUTCOME = re.compile(r"(?:^|_)(irrelevant|select|excluded|included)_", re.IGNORECASE)
_COVIDENCE = {
    "irrelevant": (TITLE, EXCLUDE), "select": (TITLE, INCLUDE), "excluded": (FULL, EXCLUDE),
    "included": (FULL, INCLUDE),
}  # fmt: skip
_COVIDENCE_REASON = re.compile(r"Exclusion reasons?:\s*([^;]+)", re.IGNORECASE)
_TAGS = frozenset(("tags", "manual tags", "automatic tags", "keywords"))
"""Columns of tags, as Zotero's, of which some may be decisions."""
_MARKED = {"include": INCLUDE, "exclude": EXCLUDE, "maybe": "unsure", "unsure": "unsure"}
"""Columns that a sheet may have beside each other, one of which is marked in each row."""
_MARKS = frozenset(("x", "1", "yes", "y", "true", "✓", "✔", "✗", "✘", "*"))
_PAIRS = frozenset(("record", "other", "decision"))
"""The columns of decisions on pairs of records, which are no screening."""


def may_have_decisions(header: Cells, file: str) -> bool:
    """Whether a header may be that of a table of decisions."""
    words = {plain_words(name) for name in header}
    return bool(
        words & {*ROLES["decision"], "rayyan inclusion", "refid", *_CONSENSUS}
        or any(name.startswith("asreview") for name in words)
        or ("covidence" in words and _OUTCOME.search(file))
        or is_report(header)
        or any(_WIDE.fullmatch(name) or _is_of_stage(name) for name in words)
    )


def read_decision_table(
    rows: Sequence[Cells], file: str, entries: Mapping[int, Entry], asked: Asked
) -> DecisionFile | None:
    """Read the decisions in a table; None where it has none that can be told.

    `entries` are its records as a reader of records has them, by number. Raises BibliographyError
    where several columns may be the decision, Problems for cells that say no decision.
    """
    start = find_header(rows) or 0
    words = {plain_words(name) for row in rows[:1] for name in row}
    if not rows or words >= _PAIRS:
        return None
    taken = tuple(numbered_rows(rows, start, file))
    table = DecisionTable(file, rows[start], taken, entries, asked)
    words = set(table.words)
    if any(is_rayyan(cell) for _, _, cells in taken for cell in cells):
        return _made(table, "Rayyan", _rayyan)
    if any(name.startswith("asreview") for name in words):
        return _made(table, "ASReview", _asreview)
    if "covidence" in words:
        return _covidence(table)
    if is_report(table.header):
        return read_report(table.header, table.rows, file, asked)
    table = _with_marks(table)
    return _own(_with_dates(table), "DistillerSR" if "refid" in words else "")


def _with_marks(table: DecisionTable) -> DecisionTable:
    """Make one column of decisions of several, where each row has a mark in one of them."""
    columns = {n: _MARKED[name] for n, name in enumerate(table.words) if name in _MARKED}
    marks = {row[n].strip().casefold() for _, _, row in table.rows for n in columns if n < len(row)}
    if not {INCLUDE, EXCLUDE} <= set(columns.values()) or not marks - {""} <= _MARKS:
        return table
    rows = []
    for number, line, cells in table.rows:
        said = [one for n, one in columns.items() if n < len(cells) and cells[n].strip()]
        padded = [*cells, *[""] * (len(table.header) - len(cells))]
        rows.append((number, line, [*padded, "\n".join(said)]))
    return replace(table, header=[*table.header, "decision"], rows=tuple(rows))


def _with_dates(table: DecisionTable) -> DecisionTable:
    """Find out whether the column `date` says when it was decided, and not when it was published.

    It does if it is beside reviewers or stages, has whole dates alone, and other years than a
    column of years has; then it says nothing of the records.
    """
    dates = [table.cell(cells, "date") for _, _, cells in table.rows]
    years = [table.cell(cells, *_YEARS) for _, _, cells in table.rows]
    filled = [date for date in dates if date]
    beside = any(table.position(role) is not None for role in ("stage", "reviewer"))
    if not filled or not beside or not all(map(_WHOLE_DATE.fullmatch, filled)):
        return table
    if any(years):
        told = any(y and d and y[:4] not in d for d, y in zip(dates, years, strict=True))
        return replace(table, dated=told)
    entries = {number: _undated(entry) for number, entry in table.entries.items()}
    return replace(table, dated=True, entries=entries)


def _undated(entry: Entry) -> Entry:
    kept = {name: value for name, value in entry.fields.items() if name not in ("year", "month")}
    return replace(entry, fields=kept)


def _made(
    table: DecisionTable, maker: str, read: Callable[[DecisionTable, Cells], tuple[Ballot, ...]]
) -> DecisionFile:
    records = tuple(_record(table, row, read(table, row[2])) for row in table.rows)
    return DecisionFile(table.file, maker, records, whole=bool(table.entries))


def _record(
    table: DecisionTable, row: tuple[int, int, Cells], ballots: tuple[Ballot, ...]
) -> DecidedRecord:
    number, line, cells = row
    entry = table.entries.get(number) or Entry("", "misc", _identifiers(table, cells))
    name = table.of_role(cells, "record") or next(filter(None, entry.fields.values()), "")
    return DecidedRecord(number, f"row {line}", entry, name, ballots)


def _identifiers(table: DecisionTable, cells: Cells) -> dict[str, str]:
    """Return what a record of which little is said can be recognised by."""
    return {
        "doi": find_doi(table.cell(cells, "doi")),
        "pmid": re.sub(r"\.0$", "", table.cell(cells, "pmid", "pubmed id")),
        "title": table.cell(cells, "title", "article title", "full title"),
    }


def _rayyan(table: DecisionTable, cells: Cells) -> tuple[Ballot, ...]:
    at = [n for n, name in enumerate(table.words) if name == "rayyan inclusion"]
    notes = [cell for cell in cells if "RAYYAN-" in cell]
    if at and at[0] < len(cells) and cells[at[0]].strip():  # a column of its own
        notes = [f"RAYYAN-INCLUSION: {cells[at[0]]}", *notes]
    return rayyan_ballots(" | ".join(notes), table.asked)


def _asreview(table: DecisionTable, cells: Cells) -> tuple[Ballot, ...]:
    said = {name: table.cell(cells, name) for name in dict.fromkeys(table.words)}
    return ballot_of_row(said, table.asked)


def _covidence(table: DecisionTable) -> DecisionFile | None:
    """Read an export of Covidence's: its name, or the user, says of which outcome it is."""
    found = _OUTCOME.search(table.file)
    stage, decision = _COVIDENCE[found[1].lower()] if found else ("", "")
    stage, decision = table.asked.stage or stage, table.asked.decision or decision
    if not decision:
        return None
    studies = _studies(table)
    records = []
    for row in table.rows:
        ballots = _of_covidence(table, row[2], stage or TITLE, decision)
        name = studies.get(table.cell(row[2], "covidence"), "")
        if name:
            ballots = tuple(replace(ballot, study=name) for ballot in ballots)
        records.append(replace(_record(table, row, ballots), name=""))
    remarks: tuple[str, ...] = ("Covidence exports what was agreed, without reviewers",)
    if stage == FULL:
        remarks += ("what was read in full is included on title and abstract as well",)
    return DecisionFile(table.file, "Covidence", tuple(records), remarks)


def _studies(table: DecisionTable) -> dict[str, str]:
    """Return, by Covidence's number, the name of each study that has several reports.

    It is the first one's, whatever the others are called.
    """
    names: dict[str, list[str]] = {}
    for _, _, cells in table.rows:
        names.setdefault(table.cell(cells, "covidence"), []).append(table.cell(cells, "study"))
    several = ((number, found) for number, found in names.items() if number and len(found) > 1)
    return {number: f"{found[0]} ({number})".strip() for number, found in several}


def _of_covidence(
    table: DecisionTable, cells: Cells, stage: str, decision: str
) -> tuple[Ballot, ...]:
    tags = [tag.strip() for tag in re.split("[;,]", table.cell(cells, "tags")) if tag.strip()]
    by_tag = (found[0] for tag in tags if (found := decision_of(tag)))
    outcome = next((one for one in by_tag if one in (AWAITING, ONGOING)), "")
    if outcome and stage == FULL:
        decision = outcome
    reason = _COVIDENCE_REASON.search(table.cell(cells, "notes"))
    said = reason[1].strip() if reason and decision == EXCLUDE else ""
    reviewer = table.asked.reviewer or AGREED
    ballot = Ballot(stage, decision, reviewer, said, labels="; ".join(tags))
    if stage != FULL:
        return (ballot,)
    return Ballot(TITLE, INCLUDE, reviewer, implied=True), ballot


def _own(table: DecisionTable, maker: str) -> DecisionFile | None:
    """Read one's own table, or the answers of a form."""
    columns = _decision_columns(table)
    if not columns and not table.asked.decision:
        if maker and {"user", "level"} & set(table.words):
            raise which_question(table)
        return None
    problems: list[Problem] = []
    cells = (row[2][n] for row in table.rows for n in columns if n < len(row[2]))
    known = {who for cell in cells for _, who in decisions_in(cell)} - {""}
    records = tuple(
        _record(table, row, tuple(_own_ballots(table, row, columns, known, problems)))
        for row in table.rows
    )
    raise_all(problems)
    named = table.position("reviewer") is not None or any(
        ballot.reviewer != REVIEWER for record in records for ballot in record.ballots
    )
    remarks = () if named or table.asked.reviewer else (_nobody(),)
    return DecisionFile(table.file, maker, records, remarks, whole=bool(table.entries))


def _nobody() -> str:
    return f"the file does not say who decided: “{REVIEWER}” is written; --reviewer names them"


def _decision_columns(table: DecisionTable) -> dict[int, tuple[str, str]]:
    """Return the columns that hold decisions: of each its stage and its reviewer, where told."""
    if table.asked.column:
        return {_asked_column(table): ("", "")}
    wide = {
        n: (stage_of(name), _reviewer_in(table.header[n]))
        for n, name in enumerate(table.words)
        if name in _CONSENSUS or (_WIDE.fullmatch(name) and name not in ROLES["decision"])
    }
    wide = {n: told for n, told in wide.items() if all_decisions(table, n)}
    if "refid" in table.words:
        return question_columns(table)
    own = table.position("decision")
    if own is not None and len(wide) < 2:
        return {own: ("", "")}
    return wide or {
        n: (stage_of(name), "")
        for n, name in enumerate(table.words)
        if _is_of_stage(name) and all_decisions(table, n) and _has_words(table, n)
    }


def _is_of_stage(name: str) -> bool:
    """Whether a column may be the decision at one stage, as “decision (full text)” is."""
    return name not in OF_RECORDS and bool(stage_of(name) and _OF_STAGE.search(name))


def _reviewer_in(header: str) -> str:
    """Return the reviewer that a column is of; none where its name is but that of a stage."""
    name = _name_of(header)
    rest = _STAGE_WORDS.sub(" ", plain_words(name))
    return reviewer_of(name) if rest.strip() else ""


def _name_of(header: str) -> str:
    return re.sub(r"\s*\b(?:decision|vote)\b\s*", " ", header.replace("_", " "), flags=re.I).strip()


def _asked_column(table: DecisionTable) -> int:
    wanted = plain_words(table.asked.column)
    if wanted not in table.words:
        message = f'the table has no column "{table.asked.column}".'
        raise BibliographyError(
            message, Place(table.file), nearest(table.asked.column, table.header)
        )
    return table.words.index(wanted)


def _has_words(table: DecisionTable, position: int) -> bool:
    """Whether a column says more than 1 and 0, which are marks of a code as well."""
    return any(
        re.search(r"[^\W\d]", row[position]) for _, _, row in table.rows if position < len(row)
    )


def _own_ballots(
    table: DecisionTable,
    row: tuple[int, int, Cells],
    columns: Mapping[int, tuple[str, str]],
    known: Set[str],
    problems: list[Problem],
) -> Iterator[Ballot]:
    _, line, cells = row
    stage = table.of_role(cells, "stage")
    told = stage_of(stage)
    if stage and not told and not table.asked.stage:
        place = Place(table.file, row=line)
        message = f'"{stage}" is not a stage of screening.'
        problems.append(Problem("screening", message, place, "--stage says which one it is."))
    for position, (of_column, who) in columns.items():
        cell = cells[position] if position < len(cells) else ""
        if table.words[position] in _TAGS:
            cell = _decisions_of(cell)
        decided = decision_of(cell)
        place = Place(table.file, row=line, column=table.header[position])
        if several := decisions_in(cell, known):
            if not all(named for _, named in several):
                message = f"the cell holds {len(several)} decisions."
                problems.append(Problem("screening", message, place, _ONE))
            for said, named in several:
                one = decision_of(said) or ("", "")
                yield _own_ballot(table, cells, one, of_column or told, reviewer_of(named))
        elif decided is None:
            message = f'"{cell[:60]}" is not a decision.'
            problems.append(Problem("screening", message, place, _CAN_BE))
        elif decided[0]:
            yield _own_ballot(table, cells, decided, of_column or told, who)
    if not columns:
        yield _own_ballot(table, cells, (table.asked.decision, ""), told, "")


def _decisions_of(tags: str) -> str:
    """Return the tags that are decisions, one a line."""
    found = [tag.strip() for tag in tags.split(";") if (one := decision_of(tag)) and one[0]]
    return "\n".join(dict.fromkeys(found))


_ONE = "Give each its row, or name who made it after each, as in: Include (Ann)."
_CAN_BE = "It is include, exclude, unsure, awaiting classification or ongoing."


def _own_ballot(
    table: DecisionTable, cells: Cells, decided: tuple[str, str], stage: str, who: str
) -> Ballot:
    decision, reason = decided
    said = table.reason(cells, stage) if decision == EXCLUDE else ""
    reviewer = who or reviewer_of(table.of_role(cells, "reviewer")) or REVIEWER
    if table.asked.reviewer and (not who or reviewer == REVIEWER) and not is_tool(reviewer):
        reviewer = table.asked.reviewer
    return Ballot(
        table.asked.stage_or(stage),
        decision,
        reviewer,
        reason=said or reason,
        date=table.of_screening(cells, "date"),
        labels=table.of_role(cells, "labels"),
        note=table.of_screening(cells, "note"),
        suggestion=table.of_role(cells, "suggestion"),
        study=table.of_screening(cells, "study"),
        source=table.of_screening(cells, "source"),
    )
