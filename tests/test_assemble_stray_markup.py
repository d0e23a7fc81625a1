"""Markup that pandoc reads as text is a message with its place, never published."""

from pathlib import Path

import pytest
from chapters_made import write_chapters

from reviewpress.errors import Problems
from reviewpress.pipeline import assemble_edition

BAD = [
    ("There are `r nrow(papers)` papers.", 3, "knitr"),
    ("There are `{Python} words(1)` papers.", 3, "live value"),
    ("There are `{pyton} 3` papers.", 3, "live value"),
    ("There are `{python}words(2)` papers.", 3, "live value"),
    ("There are `{python words(2)` papers.", 3, "live value"),
    ("There are `python words(2)` papers.", 3, "live value"),
    ("There are `(python) words(2)` papers.", 3, "live value"),
    ("There are `{python] words(2)` papers.", 3, "live value"),
    (r"One.\n\nSee \@ref(fig:flow).".replace(r"\n", "\n"), 5, "bookdown"),
    (r"Table: (\#tab:flow) Flow of records", 3, "label of bookdown"),
    (r"One.\n\n(\#eq:mean) is shown.".replace(r"\n", "\n"), 5, "label of bookdown"),
    ("One.\n\n(ref:flow) Flow of records", 5, "caption in bookdown"),
    ("##Results\n\nWords.", 3, "not as a heading"),
    ("Shown [@known2020 and more.\n\nNext.", 3, "never closed"),
    ("Shown {{< meta title and more.", 3, "never closed"),
    ("Text.\n\n:::", 5, "neither opens"),
    ("Text.\n::: {.callout-note}\nMore.\n:::", 4, "neither opens"),
    ('::: {.content-visible when-format="htlm"}\nText.\n:::', 3, '"htlm"'),
    ('![A dot](a.png){width="3,5in" fig-alt="A dot."}', 3, '"3,5in"'),
    ('![A dot](a.png){width=0 fig-alt="A dot."}', 3, '"0"'),
]
GOOD = [
    "Use `r` and `{x}` and `##x` and `:::` and `[@x` here.",
    "```\n##Heading\n:::\n<<<<<<< HEAD\n[@x\n{{{< x >}}}\n`r 1`\n```",
    "Intervals [0, 1) and #1 of # all.",
    "::: {.callout-note}\n::: {.inner}\nWords.\n:::\n:::",
    "<!-- ##No heading, [@x -->\n\nWords.",
    "```{=typst}\n\n```\n\nWords.",
]


@pytest.mark.parametrize(("text", "line", "said"), BAD)
def test_a_slip_is_a_message_with_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    """Each is refused at the line on which it stands."""
    config = write_chapters(tmp_path, {"one": f"# One\n\n{text}\n"})
    try:
        problem = assemble_edition(config, {}).book.problems[0]
    except Problems as error:
        problem = error.problems[0]
    assert problem.severity == "error"
    assert said in problem.message
    assert problem.where is not None
    assert (problem.where.file, problem.where.line) == ("one.qmd", line)


@pytest.mark.parametrize("text", GOOD)
def test_text_that_only_looks_like_a_slip_is_left_alone(text: str, tmp_path: Path) -> None:
    """Code shows such things, and prose may have brackets and number signs."""
    config = write_chapters(tmp_path, {"one": f"# One\n\n{text}\n"})
    assert assemble_edition(config, {}).book.problems == ()


def test_a_class_that_is_nearly_ours_and_an_unused_note_are_warnings(tmp_path: Path) -> None:
    """A claim in `.findings` would not be checked, and nobody would see the note."""
    text = "# One\n\n[There are words.]{.findings} More.[^used]\n\n[^used]: Yes.\n\n[^no]: Never.\n"
    found = assemble_edition(write_chapters(tmp_path, {"one": text}), {}).book.problems
    told = {(each.rule, each.severity, each.where and each.where.line) for each in found}
    assert told == {("class-misspelt", "warning", 3), ("unused-note", "warning", 7)}
