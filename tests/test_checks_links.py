"""Links between made pages: to files, to folders with a first page, to places."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chapters_made import write_chapters

from reviewpress.checks.release.links import check_page_links


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """An edition with a first page and one below it."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.html").write_text('<h1 id="top">One</h1>')
    return tmp_path


@pytest.mark.parametrize("address", ["../", "..", "../#top", "../index.html", "./a.html", "#own"])
def test_a_folder_is_its_first_page(pages: Path, address: str) -> None:
    """`href="../"` leads to the index of the folder above, as Quarto's sidebar writes it."""
    (pages / "chapters" / "a.html").write_text(f'<p id="own"><a href="{address}">Up</a></p>')
    assert list(check_page_links(pages)) == []


@pytest.mark.parametrize("address", ["./", "../data/", "../#bottom", "../../"])
def test_a_folder_without_one_is_a_dead_link(pages: Path, address: str) -> None:
    """So is a place that the first page lacks, and what lies outside the edition."""
    (pages / "data").mkdir()
    (pages / "chapters" / "a.html").write_text(f'<a href="{address}">Up</a>')
    (problem,) = check_page_links(pages)
    assert problem.subject == address


@pytest.mark.parametrize("base", ["/", "/reviews/gardens/"])
def test_the_page_for_lost_readers_begins_at_the_servers_root(pages: Path, base: str) -> None:
    """Its addresses are looked up where the edition is published, and may be dead as others."""
    links = "".join(f'<a href="{base}{name}">A</a>' for name in ("", "index.html#top", "gone.html"))
    (pages / "404.html").write_text(links)
    (problem,) = check_page_links(pages)
    assert problem.subject == f"{base}gone.html"


@pytest.mark.parametrize(
    ("link", "message", "hint"),
    [
        ("data/paper.csv", "data/paper.csv leads to no file", 'Did you mean "data/papers.csv"?'),
        ("a%20b.txt?x#y", "a b.txt leads to no file", "Valid: "),
        ("/a.pngg", "a.pngg leads to no file", 'Did you mean "a.png"?'),
        ("_hidden.csv", "_hidden.csv leads to a file that is not published", "begin with `_`"),
    ],
)
def test_a_file_that_is_not_there_is_found_by_check(
    link: str, message: str, hint: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """With its line and the nearest name; so is one that is left out because of its name."""
    write_chapters(tmp_path, {"one": f"# One\n\nWords.\n\nSee [the data]({link}).\n"})
    (tmp_path / "data").mkdir()
    for name in ("data/papers.csv", "_hidden.csv"):
        (tmp_path / name).write_text("a\n1\n", "utf-8")
    outcome = reviewpress("check", cwd=tmp_path)
    assert outcome.status == 1
    assert f"error: one.qmd, line 5: the link to {message}" in outcome.stderr
    assert hint in outcome.stderr


def test_what_the_build_makes_may_be_linked_to(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Its own files, files and folders of the review, and what lies outside it."""
    links = ("report.pdf", "CITATION.cff", "a.png#x", "./", "data/", "../summary/summary.pdf",
             "mailto:a@example.org", "https://example.org/x.csv", "#sec-one")  # fmt: skip
    text = " ".join(f"[words]({link})" for link in links)
    write_chapters(tmp_path, {"one": f"# One {{#sec-one}}\n\n{text}\n"})
    (tmp_path / "data").mkdir()
    assert reviewpress("check", cwd=tmp_path).status == 0


def test_a_shared_picture_that_is_not_there_is_found_by_check(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """`image:` of a chapter, with its line, before anything is written."""
    write_chapters(tmp_path, {"one": "---\ntitle: One\nimage: gone.jpg\n---\n\nWords.\n"})
    outcome = reviewpress("check", cwd=tmp_path)
    assert outcome.status == 1
    assert "error: one.qmd, line 3: there is no picture gone.jpg" in outcome.stderr
