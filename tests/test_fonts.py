"""Font files: damaged ones are one message."""

import struct
from pathlib import Path

import pytest

from reviewpress.errors import Place
from reviewpress.fonts import families_of

OWN = Path(__file__).resolve().parents[1] / "_extensions/reviewpress/fonts/ReviewSans-Bold.ttf"


def test_a_damaged_table_of_names_writes_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A table of names whose texts lie outside it says nothing of its own, for each of them."""
    content = bytearray(OWN.read_bytes())
    entry = content.index(b"name")
    start = struct.unpack(">I", content[entry + 8 : entry + 12])[0]
    content[start + 4 : start + 6] = b"\xff\x00"
    path = tmp_path / "own.ttf"
    path.write_bytes(content)
    families_of(path, "own.ttf", Place("_brand.yml"))
    assert caplog.records == []
