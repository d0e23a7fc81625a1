"""A chapter's rendered self, shown from inside its own notebook: `review.preview()`.

The saved notebook is shown: its text with live values computed among the chapter's names, its
citations as readers see them, and in the place of each code cell what it displayed last.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.config import Config
from reviewpress.errors import ChapterError, ReportError, nearest
from reviewpress.markdown import escape
from reviewpress.notebooks.document import cells_of, load_document
from reviewpress.notebooks.source import Notebook, read_notebook
from reviewpress.notebooks.values import fill_values, find_values
from reviewpress.programs.tools import run_pandoc
from reviewpress.references import load_references
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

_SHOWS_ITSELF = re.compile(r"^\s*\w+\.preview\(", re.M)
_STYLE = (
    "max-width:42em;line-height:1.5;border-left:3px solid #0b5563;padding-left:1.2em;"
    "font-family:sans-serif"
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A chapter as HTML, for the cell that ends with it."""

    chapter: str
    html: str

    def _repr_html_(self) -> str:
        return f'<div style="{_STYLE}">{self.html}</div>'

    def __repr__(self) -> str:
        return f"<Preview of {self.chapter}>"


def show_chapter(
    config: Config, names: Mapping[str, object], chapter: str | None = None
) -> Preview:
    """Return a chapter as its readers will see it.

    `names` are the notebook's variables. `chapter` names its file where it cannot be found out.
    A value that fails is shown as its error, in its place. Raises ChapterError where the chapter
    is not known.
    """
    path = _path(config, names, chapter)
    notebook = read_notebook(path, config.root)
    outputs = cells_of(load_document(path, notebook.name))
    parts = list(_parts(notebook, outputs, names))
    return Preview(notebook.name, _to_html(config, parts))


def _path(config: Config, names: Mapping[str, object], chapter: str | None) -> Path:
    """Find the notebook: as named, as VS Code or Jupyter tell it, or by the current folder."""
    listed = (config.root / c.path for c in config.chapters if c.is_notebook)
    known = (*sorted(config.root.glob("chapters/*.ipynb")), *listed)
    stands = {path.stem: path for path in known}
    if chapter:
        stem = Path(chapter).stem
        if stem not in stands:
            raise ChapterError(f'there is no notebook "{chapter}".', hint=nearest(stem, stands))
        return stands[stem]
    told = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    if told and Path(str(told)).suffix == ".ipynb":
        found = stands.get(Path(str(told)).stem)
        if found is not None:
            return found
    hint = 'Name it, as in review.preview("outcomes").'
    raise ChapterError("which notebook this is cannot be found out.", hint=hint)


def _parts(
    notebook: Notebook, raw: Sequence[Mapping[str, Plain]], names: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    """Yield what the cells show, as (kind, text): markdown or html."""
    for cell, stored in zip(notebook.cells, raw, strict=True):
        # What it displayed last is the chapter as it was then.
        if cell.is_hidden or (cell.kind == "code" and _SHOWS_ITSELF.search(cell.source)):
            continue
        if cell.kind == "markdown":
            yield "markdown", _filled(cell.source, names)
        for output in as_list(stored.get("outputs")):
            data = as_mapping(as_mapping(output).get("data"))
            for kind, mime in (("html", "text/html"), ("markdown", "text/markdown")):
                if mime in data:
                    value = data[mime]
                    lines = [value] if isinstance(value, str) else as_list(value)
                    yield kind, "".join(map(as_text, lines))
                    break


def _filled(text: str, names: Mapping[str, object]) -> str:
    spans = []
    for site in find_values(text):
        try:
            spans.append(_escaped(str(eval(site.expression, dict(names)))))
        except Exception as error:  # whatever the author's expression raises is shown
            spans.append(f"**[{_escaped(f'{type(error).__name__}: {error}')}]**")
    return fill_values(text, spans)


def _escaped(text: str) -> str:
    return escape(text)


def _to_html(config: Config, parts: list[tuple[str, str]]) -> str:
    """Turn the parts into HTML: Markdown by pandoc in one go, HTML as it is."""
    kept = {f"reviewpress-part-{n}": text for n, (kind, text) in enumerate(parts) if kind == "html"}
    text = "\n\n".join(
        part if kind == "markdown" else f"reviewpress-part-{n}"
        for n, (kind, part) in enumerate(parts)
    )
    reading = ["--from", "markdown", "--to", "json"]
    seconds = config.limits.program(len(text))
    tree = json.loads(run_pandoc(reading, text, folder=config.root, seconds=seconds))
    _cite(tree["blocks"], config)
    for node in ast.walk(tree["blocks"]):
        if node["t"] == "Para" and (name := ast.text(node["c"])) in kept:
            node |= {"t": "RawBlock", "c": ["html", kept[name]]}
    arguments = ["--from", "json", "--to", "html"]
    return run_pandoc(arguments, json.dumps(tree), folder=config.root, seconds=seconds)


def _cite(blocks: list[Node], config: Config) -> None:
    """Put in the place of each citation what readers see: raised codes, or authors and year."""
    try:
        known = load_references(config).references
    except ReportError:
        known = {}
    for node in ast.walk(blocks):
        if node["t"] != "Cite":
            continue
        keys = [citation["citationId"] for citation in node["c"][0]]
        found = [known[key] for key in keys if key in known]
        if len(found) < len(keys):
            continue
        codes = [str(reference.code) for reference in found if reference.group == "included"]
        others = [reference.label for reference in found if reference.group != "included"]
        content: list[Node] = []
        if others:
            content.append({"t": "Str", "c": f"[{'; '.join(others)}]"})
        if codes:
            content.append({"t": "Superscript", "c": [{"t": "Str", "c": ",".join(codes)}]})
        node["t"], node["c"] = "Span", [["", [], []], content]
