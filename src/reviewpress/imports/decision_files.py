"""Files with decisions on records, in any of the formats that screening programs write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError
from reviewpress.evidence.decisions import AGREED
from reviewpress.imports.asreview import ballot_of_notes, is_asreview
from reviewpress.imports.ballots import (
    REVIEWER,
    Asked,
    Ballot,
    DecidedRecord,
    DecisionFile,
    as_agreed,
)
from reviewpress.imports.cleaning import clean_text
from reviewpress.imports.coding_report import (
    JSON_MARK,
    PAGE_MARK,
    is_coding_json,
    page_rows,
    read_coding_json,
)
from reviewpress.imports.csv_rows import Cells
from reviewpress.imports.decision_tables import may_have_decisions, read_decision_table
from reviewpress.imports.encodings import decode_export
from reviewpress.imports.eppi import is_eppi, read_eppi
from reviewpress.imports.file_kinds import refuse_other_files
from reviewpress.imports.rayyan import is_rayyan, rayyan_ballots
from reviewpress.imports.readers import parse_records
from reviewpress.imports.records import Reading
from reviewpress.imports.tables import find_header, first_rows, split_table
from reviewpress.imports.workbooks import is_workbook, read_sheets

_TABLES = ("CSV", "spreadsheet")
_MARKS = ("RAYYAN-INCLUSION", "ASReview_", '"CodeSets"', JSON_MARK, PAGE_MARK)
_HEAD = 20_000
_NOTES = ("note", "annote", "annotation", "keywords", "abstract")


def read_decision_file(
    path: Path, asked: Asked, encoding: str = "", kind: str = ""
) -> DecisionFile | None:
    """Read the decisions in a file; None where it has none, as a file of records alone.

    `asked` is what the user says of it: with a decision, each of its records is decided so.
    Where the reviewer asked for is `agreed`, the file says what its reviewers settled. Raises
    BibliographyError or Problems where it has decisions that cannot be read.
    """
    found = _read(path, asked, encoding, kind)
    return as_agreed(found) if found is not None and asked.reviewer == AGREED else found


def _read(path: Path, asked: Asked, encoding: str, kind: str) -> DecisionFile | None:
    content, file = path.read_bytes(), clean_text(path.name)
    if is_workbook(content) and kind in ("", "spreadsheet"):
        refuse_other_files(content, file)
        return _of_sheets(content, file, asked)
    if not asked.says_something and not _may_decide(content, file):
        return None
    text = _text(content, file, encoding)
    if kind == "" and is_eppi(text) and (coded := read_eppi(text, file, asked)) is not None:
        return coded
    if kind == "" and is_coding_json(text):
        return read_coding_json(text, file, asked)
    if kind == "" and PAGE_MARK in text[:_HEAD]:
        return read_decision_table(page_rows(text), file, {}, asked)
    reading = _records(content, file, encoding, kind)
    if reading is None or reading.format in _TABLES:
        rows = split_table(text, file) if reading else _plain_rows(text)
        return read_decision_table(rows, file, _entries(reading), asked) if rows else None
    return _of_notes(reading, file, asked)


def _may_decide(content: bytes, file: str) -> bool:
    """Whether a look at a file suggests that it has decisions: a large one takes long to read."""
    if any(mark.encode(code) in content for mark in _MARKS for code in ("utf-8", "utf-16-le")):
        return True
    head = content[:_HEAD].decode("utf-8", errors="replace").lstrip("\ufeff")
    return any(may_have_decisions(row, file) for row in first_rows(head))


def _text(content: bytes, file: str, encoding: str) -> str:
    try:
        text, _ = decode_export(content, file, encoding)
    except BibliographyError:
        text = content.decode("latin-1")
    return clean_text(text).replace("\r\n", "\n").replace("\r", "\n")


def _records(content: bytes, file: str, encoding: str, kind: str) -> Reading | None:
    """Return the file as one of records; None where it cannot be read so."""
    try:
        return parse_records(content, file, encoding, kind)
    except BibliographyError:
        return None


def _plain_rows(text: str) -> list[Cells]:
    """Return the rows of a table without titles; none for what is no table."""
    first = [row for row in first_rows(text) if len(row) > 1]
    try:
        return split_table(text, "") if first else []
    except BibliographyError:
        return []


def _entries(reading: Reading | None) -> Mapping[int, Entry]:
    return {record.number: record.entry for record in reading.records} if reading else {}


def _of_sheets(content: bytes, file: str, asked: Asked) -> DecisionFile | None:
    for rows in read_sheets(content, file).values():
        reading = (
            _records(content, file, "", "spreadsheet") if find_header(rows) is not None else None
        )
        found = read_decision_table(rows, file, _entries(reading), asked)
        if found is not None:
            return found
    return None


def _of_notes(reading: Reading, file: str, asked: Asked) -> DecisionFile | None:
    """Read decisions that stand in the notes of records, or that the user gives for all."""
    notes = ["\n".join(one.entry.text(name) for name in _NOTES) for one in reading.records]
    whole = "\n".join(notes)
    if is_rayyan(whole):
        maker, ballots = "Rayyan", [rayyan_ballots(note, asked) for note in notes]
    elif is_asreview(whole):
        maker, ballots = "ASReview", [ballot_of_notes(note, asked) for note in notes]
    elif asked.decision:
        ballot = Ballot(asked.stage_or(""), asked.decision, asked.reviewer or REVIEWER)
        maker, ballots = reading.maker, [(ballot,) for _ in notes]
    else:
        return None
    records = tuple(
        DecidedRecord(one.number, f"record {one.number}", one.entry, ballots=found)
        for one, found in zip(reading.records, ballots, strict=True)
    )
    return DecisionFile(file, maker, records)
