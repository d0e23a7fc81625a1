"""Decide whether two records are one publication, may be, or are reports of one study.

Evidence is gathered first (`Comparison`: titles, authors, journal, volume, pages, year, abstract),
then judged by rules in the order of their weight. docs/explanation/recognising-duplicates.md says
what they rest on and how well they do.
"""

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import partial_ratio, ratio, token_sort_ratio

from reviewpress.imports.journals import is_another_journal, one_journal
from reviewpress.imports.positions import same_issue, same_pages
from reviewpress.imports.title_words import (
    OTHER_REPORTS,
    are_contrasted,
    has_other_words,
    is_another_kind,
)
from reviewpress.imports.traits import PARTS, WHOLES, Traits

Verdict = Literal["same", "unsure", "related", "different"]

_SAME, _CLOSE, _LIKE, _FAR = 97.0, 90.0, 80.0, 60.0
_GENERIC = frozenset((
    "abstract", "abstracts", "announcement", "book review", "book reviews", "comment",
    "commentary", "conclusion", "conclusions", "contents", "correspondence", "discussion",
    "editorial", "editorial comment", "editors note", "erratum", "foreword", "guest editorial",
    "in reply", "in this issue", "index", "introduction", "invited commentary", "letter",
    "letter to the editor", "letters", "letters to the editor", "news", "obituary", "preface",
    "reply", "response", "review", "summary",
))  # fmt: skip
_COUNTED = re.compile(r"\b(?:part|phase|study|volume|paper|report|chapter|section) \d")
_YEARLY = WHOLES | {"report", "techreport"}
"""What may be published anew each year under one title."""
_REGISTER = re.compile(r"[^A-Z]", re.IGNORECASE)
"""What ends the name of a register in the number of a trial."""
_OUTSIDE = ("register", "preprint", "thesis")
"""Natures that are never merged with what has another one."""


@dataclass(frozen=True, slots=True)
class Match:
    """A record recognised (or perhaps so): in which entry, why, and how alike the titles are."""

    key: str
    verdict: Verdict
    reason: str
    score: float = 100.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two records compare, feature by feature: True alike, False not, None not known.

    `score` says how alike the titles are (0 to 100), `apart` how many years lie between them,
    `whole` whether one title is the beginning, or a part, of the other.
    """

    score: float
    whole: bool
    numbers: bool
    authors: bool | None
    apart: int | None
    journal: bool | None
    volume: bool | None
    pages: bool | None
    abstract: bool | None
    issue: bool | None = None

    @property
    def place(self) -> bool | None:
        """Whether both stand at one place of a journal, or at two."""
        if self.pages and self.volume is not False and (self.journal is not False or self.volume):
            return True
        elsewhere = self.pages is False or self.volume is False
        return False if self.journal is not False and elsewhere else None

    @property
    def close(self) -> bool:
        """Whether the years say nothing against it."""
        return self.apart is None or self.apart <= 1


def compare(one: Traits, other: Traits) -> Match | None:
    """Say whether two entries are the same work; None where they are different."""
    if not _may_be_alike(one, other):
        return None
    if one.fingerprint == other.fingerprint and (
        one.title not in _GENERIC or one.people or one.journal
    ):
        identifier = _shared_identifier(one, other)
        return Match(other.key, "same", f"same {identifier}" if identifier else "identical")
    if (one.parent and one.parent == other.key) or (other.parent and other.parent == one.key):
        return None
    identifier = _shared_identifier(one, other)
    score, whole = _likeness(one, other, thorough=bool(identifier))
    if score < _LIKE and not identifier and not _meet(one, other):
        return None
    seen = _weigh(one, other, score, whole=whole)
    if identifier:
        verdict = _judge_identified(one, other, seen)
        told = "" if seen.score >= _FAR else ", but another title"
        return _match(other, verdict, f"same {identifier}{told}", seen)
    verdict = _judge(one, other, seen)
    if verdict == "same" and _stands_elsewhere(one, other, seen):
        verdict = "unsure"
    study = _one_study(one, other, seen)
    if study and verdict in ("different", "unsure"):
        return _match(other, "related", study, seen)
    return _match(other, verdict, _reason(one, other, seen), seen)


def _may_be_alike(one: Traits, other: Traits) -> bool:
    """Whether anything says that two entries may be one: of most that share a block, nothing does.

    Two titles have at most as many words in common as they have bits, and as words of either have
    no bit of their own.
    """
    ours, theirs = one.word_bits, other.word_bits
    hidden = min(one.word_count - ours.bit_count(), other.word_count - theirs.bit_count())
    shared, least = (ours & theirs).bit_count() + hidden, min(one.word_count, other.word_count)
    if shared * 3 >= least or least <= 3 or _meet(one, other):
        return True
    if one.title[0] == other.title[0] and one.letters == other.letters:
        return True
    return bool(_shared_identifier(one, other))


def _meet(one: Traits, other: Traits) -> bool:
    """Whether a trial, a page of a volume or an abstract is shared, whatever the titles."""
    if one.trials and not one.trials.isdisjoint(other.trials):
        return True
    if one.volume == other.volume and any(page in other.pages for page in one.pages):
        return True
    # Other titles years apart are two works, though they share an abstract.
    near = one.year is None or other.year is None or abs(one.year - other.year) <= 1
    return near and bool(_same_abstract(one.abstract, other.abstract))


def _weigh(one: Traits, other: Traits, score: float, *, whole: bool) -> Comparison:
    return Comparison(
        score=score,
        whole=whole,
        numbers=one.numbers == other.numbers or (whole and _numbered_alike(one.title, other.title)),
        authors=_same_authors(one, other),
        apart=abs(one.year - other.year) if one.year and other.year else None,
        journal=_same_journal(one, other),
        volume=one.volume == other.volume if one.volume and other.volume else None,
        pages=same_pages(one.pages, other.pages),
        abstract=_same_abstract(one.abstract, other.abstract),
        issue=same_issue(one.issue, other.issue),
    )


def _match(other: Traits, verdict: Verdict, reason: str, seen: Comparison) -> Match | None:
    return None if verdict == "different" else Match(other.key, verdict, reason, seen.score)


def _shared_identifier(one: Traits, other: Traits) -> str:
    if one.doi and one.doi == other.doi:
        return "DOI"
    if one.pmid and one.pmid == other.pmid:
        return "PubMed number"
    if one.nature == other.nature == "register" and one.trials & other.trials:
        return "trial number"
    return ""


def _judge_identified(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """Decide where an identifier is shared: a supplement's or a book's is on all that is in it."""
    if _part_and_whole(one, other):
        return "unsure" if seen.score >= _CLOSE else "different"
    against = (seen.authors is False) + (seen.pages is False)
    another = is_another_kind(one.title, other.title)
    if seen.score >= _FAR and (another or not seen.numbers):
        told_apart = (not seen.numbers and not seen.whole) or another
        if told_apart and not (seen.place and seen.authors):
            return "unsure"
    if seen.score >= _CLOSE:
        beside = seen.pages is False and has_other_words(one.title, other.title)
        beside = beside or are_contrasted(one.title, other.title)
        return "unsure" if against == 2 or beside else "same"
    if against:
        return "unsure" if against == 1 and seen.score >= _FAR else "different"
    if seen.authors and seen.pages:
        return "same"  # a title in two languages
    if seen.score < _FAR:
        return "unsure"
    return "unsure" if has_other_words(one.title, other.title) else "same"


def _judge(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """Decide without a shared identifier."""
    if _part_and_whole(one, other):
        return "unsure" if seen.score >= _SAME and seen.authors is not False else "different"
    if _are_two_trials(one, other):
        return "different"
    if (one.doi and other.doi) or (one.pmid and other.pmid):
        return _judge_two_identifiers(one, other, seen)
    if one.title in _GENERIC or min(len(one.title), len(other.title)) < 20:
        return _judge_short_title(one, seen)
    if one.nature != other.nature and {one.nature, other.nature} & set(_OUTSIDE):
        return "unsure" if seen.score >= _CLOSE and seen.authors else "different"
    if seen.score < _LIKE:
        return _judge_other_titles(seen)
    if not seen.numbers and not (seen.place and seen.volume and _typed_otherwise(one, other)):
        told = seen.score >= _CLOSE and seen.authors and seen.place is not False
        return "unsure" if told and not _other_part(one, other) else "different"
    if is_another_kind(one.title, other.title):
        return "unsure" if seen.place and seen.authors else "different"
    if seen.place:
        return _judge_same_place(one, other, seen)
    if seen.journal is False:
        return _judge_other_journal(seen)
    if seen.place is False:
        return _judge_other_place(one, other, seen)
    return _judge_by_title(one, other, seen)


def _stands_elsewhere(one: Traits, other: Traits, seen: Comparison) -> bool:
    """Whether a place that one record names is not the other's, however alike all else is.

    A title may come again in the next issue, volume or year, in a supplement, in a journal whose
    name has a word more. A record of the year before, without a place, is the article ahead of it.
    """
    another = seen.journal is False and is_another_journal(one.journals, other.journals)
    if seen.issue is False or seen.volume is False or another:
        return True
    ahead = bool(one.volume or one.pages) != bool(other.volume or other.pages)
    if seen.apart and not (seen.place or ahead):
        return True
    supplements = (one.in_supplement, other.in_supplement)
    return seen.pages is not True and any(supplements) and bool(one.pages and other.pages)


def _judge_short_title(one: Traits, seen: Comparison) -> Verdict:
    """A title that says little needs more than itself."""
    if seen.score < 100 or seen.authors is False or seen.place is False:
        return "different"
    if seen.place and seen.volume:
        return "same"
    if one.title in _GENERIC or seen.journal is False or seen.apart != 0:
        return "different"
    return "same" if seen.authors or len(one.title) >= 12 else "different"


def _judge_two_identifiers(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """Two DOIs are two publications, unless all else says that one of them is wrong."""
    if seen.score < _CLOSE or not seen.authors or not seen.numbers:
        return "different"
    if is_another_kind(one.title, other.title):
        return "different"
    agreed = seen.journal and seen.volume and seen.pages and seen.apart == 0
    sure = seen.score >= _SAME and len(one.title) >= 20 and one.title not in _GENERIC
    if agreed and sure and not are_contrasted(one.title, other.title):
        return "same"
    return "unsure" if seen.score >= _SAME else "different"


def _judge_other_titles(seen: Comparison) -> Verdict:
    """Two titles at one place by the same people may be one in two languages."""
    there = seen.place and seen.volume and seen.apart == 0
    if there and (seen.authors or (seen.authors is None and seen.journal and seen.score >= 50)):
        return "unsure"
    return "unsure" if seen.abstract and seen.authors and seen.close else "different"


def _judge_same_place(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """One volume and page: the article, unless several stand on it."""
    if not seen.close:
        return "unsure" if seen.authors else "different"
    if seen.authors is False:
        return "unsure" if seen.score >= _CLOSE else "different"
    if seen.whole:
        return "same"
    if has_other_words(one.title, other.title):
        return "unsure"  # two abstracts on one page of a supplement
    return "same" if seen.score >= _CLOSE or (seen.volume and seen.apart == 0) else "unsure"


def _judge_other_journal(seen: Comparison) -> Verdict:
    """A preprint, an abstract or a reprint, and the article; or one journal under two names."""
    if not seen.close or seen.authors is False:
        return "different"
    if seen.pages and seen.apart == 0 and seen.authors:  # a name of the journal nobody knows
        return "same" if seen.score >= _CLOSE and not seen.whole else "unsure"
    if seen.score < _SAME:
        return "different"
    if seen.authors and seen.volume and seen.abstract and seen.apart == 0:
        return "unsure" if seen.pages is False else "same"
    return "unsure"


def _judge_other_place(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """Another volume or page of a journal: a series, or something typed wrong."""
    if seen.score < _CLOSE or seen.authors is False:
        return "different"
    if seen.authors and seen.close and seen.score >= _SAME:
        if seen.volume is False and seen.pages and seen.apart == 0:
            return "same"
        if seen.volume and seen.apart == 0 and seen.abstract:
            return "same"
    if has_other_words(one.title, other.title):
        return "different"
    if seen.score >= _SAME and seen.authors:
        return "unsure"
    return "unsure" if seen.volume and seen.apart == 0 else "different"


def _judge_by_title(one: Traits, other: Traits, seen: Comparison) -> Verdict:
    """Decide where places say nothing, or one record lacks them."""
    length = min(len(one.title), len(other.title))
    if seen.authors is False:
        sure = seen.score >= _SAME and length >= 40 and seen.apart == 0
        return "unsure" if sure else "different"
    if has_other_words(one.title, other.title):
        return "unsure" if seen.authors and seen.apart == 0 and seen.journal else "different"
    if seen.score >= _SAME:
        if seen.authors:
            yearly = seen.apart and one.type == other.type and one.type in _YEARLY
            return "same" if seen.close and not yearly else "unsure"
        sure = seen.apart == 0 and (seen.journal or length >= 20)
        return "same" if sure else "unsure" if length >= 40 and seen.close else "different"
    if not seen.authors or not seen.close:
        return "unsure" if seen.journal and seen.apart == 0 else "different"
    if seen.score >= _CLOSE and seen.apart == 0:
        return "same"
    return "unsure"


def _one_study(one: Traits, other: Traits, seen: Comparison) -> str:
    """Say why two publications are reports of one study; empty where nothing says so."""
    if one.trials & other.trials:
        return f"reports of one study: {min(one.trials & other.trials)}"
    natures = {one.nature, other.nature}
    alike = seen.score >= _CLOSE and seen.authors
    if "register" in natures and len(natures) == 2:
        sure = seen.score >= _CLOSE and seen.authors is not False
        return "reports of one study: a register's entry and its publication" if sure else ""
    for nature, told in (("preprint", "a preprint"), ("thesis", "a thesis")):
        if nature in natures and len(natures) == 2 and alike:
            return f"reports of one study: {told} and its article"
    apart = seen.apart is None or seen.apart <= 3
    if "meeting" in natures and len(natures) == 2 and alike and apart and seen.journal is False:
        return "reports of one study: an abstract and the full report"
    kinds = (set(one.title.split()) ^ set(other.title.split())) & OTHER_REPORTS
    if kinds and seen.score >= _LIKE and seen.authors and apart and not seen.place:
        return f"reports of one study: {min(kinds)}"
    return ""


def _part_and_whole(one: Traits, other: Traits) -> bool:
    return (one.type in PARTS and other.type in WHOLES) or (
        other.type in PARTS and one.type in WHOLES
    )


def _are_two_trials(one: Traits, other: Traits) -> bool:
    """Whether two entries of registers have two numbers of one register: by titles alone, a drug
    that is tried again by the same sponsor would be one trial.
    """
    if not one.nature == other.nature == "register" or one.trials & other.trials:
        return False
    registers, others = (
        {_REGISTER.split(trial)[0] for trial in each.trials} for each in (one, other)
    )
    return bool(registers & others)


def _likeness(first: Traits, second: Traits, *, thorough: bool) -> tuple[float, bool]:
    """Return how alike two titles are, and whether one is a part of the other.

    Unless it is `thorough`, two titles that share few words are not alike at all.
    """
    one, other = first.title, second.title
    if not one or not other:
        return 0.0, False
    if one == other:
        return 100.0, False
    if one[0] == other[0] and one[-1] == other[-1] and first.letters == second.letters:
        return 99.0, False
    short, long = (one, other) if len(one) < len(other) else (other, one)
    if len(short) >= 30 and long.startswith(short):
        return 92.0, True  # one of the two lacks the subtitle, or its end
    if len(short) >= 20 and long.startswith(f"{short} "):
        return 85.0, True
    shared = len(first.words.intersection(other.split()))
    least = min(first.word_count, second.word_count)
    if not thorough and least > 3 and shared * 3 < least:
        return 0.0, False
    best = ratio(one, other, score_cutoff=50)
    if best < _SAME and shared * 2 >= least:
        best = max(best, token_sort_ratio(one, other, score_cutoff=_LIKE))
    longer = len(short) >= 30 and len(long) > len(short) * 1.2 and shared >= least - 2
    if best < _CLOSE and longer and partial_ratio(short, long, score_cutoff=93):
        return max(best, 88.0), True
    return best, False


def _numbered_alike(one: str, other: str) -> bool:
    """Whether the numbers in a subtitle that one title lacks do not count parts."""
    short, long = sorted((one, other), key=len)
    rest = long.replace(short, "", 1)
    return len(rest.split()) > 2 and not _COUNTED.search(rest)


def _typed_otherwise(one: Traits, other: Traits) -> bool:
    """Whether numbers differ because a word of one title was typed wrong."""
    return len(one.numbers) != len(other.numbers) and ratio(one.title, other.title) >= 95


def _other_part(one: Traits, other: Traits) -> bool:
    """Whether both titles count, and only their numbers differ: part 1 and part 2."""
    return bool(one.numbers and other.numbers) and ratio(
        "".join(c for c in one.title if not c.isdigit()),
        "".join(c for c in other.title if not c.isdigit()),
    ) >= _CLOSE  # fmt: skip


def _same_authors(one: Traits, other: Traits) -> bool | None:
    """Whether half of the family names are shared; None where it is not known, or hard to say."""
    first, second = one.people, other.people
    if not first or not second:
        return None
    shared = set(first) & set(second)
    least = min(len(set(first)), len(set(second)))
    count = len(shared)
    if count * 2 < least or not count:
        rest = [word for word in second if word not in shared]
        count += sum(any(_spelt_alike(a, b) for b in rest) for a in first if a not in shared)
    if count * 2 >= least:
        return True
    if len(one.whole_name) > 1 and one.whole_name == other.whole_name:
        return True  # family and given name swapped
    if not count:
        return False
    return True if one.first == other.first and count * 3 >= least else None


def _spelt_alike(one: str, other: str) -> bool:
    if one[:6] == other[:6] and min(len(one), len(other)) >= 6:
        return True
    return abs(len(one) - len(other)) < 3 and ratio(one, other) >= 80 and len(one) > 3


def _same_abstract(one: str, other: str) -> bool | None:
    if len(one) < 200 or len(other) < 200:
        return None
    return one[80:200] in other or other[80:200] in one


def _same_journal(one: Traits, other: Traits) -> bool | None:
    """Whether two journals are one; None where it is not known, or one name begins the other."""
    if not one.journals or not other.journals:
        return None
    if one.journal == other.journal or one.issn & other.issn:
        return True
    return one_journal(one.journals, other.journals)


def _reason(one: Traits, other: Traits, seen: Comparison) -> str:
    parts = ["same title" if one.title == other.title else "similar title"]
    if seen.authors:
        parts.append("same author")
    elif seen.authors is False:
        parts.append("other authors")
    if seen.apart == 0:
        parts.append("same year")
    elif seen.apart:
        parts.append(f"{seen.apart} years apart" if seen.apart > 1 else "one year apart")
    if seen.place:
        parts.append("same pages")
    elif seen.journal is False:
        parts.append("another journal")
    elif seen.place is False:
        parts.append("other pages" if seen.volume else "another volume")
    if one.doi and other.doi:
        parts.append("another DOI")
    return ", ".join(parts)
