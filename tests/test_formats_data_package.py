"""The data of an edition as one package, by Frictionless Data."""

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from reviewpress.config import load_config
from reviewpress.formats.data_package import ARCHIVE, DESCRIPTOR, write_data_package

REPOSITORY = Path(__file__).resolve().parents[1]
MakeProject = Callable[..., Path]
TABLE = 'Study,Mean (points),n\nAlder 2020,12.5,120\n"\'=1+1",,3\n'


def make(root: Path, folder: Path) -> Mapping[str, Any]:
    """Write the package of a review that has published one table; return its descriptor."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    (folder / "figures" / "tbl-a.csv").write_text(TABLE)
    write_data_package(load_config(root), folder)
    described: Mapping[str, Any] = json.loads((folder / DESCRIPTOR).read_text())
    return described


def test_a_package_describes_and_holds_all_data(project: MakeProject, tmp_path: Path) -> None:
    """Tables with their schema, what was published, the dictionary; frictionless finds no fault."""
    described = make(project(), tmp_path / "made")
    named = {each["name"]: each for each in described["resources"]}
    assert [*named] == ["papers", "findings", "dictionary", "tbl-a"]
    fields = {field["name"]: field for field in named["papers"]["schema"]["fields"]}
    assert fields["code"]["type"] == "integer"
    assert fields["code"]["constraints"] == {"minimum": 1, "required": True, "unique": True}
    kinds = [field["type"] for field in named["tbl-a"]["schema"]["fields"]]
    assert kinds == ["string", "number", "integer"]
    report = Package(str(tmp_path / "made" / DESCRIPTOR)).validate()
    assert report.valid, report.to_summary()


def test_the_archive_holds_the_same_and_is_the_same_each_time(
    project: MakeProject, tmp_path: Path
) -> None:
    """Whoever downloads one file has all; the same data give the same bytes."""
    root = project()
    make(root, tmp_path / "one")
    make(root, tmp_path / "two")
    first, second = ((tmp_path / name / ARCHIVE).read_bytes() for name in ("one", "two"))
    assert first == second
    with zipfile.ZipFile(tmp_path / "one" / ARCHIVE) as archive:
        assert archive.namelist() == [DESCRIPTOR, "data/papers.csv", "data/findings.csv",
                                      "data/README.md", "figures/tbl-a.csv"]  # fmt: skip
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "one" / name).read_bytes()


def test_a_formula_in_the_data_is_published_as_text(project: MakeProject, tmp_path: Path) -> None:
    """A spreadsheet computes nothing of it, and the review's own file stays as it is."""
    root = project()
    source = root / "data" / "findings.csv"
    source.write_text(source.read_text().replace("Joined services helped.", "=HYPERLINK(1)"))
    make(root, tmp_path / "made")
    assert "'=HYPERLINK(1)" in (tmp_path / "made" / "data" / "findings.csv").read_text()
    assert "'=HYPERLINK(1)" not in source.read_text()


@pytest.mark.parametrize(
    ("setting", "names"), [("[papers]", ["papers", "dictionary", "tbl-a"]), ("true", None)]
)
def test_a_review_says_which_tables_it_publishes(
    setting: str, names: list[str] | None, project: MakeProject, tmp_path: Path
) -> None:
    """All of the schema, or those that it names."""
    root = project()
    set_package(root, setting)
    described = make(root, tmp_path / "made")
    found = [each["name"] for each in described["resources"]]
    assert found == (names or ["papers", "findings", "dictionary", "tbl-a"])


def test_a_review_may_publish_no_data(project: MakeProject, tmp_path: Path) -> None:
    """What an earlier build left of them goes."""
    root = project()
    make(root, tmp_path / "made")
    set_package(root, "false")
    write_data_package(load_config(root), tmp_path / "made")
    assert not (tmp_path / "made" / DESCRIPTOR).exists()
    assert not (tmp_path / "made" / ARCHIVE).exists()


@pytest.mark.parametrize("setting", ["[paper]", "paper"])
def test_a_table_that_is_none_is_said(setting: str, project: MakeProject, reviewpress: Any) -> None:
    """With the nearest name, before anything is made; one table needs no brackets."""
    root = project()
    set_package(root, setting)
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    told = outcome.stdout + outcome.stderr
    assert 'data-package names "paper", which is not a table of the schema.' in told
    assert 'Did you mean "papers"?' in told


def test_the_flagships_data_are_a_valid_package(tmp_path: Path) -> None:
    """Each cell of its tables is what its schema says."""
    make(REPOSITORY, tmp_path)
    report = Package(str(tmp_path / DESCRIPTOR)).validate()
    assert report.valid, report.to_summary()


def set_package(root: Path, setting: str) -> None:
    """Give the setting `data-package` of a review."""
    file = root / "_quarto.yml"
    text = file.read_text().replace("reviewpress:\n", f"reviewpress:\n  data-package: {setting}\n")
    file.write_text(text)
