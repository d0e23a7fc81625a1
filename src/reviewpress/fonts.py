"""Font files: whether they are fonts, which families and characters they hold, cuts of them."""

import logging
import struct
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from unicodedata import combining

from reviewpress.errors import ConfigError, Place
from reviewpress.store.digests import digest_file

_WOFF2 = b"wOF2"
_FAMILY_NAMES = (1, 16, 21)
_covers: dict[str, frozenset[str]] = {}
"""The characters of fonts, by their digests: reviews have copies of the same."""
_OF_SHAPING = frozenset(("GDEF", "GPOS", "GSUB"))
_HEADER = struct.Struct(">4sIIHHI")

# What is wrong with a font is said in one message, not in one a damaged name.
logging.getLogger("fontTools").setLevel(logging.CRITICAL)


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


def cover(path: Path) -> frozenset[str]:
    """Return the characters that a font file has."""
    digest = digest_file(path)
    if digest not in _covers:
        from fontTools.ttLib import TTFont

        with TTFont(path, lazy=True) as font:
            _covers[digest] = frozenset(map(chr, font.getBestCmap()))
    return _covers[digest]


def script_of(character: str) -> str:
    """Return the script of a character as ISO 15924 calls it.

    >>> script_of("я"), script_of("王"), script_of("☎")
    ('Cyrl', 'Hani', 'Zyyy')
    """
    from fontTools.unicodedata import script

    return str(script(character))


def name_of_script(script: str) -> str:
    """Return what a script is called in English.

    >>> name_of_script("Hang")
    'Hangul'
    """
    from fontTools.unicodedata import script_name

    return str(script_name(script, default=script))


def needs_shaping(characters: str) -> bool:
    """Whether tables of a font must join, stack or reorder some of the characters.

    >>> needs_shaping("Łódź, Ελλάδα, 東京"), needs_shaping("العربية")
    (False, True)
    """
    return any(
        "\u0590" <= each < "\u1e00" or each > "\uffff" or combining(each) for each in characters
    )


def cut_for_pages(path: Path, characters: str, family: str, *, shaping: bool = True) -> bytes:
    """Return a WOFF2 file of a font with some characters alone, under a name of its own.

    A licence may reserve the name of the whole font. The same input gives the same bytes. Without
    Brotli, which WOFF2 needs, it is a WOFF file. Without `shaping`, the tables that join and kern
    letters are left out: cutting takes a fifth of the time.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=["*"], hinting=False, notdef_outline=True, name_IDs=[0, 13])
    with TTFont(path, recalcTimestamp=False) as font:
        # Subsetting reads them whole, also where its options drop them.
        for table in () if shaping else _OF_SHAPING & set(font.keys()):
            del font[table]
        subsetter = Subsetter(options)
        subsetter.populate(text=characters)
        subsetter.subset(font)
        for number in (1, 4, 6, 16):
            font["name"].setName(family.replace(" ", ""), number, 3, 1, 0x409)
        font.flavor = "woff2" if find_spec("brotli") else "woff"
        written = BytesIO()
        font.save(written)
    return written.getvalue()


def _is_whole_woff2(content: bytes) -> bool:
    if len(content) < _HEADER.size:
        return False
    _, _, length, tables, _, _ = _HEADER.unpack_from(content)
    return bool(length == len(content) and tables > 0)


def _no_font(name: str, place: Place) -> ConfigError:
    hint = "It may be damaged, or be another kind of file: take it from where it came from again."
    return ConfigError(f"{name} cannot be read as a font.", place, hint)
