"""The text of chapters that are moved in: formulas, TeX, headings, pictures and citations."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewpress.adopt import adopt
from reviewpress.adopt.frozen import frozen_text
from reviewpress.adopt.headings import Headings
from reviewpress.adopt.macros import defined_macros, readable_macros, with_used_macros
from reviewpress.adopt.pictures import described_line, placed_line, without_data
from reviewpress.adopt.texts import convert_text
from reviewpress.errors import ConfigError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'


def converted(text: str, **given: Any) -> str:
    return "\n".join(convert_text(text.split("\n"), "a.qmd", after=0, ids={}, **given).lines)


@pytest.mark.parametrize(
    "text",
    [
        "$$\n\\frac{a}{b}\n$$",
        "$$\n\\begin{aligned}\na &= b \\\\\n\\end{aligned}\n$$ {#eq-one}",
        "$$\\begin{cases} a & b \\\\ c & d \\end{cases}$$",
        "$$\\sum_{\\substack{a \\\\ b}} x$$",
        "It is $$x\n\\cdot y$$ here.",
        "> $$\n> \\sum_i x_i\n> $$",
        "With $\\alpha$, `\\index{x}` and \\$5 \\& more.",
        "<!-- \\vspace{1cm} -->",
    ],
)
def test_formulas_and_code_stay_as_they_are(text: str) -> None:
    """Their TeX is for all formats, on whichever line it is."""
    assert converted(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A \\textbf{bold} and \\emph{soft} word", "A **bold** and *soft* word"),
        ("As \\citep{one,two} say", "As [@one; @two] say"),
        ("A term\\index{Term!first} here", "A term<!-- \\index{Term!first} --> here"),
        ("\\index{x} Words stay.", "<!-- \\index{x} --> Words stay."),
        ("\\noindent", "<!-- \\noindent -->"),
        ("See\\footnote{Or \\textit{not}.}", "See^[Or *not*.]"),
        ("$$\n\\frac{a}{b} (\\#eq:mean)\n$$", "$$\n\\frac{a}{b}\n$$ {#eq-mean}"),
        ("\\begin{equation}\na = b, \\\\\n\\end{equation}",
         "$$\n\\begin{aligned}\na = b, \\\\\n\\end{aligned}\n$$"),
        ("$$a \\\\ b$$", "$$\\begin{aligned}\na \\\\ b\n\\end{aligned}$$"),
        ("$$\na &= b \\\\\n&= c\n$$ {#eq-a}",
         "$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$ {#eq-a}"),
        ("$$\na = \\mu\n$$ $$\nb &= c \\\\\n&= d\n$$\n\nOf\n\n$$\n\\mu\n$$",
         "$$\na = \\mu\n$$\n$$\n\\begin{aligned}\nb &= c \\\\\n&= d\n\\end{aligned}\n$$"
         "\n\nOf\n\n$$\n\\mu\n$$"),
        ("$$\na\n$$ and $$\nb\n$$ {#eq-b}", "$$\na\n$$\nand\n$$\nb\n$$ {#eq-b}"),
        ("Seen [@a2020, @b2021].", "Seen [@a2020; @b2021]."),
        ("Seen [@a2020, p. 3].", "Seen [@a2020, p. 3]."),
        ("{{< fa solid book >}} Books", "Books"),
        ("## {{< fa brands windows >}} Windows\\index{Windows}",
         "## Windows<!-- \\index{Windows} -->"),
        ("Put <YOUR-name> and <br> here, not `<NAME>`",
         "Put \\<YOUR-name\\> and <br> here, not `<NAME>`"),
        ("The mark `{r}` begins one.", "The mark ``{r}`` begins one."),
        ("![(\\#fig:one) A plot](a.png)",
         '![A plot](a.png){#fig-one fig-alt="A figure that is not described yet: A plot."}'),
        (": **(\\#tab:one) Counts**", ": **Counts** {#tbl-one}"),
        ("- ![](a.png)", '- ![](a.png){fig-alt="A figure that is not described yet."}'),
        ("![A plot](a.png){fig-alt=\"A plot\"}",
         '![A plot](a.png){fig-alt="A figure that is not described yet: A plot."}'),
        ("![A wide\nplot](a.png)",
         '![A wide plot](a.png){fig-alt="A figure that is not described yet: A wide plot."}\n'),
        ("`![](a.png)` is a picture", "`![](a.png)` is a picture"),
    ],
)  # fmt: skip
def test_words_of_other_formats_are_markdown(text: str, expected: str) -> None:
    """What has no Markdown is a comment at its place; the words around it stay."""
    assert converted(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\n### Three\n\n#### Four\n\n## Two", "# One\n\n## Three\n\n### Four\n\n## Two"),
        ("## Two\n\n### Three", "## Two\n\n### Three"),
        ("# {.unnumbered}\n\nWords.", "\nWords."),
        ("Words.\n## Two", "Words.\n\n## Two"),
        ("<h2 id='a'>Two</h2>", "## Two"),
        ("##Two", "## Two"),
        ("```markdown\n### Three\n```", "```markdown\n### Three\n```"),
    ],
)
def test_headings_have_words_and_levels(text: str, expected: str) -> None:
    """And an empty line above; what was changed is said."""
    assert converted(text) == expected


def test_chunks_with_captions_are_figures_of_their_name() -> None:
    """As R Markdown refers to them; a cell of Quarto has the label that it says."""
    chunk = ['```{r plot, fig.cap="By year"}', "plot(1)", "```", "", "See \\@ref(fig:plot)."]
    made = convert_text(chunk, "a.Rmd", after=0, ids={}).lines
    assert "#| label: fig-plot" in made
    assert made[-1] == "See [-@fig-plot]."
    assert "#| label: plot" in convert_text(chunk, "a.qmd", after=0, ids={}).lines


def test_an_id_is_given_to_one_heading_of_a_book() -> None:
    """Templates have the same in each chapter."""
    taken: set[str] = set()
    assert converted("# One {#intro}", headings=Headings({}, taken)) == "# One {#intro}"
    again = Headings({}, taken)
    made = convert_text(["# Two {#intro .wide}"], "b.qmd", after=0, ids={}, headings=again)
    assert made.lines == ["# Two {.wide}"]
    assert str(made.notes[0]) == "b.qmd, line 1: the id intro is left out: another heading has it."


def test_references_to_sections_find_the_ids_that_bookdown_makes() -> None:
    """It makes them of a heading's words; references are numbers alone."""
    ids = {"what-was-found": "sec-what-was-found"}
    lines = ["# What *was* found", "", "See Chapter \\@ref(what-was-found)."]
    made = convert_text(lines, "a.Rmd", after=0, ids=ids)
    assert made.lines[0] == "# What *was* found {#sec-what-was-found}"
    assert made.lines[2] == "See Chapter [-@sec-what-was-found]."


@pytest.mark.parametrize(
    "text",
    [
        "`r if (knitr::is_html_output()) '# References {-}'`",
        "`r if (knitr:::is_html_output()) '\n# References {-}\n'`",
    ],
)
def test_the_heading_of_bookdowns_references_is_for_all_formats(text: str) -> None:
    """And the references are below it."""
    assert "\n# References {-}\n\n::: {#refs}\n:::\n" in converted(text)


def test_citations_that_no_bibliography_has_are_named(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """An entry says that it is missing; without a bibliography a key is text, as for Quarto."""
    entry = "@article{known2020, title={A study}, author={Known, A.}, year={2020}, journal={J}}\n"
    (tmp_path / "refs.bib").write_text(entry)
    cites = (
        "\n\nAs @known2020 and [@gone2021], a@b.org say, `@code`. See @fig-a and @sec-b.\n\n"
        "## B {#sec-b}\n"
    )
    (tmp_path / "with.qmd").write_text(f"---\ntitle: A\nbibliography: refs.bib\n---{cites}")
    made = adopt(tmp_path / "with.qmd")
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["bibliography"] == ["refs.bib", "missing.bib"]
    assert "Not in the bibliography: gone2021" in (made.folder / "missing.bib").read_text()
    notes = [str(note) for note in made.notes]
    assert "with.qmd: @gone2021 is in missing.bib only." in notes
    assert "with.qmd: @fig-a points to nothing, and is text." in notes
    assert "See \\@fig-a and @sec-b." in (made.folder / "index.qmd").read_text("utf-8")
    (tmp_path / "without.qmd").write_text("---\ntitle: A\n---\n\nAs @gone2021 says.\n")
    assert reviewpress("adopt without.qmd", cwd=tmp_path).status == 0
    review = tmp_path / "without-review"
    assert "As \\@gone2021 says." in (review / "index.qmd").read_text("utf-8")
    rendered = reviewpress("render --engine pandoc --to html", cwd=review)
    assert rendered.status == 0, rendered.stderr
    assert "As @gone2021 says." in (review / "_output/report/index.html").read_text("utf-8")


def test_what_stood_in_the_original_may_stay(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A slip that Quarto publishes is acknowledged, and named as left to do."""
    (tmp_path / "a.qmd").write_text(
        "---\ntitle: A\n---\n\n• one\n• two\n\nWords.\n\n• one\n• two\n"
    )
    outcome = reviewpress("adopt a.qmd", cwd=tmp_path)
    assert "Acknowledged, as it was so." in outcome.stdout
    review = tmp_path / "a-review"
    assert "rule: slip" in (review / "data/acknowledged.yml").read_text("utf-8")
    rendered = reviewpress("render --engine pandoc --to html", cwd=review)
    assert rendered.status == 0, rendered.stderr
    assert "2 acknowledged problems" in rendered.stderr


def test_pictures_that_cannot_be_shown_are_said(tmp_path: Path) -> None:
    """One of the network is a link; one that is not there has another in its place."""
    (tmp_path / "a.png").write_bytes(b"")
    text = (
        "![Here](a.png)\n\n![Gone](b.png)\n\n"
        "![Far](https://example.org/c.png){#fig-c}\n\nOn ![](https://example.org/d.png) too."
    )
    made = convert_text(text.split("\n"), "a.qmd", after=0, ids={}, folder=tmp_path, root=tmp_path)
    whole = "\n".join(made.lines)
    assert "![Here](a.png)" in whole
    assert "![Gone](placeholder.svg)" in whole
    link = "[https://example.org/c.png](https://example.org/c.png)"
    assert f"::: {{#fig-c}}\n{link}\n\nFar\n:::" in whole
    assert "On [https://example.org/d.png](https://example.org/d.png) too." in whole
    assert list(made.files) == ["placeholder.svg"]
    notes = [str(note) for note in made.notes if "described" not in note.message
             and "alternative" not in note.message]  # fmt: skip
    assert notes == [
        "a.qmd, line 3: the picture b.png does not exist; another has its place.",
        "a.qmd, line 5: a picture of the network is a link now: download it, "
        "https://example.org/c.png",
        "a.qmd, line 7: a picture of the network is a link now: download it, "
        "https://example.org/d.png",
    ]


def test_one_wrong_file_of_a_list_is_left_out(tmp_path: Path) -> None:
    """As a bibliography of packages that R would write; the others are kept."""
    (tmp_path / "_bookdown.yml").write_text("rmd_files: [index.Rmd]\n")
    (tmp_path / "index.Rmd").write_text(
        "---\ntitle: A\nbibliography: [refs.bib, packages.bib]\n---\n\n# A\n\nSee @known2020.\n"
    )
    (tmp_path / "refs.bib").write_text(
        "@article{known2020, title={A study}, author={Known, A.}, year={2020}, journal={J}}\n"
    )
    made = adopt(tmp_path, tmp_path.parent / f"{tmp_path.name}-made")
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["bibliography"] == ["refs.bib"]
    assert any("the bibliography packages.bib does not exist" in str(n) for n in made.notes)


def test_a_folder_without_settings_is_moved_in(tmp_path: Path) -> None:
    """Bookdown's, by its first page; else each document is a chapter, but no presentation."""
    book = tmp_path / "book"
    book.mkdir()
    (book / "index.Rmd").write_text("---\ntitle: A book\nsite: bookdown\n---\n\n# Home\n")
    (book / "01-one.Rmd").write_text("# One\n")
    assert adopt(book).chapters == ("index.qmd", "01-one.qmd")
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "index.qmd").write_text("---\ntitle: A\n---\n\nWords.\n")
    (folder / "talk.qmd").write_text("---\ntitle: B\nformat: revealjs\n---\n\n## Slide\n")
    made = adopt(folder)
    assert made.chapters == ("index.qmd",)
    assert (made.folder / "talk.qmd").is_file()
    assert "talk.qmd: it is a presentation, which a review has none of; kept as a file." in map(
        str, made.notes
    )


def test_a_project_in_a_folder_below_is_named(tmp_path: Path) -> None:
    """Where there is nothing to move in."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/_quarto.yaml").write_text("project: {type: website}\n")
    (tmp_path / "site/index.qmd").write_text("---\ntitle: A title\n  of two lines\n---\n\nWords.\n")
    with pytest.raises(ConfigError, match="There is one in site/"):
        adopt(tmp_path)
    made = adopt(tmp_path / "site")
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["book"]["title"] == "A title of two lines"


def test_equations_of_several_lines_are_rendered(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """In pages, PDF and Word, as they were written; so is a picture to be put in."""
    text = (
        "---\ntitle: A\n---\n\nSee @eq-one.\n\n$$\n\\begin{aligned}\n"
        "\\bar{x} &= \\frac{1}{n} \\\\\n&= 3\n\\end{aligned}\n$$ {#eq-one}\n\n"
        "![Soon]({{< placeholder 300 200 >}}){#fig-soon}\n"
    )
    (tmp_path / "a.qmd").write_text(text, encoding="utf-8")
    assert reviewpress("adopt a.qmd", cwd=tmp_path).status == 0
    review = tmp_path / "a-review"
    rendered = reviewpress("render --engine pandoc", cwd=review)
    assert rendered.status == 0, rendered.stderr
    page = (review / "_output/report/index.html").read_text("utf-8")
    assert "<mfrac>" in page
    assert (review / "_output/report/report.pdf").is_file()
    assert (review / "_output/report/report.docx").is_file()


FROZEN = """---
title: Plot
---

::: {.cell}

```{.r .cell-code}
hist(x)
```

::: {.cell-output-display}
![By year](plot_files/figure-html/fig-one-1.png){#fig-one width=672}
:::
:::

::: {#tbl-a .cell tbl-cap='Counts'}
::: {.cell-output-display}
```{=html}
<table><tr><th>a</th></tr><tr><td>12</td></tr></table>
```
:::
:::

See @fig-one and @tbl-a.
"""


def test_what_quarto_froze_stands_in_place_of_code_that_cannot_be_executed(tmp_path: Path) -> None:
    """Pictures and tables come with it; of another source than today's nothing is taken."""
    source = "---\ntitle: Plot\n---\n\n```{r}\nlibrary(notthere)\n```\n\nSee @fig-one and @tbl-a.\n"
    kept = tmp_path / "book/_freeze/plot"
    for stem in ("plot", "stale"):
        (tmp_path / f"book/_freeze/{stem}/execute-results").mkdir(parents=True)
        (tmp_path / f"book/{stem}.qmd").write_text(source, "utf-8")
    (kept / "figure-html").mkdir()
    (kept / "figure-html/fig-one-1.png").write_bytes(b"\x89PNG")
    digest = hashlib.md5(source.encode(), usedforsecurity=False).hexdigest()
    for stem, given in (("plot", digest), ("stale", "another")):
        content = {"hash": given, "result": {"markdown": FROZEN}}
        file = tmp_path / f"book/_freeze/{stem}/execute-results/html.json"
        file.write_text(json.dumps(content), "utf-8")
    found = frozen_text(tmp_path / "book", "plot.qmd", source)
    assert found is not None
    assert "```r\nhist(x)\n```" in found.text
    assert "![By year](plot-frozen/fig-one-1.png){#fig-one width=672}" in found.text
    assert "::: {#tbl-a}" in found.text
    assert "| 12" in found.text
    assert "Counts\n\n:::" in found.text
    assert found.text.count(":::") == 2
    assert found.files == {"plot-frozen/fig-one-1.png": b"\x89PNG"}
    assert frozen_text(tmp_path / "book", "stale.qmd", source) is None


def test_commands_for_formulas_come_with_the_chapters_that_use_them(tmp_path: Path) -> None:
    """They are in a file for LaTeX's head; those that a chapter does not use stay there."""
    text = "% \\newcommand{\\no}{x}\n\\newcommand{\\R}{\\mathbb{R}}\n\\def\\half#1{\\frac{#1}{2}}\n"
    (tmp_path / "preamble.tex").write_text(f"{text}\\newcommand{{\\Rn}}{{\\R^n}}\n", "utf-8")
    known = defined_macros(tmp_path, ["include-in-header: preamble.tex"])
    assert [*known] == ["R", "half", "Rn"]
    made = with_used_macros("In $\\Rn$.\n", known)
    assert made == "\\newcommand{\\R}{\\mathbb{R}}\n\\newcommand{\\Rn}{\\R^n}\n\nIn $\\Rn$.\n"
    assert with_used_macros("None.\n", known) == "None.\n"


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("[![DOI](https://z.org/b.svg)](https://doi.org/x)", "[DOI](https://doi.org/x)"),
        ('<img src="a.png" width=45%" style="x">',
         '<img alt="A figure that is not described yet." src="a.png" style="x" width="45%">'),
        ('<a href="t.html"><img src="//u/x.png" alt="Logo"/></a>', "[Logo](t.html)"),
        ("![x](static/a.png)", "![x](../static/a.png)"),
    ],
)  # fmt: skip
def test_pictures_are_files_of_the_review(line: str, made: str, tmp_path: Path) -> None:
    """One of the network is a link; bookdown names files from the project's folder."""
    for name in ("chapters/a.png", "static/a.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    placed, _ = placed_line(line, tmp_path / "chapters", tmp_path)
    placed = described_line(placed) if "<img" in placed else placed
    assert placed == made


@pytest.mark.parametrize(
    ("line", "made", "files"),
    [
        ("A ![x](data:image/png;base64,QUI=) b", "A ![x](picture-38164fbd.png) b", [b"AB"]),
        ('<img src="data:image/jpeg;base64,QUI=">', '<img src="picture-38164fbd.jpg">', [b"AB"]),
        ("![x](data:image/svg+xml,%3Csvg/%3E)", "![x](picture-d4dc5666.svg)", [b"<svg/>"]),
        ("![x](<data:image/gif;base64,QUI=>)", "![x](<picture-38164fbd.gif>)", [b"AB"]),
        ("![x](data:image/png;base64,!)", "![x](data:image/png;base64,!)", []),
        ("`![x](data:image/png;base64,QUI=)`", "`![x](data:image/png;base64,QUI=)`", []),
    ],
)
def test_pictures_within_the_text_are_files(line: str, made: str, files: list[bytes]) -> None:
    """One that cannot be read stays, and one that is shown as code."""
    names = re.findall(r"picture-[\w.]+", made)
    assert without_data(line) == (made, dict(zip(names, files, strict=True)))


def test_formulas_of_r_markdown_and_ids_of_frozen_pictures(tmp_path: Path) -> None:
    """`\\(…\\)` is a formula there; what defines commands as it is used does not come along."""
    text = "So \\( x \\).\n\n\\[\ny\n\\]\n\nNot `\\(z\\)`.\n"
    lines = convert_text(text.split("\n"), "a.Rmd", after=0, ids={}).lines
    assert "\n".join(lines) == "So $x$.\n\n$$\ny\n$$\n\nNot `\\(z\\)`.\n"
    assert converted("So \\( x \\).") == "So \\( x \\)."
    macros = ["\\newcommand{\\E}{\\def\\a{b}}\\newcommand{\\V}{V}"]
    assert [*defined_macros(tmp_path, macros)] == ["V"]
    kept = tmp_path / "_freeze/a"
    for name in ("execute-results", "figure-html"):
        (kept / name).mkdir(parents=True)
    (kept / "figure-html/hist-1.png").write_bytes(b"x")
    (tmp_path / "a.qmd").write_bytes(b"")
    shown = "See \\@ref(fig:hist).\n\n![By year](a_files/figure-html/hist-1.png){width=70%}\n"
    digest = hashlib.md5(b"", usedforsecurity=False).hexdigest()
    content = {"hash": digest, "result": {"markdown": shown}}
    (kept / "execute-results/html.json").write_text(json.dumps(content), "utf-8")
    found = frozen_text(tmp_path, "a.qmd", "")
    assert found is not None
    assert "![By year](a-frozen/hist-1.png){#fig-hist width=70%}" in found.text


def notebook(file: Path, *outputs: dict[str, Any]) -> Path:
    """Write a notebook whose cells showed what is given, each one thing, from cell 2 on."""
    shown = [{"output_type": "display_data", "metadata": {}, "data": each} for each in outputs]
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [each], "source": "plot()",
              "execution_count": 1} for each in shown]  # fmt: skip
    words = {"cell_type": "markdown", "metadata": {}, "source": "# A plot"}
    document = {"cells": [words, *cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    file.write_text(json.dumps(document), "utf-8")
    return file


def test_pictures_that_a_notebook_holds_come_with_it(tmp_path: Path) -> None:
    """A notebook that is not executed shows what it held, not a picture in its place."""
    made = adopt(notebook(tmp_path / "plot.ipynb", {"image/svg+xml": SVG}), execute=False)
    assert "](plot-2.svg)" in (made.folder / "index.qmd").read_text("utf-8")
    assert not any("does not exist" in each.message for each in made.notes)


def test_nothing_that_a_notebook_holds_is_lost_without_a_message(tmp_path: Path) -> None:
    """Charts, formulas and HTML are read; what cannot be shown is named with its cell."""
    chart = {"data": [{"x": ["a", "b"], "y": [1, 2], "type": "sankey"}], "layout": {}}
    many = {"data": [{"x": [*range(99)], "y": [*range(99)], "type": "sankey"}]}
    vega = {"data": {"values": [{"a": "x", "b": 2}]}, "mark": "bar",
            "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}  # fmt: skip
    named = "<IPython.core.display.HTML object>"
    file = notebook(
        tmp_path / "held.ipynb",
        {"application/vnd.plotly.v1+json": chart},
        {"application/vnd.plotly.v1+json": many},
        {"application/vnd.vegalite.v5+json": vega, "text/plain": "alt.Chart(...)"},
        {"text/latex": "$\\displaystyle \\frac{a}{b}$", "text/plain": named},
        {"text/html": "<b>Bold</b>", "text/plain": named},
        {"text/html": "<script>1</script>", "text/plain": named},
        {"text/html": "<svg></svg>", "text/plain": "Model()"},
        {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider()"},
    )
    made = adopt(file, execute=False)
    text = (made.folder / "index.qmd").read_text("utf-8")
    for part in ("| a | 1 |", "](held-4.svg)", "| x | 2 |", "$$\n\\frac{a}{b}\n$$", "**Bold**",
                 "```\nModel()\n```", "```\nSlider()\n```"):  # fmt: skip
        assert part in text
    assert "IPython" not in text
    assert "98,98" in (made.folder / "held-3.csv").read_text("utf-8")
    told = {each.where.cell: each.message for each in made.notes if each.where.cell}
    assert {cell: words for cell, words in told.items() if cell != 3}.keys() == {2, 7, 8, 9}
    assert "Its numbers are shown" in told[2]
    assert "held-3.csv has them" in told[3]
    assert "`<script>`" in told[7]
    assert "left out" in told[7]
    assert "Its text is shown" in told[8]
    assert "a widget" in told[9]


def test_a_command_that_no_formula_can_have_is_left_to_pandoc() -> None:
    """Nor is one that needs it; one that pandoc knows itself stays its own."""
    known = {
        "bm": r"\newcommand{\bm}[1]{\symbfit{#1}}",
        "R": r"\newcommand{\R}{\mathbb{R}}",
        "Rn": r"\newcommand{\Rn}{\R^n}",
        "ps": r"\newcommand{\ps}[2]{\left\langle #1, #2 \right\rangle}",
        "q": r"\newcommand{\q}{\nosuchcommand}",
        "r": r"\newcommand{\r}{\q}",
    }
    assert [*readable_macros(known)] == ["bm", "R", "Rn", "ps"]
