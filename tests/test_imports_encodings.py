"""Encodings of exports: detected, or asked for; never read in a wrong one in silence."""

import pytest

from reviewpress.errors import BibliographyError
from reviewpress.imports.encodings import decode_export
from reviewpress.imports.readers import parse_records

WESTERN = "Rösel, Jörg; Université Laval, étude sur la santé à l’école; Muñoz, Ángel — “São Paulo”"
CENTRAL = "Mašek, Tomáš and Dvořák, Jiří: Účinek cvičení na zdraví starších osob a děti"
CHINESE = "李强, 王芳: 儿童健康服务整合研究进展与社区护理"
RECORD = (
    "TY  - JOUR\nTI  - {}\nJO  - Journal of gardens\nAB  - We looked at many gardens, and at "
    "those who sit in them; it was found that they are good.\nER  - \n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "cp1252"),
        (WESTERN, "mac_roman"),
        (CENTRAL, "iso8859_2"),
        (CENTRAL, "cp1250"),
        ("Wałęsa, Łukasz: Zdrowie dzieci w Polsce są ważne", "iso8859_2"),
        ("Kovács, Űrmös Ágnes: A gyermekek egészsége és a jövő", "iso8859_2"),
        (CHINESE, "gb18030"),
        ("兒童健康服務整合研究與社區護理", "big5"),
        ("日本の子どもの健康とその保護者について", "shift_jis"),
        ("日本の子どもの健康とその保護者について", "euc_jp"),
        ("아동 건강 서비스 통합에 관한 연구", "euc_kr"),
        ("Иванов, Иван: Здоровье детей в школе", "cp1251"),
        ("Иванов, Иван: Здоровье детей в школе", "koi8_r"),
        ("Παπαδόπουλος, Γιώργος: Υγεία των παιδιών", "cp1253"),
        ("Öztürk, Işık: Çocuk sağlığı ve gelişimi üzerine", "cp1254"),
    ],
)
@pytest.mark.parametrize("frame", ["{}", RECORD])
def test_an_encoding_is_found_or_asked_for(text: str, encoding: str, frame: str) -> None:
    """What is read is right, and said; what is not certain names what it may be."""
    content = frame.format(text).encode(encoding)
    hint, found, remark = "", frame.format(text), "read"
    try:
        found, remark = decode_export(content, "a.ris")
    except BibliographyError as error:
        hint = error.hint
    assert (found, bool(remark)) == (frame.format(text), True)
    assert not hint or "--encoding" in hint


@pytest.mark.parametrize(
    ("text", "encoding", "title"),
    [
        (WESTERN, "cp1252", "Windows-1252"),
        (WESTERN, "mac_roman", "Mac Roman"),
        (CENTRAL, "iso8859_2", "Latin-2"),
        (CHINESE, "gb18030", "GBK"),
        ("Gärten und Größe", "cp1252", "Windows-1252"),
    ],
)
def test_frequent_encodings_are_found(text: str, encoding: str, title: str) -> None:
    """Those of Windows, of old Macs, of central Europe and of China need no question."""
    content = RECORD.format(text).encode(encoding)
    reading = parse_records(content, "a.ris")
    assert reading.records[0].title == text
    assert reading.remarks == (
        f"the file is not UTF-8; it was read as {title}: --encoding says otherwise",
    )


def test_an_encoding_that_is_not_certain_is_asked_for() -> None:
    """One word that is a word in two of them decides nothing; each is shown with the word."""
    content = (
        RECORD.format("Muñoz").replace("ñ", "Õ").encode("latin-1").replace(b"Mu\xd5", b"\xd5z")
    )
    with pytest.raises(BibliographyError, match="its encoding is not certain") as caught:
        decode_export(content, "a.ris")
    assert "“Õzoz”, --encoding cp1252" in caught.value.hint
    assert "“Őzoz”, --encoding cp1250" in caught.value.hint
    reading = parse_records(content, "a.ris", "latin2")
    assert (reading.records[0].title, reading.remarks) == ("Őzoz", ())


def test_an_encoding_that_is_asked_for_has_to_fit() -> None:
    """A name that is none, and a file in another, are refused."""
    with pytest.raises(BibliographyError, match="not the name of an encoding"):
        decode_export(b"a", "a.ris", "klingon")
    with pytest.raises(BibliographyError, match=r"line 2: the file is not in the encoding ascii"):
        decode_export("a\né".encode(), "a.ris", "ascii")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "utf-8-sig"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    """Half of the bytes are zero in a file of UTF-16, whether it begins with its mark or not."""
    text = RECORD.format("Études")
    assert decode_export(text.encode(encoding), "a.ris") == (text, "")


def test_a_file_says_its_encoding_itself() -> None:
    """JabRef writes it above the first entry."""
    text = "% Encoding: ISO8859_1\n@misc{a, title={Õz}}\n"
    found, remark = decode_export(text.encode("latin-1"), "a.bib")
    assert (found, remark) == (text, "it was read as ISO8859_1, as it says of itself")


def test_a_damaged_byte_makes_no_other_encoding() -> None:
    """The accents of a long file stay, and what is lost is a sign that is taken out and said."""
    content = RECORD.format(f"{WESTERN} cut off \udce2").encode("utf-8", "surrogateescape")
    reading = parse_records(content, "a.ris")
    assert reading.records[0].title == f"{WESTERN} cut off"
    assert "U+FFFD (replacement character), in line 2" in reading.remarks[0]


@pytest.mark.parametrize(
    "text",
    [b"Caf\xc3\xa9 and M\xfcller", b"M\xc3\xbcller, Caf\xe9", b"na\xc3\xafve \xc3 end"],
)
def test_short_utf_8_with_a_damaged_byte_has_a_way_in(text: bytes) -> None:
    """Where it is not certain, the message says how; --encoding utf-8 reads it, and says where."""
    content = b"TY  - JOUR\nTI  - " + text + b"\nER  - \n"
    with pytest.raises(BibliographyError) as caught:
        decode_export(content, "a.ris")
    assert "UTF-8 with a damaged byte in line 2 (--encoding utf-8)" in caught.value.hint
    read, remark = decode_export(content, "a.ris", "utf-8")
    assert "\ufffd" in read
    assert remark == "1 byte is damaged in utf-8, the first in line 2"
