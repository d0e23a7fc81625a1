"""Where references are listed: in the places that chapters have, else at the end of the last."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.numbering import is_reference
from reviewpress.config import Config
from reviewpress.errors import ReportError
from reviewpress.labels import Labels
from reviewpress.references import load_references

GROUPS = ("included", "additional")
ALL = "refs"
"""The place that Quarto has: of the additional references, or of all where there is one group."""
_KEY = re.compile(r"@\{?(\*|[\w][\w:.#$%&+?<>~/-]*)")
HEADING = "references-cited"


@dataclass(frozen=True, slots=True)
class ListPlaces:
    """What a chapter lists: in `::: {#refs}`, and at its end where there is no other place."""

    here: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def of(self, *, last: bool) -> "ListPlaces":
        """Return what one chapter lists: at its end the last one alone."""
        return self if last else ListPlaces(self.here)


def wanted_keys(blocks: Sequence[Node]) -> dict[str, list[str]]:
    """Return the keys that a chapter cites, and the places that it has for lists."""
    nodes = list(ast.walk(list(blocks)))
    cites = (node for node in nodes if node["t"] == "Cite" and not is_reference(node))
    keys = (each["citationId"] for cite in cites for each in cite["c"][0])
    places = (ast.identifier(node) for node in nodes if node["t"] == "Div")
    names = {ALL, *(f"{ALL}-{group}" for group in GROUPS)}
    return {
        "cites-keys": list(dict.fromkeys(keys)),
        "lists": [name for name in dict.fromkeys(places) if name in names],
    }


def listed_uncited(config: Config, fronts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the keys that `nocite:` lists, of the review or a chapter; all for `@*`."""
    said = " ".join(str(each.get("nocite") or "") for each in (config.metadata, *fronts))
    keys = [key.rstrip(".:,;") for key in _KEY.findall(said)]
    if "*" in keys:
        with suppress(ReportError):  # said where the bibliography is checked
            return [*load_references(config).references]
    return list(dict.fromkeys(keys))


def place_lists(
    config: Config, chapters: Iterable[Mapping[str, Any]], uncited: Iterable[str]
) -> ListPlaces:
    """Return where the groups of references go for which no chapter has a place of their own."""
    facts = list(chapters)
    keys = {key for each in facts for key in each["cites-keys"]} | {*uncited}
    places = {name for each in facts for name in each["lists"]}
    if not keys:
        return ListPlaces()
    groups: set[str] = set()
    with suppress(ReportError):  # said where the bibliography is checked
        known = load_references(config).references
        groups = {known[key].group for key in keys if key in known}
    waiting = [group for group in GROUPS if group in groups and f"{ALL}-{group}" not in places]
    if ALL not in places:
        return ListPlaces((), tuple(waiting))
    here = [group for group in waiting if group == "additional"] or waiting
    return ListPlaces(tuple(here), tuple(group for group in waiting if group not in here))


def put_lists(blocks: list[Node], lists: ListPlaces, labels: Labels) -> list[Node]:
    """Say in `::: {#refs}` which groups it lists, and add the lists that have no other place."""
    for node in ast.walk_blocks(blocks):
        if node["t"] == "Div" and ast.identifier(node) == ALL:
            ast.set_attribute(node, "groups", " ".join(lists.here))
    if not lists.after:
        return blocks
    words = ast.text_inlines(labels["section-title-references"])
    heading = {"t": "Header", "c": [2, [HEADING, ["unnumbered"], []], words]}
    places = [{"t": "Div", "c": [[f"{ALL}-{group}", [], []], []]} for group in lists.after]
    return [*blocks, heading, *places]
