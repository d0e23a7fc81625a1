"""Charts in pages."""

import re
from pathlib import Path

from reviewpress.formats.inline_charts import LARGEST, inline_charts, reader_of

CHART = (
    '<svg class="rp-chart" role="img" xmlns="http://www.w3.org/2000/svg" width="72pt" '
    'height="36pt" viewBox="0 0 72 36" direction="ltr" font-size="10px">\n'
    "<title>T &amp; T</title>\n<desc>D</desc>\n<text>words</text>\n</svg>"
)
FILES = {"../figures/fig-a.svg": CHART, "../figures/fig-a-narrow.svg": CHART.replace("36", "18")}
IMAGE = '<img src="../figures/fig-a.svg" width="96" height="48" alt="Says &quot;it&quot;." />'
PICTURE = (
    '<picture><source media="screen and (max-width: 40rem)" '
    f'srcset="../figures/fig-a-narrow.svg" width="96" height="24">{IMAGE}</picture>'
)


def read(address: str) -> str:
    return FILES.get(address, "")


def test_a_chart_is_in_the_page_with_its_alternative() -> None:
    """Its title would be shown by every browser that points at it, so it goes."""
    page = inline_charts(f"<p>a</p>{IMAGE}<p>b</p>", read)
    assert page.startswith(
        '<p>a</p><svg class="rp-chart" role="img" aria-label="Says &quot;it&quot;." width="96" '
        'height="48" viewBox="0 0 72 36" xmlns="http://www.w3.org/2000/svg" direction="ltr"'
    )
    assert page.endswith("<text>words</text>\n</svg><p>b</p>")
    assert "<title>" not in page
    assert "<img" not in page


def test_both_versions_of_a_chart_are_there() -> None:
    """The style sheet shows one of them; each has the alternative."""
    page = inline_charts(PICTURE, read)
    assert re.findall(r'<svg class="([^"]*)"', page) == ["rp-chart wide", "rp-chart narrow"]
    assert page.count('aria-label="Says') == 2
    assert "<picture>" not in page


def test_nothing_that_a_page_holds_is_loaded_ahead() -> None:
    """The link to the narrow version goes with the image, and stays where the image does."""
    link = '<link rel="preload" as="image" href="../figures/fig-a-narrow.svg">'
    assert "preload" not in inline_charts(link + PICTURE, read)
    assert inline_charts(link + PICTURE, lambda address: "") == link + PICTURE


def test_other_pictures_stay_images() -> None:
    """A drawing of the author's, a photograph, what is not there."""
    drawing = '<img src="drawn/a.svg" alt="A" />'
    page = f'{drawing}<img src="b.png" alt="B" /><img src="none.svg" alt="C" />'
    files = {"drawn/a.svg": "<svg><title>T</title></svg>"}
    assert inline_charts(page, lambda address: files.get(address, "")) == page


def test_a_vast_chart_stays_an_image(tmp_path: Path) -> None:
    """A page with it would be slow."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a b.svg").write_text(CHART, "utf-8")
    (tmp_path / "figures" / "c.svg").write_text(CHART + " " * LARGEST, "utf-8")
    found = reader_of(tmp_path, "chapters/x.html")
    assert found("../figures/a%20b.svg") == CHART
    assert found("../figures/c.svg") == ""
    assert found("../figures/none.svg") == ""


def test_a_chart_without_its_narrow_version_is_shown_at_every_width(tmp_path: Path) -> None:
    """Where a program has copied the one alone; what is in the review is taken from there."""
    (tmp_path / "site" / "figures").mkdir(parents=True)
    (tmp_path / "figures").mkdir()
    (tmp_path / "site" / "figures" / "fig-a.svg").write_text(CHART, "utf-8")
    page = inline_charts(PICTURE, reader_of(tmp_path / "site", "chapters/x.html", tmp_path))
    assert re.findall(r'<svg class="([^"]*)"', page) == ["rp-chart"]
    (tmp_path / "figures" / "fig-a-narrow.svg").write_text(CHART, "utf-8")
    page = inline_charts(PICTURE, reader_of(tmp_path / "site", "chapters/x.html", tmp_path))
    assert re.findall(r'<svg class="([^"]*)"', page) == ["rp-chart wide", "rp-chart narrow"]
