"""Names of people: several in one field are several, one is one."""

from collections.abc import Callable

import pytest

from reviewpress.bibliography import Name
from reviewpress.imports.people import read_names, read_people, tidy_names
from reviewpress.imports.readers import parse_records


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Wang, L. AND Li, J.", "Wang, L. and Li, J."),
        ("Wang, L. And Li, J. AND Oak, O.", "Wang, L. and Li, J. and Oak, O."),
        ("Wang, L. and et al.", "Wang, L. and others"),
        ("Wang, L. and et al", "Wang, L. and others"),
        ("Wang, L. and Li, J. et alii", "Wang, L. and Li, J. and others"),
        ("A. One, B. Two", "One, A. and Two, B."),
        ("A. One, B. Two, and C. D. Three", "One, A. and Two, B. and C. D. Three"),
        ("One, A.; Two, B.; Three, C.", "One, A. and Two, B. and Three, C."),
        ("One, A.; Two, B. and Three, C.", "One, A. and Two, B. and Three, C."),
        ("Ann One, Bo Two, Cy Three", "One, Ann and Two, Bo and Three, Cy"),
        ("One A, Two B, Three C", "One, A and Two, B and Three, C"),
        ("One, Ann, Two, Bo", "One, Ann and Two, Bo"),
        ("One, A. & Two, B.", "One, A. and Two, B."),
        ("Doe, A., and Poe, B.,", "Doe, A. and Poe, B."),
        ("Lorca Pino, Ana Eva", "Lorca Pino, Ana Eva"),
        ("Alder, Karl, MD, PhD", "Alder, Karl, MD, PhD"),
        ("Smith, Jr., John", "Smith, Jr., John"),
        ("van Dijk, Chris and de Wit, N", "van Dijk, Chris and de Wit, N"),
        ("{Health; Care} and {A. One, B. Two}", "{Health; Care} and {A. One, B. Two}"),
        ("Made-up University, Department of Trees, Wood", None),
        (r"Procter \& Gamble", None),
    ],
)
def test_persons_in_one_name_of_bibtex_are_persons(value: str, names: str | None) -> None:
    """Capital AND, commas and semicolons part persons; bodies, suffixes and braces stay."""
    assert tidy_names(value) == (names or value)


@pytest.mark.parametrize("author", ["A. One, B. Two, C. Three", "One, A.; Two, B. AND Three, C."])
def test_a_list_that_bibtex_cannot_read_is_persons_in_the_entry(author: str) -> None:
    """It is taken apart before what is no name is braced."""
    text = f"@article{{a, title = {{A title}}, author = {{{author}}}}}"
    (record,) = parse_records(text.encode(), "a.bib").records
    assert [name.family for name in record.entry.authors] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    ("cell", "families"),
    [
        ("Liu R., Adler D.G.", ["Liu", "Adler"]),
        ("Long V, Marland H.", ["Long", "Marland"]),
        ("Wang and Li", ["Wang", "Li"]),
        ("Ann One, Bo Two, Cy Three", ["One", "Two", "Three"]),
        ("Ann One, Bo Two, Cy Three, Di Four", ["One", "Two", "Three", "Four"]),
        ("Alder, Karl, Beech, Rosa", ["Alder", "Beech"]),
        ("van Alder, Karl Otto, de Beech, Rosa Ann", ["van Alder", "de Beech"]),
        ("One, Ann; Two, Bo", ["One", "Two"]),
        ("One, Ann; Two, Bo et al.", ["One", "Two", "others"]),
        ("A. One AND B. Two", ["One", "Two"]),
    ],
)
def test_persons_in_one_cell_are_persons(cell: str, families: list[str]) -> None:
    """Each database writes lists in a way of its own."""
    assert [name.family for name in read_names(cell)] == families


@pytest.mark.parametrize(
    "row",
    [
        "\"['Alder, Karl', 'Beech, Rosa']\"",
        '"[""Alder, Karl"", ""Beech, Rosa""]"',
        '"Alder, Karl; Beech, Rosa"',
    ],
)
def test_a_list_in_a_cell_is_a_list(row: str) -> None:
    """Python and JSON write brackets and quotes."""
    (record,) = parse_records(f"title,authors,year\nA title,{row},2020\n".encode(), "a.csv").records
    assert [str(name) for name in record.entry.authors] == ["Karl Alder", "Rosa Beech"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Authors,Author Full Names", '"Alder, K; Beech, R","Alder, Karl; Beech, Rosa"'),
        ("Authors,Author full names",
         '"Alder K.; Beech R.","Alder, Karl (57200000001); Beech, Rosa (57200000002)"'),
        ("Author Full Names,Authors", '"Alder, Karl; Beech, Rosa","Alder, K; Beech, R"'),
        ("Authors,Author Full Names", '"Alder, Karl; Beech, Rosa",'),
    ],
)  # fmt: skip
def test_whole_names_come_before_initials(header: str, cells: str) -> None:
    """Web of Science and Scopus have a column of each; initials serve where one is empty."""
    text = f"Article Title,{header},Publication Year\nA title,{cells},2020\n"
    (record,) = parse_records(text.encode(), "a.csv").records
    assert [str(name) for name in record.entry.authors] == ["Karl Alder", "Rosa Beech"]
    others = [text for name, text in record.entry.fields.items() if name != "author"]
    assert not any("Alder" in text and "572" not in text for text in others)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("陳大文；林小美", ["陳大文", "林小美"]),
        ("山田太郎、鈴木花子、佐藤一", ["山田太郎", "鈴木花子", "佐藤一"]),
        ("العربي، محمد؛ حسن، علي", ["محمد العربي", "علي حسن"]),
        ("Kowalska, Anna; Nowak, Jan", ["Anna Kowalska", "Jan Nowak"]),
        ("الخليل، سارة", ["سارة الخليل"]),
    ],
)
@pytest.mark.parametrize("read", [read_names, read_people])
def test_signs_of_other_scripts_separate_persons(
    read: Callable[[str], list[Name]], text: str, people: list[str]
) -> None:
    """Wide and Arabic semicolons, and the comma of East Asian lists, stand between persons."""
    assert [str(person) for person in read(text)] == people
