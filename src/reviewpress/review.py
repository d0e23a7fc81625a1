"""`review = reviewpress.load()`: everything a chapter can ask of the evidence.

chapters
   │
Review ──→ figures, charts, the chapter shown in its notebook
   │
Evidence: tables, codes, references, forms, searches, and what was read of them
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from reviewpress.accessibility_statement import say_accessibility
from reviewpress.config import find_root
from reviewpress.context import ROOT_ENV, review_labels
from reviewpress.errors import DataError, nearest
from reviewpress.evidence.agreement import (
    extraction_agreement,
    say_agreement,
    screening_agreement,
)
from reviewpress.evidence.appraisal.answers import Appraisal, load_appraisal
from reviewpress.evidence.appraisal.scores import OVERALL, SCORES
from reviewpress.evidence.automation import say_automation
from reviewpress.evidence.box import EvidenceBox, make_box
from reviewpress.evidence.changes import new_reports
from reviewpress.evidence.claims import CLAIMS, give_value, given, leave_out, read_claims
from reviewpress.evidence.counts import Counts, codes_of, count_terms
from reviewpress.evidence.data import FINDINGS, PAPERS, Evidence
from reviewpress.evidence.flow import Flow
from reviewpress.evidence.report_lists import list_reports
from reviewpress.evidence.results import summarise_results
from reviewpress.evidence.screening import load_earlier_flow, load_flow, not_searched
from reviewpress.evidence.search_report import say_search, source_frame, strategy_frame
from reviewpress.evidence.sections import (
    SectionEvidence,
    cells_by_unit,
    count_missing,
    count_section,
    units_of,
)
from reviewpress.evidence.studies import read_studies
from reviewpress.figures.published import RUN_ENV, Published
from reviewpress.labels import load_labels
from reviewpress.lazy_modules import lazy_module
from reviewpress.markdown import Markdown, escape
from reviewpress.tables.lineage import recorder, remembered

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.figure import Figure

    from reviewpress.chapter_preview import Preview
    from reviewpress.evidence.counts import Papers
    from reviewpress.figures.table_layout import Spans
    from reviewpress.figures.table_notes import Notes
    from reviewpress.figures.tables import Align, Tabular
    from reviewpress.markdown import Markdown
    from reviewpress.tables.reader import TableRows

    ClaimValue = str | float | bool | date | np.generic | pd.Series | Iterable[str | float]
    """What a claim's value may be."""


def load(root: Path | str | None = None, regions: Sequence[str] = ()) -> Review:
    """Open the review around the current folder, or in `root`.

    With `regions`, only papers that cover at least one of them count. Tables are read when they
    are first asked for. Raises ConfigError where there is no review, DataError for an unknown
    region.
    """
    if isinstance(regions, str):
        message = f"regions takes a list of regions, not a text ({regions!r})."
        raise DataError(message, hint=f"Write `regions = [{regions!r}]`." if regions else "")
    if "IPython" in sys.modules and not os.environ.get(RUN_ENV):
        # Imported here: only a notebook that somebody has open shows what its cells end with.
        from reviewpress.notebook_forms import give_forms

        give_forms()
    start = root or os.environ.get(ROOT_ENV) or Path.cwd()
    return Review(find_root(Path(start)), tuple(regions or ()))


class Review(Evidence):
    """The evidence of one review, read lazily; what is read is recorded.

    DataFrames are the chapter's own: changing one changes nothing here.
    """

    charts: ModuleType = lazy_module("reviewpress.figures.charts")
    """The ready-made charts; see `reviewpress.figures.charts`.

    An attribute, for an editor that completes `review.charts.` runs no property.
    """

    def section(self, name: str) -> SectionEvidence:
        """Count the papers of a section, by its name (Processes) or its chapter's (process).

        A section that the papers table does not record counts the papers that its findings cite.
        Raises ConfigError for an unknown section.
        """
        found = self.find_section(name).name
        if found not in self._sections:
            with recorder.paused():
                appraisal = self.appraisal if self.has(SCORES) or self.has(OVERALL) else None
                self._sections[found] = count_section(self, found, appraisal)
        return self._sections[found]

    @cached_property
    def _sections(self) -> dict[str, SectionEvidence]:
        return {}

    def count(
        self, column: str, papers: Papers | None = None, *, zeros: bool = False
    ) -> pd.DataFrame:
        """Count papers by the terms of a column: a DataFrame with the columns term and papers.

        Where the review counts studies (`unit: studies`), these are counted, and the column is
        called so.

        A paper counts once for each of its terms, so that the sum may exceed the number of
        papers. Terms are as readers see them: in an edition of another language by their names.
        The most frequent come first; those without papers only with `zeros`. `papers` is a
        DataFrame of papers or codes (all papers without it). Raises ConfigError for an unknown
        column.
        """
        from reviewpress.evidence.frames import count_frame

        rows = self.rows(PAPERS)
        field = rows.table.field(column)
        codes = set(self.codes) if papers is None else codes_of(papers)
        groups = units_of(self, [code for code in rows.row_keys if code in codes])
        with recorder.paused():
            units = tuple(cells_by_unit(rows, column, groups))
        cells = [cell for cell in units if cell not in (None, ())]
        counted = [
            group for group, cell in zip(groups, units, strict=True) if cell not in (None, ())
        ]
        recorder.note(rows.name, column, (code for group in counted for code in group))
        return count_frame(
            count_terms(cells, field.enum),
            zeros=zeros,
            names=self._names_in(field),
            unit=self.unit,
        )

    def without_value(self, column: str, papers: Papers | None = None) -> Counts:
        """Count the papers whose cell has no value, by what the schema says the cell means."""
        kept = set(self.codes) if papers is None else codes_of(papers)
        return count_missing(self, column, kept)

    def people(self) -> pd.DataFrame:
        """Count papers and people by group of people: professionals, young people, parents.

        Columns: group, column (of the papers table), papers (that took part with at least one
        person), people (their sum), largest (the most in one paper), without_number (papers whose
        cell gives no number). Raises DataError where the papers table counts no people.
        """
        from reviewpress.evidence.frames import people_frame

        return people_frame(self.rows(PAPERS), set(self.codes))

    @property
    def findings(self) -> pd.DataFrame:
        """The ledger of the synthesis, indexed by id; codes restricted to `regions`."""
        frame = self.frame(FINDINGS)
        if self.regions:
            from reviewpress.tables.frames import tuple_series

            for column in ("codes_for", "codes_against"):
                kept = tuple_series([self._kept(codes) for codes in frame[column]])
                kept.index = frame.index
                frame[column] = kept
        return frame

    @property
    def coding(self) -> pd.DataFrame:
        """The coding structure: one row a sub-code, columns level1, level2, level3."""
        return self.frame("coding")

    @property
    def deviations(self) -> pd.DataFrame:
        """Where conduct departs from the protocol, indexed by id."""
        return self.frame("deviations")

    @property
    def appraisal(self) -> Appraisal:
        """The appraisal of the papers."""
        with recorder.paused():
            return self._appraisal

    @cached_property
    def _appraisal(self) -> Appraisal:
        return load_appraisal(self)

    @remembered
    def flow(self) -> Flow:
        """The PRISMA 2020 flow of records."""
        return load_flow(self)

    @cached_property
    def earlier_flow(self) -> Flow:
        """The flow of a living review's earlier versions, for `review.charts.flow`.

        Raises DataError where `data/searches.yml` does not say what is of an earlier version.
        """
        return load_earlier_flow(self)

    def reports(self, name: str) -> pd.DataFrame:
        """Return one of Cochrane's lists: included, excluded, awaiting or ongoing.

        A row a report, for `review.table`: its study, its reference, whether or not the text
        cites it, and the reason of an exclusion, or a note. Headings are in the review's
        language. Raises DataError for another name.
        """
        from reviewpress.evidence.study_frames import reports_frame

        return reports_frame(list_reports(self, name), name, load_labels(self.config))

    @property
    def studies(self) -> pd.DataFrame:
        """The studies: study, primary (code of the report that stands for it), papers, reports.

        A paper that no study is named for is a study by itself. `reports` is a citation.
        """
        from reviewpress.evidence.study_frames import studies_frame

        return studies_frame(read_studies(self).of(self.codes), self.cite)

    @property
    def study_table(self) -> pd.DataFrame:
        """A row a study, for `review.table`: its name, its reports, and what papers are counted by.

        Headings are in the review's language, and those of the schema. A study has the terms of
        all its reports, and the columns that `data/studies.csv` adds. A retracted report says so.
        """
        from reviewpress.evidence.study_frames import study_table_frame

        return study_table_frame(self)

    def cite_study(self, name: str) -> Markdown:
        """Return a study with its reports: "Ash 2020: Ash 2020; Ash 2022", each a citation.

        Raises DataError for an unknown name.
        """
        known = {study.name: study for study in read_studies(self)}
        if name not in known:
            raise DataError(f'there is no study "{name}".', hint=nearest(name, known))
        return Markdown(f"{escape(name)}: {self.cite(known[name].codes)}")

    def results_by(
        self, by: str, value: str | None = None, *, table: str = "results"
    ) -> pd.DataFrame:
        """Sum up a table with several rows a paper by the terms of a column, such as an outcome.

        Columns: term, results (rows) and papers, or studies where the review counts these. With
        `value`, a column of numbers, also without (units that have none), median, lowest and
        highest: each study counts once, with the median of its results. Nothing is pooled. Raises
        DataError for a column without numbers, ConfigError for an unknown table or column.
        """
        from reviewpress.evidence.study_frames import results_frame

        found = summarise_results(self, by, value, table, self.codes)
        return results_frame(found, self.unit, values=value is not None)

    @property
    def changes(self) -> pd.DataFrame:
        """What is new since the earlier version, for `review.table`; no rows where there was none.

        A row a paper: its study, the paper as a citation, its reference, whether the study is new
        or only the report, and the findings that rest on it.
        """
        from reviewpress.evidence.study_frames import changes_frame

        return changes_frame(new_reports(self), load_labels(self.config), self.cite)

    def search_strategy(self, string: str) -> pd.DataFrame:
        """Return a strategy of `data/searches.yml` as it was run: No., Search, Hits."""
        return strategy_frame(self, string)

    @property
    def search_sources(self) -> pd.DataFrame:
        """The sources searched: Source, Platform, Last searched, Records, Unique, Included alone.

        Unique are entries that no other source has; the last column counts included papers that
        it alone found.
        """
        return source_frame(self)

    def search_text(self, item: str | int) -> Markdown:
        """Return what answers item 1, 8, 9, 13, 15 or 16 of PRISMA-S, in the review's language."""
        return say_search(self, item)

    @property
    def agreement(self) -> pd.DataFrame:
        """How reviewers agree at each stage, before consensus; "unsure" counts as include.

        Columns: name (the stage), people, units (records judged), twice (by at least two),
        agreed, share, low and high (its 95 % interval), measure (kappa for one fixed pair, else
        alpha; undefined where all judgements are the same), value, settled (more, of which only
        what was agreed is known). Raises SetupError without the extra `agreement`.
        """
        from reviewpress.evidence.study_frames import raters_frame

        return raters_frame(screening_agreement(self))

    @property
    def extraction_agreement(self) -> pd.DataFrame:
        """How extractors agree on each item of `data/extraction.csv`; columns as `agreement`."""
        from reviewpress.evidence.study_frames import raters_frame

        return raters_frame(extraction_agreement(self))

    @property
    def agreement_text(self) -> Markdown:
        """How reviewers, and extractors, agree, in sentences of the review's language."""
        labels = load_labels(self.config)
        said = [
            say_agreement(screening_agreement(self), labels, "records"),
            say_agreement(extraction_agreement(self), labels, "values"),
        ]
        return Markdown("\n\n".join(filter(None, said)))

    @property
    def automation(self) -> Markdown:
        """The statement on AI and automation that `automation:` in _quarto.yml makes."""
        return say_automation(self)

    @property
    def accessibility(self) -> Markdown:
        """The accessibility statement that `accessibility:` in _quarto.yml makes."""
        return say_accessibility(self.config)

    @property
    def not_searched(self) -> tuple[str, ...]:
        """The boxes of the flow for kinds of sources that no search used."""
        return not_searched(self)

    def claim(self, id: str, value: ClaimValue) -> None:
        """Give the value of a published number, computed from the data.

        `id` is that of a row of the claims table, `value` what the data say: a number where a
        number was published, otherwise a text, a list of texts, or True or False for yes or no.
        The checks compare the two; `claims` lists them.

        Raises DataError for an unknown id, a second value, and a value of another kind than the
        published one.
        """
        again = not os.environ.get(RUN_ENV)
        with recorder.paused():
            give_value(self._claim_rows, self.root, id, value, again=again)

    def not_checkable(self, *ids: str) -> None:
        """Say of published numbers that the data cannot check them.

        Why is for the table's column of explanations. Raises what `claim` does.
        """
        again = not os.environ.get(RUN_ENV)
        with recorder.paused():
            leave_out(self._claim_rows, self.root, ids, again=again)

    @property
    def claims(self) -> pd.DataFrame:
        """The published numbers beside the values that cells above gave, indexed by id.

        Columns: section, statement, place, published, computed, status (agrees, differs, not
        checkable), explanation; all text. Raises Problems for claims without a value, each with
        its row.
        """
        from reviewpress.evidence.frames import claims_frame

        return claims_frame(read_claims(self.whole.rows(CLAIMS), given.get(self.root, {})))

    @property
    def _claim_rows(self) -> TableRows:
        if self.regions:
            message = "a published number is of the whole review, and this one has some regions."
            raise DataError(
                message, hint="Compute it from `review.whole`: `review.whole.claim(…)`."
            )
        return self.rows(CLAIMS)

    def evidence_box(self, section: str | SectionEvidence) -> EvidenceBox:
        """Return the evidence box of a section, to end a cell with."""
        found = section if isinstance(section, SectionEvidence) else self.section(section)
        appraisal = self.appraisal if found.appraised is not None else None
        return make_box(self, found, appraisal)

    def figure(
        self,
        figure: Figure,
        *,
        id: str = "",
        title: str | Markdown = "",
        subtitle: str | Markdown = "",
        alt: str = "",
        data: Tabular | None = None,
        caption: str | Markdown | None = None,
        long_description: str | Markdown | None = None,
        source: str | Markdown | None = None,
    ) -> Published:
        """Publish a matplotlib figure, to end a cell with.

        `id` begins with `fig-`. `title` states the main message, `subtitle` what is counted, of how
        many, `alt` what the figure says to those who cannot see it, `data` the numbers behind it.
        `caption` adds a note; `long_description` is a longer text alternative; `source` says where
        the numbers come from, without it this review. All but the last three are needed. See
        `reviewpress.figure`.
        """
        # Imported here, as charts are: matplotlib is for chapters that draw.
        from reviewpress.figures import publish

        if source is None and PAPERS in self._tables:
            source = review_labels().count("figure-source-papers", len(self.codes))
        return publish.figure(
            figure,
            id=id,
            title=title,
            subtitle=subtitle,
            alt=alt,
            data=data,
            caption=caption,
            long_description=long_description,
            source=source,
        )

    def table(
        self,
        frame: Tabular,
        *,
        id: str = "",
        caption: str | Markdown = "",
        widths: Sequence[float] | None = None,
        landscape: bool = False,
        row_headers: int = 1,
        align: Align | None = None,
        missing: str | None = None,
        spans: Spans | None = None,
        groups: str = "",
        notes: Notes | None = None,
        units: Mapping[str, str] | None = None,
        pages: str = "grid",
        map: Sequence[str] = (),
        quality: str = "",
    ) -> Published:
        """Publish a table from a DataFrame (or what makes one), to end a cell with.

        `id` begins with `tbl-`; it and `caption` are needed. `widths` are the columns' shares of
        the page; `landscape` gives the table a page on its side in print; the first `row_headers`
        columns name their row; `align` is `left`, `right`, `center` or `decimal` for each column
        or for some by name; `missing` is what an empty cell says. `spans` sets heads above several
        columns, `groups` names a column whose values head the rows that share them, `notes` stand
        below the table, `units` gives the unit of columns by name. `pages` is `grid`, `entries` or
        `explore`, which takes a `map` of two columns and a column of `quality`. See
        `reviewpress.table`.
        """
        # Imported here: pandas takes longer than all that does without it.
        from reviewpress.figures import tables

        return tables.table(
            frame,
            id=id,
            caption=caption,
            widths=widths,
            landscape=landscape,
            row_headers=row_headers,
            align=align,
            missing=missing,
            spans=spans,
            groups=groups,
            notes=notes,
            units=units,
            pages=pages,
            map=map,
            quality=quality,
        )

    def preview(self, chapter: str | None = None) -> Preview | None:
        """Show the chapter as its readers will see it; a build shows nothing."""
        if os.environ.get(RUN_ENV):
            return None
        # Imported here: only a notebook that somebody works in has pandoc show its text.
        from reviewpress.chapter_preview import show_chapter

        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        return show_chapter(self.config, dict(caller.f_globals) if caller else {}, chapter)
