"""Counts of papers by the terms of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from reviewpress.errors import DataError, nearest
from reviewpress.evidence.findings import Code
from reviewpress.tables.cells import Cell

if TYPE_CHECKING:
    import pandas as pd

    Papers = pd.DataFrame | Iterable[Code]
    """Papers as chapters name them: a DataFrame indexed by code, or the codes themselves."""


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
        raise DataError(
            f'"{term}" is not a term of this column.', hint=nearest(term, self.vocabulary)
        )

    def __reduce__(self) -> tuple[type[Counts], tuple[dict[str, int], tuple[str, ...]]]:
        return Counts, (dict(self), self.vocabulary)


def codes_of(papers: Papers) -> set[Code]:
    """Return the codes of some papers: the index of a DataFrame, or the codes themselves."""
    return set(papers.index if hasattr(papers, "index") and hasattr(papers, "columns") else papers)


def terms_of(cell: Cell) -> tuple[str, ...]:
    """Return the terms in a cell: one, those of a list, or none.

    >>> terms_of("Wales"), terms_of(("Wales", "Scotland")), terms_of(None)
    (('Wales',), ('Wales', 'Scotland'), ())
    """
    if isinstance(cell, tuple):
        return tuple(str(term) for term in cell)
    # A missing term of a category is NaN, which alone is not itself.
    return () if cell is None or cell != cell else (str(cell),)


def count_terms(cells: Iterable[Cell], vocabulary: Iterable[str]) -> Counts:
    """Count each cell once for each of its terms."""
    counter: Counter[str] = Counter()
    for cell in cells:
        counter.update(set(terms_of(cell)))
    return Counts(counter, vocabulary)
