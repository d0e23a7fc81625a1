"""Labels that a language lacks, and that readers get in English."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.labels import FALLBACK, NUMBER_WORDS, Labels
from reviewpress.languages import base_of

_NAMED = 8
"""So many labels are named in the warning, which each build prints."""


def check_labels(subject: Subject) -> Iterator[Problem]:
    """Warn once of the labels that are English for want of others."""
    labels = subject.book.labels
    missing = untranslated(labels)
    if not missing:
        return
    named = ", ".join(f'{name} ("{labels[name]}")' for name in missing[:_NAMED])
    rest = " and others" if len(missing) > _NAMED else ""
    message = (
        f"{len(missing)} of the {len(labels)} words and phrases that Reviewpress writes are not "
        f'known in the language "{labels.lang}", and stay English: {named}{rest}.'
    )
    hint = (
        "Give them under `language:`, or say that some are to stay: `close: Close`. "
        "`reviewpress check --labels` prints all of them for that."
    )
    yield Problem("untranslated-label", message, Place("_quarto.yml"), hint)


def untranslated(labels: Labels) -> list[str]:
    """Return the names of the labels that a language lacks; English, of an older copy too, none."""
    if labels.language == base_of(FALLBACK):
        return []
    return [name for name in labels if not labels.has(name) and name not in NUMBER_WORDS]
