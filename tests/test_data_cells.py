"""A cell of a table as a question names it: by its key, however many columns, or by its number."""

from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.data_cells import DataCell, find_cell
from reviewpress.errors import DataError

SCHEMA = """
  scores:
    path: scores.csv
    primaryKey: [code, item]
    fields:
      - {name: code, type: integer}
      - {name: item}
      - {name: answer}
      - {name: rating, type: integer}
      - {name: terms, type: list}
  themes:
    path: themes.csv
    fields:
      - {name: theme}
      - {name: note}
"""
SCORES = """code,item,answer,rating,terms
1,1.1,Yes,0,a;b
1,1.2,No,,
2,1.1,"Yes, mostly",7,
"""
THEMES = "theme,note\nAccess,first\nCost: to families,second\nAccess,third\n"
FLOW = "data,node,n\nNA,node1,\nfound,node2,10\nNA,node3,\n"


@pytest.fixture
def root(project: Any) -> Path:
    """A review with tables of one, two and no key, and one that no schema describes."""
    folder: Path = project()
    schema = folder / "data/schema.yml"
    schema.write_text(schema.read_text(encoding="utf-8").rstrip() + SCHEMA, encoding="utf-8")
    for name, text in (("scores", SCORES), ("themes", THEMES), ("flow", FLOW)):
        (folder / f"data/{name}.csv").write_text(text, encoding="utf-8")
    return folder


def ask(root: Path, question: str) -> DataCell:
    """Return the cell of a question that names one."""
    cell = find_cell(load_config(root), question)
    assert cell is not None
    return cell


@pytest.mark.parametrize(
    ("question", "name", "text", "number"),
    [
        ("data/papers.csv:2:regions", "data/papers.csv:2:regions", "Scotland; Europe", 3),
        ("papers:2:regions", "data/papers.csv:2:regions", "Scotland; Europe", 3),
        ("data/scores.csv:1:1.2:answer", "data/scores.csv:1:1.2:answer", "No", 3),
        ("data/scores.csv:2:answer", "data/scores.csv:2:1.1:answer", "Yes, mostly", 4),
        ("data/scores.csv:row 2:terms", "data/scores.csv:1:1.1:terms", "a; b", 2),
        ("data/scores.csv:1:1.1:rating", "data/scores.csv:1:1.1:rating", "0", 2),
        ("data/scores.csv:1:1.2:rating", "data/scores.csv:1:1.2:rating", "", 3),
        ("data/themes.csv:Cost: to families:note", "data/themes.csv:Cost: to families:note",
         "second", 3),
        ("data/themes.csv:row 4:note", "data/themes.csv:row 4:note", "third", 4),
        ("data/flow.csv:found:n", "data/flow.csv:found:n", "10", 3),
        ("data/flow.csv:row 4:node", "data/flow.csv:row 4:node", "node3", 4),
    ],
)  # fmt: skip
def test_a_cell_is_found_by_its_key_or_its_number(
    question: str, name: str, text: str, number: int, root: Path
) -> None:
    """Its name is one that finds it again; a zero is a number, only an empty cell is empty."""
    if "papers" in question:
        table = root / "data/papers.csv"
        lines = table.read_text(encoding="utf-8").splitlines()
        at = lines[0].split(",").index("regions")
        cells = lines[2].split(",")
        cells[at] = "Scotland; Europe"
        table.write_text("\n".join([*lines[:2], ",".join(cells)]) + "\n", encoding="utf-8")
    found = ask(root, question)
    assert (found.name, found.text, found.number) == (name, text, number)
    assert ask(root, found.name) == found


@pytest.mark.parametrize(
    ("question", "said", "hint"),
    [
        ("data/scores.csv:1:answer", '"1" is the code of 2 rows of data/scores.csv.',
         "data/scores.csv:1:1.1:answer or data/scores.csv:1:1.2:answer"),
        ("data/themes.csv:Access:note", '"Access" is the theme of 2 rows of data/themes.csv.',
         "data/themes.csv:row 2:note or data/themes.csv:row 4:note"),
        ("data/flow.csv:NA:n", '"NA" is the data of 2 rows of data/flow.csv.',
         "data/flow.csv:row 2:n or data/flow.csv:row 4:n"),
        ("data/scores.csv:1:1.3:answer", 'data/scores.csv has no row "1:1.3".', "1:1.2"),
        ("data/scores.csv:row 5:answer", 'data/scores.csv has no row "row 5".', ""),
        ("data/flow.csv:found:m", 'data/flow.csv has no column "m".', "n"),
        ("data/schema.yml:1:x", "data/schema.yml is not a table.", "data/schema.yml"),
    ],
)  # fmt: skip
def test_what_names_no_row_or_several_is_refused(
    question: str, said: str, hint: str, root: Path
) -> None:
    """Never the first of several rows: the message says how to ask for each."""
    with pytest.raises(DataError) as caught:
        ask(root, question)
    assert caught.value.message == said
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["\n\na,b\n1,2\n", "", "\n"])
def test_a_table_without_a_header_is_refused(text: str, root: Path) -> None:
    """A table that the schema does not describe may begin with an empty line."""
    (root / "data/odd.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"has no header|is empty"):
        ask(root, "data/odd.csv:1:a")
