"""The accessibility statement: what it does not say."""

from collections.abc import Iterator

from reviewpress.accessibility_statement import (
    ANCHOR,
    KEY,
    is_contradictory,
    missing_facts,
)
from reviewpress.checks.subject import Subject
from reviewpress.config import PROJECT_FILE
from reviewpress.errors import Place, Problem


def check_statement(subject: Subject) -> Iterator[Problem]:
    """Warn of a statement without what the law asks for, where a review has or begins one."""
    config = subject.config
    begun = KEY in config.settings.other or f"{ANCHOR}status" in subject.book.targets
    if not begun or not subject.main:
        return
    missing = missing_facts(config)
    if missing:
        message = f"the accessibility statement does not say: {', '.join(missing)}."
        hint = f"Add it below `{KEY}:` under `reviewpress:`."
        yield Problem("accessibility-statement", message, Place(PROJECT_FILE), hint)
    if is_contradictory(config):
        message = "the accessibility statement says `status: full`, and lists failures."
        hint = "Say `status: partial`, or take out the failures that are mended."
        yield Problem("accessibility-statement", message, Place(PROJECT_FILE), hint)
