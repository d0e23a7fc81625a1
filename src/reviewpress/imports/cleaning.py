"""Characters that no field of a record may hold: damaged, invisible, or for machines only.

Everything that enters by an import passes here once: the text of a file before it is read, and
the values of its records afterwards, for JSON, XML and HTML have signs for any character.
"""

import re
from collections import Counter

_BAD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b"
    "\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff"
    "\uffa0\ufff9-\uffff]"
)
"""Controls, separators, format characters, halves of surrogates, letters that are blank, the signs
of lost letters and objects, and what is no character. Two joiners are missing, without which
Persian and Indic words are written wrong, and the format characters that are seen."""
_BAD_BEYOND = re.compile(
    "[\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_BEYOND = re.compile("[\U00010000-\U0010ffff]")
"""Told apart, for a class within the first plane is ten times as fast."""
_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x1f\u2028\u2029"
"""What parts words or lines, and is a space in a field."""
_NAMES = {
    "\x00": "NUL", "\x07": "BEL", "\x1a": "end of file", "\u00ad": "soft hyphen",
    "\u200b": "zero-width space", "\ufeff": "byte order mark", "\ufffd": "replacement character",
    "\u2028": "line separator", "\u2029": "paragraph separator",
}  # fmt: skip


def clean_text(text: str) -> str:
    """Return a text without damaged and invisible characters.

    Controls of the second set are the letters that Windows-1252 has in their place, as in HTML;
    separators become spaces; all others go.

    >>> clean_text("pre\\ufffdscribing\\x92s\\u2028end\\x00")
    'prescribing’s end'
    """
    if _BAD.search(text):
        text = _BAD.sub(lambda found: _replacement(found[0]), text)
    return _BAD_BEYOND.sub("", text) if _BEYOND.search(text) else text


def bad_characters(text: str) -> Counter[str]:
    """Count the damaged and invisible characters of a text."""
    found = Counter(_BAD.findall(text))
    if _BEYOND.search(text):
        found.update(_BAD_BEYOND.findall(text))
    return found


def find_bad_lines(text: str, limit: int = 5) -> list[int]:
    """Return the first lines in which a text has such characters."""
    lines: list[int] = []
    for found in _BAD.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if line not in lines:
            lines.append(line)
        if len(lines) == limit:
            break
    return lines


def describe_characters(found: Counter[str]) -> str:
    """Return in words which characters were found, the most frequent ones first."""
    told = [
        f"U+{ord(char):04X}{f' ({_NAMES[char]})' if char in _NAMES else ''}"
        for char, _ in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]
    more = f" and {len(told) - 4} more" if len(told) > 4 else ""
    return ", ".join(told[:4]) + more


def _replacement(char: str) -> str:
    if char in _BREAKS:
        return " "
    if "\x80" <= char <= "\x9f":
        return char.encode("latin-1").decode("cp1252", errors="ignore")
    return ""
