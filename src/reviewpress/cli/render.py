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
from reviewpress.display import choose_display
from reviewpress.formats.objects import FORMATS


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
@click.option("--take-over", is_flag=True, help="Replace what is in the way, whatever made it.")
def render(
    folder: Path,
    profile: str | None,
    formats: str | None,
    engine: str,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
    take_over: bool,
) -> None:
    """Make an edition: execute, assemble, check and render."""
    parameters = read_parameters(pairs, execute_params)
    configs = [open_review(folder, name) for name in (profile.split(",") if profile else [None])]
    if formats:
        configs = [config.with_formats(formats.split(",")) for config in configs]
    made: list[Built] = []
    try:
        with choose_display() as display:
            chosen = choose_engine(engine, say=lambda line: display.step("quarto", line))
            for edition in build_editions(
                configs,
                engine=chosen,
                parameters=parameters,
                jobs=jobs,
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
