"""Checks: what can be wrong with a report though it renders.

Each check is a function from a Subject to problems. Quick checks run on every render.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reviewpress.checks.accessibility import check_accessibility
from reviewpress.checks.acknowledgements import apply_acknowledgements, no_longer_occurs
from reviewpress.checks.by_hand import check_by_hand
from reviewpress.checks.checklists import check_checklists
from reviewpress.checks.claims import check_claims
from reviewpress.checks.data_package import check_data_package
from reviewpress.checks.evidence import check_evidence, load_evidence
from reviewpress.checks.extension import check_brand, check_extension
from reviewpress.checks.findings import check_findings
from reviewpress.checks.glyphs import check_glyphs
from reviewpress.checks.keys import check_keys
from reviewpress.checks.labels import check_labels
from reviewpress.checks.links import check_links
from reviewpress.checks.listing import check_listing
from reviewpress.checks.live_values import check_live_values
from reviewpress.checks.numbers import check_typed_numbers
from reviewpress.checks.own_filters import check_filters
from reviewpress.checks.page_breaks import check_page_breaks
from reviewpress.checks.page_files import check_page_files
from reviewpress.checks.pictures import (
    check_descriptions,
    check_image_files,
    check_images,
    check_pictures,
)
from reviewpress.checks.raw_html import check_raw_html
from reviewpress.checks.references import check_references
from reviewpress.checks.restricted import check_restrictions
from reviewpress.checks.retractions import check_retractions
from reviewpress.checks.sections import check_sections
from reviewpress.checks.slips import check_slips
from reviewpress.checks.statement import check_statement
from reviewpress.checks.stored_outputs import check_stored_outputs
from reviewpress.checks.subject import CheckedEvidence, Subject
from reviewpress.checks.titles import check_titles
from reviewpress.checks.translations import check_translations
from reviewpress.errors import Problem, together

Check = Callable[[Subject], Iterator[Problem]]

QUICK_CHECKS: tuple[Check, ...] = (
    check_evidence,
    check_restrictions,
    check_references,
    check_retractions,
    check_sections,
    check_findings,
    check_claims,
    check_checklists,
    check_data_package,
    check_accessibility,
    check_statement,
    check_extension,
    check_brand,
    check_glyphs,
    check_images,
    check_descriptions,
    check_image_files,
    check_pictures,
    check_keys,
    check_labels,
    check_links,
    check_translations,
    check_filters,
    check_page_breaks,
    check_page_files,
    check_raw_html,
    check_typed_numbers,
    check_by_hand,
    check_titles,
    check_slips,
    check_live_values,
    check_listing,
    check_stored_outputs,
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks of an edition found.

    `acknowledged` pairs a problem with the reason for which it stays.
    """

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    acknowledged: tuple[tuple[Problem, str], ...]

    @property
    def clean(self) -> bool:
        """Whether nothing but acknowledged problems and warnings was found."""
        return not self.errors


def run_quick_checks(subject: Subject) -> Report:
    """Run every quick check on an edition and set aside what is acknowledged."""
    found = list(subject.book.problems)
    for check in QUICK_CHECKS:
        found += check(subject)
    for run in subject.runs.values():
        found += run.warnings
    settled = apply_acknowledgements(subject.config, dict.fromkeys(found))
    remaining = [*settled.remaining, *(no_longer_occurs(settled.unused) if subject.main else ())]
    return Report(
        errors=together(p for p in remaining if p.severity == "error"),
        warnings=together(p for p in remaining if p.severity == "warning"),
        acknowledged=settled.acknowledged,
    )


__all__ = [
    "QUICK_CHECKS",
    "Check",
    "CheckedEvidence",
    "Report",
    "Subject",
    "load_evidence",
    "run_quick_checks",
]
