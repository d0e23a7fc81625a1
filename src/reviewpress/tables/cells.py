"""Cells of a table: their text, read as the column's type, and what spreadsheets did to them."""

import re
from collections.abc import Callable
from datetime import date

from reviewpress.errors import Place, Problem, nearest
from reviewpress.tables.schema import Field

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = re.compile(
    rf"\d{{1,2}}-{_MONTH}(?:-\d{{2,4}})?|{_MONTH}-\d{{2,4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{4}-\d\d-\d\d 00:00(?::00)?",
    re.IGNORECASE,
)
SPREADSHEET_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|#+)")
_FORMULA = re.compile(r"[=@]\S|[+-][^\W\d_]|[+-]?\d*[+*/-]?cmd\|")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffd\ufffe\uffff]"
)
_MOJIBAKE = re.compile("Ã[\x80-\xbf©¨¼¶¤Ÿ±³¡]|â€[\x80-\xbf™œ˜“”]|Â[\xa0£°·]")
_FORMULA_STARTS = tuple(f"{before}{mark}" for before in ',"\n\r' for mark in "=@+-")
_CONTROLS = bytes(code for code in (*range(32), 127) if code not in b"\t\n\r")
_INTEGER = re.compile(r"-?\d{1,15}")
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,20})?")
_TRUTH = {"true": True, "false": False}
Cell = str | int | float | bool | date | tuple[str, ...] | tuple[int, ...] | None
"""A cell's value, as its column's type has it; None where it is empty."""
_Reading = tuple[Cell, str, str]
"""A cell's value; what is wrong with it, if anything; and a hint."""
_HINTS = 100
"""How many cells of a column get a nearest term: finding one costs more than reading a row."""


def shorten(text: str, limit: int = 60) -> str:
    """Return the start of a cell for a message, on one line and without invisible characters."""
    head = text[: limit + 1].replace("\n", "⏎").replace("\r", "⏎").replace("\t", "⇥")
    head = _FORBIDDEN.sub("�", head)
    return head if len(head) <= limit else head[:limit] + "…"


class CellReader:
    """Reads the cells of one column, and reports what is wrong with each.

    Every distinct cell is read once; a repeated one costs a look-up.
    """

    def __init__(
        self,
        field: Field,
        name: str,
        problems: list[Problem],
        warnings: list[Problem],
    ) -> None:
        self.field = field
        self.name = name
        self.problems = problems
        self.warnings = warnings
        self.read_as: Callable[[str], _Reading] = {
            "string": self._string,
            "integer": self._integer,
            "year": self._year,
            "number": self._number,
            "boolean": self._boolean,
            "date": self._date,
            "list": self._list,
        }[field.type]
        self.terms = frozenset(field.enum)
        self._known: dict[str, _Reading] = {}
        self._above = ""
        self._hinted = 0

    def read_column(self, rows: list[tuple[int, list[str]]], position: int) -> tuple[Cell, ...]:
        """Return the values of a column, which stands at `position` of each numbered row."""
        cells = [row[position] for _, row in rows]
        if all(self._is_good(cell) for cell in dict.fromkeys(cells)):
            known = self._known
            return tuple([known[cell][0] for cell in cells])
        return tuple(self.read(number, row[position]) for number, row in rows)

    def read(self, row: int, cell: str) -> Cell:
        """Return a cell's value; None (an empty tuple for lists) where it is empty or wrong."""
        if cell in self.field.missing:
            if self.field.required:
                self._report(row, "the cell is empty.", self._merged_hint())
            return () if self.field.type == "list" else None
        self._above = cell
        found = self._known.get(cell)
        if found is None:
            found = self._known[cell] = self._interpret(cell)
        value, message, hint = found
        if message:
            self._report(row, message, hint)
        elif self._is_changed(cell):
            message = f'"{cell}" looks like a date that a spreadsheet made.'
            self._warn(row, message, "If it was a range or a list, type it again as text.")
        return value

    def _is_good(self, cell: str) -> bool:
        """Read a cell; tell whether there is nothing to report of it, wherever it stands."""
        if cell in self.field.missing:
            self._known[cell] = (() if self.field.type == "list" else None, "", "")
            return not self.field.required
        found = self._known[cell] = self._interpret(cell)
        return not (found[1] or self._is_changed(cell))

    def _is_changed(self, cell: str) -> bool:
        """Tell whether a cell of text looks like a date that a spreadsheet made of it."""
        return self.field.type in ("string", "list") and not self.terms and _is_date(cell)

    def _interpret(self, cell: str) -> _Reading:
        if SPREADSHEET_ERROR.fullmatch(cell):
            return None, f'"{cell}" is a spreadsheet\'s error, not a value.', "Type the value."
        value, message, hint = self.read_as(cell)
        if not message:
            message, hint = self._constraints(cell, value)
        return value, message, hint

    def _constraints(self, cell: str, value: Cell) -> tuple[str, str]:
        field = self.field
        if isinstance(value, int | float) and not isinstance(value, bool):
            if field.minimum is not None and value < field.minimum:
                return f"{value} is less than {field.minimum:g}.", ""
            if field.maximum is not None and value > field.maximum:
                return f"{value} is more than {field.maximum:g}.", ""
        for item in value if isinstance(value, tuple) else (cell,):
            text = str(item)
            if self.terms and text not in self.terms:
                return f'"{shorten(text)}" is not a term of this column.', self._nearest(text)
            if field.pattern is not None and not (matches := field.pattern.matches(text)):
                wanted = field.pattern.pattern
                if matches is None:
                    message = "the column's pattern takes too long to compare with a cell."
                    return message, f"Write it without repeats in repeats: {wanted}"
                return f'"{shorten(text)}" is not written as it should be.', f"Pattern: {wanted}"
        if field.min_length is not None and len(cell) < field.min_length:
            return f"the text is shorter than {field.min_length} characters.", ""
        if field.max_length is not None and len(cell) > field.max_length:
            return f"the text is longer than {field.max_length} characters.", ""
        return "", ""

    def _string(self, cell: str) -> _Reading:
        return cell, "", ""

    def _integer(self, cell: str) -> _Reading:
        if _INTEGER.fullmatch(cell) and cell.isascii():
            return int(cell), "", ""
        return None, f'"{shorten(cell)}" is not a whole number.', _number_hint(cell)

    def _year(self, cell: str) -> _Reading:
        if re.fullmatch(r"[12]\d{3}", cell) and cell.isascii():
            return int(cell), "", ""
        return None, f'"{shorten(cell)}" is not a year of four digits.', _number_hint(cell)

    def _number(self, cell: str) -> _Reading:
        if _NUMBER.fullmatch(cell) and cell.isascii():
            return float(cell), "", ""
        return None, f'"{shorten(cell)}" is not a number.', _number_hint(cell)

    def _boolean(self, cell: str) -> _Reading:
        value = _TRUTH.get(cell.lower()) if len(cell) < 6 else None
        if value is None:
            return None, f'"{shorten(cell)}" is neither true nor false.', ""
        return value, "", ""

    def _date(self, cell: str) -> _Reading:
        try:
            if len(cell) != 10:
                raise ValueError
            return date.fromisoformat(cell), "", ""
        except ValueError:
            return None, f'"{shorten(cell)}" is not a date.', "Write it as 2023-06-30."

    def _list(self, cell: str) -> _Reading:
        items = [item.strip() for item in cell.split(self.field.delimiter)]
        shown = shorten(cell)
        if "" in items:
            return (), f'an item of "{shown}" is empty.', "Separate two items by one mark."
        if len(set(items)) < len(items):
            twice = next(item for item in items if items.count(item) > 1)
            return (), f'"{shorten(twice)}" is given twice in one cell.', "Delete one of them."
        if self.field.item_type == "string":
            if len(items) == 1 and self.terms and cell not in self.terms:
                return tuple(items), *self._separator_hint(cell)
            return tuple(items), "", ""
        for item in items:
            if not (_INTEGER.fullmatch(item) and item.isascii()):
                message = f'"{shorten(item)}" is not a whole number.'
                return (), message, _number_hint(item)
        return tuple(int(item) for item in items), "", ""

    def _separator_hint(self, cell: str) -> tuple[str, str]:
        if len(cell) > 1000:
            return "", ""
        parts = [part.strip() for part in re.split(r"[,|/\n\t]", cell)]
        if len(parts) > 1 and any(part in self.terms for part in parts):
            message = f'"{shorten(cell)}" is not a term of this column.'
            return message, f"Separate several terms by “{self.field.delimiter} ”."
        return "", ""

    def _nearest(self, text: str) -> str:
        if _is_date(text):
            return _number_hint(text)
        self._hinted += 1
        if self._hinted > _HINTS or len(text) > 200:
            return ""
        return nearest(text, self.field.enum)

    def _merged_hint(self) -> str:
        if not self._above:
            return "A value is needed here."
        return "A value is needed here; if cells were merged in a spreadsheet, fill each of them."

    def _report(self, row: int, message: str, hint: str) -> None:
        place = Place(self.name, row=row, column=self.field.name)
        self.problems.append(Problem("table", message, place, hint))

    def _warn(self, row: int, message: str, hint: str) -> None:
        place = Place(self.name, row=row, column=self.field.name)
        self.warnings.append(Problem("table-cell", message, place, hint))


def look_at_text(
    text: str,
    rows: list[tuple[int, list[str]]],
    names: list[str],
    name: str,
    problems: list[Problem],
) -> list[Problem]:
    """Report characters that no table should hold, and return warnings of suspicious cells.

    Forbidden are control characters, marks that reverse the direction of writing, and the
    replacement character that a wrong conversion leaves. Suspicious are cells that a spreadsheet
    would run as a formula and letters garbled by a wrong conversion.
    """
    warnings: list[Problem] = []
    if not _is_suspicious(text):
        return warnings
    shown = [shorten(column) for column in names]
    for number, cells in rows:
        for column, cell in zip(shown, cells, strict=True):
            forbidden, garbled = _FORBIDDEN.search(cell), _MOJIBAKE.search(cell)
            formula = _FORMULA.match(cell)
            if not (forbidden or garbled or formula):
                continue
            place = Place(name, row=number, column=column)
            if forbidden:
                code = f"U+{ord(forbidden[0]):04X}"
                message = f'the invisible or damaged character {code} is in "{shorten(cell)}".'
                problems.append(Problem("table", message, place, "Delete or retype it."))
            if garbled:
                message = f'"{garbled[0]}" in the cell looks like a letter garbled by a conversion.'
                hint = "Open the original as UTF-8 and export it again."
                warnings.append(Problem("table-cell", message, place, hint))
            if formula:
                message = f'"{shorten(cell)}" looks like a formula; it is kept as text.'
                hint = "A spreadsheet would run it."
                warnings.append(Problem("table-cell", message, place, hint))
    return warnings


def _is_suspicious(text: str) -> bool:
    """Tell quickly whether a text may hold anything to report; most tables hold nothing."""
    if any(mark in text for mark in _FORMULA_STARTS):
        return True
    content = text.encode()
    if len(content.translate(None, _CONTROLS)) < len(content):
        return True
    return not text.isascii() and bool(_FORBIDDEN.search(text) or _MOJIBAKE.search(text))


def _is_date(cell: str) -> bool:
    return len(cell) < 25 and _DATE.fullmatch(cell) is not None


def _number_hint(cell: str) -> str:
    if _is_date(cell):
        return "A spreadsheet seems to have made a date of it: type the value again, as text."
    if len(cell) > 40:
        return ""
    if re.fullmatch(r"-?\d+\.0+", cell):
        return f"Write {cell.split('.')[0]}."
    if re.fullmatch(r"\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+", cell):
        return "Write it without a mark for thousands."
    if cell != cell.strip():
        return "Delete the space at its start or end."
    return ""
