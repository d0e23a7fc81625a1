"""The verb that moves in what was written for Quarto or R Markdown: adopt."""

from pathlib import Path
from shlex import quote

import click

from reviewpress.adopt import Note
from reviewpress.adopt import adopt as move_in
from reviewpress.cli.output import short_path

_KINDS = {
    "book": "a book of Quarto", "website": "a website of Quarto", "project": "a Quarto project",
    "manuscript": "a manuscript of Quarto", "bookdown": "a bookdown book",
    "document": "one document",
}  # fmt: skip


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", "goal", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Where the review is made; beside PATH unless said.")  # fmt: skip
@click.option("--no-execute", is_flag=True,
              help="Show code in place of what it makes, instead of executing it.")  # fmt: skip
def adopt(path: Path, goal: Path | None, *, no_execute: bool) -> None:
    """Make a review of a Quarto or R Markdown project, beside it; PATH is left as it is."""
    made = move_in(path, goal, execute=not no_execute)
    changed = [note for note in made.notes if not note.is_left]
    left = [note for note in made.notes if note.is_left]
    _list(f"Changed ({len(changed)}):", changed)
    _list(f"Left to do ({len(left)}):", left)
    count = f"{len(made.chapters)} chapter{'s' if len(made.chapters) != 1 else ''}"
    click.echo(f"{short_path(made.folder)} holds a review of {count}, from {_KINDS[made.kind]}.")
    place = quote(short_path(made.folder))
    click.echo(f'Next: "cd {place}", then "reviewpress check" names what else is to be done.')


def _list(title: str, notes: list[Note]) -> None:
    if notes:
        click.echo(title)
        for note in notes:
            click.echo(f"  {note}")
