"""The book that an edition's chapters make, ready for an engine to render."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.blocks import resolve_blocks
from reviewpress.assemble.constructs import check_constructs
from reviewpress.assemble.labels import load_labels
from reviewpress.assemble.messages import gather_messages, messages_by_place
from reviewpress.assemble.numbering import (
    Numbering,
    Target,
    is_reference,
    referred_ids,
    resolve_references,
)
from reviewpress.assemble.reader import read_markdown
from reviewpress.assemble.source import (
    Source,
    expand_shortcodes,
    gathered_chapters,
    read_chapter,
    run_chapter,
)
from reviewpress.config import Chapter, Config
from reviewpress.errors import Place, Problem, raise_all


@dataclass(frozen=True, slots=True)
class Page:
    """One chapter of the book: its numbered, cross-referenced blocks."""

    chapter: Chapter
    number: str
    title: str
    blocks: tuple[Node, ...]
    source: Source


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
    citekey to the places that cite it, in reading order. `problems` is what assembling found;
    a book with errors among them is not rendered.
    """

    config: Config
    pages: tuple[Page, ...]
    targets: Mapping[str, Target]
    cited: Mapping[str, tuple[Citing, ...]]
    labels: Mapping[str, str]
    api_version: tuple[int, ...]
    problems: tuple[Problem, ...]


def assemble(config: Config, runs: Mapping[str, str]) -> Book:
    """Make the book of an edition from its `.qmd` chapters and the Markdown of its runs.

    `runs` maps a notebook chapter's path to its run's Markdown, and holds the chapters whose key
    messages are gathered too. Raises Problems for constructs outside the supported Markdown.
    """
    chapters = [*config.chapters, *gathered_chapters(config)]
    sources, trees, api_version = _read(config, chapters, runs)
    own = len(config.chapters)
    messages: dict[str, list[Node]] = {}
    for source, tree in zip(sources, trees, strict=True):
        messages |= messages_by_place(source.chapter.name, tree)
    labels = load_labels(config.lang, config.metadata)
    numbering = Numbering(_number_depth(config), labels)
    problems: list[Problem] = []
    numbers = []
    for at, source in enumerate(sources[:own]):
        trees[at], found = gather_messages(trees[at], source, messages)
        problems += found
        numbers.append(numbering.number_chapter(trees[at], source))
    dangling = _check_gathered(sources, messages, numbering.targets, own, problems)
    pages = []
    for source, tree, number in zip(sources[:own], trees[:own], numbers, strict=True):
        blocks, found = resolve_references(tree, source, numbering.targets, labels)
        problems += [problem for problem in found if problem.message not in dangling]
        pages.append(Page(source.chapter, number, _title(blocks, source), tuple(blocks), source))
    problems += numbering.problems
    problems += _check_titles(pages)
    return Book(
        config, tuple(pages), numbering.targets, _collect_cited(pages), labels, api_version,
        tuple(problems),
    )  # fmt: skip


def _read(
    config: Config, chapters: list[Chapter], runs: Mapping[str, str]
) -> tuple[list[Source], list[list[Node]], tuple[int, ...]]:
    problems: list[Problem] = []
    sources = []
    for chapter in chapters:
        if chapter.is_notebook:
            source = run_chapter(config, chapter, runs[chapter.path])
        else:
            source = read_chapter(config, chapter)
        source, found = expand_shortcodes(config, source)
        problems += found
        sources.append(source)
    texts = [(source.chapter.path, source.text) for source in sources]
    documents = read_markdown(texts, cache_folder=config.store / "trees")
    trees = []
    for source, document in zip(sources, documents, strict=True):
        problems += check_constructs(document["blocks"], source)
        metadata = config.metadata
        trees.append(resolve_blocks(document["blocks"], profile=config.profile, metadata=metadata))
    raise_all(problems)
    return sources, trees, tuple(documents[0]["pandoc-api-version"])


def _check_gathered(
    sources: list[Source],
    messages: Mapping[str, list[Node]],
    targets: Mapping[str, Target],
    own: int,
    problems: list[Problem],
) -> set[str]:
    """Find key messages that refer to what this edition lacks; return what else says the same."""
    dangling = set()
    for source in sources[own:]:
        for name in dict.fromkeys(referred_ids(messages[source.chapter.name])):
            if name in targets:
                continue
            message = f"a key message refers to @{name}, which the summary does not have."
            hint = "Say it in words, or leave the reference to the prose around the message."
            place = source.place(f"@{name}")
            problems.append(Problem("key-message-reference", message, place, hint))
            dangling.add(f"the cross-reference @{name} points to nothing.")
    return dangling


def _number_depth(config: Config) -> int:
    """Return down to which level headings are numbered; 0 where they are not."""
    if not config.metadata.get("number-sections", True):
        return 0
    return int(config.metadata.get("number-depth", 3))


def _title(blocks: list[Node], source: Source) -> str:
    for node in blocks:
        if node["t"] == "Header" and node["c"][0] == 1:
            return ast.text(node["c"][2])
    return source.chapter.name


def _check_titles(pages: list[Page]) -> list[Problem]:
    problems = []
    for page in pages:
        titles = [n for n in page.blocks if n["t"] == "Header" and n["c"][0] == 1]
        if len(titles) != 1:
            count = "no title" if not titles else f"{len(titles)} titles"
            message = f"the chapter has {count}."
            hint = "A chapter has one heading of level 1: `# Its title {#sec-its-id}`."
            problems.append(Problem("title", message, Place(page.chapter.path), hint))
    return problems


def _collect_cited(pages: list[Page]) -> dict[str, tuple[Citing, ...]]:
    cited: dict[str, dict[Citing, None]] = {}
    for page in pages:
        here = Citing(page.chapter.page, "", page.title)
        for node in ast.walk(list(page.blocks)):
            if node["t"] == "Header":
                number = ast.attribute(node, "number")
                title = ast.text(node["c"][2])
                label = f"{number} {title}" if number else title
                here = Citing(page.chapter.page, ast.identifier(node), label)
            elif node["t"] == "Cite" and not is_reference(node):
                for citation in node["c"][0]:
                    cited.setdefault(citation["citationId"], {})[here] = None
    return {key: tuple(places) for key, places in cited.items()}
