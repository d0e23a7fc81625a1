"""Slips of an author's hand that would be published as they stand, or lost without a word.

They are looked for in the author's own text, cell by cell: what data and code bring is not meant.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from reviewpress.assemble.constructs import CALLOUTS, CONDITIONS
from reviewpress.assemble.source import without_code
from reviewpress.assemble.stray_markup import CLASSES
from reviewpress.checks.author_texts import AuthorText, author_texts
from reviewpress.checks.quoting import sentence_at
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem, nearest

BLOCKS = (
    *CLASSES, "comment", "todo", "references", *CONDITIONS,
    *(f"callout-{kind}" for kind in CALLOUTS),
)  # fmt: skip
"""The classes of blocks that Reviewpress and Quarto know, for the nearest to a mistyped one."""

_NEAR = 0.84
_SPACE = "\u00a0\u2007\u202f"
_FENCE = re.compile(r"^[ \t>]*:{3,}[ \t]*(?P<words>[^\s:][^\n]*?)[ \t]*:*[ \t]*$", re.M)
_ATTRIBUTES = re.compile(
    r"\{(?:\s*(?:[.#][^\s{}=]+|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s{}]+)|-))*\s*\}"
)
_CLASS = re.compile(r"\.([\w-]+)")
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_DEFINED = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
_OPEN = re.compile(
    r"\b(?:TODO|FIXME|XXX|TBC|TBD)\b|\blorem ipsum\b|(?<!\?)\?\?+(?!\?)"
    r"|\[(?:citation needed|citation|cite|ref|reference|source|check|to do|todo|to check|tbc"
    r"|insert [^\]\n]*|add [^\]\n]*|\?+)\??\](?![({:\[])"
    r"|\((?:citation needed|(?:ref|reference|cite|citation|source|check)\?+)\)|\bX{2,3} ?%",
    re.I,
)
_WORDS_IN_CAPITALS = re.compile(r"todo|fixme|xxx|tbc|tbd", re.I)
_NOTED = re.compile(
    r"^[ \t>]*:{3,}(?:[ \t]*\{[^\n]*\.|[ \t]*)(comment|todo)\b[^\n]*|\]\{[^}\n]*\.(comment|todo)\b",
    re.M,
)
_BRACKETED = re.compile(r"(?<=[\[;])[ \t]*-?([A-Za-z][\w:.-]*\d[\w:.-]*)(?=[ \t]*[\];,])")
_CITED = re.compile(
    r"(?<![\w@.])(?:@[ \t]+|@@+|\{@|(?<=\n\n)\(@|\A\(@)([A-Za-z][\w:-]*\d[\w:-]*)[ \t]*[)}]?"
)
_KEY = re.compile(r"(?<![\w@])@\{?([\w:.-]+)")
_PARAGRAPH = re.compile(r"\S(?:(?!\n[ \t]*\n).)*", re.S)
_BRACKET = re.compile(r"(?<!\\)[][()]")
_GROUPS = re.compile(r"\[-?@")
_OTHER_HALF = {"]": "[", ")": "("}
_BULLET = r"(?:[•▪◦‣●■·\uf0b7\uf0a7\uf0d8][ \t\u00a0]*(?=\S)|[o§–][\t\u00a0])"
_DRAFT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?draft:[ \t]*true\b", re.I)
_ROW = rf"^(?![ \t]*(?:(?:[-*+]|\d+[.)])\t|{_BULLET}))[^\n]*\S\t+[^\n]*\S[^\n]*(?:\n|\Z)"
_ROWS = re.compile(rf"(?:{_ROW}){{2,}}", re.M)


@dataclass(frozen=True, slots=True)
class _Slip:
    """A pattern of what is never meant, what to say of it, and what to do."""

    found: re.Pattern[str]
    message: str
    hint: str


_SLIPS = (
    _Slip(
        re.compile(r"\{[ \t]*python[ \t]*\}"),
        "a live value lacks one of its backticks",
        "Put it between two: `` `{python} expression` ``.",
    ),
    _Slip(
        re.compile(r"(?<!\{)\{\{(?![<{])[^{}\n]*\}\}|\{%[^%\n]*%\}"),
        "a placeholder of a template is published as it stands",
        "A live value is written `` `{python} expression` ``, a shortcode `{{< … >}}`.",
    ),
    _Slip(
        re.compile(
            rf"^[ \t>{_SPACE}]*#{{1,6}}[{_SPACE}]|^[{_SPACE}][ \t{_SPACE}]*#{{1,6}}[ \t]", re.M
        ),
        "a no-break space keeps the line from being a heading",
        "Type the space after the `#` again.",
    ),
    _Slip(
        re.compile(r"(?<=\S\n)#{1,6}[ \t]+\S"),
        "the heading has no empty line above it, and would be text of the paragraph",
        "Put an empty line above it.",
    ),
    _Slip(
        re.compile(rf"(?:^[ \t]*{_BULLET}[^\n]*(?:\n|\Z))+", re.M),
        "a bullet pasted from elsewhere makes no list",
        "Begin each item on a line of its own with `- `, with an empty line above the first.",
    ),
    _Slip(
        _ROWS,
        "a table pasted from elsewhere, with tabs between its cells, would be one paragraph",
        "Write it as `| a | b |`, or make it with review.table(…).",
    ),
    _Slip(
        re.compile(
            r"\[[ \t]*;[^\][\n]{0,200}?@|\[[^\][\n]{0,200}?@\w[^\][\n]{0,200};[ \t]*@?[ \t]*\]"
        ),
        "a part of the citation is empty, so that its brackets would be published",
        "Write `[@one; @two]`.",
    ),
    _Slip(
        re.compile(r"<!(?:--|–|—|-(?!-))"),
        "a comment that is not `<!-- … -->` would be published",
        "Begin it with `<!--` and end it with `-->`, or use a block `::: {.comment}`.",
    ),
)


def check_slips(subject: Subject) -> Iterator[Problem]:
    """Find what was hardly meant to be published as it stands, and what is unfinished."""
    for page in subject.book.pages:
        texts = list(author_texts(subject.config, page))
        for each in texts:
            if each.is_raw or not _is_clean(each.text):
                yield from _found(each)
            if each.is_raw and not each.text.lstrip().startswith("---"):
                message = f"a raw cell is published as Markdown: “{_line(each.text.strip(), 0)}”"
                hint = "Make it a Markdown cell, or tag it `remove-cell`."
                yield _slip(message, each.place(0), hint, each.text.strip())
        yield from _notes(texts)
        yield from _wrong_citations(texts, subject.references.references)
        if page.source.front.data.get("draft") is True:
            line = page.source.front.lines.get(("draft",))
            yield _draft(Place(page.chapter.path, line=line))


@lru_cache(maxsize=4096)
def _is_clean(text: str) -> bool:
    """Say whether nothing is found in a text; in a preview, few cells are others than before."""
    return next(_found(AuthorText(text, lambda _: Place(""))), None) is None


def _found(each: AuthorText) -> Iterator[Problem]:
    plain = without_code(each.text)
    yield from _slips(each, plain)
    yield from _fences(each, plain)
    yield from _unfinished(each, plain)


def _slips(each: AuthorText, plain: str) -> Iterator[Problem]:
    for slip in _SLIPS:
        for match in slip.found.finditer(plain):
            at = match.start()
            if match[0] == "<!--" and "-->" in each.text[at:]:
                continue
            if match[0].startswith("#") and _may_precede_heading(_before(plain, at)):
                continue
            said = f"{slip.message}: “{_line(each.text, at)}”"
            yield _slip(said, each.place(at), slip.hint, _line(each.text, at))


def _fences(each: AuthorText, plain: str) -> Iterator[Problem]:
    """Yield the fences of blocks whose attributes are none, or whose class is mistyped."""
    for match in _FENCE.finditer(plain):
        words, place = match["words"], each.place(match.start())
        is_word = re.fullmatch(r"[\w-]+", words)
        if not is_word and not _ATTRIBUTES.fullmatch(words):
            name = re.sub(r"[^\w-]+", " ", words).strip().partition(" ")[0] or "name"
            message = f"`{match[0].strip()}` opens no block, and would be published as it stands."
            near = nearest(name, BLOCKS, cutoff=_NEAR)
            name = near.split('"')[1] if near.startswith("Did") else name
            yield _slip(message, place, f"Write `::: {{.{name}}}`.", words)
            continue
        for name in [words] if is_word else _CLASS.findall(words):
            hint = nearest(name, BLOCKS, cutoff=_NEAR)
            if name not in BLOCKS and hint.startswith("Did you mean"):
                message = f"no block is called .{name}."
                yield _slip(message, place, hint.replace('"', '".', 1), name)


def _wrong_citations(texts: list[AuthorText], known: Mapping[str, object]) -> Iterator[Problem]:
    """Yield keys of the bibliography that stand in brackets or after an `@`, and cite nothing."""
    for each in texts:
        plain = without_code(each.text)
        for match in _BRACKETED.finditer(plain):
            if match[1] in known:
                message = f"[{match[1]}] is words, and would be published: the key has no `@`."
                hint = f"Write `[@{match[1]}]`."
                yield _slip(message, each.place(match.start()), hint, match[1])
        for match in _CITED.finditer(plain):
            if match[1] in known:
                message = f"`{match[0].strip()}` is not a citation, and would be published."
                yield _slip(message, each.place(match.start()), f"Write `[@{match[1]}]`.", match[1])
        for paragraph in _PARAGRAPH.finditer(plain):
            for at in _unclosed(paragraph[0], known):
                shown = _line(paragraph[0][at:], 0)
                message = f"the bracket before or after a citation has no other half: “{shown}”"
                hint = "Write `[@key]`, or `(see @key)`."
                yield _slip(message, each.place(paragraph.start() + at), hint, shown)


def _unclosed(text: str, known: Mapping[str, object]) -> Iterator[int]:
    """Yield where the brackets of a paragraph are that have no other half, beside a citation."""
    keys = [match for match in _KEY.finditer(text) if match[1].rstrip(".:") in known]
    if not keys:
        return
    first, last = keys[0].start(), keys[-1].start()
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        sign = match[0]
        if sign in "[(":
            opened.append(match.start())
        elif opened and text[opened[-1]] == _OTHER_HALF[sign]:
            opened.pop()
        elif sign == "]" and first < match.start():
            yield match.start()
    # One that opens before a citation, or at its end, was meant for it; `[@` is stray markup.
    ends = {match.end() for match in keys}
    for at in opened:
        is_beside = at < last or not ends.isdisjoint((at, at - 1))
        if is_beside and not _GROUPS.match(text, at):
            yield at


def _notes(texts: list[AuthorText]) -> Iterator[Problem]:
    """Yield footnotes that are nowhere defined; those never used pandoc refuses."""
    plains = [without_code(each.text) for each in texts]
    defined = {name for plain in plains for name in _DEFINED.findall(plain)}
    for each, plain in zip(texts, plains, strict=True):
        begins = {match.start(): match.end() for match in _DEFINED.finditer(plain)}
        for match in _NOTE.finditer(plain):
            line = plain.rfind("\n", 0, match.start()) + 1
            if line in begins and match.end() < begins[line] + 1 and match.start() - line <= 3:
                continue
            if match[1] not in defined:
                message = f"the footnote [^{match[1]}] is nowhere defined."
                hint = f"Write its text in the chapter: `[^{match[1]}]: …`."
                yield _slip(message, each.place(match.start()), hint, match[0])


def _unfinished(each: AuthorText, plain: str) -> Iterator[Problem]:
    if each.is_raw and _DRAFT.match(each.text):
        yield _draft(each.place(0))
    noted = [(match.start(), match[1] or match[2]) for match in _NOTED.finditer(plain)]
    for at, kind in noted:
        message = f"a .{kind} is open; it is not published: “{_after(each.text, at)}”"
        yield Problem("unfinished", message, each.place(at), "", f"{kind} {_after(each.text, at)}")
    inside = [*_blocks_of_notes(plain)]
    for match in _OPEN.finditer(plain):
        is_small = _WORDS_IN_CAPITALS.fullmatch(match[0]) and not match[0].isupper()
        if is_small or any(start <= match.start() < end for start, end in inside):
            continue
        quoted = sentence_at(each.text, match.start())
        message = f"“{match[0]}” is published as it stands: “{quoted}”"
        hint = "Put a note to yourself into `<!-- … -->`, or a block `::: {.todo}`."
        yield Problem("unfinished", message, each.place(match.start()), hint, quoted)


def _blocks_of_notes(plain: str) -> Iterator[tuple[int, int]]:
    """Yield from where to where the blocks and spans go that are notes of authors."""
    for match in _NOTED.finditer(plain):
        if match[2]:
            yield plain.rfind("[", 0, match.start()), match.end()
        else:
            end = plain.find("\n:::", match.end())
            yield match.start(), len(plain) if end < 0 else end


def _draft(place: Place) -> Problem:
    message = "the chapter is a draft, as its `draft: true` says."
    return Problem("unfinished", message, place, "Take that out when it is finished.", "draft")


def _slip(message: str, place: Place, hint: str, subject: str) -> Problem:
    return Problem("slip", message, place, hint, subject.strip())


def _before(text: str, at: int) -> str:
    """Return the line before the one that begins at a position."""
    return text[: max(at - 1, 0)].rpartition("\n")[2]


def _may_precede_heading(line: str) -> bool:
    """Say whether a heading may follow a line at once: another heading, a fence, HTML."""
    return line.lstrip()[:1] in ("#", ":", "<", "|")


def _after(text: str, at: int) -> str:
    """Return the first words of a block that opens at a position, or of a span that ends there."""
    line = _line(text, at)
    if not line.startswith(":"):
        return line
    rest = text[at:].lstrip("\n").partition("\n")[2].strip()
    return _line(rest, 0)


def _line(text: str, at: int) -> str:
    """Return the line around a position, shortened where it is long."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : len(text) if end < 0 else end].strip()
    return line if len(line) <= 80 else sentence_at(line, max(0, min(at - start, len(line) - 1)))
