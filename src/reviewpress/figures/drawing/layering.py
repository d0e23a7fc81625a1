"""Layered drawing of a graph, after Sugiyama, Tagawa and Toda (1981).

    break cycles → layers by longest path → order within layers → positions across

Edges longer than one layer are led through waypoints of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Edge = tuple[str, str]
SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where each node and waypoint stands: `layers` of names, and the middle of each across.

    `routes` gives each edge, in the order given, the names it passes, ends included; the route of
    an edge that closes a cycle runs upwards.
    """

    layers: tuple[tuple[str, ...], ...]
    across: Mapping[str, float]
    routes: tuple[tuple[str, ...], ...]


def draw_layers(
    widths: Mapping[str, float], edges: Sequence[Edge], *, gap: float, waypoint: float
) -> Drawing:
    """Lay out nodes of given widths.

    `gap` separates neighbours, `waypoint` is the width that a passing edge takes. Edges name
    nodes of `widths`; nodes without edges stand in the first layer.
    """
    forward = _without_cycles(list(widths), edges)
    level = _levels(list(widths), forward)
    layers, routes, every = _with_waypoints(list(widths), forward, level, len(edges))
    order = _order(layers, every)
    sizes = {name: widths.get(name, waypoint) for layer in order for name in layer}
    across = _across(order, every, sizes, set(widths), gap)
    turned = tuple(
        route if (route[0], route[-1]) == tuple(edge) else route[::-1]
        for route, edge in zip(routes, edges, strict=True)
    )
    return Drawing(tuple(map(tuple, order)), across, turned)


def _without_cycles(nodes: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """Turn round the edges that close a cycle, found depth first from the nodes as listed."""
    out: dict[str, list[str]] = {node: [] for node in nodes}
    for start, end in edges:
        out[start].append(end)
    state: dict[str, int] = {}
    back: set[Edge] = set()

    def visit(node: str) -> None:
        state[node] = 1
        for other in out[node]:
            if state.get(other) == 1:
                back.add((node, other))
            elif other not in state:
                visit(other)
        state[node] = 2

    targets = {end for _, end in edges}
    for node in sorted(nodes, key=lambda name: name in targets):
        if node not in state:
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
            into = [level[start] for start, end in edges if end == node]
            out = [level[end] for start, end in edges if start == node]
            if out and len(out) > len(into):
                level[node] = max(level[node], min(out) - 1)
    return level


def _with_waypoints(
    nodes: Sequence[str], edges: Sequence[Edge], level: dict[str, int], count: int
) -> tuple[list[list[str]], list[tuple[str, ...]], list[Edge]]:
    """Return layers with waypoints, the route of each edge, and the steps of all routes."""
    layers: list[list[str]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for node in nodes:
        layers[level[node]].append(node)
    routes = []
    every: list[Edge] = []
    for number, (start, end) in enumerate(edges):
        route = [start]
        for row in range(level[start] + 1, level[end]):
            name = f"\0{number}.{row}"
            layers[row].append(name)
            route.append(name)
        route.append(end)
        routes.append(tuple(route))
        every += list(pairwise(route))
    return layers, routes, every


def _order(layers: list[list[str]], edges: Sequence[Edge]) -> list[list[str]]:
    """Order each layer so that few edges cross: barycentres down and up, then neighbour swaps."""
    best = [list(layer) for layer in layers]
    fewest = _crossings(best, edges)
    current = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        rows = range(1, len(current)) if down else range(len(current) - 2, -1, -1)
        for row in rows:
            fixed = current[row - 1] if down else current[row + 1]
            place = {name: at for at, name in enumerate(fixed)}
            current[row] = _by_barycentre(current[row], place, edges)
        _swap(current, edges)
        crossings = _crossings(current, edges)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in current], crossings
    return best


def _by_barycentre(layer: list[str], place: Mapping[str, int], edges: Sequence[Edge]) -> list[str]:
    def weight(item: tuple[int, str]) -> float:
        at, name = item
        near = [place[a] for a, b in edges if b == name and a in place]
        near += [place[b] for a, b in edges if a == name and b in place]
        return sum(near) / len(near) if near else at

    return [name for _, name in sorted(enumerate(layer), key=weight)]


def _swap(layers: list[list[str]], edges: Sequence[Edge]) -> None:
    for layer in layers:
        for at in range(len(layer) - 1):
            before = _crossings(layers, edges)
            layer[at], layer[at + 1] = layer[at + 1], layer[at]
            if _crossings(layers, edges) >= before:
                layer[at], layer[at + 1] = layer[at + 1], layer[at]


def _crossings(layers: Sequence[Sequence[str]], edges: Sequence[Edge]) -> int:
    place = {name: (row, at) for row, layer in enumerate(layers) for at, name in enumerate(layer)}
    count = 0
    spans = [(place[a][0], place[a][1], place[b][1]) for a, b in edges]
    for i, (row, a, b) in enumerate(spans):
        for other, c, d in spans[i + 1 :]:
            count += row == other and (a - c) * (b - d) < 0
    return count


def _across(
    layers: list[list[str]],
    edges: Sequence[Edge],
    sizes: Mapping[str, float],
    nodes: set[str],
    gap: float,
) -> dict[str, float]:
    """Return the middle of each name: near its neighbours, never overlapping, from 0 on."""
    at: dict[str, float] = {}
    for layer in layers:
        x = 0.0
        for name in layer:
            at[name] = x + sizes[name] / 2
            x += sizes[name] + gap
        shift = (x - gap) / 2
        for name in layer:
            at[name] -= shift
    for sweep in range(4 * SWEEPS):
        down = sweep % 2 == 0
        for layer in layers if down else layers[::-1]:
            wished, weights = [], []
            for name in layer:
                near = [a for a, b in edges if b == name] if down else []
                near += [b for a, b in edges if a == name] if not down else []
                near = near or [a for a, b in edges if b == name]
                near = near or [b for a, b in edges if a == name]
                wished.append(sum(at[n] for n in near) / len(near) if near else at[name])
                straight = name not in nodes or any(n not in nodes for n in near)
                weights.append(4.0 if straight else 1.0)
            placed = _separate(wished, weights, [sizes[name] for name in layer], gap)
            at.update(zip(layer, placed, strict=True))
    left = min(at[name] - sizes[name] / 2 for name in at)
    return {name: x - left for name, x in at.items()}


def _separate(
    wished: Sequence[float], weights: Sequence[float], sizes: Sequence[float], gap: float
) -> list[float]:
    """Return the places nearest to the wished ones, by least squares, at which none overlap.

    With the widths taken out, this is isotonic regression: pool adjacent violators.
    """
    offsets = [0.0]
    for one, other in pairwise(sizes):
        offsets.append(offsets[-1] + (one + other) / 2 + gap)
    blocks: list[list[float]] = []
    for wish, weight, offset in zip(wished, weights, offsets, strict=True):
        blocks.append([wish - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value, heavy, count = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + value * heavy) / (last[1] + heavy)
            last[1] += heavy
            last[2] += count
    values = [block[0] for block in blocks for _ in range(int(block[2]))]
    return [value + offset for value, offset in zip(values, offsets, strict=True)]
