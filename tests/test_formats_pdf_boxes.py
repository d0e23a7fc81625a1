"""Boxes of the PDF: which stand whole on a page, and which go on."""

import shutil
import subprocess
from pathlib import Path

import pytest
from chapters_made import make_chapters

SENTENCE = "Some words of a review that fill a line of a page of it, and a bit."
FILLER = f"{SENTENCE} {SENTENCE}\n\n"
BREAK = "{{< pagebreak >}}\n\n"
KINDS = ("key-message", "evidence-box", "callout-note")


@pytest.mark.parametrize(
    ("filled", "lines", "seen"),
    [(10, 5, ("first", "last")), (10, 20, ("first",)), (15, 5, ()), (15, 20, ())],
)
def test_a_box_leaves_no_quarter_of_a_page_empty(
    filled: int, lines: int, seen: tuple[str, ...], tmp_path: Path
) -> None:
    """Where a third of a page is left, a low box stands there whole, and a high one goes on.

    Where less than a fifth is left, the next page begins with it.
    """
    program = shutil.which("pdftotext")
    assert program, "pdftotext is needed"
    words = f"{FILLER * filled}Filled last.\n\n"
    box = f"Boxed first. {f'{SENTENCE} ' * lines}Boxed last."
    text = "".join(f"{BREAK}{words}::: {{.{kind}}}\n{box}\n:::\n\n" for kind in KINDS)
    [pdf] = make_chapters(tmp_path, {"one": f"# One\n\n{text}"}, program).folder.glob("*.pdf")
    done = subprocess.run([program, pdf, "-"], capture_output=True, text=True, check=True)
    pages = done.stdout.split("\f")
    ends = [at for at, page in enumerate(pages) if "Filled last." in page]
    assert len(ends) == len(KINDS)
    for at in ends:
        assert [end for end in ("first", "last") if f"Boxed {end}." in pages[at]] == [*seen]
        assert "Boxed last." in pages[at] + pages[at + 1]
