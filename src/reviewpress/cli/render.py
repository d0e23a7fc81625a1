"""The verb that makes editions: render."""

from pathlib import Path

import click

from reviewpress.build import Built, build_editions
from reviewpress.cli.engines import choose_engine
from reviewpress.cli.output import print_report, short_path
from reviewpress.cli.parameters import (
    execute_param_option,
    execute_params_option,
    read_parameters,
)
from reviewpress.cli.project import open_review, profile_option
from reviewpress.cli.tasks import choose_tasks
from reviewpress.display import choose_display
from reviewpress.formats.objects import FORMATS
from reviewpress.keys import MATRIX_KEY


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@profile_option
@click.option(
    "--to",
    "formats",
    metavar="FORMAT",
    help=f"Formats to make: {', '.join(each.name for each in FORMATS)}.",
)
@click.option(
    "--engine", default="auto", metavar="NAME",
    help="auto, quarto, or pandoc (embedded).  [default: auto]",
)  # fmt: skip
@execute_param_option
@execute_params_option
@click.option("--jobs", type=click.IntRange(min=1), help="Chapters to execute at a time.")
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="Hand the tasks to the workers of this Dask scheduler.",
)  # fmt: skip
@click.option("--take-over", is_flag=True, help="Replace what is in the way, whatever made it.")
@click.option(
    "--matrix", metavar="[FILE]", is_flag=False, flag_value="", default=None,
    help="Make an edition for each row of a table, or of the one that `matrix:` names.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Of a matrix, make what was left unmade.")
def render(
    folder: Path,
    profile: str | None,
    formats: str | None,
    engine: str,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
    scheduler: str | None,
    take_over: bool,
    matrix: str | None,
    resume: bool,
) -> None:
    """Make an edition: execute, assemble, check and render."""
    parameters = read_parameters(pairs, execute_params)
    configs = [open_review(folder, name) for name in (profile.split(",") if profile else [None])]
    if formats:
        configs = [config.with_formats(formats.split(",")) for config in configs]
    if resume or matrix is not None or any(MATRIX_KEY in each.settings.other for each in configs):
        # Not with the module: few reviews have a matrix.
        from reviewpress.cli.matrix import render_matrix

        if parameters:
            raise click.UsageError("a matrix has its parameters from its table, not from -P.")
        render_matrix(configs, matrix, engine, scheduler, jobs, take_over=take_over, resume=resume)
        return
    made: list[Built] = []
    try:
        with (
            choose_display() as display,
            choose_tasks(configs[0], scheduler, jobs, display) as tasks,
        ):
            chosen = choose_engine(
                engine, say=lambda line: display.step("quarto", line), tasks=tasks
            )
            for edition in build_editions(
                configs,
                engine=chosen,
                parameters=parameters,
                tasks=tasks,
                take_over=take_over,
                progress=display,
            ):
                made.append(edition)  # kept one by one: an error may follow
    finally:
        # Told when the table of chapters is gone, and whatever became of the editions after them.
        for built in made:
            if built.report is not None:
                print_report(built.report)
            state = "is up to date" if built.fresh else "written"
            click.echo(f"{short_path(built.config.output_dir)} {state}")
            for line in built.notes:
                click.echo(f"    {line}", err=True)
