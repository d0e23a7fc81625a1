"""Figures to take away."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure
from PIL import Image

from reviewpress.figures import charts, figure, md
from reviewpress.figures.framed import MARGIN, PNG_DPI

SPACE = "{http://www.w3.org/2000/svg}"
SETTINGS = """project: {type: book}
book: {title: T, chapters: [index.qmd]}
reviewpress:
  publisher: The Office
  doi: 10.1000/xyz
  licence: CC BY 4.0
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "_quarto.yml").write_text(SETTINGS, "utf-8")
    monkeypatch.chdir(tmp_path / "chapters")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path / "run"))
    return tmp_path / "run" / "figures"


def publish(made: Figure | None = None, **changed: Any) -> str:
    options: dict[str, Any] = {
        "id": "fig-a", "title": "Most papers are from *Asia*", "subtitle": "Papers by region",
        "alt": "Asia, two; Africa, one.", "data": {"Asia": 2, "Africa": 1},
    }  # fmt: skip
    drawn = made or charts.bars({"Asia": 2, "Africa": 1})
    return figure(drawn, **(options | changed)).markdown


def words(path: Path) -> list[str]:
    return [text.text or "" for text in ElementTree.parse(path).getroot().iter(f"{SPACE}text")]


def test_what_is_taken_away_says_what_it_is_and_whose(run: Path) -> None:
    """Title, subtitle, source, publisher, address and licence, as text, around the chart."""
    publish(source="Register of schools, 2024")
    assert words(run / "fig-a-titled.svg") == [
        "Most papers are from *Asia*", "Papers by region", "Asia", "Africa", "2", "1",
        "Source: Register of schools, 2024", "The Office. https://doi.org/10.1000/xyz. CC BY 4.0",
    ]  # fmt: skip
    assert words(run / "fig-a.svg") == ["Asia", "Africa", "2", "1"]


def test_it_is_twice_as_large(run: Path) -> None:
    """As SVG and as PNG, which are the same picture."""
    publish()
    root = ElementTree.parse(run / "fig-a-titled.svg").getroot()
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert wide == pytest.approx(2 * (15.4 + 2 * MARGIN) / 2.54 * 96, abs=3)
    with Image.open(run / "fig-a-titled.png") as png, Image.open(run / "fig-a.png") as bare:
        assert png.width > bare.width
        assert png.width >= wide
        assert png.width / png.height == pytest.approx(wide / high, rel=0.005)
        assert png.height > bare.height + 100


def test_nothing_touches_an_edge(run: Path) -> None:
    """A chart begins below the first letter of its title, as wide of the edge as that."""
    full = Figure(figsize=(6, 1))
    full.add_axes((0, 0, 1, 1)).barh(["a"], [1])
    publish(full)
    edge = round(MARGIN / 2.54 * PNG_DPI)
    with Image.open(run / "fig-a-titled.png") as png:
        grey = png.convert("L")
    sides = [(0, edge), (grey.width - edge, grey.width)]
    assert all(grey.crop((a, 0, b, grey.height)).getextrema()[0] == 255 for a, b in sides)


@pytest.mark.browser
def test_the_svg_has_its_own_letters(run: Path, window: Any) -> None:
    """Outside the page, too, and no font of the machine: those of its characters alone."""
    publish(title="It's the schools' own", subtitle="Zahlen für München")
    path = run / "fig-a-titled.svg"
    assert words(path)[0] == "It’s the schools' own"
    assert path.stat().st_size < 40_000
    page = window.new_page()
    page.goto(path.as_uri())
    loaded = page.evaluate("document.fonts.ready.then(s => [...s].map(f => [f.weight, f.status]))")
    assert sorted(loaded) == [["400", "loaded"], ["700", "loaded"]]
    page.close()


def test_words_in_another_font_keep_their_place(run: Path) -> None:
    """Each says how wide it is, for a program that has not ours."""
    publish()
    texts = list(ElementTree.parse(run / "fig-a-titled.svg").getroot().iter(f"{SPACE}text"))
    assert all(float(text.attrib["textLength"]) > 0 for text in texts)


def test_a_long_title_is_broken_into_lines(run: Path) -> None:
    """Above a small chart, too, and Markdown is written as it is read."""
    small = Figure(figsize=(2, 1))
    small.subplots().bar(["a"], [1])
    title = md("**Of all the papers** that there are, most [@wang2020] are from one region alone")
    publish(small, title=title, source="")
    found = words(run / "fig-a-titled.svg")
    text = "Of all the papers that there are, most are from one region alone"
    assert len(found) > len(words(run / "fig-a.svg")) + 3
    assert " ".join(found).startswith(text)
    assert not any("Source" in each for each in found)


def test_a_source_is_markdown_where_it_is_marked(run: Path) -> None:
    """It can link and cite; without one it is this review, and an empty one leaves none."""
    cited = publish(source=md("[Office](https://a.org)"))
    assert '{.figure-source for="fig-a"}\n\nSource: [Office](https://a.org).\n' in cited
    assert "Source: this review.\n" in publish(id="fig-b")
    assert "figure-source" not in publish(id="fig-c", source="")
