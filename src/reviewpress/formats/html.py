"""The pages of an edition: one a chapter, each rendered only when what it shows has changed."""

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from reviewpress import brand as brands
from reviewpress.assemble import Book, Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.images import card_pictures
from reviewpress.assemble.links import page_address, relative
from reviewpress.assemble.title_block import shared_notes
from reviewpress.assemble.translations import address_of, page_alternates, page_links
from reviewpress.config import Config
from reviewpress.config.authors import Author
from reviewpress.config.options import Options
from reviewpress.config.page_files import header_texts, page_styles
from reviewpress.engine import Manuscript
from reviewpress.extension import Extension
from reviewpress.formats.citations import SetCitations, page_citations
from reviewpress.formats.data_package import ARCHIVE, has_data, write_data_package
from reviewpress.formats.discovery import discovery_metadata, page_description, page_keywords
from reviewpress.formats.documents import (
    FIGURE_FILES,
    copy_card_pictures,
    copy_favicon,
    copy_images,
    copy_linked_files,
    copy_resources,
    copy_styles,
    copy_tables,
    has_reference_list,
    page_blocks,
    page_key,
    part_of,
    published_resources,
)
from reviewpress.formats.downloads import write_included_papers
from reviewpress.formats.finding_links import finding_links, shown_provenance
from reviewpress.formats.hashed_names import hash_names
from reviewpress.formats.history import FIRST, shown_corrections
from reviewpress.formats.inline_charts import inline_charts, reader_of
from reviewpress.formats.making import Finish, Making
from reviewpress.formats.objects import FORMATS, HTML, Format
from reviewpress.formats.page_footer import page_footer
from reviewpress.formats.parts import edition_name
from reviewpress.formats.records import write_records
from reviewpress.formats.self_citation import citation_text, write_citation_files
from reviewpress.formats.shown_tables import write_shown_tables
from reviewpress.formats.site_files import REDIRECT, base_path, write_site_files
from reviewpress.formats.status import earlier_versions, edition_status
from reviewpress.formats.typefaces import page_fonts
from reviewpress.formats.writers import Draft, Writers
from reviewpress.labels import Labels
from reviewpress.programs.pagefind import write_search_index
from reviewpress.shapes import Plain
from reviewpress.store.kinds import PAGES
from reviewpress.store.versions import installed

TEMPLATE = "html/page.html"
_ASSETS = (".css", ".js", ".svg", ".png", ".ico")
STATEMENT = "sec-accessibility"
_ASCII = bytes(range(128))
_DEEPEST_LIST = 4
"""The level of headings below which a page's list of contents is indented no further."""


def begin_site(making: Making) -> Finish:
    """Begin the pages; what comes back puts them in their place, and begins their search index."""
    config, folder = making.manuscript.book.config, making.folder
    put = begin_pages(making.manuscript, making.extension, making.citations, folder, making.writers)

    def finish() -> Callable[[], None]:
        put()
        # Before names change: a new style sheet makes no page another to search.
        indexed = making.writers.start(
            lambda: write_search_index(folder, store=config.store, limits=config.limits)
        )

        def end() -> None:
            indexed()
            name()

        return end

    def name() -> None:
        write_site_files(config, making.manuscript.book.labels, making.extension, folder)
        stable = {*published_resources(making.manuscript), *card_pictures(making.manuscript.book)}
        hash_names(folder, stable=stable, base=base_path(config))

    return finish


def begin_pages(
    manuscript: Manuscript,
    extension: Extension,
    citations: SetCitations,
    folder: Path,
    writers: Writers,
) -> Callable[[], None]:
    """Write the images and data that pages show, their styles and scripts; begin the pages.

    What comes back waits for the pages and puts them in their place.
    """
    book = manuscript.book
    logo = _logo(book, extension)
    identity = f"{extension.digest()} {logo}"
    drafts = [_draft(manuscript, citations, identity, page) for page in book.pages]
    variables = {"logo": logo} if logo else {}
    template = extension.file(TEMPLATE)
    wait = writers.begin(drafts, to=HTML.writer, extension=extension, root=book.config.root,
                         template=template, variables=variables, then=lambda: None)  # fmt: skip
    # Copied while pandoc writes.
    copy_images(manuscript, folder, beside=FIGURE_FILES)
    copy_linked_files(book, folder)
    copy_resources(manuscript, folder)
    copy_styles(book, folder)
    copy_favicon(book.config, folder)
    copy_card_pictures(book, folder)
    copy_assets(extension, folder)
    write_citation_files(book, folder)
    write_records(book, folder)
    write_included_papers(book.config, folder)
    copy_tables(manuscript, folder)

    def finish() -> None:
        wait()
        characters = {*string.printable.strip(), " "}
        for page, draft in zip(book.pages, drafts, strict=True):
            goal = folder / page.chapter.page
            goal.parent.mkdir(parents=True, exist_ok=True)
            content = draft.kept.read_text(encoding="utf-8")
            content = inline_charts(content, reader_of(folder, page.chapter.page))
            goal.write_text(content, encoding="utf-8", newline="")
            characters.update(content.encode().translate(None, _ASCII).decode())
        write_shown_tables(folder, book.labels)
        write_data_package(book.config, folder)
        write_brand(book.config, extension, folder, characters)
        home = folder / "index.html"
        if not home.is_file():
            home.write_bytes((folder / book.pages[0].chapter.page).read_bytes())

    return finish


def copy_assets(extension: Extension, folder: Path) -> None:
    """Copy styles and scripts to `assets/`."""
    assets = folder / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for path in sorted((extension.folder / "html").iterdir()):
        if path.suffix in _ASSETS and path.name != REDIRECT:
            (assets / path.name).write_bytes(path.read_bytes())


def write_brand(config: Config, extension: Extension, folder: Path, characters: set[str]) -> None:
    """Write the brand's style sheet and logo, and the fonts that the pages' characters need."""
    assets = folder / "assets"
    (assets / "fonts").mkdir(parents=True, exist_ok=True)
    brand = extension.brand(config.root)
    added, files = page_fonts(config, extension, brand, characters)
    for font in brands.web_fonts(brand):
        (assets / "fonts" / font.name).write_bytes(font.read_bytes())
    for name, content in files.items():
        (assets / "fonts" / name).write_bytes(content)
    (assets / "brand.css").write_text(brands.css(brand, added), encoding="utf-8")
    if brand.logo:
        (assets / brand.logo.name).write_bytes(brand.logo.read_bytes())


def page_document(manuscript: Manuscript, page: Page, references: dict[str, Plain]) -> str:
    """Return a chapter's page as pandoc's JSON: blocks, and the metadata of its template."""
    blocks = page_blocks(manuscript, page)
    metadata = _page_metadata(manuscript, page, blocks) | references
    return ast.dump(blocks, metadata, list(manuscript.book.api_version))


def _draft(manuscript: Manuscript, citations: SetCitations, identity: str, page: Page) -> Draft:
    references = page_citations(manuscript, citations, page, HTML)
    inputs = [identity.encode(), *_page_parts(manuscript, page, references)]
    kept = PAGES.place(manuscript.book.config.store, inputs)
    return Draft(
        kept, kept.stem, lambda: page_document(manuscript, page, references), page.chapter.path
    )


def _page_parts(
    manuscript: Manuscript, page: Page, references: dict[str, Plain]
) -> Iterator[bytes]:
    """Yield everything that a page is made from, without making its document."""
    yield ast.to_json(_page_metadata(manuscript, page, []))
    options = manuscript.book.config.options(HTML.name, page.source.front.data)
    yield str(_contents_depth(options)).encode()
    yield page_key(manuscript, page)
    yield ast.to_json(references)
    yield ast.to_json(list(manuscript.book.api_version))


def _logo(book: Book, extension: Extension) -> str:
    """Return the name among the assets of the review's logo, empty where it has none."""
    logo = extension.brand(book.config.root).logo
    return logo.name if logo else ""


def _page_metadata(manuscript: Manuscript, page: Page, blocks: list[Node]) -> dict[str, Plain]:
    book, config = manuscript.book, manuscript.book.config
    here = page.chapter.page
    at = book.pages.index(page)
    options = config.options(HTML.name, page.source.front.data)
    labels = dict(book.labels)
    if "toc-title" in options.data:
        labels["toc-title-website"] = options.text("toc-title")
    numbered = f"{page.number} {page.title}" if page.number else page.title
    home = here == FIRST
    metadata: dict[str, Plain] = {
        "lang": config.lang,
        "hyphenation": config.settings.hyphenation or None,
        "reviewpress-labels": labels,
        "pagetitle": f"{config.title}" if home else f"{numbered} – {config.title}",
        "booktitle": config.title,
        "heading-plain": page.title,
        "heading-number": page.number or None,
        "subtitle": config.subtitle,
        "edition": config.profile,
        "one-of-many": config.collection is not None and bool(config.collection.index),
        "root": relative(here, "index.html").removesuffix("index.html"),
        "nav": list(_navigation(book, page)),
        "breadcrumbs": _breadcrumbs(book, page),
        "toc": _page_contents(blocks, options),
        "description": page_description(config, page),
        "keywords": ", ".join(page_keywords(config, page)),
        "favicon": _favicon(config, here),
        "stylesheets": [
            relative(here, name)
            for name in dict.fromkeys(
                name for name, _ in page_styles(config, page.chapter, page.source.front.data)
            )
        ],
        "header-extra": [_raw_html(text or "") for _, text in header_texts(config)],
        "reviewpress-page": here,
        "generator": _generator(),
        "footer": page_footer(config, page),
        "repository": str((config.metadata.get("book") or {}).get("repo-url") or ""),
        "authors": config.author_names,
        "people": [_person(author, book.labels) for author in config.authors] if home else [],
        "author-notes": [*_author_notes(book)] if home else [],
        "date": config.date,
        "home": home,
        **discovery_metadata(book, page),
        "reviewpress-findings": finding_links(book, page),
        "reviewpress-provenance": (provenance := shown_provenance(manuscript, page)),
        "asks": bool(provenance) or None,
        "reviewpress-hide-values": not config.settings.show_values or None,
        "status": _status(book),
        "errata": shown_corrections(config, book.labels) if home else [],
        "earlier-versions": earlier_versions(config, book.labels) if home else [],
        "editions": _companions(book, page),
        "languages": [*page_links(config, book.translations, page.chapter)],
        "alternates": [*page_alternates(config, book.translations, page.chapter)],
        "kind": _kind(page),
        "citation": {
            "text": citation_text(book),
            "bibtex": relative(here, "citation.bib"),
            "ris": relative(here, "citation.ris"),
        },
    }
    metadata["downloads"] = list(_offered(book, here))
    metadata |= config.publication.facts
    if at > 0:
        metadata["previous"] = _link_to(book, page, book.pages[at - 1])
    if at + 1 < len(book.pages):
        metadata["next"] = _link_to(book, page, book.pages[at + 1])
    statement = _accessibility(book)
    if statement:
        metadata["accessibility"] = relative(here, statement)
    return {key: value for key, value in metadata.items() if value not in ("", None, [], {})}


@cache
def _generator() -> str:
    return f"Reviewpress {installed()['reviewpress']}"


def _status(book: Book) -> dict[str, Plain]:
    status = edition_status(book.config, book.labels)
    if status is None:
        return {}
    hidden = {"hidden": True} if status.is_hidden else {}
    return {"kind": status.kind, "words": status.words, "address": status.address, **hidden}


def _person(author: Author, labels: Labels) -> dict[str, Plain]:
    end = labels["deceased"] if author.deceased else ""
    where = (each.name for each in author.affiliations)
    return {
        "name": author.name,
        "orcid": author.orcid,
        "affiliation": "; ".join(filter(None, [end, *where])),
    }


def _author_notes(book: Book) -> Iterator[Node]:
    """Yield what is said of authors together; an address in it is a link."""
    emails = [each.email for each in book.config.authors if each.corresponding and each.email]
    for note in shared_notes(book.config.authors, book.labels):
        words: list[Node] = []
        for part in re.split(f"({'|'.join(map(re.escape, emails))})", note) if emails else [note]:
            text = ast.text_inlines(part)
            mail: Node = {"t": "Link", "c": [["", [], []], text, [f"mailto:{part}", ""]]}
            words += [mail] if part in emails else text
        yield {"t": "MetaInlines", "c": words}


def _kind(page: Page) -> str:
    """Return what search takes a page for: findings come first, and appendices after the text."""
    if page.chapter.appendix:
        return "appendix"
    if has_reference_list(page):
        return "references"
    return "findings" if page.answers else "text"


def _offered(book: Book, here: str) -> Iterator[dict[str, Plain]]:
    """Yield the files that the first page offers: those of formats, and the data."""
    config, labels = book.config, book.labels
    for number, each in enumerate(_downloads(config)):
        href = relative(here, config.file_name(each.ending))
        label = labels[each.download]
        # Search leads to the first page for these, and for data to their table.
        yield {"href": href, "label": label, "sought": label, "short": each.short,
               "quiet": number > 0}  # fmt: skip
    if has_data(config):
        yield {"href": relative(here, ARCHIVE), "label": labels["download-data"],
               "short": labels["data-short"], "quiet": True}  # fmt: skip


def _downloads(config: Config) -> list[Format]:
    """Return which files stand beside the pages, those that another build made as well."""
    return [
        each
        for each in FORMATS
        if each.download
        and (each in config.made or (config.output_dir / config.file_name(each.ending)).is_file())
    ]


def _companions(book: Book, page: Page) -> list[Plain]:
    """Return links to the other editions in this language, such as the report or its summary.

    One of a matrix leads to the list of all.
    """
    whole = book.config.collection
    if whole is not None:
        if not whole.index:
            return []
        return [{"name": whole.title, "href": relative(page.chapter.page, whole.index)}]
    return [
        {
            "name": edition_name(book.config, book.labels, other),
            "href": address_of(other, "index.html", book.config, page.chapter.page),
        }
        for other in book.companions
        if HTML in other.made
    ]


def _accessibility(book: Book) -> str:
    """Return the address of the accessibility statement: a chapter, else a section of that id.

    An edition's own one, as `sec-about-accessibility`, is as good: Quarto tells an id that stands
    twice in the files, also where each edition shows one of them.
    """
    for page in book.pages:
        if page.chapter.name == "accessibility":
            return page.chapter.page
    names = (name for name in book.targets if name.endswith(STATEMENT.removeprefix("sec")))
    section = book.targets.get(STATEMENT) or book.targets.get(next(names, ""))
    return f"{section.page}#{section.id}" if section else ""


def _link_to(book: Book, page: Page, other: Page) -> dict[str, str]:
    title = other.chapter.label or other.title
    entry = {"href": page_address(page.chapter.page, other.chapter.page), "title": title}
    return entry | ({"number": other.number} if other.number else {})


def _navigation(book: Book, page: Page) -> Iterator[dict[str, Plain]]:
    """Yield the entries of the contents list; the first of a part names it."""
    before: str | None = None
    parts = 0
    for other in book.pages:
        entry: dict[str, Plain] = {**_link_to(book, page, other)}
        part = part_of(book, other)
        if part and part != before:
            parts += 1
            entry |= {"part": part, "part-id": f"contents-part-{parts}"}
        if other is page:
            entry["current"] = True
        before = part
        yield entry


def _breadcrumbs(book: Book, page: Page) -> list[dict[str, str]]:
    if page.chapter.page == "index.html":
        return []
    home = {"href": relative(page.chapter.page, "index.html"), "title": book.config.title}
    part = part_of(book, page)
    return [home, *([{"title": part}] if part else [])]


@dataclass(slots=True)
class _Listed:
    """A section in a page's list of contents, and those below it."""

    entry: dict[str, Plain]
    below: "list[_Listed]" = field(default_factory=list)

    def plain(self) -> dict[str, Plain]:
        """Return it as metadata; without a list where no section is below it."""
        below = [each.plain() for each in self.below]
        return self.entry | ({"children": below} if below else {})


def _page_contents(blocks: list[Node], options: Options) -> list[dict[str, Plain]]:
    """Return the page's own sections, nested, as deep as its list of contents goes."""
    deepest = _contents_depth(options)
    contents: list[_Listed] = []
    above: list[tuple[int, _Listed]] = []
    for node in ast.walk_blocks(blocks):
        if node["t"] != "Header" or not 2 <= node["c"][0] <= deepest:
            continue
        listed = _Listed({"href": f"#{ast.identifier(node)}", "title": ast.heading_text(node)})
        number = ast.attribute(node, "number")
        if number:
            listed.entry["number"] = number
        level = min(node["c"][0], _DEEPEST_LIST)
        while above and above[-1][0] >= level:
            above.pop()
        (above[-1][1].below if above else contents).append(listed)
        above.append((level, listed))
    return [each.plain() for each in contents]


def _favicon(config: Config, here: str) -> str:
    name = str((config.metadata.get("book") or {}).get("favicon") or "")
    return relative(here, name.removeprefix("./")) if name else ""


def _raw_html(text: str) -> Node:
    return {"t": "MetaBlocks", "c": [{"t": "RawBlock", "c": ["html", text]}]}


def _contents_depth(options: Options) -> int:
    return options.number("toc-depth", 3) if options.truth("toc", otherwise=True) else 0
