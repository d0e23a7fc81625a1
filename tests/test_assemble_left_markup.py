"""Markup that pandoc takes for words, or whose words it drops."""

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.left_markup import find_left_markup
from reviewpress.assemble.reader import MARKDOWN
from reviewpress.assemble.source import ChapterText
from reviewpress.config import Chapter
from reviewpress.errors import Problem
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import read_markdown_text


def find(text: str) -> list[Problem]:
    """Return what is found in a chapter."""
    tree = ast.from_json(join_words(read_markdown_text(text, MARKDOWN)))
    return list(find_left_markup(ChapterText(Chapter("a.qmd"), text, (text,)), tree["blocks"]))


SLIPS = {
    "[words]{.class id=x\n\nMore": "{.class id=x",
    "Text {.class id=x} more.": "{.class id=x}",
    "![Cap](a.png) {fig-alt=“A”}": "{fig-alt=",
    "[words].{value}": "{value}",
    "[words] {.finding}": "{.finding}",
    "## Part {#sec-a\n\nText.": "{#sec-a",
    "## Part {sec-a}\n\nText.": "{sec-a}",
    "## Part #sec-a\n\nText.": "#sec-a",
    "![Cap](a.png{fig-alt=Shape}": "neither a link nor an image",
    "![Cap(a.png){fig-alt=Shape}": "neither a link nor an image",
    "![Cap] (a.png)": "neither a link nor an image",
    "[text](https://example.org": "neither a link nor an image",
    "[text] (https://example.org)": "neither a link nor an image",
    "Text ^[a note without end.\n\nNext.": "the note `^[a note without end.` never ends",
    "`code and more.\n\nNext.": "the code `",
    "It has {< pagebreak >} here.": "not a shortcode",
    "== Heading ==\n\nText.": "markup of a wiki",
    "h2. Heading": "markup of a wiki",
    "See [[Page]] for it.": "markup of a wiki",
    "The value $p < 0.05 is small.": "the formula",
    "One&nbsp and two.": "lacks its semicolon",
    ":: {.callout-note}\nText\n::": "two colons",
    "- one\n-two\n- three": "not an item of a list",
    "Text:\n\n1.one\n2.two\n": "not an item of a list",
    "Text.\n\n#Heading\n\nText.": "not as a heading",
    "| a | b |\n| 1 | 2 |": "not a row of a table",
    "| a | b |\n|---|\n| 1 | 2 |": "the row has 2 cells, and the table 1 columns",
    "| a | b |\n|---|---|\n| 1 | 2 | 3 |": "the row has 3 cells, and the table 2 columns",
    "Text.\n\n```python\nx = 1\n\nNo end.": "never ends",
    "A ==marked== word.": "markup of another tool",
    "Text %% a comment %% more.": "markup of another tool",
    "The ``quoted'' words.": "quotation marks of LaTeX",
    "The ''bold'' words.": "markup of a wiki",
    "An area of 5 km^2 in all.": "`km^2` has a raised or lowered sign",
    "Too much CO~2 in all.": "`CO~2` has a raised or lowered sign",
    "Valued <%= x %> here.": "the placeholder `<%= x %>`",
    "Valued ${x} here.": "the placeholder `${x}`",
    "A [link][ref] nowhere.": "an address that is not given",
    "[A claim].finding here.": "its class without braces",
    "See [-fig-x] there.": "not a cross-reference",
    "A^[note ^[within]].": "a footnote is in another, and would be lost: “within”",
    "A[^a].\n\n[^a]: Of [^b].\n\n[^b]: More.": "the footnote [^b] is in another",
    "A[^a][^b].\n\n[^a]: One.\n\n    Two [^b].\n\n[^b]: More.": "the footnote [^b] is in another",
    "A^[of [^b]].\n\n[^b]: More.": "a footnote is in another, and would be lost: “More.”",
    "A[^a].\n\n[^a]: One.\n\n    > Two ^[three].": "a footnote is in another",
    "A <https://example.org and more.": "neither a link nor an image",
    "A !(a.png) and more.": "neither a link nor an image",
    "A ! [x](a.png) and more.": "a link, not an image",
    "A [text]() and more.": "leads nowhere",
    "A [text](.finding) and more.": "leads nowhere",
    "A [text]((https://example.org)).": "leads nowhere",
    "It {++truly++} helps.": "`{++truly++}` marks a change",
    "It {--never--} helps.": "marks a change",
    "It helps {>>really?<<} so.": "marks a change",
    "Words:\n| a | b |\n|---|---|\n| 1 | 2 |": "has no empty line above it",
    "- item\n| a | b |\n|---|---|\n| 1 | 2 |\n\nMore.": "has no empty line above it",
    "Text.\n\n  ## Part\n\nText.": "not a heading",
    "Text. ## Part": "not a heading",
    "One --> two.": "ends no comment",
    "Left of a comment.\n-->\n\nText.": "ends no comment",
    "The value `=this` here.": "the code `=this`",
    "The value `= this.file.name` here.": "the code `= this.file.name`",
    "``` {.python\nx = 1\n```\n\nText.": "the attributes of the code",
    "#| label: fig-x\n\nText.": "belongs into a cell",
    "Text.\n\n%matplotlib inline": "belongs into a cell",
    "Text.\n\n+++\ntitle: x\n+++": "left over from another tool",
    "Text.\n\n=======\n\nText.": "left over from another tool",
    "Text.\n\nTable: Alone\n\nText.": "the caption of no table",
    'Text.\n\n```python title="x"\nx = 1\n```': "opens no block of code",
    "Text.\n\n```js run\nx = 1\n\ny = 2\n```": "`js run` after a fence opens no block",
    "- One\n\n  ``` {.python x=a b}\n  x = 1\n  ```": "opens no block of code",
    "~~~ python title=x\nx = 1\n~~~": "opens no block of code",
    "The [page]{https://example.org} says.": "neither a link nor an image",
    "The [page]{methods.qmd} says.": "neither a link nor an image",
    "A note[1^] here.": "`[1^]` is not a note",
    "One&nbps;and two.": "`&nbps;` is not the name of a sign",
    "One &quote;word&quote; here.": "`&quote;` is not the name of a sign",
    "If x &lt y.": "lacks its semicolon",
    "Text:\n\n*one\n*two\n": "not an item of a list",
    "Words.\n\n$$\nx = 1\n\nMore.": "the formula `$$` never ends",
    "$$x = 1\n\nMore.": "the formula",
    "A | b | c\n1 | 2 | 3": "not a row of a table",
    ".. note:: Words": "markup of a wiki",
}


@pytest.mark.parametrize("text", list(SLIPS))
def test_a_slip_is_found_at_its_line(text: str) -> None:
    """With what stands there."""
    found = find(text)
    assert any(SLIPS[text] in each.message for each in found), found
    assert all(each.where and each.where.line for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "A[^a] and[^c].\n\n[^c]: Other.\n\n[^a]: Text with \\[^c\\] in it.",
        "A^[Text with \\[^c\\] in it] and[^c].\n\n[^c]: Other.",
        "f(x) = {1, 2} and a[1] = b[2]; g({a: 1}); a {curly} word, “{so}”.",
        "Of 40 [sic] papers (see [1]) A < B, C > D, [0, 1) and R² = 0.9 [95% CI 0.8, 1.0].",
        "It costs $5, df$col, #hashtag, #1, 3:::4 and p < 0.05**.",
        "Code `[@x`, `{#a}`, `![x](y` and\n\n```\n| a |\n::\n## {#sec-a\n```\n",
        r"Meant so: \{#sec-a\}, \[\[Page\]\], \*\*bold, \| a \| b \|.",
        "+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n| 3 | 4 |\n+---+---+\n",
        "| a | b |\n|---|---|\n| `x|y` | 1 \\| 2 |\n\n: Caption {#tbl-x .striped}",
        "| First line\n|   second line\n",
        '::: {.note #id key=value}\n## Part {#sec-a .unnumbered}\n[x]{.value expr="{a}"}\n:::',
        '![Cap](a.png){\n  fig-alt="A shape"\n  #fig-x\n}',
        "{{< pagebreak >}} and {{{< meta x >}}}",
        "- one\n- two\n\n-5 degrees, then.\n\n1. one\n2. two",
        "````markdown\n```python\nx\n```\n````",
        "3 * 4 and 5*6*7, a note* there.\n\n*Adjusted for age.",
        "| a | b |\n|---|---|\n| 1* | 2** |\n\n*p < 0.05; **p < 0.01; ***p<.001",
        "_quarto.yml, __init__.py, _private_name_ and file_name; 2^nd^, H~2~O, ~20, 5~10, ^a^",
        "A trial [Review] [87 refs] of {format} --- a dash -- and ''.",
        "See [link][] and [x].\n\n[link]: https://example.org",
        "::: {#tbl-x}\n\n| a |\n|---|\n| 1 |\n\n: CAP\n\n:::",
        "**Note**: words. Figure: words. Table 1: words.",
        "- One\n\n  ## Heading\n\n- Two #1 and C#",
        "A[^a] and[^b]^[c].\n\n[^a]: Of `[^b]`, [1] and x^2^.\n\n[^b]: More.",
        '```python {filename="x.py"}\nx\n```\n\n```{.r .x key="a b"}\nx\n```\n\n~~~ sh\nx\n~~~',
        "R&D; A&B; and https://example.org/?a=1&bcd;e &ndash; AT&T &amp; Co; [10^5^], a^b^.",
        "Write `=SUM(A1)` or `{.class}` or `*a` so. <!-- a --> Text --- more.",
    ],
)
def test_what_is_meant_is_none(text: str) -> None:
    """Braces, brackets and signs of prose, code, tables, and what is escaped."""
    assert find(text) == []


def test_what_belongs_to_nothing_is_not_what_stands_alike_above_it() -> None:
    """Attributes that follow a blank are found there, not where the same ones are right."""
    right = '[They help.]{.finding of="a"}\n\n'
    [found] = find(right * 2 + '[They help.] {.finding of="a"}\n')
    assert found.where is not None
    assert found.where.line == 5


def test_a_note_in_a_note_has_its_own_line() -> None:
    """Not that of the same note where it is in the text."""
    found = find("A[^a] and[^c].\n\n[^c]: Other.\n\n[^a]: Text with [^c] in it.")
    assert [each.where.line for each in found if each.where and "[^c]" in each.message] == [5]
