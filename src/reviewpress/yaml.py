"""YAML files, with the line of every key: the only importer of PyYAML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reviewpress.errors import ConfigError, Place, Problem, raise_all


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A mapping read from a file, and the line on which each key or list item stands."""

    path: Path
    name: str
    data: dict[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def line(self, path: tuple[str, ...], item: str | None = None) -> int | None:
        """Return the line of the key at `path`, or of `item` somewhere below it."""
        if item is not None:
            for key, line in self.lines.items():
                if key[: len(path)] == path and key[-1] == item:
                    return line
        return self.lines.get(path)


def read_yaml(path: Path, root: Path) -> YamlFile:
    """Read a YAML file whose top level is a mapping.

    Raises ConfigError with the file's line where it is not valid YAML or no mapping, and Problems
    for keys that stand twice.
    """
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    text = _text(path, name)
    lines: dict[tuple[str, ...], int] = {}
    data = _read(text, name, lines)
    if not isinstance(data, dict):
        raise ConfigError("the file is not a list of keys and values.", Place(name, line=1))
    return YamlFile(path, name, data, lines)


def load_yaml(text: str) -> Any:
    """Return the value of a YAML text that is known to be valid."""
    import yaml

    return yaml.load(text, Loader=_loader())


def dump_yaml(value: Any) -> str:
    """Return a value as YAML, keys in their own order, real Unicode."""
    import yaml

    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)


@cache
def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError("the file does not exist.", Place(name)) from None
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ConfigError(message, Place(name), "Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", Place(name)) from None


def _read(text: str, name: str, lines: dict[tuple[str, ...], int]) -> Any:
    """Return the value of a text, parsed once, and note its lines; an empty text has no keys."""
    import yaml

    loader = None
    try:
        loader = _loader()(text)
        node = loader.get_single_node()
        if node is None:
            return {}
        repeated = sorted(_collect_lines(node, (), lines))
        if repeated:
            raise_all([_repeated(key, line, name) for line, key in repeated])
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        raise _not_yaml(error, name) from None
    finally:
        if loader is not None:
            loader.dispose()


def _not_yaml(error: Exception, name: str) -> ConfigError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else None
    problem = getattr(error, "problem", None) or str(error)
    hint = "Look at the indentation, and quote text that holds a colon."
    return ConfigError(f"not valid YAML: {problem}.", Place(name, line=line), hint)


def _repeated(key: str, line: int, name: str) -> Problem:
    message = f'the key "{key}" stands twice in the same place; only the last would count.'
    return Problem("config", message, Place(name, line=line), "Keep one of them.")


def _collect_lines(
    node: Any, path: tuple[str, ...], lines: dict[tuple[str, ...], int]
) -> Iterator[tuple[int, str]]:
    """Note the line of every key and item; yield the line and name of each repeated key."""
    kind = type(node).__name__
    if kind == "MappingNode":
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield key.start_mark.line + 1, name
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            yield from _collect_lines(value, (*path, name), lines)
    elif kind == "SequenceNode":
        for value in node.value:
            if type(value).__name__ == "ScalarNode":
                lines[(*path, str(value.value))] = value.start_mark.line + 1
            yield from _collect_lines(value, path, lines)
