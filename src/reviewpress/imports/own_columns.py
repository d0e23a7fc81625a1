"""What the columns of one's own table of papers may be called: words alone, in lower case."""

import re
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "id", "no", "number", "paper", "study id", "paper id", "record id", "ref no",
             "covidence"),
    "citekey": ("citekey", "key", "citation key"),
    "author": ("author", "authors", "author s", "first author", "lead author", "main author",
               "principal author", "1st author", "author names", "author name", "study authors",
               "autor", "autores", "autor es", "auteur", "auteurs", "autoren", "autore", "autori"),
    "year": ("year", "publication year", "date", "year of publication", "year published",
             "year publication", "pub year", "publication date", "date of publication", "yr",
             "study year", "pubdate", "pub date", "pubyear", "date published", "published year",
             "año", "ano", "año de publicación", "ano de publicação", "année",
             "année de publication", "jahr", "erscheinungsjahr", "anno"),
    "title": ("title", "paper title", "article title", "study title", "title of paper",
              "full title", "title of article", "título", "titulo", "título do artigo",
              "título del artículo", "título do paper", "titre", "titre de l article", "titel",
              "titolo"),
    "journal": ("journal", "source title", "publication title", "journal source", "journal name",
                "journal book", "revista", "revue", "zeitschrift", "rivista"),
    "doi": ("doi", "doi link", "doi url", "doi number"),
    "url": ("url", "link"),
    "sections": ("sections", "section"),
}  # fmt: skip
"""The columns that mean something to a review, and what they may be called: words alone."""
LABELS = (
    "study", "study label", "study name", "study id", "short title", "short citation", "citation",
    "author year", "authors year", "author and year", "author date", "first author year",
    "author s year", "estudio", "estudo", "étude", "studie", "studio",
    "reference", "references", "ref", "studies", "citations", "source", "trial",
    "trial name", "paper", "article", "publication", "author", "authors", "first author",
    "lead author", "main author", "studlab", "slab", "name",
    "id", "study author", "author s", "authors and year", "paper id", "label", "full citation",
    "first author year ref", "author year ref", "authors year ref", "author year reference",
    "study reference", "study ref", "author s year ref", "first author year reference",
)  # fmt: skip
"""The columns that may hold who wrote a study and when in one cell, the surest first."""
STUDY_LABELS = frozenset(LABELS[: LABELS.index("source")])
"""Those of them that say by themselves that there are studies."""


_OF_PAPERS = STUDY_LABELS.union(NAMES["author"], NAMES["title"])
_BRACKETS = re.compile(r"\s+[(\[].*", re.DOTALL)


def words_of_column(text: str) -> str:
    """Return a column's name as words: `first.author`, `First_Author` and FirstAuthor are one.

    What brackets say of studies, authors and titles is no part of it: “Study (n1 = treated)”.
    """
    words, bare = _words(text), _BRACKETS.sub("", text)
    if bare != text and words not in _OF_PAPERS and (known := _words(bare)) in _OF_PAPERS:
        return known
    return words


def _words(text: str) -> str:
    parted = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", text)
    return " ".join(re.findall(r"[^\W_]+", parted.casefold()))
