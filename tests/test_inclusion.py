"""The table of papers from what was included: codes are given once, and never again in order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.errors import Problems, ReportError
from reviewpress.inclusion import include_papers
from reviewpress.new import make_review

HEADER = "record,stage,decision,reason,reviewer\n"
ENTRY = """
@article{{{key},
  author = {{{author}}},
  title = {{A study}},
  journal = {{Tests}},
  year = {{{year}}},
}}
"""


def decide(root: Path, *keys: str, decision: str = "include") -> None:
    """Write decisions on full texts, after those that are there."""
    path = root / "data" / "screening.csv"
    before = path.read_text("utf-8") if path.is_file() else HEADER
    rows = "".join(f"{key},full text,{decision},,AB\n" for key in keys)
    path.write_text(before + rows, "utf-8")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A review without papers, and a bibliography of records that were found."""
    made = make_review(tmp_path / "review", empty=True)
    bib = made / "bib" / "references.bib"
    records = [
        ("oak2019", "Oak, O", 2019),
        ("ash2020", "Ash, A", 2020),
        ("elm2021", "Elm, E", 2021),
    ]
    entries = "".join(ENTRY.format(key=k, author=a, year=y) for k, a, y in records)
    bib.write_text(bib.read_text("utf-8") + entries, "utf-8")
    return made


def papers(root: Path) -> str:
    return (root / "data" / "papers.csv").read_bytes().decode()


def test_codes_follow_authors_and_are_never_given_anew(root: Path) -> None:
    """The first call orders by author; a later one adds below, whoever comes first."""
    decide(root, "oak2019", "elm2021")
    found = include_papers(load_config(root, check_chapters=False))
    assert [(one.code, one.key) for one in found.added] == [(1, "elm2021"), (2, "oak2019")]
    first = papers(root)
    assert first == "code,citekey,sections\n1,elm2021,\n2,oak2019,\n"
    bib = (root / "bib" / "references.bib").read_text("utf-8")
    assert "code = {1}," in bib.partition("@article{elm2021")[2]
    decide(root, "ash2020")
    found = include_papers(load_config(root, check_chapters=False))
    assert [(one.code, one.key) for one in found.added] == [(3, "ash2020")]
    assert papers(root) == first + "3,ash2020,\n"
    assert found.there == 2
    again = include_papers(load_config(root, check_chapters=False))
    assert again.added == ()


def test_nothing_is_written_where_a_record_is_unknown(root: Path) -> None:
    """Whole or not at all: the one that is missing is named with its row."""
    decide(root, "oak2019", "aash2020")
    with pytest.raises(Problems, match='the bibliography lacks "aash2020"') as caught:
        include_papers(load_config(root, check_chapters=False))
    assert str(caught.value.problems[0].where) == "data/screening.csv, row 3"
    assert papers(root) == "code,citekey,sections\n"


def test_columns_that_an_author_added_stay(root: Path) -> None:
    """New rows have the table's columns, in its order, to be filled in; old rows are not read."""
    table = root / "data" / "papers.csv"
    table.write_bytes(b'sections,code,country,citekey\r\n"",7,"Wales",elm2021\r\n')
    schema = root / "data" / "schema.yml"
    text = schema.read_text("utf-8").replace("    - name: sections\n", FIELD, 1)
    schema.write_text(text, "utf-8")
    decide(root, "elm2021", "oak2019")
    found = include_papers(load_config(root, check_chapters=False))
    assert papers(root).endswith('"",7,"Wales",elm2021\r\n,8,,oak2019\n')
    assert found.empty == ("country", "sections")


FIELD = "    - name: country\n      type: string\n    - name: sections\n"


def test_a_paper_that_is_no_longer_included_is_told(root: Path) -> None:
    """It keeps its row and its code; somebody takes it out."""
    decide(root, "oak2019")
    include_papers(load_config(root, check_chapters=False))
    path = root / "data" / "screening.csv"
    path.write_text(path.read_text("utf-8").replace("include,", "exclude,Topic", 1), "utf-8")
    found = include_papers(load_config(root, check_chapters=False))
    assert found.excluded == ("oak2019",)
    assert "1,oak2019" in papers(root)


def test_the_verb(root: Path, reviewpress: Callable[..., Any]) -> None:
    """It says what it added and what is to be filled in; a dry run writes nothing."""
    decide(root, "oak2019")
    outcome = reviewpress("include --dry-run", cwd=root)
    assert "added: 1 Oak (2019) (@oak2019)" in outcome.stdout
    assert "Nothing was written." in outcome.stdout
    assert papers(root) == "code,citekey,sections\n"
    outcome = reviewpress("include", cwd=root)
    assert outcome.stdout.endswith("To fill in: sections.\n")
    (root / "data" / "screening.csv").unlink()
    assert "there are no decisions yet" in reviewpress("include", cwd=root).stderr


@pytest.mark.parametrize("lang", ["en-GB", "cy", "fr", "de", "es", "pt"])
def test_a_review_can_begin_without_papers(
    lang: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """It is whole: nothing is wrong with it before the first search."""
    root = make_review(tmp_path / "review", empty=True, lang=lang)
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 0, outcome.stderr
    assert (
        "tbl-included"
        not in (root / "chapters" / "included.ipynb")
        .read_text("utf-8")
        .partition("review.table")[0]
    )


def test_empty_and_a_table_are_two_beginnings(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Both at once are wrong usage."""
    (tmp_path / "p.csv").write_text("title,author\nA,B\n", "utf-8")
    assert reviewpress("new x --empty --from p.csv", cwd=tmp_path).status == 2


def test_codes_that_are_words(root: Path) -> None:
    """A command cannot make up codes of that kind."""
    schema = root / "data" / "schema.yml"
    text = schema.read_text("utf-8").replace("type: integer", "type: string", 1)
    schema.write_text(text.replace("        minimum: 1\n", "", 1), "utf-8")
    (root / "data" / "papers.csv").write_text("code,citekey,sections\nA1,elm2021,\n", "utf-8")
    decide(root, "oak2019")
    with pytest.raises(ReportError, match="codes that are words"):
        include_papers(load_config(root, check_chapters=False))
