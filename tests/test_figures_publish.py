"""Published figures and tables."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from reviewpress import fallback_fonts
from reviewpress.errors import FigureError, Problems
from reviewpress.figures import charts, figure, md, table
from reviewpress.figures.published import Published
from reviewpress.figures.style import house_style

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "chapters").mkdir()
    monkeypatch.chdir(tmp_path / "chapters")
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path / "run"))
    return tmp_path / "run" / "figures"


def chart(size: tuple[float, float] = (6.3, 2)) -> Figure:
    made = Figure(figsize=size)
    made.subplots().bar(["a"], [1])
    return made


def publish(picture: Figure | None = None, **changed: Any) -> Published:
    options: dict[str, Any] = {
        "id": "fig-regions",
        "title": "North America leads",
        "subtitle": "Papers by region",
        "alt": 'Bar chart: "North America" 36 & more.',
        "data": {"North America": 36, "Asia": 2},
    }
    return figure(picture or chart(), **(options | changed))


def messages(**changed: Any) -> list[str]:
    with pytest.raises(Problems) as caught:
        publish(**changed)
    return [problem.message for problem in caught.value.problems]


def test_a_figure_is_markdown_for_both_engines(run: Path) -> None:
    """Image with caption and text alternative, then its data."""
    assert publish(caption="Two regions only.").markdown == (
        "![**North America leads.**\\\nPapers by region. Two regions only.]"
        "(../figures/fig-regions.svg)"
        "{#fig-regions size=605x192 fig-cap-location=top "
        'fig-alt="Bar chart: \\"North America\\" 36 &amp; more."}\n\n'
        '::: {.figure-source for="fig-regions"}\n\nSource: this review.\n\n:::\n\n'
        '::: {.figure-data for="fig-regions"}\n\n'
        "| Category | Number |\n| :--- | ---: |\n| North America | 36 |\n| Asia | 2 |\n\n"
        ": {row-headers=1}\n\n:::\n"
    )


def test_a_figure_has_six_files(run: Path) -> None:
    """Picture for pages and PDF, for Word, and to take away, data, text alternative."""
    files = publish().files
    assert [path.name for path in files] == [
        "fig-regions.svg", "fig-regions.png", "fig-regions-titled.svg", "fig-regions-titled.png",
        "fig-regions.csv", "fig-regions.alt.txt",
    ]  # fmt: skip
    assert {path.parent for path in files} == {run}
    assert files[4].read_text("utf-8") == "Category,Number\nNorth America,36\nAsia,2\n"
    assert files[5].read_text("utf-8") == 'Bar chart: "North America" 36 & more.\n'
    with Image.open(files[1]) as png:
        assert png.size == (1260, 400)
        assert "Software" not in png.info


def test_the_picture_says_what_it_is(run: Path) -> None:
    """Its SVG has a title and a description, and its text is text."""
    svg = ElementTree.parse(publish(long_description="In full.").files[0]).getroot()
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.findtext(f"{space}title") == "North America leads"
    assert svg.findtext(f"{space}desc") == "In full."
    assert "a" in [text.text for text in svg.iter(f"{space}text")]


def test_the_same_figure_has_the_same_bytes(run: Path) -> None:
    """No dates, no random identifiers."""
    before = [path.read_bytes() for path in publish().files]
    for path in run.iterdir():
        path.unlink()
    assert [path.read_bytes() for path in publish().files] == before


def test_texts_are_shown_as_they_are(run: Path) -> None:
    """Unless they are marked as Markdown."""
    text = publish(title="*A* is 5% more?", subtitle=md("see [@wang2020]")).markdown
    assert text.startswith("![**\\*A\\* is 5% more?**\\\nsee [@wang2020].](")


@pytest.mark.parametrize("value", ["", "  ", None])
@pytest.mark.parametrize("name", ["title", "subtitle", "alt"])
def test_what_is_missing_is_named(name: str, value: str | None, run: Path) -> None:
    """No figure without its texts."""
    assert messages(**{name: value}) == [f"fig-regions has no {name}."]
    assert not run.exists() or not list(run.iterdir())


@pytest.mark.parametrize("data", [None, {}, pd.DataFrame({"a": []})])
def test_a_figure_needs_its_data(data: Any, run: Path) -> None:
    """Readers open it as a table."""
    assert messages(data=data) == ["fig-regions has no data."]


def test_everything_missing_is_told_at_once(run: Path) -> None:
    """One problem for each, with what to do."""
    with pytest.raises(Problems) as caught:
        figure("no figure")
    told = caught.value.problems
    assert [problem.message for problem in told] == [
        'id="fig-methods" or the like is missing.',
        "the figure is a str, not a matplotlib figure.",
        "the figure has no title.",
        "the figure has no subtitle.",
        "the figure has no alt.",
        "the figure has no data.",
    ]
    assert all(problem.hint for problem in told)


@pytest.mark.parametrize(
    "id", ["regions", "fig_regions", "fig-Regions", "tbl-a", "fig-", "fig-a b"]
)
def test_an_id_has_a_form(id: str, run: Path) -> None:
    """The form that cross-references need."""
    assert messages(id=id) == [f'"{id}" is not an id.']


def test_an_alternative_that_repeats_the_title_is_none(run: Path) -> None:
    """It has to say what the figure shows."""
    assert messages(alt="North America leads") == [
        "the alt text of fig-regions only repeats its title."
    ]


def test_an_id_is_used_once(run: Path) -> None:
    """The second figure of a name would overwrite the first."""
    publish()
    with pytest.raises(FigureError, match="fig-regions is published twice"):
        publish()


def test_a_narrow_figure_keeps_its_width(run: Path) -> None:
    """It is not blown up to the width of the page."""
    text = figure(
        chart((3.03, 2)), id="fig-a", title="T", subtitle="S", alt="A line.", data={"a": 1}
    ).markdown
    assert '{#fig-a width=50% size=291x192 fig-cap-location=top fig-alt="A line."}' in text


def test_a_figure_has_to_fit_the_page(run: Path) -> None:
    """What is higher would be cut off in the PDF."""
    with pytest.raises(Problems, match="fig-a is 29 cm high, more than a page has"):
        figure(
            chart((6.3, 11.81)), id="fig-a", title="T", subtitle="S", alt="A line.", data={"a": 1}
        )


def test_in_a_notebook_files_are_temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Outside a run an id may be used again, and nothing is written into the review."""
    monkeypatch.delenv("REVIEWPRESS_RUN_DIR", raising=False)
    monkeypatch.delenv("REVIEWPRESS_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    publish()
    assert {path.parent == tmp_path for path in publish().files} == {False}
    assert not any(tmp_path.iterdir())


def test_in_a_run_only_markdown_is_shown(run: Path) -> None:
    """What is published must not depend on a screen."""
    assert set(publish()._repr_mimebundle_()) == {"text/markdown", "text/plain"}


def test_a_table_is_markdown(run: Path) -> None:
    """Numbers stand right, the first column names its row."""
    frame = pd.DataFrame({"Region": ["Asia", None], "Papers": [2, 3]})
    assert table(frame, id="tbl-a", caption="Papers by region (2)").markdown == (
        "| Region | Papers |\n| :--- | ---: |\n| Asia | 2 |\n| not recorded | 3 |\n\n"
        ": Papers by region (2) {#tbl-a .rp-table row-headers=1 data=../figures/tbl-a.csv}\n"
    )


def test_a_table_has_options(run: Path) -> None:
    """Landscape, number of row headers, alignment, what is said of a missing cell."""
    text = table(
        {"a": ["x"], "b": [None], "c": [1]},
        id="tbl-a",
        caption=md("See [@wang2020]"),
        landscape=True,
        row_headers=2,
        align={"c": "center"},
        missing="not applicable",
    ).markdown
    assert "| x | not applicable | 1 |" in text
    assert "| :--- | :--- | :---: |" in text
    caption = ": See [@wang2020] {#tbl-a .rp-table .landscape row-headers=2"
    assert text.endswith(f"{caption} data=../figures/tbl-a.csv}}\n")


def test_a_control_character_is_told_by_row_and_column(run: Path) -> None:
    """What an old encoding leaves behind has no look, so that nobody would find it by sight."""
    with pytest.raises(Problems) as caught:
        table({"Study": ["a", "b"], "Aim": ["it\x92s", "fine\x85\n"]}, id="tbl-a", caption="A")
    [problem] = caught.value.problems
    said = 'tbl-a, row 1, column "Aim": a control character (U+0092), which no font can show.'
    assert problem.message == said


def test_what_a_table_lacks_is_told_at_once(run: Path) -> None:
    """Id, caption, rows, and options that do not fit."""
    with pytest.raises(Problems) as caught:
        table(pd.DataFrame({"a": []}), id="x", widths=(1, 2), row_headers=3, align=("middle",))
    assert [problem.message for problem in caught.value.problems] == [
        '"x" is not an id.',
        "x has no caption.",
        "x has no rows.",
        "x has fewer columns than row_headers=3.",
        "x: 2 widths for 1 columns.",
        'x cannot be aligned "middle".',
    ]


def test_the_users_own_matplotlib_settings_do_not_matter(run: Path) -> None:
    """A figure is saved in house style."""
    import matplotlib

    before = [path.read_bytes() for path in publish().files]
    for path in run.iterdir():
        path.unlink()
    with matplotlib.rc_context({"savefig.facecolor": "red", "svg.fonttype": "none"}):
        assert [path.read_bytes() for path in publish().files] == before


def test_references_in_captions_keep_their_form(run: Path) -> None:
    """An alternative text on several lines becomes one attribute."""
    text = publish(alt="one\n  two {{< three >}}").markdown
    found = re.search(r'fig-alt="([^"]*)"', text)
    assert found
    assert found[1] == "one two {&#123;< three >}}"


def test_a_chart_has_letters_of_every_script(run: Path) -> None:
    """Chinese, Arabic, Hindi, Cyrillic and Hebrew, in the same fonts each time."""
    names = ["证据", "مراجعة", "साक्ष्य", "Привет", "ראיות"]
    drawn = []
    for number in (1, 2):
        with house_style():
            made = Figure(figsize=(4, 3))
            made.subplots().barh(names, range(5))
        drawn.append(publish(made, id=f"fig-letters-{number}").files[0].read_text("utf-8"))
    assert drawn[0] == drawn[1].replace("fig-letters-2", "fig-letters-1")
    assert ">Привет</text>" in drawn[0]
    assert ">ראיות</text>" in drawn[0]
    # What pages and the PDF have no font for, unless they need it themselves.
    assert "证据" not in drawn[0]
    assert "साक्ष्य" not in drawn[0]


def test_a_letter_that_no_font_of_charts_has_is_named(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the figure, and with what mends it; matplotlib would draw boxes."""
    monkeypatch.setattr(fallback_fonts, "PACKAGES", ("not_installed",) * 4)
    made = chart()
    made.axes[0].set_title("证据")
    with pytest.raises(FigureError, match="lack 2 characters of Han: ") as told:
        publish(made)
    assert 'pip install "reviewpress[fonts]"' in str(told.value.problems[0])


def test_letters_of_the_words_around_a_chart_are_named_too(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picture to take away shows title and source; the narrow chart is none of the author's."""
    monkeypatch.setattr(fallback_fonts, "PACKAGES", ("not_installed",) * 4)
    for changed in ({"title": "Most are 证"}, {"source": "证"}):
        with pytest.raises(FigureError, match=r'lack the character "证" .*, which fig-a shows'):
            publish(id="fig-a", **changed)
    with pytest.raises(FigureError, match=r"lack 2 characters of Han: .*, which fig-b shows"):
        publish(charts.bars({"证据": 2, "b": 1}), id="fig-b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("As [@ash2020] has it", "[@ash2020]"),
        ("Regions[^1]", "[^1]"),
        ("Regions, *all of them*", "*all of them*"),
        ("**Most** are from Asia", "**Most**"),
        (md("As [@ash2020] has it"), ""),
        ("Set [0, 1], p*q*r, 5*, * and [a], a@b.org", ""),
    ],
)
def test_markdown_that_is_typed_as_plain_text_is_a_warning(
    text: Any, said: str, run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its marks would be read; a cell's standard error is a warning of the chapter."""
    rest = 'is shown as it is written; md("…") makes it Markdown.\n'
    publish(id="fig-a", subtitle=text)
    assert capsys.readouterr().err == (said and f'fig-a: "{said}" in its subtitle {rest}')
    table({"a": [1]}, id="tbl-a", caption=text)
    table({"a": [1]}, id="tbl-b", caption="C", notes=text)
    told = capsys.readouterr().err
    assert (f'tbl-a: "{said}" in its caption {rest}' in told) is bool(said)


def test_an_authors_own_fonts_have_the_letters_of_charts_behind_them(run: Path) -> None:
    """A figure that is drawn in no style of ours, with a name at an axis and one in a title."""
    made = Figure(figsize=(4, 3))
    axes = made.subplots()
    axes.barh(["证据"], [1])
    axes.set_title("مراجعة", fontfamily="DejaVu Serif")
    publish(made)
    fonts = [text.get_fontfamily() for text in (*axes.get_yticklabels(), axes.title)]
    assert [family[0] for family in fonts] == ["sans-serif", "DejaVu Serif"]
    assert all("Kurinto Sans SC" in family for family in fonts)


def test_numbers_at_axes_are_in_the_language(run: Path) -> None:
    """Decimals have the comma of French in picture and table, and points in the file of data."""
    settings = "project: {type: book}\nlang: fr\nbook: {title: T, chapters: [index.qmd]}\n"
    (run.parents[1] / "_quarto.yml").write_text(settings, "utf-8")
    made = Figure(figsize=(6.3, 2))
    axes = made.subplots()
    axes.plot([0, 1], [0.5, 1.5])
    axes.set_yticks([0.5, 1.5])
    shown = publish(made, data={"Un": 0.5, "Deux": 1.5})
    picture = (run / "fig-regions.svg").read_text("utf-8")
    assert ">0,5</text>" in picture
    assert ">0.5</text>" not in picture
    assert "| Deux | 1,5 |" in shown.markdown
    assert "Deux,1.5" in (run / "fig-regions.csv").read_text("utf-8")
