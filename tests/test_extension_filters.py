"""Each Lua filter on a small input: the native AST it makes for each format.

To accept a change on purpose: REVIEWPRESS_UPDATE=1 pytest tests/test_extension_filters.py
"""

import json
import os
import re
from pathlib import Path

import pytest

from reviewpress.extension import find_extension
from reviewpress.programs.tools import run_pandoc

HERE = Path(__file__).parent / "lua"
ROOT = Path(__file__).parents[1]
FORMATS = ("html", "typst", "docx")
CASES = sorted(path.stem for path in HERE.glob("*.md"))


def native(case: str, name: str) -> str:
    """Run the filter that a case is named after, and print what it makes for a format."""
    filter_name = case.split("-")[0]
    extension = find_extension(ROOT)
    arguments = [
        "--from=markdown",
        f"--to={name}",
        f"--output={os.devnull}",
        f"--lua-filter={extension.file(f'filters/{filter_name}.lua')}",
        f"--lua-filter={HERE / 'dump.lua'}",
    ]
    return run_pandoc(arguments, (HERE / f"{case}.md").read_text(), folder=HERE).rstrip() + "\n"


@pytest.fixture(autouse=True)
def _modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let filters find modules beside them, as they do where the engines run them."""
    monkeypatch.setenv("LUA_PATH", f"{find_extension(ROOT).folder}/filters/?.lua;;")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_filter_makes_what_is_expected(case: str, name: str) -> None:
    """A filter makes the AST that stands beside its input."""
    expected = HERE / f"{case}.{name}.native"
    made = native(case, name)
    if os.environ.get("REVIEWPRESS_UPDATE"):
        expected.write_text(made)
    assert made == expected.read_text()


@pytest.mark.parametrize(
    ("head", "divided"), [("Found", 0), ("Was it said what is known? " * 32, 2)]
)
def test_a_long_row_below_high_heads_may_be_divided(head: str, divided: int) -> None:
    """Both are higher than a page, which what says that a table goes on would be alone on."""
    row = "Words about what was found there. " * 52
    made = run_pandoc(
        [
            "--from=markdown",
            "--to=typst",
            f"--lua-filter={find_extension(ROOT).file('filters/tables.lua')}",
        ],
        f"| Study | {head} |\n|:---|:---------|\n| Alder | {row} |\n\n: A {{#tbl-a .rp-table}}",
        folder=HERE,
    )
    assert made.count("breakable: true") == divided


def test_every_filter_has_a_case() -> None:
    """No filter of the extension is without an input of its own, but for those of Quarto alone."""
    filters = {path.stem: path.read_text() for path in find_extension(ROOT).filters}
    everywhere = {
        name for name, text in filters.items() if not re.search(r"^if not quarto\b", text, re.M)
    }
    assert everywhere == {case.split("-")[0] for case in CASES}


@pytest.mark.parametrize(
    ("to", "said"), [("typst", "#strong(raw("), ("docx", "Strong [ Code"), ("html", "")]
)
def test_the_name_of_a_file_is_above_its_code_under_quarto(
    to: str, said: str, tmp_path: Path
) -> None:
    """Quarto 1.10 makes a node of such a block, and shows the name in pages alone."""
    for each in find_extension(ROOT).folder.iterdir():
        if each.name != "filters":
            (tmp_path / each.name).symlink_to(each)
    wrapper = tmp_path / "filters/wrapper.lua"
    wrapper.parent.mkdir()
    wrapper.write_text(
        'require("./format")\nquarto = {}\nlocal filters = require("./code")\n'
        "function CodeBlock(block)\n"
        "  local name = filters[1] and filters[1].DecoratedCodeBlock or function() end\n"
        "  return name({ filename = block.attributes.filename, code_block = block })\nend\n"
    )
    arguments = ["--from=markdown", f"--to={to}", f"--output={os.devnull}",
                 f"--lua-filter={wrapper}", f"--lua-filter={HERE / 'dump.lua'}"]  # fmt: skip
    text = '```{.python filename="run.py"}\nx = 1\n```\n\n```python\ny = 2\n```\n'
    made = run_pandoc(arguments, text, folder=HERE)
    assert said in made
    assert ('"filename"' in made) is (to == "html")
    assert made.count("CodeBlock") == 2


def test_filters_leave_quartos_cross_references_alone() -> None:
    """A cite of `fig-`, `tbl-` or `sec-` is Quarto's to resolve."""
    text = (HERE / "references.md").read_text() + "\n\nSee @fig-x and [@tbl-y].\n"
    arguments = [
        "--from=markdown",
        "--to=html",
        f"--lua-filter={find_extension(ROOT).file('filters/references.lua')}",
    ]
    html = run_pandoc(arguments, text, folder=HERE)
    assert 'data-cites="fig-x"' in html
    assert 'data-cites="tbl-y"' in html


def test_a_number_before_a_full_stop_begins_no_list() -> None:
    """Where a computed number comes first in a line, Typst would make an item of a list of it."""
    text = "Since\n[2019]{.value}. Then\n[[2020]{.a}]{.b}. In\n1998. And\n[87]{.value}.5 of them.\n"
    text += "\nA note.^[1998. So it was.]\n\n| 1. Aims | 2.5 |\n|---|---|\n| 2. Ends | 3. |\n"
    arguments = ["--from=markdown-lists_without_preceding_blankline", "--to=typst"]
    arguments += ["--wrap=preserve"]
    filters = [f"--lua-filter={find_extension(ROOT).file('filters/typst-chapters.lua')}"]
    plain = run_pandoc(arguments, text, folder=HERE)
    made = run_pandoc([*arguments, *filters], text, folder=HERE)
    item = re.compile(r"(?:^|\[)\d+\.[ \]]", re.M)
    assert item.search(plain)
    assert not item.search(made)
    assert re.sub(r"\\(?=\d)", "", made) == re.sub(r"\\(?=\d)", "", plain)


def test_a_point_before_letters_asks_for_no_field() -> None:
    """Right after words in bold, a link or a note, Typst would look for `wav` among its fields."""
    text = (
        "A\\_**2023**.wav, *x*.csv, [[a](b.md)]{.c}.pdf, a^2^.Then, ^[One.].Édition, **a**[.b]{.c}"
    )
    text += " of .NET, 2.5 and **a**. And .5 of it.\n"
    filters = [f"--lua-filter={find_extension(ROOT).file('filters/typst-chapters.lua')}"]
    made = run_pandoc(["--from=markdown", "--to=typst", "--wrap=none", *filters], text, folder=HERE)
    assert not re.search(r"[\])]\.\w", made)
    for written in ("#strong[2023]\\.wav", "\\.pdf", "\\.Then", "\\.Édition", "#strong[a]. And"):
        assert written in made


def test_a_sign_begins_no_list() -> None:
    """At the start of a cell, a note or an item Typst would make a list or a heading of it."""
    text = "| \\- so | \\+ it | \\= was | \\/ a: b | \\== c |\n|---|---|---|---|---|\n"
    text += "| -5 | +x | =y | /z | - |\n\n* \\- item\n\nA note.^[\\- So.]\n\nHalf - way = there.\n"
    filters = [f"--lua-filter={find_extension(ROOT).file('filters/typst-chapters.lua')}"]
    made = run_pandoc(["--from=markdown", "--to=typst", *filters], text, folder=HERE)
    for written in ("[\\- so]", "[\\+ it]", "[\\= was]", "[\\/ a: b]", "[\\== c]", "[-5]", "[\\-]",
                    "- \\- item", "#footnote[\\- So.]", "Half - way = there."):  # fmt: skip
        assert written in made


def test_columns_of_numbers_leave_room_for_words() -> None:
    """They stand at even steps where there is room, and else are as wide as they need to be."""
    heads = ["Study", "n", "Randomised", "Female", "Finding"]
    rule = "|---|--:|--:|--:|---|"

    def shares(finding: str) -> list[float]:
        rows = [["Alder 2020", "12", "not recorded", "7", finding]] * 3
        table = "\n".join(
            [f"| {' | '.join(heads)} |", rule, *(f"| {' | '.join(row)} |" for row in rows)]
        )
        text = f"{table}\n\n: Studies {{.rp-table row-headers=1}}\n"
        filters = [f"--lua-filter={find_extension(ROOT).file('filters/tables.lua')}"]
        made = run_pandoc(["--from=markdown", "--to=typst", *filters], text, folder=HERE)
        written = re.search(r"columns: \((.*?)\)", made)
        assert written
        return [float(share.rstrip("%")) for share in written[1].split(", ")]

    even, tight = (
        shares("Fewer visits"),
        shares("Fewer visits were made, and they were longer. " * 9),
    )
    assert even[1] == even[2] == even[3]
    assert tight[1] < tight[3] < tight[2] < tight[4]


def test_without_references_every_cite_is_left_alone() -> None:
    """A project without the list of references keeps pandoc's own citations."""
    arguments = [
        "--from=markdown",
        "--to=html",
        f"--lua-filter={find_extension(ROOT).file('filters/references.lua')}",
    ]
    assert 'data-cites="any2020"' in run_pandoc(arguments, "Text [@any2020].", folder=HERE)


def test_files_of_filters_are_short() -> None:
    """A file of the extension's filters is no longer than a module may be."""
    for file in (find_extension(ROOT).folder / "filters").glob("*.lua"):
        assert len(file.read_text().splitlines()) <= 500, file.name


def test_a_list_of_references_in_the_document_itself_is_set(tmp_path: Path) -> None:
    """Where a document of another project has its `references:` in its metadata, CSL sets them."""
    shim = tmp_path / "quarto.lua"
    filter_file = find_extension(ROOT).file("filters/references.lua")
    as_quarto = (HERE / "as_quarto.lua").as_posix()
    shim.write_text(f"return dofile('{as_quarto}')('{filter_file.as_posix()}')\n")
    text = (
        "---\nreferences:\n- {id: any2020, type: book, title: Any,"
        " author: [{family: Any, given: B}], issued: 2020}\n---\nText [@any2020], see @fig-x.\n"
    )
    arguments = ["--from=markdown", "--to=html", f"--lua-filter={shim}"]
    html = run_pandoc(arguments, text, folder=tmp_path)
    assert re.search(r'<a\s+href="#ref-any2020" role="doc-biblioref">Any, 2020</a>', html)
    assert 'id="ref-any2020"' in html
    assert 'data-cites="fig-x"' in html


def test_the_embedded_engine_needs_nothing_that_is_quartos() -> None:
    """What only Quarto needs stands in a folder of its own, and is no filter of ours."""
    extension = find_extension(ROOT)
    names = [path.relative_to(extension.folder).as_posix() for path in extension.filters]
    assert "filters/references.lua" in names
    assert [name for name in names if not name.startswith("filters/")] == []
    for path in (extension.folder / "quarto").glob("*.lua"):
        assert "PANDOC_SCRIPT_FILE" not in path.read_text(), path.name
    for path in extension.filters:
        for line in path.read_text().splitlines():
            if "../quarto/" in line:
                assert "quarto and" in line or "quarto.utils" in line, f"{path.name}: {line}"


CALLED = """
local filter = dofile("{as_quarto}")("{file}")
quarto.utils.as_inlines = pandoc.Inlines
return {{ {{ Div = function(div)
  local name = div.attributes.name and pandoc.Inlines(div.attributes.name) or nil
  return filter[1].Theorem({{ identifier = div.identifier, name = name, div = div }})
end }} }}
"""


def test_theorems_in_quartos_pdf_are_called_as_references_call_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By chapter, with the name in brackets and no full stop; one that is not known is left."""
    handed = tmp_path / ".reviewpress" / "quarto" / "report"
    handed.mkdir(parents=True)
    known = {"label": "Theorem", "number": "2.1", "title": "Lines", "page": "chapters/a.html"}
    (handed / "crossrefs.json").write_text(json.dumps({"thm-a": known, "thm-list": known}))
    monkeypatch.setenv("QUARTO_PROJECT_DIR", str(tmp_path))
    monkeypatch.setenv("QUARTO_PROFILE", "report")
    file = find_extension(ROOT).file("quarto/theorems.lua").as_posix()
    shim = tmp_path / "shim.lua"
    shim.write_text(CALLED.format(as_quarto=(HERE / "as_quarto.lua").as_posix(), file=file))
    text = (
        "::: {#thm-a name=Lines}\nTwo points.\n:::\n\n::: {#thm-list}\n- one\n:::\n\n"
        "::: {#thm-other}\nUnknown.\n:::\n"
    )
    arguments = ["--from=markdown", "--to=typst", "--wrap=none", f"--lua-filter={shim}"]
    made = run_pandoc(arguments, text, folder=tmp_path)
    assert "#strong[Theorem~2.1 (Lines)] Two points." in made
    assert "#strong[Theorem~2.1]\n\n- one" in made
    assert "<thm-a>" in made
    assert "#block[\nUnknown." in made
