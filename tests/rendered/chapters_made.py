"""Chapters of a test rendered to pages, PDF and Word, and what a reader finds there."""

import base64
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reading import Page, said, word_part

from reviewpress.assemble import Book
from reviewpress.cli.engines import embedded_engine
from reviewpress.config import Config, load_config
from reviewpress.pipeline import assemble_edition

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
PROJECT = """\
project: {type: book}
lang: en-GB
book:
  title: A made-up book
  author: [Test Author]
  date: 2026-01-31
  chapters: [index.qmd, %s]
format: {reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}
"""


@dataclass(frozen=True, slots=True)
class Texts:
    """What chapters became: the words of each page, of the PDF, and of the Word file."""

    folder: Path
    pdf: str
    word: str
    book: Book

    def page(self, name: str) -> str:
        """Return a chapter's page as it is written."""
        return (self.folder / f"{name}.html").read_text("utf-8").replace("\xa0", " ")

    def words(self, name: str) -> str:
        """Return the words of a chapter's page, without what its head says."""
        return Page(self.folder / f"{name}.html").one("//body").words()

    def everywhere(self, name: str) -> tuple[str, str, str]:
        """Return the words of a chapter's page, of the PDF and of the Word file."""
        return self.words(name), self.pdf, self.word


def write_chapters(root: Path, chapters: Mapping[str, str], bibliography: str = "") -> Config:
    """Write a book of chapters, each by its name, with two pictures beside them."""
    root.mkdir(parents=True, exist_ok=True)
    project = PROJECT % ", ".join(f"{name}.qmd" for name in chapters)
    if bibliography:
        (root / "references.bib").write_text(bibliography, encoding="utf-8")
        project += "bibliography: references.bib\n"
    (root / "_quarto.yml").write_text(project, encoding="utf-8")
    for name in ("a.png", "b.png"):
        (root / name).write_bytes(base64.b64decode(PNG))
    for name, text in {"index": "# Start {.unnumbered}\n\nWords.\n", **chapters}.items():
        (root / f"{name}.qmd").write_text(text, encoding="utf-8")
    return load_config(root)


def make_chapters(
    root: Path, chapters: Mapping[str, str], pdftotext: str, bibliography: str = ""
) -> Texts:
    """Render chapters with the embedded engine in every format."""
    config = write_chapters(root / "book", chapters, bibliography)
    manuscript = assemble_edition(config, {})
    folder = root / "out"
    folder.mkdir()
    embedded_engine(config.root).render(manuscript, folder)
    [pdf] = folder.glob("*.pdf")
    told = subprocess.run([pdftotext, str(pdf), "-"], capture_output=True, text=True, check=True)
    [word] = folder.glob("*.docx")
    return Texts(folder, " ".join(told.stdout.split()), said(word_part(word)), manuscript.book)
