"""Zip files of other programs: damaged ones, and ones that unpack to too much."""

import io
import zipfile

import pytest

from reviewpress import archives
from reviewpress.archives import UnreadableArchive, unpack


def packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_parts_are_read_by_name() -> None:
    """All of them, whole."""
    assert unpack(packed(a=b"one", b=b"two" * 1000)) == {"a": b"one", "b": b"two" * 1000}


def test_a_file_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its parts are together counts, not what the file is on the disk."""
    monkeypatch.setattr(archives, "LARGEST", 1_000_000)
    with pytest.raises(UnreadableArchive, match=r"it would unpack to 0\.0 gigabytes"):
        unpack(packed(a=bytes(600_000), b=bytes(600_000)))


def test_every_damage_is_one_error() -> None:
    """Whichever byte is wrong, the library's many errors are ours."""
    content = packed(a=b"some text that is compressed" * 20)
    refused = 0
    for at in range(len(content)):
        damaged = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        try:
            unpack(damaged)
        except UnreadableArchive:
            refused += 1
    assert refused > len(content) // 2
