"""Reviewpress: evidence reviews whose numbers, citations and figures come from data, checked.

A chapter begins with:

    import reviewpress
    from reviewpress import words

    review = reviewpress.load()

What stands in `__all__` is for chapters, and stays. All else may change from one version to the
next.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewpress.checklists import checklist_frame, load_checklists
    from reviewpress.errors import Problems, ReportError
    from reviewpress.evidence.appraisal.answers import Appraisal
    from reviewpress.evidence.appraisal.forms import Form
    from reviewpress.evidence.findings import Finding
    from reviewpress.evidence.flow import Flow, parse_flow, write_flow
    from reviewpress.evidence.flow_sums import check_flow
    from reviewpress.evidence.headlines import Rank, Ranking, Share, joined, rank, share
    from reviewpress.evidence.ledger import finding_ledger, paper_ledger
    from reviewpress.evidence.searches import Searches
    from reviewpress.evidence.sections import SectionEvidence
    from reviewpress.evidence.words import Words, percent, words
    from reviewpress.figures.publish import figure
    from reviewpress.figures.table_notes import noted
    from reviewpress.figures.tables import table
    from reviewpress.markdown import Markdown, md
    from reviewpress.review import Review, load

__all__ = [
    "Appraisal",
    "Finding",
    "Flow",
    "Form",
    "Markdown",
    "Problems",
    "Rank",
    "Ranking",
    "ReportError",
    "Review",
    "Searches",
    "SectionEvidence",
    "Share",
    "Words",
    "check_flow",
    "checklist_frame",
    "figure",
    "finding_ledger",
    "joined",
    "load",
    "load_checklists",
    "md",
    "noted",
    "paper_ledger",
    "parse_flow",
    "percent",
    "rank",
    "share",
    "table",
    "words",
    "write_flow",
]

_HOMES = {
    "checklists": ("checklist_frame", "load_checklists"),
    "errors": ("Problems", "ReportError"),
    "evidence.appraisal.answers": ("Appraisal",),
    "evidence.appraisal.forms": ("Form",),
    "evidence.findings": ("Finding",),
    "evidence.flow": ("Flow", "parse_flow", "write_flow"),
    "evidence.flow_sums": ("check_flow",),
    "evidence.headlines": ("Rank", "Ranking", "Share", "joined", "rank", "share"),
    "evidence.ledger": ("finding_ledger", "paper_ledger"),
    "evidence.searches": ("Searches",),
    "evidence.sections": ("SectionEvidence",),
    "evidence.words": ("Words", "percent", "words"),
    "figures.publish": ("figure",),
    "figures.table_notes": ("noted",),
    "figures.tables": ("table",),
    "markdown": ("Markdown", "md"),
    "review": ("Review", "load"),
}
"""The module of each public name."""

if not TYPE_CHECKING:  # or every name would seem to exist

    def __getattr__(name):
        """Import a public name when it is first asked for: the command line needs none."""
        from importlib import import_module

        home = next((module for module, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value

    def __dir__():
        return sorted({*globals(), *__all__})
