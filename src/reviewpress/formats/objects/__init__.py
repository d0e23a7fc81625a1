"""The formats that an edition can have: an object each, and the list of them all.

All else asks these objects, and knows no format by name but where it is about that one alone.
They import nothing of the package, so that what reads `_quarto.yml` can ask them, too; what makes
a format is in the module that its object names. To add one, see docs/how-to/add-a-format.md.
"""

from reviewpress.formats.objects.docx import DOCX
from reviewpress.formats.objects.epub import EPUB
from reviewpress.formats.objects.format import Format, base_name, names_of
from reviewpress.formats.objects.html import HTML
from reviewpress.formats.objects.typst import TYPST

__all__ = [
    "ALL_NAMES",
    "DOCX",
    "EPUB",
    "FORMATS",
    "HTML",
    "TYPST",
    "Format",
    "base_name",
    "find_format",
    "obeying",
]

FORMATS = (HTML, TYPST, DOCX, EPUB)
"""In the order in which they are named."""
_BY_NAME = names_of(FORMATS)
ALL_NAMES = tuple(_BY_NAME)


def find_format(name: str) -> Format | None:
    """Return the format that a name of `format:` stands for; None for one that is not made here."""
    return _BY_NAME.get(base_name(name))


def obeying(key: str) -> tuple[Format, ...]:
    """Return the formats that obey a key of Quarto's: those that name it, or else all."""
    return tuple(each for each in FORMATS if key in each.keys) or FORMATS
