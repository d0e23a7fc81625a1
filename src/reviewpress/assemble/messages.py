"""Key messages: blocks of the findings chapters that other pages gather, whole or by headline."""

from collections.abc import Mapping
from copy import deepcopy

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.places import Places
from reviewpress.errors import Problem, nearest


def key_messages(blocks: list[Node]) -> list[Node]:
    """Return the key messages of a chapter, in order, each its own block."""
    return [
        node
        for node in ast.walk_blocks(blocks)
        if node["t"] == "Div" and "key-message" in ast.classes(node)
    ]


def messages_by_place(name: str, blocks: list[Node]) -> dict[str, list[Node]]:
    """Return a chapter's key messages by the names that `from=` may give them.

    The chapter's name stands for all of them, `name#section` for those under the heading with
    that id, its sub-sections included, and `name#message` for the one with that id.
    """
    found: dict[str, list[Node]] = {name: []}
    above: list[tuple[int, str]] = []
    for node in blocks:
        if node["t"] == "Header":
            level = node["c"][0]
            above = [heading for heading in above if heading[0] < level]
            above.append((level, f"{name}#{ast.identifier(node)}"))
            found.setdefault(above[-1][1], [])
            continue
        for message in key_messages([node]):
            found[name].append(message)
            for _, place in above:
                found[place].append(message)
            if ast.identifier(message):
                found[f"{name}#{ast.identifier(message)}"] = [message]
    return found


GATHERING = frozenset({"key-messages", "headlines"})
"""The classes of blocks that are filled: with whole key messages, or with their first words."""
ANSWERS = GATHERING | {"key-message"}
"""The classes of blocks that say what a review has found."""


def gathered_places(blocks: list[Node]) -> list[str]:
    """Return the names from which a chapter gathers key messages."""
    names = (_gathers(node) for node in ast.walk_blocks(blocks))
    return [name for name in names if name is not None]


def gather_messages(
    blocks: list[Node], places: Places, messages: Mapping[str, list[Node]]
) -> tuple[list[Node], list[Problem]]:
    """Fill each `::: {.key-messages from="…"}` with the key messages of that chapter or section.

    `::: {.headlines from="…"}` is filled with the words in strong type that each of them begins
    with; `see="sec-…"` adds where to read on. `messages` is what `messages_by_place` returns, for
    all chapters. A place without any is a problem, and so is a headline of a message without one.
    """
    problems: list[Problem] = []
    if not gathered_places(blocks):
        return blocks, problems

    def report(name: str, message: str, hint: str) -> None:
        found = places.where(lambda each: _gathers(each) == name, f'from="{name}"')
        problems.extend(Problem("key-messages", message, place, hint) for place in found)

    def change(node: Node) -> Node | None:
        name = _gathers(node)
        if name is None:
            return None
        found = messages.get(name, [])
        if not found:
            known = nearest(name, [key for key, value in messages.items() if value])
            report(name, f'no key messages in "{name}" to gather.', known)
        if "headlines" not in ast.classes(node):
            return {**node, "c": [node["c"][0], [_without_id(each) for each in found]]}
        headlines = [_headline(each, ast.attribute(node, "see")) for each in found]
        if None in headlines:
            message = f'a key message in "{name}" has no headline to gather.'
            report(name, message, "Begin it with a statement in strong type: `**It helps.** …`.")
        return {**node, "c": [node["c"][0], [each for each in headlines if each]]}

    return ast.transform(blocks, change), list(dict.fromkeys(problems))


def _without_id(message: Node) -> Node:
    """Return a copy that leaves its id behind: the chapter that it comes from keeps that."""
    copy = deepcopy(message)
    return {**copy, "c": [["", *ast.attr(copy)[1:]], copy["c"][1]]}


def _headline(message: Node, see: str | None) -> Node | None:
    """Return a paragraph of the words in strong type that a key message begins with."""
    first = next((node for node in message["c"][1] if node["t"] in ("Para", "Plain")), None)
    if first is None or first["c"][0]["t"] != "Strong":
        return None
    words = [deepcopy(first["c"][0])]
    return {"t": "Para", "c": words if see is None else [*words, *_reading_on(see)]}


def _reading_on(name: str) -> list[Node]:
    citation = {
        "citationId": name, "citationPrefix": [], "citationSuffix": [],
        "citationMode": {"t": "AuthorInText"}, "citationNoteNum": 0, "citationHash": 0,
    }  # fmt: skip
    reference = {"t": "Cite", "c": [[citation], [{"t": "Str", "c": f"@{name}"}]]}
    return [{"t": "Str", "c": " ("}, reference, {"t": "Str", "c": ")"}]


def _gathers(node: Node) -> str | None:
    """Return from where a block gathers key messages; None for another block."""
    if node["t"] != "Div" or GATHERING.isdisjoint(ast.classes(node)):
        return None
    # An author may have given the name to a block of their own.
    otherwise = "" if "key-messages" in ast.classes(node) else None
    return ast.attribute(node, "from") or otherwise
