"""The verb that shows an edition while it is written: preview."""

import webbrowser
from pathlib import Path

import click

from reviewpress.cli.engines import embedded_engine
from reviewpress.cli.project import finish_interrupted_import, profile_option
from reviewpress.config import find_root
from reviewpress.preview import run_preview


@click.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@profile_option
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def preview(folder: Path, profile: str | None, port: int | None, no_browser: bool) -> None:
    """Show an edition in the browser, and rebuild it whenever a source changes."""
    finish_interrupted_import(find_root(folder))
    show = None if no_browser else lambda address: bool(webbrowser.open(address))
    run_preview(
        folder, profile, start=embedded_engine, port=port, show=show,
        say=lambda line: click.echo(line, err=True),
    )  # fmt: skip
