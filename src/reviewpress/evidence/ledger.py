"""The ledger of the synthesis as tables: from finding to papers, and from paper to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reviewpress.evidence.review import Review


def finding_ledger(review: Review, section: str) -> pd.DataFrame:
    """Return which papers support which finding of a section.

    Columns: Finding (its id), Statement (with the source's caveat), Papers (Markdown citations,
    those against or mixed named as such), Place (in the source).
    """
    import pandas as pd

    findings = review.findings
    rows: dict[Any, Any] = findings[findings["section"] == section].to_dict("index")
    return pd.DataFrame(
        [
            (name, _stated(row), _supporters(review, row), row["place"])
            for name, row in rows.items()
        ],
        columns=["Finding", "Statement", "Papers", "Place"],
    )


def paper_ledger(review: Review) -> pd.DataFrame:
    """Return which findings each paper is cited for.

    Columns: Paper (Markdown citation), Author and year, Findings (how many), Which (their ids,
    those that differ only in their number as `process-roles-01, 02`).
    """
    import pandas as pd

    uses: dict[Any, list[str]] = {code: [] for code in review.papers.index}
    for name, row in review.findings.iterrows():
        for code in dict.fromkeys([*row["codes_for"], *row["codes_against"]]):
            uses[code].append(str(name))
    papers = review.papers
    return pd.DataFrame(
        {
            "Paper": [review.cite([code]) for code in uses],
            "Author and year": [
                f"{papers.loc[code, 'author']} {papers.loc[code, 'year']}" for code in uses
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


def _stated(row: Mapping[str, Any]) -> str:
    caveat = row["caveat"]
    has_caveat = isinstance(caveat, str) and caveat
    return f"{row['statement']} Caveat: {caveat}" if has_caveat else str(row["statement"])


def _supporters(review: Review, row: Mapping[str, Any]) -> str:
    agree = review.cite(row["codes_for"]) if row["codes_for"] else ""
    if not row["codes_against"]:
        return agree or "none named"
    disagree = f"against or mixed: {review.cite(row['codes_against'])}"
    return f"{agree}; {disagree}" if agree else disagree
