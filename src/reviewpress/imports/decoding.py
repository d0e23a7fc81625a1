"""The text of an export, whatever its encoding."""

import codecs

from reviewpress.errors import BibliographyError, Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_export(content: bytes, file: str, encoding: str = "") -> tuple[str, str]:
    """Return the text of an export, and what its encoding was taken for unless it is Unicode.

    Raises BibliographyError where it is not in `encoding`, and where no encoding is certain.
    """
    if encoding:
        return _decode_as(content, file, encoding), ""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace").removeprefix("\ufeff"), ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "it was read as Windows-1252"


def _decode_as(content: bytes, file: str, encoding: str) -> str:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        message = f'"{encoding}" is not the name of an encoding.'
        hint = "Names are utf-8, cp1252, latin2, mac_roman, gb18030, shift_jis …"
        raise BibliographyError(message, hint=hint) from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"the file is not in the encoding {encoding}."
        raise BibliographyError(message, Place(file, line=line)) from None
