"""The ledger of the synthesis as tables: from finding to papers, and from paper to findings."""

from __future__ import annotations

import pandas as pd

from reviewpress.evidence.data import Evidence
from reviewpress.evidence.findings import Code, Finding
from reviewpress.labels import Labels, load_labels


def finding_ledger(review: Evidence, section: str | None = None) -> pd.DataFrame:
    """Return which papers support which finding, of a section or of all.

    Columns, in the review's language: Finding (its id, in Markdown: on pages it leads to where the
    finding is told), Statement (with the source's caveat), Papers (Markdown citations, those
    against or mixed named as such), Place (in the source).
    """
    labels = load_labels(review.config)
    found = (each for each in review.statements.values() if section in (None, each.section))
    return pd.DataFrame(
        [
            (
                f'[{one.id}]{{.finding-id of="{one.id}"}}',
                _stated(one, labels),
                _supporters(review, one, labels),
                one.place,
            )
            for one in found
        ],
        columns=[labels[f"ledger-{name}"] for name in ("finding", "statement", "papers", "place")],
    )


def paper_ledger(review: Evidence) -> pd.DataFrame:
    """Return which findings each paper is cited for.

    Columns: Paper (Markdown citation), Author and year, Findings (how many), Which (their ids,
    those that differ only in their number as `process-roles-01, 02`).
    """
    uses: dict[Code, list[str]] = {code: [] for code in review.codes}
    for finding in review.statements.values():
        for code in finding.codes:
            uses[code].append(finding.id)
    papers = review.papers
    return pd.DataFrame(
        {
            "Paper": [review.cite([code]) for code in uses],
            "Author and year": [
                f"{author} {year}"
                for author, year in zip(papers["author"], papers["year"], strict=True)
            ],
            "Findings": [len(names) for names in uses.values()],
            "Which": ["; ".join(_shortened(names)) or "–" for names in uses.values()],
        }
    )


def _shortened(names: list[str]) -> list[str]:
    """Give the stem of ids that follow each other once: `trust-01, 04` for `trust-01, trust-04`."""
    shown: list[str] = []
    last = ""
    for name in names:
        stem, hyphen, number = name.rpartition("-")
        if hyphen and number.isdigit() and stem == last:
            shown[-1] += f", {number}"
        else:
            shown.append(name)
        last = stem if number.isdigit() else ""
    return shown


def _linked(name: str) -> str:
    return f'[{name}]{{.finding-id of="{name}"}}'


def _stated(finding: Finding, labels: Labels) -> str:
    said, caveat = finding.statement, finding.caveat
    return labels.fill("ledger-caveat", statement=said, caveat=caveat) if caveat else said


def _supporters(review: Evidence, finding: Finding, labels: Labels) -> str:
    agree = review.cite(finding.papers) if finding.papers else ""
    if not finding.against:
        return agree or labels["ledger-none"]
    disagree = labels.fill("ledger-against", papers=review.cite(finding.against))
    return f"{agree}; {disagree}" if agree else disagree
