"""Notebooks in R, run by a stand-in that plays what R's own kernel was seen to answer.

See `r_kernel/kernel.py`: R cannot be had everywhere that these tests run.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cells = list[tuple[str, str]]
KERNEL = Path(__file__).parent / "r_kernel" / "kernel.py"
FIRST = "limit <- 2\noptions(repr.plot.width = 4, repr.plot.height = 4, repr.plot.res = 40)"
FIGURE = "#| label: fig-r\n#| fig-cap: A *plot*\n#| fig-alt: Dots that rise.\nplot(cars)"
BOTH = (
    "#| label: fig-both\n#| fig-cap: Both\n#| fig-subcap: [One, Two]\n"
    "#| fig-alt: [Dots, More dots]\nplot(cars); plot(pressure)"
)
TABLE = "#| label: tbl-r\n#| tbl-cap: Cars\nx"
TEXT = (
    "Rows: `{r} nrow(x)`, mean `{r} mean(cars$speed)`, `{r} '50 *km*'`, `{r} c(1.5, 2)`. "
    "See @fig-r, @fig-both, @fig-both-2 and @tbl-r."
)


def write_notebook(path: Path, cells: Cells, kernel: str = "ir") -> None:
    """Write a notebook of R."""
    made: list[dict[str, Any]] = []
    for number, (kind, source) in enumerate(cells):
        tags = {"tags": ["parameters"]} if kind == "parameters" else {}
        cell = {"cell_type": "code", "id": f"c{number}", "metadata": tags, "source": source}
        code = {"execution_count": None, "outputs": []}
        made.append({**cell, "cell_type": kind} if kind == "markdown" else cell | code)
    metadata = {"kernelspec": {"name": kernel, "display_name": "R", "language": "R"}}
    document = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(document), "utf-8")


SETTINGS = """\
project: {type: book, output-dir: _output}
book: {title: A review, author: Nobody, chapters: [index.qmd, r.ipynb]}
format: {reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}
reviewpress: {parameters: {limit: 3}}
"""


@pytest.fixture
def review(tmp_path: Path) -> Callable[..., Path]:
    """Make a book whose chapter is a notebook of R."""

    def make(cells: Cells, **options: Any) -> Path:
        root = tmp_path / "review"
        root.mkdir()
        (root / "_quarto.yml").write_text(SETTINGS, "utf-8")
        (root / "index.qmd").write_text("# Start {.unnumbered}\n\nWords.\n", "utf-8")
        write_notebook(root / "r.ipynb", [("markdown", "# R {#sec-r}"), *cells], **options)
        return root

    return make


@pytest.fixture
def r_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the stand-in as the kernel of R, and no other."""
    folder = tmp_path / "jupyter"
    specification = {
        "argv": [sys.executable, str(KERNEL), "-f", "{connection_file}"],
        "display_name": "R", "language": "R",
    }  # fmt: skip
    (folder / "kernels" / "ir").mkdir(parents=True)
    (folder / "kernels" / "ir" / "kernel.json").write_text(json.dumps(specification), "utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(folder))


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no kernel of another language be found, whatever this machine has."""
    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.kernel_dirs", [])
    monkeypatch.setattr("jupyter_client.kernelspec.jupyter_path", lambda *_: [])


@pytest.mark.usefixtures("r_kernel")
def test_a_notebook_of_r_gets_parameters_values_figures_and_tables(
    review: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """In pages, PDF and Word; run again only where something but prose has changed."""
    cells = [("parameters", FIRST), ("code", "x <- head(cars, limit)"), ("markdown", TEXT),
             ("code", FIGURE), ("code", BOTH), ("code", TABLE)]  # fmt: skip
    root = review(cells)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/r.html").read_text("utf-8")
    words = " ".join(page.split())
    assert "Rows: <span" in words
    for text in (">3</span>", ">15.4</span>", ">50 *km*</span>", ">1.5, 2</span>",
                 'alt="Dots that rise."', "A <em>plot</em>", 'alt="More dots"'):  # fmt: skip
        assert text in words
    assert "dbl" not in words
    assert (root / "figures/fig-both-2.png").is_file()
    assert "up to date" in reviewpress("render --engine pandoc", cwd=root).stdout
    (root / "r.ipynb").write_text((root / "r.ipynb").read_text("utf-8").replace("Rows", "Lines"))
    assert "Executing nothing" in reviewpress("render --engine pandoc", cwd=root).stderr
    (root / "more.csv").write_text("a\n1\n", "utf-8")
    assert "r.ipynb: done" in reviewpress("render --engine pandoc", cwd=root).stderr
    (root / "more.csv").write_text("a\n2\n", "utf-8")
    assert "r.ipynb: done" in reviewpress("render --engine pandoc", cwd=root).stderr


@pytest.mark.usefixtures("r_kernel")
@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("code", "nowhere + 1"), "cell 3: Error in eval(expr, envir, enclos): object 'nowhere'"),
        (("markdown", "Is `{r} nowhere`."), "cell 3, `nowhere`: Error in as.list((nowhere))"),
        (("markdown", "Is `{r} NA`."), "cell 3, `NA`: the expression gives a missing value."),
        (("code", "plot(cars)"), "cell 3: the cell shows a picture that has no alt text."),
        (("markdown", "Is `{python} 1`."), "a live value"),
    ],
)
def test_what_is_wrong_in_r_is_told_with_its_cell(
    review: Callable[..., Path], reviewpress: Callable[..., Any], cell: tuple[str, str], said: str
) -> None:
    """In the words of R, without those of other programs."""
    root = review([("code", FIRST), cell])
    outcome = reviewpress("check", cwd=root)
    assert (outcome.status, "Traceback" in outcome.stderr) == (1, False)
    assert said in outcome.stderr


@pytest.mark.usefixtures("no_kernel")
@pytest.mark.parametrize("kernel", ["ir", "another"])
def test_without_a_kernel_a_notebook_is_refused_as_one_of_r(
    review: Callable[..., Path], reviewpress: Callable[..., Any], kernel: str
) -> None:
    """With what to install."""
    outcome = reviewpress("check", cwd=review([("code", FIRST)], kernel=kernel))
    assert outcome.status == 1
    assert (
        "error: r.ipynb: the notebook is written in R, and no kernel for R is "
        "installed." in outcome.stderr
    )
    assert "IRkernel" in outcome.stderr


@pytest.mark.usefixtures("r_kernel")
def test_what_is_noted_of_a_review_is_not_read_by_code(
    review: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """What `adopt` writes last, or an author acknowledges, executes nothing; a new table does."""
    root = review([("code", FIRST), ("code", FIGURE)])
    assert "Executing 1 notebook" in reviewpress("check", cwd=root).stderr
    (root / "moved.txt").write_text("Left to do\n", "utf-8")
    (root / "data").mkdir()
    (root / "data/acknowledged.yml").write_text("acknowledged: []\n", "utf-8")
    assert "Executing nothing" in reviewpress("check", cwd=root).stderr
    (root / "data/papers.csv").write_text("id\n1\n", "utf-8")
    assert "Executing 1 notebook" in reviewpress("check", cwd=root).stderr
