"""BibTeX in and out: the only importer of bibtexparser."""

import logging
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from reviewpress.bibliography.entries import Bibliography, Entry
from reviewpress.errors import BibliographyError, Place, Problem, Problems, ReportError
from reviewpress.identifiers import composed
from reviewpress.merge_marks import refuse_merge_marks
from reviewpress.store.digests import digest_bytes
from reviewpress.store.ordinary_files import whole_text

_RULE = "bibliography"
_LOOKS_LIKE_ENTRY = re.compile(r"^\s*@?\s*[A-Za-z]+\s*[{(]|=\s*[{\"]", re.MULTILINE)
_WORD = re.compile(r"[\w.:+/-]*")
_NAME = re.compile(r"[A-Za-z][\w.:+/-]*")
_MONTHS = frozenset(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec")
)
"""The names that BibTeX and pandoc define themselves."""
_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufffe\\uffff]")
_BRACE = re.compile(r"(?<!\\)[{}]")
_QUOTE = re.compile(r'(?<!\\)"')
_ENTRY = re.compile(rb"@\w+\s*[{(]\s*([^\s,{}()]+)\s*,")
_PART = re.compile(r'[^#"{}\\]+|\\.?|[#"{}]', re.DOTALL)
_LONGEST_NAME, _LONGEST_VALUE = 10_000, 1_000_000
"""Letters that an abbreviation, and a value with abbreviations, may have when written out."""
_FIELD_ORDER = (
    "code",
    "group",
    "author",
    "editor",
    "title",
    "subtitle",
    "journal",
    "booktitle",
    "publisher",
    "institution",
    "organization",
    "school",
    "address",
    "edition",
    "year",
    "date",
    "month",
    "volume",
    "number",
    "pages",
    "doi",
    "url",
    "urldate",
    "isbn",
    "issn",
)


def load_bibliography(path: Path, root: Path | None = None) -> Bibliography:
    """Read a BibTeX file.

    Raises BibliographyError where it is missing or no UTF-8, Problems with every malformed entry,
    repeated key and repeated field otherwise, each with its line.
    """
    name = path.relative_to(root).as_posix() if root and path.is_relative_to(root) else path.name
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BibliographyError("the file does not exist.", Place(name)) from None
    except OSError as error:
        raise BibliographyError(f"cannot be read: {error.strerror}.", Place(name)) from None
    return parse_bibliography(content, name)


def keys_in(path: Path) -> frozenset[str]:
    """Return the keys of a file of records; none without it. Entries are not read."""
    if not path.is_file():
        return frozenset()
    with path.open("rb") as file:
        found = (_ENTRY.match(line) for line in file if line.startswith(b"@"))
        return frozenset(one[1].decode() for one in found if one)


def load_bibliographies(paths: Iterable[Path], root: Path) -> Bibliography:
    """Read several BibTeX files as one bibliography; see `read_bibliographies`."""
    read = read_bibliographies(paths, root)
    if len(read) == 1:
        return read[0]
    entries = tuple(entry for bibliography in read for entry in bibliography)
    digests = "".join(bibliography.sha256 for bibliography in read).encode()
    return Bibliography(read[0].name if read else "", entries, digest_bytes(digests))


def read_bibliographies(paths: Iterable[Path], root: Path) -> tuple[Bibliography, ...]:
    """Read several BibTeX files; see `load_bibliography`. A key of two files is a problem."""
    read: list[Bibliography] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            read.append(load_bibliography(path, root))
        except ReportError as error:
            problems += error.problems
    first: dict[str, Entry] = {}
    for entry in (entry for bibliography in read for entry in bibliography):
        earlier = first.setdefault(entry.key.casefold(), entry)
        if earlier.file != entry.file:
            message = f'the key "{entry.key[:60]}" is in {earlier.file} already.'
            hint = "Give one of the two another key, or delete the repeated entry."
            problems.append(Problem(_RULE, message, Place(entry.file, line=entry.line), hint))
    if problems:
        raise Problems(problems)
    return tuple(read)


def parse_bibliography(content: bytes, name: str) -> Bibliography:
    """Read BibTeX from a file's content; see `load_bibliography`."""
    entries, problems = read_entries(decode_bibliography(content, name), name)
    if problems:
        raise Problems(problems)
    return Bibliography(name, tuple(entries), digest_bytes(content))


def decode_bibliography(content: bytes, name: str) -> str:
    """Return the text of a UTF-8 file; BibliographyError with the line otherwise."""
    try:
        text = whole_text(composed(content.decode("utf-8-sig")), name, BibliographyError)
        return refuse_merge_marks(text, name, BibliographyError)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "Save it as UTF-8; accented letters need no LaTeX."
        raise BibliographyError("the file is not UTF-8.", Place(name, line=line), hint) from None


def read_entries(text: str, name: str) -> tuple[list[Entry], list[Problem]]:
    """Read BibTeX as far as it can be read: the good entries, and a problem for each bad one."""
    return read_library(parse_blocks(text.replace("\r\n", "\n").replace("\r", "\n"), name), name)


def read_library(library: Any, name: str) -> tuple[list[Entry], list[Problem]]:
    """Return the good entries of a file's blocks, and a problem for each bad one."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    strings = read_strings(library, name)
    in_circles = {string.key.lower() for string in library.strings} - strings.keys()
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        kind = type(block).__name__
        if kind == "Entry":
            entry = _entry(block, line, name, strings)
            problems += _entry_problems(block, entry, name)
            problems += _undefined_names(block, strings, in_circles, name)
            earlier = first.setdefault(entry.key.casefold(), line)
            if earlier != line:
                problems.append(_repeated_key(entry.key, earlier, line, name))
            entries.append(entry)
        elif kind == "ImplicitComment":
            problems += _lost_text(block, line, name)
        elif hasattr(block, "error"):
            problems.append(_failure(block, line, name))
    return entries, problems


def entry_spans(text: str, name: str) -> Iterator[tuple[str, int, int]]:
    """Yield each entry's key with where it starts and ends in a text of BibTeX, in order."""
    yield from spans_in(parse_blocks(text, name), text)


def spans_in(library: Any, text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the key of each entry, and where it starts and ends in the text of its blocks."""
    position = 0
    for block in library.blocks:
        raw = block.raw or ""
        start = text.find(raw, position)
        if type(block).__name__ == "Entry" and start >= 0 and raw:
            yield block.key.strip(), start, start + len(raw)
        position = start + len(raw) if start >= 0 else position


def write_bibtex(entries: Iterable[Entry]) -> str:
    """Return entries as BibTeX text, fields in one order, real Unicode."""
    return "\n".join(_written(entry) for entry in entries)


_REASONS = {
    "Unexpected block start": "it does not end before {} begins",
    "Unexpectedly reached end": "the file ends before it does",
    "Expected a `=` after entry key `": "there is no = after {}",
    "Expected a `=` after entry key": "there is no = before {}",
    "Expected either a `,`": "there is no comma between two of its fields, or a bracket too many",
    "Expected comma after entry key": "there is no comma after its key",
    "Expected equals sign": "there is no = after the name of a field",
}
"""How the reasons of the parser begin, and what they mean."""


def parse_blocks(text: str, name: str) -> Any:
    """Return the blocks of BibTeX, with the values of fields as they are written."""
    from bibtexparser.entrypoint import parse_string

    # What the library logs as a warning is in its failed blocks, and is told from there.
    log = logging.getLogger("bibtexparser")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        return parse_string(text, parse_stack=[])
    except Exception as error:  # the parser's own errors have no common base
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BibliographyError(f"cannot be read as BibTeX: {reason}.", Place(name)) from None
    finally:
        log.setLevel(level)


def read_strings(library: Any, name: str) -> Mapping[str, str]:
    """Return the abbreviations of a file, written out, by name in lower case.

    Those that are made of themselves are left out. Raises BibliographyError for one that others
    make too long, as a few lines can that double each other.
    """
    raw = {string.key.lower(): str(string.value).strip() for string in library.strings}
    lines = {string.key.lower(): (string.start_line or 0) + 1 for string in library.strings}
    sorter = TopologicalSorter(
        {key: {part.lower() for part in _parts(value)} & raw.keys() for key, value in raw.items()}
    )
    with suppress(CycleError):  # what does not hang on a circle is given all the same
        sorter.prepare()
    written: dict[str, str] = {}
    while ready := sorter.get_ready():
        for key in ready:
            place = Place(name, line=lines[key])
            written[key] = _write_out(raw[key], written, place, _LONGEST_NAME)
        sorter.done(*ready)
    return written


def read_value(raw: str, strings: Mapping[str, str], where: Place) -> str:
    """Return what the value of a field says: parts joined by `#`, and abbreviations written out.

    Raises BibliographyError where abbreviations make it too long to be meant.

    >>> read_value('"John " # doe', {"doe": "Doe"}, Place("a.bib"))
    'John Doe'
    """
    return _write_out(raw.strip(), strings, where, _LONGEST_VALUE).strip()


def _write_out(raw: str, strings: Mapping[str, str], where: Place, longest: int) -> str:
    """Return the text of a value, with the blanks at its ends: they part it from what it is in."""
    if _is_one_group(raw):
        return raw[1:-1]
    written, length = [], 0
    for part in _parts(raw):
        meant = strings.get(part.lower())
        written.append(_without_marks(part) if meant is None else meant)
        length += len(written[-1])
        if meant is not None and length > longest:
            message = f"a text that is made of @string names has more than {longest:,} letters."
            raise BibliographyError(message, where, "Write the text itself, in braces.")
    return "".join(written)


def is_bare(raw: str) -> bool:
    """Whether a value has neither braces nor quotes around it, and is no number or name."""
    if _WORD.fullmatch(raw) or _is_one_group(raw):
        return False
    parts = list(_parts(raw))
    return len(parts) < 2 or not all(_WORD.fullmatch(p) or _is_one_group(p) for p in parts)


def _is_one_group(raw: str) -> bool:
    """Whether a value is one pair of braces or quotes with all else in it."""
    inner = raw[1:-1]
    if len(raw) > 1 and raw[0] == "{" and raw[-1] == "}":
        depth = 0
        for found in _BRACE.finditer(inner):
            depth += 1 if found[0] == "{" else -1
            if depth < 0:
                return False
        return True
    if len(raw) > 1 and raw[0] == raw[-1] == '"':
        return not any(
            found[0] == '"'
            and inner.count("{", 0, found.start()) == inner.count("}", 0, found.start())
            for found in _QUOTE.finditer(inner)
        )
    return False


def _parts(raw: str) -> Iterator[str]:
    """Yield the parts that `#` joins, outside braces and quotes."""
    depth, quoted, start = 0, False, 0
    for found in _PART.finditer(raw):
        mark = found[0]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == '"' and depth == 0:
            quoted = not quoted
        elif mark == "#" and depth == 0 and not quoted:
            yield raw[start : found.start()].strip()
            start = found.end()
    yield raw[start:].strip()


def _without_marks(part: str) -> str:
    return part[1:-1] if _is_one_group(part) else part


def _entry(block: Any, line: int, name: str, strings: Mapping[str, str]) -> Entry:
    fields = {
        field.key.strip().lower(): read_value(
            str(field.value), strings, Place(name, line=(field.start_line or 0) + 1)
        )
        for field in block.fields
    }
    return Entry(block.key.strip(), block.entry_type.strip().lower(), fields, line, name)


def _entry_problems(block: Any, entry: Entry, name: str) -> Iterator[Problem]:
    place = Place(name, line=entry.line)
    if not entry.key or re.search(r"[\s,{}\\#%~\"]", entry.key):
        message = f'"{entry.key[:60]}" cannot be a citation key.'
        yield Problem(_RULE, message, place, "A key is made of letters, digits, - and _.")
    if len(entry.fields) < len(block.fields):
        names = [field.key.strip().lower() for field in block.fields]
        twice = ", ".join(sorted({field for field in names if names.count(field) > 1}))
        message = f'the entry "{entry.key[:60]}" has the field {twice} twice.'
        yield Problem(_RULE, message, place, "Keep one of them.")
    yield from _control_signs(block, entry, name)
    for field in block.fields:
        if is_bare(str(field.value)):
            line = (field.start_line or 0) + 1
            message = (
                f'the field "{field.key}" of "{entry.key[:60]}" has no braces around its value'
            )
            hint = "A comma may be missing after it, or a brace in it."
            yield Problem(_RULE, f"{message}.", Place(name, line=line), hint)


def _control_signs(block: Any, entry: Entry, name: str) -> Iterator[Problem]:
    """Yield a problem for each value with a sign that no page, PDF or Word file can hold."""
    for field in block.fields:
        found = _CONTROL.search(str(field.value))
        if found:
            before = str(field.value)[: found.start()].count("\n")
            message = (
                f'the field "{field.key}" of "{entry.key[:60]}" has a control character '
                f"(U+{ord(found[0]):04X})."
            )
            place = Place(name, line=(field.start_line or 0) + 1 + before)
            yield Problem(_RULE, message, place, "Delete it: it is not a letter or sign.")


def _undefined_names(
    block: Any, strings: Mapping[str, str], in_circles: Container[str], name: str
) -> Iterator[Problem]:
    """Yield a problem for each value that is a name which neither BibTeX nor the file defines."""
    known = {*strings, *_MONTHS}
    for field in block.fields:
        place = Place(name, line=(field.start_line or 0) + 1)
        of = f'the field "{field.key}" of "{block.key.strip()[:60]}"'
        for part in _parts(str(field.value).strip()):
            if part.lower() in in_circles:
                message = f"{of} is the name {part[:60]}, whose @string leads back to itself."
                yield Problem(_RULE, message, place, "Write its text in braces.")
            elif _NAME.fullmatch(part) and part.lower() not in known:
                message = f"{of} is the name {part[:60]}, which no @string defines."
                close = get_close_matches(part.lower(), strings, 1)
                remedy = "Put braces around it if it is the text itself."
                hint = f"Did you mean {close[0]}? {remedy}" if close else remedy
                yield Problem(_RULE, message, place, hint)


def _failure(block: Any, line: int, name: str) -> Problem:
    kind = type(block).__name__
    if kind == "DuplicateBlockKeyBlock":
        earlier = (block.previous_block.start_line or 0) + 1
        return _repeated_key(block.key, earlier, line, name)
    entry = getattr(block, "ignore_error_block", None)
    key = getattr(entry, "key", "") or _key(block.raw)
    if kind == "DuplicateFieldKeyBlock":
        fields = ", ".join(sorted(block.duplicate_keys))
        message = f'the entry "{key}" has the field {fields} twice.'
        return Problem(_RULE, message, Place(name, line=line), "Keep one of them.")
    what = f'the entry "{key}"' if key else "an entry"
    message = f"{what} cannot be read: {describe_failure(block)}."
    hint = "Look for a missing comma, bracket or quote in it or just above."
    return Problem(_RULE, message, Place(name, line=line), hint)


def describe_failure(block: Any) -> str:
    """Return why a block could not be parsed, in an author's words."""
    return _in_words(getattr(block.error, "abort_reason", "") or str(block.error))


def _in_words(reason: str) -> str:
    """Return the parser's reason in an author's words."""
    for start, words in _REASONS.items():
        if reason.startswith(start):
            found = re.search("`([^`]+)`", reason)
            return words.format(found[1] if found else "")
    return " ".join(reason.split()).rstrip(".")[:200]


def _repeated_key(key: str, earlier: int, line: int, name: str) -> Problem:
    message = f'the key "{key[:60]}" is used on line {earlier} already.'
    hint = "Give one of the two another key, or delete the repeated entry."
    return Problem(_RULE, message, Place(name, line=line), hint)


def _lost_text(block: Any, line: int, name: str) -> Iterator[Problem]:
    """Report text between entries that looks like an entry: BibTeX would ignore it silently."""
    text = "\n".join(row for row in block.comment.splitlines() if not row.lstrip().startswith("%"))
    if _LOOKS_LIKE_ENTRY.search(text):
        start = shorten_line(text)
        message = f"“{start}” is outside any entry and would be ignored."
        hint = "Look for a missing @ or bracket; start a comment with %."
        yield Problem(_RULE, message, Place(name, line=line), hint)


def shorten_line(text: str, limit: int = 60) -> str:
    """Return the first line of a text, cut to a length."""
    line = text.strip().split("\n")[0]
    return line if len(line) <= limit else line[:limit] + "…"


def _key(raw: str | None) -> str:
    found = re.match(r"@\w*\s*[{(]\s*([^\s,{}()]{1,60})", raw or "")
    return found[1] if found else ""


def _written(entry: Entry) -> str:
    order = {name: position for position, name in enumerate(_FIELD_ORDER)}
    names = sorted(entry.fields, key=lambda name: (order.get(name, len(order)), name))
    width = max((len(name) for name in names), default=0)
    rows = [f"  {name:<{width}} = {{{entry.fields[name]}}}," for name in names]
    return "\n".join([f"@{entry.type}{{{entry.key},", *rows, "}", ""])
