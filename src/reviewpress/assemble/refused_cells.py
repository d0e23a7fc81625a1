"""Code cells that are not executed, and what their author does about each."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_LANGUAGE = re.compile(r"\{\s*([A-Za-z][\w+-]*)")
_KERNELS = {"r": "R", "julia": "Julia"}
DIAGRAMS = {
    "mermaid": "the Mermaid editor or `mmdc -i diagram.mmd -o diagram.svg`",
    "dot": "`dot -Tsvg diagram.dot -o diagram.svg`",
}
"""What makes pictures of diagrams, by the languages of their cells."""
_SCRIPTS = {"ojs": "ojs: a script of a page, which PDF and Word cannot have"}
_AS_PYTHON = "compute it with Python"


def advice_on_cells(fences: Iterable[str], path: str) -> str:
    """Say what to do about cells, by the languages of their fences.

    >>> advice_on_cells(["```{r}", "```{r}"], "chapters/a.qmd")
    'R: make the chapter a notebook with a kernel for R (`quarto convert chapters/a.qmd`).'
    """
    found = (_LANGUAGE.search(fence) for fence in fences)
    languages = dict.fromkeys(match[1].lower() for match in found if match)
    return " ".join(f"{_advice(language, path)}." for language in languages)


def _advice(language: str, path: str) -> str:
    if language == "python":
        return _python(path)
    if language in _KERNELS:
        name = _KERNELS[language]
        how = f" (`quarto convert {path}`)" if path.endswith(".qmd") else ""
        return f"{name}: make the chapter a notebook with a kernel for {name}{how}"
    if language in DIAGRAMS:
        how = DIAGRAMS[language]
        picture = '`![caption](diagram.svg){#fig-diagram fig-alt="…"}`'
        return f"{language}: make a picture of it with {how}, and write {picture}"
    if language in _SCRIPTS:
        return f"{_SCRIPTS[language]}: {_AS_PYTHON}, and publish a figure or a table"
    return f"{language}: {_AS_PYTHON}, or write the code without braces to show it"


def _python(path: str) -> str:
    ending = PurePosixPath(path).suffix
    if ending == ".qmd":
        return "python: a cell stands at the beginning of a line of the chapter's own file"
    if ending == ".ipynb":
        return "python: put the code into a cell of its own"
    return "python: name the file .qmd, whose cells are executed"
