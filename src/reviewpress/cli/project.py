"""How verbs open a review."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from reviewpress.store.interrupts import take_notes


def profile_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--profile", metavar="NAME", help="Edition to make: the profile of _quarto-NAME.yml."
    )(command)


def open_review(
    folder: Path | None, profile: str | None = None, *, check_chapters: bool = True
) -> Any:
    """Read the review; finish first what an import that was killed had begun to write."""
    from reviewpress.config import load_config

    config = load_config(folder, profile, check_chapters=check_chapters)
    finish_interrupted_import(config.root)
    return config


def finish_interrupted_import(root: Path) -> None:
    from reviewpress.store.journal import finish_import

    finished = finish_import(root)
    if finished:
        names = " and ".join(finished)
        click.echo(f"An import that was interrupted is now complete: {names}.", err=True)
        take_notes()
