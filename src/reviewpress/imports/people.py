"""Names of people and bodies, as exports write them: one in a field, or all of them."""

import re
from collections.abc import Iterable

from reviewpress.bibliography import Name, plain
from reviewpress.bibliography.entries import comma_parted, is_family_first, outside_braces
from reviewpress.bibliography.latex import encode_latex
from reviewpress.name_words import is_particle, speaks_of_a_body

_ET_AL = re.compile(
    r"[\s,;]*(?:\b(?:and|&))?\s*[\[(]?\s*\bet\.?\s+al(?:ii|iae)?\b\.?\s*[\])]?\.?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,?\s+(?:and|AND|And|&)\s+")
_SUFFIX = re.compile(r",\s*(?:[JS]r|I{2,3}|IV|M\.?D|Ph\.?D|M\.?Sc|M\.?P\.?H)\b", re.IGNORECASE)
_HAS_AND = re.compile(r"\band\b")
_SEMICOLONS = str.maketrans({"；": ";", "؛": ";", "﹔": ";", "、": ";", "|": ";"})
"""What separates persons in other scripts, and in tables of OpenAlex."""


def tidy_names(value: str) -> str:
    """Return a list of names of BibTeX in which each is one person, and others are "others".

    What is one name for BibTeX is taken apart only where it cannot be one: capital AND, commas or
    semicolons between persons.

    >>> tidy_names("A. One, B. Two AND Three, C. and et al.")
    'One, A. and Two, B. and Three, C. and others'
    >>> tidy_names("{Health; Care} and Procter & Gamble")
    '{Health; Care} and Procter & Gamble'
    """
    names: list[str] = []
    for name in outside_braces(value):
        bare = name.strip(" ,;")
        if re.fullmatch(r"et\.?\s+al(?:ii)?\.?", bare, re.IGNORECASE):
            people = [Name("others")]
        else:
            people = [] if "{" in bare else read_people(plain(bare))
        names.append(bibtex_names(people) if _is_list(people, bare) else bare)
    return " and ".join(filter(None, names))


def _is_list(people: list[Name], text: str) -> bool:
    return len(people) > 1 or (people == [Name("others")] and text != "others")


def bibtex_names(people: Iterable[Name]) -> str:
    """Return persons and bodies as a BibTeX list of names."""
    return " and ".join(_bibtex_name(person) for person in people)


def read_name(text: str) -> Name:
    """Read one author as exports write it: "Wang, L.", "L. Wang", "Wang L", "Audit Scotland".

    >>> read_name("J. Soraghan"), read_name("Audit Scotland").is_body
    (Name(family='Soraghan', given='J.', suffix='', is_body=False), True)
    """
    text = " ".join(comma_parted(text.strip(" ;")).split())
    if "," not in text and is_family_first(text):
        family, _, given = text.partition(" ")
        return Name(family, given)
    if "," in text:
        family, _, rest = text.partition(",")
        given, _, suffix = rest.partition(",")
        if not rest.strip():  # "World Bank,": so reference managers mark a body
            return Name(family.strip(), is_body=True)
        if family.strip() and not (" " in family.strip() and speaks_of_a_body(family)):
            return Name(family.strip(), given.strip(), _suffix(suffix))
        return Name(text.rstrip(", "), is_body=True)
    words = text.split()
    if len(words) < 2 or speaks_of_a_body(text):
        return Name(text, is_body=True)
    start = len(words) - 1
    if _are_initials(words[-1]) and not _are_initials(words[0]):
        while start > 1 and len(words[start - 1].rstrip(".")) == 1:
            start -= 1
        return Name(" ".join(words[:start]), " ".join(words[start:]))
    while start > 1 and is_particle(words[start - 1]):
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))


def read_names(text: str) -> list[Name]:
    """Read several authors in one text, separated by semicolons, `and`, or "A B, C D".

    Initials after a comma make a pair with the name before them, as many styles write it.

    >>> [name.family for name in read_names("Wang L, Li J")], len(read_names("Wang, L.; Li, J."))
    (['Wang', 'Li'], 2)
    >>> [str(name) for name in read_names("Wang, L., O'Hara, J. K., & Li, J.")]
    ['L. Wang', "J. K. O'Hara", 'J. Li']
    >>> [name.family for name in read_names("Wang et al.")]
    ['Wang', 'others']
    """
    text = text.translate(_SEMICOLONS)
    first = _ET_AL.sub("", text)
    if first != text:
        people = [Name(n.family, n.given) if " " not in str(n) else n for n in read_names(first)]
        return [*people, Name("others")]
    cells = re.split(r"\s*(?:,\s*(?:&|and\b)|,|&|\band\b)\s*", text.strip(), flags=re.IGNORECASE)
    pairs = list(zip(cells[::2], cells[1::2], strict=False))
    if len(cells) > 3 and len(cells) % 2 == 0 and (
        all(_are_all_initials(given) for _, given in pairs)
        or (";" not in text and _are_whole_pairs(pairs) and not all(map(_is_whole_name, cells)))
    ):  # fmt: skip
        return [Name(family, given) for family, given in pairs]
    if ";" in text:
        parts = text.split(";")
    elif re.search(r"\s(?:and|AND)\s", text):
        parts = [name for part in _AND.split(text) for name in _listed(part)]
    else:
        parts = _listed(text)
    return [read_name(part) for part in parts if part.strip(" ,;.")]


def is_given_first(column: Iterable[str]) -> bool:
    """Whether cells of authors have the given name first and commas between persons.

    A cell of two whole names, "Ann One, Bo Two", may be one person of two family names: lists of
    three and more in the same column tell.

    >>> is_given_first(["Ann One, Bo Two", "Cy Three, Di Four, Ed Five"])
    True
    """
    lists = [[part.strip() for part in text.split(",")] for text in column if "," in text]
    return any(len(parts) > 2 for parts in lists) and all(
        _is_whole_name(part) for parts in lists for part in parts
    )


def read_people(text: str) -> list[Name]:
    """Read one author, or several that an export has put into one field.

    Only what are persons on both sides of an "and" is taken apart: a body may have one in its
    name.

    >>> [str(name) for name in read_people("Alder, K and Beech, R and Cedar, PE")]
    ['K Alder', 'R Beech', 'PE Cedar']
    >>> [str(name) for name in read_people("Health and Safety Executive")]
    ['Health and Safety Executive']
    """
    text = text if text.isascii() else text.translate(_SEMICOLONS)
    if ";" in text:
        pieces = [re.sub(r"^\s*(?:and|&)\s+", "", piece) for piece in text.split(";")]
        return [person for piece in pieces if piece.strip(" ,.") for person in read_people(piece)]
    small = text.lower()
    if "et" in small:
        text = _ET_AL.sub(" et al.", text)
        if text.endswith("et al."):
            return read_names(text)
    parts = _AND.split(text.strip(" ,")) if "and" in small or "&" in small else [text]
    if len(parts) > 1 and (people := _parted(parts)):
        return people
    if text.count(",") > 2 or ("," in text and all(map(_is_short_name, text.split(",")))):
        return read_names(text)
    return [read_name(part) for part in _listed(text)]


def _parted(parts: list[str]) -> list[Name]:
    """Return the persons of a list that "and" has parted, none where it may part a body's name."""
    listed = ", ".join(parts).split(", ")
    if "," not in parts[-1] and all(map(_is_whole_name, listed)):
        return [read_name(part) for part in listed]
    if all(map(_is_person, parts[:-1])) and (parts[-1] == "others" or _is_person(parts[-1])):
        return [Name("others") if part == "others" else read_name(part) for part in parts]
    if _is_inverted(parts[0]):  # a body is among the persons, or the last one
        return [read_name(part) for part in _whole_bodies(parts)]
    return []


def _suffix(text: str) -> str:
    """Return what follows the name of a person; degrees without commas, as BibTeX needs it."""
    return (text.replace(",", "") if _SUFFIX.match(f",{text}") else text).strip()


def _listed(text: str) -> list[str]:
    """Return the names of a text in which commas part persons, or the text.

    >>> _listed("A. One, B. Two"), _listed("Ann One, Bo Two, Cy Three"), _listed("One, Ann")
    (['A. One', 'B. Two'], ['Ann One', 'Bo Two', 'Cy Three'], ['One, Ann'])
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    short = all(map(_is_short_name, parts)) or all(map(_is_spoken, parts))
    if len(parts) > 1 and (short or (len(parts) > 2 and all(map(_is_whole_name, parts)))):
        return parts
    return [text]


def _are_whole_pairs(pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether all pairs are a family and a given name, and no degree or body is among them."""
    return all(
        cell and len(cell.split()) < 3 and not speaks_of_a_body(cell)
        and not _SUFFIX.match(f",{cell}") and not any(map(_are_initials, cell.split()))
        for pair in pairs
        for cell in pair
    )  # fmt: skip


def _is_person(text: str) -> bool:
    """Whether a text is one person: "Alder, K. M.", "Alder, Karl, Jr.", "Karl Alder"."""
    _family, comma, given = text.partition(",")
    if comma and _are_all_initials(given.strip()):
        return True
    if text.count(",") > 1 and not _SUFFIX.search(text):
        return False
    return len(text.split()) in range(2, 6) and not speaks_of_a_body(text)


def _is_whole_name(text: str) -> bool:
    """Whether a text is the whole name of one person, not the initials: "Karl Alder"."""
    words = text.split()
    return (
        len(words) in range(2, 5)
        and not speaks_of_a_body(text)
        and not (words[0].islower() and is_particle(words[0]))
        and not any(map(_are_initials, (words[0], words[-1])))
    )


def _is_short_name(text: str) -> bool:
    """Whether a text is a family name with initials: "Alder KM"."""
    words = text.split()
    return len(words) > 1 and _are_initials(words[-1]) and not (
        _are_initials(words[0]) or _SUFFIX.search(f",{words[-1]}")
    )  # fmt: skip


def _is_inverted(text: str) -> bool:
    """Whether a text is one person, the family name first."""
    return "," in text and _is_person(text)


def _whole_bodies(parts: Iterable[str]) -> list[str]:
    """Return the names of a list of which each "and" parted two, or two words of one body."""
    names: list[str] = []
    for part in parts:
        if names and not _is_person(names[-1]) and not _is_person(part):
            names[-1] += f" and {part}"
        else:
            names.append(part)
    return names


def _is_spoken(text: str) -> bool:
    """Whether a text is initials and a family name: "K. M. Alder"."""
    words = text.split()
    return len(words) > 1 and _are_initials(words[0]) and not (
        _are_initials(words[-1]) or speaks_of_a_body(text)
    )  # fmt: skip


def _are_initials(word: str) -> bool:
    """Whether a word is a person's initials: L, L., LJ, L.-J."""
    letters = word.replace(".", "").replace("-", "").replace("‐", "")
    return letters.isalpha() and letters.isupper() and len(letters) < 5


def _are_all_initials(text: str) -> bool:
    return bool(text) and all(map(_are_initials, text.split()))


def _bibtex_name(name: Name) -> str:
    if name.is_body:
        return f"{{{encode_latex(name.family)}}}"
    if _HAS_AND.search(f"{name.family} {name.given} {name.suffix}"):  # nobody knows whose
        told = ", ".join(filter(None, (name.family, name.suffix, name.given)))
        return f"{{{encode_latex(told)}}}"
    family, given, suffix = map(encode_latex, (name.family, name.given, name.suffix))
    return Name(family, given, suffix).bibtex
