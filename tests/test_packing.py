"""The archive of a version: what is in it, what must stay out, and how it is described."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Project = Callable[..., Path]
Cli = Callable[..., Any]
BIB = "bib/references.bib"


def publish(root: Path, reviewpress: Cli, more: str = "") -> Any:
    """Publish version 1.0 of a review's report, and pack it."""
    file = root / "_quarto.yml"
    text = file.read_text("utf-8").replace("reviewpress:", f'reviewpress:\n  version: "1.0"{more}')
    file.write_text(text, encoding="utf-8")
    shutil.rmtree(root / "_output")
    for command in ("render", "publish --profile report --uncommitted"):
        done = reviewpress(command, cwd=root)
        assert done.status == 0, done.stderr
    return reviewpress("pack", cwd=root)


@pytest.fixture
def review(project: Project) -> Path:
    """A review whose bibliography has an abstract, and a licence of its own."""
    root = project()
    text = (root / BIB).read_text("utf-8")
    with_abstract = text.replace(
        "  volume = {1},", "  volume = {1},\n  abstract = {Words of a publisher.},"
    )
    assert with_abstract != text
    (root / BIB).write_text(with_abstract, encoding="utf-8")
    (root / "LICENSE").write_text("As you like.\n", encoding="utf-8")
    return root


def test_an_archive_holds_all_of_a_version_and_nothing_under_copyright(
    review: Path, reviewpress: Cli
) -> None:
    """Abstracts are left out of every file; the same version gives the same bytes."""
    done = publish(review, reviewpress)
    assert done.status == 0, done.stderr
    file = review / "_output/review-1.0.zip"
    first = file.read_bytes()
    reviewpress("pack 1.0", cwd=review)
    assert file.read_bytes() == first
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {
        "report/index.html", "report/edition.json", "report/datapackage.json", "CITATION.cff",
        "report/included-papers.ris", "bibliography/references.bib", "provenance/report.jsonld",
        "LICENSE", "ro-crate-metadata.json",
    } <= set(files)  # fmt: skip
    assert [name for name, content in files.items() if b"Words of a publisher" in content] == []
    assert b"known2020" in files["bibliography/references.bib"]
    assert not any(str(review).encode() in content for content in files.values())


def test_the_description_names_every_file_and_says_how_it_was_made(
    review: Path, reviewpress: Cli
) -> None:
    """What RO-Crate 1.2 asks of a root: name, description, date, licence; each part is there."""
    publish(review, reviewpress)
    with zipfile.ZipFile(review / "_output/review-1.0.zip") as archive:
        names = set(archive.namelist())
        graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
        found = json.loads(archive.read("provenance/report.jsonld"))["@graph"]
    entities = {each["@id"]: each for each in graph}
    root = entities["./"]
    assert entities["ro-crate-metadata.json"]["conformsTo"]["@id"].endswith("/ro/crate/1.2")
    assert all(root[key] for key in ("name", "description", "datePublished", "license"))
    assert root["datePublished"] == "2026-01-31"
    assert {part["@id"] for part in root["hasPart"]} == names - {"ro-crate-metadata.json"}
    referred = [v["@id"] for e in graph for v in e.values() if isinstance(v, dict) and "@id" in v]
    assert set(referred) <= {*entities, "https://w3id.org/ro/crate/1.2"}
    values = [each for each in found if each.get("value")]
    assert [each["value"] for each in values] == ["two papers"]
    known = {each["@id"] for each in found}
    for each in found:
        for key in ("used", "wasDerivedFrom", "wasGeneratedBy", "isPartOf"):
            said = each.get(key, [])
            assert set([said] if isinstance(said, str) else said) <= known, each


def test_names_of_reviewers_are_not_archived(review: Path, reviewpress: Cli) -> None:
    """A published table with such a column stops the archive, which says what to do."""
    (review / "data/votes.csv").write_text("paper,reviewer\n1,Ann Ash\n", encoding="utf-8")
    schema = review / "data/schema.yml"
    table = (
        "  votes:\n    path: votes.csv\n    title: Votes\n    fields:\n"
        "      - {name: paper, type: integer, title: Paper}\n"
        "      - {name: reviewer, type: string, title: Reviewer}\n"
    )
    schema.write_text(schema.read_text("utf-8") + table, encoding="utf-8")
    done = publish(review, reviewpress)
    assert done.status == 1
    assert 'report/data/votes.csv: the column "reviewer" names reviewers' in done.stderr
    assert not (review / "_output/review-1.0.zip").exists()


def test_only_what_was_published_is_packed(project: Project, reviewpress: Cli) -> None:
    """Without a version, or with another one, the message says what there is."""
    root = project()
    assert "no version has been published" in reviewpress("pack", cwd=root).stderr
    publish(root, reviewpress)
    done = reviewpress("pack 1.1", cwd=root)
    assert (done.status, "version 1.1 is not published" in done.stderr) == (1, True)


def test_organisations_of_authors_are_entities_with_their_address(
    review: Path, reviewpress: Cli
) -> None:
    """One each, by its ROR where the review gives it; authors lead to it."""
    file = review / "_quarto.yml"
    where = "[{name: University of Examples, ror: https://ror.org/00example}, An institute]"
    text = file.read_text("utf-8").replace(
        "  author: [Test Author]\n",
        f"  author:\n    - {{name: Ann Ash, affiliations: {where}}}\n"
        "    - {name: Ben Birch, affiliations: [An institute]}\n",
    )
    text = text.replace(
        "reviewpress:\n",
        "reviewpress:\n  publisher: Elm Press\n  publisher-ror: https://ror.org/02mhbdp94\n"
        '  funders: [{name: Elm Fund, ror: "https://ror.org/00fund0e1"}, {name: A donor}]\n',
    )
    file.write_text(text, encoding="utf-8")
    publish(review, reviewpress)
    with zipfile.ZipFile(review / "_output/review-1.0.zip") as archive:
        graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
    bodies = {each["@id"]: each["name"] for each in graph if each["@type"] == "Organization"}
    university, institute = "https://ror.org/00example", "#An%20institute"
    assert bodies == {
        university: "University of Examples",
        institute: "An institute",
        "https://ror.org/02mhbdp94": "Elm Press",
        "https://ror.org/00fund0e1": "Elm Fund",
        "#funder-2": "A donor",
    }
    people = {each["name"]: each["affiliation"] for each in graph if each["@type"] == "Person"}
    assert people == {
        "Ann Ash": [{"@id": university}, {"@id": institute}],
        "Ben Birch": {"@id": institute},
    }
    root = next(each for each in graph if each["@id"] == "./")
    assert root["publisher"] == {"@id": "https://ror.org/02mhbdp94"}
    assert root["funder"] == [{"@id": "https://ror.org/00fund0e1"}, {"@id": "#funder-2"}]
