"""Authors, as Quarto's keys say who they are."""

from typing import Any

import pytest

from reviewpress.config.authors import Affiliation, read_authors, split_name, wrong_authors


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


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Martin L. King Jr.", "King, Martin L., Jr."),
        ("King, Martin L., Jr.", "King, Martin L., Jr."),
        ("Sam Doe, Jr.", "Doe, Sam, Jr."),
        ("Jo Smith III", "Smith, Jo, III"),
        ("Dr. Jane Roe, PhD", "Roe, Jane"),
        ("Ana Berg, M.D., M.P.H.", "Berg, Ana"),
        ("J.R.R. Ash", "Ash, J.R.R."),
        ("J.J. Birch", "Birch, J.J."),
        ("Osama al-Shami", "al-Shami, Osama"),
        ("Jean d’Elm", "d’Elm, Jean"),
        ("Piet ’t Hart", "’t Hart, Piet"),
        ("Ali ibn Abi Rowan", "ibn Abi Rowan, Ali"),
        ("José Roble y Gasset", "Roble y Gasset, José"),
        ("bell oaks", "oaks, bell"),
        ("JANE ROE", "ROE, JANE"),
        ("[Ann Ash](https://example.org)", "Ash, Ann"),
        ("Ann Ash^1,2^", "Ash, Ann"),
        ("Иван Петров", "Петров, Иван"),
        ("김 철수", "김, 철수"),
    ],
)
def test_names_of_persons_as_they_are_written(text: str, inverted: str) -> None:
    """With what follows a name, degrees, particles joined to it, capitals, Markdown."""
    assert split_name(text).inverted == inverted
    assert not split_name(text).is_body


@pytest.mark.parametrize(
    "text",
    ["Posit, PBC", "Google Inc.", "Ministerio de Salud", "Haute Autorité de santé", "R Core Team",
     "Department of Health, Social Care Division", "EPPI-Centre", "Campbell UK & Ireland",
     "厚生労働省", "What Works for Children’s Social Care", "Health and Safety Executive"],
)  # fmt: skip
def test_names_of_bodies_as_they_are_written(text: str) -> None:
    """A body is neither turned round nor taken apart, whatever is in its name."""
    (found,) = read_authors(text)
    assert found.inverted == text
    assert found.is_body


@pytest.mark.parametrize(
    "text",
    ["Ann Ash, Ben van Elm and Cy Oak", "Ann Ash, Ben van Elm, Cy Oak",
     "Ann Ash; Ben van Elm; Cy Oak", "Ash, Ann and van Elm, Ben and Oak, Cy",
     "Ann Ash, PhD, Ben van Elm, MD, and Cy Oak", "Ann Ash & Ben van Elm & Cy Oak"],
)  # fmt: skip
def test_a_text_may_name_several_persons(text: str) -> None:
    """As many projects of Quarto write `author:`."""
    found = [author.inverted for author in read_authors(text)]
    assert found == ["Ash, Ann", "van Elm, Ben", "Oak, Cy"]


@pytest.mark.parametrize(
    "orcid",
    ["0000-0002-1694-233X", "https://orcid.org/0000-0002-1694-233x", " 0000-0002-1694-233X ",
     "http://orcid.org/0000-0002-1694-233X/", "orcid.org/0000-0002-1694-233X", "000000021694233X"],
)  # fmt: skip
def test_an_orcid_is_written_in_several_ways(orcid: str) -> None:
    """Its number is kept, and who has one is a person."""
    (found,) = read_authors({"name": "Cher", "orcid": orcid})
    assert (found.orcid, found.family, found.is_body) == ("0000-0002-1694-233X", "Cher", False)


@pytest.mark.parametrize(
    "said",
    [
        {"corresponding": True, "equal-contributor": True, "deceased": True},
        {"attributes": {"corresponding": True, "equal-contributor": True, "deceased": True}},
        {"attributes": ["corresponding", "equal-contributor", "deceased"]},
    ],
)
def test_attributes_are_a_mapping_a_list_or_keys(said: Any) -> None:
    """Quarto reads all three."""
    (found,) = read_authors({"name": "Ann Ash", **said})
    assert (found.corresponding, found.equal, found.deceased) == (True, True, True)
    (other,) = read_authors({"name": "Ann Ash", "attributes": {"corresponding": False}})
    assert not other.corresponding


def test_roles_are_texts_or_have_a_degree() -> None:
    """CRediT's words stand for Quarto's short ones."""
    (found,) = read_authors(
        {"name": "A B", "roles": ["writing", {"software": "lead"}, "supervision"]}
    )
    assert found.roles == ("writing – original draft", "software", "supervision")


def test_particles_given_apart() -> None:
    """One that is dropped in sorting comes after the given names, as in CSL."""
    name = {"given": "Ludwig", "dropping-particle": "van", "family": "Elm", "suffix": "Jr."}
    (found,) = read_authors({"name": name})
    assert (found.name, found.inverted) == ("Ludwig van Elm Jr.", "Elm, Ludwig van, Jr.")
    (alone,) = read_authors({"name": {"given": "Madonna"}})
    assert (alone.name, alone.inverted, alone.is_body) == ("Madonna", "Madonna", False)


def test_an_affiliation_said_once_may_be_referred_to() -> None:
    """By `ref:`, its id alone or its name, wherever it is said."""
    elm = {"id": "elm", "name": "Elm", "city": "York", "state": "N. Yorks"}
    later = [{"ref": "elm"}, {"id": "elm"}, "elm"]
    authors = [{"name": "Ann Ash", "affiliations": [elm]}]
    authors += [{"name": "Ben Oak", "affiliation": each} for each in later]
    for found in read_authors(authors):
        assert found.affiliations == (Affiliation("Elm, York, N. Yorks"),)


def test_what_is_wrong_of_an_author_is_said() -> None:
    """An ORCID whose last sign is another, and a reference that leads nowhere."""
    author = {"name": "Ann Ash", "orcid": "0000-0002-1825-0098", "affiliations": [{"ref": "elms"}]}
    data = {"book": {"author": [author]}, "affiliations": [{"id": "elm", "name": "Elm"}]}
    (orcid, affiliation) = wrong_authors(data)
    assert orcid[:2] == (("book", "author"), '"0000-0002-1825-0098" is not an ORCID.')
    assert affiliation[1:] == (
        'Ann Ash refers to "elms", which is not an affiliation.',
        'Did you mean "elm"?',
    )
