"""The record of an edition, `edition.json`, made from the book that its pages are made from."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewpress.assemble import Page
from reviewpress.assemble.outline import Origins, Outline, OutlinedFloat, outline_chapter
from reviewpress.config import Config
from reviewpress.edition import (
    EDITION,
    EditionRecord,
    KeptFloat,
    KeptPage,
    KeptPaper,
    KeptStatement,
    edition_text,
)
from reviewpress.engine import Manuscript
from reviewpress.figures.published import figure_of
from reviewpress.formats.history import words_of_correction
from reviewpress.formats.status import corrections
from reviewpress.labels import KEY as LANGUAGE
from reviewpress.labels import Labels
from reviewpress.notebooks.document import cells_of, text_of
from reviewpress.notebooks.kernel import SETTINGS
from reviewpress.notebooks.last_cells import last_cells
from reviewpress.programs.repository import last_commit
from reviewpress.provenance import Provenance
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.digests import digest_bytes, digest_file
from reviewpress.store.versions import installed
from reviewpress.tables.lineage import ColumnRead

_FILES = (".svg", ".csv")
"""The files of a figure that say what it shows: PNG files are made of the same."""
_OURS = "_extensions/"
_SAID_ELSEWHERE = frozenset(
    ("version", "versions", "errata", "status", "doi", "isbn", "issn", "url", "copyright",
     "show-values", "data-package", "typed-numbers", "typed-claims", "spelling", "hyphenation",
     "word-page-numbers")
)  # fmt: skip
"""Settings that are no reason for what a chapter says: every new version has others."""


def write_edition_record(manuscript: Manuscript, folder: Path) -> None:
    """Write it into the folder of an edition."""
    (folder / EDITION).write_bytes(edition_text(record_edition(manuscript)))


def record_edition(manuscript: Manuscript) -> EditionRecord:
    """Return what an edition says and shows."""
    book = manuscript.book
    config, given = book.config, book.config.publication
    sources = _sources(manuscript)
    provenance = manuscript.provenance()
    reads = {each.id: tuple(map(_column, each.reads)) for each in provenance.made}
    figures = _figure_files(manuscript)
    outlines = [(page, _outline(manuscript, page, reads)) for page in book.pages]
    commit = last_commit(config.root, sources)
    papers = [each for each in manuscript.references.references.values()
              if each.group == "included"]  # fmt: skip
    return EditionRecord(
        title=config.title,
        subtitle=config.subtitle,
        version=given.version,
        date=config.date,
        profile=config.profile,
        lang=config.lang,
        formats=config.formats,
        reviewpress=installed()["reviewpress"],
        commit=commit.name if commit else "",
        changed=commit.changed if commit else (),
        sources=sources,
        columns=dict(_columns(config.root, provenance)),
        errata=tuple(
            words_of_correction(config, each) for each in corrections(config, book.labels)
        ),
        pages=tuple(_page(manuscript, page, outline) for page, outline in outlines),
        floats=tuple(
            _float(manuscript, page, each, reads.get(each.id, ()), figures)
            for page, outline in outlines
            for each in outline.floats
        ),
        statements=(*_stated(provenance, book.labels), *_messages(outlines)),
        papers=tuple(
            KeptPaper(each.key, "" if each.code is None else str(each.code), each.label)
            for each in papers
        ),
        references=tuple(sorted(key for key, places in book.cited.items() if places)),
        names=_names(manuscript),
    )


def _outline(manuscript: Manuscript, page: Page, reads: Mapping[str, tuple[str, ...]]) -> Outline:
    run = manuscript.runs.get(page.chapter.path)
    cells = run.cells if run else ()
    written = [cell.markdown for cell in cells if cell.kind != "code"] or [page.source.text]
    made = [cell.markdown for cell in cells if cell.kind == "code"]
    return outline_chapter(page.blocks, Origins.of(written, made), reads)


def _page(manuscript: Manuscript, page: Page, outline: Outline) -> KeptPage:
    run = manuscript.runs.get(page.chapter.path)
    read = {name: digest for name, digest in sorted(run.reads if run else ())
            if not name.startswith(_OURS)}  # fmt: skip
    code = [source for source, _ in _code_cells(manuscript, page.chapter.path)]
    expressions = [value.expression for value in run.values] if run else []
    if SETTINGS in read:
        read[SETTINGS] = _settings(manuscript.book.config)
    return KeptPage(
        page=page.chapter.page,
        source=page.chapter.path,
        title=page.title,
        blocks=tuple(outline.blocks),
        code=tuple(map(_digest, code)),
        last=tuple(_digest(code[at]) for at in last_cells(code, expressions)),
        reads=read,
    )


def _settings(config: Config) -> str:
    """Return a digest of the settings that may be a reason why a chapter says something else."""
    other = {k: value for k, value in config.settings.other.items() if k not in _SAID_ELSEWHERE}
    words = config.metadata.get(LANGUAGE)
    return digest_bytes(repr((config.settings.sections, sorted(other.items()), words)).encode())


def _figure_files(manuscript: Manuscript) -> dict[str, dict[str, Path]]:
    """Return the files that say what a figure shows, by its id and their names."""
    found: dict[str, dict[str, Path]] = {}
    for name, path in sorted(manuscript.figures.items()):
        id = figure_of(path.stem)
        part = path.stem.removeprefix(id).removeprefix("-part-").strip("0123456789")
        if path.suffix in _FILES and not part:
            found.setdefault(id, {})[name] = path
    return found


def _float(
    manuscript: Manuscript, page: Page, outlined: OutlinedFloat, reads: tuple[str, ...],
    figures: Mapping[str, Mapping[str, Path]],
) -> KeptFloat:  # fmt: skip
    files = {name: digest_file(path) for name, path in figures.get(outlined.id, {}).items()}
    mark = f"#{outlined.id}"
    cells = _code_cells(manuscript, page.chapter.path)
    code = next((_digest(code) for code, shown in cells if mark in shown), "")
    return KeptFloat(
        outlined.id, page.chapter.page, outlined.caption, outlined.alt, tuple(outlined.rows),
        code, reads, files,
    )  # fmt: skip


def _code_cells(manuscript: Manuscript, path: str) -> Iterator[tuple[str, str]]:
    """Yield the code of each cell of a chapter, and what it displays as Markdown."""
    for cell in cells_of(manuscript.notebooks.get(path, {"cells": []})):
        if cell["cell_type"] == "code":
            yield text_of(cell), "".join(_displayed(cell))


def _displayed(cell: Mapping[str, Plain]) -> Iterator[str]:
    for output in map(as_mapping, as_list(cell.get("outputs"))):
        yield from map(as_text, as_list(as_mapping(output.get("data")).get("text/markdown")))


def _stated(provenance: Provenance, labels: Labels) -> Iterator[KeptStatement]:
    """Yield the findings that the edition tells or lists, and its published numbers."""
    for each in provenance.findings:
        codes = tuple(str(paper.code) for paper in (*each.papers, *each.against))
        yield KeptStatement("finding", each.statement, each.id, each.page, codes)
    for claim in provenance.claims:
        text = labels.fill("diff-claim", statement=claim.statement, published=claim.published,
                           computed=claim.text or labels["provenance-not-checkable"])  # fmt: skip
        yield KeptStatement("published number", text, claim.id)


def _column(read: ColumnRead) -> str:
    return f"{read.file}:{read.column}" if read.column else read.file


def _columns(root: Path, provenance: Provenance) -> Iterator[tuple[str, str]]:
    """Yield the digest of each column that something was made from, with its rows' keys."""
    asked: dict[str, set[str]] = {}
    for read in (read for each in provenance.made for read in each.reads):
        if read.column and read.file.endswith(".csv") and (root / read.file).is_file():
            asked.setdefault(read.file, set()).add(read.column)
    for file, names in sorted(asked.items()):
        text = (root / file).read_text(encoding="utf-8-sig")
        head, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
        for name in sorted(names.intersection(head)):
            at = head.index(name)
            cells = [(row[:1], row[at : at + 1]) for row in rows]
            yield f"{file}:{name}", _digest(repr(cells))


def _messages(outlines: list[tuple[Page, Outline]]) -> Iterator[KeptStatement]:
    for page, outline in outlines:
        for text in outline.messages:
            yield KeptStatement("key message", text, page=page.chapter.page)


def _names(manuscript: Manuscript) -> dict[str, str]:
    """Return the words for which `@id` and `@key` stand in texts."""
    book = manuscript.book
    named = {
        key: f"[{each.code}]" if each.group == "included" and each.code is not None else each.short
        for key, each in manuscript.references.references.items()
        if book.cited.get(key)
    }
    for name, target in book.targets.items():
        words = book.labels.of_kind(target.kind)
        named[name] = f"{words} {target.number}" if target.number else target.title
    return dict(sorted(named.items()))


def _sources(manuscript: Manuscript) -> dict[str, str]:
    """Return the digests of the files of the review that an edition is made from."""
    config = manuscript.book.config
    paths = {*config.sources, *config.bibliography, config.root / "_brand.yml"}
    paths |= {config.root / page.chapter.path for page in manuscript.book.pages}
    paths |= {config.root / path for path in manuscript.runs}
    paths |= {config.root / name for run in manuscript.runs.values() for name, _ in run.reads}
    if config.csl:
        paths.add(config.csl)
    within = (path for path in paths if path.is_file() and path.is_relative_to(config.root))
    return {path.relative_to(config.root).as_posix(): digest_file(path) for path in sorted(within)}


def _digest(code: str) -> str:
    return digest_bytes(code.encode())[:16]
