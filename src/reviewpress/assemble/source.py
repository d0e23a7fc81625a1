"""A chapter as Markdown: where its text comes from, and its shortcodes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from reviewpress.assemble.front_matter import FrontMatter, read_front_matter, title_in_place
from reviewpress.assemble.origins import Piece, Text, join_texts, text_of_file
from reviewpress.assemble.refusals import SHORTCODE
from reviewpress.config import Chapter, Config
from reviewpress.config.chapters import find_chapter
from reviewpress.errors import ChapterError, Place, Problem, Problems, ReportError, nearest
from reviewpress.identifiers import composed
from reviewpress.markdown import escape
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.notebooks.runs import CellText, shown_cells
from reviewpress.notebooks.text_document import LINE
from reviewpress.shapes import Plain, as_mapping
from reviewpress.store.ordinary_files import not_a_file, real_path, whole_text

_INSTEAD = (
    "List the notebook as a chapter and refer to what it shows (`@fig-name`), or copy its cells "
    "into this chapter, as a notebook."
)
"""What to do without the shortcode `embed`."""
SHORTCODES = ("include", "kbd", "meta", "pagebreak", "var", "video")
PAGEBREAK = "\n\n::: {.pagebreak}\n:::\n\n"
_LEADS = re.compile(
    r"((?:[ \t]*>[ \t]?)*)([ \t]*)((?:[-*+:~]|\(?(?:\d+|[a-z#])[.)])[ \t]+|\[\^[^\]\s]+\]:[ \t]*)?"
)

_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*((?:(?!\n[ \t]*\n).)*?)\s*>\}\}(?!\})", re.S)
_ESCAPED = re.compile(r"\{\{\{<(.*?)>\}\}\}")
_ARGUMENT = re.compile(r"([a-z-]+=)?(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_FROM = re.compile(r"\.(?:key-messages|headlines)\b[^}\n]*\bfrom=\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter's Markdown as it will be assembled, and the author's own file beside it.

    `pieces` says of which file, line or cell each part of the Markdown is; `refused` are the
    fences of code cells, which the Markdown has as code of no language, and their places;
    `unclosed` are tags that the Markdown has not, as nothing closes them, and their places.
    """

    chapter: Chapter
    text: str
    cells: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()
    refused: tuple[tuple[str, Place], ...] = ()
    unclosed: tuple[tuple[str, Place], ...] = ()
    front: FrontMatter = field(default_factory=FrontMatter)

    def place(self, offset: int) -> Place:
        """Return where the character at `offset` of the Markdown stands in its author's file."""
        return Text(self.text, self.pieces or (Piece(0, self.chapter.path, line=1),)).place(offset)

    def find(self, needle: str, start: int = 0, end: int | None = None) -> int | None:
        """Return the offset at which `needle` first stands outside code and comments."""
        at = without_code(self.text).find(needle, start, len(self.text) if end is None else end)
        return at if at >= 0 and needle else None

    def place_of(self, needle: str) -> Place:
        """Return where `needle` first stands outside code and comments; else where it stands."""
        at = self.find(needle)
        if at is None:
            at = without_comments(self.text).find(needle) if needle else -1
        return self.place(at) if at >= 0 else Place(self.chapter.path)

    def place_of_number(self, number: str, around: str) -> Place:
        """Return where a number stands: among these words, or first by itself in the prose."""
        at = without_code(self.text).find(around)
        if at >= 0:
            return self.place(at + around.find(number))
        bare = re.escape(number.rstrip(".,"))
        alone = re.compile(rf"(?<![\w.,/§@#=^:-]){bare}(?![\w-])(?![^{{}}\n]*\}})")
        found = alone.search(without_code(self.text))
        return self.place(found.start()) if found else self.place_of(number)


def read_chapter(config: Config, chapter: Chapter) -> ChapterText:
    """Read a `.qmd` chapter; ChapterError where it cannot be read."""
    text = _read(config.root / chapter.path, chapter.path)
    front = read_front_matter(text, chapter.path)
    read = title_in_place(text, front, chapter.path)
    return ChapterText(chapter, read.content, (text,), read.pieces, front=front)


def run_chapter(config: Config, chapter: Chapter, run: Iterable[CellText]) -> ChapterText:
    """Return a notebook chapter whose cells came out as `run` says."""
    notebook = load_document(config.root / chapter.path, chapter.path)
    cells = tuple(text_of(cell) for cell in cells_of(notebook))
    texts: list[Text] = []
    front = FrontMatter()
    for number, text in shown_cells(run):
        cell = cells_of(notebook)[number - 1]
        piece = _origin(cell, chapter.path, number)
        if number == 1 and cell["cell_type"] != "code":
            front = _first_cell(text, chapter)
            if front.text:
                text = _titled(text.removeprefix(front.text.rstrip("\n")), front)
        texts.append(Text("\n\n" if texts else "", (replace(piece, made=True),)))
        texts.append(Text(composed(text), (piece,)))
    read = join_texts([*texts, Text("\n", ())])
    return ChapterText(chapter, read.content, cells, read.pieces, front=front)


def _origin(cell: Mapping[str, Plain], path: str, number: int) -> Piece:
    """Return where the text of a cell begins: what a cell of code shows is all of its line."""
    line = as_mapping(cell.get("metadata")).get(LINE)
    if not isinstance(line, int):
        return Piece(0, path, cell=number)
    is_code = cell["cell_type"] == "code"
    return Piece(0, path, line=line - is_code, made=is_code)


def _first_cell(text: str, chapter: Chapter) -> FrontMatter:
    """Return the front matter of a notebook; what is wrong with it is in the first cell."""
    try:
        return read_front_matter(f"{text}\n", chapter.path)
    except ReportError as error:
        if chapter.has_cells:
            raise
        first = Place(chapter.path, cell=1)
        raise Problems([replace(each, where=first) for each in error.problems]) from None


def _titled(text: str, front: FrontMatter) -> str:
    title = front.data.get("title")
    return text if title is None else f"# {title}\n\n{text}"


def gathered_chapters(config: Config) -> list[Chapter]:
    """Return the chapters whose key messages this edition gathers, and does not hold itself.

    `from=` is a chapter's name, `name#section` or `name#message`. Raises ChapterError, with the
    nearest name, where there is no such chapter.
    """
    held = {chapter.name for chapter in config.chapters}
    found: dict[str, Chapter] = {}
    for chapter in config.chapters:
        text = _read(config.root / chapter.path, chapter.path).replace('\\"', '"')
        for place in _gathered_places(text):
            name = place.partition("#")[0]
            if name not in held and name not in found:
                found[name] = _find_chapter(config, chapter, name)
    return list(found.values())


def expand_shortcodes(config: Config, source: ChapterText) -> tuple[ChapterText, list[Problem]]:
    """Replace the shortcodes of a chapter, outside code; unknown ones are problems.

    Those of an included file are replaced too, included paths being relative to the chapter.
    """
    problems: list[Problem] = []
    if "{{<" not in source.text:
        return source, problems

    def expand(text: Text, within: tuple[str, ...]) -> Text:
        return text.change(
            (match.start(), match.end(), make(match[1], text, match.start(), within))
            for match in _shortcodes(text.content)
        )

    def make(words: str, around: Text, at: int, within: tuple[str, ...]) -> Text | str:
        try:
            if words in within:
                raise ChapterError(f"the file of {{{{< {words} >}}}} includes itself.")
            text = _expand(config, source, words)
        except ChapterError as error:
            named = f"{error.where.file}: " if error.where else ""
            message = f"{named}{error.message}"
            problems.append(Problem("shortcode", message, around.place(at), error.hint))
            return ""
        if text == PAGEBREAK:
            return _in_its_block(PAGEBREAK, around.content, at)
        return expand(text, (*within, words)) if isinstance(text, Text) else text

    expanded = expand(Text(source.text, source.pieces), ())
    text = expanded.change(
        (match.start(), match.end(), f"{{{{<{match[1]}>}}}}")
        for match in _ESCAPED.finditer(expanded.content)
    )
    return replace(source, text=text.content, pieces=text.pieces), problems


def _in_its_block(lines: str, text: str, at: int) -> str:
    """Return lines that begin as those of the quotation, list or note do in which `at` is."""
    begins = text.rfind("\n", 0, at) + 1
    quoted, indent, mark = leads(text[begins:at])
    if mark:
        indent += " " * (4 if mark.startswith("[^") else len(mark))
    elif not _is_in_item(text[:begins], len(quoted + indent)):
        indent = ""
    return lines.replace("\n", f"\n{quoted}{indent}")


def _is_in_item(before: str, column: int) -> bool:
    """Say whether a line that begins at a column goes on with an item or a note above it."""
    while before:
        before, _, line = before.rstrip("\n").rpartition("\n")
        quoted, indent, mark = leads(line)
        if len(quoted + indent) < min(column, len(line.rstrip())):
            return bool(mark)
    return False


def leads(line: str) -> tuple[str, str, str]:
    """Return what a line begins with: the marks of quotations, spaces, the mark of an item."""
    found = _LEADS.match(line)
    quoted, indent, mark = found.groups("") if found else ("", "", "")
    return quoted, indent, mark


def _shortcodes(text: str) -> Iterator[re.Match[str]]:
    """Yield the shortcodes of a text outside code and comments."""
    shown = without_code(text) if "<!--" in text else text
    for start, end in prose(text):
        for match in _SHORTCODE.finditer(text, start, end):
            if shown[match.start()] != " ":
                yield match


def prose(text: str, *, spans: bool = True) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text outside fenced code; without `spans`, code spans are in."""
    outside = _outside_spans if spans else _whole
    start = at = 0
    fence: str | None = None
    for line in _LINE.findall(text):
        match = _FENCE.match(line)
        if fence is None and match:
            yield from outside(text, start, at)
            fence = match[1]
        elif fence and match and match[1].startswith(fence) and line.strip() == match[1]:
            fence, start = None, at + len(line)
        at += len(line)
    if fence is None:
        yield from outside(text, start, len(text))


@lru_cache(maxsize=16)
def without_code(text: str) -> str:
    """Return a text with spaces for its code and comments, letter by letter."""
    kept = re.sub(r"[^\n]", " ", text)
    parts, done = [], 0
    for start, end in prose(text):
        parts += [kept[done:start], text[start:end]]
        done = end
    parts.append(kept[done:])
    return without_comments("".join(parts))


def without_comments(text: str) -> str:
    """Return a text with spaces for its comments, letter by letter."""
    return _COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _gathered_places(text: str) -> list[str]:
    """Return what a text gathers from; an example in code gathers nothing."""
    return [name for start, end in prose(text) for name in _FROM.findall(text, start, end)]


def _find_chapter(config: Config, chapter: Chapter, name: str) -> Chapter:
    # One in another language gathers from its own language's.
    folders = dict.fromkeys((chapter.path.rpartition("/")[0] or "chapters", "chapters"))
    for folder in folders:
        for ending in (".ipynb", ".qmd"):
            path = f"{folder}/{name}{ending}"
            if (config.root / path).is_file():
                return find_chapter(config.root, path)
    names = [path.stem for folder in folders for path in (config.root / folder).glob("*.[iq]*")]
    raise ChapterError(
        f'key messages are gathered from "{name}", and there is no such chapter.',
        _place_of_gathering(config, chapter, name),
        nearest(name, names),
    )


def _place_of_gathering(config: Config, chapter: Chapter, name: str) -> Place:
    path = config.root / chapter.path
    asked = re.compile(rf'from="{re.escape(name)}[#"]')
    if chapter.path.endswith(".ipynb"):
        cells = map(text_of, cells_of(load_document(path, chapter.path)))
        found = (number for number, text in enumerate(cells, 1) if asked.search(text))
        return Place(chapter.path, cell=next(found, None))
    text = _read(path, chapter.path)
    match = asked.search(text)
    line = text.count("\n", 0, match.start()) + 1 if match else None
    return Place(chapter.path, line=line)


def _read(path: Path, name: str) -> str:
    try:
        return whole_text(composed(path.read_text(encoding="utf-8-sig")), name, ChapterError)
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ChapterError(message, Place(name), "Save it as UTF-8.") from None
    except OSError as error:
        raise ChapterError(f"cannot be read: {error.strerror}.", Place(name)) from None


def _whole(_text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if start < end:
        yield start, end


def _outside_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _CODE_SPAN.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _expand(config: Config, source: ChapterText, words: str) -> Text | str:
    name, *arguments = ["".join(each) for each in _ARGUMENT.findall(words)] or [""]
    if name == "pagebreak":
        return PAGEBREAK
    if name not in SHORTCODES:
        raise ChapterError(SHORTCODE.message(name, ""), hint=_supported(name))
    if name == "video":
        return _video(arguments)
    if name == "kbd" and len(arguments) > 1:
        # For each system its own; a report is read on all of them.
        arguments = [arguments[0].partition("=")[2]]
    if len(arguments) != 1:
        raise ChapterError(f'the shortcode "{name}" takes one argument.')
    if name == "include":
        return _include(config, source.chapter.path, arguments[0])
    if name == "kbd":
        return f"[{escape(arguments[0])}]{{.kbd}}"
    values = config.variables if name == "var" else {**config.metadata, **source.front.data}
    return _lookup(values, arguments[0], name)


def _video(arguments: list[str]) -> str:
    """Return a link to a film: nothing of another site is loaded by a page."""
    options = dict(each.split("=", 1) for each in arguments if re.match(r"[a-z-]+=", each))
    found = [each for each in arguments if not re.match(r"[a-z-]+=", each)]
    address = options.get("src") or (found[0] if len(found) == 1 else "")
    if not address:
        raise ChapterError('the shortcode "video" takes the address of a film.')
    words = options.get("title") or options.get("aria-label") or address
    return f"[{escape(words)}](<{address}>)"


def _supported(name: str) -> str:
    return _INSTEAD if name == "embed" else nearest(name, SHORTCODES)


def _include(config: Config, path: str, target: str) -> Text:
    base = config.root if target.startswith("/") else (config.root / path).parent
    file = real_path(base / target.lstrip("/"))
    if not file.is_relative_to(config.root):
        raise ChapterError(f"the included file {target} lies outside the review.")
    if not file.is_file():
        odd = not_a_file(base / target.lstrip("/")) or "does not exist"
        raise ChapterError(f"the included file {target} {odd}.")
    if file == config.root / path:
        raise ChapterError("the chapter includes itself.")
    name = file.relative_to(config.root).as_posix()
    text = _read(file, name)
    # Its keys are not those of the chapter.
    front = read_front_matter(text, name).text
    return text_of_file(text[len(front) :], name, line=front.count("\n") + 1)


def _lookup(values: Mapping[str, Plain], dotted: str, shortcode: str) -> str:
    """Return a value by its path: items of lists counted from 1, `\\.` for a dot of a key."""
    value: Plain = values
    for part in re.split(r"(?<!\\)\.", dotted):
        name = re.sub(r"\\+\.", ".", part)
        if isinstance(value, Mapping) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and 1 <= int(name) <= len(value):
            value = value[int(name) - 1]
        else:
            where = "_variables.yml" if shortcode == "var" else "_quarto.yml"
            valid = [str(key) for key in value] if isinstance(value, Mapping) else []
            raise ChapterError(f'{where} has no "{dotted}".', hint=nearest(name, valid))
    if isinstance(value, Mapping | list):
        held = "keys" if isinstance(value, Mapping) else "items"
        hint = "Name one of them: `key.name`, or `key.1` for the first of a list."
        raise ChapterError(f'"{dotted}" has several {held}, and a shortcode shows one.', hint=hint)
    return str(value).lower() if isinstance(value, bool) else str(value)
