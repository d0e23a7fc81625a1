"""How headings, figures and tables are numbered, and what references to them look like."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviewpress.config import Config
from reviewpress.config.options import Options
from reviewpress.formats.objects import HTML
from reviewpress.shapes import Plain

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How a chapter numbers what it has.

    Headings down to level `depth` have numbers, which are `shown` down to a level of the
    chapter's own. Figures and tables count within their chapter, with its number before theirs
    where it is `by_chapter`; `kinds` says in what figures they count. References are `linked`.
    """

    depth: int = 3
    shown: int = 6
    by_chapter: bool = True
    kinds: Mapping[str, str] = field(default_factory=dict)
    linked: bool = True

    def number(self, kind: str, count: int, chapter: str) -> str:
        """Return the number of a figure or table, the chapter's first where it has one."""
        own = written_number(count, self.kinds.get(kind, "arabic"))
        return f"{chapter}.{own}" if chapter and self.by_chapter else own

    def part(self, count: int) -> str:
        """Return what a part of a figure is called by; letters after `z` are `aa` and so on."""
        return written_number(count, self.kinds.get("subref", "alpha a"))


def number_style(config: Config, own: Mapping[str, Plain]) -> NumberStyle:
    """Return how a chapter is numbered, whose front matter is `own`."""
    crossref = config.metadata.get("crossref")
    given: Mapping[str, Plain] = crossref if isinstance(crossref, Mapping) else {}
    usual = given.get("labels", "arabic")
    return NumberStyle(
        depth=_depth(config.options(HTML.name)),
        shown=_depth(config.options(HTML.name, own)),
        by_chapter=given.get("chapters") is not False,
        kinds={
            **{k: str(given.get(f"{k}-labels", usual)) for k in ("fig", "tbl", "lst", "eq")},
            "subref": str(given.get("subref-labels", given.get("labels", "alpha a"))),
        },
        linked=given.get("ref-hyperlink") is not False,
    )


def _depth(options: Options) -> int:
    """Return down to which level headings are numbered; 0 where they are not."""
    return (
        options.number("number-depth", 3) if options.truth("number-sections", otherwise=True) else 0
    )


def written_number(count: int, style: str) -> str:
    """Return a number in figures, letters or Roman figures.

    >>> written_number(3, "alpha a"), written_number(4, "roman i"), written_number(5, "arabic")
    ('c', 'iv', '5')
    """
    name, _, first = style.partition(" ")
    if name == "alpha":
        if first in ("", "a", "A"):
            letters = written_letters(count)
            return letters if first == "A" else letters.lower()
        return chr(ord(first) + count - 1)
    if name == "roman":
        roman = _roman(count)
        return roman.lower() if first == "i" else roman
    return str(count)


def written_letters(count: int) -> str:
    """Return a number in capital letters: `A` to `Z`, then `AA`."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _roman(count: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (count // value)
        count %= value
    return written
