"""What a report says of its searches: strategies line by line, sources, and PRISMA-S in sentences.

PRISMA-S (Rethlefsen et al. 2021): items 1 (databases and platforms), 8 (full strategies), 9
(limits), 10 (filters), 13 (dates), 14 (peer review), 15 (records of each source) and 16
(deduplication) can be computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from reviewpress.errors import ConfigError, nearest
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import FILE, read_decisions, same_works
from reviewpress.evidence.found_by import entries_found
from reviewpress.evidence.import_log import read_log
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import Markdown, Verbatim, escape
from reviewpress.shapes import Plain, as_list

if TYPE_CHECKING:
    import pandas as pd

COMPUTED = ("1", "8", "9", "10", "13", "14", "15", "16")
"""The items of PRISMA-S that `say_search` answers."""
_NONE = re.compile(
    r"(?:no(?:ne|t applied|t used)?|no (?:limits?|restrictions?|filters?)\b.*)", re.I
)
"""How somebody says that there were no limits, or no filters."""
_CITED = re.compile(r"(\[[^\[\]]*@[^\[\]]+\]|(?<!\w)@[\w:][\w:.#$%&+?<>~/-]*\w)")


def strategy_frame(evidence: Evidence, string: str) -> pd.DataFrame:
    """Return a search strategy as it was run: columns No., Search and Hits, a row for each line.

    What was pasted above the first numbered line has no number (None). Hits are not known (None)
    where neither the line nor `hits` gives them.
    """
    import pandas as pd

    lines = evidence.searches.string(string).lines
    return pd.DataFrame(
        {
            "No.": pd.Series([line.number for line in lines], dtype="Int64"),
            "Search": [Verbatim(line.text) for line in lines],
            "Hits": pd.Series([line.hits for line in lines], dtype="Int64"),
        }
    )


def source_frame(evidence: Evidence) -> pd.DataFrame:
    """Return each source with what it found.

    Columns: Source, Platform, Last searched, Records (that it gave), Unique (entries that no other
    source has), Included alone (papers of the table that it alone found). The last two are not
    known (None) for a source whose exports were not imported.
    """
    import pandas as pd

    found, papers = (
        entries_found(evidence, _same(evidence)),
        set(evidence.rows(PAPERS).texts("citekey")),
    )
    rows = []
    for source in evidence.searches.listed("sources"):
        id = str(source.get("id"))
        searches = _searches_of(evidence, id)
        keys = found.get(id)
        others = {key for name, some in found.items() if name != id for key in some}
        alone = None if keys is None else keys - others
        rows.append(
            (
                str(source.get("name", id)),
                str(source.get("platform") or ""),
                max((str(one["date"]) for one in searches if one.get("date")), default=""),
                _records(evidence, searches),
                None if alone is None else len(alone),
                None if alone is None else len(alone & papers),
            )
        )
    names = ["Source", "Platform", "Last searched", "Records", "Unique", "Included alone"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.astype(dict.fromkeys(names[3:], "Int64"))


def say_search(evidence: Evidence, item: str | int) -> Markdown:
    """Return what answers an item of PRISMA-S from `data/searches.yml`, in the review's language.

    Raises ConfigError for an item that cannot be computed. What nobody wrote down is said to be
    not recorded.
    """
    ways = (_databases, _strategies, _limits, _filters, _dates, _reviewed, _totals, _doubles)
    say = dict(zip(COMPUTED, ways, strict=True))
    asked = str(item)
    if asked not in say:
        message = f'item "{asked}" of PRISMA-S cannot be computed.'
        raise ConfigError(message, hint=nearest(asked, COMPUTED))
    return Markdown(" ".join(say[asked](evidence, load_labels(evidence.config))))


def _databases(evidence: Evidence, labels: Labels) -> Iterator[str]:
    databases, registers = (
        [
            _source(source, labels)
            for source in evidence.searches.listed("sources")
            if source.get("kind") == kind
        ]
        for kind in ("database", "register")
    )
    if databases:
        yield labels.count("search-databases", len(databases), list=_listed(databases, labels))
    else:
        yield labels["search-databases-none"]
    if registers:
        yield labels.count("search-registers", len(registers), list=_listed(registers, labels))


def _source(source: Mapping[str, Plain], labels: Labels) -> str:
    """Return a source with its platform and coverage, as far as they are recorded.

    A register is mostly its own platform, and so are some databases: PubMed, for one.
    """
    is_own = str(source.get("platform")).casefold() == str(source.get("name")).casefold()
    told = [labels["search-platform-unknown"]]
    if is_own or source.get("kind") == "register":
        told = []
    if source.get("platform") and not is_own:
        told = [labels.fill("search-platform", platform=source["platform"])]
    if source.get("coverage"):
        told.append(labels.fill("search-coverage", coverage=source["coverage"]))
    name = escape(str(source.get("name", source.get("id"))))
    return f"{name} ({escape(', '.join(told))})" if told else name


def _strategies(evidence: Evidence, labels: Labels) -> Iterator[str]:
    used = {str(search.get("string")) for search in evidence.searches.listed("searches")}
    strings = [one for one in evidence.searches.strings if one.id in used]
    if not strings:
        yield labels["search-strategies-none"]
        return
    names = _names(evidence)
    without = [
        names.get(str(search.get("source")), "")
        for search in evidence.searches.listed("searches")
        if not (search.get("string") or search.get("terms"))
    ]
    exact = sum(bool(one.published) for one in strings)
    yield labels.fill("search-strategies", exact=exact, all=len(strings))
    lacking = [escape(one.title) for one in strings if not one.published]
    if lacking:
        yield labels.fill("search-concepts-only", list=_listed(lacking, labels))
    if without:
        yield labels.fill("search-strategies-lacking", list=_listed(dict.fromkeys(without), labels))


def _limits(evidence: Evidence, labels: Labels) -> Iterator[str]:
    told, none, unknown = _said(evidence, "limits", labels)
    if told:
        yield labels.fill("search-limits", list=_listed(told, labels))
    if none:
        yield labels.fill("search-limits-no", list=_listed(dict.fromkeys(none), labels))
    if unknown and (told or none):
        yield labels.count("search-limits-rest", len(unknown))
    elif not told and not none:
        yield labels["search-limits-none"]


def _filters(evidence: Evidence, labels: Labels) -> Iterator[str]:
    told, none, _ = _said(evidence, "filters", labels)
    if told:
        yield labels.fill("search-filters", list=_listed(told, labels))
    else:
        yield labels["search-filters-no" if none else "search-filters-none"]


def _reviewed(evidence: Evidence, labels: Labels) -> Iterator[str]:
    how = str(evidence.searches.data.get("peer-review") or "").rstrip(".")
    if not how:
        yield labels["search-peer-review-none"]
    elif _NONE.fullmatch(how):
        yield labels["search-peer-review-no"]
    else:
        yield labels.fill("search-peer-review", how=_with_citations(how))


def _said(evidence: Evidence, key: str, labels: Labels) -> tuple[list[str], list[str], list[str]]:
    """Return what searches say under a key, with their sources: words, "none", and nothing."""
    names = _names(evidence)
    told: dict[str, None] = {}
    none, unknown = [], []
    for search in evidence.searches.listed("searches"):
        name = names.get(str(search.get("source")), "")
        value = search.get(key)
        words = [str(part) for part in as_list(value)] or [str(value or "")]
        if value is False or value == [] or all(map(_NONE.fullmatch, words)):
            none.append(name)
        elif any(words):
            told[f"{name} ({_with_citations(', '.join(words))})"] = None
        else:
            unknown.append(name)
    return list(told), none, unknown


def _with_citations(text: str) -> str:
    """Return a text as Markdown in which its citations cite, and nothing else means anything."""
    return "".join(
        part if at % 2 else _escaped_part(part) for at, part in enumerate(_CITED.split(text))
    )


def _escaped_part(part: str) -> str:
    """Return a part of a sentence as Markdown; blanks at its ends stay."""
    words = part.strip()
    return part.replace(words, escape(words)) if words else part


def _dates(evidence: Evidence, labels: Labels) -> Iterator[str]:
    names = _names(evidence)
    last: dict[str, str] = {}
    for search in evidence.searches.listed("searches"):
        id = str(search.get("source"))
        last[id] = max(last.get(id, ""), str(search.get("date") or ""))
    known = [
        labels.fill("search-date", source=names.get(id, id), date=labels.date(date))
        for id, date in last.items()
        if date
    ]
    if known:
        yield labels.fill("search-dates", list=_listed(known, labels))
    unknown = [names.get(id, id) for id, date in last.items() if not date]
    if unknown:
        yield labels.fill("search-dates-unknown", list=_listed(unknown, labels))


def _totals(evidence: Evidence, labels: Labels) -> Iterator[str]:
    names = _names(evidence)
    counts = {id: _records(evidence, _searches_of(evidence, id)) for id in names}
    known = {id: count for id, count in counts.items() if count is not None}
    told = [f"{names[id]} {labels.digits(count)}" for id, count in known.items()]
    yield labels.count("search-records", sum(known.values()), list=_listed(told, labels))
    unknown = [names[id] for id, count in counts.items() if count is None]
    if unknown:
        yield labels.fill("search-records-unknown", list=_listed(unknown, labels))


def _doubles(evidence: Evidence, labels: Labels) -> Iterator[str]:
    log = [row for row in read_log(evidence.root) if row.key]  # not what was rejected
    if not log:
        yield labels["search-duplicates-unknown"]
        return
    same = _same(evidence)
    kept = {same.get(row.key, row.key) for row in log}
    yield labels.count("search-duplicates", len(kept), records=labels.digits(len(log)))
    unsure = sum(row.outcome == "unsure" for row in log)
    if unsure:
        yield labels.count("search-unsure", unsure)


def _listed(parts: Iterable[str], labels: Labels) -> str:
    return labels["list-separator"].join(parts)


def _names(evidence: Evidence) -> dict[str, str]:
    sources = evidence.searches.listed("sources")
    return {str(one.get("id")): escape(str(one.get("name", one.get("id")))) for one in sources}


def _searches_of(evidence: Evidence, source: str) -> list[Mapping[str, Plain]]:
    searches = evidence.searches.listed("searches")
    return [one for one in searches if str(one.get("source")) == source]


def _records(evidence: Evidence, searches: list[Mapping[str, Plain]]) -> int | None:
    """Return how many records some searches gave, None where that is not known of one."""
    log = read_log(evidence.root)
    counts = [
        sum(row.file == search["file"] for row in log)
        if search.get("file")
        else search.get("records")
        for search in searches
    ]
    known = [count for count in counts if isinstance(count, int)]
    return sum(known) if known and len(known) == len(counts) else None


def _same(evidence: Evidence) -> dict[str, str]:
    return same_works(evidence, read_decisions(evidence) if evidence.holds(FILE) else None)
