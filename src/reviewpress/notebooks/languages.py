"""The languages that notebooks are written in, as far as we know what is theirs."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import EllipsisType

from reviewpress.shapes import Plain


@dataclass(frozen=True, slots=True)
class Language:
    """A language: its name, what its live values begin with, and code that prints one."""

    name: str
    live: str = ""
    printing: str = ""

    @property
    def is_python(self) -> bool:
        """Whether it is the language of this package."""
        return self.name.lower() == "python"


PYTHON = Language("python", "python")
_R = (
    'cat(paste(vapply(as.list({}), function(each) format(each, trim = TRUE, digits = 7), ""), '
    'collapse = ", "))'
)
KNOWN = {
    "python": PYTHON,
    "r": Language("R", "r", _R),
    "julia": Language("Julia", "julia", "print({})"),
}
KERNELS = {"ir": "R", "xr": "R", "julia": "Julia", "bash": "Bash", "deno": "JavaScript"}
"""How the names of kernels for other languages begin, as their programs install them."""
_ASSIGNED = re.compile(r"^(?P<name>[\w.]+)\s*(?:<-|=)\s*(?P<value>[^#\n]*?)\s*(?:#.*)?$", re.M)
_LITERALS: Mapping[str, Plain] = {
    "TRUE": True, "FALSE": False, "true": True, "false": False, "NULL": None, "nothing": None,
}  # fmt: skip


def language_of(name: str, kernel: str) -> Language:
    """Return the language of a notebook that says its name, and the name of a kernel.

    Some programs leave a kernel of another language under the name of Python.
    """
    said = next((said for begin, said in KERNELS.items() if kernel.startswith(begin)), name)
    return KNOWN.get(said.lower(), Language(said)) if said else PYTHON


def assigned_literals(source: str) -> dict[str, Plain | EllipsisType]:
    """Return the names that lines of R or Julia assign, with values; `...` for what is no literal.

    >>> assigned_literals('limit <- 3L\\nname = "a"  # which\\nall <- c("x", "y")\\nn <- f(1)')
    {'limit': 3, 'name': 'a', 'all': ['x', 'y'], 'n': Ellipsis}
    """
    return {match["name"]: _literal(match["value"]) for match in _ASSIGNED.finditer(source)}


def _literal(text: str) -> Plain | EllipsisType:
    if text in _LITERALS:
        return _LITERALS[text]
    plain = re.sub(r"^c\((.*)\)$", r"[\1]", re.sub(r"\b(\d+)L\b", r"\1", text))
    try:
        value: Plain = ast.literal_eval(plain)
    except (ValueError, SyntaxError):
        return ...
    return value
