"""The verb that says where a number comes from: explain."""

import click

from reviewpress.build import one_build
from reviewpress.cli.project import open_review, profile_option
from reviewpress.data_cells import find_cell
from reviewpress.display import choose_display
from reviewpress.explain import explain as answer
from reviewpress.explain import open_traced
from reviewpress.trial import try_value


@click.command()
@click.argument("question")
@click.option("--try", "value", metavar="TEXT", help="Say what would change if the cell were TEXT.")
@profile_option
def explain(question: str, value: str | None, profile: str | None) -> None:
    """Say where a number comes from, or what depends on a cell or a paper.

    QUESTION is a cell of a chapter (chapters/process.ipynb:12), a cell of a table by the key of its
    row (data/papers.csv:47:regions) or its number ("data/papers.csv:row 48:regions"), a column or a
    whole file, the id of a value, figure, finding or claim, the code of a paper, or what a value
    says ("66 papers"). Chapters that have changed are executed; with --try, in a copy aside.
    """
    config = open_review(None, profile)
    cell = find_cell(config, question)
    if value is not None and cell is None:
        raise click.UsageError("--try is for a cell of a table, as in data/papers.csv:47:regions.")
    with choose_display() as display, one_build(config, display):
        if value is not None and cell is not None:
            changes = try_value(config, cell, value, display)
        else:
            lines = answer(open_traced(config, display), question)
    if value is None or cell is None:
        click.echo("\n".join(lines))
        return
    click.echo(f"{cell.name}: “{cell.text}” → “{value}”")
    if not changes:
        click.echo("Nothing that this edition shows would change.")
    for change in changes:
        click.echo(f"  {change}")
        if change.sentence:
            click.echo(f"      {change.sentence}")
