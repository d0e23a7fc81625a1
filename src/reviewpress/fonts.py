"""Font files of a brand: whether they are fonts, and which families they hold."""

import struct
from io import BytesIO
from pathlib import Path

from reviewpress.errors import ConfigError, Place

_WOFF2 = b"wOF2"
_FAMILY_NAMES = (1, 16, 21)
_HEADER = struct.Struct(">4sIIHHI")


def families_of(path: Path, name: str, place: Place) -> frozenset[str]:
    """Return the families of a font file, in lower case, that a PDF can be set in.

    A WOFF2 file is for pages alone, and gives none. Raises ConfigError for a file that is no font.
    """
    # Imported here: few reviews have fonts of their own, and all read a brand.
    from fontTools.ttLib import TTFont

    content = path.read_bytes()
    if content[:4] == _WOFF2:
        if not _is_whole_woff2(content):
            raise _no_font(name, place)
        return frozenset()
    try:
        with TTFont(BytesIO(content), lazy=True) as font:
            if not font.getBestCmap() or not font.getGlyphOrder():
                raise _no_font(name, place)
            # What is cut off is seen where it is read.
            for table in ("head", "hhea", "maxp", "OS/2", "hmtx"):
                font[table]
            names = font["name"].names
            if content[:4] == b"wOFF":
                return frozenset()
            return frozenset(
                str(each.toUnicode()).casefold() for each in names if each.nameID in _FAMILY_NAMES
            )
    except ConfigError:
        raise
    # A spoiled file ends in whatever error the table in question meets first.
    except Exception as error:
        raise _no_font(name, place) from error


def _is_whole_woff2(content: bytes) -> bool:
    if len(content) < _HEADER.size:
        return False
    _, _, length, tables, _, _ = _HEADER.unpack_from(content)
    return bool(length == len(content) and tables > 0)


def _no_font(name: str, place: Place) -> ConfigError:
    hint = "It may be damaged, or be another kind of file: take it from where it came from again."
    return ConfigError(f"{name} cannot be read as a font.", place, hint)
