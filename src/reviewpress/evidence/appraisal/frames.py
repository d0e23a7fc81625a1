"""An appraisal as DataFrames: this module imports pandas, so import it when needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set

import pandas as pd

from reviewpress.evidence.appraisal.scores import UNANSWERED, Agreement, Criterion
from reviewpress.evidence.findings import Code
from reviewpress.tables.frames import tuple_series


def kept_rows(frame: pd.DataFrame | None, kept: Set[Code]) -> pd.DataFrame:
    """Return the rows of a table of the appraisal that are about some papers; none of no table."""
    if frame is None:
        return pd.DataFrame()
    if "code" not in frame.columns:
        return frame[frame.index.isin(list(kept))]
    return frame[frame["code"].isin(list(kept))].reset_index(drop=True)


def agreement_frame(rows: Sequence[Agreement]) -> pd.DataFrame:
    """Return published ratings beside computed ones; see `Appraisal.agreement`."""
    judged = any(isinstance(row.published, str) for row in rows)
    frame = pd.DataFrame(
        {
            "code": [row.code for row in rows],
            "published": pd.Series(
                [row.published for row in rows], dtype="str" if judged else "Int64"
            ),
            "computed": pd.Series([row.computed for row in rows], dtype="Int64"),
            "weakest": tuple_series([row.weakest for row in rows]),
            "verdict": pd.Series([row.verdict for row in rows], dtype="str"),
        }
    )
    return frame.set_index("code")


def criteria_frame(
    tool: Sequence[Criterion], answers: Sequence[str], counts: Mapping[str, Counter[str]]
) -> pd.DataFrame:
    """Return how often each criterion got each answer; see `Appraisal.criteria`."""
    rows = []
    for criterion in tool:
        found = counts.get(criterion.id, Counter[str]())
        row = {"criterion": criterion.id, "design": criterion.design, "ask": criterion.ask}
        rows.append({**row, "papers": sum(found.values()), **{key: found[key] for key in answers}})
    return pd.DataFrame(rows)


def design_frame(
    papers: Mapping[str, int], answers: Sequence[str], counts: Mapping[str, Counter[str]]
) -> pd.DataFrame:
    """Return how often the criteria of each design got each answer; see `Appraisal.by_design`."""
    rows = []
    for design, number in papers.items():
        found = counts.get(design)
        if not found:
            continue
        given = sum(found[answer] for answer in answers if answer != UNANSWERED)
        percent = round(100 * found[answers[0]] / given) if given else None
        counted = {key: found[key] for key in answers}
        row = {"design": design, "papers": number, "answers": given}
        rows.append({**row, **counted, "percent": percent})
    return pd.DataFrame(rows)
