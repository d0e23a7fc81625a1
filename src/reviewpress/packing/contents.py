"""What goes into the archive of a version, and what must not.

report/, summary/             the editions whole, each with its data package
bibliography/references.bib   all that the review cites, without abstracts
provenance/report.jsonld      where the values of an edition come from
CITATION.cff, LICENSE         how to cite it, and what may be done with it
ro-crate-metadata.json        what all of this is
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from reviewpress.bibliography import load_bibliographies, write_bibtex
from reviewpress.bibliography.entries import Entry
from reviewpress.bibliography.exports import without_own_fields, write_csl, write_ris
from reviewpress.config import Config
from reviewpress.edition import EditionRecord
from reviewpress.errors import ConfigError, Place, Problem, raise_all
from reviewpress.formats.downloads import NAME as INCLUDED
from reviewpress.packing.provenance import provenance_text
from reviewpress.store.output_folder import LIST

_PERSONAL = frozenset(("reviewer", "reviewers", "screener", "rater", "assessor", "decided_by"))
_COPYRIGHT = frozenset(("abstract", "abstracts"))
_LEFT_OUT = ("abstract", "annote", "annotation", "file")
_CITATION = "CITATION.cff"
_LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENCE.md", "LICENCE.txt")


@dataclass(frozen=True, slots=True)
class PackedEdition:
    """An edition that is packed: the name of its folder, where it is, its record."""

    name: str
    folder: Path
    record: EditionRecord


def archive_files(config: Config, editions: tuple[PackedEdition, ...]) -> dict[str, bytes]:
    """Return the files of the archive by their names, but for the description of it all.

    Raises Problems for tables that hold what must not be archived.
    """
    files: dict[str, bytes] = {}
    for edition in editions:
        files |= {f"{edition.name}/{name}": content for name, content in _edition_files(edition)}
        files[f"provenance/{edition.name}.jsonld"] = provenance_text(edition.record)
    raise_all([*_restricted(files)])
    files["bibliography/references.bib"] = _bibliography(config, editions)
    citation = editions[0].folder / _CITATION
    if citation.is_file():
        files[_CITATION] = citation.read_bytes()
    licence = next((config.root / n for n in _LICENCES if (config.root / n).is_file()), None)
    if licence is not None:
        files["LICENSE"] = licence.read_bytes()
    return dict(sorted(files.items()))


def _edition_files(edition: PackedEdition) -> Iterator[tuple[str, bytes]]:
    clean = _without_abstracts(edition.folder)
    for path in sorted(edition.folder.rglob("*")):
        name = path.relative_to(edition.folder).as_posix()
        if path.is_file() and name != LIST:
            yield name, clean.get(name) or path.read_bytes()


def _without_abstracts(folder: Path) -> Mapping[str, bytes]:
    """Return the files of included papers anew, where they have abstracts; none otherwise."""
    file = folder / f"{INCLUDED}.bib"
    if not file.is_file():
        return {}
    entries = load_bibliographies([file], folder).entries
    if not any("abstract" in entry.fields for entry in entries):
        return {}
    clean = [_clean(entry) for entry in entries]
    written = {"bib": write_bibtex(clean), "ris": write_ris(clean), "json": write_csl(clean)}
    return {f"{INCLUDED}.{ending}": text.encode() for ending, text in written.items()}


def _bibliography(config: Config, editions: tuple[PackedEdition, ...]) -> bytes:
    cited = {key for edition in editions for key in edition.record.references}
    cited |= {paper.key for edition in editions for paper in edition.record.papers}
    found = load_bibliographies(config.bibliography, config.root).entries
    return write_bibtex([_clean(entry) for entry in found if entry.key in cited]).encode()


def _clean(entry: Entry) -> Entry:
    own = without_own_fields(entry)
    fields = {name: text for name, text in own.fields.items() if name not in _LEFT_OUT}
    return replace(own, fields=fields)


def _restricted(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield a problem for each column that names reviewers, or has texts of publishers."""
    for name, content in files.items():
        if not name.endswith(".csv"):
            continue
        head = next(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))), [])
        for column in head:
            plain = column.strip().lower().replace(" ", "_")
            what = "names reviewers" if plain in _PERSONAL else "holds abstracts under copyright"
            if plain in _PERSONAL | _COPYRIGHT:
                message = f'the column "{column}" {what}, and would be archived for good.'
                hint = "Leave the table out of `data-package:`, or the column out of the table."
                yield Problem(ConfigError.rule, message, Place(name), hint)
