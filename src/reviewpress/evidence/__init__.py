"""The evidence of a review: its tables, read strictly and only when needed.

schema      data/schema.yml: tables, columns, vocabularies
tables      the strict CSV reader; cells reads one column's cells
frames      tables as DataFrames
review      Review, what chapters see; sections counts a section's papers; box shows them
appraisal   MMAT and other appraisal tools; flow PRISMA 2020; forms, searches, claims
validation  everything checked, also across tables
reads       what was read, with hashes
"""
