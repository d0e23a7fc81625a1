"""Data, bibliography and imported records are not trusted: their words never become markup."""

import html as entities
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.bibliography.latex import encode_latex

EVIL = (
    "<script>alert(1)</script>",
    "{{< include /_quarto.yml >}}",
    "[click](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "#{sys.version} #import(1)",
    "@known2020",
    "*strong* _emphasis_ ~~struck~~",
    "$x$ \\newpage",
    "`{python} 6 * 7`",
    "[span]{.finding of=outcomes-01}",
    "<b onclick=x>bold</b> <!-- hidden -->",
    "::: {.callout-note} :::",
    "a | b || c",
    "[^1] ^[note]",
    "&lt;i&gt; &amp;",
)
MINIMAL = Path(__file__).resolve().parent / "projects" / "minimal"


def review_of(text: str) -> dict[str, str]:
    """Return the files of a minimal review whose finding and reference say `text`."""
    findings = (MINIMAL / "data/findings.csv").read_text("utf-8")
    quoted = text.replace('"', '""')
    findings = findings.replace("Joined services helped.", f'"{quoted}"')
    bib = (MINIMAL / "bib/references.bib").read_text("utf-8")
    written = encode_latex(text)
    bib = bib.replace("A known study", written).replace("Test Press", written)
    notebook = json.loads((MINIMAL / "chapters/findings.ipynb").read_text("utf-8"))
    notebook["cells"][3]["source"].append(
        '\n\nIt says: `{python} review.finding("outcomes-01").statement`.\n'
    )
    notebook["cells"][4]["source"] = [
        'table = review.findings[["statement"]].reset_index()\n',
        'review.table(table, id="tbl-papers", caption="The papers")',
    ]
    return {
        "data/findings.csv": findings,
        "bib/references.bib": bib,
        "chapters/findings.ipynb": json.dumps(notebook),
    }


def words(text: str) -> str:
    """Return letters and signs without the spaces and quotes that a format may change."""
    return re.sub(r"[\s`\u2018\u2019\u201c\u201d'\"\u200b\xa0]", "", text)


@pytest.fixture
def built(project: Any, reviewpress: Callable[..., Any]) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        root = project(files=review_of(text), formats=("html", "typst", "docx"))
        outcome = reviewpress("render --engine pandoc", cwd=root)
        assert outcome.status == 0, outcome.stderr
        return Path(root / "_output/report")

    return make


def text_of(page: str) -> str:
    body = page[page.index("<main") : page.index("</main>")]
    return words(entities.unescape(re.sub(r"<[^>]*>", "", body)))


def test_words_of_data_stay_words(built: Callable[[str], Path]) -> None:
    """In pages, PDF and Word, a table's cells and a live value read as they were written."""
    evil = " ; ".join(EVIL)
    folder = built(evil)
    page = (folder / "chapters/findings.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)
    assert "<b onclick" not in page
    assert "example.org/x.png" not in "".join(re.findall(r"<[^>]*>", page))
    assert "type: book" not in page
    assert text_of(page).count(words(evil)) >= 2
    document = zipfile.ZipFile(folder / "report.docx").read("word/document.xml").decode()
    assert words(entities.unescape(re.sub(r"<[^>]*>", "", document))).count(words(evil)) >= 2


def test_words_of_the_bibliography_stay_words(built: Callable[[str], Path]) -> None:
    """A title in the list of references cites, links, includes and computes nothing."""
    folder = built("; ".join(EVIL))
    page = (folder / "chapters/references.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)
    assert "<b onclick" not in page
    assert "example.org/x.png" not in "".join(re.findall(r"<[^>]*>", page))
    assert "type: book" not in page
    for text in EVIL:
        assert words(text).casefold() in text_of(page).casefold()


@pytest.mark.parametrize("text", EVIL)
def test_words_are_escaped_in_markdown(text: str, tmp_path: Path) -> None:
    """What a value or a table's cell gives to Markdown comes back from pandoc as plain words."""
    from reviewpress.assemble import ast
    from reviewpress.assemble.reader import read_markdown
    from reviewpress.evidence.markdown import escape

    (tree,) = read_markdown([("a.qmd", escape(text))], cache_folder=tmp_path)
    kinds = {node["t"] for node in ast.walk(tree["blocks"])}
    assert kinds <= {"Para", "Str", "Space", "SoftBreak", "Quoted", "SingleQuote", "DoubleQuote"}
    assert words(ast.text(tree["blocks"])) == words(text)
