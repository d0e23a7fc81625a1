"""Notebooks as they are kept: without outputs, which only a run may hold."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.notebooks.document import cells_of, load_document


def check_stored_outputs(subject: Subject) -> Iterator[Problem]:
    """Warn of chapters that were saved with outputs or execution counts."""
    for chapter in subject.config.chapters:
        if not chapter.is_notebook:
            continue
        notebook = load_document(subject.config.root / chapter.path, chapter.path)
        for number, cell in enumerate(cells_of(notebook), start=1):
            if cell.get("outputs") or cell.get("execution_count"):
                message = "the notebook was saved with outputs."
                hint = "`reviewpress tidy` takes them out."
                place = Place(chapter.path, cell=number)
                yield Problem("stored-output", message, place, hint, chapter.path)
                break
