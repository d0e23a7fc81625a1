"""The extension's filters on what the real Quarto handed over, and what it made of their answers.

`tests/quarto_recordings/` was written by `scripts/record_quarto.py` where Quarto was installed;
each `run.json` says when, and with which version. `tests/fake_quarto/play.lua` runs the filters.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewpress.programs.tools import find_pandoc
from reviewpress.quarto.hooks import pre_render

HERE = Path(__file__).parent
RECORDINGS = HERE / "quarto_recordings"
EXTENSION = HERE.parent / "_extensions" / "reviewpress"
RUNS = sorted(file.parent for file in RECORDINGS.glob("*/*/run.json"))
HANDED = sorted(RECORDINGS.glob("*/*/*.handed.json"))
ANSWERED = (("foreign-book", "first"), ("new-review", "first"))


def name_of(path: Path) -> str:
    """Return a recording's name for the list of tests."""
    return path.relative_to(RECORDINGS).as_posix().removesuffix(".handed.json")


def said(run: Path) -> Mapping[str, Any]:
    """Return what is known of a run."""
    known: Mapping[str, Any] = json.loads((run / "run.json").read_text())
    return known


def play(handed: Path, root: Path) -> dict[str, Any]:
    """Return the tree that the filters leave of what Quarto handed over, in a project `root`."""
    about, tree = handed.read_text().replace("{project}", root.as_posix()).splitlines()
    format = json.loads(about)["format"]
    common = yaml.safe_load((EXTENSION / "_extension.yml").read_text())
    names = common["contributes"]["formats"]["common"]["filters"]
    run = said(handed.parent)
    profile = next((c["environment"].get("QUARTO_PROFILE", "") for c in run["calls"]), "")
    dump = root / "dump.lua"
    dump.write_text("function Pandoc(d) io.stdout:write(pandoc.write(d, 'json')) return d end\n")
    done = subprocess.run(
        [find_pandoc(), "--from=json", f"--to={format}", f"--output={os.devnull}",
         f"--lua-filter={HERE / 'fake_quarto' / 'play.lua'}", f"--lua-filter={dump}"],
        input=tree, capture_output=True, text=True, check=False,
        cwd=Path(json.loads(about)["quarto"]["doc"]["input_file"]).parent,
        env=os.environ | {
            "PLAY_ABOUT": about, "PLAY_FILTERS": "\n".join(str(EXTENSION / n) for n in names),
            "QUARTO_PROJECT_DIR": str(root), "QUARTO_PROFILE": profile,
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def nodes(tree: Any, kind: str) -> Iterator[Any]:
    """Yield the nodes of a kind in a tree."""
    if isinstance(tree, dict):
        if tree.get("t") == kind:
            yield tree
        for value in tree.values():
            yield from nodes(value, kind)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value, kind)


def test_there_are_recordings_of_each_case() -> None:
    """A small review, a foreign project and the shape of the flagship, each with its date."""
    assert {run.parent.name for run in RUNS} == {"new-review", "foreign-book", "flagship-shape"}
    for run in RUNS:
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", said(run)["date"])
        assert said(run)["status"] == 0, name_of(run)


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The recorded projects, the review handed over by our hook in the recorded environment."""
    folder = tmp_path_factory.mktemp("projects")
    book = Path(shutil.copytree(HERE / "foreign-book", folder / "foreign-book"))
    shutil.copytree(EXTENSION, book / "_extensions" / "reviewpress")
    main = "from reviewpress.cli import main; main()"
    command = [sys.executable, "-c", main, "new", "project"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    review = folder / "project"
    before = said(RECORDINGS / "new-review" / "first")["calls"][0]["environment"]
    given = {k: v.replace("{project}", str(review)) for k, v in before.items()}
    assert pre_render(given, lambda: ()) == 0
    return {"foreign-book": book, "new-review": review}


@pytest.mark.parametrize("handed", [h for h in HANDED if h.parts[-3:-1] in ANSWERED], ids=name_of)
def test_filters_answer_as_when_quarto_was_seen(handed: Path, projects: dict[str, Path]) -> None:
    """What Quarto made is known of these answers only: record again where they change."""
    root = projects[handed.parts[-3]]
    answer = play(handed, root)
    recorded = handed.with_name(handed.name.replace(".handed.", ".answered."))
    seen = json.loads(recorded.read_text().replace("{project}", root.as_posix()))
    assert answer["blocks"] == seen["blocks"], "run scripts/record_quarto.py where Quarto is"


@pytest.mark.parametrize("run", RUNS, ids=name_of)
def test_nothing_but_the_edition_is_published(run: Path) -> None:
    """No run store, and `.gitignore` as it was (facts 36 and 40)."""
    published = said(run)["published"]
    assert published
    assert [name for name in published if "/.reviewpress/" in name or name.endswith(".typ")] == []
    ignored = said(run)["gitignore"]
    assert ignored.count("/.quarto/") == (
        "new-review" in run.parts or "flagship-shape" in run.parts
    )


def test_a_second_render_executes_nothing() -> None:
    """The first says what it executed, the second that nothing was to be (fact 28)."""
    first, again = (said(RECORDINGS / "new-review" / name) for name in ("first", "again"))
    assert "Executing 4 notebooks" in first["printed"]
    assert any("executed nothing; 4 unchanged" in line for line in again["printed"])
    assert not any(re.search(r": (running|done)", line) for line in again["printed"])


def test_hooks_and_notebook_filter_get_what_they_read() -> None:
    """Folder, profile and lists of files stand in the environment (facts 2 and 4)."""
    before, *filters, after = said(RECORDINGS / "new-review" / "first")["calls"]
    chapters = before["environment"]["QUARTO_PROJECT_INPUT_FILES"].splitlines()
    assert before["environment"]["QUARTO_PROJECT_RENDER_ALL"] == "1"
    assert chapters[0] == "index.qmd"
    assert "chapters/methods.ipynb" in chapters
    assert {call["folder"] for call in filters} == {"{project}/chapters"}
    assert {call["environment"]["QUARTO_PROFILE"] for call in filters} == {"report"}
    made = after["environment"]["QUARTO_PROJECT_OUTPUT_FILES"].splitlines()
    assert {Path(name).suffix for name in made} == {".html", ".pdf", ".docx"}


def test_a_chapter_without_a_format_makes_all() -> None:
    """In a book with a PDF, the hook is called as for a whole render (fact 42)."""
    run = said(RECORDINGS / "new-review" / "one-chapter")
    assert run["command"] == ["render", "chapters/methods.ipynb"]
    assert run["calls"][0]["environment"]["QUARTO_PROJECT_RENDER_ALL"] == "1"


@pytest.mark.parametrize(
    "handed", [h for h in HANDED if h.name == "book.typst.handed.json"], ids=name_of
)
def test_comments_say_what_begins_in_a_merged_book(handed: Path) -> None:
    """The type of an item stands in a block's comment, not in the one inline (fact 32)."""
    document = json.loads(handed.read_text().splitlines()[1])
    mark = "quarto-file-metadata"
    inline = [n for n in nodes(document["blocks"], "RawInline") if mark in n["c"][1]]
    blocks = [n for n in nodes(document["blocks"], "RawBlock") if mark in n["c"][1]]
    assert inline
    assert blocks


def test_the_style_of_citations_never_reaches_typst() -> None:
    """Typst would refuse its path, and no PDF would be made (fact 31)."""
    texts = [file.read_text() for file in RECORDINGS.glob("*/*/book.typst.made.typ")]
    assert texts
    assert [text for text in texts if "#set bibliography(" in text] == []
    assert [text for text in texts if len(text) < 1000] == []


def test_appendices_are_lettered_in_the_merged_book() -> None:
    """They begin in the Typst source where Quarto's comment says so (fact 32)."""
    text = (RECORDINGS / "flagship-shape" / "first" / "book.typst.made.typ").read_text()
    before, _, after = text.partition("Forms")
    assert "appendi" in before.lower()
    assert "<sec-forms>" in after


def test_pages_have_header_cells_and_captions_without_attributes() -> None:
    """Tables without an id, too, though Quarto's reader leaves the attributes as text (fact 33)."""
    run = RECORDINGS / "flagship-shape" / "first"
    page = (run / "appendix-table.html.made.html").read_text()
    assert "row-headers" not in page
    assert page.count('scope="row"') >= 3
    assert "Who read" in page
