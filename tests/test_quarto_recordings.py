"""The extension's filters on what the real Quarto handed over, and what it made of their answers.

`tests/quarto_recordings/` was written by `scripts/record_quarto.py` where Quarto was installed;
each `run.json` says when, and with which version. `tests/fake_quarto/play.lua` runs the filters.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from compare_pdf import read_pdf
from playing import play
from quarto_cases import EXTENSION, RECORDINGS, REPOSITORY, lay_out, load_cases, state_of
from reading import Page

from reviewpress.quarto.hooks import pre_render

CASES = load_cases()
EXTENSION_FOLDER = REPOSITORY / EXTENSION
RUNS = sorted(file.parent for file in RECORDINGS.glob("*/*/run.json"))
FIRST = ("small-review", "new-review", "flagship-shape", "foreign-book", "constructs")
HANDED = [
    handed
    for case in FIRST
    for handed in sorted((RECORDINGS / case / "first").glob("*.handed.json"))
]


def name_of(path: Path) -> str:
    """Return a recording's name for the list of tests."""
    return path.relative_to(RECORDINGS).as_posix().removesuffix(".handed.json")


def said(run: Path) -> Mapping[str, Any]:
    """Return what is known of a run."""
    known: Mapping[str, Any] = json.loads((run / "run.json").read_text())
    return known


def nodes(tree: Any, kind: str) -> Iterator[Any]:
    """Yield the nodes of a kind in a tree."""
    if isinstance(tree, dict):
        if tree.get("t") == kind:
            yield tree
        for value in tree.values():
            yield from nodes(value, kind)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value, kind)


def test_there_are_recordings_of_each_case() -> None:
    """Each run that is listed was recorded as it is listed, with its date."""
    listed = {(case.name, run.name): run for case in CASES.values() for run in case.runs}
    assert {run.parts[-2:] for run in RUNS} == set(listed)
    for run in RUNS:
        known = said(run)
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", known["date"])
        assert known["command"] == list(listed[run.parts[-2:]].command), name_of(run)
        assert known["environment"] == listed[run.parts[-2:]].environment, name_of(run)


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The recorded projects, the reviews handed over by our hook in the recorded environment."""
    folder = tmp_path_factory.mktemp("projects")
    made = {}
    for name in FIRST:
        root = made[name] = folder / name / "project"
        root.parent.mkdir()
        lay_out(CASES[name], root)
        if name == "flagship-shape":
            runs = Path(".reviewpress") / "runs"
            shutil.copytree(made["new-review"] / runs, root / runs)
        for call in said(RECORDINGS / name / "first")["calls"][:1]:
            before = call["environment"]
            given = {k: v.replace("{project}", str(root)) for k, v in before.items()}
            assert pre_render(given, lambda: ()) == 0
    return made


@pytest.mark.parametrize("name", FIRST)
def test_projects_are_as_quarto_saw_them(name: str, projects: dict[str, Path]) -> None:
    """What was recorded is known of these files alone: record again where they change."""
    recorded = said(RECORDINGS / name / "first")["state"]
    assert state_of(projects[name]) == recorded, "run scripts/record_quarto.py where Quarto is"


@pytest.mark.parametrize("handed", HANDED, ids=name_of)
def test_filters_answer_as_when_quarto_was_seen(handed: Path, projects: dict[str, Path]) -> None:
    """What Quarto made is known of these answers only: record again where they change."""
    root = projects[handed.parts[-3]]
    answer = play(handed, root).tree
    recorded = handed.with_name(handed.name.replace(".handed.", ".answered."))
    seen = json.loads(recorded.read_text().replace("{project}", root.as_posix()))
    answered, recorded_then = without_runs(answer["blocks"]), without_runs(seen["blocks"])
    assert answered == recorded_then, "run scripts/record_quarto.py where Quarto is"


def without_runs(blocks: list[Any]) -> Any:
    """Return blocks without the names of runs, which are others for each state of the package."""
    return json.loads(re.sub(r"run [0-9a-f]{12}\b", "run", json.dumps(blocks)))


ANSWERS = sorted(RECORDINGS.glob("*/first/*.notebook.answered.json"))


@pytest.mark.parametrize("recorded", ANSWERS, ids=name_of)
def test_the_notebook_filter_answers_as_when_quarto_was_seen(
    recorded: Path, projects: dict[str, Path]
) -> None:
    """The runs that are handed over are those of which Quarto made what was recorded."""
    root = projects[recorded.parts[-3]]
    seen = json.loads(recorded.read_text())
    handed = (root / ".reviewpress" / "quarto" / "report" / "runs").glob("*.ipynb")
    kept = [_read(json.loads(file.read_text())) for file in handed]
    assert _read(seen) in kept, "run scripts/record_quarto.py where Quarto is"


def _read(notebook: dict[str, Any]) -> list[Any]:
    """Return what Quarto reads of a notebook: not ids and counts."""
    keys = ("cell_type", "source", "metadata", "outputs")
    return [[cell.get(key) for key in keys] for cell in notebook["cells"]]


@pytest.mark.parametrize("run", [r for r in RUNS if said(r).get("published")], ids=name_of)
def test_nothing_but_the_edition_is_published(run: Path) -> None:
    """No run store, no sources, and `.gitignore` of a new review as it was (facts 36 and 40)."""
    published = said(run)["published"]
    assert [name for name in published if "/.reviewpress/" in name or name.endswith(".typ")] == []
    if "new-review" in run.parts or "flagship-shape" in run.parts:
        assert said(run)["gitignore"].count("/.quarto/") == 1


def test_a_second_render_executes_nothing() -> None:
    """The first says what it executed, the second that nothing was to be (fact 28)."""
    first, again = (said(RECORDINGS / "small-review" / name) for name in ("first", "again"))
    assert "Executing 1 notebook" in first["hooks-printed"]
    assert "reviewpress: report: executed nothing; 1 unchanged" in again["hooks-printed"]
    assert not any(re.search(r": (running|done)", line) for line in again["hooks-printed"])


def test_hooks_and_notebook_filter_get_what_they_read() -> None:
    """Folder, profile and lists of files stand in the environment (facts 2 and 4)."""
    before, *filters, after = said(RECORDINGS / "new-review" / "first")["calls"]
    chapters = before["environment"]["QUARTO_PROJECT_INPUT_FILES"].splitlines()
    assert before["environment"]["QUARTO_PROJECT_RENDER_ALL"] == "1"
    assert chapters[0] == "index.qmd"
    assert "chapters/methods.ipynb" in chapters
    assert {call["folder"] for call in filters} == {"{project}/chapters"}
    assert {call["given"]["as"] for call in filters} == {"its bytes"}
    assert {call["environment"]["QUARTO_PROFILE"] for call in filters} == {"report"}
    made = after["environment"]["QUARTO_PROJECT_OUTPUT_FILES"].splitlines()
    assert {Path(name).suffix for name in made} == {".html", ".pdf", ".docx"}


def test_a_chapter_without_a_format_makes_all() -> None:
    """In a book with a PDF, the hook is called as for a whole render (fact 42)."""
    run = said(RECORDINGS / "new-review" / "one-chapter")
    assert run["command"] == ["render", "chapters/methods.ipynb"]
    assert run["calls"][0]["environment"]["QUARTO_PROJECT_RENDER_ALL"] == "1"


@pytest.mark.parametrize(
    "handed", [h for h in HANDED if h.name == "book.typst.handed.json"], ids=name_of
)
def test_comments_say_what_begins_in_a_merged_book(handed: Path) -> None:
    """The type of an item stands in a block's comment, not in the one inline (fact 32)."""
    document = json.loads(handed.read_text().splitlines()[1])
    mark = "quarto-file-metadata"
    inline = [n for n in nodes(document["blocks"], "RawInline") if mark in n["c"][1]]
    blocks = [n for n in nodes(document["blocks"], "RawBlock") if mark in n["c"][1]]
    assert inline
    assert blocks


def test_the_style_of_citations_never_reaches_typst() -> None:
    """Typst would refuse its path, and no PDF would be made (fact 31)."""
    texts = [file.read_text() for file in RECORDINGS.glob("*/*/book.made.typ")]
    assert texts
    assert [text for text in texts if "#set bibliography(" in text] == []
    assert [text for text in texts if len(text) < 1000] == []


def test_appendices_are_lettered_in_the_merged_book() -> None:
    """They begin in the Typst source where Quarto's comment says so (fact 32)."""
    text = (RECORDINGS / "flagship-shape" / "first" / "book.made.typ").read_text()
    before, _, after = text.partition("Forms")
    assert "appendi" in before.lower()
    assert "<sec-forms>" in after


def test_pages_have_header_cells_and_captions_without_attributes() -> None:
    """Tables without an id, too, though Quarto's reader leaves the attributes as text (fact 33)."""
    run = RECORDINGS / "flagship-shape" / "first"
    page = (run / "chapters.appendix-table.made.html").read_text()
    assert "row-headers" not in page
    assert page.count('scope="row"') >= 3
    assert "Who read" in page


def test_charts_keep_their_size_and_shape() -> None:
    """A chart stands in the page, in its wide and its narrow form, each with its size (fact 38)."""
    page = Page(RECORDINGS / "small-review" / "first" / "chapters.findings.made.html")
    charts = page.all("//*[@id='fig-types']//svg")
    assert [chart.get("data-file") for chart in charts] == ["fig-types.svg", "fig-types-narrow.svg"]
    for chart in charts:
        assert "figure-img" in chart.get("class").split()
        assert chart.get("width").isdigit()
        assert chart.get("height").isdigit()
    styles = (EXTENSION_FOLDER / "quarto" / "quarto.css").read_text()
    assert re.search(r"main img \{[^}]*height: auto;", styles)


@pytest.mark.parametrize("page", sorted(RECORDINGS.glob("*/*/*.made.html")), ids=name_of)
def test_divisions_of_figures_have_no_alternative_text(page: Path) -> None:
    """It is no valid HTML, and pictures have it; no page links or loads anything remote (39)."""
    made = Page(page)
    narrow = "@rel='preload' and @as='image' and not(contains(@href, ':'))"
    links = f"//link[not({narrow})]"
    assert not made.all(f"//div[@alt] | //img[not(@alt)] | //script | {links} | //iframe")


def test_boxes_do_not_count_and_panels_stand_in_order() -> None:
    """A heading in a box has no number; a figure's panels come before the next figure (45)."""
    made = RECORDINGS / "foreign-book" / "first"
    numbered = Page(made / "soil.made.html").all("//h2[@data-number]")
    titles = {heading.get("data-number"): heading.words() for heading in numbered}
    assert titles["1.2"].endswith("After the box")
    assert not [title for title in titles.values() if "What this rests on" in title]
    typst = (made / "book.made.typ").read_text()
    order = [typst.index(f"<fig-{name}>") for name in ("beds", "north", "south", "grew")]
    assert order == sorted(order)
    said = read_pdf(made / "made.pdf")
    assert [words.strip() for _, words in said["outline"]][-1] == "A Recipes"


@pytest.mark.parametrize("path", sorted(RECORDINGS.glob("*/*/made.pdf")), ids=name_of)
def test_pdfs_of_quarto_meet_the_standards_asked_for(path: Path) -> None:
    """Each says that it meets PDF/UA-1, a review's PDF/A-2a, too: Typst checks both (12, 17)."""
    with pikepdf.open(path) as document:
        metadata: Any = document.Root
        said = metadata.Metadata.read_bytes().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    if path.parts[-3] in ("small-review", "new-review", "flagship-shape"):
        assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in said
