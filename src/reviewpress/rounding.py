"""Numbers as they are read in sentences and tables: with the digits that count."""

import re

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"([\s<>≤≥=~≈±+Pp-]*\d+(?:[.,]\d+)?)[eE]([+-]\d{1,3})")
_SMALLEST, _LARGEST = 1e-4, 1e15
"""Numbers between them are written out."""


def rounded(number: float) -> str:
    """Return a number with two decimals at most, below one with the two digits that count.

    Without the `.0` of whole numbers, and times a power of ten where zeros would have to be
    counted. The decimal mark is a point, and what is below zero has a hyphen.

    >>> rounded(3.0), rounded(12.346), rounded(0.0456), rounded(-2.34e-8)
    ('3', '12.35', '0.046', '-2.3×10⁻⁸')
    """
    size = abs(number)
    if size and not _SMALLEST <= size < _LARGEST:
        return powers_of_ten(f"{number:.1e}".replace(".0e", "e"))
    if number.is_integer():
        return str(int(number))
    digits = f"{float(f'{number:.2g}'):f}" if size < 1 else f"{number:.2f}"
    return digits.rstrip("0").rstrip(".")


def powers_of_ten(text: str) -> str:
    """Return a number as programs write it, such as `<2.3e-8`, as it is printed; else the text.

    >>> powers_of_ten("<2.3E-08"), powers_of_ten("1e5"), powers_of_ten("site 2e-3")
    ('<2.3×10⁻⁸', '1e5', 'site 2e-3')
    """
    found = _POWER.fullmatch(text.strip())
    if not found:
        return text
    power = str(int(found[2])).translate(_RAISED)
    return f"{found[1]}×10{power}"
