"""Citations and references as CSL sets them: once for an edition, then given to its documents.

Pandoc's citeproc reads the style and every reference each time it is asked, which takes longer
than writing a page. So one document with every citation of the edition is set, and each page gets
what it needs of the answer in its metadata.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reviewpress.assemble import Page, ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.links import relative
from reviewpress.engine import Manuscript
from reviewpress.errors import EngineError, OutOfTime, Place
from reviewpress.extension import Extension
from reviewpress.formats.documents import has_reference_list, references_page
from reviewpress.formats.downloads import NAME as INCLUDED_FILES
from reviewpress.formats.objects import HTML, Format
from reviewpress.reference_index import ReferenceIndex
from reviewpress.shapes import Plain
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import write_text
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import CITATIONS

FILTER = "filters/references.lua"


@dataclass(frozen=True, slots=True, eq=False)
class SetCitations:
    """An edition's citations and references, set by CSL.

    `cites` maps the JSON of a citation to the name that the citation filter knows it by and what
    it says; `entries` gives the place of each reference in CSL's order by
    its key, `blocks` the text of each in that order.
    """

    cites: Mapping[str, tuple[str, tuple[Node, ...]]]
    entries: Mapping[str, int]
    blocks: tuple[tuple[Node, ...], ...]


def set_citations(manuscript: Manuscript, extension: Extension) -> SetCitations:
    """Let CSL set every citation and reference of an edition; unchanged ones come from the store.

    Raises EngineError where pandoc refuses the style.
    """
    book = manuscript.book
    metadata = csl_metadata(manuscript) | {"reviewpress-set-all": True}
    described = described_references(manuscript)
    coded = {key for key, each in described.items() if "code" in each}
    cites = sorted(
        {
            cite
            for page in book.pages
            for cite in page.cites
            if not all(citation["citationId"] in coded for citation in ast.from_json(cite))
        }
    )
    paragraphs = [
        {"t": "Para", "c": [{"t": "Cite", "c": [ast.from_json(cite), ast.text_inlines("?")]}]}
        for cite in cites
    ]
    document = ast.dump(paragraphs, metadata, list(book.api_version))
    csl = book.config.csl
    style = digest_file(csl) if csl and csl.is_file() else str(csl)
    inputs = [extension.digest().encode(), style.encode(), document.encode()]

    def read(answer: bytes) -> SetCitations:
        return _read_answer(ast.from_json(answer)["blocks"], cites)

    def make() -> tuple[SetCitations, bytes]:
        task = {"to": "json", "as": "json", "filters": [str(extension.file(FILTER))],
                "folder": str(book.config.root)}  # fmt: skip
        try:
            answer = write_text(document, task, limits=book.config.limits)
        except EngineError as error:
            raise _refused_style(error, manuscript) from None
        joined = join_words(answer.encode())
        return read(joined), joined

    return CITATIONS.get(book.config.store, inputs, make=make, read=read)


def _refused_style(error: EngineError, manuscript: Manuscript) -> EngineError:
    """Return what pandoc says of a citation style without what it says of itself."""
    config = manuscript.book.config
    if config.csl is None:
        return error
    place = Place(config.csl.relative_to(config.root).as_posix())
    if isinstance(error, OutOfTime):
        hint = "Try another citation style: setting the citations with this one takes that long."
        return OutOfTime(error.args[0], error.args[1], place, hint)
    said = error.message.partition("\n")[0].removeprefix("pandoc: ").rstrip(".")
    said = re.sub(r"^Citeproc\w*: *", "", said)
    message = f"the citation style cannot be used: {said}."
    return EngineError(message, place, "Look at it with a validator of CSL, or take another.")


def csl_metadata(manuscript: Manuscript) -> dict[str, Plain]:
    """Return what CSL needs to set all that an edition cites: descriptions, items, style."""
    book = manuscript.book
    metadata: dict[str, Plain] = {
        "reviewpress-references": described_references(manuscript),
        "references": csl_items(manuscript),
        "link-citations": True,
        "lang": book.config.lang,
    }
    if book.config.csl:
        metadata["csl"] = str(book.config.csl)
    return metadata


def csl_items(manuscript: Manuscript) -> list[Node]:
    """Return the items of all that an edition cites, as pandoc's metadata."""
    index = manuscript.references
    items = sorted(index.items(_cited(manuscript)), key=lambda item: str(item["id"]))
    return [ast.meta(_csl_value(item)) for item in items]


def described_references(manuscript: Manuscript) -> dict[str, dict[str, str]]:
    """Return what is written of each reference that an edition cites, by its key."""
    return _described(manuscript.references, _cited(manuscript))


def _cited(manuscript: Manuscript) -> list[str]:
    return [key for key in sorted(manuscript.book.cited) if key in manuscript.references.references]


def page_citations(
    manuscript: Manuscript, citations: SetCitations, page: Page, made: Format
) -> dict[str, Plain]:
    """Return what the citation filter needs to know to write a chapter in a format."""
    book, index, here = manuscript.book, manuscript.references, page.chapter.page
    lists = has_reference_list(page)
    keys = {*book.cited, *page.cited} if lists else page.cited
    known = [key for key in sorted(keys) if key in index.references]
    metadata: dict[str, Plain] = {
        "reviewpress-references": _described(index, known),
        "reviewpress-set": _as_set(citations, page.cites, known),
    }
    listing = references_page(book)
    if listing is not None and made.page_ending:
        addresses = (made.page_name(each) for each in (here, listing))
        metadata["reviewpress-references-page"] = relative(*addresses)
    if lists and made is HTML and _has_included(index):
        metadata["reviewpress-included-files"] = relative(here, INCLUDED_FILES)
    if lists:
        metadata["reviewpress-citing"] = {
            key: [
                {
                    "href": book.links.of_place(made, page, place.page, place.anchor),
                    "label": place.label,
                }
                for place in book.cited.get(key, ())
            ]
            for key in known
        }
    return metadata


def _as_set(citations: SetCitations, cites: Sequence[str], known: Sequence[str]) -> Plain:
    """Return what CSL made of a chapter's citations, and of the references that it needs."""
    said = dict(citations.cites[cite] for cite in cites if cite in citations.cites)
    listed = sorted((citations.entries[key], key) for key in known if key in citations.entries)
    return {
        "cites": {name: _meta_inlines(inlines) for name, inlines in said.items()},
        "entries": [
            {"key": key, "content": {"t": "MetaBlocks", "c": list(citations.blocks[place])}}
            for place, key in listed
        ],
    }


def _has_included(index: ReferenceIndex) -> bool:
    return any(reference.group == "included" for reference in index.references.values())


def _read_answer(blocks: Sequence[Node], cites: Sequence[str]) -> SetCitations:
    """Read what the filter answered: a Div for each citation as given, then one an entry."""
    said: dict[str, tuple[str, tuple[Node, ...]]] = {}
    entries: dict[str, int] = {}
    written: list[tuple[Node, ...]] = []
    for number, div in enumerate(blocks):
        if number < len(cites):
            name = ast.attribute(div, "signature")
            if name is not None:
                said[cites[number]] = name, tuple(div["c"][1][0]["c"])
        else:
            entries[ast.attribute(div, "key") or ""] = len(written)
            written.append(tuple(div["c"][1]))
    return SetCitations(said, entries, tuple(written))


def _described(index: ReferenceIndex, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    described = {}
    for key in keys:
        reference = index.references[key]
        entry = {"group": reference.group, "label": reference.label, "short": reference.short}
        coded = reference.code is not None and reference.group == "included"
        described[key] = entry | ({"code": str(reference.code)} if coded else {})
    return described


def _meta_inlines(inlines: Sequence[Node]) -> Node:
    return {"t": "MetaInlines", "c": list(inlines)}


def _csl_value(value: Plain) -> Plain:
    """CSL's titles hold a little HTML (`<i>`, `<span class="nocase">`): make it pandoc's."""
    if isinstance(value, Mapping):
        return {key: _csl_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_csl_value(item) for item in value]
    if isinstance(value, str) and "<" in value:
        return _meta_inlines(list(_rich_text(value)))
    return str(value)


def _rich_text(value: str) -> Iterator[Node]:
    # Not HTML, but five marks of CSL's: a title may say “p < 0.05”, and “<x>” is words.
    at = 0
    for match in re.finditer(r'<(i|b|sup|sub|span)(?: class="nocase")?>(.*?)</\1>', value):
        yield from ast.text_inlines(value[at : match.start()])
        inner = list(_rich_text(match[2]))
        kind = {"i": "Emph", "b": "Strong", "sup": "Superscript", "sub": "Subscript"}
        if match[1] in kind:
            yield {"t": kind[match[1]], "c": inner}
        else:
            yield ast.span(inner, "nocase")
        at = match.end()
    yield from ast.text_inlines(value[at:])
