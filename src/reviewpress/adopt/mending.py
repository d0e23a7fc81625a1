"""What a review still refuses in the text that was moved in: set aside where it is, and named.

The book is made as `check` makes it; what that refuses is changed at its line, until nothing is
refused. Markup goes and its words stay; what cannot be taken apart is shown as it was written.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from reviewpress.adopt.blocks import (
    block_at,
    closed_block,
    head_of,
    in_code,
    opening_of,
)
from reviewpress.adopt.cells import not_described
from reviewpress.adopt.entries import mend_entry
from reviewpress.adopt.formulas import (
    first_line_of_formula,
    line_of_sample,
    lines_of_formula,
    mend_formula,
)
from reviewpress.adopt.inline import on_words
from reviewpress.adopt.markup import comment, without_html
from reviewpress.adopt.notebooks import described
from reviewpress.adopt.notes import Note
from reviewpress.adopt.pictures import STANDIN, described_tag, put_standin
from reviewpress.adopt.standing import what_is_refused
from reviewpress.config import PROJECT_FILE
from reviewpress.errors import Place, Problem
from reviewpress.notebooks.document import cells_of, load_document, text_of
from reviewpress.pipeline import Progress
from reviewpress.rules import RULES
from reviewpress.tidy import to_bytes

_ROUNDS = 25
_WINDOW = 40
"""How many lines a tag, shortcode or picture may go on for."""
_QUOTED = re.compile(r'"([^"]+)"|`#([\w:.-]+)`')
"""A name in a message; an id is between backticks there, with its sign."""
_UNCLOSED = "the block that opens here is never closed"
_WITHOUT_LINE = ("equation", "config", "dead-link")
"""The rules whose problems are found by what they are about."""
_IMAGE = re.compile(r"\b(?:the image|the picture) (\S+)")
_LINK = re.compile(r"the link to (\S+)")
_CITED = re.compile(r"@\{?([\w:.#$%&+?<>~/-]*\w)")
_OR = re.compile(r"^(?:and|&|und|et|og|och|or)\s+")
_ATTRIBUTE = re.compile(r'(?<!\w)(?:[.#][A-Za-z][\w:.-]*\w|[\w-]+=(?=[ ,]|$)|"[^"]+")')
"""How a message names a class, an id, a key or a value."""
_WITH_ALT = r"[^{}]*fig-alt=[\"'][^\"']"
_KEY = re.compile(r"(?!title:)[\w-]+:[ \t]+[^\s|>&]")
"""A key of the front matter whose value is on its line."""
_EXECUTED = re.compile(r"^(?:`{3,}|~{3,})\s*\{python\b", re.I)
_RAW_FENCE = re.compile(r"^\s*(`{3,}|~{3,})[ \t]*\{=\w+\}[ \t]*$")
_UNKNOWN = re.compile(r"unknown variable: ([\w-]+)")
_OUTPUT = re.compile(r"#\|\s*output:")
_SILENT = "#| output: false"
_UNDESCRIBED = re.compile(r"has no (?:fig-alt|alt text)")
_UNHELD = re.compile(r"the cell shows .* cannot (?:all )?hold")
_CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})")

Mended = tuple[str, str]
"""A text as it is now, and what was done."""
Mend = Callable[[str, Problem], Mended | None]
"""Changes the text that begins at the line of a problem; None where it finds nothing."""


def mend(root: Path, originals: Mapping[str, Path], progress: Progress) -> list[Note]:
    """Change what a review refuses in its chapters, until it is made; return what was changed.

    `originals` are the files of the chapters before they were moved in: their lines are named.
    """
    notes: list[Note] = []
    for _ in range(_ROUNDS):
        refused = what_is_refused(root, progress)
        found = [at for each in refused if _is_ours(each, root) for at in _placed(each, root)]
        done = [note for each in _from_below(found) for note in _mended(root, originals, each)]
        if not done:
            break
        notes += done
    return notes


def amend_cells(root: Path, problems: Sequence[Problem]) -> list[Note]:
    """Let cells that run show what can be published; return what was changed.

    A picture without an alternative text says that it is not described yet; what no format can
    hold, as a chart of plotly without a picture, is left out.
    """
    notes = []
    found = [
        each for each in problems
        if each.where
        and (
            each.rule == "figure"
            or _UNHELD.search(each.message)
            or _UNDESCRIBED.search(each.message)
        )
    ]  # fmt: skip
    for each in sorted(found, key=lambda each: (each.where, ""), reverse=True):
        where = each.where
        assert where is not None
        file = root / where.file
        lacks = _UNDESCRIBED.search(each.message) is not None
        change = _with_description if lacks else _without_output
        if file.suffix == ".ipynb":
            document = load_document(file, where.file)
            cells = [dict(cell) for cell in cells_of(document)]
            cell = cells[(where.cell or 1) - 1]
            done = change(text_of(cell).split("\n"), -1)
            if done:
                cell["source"] = done[0].splitlines(keepends=True)
                file.write_bytes(to_bytes({**document, "cells": cells}))
        else:
            lines = file.read_text(encoding="utf-8").split("\n")
            done = change(lines, opening_of(lines, (where.line or 1) - 1))
            if done:
                file.write_bytes(done[0].encode())
        if done:
            said = done[1] if lacks else f"{each.message} {done[1]} {each.hint}".strip()
            notes.append(Note(where, said, is_left=True))
    return notes


def _with_description(lines: Sequence[str], at: int) -> Mended:
    new = described("").rstrip("\n").split("\n")
    made = "\n".join([*lines[: at + 1], *new, *lines[at + 1 :]])
    return made, "the figure has no alternative text: say in fig-alt what it shows."


def _is_ours(problem: Problem, root: Path) -> bool:
    """Say whether a problem is at a line of a text, and is neither acknowledged nor of code."""
    where = problem.where
    return (
        where is not None
        and (where.line is not None or where.cell is not None or problem.rule in _WITHOUT_LINE)
        and not RULES[problem.rule].may_be_acknowledged
        and problem.rule not in ("execution", "cell-output")
        and where.file.endswith((".qmd", ".md", ".ipynb", ".bib", ".html"))
        and (root / where.file).is_file()
    )


def _placed(problem: Problem, root: Path) -> Iterator[Problem]:
    """Yield a problem at each line of a text that has the formula it is about."""
    where = problem.where
    assert where is not None
    if problem.rule == "dead-link" and not where.line and not where.cell:
        # In words of the settings or of the front matter, as an abstract or a subtitle is.
        found = _LINK.search(problem.message)
        for name in (PROJECT_FILE, where.file):
            text = (root / name).read_text(encoding="utf-8")
            at = text.find(f"]({found[1].rstrip('.')})") if found else -1
            if at >= 0:
                yield replace(problem, where=Place(name, line=text.count("\n", 0, at) + 1))
                return
        return
    if problem.rule != "equation" or where.file.endswith(".ipynb"):
        yield problem
        return
    lines = lines_of_formula((root / where.file).read_text(encoding="utf-8"), problem)
    if where.line and where.line not in lines:
        lines = [where.line]
    for line in lines:
        yield replace(problem, where=replace(where, line=line))


def _from_below(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Yield one problem a line, last lines first: what is done there moves no other line."""
    apart = {
        (where.file, where.cell or 0, line or 0, "" if line else each.message): Problem(
            each.rule, each.message, Place(where.file, cell=where.cell, line=line)
        )
        for each in reversed(problems)
        if (where := each.where)
        for line in ((where.line, *where.others) if where.line else (None,))
    }
    yield from (apart[key] for key in sorted(apart, reverse=True))


def _mended(root: Path, originals: Mapping[str, Path], problem: Problem) -> Iterator[Note]:
    """Change the text at a problem; yield what was done, and that it is left to see to."""
    where = problem.where
    assert where is not None
    file, place = root / where.file, where
    if file.suffix == ".ipynb":
        document = load_document(file, where.file)
        cells = cells_of(document)
        if not where.cell:
            return
        cell = cells[where.cell - 1]
        if cell.get("cell_type") == "markdown":
            text = text_of(cell)
            line_of = first_line_of_formula if problem.rule == "equation" else line_of_sample
            done = mend_text(text, where.line or line_of(text, problem), problem)
        elif cell.get("cell_type") == "code":
            done = _without_output(text_of(cell).split("\n"), -1)
        else:
            return
        document["cells"] = [
            {**each, "source": done[0].splitlines(keepends=True)} if done and each is cell else each
            for each in cells
        ]
        content = to_bytes(document)
    else:
        text = file.read_text(encoding="utf-8")
        mend_one = mend_entry if file.suffix == ".bib" else mend_text
        done = mend_one(text, where.line or 0, problem)
        content = done[0].encode() if done else b""
        place = _before(text.split("\n"), where, originals.get(where.file))
    if done is None:
        return
    file.write_bytes(content)
    if STANDIN in done[0]:
        put_standin(file.parent)
    yield Note(place, f"{problem.message} {done[1]}", is_left=True)


def _before(lines: Sequence[str], where: Place, original: Path | None) -> Place:
    """Return the place that a line had in the original, where it is there; else the new one."""
    at = (where.line or 1) - 1
    if original is None or at >= len(lines):
        return where
    text = original.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    found = [number for number, line in enumerate(text) if line.rstrip("\r") == lines[at]]
    if not found:
        return where
    name = PurePosixPath(where.file).with_name(original.name).as_posix()
    return Place(name, line=min(found, key=lambda number: abs(number - at)) + 1)


def mend_text(text: str, line: int, problem: Problem) -> Mended | None:
    """Return a text without what is wrong at a line, and what was done; None where it cannot be.

    The line is 0 where it is not known.

    >>> mend_text("One <blink>two</blink>.", 1, Problem("construct", "raw html (`<blink>`)"))
    ('One two.', 'The tags are left out, the words stay.')
    """
    lines = text.split("\n")
    at = max(line - 1, 0)
    if _UNCLOSED in problem.message:
        return closed_block(lines, at)
    if at >= len(lines):
        return None
    before, after = lines[:at], lines[at : at + _WINDOW]
    rest = lines[at + _WINDOW :]
    for each in _MENDS.get(problem.rule, ()):
        done = each("\n".join(after), problem)
        if done:
            return "\n".join([*before, done[0], *rest]), done[1]
    if problem.rule == "engine":
        return _without_raw(lines, at, problem.message)
    is_text = problem.where is None or problem.where.file != PROJECT_FILE
    return _as_written(lines, at) if line and is_text else None


def _without_raw(lines: list[str], at: int, message: str = "") -> Mended | None:
    """Take what is raw for one format at a line for a comment, and all that has an unknown name."""
    named = _UNKNOWN.search(message)
    name = re.compile(rf"(?<![\w-]){re.escape(named[1])}(?![\w-])") if named else None
    changed = False
    for first in reversed(range(len(lines))):
        fence = _RAW_FENCE.match(lines[first])
        if fence is None:
            continue
        end = next((n for n in range(first + 1, len(lines)) if fence[1] in lines[n]), len(lines))
        block = "\n".join(lines[first + 1 : end])
        if first <= at <= end or (name and name.search(block)):
            lines[first : end + 1] = comment(block).split("\n")
            changed = True
    return ("\n".join(lines), "It is a comment now.") if changed else None


def _as_written(lines: list[str], at: int) -> Mended | None:
    """Show the block at a line as it was written."""
    first, end = block_at(lines, at)
    if first == end and _KEY.match(lines[at]) and head_of(lines) > at:
        made = [*lines[:at], f"# {lines[at]}", *lines[at + 1 :]]
        return "\n".join(made), "The key is a comment now."
    if in_code(lines, at):
        return _without_raw(lines, at) or _without_output(lines, opening_of(lines, at))
    if first == end:
        return None
    block = lines[first:end]
    fence = "`" * max(3, *(len(each) + 1 for each in re.findall(r"`{3,}", "\n".join(block))), 3)
    made = ["", f"{fence}markdown", *block, fence, ""]
    return "\n".join([*lines[:first], *made, *lines[end:]]), "It is shown as it was written."


def _without_output(lines: Sequence[str], at: int) -> Mended | None:
    """Let the cell at a line show nothing; None where its code is not executed, or shows nothing.

    The line is that of its fence, or the one above the code of a notebook's cell.
    """
    end = next((n for n in range(at + 1, len(lines)) if not lines[n].startswith("#|")), at + 1)
    said = [each for each in lines[at + 1 : end] if not _OUTPUT.match(each)]
    if _SILENT in lines[at + 1 : end] or (at >= 0 and not _EXECUTED.match(lines[at])):
        return None
    made = [*lines[: at + 1], _SILENT, *said, *lines[end:]]
    return "\n".join(made), "What the cell shows is left out."


def _html(text: str, problem: Problem) -> Mended | None:
    return without_html(text, problem.message) if "raw html" in problem.message else None


def _tex(text: str, problem: Problem) -> Mended | None:
    """Take commands of TeX that are among words for the words themselves."""
    if "raw tex" not in problem.message:
        return None
    names = re.findall(r"`\\([A-Za-z]+)", problem.message)
    first = text.partition("\n")[0]
    commands = re.compile(rf"(?<!\\)\\(?={'|'.join(names)})") if names else None
    new = on_words(first, lambda words: commands.sub(r"\\\\", words)) if commands else first
    return (new + text[len(first) :], "It is shown as it was written.") if new != first else None


def _raw(text: str, problem: Problem) -> Mended | None:
    """Take what is raw for one format, among words, for a comment, down to the next code.

    The words of a comment would be taken for those below it that are the same.
    """
    raw = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1\{=\w+\}")
    lines = text.split("\n")
    ends = (at for at, line in enumerate(lines) if line.lstrip().startswith(("```", "~~~")))
    end = next(ends, len(lines))
    for at, line in enumerate(lines[:end]):
        # In front matter, what a comment begins with may end the value.
        is_key = _KEY.match(line) or line.startswith("title:")
        lines[at] = raw.sub("", line) if is_key else raw.sub(lambda m: comment(m[2]), line)
    new = "\n".join(lines)
    return (new, "It is a comment now.") if new != text else None


def _mixed(text: str, problem: Problem) -> Mended | None:
    """Separate a citation from the one whose words it is among."""
    if "among the words of another citation" not in problem.message:
        return None
    new = text
    for key in _CITED.findall(problem.message):
        apart = rf"(\[[^\[\]]*?)[,\s]+((?:[\w.&]+\s+)?)(-?@{re.escape(key)}(?![\w-])[^\[\]]*\])"
        new = re.sub(apart, lambda m: f"{m[1]}; {_OR.sub('', m[2])}{m[3]}", new, count=1)
    return (new, "A semicolon is between the citations now.") if new != text else None


def _attribute(text: str, problem: Problem) -> Mended | None:
    """Leave out a class, id or value that has no meaning here; what it is of stays."""
    first = text.partition("\n")[0]
    rest = text[len(first) :]
    for named in _ATTRIBUTE.findall(problem.message):
        if named.endswith("="):
            pattern = rf"(\{{[^{{}}]*?)\b{re.escape(named)}(?:\"[^\"]*\"|'[^']*'|[^\s{{}}]+)[ \t]*"
        elif named[0] in ".#":
            pattern = rf"(\{{[^{{}}]*?){re.escape(named)}(?![\w-])[ \t]*"
        else:
            value = re.escape(named.strip('"'))
            pattern = rf"(\{{[^{{}}]*?)[\w-]+=[\"']?{value}[\"']?(?=[\s}}])[ \t]*"
        new = re.sub(pattern, r"\1", first, count=1)
        if named[0] == ".":
            bare = rf"^(\s*:{{3,}}\s*){re.escape(named[1:])}\s*$"
            new = re.sub(bare, r"\1{.moved}", new, count=1)
        if new != first:
            # A div without a class is none.
            new = re.sub(r"^(\s*:{3,}\s*)\{\s*\}", r"\1{.moved}", new)
            return re.sub(r"(?<!:)(?<!: )\{\s*\}", "", new) + rest, "It is left out."
    return None


def _shortcode(text: str, problem: Problem) -> Mended | None:
    named = [match[1] for match in _QUOTED.finditer(problem.message) if match[1]]
    for match in re.finditer(r"\{\{[<%](.*?)[>%]\}\}", text, re.S):
        if not named or any(name in match[1] for name in named):
            new = f"{text[: match.start()]}{comment(match[0])}{text[match.end() :]}"
            return new, "It is a comment now."
    return None


def _link(text: str, problem: Problem) -> Mended | None:
    """Keep the words of a link that leads nowhere, or give one the words that it lacks."""
    found = _LINK.search(problem.message)
    if found is None:
        return None
    # It may be named from the root, and be written from the chapter.
    target = rf"[^()\s]*{re.escape(found[1].rstrip('.').rpartition('/')[2])}[^()\s]*"
    pattern = re.compile(
        rf"\[((?:[^\[\]]|\[[^\]]*\])*)\]\(\s*{target}(?:\s+\"[^\"]*\")?\)(?:\{{[^{{}}]*\}})?"
    )
    if problem.rule == "link-text":
        new = pattern.sub(lambda m: f"[{found[1]}]({found[1]})" if not m[1].strip() else m[0], text)
        return (new, "Its address is its words now.") if new != text else None
    new = pattern.sub(lambda m: m[1], text, count=1)
    if new == text:
        html = re.compile(rf"<a\b[^<>]*{target}[^<>]*>(.*?)</a>", re.S)
        new = html.sub(lambda m: m[1], text, count=1)
    return (new, "Its words stay.") if new != text else None


def _image(text: str, problem: Problem) -> Mended | None:
    """Give a picture what it lacks: a file, or words in place of it."""
    found = _IMAGE.search(problem.message)
    if found is None:
        return None
    name = re.escape(found[1].rstrip("…"))
    if name != re.escape(found[1]):
        name += r"[^()\s\"'<>]*"
    if problem.rule == "alt-text":
        given = f'fig-alt="{not_described("")}"'
        new = re.sub(
            rf"(\]\(\s*<?(?:\./)?{name}>?[^()]*\))(?![{{]{_WITH_ALT})(?:\{{([^{{}}]*)\}})?",
            lambda m: f"{m[1]}{{{m[2] or ''} {given}}}".replace("{ ", "{"),
            text,
            count=1,
        )
        if new == text:
            tag = rf"<img\b(?=[^<>]*{name})[^<>]*>"
            new = re.sub(tag, lambda m: described_tag(m[0]), text, flags=re.I)
        return (new, "It says so now.") if new != text else None
    new = re.sub(rf"(\]\(\s*<?)(?:\./|/)?{name}", rf"\g<1>{STANDIN}", text, count=1)
    if new == text:
        new = re.sub(
            rf"(<img\b[^<>]*\bsrc=[\"']?)(?:\./|/)?{name}", rf"\g<1>{STANDIN}", text, count=1
        )
    return (new, "Another has its place.") if new != text else None


def _repeated_id(text: str, problem: Problem) -> Mended | None:
    named = _QUOTED.search(problem.message)
    if named is None:
        return None
    name = re.escape(named[1] or named[2])
    new = re.sub(rf"(\{{[^{{}}]*?)#{name}(?![\w:-])[ \t]*", r"\1", text, count=1)
    if new == text:
        return None
    # A div without a class is none.
    new = re.sub(r"^(\s*:{3,}\s*)\{\s*\}", r"\1{.moved}", new)
    return re.sub(r"[ \t]*\{\}", "", new, count=1), "The id is left out."


def _reference(text: str, problem: Problem) -> Mended | None:
    """Keep a reference that leads nowhere as words."""
    named = _CITED.search(problem.message)
    if named is None:
        return None
    new = re.sub(rf"(?<!\\)@(?=\{{?{re.escape(named[1])}(?![\w-]))", r"\\@", text, count=1)
    return (new, "It is text now.") if new != text else None


def _characters(text: str, problem: Problem) -> Mended | None:
    """Say a character that cannot be shown by its number."""
    first = text.partition("\n")[0]
    named = {chr(int(each, 16)) for each in _CHARACTER.findall(problem.message)}
    new = "".join(f"U+{ord(each):04X}" if each in named else each for each in first)
    return (new + text[len(first) :], "Its number stands for it.") if new != first else None


def _alias(text: str, problem: Problem) -> Mended | None:
    """Leave out a former address of a page that another page of the edition has."""
    named = _QUOTED.search(problem.message)
    if "the alias" not in problem.message or named is None:
        return None
    item = re.compile(rf"^\s*-\s*[\"']?{re.escape(named[1] or '')}[\"']?[ \t]*\n", re.M)
    new = item.sub("", text, count=1)
    new = re.sub(r"^aliases:[ \t]*\n(?![ \t]*- )", "", new, count=1, flags=re.M)
    new = new if new != text else re.sub(r"^aliases:.*\n", "", text, count=1, flags=re.M)
    return (new, "It is left out.") if new != text else None


_MENDS: Mapping[str, tuple[Mend, ...]] = {
    "construct": (_html, _tex, _raw, _mixed, _attribute),
    "shortcode": (_shortcode,),
    "dead-link": (_link,),
    "link-text": (_link,),
    "alt-text": (_image,),
    "image": (_image,),
    "picture": (_image,),
    "equation": (mend_formula,),
    "duplicate-id": (_repeated_id,),
    "unresolved-reference": (_reference,),
    "unknown-citation": (_reference,),
    "glyph": (_characters,),
    "config": (_alias,),
}  # fmt: skip
"""What is tried for what breaks a rule, before the block is shown as it was written."""
