"""Charts of altair and plotly: a picture that every format holds, and the numbers behind it.

altair   its specification is drawn by vl-convert, without a browser; nothing is fetched
plotly   draws its own picture where kaleido is installed (`environment.py` asks for it)
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reviewpress.errors import Problem
from reviewpress.extension import find_extension
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

SVG = "image/svg+xml"
PLOTLY = "application/vnd.plotly.v1+json"
_VEGA = re.compile(r"application/vnd\.vega(lite)?\.v\d+(\.\d+)*\+json")
_OF_RUN = re.compile(r'id="defs-([0-9a-f]{6})"')
"""What plotly names the parts of a picture by, anew each time."""
_TEXTS = ("title", "desc")
_LEFT = ("customdata", "hovertext", "ids", "selectedpoints", "marker")

Row = Mapping[str, Plain]


_CALLS = {
    re.compile(r"\bPlotly\.(?:newPlot|react)\(\s*[\"'][^\"']*[\"']\s*,\s*(?=\[)"): PLOTLY,
    re.compile(r"\}\)\(\s*(?=\{)|\bvar spec\s*=\s*(?=\{)"): "application/vnd.vegalite.v5+json",
}
"""How the pages that draw charts in a notebook call what draws them, with the chart as JSON."""


def chart_in(data: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """Return an output with the chart itself where it only has a page that draws one."""
    page = _joined(data.get("text/html") or "")
    if is_chart(data) or not ("Plotly." in page or "vegaEmbed" in page):
        return data
    for call, kind in _CALLS.items():
        for found in call.finditer(page):
            parts = [*_values_at(page, found.end())]
            chart: Plain = parts[0] if parts else None
            if kind == PLOTLY and isinstance(chart, list):
                chart = {"data": chart, "layout": parts[1] if len(parts) > 1 else {}}
            elif not (kind != PLOTLY and isinstance(chart, dict) and "$schema" in chart):
                continue
            others = {key: value for key, value in data.items() if key != "text/html"}
            return {kind: chart, **others}
    return data


def _values_at(text: str, at: int) -> Iterator[Plain]:
    """Yield the values of JSON that are listed at a place of a script."""
    decoder = json.JSONDecoder()
    while True:
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield value
        gap = re.compile(r"\s*,\s*").match(text, at)
        if gap is None:
            return
        at = gap.end()


def is_chart(data: Mapping[str, Plain]) -> bool:
    """Say whether an output is a chart of altair or plotly."""
    return PLOTLY in data or _specification(data) is not None


def draw_chart(data: Mapping[str, Plain], root: Path) -> str | Problem:
    """Return the picture of a chart that has none, as SVG, or what is wrong with it.

    Its words are set in the letters of the review at `root`.
    """
    found = _specification(data)
    if found is None:
        hint = (
            "Install kaleido by `pip install kaleido` (it needs Chrome or Chromium), or "
            "show a picture of the chart that was saved before."
        )
        return Problem(
            "figure", "the cell shows a plotly chart without a picture of it.", hint=hint
        )
    return _draw_specification(*found, root)


def own_alt(data: Mapping[str, Plain]) -> str:
    """Return the text alternative that a chart or an SVG has of its own; empty for none."""
    found = _specification(data)
    if found is not None:
        return " ".join(as_text(found[1].get("description")).split())
    text = _joined(data.get(SVG) or "")
    said = [re.search(rf"<{name}[^>]*>([^<]+)</{name}>", text) for name in _TEXTS]
    words = [" ".join(match[1].split()) for match in said if match]
    return ": ".join(words) if len(words) == len(_TEXTS) else ""


def chart_rows(data: Mapping[str, Plain]) -> list[Row]:
    """Return the numbers behind a chart, a row for each thing drawn; none if it has them not."""
    found = _specification(data)
    if found is not None:
        return [*_rows_of_specification(found[1])]
    return [*_rows_of_plotly(as_mapping(data.get(PLOTLY)))]


def steady(svg: str) -> str:
    """Return a picture of plotly's with the same names in it each time it is drawn."""
    found = _OF_RUN.search(svg)
    return svg.replace(found[1], "chart") if found else svg


def _specification(data: Mapping[str, Plain]) -> tuple[bool, Mapping[str, Plain]] | None:
    """Return a chart's specification, and whether it is of Vega-Lite."""
    for kind, value in data.items():
        found = _VEGA.fullmatch(kind)
        if found:
            return found[1] is not None, as_mapping(value)
    return None


def _draw_specification(
    lite: bool, specification: Mapping[str, Plain], root: Path
) -> str | Problem:
    if find_spec("vl_convert") is None:
        message = (
            "the cell shows an altair chart, and vl-convert-python, which draws it, is missing."
        )
        hint = 'Install it with `pip install "reviewpress[altair]"`.'
        return Problem("figure", message, hint=hint)
    # It is an extra, and takes a second to load.
    import vl_convert

    family = _know_fonts(root)
    spec = dict(specification)
    try:
        if lite:
            font = {"font": family}
            svg = vl_convert.vegalite_to_svg(spec, config=font, allowed_base_urls=[])
        else:
            svg = vl_convert.vega_to_svg(spec, allowed_base_urls=[])
    except ValueError as error:
        said = next((line for line in str(error).splitlines() if "rror" in line[:12]), str(error))
        message = f"the altair chart cannot be drawn: {said.strip()[:200]}"
        hint = "Give the chart its data as a DataFrame: nothing is fetched while a review is built."
        return Problem("figure", message, hint=hint)
    return svg


@cache
def _know_fonts(root: Path) -> str:
    """Let words be measured in the review's letters; return what these are called."""
    import vl_convert

    brand = find_extension(root).brand(root)
    for folder in brand.font_folders:
        vl_convert.register_font_directory(str(folder))
    return brand.base_family


def _rows_of_specification(specification: Mapping[str, Plain]) -> Iterator[Row]:
    sets = as_mapping(specification.get("datasets"))
    given = as_mapping(specification.get("data")).get("values")
    for values in [*sets.values(), *([given] if given else [])]:
        yield from (as_mapping(row) for row in as_list(values))


def _rows_of_plotly(figure: Mapping[str, Plain]) -> Iterator[Row]:
    """Yield what each trace draws, by the names of its axes."""
    layout = as_mapping(figure.get("layout"))
    traces = [as_mapping(trace) for trace in as_list(figure.get("data"))]
    for trace in traces:
        columns = {key: _values(value) for key, value in trace.items() if key not in _LEFT}
        columns = {_named(key, layout): values for key, values in columns.items() if values}
        count = max(map(len, columns.values()), default=0)
        columns = {key: values for key, values in columns.items() if len(values) == count}
        named: Row = {"name": trace.get("name")} if len(traces) > 1 else {}
        for at in range(count):
            yield {**named, **{key: values[at] for key, values in columns.items()}}


def _values(value: Plain) -> Sequence[Plain]:
    """Return the items of an array, which plotly may have packed."""
    packed = as_mapping(value)
    if "bdata" not in packed:
        return as_list(value)
    # With a chart of plotly alone: chapters without one are built without numpy.
    import numpy

    content = base64.b64decode(as_text(packed["bdata"]))
    numbers: Sequence[Plain] = numpy.frombuffer(content, as_text(packed["dtype"])).tolist()
    return numbers


def _named(key: str, layout: Mapping[str, Plain]) -> str:
    """Return what an axis is called, or its letter."""
    title = as_mapping(as_mapping(layout.get(f"{key}axis")).get("title"))
    return as_text(title.get("text")) or key


def _joined(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
