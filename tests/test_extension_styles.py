"""The styles of Quarto's pages (`quarto/quarto.css`), in a browser, on markup as Quarto has it."""

import shutil
from pathlib import Path
from typing import Any

import pytest

EXTENSION = Path(__file__).parents[1] / "_extensions" / "reviewpress"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}"/>'


def shown(page: Any, folder: Path, body: str, width: int) -> Any:
    """Show a page of Quarto's with the extension's styles over what Bootstrap sets first."""
    for name in ("quarto", "fonts"):
        shutil.copytree(EXTENSION / name, folder / name)
    (folder / "page.html").write_text(
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
        "<style>*, ::before, ::after { box-sizing: border-box } body { margin: 0 }</style>"
        '<link rel="stylesheet" href="quarto/quarto.css"></head>'
        f'<body><main class="content">{body}</main></body></html>'
    )
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((folder / "page.html").as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 665, 1280])
@pytest.mark.parametrize("size", [(582, 123), (300, 900), (1600, 200)])
def test_images_keep_their_proportions(
    page: Any, tmp_path: Path, width: int, size: tuple[int, int]
) -> None:
    """Quarto gives an image with a size the class `figure-img` alone: no height of `auto`."""
    (tmp_path / "a.svg").write_text(DRAWING.format(*size))
    image = f'<img src="a.svg" class="figure-img" alt="A" width="{size[0]}" height="{size[1]}">'
    view = shown(page, tmp_path, f"<figure>{image}</figure><p>{image}</p>", width)
    boxes = view.evaluate(
        "[...document.querySelectorAll('img')].map(e => { const s = getComputedStyle(e)\n"
        "  const at = name => parseFloat(s[name])\n"
        "  return [e.clientWidth - at('paddingLeft') - at('paddingRight'),\n"
        "    e.clientHeight - at('paddingTop') - at('paddingBottom')] })"
    )
    for wide, high in boxes:
        assert wide / high == pytest.approx(size[0] / size[1], rel=0.02)
    assert view.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_long_row_of_codes_wraps(page: Any, tmp_path: Path) -> None:
    """On 320 pixels seventeen codes after a word stay on the page, and none is broken in two."""
    links = ",".join(f'<a class="code" href="#r{n}">{n}</a>' for n in range(21, 38))
    view = shown(page, tmp_path, f"<p>It was said<sup>{links}</sup>.</p>", 320)
    assert view.evaluate("document.documentElement.scrollWidth") == 320
    rows = view.evaluate(
        "[...document.querySelectorAll('sup a')].map(e => e.getClientRects().length)"
    )
    assert set(rows) == {1}
