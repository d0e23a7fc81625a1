"""What a web server needs beside the pages: looked at as a server and a browser do."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from reviewpress.checks.release.wcag import serve_folder
from reviewpress.config import load_config
from reviewpress.extension import find_extension
from reviewpress.formats.site_files import write_site_files
from reviewpress.labels import load_labels

FRONT = """
project: {{type: book, resources: [CNAME, .htaccess]}}
lang: en-GB
book:
  title: Gardens
  date: 2026-01-31
  {book}
  chapters: [index.qmd, parts/a.qmd, b.qmd]
format: {{html: default, typst: default}}
{top}
"""
SITE = "site-url: https://example.org/gardens/"
FILES = {
    "index.qmd": "# Home\n\nHere.\n",
    "parts/a.qmd": "---\naliases: [old.html, /older/, /dir#sec-in]\n---\n\n# A {#sec-a}\n\n"
    "## Inner {#sec-in}\n",
    "b.qmd": "---\naliases: [/dir]\ndescription: About *B*.\n---\n\n# B {#sec-b}\n\nText.\n",
    "CNAME": "gardens.example.org\n",
    ".htaccess": "Options -Indexes\n",
}


@pytest.fixture
def make(tmp_path: Path, reviewpress: Any) -> Any:
    """Make an edition of a small review."""

    def render(book: str = SITE, top: str = "", status: int = 0, **files: str) -> Any:
        for name, text in {
            **FILES,
            **files,
            "_quarto.yml": FRONT.format(book=book, top=top),
        }.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        done = reviewpress("render --engine pandoc --to html", cwd=tmp_path)
        assert done.status == status, done.stderr
        return done.stderr if status else tmp_path / "_output" / "report"

    return render


def test_search_engines_are_led_to_every_page(make: Any) -> None:
    """The sitemap has the edition's date, so that it is the same each time; robots.txt names it."""
    made = make()
    tree = etree.parse(made / "sitemap.xml")
    found = [[child.text for child in each] for each in tree.getroot()]
    pages = ("", "parts/a.html", "b.html")
    assert found == [[f"https://example.org/gardens/{page}", "2026-01-31"] for page in pages]
    said = (made / "robots.txt").read_text("utf-8")
    assert said == "Sitemap: https://example.org/gardens/sitemap.xml\n"


def test_what_the_web_team_brings_is_published(make: Any) -> None:
    """A robots.txt of the review's own, as Quarto takes it, and what `resources` names."""
    made = make(**{"robots.txt": "User-agent: *\nDisallow: /data/\n"})
    assert "Disallow: /data/" in (made / "robots.txt").read_text("utf-8")
    for name in ("CNAME", ".htaccess"):
        assert (made / name).read_text("utf-8") == FILES[name]


def test_a_draft_is_found_by_nobody(make: Any) -> None:
    """No sitemap, every page says so, and so does robots.txt."""
    made = make(top="reviewpress: {status: draft}")
    assert not (made / "sitemap.xml").exists()
    assert "Disallow: /" in (made / "robots.txt").read_text("utf-8")
    for page in made.rglob("*.html"):
        if page.name in ("a.html", "b.html", "404.html"):
            assert 'name="robots" content="noindex"' in page.read_text("utf-8"), page


def test_an_address_that_leads_nowhere_shows_a_page_at_any_depth(make: Any) -> None:
    """Each of its addresses begins at the server's root; the page is no other page's."""
    made = make()
    page = html.parse(made / "404.html")
    assert page.findtext(".//h1") == "Page not found"
    for path in (
        "//link[@rel='stylesheet']/@href", "//script/@src", "//img/@src",
        "//a[not(@href='#main')]/@href", "//body/@data-search", "//body/@data-index",
    ):  # fmt: skip
        addresses = page.xpath(path)
        assert addresses, path
        for address in addresses:
            assert address.startswith("/gardens/"), address
            name = address.removeprefix("/gardens/").partition("#")[0] or "index.html"
            assert (made / name).exists(), address
    assert not page.xpath("//link[@rel='canonical'] | //meta[starts-with(@name, 'citation_')]")


def test_without_an_address_none_is_invented(make: Any) -> None:
    """No sitemap, no page for lost readers, no canonical address."""
    made = make(book="")
    assert not [
        name for name in ("sitemap.xml", "404.html", "robots.txt") if (made / name).exists()
    ]
    assert "canonical" not in (made / "b.html").read_text("utf-8")


def test_an_old_address_leads_on(make: Any) -> None:
    """To the page, or by the place asked for to another; without a script, too."""
    made = make()
    for old, leads in {"parts/old.html": "a.html", "older/index.html": "../parts/a.html"}.items():
        text = (made / old).read_text("utf-8")
        assert f'<noscript><meta http-equiv="refresh" content="0; url={leads}"></noscript>' in text
        assert f'<a href="{leads}" data-for="">' in text
        assert '<link rel="canonical" href="https://example.org/gardens/parts/a.html">' in text
        [script] = re.findall(r'src="([^"]+)"', text)
        assert (made / old).parent.joinpath(script).resolve().is_file()
    both = html.parse(made / "dir/index.html").xpath("//a")
    ways = [(link.get("data-for"), link.get("href")) for link in both]
    assert ways == [("", "../b.html"), ("sec-in", "../parts/a.html")]


@pytest.mark.parametrize(
    ("said", "book", "canonical"),
    [
        ("https://else.example.org/a", SITE, "https://else.example.org/a"),
        ("https://else.example.org/a", "", "https://else.example.org/a"),
        ("false", SITE, None),
        ("true", SITE, "https://example.org/gardens/parts/a.html"),
    ],
)
def test_an_old_address_is_known_as_its_page_is(
    make: Any, said: str, book: str, canonical: str | None
) -> None:
    """What `canonical-url` says of a page holds at its old address, too."""
    text = f"---\naliases: [old.html]\ncanonical-url: {said}\n---\n\n# A {{#sec-a}}\n"
    made = make(book=book, **{"parts/a.qmd": text, "b.qmd": "# B\n\nText.\n"})
    for name in ("parts/a.html", "parts/old.html"):
        found = html.parse(made / name).xpath("//link[@rel='canonical']/@href")
        assert found == ([canonical] if canonical else []), name


@pytest.mark.browser
def test_an_old_address_keeps_the_place(make: Any, page: Any, wait_until: Any) -> None:
    """A browser goes where the link was for, under a policy that runs no script in a page."""
    with serve_folder(make()) as address:
        for old, new in {
            "parts/old.html#sec-in": "parts/a.html#sec-in",
            "dir/#sec-in": "parts/a.html#sec-in", "dir/": "b.html", "dir/#sec-b": "b.html#sec-b",
        }.items():  # fmt: skip
            page.goto(f"{address}/{old}")
            wait_until(page, f"location.href === '{address}/{new}'")


@pytest.mark.parametrize(
    ("alias", "words"),
    [("/b.html", "is the address of a page"), ("../../x.html", "leads out of the edition")],
)
def test_an_alias_takes_no_page_away(make: Any, alias: str, words: str) -> None:
    """What would overwrite a page, or lie outside, is an error with its chapter."""
    text = f"---\naliases: [{alias}]\n---\n\n# A\n"
    said = make(status=1, **{"parts/a.qmd": text})
    assert f'parts/a.qmd: the alias "{alias}" {words}' in said


def test_a_link_that_is_shared_shows_the_chapters_own_card(make: Any) -> None:
    """Description and picture of the chapter; the picture is at an address that stays."""
    picture = (Path(__file__).parents[1] / "docs/gallery/web-home.png").read_bytes()
    book = f"{SITE}\n  twitter-card: {{creator: '@elms'}}\n  open-graph: {{locale: cy}}"
    chapter = "---\ndescription: About B.\nimage: b.png\nimage-alt: A bed.\n---\n\n# B\n"
    root = make().parents[1]
    (root / "b.png").write_bytes(picture)
    made = make(book, **{"b.qmd": chapter})
    tree = html.parse(made / "b.html")
    told = {
        each.get("property") or each.get("name"): each.get("content")
        for each in tree.iterfind(".//meta")
    }
    assert told["og:description"] == told["twitter:description"] == "About B."
    assert told["og:image"] == told["twitter:image"] == "https://example.org/gardens/b.png"
    assert (told["og:locale"], told["og:image:alt"]) == ("cy", "A bed.")
    assert (told["twitter:card"], told["twitter:creator"]) == ("summary_large_image", "@elms")
    assert (made / "b.png").read_bytes() == picture
    off = make(f"{SITE}\n  open-graph: false")
    assert "og:" not in (off / "b.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "canonical"),
    [("", "https://example.org/gardens/b.html"), ("https://a.org/b", "https://a.org/b"),
     ("false", "")],
)  # fmt: skip
def test_a_page_says_which_address_is_its_own(make: Any, said: str, canonical: str) -> None:
    """Its own, or another's: or none."""
    front = f"---\ncanonical-url: {said}\n---\n" if said else ""
    made = make(**{"b.qmd": f"{front}\n# B\n"})
    found = html.parse(made / "b.html").xpath("//link[@rel='canonical']/@href")
    assert found == ([canonical] if canonical else [])


def test_a_footer_of_the_reviews_own(make: Any) -> None:
    """Markdown, whose addresses begin at the review's folder; and where the sources are."""
    footer = "page-footer: {left: 'See *[A](parts/a.qmd#sec-in)*', right: [{text: Us, href: 'https://u.org'}]}"
    made = make(f"{SITE}\n  {footer}\n  repo-url: https://example.org/repo")
    for name, way in {"b.html": "parts/a.html", "parts/a.html": "a.html"}.items():
        page = html.parse(made / name)
        links = page.xpath("//footer//div[@class='own-footer']//a/@href")
        assert [link.removeprefix(name.rpartition("/")[2]) for link in links][-1] == "https://u.org"
        assert links[0].endswith("#sec-in")
        assert (made / name).parent.joinpath(links[0].partition("#")[0] or way).resolve().is_file()
        assert page.xpath("//footer//a[text()='Source code']/@href") == ["https://example.org/repo"]


def test_what_a_map_goes_on_in_is_published_where_a_page_shows_it(
    project: Any, tmp_path: Path
) -> None:
    """Pages have a map as a table; the picture to take away has all of it."""
    kept = ["fig-map.svg", "fig-map-titled.svg", "fig-chart-titled.svg", "fig-chart-part-2.svg",
            # A figure whose own id ends like a piece of another.
            "fig-map-part-9.svg", "fig-map-part-9-titled.svg", "fig-part-2.svg"]  # fmt: skip
    (tmp_path / "figures").mkdir()
    for name in (*kept, "fig-map-part-2.svg", "fig-map-part-13.svg"):
        (tmp_path / "figures" / name).write_text("<svg/>", encoding="utf-8")
    page = '<a href="figures/fig-map-titled.svg"></a><img src="figures/fig-chart-part-2.svg">'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    config = load_config(project("minimal"))
    write_site_files(config, load_labels(config), find_extension(config.root), tmp_path)
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == sorted(kept)
