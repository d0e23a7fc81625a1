"""What an edition says, read from its HTML pages, whichever engine made them.

Headings with their numbers, captions, what cross-references and citations say, reference lists,
alternative texts, live values and key messages: for the checks of what Quarto made, and for
comparing two engines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from reviewpress.assemble.source import read_chapter, run_chapter
from reviewpress.config import Chapter, Config
from reviewpress.errors import Place, Problem
from reviewpress.formats.hashed_names import plain_name
from reviewpress.formats.objects import HTML
from reviewpress.html_tree import Element, classes_of, parse_html, with_class, words_of
from reviewpress.notebooks.runs import CellText
from reviewpress.notebooks.source import read_notebook

Pairs = tuple[tuple[str, str], ...]

_FURNITURE = {"cite-this", "hero", "toc-title", "callout-title-container"}
_REMOTE = re.compile(r"(?:https?:)?//", re.I)
_LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
_UNFILLED = re.compile(r"\{python\}|\?(?:fig|tbl|sec|eq)-[\w-]+|\?@(?:fig|tbl|sec)-[\w-]+")


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
    main = next(tree.iter("main"), tree)
    return HtmlPage(
        headings=tuple(_headings(main)),
        captions=tuple(_captions(main)),
        crossrefs=tuple(_crossrefs(main)),
        citations=tuple(_citations(main)),
        references=tuple(_references(main)),
        alternatives=tuple(_alternatives(main)),
        values=tuple((e.get("data-expr", ""), words_of(e)) for e in _of_class(main, "value")),
        messages=tuple(("", words_of(e, "block-title")) for e in _of_class(main, "key-message")),
        unresolved=tuple(dict.fromkeys(_unresolved(main))),
        unknown=tuple(
            dict.fromkeys(e.get("data-key") or words_of(e).strip("@?")
                          for e in _of_class(main, "unresolved")
                          if e.tag == "span" and not words_of(e).startswith("?"))
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


def _of_class(element: Element, name: str) -> list[Element]:
    found: list[Element] = element.xpath(f".//*[{with_class(name)}]")
    return found


def _headings(main: Element) -> Iterator[tuple[str, str]]:
    for heading in main.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        around = {name for each in (heading, *heading.iterancestors()) for name in classes_of(each)}
        name, title = _id_of(heading), _shown(heading)
        # A title without an id is the book's, on the first page, or says the number of its chapter.
        is_own = name or heading.tag != "h1" or len(_of_class(heading, "chapter-number")) > 0
        if title and is_own and not around & _FURNITURE:
            # Quarto gives a chapter that is titled in its front matter no id.
            yield "" if heading.tag == "h1" and name == _made_id(title) else name, title


def _made_id(title: str) -> str:
    """Return the id that pandoc makes of the words of a heading, its number left out."""
    words = re.sub(r"^[\dA-Z]+\s+", "", title)
    return "-".join(re.sub(r"[^\w\s.-]", "", words.lower()).split())


def _shown(element: Element) -> str:
    return words_of(element).replace("\u00a0", " ")


def _id_of(heading: Element) -> str:
    """Return the id by which a heading is referred to: its own, or that of what it titles."""
    own = heading.get("id") or heading.get("data-anchor-id")
    if own:
        return str(own)
    for inner in _of_class(heading, "quarto-section-identifier"):
        return str(inner.get("id", ""))
    parent = heading.getparent()
    return str(parent.get("id", "")) if parent.tag == "section" else ""


def _captions(main: Element) -> Iterator[tuple[str, str]]:
    for caption in main.iter("figcaption", "caption", "div", "p"):
        if caption.tag == "div" and "entries-caption" not in classes_of(caption):
            continue
        if caption.tag == "p" and "sub-float" not in classes_of(caption.getparent()):
            continue
        owner = float_of(caption)
        if owner:
            yield owner, _shown(caption)


def float_of(element: Element) -> str:
    """Return the id of the figure or table that an element stands in, empty where none is."""
    for parent in element.iterancestors():
        name = str(parent.get("id", ""))
        if name.startswith(("fig-", "tbl-")) and "caption" not in name:
            return name
    return ""


def _crossrefs(main: Element) -> Iterator[tuple[str, str]]:
    for link in main.iter("a"):
        if {"xref", "quarto-xref"} & set(classes_of(link)):
            yield urlsplit(link.get("href", "")).fragment, _shown(link)


def _citations(main: Element) -> Iterator[tuple[str, str]]:
    for link in main.iter("a"):
        fragment = urlsplit(link.get("href", "")).fragment
        in_list = any("references" in classes_of(parent) for parent in link.iterancestors())
        if fragment.startswith("ref-") and not in_list:
            yield fragment.removeprefix("ref-"), words_of(link)


def _references(main: Element) -> Iterator[tuple[str, str]]:
    for reference in _of_class(main, "reference"):
        name = str(reference.get("id", ""))
        if name.startswith("ref-"):
            kept = reference.xpath(
                f".//*[{with_class('reference-number')} or {with_class('reference-text')}]"
            )
            told = " ".join(words_of(each, "cited-in") for each in kept).strip()
            yield name.removeprefix("ref-"), told


def _alternatives(main: Element) -> Iterator[tuple[str, str]]:
    # The picture in a link that has a name, as that to an author's ORCID, is to say nothing.
    silent = "ancestor-or-self::*[@aria-hidden='true'] or (@alt='' and ancestor::a[@aria-label])"
    for image in main.xpath(f".//img[not({silent})]"):
        yield plain_name(Path(image.get("src", "")).name), image.get("alt", "")
    for chart in main.xpath(f".//svg[@role='img'][{with_class('rp-chart')}]"):
        if "narrow" not in classes_of(chart):
            yield chart.get("data-file", ""), chart.get("aria-label", "")


def _unresolved(main: Element) -> Iterator[str]:
    for element in main.iterdescendants("*"):
        if "quarto-unresolved-ref" in classes_of(element):
            yield words_of(element).lstrip("?@")
        # Code in a line is a value that was not filled in; a block of it is shown as it is.
        is_code = element.tag in ("code", "script", "style") and "{python}" not in words_of(element)
        if is_code or element.xpath("ancestor-or-self::pre"):
            continue
        for text in element.xpath("text()"):
            yield from (name.lstrip("?@") for name in _UNFILLED.findall(text))


def _remote(tree: Element) -> Iterator[str]:
    for element in tree.iter(*_LOADS):
        address = element.get(_LOADS[element.tag], "")
        loads = element.tag != "link" or "canonical" not in element.get("rel", "stylesheet")
        if loads and _REMOTE.match(address):
            yield address
