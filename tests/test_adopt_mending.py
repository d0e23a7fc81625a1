"""Moving in: what a review refuses in a text is set aside where it is, and named."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewpress.adopt import adopt, mending
from reviewpress.adopt.entries import mend_entry
from reviewpress.adopt.mending import amend_cells, mend_text
from reviewpress.errors import Place, Problem

FRAME = '<iframe src="https://example.org/map" width="3"></iframe>'
UNKNOWN = "which reviewpress does not support."


@pytest.mark.parametrize(
    ("rule", "message", "text", "line", "made"),
    [
        ("construct", f"the text holds raw html (`<blink>`), {UNKNOWN}",
         "One <blink>two</blink>.", 1, "One two."),
        ("construct", f"the text holds raw html, {UNKNOWN}", f"A\n\n{FRAME}", 3,
         "A\n\n<https://example.org/map>"),
        ("construct", f"the text holds raw html, {UNKNOWN}", "<script>\nlet a\n</script>\n\nB", 1,
         "<!-- <script>\nlet a\n</script> -->\n\nB"),
        ("construct", f"the text holds the callout .callout-aside, {UNKNOWN}",
         "::: {.callout-aside .wide}\nx\n:::", 1, "::: {.wide}\nx\n:::"),
        ("construct", f"the text holds the callout .callout-aside, {UNKNOWN}",
         "::: callout-aside\nx\n:::", 1, "::: {.moved}\nx\n:::"),
        ("construct", f"the text holds slides (`.fragment`), {UNKNOWN}",
         "::: {.fragment}\nx\n:::", 1, "::: {.moved}\nx\n:::"),
        ("construct", f'the text holds the width "auto" of an image, {UNKNOWN}',
         '![a](b.png){width="auto" #fig-a}', 1, "![a](b.png){#fig-a}"),
        ("construct", f"the text holds the condition when-fromat=, {UNKNOWN}",
         '::: {.content-visible when-fromat="html"}\nx\n:::', 1, "::: {.content-visible }\nx\n:::"),
        ("construct", f"the text holds something new, {UNKNOWN}", "A\n\nB\nC\n\nD", 3,
         "A\n\n\n```markdown\nB\nC\n```\n\n\nD"),
        ("shortcode", 'the shortcode "get" is not supported.', "A {{< get b >}} c", 1,
         "A <!-- { {< get b >} } --> c"),
        ("dead-link", "the link to sub/none.qmd leads to no chapter of this edition.",
         "See [a *b*](none.qmd#y) c", 1, "See a *b* c"),
        ("link-text", "the link to https://example.org/ has no words.",
         "[](https://example.org/)", 1, "[https://example.org/](https://example.org/)"),
        ("unresolved-reference", "the cross-reference @fig-none points to nothing.",
         "On @fig-none and @fig-none-b", 1, r"On \@fig-none and @fig-none-b"),
        ("duplicate-id", 'the id "fig-a" is given twice in the chapter.',
         "![x](a.png){#fig-a width=3}", 1, "![x](a.png){width=3}"),
        ("duplicate-id", "`#refs` is there twice: references are listed in one place.",
         "::: {#refs}\n:::", 1, "::: {.moved}\n:::"),
        ("chapter", "the block that opens here is never closed.",
         "::: {.note}\nx\n\ny\n", 1, "::: {.note}\nx\n\ny\n\n:::\n"),
        ("chapter", "the block that opens here is never closed.",
         "::: {.note}\n<center>x<center>\n:::\n", 1,
         "::: {.note}\n<center>x<center>\n\n:::\n"),
        ("chapter", "the block that opens here is never closed.",
         '<div class="a">\nx\n', 1, '<div class="a">\nx\n\n</div>\n'),
        ("construct", f"the text holds raw html (`<img src`), {UNKNOWN}",
         '<img src="a.png" alt="A" onclick="x()" style="width:40%" />', 1,
         '<img src="a.png" alt="A" style="width:40%">'),
        ("construct", f"the text holds raw html (`<video>`), {UNKNOWN}",
         '<video width="3">\n<source src="a.mp4">\nNone.\n</video> x', 1,
         "{{< video a.mp4 >}} x"),
        ("construct", f"the text holds raw html (`<audio>`), {UNKNOWN}",
         '<audio controls src="a.mp3"></audio>', 1, "[a.mp3](a.mp3)"),
        ("construct", f"the text holds raw html (`<table>`), {UNKNOWN}",
         "<table><tr><th>a</th></tr>x<tr><td>1</td></tr></table>", 1,
         "ax1"),
        ("construct", f"the text holds raw html (`<a class=`), {UNKNOWN}",
         'See <a class="x" href="https://a.org/">this</a>.', 1, "See [this](https://a.org/)."),
        ("construct", f"the text holds raw html (`<font>`), {UNKNOWN}",
         "```{python}\n#| echo: false\n#| output: asis\nprint(1)\n```", 1,
         "```{python}\n#| output: false\n#| echo: false\nprint(1)\n```"),
        ("config", 'the alias "../b.html" is the address of a page of this edition.',
         "---\ntitle: A\naliases:\n  - ../b.html\n---\nx", 0, "---\ntitle: A\n---\nx"),
        ("image", "the image data:image/png;base64,… is written into the text itself.",
         "![A](data:image/png;base64,QU!){fig-alt=B} b", 1, "![A](placeholder.svg){fig-alt=B} b"),
        ("equation", "an equation cannot be read: nothing is between its dollar signs.",
         "$$\n$$ {#eq-a}\n\nb", 1, "\n\nb"),
        ("equation", "the equation `x` cannot be read: why.", "A $\\x{$ b", 1, "A `$\\x{$` b"),
        ("equation", r"the equation `\pu{5` cannot be read: why.",
         r"A $x$, $\pu{5 mg}$, $y$ b", 1, r"A $x$, `$\pu{5 mg}$`, $y$ b"),
        ("construct", rf"the text holds raw tex (`\in`, `\mu`), {UNKNOWN}",
         r"For $x \in A$, \$E \in F \$ and \mu, $F$ is.", 1,
         r"For $x \in A$, \$E \\in F \$ and \\mu, $F$ is."),
        ("construct", f"the text holds raw typst (`#context a`), {UNKNOWN}",
         "One `#context a`{=typst}.\n\nTwo `#context a`{=typst}.\n\n```\n`a`{=typst}\n```", 1,
         "One <!-- #context a -->.\n\nTwo <!-- #context a -->.\n\n```\n`a`{=typst}\n```"),
        ("construct", f"the text holds raw typst (`#context a`), {UNKNOWN}",
         "title: One `#context a`{=typst}", 1, "title: One "),
        ("glyph", "the character U+F072 is for private use, and no PDF/A has those.",
         "A \uf072", 1, "A U+F072"),
        ("glyph", 'the fonts of the PDF lack the character "☃" (U+2603).', "A ☃", 1, "A U+2603"),
    ],
)  # fmt: skip
def test_what_is_refused_is_set_aside_at_its_line(
    rule: str, message: str, text: str, line: int, made: str
) -> None:
    """Words stay; what cannot be taken apart is shown as it was written."""
    done = mend_text(text, line, Problem(rule, message))
    assert done is not None
    assert done[0] == made


def test_a_picture_that_says_nothing_says_so() -> None:
    """Of several on a line, the one that is meant."""
    problem = Problem("alt-text", "the image b.png has no alternative text.")
    done = mend_text("![](a.png) ![](b.png){width=3}", 1, problem)
    assert done is not None
    first, _, second = done[0].partition(" ")
    assert first == "![](a.png)"
    assert 'width=3 fig-alt="' in second


def test_code_and_front_matter_are_not_touched() -> None:
    """What is wrong there is another's; a key on one line is a comment."""
    problem = Problem("construct", "the text holds something new.")
    assert mend_text("---\ntitle: A\n---\n\nB", 2, problem) is None
    keyed = mend_text("---\ntitle: A\nimage: none.jpg\n---\n", 3, problem)
    assert keyed is not None
    assert keyed[0] == "---\ntitle: A\n# image: none.jpg\n---\n"
    assert mend_text("```\nA\n```", 2, problem) is None


def test_a_document_with_much_that_is_refused_is_rendered(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Every place is named, no word is lost, and the PDF and Word file are made."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: Gardens\n---\n\n## First\n\nA <blink>word</blink> and {{< later x >}}.\n\n"
        f"{FRAME}\n\nSee [there](none.qmd), "
        "and $\\frac{1$.\n\n::: {.callout-aside}\nAside.\n:::\n"
    )
    made = adopt(tmp_path / "a.qmd")
    left = [str(note) for note in made.notes if note.is_left]
    for number in (7, 9, 11, 13):
        assert any(f"line {number}" in each for each in left), number
    assert "raw html" in (made.folder / "moved.txt").read_text("utf-8")
    reviewpress("render", cwd=made.folder)
    page = next((made.folder / "_output/report").glob("index.html")).read_text("utf-8")
    for words in ("word", "https://example.org/map", "there", "Aside."):
        assert words in page


def test_typst_that_would_end_the_pdf_is_a_comment(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Names that Quarto’s template has, packages, slips: the PDF is made, the rest of it stays."""
    raw = ["#fa-info()", "#fa-info() #h(1em)", "#let open = [", "#strong[Kept]",
           '#import "@preview/some:0.1.0": *']  # fmt: skip
    blocks = "\n\n".join(f"```{{=typst}}\n{each}\n```" for each in raw)
    (tmp_path / "a.qmd").write_text(f"---\ntitle: A\n---\n\nWords.\n\n{blocks}\n")
    made = adopt(tmp_path / "a.qmd")
    left = [str(note) for note in made.notes if note.is_left]
    assert sum("It is a comment now." in each for each in left) == 3
    text = (made.folder / "index.qmd").read_text("utf-8")
    assert text.count("{=typst}") == 1
    assert "{=typst}\n#strong[Kept]" in text
    outcome = reviewpress("render --to typst", cwd=made.folder)
    assert outcome.status == 0, outcome.stderr


def test_what_is_raw_twice_among_words_is_a_comment_twice(tmp_path: Path) -> None:
    """Each at its own line: a comment of the first is not taken for the second."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\n---\n\n## Weight `#context text.weight`{=typst}\n\n```\ncode\n```\n\n"
        "It is `#context text.weight`{=typst}.\n\n<!-- `#x`{=typst} -->\n\nAnd `#x`{=typst}.\n"
    )
    made = adopt(tmp_path / "a.qmd")
    text = (made.folder / "index.qmd").read_text("utf-8")
    assert "## Weight <!-- #context text.weight -->" in text
    assert "It is <!-- #context text.weight -->." in text
    assert "And <!-- #x -->." in text
    assert "```markdown" not in text


def test_a_link_of_the_front_matter_that_leads_nowhere_is_its_words(tmp_path: Path) -> None:
    """It has no line of the text, and is found in what the front matter says."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\nsubtitle: See the [user guide](/docs/guide.qmd) for more.\n---\n\nWords.\n"
    )
    made = adopt(tmp_path / "a.qmd")
    assert "See the user guide for more." in (made.folder / "index.qmd").read_text("utf-8")
    assert any("Its words stay." in str(note) for note in made.notes)


def test_a_first_page_that_is_not_listed_first_stays_what_it_is(tmp_path: Path) -> None:
    """A book may begin with its abstract; its index is not written anew above that."""
    root = tmp_path / "book"
    root.mkdir()
    (root / "_quarto.yml").write_text(
        "project: {type: book}\nbook:\n  title: A\n  chapters: [abstract.qmd, index.qmd]\n"
    )
    (root / "abstract.qmd").write_text("# Abstract\n\nShort.\n")
    (root / "index.qmd").write_text("# Foreword\n\nWords of the author.\n")
    made = adopt(root)
    assert made.chapters == ("abstract.qmd", "index.qmd")
    assert "Words of the author." in (made.folder / "index.qmd").read_text("utf-8")


def test_a_formula_with_commands_of_its_author_is_found(tmp_path: Path) -> None:
    """What a message shows is the formula without them."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\n---\n\n\\newcommand{\\est}{\\hat\\theta}\n\nThus $\\est$.\n\n"
        "$$\n\\est_1 + \\nosuch{x} + \\est_2 = 0\n$$\n"
    )
    made = adopt(tmp_path / "a.qmd")
    assert any("line 10" in str(note) for note in made.notes if note.is_left)
    assert "```markdown" in (made.folder / "index.qmd").read_text("utf-8")


def notebook(folder: Path, *cells: dict[str, Any]) -> Path:
    file = folder / "a.ipynb"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python", "language": "python"}}
    file.write_text(
        json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})
    )
    return file


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "id": f"c{abs(hash(source))}"[:9], "metadata": {},
            "execution_count": 1, "source": source, "outputs": list(outputs)}  # fmt: skip


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "t1", "metadata": {}, "source": source}


def test_a_notebook_that_fails_shows_what_it_held(tmp_path: Path) -> None:
    """Quarto executes no notebook: it shows what was stored."""
    shown = {"output_type": "stream", "name": "stdout", "text": "34 papers\n"}
    made = adopt(notebook(tmp_path, text("# Gardens"), code("import no_such_module", shown)))
    assert made.chapters == ("index.qmd",)
    chapter = (made.folder / "index.qmd").read_text("utf-8")
    assert "import no_such_module" in chapter
    assert "34 papers" in chapter
    assert any("no_such_module" in str(note) for note in made.notes)


def test_a_notebook_that_runs_stays_one(tmp_path: Path) -> None:
    """Its text is converted cell by cell, a plot that says nothing says so, and it has a title."""
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])"
    made = adopt(notebook(tmp_path, text("## Part\n\n#### Deep\n\n\\newpage"), code(plot)))
    assert made.chapters == ("index.ipynb",)
    cells = json.loads((made.folder / "index.ipynb").read_text("utf-8"))["cells"]
    assert "title:" in "".join(cells[0]["source"])
    assert "\n### Deep" in "".join(cells[1]["source"])
    assert "{{< pagebreak >}}" in "".join(cells[1]["source"])
    assert any("cell 1" in str(note) for note in made.notes)


def test_chapters_of_one_name_stay_apart(tmp_path: Path) -> None:
    """A folder may have a text in two versions."""
    (tmp_path / "p").mkdir()
    for name in ("index.qmd", "a.Rmd", "a.qmd"):
        (tmp_path / "p" / name).write_text(f"---\ntitle: {name}\n---\n\nWords.\n")
    made = adopt(tmp_path / "p")
    assert sorted(made.chapters) == ["a-qmd.qmd", "a.qmd", "index.qmd"]


@pytest.mark.parametrize(
    ("message", "text", "line", "made"),
    [
        ('the key "a" stands in other.bib already.', "@book{a,\n t={x}\n}\n@book{b,\n}", 1,
         "@book{b,\n}"),
        ('the field "month" of "a" is the name sept, which no @string defines.',
         "@book{a,\n month = sept,\n}", 2, "@book{a,\n month = {sept},\n}"),
        ('the field "year" of "a" has no braces around its value.', "@book{a,\n year = c. 1990,\n}",
         2, "@book{a,\n year = {c. 1990},\n}"),
        ('the entry "a" has the field doi twice.', "@book{a,\n doi={1},\n doi={2},\n}", 1,
         "@book{a,\n doi={1},\n}"),
        ('the title of "a" has the LaTeX command \\own, which cannot be published.',
         "@book{a,\n title={A \\own B},\n}", 1, "@book{a,\n title={A B},\n}"),
        ('the entry "a" cannot be read: it does not end before @book begins.',
         "@book{a,\n t={x\n@book{b,\n}", 1, "% (at) book{a,\n%  t={x\n@book{b,\n}"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_bibliography_is_set_aside(
    message: str, text: str, line: int, made: str
) -> None:
    """One of two entries stays, and one that cannot be read is a comment."""
    done = mend_entry(text, line, Problem("bibliography", message))
    assert done is not None
    assert done[0] == made


INCLUDED = r"""## Costs {#sec-costs}

\newpage

As \citep{ash2020} says, see \@ref(sec-costs).

```{python}
1 / 0
```

::: {.callout-note}
Never closed.
"""


def test_texts_that_are_included_are_moved_in_as_well(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Their TeX, cells and blocks are those of a review; a chapter that is only listed is named."""
    site = tmp_path / "site"
    files = {
        "_quarto.yml": "project:\n  type: book\nbook:\n  title: T\n"
        "  chapters: [index.qmd, no.qmd]\nbibliography: [a.bib, b.bib]\n",
        "index.qmd": "# A\n\n{{< include parts/_costs.qmd >}}\n",
        "parts/_costs.qmd": INCLUDED,
        "a.bib": "@book{ash2020, author={Ash, A}, title={On R$_{{\\ensuremath{\\odot}}}$ trees},\n"
        " publisher={P}, year=2020}\n",
        "b.bib": "@book{ash2020, author={Ash, A}, title={Trees}, publisher={P}, year=2020}\n",
    }
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content, encoding="utf-8")
    made = adopt(site)
    said = [str(note) for note in made.notes]
    assert "no.qmd: the chapter is listed and does not exist; it is left out." in said
    assert any(each.startswith("b.bib, line 1: the key") for each in said)
    outcome = reviewpress(["render", "--engine", "pandoc"], cwd=made.folder)
    assert outcome.status == 0, outcome.stderr
    text = (made.folder / "parts/_costs.qmd").read_text(encoding="utf-8")
    assert "[@ash2020]" in text
    assert "{{< pagebreak >}}" in text
    assert "```{python}" not in text


def test_comments_within_an_entry_are_left_out() -> None:
    """Biber passes over them; else the whole entry is a comment, from its first line on."""
    entry = "@book{a,\n  title={A},\n  year={2005}, % assumed\n  % to be seen\n  editor=x\n}"
    said = 'the field "% assumed editor" of "a" has no braces around its value.'
    done = mend_entry(entry, 5, Problem("bibliography", said))
    bare = "@book{a,\n  title={A},\n  year={2005},\n  editor=x\n}"
    assert done == (bare, "Comments in it are left out.")
    done = mend_entry("@book{a,\n  title={A\n}", 2, Problem("bibliography", "cannot be read."))
    assert done is not None
    assert done[0].startswith("% (at) book{a,")


def test_a_formula_that_cannot_be_read_is_set_aside_wherever_it_is(tmp_path: Path) -> None:
    """In one round, though the message names no line; others stay."""
    lines = ["It is $\\nosuch{x}{y}$ here.", "Not $\\frac{x}{y}$."] * 30
    (tmp_path / "a.qmd").write_text("\n\n".join(["# One", *lines]), "utf-8")
    made = adopt(tmp_path / "a.qmd", execute=False)
    text = (made.folder / "index.qmd").read_text("utf-8")
    assert text.count("`$\\nosuch{x}{y}$`") == 30
    assert text.count(" $\\frac{x}{y}$.") == 30


def test_what_cannot_be_set_aside_is_said_to_stop_the_review(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its place: else the first render is what says it."""
    monkeypatch.setitem(mending._MENDS, "equation", ())
    monkeypatch.setattr(mending, "_as_written", lambda *_: None)
    (tmp_path / "a.qmd").write_text("# One\n\nIt is $\\nosuch{x}$.\n", "utf-8")
    made = adopt(tmp_path / "a.qmd", execute=False)
    [note] = [each for each in made.notes if "cannot be rendered before" in each.message]
    assert note.is_left
    assert note.where.file == "index.qmd"
    assert "nosuch" in note.message


def test_a_link_in_the_settings_that_leads_nowhere_is_its_words(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """The abstract of a book is shown on its first page; its file may be made elsewhere."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "index.qmd").write_text("# Start\n\nText.\n", "utf-8")
    settings = (
        "project:\n  type: book\nabstract: 'All in [the *PDF*](all.pdf){target=\"_blank\"}, too.'\n"
        "book:\n  title: A\n  chapters: [index.qmd]\n"
    )
    (book / "_quarto.yml").write_text(settings, "utf-8")
    made = adopt(book)
    assert "All in the *PDF*, too." in (made.folder / "_quarto.yml").read_text("utf-8")
    assert any("leads to no file of the review" in each.message for each in made.notes)
    assert reviewpress("check", cwd=made.folder).status == 0


@pytest.mark.parametrize(
    ("problem", "option", "said"),
    [
        (Problem("figure", "the cell shows a plotly chart without a picture of it.",
                 hint="Install kaleido."), "#| output: false", "left out. Install kaleido."),
        (Problem("execution", "the cell shows a widget, which pages, the PDF and Word cannot all"
                 " hold."), "#| output: false", "What the cell shows is left out."),
        (Problem("figure", "fig-a has no fig-alt."), "#| fig-alt:", "say in fig-alt"),
        (Problem("execution", "the cell shows a picture that has no alt text."), "#| fig-alt:",
         "say in fig-alt"),
        (Problem("execution", "NameError: name 'x' is not defined"), "", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.qmd", "a.ipynb"])
def test_a_cell_that_runs_shows_what_can_be_published(
    problem: Problem, option: str, said: str, name: str, tmp_path: Path
) -> None:
    """A chart that has no picture is left out, and the chapter is executed; an error is none."""
    code = "#| label: fig-a\nfig\n"
    cell = {"cell_type": "code", "metadata": {}, "source": code, "outputs": []}
    document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    text = json.dumps(document) if name == "a.ipynb" else f"# One\n\n```{{python}}\n{code}```\n"
    (tmp_path / name).write_text(text, "utf-8")
    place = Place(name, cell=1) if name == "a.ipynb" else Place(name, line=5)
    notes = amend_cells(tmp_path, [replace(problem, where=place)])
    left = (tmp_path / name).read_text("utf-8")
    assert bool(notes) == bool(option)
    assert all(said in str(note) and note.is_left for note in notes)
    assert option in left
    assert (left == text) == (not option)
