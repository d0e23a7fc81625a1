"""Spelling: words that neither the language's dictionary nor the review's own has."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reviewpress.assemble import Book
from reviewpress.checks import spelling
from reviewpress.checks.spelling import check_spelling, is_known, load_speller
from reviewpress.config import load_config

ADDED = """
We recieve the benifits of wellbeing schemes [@knwon2020], say Known and Zxqvory. The NHS, iOS and
`recieve(teh)` are none: see [page](http://teh.example/recieve "Teh"), 3rd, a_teh,
{{< meta lang >}} and [Zeitschriftenartikel]{lang=de}. Here we recieve again.

::: {lang=fr}
Nous avons trouvé beaucoup de choses.
:::

::: {.todo}
Zdrowie w ogrodach.
:::

And [pytanie do was]{.comment} this.
"""


@pytest.fixture
def root(project: Any) -> Path:
    """The minimal review with a paragraph that has mistakes."""
    folder: Path = project(runs=False)
    path = folder / "chapters" / "findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": ADDED})
    path.write_text(json.dumps(notebook), "utf-8")
    return folder


def unknown(text: str, lang: str, root: Path, **known: bool) -> list[str]:
    """Return the words of a text that the dictionary of a language and the known ones lack."""
    speller = load_speller(lang, root)
    assert speller is not None
    words = dict.fromkeys(word for _, word in spelling._words(text))
    return [word for word in words if not is_known(word, speller, known)]


def test_only_words_of_the_text_are_looked_at(tmp_path: Path) -> None:
    """No code, address, key, formula, abbreviation; nothing in other languages or unpublished."""
    styled = '[Some words]{style="color: #eee; float: teh"}'
    found = unknown(
        f"{ADDED} {styled} $teh$ \\alpha", "en-GB", tmp_path, Known=True, wellbeing=False
    )
    assert found == ["recieve", "benifits", "Zxqvory"]
    assert unknown("Wellbeing, known and teh.", "en", tmp_path, Known=True, wellbeing=False) == [
        "teh"
    ]


def test_check_warns_with_the_cell_the_sentence_and_the_nearest_word(
    root: Path, reviewpress: Callable[..., Any]
) -> None:
    """Each word once a chapter; what the own dictionary and the bibliography have is right."""
    (root / "data" / "spelling.txt").write_text("# ours\nwellbeing\nZxqvory # a name\n", "utf-8")
    said = reviewpress("check", cwd=root).stderr
    assert "“recieve” is in no dictionary, 2 times in the chapter: “We recieve the" in said
    assert 'Did you mean "receive"? If it is right, write it into data/spelling.txt.' in said
    cells = len(json.loads((root / "chapters/findings.ipynb").read_text("utf-8"))["cells"])
    assert f"warning: chapters/findings.ipynb, cell {cells}: “benifits”" in said
    assert "wellbeing” is" not in said
    assert "Zxqvory” is" not in said
    assert "Known” is" not in said


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\0" * 4096, "line 1: the file is damaged: it holds a zero byte"),
        (b"wellbeing\nna\xefve\n", "line 2: the file is not UTF-8"),
        ("\ufeffwellbeing\r\nZxqvory\r\n".encode(), ""),
    ],
)
def test_an_own_dictionary_that_is_no_text_is_an_error(
    content: bytes, message: str, root: Path, reviewpress: Callable[..., Any]
) -> None:
    """Its words would be reported as mistakes otherwise, without saying why."""
    (root / "data" / "spelling.txt").write_bytes(content)
    said = reviewpress("check", cwd=root).stderr
    assert (f"error: data/spelling.txt, {message}" in said) == bool(message)
    assert "“wellbeing” is" not in said


def test_it_can_be_turned_off(root: Path, reviewpress: Callable[..., Any]) -> None:
    """A review in which much is quoted may not want it."""
    path = root / "_quarto.yml"
    text = path.read_text("utf-8")
    assert "\nreviewpress:\n" in text
    path.write_text(
        text.replace("\nreviewpress:\n", "\nreviewpress:\n  spelling: false\n"), "utf-8"
    )
    assert "dictionary" not in reviewpress("check", cwd=root).stderr


@pytest.mark.parametrize(
    ("lang", "right", "wrong"),
    [
        ("fr", "L’école qu’ils aujourd’hui Œuvres", "écolle"),
        ("de-AT", "Zeitschriftenartikel Jänner Straße", "Zeitschrifftenartikel"),
        ("pl", "żółw pięciu badań", "żułw"),
        ("el", "μελέτες Ελλάδα", "μελέττες"),
        ("pt-BR", "ação fato", "asção"),
        ("ar", "دراسات", "درااسسات"),
        ("en-US", "behavior", "behaviuor"),
    ],
)
def test_words_of_other_languages_have_theirs(
    lang: str, right: str, wrong: str, tmp_path: Path
) -> None:
    """The dictionary is that of the region where there is one, else of the language."""
    assert unknown(f"{right} {wrong}", lang, tmp_path) == [wrong]


def test_decomposed_letters_are_the_same_as_composed_ones(tmp_path: Path) -> None:
    """A text saved on a Mac may have each accent as a character of its own."""
    assert unknown("E\u0301cole d\u2019e\u0301te\u0301", "fr", tmp_path) == []


def test_a_review_may_bring_a_dictionary(root: Path) -> None:
    """No package has Welsh; without one it is said where the check was asked for."""
    config = load_config(root)
    asked = replace(config, lang="cy", settings=replace(config.settings, other={"spelling": True}))
    book = cast(Book, SimpleNamespace(pages=()))
    (problem,) = check_spelling(asked, book)
    assert problem.message == "the spelling is not checked: there is no dictionary for cy."
    folder = root / "data" / "dictionaries"
    folder.mkdir()
    (folder / "cy_GB.aff").write_text("SET UTF-8\n", "utf-8")
    (folder / "cy_GB.dic").write_text("2\nrecieve\nbenifits\n", "utf-8")
    assert list(check_spelling(asked, book)) == []
    assert unknown("recieve teh benifits", "cy", root) == ["teh"]


def test_without_the_extra_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is not needed for anything else."""
    monkeypatch.setattr(spelling, "find_spec", lambda name: None)
    assert load_speller("en", tmp_path) is None


OTHERS = {
    "French": "Les jardins que des voisins cultivent ensemble rapprochent ceux qui vivent seuls, "
    "disent presque tous ceux qui furent interrogés pendant cette enquête menée chez eux.",
    "German": "Wer gemeinsam einen Garten bestellt, fühlt sich weniger einsam, wie alle sagen, "
    "die dazu befragt wurden, obwohl manche Nachbarn einander dort kaum begegnen konnten.",
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_a_chapter_in_another_language_is_one_warning(
    text: str, project: Any, reviewpress: Callable[..., Any]
) -> None:
    """What is not yet translated, or is not marked, is no list of wrong words."""
    root = project(files={"index.qmd": f"# Start {{#sec-start}}\n\n{text}\n"})
    said = reviewpress("check", cwd=root).stderr
    assert (
        said.count("warning: index.qmd, line 3: most of the chapter seems not to be in English")
        == 1
    )
    assert "index.qmd, line 3: “" not in said


@pytest.mark.parametrize("text", ["w" * 30_000, "=é" * 15_000, "a1" * 15_000, "证据" * 15_000])
def test_a_word_without_end_takes_no_time(text: str) -> None:
    """Each is looked through once, not once from each of its letters on."""
    begun = time.process_time()
    found = [word for _, word in spelling._words(f"one {text} two")]
    assert time.process_time() - begun < 1
    assert [found[0], found[-1]] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("see www.example.org/recieve, so", "see so"),
        ("(http://a.example) teh.example@org x&amp;y.ml=recieve z", "z"),
        ("“a_teh” [b1recieve] {.x}c2 d", "d"),
    ],
)
def test_addresses_and_names_are_no_words(text: str, left: str) -> None:
    """Nor is anything in which there are digits or signs."""
    assert [word for _, word in spelling._words(text)] == left.split()
