"""The blocks of a chapter, before and after, paired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from reviewpress.comparison.wording import likeness
from reviewpress.edition import KeptBlock, KeptValue

_LIKE = 0.4
"""From how much of their words on two blocks are one that was reworded."""
_HOLE = "\x00"


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block before and after, one of the two None where there is none.

    `values` are pairs of values that stand for one another and have other words.
    """

    before: KeptBlock | None
    after: KeptBlock | None
    values: tuple[tuple[KeptValue, KeptValue], ...] = ()

    @property
    def is_reworded(self) -> bool:
        """Whether more of it than its values is another."""
        if self.before is None or self.after is None:
            return True
        return _key(self.before) != _key(self.after)

    @property
    def happened(self) -> Literal["new", "gone", "changed"]:
        """What became of it."""
        if self.before and self.after:
            return "changed"
        return "gone" if self.before else "new"


def compare_blocks(
    before: Sequence[KeptBlock], after: Sequence[KeptBlock]
) -> Iterator[BlockChange]:
    """Yield the blocks of a chapter that changed, in the order of the later one."""
    old, new = [_key(each) for each in before], [_key(each) for each in after]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for one, other in zip(before[i:j], after[k:m], strict=True):
                values = tuple(_value_changes(one, other))
                if values:
                    yield BlockChange(one, other, values)
        else:
            for one_block, other_block in _pairs(before[i:j], after[k:m]):
                values = ()
                if one_block and other_block:
                    values = tuple(_value_changes(one_block, other_block))
                yield BlockChange(one_block, other_block, values)


def _key(block: KeptBlock) -> tuple[str, str]:
    """Return what of a block its author wrote, the words of its values left out."""
    text = block.text
    for value in sorted(block.values, key=lambda each: -each.at):
        if value.at >= 0:
            text = f"{text[: value.at]}{_HOLE}{text[value.at + len(value.text) :]}"
        else:
            text = text.replace(value.text, _HOLE, 1)
    return block.kind, text


def _pairs(
    before: Sequence[KeptBlock], after: Sequence[KeptBlock]
) -> Iterator[tuple[KeptBlock | None, KeptBlock | None]]:
    """Pair blocks that are alike, in order; the others stand alone."""
    at = 0
    for block in after:
        found = next(
            (
                place
                for place in range(at, len(before))
                if before[place].kind == block.kind and _is_alike(before[place], block)
            ),
            None,
        )
        if found is None:
            yield None, block
            continue
        yield from ((gone, None) for gone in before[at:found])
        yield before[found], block
        at = found + 1
    yield from ((gone, None) for gone in before[at:])


def _is_alike(before: KeptBlock, after: KeptBlock) -> bool:
    if before.id and before.id == after.id:
        return True
    return likeness(_key(before)[1], _key(after)[1]) > _LIKE


def _value_changes(before: KeptBlock, after: KeptBlock) -> Iterator[tuple[KeptValue, KeptValue]]:
    old = [value.expression for value in before.values]
    new = [value.expression for value in after.values]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and j - i == m - k):
            for one, other in zip(before.values[i:j], after.values[k:m], strict=True):
                if one.text != other.text:
                    yield one, other
