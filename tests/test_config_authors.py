"""Authors, as Quarto's keys say who they are."""

from typing import Any

import pytest

from reviewpress.config.authors import Affiliation, read_authors, split_name


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Robert Porter", "Porter, Robert"),
        ("Ana Öz", "Öz, Ana"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("María de la Cruz", "de la Cruz, María"),
        ("B. C. Åsberg", "Åsberg, B. C."),
        ("O’Neill, Heather", "O’Neill, Heather"),
        ("Jean-Paul Sartre", "Sartre, Jean-Paul"),
        ("山田 太郎", "山田, 太郎"),
    ],
)
def test_a_person_has_a_family_name(text: str, inverted: str) -> None:
    """Also where the name is one text; particles belong to the family's."""
    assert split_name(text).inverted == inverted
    assert not split_name(text).is_body


@pytest.mark.parametrize(
    "text",
    ["The Reviewpress maintainers", "The Care Team", "CELCIS", "Scottish Government",
     "Centre for Excellence in Care", "NHS England", "Review Team", "Universität Bremen",
     "Evidence & Care", "Évidence pour tous", "UNICEF Innocenti"],
)  # fmt: skip
def test_a_body_has_one_name(text: str) -> None:
    """It is not turned round."""
    assert split_name(text).inverted == text
    assert split_name(text).is_body


@pytest.mark.parametrize(
    ("given", "name", "inverted"),
    [
        ({"name": "Ann Ash"}, "Ann Ash", "Ash, Ann"),
        ({"name": {"given": "Ann", "family": "Ash"}}, "Ann Ash", "Ash, Ann"),
        ({"name": {"literal": "Ann Ash"}}, "Ann Ash", "Ann Ash"),
        ({"literal": "Ash Group"}, "Ash Group", "Ash Group"),
        ({"given": "Ann", "family": "Ash"}, "Ann Ash", "Ash, Ann"),
        ({"name": {"given": "Ada", "non-dropping-particle": "van", "family": "Os"}},
         "Ada van Os", "van Os, Ada"),
    ],
)  # fmt: skip
def test_names_are_given_in_parts_too(given: Any, name: str, inverted: str) -> None:
    """Who says which part is which is believed."""
    (author,) = read_authors(given)
    assert (author.name, author.inverted) == (name, inverted)


def test_what_is_known_of_an_author() -> None:
    """ORCID without its address, affiliations by reference or as they stand."""
    author = {
        "name": "Ann Ash",
        "orcid": "https://orcid.org/0000-0002-1825-0097",
        "email": "ann@example.org",
        "attributes": {"corresponding": True},
        "affiliations": [{"ref": "uni"}, "Ash Institute", {"name": "Elm", "city": "York"}],
    }
    known = [
        {"id": "uni", "name": "University", "department": "Health", "ror": "https://ror.org/0"}
    ]
    (found,) = read_authors([author], known)
    assert (found.orcid, found.email) == ("0000-0002-1825-0097", "ann@example.org")
    assert found.corresponding
    assert found.affiliations == (
        Affiliation("Health, University", "https://ror.org/0"),
        Affiliation("Ash Institute"),
        Affiliation("Elm, York"),
    )


def test_an_author_without_a_name_is_none() -> None:
    """Nor is an empty entry."""
    assert read_authors([None, "", {"orcid": "0000-0002-1825-0097"}]) == ()
