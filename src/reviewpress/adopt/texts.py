"""The text of a chapter that is moved in, line by line: other marks for the same, or a comment.

What no format of a review has, raw TeX and scripts of pages, is kept as a comment.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from reviewpress.adopt.blocks import displays_in
from reviewpress.adopt.cells import KERNELS, cell_options, convert_cell, is_replaced, shown_cell
from reviewpress.adopt.embeds import EMBED, embedded
from reviewpress.adopt.headings import Headings
from reviewpress.adopt.inline import (
    apart_citations,
    in_lines,
    lines_in_formulas,
    with_dollars,
    with_fractions,
    without_tex,
)
from reviewpress.adopt.notes import Note
from reviewpress.adopt.pictures import (
    DRAWING,
    FIGURE,
    STANDIN,
    described_line,
    joined_pictures,
    placed_line,
    without_data,
)
from reviewpress.errors import Place
from reviewpress.figures.published import NOT_DESCRIBED

_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*)$")
_CELL = re.compile(r"^\{\s*([A-Za-z][\w+-]*)[\s,]*([^\n]*)\}\s*$")
_RAW = re.compile(r"^\{=(\w+)\}\s*$")
_BREAK = re.compile(r"^\\(?:newpage|pagebreak|clearpage|cleardoublepage)\s*$")
_SIGN = re.compile(
    r"\{\{<\s*(?:fa|fab|fas|far|bi|ai|iconify|icon|fontawesome|twemoji)\s[^>]*>\}\}[ \t]?"
)
_STANDIN = re.compile(r"\{\{<\s*placeholder\b[^>]*>\}\}")
_FILLER = re.compile(r"^\{\{<\s*lipsum\b[^}]*>\}\}\s*$")
_PART = re.compile(r"^# \((?:PART|APPENDIX)")
_REFERENCE = re.compile(r"\\@ref\((?:(fig|tab|eq|thm|lem|exm|def):)?([\w-]+)\)")
_LABEL = re.compile(r"\s*\(\\#(fig|tab|eq|thm|lem|exm|def):([\w-]+)\)\s*")
_KINDS = {"tab": "tbl"}
_LIVE = re.compile(r"(?<!`)`r ([^`]+)`(?!`)")
_VALUE = re.compile(r"(?<!`)`\{(python|r|julia)\}[ \t]?([^`]+)`(?!`)")
_NAMED = re.compile(r"(?<!`)`(\{(?:python|r|julia)\})`(?!`)")
"""The mark of a live value without one: an example."""
_PAGES = re.compile(r"^`r if \(?knitr:{2,3}is_(html|latex)_output\(\)\)? ?'(.*)$")
_EQUATION = re.compile(r"^\s*\\begin\{(equation|align|gather|eqnarray)(\*?)\}\s*$")
_LABEL_LINE = re.compile(r"^#\| label: (?!fig-)")
"""R Markdown refers to a figure by the name of its chunk; Quarto’s begins with `fig-`."""
_SAID = re.compile(r"^#\| ?label: *[\"']?([\w:.-]+)")
_NEXT = re.compile(r"^(.*?\$\$)\s*(.*?)\s*(\$\$(?:(?!\$\$).)*)$")
"""A line with the end of a formula, words, and the beginning of the next."""
_WHOLE = re.compile(r"^\s*\$\$[^$]*\$\$\s*(?:\{[^{}]*\})?\s*$")
_COMMENTS = re.compile(r"\s*(?:<!--.*?-->\s*)+")
_TEX_BLOCK = re.compile(r"^\s*\\begin\{(\w+\*?)\}")
_PAGE_ONLY = re.compile(r"^\s*<(script|style|iframe|object|embed|form|button|svg)\b", re.I)
FRAME = re.compile(r"<iframe\b[^<>]*?\bsrc=[\"']?([^\"'\s>]+)[^<>]*>(?:\s*</iframe>)?", re.S | re.I)
"""A page within a page."""
_PLACED = re.compile(r"<(?:embed|object)\b[^<>]*?\b(?:src|data)=[\"']?([^\"'\s>]+)", re.I)
_DESCRIBE = "the figure has no alternative text: say in fig-alt what it shows, with its numbers."
_FORMATS = {"html": "html", "typst": "typst", "openxml": "docx"}


@dataclass(frozen=True, slots=True)
class Converted:
    """The text of a chapter as a review has it, what was changed, and pictures beside it."""

    lines: list[str]
    notes: list[Note]
    files: dict[str, bytes]


@dataclass(slots=True)
class _Conversion:
    """The lines made so far, the notes on them, and what goes on over several lines."""

    name: str
    ids: Mapping[str, str]
    shown: Mapping[str, str]
    """The languages whose cells are not executed, and why."""
    headings: Headings
    labels: set[str]
    """What names something already: bookdown's labels in the text, cells before."""
    folder: Path
    root: Path | None
    cell: int | None = None
    beside: Collection[str] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    """Pictures that stand in place of what was made elsewhere, by name beside the chapter."""
    lines: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, line: int, message: str, *, is_left: bool = False) -> None:
        self.notes.append(Note(Place(self.name, cell=self.cell, line=line), message, is_left))


def convert_text(
    body: Sequence[str],
    name: str,
    *,
    after: int,
    ids: Mapping[str, str],
    shown: Mapping[str, str] = MappingProxyType({}),
    folder: Path = Path(),
    root: Path | None = None,
    headings: Headings | None = None,
    cell: int | None = None,
    beside: Collection[str] = (),
) -> Converted:
    """Return the lines of a chapter's text as a review has them, and what was changed.

    `after` is the number of lines above the text in its file; `ids` are new ids of headings;
    `shown` are the languages whose code is shown instead of executed, and why; `folder` is that
    of the file, and pictures are looked for where there is a `root`, those aside that will be
    `beside`; `headings` are those before in the chapter; `cell` is the one of a notebook whose
    text it is.
    """
    said = Counter(match[1] for line in body if (match := _SAID.match(line)))
    labels = {match[2] for line in body for match in _LABEL.finditer(line)}
    if not {*KERNELS} <= {*shown}:
        # Of cells in several languages with one label, the one that is executed has it.
        labels |= {label for label, count in said.items() if count > 1}
    made = _Conversion(
        name,
        ids,
        shown,
        headings or Headings(ids),
        labels,
        folder,
        root,
        cell,
        beside,
    )
    for line, stretch in _stretches(body):
        if _FENCE.match(stretch[0]) and len(stretch) > 1:
            _fenced(stretch, line + after, made)
        else:
            _prose(stretch, line + after, made)
    return Converted(made.lines, made.notes, made.files)


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
        elif match and ("`" not in match[3] or _CELL.match(match[3])):
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
    if cell and language in made.shown and not is_replaced(language, lines[1:-1]):
        _shown(lines, line, language, made)
        return
    within = match[1] if cell and language in KERNELS else ""
    own = [each.removeprefix(within) for each in lines[1:-1]]
    is_plain = cell and within == match[1]
    new = convert_cell(language, cell[2], own) if cell and is_plain else None
    if new is None and within:
        new = [lines[0].removeprefix(within), *own, lines[-1].removeprefix(within)]
    if new is None:
        made.lines += lines
        return
    if (
        new
        and made.name.lower().endswith(".rmd")
        and any(each.startswith("#| fig-cap:") for each in new)
    ):
        new = [_LABEL_LINE.sub("#| label: fig-", each) for each in new]
    made.lines += [
        _with_pictures(_refer(each, made), line, made) if each.startswith("![") else each
        for each in new
    ]
    if any(NOT_DESCRIBED in each for each in new):
        made.note(line, _DESCRIBE, is_left=True)
    if not new:
        made.note(line, "the cell that only sets options of knitr is left out.")
    elif not new[0].startswith("!["):
        made.note(line, "the options in the braces of the cell are lines `#|` now.")
    else:
        made.note(line, "the cell that shows a file is an image now.")


def _shown(lines: Sequence[str], line: int, language: str, made: _Conversion) -> None:
    """Show the code of a cell in place of what it makes, and say why it is not executed."""
    match = _FENCE.match(lines[0])
    assert match is not None
    cell = _CELL.match(match[3])
    assert cell is not None
    own = [each.removeprefix(match[1]) for each in lines[1:-1]]
    new = shown_cell(language, cell[2], own, fence=match[2], taken=made.labels)
    made.labels.add(cell_options(cell[2], own).get("label", ""))
    made.lines += [f"{match[1]}{each}" for each in new]
    why = made.shown[language]
    what = "shown" if new else "left out, as it publishes nothing"
    made.note(line, f"code is {what}, and not executed: {why}.", is_left=True)


def _raw(lines: Sequence[str], line: int, kind: str, made: _Conversion) -> None:
    """Keep raw content for the format that it is for; what is for none is a comment."""
    if kind in _FORMATS:
        made.lines += [f'::: {{.content-visible when-format="{_FORMATS[kind]}"}}', *lines, ":::"]
        return
    _comment(lines[1:-1], line, f"raw {kind}", made)


def _prose(lines: Sequence[str], line: int, made: _Conversion) -> None:
    at = 0
    if made.name.lower().endswith(".rmd"):
        lines = with_dollars("\n".join(lines)).split("\n")
    lines = joined_pictures(lines)
    going_on = lines_in_formulas("\n".join(lines))
    while at < len(lines):
        if at in going_on:
            made.lines.append(_refer(lines[at], made))
            at += 1
            continue
        end = _block(lines, at)
        if end > at:
            _several(lines[at:end], line + at, made)
            at = end
            continue
        _one(lines[at], line + at, made)
        at += 1


def _block(lines: Sequence[str], at: int) -> int:
    """Return where a block of TeX or of a page's own HTML ends that begins here; else `at`."""
    if count := displays_in(lines[at]):
        # A formula that ends on another line: its text is TeX of its own.
        if count % 2 == 0:
            return at + 1 if _WHOLE.match(lines[at]) else at
        for end in range(at + 1, len(lines)):
            count += displays_in(lines[end])
            if count % 2 == 0:
                return end + 1
        return at
    if _PAGES.match(lines[at]):
        return next((n for n in range(at, len(lines)) if lines[n].rstrip().endswith("'`")), at) + 1
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
    if displays_in(lines[0]):
        _formula(lines, made)
        return
    if pages := _PAGES.match(lines[0]):
        _for_pages("\n".join([pages[2], *lines[1:]]), pages[1], line, made)
        return
    if frame := FRAME.search("\n".join(lines)):
        made.lines += ["", f"<{frame[1]}>", ""]
        made.note(line, "a page within the page is a link to it now.", is_left=True)
        return
    if placed := _PLACED.search("\n".join(lines)):
        made.lines += ["", f"[{placed[1]}]({placed[1]})", ""]
        made.note(line, "a file within the page is a link to it now.", is_left=True)
        return
    if equation is None:
        _comment(lines, line, lines[0].strip()[:40], made)
        return
    inner, named = _labelled(lines[1:-1])
    if equation[1] != "equation":
        inner = [r"\begin{aligned}", *inner, r"\end{aligned}"]
    whole = in_lines("\n".join(["$$", *[each for each in inner if each.strip()], "$$"]))
    made.lines += [*whole.split("\n")[:-1], f"$${named}"]
    made.note(line, "the equation is between `$$` now.")


def _for_pages(text: str, kind: str, line: int, made: _Conversion) -> None:
    """Keep what bookdown has in its pages alone, as is the heading of the references."""
    words = text.rstrip().removesuffix("'`").strip()
    if kind == "latex":
        _comment(words.split("\n"), line, "is_latex_output", made)
        return
    made.lines += ["", *words.split("\n"), ""]
    if words.lower().startswith(("# ref", "# bib", "## ref", "## bib")):
        made.lines += ["::: {#refs}", ":::", ""]
    made.note(line, "what was for pages alone is for all formats now.")


def _formula(lines: Sequence[str], made: _Conversion) -> None:
    """Keep a formula; the label that bookdown has in it stands after it.

    Where a line ends one and begins another, they are two.
    """
    for at, line in enumerate(lines[1:-1], 1):
        if between := _NEXT.match(line):
            _formula([*lines[:at], between[1]], made)
            made.lines += [between[2]] if between[2] else []
            _formula([between[3], *lines[at + 1 :]], made)
            return
    inner, named = _labelled(with_fractions("\n".join(lines)).split("\n"))
    whole = "\n".join(inner)
    if (aligned := in_lines(whole)) != whole:
        inner = aligned.split("\n")
    if named or any(r"\begin{" in each for each in inner):
        # An empty line ends a formula for pandoc, though not for a page's script.
        inner = [each for each in inner if each.strip()]
    if named:
        inner[-1] = inner[-1].rstrip() + named
    made.lines += inner


def _labelled(lines: Sequence[str]) -> tuple[list[str], str]:
    """Return the lines of a formula without bookdown's label, and Quarto's."""
    label = next((found for each in lines if (found := _LABEL.search(each))), None)
    if label is None:
        return list(lines), ""
    return [_LABEL.sub("", each).rstrip() for each in lines], f" {{#eq-{label[2]}}}"


def _one(line: str, number: int, made: _Conversion) -> None:
    if _BREAK.match(line):
        made.lines += ["{{< pagebreak >}}"]
        made.note(number, f"`{line.strip()}` is the shortcode `pagebreak` now.")
    elif _FILLER.match(line):
        made.lines += ["::: {.todo}", "Text is to be written here.", ":::"]
        made.note(number, "placeholder text is a note that text is to be written.", is_left=True)
    elif embedding := EMBED.match(line):
        _embedded(embedding, number, made)
    elif _PART.match(line):
        made.note(number, "the part is named in `_quarto-report.yml` now.")
    else:
        words = _words(line, number, made)
        heading = made.headings.convert(words, _above(made))
        made.lines += heading[0] if heading else [words]
        for message in heading[1] if heading else ():
            made.note(number, message)


def _words(line: str, number: int, made: _Conversion) -> str:
    """Return a line of text: its references, citations, pictures and TeX as a review has them."""
    line = with_fractions(_with_pictures(line, number, made))
    words, left = without_tex(_SIGN.sub("", apart_citations(_refer(line, made))))
    if _SIGN.search(line):
        made.note(number, "signs that only decorate are left out.")
    for each in left:
        message = f"`{each[:40]}` is for one format of Quarto alone, and a comment now."
        made.note(number, message, is_left=True)
    if left and _COMMENTS.fullmatch(words):
        words = f"<!-- {line.strip()} -->"
    described = described_line(words)
    if described != words and NOT_DESCRIBED in described:
        made.note(number, _DESCRIBE, is_left=True)
    return described


def _with_pictures(line: str, number: int, made: _Conversion) -> str:
    """Return a line whose pictures can be shown: files that there are."""
    said: list[str] = []
    if _STANDIN.search(line):
        line = _STANDIN.sub(STANDIN, line)
        said = ["a picture is to be put here."]
    line, files = without_data(line)
    made.files |= files
    if files:
        made.note(number, "a picture that was written into the text is a file now.")
    more: list[str] = []
    if made.root:
        line, more = placed_line(line, made.folder, made.root, {*made.beside, *made.files})
    for message in (*said, *more):
        made.note(number, message, is_left=True)
    if STANDIN in line:
        made.files[STANDIN] = DRAWING
    return line


def _embedded(found: re.Match[str], number: int, made: _Conversion) -> None:
    """Put what a notebook holds where it is embedded."""
    what = embedded(made.folder, found[1], found[2])
    made.files |= what.files
    if what.missing:
        made.lines += ["::: {.todo}", f"{found[1]} is embedded here.", ":::"]
        message = f"{what.missing}: nothing is embedded."
        made.note(number, message, is_left=True)
        return
    made.lines += ["", *what.lines]
    for _, message in what.lost:
        made.note(number, f"{found[1]}: {message}", is_left=True)
    made.note(number, f"what {found[1]} showed is in the chapter now, as it was stored.")
    if any(NOT_DESCRIBED in line for line in what.lines):
        made.note(number, _DESCRIBE, is_left=True)


def _above(made: _Conversion) -> str:
    """Return the last line so far, where a heading below it would be its text."""
    last = made.lines[-1] if made.lines else ""
    return "" if last.lstrip().startswith(("#", ":::", "```", "~~~", "<!--")) else last


def _refer(line: str, made: _Conversion) -> str:
    """Return a line with the references and labels of bookdown as Quarto has them.

    Its references are numbers alone: their word is the author's.
    """

    def reference(match: re.Match[str]) -> str:
        if match[1]:
            return f"[-@{_KINDS.get(match[1], match[1])}-{match[2]}]"
        return f"[-@{made.ids.get(match[2], match[2])}]"

    line = _REFERENCE.sub(reference, line)
    line = _LIVE.sub(r"`{r} \1`", _NAMED.sub(r"``\1``", line))
    if made.shown:
        line = _VALUE.sub(lambda m: f"`{m[2]}`" if m[1] in made.shown else m[0], line)
    label = _LABEL.search(line)
    if label and label[1] == "tab":
        within = "" if line[: label.start()].endswith("*") else " "
        line = f"{_LABEL.sub(within, line).rstrip()} {{#tbl-{label[2]}}}"
    if (picture := FIGURE.match(line)) and label and label[1] == "fig":
        inside = f"#fig-{label[2]} {(picture[4] or '{}')[1:-1]}".strip()
        caption = _LABEL.sub("", picture[2]).strip()
        line = f"{picture[1]}![{caption}]({picture[3]}){{{inside}}}"
    for old, new in made.ids.items():
        line = line.replace(f"{{#{old}}}", f"{{#{new}}}").replace(f"(#{old})", f"(#{new})")
    return line


def _comment(lines: Sequence[str], line: int, shown: str, made: _Conversion) -> None:
    text = "\n".join(lines).replace("-->", "-- >")
    made.lines += [*f"<!-- {text} -->".split("\n")]
    message = f"`{shown}` is for one format of Quarto alone, and a comment now."
    made.note(line, message, is_left=True)
