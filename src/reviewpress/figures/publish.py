"""Publish a figure: files, text alternative and data, shown as Markdown.

figures/<id>.svg   the picture, with its title and description inside
figures/<id>.png   the same for Word, 200 dots an inch
figures/<id>.csv   the data behind it
figures/<id>.alt.txt
figures/<id>-narrow.svg   the same for narrow screens, of a chart that has such a version
figures/<id>-part-2.svg   what goes on, of a chart that is higher than a page; and its PNG
figures/<id>-titled.svg   all of it with title, subtitle, source and licence, to take away; and PNG
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path
from typing import TypeGuard
from xml.etree.ElementTree import Element

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from reviewpress.context import review_labels
from reviewpress.errors import FigureError, Problem, raise_all
from reviewpress.figures.amount import excess_problems
from reviewpress.figures.cells import write_table_file
from reviewpress.figures.drawn_words import HINT, excess_characters
from reviewpress.figures.framed import FigureWords, write_framed
from reviewpress.figures.letters import lend_letters
from reviewpress.figures.narrow_charts import narrow_version
from reviewpress.figures.published import (
    Published,
    figure_problem,
    figures_address,
    id_problems,
    inline,
    part_names,
    run_folder,
    tell_plain_marks,
)
from reviewpress.figures.style import CENTIMETRE, PAGE_HEIGHT, WIDTH, house_style
from reviewpress.figures.tables import Tabular, alignments_of, as_frame, pipe_table
from reviewpress.figures.vector import draw_svg, named, write_svg
from reviewpress.markdown import (
    UNNUMBERED,
    Markdown,
    attribute_text,
    escape,
    within_brackets,
    without_marks,
)

LINKED = "reviewpress_linked"
"""The attribute in which a chart gives its marks as Markdown that cites what they stand for."""
_WITHOUT = ("has no data.", "has no subtitle.", "has no title.", "only repeats its title.")
"""What a figure that a cell shows may lack; the last two, one without a number."""
PARTS = "reviewpress_parts"
"""The attribute in which a chart has the figures that it goes on in."""


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
    source: str | Markdown | None = None,
) -> Published:
    """Publish a matplotlib figure.

    `title` states the main message, `subtitle` the statistic (what is counted, of how many),
    `alt` what the figure says to who cannot see it, `data` the numbers behind it (a DataFrame,
    Series, mapping or list of rows); `caption` adds a note after the subtitle. Texts are shown as
    they are; `md(…)` marks one as Markdown. The marks of an evidence map become links.
    `long_description` is a text alternative that has a structure, such as `flow_text` gives: it
    stands with the data on pages, and below the figure in the PDF and in Word. `source` says where
    the numbers come from, below the figure: without it, this review; an empty text leaves it out.

    Raises Problems naming all that is missing or wrong, and FigureError for an id used before.
    """
    words = (title, subtitle, alt, caption, long_description, source)
    raise_all(excess_problems(words, id or "the figure"))
    frame = as_frame(data)
    raise_all(_figure_problems(figure, id, title, subtitle, alt, frame))
    assert frame is not None
    texts = {"title": title, "subtitle": subtitle, "caption": caption, "source": source}
    tell_plain_marks(id, texts.items())
    folder, temporary = run_folder()
    base = folder / id
    _check_new(base, id, temporary)
    told = str(long_description or alt)
    described = _plain(told) if isinstance(long_description, Markdown) else told
    attributes = _attributes(figure, id, alt, above=True)
    where = review_labels()["figure-source-review"] if source is None else source
    said = FigureWords(_bare(title), _bare(subtitle), _source_words(_bare(where)), alt)
    files = _write_files(figure, base, said, described, frame)
    note = f" {inline(caption)}" if caption else ""
    text = f"**{_sentence(title)}**\\\n{_sentence(subtitle)}{note}".strip()
    blocks = [
        f"![{text}]({figures_address()}/{id}.svg){attributes}",
        *_further_pictures(figure, id),
        *_source_line(where, id),
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
        if not problem.message.endswith(_WITHOUT if id.startswith(UNNUMBERED) else _WITHOUT[:2])
    ]
    raise_all([Problem(p.rule, _as_option(p.message), hint=_as_option(p.hint)) for p in found])
    assert _is_figure(figure)
    folder, temporary = run_folder()
    _check_new(folder / id, id, temporary)
    attributes = _attributes(figure, id, alt)
    said = FigureWords(without_marks(caption or words or ""), "", "", alt)
    files = _write_files(figure, folder / id, said, None, None)
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
    elif excess := excess_characters(figure):
        found.append(figure_problem(f"{id or 'the figure'} {excess}", HINT))
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


def _further_pictures(figure: Figure, id: str) -> list[str]:
    """Return the block of the pictures that a chart goes on in; none for one that is whole."""
    names = part_names(id, len(_pictures(figure)))
    shown = []
    for number, name in enumerate(names[1:], start=2):
        alt = attribute_text(_continued(number, len(names)))
        shown.append(f'![]({figures_address()}/{name}.svg){{fig-alt="{alt}"}}')
    return [f'::: {{.figure-parts for="{id}"}}', *shown, ":::"] if shown else []


def _continued(number: int, total: int) -> str:
    return review_labels().fill("figure-part", number=number, total=total)


def _source_line(source: str | Markdown, id: str) -> list[str]:
    if not str(source).strip():
        return []
    words = review_labels().fill("figure-source", source=_sentence(source))
    return [f'::: {{.figure-source for="{id}"}}', words, ":::"]


def _source_words(source: str) -> str:
    return review_labels().fill("figure-source", source=source) if source.strip() else ""


def _bare(text: str | Markdown) -> str:
    """Return a text as it is read, apostrophes included, for what is not Markdown."""
    bare = without_marks(text.text) if isinstance(text, Markdown) else str(text)
    return re.sub(r"(?<=\w)'(?=\w)", "’", bare)


def _narrow_version(figure: Figure) -> Figure | None:
    """Return a chart's narrow version; one that is divided over pages is shown as it is."""
    return None if getattr(figure, PARTS, ()) else narrow_version(figure)


def _pictures(figure: Figure) -> list[Figure]:
    """Return a figure, and those that it goes on in."""
    return [figure, *getattr(figure, PARTS, ())]


def _linked_map(figure: Figure, id: str) -> list[str]:
    """Return the blocks of a chart whose marks lead to references; none for other charts."""
    linked = getattr(figure, LINKED, "")
    return [f'::: {{.evidence-map for="{id}"}}', linked, ":::"] if linked else []


def _printed_height(figure: Figure) -> float:
    """Return a figure's height in centimetres, made smaller where it is wider than the page."""
    width, height = (float(inches) / CENTIMETRE for inches in figure.get_size_inches())
    return height * min(1.0, WIDTH / width)


def _attributes(figure: Figure, id: str, alt: str, *, above: bool = False) -> str:
    """Return a figure's attributes: its size in pixels, and that of its narrow version."""
    share = float(figure.get_size_inches()[0]) / CENTIMETRE / WIDTH
    width = "" if share > 0.98 else f" width={share:.0%}"
    small = _narrow_version(figure)
    narrow = f" narrow={_pixels(small)}" if small is not None else ""
    place = " fig-cap-location=top" if above else ""
    size = f"size={_pixels(figure)}"
    name = "" if id.startswith(UNNUMBERED) else f"#{id}"
    return f'{{{name}{width} {size}{narrow}{place} fig-alt="{attribute_text(alt)}"}}'


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
    words: FigureWords,
    description: str | None,
    frame: pd.DataFrame | None,
) -> tuple[Path, ...]:
    """Write a figure's files and close it, so that pyplot has none left open.

    Raises FigureError for letters that no font has: matplotlib would draw boxes.
    """
    pictures = _pictures(figure)
    names = part_names(base.name, len(pictures))
    made = dict(zip(names, pictures, strict=True))
    narrow = _narrow_version(figure)
    if narrow is not None:
        made[f"{base.name}-narrow"] = narrow
    for picture in made.values():
        _mark_axes(picture)
    with house_style():
        drawn = {name: _draw(picture, name) for name, picture in made.items()}
        write_framed(pictures, [drawn[name] for name in names], base, words)
        for name, picture_drawn in drawn.items():
            text = write_svg(named(picture_drawn, words.title, description or words.alt))
            base.with_name(f"{name}.svg").write_text(text, encoding="utf-8")
    _forget(figure)
    alternative = base.with_name(f"{base.name}.alt.txt")
    alternative.write_text(words.alt.strip() + "\n", encoding="utf-8")
    svg = [base.with_name(f"{name}.svg") for name in drawn]
    png = [base.with_name(f"{name}.png") for name in names]
    titled = [base.with_name(f"{base.name}-titled.{kind}") for kind in ("svg", "png")]
    return (*svg, *png, *titled, *_write_data(frame, base), alternative)


def _forget(figure: Figure) -> None:
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    screen = sys.modules.get("reviewpress.figures.screen")
    if screen is not None:
        screen.forget(figure)


def _write_data(frame: pd.DataFrame | None, base: Path) -> list[Path]:
    if frame is None:
        return []
    path = base.with_name(f"{base.name}.csv")
    write_table_file(frame, path)
    return [path]


def _draw(figure: Figure, name: str) -> Element:
    """Draw a figure as SVG, its letters in fonts that have them."""
    lend_letters(figure, name)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        drawn = draw_svg(figure, name)
    # The words at its axes are there once it is drawn.
    return draw_svg(figure, name) if lend_letters(figure, name) else drawn


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


def _sentence(text: str | Markdown) -> str:
    shown = inline(text)
    return shown if shown.endswith((".", "?", "!", "…")) else f"{shown}."
