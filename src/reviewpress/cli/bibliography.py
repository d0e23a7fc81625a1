"""The verb of search exports: import."""

import sys
from pathlib import Path

import click

from reviewpress.cli.project import open_review
from reviewpress.imports import Withdrawal, import_records


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option(
    "--replace", is_flag=True, help="Put FILES in the place of the exports of their names."
)
@click.option(
    "--withdraw",
    metavar="NAME",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Take an export back; repeatable, and with FILES in its place.",
)
@click.option("--all", "show_all", is_flag=True, help="List records that are already there, too.")
@click.option(
    "--encoding", default="", metavar="NAME", help="Encoding of files that are not UTF-8."
)
@click.option(
    "--as", "kind", default="", metavar="FORMAT", help="What FILES are, where it is not seen."
)
def import_(
    files: tuple[Path, ...], dry_run: bool, replace: bool, withdraw: tuple[Path, ...],
    show_all: bool, encoding: str, kind: str,
) -> None:  # fmt: skip
    """Add the records of search exports to the bibliography, or take an export back.

    Says first what each file was taken for. Ends with status 1 where records were rejected.
    """
    if not files and not withdraw:
        raise click.UsageError("Name the files to import, or an export to --withdraw.")
    config = open_review(None, check_chapters=False)
    report = import_records(
        config, files, dry_run, encoding, replace=replace, withdraw=withdraw, kind=kind
    )
    for file, taken_for in report.formats:
        click.echo(f"{file}: {taken_for}.")
    for withdrawal in report.withdrawals:
        _say_withdrawn(withdrawal)
    kinds = ("added", "merged", "already there", "unsure", "rejected")
    for kind in kinds:  # what somebody has to look at stands last, above the sums
        if kind != "already there" or show_all:
            for outcome in report.of_kind(kind):
                click.echo(f"{kind}: {outcome}")
    for remark in report.remarks:
        click.echo(f"note: {remark}.".replace("..", "."))
    told = ", ".join(f"{len(report.of_kind(kind))} {kind}" for kind in kinds)
    click.echo(f"{told}." + (" Nothing was written." if dry_run else ""))
    if report.rejected:
        sys.exit(1)


def _say_withdrawn(withdrawal: Withdrawal) -> None:
    """Print what became of an export that was taken back."""
    click.echo(f"withdrawn: {withdrawal}")
    for key in withdrawal.removed:
        click.echo(f"removed: @{key}")
    for key, reason in withdrawal.kept:
        click.echo(f"kept: @{key}, for {reason}")
    for decision in withdrawal.decisions:
        click.echo(f"set aside in data/withdrawn.csv: {decision}")
