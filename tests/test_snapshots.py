"""Snapshots of small stable things; `UPDATE_SNAPSHOTS=1 pytest tests/test_snapshots.py` renews."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.cli.engines import embedded_engine
from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.formats.citations import set_citations
from reviewpress.formats.pdf import begin_typst
from reviewpress.formats.writers import Writers
from reviewpress.pipeline import assemble_edition, execute_runs, plan_runs
from reviewpress.tasks import Here

SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
CHAPTER = "chapters/findings.ipynb"


def check(name: str, text: str) -> None:
    """Compare with the snapshot of this name."""
    path = SNAPSHOTS / name
    text = text.rstrip() + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


def manuscript_of(root: Path) -> Any:
    config = load_config(root)
    runs = execute_runs(
        plan_runs(config, parameters={}), config, tasks=Here(1), progress=PlainDisplay()
    )
    return assemble_edition(config, runs), runs


def test_assembled_markdown(project: Any) -> None:
    """A run as Markdown: values with their expressions, the table as both engines read it."""
    _, runs = manuscript_of(project())
    check("findings.md", runs[CHAPTER].markdown)


def test_typst_source(project: Any) -> None:
    """A chapter as Typst, from its heading to the next chapter's."""
    root = project(formats=("typst",))
    manuscript, _ = manuscript_of(root)
    extension = embedded_engine(root).extension
    citations = set_citations(manuscript, extension)
    with Writers() as writers:
        source = begin_typst(
            manuscript, extension, citations, writers, then=lambda source, _: source
        )()
    start = source.index('[Findings] #label("sec-findings")')
    start = source.rindex("\n", 0, start) + 1
    end = source.rindex("\n\n", start, source.index("References]\n<sec-references>"))
    check("findings.typ", source[start:end])


def test_a_table_on_a_page(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A published table as HTML: caption with its number, header cells, its data to download."""
    root = project()
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    page = (root / "_output/report/chapters/findings.html").read_text("utf-8")
    found = re.search(r"<table.*?</table>", page, re.S)
    assert found is not None
    check("table.html", found[0])


def test_an_entry_of_the_references(project: Any, reviewpress: Callable[..., Any]) -> None:
    """An included paper's entry: its code, its words, its DOI, and where it is cited."""
    root = project()
    reviewpress("render --engine pandoc", cwd=root)
    page = (root / "_output/report/chapters/references.html").read_text("utf-8")
    start = page.index('id="ref-known2020"')
    start = page.rindex("<", 0, start)
    check("entry.html", page[start : page.index('id="ref-other2021"')].rsplit("<", 1)[0])


@pytest.mark.parametrize("verb", ["", "render", "run", "check"])
def test_help(
    verb: str, reviewpress: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `--help` prints."""
    monkeypatch.setenv("COLUMNS", "100")
    outcome = reviewpress(f"{verb} --help".strip(), cwd=tmp_path)
    check(f"help-{verb}.txt" if verb else "help.txt", outcome.stdout)
