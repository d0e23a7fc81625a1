"""Citations, numbers of figures and headings, and raised numbers that authors type."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from reviewpress.checks import by_hand
from reviewpress.labels import load_language

WORKS = {
    "2019": [("Ash", "ash2019"), ("van der Berg", "berg2019")],
    "2022": [("Cedar", "cedar2022"), ("O'Neil", "oneil2022"), ("山田", "yamada2022")],
}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Gardens help (Ash and Oakley, 2019).", ["ash2019"]),
        ("Gardens help (Ash & Oakley 2019; Cedar et al., 2022).", ["ash2019", "cedar2022"]),
        ("Cedar et al. (2022) found it.", ["cedar2022"]),
        ("Cedar u. a. (2022) sagen es; Ash u.a. (2019) auch.", ["cedar2022", "ash2019"]),
        ("Cedar i in. (2022)", ["cedar2022"]),
        ("O’Neil and colleagues (2022a) found it.", ["oneil2022"]),
        ("As van der Berg (2019) says.", ["berg2019"]),
        ("Gardens help [Ash 2019].", ["ash2019"]),
        ("山田（2022）", ["yamada2022"]),
        ("Gardens help [@ash2019] in 2019.", []),
        ("Ash trees were planted in 2019.", []),
        ("Birch (2019) is another.", []),
        ("Ash. In 2019 they left.", []),
        ("Some 2019 plots of Ashford.", []),
    ],
)
def test_a_citation_without_its_key(text: str, keys: list[str]) -> None:
    """A year with the name before it of somebody who published then has its key in the hint."""
    found = list(by_hand._citations(text, WORKS))
    assert [each.hint.split("`")[1] for each in found] == [f"[@{key}]" for key in keys]


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "As Figure 3 shows, and Table\u00a02.1.", ["Figure 3", "Table\u00a02.1"]),
        ("en", "See Section 2.3 and Chapter 4.", ["Section 2.3", "Chapter 4"]),
        ("en", "The figures 2 and 3, tables 1–3.", ["figures 2", "tables 1"]),
        ("de", "Die Tabellen 2 und 3.", ["Tabellen 2"]),
        ("en", "It is in Appendix B.", ["Appendix B"]),
        ("en", "Appendix A of the law; an Appendix To it; the original Appendix B.", []),
        ("en", "It says “Appendix A – Protocol” and “Figure 3”.", []),
        (
            "en",
            "Figure 2 of @page2021, Table 1 in their report, its Figure 3; section 1.",
            [],
        ),
        ("en", "## Section 3\n\nTables of 3.", []),
        ("en", "(see fig. 1; cf. tab. 2, FIGURE 4)", ["fig. 1", "tab. 2", "FIGURE 4"]),
        ("en", "A fig tree 3 m high, config 2.", []),
        ("de", "Vgl. Abb. 3.", ["Abb. 3"]),
        ("de", "Siehe Abbildung 3 und Kapitel 4.", ["Abbildung 3", "Kapitel 4"]),
        ("cy", "Figure 3", []),
    ],
)
def test_the_number_of_a_figure(lang: str, text: str, found: list[str]) -> None:
    """The words are those of the review's language; numbers of other works are left alone."""
    page: Any = SimpleNamespace(ids=("fig-one", "sec-a", "sec-b"))
    typed = list(by_hand._numbers(text, load_language(lang), page))
    assert sorted(each.words for each in typed) == sorted(found)
    hints = {each.words: each.hint for each in typed}
    assert "`@fig-one`" in hints.get("Figure 3", "`@fig-one`")
    assert "`@sec-…`" in hints.get("Chapter 4", "`@sec-…`")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gardens help.¹ Others say so.<sup>2,3</sup>", ["¹", "<sup>2,3</sup>"]),
        ("Gardens^3^ help, they say,^4-6^ so.", ["^3^", "^4-6^"]),
        ("About 30 m², R², 10⁶, 10^6^, km^2^ and CO<sub>2</sub>.", []),
    ],
)
def test_a_raised_number(text: str, found: list[str]) -> None:
    """Units and powers are no references."""
    assert [each.words for each in by_hand._raised(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A median of 5 [2, 9], 12% [8; 15], 95 %-KI [2; 5].", []),
        ("In 12 studies [2, 3, 4], in 2019 [3].", ["[2, 3, 4]", "[3]"]),
        ("A claim [1], another[2, 3].\n\n[4–6] Ash.", ["[1]", "[2, 3]", "[4–6]"]),
        ("95% CI [1, 3], range = [2, 5], [0, 1], x[1], [3](a.qmd), [4]{.value}, [^1].", []),
    ],
)
def test_a_number_in_brackets(text: str, found: list[str]) -> None:
    """Other styles cite so; intervals, links and what a programme counts are no references."""
    assert [each.words for each in by_hand._bracketed(text)] == found


@pytest.mark.parametrize(
    ("text", "numbered", "found"),
    [
        ("**What then**\n\nMore text.", True, ["What then"]),
        ("Text.\n\n__What then__:\n\nMore text.", True, ["What then"]),
        ("## 2.1 What then {#sec-a}\n\n### 3. More\n", True, ["2.1", "3."]),
        ("## 2.1 What then {#sec-a}", False, []),
        ("**All of it is made up.**\n\nMore.\n\n**Bold** words.\n\n## 2024 in short", True, []),
    ],
)
def test_a_heading_made_by_hand(text: str, numbered: bool, found: list[str]) -> None:
    """Bold lines and numbers are no headings; sentences, words and years are what they are."""
    assert [each.words for each in by_hand._headings(text, is_numbered=numbered)] == found


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("en", "**Key message:** Gardens help.", ["Key message"]),
        ("en", "Text.\n\n**Key messages**\n\nGardens help.", ["Key messages"]),
        ("en", "> __Take-away 2__ Gardens help.", ["Take-away"]),
        ("cy", "**Neges allweddol:** Mae gerddi’n helpu.", ["Neges allweddol"]),
        ("en", "*Key message:* Gardens help.", ["Key message"]),
        ("en", "Text.\n\nKey finding: gardens help.", ["Key finding"]),
        ("fr", "Message clé\u202f: les jardins aident.", ["Message clé"]),
        ("en", "The key message: gardens help. Key messages are below.", []),
        ("en", "A **key message** of theirs. **Key workers** say so.", []),
        ("en", "## Key messages\n\n**Keys** matter.", []),
    ],
)
def test_a_key_message_in_bold(lang: str, text: str, found: list[str]) -> None:
    """Bold letters make no key message: nothing would gather it."""
    labels = load_language(lang)
    assert [each.words for each in by_hand._key_messages(text, labels)] == found


def test_it_is_a_warning_of_check(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Check quotes the sentence with its place, says what to write, and goes on."""
    text = "# Start {#sec-start}\n\nSee it in Figure 7, they say.\n"
    outcome = reviewpress("check", cwd=project(files={"index.qmd": text}))
    assert "warning: index.qmd, line 3: “Figure 7” is typed, and stays when" in outcome.stderr
    assert "they say.”" in outcome.stderr
    assert outcome.status == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("^1: See the annex.", ["^1:"]),
        ("Words.\n\n^12^ See the annex.", ["^12^"]),
        ("¹ See the annex.\n² And this.", ["¹", "²"]),
        ("<sup>3</sup> See the annex.", ["<sup>3</sup>"]),
        ("^1^H is an isotope of hydrogen.", []),
        ("[^1]: See the annex.", []),
        ("2^10: a power, 10⁶ cells", []),
    ],
)
def test_a_note_that_is_set_by_hand(text: str, found: list[str]) -> None:
    """The text of a note below the line has no number that leads to it."""
    assert [
        each.words for each in by_hand._raised(text) if "text of a note" in each.message
    ] == found
