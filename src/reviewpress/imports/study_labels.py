"""Study labels: who wrote a study and when, as tables of reviews say it in one cell."""

import re
from dataclasses import dataclass

from reviewpress.bibliography import Name
from reviewpress.imports.people import bibtex_names, read_names

_YEAR = re.compile(
    r"(?P<who>.*?[^\W\d_].*?)[\s,;:._(\[/-]*(?<!\d)(?P<year>(?:1[89]|20)\d\d)(?P<letter>[a-z]?)"
    r"(?!\w)[)\].]*(?P<rest>.*)"
)
_ET_AL = re.compile(
    r"[\s,]*\bet\.?[\s_]*al\b\.?|[\s,]*\band (?:others|colleagues)\b", re.IGNORECASE
)
_AND = re.compile(r"\s*(?:;|&|\band\b|\+|/)\s*|\s*,\s*(?=[^\W\d_]{3,}(?:[\s,]|$))", re.IGNORECASE)
_LISTED = re.compile(r"\s+and\s+")
"""What parts names in BibTeX's lists of them: "Fern, Ann and Gorse, Bo"."""
_UNDATED = re.compile(
    r"[\s,;(\[]+(?:[Ii]n [Pp]ress|[Ii]n [Pp]rep(?:aration|\.)?|[Ff]orthcoming|[Ss]ubmitted"
    r"|[Uu]npublished|[Uu]ndated|[Nn]o date|[Nn]\.\s?[Dd]\.?|nd)[)\].]*"
)
"""What stands where a year would, in papers that have none."""
_REFERENCE_NUMBER = re.compile(r"\s*(\[\d{1,4}\])")
"""The number that a list of references gives a paper: two numbers are two papers."""
_ANY_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_SENTENCE = re.compile(r"(?<!\bSt)\.\s+(?=[^\W\d_]{3,}\s+[^\W\d_]{2,})(?!and\b|others\b)")
"""Where a sentence ends within a whole reference: after its authors, or after its title."""
_TITLE, _WORDS = 2, 9
"""How many words a title has at least; and what stands before the year of a label, at most."""
_TITLED = re.compile(r"[\s)\]]*[,:.–—-]\s+(?P<title>[\"“'‘]?[^\W\d_a-zß-ÿ]\S*(?:\s+\S+){5,})")
"""A title after the year: "Allison, 1954, Protection afforded by sickle-cell trait against …"."""
_INITIALS = re.compile(r"(?:[^\W\d_a-zß-ÿ]\.?[-\s]?){1,4}")


@dataclass(frozen=True, slots=True)
class StudyLabel:
    """What a label says: names as BibTeX lists them, and a year or nothing.

    `paper` is the label without what tells the arms or samples of one paper apart. A whole
    reference has a `title`.
    """

    authors: str
    year: str = ""
    paper: str = ""
    title: str = ""


def read_label(text: str) -> StudyLabel:
    """Read a study label; a year is four digits at its end, or before what tells arms apart.

    >>> read_label("Smith et al. 2020a")
    StudyLabel(authors='Smith and others', year='2020', paper='Smith et al. 2020a', title='')
    >>> read_label("Aaron (2005)").authors, read_label("Aaron (2005)").year
    ('Aaron', '2005')
    >>> read_label("Elderberry_2022").year, read_label("O Mara et al.").authors
    ('2022', '{O Mara} and others')
    >>> read_label("Fern & Gorse, 1999 (arm 2)")
    StudyLabel(authors='Fern and Gorse', year='1999', paper='Fern & Gorse, 1999', title='')
    >>> read_label("Baker (2003) [45]").paper
    'Baker (2003) [45]'
    >>> read_label("Ash A, Birch B. Ponds of the north. J Gard. 2010;1:2-3.").title
    'Ponds of the north'
    """
    whole = " ".join(text.replace("_", " ").split())
    found = _YEAR.fullmatch(whole)
    if found is None:
        undated = _UNDATED.search(whole)
        is_last = undated is not None and undated.end() == len(whole)
        return StudyLabel(_names(whole[: undated.start()] if undated and is_last else whole),
                          paper=whole)  # fmt: skip
    if reference := _reference(found, whole):
        return reference
    if titled := _TITLED.fullmatch(found["rest"]):
        who = found["who"]
        return StudyLabel(_names(who), found["year"], whole, titled["title"].strip(" ."))
    paper = whole[: found.start("rest")].strip()
    number = _REFERENCE_NUMBER.match(found["rest"])
    return StudyLabel(
        _names(found["who"]), found["year"], f"{paper} {number[1]}" if number else paper
    )


def _reference(found: re.Match[str], whole: str) -> StudyLabel | None:
    """Return what a whole reference says, None for a label: its title comes before its journal.

    Its year comes last (Vancouver), or after the authors (APA, Harvard).
    """
    who = _SENTENCE.split(found["who"], maxsplit=1)[0]
    is_last = who != found["who"]
    told = whole[len(who) :].lstrip(" .") if is_last else found["rest"].strip(" ,:;).")
    title, _, journal = told.partition(". ")
    if not journal.strip() or len(title.split()) < _TITLE:
        return None
    year = _ANY_YEAR.search(journal) if is_last else None  # not one in its title
    listed = "," in who and not re.search(r"\w\.", who)  # "Ash A, Birch B"
    names = bibtex_names(read_names(who)) if listed else _names(who)
    return StudyLabel(names, year[0] if year else found["year"], whole, title.strip(" .,:;"))


def is_label(text: str) -> bool:
    """Whether a text is a name with a year: "Smith 2020", and not "2020" or "Trial of 12 weeks".

    "Smith in press" is one, too.
    """
    whole = " ".join(text.replace("_", " ").split())
    found = _YEAR.fullmatch(whole)
    if found is None:
        undated = _UNDATED.search(whole)
        return undated is not None and undated.end() == len(whole) and undated.start() > 1
    return len(found["who"].split()) < _WORDS or _reference(found, text) is not None


def _names(text: str) -> str:
    """Return the names of a label, which are mostly family names alone."""
    bare = text.strip(" ,;:.([-")
    listed = _LISTED.split(bare)
    if len(listed) > 1 and all(name.count(",") == 1 for name in listed):
        return bibtex_names(read_names("; ".join(listed)))
    first = _ET_AL.sub("", bare)
    if "," in first and not _ET_AL.search(bare) and re.search(r",\s*\w\.", first):
        return bibtex_names(read_names(first))
    people = [_person(part) for part in _AND.split(first) if part and part.strip(" ,.")]
    if first != bare:
        people.append(Name("others"))
    return " and ".join(
        name.family if name.family == "others" else bibtex_names([name]) for name in people
    )


def _person(text: str) -> Name:
    """Return a person of a label: all of it is the family's name but for initials at the end."""
    words = text.strip(" ,").split()
    given: list[str] = []
    while len(words) > 1 and _INITIALS.fullmatch(words[-1]):
        given.insert(0, words.pop())
    family = " ".join(words).rstrip(",")
    # BibTeX takes the first of two words for a given name, unless it is small.
    return Name(
        family, " ".join(given), is_body=not given and family[:1].isupper() and " " in family
    )
