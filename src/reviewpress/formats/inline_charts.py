"""Charts put into the page itself, so that their text is text in the page's own fonts and colours.

A page shows a chart of ours as an image; here the image becomes the picture. It is known by the
class at its root, and is left as an image where it is so large that the page would be slow.
"""

import posixpath
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

MARK = '<svg class="rp-chart"'
"""How an SVG begins that we drew."""
LARGEST = 200_000
"""Characters: what has more is a scatter of thousands of points, which nobody reads as text."""
# One sign begins all of it: what begins in several ways is looked for at every letter of a page.
_PICTURE = re.compile(
    r'<(?:(?:link rel="preload"[^>]*><)?picture><source [^>]*srcset="([^"]*)"[^>]*>'
    r'(<img [^>]*>)</picture>|img [^>]*\.svg"[^>]*>)'
)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ROOT = re.compile(r"<svg ([^>]*)>\s*<title>[^<]*</title>\s*<desc>[^<]*</desc>\s*")
_OF_FILE = frozenset(("class", "role", "width", "height"))

Reader = Callable[[str], str]


def inline_charts(page: str, read: Reader) -> str:
    """Return a page with its charts in it; `read` gives the text of a file by its address there."""

    def replace(found: re.Match[str]) -> str:
        image = dict(_ATTRIBUTE.findall(found[2] or found[0]))
        narrow = _chart(read, image, found[1], "narrow") if found[1] else ""
        chart = _chart(read, image, image.get("src", ""), "wide" if narrow else "")
        # The link that has the narrow image loaded ahead goes with it.
        return chart + narrow if chart else found[0]

    return _PICTURE.sub(replace, page) if "<img " in page else page


def reader_of(folder: Path, page: str, *others: Path) -> Reader:
    """Return what reads the files that a page of a folder shows; what is not there is empty.

    It is looked for in the folder, then in `others`, at the same place.
    """
    kept: dict[str, str] = {}

    def find(address: str) -> str:
        plain = unquote(unescape(address))
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page), plain))
        for root in (folder, *others):
            path = root / name
            if path.is_file():
                is_small = path.stat().st_size <= LARGEST
                return path.read_text(encoding="utf-8") if is_small else ""
        return ""

    def read(address: str) -> str:
        if address not in kept:
            kept[address] = find(address)
        return kept[address]

    return read


def _chart(read: Reader, image: dict[str, str], address: str, kind: str) -> str:
    text = read(address)
    root = _ROOT.match(text) if text.startswith(MARK) else None
    if root is None:
        return ""
    own = dict(_ATTRIBUTE.findall(re.sub(r"viewBox", "view-box", root[1])))
    size = " ".join(f'{name}="{image[name]}"' for name in ("width", "height") if name in image)
    if kind == "narrow":
        box = own["view-box"].split()
        size = f'width="{float(box[2]) * 96 / 72:.0f}" height="{float(box[3]) * 96 / 72:.0f}"'
    looks = " ".join(
        f'{name}="{value}"' for name, value in own.items() if name not in _OF_FILE | {"view-box"}
    )
    classes = " ".join(filter(None, ("rp-chart", kind, image.get("class", ""))))
    return (
        f'<svg class="{classes}" role="img" aria-label="{image.get("alt", "")}" {size} '
        f'viewBox="{own["view-box"]}" {looks} data-file="{posixpath.basename(address)}" '
        f'data-pagefind-ignore="all">\n{text[root.end() :]}'
    )
