"""What a report says of its searches: strategies line by line, sources, and PRISMA-S in sentences.

PRISMA-S (Rethlefsen et al. 2021): items 1 (databases and platforms), 8 (full strategies), 9
(limits), 13 (dates), 15 (records of each source) and 16 (deduplication) can be computed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from reviewpress.errors import ConfigError, nearest
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import FILE, read_decisions, same_works
from reviewpress.evidence.import_log import read_log
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import Markdown, escape
from reviewpress.shapes import Plain

if TYPE_CHECKING:
    import pandas as pd

COMPUTED = ("1", "8", "9", "13", "15", "16")
"""The items of PRISMA-S that `say_search` answers."""


def strategy_frame(evidence: Evidence, string: str) -> pd.DataFrame:
    """Return a search strategy as it was run: columns No., Search and Hits, a row for each line.

    Hits are not known (None) where neither the line nor `hits` gives them.
    """
    import pandas as pd

    lines = evidence.searches.string(string).lines
    return pd.DataFrame(
        {
            "No.": [line.number for line in lines],
            "Search": [line.text for line in lines],
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

    found, papers = _found(evidence), set(evidence.rows(PAPERS).texts("citekey"))
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
    say = dict(
        zip(COMPUTED, (_databases, _strategies, _limits, _dates, _totals, _doubles), strict=True)
    )
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

    A register is mostly its own platform.
    """
    told = [] if source.get("kind") == "register" else [labels["search-platform-unknown"]]
    if source.get("platform"):
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
    exact = sum(bool(one.published) for one in strings)
    yield labels.fill("search-strategies", exact=exact, all=len(strings))
    lacking = [escape(one.title) for one in strings if not one.published]
    if lacking:
        yield labels.fill("search-concepts-only", list=_listed(lacking, labels))


def _limits(evidence: Evidence, labels: Labels) -> Iterator[str]:
    searches = evidence.searches.listed("searches")
    limited = [(one, str(one["limits"])) for one in searches if one.get("limits")]
    names = _names(evidence)
    if not limited:
        yield labels["search-limits-none"]
        return
    told = [f"{names.get(str(one.get('source')), '')} ({escape(limit)})" for one, limit in limited]
    yield labels.fill("search-limits", list=_listed(told, labels))
    rest = len(searches) - len(limited)
    if rest:
        yield labels.count("search-limits-rest", rest)


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


def _found(evidence: Evidence) -> dict[str, set[str]]:
    """Return the entries that each source gave, for sources whose exports were imported.

    What somebody decided is one publication is one entry.
    """
    same = _same(evidence)
    files = {
        str(one["file"]): str(one.get("source"))
        for one in evidence.searches.listed("searches")
        if one.get("file")
    }
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_log(evidence.root):
        if row.key and row.file in files:
            found[files[row.file]].add(same.get(row.key, row.key))
    return dict(found)


def _same(evidence: Evidence) -> dict[str, str]:
    return same_works(evidence, read_decisions(evidence) if evidence.holds(FILE) else None)
