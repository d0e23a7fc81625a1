"""The accessibility statement: what it does not say."""

from collections.abc import Iterator

from reviewpress.accessibility_statement import KEY, missing_facts
from reviewpress.checks.subject import Subject
from reviewpress.config import PROJECT_FILE
from reviewpress.errors import Place, Problem


def check_statement(subject: Subject) -> Iterator[Problem]:
    """Warn of a statement without what the law asks for, where a review begins one."""
    if KEY not in subject.config.settings.other or not subject.main:
        return
    missing = missing_facts(subject.config)
    if missing:
        message = f"the accessibility statement does not say: {', '.join(missing)}."
        hint = f"Add it below `{KEY}:` under `reviewpress:`."
        yield Problem("accessibility-statement", message, Place(PROJECT_FILE), hint)
