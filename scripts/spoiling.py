"""Small changes to good files, as programs, hands and transfers make them."""

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import escape, unescape

import yaml

PIECES: tuple[bytes, ...] = (
    b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\r", b"\n\n", b"{", b"}", b"[", b"]", b'"', b"'",
    b"<", b">", b"&", b"&a ", b"*a", b": ", b"- ", b"\\", b"%", b"@", b",", b";", b"\t", b"  - ",
    b"null", b"true", b"-1", b"1e999", b"9" * 30, b"9" * 5000, b"[" * 300, b"{a: " * 60,
    b"\xef\xbb\xbf", "é\u202e\u0301".encode(), b"2026-13-45", b"<!ENTITY x 'y'>", b"]]>",
    b"<!--", b"-->", b"ER  - \n", b"TY  - JOUR\n", b"PMID- 1\n", b"PT J\n", b"@article{x,", b"\x0c",
    "\u2028".encode(), b"\\ud800", b"#", b"$", b"|",
)  # fmt: skip
"""What has a meaning in one of the formats, or in none."""
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 3, 1.5, 10**40, "", " ", "text", "x" * 3000, "\ud800", "\0", [], {},
    [None], [[]], ["a", 1], {"a": 1}, {"": None}, "../../etc/passwd", "/dev/null", "{{< x >}}",
    "2020-01-01", "true", "no", "{{name}}", ["a"] * 50,
)  # fmt: skip
"""What may stand where another value should."""

SHEET = "xl/worksheets/sheet1.xml"
DAMAGED = "damaged"
"""A part that says that others are damaged: what they still hold, nobody can say."""
_ROW = re.compile("<row>(.*?)</row>", re.DOTALL)
_CELL = re.compile("<t>(.*?)</t>", re.DOTALL)

Spoil = Callable[[bytes, random.Random, int], bytes]
"""Spoils a file in so many places at most."""


def spoil_bytes(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Replace a few pieces of a file, wherever they are."""
    for _ in range(min(most, chance.choice((1, 1, 1, 2, 4)))):
        first = chance.randrange(len(content) + 1)
        last = min(len(content), first + chance.choice((0, 0, 1, 1, 4, 20, 100)))
        piece = chance.choice(PIECES)
        if chance.random() < 0.2:
            start = chance.randrange(len(content) + 1)
            piece = content[start : start + chance.randint(1, 60)]
        content = content[:first] + piece + content[last:]
    return content


def spoil_lines(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Lose, repeat, swap, join or indent a line or two; or lose the rest of the file."""
    lines = content.splitlines(keepends=True)
    for _ in range(min(most, chance.choice((1, 1, 2)))):
        if not lines:
            break
        at = chance.randrange(len(lines))
        other = min(len(lines) - 1, at + 1)
        act = chance.choice(("lose", "repeat", "swap", "join", "cut", "indent", "gap"))
        if act == "lose":
            del lines[at]
        elif act == "repeat":
            lines.insert(at, lines[at])
        elif act == "swap":
            lines[at], lines[other] = lines[other], lines[at]
        elif act == "join":
            lines[at] = lines[at].rstrip() + b" "
        elif act == "cut":
            del lines[at:]
        elif act == "indent":
            lines[at] = chance.choice((b" ", b"\t", b"   ")) + lines[at]
        else:
            lines.insert(at, b"\n")
    return b"".join(lines)


def rewrite(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Write a text file as another program would: other ends of lines, another encoding."""
    act = chance.choice(("\r\n", "\r", "utf-8-sig", "utf-16", "cp1252", "utf-16-le"))
    if act in ("\r\n", "\r"):
        return content.replace(b"\n", act.encode())
    with suppress(UnicodeError):
        return content.decode("utf-8").encode(act, errors="replace")
    return content


def spoil_json(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Give a value of a JSON file another kind, or take it away."""
    try:
        tree = json.loads(content)
    except ValueError:
        return spoil_bytes(content, chance, most)
    return json.dumps(_spoil_tree(tree, chance, most), indent=1).encode()


def spoil_yaml(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Give a value of a YAML file another kind, or take it away."""
    try:
        tree = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeError, ValueError):
        return spoil_bytes(content, chance, most)
    spoiled = _spoil_tree(tree, chance, most)
    text = yaml.safe_dump(spoiled, allow_unicode=True, sort_keys=False)
    return text.encode("utf-8", "replace")


def _spoil_tree(tree: Any, chance: random.Random, most: int) -> Any:
    holders = list(_holders(tree))
    if not holders:
        return chance.choice(VALUES)
    for _ in range(min(most, chance.choice((1, 1, 2)))):
        holder = chance.choice(holders)
        if not holder:
            continue
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = chance.choice(list(keys))
        act = chance.random()
        if act < 0.2:
            del holder[key]
        elif act < 0.3 and isinstance(holder, dict):
            holder[chance.choice((f"{key}x", "", "id", str(key).upper()))] = holder.pop(key)
        else:
            holder[key] = chance.choice(VALUES)
    return tree


def _holders(tree: Any) -> Any:
    if isinstance(tree, dict | list):
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(value)


def spoil_workbook(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Spoil a part of a workbook, or the container itself."""
    if chance.random() < 0.2:
        return spoil_bytes(content, chance, most)
    parts = _unpack(content)
    name = chance.choice([each for each in parts if "sheet1" in each] + list(parts))
    parts[name] = chance.choice((spoil_bytes, spoil_lines))(parts[name], chance, most)
    return pack_workbook({**parts, DAMAGED: b""})


def spoil_rows(content: bytes, chance: random.Random, most: int = 4) -> bytes:
    """Lose, repeat or move rows of a workbook, or empty or change a cell."""
    rows = [_CELL.findall(row) for row in _ROW.findall(_unpack(content).get(SHEET, b"").decode())]
    if not rows:  # another program wrote it
        return spoil_workbook(content, chance, most)
    for _ in range(min(most, chance.choice((1, 1, 2)))):
        at = chance.randrange(len(rows))
        act = chance.choice(("lose", "repeat", "swap", "cell", "cell", "words"))
        if act == "lose" and len(rows) > 1:
            del rows[at]
        elif act == "repeat":
            rows.insert(at, rows[at])
        elif act == "swap":
            rows[at], rows[at - 1] = rows[at - 1], rows[at]
        elif act == "words":
            rows.insert(0, ["Search of 1 May", *[""] * (len(rows[0]) - 1)])
        elif rows[at]:
            change = chance.choice(("", "#REF!", "x" * 40_000, "1e999", "Title", "=1+1"))
            rows[at] = [*rows[at]]
            rows[at][chance.randrange(len(rows[at]))] = change
    return make_workbook([[unescape(cell) for cell in row] for row in rows])


def rows_of(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    return list(csv.reader(content.decode("utf-8").splitlines()))


def _unpack(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet, with the texts in its cells."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    space = "http://schemas.openxmlformats.org/"
    office = f"{space}officeDocument/2006/relationships"
    sheet = "".join(f"<row>\n{''.join(map(_cell, row))}</row>\n" for row in rows)
    kinds = f"{space}package/2006/"
    of_sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{of_sheets}sheet.main+xml"/><Override '
        f'PartName="/xl/worksheets/sheet1.xml" ContentType="{of_sheets}worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}spreadsheetml/2006/main" xmlns:r="{office}">'
        '<sheets><sheet name="savedrecs" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}relationships"><Relationship '
        f'Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        SHEET: f'<worksheet xmlns="{space}spreadsheetml/2006/main">\n'
        f"<sheetData>\n{sheet}</sheetData></worksheet>",
    }
    return pack_workbook({name: (head + text).encode() for name, text in parts.items()})


def pack_workbook(parts: dict[str, bytes]) -> bytes:
    """Return a container of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return made.getvalue()


def text_of(content: bytes) -> bytes:
    """Return what a file says, in UTF-8 as far as it goes, whatever it is packed in."""
    if content.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
            parts = _unpack(content)
            return b"" if DAMAGED in parts else b"\n".join(parts.values())
        return b""
    return content.replace(b"\0", b"") if content.count(b"\0") > len(content) // 3 else content


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>\n'
