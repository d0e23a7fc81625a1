"""The verb that finds what to cite: cite."""

import sys

import click

from reviewpress.cite import find_citable
from reviewpress.cli.project import open_review


@click.command()
@click.argument("text", nargs=-1)
def cite(text: tuple[str, ...]) -> None:
    """Find citekeys and codes by author, title, year or code; without TEXT, list all."""
    config = open_review(None, check_chapters=False)
    search = find_citable(config, " ".join(text))
    for citable in search.found:
        click.echo(str(citable))
    if not search.found:
        nearest = "".join(f"\n  {citable}" for citable in search.near)
        click.echo("Nothing found." + (f" Did you mean:{nearest}" if nearest else ""), err=True)
        sys.exit(1)
