"""Key messages, gathered by chapter or by section."""

import json
from pathlib import Path
from typing import Any

import pypandoc
import pytest

from reviewpress.assemble.messages import gather_messages, messages_by_place
from reviewpress.assemble.places import Places
from reviewpress.assemble.source import ChapterText
from reviewpress.config import Chapter

CHAPTER = """
# Discussion {#sec-discussion}

## Systems {#sec-systems}

::: {.key-message}
About systems.
:::

### Scale {#sec-scale}

::: {.key-message}
About scale.
:::

## Rights {#sec-rights}

::: {.key-message}
About rights.
:::

## Empty {#sec-empty}
"""


def blocks(markdown: str) -> list[Any]:
    found: list[Any] = json.loads(pypandoc.convert_text(markdown, "json", "markdown"))["blocks"]
    return found


def gather(place: str) -> tuple[str, list[str]]:
    text = f'::: {{.key-messages from="{place}"}}\n:::\n'
    messages = messages_by_place("discussion", blocks(CHAPTER))
    source = ChapterText(Chapter("chapters/summary.qmd"), text, (text,))
    tree, problems = gather_messages(blocks(text), Places(source), messages)
    return json.dumps(tree), [problem.message for problem in problems]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("discussion", ["systems", "scale", "rights"]),
        ("discussion#sec-systems", ["systems", "scale"]),
        ("discussion#sec-scale", ["scale"]),
        ("discussion#sec-rights", ["rights"]),
    ],
)
def test_messages_of_a_place_are_gathered(place: str, expected: list[str]) -> None:
    """A chapter's name gathers all messages, a section's those under its heading."""
    text, problems = gather(place)
    assert [word for word in ("systems", "scale", "rights") if f'"{word}.' in text] == expected
    assert not problems


@pytest.mark.parametrize("place", ["discussion#sec-empty", "discussion#sec-nowhere", "process"])
def test_a_place_without_messages_is_a_problem(place: str) -> None:
    """An empty or unknown place is named; nothing is left out in silence."""
    assert gather(place)[1] == [f'no key messages in "{place}" to gather.']


def test_one_message_is_gathered_by_its_id() -> None:
    """So that a summary need not take all that a section says."""
    chapter = (
        "# A {#sec-a}\n\n::: {.key-message #one}\nFirst.\n:::\n\n::: {.key-message}\nSecond.\n:::"
    )
    found = messages_by_place("a", blocks(chapter))
    assert found["a#one"] == found["a"][:1]
    assert len(found["a#sec-a"]) == 2


def test_the_gathered_chapter_keeps_its_own_ids() -> None:
    """A gathered copy has no id, so that the report and the summary can both be linked to."""
    messages = messages_by_place("a", blocks("# A {#sec-a}\n\n::: {.key-message #one}\nText.\n:::"))
    text = '::: {.key-messages from="a#sec-a"}\n:::\n'
    source = ChapterText(Chapter(str(Path("chapters") / "summary.qmd")), text, (text,))
    tree, _ = gather_messages(blocks(text), source, messages)
    assert '"one"' not in json.dumps(tree)


HEADLINES = """
# Outcomes {#sec-outcomes}

::: {.key-message}
**Little is known.** Few papers follow people.

In any place.
:::

::: {.key-message #last}
**Nothing more is known.** Its last line ends the block.
:::

::: {.key-message #plain}
Without strong type.
:::
"""


@pytest.mark.parametrize(("see", "reads_on"), [("", 0), (' see="sec-outcomes"', 1)])
def test_headlines_are_what_key_messages_begin_with(see: str, reads_on: int) -> None:
    """The statement alone, with where to read on where the author says so."""
    text = f'::: {{.headlines from="outcomes"{see}}}\n:::\n'
    messages = {"outcomes": messages_by_place("outcomes", blocks(HEADLINES))["outcomes"][:2]}
    source = ChapterText(Chapter("index.qmd"), text, (text,))
    tree, problems = gather_messages(blocks(text), Places(source), messages)
    paragraphs = tree[0]["c"][1]
    statements = [blocks(words)[0]["c"] for words in ("Little is known.", "Nothing more is known.")]
    assert [each["c"][0] for each in paragraphs] == [{"t": "Strong", "c": s} for s in statements]
    assert json.dumps(paragraphs).count('"sec-outcomes"') == 2 * reads_on
    assert "Few papers" not in json.dumps(tree)
    assert not problems


def test_a_message_without_a_headline_is_a_problem() -> None:
    """Nothing is left out of a list without a word."""
    text = '::: {.headlines from="outcomes"}\n:::\n'
    source = ChapterText(Chapter("index.qmd"), text, (text,))
    messages = messages_by_place("outcomes", blocks(HEADLINES))
    _, problems = gather_messages(blocks(text), Places(source), messages)
    assert [problem.message for problem in problems] == [
        'a key message in "outcomes" has no headline to gather.'
    ]


def test_a_block_of_the_authors_may_be_called_headlines() -> None:
    """It gathers nothing where it names nothing."""
    text = "::: {.headlines}\nOurs.\n:::\n"
    source = ChapterText(Chapter("index.qmd"), text, (text,))
    tree, problems = gather_messages(blocks(text), Places(source), {})
    assert tree == blocks(text)
    assert not problems
