"""`data/schema.yml`: which tables a review has, their columns and their vocabularies.

The words are those of Frictionless Table Schema (fields, type, constraints, primaryKey,
foreignKeys, missingValues), one schema a table under `tables:`. Three properties are ours: a list
field's `itemType`, a field's `role`, and its `evidence` label (see `Field`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from types import MappingProxyType

from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.keys import SCHEMA
from reviewpress.languages import tag_for
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.tables.patterns import Pattern, read_pattern
from reviewpress.yaml import YamlFile, items_of, read_yaml

TYPES = ("string", "integer", "number", "boolean", "date", "year", "list")
CONSTRAINTS = (
    "required",
    "unique",
    "enum",
    "minimum",
    "maximum",
    "pattern",
    "minLength",
    "maxLength",
)
FIELD_KEYS = (
    "name",
    "type",
    "itemType",
    "title",
    "description",
    "constraints",
    "delimiter",
    "unit",
    "missingValues",
    "role",
    "evidence",
    "example",
    "terms",
)
TABLE_KEYS = (
    "path",
    "title",
    "description",
    "source",
    "primaryKey",
    "foreignKeys",
    "missingValues",
    "fields",
)
ROLES = ("sections", "regions", "source", "people")
BUILT_IN = ("bibliography", "sections")
"""What a foreign key may refer to besides tables: the bibliography's `key` (also by its file's
name) and the names of the sections."""

NO_VALUE: Mapping[str, str] = MappingProxyType({"": ""})
"""Cells that say there is no value, each with what it means, where the schema does not say."""

_ROLE_BY_NAME = {
    "sections": "sections",
    "regions": "regions",
    "source_type": "source",
    "staff": "people",
    "young_people": "people",
    "parents": "people",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its type and constraints.

    `role` says what the framework uses the column for: `sections` (where a paper is used),
    `regions` (what `load(regions=…)` restricts), `source` (peer reviewed or grey), `people`
    (a number of people). Columns called as the flagship's have theirs by name. `evidence` is the
    label under which the evidence box counts the column's terms. `missing` maps each cell that
    says there is no value to what it means (not applicable, not available, …). `terms` maps a
    term of the vocabulary to what readers see, where an edition's language has a name for it.
    """

    name: str
    type: str = "string"
    item_type: str = "string"
    title: str = ""
    description: str = ""
    unit: str = ""
    delimiter: str = ";"
    missing: Mapping[str, str] = dataclass_field(default_factory=lambda: NO_VALUE)
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    terms: Mapping[str, str] = dataclass_field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    pattern: Pattern | None = None
    min_length: int | None = None
    max_length: int | None = None
    role: str = ""
    evidence: str = ""
    line: int | None = dataclass_field(default=None, compare=False, repr=False)

    @property
    def is_counted(self) -> bool:
        """Whether papers can be counted by this column's terms."""
        return bool(self.enum) and self.type in ("string", "list")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values (or list items) must be values of another table's column."""

    field: str
    resource: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its file under `data/`, its columns and its keys."""

    name: str
    path: str
    fields: tuple[Field, ...]
    title: str = ""
    description: str = ""
    source: str = ""
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    stated: Place | None = dataclass_field(default=None, compare=False, repr=False)
    """Where the schema names the file, if it does."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names, in the schema's order."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """Return a column by name; ConfigError with the nearest name otherwise."""
        for field in self.fields:
            if field.name == name:
                return field
        raise ConfigError(
            f'the table "{self.name}" has no column "{name}".', hint=nearest(name, self.columns)
        )

    def with_role(self, role: str) -> tuple[Field, ...]:
        """Return the columns that play a role, in order."""
        return tuple(field for field in self.fields if field.role == role)


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables of a review."""

    file: str
    folder: Path
    tables: Mapping[str, Table]
    title: str = ""
    description: str = ""

    def table(self, name: str) -> Table:
        """Return a table by name; ConfigError with the nearest name otherwise."""
        try:
            return self.tables[name]
        except KeyError:
            message = f'no table "{name}" is described.'
            raise ConfigError(message, Place(self.file), nearest(name, self.tables)) from None


def read_schema(path: Path, root: Path, lang: str = "") -> Schema:
    """Read the description of the tables, which stand beside it.

    Of texts in several languages it has those of `lang`, or else the first.

    Raises ConfigError where the file is missing or not YAML, Problems with every unknown key,
    type, constraint or reference in it otherwise.
    """
    file = read_yaml(path, root, SCHEMA, lang)
    problems: list[Problem] = []
    _check_keys(file, (), file.data, ("title", "description", "tables"), problems)
    described = file.data.get("tables")
    if not isinstance(described, Mapping):
        raise ConfigError("the key `tables` is missing.", Place(file.name), "It lists the tables.")
    tables = {}
    for name, table in described.items():
        if isinstance(table, Mapping):
            tables[str(name)] = _table(file, str(name), table, problems, lang)
        else:
            problems.append(_problem(file, ("tables", str(name)), f'"{name}" has no fields.'))
    _check_references(file, tables, problems)
    raise_all(problems)
    return Schema(
        file.name,
        path.parent,
        tables,
        as_text(file.data.get("title")),
        as_text(file.data.get("description")),
    )


def _table(
    file: YamlFile, name: str, data: Mapping[str, Plain], problems: list[Problem], lang: str
) -> Table:
    here = ("tables", name)
    _check_keys(file, here, data, TABLE_KEYS, problems)
    fields = []
    missing = _missing(file, here, data.get("missingValues"), NO_VALUE, problems)
    for item in _mappings(file, (*here, "fields"), data.get("fields"), problems):
        field = _field(file, here, item, missing, problems, lang)
        if field is not None:
            fields.append(field)
    names = [field.name for field in fields]
    for column in sorted({column for column in names if names.count(column) > 1}):
        problems.append(_problem(file, here, f'the column "{column}" is described twice.'))
    keys = tuple(str(key) for key in items_of(data.get("primaryKey")))
    for key in keys:
        if key not in names:
            message = f'primaryKey names no column: "{key}".'
            problems.append(_problem(file, (*here, "primaryKey"), message, nearest(key, names)))
    return Table(
        name=name,
        path=str(data.get("path", f"{name}.csv")),
        fields=tuple(fields),
        title=str(data.get("title", "")),
        description=str(data.get("description", "")),
        source=str(data.get("source", "")),
        primary_key=keys,
        foreign_keys=_foreign_keys(file, here, data.get("foreignKeys"), problems),
        stated=Place(file.name, line=file.line((*here, "path"))) if data.get("path") else None,
    )


def _field(
    file: YamlFile,
    table: tuple[str, ...],
    data: Mapping[str, Plain],
    missing: Mapping[str, str],
    problems: list[Problem],
    lang: str,
) -> Field | None:
    here = (*table, "fields")
    name = str(data.get("name", ""))
    if not name:
        problems.append(_problem(file, here, "a field has no name."))
        return None
    _check_keys(file, here, data, FIELD_KEYS, problems, of=f'the field "{name}"', item=name)
    kind, item_type, role = _kinds(file, here, name, data, problems)
    constraints = data.get("constraints") or {}
    if not isinstance(constraints, Mapping):
        problems.append(
            _problem(file, here, f'the constraints of "{name}" are not keys and values.')
        )
        constraints = {}
    _check_keys(
        file, here, constraints, CONSTRAINTS, problems, of=f'constraints of "{name}"', item=name
    )
    enum = _enum(file, here, name, constraints.get("enum"), problems)
    return Field(
        name=name,
        type=kind,
        item_type=item_type,
        title=str(data.get("title", "")),
        description=str(data.get("description", "")),
        unit=str(data.get("unit", "")),
        delimiter=str(data.get("delimiter", ";")).strip() or ";",
        missing=_missing(file, here, data.get("missingValues"), missing, problems),
        required=bool(constraints.get("required", False)),
        unique=bool(constraints.get("unique", False)),
        enum=enum,
        terms=_terms(file, here, name, data.get("terms"), enum, problems, lang),
        minimum=_number(constraints.get("minimum")),
        maximum=_number(constraints.get("maximum")),
        pattern=_pattern(file, here, name, constraints.get("pattern"), problems),
        min_length=_whole(constraints.get("minLength")),
        max_length=_whole(constraints.get("maxLength")),
        role=role,
        evidence=str(data.get("evidence", "")),
        line=file.line(here, name),
    )


def _kinds(
    file: YamlFile,
    here: tuple[str, ...],
    name: str,
    data: Mapping[str, Plain],
    problems: list[Problem],
) -> tuple[str, str, str]:
    """Return a field's type, the type of its items, and its role."""
    kind, item_type = str(data.get("type", "string")), str(data.get("itemType", "string"))
    for value, valid in ((kind, TYPES), (item_type, ("string", "integer"))):
        if value not in valid:
            message = f'the field "{name}" cannot be of type "{value}".'
            problems.append(_problem(file, here, message, nearest(value, valid), name))
    role = str(data.get("role", _ROLE_BY_NAME.get(name, "")))
    if role and role not in ROLES:
        message = f'the field "{name}" cannot have the role "{role}".'
        problems.append(_problem(file, here, message, nearest(role, ROLES), name))
    return kind, item_type, role


def _missing(
    file: YamlFile,
    here: tuple[str, ...],
    value: Plain,
    inherited: Mapping[str, str],
    problems: list[Problem],
) -> Mapping[str, str]:
    """Read missingValues: words, or words with the label that says what each means."""
    if value is None:
        return inherited
    found = {"": inherited.get("", "")}
    for item in items_of(value):
        if isinstance(item, Mapping):
            _check_keys(file, here, item, ("value", "label"), problems, of="a missing value")
        if isinstance(item, Mapping) and "value" in item:
            found[str(item["value"])] = str(item.get("label", ""))
        elif isinstance(item, Mapping):
            problems.append(_problem(file, here, "a missing value needs `value` and `label`."))
        else:
            found[str(item)] = inherited.get(str(item), "")
    return found


def _enum(
    file: YamlFile, here: tuple[str, ...], name: str, value: Plain, problems: list[Problem]
) -> tuple[str, ...]:
    terms = tuple(_term(term) for term in items_of(value))
    for term in sorted({term for term in terms if terms.count(term) > 1}):
        message = f'the vocabulary of "{name}" has "{term}" twice.'
        problems.append(_problem(file, here, message, item=name))
    return terms


def _terms(
    file: YamlFile,
    here: tuple[str, ...],
    name: str,
    value: Plain,
    enum: tuple[str, ...],
    problems: list[Problem],
    lang: str,
) -> Mapping[str, str]:
    """Read `terms`: by language, what readers see for each term of the vocabulary."""
    languages = as_mapping(value)
    for names in languages.values():
        for term in sorted({_term(term) for term in as_mapping(names)} - set(enum)):
            message = f'the vocabulary of "{name}" has no term "{term}" that could have a name.'
            problems.append(_problem(file, here, message, nearest(term, enum), name))
    tag = tag_for(languages, lang)
    found = as_mapping(languages[tag]) if tag else {}
    return {_term(term): as_text(text) for term, text in found.items()}


def _term(value: Plain) -> str:
    # YAML reads a bare Yes or No as a truth value; a vocabulary means the word.
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def _pattern(
    file: YamlFile, here: tuple[str, ...], name: str, value: Plain, problems: list[Problem]
) -> Pattern | None:
    if value is None:
        return None
    pattern = read_pattern(str(value))
    if isinstance(pattern, str):
        message = f'the pattern of "{name}" is not a regular expression: {pattern}.'
        problems.append(_problem(file, here, message, item=name))
        return None
    return pattern


def _number(value: Plain) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: Plain) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _foreign_keys(
    file: YamlFile, table: tuple[str, ...], value: Plain, problems: list[Problem]
) -> tuple[ForeignKey, ...]:
    here = (*table, "foreignKeys")
    found = []
    for item in _mappings(file, here, value, problems):
        reference = item.get("reference")
        _check_keys(file, here, item, ("fields", "reference"), problems, of="a foreign key")
        if not isinstance(reference, Mapping) or not item.get("fields"):
            message = "a foreign key needs `fields` and `reference: {resource, fields}`."
            problems.append(_problem(file, here, message))
            continue
        valid = ("resource", "fields")
        _check_keys(file, (*here, "reference"), reference, valid, problems, of="a reference")
        column = str(items_of(item["fields"])[0])
        target = str(items_of(reference.get("fields") or "key")[0])
        resource = str(reference.get("resource") or table[-1])
        if resource.endswith(".bib"):
            resource = "bibliography"
        found.append(ForeignKey(column, resource, target))
    return tuple(found)


def _check_references(file: YamlFile, tables: Mapping[str, Table], problems: list[Problem]) -> None:
    for table in tables.values():
        here = ("tables", table.name, "foreignKeys")
        for key in table.foreign_keys:
            if key.field not in table.columns:
                message = f'a foreign key names no column: "{key.field}".'
                problems.append(_problem(file, here, message, nearest(key.field, table.columns)))
            if key.resource in BUILT_IN:
                continue
            target = tables.get(key.resource)
            if target is None:
                message = f'a foreign key refers to no table: "{key.resource}".'
                hint = nearest(key.resource, (*tables, *BUILT_IN))
                problems.append(_problem(file, here, message, hint))
            elif key.target not in target.columns:
                message = f'"{key.resource}" has no column "{key.target}".'
                problems.append(_problem(file, here, message, nearest(key.target, target.columns)))


def _mappings(
    file: YamlFile, here: tuple[str, ...], value: Plain, problems: list[Problem]
) -> Iterable[Mapping[str, Plain]]:
    for item in items_of(value):
        if isinstance(item, Mapping):
            yield item
        else:
            problems.append(_problem(file, here, f'"{item}" is not a list of keys and values.'))


def _check_keys(
    file: YamlFile,
    here: tuple[str, ...],
    data: Mapping[str, Plain],
    valid: tuple[str, ...],
    problems: list[Problem],
    *,
    of: str = "",
    item: str | None = None,
) -> None:
    for key in data:
        if str(key) not in valid:
            message = f'unknown key "{key}"' + (f" in {of}." if of else ".")
            path = here if item is not None else (*here, str(key))
            problems.append(_problem(file, path, message, nearest(str(key), valid), item))


def _problem(
    file: YamlFile,
    path: tuple[str, ...],
    message: str,
    hint: str = "",
    item: str | None = None,
) -> Problem:
    line = file.line(path, item) or file.line(path)
    return Problem("schema", message, Place(file.name, line=line), hint)
