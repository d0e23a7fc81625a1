"""What a cell without a label or captions shows: published without a number where all can read it.

a frame, an HTML table with heads      a table, with its own caption if it has one
words and tables in HTML, LaTeX        as `markup_outputs.py` reads them
a picture that says what it shows      altair's description, an SVG's title and description
anything else                          as it is: `outputs.py` publishes it or says why not
"""

from collections.abc import Sequence

from reviewpress.errors import Problem
from reviewpress.notebooks.chart_outputs import SVG, chart_in, draw_chart, is_chart, own_alt
from reviewpress.notebooks.labelled import (
    BARE_FRAME,
    ENDINGS,
    MARKDOWN,
    Figures,
    Labelled,
    Maker,
    Output,
    float_outputs,
    is_picture,
)
from reviewpress.notebooks.markup_outputs import html_markdown, latex_markdown
from reviewpress.shapes import Plain, as_mapping, as_text


def drawn_outputs(outputs: Sequence[Output], home: Figures) -> tuple[list[Output], list[Problem]]:
    """Return a cell's outputs with a picture for each chart, and the charts that have none."""
    shown: list[Output] = []
    problems: list[Problem] = []
    for output in outputs:
        data = chart_in(as_mapping(output.get("data")))
        if not is_chart(data) or any(kind in data for kind in ENDINGS):
            shown.append(output)
            continue
        picture = draw_chart(data, home.root)
        if isinstance(picture, Problem):
            problems.append(picture)
        else:
            shown.append({**output, "data": {**data, SVG: picture}})
    return shown, problems


def publish_unlabelled(
    outputs: Sequence[Output], number: int | str, home: Figures, maker: Maker
) -> tuple[list[Output], list[Problem]]:
    """Return outputs as Markdown where they can be published without a label, and what is wrong.

    `number` is that of the cell.
    """
    shown: list[Output] = []
    problems: list[Problem] = []
    for at, output in enumerate(outputs):
        cell = Labelled({}, f"{number}-{at}" if at else number)
        framed = _framed(output, maker)
        made = framed or _made(output, cell, home, maker)
        if isinstance(made, list):
            problems += made
        elif made:
            output = {
                **output,
                "data": {MARKDOWN: made},
                "metadata": {BARE_FRAME: bool(framed) or _shows_frame(output)},
            }
        shown.append(output)
    return shown, problems


def _framed(output: Output, maker: Maker) -> str | list[Problem]:
    """Return a frame as a table; empty for another value."""
    if MARKDOWN in as_mapping(output.get("data")) or is_picture(output):
        return ""
    return maker.frame("", "") if output.get("output_type") == "execute_result" else ""


def _made(output: Output, cell: Labelled, home: Figures, maker: Maker) -> str | list[Problem]:
    data = as_mapping(output.get("data"))
    if MARKDOWN in data:
        return ""
    html, latex = (_joined(data.get(f"text/{kind}")) for kind in ("html", "latex"))
    if latex and not html:
        return latex_markdown(latex)
    if is_picture(output):
        if not own_alt(data):
            return ""
        text, problems = float_outputs([output], cell, home, maker)
        return text or problems
    return html_markdown(html) if html else ""


def _shows_frame(output: Output) -> bool:
    """Say whether it is a frame of pandas that a cell displays before its end."""
    html = _joined(as_mapping(output.get("data")).get("text/html"))
    return 'class="dataframe"' in html


def _joined(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
