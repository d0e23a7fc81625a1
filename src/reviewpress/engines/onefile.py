"""The formats that are one file: PDF by Typst, and Word."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reviewpress import brand as brands
from reviewpress.assemble import Book, Page, ast
from reviewpress.config import Config
from reviewpress.engines import Manuscript
from reviewpress.engines.citations import SetCitations, book_citations, page_citations
from reviewpress.engines.documents import (
    book_blocks,
    check_word_images,
    copy_images,
    part_blocks,
    part_key,
)
from reviewpress.engines.writing import Draft, begin_drafts, writer_identity
from reviewpress.errors import ConfigError
from reviewpress.extension import Extension
from reviewpress.files import digest, digest_file, mark_used, write_atomically
from reviewpress.labels import Labels
from reviewpress.pdftags import mark_row_headers
from reviewpress.tools import run_pandoc
from reviewpress.typesetting import is_ready, typeset
from reviewpress.worddocument import finish_word
from reviewpress.wordstyles import brand_reference

TYPST_TEMPLATE = "typst/book.typ"
REFERENCE_DOCX = "docx/reference.docx"


def render_pdf(
    manuscript: Manuscript, extension: Extension, citations: SetCitations, work: Path
) -> bytes:
    """Return the edition as PDF/UA-1 and PDF/A-2a, typeset in the folder `work`.

    The same Typst source with the same images comes from the store. Raises EngineError with
    Typst's own words where it refuses the document.
    """
    book = manuscript.book
    config = book.config
    copy_images(manuscript, work, beside=False)
    source = typst_source(manuscript, extension, citations)
    (work / "brand.typ").write_text(brands.typst(extension.brand(config.root)), encoding="utf-8")
    (work / "book.typ").write_text(source, encoding="utf-8")
    identity = f"{extension.identity()} {writer_identity()}"
    parts = [identity.encode(), _timestamp_text(config).encode()]
    parts += [
        part
        for path in sorted(work.rglob("*"))
        if path.is_file() and path.suffix != ".pdf"
        for part in (path.relative_to(work).as_posix().encode(), digest_file(path).encode())
    ]
    kept = config.store / "pdf" / f"{digest(parts)}.pdf"
    if not mark_used(kept):
        fonts = extension.brand(config.root).font_folders
        pdf = typeset(work / "book.typ", root=work, fonts=fonts, timestamp=document_time(config))
        write_atomically(kept, mark_row_headers(pdf))
    return kept.read_bytes()


def keep_typesetter_ready(manuscript: Manuscript, extension: Extension, work: Path) -> None:
    """Typeset the document in `work` once, if that has not been done in this process.

    A PDF that came from the store leaves the typesetter cold, and the next change would wait for
    the whole document.
    """
    config = manuscript.book.config
    fonts = extension.brand(config.root).font_folders
    if not is_ready(work / "book.typ", root=work, fonts=fonts):
        typeset(work / "book.typ", root=work, fonts=fonts, timestamp=document_time(config))


def typst_source(manuscript: Manuscript, extension: Extension, citations: SetCitations) -> str:
    """Return the whole book as Typst source.

    Chapters are written one by one, and those that did not change come from the store.
    """
    book = manuscript.book
    identity = f"{extension.identity()} {writer_identity()}".encode()
    drafts = [_typst_part(manuscript, citations, identity, page) for page in book.pages]
    begin_drafts(drafts, to="typst", extension=extension, root=book.config.root)()
    parts = [draft.kept.read_text(encoding="utf-8").rstrip("\n") for draft in drafts]
    body = {"t": "RawBlock", "c": ["typst", "\n\n".join(parts)]}
    document = ast.dump([body], _metadata(book), list(book.api_version))
    template = extension.file(TYPST_TEMPLATE)
    arguments = ["--from", "json", "--to", "typst", "--wrap=preserve", "--standalone",
                 f"--template={template}"]  # fmt: skip
    arguments += [f"--lua-filter={path}" for path in extension.filters]
    return run_pandoc(arguments, document, folder=book.config.root)


def _typst_part(
    manuscript: Manuscript, citations: SetCitations, identity: bytes, page: Page
) -> Draft:
    """Return one chapter, to be written as Typst source without the template."""
    book = manuscript.book
    metadata = _metadata(book) | page_citations(manuscript, citations, page, from_page=None)
    key = digest([identity, json.dumps(metadata).encode(), part_key(manuscript, page, "typst")])
    kept = book.config.store / "typst" / f"{key}.typ"

    def make() -> str:
        blocks = part_blocks(manuscript, page, "typst")
        return ast.dump(blocks, metadata, list(book.api_version))

    return Draft(kept, make)


def render_docx(
    manuscript: Manuscript, extension: Extension, citations: SetCitations, work: Path
) -> bytes:
    """Return the edition as a Word file in the review's styles."""
    config = manuscript.book.config
    check_word_images(manuscript)
    copy_images(manuscript, work, beside=True)
    document = _document(manuscript, citations, "docx")
    images = sorted(path for path in work.rglob("*.png") if path.is_file())
    brand = brands.css(extension.brand(config.root))
    identity = f"{extension.identity()} {writer_identity()}"
    parts = [identity, document, _timestamp_text(config), brand]
    kept = (
        config.store
        / "docx"
        / f"{digest([*(part.encode() for part in parts), *(p.read_bytes() for p in images)])}.docx"
    )
    if not mark_used(kept):
        target = work / "book.docx"
        reference = work / "reference.docx"
        base = extension.file(REFERENCE_DOCX).read_bytes()
        reference.write_bytes(brand_reference(base, extension.brand(config.root)))
        arguments = ["--from", "json", "--to", "docx", f"--reference-doc={reference}",
                     f"--resource-path={work}", f"--output={target}"]  # fmt: skip
        arguments += [f"--lua-filter={path}" for path in extension.filters]
        run_pandoc(arguments, document, folder=work)
        labels = manuscript.book.labels
        write_atomically(kept, finish_docx(config, labels, target.read_bytes()))
    return kept.read_bytes()


def finish_docx(config: Config, labels: Labels, document: bytes) -> bytes:
    """Return pandoc's Word file with what it lacks, and the facts of the edition in front."""
    given = config.settings.other
    line = [str(given["publisher"])] if given.get("publisher") else []
    line += [labels.fill("version", version=given["version"])] if given.get("version") else []
    facts = [" · ".join(line), f"DOI {given['doi']}" if given.get("doi") else ""]
    facts.append(str(given.get("licence") or ""))
    made = document_time(config)
    return finish_word(document, labels, [*filter(None, facts)], made, config.lang)


def document_time(config: Config) -> datetime:
    """Return the time that a document says it was made: its date, or SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return datetime.fromtimestamp(int(epoch), UTC)
    try:
        return datetime.fromisoformat(config.date).replace(tzinfo=UTC)
    except ValueError:
        if config.date:
            raise ConfigError(
                f'the date "{config.date}" is no date.', hint="Write it as in 2026-11-22."
            ) from None
        return datetime(1980, 1, 1, tzinfo=UTC)


def _timestamp_text(config: Config) -> str:
    return document_time(config).isoformat()


def _document(manuscript: Manuscript, citations: SetCitations, name: str) -> str:
    book = manuscript.book
    blocks = book_blocks(manuscript, name)
    metadata = _metadata(book) | book_citations(manuscript, citations)
    return ast.dump(blocks, metadata, list(book.api_version))


def _metadata(book: Book) -> dict[str, Any]:
    config = book.config
    metadata: dict[str, Any] = {
        "title": config.title,
        "subtitle": config.subtitle,
        "author": list(config.authors),
        "date": config.date,
        "lang": config.lang,
        "reviewpress-labels": dict(book.labels),
        "edition": config.profile,
    }
    for key in ("version", "licence", "licence-url", "publisher", "doi", "url"):
        if key in config.settings.other:
            metadata[key] = str(config.settings.other[key])
    return {key: value for key, value in metadata.items() if value not in ("", None, [])}
