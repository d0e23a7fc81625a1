"""Heads of columns, charts of many rows, marks of many kinds."""

from itertools import combinations, pairwise
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from reviewpress.errors import FigureError
from reviewpress.figures import charts
from reviewpress.figures.charts.heads import divide
from reviewpress.figures.publish import PARTS
from reviewpress.figures.style import CENTIMETRE, PAGE_HEIGHT, house_style

DESIGNS = (
    "Cross-sectional", "Population-based cohort", "Case series", "Randomised trial",
    "Cluster randomised trial", "Qualitative", "Mixed methods", "Case-control",
    "Interrupted time series", "Controlled before-and-after", "Ecological",
)  # fmt: skip
PLACES = ("International", "United Kingdom", "Democratic Republic of the Congo")


def papers(count: int, places: Any = PLACES, designs: Any = DESIGNS) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": [places[number % len(places)] for number in range(count)],
            "design": [designs[number // 2 % len(designs)] for number in range(count)],
        },
        index=range(1, count + 1),
    )


def mapped(frame: pd.DataFrame, **changed: Any) -> Figure:
    options = {"rows": "country", "columns": "design", "mark": "design"}
    return charts.evidence_map(frame, **(options | changed))


def pages(figure: Figure) -> list[Figure]:
    return [figure, *getattr(figure, PARTS, ())]


def words(figure: Figure) -> list[Text]:
    return [text for text in figure.findobj(Text) if text.get_text()]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    with house_style():
        figure.set_dpi(200)
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in words(figure)]
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 6 and min(a.y1, b.y1) - max(a.y0, b.y0) > 6
    ]


@pytest.mark.parametrize("count", [2, 5, 11])
def test_no_mark_stands_for_two_kinds(count: int) -> None:
    """Where kinds are more than fills, each has a letter, in the key and on its marks."""
    frame = papers(66, designs=DESIGNS[:count])
    shown = [text.get_text() for text in words(mapped(frame))]
    letters = "abcdefghijk"[:count] if count > 4 else ""
    assert [letter for letter in letters if letter not in shown] == []
    marks = {code: text for text in shown if (code := text.split()[0]).isdigit()}
    kinds: dict[str, str] = {}
    for code, text in marks.items():
        design = frame.loc[int(code), "design"]
        assert kinds.setdefault(design, text[len(code) :]) == text[len(code) :]
    assert len(set(kinds.values())) == (count if letters else 1)


def test_more_kinds_than_letters_are_refused() -> None:
    """With what to do: a mark that stands for two kinds would say something wrong."""
    designs = [f"Design {number}" for number in range(30)]
    with pytest.raises(FigureError, match=r"30 kinds \(design\), and marks can show 26"):
        mapped(papers(60, designs=designs), columns="country", rows="design")


@pytest.mark.parametrize("count", [3, 9, 11, 16])
def test_heads_and_labels_never_overlap(count: int) -> None:
    """Heads stand upright where words are wider than columns; long labels keep off the marks."""
    designs = [f"{DESIGNS[number % 11]} {number}" for number in range(count)]
    figure = mapped(papers(120, designs=designs), mark="design" if count < 16 else None)
    assert overlapping(figure) == []
    assert overlapping(charts.heatmap(pd.crosstab(*papers(120, designs=designs).T.values))) == []


def test_columns_that_no_page_has_room_for_are_refused() -> None:
    """Nothing is drawn over something else."""
    designs = [f"Design {number}" for number in range(60)]
    with pytest.raises(FigureError, match="60 columns are too many for a page"):
        mapped(papers(240, designs=designs), mark=None)
    with pytest.raises(FigureError, match="20 columns are too many for a page"):
        mapped(papers(240, designs=designs[:20]))


def test_a_map_of_many_rows_goes_on_over_pages() -> None:
    """Each page has the heads and the key, and every paper is on one of them."""
    places = [f"Country {number}" for number in range(60)]
    figures = pages(mapped(papers(300, places)))
    assert len(figures) > 1
    shown = [[text.get_text() for text in words(figure)] for figure in figures]
    assert all("Ecological" in texts and "k" in texts for texts in shown)
    codes = {text.split()[0] for texts in shown for text in texts}
    assert {str(code) for code in range(1, 301)} <= codes
    heights = [figure.get_size_inches()[1] / CENTIMETRE for figure in figures]
    assert max(heights) < PAGE_HEIGHT


def test_a_row_higher_than_a_page_goes_on() -> None:
    """Under its name again."""
    figures = pages(mapped(papers(900, ("Here",), DESIGNS[:1]), mark=None, columns="design"))
    figures += pages(mapped(papers(900, ("Here",), DESIGNS[:6])))
    assert all("Here" in [text.get_text() for text in words(figure)] for figure in figures)
    assert max(f.get_size_inches()[1] / CENTIMETRE for f in figures) < PAGE_HEIGHT


def test_a_map_of_a_thousand_papers_counts_them() -> None:
    """A heat map, whose numbers are those of all papers."""
    frame = papers(1200)
    shown = [text.get_text() for text in words(mapped(frame))]
    counted = [int(text) for text in shown if text.isdigit()]
    assert sum(counted) == 1200
    assert len(counted) == len(PLACES) * len(DESIGNS)


@pytest.mark.parametrize("count", [1000, 2000])
def test_kinds_are_told_where_papers_are_counted(count: int) -> None:
    """A number cannot show what kind its papers are: how many are of each is said above."""
    kinds = ("Trial", "Cohort", "Survey")
    frame = papers(count, designs=("A", "B"))
    kind = [0, 0, 1, 2]
    frame["source_type"] = [kinds[kind[number % 4]] for number in range(count)]
    shown = " ".join(text.get_text() for text in words(mapped(frame, mark="source_type")))
    half, quarter = f"{count // 2:,}", f"{count // 4:,}"
    assert f"Trial {half}\u00a0· Cohort {quarter}\u00a0· Survey {quarter}" in shown


def test_a_map_of_a_thousand_papers_counts_those_without_a_place() -> None:
    """It is as unreadable with a few less."""
    frame = papers(1000)
    frame["country"] = [(), *frame["country"][1:]]
    shown = [text.get_text() for text in words(mapped(frame, mark=None))]
    assert sum(int(text) for text in shown if text.isdigit()) == 999


def lights(count: int, domains: int = 5, name: str = "D") -> pd.DataFrame:
    answers = ("Low", "High", "Some concerns", "No information")
    columns = {
        f"{name}{number}": [answers[(number + row) % 4] for row in range(count)]
        for number in range(domains)
    }
    studies = [f"Study {row}" for row in range(count)]
    return pd.DataFrame({"Study": studies, **columns, "Overall": ["Low"] * count})


@pytest.mark.parametrize("count", [20, 90, 200])
def test_a_traffic_light_of_many_rows_goes_on_over_pages(count: int) -> None:
    """Each page with heads and key; every study once."""
    figures = pages(charts.traffic_light(lights(count)))
    shown = [[text.get_text() for text in words(figure)] for figure in figures]
    assert all("D4" in texts and "Some concerns" in texts for texts in shown)
    studies = [text for texts in shown for text in texts if text.startswith("Study")]
    assert studies == [f"Study {row}" for row in range(count)]
    assert max(f.get_size_inches()[1] / CENTIMETRE for f in figures) < PAGE_HEIGHT
    assert (len(figures) > 1) == (count > 40)


def test_long_names_of_domains_do_not_overlap() -> None:
    """They stand upright."""
    assert overlapping(charts.traffic_light(lights(6, 7, "Bias in the measurement of "))) == []


@pytest.mark.parametrize("domains", range(3, 15))
def test_the_key_of_a_traffic_light_is_on_its_page(domains: int) -> None:
    """Answers are long and short: a line may end far before the chart does."""
    table = lights(2, domains)
    answers = ["yes", "no information", "low", "some concerns", "can't tell", "not applicable",
               "very high", "unanswered", "moderate", "serious"]  # fmt: skip
    rows = [[answers[(row * domains + at) % 10] for at in range(domains)] for row in range(4)]
    columns = table.columns[1:-1]
    table = pd.DataFrame(rows, columns=columns).assign(Study=["A", "B", "C", "D"])
    figure = charts.traffic_light(table)
    with house_style():
        figure.set_dpi(200)
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        assert min(text.get_window_extent(renderer).y0 for text in words(figure)) > 10


def test_criteria_that_no_page_has_room_for_are_refused() -> None:
    """Signs would lie on one another."""
    with pytest.raises(FigureError, match="60 criteria are too many for a page"):
        charts.traffic_light(lights(6, 60))


def test_a_traffic_light_of_some_papers() -> None:
    """In the order of the table; none of them is an error."""
    figure = charts.traffic_light(lights(9), papers=["Study 5", "Study 2"])
    shown = [text.get_text() for text in words(figure)]
    assert [text for text in shown if text.startswith("Study")] == ["Study 2", "Study 5"]
    with pytest.raises(FigureError, match="none of these papers"):
        charts.traffic_light(lights(9), papers=[99])


def test_summary_bars_of_some_papers_of_a_robvis_table() -> None:
    """Its rows are papers; a table of counts does not say of which."""
    shown = [text.get_text() for text in words(charts.summary_bars(lights(9), papers=["Study 5"]))]
    assert "1" in shown
    assert "9" not in shown
    with pytest.raises(FigureError, match="none of these papers"):
        charts.summary_bars(lights(9), papers=["Study 50"])


def test_long_names_of_studies_are_in_lines() -> None:
    """They leave room for the signs, and rows are as high as they need."""
    table = lights(40)
    group = "on behalf of the study group for integrated services, with companion reports"
    table["Study"] = [f"{name} {group}" for name in table["Study"]]
    figures = pages(charts.traffic_light(table))
    assert len(figures) > 1
    assert max(f.get_size_inches()[1] / CENTIMETRE for f in figures) < PAGE_HEIGHT
    assert [pair for figure in figures for pair in overlapping(figure)] == []
    said = " ".join(text.get_text() for figure in figures for text in words(figure))
    assert said.count(group) == 40


def test_numbers_of_a_heat_map_have_room() -> None:
    """Large ones are smaller; where that is not enough the chart is refused."""
    for number, count in ((12_345, 12), (123, 20)):
        counts = pd.DataFrame({f"Theme {at}": [number, 1] for at in range(count)}, index=["A", "B"])
        assert overlapping(charts.heatmap(counts)) == []
    with pytest.raises(FigureError, match="too many for a page"):
        charts.heatmap(pd.DataFrame({f"Theme {at}": [1_234_567] for at in range(20)}, index=["A"]))


def test_no_line_of_kinds_begins_with_a_point() -> None:
    """The kinds of a heat map are listed above it, in lines."""
    texts = [text.get_text() for text in words(mapped(papers(1200)))]
    assert len([text for text in texts if "\u00b7" in text and " " in text]) > 1
    assert not [text for text in texts if len(text) > 1 and text.startswith(("\u00b7", "\u00a0"))]


@pytest.mark.parametrize("heights", [[1.0] * 50, [5, 1, 9, 2, 2, 7], [12.0]])
def test_pages_hold_what_they_have_room_for(heights: list[float]) -> None:
    """Every row once, in order."""
    found = divide(heights, 12)
    assert [row for page in found for row in page] == list(range(len(heights)))
    assert all(sum(heights[row] for row in page) <= 12 for page in found)
    assert all(one[-1] < other[0] for one, other in pairwise(found))
