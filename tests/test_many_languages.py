"""A small review in many languages: each renders in every format, and no English is unlisted."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import yaml

from reviewpress.config import load_config
from reviewpress.labels import load_labels, load_language

LANGUAGES = ("zh-CN", "mt", "mi", "sw", "el", "ar", "he", "pl", "cy", "gd", "ga", "eu", "ca", "is",
             "hy", "ka")  # fmt: skip
SETTINGS = """\
project: {{type: book, output-dir: _output}}
lang: {lang}
bibliography: r.bib
citeproc: false
suppress-bibliography: true
book: {{title: T, author: [A. B.], date: 2026-03-01, chapters: [index.qmd, a.qmd]}}
format: {{reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}}
reviewpress: {{citations: author-date, version: "1.0"}}
"""
CHAPTER = """\
# A {#sec-a}

T [@ash2020], "t" @tbl-a.

| A | B |
|---|---|
| 1 | 2 |

: T {#tbl-a}

::: {.callout-note}
T
:::

::: {#refs}
:::
"""
BIBLIOGRAPHY = """\
@article{ash2020,
  author = {Ash, A. and Birch, B. and Cedar, C. and Elder, E.},
  title = {T}, journal = {J}, year = {2020}
}
"""


def make_review(root: Path, lang: str) -> Path:
    (root / "_quarto.yml").write_text(SETTINGS.format(lang=lang), "utf-8")
    (root / "index.qmd").write_text("# I {#sec-i}\n\nT\n", "utf-8")
    (root / "a.qmd").write_text(CHAPTER, "utf-8")
    (root / "r.bib").write_text(BIBLIOGRAPHY, "utf-8")
    return root


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_review_in_a_language(lang: str, tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Pages, PDF and Word file are made, and each English word on the pages is listed."""
    root = make_review(tmp_path, lang)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    made = {path.suffix for path in (root / "_output").iterdir()}
    assert {".pdf", ".docx", ".html"} <= made
    pages = [path.read_text("utf-8") for path in sorted((root / "_output").glob("*.html"))]
    assert all(f'<html lang="{lang}"' in page for page in pages)
    said = {unescape(text.strip()) for page in pages for text in re.findall(r">([^<]+)<", page)}
    english, labels = load_language("en"), load_labels(load_config(root))
    listed = yaml.safe_load(reviewpress("check --labels", cwd=root).stdout) or {}
    missing = listed.get("language", {})
    assert ("stay English" in outcome.stderr) == bool(missing)
    for name, text in english.items():
        if text in said and labels[name] == text and not labels.has(name):
            assert missing.get(name) == text, name


@pytest.mark.parametrize(
    ("lang", "day", "names"),
    [
        ("de", "29. November 2026", "Ash, A. und Oakley, B."),
        ("nb", "29. november 2026", "Ash, A. og Oakley, B."),
        ("cy", "29 Tachwedd 2026", "Ash, A. ac Oakley, B."),
    ],
)
def test_days_and_joined_names_are_as_the_language_has_them(
    lang: str, day: str, names: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A day with a full stop begins no list on the cover; "and" is "ac" before vowels in Welsh."""
    make_review(tmp_path, lang)
    for name, old, new in (
        ("_quarto.yml", "2026-03-01", "2026-11-29"),
        ("r.bib", "Ash, A. and Birch, B. and Cedar, C. and Elder, E.", "Ash, A. and Oakley, B."),
    ):
        text = (tmp_path / name).read_text("utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new), "utf-8")
    made = reviewpress("render", cwd=tmp_path)
    assert made.status == 0, made.stderr
    with pymupdf.open(next(tmp_path.rglob("*.pdf"))) as pdf:
        cover = pdf[0].get_text()
        text = " ".join(" ".join(page.get_text() for page in pdf).split())
    assert f"{day} ·" in cover.replace("\xa0", " ")
    page = unescape((tmp_path / "_output/a.html").read_text("utf-8")).replace("\xa0", " ")
    assert names in text.replace("\xa0", " ")
    assert names in " ".join(page.split())
