"""Pages of HTML as trees of elements, read by lxml as browsers read them."""

import re
from collections.abc import Mapping
from html import escape
from typing import TypeAlias

from lxml import etree, html

Element: TypeAlias = etree._Element
_PLAIN = """<!DOCTYPE html>
<html lang="{lang}"{direction}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{head}
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
_RIGHTWARD = re.compile(
    r"(?:ar|arc|ckb|dv|fa|he|iw|nqo|ps|sd|ug|ur|yi)\b(?!-(?:latn|cyrl))|[a-z]+-(?:arab|hebr)\b",
    re.IGNORECASE,
)
"""Tags of languages that are written from right to left, as the filter for metadata knows them."""
_SILENT = ("script", "style")
_VOID = ("source", "track", "wbr")
"""Elements without content of which libxml2 does not know that they have none."""
_NO_END = re.compile(rf"</(?:{'|'.join(_VOID)})>")
_BREAKS = ("p", "div", "li", "td", "th", "br")


def parse_html(text: str) -> Element:
    """Return a page as a tree; end tags that are left out are taken as given.

    >>> words_of(parse_html("<ul><li>One<li>Two</ul><script>let x</script>"))
    'One Two'
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    page = html.document_fromstring(text.encode() or b"<html>", parser)
    for element in [*page.iter(*_VOID)]:
        for child in reversed(element):
            element.addnext(child)
        element.tail = (element.text or "") + (element.tail or "")
        element.text = None
    return page


def write_html(page: Element) -> str:
    """Return a page as text, with its document type.

    >>> write_html(parse_html("<p>One<wbr>word")).splitlines()[1]
    '<html><body><p>One<wbr>word</p></body></html>'
    """
    text = html.tostring(page.getroottree(), encoding="unicode")
    return _NO_END.sub("", f"{text}\n")


def plain_page(title: str, body: str, *, head: str = "", lang: str = "en") -> str:
    """Return a page with a heading of its own; `body` and `head` are HTML, `title` is not."""
    direction = ' dir="rtl"' if _RIGHTWARD.match(lang) else ""
    return _PLAIN.format(
        lang=escape(lang), direction=direction, title=escape(title), head=head, body=body
    )


def classes_of(element: Element) -> list[str]:
    """Return the classes of an element."""
    return str(element.get("class", "")).split()


def with_class(name: str) -> str:
    """Return an XPath's condition that elements have a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def add_element(
    parent: Element, tag: str, attributes: Mapping[str, str], *, first: bool = False
) -> Element:
    """Put a new element into another, at its end or as the first, and return it."""
    made: Element = etree.Element(tag, dict(attributes))
    parent.insert(0 if first else len(parent), made)
    return made


def words_of(element: Element, without: str = "") -> str:
    """Return the words of an element, less its children of a class, on one line."""
    return " ".join(_text(element, without).split())


def _text(element: Element, without: str) -> str:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return ""
    parts = [element.text or ""]
    for child in element:
        if without not in classes_of(child):
            parts.append(_text(child, ""))
        parts.append(child.tail or "")
    return "".join(parts) + " " * (element.tag in _BREAKS)
