"""Publish a figure: files, text alternative and data, shown as Markdown.

figures/<id>.svg   the picture, with its title and description inside
figures/<id>.png   the same for Word, 200 dots an inch
figures/<id>.csv   the data behind it
figures/<id>.alt.txt
figures/<id>-narrow.svg   the same for narrow screens, of a chart that has such a version
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path
from typing import TypeGuard
from xml.sax.saxutils import escape as escape_xml

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from reviewpress.context import review_labels
from reviewpress.errors import FigureError, Problem, raise_all
from reviewpress.fallback_fonts import lacking_words, mending_hint
from reviewpress.figures.cells import write_table_file
from reviewpress.figures.narrow_charts import narrow_version
from reviewpress.figures.published import (
    Published,
    figure_problem,
    figures_address,
    id_problems,
    inline,
    run_folder,
)
from reviewpress.figures.style import CENTIMETRE, WIDTH, house_style, lacking, lend_letters
from reviewpress.figures.tables import Tabular, alignments_of, as_frame, pipe_table
from reviewpress.markdown import Markdown, escape, within_brackets

LINKED = "reviewpress_linked"
"""The attribute in which a chart gives its marks as Markdown that cites what they stand for."""
PNG_DPI = 200
PAGE_HEIGHT = 22.5


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
    folder, temporary = run_folder()
    base = folder / id
    _check_new(base, id, temporary)
    told = str(long_description or alt)
    described = _plain(told) if isinstance(long_description, Markdown) else told
    attributes = _attributes(figure, id, alt)
    files = _write_files(figure, base, str(title), alt, described, frame)
    note = f" {inline(caption)}" if caption else ""
    text = f"**{_sentence(title)}** {_sentence(subtitle)}{note}".strip()
    source = f"{figures_address()}/{id}.svg"
    blocks = [
        f"![{text}]({source}){attributes}",
        *_linked_map(figure, id),
        f'::: {{.figure-data for="{id}"}}',
        *_in_words(long_description),
        f"{pipe_table(frame, alignments_of(frame))}\n\n: {{row-headers=1}}",
        ":::",
    ]
    return Published(id, "\n\n".join(blocks) + "\n", files)


def publish_picture(
    figure: object, *, id: str, caption: str, alt: str, words: str | None = None
) -> Published:
    """Publish a figure that a cell shows under Quarto's own options, without its data.

    `caption` is Markdown, as Quarto has it; `words` stand below the figure in its place, where it
    is part of another. Raises Problems naming all that is missing or wrong.
    """
    found = [
        problem
        for problem in _figure_problems(figure, id, caption, caption, alt, None)
        if not problem.message.endswith(("has no data.", "has no subtitle."))
    ]
    named = [Problem(p.rule, _as_option(p.message), hint=_as_option(p.hint)) for p in found]
    raise_all(named)
    assert _is_figure(figure)
    folder, temporary = run_folder()
    _check_new(folder / id, id, temporary)
    attributes = _attributes(figure, id, alt)
    files = _write_files(figure, folder / id, caption, alt, None, None)
    shown = within_brackets(caption if words is None else words)
    text = f"![{shown}]({figures_address()}/{id}.svg){attributes}\n"
    return Published(id, text, files)


def _figure_problems(
    figure: object,
    id: str,
    title: str | Markdown,
    subtitle: str | Markdown,
    alt: str,
    frame: pd.DataFrame | None,
) -> list[Problem]:
    found = id_problems(id, "fig-")
    if not _is_figure(figure):
        kind = type(figure).__name__
        hint = "Give it the figure that review.charts.… or plt.figure() returns."
        found.append(
            figure_problem(f"{id or 'the figure'} is a {kind}, not a matplotlib figure.", hint)
        )
    elif (height := _printed_height(figure)) > PAGE_HEIGHT:
        message = f"{id or 'the figure'} is {height:.0f} cm high, more than a page has."
        found.append(figure_problem(message, "Show less, or divide it into two figures."))
    wanted = {
        "title": (title, "A title states the figure's main message."),
        "subtitle": (subtitle, "A subtitle says what is counted, and of how many."),
        "alt": (alt, "A text alternative says what the figure says, with its numbers."),
    }
    for name, (value, hint) in wanted.items():
        if not str(value or "").strip():
            found.append(figure_problem(f"{id or 'the figure'} has no {name}.", hint))
    if alt and str(alt).strip() in (str(title).strip(), id):
        message = f"the alt text of {id} only repeats its title."
        found.append(figure_problem(message, "Say what the figure shows, with its numbers."))
    if frame is None or frame.empty:
        hint = "Give the numbers behind it as data=…: readers open them as a table."
        found.append(figure_problem(f"{id or 'the figure'} has no data.", hint))
    return found


def _is_figure(value: object) -> TypeGuard[Figure]:
    return isinstance(value, Figure)


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
    """Write a figure's files and close it, so that pyplot has none left open.

    Raises FigureError for letters that no font has: matplotlib would draw boxes.
    """
    endings = ("svg", "png", "csv", "alt.txt")
    svg, png, csv, alternative = (base.with_name(f"{base.name}.{end}") for end in endings)
    narrow = narrow_version(figure)
    drawn = {svg: figure}
    if narrow is not None:
        drawn[base.with_name(f"{base.name}-narrow.svg")] = narrow
    for picture in drawn.values():
        _mark_axes(picture)
    with house_style():
        plain = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        for path, picture in drawn.items():
            _save(picture, path, metadata=plain)
            named = _named(path.read_text(encoding="utf-8"), title, description or alt)
            path.write_text(named, "utf-8")
        figure.savefig(png, format="png", dpi=PNG_DPI, metadata={"Software": None})
    alternative.write_text(alt.strip() + "\n", encoding="utf-8")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    screen = sys.modules.get("reviewpress.figures.screen")
    if screen is not None:
        screen.forget(figure)
    if frame is None:
        return (*drawn, png, alternative)
    write_table_file(frame, csv)
    return (*drawn, png, csv, alternative)


def _save(figure: Figure, path: Path, metadata: dict[str, None]) -> None:
    """Save a figure as SVG, its letters in fonts that have them."""
    _check_letters(figure, path.stem)
    lend_letters(figure)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure.savefig(path, format="svg", metadata=metadata)
    # The words at its axes are there once it is drawn.
    _check_letters(figure, path.stem)
    if lend_letters(figure):
        figure.savefig(path, format="svg", metadata=metadata)


def _check_letters(figure: Figure, id: str) -> None:
    missing = lacking(figure)
    if missing:
        message = f"the fonts of charts lack {lacking_words(missing)}, which {id} shows."
        raise FigureError(message, hint=mending_hint())


class _Marked(ScalarFormatter):
    """Numbers at an axis with the review's own marks: matplotlib has those of English alone."""

    def __init__(self, like: ScalarFormatter) -> None:
        super().__init__()
        vars(self).update(vars(like))

    def __call__(self, x: float, pos: int | None = None) -> str:
        return review_labels().mark(super().__call__(x, pos))


def _mark_axes(figure: Figure) -> None:
    """Write the numbers at axes that nobody formats otherwise as the review's language does."""
    if review_labels().mark("1.5") == "1.5":
        return
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            usual = axis.get_major_formatter()
            if type(usual) is ScalarFormatter:
                axis.set_major_formatter(_Marked(usual))


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


def _sentence(text: str | Markdown) -> str:
    shown = inline(text)
    return shown if shown.endswith((".", "?", "!", "…")) else f"{shown}."


def _attribute(text: str) -> str:
    line = " ".join(text.split())
    for character, written in (("\\", "\\\\"), ('"', '\\"'), ("&", "&amp;"), ("{{", "{&#123;")):
        line = line.replace(character, written)
    return line
