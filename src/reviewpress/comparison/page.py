"""What changed as a page of HTML, with `ins` and `del`, and figures side by side.

The page loads its style and pictures from a folder beside it, so that a strict policy may hold.
"""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from reviewpress.comparison.changes import Changes, FloatChange, StatementChange, TextChange
from reviewpress.comparison.lines import because, fact_name, words_around
from reviewpress.comparison.wording import compare_words, same_number, with_names
from reviewpress.edition import KeptBlock, KeptFloat, KeptPaper, KeptStatement
from reviewpress.html_tree import plain_page

PAGE_STYLE = Path(__file__).parent / "page.css"
_TAGS = {"gone": "del", "new": "ins"}
_WORDS = {"new": "New", "gone": "Removed", "changed": "Changed", "moved": "Moved"}
_KINDS = {"text": "paragraph", "item": "list item", "row": "table row", "float": "figure or table"}


def write_page(
    changes: Changes,
    names: tuple[str, str],
    pictures: tuple[Mapping[str, Path], Mapping[str, Path]],
    file: Path,
) -> tuple[Path, ...]:
    """Write the page of changes and what it loads; return the files.

    `names` are what the two editions are called, `pictures` the files of their figures.
    """
    folder = file.with_name(f"{file.stem}_files")
    shown = _Pictures(pictures, folder.name)
    title = f"{changes.after.title}: what changed from {names[0]} to {names[1]}"
    body = "\n".join(_sections(changes, shown))
    head = f'<link rel="stylesheet" href="{escape(folder.name)}/page.css">'
    text = plain_page(title, body, head=head)
    files = {file: text.encode(), folder / "page.css": PAGE_STYLE.read_bytes()}
    files |= {folder / name: path.read_bytes() for name, path in sorted(shown.used.items())}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tuple(files)


def changes_by_page(changes: Changes) -> dict[str, str]:
    """Return what changed in each page that did, as the items of a list."""
    found: dict[str, list[str]] = {}
    for number in changes.numbers:
        words = f"<del>{escape(number.before)}</del> <ins>{escape(number.after)}</ins>"
        told = f"{words}, {escape(because(number.causes))}"
        found.setdefault(number.page, []).append(told)
    for shown in changes.floats:
        page = (shown.after or shown.before or KeptFloat("", "", "")).page
        what = f": different {escape(', '.join(shown.what))}" if shown.what else ""
        called = f"{escape(_called(changes, shown))}: {_WORDS[shown.happened].lower()}"
        found.setdefault(page, []).append(called + what)
    for text in changes.texts:
        kind = _KINDS.get(text.block.kind, text.block.kind)
        told = f"{_WORDS[text.happened]} {escape(kind)}: {_text(changes, text)}"
        found.setdefault(text.page, []).append(told)
    return {page: "".join(f"<li>{each}</li>" for each in told) for page, told in found.items()}


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


def _sections(changes: Changes, pictures: _Pictures) -> Iterator[str]:
    before, after = changes.before, changes.after
    yield f"<p>{escape(_edition_words(before.called, before.commit, before.date))} is compared "
    yield f"with {escape(_edition_words(after.called, after.commit, after.date))}.</p>"
    if not changes.count:
        yield "<p>Nothing has changed.</p>"
        return
    yield from _listed("About the edition", _facts(changes))
    yield from _listed("Chapters", _pages(changes))
    if changes.numbers:
        yield f"<h2>Numbers ({len(changes.numbers)})</h2>"
        yield '<div class="wide" tabindex="0" role="region" aria-label="Numbers"><table>'
        yield "<caption>Numbers that changed, and what made them change</caption>"
        yield (
            "<thead><tr>"
            + "".join(
                f'<th scope="col">{head}</th>' for head in ("Where", "Number", "In", "Because of")
            )
            + "</tr></thead><tbody>"
        )
        yield from _numbers(changes)
        yield "</tbody></table></div>"
    yield from _listed("Statements", (_statement(changes, each) for each in changes.statements))
    yield from _listed("Papers", _papers(changes))
    if changes.floats:
        yield f"<h2>Figures and tables ({len(changes.floats)})</h2>"
        for each in changes.floats:
            yield from _float(changes, each, pictures)
    yield from _texts(changes)


def _edition_words(called: str, commit: str, date: str) -> str:
    facts = [f"commit {commit[:10]}" if commit and commit[:10] not in called else "", date]
    told = ", ".join(fact for fact in facts if fact and fact != called)
    return f"{called[:1].upper()}{called[1:]}" + (f" ({told})" if told else "")


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    told = list(items)
    if told:
        yield f"<h2>{title} ({len(told)})</h2>\n<ul>"
        yield from (f"<li>{item}</li>" for item in told)
        yield "</ul>"


def _facts(changes: Changes) -> Iterator[str]:
    for name, before, after in changes.facts:
        yield f"{escape(fact_name(name).capitalize())}: {_change(changes, before, after)}"


def _pages(changes: Changes) -> Iterator[str]:
    for each in changes.pages:
        words = "At another address" if each.happened == "changed" else _WORDS[each.happened]
        yield f"{words}: “{escape(each.title)}” ({escape(each.addresses)})"


def _numbers(changes: Changes) -> Iterator[str]:
    for each in changes.numbers:
        number = f"<del>{escape(each.before)}</del> <ins>{escape(each.after)}</ins>"
        if same_number(each.before, each.after):
            number += " (the same number, written differently)"
        around = with_names(words_around(each), changes.after.names)
        causes = escape(because(each.causes).removeprefix("because of "))
        yield (
            f'<tr><th scope="row">{escape(each.page)}</th><td>{number}</td>'
            f"<td>{escape(around)}</td><td>{causes}</td></tr>"
        )


def _statement(changes: Changes, change: StatementChange) -> str:
    told = change.after or change.before or KeptStatement("", "")
    name = escape(f"{told.kind} {told.id}".strip().capitalize())
    if not (change.before and change.after):
        return f"{name}, {change.happened}: {_one(changes, told.text, change.happened)}"
    parts = []
    if change.before.text != change.after.text:
        words = _change(changes, change.before.text, change.after.text)
        parts.append(f"reworded: {words}")
    if change.before.papers != change.after.papers:
        old, new = (", ".join(each.papers) for each in (change.before, change.after))
        parts.append(f"its papers: {_change(changes, old, new)}")
    return f"{name}, {'; '.join(parts)}"


def _papers(changes: Changes) -> Iterator[str]:
    def words(paper: KeptPaper) -> str:
        return escape(f"{paper.code}, {paper.name}" if paper.code else paper.name)

    yield from (f"<ins>In: {words(paper)}</ins>" for paper in changes.papers_in)
    yield from (f"<del>Out: {words(paper)}</del>" for paper in changes.papers_out)
    for key in changes.cited:
        yield f"<ins>Cited now: {escape(changes.after.names.get(key, key))}</ins>"
    for key in changes.uncited:
        yield f"<del>Not cited any more: {escape(changes.before.names.get(key, key))}</del>"


def _float(changes: Changes, change: FloatChange, pictures: _Pictures) -> Iterator[str]:
    yield f"<h3>{escape(_called(changes, change))}: {_WORDS[change.happened].lower()}</h3>"
    if change.what:
        yield f'<p class="why">Another {escape(", ".join(change.what))}, '
        yield f"{escape(because(change.causes))}.</p>"
    if change.before and change.after and change.before.caption != change.after.caption:
        yield f"<p>{_change(changes, change.before.caption, change.after.caption)}</p>"
    yield '<div class="pair">'
    for state, words, shown in (
        ("before", "Before", change.before), ("after", "Now", change.after),
    ):  # fmt: skip
        address = pictures.address(state, shown) if shown else ""
        if shown and address:
            alt = escape(shown.alt or shown.caption)
            yield f'<figure><figcaption>{words}</figcaption><img src="{escape(address)}" '
            yield f'alt="{alt}"></figure>'
    yield "</div>"
    if change.before and change.after and change.before.rows != change.after.rows:
        yield from _rows(changes, change.before, change.after)


def _called(changes: Changes, change: FloatChange) -> str:
    names = changes.after.names if change.after else changes.before.names
    return names.get(change.id, change.id)


def _rows(changes: Changes, before: KeptFloat, after: KeptFloat) -> Iterator[str]:
    old, new = (set(each.rows) for each in (before, after))
    yield "<ul>"
    yield from (f"<li><del>{escape(row)}</del></li>" for row in before.rows if row not in new)
    yield from (f"<li><ins>{escape(row)}</ins></li>" for row in after.rows if row not in old)
    yield "</ul>"
    if set(before.rows) == set(after.rows):
        yield "<p>The rows are the same, in another order.</p>"


def _texts(changes: Changes) -> Iterator[str]:
    """Yield the text as it is now with what was, by chapters; where values alone differ too."""
    if not changes.texts:
        return
    yield f"<h2>Text ({len(changes.texts)})</h2>"
    titles = {page.page: page.title for page in (*changes.before.pages, *changes.after.pages)}
    at = ""
    for each in changes.texts:
        if each.page != at:
            at = each.page
            yield f"<h3>{escape(titles.get(at, at))}</h3>"
        kind = _KINDS.get(each.block.kind, each.block.kind)
        yield f'<p class="why">{_WORDS[each.happened]} {escape(kind)}</p>'
        yield f"<p>{_text(changes, each)}</p>"


def _text(changes: Changes, change: TextChange) -> str:
    if change.before and change.after and change.happened == "changed":
        return _change(changes, change.before.text, change.after.text)
    block = change.block or KeptBlock("", "")
    return _one(changes, block.text, change.happened)


def _one(changes: Changes, text: str, happened: str) -> str:
    names = changes.before.names if happened == "gone" else changes.after.names
    words = escape(with_names(text, names))
    tag = _TAGS.get(happened)
    return f"<{tag}>{words}</{tag}>" if tag else words


def _change(changes: Changes, before: str, after: str) -> str:
    """Return two texts as one, with `del` and `ins`."""
    return "".join(_one(changes, each.text, each.kind) for each in compare_words(before, after))
