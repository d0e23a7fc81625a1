"""The verb that says what changed: diff."""

from contextlib import ExitStack
from pathlib import Path

import click

from reviewpress.build import one_build
from reviewpress.cli.output import short_path
from reviewpress.cli.project import open_review, profile_option
from reviewpress.comparison.changes import compare_editions
from reviewpress.comparison.lines import change_lines
from reviewpress.comparison.page import write_page
from reviewpress.comparison.phrases import terminal_labels
from reviewpress.comparison.states import edition_state, last_version
from reviewpress.comparison.word_file import track_changes
from reviewpress.display import choose_display
from reviewpress.errors import ConfigError
from reviewpress.labels import labels_of
from reviewpress.store.files import cannot_write, write_atomically


@click.command()
@click.argument("before", default="")
@click.argument("after", default="")
@profile_option
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Write a page, too.")
@click.option(
    "--word", type=click.Path(path_type=Path), metavar="FILE",
    help="Write a Word file with tracked changes, too.",
)  # fmt: skip
def diff(
    before: str, after: str, profile: str | None, page: Path | None, word: Path | None
) -> None:
    """Say what changed since BEFORE: numbers, statements, papers, figures, text.

    BEFORE and AFTER are each a published version, a commit, or the folder of an edition; BEFORE
    is the last version and AFTER is the review as it is now, where they are left out.
    """
    config = open_review(None, profile)
    asked = before or last_version(config)
    if not asked:
        hint = "Name a commit or a folder, or keep a version by `reviewpress publish`."
        raise ConfigError("no version of this edition has been published.", hint=hint)
    with ExitStack() as stack:
        display = stack.enter_context(choose_display())
        stack.enter_context(one_build(config, display))
        old = stack.enter_context(edition_state(config, asked, display))
        new = stack.enter_context(edition_state(config, after, display))
        changes = compare_editions(old.record, new.record)
        if page:
            try:
                write_page(changes, (old.name, new.name), (old.pictures, new.pictures), page,
                           labels=labels_of(config, new.record.lang))  # fmt: skip
            except OSError as error:
                raise cannot_write(page, error) from None
        if word:
            tracked = track_changes(old.document(), new.document(), new.record.date)
            write_atomically(word, tracked)
    first, second = (each.name.within(terminal_labels()) for each in (old, new))
    click.echo(f"From {first} to {second}:")
    for line in change_lines(changes):
        click.echo(line)
    for path in (page, word):
        if path:
            click.echo(f"{short_path(path.absolute())} written")
