"""The index over the editions of a matrix: what it lists, and what it leaves alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html

Make = Callable[..., Path]
Run = Callable[..., Any]
AREAS = "code,area\nS1,Fife\nS2,*Angus* & <Dundee>\n"


@pytest.fixture
def matrix(project: Make, reviewpress: Run) -> Path:
    """The folder of a matrix of two editions."""
    root = project("council-areas", files={"data/areas.csv": AREAS})
    done = reviewpress("render", cwd=root)
    assert done.status == 0, done.stderr
    return root / "_output/report-areas"


def links(page: Path) -> dict[str, str]:
    tree = html.fromstring(page.read_bytes())
    return {each.get("href"): each.text_content().strip() for each in tree.iter("a")}


def test_the_index_leads_to_each_edition_and_each_back(matrix: Path) -> None:
    """Titles are text, whatever signs are in them; addresses lead to files that are there."""
    found = links(matrix / "index.html")
    assert found["fife/index.html"] == "A review for Fife"
    assert found["angus-dundee/index.html"] == "A review for *Angus* & <Dundee>"
    back = links(matrix / "fife/chapters/homes.html")
    assert back["../../index.html"] == "A minimal review"
    for address in (*found, *back):
        if "://" not in address and not address.startswith("#"):
            page = matrix if address in found else matrix / "fife/chapters"
            assert (page / address.split("#")[0]).exists(), address


def test_no_other_edition_of_the_review_is_linked(matrix: Path) -> None:
    """The summary is of no area: neither the index nor an edition names it."""
    every = {**links(matrix / "index.html"), **links(matrix / "fife/index.html")}
    assert not [address for address in every if "summary" in address]


def test_the_index_is_its_own_files_and_leaves_others_alone(matrix: Path, reviewpress: Run) -> None:
    """A file of the web team stays; a page that no matrix made is not written over."""
    root = matrix.parents[1]
    (matrix / "robots.txt").write_text("User-agent: *\n", "utf-8")
    (root / "data/areas.csv").write_text(AREAS + "S3,Moray\n", "utf-8")
    assert reviewpress("render", cwd=root).status == 0
    assert (matrix / "robots.txt").read_text("utf-8") == "User-agent: *\n"
    indexes = [path.name for path in matrix.iterdir() if path.name.startswith("pagefind")]
    assert len(indexes) == 1
    (matrix / ".reviewpress-matrix").unlink()
    refused = reviewpress("render", cwd=root)
    assert refused.status == 1
    assert "the folder of the matrix holds index.html, which no matrix made" in refused.stderr
