"""What in a title is a claim about the data, and what only looks like one."""

import pytest

from reviewpress.checks.wording import GAP, claims


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("North America has the most papers", ["most"]),
        ("The evidence is densest on processes", ["densest"]),
        ("Costs the fewest", ["fewest"]),
        ("The largest study came last", ["largest"]),
        ("Most studies are small", ["Most"]),
        ("The majority of papers are grey", ["majority"]),
        (
            "Far more papers hear from staff than from families",
            ["more papers hear from staff than"],
        ),
        ("Practitioners take part more often than families", ["more often than"]),
        ("Five features were missing", ["Five"]),
        ("The text names 13 components of integration", ["13"]),
        (f"{GAP} of the 25 criteria are met", ["25"]),
        ("22 of 25 criteria", ["22", "25"]),
        ("Twelve peer-reviewed papers report costs", ["Twelve"]),
        ("One researcher took each decision", ["One"]),
        ("Only one paper measured costs", ["one"]),
        ("Eight in ten families were heard", ["Eight", "ten"]),
        ("40% of papers are rated high", ["40"]),
        ("1,224 records were screened", ["1,224"]),
        ("Two thirds of the papers", ["Two"]),
        ("Half of the papers are grey", ["Half"]),
        ("Three children took part", ["Three"]),
        ("Two of three pilots had the highest ratings", ["highest", "Two", "three"]),
    ],
)
def test_claims_are_found(title: str, found: list[str]) -> None:
    """Superlatives, comparisons, counts in words and in digits, and percentages."""
    assert list(claims(title, "en-GB")) == found


@pytest.mark.parametrize(
    "title",
    [
        f"{GAP} and {GAP} have {GAP} papers each",
        "Papers by year of publication, 2012 to 2022",
        "Where this report answers PRISMA 2020",
        "The flow of records in the layout of PRISMA 2020",
        "Answers to questions 1 to 4 by paper",
        "Sections 3, 4 or 5 of the form follow",
        "Criterion 1.3 decides what comes next",
        "Wave 2 interviews and Wave 3 surveys",
        "Papers on COVID-19 services",
        "Young people aged 10 to 25 years",
        f"{GAP} papers heard more than 25 people",
        f"{GAP} papers heard fewer than {GAP}",
        "Groups of 25 or fewer",
        "Services in the west and the forest show an interest in protest",
        "At least the outline is known, or at most its parts",
        "What the evidence says about the best interests of the child",
        "Best practice in joint work",
        "From one stage to another",
        "Follow-up after 12 months",
        "A one-stop shop and a two-tier system",
        "Views of the test, and the rest",
        "Papers by region; a paper counts once for each of its regions",
        "Latest published figures by area",
        "ISO 27001 rules for services",
        "Services at Mount Everest",
        "ERIC (ProQuest): the strategy as it was run",
        "Rather a question of time than of money",
    ],
)
def test_what_claims_nothing_is_left_alone(title: str) -> None:
    """Years, thresholds, ages, units, and numbers that name a question or a section."""
    assert list(claims(title, "en")) == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Les entretiens sont la méthode la plus fréquente", ["la plus"]),
        ("La plupart des études sont petites", ["La plupart"]),
        ("22 études sur 25", ["22"]),
        ("12 travaux portent sur les coûts", ["12"]),
        ("Études par année de publication, 2012 à 2022", []),
    ],
)
def test_french_titles(title: str, found: list[str]) -> None:
    """In French as in English."""
    assert list(claims(title, "fr")) == found


def test_other_languages_have_percentages() -> None:
    """What is not known of a language is not guessed."""
    assert list(claims("40 % der Studien sind am größten", "de")) == ["40"]
