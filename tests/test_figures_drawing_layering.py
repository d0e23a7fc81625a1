"""Layered drawings of graphs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.figures.drawing.layering import Drawing, draw_layers


def draw(edges: list[tuple[str, str]], nodes: str = "abcdefg", width: float = 2.0) -> Drawing:
    return draw_layers(dict.fromkeys(nodes, width), edges, gap=0.5, waypoint=0.4)


def level(drawing: Drawing) -> dict[str, int]:
    return {name: row for row, layer in enumerate(drawing.layers) for name in layer}


def test_edges_lead_down() -> None:
    """A box stands below everything that leads to it."""
    found = level(draw([("a", "b"), ("b", "c"), ("a", "c")], "abc"))
    assert (found["a"], found["b"], found["c"]) == (0, 1, 2)


def test_long_edges_have_waypoints() -> None:
    """One in each layer that they pass."""
    drawing = draw([("a", "b"), ("b", "c"), ("a", "c")], "abc")
    assert [len(route) for route in drawing.routes] == [2, 2, 3]
    assert drawing.routes[2][0] == "a"
    assert drawing.routes[2][-1] == "c"


def test_crossings_are_avoided() -> None:
    """Two parallel chains stay parallel, however they are listed."""
    drawing = draw([("a", "d"), ("b", "c"), ("d", "e"), ("c", "f")], "abcdef")
    order = [list(layer) for layer in drawing.layers]
    assert [layer.index(x) < layer.index(y) for layer, x, y in zip(
        order, "ade", "bcf", strict=True
    )] in ([True] * 3, [False] * 3)  # fmt: skip


def test_an_edge_that_closes_a_cycle_runs_up() -> None:
    """Its route is given from its own start."""
    drawing = draw([("a", "b"), ("b", "c"), ("c", "a")], "abc")
    assert level(drawing)["a"] < level(drawing)["b"] < level(drawing)["c"]
    assert (drawing.routes[2][0], drawing.routes[2][-1]) == ("c", "a")


def test_a_box_that_leads_to_itself() -> None:
    """It has a place."""
    assert level(draw([("a", "a")], "a")) == {"a": 0}


NAMES = st.sampled_from("abcdefg")


@given(st.lists(st.tuples(NAMES, NAMES), max_size=14, unique=True), st.floats(0.5, 6))
def test_nothing_overlaps(edges: list[tuple[str, str]], width: float) -> None:
    """In any graph each box has a place, neighbours keep their gap, and nothing is left of 0."""
    edges = [(a, b) for a, b in edges if a != b]
    drawing = draw(edges, width=width)
    names = [name for layer in drawing.layers for name in layer]
    assert set("abcdefg") <= set(names)
    assert len(names) == len(set(names))
    for layer in drawing.layers:
        sizes = [width if name in "abcdefg" else 0.4 for name in layer]
        for (one, size), (other, next_size) in pairwise(zip(layer, sizes, strict=True)):
            apart = drawing.across[other] - drawing.across[one]
            assert apart >= (size + next_size) / 2 + 0.5 - 1e-6
        for name, size in zip(layer, sizes, strict=True):
            assert drawing.across[name] - size / 2 > -1e-6
    for edge, route in zip(edges, drawing.routes, strict=True):
        assert (route[0], route[-1]) == edge


@pytest.mark.parametrize("nodes", ["a", "ab"])
def test_boxes_without_edges_stand_side_by_side(nodes: str) -> None:
    """In the first layer."""
    assert draw([], nodes).layers == (tuple(nodes),)
