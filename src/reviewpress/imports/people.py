"""Names of people and bodies, as exports write them: one in a field, or all of them."""

import re
from collections.abc import Iterable

from reviewpress.bibliography import Name
from reviewpress.bibliography.latex import encode_latex

_BODY = re.compile(
    r"\b(?:agency|alliance|assembly|association|authority|board|bureau|cent(?:er|re)|college"
    r"|collaboration|commission|committee|consortium|council|department|directorate|executive"
    r"|federation|forum|foundation|government|group|hospital|inc|initiative|institut\w*|limited"
    r"|ltd|ministry|network|nhs|office|organi[sz]ation|panel|partnership|press|project|scotland"
    r"|services?|society|team|trust|unit|university|working|of|for|the|and)\b|&",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"[\s,;]*[\[(]?\s*\bet\.? al\b\.?\s*[\])]?\.?\s*$")
_SUFFIX = re.compile(r",\s*(?:[JS]r|I{2,3}|IV|M\.?D|Ph\.?D|M\.?Sc|M\.?P\.?H)\b", re.IGNORECASE)
_PARTICLES = ("van", "von", "de", "der", "den", "del", "della", "di", "da", "du", "le", "la", "ter")


def bibtex_names(people: Iterable[Name]) -> str:
    """Return persons and bodies as a BibTeX list of names."""
    return " and ".join(_bibtex_name(person) for person in people)


def read_name(text: str) -> Name:
    """Read one author as exports write it: "Wang, L.", "L. Wang", "Wang L", "Audit Scotland".

    >>> read_name("J. Soraghan"), read_name("Audit Scotland").is_body
    (Name(family='Soraghan', given='J.', suffix='', is_body=False), True)
    """
    text = " ".join(text.strip(" ;").split())
    if "," in text:
        family, _, rest = text.partition(",")
        given, _, suffix = rest.partition(",")
        if not rest.strip():  # "World Bank,": so reference managers mark a body
            return Name(family.strip(), is_body=True)
        if family.strip() and not (_BODY.search(family) and " " in family.strip()):
            return Name(family.strip(), given.strip(), _suffix(suffix))
        return Name(text.rstrip(", "), is_body=True)
    words = text.split()
    if len(words) < 2 or _BODY.search(text):
        return Name(text, is_body=True)
    start = len(words) - 1
    if _are_initials(words[-1]) and not _are_initials(words[0]):
        while start > 1 and len(words[start - 1].rstrip(".")) == 1:
            start -= 1
        return Name(" ".join(words[:start]), " ".join(words[start:]))
    while start > 1 and words[start - 1].lower() in _PARTICLES:
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
    first, others, _ = re.split(r"(,?\s*\bet al\b\.?)?\s*$", text.strip(), maxsplit=1)
    if others:
        people = [Name(n.family, n.given) if " " not in str(n) else n for n in read_names(first)]
        return [*people, Name("others")]
    cells = re.split(r"\s*(?:,\s*(?:&|and\b)|,|&|\band\b)\s*", text.strip())
    pairs = list(zip(cells[::2], cells[1::2], strict=False))
    if len(cells) > 3 and len(cells) % 2 == 0 and all(_are_all_initials(b) for _, b in pairs):
        return [Name(family, given) for family, given in pairs]
    if ";" in text:
        parts = text.split(";")
    elif re.search(r"\sand\s", text):
        parts = re.split(r"\s+and\s+", text)
    elif _are_short_names(text.strip()):
        parts = text.split(",")
    else:
        parts = [text]
    return [read_name(part) for part in parts if part.strip(" ,;.")]


def read_people(text: str) -> list[Name]:
    """Read one author, or several that an export has put into one field.

    Only what are persons on both sides of an "and" is taken apart: a body may have one in its
    name.

    >>> [str(name) for name in read_people("Alder, K and Beech, R and Cedar, PE")]
    ['K Alder', 'R Beech', 'PE Cedar']
    >>> [str(name) for name in read_people("Health and Safety Executive")]
    ['Health and Safety Executive']
    """
    if ";" in text:
        pieces = [re.sub(r"^\s*(?:and|&)\s+", "", piece) for piece in text.split(";")]
        return [person for piece in pieces if piece.strip(" ,.") for person in read_people(piece)]
    text = _ET_AL.sub(" et al.", text)
    if text.endswith("et al."):
        return read_names(text)
    parts = re.split(r"\s*,?\s+(?:and|&)\s+", text.strip(" ,"))
    listed = ", ".join(parts).split(", ")
    if len(parts) > 1 and "," not in parts[-1] and all(map(_is_whole_name, listed)):
        return [read_name(part) for part in listed]
    if len(parts) > 1 and all(map(_is_person, parts[:-1])) and (
        parts[-1] == "others" or _is_person(parts[-1])
    ):  # fmt: skip
        return [Name("others") if part == "others" else read_name(part) for part in parts]
    if len(parts) > 1 and _is_inverted(parts[0]):  # a body is among the persons, or the last one
        return [read_name(part) for part in _whole_bodies(parts)]
    if text.count(",") > 2 or ("," in text and all(map(_is_short_name, text.split(",")))):
        return read_names(text)
    return [read_name(text)]


def _suffix(text: str) -> str:
    """Return what follows the name of a person; degrees without commas, as BibTeX needs it."""
    return (text.replace(",", "") if _SUFFIX.match(f",{text}") else text).strip()


def _is_person(text: str) -> bool:
    """Whether a text is one person: "Alder, K. M.", "Alder, Karl, Jr.", "Karl Alder"."""
    _family, comma, given = text.partition(",")
    if comma and _are_all_initials(given.strip()):
        return True
    if text.count(",") > 1 and not _SUFFIX.search(text):
        return False
    return len(text.split()) in range(2, 6) and not _BODY.search(text)


def _is_whole_name(text: str) -> bool:
    """Whether a text is the whole name of one person, not the initials: "Karl Alder"."""
    words = text.split()
    return len(words) in range(2, 5) and not _BODY.search(text) and not any(
        map(_are_initials, (words[0], words[-1]))
    )  # fmt: skip


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


def _are_short_names(text: str) -> bool:
    """Whether a text is names with initials and commas between: "Wang L, Li J", "L Wang, J Li"."""
    if re.fullmatch(r"(?:[^,]+ [^\W\d_]{1,4}\.?,\s*)*[^,]+ [^\W\d_]{1,4}\.?", text):
        return True
    parts = [part.split() for part in text.split(",") if part.strip()]
    return len(parts) > 1 and all(len(p) > 1 and _are_initials(p[0]) for p in parts)


def _are_initials(word: str) -> bool:
    """Whether a word is a person's initials: L, L., LJ, L.-J."""
    letters = re.sub(r"[.\-‐]", "", word)
    return letters.isalpha() and letters.isupper() and len(letters) < 5


def _are_all_initials(text: str) -> bool:
    return bool(text) and all(map(_are_initials, text.split()))


def _bibtex_name(name: Name) -> str:
    if name.is_body:
        return f"{{{encode_latex(name.family)}}}"
    if re.search(r"\band\b", f"{name.family} {name.given} {name.suffix}"):  # nobody knows whose
        told = ", ".join(filter(None, (name.family, name.suffix, name.given)))
        return f"{{{encode_latex(told)}}}"
    family, given, suffix = map(encode_latex, (name.family, name.given, name.suffix))
    return Name(family, given, suffix).bibtex
