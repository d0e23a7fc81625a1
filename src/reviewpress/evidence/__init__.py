"""The evidence of a review: its tables, read strictly and only when needed.

data         Evidence: tables, codes, references, forms and searches, and what was read of them
findings     the statements of the synthesis; ledger shows which papers they rest on
counts       papers by the terms of a column; sections counts a section's, box shows them
headlines    who has most, ties included, and shares that state their whole
appraisal    MMAT and other appraisal tools
decisions    what was decided on records, settled; agreement says how far people agreed before
screening    the flow of records that follows from them; flow is PRISMA 2020's
versions     what of it belongs to an earlier version of the review; changes what is new since
studies      which papers report one study; report_lists the reports by what was decided
automation   what AI and automation did
records      whether searches, imports, decisions and papers name the same records
claims       published numbers beside computed ones; claim_cells moves those of old tables
frames       what of it is a DataFrame; study_frames of studies, reports and agreement
"""
