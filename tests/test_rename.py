"""Rename a chapter: its file and all that names it change together, or nothing does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import ConfigError
from reviewpress.rename import rename_chapter

NOTES = """# Notes {#sec-notes}

See @sec-findings and @sec-findings-more, not @sec-findings-other or my-findings.ipynb.
[There](findings.html#sec-findings-more), [here](../chapters/findings.ipynb), [no](x/findings.html),
[web](https://example.org/findings.html). {{< include findings.ipynb >}} The findings stay.

::: {.key-messages from="findings#sec-findings-more"}
:::
"""
CELLS = (
    ("markdown", '## More {#sec-findings-more}\nOf `{python} review.section("findings").papers`.'),
    ("code", "section = 'findings'\nbox = review.evidence_box(\"findings\")\nx = 'findings'"),
    ("code", 'text = "see @sec-findings-more"\n# \\n and \\u00e9 stay'),
)


@pytest.fixture
def root(project: Any) -> Path:
    """The minimal review, whose chapter of findings is named in many ways."""
    folder: Path = project(runs=False)
    path = folder / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    for kind, source in CELLS:
        cell = {"cell_type": kind, "metadata": {}, "source": source}
        code = {"outputs": [], "execution_count": None} if kind == "code" else {}
        notebook["cells"].append(cell | code)
    path.write_text(json.dumps(notebook), "utf-8")
    (folder / "chapters" / "notes.qmd").write_bytes(NOTES.replace("\n", "\r\n").encode())
    acknowledged = (
        "acknowledged:\n  - place: findings known2020\n  - place: chapters/findings.ipynb\n"
    )
    (folder / "data" / "acknowledged.yml").write_text(acknowledged, "utf-8")
    return folder


def texts(root: Path) -> dict[str, bytes]:
    """Return the files of a review outside its store."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".reviewpress" not in path.parts
    }


def test_everything_that_names_the_chapter_is_mended(root: Path) -> None:
    """Lists, sections, ids, links, key messages, code and acknowledged problems; words stay."""
    before = texts(root)
    renaming = rename_chapter(root, "findings", "results")
    after = texts(root)
    assert renaming.moved == {"chapters/findings.ipynb": "chapters/results.ipynb"}
    assert set(before) - set(after) == {"chapters/findings.ipynb"}
    assert set(after) - set(before) == {"chapters/results.ipynb"}
    expected = (
        NOTES.replace("@sec-findings and @sec-findings-more", "@sec-results and @sec-results-more")
        .replace("(findings.html#sec-findings-more)", "(results.html#sec-results-more)")
        .replace("chapters/findings.ipynb", "chapters/results.ipynb")
        .replace("include findings.ipynb", "include results.ipynb")
        .replace('"findings#sec-findings-more"', '"results#sec-results-more"')
    )
    assert after["chapters/notes.qmd"].decode() == expected.replace("\n", "\r\n")
    assert (
        b"place: results known2020\n  - place: chapters/results.ipynb"
        in after["data/acknowledged.yml"]
    )
    assert b"findings.ipynb" not in after["_quarto-report.yml"]
    cells = json.loads(after["chapters/results.ipynb"])["cells"]
    sources = ["".join(cell["source"]) for cell in cells[-3:]]
    assert sources == [
        '## More {#sec-results-more}\nOf `{python} review.section("results").papers`.',
        "section = 'results'\nbox = review.evidence_box(\"results\")\nx = 'findings'",
        'text = "see @sec-results-more"\n# \\n and \\u00e9 stay',
    ]


def test_a_renamed_review_makes_the_same_report(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """And renaming it back gives every file byte for byte."""
    root = project(runs=False)
    before = texts(root)
    assert reviewpress("rename chapters/findings.ipynb results", cwd=root).status == 0
    outcome = reviewpress("check", cwd=root)
    assert (outcome.status, outcome.stdout) == (0, "No problems.\n"), outcome.stderr
    assert reviewpress("rename results findings", cwd=root).status == 0
    assert texts(root) == before


def test_counterparts_in_other_languages_are_renamed_too(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A chapter and its translation are one by their file's name, or the id of their heading."""
    root = project("two-languages", runs=False)
    (root / "cy" / "perthyn.ipynb").rename(root / "cy" / "belonging.ipynb")
    profile = root / "_quarto-report-cy.yml"
    profile.write_text(profile.read_text("utf-8").replace("perthyn", "belonging"), "utf-8")
    renaming = rename_chapter(root, "belonging", "home")
    assert set(renaming.moved.values()) == {"chapters/home.ipynb", "cy/home.ipynb"}
    for name in ("report", "report-cy"):
        outcome = reviewpress(f"check --profile {name}", cwd=root)
        assert outcome.status == 0, outcome.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("findngs", "results", 'there is no chapter "findngs". Did you mean "findings"'),
        ("findings", "references", "chapters/references.qmd is there already"),
        ("findings", "The Results", '"The Results" is not a name for a chapter'),
        ("findings", "parts/results", "keeps its folder"),
        ("findings", "results.qmd", "keeps its ending"),
        ("index", "start", 'there is no chapter "index"'),
        ("findings", "taken", "chapters/notes.qmd has the id sec-taken-more already"),
    ],
)
def test_what_cannot_be_renamed_changes_nothing(
    old: str, new: str, message: str, root: Path
) -> None:
    """And the message says why, with the nearest name."""
    with (root / "chapters" / "notes.qmd").open("a", encoding="utf-8") as notes:
        notes.write("\n## Taken {#sec-taken-more}\n")
    before = texts(root)
    with pytest.raises(ConfigError, match=message.replace("?", r"\?")):
        rename_chapter(root, old, new)
    assert texts(root) == before


def test_a_notebook_that_cannot_be_read_changes_nothing(root: Path) -> None:
    """All files are read before any is written."""
    (root / "chapters" / "zz.ipynb").write_text("{", "utf-8")
    before = texts(root)
    with pytest.raises(Exception, match="zz"):
        rename_chapter(root, "findings", "results")
    assert texts(root) == before
