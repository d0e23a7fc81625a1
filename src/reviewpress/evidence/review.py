"""`review = reviewpress.load()`: everything a chapter can ask of the evidence."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from reviewpress.bibliography import Bibliography, load_bibliographies
from reviewpress.config import Config, Section, find_root, load_config
from reviewpress.errors import DataError, Place, nearest
from reviewpress.evidence.findings import Code, Finding, read_findings
from reviewpress.evidence.sections import (
    Counts,
    SectionEvidence,
    codes_of,
    count_frame,
    count_terms,
)
from reviewpress.labels import load_labels
from reviewpress.markdown import Citation, cite_keys
from reviewpress.store.files import ABSENT
from reviewpress.tables.reader import TableRows, read_bytes, read_table
from reviewpress.tables.reads import Read, Reads, digest_bytes, reads, relative_name
from reviewpress.tables.schema import Field, Schema, read_schema

if TYPE_CHECKING:
    import pandas as pd

    from reviewpress.evidence.appraisal.answers import Appraisal
    from reviewpress.evidence.appraisal.forms import Form
    from reviewpress.evidence.box import EvidenceBox
    from reviewpress.evidence.claims import Claim
    from reviewpress.evidence.flow import Flow
    from reviewpress.evidence.searches import Searches

ROOT_ENV = "REVIEWPRESS_ROOT"
PAPERS = "papers"
FINDINGS = "findings"


def load(root: Path | str | None = None, regions: Sequence[str] = ()) -> Review:
    """Open the review around the current folder, or in `root`.

    With `regions`, only papers that cover at least one of them count. Tables are read when they
    are first asked for. Raises ConfigError where there is no review, DataError for an unknown
    region.
    """
    start = root or os.environ.get(ROOT_ENV) or Path.cwd()
    return Review(find_root(Path(start)), tuple(regions))


class Review:
    """The evidence of one review, read lazily; what is read is recorded.

    DataFrames are the chapter's own: changing one changes nothing here.
    """

    def __init__(
        self, root: Path, regions: tuple[str, ...] = (), config: Config | None = None
    ) -> None:
        self.root = root
        self.regions = regions
        self._config = config
        self._reads = Reads()
        self._tables: dict[str, TableRows] = {}
        self._frames: dict[str, pd.DataFrame] = {}
        self._sections: dict[str, SectionEvidence] = {}
        if regions:
            self._check_regions()

    def __repr__(self) -> str:
        return f"<Review {self.config.title!r}>"

    @cached_property
    def config(self) -> Config:
        """The review's settings."""
        return self._config or load_config(self.root, check_chapters=False)

    @cached_property
    def whole(self) -> Review:
        """The same review without a restriction to regions."""
        return Review(self.root, config=self.config) if self.regions else self

    @cached_property
    def schema(self) -> Schema:
        """The description of the tables."""
        path = self.root / self.config.settings.schema
        schema = read_schema(path, self.root)
        self._record(schema.file, digest_bytes(path.read_bytes()))
        return schema

    @property
    def reads(self) -> tuple[Read, ...]:
        """The files read so far: path below the root, SHA-256."""
        return self._reads.collect()

    def rows(self, name: str) -> TableRows:
        """Return a table as read, before any restriction to regions.

        Raises DataError or Problems where it cannot be read, ConfigError where there is none.
        """
        if name not in self._tables:
            table = self.schema.table(name)
            rows = read_table(self.schema.folder / table.path, table, self.root)
            self._record(rows.name, rows.sha256)
            self._tables[name] = rows
        return self._tables[name]

    def has(self, name: str) -> bool:
        """Whether the review describes a table of this name."""
        return name in self.schema.tables

    def path(self, name: str) -> Path:
        """Return the path of a file of the review, and record that the chapter read it.

        `name` is relative to the review's root, as in "data/extra.csv". Raises DataError where
        there is no such file in the review.
        """
        root = self.root.resolve()
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise DataError(f'"{name}" is not inside the review.', hint="Copy the file into it.")
        if not path.is_file():
            siblings = [relative_name(p, root) for p in path.parent.glob("*") if p.is_file()]
            raise DataError(f'the review has no file "{name}".', hint=nearest(name, siblings))
        shown = relative_name(path, root)
        self._record(shown, digest_bytes(read_bytes(path, shown)))
        return path

    def holds(self, name: str) -> bool:
        """Whether the review has a file; that it has none is recorded, for one may come."""
        found = (self.root / name).is_file()
        if not found:
            self._record(name, ABSENT)
        return found

    def frame(self, name: str) -> pd.DataFrame:
        """Return any table of the schema as a DataFrame, indexed by its primary key."""
        if name not in self._frames:
            from reviewpress.tables.frames import to_frame

            self._frames[name] = to_frame(self.rows(name))
        return self._frames[name].copy(deep=False)

    @cached_property
    def bibliography(self) -> Bibliography:
        """All references."""
        for path in self.config.bibliography:
            name = relative_name(path, self.root)
            self._record(name, digest_bytes(read_bytes(path, name)))
        return load_bibliographies(self.config.bibliography, self.root)

    @property
    def papers(self) -> pd.DataFrame:
        """The included papers, indexed by code, restricted to `regions`.

        Columns as in the papers table, and from the bibliography `year` (Int64), `author` (as a
        sentence names them) and `title`. A paper without an entry has no year and empty texts.
        """
        return self._papers.copy(deep=False)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The codes of the included papers, restricted to `regions`, in order."""
        rows = self.rows(PAPERS)
        codes = rows[self._key(rows)]
        if not self.regions:
            return codes
        cells = rows[self._column("regions").name]
        wanted = set(self.regions)
        pairs = zip(codes, cells, strict=True)
        return tuple(code for code, cell in pairs if wanted & _terms(cell))

    def cite(self, codes: Iterable[Code] | Code) -> Citation:
        """Return a Markdown citation of papers by their codes, as for a cell of a table.

        Raises DataError for a code that no paper has.
        """
        from reviewpress.tables.frames import keep_kinds_of_text

        keep_kinds_of_text()
        wanted = [codes] if isinstance(codes, (int, str)) else list(codes)
        keys = []
        for code in wanted:
            key = self._citekeys.get(code)
            if key is None:
                known = [str(other) for other in self._citekeys]
                hint = nearest(str(code), known) if isinstance(code, str) else ""
                raise DataError(f"no paper has the code {code}.", hint=hint)
            keys.append(key)
        return cite_keys(keys)

    def section(self, name: str) -> SectionEvidence:
        """Count the papers of a section, by its name (Processes) or its chapter's (process).

        A section that the papers table does not record counts the papers that its findings cite.
        Raises ConfigError for an unknown section.
        """
        section = self._section(name)
        if section.name not in self._sections:
            self._sections[section.name] = self._count_section(section)
        return self._sections[section.name]

    def _count_section(self, section: Section) -> SectionEvidence:
        codes = self._section_codes(section)
        rows = self.rows(PAPERS)
        kept = set(codes)
        positions = [i for i, code in enumerate(rows[self._key(rows)]) if code in kept]
        counted = [field for field in rows.table.fields if field.is_counted]
        counts = {
            field.name: count_terms((rows[field.name][i] for i in positions), field.enum)
            for field in counted
        }
        labels = {field.name: field.evidence or field.title or field.name for field in counted}
        sources = rows.table.with_role("source")
        appraised, ratings = self._quality(kept)
        return SectionEvidence(
            name=section.name,
            codes=codes,
            counts=counts,
            labels=labels,
            source=sources[0].name if sources else "source_type",
            appraised=appraised,
            ratings=ratings,
        )

    def count(
        self,
        column: str,
        papers: pd.DataFrame | Iterable[Code] | None = None,
        *,
        zeros: bool = False,
    ) -> pd.DataFrame:
        """Count papers by the terms of a column: a DataFrame with the columns term and papers.

        A paper counts once for each of its terms, so that the sum may exceed the number of
        papers. The most frequent terms come first; terms without papers only with `zeros`.
        `papers` is a DataFrame of papers or codes (all papers without it). Raises ConfigError for
        an unknown column.
        """
        rows = self.rows(PAPERS)
        field = rows.table.field(column)
        codes = set(self.codes) if papers is None else codes_of(papers)
        pairs = zip(rows[self._key(rows)], rows[column], strict=True)
        cells = [cell for code, cell in pairs if code in codes and cell not in (None, ())]
        if not field.enum:
            cells = [str(cell) if field.type != "list" else map(str, cell) for cell in cells]
        counts = count_terms(cells, field.enum)
        return count_frame(counts, zeros=zeros)

    def without_value(
        self, column: str, papers: pd.DataFrame | Iterable[Code] | None = None
    ) -> Counts:
        """Count the papers whose cell has no value, by what the schema says the cell means."""
        rows = self.rows(PAPERS)
        kept = set(self.codes) if papers is None else codes_of(papers)
        codes = rows[self._key(rows)]
        rows.table.field(column)
        labels = [
            label or load_labels(self.config)["no-value"]
            for position, label in rows.missing[column].items()
            if codes[position] in kept
        ]
        return count_terms(labels, ())

    def people(self) -> pd.DataFrame:
        """Count papers and people by group of people: professionals, young people, parents.

        Columns: group, column (of the papers table), papers (that took part with at least one
        person), people (their sum), largest (the most in one paper), without_number (papers whose
        cell gives no number). Raises DataError where the papers table counts no people.
        """
        import pandas as pd

        rows = self.rows(PAPERS)
        kept = set(self.codes)
        keys = rows[self._key(rows)]
        fields = rows.table.with_role("people")
        if not fields:
            raise DataError("the papers table counts no people.", Place(rows.name))
        table = []
        for field in fields:
            cells = [v for code, v in zip(keys, rows[field.name], strict=True) if code in kept]
            numbers = [int(value) for value in cells if value]
            table.append(
                {
                    "group": field.evidence or field.title or field.name,
                    "column": field.name,
                    "papers": len(numbers),
                    "people": sum(numbers),
                    "largest": max(numbers, default=0),
                    "without_number": sum(value is None for value in cells),
                }
            )
        return pd.DataFrame(table)

    def finding(self, id: str) -> Finding:
        """Return a finding by its id; DataError with the nearest id otherwise."""
        try:
            return self._findings[id]
        except KeyError:
            place = Place(self.rows(FINDINGS).name)
            hint = nearest(id, self._findings)
            raise DataError(f'there is no finding "{id}".', place, hint) from None

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

    @cached_property
    def appraisal(self) -> Appraisal:
        """The appraisal of the papers."""
        from reviewpress.evidence.appraisal.answers import load_appraisal

        return load_appraisal(self)

    @cached_property
    def flow(self) -> Flow:
        """The PRISMA 2020 flow of records."""
        from reviewpress.evidence.screening import load_flow

        return load_flow(self)

    @property
    def not_searched(self) -> tuple[str, ...]:
        """The boxes of the flow for kinds of sources that no search used."""
        from reviewpress.evidence.screening import not_searched

        return not_searched(self)

    @cached_property
    def recomputed(self) -> tuple[Claim, ...]:
        """The published numbers, each recomputed, as records."""
        from reviewpress.evidence.claims import recompute_claims

        return recompute_claims(self)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """The published numbers, each recomputed; see `evidence.claims.claims_frame`."""
        from reviewpress.evidence.claims import claims_frame

        return claims_frame(self)

    @cached_property
    def searches(self) -> Searches:
        """The searches: concepts, strings, databases, dates."""
        from reviewpress.evidence.searches import read_searches

        return read_searches(self.path("data/searches.yml"), self.root)

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The review's forms by name: `review.forms["extraction"]`."""
        from reviewpress.evidence.appraisal.forms import read_forms

        names = sorted(path.name for path in (self.root / "data/forms").glob("*.yml"))
        return read_forms([self.path(f"data/forms/{name}") for name in names], self.root)

    def evidence_box(self, section: str | SectionEvidence) -> EvidenceBox:
        """Return the evidence box of a section, to end a cell with."""
        from reviewpress.evidence.box import make_box

        found = section if isinstance(section, SectionEvidence) else self.section(section)
        return make_box(self, found)

    def figure(self, figure: Any, **options: Any) -> Any:
        """Publish a figure; see `reviewpress.figures`."""
        return _figures().figure(figure, **options)

    def table(self, frame: pd.DataFrame, **options: Any) -> Any:
        """Publish a table; see `reviewpress.figures`."""
        return _figures().table(frame, **options)

    def preview(self, chapter: str | None = None) -> Any:
        """Show the chapter as readers will see it; see `reviewpress.notebooks.chapter_preview`."""
        import inspect

        from reviewpress.notebooks.chapter_preview import show_chapter

        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        return show_chapter(self.config, dict(caller.f_globals) if caller else {}, chapter)

    @property
    def charts(self) -> ModuleType:
        """The ready-made charts; see `reviewpress.figures.charts`."""
        from importlib import import_module

        return import_module("reviewpress.figures.charts")

    def _record(self, name: str, sha256: str) -> None:
        self._reads.record(name, sha256)
        reads.record(name, sha256)

    def _key(self, rows: TableRows) -> str:
        key = rows.table.primary_key
        return key[0] if key else rows.table.columns[0]

    def _column(self, role: str) -> Field:
        table = self.schema.table(PAPERS)
        fields = table.with_role(role)
        if not fields:
            raise DataError(f"no column of the papers table has the role {role}.")
        return fields[0]

    def _check_regions(self) -> None:
        valid = self._column("regions").enum
        for region in self.regions:
            if valid and region not in valid:
                raise DataError(f'there is no region "{region}".', hint=nearest(region, valid))

    @cached_property
    def _citekeys(self) -> dict[Code, str]:
        rows = self.rows(PAPERS)
        return dict(zip(rows[self._key(rows)], rows["citekey"], strict=True))

    @cached_property
    def _findings(self) -> dict[str, Finding]:
        return read_findings(self.rows(FINDINGS), self._kept)

    def _kept(self, codes: Iterable[Code]) -> tuple[Code, ...]:
        if not self.regions:
            return tuple(codes)
        kept = set(self.codes)
        return tuple(code for code in codes if code in kept)

    def _section(self, name: str) -> Section:
        for section in self.config.settings.sections:
            if name in (section.name, section.chapter):
                return section
        return self.config.settings.section(name)

    def _section_codes(self, section: Section) -> tuple[Code, ...]:
        if not section.recorded:
            found = self._findings.values()
            cited = {code for one in found if one.section == section.name for code in one.codes}
            return tuple(code for code in self.codes if code in cited)
        rows = self.rows(PAPERS)
        kept = set(self.codes)
        pairs = zip(rows[self._key(rows)], rows[self._column("sections").name], strict=True)
        return tuple(code for code, cell in pairs if code in kept and section.name in _terms(cell))

    def _quality(self, codes: set[Code]) -> tuple[int | None, Counts]:
        if not self.has("appraisal_overall") and not self.has("appraisal"):
            return None, Counts({})
        appraised = self.appraisal.appraised & codes
        return len(appraised), self.appraisal.rating_counts(appraised)

    @cached_property
    def _papers(self) -> pd.DataFrame:
        import pandas as pd

        from reviewpress.tables.frames import text_series, to_frame

        rows = self.rows(PAPERS)
        frame = to_frame(rows)
        entries = [self.bibliography.get(key or "") for key in rows["citekey"]]
        two = load_labels(self.config)["two-authors"]
        years = pd.Series([entry.year if entry else None for entry in entries], dtype="Int64")
        authors = text_series([entry.name_authors(two) if entry else "" for entry in entries])
        titles = text_series([entry.title if entry else "" for entry in entries])
        for name, column in (("year", years), ("author", authors), ("title", titles)):
            if name not in frame:
                frame[name] = column.set_axis(frame.index)
        return frame[frame.index.isin(self.codes)] if self.regions else frame


def _terms(cell: Any) -> set[Any]:
    if cell is None:
        return set()
    return {cell} if isinstance(cell, str) else set(cell)


def _figures() -> ModuleType:
    from importlib import import_module

    return import_module("reviewpress.figures")
