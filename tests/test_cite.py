"""Cite: find citekeys and codes by what an author remembers."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("known", ["known2020"]),
        ("SECOND known", ["known2020"]),
        ("2", ["other2021"]),
        ("2018", ["method2018"]),
        ("another study", ["other2021"]),
        ("journal tests", ["known2020"]),
        ("Õther", ["other2021"]),
    ],
)
def test_words_find_references(
    text: str, keys: list[str], project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Author, title, journal, year and code find a reference; case and accents do not count."""
    outcome = reviewpress(["cite", *text.split()], cwd=project(runs=False))
    assert [line.split()[0].strip("[@]") for line in outcome.stdout.splitlines()] == keys
    assert outcome.status == 0


def test_line_can_be_read_and_copied(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A line begins with what to paste; then come the code that readers see, and what it is."""
    outcome = reviewpress("cite known", cwd=project(runs=False))
    assert outcome.stdout == "[@known2020]  paper 1: Known and Second (2020). A known study\n"


def test_nothing_found_suggests(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A mistyped name gives the nearest references, and status 1."""
    outcome = reviewpress("cite knwon study", cwd=project(runs=False))
    assert outcome.status == 1
    assert "Nothing found. Did you mean:" in outcome.stderr
    assert "@known2020" in outcome.stderr


def test_without_text_everything_is_listed(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Without words all references come, included papers first."""
    lines = reviewpress("cite", cwd=project(runs=False)).stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["[@known2020]", "[@other2021]", "[@method2018]"]


RECORDS = """@article{fir2025,
  author = {Fir, Flo and Ürün, Åsa},
  title = {A pond for every street},
  year = {2025},
  abstract = {Nothing about benches.},
}

@book{gorse2024,
  author = {Gorse, Gil},
  title = {Lamp posts after dark},
  publisher = {Park},
  year = {2024},
}
"""


@pytest.mark.parametrize(
    ("text", "keys"),
    [("pond street", ["fir2025"]), ("urun 2025", ["fir2025"]), ("gorse2024", ["gorse2024"]),
     ("benches", []), ("known", ["known2020"])],
)  # fmt: skip
def test_records_are_searched_after_the_bibliography(
    text: str, keys: list[str], project: Any, reviewpress: Callable[..., Any]
) -> None:
    """By the same words; it is said that one is a record still, and what to do."""
    root = project(runs=False, files={"bib/records.bib": RECORDS})
    path = root / "_quarto.yml"
    key = "reviewpress:\n"
    path.write_text(path.read_text("utf-8").replace(key, f"{key}  records: bib/records.bib\n"))
    outcome = reviewpress(["cite", *text.split()], cwd=root)
    assert [line.split()[0].strip("[@]") for line in outcome.stdout.splitlines()] == keys
    assert outcome.stdout.count("tidy --records") == len(set(keys) - {"known2020"})
    assert outcome.status == (0 if keys else 1)
