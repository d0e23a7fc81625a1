"""The table of a matrix: what a row says of its edition, and what no row may say."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.errors import ReportError
from reviewpress.matrix import read_matrix

Make = Callable[..., Path]
DECLARES = """{"cells": [{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]},
"execution_count": null, "outputs": [],
"source": "area = ''\\nhomes = 1\\nopen = True\\nyears = []"}],
"metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
"nbformat": 4, "nbformat_minor": 5}"""


def matrix_of(project: Make, table: str, said: str = "") -> Any:
    """Read a table of the minimal review, one of whose chapters declares four parameters."""
    profile = "book:\n  chapters: [index.qmd, chapters/homes.ipynb]\nformat: html\n"
    if said:
        profile += f"reviewpress:\n  matrix:\n    rows: data/areas.csv\n    {said}\n"
    files = {"_quarto-report.yml": profile, "chapters/homes.ipynb": DECLARES}
    root = project(files={**files, "data/areas.csv": table})
    return read_matrix(load_config(root), root / "data/areas.csv")


def test_a_row_is_an_edition_with_its_own_folder_title_and_address(project: Make) -> None:
    """Patterns say what is alike in all rows, and a cell in a column of that name goes before."""
    table = "area,code,url\nÀrd & Bute,S1,\nFife,S2,https://fife.example.org\n"
    said = 'title: "Homes in {area}"\n    url: "https://example.org/{code}"'
    first, second = matrix_of(project, table, said).rows
    assert (first.folder, first.name) == ("ard-bute", "Àrd & Bute")
    assert first.config.output_dir.parts[-2:] == ("report-areas", "ard-bute")
    assert first.config.title == "Homes in Àrd & Bute"
    assert first.config.settings.other["url"] == "https://example.org/S1"
    assert second.config.settings.other["url"] == "https://fife.example.org"
    assert (first.number, second.number) == (2, 3)


def test_a_title_that_nobody_gave_names_the_row(project: Make) -> None:
    """No two editions have the same title."""
    titles = [row.config.title for row in matrix_of(project, "area\nFife\nAngus\n").rows]
    assert titles == ["A minimal review: Fife", "A minimal review: Angus"]


def test_cells_are_what_their_parameters_take(project: Make) -> None:
    """A number, a truth and a list are such by what the chapter declares, a text is any text."""
    table = "area,homes,open,years\n007,12,no,2019; 2020\nNo,1.5,Yes,\n"
    first, second = matrix_of(project, table).rows
    assert first.parameters == {
        "area": "007", "homes": 12, "open": False, "years": ["2019", "2020"],
    }  # fmt: skip
    assert second.parameters == {"area": "No", "homes": 1.5, "open": True, "years": []}


@pytest.mark.parametrize(
    ("table", "said", "words"),
    [
        ("aera\nFife\n", "", 'column aera: no chapter declares a parameter "aera"'),
        ("title\nFife\n", "", "no column is a parameter that a chapter declares"),
        ("area\n", "", "the table has no rows"),
        ("", "", "the table is empty"),
        ("area,homes\nFife,many\n", "", 'row 2, column homes: homes takes a number, not "many"'),
        ("area,open\nFife,perhaps\n", "", 'takes true or false, not "perhaps"'),
        ("area\nFife\nfife\n", "", 'row 3: the folder "fife" is that of row 2 too'),
        ("area\n—\n", "", 'row 2: "—" cannot name a folder'),
        ("area\nFife\n", 'title: "In {aera}"', 'uses "aera", which is not a column'),
        ("area,area\nFife,Fife\n", "", "is given twice in the header"),
        ("area,homes\nFife\n", "", "the row has 1 cells, the header 2"),
        ("area;homes\nFife;1\n", "", "Separate the cells of a row by commas"),
        ("area,date\nFife,soon\n", "", 'areas.csv, row 2, column date: the date "soon"'),
        ("area,url\nFife,\nAngus,no page\n", "", 'areas.csv, row 3, column url: "no page"'),
        ("area,doi\nFife,none\n", "", 'areas.csv, row 2, column doi: "none" is not a DOI'),
        ("area\nFife\n", 'date: "{area}"', 'areas.csv, row 2: the date "Fife"'),
        ("area\nFife\nAngus\n", "title: Homes", 'row 3: the title "Homes" is that of row 2'),
        (
            "area\nFife\nAngus\n",
            'url: "https://a.example.org/"',
            'row 3: the address "https://a.example.org/" is that of row 2',
        ),
    ],
)
def test_what_no_edition_can_be_made_of_has_a_message_with_its_place(
    project: Make, table: str, said: str, words: str
) -> None:
    """Nothing is made of a table with a mistake in it."""
    with pytest.raises(ReportError) as raised:
        matrix_of(project, table, said)
    assert words in "\n".join(map(str, raised.value.problems))


def test_what_names_one_document_is_not_that_of_every_row(project: Make) -> None:
    """The review's own address, DOI and ISBN are of its official edition."""
    own = 'url: "https://example.org/"\n  doi: 10.5334/ijic.9145\n  isbn: 978-0-306-40615-7'
    table = "area,doi\nFife,\nAngus,10.5334/ijic.1\n"
    first, second = matrix_of(project, table, f"title: A {{area}}\n  {own}").rows
    assert first.config.publication.version == second.config.publication.version
    given = [(row.config.publication.url, row.config.publication.doi) for row in (first, second)]
    assert given == [("", ""), ("", "10.5334/ijic.1")]
    assert first.config.publication.isbn == ""


def test_a_table_that_is_not_there_is_said_with_its_line(project: Make) -> None:
    """By `check` already: whoever reads the configuration is told."""
    root = project()
    with (root / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write("  matrix: data/areas.csv\n")
    with pytest.raises(ReportError) as raised:
        load_config(root)
    assert "_quarto.yml, line 18: the table of the matrix, data/areas.csv" in str(raised.value)
