"""Citations and references: each key exists, each reference is cited."""

import re
from collections.abc import Iterator, Set
from difflib import get_close_matches
from pathlib import Path

from reviewpress.assemble import Book, ast
from reviewpress.assemble.constructs import REFERENCE_KINDS
from reviewpress.assemble.numbering import has_id
from reviewpress.assemble.reader import read_blocks
from reviewpress.assemble.views import find_in_views
from reviewpress.bibliography import check_bibliography, keys_in
from reviewpress.checks.subject import Subject
from reviewpress.config import Config
from reviewpress.config.footers import footers
from reviewpress.config.profiles import PROJECT_FILE
from reviewpress.errors import Place, Problem, nearest
from reviewpress.evidence.decisions import decided_keys
from reviewpress.evidence.import_log import waiting_keys
from reviewpress.shapes import as_list, as_mapping, as_text

_WORDS = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[:.?!–—]\s")
_MEANT = 0.8
"""How alike a key that is meant is at least: two letters of ten are other ones."""
_SMALL = frozenset(
    ("about", "after", "among", "before", "between", "during", "from", "into", "over", "than",
     "through", "under", "upon", "with", "within", "without")
)  # fmt: skip
"""Words that are small also in titles of which each other word has a capital."""


def check_references(subject: Subject) -> Iterator[Problem]:
    """Find citekeys that the bibliography lacks, and references that are not cited.

    Imported records that wait for a decision need not be cited yet, nor those that were decided on
    and are not included.
    """
    known = subject.references.references
    bibliography = subject.review.bibliography if subject.review else ()
    waiting = waiting_keys(subject.config.root, bibliography)
    for page in subject.book.pages:
        for key in page.cited:
            if key not in known:
                message = f"the citation @{key} is not in the bibliography."
                alike = [*known, *_ids_alike(subject, key)]
                hint = _hint(subject, key) or _not_cited(subject, key) or nearest(key, alike)
                for place in page.citing(key):
                    yield Problem("unknown-citation", message, place, hint, subject=key)
    for key, places in subject.book.cited.items():
        if not places and key not in known:
            message = f"`nocite` lists @{key}, which is not in the bibliography."
            where = _place_of_listing(subject, key)
            yield Problem("unknown-citation", message, where, nearest(key, known), subject=key)
    yield from _in_corrections(subject)
    yield from _in_footers(subject)
    yield from find_in_views(subject.book, _taken_ids)
    yield from _lost_capitals(subject)
    if not subject.main:
        return
    yield from _incomplete(subject, waiting.intersection(subject.book.cited))
    left_out = {entry.key for entry in bibliography if entry.code is None}
    left_out &= decided_keys(subject.config.root)
    for key, reference in known.items():
        if key not in subject.book.cited and key not in waiting and key not in left_out:
            message = f"{reference.label} (@{key}) is not cited."
            names = [path.relative_to(subject.config.root).as_posix()
                     for path in subject.config.bibliography]  # fmt: skip
            hint = "Cite it, or take it out of the bibliography."
            # Where no papers are recorded, the bibliography is a list to choose from.
            rule = "uncited-reference" if subject.review else "unused-entry"
            yield Problem(rule, message, Place(", ".join(names)), hint, subject=key)


def _in_corrections(subject: Subject) -> Iterator[Problem]:
    """Find citekeys in the texts of `errata` that neither the bibliography nor the book has."""
    config, known = subject.config, {*subject.references.references, *subject.book.links.ids}
    for each in as_list(config.settings.other.get("errata")):
        for key in sorted(_cited(config, as_text(as_mapping(each).get("text", ""))) - known):
            message = f"a correction cites @{key}, which is not in the bibliography."
            place = _place_in_settings(config.root, key)
            yield Problem("unknown-citation", message, place, nearest(key, known), subject=key)


def _in_footers(subject: Subject) -> Iterator[Problem]:
    """Find citekeys in `page-footer`, which stays as it is written; "@elm" may be a name there."""
    known = {*subject.references.references, *subject.book.links.ids}
    for words in footers(subject.config):
        for key in sorted(_cited(subject.config, words)):
            if not get_close_matches(key, known, 1, _MEANT):
                continue
            message = f"the footer of pages cites @{key}, and citations are not resolved there."
            hint = "Write it out, or link to where it is cited."
            place = _place_in_settings(subject.config.root, key)
            yield Problem("unknown-citation", message, place, hint, subject=key)


def _cited(config: Config, words: str) -> set[str]:
    """Return the keys that Markdown of `_quarto.yml` cites or refers to."""
    nodes = ast.walk(read_blocks(PROJECT_FILE, words, config.store, config.limits))
    cites = (node["c"][0] for node in nodes if node["t"] == "Cite")
    return {citation["citationId"] for cited in cites for citation in cited}


def _place_in_settings(root: Path, key: str) -> Place:
    """Return where the files of settings first name a key."""
    for file in sorted(root.glob("_quarto*.yml"), reverse=True):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(rf"@\{{?{re.escape(key)}(?![\w-])", line):
                return Place(file.name, line=number)
    return Place(PROJECT_FILE)


def _lost_capitals(subject: Subject) -> Iterator[Problem]:
    """Warn of names in titles that lose their capital, as a style wants it of English titles.

    A title of which other words are small was typed as it is to be: its capitals are names, but for
    words that other titles have small. Of one in which each word has a capital, none is known.
    """
    bibliography = subject.review.bibliography if subject.review else ()
    ordinary = {word for each in bibliography for word in _WORDS.findall(each.text("title"))}
    for entry in bibliography:
        item = subject.references.csl.get(entry.key)
        if entry.key not in subject.book.cited or item is None:
            continue
        printed = set(_WORDS.findall(str(item.get("title", ""))))
        lost = [word for part in _PARTS.split(entry.text("title")) for word in _names(part)]
        lost = [word for word in lost if word not in printed and word.lower() in printed - ordinary]
        if lost:
            names = ", ".join(dict.fromkeys(lost))
            message = f'the title of "{entry.key}" loses its capitals: {names}.'
            hint = f"Put names between braces in the title: `{{{lost[0]}}}`."
            place = subject.review.bibliography.where(entry) if subject.review else None
            yield Problem("title-capitals", message, place, hint, subject=entry.key)


def _names(part: str) -> list[str]:
    """Return the words with a capital of a part of a title in which most words are small."""
    words = _WORDS.findall(part)[1:]
    small = [word for word in words if len(word) > 3 and word.islower() and word not in _SMALL]
    large = [word for word in words if word.istitle() and len(word) > 1]
    return large if len(large) < len(small) else []


def _taken_ids(book: Book) -> Iterator[Problem]:
    """Yield ids of chapters that entries in the references have, or the PDF for itself."""
    for page in book.pages:
        for name in page.ids:
            key = name.removeprefix("ref-")
            if key != name and key in book.cited:
                message = f'the id "{name}" belongs to the entry of @{key} in the references.'
            elif name.startswith("reviewpress:"):
                message = f'the id "{name}" is one of those that the PDF is made with.'
            else:
                continue
            place = page.places.where(has_id(name), f"#{name}")[0]
            yield Problem("duplicate-id", message, place, "Give it another id.")


def _ids_alike(subject: Subject, key: str) -> list[str]:
    """Return the ids of figures, tables and sections where a key looks like one of theirs."""
    kind = re.match(r"[a-z]+(?=[:_.-])", key, re.I)
    begins = f"{kind[0].lower()}-" if kind else ""
    return [name for name in subject.book.links.ids if begins and name.startswith(begins)]


def _not_cited(subject: Subject, key: str) -> str:
    """Say what to do where a key is the id of something to which nothing can refer by it."""
    parts = re.fullmatch(r"([A-Za-z]+)[:_.-](.+)", key)
    if key not in subject.book.links.ids or parts is None:
        return ""
    kind, rest = parts.groups()
    near = get_close_matches(kind.lower(), REFERENCE_KINDS, 1, 0.6)
    name = f"{near[0] if near else 'fig'}-{re.sub('[^a-z0-9]+', '-', rest.lower()).strip('-')}"
    return f"An id that is referred to is as `{name}`: write `{{#{name}}}`, and `@{name}`."


def _place_of_listing(subject: Subject, key: str) -> Place:
    """Return where `nocite:` lists a key: in a chapter, or in the review's own file."""
    for page in subject.book.pages:
        front = page.source.front
        if f"@{key}" in str(front.data.get("nocite")):
            return Place(page.chapter.path, line=front.lines.get(("nocite",)))
    return subject.config.place_of("nocite")


def _hint(subject: Subject, key: str) -> str:
    """Say what to do where a citation is of a record that an import brought."""
    records = subject.config.records
    if records is None or key not in keys_in(records):
        return ""
    return f"{records.name} has it: `reviewpress tidy --records` moves it to the bibliography."


def _incomplete(subject: Subject, keys: Set[str]) -> Iterator[Problem]:
    """Check imported records once they are cited; before that they are nobody's references."""
    if keys and subject.review is not None:
        has_style = subject.config.csl is not None
        for problem in check_bibliography(subject.review.bibliography, has_style=has_style):
            if problem.subject in keys:
                yield problem
