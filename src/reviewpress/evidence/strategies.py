"""Search strategies read by search-query: the only importer of it.

It reads those of PubMed, EBSCOhost and Web of Science. Of what it says, only that a line cannot be
parsed is passed on: its advice on fields, wildcards and parentheses was wrong too often on real
strategies (`docs/explanation/beside-other-libraries.md` has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO

from reviewpress.errors import Place, Problem, missing_extra
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.evidence.searches import SearchString
from reviewpress.evidence.strategy_lines import SearchLine

PLATFORMS = {"pubmed": "pubmed", "ebsco": "ebscohost", "web of science": "wos"}
"""What the name of a platform, or of a source on none, has, and what search-query calls it."""
_SAID = {
    "PARSE_0002": "a bracket is not closed, or closes nothing",
    "PARSE_0003": "a quotation mark is not closed",
    "PARSE_0004": "an operator is missing, or there are two",
}
_REFERENCE = re.compile(r"#(\d{1,4})\b")
_SETS = re.compile(r"[\s()\[\]]*(?:(?:\bS\d{1,4}\b|\b(?:AND|OR|NOT)\b)[\s()\[\]]*)+")
"""A line of EBSCOhost that joins others: elsewhere `S100` may be a word."""


@dataclass(frozen=True, slots=True)
class ReadStrategy:
    """A strategy that was looked at; `platform` is empty where nothing here can read it."""

    title: str
    platform: str
    lines: int
    problems: tuple[Problem, ...] = ()


def read_strategies(evidence: Evidence) -> Iterator[ReadStrategy]:
    """Yield each strategy of `data/searches.yml` that is given as it was run, with its problems.

    Raises SetupError where one can be read and search-query is not installed.
    """
    text = evidence.path(SEARCHES).read_text("utf-8").splitlines()
    for string in evidence.searches.strings:
        if string.published:
            platform = _platform(evidence, string.id)
            found = tuple(_problems(string, platform, text)) if platform else ()
            yield ReadStrategy(string.title, platform, len(_numbered(string)), found)


def _platform(evidence: Evidence, string: str) -> str:
    """Return what search-query calls the platform on which a string was run; empty if it cannot."""
    sources = {str(one.get("id")): one for one in evidence.searches.listed("sources")}
    for search in evidence.searches.listed("searches"):
        source = sources.get(str(search.get("source")), {})
        if str(search.get("string")) == string:
            said = str(source.get("platform") or source.get("name") or "").casefold()
            return next((ours for name, ours in PLATFORMS.items() if name in said), "")
    return ""


def _problems(string: SearchString, platform: str, text: list[str]) -> Iterator[Problem]:
    lines = _numbered(string)
    known = {line.number for line in lines}
    for line in lines:
        where = Place(SEARCHES, line=_line_in_file(text, string, line))
        sets = re.findall(r"\d+", line.text) if _SETS.fullmatch(line.text) else ()
        referred = [int(number) for number in (*_REFERENCE.findall(line.text), *sets)]
        said = [f"refers to line {one}, which is not there" for one in referred if one not in known]
        # The library reads references in lists alone, and does not say in which line it fails.
        unread = () if referred else _unreadable(line.text, platform)
        for one in (*said, *(f"cannot be read: {why}" for why in unread)):
            message = f"line {line.number} of the strategy {one}."
            yield Problem("search", message, where, subject=string.id)


def _numbered(string: SearchString) -> list[SearchLine]:
    """Return the lines that can be read and referred to."""
    return [line for line in string.lines if line.number is not None]


def _unreadable(text: str, platform: str) -> Iterator[str]:
    """Yield why a line cannot be parsed, each reason once."""
    try:
        from search_query.parser import LATEST_VERSIONS, PARSERS
    except ImportError:
        raise missing_extra("search-query, which reads strategies,", "searching") from None
    parser = PARSERS[platform][LATEST_VERSIONS[platform]](text, field_general="")
    # It fails in many ways, some of them its own: what it has found before counts.
    with redirect_stdout(StringIO()), suppress(Exception):
        parser.parse()
    codes = dict.fromkeys(message["code"] for message in parser.linter.messages)
    yield from (_SAID[code] for code in codes if code in _SAID)


def _line_in_file(text: list[str], string: SearchString, line: SearchLine) -> int | None:
    """Return where a line of a strategy stands in the file of searches."""
    after = range(string.line or 0, len(text))
    return next((number + 1 for number in after if line.first in text[number]), string.line)
