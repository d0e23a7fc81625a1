"""Search of the web pages: the section that answers comes first."""

from collections.abc import Iterator
from typing import Any

import pytest

# What a reader would type, and the section that answers it.
QUESTIONS = {
    "costs": "rationales.html#sec-rationales-costs",
    "rights": "discussion.html#sec-discussion-rights",
    "social care definition": "definitions.html#sec-definitions-care",
    "how strong": "index.html#sec-index-strength",
    "what next": "index.html#sec-index-next",
    "outcomes": "outcomes.html",
    "schools": "outcomes.html#sec-outcomes-families",
    "information sharing": "process.html#sec-process-information",
    "trust": "process.html#sec-process-collaboration",
    "leadership": "experiences.html#sec-experiences-leadership",
    "housing": "experiences.html#sec-experiences-summary-parents",
    "workload": "process.html#sec-process-workloads",
    "culture": "levels.html#sec-levels-culture",
    "training": "experiences.html#sec-experiences-training",
    "mental health": "outcomes.html#sec-outcomes-health",
    "families": "outcomes.html#sec-outcomes-families",
    "children’s views": "experiences.html#sec-experiences-young",
    "quality of studies": "quality.html",
    "integration in Scotland": "background.html#sec-background-integration",
    "what AI did": "about.html#sec-about-ai",
    "components": "definitions.html#sec-definitions-components",
    "financial outcomes": "outcomes.html#sec-outcomes-financial",
}
# The same, written before search was looked at once more: each with the sections that answer it.
OTHERS = {
    "police": ("background.html#sec-background-policy",),
    "continuity of care": (
        "process.html#sec-process-roles",
        "experiences.html#sec-experiences-coordination",
    ),
    "waiting lists": ("experiences.html#sec-experiences-young",),
    "staff burnout": ("process.html#sec-process-workloads",),
    "consent to share information": ("process.html#sec-process-information",),
    "transition to adult services": ("rationales.html#sec-rationales-communities",),
    "limitations of this review": (
        "methods.html#sec-methods-limitations",
        "discussion.html#sec-discussion-strengths",
    ),
    "which databases were searched": ("methods.html#sec-methods-databases",),
    "who took part": ("included.html#sec-included-people",),
    "professional development": ("process.html#sec-process-staff",),
    "trauma": ("experiences.html#sec-experiences-trauma",),
    "young people’s experiences": ("experiences.html#sec-experiences-young",),
    "poverty": ("background.html#sec-background-policy",),
    "commissioning": (
        "process.html#sec-process-commissioning",
        "experiences.html#sec-experiences-commissioning",
        "levels.html#sec-levels-funding",
    ),
    "governance": ("levels.html#sec-levels-governance",),
    "screen reader": (
        "accessibility.html",
        "accessibility.html#sec-accessibility-expect",
        "accessibility.html#sec-accessibility-tests",
        "accessibility.html#sec-accessibility-limits",
    ),
    "named person": ("background.html#sec-background-policy",),
    "how to cite this report": ("index.html#cite-this-title",),
    "communication between professionals": ("process.html#sec-process-communication",),
    "duplicate records": ("methods.html#sec-methods-selection",),
}
FIND = """async words => {
    const [script, index] = ["search", "index"].map((name) => document.body.dataset[name]);
    const search = await import(new URL(script, location.href).href);
    await search.load(new URL(index, location.href).href);
    const {sections} = await search.findSections(words);
    return sections.map(({url, excerpt}) => [url, excerpt.map(({text}) => text).join(" ")]);
}"""


@pytest.fixture(scope="module")
def answers(window: Any, site: str) -> Iterator[dict[str, list[tuple[str, str]]]]:
    """What each question finds: addresses and excerpts, the best first."""
    context = window.new_context()
    page = context.new_page()
    page.goto(f"{site}/index.html")
    yield {words: page.evaluate(FIND, words) for words in {**QUESTIONS, **OTHERS}}
    context.close()


def place_of(found: list[tuple[str, str]], wanted: tuple[str, ...]) -> int:
    """Return the place of the first answer among what was found, 0 for the first."""
    names = [url.rpartition("/")[2] or "index.html" for url, _ in found]
    names = [f"index.html{name}" if name.startswith("#") else name for name in names]
    return next((place for place, name in enumerate(names) if name in wanted), 99)


@pytest.mark.browser
@pytest.mark.parametrize(
    "questions", [{words: (one,) for words, one in QUESTIONS.items()}, OTHERS], ids=["known", "new"]
)
def test_what_readers_ask_is_answered_first(
    answers: dict[str, list[tuple[str, str]]], questions: dict[str, tuple[str, ...]]
) -> None:
    """Nine of ten questions lead to their section, and none stands below third."""
    places = {words: place_of(answers[words], wanted) for words, wanted in questions.items()}
    assert max(places.values()) < 3, places
    assert sum(place == 0 for place in places.values()) >= 0.9 * len(places), places


@pytest.mark.browser
def test_an_excerpt_shows_what_was_looked_for(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Around the words, and short enough to be read at a glance."""
    for words in ("costs", "trust", "leadership", "training"):
        for _, excerpt in answers[words][:3]:
            assert words[:5] in excerpt.lower()
            assert 0 < len(excerpt.split()) <= 26
