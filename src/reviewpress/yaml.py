"""YAML files, with the line of every key: the only importer of PyYAML.

What is read is bounded, and has the shape that its reader declares: a value of
the wrong kind is a problem with its line before anything else looks at it.
"""

import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from reviewpress.errors import ConfigError, Place, Problem, Problems, raise_all
from reviewpress.identifiers import composed
from reviewpress.languages import in_language
from reviewpress.merge_marks import refuse_merge_marks
from reviewpress.shapes import ANYTHING, Misfit, Shape, find_misfits

DEEPEST = 50
"""How many levels a file may have; nobody reads as many."""

_REPEATS = 10
_FEW = 10_000
"""What aliases repeat may make a file this many times as long, or as long as this."""

_SIGNS = 100
"""So many signs of a text count as one more value: a long text, too, is not repeated for ever."""

_NUMBER = re.compile(r"[-+]?[0-9][0-9a-fA-FxXoObB_:]*")
_LONGEST_NUMBER = 300
"""How many signs a number has at most: Python refuses to write longer ones down."""
_NAMES = ("str", "merge", "value", "int", "float", "bool")
"""The kinds of scalars that can be keys: the item 1 of a checklist, the answer Yes of a form."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A mapping read from a file, and the line on which each key or list item stands."""

    path: Path
    name: str
    data: dict[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def line(self, path: tuple[str, ...], item: str | None = None) -> int | None:
        """Return the line of the key at `path`, or of `item`, a key or value, below it."""
        found = self.line_of_item(path, item) if item is not None else None
        return found or self.lines.get(path)

    def line_of_item(self, path: tuple[str, ...], item: str) -> int | None:
        """Return the line of `item`, a key or value below the key at `path`."""
        for key, line in self.lines.items():
            if key[: len(path)] == path and key[-1] == item:
                return line
        return None


def items_of(value: Any) -> list[Any]:
    """Return the items of a list, a value as a list of one, nothing as none."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def read_yaml(path: Path, root: Path, shape: Shape, lang: str | None = None) -> YamlFile:
    """Read a YAML file whose top level is a mapping, and whose values have a shape.

    With `lang`, a text that is given in several languages is in that one.

    Raises ConfigError with the file's line where it is not valid YAML or no mapping, and Problems
    for keys that stand twice and values of another kind than `shape` says.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    text = _text(path, name)
    lines: dict[tuple[str, ...], int] = {}
    data = _read(text, name, lines, shape, empty={})
    if not isinstance(data, dict):
        raise ConfigError("the file is not a list of keys and values.", Place(name, line=1))
    if lang is not None:
        data = {key: in_language(value, lang, key) for key, value in data.items()}
    return YamlFile(path, name, data, lines)


def load_yaml(text: str, shape: Shape = ANYTHING) -> Any:
    """Return the value of a YAML text; raises what `read_yaml` does, with lines of the text."""
    return _read(text, "", {}, shape, empty=None)


def load_yaml_lines(
    text: str, shape: Shape = ANYTHING
) -> tuple[Any, Mapping[tuple[str, ...], int]]:
    """Return the value of a YAML text as `load_yaml` does, and the line of each of its keys."""
    lines: dict[tuple[str, ...], int] = {}
    return _read(text, "", lines, shape, empty=None), lines


def at_place(error: ConfigError | Problems, where: Place, *, after: int = 0) -> Problems:
    """Return what is wrong with a text that `load_yaml` read as problems of where it stands.

    `after` is the number of lines before it.
    """
    problems = [
        replace(
            problem,
            where=replace(where, line=problem.where.line + after)
            if problem.where and problem.where.line
            else where,
        )
        for problem in error.problems
    ]
    return Problems(problems)


def dump_yaml(value: object) -> str:
    """Return a value as YAML, keys in their own order, real Unicode."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


@cache
def _loader() -> type[yaml.SafeLoader]:
    found: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return found


def _text(path: Path, name: str) -> str:
    try:
        return composed(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        message = "the file does not exist."
        if path.is_symlink():
            message = f"it is a symbolic link to {path.readlink()}, which does not exist."
        raise ConfigError(message, Place(name)) from None
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ConfigError(message, Place(name), "Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", Place(name)) from None


def _read(
    text: str, name: str, lines: dict[tuple[str, ...], int], shape: Shape, *, empty: Any
) -> Any:
    """Return the value of a text, and note its lines; `empty` is that of a text without any."""
    value, found = _parsed(text, name, shape)
    lines |= found
    return pickle.loads(value) if value else empty


@lru_cache(maxsize=64)
def _parsed(text: str, name: str, shape: Shape) -> tuple[bytes, Mapping[tuple[str, ...], int]]:
    """Return the value of a text, pickled, for whoever reads it may change it; and its lines.

    A build reads the same few files for each edition and step. Nothing is kept of what is wrong.
    """
    loader = node = None
    lines: dict[tuple[str, ...], int] = {}
    try:
        _check_size(text, name)
        loader = _loader()(text)
        node = loader.get_single_node()
        if node is None:
            return b"", lines
        raise_all([_odd_key(key, name) for key in _odd_keys(node, text_only=shape.text_keys)])
        repeated = sorted(_collect_lines(node, (), lines))
        raise_all([_repeated(key, line, name) for line, key in repeated])
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        refuse_merge_marks(text, name, ConfigError)
        raise _not_yaml(error, text, name, node) from None
    finally:
        if loader is not None:
            loader.dispose()
    # That the whole is no mapping is for who reads it to say.
    misfits = find_misfits(data, shape) if shape.fits(data) else ()
    raise_all([_misfit(misfit, name, node) for misfit in misfits])
    return pickle.dumps(data), lines


def _check_size(text: str, name: str) -> None:
    """Refuse what nests too deeply or grows out of its aliases, before a value is made of it.

    An alias counts as much as what it repeats. Raises ConfigError.
    """
    whole: dict[str | None, int] = {}
    begun: list[tuple[str | None, int]] = []
    size = written = 0
    for event in yaml.parse(text, _loader()):
        own = 1 + len(event.value) // _SIGNS if isinstance(event, yaml.ScalarEvent) else 1
        size, written = size + own, written + own
        if isinstance(event, yaml.AliasEvent):
            # One that stands in what it repeats is not whole yet, and would never end.
            size += whole.get(event.anchor, 0)
            if any(event.anchor == anchor for anchor, _ in begun):
                raise _refused("an alias repeats what it is in", event, name)
        elif isinstance(event, yaml.ScalarEvent):
            if len(event.value) > _LONGEST_NUMBER and _NUMBER.fullmatch(event.value):
                raise _refused("a number has too many digits", event, name)
            if event.anchor is not None:
                whole[event.anchor] = own
        elif isinstance(event, yaml.CollectionStartEvent):
            begun.append((event.anchor, size))
            if len(begun) > DEEPEST:
                raise _refused(f"more than {DEEPEST} levels are nested", event, name)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = begun.pop()
            if anchor is not None:
                whole[anchor] = size - before
        if size > max(_FEW, _REPEATS * written):
            raise _refused("its aliases repeat too much", event, name)


def _refused(message: str, event: yaml.Event, name: str) -> ConfigError:
    line = event.start_mark.line + 1 if event.start_mark else None
    place = Place(name, line=line)
    return ConfigError(f"the YAML cannot be used: {message}.", place, "Write it out, or simplify.")


def _not_yaml(error: Exception, text: str, name: str, node: yaml.Node | None) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    odd = None if mark else _cause(node)
    if odd is not None:
        place = Place(name, line=odd.start_mark.line + 1)
        said = f'"{odd.value[:_SIGNS]}" is not a value that YAML has: {error}.'
        return ConfigError(said, place, "Correct it, or write it in quotation marks as a text.")
    line = mark.line + 1 if mark else None
    problem = getattr(error, "problem", None) or str(error)
    hint = "Look at the indentation, and quote text that holds a colon."
    if mark and re.match(" *\t", text.split("\n")[min(mark.line, text.count("\n"))]):
        hint = "The line begins with a tab: indent it with spaces."
    return ConfigError(f"not valid YAML: {problem}.", Place(name, line=line), hint)


def _cause(node: yaml.Node | None) -> yaml.ScalarNode | None:
    """Return the scalar of which no value can be made, as of the date 2026-13-45."""
    if node is None:
        return None
    scalars = (each for each in _nodes(node) if isinstance(each, yaml.ScalarNode))
    for scalar in scalars:
        loader = _loader()("")
        try:
            loader.construct_document(scalar)
        except (ValueError, OverflowError):
            return scalar
        finally:
            loader.dispose()
    return None


def _nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for each in pair:
                yield from _nodes(each)
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _nodes(each)


def _odd_keys(node: yaml.Node, *, text_only: bool) -> Iterator[yaml.Node]:
    """Yield the keys that are no names."""
    allowed = ("str", "merge", "value") if text_only else _NAMES
    for each in _nodes(node):
        if isinstance(each, yaml.MappingNode):
            for key, _ in each.value:
                if key.tag.rpartition(":")[2] not in allowed or not isinstance(
                    key, yaml.ScalarNode
                ):
                    yield key


def _odd_key(key: yaml.Node, name: str) -> Problem:
    written = key.value if isinstance(key.value, str) else "this"
    message = f"the key {written or 'that is empty'} is not a name."
    place = Place(name, line=key.start_mark.line + 1)
    return Problem("config", message, place, "Write a word, or put it in quotes.")


def _misfit(misfit: Misfit, name: str, node: yaml.Node) -> Problem:
    return Problem("config", misfit.message, Place(name, line=_line_of(node, misfit.path)))


def _line_of(node: yaml.Node, path: Sequence[str | int]) -> int | None:
    """Return the line of what stands at a path of keys and of positions in lists."""
    line = node.start_mark.line + 1
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
            continue
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        found = [(key, value) for key, value in pairs if str(key.value) == str(step)]
        if not found:
            return int(line)
        key, node = found[-1]
        line = key.start_mark.line + 1
    return int(line)


def _repeated(key: str, line: int, name: str) -> Problem:
    message = f'the key "{key}" is given twice in the same place; only the last would count.'
    return Problem("config", message, Place(name, line=line), "Keep one of them.")


def _collect_lines(
    node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int]
) -> Iterator[tuple[int, str]]:
    """Note the line of every key and value; yield the line and name of each repeated key."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield key.start_mark.line + 1, name
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            if isinstance(value, yaml.ScalarNode):
                lines[(*path, name, str(value.value))] = value.start_mark.line + 1
            yield from _collect_lines(value, (*path, name), lines)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            if isinstance(value, yaml.ScalarNode):
                lines[(*path, str(value.value))] = value.start_mark.line + 1
            yield from _collect_lines(value, path, lines)
