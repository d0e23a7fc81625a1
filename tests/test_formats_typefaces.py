"""Letters of every script in pages, PDF and Word: the same fonts, none of the machine's."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from chapters_made import Texts, make_chapters

from reviewpress import fonts
from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.extension import installed_extension
from reviewpress.formats.hashed_names import plain_name

TEXT = """\
# Letters

Latin words, Привет **мир**, ἀρχή, ראיות, مراجعة, साक्ष्य, ไทย, 한국어, 证据 😀.

Shown by Wang [@wang2020], `код` and `证`.
"""
BIB = "@book{wang2020, author = {王, 芳}, title = {证据}, publisher = {P}, year = {2020}}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """A chapter in a dozen scripts, in every format."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    return make_chapters(tmp_path_factory.mktemp("letters"), {"one": TEXT}, program, BIB)


def brand_styles(folder: Path) -> str:
    """Return the brand's style sheet of an edition."""
    [path] = (folder / "assets").glob("brand.*.css")
    return path.read_text("utf-8")


def test_a_reader_can_copy_every_script(made: Texts) -> None:
    """What a page, the PDF and the Word file show is what was written."""
    for words in ("Привет", "мир", "ἀρχή", "ראיות", "مراجعة", "साक्ष्य", "ไทย", "한국어", "证据 😀"):
        for text in made.everywhere("one"):
            assert words in text.replace("\u202b", "").replace("\u202c", ""), words


def test_a_pdf_keeps_latin_in_the_brands_font(made: Texts) -> None:
    """Each script has its own font, and no font of Typst's or of the machine stands in."""
    [path] = made.folder.glob("*.pdf")
    with pikepdf.open(path) as pdf:
        found = {
            str(font.BaseFont).partition("+")[2].partition("-")[0]
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
    assert found == {
        "ReviewSans", "ReviewSansMore", "ReviewSansHebrew", "KurintoSans", "KurintoSansSC",
        "KurintoSansKR", "NotoSansDevanagari", "NotoSansThai", "NotoEmoji", "DejaVuSansMono",
    }  # fmt: skip


def test_a_pdf_in_every_script_is_accessible(made: Texts) -> None:
    """PDF/UA-1, with a title and a language."""
    assert [p for p in check_pdfs(made.folder) if p.severity == "error"] == []


def test_pages_bring_the_fonts_that_they_need(made: Texts, page: Any, wait_until: Any) -> None:
    """Every letter is in a font of the edition, and nothing is asked of another address."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((made.folder / "one.html").as_uri())
    wait_until(page, "document.fonts.status === 'loaded'")
    assert all(url.startswith("file:") for url in asked)
    loaded = {plain_name(Path(url).name) for url in asked if "/fonts/" in url}
    assert {"ReviewSans-Regular.woff2", "ReviewSansMore-Bold.woff2"} <= loaded
    assert len([name for name in loaded if name.startswith("Stand-in")]) >= 6
    styles = brand_styles(made.folder)
    named = set(re.findall(r'url\("fonts/([^"]+)"\)', styles))
    assert named == {path.name for path in (made.folder / "assets" / "fonts").iterdir()}


def test_a_cut_font_is_the_same_each_time_and_is_not_called_as_the_whole() -> None:
    """Its licence reserves the name; its bytes are those of the inputs."""
    path = installed_extension().folder / "fonts" / "ReviewSans-Regular.ttf"
    cut = fonts.cut_for_pages(path, "ab", "Stand-in 1")
    assert cut == fonts.cut_for_pages(path, "ab", "Stand-in 1")
    assert len(cut) < 5000
    assert b"Review Sans" not in cut


def test_an_edition_in_latin_letters_has_the_brands_fonts_alone(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Nothing of the others is copied or named."""
    root = project()
    assert reviewpress("render --to html", cwd=root).status == 0
    assets = root / "_output/report/assets"
    assert {path.name.partition("-")[0] for path in (assets / "fonts").iterdir()} == {"ReviewSans"}
    assert "Stand-in" not in brand_styles(root / "_output/report")


def test_a_chinese_page_has_its_own_quotation_marks(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """As wide as its letters; in the PDF, the brand's font leaves them to the other."""
    files = {"index.qmd": "# 证据\n\n证据“综述”。\n"}
    root = project("minimal", files=files)
    config = root / "_quarto.yml"
    config.write_text(config.read_text("utf-8").replace("lang: en-GB", "lang: zh-CN"), "utf-8")
    assert reviewpress("render --to html", cwd=root).status == 0
    styles = brand_styles(root / "_output/report")
    assert '--rp-font:"Wide marks","Review Sans","Stand-in 1",system-ui' in styles


def test_a_brands_families_are_asked_in_their_order(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Latin stays in the first, what it lacks comes from the second, of the review's own files."""
    brand = (
        "typography:\n  fonts:\n  - family: Review Sans More\n    source: file\n"
        "    files: [letters.ttf]\n  base: [Review Sans, Review Sans More]\n"
        "  monospace: {family: [Review Sans, Review Sans More]}\n"
    )
    root = project(files={"_brand.yml": brand, "index.qmd": "# Start\n\nЗдравствуй, `мир`.\n"})
    letters = installed_extension().folder / "fonts-more" / "ReviewSansMore-Regular.ttf"
    (root / "letters.ttf").write_bytes(letters.read_bytes())
    outcome = reviewpress("render --to html,typst", cwd=root)
    assert (outcome.status, outcome.stderr.count("warning")) == (0, 0)
    styles = brand_styles(root / "_output/report")
    assert '--rp-font:"Review Sans","Review Sans More",system-ui' in styles
    assert '--rp-font-code:"Review Sans","Review Sans More",ui-monospace' in styles
