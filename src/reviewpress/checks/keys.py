"""Keys of `_quarto.yml` and of chapters that ask for something in vain."""

from collections.abc import Iterable, Iterator

from reviewpress.cell_keys import CELL_KEYS
from reviewpress.checks.subject import Subject
from reviewpress.config.known import PAGE, all_named, chapter_remarks, find_unobeyed, refusals
from reviewpress.errors import Place, Problem, nearest
from reviewpress.notebooks.source import Cell, Notebook, read_notebook


def check_keys(subject: Subject) -> Iterator[Problem]:
    """Find keys that nobody knows, that have no effect, and in chapters that are refused."""
    for problem in subject.config.remarks:
        if subject.embedded or problem.rule == "unknown-key":
            yield problem
    if not subject.embedded:
        return
    found = {
        page.chapter.path: list(find_unobeyed(page.source.front.data, page.source.front.lines,
                                              "chapter"))
        for page in subject.book.pages
    }  # fmt: skip
    for file, each in found.items():
        yield from refusals(each, file)
    yield from chapter_remarks(found, subject.config.root)
    root = subject.config.root
    pages = [page for page in subject.book.pages if page.chapter.is_notebook]
    yield from cell_remarks(read_notebook(root / page.chapter.path, root) for page in pages)


def cell_remarks(chapters: Iterable[Notebook]) -> Iterator[Problem]:
    """Yield a warning for each option of cells that is not known, one for those without effect.

    Those without effect are together by the reason. Each is named once in a project.
    """
    first: dict[str, Place] = {}
    for chapter in chapters:
        for cell in chapter.cells:
            for name in _in_vain(cell):
                first.setdefault(name, chapter.place(cell, line=_line(cell.source, name)))
    reasons: dict[str, list[str]] = {}
    for name, where in first.items():
        if key := CELL_KEYS.get(name):
            reasons.setdefault(key.says, []).append(name)
            continue
        close = nearest(name, CELL_KEYS, cutoff=0.75)
        hint = close if close.startswith("Did") else f"{PAGE} lists the options of cells."
        message = f'the cell option "{name}" is not known: it has no effect.'
        yield Problem("unknown-key", message, where, hint)
    for says, names in reasons.items():
        noun, verb = ("option", "has") if len(names) == 1 else ("options", "have")
        quoted = all_named([f'"{name}"' for name in names])
        message = f"the cell {noun} {quoted} {verb} no effect in the embedded engine."
        hint = f"{says[0].upper()}{says[1:]}."
        yield Problem("key-without-effect", message, first[names[0]], hint)


def _in_vain(cell: Cell) -> Iterator[str]:
    """Yield the options of a cell that are not obeyed and ask for something."""
    for name, value in cell.options.items():
        key = CELL_KEYS.get(name)
        if cell.kind == "code" and (key is None or not (key.at or key.silent(value))):
            yield name


def _line(source: str, name: str) -> int | None:
    """Return the line of a cell on which it says an option."""
    for number, line in enumerate(source.splitlines(), 1):
        if line.removeprefix("#|").strip().startswith(f"{name}:"):
            return number
    return None
