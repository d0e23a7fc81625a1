"""An edition's chapters and runs made into its book: read, numbered, referred.

A chapter may show a figure, a heading, a note in some formats alone. Where one does, each format
has numbers, ids and references of its own, so the book is made once for each.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.blocks import depends_on_format, for_format
from reviewpress.assemble.book import Book, Citing, Page
from reviewpress.assemble.drafts import (
    CellTexts,
    draft,
    draft_all,
    read_chapter_texts,
    resolve_chapter,
    shared_inputs,
)
from reviewpress.assemble.elsewhere import find_elsewhere
from reviewpress.assemble.links import Links
from reviewpress.assemble.located import Located
from reviewpress.assemble.messages import (
    ANSWERS,
    gather_messages,
    gathered_places,
    messages_by_place,
)
from reviewpress.assemble.number_style import NumberStyle, number_style
from reviewpress.assemble.numbering import (
    Numbering,
    Target,
    find_repeated_ids,
    is_reference,
    number_blocks,
    referred_ids,
    resolve_references,
)
from reviewpress.assemble.places import Places
from reviewpress.assemble.reference_lists import (
    NONE_EMPTY,
    EmptyLists,
    ListPlaces,
    find_empty_lists,
    find_repeated_places,
    listed_uncited,
    place_lists,
    put_lists,
    wanted_keys,
)
from reviewpress.assemble.source import ChapterText, gathered_chapters
from reviewpress.assemble.stages import Facts, Made, Stage, make_stage, problems_of
from reviewpress.assemble.translations import find_companions, find_translations
from reviewpress.assemble.views import with_views
from reviewpress.config import Chapter, Config
from reviewpress.config.chapters import find_chapter
from reviewpress.errors import Problem, ReportError, raise_all
from reviewpress.labels import Labels, load_labels
from reviewpress.notebooks.runs import CellText


@dataclass(frozen=True, slots=True)
class _Chapters:
    """Chapters that were read: an edition's own, and `others` whose key messages it gathers."""

    config: Config
    labels: Labels
    own: tuple[tuple[ChapterText, Stage], ...]
    others: tuple[ChapterText, ...]
    messages: Mapping[str, list[Node]]
    located: Located


def assemble(config: Config, runs: CellTexts) -> Book:
    """Make the book of an edition from its `.qmd` chapters and the Markdown of its runs.

    `runs` maps a notebook chapter's path to the cells of its run, and holds the chapters whose key
    messages are gathered too. Raises Problems for constructs outside the supported Markdown.
    """
    chapters = [*config.chapters, *gathered_chapters(config)]
    sources = read_chapter_texts(config, chapters, runs)
    located = Located(config, sources)
    drafts = draft_all(config, sources, located)
    raise_all([problem for stage in drafts for problem in problems_of(stage)])
    messages: dict[str, list[Node]] = {}
    for stage in drafts:
        messages |= stage.facts["messages"]
    count = len(config.chapters)
    own = tuple(zip(sources[:count], drafts, strict=False))
    read = _Chapters(config, load_labels(config), own, tuple(sources[count:]), messages, located)
    book = _make_book(read)
    if any(stage.facts["varies"] for stage in drafts):
        views = {made.name: _make_book(read, made.name) for made in config.made}
        book = with_views(book, views)
    stray = [Problem.of(each) for stage in drafts for each in stage.facts["stray"]]
    return replace(book, problems=(*stray, *book.problems))


def read_ahead(config: Config, path: str, run: Sequence[CellText]) -> None:
    """Read the run of the chapter at `path` before `assemble` does, which then finds it read.

    What is wrong with it is left to `assemble`, which tells all problems of an edition at once.
    """
    with suppress(ReportError):
        [source] = read_chapter_texts(config, [_chapter_at(config, path)], {path: run})
        draft(config, source, shared_inputs(config), Located(config, [source]))


def _chapter_at(config: Config, path: str) -> Chapter:
    return next(
        (each for each in config.chapters if each.path == path), find_chapter(config.root, path)
    )


def _make_book(read: _Chapters, view: str = "") -> Book:
    """Return the book as the format `view` shows it; without one, with what any format shows."""
    config, labels = read.config, read.labels
    sources = [source for source, _ in read.own]
    shown = [view if _varies(read, stage) else "" for _, stage in read.own]
    gathered = [_gathered(read, *each) for each in zip(sources, shown, strict=True)]
    numbering, numbered = _number_all(read, gathered, shown, NONE_EMPTY)
    uncited = listed_uncited(config, [source.front.data for source in sources])
    empty = find_empty_lists(config, [stage.facts for stage in numbered], uncited)
    if empty.places:
        numbering, numbered = _number_all(read, gathered, shown, empty)
    problems = [problem for stage in numbered for problem in problems_of(stage)]
    dangling = _check_gathered(read, numbering.targets, problems, view)
    pages = []
    facts = [stage.facts for stage in numbered]
    lists = place_lists(config, facts, uncited)
    problems += find_repeated_places(zip(facts, gathered, strict=True))
    for source, stage, places in zip(sources, numbered, gathered, strict=True):
        held = lists.of(last=source is sources[-1])
        resolved = _resolve(config, stage, numbering.targets, labels, places, held)
        found = problems_of(resolved)
        problems += [problem for problem in found if problem.message not in dangling]
        numbered_as = number_style(config, source.front.data)
        final = _final(places, source, resolved, numbering, labels, numbered_as, empty)
        pages.append(_page(source, resolved, final))
    problems += numbering.problems
    problems += _check_titles(pages)
    cited: dict[str, tuple[Citing, ...]] = dict.fromkeys(uncited, ())
    return Book(
        config, tuple(pages), numbering.targets, {**cited, **_collect_cited(pages)}, labels,
        tuple(read.own[0][1].facts["api"]), tuple(problems), Links(pages),
        find_translations(config), find_companions(config),
    )  # fmt: skip


def _varies(read: _Chapters, draft: Stage) -> bool:
    """Say whether a chapter, or a key message that it gathers, may be another in each format."""
    return draft.facts["varies"] or any(map(read.messages.get, draft.facts["gathers"]))


def _number_all(
    read: _Chapters, gathered: Sequence[Places], shown: Sequence[str], empty: EmptyLists
) -> tuple[Numbering, list[Stage]]:
    """Number the chapters, without the headings of empty lists."""
    numbering = Numbering(is_numbered=number_style(read.config, {}).depth > 0)
    return numbering, [
        _number(read, chapter, numbering, places, view, empty)
        for chapter, places, view in zip(read.own, gathered, shown, strict=True)
    ]


def _number(
    read: _Chapters,
    drafted: tuple[ChapterText, Stage],
    numbering: Numbering,
    places: Places,
    shown: str,
    empty: EmptyLists,
) -> Stage:
    """Gather a chapter's key messages and number it; remember its targets in `numbering`.

    `shown` names the format that sees it, where it is another in each.
    """
    source, draft = drafted
    chapter, labels = source.chapter, read.labels
    number = numbering.next_number(chapter, unnumbered=draft.facts["unnumbered"])
    style = number_style(read.config, source.front.data)
    gathered = [read.messages.get(place) for place in draft.facts["gathers"]]

    def make() -> Made:
        blocks, problems = gather_messages(draft.copy_blocks(), places, read.messages)
        blocks = for_format(blocks, shown) if shown else blocks
        dropped = empty.drop(blocks)
        targets = number_blocks(blocks, chapter, number=number, style=style, labels=labels)
        facts: Facts = {
            "problems": _plain(problems),
            "targets": _plain(targets),
            "refers": list(dict.fromkeys(referred_ids(blocks))),
            **wanted_keys(blocks),
            "dropped": dropped,
            "number": number,
            "html": draft.facts["html"],
        }
        return facts, blocks, not problems

    parts = [draft.key, number, asdict(style), chapter.appendix, chapter.page, dict(labels),
             gathered, shown, asdict(empty)]  # fmt: skip
    stage = make_stage(read.config.store, parts, make)
    numbering.pass_chapter((Target(**each) for each in stage.facts["targets"]), source, places)
    return stage


def _resolve(
    config: Config,
    numbered: Stage,
    targets: Mapping[str, Target],
    labels: Labels,
    places: Places,
    lists: ListPlaces,
) -> Stage:
    """Replace a chapter's cross-references by links, and note what it cites where."""

    made: list[Node] = []

    def make() -> Made:
        blocks = put_lists(numbered.copy_blocks(), lists, labels)
        linked = number_style(config, {}).linked
        problems = resolve_references(
            blocks, places, targets, labels, linked=linked,
            elsewhere=lambda name: find_elsewhere(config, name),
        )  # fmt: skip
        problems += find_repeated_ids(blocks, places, numbered.facts["targets"])
        made.extend(blocks)
        nodes = list(ast.walk(blocks))
        headers = [node for node in nodes if node["t"] == "Header"]
        facts: Facts = {
            "problems": _plain(problems),
            "number": numbered.facts["number"],
            "dropped": numbered.facts["dropped"],
            "html": numbered.facts["html"],
            "titles": [ast.heading_text(node) for node in headers if _is_title(node)],
            "citing": _citing(nodes),
            "cites": _found(_citation(node) for node in nodes if node["t"] == "Cite"),
            "ids": _found(ast.identifier(node) for node in nodes),
            "title-id": next((ast.identifier(node) for node in headers if _is_title(node)), ""),
            "links": _found(n["c"][2][0] for n in nodes if n["t"] == "Link"),
            "images": _found(n["c"][2][0] for n in nodes if n["t"] == "Image"),
            "by-format": depends_on_format(nodes),
            "tells": _told(_named(nodes, "finding")),
            "rows": [name for names in _named(nodes, "finding-id") for name in names],
            "values": [name for names in _named(nodes, "value") for name in names],
            "answers": any(
                not ANSWERS.isdisjoint(ast.classes(node)) for node in nodes if node["t"] == "Div"
            ),
        }
        return facts, blocks, not problems

    referred = {
        name: asdict(targets[name]) if name in targets else None
        for name in numbered.facts["refers"]
    }
    stage = make_stage(config.store, [numbered.key, referred, asdict(lists)], make)
    if made:
        stage.hold(made)
    return stage


def _named(nodes: Sequence[Node], kind: str) -> list[list[str]]:
    """Return the findings, or the values, that each span of a class names."""
    spans = (node for node in nodes if node["t"] == "Span" and kind in ast.classes(node))
    return [(ast.attribute(span, "of") or "").split() for span in spans]


def _told(spans: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return by which name the sentence of each finding is called; `values.lua` does the same."""
    told: dict[str, str] = {}
    for names in spans:
        new = [name for name in names if name not in told]
        told |= dict.fromkeys(new, new[0] if new else "")
    return told


def _page(source: ChapterText, resolved: Stage, places: Places) -> Page:
    facts = resolved.facts
    title = facts["titles"][0] if facts["titles"] else source.chapter.name
    return Page(source.chapter, facts["number"], title, source, resolved, places)


def _gathered(read: _Chapters, source: ChapterText, shown: str) -> Places:
    """Return the places of a chapter before it is numbered, its key messages gathered."""
    located = read.located

    def resolved(path: str, *, numbers: bool) -> list[Node]:
        blocks = located.read(path, numbers=numbers)
        return resolve_chapter(read.config, located.sources[path], blocks)

    def tree(numbers: bool) -> list[Node]:
        blocks = resolved(source.chapter.path, numbers=numbers)
        messages: dict[str, list[Node]] = {}
        for name in {place.partition("#")[0] for place in gathered_places(blocks)}:
            for other in located.sources.values():
                if other.chapter.name == name:
                    told = resolved(other.chapter.path, numbers=numbers)
                    messages |= messages_by_place(name, told)
        blocks = gather_messages(blocks, Places(source), messages)[0]
        return for_format(blocks, shown) if shown else blocks

    return Places(source, tree, located.sources)


def _final(
    gathered: Places, source: ChapterText, resolved: Stage, numbering: Numbering, labels: Labels,
    style: NumberStyle, empty: EmptyLists,
) -> Places:  # fmt: skip
    """Return the places of a chapter as the engines get it, numbered and referred."""

    def tree(numbers: bool) -> list[Node]:
        blocks = deepcopy(gathered.blocks(numbers))
        empty.drop(blocks)
        number_blocks(
            blocks, source.chapter, number=resolved.facts["number"], style=style, labels=labels
        )
        resolve_references(blocks, Places(source), numbering.targets, labels, linked=style.linked)
        return blocks

    return Places(source, tree, gathered.sources)


def _citing(nodes: Sequence[Node]) -> list[tuple[str, str, str | None]]:
    """Return each citekey with the id and words of the heading it is cited under."""
    anchor, label = "", None
    found: dict[tuple[str, str, str | None], None] = {}
    for node in nodes:
        if node["t"] == "Header":
            number = ast.attribute(node, "number")
            title = ast.heading_text(node)
            anchor, label = ast.identifier(node), f"{number} {title}" if number else title
        elif node["t"] == "Cite" and not is_reference(node):
            for citation in node["c"][0]:
                found[citation["citationId"], anchor, label] = None
    return list(found)


def _citation(cite: Node) -> str:
    """Return what a citation says, as JSON: keys, words before and after, way of citing."""
    if is_reference(cite):
        return ""
    said = [{**citation, "citationNoteNum": 0, "citationHash": 0} for citation in cite["c"][0]]
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _found(names: Iterable[str]) -> list[str]:
    """Return each name once, in order of appearance."""
    return [name for name in dict.fromkeys(names) if name]


def _plain(values: Sequence[Any]) -> list[Any]:
    return [asdict(value) for value in values]


def _check_gathered(
    read: _Chapters, targets: Mapping[str, Target], problems: list[Problem], view: str
) -> set[str]:
    """Find key messages that refer to what this edition lacks; return what else says the same."""
    dangling = set()
    for source in read.others:
        blocks = read.messages[source.chapter.name]
        for name in dict.fromkeys(referred_ids(for_format(blocks, view) if view else blocks)):
            if name in targets:
                continue
            message = f"a key message refers to @{name}, which the summary does not have."
            hint = "Say it in words, or leave the reference to the prose around the message."
            for place in _gathered(read, source, view).citing(name):
                problems.append(Problem("key-message-reference", message, place, hint))
            dangling.add(f"the cross-reference @{name} points to nothing.")
    return dangling


def _check_titles(pages: list[Page]) -> list[Problem]:
    problems = []
    hint = "A chapter has one heading of level 1: `# Its title {#sec-its-id}`."
    for page in pages:
        titles = page.stage.facts["titles"]
        if not titles:
            problems.append(
                Problem("title", "the chapter has no title.", page.source.place(0), hint)
            )
        elif len(titles) > 1:
            message = f"the chapter has {len(titles)} titles."
            found = page.places.where(_is_title, f"# {titles[-1]}")
            problems += [Problem("title", message, where, hint) for where in found[1:] or found]
    return problems


def _is_title(node: Node) -> bool:
    return bool(node["t"] == "Header" and node["c"][0] == 1)


def _collect_cited(pages: list[Page]) -> dict[str, tuple[Citing, ...]]:
    cited: dict[str, dict[Citing, None]] = {}
    for page in pages:
        for key, anchor, label in page.stage.facts["citing"]:
            here = Citing(page.chapter.page, anchor, page.title if label is None else label)
            cited.setdefault(key, {})[here] = None
    return {key: tuple(places) for key, places in cited.items()}
