"""The quick form of a text: the same tree as its own."""

import json
import random
from pathlib import Path

import pytest

from reviewpress.assemble import reader
from reviewpress.assemble.reader import MARKDOWN, read_markdown
from reviewpress.notebooks.values import fill_values, find_values, value_span
from reviewpress.speed.dialect import is_whole, quick_form
from reviewpress.speed.pandoc_pool import read_markdown_text

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted([*(ROOT / "chapters").glob("*.ipynb"), *(ROOT / "chapters").glob("*.qmd")])

VALUE = '[Three]{.value expr="words(box[\\"papers\\"], \\"paper\\")"}'

WORDS = (
    "word", "a", "it's", "12", "(a)", "e.g.", "end.", "so,", "what?", "--", "...", "—", "[@k]",
    "[@k; @l p. 3]", "@k", "[see @k]", "“q”", '"q r"', "'r s'", "*em*", "**st**", "http://x.org/a_b",
    "@fig-a", "[-@fig-a]", VALUE,
)  # fmt: skip
RARE = (
    "_e_", "H~2~O", "[l](u)", "[ref][]", "\\*", "\\[", "&amp;", "^[a note]", "{.x}", "`c`", "[^1]",
)  # fmt: skip
SIGNS = ("[", "]", "(", '"', "'", "*", "_", "**", "~", "^[", "](u)", "][", "]{.x}", "{.x}", "&")
ATTRIBUTES = ('{.finding of="p-1 p-2"}', "{.mark-1}", "{.a .b}", '{.x lang="fr"}', "{#i .x}")


def tree(text: str, written: str = MARKDOWN) -> bytes:
    return read_markdown_text(text, written)


def quick_tree(text: str) -> bytes | None:
    """The tree of a text's quick form, None where it is not another text, or not whole."""
    quick, form = quick_form(text, MARKDOWN)
    made = tree(quick, form) if quick != text else b"<"
    return made if is_whole(made) else None


def sequence(chance: random.Random, depth: int, signs: float) -> str:
    """Return words, spans within spans, and some signs where they do not belong."""
    parts = []
    for _ in range(chance.randint(1, 6)):
        kind = chance.random()
        if kind < signs:
            parts.append(chance.choice(SIGNS))
        elif kind < signs + 0.35 and depth < 3:
            content = sequence(chance, depth + 1, signs).strip()
            parts.append(f"[{content}]{chance.choice(ATTRIBUTES)}")
        else:
            parts.append(chance.choice(RARE if chance.random() < 0.02 else WORDS))
        parts.append(" " if chance.random() < 0.85 else "")
    return "".join(parts)


@pytest.mark.parametrize(
    "text",
    [
        '[A finding [@k; @l], and more.]{.finding of="p-1"} After it.',
        f'[{VALUE} papers say so [@k].]{{.finding of="p-1 p-2"}}',
        '- [One "thing" [@k],]{.finding of="p-1"} [another.]{.finding of="p-2"}\n- Two.',
        "Before [what [is [within]{.c}]{.b} it]{.a lang='fr'}.\n\n1. ([x]{.y})",
    ],
)
def test_spans_in_prose_are_read_once(text: str) -> None:
    """To the tree that their own form makes."""
    quick, form = quick_form(text, MARKDOWN)
    assert "<span" in quick
    assert "-native_spans" not in form
    assert quick_tree(text) == tree(text)


@pytest.mark.parametrize(
    "text",
    [
        "Nothing in brackets.",
        "| [a [b]{.x}]{.y} | c |\n| --- | --- |\n| d | e |",
        "A table\n\n--- ---\n[a]{.x} b\n--- ---",
        "    [code [@k]]{.x}",
        "Code `[a]{.x}` and [b]{.y}.",
        "# A heading [with a span]{.x}",
        "With <b>HTML</b> and [a span]{.x}.",
        "[ spaced ]{.x} [[@k] first]{.y} [^1]{.z} [l](u){.w}",
        '[x]{.y of="&amp;"} [a]{#id .b} [c]{.D}',
        "[n]{.a} [('r' s)]{.b}",
    ],
)
def test_what_could_be_read_otherwise_keeps_its_form(text: str) -> None:
    """Tables, code, HTML, headings, and where pandoc counts columns anew."""
    assert quick_form(text, MARKDOWN)[0] == text


@pytest.mark.parametrize("sign", ["$", "\\", "<"])
def test_extensions_are_left_out_only_where_they_do_nothing(sign: str) -> None:
    """A text without their sign has the same tree with them."""
    text = 'Words, "quoted" ~~struck~~ and x^2^, http://x.org/?a=b&c.\n\n- [a]{.x} & *b*'
    form = quick_form(text, MARKDOWN)[1]
    assert tree(text, form) == tree(text)
    math = f"{text}\n\n$a < b$ and {sign}x{sign} <i>c</i> \\alpha"
    assert quick_form(math, MARKDOWN) == (math, MARKDOWN)


def test_any_text_has_its_own_tree() -> None:
    """Of random words, spans and stray signs, whatever is read in the quick form is read the same.

    What is not read the same is known not to be.
    """
    chance = random.Random(2026)
    same = other = 0
    for number in range(2400):
        text = sequence(chance, 0, (0, 0, 0.05, 0.15)[number % 4])
        if number % 5 == 0:
            text = f"- {text}\n- {sequence(chance, 0, 0)}\n\n  {sequence(chance, 0, 0)}"
        if quick_form(text, MARKDOWN)[0] == text:
            continue
        made = quick_tree(text)
        assert made in (None, tree(text)), text
        same, other = same + (made is not None), other + (made is None)
    assert same > 100 > other


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_the_chapters_have_their_own_trees(chapter: Path) -> None:
    """Each chapter of the review, live values in it."""
    text = chapter.read_text(encoding="utf-8")
    if chapter.suffix == ".ipynb":
        cells = [c for c in json.loads(text)["cells"] if c["cell_type"] == "markdown"]
        text = "\n\n".join("".join(cell["source"]) for cell in cells)
        text = fill_values(text, [value_span("12", s.expression) for s in find_values(text)])
    quick, form = quick_form(text, MARKDOWN)
    assert ".finding" not in text or "<span" in quick
    assert tree(quick, form) == tree(text)


def test_a_span_that_emphasis_goes_beyond_is_read_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick form is asked for, seen to be another text, and left."""
    asked: list[str] = []

    def ask(text: str, written: str, *, seconds: float) -> bytes:
        asked.append(text)
        return read_markdown_text(text, written, seconds=seconds)

    monkeypatch.setattr(reader, "read_markdown_text", ask)
    text = "[A *word]{.x} and another*."
    [document] = read_markdown([("chapters/a.qmd", text)], store=tmp_path)
    assert asked == ['<span class="x">A *word</span> and another*.', text]
    span = document["blocks"][0]["c"][0]
    assert span == {"t": "Span", "c": [["", ["x"], []], [{"t": "Str", "c": "A *word"}]]}
