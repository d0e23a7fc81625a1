"""Tables of keys: what each does here, at which levels, or why it has no effect."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from reviewpress.shapes import ANYTHING, Shape

Level = Literal["project", "format", "chapter"]
PROJECT: tuple[Level, ...] = ("project",)
CHAPTER: tuple[Level, ...] = ("chapter",)
DOCUMENTS: tuple[Level, ...] = ("project", "format")
EVERYWHERE: tuple[Level, ...] = ("project", "format", "chapter")

Silent = Callable[[object], bool]


def _is_off(value: object) -> bool:
    return value is None or value is False


def always(_value: object) -> bool:
    """Say of any value that it asks for nothing that would be missing."""
    return True


def one_of(*values: object) -> Silent:
    """Return what says of a value whether it is one of these."""
    return lambda value: value in values


@dataclass(frozen=True, slots=True)
class Key:
    """One key of Quarto's: what it does here, the kind of value it takes, where it is obeyed.

    One that is obeyed `at` no level has no effect, or is refused; `says` then says why, or what to
    do. Values that are `silent` ask for nothing that would be missing.
    """

    name: str
    says: str
    takes: Shape = ANYTHING
    at: tuple[Level, ...] = ()
    silent: Silent = _is_off
    refused: bool = False


def idle_keys(says: str, names: str, silent: Silent = _is_off) -> Iterator[Key]:
    """Yield the rows of keys that have no effect, all for one reason."""
    return (Key(name, says, silent=silent) for name in names.split())


def refused_key(name: str, says: str, silent: Silent = _is_off) -> Key:
    """Return the row of a key that is refused."""
    return Key(name, says, silent=silent, refused=True)


def table_of(*rows: Key | Iterable[Key]) -> Mapping[str, Key]:
    """Return rows by the names of their keys, each of which is in one."""
    found: dict[str, Key] = {}
    for row in rows:
        for key in (row,) if isinstance(row, Key) else row:
            assert key.name not in found, key.name
            found[key.name] = key
    return MappingProxyType(found)
