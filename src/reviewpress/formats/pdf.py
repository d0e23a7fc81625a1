"""The formats that are one file: PDF by Typst, and Word."""

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from reviewpress import brand as brands
from reviewpress.assemble import Book, Page, ast
from reviewpress.config import Config
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations, page_citations
from reviewpress.formats.documents import (
    check_word_images,
    copy_images,
    part_blocks,
    part_key,
)
from reviewpress.formats.pdf_tags import mark_row_headers
from reviewpress.formats.word_document import finish_word
from reviewpress.formats.word_styles import brand_reference
from reviewpress.formats.writers import Draft, Writers, writer_identity
from reviewpress.labels import Labels
from reviewpress.programs.pandoc_pool import write_text
from reviewpress.programs.tools import run_pandoc
from reviewpress.programs.typesetting import Typesetter, is_ready, typeset
from reviewpress.store.files import digest_file, digest_parts, mark_used, write_cached

T = TypeVar("T")

TYPST_TEMPLATE = "typst/book.typ"
REFERENCE_DOCX = "docx/reference.docx"


def begin_pdf(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    work: Path,
    writers: Writers,
    *,
    living: bool = False,
) -> Callable[[], bytes]:
    """Begin the edition as PDF/UA-1 and PDF/A-2a, to be typeset in the folder `work`.

    With `living` a compiler is kept alive for the next change in the same folder. What comes back
    returns the PDF. The same Typst source with the same images comes from the store. Raises
    EngineError with Typst's own words where it refuses the document.
    """
    copy_images(manuscript, work)
    return begin_typst(
        manuscript, extension, citations, writers,
        then=lambda source: _typeset(manuscript, extension, work, source, living=living),
    )  # fmt: skip


def _typeset(
    manuscript: Manuscript, extension: Extension, work: Path, source: str, *, living: bool
) -> bytes:
    config = manuscript.book.config
    (work / "brand.typ").write_text(brands.typst(extension.brand(config.root)), encoding="utf-8")
    (work / "book.typ").write_text(source, encoding="utf-8")
    parts = [_identity(extension), _timestamp_text(config).encode()]
    parts += [
        part
        for path in sorted(work.rglob("*"))
        if path.is_file() and path.suffix != ".pdf"
        for part in (path.relative_to(work).as_posix().encode(), digest_file(path).encode())
    ]
    kept = config.store / "pdf" / f"{digest_parts(parts)}.pdf"
    if not mark_used(kept):
        fonts = extension.brand(config.root).font_folders
        book, made = work / "book.typ", document_time(config)
        if living:
            pdf = typeset(book, root=work, fonts=fonts, timestamp=made)
        else:
            seconds = config.limits.program(len(source))
            pdf = Typesetter().typeset(
                book, root=work, fonts=fonts, timestamp=made, seconds=seconds
            )
        write_cached(kept, mark_row_headers(pdf))
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


def begin_typst(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    writers: Writers,
    then: Callable[[str], T],
) -> Callable[[], T]:
    """Begin the whole book as Typst source; what comes back returns what `then` made of it.

    Chapters are written one by one, and those that did not change come from the store.
    """
    book = manuscript.book
    identity = _identity(extension)
    drafts = [
        _part(manuscript, identity, citations, page, name="typst", ending="typ")
        for page in book.pages
    ]

    def put_together() -> T:
        parts = [draft.kept.read_text(encoding="utf-8").rstrip("\n") for draft in drafts]
        body = {"t": "RawBlock", "c": ["typst", "\n\n".join(parts)]}
        document = ast.dump([body], _metadata(book), book.api_version)
        task = {"to": "typst", "as": "typst", "folder": str(book.config.root),
                "template": str(extension.file(TYPST_TEMPLATE)),
                "filters": [str(path) for path in extension.filters]}  # fmt: skip
        return then(write_text(document, task, limits=book.config.limits))

    return writers.begin(
        drafts, to="typst", extension=extension, root=book.config.root, then=put_together
    )


def begin_docx(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    work: Path,
    writers: Writers,
) -> Callable[[], bytes]:
    """Begin the edition as a Word file in the review's styles; what comes back returns it.

    The filters go over each chapter by itself, so that only those that changed are done again.
    """
    book = manuscript.book
    check_word_images(manuscript)
    copy_images(manuscript, work, beside=[".png"])
    identity = _identity(extension)
    drafts = [_front(book, identity)]
    drafts += [
        _part(manuscript, identity, citations, page, name="docx", ending="json")
        for page in book.pages
    ]
    return writers.begin(
        drafts, to="docx", as_parts=True, extension=extension, root=book.config.root,
        then=lambda: _write_docx(book, extension, drafts, work),
    )  # fmt: skip


def _write_docx(book: Book, extension: Extension, drafts: Sequence[Draft], work: Path) -> bytes:
    config = book.config
    images = sorted(path for path in work.rglob("*.png") if path.is_file())
    brand = brands.css(extension.brand(config.root))
    parts = [_identity(extension), _timestamp_text(config).encode(), brand.encode()]
    parts += [draft.kept.name.encode() for draft in drafts]
    parts += [digest_file(path).encode() for path in images]
    kept = config.store / "docx" / f"{digest_parts(parts)}.docx"
    if not mark_used(kept):
        target = work / "book.docx"
        reference = work / "reference.docx"
        base = extension.file(REFERENCE_DOCX).read_bytes()
        reference.write_bytes(brand_reference(base, extension.brand(config.root)))
        # Pandoc joins the blocks of all, and keeps what the last says of the document.
        files = [str(draft.kept) for draft in (*drafts[1:], drafts[0])]
        arguments = ["--from", "json", "--to", "docx", f"--reference-doc={reference}",
                     f"--resource-path={work}", f"--output={target}", *files]  # fmt: skip
        size = sum(draft.kept.stat().st_size for draft in drafts)
        run_pandoc(arguments, "", folder=work, seconds=config.limits.program(size))
        write_cached(kept, finish_docx(config, book.labels, target.read_bytes()))
    return kept.read_bytes()


def _front(book: Book, identity: bytes) -> Draft:
    """Return the metadata of a Word file, which the filters complete."""
    source = ast.dump([], _metadata(book), book.api_version)
    key = digest_parts([identity, source.encode()])
    return Draft(book.config.store / "docx" / f"{key}.json", key, lambda: source)


def _part(
    manuscript: Manuscript,
    identity: bytes,
    citations: SetCitations,
    page: Page,
    *,
    name: str,
    ending: str,
) -> Draft:
    """Return one chapter as a part of a one-file format, without what stands around it."""
    book = manuscript.book
    metadata = _metadata(book) | page_citations(manuscript, citations, page, from_page=None)
    source = digest_parts([ast.to_json(metadata), part_key(manuscript, page, name)])
    kept = book.config.store / name / f"{digest_parts([identity, source.encode()])}.{ending}"

    def make() -> str:
        return ast.dump(part_blocks(manuscript, page, name), metadata, book.api_version)

    return Draft(kept, source, make, page.chapter.path)


def _identity(extension: Extension) -> bytes:
    """Return what changes when other files are made of the same book."""
    return f"{extension.identity()} {writer_identity()}".encode()


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
