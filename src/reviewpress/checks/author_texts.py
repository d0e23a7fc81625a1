"""What authors wrote, cell by cell, and where it stands: without what data and code bring."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from reviewpress.assemble import Page
from reviewpress.config import Config
from reviewpress.errors import Place
from reviewpress.notebooks.source import read_notebook


@dataclass(frozen=True, slots=True)
class AuthorText:
    """What an author wrote in a cell or a file, and where each of its characters stands."""

    text: str
    place: Callable[[int], Place]
    is_raw: bool = False


def author_texts(config: Config, page: Page) -> Iterator[AuthorText]:
    """Yield the text cells of a notebook that are not hidden, or a file of text as a whole."""
    if not page.chapter.is_notebook:
        yield AuthorText(page.source.text, page.source.place)
        return
    notebook = read_notebook(config.root / page.chapter.path, config.root)
    for cell in notebook.cells:
        if cell.kind != "code" and cell.source.strip() and not cell.is_hidden:
            yield AuthorText(cell.source, partial(notebook.place_in, cell), cell.kind == "raw")
