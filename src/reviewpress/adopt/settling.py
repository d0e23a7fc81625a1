"""Settings that a review cannot have: left out one after the other, until it can be read."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewpress.adopt.notes import Note
from reviewpress.config import PROJECT_FILE, load_config
from reviewpress.errors import Place, Problem, ReportError
from reviewpress.labels import load_labels
from reviewpress.shapes import Plain
from reviewpress.yaml import dump_yaml, load_yaml_lines

_BRAND = "_brand.yml"
_ROUNDS = 12
_NEEDED = (("project",), ("book",), ("book", "title"))


def settle(root: Path, settings_file: str) -> list[Note]:
    """Take out of `_quarto.yml` what cannot be obeyed; return what that was, and why.

    A citation style that only refers to another, a label that does not exist and the like were
    obeyed by Quarto, or said nothing there.
    """
    notes: list[Note] = []
    file = root / PROJECT_FILE
    for _ in range(_ROUNDS):
        wrong = _wrong(root)
        data, lines = load_yaml_lines(file.read_text(encoding="utf-8"))
        if _without_brand(root, wrong, notes):
            continue
        taken = {path: each for each in wrong for path in _paths(each, data, lines)}
        if not taken:
            break
        for path, problem in taken.items():
            key = _take_item(data, path, problem) or _take_value(data, path, problem)
            if key := key or _take_out(data, path):
                message = f'"{key}" is left out: {problem.message}'
                notes.append(Note(Place(settings_file), message, is_left=True))
        file.write_bytes(dump_yaml(data).encode())
    return notes


def _without_brand(root: Path, wrong: tuple[Problem, ...], notes: list[Note]) -> bool:
    """Leave out a brand that cannot be obeyed, as one with colours for light and dark; say so."""
    said = [each for each in wrong if each.where and each.where.file == _BRAND]
    if not said or not (root / _BRAND).is_file():
        return False
    (root / _BRAND).unlink()
    where = Place(_BRAND, line=said[0].where.line if said[0].where else None)
    notes.append(Note(where, f"the brand is left out: {said[0].message}", is_left=True))
    return True


def _wrong(root: Path) -> tuple[Problem, ...]:
    try:
        load_labels(load_config(root))
    except ReportError as error:
        return error.problems
    return ()


def _paths(
    problem: Problem, data: Mapping[str, Plain], lines: Mapping[tuple[str, ...], int]
) -> Iterator[tuple[str, ...]]:
    """Yield the path of the key that a problem is about: by its line, or by the file it names."""
    where = problem.where
    if where is None:
        return
    if where.file == PROJECT_FILE and where.line is not None:
        wanted = (where.line, *where.others)
        found = [path for path, line in lines.items() if line in wanted]
        # A value on lines of its own belongs to the last key before it.
        before = [path for path, line in lines.items() if line < where.line]
        found = found or before[-1:]
        deepest = {path for path in found if not any(_is_below(other, path) for other in found)}
        yield from (path for path in sorted(deepest) if path not in _NEEDED)
    else:
        yield from ((key,) for key, value in data.items() if _names(value, where.file))


def _is_below(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return path != other and path[: len(other)] == other


def _names(value: Plain, file: str) -> bool:
    if isinstance(value, Mapping):
        return any(_names(each, file) for each in value.values())
    if isinstance(value, list):
        return any(_names(each, file) for each in value)
    return value == file


def _take_item(data: dict[str, Plain], path: tuple[str, ...], problem: Problem) -> str:
    """Take out of a list the one file that is wrong, where it has others; return its key."""
    listed = data.get(path[0])
    if not isinstance(listed, list) or len(listed) == 1:
        return ""
    said = f"{problem.where} {problem.message}"
    named = [each for each in listed if isinstance(each, str) and each in said]
    if len(named) != 1:
        return ""
    listed.remove(named[0])
    return path[0]


def _take_value(data: Mapping[str, Plain], path: tuple[str, ...], problem: Problem) -> str:
    """Take out the one value in a list that a problem quotes, as one author's ORCID."""
    here: Plain = data
    for name in path:
        here = here.get(name) if isinstance(here, dict) else None
    quoted = re.match(r"\"([^\"]+)\"", problem.message)
    for item in here if isinstance(here, list) and quoted else ():
        if isinstance(item, dict):
            for key in [each for each, value in item.items() if quoted and value == quoted[1]]:
                del item[key]
                return ".".join((*path, key))
    return ""


def _take_out(data: Mapping[str, Plain], path: tuple[str, ...]) -> str:
    """Delete a key, or that which holds it in a list; return what was deleted, empty for nothing.

    The last part of a path may be a value, which its key stands for.
    """
    here: Plain = data
    for at, name in enumerate(path):
        if not isinstance(here, dict) or name not in here:
            return ""
        if at == len(path) - 1 or not isinstance(here[name], dict):
            del here[name]
            return ".".join(path[: at + 1])
        here = here[name]
    return ""
