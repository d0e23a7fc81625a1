"""A notebook's file: its JSON read whole, and everything that is wrong with it, by cell.

A chapter of text with Python cells is read as one too; see `text_document`.

What is accepted is format 4, as Jupyter writes it, with more or fewer keys than Jupyter writes:
those that nobody here knows are kept.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

from reviewpress.errors import ChapterError, Place, Problem, raise_all
from reviewpress.merge_marks import refuse_merge_marks
from reviewpress.notebooks.text_document import document_of_text
from reviewpress.shapes import Plain, as_list, as_mapping, as_text, describe_value

KINDS = ("markdown", "code", "raw")
FORMAT = 4
_HALF = re.compile("[\ud800-\udfff]")
_NEWEST = 999
"""Above every version of the format that there will be."""

_DEEPEST = 100
"""How many levels may be in one another: what is read can then be written, and looked through."""
_TOO_DEEP = "the file nests too deeply to be a notebook."

_IN_JUPYTER = "Open and save it in Jupyter, which brings it up to date."
_MERGED = "A merge, or an edit of the file as text, left it so: mend that line, or restore it."


class _Repeated(ValueError):
    """A key that stands twice in one place, of which JSON would keep the last."""


class WrittenFloat(float):
    """A number as it is written, which Python would write with other digits."""

    written = ""


def load_document(path: Path, name: str) -> dict[str, Plain]:
    """Return a notebook's JSON. Raises ChapterError or Problems, all of a file together."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ChapterError("the notebook does not exist.", Place(name)) from None
    except OSError as error:
        raise ChapterError(f"cannot be read: {error.strerror}.", Place(name)) from None
    return (
        document_of_text(content, name) if path.suffix == ".qmd" else parse_document(content, name)
    )


def parse_document(content: bytes, name: str) -> dict[str, Plain]:
    """Return the JSON of a notebook's bytes; see `load_document`."""
    try:
        data: Plain = json.loads(
            content.decode("utf-8-sig"), parse_float=_as_written, object_pairs_hook=_once
        )
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ChapterError(message, Place(name), "Save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        refuse_merge_marks(error.doc, name, ChapterError)
        message = f"the file is not a notebook: {error.msg}."
        raise ChapterError(message, Place(name, line=error.lineno), _MERGED) from None
    except _Repeated as error:
        message = f'the key "{error}" is given twice in the same place; only the last would count.'
        line = _last_line(content, str(error))
        raise ChapterError(message, Place(name, line=line), _MERGED) from None
    except RecursionError:
        raise ChapterError(_TOO_DEEP, Place(name)) from None
    except ValueError:
        message = "a number in the file has too many digits."
        raise ChapterError(message, Place(name)) from None
    if _is_deeper(data, _DEEPEST):
        raise ChapterError(_TOO_DEEP, Place(name))
    raise_all(list(_wrong(data, name)))
    return dict(as_mapping(data))


def cells_of(document: Mapping[str, Plain]) -> list[Mapping[str, Plain]]:
    """Return the cells of a notebook."""
    return [as_mapping(cell) for cell in as_list(document["cells"])]


def text_of(cell: Mapping[str, Plain]) -> str:
    """Return the text of a cell, which is kept as one text or as lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(map(as_text, as_list(source)))


def _wrong(data: Plain, name: str) -> Iterator[Problem]:
    """Yield what is wrong with a document; where it is no notebook at all, that alone."""
    here = Place(name)
    if not isinstance(data, dict):
        yield _problem(f"the file is not a notebook: it holds {describe_value(data)}.", here)
        return
    version = data.get("nbformat")
    if not _is_whole(version) or version != FORMAT:
        is_format = _is_whole(version) and abs(version) < 100
        said = f"of format {version}" if is_format else "a notebook of no known format"
        yield _problem(f"the file is {said}, not a notebook of format 4.", here, _IN_JUPYTER)
        return
    minor = data.get("nbformat_minor", 0)
    if not (_is_whole(minor) and 0 <= minor <= _NEWEST):
        message = f"nbformat_minor takes a small whole number, not {describe_value(minor)}."
        yield _problem(message, here, _IN_JUPYTER)
    yield from _wrong_metadata(data.get("metadata"), here)
    cells = data.get("cells")
    if not isinstance(cells, list):
        message = f"cells takes a list of cells, not {describe_value(cells)}."
        yield _problem(message, here)
        return
    for number, cell in enumerate(cells, 1):
        yield from _wrong_cell(cell, Place(name, cell=number))


def _wrong_metadata(metadata: Plain, here: Place) -> Iterator[Problem]:
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        yield _problem(f"metadata takes keys and values, not {describe_value(metadata)}.", here)
        return
    for key in ("kernelspec", "language_info"):
        given = metadata.get(key) or {}
        if not isinstance(given, dict):
            yield _problem(f"{key} takes keys and values, not {describe_value(given)}.", here)
            continue
        for inner in ("name", "language"):
            if not isinstance(given.get(inner, ""), str):
                yield _problem(f"the {inner} in {key} is {describe_value(given[inner])}.", here)


def _wrong_cell(cell: Plain, here: Place) -> Iterator[Problem]:
    if not isinstance(cell, dict):
        yield _problem(f"the cell is {describe_value(cell)}, not keys and values.", here)
        return
    if cell.get("cell_type") not in KINDS:
        yield _problem("the cell is neither text nor code.", here)
    if not isinstance(cell.get("id", ""), str):
        yield _problem(f"the id of the cell is {describe_value(cell['id'])}, not a text.", here)
    metadata = cell.get("metadata")
    if not isinstance(metadata, dict | None):
        message = f"metadata of the cell takes keys and values, not {describe_value(metadata)}."
        yield _problem(message, here)
    elif not _is_texts((metadata or {}).get("tags") or []):
        yield _problem("the tags of the cell are not a list of texts.", here)
    if not isinstance(cell.get("attachments", {}), dict):
        yield _problem("the attachments of the cell are not keys and values.", here)
    yield from _wrong_source(cell, here)


def _wrong_source(cell: Mapping[str, Plain], here: Place) -> Iterator[Problem]:
    if "source" not in cell:
        yield _problem("the cell has no source.", here, 'An empty cell has `"source": []`.')
        return
    source = cell["source"]
    if not (isinstance(source, str) or _is_texts(source)):
        message = (
            f"the source of the cell is {describe_value(source)}, not a text or a list of texts."
        )
        yield _problem(message, here)
    elif _HALF.search(text_of(cell)):
        yield _problem("the cell holds half a character (a lone surrogate).", here, "Delete it.")


def _is_deeper(value: Plain, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in value)


def _is_whole(value: Plain) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: Plain) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _problem(message: str, where: Place, hint: str = "") -> Problem:
    return Problem("chapter", message, where, hint)


def _as_written(text: str) -> float:
    number = WrittenFloat(text)
    number.written = text
    return number


def _once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise _Repeated(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


def _last_line(content: bytes, key: str) -> int | None:
    at = content.rfind(json.dumps(key).encode())
    return content[:at].count(b"\n") + 1 if at >= 0 else None
