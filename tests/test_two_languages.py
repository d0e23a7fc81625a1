"""One review in English and Welsh: each edition has its own words, and leads to the other."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reviewpress.assemble.source import gathered_chapters
from reviewpress.assemble.translations import Translation, find_translations, original_of
from reviewpress.config import load_config
from reviewpress.context import PROFILE_ENV, review_config, review_labels
from reviewpress.display import PlainDisplay
from reviewpress.pipeline import prepare
from reviewpress.quarto.inputs import inputs_folder, write_inputs
from reviewpress.quarto.page_repairs import link_languages
from reviewpress.review import Review

PROJECT = Path(__file__).parent / "projects" / "two-languages"
ENGLISH, WELSH = "_output/report/chapters/belonging.html", "_output/report-cy/cy/perthyn.html"
HEBREW = """\
# שייכות

[אנשים שייכים [@ash2019; @birch2020; @cedar2022].]{.finding of="belonging-01"}
"""
TERMS = {
    "Interviews": "Cyfweliadau",
    "Survey": "Arolwg",
    "Scotland": "Yr Alban",
    "Wales": "Cymru",
    "Belonging": "Perthyn",
    "not recorded": "heb ei gofnodi",
}


def render(root: Path, *arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("reviewpress")), "render", "--engine", "pandoc"]
    done = subprocess.run(
        [*command, *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def said(path: Path) -> str:
    """Return the words of a page's body, its alternative texts among them; code is no language."""
    body = path.read_text("utf-8").partition("<body")[2]
    body = re.sub(r"<code>.*?</code>", " ", body, flags=re.DOTALL)
    alternatives = " ".join(re.findall(r'alt="([^"]*)"', body))
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body) + alternatives))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both editions in every format, the English one first."""
    root = tmp_path_factory.mktemp("two") / "adolygiad"
    shutil.copytree(PROJECT, root)
    render(root, "--profile", "report,report-cy")
    return root


def test_each_edition_has_its_own_words(both: Path) -> None:
    """Terms, box, numbers, labels and headings of a table are in the language of the page."""
    english, welsh = said(both / ENGLISH), said(both / WELSH)
    for term, name in TERMS.items():
        assert term in english, term
        assert term not in welsh, term
        assert name in welsh, name
    assert "Three papers: two peer reviewed and one grey literature." in english
    assert "Tri phapur: wedi’i adolygu gan gymheiriaid (2) a llenyddiaeth lwyd (1)." in welsh
    assert "Ffigur 1.1" in welsh
    assert "1 Mawrth 2026" in welsh


def test_a_chart_and_its_data_have_the_words_of_the_edition(both: Path) -> None:
    """The picture's own text, and the table behind it, name terms as the page does."""
    figures = both / "_output/report-cy/figures"
    assert (figures / "fig-kinds.csv").read_text(
        "utf-8"
    ) == "Math,Papurau\nCyfweliadau,2\nArolwg,1\n"
    assert "Cyfweliadau" in (figures / "fig-kinds.svg").read_text("utf-8")
    assert "Interviews" not in (figures / "fig-kinds.svg").read_text("utf-8")


def test_pages_lead_to_their_other_language(both: Path) -> None:
    """A page names its counterparts for programs, and links to one for readers."""
    page = (both / WELSH).read_text("utf-8")
    there = "../../report/chapters/belonging.html"
    assert f'<link rel="alternate" hreflang="en-GB" href="{there}">' in page
    assert '<link rel="alternate" hreflang="cy" href="perthyn.html">' in page
    assert f'<a class="language" href="{there}" hreflang="en-GB" lang="en-GB">English</a>' in page
    assert ((both / WELSH).parent / there).resolve() == (both / ENGLISH).resolve()


def test_a_page_without_counterpart_leads_to_the_first(both: Path) -> None:
    """It says nothing to programs: the first page of the other edition is not the same text."""
    page = (both / "_output/report/chapters/methods.html").read_text("utf-8")
    assert 'rel="alternate"' not in page
    assert '<a class="language" href="../../report-cy/index.html" hreflang="cy"' in page


def test_the_pdf_leads_to_the_other(both: Path) -> None:
    """The cover has a link to the PDF of the other edition, beside its own folder."""
    with pikepdf.open(both / "_output/report/report.pdf") as pdf:
        links = [
            str(note.A.URI) for note in pdf.pages[0].get("/Annots", []) if "/URI" in note.get("/A")
        ]
    assert links == ["../report-cy/report-cy.pdf"]


def test_a_kept_run_is_of_its_language(tmp_path: Path) -> None:
    """One chapter listed by two editions is executed in each language, and kept for each."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    welsh = (root / "_quarto-report-cy.yml").read_text("utf-8")
    shared = welsh.replace("cy/perthyn.ipynb", "chapters/belonging.ipynb")
    (root / "_quarto-report-cy.yml").write_text(shared, "utf-8")
    chapter = root / "chapters" / "belonging.ipynb"
    text = chapter.read_text("utf-8").replace('\\"paper\\")', '\\"paper\\", feminine=False)')
    chapter.write_text(text, "utf-8")
    render(root, "--to", "html", "--profile", "report,report-cy")
    shutil.rmtree(root / ".reviewpress" / "builds")
    again = render(root, "--to", "html", "--profile", "report,report-cy")
    page = said(root / "_output/report-cy/chapters/belonging.html")
    assert "Y dystiolaeth yn y bennod hon" in page
    assert "Cyfweliadau" in page
    assert "Evidence in this chapter" in said(root / ENGLISH)
    assert ": running" not in again


def test_the_web_addresses_of_editions(tmp_path: Path) -> None:
    """Where each edition says where it is published, links are to there."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    for profile in ("report", "report-cy"):
        with (root / f"_quarto-{profile}.yml").open("a", encoding="utf-8") as file:
            file.write(f"reviewpress:\n  url: https://example.org/{profile}/\n")
    config = load_config(root)
    [welsh] = find_translations(config)
    assert welsh.address(config, "a.pdf", "b.pdf") == "https://example.org/report-cy/a.pdf"


@pytest.mark.parametrize(
    ("profile", "text", "original"),
    [
        ("report-cy", "lang: cy-GB\n", "report"),
        ("cy", "lang: cy\n", "report"),
        ("adroddiad", "lang: cy\nreviewpress: {translation-of: report}\n", "report"),
        ("adroddiad", "lang: cy\n", "adroddiad"),
        ("report-cy", "lang: de\n", "report-cy"),
        ("other-cy", "lang: cy\n", "other-cy"),
    ],
)
def test_what_an_edition_is_the_translation_of(
    profile: str, text: str, original: str, tmp_path: Path
) -> None:
    """It is what the edition says, or what its name and language say together."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    (root / "_quarto-report-cy.yml").unlink()
    (root / f"_quarto-{profile}.yml").write_text(text, "utf-8")
    assert original_of(load_config(root, profile, check_chapters=False)) == original


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cy/methods.qmd", "# Dulliau\n"),
        ("chapters/methods-cy.qmd", "# Dulliau\n"),
        ("chapters/methods.cy.qmd", "# Dulliau\n"),
        ("cy/dulliau.qmd", "# Dulliau {#sec-methods}\n"),
        ("cy/dulliau.qmd", "---\ntranslation-of: methods\n---\n\n# Dulliau\n"),
        ("cy/dulliau.qmd", "---\ntranslation-of: chapters/methods.qmd\n---\n\n# Dulliau\n"),
    ],
)
def test_chapters_pair(file: str, text: str, tmp_path: Path) -> None:
    """By the names of their files, the ids of their headings, or what one says."""
    translation = with_chapter(tmp_path, file, text)
    assert translation.missing == ()
    assert translation.pages["chapters/methods.qmd"] == file.replace(".qmd", ".html")


def test_chapters_of_other_names_do_not_pair(tmp_path: Path) -> None:
    """Neither does one that says that it translates another."""
    text = "---\ntranslation-of: belonging\n---\n\n# Dulliau {#sec-methods}\n"
    translation = with_chapter(tmp_path, "cy/dulliau.qmd", text)
    assert [chapter.path for chapter in translation.missing] == ["chapters/methods.qmd"]


def with_chapter(folder: Path, file: str, text: str) -> Translation:
    root = folder / "review"
    shutil.copytree(PROJECT, root)
    (root / file).write_text(text, "utf-8")
    profile = root / "_quarto-report-cy.yml"
    listed = profile.read_text("utf-8").replace("    - cy/cyf", f"    - {file}\n    - cy/cyf")
    profile.write_text(listed, "utf-8")
    [translation] = find_translations(load_config(root))
    return translation


def test_what_is_missing_is_listed(tmp_path: Path, reviewpress: Callable[..., Any]) -> None:
    """`check` names the chapter without a counterpart, and the terms without a name."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    schema = root / "data" / "schema.yml"
    schema.write_text(schema.read_text("utf-8").replace(", Survey: Arolwg}", "}"), "utf-8")
    english = reviewpress("check", cwd=root)
    assert "chapters/methods.qmd: the chapter has no counterpart in Cymraeg" in english.stderr
    assert "no name in the language" not in english.stderr
    welsh = reviewpress("check --profile report-cy", cwd=root)
    assert 'terms of the data have no name in the language "cy": "Survey".' in welsh.stderr


def test_an_open_notebook_has_the_language_of_its_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """In Jupyter nobody says which edition it is: the one that lists the chapter."""
    monkeypatch.chdir(PROJECT / "cy")
    assert review_config(PROJECT).lang == "cy"
    assert review_labels()["close"] == "Cau"
    assert Review(PROJECT).count("study_type")["term"].tolist() == ["Cyfweliadau", "Arolwg"]
    monkeypatch.chdir(PROJECT / "chapters")
    assert review_config(PROJECT).lang == "en-GB"
    monkeypatch.setenv(PROFILE_ENV, "report-cy")
    assert review_config(PROJECT).lang == "cy"
    assert Review(PROJECT).name_of("Wales") == "Cymru"


def test_the_word_file_leads_to_the_other(both: Path) -> None:
    """Its first page names the other edition, in that language, with the address of its file."""
    with zipfile.ZipFile(both / "_output/report/report.docx") as archive:
        text = archive.read("word/document.xml").decode()
    assert "HYPERLINK &quot;../report-cy/report-cy.docx&quot;" in text
    assert '<w:lang w:val="cy"/>' in text
    assert "Cymraeg: Gerddi sy’n cael eu rhannu" in text


def test_pages_of_quarto_lead_to_their_other_language() -> None:
    """The head names each language for programs, and the page begins with a link for readers."""
    head, body = "<head><title>T</title></head>", "<body><main><p>A</p></main></body>"
    made = f"<!DOCTYPE html>\n<html>{head}{body}</html>"
    links = [{"lang": "cy", "name": "Cymraeg", "href": "../a.html"}]
    alternates = [{"lang": "en", "href": "b.html"}, {"lang": "cy", "href": "../a.html"}]
    page = link_languages(made, links, alternates)
    assert '<link rel="alternate" hreflang="cy" href="../a.html">' in page
    assert (
        '<main><p class="languages"><a href="../a.html" hreflang="cy" lang="cy">Cymraeg</a>' in page
    )


def test_evidence_is_checked_in_each_language(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """A chapter has the sections of the chapter that it translates."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    chapter = root / "cy" / "perthyn.ipynb"
    text = chapter.read_text("utf-8").replace("; @cedar2022].]", "].]")
    chapter.write_text(text.replace(" [@cedar2022]", ""), "utf-8")
    outcome = reviewpress("check --profile report-cy", cwd=root)
    assert outcome.status == 1
    assert "rests on paper 3, which its text does not cite" in outcome.stderr


def test_messages_are_gathered_from_the_language_of_the_chapter(tmp_path: Path) -> None:
    """A chapter beside another of that name gathers from it, and else from `chapters/`."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    shutil.copy(root / "cy" / "perthyn.ipynb", root / "cy" / "belonging.ipynb")
    summary = '# Crynodeb\n\n::: {.key-messages from="belonging"}\n:::\n'
    (root / "cy" / "crynodeb.qmd").write_text(summary, "utf-8")
    profile = root / "_quarto-report-cy.yml"
    listed = profile.read_text("utf-8").replace("cy/perthyn.ipynb", "cy/crynodeb.qmd")
    profile.write_text(listed, "utf-8")
    config = load_config(root, "report-cy")
    assert [chapter.path for chapter in gathered_chapters(config)] == ["cy/belonging.ipynb"]
    (root / "cy" / "belonging.ipynb").unlink()
    assert [chapter.path for chapter in gathered_chapters(config)] == ["chapters/belonging.ipynb"]


def test_an_edition_from_right_to_left(tmp_path: Path) -> None:
    """A Hebrew edition beside the English one: mirrored, in its own words, each to the other."""
    root = tmp_path / "review"
    shutil.copytree(PROJECT, root)
    (root / "_quarto-report-cy.yml").unlink()
    (root / "he").mkdir()
    (root / "he" / "belonging.qmd").write_text(HEBREW, "utf-8")
    (root / "he" / "references.qmd").write_text("# מקורות\n\n::: {#refs}\n:::\n", "utf-8")
    (root / "_quarto-report-he.yml").write_text(
        "project: {output-dir: _output/he}\nlang: he\nhome: {title: קריאה}\n"
        "book: {title: גינות, author: [Test Author], date: 2026-03-01,"
        " chapters: [index.qmd, he/belonging.qmd, he/references.qmd]}\n"
        "format: {reviewpress-html: default}\n",
        "utf-8",
    )
    render(root, "--profile", "report-he")
    page = (root / "_output/he/he/belonging.html").read_text("utf-8")
    assert '<html lang="he" dir="rtl">' in page
    assert "הבא" in said(root / "_output/he/he/belonging.html")
    assert 'href="../../report/chapters/belonging.html" hreflang="en-GB" lang="en-GB"' in page
    [hebrew] = find_translations(load_config(root))
    assert (hebrew.lang, hebrew.name) == ("he", "עברית")
    assert hebrew.pages["chapters/belonging.ipynb"] == "he/belonging.html"


def test_quarto_is_handed_the_other_language_and_what_its_list_holds(both: Path) -> None:
    """For the title page of its PDF, and for `::: {#refs}` of a review with a table of papers."""
    config = load_config(both, "report-cy")
    checked = prepare(config, progress=PlainDisplay())
    write_inputs(checked.manuscript)
    edition = json.loads((inputs_folder(config) / "edition.json").read_text("utf-8"))
    assert [other["href"] for other in edition["translations"]] == ["../report/report.pdf"]
    references = json.loads((inputs_folder(config) / "references.json").read_text("utf-8"))
    assert references["here"] == "additional"
