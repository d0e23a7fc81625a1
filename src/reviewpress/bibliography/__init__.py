"""The bibliography: read, checked and written; `bibtex` is the only importer of bibtexparser.

entries   frozen entries, names, reference groups, plain text of BibTeX values
bibtex    BibTeX in and out
quality   duplicates, missing fields, malformed DOIs and addresses
latex     LaTeX marks in other people's BibTeX
"""

from reviewpress.bibliography.bibtex import (
    entry_spans,
    load_bibliographies,
    load_bibliography,
    parse_bibliography,
    read_entries,
    write_bibtex,
)
from reviewpress.bibliography.entries import (
    ADDITIONAL,
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
from reviewpress.bibliography.quality import check_bibliography

__all__ = [
    "ADDITIONAL",
    "INCLUDED",
    "Bibliography",
    "Entry",
    "Name",
    "bare_doi",
    "check_bibliography",
    "entry_spans",
    "fold_accents",
    "load_bibliographies",
    "load_bibliography",
    "normalise",
    "parse_bibliography",
    "plain",
    "read_entries",
    "split_names",
    "write_bibtex",
]
