"""Figures, tables and listings as blocks: everything in them stays, in every format."""

import shutil

import pytest
from chapters_made import Texts, make_chapters
from reading import said, styled, word_part

from reviewpress.assemble.number_style import NumberStyle

TABLE = "| a |\n|---|\n| {} |\n"
IMAGE = '![](a.png){fig-alt="A dot."}'


def block(name: str, *parts: str, more: str = "") -> str:
    """Return a chapter with a float of these parts, and a reference to it."""
    inner = "\n\n".join(parts)
    return (
        f"# About {name} {{#sec-{name}}}\n\nSee @{name}.\n\n::: {{#{name}{more}}}\n{inner}\n:::\n"
    )


CHAPTERS = {
    "note": block("tbl-note", TABLE.format("celln"), "*Note.* noten.", "captionn here."),
    "two": block("tbl-two", TABLE.format("cellt"), TABLE.format("cellu"), "captiont here."),
    "own": block("tbl-own", TABLE.format("cello"), ": captiono here", "Source: sourceo."),
    "said": block("tbl-said", TABLE.format("cells"), more=' tbl-cap="captions *strong*"'),
    "list": block("tbl-list", "- iteml\n- itemm", "captionl here."),
    "figure": block("fig-figure", IMAGE, "Source: sourcef.", "captionf here."),
    "attribute": block("fig-attribute", IMAGE, more=' fig-cap="captiona"'),
    "code": block("lst-code", "```python\ncodec = 1\n```", "captionc here."),
    "linked": "# Linked\n\nSee @fig-linked.\n\n"
    '[![captionk](a.png){fig-alt="A dot."}](https://example.org/k){#fig-linked}\n',
    "parts": "# Parts {#sec-parts}\n\nSee @fig-whole, @fig-one and @fig-two, then @fig-after.\n\n"
    "::: {#fig-whole layout-ncol=2}\n\n"
    '![partp](a.png){#fig-one fig-alt="A."}\n\n![partq](b.png){#fig-two fig-alt="B."}\n\n'
    'captionw here.\n:::\n\n![captionz](a.png){#fig-after fig-alt="C."}\n',
    "drawn": '# Drawn\n\nSee @tbl-drawn.\n\n![captiond](a.png){#tbl-drawn fig-alt="D."}\n',
    "rows": "# Rows {#sec-rows}\n\nSee @fig-rows.\n\n"
    '::: {#fig-rows layout="[[30, 70], [100]]"}\n\n'
    '![partr](a.png){#fig-r fig-alt="R."}\n\n![parts](b.png){#fig-s fig-alt="S."}\n\n'
    '![partt](a.png){#fig-t fig-alt="T."}\n\ncaptionr here.\n:::\n',
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """All of them, rendered."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    return make_chapters(tmp_path_factory.mktemp("floats"), CHAPTERS, program)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("note", ("celln", "noten", "Table 1.1: captionn here.", "See Table 1.1")),
        ("two", ("cellt", "cellu", "Table 2.1: captiont here.")),
        ("own", ("cello", "Table 3.1: captiono here", "sourceo")),
        ("said", ("cells", "Table 4.1: captions strong")),
        ("list", ("iteml", "itemm", "Table 5.1: captionl here.")),
        ("figure", ("sourcef", "Figure 6.1: captionf here.", "See Figure 6.1")),
        ("attribute", ("Figure 7.1: captiona",)),
        ("code", ("codec = 1", "Listing 8.1: captionc here.", "See Listing 8.1")),
        ("linked", ("Figure 9.1: captionk",)),
        ("drawn", ("Table 11.1: captiond", "See Table 11.1")),
    ],
)
def test_all_that_a_float_holds_is_published(name: str, kept: tuple[str, ...], made: Texts) -> None:
    """Notes, sources, a second table, captions as attributes, before the end or inside."""
    for text in made.everywhere(name):
        assert [words for words in kept if words not in text] == []


def test_parts_of_a_figure_have_letters(made: Texts) -> None:
    """They are (a) and (b) of one figure, and the next figure has the next number."""
    for text in made.everywhere("parts"):
        assert "See Figure 10.1, Figure 10.1 (a) and Figure 10.1 (b), then Figure 10.2." in text
        for words in ("(a) partp", "(b) partq", "10.1: captionw here.", "10.2: captionz"):
            assert words in text
    numbers = {name: made.book.targets[name].number for name in ("fig-one", "fig-after")}
    assert numbers == {"fig-one": "10.1\xa0(a)", "fig-after": "10.2"}


def test_rows_of_parts_are_as_wide_as_their_layout_says(made: Texts) -> None:
    """Three and seven tenths, then the whole line; in Word in a table."""
    page = made.page("rows")
    assert page.index("tenths-3") < page.index("partr") < page.index("tenths-7")
    assert page.index("parts<") < page.index("partt")
    [word] = made.folder.glob("*.docx")
    body = word_part(word)
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    grids = [
        [round(int(column.get(f"{space}w", 0)) / 907) for column in table.iter(f"{space}gridCol")]
        for table in body.iter(f"{space}tbl")
        if "partr" in said(table) or "partp" in said(table)
    ]
    assert grids == [[5, 5], [3, 7]]


def test_a_linked_picture_stays_a_link(made: Texts) -> None:
    """The address of a picture that is a link is on its page."""
    assert 'href="https://example.org/k"' in made.page("linked")


def test_the_list_of_figures_in_word_holds_figures_alone(made: Texts) -> None:
    """Listings have captions of their own kind, and a table that is a picture that of tables."""
    [word] = made.folder.glob("*.docx")
    body = word_part(word)
    captions = {
        kind: [said(caption) for caption in styled(body, f"{kind}Caption")]
        for kind in ("Image", "Table", "Listing")
    }
    assert all(words.startswith("Figure ") for words in captions["Image"])
    assert "Table 11.1: captiond" in captions["Table"]
    assert captions["Listing"] == ["Listing 8.1: captionc here."]


@pytest.mark.parametrize(
    ("style", "parts"),
    [("alpha a", ["a", "z", "aa"]), ("alpha A", ["A", "Z", "AA"]), ("roman i", ["i", "xxvi"]),
     ("alpha α", ["α"]), ("arabic", ["1", "26"])],
)  # fmt: skip
def test_parts_count_as_they_are_asked_to(style: str, parts: list[str]) -> None:
    """In letters from any first one, in Roman figures or others: `subref-labels`."""
    counted = NumberStyle(kinds={"subref": style})
    assert [counted.part(count) for count in (1, 26, 27)[: len(parts)]] == parts
