"""What made a number, a figure or a text another one: data, code, text, settings, Reviewpress.

Of a value is known which columns it was made from, of a chapter which files its run read and what
its code is. Where more than one of them changed, all are named: which one it was nothing here says.
"""

from collections.abc import Sequence

from reviewpress.comparison.phrases import Phrase
from reviewpress.edition import EditionRecord, KeptBlock, KeptFloat, KeptPage, KeptValue

TEXT = Phrase("diff-cause-text")
_PYTHON, _BIBLIOGRAPHY = ".py", (".bib", ".json")
_SETTINGS = "_quarto.yml#reviewpress"

Pages = tuple[KeptPage, KeptPage]


class Causes:
    """What differs between the sources of two editions."""

    def __init__(self, before: EditionRecord, after: EditionRecord) -> None:
        self._before = before
        self._after = after

    def of_value(self, pages: Pages, before: KeptValue, after: KeptValue) -> tuple[Phrase, ...]:
        """Return what may have changed a value."""
        own: tuple[Phrase, ...] = ()
        if before.expression != after.expression:
            own = (Phrase("diff-cause-expression", before.expression),)
        return (
            self._of_inputs(pages, own, before.reads, after.reads, _last(pages)) or self._of_all()
        )

    def of_block(self, pages: Pages, block: KeptBlock) -> tuple[Phrase, ...]:
        """Return what may have changed the words of a block, its values apart."""
        if block.origin == "text":
            return (TEXT,)
        found = self._of_inputs(pages, (), (), (), frozenset())
        return found if block.origin == "code" and found else (*found, TEXT)

    def of_float(self, pages: Pages, before: KeptFloat, after: KeptFloat) -> tuple[Phrase, ...]:
        """Return what may have changed a figure or table: of code, its own cell first."""
        if not before.code and not after.code:
            return (TEXT,)
        own = () if before.code == after.code else (Phrase("diff-cause-code", after.id),)
        apart = _last(pages) | {before.code, after.code}
        return self._of_inputs(pages, own, before.reads, after.reads, apart) or self._of_all()

    def _of_inputs(
        self,
        pages: Pages,
        own: tuple[Phrase, ...],
        old: Sequence[str],
        new: Sequence[str],
        apart: frozenset[str],
    ) -> tuple[Phrase, ...]:
        """Return its own reason, and what differs of code and of what was read.

        Code of cells that are `apart` is none.
        Where columns are known, and none of them differs, another file is a reason only where
        there is no better one: code may compute from more than it looked up by column.
        """
        before, after = pages
        code: tuple[Phrase, ...] = ()
        if set(before.code).symmetric_difference(after.code) - apart:
            code = (Phrase("diff-cause-code", after.source),)
        # A file that one of the two did not read is for its code to explain.
        both = before.reads.keys() & after.reads.keys()
        changed = [name for name in sorted(both) if before.reads[name] != after.reads[name]]
        known = sorted({*old, *new}) if old and new else []
        columns = tuple(_column_words(name) for name in known if self._is_changed(name, changed))
        found = (*own, *code, *columns)
        return found if found and known else (*found, *map(_words, changed))

    def _is_changed(self, column: str, changed: Sequence[str]) -> bool:
        one, other = (record.columns.get(column) for record in (self._before, self._after))
        if one and other:
            return one != other
        return column.partition(":")[0] in changed

    def _of_all(self) -> tuple[Phrase, ...]:
        """Return what else may be the reason where a chapter's own inputs are the same."""
        if self._before.reviewpress != self._after.reviewpress:
            return (Phrase("diff-cause-version", self._after.reviewpress),)
        one, other = self._before.sources, self._after.sources
        names = (name for name in sorted({*one, *other}) if one.get(name) != other.get(name))
        settings = [Phrase("", name) for name in names if name.endswith(".yml")]
        return tuple(settings) or (Phrase("diff-cause-unknown"),)


def _last(pages: Pages) -> frozenset[str]:
    """Return the cells on which nothing depends but what they show themselves."""
    return frozenset(name for page in pages for name in page.last)


def _column_words(name: str) -> Phrase:
    file, _, column = name.partition(":")
    return Phrase("diff-cause-column", column, file) if column else _words(file)


def _words(name: str) -> Phrase:
    if name == _SETTINGS:
        return Phrase("diff-cause-settings")
    if name.endswith(_BIBLIOGRAPHY):
        return Phrase("diff-cause-references", name)
    return Phrase("diff-cause-code" if name.endswith(_PYTHON) else "diff-cause-data", name)
