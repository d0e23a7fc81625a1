"""What a review says of its own at the foot of each page: Quarto's `page-footer`."""

import re

from reviewpress.assemble import Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.equations import set_equations_of_words
from reviewpress.assemble.links import is_external, page_address, relative
from reviewpress.assemble.raw_html import read_raw_html
from reviewpress.assemble.reader import read_blocks
from reviewpress.config import Config
from reviewpress.config.footers import footers
from reviewpress.config.profiles import PROJECT_FILE

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):|//")
_SCHEMES = ("http", "https", "mailto", "tel")


def page_footer(config: Config, page: Page) -> list[Node]:
    """Return the footer for a page, a block for each place in which there is something.

    As in Quarto, addresses in it begin at the folder of the review.
    """
    return [
        {"t": "MetaBlocks", "c": blocks_for(config, page.chapter.page, words)}
        for words in footers(config)
    ]


def blocks_for(config: Config, here: str, words: str) -> list[Node]:
    """Return words of `_quarto.yml` for the page at an address, their links with addresses."""
    pages = {chapter.path: chapter.page for chapter in config.chapters}
    blocks = read_words(config, words)
    for node in ast.walk(blocks):
        if node["t"] == "Link" and not is_external(node["c"][2][0]):
            target, mark, fragment = node["c"][2][0].lstrip("/").partition("#")
            leads = pages.get(target)
            address = page_address(here, leads) if leads else relative(here, target)
            node["c"][2][0] = f"{address}{mark}{fragment}"
    return blocks


def read_words(config: Config, words: str) -> list[Node]:
    """Return words of `_quarto.yml`, which are Markdown, as blocks that any page may hold."""
    read = read_blocks(PROJECT_FILE, words, config.store, config.limits)
    blocks: list[Node] = ast.transform(read_raw_html(read), _as_words)
    set_equations_of_words(blocks, config.lang)
    return blocks


def _as_words(node: Node) -> Node | list[Node] | None:
    """Return what no page may hold as its words: HTML, links that run, pictures of other sites."""
    if node["t"] in ("Link", "Image"):
        scheme = _SCHEME.match(node["c"][2][0].strip())
        allowed = _SCHEMES if node["t"] == "Link" else ()
        return (
            None if scheme is None or (scheme[1] or "").lower() in allowed else list(node["c"][1])
        )
    if node["t"] == "RawInline":
        return {"t": "Str", "c": node["c"][1]}
    if node["t"] == "RawBlock":
        return {"t": "Plain", "c": [{"t": "Str", "c": node["c"][1]}]}
    return None
