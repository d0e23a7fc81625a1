"""Faults in the markup around Quarto's pages, repaired where a project's hook can.

Seen with Quarto 1.10.18 on 29 November 2026: a style sheet is linked with an attribute that HTML
does not have; two navigation landmarks have no names; what opens a part in the sidebar has the role
of a landmark; links to the page before and after are called by a chapter's title alone, without its
number and which of the two they are (WCAG 2.5.3, 1.3.1).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from reviewpress.assemble.translations import find_translations, page_alternates, page_links
from reviewpress.config import Config
from reviewpress.formats.inline_charts import inline_charts, reader_of
from reviewpress.formats.site_files import OF_ONE_PAGE
from reviewpress.html_tree import add_element, parse_html, with_class, words_of, write_html
from reviewpress.labels import load_labels
from reviewpress.quarto.inputs import HEADS, inputs_folder
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.files import write_atomically


def repair_pages(config: Config, folder: Path) -> None:
    """Repair the pages of an edition that Quarto wrote into a folder."""
    labels = load_labels(config)
    translations = find_translations(config)
    given = inputs_folder(config) / HEADS
    heads = as_mapping(json.loads(given.read_bytes()) if given.is_file() else {})
    chapters = {chapter.page: chapter for chapter in config.chapters}
    for path in sorted(folder.rglob("*.html")):
        if "site_libs" in path.parts:
            continue
        made = path.read_text(encoding="utf-8")
        repaired = repair_page(made, labels)
        name = path.relative_to(folder).as_posix()
        chapter = chapters.get(name)
        if name in heads:
            repaired = say_in_head(repaired, heads[name])
        if translations and chapter:
            links = [*page_links(config, translations, chapter)]
            repaired = link_languages(
                repaired, links, page_alternates(config, translations, chapter)
            )
        # Quarto copies no narrow versions. Last: what parses a page knows no names of SVG's.
        repaired = inline_charts(repaired, reader_of(folder, name, config.root))
        if repaired != made:
            write_atomically(path, repaired.encode())


def repair_page(text: str, labels: Mapping[str, str]) -> str:
    """Return a page of Quarto's with what is wrong in its markup repaired.

    Quarto's markup is not ours, so there are no places to splice: the page is written anew, once.
    """
    page = parse_html(text)
    for link in page.xpath("//link[@append-hash]"):
        del link.attrib["append-hash"]
    for opener in page.xpath("//a[@role='navigation']"):
        opener.set("role", "button")
    for sidebar in page.xpath("//nav[@id='quarto-sidebar'][not(@aria-label)]"):
        sidebar.set("aria-label", labels["toc-title-document"])
    for turns in page.xpath(f"//nav[{with_class('page-navigation')}]"):
        turns.set("aria-label", labels["page-turns"])
    for way in ("previous", "next"):
        for turn in page.xpath(f"//div[{with_class(f'nav-page-{way}')}]/a"):
            # By the words that it shows, after which of the two it is.
            turn.set("aria-label", f"{labels[f'{way}-page']}: {words_of(turn)}")
    return write_html(page)


def say_in_head(text: str, elements: Plain) -> str:
    """Return a page that says of itself what the embedded engine's says, in place of Quarto's."""
    page = parse_html(text)
    for element in page.xpath(OF_ONE_PAGE):
        element.getparent().remove(element)
    for head in page.xpath("//head"):
        for tag, attributes, *words in map(as_list, as_list(elements)):
            given = {name: as_text(value) for name, value in as_mapping(attributes).items()}
            add_element(head, as_text(tag), given).text = "".join(map(as_text, words)) or None
    return write_html(page)


def link_languages(
    text: str, links: Sequence[Mapping[str, str]], alternates: Sequence[Mapping[str, str]]
) -> str:
    """Return a page that leads to itself in other languages: for readers, and for programs."""
    page = parse_html(text)
    for head in page.xpath("//head"):
        for each in alternates:
            given = {"rel": "alternate", "hreflang": each["lang"], "href": each["href"]}
            add_element(head, "link", given)
    for main in page.xpath("//main")[:1]:
        line = add_element(main, "p", {"class": "languages"}, first=True)
        for each in links:
            given = {"href": each["href"], "hreflang": each["lang"], "lang": each["lang"]}
            add_element(line, "a", given).text = each["name"]
    return write_html(page)
