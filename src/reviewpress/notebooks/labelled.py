"""Cells with Quarto's own options: what they show becomes figures and tables with captions.

    cell's outputs ─▶ pictures, tables, Markdown, in order ─▶ one float under the cell's label

A label is that of the whole; what it holds, where it is more than one thing, is label-1, label-2.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reviewpress.errors import Problem
from reviewpress.extension import find_extension
from reviewpress.markdown import UNNUMBERED, attribute_text, within_brackets
from reviewpress.notebooks.chart_outputs import Row, chart_rows, is_chart, own_alt, steady
from reviewpress.notebooks.html_tables import html_table_markdown, table_line
from reviewpress.programs.typesetting import drawing_as_png
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

MARKDOWN = "text/markdown"
BARE_FRAME = "bare-frame"
"""Says among an output's metadata that it is a frame which its cell gives no caption."""
FIGURE = "application/vnd.reviewpress.figure+json"
"""The kind of an output that stands for a figure of matplotlib; see `figures.screen`."""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
"""How the files of pictures end, by their kind; of one in several kinds the first is taken."""
LINE_PIXELS = 580
"""What a line of print holds of a picture, 96 to an inch: wider ones fill it."""
_NO_ALT = "Say what the picture shows, with its numbers: `#| fig-alt: …`."

Output = Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a cell shows: its id, the words below it, and those in place of it."""

    id: str
    caption: str
    alt: str


class Maker(Protocol):
    """Publishes what only the kernel has; each answers Markdown, or what is wrong."""

    def draw(self, mark: int, picture: Picture, caption: str) -> str | list[Problem]:
        """Publish the figure of a mark; `caption` is what it is called."""

    def frame(self, label: str, caption: str) -> str | list[Problem]:
        """Publish the cell's value as a table; empty where it is no frame or series."""

    def rows(self, id: str, rows: Sequence[Row]) -> str | list[Problem]:
        """Publish the numbers behind a chart as a file; return them as a table."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The options of a cell that say what its outputs are."""

    options: Mapping[str, Plain]
    number: int | str
    """The cell's, as its author counts; with that of the output, where it is one of several."""

    @property
    def label(self) -> str:
        """The id that the outputs get, empty for none."""
        label = as_text(self.options.get("label"))
        return label if label.startswith(("fig-", "tbl-")) else ""

    @property
    def says_anything(self) -> bool:
        """Whether the options make something of the outputs."""
        names = ("fig-alt", "fig-cap", "tbl-cap")
        return bool(self.label or any(self.options.get(name) for name in names))

    @property
    def shows_nothing(self) -> bool:
        """Whether the options turn off what the cell shows."""
        return any(self.options.get(name) is False for name in ("output", "include"))

    @property
    def is_table(self) -> bool:
        """Whether what the cell shows is a table, by its label or its caption."""
        return self.label.startswith("tbl-") or bool(not self.label and self.options.get("tbl-cap"))

    def text(self, name: str) -> str:
        """Return an option that is a text."""
        value = self.options.get(name)
        return " ".join(as_text(value).split()) if not isinstance(value, list) else ""

    def texts(self, name: str, count: int) -> list[str] | None:
        """Return an option for each of `count` things; None where it is for another number."""
        value = self.options.get(name)
        if isinstance(value, list):
            given = [" ".join(as_text(each).split()) for each in as_list(value)]
            return given if len(given) == count else None
        text = self.text(name) if not isinstance(value, bool) else ""
        return [text] * count


def is_picture(output: Output) -> bool:
    """Say whether an output is a figure of matplotlib or another picture."""
    data = as_mapping(output.get("data"))
    return MARKDOWN not in data and (FIGURE in data or any(kind in data for kind in ENDINGS))


@dataclass(frozen=True, slots=True)
class Figures:
    """Where pictures go: the folder of files, and its address from the chapter."""

    folder: Path
    address: str
    root: Path
    """That of the review, whose letters pictures are drawn with."""


def float_outputs(
    outputs: Sequence[Output], labelled: Labelled, home: Figures, maker: Maker
) -> tuple[str, list[Problem]]:
    """Return the Markdown of what a cell with options shows, and what is wrong with it.

    Empty where there is nothing to show.
    """
    shown = [each for each in outputs if is_picture(each)]
    pictures, problems = _pictures(
        labelled, [own_alt(as_mapping(each.get("data"))) for each in shown]
    )
    parts: list[str] = []
    drawn = iter(pictures)
    for output in outputs if not problems else ():
        made = _part(output, labelled, home, maker, drawn)
        if isinstance(made, str):
            parts += [made.strip("\n")] if made.strip() else []
        else:
            problems += made
    if not parts and labelled.label and not problems:
        problems.append(_nothing(labelled.label))
    if problems or not parts:
        return "", problems
    if len(parts) == len(shown) == 1 and not labelled.label.startswith("tbl-"):
        return parts[0], []
    if len(parts) == 1 and not shown and labelled.is_table:
        return _named_table(parts[0], labelled), []
    return _whole(parts, labelled), []


def _nothing(label: str) -> Problem:
    """Say that a cell with a label shows nothing to have it."""
    if label.startswith("tbl-"):
        return Problem("figure", f"{label} shows no table.", hint="End the cell with a DataFrame.")
    hint = "Draw one with matplotlib, or end the cell with what is one."
    return Problem("figure", f"{label} shows no figure.", hint=hint)


def _pictures(labelled: Labelled, own: Sequence[str]) -> tuple[list[Picture], list[Problem]]:
    """Return what each picture is called and said to be; `own` alternatives may stand in."""
    count = len(own)
    if not count:
        return [], []
    captions, alts = _captions(labelled, count), labelled.texts("fig-alt", count)
    problems = []
    for name, given in (("fig-alt", alts), ("fig-subcap", captions)):
        if given is None:
            noun = "picture" if count == 1 else "pictures"
            message = f"the cell shows {count} {noun}, and {name} is for another number."
            problems.append(Problem("figure", message, hint="Give one text for each, in order."))
    if problems:
        return [], problems
    assert captions is not None
    assert alts is not None
    alts = [alt or mine for alt, mine in zip(alts, own, strict=True)]
    if not labelled.label:
        # What has no number may be told by its caption alone.
        alts = [alt or caption for alt, caption in zip(alts, captions, strict=True)]
    if not all(alts):
        named = labelled.label or "the cell's picture"
        return [], [Problem("figure", f"{named} has no fig-alt.", hint=_NO_ALT)]
    base = labelled.label or f"{UNNUMBERED}{labelled.number}"
    single = count == 1 and not labelled.label.startswith("tbl-")
    names = [base] if single else [f"{base}-{number + 1}" for number in range(count)]
    return [Picture(*each) for each in zip(names, captions, alts, strict=True)], []


def _captions(labelled: Labelled, count: int) -> list[str] | None:
    """Return the words below each picture: those of a single one are the float's own."""
    if count == 1 and not labelled.label.startswith("tbl-"):
        return labelled.texts("fig-cap", 1)
    kind = "tbl" if labelled.label.startswith("tbl-") else "fig"
    given = labelled.texts(f"{kind}-subcap", count)
    if isinstance(labelled.options.get(f"{kind}-cap"), list):
        given = labelled.texts(f"{kind}-cap", count)
    return given


def _part(
    output: Output, labelled: Labelled, home: Figures, maker: Maker, drawn: Iterator[Picture]
) -> str | list[Problem]:
    data = as_mapping(output.get("data"))
    if is_picture(output):
        picture = next(drawn)
        if FIGURE in data:
            called = picture.caption or labelled.text("fig-cap") or labelled.text("tbl-cap")
            return maker.draw(int(as_text(data[FIGURE])), picture, called)
        return _write(output, picture, home, maker)
    if MARKDOWN in data:
        return _joined(data[MARKDOWN])
    if labelled.options.get("output") == "asis" and output.get("name") == "stdout":
        return _joined(output.get("text") or "")
    if labelled.is_table and not is_chart(data):
        return _table(output, labelled, maker)
    return ""


def _table(output: Output, labelled: Labelled, maker: Maker) -> str | list[Problem]:
    """Return a frame or an HTML table; of a table without a caption, its own stays."""
    data, caption = as_mapping(output.get("data")), labelled.text("tbl-cap")
    is_value = output.get("output_type") == "execute_result"
    framed = maker.frame(labelled.label, caption) if is_value else ""
    if framed or "text/html" not in data:
        return framed
    return html_table_markdown(_joined(data["text/html"]), captioned=not caption)


def _write(output: Output, picture: Picture, home: Figures, maker: Maker) -> str | list[Problem]:
    """Write a picture's file, and the numbers behind a chart; return its Markdown."""
    data = as_mapping(output["data"])
    kind = next(kind for kind in ENDINGS if kind in data)
    content = steady(_joined(data[kind])) if is_chart(data) else _joined(data[kind])
    is_text = kind == "image/svg+xml"
    home.folder.mkdir(parents=True, exist_ok=True)
    file = home.folder / f"{picture.id}.{ENDINGS[kind]}"
    file.write_bytes(content.encode() if is_text else base64.b64decode(content))
    if is_text:
        fonts = find_extension(home.root).brand(home.root).font_folders
        png = drawing_as_png(file, fonts)
        if not png:
            message = "the picture that the cell shows cannot be drawn."
            return [Problem("figure", message, hint="Show it as PNG.")]
        file.with_suffix(".png").write_bytes(png)
    (home.folder / f"{picture.id}.alt.txt").write_text(f"{picture.alt}\n", encoding="utf-8")
    width = as_mapping(as_mapping(output.get("metadata")).get(kind)).get("width")
    fits = isinstance(width, int | float) and width < LINE_PIXELS
    size = f" width={width:g}px" if fits else ""
    shown = picture_markdown(picture, f"{home.address}/{file.name}", size)
    rows = chart_rows(data)
    table = maker.rows(picture.id, rows) if rows else ""
    return f"{shown}\n\n{table}" if isinstance(table, str) else table


def picture_markdown(picture: Picture, address: str, size: str) -> str:
    """Return a picture with its caption, which is Markdown, and its alternative text."""
    name = "" if picture.id.startswith(UNNUMBERED) else f"#{picture.id} "
    alt = f'fig-alt="{attribute_text(picture.alt)}"'
    return f"![{within_brackets(picture.caption)}]({address}){{{name}{alt}{size}}}"


def _named_table(part: str, labelled: Labelled) -> str:
    """Return a single table of HTML under its cell's label and caption."""
    line = re.search(r"^: (.*)\{\.rp-table ([^{}#]*)\}$", part, re.M)
    if line is None:
        return _whole([part], labelled)
    caption = labelled.text("tbl-cap") or line[1].strip()
    named = table_line(caption, line[2], labelled.label)
    return part[: line.start()] + named + part[line.end() :]


def _whole(parts: Sequence[str], labelled: Labelled) -> str:
    """Return the parts of a cell's float in one block, with the caption of the whole."""
    label, layout = labelled.label, _layout(labelled, len(parts))
    own = re.compile(rf"#{re.escape(label)}(?![\w-])")
    if label and any(own.search(part) for part in parts):
        return "\n\n".join(parts)
    if not label:
        fences = (f"::: {{{layout}}}", ":::") if layout else ("", "")
        return "\n\n".join(each for each in (fences[0], *parts, fences[1]) if each)
    kind = label[:3]
    named = labelled.texts("tbl-subcap", len(parts)) if kind == "tbl" else None
    if named and any(named) and not any(part.startswith("![") for part in parts):
        parts = [
            f"::: {{#{label}-{number}}}\n\n{part}\n\n{words}\n\n:::"
            for number, (part, words) in enumerate(zip(parts, named, strict=True), 1)
        ]
    layout = f" {layout}" if layout else ""
    fence = "::::" if any(part.startswith(":::") for part in parts) else ":::"
    caption = labelled.text(f"{kind}-cap")
    inner = [part for part in (*parts, caption) if part]
    return "\n\n".join([f"{fence} {{#{label}{layout}}}", *inner, fence])


def _layout(labelled: Labelled, count: int) -> str:
    """Return how a cell lays its outputs out, as attributes: two beside one another unless said."""
    if count < 2:
        return ""
    for name in ("layout-ncol", "layout-nrow"):
        if labelled.text(name).isdecimal():
            return f"{name}={labelled.text(name)}"
    said = labelled.options.get("layout")
    if said:
        rows = said if isinstance(said, str) else json.dumps(said)
        return 'layout="{}"'.format(rows.replace('"', '\\"'))
    return "layout-ncol=2" if labelled.label else ""


def _joined(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
