"""What authors of Quarto write: each word is published in every format, or a message names it.

`quarto_kinds.txt` has the kinds, in our own words after Quarto's public test documents. A kind
begins with its name and, after semicolons, with what is expected of it:

    %%% name; refused: what the message says; absent: WORDS; html: WORDS of that format alone; whole

It is the text of a chapter with a title of its own, unless it is `whole`; what is `warned` of is
refused by a warning.
"""

import base64
import html
import json
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

FILE = Path(__file__).with_name("quarto_kinds.txt")
SETTINGS = """\
project: {type: book, output-dir: _output}
book: {title: Probe, author: Nobody, chapters: CHAPTERS}
format: {reviewpress-html: default, reviewpress-typst: default, reviewpress-docx: default}
bibliography: works.bib
"""
ENTRY = "@book{%s,\n author={%s},\n title={{%s}},\n publisher={P},\n year={%s}\n}\n"
WORKS = ENTRY % ("known2020", "Known, Ann", "KNOWNTITLE", 2020) + ENTRY % (
    "other2021", "Other, Bob", "OTHERTITLE", 2021)  # fmt: skip
PICTURES = (
    "a.png", "b.png", "wrong.jpg", "sub folder/a b.png", "my pic.png", "a#b.png", "100% ä+b&c.png",
)  # fmt: skip
FORMATS = ("html", "pdf", "docx")
RAW = re.compile(r"Traceback|Typst:|pandoc:|papermill|NoneType|\.typ\b|^\s*│", re.M)
IDS = re.compile(
    r"(?:(?<=[#@])|(?<=@\{))([Ff]ig|[Tt]bl|[Ss]ec|[Ll]st|[Ee]q|nte|tip|wrn|imp|cau)-([A-Za-z]+)"
)


@dataclass(frozen=True)
class Kind:
    """A kind of text, and what is expected of it."""

    name: str
    text: str
    expected: Mapping[str, str]

    @property
    def chapter(self) -> str:
        """The chapter, its ids told from those of other kinds, and its notes."""
        own = self.name.replace("-", "")
        text = IDS.sub(rf"\1-\2{own}", self.text)
        text = re.sub(r"\[\^(\w+)\]", rf"[^\1{own}]", text)
        return text if "whole" in self.expected else f"# Doc {{#sec-d{own}}}\n\n{text}"


def read_kinds() -> list[Kind]:
    """Read the table of kinds."""
    kinds = []
    for part in FILE.read_text("utf-8").split("%%% ")[1:]:
        head, _, text = part.partition("\n")
        name, *given = head.split("; ")
        pairs = (each.partition(": ") for each in given)
        kinds.append(Kind(name, text.strip("\n") + "\n", {key: value for key, _, value in pairs}))
    return kinds


KINDS = read_kinds()
SHOWN = [kind for kind in KINDS if "refused" not in kind.expected]
REFUSED = [kind for kind in KINDS if "refused" in kind.expected]


def picture() -> bytes:
    """Return a small picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0\0\xff\0\xff\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def lay_out(root: Path, kinds: list[Kind]) -> None:
    """Make a book with a chapter for each kind."""
    root.mkdir(exist_ok=True)
    names = ["index.qmd", *(f"{kind.name}.qmd" for kind in kinds)]
    (root / "_quarto.yml").write_text(SETTINGS.replace("CHAPTERS", json.dumps(names)), "utf-8")
    # So long that each chapter of the PDF begins on a page of its own.
    words = "Hello again and again. " * 2000
    start = f"# Start {{#sec-start .unnumbered}}\n\nHello.\n\n{words}\n"
    (root / "index.qmd").write_text(start, "utf-8")
    (root / "_part with spaces.qmd").write_text("---\nx: y\n---\n\nIncluded words.\n", "utf-8")
    (root / "works.bib").write_text(WORKS, "utf-8")
    (root / "sub folder").mkdir(exist_ok=True)
    for name in PICTURES:
        (root / name).write_bytes(picture())
    (root / "cut.png").write_bytes(picture()[:-14])
    (root / "text.png").write_bytes(b"words")
    (root / "x.mp4").write_bytes(b"film")
    write_odd_pictures(root)
    for kind in kinds:
        (root / f"{kind.name}.qmd").write_text(kind.chapter, "utf-8")


def write_odd_pictures(root: Path) -> None:
    """Make pictures that some program shows, and that no PDF can have."""
    printed = BytesIO()
    Image.new("CMYK", (4, 4)).save(printed, "JPEG")
    (root / "print.jpg").write_bytes(printed.getvalue())
    whole = bytearray(picture())
    whole[whole.index(b"IDAT") + 6] ^= 0xFF
    (root / "damaged.png").write_bytes(bytes(whole))
    (root / "begins.jpg").write_bytes(b"\xff\xd8\xff\xe0\xff\xd9")
    (root / "x.avif").write_bytes(b"\0\0\0\x1cftypavif")
    photo = base64.b64encode(printed.getvalue()).decode()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" %s>%s</svg>'
    shown = f'<image width="9" height="9" href="data:image/jpeg;base64,{photo}"/>'
    (root / "photo.svg").write_text(drawing % ('width="9" height="9"', shown), "utf-8")
    (root / "flat.svg").write_text(drawing % ('width="0" height="0"', ""), "utf-8")
    shown = '<text x="0" y="9">\u05d0\u05d1 \u03a9</text>'
    (root / "words.svg").write_text(drawing % ('width="90" height="9"', shown), "utf-8")
    for name in ("photo", "flat", "words"):
        (root / f"{name}.png").write_bytes(picture())


def words_of(kind: Kind) -> set[str]:
    """Return the words of a kind that readers are to meet, small."""
    text = re.sub(r"\A---\n.*?\n---\n", " ", kind.text, flags=re.S)
    for pattern in (
        r"<!--.*?-->", r"^\s*#\|.*$", r"^[ \t>]*:{3,}.*$", r"^\s*(?:`{3,}|~{3,}).*$",
        r"(?<!\{)\{\{<(?:.|\n)*?>\}\}", r"\]\((?:[^()]|\([^)]*\))*\)", r"^\[[^\]\n]+\]:.*$",
        r"\{[^{}\n]*\}", r"\$\$(?:.|\n)*?\$\$", r"</?[a-z]+>",
        r"https?://\S+", r"@\{?[\w:.-]+", r"\[\^[^\]]+\]", r"&\w+;", r"\]\[\w+\]",
        r"^(?:Table)?: |^Table: ", r"<[^<>\n]*@[^<>\n]*>", r"^\s*\{#\w+\}$",
    ):  # fmt: skip
        text = re.sub(pattern, " ", text, flags=re.M | re.S if "<!--" in pattern else re.M)
    told = " ".join(v for k, v in kind.expected.items() if k in ("absent", *FORMATS))
    apart = {word.lower() for word in told.split()}
    return {word.lower() for word in re.findall(r"[^\W\d_]{4,}", text)} - apart


def bare(text: str) -> str:
    """Return a text without what divides words."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def page_texts(made: Path) -> dict[str, str]:
    """Return the text of each chapter's page."""
    found = {}
    for kind in SHOWN:
        text = (made / f"{kind.name}.html").read_text("utf-8")
        main = re.search(r"<main.*</main>", text, re.S)
        assert main, kind.name
        found[kind.name] = html.unescape(re.sub(r"<[^>]+>", "", main[0]))
    return found


def pdf_texts(file: Path) -> dict[str, str]:
    """Return the text of the pages of each chapter."""
    with pymupdf.open(file) as pdf:
        starts = [page - 1 for level, _, page in pdf.get_toc() if level == 1]
        starts = [*starts[-len(SHOWN) :], len(pdf)]
        texts = [page.get_text() for page in pdf]
    parts = ["".join(texts[begin:end]) for begin, end in pairwise(starts)]
    return {kind.name: text for kind, text in zip(SHOWN, parts, strict=True)}


def word_texts(file: Path) -> dict[str, str]:
    """Return the text of each chapter, and after it that of all notes."""
    with zipfile.ZipFile(file) as archive:
        body = archive.read("word/document.xml").decode()
        notes = archive.read("word/footnotes.xml").decode()
    parts = re.split(r'(?=<w:p\b(?:(?!</w:p>).)*?<w:pStyle w:val="Heading1")', body)
    assert len(parts) >= len(SHOWN)
    texts = [html.unescape(re.sub(r"<[^>]+>", "", part + notes)) for part in parts[-len(SHOWN) :]]
    return {kind.name: text for kind, text in zip(SHOWN, texts, strict=True)}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Render all kinds that are not refused as one book; return their text by format and kind."""
    from reviewpress.cli import main

    root = tmp_path_factory.mktemp("kinds") / "book"
    lay_out(root, SHOWN)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        main(["render", "--engine", "pandoc"])
    made = root / "_output"
    [pdf], [word] = made.glob("*.pdf"), made.glob("*.docx")
    return {"html": page_texts(made), "pdf": pdf_texts(pdf), "docx": word_texts(word)}


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.name)
def test_no_word_is_lost(kind: Kind, texts: dict[str, dict[str, str]]) -> None:
    """Each word stands in the pages, in the PDF and in Word, and none that is hidden does."""
    for name in FORMATS:
        text = " ".join(texts[name][kind.name].split())
        shown = bare(text)
        lost = sorted(word for word in words_of(kind) if bare(word) not in shown)
        assert (name, lost) == (name, [])
        absent = kind.expected.get("absent", "").split()
        assert (name, [word for word in absent if word in text]) == (name, [])
        for other in FORMATS:
            for word in kind.expected.get(other, "").split():
                own = {each for each in FORMATS if word in kind.expected.get(each, "").split()}
                assert (name, word, bare(word) in shown) == (name, word, name in own)


@pytest.mark.parametrize("kind", REFUSED, ids=lambda kind: kind.name)
def test_what_is_not_published_is_named(
    kind: Kind, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """By a message with the chapter, in our words, that `check` gives already."""
    lay_out(tmp_path / "book", [kind])
    outcome = reviewpress("check", cwd=tmp_path / "book")
    is_warned = "warned" in kind.expected
    assert outcome.status == (0 if is_warned else 1)
    assert re.search(kind.expected["refused"], outcome.stderr)
    assert f"{'warning' if is_warned else 'error'}: {kind.name}.qmd" in outcome.stderr
    assert not RAW.search(outcome.stderr)


def test_there_are_kinds_of_all_kinds() -> None:
    """The table is read whole, and no two kinds have one name."""
    assert len({kind.name for kind in KINDS}) == len(KINDS) == FILE.read_text("utf-8").count("%%% ")
    assert len(SHOWN) >= 60
    assert len(REFUSED) >= 60
