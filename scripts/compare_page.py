"""What a page of the web shows besides its text: for the comparison of engines."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from reviewpress.html_tree import Element, classes_of, parse_html, words_of
from reviewpress.quarto.html_pages import float_of

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
    main = next(tree.iter("main"), tree)
    free = (e for e in main.iter("caption", "figcaption") if not float_of(e))
    return {
        "captions-without-id": [("", words_of(e)) for e in free],
        "scopes": [("", _scopes(e)) for e in main.iter("table")],
        "sizes": [
            (
                Path(e.get("src", e.get("data-file", ""))).name,
                f"{e.get('width', '?')} by {e.get('height', '?')}",
            )
            for e in main.iter("img", "svg")
        ],
        "navigation": sorted(set(_navigation(tree, path, root))),
        "shortcodes": list(_shortcodes(tree)),
    }


def _scopes(table: Element) -> str:
    scopes = [cell.get("scope", "none") for cell in table.iter("th")]
    counted = (f"{name} {scopes.count(name)}" for name in sorted(set(scopes)))
    return ", ".join([*counted, f"cells {len(scopes) + len([*table.iter('td')])}"])


def _navigation(tree: Element, path: Path, root: Path) -> Iterator[tuple[str, str]]:
    for link in tree.iter("a"):
        around = {name for e in link.iterancestors() for name in classes_of(e)}
        address = urlsplit(link.get("href", "")).path
        spoken = " ".join(_spoken(link).split())
        if _LISTS & around and not _ASIDE & around and spoken:
            goal = os.path.relpath((path.parent / address).resolve(), root.resolve())
            if address.endswith(".html") and goal != "index.html":
                yield Path(goal).as_posix(), spoken


def _spoken(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["" if _ASIDE & set(classes_of(child)) else _spoken(child), child.tail or ""]
    return "".join(parts)


def _shortcodes(tree: Element) -> Iterator[tuple[str, str]]:
    for element in tree.iter("*"):
        for text in [*element.xpath("text()"), *element.values()]:
            if "{{<" in text and element.tag not in ("script", "style", "code"):
                yield element.tag, str(text)
