"""The ledger of the synthesis: which papers stand behind which finding, and the reverse."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from reviewpress.evidence.findings import Finding
from reviewpress.evidence.ledger import finding_ledger, paper_ledger


def review_of(findings: dict[str, tuple[int, ...]], lang: str = "en") -> Any:
    """Return what the ledger asks of a review, with findings that papers support."""
    return SimpleNamespace(
        statements={
            name: Finding(name, "Themes", "", "", papers, (), "", "")
            for name, papers in findings.items()
        },
        codes=(1, 2),
        papers=pd.DataFrame({"author": ["Li", "Ahmed"], "year": [2020, 2021]}, index=[1, 2]),
        cite=lambda codes: f"[@{codes[0]}]",
        config=SimpleNamespace(root=Path(), lang=lang, metadata={}),
    )


def test_findings_of_one_part_are_shortened() -> None:
    """Ids that follow each other and differ in their number share their stem."""
    review = review_of(
        {"trust-01": (1,), "trust-02": (1, 2), "roles-01": (1,), "trust-04": (1,), "cost": (1,)}
    )
    table = paper_ledger(review)
    assert list(table["Which"]) == ["trust-01, 02; roles-01; trust-04; cost", "trust-02"]
    assert list(table["Findings"]) == [5, 1]


def test_a_paper_without_findings_has_a_dash() -> None:
    """An empty cell would look like a mistake."""
    assert list(paper_ledger(review_of({"trust-01": (1,)}))["Which"]) == ["trust-01", "–"]


def test_findings_of_all_sections_are_listed_in_the_language_of_the_review() -> None:
    """Each leads to where it is told; without papers it says so."""
    table = finding_ledger(review_of({"trust-01": (1,), "cost-01": ()}, "fr"))
    assert list(table.columns) == ["Résultat", "Énoncé", "Publications", "Endroit"]
    assert list(table["Résultat"]) == [
        '[trust-01]{.finding-id of="trust-01"}',
        '[cost-01]{.finding-id of="cost-01"}',
    ]
    assert list(table["Publications"]) == ["[@1]", "aucune nommée"]
