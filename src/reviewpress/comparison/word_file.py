"""Two Word files as one with tracked changes: the only importer of python_redlines."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Protocol
from zlib import crc32

from reviewpress.errors import EngineError, ReportError, SetupError
from reviewpress.formats.word_parts import DOCUMENT, Element, WordFile, find_all

AUTHOR = "Reviewpress"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
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
        old, new = _comparable(before, after)
        made, _, _ = engine.run_redline(AUTHOR, old, new, date_time=moment)
    except ReportError:
        raise
    except OSError as error:
        raise SetupError(f"the Word files could not be compared: {error}.") from None
    except Exception as error:
        raise EngineError(f"the Word files could not be compared: {error}") from None
    return made


def _comparable(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """Return two files less what differs without anybody having changed it.

    Word makes contents and lists of figures anew from the text, in which the changes are: the
    earlier file gets those of the later. Pandoc numbers pictures through the document, so that a
    link more makes all after it another: they are numbered by their own files.
    """
    old, new = WordFile(before), WordFile(after)
    lists, others = _lists(old), _lists(new)
    for file in (old, new):
        _number_pictures(file.tree(DOCUMENT))
    if len(lists) == len(others):
        for one, other in zip(lists, others, strict=True):
            parent = one.getparent()
            if parent is not None:
                parent.replace(one, deepcopy(other))
    return old.content(), new.content()


def _lists(file: WordFile) -> list[Element]:
    return find_all(file.tree(DOCUMENT), "w:body/w:sdt")


def _number_pictures(document: Element) -> None:
    seen: Counter[str] = Counter()
    for drawing in document.iter(f"{{{_DRAWING}}}inline"):
        shown = [*drawing.iter(f"{{{_PICTURE}}}cNvPr")]
        name = str(shown[0].get("descr", "")) if shown else ""
        seen[name] += 1
        number = crc32(f"{name} {seen[name]}".encode()) >> 2
        for at, element in enumerate([*drawing.iter(f"{{{_DRAWING}}}docPr"), *shown]):
            element.set("id", str(number + at))
