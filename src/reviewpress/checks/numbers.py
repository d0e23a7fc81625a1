"""Numbers typed by hand in findings chapters, where a live value would follow the data."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from reviewpress.assemble import Page, ast
from reviewpress.checks.quoting import sentence_at
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.labels import Labels

_NUMBER = re.compile(r"(?<![\w.,/§^-])\d[\d,.]*(?![\w-])")
_AROUND = 12
_SET_APART = frozenset(
    ("value", "typed", "evidence-box", "figure-data", "figure-source", "caption-label")
)
_APART = ("Table", "Figure", "Header", "Cite", "Link", "Code", "CodeBlock", "Math", "Note")
_PAPERS = {
    "en": "papers studies reports reviews trials surveys articles publications evaluations",
    "fr": "études articles publications travaux revues essais rapports enquêtes",
    "de": "Studien Publikationen Arbeiten Artikel Berichte Übersichten Beiträge Befragungen",
    "es": "estudios artículos publicaciones trabajos informes revisiones ensayos",
    "pt": "estudos artigos publicações trabalhos relatórios revisões ensaios",
    "cy": "papur phapur bapur astudiaeth",
}
"""What a review counts, beside the words of its labels."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def check_typed_numbers(subject: Subject) -> Iterator[Problem]:
    """Warn of digits in the prose of findings chapters that are no live value and no year.

    `typed-numbers: false` under `reviewpress:` turns the warning off, a span `[12]{.typed}` for
    one number.
    """
    if not subject.config.settings.typed_numbers:
        return
    counted = _counted_papers(subject.book.labels)
    pages = [page for page, _ in subject.findings_pages()]

    def look(page: Page) -> Iterator[Problem]:
        yield from _typed_numbers(page)
        yield from _numbers_in_words(page, counted)

    yield from subject.look_at_pages("numbers", [counted.pattern], look, pages)


def _counted_papers(labels: Labels) -> re.Pattern[str]:
    """Return how papers are counted in words in a language: “four papers”, “vier Studien”."""
    numbers = labels["number-words"].split()[2:] if labels.has("number-words") else []
    forms = [labels[name] for name in labels if name.startswith("papers-") and labels.has(name)]
    nouns = {text.removeprefix("{number} ") for text in forms if text.startswith("{number} ")}
    # Where forms of the noun follow the number, as in Welsh, the label holds both.
    spelt = [re.escape(text) for text in forms if text.split()[0] in numbers]
    nouns |= set(_PAPERS.get(labels.language, "").split())
    among = r"(?: [^\W\d][\w’'-]*)?"
    any_number, any_noun = ("|".join(map(re.escape, some)) for some in (numbers, sorted(nouns)))
    counted = "|".join([rf"(?:{any_number}){among} (?:{any_noun})", *spelt])
    return re.compile(rf"(?<![\w-])(?:{counted})(?!\w)" if numbers and nouns else r"(?!)", re.I)


def _numbers_in_words(page: Page, counted: re.Pattern[str]) -> Iterator[Problem]:
    prose = ast.without(list(page.blocks), _is_set_apart)
    for node in ast.walk(prose):
        text = ast.text(node["c"]) if node["t"] in ("Para", "Plain") else ""
        for found in counted.finditer(text):
            typed = found[0].split()[0]
            message = f"the number {typed} is typed by hand: “{sentence_at(text, found.start())}”"
            hint = f"Write `{{python}} words(…)` in backticks, or mark it `[{typed}]{{.typed}}`."
            where = page.source.place_of(found[0])
            yield Problem("typed-number", message, where, hint, subject=typed)


def _typed_numbers(page: Page) -> Iterator[Problem]:
    prose = ast.without(list(page.blocks), _is_set_apart)
    texts = [ast.text(node["c"]) for node in ast.walk(prose) if node["t"] in ("Para", "Plain")]
    if not any(_typed(_NUMBER.findall(text)) for text in texts):
        return
    # Years are no problem, and have their places among the numbers too.
    placed = zip_longest(texts, page.places.of_numbers(_is_set_apart))
    for text, place in placed:
        for found in _NUMBER.finditer(text or ""):
            number = found[0]
            around = text[max(0, found.start() - _AROUND) : found.end() + _AROUND]
            where = place(number, around) if place else page.source.place_of(number)
            for typed in _typed([number]):
                quoted = sentence_at(text, found.start())
                message = f"the number {typed} is typed by hand: “{quoted}”"
                hint = "Compute it in a live value, or mark it `[…]{.typed}`."
                yield Problem("typed-number", message, where, hint, subject=typed)


def _typed(numbers: Iterable[str]) -> list[str]:
    """Return the numbers that are no years."""
    bare = (number.rstrip(".,") for number in numbers)
    return [number for number in bare if not _YEAR.fullmatch(number)]


def _is_set_apart(node: ast.Node) -> bool:
    if node["t"] in _APART:
        return True
    return not _SET_APART.isdisjoint(ast.classes(node))
