"""The marks of a merge conflict, in every kind of file that people merge."""

from collections.abc import Callable
from pathlib import Path

import pytest
from chapters_made import write_chapters

from reviewpress.bibliography.bibtex import decode_bibliography
from reviewpress.errors import Problems, ReportError
from reviewpress.notebooks.document import parse_document
from reviewpress.pipeline import assemble_edition
from reviewpress.shapes import ANYTHING
from reviewpress.tables.reader import decode_table
from reviewpress.yaml import read_yaml


def merged(first: str, second: str, end: str = "\n") -> str:
    """Return a file of lines and two versions of one of them, as git leaves them."""
    lines = ["a: 1", "<<<<<<< HEAD", first, "=======", second, ">>>>>>> topic/b", "b: 2", ""]
    return end.join(lines)


@pytest.mark.parametrize("read", [decode_table, decode_bibliography, parse_document])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_are_named_with_their_lines(read: Callable[[bytes, str], object], end: str) -> None:
    """Not as a row that is too short, a field without a value or a text that is not JSON."""
    with pytest.raises(ReportError) as told:
        read(merged("c: 1", "c: 2", end).encode(), "data/x")
    assert str(told.value) == (
        "data/x, lines 2 and 6: `<<<<<<< HEAD` is the mark of a merge conflict. "
        "Decide which of the two versions holds, and delete the marks."
    )


def test_marks_in_yaml_are_named(tmp_path: Path) -> None:
    """Not as a colon that is missing."""
    path = tmp_path / "a.yml"
    path.write_text(merged("c: 1", "c: 2"), "utf-8")
    with pytest.raises(ReportError, match=r"lines 2 and 6: `<<<<<<< HEAD` is the mark of a merge"):
        read_yaml(path, tmp_path, ANYTHING)


def test_a_chapter_has_no_other_messages_with_them(tmp_path: Path) -> None:
    """What the two versions make of it together, an open block or no title, is nobody's slip."""
    text = merged("::: {.callout-note}", "##Two") + "\n\n[@x\n"
    config = write_chapters(tmp_path, {"one": text, "two": "# Two\n\n##Three\n"})
    with pytest.raises(Problems) as told:
        assemble_edition(config, {})
    assert [each.where and each.where.line for each in told.value.problems] == [2, 6]


def test_signs_that_are_no_marks_are_left_alone() -> None:
    """Within a line, and in a cell."""
    text = 'a,b\n1,"x <<<<<<< y"\n2,>>>>>>>> z\n'
    assert decode_table(text.encode(), "data/x") == text
