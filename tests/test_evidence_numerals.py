"""Words for numbers before nouns: what they do to each other in each language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress import words
from reviewpress.errors import DataError


@pytest.fixture
def speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A review in a language, around this process."""

    def make(lang: str) -> None:
        settings = f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [i.qmd]}}\n"
        (tmp_path / "_quarto.yml").write_text(settings, "utf-8")
        (tmp_path / "i.qmd").write_text("# T\n", "utf-8")
        monkeypatch.setenv("REVIEWPRESS_ROOT", str(tmp_path))

    return make


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("papur", "un papur, dau bapur, tri phapur, pedwar papur, pum papur, chwe phapur, "
                  "11 papur"),
        ("gardd", "un ardd, dwy ardd, tair gardd, pedair gardd, pum gardd, chwe gardd, 11 gardd"),
        ("treial", "un treial, dau dreial, tri threial, pedwar treial, pum treial, chwe threial, "
                   "11 treial"),
        ("chwiliad", "un chwiliad, dau chwiliad, tri chwiliad, pedwar chwiliad, pum chwiliad, "
                     "chwe chwiliad, 11 chwiliad"),
        ("rhaglen", "un rhaglen, dwy raglen, tair rhaglen, pedair rhaglen, pum rhaglen, "
                    "chwe rhaglen, 11 rhaglen"),
        ("Llyfr", "un Llyfr, dau Lyfr, tri Llyfr, pedwar Llyfr, pum Llyfr, chwe Llyfr, 11 Llyfr"),
    ],
)  # fmt: skip
def test_welsh_nouns_mutate_after_numbers(
    noun: str, said: str, speak: Callable[[str], None]
) -> None:
    """Softly after two and a feminine one, with breath after three and six; digits do nothing."""
    speak("cy")
    assert ", ".join(words(number, noun) for number in (1, 2, 3, 4, 5, 6, 11)) == said
    assert words(0, noun) == f"dim {noun}"
    assert words(5) == "pump"


def test_a_welsh_form_that_is_given_is_kept(speak: Callable[[str], None]) -> None:
    """Some words resist; a gender that is not known is asked for where it shows."""
    speak("cy")
    assert words(2, "gêm", feminine=True, plural={"two": "gêm"}) == "dwy gêm"
    assert words(6, "peth") == "chwe pheth"
    with pytest.raises(DataError, match='"peth" is not known, on which "dau" or "dwy" depends'):
        words(2, "peth")
    with pytest.raises(DataError, match='"peth" is not known, on which "peth" after a number'):
        words(1, "peth")


@pytest.mark.parametrize(
    ("lang", "noun", "plural", "said"),
    [
        ("pl", "badanie", {"few": "badania", "many": "badań"},
         "1 badanie, 2 badania, trzy badania"),
        ("ru", "исследование", {"few": "исследования", "many": "исследований"},
         "1 исследование, 2 исследования, три исследования"),
        ("el", "μελέτη", "μελέτες", "1 μελέτη, δύο μελέτες, 3 μελέτες"),
        ("sv", "studie", "studier", "1 studie, två studier, tre studier"),
        ("it", "studio", "studi", "1 studio, due studi, tre studi"),
        ("he", "מחקר", "מחקרים", "1 מחקר, 2 מחקרים, 3 מחקרים"),
        ("ar", "دراسة", {"zero": "دراسة", "two": "دراستان", "few": "دراسات", "many": "دراسة",
                         "other": "دراسة"}, "1 دراسة, 2 دراستان, 3 دراسات"),
        ("zh-CN", "项研究", "", "一项研究, 2项研究, 三项研究"),
        ("ja", "件の研究", "", "一件の研究, 二件の研究, 三件の研究"),
        ("tr", "çalışma", "", "bir çalışma, iki çalışma, üç çalışma"),
    ],
)  # fmt: skip
def test_words_that_agree_with_the_noun_are_digits(
    lang: str, noun: str, plural: str | dict[str, str], said: str, speak: Callable[[str], None]
) -> None:
    """Where a language has "one" by gender and its labels only one of them; the rest are words."""
    speak(lang)
    assert ", ".join(words(number, noun, plural=plural) for number in (1, 2, 3)) == said


def test_a_review_gives_both_genders(tmp_path: Path, speak: Callable[[str], None]) -> None:
    """With feminine words among its labels, a review has words."""
    speak("el")
    with (tmp_path / "_quarto.yml").open("a", encoding="utf-8") as file:
        file.write(
            "language:\n  number-words-feminine: μηδέν μία δύο τρεις τέσσερις\n"
            "  number-one-feminine: μία\n  number-one: ένα\n"
        )
    assert words(1, "μελέτη", plural="μελέτες", feminine=True) == "μία μελέτη"
    assert words(3, "μελέτη", plural="μελέτες", feminine=True) == "τρεις μελέτες"
