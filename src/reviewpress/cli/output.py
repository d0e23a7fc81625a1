"""What verbs have in common to say: problems, reports, where something is."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewpress.display import problem_text, problem_texts
from reviewpress.errors import Problem

if TYPE_CHECKING:
    # For its type alone: an edition that is up to date loads no checks.
    from reviewpress.checks import Report


def print_problem(problem: Problem) -> None:
    click.echo(problem_text(problem), err=True)


def print_problems(problems: Iterable[Problem], *, show_all: bool = False) -> None:
    """Print problems, without `show_all` those that are very many in part."""
    for text in map(problem_text, problems) if show_all else problem_texts(problems):
        click.echo(text, err=True)


def print_report(report: "Report", *, show_all: bool = False) -> None:
    print_problems(report.warnings, show_all=show_all)
    if report.acknowledged and show_all:
        for problem, reason in report.acknowledged:
            where = f"{problem.where}: " if problem.where else ""
            click.echo(f"acknowledged: {where}{problem.message}\n    {reason.strip()}", err=True)
    elif report.acknowledged:
        count = len(report.acknowledged)
        noun = "problem" if count == 1 else "problems"
        click.echo(f"{count} acknowledged {noun} (`reviewpress check --all` lists them)", err=True)


def short_path(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
