"""Entries with their places in a file: read in pieces as they are read at once."""

from pathlib import Path

import pytest

from reviewpress.bibliography import load_with_spans, places, read_in_pieces
from reviewpress.errors import ReportError

ENTRIES = [
    "@article{ash2001, author = {Ash, A}, title = {Of ponds}, year = {2001}}\n",
    "@Article {birch2002,\n  author = {Birch, B},\n  title = {An {@article{x}} in {braces}}\n}\n",
    '% a comment\n\n@book(cedar2003,\n  title = "Gärten",\n  year = 2003\n)\n',
    "@misc{elm2004, title = {A tale\n@home and abroad}, note = {a\n\n@ sign}}\n",
    "@comment{nothing}\n@misc{fir2005,title={Cafe\u0301}}",
    "\n\n@misc{gorse2006,\n title = {Trees}\n }\n\n\n",
]


@pytest.fixture(params=[40, 90, 150, 1000], autouse=True)
def piece(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So small that a piece ends in every place of an entry."""
    monkeypatch.setattr(places, "_PIECE", request.param)
    return int(request.param)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "records.bib"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_pieces_hold_what_the_file_holds(
    tmp_path: Path, mark: bytes, newline: str, piece: int
) -> None:
    """Every entry and its place, wherever a piece ends; each place holds its entry."""
    path = written(tmp_path, mark + "".join(ENTRIES * 1).replace("\n", newline).encode())
    whole = load_with_spans(path, tmp_path)
    found = list(read_in_pieces(path))
    entries = [entry for one in found for entry in one.entries]
    assert [(e.key, e.type, dict(e.fields)) for e in entries] == [
        (e.key, e.type, dict(e.fields)) for e in whole.entries
    ]
    spans = [span for one in found for span in one.spans]
    assert spans == list(whole.spans)
    content = path.read_bytes()
    assert all(content[start:stop].startswith(b"@") for start, stop in spans)
    assert len(found) > 1 or piece == 1000


@pytest.mark.parametrize(
    "text",
    [
        "@string{jm = {Journal of Made-up Studies}}\n" + "".join(ENTRIES),
        "".join(ENTRIES) + "@string{jm = {Journal of Made-up Studies}}\n",
        "".join(ENTRIES) + ENTRIES[0].replace("ash2001", "ASH2001"),
        "".join(ENTRIES)
        + "@misc{oak2007, title = {Not closed}\n"
        + ENTRIES[0].replace("ash", "yew"),
        "".join(ENTRIES) + "@misc{oak2007, title = {Held}, title = {twice}}\n",
        "\ud800".join(ENTRIES[:2]),
    ],
)
def test_what_only_the_whole_file_says_is_not_read_in_pieces(tmp_path: Path, text: str) -> None:
    """Abbreviations hold for all of it, and what is wrong has its line there."""
    path = written(tmp_path, text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ReportError):
        list(read_in_pieces(path))


def test_an_empty_file_has_no_pieces(tmp_path: Path) -> None:
    """As it has no entries."""
    assert list(read_in_pieces(written(tmp_path, b""))) == []
