"""The evidence box: how many papers a section rests on, of which kinds, where, with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reviewpress.evidence.appraisal.answers import Appraisal
from reviewpress.evidence.counts import Counts
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.sections import SectionEvidence, count_missing
from reviewpress.evidence.words import begin, spell, within
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import escape
from reviewpress.tables.schema import Field


@dataclass(frozen=True, slots=True)
class EvidenceBox:
    """A section's evidence in plain sentences, shown as Markdown.

    `separator` is what the language puts between a label and its words.
    """

    heading: str
    lead: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()
    separator: str = ": "

    def _repr_markdown_(self) -> str:
        lines = ["::: {.evidence-box}", f"**{self.heading}**", "", " ".join(self.lead), ""]
        lines += [f"- **{label}**{self.separator}{text}" for label, text in self.items]
        for note in self.notes:
            lines += ["", note]
        return "\n".join([*lines, ":::", ""])

    def __str__(self) -> str:
        return self._repr_markdown_()


def make_box(
    evidence: Evidence, section: SectionEvidence, appraisal: Appraisal | None
) -> EvidenceBox:
    """Return the evidence box of a section, in the review's language."""
    labels = load_labels(evidence.config)
    columns = evidence.schema.table(PAPERS).fields
    labelled = [column for column in columns if column.evidence]
    shown = labelled or [column for column in columns if column.role not in ("sections", "source")]
    items = []
    several = []
    for column in shown:
        if column.is_counted:
            counts = section.count(column.name)
            label = section.labels[column.name]
            items.append((escape(label), _listed(counts, section, evidence, column, labels)))
            several += [within(label, labels)] if column.type == "list" else []
    quality = _quality(section, appraisal, labels)
    if quality:
        items.append((labels["evidence-quality"], quality))
    notes = []
    if several and section.papers:
        listed = escape(labels.join(several, "list-either"))
        several_name = "evidence-several" if section.studies is None else "evidence-several-studies"
        notes.append(labels.fill(several_name, columns=listed))
    settings = evidence.config.settings
    is_part = any(one.name == section.name and one.anchor for one in settings.sections)
    heading = labels["evidence-in-part" if is_part else "evidence-in-chapter"]
    source = next((c for c in columns if c.name == section.source), None)
    lead = (_lead(section, labels, source.terms if source else {}),)
    separator = labels["caption-separator"]
    return EvidenceBox(heading, lead, tuple(items), tuple(notes), separator)


def _lead(section: SectionEvidence, labels: Labels, names: Mapping[str, str]) -> str:
    if not section.papers:
        return labels["evidence-none"]
    sources = [
        labels.fill(
            "evidence-source",
            number=_within("papers-other", number, labels),
            count=labels.digits(number),
            term=escape(within(names.get(term, term), labels)),
        )
        for term, number in section.counts.get(section.source, Counts({})).items()
    ]
    papers = begin(_units(section, labels))
    if not sources:
        return f"{papers}."
    return labels.fill("evidence-lead", papers=papers, sources=labels.join(sources))


def _units(section: SectionEvidence, labels: Labels) -> str:
    """Return how many papers; or how many studies, with their papers where these are more."""
    papers = _number_of("papers", section.papers, labels)
    if section.studies is None:
        return papers
    studies = _number_of("studies", section.studies, labels)
    if section.studies == section.papers:
        return studies
    return labels.fill("evidence-studies", studies=studies, papers=papers)


def _number_of(noun: str, number: int, labels: Labels) -> str:
    if number == 0:
        return labels[f"{noun}-none"]
    return labels.count(noun, number, number=_within(f"{noun}-other", number, labels))


def _within(name: str, number: int, labels: Labels) -> str:
    """Return a number for a label: in words, but in one that is English still in digits."""
    return spell(number, labels, counts=True) if labels.has(name) else labels.digits(number)


def _listed(
    counts: Counts, section: SectionEvidence, evidence: Evidence, column: Field, labels: Labels
) -> str:
    names = column.terms
    parts = [f"{escape(names.get(term, term))} ({number})" for term, number in counts.items()]
    missing = count_missing(evidence, column.name, set(section.codes))
    parts += [f"{escape(label)} ({number})" for label, number in missing.items()]
    return ", ".join(parts) or labels["evidence-nothing-recorded"]


def _quality(section: SectionEvidence, appraisal: Appraisal | None, labels: Labels) -> str:
    if section.appraised is None or appraisal is None:
        return ""
    codes = set(section.codes)
    name = "evidence-appraised" if section.appraised else "evidence-appraised-none"
    total = section.papers if section.studies is None else section.studies
    noun = "papers" if section.studies is None else "studies"
    parts = [
        labels.fill(
            name,
            number=_within(name, section.appraised, labels),
            papers=_number_of(noun, total, labels),
            count=labels.digits(section.appraised),
            total=labels.digits(total),
        )
    ]
    if section.ratings:
        ratings = [
            f"{_rating(rating, labels)} ({number})" for rating, number in section.ratings.items()
        ]
        parts.append(labels.fill("evidence-ratings", ratings=", ".join(ratings)))
    for name, found in (
        ("evidence-not-applicable", appraisal.not_applicable),
        ("evidence-not-available", appraisal.not_available),
    ):
        number = len(codes.intersection(found))
        if number:
            told = {"number": _within(name, number, labels), "count": labels.digits(number)}
            parts.append(labels.fill(name, **told))
    return labels["list-separator"].join(parts)


def _rating(rating: str, labels: Labels) -> str:
    """Return a rating in per cent as the language writes it, a judgement as it is."""
    share = rating.removesuffix("%")
    return labels.fill("percent", number=share) if share != rating else rating
