"""`review.preview()`: a chapter shown from inside its own notebook."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewpress.chapter_preview import show_chapter
from reviewpress.config import load_config
from reviewpress.errors import ChapterError
from reviewpress.review import Review


@pytest.fixture
def root(project: Any) -> Path:
    """The minimal review."""
    return project(runs=False)  # type: ignore[no-any-return]


def shown(root: Path, names: dict[str, Any], chapter: str | None = "findings") -> str:
    preview = show_chapter(load_config(root), names, chapter)
    assert preview is not None
    return " ".join(preview._repr_html_().split())


def names_of(root: Path) -> dict[str, Any]:
    from reviewpress import load, words

    return {"words": words, "box": load(root).section("Outcomes")}


def test_values_and_citations_are_shown_as_readers_see_them(root: Path) -> None:
    """Live values come from the notebook's names; papers are codes, other works author and year."""
    page = shown(root, names_of(root))
    assert "two papers speak of outcomes." in page
    assert "<sup>1,2</sup>" in page
    assert "[Method (2018)]" in page
    assert "{python}" not in page


def test_cross_references_are_words(root: Path) -> None:
    """What leads to a heading has its title, what leads elsewhere the words of its id."""
    path = root / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    text = "See @sec-findings-what, @fig-all-papers and [@tbl-papers]."
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})
    path.write_text(json.dumps(notebook), "utf-8")
    page = shown(root, names_of(root))
    assert "Section “What was found”" in page
    assert "Figure “all papers”" in page
    assert "Table “papers”" in page
    assert "@" not in page


def test_failing_value_is_shown_in_its_place(root: Path) -> None:
    """A name that is not there yet does not hide the rest of the chapter."""
    page = shown(root, {})
    assert "NameError" in page
    assert "Joined services helped" in page


def test_notebook_is_found_as_vs_code_and_jupyter_tell_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the notebook need not be given where the program says it."""
    file = str(root / "chapters" / "findings.ipynb")
    assert "Findings" in shown(root, {**names_of(root), "__vsc_ipynb_file__": file}, None)
    monkeypatch.setenv("JPY_SESSION_NAME", file)
    assert "Findings" in shown(root, names_of(root), None)


def test_the_preview_leaves_itself_and_removed_cells_out(root: Path) -> None:
    """What `review.preview()` displayed in the saved notebook is not shown within itself."""
    path = root / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    html = {"text/html": "<p>The chapter as it was.</p>"}
    output = {"output_type": "execute_result", "data": html, "metadata": {}, "execution_count": 1}
    for source, tags in (("review.preview()", []), ("x", ["remove-cell"]), ("y", [])):
        cell = {"cell_type": "code", "source": source, "metadata": {"tags": tags}}
        notebook["cells"].append(cell | {"outputs": [output], "execution_count": 1})
    path.write_text(json.dumps(notebook), "utf-8")
    assert shown(root, names_of(root)).count("The chapter as it was.") == 1


def test_unknown_notebook_says_what_to_do(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, or with a wrong one, the message tells how to name it."""
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    with pytest.raises(ChapterError, match="cannot be found out"):
        shown(root, {}, None)
    with pytest.raises(ChapterError, match="findings"):
        shown(root, {}, "findngs")


def test_run_shows_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call left in a chapter leaves no trace in the report."""
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", "somewhere")
    assert Review(root).preview("findings") is None


@pytest.mark.parametrize(
    "source", ["page = review.preview()\npage", "display(review.preview())", "show_me()"]
)
def test_the_preview_is_left_out_however_it_was_asked_for(root: Path, source: str) -> None:
    """It is known by what it is, not by the code that made it."""
    first = show_chapter(load_config(root), names_of(root), "findings")._repr_html_()
    path = root / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    output = {"output_type": "display_data", "data": {"text/html": first}, "metadata": {}}
    cell = {"cell_type": "code", "source": source, "metadata": {}, "execution_count": 1}
    notebook["cells"].append(cell | {"outputs": [output]})
    path.write_text(json.dumps(notebook), "utf-8")
    assert shown(root, names_of(root)).count("Joined services helped") == first.count(
        "Joined services helped"
    )


def run_cells(root: Path, *sources: str) -> list[str]:
    """Have cells run and saved, as Jupyter does; return the kernel's history."""
    path = root / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for number, source in enumerate(sources, 1):
        cell = {"cell_type": "code", "source": source, "metadata": {}, "execution_count": number}
        notebook["cells"].append(cell | {"outputs": []})
    path.write_text(json.dumps(notebook), "utf-8")
    return ["", *sources]


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([], False),
        (["review.preview()"], False),
        (["review.preview()", "review.preview()"], False),
        (["total = 5", "review.preview()"], True),
        (["total = 4  # changed", "review.preview()"], True),
        (["review.preview('findings')"], True),
    ],
)
def test_a_file_that_is_not_saved_is_said_to_be(root: Path, after: list[str], said: bool) -> None:
    """The kernel has run what the file does not have."""
    history = run_cells(root, "total = 4", "review.preview()") + after
    page = shown(root, {**names_of(root), "In": history})
    assert ("save it, and show it again" in page) is said
    assert "as it was saved at" in page


def test_a_tidied_file_is_said_to_have_no_results(root: Path) -> None:
    """Figures and tables are missing from what is shown until the cells have been run."""
    page = shown(root, {**names_of(root), "In": ["", "total = 4", "review.preview()"]})
    assert "no results of cells" in page
