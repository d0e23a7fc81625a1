"""The verb that gives a chapter another name: rename."""

from pathlib import Path

import click

from reviewpress.cli.project import finish_interrupted_import
from reviewpress.config import find_root
from reviewpress.rename import rename_chapter


@click.command()
@click.argument("old")
@click.argument("new")
def rename(old: str, new: str) -> None:
    """Give the chapter OLD the name NEW, and mend every reference to it.

    OLD is its name or its file. Files, ids of headings, links, lists of chapters and what the
    settings say of it change together; where anything is wrong, nothing does.
    """
    root = find_root(Path.cwd())
    finish_interrupted_import(root)
    renaming = rename_chapter(root, old, new)
    for before, after in renaming.moved.items():
        click.echo(f"{before} is now {after}")
    for file, count in renaming.mended.items():
        name = renaming.moved.get(file, file)
        click.echo(f"{name}: {count} {'place' if count == 1 else 'places'} mended")
