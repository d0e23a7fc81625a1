"""What code made when Quarto last executed it: `_freeze` has it, for code that is not executed.

Quarto keeps there the text of each document with its results in place of the cells, and a hash of
the source: results of another source than today's are not used.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from reviewpress.adopt.notes import Note
from reviewpress.adopt.original import front_matter
from reviewpress.notebooks.html_tables import html_table_markdown
from reviewpress.shapes import as_mapping, as_text
from reviewpress.store.digests import quarto_digest

FOLDER = "_freeze"
_FORMATS = ("html", "docx", "tex", "typst")
_DIV = re.compile(r"^\s*(:{3,})\s*(.*?)\s*:*\s*$")
_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})(.*)$")
_CODE = re.compile(r"\{\.(\w+)(?: [^{}]*)?\.cell-code[^{}]*\}")
_CAPTION = re.compile(r"\b(?:tbl|fig|lst)-cap=(\"[^\"]*\"|'[^']*')")
_ID = re.compile(r"#((?:tbl|fig|lst)-[\w-]+)")
_CELL = re.compile(r"\.cell\b|\.cell-")


@dataclass(frozen=True, slots=True)
class Frozen:
    """The text of a document with what its code made, and its pictures by name beside it."""

    text: str
    files: Mapping[str, bytes]


def frozen_text(root: Path, name: str, text: str) -> Frozen | None:
    """Return what a project keeps of a document; None where it has nothing of the text as it is."""
    content = (root / name).read_bytes()
    path = PurePosixPath(name)
    kept = root / FOLDER / path.with_suffix("")
    for kind in _FORMATS:
        file = kept / "execute-results" / f"{kind}.json"
        try:
            data = as_mapping(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
        made = as_text(as_mapping(data.get("result")).get("markdown"))
        if made and data.get("hash") == quarto_digest(content.decode("utf-8", "replace")):
            head, *_ = front_matter(made)
            head = "" if head else front_matter(text)[0]
            return _with_files(head + made, path.stem, kept)
    return None


def _with_files(text: str, stem: str, kept: Path) -> Frozen:
    """Return a text whose pictures are in a folder that Quarto does not clear away."""
    names = {
        f"{stem}_files/{file.parent.name}/{file.name}": file
        for folder in sorted(kept.glob("figure-*"))
        for file in sorted(folder.iterdir())
        if file.is_file()
    }
    files = {}
    for name, file in names.items():
        new = f"{stem}-frozen/{file.name}"
        if name in text:
            text = _labelled(text.replace(name, new), new)
            files[new] = file.read_bytes()
    return Frozen(plain_cells(text), files)


def _labelled(text: str, name: str) -> str:
    """Return a text whose picture has the id that bookdown's references to its chunk mean."""
    label = re.sub(r"-1$", "", PurePosixPath(name).stem)
    if f"\\@ref(fig:{label})" not in text:
        return text
    shown = rf"(!\[[^\]\n]+\]\({re.escape(name)}\))(?:\{{(?![^{{}}]*#)([^{{}}]*)\}}|(?!\{{))"
    return re.sub(shown, lambda m: f"{m[1]}{{#fig-{label} {m[2] or ''}}}", text, count=1)


def plain_cells(text: str) -> str:
    """Return a text whose code and results stand by themselves, without Quarto's blocks of cells.

    >>> plain_cells("::: {.cell}\\n\\n```{.r .cell-code}\\n1\\n```\\n:::\\n")
    '\\n```r\\n1\\n```\\n'
    """
    made: list[str] = []
    opened: list[str | None] = []
    fence, started = "", 0
    for line in text.split("\n"):
        mark, div = _FENCE.match(line), _DIV.match(line)
        if fence:
            made.append(line)
            if mark and mark[2].startswith(fence) and not mark[3].strip():
                made[started:] = _result(made[started:])
                fence = ""
        elif mark and "`" not in mark[3]:
            fence, started = mark[2], len(made)
            made.append(_CODE.sub(r"\1", line))
        elif div and div[2] and _CELL.search(div[2]):
            name, caption = _ID.search(div[2]), _CAPTION.search(div[2])
            opened.append(f"\n{caption[1][1:-1]}\n\n{div[1]}" if name and caption else None)
            made += [f"{div[1]} {{{name[0]}}}"] if name and caption else []
        elif div and div[2]:
            opened.append(line[: line.index(":")] + div[1])
            made.append(line)
        elif div and opened:
            closing = opened.pop()
            made += closing.split("\n") if closing is not None else []
        else:
            made.append(line)
    return "\n".join(made)


def _result(block: list[str]) -> list[str]:
    """Return a block of raw HTML that is a table as one of Markdown; others as they are."""
    content = "\n".join(block[1:-1])
    if "{=html}" not in block[0] or "<table" not in content:
        return block
    made = html_table_markdown(content, captioned=True)
    return ["", *made.split("\n")] if isinstance(made, str) else block


def at_original(note: Note, frozen: str, text: str) -> Note:
    """Return a note on a line of what was frozen as one on that line of the original, or none."""
    lines, line = frozen.split("\n"), note.where.line
    if line is None or line > len(lines):
        return note
    found = [n for n, each in enumerate(text.split("\n"), 1) if each and each == lines[line - 1]]
    nearest = min(found, key=lambda n: abs(n - line), default=None)
    return replace(note, where=replace(note.where, line=nearest))
