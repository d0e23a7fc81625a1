"""A matrix of editions: one for each row of a table, and an index over them.

rows     the table, read: parameters, folder, title and address of each edition
making   the editions made, one after the other, and what became of each
index    the page that lists them, with one search over all
"""

from reviewpress.matrix.making import RowOutcome, make_matrix
from reviewpress.matrix.rows import Matrix, MatrixRow, read_matrix

__all__ = ["Matrix", "MatrixRow", "RowOutcome", "make_matrix", "read_matrix"]
