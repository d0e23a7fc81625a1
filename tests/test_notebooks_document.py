"""A notebook's file: whatever is in it, it is read whole or told what is wrong, cell by cell."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import ReportError
from reviewpress.notebooks.document import parse_document
from reviewpress.notebooks.source import read_notebook
from reviewpress.tidy import tidy_file

CODE: dict[str, Any] = {
    "cell_type": "code", "execution_count": None, "id": "a", "metadata": {"tags": ["parameters"]},
    "outputs": [], "source": ["x = 1\n", "x"],
}  # fmt: skip
TEXT: dict[str, Any] = {
    "cell_type": "markdown", "id": "b", "metadata": {"tags": []}, "source": "# One",
    "attachments": {"a.png": {"image/png": "iVBORw0KGgo="}},
}  # fmt: skip
NOTEBOOK: dict[str, Any] = {
    "cells": [CODE, TEXT],
    "metadata": {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 10**30, 1.5, float("nan"), float("inf"), "", "zzz", "\ud800", [], [None],
    [5], ["\udfff"], [["x"]], {}, {"": 5}, {"a": {"b": []}},
)  # fmt: skip


def with_value(path: tuple[str | int, ...], value: Any) -> bytes:
    """Return a notebook's bytes with another value at a path; `...` takes the key away."""
    copied = json.loads(json.dumps(NOTEBOOK))
    at = copied
    for step in path[:-1]:
        at = at[step]
    if value is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(copied).encode()


def texts(content: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(content)["cells"]]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        found
        for step, inner in steps
        for found in [
            (*path, step),
            *(paths(inner, (*path, step)) if isinstance(inner, dict | list) else []),
        ]
    ]


@pytest.mark.parametrize("path", paths(NOTEBOOK), ids=lambda path: ".".join(map(str, path)))
def test_every_key_with_every_kind_of_wrong_value(path: Any, tmp_path: Path) -> None:
    """Reading and tidying end well or in a message; what is not tidied is as it was."""
    file = tmp_path / "x.ipynb"
    for value in (*WRONG, ...):
        content = with_value(path, value)
        file.write_bytes(content)
        with suppress(ReportError):
            read_notebook(file, tmp_path)
        try:
            tidy_file(file, tmp_path)
        except ReportError:
            assert file.read_bytes() == content
        else:
            assert texts(file.read_bytes()) == texts(content)


def nested(levels: int) -> list[Any]:
    """Return a list in a list, so many times."""
    found: list[Any] = []
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (with_value(("nbformat",), 3), "x: the file is of format 3, not a notebook of format 4."),
        (b'{"worksheets": [], "nbformat": 3}', "x: the file is of format 3"),
        (b'{"nbformat": 1%s}' % (b"0" * 400), "x: the file is a notebook of no known format"),
        (with_value(("nbformat",), "4"), "x: the file is a notebook of no known format"),
        (with_value(("nbformat_minor",), 10**30), "x: nbformat_minor takes a small whole number"),
        (with_value(("cells",), ...), "x: cells takes a list of cells, not nothing."),
        (with_value(("cells", 1), 7), "x, cell 2: the cell is the number 7, not keys"),
        (with_value(("cells", 1, "source"), ...), "x, cell 2: the cell has no source."),
        (with_value(("cells", 1, "source"), ["a", 5]), "x, cell 2: the source of the cell is a"),
        (
            with_value(("cells", 1, "source"), 10**400),
            "x, cell 2: the source of the cell is a number",
        ),
        (with_value(("nbformat_minor",), -(10**4000)), "x: nbformat_minor takes a small whole"),
        (with_value(("cells", 0, "source"), "\ud800"), "x, cell 1: the cell holds half a char"),
        (with_value(("cells", 0, "cell_type"), "html"), "x, cell 1: the cell is neither text nor"),
        (with_value(("metadata",), []), "x: metadata takes keys and values, not a list."),
        (b"[" * 100_000, "x: the file nests too deeply"),
        (with_value(("metadata",), {"x": nested(900)}), "x: the file nests too deeply"),
        (with_value(("cells", 1, "outputs"), nested(150)), "x: the file nests too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "x: a number in the file has too many digits."),
        (b'{"cells": [],\n"cells": []}', 'x, line 2: the key "cells" is given twice'),
        (b'{"cells": [],\n', "x, line 2: the file is not a notebook"),
        (b"\xff\xfe{", "x: the file is not UTF-8 (byte 1)."),
        (b"[]", "x: the file is not a notebook: it holds a list."),
    ],
)
def test_what_is_wrong_and_where(content: bytes, message: str) -> None:
    """The file is named, its cell, and its line where it is no JSON."""
    with pytest.raises(ReportError) as caught:
        parse_document(content, "x")
    assert str(caught.value).startswith(message)


def test_all_of_a_file_together() -> None:
    """Two cells that cannot be read are two problems."""
    cells = [5, {"cell_type": "code"}]
    with pytest.raises(ReportError) as caught:
        parse_document(json.dumps({"cells": cells, "nbformat": 4}).encode(), "x")
    assert [problem.where.cell for problem in caught.value.problems if problem.where] == [1, 2]


def test_nothing_is_lost_by_tidying(tmp_path: Path) -> None:
    """Unknown keys, digits of numbers, half characters and attachments survive."""
    content = json.dumps(NOTEBOOK).encode()
    content = content.replace(
        b'"language_info"', b'"own": {"x": 0.10, "h": "\\ud800"}, "language_info"'
    )
    content = content.replace(
        b'"id": "a"', b'"id": "a", "jupytext": {"n": 1e2}, "attachments": {"q": {}}'
    )
    content = content.replace(
        b'"nbformat": 4', b'"mine": [1.000, 123456789012345678901], "nbformat": 4'
    )
    file = tmp_path / "x.ipynb"
    file.write_bytes(b"\xef\xbb\xbf" + content)
    assert tidy_file(file, tmp_path)
    tidied = file.read_text("utf-8")
    long = "123456789012345678901"
    for kept in ('"x": 0.10', '"h": "\\ud800"', '"n": 1e2', '"q": {}', "1.000", long,
                 '"a.png"', "iVBORw0KGgo="):  # fmt: skip
        assert kept in tidied, kept
    assert not tidy_file(file, tmp_path)


@pytest.mark.parametrize("verb", ["check", "tidy", "render --engine pandoc"])
def test_each_verb_says_what_is_wrong(
    verb: str, project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """A chapter that is no notebook is a message of every verb, and stays as it was."""
    root = project()
    chapter = root / "chapters/findings.ipynb"
    document = json.loads(chapter.read_bytes())
    document["cells"].append({"cell_type": "code", "metadata": {}})
    chapter.write_text(json.dumps(document), "utf-8")
    before = chapter.read_bytes()
    outcome = reviewpress(verb, cwd=root)
    number = len(document["cells"])
    assert outcome.status == 1
    assert f"chapters/findings.ipynb, cell {number}: the cell has no source." in outcome.stderr
    assert chapter.read_bytes() == before
