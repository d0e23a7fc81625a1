"""Numbers of a chapter's headings."""

from pathlib import Path

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.number_style import NumberStyle
from reviewpress.assemble.numbering import number_blocks
from reviewpress.config import Chapter
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc


@pytest.mark.parametrize("box", ["evidence-box", "key-message", "plain-summary"])
def test_headings_in_boxes_are_no_sections(box: str, tmp_path: Path) -> None:
    """A box stands apart from its chapter: the section after it has the next number."""
    text = (
        "# One {#sec-one}\n\n## First {#sec-first}\n\n"
        f":::: {{.{box}}}\n## In it {{#sec-in}}\n\n"
        "::: {.inner}\n### Deep {#sec-deep}\n:::\n::::\n\n"
        "## Second {#sec-second}\n\n::: {.other}\n### Below {#sec-below}\n:::\n"
    )
    read = run_pandoc(["--from=markdown", "--to=json"], text, folder=tmp_path)
    blocks = ast.from_json(read)["blocks"]
    targets = number_blocks(
        blocks,
        Chapter("one.qmd"),
        number="4",
        style=NumberStyle(depth=3),
        labels=load_language("en"),
    )
    assert {target.id: target.number for target in targets} == {
        "sec-one": "4", "sec-first": "4.1", "sec-in": "", "sec-deep": "",
        "sec-second": "4.2", "sec-below": "4.2.1",
    }  # fmt: skip
