"""Layered drawings of graphs."""

import random
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise, permutations, product

import pytest

from reviewpress.figures.drawing.layering import Layers, order_layers, spread

GAP, WAYPOINT = 0.5, 0.4
STRAIGHT = {0: 1.0, 1: 0.5, 2: 8.0}
Edges = list[tuple[str, str]]


def edges_of(text: str) -> Edges:
    """Read edges: "ab bc" leads from a to b and from b to c."""
    return [(start, end) for start, end in text.split()]


def level(layers: Layers) -> dict[str, int]:
    """Return the layer of each name."""
    return {name: number for number, row in enumerate(layers.rows) for name in row}


def random_graph(seed: int, *, size: int = 7) -> tuple[list[str], Edges]:
    """Return a graph of at most `size` nodes, some of its edges closing a cycle."""
    chance = random.Random(seed)
    nodes = list("abcdefghijklmn"[: chance.randint(3, size)])
    found = set()
    for _ in range(chance.randint(len(nodes) - 1, 2 * len(nodes))):
        start, end = sorted(chance.sample(nodes, 2), reverse=chance.random() < 0.1)
        found.add((start, end))
    return nodes, chance.sample(sorted(found), len(found))


def steps_down(layers: Layers) -> Edges:
    """Return the steps of all routes, from above to below."""
    at = level(layers)
    steps = (step for route in layers.routes for step in pairwise(route))
    return [(a, b) if at[a] < at[b] else (b, a) for a, b in steps]


def crossings(rows: Sequence[Sequence[str]], steps: Edges) -> int:
    """Count the pairs of steps between the same two layers that cross."""
    place = {name: (number, at) for number, row in enumerate(rows) for at, name in enumerate(row)}
    count = 0
    for (a, b), (c, d) in combinations(steps, 2):
        upper = place[a][0] == place[c][0]
        count += upper and (place[a][1] - place[c][1]) * (place[b][1] - place[d][1]) < 0
    return count


@pytest.mark.parametrize(
    ("nodes", "edges", "levels"),
    [
        ("abc", "ab bc ac", "012"),
        ("abcd", "ac cb ab bd", "0213"),
        # What is listed last may come first, whatever the order of the edges.
        ("cba", "bc ab", "210"),
        # A box that leads nowhere else stands just above what it leads to.
        ("abcdx", "ab bc cd xd", "01232"),
        ("abcdx", "ab bc cd xc xd", "01231"),
        # A box between two stays near the first: both edges together are as long either way.
        ("abcdm", "ab bc cd am md", "01231"),
        ("ab", "", "00"),
        ("a", "aa", "0"),
        ("abc", "ab bc cc", "012"),
    ],
)
def test_edges_lead_down(nodes: str, edges: str, levels: str) -> None:
    """Each box stands as high as those allow that lead to it, or lower to shorten its edges."""
    found = level(order_layers(list(nodes), edges_of(edges)))
    assert "".join(str(found[name]) for name in nodes) == levels


@pytest.mark.parametrize(
    ("nodes", "edges", "upwards"),
    [
        ("abc", "ab bc ca", "ca"),
        # A search begins with boxes that nothing leads to, then as they are listed.
        ("cba", "ab bc cb", "cb"),
        ("ba", "ab ba", "ab"),
        ("abcd", "ab ac bd cd", ""),
        ("abcd", "ab bd dc ca ad", "ca"),
        ("abcde", "ab bc ad de eb", ""),
    ],
)
def test_an_edge_that_closes_a_cycle_runs_up(nodes: str, edges: str, upwards: str) -> None:
    """All others lead down; each route is given from its own start to its own end."""
    layers = order_layers(list(nodes), edges_of(edges))
    at = level(layers)
    assert [(route[0], route[-1]) for route in layers.routes] == edges_of(edges)
    up = [route[0] + route[-1] for route in layers.routes if at[route[0]] > at[route[-1]]]
    assert " ".join(up) == upwards


@pytest.mark.parametrize("seed", range(40))
def test_routes_go_from_layer_to_layer(seed: int) -> None:
    """A long edge has a waypoint of its own in each layer that it passes; each name has a place."""
    nodes, edges = random_graph(seed)
    layers = order_layers(nodes, edges)
    at = level(layers)
    for route in layers.routes:
        assert {abs(at[a] - at[b]) for a, b in pairwise(route)} == {1}
    waypoints = [name for route in layers.routes for name in route[1:-1]]
    names = [name for row in layers.rows for name in row]
    assert sorted(names) == sorted([*nodes, *waypoints])
    assert all(layers.rows)


def test_hardly_any_order_has_fewer_crossings() -> None:
    """All orders of the layers are tried: of 60 small graphs, one has a crossing too many."""
    more = 0
    for seed in range(60):
        layers = order_layers(*random_graph(seed, size=6))
        steps = steps_down(layers)
        ways = product(*(permutations(row) for row in layers.rows))
        tried = [crossings(way, steps) for way, _ in zip(ways, range(2000), strict=False)]
        more += max(0, crossings(layers.rows, steps) - min(tried))
    assert more <= 1


def test_larger_graphs_have_as_few_crossings_as_before() -> None:
    """Counted in all, of 80 graphs of up to 14 boxes: fewer are better, and then stand here."""
    found = 0
    for seed in range(80):
        layers = order_layers(*random_graph(seed, size=14))
        found += crossings(layers.rows, steps_down(layers))
    assert found == 76


def test_boxes_keep_the_order_they_are_listed_in() -> None:
    """Where no order has fewer crossings than that."""
    assert order_layers(list("xcba"), edges_of("xc xa xb")).rows == (("x",), tuple("cba"))
    assert order_layers(list("ba"), []).rows == (("b", "a"),)


def cost(layers: Layers, across: Mapping[str, float], nodes: Sequence[str]) -> float:
    """Return how far steps lean: squares, weighted by how many of the ends are waypoints."""
    return sum(
        STRAIGHT[(a not in nodes) + (b not in nodes)] * (across[a] - across[b]) ** 2
        for route in layers.routes
        for a, b in pairwise(route)
    )


def moved(across: Mapping[str, float], names: Sequence[str], by: float) -> dict[str, float]:
    """Return the places with some names elsewhere."""
    return {**across, **{name: across[name] + by for name in names}}


@pytest.mark.parametrize("seed", range(30))
def test_steps_are_as_upright_as_they_can_be(seed: int) -> None:
    """Nothing overlaps, and no part of a layer can be moved so that steps lean less."""
    nodes, edges = random_graph(seed)
    widths = {name: 1.0 + random.Random(seed + ord(name)).random() * 3 for name in nodes}
    layers = order_layers(nodes, edges)
    across = spread(layers, widths, gap=GAP, waypoint=WAYPOINT)
    sizes = {name: widths.get(name, WAYPOINT) for name in across}
    assert min(across[name] - sizes[name] / 2 for name in across) == pytest.approx(0)
    least = cost(layers, across, nodes)
    for row in layers.rows:
        free = [
            across[other] - across[one] - (sizes[one] + sizes[other]) / 2 - GAP
            for one, other in pairwise(row)
        ]
        assert min(free, default=0) > -1e-9
        for at in range(len(row)):
            # What touches the next has to go with it.
            right = next((n for n in range(at, len(free)) if free[n] > 0.01), len(free))
            left = next((n for n in range(at - 1, -1, -1) if free[n] > 0.01), -1)
            for names, by in ((row[at : right + 1], 0.01), (row[left + 1 : at + 1], -0.01)):
                assert cost(layers, moved(across, names, by), nodes) > least - 2e-4


@pytest.mark.parametrize(
    ("nodes", "edges", "places"),
    [
        # Boxes of width 2, gaps of 0.5: what leads to two stands in the middle above them.
        ("a", "", [1.0]),
        ("ab", "", [1.0, 3.5]),
        ("abc", "ab ac", [2.25, 1.0, 3.5]),
        ("abcd", "ad bd cd", [1.0, 3.5, 6.0, 3.5]),
        ("abce", "ab ac be ce", [2.25, 1.0, 3.5, 2.25]),
    ],
)
def test_places_of_small_graphs(nodes: str, edges: str, places: list[float]) -> None:
    """Known without calculating."""
    layers = order_layers(list(nodes), edges_of(edges))
    across = spread(layers, dict.fromkeys(nodes, 2.0), gap=0.5, waypoint=0.4)
    assert [across[name] for name in nodes[: len(places)]] == pytest.approx(places, abs=1e-3)


def test_a_long_edge_is_straight_between_its_ends() -> None:
    """It bends where it leaves and arrives, and passes the boxes between by their gap."""
    nodes = list("abcde")
    layers = order_layers(nodes, edges_of("ab bc cd de ae"))
    across = spread(layers, dict.fromkeys(nodes, 2.0), gap=0.5, waypoint=0.4)
    first, *_, last = (across[name] for name in layers.routes[-1][1:-1])
    assert first == pytest.approx(last, abs=0.02)
    assert abs(first - across["c"]) == pytest.approx(1.0 + 0.5 + 0.2, abs=0.02)
