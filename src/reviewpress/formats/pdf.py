"""PDF: an edition typeset by Typst, as PDF/UA-1 and PDF/A-2a unless it asks for others."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from reviewpress import brand as brands
from reviewpress.assemble import Book, Page, ast
from reviewpress.engine import Manuscript
from reviewpress.errors import OutOfTime, Place
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations
from reviewpress.formats.documents import copy_images
from reviewpress.formats.finding_links import finding_places
from reviewpress.formats.layout import pdf_standards, typst_metadata
from reviewpress.formats.making import Finish, Making
from reviewpress.formats.objects import TYPST
from reviewpress.formats.parts import (
    book_metadata,
    chapter_part,
    document_time,
    files_of_other_editions,
    timestamp_text,
)
from reviewpress.formats.properties import Properties, document_properties
from reviewpress.formats.typefaces import typst_folders
from reviewpress.formats.typst_errors import explain_refusal
from reviewpress.formats.writers import Writers
from reviewpress.programs.typesetting import LIVING, NotTypeset, Typesetter
from reviewpress.speed.pandoc_pool import write_text
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import PDFS, TYPST_PARTS
from reviewpress.tasks import Folder, Tasks

T = TypeVar("T")

TYPST_TEMPLATE = "typst/book.typ"


def begin_pdf_file(making: Making) -> Finish:
    """Begin the PDF; what comes back puts it in its place."""
    return making.put(
        begin_pdf(
            making.manuscript, making.extension, making.citations, making.work, making.writers
        )
    )


def begin_pdf(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    work: Path,
    writers: Writers,
    *,
    living: bool = False,
) -> Callable[[], bytes]:
    """Begin the edition as a PDF, to be typeset in the folder `work`.

    With `living` a compiler is kept alive for the next change in the same folder. What comes back
    returns the PDF. The same Typst source with the same images comes from the store. Raises
    EngineError with chapter and line where Typst refuses the document, Overtaken where the living
    compiler was stopped.
    """
    copy_images(manuscript, work)
    return begin_typst(
        manuscript, extension, citations, writers,
        then=lambda source, parts: _typeset_or_explain(
            manuscript, extension, work, source, parts, None if living else writers.tasks
        ),
    )  # fmt: skip


def _typeset_or_explain(
    manuscript: Manuscript, extension: Extension, work: Path, source: str, parts: list[str],
    tasks: Tasks | None,
) -> bytes:  # fmt: skip
    book = manuscript.book
    try:
        return _typeset(manuscript, extension, work, source, tasks)
    except NotTypeset as error:
        raise explain_refusal(error, book, source, parts) from None
    except OutOfTime as error:
        raise _out_of_time(error, book) from None


def _out_of_time(error: OutOfTime, book: Book) -> OutOfTime:
    """Return the error with the chapters in which Typst of the author's may loop, if any has some.

    Typst does not say where it was.
    """
    name, seconds, _, _ = error.args
    here = [page.chapter.path for page in book.pages if holds_typst(page)]
    if len(here) == 1:
        return OutOfTime(name, seconds, Place(here[0]), "Look for a loop in its raw Typst.")
    place = Place(f"{book.config.profile}.pdf")
    hint = f"Look for a loop in the raw Typst of {', '.join(here)}." if here else ""
    return OutOfTime(name, seconds, place, hint)


def holds_typst(page: Page) -> bool:
    """Say whether a chapter holds Typst of its author's."""
    return "{=typst}" in page.source.text or "typst:" in page.source.text


def _typeset(
    manuscript: Manuscript, extension: Extension, work: Path, source: str, tasks: Tasks | None
) -> bytes:
    """Return the PDF, typeset by one of the `tasks`; without them by a compiler that lives on."""
    config = manuscript.book.config
    brand = extension.brand(config.root)
    # The mark of a file's encoding, which nobody sees, and which no PDF for archives may have.
    source = source.replace("\ufeff", "")
    families, fonts = typst_folders(config, extension, brand, source, work)
    brand_file = brands.typst(brand, families, config.lang)
    (work / "brand.typ").write_text(brand_file, encoding="utf-8")
    (work / "book.typ").write_text(source, encoding="utf-8")
    standards = pdf_standards(config)
    parts = [extension.digest().encode(), timestamp_text(config).encode()]
    properties = document_properties(config, TYPST.ending)
    parts += [name.encode() for name in standards]
    parts += [repr(properties).encode()]
    parts += [
        part
        for path in sorted(work.rglob("*"))
        if path.is_file() and path.suffix != ".pdf"
        for part in (path.relative_to(work).as_posix().encode(), digest_file(path).encode())
    ]

    def make() -> tuple[bytes, bytes]:
        book, made = work / "book.typ", document_time(config)
        seconds = config.limits.program(len(source))
        if tasks is None:
            pdf = LIVING.typeset(
                book, root=work, fonts=fonts, timestamp=made, seconds=seconds, standards=standards
            )
            finished = _finish(pdf, properties)
            return finished, finished
        folders = [Folder(work, own=True)]
        folders += [Folder(each) for each in fonts if not each.is_relative_to(work)]
        finished = tasks.do(
            "pdf", make_pdf, folders, book, work, list(fonts), made, seconds, standards, properties
        )
        return finished, finished

    return PDFS.get(config.store, parts, make=make, read=bytes)


def make_pdf(
    book: Path, root: Path, fonts: Sequence[Path], made: datetime, seconds: float,
    standards: Sequence[str], properties: Properties,
) -> bytes:  # fmt: skip
    """Return the PDF of a Typst file, with what Typst leaves out of it.

    Raises NotTypeset with Typst's message and hints, OutOfTime where it takes more than `seconds`.
    """
    with Typesetter() as typesetter:
        pdf = typesetter.typeset(
            book, root=root, fonts=fonts, timestamp=made, seconds=seconds, standards=standards
        )
    return _finish(pdf, properties)


def _finish(pdf: bytes, properties: Properties) -> bytes:
    # Not with the module: pikepdf takes long to load, and only a new PDF needs it.
    from reviewpress.formats.pdf_tags import finish_pdf

    return finish_pdf(pdf, properties)


def keep_typesetter_ready(manuscript: Manuscript, extension: Extension, work: Path) -> None:
    """Typeset the document in `work` once, if the living typesetter does not know it.

    A PDF that came from the store leaves the typesetter cold, and the next change would wait for
    the whole document.
    """
    config = manuscript.book.config
    source = (work / "book.typ").read_text(encoding="utf-8")
    brand = extension.brand(config.root)
    _, fonts = typst_folders(config, extension, brand, source, work)
    if not LIVING.knows(work / "book.typ", root=work, fonts=fonts):
        LIVING.typeset(
            work / "book.typ", root=work, fonts=fonts, timestamp=document_time(config),
            seconds=config.limits.program(len(source)),
        )  # fmt: skip


def begin_typst(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    writers: Writers,
    then: Callable[[str, list[str]], T],
) -> Callable[[], T]:
    """Begin the whole book as Typst source; what comes back returns what `then` made of it.

    Chapters are written one by one, and those that did not change come from the store. `then` is
    given the source and the parts of it that chapters are, in order.
    """
    book = manuscript.book
    digest = extension.digest().encode()
    findings = finding_places(book, TYPST)
    drafts = [
        chapter_part(manuscript, digest, citations, page, findings, made=TYPST, kind=TYPST_PARTS)
        for page in book.pages
    ]

    def put_together() -> T:
        parts = [draft.kept.read_text(encoding="utf-8").rstrip("\n") for draft in drafts]
        body = {"t": "RawBlock", "c": ["typst", "\n\n".join(parts)]}
        metadata = book_metadata(book) | typst_metadata(
            book.config.options(TYPST.name), book.labels
        )
        others = files_of_other_editions(
            book.config, book.labels, book.companions, book.translations, TYPST
        )
        metadata |= {"hyphenation": True} if book.config.settings.hyphenation else {}
        metadata |= {"translations": [*others]} if others else {}
        document = ast.dump([body], metadata, book.api_version)
        task = {"to": TYPST.writer, "as": TYPST.writer, "folder": str(book.config.root),
                "template": str(extension.file(TYPST_TEMPLATE)),
                "filters": [str(path) for path in extension.without_own().filters]}  # fmt: skip
        return then(write_text(document, task, limits=book.config.limits), parts)

    return writers.begin(
        drafts, to=TYPST.writer, extension=extension, root=book.config.root, then=put_together
    )
