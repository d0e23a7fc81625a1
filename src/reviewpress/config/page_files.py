"""Files that pages have of their own: style sheets and lines of the head."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reviewpress.config.chapters import Chapter
from reviewpress.config.options import options_of
from reviewpress.config.review import Config
from reviewpress.formats.objects import HTML

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_ADDRESS = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')"""
)


def page_styles(
    config: Config, chapter: Chapter, front: Mapping[str, Any]
) -> Iterator[tuple[str, bool]]:
    """Yield the style sheets of a page by their place in the review, and whether they are its own.

    A chapter names files from where it stands.
    """
    for item in config.options(HTML.name).items("css"):
        name = str(item)
        yield name if "//" in name else posixpath.normpath(name.lstrip("/")), False
    folder = posixpath.dirname(chapter.path)
    for item in options_of(HTML.name, front).items("css"):
        name = str(item)
        inner = name.lstrip("/") if name.startswith("/") else posixpath.join(folder, name)
        yield posixpath.normpath(inner), True


def style_addresses(text: str) -> Iterator[tuple[str, int]]:
    """Yield what a style sheet loads, without query and fragment, and the line of each."""
    plain = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in _ADDRESS.finditer(plain):
        address = next((part for part in found.groups() if part), "")
        is_data = address.startswith("data:")
        address = address if is_data else re.split(r"[?#]", address)[0]
        if address:
            yield address, plain.count("\n", 0, found.start()) + 1


def change_style_addresses(text: str, change: Callable[[str], str]) -> str:
    """Return a style sheet with each address that it loads changed."""

    def changed(found: re.Match[str]) -> str:
        address = next((part for part in found.groups() if part), "")
        new = change(address)
        return found[0] if new == address else found[0].replace(address, new)

    return _ADDRESS.sub(changed, text)


def header_texts(config: Config) -> Iterator[tuple[str, str | None]]:
    """Yield what is to stand in the head of pages: the file, and its text, None for none."""
    for item in config.options(HTML.name).items("include-in-header"):
        given = item if isinstance(item, Mapping) else {"file": item}
        if given.get("text") is not None:
            yield "", str(given["text"])
            continue
        name = str(given.get("file"))
        path = config.root / name
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None
        yield name, text
