"""The marks that a merge leaves where two versions of a file changed the same lines."""

import re
from collections.abc import Iterator

from reviewpress.errors import Place, ReportError

MARK_HINT = "Decide which of the two versions holds, and delete the marks."
_MARK = re.compile(r"^(?:<{7}|>{7})(?:[ \t][^\r\n]*)?(?=\r?$)", re.M)


def find_merge_marks(text: str) -> Iterator[tuple[int, str]]:
    """Yield where the marks of merge conflicts are in a text, and what is wrong with each."""
    for mark in _MARK.finditer(text):
        yield mark.start(), f"`{mark[0].strip()}` is the mark of a merge conflict."


def refuse_merge_marks(text: str, name: str, fault: type[ReportError]) -> str:
    """Return a file's text; raise `fault`, with the lines, for marks of merge conflicts."""
    found = list(find_merge_marks(text))
    if found:
        lines = [text.count("\n", 0, at) + 1 for at, _ in found]
        raise fault(found[0][1], Place(name, line=lines[0], others=(*lines[1:],)), MARK_HINT)
    return text
