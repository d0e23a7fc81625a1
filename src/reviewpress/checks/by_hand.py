"""What authors type by hand that the report makes itself, and keeps right when it changes.

A citation without its key leads nowhere, the number of a figure is another after the next one, a
raised number looks like the code of an included paper.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reviewpress.assemble import Page
from reviewpress.assemble.source import without_code
from reviewpress.checks.author_texts import AuthorText, author_texts
from reviewpress.checks.quoting import sentence_at
from reviewpress.checks.subject import Subject
from reviewpress.errors import Problem
from reviewpress.labels import Labels
from reviewpress.reference_index import ReferenceIndex

_NUMBERED = {"fig": "fig", "tbl": "tbl", "sec": "sec", "chapter": "sec", "appendix": "sec"}
"""The kinds of what is referred to by a word and a number, and how their ids begin."""
_YEAR = re.compile(r"(?<![\w-])(?:1[5-9]|20)\d\d[a-z]?(?![\w-])")
_BEFORE = 90
_RAISED = re.compile(
    r"(?:(?<=[.,;:!?)”’\"'])|(?<=[^\W\d_]{4}))"
    r"(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|<sup>[\d,;–\- ]+</sup>|\^\d+(?:[,–-]\d+)*\^)"
)
_NOTE_TEXT = re.compile(
    r"^(\^\d{1,3}\^|\^\d{1,3}:|[⁰¹²³⁴⁵⁶⁷⁸⁹]+|<sup>\d{1,3}</sup>)[ \t:.]+(?=[^\W\d])", re.M
)
"""How the text of a note begins that somebody set below the line by hand."""
_IN_BRACKETS = re.compile(
    r"(?:(?<![\]\w$\\])|(?<=[^\W\d_]{4}))\[[1-9]\d{0,2}(?:[,;–-] ?[1-9]\d{0,2})*\](?![\[({:])"
)
_INTERVAL = re.compile(
    r"(?:\b(?:CI|CrI|KI|IC|IQR|range|interval|between|from|in)\b|[=:∈])[^.\w]*\Z", re.I
)
_NUMBER_BEFORE = re.compile(r"(?<![\w.])\d[\d.,]*[ \u00a0]?%?[ \u00a0]\Z")
_SHORT_WORDS = {"fig": r"figs?\.?|abb\.|rys\.|ffig\.|рис\.", "tbl": r"tab\.|tabl\.|табл\."}
_BOLD = re.compile(
    r"(?:\A|(?<=\n\n))(?:\*\*(?P<a>[^*\n]{2,80})\*\*|__(?P<b>[^_\n]{2,80})__):?[ \t]*(?=\n\n\S)"
)
_NOT_HEADING = re.compile(r"[.!?。！？…]\Z")
_NUMBERED_HEADING = re.compile(r"^#{1,6}[ \t]+(\d+(?:\.\d+)+\.?|\d+[.)])[ \t]+\S", re.M)
_JOINS = re.compile(r"\bet al\b|\b(?:and|und|et|e|y|i|a|ac|others|colleagues)\b|&")
_OTHERS = re.compile(r"\b(?:et al|u\. ?a|i in|m\. ?fl|[eyi] (?:cols?|sur)|a’i gydweithwyr)\.")
"""And others, as languages abbreviate it: no end of a sentence."""
_SIGNS = str.maketrans({"’": "'", "‐": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class _Typed:
    """What is typed, where it stands in the text, what that does, and what to write."""

    at: int
    words: str
    message: str
    hint: str


def check_by_hand(subject: Subject) -> Iterator[Problem]:
    """Warn of citations, numbers of figures and headings, and raised numbers that are typed."""
    labels = subject.book.labels
    works = _works(subject.references)
    is_numbered = bool(subject.config.metadata.get("number-sections"))

    def look(page: Page) -> Iterator[Problem]:
        for each in author_texts(subject.config, page):
            plain = without_code(each.text)
            messages = [*_key_messages(plain, labels)]
            said = {typed.words for typed in messages}
            headings = _headings(plain, is_numbered=is_numbered)
            for typed in (
                *_citations(plain, works),
                *_numbers(plain, labels, page),
                *_raised(plain),
                *_bracketed(plain),
                *(typed for typed in headings if typed.words.rstrip(":") not in said),
                *messages,
            ):
                yield _problem(each, typed)

    yield from subject.look_at_pages("by-hand", [dict(labels), works, is_numbered], look)


def _works(index: ReferenceIndex) -> Mapping[str, list[tuple[str, str]]]:
    """Return, by the year, the family name of each work's first author, and the work's key."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, reference in index.references.items():
        authors = index.csl.get(key, {}).get("author")
        first = authors[0] if isinstance(authors, list) and authors else None
        name = (first.get("family") or first.get("literal")) if isinstance(first, Mapping) else None
        if isinstance(name, str):
            year = reference.short.rpartition(" ")[2]
            found.setdefault(year[:4], []).append((name.translate(_SIGNS), key))
    return found


def _citations(text: str, works: Mapping[str, list[tuple[str, str]]]) -> Iterator[_Typed]:
    """Yield a year with the name of an author before it who published something in that year."""
    for match in _YEAR.finditer(text):
        start = max(text.rfind("\n\n", 0, match.start()), match.start() - _BEFORE, 0)
        before = text[start : match.start()].translate(_SIGNS)
        before = re.split(r"[.!?;][\])”’]?\s+(?=[A-Z])|@", _OTHERS.sub("et al", before))[-1]
        for name, key in works.get(match[0][:4], []):
            if _names(before, name):
                yield _Typed(
                    match.start(), f"{name} {match[0]}",
                    f"{name} {match[0]} is typed, and does not lead to the reference",
                    f"Write `[@{key}]`, or `@{key}` for a name in the sentence.",
                )  # fmt: skip
                break


def _names(before: str, name: str) -> bool:
    """Say whether a name stands right before a year: co-authors, `et al.`, brackets between."""
    tail = rf"(?<!\w){re.escape(name)}(?!\w)(?P<rest>[^;:@\]]*)\Z"
    found = re.search(tail, before)
    if found is None:
        return False
    rest = re.sub(
        r"\bet al\b|\b(?:and|und|et|e|y|i|a|ac|&|others|colleagues)\b", " ", found["rest"]
    )
    # What is left may be names of co-authors, and no other words.
    return all(word[:1].isupper() or not word[:1].isalpha() for word in rest.split())


def _numbers(text: str, labels: Labels, page: Page) -> Iterator[_Typed]:
    """Yield numbers after the words for a figure, table, section, chapter or appendix."""
    for kind, prefix in _NUMBERED.items():
        words = [re.escape(labels.of_kind(kind)), re.escape(labels.in_reference(kind))]
        words = [*dict.fromkeys(filter(None, words)), *filter(None, [_SHORT_WORDS.get(kind)])]
        first = r"[A-Z]" if kind == "appendix" else r"\d+"
        pattern = (
            rf"(?<![\w#@-])(?:{'|'.join(words)})(?:s|n|en|es)?[ \u00a0]({first}(?:\.\d+)*)(?![\w%])"
        )
        # A section of a law has a small letter as well as one of the review: a figure has not.
        for match in re.finditer(pattern, text, re.I if kind in _SHORT_WORDS else 0):
            if _is_of_another(text, match) or _is_heading(text, match.start()):
                continue
            ids = [name for name in page.ids if name.startswith(f"{prefix}-")]
            yield _Typed(
                match.start(), match[0],
                f"“{match[0]}” is typed, and stays when the numbers change",
                f"Write `@{ids[0] if len(ids) == 1 else prefix + '-…'}`, with the id of what "
                "it refers to.",
            )  # fmt: skip


def _is_of_another(text: str, match: re.Match[str]) -> bool:
    """Say whether what a number belongs to is in another work, or is quoted."""
    before, after = text[: match.start()][-20:], text[match.end() :]
    return bool(
        re.search(r"(?:(?:\b(?:its|their|his|her|whose|original)|’s|'s)\s+|[“„«])\Z", before)
        or re.match(r"\s*(?:of|in|from)\s+(?:\[?@|their\b|the\b|its\b|that\b)", after)
    )


def _is_heading(text: str, at: int) -> bool:
    return text[text.rfind("\n", 0, at) + 1 : at + 1].lstrip().startswith("#")


def _raised(text: str) -> Iterator[_Typed]:
    """Yield raised numbers that are no powers or units, and notes that begin with one."""
    for match in _NOTE_TEXT.finditer(text):
        yield _Typed(
            match.start(), match[1],
            "the text of a note is typed, and no number leads to it",
            "Write it where its number would be: `^[its text]`.",
        )  # fmt: skip
    for match in _RAISED.finditer(text):
        yield _Typed(
            match.start(), match[0],
            f"the raised number {match[0]} is typed, and readers take it for a paper or a note",
            "Cite with `[@key]`; a footnote is `^[its text]`.",
        )  # fmt: skip


def _bracketed(text: str) -> Iterator[_Typed]:
    """Yield numbers in square brackets, as other styles cite; an interval is not one."""
    for match in _IN_BRACKETS.finditer(text):
        before = text[: match.start()][-30:]
        # A median or an effect, and two numbers around it.
        is_around = len(re.split(r"[,;–-]", match[0])) == 2 and _NUMBER_BEFORE.search(before)
        if not (is_around or _INTERVAL.search(before)):
            yield _Typed(
                match.start(), match[0],
                f"{match[0]} is typed, and leads to no reference",
                "Cite with `[@key]`; a footnote is `[^1]`.",
            )  # fmt: skip


def _headings(text: str, *, is_numbered: bool) -> Iterator[_Typed]:
    """Yield lines in bold letters where a heading would be, and headings with typed numbers."""
    for match in _BOLD.finditer(text):
        words = (match["a"] or match["b"]).strip()
        if not _NOT_HEADING.search(words):
            message = f"“{words}” is bold where a heading would be: no reader can go to it"
            yield _Typed(match.start(), words, message, f"Write `## {words.rstrip(':')}`.")
    for match in _NUMBERED_HEADING.finditer(text) if is_numbered else ():
        message = f"the number {match[1]} is typed in a heading, which has another one besides"
        yield _Typed(match.start(), match[1], message, "Delete it: headings are numbered.")


def _key_messages(text: str, labels: Labels) -> Iterator[_Typed]:
    """Yield paragraphs that only say in their first words that they are a key message."""
    own = re.escape(labels["key-message"]).replace(r"\ ", r"\s+")
    words = rf"(?:{own}|key (?:message|finding|point)s?|take-?(?: ?home )?(?:away|message)s?)"
    signs = r"\*{1,3}|_{1,3}"
    for match in re.finditer(
        rf"(?:\A|(?<=\n\n))[ \t>]*(?:({signs})({words})(?:\s+\d+)?[ ]?[:.–—-]?\1"
        rf"|({signs})?({words})(?:\s+\d+)?[ \u00a0\u202f]?:(?=[ \n*_]))",
        text,
        re.I,
    ):
        said = match[2] or match[4]
        yield _Typed(
            match.start(2 if match[2] else 4), said,
            f"“{said}” is typed, and the summary does not gather what follows",
            "Write `::: {.key-message}` on the line above the message, and `:::` below it.",
        )  # fmt: skip


def _problem(each: AuthorText, typed: _Typed) -> Problem:
    quoted = sentence_at(each.text, typed.at)
    message = f"{typed.message}: “{quoted}”"
    return Problem("by-hand", message, each.place(typed.at), typed.hint, subject=typed.words)
