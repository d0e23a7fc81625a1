"""Which form of a noun stands after a number."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import DataError
from reviewpress.evidence.plurals import category, is_feminine, noun_for
from reviewpress.evidence.words import within, words
from reviewpress.labels import Labels, load_language

FRENCH = Path(__file__).parent / "projects" / "french-review"


@pytest.fixture
def speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what makes the review around the test one in a language."""

    def choose(lang: str) -> None:
        root = tmp_path / lang
        root.mkdir()
        (root / "_quarto.yml").write_text(
            f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [index.qmd]}}\n",
            "utf-8",
        )
        (root / "index.qmd").write_text("# T\n", "utf-8")
        monkeypatch.setenv("REVIEWPRESS_ROOT", str(root))

    return choose


@pytest.mark.parametrize(
    ("number", "lang", "name"),
    [
        (1, "en", "one"),
        (0, "en", "other"),
        (0, "fr", "one"),
        (1.5, "fr", "one"),
        (2, "fr", "other"),
        (1, "pl", "one"),
        (22, "pl", "few"),
        (5, "pl", "many"),
        (2, "cy", "two"),
        (6, "cy", "many"),
        (2, "ar", "two"),
        (11, "ar", "many"),
        (3, "zh-CN", "other"),
        (-1, "en-GB", "one"),
        (1, "tlh", "one"),
        (2, "tlh", "other"),
    ],
)
def test_categories_are_unicodes(number: float, lang: str, name: str) -> None:
    """Each language's rule, also for regions, signs and fractions; English ones where none is."""
    assert category(number, lang) == name


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("criterion", "criteria"),
        ("hypothesis", "hypotheses"),
        ("case study", "case studies"),
        ("member of staff", "members of staff"),
        ("woman", "women"),
        ("birth mother", "birth mothers"),
        ("parent with a disability", "parents with a disability"),
        ("survey", "surveys"),
        ("schoolchild", "schoolchildren"),
        ("waltz", "waltzes"),
        ("series", "series"),
        ("mother-in-law", "mothers-in-law"),
        ("passer-by", "passers-by"),
        ("lay-by", "lay-bys"),
        ("drop-in", "drop-ins"),
        ("follow-up", "follow-ups"),
    ],
)
def test_english_nouns(noun: str, plural: str) -> None:
    """The word before a preposition takes the plural, also an irregular one."""
    assert noun_for(2, noun, "en") == plural


@pytest.mark.parametrize(
    ("noun", "plural"),
    [
        ("travail", "travaux"),
        ("festival", "festivals"),
        ("essai final", "essais finals"),
        ("entretien avec des parents", "entretiens avec des parents"),
        ("pneu", "pneus"),
        ("critère d’inclusion", "critères d’inclusion"),
        ("bijou", "bijoux"),
        ("avis", "avis"),
        ("chef-d’œuvre", "chefs-d’œuvre"),
        ("arc-en-ciel", "arcs-en-ciel"),
        ("mot-clé", "mots-clés"),
        ("demi-journée", "demi-journées"),
    ],
)
def test_french_nouns(noun: str, plural: str) -> None:
    """Nouns whose plural is not made by their ending have it from a list."""
    assert noun_for(3, noun, "fr") == plural


def test_several_plurals_are_given_by_category() -> None:
    """A language with few and many takes a form for each, and says which where one lacks."""
    forms = {"few": "badania", "many": "badań"}
    counted = [noun_for(number, "badanie", "pl", forms) for number in (1, 2, 5, 22, 112)]
    assert counted == ["badanie", "badania", "badań", "badania", "badań"]
    with pytest.raises(DataError, match="several plurals") as caught:
        noun_for(5, "badanie", "pl", "badania")
    assert caught.value.problems[0].hint == (
        'Give each: `words(…, "badanie", plural={"few": "…", "many": "…"})`.'
    )
    with pytest.raises(DataError, match='form of "badanie" for "many"'):
        noun_for(5, "badanie", "pl", {"few": "badania"})
    with pytest.raises(DataError, match='no plural category "fev"') as caught:
        noun_for(5, "badanie", "pl", {"fev": "badania"})
    assert "few" in (caught.value.problems[0].hint or "")


@pytest.mark.parametrize(
    ("lang", "noun"), [("cy", "papur"), ("hu", "tanulmány"), ("zh", "篇论文"), ("tr", "çalışma")]
)
def test_a_noun_that_stays_as_it_is(lang: str, noun: str) -> None:
    """In some languages the noun after a number is the one that stands alone."""
    assert {noun_for(number, noun, lang) for number in (1, 2, 3, 6, 40)} == {noun}


def test_welsh_takes_forms_that_are_given() -> None:
    """A form that is given is the author's; for the others the noun is the one that is named."""
    assert noun_for(2, "papur", "cy", {"two": "bapur"}) == "bapur"
    assert noun_for(1, "papur", "cy", {"two": "bapur"}) == "papur"
    assert noun_for(3, "papur", "cy", {"two": "bapur"}) == "papur"


@pytest.mark.parametrize(
    ("noun", "lang", "feminine"),
    [
        ("étude", "fr", True),
        ("publication incluse", "fr", True),
        ("travail", "fr", False),
        ("musée", "fr", False),
        ("truc", "fr", None),
        ("Studie", "de", True),
        ("Artikel", "de", False),
        ("Fallstudie", "de", True),
        ("estudio", "es", False),
        ("revisión", "es", True),
        ("problema", "es", False),
        ("publicação", "pt", True),
        ("paper", "en", None),
    ],
)
def test_genders(noun: str, lang: str, feminine: bool | None) -> None:
    """The longest ending that fits says it; an unknown one is not guessed."""
    assert is_feminine(noun, lang) is feminine


def test_none_and_one_agree_with_the_noun(speak: Callable[[str], None]) -> None:
    """A French noun's gender is known by its ending, or asked for; never taken for masculine."""
    speak("fr")
    assert words(0, "étude") == "aucune étude"
    assert words(1, "publication") == "une publication"
    assert words(3, "travail") == "trois travaux"
    assert words(2, "truc") == "deux trucs"
    with pytest.raises(DataError, match='gender of "truc"'):
        words(0, "truc")
    assert words(0, "truc", feminine=False) == "aucun truc"


@pytest.mark.parametrize(
    ("lang", "forms", "text"),
    [("be", {"many": "прац"}, "5 прац"), ("sq", "studime", "5 studime"), ("th", "", "5 ฉบับ")],
)
def test_digits_where_number_words_are_not_known(
    speak: Callable[[str], None], lang: str, forms: Any, text: str
) -> None:
    """A number in a language without labels is in digits, not an English word."""
    speak(lang)
    assert words(5, text.split()[1] if lang == "th" else "x", plural=forms) == text


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("Journal article", "journal article"),
        ("NHS report", "NHS report"),
        ("Report", "report"),
        ("iPad survey", "iPad survey"),
        ("Scottish report", "Scottish report"),
        ("Ofsted report", "Ofsted report"),
        ("PhD thesis", "PhD thesis"),
        ("Care Act guidance", "Care Act guidance"),
        ("Primary NHS data", "primary NHS data"),
        ("X", "X"),
    ],
)
def test_a_term_within_a_sentence(term: str, text: str) -> None:
    """The first letter of an ordinary word becomes small; abbreviations and names stay."""
    assert within(term, load_language("en")) == text


def test_a_term_in_other_languages() -> None:
    """German nouns keep their capital, and the small Turkish letters are the right ones."""
    assert within("Zeitschriftenartikel", Labels("de", {})) == "Zeitschriftenartikel"
    assert within("İnceleme", Labels("tr", {})) == "inceleme"
    assert within("Işık", Labels("tr", {})) == "ışık"
    assert within("Éditorial", Labels("fr", {})) == "éditorial"


def test_the_box_keeps_what_is_written_with_capitals(tmp_path: Path) -> None:
    """The sentence of an evidence box names a source as the table does."""
    from reviewpress.review import Review

    root = tmp_path / "revue"
    shutil.copytree(FRENCH, root)
    for path in (*root.glob("data/*.csv"), *root.glob("data/*.yml")):
        path.write_text(path.read_text("utf-8").replace("Rapport", "OMS et Rapport"), "utf-8")
    assert "OMS et Rapport" in str(Review(root).evidence_box("Effets"))
