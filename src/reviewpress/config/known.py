"""The keys of a review's files, held against the table of Quarto's keys."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewpress.errors import Place, Problem, nearest
from reviewpress.formats.objects import Format, find_format, obeying
from reviewpress.key_table import Key, Level
from reviewpress.quarto_keys import DOCUMENT_KEYS, GROUPS

PAGE = "docs/reference/quarto-keys.md"
_TEXTS = ("*.qmd", "*.md", "*.ipynb")
_MADE = ("_", ".")

Lines = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Unobeyed:
    """A key that asks for something in vain: where it stands, and its row; None where none has."""

    path: tuple[str, ...]
    line: int | None
    key: Key | None

    @property
    def words(self) -> str:
        """The key as a message names it, with the one that it stands below."""
        inner = self.path[2:] if self.path[0] == "format" else ()
        return ": ".join(inner or self.path)


def find_unobeyed(data: Mapping[str, object], lines: Lines, level: Level) -> Iterator[Unobeyed]:
    """Yield what is in vain among the keys of `_quarto.yml`, of a profile, or of front matter."""
    for path, key in _judge(data, DOCUMENT_KEYS, (), level, None):
        yield Unobeyed(path, lines.get(path), key)


def refusals(found: Iterable[Unobeyed], file: str) -> Iterator[Problem]:
    """Yield an error for each key that is refused."""
    for each in found:
        if each.key is not None and each.key.refused:
            message = f'reviewpress cannot do what "{each.words}" asks for.'
            hint = each.key.says[0].upper() + each.key.says[1:] + "."
            yield Problem("refused-key", message, Place(file, line=each.line), hint)


def remarks(found: Iterable[Unobeyed], file: str, root: Path) -> Iterator[Problem]:
    """Yield a warning for each key that nobody knows, and one for all that have no effect.

    A key at the top that chapters ask for by `meta` is the author's own.
    """
    idle: list[Unobeyed] = []
    for each in found:
        if each.key is None and not _is_asked_for(each.path, root):
            yield Problem(
                "unknown-key", f'the key "{each.words}" is not known: it has no effect.',
                Place(file, line=each.line), _hint(each.path),
            )  # fmt: skip
        elif each.key is not None and not each.key.refused:
            idle.append(each)
    if idle:
        yield without_effect(idle, _place(file, idle))


def without_effect(idle: Sequence[Unobeyed], where: Place) -> Problem:
    """Return the warning that keys have no effect, with the reason where it is one."""
    names = list(dict.fromkeys(f'"{each.words}"' for each in idle))
    noun, verb = ("the key", "has") if len(names) == 1 else ("the keys", "have")
    message = f"{noun} {all_named(names)} {verb} no effect in the embedded engine."
    reasons = {each.key.says for each in idle if each.key is not None}
    hint = f"{PAGE} says why."
    if len(reasons) == 1 and all(not each.key.at for each in idle if each.key is not None):
        [reason] = reasons
        hint = f"{reason[0].upper()}{reason[1:]}."
    return Problem("key-without-effect", message, where, hint)


def chapter_remarks(found: Mapping[str, Sequence[Unobeyed]], root: Path) -> Iterator[Problem]:
    """Yield a warning for each key of chapters that nobody knows, one for all without effect.

    `found` is by chapter. Each is named once in a project, however many chapters have it.
    """
    unknown: dict[tuple[str, ...], tuple[str, Unobeyed]] = {}
    idle: dict[tuple[str, ...], tuple[str, Unobeyed]] = {}
    for file, each in ((file, each) for file, some in found.items() for each in some):
        if each.key is None:
            unknown.setdefault(each.path, (file, each))
        elif not each.key.refused:
            idle.setdefault(each.path, (file, each))
    for file, each in unknown.values():
        yield from remarks([each], file, root)
    if idle:
        first = next(iter(idle.values()))[0]
        said = [each for _, each in idle.values()]
        here = [each for file, each in idle.values() if file == first]
        yield without_effect(said, _place(first, here))


def _judge(
    data: Mapping[str, object],
    table: Mapping[str, Key],
    above: tuple[str, ...],
    level: Level,
    made: Format | None,
) -> Iterator[tuple[tuple[str, ...], Key | None]]:
    """Yield the path and row of each key that is not obeyed; `made` is the format it is for."""
    for name, value in data.items():
        if value is None:
            continue
        path = (*above, str(name))
        key = table.get(str(name))
        if key is None:
            yield path, None
        elif not key.silent(value) and (
            level not in key.at or (made is not None and made not in obeying(key.name))
        ):
            yield path, key
        elif isinstance(value, Mapping) and level in key.at:
            if name == "format":
                yield from _judge_formats(value, path, "format" if level == "project" else level)
            elif name in GROUPS and not above:
                yield from _judge(value, GROUPS[str(name)], path, level, made)


def _judge_formats(
    formats: Mapping[str, object], path: tuple[str, ...], level: Level
) -> Iterator[tuple[tuple[str, ...], Key | None]]:
    for name, options in formats.items():
        if isinstance(options, Mapping):
            made = find_format(str(name))
            yield from _judge(options, DOCUMENT_KEYS, (*path, str(name)), level, made)


def _place(file: str, found: Iterable[Unobeyed]) -> Place:
    lines = sorted({each.line for each in found if each.line is not None})
    return Place(file, line=lines[0], others=tuple(lines[1:])) if lines else Place(file)


def _hint(path: tuple[str, ...]) -> str:
    """Say which key may be meant, or below which it belongs."""
    *above, name = path
    group = above[0] if above else ""
    homes = [other for other, table in GROUPS.items() if name in table and other != group]
    if homes:
        return f"It belongs below `{homes[0]}:`."
    if above and name in DOCUMENT_KEYS:
        return "It belongs at the top of the file."
    close = nearest(name, GROUPS.get(group, DOCUMENT_KEYS), cutoff=0.75)
    return close if close.startswith("Did") else f"{PAGE} lists the keys."


def _is_asked_for(path: tuple[str, ...], root: Path) -> bool:
    """Say whether some text of the review shows a key, or depends on it."""
    if len(path) > 1:
        return False
    asks = re.compile(rf"\bmeta(?:\s+|=\\?[\"']){re.escape(path[0])}\b")
    return any(asks.search(_text(file)) for file in _texts(root))


def _texts(root: Path) -> Iterator[Path]:
    for pattern in _TEXTS:
        for path in root.rglob(pattern):
            inner = path.relative_to(root).parts[:-1]
            if not any(part.startswith(_MADE) for part in inner):
                yield path


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def all_named(names: Sequence[str]) -> str:
    """Return names as a sentence has them."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
