"""Faults in the markup around Quarto's pages, as seen with 1.10.18 on 29 November 2026.

Recordings hold the main part of a page alone, since what is around it is a template of Quarto's:
the shapes here are written after it.
"""

from reading import Page

from reviewpress.quarto.page_repairs import repair_page

LABELS = {
    "toc-title-document": "Contents", "page-turns": "Previous and next page",
    "previous-page": "Previous", "next-page": "Next",
}  # fmt: skip
PAGE = """<!DOCTYPE html>
<html lang="en"><head>
<link href="a.css" rel="stylesheet" append-hash="true" id="quarto-bootstrap">
</head><body>
<nav id="quarto-sidebar" class="sidebar">
<a class="toggle" data-bs-target="#one" role="navigation" aria-expanded="true">One</a></nav>
<main>A <code>&lt;link append-hash="true"&gt;</code> in words.</main>
<nav class="page-navigation">
  <div class="nav-page nav-page-previous">
      <a href="a.html" class="pagination-link" aria-label="What “we” do &amp; why">
        <i class="bi"></i> <span><span>1</span>&nbsp; <span>What “we” do &amp; why</span></span>
      </a>
  </div>
  <div class="nav-page nav-page-next">
      <a href="b.html" class="pagination-link"><span>Protocol</span> <i class="bi"></i></a>
  </div>
</nav>
<script>if (1 < 2 && "</b>") {}</script>
<picture><source srcset="a.svg"><img src="a.png" alt=""></picture>
</body></html>
"""


def test_a_page_of_quarto_is_repaired() -> None:
    """Valid attributes, landmarks with names, and links called by the words that they show."""
    made = Page(repair_page(PAGE, LABELS))
    assert made.one("//link").root.items() == [
        ("href", "a.css"), ("rel", "stylesheet"), ("id", "quarto-bootstrap"),
    ]  # fmt: skip
    assert made.values("//nav/@aria-label") == ["Contents", "Previous and next page"]
    turns = made.values("//a[@class='pagination-link']/@aria-label")
    assert turns == ["Previous: 1 What “we” do & why", "Next: Protocol"]
    assert made.one("//a[.='One']").get("role") == "button"


def test_what_is_right_stays_as_quarto_wrote_it() -> None:
    """Words, scripts and elements without content are those of the page."""
    made = repair_page(PAGE, LABELS)
    assert made[made.index("<main>") :].startswith(PAGE[PAGE.index("<main>") :][:80])
    assert made[made.index("<script>") :] == PAGE[PAGE.index("<script>") :]


def test_how_quarto_writes_a_tag_does_not_matter() -> None:
    """Another order of attributes, other quotation marks and line breaks are repaired alike."""
    written = PAGE.replace('<nav id="quarto-sidebar" class="sidebar">',
                           "<nav\n class='sidebar' id=quarto-sidebar>")  # fmt: skip
    written = written.replace('<nav class="page-navigation">', "<NAV class='wide page-navigation'>")
    made = Page(repair_page(written, LABELS))
    assert made.values("//nav/@aria-label") == ["Contents", "Previous and next page"]


def test_a_repaired_page_stays_as_it_is() -> None:
    """A render of some pages leaves the others alone; so does a page without a neighbour."""
    made = repair_page(PAGE, LABELS)
    assert repair_page(made, LABELS) == made


def test_the_words_of_a_label_cannot_end_an_attribute() -> None:
    """A review's own labels may hold quotation marks."""
    made = repair_page(PAGE, LABELS | {"toc-title-document": 'The "contents"'})
    assert Page(made).values("//nav/@aria-label")[0] == 'The "contents"'
