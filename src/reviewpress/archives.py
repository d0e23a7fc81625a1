"""Zip files of other programs, as Word and Excel write them: whole, and of a size to be read."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from lzma import LZMAError

LARGEST = 500_000_000
"""How many bytes a file may be when it is unpacked: no document or export is as large."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can have."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, LZMAError, struct.error, EOFError, OSError, RuntimeError,
    KeyError, ValueError, OverflowError,
)  # fmt: skip
"""What the standard library raises of a file that is damaged, or closed by a password."""


class UnreadableArchive(ValueError):
    """A zip file that is damaged, closed by a password, or would fill the memory."""


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip file: the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def unpack(content: bytes) -> dict[str, bytes]:
    """Return the parts of a zip file by their names.

    Raises UnreadableArchive; one that unpacks to more than `LARGEST` is not unpacked at all.
    """
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except _DAMAGED as error:
        raise UnreadableArchive(str(error)) from None


def check_size(content: bytes) -> None:
    """Raise UnreadableArchive where a zip file is damaged, or unpacks to more than `LARGEST`.

    The sizes are those that it states: more than that is never read of a part.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except _DAMAGED as error:
        raise UnreadableArchive(str(error)) from None
    if size > LARGEST:
        raise UnreadableArchive(f"it would unpack to {size / 1e9:,.1f} gigabytes")
