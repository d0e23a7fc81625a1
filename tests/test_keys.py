"""What the keys of YAML files take: every key with every kind of wrong value."""

import copy
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reviewpress import config, keys
from reviewpress.checklists import load_checklists
from reviewpress.checks.acknowledgements import apply_acknowledgements
from reviewpress.config import load_config
from reviewpress.errors import Problem, ReportError
from reviewpress.evidence.appraisal.forms import read_forms
from reviewpress.evidence.searches import read_searches
from reviewpress.extension import find_extension
from reviewpress.labels import load_labels
from reviewpress.tables.schema import read_schema

WRONG: dict[str, Any] = {
    "number": 5, "negative": -1, "fraction": 3.7, "truth": True, "text": "zzz", "empty": "",
    "no items": [], "items": [5], "lists": [["x"]], "mappings": [{"x": {"y": []}}], "no keys": {},
    "keys": {"x": "y"}, "nothing": None, "nothings": [None], "date": datetime.date(2026, 1, 31),
    "huge": 10**40, "infinite": float("inf"), "not a number": float("nan"), "nul": "a\0b",
    "bytes": b"\xff\0", "set": {"x"}, "absolute": "/nowhere/x.yml", "above": "../../x.yml",
    "home": "~/x", "braces": "a{x}", "lines": "a\nb\n", "long": "x" * 5000,
}  # fmt: skip

FONT = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "fonts" / "ReviewSans-Bold.ttf"
QUARTO = """\
project: {type: book, output-dir: _output/report, pre-render: a.py, resources: [figures/*.csv]}
profile: {default: report, group: [[report, summary]]}
title: A review
author: {name: An Author}
date: 2026-01-31
lang: en-GB
language: {close: Shut, fr: {close: Fermer}}
bibliography: [bib/references.bib]
csl: style.csl
number-sections: true
number-depth: 3
crossref: {fig-title: Chart, chapters: true}
execute: {echo: false}
toc: true
format: {html: {toc: true}, typst: default}
book:
  title: Small
  subtitle: A test
  author: [One Author, {name: {literal: Two Author}}]
  date: 2026-01-31
  chapters: [index.qmd, {part: First, chapters: [chapters/one.qmd]}, {file: chapters/two.qmd}]
  appendices: [chapters/three.qmd]
reviewpress:
  sections: {Outcomes: one, Rights: {chapter: two, recorded: false}}
  citations: codes
  included-years: [2012, 2022]
  ai: None
  version: "1.0"
  licence: CC BY 4.0
  licence-url: https://example.org/
  publisher: A press
  doi: 10.1000/1
  url: https://example.org/
  source: {title: Another, year: 2023}
  appraisal: {form: checklist}
  typed-numbers: true
  import-without: [abstract]
  parameters: {regions: [Scotland], edition: report}
  schema: data/schema.yml
"""
PROFILE = "bibliography: bib/references.bib\nformat: {html: {toc: true}}\nbook: {title: X}\n"
BRAND = """\
color: {palette: {ink: "#1b2430"}, foreground: ink, primary: "#0b5567"}
typography:
  fonts:
    - {family: Own, source: file, files: [{path: own.ttf, weight: bold, style: italic}, own.ttf]}
  base: {family: Own, line-height: 1.4}
  headings: Own
logo: {small: {light: logo.svg}}
defaults: {reviewpress: {charts: [ink], dark: {primary: "#7cc5d6"}}}
"""
ACKNOWLEDGED = "acknowledged: [{rule: bibliography-year, place: smith2020, reason: It stays.}]\n"
SEARCHES = """\
title: Searches
operators: {within: OR, between: AND}
concepts: {care: {title: Care, terms: [care, "car*"], common: true}}
strings: [{id: one, title: One, concepts: [care], published: (("care")), slips: [One term less.]}]
sources: [{id: scopus, name: SCOPUS, fields: [title]}]
"""
SCHEMA = """\
title: Tables
description: All of them
tables:
  papers:
    path: papers.csv
    title: Papers
    source: Appendix 1
    primaryKey: code
    missingValues: ["", {value: n/a, label: not applicable}]
    foreignKeys: [{fields: code, reference: {resource: papers, fields: code}}]
    fields:
      - {name: code, type: integer, constraints: {required: true, minimum: 1, maximum: 90}}
      - name: sections
        type: list
        itemType: string
        delimiter: ";"
        role: sections
        evidence: Sections
        unit: none
        constraints: {enum: [Outcomes, Yes], pattern: "[A-Z].*", minLength: 1, maxLength: 9}
"""
FORM = """\
id: checklist
title: A checklist
start: a
sections:
  - id: one
    title: One
    design: cohort
    called: false
    questions:
      - id: a
        criterion: "1.1"
        ask: Is it?
        answer: one
        options: [Yes, No]
        routes: [{answer: Yes, goto: b}, {answer: No, call: [one], end: true}]
      - {id: b, answer: number, routes: [{below: 3, question: b, end: true}]}
"""
CHECKLISTS = """\
prisma-2020:
  "1": sec-one
  2: {at: [sec-two], note: Here}
  "3": {unanswered: Not known}
  "4": {not-applicable: None of them}
"""
FRONT_MATTER = "title: One\nauthor: {name: A}\n"


def read_config(root: Path) -> None:
    load_labels(load_config(root))


def read_front_matter(root: Path) -> None:
    from reviewpress.assemble.source import read_chapter

    text = (root / "front.yml").read_text("utf-8")
    (root / "index.qmd").write_text(f"---\n{text}---\n\nText.\n", "utf-8")
    found = load_config(root)
    read_chapter(found, found.chapters[0])


def read_acknowledged(root: Path) -> None:
    apply_acknowledgements(load_config(root), [Problem("bibliography-year", "x")])


FILES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "_quarto.yml": (QUARTO, read_config),
    "_quarto-report.yml": (PROFILE, read_config),
    "_variables.yml": ("a: 5\nb: {c: [d]}\n", read_config),
    "_brand.yml": (BRAND, lambda root: find_extension(root).brand(root)),
    "front.yml": (FRONT_MATTER, read_front_matter),
    "data/acknowledged.yml": (ACKNOWLEDGED, read_acknowledged),
    "data/searches.yml": (
        SEARCHES, lambda root: read_searches(root / "data/searches.yml", root)
    ),
    "data/schema.yml": (SCHEMA, lambda root: read_schema(root / "data/schema.yml", root)),
    "data/form.yml": (FORM, lambda root: read_forms([root / "data/form.yml"], root)),
    "data/checklists.yml": (CHECKLISTS, load_checklists),
}  # fmt: skip


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """A review with a file of each kind, all well."""
    for name, (text, _) in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text if name != "_quarto-report.yml" else "toc: true\n", "utf-8")
    for name in ("index", "chapters/one", "chapters/two", "chapters/three"):
        path = tmp_path / f"{name}.qmd"
        path.parent.mkdir(exist_ok=True)
        path.write_text("# Title\n", "utf-8")
    (tmp_path / "bib").mkdir()
    (tmp_path / "bib/references.bib").touch()
    style = (
        '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><citation><layout>'
        '<text variable="title"/></layout></citation></style>'
    )
    (tmp_path / "style.csl").write_text(style, "utf-8")
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (tmp_path / "own.ttf").write_bytes(FONT.read_bytes())
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_the_files_that_are_changed_here_are_right(name: str, review: Path) -> None:
    """Each file that the other tests spoil can be read as it is."""
    FILES[name][1](review)


@pytest.mark.parametrize("name", FILES)
def test_every_key_with_every_kind_of_wrong_value(name: str, review: Path) -> None:
    """A value of the wrong kind is a problem of its file; whatever is read can be used."""
    text, read = FILES[name]
    tree = yaml.safe_load(text)
    if name != "_brand.yml":
        (review / "_brand.yml").unlink()
    for path in places(tree):
        for kind, value in WRONG.items():
            (review / name).write_text(dump(changed(tree, path, value)), "utf-8")
            try:
                read(review)
            except ReportError as error:
                for problem in error.problems:
                    assert problem.message, (path, kind)
                    assert problem.where is not None or name == "_quarto.yml", (path, kind)
            except Exception as error:
                pytest.fail(f"{name} {path} {kind}: {type(error).__name__}: {error}")


@pytest.mark.parametrize("name", FILES)
def test_a_set_is_wrong_everywhere_and_has_its_line(name: str, review: Path) -> None:
    """What no key takes is refused at its own line, whatever is before it."""
    text, read = FILES[name]
    tree = yaml.safe_load(text)
    for path in places(tree):
        written = dump(changed(tree, path, {"xyzzy"}))
        (review / name).write_text(written, "utf-8")
        with pytest.raises(ReportError) as caught:
            read(review)
        where = caught.value.problems[0].where
        assert where is not None, path
        assert where.line, path
        assert isinstance(path[-1], int) or f"{path[-1]}" in line_of(written, where.line, name), (
            path
        )


def test_every_setting_says_what_it_takes() -> None:
    """Settings have one table, from which the documentation is written too."""
    assert set(config.SETTINGS) == set(keys.SETTINGS)


def dump(value: Any) -> str:
    """Return YAML, each key and item on a line of its own."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(value, Dumper=dumper, default_flow_style=False))


def line_of(text: str, line: int, name: str) -> str:
    return text.splitlines()[line - (2 if name == "front.yml" else 1)]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every key and item."""
    pairs = value.items() if isinstance(value, dict) else []
    for step, inner in enumerate(value) if isinstance(value, list) else pairs:
        yield (*path, step)
        yield from places(inner, (*path, step))


def changed(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """Return a copy with another value at a path."""
    copied = copy.deepcopy(tree)
    at = copied
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copied
