"""What a web server needs beside the pages, the same from both engines.

sitemap.xml   the pages and files that search engines are to know
robots.txt    where that is, unless the review brings its own; of a draft, that none is to be read
404.html      what is shown at an address that leads nowhere, at whatever depth
old.html      at a chapter's old address, which `aliases` names: leads on to the new one
"""

import posixpath
import re
from collections.abc import Mapping
from html import escape
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

from lxml import etree

from reviewpress.assemble.translations import web_address
from reviewpress.config import Config
from reviewpress.config.aliases import moved_pages
from reviewpress.extension import Extension
from reviewpress.figures.folder import FOLDER
from reviewpress.figures.published import figure_of
from reviewpress.formats.objects.html import LOST_PAGE
from reviewpress.formats.status import edition_status
from reviewpress.html_tree import Element, add_element, parse_html, words_of, write_html
from reviewpress.labels import Labels

REDIRECT = "redirect.js"
_PART = re.compile(r"-part-\d+$")
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OF_ONE_PAGE = (
    "//link[@rel='canonical'] | //meta[starts-with(@property, 'og:')"
    " or starts-with(@name, 'citation_') or starts-with(@name, 'twitter:') or @name='robots']"
    " | //script[@type='application/ld+json']"
)
"""What the head of a page says of that page alone."""
_FURTHER = "//link[@rel='prev' or @rel='next' or @rel='alternate'] | //meta[@name='description']"
_ADDRESSES = ("href", "src", "srcset", "content", "data-search", "data-index")
_RELATIVE = re.compile(r"(?![a-z][a-z0-9+.-]*:|/|#)(?=\S)", re.I)
# The addresses are links in the page: a reader without scripts has them, and so has a program.
_MOVED = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{canonical}<noscript><meta http-equiv="refresh" content="0; url={first}"></noscript>
<script src="{script}" defer></script>
</head>
<body>
<main>
<h1>{title}</h1>
<ul>
{links}
</ul>
</main>
</body>
</html>
"""


def base_path(config: Config) -> str:
    """Return the path at which the edition is published, from `/` to `/`."""
    return f"{urlsplit(web_address(config, '')).path.rstrip('/')}/"


def write_site_files(config: Config, labels: Labels, extension: Extension, folder: Path) -> None:
    """Write them into the folder of an edition, beside its pages, and take away what none shows.

    Without an address no sitemap and no page for lost readers can be made.
    """
    _remove_loose_parts(folder)
    status = edition_status(config, labels)
    hidden = status is not None and status.is_hidden
    moved = moved_pages(config)
    for old, ways in moved.items():
        _write(folder / old, _moved_page(config, old, ways, folder))
    if moved:
        _write_bytes(folder / "assets" / REDIRECT, extension.file(f"html/{REDIRECT}").read_bytes())
    if web_address(config, ""):
        if hidden:
            (folder / "sitemap.xml").unlink(missing_ok=True)
        else:
            _write_bytes(folder / "sitemap.xml", _sitemap(config))
        home = (folder / "index.html").read_text(encoding="utf-8")
        _write(folder / LOST_PAGE, _lost_page(config, labels, home))
        _write_robots(config, folder, hidden=hidden)


def _remove_loose_parts(folder: Path) -> None:
    """Take away what a map goes on in, where no page shows it: pages have the map as a table.

    The picture to take away has all of the map.
    """
    if not (folder / FOLDER).is_dir():
        return
    parts = (path for path in (folder / FOLDER).iterdir() if _PART.search(path.stem))
    loose = [
        path
        for path in parts
        # A figure whose own id ends so has a picture to take away of its own.
        if path.with_stem(f"{figure_of(path.stem)}-titled").exists()
        and not path.with_stem(f"{path.stem}-titled").exists()
    ]
    pages = [page.read_text(encoding="utf-8") for page in folder.rglob("*.html")] if loose else []
    for path in loose:
        if not any(path.name in page for page in pages):
            path.unlink()


def _moved_page(config: Config, old: str, ways: Mapping[str, str], folder: Path) -> str:
    pages = {page: parse_html((folder / page).read_text("utf-8")) for page in ways.values()}

    def leads(page: str) -> str:
        return quote(posixpath.relpath(page, posixpath.dirname(old) or "."))

    ordered = sorted(ways.items())
    first = ordered[0][1]
    titles = {page: _title(tree, page) for page, tree in pages.items()}
    links = [
        f'<li><a href="{leads(page)}" data-for="{escape(fragment)}">{titles[page]}</a></li>'
        for fragment, page in ordered
    ]
    return _MOVED.format(
        lang=escape(config.lang),
        title=titles[first],
        canonical=_canonical_link(config, pages[first], first, leads(first)),
        first=leads(first),
        script=leads(f"assets/{REDIRECT}"),
        links="\n".join(links),
    )


def _title(page: Element, name: str) -> str:
    """Return the title of a page as it is shown, as HTML."""
    titles = (words_of(heading) for heading in page.iter("h1"))
    return escape(next(titles, PurePosixPath(name).stem))


def _canonical_link(config: Config, page: Element, name: str, way: str) -> str:
    """Return the link to the address by which a page is to be known, as the page itself says it.

    A page that says it has none keeps that at its old address.
    """
    said = [str(each) for each in page.xpath("//link[@rel='canonical']/@href")]
    if not said and web_address(config, name):
        return ""
    address = said[0] if said else way
    if _RELATIVE.match(address) and said:
        address = posixpath.join(posixpath.dirname(way), address)
    return f'<link rel="canonical" href="{escape(address)}">\n'


def _sitemap(config: Config) -> bytes:
    """Return the list of pages and files; dates are the edition's, so that it is reproducible."""
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP})
    whole = [config.file_name(each.ending) for each in config.made if each.is_one_file]
    for name in [chapter.page for chapter in config.chapters] + whole:
        url = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        address = web_address(config, "" if name == "index.html" else quote(name))
        etree.SubElement(url, f"{{{_SITEMAP}}}loc").text = address
        if config.date:
            etree.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = config.date
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _write_robots(config: Config, folder: Path, *, hidden: bool) -> None:
    if (config.root / "robots.txt").is_file():
        _write_bytes(folder / "robots.txt", (config.root / "robots.txt").read_bytes())
    elif hidden:
        _write(folder / "robots.txt", "User-agent: *\nDisallow: /\n")
    else:
        _write(folder / "robots.txt", f"Sitemap: {web_address(config, 'sitemap.xml')}\n")


def _lost_page(config: Config, labels: Labels, home: str) -> str:
    """Return what stands at addresses that lead nowhere: the first page, with no text of its own.

    It is shown at any depth, so that its addresses begin at the server's root.
    """
    page = parse_html(home)
    base = base_path(config)
    for element in page.xpath(f"{OF_ONE_PAGE} | {_FURTHER}"):
        element.getparent().remove(element)
    for element in page.iter("*"):
        for name in _ADDRESSES:
            address = element.get(name, "")
            is_address = name != "content" or element.get("name") == "quarto:offset"
            if is_address and _RELATIVE.match(address):
                element.set(name, _rooted(base, address))
    for title in page.xpath("//title"):
        title.text = f"{labels['page-not-found']} – {config.title}"
    for head in page.xpath("//head"):
        add_element(head, "meta", {"name": "robots", "content": "noindex"})
    for main in page.xpath("//main")[:1]:
        main[:] = []
        main.text = None
        add_element(main, "h1", {}).text = labels["page-not-found"]
        link = add_element(add_element(main, "p", {}), "a", {"href": base})
        link.text = config.title
    return write_html(page)


def _rooted(base: str, address: str) -> str:
    """Return an address of the first page as one that begins at the server's root."""
    plain = posixpath.normpath(address)
    path = base if plain == "." else posixpath.join(base, plain)
    return f"{path}/" if address.endswith("/") and not path.endswith("/") else path


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
