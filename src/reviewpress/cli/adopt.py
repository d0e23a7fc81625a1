"""The verb that moves in what was written for Quarto or R Markdown: adopt."""

from pathlib import Path
from shlex import quote

import click

from reviewpress.adopt import NOTES, listing
from reviewpress.adopt import adopt as move_in
from reviewpress.cli.output import short_path
from reviewpress.display import PlainDisplay, choose_display
from reviewpress.notebooks.execute import ChapterEvent

_KINDS = {
    "book": "a book of Quarto", "website": "a website of Quarto", "project": "a Quarto project",
    "manuscript": "a manuscript of Quarto", "bookdown": "a bookdown book",
    "document": "one document",
}  # fmt: skip


class _Executing:
    """Shows the chapters that are executed; the other steps are taken many times over."""

    def __init__(self, display: PlainDisplay) -> None:
        self._display = display

    def step(self, name: str, detail: str = "") -> None:
        """Pass over the steps."""

    def chapter(self, event: ChapterEvent) -> None:
        """Show a chapter that a kernel runs for."""
        if event.kind != "reused":
            self._display.chapter(event)


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--to", "goal", metavar="FOLDER", type=click.Path(path_type=Path),
              help="Where the review is made; beside PATH unless said.")  # fmt: skip
@click.option("--no-execute", is_flag=True,
              help="Show code in place of what it makes, instead of executing it.")  # fmt: skip
def adopt(path: Path, goal: Path | None, *, no_execute: bool) -> None:
    """Make a review of a Quarto or R Markdown project, beside it; PATH is left as it is."""
    with choose_display() as display:
        made = move_in(path, goal, execute=not no_execute, progress=_Executing(display))
    for line in listing(made.notes, shortened=True):
        click.echo(line)
    count = f"{len(made.chapters)} chapter{'s' if len(made.chapters) != 1 else ''}"
    click.echo(f"{short_path(made.folder)} holds a review of {count}, from {_KINDS[made.kind]}.")
    place = quote(short_path(made.folder))
    click.echo(f'Next: "cd {place}", then "reviewpress render". {NOTES} there has this list.')
