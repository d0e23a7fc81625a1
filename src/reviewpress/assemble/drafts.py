"""The first stage of a chapter: read, its constructs checked, what the profile decides decided."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.blocks import resolve_blocks, varies
from reviewpress.assemble.constructs import (
    check_constructs,
    find_html,
    find_unpaired,
    without_cells,
)
from reviewpress.assemble.equations import set_equations_of_words
from reviewpress.assemble.floats import find_hidden_captions
from reviewpress.assemble.grid_tables import find_crooked_grids
from reviewpress.assemble.left_emphasis import find_left_emphasis
from reviewpress.assemble.left_markup import find_left_markup
from reviewpress.assemble.located import Located, complete_tree
from reviewpress.assemble.macros import with_macros
from reviewpress.assemble.messages import gathered_places, messages_by_place
from reviewpress.assemble.numbering import part_references
from reviewpress.assemble.open_divs import without_open_divs
from reviewpress.assemble.places import Places
from reviewpress.assemble.quotations import quotation_marks, set_quotation_marks
from reviewpress.assemble.reader import read_blocks, read_markdown
from reviewpress.assemble.reader_errors import faults_of_reading
from reviewpress.assemble.source import (
    ChapterText,
    expand_shortcodes,
    read_chapter,
    run_chapter,
    without_code,
)
from reviewpress.assemble.stages import Facts, Made, Stage, make_stage
from reviewpress.assemble.stray_markup import find_stray_markup
from reviewpress.assemble.title_block import put_title_block
from reviewpress.config import Chapter, Config
from reviewpress.errors import ChapterError, Problem, Problems, raise_all
from reviewpress.labels import load_labels
from reviewpress.merge_marks import MARK_HINT, find_merge_marks
from reviewpress.notebooks.runs import CellText
from reviewpress.references import load_aliases, load_names

CellTexts = Mapping[str, Sequence[CellText]]
_SAID = re.compile(r"(?:-cap|title)=[\"'][^\"'\n]*[*_~]")
"""Markup in what a figure or a callout says in an attribute."""
_HEADING = re.compile(r"^ {0,3}#{1,6}\s.*|^.+(?=\n(?:=+|-+)[ \t]*$)", re.M)
_CITED = re.compile(r"(?<!\w)@\{?(\w(?:[\w:.#$%&+?<>~/-]*\w)?)")


def read_chapter_texts(
    config: Config, chapters: Sequence[Chapter], runs: CellTexts
) -> list[ChapterText]:
    """Read chapters, and the runs of those that are notebooks, their shortcodes replaced."""
    problems: list[Problem] = []
    sources = []
    for chapter in chapters:
        if chapter.is_notebook:
            source = run_chapter(config, chapter, runs[chapter.path])
        else:
            source = read_chapter(config, chapter)
        if marks := _merge_marks(source):
            problems += marks
            continue
        source, found = expand_shortcodes(config, source)
        problems += found
        sources.append(without_open_divs(config, with_macros(without_cells(source))))
    raise_all(problems)
    return sources


def _merge_marks(source: ChapterText) -> list[Problem]:
    """Return the marks of merge conflicts; what else is odd then comes of the two versions."""
    if not any(find_merge_marks(source.text)):
        return []
    found = find_merge_marks(without_code(source.text))
    return [Problem("chapter", said, source.place(at), MARK_HINT) for at, said in found]


def draft_all(config: Config, sources: list[ChapterText], located: Located) -> list[Stage]:
    """Read every chapter; those that pandoc has to read are read at the same time.

    Raises Problems of all the chapters that pandoc does not read.
    """
    workers = min(len(sources), os.cpu_count() or 1)
    shared = shared_inputs(config)

    def make(source: ChapterText) -> Stage | Problems:
        try:
            return draft(config, source, shared, located)
        except Problems as error:
            return error

    with ThreadPoolExecutor(max(workers, 1)) as pool:
        made = list(pool.map(make, sources))
    raise_all([each for error in made if isinstance(error, Problems) for each in error.problems])
    return [stage for stage in made if isinstance(stage, Stage)]


def shared_inputs(config: Config) -> list[str]:
    """Return what every chapter's reading depends on."""
    labels = dict(load_labels(config))
    return [config.profile, json.dumps([config.metadata, labels], sort_keys=True, default=str)]


def draft(config: Config, source: ChapterText, shared: Sequence[str], located: Located) -> Stage:
    """Read a chapter, check its constructs, decide what depends on the profile."""
    aliases = {old: key for old, key in load_aliases(config).items() if old in source.text}
    names = load_names(config, _cited_in_headings(source.text))
    marks = quotation_marks(config.root, config.lang, source.text)

    def make() -> Made:
        text = (source.chapter.path, source.text)
        try:
            [document] = read_markdown([text], store=config.store, limits=config.limits)
        except ChapterError as error:
            raise_all(faults_of_reading(error, source))

        def read(words: str) -> list[Node]:
            return read_blocks(source.chapter.path, words, config.store, config.limits)

        places = Places(source, lambda numbers: located.read(source.chapter.path, numbers=numbers))
        html = find_html(document["blocks"]) if "<" in source.text else []
        document["blocks"], equations = complete_tree(config, source, document["blocks"], places)
        problems = list(check_constructs(document["blocks"], source, places))
        stray = [
            *find_stray_markup(source, document["blocks"]),
            *find_left_markup(source, document["blocks"]),
            *find_left_emphasis(source, document["blocks"]),
            *find_hidden_captions(document["blocks"], places),
            *find_crooked_grids(source, read),
            *find_unpaired(document["blocks"], source, places),
            *equations,
        ]
        blocks = resolve_chapter(config, source, document["blocks"])
        ast.name_works_in_headings(blocks, names)
        if _SAID.search(source.text):
            found = find_left_emphasis(source, blocks)
            stray += [each for each in found if each not in stray]
        title = next((n for n in blocks if n["t"] == "Header" and n["c"][0] == 1), None)
        facts: Facts = {
            "problems": [asdict(each) for each in problems],
            "stray": [asdict(each) for each in stray],
            "api": document["pandoc-api-version"],
            "messages": messages_by_place(source.chapter.name, blocks),
            "html": html,
            "gathers": gathered_places(blocks),
            "varies": varies(blocks),
            "unnumbered": title is None or "unnumbered" in ast.classes(title),
        }
        return facts, blocks, not problems

    parts = [
        "draft",
        source.chapter.path,
        source.text,
        source.cells,
        json.dumps(dict(source.front.data), sort_keys=True, default=str),
        shared,
        len(source.refused),
        [tag for tag, _ in source.unclosed],
        aliases,
        names,
        marks,
    ]
    return make_stage(config.store, parts, make)


def _cited_in_headings(text: str) -> frozenset[str]:
    """Return what looks like keys of works that headings cite in their sentences."""
    lines = (line for line in _HEADING.findall(text) if "@" in line)
    return frozenset(key for line in lines for key in _CITED.findall(line))


def resolve_chapter(config: Config, source: ChapterText, blocks: list[Node]) -> list[Node]:
    """Decide what depends on the profile and on the chapter's front matter; make floats."""

    def read(words: str) -> list[Node]:
        found = read_blocks(source.chapter.path, words, config.store, config.limits)
        if "$" in words:
            set_equations_of_words(found, config.lang)
        ast.rename_citations(found, load_aliases(config))
        set_quotation_marks(found, config.lang, quotation_marks(config.root, config.lang, words))
        return found

    def parse(words: str) -> list[Node]:
        found = read(words)
        is_text = len(found) == 1 and found[0]["t"] in ("Para", "Plain")
        return list(found[0]["c"]) if is_text else ast.text_inlines(words)

    front = dict(source.front.data)
    metadata = {**config.metadata, **front}
    if config.publication.abstract and source.chapter == config.chapters[0]:
        front.setdefault("abstract", config.publication.abstract)
    made = resolve_blocks(blocks, profile=config.profile, metadata=metadata, parse=parse)
    if front:
        made = put_title_block(made, front, read, load_labels(config))
    part_references(made)
    return made
