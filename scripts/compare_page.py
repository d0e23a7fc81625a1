"""What a page of the web shows besides its text: for the comparison of engines."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from reviewpress.quarto.html_pages import Element, parse_html

Said = dict[str, list[tuple[str, str]]]

_LISTS = frozenset(("contents", "sidebar-navigation", "page-navigation", "pager"))
_ASIDE = frozenset(("direction", "visually-hidden", "sidebar-title"))


def read_looks(path: Path, root: Path) -> Said:
    """Return what is seen and heard of a page, by kind; `root` is the folder of its edition.

    captions-without-id, scopes (how many header cells of each kind a table has), sizes (of
    pictures), navigation (what links to chapters say, by the address) and shortcodes (those that
    stand in words or attributes as they are written).
    """
    tree = parse_html(path.read_text(encoding="utf-8"))
    main = next((e for e in tree.walk() if e.tag == "main"), tree)
    found = list(main.walk())
    return {
        "captions-without-id": [("", e.text()) for e in found if _is_free_caption(e)],
        "scopes": [("", _scopes(e)) for e in found if e.tag == "table"],
        "sizes": list(_sizes(found)),
        "navigation": sorted(set(_navigation(tree, path, root))),
        "shortcodes": list(_shortcodes(tree)),
    }


def _is_free_caption(element: Element) -> bool:
    if element.tag not in ("caption", "figcaption"):
        return False
    names = [parent.attributes.get("id", "") for parent in element.above()]
    return not any(name.startswith(("fig-", "tbl-")) and "caption" not in name for name in names)


def _scopes(table: Element) -> str:
    cells = [cell for cell in table.walk() if cell.tag in ("th", "td")]
    scopes = [cell.attributes.get("scope", "none") for cell in cells if cell.tag == "th"]
    counted = (f"{name} {scopes.count(name)}" for name in sorted(set(scopes)))
    return ", ".join([*counted, f"cells {len(cells)}"])


def _sizes(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        if element.tag == "img":
            width, height = (element.attributes.get(key, "?") for key in ("width", "height"))
            yield Path(element.attributes.get("src", "")).name, f"{width} by {height}"


def _navigation(tree: Element, path: Path, root: Path) -> Iterator[tuple[str, str]]:
    for element in tree.walk():
        around = {name for e in element.above() for name in e.classes}
        address = urlsplit(element.attributes.get("href", "")).path
        words = " ".join(_spoken(element).split())
        if element.tag == "a" and _LISTS & around and not _ASIDE & around and words:
            goal = os.path.relpath((path.parent / address).resolve(), root.resolve())
            if address.endswith(".html") and goal != "index.html":
                yield Path(goal).as_posix(), words


def _spoken(element: Element) -> str:
    parts = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif not _ASIDE & set(child.classes):
            parts.append(_spoken(child))
    return "".join(parts)


def _shortcodes(tree: Element) -> Iterator[tuple[str, str]]:
    for element in tree.walk():
        own = [child for child in element.children if isinstance(child, str)]
        for words in [*own, *element.attributes.values()]:
            if "{{<" in words and element.tag not in ("script", "style", "code"):
                yield element.tag, words
