"""Papers and sections: what the chapters cite against what the data table records."""

from collections.abc import Iterator
from dataclasses import asdict

from reviewpress.assemble import Page, ast
from reviewpress.checks.subject import Subject, cites
from reviewpress.errors import Place, Problem, nearest
from reviewpress.evidence.counts import terms_of
from reviewpress.evidence.data import PAPERS


def check_sections(subject: Subject) -> Iterator[Problem]:
    """Find papers cited in a section whose data does not say so, and the reverse."""
    if subject.review is None:
        return
    known = subject.references.references
    rows = subject.review.rows(PAPERS)
    columns = rows.table.with_role("sections")
    if not columns:
        return
    pairs = zip(subject.review.codes, rows[columns[0].name], strict=True)
    recorded = {int(str(code)): sorted(set(terms_of(names))) for code, names in pairs}
    pages = list(subject.findings_pages())
    sections = {page.chapter.path: own for page, own in pages}

    def look(page: Page) -> Iterator[Problem]:
        headings = {ast.identifier(node) for node in page.blocks if node["t"] == "Header"}
        for section in (s for s in sections[page.chapter.path] if s.recorded):
            if section.anchor and section.anchor not in headings:
                message = f"{section.name} is to be at #{section.anchor}, which is not a heading."
                hint = nearest(section.anchor, headings)
                yield Problem(
                    "section", message, Place(page.chapter.path), hint, subject=section.name
                )
                continue
            nodes = subject.section_nodes(page, section)
            cited: dict[int, tuple[str, ast.Node, int]] = {}
            for cite, keys in cites(nodes):
                for part, key in enumerate(keys):
                    code = known[key].code if key in known else None
                    if code is not None:
                        cited.setdefault(code, (key, cite, part))
            for code, (key, cite, part) in sorted(cited.items(), key=lambda item: item[0]):
                if section.name not in recorded.get(code, ()):
                    cited_in = f"paper {code} (@{key}) is cited in {section.name}"
                    message = f"{cited_in}, which its data does not record."
                    place = page.place(cite, f"@{key}", part)
                    yield Problem("paper-not-in-section", message, place,
                                  "Look at its row in the table of papers.",
                                  subject=f"{section.name} {code}")  # fmt: skip
            for code in sorted(c for c, names in recorded.items() if section.name in names):
                if code not in cited:
                    message = (
                        f"the data records paper {code} for {section.name}, which does not cite it."
                    )
                    yield Problem("section-paper-not-cited", message, Place(page.chapter.path),
                                  "Cite it, or mend its row in the table of papers.",
                                  subject=f"{section.name} {code}")  # fmt: skip

    named = {path: list(map(asdict, own)) for path, own in sections.items()}
    depends_on = [subject.references.codes, named, recorded]
    yield from subject.look_at_pages("sections", depends_on, look, [page for page, _ in pages])
