"""The bibliography: read, checked and written, with a line for everything that is wrong."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.bibliography import (
    Bibliography,
    Entry,
    Name,
    check_bibliography,
    load_bibliographies,
    load_bibliography,
    normalise,
    parse_bibliography,
    plain,
    split_names,
    write_bibtex,
)
from reviewpress.bibliography.bibtex import read_entries
from reviewpress.bibliography.latex import encode_latex
from reviewpress.errors import BibliographyError, Problems, ReportError
from reviewpress.identifiers import composed

NAME = "bib/references.bib"
GOOD = """\
% A comment, which BibTeX ignores.
@article{wang2020,
  author  = {Wang, Li and O'Hara, Jo and {Scottish Government}},
  title   = {Joining up {NHS} services: caf{\\'e} talk \\& more},
  journal = {Journal of Integrated Care},
  year    = {2020},
  doi     = {10.1108/JICA-01-2020-0001},
  code    = {41},
}

@report{audit2018,
  author      = {{Audit Scotland}},
  title       = "Health and social care integration",
  institution = {Audit Scotland},
  year        = 2018,
  url         = {https://www.audit-scotland.gov.uk/report_x},
}
"""


def parse(text: str | bytes) -> Bibliography:
    return parse_bibliography(text if isinstance(text, bytes) else text.encode(), NAME)


def problems_of(text: str | bytes) -> list[str]:
    with pytest.raises(Problems) as raised:
        parse(text)
    return [str(problem) for problem in raised.value.problems]


def checked(text: str, years: tuple[int, int] | None = None) -> list[tuple[str, str]]:
    return [(p.rule, p.subject) for p in check_bibliography(parse(text), years=years)]


def entry(**fields: str) -> str:
    key = fields.pop("key", "a2020")
    kind = fields.pop("type", "misc")
    fields = {"title": "A title", **fields}
    return f"@{kind}{{{key},\n" + "".join(f"  {n} = {{{v}}},\n" for n, v in fields.items()) + "}\n"


def test_entries_keep_fields_line_code_and_group() -> None:
    """What stands in the file is there, and the group follows from the code."""
    wang, audit = parse(GOOD)
    assert (wang.key, wang.type, wang.line, wang.code, wang.group) == (
        "wang2020",
        "article",
        2,
        41,
        "included",
    )
    assert wang.fields["title"] == "Joining up {NHS} services: caf{\\'e} talk \\& more"
    assert (audit.code, audit.group, audit.line) == (None, "additional", 11)


def test_values_are_read_as_readers_see_them() -> None:
    """Braces and LaTeX marks are gone from plain text; addresses stay as they are."""
    wang, audit = parse(GOOD)
    assert wang.title == "Joining up NHS services: café talk & more"
    assert wang.doi == "10.1108/jica-01-2020-0001"
    assert wang.year == 2020
    assert audit.url == "https://www.audit-scotland.gov.uk/report_x"


def test_names_are_people_or_bodies() -> None:
    """A body in braces of its own has one name."""
    assert parse(GOOD)["wang2020"].authors == (
        Name("Wang", "Li"),
        Name("O'Hara", "Jo"),
        Name("Scottish Government", is_body=True),
    )


@pytest.mark.parametrize(
    ("authors", "label"),
    [
        ("Scobie, A and Lee, B and Wu, C", "Scobie et al. (2020)"),
        ("Scobie, A and Lee, B", "Scobie and Lee (2020)"),
        ("Ann Scobie", "Scobie (2020)"),
        ("van der Berg, Jan", "van der Berg (2020)"),
        ("Jan van der Berg", "van der Berg (2020)"),
        ("{Le and Sons {UK}}", "Le and Sons UK (2020)"),
        ("Smith, Jr., John", "Smith (2020)"),
    ],
)
def test_the_short_label_names_authors_as_a_sentence_does(authors: str, label: str) -> None:
    """One and two authors are named, more than two are "et al."."""
    assert parse(entry(author=authors, year="2020"))["a2020"].label == label


def test_a_work_without_authors_is_labelled_by_what_it_has() -> None:
    """Editors, then a body, then the title; no year is said to be none."""
    assert parse(entry(editor="Lee, B", year="2020"))["a2020"].label == "Lee (2020)"
    assert parse(entry(organization="WHO"))["a2020"].label == "WHO (no date)"
    assert parse(entry(year="in press"))["a2020"].label == "A title (in press)"


def test_a_good_bibliography_has_no_problems() -> None:
    """The checks have nothing to say of sound entries."""
    assert checked(GOOD, (2012, 2022)) == []


def test_malformed_and_repeated_entries_are_all_told() -> None:
    """Each bad entry has its line and key; BibTeX itself would drop some of them silently."""
    text = (
        "@misc{a, title={x}}\n@misc{a, title={y}}\n@misc{b, title={x}, title={y}}\n"
        "@misc{A, title={y}}\nmisc{c, title={z}}\n@misc{d, title={open, year={2020}\n\n"
        "@misc{e, title={ok}}\n@misc{f g, title={x}}\n@misc{h, title={x} year={2}}\n"
    )
    assert [problem.split(". ")[0] for problem in problems_of(text)] == [
        f'{NAME}, line 2: the key "a" is used on line 1 already',
        f'{NAME}, line 3: the entry "b" has the field title twice',
        f'{NAME}, line 4: the key "A" is used on line 1 already',
        f"{NAME}, line 5: “misc{{c, title={{z}}}}” is outside any entry and would be ignored",
        f'{NAME}, line 6: the entry "d" cannot be read: it does not end before @misc begins',
        f'{NAME}, line 9: "f g" cannot be a citation key',
        f'{NAME}, line 10: the field "title" of "h" has no braces around its value',
    ]


@pytest.mark.parametrize(
    "fields",
    ['title = "x" year = "2"', "title = {x}\n year = {2}", "year = 2020 title = {x}"],
)
def test_a_missing_comma_is_told(fields: str) -> None:
    """A field that would swallow the one after it is a problem, whatever its quotes."""
    assert "A comma may be missing after it" in problems_of(f"@misc{{a, {fields}}}\n")[0]


def test_a_field_repeated_in_another_case_is_told() -> None:
    """BibTeX does not tell Title from title."""
    assert "the field title twice" in problems_of("@misc{a, Title={x}, title={y}}")[0]


def test_comments_and_strings_are_no_entries() -> None:
    """Comments are ignored, @string is put in its place."""
    text = (
        '% x = {y}\n@comment{a}\n@string{jic = "Journal"}\n@misc{a, title=JIC # { of } # "Care"}\n'
    )
    assert [(found.key, found.title) for found in parse(text)] == [("a", "Journal of Care")]


def test_not_utf8_is_told_with_its_line() -> None:
    """The line of the first bad byte is named."""
    with pytest.raises(BibliographyError, match="line 2: the file is not UTF-8"):
        parse(b"@misc{a,\n title={caf\xe9}}\n")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    """A bibliography that is not there is an error with its place."""
    with pytest.raises(BibliographyError, match=r"bib/x\.bib: the file does not exist"):
        load_bibliography(tmp_path / "bib" / "x.bib", tmp_path)


def test_several_files_are_one_bibliography(tmp_path: Path) -> None:
    """Entries keep their file, and a key in two files is a problem."""
    for name, key in (("one.bib", "a"), ("two.bib", "b"), ("three.bib", "A")):
        (tmp_path / name).write_text(entry(key=key))
    both = load_bibliographies([tmp_path / "one.bib", tmp_path / "two.bib"], tmp_path)
    assert [(found.key, str(both.where(found))) for found in both] == [
        ("a", "one.bib, line 1"),
        ("b", "two.bib, line 1"),
    ]
    with pytest.raises(Problems, match=r'three\.bib, line 1: the key "A" is in one\.bib'):
        load_bibliographies([tmp_path / "one.bib", tmp_path / "three.bib"], tmp_path)


def test_an_unknown_key_is_told_with_the_nearest() -> None:
    """Asking for an entry that is not there names the nearest key."""
    with pytest.raises(BibliographyError, match='Did you mean "wang2020"'):
        parse(GOOD)["wang202"]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"type": "article", "author": "A, B", "year": "2020"}, "bibliography-field"),
        ({"type": "articel"}, "bibliography-type"),
        ({"doi": "https://doi.org/10.1000/x"}, "bibliography-doi"),
        ({"doi": "doi:10.1000/x"}, "bibliography-doi"),
        ({"doi": "10.1/x"}, "bibliography-doi"),
        ({"doi": "10.1000/a b"}, "bibliography-doi"),
        ({"url": "www.example.org"}, "bibliography-url"),
        ({"url": "https://exa mple.org"}, "bibliography-url"),
        ({"url": "http://[::1"}, "bibliography-url"),
        ({"code": "1", "year": "2011"}, "bibliography-year"),
        ({"code": "1"}, "bibliography-year"),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(fields: dict[str, str], rule: str) -> None:
    """Missing fields, unknown types, malformed DOIs and addresses, years outside the review's."""
    assert checked(entry(**fields), (2012, 2022)) == [(rule, "a2020")]


def test_years_of_additional_references_are_free() -> None:
    """The review's range holds for included papers only."""
    assert checked(entry(year="1999"), (2012, 2022)) == []


def test_duplicates_are_found_by_doi_and_by_title_and_year() -> None:
    """Case, accents, braces and punctuation of a title do not hide a duplicate."""
    text = (
        entry(key="a", title="Caf{\\'e}s: A Review", year="2020")
        + entry(key="b", title="cafes – a review", year="2020")
        + entry(key="c", title="Other", doi="10.1000/ABC")
        + entry(key="d", title="Another", doi="10.1000/abc")
        + entry(key="e", title="Cafes: a review", year="2021")
    )
    assert checked(text) == [("bibliography-duplicate", "b"), ("bibliography-duplicate", "d")]


def test_a_code_given_twice_is_told() -> None:
    """Each included paper has a code of its own."""
    text = entry(key="a", code="7") + entry(key="b", title="Other", code="7")
    assert checked(text) == [("bibliography-code", "b")]


def test_what_is_written_is_read_again() -> None:
    """BibTeX out and in changes no field."""
    before = parse(GOOD)
    assert parse(write_bibtex(before)).entries == before.entries


def test_written_bibtex_has_one_order_of_fields() -> None:
    """The text of an entry does not depend on where its fields stood."""
    found = write_bibtex([Entry("a", "misc", {"year": "2020", "zz": "1", "title": "T"})])
    assert found == "@misc{a,\n  title = {T},\n  year  = {2020},\n  zz    = {1},\n}\n"


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), min_size=1, max_size=20)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.fixed_dictionaries({"title": words, "year": words}),
        max_size=6,
    )
)
def test_any_entries_are_written_and_read(fields: dict[str, dict[str, str]]) -> None:
    """Titles in any script survive a round through BibTeX."""
    entries = [Entry(key, "misc", values) for key, values in fields.items()]
    found = parse(write_bibtex(entries))
    assert [(e.key, e.text("title")) for e in found] == [
        (e.key, composed(" ".join(e.fields["title"].split()))) for e in entries
    ]


@settings(deadline=None)
@given(
    st.binary(max_size=300) | st.text('@misc{a,title="}\\#%\n() b', max_size=200).map(str.encode)
)
def test_arbitrary_bytes_load_or_are_told(content: bytes) -> None:
    """Nothing but errors of our tree comes out of any file, and the checks never fail."""
    with suppress(ReportError):
        check_bibliography(parse(content), years=(2012, 2022))


@settings(deadline=None)
@given(st.text("ab \\~^&%$#_{}-`'\"é(<>@=,;|*[]!?", max_size=25))
def test_any_text_survives_as_a_bibtex_value(text: str) -> None:
    """What is encoded reads as it stood, whatever LaTeX makes of its characters."""
    assert plain(encode_latex(text)) == " ".join(text.split())


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_names_and_a_plain_form(text: str) -> None:
    """Names and plain text are read from anything."""
    plain(text)
    normalise(text)
    assert all(isinstance(name, Name) for name in split_names(text))


@pytest.mark.usefixtures("uncollected")
def test_reading_and_checking_is_linear() -> None:
    """Four times the entries take about four times as long, also where all are duplicates."""

    def seconds(count: int) -> float:
        text = "".join(entry(key=f"k{n}", year="2020", doi="10.1000/x") for n in range(count))
        start = time.process_time()
        assert len(check_bibliography(parse(text))) == count - 1
        return time.process_time() - start

    seconds(50)
    assert seconds(4000) < 10 * max(seconds(1000), 0.01)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("nosuch", "is the name nosuch, which no @string defines. Put braces around it"),
        ('"A " # pres # " B"', "is the name pres, which no @string defines. Did you mean press?"),
        ("forthcoming", "is the name forthcoming, which no @string defines."),
    ],
)
def test_values_that_say_nothing_are_an_error(value: str, message: str) -> None:
    """An abbreviation that nothing defines would be published as it is called, or not at all."""
    text = f'@string{{press = "P"}}\n@book{{k,\n  title = {{T}},\n  publisher = {value}\n}}\n'
    _, problems = read_entries(text, "a.bib")
    assert str(problems[0]).startswith(f'a.bib, line 4: the field "publisher" of "k" {message}')


@pytest.mark.parametrize("value", ["2020", "jan", "press", '"A " # press', "{nosuch}", "12 # jan"])
def test_numbers_months_and_abbreviations_need_no_braces(value: str) -> None:
    """What BibTeX or the file defines is no mistake."""
    text = f'@string{{press = "P"}}\n@book{{k, title = {{T}}, note = {value}}}\n'
    assert read_entries(text, "a.bib")[1] == []


@pytest.mark.parametrize("sign", ["\x07", "\x00", "\x1b", "\x85", "\x0b"])
def test_control_characters_are_found(sign: str) -> None:
    """What no page, PDF or Word file can hold is told with field, entry and line."""
    text = f"@misc{{a2020,\n title = {{One\ntwo{sign} three}},\n year = {{2020}}\n}}\n"
    _, [problem] = read_entries(text, "a.bib")
    message = (
        f'a.bib, line 3: the field "title" of "a2020" has a control character (U+{ord(sign):04X})'
    )
    assert str(problem).startswith(message)


@pytest.mark.parametrize(("fields", "lacks"), [
    ("crossref = {whole}", []), ("crossref = {whole}, year = {2012}", []),
    ("crossref = {nowhere}", ["booktitle", "year"]),
    ("crossref = {a}", ["booktitle", "year"]), ("", ["booktitle", "year"]),
])  # fmt: skip
def test_what_an_entry_inherits_it_does_not_lack(fields: str, lacks: list[str]) -> None:
    """A book has its title as `booktitle` too, for its chapters; circles end."""
    found = parse(
        f"@incollection{{a, author = {{B, C}}, title = {{T}}, pages = {{1--2}}, {fields}}}\n"
        "@book{whole, editor = {E, F}, title = {W}, booktitle = {W}, publisher = {P}, "
        "year = {2011}}\n"
    )
    said = [str(each) for each in check_bibliography(found) if '"a" (incollection)' in str(each)]
    assert ["booktitle" in text or "year" in text for text in said] == [True] * len(lacks)


@pytest.mark.parametrize(("author", "is_wrong"), [
    ("Smith, John, Jones, Kim, Brown, Lee", True), ("A, B and C, D, E, F", True),
    ("Ford, Jr, Henry and Elm, Bo", False), ("{Ash, Beech, Elm, Fir and Oak}", False),
    ("{Ash, {Beech}, Elm, Fir} Oak, Bo", False),
])  # fmt: skip
def test_names_without_and_between_are_an_error(author: str, is_wrong: bool) -> None:
    """Commas alone do not part names: those after the third would not be published."""
    found = check_bibliography(parse(f"@misc{{a, author = {{{author}}}, title = {{T}}}}"))
    said = [str(each) for each in found if "names" in str(each)]
    assert len(said) == is_wrong
    assert all('the author of "a" has several names without "and" between' in text for text in said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"type": "incollection", "booktitle": "Gardens", "volume": "4"}, "the volume"),
        ({"type": "book", "volume": "2"}, "the volume"),
        ({"type": "book", "title": "Gardens, volume 2", "volume": "2"}, ""),
        ({"type": "inproceedings", "booktitle": "P", "series": "LNCS", "volume": "99"}, ""),
        ({"type": "article", "journal": "J", "volume": "4"}, ""),
        ({"type": "article", "journal": "J", "issuetitle": "On peas"}, "the issuetitle"),
        ({"type": "book", "volume": "(2["}, "the volume"),
    ],
)
def test_what_a_reference_does_not_show_is_told(fields: dict[str, str], said: str) -> None:
    """The number of a volume, the title of an issue; a style of the review's own may show both."""
    found = parse(entry(**fields))
    told = [each for each in check_bibliography(found) if each.rule == "bibliography-unshown"]
    assert len(told) == bool(said)
    assert all(f'{said} of "a2020", ' in str(each) for each in told)
    rules = [each.rule for each in check_bibliography(found, has_style=True)]
    assert "bibliography-unshown" not in rules
