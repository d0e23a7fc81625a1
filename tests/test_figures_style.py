"""House style: brand, widths, fills."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager

from reviewpress.brand import contrast
from reviewpress.figures import style
from reviewpress.figures.style import brand, house_style, new_figure, series_colours, text_on
from reviewpress.tables.reads import reads

ROOT = Path(__file__).parent.parent


def lightness(colour: str) -> float:
    return contrast(colour, "#000000")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_series_differ_in_grey(count: int) -> None:
    """From dark to light, each clearly lighter than the one before."""
    fills = series_colours(count)
    assert len(fills) == count
    steps = [lightness(fill) for fill in fills]
    assert steps == sorted(steps)
    if count <= 4:
        pairs = pairwise(fills)
        assert all(contrast(one, other) > 1.5 for one, other in pairs)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_text_on_a_fill_is_readable(count: int) -> None:
    """4.5 to 1, as WCAG asks of text."""
    assert all(contrast(text_on(fill), fill) >= 4.5 for fill in series_colours(count))


def test_house_style_ends_with_its_block() -> None:
    """An author's own settings are as they were."""
    before = matplotlib.rcParams["font.size"]
    with house_style():
        assert matplotlib.rcParams["font.family"][0] == brand().base_family
        assert matplotlib.rcParams["svg.fonttype"] == "none"
        assert matplotlib.rcParams["font.size"] >= 9
    assert matplotlib.rcParams["font.size"] == before


def test_figures_are_measured_in_centimetres() -> None:
    """As wide as the text of a page unless said otherwise."""
    width, height = new_figure(8).get_size_inches() * 2.54
    assert (round(width, 6), round(height, 6)) == (15.4, 8)


def test_the_reviews_own_brand_is_used_and_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change of it draws the charts again."""
    (tmp_path / "_quarto.yml").write_text("project: {type: book}\n", encoding="utf-8")
    own = "color: {palette: {night: '#101040'}, primary: night}\n"
    (tmp_path / "_brand.yml").write_text(own, encoding="utf-8")
    monkeypatch.delenv("REVIEWPRESS_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    reads.clear()
    style._brand.cache_clear()
    try:
        assert brand().light["primary"] == "#101040"
        assert "_brand.yml" in [read.path for read in reads.collect()]
    finally:
        style._brand.cache_clear()
        reads.clear()


def test_a_font_of_the_machine_is_never_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one of the same name, which may be another version: the chart would be another."""
    known = font_manager.fontManager
    [entry] = [e for e in known.ttflist if e.name == "DejaVu Sans Display" and e.weight == 400]
    copy = tmp_path / "foreign.ttf"
    copy.write_bytes(Path(entry.fname).read_bytes())
    names = ("Review Sans", "Kurinto Sans SC", "DejaVu Sans")
    foreign = [replace(entry, name=name, fname=str(copy)) for name in names]
    monkeypatch.setattr(known, "ttflist", [*foreign, *known.ttflist])
    style._families.cache_clear()
    for name in style.families():
        found = font_manager.findfont(font_manager.FontProperties(family=[name]))
        assert "foreign" not in str(found)
