"""Entries that name others: the names follow, and none inherits from itself or from a stranger."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reviewpress.bibliography import Bibliography, load_bibliography
from reviewpress.config import Config, load_config
from reviewpress.imports import import_records
from reviewpress.programs.tools import find_pandoc

SMALL = Path(__file__).parent / "projects" / "small-evidence"
PAPER = "@inproceedings{paper, author={Larch, Lee}, title={Benches in the shade}, crossref={Proc}}"
OTHER = "@proceedings{proc, editor={Bench, Bo}, title={Another conference on benches}, year={2015}}"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(shutil.copytree(SMALL, tmp_path / "review"), check_chapters=False)


def imported(config: Config, text: str, name: str = "a.bib") -> Bibliography:
    path = config.root / name
    path.write_text(text)
    report = import_records(config, [path])
    assert not report.rejected
    bibliography = load_bibliography(config.bibliography[0])
    command = [find_pandoc(), "--from", "bibtex", "--to", "csljson", str(config.bibliography[0])]
    found = json.loads(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout)
    assert [item["id"] for item in found] == list(bibliography.keys)
    return bibliography


@pytest.mark.parametrize("text", [f"{PAPER}\n{OTHER}", f"{OTHER}\n{PAPER}"])
def test_the_key_of_a_renamed_parent_follows(config: Config, text: str) -> None:
    """A child does not inherit from the volume that has its parent's key already."""
    imported(
        config, "@proceedings{proc, title={A first conference on ferns}, year={2001}}", "1.bib"
    )
    found = imported(config, text)
    assert found["paper"].fields["crossref"] == "bench2015"
    assert found["bench2015"].title == "Another conference on benches"
    assert found.keys.index("bench2015") > found.keys.index("paper")


def test_the_key_of_a_merged_parent_follows(config: Config) -> None:
    """The entry that the parent is part of now is the parent."""
    imported(config, OTHER.replace("proc", "mine2015"), "1.bib")
    found = imported(config, f"{PAPER}\n{OTHER}")
    assert found["paper"].fields["crossref"] == "mine2015"


def test_a_parent_that_is_not_in_the_file_is_noted(config: Config) -> None:
    """An entry of the review that has its key by chance is a stranger."""
    imported(config, OTHER, "1.bib")
    found = imported(config, PAPER)
    assert "crossref" not in found["paper"].fields
    assert found["paper"].text("bibtex-crossref") == "Proc"


def test_generations_and_other_names_follow(config: Config) -> None:
    """A child of a child, and fields that name several entries."""
    found = imported(
        config,
        "@misc{x, title={Ferns under glass and keepers}, crossref={y}, related={y, z, gone}}\n"
        "@misc{y, title={Walls of brick and how they stand}, crossref={abel2020}}\n"
        "@misc{abel2020, title={Roofs of slate and of straw}, year={1999}, author={Zed, Zoe}}\n"
        "@misc{z, title={Paths of gravel in older gardens}}\n",
    )
    assert found["y"].fields["crossref"] == "zed1999"
    assert found["x"].fields["crossref"] == "y"
    assert found["x"].fields["related"] == "y,z"
    assert found["x"].text("bibtex-related") == "gone"


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title={Ferns under glass and keepers}, crossref={a}}",
        "@misc{a, title={Ferns under glass and keepers}, crossref={b}}\n"
        "@misc{b, title={Walls of brick and how they stand}, crossref={a}}",
        "@book{c, title={Ferns under glass and keepers}, author={Pine, P}, year={2009}}\n"
        "@inbook{p, title={Ferns under glass and keepers}, author={Pine, P}, year={2009},\n"
        " crossref={c}}",
    ],
)
def test_nothing_inherits_from_itself(config: Config, text: str) -> None:
    """Not by its own word, in a circle, nor when it is merged into its parent: pandoc ends."""
    found = imported(config, text)
    for entry in found:
        seen = [entry.key]
        while found[seen[-1]].fields.get("crossref"):
            seen.append(found[seen[-1]].fields["crossref"])
            assert len(seen) == len(set(seen))


def test_same_keys_and_impossible_ones_lose_no_record(config: Config) -> None:
    """Each gets a key of its own, and what it was is noted where nothing else has it."""
    found = imported(
        config,
        "@article{li2020, author={Li, Jo}, title={Walking groups for people}, year={2020}}\n"
        "@article{li2020, author={Li, Kim}, title={Choirs in care homes}, year={2020}}\n"
        "@article{Ash & Oak 2020, author={Ash, Kim}, title={Swings in parks}, year={2020}}\n"
        "@article{, author={Elm, Kim}, title={Ponds on farms}, year={2020}}\n"
        "@article{x/y, ids={li2020, other}, author={Fir, Kim}, title={Hedges}, year={2020}}\n",
    )
    assert found.keys[-5:] == ("li2020", "li2020a", "ash2020", "elm2020", "fir2020")
    assert found["li2020a"].text("original-key") == "li2020"
    assert found["ash2020"].text("original-key") == "Ash & Oak 2020"
    assert found["fir2020"].fields["ids"] == "x/y,other"
