"""The lines of a search strategy as it was pasted: numbers, text and hits, told apart.

Known are the ways in which Ovid, EBSCOhost, Embase.com, the Cochrane Library, Web of Science,
PubMed, ProQuest and Scopus show or export what was searched, and how appendices print it:

    1. exp Gardening/                          a number and a full stop, or two spaces or a tab
    2     (garden* or allotment*).ti,ab. (87)  hits in brackets, where most lines have them
    #2 #1 AND [english]/lim 1234               hits after one space, where all lines have them
    # 2	1,234	TS=(garden*)                   hits before the search
    S1 TI garden* Results: 1,234               hits with a word

What else is pasted with it stays: a line without a number is part of the one above, and what is
above the first has no number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from reviewpress.shapes import Plain

_LABEL = re.compile(r"(#\s?|[SL]|\((?=\d+\)))?(\d{1,4})(?:([.):]+)(?!\d)|(?=\s|$))(\s*)(.*)")
_OPERATOR = r"(?:and|or|not|adj\d*|near|next|[nw]/?\d+|pre/\d+)"
_BEGINS = re.compile(rf"{_OPERATOR}(?![\w/])", re.IGNORECASE)
_DANGLES = re.compile(rf"(?:(?<!\w){_OPERATOR}|[-–=<>/:])\s*$", re.IGNORECASE)
_GAP = 20
"""So many lines may be left out between two with numbers."""
_NUMBER = r"(\d{1,3}(?:[,.’'\u00a0\u202f]\d{3}){1,3}|\d{1,10})"
_UNIT = r"(?:document\s+)?(?:results?|hits?|records?|citations?|references?|documents?|articles?)"
_CLEAR = re.compile(
    rf"(?:(?:\t|\s{{2,}})\s*{_NUMBER}[*°†]?"
    rf"|\s[(\[]?(?:(?:results?|hits?|items found|records)\s*[:=]|n\s*=)\s*{_NUMBER}[)\]]?"
    rf"|\s[(\[]?{_NUMBER}\s+{_UNIT}[)\]]?)$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(rf"\s[(\[]{_NUMBER}[)\]]$")
_PLAIN = re.compile(rf"\s{_NUMBER}[*°†]?$")
_FIRST = re.compile(rf"{_NUMBER}[ \t]+(?=\S)")
_MANY = 100
"""Numbers after one space are hits if one of them is so large: “vitamin B 12” is a search."""
_RUN_TOGETHER = 3
_RULE = re.compile(r"[-=_*.]{3,}")
_NOTE = re.compile(r"[*°†]\s")
_HEADS = re.compile(
    r"(?:#|\W|\b(?:id|no|set|line|number|search(?:es)?|strategy|query|queries|terms?|hits|results?"
    r"|history|details|items|found|records|n|actions?)\b)+",
    re.IGNORECASE,
)
"""Heads of the columns that numbers, searches and hits are in."""


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One line of a strategy as it was run: its number there, and how many records it found.

    What was pasted above the first numbered line has no number. `first` is the row that the line
    begins with, as it was pasted.
    """

    number: int | None
    text: str
    hits: int | None = None
    first: str = field(default="", repr=False, compare=False)


def read_lines(text: str, hits: Mapping[str, Plain]) -> list[SearchLine]:
    """Return the lines of a pasted strategy; `hits` by number win over those in the text.

    >>> pasted = "1. exp Gardening/  1,234\\n2. 1 and 3.ti."
    >>> [(one.number, one.text, one.hits) for one in read_lines(pasted, {})]
    [(1, 'exp Gardening/', 1234), (2, '1 and 3.ti.', None)]
    """
    known = {re.sub(r"\D", "", str(name)): count for name, count in hits.items()}
    lines = _history(text) or _with_hits(_numbered(text))
    given = [(line, known.get(str(line.number))) for line in lines]
    return [replace(line, hits=n) if isinstance(n, int) else line for line, n in given]


def _history(text: str) -> list[SearchLine]:
    """Return the lines of a history that PubMed gives as CSV; none of any other text."""
    if not re.match(r"\s*\"?search(?: number)?\"?,.*query", text.partition("\n")[0], re.IGNORECASE):
        return []
    rows = [row for row in csv.reader(text.strip().splitlines()) if any(row)]
    names = [name.strip().casefold() for name in rows[0]]
    lines = []
    for row in rows[1:]:
        cell = dict(zip(names, map(str.strip, row), strict=False))
        number = cell.get("search number", cell.get("search", "")).lstrip("#")
        said = cell.get("query", "")
        if cell.get("filters"):
            said += f" Filters: {cell['filters']}"
        found = cell.get("results", cell.get("items found", ""))
        lines.append(
            SearchLine(
                int(number) if re.fullmatch(r"\d{1,4}", number) else None,
                said,
                _count(found) if re.fullmatch(_NUMBER, found) else None,
                first=",".join(row[:1]),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it was pasted; `after_blank` is whether an empty one is above it."""

    text: str
    after_blank: bool = False


def _numbered(text: str) -> list[SearchLine]:
    rows = _rows(text)
    labels = _labels([row.text for row in rows])
    if not labels:
        return _counted([row.text for row in rows])
    lines: list[SearchLine] = []
    for at, row in enumerate(rows):
        if at in labels:
            number, said = labels[at]
            lines.append(SearchLine(number, said, first=row.text))
        elif not lines or lines[-1].number is None or _stands_apart(row, at, labels, lines[-1]):
            lines.append(SearchLine(None, row.text, first=row.text))
        else:
            said = f"{lines[-1].text} {row.text}".strip()
            lines[-1] = replace(lines[-1], text=said)
    return lines


def _rows(text: str) -> list[_Row]:
    """Return the rows of a text without empty ones, rules and the heads of columns."""
    rows, is_after_blank = [], False
    pasted = [part for row in text.splitlines() for part in _unfolded(row.strip())]
    for row in pasted:
        if not row:
            is_after_blank = True
        elif not _RULE.fullmatch(row) and not _HEADS.fullmatch(row):
            rows.append(_Row(row, is_after_blank))
            is_after_blank = False
    return rows


def _unfolded(row: str) -> list[str]:
    """Return the lines of a row into which a whole strategy was run together: 1. … 2. … 3. …"""
    starts, at, number = (
        [0],
        0,
        int(found[0]) if (found := re.match(r"\d{1,3}(?=\.\s)", row)) else 0,
    )
    while number and (after := re.compile(rf"(?<=\s){number + 1}\.\s").search(row, at + 1)):
        at, number = after.start(), number + 1
        starts.append(at)
    if len(starts) < _RUN_TOGETHER:
        return [row]
    return [row[a:b].strip() for a, b in pairwise([*starts, len(row)])]


def _stands_apart(
    row: _Row, at: int, labels: Mapping[int, tuple[int, str]], above: SearchLine
) -> bool:
    """Whether a row without a number is not part of the line above: a note below the last."""
    is_below = at > max(labels)
    return _NOTE.match(row.text) is not None or (
        is_below and row.after_blank and above.text == labels[max(labels)][1] != ""
    )


def _labels(rows: Sequence[str]) -> dict[int, tuple[int, str]]:
    """Return number and text of each row that begins with the number of a line.

    Numbers go up or down; a mark (as in `#2`, `S2`, `2.`) or a gap after it lets some be left out.
    """
    found = {at: label for at, row in enumerate(rows) if (label := _label(row))}
    upwards, downwards = _run(found, 1), _run(found, -1)
    run = max(upwards, downwards, key=len)
    if len(run) == 1 and not found[run[0]][2]:
        return {}
    return {at: found[at][:2] for at in run}


def _label(row: str) -> tuple[int, str, bool] | None:
    """Return the number of a line, what follows it, and whether it is marked as one."""
    found = _LABEL.fullmatch(row)
    if found is None or (found[3] is None and _BEGINS.match(found[5])):
        return None
    is_marked = bool(found[1] or found[3] or "\t" in found[4] or len(found[4]) > 1)
    return int(found[2]), found[5], is_marked


def _run(found: Mapping[int, tuple[int, str, bool]], step: int) -> list[int]:
    run: list[int] = []
    for at, (number, _, is_marked) in found.items():
        if not run:
            is_next = is_marked or number == 1
        else:
            away = (number - found[run[-1]][0]) * step
            is_next = away == 1 or (is_marked and 1 < away <= _GAP)
        if is_next:
            run.append(at)
    return run


def _counted(rows: Sequence[str]) -> list[SearchLine]:
    """Return rows without numbers: counted, or as one search that goes over several rows."""
    if all(map(_is_whole, rows)):
        return [SearchLine(at, row, first=row) for at, row in enumerate(rows, start=1)]
    return [SearchLine(1, " ".join(rows), first=rows[0])]


def _is_whole(row: str) -> bool:
    """Whether a row can be a search of its own: brackets are closed, no operator dangles."""
    is_closed = all(row.count(opens) == row.count(closes) for opens, closes in ("()", "[]"))
    return is_closed and not _BEGINS.match(row) and not _DANGLES.search(row)


def _with_hits(lines: list[SearchLine]) -> list[SearchLine]:
    """Return the same with the hits that the lines begin or end with, in the way most are told."""
    numbered = [line for line in lines if line.number is not None]
    if numbered and all(_FIRST.match(line.text) for line in numbered) and _is_clear(numbered):
        return [_begin(line) for line in lines]
    for pattern, is_told in ((_CLEAR, any), (_BRACKETED, _most), (_PLAIN, all)):
        found = [pattern.search(line.text) for line in numbered]
        if found and is_told(map(bool, found)) and (pattern is not _PLAIN or _are_hits(found)):
            return [_end(line, pattern) for line in lines]
    return lines


def _is_clear(numbered: Sequence[SearchLine]) -> bool:
    """Whether numbers at the beginning are hits: a gap follows each, or they are many and large."""
    begun = [_begin(line) for line in numbered]
    if any(_BEGINS.match(line.text) for line in begun):
        return False
    if all(re.match(rf"{_NUMBER}(?:\t|\s{{2,}})", line.text) for line in numbered):
        return True
    return len(begun) > 1 and max(line.hits or 0 for line in begun) >= _MANY


def _most(told: Iterator[bool]) -> bool:
    values = list(told)
    return 2 * sum(values) > len(values)


def _are_hits(found: Sequence[re.Match[str] | None]) -> bool:
    """Whether numbers after one space, which all lines have, are hits and no part of searches."""
    matches = [match for match in found if match]
    if len(matches) < 2 or max(_count(match[1]) for match in matches) < _MANY:
        return False
    return not any(_DANGLES.search(match.string[: match.start()]) for match in matches)


def _begin(line: SearchLine) -> SearchLine:
    found = _FIRST.match(line.text) if line.number is not None else None
    return replace(line, text=line.text[found.end() :], hits=_count(found[1])) if found else line


def _end(line: SearchLine, pattern: re.Pattern[str]) -> SearchLine:
    found = pattern.search(line.text) if line.number is not None else None
    if found is None:
        return line
    number = next(group for group in found.groups() if group)
    return replace(line, text=line.text[: found.start()].rstrip(), hits=_count(number))


def _count(number: str) -> int:
    return int(re.sub(r"\D", "", number))
