"""Images that chapters show: where each of them is, and which are not there."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from reviewpress.assemble import ast
from reviewpress.assemble.book import Book, Page
from reviewpress.errors import Problem, nearest
from reviewpress.formats.objects import Format
from reviewpress.store.ordinary_files import not_a_file, real_path

_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff")
_OF_A_MACHINE = re.compile(r"[A-Za-z]:[\\/]|file:|~/|\\\\", re.I)
"""How an address on somebody's disk begins."""
_FETCHED = ("http:", "https:", "mailto:", "ftp:", "doi:", "tel:", "//", "data:")

Figures = Mapping[str, Path]
"""Where each file that is published with a figure is now, by its name in `figures/`."""


def wrong_images(book: Book, figures: Figures, *, fetched: bool = False) -> Iterator[Problem]:
    """Yield a problem for each image that does not exist or would come from the network.

    Quarto may leave it to browsers to fetch an image: it does where `fetched`. Without Quarto, a
    format that cannot show SVG needs another file of the same name.
    """
    for made in () if fetched else book.config.made:
        if made.image != "svg":
            yield from _without_file(book, figures, made)
    for page in book.pages:
        for source in page.images:
            if not (fetched and source.startswith(_FETCHED)):
                yield from _wrong(book, page, source, figures)


def find_image(root: Path, name: str, figures: Figures) -> Path | None:
    """Return the file of an image, None where it is not in the review."""
    published = figures.get(posixpath.basename(name))
    if name.startswith("figures/") and published is not None:
        return published
    file = real_path(root / name)
    return file if file.is_relative_to(root) and file.is_file() else None


def _wrong(book: Book, page: Page, source: str, figures: Figures) -> Iterator[Problem]:
    root, path = book.config.root, page.path_of(unquote(source))
    if source.startswith("data:"):
        kind = source.partition(",")[0][:40]
        message = f"the image {kind},… is written into the text itself."
        hint = "Save it as a file in figures/drawn/, and write its name."
    elif source.startswith(_FETCHED):
        message = f"the image {source} would be fetched from the network."
        hint = "Keep a copy in figures/drawn/."
    elif _OF_A_MACHINE.match(unquote(source)):
        message = f"the image {unquote(source)} is on one machine, and not in the review."
        hint = "Put a copy in figures/drawn/, and write `../figures/drawn/name.png`."
    elif "\\" in unquote(source):
        message = f"the image {unquote(source)} has backslashes in its address."
        hint = f"Write `{unquote(source).replace(chr(92), '/')}`."
    elif find_image(root, path, figures) is None:
        odd, beside = not_a_file(root / path), _names_beside(root, path, figures)
        message = f"the image {path} {odd or 'does not exist'}."
        hint = "" if odd else nearest(posixpath.basename(path), beside)
    elif "#" in source or "?" in source:
        message = f"the image {path} would not be found: `#` or `?` ends the name in an address."
        hint = f"Write `{quote(source)}`, or give the file another name."
    else:
        return
    for place in page.leading_to("Image", source):
        yield Problem("image", message, place, hint)


def _without_file(book: Book, figures: Figures, made: Format) -> Iterator[Problem]:
    """Yield a problem for each SVG image that has no file which a format can show."""
    for page in book.pages:
        alone = {source for source in page.images if _is_alone(book, page, source, figures, made)}
        # The format may not be shown it: that stands in the tree alone.
        nodes = ast.walk(page.copy_for(made.name)) if alone else ()
        shown = {node["c"][2][0] for node in nodes if node["t"] == "Image"}
        for source in (source for source in dict.fromkeys(page.images) if source in alone & shown):
            path = page.path_of(unquote(source))
            file = posixpath.basename(str(Path(path).with_suffix(f".{made.image}")))
            message = f"the image {path} has no {file} beside it."
            hint = f"{made.short} cannot show SVG: save the image as {made.image.upper()} too."
            for place in page.leading_to("Image", source):
                yield Problem("image", message, place, hint)


def _is_alone(book: Book, page: Page, source: str, figures: Figures, made: Format) -> bool:
    """Say whether an image is an SVG without the file that a format needs."""
    root, path = book.config.root, page.path_of(unquote(source))
    file = str(Path(path).with_suffix(f".{made.image}"))
    return (
        source.endswith(".svg")
        and find_image(root, path, figures) is not None
        and find_image(root, file, figures) is None
    )


def _names_beside(root: Path, path: str, figures: Figures) -> list[str]:
    folder = root / posixpath.dirname(path)
    beside = (file.name for file in folder.iterdir()) if folder.is_dir() else ()
    return [*figures, *(name for name in beside if name.lower().endswith(_PICTURES))]


def card_pictures(book: Book) -> set[str]:
    """Return the files of the review that cards show."""
    given = book.config.metadata.get("book") or {}
    cards = (given.get(name) for name in ("open-graph", "twitter-card"))
    names = [
        given.get("image"),
        *(each.get("image") for each in cards if isinstance(each, Mapping)),
    ]
    found = {str(name).lstrip("/") for name in names if name}
    for page in book.pages:
        name = str(page.source.front.data.get("image") or "")
        if name:
            found.add(name[1:] if name.startswith("/") else page.path_of(name))
    return {name for name in found if "://" not in name}
