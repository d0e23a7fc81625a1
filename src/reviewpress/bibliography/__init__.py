"""The bibliography: read, checked and written; `bibtex` is the only importer of bibtexparser.

entries   frozen entries, names, reference groups, plain text of BibTeX values
bibtex    BibTeX in and out
places    where each entry is in its file
loose     BibTeX of other people's making
valid     what pandoc, BibTeX and biber can all read
kept      BibTeX that was read before
quality   duplicates, missing fields, malformed DOIs and addresses
retractions what was retracted, and how it is shown
latex     LaTeX marks in other people's BibTeX
"""

from reviewpress.bibliography.bibtex import (
    entry_spans,
    keys_in,
    load_bibliographies,
    load_bibliography,
    parse_bibliography,
    read_bibliographies,
    read_entries,
    write_bibtex,
)
from reviewpress.bibliography.compatibility import valid_entry
from reviewpress.bibliography.entries import (
    ADDITIONAL,
    DOI,
    INCLUDED,
    Bibliography,
    Entry,
    Name,
    bare_doi,
    fold_accents,
    normalise,
    plain,
    split_names,
)
from reviewpress.bibliography.foreign_bibtex import Unread, read_loosely
from reviewpress.bibliography.kept import load_kept_bibliographies
from reviewpress.bibliography.places import SpannedBibliography, load_with_spans, read_in_pieces
from reviewpress.bibliography.quality import check_bibliography
from reviewpress.bibliography.retractions import (
    CONCERN,
    ERRATUM,
    RETRACTED,
    Notice,
    find_notices,
    read_retraction_watch,
    with_notice,
)

__all__ = [
    "ADDITIONAL",
    "CONCERN",
    "DOI",
    "ERRATUM",
    "INCLUDED",
    "RETRACTED",
    "Bibliography",
    "Entry",
    "Name",
    "Notice",
    "SpannedBibliography",
    "Unread",
    "bare_doi",
    "check_bibliography",
    "entry_spans",
    "find_notices",
    "fold_accents",
    "keys_in",
    "load_bibliographies",
    "load_bibliography",
    "load_kept_bibliographies",
    "load_with_spans",
    "normalise",
    "parse_bibliography",
    "plain",
    "read_bibliographies",
    "read_entries",
    "read_in_pieces",
    "read_loosely",
    "read_retraction_watch",
    "split_names",
    "valid_entry",
    "with_notice",
    "write_bibtex",
]
