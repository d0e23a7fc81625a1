"""The data of an edition as one package: a descriptor beside the files, and all of it in a ZIP.

datapackage.json    what the files are, in the words of Frictionless Data
data/<table>.csv    the tables that the schema describes, with what their columns mean
figures/<id>.csv    the numbers behind each figure, and each table
data-package.zip    all of these
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reviewpress.archives import zip_files
from reviewpress.config import Config
from reviewpress.escaping import spreadsheet_cell
from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_bytes
from reviewpress.tables.dictionary import dictionary
from reviewpress.tables.schema import Field, Schema, Table, read_schema
from reviewpress.tables.writer import write_csv

DESCRIPTOR, ARCHIVE = "datapackage.json", "data-package.zip"
_DICTIONARY = "data/README.md"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_INTEGER, _NUMBER = re.compile(r"[+-]?\d{1,15}"), re.compile(r"[+-]?\d+(?:\.\d+)?")
_BOUNDS = {"minimum": "minimum", "maximum": "maximum", "min_length": "minLength",
           "max_length": "maxLength"}  # fmt: skip


def has_data(config: Config) -> bool:
    """Say whether a review publishes its data, and has a schema that describes them."""
    return bool(config.settings.data_package) and _schema_path(config).is_file()


def write_data_package(config: Config, folder: Path) -> None:
    """Write the data package of the edition in `folder`, whose figures are there already.

    Tables are those of the schema that the review has, or that `data-package:` names. Cells that a
    spreadsheet would take for formulas are published as text. What an earlier build left is deleted
    where the review publishes no data.
    """
    if not has_data(config):
        for name in (DESCRIPTOR, ARCHIVE):
            (folder / name).unlink(missing_ok=True)
        return
    schema = read_schema(_schema_path(config), config.root, config.lang)
    files = dict(_table_files(config, schema)) | {_DICTIONARY: dictionary(schema).encode()}
    figures = {f"figures/{path.name}": path.read_bytes() for path in _figures(folder)}
    resources = [*_resources(schema, files), *map(_figure_resource, figures, figures.values())]
    described = _describe(config, schema, resources)
    text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    everything = {DESCRIPTOR: text.encode(), **files, **figures}
    for name, content in everything.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / ARCHIVE).write_bytes(zip_files(everything))


def _schema_path(config: Config) -> Path:
    return config.root / config.settings.schema


def _figures(folder: Path) -> list[Path]:
    return sorted((folder / "figures").glob("*.csv"))


def _table_files(config: Config, schema: Schema) -> Iterator[tuple[str, bytes]]:
    """Yield each table's name in the package, and its content."""
    asked = config.settings.data_package
    for table in schema.tables.values():
        path = schema.folder / table.path
        if path.is_file() and (isinstance(asked, bool) or table.name in asked):
            rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
            yield _place(table), write_csv(map(spreadsheet_cell, row) for row in rows)


def _place(table: Table) -> str:
    return f"data/{Path(table.path).name}"


def _describe(config: Config, schema: Schema, resources: Sequence[Plain]) -> dict[str, Plain]:
    facts = config.publication
    named = {"title": facts.licence, "path": facts.licence_url}
    told: dict[str, Plain] = {
        "$schema": _PROFILE,
        "name": re.sub(r"[^a-z0-9._-]+", "-", config.title.lower()).strip("-") or "review",
        "title": config.title,
        "description": schema.description.strip(),
        "homepage": facts.address,
        "version": facts.version,
        "licenses": [{key: word for key, word in named.items() if word}] if facts.licence else [],
        "contributors": [{"title": author.name} for author in config.authors],
        "resources": list(resources),
    }
    return {key: value for key, value in told.items() if value}


def _resources(schema: Schema, files: Mapping[str, bytes]) -> Iterator[Plain]:
    named = {table.name for table in schema.tables.values() if _place(table) in files}
    for table in schema.tables.values():
        if table.name in named:
            yield {
                **_facts(table.name, _place(table), files[_place(table)]),
                "title": table.title or table.name,
                **(
                    {"description": " ".join(table.description.split())}
                    if table.description
                    else {}
                ),
                "schema": _table_schema(table, named),
            }
    content = files[_DICTIONARY]
    yield {
        "name": "dictionary",
        "path": _DICTIONARY,
        "title": schema.title or "Data dictionary",
        "mediatype": "text/markdown",
        **_size(content),
    }


def _facts(name: str, path: str, content: bytes) -> dict[str, Plain]:
    """Return what is said of each table's file."""
    return {"name": name, "type": "table", "path": path, "format": "csv", "mediatype": "text/csv",
            "encoding": "utf-8", **_size(content)}  # fmt: skip


def _size(content: bytes) -> dict[str, Plain]:
    return {"bytes": len(content), "hash": f"sha256:{digest_bytes(content)}"}


def _table_schema(table: Table, named: set[str]) -> dict[str, Plain]:
    keys: list[Plain] = [
        {"fields": [key.field], "reference": {"resource": key.resource, "fields": [key.target]}}
        for key in table.foreign_keys
        # What refers to the bibliography, or from a list, is beyond the words of a package.
        if key.resource in named and table.field(key.field).type != "list"
    ]
    described: dict[str, Plain] = {
        "fields": [_field(field) for field in table.fields],
        "primaryKey": [*table.primary_key],
        "foreignKeys": [*keys],
    }
    return {key: value for key, value in described.items() if value}


def _field(field: Field) -> dict[str, Plain]:
    is_list = field.type == "list"
    means = [f"“{cell}”: {label}" for cell, label in field.missing.items() if cell and label]
    told = [field.description, *means]
    told += [f"Several are separated by “{field.delimiter}”."] if is_list else []
    told += [f"Unit: {field.unit}."] if field.unit else []
    limits: dict[str, Plain] = {
        theirs: limit
        for ours, theirs in _BOUNDS.items()
        if (limit := getattr(field, ours)) is not None
    }
    limits |= {"required": True} if field.required else {}
    limits |= {"unique": True} if field.unique else {}
    limits |= {"enum": [*field.enum]} if field.enum and not is_list else {}
    described: dict[str, Plain] = {
        "name": field.name,
        "type": "string" if is_list else field.type,
        "title": field.title,
        "description": " ".join(part.strip() for part in told if part),
        "constraints": {} if is_list else limits,
        "categories": [*field.enum] if is_list else [],
        "missingValues": [*field.missing],
    }
    return {key: value for key, value in described.items() if value}


def _figure_resource(path: str, content: bytes) -> dict[str, Plain]:
    name = Path(path).stem
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    head, *body = rows or [[]]
    fields = [
        {"name": title, "type": _kind([row[at] for row in body if at < len(row)])}
        for at, title in enumerate(head)
    ]
    return {**_facts(name, path, content), "schema": {"fields": [*fields], "missingValues": [""]}}


def _kind(cells: Sequence[str]) -> str:
    """Return the type of a column of a published table, by its cells."""
    told = [cell for cell in cells if cell]
    if told and all(map(_INTEGER.fullmatch, told)):
        return "integer"
    return "number" if told and all(map(_NUMBER.fullmatch, told)) else "string"
