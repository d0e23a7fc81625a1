"""Data, bibliography and imported records are not trusted: their words never become markup."""

import csv
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from lxml import etree, html
from reading import Page, said, word_part

from reviewpress.bibliography import read_entries
from reviewpress.bibliography.latex import encode_latex
from reviewpress.config import load_config
from reviewpress.errors import Problems

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


def main_of(page: Page) -> str:
    return words(page.one("//main").words())


def check_harmless(page: Page) -> None:
    """Nothing that was words runs, fetches or is markup on a page."""
    assert not page.all("//script[not(@src)][contains(., 'alert')]")
    assert not page.all("//b[@onclick]")
    addresses = " ".join(page.values("//@*"))
    assert "javascript:" not in addresses
    assert "example.org/x.png" not in addresses
    assert "type: book" not in page.words()


def test_words_of_data_stay_words(built: Callable[[str], Path]) -> None:
    """In pages, PDF and Word, a table's cells and a live value read as they were written."""
    evil = " ; ".join(EVIL)
    folder = built(evil)
    page = Page(folder / "chapters/findings.html")
    check_harmless(page)
    assert main_of(page).count(words(evil)) >= 2
    assert words(said(word_part(folder / "report.docx"))).count(words(evil)) >= 2


def test_words_of_the_bibliography_stay_words(built: Callable[[str], Path]) -> None:
    """A title in the list of references cites, links, includes and computes nothing."""
    folder = built("; ".join(EVIL))
    page = Page(folder / "chapters/references.html")
    check_harmless(page)
    for text in EVIL:
        assert words(text).casefold() in main_of(page).casefold()


@pytest.mark.parametrize("text", EVIL)
def test_words_are_escaped_in_markdown(text: str, tmp_path: Path) -> None:
    """What a value or a table's cell gives to Markdown comes back from pandoc as plain words."""
    from reviewpress.assemble import ast
    from reviewpress.assemble.reader import read_markdown
    from reviewpress.markdown import escape

    (tree,) = read_markdown([("a.qmd", escape(text))], store=tmp_path)
    kinds = {node["t"] for node in ast.walk(tree["blocks"])}
    assert kinds <= {"Para", "Str", "Space", "SoftBreak", "Quoted", "SingleQuote", "DoubleQuote"}
    assert words(ast.text(tree["blocks"])) == words(text)


EVERY_LANGUAGE = (
    'x"y\'z <b id=evil>&amp; \\alert #panic("p") $z$ %w {v} *u* `s` ~r^p [o](javascript:n) @m '
    "</script><script>evil()</script> --> ]]> {{< pagebreak >}} ${root} $if(x)$ ``` ::: <?php"
)
"""What ends a string or begins a command in HTML, XML, CSS, Typst, LaTeX, Lua, pandoc, Quarto."""


def test_words_of_the_configuration_stay_words(project: Any, reviewpress: Any) -> None:
    """Titles, names, parts and licences read in every format as they were written."""
    root = project(formats=("html", "typst", "docx"), runs=False)
    settings = yaml.safe_load((root / "_quarto.yml").read_text("utf-8"))
    names = {name: f"{name} {EVERY_LANGUAGE}\nER  - " for name in ("title", "subtitle", "author")}
    settings["book"] |= names | {"author": [names["author"]]}
    own = ("version", "licence", "publisher")
    settings["reviewpress"] |= {name: f"{name} {EVERY_LANGUAGE}" for name in own}
    (root / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    profile = yaml.safe_load((root / "_quarto-report.yml").read_text("utf-8"))
    first, *others = profile["book"]["chapters"]
    # A shortcode in a part's name is refused: see `test_assemble_constructs`.
    part = {"part": f"part {EVERY_LANGUAGE}".replace("{{<", "{{"), "chapters": others}
    profile["book"]["chapters"] = [first, part]
    (root / "_quarto-report.yml").write_text(yaml.safe_dump(profile), "utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    folder = root / "_output/report"
    # Markdown in the name of an author is read, as Quarto does; a link is its words.
    names["author"] = re.sub("[*`]", "", names["author"].replace("[o](javascript:n)", "o"))

    for page in folder.rglob("*.html"):
        tree = html.document_fromstring(page.read_bytes())
        assert not tree.xpath("//*[@id='evil']")
        data = "@type='application/ld+json'"
        for script in tree.xpath(f"//script[{data}]"):
            assert json.loads(script.text)["@context"] == "https://schema.org"
        assert not tree.xpath(
            f"//script[not(@src) and not({data})] | //a[starts-with(@href, 'javascript')]"
        )
        authors = tree.xpath("//meta[@name='author']/@content")
        assert authors == [" ".join(names["author"].split())]
        assert words(names["title"]) in words(tree.xpath("string(//title)"))
        assert words(part["part"]) in words(tree.xpath("string(//nav[@id='contents'])"))
    home = html.document_fromstring((folder / "index.html").read_bytes()).text_content()
    with pikepdf.open(folder / "report.pdf") as pdf:
        title = f"{names['title']}: {names['subtitle']}"
        assert words(str(pdf.docinfo["/Title"])) == words(title)
    archive = zipfile.ZipFile(folder / "report.docx")
    document = "".join(etree.fromstring(archive.read("word/document.xml")).itertext())
    core = "".join(etree.fromstring(archive.read("docProps/core.xml")).itertext())
    for text in (
        names["title"],
        names["subtitle"],
        names["author"],
        settings["reviewpress"]["publisher"],
    ):
        assert words(text) in words(home)
        assert words(text) in words(document)
    assert words(names["title"]) in words(core)
    [entry], problems = read_entries((folder / "citation.bib").read_text("utf-8"), "citation.bib")
    assert not problems
    assert words(entry.authors[0].family) == words(names["author"])
    ris = (folder / "citation.ris").read_text("utf-8").splitlines()
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris if line)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lang": 'en"><script>'}, "is not a language"),
        ({"lang": 'en", region: panic("x"), y: "'}, "is not a language"),
        ({"lang": "en_GB"}, '"en_GB" is not a language. Write en-GB'),
        ({"lang": ["en", "cy"]}, "takes a text"),
        ({"reviewpress": {"url": "javascript:alert(1)"}}, "is not an address of the web"),
        ({"reviewpress": {"licence-url": "data:text/html,x"}}, "is not an address of the web"),
        ({"reviewpress": {"doi": "10.1/x"}}, "is not a DOI"),
        ({"reviewpress": {"doi": '10.1234/"><script>x y'}}, "is not a DOI"),
    ],
)
def test_languages_and_addresses_are_what_they_are_called(
    change: dict[str, Any], message: str, project: Any
) -> None:
    """What goes into a link or a language attribute is checked where it is read."""
    root = project(runs=False)
    settings = yaml.safe_load((root / "_quarto.yml").read_text("utf-8"))
    for key, value in change.items():
        settings[key] = settings[key] | value if isinstance(value, dict) else value
    (root / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    with pytest.raises(Problems, match=message):
        load_config(root)


def test_an_address_of_a_doi_is_not_doubled(project: Any) -> None:
    """A DOI may be written as an address; pages link to it once."""
    root = project(runs=False)
    file = root / "_quarto.yml"
    text = file.read_text("utf-8").replace(
        "reviewpress:", "reviewpress:\n  doi: https://doi.org/10.5334/IJIC.9145"
    )
    file.write_text(text, "utf-8")
    assert load_config(root).settings.other["doi"] == "10.5334/IJIC.9145"


def test_downloads_are_no_formulas(project: Any, reviewpress: Any) -> None:
    """A cell that a spreadsheet would compute gets an apostrophe; numbers stay numbers."""
    rows = [
        "=1+1",
        "@SUM(A1)",
        "+44 20",
        "-cmd|'/c calc'!A0",
        "\t=2",
        "＝3",
        "-0.5",
        "+3",
        "-",
        "1,5",
    ]
    notebook = json.loads((MINIMAL / "chapters/findings.ipynb").read_text("utf-8"))
    notebook["cells"][4]["source"] = [
        "import matplotlib.pyplot as plt, pandas as pd\n",
        f"frame = pd.DataFrame({{'=x': {rows!r}, 'n': range({len(rows)})}})\n",
        "figure, axes = plt.subplots()\n",
        "axes.plot(frame.n)\n",
        "review.figure(figure, id='fig-x', title='T', subtitle='S', alt='A line.', data=frame)",
    ]
    root = project(files={"chapters/findings.ipynb": json.dumps(notebook)})
    text = (root / "chapters/findings.ipynb").read_text("utf-8").replace("@tbl-papers", "@fig-x")
    (root / "chapters/findings.ipynb").write_text(text, "utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    with (root / "figures/fig-x.csv").open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == ["'=x", "n"]
    assert [line[0] for line in lines] == [
        "'=1+1", "'@SUM(A1)", "'+44 20", "'-cmd|'/c calc'!A0", "'\t'=2", "'＝3",
        "-0.5", "+3", "-", "1,5",
    ]  # fmt: skip


def fields_of(root: Path) -> dict[str, str]:
    """Have each field of a minimal review's data and labels end with every language's signs."""
    said = {name: f"{name} {EVERY_LANGUAGE}" for name in (
        "Heading", "Term", "Column", "Title", "Subtitle", "Alternative", "Caption", "Index",
        "Tabellen",
    )}  # fmt: skip
    settings = yaml.safe_load((root / "_quarto.yml").read_text("utf-8"))
    said["Tabellen"] = re.sub(
        r"[{}]", "", said["Tabellen"]
    )  # what has a name in braces is filled in
    settings["language"] = {"crossref-tbl-title": said["Tabellen"]}
    (root / "_quarto.yml").write_text(yaml.safe_dump(settings), "utf-8")
    schema = yaml.safe_load((root / "data/schema.yml").read_text("utf-8"))
    [source] = [f for f in schema["tables"]["papers"]["fields"] if f["name"] == "source_type"]
    source |= {"title": said["Column"], "evidence": said["Column"]}
    source["constraints"]["enum"] = [said["Term"], "Grey literature"]
    (root / "data/schema.yml").write_text(yaml.safe_dump(schema), "utf-8")
    for name, column, value in (
        ("papers", "source_type", said["Term"]), ("findings", "heading", said["Heading"]),
    ):  # fmt: skip
        with (root / f"data/{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        rows[0][column] = value
        with (root / f"data/{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return said


def test_words_of_every_field_stay_words(project: Any, reviewpress: Any) -> None:
    """Labels, terms, headings, cells, and a figure's title, alternative and caption are text."""
    root = project(formats=("html", "typst", "docx"))
    said = fields_of(root)
    notebook = json.loads((root / "chapters/findings.ipynb").read_text("utf-8"))
    notebook["cells"][4]["source"] = [
        "import matplotlib.pyplot as plt\n",
        f"said = {said!r}\n",
        'table = review.papers[["source_type"]].reset_index()\n',
        'review.table(table, id="tbl-papers", caption=said["Caption"])',
    ]
    figure = {**notebook["cells"][4], "id": "figure", "source": [
        "figure, axes = plt.subplots()\n",
        "axes.plot([1, 2])\n",
        "axes.set_xlabel(said['Index'].replace('$', ''))\n",
        "review.figure(figure, id='fig-x', title=said['Title'], subtitle=said['Subtitle'],\n",
        "              alt=said['Alternative'], data=table)",
    ]}  # fmt: skip
    box = {**notebook["cells"][4], "id": "box", "source": ['review.evidence_box("Outcomes")']}
    text = {"cell_type": "markdown", "id": "text", "metadata": {}, "source": [
        "See @fig-x. It says: `{python} review.finding('outcomes-01').heading`."
    ]}  # fmt: skip
    notebook["cells"] += [figure, box, text]
    (root / "chapters/findings.ipynb").write_text(json.dumps(notebook), "utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    folder = root / "_output/report"
    content = (folder / "chapters/findings.html").read_bytes()
    tree = html.document_fromstring(content)
    assert not tree.xpath("//*[@id='evil'] | //script[not(@src)][contains(., 'evil')]")
    assert not tree.xpath("//a[starts-with(@href, 'javascript')]")
    page = words(tree.text_content())
    word = etree.fromstring(zipfile.ZipFile(folder / "report.docx").read("word/document.xml"))
    written = words("".join(word.itertext()))
    for name in ("Heading", "Term", "Title", "Subtitle", "Caption", "Tabellen"):
        assert words(said[name]) in page, name
        assert words(said[name]) in written, name
    alternatives = [words(str(value)) for value in tree.xpath("//img/@alt | //*/@aria-label")]
    assert any(words(said["Alternative"]) in each for each in alternatives)
    described = [words(str(value)) for value in word.xpath("//@descr")]
    assert any(words(said["Alternative"]) in each for each in described)
    with pikepdf.open(folder / "report.pdf") as pdf:
        assert len(pdf.pages) > 1
