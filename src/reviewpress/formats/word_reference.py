"""An author's own Word file as the reference document: its styles, and ours where it has none."""

import re
from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import ConfigError, Place
from reviewpress.formats.word_styles import read_parts, write_parts

_STYLES = "word/styles.xml"
_STYLE = re.compile(r'<w:style\b[^>]*w:styleId="([^"]+)"[^>]*>.*?</w:style>', re.DOTALL)
_NAME = re.compile(r'<w:name w:val="([^"]+)"')
_NAMED = r'(<w:(?:basedOn|next|link|pStyle|rStyle|tblStyle)\s+w:val="|w:styleId="){}"'


def complete_reference(own: Path, ours: bytes) -> bytes:
    """Return an author's Word file with the styles of ours that it lacks.

    Word calls a style by an id of the author's language and by a name; the ids become those that
    we write. Raises ConfigError for a file that is not Word's.
    """
    try:
        parts = read_parts(own.read_bytes())
        styles = parts[_STYLES].decode()
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        message = f"the reference document {own.name} is not a Word file that can be read."
        hint = "Save it from Word as .docx, without a password."
        raise ConfigError(message, Place(own.name), hint) from error
    numbering = parts.get("word/numbering.xml", b"").decode()
    brought = _styles_by_name(ours)
    for name, identifier in [*_names_and_ids(styles)]:
        if name in brought and identifier != (wanted := brought[name][0]):
            styles = _renamed(styles, identifier, wanted)
            numbering = _renamed(numbering, identifier, wanted)
    known = {name for name, _ in _names_and_ids(styles)}
    lacking = [text for name, (_, text) in brought.items() if name not in known]
    parts[_STYLES] = styles.replace("</w:styles>", f"{''.join(lacking)}</w:styles>").encode()
    if numbering:
        parts["word/numbering.xml"] = numbering.encode()
    return write_parts(parts)


def _styles_by_name(document: bytes) -> dict[str, tuple[str, str]]:
    """Return the id and the text of each style of a Word file by its name in small letters."""
    found = {}
    for style in _STYLE.finditer(read_parts(document)[_STYLES].decode()):
        name = _NAME.search(style[0])
        if name:
            # There is one default of each kind: the author's.
            found[name[1].lower()] = (style[1], style[0].replace(' w:default="1"', ""))
    return found


def _names_and_ids(styles: str) -> Iterator[tuple[str, str]]:
    for style in _STYLE.finditer(styles):
        name = _NAME.search(style[0])
        if name:
            yield name[1].lower(), style[1]


def _renamed(text: str, identifier: str, wanted: str) -> str:
    pattern = re.compile(_NAMED.format(re.escape(identifier)))
    return pattern.sub(lambda found: f'{found[1]}{wanted}"', text)
