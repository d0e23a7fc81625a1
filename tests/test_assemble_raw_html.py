"""HTML among Markdown: what every format can hold is read, all else is refused by name."""

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from reading import said as told
from reading import word_part

from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.pipeline import prepare

Make = Callable[..., Path]
Run = Callable[..., Any]
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
START = "# Start {.unnumbered}\n\n[@known2020; @method2018; @other2021]\n"


def write(project: Make, text: str, *formats: str) -> Path:
    profile = (
        "book:\n  chapters: [index.qmd, chapters/tags.qmd, chapters/references.qmd]\nformat:\n"
    )
    profile += "".join(f"  reviewpress-{name}: default\n" for name in formats or ("html",))
    files = {"_quarto-report.yml": profile, "chapters/tags.qmd": f"# Tags\n\n{text}\n"}
    return project(files={**files, "index.qmd": START})


def article(root: Path) -> Any:
    page = html.fromstring((root / "_output/report/chapters/tags.html").read_bytes())
    return page.xpath("//article")[0]


WORDS = """CO<sub>2</sub> in m<sup>2</sup>: <b>bold *and*</b> <i>italic</i>, <u>under</u>,
<s>gone</s>.<br>
Next <mark>line</mark> with <kbd>Esc</kbd> <!-- not this --> and <em><strong>both</strong></em>.

<details open><summary>More of *it*</summary>

What is **inside**.

</details>

<ul><li>one</li><li>two</li></ul>

<p align="center">A paragraph.</p>

| a | b |
|---|---|
| x<br/>y | 2 |
"""
TABLE = """<table id="tbl-html" border="1">
<caption>A caption</caption>
<tr><th>Name</th><th colspan="2">Both</th></tr>
<tr><th>Ash</th><td align="right">1</td><td>2</td></tr>
<tr><th>Elm</th><td align="right">30</td><td>*4*</td></tr>
</table>

See @tbl-html.
"""


def test_words_and_blocks_come_to_every_format(project: Make, reviewpress: Run) -> None:
    """Nothing of it is lost, and no tag is published."""
    root = write(project, WORDS, "html", "typst", "docx", "epub")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    found = article(root)
    assert [each.text for each in found.iter("sub", "sup", "kbd", "mark")] == [
        "2",
        "2",
        "line",
        "Esc",
    ]
    assert found.xpath(".//strong/em/text()") == ["and", "it"]
    assert found.xpath(".//em/strong/text()") == ["both"]
    assert [item.text_content().strip() for item in found.iter("li")][:2] == ["one", "two"]
    words = told(word_part(root / "_output/report/report.docx"))
    for each in ("CO2 in m2", "gone", "More of it", "What is inside.", "A paragraph.", "two"):
        assert each in words
    assert "<" not in words
    assert "not this" not in words


MORE = """<h2 id="sec-why">Why <em>so</em></h2>

A <a href="https://example.org/" target="_blank">link</a> to <a href="#sec-why">why</a>,
<code>x_y</code>, <q>said</q>, <font color="red">red</font>, <ins>new</ins>.

<figure style="float: left"><img src="a.svg" alt="A square" style="width: 40%">
<figcaption>The *square*</figcaption></figure>

<dl><dt>Term</dt><dd>Meaning</dd></dl>

<pre><code class="python">x &lt; <span>1</span>

y</code></pre>
"""


def test_links_headings_figures_and_code_come_to_every_format(
    project: Make, reviewpress: Run
) -> None:
    """How something looks has no effect; what it says, or leads to, stays."""
    root = write(project, MORE, "html", "typst", "docx")
    (root / "chapters/a.svg").write_bytes(SVG)
    (root / "chapters/a.png").write_bytes(PNG)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    found = article(root)
    assert found.xpath("string(.//h2[contains(., 'Why')]/em)") == "so"
    assert found.xpath(".//a/@href")[:2] == ["https://example.org/", "#sec-why"]
    assert found.xpath("string(.//figcaption)").endswith("The square")
    assert found.xpath(".//figure//img/@alt") == ["A square"]
    assert found.xpath("string(.//dd)").strip() == "Meaning"
    assert found.xpath("string(.//pre)").strip() == "x < 1\n\ny"
    words = told(word_part(root / "_output/report/report.docx"))
    for each in ("Why so", "x_y", "“said”", "red", "The square", "Meaning", "x < 1"):
        assert each in words


def test_a_table_is_one_like_all_others(project: Make, reviewpress: Run) -> None:
    """It has a number, can be referred to, and its heads have their scope."""
    root = write(project, TABLE)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    found = article(root)
    assert found.xpath("string(.//caption)") == "Table\xa01.1: A caption"
    assert found.xpath(".//th/@scope") == ["col", "colgroup", "row", "row"]
    assert found.xpath("string(.//a[@href='#tbl-html'])") == "Table\xa01.1"
    assert not found.xpath(".//@style")


def test_what_html_need_not_close_is_read(project: Make, reviewpress: Run) -> None:
    """Items, cells and rows end with the next one, or with their list or table."""
    text = """<ul>
<li>one
<li>two <ol><li>a<li>b</ol>
</ul>

<table><tr><th>A<th>B<tr><td>1<td>2</table>

<dl><dt>Term<dd>Said<dt>Other<dd>More</dl>

<p>First.<p>Second.</p>
"""
    root = write(project, text)
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    found = article(root)
    assert [each.text_content().split() for each in found.xpath("./ul/li")] == [
        ["one"],
        ["two", "a", "b"],
    ]
    assert [each.text_content() for each in found.iter("th", "td")] == ["A", "B", "1", "2"]
    assert [each.text_content().strip() for each in found.iter("dt", "dd")] == [
        "Term", "Said", "Other", "More",
    ]  # fmt: skip
    assert "no other half" not in outcome.stderr


def test_a_picture_has_its_text_or_is_refused(project: Make, reviewpress: Run) -> None:
    """`alt` is the alternative text; a picture that has none is an error with its line."""
    root = write(project, '<img src="a.svg" alt="A square" width="90"> <img src="a.svg">')
    (root / "chapters/a.svg").write_bytes(SVG)
    outcome = reviewpress("check", cwd=root)
    assert outcome.stderr.count("the image a.svg has no alternative text") == 1
    assert "chapters/tags.qmd, line 3: the image" in outcome.stderr


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ('<button class="red">red</button>', ("<button>",)),
        ('<a href="javascript:x()">here</a>', ("<a href",)),
        ('<img src="a.svg" alt="A" onerror="alert(1)">', ("<img",)),
        ("<sub>never closed", ("<sub>",)),
        ("<b>one <i>two</b> three</i>", ("<b>",)),
        ("<script>alert(1)</script>", ("<script>",)),
        ('<p onclick="x()">Text</p>', ("<p onclick",)),
        ("<table><tr><td>a</td></tr>text</table>", ("<table>",)),
        (
            '<iframe src="https://example.org"></iframe> <video src="a.mp4"></video>',
            ("<iframe", "<video"),
        ),
    ],
)
def test_what_no_format_can_hold_is_refused_by_name(
    project: Make, reviewpress: Run, text: str, tags: tuple[str, ...]
) -> None:
    """Messages have the tags and the line; nothing runs, and nothing is dropped."""
    outcome = reviewpress("check", cwd=write(project, text))
    assert outcome.status == 1
    lines = [each for each in outcome.stderr.splitlines() if "raw html" in each]
    assert lines
    assert all("chapters/tags.qmd, line 3" in line for line in lines)
    for tag in tags:
        assert tag in " ".join(lines)


@pytest.mark.parametrize(("formats", "count"), [(("html",), 0), (("html", "typst"), 1)])
def test_quarto_would_leave_it_out_of_pdf_and_word(
    project: Make, formats: tuple[str, ...], count: int
) -> None:
    """What Quarto keeps for pages alone is an error where it renders more than pages."""
    root = write(project, "CO<sub>2</sub>", *formats)
    with PlainDisplay() as display:
        report = prepare(load_config(root), progress=display, embedded=False).report
    found = [str(each) for each in report.errors if "Quarto leaves `<sub>` out" in str(each)]
    assert len(found) == count, report.errors
    assert all("chapters/tags.qmd, line 3" in each for each in found)


def test_what_is_acknowledged_or_rare_does_not_end_the_pdf(project: Make, reviewpress: Run) -> None:
    """Headings that skip a level or have no words, and signs whose names Typst has changed."""
    text = "#### Deep\n\n## {.unlisted}\n\nOf $a \\otimes b \\odot \\llbracket c \\rrbracket$.\n"
    root = write(project, text, "typst")
    entries = "".join(
        f"  - {{rule: heading-order, place: {each}, reason: It was so.}}\n"
        for each in ("Deep", "empty")
    )
    (root / "data/acknowledged.yml").write_text(f"acknowledged:\n{entries}", "utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    assert (root / "_output/report/report.pdf").is_file()
