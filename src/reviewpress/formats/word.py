"""Word: an edition as one .docx file, in the review's styles."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reviewpress import brand as brands
from reviewpress.assemble import Book, ast
from reviewpress.assemble.title_block import author_notes
from reviewpress.assemble.translations import find_companions, find_translations
from reviewpress.config import Config
from reviewpress.engine import Manuscript
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations
from reviewpress.formats.documents import copy_images
from reviewpress.formats.finding_links import finding_places
from reviewpress.formats.layout import lists_of
from reviewpress.formats.making import Finish, Making
from reviewpress.formats.objects import DOCX
from reviewpress.formats.parts import (
    book_metadata,
    chapter_part,
    document_time,
    files_of_other_editions,
    timestamp_text,
)
from reviewpress.formats.properties import document_properties
from reviewpress.formats.status import edition_status
from reviewpress.formats.writers import Draft, Writers
from reviewpress.labels import Labels
from reviewpress.programs.libreoffice import find_libreoffice, libreoffice_version
from reviewpress.programs.tools import run_pandoc
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import WORD_FILES, WORD_PARTS
from reviewpress.tasks import Folder, Tasks

REFERENCE_DOCX = "docx/reference.docx"
_REFERENCE = "reference.docx"


def begin_word_file(making: Making) -> Finish:
    """Begin the Word file; what comes back puts it in its place."""
    return making.put(
        begin_docx(
            making.manuscript, making.extension, making.citations, making.work, making.writers
        )
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
    copy_images(manuscript, work, beside=[f".{DOCX.image}"])
    digest = extension.digest().encode()
    findings = finding_places(book, DOCX)
    front = _front(book, digest)
    # Filters of the review's own see chapters, not what stands before them.
    wait = writers.begin(
        [front], to=DOCX.writer, as_parts=True, extension=extension.without_own(),
        root=book.config.root, then=lambda: None,
    )  # fmt: skip

    def put_together() -> bytes:
        wait()
        return _write_docx(book, extension, [front, *drafts], work, writers.tasks)

    drafts = [
        chapter_part(manuscript, digest, citations, page, findings, made=DOCX, kind=WORD_PARTS)
        for page in book.pages
    ]
    return writers.begin(
        drafts, to=DOCX.writer, as_parts=True, extension=extension, root=book.config.root,
        then=put_together,
    )  # fmt: skip


def _write_docx(
    book: Book, extension: Extension, drafts: Sequence[Draft], work: Path, tasks: Tasks
) -> bytes:
    config = book.config
    images = sorted(path for path in work.rglob("*.png") if path.is_file())
    brand = brands.css(extension.brand(config.root))
    options = config.options(DOCX.name)
    own = options.text("reference-doc")
    parts = [extension.digest().encode(), timestamp_text(config).encode(), brand.encode()]
    parts += [repr(lists_of(options, book.labels)).encode()]
    parts += [repr(document_properties(config, DOCX.ending)).encode()]
    parts += [digest_file(config.root / own).encode()] if own else []
    parts += [draft.kept.name.encode() for draft in drafts]
    parts += [digest_file(path).encode() for path in images]
    others = files_of_other_editions(config, book.labels, book.companions, book.translations, DOCX)
    parts += [repr(others).encode()] if others else []
    if config.settings.word_page_numbers:
        parts += [libreoffice_version(find_libreoffice("`word-page-numbers`")).encode()]

    def make() -> tuple[bytes, bytes]:
        (work / _REFERENCE).write_bytes(_reference(config, extension))
        # Pandoc joins the blocks of all, and keeps what the last says of the document.
        files = [draft.kept for draft in (*drafts[1:], drafts[0])]
        names = tuple(path.relative_to(config.store).as_posix() for path in files)
        seconds = config.limits.program(sum(path.stat().st_size for path in files))
        made = tasks.do(
            "word", make_word, [Folder(work, own=True), Folder(config.store, names, own=True)],
            work, files, seconds, _finishing(config, book.labels, others),
        )  # fmt: skip
        # Here, and not where the task is done, which need not have LibreOffice.
        made = _with_pages(config, made)
        return made, made

    return WORD_FILES.get(config.store, parts, make=make, read=bytes)


def make_word(
    work: Path, files: Sequence[Path], seconds: float, finish: Mapping[str, Any]
) -> bytes:
    """Return the Word file of parts in pandoc's JSON, with the images and styles in `work`.

    `finish` is what `finish_word` is given beside the file. Raises EngineError with pandoc's own
    words, OutOfTime where it takes more than `seconds`.
    """
    from reviewpress.formats.word_document import finish_word

    target = work / "book.docx"
    arguments = ["--from", "json", "--to", DOCX.writer, f"--reference-doc={work / _REFERENCE}",
                 f"--resource-path={work}", f"--output={target}", *map(str, files)]  # fmt: skip
    run_pandoc(arguments, "", folder=work, seconds=seconds)
    return finish_word(target.read_bytes(), **finish)


def _reference(config: Config, extension: Extension) -> bytes:
    """Return the Word file whose styles are taken: ours, or the author's with what it lacks."""
    # Not with the module: lxml takes time to load, and a file that is kept needs none of it.
    from reviewpress.formats.word_reference import complete_reference
    from reviewpress.formats.word_styles import brand_reference

    base = extension.file(REFERENCE_DOCX).read_bytes()
    ours = brand_reference(base, extension.brand(config.root))
    own = config.options(DOCX.name).text("reference-doc")
    return complete_reference((config.root / own).read_bytes(), own, ours) if own else ours


def _front(book: Book, digest: bytes) -> Draft:
    """Return the metadata of a Word file, which the filters complete."""
    source = ast.dump([], book_metadata(book), book.api_version)
    kept = WORD_PARTS.place(book.config.store, [digest, source.encode()])
    return Draft(kept, kept.stem, lambda: source)


def finish_docx(config: Config, labels: Labels, document: bytes) -> bytes:
    """Return pandoc's Word file with what it lacks, and the facts of the edition in front.

    These lead to other editions, too.
    """
    from reviewpress.formats.word_document import finish_word

    companions, translations = find_companions(config), find_translations(config)
    others = files_of_other_editions(config, labels, companions, translations, DOCX)
    finished = finish_word(document, **_finishing(config, labels, others))
    return _with_pages(config, finished)


def _finishing(
    config: Config, labels: Labels, others: Sequence[Mapping[str, str]]
) -> Mapping[str, Any]:
    """Return what a Word file is completed with, by the names that `finish_word` has for it."""
    from reviewpress.formats.word_document import Link

    given = config.publication
    line = [given.publisher] if given.publisher else []
    line += [labels.fill("version", version=given.version)] if given.version else []
    status = edition_status(config, labels)
    facts = [status.words if status else "", *author_notes(config.authors, labels)]
    facts += [" · ".join(line), f"DOI {given.doi}" if given.doi else ""]
    facts += [f"ISBN {given.isbn}" if given.isbn else "", given.copyright, given.licence]
    facts.append(given.funding)
    links = [
        Link(each["lang"], ": ".join(filter(None, (each["name"], each["title"]))), each["href"])
        for each in others
    ]
    told: list[str | Link] = [*filter(None, facts), *links]
    return {
        "labels": labels, "facts": told, "made": document_time(config), "lang": config.lang,
        "lists": lists_of(config.options(DOCX.name), labels),
        "mark": status.words if status else "",
        "hyphenate": config.settings.hyphenation,
        "described": document_properties(config, DOCX.ending),
    }  # fmt: skip


def _with_pages(config: Config, document: bytes) -> bytes:
    """Return a finished Word file with page numbers in its lists, where the review asks."""
    if not config.settings.word_page_numbers:
        return document
    # As above; and few reviews ask for it.
    from reviewpress.formats.word_pages import find_pages, number_lists

    seconds = config.limits.program(len(document))
    return number_lists(document, lambda counted: find_pages(counted, seconds=seconds))
