"""Entries by everything they can be recognised by, so that no record meets all the others.

Candidates for a record share an identifier or a block with it: two of the longest words of the
title, its beginning, first author and year, or the place in a journal.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from reviewpress.imports.matching import Match, compare
from reviewpress.imports.traits import Traits

BLOCK_LIMIT = 150
"""A block with more records than this tells nothing, and is not searched."""
_TRIAL_LIMIT = 20
_VARIANTS = 6
"""So many ways of writing one entry are kept: a database's own is recognised by its like."""
_RANKS = {"same": 2, "unsure": 1, "related": 0}


@dataclass(slots=True)
class Index:
    """Entries by what they are recognised by; grows as records are added.

    `variants` holds the ways in which records wrote an entry, the merged entry first.
    """

    variants: dict[str, list[Traits]] = field(default_factory=dict)
    by_fingerprint: dict[int, str] = field(default_factory=dict)
    identified: dict[tuple[str, str], dict[str, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    blocks: dict[tuple[str, ...], dict[str, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def add(self, traits: Traits, variant: Traits | None = None) -> None:
        """Add an entry, or put the fuller one in its place; `variant` is how a record wrote it."""
        key = traits.key
        known = self.variants.get(key, [])
        if known and known[0] == traits and variant is None:
            return
        rest = [replace(one, doi=one.doi or traits.doi, pmid=one.pmid or traits.pmid)
                for one in known[1:]]  # fmt: skip
        if variant is not None and len(rest) < _VARIANTS:
            rest.append(replace(variant, key=key, doi=variant.doi or traits.doi))
        self.variants[key] = [traits, *rest]
        for one in (traits,) if variant is None else (traits, variant):
            self.by_fingerprint.setdefault(one.fingerprint, key)
            for identifier in _identifiers(one):
                self.identified[identifier][key] = None
            for block in _blocks(one):
                self.blocks[block][key] = None

    def find(self, record: Traits, apart: Collection[str] = ()) -> Match | None:
        """Return the entry that a record is, or may be; None where nothing is like it.

        `apart` are entries that it is known not to be.
        """
        same = self.by_fingerprint.get(record.fingerprint)
        if same is not None and same not in apart:
            alike = next(
                (one for one in self.variants[same] if one.fingerprint == record.fingerprint), None
            )
            return compare(record, alike) if alike else Match(same, "same", "identical")
        best: Match | None = None
        for key in dict.fromkeys(self._candidates(record)):
            if key in apart:
                continue
            for known in self.variants[key]:
                match = compare(record, known)
                if match is not None and (best is None or _rank(match) > _rank(best)):
                    best = match
        return best

    def _candidates(self, record: Traits) -> Iterator[str]:
        for identifier in _identifiers(record):
            found = self.identified.get(identifier, {})
            if len(found) <= (_TRIAL_LIMIT if identifier[0] == "trial" else BLOCK_LIMIT):
                yield from found
        for block in _blocks(record):
            found = self.blocks.get(block, {})
            if len(found) <= BLOCK_LIMIT:
                yield from found


def _rank(match: Match) -> tuple[int, float]:
    return _RANKS[match.verdict], match.score


def _identifiers(traits: Traits) -> Iterator[tuple[str, str]]:
    if traits.doi:
        yield "doi", traits.doi
    if traits.pmid:
        yield "pmid", traits.pmid
    for number in traits.trials:
        yield "trial", number


def _blocks(traits: Traits) -> Iterator[tuple[str, ...]]:
    words = traits.title.split()
    longest = sorted(set(words), key=lambda word: (-len(word), word))[:4]
    for position, one in enumerate(longest):
        for other in longest[position + 1 :]:
            yield ("words", *sorted((one, other)))
    if words:
        yield ("start", "".join(words)[:14])
    if traits.first and traits.year:
        yield ("author", traits.first, str(traits.year))
    if traits.volume and traits.year:
        for page in traits.pages:
            yield ("place", traits.volume, page, str(traits.year))
    if len(traits.abstract) >= 200:
        yield ("abstract", traits.abstract[80:140])
