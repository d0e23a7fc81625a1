"""Images pasted into a text cell, which Jupyter keeps in the notebook: `attachment:image.png`."""

import base64
import binascii
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from reviewpress.errors import ChapterError
from reviewpress.notebooks.source import Cell, Notebook
from reviewpress.store.digests import digest_bytes
from reviewpress.store.files import write_cached

FOLDER = "pasted"
_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/svg+xml": ".svg",
    "image/webp": ".webp",
}  # fmt: skip
_NAMED = re.compile(r"(?P<before>\](?:\(|:[ \t])[ \t]*<?)attachment:(?P<name>[^)\s>\"']+)")

_UNSAID = re.compile(
    r"!\[(?P<words>[^\]\n]+)\]\((?P<rest>[ \t]*<?attachment:(?P<name>[^)\s>\"']+))"
)


def place_attachments(
    notebook: Notebook, cell: Cell, text: str, folder: Path
) -> tuple[str, Mapping[str, Path]]:
    """Return a cell's text with a file in the place of each attachment, and the files by name.

    The files go to the run's folder, and from there into editions as figures do. Raises
    ChapterError for an attachment that the cell does not hold.
    """
    files: dict[str, Path] = {}

    def named(match: re.Match[str]) -> str:
        file = _write(notebook, cell, unquote(match["name"]), folder)
        files[file.stem] = file
        figures = posixpath.relpath("figures", posixpath.dirname(notebook.name) or ".")
        return f"{match['before']}{figures}/{file.name}"

    if "attachment:" not in text:
        return text, files
    return _NAMED.sub(named, _UNSAID.sub(_without_name, text)), files


def _without_name(image: re.Match[str]) -> str:
    """Take out words that are the name of the file, which Jupyter puts there: no caption."""
    is_name = unquote(image["name"]) in (image["words"], unquote(image["words"]))
    return f"![]({image['rest']}" if is_name else image[0]


def _write(notebook: Notebook, cell: Cell, name: str, folder: Path) -> Path:
    """Write an attachment under a name that no other image has, and return its path."""
    kinds = cell.attachments.get(name, {})
    kind = next((kind for kind in kinds if kind in _ENDINGS), None)
    if kind is None:
        message = f"the cell holds no image {name}, which its text shows."
        raise ChapterError(message, notebook.place(cell), "Paste the image again.")
    try:
        content = base64.b64decode("".join(kinds[kind].split()), validate=True)
    except binascii.Error:
        if kind != "image/svg+xml":
            message = f"the image {name} in the cell is damaged."
            raise ChapterError(message, notebook.place(cell), "Paste the image again.") from None
        content = kinds[kind].encode()
    digest = digest_bytes(content)[:8]
    words = re.sub(r"[^A-Za-z0-9]+", "-", f"{Path(notebook.name).stem}-{Path(name).stem}").strip(
        "-"
    )
    file = folder / FOLDER / f"{words}-{digest}{_ENDINGS[kind]}"
    if not file.is_file() or file.read_bytes() != content:
        write_cached(file, content)
    return file
