"""Verbs that make editions: render, preview, run."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from reviewpress.cli.engines import choose_engine, embedded_engine
from reviewpress.cli.output import print_problem, print_report, short_path
from reviewpress.cli.project import finish_interrupted_import, open_review, profile_option
from reviewpress.errors import ConfigError, Place, ReportError


def _parameter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    command = click.option(
        "--execute-params", metavar="FILE", type=click.Path(path_type=Path),
        help="YAML file of parameters for the chapters.",
    )(command)  # fmt: skip
    return click.option(
        "-P", "--execute-param", "pairs", metavar="KEY:VALUE", multiple=True,
        help="Parameter for the chapters that declare it; makes a variant.",
    )(command)  # fmt: skip


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@profile_option
@click.option("--to", "formats", metavar="FORMAT", help="Formats to make: html, typst, docx.")
@click.option(
    "--engine", default="auto", metavar="NAME",
    help="auto, quarto, or pandoc (embedded).  [default: auto]",
)  # fmt: skip
@_parameter_options
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
    from reviewpress.build import Built, build_editions
    from reviewpress.display import choose_display

    parameters = _parameters(pairs, execute_params)
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


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@profile_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def preview(folder: Path, profile: str | None, port: int | None, no_browser: bool) -> None:
    """Show an edition in the browser, and rebuild it whenever a source changes."""
    import webbrowser

    from reviewpress.config import find_root
    from reviewpress.preview import run_preview

    finish_interrupted_import(find_root(folder))
    show = None if no_browser else lambda address: bool(webbrowser.open(address))
    run_preview(
        folder, profile, start=embedded_engine, port=port, show=show,
        say=lambda line: click.echo(line, err=True),
    )  # fmt: skip


@click.command()
@click.argument("chapters", nargs=-1, type=click.Path(path_type=Path))
@profile_option
@_parameter_options
@click.option("--jobs", type=click.IntRange(min=1), help="Chapters to execute at a time.")
def run(
    chapters: tuple[Path, ...],
    profile: str | None,
    pairs: tuple[str, ...],
    execute_params: Path | None,
    jobs: int | None,
) -> None:
    """Execute chapters and keep their runs; without CHAPTERS, all of the edition."""
    from reviewpress.build import one_build
    from reviewpress.display import choose_display
    from reviewpress.pipeline import execute_runs, plan_runs

    config = open_review(chapters[0].parent if chapters else None, profile)
    only = [_chapter_path(config, path) for path in chapters]
    with choose_display() as display, one_build(config, display):
        planned = plan_runs(config, parameters=_parameters(pairs, execute_params), only=only)
        runs = execute_runs(planned, config, jobs=jobs, progress=display)
    for path, result in runs.items():
        state = "executed" if result.fresh else "unchanged"
        click.echo(f"{path}: {state}, run {result.identity[:12]}")
        for problem in result.warnings:
            print_problem(problem)


def _parameters(pairs: Sequence[str], file: Path | None) -> dict[str, Any]:
    """Read parameters as Quarto does: a YAML file first, then each KEY:VALUE over it."""
    from reviewpress.keys import NAMES
    from reviewpress.yaml import load_yaml, read_yaml

    found: dict[str, Any] = {}
    if file is not None:
        found |= read_yaml(file.resolve(), Path.cwd(), NAMES).data
    for pair in pairs:
        key, colon, value = pair.partition(":")
        if not colon or not key.strip():
            raise click.UsageError(f'-P takes KEY:VALUE, as in -P regions:Scotland, not "{pair}".')
        try:
            found[key.strip()] = load_yaml(value)
        except ReportError:
            found[key.strip()] = value
    return found


def _chapter_path(config: Any, path: Path) -> str:
    if not path.exists():
        raise ConfigError("the chapter does not exist.", Place(str(path)))
    resolved = path.resolve()
    if not resolved.is_relative_to(config.root):
        raise ConfigError("the chapter lies outside the review.", Place(str(path)))
    return str(config.chapter(resolved.relative_to(config.root).as_posix()).path)
