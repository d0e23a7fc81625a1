"""The included papers as files beside the pages, and the links to them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reviewpress.bibliography import load_bibliography
from reviewpress.config import Config, load_config
from reviewpress.extension import find_extension
from reviewpress.formats.downloads import NAME, write_included_papers
from reviewpress.imports.readers import parse_records
from reviewpress.programs.tools import find_pandoc

ROOT = Path(__file__).parents[1]
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
    ).stdout  # fmt: skip
    for ending, words in (("ris", "RIS"), ("bib", "BibTeX"), ("json", "CSL JSON")):
        link = f'href="../{NAME}.{ending}" download="">Download the included papers ({words})'
        assert (link.encode() in b" ".join(made.split())) is bool(count)
