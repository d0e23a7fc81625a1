"""What stands beside the pages to be taken away: how large it is, and the included papers."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path

from reviewpress.bibliography import load_bibliographies, write_bibtex
from reviewpress.bibliography.exports import without_own_fields, write_csl, write_ris
from reviewpress.config import Config
from reviewpress.formats.data_package import ARCHIVE
from reviewpress.formats.objects import FORMATS, TYPST, Format
from reviewpress.labels import Labels
from reviewpress.store.kinds import INCLUDED

NAME = "included-papers"
_PLACE = '<span class="file-facts" data-file="{}">'
"""Where the first page's template leaves room for what is known once the files are made."""
_ENDINGS = ("ris", "bib", "json")


def state_sizes(config: Config, labels: Labels, folder: Path) -> None:
    """Say on the first page, once all files are there, how large those are that it offers.

    A file that an earlier build made is still in the edition's place.
    """
    home = folder / "index.html"
    if not home.is_file():
        return
    text = written = home.read_text(encoding="utf-8")
    offered = {config.file_name(each.ending): each for each in FORMATS} | {ARCHIVE: None}
    for name, made in offered.items():
        found = next(
            (at / name for at in (folder, config.output_dir) if (at / name).is_file()), None
        )
        if found is not None:
            place = _PLACE.format(escape(name))
            facts = escape(_facts(made, labels, found))
            text = text.replace(f"{place}</span>", f"{place}{facts}</span>")
    if text != written:
        home.write_text(text, encoding="utf-8")


def _facts(made: Format | None, labels: Labels, file: Path) -> str:
    """Return a size, and of a PDF the number of pages, as in "2.3 MB, 249 pages"."""
    facts = [_size(labels, file.stat().st_size)]
    if made is TYPST:
        # Not with the module: pikepdf takes time to load, and not each build has a PDF.
        from reviewpress.formats.pdf_tags import count_pages

        facts.append(labels.count("file-pages", count_pages(file)))
    return ", ".join(facts)


def _size(labels: Labels, size: int) -> str:
    """Return a size as people say it: in MB from a tenth of one, else in kB."""
    if size < 100_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{labels.digits(round(size / 1_000_000, 1))} MB"


def write_included_papers(config: Config, folder: Path) -> None:
    """Write the included papers as RIS, BibTeX and CSL JSON, in the order of their codes.

    A review without codes has none; what an earlier build left of them is deleted.
    """
    for ending, text in _files(config).items():
        path = folder / f"{NAME}.{ending}"
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def _files(config: Config) -> Mapping[str, str]:
    def make() -> tuple[Mapping[str, str], bytes]:
        written = _written(config)
        return written, json.dumps(written).encode()

    texts = [path.read_bytes() for path in config.bibliography]
    return INCLUDED.get(config.store, texts, make=make, read=json.loads)


def _written(config: Config) -> dict[str, str]:
    if not config.bibliography:
        return dict.fromkeys(_ENDINGS, "")
    papers = load_bibliographies(config.bibliography, config.root).group("included")
    entries = [without_own_fields(entry) for entry in papers if entry.code is not None]
    if not entries:
        return dict.fromkeys(_ENDINGS, "")
    written = (write_ris(entries), write_bibtex(entries), write_csl(entries))
    return dict(zip(_ENDINGS, written, strict=True))
