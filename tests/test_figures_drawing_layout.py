"""Measuring and placing text in charts."""

from itertools import pairwise

import pytest
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import TextPath

from reviewpress.figures.drawing.layout import (
    KeyItem,
    draw_key,
    ink,
    key_height,
    key_rows,
    place_axes,
    sheet,
    text_height,
    text_width,
    wrap,
    write,
)
from reviewpress.figures.style import TEXT, brand, house_style, new_figure, settings

POINT = 2.54 / 72
KEY = [KeyItem(f"Answer {n}", "#ff0000", "#00ff00", "//" if n == 1 else "") for n in range(8)]


@pytest.fixture
def axes() -> Axes:
    """A page ten centimetres high, in centimetres."""
    with house_style():
        return sheet(new_figure(10))


def test_a_sheet_counts_centimetres_from_the_upper_left(axes: Axes) -> None:
    """Over the whole figure, without lines of its own."""
    figure = axes.get_figure()
    assert figure is not None
    width, height = figure.get_size_inches() * 2.54
    assert axes.get_xlim() == pytest.approx((0, width))
    assert axes.get_ylim() == pytest.approx((height, 0))
    assert height == pytest.approx(10)
    assert axes.get_position().bounds == (0, 0, 1, 1)
    assert not axes.axison


def test_axes_are_placed_in_centimetres(axes: Axes) -> None:
    """By their upper left corner."""
    figure = axes.get_figure()
    assert figure is not None
    width, height = figure.get_size_inches() * 2.54
    left, bottom, across, along = place_axes(figure, 2, 1, 5, 4).get_position().bounds
    assert (left * width, across * width) == pytest.approx((2, 5))
    assert (height - (bottom + along) * height, along * height) == pytest.approx((1, 4))


def test_widths_and_heights_grow_with_the_type() -> None:
    """Twice the size is twice as wide; lines are a quarter higher than their type."""
    with house_style():
        assert text_width("papers", 20) == pytest.approx(2 * text_width("papers", 10))
        assert text_width("papers papers") == pytest.approx(
            2 * text_width("papers") + text_width(" ")
        )
        assert text_width("papers", bold=True) > text_width("papers")
        assert text_width("") == 0
    assert text_height(3, 10) == pytest.approx(3 * 10 * 1.25 * POINT)
    assert text_height(2) == pytest.approx(2 * TEXT * 1.25 * POINT)


def test_text_is_measured_as_it_is_drawn() -> None:
    """Within a twentieth of what matplotlib draws."""
    text = "Systematic or secondary literature review"
    family = FontProperties(family=list(settings()["font.family"]))
    drawn = TextPath((0, 0), text, size=10, prop=family).get_extents().width * 2.54 / 72
    assert text_width(text, 10) == pytest.approx(drawn, rel=0.05)


def test_letters_that_no_font_has_are_measured() -> None:
    """A chart with letters that nothing can draw is laid out: publishing it says what it lacks."""
    known = text_width("papers", 10)
    assert text_width("papers𓀀", 10) == pytest.approx(known + 10 * POINT)


def test_lines_are_broken_between_words() -> None:
    """A word wider than the line stands alone, a newline breaks, a hard space does not."""
    assert wrap("one two", 100) == ["one two"]
    assert wrap("one two", 0.1) == ["one", "two"]
    assert wrap("a\nb", 100) == ["a", "b"]
    assert wrap("n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}3", 0.1) == ["n\xa0=\xa03"]


def test_lines_are_as_long_as_fit() -> None:
    """No word more would fit on a line, and none goes beyond the width."""
    text = "a review of the evidence on the integration of services for children"
    with house_style():
        lines = wrap(text, 4.0)
        assert " ".join(lines) == text
        assert len(lines) > 2
        for line, following in pairwise(lines):
            assert text_width(line) <= 4.0 < text_width(f"{line} {following.split()[0]}")
        assert wrap(text, text_width(text)) == [text]
        assert wrap("a\n\nb", 4.0) == ["a", "", "b"]
        assert wrap("extraordinarily long", 0.5) == ["extraordinarily", "long"]
        assert len(wrap(text, 4.0, bold=True)) >= len(lines)
        assert len(wrap(text, 4.0, 20)) > len(lines)


def test_lines_are_written_around_their_middle(axes: Axes) -> None:
    """At an even pitch, the middle of a capital at the middle of the line."""
    write(axes, 3.0, 5.0, ["one", "two", "three"], ha="right", bold=True, size=10)
    pitch = text_height(1, 10)
    capital = 0.66 / 2 * 10 * POINT
    assert [text.get_position() for text in axes.texts] == [
        (3.0, pytest.approx(5.0 + step * pitch + capital)) for step in (-1, 0, 1)
    ]
    assert {(t.get_ha(), t.get_va(), t.get_weight(), t.get_size()) for t in axes.texts} == {
        ("right", "baseline", "bold", 10)
    }
    assert {t.get_color() for t in axes.texts} == {ink()}
    assert ink() == brand().light["foreground"]
    write(axes, 1.0, 1.0, ["four"], colour="#123456")
    assert (axes.texts[-1].get_color(), axes.texts[-1].get_ha()) == ("#123456", "left")
    assert (axes.texts[-1].get_weight(), axes.texts[-1].get_size()) == ("normal", TEXT)


def test_a_key_has_rows_that_fit() -> None:
    """Each entry takes its box, its label and the room between; a row takes as many as fit."""
    with house_style():
        labels = [item.label for item in KEY]
        need = 0.34 + 0.15 + text_width("Answer 0") + 0.6
        assert key_rows(labels, 3.001 * need) == [labels[:3], labels[3:6], labels[6:]]
        assert key_rows(labels, 2.999 * need) == [labels[n : n + 2] for n in (0, 2, 4, 6)]
        assert key_rows(labels, 8.001 * need) == [labels]
        assert key_rows(labels[:1], 0.1) == [labels[:1]]
        assert key_height(KEY, 3.001 * need) == pytest.approx(3 * 0.6 + 0.2)
        assert key_height([], 10) == 0


def test_a_key_is_drawn_row_by_row(axes: Axes) -> None:
    """A patch for each entry with its label beside it, at the middle of its height."""
    with house_style():
        need = 0.34 + 0.15 + text_width("Answer 0") + 0.6
        draw_key(axes, KEY[:3], 1.0, 2.0, 2.001 * need)
    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    corners = [(1.0, 2.0), (1.0 + need, 2.0), (1.0, 2.6)]
    for patch, text, (x, y) in zip(patches, axes.texts, corners, strict=True):
        assert patch.get_xy() == pytest.approx((x, y), abs=1e-3)
        assert (patch.get_width(), patch.get_height()) == (0.34, 0.34)
        assert text.get_position()[0] == pytest.approx(x + 0.49, abs=1e-3)
        middle = y + 0.17 + 0.66 / 2 * TEXT * POINT
        assert text.get_position()[1] == pytest.approx(middle)
    assert [text.get_text() for text in axes.texts] == ["Answer 0", "Answer 1", "Answer 2"]
    assert [patch.get_hatch() for patch in patches] == [None, "//", None]
    assert {patch.get_facecolor()[:3] for patch in patches} == {(1.0, 0.0, 0.0)}
    assert {patch.get_edgecolor()[:3] for patch in patches} == {(0.0, 1.0, 0.0)}
