"""What a headline claims, made from the data: who has most, ties included, and of how many."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeGuard, TypeVar

from reviewpress.context import review_labels, term_name
from reviewpress.errors import DataError
from reviewpress.evidence.words import within, words

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rank:
    """What shares one place of a ranking: several where they are tied.

    In a text it is the names as a sentence lists them. `keys` are the names as the data have them,
    `value` is the number that they have.
    """

    names: tuple[str, ...]
    value: float
    keys: tuple[Hashable, ...] = ()

    def __str__(self) -> str:
        return joined(self.names)

    @property
    def tied(self) -> bool:
        """Whether there is more than one."""
        return len(self.names) > 1

    @property
    def number(self) -> str:
        """The number as a sentence has it: "12", or "five each" of those that are tied."""
        number = words(self.value)
        return review_labels().fill("headline-each", number=number) if self.tied else number

    def verb(self, one: str, several: str) -> str:
        """Return the verb that fits: `verb("has", "have")`."""
        return several if self.tied else one


@dataclass(frozen=True, slots=True)
class Ranking:
    """Numbers by name, the highest first; what has the same number has one rank."""

    ranks: tuple[Rank, ...]

    @property
    def most(self) -> Rank:
        """What has the highest number."""
        return self.ranks[0]

    @property
    def fewest(self) -> Rank:
        """What has the lowest number."""
        return self.ranks[-1]

    @property
    def alike(self) -> bool:
        """Whether all have the same number, so that nothing has most."""
        return len(self.ranks) == 1

    def lower(self) -> Ranking:
        """Return the same with names that begin with a small letter, for the middle of a text."""
        labels = review_labels()
        ranks = (
            Rank(tuple(within(n, labels) for n in r.names), r.value, r.keys) for r in self.ranks
        )
        return Ranking(tuple(ranks))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, which it always states: "18 of 31" in a text.

    `unknown` of the whole have no answer: they are in the whole, and not in the part.
    """

    part: int
    whole: int
    unknown: int = 0

    def __str__(self) -> str:
        part, whole = words(self.part), words(self.whole)
        return review_labels().fill("headline-share", part=part, whole=whole)

    @property
    def most(self) -> bool:
        """Whether it is more than half, whatever the unknown would have answered."""
        return 2 * self.part > self.whole

    @property
    def few(self) -> bool:
        """Whether it is less than half, whatever the unknown would have answered."""
        return 2 * (self.part + self.unknown) < self.whole


def rank(
    counts: Mapping[T, float] | pd.Series | pd.DataFrame,
    *,
    named: Callable[[T], str] | None = None,
) -> Ranking:
    """Rank numbers by name, so that a headline says who has most or fewest with all that are tied.

    `counts` is a Series, a mapping, or a table of two columns such as `review.count` returns;
    `named` makes the name of a key, which for terms is that in the edition's language otherwise.
    Raises DataError where there is nothing to rank, and where a number is missing: a rank beside
    one that is not known may be wrong.

    >>> papers = rank({"Surveys": 3, "Interviews": 5, "Focus groups": 5})
    >>> f"{papers.most} {papers.most.verb('has', 'have')} the most papers, {papers.most.number}"
    'Interviews and Focus groups have the most papers, five each'
    >>> papers.fewest.names, papers.fewest.number, papers.alike
    (('Surveys',), 'three', False)
    """
    named = named or (lambda key: term_name(str(key)))
    pairs = _pairs(counts)
    if not pairs:
        raise DataError("there is nothing to rank.", hint="Say so in the text instead.")
    unknown = [named(key) for key, value in pairs if _is_missing(value)]
    if unknown:
        message = f"{joined(unknown)} cannot be ranked: the number is missing."
        raise DataError(message, hint="Leave it out with `.dropna()`, and say so in the subtitle.")
    ordered = sorted(pairs, key=lambda pair: -pair[1])
    ranks = []
    for value, tied in groupby(ordered, key=lambda pair: pair[1]):
        keys = tuple(key for key, _ in tied)
        ranks.append(Rank(tuple(map(named, keys)), value, keys))
    return Ranking(tuple(ranks))


def share(answers: Iterable[bool | None]) -> Share:
    """Count how many answers are true, of all: what is missing stays in the whole.

    What the question does not apply to is left out beforehand. `Share(18, 31)` makes one of
    numbers.

    >>> papers = share([True, True, None, False])
    >>> f"{papers} papers", papers.most, papers.unknown
    ('two of four papers', False, 1)
    """
    found = list(answers)
    unknown = sum(map(_is_missing, found))
    part = sum(1 for answer in found if not _is_missing(answer) and answer)
    return Share(part, len(found), unknown)


def joined(names: Iterable[str]) -> str:
    """Return names as a sentence of the review's language lists them.

    >>> joined(["processes", "experiences", "rights"])
    'processes, experiences and rights'
    """
    return review_labels().join(list(names))


def _pairs(counts: Mapping[T, float] | pd.Series | pd.DataFrame) -> list[tuple[T, float]]:
    """Return names and numbers of a mapping, a Series, or a table of two columns."""
    pairs = counts.itertuples(index=False) if _is_table(counts) else counts.items()
    return list(pairs)


def _is_table(counts: object) -> TypeGuard[pd.DataFrame]:
    # By what it can do: a mapping is ranked without pandas.
    return hasattr(counts, "itertuples")


def _is_missing(value: object) -> bool:
    """Whether a value is None, NaN, or pandas' NA, which compares with nothing."""
    return value is None or str(value != value) != "False"
