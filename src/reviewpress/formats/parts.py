"""A book in parts: each chapter written by itself, for the formats that are one file."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.title_block import author_notes
from reviewpress.assemble.translations import Translation, address_of
from reviewpress.config import Config
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError
from reviewpress.formats.citations import SetCitations, page_citations
from reviewpress.formats.documents import part_blocks, part_key
from reviewpress.formats.finding_links import findings_in_part
from reviewpress.formats.objects import HTML, TYPST, Format
from reviewpress.formats.status import edition_status
from reviewpress.formats.writers import Draft
from reviewpress.labels import Labels
from reviewpress.languages import base_of
from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_parts
from reviewpress.store.kinds import Kind


def chapter_part(
    manuscript: Manuscript,
    digest: bytes,
    citations: SetCitations,
    page: Page,
    findings: Mapping[str, Mapping[str, str]],
    *,
    made: Format,
    kind: Kind,
) -> Draft:
    """Return one chapter as a part of a one-file format, without what stands around it.

    `digest` is that of the extension, and `findings` the places of all, each taken once.
    """
    book = manuscript.book
    metadata = book_metadata(book) | page_citations(manuscript, citations, page, made)
    metadata |= {"reviewpress-findings": findings_in_part(findings, page)}
    source = digest_parts([ast.to_json(metadata), part_key(manuscript, page, made)])
    kept = kind.place(book.config.store, [digest, source.encode()])

    def make() -> str:
        return ast.dump(part_blocks(manuscript, page, made), metadata, book.api_version)

    return Draft(kept, source, make, page.chapter.path)


def book_metadata(book: Book) -> dict[str, Plain]:
    """Return what a document says of itself, empty values left out."""
    config = book.config
    status = edition_status(config, book.labels)
    metadata: dict[str, Plain] = {
        "title": config.title,
        "subtitle": config.subtitle,
        "author": config.author_names,
        "author-notes": list(author_notes(config.authors, book.labels)),
        "status": status.words if status else "",
        "newer": status.address if status else "",
        "date": config.date,
        "lang": config.lang,
        "reviewpress-labels": dict(book.labels),
        "edition": config.profile,
    }
    metadata |= config.publication.facts
    return {key: value for key, value in metadata.items() if value not in ("", None, [])}


def files_in_other_languages(
    config: Config, translations: Sequence[Translation], format: Format
) -> list[dict[str, str]]:
    """Return what a document says of its like in other languages, with their addresses."""
    ending = format.ending
    return [
        {
            "lang": base_of(other.lang),
            "name": other.name,
            "title": other.config.title,
            "href": other.address(config, other.config.file_name(ending), config.file_name(ending)),
        }
        for other in translations
        if format in other.config.made
    ]


def files_of_other_editions(
    config: Config,
    labels: Labels,
    companions: Sequence[Config],
    translations: Sequence[Translation],
    format: Format,
) -> list[dict[str, str]]:
    """Return the same of all editions: report and summary lead to each other, and translations.

    What is superseded leads to the newer version first. An edition that has no such file is led to
    as a PDF, or as pages.
    """
    here = config.file_name(format.ending)
    status = edition_status(config, labels)
    newer = {"lang": base_of(config.lang), "name": labels["read-newer"]}
    newer |= dict.fromkeys(("title", "href"), status.address if status else "")
    others = [
        {
            "lang": base_of(other.lang),
            "name": edition_name(config, labels, other),
            "title": other.title,
            "href": address_of(other, file, config, here),
        }
        for other in companions
        if (file := _file_of(other, format))
    ]
    first = [newer] if newer["href"] else []
    return [*first, *others, *files_in_other_languages(config, translations, format)]


def _file_of(other: Config, format: Format) -> str:
    for each in (format, TYPST):
        if each in other.made:
            return other.file_name(each.ending)
    return "index.html" if HTML in other.made else ""


def edition_name(config: Config, labels: Labels, other: Config) -> str:
    """Return what an edition is called: by its label, else its subtitle, else its profile."""
    label = f"edition-{other.profile}"
    if label in labels:
        return labels[label]
    return other.subtitle if other.subtitle != config.subtitle else other.profile


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
                f'the date "{config.date}" is not a date.', hint="Write it as in 2026-11-22."
            ) from None
        return datetime(1980, 1, 1, tzinfo=UTC)


def timestamp_text(config: Config) -> str:
    """Return that time as a document states it."""
    return document_time(config).isoformat()
