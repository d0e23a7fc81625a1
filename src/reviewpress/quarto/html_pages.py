"""What an edition says, read from its HTML pages, whichever engine made them.

Headings with their numbers, captions, what cross-references and citations say, reference lists,
alternative texts, live values and key messages: for the checks of what Quarto made, and for
comparing two engines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from reviewpress.assemble.source import read_chapter, run_chapter
from reviewpress.config import Chapter, Config
from reviewpress.errors import Place, Problem
from reviewpress.formats.objects import HTML
from reviewpress.notebooks.runs import CellText
from reviewpress.notebooks.source import read_notebook

Pairs = tuple[tuple[str, str], ...]

_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_HEADING = re.compile(r"h[1-6]")
_CAPTION = ("figcaption", "caption")
_FURNITURE = {"cite-this", "hero", "toc-title", "callout-title-container"}
_REMOTE = re.compile(r"(?:https?:)?//", re.I)
_LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
_UNFILLED = re.compile(r"\{python\}|\?(?:fig|tbl|sec|eq)-[\w-]+|\?@(?:fig|tbl|sec)-[\w-]+")


@dataclass(slots=True)
class Element:
    """One element of a page, with its parent to look up."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def walk(self) -> "Iterator[Element]":
        """Yield the elements below, parents first, in reading order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """Return its words, runs of white space as one space."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in ("script", "style"):
                yield from child._texts()
                if child.tag in ("p", "div", "li", "td", "th", "br"):
                    yield " "

    def above(self) -> "Iterator[Element]":
        """Yield the elements around it, nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What one page says. Pairs are of an id (or a name) and the words there."""

    headings: Pairs
    captions: Pairs
    crossrefs: Pairs
    citations: Pairs
    references: Pairs
    alternatives: Pairs
    values: Pairs
    messages: Pairs
    unresolved: tuple[str, ...]
    unknown: tuple[str, ...]
    remote: tuple[str, ...]


def read_page(path: Path) -> HtmlPage:
    """Read one HTML page."""
    tree = parse_html(path.read_text(encoding="utf-8"))
    main = next((e for e in tree.walk() if e.tag == "main"), tree)
    found = list(main.walk())
    return HtmlPage(
        headings=tuple(_headings(found)),
        captions=tuple(_captions(found)),
        crossrefs=tuple(_crossrefs(found)),
        citations=tuple(_citations(found)),
        references=tuple(_references(found)),
        alternatives=tuple(_alternatives(found)),
        values=tuple(
            (e.attributes.get("data-expr", ""), e.text()) for e in found if "value" in e.classes
        ),
        messages=tuple(
            ("", _text_without(e, "block-title")) for e in found if "key-message" in e.classes
        ),
        unresolved=tuple(dict.fromkeys(_unresolved(found))),
        unknown=tuple(
            dict.fromkeys(e.attributes.get("data-key") or e.text().strip("@?")
                          for e in found if "unresolved" in e.classes and e.tag == "span"
                          and not e.text().startswith("?"))
        ),
        remote=tuple(_remote(tree)),
    )  # fmt: skip


def check_pages(config: Config, output: Path, only: Sequence[str] = ()) -> list[Problem]:
    """Find what Quarto lets pass on the pages it made: the same problems as the checks tell.

    References and citations that stayed unresolved, notebooks shown without their run, figures
    and tables of a run that are missing, and what a page would fetch from the network.
    """
    if HTML.name not in config.formats:
        return []
    problems: list[Problem] = []
    for chapter in config.chapters:
        if only and chapter.path not in only:
            continue
        path = output / chapter.page
        if not path.is_file():
            message = f"Quarto made no page {chapter.page}."
            problems.append(Problem("page", message, Place(chapter.path)))
            continue
        problems += _page_problems(config, chapter, read_page(path))
    return problems


def parse_html(text: str) -> Element:
    """Return a page as a tree of elements; end tags that are left out are taken as given."""
    parser = _Tree()
    parser.feed(text)
    parser.close()
    return parser.root


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._here = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs}, self._here)
        self._here.children.append(element)
        if tag not in _VOID:
            self._here = element

    def handle_endtag(self, tag: str) -> None:
        chain = [self._here, *self._here.above()]
        for element in chain:
            if element.tag == tag and element.parent is not None:
                self._here = element.parent
                return

    def handle_data(self, data: str) -> None:
        self._here.children.append(data)


def _page_problems(config: Config, chapter: Chapter, page: HtmlPage) -> Iterator[Problem]:
    for name in page.unresolved:
        if name.startswith("{"):
            message = "the chapter's values are not filled in: Quarto did not get its run."
            hint = "Is `ipynb-filters: [../scripts/executed.py]` under execute: in _quarto.yml?"
            yield Problem("without-run", message, Place(chapter.path), hint)
        else:
            message = f"the cross-reference @{name} points to nothing."
            yield Problem("unresolved-reference", message, find_place(config, chapter, f"@{name}"))
    for key in page.unknown:
        message = f"the citation @{key} is not in the bibliography."
        place = find_place(config, chapter, f"@{key}")
        yield Problem("unknown-citation", message, place, subject=key)
    for address in page.remote:
        message = f"the page would fetch {address} from the network."
        hint = "The formats of the extension fetch nothing: see `format:` in _quarto.yml."
        yield Problem("network", message, Place(chapter.path), hint)
    for _, alternative in page.alternatives:
        if not alternative:
            message = "an image of the page has no alternative text."
            yield Problem("alt-text", message, Place(chapter.path))


def find_place(config: Config, chapter: Chapter, needle: str) -> Place:
    """Return where `needle` stands in a chapter's file: its cell, or its line."""
    if not chapter.is_notebook:
        return read_chapter(config, chapter).place_of(needle)
    cells = read_notebook(config.root / chapter.path, config.root).cells
    texts = [CellText(c.number, c.kind, c.source) for c in cells if c.kind == "markdown"]
    return run_chapter(config, chapter, texts).place_of(needle)


def _headings(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        if not _HEADING.fullmatch(element.tag) or _is_furniture(element):
            continue
        name, words = _id_of(element), element.text().replace("\u00a0", " ")
        # A title without an id is the book's, on the first page.
        if words and (name or element.tag != "h1"):
            yield name, words


def _is_furniture(heading: Element) -> bool:
    """Say whether a heading belongs to the page, not to the chapter."""
    around = {name for e in [heading, *heading.above()] for name in e.classes}
    return bool(around & _FURNITURE)


def _id_of(element: Element) -> str:
    """Return the id by which a heading is referred to: its own, or that of what it titles."""
    own = element.attributes.get("id") or element.attributes.get("data-anchor-id")
    if own:
        return own
    for inner in element.walk():
        if "quarto-section-identifier" in inner.classes:
            return inner.attributes.get("id", "")
    parent = element.parent
    return parent.attributes.get("id", "") if parent and parent.tag == "section" else ""


def _captions(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        if element.tag not in _CAPTION:
            continue
        owner = _float_of(element)
        if owner:
            yield owner, element.text().replace("\u00a0", " ")


def _float_of(element: Element) -> str:
    for parent in element.above():
        name = parent.attributes.get("id", "")
        if name.startswith(("fig-", "tbl-")) and "caption" not in name:
            return name
    return ""


def _crossrefs(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        if element.tag == "a" and {"xref", "quarto-xref"} & set(element.classes):
            target = urlsplit(element.attributes.get("href", "")).fragment
            yield target, element.text().replace("\u00a0", " ")


def _citations(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        fragment = urlsplit(element.attributes.get("href", "")).fragment
        if element.tag == "a" and fragment.startswith("ref-") and not _in_list(element):
            yield fragment.removeprefix("ref-"), element.text()


def _in_list(element: Element) -> bool:
    return any("references" in parent.classes for parent in element.above())


def _references(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        name = element.attributes.get("id", "")
        if name.startswith("ref-") and "reference" in element.classes:
            kept = [e for e in element.walk() if {"reference-number", "reference-text"}
                    & set(e.classes)]  # fmt: skip
            yield (
                name.removeprefix("ref-"),
                " ".join(_text_without(e, "cited-in") for e in kept).strip(),
            )


def _text_without(element: Element, name: str) -> str:
    """Return the words of an element without those of its children of a class."""
    copy = Element(element.tag, element.attributes)
    copy.children = [
        child for child in element.children if isinstance(child, str) or name not in child.classes
    ]
    return copy.text()


def _alternatives(found: list[Element]) -> Iterator[tuple[str, str]]:
    for element in found:
        hidden = any(e.attributes.get("aria-hidden") == "true" for e in [element, *element.above()])
        if element.tag == "img" and not hidden:
            yield Path(element.attributes.get("src", "")).name, element.attributes.get("alt", "")


def _unresolved(found: list[Element]) -> Iterator[str]:
    for element in found:
        if "quarto-unresolved-ref" in element.classes:
            yield element.text().lstrip("?@")
        if element.tag in ("code", "pre", "script", "style") and "{python}" not in element.text():
            continue
        for child in element.children:
            if isinstance(child, str):
                yield from (name.lstrip("?@") for name in _UNFILLED.findall(child))


def _remote(tree: Element) -> Iterator[str]:
    for element in tree.walk():
        address = element.attributes.get(_LOADS.get(element.tag, ""), "")
        relation = element.attributes.get("rel", "stylesheet")
        loads = element.tag != "link" or "canonical" not in relation
        if loads and _REMOTE.match(address):
            yield address
