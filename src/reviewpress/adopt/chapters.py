"""The chapters of a review, made of texts and notebooks one after the other."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from reviewpress.adopt.cells import KERNELS
from reviewpress.adopt.frozen import FOLDER, Frozen, at_original, frozen_text
from reviewpress.adopt.headings import Headings
from reviewpress.adopt.keys import front_matter_lines
from reviewpress.adopt.macros import with_used_macros
from reviewpress.adopt.notebooks import (
    Convert,
    converted_notebook,
    notebook_at,
    stored_text,
    titles_of,
)
from reviewpress.adopt.notes import Note
from reviewpress.adopt.original import (
    TEXTS,
    Original,
    Source,
    front_matter,
    names_of_pages,
    with_readable_values,
)
from reviewpress.adopt.running import installing, language_of_chapter, not_executed
from reviewpress.adopt.texts import convert_text
from reviewpress.assemble.source import prose
from reviewpress.errors import Place
from reviewpress.notebooks.document import cells_of, text_of
from reviewpress.notebooks.text_document import document_of_text
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.tidy import to_bytes

_SHOWN = re.compile(r"\{\{<\s*meta\s+([\w-]+)")
_HEADING = re.compile(r"^# \S", re.M)
_LEVELS = re.compile(r"^(#{1,6}) \S", re.M)
_FIRST = re.compile(r"\s*^(#{1,6}) +([^\s#{!\[<`].*?)[ #]*$\n?", re.M)
_ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*$")
_GIVEN = re.compile(
    r"\{[^{}\n]*?#(?!refs\b)([A-Za-z][\w:.-]*\w)"
    r"|^#\| label: *[\"']?((?:fig|tbl|lst)-[\w-]+)",
    re.M,
)
"""What gives a heading, a figure, a theorem or the like its id."""
_INCLUDED = re.compile(r"\{\{<\s*include\s+[\"']?([^\"'\s>]+)")


@dataclass(slots=True)
class Move:
    """What is put together before anything is written: files by name, and notes."""

    original: Original
    execute: bool
    failed: dict[str, str] = field(default_factory=dict)
    """The originals of chapters whose code was found to fail here, and why."""
    texts: dict[str, bytes] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    chapters: list[Source] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    """The ids that headings, figures and the like have so far."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """The languages that no chapter is executed in, and why."""
    macros: dict[str, str] = field(default_factory=dict)
    """The commands for formulas that the project defines."""
    heads: list[tuple[Source, Mapping[str, Plain]]] = field(default_factory=list)
    """What stands above the text of each chapter."""
    apart: list[str] = field(default_factory=list)
    """Documents that are no chapters, and stay as they are."""

    def begin(self) -> None:
        """Forget what was put together, and keep what failed."""
        for each in (self.texts, self.notes, self.chapters, self.ids, self.heads, self.apart):
            each.clear()


def text_chapter(source: Source, text: str, ids: Mapping[str, str], made: Move) -> None:
    """Put one chapter of text together."""
    folder = (made.original.root / source.path).parent
    shown = {**not_executed(text, folder, execute=made.execute), **made.shown}
    if why := made.failed.get(source.path):
        shown |= dict.fromkeys(KERNELS, why)
    written, beside = text, PurePosixPath(source.goal).parent
    frozen = _frozen(source, text, shown, made)
    text, wrong = with_readable_values(frozen.text if frozen else text)
    head, said, lines = front_matter(text)
    body = text[len(head) :].split("\n")
    done = convert_text(
        body,
        source.path,
        after=head.count("\n"),
        ids=ids,
        shown=shown,
        folder=folder,
        root=made.original.root,
        headings=Headings(ids, above=0 if _has_chapters_title(said, text) else 1),
        beside=[
            PurePosixPath(name).relative_to(beside).as_posix()
            for name in made.texts
            if PurePosixPath(name).is_relative_to(beside)
        ],
    )
    made.notes += (
        [at_original(each, text, written) for each in done.notes] if frozen else done.notes
    )
    made.texts |= {(beside / name).as_posix(): content for name, content in done.files.items()}
    converted = _with_own_ids("\n".join(done.lines), source, made)
    main = language_of_chapter(text)
    kernel = "" if main in shown else main
    above, dropped = front_matter_lines(
        head,
        said,
        is_first=not made.chapters,
        kind=made.original.kind,
        freeze=kernel == "python",
        shown=set(_SHOWN.findall(text)),
    )
    if not _has_title(above, converted):
        above = [each for each in above if not each.startswith("title:")]
        title, converted = _given_title(source, said, converted, made)
        above = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", *above[1:-1], "---"]
        message = f"the chapter has the title “{title}” now: each has one."
        made.notes.append(Note(Place(source.path), message, is_left=True))  # fmt: skip
    if wrong is not None:
        message = f"what is above the text is left out: {wrong.message}"
        where = replace(wrong.where or Place(""), file=source.path)
        made.notes.append(Note(where, message, is_left=True))
    for name in dropped if wrong is None else ():
        where = Place(source.path, line=lines.get((name,)))
        made.notes.append(Note(where, f'"{name}" has no effect here, and is left out.'))
    converted = with_used_macros(converted.lstrip("\n"), made.macros)
    full = "\n".join([*above, "", converted] if above else [converted])
    if kernel not in ("", "python"):
        goal = f"{source.goal.rpartition('.')[0]}.ipynb"
        made.texts[goal] = _notebook(full, kernel)
        name = KERNELS[kernel][0]
        message = f"a notebook with a kernel for {name} now, {goal}: that has to be installed."
        made.notes.append(Note(Place(source.path), message, is_left=True))
    else:
        goal = source.goal
        made.texts[goal] = full.encode()
    made.chapters.append(Source(source.path, goal, source.part, source.appendix))
    made.heads.append((source, said))


def _with_own_ids(text: str, source: Source, made: Move) -> str:
    """Return a chapter whose figures, theorems and the like have ids that no chapter before has.

    Each document of a project may have a `fig-a` of its own, which its own references mean.
    """
    given = {match[1] or match[2] for match in _GIVEN.finditer(text)}
    for name in sorted(given & made.ids):
        new = next(f"{name}-{n}" for n in range(2, 999) if f"{name}-{n}" not in given | made.ids)
        text = re.sub(rf"(?<=[#@]){re.escape(name)}(?![\w-])", new, text)
        text = re.sub(
            rf"(^#\| label: *[\"']?){re.escape(name)}(?![\w-])", rf"\1{new}", text, flags=re.M
        )
        made.ids.add(new)
        message = f"the id {name} is {new} here and in this chapter’s references: another has it."
        made.notes.append(Note(Place(source.path), message))
    made.ids.update(given)
    return text


def _frozen(source: Source, text: str, shown: Mapping[str, str], made: Move) -> Frozen | None:
    """Return what the code of a chapter made when it was last executed, where it is not here."""
    main = language_of_chapter(text)
    if main not in shown or not source.path.endswith((".qmd", ".Rmd", ".rmd")):
        return None
    frozen = frozen_text(made.original.root, source.path, text)
    if frozen is not None:
        beside = PurePosixPath(source.goal).parent
        made.texts |= {(beside / n).as_posix(): content for n, content in frozen.files.items()}
        message = f"the chapter shows what `{FOLDER}` has of its code, which is not executed: "
        made.notes.append(Note(Place(source.path), f"{message}{shown[main]}.", is_left=True))
    return frozen


def included_texts(made: Move, ids: Mapping[str, str]) -> None:
    """Put the texts that chapters include together, each once, at its own place.

    Names in them are read from the chapter. Code in them is shown: a review executes the cells of
    a chapter's own file.
    """
    for name in [*made.texts]:
        if not name.endswith(TEXTS):
            continue
        folder = PurePosixPath(name).parent
        waiting = [made.texts[name].decode()]
        for text in waiting:
            for match in _INCLUDED.finditer(text):
                beside = "." if match[1].startswith("/") else folder.as_posix()
                path = os.path.normpath(f"{beside}/{match[1].lstrip('/')}")
                if path not in made.texts and path in made.original.files:
                    _included(path, folder, ids, made)
                    waiting.append(made.texts[path].decode())


def _included(path: str, folder: PurePosixPath, ids: Mapping[str, str], made: Move) -> None:
    root = made.original.root
    text = (root / path).read_text(encoding="utf-8-sig", errors="replace").replace("\r\n", "\n")
    head, _, _ = front_matter(text)
    why = "it is in a file that chapters include; put it into the chapter"
    done = convert_text(
        text[len(head) :].split("\n"),
        path,
        after=head.count("\n"),
        ids=ids,
        shown={**not_executed(text, root / folder), **dict.fromkeys(KERNELS, why)},
        folder=root / folder,
        root=root,
        headings=Headings(ids, made.ids),
    )
    made.notes += done.notes
    made.texts |= {(folder / name).as_posix(): content for name, content in done.files.items()}
    made.texts[path] = (head + "\n".join(done.lines)).encode()


def notebook_chapter(source: Source, made: Move) -> None:
    """Put one notebook together, as it is or, where it fails here, as it was when last run."""
    document = notebook_at(made.original.root / source.path, source.path)
    if document is None:
        made.apart.append(source.path)
        message = "it cannot be read as a notebook; kept as a file."
        made.notes.append(Note(Place(source.path), message, is_left=True))
        return
    codes = [text_of(each) for each in cells_of(document) if each.get("cell_type") == "code"]
    why = made.failed.get(source.path) or installing(codes)
    why = why if made.execute else "`--no-execute` was given"
    if why:
        goal = f"{source.goal.removesuffix('.ipynb')}.qmd"
        held = stored_text(made.original.root / source.path, source.path)
        beside = PurePosixPath(goal).parent
        made.texts |= {(beside / name).as_posix(): data for name, data in held.files.items()}
        message = f"the chapter shows what the notebook held, and is not executed: {why}."
        made.notes.append(Note(Place(source.path), message, is_left=True))
        made.notes += [
            Note(Place(source.path, cell=number), message, is_left=True)
            for number, message in held.lost
        ]
        text_chapter(replace(source, path=goal, goal=goal), "\n".join(held.lines), {}, made)
        made.chapters[-1] = replace(made.chapters[-1], path=source.path)
        return
    count = titles_of(document)
    title = "" if count == 1 else _title_of(source, made.original)
    headings = Headings({}, made.ids, above=0 if count > 1 else 1)
    content = converted_notebook(document, _in_cells(source, headings, made), title)
    made.texts[source.goal] = content
    made.chapters.append(source)
    made.heads.append((source, {}))


def _in_cells(source: Source, headings: Headings, made: Move) -> Convert:
    """Return what gives the lines of each cell of text as a review has them."""
    folder = (made.original.root / source.path).parent
    beside = PurePosixPath(source.goal).parent

    def convert(lines: Sequence[str], cell: int) -> Sequence[str]:
        done = convert_text(
            lines, source.path, after=0, ids={}, folder=folder, root=made.original.root,
            headings=headings, cell=cell,
        )  # fmt: skip
        made.notes += done.notes
        made.texts |= {(beside / name).as_posix(): content for name, content in done.files.items()}
        return done.lines

    return convert


def _has_chapters_title(said: Mapping[str, Plain], text: str) -> bool:
    """Say whether the title of a chapter is none of its headings, though some are of level 1."""
    count = sum(1 for a, b in prose(text) for _ in _HEADING.finditer(text, a, b))
    return count > (0 if said.get("title") else 1)


def _has_title(above: Sequence[str], text: str) -> bool:
    """Say whether a chapter has one title: above its text, or as its only heading of level 1."""
    if any(line.startswith("title:") and line[6:].strip(" '\"") for line in above):
        return True
    return sum(1 for a, b in prose(text) for _ in _HEADING.finditer(text, a, b)) == 1


def _given_title(
    source: Source, said: Mapping[str, Plain], text: str, made: Move
) -> tuple[str, str]:
    """Return the title of a chapter that has none, and its text, from which it may be taken.

    A first heading that alone has its level is one. Else a website names its pages, and the file
    has a name.
    """
    first = _FIRST.match(text)
    levels = [len(m[1]) for a, b in prose(text) for m in _LEVELS.finditer(text, a, b)]
    if first and levels.count(levels[0]) == 1 and min(levels) == levels[0]:
        return _ATTRIBUTES.sub("", first[2]).strip(), text[first.end() :]
    site = as_mapping(made.original.settings.get("website") or made.original.settings.get("site"))
    is_home = PurePosixPath(source.path).with_suffix("").as_posix() == "index"
    given = (
        said.get("pagetitle"),
        names_of_pages(site).get(source.path),
        site.get("title") if is_home else "",
    )
    return next(filter(None, map(as_text, given)), _title_of(source, made.original)), text


def _title_of(source: Source, original: Original) -> str:
    stem = PurePosixPath(source.path).stem
    stem = PurePosixPath(source.path).parent.name if stem == "index" else stem
    return (stem or original.name).replace("-", " ").replace("_", " ").strip().capitalize()


def _notebook(text: str, language: str) -> bytes:
    """Return a chapter as a notebook of another language."""
    document = document_of_text(text.encode(), "", language)
    name, kernel = KERNELS[language]
    document["cells"] = [{**cell, "metadata": {}} for cell in cells_of(document)]
    document["metadata"] = {
        "kernelspec": {"display_name": name, "language": name, "name": kernel},
        "language_info": {"name": name},
    }
    return to_bytes(document)
