"""The verb that executes chapters: run."""

from pathlib import Path

import click

from reviewpress.build import one_build
from reviewpress.cli.output import print_problems
from reviewpress.cli.parameters import (
    execute_param_option,
    execute_params_option,
    read_parameters,
)
from reviewpress.cli.project import open_review, profile_option
from reviewpress.config import Config
from reviewpress.display import choose_display
from reviewpress.errors import ConfigError, Place
from reviewpress.pipeline import execute_runs, plan_runs
from reviewpress.tasks import Here


@click.command()
@click.argument("chapters", nargs=-1, type=click.Path(path_type=Path))
@profile_option
@execute_param_option
@execute_params_option
@click.option("--jobs", type=click.IntRange(min=1), help="Chapters to execute at a time.")
def run(
    chapters: tuple[Path, ...],
    profile: str | None,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
) -> None:
    """Execute chapters and keep their runs; without CHAPTERS, all of the edition."""
    config = open_review(chapters[0].parent if chapters else None, profile)
    only = [_chapter_path(config, path) for path in chapters]
    with choose_display() as display, one_build(config, display):
        planned = plan_runs(config, parameters=read_parameters(pairs, execute_params), only=only)
        runs = execute_runs(planned, config, tasks=Here(jobs), progress=display)
    for path, result in runs.items():
        state = "executed" if result.fresh else "unchanged"
        click.echo(f"{path}: {state}, run {result.identity[:12]}")
        print_problems(result.warnings)


def _chapter_path(config: Config, path: Path) -> str:
    if not path.exists():
        raise ConfigError("the chapter does not exist.", Place(str(path)))
    resolved = path.resolve()
    if not resolved.is_relative_to(config.root):
        raise ConfigError("the chapter lies outside the review.", Place(str(path)))
    return config.chapter(resolved.relative_to(config.root).as_posix()).path
