"""Layered drawing of a graph, after Sugiyama, Tagawa and Toda (1981).

    break cycles → layers by longest path → order within layers → places across

Edges longer than one layer are led through waypoints of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

Edge = tuple[str, str]
Sides = tuple[Mapping[str, list[str]], Mapping[str, list[str]]]
"""The neighbours of each name in the layer above and in the layer below."""

SWEEPS = 12
ROUNDS = 200
NEAR = 1e-4
"""How little names move in a round, in centimetres, when places are found."""
STRAIGHT = (1.0, 0.5, 8.0)
"""How much steps with no, one and two waypoints want to be upright: long edges bend at their ends.

That they differ is of Gansner et al. (1993), who make long edges wind less with 1, 2 and 8.
"""


@dataclass(frozen=True, slots=True)
class Layers:
    """The names of each layer in order: nodes, and the waypoints of edges that pass.

    `routes` gives each edge, in the order given, the names it passes, ends included; the route of
    an edge that closes a cycle runs upwards.
    """

    rows: tuple[tuple[str, ...], ...]
    routes: tuple[tuple[str, ...], ...]


def order_layers(nodes: Sequence[str], edges: Sequence[Edge]) -> Layers:
    """Put nodes into layers so that edges lead down and few of them cross.

    Edges name nodes; nodes without edges stand in the first layer.
    """
    forward = _without_cycles(nodes, edges)
    rows, routes = _with_waypoints(nodes, forward, _levels(nodes, forward))
    sides = _sides(rows, routes)
    best = min(_orders(rows, sides), key=lambda order: _crossings(order, sides[1]))
    turned = tuple(
        route if (route[0], route[-1]) == tuple(edge) else route[::-1]
        for route, edge in zip(routes, edges, strict=True)
    )
    return Layers(best, turned)


def spread(
    layers: Layers, widths: Mapping[str, float], *, gap: float, waypoint: float
) -> dict[str, float]:
    """Return the middle of each name across, from 0 on: steps as upright as they can be.

    `widths` are those of nodes, `waypoint` is the width that a passing edge takes, and `gap`
    separates neighbours. The squares of how far steps lean, weighted, are least: each layer in
    turn is placed as its neighbours want it, which cannot end anywhere else.
    """
    sizes = {name: widths.get(name, waypoint) for row in layers.rows for name in row}
    pulls: dict[str, list[tuple[str, float]]] = {name: [] for name in sizes}
    for one, other in (step for route in layers.routes for step in pairwise(route)):
        weight = STRAIGHT[(one not in widths) + (other not in widths)]
        pulls[one].append((other, weight))
        pulls[other].append((one, weight))
    across = dict.fromkeys(sizes, 0.0)
    for _ in range(ROUNDS):
        before = dict(across)
        for row in layers.rows:
            weights = [sum(weight for _, weight in pulls[name]) or 1.0 for name in row]
            wished = [
                sum(across[other] * weight for other, weight in pulls[name]) / total
                for name, total in zip(row, weights, strict=True)
            ]
            placed = _separate(wished, weights, [sizes[name] for name in row], gap)
            across.update(zip(row, placed, strict=True))
        if all(abs(across[name] - x) < NEAR for name, x in before.items()):
            break
    left = min(across[name] - sizes[name] / 2 for name in across)
    return {name: x - left for name, x in across.items()}


def _without_cycles(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Turn round the edges that close a cycle, found depth first from the nodes as listed."""
    out: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        out[start].append(end)
    is_open: dict[str, bool] = {}
    back: set[Edge] = set()

    def visit(node: str) -> None:
        is_open[node] = True
        for other in out[node]:
            if other not in is_open:
                visit(other)
            elif is_open[other]:
                back.add((node, other))
        is_open[node] = False

    targets = {end for _, end in edges}
    for node in sorted(nodes, key=lambda name: name in targets):
        if node not in is_open:
            visit(node)
    return [(end, start) if (start, end) in back else (start, end) for start, end in edges]


def _levels(nodes: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return each node's layer: as low as its predecessors ask, then as near as shortens edges."""
    level = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for start, end in edges:
            if start != end:
                level[end] = max(level[end], level[start] + 1)
    for _ in nodes:
        for node in nodes:
            out = [level[end] for start, end in edges if start == node]
            if len(out) > sum(end == node for _, end in edges):
                level[node] = max(level[node], min(out) - 1)
    return level


def _with_waypoints(
    nodes: Sequence[str], edges: Sequence[Edge], level: Mapping[str, int]
) -> tuple[list[list[str]], list[tuple[str, ...]]]:
    """Return the layers with waypoints, and the route of each edge."""
    rows: list[list[str]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for node in nodes:
        rows[level[node]].append(node)
    routes = []
    for number, (start, end) in enumerate(edges):
        passed = [f"\0{number}.{row}" for row in range(level[start] + 1, level[end])]
        for row, name in enumerate(passed, level[start] + 1):
            rows[row].append(name)
        routes.append((start, *passed, end))
    return rows, routes


def _sides(rows: Sequence[Sequence[str]], routes: Sequence[Sequence[str]]) -> Sides:
    above: dict[str, list[str]] = {name: [] for row in rows for name in row}
    below: dict[str, list[str]] = {name: [] for row in rows for name in row}
    for upper, lower in (step for route in routes for step in pairwise(route)):
        if upper != lower:
            below[upper].append(lower)
            above[lower].append(upper)
    return above, below


def _orders(rows: Sequence[Sequence[str]], sides: Sides) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield orders of the layers, ever better ones, from several beginnings.

    Each sweep puts names at the mean place of their neighbours, in the layer above on the way
    down and in the one below on the way up, and then swaps those that stand side by side.
    """
    yield tuple(map(tuple, rows))
    for step, first in ((1, 0), (1, 1), (-1, 0), (-1, 1)):
        order = [list(row[::step]) for row in rows]
        for sweep in range(first, first + SWEEPS):
            side = sides[sweep % 2]
            for row in order[:: 1 - sweep % 2 * 2]:
                place = _places(order)
                at = {name: [place[other] for other in side[name]] for name in row}
                row.sort(key=lambda name, at=at, place=place: _mean(at[name], place[name]))  # type: ignore[misc]
            for row in order:
                _swap(row, sides, _places(order))
            yield tuple(map(tuple, order))


def _places(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    return {name: at for row in rows for at, name in enumerate(row)}


def _mean(places: Sequence[int], otherwise: int) -> float:
    return sum(places) / len(places) if places else otherwise


def _swap(row: list[str], sides: Sides, place: Mapping[str, int]) -> None:
    """Swap neighbours of a layer where fewer edges cross then, from left to right."""
    for at in range(len(row) - 1):
        one, other = row[at : at + 2]
        here = sum(_crossed(one, other, side, place) for side in sides)
        if sum(_crossed(other, one, side, place) for side in sides) < here:
            row[at : at + 2] = other, one


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[str]]) -> int:
    place = _places(rows)
    pairs = (pair for row in rows for pair in combinations(row, 2))
    return sum(_crossed(one, other, below, place) for one, other in pairs)


def _crossed(left: str, right: str, near: Mapping[str, list[str]], place: Mapping[str, int]) -> int:
    """Count the crossings between the edges of two names, where `left` stands left of `right`."""
    return sum(place[one] > place[other] for one in near[left] for other in near[right])


def _separate(
    wished: Sequence[float], weights: Sequence[float], sizes: Sequence[float], gap: float
) -> list[float]:
    """Return the places nearest to the wished ones, by least squares, at which none overlap.

    With the widths taken out, this is isotonic regression: pool adjacent violators.
    """
    offsets = [0.0]
    for one, other in pairwise(sizes):
        offsets.append(offsets[-1] + (one + other) / 2 + gap)
    blocks: list[tuple[float, float, int]] = []
    for wish, weight, offset in zip(wished, weights, offsets, strict=True):
        value, heavy, count = wish - offset, weight, 1
        while blocks and blocks[-1][0] > value:
            before, weight_before, count_before = blocks.pop()
            total = heavy + weight_before
            value = (value * heavy + before * weight_before) / total
            heavy, count = total, count + count_before
        blocks.append((value, heavy, count))
    values = [value for value, _, count in blocks for _ in range(count)]
    return [value + offset for value, offset in zip(values, offsets, strict=True)]
