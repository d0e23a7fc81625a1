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
    yield {words: page.evaluate(FIND, words) for words in QUESTIONS}
    context.close()


@pytest.mark.browser
def test_what_readers_ask_is_answered_first(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Eighteen of twenty questions lead to their section, and none stands below third."""
    places = {}
    for words, section in QUESTIONS.items():
        found = [url.rpartition("/")[2] or "index.html" for url, _ in answers[words]]
        found = [url if url[0] != "#" else f"index.html{url}" for url in found]
        places[words] = found.index(section) if section in found else 99
    assert max(places.values()) < 3, places
    assert sum(place == 0 for place in places.values()) >= 0.9 * len(places), places


@pytest.mark.browser
def test_an_excerpt_shows_what_was_looked_for(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Around the words, and short enough to be read at a glance."""
    for words in ("costs", "trust", "leadership", "training"):
        for _, excerpt in answers[words][:3]:
            assert words[:5] in excerpt.lower()
            assert 0 < len(excerpt.split()) <= 26
