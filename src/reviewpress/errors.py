"""What can go wrong that an author can mend.

ReportError                what, where, and what to do; exit status 1
├── ConfigError            _quarto.yml and profiles
├── DataError              a table under data/
├── BibliographyError      the bibliography, or a record to import
├── ChapterError           a chapter's text: constructs, references, citations
├── ExecutionError         a cell, an expression, a kernel
│   └── Overtaken          a run that a later save made pointless
├── FigureError            a figure or table that cannot be published
├── EngineError            what pandoc, Typst or Quarto refused
│   └── OutOfTime          what they would not have ended
├── Problems               several problems, reported together
└── SetupError             could not run at all (tool, disk, kernel); exit status 2
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from traceback import walk_tb
from typing import Any
from unicodedata import category

from reviewpress.rules import RULES, Severity

_LISTED = 24
_SHOWN = 10
_RUN = 4


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a problem stands: a file and, where known, a row, column, cell, line or expression.

    `row` counts a table's rows as an editor shows lines: the header is row 1. `cell` counts a
    notebook's cells from 1. `others` are more lines where the same is wrong, or more cells or rows.
    """

    file: str
    row: int | None = None
    column: str | None = None
    cell: int | None = None
    line: int | None = None
    expression: str | None = None
    others: tuple[int, ...] = ()

    def __str__(self) -> str:
        parts = [self.file]
        for name in ("row", "column", "cell", "line"):
            value = getattr(self, name)
            if value is not None and self.others and name == self.counted:
                parts.append(f"{name}s {list_numbers((value, *self.others))}")
            elif value is not None:
                parts.append(f"{name} {value}")
        if self.expression is not None:
            parts.append(f"`{self.expression}`")
        return ", ".join(parts)

    @property
    def counted(self) -> str:
        """Of what `others` are the numbers."""
        if self.row is not None:
            return "row"
        return "cell" if self.line is None else "line"

    @property
    def apart(self) -> "Place":
        """The same without the number that `others` has more of."""
        if self.line is None:
            return replace(self, cell=None, others=())
        return replace(self, line=None, others=())


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the rule it breaks, where, what, and what to do.

    `subject` names it in `data/acknowledged.yml` where its place in a file would not last.
    """

    rule: str
    message: str
    where: Place | None = None
    hint: str = ""
    subject: str = ""

    @property
    def severity(self) -> Severity:
        """How grave it is: what its rule says."""
        return RULES[self.rule].severity

    def __str__(self) -> str:
        return _sentence(self.message, self.where, self.hint)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Problem":
        """Return a problem that was kept as JSON of what `dataclasses.asdict` gives."""
        where = kept["where"] and Place(**{**kept["where"], "others": (*kept["where"]["others"],)})
        return cls(**{**kept, "where": where})


class ReportError(Exception):
    """An expected failure, told in the author's words."""

    rule = "error"
    exit_status = 1

    def __init__(self, message: str, where: Place | None = None, hint: str = "") -> None:
        super().__init__(message, where, hint)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return _sentence(self.message, self.where, self.hint)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The same as problems, one each."""
        return (Problem(self.rule, self.message, self.where, self.hint),)

    def _render_traceback_(self) -> list[str]:
        """Tell a notebook what is wrong in place of Python's traceback; IPython asks for this.

        The cell's line is told in IPython's words, which the client reads too.
        """
        told = [str(problem) for problem in self.problems]
        for frame, line in walk_tb(self.__traceback__):
            ipython = frame.f_globals.get("get_ipython")
            if ipython is not None and frame.f_globals.get("__name__") == "__main__":
                cell = ipython().compile.format_code_name(frame.f_code.co_filename)
                told.append(f"{' '.join(cell or ())}, line {line}".lstrip(", "))
        return told


class ConfigError(ReportError):
    """`_quarto.yml`, a profile or the brand says something that cannot be."""

    rule = "config"


class DataError(ReportError):
    """A table under `data/` cannot be read as its schema says."""

    rule = "data"


class BibliographyError(ReportError):
    """The bibliography, or a record to import, cannot be read."""

    rule = "bibliography"


class ChapterError(ReportError):
    """A chapter holds something that cannot be assembled."""

    rule = "chapter"


class ExecutionError(ReportError):
    """A cell raised, an expression failed, or a kernel died."""

    rule = "execution"


class Overtaken(ExecutionError):
    """A run was ended because a later save made it pointless."""


class FigureError(ReportError):
    """A figure or table lacks what it needs to be published."""

    rule = "figure"


class EngineError(ReportError):
    """pandoc, Typst or Quarto refused what it was given."""

    rule = "engine"


class OutOfTime(EngineError):
    """A program took longer than any input of its size should."""

    def __init__(
        self, name: str, seconds: float, where: Place | None = None, hint: str = ""
    ) -> None:
        longer = "If it needs longer, set `reviewpress: limits: program-seconds:`."
        message = f"{name} was stopped after {seconds:.0f} seconds."
        super().__init__(message, where, f"{hint} {longer}".strip())
        self.args = (name, seconds, where, hint)


class SetupError(ReportError):
    """Nothing could be done: a tool, the disk or a kernel is missing."""

    rule = "setup"
    exit_status = 2


class Problems(ReportError):
    """Several problems that are reported together, in the order of their places."""

    rule = "problems"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._problems = together(problems)
        if not self._problems:
            raise ValueError("Problems needs at least one problem")
        noun = "problem" if len(self._problems) == 1 else "problems"
        super().__init__(f"{len(self._problems)} {noun}")

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self._problems)

    def __reduce__(self) -> tuple[type["Problems"], tuple[tuple[Problem, ...]]]:
        return Problems, (self._problems,)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Each problem."""
        return self._problems


def list_numbers(numbers: Sequence[int]) -> str:
    """Return ascending numbers of lines, rows or cells as words: runs in short, the rest counted.

    >>> list_numbers([1, 4, 5, 6, 7, 9])
    '1, 4 to 7 and 9'
    >>> list_numbers(range(2, 20_002, 2))
    '2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and 9,990 more'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts: list[tuple[str, int]] = []
    for run in runs:
        if len(run) >= _RUN:
            parts.append((f"{run[0]} to {run[-1]}", len(run)))
        else:
            parts += ((str(number), 1) for number in run)
    words = [words for words, _ in parts[:_SHOWN]]
    if left := sum(count for _, count in parts[_SHOWN:]):
        words.append(f"{left:,} more")
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def all_of(places: Iterable[Place]) -> Place | None:
    """Return places as one: those in the file of the first; None where there are none."""
    found = list(places)
    if not found:
        return None
    first = found[0]
    of_file = [place for place in found if place.file == first.file]
    numbers = {getattr(place, first.counted) for place in of_file} - {None}
    if not numbers:
        return first
    least, *others = sorted(numbers)
    changed = replace(first, others=tuple(others))
    if first.counted == "row":
        return replace(changed, row=least)
    return replace(changed, line=least) if first.counted == "line" else replace(changed, cell=least)


def nearest(name: str, valid: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Say which valid name is nearest to a mistyped one, or list the valid ones.

    Among very many names, some are near to any: a higher `cutoff` asks for more likeness.

    >>> nearest("proces", ["process", "levels"])
    'Did you mean "process"?'
    >>> nearest("in press\N{NO-BREAK SPACE}", ["in press"])
    'Did you mean "in press"? They differ in spaces or invisible characters alone.'
    >>> nearest("xyz", ["process", "levels"])
    'Valid: levels, process.'
    """
    names = sorted(set(valid))
    close = get_close_matches(name, names, n=1, cutoff=cutoff)
    if not close:
        folded = {candidate.casefold(): candidate for candidate in names}
        close = [folded[match] for match in get_close_matches(name.casefold(), folded, 1, cutoff)]
    if close:
        unseen = _seen(close[0]) == _seen(name) and close[0] != name
        remark = " They differ in spaces or invisible characters alone." if unseen else ""
        return f'Did you mean "{close[0]}"?{remark}'
    if len(names) > _LISTED:
        return ""
    return f"Valid: {', '.join(names)}." if names else ""


def _seen(name: str) -> str:
    """Return what a reader sees of a name: no spaces, and nothing that has no width."""
    return "".join(each for each in name if not each.isspace() and category(each) != "Cf")


def alike(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Return problems in groups, in order of the first: the same at several places of a file."""
    groups: dict[tuple[Problem, object], list[Problem]] = {}
    for problem in problems:
        where, key = problem.where, None
        if where is None or where.row is not None or where.expression is not None:
            apart = problem
        else:
            apart, key = replace(problem, where=where.apart), where.counted
        groups.setdefault((apart, key), []).append(problem)
    return list(groups.values())


def together(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems with the same at several places of a file as one, which names all lines."""
    return tuple(_merge(group) for group in alike(problems))


def _merge(group: Sequence[Problem]) -> Problem:
    places = [problem.where for problem in group if problem.where is not None]
    return group[0] if len(group) == 1 else replace(group[0], where=all_of(places))


def missing_extra(library: str, extra: str) -> SetupError:
    """Return the error for a library that comes with one of the package's extras."""
    hint = f'Install it with `pip install "reviewpress[{extra}]"`.'
    return SetupError(f"{library} is not installed.", hint=hint)


def raise_all(problems: Sequence[Problem]) -> None:
    """Raise `Problems` where there is at least one."""
    if problems:
        raise Problems(problems)


def _sentence(message: str, where: Place | None, hint: str) -> str:
    text = f"{where}: {message}" if where else message
    return f"{text} {hint}" if hint else text
