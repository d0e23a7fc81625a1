"""What a chapter's front matter says is obeyed, and shown under its title, in every format."""

import shutil

import pytest
from chapters_made import Texts, make_chapters

FRONT = """\
---
title: Titled
subtitle: An *early* look
author:
  - name: Ann One
  - name: {given: Bo, family: Two}
date: 2024-05-06
description: About this.
abstract: |
  First *words*.

  Second words.
keywords: [alpha, beta]
shown: true
deep: {value: fortytwo}
---

::: {.content-visible when-meta="shown"}
Visible words, {{< meta deep.value >}}.
:::

::: {.content-hidden when-meta="shown"}
Hidden words.
:::
"""
AUTHORS = """\
---
title: By authors
authors:
  - name: Cy Three
    affiliations: [{ref: uni}]
    orcid: 0000-0002-1825-0097
  - name: {given: Di, family: Four}
    email: di@example.org
    corresponding: true
affiliations:
  - {id: uni, name: University of Examples}
---

Words.
"""
SECTIONS = "---\ntitle: Above all\n---\n\n# First part {#sec-first}\n\n## Within\n\n# Second part\n"
FORMATS = """\
# Formats

::: {.content-visible when-format="pdf"}
For print alone.
:::

[For pages alone.]{.content-visible when-format="html:js"}

```{.python .content-hidden when-format="html"}
not_on_pages = 1
```

It began in the year
1989. A second wave came.
"""
CALLOUTS = """\
# Callouts {#sec-callouts}

::: {.callout-note}
## Titled *so*, as @sec-callouts and [a link](https://example.org/t) say

Body.
:::

::: {.callout-tip title="Said with **weight**"}
Body.
:::

See @wrn-one, [Sections @sec-callouts and -@sec-callouts] and @Sec-callouts.

::: {#wrn-one .callout-warning}
## Mind

Body.
:::
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """All of them, rendered."""
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    chapters = {"front": FRONT, "sections": SECTIONS, "formats": FORMATS, "callouts": CALLOUTS}
    chapters["authors"] = AUTHORS
    return make_chapters(tmp_path_factory.mktemp("titles"), chapters, program)


def test_what_front_matter_says_is_shown_and_obeyed(made: Texts) -> None:
    """Subtitle, authors, date, description, abstract and keywords; conditions and shortcodes."""
    for text in made.everywhere("front"):
        for words in (
            "An early look",
            "Ann One, Bo Two · 2024-05-06",
            "About this.",
            "Abstract",
            "Second words.",
            "Keywords: alpha, beta",
            "Visible words, fortytwo.",
        ):
            assert words in text
        assert "Hidden words" not in text


def test_authors_of_a_chapter_are_shown_with_what_is_said_of_them(made: Texts) -> None:
    """Quarto reads `author` and `authors` alike; where they work, ORCID, whom to write to."""
    assert not [each for each in made.book.problems if "authors" in each.message]
    for text in made.everywhere("authors"):
        assert "Cy Three, Di Four" in text
        assert "Cy Three, University of Examples, ORCID 0000-0002-1825-0097" in text
        assert "Correspondence: Di Four, di@example.org" in text


def test_headings_below_a_title_in_front_matter_are_sections(made: Texts) -> None:
    """Those of level 1 are not further titles."""
    numbers = [made.book.targets[name].number for name in ("sec-first", "within", "second-part")]
    assert numbers == ["2.1", "2.1.1", "2.2"]


def test_content_for_a_format_is_in_that_format_alone(made: Texts) -> None:
    """`pdf` is the PDF, `html:js` pages; code blocks have conditions too."""
    page, pdf, word = made.everywhere("formats")
    assert [("For print alone." in text) for text in (page, pdf, word)] == [False, True, False]
    assert [("For pages alone." in text) for text in (page, pdf, word)] == [True, False, False]
    assert [("not_on_pages" in text) for text in (page, pdf, word)] == [False, True, True]


def test_a_year_that_begins_a_line_is_text(made: Texts) -> None:
    """A wrapped line is no list."""
    for text in made.everywhere("formats"):
        assert "in the year 1989. A second wave" in text


def test_titles_of_callouts_keep_what_they_hold(made: Texts) -> None:
    """Emphasis, links and cross-references, also where the title is an attribute."""
    for text in made.everywhere("callouts"):
        assert "Note: Titled so, as Chapter 4 and a link say" in text
        assert "Tip: Said with weight" in text
    page = made.page("callouts")
    assert "<em>so</em>" in page
    assert 'href="https://example.org/t"' in page


def test_callouts_and_groups_of_sections_are_referred_to(made: Texts) -> None:
    """By number, also behind words in one citation, and at the beginning of a sentence."""
    for text in made.everywhere("callouts"):
        assert "See Warning 4.1, Sections 4 and 4 and Chapter 4." in text
        assert "Warning 4.1: Mind" in text
