"""What became of an edition: its corrections and earlier versions, at the end of the first page."""

from collections.abc import Iterator, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.config import Config
from reviewpress.formats.page_footer import blocks_for, read_words
from reviewpress.formats.status import corrections, earlier_versions
from reviewpress.labels import Labels
from reviewpress.shapes import Plain, as_text

FIRST = "index.html"
"""The page that lists them; in formats of one file, the chapter that is that page."""


def shown_corrections(config: Config, labels: Labels) -> list[dict[str, Plain]]:
    """Return the corrections as pages have them: what each says is read as Markdown."""
    return [
        {**each, "text": {"t": "MetaBlocks", "c": _in_line(blocks_for(config, FIRST, said))}}
        for each in corrections(config, labels)
        if (said := as_text(each["text"]))
    ]


def words_of_correction(config: Config, correction: dict[str, Plain]) -> str:
    """Return a correction as it is read, on one line, its date before it where it has one."""
    words = " ".join(map(ast.text, read_words(config, as_text(correction["text"]))))
    return ": ".join(filter(None, (as_text(correction["words"]), " ".join(words.split()))))


def history_blocks(config: Config, labels: Labels, *, named: bool = False) -> list[Node]:
    """Return the same as blocks of a chapter, with the earlier versions; none without either.

    Their headings are `named`, have ids, where these are a page's and not a whole book's.
    """
    errata = [[*_dated(config, labels, each)] for each in corrections(config, labels)]
    versions = [[_version(each)] for each in earlier_versions(config, labels)]
    lists = {"errata": errata, "earlier-versions": versions}
    return [
        block
        for name, items in lists.items()
        for block in _list(name if named else "", labels[name], items)
    ]


def _list(name: str, title: str, items: Sequence[list[Node]]) -> Iterator[Node]:
    """Yield a heading that no contents list, and the items below it."""
    if items:
        own = [name, ["unnumbered", "unlisted"], []]
        yield {"t": "Header", "c": [2, own, _words(title)]}
        yield {"t": "BulletList", "c": items}


def _dated(config: Config, labels: Labels, correction: dict[str, Plain]) -> list[Node]:
    blocks = _in_line(read_words(config, as_text(correction["text"])))
    date = as_text(correction["words"])
    mark = labels["caption-separator"].rstrip()
    before = [*_words(f"{date}{mark}"), {"t": "Space"}] if date else []
    if blocks and blocks[0]["t"] == "Plain":
        blocks[0]["c"] = [*before, *blocks[0]["c"]]
        return blocks
    return [{"t": "Plain", "c": before}, *blocks] if before else blocks


def _version(each: dict[str, Plain]) -> Node:
    words, address, date = (as_text(each[name]) for name in ("version", "url", "words"))
    named = _words(words)
    shown = [{"t": "Link", "c": [["", [], []], named, [address, ""]]}] if address else named
    return {"t": "Plain", "c": [*shown, *(_words(f", {date}") if date else [])]}


def _in_line(blocks: list[Node]) -> list[Node]:
    """Return blocks of which a paragraph alone stands in its line."""
    return [{"t": "Plain", "c": blocks[0]["c"]}] if [b["t"] for b in blocks] == ["Para"] else blocks


def _words(text: str) -> list[Node]:
    return [{"t": "Str", "c": text}]
