"""How verbs open a review."""

from pathlib import Path

import click

from reviewpress.config import Config, load_config
from reviewpress.store.interrupts import take_notes
from reviewpress.store.journal import finish_import

profile_option = click.option(
    "--profile",
    metavar="NAME",
    envvar="QUARTO_PROFILE",
    help="Edition to make: the profile of _quarto-NAME.yml.  [default: $QUARTO_PROFILE]",
)


def open_review(
    folder: Path | None, profile: str | None = None, *, check_chapters: bool = True
) -> Config:
    """Read the review; finish first what an import that was killed had begun to write."""
    config = load_config(folder, profile, check_chapters=check_chapters)
    finish_interrupted_import(config.root)
    return config


def finish_interrupted_import(root: Path) -> None:
    finished = finish_import(root)
    if finished:
        names = " and ".join(finished)
        click.echo(f"A change that was interrupted is now complete: {names}.", err=True)
        take_notes()
