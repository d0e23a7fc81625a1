"""What a page of the web edition says of where its numbers come from; `values.lua` shows it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from reviewpress.assemble import Page
from reviewpress.assemble.links import relative
from reviewpress.evidence.findings import Code
from reviewpress.labels import Labels
from reviewpress.provenance.record import Appraised, Computed, Provenance, Stated
from reviewpress.shapes import Plain
from reviewpress.tables.lineage import ColumnRead

SHORT = 12
"""How many digits of a hash readers see."""
_FEW = 12
"""As many rows are named again by each entry of a page that was made from them."""


def page_provenance(
    record: Provenance, page: Page, listing: str | None, listed: Container[str], labels: Labels
) -> dict[str, Plain]:
    """Return entries for what a page shows, in its order; empty where it shows nothing computed.

    `listing` is the page of the list of references, to which the codes of papers lead; `listed` are
    the keys that this edition lists there.
    """
    here = page.chapter.page
    entries = _Entries(record, relative(here, listing) if listing else "", listed, labels)
    values = {each.id: each for each in record.values}
    figures = {each.id: each for each in record.figures}
    findings = {each.id: each for each in record.findings}
    shown: dict[str, Plain] = {
        "values": [entries.made(values[id]) for id in dict.fromkeys(page.values) if id in values],
        "figures": [
            *(entries.made(figures[id]) for id in page.ids if id in figures),
            *(entries.made(e) for e in record.figures if e.kind == "output" and e.page == here),
        ],
        "findings": [entries.stated(findings[id]) for id in page.tells if id in findings],
        "claims": [entries.claim(each) for each in record.claims if each.page == here],
    }
    kept = {name: found for name, found in shown.items() if found}
    return {**kept, "papers": dict(entries.links)} if kept else {}


class _Entries:
    """Makes the entries of a page, and gathers the addresses of papers and entries they name."""

    def __init__(
        self, record: Provenance, listing: str, listed: Container[str], labels: Labels
    ) -> None:
        self.links: dict[str, Plain] = {}
        self._record, self._labels = record, labels
        self._listing, self._listed = listing, listed
        self._first: dict[tuple[Code, ...], tuple[str, str]] = {}

    def made(self, each: Computed) -> dict[str, Plain]:
        """Return the entry of a value, a figure or a table."""
        run = self._record.runs.get(each.chapter, "")[:SHORT]
        place = self._labels.fill("provenance-cell", cell=str(each.cell), run=run)
        code = _fact("provenance-code", code=each.code)
        # The code of a whole cell is long: what it read is not looked for below it.
        is_long = "\n" in each.code
        facts: list[Plain] = [
            _fact("provenance-words", each.words),
            {} if is_long else code,
            *self._sources(each.reads, each.id, each.text),
            _fact("provenance-chapter", place, code=each.chapter),
            code if is_long else {},
        ]
        return {"id": each.id, "shown": each.text, "facts": [fact for fact in facts if fact]}

    def claim(self, each: Computed) -> dict[str, Plain]:
        """Return the entry of a published number."""
        id = f"claim-{each.id}"
        run = self._record.runs.get(each.chapter, "")[:SHORT]
        place = self._labels.fill("provenance-cell", cell=str(each.cell), run=run)
        facts: list[Plain] = [
            _fact("provenance-published", each.published),
            _fact("provenance-computed", each.text),
            _fact("provenance-explanation", each.explanation),
            _fact("provenance-code", code=each.code),
            *self._sources(each.reads, id, each.statement),
            _fact("provenance-chapter", place, code=each.chapter) if each.cell else {},
        ]
        status = self._labels[f"provenance-{each.status.replace(' ', '-')}"]
        shown = f"{each.statement} ({status})"
        return {"id": id, "shown": shown, "facts": [fact for fact in facts if fact]}

    def stated(self, each: Stated) -> dict[str, Plain]:
        """Return the entry of a finding."""
        facts: list[Plain] = [
            _fact("provenance-statement", each.statement),
            _fact("provenance-for", parts=self._appraised(each.papers)),
            _fact("provenance-against", parts=self._appraised(each.against)),
            _fact("provenance-certainty", each.certainty),
            _fact("provenance-place", each.place),
            _fact("provenance-caveat", each.caveat),
        ]
        return {"id": each.id, "shown": each.id, "facts": [fact for fact in facts if fact]}

    def _appraised(self, papers: Iterable[Appraised]) -> list[Plain]:
        return [
            {"code": self._link(each.code, each.key), "after": f" ({rating})" if rating else ""}
            for each in papers
            for rating in (each.rating or self._labels["provenance-not-appraised"],)
        ]

    def _sources(self, reads: Iterable[ColumnRead], id: str, shown: str) -> Iterator[Plain]:
        """Yield for each file what an entry read of it: columns with the same rows together."""
        found = False
        for file, columns, rows in self._record.sources(reads):
            found = True
            names = ", ".join(columns)
            digest = f"(SHA-256 {self._record.files.get(file, '')[:SHORT]}…)"
            said = digest if names else f"{self._labels['provenance-whole-file']} {digest}"
            yield _fact("provenance-read", said, code=file, columns=names)
            if rows is not None:
                yield _fact("provenance-rows", str(len(rows)), parts=self._rows(rows, id, shown))
            elif names:
                yield _fact("provenance-rows", self._labels["provenance-whole-column"])
        if not found:
            yield _fact("provenance-read", self._labels["provenance-nothing"])

    def _rows(self, rows: tuple[Code, ...], id: str, shown: str) -> list[Plain]:
        """Return the rows, or which entry above named the same: pages would be twice as heavy."""
        if len(rows) > _FEW:
            first, name = self._first.setdefault(rows, (id, shown))
            words = self._labels.fill("provenance-same-rows", entry=name)
            address = f"#from-{first}"
            if first != id and self.links.setdefault(words, address) == address:
                return [{"code": words, "after": ""}]
        return [{"code": self._link(row), "after": ""} for row in rows]

    def _link(self, code: Code, key: str = "") -> str:
        name = str(code)
        key = key or self._record.papers.get(code, "")
        if self._listing and key in self._listed:
            self.links[name] = f"{self._listing}#ref-{key}"
        return name


def _fact(
    label: str,
    text: str = "",
    *,
    code: str = "",
    columns: str = "",
    parts: list[Plain] | None = None,
) -> Plain:
    """Return one line of an entry; empty where there is nothing to say."""
    found: Mapping[str, Plain] = {"code": code, "columns": columns, "text": text, "parts": parts}
    if not any(found.values()):
        return {}
    return {"label": label, **{name: value for name, value in found.items() if value}}
