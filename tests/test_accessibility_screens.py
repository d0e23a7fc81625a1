"""Pages on narrow screens and with large text: charts, tables, the contents list."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.checks.release.wcag import serve_folder

EDITIONS = ("report", "summary")
CHAPTER = "chapters/rationales.html"

# How large, in shares of its printed size, each chart in sight is shown.
SIZES = """() => [...document.querySelectorAll('figure img')].filter(e => e.checkVisibility())
    .map(e => { const s = getComputedStyle(e)
        const room = e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)
        return [e.currentSrc.split('/').pop(), room / e.naturalWidth] })"""


Wait = Callable[[Any, str], None]


def pages(folder: Path) -> list[str]:
    """List the addresses of an edition's pages."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*.html")))
    return [path.as_posix() for path in found]


@pytest.mark.browser
def test_wide_table_scrolls_by_keyboard(page: Any, site: str, wait_until: Wait) -> None:
    """A wide table is a named region that takes the focus and scrolls with the arrows."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site}/chapters/appendix-papers.html")
    region = page.locator(".table-scroll.wide").first
    name = region.get_attribute("aria-labelledby")
    assert page.locator(f"#{name}").inner_text() != ""
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('.table-scroll.wide').scrollLeft > 0")
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
@pytest.mark.parametrize("edition", EDITIONS)
def test_charts_can_be_read_on_every_screen(
    flagship: dict[str, Path], window: Any, edition: str
) -> None:
    """No chart is shown smaller than nine tenths of its size: its text can be read."""
    small = []
    with serve_folder(flagship[edition]) as address:
        for width in (320, 480, 640, 680, 1280):
            context = window.new_context(viewport={"width": width, "height": 900})
            view = context.new_page()
            for name in pages(flagship[edition]):
                view.goto(f"{address}/{name}")
                sizes = view.evaluate(SIZES)
                small += [(width, name, *each) for each in sizes if each[1] < 0.88]
            context.close()
    assert small == []


@pytest.mark.browser
def test_a_chart_without_a_narrow_version_scrolls_by_keyboard(
    page: Any, site: str, wait_until: Wait
) -> None:
    """It stands in a named group that takes the focus where it scrolls, and nowhere else."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site}/chapters/quality.html")
    region = page.locator(".figure-scroll").last
    assert region.get_attribute("aria-label") == "Figure\xa06.3"
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    wait_until(page, "[...document.querySelectorAll('.figure-scroll')].at(-1).scrollLeft > 0")
    page.set_viewport_size({"width": 1280, "height": 700})
    wait_until(page, "document.querySelectorAll('.figure-scroll[tabindex]').length === 0")


@pytest.mark.browser
def test_tables_fit_where_they_can(flagship: dict[str, Path], window: Any) -> None:
    """On a wide screen only tables across scroll; on a narrow one those of two columns do not."""
    scrolling = """wide => [...document.querySelectorAll('.table-scroll:not(.wide)')]
        .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
        .filter(e => wide || e.querySelectorAll('thead tr:first-child th').length < 3)
        .map(e => e.textContent.trim().slice(0, 60))"""
    found = []
    with serve_folder(flagship["report"]) as address:
        for width in (320, 1280):
            context = window.new_context(viewport={"width": width, "height": 900})
            view = context.new_page()
            for name in pages(flagship["report"]):
                view.goto(f"{address}/{name}")
                found += [(width, name, each) for each in view.evaluate(scrolling, width > 320)]
            context.close()
    assert found == []


@pytest.mark.browser
def test_the_caption_of_a_wide_table_stays_in_sight(page: Any, site: str) -> None:
    """It breaks within the screen, and stays while the table under it is scrolled."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site}/chapters/appendix-papers.html")
    caption = page.locator(".table-scroll.wide caption > span")
    page.evaluate("document.querySelector('.table-scroll.wide').scrollLeft = 400")
    box = caption.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_contents_on_a_small_screen(window: Any, site: str, script: bool) -> None:
    """A button opens the contents and closes them, with a script or without."""
    context = window.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}")
    contents = page.locator("nav.contents")
    assert not contents.is_visible()
    page.locator(".contents-open").click()
    assert contents.is_visible()
    page.locator(".contents-close").click()
    assert not contents.is_visible()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1280])
def test_text_twice_as_large_stays_on_the_page(page: Any, site: str, width: int) -> None:
    """At 200 % text nothing is scrolled sideways, and nothing is cut off; on a phone, too."""
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("index.html", CHAPTER, "chapters/references.html"):
        page.goto(f"{site}/{name}")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, name


# Where the list of a page's sections, the bar that opens it and each wide table are in the window.
BESIDE = """() => {
    const boxes = names => [...document.querySelectorAll(names)].filter(e => e.checkVisibility())
        .map(e => e.getBoundingClientRect().toJSON());
    return {list: boxes('.page-toc')[0] ?? null, bar: boxes('.page-toc-bar')[0] ?? null,
            tables: boxes('.table-scroll.wide, .evidence-map')} }"""


@pytest.mark.browser
@pytest.mark.parametrize("name", ["appendix-findings", "included"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sections_of_a_page_stay_in_sight_beside_a_wide_table(
    window: Any, site: str, name: str, scheme: str
) -> None:
    """On a wide window the list stays where no table runs under it; on others a bar opens it."""
    for width in (1280, 1920):
        context = window.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )
        view = context.new_page()
        view.goto(f"{site}/chapters/{name}.html")
        view.evaluate("scrollTo(0, 2000)")
        found = view.evaluate(BESIDE)
        stays = found["list"] or found["bar"]
        assert stays["top"] == 0
        if width == 1920:
            assert found["bar"] is None
            assert all(table["right"] <= stays["left"] for table in found["tables"])
        else:
            assert found["list"] is None
            view.locator(".page-toc-bar button").click()
            view.locator(".page-toc li a").last.click()
            assert not view.locator(".page-toc").is_visible()
            top = view.evaluate("document.querySelector(location.hash).getBoundingClientRect().top")
            bar = view.locator(".page-toc-bar").bounding_box()
            assert bar["y"] + bar["height"] <= top < 400
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("mark", ["", "<p class='edition-status'>Draft: not to be cited</p>"])
def test_the_list_of_the_first_page_begins_beside_its_text(
    window: Any, site: str, mark: str
) -> None:
    """Also on a low window, below the title and a mark, and then stays in sight."""
    context = window.new_context(viewport={"width": 1366, "height": 560})
    view = context.new_page()
    view.goto(f"{site}/index.html")
    view.evaluate(
        "mark => document.querySelector('main').insertAdjacentHTML('afterbegin', mark)", mark
    )
    tops = "['.hero', '.page-toc', '.prose'].map(e => document.querySelector(e)"
    hero, listed, text = view.evaluate(f"{tops}.getBoundingClientRect().toJSON())")
    assert hero["bottom"] <= listed["top"] == text["top"]
    if mark:
        assert view.locator(".edition-status").bounding_box()["width"] == hero["width"]
    view.evaluate("scrollTo(0, 1200)")
    assert view.evaluate(BESIDE)["list"]["top"] == 0
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "size"), [(320, 100), (768, 100), (1024, 100), (1920, 200)])
def test_where_room_is_short_the_sections_are_listed_once_at_the_top(
    page: Any, site: str, width: int, size: int
) -> None:
    """The list stands above the text, with no bar, and nothing runs over the edge."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/chapters/appendix-findings.html")
    page.evaluate(f"document.documentElement.style.fontSize = '{size}%'")
    found = page.evaluate(BESIDE)
    assert found["bar"] is None
    assert found["list"]["right"] <= width
    assert found["list"]["top"] < found["tables"][0]["top"]
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_printed_pages_turn_for_wide_tables_alone(page: Any, site: str) -> None:
    """A chart stays on the page of its text, whatever version of it is shown."""
    page.emulate_media(media="print")
    for name, names, turned in (
        ("included", ".rp-chart.wide", "auto"),
        ("appendix-findings", ".table-scroll.wide", "across"),
    ):
        page.goto(f"{site}/chapters/{name}.html")
        found = page.locator(names).evaluate_all("all => all.map(e => getComputedStyle(e).page)")
        assert found
        assert set(found) == {turned}
