"""The comparison of engines, on two small outputs.

One is a page of the embedded engine; the other was written by hand after Quarto's templates, since
no Quarto was at hand: it shows the markup as documented, not as recorded.
"""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from reviewpress.config import load_config
from reviewpress.engines.made import look_at_pages, read_page

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
    spec.loader.exec_module(module)
    return module


def test_equal_outputs_have_no_differences(
    compare: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same page in either engine's markup says the same."""
    assert compare.main([str(RECORDED / "embedded"), str(RECORDED / "quarto")]) == 0
    assert capsys.readouterr().out == "1 pages compared, 0 differences\n"


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
    assert look_at_pages(config, root / "made", ["chapters/findings.ipynb"]) == []
    page.write_text(text.replace(before, after, 1))
    problems = look_at_pages(config, root / "made", ["chapters/findings.ipynb"])
    assert [problem.rule for problem in problems] == [rule]


def test_a_page_that_quarto_did_not_make_is_a_problem(project: Callable[..., Path]) -> None:
    """A chapter without its page is told by name."""
    root = project()
    problems = look_at_pages(load_config(root), root / "made", ["index.qmd"])
    assert [str(problem) for problem in problems] == ["index.qmd: Quarto made no page index.html."]
