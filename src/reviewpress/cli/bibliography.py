"""The verb of search exports: import."""

import sys
from pathlib import Path

import click

from reviewpress.cli.project import open_review
from reviewpress.config import Config
from reviewpress.errors import BibliographyError, Place, nearest
from reviewpress.evidence.decisions import DECISIONS, STAGES
from reviewpress.evidence.import_log import read_log
from reviewpress.imports import (
    Asked,
    DecisionFile,
    ImportReport,
    Withdrawal,
    import_decisions,
    import_records,
    matched_by,
    read_decision_files,
    withdraw_decisions,
)
from reviewpress.imports.decision_words import decision_of, reviewer_of, stage_of

_KINDS = ("added", "merged", "already there", "unsure", "rejected")


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
@click.option("--stage", default="", metavar="NAME", help="Of decisions: at which stage.")
@click.option("--decision", default="", metavar="NAME", help="Of a list: what was decided on all.")
@click.option("--reviewer", default="", metavar="NAME", help="Of decisions: by whom.")
@click.option("--column", default="", metavar="NAME", help="Of decisions: the column they are in.")
def import_(
    files: tuple[Path, ...], dry_run: bool, replace: bool, withdraw: tuple[Path, ...],
    show_all: bool, encoding: str, kind: str, stage: str, decision: str, reviewer: str,
    column: str,
) -> None:  # fmt: skip
    """Add the records of search exports, or decisions on records; or take an export back.

    Says first what each file was taken for. Ends with status 1 where records were rejected.
    Decisions of screening programs go to data/screening.csv, all of them or none.
    """
    if not files and not withdraw:
        raise click.UsageError("Name the files to import, or an export to --withdraw.")
    config = open_review(None, check_chapters=False)
    asked = Asked(
        stage and (stage_of(stage) or _valid(stage, STAGES)),
        decision and ((decision_of(decision) or ("",))[0] or _valid(decision, DECISIONS)),
        reviewer_of(reviewer),
        column,
    )
    decided = _decision_files(files, asked, encoding, kind) if not withdraw else ()
    if decided:
        _import_decisions(config, decided, files, dry_run, replace, encoding, show_all=show_all)
        return
    if withdraw and not files and not dry_run:
        withdraw = _withdraw_decisions(config, withdraw)
        if not withdraw:
            return
    report = import_records(
        config, files, dry_run, encoding, replace=replace, withdraw=withdraw, kind=kind
    )
    for file, taken_for in report.formats:
        click.echo(f"{file}: {taken_for}.")
    for withdrawal in report.withdrawals:
        _say_withdrawn(withdrawal)
    for kind in _KINDS:  # what somebody has to look at stands last, above the sums
        if kind != "already there" or show_all:
            for outcome in report.of_kind(kind):
                click.echo(f"{kind}: {outcome}")
    for remark in report.remarks:
        click.echo(f"note: {remark}.".replace("..", "."))
    told = ", ".join(f"{len(report.of_kind(kind))} {kind}" for kind in _KINDS)
    click.echo(f"{told}." + (" Nothing was written." if dry_run else ""))
    if report.rejected:
        sys.exit(1)


def _withdraw_decisions(config: Config, names: tuple[Path, ...]) -> tuple[Path, ...]:
    """Take back decisions that files brought; return the names of files that brought records."""
    brought = withdraw_decisions(config.root, [path.name for path in names])
    for name, number in brought.items():
        noun = "decision" if number == 1 else "decisions"
        click.echo(f"withdrawn: {number} {noun} that {name} had brought.")
    exports = {row.file for row in read_log(config.root)}
    return tuple(path for path in names if path.name in exports or path.name not in brought)


def _valid(name: str, valid: tuple[str, ...]) -> str:
    """Return a stage or decision as it is called; a UsageError for what is neither."""
    if name and name not in valid:
        raise click.UsageError(f'there is no "{name}". {nearest(name, valid)}')
    return name


def _decision_files(
    files: tuple[Path, ...], asked: Asked, encoding: str, kind: str
) -> tuple[DecisionFile, ...]:
    """Return the files that have decisions, unless they are to be taken for records."""
    named = kind.strip().casefold()
    wanted = named == "decisions" or asked.says_something
    if named and not wanted:
        return ()
    found = read_decision_files(files, asked, encoding)
    if wanted and not found:
        raise BibliographyError(
            "no decisions were found.",
            Place(", ".join(path.name for path in files)),
            "Name the column that has them: --column “…”; or what was decided on all: --decision.",
        )
    return found


def _import_decisions(
    config: Config, decided: tuple[DecisionFile, ...], files: tuple[Path, ...], dry_run: bool,
    replace: bool, encoding: str, *, show_all: bool,
) -> None:  # fmt: skip
    report = import_decisions(
        config, decided, files, dry_run=dry_run, replace_others=replace, encoding=encoding
    )
    for file in report.files:
        also = "records and " if report.records is not None else ""
        click.echo(f"{file.file}: {also}{file.kind}.")
    for one in report.matched if show_all else ():
        click.echo(f"matched: {one}")
    for disagreement in report.disagreements:
        click.echo(f"disagreement: {disagreement}")
    for remark in report.remarks:
        click.echo(f"note: {remark}.")
    if report.records is not None:
        _say_sums(report.records)
    by = ", ".join(f"{rule} {number}" for rule, number in matched_by(report.matched).most_common())
    records = f"{len(report.matched)} record{'s' * (len(report.matched) != 1)}"
    click.echo(f"{records} matched by: {by or 'nothing'}.")
    open_ones = len(report.disagreements)
    told = f"{report.added} added, {report.already} already there, {report.replaced} replaced"
    click.echo(
        f"{told}; {open_ones} disagreement{'s' * (open_ones != 1)} to settle."
        + (" Nothing was written." if dry_run else "")
    )


def _say_sums(report: ImportReport) -> None:
    told = ", ".join(f"{len(report.of_kind(kind))} {kind}" for kind in _KINDS)
    click.echo(f"Records: {told}.")


def _say_withdrawn(withdrawal: Withdrawal) -> None:
    """Print what became of an export that was taken back."""
    click.echo(f"withdrawn: {withdrawal}")
    for key in withdrawal.removed:
        click.echo(f"removed: @{key}")
    for key, reason in withdrawal.kept:
        click.echo(f"kept: @{key}, for {reason}")
    for decision in withdrawal.decisions:
        click.echo(f"set aside in data/withdrawn.csv: {decision}")
