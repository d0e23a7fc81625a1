"""Counts of papers by the terms of a column."""

from __future__ import annotations

from collections import Counter
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
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

    def __init__(
        self,
        counts: Mapping[str, int],
        vocabulary: Iterable[str] = (),
        look: Callable[[str | None], None] = lambda term: None,
    ) -> None:
        """Keep the counts; `look` is called with each term looked at, with None for all."""
        self._look = look
        self.vocabulary = tuple(vocabulary) or tuple(counts)
        order = {term: position for position, term in enumerate(self.vocabulary)}
        terms = sorted(counts, key=lambda term: (-counts[term], order.get(term, len(order))))
        super().__init__((term, counts[term]) for term in terms)

    def __getitem__(self, term: str) -> int:
        self._look(term)
        return super().__getitem__(term)

    def __iter__(self) -> Iterator[str]:
        self._look(None)
        return super().__iter__()

    def __len__(self) -> int:
        self._look(None)
        return super().__len__()

    def __contains__(self, term: object) -> bool:
        self._look(str(term))
        return super().__contains__(term)

    def get(self, term: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """Return the papers of a term that there are papers of."""
        self._look(term)
        return super().get(term, default)

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Return the terms, the most frequent first."""
        self._look(None)
        return super().keys()

    def values(self) -> ValuesView[int]:  # type: ignore[override]
        """Return how many papers each term has."""
        self._look(None)
        return super().values()

    def items(self) -> ItemsView[str, int]:  # type: ignore[override]
        """Return the terms with their papers."""
        self._look(None)
        return super().items()

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


def count_terms(
    cells: Iterable[Cell],
    vocabulary: Iterable[str],
    look: Callable[[str | None], None] = lambda term: None,
) -> Counts:
    """Count each cell once for each of its terms; `look` as for `Counts`."""
    counter: Counter[str] = Counter()
    for cell in cells:
        counter.update(set(terms_of(cell)))
    return Counts(counter, vocabulary, look)
