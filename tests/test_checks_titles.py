"""Titles of figures and tables whose claims are typed."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from reviewpress.checks.titles import check_titles
from reviewpress.config import Chapter

if TYPE_CHECKING:
    from reviewpress.checks import Subject
    from reviewpress.errors import Problem

ROOT = Path(__file__).parent.parent
DATA = (
    "import pandas as pd\n"
    "import reviewpress\n"
    "from reviewpress import Share, rank, share, words\n"
    "from reviewpress.figures import md\n"
    "review = reviewpress.load()\n"
    'counts = pd.Series({"Surveys": 2, "Interviews": 2}, name="Papers")\n'
    "n = int(counts.sum())"
)
TYPED = ", which is typed by hand."
FIGURE = (
    "review.figure(\n"
    "    review.charts.bars(counts),\n"
    '    id="fig-claim",\n'
    "    title={title},\n"
    '    subtitle="Papers by method",\n'
    '    alt="Bar chart of papers by method.",\n'
    '    data=counts.rename_axis("Method").reset_index(),\n'
    ")"
)


def chapter(*cells: str, text: str = "# Claims {#sec-claims}\n\nSee @fig-claim.") -> str:
    """Return a notebook with one text cell and cells of code."""
    kept = [{"cell_type": "markdown", "id": "text", "metadata": {}, "source": text}]
    for number, source in enumerate(cells):
        kept.append(
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {},
                "source": source,
                "outputs": [],
                "execution_count": None,
            }
        )
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": kept, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


def subject_of(config: SimpleNamespace, pages: Sequence[SimpleNamespace]) -> SimpleNamespace:
    """Return what the check looks at, of which nothing is kept."""

    def look_at_pages(
        _check: str, _inputs: object, look: "Callable[[SimpleNamespace], Iterable[Problem]]"
    ) -> "Iterator[Problem]":
        for page in pages:
            yield from look(page)

    return SimpleNamespace(config=config, look_at_pages=look_at_pages)


@pytest.fixture
def warnings(tmp_path: Path) -> Callable[..., list[str]]:
    """Look at a chapter that has these cells, or at a text file; return what is said."""

    def check(*cells: str, text: str = "", wanted: bool = True) -> list[str]:
        name = "chapters/claims.qmd" if text else "chapters/claims.ipynb"
        (tmp_path / "chapters").mkdir()
        (tmp_path / name).write_text(text or chapter(DATA, *cells), "utf-8")
        settings = SimpleNamespace(typed_claims=wanted)
        config = SimpleNamespace(root=tmp_path, lang="en-GB", settings=settings)
        page = SimpleNamespace(chapter=Chapter(name), source=SimpleNamespace(cells=(text,)))
        subject = subject_of(config, [page])
        problems = list(check_titles(cast("Subject", subject)))
        assert {problem.severity for problem in problems} <= {"warning"}
        said = [f"{problem.where}: {problem.message}" for problem in problems]
        assert all(line.endswith(TYPED) for line in said)
        return [line.removeprefix("chapters/").removesuffix(TYPED) for line in said]

    return check


def test_a_typed_superlative_is_a_warning(warnings: Callable[..., list[str]]) -> None:
    """With the figure, its cell and the word."""
    assert warnings(FIGURE.format(title='"Surveys are the most common method"')) == [
        "claims.ipynb, cell 3: the title of fig-claim claims “most”"
    ]


def test_the_caption_of_a_cell_option_is_a_title(warnings: Callable[..., list[str]]) -> None:
    """As Quarto has it, in `#| fig-cap:`."""
    cell = (
        "#| label: fig-claim\n"
        '#| fig-cap: "Three methods, of which surveys are the commonest"\n'
        '#| fig-alt: "Bar chart of papers by method."\n'
        "import matplotlib.pyplot as plt\n"
        "_ = plt.plot([1, 2])"
    )
    assert warnings(cell) == [
        "claims.ipynb, cell 3: the fig-cap of fig-claim claims “commonest” and “Three”"
    ]


@pytest.mark.parametrize(
    ("before", "title", "words"),
    [
        ("", 'f"{n} papers and 13 methods"', "“13”"),
        ("", 'f"{counts.idxmax()} have the most papers"', "“most”"),
        ("", 'md("The *most* common method is surveys")', "“most”"),
        ("", '"{} of 25 papers".format(n)', "“25”"),
        ("", '"%s have most papers" % counts.idxmax()', "“most”"),
        ("", '"Surveys " + "lead: the highest number"', "“highest”"),
        ('HEAD = "Surveys have the most papers"', "HEAD", "“most”"),
        ('def head():\n    return f"{counts.idxmax()} have the fewest"', "head()", "“fewest”"),
        ("top = counts.idxmax()", 'f"{top} have the most papers"', "“most”"),
        ("top = rank(counts).most", 'f"{top} have the most of 25 papers"', "“25”"),
    ],
)
def test_whatever_way_a_title_is_written(
    before: str, title: str, words: str, warnings: Callable[..., list[str]]
) -> None:
    """In f-strings, joined, formatted, marked as Markdown, kept in a name or a function."""
    cell = f"{before}\n{FIGURE.format(title=title)}"
    assert warnings(cell) == [f"claims.ipynb, cell 3: the title of fig-claim claims {words}"]


@pytest.mark.parametrize(
    ("before", "title"),
    [
        ("top = rank(counts).most", "f\"{top} {top.verb('has', 'have')} the most papers\""),
        ("", 'f"{rank(counts).most} have the most papers, {rank(counts).most.number}"'),
        ("papers = rank(counts)\ntop, low = papers.most, papers.fewest", 'f"{low}: the fewest"'),
        ("", 'f"Most papers, {Share(3, n)}, use a method"'),
        ("", '"Surveys have the most papers" if counts.iloc[0] > counts.iloc[1] else "A tie"'),
        ("", "f\"{words(n, 'paper')} use a survey or an interview\""),
        (
            "def head():\n    top = rank(counts).most\n    return f'{top} have the most papers'",
            "head()",
        ),
        ("", '"Methods of data collection, 2012 to 2022"'),
    ],
)
def test_what_is_made_from_the_data_is_no_warning(
    before: str, title: str, warnings: Callable[..., list[str]]
) -> None:
    """A ranking knows its ties; a condition chooses; a number is computed."""
    assert warnings(f"{before}\n{FIGURE.format(title=title)}") == []


def test_captions_of_tables_and_subtitles_are_titles_too(
    warnings: Callable[..., list[str]],
) -> None:
    """And so are those in a dictionary of options."""
    table = 'review.table(counts.rename_axis("M").reset_index(), id="tbl-claim", **OPTIONS)'
    figure = FIGURE.format(title='"Methods"').replace("Papers by", "Number of 87 papers by")
    cell = 'OPTIONS = {"caption": "The two largest methods"}\n' + table
    assert warnings(figure, cell) == [
        "claims.ipynb, cell 3: the subtitle of fig-claim claims “87”",
        "claims.ipynb, cell 4: the caption of tbl-claim claims “largest” and “two”",
    ]


def test_the_warning_can_be_turned_off(warnings: Callable[..., list[str]]) -> None:
    """By a setting, for a review of other habits."""
    cell = FIGURE.format(title='"Surveys are the most common method"')
    assert warnings(cell, wanted=False) == []


def test_code_in_a_text_file_is_read_too(warnings: Callable[..., list[str]]) -> None:
    """With the line at which its cell begins."""
    text = "# A\n\n```{python}\n#| label: fig-a\n#| fig-cap: The most papers\nplot()\n```\n"
    assert warnings(text=text) == ["claims.qmd, line 4: the fig-cap of fig-a claims “most”"]


def test_code_that_is_no_python_is_passed_over(warnings: Callable[..., list[str]]) -> None:
    """A line for IPython is not read, and what cannot be read is for the kernel to refuse."""
    title = FIGURE.format(title='"Surveys have the most papers"')
    assert len(warnings(f"%matplotlib inline\n{title}", "def (")) == 1


@pytest.mark.parametrize("folder", ["chapters", "src/reviewpress/template/chapters"])
def test_the_flagship_and_the_template_have_no_typed_claim(folder: str) -> None:
    """In no title, subtitle or caption of any notebook."""
    pages = [
        SimpleNamespace(chapter=Chapter(path.relative_to(ROOT).as_posix()))
        for path in sorted((ROOT / folder).glob("*.ipynb"))
    ]
    config = SimpleNamespace(root=ROOT, lang="en", settings=SimpleNamespace(typed_claims=True))
    subject = subject_of(config, pages)
    assert len(pages) > 5
    assert list(check_titles(cast("Subject", subject))) == []


def test_a_build_says_it(project: Any, reviewpress: Callable[..., Any]) -> None:
    """As a warning that fails nothing, and that can be acknowledged by the figure's id."""
    root = project("typed-claim")
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 0
    assert f"the title of fig-papers claims “most”{TYPED}" in outcome.stderr
    entry = "acknowledged:\n- rule: typed-claim\n  place: fig-papers\n  reason: It is so.\n"
    (root / "data/acknowledged.yml").write_text(entry, "utf-8")
    assert "typed by hand" not in reviewpress("check", cwd=root).stderr
