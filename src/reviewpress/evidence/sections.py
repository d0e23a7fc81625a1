"""What an evidence box says of a section: how many papers, of which kinds, where and with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reviewpress.errors import DataError, nearest

if TYPE_CHECKING:
    import pandas as pd


class Counts(dict[str, int]):
    """Papers by term, the most frequent first; a term of the vocabulary without papers counts 0.

    >>> regions = Counts({"Oceania": 2}, vocabulary=("Scotland", "Oceania"))
    >>> regions["Oceania"], regions["Scotland"], len(regions)
    (2, 0, 1)
    """

    def __init__(self, counts: Mapping[str, int], vocabulary: Iterable[str] = ()) -> None:
        self.vocabulary = tuple(vocabulary) or tuple(counts)
        order = {term: position for position, term in enumerate(self.vocabulary)}
        terms = sorted(counts, key=lambda term: (-counts[term], order.get(term, len(order))))
        super().__init__((term, counts[term]) for term in terms)

    def __missing__(self, term: str) -> int:
        if term in self.vocabulary:
            return 0
        raise DataError(f'"{term}" is no term of this column.', hint=nearest(term, self.vocabulary))

    def __reduce__(self) -> tuple[Any, ...]:
        return Counts, (dict(self), self.vocabulary)


@dataclass(frozen=True, slots=True)
class SectionEvidence:
    """The papers of one section, counted.

    Counts are by column of the papers table that has a vocabulary; a paper with three regions
    counts once in each of the three. `ratings` counts the appraised papers by overall rating,
    where the review uses one.
    """

    name: str
    codes: tuple[int | str, ...]
    counts: Mapping[str, Counts] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    source: str = "source_type"
    appraised: int | None = None
    ratings: Counts = field(default_factory=lambda: Counts({}), repr=False)

    @property
    def papers(self) -> int:
        """How many papers."""
        return len(self.codes)

    @property
    def peer_reviewed(self) -> int:
        """How many of them were peer reviewed."""
        return self._source("peer")

    @property
    def grey(self) -> int:
        """How many of them are grey literature."""
        return self._source("grey", "gray")

    @property
    def study_types(self) -> Counts:
        """Papers by kind of study."""
        return self.count("study_type")

    @property
    def regions(self) -> Counts:
        """Papers by region."""
        return self.count("regions")

    @property
    def participants(self) -> Counts:
        """Papers by group of people who took part."""
        return self.count("participants")

    @property
    def methods(self) -> Counts:
        """Papers by method of data collection."""
        return self.count("methods")

    def count(self, column: str) -> Counts:
        """Return the papers by term of any column with a vocabulary."""
        try:
            return self.counts[column]
        except KeyError:
            message = f'papers cannot be counted by "{column}".'
            raise DataError(message, hint=nearest(column, self.counts)) from None

    def _source(self, *starts: str) -> int:
        counts = self.count(self.source)
        terms = [term for term in counts.vocabulary if term.lower().startswith(starts)]
        if not terms:
            raise DataError(f'"{self.source}" does not tell peer-reviewed from grey papers.')
        return sum(counts[term] for term in terms)


def codes_of(papers: pd.DataFrame | Iterable[Any]) -> set[Any]:
    """Return the codes of some papers: the index of a DataFrame, or the codes themselves."""
    index = papers.index if hasattr(papers, "columns") else papers  # type: ignore[union-attr]
    return set(index)


def count_terms(cells: Iterable[Any], vocabulary: Iterable[str]) -> Counts:
    """Count each cell once for each of its terms; cells are terms, or tuples of terms."""
    counter: Counter[str] = Counter()
    for cell in cells:
        counter.update({cell} if isinstance(cell, str) else set(cell or ()))
    return Counts(counter, vocabulary)


def count_frame(counts: Counts, *, zeros: bool) -> pd.DataFrame:
    """Return counts as a DataFrame with the columns term and papers."""
    import pandas as pd

    terms = [term for term in counts.vocabulary if zeros or counts[term]]
    terms.sort(key=lambda term: -counts[term])
    papers = pd.Series([counts[term] for term in terms], dtype="int64")
    return pd.DataFrame({"term": pd.Series(terms, dtype="str"), "papers": papers})
