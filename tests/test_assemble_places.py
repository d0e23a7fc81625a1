"""Every problem is told where it stands, though the same text stands earlier in innocence."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble import assemble
from reviewpress.checks import load_evidence
from reviewpress.config import Config, load_config
from reviewpress.engine import Manuscript
from reviewpress.errors import Place, Problem, Problems, ReportError
from reviewpress.formats.documents import copy_images
from reviewpress.notebooks import CellText
from reviewpress.pipeline import check_edition
from reviewpress.provenance import Provenance
from reviewpress.references import load_references

HERE = "«"
"""Stands in a case before what is wrong; a case with several is wrong at each of them."""
CELL = "%%\n"
"""Begins the next cell of a notebook, and is nothing in a text file."""
TITLE = "# Findings {#sec-findings}\n\nWhat was found.\n\n"
TOLD = '[Joined services helped [@known2020; @other2021].]{.finding of="outcomes-01"}\n\n'

PARTS = {
    "chapters/part.md": "Some words.\n\nMore, as @gone1999 has it, and [a page](lost.qmd).\n",
    "chapters/fine.md": "Nothing wrong, three\nlines of it,\n\nlike `@gone1999`.\n",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong, the rule it breaks, and a chapter in which it is."""

    name: str
    rule: str
    text: str


CASES = tuple(
    Case(*each)
    for each in (
        ("citation-after-fence", "unknown-citation",
         "```\n[@gone1999]\n```\n%%\nSaid [«@gone1999].\n"),
        ("citation-after-code-span", "unknown-citation",
         "Write `[@gone1999]`.\n\n%%\nSo it is\n[see «@gone1999, p. 3].\n"),
        ("citation-after-comment", "unknown-citation",
         "<!-- [@gone1999] -->\n\n%%\nSaid [«@gone1999].\n"),
        ("citation-after-longer-key", "unknown-citation",
         "Said [@method2018].\n\n%%\nAnd [«@method201].\n"),
        ("citation-in-group", "unknown-citation",
         "`@gone1999` and [@method2018;\n«@gone1999].\n"),
        ("citation-in-text", "unknown-citation",
         "``@gone1999``\n\n%%\n- One, as «@gone1999 says.\n"),
        ("citation-in-footnote", "unknown-citation",
         "A note.[^1] Not `@gone1999`.\n\n%%\n[^1]: As [«@gone1999].\n"),
        ("citation-in-table", "unknown-citation",
         "`@gone1999`\n\n%%\n| a | b |\n|---|---|\n| `@gone1999` | c |\n| d | «@gone1999 |\n"),
        ("citation-in-simple-table", "unknown-citation",
         "`@gone1999`\n\n%%\nPaper         Year\n----------  ------\none           2001\n"
         "«@gone1999     1999\n\nEnd.\n"),
        ("citation-in-heading", "unknown-citation",
         "`@gone1999`\n\n%%\n## As «@gone1999 says\n\nWords.\n"),
        ("citation-in-quotation", "unknown-citation",
         "> `@gone1999`\n\n%%\n> Said\n> by [-«@gone1999].\n"),
        ("citation-escaped-before", "unknown-citation",
         "An address, \\@gone1999, a@gone1999.org.\n\n%%\nSaid [«@gone1999].\n"),
        ("citation-twice", "unknown-citation",
         "`@gone1999`\n\n«@gone1999 said.\n\n%%\nAnd again [«@gone1999].\n"),
        ("citation-hidden-before", "unknown-citation",
         '::: {.content-visible when-profile="summary"}\n@gone1999\n:::\n\n%%\n«@gone1999\n'),
        ("citation-in-braces", "unknown-citation", "`@{gone1999}`\n\n%%\nSaid «@{gone1999}.\n"),
        ("citation-in-list-of-code", "unknown-citation",
         "1. Do this:\n\n   ~~~\n   @gone1999\n   ~~~\n\n2. «@gone1999 did.\n"),
        ("citation-after-include", "unknown-citation",
         "{{< include fine.md >}}\n\n%%\nSaid [«@gone1999].\n"),
        ("citation-in-key-message", "unknown-citation",
         '`@gone1999`\n\n%%\n::: {.key-message}\nSaid [«@gone1999].\n:::\n'),
        ("citation-in-span", "unknown-citation",
         "`@gone1999`\n\n[it was `so`\nin [«@gone1999]]{.typed}\n"),
        ("reference-after-code", "unresolved-reference", "`@fig-a`\n\n%%\nSee «@fig-a.\n"),
        ("reference-after-longer-id", "unresolved-reference",
         "## Here {#sec-here2}\n\nSee @sec-here2.\n\n%%\nAnd «@sec-here.\n"),
        ("reference-in-words", "unresolved-reference",
         "```\n@tbl-a\n```\n\n%%\nSee [Table\n«@tbl-a].\n"),
        ("reference-twice", "unresolved-reference", "`@tbl-a`\n\n«@tbl-a\n\n%%\n«@tbl-a\n"),
        ("reference-among-others", "unresolved-reference",
         "See [@sec-findings;\n«@sec-lost], not `@sec-lost`.\n"),
        ("link-after-fence", "dead-link",
         "~~~\n[a](lost.qmd)\n~~~\n\n%%\nGo to [a]«(lost.qmd).\n"),
        ("link-after-words", "dead-link", "The file lost.qmd.\n\n%%\nGo to [it](«lost.qmd).\n"),
        ("link-after-longer-address", "dead-link",
         "`lost.qmd`, [out](https://example.org/lost.qmd).\n\n%%\n[In](«lost.qmd).\n"),
        ("link-to-nothing", "dead-link",
         "`#lost` is an id.\n\n%%\nGo [there](«#lost).\n\n`#lost`\n"),
        ("link-defined", "dead-link", "`lost.qmd`, [a page].\n\n%%\n[a page]: «lost.qmd\n"),
        ("image-missing", "image",
         '`![](gone.png)`\n\n%%\nThere ![a](«gone.png){fig-alt="A dot."} is.\n'),
        ("image-missing-figure", "image",
         'A gone.png file.\n\n%%\n![A caption](«gone.png){#fig-gone fig-alt="A dot."}\n'),
        ("image-from-network", "image",
         '`https://example.org/a.png`\n\n%%\n![A](«https://example.org/a.png){fig-alt="Dot"}\n'),
        ("image-without-alt", "alt-text", "Write `![](dot.png)`.\n\n%%\nA ![](«dot.png) there.\n"),
        ("image-second-without-alt", "alt-text",
         '![](dot.png){fig-alt="A dot."} one.\n\n%%\n![](«dot.png) two.\n\n'
         '![](dot.png){fig-alt="Dot."} three.\n'),
        ("link-without-words", "link-text",
         "[Words](https://example.org/), <https://example.org/>.\n\n%%\n[](«https://example.org/)\n"),
        ("image-after-html", "alt-text",
         "H<sub>2</sub>O and ![Known](dot.png){fig-alt='A'}.\n\n%%\nA ![](«dot.png) there.\n"),
        ("image-after-equation", "alt-text",
         "$$x$$ {#eq-x}\n\n![K](dot.png){fig-alt='A'} @eq-x\n\n%%\nA ![](«dot.png) there.\n"),
        ("heading-of-an-image", "heading-order",
         "<b>C#</b>\n\n%%\n## «![](dot.png){fig-alt='A'}\n\nWords.\n"),
        ("heading-after-words", "heading-order",
         "Some details.\n\n%%\n## One\n\nDetails.\n\n%%\n#### «Details\n"),
        ("heading-after-same", "heading-order",
         "## Details\n\n### Details\n\n%%\n## More\n\n%%\n#### «Details {.x}\n\n### Details\n"),
        ("heading-without-words", "heading-order", "`#` and C#.\n\n%%\n## «\n\nWords.\n"),
        ("raw-html", "construct", "`<meter>` is drawn.\n\n%%\nBut «<meter>so</meter>.\n"),
        ("raw-html-block", "construct",
         "```\n<button>\n```\n\n%%\nSome\n\n«<button>so</button>\n"),
        ("raw-html-twice", "construct",
         "`<wbr>`\n\none«<wbr>two\n\n`<wbr>`\n\n%%\nthree«<wbr>four\n"),
        ("raw-html-after-comment", "construct", "<!-- <embed> -->\n\n%%\n«<embed>\n"),
        ("equation", "equation", "`$\\frac{$`\n\n%%\nThus $«\\frac{$.\n"),
        ("equation-displayed", "equation-text",
         "```\n$$\\phantom{a}$$\n```\n\n%%\n$$«\\phantom{a}$$\n"),
        ("tex", "construct", "`\\newpage`\n\n%%\n«\\newpage\n"),
        ("slides", "construct",
         "```\n::: {.fragment}\n:::\n```\n\n%%\n«::: {.fragment}\n## One\n:::\n"),
        ("slides-named-alone", "construct", "`notes`\n\n%%\n«::: notes\nWords.\n:::\n"),
        ("callout", "construct",
         "`.callout-danger`\n\n%%\n«::: {.callout-danger}\nWords.\n:::\n"),
        ("condition", "construct", "`when-fromat`\n\n%%\n"
         '«::: {.content-visible when-fromat="html"}\nWords.\n:::\n'),
        ("equation-reference", "unresolved-reference", "`@eq-one`\n\n%%\nSee «@eq-one.\n"),
        ("slide-span", "construct", "`.fragment`\n\n%%\nThere [is]«{.fragment} more.\n"),
        ("code-cell", "construct",
         "````\n```{bash}\n1\n```\n````\n\n%%\n«```{bash}\n1 + $a$\n<b>\n```\n"),
        ("code-cell-in-r", "construct",
         "The ```` ```{r} ```` fence.\n\n%%\n"
         "«```{r}\n#| echo: false\nx <- d$a + d$b\n\ncat('\\n', '<i>')\n@gone1999\n```\n"),
        ("code-cell-in-list", "construct",
         "- One:\n\n  ````\n  ```{r}\n  1\n  ```\n  ````\n\n"
         "Words:\n\n    ```{r}\n    $a$\n    ```\n\n"
         "%%\n- Two:\n\n    «```{r}\n    a$b + c$d\n\n    '<b>'\n    ```\n"),
        ("code-cell-in-quotation", "construct",
         "> `` ```{r} ``\n\n%%\n> «~~~{julia-1.9}\n> $a$\n>\n> <b>\n> ~~~\n"),
        ("code-cell-not-closed", "construct",
         "``` {.r}\na$b$c\n```\n\n%%\n«```{r}\na$b + c$d\n\n'<b>'\n"),
        ("shortcode-after-code", "shortcode",
         "`{{< gallery a >}}`\n\n%%\nSee «{{< gallery a >}}.\n"),
        ("shortcode-after-escaped", "shortcode",
         "As {{{< gallery a >}}}.\n\n%%\n\n«{{< gallery a >}}\n"),
        ("shortcode-variable", "shortcode",
         "```\n{{< var lost >}}\n```\n\n%%\nThe «{{< var lost >}} one.\n"),
        ("shortcode-second", "shortcode",
         "{{< meta lang >}} and\n{{< meta lang >}}\n\n%%\nthe «{{< meta lost >}} one.\n"),
        ("shortcode-twice", "shortcode",
         "«{{< gallery a >}}\n\n`{{< gallery a >}}`\n\n%%\n«{{< gallery a >}}\n"),
        ("finding-unknown", "unknown-finding",
         'Of outcomes-09.\n\n%%\n[So it is\n[@known2020].]«{.finding of="outcomes-09"}\n'),
        ("finding-unnamed", "unknown-finding",
         "`{.finding}`\n\n%%\n[So it is [@known2020].]«{.finding}\n"),
        ("finding-not-cited", "finding-not-cited",
         TOLD + '%%\n[Again [@known2020].]«{.finding of="outcomes-01"}\n'),
        ("citation-outside-findings", "citation-without-finding",
         TOLD + "%%\nAnd more\n[«@known2020].\n"),
        ("number-after-code", "typed-number", "`12` of 2019.\n\n%%\nThere are «12 papers.\n"),
        ("number-after-set-apart", "typed-number",
         "Some [12]{.typed} ones [@method2018, p. 12].\n\n%%\nIn all,\n«12 papers.\n"),
        ("number-after-table", "typed-number",
         "| a |\n|---|\n| 12 |\n\n%%\nIn 2020, «12 papers; in a list:\n\n12. Point.\n"),
        ("number-twice", "typed-number", "## Of 12\n\n«12 papers.\n\n%%\n- «12 papers.\n"),
        ("id-twice", "duplicate-id",
         "`{#sec-one}`\n\n## One {#sec-one}\n\nSee @sec-one.\n\n%%\n## «Two {#sec-one}\n"),
        ("messages-nowhere", "key-messages",
         '`from="findings#sec-findings"`\n\n%%\n'
         '«::: {.key-messages from="findings#sec-findings"}\n:::\n'),
        ("block-not-closed", "chapter",
         "```\n::: {.evidence-box}\n```\n\n%%\n«::: {.evidence-box}\nWords.\n\nEnd.\n"),
        ("block-not-closed-in-item", "chapter",
         "- a\n\n  ::: {.callout-tip}\n  b\n  :::\n\n%%\n- a\n\n  «::: {.callout-tip}\n  b\n\n"
         "- c\n\n  ::: {.callout-tip}\n  d\n  :::\n"),
        ("block-not-closed-in-quotation", "chapter",
         "> ::: {.callout-tip}\n> a\n> :::\n\n%%\n> «::: {.callout-tip}\n> b\n\nWords.\n"),
        ("page-break-within", "page-break",
         "`{{< pagebreak >}}`\n\n{{< pagebreak >}}\n\n- One\n\n  «{{< pagebreak >}}\n\n  two.\n\n"
         "%%\n> Words\n>\n> «{{< pagebreak >}}\n>\n> and more.\n\n{{< pagebreak >}}\n\n"
         ':::: {.content-visible when-format="pdf"}\n{{< pagebreak >}}\n::::\n\n'
         ":::: {.content-hidden when-format=\"pdf\"}\n- One\n\n  {{< pagebreak >}}\n::::\n\n"
         "::: {.callout-tip}\nSo.\n\n«{{< pagebreak >}}\n:::\n"),
        ("citation-after-front", "unknown-citation",
         "`[@gone1999]`\n\nSaid\nby «@gone1999 *too*.\n"),
    )
)  # fmt: skip


def write(root: Path, text: str, *, notebook: bool) -> tuple[Config, dict[str, list[CellText]]]:
    """Write a chapter, and return the review and how the chapter's cells come out."""
    cells = [TITLE, *text.split(CELL)]
    for old in root.glob("chapters/findings.*"):
        old.unlink()
    for name, content in PARTS.items():
        (root / name).write_text(content, encoding="utf-8")
    path = f"chapters/findings.{'ipynb' if notebook else 'qmd'}"
    listed = (root / "_quarto-report.yml").read_text("utf-8")
    (root / "_quarto-report.yml").write_text(listed.replace("chapters/findings.ipynb", path)
                                              + "  reviewpress-typst: default\n")  # fmt: skip
    if not notebook:
        (root / path).write_text("".join(cells), encoding="utf-8")
        return load_config(root), {}
    made = [{"cell_type": "markdown", "metadata": {}, "source": cell} for cell in cells]
    (root / path).write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4,
                                         "nbformat_minor": 5}), encoding="utf-8")  # fmt: skip
    run = [CellText(number, "markdown", cell) for number, cell in enumerate(cells, start=1)]
    return load_config(root), {path: run}


def look(config: Config, runs: dict[str, list[CellText]], folder: Path) -> list[Problem]:
    """Return all that is wrong with a review whose chapters come out so."""
    try:
        book = assemble(config, runs)
        manuscript = Manuscript(book, load_references(config), {}, Provenance)
        found = check_edition(config, manuscript, {}, load_evidence(config), official=True)
        problems = [*found.errors, *found.warnings]
        copy_images(manuscript, folder)
    except Problems as error:
        return list(dict.fromkeys([*error.problems, *locals().get("problems", [])]))
    except ReportError as error:
        return list(error.problems)
    return problems


def wrong_lines(text: str) -> set[int]:
    whole = TITLE + text.replace(CELL, "")
    return {whole[: m.start()].count("\n") + 1 for m in re.finditer(HERE, whole)}


def wrong_cells(text: str) -> set[int]:
    return {n for n, cell in enumerate([TITLE, *text.split(CELL)], 1) if HERE in cell}


def numbers(place: Place) -> set[int]:
    """Return the lines, or the cells, that a place names."""
    return {place.cell if place.line is None else place.line, *place.others} - {None}  # type: ignore[arg-type]


@pytest.mark.parametrize("notebook", [False, True], ids=["qmd", "ipynb"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_problem_is_told_where_it_stands(
    case: Case, notebook: bool, project: Callable[..., Path], tmp_path: Path
) -> None:
    """One message names its line or cell, and each of several, and no innocent one."""
    root = project(runs=False)
    config, runs = write(root, case.text.replace(HERE, ""), notebook=notebook)
    found = [each for each in look(config, runs, tmp_path / "made") if each.rule == case.rule]
    found = [each for each in found if each.where and "findings" in each.where.file]
    told = [numbers(each.where) for each in found if each.where]
    assert told == [(wrong_cells if notebook else wrong_lines)(case.text)], found


def test_what_is_wrong_in_an_included_file_is_told_there(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    """With the line of that file; what follows the include keeps the lines of its own file."""
    root = project(runs=False)
    text = "`@gone1999`\n\n{{< include part.md >}}\n\nAnd [@gone1999].\n"
    config, runs = write(root, text, notebook=False)
    found = look(config, runs, tmp_path / "made")
    assert [str(each.where) for each in found if each.rule == "unknown-citation"] == [
        "chapters/part.md, line 3",
        "chapters/findings.qmd, line 9",
    ]
    [link] = [each for each in found if each.rule == "dead-link"]
    assert str(link.where) == "chapters/part.md, line 3"


def test_lines_are_those_of_the_file_below_its_front_matter(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    """Its title has the line on which the front matter gives it."""
    root = project(runs=False)
    config, runs = write(root, "", notebook=False)
    text = (
        "---\ndescription: one\ntitle: As @gone1999 says\n---\n\n`@gone1998`\n\nAnd [@gone1998].\n"
    )
    (root / "chapters/findings.qmd").write_text(text, encoding="utf-8")
    found = look(config, runs, tmp_path / "made")
    assert {str(each.where) for each in found if each.rule == "unknown-citation"} == {
        "chapters/findings.qmd, line 3",
        "chapters/findings.qmd, line 8",
    }


def test_several_examples_of_a_construct_are_one_message(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    """Elements of HTML are all named, with every line, and what to do is said once."""
    root = project(runs=False)
    text = "<rt>a</rt>\n\n<rb>b</rb>\n\n<rp>c</rp>\n\n<abbr>d</abbr>\n"
    config, runs = write(root, text, notebook=False)
    [problem] = look(config, runs, tmp_path / "made")
    assert str(problem) == (
        "chapters/findings.qmd, lines 5, 7, 9 and 11: the text holds raw html (`<rt>`, `<rb>`, "
        "`<rp>`, `<abbr>`), which reviewpress does not support. The documentation lists what is "
        "supported, in docs/reference/quarto-markdown.md. A sign < that is to be read is written "
        "`\\<`. A page or film of another site is a link, a film also `{{< video address >}}`; "
        "keep scripts and styles in files of their own."
    )


@pytest.mark.parametrize("place", ["chapters/findings.qmd, lines 5 and 7", "12"])
def test_what_is_told_together_is_acknowledged_together(
    project: Callable[..., Path], tmp_path: Path, place: str
) -> None:
    """By all its lines, as the message has them, or by its subject."""
    root = project(runs=False)
    entry = {"rule": "typed-number", "place": place, "reason": "It is a name."}
    (root / "data/acknowledged.yml").write_text(json.dumps({"acknowledged": [entry]}))
    config, runs = write(root, "12 papers.\n\n12 papers.\n", notebook=False)
    found = look(config, runs, tmp_path / "made")
    assert not {"typed-number", "acknowledged"} & {each.rule for each in found}


def test_a_gathered_message_is_wrong_where_it_is_written(
    project: Callable[..., Path], tmp_path: Path
) -> None:
    """Not in the summary that shows it, which does not have its words."""
    root = project(runs=False)
    text = "`@gone1999`\n\n::: {.key-message}\nAs [@gone1999].\n:::\n"
    write(root, text, notebook=False)
    found = look(load_config(root, profile="summary"), {}, tmp_path / "made")
    assert [str(each.where) for each in found if each.rule == "unknown-citation"] == [
        "chapters/findings.qmd, line 8"
    ]


def test_a_value_that_fails_names_its_own_cell(
    project: Callable[..., Path], reviewpress: Callable[..., Any]
) -> None:
    """Though an earlier cell has the same expression in code, and one computes it well."""
    root = project(runs=False)
    kinds = [("markdown", TITLE + "Write `` `{python} n + 1` ``."), ("code", "n = 1"),
             ("markdown", "It is `{python} n + 1`."), ("code", "del n"),
             ("markdown", "It is `{python} n + 1`.")]  # fmt: skip
    code: dict[str, Any] = {"execution_count": None, "outputs": []}
    cells = [
        {"cell_type": kind, "metadata": {}, "source": text} | (code if kind == "code" else {})
        for kind, text in kinds
    ]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (root / "chapters/findings.ipynb").write_text(json.dumps(document), encoding="utf-8")
    outcome = reviewpress("check", cwd=root)
    assert "chapters/findings.ipynb, cell 5, `n + 1`: NameError" in outcome.stderr
    assert outcome.stderr.count("error:") == 1
