"""One archive of a version for a repository such as Zenodo: editions, data and where they are from.

contents     what goes in, and what must not
provenance   which value was made from what, in the words of W3C PROV
crate        the description of all of it as an RO-Crate
"""
