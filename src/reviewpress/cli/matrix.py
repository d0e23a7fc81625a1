"""What render does with a matrix: an edition for each row, and what became of each."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from reviewpress.build import one_build
from reviewpress.checks import Report
from reviewpress.cli.engines import embedded_engine
from reviewpress.cli.output import print_problems, print_report, short_path
from reviewpress.cli.tasks import choose_tasks
from reviewpress.config import Config
from reviewpress.display import choose_display
from reviewpress.errors import ConfigError, Problem, ReportError, SetupError
from reviewpress.keys import MATRIX_KEY
from reviewpress.matrix import Matrix, MatrixRow, RowOutcome, make_matrix, read_matrix
from reviewpress.pipeline import Progress, prepare


def render_matrix(
    configs: Sequence[Config],
    table: str | None,
    engine: str,
    scheduler: str | None,
    jobs: int | None,
    *,
    take_over: bool,
    resume: bool,
) -> None:
    """Make the matrix of each edition in turn; status 1 where an edition of one was not made."""
    if engine == "quarto":
        hint = "Use the embedded engine: `--engine pandoc`."
        raise ConfigError("Quarto makes one edition at a time, and no matrix.", hint=hint)
    failed = False
    for config in configs:
        matrix = read_matrix(config, Path(table) if table else None)
        outcomes: list[RowOutcome] = []
        try:
            with (
                choose_display() as display,
                choose_tasks(config, scheduler, jobs, display) as tasks,
            ):
                for outcome in make_matrix(
                    matrix, engine=embedded_engine(config.root, tasks), tasks=tasks,
                    take_over=take_over, resume=resume, progress=display,
                ):  # fmt: skip
                    outcomes.append(outcome)  # kept one by one: an error may follow
                    state = f"{outcome.row.folder} {_state(outcome)}"
                    display.step("edition", f"{len(outcomes)} of {len(matrix.rows)}: {state}")
        finally:
            _tell(matrix, outcomes)
        failed = failed or any(outcome.built.problems for outcome in outcomes)
    if failed:
        sys.exit(1)


def check_matrix(configs: Sequence[Config], table: str) -> int:
    """Check the edition of each row without rendering it, and print what is wrong with which.

    Return status 1 where an edition of one could not be made.
    """
    failed = []
    for config in configs:
        matrix = read_matrix(config, Path(table) if table else None)
        for row in matrix.rows:
            with choose_display() as display, one_build(config, display):
                problems, report = _look_at(row, display)
            if report is not None:
                print_report(report)
            if problems:
                failed.append(row.folder)
                click.echo(f"{matrix.file}, row {row.number}: {row.name}:", err=True)
                print_problems(problems)
        count = len(matrix.rows)
        click.echo(f"{matrix.file}: {count} {'edition' if count == 1 else 'editions'} checked")
    if failed:
        click.echo(f"with errors: {', '.join(failed)}", err=True)
    return 1 if failed else 0


def tell_rows(configs: Sequence[Config]) -> None:
    """Say of which matrices the table alone was looked at; raises what is wrong there."""
    for config in configs:
        if MATRIX_KEY in config.settings.other:
            matrix = read_matrix(config)
            told = f"the {len(matrix.rows)} editions of {matrix.file}"
            click.echo(f"Not checked: {told} (`reviewpress check --matrix` does).", err=True)


def _look_at(row: MatrixRow, display: Progress) -> tuple[Sequence[Problem], Report | None]:
    """Return what is wrong with a row's edition, and the report where its book could be made."""
    display.step("edition", row.folder)
    try:
        checked = prepare(row.config, parameters=row.parameters, progress=display)
    except SetupError:
        raise
    except ReportError as error:
        return error.problems, None
    return checked.report.errors, checked.report


def _tell(matrix: Matrix, outcomes: Sequence[RowOutcome]) -> None:
    """Say what became of each edition: problems first, so that the sum is the last line."""
    for outcome in outcomes:
        built = outcome.built
        if built.report is not None:
            print_report(built.report)
        if built.problems:
            click.echo(f"{matrix.file}, row {outcome.row.number}: {outcome.row.name}:", err=True)
            print_problems(built.problems)
        for line in built.notes:
            click.echo(f"    {line}", err=True)
    made = [outcome for outcome in outcomes if not outcome.built.problems]
    fresh = sum(outcome.built.fresh for outcome in made)
    failed = [outcome.row.folder for outcome in outcomes if outcome.built.problems]
    parts = [f"{len(made) - fresh} written", f"{fresh} up to date"]
    if failed:
        parts.append(f"{len(failed)} not made ({', '.join(failed)})")
    left = len(matrix.rows) - len(outcomes)
    if left:
        parts.append(f"{left} left as they were")
    click.echo(f"{short_path(matrix.folder)}: {', '.join(parts)}")
    if failed:
        click.echo("`--resume` makes those that are left.", err=True)


def _state(outcome: RowOutcome) -> str:
    if outcome.built.problems:
        return "not made"
    return "is up to date" if outcome.built.fresh else "written"
