"""The verb that puts sources in order: tidy."""

from pathlib import Path

import click

from reviewpress.cli.output import short_path
from reviewpress.cli.project import finish_interrupted_import, open_review
from reviewpress.config import find_root
from reviewpress.imports.relocation import move_records
from reviewpress.store.pruning import empty_store, measure_store
from reviewpress.tidy import CLAIM_CELLS
from reviewpress.tidy import tidy as tidy_files

_LISTED = 20


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--store", is_flag=True, help="Say what .reviewpress takes and empty it, no more.")
@click.option("--dry-run", is_flag=True, help="With --store: say it, and remove nothing.")
@click.option(
    "--records",
    is_flag=True,
    help="Move what is cited, included or assessed into the bibliography, and what imports"
    " brought beside it out of it, no more.",
)
def tidy(files: tuple[Path, ...], store: bool, dry_run: bool, records: bool) -> None:
    """Take outputs out of notebooks; without FILES, of all chapters, and tidy the tables too."""
    if records and not (files or store or dry_run):
        _tidy_records()
        return
    if records:
        raise click.UsageError("--records takes no files, and no other option.")
    if store and not files:
        _tidy_store(dry_run=dry_run)
        return
    if store or dry_run:
        raise click.UsageError("--store takes no files, and --dry-run is for --store.")
    finish_interrupted_import(find_root(files[0].parent if files else Path.cwd()))
    changed = tidy_files(files)
    for name in changed:
        click.echo(f"{name} {'written' if name == CLAIM_CELLS else 'tidied'}")
    if not changed:
        click.echo("Nothing to tidy.")


def _tidy_records() -> None:
    """Put each entry into the bibliography, or into the file of records, and say which."""
    config = open_review(None, check_chapters=False)
    moved = move_records(config)
    if moved.new_file:
        click.echo("_quarto.yml: the key `records` names the file of records.")
    for keys, goal in ((moved.taken, "into the bibliography"), (moved.aside, "to the records")):
        for key in keys[:_LISTED]:
            click.echo(f"moved {goal}: @{key}")
        if len(keys) > _LISTED:
            click.echo(f"moved {goal}: {len(keys) - _LISTED:,} more")
    if not (moved.taken or moved.aside):
        click.echo("Every entry is where it belongs.")


def _tidy_store(*, dry_run: bool) -> None:
    """Print what each part of the review's store takes, and remove what can be made again."""
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
