"""The flagship's editions as readers use them: with a keyboard, a screen reader, a small screen.

The same checks that `reviewpress check --release` runs hold here without exception, then the ways
through a page are walked in a real browser.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from reading import Page

from reviewpress.checks.release.links import check_page_links
from reviewpress.checks.release.markup import check_markup
from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.checks.release.wcag import check_wcag, serve_folder

EDITIONS = ("report", "summary")
LARGEST_PAGE = 300_000
LARGEST_LIST = 220_000
"""What a page may have besides, where it says of a hundred numbers and findings where each is from.

The list is closed until it is asked for, names long lists of rows once, shows the code of each, and
comes packed.
"""
CHAPTER = "chapters/rationales.html"

# What outloud warns of and we let stand, and why.
EXPLAINED = {
    "ORD-001": "Typst paints a page in layers; readers follow the tags, whose order is right",
    "FIG-012": "the text of a chart lists its numbers, which it takes for no language",
    "PAG-001": "the line that names a source ends several pages, as a running foot would",
}


Wait = Callable[[Any, str], None]


def pages(folder: Path) -> list[str]:
    """List the addresses of an edition's pages."""
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*.html")))
    return [path.as_posix() for path in found]


def focused(page: Any, expression: str = "e.textContent.trim()") -> str:
    """Say what has the focus."""
    return str(
        page.evaluate(f"(() => {{ const e = document.activeElement; return {expression} }})()")
    )


# What programs find -------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_meets_wcag(flagship: dict[str, Path], browser: str, edition: str) -> None:
    """axe finds nothing on any page, in light and dark, at 320 and 1280 pixels."""
    assert [str(problem) for problem in check_wcag(flagship[edition])] == []


BROKEN = """<!doctype html><html lang="en"><head><title>Broken</title><style>
p {color: #222; background: #fff} @media (prefers-color-scheme: dark) {p {color: #eee}}
pre {width: 600px; margin: 0} @media (min-width: 1000px) {p {font-size: 1rem} b {color: #ccc}}
</style></head><body><main><h1>Broken</h1><p>Words <b>and</b> words</p><pre>wide</pre>
<img src="missing.png"></main></body></html>"""


@pytest.mark.browser
def test_a_broken_page_does_not_pass(tmp_path: Path, browser: str) -> None:
    """What is wrong in one width or one colour scheme alone is found as well, and said once."""
    (tmp_path / "broken.html").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "dark.html").write_text(
        BROKEN.replace("b {color: #ccc}", "").replace('<img src="missing.png">', ""),
        encoding="utf-8",
    )
    problems = list(check_wcag(tmp_path))
    found = {(p.where.file, p.subject): p.message for p in problems if p.where}
    assert len(found) == len(problems)
    assert "(light, 320 px" in found["broken.html", "image-alt"]
    assert "(light, 320 px)" in found["broken.html", "reflow"]
    assert "(dark, 320 px" in found["dark.html", "color-contrast"]
    assert ("dark.html", "image-alt") not in found
    light_wide = BROKEN.replace("@media (prefers-color-scheme: dark)", "@media print")
    (tmp_path / "broken.html").write_text(light_wide, encoding="utf-8")
    (tmp_path / "dark.html").unlink()
    found = {(p.where.file, p.subject): p.message for p in check_wcag(tmp_path) if p.where}
    assert "(light, 1280 px" in found["broken.html", "color-contrast"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_is_valid(flagship: dict[str, Path], tool: Any, edition: str) -> None:
    """The Nu checker finds no error."""
    tool("java")
    assert [str(problem) for problem in check_markup(flagship[edition])] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_link_leads_somewhere(flagship: dict[str, Path], edition: str) -> None:
    """Each internal link and fragment exists, and nothing is loaded from elsewhere."""
    assert [str(problem) for problem in check_page_links(flagship[edition])] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_pdf_meets_pdf_ua(flagship: dict[str, Path], edition: str) -> None:
    """outloud finds no error, and each of its warnings is explained."""
    problems = list(check_pdfs(flagship[edition]))
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert {problem.subject for problem in problems} <= set(EXPLAINED)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_is_light(flagship: dict[str, Path], edition: str) -> None:
    """No page is heavier than 300 kB without fonts, figures and where its numbers come from."""
    folder = flagship[edition]
    for name in pages(folder):
        content = (folder / name).read_bytes()
        listed = re.search(rb'<details class="provenance".*?</details>', content, re.DOTALL)
        size = len(listed[0]) if listed else 0
        assert len(content) - size < LARGEST_PAGE, name
        assert size < LARGEST_LIST, name


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_has_an_outline(flagship: dict[str, Path], edition: str) -> None:
    """One h1, no level left out, a language, landmarks, a title of its own, nothing inline."""
    titles = []
    for name in pages(flagship[edition]):
        page = Page(flagship[edition] / name)
        levels = [int(e.tag[1]) for e in page.root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
        assert page.root.get("lang") == "en-GB", name
        assert all(page.all(f"//{tag}") for tag in ("header", "nav", "main", "footer")), name
        data = "not(@type='application/ld+json')"
        assert not page.all(f"//style | //@style/.. | //script[not(@src) and {data}]"), name
        assert not page.all("//@*[starts-with(local-name(), 'on')]/.."), name
        titles.append(page.one("//head/title").words())
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_leads_to_the_accessibility_statement(
    flagship: dict[str, Path], edition: str
) -> None:
    """The summary has a statement of its own: it may be put online without the report."""
    for name in pages(flagship[edition]):
        links = Page(flagship[edition] / name).all("//footer//a")
        assert "Accessibility statement" in [link.words() for link in links], name


# The way through a page ---------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_asks_for_anything_else(
    flagship: dict[str, Path], window: Any, edition: str
) -> None:
    """Pages load without a request to another site, a missing file or a breach of their policy."""
    said: list[str] = []
    with serve_folder(flagship[edition]) as address:
        context = window.new_context()
        view = context.new_page()
        view.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        view.on("pageerror", lambda error: said.append(str(error)))
        view.on("request", lambda r: r.url.startswith(address) or said.append(r.url))
        view.on("response", lambda r: r.status < 400 or said.append(f"{r.status} {r.url}"))
        for name in pages(flagship[edition]):
            view.goto(f"{address}/{name}")
        context.close()
    assert said == []


@pytest.mark.browser
def test_skip_link_comes_first_and_leads_to_the_text(page: Any, site: str) -> None:
    """The first Tab shows the skip link; Enter puts the focus into the text."""
    page.goto(f"{site}/{CHAPTER}")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    box = page.locator(":focus").bounding_box()
    assert box is not None
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.browser
def test_every_stop_of_the_keyboard_can_be_seen(page: Any, site: str) -> None:
    """Tabbing through a page never lands on something invisible, and shows where it is."""
    page.goto(f"{site}/{CHAPTER}")
    seen = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        box = page.locator(":focus").bounding_box()
        if box is None:
            break
        assert box["width"] > 0, focused(page, "e.outerHTML")
        assert focused(page, "getComputedStyle(e).outlineStyle") != "none"
        seen += 1
    assert seen > 40


@pytest.mark.browser
def test_no_stop_hides_below_the_header_of_a_table(page: Any, site: str) -> None:
    """Going back through a long table, each link comes out below the header that stays in sight."""
    page.goto(f"{site}/chapters/appendix-papers.html")
    # Measured at once: the page itself may still be moving.
    below = """document.activeElement.getBoundingClientRect().top
        - document.querySelector('.wide thead th').getBoundingClientRect().bottom"""
    links = page.locator(".wide tbody a")
    links.nth(40).focus()
    for _ in range(35):
        page.keyboard.press("Shift+Tab")
        room = page.evaluate(below)
        assert room >= -1, focused(page)


@pytest.mark.browser
def test_a_printed_page_has_its_references(page: Any, site: str) -> None:
    """What a raised code means is printed with the page, though it is folded on the screen."""
    page.goto(f"{site}/{CHAPTER}")
    reference = page.locator(".page-references .reference").first
    assert not reference.is_visible()
    page.emulate_media(media="print")
    assert reference.is_visible()
    assert reference.bounding_box()["height"] > 10


@pytest.mark.browser
def test_contents_say_where_the_reader_is(page: Any, site: str) -> None:
    """The contents list marks the page, once, and leads to the others."""
    page.goto(f"{site}/{CHAPTER}")
    current = page.locator("nav.contents [aria-current=page]")
    assert current.count() == 1
    assert "Rationales" in current.inner_text()
    page.locator("nav.contents a", has_text="Definitions").first.click()
    page.wait_for_url("**/definitions.html")


@pytest.mark.browser
def test_the_home_page_says_where_to_turn(page: Any, site: str) -> None:
    """After the answers stands a list of questions that leads to every chapter."""
    page.goto(f"{site}/index.html")
    table = page.locator("#tbl-index-finding")
    assert page.locator("article h2").nth(3).inner_text() == "Which part do you need?"
    leads = {link.get_attribute("href").partition("#")[0] for link in table.locator("a").all()}
    named = page.locator("nav.contents a", has=page.locator(".number")).all()
    chapters = {link.get_attribute("href") for link in named if link.inner_text()[0].isdigit()}
    assert chapters - leads == {"chapters/references.html"}


@pytest.mark.browser
def test_lists_and_boxes_have_names(page: Any, site: str) -> None:
    """A screen reader says which part a list of contents is of, and what each fold is about."""
    page.goto(f"{site}/{CHAPTER}")
    assert page.get_by_role("list", name="Findings").locator("a").count() == 6
    assert page.get_by_role("note").count() >= 2
    page.goto(f"{site}/chapters/references.html")
    names = [text.strip() for text in page.locator(".cited-in summary").all_text_contents()]
    assert names[0].startswith("Cited in 18 places: reference 1, Alexander")
    included = [name for name in names if "reference" in name]
    assert len(set(included)) == len(included) > 80


@pytest.mark.browser
def test_search_by_keyboard(page: Any, site: str, wait_until: Wait) -> None:
    """Search opens, announces its results, is walked with arrows, and gives the focus back."""
    page.goto(f"{site}/index.html")
    page.locator(".search-open").focus()
    page.keyboard.press("Enter")
    assert focused(page, "e.id") == "search-input"
    page.keyboard.type("co-location")
    # Results of the first letters come first: those of the whole word are waited for.
    found = "document.querySelector('.search-status').textContent.includes('with “co-location”')"
    wait_until(page, found)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.search-results') !== null")
    page.keyboard.press("ArrowUp")
    assert focused(page, "e.id") == "search-input"
    page.keyboard.press("Escape")
    if page.evaluate("document.querySelector('.search-dialog').open"):
        page.keyboard.press("Escape")  # the first one empties the field
    assert focused(page, "e.className") == "search-open"
    page.keyboard.press("Enter")
    page.keyboard.type("co-location")
    wait_until(page, found)
    page.keyboard.press("Enter")
    wait_until(page, "document.activeElement.closest('.search-results') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chapters/**")


@pytest.mark.browser
def test_enter_goes_to_the_first_answer_at_once(page: Any, site: str, wait_until: Wait) -> None:
    """Of all that was typed, and no later search takes the focus away."""
    page.goto(f"{site}/index.html")
    page.locator(".search-open").click()
    page.keyboard.type("co-location")
    page.keyboard.press("Enter")
    first = "document.activeElement === document.querySelector('.search-results a')"
    wait_until(page, first)
    assert "with “co-location”" in page.locator(".search-status").inner_text()
    # Longer than a search waits for another letter.
    page.wait_for_timeout(400)
    assert page.evaluate(first)


@pytest.mark.browser
def test_search_says_when_it_finds_nothing(page: Any, site: str, wait_until: Wait) -> None:
    """No result is an answer too."""
    page.goto(f"{site}/index.html")
    page.locator(".search-open").click()
    page.keyboard.type("qwxyz")
    said = "document.querySelector('.search-status').textContent.includes('Nothing found')"
    wait_until(page, said)


@pytest.mark.browser
def test_reference_shows_on_focus_and_goes_on_escape(page: Any, site: str) -> None:
    """A code announces itself and describes its reference; Escape hides it, the focus stays."""
    page.goto(f"{site}/{CHAPTER}")
    code = page.locator("article sup a.code").first
    number = code.inner_text()
    assert code.get_attribute("aria-label").startswith(f"reference {number}, ")
    code.focus()
    popup = page.locator("[role=tooltip]")
    assert popup.is_visible()
    assert code.get_attribute("aria-describedby") == popup.get_attribute("id")
    assert "(20" in popup.inner_text()
    page.keyboard.press("Escape")
    assert not popup.is_visible()
    assert focused(page) == number


@pytest.mark.browser
def test_reference_stays_while_the_pointer_is_on_it(page: Any, site: str) -> None:
    """The pointer may move onto the pop-up, which stays until left."""
    page.goto(f"{site}/{CHAPTER}")
    page.locator("article sup a.code").first.hover()
    popup = page.locator("[role=tooltip]")
    assert popup.is_visible()
    popup.hover()
    page.wait_for_timeout(400)
    assert popup.is_visible()
    page.mouse.move(2, 2)
    popup.wait_for(state="hidden")


@pytest.mark.browser
def test_a_bare_number_says_its_title(page: Any, site: str) -> None:
    """“Chapter 7” is described by the title of that chapter, to a pointer and on focus."""
    page.goto(f"{site}/chapters/questions.html")
    link = page.locator("article a.xref", has_text="Chapter\u00a07").first
    popup = page.locator("[role=tooltip]")
    for come in (link.hover, link.focus):
        come()
        assert popup.inner_text() == "Definitions"
        assert link.get_attribute("aria-describedby") == popup.get_attribute("id")
        page.keyboard.press("Escape")
        assert not popup.is_visible()


@pytest.mark.browser
def test_a_finger_shows_a_reference_and_follows_it_at_the_second_tap(
    window: Any, site: str
) -> None:
    """The first tap says what is cited, one elsewhere dismisses it, and a second goes there."""
    context = window.new_context(has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}")
    code = page.locator("article sup a.code").first
    popup = page.locator("[role=tooltip]")
    code.tap()
    assert popup.is_visible()
    assert "#ref-" not in page.url
    page.locator("h1").tap()
    assert not popup.is_visible()
    code.tap()
    # Two taps at once are one of another kind.
    page.wait_for_timeout(700)
    code.tap()
    page.wait_for_url("**#ref-*")
    context.close()


@pytest.mark.browser
def test_code_leads_to_its_reference_and_back(page: Any, site: str) -> None:
    """A code leads to its entry, which lists the places that cite it, and they lead back."""
    page.goto(f"{site}/{CHAPTER}")
    page.locator("article sup a.code").first.click()
    page.wait_for_url("**/references.html#ref-*")
    entry = page.locator(":target")
    entry.locator("summary").click()
    entry.locator(".cited-in a[href*='rationales.html']").first.click()
    page.wait_for_url("**/rationales.html**")


@pytest.mark.browser
def test_data_of_a_chart_by_keyboard(page: Any, site: str) -> None:
    """The data of a chart open with Enter, with headers; the files to download exist."""
    page.goto(f"{site}/{CHAPTER}")
    summary = page.locator("details.figure-data > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    table = page.locator("details.figure-data table").first
    assert table.is_visible()
    assert table.locator("th[scope=col]").count() >= 2
    assert table.locator("caption").inner_text() != ""
    for link in page.locator(".downloads").first.locator("a").all():
        assert page.request.get(f"{site}/chapters/{link.get_attribute('href')}").ok


@pytest.mark.browser
def test_pages_work_without_script(window: Any, site: str) -> None:
    """Without scripts search is not offered, and everything else is there."""
    context = window.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{CHAPTER}")
    assert not page.locator(".search-open").is_visible()
    assert page.locator("nav.contents a").first.is_visible()
    page.locator(".page-references summary").click()
    assert page.locator(".page-references .reference").first.is_visible()
    context.close()


@pytest.mark.browser
def test_pages_work_from_disk(page: Any, flagship: dict[str, Path]) -> None:
    """Opened as files, pages have their style and their links, and no search that cannot work."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((flagship["report"] / CHAPTER).as_uri())
    assert "Review Sans" in page.evaluate("getComputedStyle(document.body).fontFamily")
    assert not page.locator(".search-open").is_visible()
    page.locator(".page-turns .next").click()
    assert page.url.startswith("file:")
    assert said == []


@pytest.mark.browser
def test_targets_are_large_enough(page: Any, site: str) -> None:
    """Links and buttons outside sentences are at least 24 pixels high (WCAG 2.5.8)."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{site}/{CHAPTER}")
    small = page.evaluate("""() => [...document.querySelectorAll(
        'header a, header button, nav a, footer li a, .downloads a, summary')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
        .map(e => e.textContent.trim())""")
    assert small == []


@pytest.mark.browser
def test_citation_can_be_copied(window: Any, site: str, wait_until: Wait) -> None:
    """The citation goes to the clipboard and the page says so."""
    context = window.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/index.html")
    page.locator(".copy-citation").click()
    wait_until(page, "document.querySelector('.copy-status').textContent !== ''")
    assert page.locator(".copy-status").inner_text() == "Copied."
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == " ".join(page.locator(".cite-text").inner_text().split())
    context.close()
