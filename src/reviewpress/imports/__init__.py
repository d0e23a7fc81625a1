"""Import: records of search exports and reference managers into the bibliography.

readers     which format a file is in; ris, nbib, endnote, csl, covidence read one each
records     a record, and the fields that formats share
traits      what of an entry is compared
journals    which names of journals mean one
matching    whether two records are one publication, may be, or are reports of one study
index       which entries to compare a record with
stored_index what is known of entries that were there before, without reading them
merging     fields into entries, keys, and the bibliography's text
intake      the entries while records are taken in
outcomes    what became of records and exports
withdrawing an export is taken back or replaced
log         data/imports.csv, what became of every record
writing     what an import changes, together
relocation  entries between the bibliography and the file of records
importing   all of it

ballots     what a file says was decided; decision_words what it calls that
machine_    what tools decided is a suggestion
decision_   files and tables with decisions: rayyan and eppi read those two programs
"""

from reviewpress.imports.ballots import Asked, DecisionFile
from reviewpress.imports.decision_import import (
    DecisionReport,
    import_decisions,
    matched_by,
    read_decision_files,
    withdraw_decisions,
)
from reviewpress.imports.file_kinds import FORMATS
from reviewpress.imports.outcomes import ImportReport, Outcome, Withdrawal
from reviewpress.imports.record_import import import_records

__all__ = [
    "FORMATS",
    "Asked",
    "DecisionFile",
    "DecisionReport",
    "ImportReport",
    "Outcome",
    "Withdrawal",
    "import_decisions",
    "import_records",
    "matched_by",
    "read_decision_files",
    "withdraw_decisions",
]
