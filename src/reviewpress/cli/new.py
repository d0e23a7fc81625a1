"""The verb that starts a review: new."""

import re
from pathlib import Path
from shlex import quote

import click

from reviewpress.cldr import english_name
from reviewpress.cli.output import short_path
from reviewpress.languages import base_of
from reviewpress.new import DEFAULT_LANGUAGE, make_review, speaks

_COMMA = re.compile("[,،、，;؛；]")
"""What stands between the items of a list in one script or another."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Title of the review; the folder's name unless said.")
@click.option("--author", "authors", metavar="NAME", multiple=True, help="An author; repeatable.")
@click.option("--sections", metavar="NAMES", help='Research themes, as in "Access, Outcomes".')
@click.option(
    "--lang", metavar="TAG", default=DEFAULT_LANGUAGE, help="Its language: cy, fr, pt-BR."
)
@click.option(
    "--from", "papers", metavar="FILE", type=click.Path(path_type=Path),
    help="Your own table of papers (CSV or xlsx) in place of the made-up ones.",
)  # fmt: skip
@click.option("--encoding", metavar="NAME", default="", help="Encoding of that table.")
@click.option("--empty", is_flag=True, help="Begin without papers: before searching and screening.")
def new(
    folder: Path, title: str | None, authors: tuple[str, ...], sections: str | None,
    papers: Path | None, lang: str, encoding: str, empty: bool,
) -> None:  # fmt: skip
    """Start a review in a new FOLDER: small, complete, and ready to render."""
    if empty and papers is not None:
        raise click.UsageError("A review begins with --from a table of papers, or --empty.")
    names = [name.strip() for name in _COMMA.split(sections)] if sections is not None else []
    made = make_review(
        folder,
        title=title,
        authors=authors,
        sections=names,
        papers=papers,
        lang=lang,
        empty=empty,
        encoding=encoding,
        tell=lambda remark: click.echo(f"note: {remark}."),
    )
    if not speaks(lang):
        told = "Its texts are in English; `reviewpress check` lists the chapters to write in"
        click.echo(f"{told} {english_name(base_of(lang))}.")
    if made == Path.cwd():
        click.echo('The folder holds a small review. Next: "reviewpress render".')
        return
    place = quote(f"./{folder}" if str(folder).startswith("-") else str(folder))
    click.echo(f'{short_path(made)} holds a small review. "cd {place}", then "reviewpress render".')
