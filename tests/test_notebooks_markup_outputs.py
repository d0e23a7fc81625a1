"""HTML and LaTeX that cells show, as Markdown."""

import pytest

from reviewpress.notebooks.markup_outputs import html_markdown, latex_markdown

HEAD = "<table><tr><th>a</th></tr><tr><td>1</td></tr></table>"
TABLE = "| a   |\n|-----|\n| 1   |\n\n: {.rp-table row-headers=1}"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>Bold</b> and $5 *x*", "**Bold** and \\$5 \\*x\\*"),
        ("<style>b {color: red}</style>H<sub>2</sub>O", "H~2~O"),
        ("<div class='alert'><p>One<br>two</p></div>",
         '<div class="alert">\n\nOne\\\ntwo\n\n</div>'),
        ("<pre style='white-space:pre'>rich <b>words</b>\n $x</pre>",
         "```\nrich words\n $x\n```"),
        (f"<p>Above</p>{HEAD}<br><br>Below", f"Above\n\n{TABLE}\n\nBelow"),
        (HEAD, f"{TABLE}\n"),
        ("<h3>Head</h3>", "### Head"),
        ("<blink>x</blink>", "<blink>x</blink>"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_is_read_as_words_and_tables(html: str, expected: str) -> None:
    """What is not read in a text either stays, and is refused there by its name."""
    assert html_markdown(html) == expected


@pytest.mark.parametrize(
    "name", ["script", "iframe", "svg", "form", "INPUT", "canvas", "video", "button"]
)
def test_what_a_page_alone_can_hold_is_named(name: str) -> None:
    """Wherever it is."""
    made = html_markdown(f"<p>Words <{name} id='x'></{name}></p>{HEAD}")
    assert isinstance(made, list)
    assert f"`<{name.lower()}>`" in made[0].message
    assert made[0].hint


def test_a_frame_that_is_cut_is_refused_beside_words_too() -> None:
    """Rows are missing from it."""
    made = html_markdown(f"<p>Look:</p>{HEAD}<p>900 rows × 3 columns</p>")
    assert isinstance(made, list)
    assert "900 rows" in made[0].message


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"$\displaystyle \frac{a}{b}$", "$$\n\\frac{a}{b}\n$$"),
        ("$$x^2$$", "$$\nx^2\n$$"),
        (r"\[x\]", "$$\nx\n$$"),
        (r"\begin{align} a&=b\\ c&=d\end{align}",
         "\\begin{align}\n a&=b\\\\ c&=d\n\\end{align}"),
        (r"With $\displaystyle x$ \textbf{bold}", "With $x$ **bold**"),
        (r"\begin{tabular}{l} a \\ \hline 1 \end{tabular}",
         "| a   |\n|:----|\n| 1   |\n\n: {.rp-table row-headers=1}"),
    ],
)  # fmt: skip
def test_latex_is_read_as_equations_words_and_tables(latex: str, expected: str) -> None:
    """A formula by itself is on a line of its own."""
    assert latex_markdown(latex) == expected


def test_a_command_that_means_nothing_elsewhere_is_named() -> None:
    """It is not left out."""
    made = latex_markdown(r"Words \foo{x}")
    assert isinstance(made, list)
    assert r"`\foo{x}`" in made[0].message
