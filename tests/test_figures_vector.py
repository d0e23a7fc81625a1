"""Figures as SVG: text, attributes, ids."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from reviewpress.figures import charts
from reviewpress.figures.letters import lend_letters
from reviewpress.figures.style import house_style
from reviewpress.figures.vector import draw_svg, named, write_svg


def hatched() -> Figure:
    made = Figure(figsize=(4, 3))
    axes = made.subplots()
    axes.bar(["a", "b"], [1, 2], hatch="//")
    axes.scatter(np.arange(30), np.arange(30), marker="s")
    axes.imshow(np.eye(3))
    axes.set_title("A  title: x; y")
    return made


KINDS = [
    hatched,
    lambda: charts.bars({"One": 1, "Two": 2}, highlight="Two"),
    lambda: charts.flowchart({"a": "A", "b": "B"}, [("a", "b", "then")]),
]


def drawn(made: Figure, id: str = "fig-a") -> str:
    with house_style():
        lend_letters(made, id)
        return write_svg(named(draw_svg(made, id), "T & T", "D"))


@pytest.mark.parametrize("make", KINDS)
def test_a_strict_policy_changes_nothing(make: object) -> None:
    """No style sheet and no style: where they are refused, a picture would be a black box."""
    assert callable(make)
    text = drawn(make())
    assert "<style" not in text
    assert not re.search(r"\bstyle=", text)
    fills = re.findall(r' fill="(#[0-9a-f]{6})"', text)
    assert len(set(fills)) > 1


@pytest.mark.parametrize("make", KINDS)
def test_figures_on_one_page_share_no_ids(make: object) -> None:
    """Ids begin with the figure's, and what refers to one finds it."""
    assert callable(make)
    text = drawn(make(), "fig-b")
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert all(id.startswith("fig-b-") for id in ids)
    referred = re.findall(r'(?:href="|url\()#([^")]+)', text)
    assert set(referred) == set(ids)


def test_words_keep_their_spaces_and_signs() -> None:
    """Two spaces side by side are two; a semicolon or colon is no style."""
    root = ElementTree.fromstring(drawn(hatched()))
    space = "{http://www.w3.org/2000/svg}"
    [title] = [text for text in root.iter(f"{space}text") if text.text == "A  title: x; y"]
    assert title.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    assert root.findtext(f"{space}title") == "T & T"


def test_an_authors_figure_has_the_fonts_of_the_house() -> None:
    """Unless it names a font: pages have no other, and letters of another are outlines."""
    made = Figure(figsize=(4, 3))
    axes = made.subplots()
    axes.set_title("of the house")
    axes.set_xlabel("of another", fontfamily="DejaVu Serif")
    axes.set_ylabel("$x^2$ is a formula")
    text = drawn(made)
    assert ">of the house</text>" in text
    assert "of another" not in text
    assert "is a formula" not in text
    assert "DejaVu" not in text


def test_numbers_are_as_short_as_can_be_seen() -> None:
    """A hundredth of a point; a long one in a text is text."""
    made = Figure(figsize=(4, 3))
    made.text(0.1234567, 0.7654321, "0.1234567 and -0.00001")
    text = drawn(made)
    assert ">0.1234567 and -0.00001</text>" in text
    assert not re.search(r'[ "]-?\d+\.\d{3,}', re.sub(r">[^<]*<", "><", text))
    assert "-0 " not in text
