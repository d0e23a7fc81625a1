"""Keys held against the table: each is obeyed, has no effect, is refused, or nobody knows it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.config.known import chapter_remarks, find_unobeyed, refusals, remarks
from reviewpress.notebooks.source import DEFAULTS
from reviewpress.quarto_keys import DOCUMENT_KEYS, GROUPS
from reviewpress.yaml import load_yaml_lines

ROOT = Path(__file__).resolve().parents[1]


def said(text: str, root: Path) -> list[str]:
    data, lines = load_yaml_lines(text)
    found = list(find_unobeyed(data, lines, "project"))
    problems = [*refusals(found, "_quarto.yml"), *remarks(found, "_quarto.yml", root)]
    return [f"{problem.rule}: {problem}" for problem in problems]


def test_a_key_that_nobody_knows_is_named_with_its_line(tmp_path: Path) -> None:
    """The warning says where it stands, and which key is nearest."""
    [one] = said("lang: en\nnumbersections: true\n", tmp_path)
    assert one == (
        'unknown-key: _quarto.yml, line 2: the key "numbersections" is not known: it has no'
        ' effect. Did you mean "number-sections"?'
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("book:\n  chapter: [a.qmd]\n", '"book: chapter" is not known: it has no effect. Did'),
        ("project:\n  outputdir: x\n", 'Did you mean "output-dir"'),
        ("format:\n  typst:\n    paper-size: a5\n", 'Did you mean "papersize"'),
        ("crossref:\n  figtitle: x\n", 'Did you mean "fig-title"'),
        ("execute:\n  ecko: x\n", '"execute: ecko" is not known: it has no effect. Did'),
        ("chapters: [a.qmd]\n", '"chapters" is not known: it has no effect. It belongs'),
        ("project: {type: book}\nresourcs: [a]\n", 'Did you mean "resources"?'),
        ("book: {toc: true}\n", "It belongs at the top of the file."),
        ("xyzzy: 1\n", "docs/reference/quarto-keys.md lists the keys."),
    ],
)  # fmt: skip
def test_the_nearest_key_is_one_of_the_same_place(text: str, words: str, tmp_path: Path) -> None:
    """A slip is held against the keys that can stand there; what stands at the wrong place, too."""
    [one] = said(text, tmp_path)
    assert words in one


def test_keys_without_effect_are_one_message(tmp_path: Path) -> None:
    """However many a file has, they are named together, with all their lines."""
    text = "theme: cosmo\ncode-fold: true\nformat:\n  html:\n    grid: {}\n    code-tools: true\n"
    assert said(text, tmp_path) == [
        'key-without-effect: _quarto.yml, lines 1, 2, 5 and 6: the keys "theme", "code-fold",'
        ' "grid" and "code-tools" have no effect in the embedded engine.'
        " docs/reference/quarto-keys.md says why."
    ]


def test_where_one_reason_holds_it_is_said(tmp_path: Path) -> None:
    """A message about one thing says what to do about it."""
    [one] = said("rights: CC BY\ncreator: Us\n", tmp_path)
    assert one.endswith("Say it under `reviewpress:`, where there is a key for it.")


@pytest.mark.parametrize(
    "text",
    [
        "code-fold: false\nlightbox: false\ndraft: false\n",
        "code-fold:\n",
        "execute: {echo: false, freeze: auto, warning: false, eval: true}\n",
        "project: {type: book, pre-render: scripts/pre_render.py, lib-dir: libs}\n",
        "jupyter: python3\neditor: visual\nengine: jupyter\n",
        "search: true\nbook: {search: true}\n",
        "suppress-bibliography: true\nciteproc: false\n",
    ],
)
def test_what_asks_for_nothing_missing_is_not_mentioned(text: str, tmp_path: Path) -> None:
    """A feature switched off, and what only Quarto needs to be told, lose nobody anything."""
    assert said(text, tmp_path) == []


def test_a_script_that_is_not_ours_is_mentioned(tmp_path: Path) -> None:
    """The embedded engine runs no scripts before a build: data they would make is not made."""
    [one] = said("project:\n  type: book\n  pre-render: make_data.py\n", tmp_path)
    assert "line 3" in one
    assert "runs no others" in one


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.qmd", "{{< meta funder.name >}}"),
        ("chapters/b.ipynb", '{"cells": [{"source": ["::: {when-meta=\\"funder.short\\"}"]}]}'),
        ("parts/c.md", '::: {.content-visible unless-meta="funder"}'),
    ],
)
def test_a_key_that_a_text_asks_for_is_the_authors_own(
    name: str, text: str, tmp_path: Path
) -> None:
    """Quarto lets chapters show any key; only one that nobody asks for is a slip."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    assert said("funder: {name: A body}\n", tmp_path) == []
    assert len(said("fundr: {name: A body}\n", tmp_path)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format: {html: {from: gfm}}\n", 'what "from" asks for. Chapters are read'),
        ("shift-heading-level-by: 1\n", "Write headings at the level"),
        ("metadata-files: [more.yml]\n", "Write their keys in `_quarto.yml`."),
        ("crossref: {custom: [{kind: float, key: dia}]}\n", "Use `fig-`, `tbl-` or `lst-`"),
    ],
)
def test_what_would_change_the_meaning_is_refused(text: str, words: str, tmp_path: Path) -> None:
    """Another way of reading is an error with its line."""
    [one] = said(text, tmp_path)
    assert one.startswith("refused-key: _quarto.yml, line 1: reviewpress cannot do")
    assert words in one


def test_chapters_are_named_once_in_a_project(tmp_path: Path) -> None:
    """Keys without effect of thirty chapters are one message, at the first of them."""
    data, lines = load_yaml_lines("title: A\ncode-fold: true\n")
    more, more_lines = load_yaml_lines("title: B\nlang: fr\ncode-fold: true\nwhat-is-it: 1\n")
    found = {"a.qmd": list(find_unobeyed(data, lines, "chapter"))}
    found |= {f"{n}.qmd": list(find_unobeyed(more, more_lines, "chapter")) for n in range(30)}
    first, second = chapter_remarks(found, tmp_path)
    assert str(first).startswith('0.qmd, line 4: the key "what-is-it" is not known')
    assert str(second).startswith(
        'a.qmd, line 2: the keys "code-fold" and "lang" have no effect in the embedded engine.'
    )


@pytest.mark.parametrize("profile", ["report", "summary"])
def test_this_repository_has_no_key_in_vain(profile: str) -> None:
    """Every key of the flagship does something, or is there for Quarto."""
    assert load_config(ROOT, profile).remarks == ()


def test_a_new_review_has_no_key_in_vain(project: Callable[..., Any], reviewpress: Any) -> None:
    """Nothing is said of what `reviewpress new` writes."""
    root = project()
    assert reviewpress("new fresh", cwd=root).status == 0
    for profile in ("report", "summary"):
        assert load_config(root / "fresh", profile).remarks == ()


def test_every_row_says_something() -> None:
    """The reference is made of the table: no key without words."""
    for table in (DOCUMENT_KEYS, *GROUPS.values()):
        for key in table.values():
            assert len(key.says.split()) >= 2, key.name
            assert not (key.at and key.refused), key.name


@pytest.mark.parametrize(
    ("value", "is_named"),
    [("_brand.yml", False), ("{light: _brand.yml}", False), ("other.yml", True), ("false", True)],
)
def test_a_brand_elsewhere_is_not_taken(value: str, is_named: bool, tmp_path: Path) -> None:
    """The embedded engine takes `_brand.yml` alone, and says so of any other."""
    found = said(f"brand: {value}\n", tmp_path)
    assert [("`_brand.yml` at the top" in one) for one in found] == [True] * is_named


def test_what_cells_of_a_chapter_obey_is_in_no_vain() -> None:
    """Each option that `execute:` of a chapter gives to its cells is one that is obeyed there."""
    options = dict.fromkeys(DEFAULTS, True)
    assert not list(find_unobeyed({"execute": options}, {}, "chapter"))
    found = find_unobeyed({"execute": {**options, "fig-width": 6}}, {}, "chapter")
    assert [each.path for each in found] == [("execute", "fig-width")]
