"""Two Word files as one with tracked changes: the only importer of python_redlines."""

from collections.abc import Callable
from typing import Protocol

from reviewpress.errors import EngineError, SetupError

AUTHOR = "Reviewpress"
INSTALL = 'Install it with `pip install "reviewpress[office]"`.'


class Redlines(Protocol):
    """Compares two Word files, as python-redlines does."""

    def run_redline(
        self, author_tag: str, original: bytes, modified: bytes, **options: object
    ) -> tuple[bytes, str | None, str | None]:
        """Return the later file with what changed as revisions of an author."""


def find_redlines() -> Redlines:
    """Return the comparer that is installed; SetupError where there is none for this machine."""
    # Not with the module: few have the extra.
    try:
        from python_redlines import DocxodusEngine

        engine: Redlines = DocxodusEngine()
    except (ImportError, OSError) as error:
        raise SetupError(f"tracked changes need python-redlines: {error}.", hint=INSTALL) from None
    return engine


def track_changes(
    before: bytes, after: bytes, date: str, *, find: Callable[[], Redlines] = find_redlines
) -> bytes:
    """Return the later of two Word files with what changed as tracked changes.

    Nothing is asked of the network. `date` is the day that the revisions state.
    """
    moment = f"{date or '2000-01-01'}T00:00:00Z"
    engine = find()
    try:
        made, _, _ = engine.run_redline(AUTHOR, before, after, date_time=moment)
    except OSError as error:
        raise SetupError(f"the Word files could not be compared: {error}.") from None
    except Exception as error:
        raise EngineError(f"the Word files could not be compared: {error}") from None
    return made
