"""The review's charts: what they draw, and what they refuse."""

from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from reviewpress.brand import contrast
from reviewpress.errors import FigureError
from reviewpress.evidence.flow import Flow, parse_flow
from reviewpress.evidence.screening import empty_flow
from reviewpress.figures import charts
from reviewpress.figures.narrow_charts import narrow_version
from reviewpress.figures.publish import figure
from reviewpress.figures.style import PAGE_HEIGHT, WIDTH

PAPERS = pd.DataFrame(
    {
        "regions": [("Asia",), ("Asia", "Africa"), ()],
        "sections": [("Rights",), ("Rights", "Levels"), ("Levels",)],
        "source_type": ["Peer reviewed", "Grey literature", "Peer reviewed"],
    },
    index=pd.Index([7, 8, 9], name="code"),
)
TABLE = pd.DataFrame({"Peer": [3, 9, 1], "Grey": [1, 0, 2]}, index=["Asia", "Africa", "Other"])


def boxes(figure: Figure) -> list[tuple[str, Any]]:
    """Return each text of a figure with the box it takes, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    written = [text for axes in figure.axes for text in axes.texts]
    written += [t for axes in figure.axes if axes.axison for t in axes.get_xticklabels()]
    return [(t.get_text(), t.get_window_extent(canvas.get_renderer())) for t in written]


def texts(figure: Figure) -> list[str]:
    """Return everything that is written in a figure, row by row, from left to right."""
    rows: list[list[tuple[float, str]]] = []
    last = float("inf")
    for text, box in sorted(boxes(figure), key=lambda each: -each[1].y0 - each[1].y1):
        middle = (box.y0 + box.y1) / 2
        if last - middle > 5:
            rows.append([])
            last = middle
        rows[-1].append((box.x0, text))
    return [text for row in rows for _, text in sorted(row) if text]


def overflows(figure: Figure) -> list[str]:
    """Return what is written beyond the edges of a figure."""
    width, height = figure.get_size_inches() * figure.dpi
    return [
        text
        for text, box in boxes(figure)
        if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
    ]


def test_bars_are_sorted_and_labelled() -> None:
    """The longest first, "Other" last, every number at its bar."""
    figure = charts.bars({"Asia": 2, "Other": 9, "Africa": 5}, unit="papers")
    assert texts(figure) == ["Africa", "5 papers", "Asia", "2", "Other", "9"]


@pytest.mark.parametrize(
    "counts",
    [
        {"1 to 25": 2, "26 to 50": 7},
        pd.Series([2, 7], index=[2020, 2021]),
        pd.Series([2, 7], index=pd.CategoricalIndex(["b", "a"], ["b", "a"], ordered=True)),
    ],
)
def test_labels_with_an_order_keep_it(counts: Any) -> None:
    """Ranges, years and ordered categories are not sorted by size."""
    assert [text for text in texts(charts.bars(counts)) if text in "27"] == ["2", "7"]


def test_sorting_may_be_said() -> None:
    """Either way."""
    counts = {"b": 1, "a": 2}
    assert texts(charts.bars(counts, sort=False)) == ["b", "1", "a", "2"]
    assert texts(charts.bars({"1": 1, "2": 2}, sort=True)) == ["2", "2", "1", "1"]


def test_bars_take_a_table_of_labels_and_numbers() -> None:
    """As `review.count` gives it; a wider one is refused."""
    frame = pd.DataFrame({"term": ["Asia", "Africa"], "papers": [1, 2]})
    assert texts(charts.bars(frame)) == ["Africa", "2", "Asia", "1"]
    with pytest.raises(FigureError, match="not a wider table"):
        charts.bars(frame.assign(more=1, still="x"))


def test_a_bar_to_stand_out_has_to_be_there() -> None:
    """A mistyped name is an error with the nearest one."""
    charts.bars({"Asia": 1, "Africa": 2}, highlight="Asia")
    with pytest.raises(FigureError, match=r'no bar "Asai" to highlight. Did you mean "Asia"\?'):
        charts.bars({"Asia": 1}, highlight=["Asai"])


def test_long_labels_are_broken() -> None:
    """And stay on the page."""
    name = "Secondary review (not using systematic review methodology)"
    figure = charts.bars({name: 4, "Other": 1})
    shown = [text for text in texts(figure) if text not in ("4", "1", "Other")]
    assert len(shown) == 2
    assert " ".join(shown) == name
    assert overflows(figure) == []


def test_parts_carry_numbers_and_bars_totals() -> None:
    """A part that is the whole bar has no number of its own."""
    assert texts(charts.stacked_bars(TABLE)) == [
        "Peer", "Grey", "Africa", "9", "Asia", "3", "1", "4", "Other", "1", "2", "3",
    ]  # fmt: skip


def test_shares_are_percentages() -> None:
    """Every bar adds up to a hundred."""
    assert texts(charts.stacked_bars(TABLE, share=True, sort=False)) == [
        "Peer", "Grey", "Asia", "75%", "25%", "Africa", "100%", "Other", "33%", "67%",
    ]  # fmt: skip


def test_grouped_bars_keep_the_order_given() -> None:
    """With a number at each bar, zero included."""
    shown = texts(charts.grouped_bars(TABLE))
    assert [text for text in shown if text.isdigit()] == ["3", "1", "9", "0", "1", "2"]


def test_years_without_papers_are_shown() -> None:
    """A gap is information."""
    table = pd.DataFrame({"Peer": [1, 2], "Grey": [0, 1]}, index=[2012, 2015])
    shown = texts(charts.years(table))
    assert {"2012", "2013", "2014", "2015"} <= set(shown)
    assert shown.count("0") == 2


def test_the_map_has_a_mark_for_each_paper() -> None:
    """In each cell it belongs to; a paper without a region is left out."""
    figure = charts.evidence_map(PAPERS)
    assert texts(figure) == [
        "Peer reviewed", "Grey literature", "Levels", "Rights",
        "Asia", "8", "7", "8", "Africa", "8", "8",
    ]  # fmt: skip


def test_the_map_takes_a_table_of_codes() -> None:
    """Rows and columns as they stand."""
    table = pd.DataFrame({"Rights": {"Asia": (1, 2)}, "Levels": {"Asia": ()}})
    assert texts(charts.evidence_map(table)) == ["Rights", "Levels", "Asia", "1", "2"]


def publish_map(papers: pd.DataFrame) -> str:
    """Return a map as it is published."""
    published = figure(
        charts.evidence_map(papers),
        id="fig-map",
        title="Rights are rare",
        subtitle="Papers by region and section",
        alt="Map of three papers.",
        data=[{"Papers": 3}],
    )
    return published.markdown


def test_a_map_of_papers_cites_what_each_mark_stands_for() -> None:
    """So that its marks are links, their kind named by a list; a table of codes has no keys."""
    keys = [f"paper{code}" for code in PAPERS.index]
    opening = '::: {.evidence-map for="fig-map"}\n\n'
    linked = publish_map(PAPERS.assign(citekey=keys)).partition(opening)[2].partition(":::")[0]
    assert linked.startswith("- Peer reviewed\n- Grey literature\n\n| Regions | Levels | Rights |")
    assert '[[@paper7]]{.mark-1 code="7"} [[@paper8]]{.mark-2 code="8"} |' in linked
    assert opening not in publish_map(PAPERS)


def test_the_map_asks_for_columns_that_exist() -> None:
    """With the nearest name."""
    with pytest.raises(FigureError, match=r'no column "region". Did you mean "regions"'):
        charts.evidence_map(PAPERS, rows="region")


def test_a_heat_map_writes_its_numbers() -> None:
    """A dot for none."""
    assert texts(charts.heatmap(TABLE)) == [
        "Peer", "Grey", "Asia", "3", "1", "Africa", "9", "·", "Other", "1", "2",
    ]  # fmt: skip


ROBVIS = pd.DataFrame(
    {
        "Study": ["A 2020", "B 2021"],
        "D1": ["Low", "high"],
        "D2": ["SOME CONCERNS", None],
        "overall": ["Low", "High"],
        "Weight": [1, 2],
    }
)


def test_numbers_of_a_heat_map_can_be_read_on_every_shade() -> None:
    """Where a number is as dark as its cell is pale, the cell is made paler."""
    rows = [[8 * row + column + 1 for column in range(8)] for row in range(8)]
    frame = pd.DataFrame(rows, columns=[*"ABCDEFGH"], index=[*"abcdefgh"])
    axes = charts.heatmap(frame).axes[0]
    fills = [to_hex(patch.get_facecolor()) for patch in axes.patches]
    inks = [to_hex(text.get_color()) for text in axes.texts if text.get_text().isdigit()]
    pairs = zip(fills[-64:], inks[-64:], strict=True)
    assert min(contrast(ink, fill) for fill, ink in pairs) >= 4.5


def test_traffic_lights_follow_robvis() -> None:
    """The file's order, any letter case, no weights, a key of what occurs."""
    shown = texts(charts.traffic_light(ROBVIS))
    assert shown == ["D1", "D2", "Overall", "A 2020", "B 2021", "Low", "High", "Some concerns"]
    assert "Overall" not in texts(charts.traffic_light(ROBVIS, overall=False))


def test_a_judgement_that_is_overall_alone_is_in_the_key() -> None:
    """The sign of a judgement that no criterion has is explained, where the column is drawn."""
    table = ROBVIS.assign(overall=["Some concerns", "Critical"], D2=["low", "low"])
    assert {"Some concerns", "Critical"} <= set(texts(charts.traffic_light(table)))
    assert "Critical" not in texts(charts.traffic_light(table, overall=False))


def test_tables_of_robvis_have_all_its_judgements() -> None:
    """Of exposures and clusters as well; R's dots are spaces; both charts take the same table."""
    table = ROBVIS.rename(columns={"D1": "Other.sources.of.bias", "D2": "D1b"})
    table["D1b"] = ["Very high", "Not applicable"]
    shown = texts(charts.traffic_light(table))
    assert {"D1b", "Very high", "Not applicable"} <= set(shown)
    assert "Other sources of bias" in " ".join(shown)
    bars = texts(charts.summary_bars(table))
    assert {"D1b", "Very high", "! 1", "/ 1"} <= set(bars)
    assert "Other sources of bias" in " ".join(bars)


def test_an_answer_without_a_sign_is_refused() -> None:
    """With the nearest that has one."""
    with pytest.raises(FigureError, match=r'no sign for "hihg". Did you mean "high"'):
        charts.traffic_light(ROBVIS.replace("high", "hihg"))


def test_summary_bars_count_answers() -> None:
    """Criteria nobody answered are left out."""
    criteria = pd.DataFrame(
        {"criterion": ["1.1", "1.2"], "ask": ["Clear?", "?"], "Yes": [3, 0], "No": [1, 0]}
    )
    shown = texts(charts.summary_bars(criteria))
    assert shown == ["Yes", "No", "1.1  Clear?", "+ 3", "× 1", "4"]
    with pytest.raises(FigureError, match="nothing to show"):
        charts.summary_bars(criteria.assign(Yes=0, No=0))
    with pytest.raises(FigureError, match="no column that is an answer"):
        charts.summary_bars(criteria[["criterion", "ask"]])


HEAD = "data,node,box,description,boxtext,tooltips,url,n\n"
BOXES = {
    "database_results": "Databases",
    "register_results": "Registers",
    "website_results": "Websites",
    "organisation_results": "Organisations",
    "citations_results": "Citation searching",
    "duplicates": "Duplicate records",
    "excluded_automatic": "Ineligible by automation",
    "excluded_other": "Removed for other reasons",
    "records_screened": "Records screened",
    "records_excluded": "Records excluded",
    "dbr_sought_reports": "Reports sought",
    "dbr_notretrieved_reports": "Reports not retrieved",
    "other_sought_reports": "Other reports sought",
    "other_notretrieved_reports": "Other reports not retrieved",
    "dbr_assessed": "Reports assessed",
    "dbr_excluded": "Reports excluded",
    "other_assessed": "Other reports assessed",
    "other_excluded": "Other reports excluded",
    "new_studies": "New studies",
    "new_reports": "New reports",
    "total_studies": "Total studies",
    "total_reports": "Total reports",
    "previous_studies": "Previous studies",
    "previous_reports": "Previous reports",
}


def prisma(**counts: object) -> Flow:
    lines = [
        f"{name},NA,b,{text},{text},,NA,{counts.get(name, '')}" for name, text in BOXES.items()
    ]
    return parse_flow((HEAD + "\n".join(lines) + "\n").encode(), "data/flow.csv")


def written(figure: Figure) -> str:
    return " ".join(texts(figure)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_flow_says_what_is_not_reported(layout: str) -> None:
    """Lines that a review may lack are left out where blank."""
    figure = charts.flow(prisma(new_reports=87), layout=layout)
    said = written(figure)
    assert "New reports (n = 87)" in " ".join(said.replace("Included", "").split())
    assert said.count("not reported") == 15
    for absent in ("Registers", "automation", "New studies", "Total", "Previous"):
        assert absent not in said
    assert overflows(figure) == []


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_a_flow_without_other_methods(layout: str) -> None:
    """One stream where the numbers of the search are known and no other."""
    figure = charts.flow(
        prisma(database_results=1200, register_results=3, dbr_excluded='"Old, 3; Far, 4"'),
        layout=layout,
        unknown="unknown",
    )
    said = written(figure)
    assert "Databases (n = 1,200)" in said
    assert "Registers (n = 3)" in said
    for line in ("Reports excluded (n = 7):", "Old (n = 3)", "Far (n = 4)"):
        assert line in said
    assert "Other" not in said
    assert "unknown" in said


def crowded(databases: int) -> Flow:
    """Return a flow of many databases and reasons, found by other methods as well."""
    names = ("Sociological Abstracts", "Social Services Abstracts", "Medline", "Embase", "CINAHL")
    found = "; ".join(f"{names[n % 5]} {n}, {500 + n}" for n in range(databases))
    reasons = "Wrong population, 31; Wrong study design, 13; Study protocol, 9; Wrong outcomes, 1"
    table = HEAD + "".join(
        f'{name},NA,b,{text},{text},,NA,"{number}"\n'
        for name, text, number in (
            ("database_results", "Databases", ""),
            ("database_specific_results", "Databases", found),
            ("website_results", "Websites", 12),
            ("duplicates", "Duplicate records", 1200),
            ("records_screened", "Records screened", 3000),
            ("records_excluded", "Records excluded", 2800),
            ("dbr_sought_reports", "Reports sought for retrieval", 200),
            ("dbr_notretrieved_reports", "Reports not retrieved", 20),
            ("dbr_assessed", "Reports assessed for eligibility", 180),
            ("dbr_excluded", "Reports excluded", reasons),
            ("other_sought_reports", "Reports sought for retrieval", 12),
            ("other_notretrieved_reports", "Reports not retrieved", 2),
            ("other_assessed", "Reports assessed for eligibility", 10),
            ("other_excluded", "Reports excluded", "Wrong population, 5; Wrong intervention, 4"),
            ("new_studies", "New studies", 126),
            ("new_reports", "New reports", 127),
            ("organisation_results", "Organisations", ""),
            ("citations_results", "Citations", ""),
        )
    )
    return parse_flow(table.encode(), "data/flow.csv")


def test_a_crowded_flow_fits_a_page_by_the_width_of_its_columns() -> None:
    """A real review had ten databases and six reasons: what is long has more room."""
    figure = charts.flow(crowded(10))
    assert figure.get_figheight() * 2.54 <= PAGE_HEIGHT
    assert "Embase 8 (n = 508)" in written(figure)
    assert overflows(figure) == []


def test_a_flow_that_no_page_has_room_for_says_what_can_be_left_out() -> None:
    """The numbers of the databases can be in a table; they are left out as one line is."""
    many = crowded(24)
    with pytest.raises(FigureError, match="more than a page has") as caught:
        charts.flow(many)
    assert 'without=["database_specific_results"]' in caught.value.hint
    figure = charts.flow(many, without=["database_specific_results"])
    assert "Embase" not in written(figure)
    assert figure.get_figheight() * 2.54 <= PAGE_HEIGHT


def test_a_flow_with_a_previous_version() -> None:
    """Its studies and the total stand at the end."""
    figure = charts.flow(prisma(previous_reports=5, new_reports=2, total_reports=7), other=False)
    assert written(figure).endswith("Total reports (n = 7) Previous reports (n = 5)")


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ({}, ("- Studies included in review (n = 2)", "- Reports of included studies (n = 3)")),
        (  # the template's zeros
            {"previous_studies": 0, "previous_reports": 0},
            ("- Studies included in review (n = 2)", "- Reports of included studies (n = 3)"),
        ),
        (
            {"previous_studies": 4},
            (
                "- New studies included in review (n = 2)",
                "- Reports of new included studies (n = 3)",
            ),
        ),
    ],
)
def test_nothing_is_new_in_the_first_version_of_a_review(
    before: dict[str, int], told: tuple[str, str]
) -> None:
    """Its words are those of PRISMA's diagram for new reviews; an update has those for updates."""
    flow = of_template({"new_studies": 2, "new_reports": 3, **before})
    text = charts.flow_text(flow).text.replace("\N{NO-BREAK SPACE}", " ")
    assert {line.strip() for line in text.splitlines()} > set(told)
    drawn = written(charts.flow(flow, layout="narrow"))
    assert ("New studies" in " ".join(drawn.split())) == bool(before.get("previous_studies"))
    boxes = set(charts.flow_counts(flow)["box"])
    assert {line.removeprefix("- ").partition(" (n")[0] for line in told} <= boxes
    words = b"Reports of new included studies,Papers of this review,"
    table = empty_flow().replace(
        b"Reports of new included studies,Reports of new included studies,", words
    )
    own = parse_flow(table, "data/flow.csv").with_counts({"new_reports": 3})
    assert "Papers of this review (n = 3)" in charts.flow_text(own).text.replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_lines_that_do_not_apply_may_be_left_out() -> None:
    """By their names in the table; a wrong name is an error."""
    flow = prisma(new_reports=1)
    assert "Citation" not in written(charts.flow(flow, without=["citations_results"]))
    with pytest.raises(Exception, match="no box"):
        charts.flow(flow, without=["citation"])


@pytest.mark.parametrize(
    "counts",
    [
        {"new_reports": 87},
        {"database_results": 1200, "register_results": 3, "dbr_excluded": '"Old, 3; Far, 4"'},
        {"previous_reports": 5, "new_reports": 2, "total_reports": 7},
    ],
)
def test_a_flow_is_told_as_it_is_drawn(counts: dict[str, Any]) -> None:
    """The nested list has every line of the diagram, and no other."""
    flow = prisma(**counts)
    told = charts.flow_text(flow).text.replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")
    drawn = written(charts.flow(flow, layout="narrow"))
    phases = {"Identification", "Screening", "Included", "Databases and registers"}
    items = [line.strip().removeprefix("- ") for line in told.splitlines()]
    items = [item for item in items if item not in phases]
    assert [item for item in items if item not in drawn] == []
    assert sum(drawn.count(mark) for mark in ("(n = ", "not reported")) == sum(
        item.count(mark) for item in items for mark in ("(n = ", "not reported")
    )


def test_what_leaves_a_stage_is_told_below_it() -> None:
    """Reasons stand below what was excluded, and that below what was assessed."""
    flow = prisma(database_results=9, dbr_assessed=8, dbr_excluded='"Old, 3; Far, 4"')
    text = charts.flow_text(flow, other=False).text.replace("\N{NO-BREAK SPACE}", " ")
    lines = text.splitlines()
    at = lines.index("  - Reports assessed (n = 8)")
    assert lines[at + 1 : at + 4] == [
        "    - Reports excluded (n = 7):", "      - Old (n = 3)", "      - Far (n = 4)",
    ]  # fmt: skip


LIVING = {
    "database_results": 12345, "database_specific_results": "MEDLINE, 12000; Embase, 345",
    "records_screened": 40, "records_excluded": "Old, 30; Far, 4", "dbr_assessed": 6,
    "previous_reports": 5, "new_reports": 2, "total_reports": 7,
}  # fmt: skip
BEFORE = {
    "database_results": 67890, "database_specific_results": "MEDLINE, 67890",
    "records_screened": 10, "records_excluded": "Far, 3; Odd, 1", "new_reports": 5,
    "ongoing_reports": 1,
}  # fmt: skip


def of_template(counts: dict[str, Any]) -> Flow:
    return parse_flow(empty_flow(), "data/flow.csv").with_counts(counts)


@pytest.mark.parametrize("other", [True, False])
def test_a_living_review_has_three_numbers_in_each_line(other: bool) -> None:
    """Of the earlier versions, of this update and in total, reasons by name; a key says so."""
    flow, before = of_template(LIVING), of_template(BEFORE)
    for layout in ("wide", "narrow"):
        figure = charts.flow(flow, earlier=before, layout=layout, other=other)
        said = " ".join(written(figure).split())
        assert "earlier versions + this update = total" in said
        assert "previous version" not in said
        assert overflows(figure) == []
    for line in (
        "Databases (67,890 + 12,345 = 80,235)", "Embase (0 + 345 = 345)", "(4 + 34 = 38):",
        "MEDLINE (67,890 + 12,000 = 79,890)", "Old (0 + 30 = 30)", "Far (3 + 4 = 7)",
        "Odd (1 + 0 = 1)", "Reports of total included studies (5 + 2 = 7)",
        "Reports of ongoing studies (1 + 0 = 1)",
    ):  # fmt: skip
        assert line in said
    told = charts.flow_text(flow, earlier=before, other=other).text.splitlines()
    assert told[0].replace("\\", "") == "- Numbers: earlier versions + this update = total"


def test_what_is_pooled_is_counted_once() -> None:
    """Those of a meta-analysis are all of a living review, whatever the version."""
    flow = of_template({**NUMBERS, "total_studies_ma": 4})
    said = written(charts.flow(flow, earlier=of_template(BEFORE)))
    assert "meta-analysis (n = 4)" in " ".join(said.split())


NUMBERS = {"records_screened": 40, "records_excluded": "Old, 20; Far, 4", "new_reports": 2}


def test_what_stands_beside_the_total_leads_into_it() -> None:
    """The earlier version's studies come in, also where a box on the synthesis follows."""
    counts = {**NUMBERS, "previous_reports": 5, "total_reports": 7, "total_studies_ma": 4}
    flow = of_template(counts)
    figure = charts.flow(flow, other=False)
    (axes,) = figure.axes
    heads = [patch.get_xy() for patch in axes.patches if isinstance(patch, Polygon)]
    level = [points for points in heads if abs(points[1][0] - points[2][0]) < 0.01]
    assert [points[0][0] < points[1][0] for points in level].count(True) == 1


def test_whom_records_were_excluded_by_stands_above_the_reasons() -> None:
    """Reasons are people's; without the box of exclusions its lines are left out, too."""
    counts = {**NUMBERS, "records_excluded_automatic": 4}
    flow = of_template(counts)
    lines = charts.flow_text(flow, other=False).text.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    at = lines.index("    - Records excluded (n = 24):")
    assert lines[at + 1 : at + 5] == [
        "      - by people (n = 20):", "        - Old (n = 20)", "        - Far (n = 4)",
        "      - by automation tools, unseen (n = 4)",
    ]  # fmt: skip
    said = written(charts.flow(flow, without=["records_screened", "records_excluded"]))
    assert "by people" not in said
    assert "by automation tools, unseen" not in said


def test_a_flow_has_two_layouts() -> None:
    """No other."""
    with pytest.raises(FigureError, match='no layout "tall"'):
        charts.flow(prisma(), layout="tall")


def test_a_flow_chart_lays_itself_out() -> None:
    """Boxes below what leads to them, each text and word once."""
    nodes = {"a": "Search", "b": "Screen\n(one person)", "c": "Exclude", "d": "Read"}
    edges = [("a", "b"), ("b", "c", "no"), ("b", "d", "yes")]
    figure = charts.flowchart(nodes, edges, highlight="d")
    shown = texts(figure)
    assert sorted(shown) == ["(one person)", "Exclude", "Read", "Screen", "Search", "no", "yes"]
    assert shown.index("Search") < shown.index("Screen") < shown.index("Read")
    assert overflows(figure) == []


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.bars({}),
        lambda: charts.stacked_bars(TABLE.iloc[:0]),
        lambda: charts.heatmap(TABLE.iloc[:0]),
        lambda: charts.evidence_map(PAPERS.iloc[:0]),
        lambda: charts.traffic_light(ROBVIS.iloc[:0]),
        lambda: charts.stacked_bars(TABLE.assign(note="x", more="y")),
    ],
)
def test_nothing_to_show_is_an_error(draw: Any) -> None:
    """An empty chart says nothing, and looks like a mistake."""
    with pytest.raises(FigureError):
        draw()


@pytest.mark.parametrize(
    "figure",
    [
        charts.bars({"A label that is rather long for a bar chart": 1, "B": 123456}),
        charts.stacked_bars(TABLE, unit="papers"),
        charts.grouped_bars(TABLE),
        charts.years(pd.DataFrame({"Papers": [1, 22]}, index=[2012, 2022])),
        charts.evidence_map(PAPERS),
        charts.heatmap(TABLE),
        charts.traffic_light(ROBVIS),
    ],
    ids=["bars", "stacked", "grouped", "years", "map", "heat", "lights"],
)
def test_charts_are_made_for_the_page(figure: Figure) -> None:
    """As wide as the text, nothing beyond the edge, no text below 10 points."""
    assert figure.get_size_inches()[0] * 2.54 == pytest.approx(WIDTH)
    assert overflows(figure) == []
    assert min(t.get_fontsize() for axes in figure.axes for t in axes.texts) >= 10


def test_names_of_groups_do_not_run_into_each_other() -> None:
    """A name too long for its columns is broken at its hyphen."""
    from reviewpress.figures.charts.appraisals import _group_lines

    assert _group_lines("non-randomised", 10) == ["Non-randomised"]
    assert _group_lines("non-randomised", 2.5) == ["Non-", "randomised"]


GROUPS = {
    "Purpose": ["Holistic support", "Comprehensive support"],
    "Shared features of delivery": ["Governance", "Organisational processes that take many words"],
}


def test_panels_hold_each_thing_under_its_group() -> None:
    """In rows in print, in more rows on a narrow screen; long words wrap in their box."""
    wide = charts.panels(GROUPS)
    narrow = narrow_version(wide)
    assert narrow is not None
    for drawn in (wide, narrow):
        assert overflows(drawn) == []
        said = " ".join(texts(drawn))
        for name, items in GROUPS.items():
            assert name.split()[0] in said
            assert all(item.split()[0] in said for item in items)
    assert texts(wide)[:3] == ["Purpose", *GROUPS["Purpose"]]
    assert narrow.get_size_inches()[1] > wide.get_size_inches()[1]


@pytest.mark.parametrize("groups", [{}, {"Purpose": []}])
def test_panels_need_something_to_hold(groups: dict[str, list[str]]) -> None:
    """An empty panel would say that nothing was found."""
    with pytest.raises(FigureError, match="at least one group"):
        charts.panels(groups)
