"""Citations that no bibliography has: named as such in one, or words where there is none.

Quarto sets such a key in bold with a question mark; without any bibliography, it stays as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reviewpress.adopt.notes import Note
from reviewpress.assemble.source import without_code
from reviewpress.errors import Place

MISSING = "missing.bib"
_KEY = re.compile(r"(?<![\w@\\/.])@\{?([A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*\w)?)")
_ENTRY = re.compile(
    r"@\w+\s*[{(]\s*([^,\s{}]+)\s*,|^\s*[-{]?\s*\"?id\"?\s*:\s*\"?([\w:./-]+)", re.M
)
_FLOATS = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|imp|wrn|cau)-"
)


def known_keys(files: Iterable[Path]) -> set[str]:
    """Return the keys of bibliographies, in BibTeX or CSL."""
    texts = (file.read_text(encoding="utf-8-sig", errors="replace") for file in files)
    return {match[1] or match[2] for text in texts for match in _ENTRY.finditer(text)}


def unknown_citations(text: str, known: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the offset of each citation that is not known, and its key.

    >>> [key for _, key in unknown_citations("As @one and [-@two; @fig-a], a@b.org, `@c`", {"one"})]
    ['two']
    """
    for match in _KEY.finditer(without_code(text)):
        if match[1] not in known and not _FLOATS.match(match[1]):
            yield match.start(), match[1]


def entries_for(keys: Iterable[str]) -> bytes:
    """Return a bibliography of what is missing: each entry says that it is."""
    made = (f"@misc{{{key},\n  title = {{Not in the bibliography: {key}}}\n}}\n" for key in keys)
    return "\n".join(made).encode()


def complete_citations(
    texts: dict[str, bytes], names: Mapping[str, str], files: list[Path] | None
) -> list[Note]:
    """Make entries or words of the citations that no bibliography has; return what was changed.

    `names` are the originals of chapters; `files` is None where there is no bibliography.
    """
    known = known_keys(files or ())
    notes, missing = [], dict[str, None]()
    for goal, source in names.items():
        text = texts[goal].decode()
        found = list(unknown_citations(text, known)) if goal.endswith((".qmd", ".md")) else []
        for at, key in reversed(found):
            if files is None:
                text = f"{text[:at]}\\{text[at:]}"
            missing[key] = None
        texts[goal] = text.encode()
        keys = ", ".join(f"@{key}" for key in dict.fromkeys(key for _, key in found))
        what = "is text, as there is no bibliography" if files is None else f"is in {MISSING} only"
        if found:
            notes.append(Note(Place(source), f"{keys} {what}.", is_left=True))
    if missing and files is not None:
        texts[MISSING] = entries_for(missing)
    return notes
