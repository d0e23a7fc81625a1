"""What stands under a chapter's title: what its front matter says of it, as Quarto shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.config.authors import AUTHOR_KEYS, Author, read_authors
from reviewpress.labels import Labels

Read = Callable[[str], list[Node]]
"""Reads Markdown into blocks."""

_DEEPEST = 6


def put_title_block(
    blocks: list[Node], front: Mapping[str, Any], read: Read, labels: Labels
) -> list[Node]:
    """Return a chapter with what its front matter says of it under its title.

    Where the title is in the front matter, headings of level 1 are its sections, as in Quarto.
    """
    at = next((i for i, n in enumerate(blocks) if n["t"] == "Header" and n["c"][0] == 1), None)
    if at is None:
        return blocks
    if front.get("title") is not None:
        _lower(blocks[at + 1 :])
    return [*blocks[: at + 1], *_said(front, read, labels), *blocks[at + 1 :]]


def author_notes(authors: Sequence[Author], labels: Labels) -> list[str]:
    """Return a line for each author of whom more than a name is known, and those of all."""
    lines = []
    for author in authors:
        orcid = f"ORCID {author.orcid}" if author.orcid else ""
        end = labels["deceased"] if author.deceased else ""
        known = [end, *(each.name for each in author.affiliations), orcid]
        if any(known):
            lines.append(", ".join(filter(None, [author.name, *known])))
    return [*lines, *shared_notes(authors, labels)]


def shared_notes(authors: Sequence[Author], labels: Labels) -> list[str]:
    """Return whom to write to, who contributed equally, and who did what."""
    written = [", ".join(filter(None, [each.name, each.email]))
               for each in authors if each.corresponding]  # fmt: skip
    equal = [each.name for each in authors if each.equal]
    did = [f"{each.name} ({', '.join(each.roles)})" for each in authors if each.roles]
    colon = labels["caption-separator"]
    notes = [f"{labels['correspondence']}{colon}{'; '.join(written)}"] if written else []
    if len(equal) > 1:
        notes.append(labels.fill("equal-contributors", authors=labels.join(equal)))
    return [*notes, *([f"{labels['contributions']}{colon}{'; '.join(did)}"] if did else [])]


def _lower(blocks: list[Node]) -> None:
    """Put every heading a level lower, in place, where one is as high as the title."""
    headings = [node for node in ast.walk_blocks(blocks) if node["t"] == "Header"]
    if any(heading["c"][0] == 1 for heading in headings):
        for heading in headings:
            heading["c"][0] = min(heading["c"][0] + 1, _DEEPEST)


def _said(front: Mapping[str, Any], read: Read, labels: Labels) -> Iterator[Node]:
    for name in ("subtitle", "description"):
        if front.get(name):
            yield _block(f"chapter-{name}", read(str(front[name])))
    named = next((front[key] for key in AUTHOR_KEYS if front.get(key)), None)
    authors = read_authors(named, front.get("affiliations"))
    byline = [", ".join(author.name for author in authors), str(front.get("date") or "")]
    line = " · ".join(part for part in byline if part)
    if line:
        lines = [line, *author_notes(authors, labels)]
        shown = [{"t": "Para", "c": ast.text_inlines(each)} for each in lines]
        yield _block("chapter-byline", shown)
    if front.get("abstract"):
        title = {"t": "Strong", "c": ast.text_inlines(labels["section-title-abstract"])}
        words = [{"t": "Para", "c": [title]}, *read(str(front["abstract"]))]
        yield _block("chapter-abstract", words)
    keywords = _listed(front.get("keywords"))
    if keywords:
        colon = labels["caption-separator"].rstrip(" ")
        label = {"t": "Strong", "c": ast.text_inlines(labels["title-block-keywords"] + colon)}
        words = [label, {"t": "Space"}, *ast.text_inlines(", ".join(keywords))]
        yield _block("chapter-keywords", [{"t": "Para", "c": words}])


def _block(name: str, blocks: list[Node]) -> Node:
    return {"t": "Div", "c": [["", [name], []], blocks]}


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value if each]
    return [str(value)] if value else []
