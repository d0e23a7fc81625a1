"""The tables that a review publishes as data."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem, nearest
from reviewpress.review import Review


def check_data_package(subject: Subject) -> Iterator[Problem]:
    """Find tables of `data-package:` that the schema does not describe."""
    asked = subject.config.settings.data_package
    if (
        isinstance(asked, bool)
        or not (subject.config.root / subject.config.settings.schema).is_file()
    ):
        return
    tables = Review(subject.config.root).schema.tables
    for name in asked:
        if name not in tables:
            message = f'data-package names "{name}", which is not a table of the schema.'
            yield Problem("config", message, Place("_quarto.yml"), nearest(name, tables))
