"""What stands beside the pages to be taken away: included papers, and how large files are."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

from reviewpress.bibliography import load_bibliography
from reviewpress.config import Config, load_config
from reviewpress.extension import find_extension
from reviewpress.formats.downloads import NAME, state_sizes, write_included_papers
from reviewpress.imports.readers import parse_records
from reviewpress.labels import load_language
from reviewpress.programs.tools import find_pandoc

ROOT = Path(__file__).parents[1]
PAGE = '<a href="r.pdf">PDF <span class="file-facts" data-file="r.pdf"></span></a>'
SMALL = Path(__file__).parent / "projects" / "small-evidence"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return load_config(shutil.copytree(SMALL, tmp_path / "review"), check_chapters=False)


def test_each_file_has_each_included_paper_and_no_other(config: Config, tmp_path: Path) -> None:
    """In the order of their codes, in three formats; again from the store as well."""
    titles = [entry.title for entry in load_bibliography(config.bibliography[0]).group("included")]
    for _ in range(2):
        write_included_papers(config, tmp_path)
        for ending in ("ris", "bib", "json"):
            content = (tmp_path / f"{NAME}.{ending}").read_bytes()
            assert [one.title for one in parse_records(content, ending).records] == titles
            assert b"group" not in content


def test_a_review_without_codes_has_no_files(config: Config, tmp_path: Path) -> None:
    """Those that an earlier build made go: they would list what is not included any more."""
    write_included_papers(config, tmp_path)
    bibliography = config.bibliography[0]
    kept = [line for line in bibliography.read_text().splitlines() if "code" not in line]
    bibliography.write_text("\n".join(kept))
    write_included_papers(config, tmp_path)
    assert not list(tmp_path.glob(f"{NAME}.*"))


@pytest.mark.parametrize(("to", "count"), [("html", 3), ("docx", 0), ("typst", 0)])
def test_the_list_of_included_papers_links_to_them(tmp_path: Path, to: str, count: int) -> None:
    """On a page, each link says what it is of; other files have nothing beside them."""
    metadata = {
        "reviewpress-references": {"a": {"group": "included", "code": "1", "label": "A (2020)",
                                         "short": "A 2020"}},
        "references": [{"id": "a", "type": "book", "title": "A book", "author": [{"family": "A"}]}],
        "reviewpress-included-files": f"../{NAME}",
    }  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(metadata))
    made = subprocess.run(
        [find_pandoc(), "--from=markdown", f"--to={to}", "--standalone", "--output=-",
         f"--metadata-file={tmp_path / 'm.json'}", "--metadata=title:T",
         f"--lua-filter={find_extension(ROOT).file('filters/references.lua')}"],
        input=b"Text [@a].\n\n::: {#refs-included}\n:::\n", capture_output=True, check=True,
        env={**os.environ, "LUA_PATH": f"{find_extension(ROOT).folder}/filters/?.lua;;"},
    ).stdout  # fmt: skip
    for ending, words in (("ris", "RIS"), ("bib", "BibTeX"), ("json", "CSL JSON")):
        link = f'href="../{NAME}.{ending}" download="">Download the included papers ({words})'
        assert (link.encode() in b" ".join(made.split())) is bool(count)


def edition(tmp_path: Path, pages: int) -> Any:
    """Make an edition's place with a PDF, and a folder with its first page."""
    before = tmp_path / "before"
    before.mkdir()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(before / "r.pdf")
    (tmp_path / "now").mkdir()
    (tmp_path / "now" / "index.html").write_text(PAGE, encoding="utf-8")
    return SimpleNamespace(output_dir=before, file_name=lambda ending: f"r.{ending}")


@pytest.mark.parametrize(
    ("lang", "pages", "words"), [("en", 1, "1 page"), ("en", 12, "12 pages"), ("de", 3, "3 Seiten")]
)
def test_a_download_says_how_large_it_is(tmp_path: Path, lang: str, pages: int, words: str) -> None:
    """Also where the file is of an earlier build."""
    config = edition(tmp_path, pages)
    state_sizes(config, load_language(lang), tmp_path / "now")
    kilobytes = max(1, round((config.output_dir / "r.pdf").stat().st_size / 1000))
    told = (tmp_path / "now" / "index.html").read_text("utf-8")
    assert f'data-file="r.pdf">{kilobytes} kB, {words}</span>' in told


def test_sizes_have_the_decimal_mark_of_the_language(tmp_path: Path) -> None:
    """In MB from a tenth of one."""
    config = edition(tmp_path, 1)
    (tmp_path / "now" / "r.docx").write_bytes(b"0" * 2_340_000)
    page = PAGE.replace("r.pdf", "r.docx")
    (tmp_path / "now" / "index.html").write_text(page, encoding="utf-8")
    state_sizes(config, load_language("fr"), tmp_path / "now")
    assert '"r.docx">2,3 MB</span>' in (tmp_path / "now" / "index.html").read_text("utf-8")
