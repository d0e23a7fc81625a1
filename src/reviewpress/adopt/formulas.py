"""Formulas that a review cannot read: found by what a message shows of them, and set aside."""

import re
from difflib import get_close_matches

from reviewpress.adopt.blocks import displays_in
from reviewpress.adopt.inline import on_words
from reviewpress.assemble.formula_faults import EMPTY
from reviewpress.errors import Problem

_FORMULAS = re.compile(r"\$\$\s*(.+?)\s*\$\$|(?<![\\$])\$(?![\s$])([^$\n]+?)\$", re.S)
_LIKE = 60
"""How much of a formula is compared."""
_SHOWN = re.compile(r"`(.+?)(?: ?…)?`")


def lines_of_formula(text: str, problem: Problem) -> list[int]:
    """Return the lines of the formula most like the one of a problem, the last first.

    Commands that the author defined are replaced in what a message shows.
    """
    shown = _SHOWN.search(problem.message)
    found: dict[str, list[int]] = {}
    for match in _FORMULAS.finditer(text):
        formula = " ".join((match[1] or match[2]).split())[:_LIKE]
        found.setdefault(formula, []).append(match.start(match.lastindex or 0))
    like = get_close_matches(shown[1][:_LIKE], found, n=1) if shown else []
    lines = {text.count("\n", 0, at) + 1 for at in found[like[0]]} if like else set()
    return sorted(lines, reverse=True)


def first_line_of_formula(text: str, problem: Problem) -> int:
    return min(lines_of_formula(text, problem), default=0)


def line_of_sample(text: str, problem: Problem) -> int:
    """Return the first line that has what a message quotes outside formulas; 0 where none has.

    An empty line ends a formula, whatever its author meant.
    """
    shown = re.search(r"`([^`\n]+)`", problem.message)
    if shown is None:
        return 0
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        at = line.find(shown[1])
        if at >= 0 and (count + displays_in(line[:at])) % 2 == 0:
            return number
        count = count + displays_in(line) if line.strip() else 0
    return 0


def mend_formula(text: str, problem: Problem) -> tuple[str, str] | None:
    """Show the formulas of a line as they are written, where they are among words.

    A sign that has no other half is none of a formula; one with nothing in it is left out.
    """
    if EMPTY in problem.message:
        left = re.sub(r"\$\$\s*\$\$[ \t]*(?:\{#eq-[^{}]*\})?", "", text, count=1)
        return (left, "It is left out.") if left != text else None
    first = text.partition("\n")[0]
    shown = _SHOWN.search(problem.message)
    # Of the author's own commands, what they mean is shown: all formulas of the line go then.
    one = f"${shown[1]}" if shown and f"${shown[1]}" in first else "$"
    new = on_words(first, lambda words: words, lambda f: f"`{f}`" if f.startswith(one) else f)
    if new == first:
        new = on_words(first, lambda words: re.sub(r"(?<!\\)\$", r"\\$", words))
    return (new + text[len(first) :], "It is shown as it was written.") if new != first else None
