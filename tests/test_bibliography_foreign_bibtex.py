"""BibTeX of other programs: keys, fields given twice, abbreviations, and what is no entry."""

import pytest

from reviewpress.bibliography import Entry, Unread, parse_bibliography, read_loosely
from reviewpress.errors import BibliographyError, Problems


def entries(text: str) -> list[Entry]:
    found = read_loosely(text, "a.bib")
    assert not [one for one in found if isinstance(one, Unread)]
    return [one for one in found if isinstance(one, Entry)]


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("@article{,", ""),
        ("@article{ ,", ""),
        ("@article{", ""),
        ("@article{li2020,", "li2020"),
        ("@article{Li et al 2020,", "Li et al 2020"),
        ("@article{Li, 2020,", "Li, 2020"),
        ('@article{"Li",', '"Li"'),
        ("@article{Li{2020},", "Li{2020}"),
        ("@article{a=b#c%d~e\\f,", "a=b#c%d~e\\f"),
        ("@article(li2020,", "li2020"),
        ("@article{li2020", "li2020"),
        ("@Journal Article{li2020,", "li2020"),
        ("@book_section{李2020,", "李2020"),
    ],
)
def test_no_entry_is_lost_for_its_key(head: str, key: str) -> None:
    """The record before it and the one after it are read as well."""
    end = ")" if "(" in head else "}"
    text = f"@misc{{first, title={{A}}}}\n{head}\n  title = {{T}},\n  year = 2020\n{end}\n"
    found = entries(text + "@misc{last,\n title={Z}}\n")
    assert [entry.fields["title"] for entry in found] == ["A", "T", "Z"]
    assert (found[1].key, found[1].fields["year"], found[1].line) == (key, "2020", 2)


@pytest.mark.parametrize("entry", ["@article{title={T}, year=2020}", "@article{ title = {T}}"])
def test_an_entry_on_one_line_without_key_is_read(entry: str) -> None:
    """The first field is not taken for the key."""
    assert [one.fields["title"] for one in entries(entry)] == ["T"]


def test_one_key_may_belong_to_several_entries() -> None:
    """None of them is lost; which is which, import decides."""
    text = "@misc{a, title={A}}\n@misc{A, title={B}}\n@misc{a, title={C}}"
    assert [entry.fields["title"] for entry in entries(text)] == ["A", "B", "C"]


def test_a_field_given_twice_keeps_both_values() -> None:
    """The first is the field; a repetition of it is not kept."""
    (entry,) = entries("@misc{a, title={T}, note={x}, Note={y}, note={x}, note={z}}")
    assert entry.fields == {"title": "T", "note": "x", "note-2": "y", "note-3": "z"}


def test_abbreviations_may_name_others() -> None:
    """As parts of a value, in any case of letters, also before they are defined."""
    text = (
        '@string{last = doe}\n@STRING(doe = "Doe")\n@string{pp = range}\n'
        '@string{range = "1" # {--} # "10"}\n@string{loop = loop}\n'
        '@article{x, author = "John " # LAST # " and " # {Li, J}, pages = pp, title = {A # b},\n'
        " month = 10 # { } # jan, journal = loop}"
    )
    fields = {
        "author": "John Doe and Li, J",
        "pages": "1--10",
        "title": "A # b",
        "month": "10  jan".replace("  ", " "),
        "journal": "loop",
    }
    assert entries(text)[0].fields == fields
    own = parse_bibliography(text.replace("journal = loop", "").encode(), "a.bib")["x"].fields
    assert {**own, "journal": "loop"} == fields
    with pytest.raises(Problems, match="the name loop, whose @string leads back to itself"):
        parse_bibliography(text.encode(), "a.bib")


def doubling(times: int) -> str:
    lines = "".join(f"@string{{s{n + 1} = s{n} # s{n}}}\n" for n in range(times))
    return f'@string{{s0 = "Journal "}}\n{lines}@misc{{a, title = {{T}}, note = s{times}}}\n'


def test_abbreviations_that_multiply_are_an_error() -> None:
    """A few lines do not become gigabytes, of a bibliography or of an import."""
    assert len(entries(doubling(8))[0].fields["note"]) == 2047
    title = entries('@string{of = "Journal of "}\n@misc{a, title = of # {X}}')[0].fields["title"]
    assert title == "Journal of X"
    for read in (lambda text: parse_bibliography(text.encode(), "a.bib"), entries):
        with pytest.raises(BibliographyError, match=r"line 12: .* more than 10,000 letters"):
            read(doubling(60))
    many = " # ".join(["s8"] * 500)
    with pytest.raises(BibliographyError, match=r"line 10: .* more than 1,000,000 letters"):
        entries(doubling(8).replace("note = s8", f"note = {many}"))
    chain = "".join(f"@string{{s{n} = s{n + 1}}}\n" for n in range(3000))
    assert entries(chain + '@string{s3000 = "E"}\n@misc{a, title = s0}')[0].fields["title"] == "E"


def test_what_cannot_be_read_has_its_title() -> None:
    """An author finds the entry again by its line and title."""
    found = read_loosely(
        "Some words.\n% title = {x}\n@misc{a,\n title={One},\n year={2020\n"
        "@misc{b, title={Two}}\nmisc{c,\n title = {Three}, year = 2021}\n", "a.bib"
    )  # fmt: skip
    assert [(one.line, one.title) for one in found if isinstance(one, Unread)] == [
        (3, "One"),
        (7, "Three"),
    ]
    assert [one.key for one in found if isinstance(one, Entry)] == ["b"]


def test_comments_and_preambles_are_no_entries() -> None:
    """What reference managers note of themselves is passed over."""
    assert entries("% Encoding: UTF-8\n@comment{jabref-meta: a:b;}\n@preamble{{x}}\n") == []


@pytest.mark.parametrize("kind", ["thesis.phd", "web:page", "co-op/paper", "commentary"])
def test_an_entry_of_any_type_is_read(kind: str) -> None:
    """A type with signs that BibTeX does not allow, or that begins as a comment, loses none."""
    found = entries(f"@{kind}{{a, title={{One}}}}\n@misc{{b, title={{Two}}}}")
    assert [one.title for one in found] == ["One", "Two"]


@pytest.mark.parametrize("value", ["{A study}", '"A study"', '"A " # "study"'])
@pytest.mark.parametrize("year", ["{2008}", '"2008"', "2008"])
def test_a_missing_comma_makes_no_field_part_of_another(value: str, year: str) -> None:
    """Where lines of fields lack their commas, each field has its own value."""
    text = f"@book{{a,\n  title = {value}\n  year = {year}\n\n  publisher = {{B}}\n}}"
    assert entries(text)[0].fields == {"title": "A study", "year": "2008", "publisher": "B"}


def test_what_looks_like_a_field_inside_a_value_is_text() -> None:
    """A sign of equality on a line of a title parts nothing."""
    text = "@book{a,\n  title = {On {f}\n  x = {3} and more},\n  year = 2008\n}"
    assert entries(text)[0].fields["title"] == "On {f}\n  x = {3} and more"


def test_an_unread_entry_names_all_its_titles() -> None:
    """Where the head of an entry is gone, its title is in the reason that the one before has."""
    text = "@book{a,\n  title = {Ponds},\n  note = {x\n  title = {Lakes}\n@book{b, title = {Seas}}"
    unread = next(one for one in read_loosely(text, "a.bib") if isinstance(one, Unread))
    assert unread.title == "Ponds"
    assert "“Lakes”" in unread.reason


def test_a_type_may_be_a_list() -> None:
    """Semantic Scholar writes all types of a work there; what says most is taken."""
    heads = ("@['JournalArticle', 'Review']{Ash2019", "@['Review', 'Conference']{Oak2020")
    found = entries("\n".join(f"{head}, title={{A}}}}" for head in heads))
    kinds = [(one.type, one.key) for one in found]
    assert kinds == [("article", "Ash2019"), ("inproceedings", "Oak2020")]
