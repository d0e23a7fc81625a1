"""A review's evidence: its tables, texts and references, read when needed and recorded.

What chapters see is `Review`, a facade over this; nothing here knows of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from reviewpress.bibliography import (
    Bibliography,
    Notice,
    find_notices,
    load_kept_bibliographies,
    read_retraction_watch,
    with_notice,
)
from reviewpress.config import Config, Section
from reviewpress.context import name_terms, review_config
from reviewpress.errors import DataError, Place, nearest
from reviewpress.evidence.appraisal.forms import Form, read_forms
from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.findings import Code, Finding, read_findings
from reviewpress.evidence.searches import Searches, read_searches
from reviewpress.labels import load_labels
from reviewpress.markdown import Citation, cite_keys
from reviewpress.store.digests import ABSENT, digest_bytes, digest_file
from reviewpress.store.ordinary_files import not_a_file, real_path
from reviewpress.tables.lineage import NotedColumns, recorder, remembered
from reviewpress.tables.reader import TableRows, read_bytes, read_table
from reviewpress.tables.reads import Read, Reads, reads, relative_name
from reviewpress.tables.schema import Field, Schema, read_schema

if TYPE_CHECKING:
    import pandas as pd

PAPERS = "papers"
FINDINGS = "findings"


class Evidence:
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
        if regions:
            self._check_regions()

    def __repr__(self) -> str:
        return f"<Review {self.config.title!r}>"

    @cached_property
    def config(self) -> Config:
        """The review's settings."""
        return self._config or review_config(self.root)

    @cached_property
    def whole(self) -> Self:
        """The same review without a restriction to regions."""
        return type(self)(self.root, config=self.config) if self.regions else self

    @cached_property
    def schema(self) -> Schema:
        """The description of the tables."""
        path = self.root / self.config.settings.schema
        schema = read_schema(path, self.root, self.config.lang)
        with recorder.paused():
            self._record(schema.file, digest_bytes(path.read_bytes()))
        name_terms(_names_of_terms(schema, self._section_names))
        return schema

    @property
    def _section_names(self) -> dict[str, str]:
        sections = self.config.settings.sections
        return {section.name: section.shown for section in sections if section.shown}

    @cached_property
    def _term_names(self) -> Mapping[str, str]:
        return _names_of_terms(self.schema, self._section_names)

    @property
    def unit(self) -> str:
        """What the review counts: papers, or studies where several papers report one."""
        return self.config.settings.unit

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
            self._reads.record(rows.name, rows.sha256)
            reads.record(rows.name, rows.sha256)
            if recorder.on:
                rows = replace(rows, columns=NotedColumns(rows.columns, rows.name))
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
        path = real_path(root / name)
        if not path.is_relative_to(root):
            raise DataError(f'"{name}" is not inside the review.', hint="Copy the file into it.")
        if not path.is_file():
            siblings = [relative_name(p, root) for p in path.parent.glob("*") if p.is_file()]
            if odd := not_a_file(root / name):
                raise DataError(f'"{name}" {odd}.')
            raise DataError(f'the review has no file "{name}".', hint=nearest(name, siblings))
        shown = relative_name(path, root)
        self._record(shown, digest_bytes(read_bytes(path, shown)))
        recorder.ask(shown)
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
            # Imported here: pandas takes longer than all that does without it.
            from reviewpress.tables.frames import to_frame
            from reviewpress.tables.traced_frames import table_origins, trace_frame

            rows = self.rows(name)
            with recorder.paused():
                frame = to_frame(rows)
            self._frames[name] = trace_frame(frame, table_origins(frame, rows.name))
        self._note_rows(name)
        return self._frames[name].copy(deep=False)

    def _note_rows(self, name: str) -> None:
        """Note that which rows a table has was looked at: what it is keyed on."""
        rows = self.rows(name)
        recorder.note(rows.name, rows.table.primary_key[0] if rows.table.primary_key else "")

    @remembered
    def bibliography(self) -> Bibliography:
        """All references."""
        for path in self.config.bibliography:
            name = relative_name(path, self.root)
            self._record(name, digest_bytes(read_bytes(path, name)))
        return load_kept_bibliographies(self.config.bibliography, self.root, self.config.store)

    @remembered
    def notices(self) -> Mapping[str, Notice]:
        """Retractions, expressions of concern and errata of references, by key."""
        watched = None
        if (path := self.config.retractions) is not None:
            name = relative_name(path, self.root)
            watched = read_retraction_watch(path, name)
            self._record(name, digest_file(path))
        return find_notices(self.bibliography, watched)

    @property
    def papers(self) -> pd.DataFrame:
        """The included papers, indexed by code, restricted to `regions`.

        Columns as in the papers table, and from the bibliography `year` (Int64), `author` (as a
        sentence names them) and `title`. A paper without an entry has no year and empty texts.
        """
        self._note_rows(PAPERS)
        return self._papers.copy(deep=False)

    @remembered
    def codes(self) -> tuple[Code, ...]:
        """The codes of the included papers, restricted to `regions`, in order."""
        rows = self.rows(PAPERS)
        codes = rows.row_keys
        if not self.regions:
            return codes
        cells = rows[paper_column(self.schema, "regions").name]
        wanted = set(self.regions)
        pairs = zip(codes, cells, strict=True)
        return tuple(code for code, cell in pairs if wanted.intersection(terms_of(cell)))

    def find_section(self, name: str) -> Section:
        """Return a section by its name, or its chapter's; ConfigError for an unknown one."""
        for section in self.config.settings.sections:
            if name in (section.name, section.chapter):
                return section
        return self.config.settings.section(name)

    def section_codes(self, name: str) -> tuple[Code, ...]:
        """Return the codes of a section's papers, restricted to `regions`, in order.

        Those of a section that the papers table does not record are the ones its findings cite.
        """
        section = self.find_section(name)
        if not section.recorded:
            found = self.statements.values()
            cited = {code for one in found if one.section == section.name for code in one.codes}
            return tuple(code for code in self.codes if code in cited)
        rows = self.rows(PAPERS)
        kept = set(self.codes)
        cells = rows[paper_column(self.schema, "sections").name]
        pairs = zip(rows.row_keys, map(terms_of, cells), strict=True)
        return tuple(code for code, terms in pairs if code in kept and section.name in terms)

    def _names_in(self, field: Field) -> Mapping[str, str]:
        """Return what readers see for the terms of a column, where they have other names."""
        return self._section_names | dict(field.terms) if field.role == "sections" else field.terms

    def name_of(self, term: str) -> str:
        """Return what readers see for a term of the data, in the edition's language."""
        return self._term_names.get(term, term)

    def cite(self, codes: Iterable[Code] | Code) -> Citation:
        """Return a Markdown citation of papers by their codes, as for a cell of a table.

        Raises DataError for a code that no paper has.
        """
        # Imported here: pandas takes longer than all that does without it.
        from reviewpress.tables.frames import keep_kinds_of_text

        keep_kinds_of_text()
        wanted = [codes] if isinstance(codes, (int, str)) else list(codes)
        keys = []
        for code in wanted:
            key = self.keys.get(code)
            if key is None:
                known = [str(other) for other in self.keys]
                hint = nearest(str(code), known) if isinstance(code, str) else ""
                raise DataError(f"no paper has the code {code}.", hint=hint)
            keys.append(key)
        return cite_keys(keys)

    def finding(self, id: str) -> Finding:
        """Return a finding by its id; DataError with the nearest id otherwise."""
        try:
            return self.statements[id]
        except KeyError:
            place = Place(self.rows(FINDINGS).name)
            hint = nearest(id, self.statements)
            raise DataError(f'there is no finding "{id}".', place, hint) from None

    @remembered
    def statements(self) -> Mapping[str, Finding]:
        """Every finding by its id, its codes restricted to `regions`."""
        rows = self.rows(FINDINGS)
        with recorder.paused():
            return read_findings(rows, self._kept)

    @remembered
    def searches(self) -> Searches:
        """The searches: concepts, strings, databases, dates."""
        return read_searches(self.path("data/searches.yml"), self.root, self.config.lang)

    @remembered
    def forms(self) -> Mapping[str, Form]:
        """The review's forms by name: `review.forms["extraction"]`."""
        names = sorted(path.name for path in (self.root / "data/forms").glob("*.yml"))
        paths = [self.path(f"data/forms/{name}") for name in names]
        return read_forms(paths, self.root, self.config.lang)

    def _record(self, name: str, sha256: str) -> None:
        self._reads.record(name, sha256)
        reads.record(name, sha256)
        recorder.note(name)

    def _check_regions(self) -> None:
        valid = paper_column(self.schema, "regions").enum
        for region in self.regions:
            if valid and region not in valid:
                raise DataError(f'there is no region "{region}".', hint=nearest(region, valid))

    @remembered
    def keys(self) -> Mapping[Code, str]:
        """The key of each included paper in the bibliography, by its code."""
        rows = self.rows(PAPERS)
        return dict(zip(rows.row_keys, rows.texts("citekey"), strict=True))

    def _kept(self, codes: Iterable[Code]) -> tuple[Code, ...]:
        if not self.regions:
            return tuple(codes)
        kept = set(self.codes)
        return tuple(code for code in codes if code in kept)

    @cached_property
    def _papers(self) -> pd.DataFrame:
        # Imported here: pandas takes longer than all that does without it.
        from reviewpress.evidence.frames import papers_frame, papers_origins
        from reviewpress.tables.traced_frames import trace_frame

        rows = self.rows(PAPERS)
        labels = load_labels(self.config)
        with recorder.paused():
            notices = self.notices
            entries = [
                with_notice(entry, notices.get(key), labels) if entry else None
                for key in rows.texts("citekey")
                for entry in (self.bibliography.get(key),)
            ]
            frame = papers_frame(rows, entries, labels)
        files = [relative_name(path, self.root) for path in self.config.bibliography]
        frame = trace_frame(frame, papers_origins(frame, rows, files))
        return frame[frame.index.isin(self.codes)] if self.regions else frame


def _names_of_terms(schema: Schema, sections: Mapping[str, str]) -> dict[str, str]:
    """Return what readers see for terms of the data, the papers table before others."""
    fields = [field for table in schema.tables.values() for field in table.fields]
    papers = schema.tables[PAPERS].fields if PAPERS in schema.tables else ()
    names = dict(sections)
    for field in (*reversed(fields), *papers):
        names |= field.terms
    return names


def paper_column(schema: Schema, role: str) -> Field:
    """Return the first column of the papers table with a role; DataError where none has it."""
    fields = schema.table(PAPERS).with_role(role)
    if not fields:
        raise DataError(f"no column of the papers table has the role {role}.")
    return fields[0]
