"""What exists for speed alone: without it all comes out the same, later.

    dialect       pandoc is given spans in a form that it reads once, not twice
    joining       words that follow one another are one node, joined in the bytes of the JSON
    pandoc_pool   pandocs that live on, for one task after another
    workers       processes that share the reading of a large export
    forkserver    a process that has imported what kernels use, and forks them

REVIEWPRESS_SPEED=0 turns all of it off.
"""

import os

SWITCH = "REVIEWPRESS_SPEED"


def is_on() -> bool:
    """Say whether what exists for speed is used."""
    return os.environ.get(SWITCH) != "0"
