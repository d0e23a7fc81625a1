"""EPUB 3: an edition as chapters of XHTML in one file, as EPUB Accessibility 1.1 asks for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree

from reviewpress import brand as brands
from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.links import relative
from reviewpress.errors import EngineError, Place
from reviewpress.formats.citations import page_citations
from reviewpress.formats.documents import (
    copy_images,
    has_reference_list,
    page_blocks,
    page_key,
    part_of,
)
from reviewpress.formats.epub_package import pack_epub
from reviewpress.formats.epub_pages import EpubChapter, finish_chapter
from reviewpress.formats.inline_charts import inline_charts, reader_of
from reviewpress.formats.making import Finish, Making
from reviewpress.formats.objects import EPUB
from reviewpress.formats.parts import book_metadata, timestamp_text
from reviewpress.formats.typefaces import page_fonts
from reviewpress.formats.writers import Draft
from reviewpress.shapes import Plain
from reviewpress.store.kinds import EPUB_FILES, EPUB_PAGES

_TEMPLATE = "epub/page.xhtml"
_STYLES = "epub/epub.css"


def begin_epub_file(making: Making) -> Finish:
    """Begin the EPUB; what comes back puts it in its place."""
    book = making.manuscript.book
    copy_images(making.manuscript, making.work)
    digest = making.extension.digest().encode()
    drafts = [_draft(making, digest, page) for page in book.pages]
    return making.put(
        making.writers.begin(
            drafts, to=EPUB.writer, written="html5", extension=making.extension,
            root=book.config.root, template=making.extension.file(_TEMPLATE),
            then=lambda: _pack(making, digest, drafts),
        )
    )  # fmt: skip


def _draft(making: Making, digest: bytes, page: Page) -> Draft:
    """Return a chapter as a document of its own."""
    manuscript = making.manuscript
    book = manuscript.book
    metadata = (
        book_metadata(book)
        | page_citations(manuscript, making.citations, page, EPUB)
        | _about_page(book, page)
    )
    source = [digest, ast.to_json(metadata), page_key(manuscript, page, EPUB)]
    kept = EPUB_PAGES.place(book.config.store, source)

    def make() -> str:
        blocks = page_blocks(manuscript, page, EPUB)
        return ast.dump(blocks, metadata, list(book.api_version))

    return Draft(kept, kept.stem, make, page.chapter.path)


def _about_page(book: Book, page: Page) -> dict[str, Plain]:
    """Return what the template is told of a chapter; `role` and `type` are those of DPUB-ARIA."""
    here = EPUB.page_name(page.chapter.page)
    kind = "appendix" if page.chapter.appendix else "chapter"
    numbered = f"{page.number} {page.title}" if page.number else page.title
    return {
        "pagetitle": f"{numbered} – {book.config.title}",
        "root": relative(here, "x").removesuffix("x"),
        "role": f"doc-{kind}",
        "type": kind,
    }


def _pack(making: Making, digest: bytes, drafts: Sequence[Draft]) -> bytes:
    """Return the EPUB of the chapters; the same of the same ones comes from the store."""
    book = making.manuscript.book
    written = [draft.kept.read_bytes() for draft in drafts]
    files = dict(_assets(making, set(b"".join(written).decode())))
    files |= {name: path.read_bytes() for name, path in _images(making).items()}
    options = book.config.options(EPUB.name)
    parts = [digest, timestamp_text(book.config).encode(), *written]
    parts += [ast.to_json(book_metadata(book)), repr(options.data).encode()]
    parts += [part for name, content in files.items() for part in (name.encode(), content)]

    def make() -> tuple[bytes, bytes]:
        pairs = zip(book.pages, written, strict=True)
        made = pack_epub(book, [_chapter(making, *pair) for pair in pairs], files)
        return made, made

    return EPUB_FILES.get(book.config.store, parts, make=make, read=bytes)


def _images(making: Making) -> dict[str, Path]:
    """Return the pictures by what they are called in the EPUB."""
    work = making.work
    files = sorted(path for path in work.rglob("*") if path.is_file())
    return {EPUB.file_name(path.relative_to(work).as_posix()): path for path in files}


def _assets(making: Making, characters: set[str]) -> Mapping[str, bytes]:
    """Return styles and fonts by what they are called in the EPUB."""
    config, extension = making.manuscript.book.config, making.extension
    brand = extension.brand(config.root)
    added, files = page_fonts(config, extension, brand, characters)
    files = {font.name: font.read_bytes() for font in brands.web_fonts(brand)} | dict(files)
    styles = {
        "assets/brand.css": brands.css(brand, added).encode(),
        "assets/epub.css": extension.file(_STYLES).read_bytes(),
    }
    return styles | {f"assets/fonts/{name}": content for name, content in files.items()}


def _chapter(making: Making, page: Page, written: bytes) -> EpubChapter:
    """Return a chapter as it stands in the EPUB."""
    book = making.manuscript.book
    depth = book.config.options(EPUB.name).number("toc-depth", 2)
    shown = inline_charts(written.decode(), reader_of(making.work, page.chapter.page))
    try:
        tree = etree.fromstring(shown.encode(), etree.XMLParser(no_network=True))
    except etree.XMLSyntaxError as error:
        raise EngineError(
            f"the chapter cannot be XHTML, which an EPUB consists of: {error.msg}.",
            Place(page.chapter.path),
            "HTML of your own has to close every element, as in `<br/>`.",
        ) from None
    name = EPUB.page_name(page.chapter.page)
    return finish_chapter(
        tree, name, folder=str(Path(page.chapter.page).parent), depth=depth,
        part=part_of(book, page) or "", has_references=has_reference_list(page),
    )  # fmt: skip
