"""What the columns of one's own table hold: numbers, lists, a few words that repeat, or text."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from reviewpress.shapes import Plain

LIST = re.compile(r"\s*;\s*")
"""What parts the values of a cell that has several."""
_DECIMAL = re.compile(r"-?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
_COMMA = re.compile(r"-?\d{1,15}(?:,\d{1,20})?")
_QUOTED = re.compile(r"""\[\s*(?:'.*'|".*")\s*\]""", re.DOTALL)
_ITEM = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_FEW = 12
_MANY = 40


def describe_cells(name: str, cells: Sequence[str]) -> dict[str, Plain]:
    """Describe a column by its cells."""
    filled = [cell for cell in cells if cell]
    if filled and all(re.fullmatch(r"-?\d{1,15}", cell) for cell in filled):
        return {"type": "integer"}
    if filled and all(_DECIMAL.fullmatch(cell) for cell in filled):
        return {"type": "number"}
    items = [item for cell in filled for item in LIST.split(cell) if item]
    terms = list(dict.fromkeys(items))
    repeats = len(terms) < len(items)
    if any(";" in cell for cell in filled) and len(terms) <= _MANY:
        return {"type": "list", "evidence": name.replace("_", " ").capitalize(),
                "constraints": {"enum": terms}}  # fmt: skip
    if repeats and len(terms) <= _FEW:
        return {"type": "string", "evidence": name.replace("_", " ").capitalize(),
                "constraints": {"enum": terms}}  # fmt: skip
    return {"type": "string"}


def without_quotes(text: str) -> str:
    """Return a list as programs write it, with semicolons between what it lists.

    >>> without_quotes("['Fern, A', 'Gorse, B']"), without_quotes("[Anonymous]")
    ('Fern, A; Gorse, B', '[Anonymous]')
    """
    if not _QUOTED.fullmatch(text):
        return text
    return "; ".join(one or other for one, other in _ITEM.findall(text))


def write_decimals(records: Iterable[dict[str, str]], column: str) -> None:
    """Write the numbers of a column as our tables have them: .5 as 0.5, 1e-05 as 0.00001."""
    filled = [record for record in records if record.get(column)]
    if filled and all(_DECIMAL.fullmatch(record[column]) for record in filled):
        for record in filled:
            if not re.fullmatch(r"-?\d{1,15}(?:\.\d{1,20})?", record[column]):
                record[column] = f"{Decimal(record[column]):f}".removesuffix(".")


def write_decimal_points(records: Sequence[dict[str, str]], header: Sequence[str]) -> list[str]:
    """Write 0,35 as 0.35 in each column of such numbers, and say in which."""
    written = []
    for column in header:
        cells = [record[column] for record in records if record[column]]
        if any("," in cell for cell in cells) and all(map(_COMMA.fullmatch, cells)):
            written.append(column)
            for record in records:
                record[column] = record[column].replace(",", ".")
    columns = ", ".join(f'"{column}"' for column in written)
    return [f"commas are decimal marks here, and were written as points: {columns}"] * bool(written)
