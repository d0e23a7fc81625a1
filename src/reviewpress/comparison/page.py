"""What changed as a page of HTML, with `ins` and `del`, and figures side by side.

The page loads its style and pictures from a folder beside it, so that a strict policy may hold.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from reviewpress.comparison.changes import Changes, FloatChange, StatementChange, TextChange
from reviewpress.comparison.lines import differs, words_around
from reviewpress.comparison.phrases import Phrase, alternatives, because
from reviewpress.comparison.wording import compare_words, same_number, with_names
from reviewpress.edition import EditionRecord, KeptBlock, KeptFloat, KeptPaper, KeptStatement
from reviewpress.html_tree import plain_page
from reviewpress.labels import Labels

_STYLE = Path(__file__).parent / "page.css"
_TAGS = {"gone": "del", "new": "ins"}
_MARKS = ("diff-ins", "diff-del")
"""Labels in the style sheet: what screen readers say before a change."""


def write_page(
    changes: Changes,
    names: tuple[Phrase, Phrase],
    pictures: tuple[Mapping[str, Path], Mapping[str, Path]],
    file: Path,
    *,
    labels: Labels,
) -> tuple[Path, ...]:
    """Write the page of changes and what it loads, in the language of `labels`; return the files.

    `names` are what the two editions are called, `pictures` the files of their figures.
    """
    folder = file.with_name(f"{file.stem}_files")
    shown = _Pictures(pictures, folder.name)
    before, after = (each.within(labels) for each in names)
    title = labels.fill("diff-title", title=changes.after.title, before=before, after=after)
    body = "\n".join(_Page(changes, shown, labels).sections())
    head = f'<link rel="stylesheet" href="{escape(folder.name)}/page.css">'
    text = plain_page(title, body, head=head, lang=labels.lang)
    files = {file: text.encode(), folder / "page.css": page_style(labels)}
    files |= {folder / name: path.read_bytes() for name, path in sorted(shown.used.items())}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(files)


def page_style(labels: Labels) -> bytes:
    """Return the style sheet of such pages; what is hidden in it is read out."""
    style = _STYLE.read_text(encoding="utf-8")
    for name in _MARKS:
        style = style.replace(f"{{{name}}}", labels[name].replace("\\", "").replace('"', ""))
    return style.encode()


def changes_by_page(changes: Changes, labels: Labels) -> dict[str, str]:
    """Return what changed in each page that did, as the items of a list."""
    page = _Page(changes, None, labels)
    found: dict[str, list[str]] = {}
    for number in changes.numbers:
        words = f"<del>{escape(number.before)}</del> <ins>{escape(number.after)}</ins>"
        told = f"{words}, {escape(because(number.causes, labels))}"
        found.setdefault(number.page, []).append(told)
    for shown in changes.floats:
        name = (shown.after or shown.before or KeptFloat("", "", "")).page
        found.setdefault(name, []).append(page.one_float(shown))
    for text in changes.texts:
        told = f"{page.what_happened(text)}: {page.text(text)}"
        found.setdefault(text.page, []).append(told)
    return {name: "".join(f"<li>{each}</li>" for each in told) for name, told in found.items()}


class _Pictures:
    """The pictures of two editions; remembers which are shown, each under a name of its own."""

    def __init__(
        self, pictures: tuple[Mapping[str, Path], Mapping[str, Path]], folder: str
    ) -> None:
        self._of = dict(zip(("before", "after"), pictures, strict=True))
        self._folder = folder
        self.used: dict[str, Path] = {}

    def address(self, state: str, shown: KeptFloat) -> str:
        """Return where the picture of a figure is; empty where it has none."""
        found = self._of[state]
        for ending in ("svg", "png"):
            path = found.get(f"{shown.id}.{ending}")
            if path is not None:
                name = f"{state}-{shown.id}.{ending}"
                self.used[name] = path
                return posixpath.join(self._folder, name)
        return ""


class _Page:
    """Puts changes in words of a language, as HTML."""

    def __init__(self, changes: Changes, pictures: _Pictures | None, labels: Labels) -> None:
        self._changes, self._pictures, self._labels = changes, pictures, labels

    def sections(self) -> Iterator[str]:
        """Yield all of the page, a heading above each kind of change."""
        changes = self._changes
        compared = self._labels.fill(
            "diff-compared", before=_edition_words(changes.before, self._labels),
            after=_edition_words(changes.after, self._labels),
        )  # fmt: skip
        yield f"<p>{escape(compared[:1].upper() + compared[1:])}</p>"
        if not changes.count:
            yield f"<p>{self._word('diff-nothing')}</p>"
            return
        yield from self._listed("diff-edition", self._facts())
        yield from self._listed("diff-chapters", self._pages())
        if changes.numbers:
            yield from self._numbers()
        yield from self._listed("diff-statements", map(self._statement, changes.statements))
        yield from self._listed("diff-papers", self._papers())
        if changes.floats:
            yield self._heading("provenance-figures", len(changes.floats))
            for each in changes.floats:
                yield from self._float(each)
        if changes.texts:
            yield self._heading("diff-texts", len(changes.texts))
            yield from self._texts()

    def what_happened(self, change: TextChange) -> str:
        """Return what became of which kind of text."""
        kind = self._labels[f"diff-kind-{change.block.kind}"]
        what = self._labels[f"diff-{change.happened}"]
        return escape(self._labels.fill("diff-block", what=what, kind=kind))

    def text(self, change: TextChange) -> str:
        """Return a text with what changed in it."""
        if change.before and change.after and change.happened == "changed":
            return self._change(change.before.text, change.after.text)
        block = change.block or KeptBlock("", "")
        return self._one(block.text, change.happened)

    def one_float(self, change: FloatChange) -> str:
        """Return what became of a figure or table, on one line."""
        what = f": {escape(differs(change, self._labels))}" if change.what else ""
        return f"{self._named_float(change)}{what}"

    def _word(self, name: str) -> str:
        return escape(self._labels[name])

    def _heading(self, name: str, count: int) -> str:
        return f"<h2>{self._word(name)} ({count})</h2>"

    def _listed(self, title: str, items: Iterable[str]) -> Iterator[str]:
        told = list(items)
        if told:
            yield f"{self._heading(title, len(told))}\n<ul>"
            yield from (f"<li>{item}</li>" for item in told)
            yield "</ul>"

    def _facts(self) -> Iterator[str]:
        for name, before, after in self._changes.facts:
            fact = self._labels[f"diff-fact-{name}"]
            yield f"{escape(_capital(fact))}: {self._change(before, after)}"

    def _pages(self) -> Iterator[str]:
        for each in self._changes.pages:
            moved = each.happened == "changed"
            words = self._word("diff-address" if moved else f"diff-{each.happened}")
            yield f"{words}: “{escape(each.title)}” ({escape(each.addresses)})"

    def _numbers(self) -> Iterator[str]:
        title = self._word("diff-numbers")
        yield self._heading("diff-numbers", len(self._changes.numbers))
        yield f'<div class="wide" tabindex="0" role="region" aria-label="{title}"><table>'
        yield f"<caption>{self._word('diff-numbers-caption')}</caption>"
        heads = ("checklist-where", "column-number", "diff-within", "diff-why")
        cells = "".join(f'<th scope="col">{self._word(name)}</th>' for name in heads)
        yield f"<thead><tr>{cells}</tr></thead><tbody>"
        for each in self._changes.numbers:
            number = f"<del>{escape(each.before)}</del> <ins>{escape(each.after)}</ins>"
            if same_number(each.before, each.after):
                number += f" ({self._word('diff-same-number')})"
            around = with_names(words_around(each), self._changes.after.names)
            causes = alternatives(each.causes, self._labels) or self._labels["diff-because-unknown"]
            yield (
                f'<tr><th scope="row">{escape(each.page)}</th><td>{number}</td>'
                f"<td>{escape(around)}</td><td>{escape(causes)}</td></tr>"
            )
        yield "</tbody></table></div>"

    def _statement(self, change: StatementChange) -> str:
        told = change.after or change.before or KeptStatement("", "")
        label = "key-message" if told.kind == "key message" else f"diff-{told.kind}"
        kind = self._labels[label.replace(" ", "-")]
        name = escape(f"{kind} {told.id}".strip())
        if not (change.before and change.after):
            happened = self._word(f"diff-{change.happened}").lower()
            return f"{name}, {happened}: {self._one(told.text, change.happened)}"
        parts = []
        if change.before.text != change.after.text:
            words = self._change(change.before.text, change.after.text)
            parts.append(f"{self._word('diff-reworded')}: {words}")
        if change.before.papers != change.after.papers:
            old, new = (", ".join(each.papers) for each in (change.before, change.after))
            parts.append(f"{self._word('diff-on-papers')}: {self._change(old, new)}")
        return f"{name}, {'; '.join(parts)}"

    def _papers(self) -> Iterator[str]:
        def words(label: str, paper: str) -> str:
            return escape(self._labels.fill(label, paper=paper))

        changes = self._changes
        for each in changes.papers_in:
            yield f"<ins>{words('diff-in', _paper(each))}</ins>"
        for each in changes.papers_out:
            yield f"<del>{words('diff-out', _paper(each))}</del>"
        for key in changes.cited:
            yield f"<ins>{words('diff-cited', changes.after.names.get(key, key))}</ins>"
        for key in changes.uncited:
            yield f"<del>{words('diff-uncited', changes.before.names.get(key, key))}</del>"

    def _float(self, change: FloatChange) -> Iterator[str]:
        yield f"<h3>{self._named_float(change)}</h3>"
        if change.what:
            what = differs(change, self._labels)
            causes = because(change.causes, self._labels)
            yield f'<p class="why">{escape(_capital(what))}, {escape(causes)}.</p>'
        if change.before and change.after and change.before.caption != change.after.caption:
            yield f"<p>{self._change(change.before.caption, change.after.caption)}</p>"
        yield '<div class="pair">'
        for state, shown in (("before", change.before), ("after", change.after)):
            address = self._pictures.address(state, shown) if shown and self._pictures else ""
            if shown and address:
                alt = escape(shown.alt or shown.caption)
                words = self._word(f"diff-{state}")
                yield f'<figure><figcaption>{words}</figcaption><img src="{escape(address)}" '
                yield f'alt="{alt}"></figure>'
        yield "</div>"
        if change.before and change.after and change.before.rows != change.after.rows:
            yield from self._rows(change.before, change.after)

    def _named_float(self, change: FloatChange) -> str:
        names = (self._changes.after if change.after else self._changes.before).names
        happened = self._word(f"diff-{change.happened}").lower()
        return f"{escape(names.get(change.id, change.id))}: {happened}"

    def _rows(self, before: KeptFloat, after: KeptFloat) -> Iterator[str]:
        old, new = (set(each.rows) for each in (before, after))
        yield "<ul>"
        yield from (f"<li><del>{escape(row)}</del></li>" for row in before.rows if row not in new)
        yield from (f"<li><ins>{escape(row)}</ins></li>" for row in after.rows if row not in old)
        yield "</ul>"
        if old == new:
            yield f"<p>{self._word('diff-order')}</p>"

    def _texts(self) -> Iterator[str]:
        """Yield the text as it is now with what was, by chapters."""
        both = (*self._changes.before.pages, *self._changes.after.pages)
        titles = {page.page: page.title for page in both}
        at = ""
        for each in self._changes.texts:
            if each.page != at:
                at = each.page
                yield f"<h3>{escape(titles.get(at, at))}</h3>"
            yield f'<p class="why">{self.what_happened(each)}</p>'
            yield f"<p>{self.text(each)}</p>"

    def _one(self, text: str, happened: str) -> str:
        changes = self._changes
        names = changes.before.names if happened == "gone" else changes.after.names
        words = escape(with_names(text, names))
        tag = _TAGS.get(happened)
        return f"<{tag}>{words}</{tag}>" if tag else words

    def _change(self, before: str, after: str) -> str:
        """Return two texts as one, with `del` and `ins`."""
        return "".join(self._one(each.text, each.kind) for each in compare_words(before, after))


def _edition_words(edition: EditionRecord, labels: Labels) -> str:
    commit = edition.commit[:10]
    named = labels.fill("diff-commit", name=commit) if commit else ""
    called = edition.version and labels.fill("version-in-line", version=edition.version)
    called = called or commit or edition.date or edition.profile
    date = labels.date(edition.date)
    facts = [named if commit != called else "", date if edition.date != called else ""]
    told = ", ".join(filter(None, facts))
    return called + (f" ({told})" if told else "")


def _paper(paper: KeptPaper) -> str:
    return f"{paper.code}, {paper.name}" if paper.code else paper.name


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
