"""The review's charts, in house style: each takes a table and returns a matplotlib figure.

Chapters reach them as `review.charts.<name>(…)` and publish what they return:

    bars           horizontal bars, the longest first
    stacked_bars   bars made of parts, or of shares
    grouped_bars   several bars for each label
    years          columns by year, made of parts
    evidence_map   which papers speak to which theme, each by its code
    heatmap        a number in each cell of two groupings
    traffic_light  the answer to each criterion of appraisal, paper by paper
    summary_bars   the answers to each criterion, counted
    flow           the PRISMA 2020 flow of records
    flow_text      the same in words, as a nested list
    panels         what is named together, without a rank, a panel for each group
    flow_counts    its known numbers as a table
    flowchart      boxes and arrows, laid out by themselves
    new_figure     an empty figure in house style; `house_style()` for one's own
    series_colours fills that differ in grey as well; `text_on(fill)`, and `mix` for shades
"""

from reviewpress.brand import mix
from reviewpress.figures.charts.appraisals import summary_bars, traffic_light
from reviewpress.figures.charts.bars import bars, grouped_bars, stacked_bars, years
from reviewpress.figures.charts.maps import evidence_map, heatmap
from reviewpress.figures.charts.panels import panels
from reviewpress.figures.charts.prisma import flow, flow_counts, flow_text
from reviewpress.figures.drawing.flowcharts import flowchart
from reviewpress.figures.style import house_style, new_figure, series_colours, text_on

__all__ = [
    "bars",
    "evidence_map",
    "flow",
    "flow_counts",
    "flow_text",
    "flowchart",
    "grouped_bars",
    "heatmap",
    "house_style",
    "mix",
    "new_figure",
    "panels",
    "series_colours",
    "stacked_bars",
    "summary_bars",
    "text_on",
    "traffic_light",
    "years",
]
