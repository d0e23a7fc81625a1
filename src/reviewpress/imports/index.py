"""Entries by everything they can be recognised by, so that no record meets all the others.

Candidates for a record share an identifier or a block with it: two of the longest words of the
title, its beginning, first author and year, or the place in a journal.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Protocol
from zlib import crc32

from reviewpress.imports.matching import Match, compare
from reviewpress.imports.traits import Traits

BLOCK_LIMIT = 150
"""A block with more records than this tells nothing, and is not searched."""
_TRIAL_LIMIT = 20
_VARIANTS = 6
"""So many ways of writing one entry are kept: a database's own is recognised by its like."""
_RANKS = {"same": 2, "unsure": 1, "related": 0}


class Known(Protocol):
    """Entries that were there before, by what they are recognised by."""

    def traits(self, key: str) -> Traits | None:
        """Return what of an entry is compared, None where there is no such entry."""

    def fingerprinted(self, fingerprint: int) -> str:
        """Return the first entry that has a fingerprint, empty where none has."""

    def in_block(self, block: int, limit: int) -> Sequence[str]:
        """Return the entries of a block, in the order of the bibliography, or `limit` and one."""


@dataclass(slots=True)
class Index:
    """Entries by what they are recognised by; grows as records are added.

    `known` are entries that were there before, which are not loaded. `variants` holds the ways in
    which records wrote an entry, the merged entry first. A block is known by a number alone: two
    that share one by chance cost a comparison.
    """

    known: Known | None = None
    variants: dict[str, list[Traits]] = field(default_factory=dict)
    by_fingerprint: dict[int, str] = field(default_factory=dict)
    blocks: dict[int, str | dict[str, None]] = field(default_factory=dict)
    _recent: tuple[int, tuple[tuple[int, int], ...]] = (0, ())
    """The blocks of what was looked for last, by fingerprint: mostly it is added next."""

    def add(self, traits: Traits, variant: Traits | None = None) -> None:
        """Add an entry, or put the fuller one in its place; `variant` is how a record wrote it."""
        key = traits.key
        before = self._variants(key)
        if before and before[0] == traits and variant is None:
            return
        rest = [replace(one, doi=one.doi or traits.doi, pmid=one.pmid or traits.pmid)
                for one in before[1:]]  # fmt: skip
        if variant is not None and len(rest) < _VARIANTS:
            rest.append(replace(variant, key=key, doi=variant.doi or traits.doi))
        self.variants[key] = [traits, *rest]
        for one in (traits,) if variant is None else (traits, variant):
            self.by_fingerprint.setdefault(one.fingerprint, key)
            for block, _ in self._blocks(one):
                self._put(block, key)

    def find(self, record: Traits, apart: Collection[str] = ()) -> Match | None:
        """Return the entry that a record is, or may be; None where nothing is like it.

        `apart` are entries that it is known not to be.
        """
        same = self._fingerprinted(record.fingerprint)
        if same and same not in apart:
            alike = next(
                (one for one in self._variants(same) if one.fingerprint == record.fingerprint), None
            )
            return compare(record, alike) if alike else Match(same, "same", "identical")
        best: Match | None = None
        for key in dict.fromkeys(self._candidates(record)):
            if key in apart:
                continue
            for known in self._variants(key):
                match = compare(record, known)
                if match is not None and (best is None or _rank(match) > _rank(best)):
                    best = match
        return best

    def identified(self, name: str, value: str) -> list[str]:
        """Return the entries with a DOI or PubMed number, as traits have them."""
        found = self.known.in_block(_number(name, value), BLOCK_LIMIT) if self.known else ()
        return [
            key for key in found if value in {getattr(one, name) for one in self._variants(key)}
        ]

    def titled(self, traits: Traits) -> list[str]:
        """Return the entries that have the same title, and no other DOI."""
        return [
            key
            for key in dict.fromkeys(self._candidates(traits))
            if any(
                one.title == traits.title and (not one.doi or traits.doi in ("", one.doi))
                for one in self._variants(key)
            )
        ]

    def _variants(self, key: str) -> list[Traits]:
        found = self.variants.get(key)
        if found is None:
            traits = self.known.traits(key) if self.known else None
            return [traits] if traits else []
        return found

    def _fingerprinted(self, fingerprint: int) -> str:
        before = self.known.fingerprinted(fingerprint) if self.known else ""
        return before or self.by_fingerprint.get(fingerprint, "")

    def _blocks(self, traits: Traits) -> tuple[tuple[int, int], ...]:
        if self._recent[0] != traits.fingerprint:
            self._recent = traits.fingerprint, tuple(traits_blocks(traits))
        return self._recent[1]

    def _put(self, block: int, key: str) -> None:
        found = self.blocks.get(block)
        if found is None:
            self.blocks[block] = key  # most have one entry, and a dict takes ten times as much
        elif isinstance(found, dict):
            found[key] = None
        elif found != key:
            self.blocks[block] = {found: None, key: None}

    def _candidates(self, record: Traits) -> Iterator[str]:
        for block, limit in self._blocks(record):
            found = self.blocks.get(block)
            before = self.known.in_block(block, limit) if self.known else ()
            if found is None and not before:
                continue
            new = (found,) if isinstance(found, str) else found or ()
            if before:
                new = dict.fromkeys((*before, *new))
            if len(new) <= limit:
                yield from new


def _rank(match: Match) -> tuple[int, float]:
    return _RANKS[match.verdict], match.score


def traits_blocks(traits: Traits) -> Iterator[tuple[int, int]]:
    """Yield the number of each block of an entry, and how many entries it may have."""
    if traits.doi:
        yield _number("doi", traits.doi), BLOCK_LIMIT
    if traits.pmid:
        yield _number("pmid", traits.pmid), BLOCK_LIMIT
    for trial in traits.trials:
        yield _number("trial", trial), _TRIAL_LIMIT
    words = traits.title.split()
    longest = sorted(sorted(set(words)), key=len, reverse=True)[:4]  # of one length, by letters
    for one, other in combinations(longest, 2):
        yield _number("words", min(one, other), max(one, other)), BLOCK_LIMIT
    if words:
        yield _number("start", "".join(words)[:14]), BLOCK_LIMIT
    if traits.first and traits.year:
        yield _number("author", traits.first, str(traits.year)), BLOCK_LIMIT
    if traits.volume and traits.year:
        for page in traits.pages:
            yield _number("place", traits.volume, page, str(traits.year)), BLOCK_LIMIT
    if len(traits.abstract) >= 200:
        yield _number("abstract", traits.abstract[80:140]), BLOCK_LIMIT


def _number(*parts: str) -> int:
    """Return the number of a block: the same in every process, as Python's own hash is not."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return crc32(text) << 31 ^ crc32(text, len(text) + 1)
