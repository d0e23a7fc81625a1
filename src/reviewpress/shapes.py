"""Shapes: what kind of value a key takes, declared once and checked where YAML is read.

A shape says in words what it expects and tests one value; a list or a mapping says so of what it
holds. A key without a value (`csl:` and nothing after it) counts as not given.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import TypeAlias

Plain: TypeAlias = (
    bool | int | float | str | date | Sequence["Plain"] | Mapping[str, "Plain"] | None
)
"""What YAML and JSON can hold."""
Part = tuple["str | int", object, "Shape"]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST = 40
_LONGEST_NAME = 255
"""How many bytes the name of a file has at most, on the systems there are."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value has to be: in words, as a test, and the shapes of what it holds."""

    expected: str
    fits: Callable[[object], bool]
    parts: Callable[[object], Iterable[Part]] = lambda value: ()
    text_keys: bool = False
    """Whether all keys, at any depth, are text: elsewhere numbers and Yes or No are names too."""

    def with_one_of(self, *names: str) -> "Shape":
        """Return the shape of keys and values that have at least one of some keys."""

        def fits(value: object) -> bool:
            return isinstance(value, Mapping) and any(value.get(name) for name in names)

        return replace(self, fits=fits)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value of the wrong kind: the path of keys and positions to it, and what to say."""

    path: tuple[str | int, ...]
    message: str


def find_misfits(value: object, shape: Shape, path: tuple[str | int, ...] = ()) -> Iterator[Misfit]:
    """Yield each value that is not what its shape says."""
    if not shape.fits(value):
        yield Misfit(path, f"{_subject(path)} takes {shape.expected}, not {describe_value(value)}.")
        return
    for step, part, inner in shape.parts(value):
        yield from find_misfits(part, inner, (*path, step))


def describe_value(value: object) -> str:
    """Say what a value is, as an author sees it.

    >>> describe_value([1]), describe_value(True), describe_value("blue")
    ('a list', 'true', 'the text "blue"')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        return f'the text "{_short(value)}"'
    if isinstance(value, date):
        return f"the date {value}"
    if isinstance(value, Mapping):
        return "keys and values"
    return "a list" if isinstance(value, list | tuple) else "a YAML value of another kind"


def as_mapping(value: Plain) -> Mapping[str, Plain]:
    """Return keys and values; none where the value is of another kind."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Plain) -> Sequence[Plain]:
    """Return the items of a list; none where the value is of another kind."""
    return value if isinstance(value, list | tuple) else ()


def as_text(value: Plain) -> str:
    """Return a value as text; empty where there is none."""
    return "" if value is None else str(value)


def matching_text(expected: str, pattern: str) -> Shape:
    """Return the shape of a text that a pattern matches."""
    test = re.compile(pattern)
    return Shape(expected, lambda value: isinstance(value, str) and bool(test.fullmatch(value)))


def whole(least: int, most: int) -> Shape:
    """Return the shape of a whole number between two."""
    expected = f"a whole number from {least} to {most}"
    return Shape(expected, lambda value: _is_number(value, int) and least <= value <= most)  # type: ignore[operator]


def number(least: float, most: float) -> Shape:
    """Return the shape of a number between two."""
    expected = f"a number from {least:g} to {most:g}"
    return Shape(expected, lambda value: _is_number(value, int, float) and least <= value <= most)  # type: ignore[operator]


def listed(each: Shape, expected: str = "") -> Shape:
    """Return the shape of a list."""
    return Shape(
        expected or f"a list, each item {each.expected}",
        lambda value: isinstance(value, list),
        lambda value: ((n, item, each) for n, item in enumerate(value)),  # type: ignore[arg-type, var-annotated]
    )


def one_or_more(each: Shape) -> Shape:
    """Return the shape of a value, or of a list of such values."""
    return either(each, listed(each), expected=f"{each.expected}, or a list")


def keys(
    known: Mapping[str, Shape],
    *,
    others: "Shape | None" = None,
    needs: Iterable[str] = (),
    expected: str = "",
) -> Shape:
    """Return the shape of keys and values: those that are known, and what all others take.

    Without those of `needs` nothing can be made of it.
    """

    def parts(value: object) -> Iterator[Part]:
        assert isinstance(value, Mapping)
        for key, inner in value.items():
            shape = known.get(key, others or ANYTHING) if isinstance(key, str) else others
            if inner is not None:
                yield key, inner, shape or ANYTHING
        yield from ((key, None, known[key]) for key in needs if value.get(key) is None)

    described = expected or (_example(known) if known else "keys and values")
    return Shape(described, lambda value: isinstance(value, Mapping), parts)


def map_of(each: Shape, expected: str = "keys and values") -> Shape:
    """Return the shape of keys of any name, whose values are all of one shape."""
    return keys({}, others=each, expected=expected)


def either(*shapes: Shape, expected: str = "") -> Shape:
    """Return the shape of a value that is one of several; the first that fits looks inside."""

    def parts(value: object) -> Iterable[Part]:
        return next(shape for shape in shapes if shape.fits(value)).parts(value)

    told = expected or ", or ".join(shape.expected for shape in shapes)
    return Shape(told, lambda value: any(shape.fits(value) for shape in shapes), parts)


def with_text_keys(shape: Shape) -> Shape:
    """Return a shape of keys and values in which all keys, at any depth, are text."""
    return replace(shape, text_keys=True)


def _is_text(value: object) -> bool:
    if isinstance(value, str):
        return _CONTROL.search(value) is None
    # YAML takes 1.0 and 2026-11-22 for other things than words, and authors mean the words.
    return isinstance(value, int | float | date) and not isinstance(value, bool)


def _is_file(value: object) -> bool:
    if not isinstance(value, str) or not value.strip() or _CONTROL.search(value):
        return False
    return "\n" not in value and all(
        len(part.encode()) <= _LONGEST_NAME for part in value.split("/")
    )


def _is_path(value: object) -> bool:
    if not isinstance(value, str) or not _is_file(value):
        return False
    depth = 0
    for part in PurePosixPath(value).parts:
        depth += {"..": -1, ".": 0}.get(part, 1)
        if depth < 0:
            return False
    return not value.startswith(("/", "~")) and re.match(r"[A-Za-z]:[\\/]", value) is None


def _is_number(value: object, *kinds: type) -> bool:
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    return isinstance(value, int) or math.isfinite(value)  # type: ignore[arg-type]


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str | date | list | dict)


def _plain_parts(value: object) -> Iterator[Part]:
    if isinstance(value, list):
        yield from ((n, item, ANYTHING) for n, item in enumerate(value))
    elif isinstance(value, dict):
        yield from ((key, item, ANYTHING) for key, item in value.items())


def _subject(path: tuple[str | int, ...]) -> str:
    names = [f'"{_short(step)}"' for step in path if isinstance(step, str)]
    if not names:
        return f"item {int(path[-1]) + 1}" if path else "the file"
    return f"item {int(path[-1]) + 1} of {names[-1]}" if isinstance(path[-1], int) else names[-1]


def _example(known: Mapping[str, Shape]) -> str:
    return f"keys and values, as in `{next(iter(known))}: …`"


def _number(value: float) -> str:
    if abs(value) < 1e40:
        return f"the number {_short(str(value))}"
    try:
        return f"the number {value:.3g}"
    except OverflowError:
        return "a number of hundreds of digits"


def _short(text: str) -> str:
    line = " ".join(_CONTROL.sub("�", text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


ANYTHING = Shape("text, numbers, lists, or keys and values", _is_plain, _plain_parts)
TEXT = Shape("a text", _is_text)
WORD = Shape("a text", lambda value: isinstance(value, bool) or _is_text(value))
"""A text that YAML may take for a truth value: Yes and No are common terms of a vocabulary."""
PATH = Shape("the name of a file inside the review, as in `folder/name`", _is_path)
FILE = Shape("the name of a file", _is_file)
TRUTH = Shape("true or false", lambda value: isinstance(value, bool))
TEXTS = one_or_more(TEXT)
WORDS = one_or_more(WORD)
PATHS = one_or_more(PATH)
