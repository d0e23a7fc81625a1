"""The verb that makes the table of papers from what was included: include."""

import click

from reviewpress.cli.project import open_review
from reviewpress.inclusion import include_papers


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
def include(dry_run: bool) -> None:
    """Add what screening included to the table of papers, each with the next code.

    Papers that are there keep their rows and codes. Run it again after more screening.
    """
    config = open_review(None, check_chapters=False)
    report = include_papers(config, dry_run=dry_run)
    for paper in report.added:
        click.echo(f"added: {paper.code} {paper.label} (@{paper.key})")
    for key in report.excluded:
        click.echo(f"no longer included: @{key} stays in the table; take it out by hand.")
    noun = "paper" if len(report.added) == 1 else "papers"
    told = f"{len(report.added)} {noun} added, {report.there} already there."
    click.echo(told + (" Nothing was written." if dry_run else ""))
    if report.empty:
        click.echo(f"To fill in: {', '.join(report.empty)}.")
