"""Key messages: blocks of the findings chapters that the summary gathers."""

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


def gathered_places(blocks: list[Node]) -> list[str]:
    """Return the names from which a chapter gathers key messages."""
    names = (_gathers(node) for node in ast.walk_blocks(blocks))
    return [name for name in names if name is not None]


def gather_messages(
    blocks: list[Node], places: Places, messages: Mapping[str, list[Node]]
) -> tuple[list[Node], list[Problem]]:
    """Fill each `::: {.key-messages from="…"}` with the key messages of that chapter or section.

    `messages` is what `messages_by_place` returns, for all chapters. A place without any is a
    problem.
    """
    problems: list[Problem] = []
    if not gathered_places(blocks):
        return blocks, problems

    def change(node: Node) -> Node | None:
        name = _gathers(node)
        if name is None:
            return None
        found = messages.get(name, [])
        if not found:
            message = f'no key messages in "{name}" to gather.'
            hint = nearest(name, [key for key, value in messages.items() if value])
            problems.extend(
                Problem("key-messages", message, place, hint)
                for place in places.where(lambda each: _gathers(each) == name, f'from="{name}"')
            )
        # Gathered messages leave their ids behind: the chapter they come from keeps those.
        copies = [{**n, "c": [["", *ast.attr(n)[1:]], n["c"][1]]} for n in deepcopy(found)]
        return {**node, "c": [node["c"][0], copies]}

    return ast.transform(blocks, change), list(dict.fromkeys(problems))


def _gathers(node: Node) -> str | None:
    """Return from where a block gathers key messages; None for another block."""
    if node["t"] != "Div" or "key-messages" not in ast.classes(node):
        return None
    return ast.attribute(node, "from") or ""
