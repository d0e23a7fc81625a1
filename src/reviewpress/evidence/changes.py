"""What is new since the earlier version: its papers, and the findings that rest on them."""

from __future__ import annotations

from dataclasses import dataclass

from reviewpress.evidence.data import FINDINGS, PAPERS, Evidence
from reviewpress.evidence.decisions import FILE, read_screening
from reviewpress.evidence.findings import Code
from reviewpress.evidence.report_lists import reference_of
from reviewpress.evidence.screening import versions_of
from reviewpress.evidence.studies import read_studies
from reviewpress.markdown import Markdown


@dataclass(frozen=True, slots=True)
class NewReport:
    """A paper that the earlier version lacks.

    `of_earlier_study` where the study was in it already; `findings` are those that rest on it.
    """

    code: Code
    study: str
    reference: Markdown
    of_earlier_study: bool
    findings: tuple[str, ...]


def new_reports(evidence: Evidence) -> tuple[NewReport, ...]:
    """Return the papers that are new since the earlier version; none where there was none.

    Raises what reading the decisions raises.
    """
    screening = read_screening(evidence) if evidence.holds(FILE) else None
    versions = versions_of(evidence, screening)
    if not versions.is_update:
        return ()
    rows = evidence.rows(PAPERS)
    keys = dict(zip(rows.row_keys, rows.texts("citekey"), strict=True))
    earlier = {*versions.papers, *versions.included}
    statements = evidence.statements.values() if evidence.has(FINDINGS) else ()
    return tuple(
        NewReport(
            code,
            study.name,
            reference_of(evidence, keys[code]),
            any(keys[other] in earlier for other in study.codes),
            tuple(one.id for one in statements if code in one.codes),
        )
        for study in read_studies(evidence)
        for code in study.codes
        if keys[code] not in earlier
    )
