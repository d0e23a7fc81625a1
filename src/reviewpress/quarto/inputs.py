"""What Quarto is handed of an edition: the runs of its notebooks, and what its filters need.

.reviewpress/quarto/
├── current              name of the profile that was handed over last
├── handed.json          chapter → what the notebook filter answered last, in any profile
└── <profile>/
    ├── runs/<key>.ipynb    a chapter's run, by the key of its source (see `key_of_notebook`)
    ├── edition.json        what stands on the first page, its like in other languages too
    ├── published/          how to cite the edition, and records of it: published as they are
    ├── references.json     what references.lua needs: groups, codes, places that cite
    ├── items.json          the references as CSL items, in a document's metadata
    ├── labels.json        the words that the framework writes, in the review's language
    ├── crossrefs.json      id → what a reference to it says, and where it stands
    ├── *.<format>.json     these two as one format has them, where formats differ
    ├── variant.json        the title of a variant, which says its parameters; empty for others
    ├── heads.json         page → what its head says of it to search engines and others
    ├── history.<format>.json   what the first page ends with: corrections and earlier versions
    ├── messages.json       place → the key messages that are gathered from it
    ├── findings.json       page → links of its findings and of rows of findings
    ├── findings.docx.json  the same of Word, which is one file: finding → which places it has
    └── provenance.json     page → where its numbers, figures and findings come from
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewpress.assemble import Book, ast
from reviewpress.assemble.messages import GATHERING
from reviewpress.assemble.reference_lists import ALL, HEADING
from reviewpress.brand import typst
from reviewpress.config import Config
from reviewpress.engine import Manuscript
from reviewpress.extension import find_extension
from reviewpress.formats.citations import csl_items, described_references
from reviewpress.formats.data_package import ARCHIVE, has_data
from reviewpress.formats.discovery import head_elements
from reviewpress.formats.documents import ending_blocks, references_page
from reviewpress.formats.downloads import NAME as INCLUDED_FILES
from reviewpress.formats.edition_record import write_edition_record
from reviewpress.formats.finding_links import finding_links, finding_places, shown_provenance
from reviewpress.formats.objects import DOCX, FORMATS, HTML, TYPST, find_format
from reviewpress.formats.parts import files_of_other_editions
from reviewpress.formats.records import write_records
from reviewpress.formats.self_citation import write_citation_files
from reviewpress.formats.status import edition_status
from reviewpress.notebooks import notebook_text
from reviewpress.notebooks.document import load_document
from reviewpress.quarto.frozen import write_frozen
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.digests import digest_bytes, digest_parts
from reviewpress.store.files import write_cached

HEADS = "heads.json"
PUBLISHED = "published"
FILTER = Path("scripts") / "executed.py"
HANDED_OVER = "REVIEWPRESS_HANDED_OVER"
"""The variable that says to a hook that `reviewpress render` called Quarto, and has done all."""


def inputs_folder(config: Config) -> Path:
    """Return the folder with what Quarto is handed for an edition."""
    return config.store / "quarto" / config.profile


def write_inputs(manuscript: Manuscript, *, variant: str = "", whole: bool = True) -> bool:
    """Write all that Quarto needs for an edition, and say whether any run is another than before.

    `variant` is the title of one with parameters, which Quarto knows nothing of. Where it is not
    the `whole` edition that is made, the record of the last one stays.

    Quarto keeps a filter's answer until the notebook's or the filter's time of change is another;
    so the filter's file gets a new one where a run changed.
    """
    config = manuscript.book.config
    folder = inputs_folder(config)
    runs = {
        folder / "runs" / f"{run_key(config, path)}.ipynb": notebook_text(notebook).encode()
        for path, notebook in manuscript.notebooks.items()
    }
    for path, content in runs.items():
        _write(path, content)
    for old in (folder / "runs").glob("*.ipynb"):
        if old not in runs:
            old.unlink()
    items = {"references": csl_items(manuscript)}
    _write(folder / "items.json", ast.dump([], items, list(manuscript.book.api_version)).encode())
    _write_json(folder / "references.json", _references(manuscript))
    _write_json(folder / "labels.json", dict(manuscript.book.labels))
    _write_json(folder / "crossrefs.json", _crossrefs(manuscript.book))
    _write_views(manuscript, folder)
    _write_json(folder / "messages.json", _messages(manuscript.book))
    _write_json(folder / "findings.json", _findings(manuscript.book))
    _write_json(folder / "provenance.json", _provenance(manuscript))
    _write_json(folder / HEADS, _heads(manuscript.book))
    _write_json(folder / "variant.json", _variant(config, variant) if variant else {})
    _write_json(folder / "edition.json", _edition(manuscript.book))
    texts = {c.path: manuscript.runs[c.path].markdown for c in config.chapters if c.has_cells}
    write_frozen(config, texts)
    published = folder / PUBLISHED
    published.mkdir(exist_ok=True)
    write_citation_files(manuscript.book, published)
    write_records(manuscript.book, published)
    if whole:
        write_edition_record(manuscript, published)
    _write(config.store / "quarto" / "current", config.profile.encode())
    _write_brand(config)
    return _refresh_filter(config, manuscript.notebooks)


def _write_views(manuscript: Manuscript, folder: Path) -> None:
    """Write what differs between formats once more for each, where anything does."""
    for made in FORMATS:
        ends = ast.dump(ending_blocks(manuscript, made), {}, list(manuscript.book.api_version))
        _write(folder / f"history.{made.name}.json", ends.encode())
        if made is DOCX:
            # The whole book is handed to filters at once: all is there.
            found = finding_places(manuscript.in_format(made).book, made).items()
            here = {name: dict.fromkeys(place, "here") for name, place in found}
            _write_json(folder / f"findings.{made.name}.json", here)
        files = [folder / f"{name}.{made.name}.json" for name in ("references", "crossrefs")]
        seen = manuscript.in_format(made)
        if seen.book is manuscript.book:
            for file in files:
                file.unlink(missing_ok=True)
            continue
        for file, content in zip(files, (_references(seen), _crossrefs(seen.book)), strict=True):
            _write_json(file, content)


def write_run(config: Config, path: str, notebook: Mapping[str, Plain]) -> Path:
    """Write one chapter's run for the notebook filter; return its file."""
    file = inputs_folder(config) / "runs" / f"{run_key(config, path)}.ipynb"
    _write(file, notebook_text(notebook).encode())
    return file


def run_key(config: Config, path: str) -> str:
    """Return the key under which a chapter's run is handed over, from its file as it stands."""
    source = load_document(config.root / path, path)
    return key_of_notebook(source, Path(path).parent.as_posix())


def key_of_notebook(notebook: Mapping[str, Plain], folder: str) -> str:
    """Return a key of what an author wrote in a notebook: kind, tags and text of each cell.

    `scripts/executed.py` has the same function, since it may import nothing of reviewpress.
    """
    parts = [folder]
    for cell in map(as_mapping, as_list(notebook.get("cells"))):
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(as_text, as_list(source)))
        tags = as_mapping(cell.get("metadata")).get("tags") or []
        parts.append(json.dumps([cell.get("cell_type"), tags, text]))
    return digest_bytes("".join(parts).encode())


def touch_filter(config: Config) -> None:
    """Give the filter's file a time of change that differs by a second at least."""
    file = config.root / FILTER
    if not file.is_file():
        return
    before = int(file.stat().st_mtime)
    moment = max(int(time.time()), before + 1)
    os.utime(file, (moment, moment))


def format_names(given: object, wanted: tuple[str, ...]) -> list[str]:
    """Return the formats as `_quarto.yml` names them, for those that are wanted."""
    names = list(given) if isinstance(given, dict) else [HTML.name]
    made = {name: find_format(str(name)) for name in names}
    return [name for name, each in made.items() if each and each.name in wanted]


def _refresh_filter(config: Config, notebooks: Mapping[str, Mapping[str, Plain]]) -> bool:
    """Touch the filter's file where a chapter's answer is another than Quarto may remember."""
    listing = config.store / "quarto" / "handed.json"
    try:
        before = json.loads(listing.read_bytes())
    except (OSError, ValueError):
        before = {}
    now = {path: digest_parts([notebook]) for path, notebook in notebooks.items()}
    changed = any(before.get(path) != key for path, key in now.items())
    if changed:
        touch_filter(config)
        _write_json(listing, before | now)
    return changed


def _references(manuscript: Manuscript) -> dict[str, Plain]:
    """Return what the citation filter needs, with addresses from the project's root.

    In one-file formats the filter keeps only the fragments.
    """
    book = manuscript.book
    known = described_references(manuscript)
    aliases = manuscript.references.aliases
    return {
        "references": known,
        "aliases": {alias: key for alias, key in aliases.items() if key in known},
        "citing": {
            key: [
                {"href": _address(place.page, place.anchor), "label": place.label}
                for place in book.cited.get(key, ())
            ]
            for key in known
        },
        "page": references_page(book) or "",
        "here": _groups_of_refs(book),
        "after": _lists_at_end(book),
        **_dropped(book),
        "files": INCLUDED_FILES if any(each.get("code") for each in known.values()) else "",
    }


def _groups_of_refs(book: Book) -> str:
    """Return which groups of references Quarto's own place, `::: {#refs}`, lists; none without."""
    blocks = (node for page in book.pages for node in ast.walk_blocks(list(page.blocks)))
    places = (node for node in blocks if node["t"] == "Div" and ast.identifier(node) == "refs")
    return next((ast.attribute(node, "groups") or "" for node in places), "")


def _dropped(book: Book) -> dict[str, Plain]:
    """Return the ids of the headings that go with their empty lists; nothing without any."""
    dropped = [name for page in book.pages for name in page.dropped]
    return {"dropped": [*dropped]} if dropped else {}


def _lists_at_end(book: Book) -> dict[str, Plain]:
    """Return the page at whose end references are listed that have no place, and their groups."""
    last = book.pages[-1]
    if HEADING not in last.ids:
        return {}
    blocks = list(last.blocks)
    names = [ast.identifier(block) for block in blocks]
    after = [name for name in names[names.index(HEADING) :] if name.startswith(f"{ALL}-")]
    groups = [name.removeprefix(f"{ALL}-") for name in after]
    return {"page": last.chapter.page, "groups": list(groups)}


def _address(page: str, anchor: str) -> str:
    return f"{page}#{anchor}" if anchor else page


def _variant(config: Config, title: str) -> dict[str, str]:
    """Return the title of a variant, and the same with a place for the title of a page."""
    official = str((config.metadata.get("book") or {}).get("title") or config.title)
    return {"title": title, "page": title.replace(official, "{page}", 1)}


def _edition(book: Book) -> dict[str, Plain]:
    """Return what stands on the first page: facts of the edition, and the files beside it."""
    status = edition_status(book.config, book.labels)
    marked = {"status": status.words, "newer": status.address} if status else {}
    return (
        dict(book.config.publication.facts)
        | marked
        | {
            "downloads": [
                {"href": book.config.file_name(each.ending), "label": each.download}
                for each in book.config.made
                if each.download
            ]
            + ([{"href": ARCHIVE, "label": "download-data"}] if has_data(book.config) else []),
            "translations": files_of_other_editions(
                book.config, book.labels, book.companions, book.translations, TYPST
            ),
        }
    )


def _crossrefs(book: Book) -> dict[str, Plain]:
    return {
        name: {
            "label": book.labels.of_kind(target.kind),
            "number": target.number,
            "title": target.title,
            "page": target.page,
            "chapter": target.kind in ("chapter", "appendix"),
        }
        for name, target in book.targets.items()
    }


def _messages(book: Book) -> dict[str, str]:
    """Return what is gathered, each list a document, by the names that `messages.lua` asks for."""
    found: dict[str, str] = {}
    for div in _gathering(book):
        name = " ".join(ast.attribute(div, key) or "" for key in ("from", "see"))
        kind = "headlines" if "headlines" in ast.classes(div) else "key-messages"
        found[f"{kind} {name}"] = ast.dump(div["c"][1], {}, list(book.api_version))
    return found


def _findings(book: Book) -> dict[str, Plain]:
    """Return by page where the findings that it tells have their row, and its rows are told."""
    return {page.chapter.page: finding_links(book, page) for page in book.pages}


def _provenance(manuscript: Manuscript) -> dict[str, Plain]:
    """Return by page where what it shows comes from, and whether the edition says so."""
    book = manuscript.book
    pages = {page.chapter.page: shown_provenance(manuscript, page) for page in book.pages}
    return {"pages": pages, "hidden": not book.config.settings.show_values}


def _heads(book: Book) -> dict[str, Plain]:
    """Return by page what its head says of it."""
    return {page.chapter.page: head_elements(book, page) for page in book.pages}


def _gathering(book: Book) -> Iterator[ast.Node]:
    for page in book.pages:
        for node in page.nodes:
            gathers = node["t"] == "Div" and not GATHERING.isdisjoint(ast.classes(node))
            if gathers and ast.attribute(node, "from"):
                yield node


def _write_brand(config: Config) -> None:
    """Write the brand for Typst where the review has one of its own."""
    file = config.store / "brand.typ"
    if (config.root / "_brand.yml").is_file():
        _write(file, typst(find_extension(config.root).brand(config.root)).encode())
    else:
        file.unlink(missing_ok=True)


def _write_json(path: Path, value: Plain) -> None:
    _write(path, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_cached(path, content)
