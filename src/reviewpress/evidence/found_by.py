"""Which source found each record, by the exports that searches name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from reviewpress.evidence.data import Evidence
from reviewpress.evidence.decisions import Screening
from reviewpress.evidence.import_log import read_log
from reviewpress.evidence.searches import FILE as SEARCHES
from reviewpress.keys import SOURCE_KINDS

OTHER = ("website_results", "organisation_results", "citations_results")
"""The boxes of sources other than databases and registers."""


def entries_found(evidence: Evidence, same: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the entries that each source gave, for sources whose exports were imported.

    `same` maps entries that are one publication to the one that is counted.
    """
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


def with_sources(evidence: Evidence, screening: Screening) -> Screening:
    """Return decisions with the source of each record that no database or register gave.

    Their rows may say it, for records of no export; that of a website or an organisation says it
    by itself.
    """
    if not evidence.holds(SEARCHES):
        return screening
    found = entries_found(evidence, screening.one_work)
    others: dict[str, str] = {}
    databases: set[str] = set()
    for source in evidence.searches.listed("sources"):
        keys = found.get(str(source.get("id")), set())
        if SOURCE_KINDS.get(str(source.get("kind"))) in OTHER:
            others |= dict.fromkeys(keys, str(source.get("name", source.get("id"))))
        else:
            databases |= keys
    told = {key: name for key, name in others.items() if key not in databases}
    return replace(screening, sources={**told, **screening.sources})
