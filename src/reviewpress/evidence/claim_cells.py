"""The expressions that a table of claims had in earlier versions, as cells for a chapter."""

import ast
from collections.abc import Iterator

from reviewpress.evidence.claims import EXPRESSION
from reviewpress.tables.reader import Row, TableRows

_LOAD = "import reviewpress\n\nreview = reviewpress.load()"


def claim_cells(rows: TableRows) -> Iterator[str]:
    """Yield the code of cells that give each claim its value: one cell a section.

    An expression stays as it is written; what is not Python becomes a comment.
    """
    yield _LOAD
    groups: dict[str, list[Row]] = {}
    for record in rows.records():
        groups.setdefault(record.text("section"), []).append(record)
    for section, records in groups.items():
        parts = [f"# {section}"] if section else []
        parts += [_call(record) for record in records if record.text(EXPRESSION)]
        rest = [f'    "{record.text("id")}",' for record in records if not record.text(EXPRESSION)]
        parts += ["\n".join(["review.not_checkable(", *rest, ")"])] if rest else []
        yield "\n".join(parts)


def _call(record: Row) -> str:
    expression = record.text(EXPRESSION).strip()
    call = f'review.claim(\n    "{record.text("id")}",\n    {expression}\n)'
    try:
        ast.parse(call)
    except (SyntaxError, ValueError):
        return "\n".join(f"# {line}" for line in call.splitlines())
    return call
