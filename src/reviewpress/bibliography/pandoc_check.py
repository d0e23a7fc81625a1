"""What pandoc made of an entry, compared with our own reading of it.

Pandoc reads BibTeX as LaTeX, in which `$`, `%`, `#` and unknown commands have a meaning of their
own: it gives "Saving $5 a day" no title at all, without a warning. `repair` writes such an entry
so that pandoc reads the letters that we read, and `lost_words` reports what is lost all the same.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from reviewpress.bibliography.entries import Entry, split_names
from reviewpress.bibliography.latex import (
    decode_latex,
    encode_latex,
    knows_command,
    plain_fractions,
    split_math,
)
from reviewpress.errors import Place, Problem
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

CslItem = Mapping[str, Plain]

_PUBLISHED = {
    "title": "title",
    "subtitle": "title",
    "booktitle": "container-title",
    "journal": "container-title",
    "journaltitle": "container-title",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "series": "collection-title",
    "author": "author",
    "editor": "editor",
}
"""Fields that a reference list shows, and what pandoc calls them."""

_STRUCTURAL = frozenset(
    ("begin", "end", "input", "include", "def", "let", "csname", "newcommand", "renewcommand",
     "providecommand", "write", "openin", "openout", "read", "catcode", "usepackage",
     "documentclass", "cite", "citep", "citet", "ref", "pageref", "eqref", "label", "footnote",
     "thanks", "ifx", "if", "fi", "else", "verb", "symbol", "today", "title", "author", "date")
)  # fmt: skip
"""Commands that are about a document or a file, and give no text in a title."""

_SPECIAL = re.compile(r"[\\$%#^~_&<]|\n[ \t]*\n")
_FORMULA = re.compile(r"(?<!\\)(?:\\\\)*(?:\$|\\[][()])")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]+")
_QUOTATION = frozenset("'\"`‘’‚‛“”„‟")
_COMMAND = re.compile(r"(?<!\\)(?:\\\\)*\\([A-Za-z]+)(\s*\{[^{}]*[^{}\s][^{}]*\})?")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span)\b[^<>]*>")
_SURE = re.compile(r"\\ensuremath\s*\{([^{}]*)\}")
_DOUBLED = re.compile(r"\{\s*\{([^{}]*)\}\s*\}")
_SCRIPT = re.compile(r"([_^])(\{[^{}]*\}|\\[A-Za-z]+|.)")
_UNIT = re.compile(
    r"\\[&%$#_{}]"  # an escaped sign
    r"|\{\\[^{}]*(?:\{[^{}]*\}[^{}]*)?\}"  # {\"o}, {\dj}, {\'{e}}
    r"|\\(?:emph|text(?:it|bf|sc|subscript|superscript))\s*\{[^{}]*\}"  # how letters look
    r"|\\[A-Za-z]+\s*(?:\{[^{}]*\})*"  # a command and its arguments
    r"|\\.\s*(?:\{[^{}]*\}|[A-Za-z])?"  # an accent and its letter
    r"|[{}]|[^{}\\]+|\\",
    re.DOTALL,
)


_LOOKS = {"i": "textit", "em": "emph", "b": "textbf", "strong": "textbf", "sup": "textsuperscript",
          "sub": "textsubscript", "sc": "textsc"}  # fmt: skip
"""Marks of HTML that databases put into titles, as LaTeX has them."""
_LOOKED = re.compile(rf"\\({'|'.join(sorted(set(_LOOKS.values())))})\s*\{{([^{{}}]*)\}}")
_LOOK = re.compile(rf"<({'|'.join(_LOOKS)})>([^<>]*)</\1>")
_RAISED = r"\\textsu(?:b|per)script\s*\{[^{}]*\}|\$[_^][^$]*\$"
_SYMBOLS = re.compile(
    rf"(?<![A-Za-z{{\\])(?P<before>(?:[A-Z][a-z]?)+)(?={_RAISED})"
    rf"|(?P<raised>{_RAISED})(?P<after>(?:[A-Z][a-z]?)+)(?![A-Za-z])"
)
"""Symbols of elements and the like, beside what is raised or lowered: the H and O of water."""
_NOCASE = re.compile(r'<span class="nocase">([^<>]*)</span>')


def repair(entry: Entry, item: CslItem) -> Entry | None:
    """Return an entry of which pandoc will read all letters; None where it has read them all.

    `item` is what it made of the entry, in CSL JSON.
    """
    fields = {
        name: "".join(_escaped(_in_latex(entry.fields[name])))
        for name in _doubtful(entry)
        if _is_misread(entry.fields[name]) or _lost(name, entry, item)
    }
    return replace(entry, fields={**entry.fields, **fields}) if fields else None


def lost_words(entry: Entry, item: CslItem) -> Iterator[Problem]:
    """Report each field of an entry that `item`, its CSL JSON, does not give whole."""
    for name in _doubtful(entry):
        raw = entry.fields[name]
        place = Place(entry.file, line=entry.line)
        unknown = next(_unknown_commands(raw), None)
        if unknown:
            what = f"the LaTeX command \\{unknown}, which cannot be published"
            message = f'the {name} of "{entry.key}" has {what}.'
            hint = f"Write the {name} as readers should see it, without \\{unknown}."
            yield Problem("bibliography", message, place, hint)
        elif _is_kept(name, item) and _lost(name, entry, item):
            message = (
                f'the {name} of "{entry.key}" would be published as '
                f"“{_made(name, item)}”, not as “{_ours(name, entry)}”."
            )
            hint = "Write $, %, # and & with a backslash before them, accented letters as they are."
            yield Problem("bibliography", message, place, hint)


def lost_volumes(entry: Entry, item: CslItem) -> Iterator[Problem]:
    """Report the title of a volume, which a style without a place for it leaves out."""
    title = as_text(item.get("volume-title"))
    if title:
        name = "booktitle" if "container-title" in item else "title"
        message = (
            f'the {name} of "{entry.key}", “{entry.text(name)}”, would not be published: '
            "the citation style shows the maintitle alone."
        )
        hint = f"Write both in the {name}, as in “Great Work, volume 4: Gardens”, not in maintitle."
        yield Problem("bibliography", message, Place(entry.file, line=entry.line), hint)


def _doubtful(entry: Entry) -> Iterator[str]:
    """Give the fields whose value has a sign that LaTeX reads; all others mean what they say."""
    for name in _PUBLISHED:
        if _SPECIAL.search(entry.fields.get(name, "")):
            yield name


def _is_kept(name: str, item: CslItem) -> bool:
    """Say whether pandoc has a place for a field in this type of entry."""
    return name in ("title", "author") or _PUBLISHED[name] in item


def _unknown_commands(raw: str) -> Iterator[str]:
    """Give the commands whose text nobody knows; letters in braces after one are its text."""
    for command, argument in _COMMAND.findall(raw):
        is_structural = command in _STRUCTURAL or command.lower().startswith("cite")
        if is_structural or not (argument or knows_command(command)):
            yield command


def _is_misread(raw: str) -> bool:
    """Whether pandoc takes something else for what a value says, and loses no letter by it."""
    return bool(_FORMULA.search(raw)) or "\n" in raw or _in_latex(raw) != raw


def _in_latex(raw: str) -> str:
    """Return a value on one line, its marks of HTML as LaTeX has them, its symbols in braces."""
    line = " ".join(raw.split())
    line = _NOCASE.sub(r"{\1}", line)
    for _ in range(3):
        line = _LOOK.sub(lambda found: f"\\{_LOOKS[found[1]]}{{{found[2]}}}", line)
    # Pandoc makes words of a title small, but not what stands in braces.
    return _SYMBOLS.sub(_in_braces, line)


def _in_braces(found: re.Match[str]) -> str:
    return f"{{{found['before']}}}" if found["before"] else f"{found['raised']}{{{found['after']}}}"


def _lost(name: str, entry: Entry, item: CslItem) -> bool:
    signs = "$%#&" if name in ("author", "editor") else ""
    return bool(_letters(_ours(name, entry), signs) - _letters(_made(name, item), signs))


def _ours(name: str, entry: Entry) -> str:
    if name in ("author", "editor"):
        return " ".join(f"{n} {n.suffix}" for n in split_names(entry.fields[name]))
    return entry.text(name)


def _made(name: str, item: CslItem) -> str:
    value = item.get(_PUBLISHED[name], "")
    if name == "editor":
        value = value or item.get("collection-editor", "")
    if not isinstance(value, str):
        people = map(as_mapping, as_list(value))
        return " ".join(as_text(part) for person in people for part in person.values())
    return value


def _letters(text: str, signs: str) -> Counter[str]:
    """Count the letters and figures of a text, and of its signs those asked for, or all."""
    folded = unicodedata.normalize("NFKC", _MARKUP.sub("", text)).casefold()
    folded = _DASHES.sub("-", unicodedata.normalize("NFKC", folded))
    return Counter(c for c in folded if c.isalnum() or (c in signs if signs else _is_sign(c)))


def _is_sign(char: str) -> bool:
    """Whether a sign is one that readers see, and not how quotation marks or accents are typed."""
    category = unicodedata.category(char)
    return category[0] in "PS" and category != "Sk" and char not in _QUOTATION


def _escaped(value: str) -> Iterator[str]:
    """Give a value piece by piece as LaTeX that means its letters; braces of capitals stay."""
    for text, is_math in split_math(value):
        if is_math:
            text = _flat(plain_fractions(text))
            yield _SCRIPT.sub(_script, text) if not _COMMAND.search(text) else _formula(text)
            continue
        for found in _UNIT.finditer(text):
            unit = found[0]
            look = _LOOKED.fullmatch(unit)
            if look:
                yield f"\\{look[1]}{{{''.join(_escaped(look[2]))}}}"
            elif unit in ("{", "}") or re.fullmatch(r"\\[&%$#_{}]", unit):
                yield unit
            elif unit.startswith(("\\", "{")):
                yield encode_latex(decode_latex(unit))
            else:
                yield encode_latex(unit.replace("~", "\N{NO-BREAK SPACE}"))


def _flat(formula: str) -> str:
    """Return a formula without braces right inside braces, as reference databases write them."""
    before = ""
    while before != formula:
        before = formula
        formula = _DOUBLED.sub(r"{\1}", _SURE.sub(r"{\1}", formula))
    return formula


def _formula(text: str) -> str:
    """Return a formula with commands in letters, its scripts raised or lowered."""
    pieces = re.split(r"(?<=[\s}])|(?=[_^])", text)
    return "".join(_SCRIPT.sub(_script, piece) if piece[:1] in "_^" else
                   encode_latex(decode_latex(piece)) for piece in pieces if piece)  # fmt: skip


def _script(found: re.Match[str]) -> str:
    command = "textsuperscript" if found[1] == "^" else "textsubscript"
    return f"\\{command}{{{encode_latex(decode_latex(found[2]))}}}"
