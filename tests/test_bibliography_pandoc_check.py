"""Titles, names and journals are published whole, or an error says which would not be."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.bibliography import read_entries, write_bibtex
from reviewpress.bibliography.latex import encode_latex
from reviewpress.bibliography.pandoc_check import lost_words, repair
from reviewpress.config import load_config
from reviewpress.errors import Problems
from reviewpress.programs.tools import run_pandoc
from reviewpress.references import load_references

WHOLE = {
    "Saving $5 a day in care": "Saving $5 a day in care",
    "Costs of $5 and $6 a day": "Costs of $5 and $6 a day",
    "5 $ and 6 $ more": "5 $ and 6 $ more",
    "50% of children in care": "50% of children in care",
    "#1 in the list of care": "#1 in the list of care",
    r"{\dj}or{\dj}e and \textcommabelow{S}tefan": "Đorđe and Ștefan",
    r"{\ng}ara and {\th}orn": "Ŋara and þorn",
    r"{$<$}5 years and H$_2$O": "<5 years and H<sub>2</sub>O",
    r"The $\alpha$-test of $x^2$": "The α-test of x<sup>2</sup>",
    r"\mbox{a whole} title": "A whole title",
    r"{\"O}zt{\"u}rk \& {NHS} 100\% of {C}\#": "Öztürk & NHS 100% of C#",
    "First part,\n\n  second part": "First part, second part",
    "<i>Homo sapiens</i> in care": "<i>Homo sapiens</i> in care",
    "The <b>bold</b> of <i>all</i>": "The <b>bold</b> of <i>all</i>",
    r"$\frac{1}{2}$ of $\dfrac{a}{b}$": "1/2 of a/b",
    "p < 0.05 and a > b": "p < 0.05 and a > b",
    r"\[ y \] and $$x$$": "Y and x",
    r"On \(L^p\) spaces": "On L<sup>p</sup> spaces",
    r"\[Translated title\]": "[Translated title]",
    r"{\[}Translated title{\]}": "[Translated title]",
    "{$}5 and {$}6 more": "$5 and $6 more",
    r"$\{a\}$ and $\mathrm{CO}_2$": "{a} and CO<sub>2</sub>",
    r"5\textperthousand{} \lbrace a\rbrace{} \textasteriskcentered": "5‰ {a} ⁎",
    r"\foreignlanguage{german}{Ein Wort} of \texttt{it}": "Ein Wort of it",
    r"Tom\mathsemicolon{} \hyphen{} \mkbibquote{x}": "Tom; - “x”",
    r"\c{c}\'{e}\`a\^{\i}\~n \glqq x\grqq{} y": "Çéàîñ „x“ y",
}


def read(bibtex: str, folder: Path) -> dict[str, Any]:
    answer = run_pandoc(["--from", "bibtex", "--to", "csljson"], bibtex, folder=folder)
    return {item["id"]: item for item in json.loads(answer)}


def entry_of(title: str) -> str:
    return f"@article{{k, author={{A, B}}, title={{{title}}}, journal={{J}}, year=2020}}\n"


@pytest.mark.parametrize("title", WHOLE)
def test_signs_that_latex_reads_lose_no_letters(title: str, tmp_path: Path) -> None:
    """Prices, shares, letters that pandoc does not know and formulas reach the list whole."""
    [entry], _ = read_entries(entry_of(title), "a.bib")
    item = read(entry_of(title), tmp_path)["k"]
    again = repair(entry, item)
    if again is not None:
        item = read(write_bibtex([again]), tmp_path)["k"]
    assert item["title"].casefold() == WHOLE[title].casefold()
    assert "<I>" not in item["title"]
    assert not list(lost_words(entry, item))


SYMBOLS = {
    "The H<sub>2</sub>O of Seas": "The H<sub>2</sub>O of seas",
    r"A $^{13}$C and H\textsubscript{2}O Test": "A <sup>13</sup>C and H<sub>2</sub>O test",
    "Vitamin D<sub>3</sub> and NaHCO<sub>3</sub>": "Vitamin D<sub>3</sub> and NaHCO<sub>3</sub>",
    "Two Studies<sup>1</sup>": "Two studies<sup>1</sup>",
}


@pytest.mark.parametrize("title", SYMBOLS)
def test_symbols_keep_their_capitals(title: str, tmp_path: Path) -> None:
    """What makes words of a title small leaves the letters beside a lowered figure alone."""
    [entry], _ = read_entries(entry_of(title), "a.bib")
    item = read(entry_of(title), tmp_path)["k"]
    again = repair(entry, item)
    assert again is not None
    assert read(write_bibtex([again]), tmp_path)["k"]["title"] == SYMBOLS[title]


@pytest.mark.parametrize(
    "title",
    [
        r"\begin{x} a study",
        r"\input{..} y",
        r"The \ApTest score",
        r"As \cite{a}",
        r"A\footnote{b}",
        r"Since \today{}",
        r"\Citealp{a}",
    ],
)
def test_commands_without_a_text_are_an_error(title: str, tmp_path: Path) -> None:
    """What nobody can read is not left out: the entry, its line and the command are named."""
    [entry], _ = read_entries(entry_of(title), "a.bib")
    item = read(entry_of(title), tmp_path)["k"]
    [problem] = lost_words(entry, item)
    assert str(problem).startswith('a.bib, line 1: the title of "k" has the LaTeX command \\')


def test_a_review_publishes_hand_written_titles_whole(project: Any) -> None:
    """The index that both engines are given has every title, also one that others inherit."""
    bib = Path(__file__).parent / "projects/minimal/bib/references.bib"
    book = (
        "@incollection{part2020, author={Part, P}, title={A part}, crossref={whole2020}}\n"
        "@book{whole2020, editor={Whole, W}, title={All for $5}, booktitle={All for $5}, "
        "publisher={100% Press}, year=2020}\n"
    )
    text = bib.read_text("utf-8").replace("A known study", "50% of a {NHS} known study")
    root = project(files={"bib/references.bib": text + book}, runs=False)
    items = load_references(load_config(root)).csl
    assert items["known2020"]["title"] == "50% of a NHS known study"
    assert items["part2020"]["container-title"] == "All for $5"
    assert items["part2020"]["publisher"] == "100% Press"


def test_a_review_with_an_unreadable_title_is_not_made(project: Any) -> None:
    """`check` and `render` name the file and the line of the entry."""
    bib = Path(__file__).parent / "projects/minimal/bib/references.bib"
    text = bib.read_text("utf-8").replace("Another study", r"Another \foo study")
    root = project(files={"bib/references.bib": text}, runs=False)
    with pytest.raises(Problems, match=r"bib/references\.bib, line 12: the title of \"other2021\""):
        load_references(load_config(root))


@given(st.text(st.sampled_from("ab $%#&_^~{}\\-'`\"é"), min_size=1, max_size=20))
def test_what_we_write_is_never_lost(text: str) -> None:
    """Any plain text that `encode_latex` wrote is read whole by pandoc."""
    words = " ".join(f"q{text}q".split())
    bibtex = entry_of(encode_latex(words))
    [entry], _ = read_entries(bibtex, "a.bib")
    item = read(bibtex, Path.cwd())["k"]
    again = repair(entry, item)
    if again is not None:
        item = read(write_bibtex([again]), Path.cwd())["k"]
    assert not list(lost_words(entry, item))


def test_the_title_of_a_volume_is_not_left_out(project: Any) -> None:
    """A style that shows the main title alone would lose it; another one may have it."""
    root = project(runs=False)
    with (root / "bib/references.bib").open("a", encoding="utf-8") as file:
        file.write(
            "@book{four, author={Ash, B}, title={Gardens}, maintitle={A Great Work},\n"
            "  volume={4}, year={2020}, publisher={Press}}\n"
            "@incollection{part, author={Ash, B}, title={Peas}, booktitle={Gardens},\n"
            "  maintitle={A Great Work}, volume={4}, year={2020}, publisher={Press}}\n"
        )
    with pytest.raises(Problems) as raised:
        load_references(load_config(root))
    said = " ".join(map(str, raised.value.problems))
    assert 'the title of "four", “Gardens”, would not be published' in said
    assert 'the booktitle of "part", “Gardens”, would not be published' in said
