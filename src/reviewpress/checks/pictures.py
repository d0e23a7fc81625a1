"""Pictures that an author put there: published as they are, so nothing in them may run."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from reviewpress.assemble.images import wrong_images
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.svg import check_svg, is_svg


def check_pictures(subject: Subject) -> Iterator[Problem]:
    """Find SVG pictures that would run or fetch something: shown in a chapter, or linked to.

    Those that chapters make are matplotlib's, which writes neither.
    """
    root = subject.config.root
    made = {file.name for run in subject.runs.values() for files in run.figures.values()
            for file in files}  # fmt: skip
    named = {
        page.path_of(unquote(address.partition("#")[0])): None
        for page in subject.book.pages
        for address in (*page.images, *page.links)
        if ":" not in address
    }
    for name in named:
        file = (root / name).resolve()
        is_made = name.startswith("figures/") and Path(name).name in made
        if is_svg(file) and not is_made and file.is_relative_to(root) and file.is_file():
            yield from check_svg(file.read_bytes(), name)


def check_images(subject: Subject) -> Iterator[Problem]:
    """Find images that are not there, or that the embedded engine would have to fetch."""
    published = {
        file.name: file
        for run in subject.runs.values()
        for files in run.figures.values()
        for file in files
    }
    yield from wrong_images(subject.book, published, fetched=not subject.embedded)
