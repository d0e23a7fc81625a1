"""Damaged and invisible characters: taken out where text enters, and said once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.imports.cleaning import bad_characters, clean_text, describe_characters
from reviewpress.imports.readers import parse_records

BAD = "\x00\x07\x1a\x7f\x81\x9d\xad\u200b\u200e\u202e\u2028\u2066\ufeff\ufffd\ufffe\uffff\ufdd0"


@given(st.text())
def test_what_is_cleaned_is_clean(text: str) -> None:
    """Nothing is left to take out, and a second time changes nothing."""
    cleaned = clean_text(text)
    assert not bad_characters(cleaned)
    assert clean_text(cleaned) == cleaned


@given(st.text("aé’–ж東\u0600 \u200c\n\t\U0001f33b"))
def test_letters_signs_and_joiners_stay(text: str) -> None:
    """Accents, other scripts, pictures and the joiners of Persian words are no damage."""
    assert clean_text(text) == text


def test_controls_of_windows_are_its_letters() -> None:
    """A text of Windows-1252 that was read as Latin-1 has its quotes and dashes back."""
    assert (
        clean_text("Children\x92s services \x96 a review\x85") == "Children’s services – a review…"
    )


def test_the_most_frequent_characters_are_named_first() -> None:
    """A message does not list hundreds of characters."""
    found = bad_characters("a\ufffdb\ufffdc\x00" + BAD)
    assert describe_characters(found).startswith("U+FFFD (replacement character), U+0000 (NUL), ")
    assert describe_characters(found).endswith(" more")


RIS = "TY  - JOUR\nTI  - Pre{}scribing of {}gardens\nAU  - Pi{}ne, P\nAB  - A{}bout it\nER  - \n"
XML = (
    "<xml><records><record><ref-type name='Journal Article'/><titles><title>Prescribing of "
    "gardens{}</title></titles></record></records></xml>"
)
EXPORTS = {
    "RIS": lambda bad: RIS.format(*[bad] * 4),
    "NBIB": lambda bad: f"PMID- 1\nTI  - Prescribing of gardens{bad}\nFAU - Pine{bad}, P\n",
    "BibTeX": lambda bad: f"@article{{a{bad}, title = {{Prescribing of{bad} gardens}}}}",
    "CSV": lambda bad: f"Title,Authors,Notes\nPrescribing of{bad} gardens,Pi{bad}ne,{bad}\n",
    "CSL": lambda bad: json.dumps([{"title": f"Prescribing {bad}of gardens", "note": bad}]),
    "XML": lambda bad: XML.format(f"&#x{ord(bad):X};"),
}


@pytest.mark.parametrize("kind", EXPORTS)
@pytest.mark.parametrize("bad", BAD)
def test_no_field_of_any_format_keeps_a_bad_character(kind: str, bad: str) -> None:
    """What a reader gives can be written to the log, which refuses such characters."""
    text = EXPORTS[kind](bad)
    content = text.encode("utf-8", "surrogatepass")
    reading = parse_records(content, f"a{bad}.txt")
    assert len(reading.records) == 1
    (record,) = reading.records
    texts = [record.title, record.file, record.entry.key, *record.entry.fields.values()]
    assert not bad_characters("".join(texts))
    assert "".join(record.title.split()) == "Prescribingofgardens"
    if kind != "XML" and not bad.isspace():  # of XML, most cannot be written at all
        assert [remark for remark in reading.remarks if f"U+{ord(bad):04X}" in remark]


def test_halves_of_surrogates_are_taken_out() -> None:
    """JSON can say half a character, which no file of UTF-8 can hold."""
    (record,) = parse_records(
        b'[{"title": "A \\ud83d\\udc1d and half a \\ud83d bee"}]', "a"
    ).records
    assert record.title == "A \U0001f41d and half a bee"


def test_a_spreadsheets_error_is_no_title() -> None:
    """A record whose title is a formula that failed is rejected, and the log can name it."""
    reading = parse_records(b"Title,Authors\n#N/A,Pine\n#REF!,Oak\nGardens,Ash\n", "a.csv")
    assert [one.reason for one in reading.rejected] == [
        "has no title (“#N/A”)",
        "has no title (“#REF!”)",
    ]
    assert len(reading.records) == 1


def test_a_remark_says_how_many_which_and_where() -> None:
    """Somebody who reads it finds the place in the export."""
    reading = parse_records(RIS.format("\ufffd", "", "\x00", "").encode(), "a.ris")
    assert reading.remarks == (
        "2 damaged or invisible characters were taken out or replaced: U+0000 (NUL), "
        "U+FFFD (replacement character), in lines 2, 3",
    )


def test_clean_files_have_no_remarks() -> None:
    """A file as it should be is read without a word."""
    assert parse_records(RIS.format(*[""] * 4).encode(), "a.ris").remarks == ()
