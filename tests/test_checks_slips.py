"""Slips that would be published as they stand, and what is unfinished."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble.left_markup import find_left_markup
from reviewpress.assemble.source import ChapterText
from reviewpress.checks import slips
from reviewpress.checks.author_texts import AuthorText
from reviewpress.config import Chapter
from reviewpress.errors import Place, Problem

CHAPTER = "chapters/findings.ipynb"


def find(text: str) -> list[Problem]:
    """Return what is found in the text of one cell."""
    each = AuthorText(text, lambda at: Place("a.ipynb", cell=1))
    return [
        *slips._found(each),
        *slips._notes([each]),
        *slips._wrong_citations([each], {"known2020": None, "other2021": None}),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("There are `{python} words(2) here.", "lacks one of its backticks"),
        ("There are {python} words(2)` here.", "lacks one of its backticks"),
        ("In all, { python } total.", "lacks one of its backticks"),
        ("There are {{ total }} papers.", "a placeholder of a template"),
        ("{% if many %}Many.", "a placeholder of a template"),
        ("They agree.[^1]", "the footnote [^1] is not defined"),
        ("Words of a paragraph.\n## Part", "no empty line above it"),
        ("Words of a paragraph.\n---\n\nMore", "makes it a heading"),
        ("Words of a\nlong paragraph:\n--", "makes it a heading"),
        ("##\u00a0Part", "no-break space"),
        ("\u00a0## Part", "no-break space"),
        ("• one\n• two", "a bullet pasted"),
        ("o\tone\no\ttwo", "a bullet pasted"),
        ("\uf0b7 one", "a bullet pasted"),
        ("Author\tYear\nHazel\t2023", "a table pasted"),
        ("::: .key-message\nText\n:::", "Write `::: {.key-message}`"),
        ("::: {key-message}\nText\n:::", "Write `::: {.key-message}`"),
        ("::: {.callout-note title=Two words}\nText.\n:::", "Write `::: {.callout-note}`"),
        ("::: {.key-message\nText\n:::", "Write `::: {.key-message}`"),
        (":::{.keymessage}\nText\n:::", 'Did you mean ".key-message"?'),
        ("::: {.key_message}\nText\n:::", 'Did you mean ".key-message"?'),
        ("::: {.evidencebox}\nText\n:::", 'Did you mean ".evidence-box"?'),
        ("::: {.unnumbred}\nText.\n:::", 'Did you mean ".unnumbered"?'),
        ("::: {.landscpae}\nText.\n:::", 'Did you mean ".landscape"?'),
        ("As (@known2020 shows, it helps.", "no other half: “(@known2020 shows"),
        ("It helps [see @known2020 and more.", "no other half: “[see @known2020"),
        ("It helps @known2020] more.", "no other half: “] more.”"),
        ("It helps, @known2020 [p. 3 says.", "no other half: “[p. 3 says.”"),
        ("@tbl-one.", "begins a numbered list"),
        ("Words.\n\n@known2020. So it is.", "begins a numbered list"),
        ("- @fig-one) shows it.", "begins a numbered list"),
        ("> @sec-one.\n> More.", "begins a numbered list"),
        ("(@fig-one) shows it.", "begins a numbered list"),
        ("(@known2020) shows it.", "`(@known2020)` is not a citation"),
        ("Text.\n\n(@known2020) shows it.", "`(@known2020)` is not a citation"),
        ("See @ known2020 for it.", "`@ known2020` is not a citation"),
        ("See [@ known2020] for it.", "`@ known2020` is not a citation"),
        ("See @@known2020 for it.", "`@@known2020` is not a citation"),
        ("See {@known2020} for it.", "`{@known2020}` is not a citation"),
        ("See [known2020] for it.", "the key has no `@`"),
        ("See [@known2020; @] for it.", "a part of the citation is empty"),
        ("See [; @known2020] for it.", "a part of the citation is empty"),
        ("<!-- to be hidden", "would be published"),
        ("<!– by a word processor –>", "would be published"),
        ("TODO: more on this.", "“TODO” is published as it is"),
        ("It helps [citation needed].", "“[citation needed]” is published"),
        ("FIXME before the end", "“FIXME” is published"),
        ("It helps (citation needed) them.", "“(citation needed)” is published"),
        ("It helps (ref?) them.", "“(ref?)” is published"),
        ("For XX% of them.", "“XX%” is published"),
        ("Of 40 (??) papers", "“??” is published"),
        ("– one\n– two", "lines that begin with a sign make no list"),
        ("-one\n-two", "lines that begin with a sign make no list"),
        ("➢ one\n➢ two", "lines that begin with a sign make no list"),
        ("Region    Papers\nScotland  3\nWales     2", "a table pasted from elsewhere would be"),
        ("Region,Papers\nScotland,3\nWales,2", "a table pasted from elsewhere would be"),
        ("＃＃ Part", "a full-width ＃"),
        ("## Part {# sec-part}", "the id at the end of the heading is not valid"),
        ("## Part (#sec-part)", "the id at the end of the heading is not valid"),
        ("> [!NOTE]\n> Take care.", "a box of another tool"),
        ("!!! warning\n", "a box of another tool"),
        ("See (the site)[https://example.org].", "the wrong way round"),
        ("See (the methods)[methods.qmd].", "the wrong way round"),
        ("In all 5*6*7 plots.", "asterisks between digits"),
        ("The caf\ufffd is open.", "what could not be copied"),
        ("As Figure @fig-one shows.", "brings its own word"),
        ("The childrenâ€™s garden.", "Type ’ instead."),
        ("In a cafÃ© there.", "Type é instead."),
        ("    An indented paragraph.", "begins with four spaces"),
        ("Text.\n\n    ## Part {#sec-part}", "begins with four spaces"),
        ("    ::: {.key-message}\nGood.\n:::", "begins with four spaces"),
        ("review.evidence_box(section)", "the text cell holds code"),
        ("# the box\nimport reviewpress\n\nbox = 3", "the text cell holds code"),
        ("It helps `[@known2020]`.", "the citation has backticks"),
        ("It helps [＠known2020].", "`＠known2020` is not a citation"),
        ("::: {.key message}\nText\n:::", "Write `::: {.key-message}`"),
        ("::: {.note}\nTake care.\n:::", "Write `.callout-note`."),
        ("::: {.callout}\nTake care.\n:::", "Write `.callout-note`."),
        ("// ask Tom", "a comment that is not"),
        ("%% ask Tom", "a comment that is not"),
        ("To do: write this.", "“To do:” is published"),
        ("It helps. [AB: please check]", "“[AB: please check]” is published"),
        ("It helps [check this with Tom].", "“[check this with Tom]” is published"),
        ("It helps [à vérifier].", "“[à vérifier]” is published"),
        ("It helps (REF).", "“(REF)” is published"),
        ("Of XX per cent", "“XX” is published"),
        ("***CHECK*** It helps.", "“CHECK” is published"),
        ("It ~~never~~ helps.", "“~~never~~” is published"),
        ("It helps @@@ so.", "“@@@” is published"),
        ("Note to Anna: shorten.", "“Note to Anna:” is published"),
        ("About %d papers.", "a placeholder of a programme"),
        ("For %(count)s people", "a placeholder of a programme"),
        ("It is %.1f.", "a placeholder of a programme"),
        ("Error! Reference source not found.", "field or formula of another programme"),
        ("Fehler! Verweisquelle konnte nicht gefunden werden.", "field or formula of another"),
        ("It helps { ADDIN EN.CITE }.", "field or formula of another"),
        ("In all #DIV/0! of them", "field or formula of another"),
        ("The gar\u200bden is open.", "an invisible character"),
        (r"The mean \(x_1\) is small.", "a formula between signs of LaTeX"),
        (r"The mean \[a = x^2\] is small.", "a formula between signs of LaTeX"),
        (r"The mean \\( y \\) is small.", "a formula between signs of LaTeX"),
        ("Shown [[@known2020]].", "two brackets"),
        ("It helps (check!).", "“(check!)” is published"),
        ("It helps [N] people.", "“[N]” is published"),
        ("Words.\n\nTo be written.", "“To be written.” is published"),
        ("Text to follow", "“Text to follow” is published"),
        ("It helps TK people.", "“TK” is published"),
        ("::: Key message\nGood.\n:::", "Write `::: {.key-message}`"),
        ("> 50 per cent were run so.", "makes it a quotation"),
        ("Words.\n\n> 3,5 % von ihnen", "makes it a quotation"),
        ("* p < .05", "the star at the beginning"),
        ("* *p* ≤ 0.01; ** p < .001", "the star at the beginning"),
        ("1998. That was a year.", "begins a numbered list"),
        ("Words.\n\n120) of them", "begins a numbered list"),
        ("(c) 2026 The authors", "begins a list with letters"),
        ("i. e. the small ones", "begins a list with letters"),
        ("z. B. die Gärten", "begins a list with letters"),
        ("Words.\n\n=====\n\nMore.", "a line of equals signs"),
        ("In the re-\nsearch of it", "divided at the end of a line"),
        ("Der Gar-\nten ist offen.", "divided at the end of a line"),
        ("It was e\ufb03cient.", "a ligature copied from a PDF"),
        ("[TOC]\n\nWords.", "a mark for a table of contents"),
        ("INSERT TABLE 2 HERE", "“INSERT TABLE 2 HERE” is published"),
        ("[Map about here]", "“[Map about here]” is published"),
        ("It helps [JB to add].", "“[JB to add]” is published"),
        ("It helps [XX] people.", "“[XX]” is published"),
        ("It helps (n = XX).", "“n = XX” is published"),
        ("There were ___ papers.", "“___” is published"),
        ("Ash (20XX) says so.", "“20XX” is published"),
        ("It helps (Author, year).", "“(Author, year)” is published"),
        ("Commented [JB3]: is it right?", "“Commented [JB3]:” is published"),
        ("**DRAFT** of a chapter", "“**DRAFT” is published"),
        ("Please do not circulate.", "“Please do not circulate” is published"),
        ("He said “so, and left.", "the quotation mark “ has no other half"),
        ("Sie sagte: „so, und ging.", "the quotation mark „ has no other half"),
        ("Elle dit « ainsi et sortit.", "the quotation mark « has no other half"),
        ("Words.\n\nIt says so” there.", "the quotation mark ” has no other half"),
        ("彼は「庭と言った。", "the quotation mark 「 has no other half"),
        ("Plots cost $5 (US$) each.", "two dollar signs make a formula"),
        ("It is US$5 to run, or A$ 7.", "two dollar signs make a formula"),
        ("From ~5 to ~10, ~30–~40 in all.", "two signs ~ lower what"),
        ("12. May 2021 was the day.", "the day at the beginning"),
        ("1. oktober 2020 åpnet den.", "the day at the beginning"),
        ("Words.\n\n3. Mai 2021 war der Tag.", "the day at the beginning"),
        ("Words.\n\n+ 5 more came.", "begins a list, and would be lost"),
        ("- 5 degrees was the lowest.", "begins a list, and would be lost"),
        ("(a) those who dig, and (b) those who sow.", "the others would be words"),
        ("1) dig, 2) sow.", "the others would be words"),
        ("| r | = 0.5 means much.", "the sign | at the beginning"),
        ("* one\n** two", "no item of a list within a list"),
        ("Words.\n***\nMore.", "the rule has no empty line above it"),
        ('[Words]{finding of="a-01"}', "the class in braces has no point"),
        ('He said "so, and left.', 'the quotation mark " has no other half'),
        ("::: {.todo}\nAsk them.\n:::", "a .todo is open; it is not published: “Ask them.”"),
        ("::: comment\nSure?\n:::", "a .comment is open"),
        ("Some [sure?]{.comment} words.", "a .comment is open"),
    ],
)
def test_a_slip_is_found_once(text: str, said: str) -> None:
    """Each slip is one problem, with its place and what to do."""
    [found] = find(text)
    assert said in str(found)
    assert found.where == Place("a.ipynb", cell=1)


@pytest.mark.parametrize(
    "text",
    [
        "There are `{python} words(2)` and ``{python} x`` here.",
        "An example:\n\n```\n{{ x }} TODO ::: .key-message\n# none\n```",
        "One.[^1]\n\n[^1]: It is.",
        "A shortcode {{< meta title >}} and {{{< meta title >}}}.",
        "<!-- TODO: [citation needed] {{ x }} -->",
        "# Title\n## Part\n\n::: {.our-box}\n## Inside\n:::\n\nText\n\n### Part",
        "1.\tone\n2.\ttwo\n\n-\tthree\n-\tfour",
        "::: {.key-message #message-one}\nText\n:::",
        "::: {.findings-table}\nText\n:::\n\n:::: {.callout-note title='A b'}\nText\n::::",
        "Ma todo es así; a to-do list; what?",
        "[@known2020 (p. 3)], [see (@other2021)], (see @known2020), (@known2020; Smith), a) 1.",
        "[@known2020; -@other2021, p. 3] and @known2020 [p. 3] \\[ (so) mail a@known2020.org.",
        "(@) One.\n\n(@good) Two.\n\nAs (@good) says.",
        r"So \[sic\], \[N = 30\], \(a\) and \(so\), or \\[2pt] in $a \\[1pt] b_1$.",
        "See [source](https://example.org/) and [check]{.typed}.",
        "- one\n\n    more of it\n\n    ```\n    code\n    ```\n\n1.  two\n\n    more",
        "Gardens (four)\n\nGardens: four",
        "One – two\n– three",
        "They dig.  They sow.  They reap.\nThen.  They rest.",
        "One, two,\nthree, four,\nfive, six",
        "Naïve Ángel: «Où?» – Â l’âge €5",
        "`{python} x`\n    goes on here.",
        "10 % of them\nare so.",
        "`id` begins with `fig-`.\nA `caption` is needed, as `alt` is.",
        "A rise of 5 %d’un an, 20%d, https://a.org/%d0%b0?q=%d, 100 % sure, `%d`.",
        "Errors! Reference works, #NAMES, an addin.",
        "What is to be written is [named](a.qmd), [n]{.typed}; it is to follow soon.",
        "To be written: who decides on the records of this review, and when that was.",
        "In the XXth century (source: Ash), (check) and (ref).",
        "> 20 of us came on a Sunday.",
        "> They say that 50 per cent came.",
        "1998. One.\n1999. Two.\n\n3. Three",
        "a. one\nb. two\n\n(c) three",
        "Title\n=====\n\nWords.\n\nPart\n----\n\nWords.\n\n---\n\nMore.",
        "Head.\n- one\n\n```\nWords.\n---\n```\n\nOne    Two.\n-----  -----\nA      B",
        "A long-\nand short-term effect, Wein-\nund Obstgärten, 2–\n3.",
        "*Insert* the seeds where it is dry. A draft; drafts.\n\n___\n\nN = 3; snake___case.",
        "“One says “so” to it” and „so“ and ”så” and »so« and 6” by 4”.",
        "“The first paragraph\n\n“and the last.”",
        "Thresholds such as “more than 25” count, as does “3”; a board of 6” is one.",
        r"Costs \$5 (US\$); $x = 5$, $5x$, $12\text{ mg kg}$, $2n + 1$, $(5)$; $1 or $2.",
        r"At $p < 0.01$, ($I^2$) or [$\tau^2$]{.x}; of $[0.1, 0.3]$, [$x$]{alt='x and y'}.",
        "H~2~O, ~30 and ~40 people.",
        "1. One in 2021\n\n2. Two\n\n3. June",
        "1. Smith 2020 found it.\n2. Jones 2019 did not.\n\nWords.\n\n1. Wales 2020",
        "1. May 2020 found it,\nand more.\n2. Marsh 2019 did not.\n\nWords.\n\n3. Marsh 2020",
        "List:\n\n- 5% of papers\n\nMore.\n\n- 5% of papers\n- 6% of them\n\n- 5 interviews",
        "(a) one\n\n(b) two\n\n1) one\n2) two",
        "| The limerick packs laughs anatomical\n| In space that is economical.",
        "- one\n    - two\n\n** p<.01\n\n# Part\n***\n\nWords.\n\n***",
        '[a]{lang=fr} [b]{.finding of="a-01"} "so", 6" by 4", 5\'4" ![c](d.png "e")',
        '"The first paragraph\n\n"and the last."',
        "We do not cite them all, said [Jo to us](a.qmd), [DIY to go]{.typed}.",
        "(@good) A numbered example.\n\n@known2020 shows it.\n\n@tbl-one\\. More.\n@tbl-one.",
    ],
)
def test_what_is_right_is_no_slip(text: str) -> None:
    """Code, comments, lists, right blocks and links are none."""
    assert find(text) == []


@pytest.mark.parametrize("tag", ["hide-cell", "draft", "remove-input", "comment"])
def test_a_tag_that_hides_nothing_is_named(
    tag: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A text cell whose tag sounds as if it hid it is published, and its author knows."""
    root = project()
    add_cells(
        root,
        {"source": "Seen.", "metadata": {"tags": [tag]}},
        {"source": "See tbl-none and sec-index.", "metadata": {"tags": ["mine"]}},
    )
    said = reviewpress("check", cwd=root).stderr
    assert f"warning: {CHAPTER}, cell 6: the tag {tag} does nothing here" in said
    assert "mine does nothing" not in said
    assert f"error: {CHAPTER}, cell 7: sec-index is words, and would be published" in said
    assert "tbl-none is words" not in said


def add_cells(root: Path, *cells: dict[str, Any]) -> None:
    """Add cells to the minimal review's notebook."""
    path = root / CHAPTER
    notebook = json.loads(path.read_text("utf-8"))
    code = {"outputs": [], "execution_count": None}
    for cell in cells:
        made = {"metadata": {}, "cell_type": "markdown", **cell}
        notebook["cells"].append(made | code if made["cell_type"] == "code" else made)
    path.write_text(json.dumps(notebook), "utf-8")


def test_notes_and_removed_cells_are_not_published(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Comments, todos and cells tagged remove-cell are on no page; a release refuses the notes."""
    root = project()
    hidden = {"metadata": {"tags": ["remove-cell"]}}
    add_cells(
        root,
        {"source": "::: {.comment}\nSECRET-1 @nowhere\n:::\n\nSeen [SECRET-2]{.todo} words.\n"},
        {"source": "::: todo\nSECRET-3\n:::\n\n<!-- SECRET-4 -->"},
        {"source": "SECRET-5 `{python} words(2)`", **hidden},
        {"source": "'SECRET-6'", "cell_type": "code", **hidden},
        {"source": "SECRET-7", "cell_type": "raw", **hidden},
    )
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0
    page = (root / "_output/report/chapters/findings.html").read_text("utf-8")
    assert "Seen" in page
    assert "SECRET" not in page
    assert outcome.stderr.count("is open; it is not published") == 3
    checked = reviewpress("check", cwd=root)
    assert (checked.status, checked.stdout) == (0, "No errors, 3 warnings.\n")
    released = reviewpress("check --release", cwd=root)
    assert "error: 3 places are unfinished" in released.stderr
    assert released.status == 1


def test_raw_cells_and_unlisted_notebooks_are_named(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """A raw cell is an error with its cell; a notebook that no edition lists is a warning."""
    root = project()
    add_cells(root, {"source": "Raw words.", "cell_type": "raw"})
    (root / "chapters/rest.ipynb").write_bytes((root / CHAPTER).read_bytes())
    said = reviewpress("check", cwd=root).stderr
    assert f"error: {CHAPTER}, cell 6: a raw cell is published as Markdown" in said
    assert "warning: chapters/rest.ipynb: no edition lists the file" in said
    assert "Add it to `chapters:` in `_quarto-report.yml`" in said
    assert "summary.qmd: no edition" not in said


def test_a_figure_that_no_cell_shows_is_an_error(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Assigned, not on the last line, or before a table: named; shown later, it is right."""
    root = project()
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.bar([1, 2], [1, 2])\n"
    figure = 'review.figure(fig, id="fig-{}", title="T", subtitle="S", alt="Bars", data=table)'
    ends = {
        "a": "shown = {}",
        "b": "{}\nx = 1",
        "c": '{}\nreview.table(table, id="tbl-more", caption="More")',
        "d": "later = {}",
    }
    cells = [draw + end.format(figure.format(name)) for name, end in ends.items()]
    add_cells(root, *({"source": each, "cell_type": "code"} for each in (*cells, "later")))
    said = reviewpress("check", cwd=root).stderr
    for cell, name in ((6, "a"), (7, "b"), (8, "c")):
        assert f"error: {CHAPTER}, cell {cell}: fig-{name} is made and never shown" in said
    assert "fig-d" not in said


AWKWARD = (
    "a", "[", "*", "\ud800", "^", "~", "(", "[@a1 ", "[@a1;", "(@a1", "{", "`", "<", "'", "=", "%",
    "\n|", " ", "\\", "a^", "A~", "](", "{.a ", "${", "!(", "<!", "; ", "%(", "{++", "{>>a", "#",
    "To be ", "\n- ", "\n:::", "\t",
)  # fmt: skip


@pytest.mark.parametrize("part", AWKWARD)
def test_a_long_text_is_looked_through_at_once(part: str) -> None:
    """Whatever it repeats: no pattern goes back again and again."""
    text = "A " + part * (20_000 // len(part))
    each = AuthorText(text, lambda at: Place("a.ipynb", cell=1))
    chapter = ChapterText(Chapter("a.qmd"), text, (text,))
    begun = time.process_time()
    list(find_left_markup(chapter, [{"t": "Para", "c": [{"t": "Str", "c": text}]}]))
    list(slips._found(each))
    list(slips._wrong_citations([each], {"a1": None}))
    assert time.process_time() - begun < 3


def test_a_word_without_end_is_gone_through_once() -> None:
    """Of the processor's seconds: a thousandth is enough, and trying all parts took forty."""
    begun = time.process_time()
    for slip in slips.SLIPS:
        assert not list(slip.found.finditer("a" * 200_000))
    assert time.process_time() - begun < 5
