"""The table of a matrix: one row an edition.

area,title,note          `area` is a parameter that chapters declare,
Fife,Services in Fife,   `title` a word of the edition itself; what is neither has to be used
...                      in a pattern, as in `matrix: {title: "Services in {area} ({note})"}`
"""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.config import PROJECT_FILE, Collection, Config, load_config
from reviewpress.config.publication import Publication
from reviewpress.errors import ConfigError, Place, Problem, ReportError, nearest, raise_all
from reviewpress.identifiers import address_name
from reviewpress.keys import MATRIX_KEY
from reviewpress.notebooks.execute import EDITION
from reviewpress.notebooks.source import Parameter, declared_parameters
from reviewpress.shapes import Plain, as_mapping
from reviewpress.tables.reader import (
    TableRows,
    decode_table,
    find_separator,
    parse_table,
    read_bytes,
    split_rows,
)
from reviewpress.tables.reads import relative_name
from reviewpress.tables.schema import Field, Table

FOLDER = "folder"
IN_BOOK = ("title", "subtitle", "description", "date")
IN_SETTINGS = ("url", "doi", "version")
WORDS = (*IN_BOOK, *IN_SETTINGS)
"""What a column, or a pattern, can say of an edition itself."""
PATTERNS = (FOLDER, *WORDS)
_NAMED = re.compile(r"\{([^{}]+)\}")
_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """An edition of a matrix: the number of its row in the table, and what it is made from."""

    number: int
    name: str
    folder: str
    parameters: Mapping[str, Plain]
    config: Config


@dataclass(frozen=True, slots=True)
class Matrix:
    """The editions of a table, in its order; `folder` is where their folders and the index are."""

    base: Config
    file: str
    folder: Path
    rows: tuple[MatrixRow, ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name


def read_matrix(config: Config, file: Path | None = None) -> Matrix:
    """Read the table of a matrix; without `file`, the one that `reviewpress: matrix:` names.

    Raises ConfigError or Problems for a column that nothing takes, a value that a parameter does
    not take, and two rows with one folder.
    """
    options = matrix_options(config)
    if file is None and "rows" not in options:
        hint = "Name it: `reviewpress render --matrix data/areas.csv`, or under `reviewpress:`."
        raise ConfigError("no table of a matrix is named.", Place(PROJECT_FILE), hint)
    path = file.resolve() if file is not None else config.root / str(options["rows"])
    table = _read(path, config.root)
    columns = tuple(table.columns)
    problems: list[Problem] = [*_wrong_patterns(options, columns)]
    declared = _declared(config)
    taken = {*declared, *PATTERNS, *_used(options)}
    for column in columns:
        if column not in taken:
            message = f'no chapter declares a parameter "{column}", and no pattern uses it.'
            hint = nearest(column, [*declared, *PATTERNS])
            if len(columns) == 1 and find_separator(column) != ",":
                hint = "Separate the cells of a row by commas."
            problems.append(Problem("table", message, Place(table.name, column=column), hint))
    if not problems and not {*columns} & {*declared}:
        message = "no column is a parameter that a chapter declares: all editions would be alike."
        problems.append(Problem("table", message, Place(table.name), _how_to_declare(declared)))
    raise_all(problems)
    folder = config.output_dir.with_name(f"{config.output_dir.name}-{address_name(path.stem)}")
    rows = tuple(_rows(config, table, options, declared, folder, problems))
    problems += _not_apart(rows, table)
    raise_all(problems)
    return Matrix(config, table.name, folder, rows)


def matrix_options(config: Config) -> dict[str, str]:
    """Return what `reviewpress: matrix:` says: the table, and a pattern for each word."""
    said = config.settings.other.get(MATRIX_KEY) or {}
    if isinstance(said, str):
        return {"rows": said}
    return {str(key): str(value) for key, value in as_mapping(said).items()}


def _read(path: Path, root: Path) -> TableRows:
    """Read a table of texts, whatever its columns are."""
    name = relative_name(path, root)
    content = read_bytes(path, name)
    problems: list[Problem] = []
    lines = split_rows(decode_table(content, name), name, problems)
    raise_all(problems)
    header = lines[0][1] if lines else []
    fields = tuple(Field(column) for column in dict.fromkeys(header) if column.strip())
    read = parse_table(content, Table(path.stem, name, fields), name)
    if not len(read):
        raise ConfigError("the table has no rows, and so no editions.", Place(name))
    return read


def _declared(config: Config) -> dict[str, Parameter]:
    """Return the parameters that the edition's notebooks declare, each with a value it has."""
    declared: dict[str, Parameter] = {}
    for chapter in config.chapters:
        if chapter.is_notebook:
            declared |= declared_parameters(config.root / chapter.path, config.root)
    declared.pop(EDITION, None)
    return declared


def _how_to_declare(declared: Mapping[str, Parameter]) -> str:
    if declared:
        return f"Declared are {', '.join(sorted(declared))}."
    return "A parameter is a name that a chapter's cell tagged `parameters` assigns."


def _used(options: Mapping[str, str]) -> set[str]:
    """Return the columns that patterns use."""
    return {name for key in PATTERNS for name in _NAMED.findall(options.get(key, ""))}


def _wrong_patterns(options: Mapping[str, str], columns: Sequence[str]) -> Iterator[Problem]:
    for key in PATTERNS:
        for name in _NAMED.findall(options.get(key, "")):
            if name not in columns:
                message = f'the pattern `{key}` of the matrix uses "{name}", which is not a column.'
                yield Problem("config", message, Place(PROJECT_FILE), nearest(name, columns))


def _rows(
    config: Config,
    table: TableRows,
    options: Mapping[str, str],
    declared: Mapping[str, Parameter],
    folder: Path,
    problems: list[Problem],
) -> Iterator[MatrixRow]:
    for index, record in enumerate(table.records()):
        cells = {column: record.text(column) for column in record}
        given = _parameters(cells, declared, table, index, problems)
        words = _words(cells, options)
        first = next(cells[name] for name in cells if name in declared)
        name = words.get(FOLDER) or cells.get("name") or first
        place = address_name(name)[:_LONGEST_NAME]
        if not place:
            message = f'"{name}" cannot name a folder.'
            hint = "Give the edition one in a column `folder`."
            problems.append(Problem("table", message, table.where(index), hint))
            continue
        words.setdefault("title", f"{config.title}: {first}")
        try:
            made = _config(config, words, folder / place)
        except ReportError:
            wrong = [*_wrong_words(config, words, cells, table, index)]
            if not wrong:
                raise
            problems += wrong
            continue
        yield MatrixRow(table.numbers[index], name, place, given, made)


def _words(cells: Mapping[str, str], options: Mapping[str, str]) -> dict[str, str]:
    """Return what a row says of its edition, by patterns and by columns of these names."""
    by_pattern = {
        key: _NAMED.sub(lambda found: cells[found[1]], options[key])
        for key in PATTERNS
        if key in options
    }
    return by_pattern | {key: cells[key] for key in PATTERNS if cells.get(key)}


def _parameters(
    cells: Mapping[str, str],
    declared: Mapping[str, Parameter],
    table: TableRows,
    index: int,
    problems: list[Problem],
) -> dict[str, Plain]:
    given: dict[str, Plain] = {}
    for name in sorted(cells.keys() & declared.keys()):
        try:
            given[name] = _value(cells[name], declared[name])
        except ValueError as error:
            message = f'{name} takes {error}, not "{cells[name]}".'
            problems.append(Problem("table", message, table.where(index, name)))
    return given


def _config(base: Config, words: Mapping[str, str], folder: Path) -> Config:
    """Return the configuration of an edition: the base's, with words of its own."""
    over = {
        "book": {key: words[key] for key in IN_BOOK if key in words},
        "reviewpress": {key: words[key] for key in IN_SETTINGS if key in words},
    }
    edition = load_config(base.root, base.own_profile, over=over)
    collection = Collection(base.title, "../index.html")
    return replace(
        edition, formats=base.formats, output_dir=folder, collection=collection,
        publication=without_names(edition.publication, words),
    )  # fmt: skip


def without_names(publication: Publication, but: Container[str] = ()) -> Publication:
    """Return what is said of the review's publication without what names one document alone."""
    return replace(
        publication,
        url=publication.url if "url" in but else "",
        doi=publication.doi if "doi" in but else "",
        isbn="",
    )


def _wrong_words(
    base: Config, words: Mapping[str, str], cells: Mapping[str, str], table: TableRows, index: int
) -> Iterator[Problem]:
    """Yield which words of a row no edition can have, each at its cell, or at the row."""
    for key, word in words.items():
        try:
            _config(base, {key: word}, base.output_dir)
        except ReportError as error:
            where = table.where(index, key if cells.get(key) else None)
            for problem in error.problems:
                yield Problem("table", problem.message, where, problem.hint)


def _value(text: str, default: Parameter) -> Plain:
    """Return a cell as its parameter takes it; ValueError says what that is."""
    if isinstance(default, bool):
        if text.casefold() not in _TRUTHS:
            raise ValueError("true or false")
        return _TRUTHS[text.casefold()]
    if isinstance(default, int | float):
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            raise ValueError("a number") from None
    if isinstance(default, list | tuple):
        return [item.strip() for item in text.split(";") if item.strip()]
    return text


def _not_apart(rows: Sequence[MatrixRow], table: TableRows) -> Iterator[Problem]:
    """Yield what a row has in common with an earlier one and may not."""
    taken: dict[tuple[str, str], int] = {}
    for row in rows:
        config = row.config
        named = (
            (FOLDER, "folder", row.folder),
            ("title", "title", config.title),
            ("url", "address", config.publication.url),
            ("doi", "DOI", config.publication.doi),
        )
        for key, word, value in named:
            other = taken.setdefault((key, value), row.number)
            if value and other != row.number:
                message = f'the {word} "{value}" is that of row {other} too.'
                hint = f"Give each edition its own in a column `{key}`."
                yield Problem("table", message, Place(table.name, row=row.number), hint)
                # Two rows that are alike in all are wrong once.
                break
