"""A chapter as readers see it, shown from inside its own notebook: `review.preview()`.

The saved notebook is shown: its text with live values computed among the chapter's names, its
citations as readers see them, and in the place of each code cell what it displayed last. What has
changed in the window since it was saved is not in the file; a line above the chapter says when that
was, and whether cells have been run or changed since.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import ChapterError, nearest
from reviewpress.markdown import escape
from reviewpress.notebook_forms import shown, to_html
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.notebooks.source import Notebook, read_notebook
from reviewpress.notebooks.values import fill_values, find_values
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

_SHOWS_ITSELF = re.compile(r"^\s*\w+\.preview\(", re.M)
_NOT_COMPARED = re.compile(rf"{_SHOWS_ITSELF.pattern}|get_ipython\(", re.M)
"""Code that the file need not have as the kernel does: scratch cells, and magics."""
_MARK = "rp-preview"
"""The class of what is shown here, by which it is left out of what is shown next time."""
_FRAME = "border-left:3px solid #0b8a9c;padding-left:1.2em"


@dataclass(frozen=True, slots=True)
class Preview:
    """A chapter as HTML, for the cell that ends with it."""

    chapter: str
    html: str
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        said = "".join(f"<p><small>{html.escape(note)}</small></p>" for note in self.notes)
        return shown(f'<div class="{_MARK}" style="{_FRAME}">{said}{self.html}</div>')

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
    saved = datetime.fromtimestamp(path.stat().st_mtime)
    first = f"{notebook.name} as it was saved at {saved:%H:%M:%S on %d %B}."
    return Preview(notebook.name, to_html(config, parts), (first, *_unsaved(outputs, names)))


def _unsaved(raw: Sequence[Mapping[str, Plain]], names: Mapping[str, object]) -> list[str]:
    """Return what can be known of changes in the window that the file does not have.

    The kernel has the code of each cell that it ran (`In`); the file has the number of each run.
    """
    given = names.get("In")
    history = [str(code).strip() for code in given] if isinstance(given, list) else []
    saved = {cell.get("execution_count"): text_of(cell).strip() for cell in raw}
    texts = set(saved.values())
    ran = [n for n, code in enumerate(history) if code and not _NOT_COMPARED.search(code)]
    if not ran:
        return []
    if set(saved) <= {None}:
        return ["The file has no results of cells: run them, save it, and show it again."]
    if saved.get(ran[-1]) != history[ran[-1]] or history[-1] not in texts:
        return ["What ran last is not in the file: save it, and show it again."]
    return []


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
                    text = "".join(map(as_text, lines))
                    if _MARK not in text:
                        yield kind, text
                    break


def _filled(text: str, names: Mapping[str, object]) -> str:
    spans = []
    for site in find_values(text):
        try:
            spans.append(escape(str(eval(site.expression, dict(names)))))
        except Exception as error:  # whatever the author's expression raises is shown
            spans.append(f"**[{escape(f'{type(error).__name__}: {error}')}]**")
    return fill_values(text, spans)
