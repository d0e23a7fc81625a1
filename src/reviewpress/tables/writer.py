"""Tables written as CSV that every reader takes apart alike."""

import csv
from collections.abc import Iterable


def write_csv(rows: Iterable[Iterable[object]]) -> bytes:
    r"""Return rows as CSV in UTF-8, each ended by a line feed.

    A cell that holds a carriage return is quoted too. Python's writer quotes it only where it is
    part of the line's end, and every reader would end the row there.

    >>> write_csv([["file", "key"], ["a\rb.ris", "x"]])
    b'file,key\n"a\rb.ris",x\n'
    """
    made = _Ended()
    csv.writer(made, lineterminator="\r\n").writerows(rows)
    return "".join(made.lines).encode()


def different_names(names: Iterable[str]) -> list[str]:
    """Return names of columns of which no two are alike, and none is empty.

    >>> different_names(["Study", "", " n ", "n"])
    ['Study', '2', 'n', 'n 4']
    """
    found: list[str] = []
    # Readers of CSV leave out blanks around a head, and then miss the field that has them.
    for at, name in enumerate(map(str.strip, names), 1):
        unlike = name or str(at)
        while unlike in found:
            unlike = f"{unlike} {at}"
        found.append(unlike)
    return found


class _Ended:
    """What a writer of rows writes to: each row is one text, ended as our tables are."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines.append(line.removesuffix("\r\n") + "\n")
