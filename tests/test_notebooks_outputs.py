"""What cells display, as published Markdown."""

from typing import Any

import pytest

from reviewpress.notebooks.outputs import Displayed, error_shown, read_outputs
from reviewpress.notebooks.source import Cell, Notebook


def read(*outputs: dict[str, Any], **options: Any) -> Displayed:
    cell = Cell(3, "c", "code", "x", options=options)
    return read_outputs(cell, list(outputs), Notebook("chapters/a.ipynb", (cell,)))


def shown(**data: str) -> dict[str, Any]:
    names = {"markdown": "text/markdown", "html": "text/html", "plain": "text/plain"}
    named = {names.get(name, f"image/{name}"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def test_markdown_is_published_as_it_is() -> None:
    """A published figure or table, and IPython's Markdown, display Markdown."""
    result = read(shown(markdown="**a**", html="<b>a</b>", plain="a"))
    assert result == Displayed(("**a**",), ())


def test_an_error_that_may_be_is_shown() -> None:
    """Without places of memory, as a block of code."""
    shown_error = error_shown("ValueError", "not <x at 0x7f>")
    assert read(shown_error) == Displayed(("```\nValueError: not <x>\n```",), ())
    assert read(error_shown("KeyboardInterrupt", "")).markdown == ("```\nKeyboardInterrupt\n```",)


@pytest.mark.parametrize(
    ("output", "message", "hint"),
    [
        (shown(html="<table>", plain="  a"), "the cell shows HTML", "review.table(df"),
        (shown(png="aGk=", plain="<Figure>"), "a picture that has no alt text", "review.figure("),
    ],
)
def test_what_only_a_screen_can_show_is_refused(
    output: dict[str, Any], message: str, hint: str
) -> None:
    """A data frame's HTML or a bare picture is an error with the way to publish it."""
    (problem,) = read(output).problems
    assert problem.severity == "error"
    assert message in problem.message
    assert hint in problem.hint
    assert str(problem.where) == "chapters/a.ipynb, cell 3"


def test_a_plain_value_is_shown_as_code_with_a_warning() -> None:
    """Addresses in memory, which change from run to run, are left out."""
    result = read(shown(plain="<object at 0x7f00aa> ```x```"))
    assert result.markdown == ("````\n<object> ```x```\n````",)
    assert result.problems[0].severity == "warning"


def test_printed_text_is_not_published() -> None:
    """It is left out with a warning that quotes its first line."""
    result = read(printed("checking\nmore"))
    assert result.markdown == ()
    assert result.problems[0].message == "what the cell prints is not published: checking"


def test_printed_text_may_be_markdown() -> None:
    """The option `output: asis` publishes it, as in Quarto."""
    assert read(printed("**a**\n"), output="asis") == Displayed(("**a**\n",), ())


@pytest.mark.parametrize("options", [{"output": False}, {"include": False}])
def test_outputs_may_be_turned_off(options: dict[str, Any]) -> None:
    """The options `output: false` and `include: false` publish nothing."""
    assert read(shown(html="<table>"), **options) == Displayed((), ())


def test_a_warning_of_python_is_passed_on() -> None:
    """What a cell writes to standard error is a warning of the chapter."""
    result = read(printed("FutureWarning: old\n", "stderr"))
    assert [p.message for p in result.problems] == ["the cell warns: FutureWarning: old"]


@pytest.mark.parametrize("file", ["<>", "<unknown>", "/tmp/ipykernel_17/3562.py"])
def test_a_warning_of_a_cells_own_line_names_the_line(file: str) -> None:
    """A cell has no file: Python's name for it means nothing to an author, its line does."""
    result = read(printed(f"{file}:4: SyntaxWarning: old\n  a = 1if b else 2\n", "stderr"))
    assert [p.message for p in result.problems] == ["the cell warns in line 4: SyntaxWarning: old"]


@pytest.mark.parametrize(
    "file", ["/home/Jane Smith/env/lib/openpyxl/reader.py", r"C:\Users\jane\pandas\core.py"]
)
def test_a_warning_of_a_package_is_told_without_its_path(file: str) -> None:
    """What is wrong is in the message whole; where a package is installed helps nobody."""
    said = "UserWarning: Data Validation extension is not supported and will be removed (and more)"
    result = read(printed(f"{file}:329: {said}\n  warn(msg)\n", "stderr"))
    assert [p.message for p in result.problems] == [f"the cell warns: {said}"]


@pytest.mark.parametrize(
    "bar",
    [
        "\r  0%|          | 0/3 [00:00<?, ?it/s]\r100%|██████████| 3/3 [00:00<00:00, 9.2it/s]\n",
        "Reading: 40%|####      | 2/5 [00:01<00:02, 1.3it/s]",
        "\r7it [00:02, 3.1it/s]\n",
    ],
)
def test_bars_of_progress_are_no_warning(bar: str) -> None:
    """How far a loop has come, printed over and over, is left out; a warning beside it is kept."""
    assert read(printed(bar, "stderr")).problems == ()
    kept = read(printed(f"{bar}\nFutureWarning: old\n", "stderr"))
    assert [p.message for p in kept.problems] == ["the cell warns: FutureWarning: old"]
