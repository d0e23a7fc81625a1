"""The tags of RIS, however a program or a person has written them.

A tag is two letters, two spaces, a hyphen and a space. Real files have lower-case letters, one
space or three, tabs, or none; and wrapped text has lines that begin like that. So a line is a tag
if it is written as the type of its record is; otherwise its value has to look like one of the tag.
"""

import re
from collections.abc import Iterator, Sequence

TAGS = frozenset((
    "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "BT", "C1", "C2", "C3", "C4", "C5", "C6",
    "C7", "C8", "CA", "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ER",
    "ET", "ID", "IS", "J1", "J2", "JA", "JF", "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB",
    "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB", "PMID",
    "PP", "PY", "RI", "RN", "RP", "SE",
    "SN", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT", "TY", "U1", "U2", "U3", "U4",
    "U5", "UR", "VL", "VO", "Y1", "Y2",
))  # fmt: skip
GAP = "\n"
"""What stands for an empty line."""
NUMBERING = re.compile(r"<?\d{1,6}[.>)]?|(?:Provider|Database|Content):.*")
"""Lines between records that say nothing: the record's number, or who made the file."""
_LINE = re.compile(
    r"[^\S\n]{0,3}(?P<tag>PMID|[A-Z][A-Z0-9])(?P<before>[^\S\n]{0,4})[-‐-–](?P<after>[^\S\n]*)"
    r"(?P<value>.*)$",
    re.IGNORECASE,
)
_TYPES = re.compile(
    r"ABST|ADVS|AGGR|ANCIENT|ART|BILL|BLOG|BOOK|CASE|CHAP|CHART|CLSWK|COMP|CONF|CPAPER|CTLG|DATA"
    r"|DBASE|DICT|EBOOK|ECHAP|EDBOOK|EJOUR|ELEC|ENCYC|EQUA|FIGURE|GEN|GOVDOC|GRA?NT|HEAR|ICOMM"
    r"|INPR|INTV|JFULL|JOUR|LEGAL|MANSCPT|MAP|MGZN|MPCT|MULTI|MUSIC|NEWS|PAMP|PAT|PCOMM|RPRT|SER"
    r"|SLIDE|SOUND|STAND|STAT|STD|THES|UNB?ILL|UNPB|VIDEO|WEB",
    re.IGNORECASE,
)
_INLINE = re.compile(r"(?:(?<=\s)|^)([A-Z][A-Z0-9])\s{1,2}-(?=\s|$)")
_FLAT = re.compile(
    r"TY[^\S\n]{1,2}-[^\S\n].*[^\S\n](?:A1|AU|TI|T1|PY|Y1|JO|JF|T2|AB|ER)[^\S\n]{1,2}-(?:\s|$)"
)
_END = re.compile(r"\s{0,3}ER\s{0,4}-\s*$", re.IGNORECASE)
_PROSE = frozenset(("AB", "N2", "N1", "TI", "T1", "AD", "KW"))
"""Tags whose values a program may have wrapped, so that a line of text may look like a tag."""
_NAME, _TITLE = r"[^,.]{2,40},\s*\S", r"[\"“‘\[(]*[^\Wa-z_].*\s\S"
_SHAPES = {
    "PY": r"\(?[12]\d{3}\b", "Y1": r"[12]\d{3}\b", "DA": r"[12]\d{3}\b", "DO": r".{0,20}10\.\d",
    "UR": r"https?:", "SN": r"\d{4}-?\d{3}", "SP": r"\w{0,3}\d+$", "EP": r"\w{0,3}\d+$",
    "VL": r"\d+\W?$", "IS": r"\d+\W?$", "AU": _NAME, "A1": _NAME, "TI": _TITLE, "T1": _TITLE,
}  # fmt: skip
"""What a value has to look like to be one, where the line may be text as well."""
_WRAPPED = range(40, 201)
"""How long a line is that a program has wrapped."""


def find_tags(text: str) -> Iterator[tuple[str, str]]:
    """Yield each tag with its value, an empty tag with a line that continues one, and gaps.

    The tag of an end has a value of its own, ER, only where it is one.
    """
    lines = text.split("\n")
    if is_flat(text):
        yield from _tags_of_a_line(" ".join(lines))
        return
    style = last = before = ""
    for position, line in enumerate(lines):
        tag, value, written = _read(line)
        if _is_end(line, tag, written in ("strict", style), lines, position):
            style = last = ""
            yield "ER", ""
        elif tag not in ("", "ER") and (
            _is_type(tag, value, written) or _is_tag(tag, value, written, style, last, before)
        ):
            style = written if tag == "TY" or not style else style
            last = tag
            yield tag, value
        else:
            yield ("", line.strip()) if line.strip() else (GAP, "")
        before = line


def is_flat(text: str) -> bool:
    """Whether a text has a line that is a record, or more."""
    return any(
        not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip()
        for found in _FLAT.finditer(text)
    )


def has_tags(lines: Sequence[str]) -> bool:
    """Whether lines are those of RIS: a type, or a title and people without one."""
    read = [_read(line.lstrip()) for line in lines]
    if any(_is_type(*one) for one in read) or is_flat("\n".join(lines)):
        return True
    tags = {tag for tag, value, written in read if written == "strict" and value}
    return bool(tags & {"TI", "T1"} and tags & {"AU", "A1", "PY", "Y1", "ER"})


def _read(line: str) -> tuple[str, str, str]:
    """Return the tag of a line, its value, and how it is written; all empty where it has none.

    >>> _read("TY  - JOUR"), _read("au - Ash, A"), _read("PY-2020")
    (('TY', 'JOUR', 'strict'), ('AU', 'Ash, A', 'loose lower'), ('PY', '2020', 'tight'))
    """
    found = _LINE.match(line)
    if found is None:
        return "", "", ""
    tag, value = found["tag"], found["value"].strip()
    known = tag.upper() in TAGS
    spaced = bool(found["after"]) or not value
    two = len(found["before"]) == 2 or "\t" in found["before"]
    if two and ((known and spaced) or (tag.isupper() and found["after"])):
        return tag.upper(), value, "strict"
    if not known:
        return "", "", ""
    written = "loose" if spaced else "tight"
    return tag.upper(), value, written if tag.isupper() else f"{written} lower"


def _is_type(tag: str, value: str, written: str) -> bool:
    return tag == "TY" and (written == "strict" or bool(_TYPES.fullmatch(value)))


def _is_tag(tag: str, value: str, written: str, style: str, last: str, before: str) -> bool:
    """Whether a line that looks like a tag is one, and not text that a program has wrapped."""
    if written == "strict" or written == style == "loose":
        return True
    if not style and not last:
        return "lower" not in written or tag in ("TI", "T1", "AU", "A1")
    wrapped = last in _PROSE and len(before) in _WRAPPED
    if written == style and not wrapped:
        return True
    shape = _SHAPES.get(tag)
    if shape and not (wrapped and "lower" in written and shape in (_NAME, _TITLE)):
        return bool(re.match(shape, value))
    return written == "loose" and not wrapped


def _is_end(line: str, tag: str, as_the_record: bool, lines: Sequence[str], position: int) -> bool:
    """Whether a line ends a record; with text after ER, or no hyphen, only the last line does."""
    if tag != "ER" and "ER" not in line:
        return False
    if _END.match(line):
        return True
    if line.strip() != "ER" and not (tag == "ER" and as_the_record):
        return False
    after = next((line for line in lines[position + 1 :] if line.strip()), "TY  -")
    return _is_type(*_read(after)) or bool(NUMBERING.fullmatch(after.strip()))


def _tags_of_a_line(joined: str) -> Iterator[tuple[str, str]]:
    """Yield the tags of a file in which records are flattened to lines."""
    marks = [found for found in _INLINE.finditer(joined) if found[1] in TAGS]
    start = marks[0].start() if marks else len(joined)
    if joined[:start].strip():
        yield "", joined[:start].strip()
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = after.start() if after else len(joined)
        value = joined[mark.end() : end].strip()
        if mark[1] == "ER":
            yield "ER", ""
            if value:
                yield "", value
        else:
            yield mark[1], value
