"""Entries of a bibliography that a review refuses: mended, or set aside, in the review's copy.

BibTeX and pandoc take one of two entries with a key, and pass over what they cannot read.
"""

import re

from reviewpress.errors import Problem

_TWICE = re.compile(r"has the field ([\w-]+)")
_COMMAND = re.compile(r"has the LaTeX command (\\[A-Za-z]+|\\.)")
_NAME = re.compile(r"is the name ([^\s,]+), which no @string defines")
_BEGINS = re.compile(r"\s*@\w+\s*[{(]")
_NOTED = re.compile(r"([}\"],?)\s*%.*")
_BARE = re.compile(r'the field "([\w-]+)" of .* has no braces')


def mend_entry(text: str, line: int, problem: Problem) -> tuple[str, str] | None:
    """Return a bibliography without what is wrong in the entry at a line, and what was done.

    >>> mend_entry("@book{a,\\n}\\n@book{a,\\n}", 3, Problem("bibliography", "is used on line 1"))
    ('@book{a,\\n}', 'The first one stays.')
    """
    lines = text.split("\n")
    start = line - 1
    if not 0 <= start < len(lines):
        return None
    said = problem.message
    if "is used on line" in said or said.endswith("already."):
        end = _end(lines, start)
        return "\n".join([*lines[:start], *lines[end:]]), "The first one stays."
    if (name := _NAME.search(said)) and name[1] in lines[start]:
        lines[start] = lines[start].replace(name[1], f"{{{name[1]}}}", 1)
        return "\n".join(lines), "It is text now."
    if (bare := _BARE.search(said)) and (made := _braced(lines[start], bare[1])):
        return "\n".join([*lines[:start], made, *lines[start + 1 :]]), "It has braces now."
    while start and not _BEGINS.match(lines[start]):
        start -= 1
    end = _end(lines, start)
    entry = lines[start:end]
    plain = [_NOTED.sub(r"\1", each) for each in entry if not each.lstrip().startswith("%")]
    if plain != entry and "has no braces" in said:
        return "\n".join([*lines[:start], *plain, *lines[end:]]), "Comments in it are left out."
    if twice := _TWICE.search(said):
        kept = _once(entry, twice[1])
        if kept != entry:
            return "\n".join([*lines[:start], *kept, *lines[end:]]), "The first one stays."
    if command := _COMMAND.search(said):
        bare_entry = [re.sub(rf"{re.escape(command[1])}(?![A-Za-z]) ?", "", e) for e in entry]
        return "\n".join([*lines[:start], *bare_entry, *lines[end:]]), "It is left out."
    aside = [f"% {each.replace('@', '(at) ')}" for each in entry]
    return "\n".join([*lines[:start], *aside, *lines[end:]]), "The entry is a comment now."


def _end(lines: list[str], start: int) -> int:
    """Return the line after an entry: where its braces meet, at most where the next one begins."""
    depth = 0
    for at in range(start, len(lines)):
        if at > start and _BEGINS.match(lines[at]):
            return at
        depth += lines[at].count("{") - lines[at].count("}")
        if depth <= 0 and "{" in "".join(lines[start : at + 1]):
            return at + 1
    return len(lines)


def _once(entry: list[str], field: str) -> list[str]:
    """Return an entry whose lines give a field once."""
    given = re.compile(rf"\s*{re.escape(field)}\s*=", re.I)
    first = next((each for each in entry if given.match(each)), None)
    return [each for each in entry if each is first or not given.match(each)]


def _braced(line: str, field: str) -> str:
    """Return the line of a field with braces around its value; empty where it has some."""
    found = re.fullmatch(rf"(\s*{re.escape(field)}\s*=\s*)([^{{}}\"]*?)(,?\s*)", line, re.I)
    return f"{found[1]}{{{found[2]}}}{found[3]}" if found else ""
