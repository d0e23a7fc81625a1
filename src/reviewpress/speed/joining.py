"""Words that follow one another, as one node of pandoc's trees.

pandoc's readers make a node of every word and one of every space: trees are half as large without
them, for all that read, walk, filter or write them. They are joined in the bytes of the JSON,
before anybody makes objects of them.
"""

import re

from reviewpress.speed import is_on

_MARKED = rb"(?:\xf0[\x92\x93]..)+"
"""The letters that stand for the first figures of a number where its place is looked for."""
_WORD = rb'\{"t":"Str","c":"(?!(?:\d|' + _MARKED + rb')\d*\."\})(?:[^"\\]|\\.)*"\}'
"""A number with a full stop stays alone: only then does pandoc's writer of Typst take it for text
at the start of a line, where Typst would make a list of it."""
_SPACED = re.compile(_WORD + rb'(?:,\{"t":"Space"\},' + _WORD + rb"){1,400}")
"""No more in one: pandoc's writer of Typst takes four times as long for a text twice as long."""
_BETWEEN = b'"},{"t":"Space"},{"t":"Str","c":"'


def join_words(document: bytes) -> bytes:
    """Return pandoc's JSON with each run of words and single spaces as one `Str`.

    >>> join_words(b'[{"t":"Str","c":"two"},{"t":"Space"},{"t":"Str","c":"words"}]')
    b'[{"t":"Str","c":"two words"}]'
    >>> join_words(b'[{"t":"Str","c":"1998."},{"t":"Space"},{"t":"Str","c":"So"}]').count(b"Str")
    2
    """
    if not is_on():
        return document
    # Text cannot look like the nodes between two words: its quotes are escaped.
    return _SPACED.sub(lambda run: run[0].replace(_BETWEEN, b" "), document)
