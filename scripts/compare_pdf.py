"""What a tagged PDF says, read from its structure: for the comparison of engines."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

Said = dict[str, list[tuple[str, str]]]
Marks = Mapping[tuple[tuple[int, int], int], str]

_HEADING = re.compile(r"H[1-6]")
_INLINE = frozenset(("Span", "Strong", "Em", "Link", "Lbl", "Code", "Quote", "Note", "Reference"))
_ASIDE = frozenset(("TOC", "Artifact"))
_REFERENCE = re.compile(r"(Figure|Table|Section|Chapter|Appendix) [A-Z\d][.\d]*")
_CITATION = re.compile(r"\d+|.*\b\d{4}[a-z]?|.*\(n\.d\.\)")
_REFERENCES = re.compile(r"(?i)(\w+ )?(references|références)")


@dataclass(slots=True)
class Tag:
    """An element of the structure: its role, its alternative text, and what is in it."""

    role: str
    alternative: str
    children: "list[Tag | str]"
    scope: str = ""
    size: str = ""

    def text(self) -> str:
        """Return its words, runs of white space as one space."""
        return " ".join("".join(self._texts()).split())

    def walk(self) -> "Iterator[Tag]":
        """Yield the elements below, parents first, in reading order."""
        for child in self.children:
            if isinstance(child, Tag):
                yield child
                yield from child.walk()

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()


def read_pdf(path: Path) -> Said:
    """Return what a tagged PDF says, by kind; each thing with a name (or none) and its words.

    headings, outline, captions, alternatives; crossrefs, citations and other links of the text (the
    contents and lists left out); scopes (header cells of tables) and sizes (of pictures);
    references (the blocks of the chapter called References) and
    text (all other blocks, each cell of a table being one). Raises ValueError where the PDF has no
    tags.
    """
    with pikepdf.open(path) as document:
        root = document.Root.get("/StructTreeRoot")
        if root is None:
            raise ValueError(f"{path} has no tags.")
        tree = Tag("", "", list(_tags(root, read_marks(document), None)))
        with document.open_outline() as outline:
            titles = [("", title) for title in _titles(outline.root, 1)]
    return {"outline": titles, **_said(tree)}


def read_marks(document: pikepdf.Pdf) -> Marks:
    """Return the words of each marked piece of content, by page and number."""
    found: dict[tuple[tuple[int, int], int], str] = {}
    fonts: dict[tuple[int, int], Mapping[int, str]] = {}
    for page in document.pages:
        resources: Any = page.resources
        named = resources.get("/Font", {}).items()
        letters = {str(name): _letters(font, fonts) for name, font in named}
        for number, words in _page_marks(page, letters):
            key = (page.obj.objgen, number)
            found[key] = found.get(key, "") + words
    return found


def _said(tree: Tag) -> Said:
    kinds = ("headings", "captions", "alternatives", "crossrefs", "citations", "links",
             "scopes", "sizes", "references", "text")  # fmt: skip
    said: Said = {kind: [] for kind in kinds}
    listing = False
    for tag, named in _outside_contents(tree):
        words = tag.text()
        if tag.role == "TH":
            said["scopes"].append((tag.scope, words))
        if _HEADING.fullmatch(tag.role):
            said["headings"].append((tag.role, words))
            if tag.role == "H1":
                listing = bool(_REFERENCES.fullmatch(words))
        elif tag.role == "Caption":
            said["captions"].append(("", words))
        elif tag.role == "Figure":
            said["alternatives"].append(("", tag.alternative))
            said["sizes"].append(("", tag.size))
        elif tag.role == "Link":
            said[_kind_of_link(words)].append(("", words))
        elif tag.role not in _INLINE and not named:
            kind = "references" if listing else "text"
            said[kind] += [("", words) for words in _runs(tag)]
    return said


def _outside_contents(tag: Tag, named: bool = False) -> Iterator[tuple[Tag, bool]]:
    """Yield the elements below, and of each whether it stands in a heading or a caption."""
    for child in tag.children:
        if isinstance(child, Tag) and child.role not in _ASIDE:
            yield child, named
            inside = named or child.role == "Caption" or bool(_HEADING.fullmatch(child.role))
            yield from _outside_contents(child, inside)


def _runs(tag: Tag) -> Iterator[str]:
    """Yield the words that stand in an element itself, not in a block within it."""
    run: list[Tag | str] = []
    for child in [*tag.children, Tag("", "", [])]:
        if isinstance(child, str) or child.role in _INLINE:
            run.append(child)
        elif run:
            words = Tag("", "", run).text()
            run = []
            if words:
                yield words


def _kind_of_link(words: str) -> str:
    if _REFERENCE.fullmatch(words):
        return "crossrefs"
    return "citations" if _CITATION.fullmatch(words) else "links"


def _titles(items: Any, level: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * (level - 1)}{item.title}"
        yield from _titles(item.children, level + 1)


def _tags(element: Any, marks: Marks, page: Any) -> Iterator[Tag | str]:
    kids = element.get("/K")
    if kids is None:
        return
    page = element.get("/Pg", page)
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            yield marks.get((page.objgen, int(kid)), "")
        elif "/S" in kid:
            role = str(kid.S).removeprefix("/")
            alternative = str(kid.get("/Alt", ""))
            if "/ActualText" in kid:
                yield Tag(role, alternative, [str(kid.ActualText)])
            else:
                inside = list(_tags(kid, marks, page))
                yield Tag(role, alternative, inside, *_attributes(kid))
        elif "/MCID" in kid:
            yield marks.get((kid.get("/Pg", page).objgen, int(kid.MCID)), "")


def _attributes(element: Any) -> tuple[str, str]:
    """Return the scope of a header cell, and the size of a picture in points."""
    scope = size = ""
    given: Any = element.get("/A")
    for each in given if isinstance(given, pikepdf.Array) else [given] if given is not None else []:
        scope = str(each.get("/Scope", scope)).removeprefix("/")
        if "/BBox" in each:
            left, bottom, right, top = (float(side) for side in each.BBox)
            size = f"{right - left:.0f} by {top - bottom:.0f}"
    return scope, size


def _page_marks(
    page: pikepdf.Page, fonts: Mapping[str, Mapping[int, str]]
) -> Iterator[tuple[int, str]]:
    """Yield number and words of each piece of text; what stands for other words gives those."""
    stack: list[tuple[int | None, bool]] = []
    letters: Mapping[int, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        name = str(instruction.operator)
        if name in ("BDC", "BMC"):
            properties = operands[1] if len(operands) > 1 else {}
            properties = properties if isinstance(properties, pikepdf.Dictionary) else {}
            above = stack[-1] if stack else (None, False)
            number = int(properties["/MCID"]) if "/MCID" in properties else above[0]
            replaced = above[1] or "/ActualText" in properties
            if "/ActualText" in properties and not above[1] and number is not None:
                yield number, str(properties["/ActualText"])
            stack.append((number, replaced))
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            letters = fonts.get(str(operands[0]), {})
        elif name in ("Tj", "TJ") and stack:
            number, replaced = stack[-1]
            if number is not None and not replaced:
                yield number, _words(operands[-1], letters)


def _words(shown: Any, letters: Mapping[int, str]) -> str:
    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    pairs = (codes[at : at + 2] for at in range(0, len(codes), 2))
    return "".join(letters.get(int.from_bytes(pair), "") for pair in pairs)


def _letters(font: Any, known: dict[tuple[int, int], Mapping[int, str]]) -> Mapping[int, str]:
    """Return the letters of a font's codes of two bytes, from its map to Unicode."""
    if font.objgen not in known:
        lines = bytes(font.ToUnicode.read_bytes()).decode("latin-1") if "/ToUnicode" in font else ""
        known[font.objgen] = dict(_read_map(lines))
    return known[font.objgen]


def _read_map(text: str) -> Iterator[tuple[int, str]]:
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, letters in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            yield int(code, 16), bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = (int(letters, 16) + step).to_bytes(len(letters) // 2)
                yield int(first, 16) + step, code.decode("utf-16-be")
