"""How to cite an edition: in words, and in files for reference managers."""

import re
from pathlib import Path

from reviewpress.assemble import Book
from reviewpress.bibliography.bibtex import write_bibtex
from reviewpress.bibliography.entries import Entry, Name
from reviewpress.bibliography.exports import write_ris
from reviewpress.bibliography.latex import encode_latex
from reviewpress.config import default_profile
from reviewpress.config.authors import Author
from reviewpress.identifiers import plain_letters


def citation_text(book: Book) -> str:
    """Return how to cite the edition, in words."""
    config = book.config
    given = config.publication
    year = config.date[:4]
    authors = ", ".join(author.name for author in config.authors)
    named = f"{authors} ({year})" if year else authors
    parts = [named, full_title(book), version_words(book), given.publisher]
    told = " ".join(
        part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part
    )
    return f"{told} {given.address}" if given.address else told


def write_citation_files(book: Book, folder: Path) -> None:
    """Write how to cite the edition, as BibTeX and as RIS: persons as persons, bodies as bodies."""
    edition = {"edition": book.config.publication.version}
    note = {"note": version_words(book)}
    (folder / "citation.bib").write_text(write_bibtex([_entry(book, note)]), encoding="utf-8")
    (folder / "citation.ris").write_text(write_ris([_entry(book, edition)]), encoding="utf-8")


def full_title(book: Book) -> str:
    """Return title and subtitle as one text."""
    config = book.config
    separator = " " if config.title.endswith(("?", "!")) else book.labels["caption-separator"]
    return separator.join(part for part in (config.title, config.subtitle) if part)


def version_words(book: Book) -> str:
    """Return "Version 1.0" in the edition's language; empty where it has none."""
    version = book.config.publication.version
    return book.labels.fill("version", version=version) if version else ""


def _entry(book: Book, more: dict[str, str]) -> Entry:
    config, given = book.config, book.config.publication
    title, year = full_title(book), config.date[:4]
    fields = {
        "author": " and ".join(_name(author).bibtex for author in config.authors),
        "title": f"{{{encode_latex(title)}}}",
        "year": year,
        "date": config.date,
        "institution": encode_latex(given.publisher),
        **{name: encode_latex(text) for name, text in more.items()},
        "isbn": given.isbn,
        "issn": given.issn,
        "doi": given.doi,
        "url": given.url,
    }
    kind = "techreport" if given.publisher else "misc"
    # Whoever cites the report and its summary has two entries.
    first = default_profile(config.metadata) or "report"
    edition = config.profile if config.profile != first else ""
    return Entry(
        f"{_first_word(config.title)}{year}{re.sub(r'[^a-z0-9]', '', edition.casefold())}",
        kind,
        {name: text for name, text in fields.items() if text},
    )


def _name(author: Author) -> Name:
    if author.is_body:
        return Name(encode_latex(author.name), is_body=True)
    family, given, suffix = map(encode_latex, (author.family, author.given, author.suffix))
    return Name(family, given, suffix)


def _first_word(title: str) -> str:
    """Return the first word of a title as BibTeX can have it in a key."""
    found = re.search(r"[a-z]{2,}", plain_letters(title))
    return found[0] if found else "review"
