"""The extension’s filters on nodes that Quarto makes of figures, tables, callouts, conditions.

The trees are those that the real Quarto handed over of `quarto_recordings/constructs/project`. What
the filters leave of them is looked at here, and what Quarto made of that then.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from compare_pdf import read_pdf
from playing import Played, play
from quarto_cases import EXTENSION, RECORDINGS, REPOSITORY, lay_out, load_cases

FIRST = RECORDINGS / "constructs" / "first"
CROSSREFS = {
    "fig-a": {"label": "Figure", "number": "2.1", "title": "", "page": "chapters/floats.html"},
    "tbl-b": {"label": "Table", "number": "2.1", "title": "", "page": "chapters/floats.html"},
    "tbl-wide": {"label": "Table", "number": "3.1", "title": "", "page": "chapters/across.html"},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project as it was recorded: it uses the formats, and nothing was handed over."""
    lay_out(load_cases()["constructs"], tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture
def review(project: Path) -> Path:
    """The same where the pre-render script handed numbers over."""
    handed = project / ".reviewpress" / "quarto" / "report"
    handed.mkdir(parents=True)
    (handed / "crossrefs.json").write_text(json.dumps(CROSSREFS))
    return project


def left(root: Path, name: str) -> Played:
    """Return what the filters leave of a page or the book, as `floats.html` or `book.typst`."""
    return play(FIRST / f"{name}.handed.json", root)


def made(name: str) -> str:
    """Return what Quarto made of the filters' answers."""
    return (FIRST / name).read_text()


def test_figures_in_word_are_figures_with_alternative_text(review: Path) -> None:
    """A float becomes pandoc's figure, its caption numbered, its picture PNG with words for it."""
    native = left(review, "book.docx").native
    assert re.search(r'Figure\s+\( "fig-a"', native)
    assert "Figure\\160\\&2.1" in native
    assert 'Str "Bars: 31 of 34."' in native or '"Bars: 31 of 34."' in native
    assert "figures/a.png" in native


def test_tables_in_word_are_tables_on_pages_across(review: Path) -> None:
    """A float becomes pandoc's table again, and a section across begins and ends around it."""
    native = left(review, "book.docx").native
    assert re.search(r'Table\s+\( "tbl-wide"', native)
    before, across, after = native.partition('"tbl-wide"')
    assert across
    assert "w:sectPr>" in before
    assert "w:sectPr>" in after
    assert "Strong" in after.split("TableBody")[1]


def test_without_numbers_word_keeps_quartos_floats(project: Path) -> None:
    """In a project that only uses the formats, a figure stays Quarto's, with words for it."""
    played = left(project, "book.docx")
    floats = [node for node in played.nodes.values() if node["type"] == "FloatRefTarget"]
    assert len(floats) == 5
    assert not re.search(r'Figure\s+\( "fig-a"', played.native)
    assert "Bars: 31 of 34." in played.native


def test_figures_are_told_where_they_may_float(project: Path) -> None:
    """Each figure stands in a call that keeps it below its chapter's title; a table in none."""
    native = left(project, "book.typst").native
    calls = [found.start() for found in re.finditer("#chart\\(kind", native)]
    figures = [found.start() for found in re.finditer(r"figures/[abn]\.svg", native)]
    figures.append(native.index("evidence-map("))
    assert len(calls) == 6
    assert sorted([*calls, *figures]) == [
        at for pair in zip(calls, figures, strict=True) for at in pair
    ]
    assert "#chart" not in left(project, "floats.html").native


def test_figures_side_by_side_stand_in_rows_of_ours(project: Path) -> None:
    """Quarto's own are of another width, and it knows no unequal ones for parts of a figure."""
    native = left(project, "book.typst").native
    row = native[native.index("#grid(columns: (1fr, 1fr,)") :]
    assert row.index("A left bar.") < row.index("A right bar.") < row.index('")]"')
    assert "layout-ncol" not in native
    said = read_pdf(FIRST / "made.pdf")
    assert ("", "A right bar.") in said["alternatives"]
    assert ("", "Right") in said["captions"]


def test_figures_of_a_review_fill_the_line_in_a_pdf(project: Path, review: Path) -> None:
    """As in the embedded engine's PDF, whose line is wider in a summary than a chart is drawn."""
    native = left(review, "book.typst").native
    assert native.count('( "width" , "100%" )') == 5
    shutil.rmtree(review / ".reviewpress")
    assert '"width"' not in left(project, "book.typst").native


def test_a_division_has_no_alternative_text(project: Path) -> None:
    """On pages the words stand on the picture; the division around it would get them, too."""
    played = left(project, "floats.html")
    assert '( "alt" , "Bars: 31 of 34." )' in played.native
    figures = [node for node in played.nodes.values() if node["type"] == "FloatRefTarget"]
    assert len(figures) == 3
    assert not any({"alt", "fig-alt"} & set(node) for node in figures)
    page = made("chapters.floats.made.html")
    assert not re.search(r"<div[^>]* alt=", page)
    assert page.count('alt="Bars: 31 of 34."') == 1


def test_a_float_goes_on_a_page_across_whole(project: Path) -> None:
    """The page across is begun outside the float, and the section's heading goes with it."""
    native = left(project, "book.typst").native
    assert native.count("#landscape[") == 1
    assert native.index("#landscape[") < native.index("sec-here") < native.index("Wide")
    typst = made("book.made.typ")
    assert typst.index("#landscape[") < typst.index("<sec-here>") < typst.index("<tbl-wide>")


def test_tables_on_pages_have_header_cells_and_one_id(project: Path) -> None:
    """The float has the identifier; the region is called as the table is, and rows have scopes."""
    native = left(project, "floats.html").native.replace('\\"', '"')
    assert 'id="tbl-b"' not in native
    assert 'aria-label="Papers"' in native
    assert '<th scope="row">One</th>' in native
    page = made("chapters.floats.made.html")
    assert page.count('id="tbl-b"') == 1
    assert '<th scope="row">One</th>' in page


def test_callouts_say_their_kind(project: Path) -> None:
    """The title of a callout is led by its kind."""
    native = left(project, "boxes.html").native
    assert native.index('Str "Tip:"') < native.index('Str "Begin"')
    page = made("chapters.boxes.made.html")
    assert re.search(r'screen-reader-only">Tip</span>\s*Tip: Begin', page)
    styles = (REPOSITORY / EXTENSION / "quarto" / "quarto.css").read_text()
    assert ".callout-title-container > .screen-reader-only { display: none; }" in styles


@pytest.mark.parametrize("name", ["book.typst", "book.docx"])
def test_a_section_without_a_number_is_called_by_its_title(project: Path, name: str) -> None:
    """As Quarto calls it on pages; its PDF and Word file had no such section (29 November 2026)."""
    text = " ".join(left(project, name).native.split())
    before = text.index('Str "See"')
    link = re.search(r'Link .*?\( "#sec-within" , "" \)', text[before:])
    assert link is not None
    assert 'Str "Within"' in link[0]
    assert '">Within</' in made("chapters.before.made.html").replace("<span>", "").replace("\n", "")


@pytest.mark.parametrize(("run", "shown"), [("first", "in full"), ("summary", "in short")])
def test_what_is_not_shown_is_not_there(project: Path, run: str, shown: str) -> None:
    """Text for another profile is gone before the filters look, and not on the page (fact 24)."""
    native = play(RECORDINGS / "constructs" / run / "index.html.handed.json", project).native
    page = (RECORDINGS / "constructs" / run / "index.made.html").read_text()
    assert f"Only {shown}" in page
    assert len(re.findall("Only in", page)) == 1
    assert ("Key" in native) is (run == "summary")


def test_charts_on_pages_have_a_narrow_version(project: Path) -> None:
    """A float shows the narrow picture on narrow screens, or scrolls there."""
    page = left(project, "floats.html").native
    assert "../figures/n-narrow.svg" in page
    assert "265" in page
    # All other drawings, with an identifier or without, and as parts of a figure.
    assert page.count("figure-scroll") == 4
    assert "n-narrow.svg" in made("chapters.floats.made.html")


def test_notes_in_captions_are_left_out_of_the_list(project: Path) -> None:
    """What follows the title of a figure in its caption is marked for the list of figures."""
    native = left(project, "book.typst").native
    assert native.index("Most") < native.index("#caption-note[") < native.index('"Of"')


def test_evidence_maps_are_linked_in_the_pdf(project: Path) -> None:
    """A float of a map holds the table of marks in place of the picture, and may break."""
    native = left(project, "book.typst").native
    assert "#evidence-map(" in native
    assert 'map-mark(1, label(\\"ref-x\\"), \\"7\\")' in native
    assert "figures/m.svg" not in native
    assert native.index("#long-figure[") < native.index("evidence-map(")
    assert "evidence-map(" in made("book.made.typ")


@pytest.mark.parametrize(
    ("format", "set_as"), [("typst", "#report-callout("), ("docx", "Callout Tip")]
)
def test_callouts_in_print_are_the_extensions_own(project: Path, format: str, set_as: str) -> None:
    """PDF and Word get the boxes of the embedded engine; those without their number do not.

    What stands in a title stays what it is: links, emphasis, citations.
    """
    played = left(project, f"book.{format}")
    assert set_as in played.native
    native = " ".join(played.native.split())
    assert re.search(r'Str "Tip:" , Space , Str "Begin" , Space , Emph \[ Str "here" \]', native)
    callouts = [node for node in played.nodes.values() if node["type"] == "Callout"]
    numbered = played.native.split('__quarto_custom_type" , "Callout"')
    assert len(callouts) == 2
    assert len(numbered) == 2


@pytest.mark.parametrize("format", ["typst", "docx"])
def test_numbered_callouts_in_print_say_their_number_once(review: Path, format: str) -> None:
    """Where the number was handed over, they are the extension's own, too."""
    crossrefs = {**CROSSREFS, "tip-one": {**CROSSREFS["fig-a"], "label": "Tip"}}
    handed = review / ".reviewpress" / "quarto" / "report" / "crossrefs.json"
    handed.write_text(json.dumps(crossrefs))
    native = left(review, f"book.{format}").native
    assert '__quarto_custom_type" , "Callout"' not in native
    assert native.count("Tip\\160\\&2.1") == 1
    assert "tip-one" in native


@pytest.mark.parametrize(
    ("name", "has_list"), [("book.typst", True), ("boxes.html", True), ("floats.html", False)]
)
def test_references_without_a_place_stand_at_the_end(
    review: Path, name: str, has_list: bool
) -> None:
    """In one file, and on the last page alone; citations of the PDF would lead to no label."""
    handed = review / ".reviewpress" / "quarto" / "report"
    references = {
        "references": {"known2020": {"group": "additional", "label": "Known 2020"}},
        "page": "",
        "after": {"page": "chapters/boxes.html", "groups": ["additional"]},
    }
    (handed / "references.json").write_text(json.dumps(references))
    item = {"id": "known2020", "type": "book", "title": "Of known things"}
    meta = {"references": {"t": "MetaList", "c": [
        {"t": "MetaMap", "c": {k: {"t": "MetaString", "c": v} for k, v in item.items()}}
    ]}}  # fmt: skip
    document = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": []}
    (handed / "items.json").write_text(json.dumps(document))
    native = " ".join(left(review, name).native.split())
    assert ("references-cited" in native) is has_list
    assert ("refs-additional" in native) is has_list


def test_headings_without_a_number_can_be_linked_in_the_pdf(project: Path) -> None:
    """Quarto would set them in blocks, without their label: they are set before it sees them."""
    native = left(project, "book.typst").native
    assert "#heading(level: 1, numbering: none)[" in native
    assert "#heading(level: 2, numbering: none)[" in native
    for name in ("sec-before", "sec-within"):
        assert f'] #label(\\"{name}\\")' in native
        assert f'( "{name}"' not in native
    assert '( "sec-floats"' in native
    assert "#label" not in left(project, "before.html").native


def test_parts_are_set_by_the_extensions_template(project: Path) -> None:
    """Quarto marks parts and the appendices alike; a comment within says which is which."""
    native = left(project, "book.typst").native
    assert '#part(\\"More\\")' in native
    assert '#show: appendices.with(\\"Appendices\\"' in native
    typst = made("book.made.typ")
    assert typst.index('#part("More")') < typst.index("<sec-boxes>")
    assert typst.index("#show: appendices.with(") < typst.index("<sec-forms>")


def test_what_quarto_need_not_see_is_written_as_html(project: Path) -> None:
    """Tables are HTML at once; floats stay nodes for Quarto to write."""
    played = left(project, "floats.html")
    native = played.native.replace('\\"', '"')
    assert 'RawBlock (Format "html") "<div class="table-scroll"' in " ".join(native.split())
    assert native.count("FloatRefTarget") == 3


def test_the_pdf_leads_to_its_like_in_other_languages(review: Path) -> None:
    """The title page is told of them; pages have links of their own."""
    other = {"lang": "cy", "name": "Cymraeg", "title": "Teitl", "href": "../cy/report-cy.pdf"}
    handed = review / ".reviewpress" / "quarto" / "report" / "edition.json"
    handed.write_text(json.dumps({"translations": [other]}))
    told = left(review, "book.typst").tree["meta"]["translations"]
    assert "../cy/report-cy.pdf" in json.dumps(told)
    assert "translations" not in left(review, "before.html").tree["meta"]


@pytest.mark.parametrize("name", ["index.html", "book.typst", "book.docx", "before.html"])
def test_the_first_page_ends_with_what_was_corrected(review: Path, name: str) -> None:
    """A page ranks it below its title; in one file it ends the first chapter, on no other page."""
    heading = {"t": "Header", "c": [2, ["", ["unnumbered"], []], [{"t": "Str", "c": "Corrected"}]]}
    told = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": [heading]}
    made_for = name.rpartition(".")[2]
    handed = review / ".reviewpress" / "quarto" / "report" / f"history.{made_for}.json"
    handed.write_text(json.dumps(told))
    native = left(review, name).native
    if name == "before.html":
        assert "Corrected" not in native
        return
    place = native.index("Corrected")
    if made_for == "html":
        assert re.search(r"Header\s+2\s+\(\s*\"\"\s*,[^()]*\)\s+\[ Str \"Corrected", native)
    else:
        assert native.index("sec-begin") < place < native.index("sec-before", place)
        assert native.count("sec-before", 0, place) == 0
