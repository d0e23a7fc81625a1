"""The references of an edition, as all that cites and lists them knows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reviewpress.shapes import Plain


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography as a text cites it.

    `label` reads in a sentence ("Scobie et al. (2022)"), `short` in a link's name
    ("Scobie 2022"). `code` is the number of an included paper, whichever way
    it is cited; its group is additional where the review cites everything by author and year.
    """

    key: str
    group: str
    code: int | None
    label: str
    short: str


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceIndex:
    """Every reference by its citekey, the CSL JSON item of each, and other keys for some.

    An entry's `ids` are keys that it was cited by before; `aliases` leads from them to its key.
    """

    references: Mapping[str, Reference]
    csl: Mapping[str, Mapping[str, Plain]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> dict[str, int]:
        """The code of each included paper by its citekey."""
        return {key: r.code for key, r in self.references.items() if r.code is not None}

    def included(self, code: int) -> Reference | None:
        """Return the included paper of this code."""
        found = (r for r in self.references.values() if r.code == code)
        return next(found, None)

    def items(self, keys: Iterable[str]) -> list[Mapping[str, Plain]]:
        """Return the CSL items of those keys that exist, in the order of the keys' names."""
        return [self.csl[key] for key in sorted(set(keys)) if key in self.csl]
