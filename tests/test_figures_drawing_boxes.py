"""Boxes and arrows."""

from collections.abc import Iterator
from typing import cast

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from reviewpress.figures.drawing.boxes import Box, draw_arrow, draw_box, draw_head, fit_box
from reviewpress.figures.drawing.layout import sheet, text_height, text_width, wrap
from reviewpress.figures.style import SMALL, brand, house_style, new_figure

BOX = Box(("one line", "and another"), 4.0, 1.2, x=2.0, y=3.0)


@pytest.fixture
def axes() -> Iterator[Axes]:
    """A page ten centimetres high."""
    with house_style():
        yield sheet(new_figure(10))


def test_a_box_has_edges_and_a_middle() -> None:
    """In centimetres from its upper left corner, wherever it is put."""
    assert (BOX.right, BOX.bottom, BOX.centre) == (6.0, pytest.approx(4.2), (4.0, 3.6))
    assert Box((), 2.0, 1.0).centre == (1.0, 0.5)
    moved = BOX.at(1.0, 0.5)
    assert (moved.x, moved.y, moved.centre) == (1.0, 0.5, (3.0, 1.1))
    assert (moved.lines, moved.width, moved.height) == (BOX.lines, 4.0, 1.2)


def test_a_box_fits_its_text() -> None:
    """Lines keep 0.2 cm from the sides; a box that shrinks is as wide as its longest line."""
    with house_style():
        text = "some words that have to be broken"
        box = fit_box(text, 3.0)
        assert [*box.lines] == wrap(text, 2.6, SMALL)
        assert len(box.lines) > 1
        widest = max(text_width(line, SMALL) for line in box.lines)
        assert widest <= 2.6
        assert box.width == 3.0
        assert box.height == pytest.approx(text_height(len(box.lines), SMALL) + 0.32)
        small = fit_box(text, 3.0, shrink=True)
        assert small.lines == box.lines
        assert small.width == pytest.approx(widest + 0.45)
        assert small.height == box.height


@pytest.mark.parametrize(("round_ends", "corner"), [(False, 0.1), (True, 0.35)])
def test_a_box_is_drawn_where_it_stands(axes: Axes, round_ends: bool, corner: float) -> None:
    """Its patch covers it, corners included; its text is in the middle or at the left."""
    draw_box(axes, BOX, round_ends=round_ends)
    [patch] = axes.patches
    assert isinstance(patch, FancyBboxPatch)
    outline = patch.get_path().vertices
    assert outline.min(axis=0) == pytest.approx((2.0, 3.0), abs=1e-6)
    assert outline.max(axis=0) == pytest.approx((6.0, 4.2), abs=1e-6)
    style = patch.get_boxstyle()
    assert (style.pad, style.rounding_size) == (corner, corner)
    assert [(text.get_text(), text.get_ha(), text.get_position()[0]) for text in axes.texts] == [
        ("one line", "center", 4.0),
        ("and another", "center", 4.0),
    ]
    assert {text.get_size() for text in axes.texts} == {SMALL}


def test_a_low_box_has_corners_that_fit(axes: Axes) -> None:
    """Round ends are half its height at most."""
    draw_box(axes, Box(("x",), 2.0, 0.5), round_ends=True, align="left")
    [patch] = axes.patches
    assert cast(FancyBboxPatch, patch).get_boxstyle().rounding_size == 0.25
    assert (axes.texts[0].get_ha(), axes.texts[0].get_position()[0]) == ("left", 0.2)


def test_boxes_have_the_colours_of_the_brand(axes: Axes) -> None:
    """Unless others are asked for."""
    draw_box(axes, BOX)
    draw_box(axes, BOX, fill="#ff0000", edge="#00ff00")
    assert cast(FancyBboxPatch, axes.patches[0]).get_boxstyle().rounding_size == 0.1
    plain, marked = axes.patches
    assert marked.get_facecolor()[:3] == (1.0, 0.0, 0.0)
    assert marked.get_edgecolor()[:3] == (0.0, 1.0, 0.0)
    hexed = ["#" + "".join(f"{round(part * 255):02x}" for part in plain.get_facecolor()[:3])]
    assert hexed == [brand().light["background"].lower()]


@pytest.mark.parametrize(
    ("before", "corners"),
    [
        ((5.0, 1.0), [(5.0, 4.0), (4.916, 3.8), (5.084, 3.8)]),
        ((2.0, 4.0), [(5.0, 4.0), (4.8, 4.084), (4.8, 3.916)]),
        ((5.0, 7.0), [(5.0, 4.0), (5.084, 4.2), (4.916, 4.2)]),
        ((2.0, 0.0), [(5.0, 4.0), (4.8128, 3.8904), (4.9472, 3.7896)]),
        ((5.0, 4.0), [(5.0, 4.0), (5.0, 4.0), (5.0, 4.0)]),
    ],
)
def test_an_arrow_head_points_where_the_line_leads(
    axes: Axes, before: tuple[float, float], corners: list[tuple[float, float]]
) -> None:
    """It is 0.2 cm long and 0.168 wide, from whichever side it comes."""
    draw_head(axes, before, (5.0, 4.0))
    [head] = axes.patches
    assert isinstance(head, Polygon)
    found = sorted(tuple(point) for point in head.get_xy()[:3])
    for point, expected in zip(found, sorted(corners), strict=True):
        assert point == pytest.approx(expected, abs=1e-9)


def test_an_arrow_is_a_line_with_a_head_at_its_end(axes: Axes) -> None:
    """Which may be left out; it lies below boxes."""
    points = [(1.0, 1.0), (1.0, 5.0), (3.0, 5.0)]
    draw_arrow(axes, points, head=False)
    assert len(axes.patches) == 0
    draw_arrow(axes, points)
    assert len(axes.lines) == 2
    for line in axes.lines:
        assert list(zip(*line.get_data(), strict=True)) == points
        assert line.get_zorder() < 1
    [head] = axes.patches
    assert max(x for x, _ in cast(Polygon, head).get_xy()) == 3.0
    assert {round(x, 6) for x, _ in cast(Polygon, head).get_xy()} == {2.8, 3.0}
