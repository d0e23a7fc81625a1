"""Where a number comes from, and what depends on a cell: the answers of `reviewpress explain`.

chapters/process.ipynb:12   what a cell of a chapter computes
data/papers.csv:47:regions  what depends on a cell of a table; see `data_cells.py`
data/papers.csv:regions     what depends on a column
data/searches.yml           what depends on a file
process-12, fig-methods     a value, figure, finding or claim by its id
47, paper 47                where the paper of a code is used; or by its key in the bibliography
66 papers                   the values that say so
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.assemble import Book
from reviewpress.config import CHAPTER_ENDINGS, Config
from reviewpress.data_cells import DataCell, find_cell
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, nearest
from reviewpress.evidence.data import FINDINGS, PAPERS
from reviewpress.evidence.findings import Code
from reviewpress.pipeline import Progress, Runs, assemble_edition, execute_runs, plan_runs
from reviewpress.provenance import Appraised, Computed, Provenance, Stated
from reviewpress.review import Review
from reviewpress.tasks import Here

_SHORT = 12
_KINDS = {
    "value": "values", "figure": "figures", "table": "tables", "output": "outputs",
    "claim": "claims",
}  # fmt: skip
_OF_CHAPTER = re.compile(
    rf"(?P<file>.+(?:{'|'.join(map(re.escape, CHAPTER_ENDINGS))})):?(?P<cell>\d*)"
)
_PAPER = re.compile(r"(?:.*\b)?paper (?P<name>\S+?)(?:\s.*)?\??", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<!\b[A-Za-z])[.?!…](?:[\]_*)”’\"]|\{[^{}]*\})*\s+|\n{2,}")
"""Where a sentence ends: marks of what it tells may close behind its full stop."""
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


def open_traced(config: Config, progress: Progress) -> Traced:
    """Execute what has changed of an edition, assemble it, and return it with its record."""
    runs = execute_runs(
        plan_runs(config, parameters={}), config, tasks=Here(None), progress=progress
    )
    manuscript = assemble_edition(config, runs)
    return Traced(config, manuscript.provenance(), manuscript, runs)


def explain(subject: Traced, question: str) -> list[str]:
    """Return the lines that answer a question; raises ReportError where nothing is meant."""
    cell = find_cell(subject.config, question)
    if cell:
        return [*_of_cell(subject, cell)]
    chapter = _OF_CHAPTER.fullmatch(question)
    if chapter:
        return [*_of_chapter(subject, chapter["file"], chapter["cell"])]
    lines = [*_named(subject, question), *_of_paper(subject, question)]
    lines = lines or [*_saying(subject, question)] or [*_of_file(subject, question)]
    asked = _PAPER.fullmatch(question)
    lines = lines or ([*_of_paper(subject, asked["name"])] if asked else [])
    if not lines:
        record = subject.record
        names = [*(each.id for each in record.made), *(each.id for each in record.findings)]
        names += [*(each.text for each in record.values), *record.papers.values(), *record.files]
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
    yield from _lines("code", each.code)
    if each.kind == "claim" and each.text and not each.code:
        yield from _line("code", f"in no cell of {each.chapter}: something that it calls gives it")
    for source in record.sources(each.reads):
        yield from _line("read from", _source(record, *source))
    if not each.reads:
        yield from _line("read from", "no data: written in the chapter's code")
    run = record.runs.get(each.chapter, "")[:_SHORT]
    yield from _line("computed in", f"{place_of(each)}; run {run}")
    yield from _line("shown on", each.page or "no page of this edition")


def place_of(each: Computed) -> str:
    """Return the chapter and the cell that computed something."""
    return f"{each.chapter}, cell {each.cell}" if each.cell else each.chapter


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
            ends = [0, *(found.end() for found in _SENTENCE.finditer(cell.markdown))]
            start = max(end for end in ends if end <= at)
            end = min((end for end in ends if end > at), default=len(cell.markdown))
            return _plain(cell.markdown[start:end])
    return ""


def _of_cell(subject: Traced, cell: DataCell) -> Iterator[str]:
    record = subject.record
    yield f"{cell.name} is “{cell.text}”."
    yield from _depending(subject, record.of_cell(cell.file, cell.row, cell.column))
    stated = [each for each in record.findings if cell.table == FINDINGS and each.id == cell.row]
    for finding in stated:
        yield "A finding is stated from it:"
        yield from ("  " + line for line in finding_lines(finding))


def _of_file(subject: Traced, question: str) -> Iterator[str]:
    """Yield what depends on a file of the review, or on a column of one."""
    file, _, column = question.partition(":")
    if not (subject.config.root / file).is_file():
        return
    record = subject.record
    found = record.of_column(file, column)
    if not found and column and file in record.files:
        columns = {read.column for each in record.made for read in each.reads if read.file == file}
        message = f'nothing was made from "{column}" of {file}.'
        raise ConfigError(message, hint=nearest(column, columns - {""}))
    yield f"{question}:"
    yield from _depending(subject, found)


def _depending(subject: Traced, depends: Sequence[Computed]) -> Iterator[str]:
    if not depends:
        yield "Nothing that this edition computes depends on it."
    for kind, name in _KINDS.items():
        found = [each for each in depends if each.kind == kind]
        if found:
            yield f"{len(found)} {name if len(found) > 1 else kind} can change with it:"
        for each in found:
            yield f"  {each.id}  {each.text or each.statement}  ({place_of(each)})"
            yield from _line("", sentence_of(subject.runs, each) if kind == "value" else "")


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
        others = sorted({each.cell for each in record.made if each.chapter == path and each.cell})
        if others:
            yield f"  Its cells that do: {', '.join(map(str, others))}."
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
    """Yield where a paper is used, by its code or its key; nothing where there is none."""
    record = subject.record
    known = [each for each in record.papers.items() if name in (str(each[0]), each[1])]
    if not known:
        return
    code, key = known[0]
    yield f"Paper {code}: {key}"
    pages = dict.fromkeys(place.page for place in subject.book.cited.get(key, ()))
    yield from _line("cited on", ", ".join(pages))
    for each in record.findings:
        for kind, papers in (("for", each.papers), ("against", each.against)):
            if any(paper.code == code for paper in papers):
                yield f"  {kind:<8}{each.id}: {each.statement}"
    table = Review(subject.config.root, config=subject.config).rows(PAPERS).name
    whole = 0
    for made in record.made:
        rows = [read.rows for read in made.reads if read.file == table]
        if any(code in (found or ()) for found in rows):
            yield f"  counted {made.id}: {made.text} ({place_of(made)})"
        elif None in rows:
            whole += 1
    if whole:
        yield f"  {whole} more are made from whole columns of {table}"


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


def _lines(name: str, text: str) -> Iterator[str]:
    """Yield a text of several lines, each below the first."""
    for number, line in enumerate(text.splitlines()):
        yield f"  {'' if number else name:<12}{line}".rstrip()


def _plain(markdown: str) -> str:
    """Return Markdown without its spans and citations, as one line."""
    before = ""
    while markdown != before:
        before, markdown = markdown, _MARK.sub(r"\1", markdown)
    return " ".join(re.sub(r"\s*\[@[^\]]*\]|\[|\]\{[^}]*\}?", "", markdown).split())
