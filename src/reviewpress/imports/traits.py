"""What of an entry is compared with others, prepared once, and made alike across databases."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

from reviewpress.bibliography import Entry, Name, bare_doi, fold_accents, normalise
from reviewpress.imports.dois import unescape_doi
from reviewpress.imports.journals import SMALL_WORDS, journal_names
from reviewpress.imports.record_numbers import FIELD as RECORD_NUMBER
from reviewpress.store.digests import digest_bytes

PARTS = frozenset(("inbook", "incollection", "inproceedings", "inreference", "suppbook"))
WHOLES = frozenset(
    ("book", "collection", "mvbook", "mvcollection", "periodical", "proceedings", "reference")
)
THESES = frozenset(("thesis", "phdthesis", "mastersthesis"))
BOOKKEEPING = frozenset(("ids", "possible-duplicate", "code", "group", "file", RECORD_NUMBER))
"""Fields that say nothing of the work itself."""

_NOT_IN_DOIS = re.compile(r"[*†\s{}]|(?<=/)/+")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_NO_LETTER = re.compile(r"[\W_]+")
_NOTES = re.compile(
    r"\s*(?:\[\s*(?:review|\d+\s*refs?|see comments?|abstract|comment|letter|erratum[^\]]*"
    r"|retraction[^\]]*|published erratum[^\]]*|article in [^\]]*|(?:in )?(?:chinese|czech|danish"
    r"|dutch|french|german|hungarian|italian|japanese|norwegian|polish|portuguese|russian|spanish"
    r"|swedish|turkish)|corrected)\s*\]|\((?:review|abstract|structured abstract|brief record"
    r"|provisional abstract)\))(?=[\s\"'.]*(?:[\[(]|$))",
    re.IGNORECASE,
)
"""What Ovid, PubMed and CENTRAL write after a title, and is no part of it."""
_GREEK = {
    "α": " alpha ", "β": " beta ", "γ": " gamma ", "δ": " delta ", "ε": " epsilon ",
    "κ": " kappa ", "λ": " lambda ", "μ": " mu ", "ω": " omega ", "π": " pi ", "σ": " sigma ",
    "τ": " tau ", "χ": " chi ", "+": " plus ", "&": " and ",
}  # fmt: skip
_WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "twelve": "12", "ii": "2", "iii": "3", "iv": "4", "vi": "6",
    "vii": "7", "viii": "8", "ix": "9", "second": "2nd", "third": "3rd", "first": "1st",
}  # fmt: skip
_HTML = re.compile(r"</?[a-z]{1,3}>", re.IGNORECASE)
_PART_ONE = re.compile(
    r"\b((?:part|phase|stage|type|volume|grade|class|study) )([ivx])\b|(?<= )([ivx])$"
)
_SMALL = {"i": "1", "v": "5", "x": "10"}
_NOBODY = frozenset(
    ("al", "anon", "anonymous", "authors", "et", "euctr", "isrctn", "listed", "nct", "no",
     "others", "unknown")
)  # fmt: skip
_TRIAL = re.compile(
    r"(?:NCT|ISRCTN)[\s:#-]{0,2}\d{8}|(?<!\d)(?:19|20)\d\d-\d{6}-\d{2}(?!\d)|ACTRN\s?\d{14}"
    r"|DRKS\s?\d{8}|ChiCTR[-A-Z]*\d{8,10}|UMIN\s?\d{9}|CRD\s?42\d{9}|CTRI/\d{4}/\d{2,3}/\d{6}",
    re.IGNORECASE,
)
_TRIAL_SIGN = re.compile(r"\d{6}")
_TRIAL_FIELDS = (
    "title", "abstract", "note", "annote", "number", "url", "doi", "keywords", "accession",
    "eprint", "howpublished", "journal", "pages", "chapter", "addendum", "clinical-trial",
)  # fmt: skip
_REGISTERS = re.compile(
    r"clinicaltrials\.gov|clinicaltrialsregister|\bisrctn\b|\bictrp\b|trialsearch\.who|\beuctr\b"
    r"|\banzctr\b|\bchictr\b|\bdrks\b|\bumin-?ctr\b|\bprospero\b|clinical trials? regist",
    re.IGNORECASE,
)
_PREPRINTS = re.compile(
    r"\b(?:bio|med|chem|psy|soc|ed|ar|engr|agri)\s?[rx]?xiv\b|\bpsyarxiv\b|\bpreprints?\b"
    r"|\bresearch square\b|\bssrn\b|\bosf\b",
    re.IGNORECASE,
)
_PREPRINT_DOIS = (
    "10.1101/", "10.48550/", "10.2139/ssrn", "10.31234/", "10.31219/", "10.31235/", "10.21203/rs",
    "10.20944/preprints", "10.26434/", "10.64898/",
)  # fmt: skip
_MEETING = re.compile(
    r"\babstracts?\b|\bconference\b|\bcongress\b|\bmeeting\b|\bposter\b|\bsymposium\b|\bsuppl",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_WHOLE = re.compile(r"\w{2,}")
_ISSN = re.compile(r"\d{4}-?\d{3}[\dX]")
_VOLUME = re.compile(r"(?:vol(?:ume)?\.?\s*)?(\d+[a-z]?)(?!\))")
_OF_SUPPLEMENT = re.compile(r"\W*S\d", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;+&]")
_LABEL = re.compile(r"^\W*(?:pp?|pages?|art\w*|no)\b[.\s]*")
_SUPPLEMENT = re.compile(r"\bsuppl|\bS\d", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"\w\.[^\W\d_]{2}")
_MONTHS = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(r"([a-z]{0,3})0*(\d+)([a-z]?)")


@dataclass(frozen=True, slots=True)
class Traits:
    """What of an entry is compared.

    `numbers` are those in the title, which tell parts and years of a series apart; `journals` the
    words of each name that a journal is given under. `pages` are the first pages of its ranges.
    `word_count` is how many words the title has; each sets one of the 256 `word_bits`.
    """

    key: str
    type: str
    title: str
    doi: str
    pmid: str
    year: int | None
    people: tuple[str, ...]
    first: str
    whole_name: frozenset[str]
    journals: tuple[tuple[str, ...], ...]
    journal: str
    issn: frozenset[str]
    volume: str
    issue: str
    in_supplement: bool
    pages: tuple[str, ...]
    abstract: str
    trials: frozenset[str]
    nature: str
    parent: str
    fingerprint: int
    word_count: int
    word_bits: int

    @property
    def words(self) -> frozenset[str]:
        """The words of the title."""
        return _words_of(self.title)

    @property
    def letters(self) -> str:
        """The title without spaces."""
        return self.title.replace(" ", "")

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers in the title, in the order of the alphabet."""
        return tuple(sorted(_NUMBER.findall(self.title)))


_PACKED = Traits.__slots__[: Traits.__slots__.index("fingerprint")]


def pack_traits(traits: Traits) -> list[object]:
    """Return traits as values that JSON can hold, without the fingerprint and what follows it."""
    return [
        sorted(value) if isinstance(value, frozenset) else value
        for name in _PACKED
        for value in (getattr(traits, name),)
    ]


def unpack_traits(values: Sequence[Any], fingerprint: int) -> Traits:
    """Return the traits that `pack_traits` packed."""
    (key, kind, title, doi, pmid, year, people, first, whole_name, journals, journal, issn,
     volume, issue, in_supplement, pages, abstract, trials, nature, parent) = values  # fmt: skip
    return Traits(
        key, kind, title, doi, pmid, year, tuple(people), first, frozenset(whole_name),
        tuple(map(tuple, journals)), journal, frozenset(issn), volume, issue, in_supplement,
        tuple(pages), abstract, frozenset(trials), nature, parent, fingerprint,
        *_sketch(title),
    )  # fmt: skip


def traits_of(entry: Entry) -> Traits:
    """Prepare an entry to be compared."""
    names = entry.authors or entry.editors
    families = [tuple(_family_words(name)) for name in names]
    journal = entry.first("journal", "journaltitle", "booktitle", "institution")
    doi, year = clean_doi(entry.text("doi")), entry.year
    volume, issue = entry.text("volume"), entry.first("number", "issue")
    pages, issn = entry.text("pages"), entry.text("issn")
    title = clean_title(entry.title)
    word_count, word_bits = _sketch(title)
    return Traits(
        key=entry.key,
        type=entry.type,
        title=title,
        doi=doi,
        pmid=entry.text("pmid"),
        year=year,
        people=tuple(dict.fromkeys(word for words in families for word in words)),
        first=next((word for words in families[:1] for word in words), ""),
        whole_name=frozenset(_WHOLE.findall(_folded(str(names[0])))) if names else frozenset(),
        journals=journal_names(journal),
        journal=_letters(journal),
        issn=frozenset(_ISSN.findall(issn.upper())) if issn else frozenset(),
        volume=_volume(volume, year),
        issue=issue,
        in_supplement=_in_supplement(f"{volume} {issue}", pages),
        pages=_pages(pages),
        abstract=_NO_LETTER.sub("", entry.fields.get("abstract", "")[:900].casefold())[:600],
        trials=_trials(entry),
        nature=_nature(entry, doi, journal, f"{entry.text('number')} {volume}"),
        parent=entry.fields.get("crossref", ""),
        fingerprint=_fingerprint(entry),
        word_count=word_count,
        word_bits=word_bits,
    )


def clean_title(title: str) -> str:
    """Return a title to compare by: no notes of a database, one way of writing numbers.

    >>> clean_title("[Type II diabetes in TNF-α mice]. [Review] [87 refs]")
    'type 2 diabetes in tnf alpha mice'
    """
    text = title
    while (
        ("[" in text or "(" in text)
        and (shorter := _NOTES.sub("", text)) != text
        and shorter.strip()
    ):
        text = shorter
    if not text.isascii() or "+" in text or "&" in text:
        text = "".join(_GREEK.get(char, char) for char in text)
    folded = normalise(_HTML.sub("", text) if "<" in text else text).split()
    words = " ".join([_WORDS.get(word, word) for word in folded])
    if _SMALL.keys().isdisjoint(folded):
        return words
    return _PART_ONE.sub(lambda found: f"{found[1] or ''}{_SMALL[found[2] or found[3]]}", words)


def clean_doi(text: str) -> str:
    """Return a DOI without what databases write before, after and into it.

    >>> clean_doi("Doi 10.1016/S0016-5085%2816%2930847-2.")
    '10.1016/s0016-5085(16)30847-2'
    >>> clean_doi("https://doi.org/10.1000//a\u2010b*") == clean_doi("10.1000/A-B")
    True
    """
    if not text:
        return ""
    bare = _NOT_IN_DOIS.sub("", unescape_doi(bare_doi(text).replace("\\", "")).lower())
    found = _DOI.search(bare)
    doi = (found[0] if found else bare if bare.startswith("10.") else "").rstrip(".,;:/\"'")
    return doi.rstrip(")]") if doi.count("(") < doi.count(")") else doi


def _family_words(name: Name) -> Iterator[str]:
    """Yield the words of a family name; some exports run all authors together in one."""
    least = 4 if name.is_body else 2
    whole = str(name)
    text = whole if "." in whole and _RUN_TOGETHER.search(whole) else name.family
    for word in _LETTERS.findall(_folded(text)):
        if len(word) >= least and word not in _NOBODY and word not in SMALL_WORDS:
            yield word


@lru_cache(maxsize=10_000)
def _words_of(title: str) -> frozenset[str]:
    """Return the words of a title; a record's own are asked for at every comparison."""
    return frozenset(title.split())


def _sketch(title: str) -> tuple[int, int]:
    """Return how many words a title has, and a bit of 256 for each of them."""
    words = _words_of(title)
    bits = 0
    for word in words:
        bits |= 1 << (crc32(word.encode("utf-8", "surrogatepass")) & 255)
    return len(words), bits


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return fold_accents(text.casefold().replace("'", "").replace("’", ""))


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", _folded(text))


def _volume(text: str, year: int | None) -> str:
    """Return the number of a volume; empty where it is an issue or the year in its place."""
    found = _VOLUME.match(text.strip().casefold()) if text else None
    if found is None or found[1] == str(year):
        return ""
    return found[1].lstrip("0")


def _in_supplement(place: str, pages: str) -> bool:
    """Whether an entry stands in a supplement, by its volume and issue, or its pages."""
    return bool(_SUPPLEMENT.search(place) or _OF_SUPPLEMENT.match(pages))


def _pages(text: str) -> tuple[str, ...]:
    """Return the first page of each range; none for a date that a spreadsheet made of them."""
    if not text or _MONTHS.search(text):
        return ()
    found: dict[str, None] = {}
    for piece in _BETWEEN.split(text.casefold()):
        page = _PAGE.search(_LABEL.sub("", piece.strip()))
        if page is not None:
            found[f"{page[1]}{page[2]}{page[3]}"] = None
    return tuple(found)


def _trials(entry: Entry) -> frozenset[str]:
    """Return the numbers of trials that an entry names."""
    found = set[str]()
    if not _TRIAL_SIGN.search("\n".join(entry.fields.values())):
        return frozenset()
    for name in _TRIAL_FIELDS:
        value = entry.fields.get(name, "")
        if value and _TRIAL_SIGN.search(value):
            for one in _TRIAL.findall(value.replace("\\", "")):
                number = one.upper() if one[0].isalpha() else f"EudraCT {one}"
                found.add(re.sub(r"^(NCT|ISRCTN)[\s:#-]+|\s(?=\d{8})", r"\1", number))
    return frozenset(found)


def _nature(entry: Entry, doi: str, journal: str, place: str) -> str:
    """Return whether an entry is of a register, a preprint, a thesis, a meeting, or none of these.

    `place` is its number and volume.
    A register's entry has no place in a journal; an article may name a register in its abstract.
    """
    where = " ".join((journal, entry.text("publisher"), entry.text("howpublished")))
    who = entry.fields.get("author", "").strip("{}, ").casefold()
    address = "" if entry.fields.get("journal") else entry.url
    if _REGISTERS.search(where) or _REGISTERS.search(address) or who in ("nct", "isrctn", "euctr"):
        return "register"
    if doi.startswith(_PREPRINT_DOIS) or _PREPRINTS.search(where):
        return "preprint"
    if entry.fields.get("archiveprefix") and not entry.fields.get("journal"):
        return "preprint"
    if entry.type in THESES:
        return "thesis"
    said = f"{journal} {entry.text('title')[-12:]} {place}"
    return "meeting" if _MEETING.search(said) else ""


def _fingerprint(entry: Entry) -> int:
    """Return a number that two entries share where they say the same, letter by letter."""
    kind = "part" if entry.type in PARTS else "whole" if entry.type in WHOLES else ""
    said = sorted(
        [
            (name, " ".join(value.split()))
            for name, value in entry.fields.items()
            if value and name not in BOOKKEEPING
        ]
    )
    return int(digest_bytes(repr((kind, said)).encode("utf-8", "surrogatepass"))[:15], 16)
