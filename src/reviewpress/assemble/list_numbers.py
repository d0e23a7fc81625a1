"""Numbers that begin a line of a paragraph, which are no list."""

import re

_CODE = re.compile(r"\s*(`{3,}|~{3,})")
_SIGN = r"(?:\w{1,9}|#|@\w*)"
_LISTED = re.compile(
    rf"^ {{0,3}}(?!1[.)])(?:(?=\({_SIGN}\)\s)"
    r"|(?:\d{1,9}|[A-Za-z]|[ivxlIVXL]+|#)(?=[.)]\s))()",
    re.M,
)
"""A number or letter that would begin a list; `()` is before the sign that a backslash undoes."""
_ITEM = re.compile(rf"\s*(?:[-*+]|\(?{_SIGN}[.)])\s")
_NO_WORDS = re.compile(rf"\s*(?:$|#|\||>|:::|---|\+|=|<|\[\^|:\s|[-*+]\s|\(?{_SIGN}[.)]\s)")


def keep_numbers(text: str) -> str:
    """Return a text in which no number, or letter, that begins a line of a paragraph begins a list.

    A list needs no empty line before it, but as elsewhere it is then of bullets or begins with 1:
    "in the year\\n1989. A second" goes on.
    """
    if not _LISTED.search(text):
        return text
    lines, fence = text.split("\n"), ""
    before, words, in_formula = "", False, False
    for at, line in enumerate(lines):
        opened = _CODE.match(line)
        if opened and (not fence or opened[1].startswith(fence)):
            fence, words = "" if fence else opened[1], False
        elif not fence:
            # A paragraph is what its first line is, up to an empty line or an item.
            begins = not before.strip()
            words = bool(line.strip()) and (not _NO_WORDS.match(line) if begins else words)
            in_formula = not begins and in_formula
            listed = _LISTED.match(line) if words and not begins and not in_formula else None
            # A formula may have lines that begin with (a); a backslash would be a command there.
            in_formula ^= line.count("$$") % 2 == 1
            if listed:
                lines[at] = f"{line[: listed.start(1)]}\\{line[listed.start(1) :]}"
            elif _ITEM.match(line) and not in_formula:
                words = False
        before = line
    return "\n".join(lines)
