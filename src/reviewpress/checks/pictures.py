"""Pictures that an author put there: published as they are, so nothing in them may run."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from reviewpress.assemble.images import card_pictures, find_image, wrong_images
from reviewpress.checks.subject import Subject
from reviewpress.errors import OutOfTime, Place, Problem
from reviewpress.figures.published import NOT_DESCRIBED
from reviewpress.formats.objects import TYPST
from reviewpress.programs.pdf_standards import ALL_STANDARDS, PDF_STANDARDS, conflict
from reviewpress.programs.typesetting import refused_picture
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import PICTURES
from reviewpress.store.ordinary_files import real_path
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
        file = real_path(root / name)
        is_made = name.startswith("figures/") and Path(name).name in made
        if is_svg(file) and not is_made and file.is_relative_to(root) and file.is_file():
            yield from check_svg(file.read_bytes(), name)


def check_descriptions(subject: Subject) -> Iterator[Problem]:
    """Warn of figures whose alternative text only says that they have none."""
    for page in subject.book.pages:
        text = page.source.text
        for found in re.finditer(re.escape(NOT_DESCRIBED), text):
            hint = "Say in `fig-alt` what it shows, with its numbers."
            place = page.source.place(found.start())
            yield Problem("not-described", "a figure is not described yet.", place, hint)


_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP"),
    (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"%PDF-", "PDF"),
)  # fmt: skip
_ENDINGS = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WebP", ".bmp": "BMP",
    ".tif": "TIFF", ".tiff": "TIFF", ".avif": "AVIF", ".pdf": "PDF", ".svg": "SVG",
}  # fmt: skip
_LAST = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}
"""What ends a file of a kind; what stands after it means nothing."""
_NOT_EVERYWHERE = ("BMP", "TIFF", "AVIF", "PDF")
"""What not every format, or browser, can show."""
_POINTER = b"version https://git-lfs"


def check_image_files(subject: Subject) -> Iterator[Problem]:
    """Find pictures whose files are not what their names say, or hold none that can be shown."""
    root, published = subject.config.root, _published(subject)
    for page in subject.book.pages:
        for source in page.images:
            path = page.path_of(unquote(source))
            file = find_image(root, path, published) if ":" not in source else None
            wrong, hint = (file and _wrong_file(file)) or ("", "")
            if file and not wrong and published.get(file.name) != file:
                wrong, hint = _refused(subject, file) or ("", "")
            for place in page.leading_to("Image", source) if wrong else ():
                yield Problem("image", f"the image {source} {wrong}.", place, hint)


def wrong_picture(subject: Subject, file: Path) -> tuple[str, str]:
    """Return what keeps a picture from being published, and what to do; empty for nothing."""
    return _wrong_file(file) or _refused(subject, file) or ("", "")


def _wrong_file(file: Path) -> tuple[str, str] | None:
    """Return what is wrong with the file of a picture, and what to do."""
    content = file.read_bytes()
    named, kind = _ENDINGS.get(file.suffix.lower(), ""), _kind_of(content)
    if content.startswith(_POINTER):
        return "is a pointer of Git LFS, not the picture", "Get the file: `git lfs pull`."
    if not named:
        return "has an ending that no picture has", "Save it as PNG, JPEG or SVG."
    if not kind:
        return "holds no picture that can be read", "Save it again, as PNG, JPEG or SVG."
    if kind != named:
        ending = next(ending for ending, each in _ENDINGS.items() if each == kind)
        return f"is a {kind} file", f"Name it {file.stem}{ending}, or save it as {named}."
    if kind in _NOT_EVERYWHERE:
        return (
            f"is {'an' if kind == 'AVIF' else 'a'} {kind} file, which not every format can show",
            "Save it as PNG or SVG.",
        )
    if kind in _LAST and _LAST[kind] not in content:
        return "is not complete: its end is missing", "Copy or save it again."
    return None


_REFUSED = (
    ("CMYK", "has the colours of a printing press (CMYK), which the PDF cannot have",
     "Save it with the colours of a screen (RGB)."),
    ("width, height, or viewbox", "has no size: its width, height or viewBox is not above zero",
     "Give the outermost element a width and a height, as `width=\"400\" height=\"300\"`."),
    ("was ended by", "takes more memory than there is", "Make it smaller."),
    ("PanicException", "is too large to be drawn", "Make it smaller."),
)  # fmt: skip
"""What Typst says of a picture, what to say of it instead, and what to do."""


def _refused(subject: Subject, file: Path) -> tuple[str, str] | None:
    """Return what keeps a picture from being set in the PDF, and what to do; asked for once."""
    config = subject.config
    if not subject.embedded or TYPST.name not in config.formats:
        return None
    ending = file.suffix.lower()
    given = [str(name) for name in config.options(TYPST.name).items("pdf-standard")]
    standards = PDF_STANDARDS if not given else [each for each in given if each in ALL_STANDARDS]
    if conflict(standards):
        return None

    def make() -> tuple[str, bytes]:
        seconds = config.limits.program(file.stat().st_size)
        said = refused_picture(file, seconds=seconds, standards=standards)
        return said, said.encode()

    inputs = [digest_file(file), ending, *standards]
    try:
        said = PICTURES.get(config.store, inputs, make=make, read=bytes.decode)
    except OutOfTime as error:
        return f"cannot be set in the PDF: {error.message.rstrip('.')}", error.hint
    if not said:
        return None
    for words, wrong, hint in _REFUSED:
        if words in said:
            return wrong, hint
    return "is damaged, and cannot be read", "Open it and save it again, as PNG, JPEG or SVG."


def _kind_of(content: bytes) -> str:
    """Return what kind of picture a file's content is, empty for none that is known."""
    kind = next((kind for begin, kind in _BEGINNINGS if content.startswith(begin)), "")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis"):
        return "AVIF"
    return kind or ("SVG" if b"<svg" in content else "")


def check_images(subject: Subject) -> Iterator[Problem]:
    """Find images that are not there, or that the embedded engine would have to fetch."""
    yield from wrong_images(subject.book, _published(subject), fetched=not subject.embedded)
    yield from _missing_cards(subject)


def _missing_cards(subject: Subject) -> Iterator[Problem]:
    """Yield the pictures that chapters name for where links to them are shared, and lack."""
    root = subject.config.root
    missing = {name for name in card_pictures(subject.book) if not (root / name).is_file()}
    for page in subject.book.pages:
        front = page.source.front
        given = str(front.data.get("image") or "")
        if given and (given[1:] if given.startswith("/") else page.path_of(given)) in missing:
            place = Place(page.chapter.path, line=front.lines.get(("image",)))
            message = f"there is no picture {given}, which `image:` names."
            yield Problem("image", message, place, "Delete the key, or put the file there.")


def _published(subject: Subject) -> dict[str, Path]:
    """Return the files that runs publish, by name."""
    groups = (files for run in subject.runs.values() for files in run.figures.values())
    return {file.name: file for files in groups for file in files}
