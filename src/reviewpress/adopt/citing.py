"""Citations that no bibliography has: named as such in one, or words where there is none.

Quarto sets such a key in bold with a question mark; without any bibliography, it stays as it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reviewpress.adopt.notes import Note
from reviewpress.adopt.original import front_matter
from reviewpress.assemble.source import without_code
from reviewpress.errors import Place

MISSING = "missing.bib"
_KEY = re.compile(r"(?<![\w@\\/.])@\{?([A-Za-z0-9_](?:[\w:.#$%&+?<>~/-]*\w)?)")
_ENTRY = re.compile(
    r"@\w+\s*[{(]\s*([^,\s{}]+)\s*,|^\s*[-{]?\s*\"?id\"?\s*:\s*\"?([\w:./-]+)", re.M
)
_NAMED = re.compile(r"#([\w:.-]+)|\blabel:\s*[\"']?([\w:.-]+)|\blabel=[\"']?([\w:.-]+)")
"""What gives a thing that can be referred to its id: attributes, and the options of cells."""
_FLOATS = re.compile(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|imp|wrn|cau)-"
)


def known_keys(files: Iterable[Path]) -> set[str]:
    """Return the keys of bibliographies, in BibTeX or CSL."""
    texts = (file.read_text(encoding="utf-8-sig", errors="replace") for file in files)
    return {match[1] or match[2] for text in texts for match in _ENTRY.finditer(text)}


def named_things(texts: Iterable[str]) -> set[str]:
    """Return the ids that texts give: those that a reference may lead to."""
    return {match[match.lastindex or 0] for text in texts for match in _NAMED.finditer(text)}


def unknown_citations(text: str, known: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the offset of each citation or reference that is not known, and its key.

    >>> [key for _, key in unknown_citations("As @one and [-@two; @fig-a], a@b.org, `@c`", {"one"})]
    ['two', 'fig-a']
    """
    for match in _KEY.finditer(without_code(text)):
        if match[1] not in known and re.sub(r"-\d+$", "", match[1]) not in known:
            yield match.start(), match[1]


def entries_for(keys: Iterable[str]) -> bytes:
    """Return a bibliography of what is missing: each entry says that it is."""
    made = (f"@misc{{{key},\n  title = {{Not in the bibliography: {key}}}\n}}\n" for key in keys)
    return "\n".join(made).encode()


def complete_citations(
    texts: dict[str, bytes],
    names: Mapping[str, str],
    files: list[Path] | None,
    included: Iterable[Path] = (),
) -> list[Note]:
    """Make entries or words of the citations that no bibliography has; return what was changed.

    A reference to what is nowhere is words, too. `names` are the originals of chapters; `files` is
    None where there is no bibliography; `included` are texts that chapters may include.
    """
    others = (each.read_text(encoding="utf-8", errors="replace") for each in included)
    made = (content.decode(errors="replace") for content in texts.values())
    known = known_keys(files or ()) | named_things([*made, *others])
    notes: list[Note] = []
    missing = dict[str, None]()
    for goal, source in names.items():
        text = texts[goal].decode()
        found = list(unknown_citations(text, known)) if goal.endswith((".qmd", ".md")) else []
        for at, key in reversed(found):
            if files is None or _FLOATS.match(key):
                # A backslash would end the front matter, where it is quoted.
                sign = "&#64;" if at < len(front_matter(text)[0]) else "\\@"
                text = f"{text[:at]}{sign}{text[at + 1 :]}"
            else:
                missing[key] = None
        texts[goal] = text.encode()
        notes += _said(source, dict.fromkeys(key for _, key in found), is_listed=files is not None)
    if missing:
        texts[MISSING] = entries_for(missing)
    return notes


def _said(source: str, keys: Iterable[str], *, is_listed: bool) -> Iterator[Note]:
    for key in keys:
        if _FLOATS.match(key):
            what = "points to nothing, and is text"
        else:
            what = f"is in {MISSING} only" if is_listed else "is text: there is no bibliography"
        yield Note(Place(source), f"@{key} {what}.", is_left=True)
