"""Moving in code: what is executed in a review, and what is shown in place of what it makes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.adopt import adopt
from reviewpress.adopt.cells import shown_cell
from reviewpress.adopt.embeds import embedded
from reviewpress.adopt.running import (
    installing,
    lacking_packages,
    language_of_chapter,
    loaded_packages,
    not_executed,
)

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def cell(language: str, *lines: str, header: str = "") -> str:
    return "\n".join([f"```{{{language}{header}}}", *lines, "```", ""])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (cell("r", "1") + cell("python", "1") + cell("python", "2"), "python"),
        (cell("r", "1", header=", eval=FALSE"), ""),
        (cell("r", "#| eval: false", "1"), ""),
        (cell("r", "1", header=", error=TRUE"), ""),
        (cell("r", 'knitr::include_graphics("a.png")'), ""),
        ("Mean `r mean(x)`.\n", "r"),
        ("Mean `{julia} mean(x)`.\n", "julia"),
        ("The mark `{r}` and the letter `r`.\n", ""),
        ("````markdown\n" + cell("r", "1") + "````\n", ""),
    ],
)
def test_one_language_is_that_of_a_chapter(text: str, language: str) -> None:
    """Of the cells that are executed, most; else of its values."""
    assert language_of_chapter(text) == language


@pytest.mark.parametrize(
    ("code", "lacking"),
    [
        ("import json\nfrom pathlib import Path", ()),
        (
            "import no_such_thing.inner\nfrom nothing_here import x",
            ("no_such_thing", "nothing_here"),
        ),
        ("import beside", ()),
        ("from . import near", ()),
        ("%matplotlib inline\nimport no_such_thing", ("no_such_thing",)),
        ("this is no Python (", ()),
    ],
)
def test_packages_that_are_not_installed_are_named(
    code: str, lacking: tuple[str, ...], tmp_path: Path
) -> None:
    """A module beside the chapter is none of them."""
    (tmp_path / "beside.py").write_text("")
    assert lacking_packages("python", [code], tmp_path) == lacking


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("library(one)\nrequire('two.x')\nthree::f()", ["one", "three", "two.x"]),
        ("# library(one)\nprint('library(two)')", []),
        ('packages <- c("one", "two")\nsapply(packages, require, character.only = TRUE)',
         ["one", "two"]),
        ("pacman::p_load(one, two)", ["one", "pacman", "two"]),
    ],
)  # fmt: skip
def test_packages_of_r_are_found(code: str, names: list[str]) -> None:
    """However they are loaded; not those of comments and texts."""
    assert sorted(set(loaded_packages(code))) == names


@pytest.mark.parametrize(
    ("code", "installs"),
    [
        ("%pip install -q some", True),
        ("!pip3 install some", True),
        ("  !{sys.executable} -m pip install some", True),
        ("%conda install --yes some", True),
        ("import sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'a'])", True),
        ("import os; os.system('pip install a')", True),
        ("install.packages('a')", True),
        ("remotes::install_github('a/b')", True),
        ('using Pkg\nPkg.add("A")', True),
        ("# %pip install some", False),
        ("if (!require(a)) install.packages('a')", False),
        ("!pip list", False),
        ("print('pip install some')", False),
    ],
)
def test_code_that_would_install_packages_is_known(code: str, installs: bool) -> None:
    """It would change the environment that everything here runs in."""
    assert bool(installing(["1 + 1", code])) is installs


def test_a_document_that_would_install_packages_is_not_executed(tmp_path: Path) -> None:
    """Neither a notebook, which shows what it held, nor a text, which shows its code."""
    mark = tmp_path / "ran"
    codes = ["%pip install --no-index no-such-package", f"open({str(mark)!r}, 'w').write('x')"]
    cells = [
        {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "execution_count": None,
         "source": code} for n, code in enumerate(codes)
    ]  # fmt: skip
    spec = {"name": "python3", "display_name": "Python", "language": "python"}
    notebook = {
        "cells": cells,
        "metadata": {"kernelspec": spec},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "book.ipynb").write_text(json.dumps(notebook))
    text = "".join(cell("python", code) for code in codes)
    (tmp_path / "text.qmd").write_text(f"---\ntitle: A\n---\n\n{text}")
    for name in ("book.ipynb", "text.qmd"):
        made = adopt(tmp_path / name, tmp_path / f"made-{name}")
        assert any("would install packages here" in str(note) for note in made.notes)
        assert not mark.exists()


def test_a_label_of_two_languages_is_that_of_the_cell_that_is_executed(tmp_path: Path) -> None:
    """Authors show the same figure in both."""
    both = ("#| label: fig-one", "#| fig-cap: One", "x = 1")
    text = cell("python", "1") + "\n" + cell("python", *both) + "\n" + cell("r", *both)
    (tmp_path / "a.qmd").write_text(f"# A\n\n{text}", encoding="utf-8")
    made = (adopt(tmp_path / "a.qmd").folder / "index.qmd").read_text("utf-8")
    assert made.count("fig-one") == 1
    assert "```r\nx = 1\n```" in made


def test_each_language_has_its_reason(tmp_path: Path) -> None:
    """A kernel runs one language; others are shown, whatever they are."""
    text = cell("python", "1") + cell("python", "2") + cell("r", "1") + cell("mermaid", "a")
    reasons = not_executed(text, tmp_path)
    assert reasons == {
        "r": "one kernel executes a chapter, here that for Python",
        "mermaid": "a diagram; make a picture of it with the Mermaid editor or "
        "`mmdc -i diagram.mmd -o diagram.svg`, and place that",
    }
    assert not_executed(text, tmp_path, execute=False)["python"] == "`--no-execute` was given"


@pytest.mark.parametrize(
    ("header", "code", "lines"),
    [
        ("", ["plot(x)"], ["```r", "plot(x)", "```"]),
        ("setup, include=FALSE", ["library(x)"], []),
        ("", ["#| label: fig-a", "#| fig-cap: By year", "plot(x)"],
         ["::: {#fig-a}", "```r", "plot(x)", "```", "", "By year", ":::"]),
        ("", ["#| label: tbl-a", "x"],
         ["::: {#tbl-a}", "```r", "x", "```", "", "Not made yet.", ":::"]),
        ("counts", ['# kbl(caption = "No")', "kbl(x, caption = '<center>Papers<center>')"],
         ["::: {#tbl-counts}", "```r", '# kbl(caption = "No")',
          "kbl(x, caption = '<center>Papers<center>')", "```", "", "Papers", ":::"]),
        ("counts", ['kable(x, caption = "Papers by year")'],
         ["::: {#tbl-counts}", "```r", 'kable(x, caption = "Papers by year")', "```", "",
          "Papers by year", ":::"]),
        ("two", ["#| fig-cap: [\"One\", \"Two\"]", "plot(x)"],
         ["::: {#fig-two}", "```r", "plot(x)", "```", "", "One; Two", ":::"]),
    ],
)  # fmt: skip
def test_code_is_shown_in_place_of_what_it_makes(
    header: str, code: list[str], lines: list[str]
) -> None:
    """A figure or table that is referred to holds it; what publishes nothing is left out."""
    assert shown_cell("r", header, code) == lines


def test_a_label_that_the_text_has_is_not_given_twice() -> None:
    """As where bookdown's caption of a table is in the text."""
    assert shown_cell("r", "a", ['kable(x, caption="C")'], taken={"a"})[0] == "```r"


@pytest.mark.parametrize(
    ("language", "mark"), [("dot", "//"), ("ojs", "//"), ("mermaid", "%%"), ("sql", "--")]
)
def test_options_in_comments_of_another_language_are_not_shown(language: str, mark: str) -> None:
    """A diagram that is referred to keeps its number and caption, and its code is the code."""
    code = [f"{mark}| label: fig-d", f"{mark}| fig-cap: A graph", "a", f"{mark} b"]
    assert shown_cell(language, "", code) == [
        "::: {#fig-d}", f"```{language}", "a", f"{mark} b", "```", "", "A graph", ":::",
    ]  # fmt: skip


def test_a_chapter_that_cannot_be_executed_is_rendered(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Its code is shown, values too, its figures have numbers, and one message says why."""
    text = (
        "---\ntitle: Gardens\n---\n\n# Found\n\nOf `{python} len(x)` gardens, see @fig-one.\n\n"
        + cell("python", "import no_such_thing", "x = no_such_thing.read()")
        + "\n"
        + cell("python", "#| label: fig-one", "#| fig-cap: By year", "x.draw()")
    )
    (tmp_path / "paper.qmd").write_text(text, encoding="utf-8")
    outcome = reviewpress("adopt paper.qmd", cwd=tmp_path)
    assert outcome.status == 0, outcome.stderr
    assert (
        "paper.qmd, lines 9 and 14: code is shown, and not executed: this is not installed here: "
        "no_such_thing." in outcome.stdout
    )
    review = tmp_path / "paper-review"
    rendered = reviewpress("render --engine pandoc --to html", cwd=review)
    assert rendered.status == 0, rendered.stderr
    page = (review / "_output/report/index.html").read_text("utf-8")
    assert "x.draw()" in page.replace("</span>", "").replace('<span class="op">', "")
    assert "Figure 1" in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "len(x)" in page


def test_no_code_is_executed_where_that_is_said(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """`--no-execute` shows all code, as Quarto's option of that name."""
    (tmp_path / "a.qmd").write_text("# A\n\n" + cell("python", "1 + 1"), encoding="utf-8")
    outcome = reviewpress("adopt a.qmd --no-execute", cwd=tmp_path)
    assert "code is shown, and not executed: `--no-execute` was given." in outcome.stdout
    text = (tmp_path / "a-review/index.qmd").read_text("utf-8")
    assert "```python\n1 + 1\n```" in text
    assert "freeze" not in text


def notebook(*cells: dict[str, Any]) -> str:
    given = [{"metadata": {}, "id": f"c{n}", **each} for n, each in enumerate(cells)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": given})


def code_cell(source: str, *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs),
            "execution_count": 1, **more}  # fmt: skip


def shown(**data: str) -> dict[str, Any]:
    kinds = {kind.replace("_", "/"): value for kind, value in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": kinds}


STORED = notebook(
    {"cell_type": "markdown", "source": "What we did."},
    code_cell("#| label: fig-one\n#| fig-cap: By year\ndraw()", shown(image_png=PIXEL)),
    code_cell("count()", shown(text_plain="34"), metadata={"tags": ["counted"]}),
    code_cell("#| label: tbl-two\n#| tbl-cap: Two\nframe", shown(
        text_html="<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"
        "</table>", text_plain="a 1")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("target", "options", "expected"),
    [
        ("nb.ipynb#fig-one", "", ["![By year](nb-fig-one.png){#fig-one"]),
        ("nb.ipynb#fig-one", "echo=true", ["```python", "draw()", "![By year]"]),
        ("nb.ipynb#counted", "", ["```\n34\n```"]),
        ("nb.ipynb#c2,fig-one", "", ["34", "![By year]"]),
        ("nb.ipynb[2]", "", ["34"]),
        ("nb.ipynb[1-2]", "", ["![By year]", "34"]),
        ("nb.ipynb#tbl-two", "", ["::: {#tbl-two}", "1", "Two", ":::"]),
        ("nb.ipynb", "", ["What we did.", "![By year]", "34", "::: {#tbl-two}"]),
        ("nb.qmd#fig-q", "", ["::: {#fig-q}", "draw()", "From text"]),
    ],
)
def test_what_is_embedded_is_what_was_stored(
    target: str, options: str, expected: list[str], tmp_path: Path
) -> None:
    """In the order that is asked for, and with its number; of a text, its code."""
    (tmp_path / "nb.ipynb").write_text(STORED, encoding="utf-8")
    (tmp_path / "nb.qmd").write_text(
        cell("python", "#| label: fig-q", "#| fig-cap: From text", "draw()"), encoding="utf-8"
    )
    made = embedded(tmp_path, target, options)
    assert not made.missing
    text, at = "\n".join(made.lines), 0
    for words in expected:
        at = text.index(words, at)
    assert all(content.startswith(b"\x89PNG") for content in made.files.values())


@pytest.mark.parametrize(
    ("target", "missing"),
    [
        ("none.ipynb#a", "none.ipynb cannot be read"),
        ("nb.ipynb#nothing", "nb.ipynb has no cell nothing"),
        ("nb.ipynb[9]", "nb.ipynb has no cell 9"),
    ],
)
def test_what_cannot_be_embedded_is_said(target: str, missing: str, tmp_path: Path) -> None:
    """And a note stands in its place."""
    (tmp_path / "nb.ipynb").write_text(STORED, encoding="utf-8")
    assert embedded(tmp_path, target, "").missing == missing
    (tmp_path / "a.qmd").write_text(f"# A\n\n{{{{< embed {target} >}}}}\n", encoding="utf-8")
    made = adopt(tmp_path / "a.qmd")
    assert f"a.qmd, line 3: {missing}: nothing is embedded." in map(str, made.notes)
    assert "::: {.todo}" in (made.folder / "index.qmd").read_text("utf-8")


def test_an_embedded_figure_is_rendered(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Its picture is beside the chapter, with a number that others refer to."""
    (tmp_path / "nb.ipynb").write_text(STORED, encoding="utf-8")
    text = "# A\n\nSee @fig-one.\n\n{{< embed nb.ipynb#fig-one >}}\n"
    (tmp_path / "a.qmd").write_text(text, encoding="utf-8")
    assert reviewpress("adopt a.qmd", cwd=tmp_path).status == 0
    rendered = reviewpress("render --engine pandoc", cwd=tmp_path / "a-review")
    assert rendered.status == 0, rendered.stderr
    page = (tmp_path / "a-review/_output/report/index.html").read_text("utf-8")
    assert "nb-fig-one" in page
    assert "Figure 1" in page.replace("\u00a0", " ").replace("&nbsp;", " ")
