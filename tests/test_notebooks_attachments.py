"""Images pasted into a cell."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import ChapterError
from reviewpress.notebooks.attachments import place_attachments
from reviewpress.notebooks.source import Cell, Notebook

# A picture of one pixel, as a clipboard may give it.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("name", "written"),
    [("image.png", "image.png"), ("my image.png", "my%20image.png"), ("é-1.jpg", "é-1.jpg")],
)
def test_an_attachment_becomes_a_file(name: str, written: str, tmp_path: Path) -> None:
    """The text names the file in the run's folder, whose content is the attachment's."""
    kind = "image/png" if name.endswith("png") else "image/jpeg"
    cell = Cell(3, "c", "markdown", "", attachments={name: {kind: PIXEL[:40] + "\n" + PIXEL[40:]}})
    notebook = Notebook("chapters/a.ipynb", (cell,))
    text, files = place_attachments(notebook, cell, f"![A](attachment:{written}) here", tmp_path)
    [(stem, file)] = files.items()
    assert text == f"![A](../figures/{file.name}) here"
    assert file.stem == stem
    assert file.read_bytes() == base64.b64decode(PIXEL)


def test_words_of_attachments_are_left_alone(tmp_path: Path) -> None:
    """Only an image or a link is of an attachment; one named below the text is too."""
    cell = Cell(3, "c", "markdown", "", attachments={"a.png": {"image/png": PIXEL}})
    notebook = Notebook("index.ipynb", (cell,))
    text = "An attachment:a.png and `attachment:b.png`."
    assert place_attachments(notebook, cell, text, tmp_path) == (text, {})
    below, files = place_attachments(notebook, cell, "![A][x]\n\n[x]: attachment:a.png", tmp_path)
    assert below.endswith(f"[x]: figures/{next(iter(files))}.png")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("![image.png](attachment:image.png)", "![]("),
        ("![my image.png](attachment:my%20image.png)", "![]("),
        ("![Two beds](attachment:image.png)", "![Two beds]("),
        ("[image.png](attachment:image.png)", "[image.png]("),
    ],
)
def test_the_name_of_a_file_is_no_caption(text: str, left: str, tmp_path: Path) -> None:
    """Jupyter writes it between the brackets of an image that is pasted or dropped."""
    held = {name: {"image/png": PIXEL} for name in ("image.png", "my image.png")}
    cell = Cell(3, "c", "markdown", "", attachments=held)
    placed, _ = place_attachments(Notebook("chapters/a.ipynb", (cell,)), cell, text, tmp_path)
    assert placed.startswith(f"{left}../figures/")


@pytest.mark.parametrize("content", [{}, {"image/png": "no base64!"}, {"text/plain": "x"}])
def test_an_attachment_that_is_none_is_named(content: dict[str, str], tmp_path: Path) -> None:
    """A damaged or lost image is an error with its cell."""
    cell = Cell(3, "c", "markdown", "", attachments={"image.png": content})
    notebook = Notebook("chapters/a.ipynb", (cell,))
    with pytest.raises(ChapterError) as caught:
        place_attachments(notebook, cell, "![A](attachment:image.png)", tmp_path)
    assert str(caught.value).startswith("chapters/a.ipynb, cell 3: ")


def test_a_pasted_image_is_published_and_asks_for_its_words(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Check asks for the alternative text; with it, the page shows the image."""
    root = project()
    path = root / "chapters/findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cell = {
        "cell_type": "markdown",
        "metadata": {},
        "source": "![](attachment:image.png)",
        "attachments": {"image.png": {"image/png": PIXEL}},
    }
    notebook["cells"].append(cell)
    path.write_text(json.dumps(notebook), "utf-8")
    said = reviewpress("check", cwd=root).stderr
    assert (
        "error: chapters/findings.ipynb, cell 6: the image that is pasted into the cell has no "
        "alternative text" in said
    )

    cell["source"] = '![](attachment:image.png){fig-alt="One dot."}'
    path.write_text(json.dumps(notebook), "utf-8")
    assert reviewpress("render --engine pandoc", cwd=root).status == 0
    page = (root / "_output/report/chapters/findings.html").read_text("utf-8")
    [image] = (root / "_output/report/figures").glob("findings-image-*.png")
    assert f'src="../figures/{image.name}" alt="One dot."' in page
    assert image.read_bytes() == base64.b64decode(PIXEL)
