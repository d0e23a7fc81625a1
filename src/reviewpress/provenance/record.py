"""The record of an edition: what was computed or stated in it, and from what; see the package."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import Literal, NamedTuple

from reviewpress.assemble import Book
from reviewpress.errors import ReportError
from reviewpress.evidence.appraisal.scores import OVERALL, SCORES
from reviewpress.evidence.claims import CLAIMS, read_claims
from reviewpress.evidence.data import FINDINGS, PAPERS
from reviewpress.evidence.findings import Code, Finding
from reviewpress.notebooks.dataflow import OUTPUT
from reviewpress.notebooks.runs import Run
from reviewpress.provenance.code import author_words, cell_code, claim_code
from reviewpress.review import Review
from reviewpress.shapes import Plain
from reviewpress.store.digests import ABSENT
from reviewpress.tables.lineage import ColumnRead, lineage_data
from reviewpress.tables.reads import relative_name

Kind = Literal["value", "figure", "table", "output", "claim"]
_ID = re.compile(r"#(fig|tbl)-")
CLAIM = "claim:"
"""How the lineage of a run calls a claim: by this, and its id."""
_LISTED = 30
"""How many rows are listed though they are all that a table has; more say less than one word."""


@dataclass(frozen=True, slots=True)
class Computed:
    """Something that a chapter computed.

    `text` is what it gives: the value as the text has it, the title of a figure or table, the
    number computed for a claim. An output is what a cell shows without an id, as an evidence box.
    `page` is the first page that shows it, empty where none does; `words` are the author's own for
    how it is computed. A claim has what was published as well.
    """

    kind: Kind
    id: str
    chapter: str
    cell: int
    page: str
    text: str
    code: str = ""
    words: str = ""
    reads: tuple[ColumnRead, ...] = ()
    statement: str = ""
    published: str = ""
    status: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Appraised:
    """What the appraisal says of a paper; empty where it says nothing."""

    code: Code
    key: str
    rating: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A finding: its statement, the papers that it rests on, and its place in the source."""

    id: str
    page: str
    statement: str
    papers: tuple[Appraised, ...]
    against: tuple[Appraised, ...]
    certainty: str
    place: str
    caveat: str


class PartsRead(NamedTuple):
    """What was read of a file: columns, none for the whole of it, and their rows, None for all."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Code, ...] | None


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that an edition states and computes, in reading order, and what that was made from."""

    values: tuple[Computed, ...] = ()
    figures: tuple[Computed, ...] = ()
    claims: tuple[Computed, ...] = ()
    findings: tuple[Stated, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[Code, str] = field(default_factory=dict)
    """The key of each included paper in the bibliography."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows each table has."""
    absent: frozenset[str] = frozenset()
    """Files that were looked for, and are not there: nothing was read from them."""

    @property
    def made(self) -> tuple[Computed, ...]:
        """Everything that was computed."""
        return (*self.values, *self.figures, *self.claims)

    def of_cell(self, file: str, row: Code, column: str) -> tuple[Computed, ...]:
        """Return what depends on a cell of a table: what the cell says can change it."""
        return tuple(
            each
            for each in self.made
            if any(
                read.file == file and read.column in ("", column) and read.depends_on(row)
                for read in each.reads
            )
        )

    def of_column(self, file: str, column: str = "") -> tuple[Computed, ...]:
        """Return what was made from a column of a file, or from anything in it."""
        return tuple(
            each
            for each in self.made
            if any(r.file == file and (not column or r.column in ("", column)) for r in each.reads)
        )

    def sources(self, reads: Iterable[ColumnRead]) -> Iterator[PartsRead]:
        """Yield for each file what was read of it: columns with the same rows together.

        All rows of a long table are its whole column, however they were asked for.
        """
        whole = {r for r in reads if _LISTED < len(r.rows or ()) == self.rows.get(r.file)}
        found = [each for each in reads if each.file not in self.absent]
        told = [each._replace(rows=None) if each in whole else each for each in found]
        for (file, rows), parts in groupby(
            sorted(told, key=_order), key=lambda r: (r.file, r.rows)
        ):
            yield PartsRead(file, tuple(r.column for r in parts if r.column), rows)


def _order(read: ColumnRead) -> tuple[str, bool, str, str]:
    return read.file, read.rows is None, str(read.rows), read.column


def trace_edition(book: Book, runs: Mapping[str, Run], review: Review | None = None) -> Provenance:
    """Return the record of an assembled edition; `runs` are those of its notebooks, by chapter.

    `review` is the review's data, where it was read before.
    """
    review = review or _review(book)
    shown = {id: page.chapter.page for page in reversed(book.pages) for id in page.values}
    values = [each for run in runs.values() for each in _values(run, shown)]
    figures = [each for run in runs.values() for each in _figures(run, book)]
    claims = tuple(_claims(review, runs, book)) if review else ()
    made = (*values, *figures, *claims)
    used = {read.file for each in made for read in each.reads}
    digests = {name: sha for run in runs.values() for name, sha in run.reads}
    return Provenance(
        values=tuple(values),
        figures=tuple(figures),
        claims=claims,
        findings=tuple(_findings(review, book)) if review else (),
        files={n: digests[n] for n in sorted(used) if digests.get(n, ABSENT) != ABSENT},
        runs={run.chapter: run.outcome for run in runs.values() if run.identity},
        papers=review.keys if review and review.has(PAPERS) else {},
        rows=_sizes(review, used) if review else {},
        absent=frozenset(n for n in used if digests.get(n) == ABSENT),
    )


def as_data(record: Provenance) -> dict[str, Plain]:
    """Return a record as plain data, for a file."""
    made = {
        name: [_plain(each) for each in getattr(record, name)]
        for name in ("values", "figures", "claims")
    }
    findings = [asdict(each) for each in record.findings]
    return {**made, "findings": findings, "files": dict(record.files), "runs": dict(record.runs)}


def _plain(made: Computed) -> dict[str, Plain]:
    data = {name: value for name, value in asdict(made).items() if value or name == "id"}
    return data | {"reads": lineage_data(made.reads)}


def _review(book: Book) -> Review | None:
    config = book.config
    has_data = (config.root / config.settings.schema).is_file()
    return Review(config.root, config=config) if has_data else None


def _values(run: Run, shown: Mapping[str, str]) -> Iterator[Computed]:
    for value in run.values:
        code, words = author_words(value.expression)
        page = shown.get(value.id, "")
        yield Computed("value", value.id, run.chapter, value.cell, page, value.result, code, words,
                   value.reads)  # fmt: skip


def _figures(run: Run, book: Book) -> Iterator[Computed]:
    pages = {page.chapter.path: page.chapter.page for page in book.pages}
    codes = cell_code(run)
    for id, reads in run.lineage.items():
        if id.startswith(OUTPUT):
            cell = next(c for c in run.cells if str(c.number) == id.removeprefix(OUTPUT))
            if reads and _beginning(cell.markdown):
                yield Computed(
                    "output", f"{Path(run.chapter).stem}-cell-{cell.number}", run.chapter,
                    cell.number, pages.get(run.chapter, ""), _beginning(cell.markdown),
                    codes.get(cell.number, ""), reads=reads,
                )  # fmt: skip
        elif not id.startswith(CLAIM):
            target = book.targets.get(id)
            kind: Kind = "table" if id.startswith("tbl-") else "figure"
            page, title = (target.page, target.title) if target else ("", "")
            number = next((c.number for c in run.cells if f"#{id}" in c.markdown), 0)
            code = codes.get(number, "")
            yield Computed(kind, id, run.chapter, number, page, title, code, reads=reads)


def _beginning(markdown: str) -> str:
    """Return how an output begins, as plain words; empty for figures and tables, which have ids."""
    if _ID.search(markdown):
        return ""
    lines = (line.strip("#* ") for line in markdown.splitlines())
    first = next((line for line in lines if line and not line.startswith((":::", "```"))), "")
    return shorten(first, 80, placeholder=" …")


def _sizes(review: Review, files: Container[str]) -> dict[str, int]:
    """Return how many rows the tables have that were read."""
    read = [
        name
        for name, table in review.schema.tables.items()
        if relative_name(review.schema.folder / table.path, review.root) in files
    ]
    return {rows.name: len(rows.row_keys) for rows in map(review.rows, read)}


def _claims(review: Review, runs: Mapping[str, Run], book: Book) -> Iterator[Computed]:
    """Yield the claims; nothing where some have no value, which the checks say."""
    given = {id: value for run in runs.values() for id, value in run.claims.items()}
    chapters = {id: run for run in runs.values() for id in run.claims}
    codes = {id: place for run in runs.values() for id, place in claim_code(run).items()}
    if not given or not review.has(CLAIMS):
        return
    pages = {page.chapter.path: page.chapter.page for page in book.pages}
    with suppress(ReportError):
        for claim in read_claims(review.rows(CLAIMS), given):
            run = chapters[claim.id]
            cell, code = codes.get(claim.id, (0, ""))
            yield Computed(
                "claim", claim.id, run.chapter, cell, pages.get(run.chapter, ""), claim.computed,
                code, reads=run.lineage.get(f"{CLAIM}{claim.id}", ()), statement=claim.statement,
                published=claim.published, status=claim.status, explanation=claim.explanation,
            )  # fmt: skip


def _findings(review: Review, book: Book) -> Iterator[Stated]:
    """Yield the findings that an edition's sentences tell, or its tables list."""
    if not review.has(FINDINGS):
        return
    pages: dict[str, str] = {}
    for page in book.pages:
        for id in (*page.tells, *page.rows):
            pages.setdefault(id, page.chapter.page)
    ratings = _ratings(review)
    certainty = {row.text("id"): row.text("certainty") for row in review.rows(FINDINGS).records()}
    for id, page_name in pages.items():
        if (found := review.statements.get(id)) is not None:
            yield _stated(found, page_name, certainty[id], review, ratings)


def _stated(
    found: Finding, page: str, certainty: str, review: Review, ratings: Mapping[Code, str]
) -> Stated:
    def appraised(codes: tuple[Code, ...]) -> tuple[Appraised, ...]:
        return tuple(
            Appraised(code, review.keys.get(code, ""), ratings.get(code, "")) for code in codes
        )

    return Stated(
        id=found.id, page=page, statement=found.statement, papers=appraised(found.papers),
        against=appraised(found.against), certainty=certainty, place=found.place,
        caveat=found.caveat,
    )  # fmt: skip


def _ratings(review: Review) -> dict[Code, str]:
    """Return each paper's overall rating: the published one, or else the computed one."""
    if not review.has(SCORES) and not review.has(OVERALL):
        return {}
    appraisal = review.appraisal
    found: dict[Code, str] = {}
    for code in appraisal.available:
        published, _ = appraisal.published.get(code, (None, ""))
        rating = published if published is not None else appraisal.computed(code)
        found[code] = f"{rating}%" if isinstance(rating, int | float) else rating or ""
    return found
