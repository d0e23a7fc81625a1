"""Marks in a text: pandoc reads it as before, and they say where its nodes stand."""

from pathlib import Path

import pytest

from reviewpress.assemble import ast
from reviewpress.assemble.constructs import SUPPORTED
from reviewpress.assemble.marks import Spots, every_node, find_spots, marks_of
from reviewpress.assemble.reader import read_blocks
from reviewpress.assemble.refusals import REFUSALS
from reviewpress.programs.limits import USUAL

EXAMPLES = {each.name: each.example for each in (*SUPPORTED, *REFUSALS)}
IN_CODE = (
    "In `::: {.a}`, `::: a`, `# B`, `[x](y.md){#z}`, `@key`, ``<b>``:\n\n"
    "    ## Indented\n\n    ::: note\n\n```\n# Fenced [@key] {.a}\n```\n"
)


def spots_in(text: str, folder: Path, *, numbers: bool = True) -> tuple[Spots, list[str], int]:
    """Return the spots, the kinds of the nodes, and how often the text was read with marks."""
    texts: list[str] = []

    def read(marked: str) -> list[ast.Node]:
        texts.append(marked)
        return read_blocks("a.qmd", marked, folder, USUAL)

    plain = read_blocks("a.qmd", text, folder, USUAL)
    found = find_spots(text, marks_of(text, numbers=numbers), plain, read)
    return found, [node["t"] for node in every_node(plain)], len(texts)


@pytest.mark.parametrize(
    "text",
    [*EXAMPLES.values(), IN_CODE, "<button>text</button>", "In 7. Or in 19. Or 1998. So?"],
    ids=[*EXAMPLES, "In code", "A tag that is a block", "Sentences that end in numbers"],
)  # fmt: skip
def test_marks_do_not_change_how_a_text_is_read(text: str, tmp_path: Path) -> None:
    """One reading is enough for every construct, supported or not, and for examples of them."""
    _, _, readings = spots_in(f"# One\n\n{text}\n\nIn 12 of 3 texts.\n", tmp_path)
    assert readings == 1


def test_a_mark_that_changes_the_text_costs_no_other_its_spot(tmp_path: Path) -> None:
    """Columns of a table are counted, and an attribute makes one wider: others have theirs."""
    text = (
        "See @a.\n\n+---------+----+\n| [x]{.y} | b  |\n+---------+----+\n| @b      | c  |\n"
        "+---------+----+\n\nSee [c](d.md).\n"
    )
    found, kinds, readings = spots_in(text, tmp_path, numbers=False)
    assert readings > 1
    told = {kinds[index]: text[at:] for (index, _), at in found.items()}
    assert told["Link"].startswith("d.md")
    assert sorted(
        text[at : at + 1] for (index, _), at in found.items() if kinds[index] == "Cite"
    ) == ["a", "b"]


def test_a_text_in_the_letters_of_marks_has_none() -> None:
    """What could not be told from a mark is left as it is."""
    assert marks_of("\U00012000\U00012001 says [@a].\n") == []
