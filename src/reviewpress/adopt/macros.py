"""Commands for formulas that a project defines for LaTeX: put into the chapters that use them.

Quarto and bookdown take them from a file for the head of a PDF, or of a page for MathJax.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reviewpress.assemble.equations import SPOKEN
from reviewpress.assemble.source import without_code
from reviewpress.extension import installed_extension
from reviewpress.speed.pandoc_pool import read_formulas

_SECONDS = 60
_FILE = re.compile(r"[\w./-]+\.(?:tex|sty|html)\b")
_COMMENT = re.compile(r"(?<!\\)%.*")
_DEFINES = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator)\*?\s*(?:\{\s*\\([A-Za-z]+)\s*\}"
    r"|\\([A-Za-z]+))\s*(?:\[\d\]\s*)?(?:\[[^\[\]]*\]\s*)?(?=\{)"
    r"|\\def\s*\\([A-Za-z]+)\s*(?:#\d)*\s*(?=\{)"
)
_PROGRAMS = re.compile(r"\\(?:def|let|if\w*|\w*newcommand|expandafter|csname)\b|@")
"""What a formula cannot have: commands that define others as they are used."""
_NEEDS_MORE = frozenset(
    "left right middle begin end big Big bigg Bigg bigl bigr Bigl Bigr limits nolimits".split()  # noqa: SIM905
)
"""Commands that cannot be read alone, though pandoc knows them."""
_USED = re.compile(r"\\([A-Za-z]+)")


def defined_macros(root: Path, settings: Iterable[str]) -> dict[str, str]:
    """Return the commands that settings define, or the files that they name, by their names.

    >>> defined_macros(Path(), [r"header-includes: \\newcommand{\\R}{\\mathbb{R}} % real"])
    {'R': '\\\\newcommand{\\\\R}{\\\\mathbb{R}}'}
    """
    found: dict[str, str] = {}
    for text in settings:
        files = [root / match[0].lstrip("/") for match in _FILE.finditer(text)]
        texts = [each.read_text("utf-8", "replace") for each in files if each.is_file()]
        for each in (text, *texts):
            found |= dict(_definitions(_COMMENT.sub("", each)))
    return found


def readable_macros(known: Mapping[str, str]) -> dict[str, str]:
    """Return the commands that stand for what pandoc can read, alone or by each other."""
    used = {name: {*_USED.findall(made.partition("{")[2])} - {name} for name, made in known.items()}
    asked = sorted(set().union(*used.values()) - _NEEDS_MORE) if used else []
    filters = installed_extension().file(SPOKEN).parent
    texts = [f"\\{name}{{x}}{{y}}" for name in asked]
    said = read_formulas(texts, lang="en", filters=filters, seconds=_SECONDS) if texts else []
    unknown = {
        name for name, each in zip(asked, said, strict=True)
        if re.search(rf"control sequence \\{name}\b", each.get("wrong", ""))
    }  # fmt: skip
    kept = dict(known)
    while left := [
        name for name in kept if any(e in unknown and e not in kept for e in used[name])
    ]:
        for name in left:
            del kept[name]
    return kept


def with_used_macros(text: str, known: Mapping[str, str]) -> str:
    """Return a text, without front matter, that begins with the definitions its formulas need."""
    bare = without_code(text)
    own = {name for name, _ in _definitions(bare)}
    needed: dict[str, None] = {}
    waiting = [match[1] for match in _USED.finditer(bare)]
    for name in waiting:
        if name in known and name not in needed and name not in own:
            needed[name] = None
            waiting += [each for each in _USED.findall(known[name]) if each != name]
    if not needed:
        return text
    lines = [known[name] for name in known if name in needed]
    return "\n".join([*lines, "", text])


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    after = 0
    for match in _DEFINES.finditer(text):
        depth = 0
        if match.start() < after:
            continue
        for at in range(match.end(), len(text)):
            escaped = text[at - 1] == "\\"
            depth += 0 if escaped else (text[at] == "{") - (text[at] == "}")
            if depth == 0:
                after = at
                made = " ".join(text[match.start() : at + 1].split())
                if not _PROGRAMS.search(text[match.end() : at]):
                    yield match[1] or match[2] or match[3], made
                break
