"""What a notebook holds of a cell's outputs, each in the best form that every format can hold.

pictures                             files beside the chapter
charts of altair and plotly          drawn where they can be, with their numbers as a table
Markdown, HTML, LaTeX                as cells that are executed publish them
what no format but a page can hold   its text, if it has one, and a message
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewpress.adopt.cells import picture_line
from reviewpress.errors import Problem
from reviewpress.notebooks.chart_outputs import SVG, chart_in, chart_rows, draw_chart, is_chart
from reviewpress.notebooks.labelled import ENDINGS, MARKDOWN
from reviewpress.notebooks.markup_outputs import html_markdown, latex_markdown
from reviewpress.notebooks.outputs import has_no_text
from reviewpress.shapes import Plain, as_mapping, as_text

MOST_ROWS = 60
"""Of a chart with more numbers none are shown: they are in a file beside the chapter."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SILENT = ("text/plain", "application/vnd.google.colaboratory.intrinsic+json")
"""What shows nothing that the text of an output does not."""
_NAMES = {
    "application/javascript": "JavaScript", "application/json": "JSON", "application/pdf": "a PDF",
    "application/vnd.jupyter.widget-view+json": "a widget",
}  # fmt: skip


@dataclass(slots=True)
class ShownOutputs:
    """What outputs become: their files by name, and what could not be shown."""

    files: dict[str, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def shown_parts(
    outputs: Sequence[Mapping[str, Plain]],
    name: str,
    options: Mapping[str, str],
    made: ShownOutputs,
) -> Iterator[str]:
    """Yield what each output shows as Markdown; the files of pictures are called `name`."""
    pictures = 0
    for output in outputs:
        data = chart_in(as_mapping(output.get("data")))
        rows = chart_rows(data) if is_chart(data) else []
        data = _drawn(data, made)
        kind = next((each for each in ENDINGS if each in data), "")
        if kind and not _is_formula(data):
            pictures += 1
            file = f"{name}-{pictures}" if pictures > 1 else name
            made.files[f"{file}.{ENDINGS[kind]}"] = _content(kind, _joined(data[kind]))
            yield picture_line(f"{file}.{ENDINGS[kind]}", options if pictures == 1 else {})
            yield from _numbers(rows, file, made)
        elif rows:
            yield from _numbers(rows, name, made)
        elif MARKDOWN in data:
            yield _joined(data[MARKDOWN])
        else:
            yield from _words(data, output, made)


def _is_formula(data: Mapping[str, Plain]) -> bool:
    """Say whether a picture is that of a formula, as sympy draws them beside the TeX."""
    return "text/latex" in data and "image/png" in data and "text/html" not in data


def _drawn(data: Mapping[str, Plain], made: ShownOutputs) -> Mapping[str, Plain]:
    """Return an output with a picture of its chart, if there can be one; else say why not."""
    if not is_chart(data) or any(kind in data for kind in ENDINGS):
        return data
    drawn = draw_chart(data, Path())
    if isinstance(drawn, str):
        return {**data, SVG: drawn}
    made.lost.append(f"{drawn.message} Its numbers are shown. {drawn.hint}")
    return data


def _numbers(rows: Sequence[Mapping[str, Plain]], name: str, made: ShownOutputs) -> Iterator[str]:
    """Yield the numbers behind a chart as a table, or put them beside the chapter."""
    if not rows:
        return
    # It takes half a second, and few notebooks have such a chart.
    import pandas as pd

    from reviewpress.figures.tables import alignments_of, pipe_table

    frame = pd.DataFrame(rows)
    if len(frame) <= MOST_ROWS:
        yield f"{pipe_table(frame, alignments_of(frame))}\n\n: {{row-headers=1}}"
        return
    made.files[f"{name}.csv"] = frame.to_csv(index=False).encode()
    made.lost.append(f"the {len(frame):,} rows behind a chart are not shown: {name}.csv has them.")


def _words(
    data: Mapping[str, Plain], output: Mapping[str, Plain], made: ShownOutputs
) -> Iterator[str]:
    """Yield what an output without a picture says; what it cannot is said in a message."""
    html, latex = (_joined(data.get(f"text/{kind}")) for kind in ("html", "latex"))
    read = html_markdown(html) if html else latex_markdown(latex) if latex else ""
    if isinstance(read, str) and read:
        yield read
        return
    text = _COLOUR.sub("", _joined(data.get("text/plain") or output.get("text"))).rstrip()
    lost = _reason(read, data)
    has_text = bool(text.strip()) and not has_no_text(text)
    if has_text:
        yield f"```\n{text}\n```"
    if lost:
        made.lost.append(f"{lost} {'Its text is shown.' if has_text else 'It is left out.'}")


def _reason(read: str | list[Problem], data: Mapping[str, Plain]) -> str:
    if isinstance(read, list):
        return " ".join(problem.message for problem in read)
    kind = next((each for each in data if each not in _SILENT), "")
    if not kind or kind in ("text/html", "text/latex"):
        return ""
    return f"the cell showed {_NAMES.get(kind, kind)}, which pages, the PDF and Word cannot hold."


def _content(kind: str, content: str) -> bytes:
    if kind == SVG:
        return content.encode()
    try:
        return base64.b64decode(content)
    except (binascii.Error, ValueError):
        return b""


def _joined(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
