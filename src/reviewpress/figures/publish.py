"""Publish a figure or table: files, text alternative and data, shown as Markdown.

    figures/<id>.svg   the picture, with its title and description inside
    figures/<id>.png   the same for Word, 200 dots an inch
    figures/<id>.csv   the data behind it
    figures/<id>.alt.txt
    figures/<id>-narrow.svg   the same for narrow screens, of a chart that has such a version

The folder is that of the run; outside a run (a notebook open in Jupyter) it is a temporary one and
the picture is shown in place.
"""

from __future__ import annotations

import atexit
import base64
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, TypeGuard
from xml.sax.saxutils import escape as escape_xml

from reviewpress.errors import FigureError, Problem, raise_all
from reviewpress.escaping import spreadsheet_cell
from reviewpress.figures.narrow_charts import narrow_version
from reviewpress.figures.style import CENTIMETRE, WIDTH, house_style
from reviewpress.figures.tables import as_frame, cell_text, check_widths, pipe_table
from reviewpress.markdown import escape
from reviewpress.store.temporary_files import PREFIX, release_folder, reserve_folder

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from reviewpress.figures.tables import Tabular

RUN_ENV = "REVIEWPRESS_RUN_DIR"
ROOT_ENV = "REVIEWPRESS_ROOT"
LINKED = "reviewpress_linked"
"""The attribute in which a chart gives its marks as Markdown that cites what they stand for."""
PNG_DPI = 200
PAGE_HEIGHT = 22.5
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CITATION = re.compile(r"\[@[^\[\]]+\]")
ALIGNMENTS = ("left", "right", "center")
Align = Sequence[str] | Mapping[str, str]
"""How columns are aligned: each in order, or some by name."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text that is Markdown already: citations, links and emphasis in it hold."""

    text: str

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def md(text: str) -> Markdown:
    """Mark a title, caption or cell as Markdown.

    >>> str(md("as [@wang2020] has it"))
    'as [@wang2020] has it'
    """
    return Markdown(text)


class FigureOptions(TypedDict, total=False):
    """What `figure` can be given, for those who pass it on."""

    id: str
    title: str | Markdown
    subtitle: str | Markdown
    alt: str
    data: Tabular | None
    caption: str | Markdown | None
    long_description: str | Markdown | None


class TableOptions(TypedDict, total=False):
    """What `table` can be given, for those who pass it on."""

    id: str
    caption: str | Markdown
    widths: Sequence[float] | None
    landscape: bool
    row_headers: int
    align: Align | None
    missing: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published figure or table; a cell that ends with it displays it.

    `files` are those of a figure in the run's folder, empty for a table.
    """

    id: str
    markdown: str
    files: tuple[Path, ...] = ()
    preview: str = ""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        bundle = {"text/markdown": self.markdown, "text/plain": f"<{self.id}>"}
        if self.preview:
            bundle["text/html"] = self.preview
        return bundle


def figure(
    figure: Figure,
    *,
    id: str = "",
    title: str | Markdown = "",
    subtitle: str | Markdown = "",
    alt: str = "",
    data: Tabular | None = None,
    caption: str | Markdown | None = None,
    long_description: str | Markdown | None = None,
) -> Published:
    """Publish a matplotlib figure.

    `title` states the main message, `subtitle` the statistic (what is counted, of how many),
    `alt` what the figure says to who cannot see it, `data` the numbers behind it (a DataFrame,
    Series, mapping or list of rows); `caption` adds a note after the subtitle. Texts are shown as
    they are; `md(…)` marks one as Markdown. The marks of an evidence map become links.
    `long_description` is a text alternative that has a structure, such as `flow_text` gives: it
    stands with the data on pages, and below the figure in the PDF and in Word.

    Raises Problems naming all that is missing or wrong, and FigureError for an id used before.
    """
    frame = as_frame(data)
    raise_all(_figure_problems(figure, id, title, subtitle, alt, frame))
    assert frame is not None
    folder, temporary = _folder()
    base = folder / id
    _check_new(base, id, temporary)
    told = str(long_description or alt)
    described = _plain(told) if isinstance(long_description, Markdown) else told
    attributes = _attributes(figure, id, alt)
    files = _write_files(figure, base, str(title), alt, described, frame)
    note = f" {_inline(caption)}" if caption else ""
    text = f"**{_sentence(title)}** {_sentence(subtitle)}{note}".strip()
    source = f"{_address()}/{id}.svg"
    blocks = [
        f"![{text}]({source}){attributes}",
        *_linked_map(figure, id),
        f'::: {{.figure-data for="{id}"}}',
        *_in_words(long_description),
        f"{pipe_table(frame, _alignments(frame))}\n\n: {{row-headers=1}}",
        ":::",
    ]
    preview = _preview(base, title, subtitle, alt) if temporary else ""
    return Published(id, "\n\n".join(blocks) + "\n", files, preview)


def publish_picture(figure: object, *, id: str, caption: str, alt: str) -> Published:
    """Publish a figure that a cell shows under Quarto's own options, without its data.

    Raises Problems naming all that is missing or wrong.
    """
    found = [
        problem
        for problem in _figure_problems(figure, id, caption, caption, alt, None)
        if not problem.message.endswith(("has no data.", "has no subtitle."))
    ]
    named = [Problem(p.rule, _as_option(p.message), hint=_as_option(p.hint)) for p in found]
    raise_all(named)
    assert _is_figure(figure)
    folder, temporary = _folder()
    _check_new(folder / id, id, temporary)
    attributes = _attributes(figure, id, alt)
    files = _write_files(figure, folder / id, caption, alt, None, None)
    text = f"![{_inline(caption)}]({_address()}/{id}.svg){attributes}\n"
    return Published(id, text, files)


def table(
    frame: Tabular,
    *,
    id: str = "",
    caption: str | Markdown = "",
    widths: Sequence[float] | None = None,
    landscape: bool = False,
    row_headers: int = 1,
    align: Align | None = None,
    missing: str | None = None,
) -> Published:
    """Publish a table from a DataFrame (or what makes one).

    A named index becomes the first columns. Cells are shown as text: lists joined by semicolons,
    whole numbers without decimals, missing values as `missing` ("not recorded" in the review's
    language). A cell that is a citation as
    `review.cite` gives it, or marked with `md(…)`, is Markdown. `widths` are the columns' shares;
    without them, long columns get more, and in print the table is made as low as it can be.
    `row_headers` first columns name their row. `align` gives `left`, `right` or `center` for each
    column, or for some by name; numbers stand right.

    Raises Problems naming all that is missing or wrong.
    """
    shown = as_frame(frame)
    raise_all(_table_problems(shown, id, caption, widths, row_headers, align))
    assert shown is not None
    _tell_plain_citations(shown, id)
    alignments = _alignments(shown, align)
    classes = [".rp-table", *([".landscape"] if landscape else [])]
    asked = " widths=asked" if widths is not None else ""
    attributes = f"{{#{id} {' '.join(classes)} row-headers={row_headers}{asked}}}"
    rows = pipe_table(shown, alignments, widths=widths, missing=missing)
    text = f"{rows}\n\n: {_inline(caption)} {attributes}\n"
    if _folder()[1]:
        return Published(id, text, preview=shown.to_html(index=False))
    return Published(id, text)


def _tell_plain_citations(frame: pd.DataFrame, id: str) -> None:
    """Say in the cell's own words where a text of a table reads as a citation and is none."""
    for row in frame.itertuples(index=False, name=None):
        for cell in row:
            plain = isinstance(cell, str) and not hasattr(cell, "_repr_markdown_")
            if plain and _CITATION.fullmatch(cell):
                remedy = "review.cite(…) and md(…) make citations"
                print(f'{id}: "{cell}" is shown as it is written; {remedy}.', file=sys.stderr)
                return


def _figure_problems(
    figure: object,
    id: str,
    title: str | Markdown,
    subtitle: str | Markdown,
    alt: str,
    frame: pd.DataFrame | None,
) -> list[Problem]:
    found = _id_problems(id, "fig-")
    if not _is_figure(figure):
        kind = type(figure).__name__
        hint = "Give it the figure that review.charts.… or plt.figure() returns."
        found.append(_problem(f"{id or 'the figure'} is a {kind}, not a matplotlib figure.", hint))
    elif (height := _printed_height(figure)) > PAGE_HEIGHT:
        message = f"{id or 'the figure'} is {height:.0f} cm high, more than a page has."
        found.append(_problem(message, "Show less, or divide it into two figures."))
    wanted = {
        "title": (title, "A title states the figure's main message."),
        "subtitle": (subtitle, "A subtitle says what is counted, and of how many."),
        "alt": (alt, "A text alternative says what the figure says, with its numbers."),
    }
    for name, (value, hint) in wanted.items():
        if not str(value or "").strip():
            found.append(_problem(f"{id or 'the figure'} has no {name}.", hint))
    if alt and str(alt).strip() in (str(title).strip(), id):
        message = f"the alt text of {id} only repeats its title."
        found.append(_problem(message, "Say what the figure shows, with its numbers."))
    if frame is None or frame.empty:
        hint = "Give the numbers behind it as data=…: readers open them as a table."
        found.append(_problem(f"{id or 'the figure'} has no data.", hint))
    return found


def _is_figure(value: object) -> TypeGuard[Figure]:
    # By what it can do: matplotlib is imported where something is drawn, and not to ask.
    return hasattr(value, "savefig")


def _table_problems(
    frame: pd.DataFrame | None,
    id: str,
    caption: str | Markdown,
    widths: Sequence[float] | None,
    row_headers: int,
    align: Align | None,
) -> list[Problem]:
    found = _id_problems(id, "tbl-")
    if not str(caption or "").strip():
        found.append(_problem(f"{id or 'the table'} has no caption.", "Say what the table holds."))
    if frame is None or frame.columns.empty:
        found.append(_problem(f"{id or 'the table'} has no columns.", "Give it a DataFrame."))
        return found
    if frame.empty:
        hint = "Say in the text that there is nothing to list."
        found.append(_problem(f"{id or 'the table'} has no rows.", hint))
    if not 0 <= row_headers <= len(frame.columns):
        found.append(_problem(f"{id} has fewer columns than row_headers={row_headers}.", ""))
    found += [_problem(f"{id}: {message}", "") for message in check_widths(frame, widths)]
    values = align.values() if isinstance(align, Mapping) else align or ()
    for value in values:
        if value not in ALIGNMENTS:
            found.append(_problem(f'{id} cannot be aligned "{value}".', "Use left, right, center."))
    return found


def _linked_map(figure: Figure, id: str) -> list[str]:
    """Return the blocks of a chart whose marks lead to references; none for other charts."""
    linked = getattr(figure, LINKED, "")
    return [f'::: {{.evidence-map for="{id}"}}', linked, ":::"] if linked else []


def _printed_height(figure: Figure) -> float:
    """Return a figure's height in centimetres, made smaller where it is wider than the page."""
    width, height = (float(inches) / CENTIMETRE for inches in figure.get_size_inches())
    return height * min(1.0, WIDTH / width)


def _attributes(figure: Figure, id: str, alt: str) -> str:
    """Return a figure's attributes: its size in pixels, and that of its narrow version."""
    share = float(figure.get_size_inches()[0]) / CENTIMETRE / WIDTH
    width = "" if share > 0.98 else f" width={share:.0%}"
    small = narrow_version(figure)
    narrow = f" narrow={_pixels(small)}" if small is not None else ""
    return f'{{#{id}{width} size={_pixels(figure)}{narrow} fig-alt="{_attribute(alt)}"}}'


def _pixels(figure: Figure) -> str:
    width, height = (round(float(inches) * 96) for inches in figure.get_size_inches())
    return f"{width}x{height}"


def _as_option(text: str) -> str:
    """Say what is missing as the option of a cell that gives it."""
    return text.replace("has no alt.", "has no fig-alt.").replace("no title.", "no fig-cap.")


def _id_problems(id: str, prefix: str) -> list[Problem]:
    if id.startswith(prefix) and NAME.fullmatch(id.removeprefix(prefix)):
        return []
    example = f'id="{prefix}methods"'
    hint = f"An id is {prefix} and lower-case words joined by hyphens, as in {example}."
    return [_problem(f'"{id}" is no id.' if id else f"{example} or the like is missing.", hint)]


def _problem(message: str, hint: str) -> Problem:
    return Problem("figure", message, hint=hint)


def _folder() -> tuple[Path, bool]:
    """Return where files go, and whether that is a temporary folder outside any run."""
    run = os.environ.get(RUN_ENV)
    if run:
        folder = Path(run) / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        return folder, False
    return _temporary_folder(), True


@cache
def _temporary_folder() -> Path:
    """Return a folder that lasts as long as this process, which holds its lock."""
    handle, folder = reserve_folder(None, PREFIX)
    atexit.register(release_folder, handle, folder)
    return folder


def _address() -> str:
    """Return the address of the published figures from the chapter's folder."""
    root = os.environ.get(ROOT_ENV)
    if not root:
        return "../figures"
    return os.path.relpath(Path(root) / "figures", Path.cwd()).replace(os.sep, "/")


def _check_new(base: Path, id: str, temporary: bool) -> None:
    if not temporary and base.with_name(f"{id}.svg").exists():
        raise FigureError(f"{id} is published twice in this chapter.", hint="Give one another id.")


def _write_files(
    figure: Figure,
    base: Path,
    title: str,
    alt: str,
    description: str | None,
    frame: pd.DataFrame | None,
) -> tuple[Path, ...]:
    """Write a figure's files and close it, so that pyplot has none left open."""
    endings = ("svg", "png", "csv", "alt.txt")
    svg, png, csv, alternative = (base.with_name(f"{base.name}.{end}") for end in endings)
    narrow = narrow_version(figure)
    drawn = {svg: figure}
    if narrow is not None:
        drawn[base.with_name(f"{base.name}-narrow.svg")] = narrow
    with house_style():
        plain = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        for path, picture in drawn.items():
            picture.savefig(path, format="svg", metadata=plain)
            named = _named(path.read_text(encoding="utf-8"), title, description or alt)
            path.write_text(named, "utf-8")
        figure.savefig(png, format="png", dpi=PNG_DPI, metadata={"Software": None})
    alternative.write_text(alt.strip() + "\n", encoding="utf-8")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    if frame is None:
        return (*drawn, png, alternative)
    text = frame.map(lambda value: spreadsheet_cell(cell_text(value, missing="")))
    text.columns = [spreadsheet_cell(str(name)) for name in frame.columns]
    text.to_csv(csv, index=False, lineterminator="\n", encoding="utf-8")
    return (*drawn, png, csv, alternative)


def _in_words(description: str | Markdown | None) -> list[str]:
    """Return a long description as a block that filters put where a format has it."""
    if not description:
        return []
    text = description.text if isinstance(description, Markdown) else escape(description)
    return [f"::: {{.figure-text}}\n\n{text}\n\n:::"]


def _plain(markdown: str) -> str:
    """Return Markdown for the description of an SVG, which has lines and no marks."""
    return re.sub(r"\\(\W)", r"\1", re.sub(r"^( *)- ", r"\1", markdown, flags=re.M))


def _named(svg: str, title: str, description: str) -> str:
    """Put title and description into an SVG, for who meets the file on its own."""
    head = f"<title>{escape_xml(title)}</title>\n <desc>{escape_xml(description)}</desc>"
    opening = re.search(r"<svg\b[^>]*>", svg)
    if opening is None:
        raise FigureError("matplotlib wrote no SVG.")
    tag = opening[0].replace("<svg", '<svg role="img"', 1)
    return f"{svg[: opening.start()]}{tag}\n {head}{svg[opening.end() :]}"


def _alignments(frame: pd.DataFrame, align: Align | None = None) -> list[str]:
    """Return the alignment of each column: as asked, else numbers right and text left."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    if align is not None and not isinstance(align, Mapping):
        asked = dict(zip(frame.columns, align, strict=False))
    else:
        asked = dict(align or {})
    numeric = [is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in frame.dtypes]
    return [
        asked.get(name, "right" if number and position else "left")
        for position, (name, number) in enumerate(zip(frame.columns, numeric, strict=True))
    ]


def _inline(text: str | Markdown | None) -> str:
    if isinstance(text, Markdown):
        return " ".join(text.text.split())
    return escape(str(text or ""))


def _sentence(text: str | Markdown) -> str:
    shown = _inline(text)
    return shown if shown.endswith((".", "?", "!", "…")) else f"{shown}."


def _attribute(text: str) -> str:
    line = " ".join(text.split())
    for character, written in (("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("{{", "{&#123;")):
        line = line.replace(character, written)
    return line


def _preview(base: Path, title: str | Markdown, subtitle: str | Markdown, alt: str) -> str:
    """Return the figure as HTML, for a notebook open in Jupyter."""
    picture = base64.b64encode(base.with_name(f"{base.name}.png").read_bytes()).decode()
    caption = f"<b>{escape_xml(str(title))}</b> {escape_xml(str(subtitle))}"
    alternative = escape_xml(alt, {'"': "&quot;"})
    return (
        f'<figure><img style="max-width:40em" alt="{alternative}" '
        f'src="data:image/png;base64,{picture}"><figcaption>{caption}</figcaption></figure>'
    )
