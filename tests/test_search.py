"""Search of the web pages: the section that answers comes first."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

SCRIPTS = Path(__file__).resolve().parents[1] / "_extensions/reviewpress/html"
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
# Forty more, written before search was asked any of them; headings have been given words
# (`search-words`) for those that it did not answer then.
UNSEEN = {
    "co-located services": ("experiences.html#sec-experiences-perceived",),
    "stigma": ("process.html#sec-process-champions",),
    "domestic violence": (
        "rationales.html#sec-rationales-coordination",
        "experiences.html#sec-experiences-leadership",
    ),
    "drug and alcohol": (
        "rationales.html#sec-rationales-families",
        "outcomes.html#sec-outcomes-evidence",
        "outcomes.html#sec-outcomes-measured",
        "process.html#sec-process-staff",
    ),
    "disabled children": (
        "rationales.html#sec-rationales-needs",
        "rationales.html#sec-rationales-evidence",
        "levels.html#sec-levels-funding",
        "outcomes.html#sec-outcomes-families",
        "experiences.html#sec-experiences-perceived",
    ),
    "foster care": ("outcomes.html#sec-outcomes-social-care",),
    "covid": (
        "experiences.html#sec-experiences-young",
        "process.html#sec-process-holistic",
    ),
    "UNCRC": (
        "background.html#sec-background-policy",
        "experiences.html#sec-experiences-rights",
        "discussion.html#sec-discussion-rights",
    ),
    "The Promise": ("background.html#sec-background-policy",),
    "GIRFEC": (
        "background.html#sec-background-policy",
        "background.html#sec-background-gap",
    ),
    "school attendance": ("outcomes.html#sec-outcomes-families",),
    "hospital admissions": (
        "outcomes.html#sec-outcomes-health",
        "outcomes.html#sec-outcomes-measured",
        "outcomes.html#sec-outcomes-evidence",
    ),
    "does integration save money": (
        "outcomes.html#sec-outcomes-financial",
        "rationales.html#sec-rationales-costs",
    ),
    "pooled budgets": (
        "process.html#sec-process-finance",
        "levels.html#sec-levels-funding",
    ),
    "staff turnover": (
        "process.html#sec-process-workloads",
        "experiences.html#sec-experiences-introducing",
    ),
    "supervision": (
        "experiences.html#sec-experiences-features",
        "process.html#sec-process-workloads",
    ),
    "Nordic countries": (
        "process.html#sec-process-structures",
        "levels.html#sec-levels-governance",
    ),
    "rural areas": ("rationales.html#sec-rationales-access",),
    "champion": ("process.html#sec-process-champions",),
    "professional roles": ("process.html#sec-process-roles",),
    "inclusion criteria": ("methods.html#sec-methods-selection",),
    "limits of the evidence": (
        "discussion.html#sec-discussion-strengths",
        "experiences.html#sec-experiences-limits",
    ),
    "grey literature": ("methods.html#sec-methods-grey",),
    "levels of integration": (
        "levels.html",
        "definitions.html#sec-definitions-integration",
        "levels.html#sec-levels-across",
    ),
    "Leutz": ("definitions.html#sec-definitions-integration",),
    "what is integration": ("definitions.html#sec-definitions-integration",),
    "National Care Service": (
        "background.html#sec-background-integration",
        "about.html#sec-about-study",
    ),
    "barriers": (
        "process.html#sec-process-challenges",
        "levels.html#sec-levels-obstacles",
    ),
    "what helps integration": (
        "process.html#sec-process-facilitators",
        "levels.html#sec-levels-help",
    ),
    "parents’ experiences": (
        "experiences.html#sec-experiences-parents",
        "experiences.html#sec-experiences-perceived",
    ),
    "holistic support": (
        "discussion.html#sec-discussion-holistic",
        "process.html#sec-process-holistic",
        "experiences.html#sec-experiences-holistic",
    ),
    "community": (
        "process.html#sec-process-community",
        "rationales.html#sec-rationales-communities",
    ),
    "participation of children": ("discussion.html#sec-discussion-involving",),
    "how was quality assessed": (
        "methods.html#sec-methods-extraction",
        "quality.html",
    ),
    "which countries": ("included.html#sec-included-regions",),
    "search terms": ("appendix-searches.html#sec-appendix-searches-strings",),
    "research questions": ("questions.html",),
    "local government": ("levels.html#sec-levels-local",),
    "teams": ("levels.html#sec-levels-team",),
    "corporate parenting": ("background.html#sec-background-policy",),
}
# Whole questions, as readers ask them: words that only join or ask say nothing of a section, and
# authors gave sections the words that readers use and the report does not (`search-words`).
ASKED = {
    "how many papers": ("included.html",),
    "voice of the child": (
        "discussion.html#sec-discussion-involving",
        "experiences.html#sec-experiences-young",
    ),
    "do integrated services save money": (
        "outcomes.html#sec-outcomes-financial",
        "rationales.html#sec-rationales-costs",
    ),
    "poor evidence": (
        "index.html#sec-index-strength",
        "quality.html",
        "discussion.html#sec-discussion-strengths",
    ),
    "what should researchers do": ("index.html#sec-index-next",),
    "what does integration mean": ("definitions.html#sec-definitions-integration",),
    "is the evidence any good": (
        "index.html#sec-index-strength",
        "quality.html",
        "discussion.html#sec-discussion-strengths",
    ),
    "when were the searches done": (
        "methods.html#sec-methods-databases",
        "methods.html#sec-methods-searches",
    ),
    "what do parents say": (
        "experiences.html#sec-experiences-parents",
        "experiences.html#sec-experiences-perceived",
        "experiences.html#sec-experiences-summary-parents",
    ),
    "which countries are the studies from": ("included.html#sec-included-regions",),
    "how were papers chosen": ("methods.html#sec-methods-selection",),
    "why integrate services": (
        "rationales.html",
        "rationales.html#sec-rationales-range",
    ),
    "problems with sharing data": ("process.html#sec-process-information",),
    "who wrote this report": (
        "about.html#sec-about-original",
        "about.html#sec-about-study",
        "about.html",
        "index.html#cite-this-title",
    ),
    "does integration help children": ("outcomes.html",),
    "who leads integration": (
        "process.html#sec-process-leadership",
        "experiences.html#sec-experiences-leadership",
        "discussion.html#sec-discussion-culture",
    ),
    "funding": (
        "levels.html#sec-levels-funding",
        "process.html#sec-process-finance",
    ),
    "what is missing from the research": (
        "experiences.html#sec-experiences-limits",
        "discussion.html#sec-discussion-strengths",
        "index.html#sec-index-next",
        "discussion.html#sec-discussion-systems",
    ),
    "was a computer used to write this": ("about.html#sec-about-ai",),
    "staff morale": (
        "process.html#sec-process-workloads",
        "outcomes.html#sec-outcomes-workforce",
    ),
    "how reliable are the findings": (
        "index.html#sec-index-strength",
        "quality.html",
        "discussion.html#sec-discussion-strengths",
        "quality.html#sec-quality-strength",
    ),
    "can I download the data": ("appendix-papers.html",),
    "what gets in the way of integration": (
        "process.html#sec-process-challenges",
        "levels.html#sec-levels-obstacles",
    ),
    "what makes it work": (
        "process.html#sec-process-facilitators",
        "levels.html#sec-levels-help",
        "outcomes.html",
    ),
    "what is a rapid review": ("methods.html#sec-methods-rapid",),
    "what has changed since": (
        "since.html",
        "since.html#sec-since-summary",
        "since.html#sec-since-table",
    ),
    "where was the research done": ("included.html#sec-included-regions",),
    "how old are the studies": ("included.html#sec-included-years",),
    "are children listened to": (
        "discussion.html#sec-discussion-involving",
        "experiences.html#sec-experiences-young",
        "experiences.html#sec-experiences-rights",
        "experiences.html#sec-experiences-summary-young",
    ),
    "who paid for this": (
        "about.html#sec-about-study",
        "about.html#sec-about-original",
        "about.html#sec-about-thanks",
    ),
    "does it improve health": ("outcomes.html#sec-outcomes-health",),
    "effects on social workers": (
        "outcomes.html#sec-outcomes-workforce",
        "outcomes.html#sec-outcomes-practice",
        "outcomes.html#sec-outcomes-unintended",
        "outcomes.html#sec-outcomes-social-care",
        "experiences.html#sec-experiences-workforce",
    ),
    "unintended consequences": ("outcomes.html#sec-outcomes-unintended",),
    "which papers were included": (
        "included.html",
        "references.html#sec-references-included",
        "appendix-papers.html",
    ),
    "what does the review ask": (
        "questions.html",
        "questions.html#sec-questions-overarching",
    ),
}
# Some of fifty that officers, parents, managers, researchers and advisers would type, written
# before search was asked: abbreviations, other forms of a word, the words of other professions.
TYPED = {
    "MMAT": (
        "methods.html#sec-methods-extraction",
        "methods.html#sec-methods-protocol",
        "quality.html",
        "discussion.html#sec-discussion-strengths",
    ),
    "stigmatised": (
        "process.html#sec-process-champions",
        "experiences.html#sec-experiences-parents-access",
    ),
    "parents opinions": (
        "experiences.html#sec-experiences-parents",
        "experiences.html#sec-experiences-summary-parents",
    ),
    "next steps": ("index.html#sec-index-next",),
    "deprivation": ("background.html#sec-background-policy",),
    "GDPR": (
        "process.html#sec-process-information",
        "experiences.html#sec-experiences-information",
    ),
    "early intervention": ("rationales.html#sec-rationales-families",),
    "GPs": ("experiences.html#sec-experiences-workforce",),
    "joint commissioning": (
        "process.html#sec-process-commissioning",
        "experiences.html#sec-experiences-commissioning",
        "levels.html#sec-levels-funding",
    ),
    "budget savings": (
        "outcomes.html#sec-outcomes-financial",
        "rationales.html#sec-rationales-costs",
    ),
}
# What readers type in words of their own, each with the sections that answer it.
MEANT: dict[str, list[str]] = yaml.safe_load(
    Path(__file__).with_name("search_questions.yml").read_text(encoding="utf-8")
)
# What is asked for by its number: the thing itself, and not what speaks of it.
NUMBERED = {
    "Table 7.1": "definitions.html#tbl-definitions-themes",
    "figure 10.1": "experiences.html#fig-experiences-participants",
    "table f.1": "appendix-papers.html#tbl-papers-data",
    "chapter 12": "outcomes.html",
    "Section 4.7": "methods.html#sec-methods-limitations",
    "10.3.2": "experiences.html#sec-experiences-parents-access",
    "appendix F": "appendix-papers.html",
    "Appendix F.1": "appendix-papers.html#sec-appendix-papers-notes",
}
# What has a number that is not a heading's, and the chapter of that number; "Paper 7" and
# "Question 7" the report writes so itself.
OF_NO_HEADING = {
    "paper 12": "outcomes.html",
    "paper 7": "definitions.html",
    "question 7": "definitions.html",
}
# A slip, or the spelling of another country, and what was meant.
SLIPS = {
    "intergration in Scotland": "integration in Scotland",
    "hosuing": "housing",
    "wokload": "workload",
    "comunity": "community",
    "trainning": "training",
    "qualty of studies": "quality of studies",
    "scoial care definition": "social care definition",
    "organization": "organisation",
    "behavior": "behaviour",
    "center": "centre",
}
# Another form of a word, or one that hyphens join, and what finds the same.
FORMS = {
    "laws": "law",
    "policies": "policy",
    "peer reviewed": "peer-reviewed",
    "is there not enough law": "law",
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
    slips = [*SLIPS, *SLIPS.values(), *FORMS, *FORMS.values(), *NUMBERED]
    asked = [
        *QUESTIONS,
        *OTHERS,
        *UNSEEN,
        *ASKED,
        *TYPED,
        *MEANT,
        *slips,
        "Brown",
        "xyzzy",
        *OF_NO_HEADING,
    ]
    yield {words: page.evaluate(FIND, words) for words in asked}
    context.close()


def place_of(found: list[tuple[str, str]], wanted: Collection[str]) -> int:
    """Return the place of the first answer among what was found, 0 for the first."""
    names = [url.rpartition("/")[2] or "index.html" for url, _ in found]
    names = [f"index.html{name}" if name.startswith("#") else name for name in names]
    return next((place for place, name in enumerate(names) if name in wanted), 99)


@pytest.mark.browser
@pytest.mark.parametrize(
    "questions",
    [{words: (one,) for words, one in QUESTIONS.items()}, OTHERS, UNSEEN, ASKED, TYPED],
    ids=["known", "new", "unseen", "asked", "typed"],
)
def test_what_readers_ask_is_answered_first(
    answers: dict[str, list[tuple[str, str]]], questions: dict[str, tuple[str, ...]]
) -> None:
    """Nine of ten questions lead to their section, and none stands below third."""
    places = {words: place_of(answers[words], wanted) for words, wanted in questions.items()}
    assert max(places.values()) < 3, places
    assert sum(place == 0 for place in places.values()) >= 0.9 * len(places), places


@pytest.mark.browser
def test_what_readers_mean_is_found(answers: dict[str, list[tuple[str, str]]]) -> None:
    """By words of their own: four of five questions lead there, and none stands below third."""
    places = {words: place_of(answers[words], wanted) for words, wanted in MEANT.items()}
    assert max(places.values()) < 3, places
    assert sum(place == 0 for place in places.values()) >= 0.8 * len(places), places


def test_synonyms_are_said_once() -> None:
    """Each line joins two phrases or more, none of them twice; all are as readers type them."""
    text = (SCRIPTS / "synonyms.js").read_text(encoding="utf-8")
    lines = [line for line in text.partition("`")[2].partition("`")[0].splitlines() if line]
    assert len(lines) > 100
    for line in lines:
        for side in line.split(": "):
            phrases = side.split(", ")
            assert len(set(phrases)) == len(phrases), line
            assert all(phrase and phrase == phrase.strip() for phrase in phrases), line
        assert ": " in line or ", " in line, line
    assert len(set(lines)) == len(lines)


@pytest.mark.browser
def test_what_has_a_number_is_found_by_it(answers: dict[str, list[tuple[str, str]]]) -> None:
    """A table leads to the table; a number that is not a heading's leads to no chapter."""
    places = {words: place_of(answers[words], (one,)) for words, one in NUMBERED.items()}
    assert not any(places.values()), places
    assert answers["Table 7.1"][0][1].startswith("Table 7.1:")
    wrong = {words: place_of(answers[words], (one,)) for words, one in OF_NO_HEADING.items()}
    assert all(wrong.values()), wrong


@pytest.mark.browser
def test_the_first_page_is_found_once(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Its heading stands below the title of the book, and is no section of its own."""
    found = [url for sections in answers.values() for url, _ in sections]
    assert any(url.endswith(("/", "/index.html")) for url in found)
    assert not [url for url in found if url.endswith("#sec-index")]
    url, excerpt = answers["main messages"][0]
    assert url.endswith(("/", "/index.html"))
    assert not excerpt.startswith("What the evidence says")


@pytest.mark.browser
def test_an_excerpt_says_no_title_again(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Nor the names of buttons: it begins after the heading."""
    found = [excerpt for sections in answers.values() for _, excerpt in sections]
    assert not [words for words in found if "Where the numbers come from" in words]
    assert not answers["Section 4.7"][0][1].startswith("4.7")


@pytest.mark.browser
def test_words_for_search_are_not_shown(
    answers: dict[str, list[tuple[str, str]]], page: Any, site: str
) -> None:
    """Neither on the page nor in an excerpt of what was found."""
    page.goto(f"{site}/chapters/included.html")
    words = page.locator("#also-sec-included")
    assert words.count() == 1
    assert not words.is_visible()
    said = words.text_content()
    assert all(said not in excerpt for found in answers.values() for _, excerpt in found)


@pytest.mark.browser
def test_a_slip_finds_what_was_meant(answers: dict[str, list[tuple[str, str]]]) -> None:
    """A letter too few, too many, other or misplaced; a name in the references is none."""
    pairs = SLIPS | FORMS
    found = {slip: [answers[slip][0][0], answers[meant][0][0]] for slip, meant in pairs.items()}
    assert all(one == other for one, other in found.values()), found
    assert any("Brown" in excerpt for _, excerpt in answers["Brown"])
    assert answers["xyzzy"] == []


@pytest.mark.browser
def test_an_excerpt_shows_what_was_looked_for(answers: dict[str, list[tuple[str, str]]]) -> None:
    """Around the words, and short enough to be read at a glance.

    Later answers may be those of headings that were given the words, which no text has.
    """
    for words in ("costs", "trust", "leadership", "training"):
        for _, excerpt in answers[words][:1]:
            assert words[:4] in excerpt.lower()
            assert 0 < len(excerpt.split()) <= 26
