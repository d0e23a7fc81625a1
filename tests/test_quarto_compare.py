"""The comparison of engines, on what both made of the small review, and on small PDFs.

Pages, PDF and Word file of Quarto are those that the real one was seen to make
(`quarto_recordings/small-review`), finished by our engine.
"""

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from reviewpress.config import load_config
from reviewpress.programs.typesetting import Typesetter
from reviewpress.quarto.html_pages import check_pages, read_page

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = Path("chapters") / "findings.html"


@dataclass(frozen=True)
class Outputs:
    """The folders of both engines' editions."""

    embedded: Path
    quarto: Path

    def __iter__(self) -> Iterator[str]:
        """Yield both as the script is given them."""
        yield from (str(self.embedded), str(self.quarto))


@pytest.fixture
def made(small_review: Path, by_quarto: Path) -> Outputs:
    """What both engines made of the small review; not to be changed."""
    return Outputs(small_review / "_output" / "report", by_quarto)


@pytest.fixture
def outputs(tmp_path: Path, made: Outputs) -> Outputs:
    """A copy of both, to change."""
    goal = Outputs(tmp_path / "embedded", tmp_path / "quarto")
    shutil.copytree(made.embedded, goal.embedded)
    shutil.copytree(made.quarto, goal.quarto)
    return goal


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    """The script."""
    path = REPOSITORY / "scripts" / "compare_engines.py"
    spec = importlib.util.spec_from_file_location("compare_engines", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def test_both_engines_say_the_same(
    compare: ModuleType, made: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pages, PDF, Word file and what stands beside them: nothing differs."""
    assert compare.main([*made]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out == (
        "html: 3 files compared, 0 differences\npdf: 1 file compared, 0 differences\n"
        "docx: 1 file compared, 0 differences\nbeside: 0 differences\n"
    )


def test_a_page_of_quarto_is_read_whole(made: Outputs) -> None:
    """Nothing that is compared is empty on Quarto's page: an empty comparison would always pass."""
    page = read_page(made.quarto / PAGE)
    figure = "Figure 1.1: One paper of each kind. Included papers by type of source."
    assert page.headings[:2] == (
        ("sec-findings", "1 Findings"), ("sec-findings-what", "1.1 What was found")
    )  # fmt: skip
    assert page.captions == (("tbl-papers", "Table 1.1: The papers"), ("fig-types", figure))
    assert page.crossrefs == (("tbl-papers", "Table 1.1"), ("fig-types", "Figure 1.1"))
    assert page.citations[:3] == (
        ("known2020", "1"), ("other2021", "2"), ("method2018", "2018")
    )  # fmt: skip
    words = "Bars: one peer-reviewed paper, one of grey literature."
    assert page.alternatives == (("fig-types.svg", words),)
    assert page.values == (('words(box.papers, "paper")', "two papers"),)
    assert page.messages == (("", "Joined services helped1,2."),)
    assert page.unresolved == page.unknown == page.remote == ()
    listed = dict(read_page(made.quarto / "chapters" / "references.html").references)
    assert listed["known2020"].startswith("1 Known, A. and Second, B. (2020). A known study.")


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ('number">1.1</span> What', 'number">2.1</span> What', "headings"),
        ("by type of source.", "by source.", "captions"),
        (">Table\xa01.1</a>", ">Table\xa01.2</a>", "crossrefs"),
        ('Other 2021">2</a>', 'Other 2021">3</a>', "citations"),
        ('aria-label="Bars: one', 'aria-label="Bars: two', "alternatives"),
        (">two papers<", ">three papers<", "values"),
        ("Joined services helped", "Joined services did not help", "messages"),
        ('>1 Findings</a>', '>2 Findings</a>', "navigation"),
        ("<nav ", '<nav title="{{< meta a >}}" ', "shortcodes"),
        ("</main>", "<table><caption>{row-headers=1}</caption><tr><td>1</td></tr></table></main>",
         "captions-without-id"),
        ('<th scope="row"', "<th", "scopes"),
        ('height="67"', 'height="9"', "sizes"),
    ],
)  # fmt: skip
def test_each_kind_of_difference_is_found(
    compare: ModuleType,
    outputs: Outputs,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    kind: str,
) -> None:
    """What the second output says otherwise is printed: text, navigation, looks."""
    page = outputs.quarto / PAGE
    text = page.read_text()
    assert before in text
    page.write_text(text.replace(before, after))
    assert compare.main(["--format", "html", *outputs]) == 1
    assert f"chapters/findings.html: {kind}: +" in capsys.readouterr().out


def test_a_difference_in_a_list_of_references_is_found(
    compare: ModuleType, outputs: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the second output says otherwise is printed beside what the first says."""
    page = outputs.quarto / "chapters" / "references.html"
    page.write_text(page.read_text().replace("A known study", "An unknown study"))
    assert compare.main(["--format", "html", *outputs]) == 1
    lines = capsys.readouterr().out.splitlines()
    for sign in "−+":
        assert [line for line in lines if f"chapters/references.html: references: {sign}" in line]


def test_what_is_published_beside_the_pages_is_compared(
    compare: ModuleType, outputs: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files of one edition alone are named, hidden folders included; search is an engine's own."""
    store = outputs.quarto / ".reviewpress" / "runs"
    store.mkdir(parents=True)
    (store / "fig-a.csv").touch()
    (outputs.quarto / "search.json").touch()
    assert compare.main([*outputs]) == 1
    said = capsys.readouterr().out
    assert ".reviewpress/runs/fig-a.csv: published only in" in said
    assert "beside: 1 difference\n" in said


def test_a_page_that_is_missing_is_a_difference(
    compare: ModuleType, outputs: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that only one engine made is told."""
    (outputs.quarto / "index.html").unlink()
    assert compare.main([*outputs]) == 1
    assert "index.html: only in" in capsys.readouterr().out


def test_a_folder_without_pages_is_an_error(compare: ModuleType, tmp_path: Path) -> None:
    """Comparing nothing with nothing is no success."""
    assert compare.main([str(tmp_path), str(tmp_path)]) == 2


TYPST = """
#set document(title: "A report")
#set text(font: "Review Sans", lang: "en")
#outline()
= 1 Findings <sec-findings>
One paper#super[#link(<ref-one>)[1]] agrees (#link(<ref-two>)[Two, 2021]); see
#link(<fig-one>)[Figure 1.1] and #link("https://example.org")[the study].
#figure(image("x.svg", alt: "A box."), caption: figure.caption(position: bottom, [FIRST]),
  ATTRIBUTES) <fig-one>
== 1.1 Within
#table(columns: 2, table.header([Kind], [Papers]), [Grey], [3])
= 2 References
#block[#par[1\\. One, A. (2020). A study.] <ref-one>]
#block[#par[Two, B. (2021). Another.] <ref-two>]
"""
EMBEDDED_FIGURE = ("Figure~1.1: Papers come yearly.", "numbering: none, supplement: none")
QUARTO_FIGURE = (
    "Papers come yearly.",
    'kind: "quarto-float-fig", supplement: "Figure", numbering: n => "1." + str(n)',
)
BOX = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9"/></svg>'


@pytest.fixture
def print_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Typeset the small report as one engine or the other does, in a folder of its own."""

    def make(name: str, figure: tuple[str, str], before: str = "", after: str = "") -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        assert before in TYPST
        text = TYPST.replace(before, after) if before else TYPST
        caption, attributes = figure
        text = text.replace("FIRST", caption).replace("ATTRIBUTES", attributes)
        (tmp_path / "x.svg").write_text(BOX)
        source = tmp_path / f"{name}.typ"
        source.write_text(text)
        fonts = [REPOSITORY / "_extensions" / "reviewpress" / "fonts"]
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        with Typesetter() as typst:
            made = typst.typeset(source, root=tmp_path, fonts=fonts, timestamp=moment, seconds=60)
        (folder / "report.pdf").write_bytes(made)
        return folder

    return make


def test_equal_pdfs_have_no_differences(
    compare: ModuleType, print_pdf: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A number that the engine wrote and one that Typst counted are the same words."""
    folders = [print_pdf("embedded", EMBEDDED_FIGURE), print_pdf("quarto", QUARTO_FIGURE)]
    assert compare.main([str(folder) for folder in folders]) == 0
    assert capsys.readouterr().out == (
        "pdf: 1 file compared, 0 differences\nbeside: 0 differences\n"
    )


def test_a_pdf_is_read_whole(compare: ModuleType, print_pdf: Callable[..., Path]) -> None:
    """Each kind has what stands in the PDF, the table of contents left out."""
    said = compare.read(print_pdf("quarto", QUARTO_FIGURE) / "report.pdf", Path())
    assert said["outline"] == [("", "1 Findings"), ("", "  1.1 Within"), ("", "2 References")]
    assert ("H1", "1 Findings") in said["headings"]
    assert said["captions"] == [("", "Figure 1.1: Papers come yearly.")]
    assert said["alternatives"] == [("", "A box.")]
    assert said["crossrefs"] == [("", "Figure 1.1")]
    assert said["citations"] == [("", "1"), ("", "Two, 2021")]
    assert said["links"] == [("", "the study")]
    assert [words for _, words in said["references"]] == [
        "1. One, A. (2020). A study.", "Two, B. (2021). Another.",
    ]  # fmt: skip
    assert ("", "Grey") in said["text"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("= 1 Findings", "= 2 Findings", "headings"),
        ("== 1.1 Within", "== 1.2 Within", "outline"),
        ("[FIRST]", "[FIRST Really.]", "captions"),
        ('alt: "A box."', 'alt: "A circle."', "alternatives"),
        ("[Figure 1.1]", "[Figure 1.2]", "crossrefs"),
        ("[1]]", "[3]]", "citations"),
        ("[Two, 2021]", "[Two, 2022]", "citations"),
        ("[the study]", "[a study]", "links"),
        ("A study.]", "A trial.]", "references"),
        ("[Grey]", "[White]", "text"),
        ("agrees", "disagrees", "text"),
    ],
)
def test_each_kind_of_difference_in_a_pdf_is_found(
    compare: ModuleType,
    print_pdf: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    kind: str,
) -> None:
    """What the second PDF says otherwise is printed beside what the first says."""
    one = print_pdf("embedded", EMBEDDED_FIGURE)
    other = print_pdf("quarto", QUARTO_FIGURE, before, after)
    assert compare.main([str(one), str(other)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(f"report.pdf: {kind}: −")]
    assert [line for line in lines if line.startswith(f"report.pdf: {kind}: +")]


def test_a_pdf_without_tags_is_an_error(compare: ModuleType, tmp_path: Path) -> None:
    """A PDF whose structure cannot be read is not passed as equal."""
    import pikepdf

    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(tmp_path / "report.pdf")
    with pytest.raises(ValueError, match="has no tags"):
        compare.read(tmp_path / "report.pdf", tmp_path)


def change_word(file: Path, before: str, after: str) -> None:
    """Change the text of a Word file."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode()
    assert before in text
    parts["word/document.xml"] = text.replace(before, after).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (">Findings<", ">Finding<", "headings"),
        ('"Heading2"', '"Heading3"', "headings"),
        ("by type of source", "by source", "captions"),
        ('descr="Bars', 'descr="Lines', "alternatives"),
        (">1.1<", ">1.2<", "crossrefs"),
        ('w:anchor="tbl-papers"', 'w:anchor="tbl-other"', "crossrefs"),
        (">2018<", ">2019<", "citations"),
        (">a study<", ">one study<", "links"),
        ("A known study", "An unknown study", "references"),
        ("Joined services helped", "Joined services did not help", "messages"),
        ("two papers", "three papers", "text"),
    ],
)
def test_each_kind_of_difference_in_word_is_found(
    compare: ModuleType,
    outputs: Outputs,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    kind: str,
) -> None:
    """What the second document says otherwise is printed beside what the first says."""
    change_word(outputs.quarto / "report.docx", before, after)
    assert compare.main(["--format", "docx", *outputs]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(f"report.docx: {kind}: −")]
    assert [line for line in lines if line.startswith(f"report.docx: {kind}: +")]


def test_some_formats_can_be_compared_alone(
    compare: ModuleType, outputs: Outputs, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--format html` leaves the other files alone; an unknown format is a mistake."""
    (outputs.quarto / "report.docx").unlink()
    assert compare.main(["--format", "html", *outputs]) == 0
    assert compare.main([*outputs]) == 1
    assert "report.docx: only in" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        compare.main(["--format", "epub", *outputs])


def test_the_script_runs_by_itself(made: Outputs) -> None:
    """`python scripts/compare_engines.py` finds its own parts."""
    script = REPOSITORY / "scripts" / "compare_engines.py"
    done = subprocess.run(
        [sys.executable, script, "--format", "docx", *made],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "docx: 1 file compared, 0 differences" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (">Table\xa01.1</a>", ">x</a> <strong>?@tbl-gone</strong>", "unresolved-reference"),
        ("</main>", '<span class="quarto-unresolved-ref">sec-gone</span></main>',
         "unresolved-reference"),
        ("</main>", '<span class="unresolved" data-key="gone2020"><strong>@gone2020?</strong>'
         "</span></main>", "unknown-citation"),
        ("speak of outcomes", "<code>{python} box.papers</code>", "without-run"),
        ("</head>", '<script src="https://cdn.example.org/MathJax.js"></script></head>', "network"),
        ('aria-label="Bars: one peer-reviewed paper, one of grey literature."', 'aria-label=""',
         "alt-text"),
    ],
)  # fmt: skip
def test_what_quarto_lets_pass_is_found(
    small_review: Path, made: Outputs, tmp_path: Path, before: str, after: str, rule: str
) -> None:
    """Each thing that Quarto ends well with, and a reader would miss, is a problem."""
    page = tmp_path / "made" / PAGE
    page.parent.mkdir(parents=True)
    text = (made.quarto / PAGE).read_text()
    at = text.find(before, text.index("<main"))
    at = at if at > 0 else text.index(before)
    page.write_text(text)
    config = load_config(small_review)
    assert check_pages(config, tmp_path / "made", ["chapters/findings.ipynb"]) == []
    page.write_text(text[:at] + after + text[at + len(before) :])
    problems = check_pages(config, tmp_path / "made", ["chapters/findings.ipynb"])
    assert [problem.rule for problem in problems] == [rule]


def test_a_page_that_quarto_did_not_make_is_a_problem(project: Callable[..., Path]) -> None:
    """A chapter without its page is told by name."""
    root = project()
    problems = check_pages(load_config(root), root / "made", ["index.qmd"])
    assert [str(problem) for problem in problems] == ["index.qmd: Quarto made no page index.html."]


def test_a_picture_in_a_link_with_a_name_may_say_nothing(tmp_path: Path) -> None:
    """Quarto's sign of an author's ORCID is one; without `alt`, or a name, it is a fault."""
    link = '<a href="https://orcid.org/0" {}><img src="a.png" {}></a>'
    cases = (('aria-label="ORCID of Ann"', 'alt=""'), ("", 'alt=""'), ("", ""))
    found = []
    for own in cases:
        page = f"<main class='content'>{link.format(*own)}</main>"
        (tmp_path / "a.html").write_text(page, encoding="utf-8")
        found.append([words for _, words in read_page(tmp_path / "a.html").alternatives])
    assert found == [[], [""], [""]]
