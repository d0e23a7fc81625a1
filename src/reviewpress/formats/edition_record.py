"""The record of an edition, `edition.json`, made from the book that its pages are made from."""

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
    Statement,
    edition_text,
)
from reviewpress.engine import Manuscript
from reviewpress.evidence.data import FINDINGS
from reviewpress.evidence.findings import Finding, read_findings
from reviewpress.figures.published import figure_of
from reviewpress.formats.status import corrections
from reviewpress.notebooks.document import cells_of, text_of
from reviewpress.programs.repository import last_commit
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.digests import digest_bytes, digest_file
from reviewpress.store.versions import installed
from reviewpress.tables.reader import read_table
from reviewpress.tables.schema import read_schema

_FILES = (".svg", ".csv")
"""The files of a figure that say what it shows: PNG files are made of the same."""
_OURS = "_extensions/"


def write_edition_record(manuscript: Manuscript, folder: Path) -> None:
    """Write it into the folder of an edition."""
    (folder / EDITION).write_bytes(edition_text(record_edition(manuscript)))


def record_edition(manuscript: Manuscript) -> EditionRecord:
    """Return what an edition says and shows."""
    book = manuscript.book
    config, given = book.config, book.config.publication
    outlines = [(page, _outline(manuscript, page)) for page in book.pages]
    sources = _sources(manuscript)
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
        errata=tuple(as_text(each["text"]) for each in corrections(config, book.labels)),
        pages=tuple(_page(manuscript, page, outline) for page, outline in outlines),
        floats=tuple(
            _float(manuscript, page, each) for page, outline in outlines for each in outline.floats
        ),
        statements=(*_findings(manuscript), *_messages(outlines)),
        papers=tuple(
            KeptPaper(each.key, "" if each.code is None else str(each.code), each.label)
            for each in papers
        ),
        references=tuple(sorted(key for key, places in book.cited.items() if places)),
        names=_names(manuscript),
    )


def _outline(manuscript: Manuscript, page: Page) -> Outline:
    run = manuscript.runs.get(page.chapter.path)
    cells = run.cells if run else ()
    written = [cell.markdown for cell in cells if cell.kind != "code"] or [page.source.text]
    made = [cell.markdown for cell in cells if cell.kind == "code"]
    return outline_chapter(page.blocks, Origins.of(written, made))


def _page(manuscript: Manuscript, page: Page, outline: Outline) -> KeptPage:
    run = manuscript.runs.get(page.chapter.path)
    return KeptPage(
        page=page.chapter.page,
        source=page.chapter.path,
        title=page.title,
        blocks=tuple(outline.blocks),
        code=tuple(_digest(code) for code, _ in _code_cells(manuscript, page.chapter.path)),
        reads={name: read for name, read in sorted(run.reads) if not name.startswith(_OURS)}
        if run
        else {},
    )


def _float(manuscript: Manuscript, page: Page, outlined: OutlinedFloat) -> KeptFloat:
    files = {
        name: digest_file(path)
        for name, path in sorted(manuscript.figures.items())
        if path.suffix in _FILES and figure_of(path.stem) == outlined.id
        and path.stem.removeprefix(outlined.id).removeprefix("-part-").strip("0123456789") == ""
    }  # fmt: skip
    mark = f"#{outlined.id}"
    cells = _code_cells(manuscript, page.chapter.path)
    code = next((_digest(code) for code, shown in cells if mark in shown), "")
    return KeptFloat(
        outlined.id, page.chapter.page, outlined.caption, outlined.alt, tuple(outlined.rows),
        code, files,
    )  # fmt: skip


def _code_cells(manuscript: Manuscript, path: str) -> Iterator[tuple[str, str]]:
    """Yield the code of each cell of a chapter, and what it displays as Markdown."""
    for cell in cells_of(manuscript.notebooks.get(path, {"cells": []})):
        if cell["cell_type"] == "code":
            yield text_of(cell), "".join(_displayed(cell))


def _displayed(cell: Mapping[str, Plain]) -> Iterator[str]:
    for output in map(as_mapping, as_list(cell.get("outputs"))):
        yield from map(as_text, as_list(as_mapping(output.get("data")).get("text/markdown")))


def _findings(manuscript: Manuscript) -> Iterator[Statement]:
    """Yield the findings that the edition tells or lists; where it marks none, all there are."""
    pages = manuscript.book.pages
    told = {
        name: page.chapter.page for page in reversed(pages) for name in (*page.rows, *page.tells)
    }
    for finding in _table_of_findings(manuscript.book.config).values():
        if finding.id in told or not told:
            codes = tuple(map(str, finding.codes))
            page = told.get(finding.id, "")
            yield Statement("finding", finding.statement, finding.id, page, codes)


def _table_of_findings(config: Config) -> Mapping[str, Finding]:
    path = config.root / config.settings.schema
    if not path.is_file():
        return {}
    schema = read_schema(path, config.root, config.lang)
    table = schema.tables.get(FINDINGS)
    if table is None or not (schema.folder / table.path).is_file():
        return {}
    return read_findings(read_table(schema.folder / table.path, table, config.root), tuple)


def _messages(outlines: list[tuple[Page, Outline]]) -> Iterator[Statement]:
    for page, outline in outlines:
        for text in outline.messages:
            yield Statement("key message", text, page=page.chapter.page)


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
