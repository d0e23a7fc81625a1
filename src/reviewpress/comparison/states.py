"""An edition as it was kept, as a commit makes it, as a folder holds it, or as it is now."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.comparison.phrases import Phrase, terminal_labels
from reviewpress.config import Config, load_config
from reviewpress.edition import EDITION, EditionRecord, read_edition
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, nearest
from reviewpress.extension import find_extension
from reviewpress.formats.edition_record import record_edition
from reviewpress.formats.objects import DOCX
from reviewpress.formats.pandoc_engine import PandocEngine
from reviewpress.kept_versions import edition_folder, kept_versions
from reviewpress.pipeline import Progress, prepare
from reviewpress.programs.repository import checked_out, find_commit
from reviewpress.store.files import cannot_write
from reviewpress.store.temporary_files import temporary_folder


@dataclass(frozen=True, slots=True)
class State:
    """An edition to be compared: what it is called, its record, and its files.

    `pictures` are the files of figures by their names, `tables` the folder with its data, and
    `document` answers its Word file.
    """

    name: Phrase
    record: EditionRecord
    pictures: Mapping[str, Path]
    tables: Path
    document: Callable[[], bytes]


@contextmanager
def edition_state(config: Config, asked: str, progress: Progress) -> Iterator[State]:
    """Give what `asked` names: a version, a commit or a folder; the sources now where it is empty.

    Raises ConfigError where it is none of them.
    """
    kept = {each.version: each for each in kept_versions(config.root)}
    if not asked:
        yield _as_made(config, Phrase("diff-now"), progress)
    elif asked in kept:
        folder = edition_folder(config.root, kept[asked], config.profile)
        if folder is None:
            message = f'version {asked} was published without the edition "{config.profile}".'
            raise ConfigError(message, hint=nearest(config.profile, kept[asked].editions))
        yield _of_folder(Phrase("version-in-line", asked), folder)
    elif Path(asked).is_dir():
        yield _of_folder(Phrase("", asked), _edition_in(Path(asked), config))
    else:
        commit = find_commit(config.root, asked)
        if not commit:
            message = f'"{asked}" is neither a version, nor a commit, nor a folder.'
            raise ConfigError(message, hint=nearest(asked, kept))
        with _as_committed(config, commit, progress) as state:
            yield state


def last_version(config: Config) -> str:
    """Return the version that was published last with an edition of this profile; empty if none."""
    kept = reversed(kept_versions(config.root))
    return next((k.version for k in kept if edition_folder(config.root, k, config.profile)), "")


def pictures_in(folder: Path) -> dict[str, Path]:
    """Return the files of figures of the edition in a folder, by their names."""
    return {path.name: path for path in sorted((folder / "figures").glob("*"))}


@contextmanager
def _as_committed(config: Config, commit: str, progress: Progress) -> Iterator[State]:
    with checked_out(config.root, commit) as place:
        runs = config.store / "runs"
        if runs.is_dir():
            # Runs are known by what they were made from: those that still hold are used.
            shutil.copytree(runs, place / config.store.name / "runs")
        other = load_config(place, config.own_profile)
        yield _as_made(other, Phrase("diff-commit", commit[:10]), progress)


def _as_made(config: Config, name: Phrase, progress: Progress) -> State:
    manuscript = prepare(config, progress=progress).manuscript
    return State(
        name,
        record_edition(manuscript),
        manuscript.figures,
        config.root / "data",
        lambda: _word_file(manuscript),
    )


def _edition_in(folder: Path, config: Config) -> Path:
    """Return the edition in a folder, or in the folder of all editions of a version."""
    inner = folder / config.output_dir.name
    return inner if not (folder / EDITION).is_file() and inner.is_dir() else folder


def _of_folder(name: Phrase, folder: Path) -> State:
    called = name.within(terminal_labels())

    def document() -> bytes:
        found = sorted(folder.glob(f"*.{DOCX.ending}"))
        if not found:
            raise ConfigError(
                f"{called} has no Word file.", hint="Compare an edition that has one."
            )
        try:
            return found[0].read_bytes()
        except OSError as error:
            raise cannot_write(found[0], error) from None

    return State(name, read_edition(folder, called), pictures_in(folder), folder / "data", document)


def _word_file(manuscript: Manuscript) -> bytes:
    config = manuscript.book.config.with_formats([DOCX.name])
    made = replace(manuscript, book=replace(manuscript.book, config=config))
    with temporary_folder() as folder:
        PandocEngine(find_extension(config.root)).render(made, folder)
        return (folder / config.file_name(DOCX.ending)).read_bytes()
