"""What changed between two editions: ten known changes, and what is said of each.

The review is the minimal one with a figure, three values and a second chapter of prose. Each case
changes one thing, and names everything that may be said of it: no line may be missing, none more.
"""

import base64
import json
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reviewpress.comparison.changes import compare_editions
from reviewpress.comparison.lines import change_lines
from reviewpress.comparison.page import changes_by_page, write_page
from reviewpress.comparison.phrases import Phrase, terminal_labels
from reviewpress.comparison.word_file import track_changes
from reviewpress.comparison.wording import compare_words, same_number, with_names
from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.edition import EditionRecord, read_edition
from reviewpress.errors import ConfigError, SetupError
from reviewpress.formats.edition_record import record_edition, write_edition_record
from reviewpress.formats.word_parts import WordFile, find_all, qualified
from reviewpress.labels import load_language
from reviewpress.pipeline import prepare
from reviewpress.preview.state import PreviewState
from reviewpress.programs.tools import run_pandoc
from reviewpress.store.temporary_files import temporary_folder

Project = Callable[..., Path]

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MINIMAL = Path(__file__).resolve().parent / "projects" / "minimal"
CODE = """import reviewpress
from reviewpress import words

review = reviewpress.load(regions=regions)
box = review.section("Outcomes")"""
PROSE = """## What was found {#sec-findings-what}

`{python} words(box.papers, "paper")` speak of outcomes, and `{python} box.grey` of them are grey
literature, `{python} f"{100 * box.grey / box.papers:.0f} %"` of all. [Joined services helped
[@known2020; @other2021].]{.finding of="outcomes-01"} The method is that of @method2018.
@tbl-papers lists them, and @fig-kinds counts them.

::: {.key-message}
[Joined services helped [@known2020; @other2021].]{.finding of="outcomes-01"}
:::

Nobody asked what children think of it.

A last remark on how papers were chosen for this review of joined services."""
TABLE = """table = review.papers[["source_type"]].reset_index()
review.table(table, id="tbl-papers", caption="The papers")"""
FIGURE = """import matplotlib.pyplot as plt
import pandas as pd

counts = pd.DataFrame({"Kind": ["grey", "peer reviewed"], "Papers": [box.grey, box.peer_reviewed]})
fig, axes = plt.subplots(figsize=(4, 2))
axes.barh(counts["Kind"], counts["Papers"], color="#14508c")
review.figure(fig, id="fig-kinds", title="Kinds of paper", subtitle="Number of papers",
              alt=f"{box.grey} grey and {box.peer_reviewed} peer reviewed.", data=counts)"""
MORE = """# More to read {#sec-more}

## Where it began {#sec-more-began}

Joined services began in two cities, and spread from there.

## Where it went {#sec-more-went}

They were found in 14 places by then.

| Place | Year |
| ----- | ---- |
| Ayr   | 1999 |
| Perth | 2004 |

: Where and when {#tbl-places}
"""
TOP = "# Findings {#sec-findings}\n\nWhat the papers found."
CHAPTERS = "    - index.qmd\n    - chapters/findings.ipynb\n"
REPORT = (
    "project:\n  output-dir: _output/report\nbook:\n  chapters:\n"
    f"{CHAPTERS}    - chapters/more.qmd\n    - chapters/references.qmd\n"
    "format:\n  reviewpress-html: default\n"
)
NOTEBOOK = "chapters/findings.ipynb"


def notebook(*cells: tuple[str, str]) -> str:
    """Return a notebook of cells, each its kind and its text; the second takes parameters."""
    made = []
    for number, (kind, text) in enumerate(cells):
        tags = {"tags": ["parameters"]} if text.startswith("regions") else {}
        cell = {"cell_type": kind, "id": f"c{number}", "metadata": tags, "source": text}
        made.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": made, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5})


FILES = {
    "_quarto-report.yml": REPORT,
    "chapters/more.qmd": MORE,
    NOTEBOOK: notebook(
        ("markdown", TOP), ("code", "regions = []"), ("code", CODE), ("markdown", PROSE),
        ("code", TABLE), ("code", FIGURE),
    ),
}  # fmt: skip


def record_of(root: Path) -> EditionRecord:
    """Return the record of a review's report as its sources make it now."""
    return record_edition(prepare(load_config(root), progress=PlainDisplay()).manuscript)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, EditionRecord]:
    """The review as it was published, with the runs that it left."""
    root = tmp_path_factory.mktemp("before") / "review"
    shutil.copytree(MINIMAL, root)
    for path, text in FILES.items():
        (root / path).write_text(text, encoding="utf-8")
    return root, record_of(root)


@pytest.fixture
def review(before: tuple[Path, EditionRecord], tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    shutil.copytree(before[0], tmp_path / "review")
    return tmp_path / "review"


def change(root: Path, file: str, old: str, new: str) -> None:
    """Change one place of one file."""
    text = (root / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old, text.count(old))
    (root / file).write_text(text.replace(old, new), encoding="utf-8")


def in_notebook(old: str, new: str) -> tuple[str, str, str]:
    """Return a change of the notebook's text."""
    return NOTEBOOK, json.dumps(old)[1:-1], json.dumps(new)[1:-1]


DATA = "because of the column source_type of data/papers.csv"
TEN: Mapping[str, tuple[list[tuple[str, str, str]], list[str]]] = {
    "nothing": ([], ["Nothing has changed."]),
    "a cell": (
        [("data/papers.csv", "Grey literature", "Peer reviewed")],
        [
            "Numbers (2)",
            rf"chapters/findings.html: 1 → 0 \({DATA}\): .*",
            rf"chapters/findings.html: 50 % → 0 % \({DATA}\): .*",
            "Figures and tables (2)",
            rf"tbl-papers: different data \({DATA}\)",
            rf"fig-kinds: different text alternative, data \({DATA}\)",
        ],
    ),
    "a word": (
        [in_notebook("speak of outcomes", "tell of outcomes")],
        ["Text (1)", r"chapters/findings.html, paragraph changed: .*\[-speak-\]\{\+tell\+\}.*"],
    ),
    "a figure's code": (
        [in_notebook("#14508c", "#8a1f11")],
        [
            "Figures and tables (1)",
            r"fig-kinds: different drawing \(because of the code of fig-kinds\)",
        ],
    ),
    "a figure's code and a cell": (
        [in_notebook("#14508c", "#8a1f11"),
         ("data/papers.csv", "Grey literature", "Peer reviewed")],
        [
            "Numbers (2)",
            rf"chapters/findings.html: 1 → 0 \({DATA}\): .*",
            rf"chapters/findings.html: 50 % → 0 % \({DATA}\): .*",
            "Figures and tables (2)",
            rf"tbl-papers: different data \({DATA}\)",
            r"fig-kinds: different text alternative, data \(because of the code of fig-kinds or "
            r"the column source_type of data/papers.csv\)",
        ],
    ),
    "the version": (
        [("_quarto.yml", "reviewpress:\n", 'reviewpress:\n  version: "2"\n'),
         ("data/papers.csv", "Grey literature", "Peer reviewed")],
        [
            "About the edition (1)",
            "version: none → 2",
            "Numbers (2)",
            rf"chapters/findings.html: 1 → 0 \({DATA}\): .*",
            rf"chapters/findings.html: 50 % → 0 % \({DATA}\): .*",
            "Figures and tables (2)",
            rf"tbl-papers: different data \({DATA}\)",
            rf"fig-kinds: different text alternative, data \({DATA}\)",
        ],
    ),
    "a citation": (
        [in_notebook("that of @method2018", "that of an earlier study")],
        [
            "Papers (1)",
            r"not cited any more: .* \(method2018\)",
            "Text (2)",
            r"chapters/findings.html, paragraph changed: .*",
            "chapters/references.html, heading gone: Additional references",
        ],
    ),
    "a paper": (
        [
            ("data/papers.csv", "2,other2021,Grey literature,Europe; Oceania,Outcomes\n",
             "2,other2021,Grey literature,Europe; Oceania,Outcomes\n"
             "3,third2022,Peer reviewed,Scotland,\n"),
            ("bib/references.bib", "@report{other2021",
             "@article{third2022,\n  author = {Third, Eve},\n  title = {A third},\n"
             "  journal = {Journal of Tests},\n  year = {2022},\n  code = {3},\n}\n\n"
             "@report{other2021"),
        ],
        [
            "Numbers (1)",
            r"chapters/findings.html: 2 → 3 \(because of .*the data of data/papers.csv.*\): .*",
            "Papers (1)",
            r"in: 3, Third \(2022\) \(third2022\)",
            "Figures and tables (1)",
            r"tbl-papers: different data \(because of .*data/papers.csv.*\)",
            "Text (1)",
            r"chapters/findings.html, paragraph changed \(because of .*\): Source: .*",
        ],
    ),
    "a heading": (
        [("chapters/more.qmd", "## Where it went", "## How it spread")],
        ["Text (1)",
         r"chapters/more.html, heading changed: \[-Where-\]\{\+How\+\} it .*"],
    ),
    "a table": (
        [("chapters/more.qmd", "| Perth | 2004 |", "| Perth | 2005 |")],
        ["Figures and tables (1)", r"tbl-places: different data \(because of the text\)"],
    ),
    "a value's format": (
        [in_notebook(":.0f} %", ":.1f}%")],
        [
            "Numbers (1)",
            r"chapters/findings.html: 50 % → 50.0%, the same number written differently "
            r"\(because of its expression, which was `.*`\): .*",
        ],
    ),
    "an order": (
        [("_quarto-report.yml", CHAPTERS + "    - chapters/more.qmd\n",
          "    - index.qmd\n    - chapters/more.qmd\n    - chapters/findings.ipynb\n")],
        ["Chapters (1)", r"“(More to read|Findings)”: moved \(chapters/(more|findings).html\)"],
    ),
    "a number that was typed": (
        [("chapters/more.qmd", "in 14 places", "in 15 places")],
        [
            "Numbers (1)",
            r"chapters/more.html: 14 → 15 \(because of the text\): .*",
            "Text (1)",
            r"chapters/more.html, paragraph changed: .*\[-14-\]\{\+15\+\}.*",
        ],
    ),
    "a paragraph elsewhere": (
        [
            in_notebook("Nobody asked what children think of it.\n\n", ""),
            ("chapters/more.qmd", "They were found",
             "Nobody asked what children think of it.\n\nThey were found"),
        ],
        ["Text (1)", r"chapters/more.html, paragraph moved: Nobody asked what children .*"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TEN)
def test_what_is_said_is_what_changed(
    case: str, before: tuple[Path, EditionRecord], review: Path
) -> None:
    """Nothing is missed, nothing is invented: each line is expected, and each expected is there."""
    done, expected = TEN[case]
    for file, old, new in done:
        change(review, file, old, new)
    said = [line.strip() for line in change_lines(compare_editions(before[1], record_of(review)))]
    for line, pattern in zip(said, expected, strict=False):
        wanted = (
            pattern if pattern.endswith(")") and re.match(r"\w+[\w ]* \(\d+\)$", pattern) else ""
        )
        assert line == wanted or re.fullmatch(pattern, line), "\n".join(said)
    assert len(said) == len(expected), "\n".join(said)


def test_a_record_is_the_same_in_another_folder(
    before: tuple[Path, EditionRecord], review: Path
) -> None:
    """It names no place on the machine, and holds nothing of one."""
    assert record_of(review) == before[1]


def test_a_record_comes_back_as_it_was_written(
    before: tuple[Path, EditionRecord], tmp_path: Path
) -> None:
    """What is empty is left out of the file, and is empty again when it is read."""
    manuscript = prepare(load_config(before[0]), progress=PlainDisplay()).manuscript
    write_edition_record(manuscript, tmp_path)
    assert read_edition(tmp_path) == before[1]
    assert str(before[0]) not in (tmp_path / "edition.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is not there"),
        ("{", "could not be read"),
        ('{"format": 1}', "could not be read"),
        ("[1]", "could not be read"),
        ('{"format": 999}', "is of a later version of Reviewpress"),
    ],
)
def test_a_file_that_is_no_record_is_named(content: str | None, words: str, tmp_path: Path) -> None:
    """The message says which file, and what to do."""
    if content is not None:
        (tmp_path / "edition.json").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as raised:
        read_edition(tmp_path, "published/1.0/report")
    assert str(raised.value.where) == "published/1.0/report/edition.json"
    assert raised.value.hint


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("one two three", "one two three", ["= one two three"]),
        ("", "new words", ["+ new words"]),
        ("in 34 papers", "in 36 papers", ["= in ", "- 34", "+ 36", "=  papers"]),
        ("a (b) c", "a [b] c", ["= a ", "- (", "+ [", "= b", "- )", "+ ]", "=  c"]),
        ("see [@a2020].", "see [@a2021].", ["= see [", "- @a2020", "+ @a2021", "= ]."]),
        ("日本の都市", "日本の町", ["- 日本の都市", "+ 日本の町"]),
    ],
)
def test_words_are_compared_whole(old: str, new: str, expected: list[str]) -> None:
    """What is gone comes before what is new; together they give both texts."""
    pieces = compare_words(old, new)
    signs = {"same": "=", "gone": "-", "new": "+"}
    assert [f"{signs[each.kind]} {each.text}" for each in pieces] == expected
    assert "".join(each.text for each in pieces if each.kind != "new") == old
    assert "".join(each.text for each in pieces if each.kind != "gone") == new


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [("1,200", "1200", True), ("1 200", "1200", True), ("3.5", "3.50", True), ("3.5", "35", False),
     ("12 of 34", "12 (of 34)", True), ("three", "four", False)],
)  # fmt: skip
def test_a_number_written_differently_is_the_same(old: str, new: str, same: bool) -> None:
    """The digits count, not how they are grouped or how many follow the point."""
    assert same_number(old, new) is same


def test_references_are_read_by_their_names() -> None:
    """A citation and a cross-reference are the words that readers see; others stay."""
    names = {"fig-a": "Figure 2.1", "known2020": "[1]", "more2019": "More 2019"}
    text = "As @fig-a shows [@known2020; @more2019], write to ann@example.org."
    assert with_names(text, names) == (
        "As Figure 2.1 shows [[1]; More 2019], write to ann@example.org."
    )


def test_a_renamed_chapter_is_one_at_another_address(
    before: tuple[Path, EditionRecord], review: Path
) -> None:
    """Its text is compared as that of one chapter: nothing of it is new or gone."""
    (review / "chapters/more.qmd").rename(review / "chapters/reading.qmd")
    change(review, "_quarto-report.yml", "chapters/more.qmd", "chapters/reading.qmd")
    said = [line.strip() for line in change_lines(compare_editions(before[1], record_of(review)))]
    assert said == [
        "Chapters (1)",
        "“More to read”: at another address (chapters/more.html → chapters/reading.html)",
    ]


def test_the_page_shows_pictures_side_by_side_and_repeats_all(
    before: tuple[Path, EditionRecord], review: Path, tmp_path: Path
) -> None:
    """Each line of the terminal has its counterpart; pictures are copied beside the page."""
    root, old = before
    pictures = dict(prepare(load_config(root), progress=PlainDisplay()).manuscript.figures)
    change(review, *in_notebook("speak of outcomes", "tell <b>of</b> outcomes"))
    change(review, *in_notebook("#14508c", "#8a1f11"))
    manuscript = prepare(load_config(review), progress=PlainDisplay()).manuscript
    changes = compare_editions(old, record_edition(manuscript))
    files = write_page(
        changes, (Phrase("version-in-line", "1.0"), Phrase("diff-now")),
        (pictures, manuscript.figures), tmp_path / "c.html", labels=terminal_labels(),
    )  # fmt: skip
    names = {path.relative_to(tmp_path).as_posix() for path in files}
    assert names == {
        "c.html", "c_files/page.css", "c_files/before-fig-kinds.svg", "c_files/after-fig-kinds.svg"
    }  # fmt: skip
    text = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert "<del>speak</del><ins>tell</ins>" in text
    assert 'alt="1 grey and 1 peer reviewed."' in text
    assert str(root) not in text


ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|was|with|new|removed|changed|moved|because|before|papers?|number|chapters)\b"
    r"|\[added|\[removed", re.IGNORECASE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "said"),
    [("fr", "ce qui a changé"), ("de", "was sich"), ("es", "qué ha cambiado"),
     ("pt", "o que mudou"), ("cy", "beth sydd wedi newid")],
)  # fmt: skip
def test_the_page_is_in_the_language_of_the_edition(
    lang: str, said: str, before: tuple[Path, EditionRecord], tmp_path: Path
) -> None:
    """Headings, kinds of change, causes and what is read out before a change: none is English."""
    old = before[1]
    pages = [replace(page, title="", reads={"data/papers.csv": "other"}, code=("other",),
                     blocks=page.blocks[::-1]) for page in old.pages]  # fmt: skip
    floats = [replace(each, rows=("A",), alt="A", caption="A", files={}) for each in old.floats]
    later = replace(
        old, lang=lang, version="2", date="2026-11-02", title="", subtitle="S", errata=("A",),
        pages=tuple(pages[:-1]), floats=tuple(floats), papers=old.papers[:1], references=(),
        statements=tuple(replace(each, text="A", papers=()) for each in old.statements),
    )  # fmt: skip
    changes = compare_editions(replace(old, title="", floats=old.floats), later)
    kinds = {name for name in ("facts", "pages", "statements", "papers_out", "floats", "texts")
             if getattr(changes, name)}  # fmt: skip
    assert len(kinds) == 6, kinds
    names = (Phrase("version-in-line", "1.0"), Phrase("diff-commit", "abc"))
    labels = load_language(lang)
    write_page(changes, names, ({}, {}), tmp_path / "c.html", labels=labels)
    text = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert f'<html lang="{lang}">' in text
    assert said in text
    # What the review says is in its own language, here English.
    own = " ".join(block.text for page in old.pages for block in page.blocks)
    own += " ".join(each.name for each in old.papers) + " ".join(map(repr, old.statements))
    furniture = re.sub(r"<(ins|del)>.*?</\1>", "", text)
    for line in re.findall(r"<(?:h1|h2|caption|th|figcaption|p class)[^>]*>([^<]+)", furniture):
        found = ENGLISH_WORDS.search(line)
        assert not found or found[0] in own, line
    style = (tmp_path / "c_files/page.css").read_text(encoding="utf-8")
    assert not ENGLISH_WORDS.search(re.sub(r"(?m)::before.*?content", "", style).split("font")[-1])
    assert f"[{labels['diff-ins']}: " in style


@pytest.mark.parametrize(("lang", "mirrored"), [("ar", True), ("he-IL", True), ("fr", False)])
def test_the_page_runs_as_its_language_does(
    lang: str, mirrored: bool, before: tuple[Path, EditionRecord], tmp_path: Path
) -> None:
    """A language that is written from the right has its page so."""
    changes = compare_editions(before[1], before[1])
    names = (Phrase("", "one"), Phrase("", "two"))
    write_page(changes, names, ({}, {}), tmp_path / "c.html", labels=load_language(lang))
    assert ('dir="rtl"' in (tmp_path / "c.html").read_text(encoding="utf-8")) is mirrored


def test_another_version_or_title_is_said(before: tuple[Path, EditionRecord]) -> None:
    """What an edition says of itself is compared, too."""
    later = replace(before[1], version="1.1", errata=("“Most” is “half” now.",))
    said = [line.strip() for line in change_lines(compare_editions(before[1], later))]
    assert said == [
        "About the edition (2)", "version: none → 1.1", "corrections: none → “Most” is “half” now.",
    ]  # fmt: skip


def test_a_preview_tells_what_changed_on_a_page_since_the_last_version(
    before: tuple[Path, EditionRecord], review: Path, tmp_path: Path
) -> None:
    """Each page that changed has its own list; a text that looks like HTML is text."""
    change(review, *in_notebook("speak of outcomes", "tell <i>of</i> outcomes"))
    change(review, "chapters/more.qmd", "in 14 places", "in 15 places")
    told = changes_by_page(compare_editions(before[1], record_of(review)), terminal_labels())
    assert set(told) == {"chapters/findings.html", "chapters/more.html"}
    assert "<del>14</del> <ins>15</ins>, because of the text" in told["chapters/more.html"]
    assert "<del>speak</del><ins>tell</ins>" in told["chapters/findings.html"]
    state = PreviewState(tmp_path)
    state.compared("1.0", told)
    serial = state.shown.serial
    state.compared("1.0", dict(told))
    assert state.shown.serial == serial, "nothing new was said"


DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
"""A picture of one dot."""


class NoRedlines:
    """Stands in for python-redlines: gives the later file back, and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def run_redline(self, author_tag: str, original: bytes, modified: bytes, **options: object
                    ) -> tuple[bytes, None, None]:  # fmt: skip
        self.given = [original, modified]
        return modified, None, None


def word_file(links: int, title: str) -> bytes:
    """Return a Word file as pandoc numbers one: pictures count on from the links before them."""
    text = "".join(f"[word {n}](https://example.org/{n})\n\n" for n in range(links))
    with temporary_folder() as folder:
        (folder / "a.png").write_bytes(base64.b64decode(DOT))
        source = f"# {title}\n\n{text}![One](a.png)\n"
        arguments = ["--from=markdown", "--to=docx", "--toc", "--output=a.docx"]
        run_pandoc(arguments, source, folder=folder)
        return (folder / "a.docx").read_bytes()


def test_word_files_are_compared_without_what_nobody_changed() -> None:
    """The contents are those of the later file, and pictures have numbers of their own."""
    engine = NoRedlines()
    track_changes(word_file(1, "Old"), word_file(3, "New"), "2026-01-31", find=lambda: engine)
    old, new = (WordFile(content).tree("word/document.xml") for content in engine.given)
    lists, pictures = "w:body/w:sdt", f".//{{{DRAWING}}}docPr"
    texts = [["".join(each.itertext()) for each in find_all(tree, lists)] for tree in (old, new)]
    assert texts[0] == texts[1] != []
    assert [e.get("id") for e in old.iterfind(pictures)] == [
        e.get("id") for e in new.iterfind(pictures)
    ]


def test_word_files_get_tracked_changes() -> None:
    """Each change is a revision of that day; the same files give the same bytes."""
    files = word_file(1, "Where it went"), word_file(1, "Where it goes")
    made = track_changes(*files, "2026-01-31")
    assert made == track_changes(*files, "2026-01-31")
    document = WordFile(made).tree("word/document.xml")
    said = {
        tag: "".join("".join(each.itertext()) for each in find_all(document, f".//w:{tag}"))
        for tag in ("ins", "del")
    }
    assert ("goes" in said["ins"], "went" in said["del"]) == (True, True)
    dates = {e.get(qualified("w:date")) for e in find_all(document, ".//w:ins")}
    assert dates == {"2026-01-31T00:00:00Z"}


def test_without_the_extra_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback of another package."""
    monkeypatch.setitem(sys.modules, "python_redlines", None)
    with pytest.raises(SetupError) as raised:
        track_changes(b"", b"", "")
    assert 'pip install "reviewpress[office]"' in raised.value.hint
