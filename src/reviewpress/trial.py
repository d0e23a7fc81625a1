"""What would change if a cell of a table said something else: `reviewpress explain --try`.

    review ──copy──▶ a folder aside, with the cell changed ──▶ executed, assembled, checked
       └── executed, assembled, checked ──────────────────────────▶ compared

The review itself is never written to; what still holds of its runs is used again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from reviewpress.checks import load_evidence
from reviewpress.config import Config, load_config
from reviewpress.data_cells import DataCell
from reviewpress.explain import Traced, open_traced, sentence_of
from reviewpress.pipeline import Progress, check_edition
from reviewpress.provenance import Computed
from reviewpress.store.digests import digest_file
from reviewpress.store.freshness import is_source_folder
from reviewpress.tables.reader import split_segments
from reviewpress.tables.writer import write_csv

_KEPT = ("runs", "trees", "chapters")
"""The parts of the store that make a copy as quick to assemble as the review."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that is another with the cell changed; empty where there is nothing of the kind."""

    kind: str
    id: str
    chapter: str
    cell: int
    before: str
    after: str
    sentence: str = ""

    def __str__(self) -> str:
        place = f"({self.chapter}, cell {self.cell})" if self.cell else f"({self.chapter})"
        said = f"{self.before or '(nothing)'} → {self.after or '(nothing)'}"
        return f"{self.kind} {self.id} {place if self.chapter else ''}: {said}"


def try_value(config: Config, cell: DataCell, text: str, progress: Progress) -> list[Effect]:
    """Return what would change if a cell were `text`, in the order of the edition.

    Raises Problems where the table would then be wrong, or a chapter would fail.
    """
    before = open_traced(config, progress)
    with TemporaryDirectory(prefix="reviewpress-try-") as folder:
        copy = copy_review(config, Path(os.path.realpath(folder)) / "review")
        set_cell(copy.root / cell.file, cell, text)
        load_evidence(copy)
        after = open_traced(copy, progress)
        return [*changes_between(before, after)]


def copy_review(config: Config, folder: Path) -> Config:
    """Copy the sources of a review into a new folder, with its runs; return it as configured."""

    def made(parent: str, names: list[str]) -> list[str]:
        paths = {name: os.path.join(parent, name) for name in names}
        return [
            name
            for name, path in paths.items()
            if os.path.isdir(path)
            and Path(path) != config.root / "figures"
            and not is_source_folder(path, config.root)
        ]

    shutil.copytree(config.root, folder, ignore=made, ignore_dangling_symlinks=True)
    for name in _KEPT:
        if (config.store / name).is_dir():
            shutil.copytree(config.store / name, folder / ".reviewpress" / name)
    return load_config(folder, config.own_profile)


def set_cell(file: Path, cell: DataCell, text: str) -> None:
    """Write one cell of a table, and leave every other byte as it is."""
    content = file.read_bytes().decode("utf-8-sig")
    mark = b"\xef\xbb\xbf" if file.read_bytes().startswith(b"\xef\xbb\xbf") else b""
    segments = split_segments(content, cell.file)
    at = cell.number - 1
    raw, cells = segments[at]
    cells[segments[0][1].index(cell.column)] = text
    ending = raw[len(raw.rstrip("\r\n")) :]
    segments[at] = (write_csv([cells]).decode().removesuffix("\n") + ending, cells)
    file.write_bytes(mark + "".join(raw for raw, _ in segments).encode())


def changes_between(before: Traced, after: Traced) -> Iterator[Effect]:
    """Yield what differs between two states of an edition."""
    yield from _values(before, after)
    yield from _cells(before, after)
    yield from _findings(before, after)
    yield from _problems(before, after)


def _values(before: Traced, after: Traced) -> Iterator[Effect]:
    new = {(each.kind, each.id): each for each in after.record.made}
    for old in before.record.made:
        now = new.get((old.kind, old.id), replace(old, text="", status=""))
        if _said(old) != _said(now):
            sentence = sentence_of(before.runs, old) if old.kind == "value" else ""
            yield Effect(old.kind, old.id, old.chapter, old.cell, _said(old), _said(now), sentence)
        yield from claim_changes(old, now)


def claim_changes(old: Computed, now: Computed) -> Iterator[Effect]:
    """Yield what the page of claims says otherwise of a claim; nothing for other kinds."""
    for part in ("statement", "published", "explanation"):
        was, is_now = getattr(old, part), getattr(now, part)
        if was != is_now:
            yield Effect("claim", f"{old.id}, {part}", old.chapter, 0, was, is_now)


def _said(made: Computed) -> str:
    return f"{made.text} ({made.status})" if made.status else made.text


def _cells(before: Traced, after: Traced) -> Iterator[Effect]:
    """Yield the outputs of cells that differ: figures and tables by their ids, others by cell."""
    figures = {each.chapter: [] for each in before.record.figures}  # type: dict[str, list[Computed]]
    for each in before.record.figures:
        figures[each.chapter].append(each)
    for chapter, run in before.runs.items():
        now = {cell.number: cell.markdown for cell in after.runs[chapter].cells}
        files = {name: _digests(paths) for name, paths in run.figures.items()}
        new = {name: _digests(paths) for name, paths in after.runs[chapter].figures.items()}
        for cell in run.cells:
            if cell.kind != "code":
                continue
            inside = [each for each in figures.get(chapter, ()) if each.cell == cell.number]
            drawn = [each for each in inside if files.get(each.id) != new.get(each.id)]
            if now.get(cell.number) == cell.markdown and not drawn:
                continue
            for each in inside:
                yield Effect(each.kind, each.id, chapter, cell.number, "as it is", "another")
            if not inside:
                yield Effect("output", "of the cell", chapter, cell.number, "as it is", "another")


def _digests(paths: Sequence[Path]) -> dict[str, str]:
    return {path.name: digest_file(path) for path in paths}


def _findings(before: Traced, after: Traced) -> Iterator[Effect]:
    new = {each.id: each for each in after.record.findings}
    for old in before.record.findings:
        now = new.get(old.id)
        for part in ("statement", "papers", "against", "certainty", "place", "caveat"):
            was, is_now = getattr(old, part), getattr(now, part, "")
            if was != is_now:
                yield Effect("finding", f"{old.id}, {part}", "", 0, _shown(was), _shown(is_now))


def _shown(part: object) -> str:
    if isinstance(part, tuple):
        return ", ".join(f"{each.code} ({each.rating or 'no appraisal'})" for each in part)
    return str(part)


def _problems(before: Traced, after: Traced) -> Iterator[Effect]:
    """Yield the problems that the checks would find, or find no more."""
    was, now = _found(before), _found(after)
    for text in now:
        if text not in was:
            yield Effect("problem", "found", "", 0, "", text)
    for text in was:
        if text not in now:
            yield Effect("problem", "gone", "", 0, text, "")


def _found(subject: Traced) -> list[str]:
    evidence = load_evidence(subject.config)
    report = check_edition(
        subject.config, subject.manuscript, subject.runs, evidence, official=True
    )
    return [f"{each.where}: {each.message}" for each in (*report.errors, *report.warnings)]
