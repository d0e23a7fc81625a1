"""Where the elements of a tagged PDF are painted, in the order of its tags, for tests of layout."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Matrix, Object, Page

HEADINGS = ("/H1", "/H2", "/H3", "/H4")
# Where a number of arguments puts the point that a path goes to.
_POINTS = {"m": 0, "l": 0, "c": 4, "v": 2, "y": 2}


@dataclass(eq=False)
class Element:
    """An element: its kind, and on each of its pages how high it begins and ends, from below."""

    kind: str
    parent: "Element | None"
    extents: dict[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def begins(self) -> tuple[int, float]:
        """The page, counted from 0, and how far below its upper edge; the later, the greater."""
        page = min(self.extents)
        return page, -self.extents[page][0]

    def within(self, other: "Element") -> bool:
        """Whether the element is in another, however deep."""
        return self.parent is not None and (self.parent is other or self.parent.within(other))

    def add(self, page: int, top: float, bottom: float) -> None:
        """Note content of the element, which is its ancestors', too."""
        above, below = self.extents.get(page, (top, bottom))
        self.extents[page] = max(above, top), min(below, bottom)
        if self.parent:
            self.parent.add(page, top, bottom)


@dataclass(frozen=True)
class Places:
    """The elements in the order of their tags, and the pages."""

    elements: list[Element]
    heights: list[float]
    out_of_order: list[int]

    def of(self, *kinds: str) -> list[Element]:
        """Return the elements of some kinds that have content."""
        return [each for each in self.elements if each.kind in kinds and each.extents]

    def lowest(self, page: int) -> float:
        """Return how high the last of a page's text is, from below."""
        return min(e.extents[page][1] for e in self.elements if page in e.extents)


def read_places(path: Path) -> Places:
    """Read a tagged PDF. Pages out of order paint something before what its tags read first."""
    with pikepdf.open(path) as document:
        numbers = {page.obj.objgen: at for at, page in enumerate(document.pages)}
        painted = [dict(_painted(page)) for page in document.pages]
        elements: list[Element] = []
        order: dict[tuple[int, int], int] = {}
        for owner, page, mark in _content(
            document.Root.StructTreeRoot, numbers, None, -1, elements
        ):
            order[page, mark] = len(order)
            if mark in painted[page]:
                owner.add(page, *painted[page][mark])
        ranks = [
            [order[at, m] for m in marks if (at, m) in order] for at, marks in enumerate(painted)
        ]
        wrong = [at for at, rank in enumerate(ranks) if rank != sorted(rank)]
        heights = [float(page.mediabox[3]) for page in document.pages]
        return Places(elements, heights, wrong)


def _content(
    element: Object, numbers: dict[tuple[int, int], int], parent: Element | None, page: int,
    elements: list[Element],
) -> Iterator[tuple[Element, int, int]]:  # fmt: skip
    """Yield each marked content under an element: whose it is, its page and its number."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, Dictionary):
            assert parent
            yield parent, page, int(kid)
            continue
        at = numbers[kid.Pg.objgen] if "/Pg" in kid else page
        if "/S" in kid:
            own = Element(str(kid.S), parent)
            elements.append(own)
            yield from _content(kid, numbers, own, at, elements)
        elif "/MCID" in kid:
            assert parent
            yield parent, at, int(kid.MCID)


def _painted(page: Page) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield each marked content of a page in the order of painting: its number, top and bottom."""
    spans: dict[int, tuple[float, float]] = {}
    marks: list[int | None] = []
    for mark, height in _points(page, marks):
        top, bottom = spans.get(mark, (height, height))
        spans[mark] = max(top, height), min(bottom, height)
    yield from spans.items()


def _points(page: Page, marks: list[int | None]) -> Iterator[tuple[int, float]]:
    """Yield the height of each point that marked content of a page is painted at."""
    now, text, kept = Matrix(), Matrix(), []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        numbers = [float(each) for each in operands if isinstance(each, int | float | Decimal)]
        found: list[float] = []
        if name == "q":
            kept.append(now)
        elif name == "Q":
            now = kept.pop()
        elif name == "cm":
            now = Matrix(*numbers) @ now
        elif name == "BT":
            text = Matrix()
        elif name == "Tm":
            text = Matrix(*numbers)
        elif name in ("Td", "TD"):
            text = Matrix(1, 0, 0, 1, *numbers) @ text
        elif name in ("Tj", "TJ"):
            found = [(text @ now).transform((0, 0))[1]]
        elif name in ("BDC", "BMC"):
            said = operands[1] if name == "BDC" else None
            marks.append(
                int(said.MCID) if isinstance(said, Dictionary) and "/MCID" in said else None
            )
        elif name == "EMC":
            marks.pop()
        elif name == "re":
            x, y, wide, high = numbers
            found = [now.transform(point)[1] for point in ((x, y), (x + wide, y + high))]
        elif name in _POINTS:
            x, y = numbers[_POINTS[name] : _POINTS[name] + 2]
            found = [now.transform((x, y))[1]]
        elif name == "Do":
            found = _heights(page.Resources.XObject[str(operands[0])], now)
        mark = next((mark for mark in reversed(marks) if mark is not None), None)
        if mark is not None:
            yield from ((mark, height) for height in found)


def _heights(drawn: Object, now: Matrix) -> list[float]:
    """Return how high a picture is painted: at its lower and its upper edge."""
    if drawn.Subtype != "/Form":
        return [now.transform(corner)[1] for corner in ((0, 0), (1, 1))]
    left, below, right, above = (float(side) for side in drawn.BBox)
    within = Matrix(*[float(number) for number in drawn.get("/Matrix", [1, 0, 0, 1, 0, 0])]) @ now
    return [within.transform(corner)[1] for corner in ((left, below), (right, above))]
