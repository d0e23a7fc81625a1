"""Chapters executed in real kernels."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import Config, load_config
from reviewpress.errors import ConfigError, Problems, SetupError
from reviewpress.notebooks import ChapterEvent, Run, execute_chapters
from reviewpress.notebooks.environment import shared_environment
from reviewpress.speed import forkservers as parents
from reviewpress.store.versions import PACKAGE

Cells = list[tuple[str, str]]
TITLE = ("markdown", "# A {#sec-a}\n")


def notebook(cells: Cells) -> str:
    made: list[dict[str, Any]] = []
    for number, (kind, source) in enumerate(cells):
        tags = {"tags": ["parameters"]} if kind == "parameters" else {}
        cell: dict[str, Any] = {
            "cell_type": "markdown" if kind == "markdown" else "code",
            "id": f"c{number}",
            "metadata": tags,
            "source": source.splitlines(keepends=True),
        }
        if kind != "markdown":
            cell |= {"execution_count": None, "outputs": []}
        made.append(cell)
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def write_review(root: Path, **chapters: Cells) -> Config:
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    names = [f"chapters/{name}.ipynb" for name in chapters]
    for name, cells in chapters.items():
        (root / f"chapters/{name}.ipynb").write_text(notebook(cells), encoding="utf-8")
    (root / "_quarto.yml").write_text(
        f"project: {{type: book}}\nbook: {{title: T, chapters: {json.dumps(names)}}}\n",
        encoding="utf-8",
    )
    return load_config(root)


def execute(config: Config, **options: Any) -> dict[str, Run]:
    chapters = [Path(chapter.path) for chapter in config.chapters]
    runs = execute_chapters(config, chapters, **{"edition": "report", **options})
    return {path.stem: run for path, run in runs.items()}


def fails(config: Config, **options: Any) -> list[str]:
    with pytest.raises(Problems) as caught:
        execute(config, **options)
    return [str(problem) for problem in caught.value.problems]


WHOLE: Cells = [
    TITLE,
    ("parameters", 'section = "Processes"\nregions = []\nedition = "report"'),
    ("code", "import sys, os\nfrom IPython.display import Markdown\nn = 3"),
    ("markdown", 'There are `{python} n` in `{python} "*" + section`.'),
    ("code", "n = 4"),
    ("markdown", "Now there are `{python} n`; `` `{python} no` ``.\n"),
    ("code", 'Markdown("**shown** in " + os.path.basename(os.getcwd()))'),
    ("code", 'print("aside")\nopen("../extra.txt").read();'),
    ("code", "from reviewpress.figures import figure, table"),
    (
        "code",
        "from matplotlib.figure import Figure\nfig = Figure()\nfig.subplots().plot([1, n])\n"
        'figure(fig, id="fig-a", title="T", subtitle="S", alt="A line.", data={"a": 1})',
    ),
    ("code", 'table({"a": ["x|y"], "b": [1.0]}, id="tbl-a", caption="C")'),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Run, list[ChapterEvent]]:
    root = tmp_path_factory.mktemp("review")
    (root / "extra.txt").write_text("x", encoding="utf-8")
    config = write_review(root, a=WHOLE)
    events: list[ChapterEvent] = []
    return config, execute(config, progress=events.append)["a"], events


def test_values_are_computed_in_order(whole: tuple[Config, Run, Any]) -> None:
    """A value sees what the cells above it did, and no more; its result is escaped."""
    _, run, _ = whole
    assert (
        '[3]{.value expr="n" of="a-1"} in [\\*Processes]{.value expr="\\"*\\" + section" of="a-2"}.'
        in run.markdown
    )
    assert 'Now there are [4]{.value expr="n" of="a-3"}; `` `{python} no` ``.' in run.markdown
    assert [(v.expression, v.result, v.cell) for v in run.values] == [
        ("n", "3", 4),
        ('"*" + section', "*Processes", 4),
        ("n", "4", 6),
    ]


def test_outputs_stand_in_the_chapter(whole: tuple[Config, Run, Any]) -> None:
    """Code is hidden; the kernel works in the chapter's folder, as in Quarto."""
    _, run, _ = whole
    assert "**shown** in chapters" in run.markdown
    assert "import" not in run.markdown
    assert "![**T.**\\\nS.](../figures/fig-a.svg){#fig-a" in run.markdown
    assert ": C {#tbl-a .rp-table row-headers=1 data=../figures/tbl-a.csv}" in run.markdown


def test_the_run_owns_its_figures(whole: tuple[Config, Run, Any]) -> None:
    """Every file stands in the run's folder."""
    config, run, _ = whole
    assert [path.name for path in run.figures["fig-a"]] == [
        "fig-a-titled.png", "fig-a-titled.svg", "fig-a.alt.txt", "fig-a.csv", "fig-a.png",
        "fig-a.svg",
    ]  # fmt: skip
    assert all(path.is_relative_to(run.folder) for path in run.figures["fig-a"])
    assert run.folder.parent.parent == config.store / "runs"
    assert run.folder.name == run.identity


def test_the_author_is_warned(whole: tuple[Config, Run, Any]) -> None:
    """Of printed text that is lost, and of a file opened past the review."""
    _, run, _ = whole
    assert [str(warning) for warning in run.warnings] == [
        "chapters/a.ipynb, cell 8: what the cell prints is not published: aside Publish it with "
        "review.table(…) or `#| output: asis`, or take the print out.",
        "chapters/a.ipynb, cell 8: the cell opens extra.txt past the review. "
        'Open it through review.path("extra.txt").',
    ]
    assert "extra.txt" in dict(run.reads)


def test_progress_is_told_cell_by_cell(whole: tuple[Config, Run, list[ChapterEvent]]) -> None:
    """From started to finished, with the seconds since."""
    _, _, events = whole
    assert [event.kind for event in events] == ["started", *["cell"] * len(WHOLE), "finished"]
    assert [event.cell for event in events[1:-1]] == list(range(1, len(WHOLE) + 1))
    assert [event.seconds for event in events] == sorted(event.seconds for event in events)


def test_the_source_is_never_written(whole: tuple[Config, Run, Any]) -> None:
    """Outputs go into the store alone."""
    config, _, _ = whole
    source = config.root / "chapters/a.ipynb"
    assert source.read_text(encoding="utf-8") == notebook(WHOLE)


def test_nothing_of_the_machine_is_kept(whole: tuple[Config, Run, Any]) -> None:
    """No path, no time, no user: neither in the run's text nor in its figures."""
    config, run, _ = whole
    texts = [run.markdown, json.dumps(run.notebook)]
    texts += [p.read_text("utf-8") for p in run.figures["fig-a"] if p.suffix != ".png"]
    texts.append((run.folder / "run.json").read_text("utf-8"))
    for text in texts:
        assert str(config.root) not in text
        assert time.strftime("%Y-%m-%d") not in text


def test_a_second_build_starts_no_kernel(whole: tuple[Config, Run, Any]) -> None:
    """Nor does one after the prose changed; the new prose has the old numbers."""
    config, run, _ = whole
    events: list[ChapterEvent] = []
    again = execute(config, progress=events.append)["a"]
    assert [event.kind for event in events] == ["reused"]
    assert (again.identity, again.markdown, again.fresh) == (run.identity, run.markdown, False)
    source = config.root / "chapters/a.ipynb"
    changed = [*WHOLE]
    changed[3] = ("markdown", 'A few, `{python} n`, in `{python} "*" + section`!')
    source.write_text(notebook(changed), encoding="utf-8")
    try:
        prose = execute(config)["a"]
    finally:
        source.write_text(notebook(WHOLE), encoding="utf-8")
    assert prose.identity == run.identity
    assert 'A few, [3]{.value expr="n" of="a-1"}, in' in prose.markdown


def test_a_parameter_equal_to_the_default_changes_nothing(
    whole: tuple[Config, Run, Any],
) -> None:
    """Nor does one that the chapter does not declare."""
    config, run, _ = whole
    given = {"section": "Processes", "regions": (), "unheard_of": 1}
    assert execute(config, parameters=given)["a"].identity == run.identity


def test_parameters_are_injected(tmp_path: Path) -> None:
    """With the edition; cells keep their author's numbers, and a text becomes a list of one."""
    config = write_review(
        tmp_path,
        a=[
            ("parameters", 'section = "A"\nregions = []\nedition = ""'),
            ("markdown", '`{python} section` `{python} edition` `{python} ", ".join(regions)`'),
            ("code", "1 / (1 if section == 'B' else 0);"),
        ],
    )
    run = execute(config, edition="summary", parameters={"section": "B", "regions": "Asia"})["a"]
    assert [value.result for value in run.values] == ["B", "summary", "Asia"]
    assert len(run.notebook["cells"]) == 3
    (problem,) = fails(config)
    assert problem.startswith("chapters/a.ipynb, cell 3, line 1: ZeroDivisionError")


@pytest.mark.parametrize(("default", "value"), [("1", "many"), ("True", "yes"), ("0.5", [1])])
def test_a_parameter_of_the_wrong_kind_is_refused(tmp_path: Path, default: str, value: Any) -> None:
    """Before any kernel starts."""
    config = write_review(tmp_path, a=[("parameters", f"limit = {default}")])
    with pytest.raises((ConfigError, Problems), match="parameter limit takes"):
        execute(config, parameters={"limit": value})


def test_what_failed_in_every_chapter_is_told_together(tmp_path: Path) -> None:
    """In the order of the chapters, each with cell, line or expression."""
    config = write_review(
        tmp_path,
        raises=[TITLE, ("code", 'x = 1\nint("a")')],
        values=[("code", "count = [1]"), ("markdown", "`{python} count` `{python} cuont`")],
        dies=[("code", "x = 1"), ("code", "import os\nos._exit(3)")],
        html=[("code", "from IPython.display import HTML\nHTML('<script>1</script>')")],
        bare=[
            ("code", "from reviewpress.figures import figure"),
            ("code", 'figure(None, id="fig-x", title="T", subtitle="S", data={"a": 1})'),
        ],
        fine=[("markdown", "`{python} 1`")],
        unread=[],
    )
    (tmp_path / "chapters/unread.ipynb").write_text("{", encoding="utf-8")
    assert fails(config) == [
        "chapters/raises.ipynb, cell 2, line 2: ValueError: invalid literal for int() with base "
        "10: 'a' The line is: int(\"a\")",
        "chapters/values.ipynb, cell 2, `count`: the expression gives a list. A value in a "
        'sentence is a number or a text; `words(…)` or `", ".join(…)` makes one.',
        "chapters/values.ipynb, cell 2, `cuont`: NameError: name 'cuont' is not defined "
        'Did you mean "count"?',
        "chapters/dies.ipynb, cell 2: the kernel died. Look for os._exit, a crash of a compiled "
        "package, or memory running out.",
        "chapters/html.ipynb, cell 1: the cell shows HTML with `<script>`, which the PDF and Word "
        "cannot hold. Show a table, words, or a picture of it; or hide what the cell shows.",
        "chapters/bare.ipynb, cell 2, line 1: fig-x is a NoneType, not a matplotlib figure. Give "
        "it the figure that review.charts.… or plt.figure() returns.",
        "chapters/bare.ipynb, cell 2, line 1: fig-x has no alt. A text alternative says what the "
        "figure says, with its numbers.",
        "chapters/unread.ipynb, line 1: the file is not a notebook: Expecting property name "
        "enclosed in double quotes. A merge, or an edit of the file as text, left it so: mend that "
        "line, or restore it.",
    ]
    assert not list((config.store / "tmp").iterdir())
    assert len(list((config.store / "runs").glob("*/*"))) == 1


FRAME = "import pandas\npandas.DataFrame({'a': [1]})"
DRAW = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 2))\nplt.plot([1, 2]);"


def test_quartos_cell_options_publish_figures_and_tables(tmp_path: Path) -> None:
    """`#| label` with fig-cap and fig-alt, or tbl-cap, as in any Quarto notebook."""
    config = write_review(
        tmp_path,
        a=[
            ("code", f'#| label: fig-q\n#| fig-cap: "A *line*"\n#| fig-alt: It rises.\n{DRAW}'),
            (
                "code",
                f"#| label: tbl-q\n#| tbl-cap: Numbers\n{FRAME}",
            ),
            ("code", "#| label: other\nx = 1;"),
            ("code", DRAW),
        ],
    )
    run = execute(config)["a"]
    assert run.markdown == (
        "![A *line*](../figures/fig-q.svg){#fig-q width=33% size=192x192 "
        'fig-alt="It rises."}\n\n'
        "| a |\n| :--- |\n| 1 |\n\n"
        ": Numbers {#tbl-q .rp-table row-headers=1 data=../figures/tbl-q.csv}\n"
    )
    names = ["fig-q-titled.png", "fig-q-titled.svg", "fig-q.alt.txt", "fig-q.png", "fig-q.svg"]
    assert sorted(path.name for path in run.figures["fig-q"]) == names
    assert [warning.message for warning in run.warnings] == [
        "the cell draws a figure that the chapter does not publish."
    ]


def test_quartos_cell_options_need_their_texts(tmp_path: Path) -> None:
    """No alternative text, no figure; no caption, no table."""
    config = write_review(
        tmp_path,
        a=[
            ("code", f"#| label: fig-q\n#| fig-cap: A line\n{DRAW}"),
            ("code", "#| label: fig-r\n#| fig-cap: A\n#| fig-alt: B\n1;"),
            ("code", f"#| label: tbl-q\n{FRAME}"),
            ("code", f"#| label: tbl-r\n#| tbl-cap: C\n{FRAME};"),
        ],
    )
    assert [problem.partition(" Say")[0].partition(" Give")[0] for problem in fails(config)] == [
        "chapters/a.ipynb, cell 1: fig-q has no fig-alt.",
        "chapters/a.ipynb, cell 2: fig-r shows no figure. Draw one with matplotlib, or end the "
        "cell with what is one.",
        "chapters/a.ipynb, cell 3: tbl-q has no caption.",
        "chapters/a.ipynb, cell 4: tbl-r shows no table. End the cell with a DataFrame.",
    ]


def test_cells_of_quartos_authors_do_what_they_say(tmp_path: Path) -> None:
    """Not to be run, with `%matplotlib inline`, and with Markdown under the label of a table."""
    cells = [
        TITLE,
        ("code", "#| eval: false\n1 / 0"),
        ("code", "%matplotlib inline\nimport matplotlib.pyplot as plt"),
        ("code", "#| label: fig-x\n#| fig-cap: Cap\n#| fig-alt: Alt\nplt.plot([1, 2]);"),
        (
            "code",
            "#| label: tbl-x\n#| tbl-cap: Told\nfrom IPython.display import Markdown\n"
            "Markdown('| a |\\n|---|\\n| 1 |')",
        ),
    ]
    run = execute(write_review(tmp_path, a=cells))["a"]
    assert "::: {#tbl-x}\n\n| a |\n|---|\n| 1 |\n\nTold\n\n:::" in run.markdown
    assert "#fig-x" in run.markdown


@pytest.mark.parametrize(
    "allowed", ["#| error: true\n1 / 0", "#| tags: [raises-exception]\n#| echo: true\n1 / 0"]
)
def test_a_cell_that_may_fail_shows_its_error(tmp_path: Path, allowed: str) -> None:
    """As in Quarto and in Jupyter: the cells below go on; without it, the build ends."""
    cells = [TITLE, ("code", allowed), ("markdown", "It is `{python} 1 + 1`.")]
    run = execute(write_review(tmp_path, a=cells))["a"]
    assert "```\nZeroDivisionError: division by zero\n```" in run.markdown
    assert "[2]{.value" in run.markdown
    config = write_review(tmp_path / "b", a=[TITLE, ("code", "#| error: false\n1 / 0")])
    assert "division by zero" in fails(config)[0]


PLOTS = {
    "opened": "plt.figure()\nplt.plot([1, 2])\nplt.figure()\nplt.plot([2, 1]);",
    "shown": "plt.plot([1, 2])\nplt.show()\nplt.plot([2, 1])\nplt.show()",
    "shown by name": (
        "fig, ax = plt.subplots()\nplt.show(fig)\nfig, ax = plt.subplots()\nfig.show()"
    ),
}


@pytest.mark.parametrize("name", list(PLOTS))
def test_two_figures_under_one_label_are_parts_of_one(tmp_path: Path, name: str) -> None:
    """Whether the cell opens them, or shows one after the other, as in Jupyter."""
    options = (
        "#| label: fig-x\n#| fig-cap: Cap\n#| fig-subcap: [A, 'B [0, 1)']\n#| fig-alt: [One, Two]\n"
        "import matplotlib.pyplot as plt\n"
    )
    run = execute(write_review(tmp_path, a=[TITLE, ("code", options + PLOTS[name])]))["a"]
    assert [*run.figures] == ["fig-x-1", "fig-x-2"]
    found = re.findall(
        r"!\[(.*)\]\(\.\./figures/(fig-x-.)\.svg\)\{#(fig-x-.) .*=\"(.*)\"\}", run.markdown
    )
    first, second = ("A", "fig-x-1", "fig-x-1", "One"), ("B \\[0, 1)", "fig-x-2", "fig-x-2", "Two")
    assert found == [first, second]
    assert run.markdown.strip().startswith("# A {#sec-a}\n\n::: {#fig-x layout-ncol=2}")
    assert run.markdown.strip().endswith("\n\nCap\n\n:::")
    assert run.warnings == ()


DISPLAY = "from IPython.display import *\n"
PICTURE = "Image(data=__import__('base64').b64decode('iVBORw0KGgo='), format='png')"
SPANNED = "<table><tr><td rowspan=2>CELL</td><td>1</td></tr><tr><td>2</td></tr></table>"
SHOWN = {
    "a picture": ("#| label: fig-x\n#| fig-alt: A\n", f"display({PICTURE})", "fig-x.png){#fig-x "),
    "a table in HTML": ("#| label: tbl-x\n#| tbl-cap: Told\n",
                        f"HTML('{SPANNED}')",
                        "CELL"),
    "a frame displayed": ("#| label: tbl-x\n#| tbl-cap: Told\n",
                          "import pandas\ndisplay(pandas.DataFrame({'a': ['CELL']}))", "CELL"),
    "printed text": ("#| label: tbl-x\n#| tbl-cap: Told\n#| output: asis\n",
                     "print('| a |\\n|---|\\n| CELL |')", "| CELL |"),
    "a table without a label": ("#| tbl-cap: Told *so*\n", f"HTML('{SPANNED}')",
                                "\n\n: Told *so*"),
    "two tables": ("#| label: tbl-x\n#| tbl-cap: Told\n#| tbl-subcap: [First, Second]\n",
                   "for each in 'ab':\n    display(Markdown(f'| {each} |\\n|---|\\n| CELL |'))",
                   "::: {#tbl-x-2}\n\n| b |\n|---|\n| CELL |\n\nSecond\n\n:::"),
    "a picture as a table": ("#| label: tbl-x\n#| tbl-cap: Told\n#| fig-alt: A\n",
                             f"display({PICTURE})", "tbl-x-1.png"),
    "a figure without a label": ("#| fig-alt: A\n", f"display({PICTURE})",
                                 "fig-cell-2.png){fig-alt"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(SHOWN))
def test_what_a_cell_shows_gets_the_label_and_caption_of_its_options(
    tmp_path: Path, name: str
) -> None:
    """Whatever way it is shown."""
    options, code, expected = SHOWN[name]
    run = execute(write_review(tmp_path, a=[TITLE, ("code", f"{options}{DISPLAY}{code}")]))["a"]
    assert expected in run.markdown
    if "Told" in options:
        assert run.markdown.count("Told") == 1
    assert run.warnings == ()


ORDINARY = {
    "a frame": ("import pandas as pd\npd.DataFrame({'Design': ['CELL'], 'Share': [0.25]})",
                "| CELL | 0\\.25 |\n\n: {.rp-table row-headers=1}"),
    "a series": ("import pandas as pd\npd.Series({'CELL': 3}, name='Papers')", "| CELL | 3 |"),
    "a frame displayed": ("import pandas\ndisplay(pandas.DataFrame({'a': ['CELL']}))",
                          "| CELL |\n\n: {.rp-table"),
    "a table with a caption": ("HTML('<table><caption>Told</caption><tr><th>a</th></tr>"
                               "<tr><td>CELL</td></tr></table>')", ": Told {.rp-table"),
    "an SVG that says what it shows": (
        "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">"
        "<title>Box</title><desc>In a corner</desc></svg>')",
        'fig-cell-2.svg){fig-alt="Box: In a corner"}'),
    "a figure with a caption": ("#| fig-cap: Told *so*\nimport matplotlib.pyplot as plt\n"
                                "plt.plot([1, 2])\nplt.show()",
                                '![Told *so*](../figures/fig-cell-2.svg){'),
}  # fmt: skip


@pytest.mark.parametrize("name", list(ORDINARY))
def test_ordinary_output_is_published_without_a_number(tmp_path: Path, name: str) -> None:
    """A table that is one, and a picture that says what it shows, need no label."""
    code, expected = ORDINARY[name]
    source = code if code.startswith("#| ") else f"{DISPLAY}{code}"
    run = execute(write_review(tmp_path, a=[TITLE, ("code", source)]))["a"]
    assert expected in re.sub(r" +", " ", run.markdown)
    # What a cell ends in may be there for its author alone.
    frames = ("a frame", "a series", "a frame displayed")
    asked = ["the cell shows a frame"] if name in frames else []
    assert [each.message[:22] for each in run.warnings] == asked
    assert "{#" not in run.markdown.split("\n", 2)[2]


TOO_MUCH = {
    "import pandas as pd\npd.DataFrame({'a': range(100)})": "a frame of 100 rows and 1 columns",
    "import pandas as pd\npd.DataFrame({'a': []})": "the frame that the cell shows is empty",
    "import pandas as pd\ndisplay(pd.DataFrame({'a': range(100)}))": "100 rows and 1 columns, of",
}


@pytest.mark.parametrize("code", list(TOO_MUCH))
def test_ordinary_output_that_would_lose_something_is_told(tmp_path: Path, code: str) -> None:
    """With the chapter and the cell."""
    [problem] = fails(write_review(tmp_path, a=[TITLE, ("code", f"{DISPLAY}{code}")]))
    assert "chapters/a.ipynb, cell 2" in problem
    assert TOO_MUCH[code] in problem


NOT_SHOWN = {
    "display(Latex(r'\\foo{x}'))": "cell 2: the cell shows LaTeX that has no meaning",
    "Javascript('1')": "cell 2: the cell shows JavaScript",
    "display({'application/x+json': {}}, raw=True)": "cell 2: the cell shows application/x+json",
    "display({'text/x': 1}, raw=True)": "cell 2: the cell displays what no notebook can hold",
    "IFrame('x', 1, 1)": "cell 2: the cell shows HTML",
    "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()": "a picture that has no alt text.",
    PICTURE: "cell 2: the cell shows a picture that has no alt text.",
    "%matplotlib widget\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()":
        "a picture that has no alt text.",
}  # fmt: skip


@pytest.mark.parametrize("code", list(NOT_SHOWN))
def test_what_cannot_be_published_is_told_with_its_cell(tmp_path: Path, code: str) -> None:
    """Never with the words of other programs, or published as an object of Python."""
    [told] = fails(write_review(tmp_path, a=[TITLE, ("code", DISPLAY + code)]))
    assert NOT_SHOWN[code] in told


def test_a_table_that_pandoc_cannot_read_is_told_with_its_cell(tmp_path: Path) -> None:
    """What is wrong with the HTML of a labelled table has the chapter and the cell."""
    code = "#| label: tbl-x\n#| tbl-cap: A table\ndisplay(HTML('<table>' + '<div>' * 300))"
    [told] = fails(write_review(tmp_path, a=[TITLE, ("code", DISPLAY), ("code", code)]))
    assert "a.ipynb, cell 3: more than 40 elements of the HTML are nested." in told


def test_a_figure_that_is_shown_and_published_stands_once(tmp_path: Path) -> None:
    """Also where a later cell publishes it."""
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()"
    publish = (
        "import pandas\nfrom reviewpress.figures import figure\nfigure(fig, id='fig-x', title='T', "
        "subtitle='S', alt='A', data=pandas.DataFrame({'a': [1]}))"
    )
    run = execute(write_review(tmp_path, a=[TITLE, ("code", draw), ("code", publish)]))["a"]
    assert run.markdown.count("fig-x.svg") == 1
    assert run.warnings == ()


@pytest.mark.parametrize("switch", ["0", "1"])
def test_a_crash_says_what_crashed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    """As far as Python can tell: a segmentation fault is not the author's doing."""
    monkeypatch.setenv("REVIEWPRESS_FORK", switch)
    parents.start_forkserver(shared_environment())
    config = write_review(tmp_path, a=[("code", "import ctypes\nctypes.string_at(0)")])
    (problem,) = fails(config)
    assert problem.startswith("chapters/a.ipynb, cell 1: the kernel died (Segmentation fault).")


def test_one_id_in_two_chapters_is_a_problem(tmp_path: Path) -> None:
    """Their files would overwrite each other."""
    cells: Cells = [WHOLE[2], *WHOLE[8:10]]
    config = write_review(tmp_path, a=cells, b=[TITLE, *cells])
    assert fails(config) == [
        "chapters/b.ipynb: fig-a is published by a.ipynb too. Give one another id."
    ]


def test_a_changed_file_runs_only_the_chapters_that_read_it(tmp_path: Path) -> None:
    """Also where a file appears that a chapter looked for in vain."""
    reader = "import pathlib\np = pathlib.Path('../{}.txt')\nn = p.exists() and p.open().read();"
    config = write_review(
        tmp_path,
        one=[("code", reader.format("one"))],
        two=[("code", "try:\n    open('../two.txt')\nexcept OSError:\n    pass")],
    )
    (tmp_path / "one.txt").write_text("1", encoding="utf-8")
    execute(config)
    (tmp_path / "one.txt").write_text("2", encoding="utf-8")
    assert {name: run.fresh for name, run in execute(config).items()} == {
        "one": True,
        "two": False,
    }
    (tmp_path / "two.txt").write_text("1", encoding="utf-8")
    assert {name: run.fresh for name, run in execute(config).items()} == {
        "one": False,
        "two": True,
    }


def test_a_changed_module_of_the_review_is_noticed(tmp_path: Path) -> None:
    """A chapter may import a Python file that stands beside it."""
    config = write_review(
        tmp_path, a=[("code", "import beside"), ("markdown", "`{python} beside.n`")]
    )
    module = tmp_path / "chapters/beside.py"
    module.write_text("n = 1\n", encoding="utf-8")
    assert execute(config)["a"].values[0].result == "1"
    module.write_text("n = 22\n", encoding="utf-8")
    assert execute(config)["a"].values[0].result == "22"


def test_forked_and_ordinary_kernels_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte: text, values and figures.

    A forked kernel depends on more modules, all those that its parent has imported.
    """
    state: Cells = [
        (
            "code",
            "import sys, os, threading, random, matplotlib\n"
            "clean = (sys.argv[0][-20:], os.environ['MPLBACKEND'], threading.active_count() < 20,\n"
            "         os.environ.get('REVIEWPRESS_FORK'), sys.path[:1], matplotlib.get_backend(),\n"
            "         hash('a'), len(os.environ['REVIEWPRESS_RUN_DIR']) > 1, __name__)",
        ),
        ("markdown", "`{python} repr(clean)`"),
    ]
    results = []
    for switch in ("1", "0"):
        monkeypatch.setenv("REVIEWPRESS_FORK", switch)
        assert bool(parents.start_forkserver(shared_environment())) == (switch == "1")
        config = write_review(tmp_path / switch, a=WHOLE, state=state)
        (config.root / "extra.txt").write_text("x", encoding="utf-8")
        runs = execute(config)
        files = [p.read_bytes() for p in runs["a"].figures["fig-a"]]
        results.append([(r.markdown, r.notebook) for r in runs.values()] + files)
    assert results[0] == results[1]


def test_forked_kernels_have_random_numbers_of_their_own(tmp_path: Path) -> None:
    """Two kernels of one parent must not draw the same."""
    parents.start_forkserver(shared_environment())
    draw: Cells = [
        ("code", "import random, numpy\nn = [random.random(), numpy.random.random()]"),
        ("markdown", "`{python} repr(n[0])` `{python} repr(n[1])`"),
    ]
    config = write_review(tmp_path, a=draw, b=[TITLE, *draw])
    drawn = [value.result for run in execute(config).values() for value in run.values]
    assert len(set(drawn)) == 4


def test_without_a_kernel_nothing_can_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setup error says what to install."""
    monkeypatch.setattr("reviewpress.notebooks.kernels.find_spec", lambda name: None)
    config = write_review(tmp_path, a=[("code", "1;")])
    with pytest.raises(SetupError, match="ipykernel is not installed"):
        execute(config)


def test_a_store_that_cannot_be_written_is_a_setup_error(tmp_path: Path) -> None:
    """And not a problem of each chapter."""
    config = write_review(tmp_path, a=[("code", "1;")], b=[("code", "2;")])
    config.store.write_text("", encoding="utf-8")
    with pytest.raises(SetupError):
        execute(config)


def start(config: Config) -> "subprocess.Popen[str]":
    """Start another process that executes the chapters of a review."""
    code = (
        "import sys, pathlib\n"
        "from reviewpress.config import load_config\n"
        "from reviewpress.notebooks import execute_chapters\n"
        "config = load_config(pathlib.Path(sys.argv[1]))\n"
        "paths = [pathlib.Path(chapter.path) for chapter in config.chapters]\n"
        "runs = execute_chapters(config, paths, edition='report',\n"
        "                        progress=lambda event: print(event.kind, flush=True))\n"
        "print(*[run.identity for run in runs.values()])\n"
    )
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.Popen(
        [sys.executable, "-c", code, str(config.root)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(condition: Callable[[], Any], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGKILL, id="killed outright")]
)
def test_an_interrupted_build_leaves_no_kernel_and_no_half_run(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C ends the kernels at once; they notice by themselves when the build is killed."""
    slow = "import os, time\nopen('../pid', 'w').write(str(os.getpid()))\ntime.sleep(120)"
    config = write_review(tmp_path, a=[("code", slow)])
    press = start(config)
    pid = tmp_path / "pid"
    wait_for(lambda: pid.exists() and pid.read_text("utf-8"))
    press.send_signal(number)
    _, errors = press.communicate(timeout=30)
    kernel = int(pid.read_text("utf-8"))
    wait_for(lambda: is_gone(kernel), 10)
    assert press.returncode != 0
    assert not (config.store / "runs").exists()
    if number == signal.SIGINT:
        assert errors.rstrip().endswith("KeyboardInterrupt")
        assert not list((config.store / "tmp").iterdir())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_cell_started_ends_with_the_build(tmp_path: Path, number: signal.Signals) -> None:
    """A program that a cell waits for does not go on alone when the build is killed."""
    code = (
        "import subprocess, sys\n"
        "program = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)'])\n"
        "open('../pid', 'w').write(str(program.pid))\n"
        "program.wait()"
    )
    press = start(write_review(tmp_path, a=[("code", code)]))
    pid = tmp_path / "pid"
    wait_for(lambda: pid.exists() and pid.read_text("utf-8"))
    press.send_signal(number)
    press.communicate(timeout=30)
    wait_for(lambda: is_gone(int(pid.read_text("utf-8"))), 10)


def test_two_builds_at_once_share_the_store(tmp_path: Path) -> None:
    """Both finish, and there is one run."""
    config = write_review(tmp_path, a=[("code", "import time\ntime.sleep(0.5);")])
    builds = [start(config), start(config)]
    said = [build.communicate(timeout=90) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    identities = {out.split()[-1] for out, _ in said}
    assert identities == {path.name for path in (config.store / "runs").glob("*/*")}
    shutil.rmtree(config.store)
