"""What readers come for, and how many clicks away from the first page it is: three at most."""

import re
from collections.abc import Callable
from typing import Any

import pytest

MOST = 3


class Reader:
    """Someone with a mouse and keys, whose clicks are counted."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.clicks = 0

    def click(self, names: str, text: str = "") -> None:
        """Click the first of what is in sight."""
        found = self.page.locator(names, has_text=text) if text else self.page.locator(names)
        found.first.click()
        self.clicks += 1

    def search(self, words: str) -> None:
        """Ask, and follow the first answer."""
        self.click(".search-open")
        self.page.keyboard.type(words)
        self.page.locator(".search-results a").first.wait_for()
        # What is shown may still be the answer to half of the words.
        self.page.wait_for_timeout(400)
        self.click(".search-results a")


def find_costs(reader: Reader) -> None:
    reader.search("costs")
    reader.page.wait_for_url("**/rationales.html#sec-rationales-costs")


def find_costs_by_contents(reader: Reader) -> None:
    reader.click(".contents a", "Rationales")
    reader.click(".page-toc a", "Costs")
    assert reader.page.locator("#sec-rationales-costs").is_visible()


def find_rights(reader: Reader) -> None:
    reader.search("rights")
    reader.page.wait_for_url(re.compile(r"#sec-\w+-rights$"))


def see_how_strong_the_evidence_is(reader: Reader) -> None:
    reader.page.mouse.wheel(0, 800)
    assert reader.page.locator("#sec-index-strength").is_visible()


def find_the_evidence_on_outcomes(reader: Reader) -> None:
    reader.click(".contents a", "Outcomes")
    reader.click(".page-toc a", "Evidence on outcomes")
    assert reader.page.locator("#sec-outcomes-evidence").is_visible()


def get_the_data_of_a_table(reader: Reader) -> None:
    reader.click(".contents a", "Data table")
    with reader.page.expect_download() as got:
        reader.click("article a[download]")
    assert got.value.suggested_filename == "tbl-papers-data.csv"


def copy_the_citation(reader: Reader) -> None:
    reader.page.goto(reader.page.url.replace("index.html", "chapters/outcomes.html"))
    reader.click(".site-footer a", "Cite this")
    reader.click(".copy-citation")
    # The browser copies when it comes to it.
    reader.page.locator(".copy-status:not(:empty)").wait_for(state="attached")


def go_from_a_finding_to_its_row_and_back(reader: Reader) -> None:
    reader.page.goto(reader.page.url.replace("index.html", "chapters/outcomes.html"))
    for number in (0, 7, 30):
        reader.clicks = 0
        # By its place, as a mouse has it: the link is seen only where the mouse is.
        link = reader.page.locator("a.finding-row").nth(number)
        link.scroll_into_view_if_needed()
        box = link.bounding_box()
        reader.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        reader.page.wait_for_url("**/appendix-findings*.html#row-*")
        reader.click(f"[id='{reader.page.url.rpartition('#')[2]}']")
        reader.page.wait_for_url("**/outcomes.html#told-*")


@pytest.mark.browser
@pytest.mark.parametrize(
    "task",
    [
        find_costs,
        find_costs_by_contents,
        find_rights,
        see_how_strong_the_evidence_is,
        find_the_evidence_on_outcomes,
        get_the_data_of_a_table,
        copy_the_citation,
        go_from_a_finding_to_its_row_and_back,
    ],
)
def test_what_readers_come_for_is_three_clicks_away(
    task: Callable[[Reader], None], page: Any, site: str
) -> None:
    """From the first page, or from a chapter for who cites what was just read."""
    reader = Reader(page)
    page.goto(f"{site}/index.html")
    task(reader)
    assert reader.clicks <= MOST


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index.html", "chapters/outcomes.html", "chapters/about.html"])
def test_every_heading_has_a_link_to_copy(page: Any, site: str, name: str) -> None:
    """Each leads to a place of the page, and is called as its heading."""
    page.goto(f"{site}/{name}")
    headings = page.locator("main :is(h1, h2, h3, h4, h5, h6)")
    assert headings.count() > 3
    for heading in headings.all():
        link = heading.locator("a.heading-link")
        assert link.count() == 1
        assert page.locator(f"[id='{link.get_attribute('href')[1:]}']").count() == 1
        assert link.get_attribute("aria-label") or link.text_content()
