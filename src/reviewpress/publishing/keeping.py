"""Keeping editions as a version: what may be published, and the folder it goes to."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.config import Config
from reviewpress.edition import EDITION, EditionRecord, edition_text, read_edition
from reviewpress.engine import Manuscript
from reviewpress.errors import ConfigError, Place, Problem, ReportError, raise_all
from reviewpress.formats.edition_record import record_edition
from reviewpress.kept_versions import (
    LIST,
    PUBLISHED,
    KeptVersion,
    digest_folder,
    kept_versions,
    version_folder,
    write_versions,
)
from reviewpress.pipeline import Progress, prepare
from reviewpress.store.files import cannot_write, flush_tree, replace_folder
from reviewpress.store.interrupts import note_done, uninterrupted
from reviewpress.store.output_folder import name_of, name_some
from reviewpress.store.temporary_files import STAGING, release_folder, reserve_folder

_NAME = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z._+-]*[0-9A-Za-z])?")
_RENDER = "Render the editions of the version again, then publish it."


@dataclass(frozen=True, slots=True)
class ReadyEdition:
    """A rendered edition that may be published, and the record it is kept with."""

    config: Config
    record: EditionRecord


def choose_version(config: Config, asked: str) -> str:
    """Return the version to be published: what is asked for, which `version:` has to say too.

    Raises ConfigError where they differ, for a version that is there, and for one that cannot be
    the name of a folder.
    """
    place, said = Place("_quarto.yml"), config.publication.version
    folder = config.root / PUBLISHED
    if folder.is_dir() and any(folder.glob("[!.]*")) and not (folder / LIST).is_file():
        hint = f"Move what is in it, or give the edition another `output-dir` than {PUBLISHED}."
        raise ConfigError("holds something else than published versions.", Place(PUBLISHED), hint)
    version = asked or said
    if not version:
        hint = 'Write `version: "1.0"` under `reviewpress:`, and render the editions.'
        raise ConfigError("the review does not say which version it is.", place, hint)
    if version != said:
        hint = f'Write `version: "{version}"` under `reviewpress:`, and render the editions.'
        message = f"the review says that it is version {said or 'none'}, not {version}."
        raise ConfigError(message, place, hint)
    if not _NAME.fullmatch(version):
        hint = "Use letters, digits, dots and hyphens, as in 1.0."
        raise ConfigError(f'"{version}" cannot be the name of a version.', place, hint)
    kept = [each.version for each in kept_versions(config.root)]
    if version.casefold() in map(str.casefold, kept):
        hint = "Raise `version:` for a new one. What was published is never written over."
        raise ConfigError(f"version {version} is published already.", place, hint)
    return version


def ready_edition(config: Config, *, uncommitted: bool, progress: Progress) -> ReadyEdition:
    """Return the edition in its output folder, if it may be published as it is.

    Raises Problems for what the checks find, and ConfigError for a draft, for what is unfinished,
    for an edition that is not what its sources make, and for sources that no commit has unless
    `uncommitted` allows that.
    """
    _check_status(config)
    name = name_of(config.output_dir, config.root)
    written = read_edition(config.output_dir, name)
    checked = prepare(config, progress=progress)
    raise_all(checked.report.errors)
    unfinished = [each for each in checked.report.warnings if each.rule == "unfinished"]
    hint = "Finish it: a version stays as it is."
    raise_all([Problem(ConfigError.rule, e.message, e.where, hint) for e in unfinished])
    record = record_edition(checked.manuscript)
    _check_fresh(written, record, checked.manuscript, name)
    if record.commit and record.changed and not uncommitted:
        hint = "Commit them, or add `--uncommitted` to publish without naming a commit."
        message = f"the last commit lacks {name_some(record.changed)} as they are now."
        raise ConfigError(message, Place(name), hint)
    return ReadyEdition(config, record)


def keep_version(version: str, editions: Sequence[ReadyEdition]) -> KeptVersion:
    """Keep editions as a version, all of them or none; what they link to each other stays."""
    root = editions[0].config.root
    folder = root / PUBLISHED
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # From here on the folder is known for what it is, whatever becomes of this run.
        with uninterrupted():
            write_versions(root, kept_versions(root))
            note_done(f"{PUBLISHED}/{LIST} written")
        handle, staging = reserve_folder(folder, STAGING)
    except OSError as error:
        raise cannot_write(folder, error) from None
    try:
        staging.chmod(0o755)
        for each in editions:
            _copy(each, staging / each.config.output_dir.name)
        flush_tree(staging)
        digest = digest_folder(staging)
        kept = _describe(version, editions, digest)
        with uninterrupted():
            # A folder of this name that the list lacks was left by a run that was killed.
            replace_folder(staging, version_folder(root, version))
            write_versions(root, (*kept_versions(root), kept))
            note_done(f"version {version} kept")
    except OSError as error:
        raise cannot_write(folder, error) from None
    finally:
        release_folder(handle, staging)
    return kept


def _describe(version: str, editions: Sequence[ReadyEdition], digest: str) -> KeptVersion:
    first = editions[0].record
    return KeptVersion(
        version, first.date, "" if first.changed else first.commit,
        {each.config.profile: each.config.output_dir.name for each in editions}, digest,
    )  # fmt: skip


def check_kept(root: Path) -> None:
    """Refuse to go on where a version is not what was published; ConfigError names all."""
    problems: list[ReportError] = []
    for each in kept_versions(root):
        if digest_folder(version_folder(root, each.version)) != each.digest:
            place = Place(f"{PUBLISHED}/{each.version}")
            message = f"version {each.version} is not what was published: a file was changed."
            problems.append(ConfigError(message, place, "Take it from a commit or from a copy."))
    raise_all([problem for error in problems for problem in error.problems])


def _check_status(config: Config) -> None:
    said = config.settings.other.get("status")
    if said:
        words = said if isinstance(said, str) else next(iter(dict(said)))
        message = f"the edition is marked as {words}, and a version says so for ever."
        raise ConfigError(message, config.place_of("status"), "Take `status:` out, and render.")


def _check_fresh(
    written: EditionRecord, now: EditionRecord, manuscript: Manuscript, name: str
) -> None:
    where = Place(name)
    same = replace(now, commit=written.commit, changed=written.changed, formats=written.formats)
    if same != written:
        message = "is not what its sources make now."
        raise ConfigError(message, where, _RENDER)
    missing = [*_missing(manuscript.book.config, written)]
    if missing:
        message = f"was not made whole: {', '.join(missing)} did not come from its last build."
        raise ConfigError(message, where, "Render it without `--to`.")


def _missing(config: Config, written: EditionRecord) -> Iterator[str]:
    for each in config.made:
        file = config.output_dir / (
            config.file_name(each.ending) if each.is_one_file else "index.html"
        )
        if each.name not in written.formats or not file.is_file():
            yield each.words


def _copy(edition: ReadyEdition, goal: Path) -> None:
    """Copy an edition; the commit that it names is the one its sources are in by now."""
    shutil.copytree(edition.config.output_dir, goal, symlinks=False)
    written = read_edition(edition.config.output_dir)
    record = replace(edition.record, formats=written.formats)
    (goal / EDITION).write_bytes(edition_text(record))
