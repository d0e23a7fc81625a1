"""Where a number comes from, and what depends on a cell: the answers of `reviewpress explain`.

chapters/process.ipynb:12   what a cell of a chapter computes
data/papers.csv:47:regions  what depends on a cell of a table
process-12, fig-methods     a value, figure, finding or claim by its id
47                          where the paper of a code is used
66 papers                   the values that say so
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.assemble import Book
from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, DataError, nearest
from reviewpress.evidence.data import PAPERS
from reviewpress.evidence.findings import Code
from reviewpress.pipeline import Progress, Runs, assemble_edition, execute_runs, plan_runs
from reviewpress.provenance import Appraised, Computed, Provenance, Stated
from reviewpress.review import Review
from reviewpress.tables.reader import TableRows
from reviewpress.tables.reads import relative_name
from reviewpress.tasks import Here

_SHORT = 12
_CELL = re.compile(r"(?P<file>[^:]+):(?P<row>.+):(?P<column>[^:]+)")
_OF_CHAPTER = re.compile(
    rf"(?P<file>.+(?:{'|'.join(map(re.escape, CHAPTER_ENDINGS))})):?(?P<cell>\d*)"
)
_MARK = re.compile(r"\[((?:[^\[\]]|\\.)*)\]\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Traced:
    """An edition that questions are asked about: its record, its book and its runs."""

    config: Config
    record: Provenance
    manuscript: Manuscript
    runs: Runs

    @property
    def book(self) -> Book:
        """The assembled edition."""
        return self.manuscript.book


@dataclass(frozen=True, slots=True)
class DataCell:
    """A cell of a table of the review, and the table as it was read."""

    table: str
    rows: TableRows
    position: int
    column: str

    @property
    def row(self) -> Code:
        """What the row is called by."""
        return self.rows.row_keys[self.position]

    @property
    def name(self) -> str:
        """The cell as a question names it."""
        return f"{self.rows.name}:{self.row}:{self.column}"

    @property
    def text(self) -> str:
        """What is in the cell, as the table has it."""
        value = self.rows[self.column][self.position]
        if isinstance(value, tuple):
            return "; ".join(map(str, value))
        return "" if value is None else str(value)


def open_traced(config: Config, progress: Progress) -> Traced:
    """Execute what has changed of an edition, assemble it, and return it with its record."""
    runs = execute_runs(
        plan_runs(config, parameters={}), config, tasks=Here(None), progress=progress
    )
    manuscript = assemble_edition(config, runs)
    return Traced(config, manuscript.provenance(), manuscript, runs)


def find_cell(config: Config, question: str) -> DataCell | None:
    """Return the cell of a table that a question names; None where it names none.

    Raises DataError for a table, row or column that does not exist.
    """
    found = _CELL.fullmatch(question)
    if not found or _OF_CHAPTER.fullmatch(question):
        return None
    review = Review(config.root, config=config)
    schema = review.schema
    files = {
        relative_name(schema.folder / table.path, config.root): name
        for name, table in schema.tables.items()
    } | {name: name for name in schema.tables}
    if found["file"] not in files and (config.root / found["file"]).is_file():
        message = f"{found['file']} is not described in {config.settings.schema}."
        raise DataError(message, hint="Only cells of tables that it describes can be asked about.")
    if found["file"] not in files:
        raise DataError(f'there is no table "{found["file"]}".', hint=nearest(found["file"], files))
    name = files[found["file"]]
    rows = review.rows(name)
    rows.table.field(found["column"])
    keys = [str(key) for key in rows.row_keys]
    if found["row"] not in keys:
        message = f'{rows.name} has no row "{found["row"]}".'
        raise DataError(message, hint=nearest(found["row"], keys))
    return DataCell(name, rows, keys.index(found["row"]), found["column"])


def explain(subject: Traced, question: str) -> list[str]:
    """Return the lines that answer a question; raises ReportError where nothing is meant."""
    cell = find_cell(subject.config, question)
    if cell:
        return [*_of_cell(subject, cell)]
    chapter = _OF_CHAPTER.fullmatch(question)
    if chapter:
        return [*_of_chapter(subject, chapter["file"], chapter["cell"])]
    lines = [*_named(subject, question), *_of_paper(subject, question)]
    lines = lines or [*_saying(subject, question)]
    if not lines:
        record = subject.record
        names = [*(each.id for each in record.made), *(each.id for each in record.findings)]
        names += [each.text for each in record.values]
        raise ConfigError(
            f'nothing is called "{question}", or says it.', hint=nearest(question, names)
        )
    return lines


def computed_lines(record: Provenance, each: Computed) -> Iterator[str]:
    """Yield what is known of something that was computed."""
    if each.kind == "claim":
        yield f"{each.id}: {each.statement}"
        yield f"  published   {each.published}"
        yield f"  computed    {each.text or '(cannot be checked)'}  {each.status}"
        yield from _line("explanation", each.explanation)
    else:
        yield f"{each.id}: {each.text}"
    yield from _line("in words", each.words)
    yield from _line("code", each.code)
    for source in record.sources(each.reads):
        yield from _line("read from", _source(record, *source))
    if not each.reads:
        yield from _line("read from", "no data: written in the chapter's code")
    run = record.runs.get(each.chapter, "")[:_SHORT]
    cell = f", cell {each.cell}" if each.cell else ""
    yield from _line("computed in", f"{each.chapter}{cell}; run {run}")
    yield from _line("shown on", each.page or "no page of this edition")


def finding_lines(each: Stated) -> Iterator[str]:
    """Yield what is known of a finding."""
    yield f"{each.id}: {each.statement}"
    yield from _line("papers for", _appraised(each.papers))
    yield from _line("against", _appraised(each.against))
    yield from _line("certainty", each.certainty)
    yield from _line("place", each.place)
    yield from _line("caveat", each.caveat)
    yield from _line("shown on", each.page)


def sentence_of(runs: Runs, value: Computed) -> str:
    """Return the sentence that states a value, in plain words."""
    run = runs.get(value.chapter)
    for cell in run.cells if run else ():
        if cell.number == value.cell and (at := cell.markdown.find(f'of="{value.id}"')) >= 0:
            start = max(cell.markdown.rfind(end, 0, at) for end in (". ", "\n\n", "? ", "! "))
            ends = [i for end in (". ", ".\n", "\n\n") if (i := cell.markdown.find(end, at)) > 0]
            return _plain(cell.markdown[start + 1 : min(ends, default=len(cell.markdown)) + 1])
    return ""


def _of_cell(subject: Traced, cell: DataCell) -> Iterator[str]:
    record = subject.record
    yield f"{cell.name} is “{cell.text}”."
    depends = record.of_cell(cell.rows.name, cell.row, cell.column)
    if not depends:
        yield "Nothing that this edition computes depends on it."
    for kind, name in (
        ("value", "values"),
        ("figure", "figures"),
        ("table", "tables"),
        ("output", "outputs"),
        ("claim", "claims"),
    ):
        found = [each for each in depends if each.kind == kind]
        if found:
            yield f"{len(found)} {name if len(found) > 1 else kind} can change with it:"
        for each in found:
            yield f"  {each.id}  {each.text or each.statement}  ({each.chapter}, cell {each.cell})"
            yield from _line("", sentence_of(subject.runs, each) if kind == "value" else "")
    stated = [each for each in record.findings if cell.table == "findings" and each.id == cell.row]
    for finding in stated:
        yield "A finding is stated from it:"
        yield from ("  " + line for line in finding_lines(finding))


def _of_chapter(subject: Traced, file: str, cell: str) -> Iterator[str]:
    known = {chapter.path for chapter in subject.config.chapters}
    path = file if file in known else subject.config.chapter(Path(file).stem).path
    record = subject.record
    found = [each for each in record.made if each.chapter == path]
    if cell:
        count = len(subject.runs[path].cells) if path in subject.runs else 0
        if not 0 < int(cell) <= count:
            raise ConfigError(f"{path} has no cell {cell}.", hint=f"Its cells are 1 to {count}.")
        found = [each for each in found if each.cell == int(cell)]
    if not found:
        yield f"{path}{f', cell {cell}' if cell else ''} states no value, figure, table or claim."
    for each in found:
        yield from computed_lines(record, each)


def _named(subject: Traced, name: str) -> Iterator[str]:
    for each in subject.record.made:
        if each.id == name:
            yield from computed_lines(subject.record, each)
    for finding in subject.record.findings:
        if finding.id == name:
            yield from finding_lines(finding)


def _of_paper(subject: Traced, name: str) -> Iterator[str]:
    keys = {str(code): (code, key) for code, key in subject.record.papers.items()}
    if name not in keys:
        return
    code, key = keys[name]
    yield f"Paper {code}: {key}"
    pages = dict.fromkeys(place.page for place in subject.book.cited.get(key, ()))
    yield from _line("cited on", ", ".join(pages))
    for each in subject.record.findings:
        for kind, papers in (("for", each.papers), ("against", each.against)):
            if any(paper.code == code for paper in papers):
                yield f"  {kind:<8}{each.id}: {each.statement}"
    table = Review(subject.config.root, config=subject.config).rows(PAPERS).name
    for made in subject.record.made:
        if any(read.file == table and code in (read.rows or ()) for read in made.reads):
            yield f"  counted {made.id}: {made.text} ({made.chapter}, cell {made.cell})"


def _saying(subject: Traced, text: str) -> Iterator[str]:
    values = subject.record.values
    found = [each for each in values if each.text.casefold() == text.casefold()]
    for each in found or [each for each in values if text.casefold() in each.text.casefold()]:
        yield from computed_lines(subject.record, each)
        yield from _line("says", sentence_of(subject.runs, each))


def _source(
    record: Provenance, file: str, columns: Sequence[str], rows: Sequence[Code] | None
) -> str:
    names = ", ".join(columns) or "the whole file"
    digest = record.files.get(file, "")[:_SHORT]
    which = "the whole column" if rows is None else f"rows {', '.join(map(str, rows)) or '(none)'}"
    return f"{file}: {names} (SHA-256 {digest}…)" + (f"; {which}" if columns else "")


def _appraised(papers: Iterable[Appraised]) -> str:
    return ", ".join(f"{each.code} ({each.rating or 'no appraisal'})" for each in papers)


def _line(name: str, text: str) -> Iterator[str]:
    if text:
        yield f"  {name:<12}{text}"


def _plain(markdown: str) -> str:
    """Return Markdown without its spans and citations, as one line."""
    before = ""
    while markdown != before:
        before, markdown = markdown, _MARK.sub(r"\1", markdown)
    return " ".join(re.sub(r"\s*\[@[^\]]*\]|\[|\]\{[^}]*\}?", "", markdown).split())
