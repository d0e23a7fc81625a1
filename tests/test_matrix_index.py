"""The index over the editions of a matrix: what it lists, and what it leaves alone."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from lxml import html

from reviewpress.assemble import ast
from reviewpress.assemble.reader import read_blocks
from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.errors import ConfigError, Problems
from reviewpress.labels import load_labels
from reviewpress.matrix import index, read_matrix
from reviewpress.store.files import write_atomically
from reviewpress.store.output_folder import LIST

if TYPE_CHECKING:
    from reviewpress.engine import PreviewEngine

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


@pytest.fixture
def put(project: Make, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put an index of one page and a table beside editions that are there; return its folder."""

    def make(areas: str = AREAS) -> Path:
        root = project("council-areas", files={"data/areas.csv": areas})
        matrix = read_matrix(load_config(root))
        for row in matrix.rows:
            (row.config.output_dir).mkdir(parents=True)
            (row.config.output_dir / LIST).write_text("", "utf-8")

        def render(*given: Any) -> None:
            for name in ("index.html", "data/README.md"):
                (given[-1] / name).parent.mkdir(exist_ok=True)
                (given[-1] / name).write_text(name, "utf-8")

        monkeypatch.setattr(index, "_render", render)
        monkeypatch.setattr(index, "write_search_index", lambda *_, **__: None)
        return matrix

    return make


def write(matrix: Any) -> None:
    index.check_index(matrix)
    index.write_index(matrix, cast("PreviewEngine", None), PlainDisplay())


def test_an_index_that_was_interrupted_is_made_by_the_next_run(
    put: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are listed before they are there: its page is not taken for somebody else's."""
    matrix = put()

    def end(path: Path, content: bytes) -> None:
        write_atomically(path, content)
        if path.name == "index.html":
            raise KeyboardInterrupt

    monkeypatch.setattr(index, "write_atomically", end)
    with pytest.raises(KeyboardInterrupt):
        write(matrix)
    monkeypatch.setattr(index, "write_atomically", write_atomically)
    assert (matrix.folder / "index.html").is_file()
    write(matrix)
    listed = (matrix.folder / ".reviewpress-matrix").read_text("utf-8").splitlines()
    assert listed[1:] == ["data/README.md", "index.html"]


def test_a_list_that_leads_out_of_the_folder_removes_nothing(put: Callable[..., Any]) -> None:
    """By names, or by a link in the place of a folder."""
    matrix = put()
    write(matrix)
    root = matrix.base.root
    (root / "sources").mkdir()
    (root / "sources/own.csv").write_text("a\n1\n", "utf-8")
    (matrix.folder / "link").symlink_to(root / "sources")
    with (matrix.folder / ".reviewpress-matrix").open("a", encoding="utf-8") as file:
        file.write("../../data/papers.csv\nlink/own.csv\nold.html\n")
    (matrix.folder / "old.html").write_text("", "utf-8")
    write(matrix)
    assert not (matrix.folder / "old.html").exists()
    assert (root / "data/papers.csv").is_file()
    assert (root / "sources/own.csv").is_file()


@pytest.mark.parametrize("name", ["index.html", "data/README.md"])
def test_what_somebody_put_there_first_is_not_written_over(
    put: Callable[..., Any], name: str
) -> None:
    """Not the page alone."""
    matrix = put()
    (matrix.folder / name).parent.mkdir(exist_ok=True)
    (matrix.folder / name).write_text("ours", "utf-8")
    with pytest.raises(ConfigError, match=f"holds {name}, which no matrix made"):
        write(matrix)
    assert (matrix.folder / name).read_text("utf-8") == "ours"


def test_an_edition_has_no_folder_that_the_index_needs(put: Callable[..., Any]) -> None:
    """The data beside the index would be lost with the copies of the edition's pages."""
    with pytest.raises(Problems) as refused:
        write(put(AREAS + "S3,Data\n"))
    assert [str(each.where) for each in refused.value.problems] == ["data/areas.csv, row 4"]
    assert 'files of its own in "data"' in refused.value.problems[0].message


def test_a_title_is_text_in_attributes_too(put: Callable[..., Any]) -> None:
    """What a link says of itself is an attribute in the index's Markdown."""
    title = 'The "whole" {{< x >}} \\\\ &amp; \\" `id` }'
    written = title.replace('"', '""')
    matrix = put(f'code,area,title\nS1,Fife,"{written}"\n')
    (matrix.rows[0].config.output_dir / "report.pdf").write_bytes(b"")
    [line] = index._entries([*matrix.rows], load_labels(matrix.base))
    [block] = read_blocks("index.qmd", line, matrix.base.store, matrix.base.limits)
    links = [node["c"] for node in ast.walk([block]) if node["t"] == "Link"]
    told = {target[0]: dict(attributes[2]) for attributes, _, target in links}
    assert told["fife/report.pdf"]["title"].endswith(f": {title}")
