"""Links between made pages: to files, to folders with a first page, to places."""

from pathlib import Path

import pytest

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
