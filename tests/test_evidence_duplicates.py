"""Decisions on pairs of records: read, checked, and obeyed where records are counted."""

from pathlib import Path

import pytest

from reviewpress.errors import Problems
from reviewpress.evidence.duplicates import check_pair_decisions, one_work, read_pair_decisions
from reviewpress.evidence.import_log import LogRow

LOG = (
    LogRow("a.ris", "1", 1, "added", "ash2001"),
    LogRow("a.ris", "1", 2, "unsure", "ash2002", "ash2001"),
    LogRow("b.ris", "2", 1, "merged", "ash2001"),
)
KEYS = ("own2000", "ash2001", "ash2002")


def write(root: Path, *rows: str) -> Path:
    path = root / "data" / "duplicates.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(["record,other,decision,note", *rows, ""]))
    return root


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (["ash2002,ash2001,same,"], {"ash2002": "ash2001"}),
        (["ash2001,ash2002,same,"], {"ash2002": "ash2001"}),
        (["own2000,ash2001,same,"], {"ash2001": "own2000"}),
        (
            ["ash2002,ash2001,same,", "ash2001,own2000,same,"],
            {"ash2001": "own2000", "ash2002": "own2000"},
        ),
        (["a.ris#2,own2000,same,"], {"ash2002": "own2000"}),
        (["ash2002,ash2001,different,"], {}),
    ],
)
def test_the_entry_that_no_import_brought_is_counted(
    tmp_path: Path, rows: list[str], found: dict[str, str]
) -> None:
    """Or else the one found first, in whatever order the two are written."""
    assert one_work(read_pair_decisions(write(tmp_path, *rows)), LOG) == found


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            ["ash2003,ash2001,same,"],
            'row 2, column record: the bibliography has no entry "ash2003"',
        ),
        (["ash2002,a.ris#9,same,"], 'column other: no import brought the record "a.ris#9"'),
        (["ash2002,ash2002,same,"], "is compared with itself"),
        (["ash2002,ash2001,same,", "ash2001,ash2002,different,"], "row 3, column decision"),
        (
            ["ash2002,ash2001,same,", "ash2001,own2000,same,", "own2000,ash2002,different,"],
            "and the same by other rows",
        ),
        (["b.ris#1,ash2001,different,"], "Import b.ris again"),
        (["a.ris#1,b.ris#1,different,"], "Import b.ris again"),
    ],
)
def test_each_wrong_decision_is_named_with_its_place(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    """Records that do not exist, contradictions, and merges that are not taken back yet."""
    problems = check_pair_decisions(write(tmp_path, *rows), LOG, KEYS)
    [message] = [str(problem) for problem in problems]
    assert said in message


def test_a_decision_in_other_words_is_an_error(tmp_path: Path) -> None:
    """The nearest word is offered."""
    with pytest.raises(Problems, match='Did you mean "same"'):
        read_pair_decisions(write(tmp_path, "ash2002,ash2001,samme,"))


def test_good_decisions_and_none_are_no_problem(tmp_path: Path) -> None:
    """A review without the file is as before."""
    assert read_pair_decisions(tmp_path) == ()
    rows = ("ash2002,own2000,same,looked at both", "a.ris#2,ash2001,different,")
    assert list(check_pair_decisions(write(tmp_path, *rows), LOG, KEYS)) == []
