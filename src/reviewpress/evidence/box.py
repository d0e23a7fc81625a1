"""The evidence box: how many papers a section rests on, of which kinds, where, with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewpress.evidence.markdown import escape
from reviewpress.evidence.sections import Counts, SectionEvidence
from reviewpress.evidence.words import Words, join_words, words

if TYPE_CHECKING:
    from reviewpress.evidence.review import Review

HEADING = "Evidence in this chapter"
PART_HEADING = "Evidence in this part"


@dataclass(frozen=True, slots=True)
class EvidenceBox:
    """A section's evidence in plain sentences, shown as Markdown."""

    heading: str
    lead: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def _repr_markdown_(self) -> str:
        lines = ["::: {.evidence-box}", f"**{self.heading}**", "", " ".join(self.lead), ""]
        lines += [f"- **{label}**: {text}" for label, text in self.items]
        for note in self.notes:
            lines += ["", note]
        return "\n".join([*lines, ":::", ""])

    def __str__(self) -> str:
        return self._repr_markdown_()


def make_box(review: Review, section: SectionEvidence) -> EvidenceBox:
    """Return the evidence box of a section."""
    columns = review.schema.table("papers").fields
    labelled = [column for column in columns if column.evidence]
    shown = labelled or [column for column in columns if column.role not in ("sections", "source")]
    items = []
    several = []
    for column in shown:
        if column.is_counted:
            counts = section.count(column.name)
            label = section.labels[column.name]
            items.append((escape(label), _listed(counts, section, review, column.name)))
            several += [label.lower()] if column.type == "list" else []
    quality = _quality(review, section)
    if quality:
        items.append(("Quality", quality))
    notes = []
    if several and section.papers:
        listed = escape(join_words(several, "or"))
        notes.append(f"A paper with several {listed} counts once for each.")
    settings = review.config.settings
    is_part = any(one.name == section.name and one.anchor for one in settings.sections)
    heading = PART_HEADING if is_part else HEADING
    return EvidenceBox(heading, tuple(_lead(section)), tuple(items), tuple(notes))


def _lead(section: SectionEvidence) -> list[str]:
    if not section.papers:
        return ["No included paper belongs to this section."]
    sources = [
        f"{words(number)} {escape(term.lower())}"
        for term, number in section.counts.get(section.source, Counts({})).items()
    ]
    text = f"{Words(section.papers, 'paper')}"
    return [f"{text}: {join_words(sources)}." if sources else f"{text}."]


def _listed(counts: Counts, section: SectionEvidence, review: Review, column: str) -> str:
    parts = [f"{escape(term)} ({number})" for term, number in counts.items()]
    missing = review.without_value(column, section.codes)
    parts += [f"{escape(label)} ({number})" for label, number in missing.items()]
    return ", ".join(parts) or "none recorded"


def _quality(review: Review, section: SectionEvidence) -> str:
    if section.appraised is None:
        return ""
    appraisal = review.appraisal
    codes = set(section.codes)
    some = words(section.appraised) if section.appraised else "none"
    parts = [f"appraisal available for {some} of the {words(section.papers, 'paper')}"]
    if section.ratings:
        ratings = [f"{rating} ({number})" for rating, number in section.ratings.items()]
        parts.append(f"overall ratings as published: {', '.join(ratings)}")
    for label, found in (
        ("not applicable", appraisal.not_applicable),
        ("not available", appraisal.not_available),
    ):
        number = len(codes.intersection(found))
        if number:
            parts.append(f"{label} for {words(number)}")
    return "; ".join(parts)
