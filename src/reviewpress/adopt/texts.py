"""The text of a chapter that is moved in, line by line: other marks for the same, or a comment.

What no format of a review has, raw TeX and scripts of pages, is kept as a comment.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reviewpress.adopt.cells import convert_cell, not_described
from reviewpress.adopt.notes import Note
from reviewpress.errors import Place
from reviewpress.figures.published import NOT_DESCRIBED

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*)$")
_CELL = re.compile(r"^\{\s*([A-Za-z][\w+-]*)[\s,]*([^}]*)\}\s*$")
_RAW = re.compile(r"^\{=(\w+)\}\s*$")
_BREAK = re.compile(r"^\\(?:newpage|pagebreak|clearpage|cleardoublepage)\s*$")
_FILLER = re.compile(r"^\{\{<\s*lipsum\b[^}]*>\}\}\s*$")
_PART = re.compile(r"^# \((?:PART|APPENDIX)")
_REFERENCE = re.compile(r"\\@ref\((?:(fig|tab|eq|thm|lem|exm|def):)?([\w-]+)\)")
_LABEL = re.compile(r"\s*\(\\#(fig|tab|eq|thm|lem|exm|def):([\w-]+)\)\s*")
_KINDS = {"tab": "tbl"}
_LIVE = re.compile(r"(?<!`)`r ([^`]+)`(?!`)")
_EQUATION = re.compile(r"^\s*\\begin\{(equation|align|gather|eqnarray)(\*?)\}\s*$")
_TEX = re.compile(r"^\s*\\(?!\\|\(|\[|@|#|&|_|\$)[A-Za-z]+")
_TEX_BLOCK = re.compile(r"^\s*\\begin\{(\w+\*?)\}")
_PAGE_ONLY = re.compile(r"^\s*<(script|style|iframe|object|embed|form|button|svg)\b", re.I)
_FIGURE = re.compile(
    r"^(\s*)!\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+(?:\s+\"[^\"]*\")?)\)(\{[^}]*\})?\s*$"
)
_ICON = re.compile(r"<i\s[^<>]*class=\"(?:fa|bi)[^<>]*>\s*</i>")
_DESCRIBE = "the figure has no alternative text: say in fig-alt what it shows, with its numbers."
_FORMATS = {"html": "html", "typst": "typst", "openxml": "docx"}


@dataclass(slots=True)
class _Conversion:
    """The lines made so far, the notes on them, and what goes on over several lines."""

    name: str
    ids: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, line: int, message: str, *, is_left: bool = False) -> None:
        self.notes.append(Note(Place(self.name, line=line), message, is_left))


def convert_text(
    body: Sequence[str], name: str, *, after: int, ids: Mapping[str, str]
) -> tuple[list[str], list[Note]]:
    """Return the lines of a chapter's text as a review has them, and what was changed.

    `after` is the number of lines above the text in its file; `ids` are new ids of headings.
    """
    made = _Conversion(name, ids)
    for line, stretch in _stretches(body):
        if _FENCE.match(stretch[0]) and len(stretch) > 1:
            _fenced(stretch, line + after, made)
        else:
            _prose(stretch, line + after, made)
    return made.lines, made.notes


def headings_referred_to(text: str) -> set[str]:
    """Return the ids of sections that bookdown's references of a text name."""
    return {match[2] for match in _REFERENCE.finditer(text) if not match[1]}


def _stretches(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield code in fences, and what is between, each with its first line's number."""
    start, fence = 0, ""
    for at, line in enumerate(lines):
        match = _FENCE.match(line)
        if fence:
            if match and match[2].startswith(fence) and not match[3].strip():
                yield start + 1, lines[start : at + 1]
                start, fence = at + 1, ""
        elif match and "`" not in match[3]:
            if start < at:
                yield start + 1, lines[start:at]
            start, fence = at, match[2]
    if start < len(lines):
        yield start + 1, lines[start:]


def _fenced(lines: Sequence[str], line: int, made: _Conversion) -> None:
    match = _FENCE.match(lines[0])
    assert match is not None
    cell, raw = _CELL.match(match[3]), _RAW.match(match[3])
    if raw:
        _raw(lines, line, raw[1], made)
        return
    language = cell[1].lower() if cell else ""
    new = convert_cell(language, cell[2], lines[1:-1]) if cell and not match[1] else None
    if new is None:
        made.lines += lines
        return
    made.lines += [_refer(each, made) if each.startswith("![") else each for each in new]
    if any(NOT_DESCRIBED in each for each in new):
        made.note(line, _DESCRIBE, is_left=True)
    if not new:
        made.note(line, "the cell that only sets options of knitr is left out.")
    elif not new[0].startswith("!["):
        made.note(line, "the options in the braces of the cell are lines `#|` now.")
    else:
        made.note(line, "the cell that shows a file is an image now.")


def _raw(lines: Sequence[str], line: int, kind: str, made: _Conversion) -> None:
    """Keep raw content for the format that it is for; what is for none is a comment."""
    if kind in _FORMATS:
        made.lines += [f'::: {{.content-visible when-format="{_FORMATS[kind]}"}}', *lines, ":::"]
        return
    _comment(lines[1:-1], line, f"raw {kind}", made)


def _prose(lines: Sequence[str], line: int, made: _Conversion) -> None:
    at = 0
    while at < len(lines):
        end = _block(lines, at)
        if end > at:
            _several(lines[at:end], line + at, made)
            at = end
            continue
        _one(lines[at], line + at, made)
        at += 1


def _block(lines: Sequence[str], at: int) -> int:
    """Return where a block of TeX or of a page's own HTML ends that begins here; else `at`."""
    tex, page = _TEX_BLOCK.match(lines[at]), _PAGE_ONLY.match(lines[at])
    closing = f"\\end{{{tex[1]}}}" if tex else f"</{page[1].lower()}" if page else ""
    if not closing:
        return at
    for end in range(at, len(lines)):
        if closing in lines[end].lower() or (tex and closing in lines[end]):
            return end + 1
    return at + 1 if page else at


def _several(lines: Sequence[str], line: int, made: _Conversion) -> None:
    equation = _EQUATION.match(lines[0])
    if equation is None:
        _comment(lines, line, lines[0].strip()[:40], made)
        return
    inner = [_LABEL.sub("", each).rstrip() for each in lines[1:-1]]
    label = next((m for each in lines if (m := _LABEL.search(each))), None)
    named = f" {{#eq-{label[2]}}}" if label else ""
    if equation[1] != "equation":
        inner = [r"\begin{aligned}", *inner, r"\end{aligned}"]
    made.lines += ["$$", *[each for each in inner if each.strip()], f"$${named}"]
    made.note(line, "the equation is between `$$` now.")


def _one(line: str, number: int, made: _Conversion) -> None:
    if _BREAK.match(line):
        made.lines += ["{{< pagebreak >}}"]
        made.note(number, f"`{line.strip()}` is the shortcode `pagebreak` now.")
    elif _FILLER.match(line):
        made.lines += ["::: {.todo}", "Text is to be written here.", ":::"]
        made.note(number, "placeholder text is a note that text is to be written.", is_left=True)
    elif _PART.match(line):
        made.note(number, "the part is named in `_quarto.yml` now.")
    elif _TEX.match(line) and "$" not in line:
        _comment([line], number, line.strip()[:40], made)
    else:
        made.lines.append(_with_alt(_refer(line, made), number, made))


def _refer(line: str, made: _Conversion) -> str:
    """Return a line with the references and labels of bookdown as Quarto has them."""

    def reference(match: re.Match[str]) -> str:
        if match[1]:
            return f"@{_KINDS.get(match[1], match[1])}-{match[2]}"
        return f"@{made.ids.get(match[2], match[2])}"

    line = _REFERENCE.sub(reference, line)
    line = _LIVE.sub(r"`{r} \1`", line)
    label = _LABEL.search(line)
    if label and label[1] == "tab":
        line = f"{_LABEL.sub(' ', line).rstrip()} {{#tbl-{label[2]}}}"
    for old, new in made.ids.items():
        line = line.replace(f"{{#{old}}}", f"{{#{new}}}").replace(f"(#{old})", f"(#{new})")
    return line


def _with_alt(line: str, number: int, made: _Conversion) -> str:
    """Say of each picture without alternative text that it is not described yet."""
    line = _ICON.sub("", line)
    match = _FIGURE.match(line)
    if match is None or "fig-alt" in (match[4] or ""):
        return line
    inside = (match[4] or "{}")[1:-1].strip()
    attributes = " ".join(filter(None, [inside, f'fig-alt="{not_described(match[2])}"']))
    made.note(number, _DESCRIBE, is_left=True)
    return f"{match[1]}![{match[2]}]({match[3]}){{{attributes}}}"


def _comment(lines: Sequence[str], line: int, shown: str, made: _Conversion) -> None:
    text = "\n".join(lines).replace("-->", "-- >")
    made.lines += [*f"<!-- {text} -->".split("\n")]
    message = f"`{shown}` is for one format of Quarto alone, and a comment now."
    made.note(line, message, is_left=True)
