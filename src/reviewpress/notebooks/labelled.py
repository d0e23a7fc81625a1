"""Cells with Quarto's own options: what they show becomes figures and tables with captions.

    cell's outputs ─▶ pictures, tables, Markdown, in order ─▶ one float under the cell's label

A label is that of the whole; what it holds, where it is more than one thing, is label-1, label-2.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reviewpress.errors import Problem
from reviewpress.markdown import within_brackets
from reviewpress.notebooks.html_tables import html_table_markdown
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

MARKDOWN = "text/markdown"
FIGURE = "application/vnd.reviewpress.figure+json"
"""The kind of an output that stands for a figure of matplotlib; see `figures.screen`."""
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
"""How the files of pictures end, by their kind; of one in several kinds the first is taken."""
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
        """Publish the cell's value as a table; empty where it is no DataFrame."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The options of a cell that say what its outputs are."""

    options: Mapping[str, Plain]
    number: int
    """The cell's, as its author counts."""

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


def float_outputs(
    outputs: Sequence[Output], labelled: Labelled, home: Figures, maker: Maker
) -> tuple[str, list[Problem]]:
    """Return the Markdown of what a cell with options shows, and what is wrong with it.

    Empty where there is nothing to show.
    """
    shown = [each for each in outputs if is_picture(each)]
    pictures, problems = _pictures(labelled, len(shown))
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
    return _whole(parts, labelled), []


def _nothing(label: str) -> Problem:
    """Say that a cell with a label shows nothing to have it."""
    if label.startswith("tbl-"):
        return Problem("figure", f"{label} shows no table.", hint="End the cell with a DataFrame.")
    hint = "Draw one with matplotlib, or end the cell with what is one."
    return Problem("figure", f"{label} shows no figure.", hint=hint)


def _pictures(labelled: Labelled, count: int) -> tuple[list[Picture], list[Problem]]:
    """Return what each picture of a cell is called and said to be."""
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
    if not all(alts):
        named = labelled.label or "the cell's picture"
        return [], [Problem("figure", f"{named} has no fig-alt.", hint=_NO_ALT)]
    base = labelled.label or f"fig-cell-{labelled.number}"
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
        return _write(output, picture, home)
    if MARKDOWN in data:
        return _joined(data[MARKDOWN])
    if labelled.options.get("output") == "asis" and output.get("name") == "stdout":
        return _joined(output.get("text") or "")
    if "text/html" in data and labelled.is_table:
        is_value = output.get("output_type") == "execute_result" and labelled.label
        framed = maker.frame(labelled.label, labelled.text("tbl-cap")) if is_value else ""
        return framed or html_table_markdown(_joined(data["text/html"]))
    return ""


def _write(output: Output, picture: Picture, home: Figures) -> str:
    """Write a picture's file; return its Markdown."""
    data = as_mapping(output["data"])
    kind = next(kind for kind in ENDINGS if kind in data)
    content = _joined(data[kind])
    is_text = kind == "image/svg+xml"
    home.folder.mkdir(parents=True, exist_ok=True)
    file = home.folder / f"{picture.id}.{ENDINGS[kind]}"
    file.write_bytes(content.encode() if is_text else base64.b64decode(content))
    (home.folder / f"{picture.id}.alt.txt").write_text(f"{picture.alt}\n", encoding="utf-8")
    width = as_mapping(as_mapping(output.get("metadata")).get(kind)).get("width")
    size = f" width={width:g}px" if isinstance(width, int | float) else ""
    return picture_markdown(picture, f"{home.address}/{file.name}", size)


def picture_markdown(picture: Picture, address: str, size: str) -> str:
    """Return a picture with its caption, which is Markdown, and its alternative text."""
    name = "" if picture.id.startswith("fig-cell-") else f"#{picture.id} "
    alt = picture.alt
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("{{", "{&#123;")):
        alt = alt.replace(sign, written)
    return f'![{within_brackets(picture.caption)}]({address}){{{name}fig-alt="{alt}"{size}}}'


def _whole(parts: Sequence[str], labelled: Labelled) -> str:
    """Return the parts of a cell's float in one block, with the caption of the whole."""
    label = labelled.label
    own = re.compile(rf"#{re.escape(label)}(?![\w-])")
    if not label and labelled.is_table:
        return "\n\n".join([*parts, f": {labelled.text('tbl-cap')}"])
    if not label or any(own.search(part) for part in parts):
        return "\n\n".join(parts)
    kind = label[:3]
    named = labelled.texts("tbl-subcap", len(parts)) if kind == "tbl" else None
    if named and any(named) and not any(part.startswith("![") for part in parts):
        parts = [
            f"::: {{#{label}-{number}}}\n\n{part}\n\n{words}\n\n:::"
            for number, (part, words) in enumerate(zip(parts, named, strict=True), 1)
        ]
    columns = labelled.text("layout-ncol")
    layout = f" layout-ncol={columns}" if columns.isdecimal() else ""
    fence = "::::" if any(part.startswith(":::") for part in parts) else ":::"
    caption = labelled.text(f"{kind}-cap")
    inner = [part for part in (*parts, caption) if part]
    return "\n\n".join([f"{fence} {{#{label}{layout}}}", *inner, fence])


def _joined(value: Plain) -> str:
    return "".join(map(as_text, value)) if isinstance(value, list) else as_text(value)
