"""A chapter as Markdown: where its text comes from, and its shortcodes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewpress.config import Chapter, Config
from reviewpress.errors import ChapterError, ConfigError, Place, Problem, Problems, nearest
from reviewpress.keys import FRONT_MATTER
from reviewpress.notebooks.document import load_document, text_of
from reviewpress.yaml import at_place, load_yaml

SHORTCODES = ("include", "meta", "pagebreak", "var")
PAGEBREAK = "\n\n::: {.pagebreak}\n:::\n\n"

_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(.*?)\s*>\}\}(?!\})")
_ESCAPED = re.compile(r"\{\{\{<(.*?)>\}\}\}")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.S)
_FROM = re.compile(r"\.key-messages[^}\n]*\bfrom=\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Source:
    """A chapter's Markdown as it will be assembled, and the author's own file beside it."""

    chapter: Chapter
    text: str
    cells: tuple[str, ...]

    def place(self, needle: str, expression: str | None = None) -> Place:
        """Return where `needle` stands in the author's file: its cell, or its line."""
        path = self.chapter.path
        for number, cell in enumerate(self.cells, start=1):
            if needle in cell:
                if self.chapter.is_notebook:
                    return Place(path, cell=number, expression=expression)
                line = cell[: cell.index(needle)].count("\n") + 1
                return Place(path, line=line, expression=expression)
        return Place(path, expression=expression)


def read_chapter(config: Config, chapter: Chapter) -> Source:
    """Read a `.qmd` chapter; ChapterError where it cannot be read."""
    text = _read(config.root / chapter.path, chapter.path)
    return Source(chapter, _title_from_front_matter(text, chapter.path), (text,))


def run_chapter(config: Config, chapter: Chapter, markdown: str) -> Source:
    """Return a notebook chapter whose run came out as `markdown`."""
    notebook = load_document(config.root / chapter.path, chapter.path)
    cells = tuple(text_of(cell) for cell in notebook["cells"])
    return Source(chapter, markdown, cells)


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


def expand_shortcodes(config: Config, source: Source) -> tuple[Source, list[Problem]]:
    """Replace the shortcodes of a chapter, outside code; unknown ones are problems.

    Those of an included file are replaced too, included paths being relative to the chapter.
    """
    problems: list[Problem] = []

    def expand(text: str, within: tuple[str, ...]) -> str:
        return _outside_code(
            text, lambda part: _SHORTCODE.sub(lambda m: replace(m[1], within), part)
        )

    def replace(words: str, within: tuple[str, ...]) -> str:
        try:
            if words in within:
                raise ChapterError(f"the file of {{{{< {words} >}}}} includes itself.")
            text = _expand(config, source.chapter.path, words)
        except ChapterError as error:
            place = source.place((*within, words)[0])
            problems.append(Problem("shortcode", error.message, place, error.hint))
            return ""
        return expand(text, (*within, words)) if words.startswith("include") else text

    text = _ESCAPED.sub(r"{{<\1>}}", expand(source.text, ()))
    return Source(source.chapter, text, source.cells), problems


def _gathered_places(text: str) -> list[str]:
    """Return what a text gathers from; an example in code gathers nothing."""
    found: list[str] = []

    def note(part: str) -> str:
        found.extend(_FROM.findall(part))
        return part

    _outside_code(text, note)
    return found


def _find_chapter(config: Config, chapter: Chapter, name: str) -> Chapter:
    for ending in (".ipynb", ".qmd"):
        path = f"chapters/{name}{ending}"
        if (config.root / path).is_file():
            return Chapter(path)
    names = [path.stem for path in (config.root / "chapters").glob("*.[iq]*")]
    raise ChapterError(
        f'key messages are gathered from "{name}", and there is no such chapter.',
        Place(chapter.path),
        nearest(name, names),
    )


def _read(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 (byte {error.start + 1})."
        raise ChapterError(message, Place(name), "Save it as UTF-8.") from None
    except OSError as error:
        raise ChapterError(f"cannot be read: {error.strerror}.", Place(name)) from None


def _title_from_front_matter(text: str, name: str) -> str:
    match = _FRONT_MATTER.match(text)
    if not match:
        return text
    try:
        data = load_yaml(match[1], FRONT_MATTER) or {}
    except Problems as error:
        raise at_place(error, Place(name), after=1) from None
    except ConfigError as error:
        line = error.where.line + 1 if error.where and error.where.line else 1
        hint = "Quote text that holds a colon."
        message = "its front matter is not valid YAML."
        raise ChapterError(message, Place(name, line=line), hint) from None
    if not isinstance(data, Mapping):
        raise ChapterError("its front matter is not a list of keys and values.", Place(name))
    body = "\n" * match[0].count("\n") + text[match.end() :]
    return f"# {data['title']}\n{body}" if data.get("title") is not None else body


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to what is neither a fenced code block nor a code span."""
    lines = text.split("\n")
    result: list[str] = []
    prose: list[str] = []
    fence: str | None = None
    for line in lines:
        match = _FENCE.match(line)
        if fence is None and match:
            result += _change_prose(prose, change)
            prose, fence = [], match[1]
            result.append(line)
        elif fence is not None:
            result.append(line)
            if match and match[1].startswith(fence) and line.strip() == match[1]:
                fence = None
        else:
            prose.append(line)
    result += _change_prose(prose, change)
    return "\n".join(result)


def _change_prose(lines: list[str], change: Callable[[str], str]) -> list[str]:
    if not lines:
        return []
    text, parts, at = "\n".join(lines), [], 0
    for match in _CODE_SPAN.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    parts.append(change(text[at:]))
    return "".join(parts).split("\n")


def _expand(config: Config, path: str, words: str) -> str:
    name, *arguments = words.split() or [""]
    if name == "pagebreak":
        return PAGEBREAK
    if name not in SHORTCODES:
        raise ChapterError(f'the shortcode "{name}" is not supported.', hint=_supported(name))
    if len(arguments) != 1:
        raise ChapterError(f'the shortcode "{name}" takes one argument.')
    if name == "include":
        return _include(config, path, arguments[0])
    values = config.variables if name == "var" else config.metadata
    return _lookup(values, arguments[0], name)


def _supported(name: str) -> str:
    return nearest(name, SHORTCODES)


def _include(config: Config, path: str, target: str) -> str:
    base = config.root if target.startswith("/") else (config.root / path).parent
    file = (base / target.lstrip("/")).resolve()
    if not file.is_relative_to(config.root):
        raise ChapterError(f"the included file {target} lies outside the review.")
    if not file.is_file():
        raise ChapterError(f"the included file {target} does not exist.")
    if file == config.root / path:
        raise ChapterError("the chapter includes itself.")
    return _read(file, file.relative_to(config.root).as_posix())


def _lookup(values: Mapping[str, Any], dotted: str, shortcode: str) -> str:
    value: Any = values
    for part in dotted.split("."):
        if not isinstance(value, Mapping) or part not in value:
            where = "_variables.yml" if shortcode == "var" else "_quarto.yml"
            valid = [str(key) for key in value] if isinstance(value, Mapping) else []
            raise ChapterError(f'{where} has no "{dotted}".', hint=nearest(part, valid))
        value = value[part]
    return str(value)
