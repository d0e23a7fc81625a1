"""The readers that `make fuzz` feeds: each with good files, and the modules of its code."""

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spoiling import (
    Spoil,
    make_workbook,
    rewrite,
    rows_of,
    spoil_bytes,
    spoil_json,
    spoil_lines,
    spoil_rows,
    spoil_workbook,
    spoil_yaml,
    text_of,
)

from reviewpress.adopt.frozen import frozen_text
from reviewpress.adopt.original import find_original, front_matter
from reviewpress.assemble.front_matter import read_front_matter
from reviewpress.bibliography import ADDITIONAL, INCLUDED, Entry, load_bibliography, normalise
from reviewpress.checklists import load_checklists
from reviewpress.checks.acknowledgements import apply_acknowledgements
from reviewpress.cli.parameters import read_parameters
from reviewpress.config import load_config
from reviewpress.config.citation_style import wrong_style
from reviewpress.config.filters import list_filters
from reviewpress.config.page_files import style_addresses
from reviewpress.data_cells import find_cell
from reviewpress.edition import EDITION, read_edition
from reviewpress.errors import Place, ReportError
from reviewpress.evidence.agreement import check_extraction
from reviewpress.evidence.appraisal.forms import read_forms
from reviewpress.evidence.appraisal.routes import check_forms
from reviewpress.evidence.duplicates import check_pair_decisions
from reviewpress.evidence.flow import parse_flow
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.evidence.import_log import read_log
from reviewpress.evidence.screening import check_screening
from reviewpress.evidence.searches import read_searches
from reviewpress.evidence.strategy_lines import read_lines
from reviewpress.evidence.studies import read_studies
from reviewpress.extension import find_extension
from reviewpress.fonts import families_of
from reviewpress.formats.word_reference import complete_reference
from reviewpress.imports.ballots import Asked
from reviewpress.imports.decision_files import read_decision_file
from reviewpress.imports.own_table import read_papers
from reviewpress.imports.readers import parse_records, reader_modules
from reviewpress.imports.records import Reading
from reviewpress.kept_versions import LIST, PUBLISHED, kept_versions
from reviewpress.matrix.rows import read_matrix
from reviewpress.notebooks.source import parameters_of, read_notebook
from reviewpress.review import load
from reviewpress.svg import check_svg
from reviewpress.tables.reader import read_table, split_segments
from reviewpress.tables.schema import read_schema
from reviewpress.tidy import tidy_file
from reviewpress.yaml import load_yaml

ROOT = Path(__file__).resolve().parents[1]
MINIMAL = ROOT / "tests" / "projects" / "minimal"
SEEDS = ROOT / "tests" / "fuzz_seeds"
COUNTS: dict[str, bytes] = {
    "RIS": rb"(?m)^TY  - ",
    "NBIB": rb"(?m)^PMID- ",
    "EndNote XML": rb"<record>",
    "PubMed XML": rb"<Pubmed(?:Book)?Article>",
    "Web of Science": rb"(?m)^PT ",
    "EndNote tagged": rb"(?m)^%0 ",
    "RefWorks": rb"(?m)^RT ",
    "Ovid text": rb"(?m)^<\d+>$",
    "Cochrane text": rb"(?m)^Record #\d+ of",
    "CNKI text": rb"(?m)^Title-",
    "ICTRP XML": rb"<Trial>",
    "BibTeX": rb"(?im)^@(?!string|preamble|comment)\w+\s*[{(]",
    "CSL JSON": rb'"id":',
    "EPPI-Reviewer JSON": rb'"ItemId":',
    "CSV": rb"(?m)#\d+$",
    "spreadsheet": rb"<row>(?!\n<c [^>]*><is><t>Article Title)",
}
"""What begins a record in the good files of each format, counted without its reader."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader to feed: good files, what reads one, the modules whose lines are counted.

    `spoil` are the ways of spoiling that fit its files. Where `count` is set, it reads records,
    and says how many a good file has.
    """

    seeds: Sequence[bytes]
    read: Callable[[bytes], object]
    modules: tuple[str, ...]
    spoil: Sequence[Spoil] = (spoil_bytes, spoil_lines)
    count: Callable[[bytes], int] | None = None


READERS: dict[str, Reader] = {}
"""Each reader by its name."""


def add_reader(name: str, reader: Reader) -> None:
    """Have a reader fed by `make fuzz` and by the tests."""
    assert name not in READERS, f"there are two readers called {name}"
    READERS[name] = reader


@cache
def _scratch() -> "tempfile.TemporaryDirectory[str]":
    """Return the folder for the small reviews, which goes when the program ends."""
    return tempfile.TemporaryDirectory(prefix="fuzz-")


def _in_review(
    name: str, read: Callable[[Path], object], more: Mapping[str, str] | None = None
) -> Callable[[bytes], object]:
    """Return what writes a file into a small review and reads it there; `more` are others."""

    @cache
    def review() -> Path:
        folder = Path(tempfile.mkdtemp(dir=_scratch().name))
        for path in MINIMAL.rglob("*"):
            if path.is_file():
                goal = folder / path.relative_to(MINIMAL)
                goal.parent.mkdir(parents=True, exist_ok=True)
                goal.write_bytes(path.read_bytes())
        for other, text in (more or {}).items():
            with (folder / other).open("a", encoding="utf-8") as file:
                file.write(text)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        return folder

    def feed_file(content: bytes) -> object:
        (review() / name).write_bytes(content)
        return read(review())

    return feed_file


def _read_chapter(root: Path) -> object:
    chapter = root / "chapters" / "findings.ipynb"
    with suppress(ReportError):
        tidy_file(chapter, root)
    return parameters_of(read_notebook(chapter, root))


def _read_references(root: Path) -> object:
    """Read a bibliography, and all that pages and checks ask of an entry."""
    bibliography = load_bibliography(root / "bib/references.bib")
    asked = [name for name, each in vars(Entry).items() if isinstance(each, property)]
    for entry in bibliography:
        assert bibliography[entry.key] is entry
        _ = [getattr(entry, name) for name in asked], bibliography.where(entry)
        _ = normalise(entry.title), [(str(name), name.bibtex) for name in entry.authors]
    return [bibliography.group(name) for name in (INCLUDED, ADDITIONAL)]


def _read_papers(root: Path) -> object:
    table = read_schema(MINIMAL / "data/schema.yml", MINIMAL).tables["papers"]
    return read_table(root / "data/papers.csv", table, root)


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _add_formats() -> None:
    """Add a reader for each format that can be imported."""
    for kind, module in reader_modules().items():
        name = slug(kind)
        paths = sorted(SEEDS.glob(f"{name}.*"))
        seeds = [path.read_bytes() for path in paths]
        spoil: tuple[Spoil, ...] = (spoil_bytes, spoil_lines)
        if kind == "spreadsheet":
            seeds = [make_workbook(rows_of(path.read_bytes())) for path in paths]
            spoil = (spoil_workbook, spoil_rows)
        elif paths and paths[0].suffix == ".json":
            spoil = (*spoil, spoil_json)
        shared = ("readers", "records", "json_items", "csv_rows")
        modules = (module, *(f"imports/{part}.py" for part in shared))
        add_reader(name, Reader(seeds, _importer(name), modules, spoil, _counter(kind)))


def _importer(name: str) -> Callable[[bytes], Reading]:
    return lambda content: parse_records(content, f"export-{name}")


def _counter(kind: str) -> Callable[[bytes], int]:
    return lambda content: len(re.findall(COUNTS[kind], text_of(content)))


_add_formats()
add_reader("notebook", Reader(
    [(MINIMAL / "chapters/findings.ipynb").read_bytes(), (SEEDS / "options.ipynb").read_bytes()],
    _in_review("chapters/findings.ipynb", _read_chapter),
    ("notebooks/document.py", "notebooks/source.py", "tidy.py"),
    (spoil_json, spoil_json, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("config", Reader(
    [(MINIMAL / "_quarto.yml").read_bytes(), (ROOT / "_quarto.yml").read_bytes()],
    _in_review("_quarto.yml", load_config),
    ("config/reader.py", "config/chapters.py", "config/settings.py", "shapes.py", "yaml.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("brand", Reader(
    [(ROOT / "_extensions/reviewpress/_brand.yml").read_bytes()],
    _in_review("_brand.yml", lambda root: find_extension(root).brand(root)),
    ("brand.py", "brand_keys.py", "shapes.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("yaml", Reader(
    [(ROOT / "data/searches.yml").read_bytes(), (ROOT / "data/forms/mmat.yml").read_bytes()],
    lambda content: load_yaml(content.decode("utf-8", "replace")),
    ("yaml.py", "shapes.py"),
))  # fmt: skip
add_reader("searches", Reader(
    [(ROOT / "data/searches.yml").read_bytes()],
    _in_review("data/searches.yml", lambda root: read_searches(root / "data/searches.yml", root)),
    ("evidence/searches.py", "yaml.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("schema", Reader(
    [(ROOT / "data/schema.yml").read_bytes(), (MINIMAL / "data/schema.yml").read_bytes()],
    _in_review("data/schema.yml", lambda root: read_schema(root / "data/schema.yml", root)),
    ("tables/schema.py", "shapes.py"),
    (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("table", Reader(
    [(MINIMAL / "data/papers.csv").read_bytes()],
    _in_review("data/papers.csv", _read_papers),
    ("tables/reader.py", "tables/cells.py"),
    (spoil_bytes, spoil_lines, rewrite),
))  # fmt: skip
add_reader("bibliography", Reader(
    [(SEEDS / "bibtex.bib").read_bytes(), (MINIMAL / "bib/references.bib").read_bytes()],
    _in_review("bib/references.bib", _read_references),
    ("bibliography/bibtex.py", "bibliography/entries.py", "bibliography/latex.py"),
))  # fmt: skip


SCREENING = b"""record,stage,decision,reason,reviewer,source,study
a,title and abstract,include,,AB,,
a,full text,include,,AB,,one
b,title and abstract,exclude,Other topic,AB,,
c,title and abstract,include,,AB,Index,
c,title and abstract,exclude,"Other, ""topic""\",CD,,
c,title and abstract,exclude,Other topic,agreed,,
d,before screening,exclude,duplicate,AB,,
"""
LOG = b"""file,sha256,number,outcome,key,like,reason,title,differences
one.ris,aa,1,added,a,,,Title,
one.ris,aa,2,merged,a,,same DOI,Title,year: 2001
one.ris,aa,3,unsure,b,a,alike,"A, title",
one.ris,aa,4,rejected,,,no title,,
"""
FLOW = b"""data,node,box,description,boxtext,tooltips,url,n
NA,node4,prevstud,Grey,Previous studies,,,
database_results,node7,box2,Databases,Databases,,,36
database_specific_results,node7,box2,Each,Databases,,,"Index, 24; Other, 12"
records_screened,node9,box5,Screened,Records screened,,,30
records_excluded,node10,box5,Excluded,Records excluded,,,24
"""
PAPERS = """Author;Year;Title;Themes;N
Ash, A.;2020;A study of gardens;Access; 12
Elm, B. and Oak, C.;2021;"Another; study";Access, Outcomes;7
"""
MATRIX = b"""regions,title
"Wales; Fife","Services, there"
Fife,Services in Fife
"""
EXPORT = "review_7_excluded_csv_1.csv"
RAYYAN = b"""key,title,authors,year,notes
rayyan-1,A study,"Ash, A",2020,"RAYYAN-INCLUSION: {""A""=>""Included"", ""B""=>""Maybe""}"
rayyan-2,Ponds,"Elm, B",2021,"RAYYAN-INCLUSION: {""A""=>""Excluded""} | RAYYAN-LABELS: x,y"
"""
COVIDENCE = b"""Title,Authors,Published Year,Covidence #,Study,Notes,Tags
A study of gardens,"Ash, A",2020,#12,Ash 2020,Exclusion reason: Wrong topic; ,Ongoing study
Ponds,"Elm, B",2021,#13,Elm 2021,,
"""
ASREVIEW = b"""title,authors,year,asreview_label,asreview_time,asreview_user_name
A study of gardens,"Ash, A",2020,1,2025-09-07T11:00:00Z,ann
Ponds,"Elm, B",2021,,,
"""
OWN_DECISIONS = b"""DOI,Reviewer 1,Reviewer 2,Consensus
10.1000/xyz1,yes,no,yes
10.1000/xyz2,Exclude - wrong topic,no,no
"""
EPPI = b"""{"CodeSets": [{"SetName": "Screening on full text",
"SetType": {"SetTypeName": "Screening"},
"Attributes": {"AttributesList": [{"AttributeId": 1, "AttributeName": "EXCLUDE on topic",
"AttributeType": "Exclude"}]}}], "References": [{"ItemId": 4, "Title": "Ponds", "Year": "2021",
"Codes": [{"AttributeId": 1}]}]}"""
LUA_EXTENSION = b"""title: Own
author: A
version: 1.0.0
contributes:
  filters:
    - own.lua
    - {path: other.lua, at: pre-quarto}
"""
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A</title>
<style>.a { fill: url(#b) }</style><rect class="a" style="fill: red" width="9" height="9"/>
<use href="#c"/><!-- note --><text x="1">B &amp; C</text></svg>
"""
HEAD = b"""---
title: Start
author: [{name: A}]
execute: {echo: false}
format: {html: {toc: true}}
---

Text.
"""
BOOK = b"""project:
  type: book
book:
  title: A book
  chapters:
    - index.qmd
    - part: Methods
      chapters: [parts/search.qmd, {text: More, href: more.md}]
  appendices: [own.qmd]
bibliography: references.bib
format: {html: {toc: true, css: own.css}, pdf: default}
"""
VERSIONS = b"""[{"version": "1.0", "date": "2026-01-31", "commit": "ab12",
"editions": {"report": "report", "summary": "summary"}, "digest": "cd34"}]
"""
WORD = (ROOT / "_extensions/reviewpress/docx/reference.docx").read_bytes()
YAML = (spoil_yaml, spoil_yaml, spoil_bytes, spoil_lines)
TEXT = (spoil_bytes, spoil_lines)
CSV = (spoil_bytes, spoil_lines, rewrite)


def spoil_part(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Spoil the styles of a Word file, or the file itself."""
    if chance.random() < 0.3:
        return spoil_bytes(content, chance, most)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, spoil_bytes(part, chance, most) if "styles" in name else part)
    return made.getvalue()


def _read_screening(root: Path) -> object:
    review = load(root)
    content = (root / "data/screening.csv").read_bytes()
    with suppress(UnicodeDecodeError, ReportError):
        text = content.decode("utf-8-sig")
        assert "".join(raw for raw, _ in split_segments(text, "a")) == text
    return [*check_flow(review.flow), *check_screening(review)]


def _read_forms(root: Path) -> object:
    return check_forms(read_forms([root / "data/forms/a.yml"], root))


def _read_original(root: Path) -> object:
    """Read a book of Quarto, and the file as if it were the beginning of a chapter."""
    text = (root / "book/_quarto.yml").read_bytes().decode("utf-8", "replace")
    for name in ("index.qmd", "parts/search.qmd", "more.md", "own.qmd"):
        (root / "book" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "book" / name).write_text("# A title\n", encoding="utf-8")
    return find_original(root / "book"), front_matter(f"---\n{text}\n---\n")


def _read_decisions(root: Path) -> object:
    return read_decision_file(root / EXPORT, Asked())


def _add_files_of_a_review() -> None:
    """Add a reader for each kind of file that stands in a review's folders."""
    for name, file, seeds, read, modules, spoil in (
        ("acknowledged", "data/acknowledged.yml", [(ROOT / "data/acknowledged.yml").read_bytes()],
         lambda root: apply_acknowledgements(load_config(root), []),
         ("checks/acknowledgements.py",), YAML),
        ("checklists", "data/checklists.yml", [(ROOT / "data/checklists.yml").read_bytes()],
         load_checklists, ("checklists/__init__.py",), YAML),
        ("form", "data/forms/a.yml",
         [path.read_bytes() for path in (ROOT / "data/forms").glob("*.yml")], _read_forms,
         ("evidence/appraisal/forms.py", "evidence/appraisal/routes.py"), YAML),
        ("screening", "data/screening.csv", [SCREENING], _read_screening,
         ("evidence/screening.py", "evidence/decisions.py", "evidence/versions.py"), CSV),
        ("studies", "data/studies.csv", [b"study,papers,country\nTrial,1; 2,Wales\n"],
         lambda root: list(read_studies(load(root))), ("evidence/studies.py",), CSV),
        ("extraction", "data/extraction.csv",
         [b"paper,item,value,extractor\n1,n,20,AB\n1,n,21,CD\n1,n,20,agreed\n"],
         lambda root: list(check_extraction(load(root))), ("evidence/agreement.py",), CSV),
        ("import-log", "data/imports.csv", [LOG], read_log, ("evidence/import_log.py",), CSV),
        ("pairs", "data/duplicates.csv",
         [b"record,other,decision,note\na,b,same,\none.ris#2,a,different,x\n"],
         lambda root: list(check_pair_decisions(root, [], ["a", "b"])),
         ("evidence/duplicates.py",), CSV),
        ("matrix", "areas.csv", [MATRIX],
         lambda root: read_matrix(load_config(root), root / "areas.csv"),
         ("matrix/rows.py",), CSV),
        ("own-table", "own.csv", [PAPERS.encode(), PAPERS.replace(";", ",").encode()],
         lambda root: read_papers(root / "own.csv"), ("imports/own_table.py",), CSV),
        ("parameters", "params.yml", [b"region: Wales\nyears: [2001, 2002]\n"],
         lambda root: read_parameters(["a:1"], root / "params.yml"),
         ("cli/parameters.py",), YAML),
        ("citation-style", "own.csl",
         [(ROOT / "_extensions/reviewpress/csl/reviewpress.csl").read_bytes()],
         lambda root: wrong_style(root / "own.csl", root), ("config/citation_style.py",), TEXT),
        ("font", "own.ttf",
         [(ROOT / "_extensions/reviewpress/fonts/ReviewSans-Bold.ttf").read_bytes(),
          (ROOT / "_extensions/reviewpress/fonts/ReviewSans-Bold.woff2").read_bytes()],
         lambda root: families_of(root / "own.ttf", "own.ttf", Place("_brand.yml")),
         ("fonts.py",), (spoil_bytes,)),
    ):  # fmt: skip
        add_reader(name, Reader(seeds, _in_review(file, read), modules, spoil))


_add_files_of_a_review()
add_reader("labels", Reader(
    [b"crossref-tbl-title: Tabelle\nvariant: '{title} ({values})'\n"],
    _in_review("own.yml", load_config, {"_quarto.yml": "\nlanguage: own.yml\n"}),
    ("labels.py",), YAML,
))  # fmt: skip
add_reader("filters", Reader(
    [LUA_EXTENSION],
    _in_review(
        "_extensions/own/_extension.yml", lambda root: list_filters(load_config(root), "html"),
        {"_quarto.yml": "\nfilters: [own]\n"},
    ),
    ("config/filters.py",), YAML,
))  # fmt: skip
add_reader("flow", Reader(
    [FLOW], lambda content: check_flow(parse_flow(content, "flow.csv")), ("evidence/flow.py",), CSV,
))  # fmt: skip
add_reader("decisions", Reader(
    [RAYYAN, EPPI, OWN_DECISIONS, COVIDENCE, ASREVIEW, SCREENING],
    _in_review(EXPORT, _read_decisions),
    ("imports/decision_files.py", "imports/decision_tables.py", "imports/decision_words.py",
     "imports/rayyan.py", "imports/asreview.py", "imports/eppi.py", "imports/ballots.py"),
    (spoil_bytes, spoil_lines, rewrite, spoil_json),
))  # fmt: skip
add_reader("front-matter", Reader(
    [HEAD], lambda content: read_front_matter(content.decode("utf-8", "replace"), "a.qmd"),
    ("assemble/front_matter.py",), TEXT,
))  # fmt: skip
add_reader("drawing", Reader(
    [DRAWING], lambda content: list(check_svg(content, "a.svg")), ("svg.py",), TEXT,
))  # fmt: skip
add_reader("styles", Reader(
    [(ROOT / "_extensions/reviewpress/html/reviewpress.css").read_bytes(),
     b"@import 'a.css';\na { background: url( b.png?x#y ) } /* url(c) */\n"],
    lambda content: list(style_addresses(content.decode("utf-8", "replace"))),
    ("config/page_files.py",), TEXT,
))  # fmt: skip
add_reader("word-reference", Reader(
    [WORD], lambda content: complete_reference(content, "own.docx", WORD),
    ("formats/word_reference.py", "formats/word_parts.py"), (spoil_part,),
))  # fmt: skip
add_reader("other-file", Reader(
    [WORD, DRAWING, FLOW, SCREENING, b"%PDF-1.7\n", b"<!doctype html><html><body>Log in"],
    lambda content: parse_records(content, "export.txt"), ("imports/file_kinds.py",), TEXT,
))  # fmt: skip
add_reader("adopted", Reader(
    [BOOK], _in_review("book/_quarto.yml", _read_original), ("adopt/original.py",), YAML,
))  # fmt: skip
add_reader("frozen", Reader(
    [(SEEDS / "frozen.json").read_bytes()],
    _in_review(
        "_freeze/own/execute-results/html.json",
        lambda root: frozen_text(root, "own.qmd", "Words."), {"own.qmd": "Words."},
    ),
    ("adopt/frozen.py",), (spoil_json, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("strategy", Reader(
    [b"1. exp Gardening/  1,234\n2. (ponds or towns).ti.  87\n", b"S2 S1 AND ponds (3)\nS1 TI a"],
    lambda content: read_lines(content.decode("utf-8", "replace"), {"1": 4}),
    ("evidence/strategy_lines.py",), TEXT,
))  # fmt: skip
add_reader("asked-table", Reader(
    [FLOW, PAPERS.encode()],
    _in_review(
        "data/own.csv", lambda root: find_cell(load_config(root), "data/own.csv:row 2:data"),
    ),
    ("data_cells.py",), CSV,
))  # fmt: skip
add_reader("versions", Reader(
    [VERSIONS], _in_review(f"{PUBLISHED}/{LIST}", kept_versions), ("kept_versions.py",),
    (spoil_json, spoil_bytes, spoil_lines),
))  # fmt: skip
add_reader("edition", Reader(
    [(SEEDS / "edition.json").read_bytes()], _in_review(EDITION, read_edition), ("edition.py",),
    (spoil_json, spoil_bytes, spoil_lines),
))  # fmt: skip
