"""The folder `figures/`: what builds published there, and what in it is an author's.

Builds keep a list of the files that they wrote. They write over, and remove, only what is as the
list has it; anything else under such a name was put there or changed by somebody.

figures/.published    what this is; then a line a file: SHA-256, editions, name, a tab between

Quarto reads the figures of what it renders from the folder, also those of a variant: they are lent,
and what stood there is set aside in the store until it is brought back.
"""

import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import ConfigError, Place
from reviewpress.store.digests import digest_file
from reviewpress.store.files import cannot_write, write_cached
from reviewpress.store.output_folder import name_some, read_list

FOLDER = "figures"
LIST = ".published"
_FIRST_LINE = "Written by reviewpress: figures that builds made, and may replace."
_LENT = ".lent"
_ABSENT = ".absent"
"""What 0.1.0 noted for a file that it lent where none had been."""

# Editions are rendered in threads: while one has lent its figures, no other may publish.
_in_use = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Known:
    """A published file: the contents that builds gave it, and the editions that publish it.

    There are two contents only while one is replaced by the other.
    """

    hashes: frozenset[str]
    editions: frozenset[str]


_List = Mapping[str, _Known]


def claim_figures(
    config: Config, figures: Mapping[str, Path], *, take_over: bool = False
) -> tuple[str, ...]:
    """Make sure that a build may publish its figures; return what is taken over.

    Without `take_over`, ConfigError for files in their way that no build made.
    """
    with _in_use:
        restore_figures(config)
        foreign = _foreign(config, figures)
        taken = [name for name in foreign if not _at(config, name).is_dir()] if take_over else []
        if taken:
            _adopt(config, taken)
        _refuse(name for name in foreign if name not in taken)
    return tuple(f"{FOLDER}/{name}" for name in taken)


def publish_figures(config: Config, figures: Mapping[str, Path]) -> None:
    """Copy what an official build published to `figures/`; take away what it no longer does.

    Raises ConfigError, and writes nothing, where a file that no build made is in the way.
    """
    with _in_use:
        restore_figures(config)
        _refuse(_foreign(config, figures))
        before, after = _known(config), _after(config, figures)
        try:
            # Listed first with both contents: a build that is killed now blocks none after it.
            _write_list(config, _united(before, after))
            for name, file in figures.items():
                _copy(file, _at(config, name))
            for name in before.keys() - after.keys():
                if _is_ours(config, name, before):
                    _at(config, name).unlink()
            _write_list(config, after)
            shutil.rmtree(config.store / "published", ignore_errors=True)
        except OSError as error:
            raise cannot_write(config.root / FOLDER, error) from None


def figures_of_others(config: Config) -> frozenset[str]:
    """Return the published figures that are other editions' alone; none before this one has any."""
    known = _known(config)
    if not any(config.profile in each.editions for each in known.values()):
        return frozenset()
    return frozenset(name for name, each in known.items() if config.profile not in each.editions)


@contextmanager
def lent(config: Config, figures: Mapping[str, Path]) -> Iterator[None]:
    """Lend an edition's figures, and bring back what stood there."""
    with _in_use:
        lend_figures(config, figures)
        try:
            yield
        finally:
            restore_figures(config)


def lend_figures(config: Config, figures: Mapping[str, Path]) -> None:
    """Put an edition's figures where its chapters look for them, and set aside what stood there.

    `figures/` holds the last official build's: `restore_figures` brings those back. Raises
    ConfigError, and writes nothing, where a file that no build made is in the way.
    """
    restore_figures(config)
    _refuse(_foreign(config, figures))
    aside = _aside(config)
    try:
        for name, file in figures.items():
            goal, content = _at(config, name), digest_file(file)
            if goal.is_file() and digest_file(goal) == content:
                continue
            write_cached(aside / f"{name}{_LENT}", content.encode())
            if goal.is_file():
                goal.replace(aside / name)
            _copy(file, goal)
    except OSError as error:
        raise cannot_write(config.root / FOLDER, error) from None


def restore_figures(config: Config) -> None:
    """Bring back the figures that `lend_figures` set aside.

    What somebody has put in the place of a lent file since stays.
    """
    aside = _aside(config)
    if not aside.is_dir():
        return
    try:
        (config.root / FOLDER).mkdir(exist_ok=True)
        names = {path.name.removesuffix(_LENT).removesuffix(_ABSENT) for path in aside.iterdir()}
        for name in names:
            _restore(_at(config, name), aside / name)
        shutil.rmtree(aside)
    except OSError as error:
        raise cannot_write(config.root / FOLDER, error) from None


def _restore(goal: Path, kept: Path) -> None:
    note = kept.with_name(f"{kept.name}{_LENT}")
    if note.is_file() and os.path.lexists(goal) and not _holds(goal, {note.read_text("utf-8")}):
        return
    if kept.is_file():
        kept.replace(goal)
    else:
        goal.unlink(missing_ok=True)


def _at(config: Config, name: str) -> Path:
    return config.root / FOLDER / name


def _aside(config: Config) -> Path:
    return config.store / "quarto" / FOLDER


def _foreign(config: Config, figures: Mapping[str, Path]) -> list[str]:
    """Return the names of figures under which there is something that no build made."""
    known = _known(config)
    return sorted(
        name
        for name, file in figures.items()
        if os.path.lexists(_at(config, name))
        and not _is_ours(config, name, known)
        and not _holds(_at(config, name), {digest_file(file)})
    )


def _is_ours(config: Config, name: str, known: _List) -> bool:
    return name in known and _holds(_at(config, name), known[name].hashes)


def _holds(path: Path, hashes: Iterable[str]) -> bool:
    """Say whether a path is a file of one of these contents; a link is an author's."""
    return path.is_file() and not path.is_symlink() and digest_file(path) in hashes


def _refuse(names: Iterable[str]) -> None:
    found = list(names)
    if found:
        raise ConfigError(
            f"the build would write over what is not as a build left it: {name_some(found)}.",
            Place(FOLDER),
            f"What is yours belongs in {FOLDER}/drawn/: move it there, or give it another name. "
            "If it may be replaced, use `reviewpress render --take-over`.",
        )


def _adopt(config: Config, names: Iterable[str]) -> None:
    """List files as a build's; of a link only the link goes."""
    known = dict(_known(config))
    for name in names:
        path = _at(config, name)
        if path.is_symlink():
            path.unlink()
        else:
            known[name] = _Known(frozenset({digest_file(path)}), frozenset({config.profile}))
    _write_list(config, known)


def _after(config: Config, figures: Mapping[str, Path]) -> _List:
    """Return what will be listed: this edition's files, and those of others."""
    edition = frozenset({config.profile})
    found = {
        name: _Known(known.hashes, known.editions - edition)
        for name, known in _known(config).items()
        if known.editions - edition
    }
    for name, file in figures.items():
        others = found[name].editions if name in found else frozenset()
        found[name] = _Known(frozenset({digest_file(file)}), others | edition)
    return found


def _united(one: _List, other: _List) -> _List:
    none = _Known(frozenset(), frozenset())
    pairs = {name: (one.get(name, none), other.get(name, none)) for name in {*one, *other}}
    return {
        name: _Known(a.hashes | b.hashes, a.editions | b.editions) for name, (a, b) in pairs.items()
    }


def _copy(file: Path, goal: Path) -> None:
    content = file.read_bytes()
    if not goal.is_file() or goal.read_bytes() != content:
        write_cached(goal, content)


def _known(config: Config) -> _List:
    """Return what builds published: as listed, or as what an earlier version left shows."""
    with suppress(OSError, ValueError):
        first, *lines = _at(config, LIST).read_text(encoding="utf-8").splitlines()
        if first == _FIRST_LINE:
            return dict(map(_read_line, lines))
    return _recorded(config) or _in_editions(config)


def _read_line(line: str) -> tuple[str, _Known]:
    hashes, editions, name = line.split("\t")
    return name, _Known(frozenset(hashes.split(",")), frozenset(editions.split(",")))


def _write_list(config: Config, listed: _List) -> None:
    path = _at(config, LIST)
    if not listed:
        path.unlink(missing_ok=True)
        return
    lines = [
        "\t".join((",".join(sorted(known.hashes)), ",".join(sorted(known.editions)), name))
        for name, known in sorted(listed.items())
    ]
    content = ("\n".join([_FIRST_LINE, *lines]) + "\n").encode()
    if not path.is_file() or path.read_bytes() != content:
        write_cached(path, content)


def _recorded(config: Config) -> _List:
    """Return the files that 0.1.0 recorded in the store, by their names alone."""
    found: dict[str, _Known] = {}
    for record in sorted((config.store / "published").glob("*.txt")):
        for name in record.read_text(encoding="utf-8").splitlines():
            _note(found, _at(config, name), record.stem)
    return found


def _in_editions(config: Config) -> _List:
    """Return the files that are the same in an edition that was made before."""
    found: dict[str, _Known] = {}
    for folder in sorted({*(config.root / "_output").glob("*"), config.output_dir}):
        edition = read_list(folder)[0] or folder.name
        for copy in (folder / FOLDER).glob("*.*"):
            if copy.is_file() and _holds(_at(config, copy.name), {digest_file(copy)}):
                _note(found, _at(config, copy.name), edition)
    return found


def _note(found: dict[str, _Known], file: Path, edition: str) -> None:
    if file.is_file() and not file.is_symlink():
        others = found[file.name].editions if file.name in found else frozenset()
        found[file.name] = _Known(frozenset({digest_file(file)}), others | {edition})
