"""What an evidence box says of a section: how many papers, of which kinds, where and with whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from reviewpress.errors import DataError, nearest
from reviewpress.evidence.appraisal.answers import Appraisal
from reviewpress.evidence.counts import Counts, count_terms, terms_of
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.findings import Code
from reviewpress.evidence.studies import read_studies
from reviewpress.labels import load_labels
from reviewpress.tables.cells import Cell
from reviewpress.tables.lineage import ReadColumns, recorder
from reviewpress.tables.reader import TableRows

_LOOKED_AT = ("codes", "appraised", "ratings", "studies")
"""Parts of a section's evidence that are counted from the papers, but for counts by column."""


@dataclass(frozen=True, slots=True)
class SectionEvidence:
    """The papers of one section, counted.

    Counts are by column of the papers table that has a vocabulary; a paper with three regions
    counts once in each of the three. `ratings` counts the appraised papers by overall rating,
    where the review uses one. Where the review counts studies, `studies` says how many there are,
    and counts are of studies: one has the terms of all its papers.
    """

    name: str
    codes: tuple[Code, ...]
    counts: Mapping[str, Counts] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    source: str = "source_type"
    appraised: int | None = None
    ratings: Counts = field(default_factory=lambda: Counts({}), repr=False)
    studies: int | None = None
    look: Callable[[str], None] = field(default=lambda name: None, repr=False, compare=False)
    """Called with the name of what is looked at."""

    def __getattribute__(self, name: str) -> object:
        if name in _LOOKED_AT:
            object.__getattribute__(self, "look")(name)
        return object.__getattribute__(self, name)

    @property
    def papers(self) -> int:
        """How many papers."""
        return len(self.codes)

    @property
    def peer_reviewed(self) -> int:
        """How many of them were peer reviewed."""
        return self._source("peer")

    @property
    def grey(self) -> int:
        """How many of them are grey literature."""
        return self._source("grey", "gray")

    @property
    def study_types(self) -> Counts:
        """Papers by kind of study."""
        return self.count("study_type")

    @property
    def regions(self) -> Counts:
        """Papers by region."""
        return self.count("regions")

    @property
    def participants(self) -> Counts:
        """Papers by group of people who took part."""
        return self.count("participants")

    @property
    def methods(self) -> Counts:
        """Papers by method of data collection."""
        return self.count("methods")

    def count(self, column: str) -> Counts:
        """Return the papers by term of any column with a vocabulary."""
        try:
            return self.counts[column]
        except KeyError:
            message = f'papers cannot be counted by "{column}".'
            raise DataError(message, hint=nearest(column, self.counts)) from None

    def _source(self, *starts: str) -> int:
        counts = self.count(self.source)
        terms = [term for term in counts.vocabulary if term.lower().startswith(starts)]
        if not terms:
            raise DataError(f'"{self.source}" does not tell peer-reviewed from grey papers.')
        return sum(counts[term] for term in terms)


def count_section(
    evidence: Evidence, name: str, appraisal: Appraisal | None = None
) -> SectionEvidence:
    """Count the papers of a section; ConfigError for an unknown one."""
    rows = evidence.rows(PAPERS)
    with recorder.collecting() as choice:
        codes = evidence.section_codes(name)
        groups = units_of(evidence, codes)
    looks = _Looks(choice, rows, groups, appraisal)
    counted = [column for column in rows.table.fields if column.is_counted]
    counts = {
        column.name: count_terms(
            cells_by_unit(rows, column.name, groups), column.enum, looks.at_column(column.name)
        )
        for column in counted
    }
    labels = {column.name: column.evidence or column.title or column.name for column in counted}
    sources = rows.table.with_role("source")
    appraised = appraisal.appraised if appraisal else frozenset[Code]()
    seen = _appraised(evidence, groups, appraised)
    return SectionEvidence(
        name=evidence.find_section(name).name,
        codes=codes,
        counts=counts,
        labels=labels,
        source=sources[0].name if sources else "source_type",
        appraised=len(seen) if appraisal else None,
        ratings=appraisal.rating_counts(seen) if appraisal else Counts({}),
        studies=len(groups) if counts_studies(evidence) else None,
        look=looks.at,
    )


@dataclass(frozen=True)
class _Looks:
    """Notes what a section's counts were made from, when they are looked at."""

    choice: ReadColumns
    """What said which papers are the section's."""
    rows: TableRows
    groups: Sequence[Sequence[Code]]
    appraisal: Appraisal | None

    def at(self, name: str) -> None:
        """Note what says which papers there are, and their appraisals for what counts these."""
        codes = [code for group in self.groups for code in group]
        self._choose(codes)
        if self.appraisal and name in ("appraised", "ratings"):
            self.appraisal.look("published")
            if name == "appraised":
                self.appraisal.look("marks")

    def at_column(self, column: str) -> Callable[[str | None], None]:
        """Return what notes the papers that have a term in a column, or all."""
        return lambda term: self._at_term(column, term)

    def _at_term(self, column: str, term: str | None) -> None:
        if not recorder.on:
            return
        codes = [code for group in self.groups for code in group]
        with recorder.paused():
            cells = dict(zip(self.rows.row_keys, self.rows[column], strict=True))
        found = [code for code in codes if term is None or term in terms_of(cells[code])]
        self._choose(found)
        recorder.note(self.rows.name, column, found)

    def _choose(self, codes: Sequence[Code]) -> None:
        for read in self.choice:
            chosen = codes if read.file == self.rows.name and read.rows is None else read.rows
            recorder.note(read.file, read.column, chosen, keyed=read.keyed)


def _appraised(
    evidence: Evidence, groups: Iterable[Sequence[Code]], appraised: Set[Code]
) -> list[Code]:
    """Return the papers on which what is counted was appraised; of a study any report will do."""
    if not counts_studies(evidence):
        return [group[0] for group in groups if group[0] in appraised]
    found = read_studies(evidence).of(code for group in groups for code in group)
    return [code for study in found for code in study.codes if code in appraised]


def counts_studies(evidence: Evidence) -> bool:
    """Whether the review counts studies, not papers."""
    return evidence.unit == "studies"


def units_of(evidence: Evidence, codes: Iterable[Code]) -> tuple[tuple[Code, ...], ...]:
    """Return what is counted of some papers: each by itself, or those of each study together.

    Of a study the primary report comes first, whether or not it is among them.
    """
    if not counts_studies(evidence):
        return tuple((code,) for code in codes)
    wanted = set(codes)
    found = read_studies(evidence).of(wanted)
    return tuple(
        tuple(code for code in study.codes if code in wanted or code == study.primary)
        for study in found
    )


def cells_by_unit(rows: TableRows, column: str, groups: Iterable[Sequence[Code]]) -> Iterator[Cell]:
    """Yield the cell of each unit in a column: all terms of its papers, each once."""
    cells = dict(zip(rows.row_keys, rows[column], strict=True))
    for group in groups:
        if len(group) == 1:
            yield cells[group[0]]
        else:
            yield tuple(dict.fromkeys(term for code in group for term in terms_of(cells[code])))


def count_missing(evidence: Evidence, column: str, codes: Set[Code]) -> Counts:
    """Count the papers whose cell has no value, by what the schema says the cell means."""
    rows = evidence.rows(PAPERS)
    rows.table.field(column)
    keys = rows.row_keys
    found = [
        (keys[position], label or load_labels(evidence.config)["no-value"])
        for position, label in rows.missing[column].items()
        if keys[position] in codes
    ]
    recorder.note(rows.name, column, (code for code, _ in found))
    return count_terms((label for _, label in found), ())
