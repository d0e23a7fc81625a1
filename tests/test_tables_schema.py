"""The description of the tables: read strictly, told with line and nearest name."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.errors import ConfigError, Problems, ReportError
from reviewpress.tables.schema import Schema, read_schema
from reviewpress.yaml import dump_yaml

GOOD = """\
title: Data
tables:
  papers:
    primaryKey: code
    missingValues: [{value: "", label: not recorded}]
    foreignKeys:
      - {fields: citekey, reference: {resource: bib/references.bib, fields: key}}
    fields:
      - name: code
        type: integer
        constraints: {required: true, unique: true, minimum: 1}
      - {name: citekey, constraints: {required: true, pattern: "[a-z]+"}}
      - name: regions
        type: list
        delimiter: "; "
        evidence: Regions
        missingValues: ["", {value: N/A, label: not applicable}]
        constraints: {enum: [Scotland, Oceania]}
      - {name: answer, constraints: {enum: [Yes, No, Can't tell]}}
  findings:
    path: ledger.csv
    primaryKey: [id, part]
    foreignKeys:
      - {fields: codes, reference: {resource: papers, fields: code}}
    fields:
      - {name: id}
      - {name: part}
      - {name: codes, type: list, itemType: integer}
"""


def read(text: str, folder: Path) -> Schema:
    path = folder / "data" / "schema.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_schema(path, folder)


def problems_of(text: str, folder: Path) -> list[str]:
    with pytest.raises(Problems) as raised:
        read(text, folder)
    return [str(problem) for problem in raised.value.problems]


def test_a_schema_is_read_into_tables_and_fields(tmp_path: Path) -> None:
    """Types, keys, vocabularies and meanings of empty cells are as the file says."""
    schema = read(GOOD, tmp_path)
    papers = schema.table("papers")
    assert papers.path == "papers.csv"
    assert papers.columns == ("code", "citekey", "regions", "answer")
    assert papers.foreign_keys[0].resource == "bibliography"
    assert papers.field("code").minimum == 1
    regions = papers.field("regions")
    assert (regions.enum, regions.delimiter, regions.role) == (
        ("Scotland", "Oceania"),
        ";",
        "regions",
    )
    assert regions.missing == {"": "not recorded", "N/A": "not applicable"}
    assert papers.field("code").missing == {"": "not recorded"}
    assert schema.table("findings").primary_key == ("id", "part")
    assert schema.table("findings").path == "ledger.csv"


def test_yes_and_no_are_words_of_a_vocabulary(tmp_path: Path) -> None:
    """YAML takes a bare Yes for a truth value; the vocabulary means the word."""
    assert read(GOOD, tmp_path).table("papers").field("answer").enum == ("Yes", "No", "Can't tell")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("type: integer", "type: interger", 'cannot be of type "interger". Did you mean "integer"'),
        ("    primaryKey: code", "    primaryKy: code", 'unknown key "primaryKy"'),
        ("primaryKey: code", "primaryKey: codes", 'names no column: "codes". Did you mean "code"?'),
        ("minimum: 1", "minimun: 1", 'unknown key "minimun" in constraints of "code".'),
        ('"[a-z]+"', '"[a-z"', 'the pattern of "citekey" is not a regular expression'),
        ("resource: papers", "resorce: papers", 'unknown key "resorce" in a reference. Did you'),
        ("resource: papers", "resource: paper", 'refers to no table: "paper". Did you mean'),
        ("fields: code}", "fields: cod}", '"papers" has no column "cod". Did you mean "code"?'),
        ("[Scotland, Oceania]", "[Oceania, Oceania]", 'has "Oceania" twice'),
        ("{name: part}", "{title: part}", "a field has no name."),
        ("{name: part}", "{name: id}", 'the column "id" is described twice.'),
        ("evidence: Regions", "evidenc: Regions", 'unknown key "evidenc" in the field "regions".'),
        ("delimiter:", "role: region\n        delimiter:", 'cannot have the role "region".'),
    ],
)
def test_a_slip_in_the_schema_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Unknown keys, types and names come with the line and the nearest valid one."""
    assert old in GOOD
    found = problems_of(GOOD.replace(old, new, 1), tmp_path)
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("data/schema.yml, line ") for problem in found), found


def test_a_schema_without_tables_is_told(tmp_path: Path) -> None:
    """The key that lists the tables is needed."""
    with pytest.raises(ConfigError, match="the key `tables` is missing"):
        read("title: x\n", tmp_path)


def test_an_unknown_table_is_told_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt table name gets the nearest one."""
    with pytest.raises(ConfigError, match='Did you mean "papers"'):
        read(GOOD, tmp_path).table("paper")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tables", "papers", "fields", "name", "type", "constraints", "enum", "primaryKey"]
            )
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["tables", "title"]), values))
def test_any_yaml_is_a_schema_or_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, object]
) -> None:
    """Whatever the file holds, only errors of our tree come out."""
    folder = tmp_path_factory.mktemp("schema")
    try:
        read(dump_yaml(data), folder)
    except (ReportError, UnicodeEncodeError):
        return
