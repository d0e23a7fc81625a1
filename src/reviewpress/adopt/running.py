"""Whether the code of a chapter can be executed here: by its language, and what it loads."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reviewpress.adopt.cells import KERNELS, is_executed
from reviewpress.assemble.refused_cells import DIAGRAMS
from reviewpress.code_cells import find_cells
from reviewpress.config import load_config
from reviewpress.errors import Problem, ReportError
from reviewpress.notebooks.execute import ChapterEvent
from reviewpress.notebooks.foreign import installed_languages
from reviewpress.pipeline import Progress, execute_runs, plan_runs
from reviewpress.programs.tools import run_program

_LOADED = re.compile(
    r"\b(?:library|require|requireNamespace|loadNamespace)\(\s*[\"']?([A-Za-z][\w.]+)[\"']?\s*[,)]"
    r"|\b([A-Za-z][\w.]+):::?[A-Za-z.]"
)
_MANY = re.compile(r"\bp_load\(([^()]*)\)")
_LISTED = re.compile(r"(?<![\w.])c\(([^()]*)\)")
_QUOTED = re.compile(r"[\"']([A-Za-z][\w.]+)[\"']")
_NOTES = re.compile(r"#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'")
_VALUE = re.compile(r"(?<!`)`\{?(r|julia|python)(?:\}[ \t]?|[ \t])([^`]+)`(?!`)")
_NAME = re.compile(r"[A-Za-z][\w.]*")
_MAGIC = re.compile(r"^\s*[%!].*$", re.M)
_PIP = r"\b(?:pip\d?|conda|mamba|uv)\b[^\n]*\binstall\b[^\n]*"
_INSTALLS = re.compile(
    rf"^[ \t]*[%!][^\n#]*?{_PIP}"
    rf"|^[^#\n]*\b(?:subprocess\.\w+|os\.system)\([^\n]*{_PIP}"
    r"|^(?:(?:\w+::)?install[._]\w+|(?:pak::)?pkg_install|BiocManager::install)\([^\n]*"
    r"|^(?:import Pkg;[ \t]*)?Pkg\.add\([^\n]*",
    re.M,
)
"""Lines that change which packages there are: in R, those that no condition stands before."""
_SECONDS = 60


class Quiet:
    """Follows the steps, and shows none."""

    def step(self, name: str, detail: str = "") -> None:
        """Pass over a step."""

    def chapter(self, event: ChapterEvent) -> None:
        """Pass over what happens to a chapter."""


def what_fails(root: Path, progress: Progress) -> tuple[Problem, ...]:
    """Execute the chapters of a review; return what fails in each."""
    try:
        config = load_config(root)
        execute_runs(plan_runs(config, parameters={}), config, progress=progress)
    except ReportError as error:
        return error.problems
    return ()


def why_it_failed(problem: Problem) -> str:
    """Return in a line why a chapter cannot be executed here, and in which cell."""
    where = problem.where
    cell = f"cell {where.cell}: " if where and where.cell else ""
    line = problem.message.strip().partition("\n")[0]
    return f"it fails here, {cell}{line.rstrip('.')}"


def language_of_chapter(text: str) -> str:
    """Return the language that the code of a chapter is executed in; empty where there is none.

    It is that of most of its cells, as one kernel runs them all.

    >>> language_of_chapter("```{r}\\n1\\n```\\n\\n```{python}\\n1\\n```\\n\\n```{r}\\n2\\n```\\n")
    'r'
    """
    found = [
        cell.language.lower() for cell in find_cells(text)
        if not cell.within.strip()
        and is_executed(cell.language.lower(), cell.header, text[cell.code].split("\n"))
    ]  # fmt: skip
    found = found or [match[1] for match in _VALUE.finditer(text)]
    counts = {name: found.count(name) for name in KERNELS}
    language = max(counts, key=lambda name: counts[name])
    return language if counts[language] else ""


def not_executed(text: str, folder: Path, *, execute: bool = True) -> dict[str, str]:
    """Return the languages of a chapter whose cells are not executed, and why.

    With `execute` false, none are. `folder` is where the chapter is: modules are looked for there.
    """
    main = language_of_chapter(text)
    codes: dict[str, list[str]] = {main: []} if main else {}
    for cell in find_cells(text):
        language, code = cell.language.lower(), text[cell.code]
        is_run = is_executed(language, cell.header, code.split("\n"))
        codes.setdefault(language, []).extend([code] if is_run else [])
    for value in _VALUE.finditer(text):
        codes.get(value[1], []).append(value[2])
    reasons = {name: _reason(name, main, codes[name], folder) for name in codes}
    if not execute:
        reasons |= {name: "`--no-execute` was given" for name in codes if name in KERNELS}
    return {name: reason for name, reason in reasons.items() if reason}


def installing(codes: Iterable[str]) -> str:
    """Say that code would install packages, and where it does; nothing where none would.

    >>> installing(["%pip install -q xgboost", "import xgboost"])
    'it would install packages here (`%pip install -q xgboost`)'
    """
    found = next(filter(None, map(_INSTALLS.search, codes)), None)
    return f"it would install packages here (`{found[0].strip()}`)" if found else ""


def _reason(language: str, main: str, codes: Iterable[str], folder: Path) -> str:
    """Say why code in a language is not executed; nothing where it is."""
    if language == main and (why := installing(codes)):
        return why
    if language == main:
        lacking = lacking_packages(language, codes, folder)
        named = ", ".join(lacking)
        return f"this is not installed here: {named}" if lacking else ""
    if language in DIAGRAMS:
        return f"a diagram; make a picture of it with {DIAGRAMS[language]}, and place that"
    if language not in KERNELS:
        return f"{language} cannot be executed"
    if main:
        return f"one kernel executes a chapter, here that for {KERNELS[main][0]}"
    return "no cell of the chapter is"


def lacking_packages(language: str, codes: Iterable[str], folder: Path) -> tuple[str, ...]:
    """Return the packages that code loads and that are not installed; a kernel counts as one."""
    name = KERNELS[language][0]
    if language == "python":
        wanted = {each for code in codes for each in _imported(code)}
        return tuple(sorted(each for each in wanted if not _is_found(each, folder)))
    if name.lower() not in installed_languages():
        return (f"a kernel for {name}",)
    wanted = (
        {each for code in codes for each in loaded_packages(code)} if language == "r" else set()
    )
    return tuple(sorted(wanted - _packages_of_r())) if wanted else ()


def _imported(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(_MAGIC.sub("pass", code))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _is_found(name: str, folder: Path) -> bool:
    beside = any((folder / f"{name}{end}").exists() for end in ("", ".py"))
    if beside or name in sys.stdlib_module_names:
        return True
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def loaded_packages(code: str) -> Iterator[str]:
    """Yield the packages that code in R names, not those in its comments and texts."""
    bare = _NOTES.sub(lambda match: match[0] if _NAME.fullmatch(match[0][1:-1]) else "", code)
    for match in _LOADED.finditer(bare):
        yield match[1] or match[2]
    if "character.only" in bare:
        yield from (name for part in _LISTED.findall(code) for name in _QUOTED.findall(part))
    for match in _MANY.finditer(bare):
        yield from re.findall(r"(?<![\w.=])[A-Za-z][\w.]+(?=\s*(?:,|$))", match[1].strip())


@cache
def _packages_of_r() -> frozenset[str]:
    """Return the packages that R has here; nothing where it cannot be asked."""
    command = ["R", "--no-echo", "--vanilla", "-e", 'cat(.packages(TRUE), sep="\\n")']
    with suppress(ReportError):
        said = run_program(command, "", folder=Path.cwd(), name="R", seconds=_SECONDS)
        return frozenset(said.split())
    return frozenset()
