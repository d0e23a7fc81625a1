"""The table of studies: a row a study, whichever of its reports says what of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.findings import Code
from reviewpress.evidence.studies import FILE, PRIMARY, STUDY, Study, read_studies, read_study_rows


@dataclass(frozen=True, slots=True)
class ListedStudy:
    """One study of the table, and the terms in its columns, by their titles."""

    study: Study
    terms: Mapping[str, tuple[str, ...]]


def list_studies(evidence: Evidence, codes: Iterable[Code]) -> tuple[ListedStudy, ...]:
    """Return the studies that some papers report, in the order of their first reports.

    Each has the terms of these papers in the columns that the evidence box shows, as readers see
    them, and what the columns of `data/studies.csv` say besides.
    """
    wanted = set(codes)
    by_paper, by_study = _columns_of_papers(evidence), _columns_of_studies(evidence)
    listed = []
    for whole in read_studies(evidence).of(wanted):
        study = replace(whole, codes=tuple(code for code in whole.codes if code in wanted))
        terms = {
            title: tuple(dict.fromkeys(term for code in study.codes for term in column[code]))
            for title, column in by_paper.items()
        }
        terms |= {title: column.get(study.name, ()) for title, column in by_study.items()}
        listed.append(ListedStudy(study, terms))
    return tuple(listed)


def _columns_of_papers(evidence: Evidence) -> dict[str, dict[Code, tuple[str, ...]]]:
    rows = evidence.rows(PAPERS)
    return {
        field.title or field.name: {
            code: tuple(map(evidence.name_of, terms_of(cell)))
            for code, cell in zip(rows.row_keys, rows[field.name], strict=True)
        }
        for field in rows.table.fields
        if field.evidence and field.name not in (STUDY, PRIMARY)
    }


def _columns_of_studies(evidence: Evidence) -> dict[str, dict[str, tuple[str, ...]]]:
    if not evidence.holds(FILE):
        return {}
    rows = read_study_rows(evidence)
    names = rows.texts(STUDY)
    return {
        field.title or field.name: dict(zip(names, map(terms_of, rows[field.name]), strict=True))
        for field in rows.table.fields
        if field.name not in (STUDY, "papers")
    }
