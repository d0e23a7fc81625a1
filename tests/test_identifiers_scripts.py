"""Names and words in other scripts: keys, chapters, files."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.bibliography import Entry, split_names
from reviewpress.identifiers import address_name, plain_letters
from reviewpress.imports.merging import base_key
from reviewpress.imports.people import read_name
from reviewpress.imports.records import read_year


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Łódź", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("Œuvres", "oeuvres"),
        ("Straße", "strasse"),
        ("Παπαδόπουλος", "papadopoylos"),
        ("김철수", "gimcheolsu"),
        ("Mun\u0303oz", "munoz"),
    ],
)
def test_letters_from_any_script(text: str, letters: str) -> None:
    """No letter is left out: ł is l, and other scripts are written with Latin letters."""
    assert plain_letters(text) == letters


@pytest.mark.parametrize(
    ("author", "key"),
    [
        ("山田 太郎", "shantian2020"),
        ("Иванов, Иван", "ivanov2020"),
        ("محمد، أحمد", "mhmd2020"),
        ("O'Hara-Løwe, J", "oharalowe2020"),
    ],
)
def test_keys_are_readable(author: str, key: str) -> None:
    """An author in another script has a key of Latin letters; full-width digits are a year."""
    assert base_key(Entry("", "misc", {"author": author, "year": "２０２０"})) == key


@pytest.mark.parametrize(
    ("text", "family", "given"),
    [
        ("山田 太郎", "山田", "太郎"),
        ("김 철수", "김", "철수"),
        ("محمد، أحمد", "محمد", "أحمد"),
        ("王，小明", "王", "小明"),
    ],
)
def test_names_begin_with_the_family(text: str, family: str, given: str) -> None:
    """East Asian names are not turned round, and commas of other scripts part a name."""
    for name in (read_name(text), *split_names(text)):
        assert (name.family, name.given) == (family, given)


def test_chapters_of_sections_in_any_script() -> None:
    """A section's chapter bears its name in Latin letters."""
    assert [address_name(n) for n in ("Łódź", "Ærø", "Œuvres", "結果")] == [
        "lodz",
        "aero",
        "oeuvres",
        "jieguo",
    ]


def test_new_takes_the_commas_of_other_scripts(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A list of sections is parted as its language does."""
    made = reviewpress(["new", "r", "--sections", "结果，费用、服务"], cwd=tmp_path)
    assert made.status == 0, made.stderr
    names = {path.stem for path in (tmp_path / "r" / "chapters").glob("*.ipynb")}
    assert {"jieguo", "feiyong", "fuwu"} <= names


def test_letters_that_are_apart_are_the_same(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Accents saved apart from their letters, as some systems do, in keys, text and file names."""
    apart = unicodedata.normalize("NFD", "Muñoz2020")
    (tmp_path / unicodedata.normalize("NFD", "é.qmd")).write_text(
        f"# T\n\nSee @{apart}.\n\n::: {{#refs-additional}}\n:::\n", "utf-8"
    )
    (tmp_path / "r.bib").write_text(
        "@book{Muñoz2020, author={Muñoz, A}, title={T}, year=2020, publisher={P}}\n", "utf-8"
    )
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nbook: {title: T, chapters: [é.qmd]}\nbibliography: r.bib\n", "utf-8"
    )
    made = reviewpress("render", cwd=tmp_path)
    assert made.status == 0, made.stderr


@pytest.mark.parametrize(
    "year", ["２０２１", "٢٠٢١", "۲۰۲۱", "२०२१", "2021", "２０２１年3月", "٢٠٢١/٣"]
)
def test_years_are_read_in_the_digits_of_any_script(year: str) -> None:
    """In what is imported, and in a bibliography that somebody wrote."""
    assert read_year(year) == "2021"
    assert Entry("", "misc", {"year": year}).year == 2021
