"""Numbers of chapters, sections, figures and tables, and what refers to them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.constructs import (
    CALLOUT_KINDS,
    REFERENCE_KINDS,
    begins_with_another,
    refers,
)
from reviewpress.assemble.elsewhere import list_it
from reviewpress.assemble.equations import KIND, is_equation
from reviewpress.assemble.floats import KINDS, SUB
from reviewpress.assemble.links import REFERENCE_LISTS
from reviewpress.assemble.number_style import NumberStyle, written_letters
from reviewpress.assemble.places import AT, Places
from reviewpress.assemble.source import ChapterText, without_code
from reviewpress.assemble.theorems import CLASS, is_counted, title_theorem
from reviewpress.config import Chapter
from reviewpress.errors import Place, Problem, nearest
from reviewpress.labels import Labels

_NAMED = ("Header", "Div", "Span", "Figure", "Table", "Code", "CodeBlock", "Link", "Image")
"""What can have an id."""
BOXES = frozenset(("evidence-box", "key-message", "plain-summary"))
"""Divisions whose headings have no number."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something a cross-reference can point to."""

    id: str
    kind: str
    number: str
    title: str
    page: str


class Numbering:
    """Counts through a book in reading order, and remembers each target it passes.

    Chapters count 1, 2, …, appendices A, B, …; figures and tables count within their chapter, also
    where that has no number: Quarto sets each page by itself, so its captions begin at 1 there.
    """

    def __init__(self, *, is_numbered: bool) -> None:
        self._is_numbered = is_numbered
        self.targets: dict[str, Target] = {}
        self.problems: list[Problem] = []
        self._chapters = 0
        self._appendices = 0

    def next_number(self, chapter: Chapter, *, unnumbered: bool) -> str:
        """Return the number of the next chapter; empty for one without a number."""
        if not self._is_numbered or unnumbered:
            return ""
        if chapter.appendix:
            self._appendices += 1
            return written_letters(self._appendices)
        self._chapters += 1
        return str(self._chapters)

    def pass_chapter(self, targets: Iterable[Target], source: ChapterText, places: Places) -> None:
        """Remember the targets of the next chapter; ids that stand twice are problems."""
        seen = Counter[str]()
        for target in targets:
            seen[target.id] += 1
            before = self.targets.setdefault(target.id, target)
            if before is target:
                continue
            # Automatic heading ids may recur from chapter to chapter; written ones may not.
            if target.kind in (*KINDS, KIND) or _is_written(target.id, source):
                where = "" if before.page == target.page else f", in {before.page} too"
                message = f'the id "{target.id}" is given twice{where or " in the chapter"}.'
                hint = "Give one of them another id."
                found = _written_at(target, source, places)
                place = found[min(seen[target.id], len(found)) - 1]
                self.problems.append(Problem("duplicate-id", message, place, hint))


def find_repeated_ids(
    blocks: list[Node], places: Places, targets: Iterable[Mapping[str, str]]
) -> Iterator[Problem]:
    """Yield ids that an author gave twice in a chapter, not both to `targets` of its own.

    Those are found where the targets of all chapters are.
    """
    known = {name for name, count in Counter(each["id"] for each in targets).items() if count > 1}
    # The words of an image are its alternative text; a caption has them once more.
    nodes = ast.walk(blocks, past=frozenset(("Image",)))
    counts = Counter(ast.identifier(node) for node in nodes if node["t"] in _NAMED)
    again = {name for name, count in counts.items() if count > 1}
    for name in sorted(again - {*known, "", *REFERENCE_LISTS}):
        if any(_is_written(name, source) for source in places.sources.values()):
            found = places.where(has_id(name), f"#{name}")
            message = f'the id "{name}" is given twice in the chapter.'
            yield Problem("duplicate-id", message, found[-1], "Give one of them another id.")


def _written_at(target: Target, source: ChapterText, places: Places) -> list[Place]:
    """Return where an id is written; an equation's stands in the text behind it."""
    needle = f"#{target.id}"
    if target.kind != KIND:
        return places.where(has_id(target.id), needle)
    written = re.finditer(rf"\{{{re.escape(needle)}(?![\w.:-])", without_code(source.text))
    return [source.place(each.start()) for each in written] or [source.place_of(needle)]


def _is_written(name: str, source: ChapterText) -> bool:
    """Say whether an author gave an id; a link that leads to it is none."""
    written = re.compile(rf"\{{[^{{}}]*#{re.escape(name)}(?![\w.:-])")
    return any(written.search(cell) for cell in source.cells)


def number_blocks(
    blocks: list[Node],
    chapter: Chapter,
    *,
    number: str,
    style: NumberStyle,
    labels: Labels,
) -> tuple[Target, ...]:
    """Number a chapter's headings, figures and tables in place; return what can be referred to."""
    kinds = ("Header", "Figure", "Table", "Div", "Span")
    nodes = [node for node in ast.walk(blocks) if node["t"] in kinds]
    _free_headings(nodes)
    targets = [*_number_headings(nodes, chapter, number=number, style=style)]
    targets += _number_floats(nodes, chapter, number=number, style=style, labels=labels)
    return tuple(target for target in targets if target.id)


def resolve_references(
    blocks: list[Node],
    places: Places,
    targets: Mapping[str, Target],
    labels: Labels,
    *,
    linked: bool = True,
    elsewhere: Callable[[str], str] = lambda _: "",
) -> list[Problem]:
    """Replace each `@fig-`, `@tbl-` and `@sec-` in place by a link that says what it points to.

    Links carry the class `xref` and `#id` as target. Unresolved ones are problems; `elsewhere`
    names the file of the review that has an id which the edition lacks.
    """
    unresolved: dict[str, None] = {}

    def change(node: Node) -> list[Node]:
        if not is_reference(node):
            return [node]
        inlines: list[Node] = []
        for number, citation in enumerate(node["c"][0]):
            name = citation["citationId"]
            # `[Sections @sec-a and -@sec-b]`: what follows a key may refer, too.
            ast.replace(citation["citationSuffix"], "Cite", change)
            if number:
                inlines += [{"t": "Str", "c": ","}, {"t": "Space"}]
            if name in targets:
                inlines += _reference(citation, targets[name], labels, linked=linked)
            else:
                unresolved[name] = None
                inlines.append(ast.span([{"t": "Str", "c": f"?{name}"}], "unresolved"))
        return inlines

    ast.replace(blocks, "Cite", change)
    problems = (
        each for name in unresolved for each in _unresolved(name, places, targets, elsewhere(name))
    )
    return list(dict.fromkeys(problems))


def is_reference(cite: Node) -> bool:
    """Say whether a Cite node refers to figures, tables or sections."""
    return all(refers(citation) for citation in cite["c"][0])


def part_references(blocks: list[Node]) -> None:
    """Part `@fig-x [@known2020]` in place, which pandoc takes for one citation."""

    def change(node: Node) -> list[Node]:
        if not begins_with_another(node):
            return [node]
        citations, shown = node["c"]
        halves = []
        for first, last in ((0, 1), (1, len(citations))):
            spots = {n - first: spot for n, spot in node.get(AT, {}).items() if first <= n < last}
            half = {**node, "c": [citations[first:last], shown if not first else []]}
            halves.append({**half, AT: spots} if AT in node else half)
        return [halves[0], {"t": "Space"}, halves[1]]

    ast.replace(blocks, "Cite", change)


def small_references(blocks: list[Node]) -> None:
    """Take `@Fig-x` for `@fig-x`, as at the beginning of a sentence, in place."""
    for node in ast.walk(blocks):
        for citation in node["c"][0] if node["t"] == "Cite" else ():
            name = citation["citationId"]
            prefix = name.partition("-")[0]
            if prefix.lower() in REFERENCE_KINDS and prefix == prefix.capitalize():
                citation["citationId"] = name[0].lower() + name[1:]


def referred_ids(value: object) -> Iterator[str]:
    """Yield the ids that cross-references below `value` point to."""
    for node in ast.walk(value):
        if node["t"] == "Cite" and is_reference(node):
            yield from (citation["citationId"] for citation in node["c"][0])


def has_id(name: str) -> Callable[[Node], bool]:
    """Return what says of a node whether it has an id."""
    return lambda node: ast.identifier(node) == name


def _free_headings(nodes: list[Node]) -> None:
    """Take the headings in boxes out of the chapter's sections: a box stands apart from them.

    The filter `headings.lua` does the same under Quarto.
    """
    for box in nodes:
        if box["t"] == "Div" and BOXES.intersection(ast.classes(box)):
            for node in ast.walk(box):
                if node["t"] == "Header" and "unnumbered" not in ast.classes(node):
                    ast.attr(node)[1].append("unnumbered")


def _number_headings(
    nodes: list[Node], chapter: Chapter, *, number: str, style: NumberStyle
) -> Iterator[Target]:
    counts = [0] * 7
    for node in nodes:
        if node["t"] != "Header":
            continue
        level = node["c"][0]
        own = ""
        if level == 1:
            own = number
        elif number and level <= style.depth and "unnumbered" not in ast.classes(node):
            counts[level] += 1
            counts[level + 1 :] = [0] * (6 - level)
            own = ".".join([number, *(str(n) for n in counts[2 : level + 1])])
        if own and level <= style.shown:
            ast.set_attribute(node, "number", own)
        kind = "sec"
        if level == 1:
            kind = "appendix" if chapter.appendix else "chapter"
        yield Target(ast.identifier(node), kind, own, ast.heading_text(node), chapter.page)


def _number_floats(
    nodes: list[Node],
    chapter: Chapter,
    *,
    number: str,
    style: NumberStyle,
    labels: Labels,
) -> Iterator[Target]:
    counts = Counter[str]()
    for node in nodes:
        name, kind = ast.identifier(node), ast.identifier(node).split("-")[0]
        # A callout, or an equation: it has a number, and no caption of ours.
        is_bare = CALLOUT_KINDS.get(kind) in ast.classes(node)
        is_bare = is_bare or (kind == KIND and is_equation(node))
        if node["t"] == "Div" and CLASS in ast.classes(node):
            own = ""
            if is_counted(node):
                counts[kind] += 1
                own = style.number(kind, counts[kind], number)
            title = title_theorem(node, labels, own)
            if own:
                yield Target(name, kind, own, title, chapter.page)
            continue
        if not (is_bare or (node["t"] in ("Figure", "Table") and kind in KINDS)):
            continue
        counts[kind] += 1
        own = style.number(kind, counts[kind], number)
        ast.set_attribute(node, "number", own)
        if is_bare:
            yield Target(name, kind, own, "", chapter.page)
            continue
        yield Target(name, kind, own, ast.text(node["c"][1]), chapter.page)
        _label_caption(node, f"{labels.of_kind(kind)}\u00a0{own}", labels.after_caption_label)
        if node["t"] == "Figure":
            yield from _letter_parts(node, own, chapter, style)


def _letter_parts(
    figure: Node, number: str, chapter: Chapter, style: NumberStyle
) -> Iterator[Target]:
    """Give each part of a figure its letter, by which it can be referred to."""
    blocks = ast.walk_blocks(figure["c"][2])
    parts = [each for each in blocks if each["t"] == "Div" and SUB in ast.classes(each)]
    for count, part in enumerate(parts):
        kind, letter = ast.identifier(part).split("-")[0], f"({style.part(count + 1)})"
        words = part["c"][1][-1]["c"]
        title = ast.text(words)
        space = [{"t": "Space"}] if words else []
        words[:0] = [ast.span(ast.text_inlines(letter), "caption-label"), *space]
        yield Target(ast.identifier(part), kind, f"{number}\u00a0{letter}", title, chapter.page)


def _label_caption(node: Node, label: str, separator: str) -> None:
    short, blocks = node["c"][1]
    content = [ast.span(ast.text_inlines(label), "caption-label")]
    if blocks:
        content += [{"t": "Str", "c": separator}, {"t": "Space"}, *blocks[0]["c"]]
    node["c"][1] = [short, [{"t": "Plain", "c": content}, *blocks[1:]]]


def _reference(citation: Node, target: Target, labels: Labels, *, linked: bool) -> list[Node]:
    shown = target.number or target.title
    prefix = ast.text(citation["citationPrefix"])
    if citation["citationMode"]["t"] == "SuppressAuthor" or not target.number:
        label = f"{prefix}\u00a0{shown}".strip()
    else:
        label = f"{prefix or labels.in_reference(target.kind)}\u00a0{shown}"
    inlines = ast.text_inlines(label)
    if linked:
        # Where a number alone is shown, what it is the number of.
        title = target.title if target.number else ""
        inlines = [ast.link(inlines, f"#{target.id}", "xref", title=title)]
    suffix = citation["citationSuffix"]
    return [*inlines, *suffix]


def _unresolved(
    name: str, places: Places, targets: Mapping[str, Target], file: str
) -> Iterator[Problem]:
    message = f"the cross-reference @{name} points to nothing."
    kind = name.split("-")[0]
    same = [other for other in targets if other.split("-")[0] == kind]
    hint = nearest(name, same) if same else f"No {kind}- id exists in this edition."
    hint = list_it(file) if file else hint
    for place in places.citing(name):
        yield Problem("unresolved-reference", message, place, hint)
