"""Images that chapters show: where each of them is, and which are not there."""

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewpress.assemble.book import Book, Page
from reviewpress.errors import Problem, nearest

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff")
_FETCHED = ("http:", "https:", "mailto:", "ftp:", "doi:", "tel:", "//", "data:")

Figures = Mapping[str, Path]
"""Where each file that is published with a figure is now, by its name in `figures/`."""


def wrong_images(book: Book, figures: Figures, *, fetched: bool = False) -> Iterator[Problem]:
    """Yield a problem for each image that does not exist or would come from the network.

    Quarto may leave it to browsers to fetch an image: it does where `fetched`.
    """
    for page in book.pages:
        for source in page.images:
            if not (fetched and source.startswith(_FETCHED)):
                yield from _wrong(book, page, source, figures)


def find_image(root: Path, name: str, figures: Figures) -> Path | None:
    """Return the file of an image, None where it is not in the review."""
    published = figures.get(posixpath.basename(name))
    if name.startswith("figures/") and published is not None:
        return published
    file = (root / name).resolve()
    return file if file.is_relative_to(root) and file.is_file() else None


def _wrong(book: Book, page: Page, source: str, figures: Figures) -> Iterator[Problem]:
    root, path = book.config.root, page.path_of(source)
    if source.startswith(_FETCHED):
        message = f"the image {source} would be fetched from the network."
        hint = "Keep a copy in figures/drawn/."
    elif find_image(root, path, figures) is None:
        message = f"the image {path} does not exist."
        hint = nearest(posixpath.basename(path), _names_beside(root, path, figures))
    else:
        return
    for place in page.leading_to("Image", source):
        yield Problem("image", message, place, hint)


def _names_beside(root: Path, path: str, figures: Figures) -> list[str]:
    folder = root / posixpath.dirname(path)
    beside = (file.name for file in folder.iterdir()) if folder.is_dir() else ()
    return [*figures, *(name for name in beside if name.lower().endswith(_PICTURES))]
