"""Where references are listed: in the places that chapters have, else at the end of the last."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.numbering import is_reference
from reviewpress.assemble.places import Places
from reviewpress.config import Config
from reviewpress.errors import Problem, ReportError
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


@dataclass(frozen=True, slots=True)
class EmptyLists:
    """The places in which nothing is listed, and the ids that something leads to."""

    places: tuple[str, ...] = ()
    led_to: tuple[str, ...] = ()

    def drop(self, blocks: list[Node]) -> list[str]:
        """Drop each heading below which there are only empty lists, and return the ids of these.

        A chapter's title stays, and so does what something leads to. `references.lua` drops the
        same under Quarto.
        """
        dropped: list[str] = []
        emptied = -1  # where the last section that was dropped began
        for at in reversed(range(len(blocks))) if self.places else ():
            if blocks[at]["t"] != "Header":
                continue
            level, name = blocks[at]["c"][0], ast.identifier(blocks[at])
            end = at + 1
            while end < len(blocks) and self._is_empty(blocks[end]):
                end += 1
            had_list = end > at + 1 or emptied == end
            ends = end == len(blocks) or (
                blocks[end]["t"] == "Header" and blocks[end]["c"][0] <= level
            )
            if had_list and ends and level > 1 and name not in self.led_to:
                del blocks[at:end]
                dropped.append(name)
                emptied = at
        return dropped

    def _is_empty(self, node: Node) -> bool:
        name = ast.identifier(node) if node["t"] == "Div" else ""
        return name in self.places and name not in self.led_to and not node["c"][1]


NONE_EMPTY = EmptyLists()


def wanted_keys(blocks: list[Node]) -> dict[str, Any]:
    """Return the keys that a chapter cites, its places for lists, and the ids that it links to."""
    nodes = list(ast.walk(blocks))
    cites = (node for node in nodes if node["t"] == "Cite" and not is_reference(node))
    keys = (each["citationId"] for cite in cites for each in cite["c"][0])
    addresses = (node["c"][2][0].partition("#") for node in nodes if node["t"] == "Link")
    return {
        "cites-keys": list(dict.fromkeys(keys)),
        "lists": _places(nodes),
        "leads-to": sorted({fragment for _, _, fragment in addresses if fragment}),
    }


def find_repeated_places(chapters: Iterable[tuple[Mapping[str, Any], Places]]) -> Iterator[Problem]:
    """Yield each place for references that the book has had already: an entry has one id."""
    had: set[str] = set()
    for facts, places in chapters:
        for place, count in Counter(facts["lists"]).items():
            is_later = place in had
            if is_later or count > 1:
                message = f"`#{place}` is there twice: references are listed in one place."
                found = places.where(_is_place(place), f"#{place}")
                for where in found if is_later else found[1:]:
                    yield Problem("duplicate-id", message, where, "Delete one of the two.")
        had.update(facts["lists"])


def _is_place(name: str) -> Callable[[Node], bool]:
    return lambda node: node["t"] == "Div" and ast.identifier(node) == name


def _places(nodes: Iterable[Node]) -> list[str]:
    names = {ALL, *(f"{ALL}-{group}" for group in GROUPS)}
    found = (ast.identifier(node) for node in nodes if node["t"] == "Div")
    return [name for name in found if name in names]


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
    groups = _cited_groups(config, facts, uncited)
    places = {place for each in facts for place in each["lists"]}
    waiting = [group for group in groups if f"{ALL}-{group}" not in places]
    here: list[str] = []
    if ALL in places:
        here = [group for group in waiting if group == "additional"] or waiting
    return ListPlaces(tuple(here), tuple(group for group in waiting if group not in here))


def find_empty_lists(
    config: Config, chapters: Iterable[Mapping[str, Any]], uncited: Iterable[str]
) -> EmptyLists:
    """Return the places in which nothing will be listed, since nothing of their groups is cited."""
    facts = list(chapters)
    filled = {f"{ALL}-{group}" for group in _cited_groups(config, facts, uncited)}
    if place_lists(config, facts, uncited).here:
        filled.add(ALL)
    places = {place for each in facts for place in each["lists"]} - filled
    if not places:
        return NONE_EMPTY
    led = {name for each in facts for name in (*each["refers"], *each["leads-to"])}
    return EmptyLists(tuple(sorted(places)), tuple(sorted(led)))


def _cited_groups(
    config: Config, facts: Iterable[Mapping[str, Any]], uncited: Iterable[str]
) -> list[str]:
    keys = {key for each in facts for key in each["cites-keys"]} | {*uncited}
    if not keys:
        return []
    groups: set[str] = set()
    with suppress(ReportError):  # said where the bibliography is checked
        known = load_references(config).references
        groups = {known[key].group for key in keys if key in known}
    return [group for group in GROUPS if group in groups]


def put_lists(blocks: list[Node], lists: ListPlaces, labels: Labels) -> list[Node]:
    """Say in `::: {#refs}` which groups it lists, and add the lists that have no other place."""
    for node in ast.walk_blocks(blocks):
        if node["t"] == "Div" and ast.identifier(node) == ALL:
            ast.set_attribute(node, "groups", " ".join(lists.here))
    return [*blocks, *(_lists(lists.after, labels) if lists.after else ())]


def _lists(groups: Iterable[str], labels: Labels) -> list[Node]:
    words = ast.text_inlines(labels["section-title-references"])
    heading = {"t": "Header", "c": [2, [HEADING, ["unnumbered"], []], words]}
    return [heading, *({"t": "Div", "c": [[f"{ALL}-{group}", [], []], []]} for group in groups)]
