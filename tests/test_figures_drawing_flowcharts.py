"""Flow charts: where boxes, arrows and the words on them stand, in centimetres."""

import random
from dataclasses import dataclass
from itertools import combinations, pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from reviewpress.errors import FigureError, Problems
from reviewpress.figures.drawing.flowcharts import flowchart
from reviewpress.figures.style import brand, page_width

MARGIN, STEP, LABELLED, CROWDED = 0.15, 0.9, 1.35, 2.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """A box or the ground of a word: its edges, y counted from the top."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        """The middle across."""
        return (self.left + self.right) / 2

    def overlaps(self, other: "Shape") -> bool:
        """Whether two shapes cover the same place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def shape(patch: FancyBboxPatch | Rectangle) -> Shape:
    """Return the edges of a patch."""
    points = patch.get_patch_transform().transform(patch.get_path().vertices)
    if isinstance(patch, FancyBboxPatch):
        points = patch.get_path().vertices
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return Shape(float(left), float(top), float(right), float(bottom))


def boxes(figure: Figure) -> dict[str, Shape]:
    """Return the boxes by the first line of their text."""
    [axes] = figure.axes
    found = [shape(patch) for patch in axes.patches if isinstance(patch, FancyBboxPatch)]
    texts = [(text.get_text(), text.get_position()) for text in axes.texts]
    return {
        next(t for t, (x, y) in texts if s.left < x < s.right and s.top < y < s.bottom): s
        for s in found
    }


def arrows(figure: Figure) -> list[list[Point]]:
    """Return the points of each arrow, in the order of the edges."""
    return [[*zip(*line.get_data(), strict=True)] for line in figure.axes[0].lines]


def words(figure: Figure) -> list[Shape]:
    """Return the grounds of the words on arrows, in the order of the edges."""
    return [shape(patch) for patch in figure.axes[0].patches if type(patch) is Rectangle]


def test_one_box_stands_in_the_middle_of_the_page() -> None:
    """With a margin above and below it."""
    figure = flowchart({"a": "Search"}, [])
    box = boxes(figure)["Search"]
    assert box.middle == pytest.approx(page_width() / 2)
    assert box.top == pytest.approx(MARGIN, abs=1e-6)
    height = figure.get_size_inches()[1] * 2.54
    assert height == pytest.approx(box.bottom + MARGIN, abs=1e-6)


@pytest.mark.parametrize(
    ("labels", "step"),
    [
        ([""], STEP),
        (["yes"], LABELLED),
        (["a", "b", "c"], LABELLED),
        (["a", "b", "c", "d"], CROWDED),
    ],
)
def test_layers_make_room_for_words(labels: list[str], step: float) -> None:
    """Below those from which no, some or many arrows with words lead."""
    ends = [f"Box {number}" for number in range(len(labels))]
    nodes = {"a": "Search"} | {end: end for end in ends} | {"z": "Last"}
    edges = [("a", end, label) for end, label in zip(ends, labels, strict=True)]
    figure = flowchart(nodes, [*edges, (ends[0], "z")])
    found = boxes(figure)
    assert found["Box 0"].top - found["Search"].bottom == pytest.approx(step, abs=1e-6)
    assert found["Last"].top - found["Box 0"].bottom == pytest.approx(STEP, abs=1e-6)
    height = figure.get_size_inches()[1] * 2.54
    assert height == pytest.approx(found["Last"].bottom + MARGIN, abs=1e-6)
    assert {round(found[end].top, 6) for end in ends} == {round(found["Box 0"].top, 6)}


def test_low_boxes_stand_in_the_middle_of_their_layer() -> None:
    """As high as the tallest box of it."""
    nodes = {"a": "Search", "b": "One line", "c": "Of several\nlines\nand more"}
    found = boxes(flowchart(nodes, [("a", "b"), ("a", "c")]))
    low, tall = found["One line"], found["Of several"]
    assert low.top + low.bottom == pytest.approx(tall.top + tall.bottom)
    assert tall.top - found["Search"].bottom == pytest.approx(STEP, abs=1e-6)


def test_arrows_leave_and_arrive_side_by_side() -> None:
    """Spread over the edge of the box, in the order of where they lead; none cross."""
    nodes = {"a": "Search the databases"} | {name: name for name in "xyz"} | {"b": "Read all"}
    edges = [("a", "z"), ("a", "x"), ("a", "y"), ("z", "b"), ("x", "b"), ("y", "b")]
    figure = flowchart(nodes, edges)
    found, lines = boxes(figure), arrows(figure)
    for name, number, end in (("Search the databases", 0, 0), ("Read all", 3, -1)):
        box = found[name]
        ports = sorted(line[end][0] for line in lines[number : number + 3])
        width = box.right - box.left
        expected = [box.left + width * share for share in (0.25, 0.5, 0.75)]
        assert ports == pytest.approx(expected)
        others = [found[edge[1 if end == 0 else 0]].middle for edge in edges[number : number + 3]]
        order = sorted(range(3), key=lambda n: others[n])
        assert [lines[number + n][end][0] for n in order] == pytest.approx(expected)
    assert all(line[0][1] == pytest.approx(found["Search the databases"].bottom, abs=1e-6)
               for line in lines[:3])  # fmt: skip
    assert all(line[-1][1] == pytest.approx(found["Read all"].top, abs=1e-6) for line in lines[3:])


def test_an_arrow_leaves_and_arrives_upright() -> None:
    """A smooth curve, half way in the middle, with a head that stands upright at its end."""
    figure = flowchart({"a": "Search", "b": "One", "c": "Two"}, [("a", "b"), ("a", "c")])
    for line in arrows(figure):
        assert len(line) == 25
        (x0, y0), (x1, y1), (x2, y2) = line[0], line[12], line[-1]
        assert (x1, y1) == pytest.approx(((x0 + x2) / 2, (y0 + y2) / 2))
        assert line[1][0] == pytest.approx(x0 + (x2 - x0) * (3 * 23 / 24**3 + 1 / 24**3))
        assert line[1][1] == pytest.approx(
            y0 + (y2 - y0) * (1.5 * 23**2 / 24**3 + 1.5 * 23 / 24**3 + 1 / 24**3)
        )
        assert all(one[1] < other[1] for one, other in pairwise(line))
    heads = [patch for patch in figure.axes[0].patches if isinstance(patch, Polygon)]
    assert len(heads) == 2
    for head, line in zip(heads, arrows(figure), strict=True):
        tip, *wings = head.get_xy()[:3]
        assert tuple(tip) == pytest.approx(line[-1])
        assert {round(float(y), 6) for _, y in wings} == {round(line[-1][1] - 0.2, 6)}


def test_an_arrow_may_lead_up() -> None:
    """Out of the upper edge of the lower box into the lower edge of the upper one."""
    nodes = {"a": "Ask", "b": "Answer", "c": "Think", "d": "End"}
    figure = flowchart(nodes, [("a", "b"), ("b", "c"), ("c", "d"), ("c", "b"), ("d", "a")])
    found, lines = boxes(figure), arrows(figure)
    assert lines[3][0][1] == pytest.approx(found["Think"].top, abs=1e-6)
    assert lines[3][-1][1] == pytest.approx(found["Answer"].bottom, abs=1e-6)
    assert lines[4][0][1] == pytest.approx(found["End"].top, abs=1e-6)
    assert lines[4][-1][1] == pytest.approx(found["Ask"].bottom, abs=1e-6)
    assert all(one[1] >= other[1] - 1e-9 for one, other in pairwise(lines[4]))


def test_a_long_arrow_passes_boxes_upright() -> None:
    """Beside the boxes of each layer between, over the whole height of the layer."""
    nodes = {"a": "Ask", "b": "Several\nlines", "c": "Think", "d": "End"}
    figure = flowchart(nodes, [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    found, line = boxes(figure), arrows(figure)[3]
    for name in ("Several", "Think"):
        box = found[name]
        beside = [x for x, y in line if box.top - 1e-6 <= y <= box.bottom + 1e-6]
        assert len(beside) >= 2
        assert len({round(x, 6) for x in beside}) == 1
        away = max(beside[0] - box.right, box.left - beside[0])
        assert away >= 0.45 + 0.25 - 1e-6
        assert {round(y, 6) for _, y in line} >= {round(box.top, 6), round(box.bottom, 6)}


@pytest.mark.parametrize("seed", range(12))
def test_words_cover_nothing(seed: int) -> None:
    """They lie on their own arrow, inside the page, over no box and no other word."""
    chance = random.Random(seed)
    nodes = {name: f"Question {name}" for name in "abcdef"}
    edges = [
        (one, other, chance.choice(["yes", "no", "a longer word", ""]))
        for one, other in combinations("abcdef", 2)
        if chance.random() < 0.5
    ]
    figure = flowchart(nodes, edges)
    found, grounds = boxes(figure), words(figure)
    labelled = [line for line, edge in zip(arrows(figure), edges, strict=True) if edge[2]]
    assert len(grounds) == len(labelled)
    for ground, line in zip(grounds, labelled, strict=True):
        assert ground.left > 0
        assert ground.right < page_width()
        assert any(
            ground.left <= x <= ground.right and ground.top <= y <= ground.bottom for x, y in line
        )
        assert not any(ground.overlaps(box) for box in found.values())
    assert not any(one.overlaps(other) for one, other in combinations(grounds, 2))
    assert not any(one.overlaps(other) for one, other in combinations(found.values(), 2))


def test_a_word_stands_near_the_beginning_of_its_arrow() -> None:
    """Of a short one just above the middle, and is written in the middle of its ground."""
    figure = flowchart({"a": "Ask", "b": "End"}, [("a", "b", "if so")])
    [ground], [line] = words(figure), arrows(figure)
    assert (ground.top + ground.bottom) / 2 == pytest.approx(line[11][1])
    assert ground.middle == pytest.approx(line[11][0])
    [text] = [text for text in figure.axes[0].texts if text.get_text() == "if so"]
    assert text.get_position()[0] == pytest.approx(ground.middle)
    assert ground.top < text.get_position()[1] < ground.bottom


def test_a_word_gives_way_to_one_that_is_there() -> None:
    """It moves along its own arrow."""
    long = "words that take room"
    figure = flowchart({"a": "Ask", "b": "Yes", "c": "No"}, [("a", "b", long), ("a", "c", long)])
    one, other = words(figure)
    assert not one.overlaps(other)
    assert one.top != pytest.approx(other.top)


def test_ends_are_round_and_marked_boxes_stand_out() -> None:
    """A box that nothing leads to, or that leads nowhere, has round ends; colours say the rest."""
    nodes = {"a": "Ask", "b": "Think", "c": "End"}
    figure = flowchart(nodes, [("a", "b"), ("b", "c")], highlight=["b"])
    colours = brand().light
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    looks = [
        ("#" + "".join(f"{round(255 * part):02x}" for part in patch.get_facecolor()[:3]),
         patch.get_boxstyle().rounding_size > 0.1)
        for patch in patches
    ]  # fmt: skip
    light, tint = colours["light"].lower(), colours["primary-tint"].lower()
    assert looks == [(light, True), (tint, False), (light, True)]
    plain = flowchart(nodes, [("a", "b"), ("b", "c")])
    middle = [patch for patch in plain.axes[0].patches if isinstance(patch, FancyBboxPatch)][1]
    assert middle.get_edgecolor() != patches[1].get_edgecolor()
    marked = flowchart(nodes, [], highlight="c").axes[0].patches
    assert marked[2].get_edgecolor() == patches[1].get_edgecolor() != marked[0].get_edgecolor()


def test_boxes_are_as_wide_as_the_page_allows() -> None:
    """Many side by side break their text into more lines; too many are refused."""
    text = "Joint services for all the children"

    def widest(count: int) -> float:
        nodes = {str(n): f"{n} {text}" for n in range(count)} | {"x": "End"}
        figure = flowchart(nodes, [(str(n), "x") for n in range(count)])
        found = boxes(figure).values()
        assert max(box.right for box in found) <= page_width() - MARGIN + 1e-6
        assert min(box.left for box in found) >= MARGIN - 1e-6
        return max(box.right - box.left for box in found)

    widths = [widest(count) for count in (1, 3, 4, 5)]
    assert widths[0] > 5 > widths[1] > 4 > widths[2] > 3 > widths[3] > 2
    with pytest.raises(FigureError, match="too wide"):
        widest(9)


def test_what_a_chart_lacks_is_named() -> None:
    """Each mistyped box once, with the nearest."""
    nodes = {"ask": "Ask", "end": "End"}
    edges = [("ask", "edn"), ("edn", "ask"), ("ask", "end")]
    with pytest.raises(Problems) as caught:
        flowchart(nodes, edges, highlight=["ends", "end", "eend"])
    assert [problem.message for problem in caught.value.problems] == [
        'the flow chart has no box "edn".',
        'the flow chart has no box "eend".',
        'the flow chart has no box "ends".',
    ]
    assert all('"end"' in problem.hint for problem in caught.value.problems)
    with pytest.raises(FigureError, match="no boxes"):
        flowchart({}, [])
