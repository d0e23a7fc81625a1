"""XML of reference managers and databases, with the characters in it that XML does not allow."""

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from reviewpress.errors import BibliographyError, Place

_CONTROLS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
)
_NUMBERED = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
_HTML = re.compile(rb"\s*<(?:!doctype\s+)?html", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def iterate_elements(
    content: bytes, file: str, tags: tuple[str, ...], kind: str
) -> Iterator[Element]:
    """Yield each element of some names as soon as it has ended; it is emptied afterwards.

    Control characters, which some programs export from copied abstracts, become spaces. Raises
    BibliographyError where the file is a web page or is broken.
    """
    if _HTML.match(content[:200].removeprefix(b"\xef\xbb\xbf")):
        message = "the file is a web page, not an export."
        raise BibliographyError(message, Place(file), "Log in to the database and export again.")
    if not content.startswith(_UTF_16):
        content = _NUMBERED.sub(_allowed, _CONTROLS.sub(b" ", content))
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(content), events=("end",)):
            if element.tag in tags:
                yield element
                element.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (None,))[0]
        message = f"the file is not {kind}: {error}."
        hint = "It may have been cut off while it was saved: export it again."
        raise BibliographyError(message, Place(file, line=line), hint) from None


def flat_text(element: Element | None) -> str:
    """Return all text in an element on one line; empty where there is none."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def _allowed(found: re.Match[bytes]) -> bytes:
    """Return a numbered character where XML allows it, otherwise a space."""
    digits, base = (found[1], 16) if found[1] else (found[2], 10)
    code = int(digits[:12], base)
    is_text = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return found[0] if is_text or 0x10000 <= code < 0x110000 else b" "
