"""Words about a change that are said in a language when they are shown: causes, names, kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reviewpress.labels import FALLBACK, Labels, load_language


class Phrase(NamedTuple):
    """A label with what fills it; a name alone, as that of a file, has no label."""

    label: str
    name: str = ""
    file: str = ""

    def within(self, labels: Labels) -> str:
        """Return it in a language.

        >>> Phrase("diff-cause-column", "year", "data/papers.csv").within(terminal_labels())
        'the column year of data/papers.csv'
        """
        if not self.label:
            return self.name
        return labels.fill(self.label, name=self.name, file=self.file, version=self.name)


def terminal_labels() -> Labels:
    """Return the labels of what is said to authors: English, as all messages are."""
    return load_language(FALLBACK)


def because(causes: Sequence[Phrase], labels: Labels) -> str:
    """Return causes as words; which of several it was is not known."""
    if not causes:
        return labels["diff-because-unknown"]
    return labels.fill("diff-because", causes=alternatives(causes, labels))


def alternatives(causes: Sequence[Phrase], labels: Labels) -> str:
    """Return causes as alternatives."""
    return labels.join([each.within(labels) for each in causes], last="list-either")
