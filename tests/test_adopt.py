"""Moving in: what is made of Quarto's and bookdown's projects, and what is said of it."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewpress.adopt import adopt
from reviewpress.adopt.cells import convert_cell
from reviewpress.adopt.keys import day_of
from reviewpress.adopt.texts import convert_text
from reviewpress.errors import ConfigError
from reviewpress.notebooks.foreign import installed_languages

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
BIB = "@article{known2020, title={A study}, author={Known, A.}, year={2020}, journal={J}}\n"
WEBSITE = {
    "_quarto.yml": """\
project: {type: website, output-dir: docs}
website:
  title: Gardens
  sidebar:
    contents:
      - index.qmd
      - section: Results
        contents: [results/outcomes.qmd, results/costs.qmd]
format: {html: {theme: cosmo, toc-depth: 2}, revealjs: default}
bibliography: refs.bib
""",
    "index.qmd": "---\ntitle: Gardens\n---\n\nWords. See [outcomes](results/outcomes.qmd).\n",
    "about.qmd": "Who we are.\n",
    "results/outcomes.qmd": "---\ntitle: Outcomes\ncode-fold: true\n---\n\nSee @known2020.\n\n"
    "![Gardens by year](plot.svg){#fig-plot}\n\n\\newpage\n\nOn @fig-plot.\n",
    "results/costs.qmd": "---\ntitle: Costs\n---\n\nIt is `{python} 2 + 3` pounds.\n\n"
    "```{python}\n1\n```\n",
    "results/plot.svg": SVG,
    "refs.bib": BIB,
    "docs/index.html": "<p>made before</p>",
    "_draft.qmd": "---\ntitle: Not yet\n---\n",
}
BOOKDOWN = {
    "_bookdown.yml": 'book_filename: gardens\nrmd_files: [index.Rmd, "01-intro.Rmd", app.Rmd]\n',
    "index.Rmd": "---\ntitle: Gardens\nauthor: A. Author\ndate: 3 May 2024\nsite: bookdown\n"
    "bibliography: refs.bib\n---\n\n# Preface {-}\n\nSee Section \\@ref(intro).\n",
    "01-intro.Rmd": "# (PART) Findings {-}\n\n# Introduction {#intro}\n\n"
    '```{r plot, fig.cap="By year", out.width="80%", echo=FALSE}\n'
    'knitr::include_graphics("plot.svg")\n```\n\n'
    "On \\@ref(fig:plot) and \\@ref(tab:t), [@known2020].\n\n"
    "| a |\n|---|\n| 1 |\n\nTable: (\\#tab:t) Some\n\n"
    "\\begin{equation}\na = b (\\#eq:one)\n\\end{equation}\n\n\\@ref(eq:one) holds.\n",
    "app.Rmd": "# (APPENDIX) Appendix {-}\n\n# More\n\nWords.\n",
    "refs.bib": BIB,
    "plot.svg": SVG,
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def listed(review: Path) -> Any:
    return yaml.safe_load((review / "_quarto-report.yml").read_text("utf-8"))["book"]


def said(notes: Any) -> list[str]:
    return [str(note) for note in notes]


def test_a_website_becomes_a_review_beside_it(tmp_path: Path) -> None:
    """Its pages are chapters in the order of its sidebar; what was made of it stays away."""
    site = write(tmp_path / "garden", WEBSITE)
    before = hashes(site)
    made = adopt(site)
    assert made.folder == tmp_path / "garden-review"
    assert hashes(site) == before
    assert listed(made.folder)["chapters"] == [
        "index.qmd",
        {"part": "Results", "chapters": ["results/outcomes.qmd", "results/costs.qmd"]},
        "about.qmd",
    ]
    assert not (made.folder / "docs").exists()
    assert (made.folder / "results/plot.png").read_bytes().startswith(b"\x89PNG")
    outcomes = (made.folder / "results/outcomes.qmd").read_text("utf-8")
    assert "{{< pagebreak >}}" in outcomes
    alt = 'fig-alt="A figure that is not described yet: Gardens by year."'
    assert f"plot.svg){{#fig-plot {alt}}}" in outcomes
    assert "code-fold" not in outcomes
    assert "freeze: auto" in (made.folder / "results/costs.qmd").read_text("utf-8")
    assert (made.folder / "about.qmd").read_text("utf-8").startswith('---\ntitle: "About"\n---\n')
    notes = said(made.notes)
    assert 'results/outcomes.qmd, line 3: "code-fold" has no effect here, and is left out.' in notes
    assert any(note.startswith("results/outcomes.qmd, line 10: `\\newpage` is") for note in notes)
    assert any("line 8: the figure has no alternative text" in note for note in notes)
    assert any("the format revealjs is not made" in note for note in notes)


def test_a_website_is_rendered_after_it(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Nothing has to be mended by hand where all is supported: in pages, PDF and Word."""
    site = write(tmp_path / "garden", WEBSITE)
    outcome = reviewpress(["adopt", str(site)], cwd=tmp_path)
    assert outcome.status == 0, outcome.stderr
    assert "garden-review holds a review of 4 chapters, from a website of Quarto." in outcome.stdout
    review = tmp_path / "garden-review"
    rendered = reviewpress("render --engine pandoc", cwd=review)
    assert rendered.status == 0, rendered.stderr
    folder = review / "_output/report"
    assert (folder / "report.pdf").is_file()
    assert (folder / "report.docx").is_file()
    assert ">5</span> pounds" in (folder / "results/costs.html").read_text("utf-8")


def test_a_bookdown_book_becomes_a_review(tmp_path: Path) -> None:
    """Parts, appendices, references, captions, equations and pictures are Quarto's then."""
    made = adopt(write(tmp_path / "book", BOOKDOWN))
    assert listed(made.folder) == {
        "chapters": ["index.qmd", {"part": "Findings", "chapters": ["01-intro.qmd"]}],
        "appendices": ["app.qmd"],
    }
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["book"]["author"] == "A. Author"
    assert settings["book"]["date"] == "2024-05-03"
    assert settings["bibliography"] == "refs.bib"
    index = (made.folder / "index.qmd").read_text("utf-8")
    assert "See Section [-@sec-intro]." in index
    intro = (made.folder / "01-intro.qmd").read_text("utf-8")
    assert intro.lstrip().startswith("# Introduction {#sec-intro}")
    alt = 'fig-alt="A figure that is not described yet: By year."'
    assert f'![By year](plot.svg){{#fig-plot {alt} width="80%"}}' in intro
    assert "On [-@fig-plot] and [-@tbl-t], [@known2020]." in intro
    assert "Table: Some {#tbl-t}" in intro
    assert "$$\na = b\n$$ {#eq-one}\n\n[-@eq-one] holds." in intro


@pytest.mark.parametrize(
    ("file", "text", "chapter"),
    [
        ("paper.qmd", "---\ntitle: A paper\nauthor: Me\n---\n\nWords.\n", "index.qmd"),
        ("paper.Rmd", "---\ntitle: A paper\n---\n\nMean `r mean(1)`.\n\n```{r}\n1\n```\n",
         "index.ipynb" if "r" in installed_languages() else "index.qmd"),
        ("paper.md", "# A paper\n\nWords.\n", "index.md"),
    ],
)  # fmt: skip
def test_one_document_becomes_a_review(file: str, text: str, chapter: str, tmp_path: Path) -> None:
    """Its folder is not copied, only what it names; R becomes a notebook with a kernel for R."""
    write(tmp_path, {file: text, "other.csv": "a\n1\n"})
    made = adopt(tmp_path / file)
    assert made.folder == tmp_path / "paper-review"
    assert made.chapters == (chapter,)
    assert not (made.folder / "other.csv").exists()
    text = (made.folder / chapter).read_text("utf-8")
    assert "mean(1)`" in text or file != "paper.Rmd"
    assert '"name": "ir"' in text or not chapter.endswith(".ipynb")


def test_a_manuscript_becomes_a_review(tmp_path: Path) -> None:
    """Its article is the first chapter; a format for journals is named as left."""
    files = {
        "_quarto.yml": "project: {type: manuscript}\nmanuscript: {article: article.qmd}\n"
        "format: {html: default, jats: default}\n",
        "article.qmd": "---\ntitle: An article\nauthor: {name: Ann Ash}\ndate: 05/03/2024\n---\n\n"
        "Words.\n",
    }
    made = adopt(write(tmp_path / "ms", files))
    assert made.chapters == ("index.qmd",)
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["book"] == {
        "title": "An article", "author": {"name": "Ann Ash"}, "date": "2024-05-03",
    }  # fmt: skip
    assert any("the format jats is not made" in note for note in said(made.notes))


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nothing", "there is no such file or folder"),
        ("empty", "neither a project of Quarto"),
        ("data.csv", "not a document that Quarto renders"),
        ("taken.qmd", "the folder is not empty"),
        ("latin.qmd", "is not UTF-8"),
    ],
)
def test_what_cannot_be_moved_in_is_refused(path: str, message: str, tmp_path: Path) -> None:
    """And nothing is made of it."""
    (tmp_path / "empty").mkdir()
    write(tmp_path, {"data.csv": "a\n", "taken.qmd": "Words.\n", "taken-review/a.txt": "mine"})
    (tmp_path / "latin.qmd").write_bytes("Zoë".encode("latin-1"))
    before = hashes(tmp_path)
    with pytest.raises(ConfigError, match=message):
        adopt(tmp_path / path)
    assert hashes(tmp_path) == before
    assert not (tmp_path / "latin-review").exists()


@pytest.mark.parametrize(
    ("language", "header", "code", "lines"),
    [
        ("r", "", ["x"], None),
        ("r", "setup, include=FALSE", ["x"],
         ["```{r}", "#| label: setup", "#| include: false", "x", "```"]),
        ("r", 'fig.cap=paste("a", b)', ["x"],
         ["```{r}", '# left out: fig-cap: !expr paste("a", b)', "x", "```"]),
        ("r", "", ["#| eval: !expr f(x)", "#| echo: false", "x"],
         ["```{r}", "#| echo: false", "# left out: eval: !expr f(x)", "x", "```"]),
        ("r", "include=FALSE", ["knitr::opts_chunk$set(", "echo = TRUE)"], []),
        ("r", "results='asis'", ["x"], ["```{r}", "#| output: asis", "x", "```"]),
        ("python", "", ["#| fig-cap: A line", "x"],
         ["```{python}", '#| fig-alt: "A figure that is not described yet: A line."',
          "#| fig-cap: A line", "x", "```"]),
        ("python", "", ["#| label: fig-x", "x"],
         ["```{python}", '#| fig-alt: "A figure that is not described yet."', "#| label: fig-x",
          "x", "```"]),
        ("r", "", ["knitr::include_graphics('a/b.png')"],
         ['![](a/b.png){fig-alt="A figure that is not described yet."}']),
    ],
)  # fmt: skip
def test_cells_have_their_options_on_lines(
    language: str, header: str, code: list[str], lines: list[str] | None
) -> None:
    """As Quarto reads them in all languages."""
    assert convert_cell(language, header, code) == lines


@pytest.mark.parametrize(
    ("lines", "converted"),
    [
        (["<script>", "x()", "</script>", "Words."], ["<!-- <script>", "x()", "</script> -->",
                                                      "Words."]),
        (["```{=latex}", r"\vspace{1cm}", "```"], [r"<!-- \vspace{1cm} -->"]),
        (["```{=html}", "<b>b</b>", "```"],
         ['::: {.content-visible when-format="html"}', "```{=html}", "<b>b</b>", "```", ":::"]),
        ([r"\begin{center}", "Words", r"\end{center}"],
         [r"<!-- \begin{center}", "Words", r"\end{center} -->"]),
        (["{{< lipsum 3 >}}"], ["::: {.todo}", "Text is to be written here.", ":::"]),
        (["```r", r"\newpage", "```"], ["```r", r"\newpage", "```"]),
        ([r"\alpha is $\alpha$"], [r"<!-- \alpha --> is $\alpha$"]),
    ],
)  # fmt: skip
def test_what_is_for_one_format_alone_is_kept_as_a_comment(
    lines: list[str], converted: list[str]
) -> None:
    """In code, it is an example."""
    assert convert_text(lines, "a.qmd", after=0, ids={}).lines == converted


@pytest.mark.parametrize(
    ("given", "day"),
    [("2024-05-03", "2024-05-03"), ("May 3, 2024", "2024-05-03"), ("last-modified", ""),
     ("`r Sys.Date()`", ""), (None, "")],
)  # fmt: skip
def test_a_date_is_a_day_or_none(given: str | None, day: str) -> None:
    """A review's date is a day that somebody has chosen."""
    assert day_of(given) == day


def test_settings_that_cannot_be_obeyed_are_left_out(tmp_path: Path) -> None:
    """One after the other, with the reason; the review can be read then."""
    files = {
        "_quarto.yml": "project: {type: book}\nbook:\n  title: Gardens\n"
        "  author: {name: Ann, orcid: 0000-0000-0000-0000}\n  chapters: [index.qmd]\n"
        "csl: styles/short.csl\nlanguage:\n  crossref-nothing-title: Nothing\n",
        "styles/short.csl": '<style xmlns="http://purl.org/net/xbiblio/csl"><info>'
        '<link rel="independent-parent" href="http://x.org/styles/long"/></info></style>',
        "index.qmd": "# Home\n\n![](no.png)\n",
        "_brand.yml": "color:\n  background: {light: white, dark: black}\n",
    }
    made = adopt(write(tmp_path / "book", files))
    assert not (made.folder / "_brand.yml").exists()
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert "csl" not in settings
    assert not settings["language"]
    assert "orcid" not in str(settings["book"].get("author"))
    notes = said(made.notes)
    assert any('"csl" is left out: the citation style holds no rules' in note for note in notes)
    assert any("is not an ORCID" in note for note in notes)
    assert any(note.startswith("_brand.yml, line 2: the brand is left out") for note in notes)


def test_a_figure_that_is_not_described_is_a_warning(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """`check` names it until somebody says what it shows."""
    write(tmp_path, {"a.qmd": "---\ntitle: A\n---\n\n![One](one.svg)\n", "one.svg": SVG})
    made = adopt(tmp_path / "a.qmd")
    outcome = reviewpress("check", cwd=made.folder)
    assert outcome.status == 0
    assert "index.qmd, line 5: a figure is not described yet." in outcome.stderr


def test_a_killed_adopt_leaves_nothing(tmp_path: Path) -> None:
    """A folder that is not writable is said so, and nothing is half made."""
    site = write(tmp_path / "garden", WEBSITE)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Exception, match="file"):
        adopt(site, tmp_path / "file" / "review")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "garden"]


@pytest.mark.parametrize("date", ["2023-02-29", "2024-13-01"])
def test_a_value_that_is_none_loses_no_other(date: str, tmp_path: Path) -> None:
    """Quarto takes a day that no month has for one of the next."""
    text = f"---\ntitle: Gardens\ndate: {date}\nabstract: In short.\n---\n\nWords.\n"
    made = adopt(write(tmp_path, {"a.qmd": text}) / "a.qmd")
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["book"]["title"] == "Gardens"
    assert settings["abstract"] == "In short."
    assert not made.notes


def test_front_matter_that_is_none_is_named_once(tmp_path: Path) -> None:
    """What is wrong is said with its line, and not that each key has no effect."""
    text = "---\ntitle: Gardens: of town\nlang: en\n---\n\nWords.\n"
    made = adopt(write(tmp_path, {"a.qmd": text}) / "a.qmd")
    assert any(
        note.startswith("a.qmd, line 2: what is above the text is left out: not valid YAML")
        for note in said(made.notes)
    )
    assert not any("has no effect" in note for note in said(made.notes))


def test_a_book_of_bookdown_has_each_file_once(tmp_path: Path) -> None:
    """Neither what is named twice, nor what bookdown puts together of all, is a chapter more."""
    files = {
        "_bookdown.yml": "book_filename: whole.Rmd\nrmd_subdir: parts\n",
        "index.Rmd": "# Preface {-}\n\nWords.\n",
        "parts/a.Rmd": "# One\n\nWords.\n",
        "whole.Rmd": "# Preface {-}\n\nWords.\n\n# One\n\nWords.\n",
    }
    made = adopt(write(tmp_path / "one", files))
    assert listed(made.folder)["chapters"] == ["index.qmd", "parts/a.qmd"]
    files["_bookdown.yml"] += "rmd_files: [index.Rmd, parts/a.Rmd]\n"
    made = adopt(write(tmp_path / "two", files))
    assert listed(made.folder)["chapters"] == ["index.qmd", "parts/a.qmd"]


def test_links_lead_to_chapters_whose_names_have_changed(tmp_path: Path) -> None:
    """A notebook that is a text now, R Markdown, and the page that a site had of a chapter."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": "# Tools\n\n[Home](../index.html)\n"},
        {"cell_type": "code", "metadata": {}, "source": "%pip install x", "outputs": []},
    ]
    files = {
        "_quarto.yml": "project: {type: website}\n",
        "index.qmd": "---\ntitle: Home\n---\n\n[T](more/my%20tools.ipynb) <a href='old.html'>O</a>"
        " [R](old.Rmd) [P](more/my%20tools.html)\n\n`[T](old.Rmd)`\n",
        "old.Rmd": "---\ntitle: Old\n---\n\nWords, [away](https://example.org/old.html).\n",
        "more/my tools.ipynb": json.dumps(
            {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        ),
    }
    made = adopt(write(tmp_path / "site", files))
    text = (made.folder / "index.qmd").read_text("utf-8")
    assert "[T](more/my%20tools.qmd) <a href='old.qmd'>O</a> [R](old.qmd)" in text
    assert "[P](more/my%20tools.qmd)\n\n`[T](old.Rmd)`" in text
    assert "[Home](../index.qmd)" in (made.folder / "more/my tools.qmd").read_text("utf-8")
    assert "(https://example.org/old.html)" in (made.folder / "old.qmd").read_text("utf-8")
    assert not [note for note in said(made.notes) if "leads to" in note]


def test_what_would_be_fetched_is_left_out_and_authors_keep_their_places(tmp_path: Path) -> None:
    """Both are said of a document in its front matter; a network is not asked for either."""
    text = (
        "---\ntitle: Gardens\nauthor: [{name: A. Ash, affiliations: [{ref: uni}]}]\n"
        "affiliations: [{id: uni, name: A university}]\ncsl: https://example.org/a.csl\n"
        "bibliography: https://example.org/a.bib\n---\n\nWords.\n"
    )
    made = adopt(write(tmp_path, {"a.qmd": text}) / "a.qmd")
    settings = yaml.safe_load((made.folder / "_quarto.yml").read_text("utf-8"))
    assert settings["affiliations"] == [{"id": "uni", "name": "A university"}]
    assert not {"csl", "bibliography"} & {*settings}
    assert said(made.notes) == [
        "a.qmd: the bibliography https://example.org/a.bib would be fetched from the network, and"
        " is left out.",
        'a.qmd: "csl" is left out: the citation style https://example.org/a.csl would be fetched'
        " from the network.",
    ]


def test_diagrams_in_a_text_that_is_included_are_shown(tmp_path: Path) -> None:
    """As those of a chapter are: they keep nobody from a first edition."""
    files = {
        "a.qmd": "---\ntitle: One\n---\n\n{{< include _b.qmd >}}\n",
        "_b.qmd": "Words.\n\n```{dot}\ndigraph { a -> b }\n```\n",
    }
    made = adopt(write(tmp_path, files) / "a.qmd")
    assert "{dot}" not in (made.folder / "_b.qmd").read_text("utf-8")
    assert any(note.startswith("_b.qmd, line 3: code is shown") for note in said(made.notes))
    assert not any("cannot be rendered" in note for note in said(made.notes))
