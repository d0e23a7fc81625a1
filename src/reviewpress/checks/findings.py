"""Findings and chapters: each finding is told with its papers, each citation has a finding."""

from collections.abc import Iterator, Mapping

from reviewpress.assemble import Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.checks.subject import Subject, cites, page_cites
from reviewpress.config import Section
from reviewpress.errors import Place, Problem, nearest
from reviewpress.evidence.data import FINDINGS
from reviewpress.evidence.findings import Finding, read_findings


def check_findings(subject: Subject) -> Iterator[Problem]:
    """Compare the citations of each findings chapter with the findings they tell.

    A span `[…]{.finding of="id id"}` cites exactly the papers of its findings; every citation of
    an included paper in a findings chapter stands in such a span; every finding of a chapter's
    sections is told in it. Elsewhere a span has to name a finding that exists.
    """
    if subject.review is None:
        return
    findings = read_findings(subject.review.rows(FINDINGS), tuple)
    pages = list(subject.findings_pages())
    sections = {page.chapter.path: own for page, own in pages}

    def look(page: Page) -> Iterator[Problem]:
        told: set[str] = set()
        owned: set[int] = set()
        for span in _finding_spans(page):
            owned |= {id(cite) for cite, _ in cites(span)}
            names = _names(span)
            told |= set(names)
            yield from _check_span(subject, page, span, names, findings)
        yield from _unowned(subject, page, owned)
        yield from _untold(page, sections[page.chapter.path], told, findings)

    def look_elsewhere(page: Page) -> Iterator[Problem]:
        for span in _finding_spans(page):
            yield from _check_names(page, span, _names(span), findings)

    named = {path: [each.name for each in own] for path, own in sections.items()}
    rows = {name: [each.section, sorted(each.codes)] for name, each in findings.items()}
    depends_on = [subject.references.codes, named, rows]
    yield from subject.look_at_pages("findings", depends_on, look, [page for page, _ in pages])
    others = [page for page in subject.book.pages if page.chapter.path not in sections]
    yield from subject.look_at_pages("findings named", [[*findings]], look_elsewhere, others)


def _finding_spans(page: Page) -> Iterator[Node]:
    for node in page.nodes:
        if node["t"] in ("Span", "Div") and "finding" in ast.classes(node):
            yield node


def _names(span: Node) -> list[str]:
    return (ast.attribute(span, "of") or "").split()


def _check_names(
    page: Page, span: Node, names: list[str], findings: Mapping[str, Finding]
) -> Iterator[Problem]:
    for name in names:
        if name not in findings:
            message = f'there is no finding "{name}".'
            place = page.place(span, name)
            yield Problem("unknown-finding", message, place, nearest(name, findings))
    if not names:
        message = "a finding's span does not say of which finding: `of=` is missing."
        yield Problem("unknown-finding", message, page.place(span, ".finding"))


def _check_span(
    subject: Subject, page: Page, span: Node, names: list[str], findings: Mapping[str, Finding]
) -> Iterator[Problem]:
    wrong = [*_check_names(page, span, names, findings)]
    yield from wrong
    if wrong:
        return
    expected = {code for name in names for code in findings[name].codes}
    given = set(_codes(subject, span))
    label = " ".join(names)
    if expected == given:
        return
    place = page.place(span, names[0])
    for code in sorted(expected - given):
        message = f"finding {label} rests on paper {code}, which its text does not cite."
        yield Problem("finding-not-cited", message, place, "", subject=f"{label} {code}")
    for code in sorted(given - expected):
        message = (
            f"the text of finding {label} cites paper {code}, which the finding does not name."
        )
        yield Problem("citation-not-in-finding", message, place, "", subject=f"{label} {code}")


def _codes(subject: Subject, node: Node) -> Iterator[int]:
    known = subject.references.references
    for _, keys in cites(node):
        for key in keys:
            reference = known.get(key)
            if reference is not None and reference.code is not None:
                yield reference.code


def _unowned(subject: Subject, page: Page, owned: set[int]) -> Iterator[Problem]:
    known = subject.references.references
    # The citations of tables and figures come from the data.
    for node in page.nodes:
        if node["t"] in ("Table", "Figure"):
            owned |= {id(cite) for cite, _ in cites(node)}
    for cite, keys in page_cites(page):
        for part, key in enumerate(keys):
            included = key in known and known[key].code is not None
            if included and id(cite) not in owned:
                message = f"the citation @{key} is outside every finding."
                hint = 'Wrap its sentence: `[…]{.finding of="…"}`.'
                place = page.place(cite, f"@{key}", part)
                yield Problem(
                    "citation-without-finding", message, place, hint,
                    subject=f"{page.chapter.name} {key}",
                )  # fmt: skip


def _untold(
    page: Page, sections: tuple[Section, ...], told: set[str], findings: Mapping[str, Finding]
) -> Iterator[Problem]:
    names = {section.name for section in sections}
    for name, finding in findings.items():
        if finding.section in names and name not in told:
            message = f"the chapter does not tell the finding {name}."
            hint = 'Tell it in a span `[…]{.finding of="' + name + '"}`.'
            yield Problem("finding-not-told", message, Place(page.chapter.path), hint, subject=name)
