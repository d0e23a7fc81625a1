"""Reporting checklists: each answer points to something that the report has, in its language."""

from collections.abc import Iterable, Iterator

from reviewpress.checklists import FILE, check_places, is_translated, load_checklists
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem, ReportError


def check_checklists(subject: Subject) -> Iterator[Problem]:
    """Find answers of `data/checklists.yml` that point nowhere, and entries that are wrong.

    Warn of items that readers would see in English, where a chapter shows them.
    """
    is_shown = any(FILE in dict(run.reads) for run in subject.runs.values())
    if not (subject.main or is_shown):
        return
    try:
        answered = load_checklists(subject.config.root)
    except ReportError as error:
        yield from error.problems if subject.main else ()
        return
    if subject.main:
        yield from check_places(answered, subject.book.targets)
    if is_shown:
        yield from _in_english(answered, subject)


def _in_english(names: Iterable[str], subject: Subject) -> Iterator[Problem]:
    labels = subject.book.labels
    english = [name for name in names if not is_translated(name, labels)]
    if english:
        message = f'items are not known in the language "{labels.lang}", and stay English: '
        yield Problem("untranslated-label", f"{message}{', '.join(english)}.", Place(FILE))
