"""Verbs that make a review and keep it tidy: new, tidy."""

from pathlib import Path
from shlex import quote

import click

from reviewpress.cli.output import short_path
from reviewpress.cli.project import finish_interrupted_import


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="Title of the review; the folder's name unless said.")
@click.option("--author", "authors", metavar="NAME", multiple=True, help="An author; repeatable.")
@click.option("--sections", metavar="NAMES", help='Research themes, as in "Access, Outcomes".')
@click.option(
    "--from", "papers", metavar="FILE", type=click.Path(path_type=Path),
    help="Your own table of papers (CSV) in place of the made-up ones.",
)  # fmt: skip
def new(
    folder: Path, title: str | None, authors: tuple[str, ...], sections: str | None,
    papers: Path | None,
) -> None:  # fmt: skip
    """Start a review in a new FOLDER: small, complete, and ready to render."""
    from reviewpress.new import make_review

    names = [name.strip() for name in sections.split(",")] if sections is not None else []
    made = make_review(folder, title=title, authors=authors, sections=names, papers=papers)
    if made == Path.cwd():
        click.echo('The folder holds a small review. Next: "reviewpress render".')
        return
    place = quote(str(folder))
    click.echo(f'{short_path(made)} holds a small review. "cd {place}", then "reviewpress render".')


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", is_flag=True, help="Say what .reviewpress takes and empty it, no more.")
@click.option("--dry-run", is_flag=True, help="With --store: say it, and remove nothing.")
def tidy(files: tuple[Path, ...], store: bool, dry_run: bool) -> None:
    """Take outputs out of notebooks; without FILES, of all chapters, and tidy the tables too."""
    from reviewpress.config import find_root
    from reviewpress.tidy import tidy as tidy_files

    if store and not files:
        _tidy_store(dry_run=dry_run)
        return
    if store or dry_run:
        raise click.UsageError("--store takes no files, and --dry-run is for --store.")
    finish_interrupted_import(find_root(files[0].parent if files else Path.cwd()))
    changed = tidy_files(files)
    for name in changed:
        click.echo(f"{name} tidied")
    if not changed:
        click.echo("Nothing to tidy.")


def _tidy_store(*, dry_run: bool) -> None:
    """Print what each part of the review's store takes, and remove what can be made again."""
    from reviewpress.config import find_root
    from reviewpress.store.pruning import empty_store, measure_store

    store = find_root(Path.cwd()) / ".reviewpress"
    sizes = measure_store(store)
    for name, size in sizes.items():
        click.echo(f"{size / 2**20:8.1f} MB  {name}")
    total = f"{sum(sizes.values()) / 2**20:.1f} MB"
    if dry_run:
        click.echo(f"{total} in {short_path(store)}")
        return
    empty_store(store)
    click.echo(f"{total} removed from {short_path(store)}; the next build makes all anew.")
