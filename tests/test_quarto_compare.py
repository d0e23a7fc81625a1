"""The comparison of engines, on small outputs of each format.

Those of the embedded engine are its own. Those called Quarto's were written by hand after what is
known of its templates, since no Quarto was at hand: they show the markup as documented, not as
recorded (see tests/fake_quarto/recorded/README.md).
"""

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from reviewpress.config import load_config
from reviewpress.programs.typesetting import Typesetter
from reviewpress.quarto.html_pages import check_pages, read_page

REPOSITORY = Path(__file__).resolve().parents[1]
RECORDED = Path(__file__).resolve().parent / "fake_quarto" / "recorded"
PAGE = Path("chapters") / "findings.html"


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """A copy of both outputs, to change."""
    return Path(shutil.copytree(RECORDED, tmp_path / "recorded"))


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


def test_equal_outputs_have_no_differences(
    compare: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same page in either engine's markup says the same."""
    assert compare.main([str(RECORDED / "embedded"), str(RECORDED / "quarto")]) == 0
    assert capsys.readouterr().out == (
        "html: 1 file compared, 0 differences\nbeside: 0 differences\n"
    )


def test_a_page_of_quarto_is_read_whole() -> None:
    """Nothing that is compared is empty on Quarto's page: an empty comparison would always pass."""
    page = read_page(RECORDED / "quarto" / PAGE)
    assert page.headings[0] == ("sec-findings", "1 Findings")
    assert page.captions[0] == ("fig-years", "Figure 1.1: Papers come yearly. Papers by year.")
    assert page.captions[1] == ("tbl-papers", "Table 1.1: The papers")
    assert page.crossrefs == (("fig-years", "Figure 1.1"), ("tbl-papers", "Table 1.1"))
    assert page.citations == (("known2020", "1"), ("other2021", "2"))
    assert page.references == (("known2020", "1 Known, A. (2020). A known study."),)
    assert page.alternatives == (("fig-years.svg", "One paper in 2020, one in 2021."),)
    assert page.values == (('words(box.papers, "paper")', "two papers"),)
    assert page.messages == (("", "Joined services helped."),)
    assert page.unresolved == page.unknown == page.remote == ()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ('number">1.1</span> What', 'number">2.1</span> What', "headings"),
        ("Papers by year.", "Papers by month.", "captions"),
        (">Table&nbsp;1.1</a>", ">Table&nbsp;1.2</a>", "crossrefs"),
        ('Other 2021">2</a>', 'Other 2021">3</a>', "citations"),
        ("A known study.", "An unknown study.", "references"),
        ('figure-img" alt="One', 'figure-img" alt="Two', "alternatives"),
        (">two papers<", ">three papers<", "values"),
        ("Joined services helped", "Joined services did not help", "messages"),
    ],
)
def test_each_kind_of_difference_is_found(
    compare: ModuleType,
    outputs: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    kind: str,
) -> None:
    """What the second output says otherwise is printed beside what the first says."""
    page = outputs / "quarto" / PAGE
    text = page.read_text()
    assert before in text
    page.write_text(text.replace(before, after))
    assert compare.main([str(outputs / "embedded"), str(outputs / "quarto")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if f"chapters/findings.html: {kind}: −" in line]
    assert [line for line in lines if f"chapters/findings.html: {kind}: +" in line]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ('class="chapter-number">1</span>&nbsp; <span class="chapter-title">F',
         'class="chapter-number">2</span>&nbsp; <span class="chapter-title">F', "navigation"),
        ('class="sidebar-title">', 'class="sidebar-title" title="{{< meta a >}}">', "shortcodes"),
        ("</main>", "<table><caption>{row-headers=1}</caption><tr><td>1</td></tr></table></main>",
         "captions-without-id"),
        ('<th scope="col"', "<th", "scopes"),
        ("<img ", '<img height="9" ', "sizes"),
    ],
)  # fmt: skip
def test_what_shows_besides_the_text_is_compared(
    compare: ModuleType, outputs: Path, capsys: pytest.CaptureFixture[str], before: str,
    after: str, kind: str,
) -> None:  # fmt: skip
    """Navigation, captions of tables without an id, header cells and picture sizes, too."""
    page = outputs / "quarto" / PAGE
    text = page.read_text()
    assert before in text
    page.write_text(text.replace(before, after, 1))
    assert compare.main([str(outputs / "embedded"), str(outputs / "quarto")]) == 1
    assert f"chapters/findings.html: {kind}: +" in capsys.readouterr().out


def test_what_is_published_beside_the_pages_is_compared(
    compare: ModuleType, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files of one edition alone are named, hidden folders included; search is an engine's own."""
    store = outputs / "quarto" / ".reviewpress" / "runs"
    store.mkdir(parents=True)
    (store / "fig-a.csv").touch()
    (outputs / "quarto" / "search.json").touch()
    assert compare.main([str(outputs / "embedded"), str(outputs / "quarto")]) == 1
    said = capsys.readouterr().out
    assert ".reviewpress/runs/fig-a.csv: published only in" in said
    assert "beside: 1 difference\n" in said


def test_a_page_that_is_missing_is_a_difference(
    compare: ModuleType, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page that only one engine made is told."""
    shutil.copy(outputs / "embedded" / PAGE, outputs / "embedded" / "index.html")
    assert compare.main([str(outputs / "embedded"), str(outputs / "quarto")]) == 1
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
        made = Typesetter().typeset(
            source, root=tmp_path, fonts=fonts, timestamp=moment, seconds=60
        )
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


def write_word(folder: Path, engine: str, before: str = "", after: str = "") -> Path:
    """Zip the recorded text of a small Word document, with a change."""
    folder.mkdir(exist_ok=True)
    text = (RECORDED / engine / "document.xml").read_text()
    assert before in text
    with zipfile.ZipFile(folder / "report.docx", "w") as archive:
        archive.writestr("word/document.xml", text.replace(before, after) if before else text)
    return folder


def test_equal_word_files_have_no_differences(
    compare: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quarto's layout tables, caption styles and "1. Title" are no differences of what is said."""
    folders = [write_word(tmp_path / name, name) for name in ("embedded", "quarto")]
    assert compare.main([str(folder) for folder in folders]) == 0
    assert capsys.readouterr().out == (
        "docx: 1 file compared, 0 differences\nbeside: 0 differences\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("1. Findings", "2. Findings", "headings"),
        ('"Heading2"', '"Heading3"', "headings"),
        ("Papers by year", "Papers by month", "captions"),
        ('descr="One', 'descr="Two', "alternatives"),
        (">Table\u00a01.1<", ">Table\u00a01.2<", "crossrefs"),
        ('"tbl-papers"><w:r>', '"tbl-other"><w:r>', "crossrefs"),
        (">Method, 2018<", ">Method, 2019<", "citations"),
        (">the study<", ">a study<", "links"),
        ("A known study", "An unknown study", "references"),
        ("Joined services helped", "Joined services did not help", "messages"),
        ("Two papers speak", "Three papers speak", "text"),
    ],
)
def test_each_kind_of_difference_in_word_is_found(
    compare: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: str,
    after: str,
    kind: str,
) -> None:
    """What the second document says otherwise is printed beside what the first says."""
    one = write_word(tmp_path / "embedded", "embedded")
    other = write_word(tmp_path / "quarto", "quarto", before, after)
    assert compare.main([str(one), str(other)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(f"report.docx: {kind}: −")]
    assert [line for line in lines if line.startswith(f"report.docx: {kind}: +")]


def test_some_formats_can_be_compared_alone(
    compare: ModuleType, outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--format html` leaves the other files alone; an unknown format is a mistake."""
    write_word(outputs / "embedded", "embedded")
    folders = [str(outputs / "embedded"), str(outputs / "quarto")]
    assert compare.main(["--format", "html", *folders]) == 0
    assert compare.main(folders) == 1
    assert "report.docx: only in" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        compare.main(["--format", "epub", *folders])


def test_the_script_runs_by_itself(tmp_path: Path) -> None:
    """`python scripts/compare_engines.py` finds its own parts."""
    for name in ("embedded", "quarto"):
        write_word(tmp_path / name, name)
    script = REPOSITORY / "scripts" / "compare_engines.py"
    done = subprocess.run(
        [sys.executable, script, tmp_path / "embedded", tmp_path / "quarto"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "docx: 1 file compared, 0 differences" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (">Table&nbsp;1.1</a>", ">x</a> <strong>?@tbl-gone</strong>", "unresolved-reference"),
        ("</main>", '<span class="quarto-unresolved-ref">sec-gone</span></main>',
         "unresolved-reference"),
        ("</main>", '<span class="unresolved" data-key="gone2020"><strong>@gone2020?</strong>'
         "</span></main>", "unknown-citation"),
        ("speak of outcomes", "<code>{python} box.papers</code>", "without-run"),
        ("</head>", '<script src="https://cdn.example.org/MathJax.js"></script></head>', "network"),
        ('figure-img" alt="One paper in 2020, one in 2021."', 'figure-img" alt=""', "alt-text"),
    ],
)  # fmt: skip
def test_what_quarto_lets_pass_is_found(
    project: Callable[..., Path], before: str, after: str, rule: str
) -> None:
    """Each thing that Quarto ends well with, and a reader would miss, is a problem."""
    root = project()
    page = root / "made" / PAGE
    page.parent.mkdir(parents=True)
    text = (RECORDED / "quarto" / PAGE).read_text()
    assert before in text
    page.write_text(text)
    config = load_config(root)
    assert check_pages(config, root / "made", ["chapters/findings.ipynb"]) == []
    page.write_text(text.replace(before, after, 1))
    problems = check_pages(config, root / "made", ["chapters/findings.ipynb"])
    assert [problem.rule for problem in problems] == [rule]


def test_a_page_that_quarto_did_not_make_is_a_problem(project: Callable[..., Path]) -> None:
    """A chapter without its page is told by name."""
    root = project()
    problems = check_pages(load_config(root), root / "made", ["index.qmd"])
    assert [str(problem) for problem in problems] == ["index.qmd: Quarto made no page index.html."]
