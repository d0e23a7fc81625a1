"""New: a review that builds at once, holds nothing of this repository's, and overwrites nothing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from lxml import etree
from reading import Page, W, said, word_part

from reviewpress.cli.new import new
from reviewpress.config import load_config
from reviewpress.errors import ConfigError, DataError, Problems, SetupError
from reviewpress.extension import EXTENSION_FOLDER, find_extension
from reviewpress.keys import NAMES
from reviewpress.new import LANGUAGES, TEMPLATE, make_review
from reviewpress.programs.tools import find_axe, find_vnu
from reviewpress.review import load
from reviewpress.yaml import read_yaml

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review with every option but a table of one's own."""
    folder = tmp_path_factory.mktemp("new") / "my-review"
    return make_review(
        folder,
        title='Gardens: a "small" review',
        authors=["Åsa O’Brien", "B. C."],
        sections=["Outcomes", "Access & use"],
    )


def test_new_review_renders(review: Path, reviewpress: Callable[..., Any]) -> None:
    """Both editions build at once, in every format, without a single problem."""
    for edition in ("report", "summary"):
        outcome = reviewpress(f"render --profile {edition} --engine pandoc", cwd=review)
        assert outcome.status == 0, outcome.stderr
        assert "error" not in outcome.stderr
        assert "warning" not in outcome.stderr
        assert (review / "_output" / edition / "index.html").is_file()
        assert (review / "_output" / edition / f"{edition}.pdf").is_file()
    assert (review / "_output" / "report" / "report.docx").is_file()
    summary = (review / "_output" / "summary" / "index.html").read_text("utf-8")
    assert "feel less alone" in summary
    home = (review / "_output" / "report" / "index.html").read_text("utf-8")
    assert home.index("feel less alone") < home.index("This is an example")
    for facts in re.findall(r'class="file-facts"[^>]*>([^<]*)<', home):
        assert facts.split(",")[0].endswith(("kB", "MB"))
    chapters = review / "_output" / "report" / "chapters"
    told, listed = (
        (chapters / f"{name}.html").read_text("utf-8") for name in ("outcomes", "included")
    )
    assert 'href="included.html#row-outcomes-01" class="finding-row"' in told
    assert 'href="outcomes.html#told-outcomes-01" id="row-outcomes-01"' in listed


def test_the_pdf_of_a_new_review_is_short(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Six papers make ten pages at most: chapters of a few lines do not each begin a page."""
    review = make_review(tmp_path / "review")
    assert reviewpress("render --engine pandoc --to typst", cwd=review).status == 0
    with pikepdf.open(review / "_output" / "report" / "report.pdf") as pdf:
        assert len(pdf.pages) <= 10


@pytest.mark.browser
def test_new_review_passes_the_release_checks(
    review: Path,
    browser: str,
    missing_tool: Callable[[str], None],
    reviewpress: Callable[..., Any],
) -> None:
    """Its pages and PDF are as accessible as they have to be before an author changes a word."""
    assert reviewpress("render --engine pandoc", cwd=review).status == 0
    for name, find in (("axe-core", find_axe), ("vnu", find_vnu)):
        try:
            find()
        except SetupError:
            missing_tool(name)
    outcome = reviewpress("check --release", cwd=review)
    assert outcome.status == 0, outcome.stdout + outcome.stderr


def test_flow_is_told_as_a_nested_list_in_every_format(
    review: Path, reviewpress: Callable[..., Any]
) -> None:
    """The flow diagram is told in lists of lists on the page, in the PDF and in Word."""
    outcome = reviewpress("render --engine pandoc", cwd=review)
    assert outcome.status == 0, outcome.stderr
    output = review / "_output" / "report"
    told = Page(output / "chapters" / "methods.html").one("//*[@class='figure-text']")
    screened = told.one(".//li[starts-with(normalize-space(), 'Records screened (n = 30)')]")
    assert screened.one("ul/li[1]").words().startswith("Records excluded")
    assert max(len([*each.root.iterancestors("ul")]) for each in told.all(".//li")) == 5
    with pikepdf.open(output / "report.pdf") as pdf:
        assert max(_list_depths(pdf.Root.StructTreeRoot)) == 5
    word = word_part(output / "report.docx")
    [title] = (p for p in word.iter(f"{W}p") if said(p).endswith("in words"))
    levels = [level.get(f"{W}val") for p in title.itersiblings() for level in p.iter(f"{W}ilvl")]
    assert levels[:4] == ["0", "1", "2", "3"]
    svg = etree.parse(review / "figures" / "fig-methods-flow.svg")
    description = svg.findtext("{http://www.w3.org/2000/svg}desc")
    assert description.startswith("Identification\n  Databases and registers\n")


def _list_depths(element: Any, depth: int = 0) -> Iterator[int]:
    """Yield how deep each list of a PDF's structure tree stands in lists."""
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            below = depth + (child.S == "/L")
            yield below
            yield from _list_depths(child, below)


def test_options_are_followed(review: Path) -> None:
    """Title, authors and sections stand in the settings, in the data and as chapters."""
    config = load_config(review)
    assert config.title == 'Gardens: a "small" review'
    assert config.author_names == ["Åsa O’Brien", "B. C."]
    assert [s.name for s in config.settings.sections] == ["Outcomes", "Access & use"]
    assert (review / "chapters" / "access-use.ipynb").is_file()
    assert load(review).section("Access & use").papers == 2


def test_nothing_of_this_repository_is_in_it(review: Path) -> None:
    """No paper, word or source of the framework's own comes along, and nothing is left to fill."""
    keys = {reference.key for reference in load(REPOSITORY).bibliography} - {"page2021"}
    for path in sorted(review.rglob("*")):
        relative = path.relative_to(review)
        if not path.is_file() or relative.parts[0] in (
            "_extensions",
            "_output",
            ".reviewpress",
            "figures",
        ):
            continue
        assert path.suffix != ".py" or relative.parts[0] == "scripts"
        text = path.read_text(encoding="utf-8")
        assert "CELCIS" not in text
        assert "children’s services" not in text.lower()
        assert not re.search(r"<<[a-z-]+>>", text), relative
        assert not keys & set(re.findall(r"@([a-z]+\d{4}[a-z]?)", text))
    assert not (review / "src").exists()


def test_everything_is_marked_as_made_up(review: Path) -> None:
    """Every paper says that it is made up, and so does the first page."""
    papers = load(review).papers
    assert all("made up" in title.lower() for title in papers["title"])
    assert "made up" in (review / "index.qmd").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["a;b", "why?"])
def test_a_folder_that_pandoc_could_load_nothing_from_is_refused(
    name: str, tmp_path: Path, project: Callable[..., Path]
) -> None:
    """Lua parts paths by such signs: a review there is not made, and one that is there says so."""
    with pytest.raises(SetupError, match="cannot load filters"):
        make_review(tmp_path / name)
    assert not (tmp_path / name).exists()
    root = project()
    shutil.copytree(find_extension(root).folder, root / EXTENSION_FOLDER)
    with pytest.raises(SetupError, match="cannot load filters"):
        find_extension(root.rename(root.with_name(name)))


def test_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds something, or a file, is never written over."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="not empty"):
        make_review(folder)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "notes.txt"]
    with pytest.raises(ConfigError, match="a file of that name"):
        make_review(folder / "notes.txt")


def test_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new review is whole or not there: a disk that fills up half-way leaves no trace."""
    import errno

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(Exception, match="No space left"):
        make_review(tmp_path / "review")
    assert list(tmp_path.iterdir()) == []


def test_empty_folder_is_used(tmp_path: Path) -> None:
    """An empty folder that exists already becomes the review."""
    (tmp_path / "empty").mkdir()
    assert make_review(tmp_path / "empty").joinpath("_quarto.yml").is_file()


@pytest.mark.parametrize(
    ("sections", "message"),
    [(["A b", "A, b"], "the same chapter"), (["!!"], "cannot name a chapter")],
)
def test_sections_that_cannot_be(sections: list[str], message: str, tmp_path: Path) -> None:
    """Two sections of one chapter, or a name without a letter, are refused."""
    with pytest.raises(ConfigError, match=message):
        make_review(tmp_path / "review", sections=sections)
    assert list(tmp_path.iterdir()) == []


OWN = """No,Authors,Year,Title,Journal,Country,Design,Size,Sections
7,"Smith, Jane; Li, Wei",2020,A study & more,Journal of X,Scotland; Wales,Survey,120,Access; Cost
9,"Brown, Bob",2019,"100% of it, told",,Scotland,Interview,,Access
12,"Smith, Jane",2020,Third_one,Journal of X,England,Survey,55,Cost
"""


def test_own_table_becomes_a_review(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """One's own papers keep numbers and columns; authors and titles go to the bibliography."""
    (tmp_path / "papers.csv").write_text(OWN, encoding="utf-8-sig")
    assert reviewpress("new own --from papers.csv", cwd=tmp_path).status == 0
    review = load(tmp_path / "own")
    assert list(review.papers.index) == [7, 9, 12]
    assert list(review.papers["citekey"]) == ["smith2020", "brown2019", "smith2020a"]
    assert review.bibliography.get("brown2019").title == "100% of it, told"  # type: ignore[union-attr]
    assert review.section("Access").codes == (7, 9)
    assert dict(review.count("country").itertuples(index=False)) == {
        "Scotland": 2,
        "Wales": 1,
        "England": 1,
    }
    assert review.flow["new_reports"] == 3
    outcome = reviewpress("render --engine pandoc --to html", cwd=tmp_path / "own")
    assert outcome.status == 0, outcome.stderr
    pages = {
        path.stem: path.read_text("utf-8") for path in (tmp_path / "own/_output").rglob("*.html")
    }
    assert "This review is not written yet" in pages["index"]
    assert "100% of it, told" in pages["included"]
    assert "Three reports are included" in pages["methods"]
    assert "<li>Reports of included studies (n = 3)" in re.sub(r"\s+", " ", pages["methods"])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_own_table_as_spreadsheet_programs_save_it(separator: str, tmp_path: Path) -> None:
    """Other separators, empty columns at the end and other titles of columns are understood."""
    rows = [
        ["Study ID", "Author(s)", "Year of publication", "Article title", "Journal/source", ""],
        ["S1", "Smith J and Li W", "2020", "A first", "A Journal", ""],
        ["S2", '"Brown, B., Ødegård, K. & Lee, A."', "2019", "A second", "", ""],
        ["", "Green et al.", "2018", "A third", "", ""],
    ]
    path = tmp_path / "papers.csv"
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8")
    review = load(make_review(tmp_path / "own", papers=path))
    assert list(review.papers["citekey"]) == ["smith2020", "brown2019", "green2018"]
    assert list(review.papers["own_code"]) == ["S1", "S2", ""]
    people = [[str(name) for name in r.authors] for r in review.bibliography if "page" not in r.key]
    assert people[:2] == [["J Smith", "W Li"], ["B. Brown", "K. Ødegård", "A. Lee"]]
    assert people[2][0] == "Green"


def test_sections_of_the_command_line(tmp_path: Path) -> None:
    """A comma too many is no section; none at all, or none that the table has, is a mistake."""
    review = make_review(tmp_path / "one", sections=["Access", ""])
    assert [s.name for s in load_config(review).settings.sections] == ["Access"]
    with pytest.raises(ConfigError, match="no section is named"):
        make_review(tmp_path / "none", sections=["", " "])
    path = tmp_path / "papers.csv"
    path.write_text('title,author,sections\nA first,"Smith, J.",Costs\n', encoding="utf-8")
    with pytest.raises(DataError, match="none of the sections") as caught:
        make_review(tmp_path / "other", sections=["Nope"], papers=path)
    assert caught.value.hint == "Its sections are: Costs."


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ("a,b\n1,2\n", DataError, "no column title"),
        ("title,author\n", DataError, "holds no papers"),
        ("title,author\nA,B,C\n,D\n", Problems, "2 problems"),
        ("id,title,author\n1,A,B\n1,C,D\n", DataError, "the code 1 is in 2 rows"),
    ],
)
def test_own_table_that_cannot_be_used(
    table: str, error: type[Exception], message: str, tmp_path: Path
) -> None:
    """A table without titles, papers or unique numbers is refused, and nothing is made."""
    path = tmp_path / "papers.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(error) as caught:
        make_review(tmp_path / "review", papers=path)
    assert message in str(caught.value.args) or message in str(caught.value)
    assert not (tmp_path / "review").exists()


def test_review_of_another_shape(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """Sections, columns, tool, citations and language are settings: a French review builds."""
    root = tmp_path / "revue"
    shutil.copytree(REPOSITORY / "tests" / "projects" / "french-review", root)
    outcome = reviewpress("render --engine pandoc --to html", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = Page(root / "_output" / "rapport" / "chapters" / "constats.html")
    text = page.words()
    assert page.root.get("lang") == "fr"
    assert "2 études parlent d’effets." in text
    assert "(Durand et Petit, 2019 ; Lefèvre, 2021)" in text
    assert "Tableau 1.1 : Risque de biais" in text
    assert not page.all("//sup/a")


def test_checks_hold_in_a_review_of_another_shape(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A finding that loses a paper is noticed under author-date citations, too."""
    root = tmp_path / "revue"
    shutil.copytree(REPOSITORY / "tests" / "projects" / "french-review", root)
    path = root / "chapters" / "constats.ipynb"
    path.write_text(
        path.read_text("utf-8").replace("@durand2019; @lefevre2021", "@durand2019"), "utf-8"
    )
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "finding acces-01 rests on paper 2, which its text does not cite" in outcome.stderr


@pytest.mark.parametrize("name", ["plain", "two words", "it's", "~", "a$HOME"])
def test_the_next_command_can_be_typed(name: str, tmp_path: Path) -> None:
    """Names that a shell would read otherwise are quoted in what is said to come next."""
    outcome = CliRunner().invoke(new, [str(tmp_path / name)])
    said = outcome.output.partition('"cd ')[2].partition('", then')[0]
    read = subprocess.run(["sh", "-c", f"printf %s {said}"], capture_output=True, text=True)
    assert read.stdout == str(tmp_path / name)


def test_a_review_can_be_made_in_the_folder_one_is_in(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """`reviewpress new .` leaves the folder where it is; one that cannot be filled stays empty."""
    root = tmp_path / "mine"
    root.mkdir()
    before = root.stat().st_ino
    outcome = reviewpress("new .", cwd=root)
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout == 'The folder holds a small review. Next: "reviewpress render".\n'
    assert root.stat().st_ino == before
    assert load_config(root).title == "Mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_make_says_what_to_do_without_reviewpress(
    tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """`make` calls the reviewpress of the active environment, and says so where there is none."""
    root = make_review(tmp_path / "review")
    make = tool("make")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [make, "-n", "report", *arguments],
            cwd=root, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False,
        )  # fmt: skip

    assert "activate the environment in which it is installed" in run().stderr
    made = run(f"REVIEWPRESS={sys.executable}")
    assert made.stdout.strip() == f"{sys.executable} render --profile report,summary"


@pytest.mark.parametrize("lang", ["fr", "de-AT", "es", "pt-BR", "cy"])
def test_new_review_in_another_language(
    lang: str, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """It renders without a problem, and no English of the template is left in it."""
    made = make_review(tmp_path / "r", lang=lang, sections=["Zgłoszenia", "Œuvres"])
    assert load_config(made).lang == lang
    outcome = reviewpress("render --engine pandoc --to html", cwd=made)
    assert outcome.status == 0, outcome.stderr
    assert "warning" not in outcome.stderr
    english = read_texts("en")
    said = "\n".join(path.read_text("utf-8") for path in made.rglob("_output/**/*.html"))
    own = read_texts(lang.split("-")[0])
    for name, text in english.items():
        works = name.startswith("source-")
        if not works and text != own[name] and len(text) > 12 and not re.search(r"[`{<@]", text):
            assert text not in said, name


@pytest.mark.parametrize("lang", ["cy", "de", "es", "fr", "pt"])
def test_the_template_has_all_its_texts_in_each_language(lang: str) -> None:
    """Each has what English has, with the same places and the same citations."""
    english, other = read_texts("en"), read_texts(lang)
    assert list(english) == list(other)
    for name, text in english.items():
        for pattern in (r"@[\w-]+(?=[;\]])", r"\{\.[^}]*\}", r"<<chapter>>"):
            assert set(re.findall(pattern, text)) == set(re.findall(pattern, other[name])), name


def test_each_text_of_the_template_has_its_place() -> None:
    """No place is without a text, and no text without a place."""
    files = [p for p in TEMPLATE.rglob("*") if p.is_file() and p.suffix not in (".png", ".pyc")]
    texts = read_texts("en")
    code = Path(str(sys.modules[make_review.__module__].__file__)).read_text("utf-8")
    held = "\n".join(path.read_text("utf-8") for path in files)
    for name in texts:
        named = f'"{name}"' in code or name.startswith(("noun-", "own-", "example-", "empty-"))
        assert f"<<{name}>>" in held or named, name


def test_a_language_of_which_the_template_has_nothing(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """The texts are English, and each chapter says that it is to be written."""
    outcome = reviewpress("new r --lang pl --sections Zdrowie", cwd=tmp_path)
    assert "`reviewpress check` lists the chapters to write in Polish" in outcome.stdout
    checked = reviewpress("check", cwd=tmp_path / "r")
    assert checked.status == 0, checked.stderr
    for chapter in ("index.qmd", "chapters/methods.ipynb", "chapters/zdrowie.ipynb"):
        assert re.search(rf"{chapter}.*: a .todo is open.*Polish", checked.stderr), chapter


def test_what_is_no_language(tmp_path: Path) -> None:
    """The tag is asked for before anything is made."""
    with pytest.raises(ConfigError, match='"Welsh!" is not the tag of a language'):
        make_review(tmp_path / "r", lang="Welsh!")
    assert not (tmp_path / "r").exists()


def read_texts(lang: str) -> dict[str, str]:
    found: dict[str, str] = read_yaml(LANGUAGES / f"{lang}.yml", TEMPLATE, NAMES).data
    return found
