"""The editions of a matrix made, and what is remembered for going on after a failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewpress.build import Built, Wanted, build_each
from reviewpress.engine import EngineChoice, PreviewEngine
from reviewpress.matrix.index import check_index, write_index
from reviewpress.matrix.rows import Matrix, MatrixRow
from reviewpress.pipeline import Progress
from reviewpress.store.files import write_cached
from reviewpress.tasks import HERE, Tasks

FOLDER = "matrices"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What became of a row's edition."""

    row: MatrixRow
    built: Built


def make_matrix(
    matrix: Matrix,
    *,
    engine: PreviewEngine,
    tasks: Tasks = HERE,
    take_over: bool = False,
    resume: bool = False,
    progress: Progress,
) -> Iterator[RowOutcome]:
    """Make the editions of a matrix in order, then the index over all that are there.

    What does not depend on a row is executed and read once. An edition that fails does not stop
    the others, and what stood in its place stays. With `resume` only those are made that the last
    time left unmade; the others stay as they are. Raises SetupError where none can be made.
    """
    check_index(matrix)
    unmade = _Unmade(matrix)
    rows = [row for row in matrix.rows if not resume or row.folder in unmade.folders]
    unmade.begin([row.folder for row in rows])
    chosen = EngineChoice(engine.name, lambda root: engine)
    wanted = [Wanted(row.config, row.parameters) for row in rows]
    built = build_each(wanted, engine=chosen, tasks=tasks, take_over=take_over, progress=progress)
    for row, each in zip(rows, built, strict=True):
        if not each.problems:
            unmade.strike(row.folder)
        yield RowOutcome(row, each)
    write_index(matrix, engine, progress)


class _Unmade:
    """The folders of editions that are still to be made, kept from one run to the next."""

    def __init__(self, matrix: Matrix) -> None:
        self._file = matrix.base.store / FOLDER / matrix.name / "unmade.json"
        every = [row.folder for row in matrix.rows]
        self.folders = [name for name in _read(self._file, every) if name in every]

    def begin(self, folders: list[str]) -> None:
        """Take editions for unmade."""
        self.folders = folders
        self._keep()

    def strike(self, folder: str) -> None:
        """Note that an edition is made."""
        self.folders = [name for name in self.folders if name != folder]
        self._keep()

    def _keep(self) -> None:
        write_cached(self._file, json.dumps(self.folders).encode())


def _read(file: Path, otherwise: list[str]) -> list[str]:
    """Return the folders that a file lists; without one, nothing has ever been made."""
    try:
        return [str(name) for name in json.loads(file.read_bytes())]
    except (OSError, ValueError, TypeError):
        return otherwise
