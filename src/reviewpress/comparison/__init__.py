"""What changed between two editions of a review, and what made it change.

states    an edition as it was kept, was built from a commit, or is now
changes   two records compared: numbers, statements, papers, figures, text
causes    what made a number, figure or text another: data, code, text
wording   two texts word by word
page, word_file    the same to read on, and as tracked changes
"""
