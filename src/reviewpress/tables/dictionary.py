"""The data dictionary: `data/README.md`, generated from the schema."""

from collections.abc import Iterator
from pathlib import Path

from reviewpress.errors import Place, Problem
from reviewpress.tables.schema import Field, Schema, Table

NAME = "README.md"
_MARK = "Generated from"
_OTHER_FILES = (
    ("flow.csv", "The flow of records, in the table of the PRISMA2020 R package."),
    ("searches.yml", "Concept blocks, search strings as published, sources, dates and limits."),
    ("screening.csv", "Screening decisions: record, stage, decision, reason, reviewer."),
    ("imports.csv", "What became of every imported record; `reviewpress import` writes it."),
    ("duplicates.csv", "Pairs of records that people decided are the same, or different."),
    ("withdrawn.csv", "Decisions on records of exports that were withdrawn or replaced."),
    ("acknowledged.yml", "Problems that are true and stay, each with its rule, place and reason."),
    ("forms", "The review's forms: questions in our own wording, options and routing."),
)
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "date": "date (2023-06-30)",
    "year": "year",
}


def dictionary(schema: Schema) -> str:
    """Return the data dictionary of a schema as Markdown.

    The title and the text before the tables (where the data come from) are the schema's own
    `title` and `description`.
    """
    lines = [
        f"# {schema.title or 'Data dictionary'}",
        "",
        f"<!-- {_MARK} {Path(schema.file).name}; change that file, not this one. -->",
        "",
    ]
    if schema.description:
        lines += [schema.description.strip(), ""]
    lines += [
        "Tables are CSV in UTF-8, separated by commas, with a header. A list in a cell is separated"
        " by semicolons. An empty cell means what its column says; it never means zero.",
        "",
    ]
    for table in schema.tables.values():
        lines += _table(table)
    others = [(name, told) for name, told in _OTHER_FILES if (schema.folder / name).exists()]
    if others:
        lines += ["## Other files", ""]
        lines += [f"- `{name}`: {told}" for name, told in others]
        lines.append("")
    return "\n".join(lines)


def check_dictionary(schema: Schema, root: Path) -> list[Problem]:
    """Return a warning where a generated `data/README.md` is not what the schema gives now.

    It stops no report, for nothing in one rests on it.
    """
    path = schema.folder / NAME
    try:
        found = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        found = ""
    if _MARK not in found or found == dictionary(schema):
        return []
    name = path.relative_to(root).as_posix()
    message = "the data dictionary is not what the schema gives."
    hint = "Run `reviewpress tidy`."
    return [Problem("dictionary", message, Place(name), hint)]


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.title or table.name}"
    yield ""
    yield f"`{table.path}`" + (f", from {table.source}" if table.source else "") + "."
    if table.description:
        yield ""
        yield _line(table.description)
    if table.primary_key:
        yield ""
        yield f"Key: {', '.join(f'`{key}`' for key in table.primary_key)}."
    for key in table.foreign_keys:
        yield ""
        yield f"`{key.field}` refers to `{key.target}` of {key.resource}."
    yield ""
    yield "| Column | Kind | Meaning |"
    yield "| --- | --- | --- |"
    for field in table.fields:
        yield f"| `{field.name}` | {_kind(field)} | {_meaning(field)} |"
    yield ""


def _kind(field: Field) -> str:
    kind = _TYPES.get(field.type, field.type)
    if field.type == "list":
        kind = "list of whole numbers" if field.item_type == "integer" else "list"
    if field.unit:
        kind = f"{kind} ({_cell(field.unit)})"
    return f"{kind}, required" if field.required else kind


def _meaning(field: Field) -> str:
    parts = [f"**{_cell(field.title)}.**"] if field.title else []
    parts += [_cell(field.description)] if field.description else []
    if field.enum:
        parts.append("One of: " if field.type != "list" else "Any of: ")
        parts[-1] += "; ".join(_cell(term) for term in field.enum) + "."
    if field.minimum is not None or field.maximum is not None:
        parts.append(_range(field))
    if field.pattern is not None:
        parts.append(f"Written as `{_cell(field.pattern.pattern)}`.")
    if not field.required:
        parts += [
            f"{f'`{_cell(cell)}`' if cell else 'Empty'}: {_cell(label)}."
            for cell, label in field.missing.items()
            if label
        ]
    return " ".join(parts)


def _range(field: Field) -> str:
    if field.minimum is not None and field.maximum is not None:
        return f"From {field.minimum:g} to {field.maximum:g}."
    if field.minimum is not None:
        return f"At least {field.minimum:g}."
    return f"At most {field.maximum:g}."


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
