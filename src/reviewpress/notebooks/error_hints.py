"""What to do about an error of Python's whose words do not say it: signs, keys, names."""

import ast
import errno
import inspect
import os
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from traceback import walk_tb

from reviewpress.context import ROOT_ENV
from reviewpress.errors import nearest

_SIGNS = {
    "“": "a curly quotation mark", "”": "a curly quotation mark", "„": "a curly quotation mark",
    "‘": "a curly quotation mark", "’": "a curly quotation mark", "«": "a quotation mark «",
    "»": "a quotation mark »", "\u00a0": "a no-break space", "\u202f": "a no-break space",
    "\u2007": "a no-break space", "\u200b": "an invisible space", "\ufeff": "an invisible mark",
    "\u2060": "an invisible mark", "\u200e": "an invisible mark", "\u200f": "an invisible mark",
    "–": "a dash (–)", "—": "a dash (—)", "−": "a minus sign that is not a hyphen",
    "…": "an ellipsis (…)", "×": "a sign of multiplication (×)", "，": "a full-width comma",
}  # fmt: skip
_PLAIN = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "–": "-",
          "—": "-", "−": "-", "…": "...", "×": "*", "，": ","}  # fmt: skip
_NOT_IN_INDEX = re.compile(r"'([^']+)'")
_LACKS = re.compile(r"\bnot (?:in index|found in axis)\b|\bare in the \[columns\]")
_IMPORTS = {
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "reviewpress": "import reviewpress",
    "review": "review = reviewpress.load()",
    **{
        name: f"from reviewpress import {name}"
        for name in ["joined", "md", "noted", "percent", "rank", "share", "Share", "words", "Words"]
    },
}
"""What chapters usually have at hand, and the line that brings it."""
_PACKAGES = (
    "altair", "bibtexparser", "geopandas", "great_tables", "itables", "matplotlib", "networkx",
    "numpy", "openpyxl", "pandas", "plotly", "plotnine", "polars", "reviewpress", "scipy",
    "seaborn", "sklearn", "statsmodels",
)  # fmt: skip
"""What chapters import: a name that is nearly one of them is not to be installed."""
_TEXT = re.compile(
    r"^\*\*\w|^#{2,6} |^# .*\{#|^:{3,}|^[-*] |`\{python\}|\[@\w|^[A-Z][a-z]+ [a-z]+ [a-z]+ ", re.M
)
"""How text begins that no code does."""
_CALLED = re.compile(
    r"([\w.]+)\(\) (?:missing \d+ required|takes |got an unexpected keyword argument '(\w+)')"
)
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_IMPORTED = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_NO_PARTS = re.compile(r"'(\w+)' object is not subscriptable")


def hint_of_error(error: BaseException | None, names: dict[str, object]) -> str:
    """Return what was probably meant, where a name, attribute, column or sign does not exist."""
    if isinstance(error, SyntaxError):
        is_open = re.search(r"was never closed|incomplete input|unterminated", error.msg or "")
        open_hint = "Close the bracket or quotation mark." if is_open else ""
        return hint_of_signs(error.text or "") or open_hint or _hint_of_format(error.text or "")
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.partition(".")[0]
        known = get_close_matches(package.lower(), _PACKAGES, 1, 0.8)
        if known and known[0] != package:
            return f'Did you mean "{known[0]}"?'
        return (
            f"Install it in the environment of the review, `pip install {package}`, and add it to "
            "requirements.txt; or do without it."
        )
    if isinstance(error, ImportError):
        return _hint_of_import(str(error))
    if isinstance(error, KeyError):
        return hint_of_key(error)
    if isinstance(error, TypeError):
        return hint_of_call(str(error), names) or _hint_of_use(str(error), names)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free some space and try again."
    if isinstance(error, FileNotFoundError):
        return hint_of_file(str(error.filename or ""))
    if isinstance(error, ValueError) and "cannot assign without a target" in str(error):
        return "In a query, two equals signs compare: `year == 2019`."
    if type(error).__name__ == "StdinNotImplementedError":
        return (
            "A build cannot ask questions: write the value into the cell, or make it a parameter."
        )
    if isinstance(error, NameError) and error.name:
        if error.name in _IMPORTS:
            return f"Write `{_IMPORTS[error.name]}` in a cell above."
        return _hint_of_name(error.name, names)
    if isinstance(error, AttributeError) and error.name and error.obj is not None:
        valid = [name for name in dir(error.obj) if not name.startswith("_")]
        wanted = error.name
    else:
        return ""
    return _meant(wanted, valid)


def _hint_of_format(line: str) -> str:
    """Say where a number's format belongs that is typed as in a text with braces: `mean:.1f`."""
    is_format = re.fullmatch(r"\s*\{?[^{}\"']+:[ ]?,?\.?\d*[fdg%]\}?\s*", line)
    return 'With so many decimals it is a text: `f"{mean:.1f}"`.' if is_format else ""


def _meant(wanted: str, valid: Iterable[str]) -> str:
    hint = nearest(wanted, valid)
    return hint if hint.startswith("Did you mean") else ""


def _hint_of_name(name: str, names: Mapping[str, object]) -> str:
    """Say what a name is probably meant to be: another one, a part of the review, or a text."""
    if hasattr(type(names.get("review")), name):
        return f"Did you mean `review.{name}`?"
    valid = [each for each in names if not each.startswith("_")]
    return _meant(name, valid) or f'If it is a text, put it between quotation marks: "{name}".'


def _hint_of_import(message: str) -> str:
    """Name what a module has that is called nearly as what was asked of it."""
    found = _NOT_IMPORTED.search(message)
    module = sys.modules.get(found[2]) if found else None
    return _meant(found[1], dir(module)) if found and module else ""


def _hint_of_use(message: str, names: Mapping[str, object]) -> str:
    """Say how a value is asked that was called, or asked for a part in brackets."""
    if message.endswith("object is not callable"):
        return "It is a value, not a function: leave out the round brackets after it."
    found = _NO_PARTS.search(message)
    named = (n for n, value in names.items() if found and type(value).__name__ == found[1])
    name = next((each for each in named if not each.startswith("_")), "")
    public = [each for each in dir(names.get(name)) if not each.startswith("_")] if name else []
    return f"Write a point and a name, as in `{name}.{public[0]}`." if public else ""


def hint_of_signs(line: str) -> str:
    """Say which sign of a line no code may hold, and what to type; empty where there is none.

    >>> hint_of_signs("words(“a”)")
    'The line holds a curly quotation mark: type " instead.'
    """
    for sign in line:
        if sign in _SIGNS:
            typed = _PLAIN.get(sign, "")
            instead = f"type {typed} instead" if typed else "delete it, or type a plain space"
            return f"The line holds {_SIGNS[sign]}: {instead}."
    return ""


def hint_of_call(message: str, names: Mapping[str, object]) -> str:
    """Say how a function is called that was given too little, too much, or an unknown argument."""
    found = _CALLED.match(message)
    called = found and _named(found[1], names)
    if not found or not callable(called):
        return ""
    taken = [each for each in inspect.signature(called).parameters.values() if each.name != "self"]
    hint = nearest(found[2] or "", [each.name for each in taken])
    if found[2] and hint.startswith("Did you mean"):
        return hint
    needed = [
        each.name for each in taken if each.default is each.empty and each.kind < each.VAR_KEYWORD
    ]
    shown = ", ".join(needed) + (", …" if len(taken) > len(needed) else "")
    return f"It is called as `{found[1].rpartition('.')[2]}({shown})`."


def _named(path: str, names: Mapping[str, object]) -> object:
    """Return what a chapter calls by a name, or the method of that name of one of its values."""
    owner, _, name = path.rpartition(".")
    if not owner:
        return names.get(name)
    kinds = (type(value) for value in names.values() if not isinstance(value, type))
    return next((getattr(kind, name, None) for kind in kinds if kind.__name__ == owner), None)


def hint_of_file(name: str) -> str:
    """Say how to open a file that is there when looked for from the review's folder."""
    root = os.environ.get(ROOT_ENV, "")
    plain = name.removeprefix("./")
    while plain.startswith("../"):
        plain = plain.removeprefix("../")
    if os.path.isabs(plain) and not (root and plain.startswith(root)):
        return 'Put it into the review, as in data/, and open it with `review.path("data/…")`.'
    if not root or not plain or os.path.isabs(plain):
        return ""
    if not os.path.isfile(f"{root}/{plain}"):
        folder, _, file = plain.rpartition("/")
        at = f"{root}/{folder}"
        beside = [each for each in os.listdir(at) if each != file] if os.path.isdir(at) else []
        near = get_close_matches(file, beside, 1, 0.8)
        path = "/".join(part for part in (folder, *near) if part) if near else ""
        if not near and os.path.isfile(f"{root}/data/{plain}"):
            path = f"data/{plain}"
        return f'Did you mean `review.path("{path}")`?' if path else ""
    return f'A chapter is run in its own folder. `review.path("{plain}")` finds the file.'


def hint_of_key(error: KeyError) -> str:
    """Return the column or key nearest to one that does not exist, as far as the error shows it."""
    key = error.args[0] if error.args else ""
    found = _NOT_IN_INDEX.search(key) if isinstance(key, str) and _LACKS.search(key) else None
    wanted = found[1] if found else key
    if not isinstance(wanted, str):
        return ""
    hint = nearest(wanted, _known_names(error))
    return hint if hint.startswith("Did you mean") or len(hint) < 400 else ""


def hint_of_cells(message: str, at: int, cells: Iterable[tuple[int, str, str]]) -> str:
    """Say which cell would define a name that an error says does not exist.

    It stands further down than cell `at`, or is none of code. Each cell is its number, its kind
    and its source.
    """
    undefined = _UNDEFINED.search(message)
    for number, kind, source in cells if undefined else ():
        if undefined and undefined[1] in _defined(source):
            if kind != "code":
                name = "text" if kind == "markdown" else kind
                return f"Cell {number} defines {undefined[1]}, and is a {name} cell: make it code."
            if number > at:
                return f"Cell {number} defines {undefined[1]}, further down: move it above {at}."
    return ""


def hint_of_text(source: str) -> str:
    """Say what to do where a cell of code holds text: headings, lists, live values, sentences.

    >>> hint_of_text("## What people say {#sec-say}")
    'The cell looks like text: make it a Markdown cell.'
    """
    return "The cell looks like text: make it a Markdown cell." if _TEXT.search(source) else ""


def _known_names(error: KeyError) -> list[str]:
    """Return the columns or keys of what was asked, from the frames that the error went through."""
    for frame, _ in reversed([*walk_tb(error.__traceback__)]):
        asked = frame.f_locals.get("self", frame.f_locals.get("obj"))
        columns = getattr(asked, "columns", None)
        if columns is None and type(asked).__module__.startswith("pandas.core.indexes"):
            columns = asked
        if columns is not None:
            names = [*columns, *(getattr(getattr(asked, "index", None), "names", None) or ())]
            return [name for name in names if isinstance(name, str)]
    return []


def _defined(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    names = {node.id for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}  # fmt: skip
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(each.asname or each.name).partition(".")[0] for each in node.names}
    return names
