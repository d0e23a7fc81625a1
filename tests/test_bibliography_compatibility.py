"""Entries that pandoc, BibTeX and biber read, made of what others' files hold."""

import json
import re
import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewpress.bibliography import Entry, parse_bibliography, plain, valid_entry, write_bibtex
from reviewpress.bibliography.compatibility import valid_name, valid_type, valid_value
from reviewpress.programs.tools import find_pandoc

VALUES = st.lists(
    st.sampled_from(
        ["a", " ", "{", "}", "\\", "\\{", "\\}", "\\\\", "%", "$", "$x$", "&", "#", '"', "@",
         "\n@a{",
         ",", "=", "and", " and ", "é", "\\begin{x}", "\\end{x}", "\\verb|", "\\url",
         "\\href{a}", "\\(", "\\def\\a{b}", "\\emph{", "\\'e", "\\c", "\\input{a}", "--", "http://a.b/c%20d_e"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


def braces(value: str) -> tuple[int, int, int, int]:
    """Return where the count of braces ends and its lowest point, as BibTeX and as pandoc count."""
    counts = []
    for pattern in (r"[{}]", r"\\[{}]|[{}]"):
        depth = lowest = 0
        for found in re.finditer(pattern, value):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            lowest = min(lowest, depth)
        counts += [depth, lowest]
    return counts[0], counts[1], counts[2], counts[3]


def read_with_pandoc(text: str) -> str:
    """Return what pandoc reads, as it is asked for a report; it has a minute, and may not warn."""
    command = [find_pandoc(), "--fail-if-warnings", "--from", "bibtex", "--to", "csljson"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@settings(deadline=None)
@given(VALUES)
@example("a\\")
@example(r"\\{}")
@example(r"\} x \{")
def test_braces_have_partners_however_they_are_counted(value: str) -> None:
    """BibTeX counts those after a backslash, pandoc and bibtexparser do not."""
    for name in ("title", "url", "author", "other"):
        valid = valid_value(value, name)
        assert braces(valid) == (0, 0, 0, 0), valid
        assert not valid.endswith("\\")


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "title": VALUES,
                "journal": VALUES,
                "author": VALUES,
                "funding_text 1": VALUES,
                "url": VALUES,
                "abstract": VALUES,
                "pages": VALUES,
                "date": VALUES,
            }
        ),
        min_size=5,
        max_size=30,
    )
)
def test_pandoc_reads_every_entry_and_shows_its_title(entries: list[Mapping[str, str]]) -> None:
    """Nothing of a file is lost to one odd value in it, and no title is empty for one."""
    made = [
        valid_entry(Entry(f"k{number}", "book_section", fields))
        for number, fields in enumerate(entries)
    ]
    text = write_bibtex(made)
    assert len(parse_bibliography(text.encode(), "a.bib")) == len(made)
    found = json.loads(read_with_pandoc(text))
    assert [item["id"] for item in found] == [entry.key for entry in made]
    for item, entry in zip(found, made, strict=True):
        letters = re.sub(r"\W", "", plain(entry.fields.get("title", "")))
        if letters:
            assert item.get("title", "").strip(), entry.fields["title"]


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("Gardens {NHS} and {\\'E}cosse", "Gardens {NHS} and {\\'E}cosse"),
        ("50% of them, 20\\% of us", "50\\% of them, 20\\% of us"),
        ("costs of $5", "costs of \\$5"),
        ("Costs\\\\$5", "Costs\\\\\\$5"),
        ("Models\\\\$x$ of\\'ea", "Models\\\\$x$ of\\'ea"),
        ("$5 to $6", "\\$5 to \\$6"),
        ("a $x^2$ test", "a $x^2$ test"),
        (r"one \\{} two", r"one \\ {} two"),
        ("a {b", "a {b}"),
        ("a} b", "a b"),
        (r"\{a", "(a"),
        ("ends in \\", "ends in \\textbackslash{}"),
        (r"ends a line \\}", "ends a line"),
        (r"\begin{center} Gardens", "Gardens"),
    ],
)
def test_a_value_is_mended_only_where_a_reader_needs_it(value: str, valid: str) -> None:
    """What all readers take stays as it was written."""
    assert valid_value(value, "title") == valid


def test_names_are_what_biber_can_take() -> None:
    """A name with more commas than a name has is one body; what is no name goes."""
    assert valid_value("A, B, C, D and Li, J and ", "author") == "{A, B, C, D} and Li, J"


@pytest.mark.parametrize(
    ("name", "valid"),
    [("Author-Email", "author-email"), ("funding_text 1", "funding_text-1"), ("1st", "x-1st"),
     ("a'b&c", "a-b-c"), ("Schlüssel", "schl-ssel"), ("日本", "x")],
)  # fmt: skip
def test_names_of_fields_are_ascii_words(name: str, valid: str) -> None:
    """What no reader allows in a name becomes a hyphen."""
    assert valid_name(name) == valid


@pytest.mark.parametrize(
    ("kind", "valid"),
    [("ARTICLE", "article"), ("book_section", "incollection"), ("magazine_article", "article"),
     ("web_page", "webpage"), ("Journal Article", "article"), ("thesis", "thesis"),
     ("hologram", "misc")],
)  # fmt: skip
def test_types_are_those_of_bibtex_and_biblatex(kind: str, valid: str) -> None:
    """What other programs call a type has its equal."""
    assert valid_type(kind) == valid


def test_an_unknown_type_is_kept_beside() -> None:
    """With a journal it is an article, for styles show no volume of a misc."""
    entry = valid_entry(Entry("a", "hologram", {"title": "T", "journal": "J"}))
    assert (entry.type, entry.fields["bibtex-type"]) == ("article", "hologram")


def test_two_names_that_become_one_keep_both_values() -> None:
    """No value is lost to the name of another."""
    entry = valid_entry(Entry("a", "misc", {"x y": "1", "x.y": "2", "x-y": "1"}))
    assert entry.fields == {"x-y": "1", "x-y-2": "2"}


@pytest.mark.parametrize("name", ["author", "note", "title"])
def test_the_end_of_a_line_keeps_no_brace_open(name: str) -> None:
    """Two backslashes before the last brace, whichever field has them."""
    entry = valid_entry(Entry("a", "misc", {"title": "T", name: "Ash \\\\}"}))
    (again,) = parse_bibliography(write_bibtex([entry]).encode(), "a.bib")
    assert again.fields == {"title": "T", name: "Ash"}
