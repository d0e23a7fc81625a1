"""What the table of papers says of the last boxes of the flow, where no decisions do."""

from collections.abc import Iterator

from reviewpress.errors import Problem
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.flow import Flow
from reviewpress.evidence.studies import read_studies


def count_papers(evidence: Evidence, flow: Flow) -> dict[str, int]:
    """Return what the table of papers gives for boxes that are blank: new reports, and new studies.

    Studies are counted where the review groups its reports. Where the flow has a number of
    studies alone, the rows of the table may be these, and nothing is said of reports.
    """
    found: dict[str, int] = {}
    for box, number in _included(evidence).items():
        stated = flow.get(f"new_{box}")
        before = flow.get(f"previous_{box}") or 0
        if stated is None and number >= before:
            found[f"new_{box}"] = number - before
            if before and flow.get(f"total_{box}") is None:
                found[f"total_{box}"] = number
    if flow.get("new_studies") is not None:
        found = {box: number for box, number in found.items() if box.endswith("studies")}
    return found


def check_papers(evidence: Evidence, flow: Flow) -> Iterator[Problem]:
    """Yield a problem for each number of the flow that the table of papers contradicts.

    A flow may count reports that are not in the table, but not fewer than are there. Of studies
    there are as many as the review's groups of papers.
    """
    for box, number in _included(evidence).items():
        if (stated := flow.get(f"new_{box}")) is None:
            continue
        total = stated + (flow.get(f"previous_{box}") or 0)
        if total < number or (total > number and box == "studies"):
            told = f"the table of papers has {number}."
            message = f"the flow counts {total} {box} that are included, but {told}"
            hint = "Leave the number blank in the flow: it is then computed."
            yield Problem("flow", message, flow.place(f"new_{box}"), hint, subject=f"new_{box}")


def _included(evidence: Evidence) -> dict[str, int]:
    """Return how many reports the table of papers has, and how many studies, where grouped."""
    if not evidence.has(PAPERS):
        return {}
    studies = read_studies(evidence)
    found = {"reports": len(evidence.rows(PAPERS))}
    is_grouped = len(studies) < found["reports"] or evidence.unit == "studies"
    return found | ({"studies": len(studies)} if is_grouped else {})
