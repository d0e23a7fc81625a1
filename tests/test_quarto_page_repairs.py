"""Faults in the markup around Quarto's pages, as seen with 1.10.18 on 29 November 2026.

Recordings hold the main part of a page alone, since what is around it is a template of Quarto's:
the shapes here are written after it.
"""

from reviewpress.quarto.page_repairs import repair_page

LABELS = {
    "toc-title-document": "Contents", "page-turns": "Previous and next page",
    "previous-page": "Previous", "next-page": "Next",
}  # fmt: skip
PAGE = """<link href="a.css" rel="stylesheet" append-hash="true" id="quarto-bootstrap">
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
"""


def test_a_page_of_quarto_is_repaired() -> None:
    """Valid attributes, landmarks with names, and links called by the words that they show."""
    made = repair_page(PAGE, LABELS)
    assert '<link href="a.css" rel="stylesheet" id="quarto-bootstrap">' in made
    assert '<nav id="quarto-sidebar" aria-label="Contents" class="sidebar">' in made
    assert '<nav class="page-navigation" aria-label="Previous and next page">' in made
    assert 'aria-label="Previous: 1 What “we” do &amp; why">' in made
    assert 'aria-label="Next: Protocol">' in made
    assert made.count("aria-label=") == 4
    assert 'data-bs-target="#one" role="button" aria-expanded="true">One</a>' in made
    assert 'role="navigation"' not in made
    assert '&lt;link append-hash="true"&gt;' in made


def test_a_repaired_page_stays_as_it_is() -> None:
    """A render of some pages leaves the others alone; so does a page without a neighbour."""
    made = repair_page(PAGE, LABELS)
    assert repair_page(made, LABELS) == made
    alone = '<nav class="page-navigation" aria-label="x"><div class="nav-page nav-page-next"></div>'
    assert repair_page(alone, LABELS) == alone


def test_the_words_of_a_label_cannot_end_an_attribute() -> None:
    """A review's own labels may hold quotation marks."""
    made = repair_page(PAGE, LABELS | {"toc-title-document": 'The "contents"'})
    assert 'aria-label="The &quot;contents&quot;"' in made
