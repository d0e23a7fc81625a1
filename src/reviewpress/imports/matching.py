"""Recognise a record that the bibliography has already.

First by DOI and PubMed number, then by title, year and authors: candidates are records that share
a block (two of the longest words of the title, its beginning, or first author and year), so that
no record is compared with all others. Thresholds were set on the labelled pairs in
`tests/data/duplicates.csv`; docs/explanation/recognising-duplicates.md says how well they do on
those, and on pairs that nothing was set by.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from rapidfuzz.fuzz import ratio, token_sort_ratio

from reviewpress.bibliography import Entry, fold_accents, normalise

Verdict = Literal["same", "unsure", "different"]

BLOCK_LIMIT = 150
"""A block with more records than this tells nothing, and is not searched."""
_SAME, _CLOSE, _LIKE = 97.0, 90.0, 80.0
_GENERIC = frozenset((
    "abstract", "abstracts", "book review", "book reviews", "commentary", "contents",
    "correspondence", "editorial", "editors note", "erratum", "foreword", "guest editorial",
    "in this issue", "index", "introduction", "letter", "letters", "news", "obituary",
    "preface", "response", "review", "summary", "conclusion", "conclusions",
))  # fmt: skip
_CONTRASTS = frozenset(
    ("qualitative", "quantitative", "interim", "final", "boys", "girls", "mothers", "fathers",
     "parents", "teachers", "children", "adults", "urban", "rural", "before", "after")
)  # fmt: skip
_OTHER_WORKS = frozenset(
    ("annex", "comment", "commentary", "correction", "corrigendum", "erratum", "pilot", "protocol",
     "reply", "response", "retraction", "summary", "update", "updated")
)  # fmt: skip
_NO_LETTER = re.compile(r"[\W_]+")
_ROMAN = re.compile(r"(?:i{1,3}|iv|v|vi{0,3}|ix|x)")


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an entry is compared, prepared once.

    `numbers` are those in the title, which tell parts and years of a series apart.
    """

    key: str
    title: str
    doi: str
    pmid: str
    year: int | None
    families: tuple[str, ...]
    first: frozenset[str]
    pages: str
    volume: str
    journal: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A record recognised (or perhaps so): in which entry, why, and how alike the titles are."""

    key: str
    verdict: Verdict
    reason: str
    score: float = 100.0


@dataclass(slots=True)
class Index:
    """Entries by everything they can be recognised by; grows as records are added."""

    traits: dict[str, Traits] = field(default_factory=dict)
    by_doi: dict[str, str] = field(default_factory=dict)
    by_pmid: dict[str, str] = field(default_factory=dict)
    blocks: dict[tuple[str, ...], list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, traits: Traits) -> None:
        """Add an entry under its key; one that is there already is replaced by the fuller one."""
        key = traits.key
        is_new = key not in self.traits
        self.traits[key] = traits
        if traits.doi:
            self.by_doi.setdefault(traits.doi, key)
        if traits.pmid:
            self.by_pmid.setdefault(traits.pmid, key)
        if is_new:
            for block in _blocks(traits):
                self.blocks[block].append(key)

    def find(self, record: Traits) -> Match | None:
        """Return the entry that a record is, or may be; None where nothing is like it."""
        candidates = dict.fromkeys(self._candidates(record))
        best: Match | None = None
        for key in candidates:
            match = compare(record, self.traits[key])
            if match is not None and (best is None or _rank(match) > _rank(best)):
                best = match
        return best

    def _candidates(self, record: Traits) -> Iterator[str]:
        if record.doi in self.by_doi:
            yield self.by_doi[record.doi]
        if record.pmid in self.by_pmid:
            yield self.by_pmid[record.pmid]
        for block in _blocks(record):
            found = self.blocks.get(block, ())
            if len(found) <= BLOCK_LIMIT:
                yield from found


def describe(entry: Entry) -> Traits:
    """Prepare an entry to be compared."""
    names = entry.authors or entry.editors
    title = normalise(entry.title)
    return Traits(
        key=entry.key,
        title=title,
        doi=entry.doi,
        pmid=entry.text("pmid"),
        year=entry.year,
        families=tuple(_fold(name.family) for name in names),
        first=frozenset(_fold(part) for part in str(names[0]).split()) if names else frozenset(),
        pages=re.sub(r"\W+", "-", entry.text("pages")),
        volume=entry.text("volume"),
        journal=normalise(entry.first("journal", "booktitle", "institution")),
        numbers=tuple(w for w in title.split() if w.isdigit() or _ROMAN.fullmatch(w)),
    )


def compare(one: Traits, other: Traits) -> Match | None:
    """Say whether two entries are the same work; None where they are different."""
    score = _likeness(one.title, other.title)
    if one.doi and one.doi == other.doi:
        return _by_identifier(other.key, "DOI", score)
    if one.pmid and one.pmid == other.pmid:
        return _by_identifier(other.key, "PubMed number", score)
    if score < _LIKE or one.numbers != other.numbers:
        return None
    authors = _same_authors(one, other)
    apart = abs(one.year - other.year) if one.year and other.year else None
    verdict = _judge(one, other, score, authors, apart)
    if verdict == "different":
        return None
    return Match(other.key, verdict, _reason(one, other, authors, apart), score)


def _by_identifier(key: str, what: str, score: float) -> Match:
    if score >= 60:
        return Match(key, "same", f"same {what}", score)
    return Match(key, "unsure", f"same {what}, but another title", score)


def _judge(
    one: Traits, other: Traits, score: float, authors: bool | None, apart: int | None
) -> Verdict:
    """Decide by title, authors (None: not known of one) and years apart (None: not known)."""
    if one.doi and other.doi:
        if score >= _SAME and authors and _same_pages_of_a_journal(one, other):
            return "same"  # one of the two is a repository's, or typed wrong
        # Two DOIs are two publications; a preprint and its article are for people to decide.
        return "unsure" if score >= _SAME and authors else "different"
    if one.title in _GENERIC:
        return "same" if score == 100 and _same_place(one, other) else "different"
    if _places_differ(one, other):
        return "unsure" if score >= _SAME and authors else "different"
    if len(one.title) < 20:
        return "same" if score == 100 and authors is not False and apart == 0 else "different"
    return _judge_by_title(one, other, score, authors, apart)


def _judge_by_title(
    one: Traits, other: Traits, score: float, authors: bool | None, apart: int | None
) -> Verdict:
    """Decide where neither DOIs nor places in a journal tell the two apart."""
    close = apart is None or apart <= 1
    if score >= _CLOSE and authors is not False and _same_place(one, other):
        return "unsure" if _another_kind(one.title, other.title) else "same"
    if _other_words(one.title, other.title):
        return "unsure" if authors and close else "different"
    if score >= _CLOSE and close and authors is not False and _journals_differ(one, other):
        return "unsure"  # a preprint, an abstract or a thesis, and the article
    if score >= _SAME and close and authors is not False:
        certain = authors or apart == 0 or (score == 100 and len(one.title) >= 60)
        return "same" if certain else "unsure"
    if score >= _CLOSE and authors and apart == 0:
        return "same"
    if score >= _SAME and (authors or len(one.title) >= 40):
        return "unsure"
    return "unsure" if authors and close else "different"


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    if one == other:
        return 100.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 30 and long.startswith(short):
        return 92.0  # one of the two lacks the subtitle, or its end
    if len(short) >= 20 and long.startswith(f"{short} "):
        return 85.0
    straight = ratio(one, other, score_cutoff=_LIKE - 15)
    return max(straight, token_sort_ratio(one, other, score_cutoff=_LIKE))


def _other_words(one: str, other: str) -> bool:
    """Whether two like titles differ in a word, and not only in how words are spelt.

    Parents and teachers, qualitative and quantitative, are two studies by the same people.
    """
    first, second = set(one.split()), set(other.split())
    if _another_kind(one, other):
        return True
    if any(_CONTRASTS & {a, b} == {a, b} for a in first - second for b in second - first):
        return True
    if ratio(one.replace(" ", ""), other.replace(" ", "")) >= _SAME:
        return False
    return _has_word_without_like(first - second, second - first) and _has_word_without_like(
        second - first, first - second
    )


def _another_kind(one: str, other: str) -> bool:
    """Whether only one of two titles says that it is a protocol, a correction, a reply …"""
    return bool((set(one.split()) ^ set(other.split())) & _OTHER_WORKS)


def _has_word_without_like(words: set[str], others: set[str]) -> bool:
    return any(all(ratio(word, other) < 70 for other in others) for word in words)


def _same_authors(one: Traits, other: Traits) -> bool | None:
    if not one.families or not other.families:
        return None
    first, second = one.families[0], other.families[0]
    if first == second or ratio(first, second) >= 85:
        return True
    if one.first == other.first:
        return True  # family and given name swapped
    shared = set(one.families) & set(other.families)
    return len(shared) * 2 >= min(len(one.families), len(other.families)) and len(shared) > 1


def _same_place(one: Traits, other: Traits) -> bool:
    same_pages = bool(one.pages) and one.pages == other.pages
    return same_pages and one.volume == other.volume and one.year == other.year


def _same_pages_of_a_journal(one: Traits, other: Traits) -> bool:
    """Whether both say in which volume and on which pages of a journal, and it is the same."""
    told = one.journal and other.journal and one.volume
    if one.title in _GENERIC or len(one.title) < 20:
        return False  # two replies can stand on one page
    return bool(told) and _same_place(one, other) and not _journals_differ(one, other)


def _journals_differ(one: Traits, other: Traits) -> bool:
    """Whether both say where they were published, and neither name abbreviates the other."""
    first, second = one.journal.split(), other.journal.split()
    if not first or not second:
        return False
    alike = _abbreviates(first, second) or _abbreviates(second, first)
    return not alike and ratio(first, second) < _LIKE


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether the words of one name shorten words of the other, in their order.

    >>> _abbreviates("j integr care".split(), "journal of integrated care".split())
    True
    """
    rest = iter(long)
    return all(any(_shortens(word, other) for other in rest) for word in short)


def _shortens(word: str, other: str) -> bool:
    letters = iter(other)
    return word[:1] == other[:1] and all(letter in letters for letter in word)


def _places_differ(one: Traits, other: Traits) -> bool:
    """Whether both say where they stand in the same journal, and it is not the same place."""
    if not (one.journal and one.journal == other.journal and one.volume and other.volume):
        return False
    first, second = (re.match(r"\w+", pages) for pages in (one.pages, other.pages))
    return first is not None and second is not None and first[0] != second[0]


def _reason(one: Traits, other: Traits, authors: bool | None, apart: int | None) -> str:
    parts = ["same title" if one.title == other.title else "similar title"]
    if authors:
        parts.append("same author")
    elif authors is False:
        parts.append("other authors")
    if apart == 0:
        parts.append("same year")
    elif apart:
        parts.append(f"{apart} years apart" if apart > 1 else "one year apart")
    if one.doi and other.doi:
        parts.append("another DOI")
    return ", ".join(parts)


def _rank(match: Match) -> tuple[bool, float]:
    return match.verdict == "same", match.score


def _blocks(traits: Traits) -> Iterator[tuple[str, ...]]:
    words = traits.title.split()
    longest = sorted(set(words), key=lambda word: (-len(word), word))[:4]
    for position, one in enumerate(longest):
        for other in longest[position + 1 :]:
            yield ("words", *sorted((one, other)))
    if words:
        yield ("start", "".join(words)[:14])
    if traits.families and traits.year:
        yield ("author", traits.families[0], str(traits.year))


def _fold(name: str) -> str:
    return _NO_LETTER.sub("", fold_accents(name.casefold()))
