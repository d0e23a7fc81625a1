"""The extension’s filters on nodes that Quarto makes of figures, tables, callouts, conditions.

`tests/fake_quarto/main.lua` makes those nodes and calls the filters as Quarto does; its comments
name what of Quarto's source it follows. What the filters leave of a document is looked at here.
"""

import base64
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from reviewpress.programs.tools import find_pandoc

REPOSITORY = Path(__file__).resolve().parents[1]
EXTENSION = REPOSITORY / "_extensions" / "reviewpress"
MAIN = REPOSITORY / "tests" / "fake_quarto" / "main.lua"

CROSSREFS = {
    "fig-a": {"label": "Figure", "number": "2.1", "title": "", "page": "chapters/a.html"},
    "tbl-b": {"label": "Table", "number": "2.1", "title": "", "page": "chapters/a.html"},
}
FIGURE = '![Most papers.](../figures/a.svg){#fig-a fig-alt="Bars: 31 of 34."}\n'
TABLE = """
| Paper | Year |
|-------|------|
| One   | 2020 |

: Papers {#tbl-b .landscape row-headers=1}
"""


def left(
    folder: Path,
    text: str,
    to: str,
    *,
    render: str = "",
    only: tuple[str, ...] = (),
    **environment: str,
) -> str:
    """Return what the filters (or `only` some) make of a chapter, as native AST or by `render`.

    written.lua makes HTML of what the others leave: it is not among them unless it is named.
    """
    renderer = folder / "renderer.lua"
    renderer.write_text(f"return {{ {render} }}")
    filters = yaml.safe_load((EXTENSION / "_extension.yml").read_text())["contributes"]["formats"]
    dump = folder / "dump.lua"
    dump.write_text("function Pandoc(d) io.stdout:write(pandoc.write(d, 'native')) return d end\n")
    all_names = filters["common"]["filters"]
    names = [f"filters/{name}.lua" for name in only] or [n for n in all_names if "written" not in n]
    done = subprocess.run(
        [find_pandoc(), "--from=markdown", f"--to={to}", f"--output={os.devnull}",
         f"--lua-filter={MAIN}", f"--lua-filter={dump}"],
        input=text, text=True, capture_output=True, cwd=folder, check=False,
        env=os.environ | {
            "QUARTO_PROJECT_DIR": str(folder), "QUARTO_PROFILE": "report", "FAKE_OFFSET": "..",
            "FAKE_INPUT": str(folder / "chapters" / "a.ipynb"), "FAKE_RENDERER": str(renderer),
            "FAKE_FILTERS": "\n".join(str(EXTENSION / name) for name in names),
        } | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """The folder of a review whose numbers were handed over."""
    handed = tmp_path / ".reviewpress" / "quarto" / "report"
    handed.mkdir(parents=True)
    (handed / "crossrefs.json").write_text(json.dumps(CROSSREFS))
    return tmp_path


def test_figures_in_word_are_figures_with_alternative_text(review: Path) -> None:
    """A float becomes pandoc's figure, its caption numbered, its picture PNG with words for it."""
    made = left(review, FIGURE, "docx")
    assert "__quarto_custom" not in made
    assert re.search(r'Figure\s+\( "fig-a"', made)
    assert "Figure\\160\\&2.1" in made
    assert 'Str "Bars: 31 of 34."' in made
    assert "../figures/a.png" in made


def test_tables_in_word_are_tables_on_pages_across(review: Path) -> None:
    """A float becomes pandoc's table again, and a section across begins and ends around it."""
    made = left(review, "## Here\n\nText.\n" + TABLE, "docx")
    assert "__quarto_custom" not in made
    assert re.search(r'Table\s+\( "tbl-b"', made)
    assert made.count("w:sectPr>") == 4
    assert "Strong" in made.split("TableBody")[1]


def test_without_numbers_word_keeps_quartos_floats(tmp_path: Path) -> None:
    """In a project that only uses the formats, a figure stays Quarto's and keeps its SVG."""
    made = left(tmp_path, FIGURE, "docx")
    assert "FloatRefTarget" in made
    assert "../figures/a.svg" in made
    assert 'Str "Bars: 31 of 34."' in made


def test_figures_are_told_where_they_may_float(tmp_path: Path) -> None:
    """Each figure stands in a call that keeps it below its chapter's title; a table in none."""
    bare = "![No identifier](../figures/b.svg)\n"
    made = left(tmp_path, f"# One\n\n{FIGURE}\n{bare}\n{TABLE}", "typst")
    calls = [found.start() for found in re.finditer("#chart\\(kind", made)]
    assert len(calls) == 2
    assert calls[0] < made.index("a.svg") < calls[1] < made.index("b.svg") < made.index("Table")
    assert "#chart" not in left(tmp_path, FIGURE, "html")


def test_a_division_has_no_alternative_text(tmp_path: Path) -> None:
    """On pages the words stand on the picture; the division around it would get them, too."""
    shown = "{ FloatRefTarget = function(f) return pandoc.Div({}, { alt = f.attributes.alt or 'none' }) end }"  # noqa: E501
    made = left(tmp_path, FIGURE, "html")
    assert '( "alt" , "Bars: 31 of 34." )' in made
    assert '( "alt" , "none" )' in left(tmp_path, FIGURE, "html", render=shown)


@pytest.mark.parametrize("older", ["", "1"])
def test_a_float_goes_on_a_page_across_whole(tmp_path: Path, older: str) -> None:
    """The page across is begun outside the float, whichever of the two has the table's class."""
    made = left(tmp_path, TABLE, "typst", FAKE_QUARTO_OLD_TABLES=older)
    assert made.index("#landscape[") < made.index("FloatRefTarget")
    assert made.count("#landscape[") == 1
    assert "Strong" in made.split("TableBody")[1]


def test_tables_on_pages_have_header_cells_and_one_id(tmp_path: Path) -> None:
    """The float has the identifier; the region is called as the table is, and rows have scopes."""
    made = left(tmp_path, TABLE, "html", FAKE_QUARTO_OLD_TABLES="1")
    assert '"tbl-b"' not in made
    assert '( "aria-label" , "Papers" )' in made
    assert '( "scope" , "row" )' in made


def test_callouts_say_their_kind(tmp_path: Path) -> None:
    """The title of a callout is led by its kind."""
    made = left(tmp_path, "::: {.callout-tip}\n## Begin here\n\nText.\n:::\n", "html")
    assert made.index('Str "Tip:"') < made.index('Str "Begin"')


def test_what_is_not_shown_is_not_there(tmp_path: Path) -> None:
    """Text for another profile is gone before the filters look."""
    text = '::: {.content-visible when-profile="summary"}\n::: key-message\nHidden.\n:::\n:::\n'
    assert "Hidden" not in left(tmp_path, text, "html")
    assert "Hidden" in left(tmp_path, text, "html", QUARTO_PROFILE="summary")


def test_charts_on_pages_have_a_narrow_version(tmp_path: Path) -> None:
    """A float shows the narrow picture on narrow screens, or scrolls there."""
    made = left(tmp_path, FIGURE.replace("{#fig-a", "{#fig-a narrow=265x310"), "html")
    assert "../figures/a-narrow.svg" in made
    assert "265" in made
    assert "figure-scroll" not in made
    assert "figure-scroll" in left(tmp_path, FIGURE, "html")


def test_notes_in_captions_are_left_out_of_the_list(tmp_path: Path) -> None:
    """What follows the title of a figure in its caption is marked for the list of figures."""
    made = left(tmp_path, FIGURE.replace("Most papers.", "**Most papers.** Of 34."), "typst")
    assert made.index("Most") < made.index("#caption-note[") < made.index("Of")


def test_evidence_maps_are_linked_in_the_pdf(tmp_path: Path) -> None:
    """A float of a map holds the table of marks in place of the picture, and may break."""
    rows = "\n".join(f"| Row {at} | []{{.mark-1}} |" for at in range(80))
    text = (
        f'{FIGURE}\n::: {{.evidence-map for="fig-a"}}\n- Interviews\n\n| Kind | Here |\n|--|--|\n'
        f"{rows}\n| Last | [[7](#ref-x)]{{.mark-1}} |\n:::\n"
    )
    made = left(tmp_path, text, "typst")
    assert "#evidence-map(" in made
    assert 'map-mark(1, label(\\"ref-x\\"), \\"7\\")' in made
    assert "a.svg" not in made
    assert made.index("#long-figure[") < made.index("FloatRefTarget") < made.index("evidence-map(")


@pytest.mark.parametrize(("to", "set_as"), [("typst", "#report-callout("), ("docx", "Callout Tip")])
def test_callouts_in_print_are_the_extensions_own(tmp_path: Path, to: str, set_as: str) -> None:
    """PDF and Word get the boxes of the embedded engine, without the icons of Quarto's."""
    made = left(tmp_path, "::: {.callout-tip}\n## Begin *here*\n\nText.\n:::\n", to)
    assert set_as in made
    assert "Tip: Begin here" in made
    assert "__quarto_custom" not in made
    numbered = left(tmp_path, "::: {#tip-one .callout-tip}\n## Begin\n\nText.\n:::\n", to)
    assert "__quarto_custom" in numbered


def test_a_page_across_ends_before_the_next_chapter(tmp_path: Path) -> None:
    """The mark that Quarto sets between two chapters is no text to go with a table."""
    mark = "`<!-- quarto-file-metadata: e30= -->`{=html}"
    made = left(tmp_path, f"## Here\n{TABLE}\nText after.\n\n{mark}\n\n# Next\n", "typst")
    assert made.count("#text-across[") == 1
    assert made.index('"]"', made.index("after.")) < made.index("quarto-file-metadata")


def test_headings_without_a_number_can_be_linked_in_the_pdf(tmp_path: Path) -> None:
    """Quarto would set them in blocks, without their label: they are set before it sees them."""
    text = "# Before {#sec-before .unnumbered}\n\n## Within {#sec-within}\n\n# One {#sec-one}\n"
    made = left(tmp_path, text, "typst")
    assert "#heading(level: 1, numbering: none)[" in made
    assert "#heading(level: 2, numbering: none)[" in made
    for name in ("sec-before", "sec-within"):
        assert f'] #label(\\"{name}\\")' in made
        assert f'( "{name}"' not in made
    assert '( "sec-one"' in made
    assert "#label" not in left(tmp_path, text, "html")


@pytest.mark.parametrize(("kind", "call"), [("part", "#part("), ("appendix", "#show: appendices.")])
def test_parts_are_set_by_the_extensions_template(tmp_path: Path, kind: str, call: str) -> None:
    """Quarto marks parts and the appendices alike; a comment within tells which is which."""
    said = json.dumps({"bookItemDepth": 0, "bookItemType": kind}).encode()
    mark = f"`<!-- quarto-file-metadata: {base64.b64encode(said).decode()} -->`{{=html}}"
    made = left(
        tmp_path, f"::: {{.quarto-book-part}}\n{mark}\n\n# More {{.unnumbered}}\n:::\n", "typst"
    )
    assert call in made
    assert '\\"More\\"' in made
    assert "Header" not in made


def test_what_quarto_need_not_see_is_written_as_html(tmp_path: Path) -> None:
    """Codes, reference lists and tables are HTML at once; floats stay nodes for Quarto to write."""
    text = "::: {.references}\nA *work*.\n:::\n\nSaid[7](#ref-a){.code}.\n" + TABLE
    made = left(tmp_path, text, "html", only=("tables", "written")).replace('\\"', '"')
    assert '<div class="references">' in made
    assert '<a href="#ref-a" class="code">7</a>' in made
    assert "FloatRefTarget" in made
    assert '<th scope="row">One</th>' in made
