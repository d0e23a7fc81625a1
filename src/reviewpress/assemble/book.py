"""The book that an edition's chapters make, ready for an engine to render."""

import json
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import Any

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.blocks import depends_on_format, for_format
from reviewpress.assemble.drafts import (
    CellTexts,
    draft,
    draft_all,
    read_chapter_texts,
    resolve_chapter,
    shared_inputs,
)
from reviewpress.assemble.links import Links
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
from reviewpress.assemble.places import Located, Places
from reviewpress.assemble.reference_lists import (
    ListPlaces,
    find_repeated_places,
    listed_uncited,
    place_lists,
    put_lists,
    wanted_keys,
)
from reviewpress.assemble.source import ChapterText, gathered_chapters
from reviewpress.assemble.stages import Facts, Made, Stage, make_stage, problems_of
from reviewpress.assemble.translations import Translation, find_companions, find_translations
from reviewpress.config import Chapter, Config
from reviewpress.config.chapters import find_chapter
from reviewpress.errors import Place, Problem, ReportError, raise_all
from reviewpress.labels import Labels, load_labels
from reviewpress.notebooks.runs import CellText


@dataclass(frozen=True, slots=True)
class Page:
    """One chapter of the book: its numbered, cross-referenced blocks.

    The blocks are read when they are first looked at, and never changed.
    """

    chapter: Chapter
    number: str
    title: str
    source: ChapterText
    stage: Stage
    places: Places

    def place(self, node: Node, needle: str, part: int = 0) -> Place:
        """Return where one of `nodes` stands in the author's file; of a citation, a part of it."""
        return self.places.of(self.nodes, node, needle, part)

    def citing(self, key: str) -> list[Place]:
        """Return where the chapter cites a key."""
        return self.places.citing(key)

    def leading_to(self, kind: str, target: str) -> list[Place]:
        """Return where the links, or the images, of an address stand."""
        return self.places.where(
            lambda node: node["t"] == kind and node["c"][2][0] == target, target
        )

    def path_of(self, file: str) -> str:
        """Return where a file that the chapter names lies in the review."""
        if file.startswith("/"):
            return file.lstrip("/")
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.chapter.path), file))

    @property
    def blocks(self) -> tuple[Node, ...]:
        """The chapter's blocks."""
        return self.stage.tree.blocks

    def copy_for(self, name: str) -> list[Node]:
        """Return blocks as the format `name` gets them, to be changed."""
        blocks = self.stage.copy_blocks()
        return for_format(blocks, name) if self.stage.facts["by-format"] else blocks

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the chapter but words, parents before children, in reading order."""
        return self.stage.tree.nodes

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id of the chapter, in reading order."""
        return tuple(self.stage.facts["ids"])

    @property
    def title_id(self) -> str:
        """The id of the chapter's title."""
        return str(self.stage.facts["title-id"])

    @property
    def links(self) -> tuple[str, ...]:
        """What the chapter's links lead to, as it is written in the chapter."""
        return tuple(self.stage.facts["links"])

    @property
    def tells(self) -> Mapping[str, str]:
        """The findings that its sentences tell, each with the one that its sentence is called by.

        A sentence that tells several is called by the first that no sentence before it told.
        """
        return dict(self.stage.facts["tells"])

    @property
    def rows(self) -> tuple[str, ...]:
        """The findings of which it has the row in a table of findings."""
        return tuple(self.stage.facts["rows"])

    @property
    def values(self) -> tuple[str, ...]:
        """The live values that it shows, by the ids that their runs gave them."""
        return tuple(self.stage.facts["values"])

    @property
    def answers(self) -> bool:
        """Whether it has key messages, or gathers them."""
        return bool(self.stage.facts["answers"])

    @property
    def html(self) -> tuple[str, ...]:
        """Its tags of HTML for all formats, as they are written."""
        return tuple(self.stage.facts["html"])

    @property
    def images(self) -> tuple[str, ...]:
        """The images that the chapter shows, as it is written in the chapter."""
        return tuple(self.stage.facts["images"])

    @property
    def cited(self) -> tuple[str, ...]:
        """The citekeys that the chapter cites, each once, whatever the format."""
        return tuple(dict.fromkeys(key for key, _, _ in self.stage.facts["citing"]))

    @property
    def cites(self) -> tuple[str, ...]:
        """The JSON of each different citation of the chapter, whatever the format."""
        return tuple(self.stage.facts["cites"])

    @property
    def key(self) -> str:
        """What changes when the chapter's blocks change."""
        return self.stage.key


@dataclass(frozen=True, slots=True)
class Citing:
    """A place that cites: a page, and the nearest heading above."""

    page: str
    anchor: str
    label: str


@dataclass(frozen=True, slots=True)
class Book:
    """An edition before it takes a format.

    `targets` maps the id of each heading, figure and table to what it is; `cited` maps each
    citekey to the places that cite it, in reading order. `links` says where each link leads.
    `problems` is what assembling found;
    a book with errors among them is not rendered.
    """

    config: Config
    pages: tuple[Page, ...]
    targets: Mapping[str, Target]
    cited: Mapping[str, tuple[Citing, ...]]
    labels: Labels
    api_version: tuple[int, ...]
    problems: tuple[Problem, ...]
    links: Links
    translations: tuple[Translation, ...] = ()
    companions: tuple[Config, ...] = ()
    """The other editions in the same language."""
    """The editions of the same text in other languages."""

    def let_go(self) -> None:
        """Forget the chapters' trees, once they are checked: engines copy them one by one."""
        for page in self.pages:
            page.stage.tree.let_go()


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
    own = sources[: len(config.chapters)]
    labels = load_labels(config)
    numbering = Numbering(is_numbered=number_style(config, {}).depth > 0)
    gathered = [_gathered(config, located, source) for source in own]
    numbered = [
        _number(config, source, stage, messages, numbering, labels, places)
        for source, stage, places in zip(own, drafts, gathered, strict=False)
    ]
    problems = [problem for stage in numbered for problem in problems_of(stage)]
    problems += [Problem.of(each) for stage in drafts for each in stage.facts["stray"]]
    dangling = _check_gathered(
        sources[len(own) :], config, located, messages, numbering.targets, problems
    )
    pages = []
    uncited = listed_uncited(config, [source.front.data for source in own])
    facts = [stage.facts for stage in numbered]
    lists = place_lists(config, facts, uncited)
    problems += find_repeated_places(zip(facts, gathered, strict=True))
    for source, stage, places in zip(own, numbered, gathered, strict=True):
        held = lists.of(last=source is own[-1])
        resolved = _resolve(config, stage, numbering.targets, labels, places, held)
        found = problems_of(resolved)
        problems += [problem for problem in found if problem.message not in dangling]
        numbered_as = number_style(config, source.front.data)
        final = _final(places, source, resolved, numbering, labels, numbered_as)
        pages.append(_page(source, resolved, final))
    problems += numbering.problems
    problems += _check_titles(pages)
    cited: dict[str, tuple[Citing, ...]] = dict.fromkeys(uncited, ())
    return Book(
        config, tuple(pages), numbering.targets, {**cited, **_collect_cited(pages)}, labels,
        tuple(drafts[0].facts["api"]), tuple(problems), Links(pages), find_translations(config),
        find_companions(config),
    )  # fmt: skip


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


def _number(
    config: Config,
    source: ChapterText,
    draft: Stage,
    messages: Mapping[str, list[Node]],
    numbering: Numbering,
    labels: Labels,
    places: Places,
) -> Stage:
    """Gather a chapter's key messages and number it; remember its targets in `numbering`."""
    chapter = source.chapter
    number = numbering.next_number(chapter, unnumbered=draft.facts["unnumbered"])
    style = number_style(config, source.front.data)

    def make() -> Made:
        blocks, problems = gather_messages(draft.copy_blocks(), places, messages)
        targets = number_blocks(blocks, chapter, number=number, style=style, labels=labels)
        facts: Facts = {
            "problems": _plain(problems),
            "targets": _plain(targets),
            "refers": list(dict.fromkeys(referred_ids(blocks))),
            **wanted_keys(blocks),
            "number": number,
            "html": draft.facts["html"],
        }
        return facts, blocks, not problems

    gathered = [messages.get(place) for place in draft.facts["gathers"]]
    parts = [draft.key, number, asdict(style), chapter.appendix, chapter.page, dict(labels),
             gathered]  # fmt: skip
    stage = make_stage(config.store, parts, make)
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
        problems = resolve_references(blocks, places, targets, labels, linked=linked)
        problems += find_repeated_ids(blocks, places, numbered.facts["targets"])
        made.extend(blocks)
        nodes = list(ast.walk(blocks))
        headers = [node for node in nodes if node["t"] == "Header"]
        facts: Facts = {
            "problems": _plain(problems),
            "number": numbered.facts["number"],
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


def _gathered(config: Config, located: Located, source: ChapterText) -> Places:
    """Return the places of a chapter before it is numbered, its key messages gathered."""

    def resolved(path: str, *, numbers: bool) -> list[Node]:
        blocks = located.read(path, numbers=numbers)
        return resolve_chapter(config, located.sources[path], blocks)

    def tree(numbers: bool) -> list[Node]:
        blocks = resolved(source.chapter.path, numbers=numbers)
        messages: dict[str, list[Node]] = {}
        for name in {place.partition("#")[0] for place in gathered_places(blocks)}:
            for other in located.sources.values():
                if other.chapter.name == name:
                    told = resolved(other.chapter.path, numbers=numbers)
                    messages |= messages_by_place(name, told)
        return gather_messages(blocks, Places(source), messages)[0]

    return Places(source, tree, located.sources)


def _final(
    gathered: Places, source: ChapterText, resolved: Stage, numbering: Numbering, labels: Labels,
    style: NumberStyle,
) -> Places:  # fmt: skip
    """Return the places of a chapter as the engines get it, numbered and referred."""

    def tree(numbers: bool) -> list[Node]:
        blocks = deepcopy(gathered.blocks(numbers))
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
    others: Sequence[ChapterText],
    config: Config,
    located: Located,
    messages: Mapping[str, list[Node]],
    targets: Mapping[str, Target],
    problems: list[Problem],
) -> set[str]:
    """Find key messages that refer to what this edition lacks; return what else says the same."""
    dangling = set()
    for source in others:
        for name in dict.fromkeys(referred_ids(messages[source.chapter.name])):
            if name in targets:
                continue
            message = f"a key message refers to @{name}, which the summary does not have."
            hint = "Say it in words, or leave the reference to the prose around the message."
            for place in _gathered(config, located, source).citing(name):
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
