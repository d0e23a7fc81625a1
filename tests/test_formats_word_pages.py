"""Page numbers in the lists of a Word file, which LibreOffice counts where a review asks."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from reading import NAMES, W, styled, word_part

from reviewpress.errors import EngineError, OutOfTime, SetupError
from reviewpress.formats.word_document import finish_word
from reviewpress.formats.word_pages import find_pages, number_lists
from reviewpress.labels import load_language
from reviewpress.programs.tools import run_pandoc

REFERENCE = Path(__file__).parents[1] / "_extensions" / "reviewpress" / "docx" / "reference.docx"
BREAK = '\n\n```{=openxml}\n<w:p><w:r><w:br w:type="page"/></w:r></w:p>\n```\n\n'
TEXT = (
    "# First {#sec-é}\n\nSome words.\n"
    f"{BREAK}More.\n{BREAK}Still more.\n\n# Far _away_ {{#sec-two}}\n\n## Below {{#b.2}}\n\nMore.\n"
    f"{BREAK}Table: **Table 1**: What it shows {{#tbl-a}}\n\n| a |\n|---|\n| b |\n"
)


@pytest.fixture
def document(tmp_path: Path) -> bytes:
    """A finished Word file of a few pages."""
    arguments = ["--from=markdown-smart", "--to=docx", f"--reference-doc={REFERENCE}"]
    run_pandoc([*arguments, "--output=a.docx"], TEXT, folder=tmp_path)
    made = datetime(2026, 11, 29, tzinfo=UTC)
    return finish_word((tmp_path / "a.docx").read_bytes(), load_language("en"), [], made, "en")


def entries(document: bytes, folder: Path) -> list[tuple[str, str]]:
    """Return the words and the number of each entry of a Word file's lists."""
    (folder / "read.docx").write_bytes(document)
    root = word_part(folder / "read.docx")
    found = []
    for link in root.xpath("//w:sdt//w:hyperlink", namespaces=NAMES):
        first, *others = link.iter(f"{W}t")
        found.append((first.text, "".join(each.text or "" for each in others)))
    return found


def test_each_entry_has_the_number_of_its_page(document: bytes, tmp_path: Path) -> None:
    """Numbers stand behind a leader; nothing else of the file changes, nor is anything left."""
    seen = {}

    def pages(counted: bytes) -> dict[str, int]:
        (tmp_path / "counted.docx").write_bytes(counted)
        root = word_part(tmp_path / "counted.docx")
        names = [each.get(f"{W}name") for each in root.iter(f"{W}bookmarkStart")]
        ours = [name for name in names if name.startswith("reviewpresspage")]
        seen.update({name: 10 + at for at, name in enumerate(ours)})
        return seen

    numbered = number_lists(document, pages)
    assert entries(numbered, tmp_path) == [
        ("First", "10"), ("Far away", "11"), ("Below", "12"), ("Table 1: What it shows", "13")
    ]  # fmt: skip
    root, before = word_part(tmp_path / "read.docx"), tmp_path / "before.docx"
    before.write_bytes(document)
    assert not [mark for mark in root.iter(f"{W}bookmarkStart") if mark.get(f"{W}name") in seen]
    for style in ("Heading1", "Heading2", "TableCaption", "BodyText"):
        ours = [text_of(each) for each in styled(root, style)]
        assert ours == [text_of(each) for each in styled(word_part(before), style)]
    leaders = root.xpath("//w:sdt//w:tab/@w:leader", namespaces=NAMES)
    assert leaders == ["dot"] * 4


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def test_an_entry_whose_page_is_not_known_has_no_number(document: bytes, tmp_path: Path) -> None:
    """What LibreOffice does not tell is left out, not guessed."""
    assert {number for _, number in entries(number_lists(document, lambda _: {}), tmp_path)} == {""}


def test_libreoffice_counts_the_pages(
    document: bytes, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    """A chapter begins a page of its own; the file is the same a second time."""
    tool("soffice")
    numbered = number_lists(document, lambda counted: find_pages(counted, seconds=200))
    said = dict(entries(numbered, tmp_path))
    first = int(said["First"])
    assert said == {
        "First": str(first), "Far away": str(first + 3), "Below": str(first + 3),
        "Table 1: What it shows": str(first + 4),
    }  # fmt: skip
    assert number_lists(document, lambda counted: find_pages(counted, seconds=200)) == numbered


def test_without_libreoffice(document: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which setting needs it, and what to do."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SetupError, match="not found, and `word-page-numbers` needs it") as caught:
        find_pages(document, seconds=1)
    assert "leave that setting out" in caught.value.hint


def program(folder: Path, lines: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put another program in the place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_libreoffice_that_hangs(
    document: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is ended, with the program that its script started."""
    program(tmp_path, f"sleep 3217 & echo $! >{tmp_path}/child\nwait", monkeypatch)
    with pytest.raises(OutOfTime, match="LibreOffice was stopped after 2 seconds"):
        find_pages(document, seconds=2)
    child = int((tmp_path / "child").read_text())
    with suppress(psutil.NoSuchProcess):
        assert psutil.Process(child).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("exit 0", "LibreOffice could not read the Word file"),
        ("echo 'source file could not be loaded' >&2; exit 77", "could not be loaded"),
    ],
)
def test_a_libreoffice_that_fails(
    lines: str, message: str, document: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own words are passed on; without any, the setting is named."""
    program(tmp_path, lines, monkeypatch)
    with pytest.raises(EngineError, match=re.escape(message)):
        find_pages(document, seconds=60)


def test_a_review_asks_for_them(
    project: Callable[..., Path], reviewpress: Callable[..., Any], tool: Callable[[str], str],
    tmp_path: Path,
) -> None:  # fmt: skip
    """With `word-page-numbers` the edition has them, without it none; a wrong value is named."""
    tool("soffice")
    root = project("minimal")
    settings = root / "_quarto.yml"
    written = settings.read_text(encoding="utf-8")
    command = "render --engine pandoc --to docx"
    assert reviewpress(command, cwd=root).status == 0
    [made] = (root / "_output").rglob("*.docx")
    assert {number for _, number in entries(made.read_bytes(), tmp_path)} == {""}
    settings.write_text(f"{written}  word-page-numbers: true\n", encoding="utf-8")
    assert reviewpress(command, cwd=root).status == 0
    assert all(number.isdigit() for _, number in entries(made.read_bytes(), tmp_path))
    settings.write_text(f"{written}  word-page-numbers: soon\n", encoding="utf-8")
    assert "word-page-numbers" in reviewpress(command, cwd=root).stderr
