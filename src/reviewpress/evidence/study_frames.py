"""Studies, lists of reports and agreement as DataFrames: this imports pandas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from reviewpress.evidence.agreement import RaterAgreement
from reviewpress.evidence.changes import NewReport
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.findings import Code
from reviewpress.evidence.report_lists import ListedReport
from reviewpress.evidence.results import ResultsSummary
from reviewpress.evidence.studies import Study
from reviewpress.evidence.study_lists import list_studies
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import Citation, Markdown, escape

_REPORT_COLUMNS = ("reports-study", "reports-reference", "reports-reason", "reports-note")


def reports_frame(
    reports: Sequence[ListedReport], name: str, labels: Mapping[str, str]
) -> pd.DataFrame:
    """Return a list of reports: study, reference, and why a report is not included.

    The headings are words of a language; a list without any reason has no column for it.
    """
    study, reference, reason, note = (labels[column] for column in _REPORT_COLUMNS)
    data: dict[str, list[object]] = {
        study: [one.study for one in reports],
        reference: [one.reference for one in reports],
    }
    if name == "excluded":
        data[reason] = [one.reason for one in reports]
    elif any(one.reason for one in reports):
        data[note] = [one.reason for one in reports]
    return pd.DataFrame(data)


def raters_frame(found: Sequence[RaterAgreement]) -> pd.DataFrame:
    """Return how people agree, a row a stage or item; see `Review.agreement`."""
    names = ("name", "people", "units", "twice", "agreed", "share", "low", "high", "measure",
             "value", "settled")  # fmt: skip
    rows = [
        ["; ".join(one.people) if name == "people" else getattr(one, name) for name in names]
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(names))


def studies_frame(studies: Sequence[Study], cite: Callable[[Sequence[Code]], str]) -> pd.DataFrame:
    """Return the studies: study, primary (a code), papers (codes), reports (a citation)."""
    return pd.DataFrame(
        {
            "study": [one.name for one in studies],
            "primary": [one.primary for one in studies],
            "papers": [one.codes for one in studies],
            "reports": [cite(one.codes) for one in studies],
        }
    )


def study_table_frame(evidence: Evidence) -> pd.DataFrame:
    """Return a row a study: its name, its reports as a citation, and the terms of each column.

    Of a report that was retracted, or is under an expression of concern, it is said.
    """
    labels = load_labels(evidence.config)
    listed = list_studies(evidence, evidence.codes)
    data: dict[str, list[object]] = {
        labels["reports-study"]: [one.study.name for one in listed],
        labels["reports-reports"]: [_cited(one.study, evidence, labels) for one in listed],
    }
    for title in listed[0].terms if listed else ():
        data.setdefault(title, ["; ".join(one.terms[title]) for one in listed])
    return pd.DataFrame(data)


def _cited(study: Study, evidence: Evidence, labels: Labels) -> Markdown | Citation:
    """Return the reports of a study as a citation, with what is to be known of them."""
    cited = evidence.cite(study.codes)
    found = [(code, evidence.notices.get(evidence.keys[code])) for code in study.codes]
    said = [
        labels[notice.kind] if len(found) == 1 else f"{code}: {labels[notice.kind]}"
        for code, notice in found
        if notice is not None and notice.kind in labels
    ]
    listed = "; ".join(said)
    return Markdown(f"{cited} {escape(f'[{listed}]')}") if said else cited


def results_frame(found: Sequence[ResultsSummary], unit: str, *, values: bool) -> pd.DataFrame:
    """Return results summed up by term; see `Review.results_by`."""
    frame = pd.DataFrame(
        {
            "term": [one.term for one in found],
            "results": [one.results for one in found],
            unit: [one.units for one in found],
        }
    )
    if values:
        frame["without"] = [one.without for one in found]
        for name in ("median", "lowest", "highest"):
            frame[name] = pd.Series([getattr(one, name) for one in found], dtype="Float64")
    return frame


def changes_frame(
    found: Sequence[NewReport], labels: Mapping[str, str], cite: Callable[[Code], str]
) -> pd.DataFrame:
    """Return what is new since the earlier version: study, paper, reference, change, findings."""
    kinds = {True: labels["changes-new-report"], False: labels["changes-new-study"]}
    return pd.DataFrame(
        {
            labels["reports-study"]: [one.study for one in found],
            labels["changes-paper"]: [cite(one.code) for one in found],
            labels["reports-reference"]: [one.reference for one in found],
            labels["changes-change"]: [kinds[one.of_earlier_study] for one in found],
            labels["changes-findings"]: ["; ".join(one.findings) for one in found],
        }
    )
