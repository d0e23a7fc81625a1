"""Moving in: a review project from one of Quarto or R Markdown, beside it.

original   what there is: its kind, its chapters in order, its settings
chapters   a chapter of the review, made of a text or a notebook
texts      a chapter's text: R Markdown's and bookdown's own marks, what no format has
cells      code cells: options in braces, pictures of files, cells of other languages
keys       settings: which are kept, and which have no effect here
leading    links to chapters whose files are called otherwise now
running    the code is executed once; what fails here is shown instead
mending    what a review still refuses is set aside, line by line
making     the folder, whole or not at all, and what is left to do in it
"""

from reviewpress.adopt.making import NOTES, Adopted, adopt
from reviewpress.adopt.notes import Note, listing

__all__ = ["NOTES", "Adopted", "Note", "adopt", "listing"]
