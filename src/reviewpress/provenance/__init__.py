"""Where the numbers of an edition come from: one record of each thing that was computed or stated.

    runs (lineage of each value, figure, table, claim) ─┐
    book (where they are shown)                         ├─ trace_edition ──▶ Provenance
    evidence (findings, claims, appraisal)             ─┘

Who has an assembled edition has its record too: `manuscript.provenance()`. It has

    values     what a sentence states: id (`process-12`), chapter, cell, page, text, code, words
    figures    figures and tables: id (`fig-methods`), chapter, cell, page, text (the title)
    claims     published numbers: id, chapter, text (computed), published, status, explanation
    findings   statements: id, statement, papers for and against, appraisals, certainty, place
    files      each file that any of them was made from, with its SHA-256
    runs       each chapter that was executed, with a hash of what its run read and gave

The first three are `Computed`: each has `reads`, the columns that it was made from
(`tables.lineage.ColumnRead`: file, column, rows or None for the whole column). `as_data(record)`
gives all as plain data with stable keys, for a file like edition.json; two of these are compared by
`id`, and by `chapter` with `code` where text was put in between. Ids of values count within their
chapter, so that a new value renames those after it.
"""

from reviewpress.provenance.record import (
    Appraised,
    Computed,
    Provenance,
    Stated,
    as_data,
    trace_edition,
)

__all__ = [
    "Appraised",
    "Computed",
    "Provenance",
    "Stated",
    "as_data",
    "trace_edition",
]
