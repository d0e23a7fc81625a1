"""Two records of an edition compared: what readers would want to know, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from reviewpress.comparison.blocks import BlockChange, compare_blocks
from reviewpress.comparison.causes import TEXT, Causes
from reviewpress.comparison.phrases import Phrase
from reviewpress.comparison.wording import changed_numbers, compare_words, likeness
from reviewpress.edition import (
    EditionRecord,
    KeptBlock,
    KeptFloat,
    KeptPage,
    KeptPaper,
    KeptStatement,
)

Happened = Literal["new", "gone", "changed", "moved"]
_FACTS = ("title", "subtitle", "version", "date", "lang", "errata")


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A value that is another one, or a number in digits in a text that changed.

    `at` is where it begins in the text that it is `within`.
    """

    page: str
    expression: str
    before: str
    after: str
    within: str
    at: int
    causes: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class StatementChange:
    """A finding or key message that is new, gone, in other words, or on other papers."""

    happened: Happened
    before: KeptStatement | None
    after: KeptStatement | None


@dataclass(frozen=True, slots=True)
class FloatChange:
    """A figure or table; `what` are the labels of what of it is another."""

    happened: Happened
    before: KeptFloat | None
    after: KeptFloat | None
    what: tuple[str, ...] = ()
    causes: tuple[Phrase, ...] = ()

    @property
    def id(self) -> str:
        """Its id."""
        return (self.after or self.before or KeptFloat("", "", "")).id


@dataclass(frozen=True, slots=True)
class TextChange:
    """A heading, paragraph, item or row of a chapter."""

    page: str
    happened: Happened
    before: KeptBlock | None
    after: KeptBlock | None
    causes: tuple[Phrase, ...]

    @property
    def block(self) -> KeptBlock:
        """The block as it is now, or was."""
        return self.after or self.before or KeptBlock("", "")


@dataclass(frozen=True, slots=True)
class PageChange:
    """A chapter that is new, gone, elsewhere in the order, or has another address."""

    happened: Happened
    title: str
    before: str
    after: str

    @property
    def addresses(self) -> str:
        """Its address, or the old one and the new."""
        return " → ".join(dict.fromkeys(part for part in (self.before, self.after) if part))


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs between two editions; empty where nothing does."""

    before: EditionRecord
    after: EditionRecord
    facts: tuple[tuple[str, str, str], ...]
    pages: tuple[PageChange, ...]
    numbers: tuple[NumberChange, ...]
    statements: tuple[StatementChange, ...]
    papers_in: tuple[KeptPaper, ...]
    papers_out: tuple[KeptPaper, ...]
    cited: tuple[str, ...]
    uncited: tuple[str, ...]
    floats: tuple[FloatChange, ...]
    texts: tuple[TextChange, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(
            len(each)
            for each in (
                self.facts, self.pages, self.numbers, self.statements, self.papers_in,
                self.papers_out, self.cited, self.uncited, self.floats, self.texts,
            )
        )  # fmt: skip


def compare_editions(before: EditionRecord, after: EditionRecord) -> Changes:
    """Return what changed from one edition to another."""
    causes = Causes(before, after)
    pairs = _pair_pages(before.pages, after.pages)
    matched = [(one, other) for one, other in pairs if one and other]
    found = [
        (one, other, change)
        for one, other in matched
        for change in compare_blocks(one.blocks, other.blocks)
    ]
    old, new = ({each.key: each for each in record.papers} for record in (before, after))
    cited, uncited = _gained(before.references, after.references)
    return Changes(
        before,
        after,
        tuple(_facts(before, after)),
        tuple(_page_changes(pairs, before, after)),
        tuple(
            each for one, other, change in found for each in _numbers(one, other, change, causes)
        ),
        tuple(_statements(before.statements, after.statements)),
        tuple(paper for key, paper in new.items() if key not in old),
        tuple(paper for key, paper in old.items() if key not in new),
        tuple(key for key in cited if key not in new or key in old),
        tuple(key for key in uncited if key not in old or key in new),
        tuple(_floats(before, after, matched, causes)),
        tuple(_moved(list(_texts(pairs, found, causes)))),
    )


def renamed_pages(before: EditionRecord, after: EditionRecord) -> dict[str, str]:
    """Return the new address of each page that has another one."""
    pairs = _pair_pages(before.pages, after.pages)
    return {one.page: two.page for one, two in pairs if one and two and one.page != two.page}


def _facts(before: EditionRecord, after: EditionRecord) -> Iterator[tuple[str, str, str]]:
    for name in _FACTS:
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            told = [" ".join(each) if isinstance(each, tuple) else each for each in (one, other)]
            yield name, told[0], told[1]


def _gained(before: Sequence[str], after: Sequence[str]) -> tuple[list[str], list[str]]:
    return [k for k in after if k not in before], [k for k in before if k not in after]


def _pair_pages(
    before: Sequence[KeptPage], after: Sequence[KeptPage]
) -> list[tuple[KeptPage | None, KeptPage | None]]:
    """Pair chapters by file, then those that are left by what they say: one was renamed."""
    old = {page.source: page for page in before}
    paired: list[tuple[KeptPage | None, KeptPage | None]] = []
    for page in after:
        found = old.pop(page.source, None)
        if found is None:
            found = next((each for each in old.values() if each.source not in _sources(after)
                          and _is_renamed(each, page)), None)  # fmt: skip
            if found:
                del old[found.source]
        paired.append((found, page))
    return [*paired, *((page, None) for page in old.values())]


def _sources(pages: Sequence[KeptPage]) -> set[str]:
    return {page.source for page in pages}


def _is_renamed(before: KeptPage, after: KeptPage) -> bool:
    texts = [{block.text for block in page.blocks} for page in (before, after)]
    return 2 * len(texts[0] & texts[1]) > max(map(len, texts))


def _page_changes(
    pairs: Sequence[tuple[KeptPage | None, KeptPage | None]],
    before: EditionRecord,
    after: EditionRecord,
) -> Iterator[PageChange]:
    both = [(one, other) for one, other in pairs if one and other]
    order = [one.page for one in before.pages if any(one is pair[0] for pair in both)]
    now = [pair[0].page for pair in both]
    moved = _out_of_order(order, now)
    for one, other in pairs:
        if other and not one:
            yield PageChange("new", other.title, "", other.page)
        elif one and not other:
            yield PageChange("gone", one.title, one.page, "")
        elif one and other and one.page != other.page:
            yield PageChange("changed", other.title, one.page, other.page)
        elif one and other and one.page in moved:
            yield PageChange("moved", other.title, one.page, other.page)


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return what has to move, as little as will do, to make one order of the other."""
    kept = {
        name
        for match in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        for name in before[match.a : match.a + match.size]
    }
    return set(after) - kept


def _numbers(
    before: KeptPage, after: KeptPage, change: BlockChange, causes: Causes
) -> Iterator[NumberChange]:
    if change.before is None or change.after is None:
        return
    for old, new in change.values:
        made = causes.of_value((before, after), old, new)
        text = change.after.text
        at = new.at if new.at >= 0 else text.find(new.text)
        yield NumberChange(after.page, new.expression, old.text, new.text, text, at, made)
    if change.is_reworded:
        reasons = causes.of_block((before, after), change.after)
        computed = {value.text for value in (*change.before.values, *change.after.values)}
        for one, other in changed_numbers(compare_words(change.before.text, change.after.text)):
            if not any(one in text or other in text for text in computed):
                text = change.after.text
                yield NumberChange(
                    after.page, "", one, other, text, max(0, text.find(other)), reasons
                )


def _statements(
    before: Sequence[KeptStatement], after: Sequence[KeptStatement]
) -> Iterator[StatementChange]:
    old = {each.id: each for each in before if each.id}
    new = {each.id: each for each in after if each.id}
    pairs: list[tuple[KeptStatement | None, KeptStatement | None]] = [
        *((old.get(name), each) for name, each in new.items()),
        *((each, None) for name, each in old.items() if name not in new),
    ]
    pairs += _pair_messages(
        [each for each in before if not each.id], [each for each in after if not each.id]
    )
    for one, other in pairs:
        if one is None or other is None:
            yield StatementChange("gone" if other is None else "new", one, other)
        elif (one.text, one.papers) != (other.text, other.papers):
            yield StatementChange("changed", one, other)


def _pair_messages(
    before: list[KeptStatement], after: list[KeptStatement]
) -> list[tuple[KeptStatement | None, KeptStatement | None]]:
    """Pair statements without ids: those with the same words first, then those most alike."""
    left = list(before)
    pairs: list[tuple[KeptStatement | None, KeptStatement | None]] = []
    waiting = []
    for each in after:
        same = next((one for one in left if one.text == each.text), None)
        if same:
            left.remove(same)
        else:
            waiting.append(each)
    for each in waiting:
        near = max(left, key=lambda one: likeness(one.text, each.text), default=None)
        if near is not None and likeness(near.text, each.text) > 0.4:
            left.remove(near)
            pairs.append((near, each))
        else:
            pairs.append((None, each))
    return [*pairs, *((each, None) for each in left)]


def _floats(
    before: EditionRecord,
    after: EditionRecord,
    pages: Sequence[tuple[KeptPage, KeptPage]],
    causes: Causes,
) -> Iterator[FloatChange]:
    old = {each.id: each for each in before.floats}
    by_page = {other.page: (one, other) for one, other in pages}
    for new in after.floats:
        one = old.pop(new.id, None)
        if one is None:
            yield FloatChange("new", None, new)
            continue
        what = tuple(_differing(one, new))
        if what:
            pair = by_page.get(new.page)
            made = causes.of_float(pair, one, new) if pair else ()
            yield FloatChange("changed", one, new, what, made)
    for gone in old.values():
        yield FloatChange("gone", gone, None)


def _differing(before: KeptFloat, after: KeptFloat) -> Iterator[str]:
    if before.caption != after.caption:
        yield "diff-kind-caption"
    if before.alt != after.alt:
        yield "diff-part-alt"
    data, other = (
        {name: value for name, value in each.files.items() if name.endswith(".csv")}
        for each in (before, after)
    )
    if before.rows != after.rows or data != other:
        yield "diff-part-data"
    elif before.files != after.files:
        yield "diff-part-drawing"


def _texts(
    pairs: Sequence[tuple[KeptPage | None, KeptPage | None]],
    found: Sequence[tuple[KeptPage, KeptPage, BlockChange]],
    causes: Causes,
) -> Iterator[TextChange]:
    for one, other, change in found:
        block = change.after or change.before
        if block is None or (change.before and change.after and not change.is_reworded):
            continue
        if block.kind == "float" and not (change.before and change.after):
            # That a figure is new or gone is said of the figure, but not that it moved.
            yield TextChange(other.page, change.happened, change.before, change.after, ())
            continue
        made = causes.of_block((one, other), block)
        yield TextChange(other.page, change.happened, change.before, change.after, made)
    for one_page, other_page in pairs:
        if one_page and not other_page:
            for block in one_page.blocks:
                yield TextChange(one_page.page, "gone", block, None, (TEXT,))
        elif other_page and not one_page:
            for block in other_page.blocks:
                yield TextChange(other_page.page, "new", None, block, (TEXT,))


def _moved(changes: list[TextChange]) -> Iterator[TextChange]:
    """Yield changes, what is gone in one place and new in another as moved."""
    gone: dict[tuple[str, str], list[TextChange]] = {}
    for each in changes:
        if each.happened == "gone":
            gone.setdefault((each.block.kind, each.block.text), []).append(each)
    taken: set[int] = set()
    moved: dict[int, TextChange] = {}
    for each in changes:
        same = gone.get((each.block.kind, each.block.text)) if each.happened == "new" else None
        if same:
            other = same.pop(0)
            taken.add(id(other))
            moved[id(each)] = TextChange(each.page, "moved", other.before, each.after, each.causes)
    for each in changes:
        now = moved.get(id(each), each)
        is_known = now.block.kind == "float" and now.happened != "moved"
        if id(each) not in taken and not is_known:
            yield now
