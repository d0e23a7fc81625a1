"""Equations: numbers, references, what is read out, and formulas that cannot be read."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html
from reading import word_part

from reviewpress.assemble import equations
from reviewpress.assemble.list_numbers import keep_numbers
from reviewpress.assemble.places import Places
from reviewpress.assemble.source import ChapterText
from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.config import Chapter
from reviewpress.errors import OutOfTime
from reviewpress.extension import installed_extension
from reviewpress.speed.pandoc_pool import read_formulas

Make = Callable[..., Path]
Run = Callable[..., Any]
TEXT = r"""# Pooling {#sec-pooling}

It varied ($I^2 = 45\%$, $\tau^2 = 0.02$, $p < 0.05$). By @eq-pool and [formulas -@eq-weight].

$$
\hat\theta = \frac{\sum_i w_i \hat\theta_i}{\sum_i w_i}
$$ {#eq-pool alt="The “pooled” effect is a weighted mean."}

$$ w_i = 1/v_i $$ {#eq-weight}. Each study counts [$\sqrt[3]{n}$]{alt='the cube root of n'} times.

| Sign | Meaning |
|------|---------|
| $\alpha$ | a level, of $5 or $6 |

: What signs mean {#tbl-signs}
"""


def write(project: Make, text: str, *formats: str) -> Path:
    profile = "book:\n  chapters: [index.qmd, chapters/pooling.qmd, chapters/references.qmd]\n"
    made = "".join(f"  reviewpress-{name}: default\n" for name in formats or ("html",))
    files = {"_quarto-report.yml": f"{profile}format:\n{made}", "chapters/pooling.qmd": text}
    return project(
        files={
            **files,
            "index.qmd": "# Start {.unnumbered}\n\n[@known2020; @method2018; @other2021]\n",
        }
    )


@pytest.fixture
def made(project: Make, reviewpress: Run) -> Path:
    """The edition of the chapter in every format."""
    root = write(project, TEXT, "html", "typst", "docx", "epub")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert (outcome.status, "equation" in outcome.stderr) == (0, False), outcome.stderr
    return root / "_output/report"


def test_equations_are_numbered_and_referred_to_in_every_format(made: Path) -> None:
    """Numbers count within the chapter; pages have MathML, Word has its own equations."""
    page = html.fromstring((made / "chapters/pooling.html").read_bytes())
    numbered = page.xpath("//span[@id='eq-pool']")[0]
    assert numbered.xpath(".//*[local-name()='math']/@display") == ["block"]
    assert numbered.text_content().strip().endswith("(1.1)")
    links = {a.get("href"): a.text_content() for a in page.iter("a")}
    assert (links["#eq-pool"], links["#eq-weight"]) == ("Equation\xa01.1", "formulas\xa01.2")
    assert not page.xpath("//*[contains(., '{#eq') and not(*)]")
    assert not page.xpath("//span[@alt]")
    body = word_part(made / "report.docx")
    assert len(body.findall(".//{*}oMath")) == 7
    assert "(1.2)" in "".join(body.itertext())


SAID = (
    "I² = 45%", "τ² = 0.02", "p < 0.05", "The “pooled” effect is a weighted mean.",
    "w_i = 1/v_i", "the cube root of n", "α",
)  # fmt: skip
"""What formulas say, by the author's words or by plain signs."""


def test_the_pdf_reads_equations_out(made: Path) -> None:
    """By the author's words, by plain signs, and never as nothing: PDF/UA-1 holds."""
    assert [each for each in check_pdfs(made) if each.severity == "error"] == []
    with pikepdf.open(made / "report.pdf") as pdf:
        formulas = [
            str(each.Alt)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Formula"
        ]
    assert sorted(formulas) == sorted(SAID)


def test_pages_name_formulas_by_the_same_text(made: Path) -> None:
    """For readers that cannot say MathML; what is said is the text of the PDF."""
    page = html.fromstring((made / "chapters/pooling.html").read_bytes())
    assert sorted(page.xpath("//main//*[local-name()='math']/@alttext")) == sorted(SAID)


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("$$ \\frac{1}{ $$", "cannot be read: it ends too early", 3),
        ("Words.\n\n- As $\\notacommand{x}$ is.", "command `\\notacommand` is not known", 5),
        ("$x \\eqref{a}$", "Refer to it in the text", 3),
        ("$a & b$", "an `&` is outside", 3),
        ("$a}$", "a `}` has no `{`", 3),
        ("$$\\begin{aling}a\\end{aling}$$", 'Did you mean "align"?', 3),
        ("Words.\n\n$" + "a^{" * 30 + "b" + "}" * 30 + "$", "30 exponents or indices", 5),
        ("$$" + "a^{b_{" * 10 + "c" + "}}" * 10 + "$$ {#eq-a}", "at most 12 may be", 3),
        ("Words $x$.\n\n$$\n$$\n\n$$y$$", "an equation cannot be read: nothing is between", 5),
        ("$$x$$\n\nAnd $$ $$ {#eq-a} too", "an equation cannot be read: nothing is between", 5),
        ("Words $\\quad$.", "is read out as TeX", 3),
        ("$$ a $$ {#eq-one}\n\n$$ b $$ {#eq-one}", 'the id "eq-one" is given twice', 5),
        ("See @eq-none.", "the cross-reference @eq-none points to nothing", 3),
    ],
)
def test_what_is_wrong_with_an_equation_is_said_with_its_line(
    project: Make, reviewpress: Run, text: str, rule: str, line: int
) -> None:
    """`check` says it before anything is rendered."""
    root = write(project, f"# Pooling\n\n{text}\n")
    outcome = reviewpress("check", cwd=root)
    assert f"chapters/pooling.qmd, line {line}: " in outcome.stderr
    assert rule in outcome.stderr


def test_a_formula_that_keeps_pandoc_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the formulas of a chapter take too long together, each is asked for alone."""
    asked: list[list[str]] = []

    def read(texts: list[str], **given: Any) -> list[dict[str, str]]:
        asked.append(list(texts))
        if "y" in texts:
            raise OutOfTime("pandoc", given["seconds"])
        return [{"plain": text} for text in texts]

    monkeypatch.setattr(equations, "read_formulas", read)
    blocks = [{"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, x]} for x in "xy"]}]
    source = ChapterText(Chapter("a.qmd"), "Words.\n\n$x$ and $y$\n", ())
    [problem] = equations.set_equations(blocks, Places(source), "en")
    assert str(problem).startswith("a.qmd, line 3: the equation `y` cannot be read: pandoc does")
    assert asked == [["x", "y"], ["x"], ["y"]]


def test_crossref_settings_name_and_count_equations(project: Make, reviewpress: Run) -> None:
    """`eq-prefix` and `eq-labels` are Quarto's."""
    root = write(project, "# Pooling\n\nSee @eq-one.\n\n$$ a = b $$ {#eq-one}\n")
    settings = root / "_quarto.yml"
    said = "crossref: {eq-prefix: Formula, eq-labels: alpha a, chapters: false}\n"
    settings.write_text(settings.read_text("utf-8") + said, "utf-8")
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    page = (root / "_output/report/chapters/pooling.html").read_text("utf-8")
    assert "Formula\xa0a</a>" in page
    assert "(a)</span>" in page


def test_titles_and_captions_may_hold_formulas(project: Make, reviewpress: Run) -> None:
    """What is no formula there, an amount of money for one, is published as it is."""
    text = (
        "---\nsubtitle: On $I^2$ and $#a$\n---\n\n# Pooling $x^2$\n\n"
        "::: {#fig-one fig-cap='A $\\tau^2$'}\nWords.\n:::\n"
    )
    root = write(project, text, "html", "typst")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/report/chapters/pooling.html").read_text("utf-8")
    assert len(re.findall(r"<math.*?(?:I|x|τ)", page)) >= 3
    assert "$#a$" in page
    assert [each for each in check_pdfs(root / "_output/report") if each.severity == "error"] == []


FILTERS = installed_extension().file(equations.SPOKEN).parent


@pytest.mark.parametrize(
    ("tex", "english", "german"),
    [
        (r"\hat\theta = \frac{\sum_{i=1}^{k} w_i y_i}{\sum_{i=1}^{k} w_i}",
         "θ hat = the fraction the sum from i = 1 to k of w sub i y sub i, over the sum from i = 1 "
         "to k of w sub i, end of fraction",
         "θ\u0302 = (∑_(i = 1)^(k) w_i y_i)/(∑_(i = 1)^(k) w_i)"),
        (r"SE = \sqrt{\frac1a + \frac1b}",
         "S E = the square root of 1 over a + 1 over b, end of root", "S E = √((1)/(a) + (1)/(b))"),
        (r"\begin{aligned} H^2 &= \frac{Q}{k} \\ I^2 &= 1 - \tau^2_{res}\end{aligned}",
         "H squared = Q over k; I squared = 1 minus τ sub res squared",
         "H^2 = (Q)/(k); I^2 = 1 − τ_(res)^2"),
        (r"\overline{x + y} \sim \frac{1}{2}", "(x + y) bar is distributed as 1 over 2",
         "(x + y)\u0304 ∼ (1)/(2)"),
        (r"\sqrt[3]{x}", "the root of degree 3 of x", "√[3](x)"),
    ],
)  # fmt: skip
def test_a_formula_of_several_lines_is_said(tex: str, english: str, german: str) -> None:
    """In English in words; elsewhere in signs on one line."""
    for lang, said in (("en-GB", english), ("de", german)):
        assert read_formulas([tex], lang=lang, filters=FILTERS, seconds=20)[0]["words"] == said


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"w_i \overset{\text{iid}}{\sim} \mathcal{N}(0, 1)",
         "w sub i is distributed as with iid above N (0, 1)"),
        (r"\hat\beta \xrightarrow{p} \beta", "β hat → with p above β"),
        (r"\underbrace{T_t}_{\text{trend}} + \frac12", "T sub t, labelled trend, + 1 over 2"),
        (r"\frac12 m v^2", "the fraction 1, over 2, end of fraction, m v squared"),
        (r"p^k (1-p)^{n-k} \binom{n}{k}",
         "p to the power k (1 minus p) to the power n minus k, end of power, (n choose k)"),
        (r"K_{d+1}(t) = \sqrt{2}", "K sub d + 1, end of index, (t) = the square root of 2"),
        (r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}",
         "the determinant of a, b; c, d, end of determinant"),
        (r"\begin{pmatrix} 1 & 2.5 \\ 3 & 4 \end{pmatrix}",
         "the matrix 1, 2.5; 3, 4, end of matrix"),
        (r"\left[\begin{array}{c} 1 \\ 2 \end{array}\right]", "the vector 1; 2, end of vector"),
        (r"f = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{else} \end{cases}",
         "f = the cases 1, if x > 0; 0, else, end of cases"),
        (r"\left.\frac{a}{b}\right|_{x=0}", "a over b, evaluated at x = 0"),
        (r"\boxed{\tfrac{a}{b}} + \cancel{x}\phantom{y}", "a over b + crossed out x"),
        (r"\lim_{n\to\infty} \frac1n = \min_{x \in X} \sqrt{x}",
         "lim as n → infinity, of the fraction 1, over n, end of fraction, = min over x in X, of "
         "the square root of x, end of root"),
    ],
)  # fmt: skip
def test_a_formula_is_said_as_it_is_meant(tex: str, said: str) -> None:
    """What is above is no power, a fraction ends where it ends, and a matrix is one."""
    assert read_formulas([tex], lang="en", filters=FILTERS, seconds=20)[0]["words"] == said


def test_what_cannot_be_said_is_left() -> None:
    """What is no formula is none in words either; a letter of a set is a letter."""
    wrong, letters = read_formulas(
        [r"\frac{", r"\mathbb{E}[\mathbf{x}]"], lang="en", filters=FILTERS, seconds=20
    )
    assert "words" not in wrong
    assert wrong["wrong"]
    assert letters["plain"] == "E[x]"


@pytest.mark.parametrize(
    "defined",
    [
        r"\newcommand{\est}[1]{\hat{\theta}_{#1}}",
        "::: {.hidden}\n$$\n\\newcommand{\\est}[1]{\\hat{\\theta}_{#1}}\n$$\n:::",
        r"$$\def\est#1{\hat{\theta}_{#1}}$$",
        "$$\n\\newcommand{\\est}[1]{\\hat{\\theta}_{#1}}\n\\est{2} = 1\n$$ {#eq-two}",
    ],
)
def test_commands_that_an_author_defines_are_known(
    project: Make, reviewpress: Run, defined: str
) -> None:
    """However Quarto's authors write them; what defines them is not published."""
    text = f"# Pooling\n\n$$ a = b $$ {{#eq-one}}\n\n{defined}\n\nMean $\\est{{1}}$, @eq-one.\n"
    root = write(project, text)
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    page = (root / "_output/report/chapters/pooling.html").read_text("utf-8")
    assert "θ" in page
    assert "est" not in re.sub(r"<[^>]*>", "", page.partition("Mean")[2].partition("</p>")[0])
    assert "$$" not in page


def test_determinants_and_norms_are_set(project: Make, reviewpress: Run) -> None:
    """Typst takes one sign for what is around a matrix; the PDF says determinant and norm apart."""
    matrix = "1 & 0 \\\\ 0 & 1"
    text = "# Matrices\n\n" + "\n\n".join(
        f"$$ x \\cap \\begin{{{name}}} {matrix} \\end{{{name}}} $$ {{#eq-{name.lower()}x}}"
        for name in ("vmatrix", "pmatrix", "bmatrix")
    )
    text += f"\n\n$$ \\begin{{Vmatrix}} {matrix} \\end{{Vmatrix}} $$ {{#eq-n}}\n\nSee @eq-n.\n"
    text += "\nThe sign $z_1$.yet another, $f$(x) and $g$[y] go on; so is $h$.\n"
    root = write(project, text, "html", "typst", "docx")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    typst = next((root / ".reviewpress").rglob("*.typ"), None)
    assert typst is None or 'delim: "||"' not in typst.read_text("utf-8")


def test_lines_of_a_formula_are_no_list() -> None:
    """A line that begins with (a) or a number keeps it without a backslash between `$$` alone."""
    text = "Words\n$$\n(a) x\n1989. y\n$$\n1989. A second"
    assert keep_numbers(text) == "Words\n$$\n(a) x\n1989. y\n$$\n1989\\. A second"


def test_a_figure_of_pages_alone_is_its_caption_in_print(project: Make, reviewpress: Run) -> None:
    """What Quarto shows in pages alone has its number and caption in the PDF."""
    shown = '::: {.content-visible when-format="html"}\nOnly here.\n:::'
    text = f"# Shown\n\nSee @fig-a.\n\n::: {{#fig-a}}\n{shown}\n\nWhat pages show.\n:::\n"
    root = write(project, text, "html", "typst")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    assert [each for each in check_pdfs(root / "_output/report") if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("tex", "written"),
    [
        (r"a = b \tag{A}", r"a = b \qquad\text{(A)}"),
        (r"a = b \tag {1}", r"a = b \qquad\text{(1)}"),
        (r"a = b \tag*{X}", r"a = b \qquad\text{X}"),
        (r"a \tag{$a_{1}$}", r"a \qquad\text{($a_{1}$)}"),
        (r"x &= 1 \notag\\ y &= \{2\}", r"x &= 1 \\ y &= \{2\}"),
        (r"a = b \nonumber", "a = b "),
        (r"\require{cancel}\scriptsize\cancel{x}", r"\cancel{x}"),
        (r"{\rm Var}(X) + \bf w", r"{\mathrm{Var}}(X) + \mathbf{w}"),
        (r"\left( a \over b \right)", r"\left(\frac{ a }{b }\right)"),
        (r"a \\ b", r"\begin{gathered}a \\ b\end{gathered}"),
        (r"\begin{dcases} a & b \end{dcases}", r"\begin{cases} a & b \end{cases}"),
        (r"\begin{aligned}[t] a \end{aligned}", r"\begin{aligned} a \end{aligned}"),
        (r"\textcolor{red}{\{x\}} + 30^\degree", r"{\{x\}} + 30^{\circ}"),
        (r"\ce{2H2 + O2 -> 2H2O}",
         r"{2\,\mathrm{H}_{2} + \mathrm{O}_{2}  \rightarrow  2\,\mathrm{H}_{2}\mathrm{O}}"),
        (r"\ce{SO4^2-}", r"{\mathrm{SO}_{4}^{2-}}"),
        (r"\ce{CO2 ^}", r"{\mathrm{CO}_{2} \uparrow }"),
        (r"\ce{Na+}", r"{\mathrm{Na}^{+}}"),
        (r"\norm{x}_2 \ket{a}", r"\left\|x\right\|_2 |a\rangle "),
        (r"\tagged{a} \largest \overline{x}", r"\tagged{a} \largest \overline{x}"),
        (r"\symbfit{x} + \symup d", r"\mathbfit {x} + \mathrm  d"),
        (r"\symnormal{x}", "{x}"),
        ("a & b", "a & b"),
    ],
)  # fmt: skip
def test_tex_of_mathjax_is_written_for_pandoc(tex: str, written: str) -> None:
    """What only MathJax and LaTeX know; what pandoc knows stays as it is."""
    assert read_formulas([tex], lang="en", filters=FILTERS, seconds=20)[0]["tex"] == written


def test_every_letter_of_unicode_math_is_read() -> None:
    """By whichever of its names."""
    styles = (
        "up", "rm", "it", "tt", "cal", "scr", "frak", "bb", "bbit", "sf", "sfup", "sfit", "bf",
        "bfup", "bfit", "bfcal", "bfscr", "bffrak", "bfsf", "bfsfup", "bfsfit", "normal", "literal",
    )  # fmt: skip
    texts = [rf"\sym{style}{{x}}" for style in styles]
    read = read_formulas(texts, lang="en", filters=FILTERS, seconds=20)
    assert [text for text, each in zip(texts, read, strict=True) if each.get("wrong")] == []


def test_every_formula_is_typeset(project: Make, reviewpress: Run) -> None:
    """Rows in brackets, cases of one column, and signs whose name in Typst is another."""
    text = "# Formulas\n\n" + "\n\n".join(
        f"$$ {tex} $$"
        for tex in (
            r"x = \left\{ \begin{aligned} a &= b \\ c &= d \end{aligned} \right.",
            r"\begin{cases} 1 & y \\ 2 & z \end{cases} + \begin{cases} u \\ v \end{cases}",
            r"A \otimes B \cap \llbracket 1 \rrbracket \odot \text{sect of a dot.circle}",
            r"\begin{rcases} a \\ b \end{rcases} = \begin{smallmatrix} p & q \end{smallmatrix}",
        )
    )
    text += "\n\n\\begin{align}\na &= b \\nonumber \\\\\nc &= d\n\\end{align}\n"
    root = write(project, text, "html", "typst")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    page = (root / "_output/report/chapters/pooling.html").read_text("utf-8")
    assert page.count("<math") == 5
