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
_INITIALS = re.compile(r"(?:[^\W\d_a-zß-ÿ]\.?[-\s]?){1,4}")


@dataclass(frozen=True, slots=True)
class StudyLabel:
    """What a label says: names as BibTeX lists them, and a year or nothing.

    `paper` is the label without what tells the arms or samples of one paper apart.
    """

    authors: str
    year: str = ""
    paper: str = ""


def read_label(text: str) -> StudyLabel:
    """Read a study label; a year is four digits at its end, or before what tells arms apart.

    >>> read_label("Aaron (2005)"), read_label("Smith et al. 2020a")
    (StudyLabel(authors='Aaron', year='2005', paper='Aaron (2005)'), \
StudyLabel(authors='Smith and others', year='2020', paper='Smith et al. 2020a'))
    >>> read_label("Elderberry_2022").year, read_label("O Mara et al.").authors
    ('2022', '{O Mara} and others')
    >>> read_label("Fern & Gorse, 1999 (arm 2)")
    StudyLabel(authors='Fern and Gorse', year='1999', paper='Fern & Gorse, 1999')
    """
    whole = " ".join(text.replace("_", " ").split())
    found = _YEAR.fullmatch(whole)
    if found is None:
        return StudyLabel(_names(whole), paper=whole)
    return StudyLabel(_names(found["who"]), found["year"], whole[: found.start("rest")].strip())


def is_label(text: str) -> bool:
    """Whether a text is a name with a year: "Smith 2020", and not "2020" or "Trial of 12 weeks"."""
    found = _YEAR.fullmatch(" ".join(text.replace("_", " ").split()))
    return found is not None and len(found["who"].split()) < 9


def _names(text: str) -> str:
    """Return the names of a label, which are mostly family names alone."""
    bare = text.strip(" ,;:.([-")
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
