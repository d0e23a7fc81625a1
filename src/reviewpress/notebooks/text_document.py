"""A chapter of text with Python cells as the notebook that it is, line by line.

    ---                     raw cell: the front matter
    Some words.             text cell, up to the next cell of code
    ```{python}             code cell: `#| tags: [parameters]` gives it a tag

Jupytext reads such files with the program of Quarto, and says nothing of lines. Each cell here has
the line on which its source begins, so that a message names that of the author's file.
"""

import re
from collections.abc import Iterator, Mapping

from reviewpress.code_cells import CodeCell, find_cells
from reviewpress.errors import ChapterError, Place, Problem, raise_all
from reviewpress.shapes import Plain
from reviewpress.store.ordinary_files import whole_text

LINE = "line"
"""The key of a cell's metadata: the line of the file on which its source begins."""
_FRONT = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_ATTRIBUTES = re.compile(r"([\w.-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s,]+)")


def document_of_text(content: bytes, name: str, language: str = "python") -> dict[str, Plain]:
    """Return a chapter of text as the JSON of a notebook, whose cells are those of a language.

    Raises Problems where it is not UTF-8, or a cell has options in its braces.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ChapterError(message, Place(name), "Save it as UTF-8.") from None
    whole_text(text, name, ChapterError)
    cells = [cell for cell in find_cells(text) if cell.runs_in(language)]
    raise_all([problem for cell in cells for problem in _wrong(cell, text, name)])
    return {"cells": list(_cells(text, cells)), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _cells(text: str, found: list[CodeCell]) -> Iterator[Plain]:
    front = _FRONT.match(text)
    done = front.end() if front else 0
    if front:
        yield _cell("raw", front[0].rstrip("\n"), 1)
    for cell in found:
        yield from _words(text, done, cell.start)
        code = text[cell.code].removesuffix("\n")
        code = "\n".join(line.removeprefix(cell.within) for line in code.split("\n"))
        yield _cell("code", code, _line(text, cell.code.start))
        done = cell.end
    yield from _words(text, done, len(text))


def _words(text: str, start: int, end: int) -> Iterator[Plain]:
    """Yield the text between two cells, if there is any, from its first line on."""
    words = text[start:end]
    if words.strip():
        blank = len(words) - len(words.lstrip("\n"))
        yield _cell("markdown", words.strip("\n"), _line(text, start + blank))


def _cell(kind: str, source: str, line: int) -> Mapping[str, Plain]:
    cell: dict[str, Plain] = {
        "cell_type": kind, "id": f"line-{line}", "metadata": {LINE: line}, "source": source,
    }  # fmt: skip
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _wrong(cell: CodeCell, text: str, name: str) -> Iterator[Problem]:
    """Yield what a cell says in its braces, where it has no effect in Quarto either.

    Also a cell that never ends, which would make code of all below it.
    """
    place = Place(name, line=_line(text, cell.start))
    if not cell.is_closed:
        message = "the code cell that begins here never ends."
        yield Problem("chapter", message, place, f"Write `{cell.fence}` where it ends.")
    if not cell.header:
        return
    options = [f"`#| {key}: {value}`" for key, value in _ATTRIBUTES.findall(cell.header)]
    shown = " and ".join(options) or "`#| echo: false`"
    message = f"the code cell has options in its braces ({cell.header}), which have no effect."
    yield Problem("chapter", message, place, f"Write {shown} below them, on lines of their own.")
