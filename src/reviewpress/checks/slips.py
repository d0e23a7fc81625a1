"""Slips of an author's hand that would be published as they stand, or lost without a word.

They are looked for in the author's own text, cell by cell: what data and code bring is not meant.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache

from reviewpress.assemble import Page
from reviewpress.assemble.constructs import CALLOUTS, CONDITIONS
from reviewpress.assemble.source import without_code
from reviewpress.assemble.stray_markup import CLASSES
from reviewpress.checks.author_texts import AuthorText, author_texts
from reviewpress.checks.quoting import sentence_at
from reviewpress.checks.slip_patterns import LINED_TABLE, OPEN_NOTES, SLIPS
from reviewpress.checks.subject import Subject
from reviewpress.code_cells import is_indented_code
from reviewpress.errors import Place, Problem, nearest
from reviewpress.notebooks.source import read_notebook

BLOCKS = (
    *CLASSES, "comment", "todo", "references", *CONDITIONS,
    *(f"callout-{kind}" for kind in CALLOUTS),
)  # fmt: skip
"""The classes of blocks that Reviewpress and Quarto know, for the nearest to a mistyped one."""

_NEAR = 0.84
_FENCE = re.compile(r"^[ \t>]*:{3,}[ \t]*(?P<words>[^\s:][^\n]*?)[ \t]*:*[ \t]*$", re.M)
_ATTRIBUTES = re.compile(
    r"\{(?:\s*(?:[.#][^\s{}=]+|[\w:-]+=(?:\"[^\"]*\"|'[^']*'|[^\s{}]+)|-))*\s*\}"
)
_CLASS = re.compile(r"\.([\w-]+)")
_NOTE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\]")
_DEFINED = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
_WORDS_IN_CAPITALS = re.compile(r"todo|fixme|xxx|tbc|tbd", re.I)
_NOTED = re.compile(
    r"^[ \t>]*:{3,}(?:[ \t]*\{[^\n]*\.|[ \t]*)(comment|todo)\b[^\n]*|\]\{[^}\n]*\.(comment|todo)\b",
    re.M,
)
_BRACKETED = re.compile(r"(?<=[\[;])[ \t]*-?([A-Za-z][\w:.-]*\d[\w:.-]*)(?=[ \t]*[\];,])")
_CITED = re.compile(
    r"(?<![\w@.])(?:@[ \t]+|@@+|\{@|＠|(?<=\n\n)\(@|\A\(@)([A-Za-z][\w:-]*\d[\w:-]*)[ \t]*[)}]?"
)
_KEY = re.compile(r"(?<![\w@])@\{?([\w:.-]+)")
_AS_CODE = re.compile(r"`(\[?-?@([\w:.-]+)[^`\n]*)`")
_BARE_ID = re.compile(r"(?<![\w@#/{=.\"'-])(?:fig|tbl|sec|lst|eq)-[\w-]*\w", re.I)
_MISREAD = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122\u20ac]{1,3}"
)
_CODE = re.compile(r"\s*(?:#[^\n]*\s+)*(?:(?:import|from) \w|[A-Za-z_][\w.]*(?:\.\w+\(| = |\[))")
_HIDES = re.compile(
    r"(?:remove|hide|skip|exclude|ignore|omit)(?:[-_ ]?(?:cells?|input|source|all))?"
    r"|hidden|private|drafts?|comments?|notes?|to-?do|no-?export|delete",
    re.I,
)
_QUOTATION_MARKS = (
    re.compile(r'"'),
    re.compile(r"[“„‟”]"),
    re.compile(r"[«»]"),
    re.compile(r"[「」]"),
    re.compile(r"[『』]"),
)
"""Marks of which a paragraph has two for each quotation."""
_INCHES = re.compile(r"(?<=\d)[”\"]")
_MARKUP = re.compile(
    r"\{[^{}\n]*\}|</?[A-Za-z][^<>]*>|\]\([^()\n]*\)|^ {0,3}\[[^\]\n]+\]:[^\n]*|\\[\"”]", re.M
)
"""Where quotation marks are not words: attributes, tags, the titles of links."""
_PARAGRAPH = re.compile(r"\S(?:(?!\n[ \t]*\n).)*", re.S)
_BRACKET = re.compile(r"(?<!\\)[][()]")
_GROUPS = re.compile(r"\[-?@")
_OTHER_HALF = {"]": "[", ")": "("}
_DISPLAY = re.compile(r"\$\$.*?\$\$", re.S)
_DRAFT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?draft:[ \t]*true\b", re.I)


def check_slips(subject: Subject) -> Iterator[Problem]:
    """Find what was hardly meant to be published as it is, and what is unfinished."""
    known, ids = subject.references.references, subject.book.links.ids

    def look(page: Page) -> Iterator[Problem]:
        texts = list(author_texts(subject.config, page))
        for each in texts:
            if each.is_raw or not _is_clean(each.text):
                yield from _found(each)
            if each.is_raw and not each.text.lstrip().startswith("---"):
                message = f"a raw cell is published as Markdown: “{_line(each.text.strip(), 0)}”"
                hint = "Make it a Markdown cell, or tag it `remove-cell`."
                yield _slip(message, each.place(0), hint, each.text.strip())
        yield from _notes(texts)
        yield from _wrong_citations(texts, known)
        yield from _without_mark(texts, ids)
        if page.source.front.data.get("draft") is True:
            line = page.source.front.lines.get(("draft",))
            where = Place(page.chapter.path, line=line)
            yield _draft(texts[0].place(0) if page.chapter.is_notebook and texts else where)
        yield from _idle_tags(subject, page)

    yield from subject.look_at_pages("slips", [sorted(known), sorted(ids)], look)


def _idle_tags(subject: Subject, page: Page) -> Iterator[Problem]:
    """Yield tags of text cells that sound as if they hid them, and do nothing."""
    if not page.chapter.is_notebook:
        return
    notebook = read_notebook(subject.config.root / page.chapter.path, subject.config.root)
    for cell in notebook.cells:
        for tag in cell.tags if cell.kind != "code" and not cell.is_hidden else ():
            if _HIDES.fullmatch(tag):
                message = f"the tag {tag} does nothing here: the cell is published."
                hint = "Tag it `remove-cell`, or write its text into a block `::: {.comment}`."
                yield Problem("class-misspelt", message, notebook.place(cell), hint, tag)


@lru_cache(maxsize=4096)
def _is_clean(text: str) -> bool:
    """Say whether nothing is found in a text; in a preview, few cells are others than before."""
    return next(_found(AuthorText(text, lambda _: Place("", cell=1))), None) is None


def _found(each: AuthorText) -> Iterator[Problem]:
    plain = without_code(each.text)
    yield from _slips(each, plain)
    yield from _fences(each, plain)
    yield from _unfinished(each, plain)
    yield from _indented(each, plain)
    yield from _misread(each, plain)
    yield from _unclosed_quotations(each, plain)
    if is_code(each.text) and each.place(0).cell is not None:
        message = f"the text cell holds code, which would be published: “{_line(each.text, 0)}”"
        yield _slip(message, each.place(0), "Make it a code cell.", _line(each.text, 0))


def is_code(text: str) -> bool:
    """Say whether a text is Python and nothing else: imports, assignments, calls of methods.

    >>> is_code("import reviewpress"), is_code("Gardens (four)"), is_code("Gardens")
    (True, False, False)
    """
    if not _CODE.match(text):
        return False
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return bool(body) and all(_does(each) for each in body)


def _does(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        call = statement.value
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
    return not isinstance(statement, ast.AnnAssign)


def _indented(each: AuthorText, plain: str) -> Iterator[Problem]:
    """Yield paragraphs that begin so far in that they would be code."""
    at, before = 0, list[str]()
    for line, shown in zip(each.text.split("\n"), plain.split("\n"), strict=True):
        begins = shown.strip() and not (before and before[-1].strip())
        if begins and is_indented_code(line, before):
            said = f"the paragraph begins with four spaces, and would be code: “{line.strip()}”"
            hint = "Delete the spaces before it; code is written between lines of three backticks."
            yield _slip(said, each.place(at), hint, line.strip())
        before.append(line)
        at += len(line) + 1


def _misread(each: AuthorText, plain: str) -> Iterator[Problem]:
    """Yield letters that were read in another encoding than they were saved in."""
    for match in _MISREAD.finditer(plain):
        with suppress(UnicodeError):
            meant = match[0].encode("cp1252").decode("utf-8")
            quoted = sentence_at(each.text, match.start())
            message = f"“{match[0]}” was read in another encoding than it was saved in: “{quoted}”"
            yield _slip(message, each.place(match.start()), f"Type {meant} instead.", quoted)


def _unclosed_quotations(each: AuthorText, plain: str) -> Iterator[Problem]:
    """Yield quotation marks without their other half, one a paragraph.

    A quotation of several paragraphs opens each of them, and is closed in the last.
    """
    plain = _MARKUP.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), plain)
    for paragraph in _PARAGRAPH.finditer(plain):
        for marks in _QUOTATION_MARKS:
            found: list[int] = []
            for match in marks.finditer(paragraph[0]):
                # After a digit it ends what is open, or it is inches.
                if len(found) % 2 or not _INCHES.match(paragraph[0], match.start()):
                    found.append(match.start())
            begins_next = marks.match(plain[paragraph.end() :].lstrip("\n >"))
            if len(found) % 2 == 0 or begins_next:
                continue
            at = paragraph.start() + found[-1]
            quoted = sentence_at(each.text, at)
            message = f"the quotation mark {plain[at]} has no other half: “{quoted}”"
            hint = "Type the other one, where the quotation begins or ends."
            yield Problem("unclosed-quotation", message, each.place(at), hint, quoted)


def _slips(each: AuthorText, plain: str) -> Iterator[Problem]:
    # The lines of a formula are no table, however many `&` stand between its parts.
    plain = _DISPLAY.sub(lambda match: re.sub(r"[^\n$]", "x", match[0]), plain)
    tables = [range(*match.span()) for match in LINED_TABLE.finditer(plain)]
    for slip in SLIPS:
        for match in slip.found.finditer(plain):
            at = match.start("at" if "at" in slip.found.groupindex else 0)
            if any(at in table for table in tables):
                continue
            if slip.found.match(each.text, match.start()) is None:
                continue  # the spaces that stand for code made it
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
            given = re.sub(r"[^\w-]+", " ", words).split() or ["name"]
            joined = "-".join(given[:2])
            name = next((each for each in (joined, joined.lower()) if each in BLOCKS), given[0])
            message = f"`{match[0].strip()}` opens no block, and would be published as it is."
            near = nearest(name, BLOCKS, cutoff=_NEAR)
            name = near.split('"')[1] if near.startswith("Did") else name
            yield _slip(message, place, f"Write `::: {{.{name}}}`.", words)
            continue
        for name in [words] if is_word else _CLASS.findall(words):
            kind = name.lower().removeprefix("callout") or CALLOUTS[0]
            if kind in CALLOUTS:
                message = f"a block .{name} is not a callout, unless the review styles it."
                yield Problem("class-misspelt", message, place, f"Write `.callout-{kind}`.", name)
                continue
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
        for match in _AS_CODE.finditer(each.text):
            if match[2].rstrip(".:") in known:
                message = f"{match[0]} is code, and would be published: the citation has backticks."
                yield _slip(message, each.place(match.start()), f"Write `{match[1]}`.", match[1])
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


def _without_mark(texts: list[AuthorText], ids: Sequence[str]) -> Iterator[Problem]:
    """Yield ids of figures, tables and sections that stand as words in a text."""
    for each in texts:
        for match in _BARE_ID.finditer(without_code(each.text)):
            if (name := match[0].lower()) in ids:
                message = f"{match[0]} is words, and would be published: the id has no `@`."
                yield _slip(message, each.place(match.start()), f"Write `@{name}`.", match[0])


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
                message = f"the footnote [^{match[1]}] is not defined."
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
    for match in OPEN_NOTES.finditer(plain):
        is_small = _WORDS_IN_CAPITALS.fullmatch(match[0]) and not match[0].isupper()
        if is_small or any(start <= match.start() < end for start, end in inside):
            continue
        quoted = sentence_at(each.text, match.start())
        message = f"“{match[0]}” is published as it is: “{quoted}”"
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
