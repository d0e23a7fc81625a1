"""The review that is made of a project, beside it and whole, and what is left to do in it."""

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from reviewpress.adopt.cells import KERNELS
from reviewpress.adopt.citing import MISSING, complete_citations
from reviewpress.adopt.keys import (
    FORMATS,
    formats_left_out,
    front_matter_lines,
    is_presentation,
    review_settings,
)
from reviewpress.adopt.notes import Note, gathered
from reviewpress.adopt.original import TEXTS, Kind, Original, Source, find_original, front_matter
from reviewpress.adopt.running import language_of_chapter, not_executed
from reviewpress.adopt.settling import settle
from reviewpress.adopt.standing import acknowledge_what_stands
from reviewpress.adopt.texts import convert_text, headings_referred_to
from reviewpress.assemble.source import prose
from reviewpress.errors import ConfigError, Place
from reviewpress.new import TEMPLATE, copy_machinery, empty_place, make_folder
from reviewpress.notebooks.document import cells_of
from reviewpress.notebooks.text_document import document_of_text
from reviewpress.programs.typesetting import drawing_as_png
from reviewpress.shapes import Plain, as_text
from reviewpress.store.temporary_files import clear_temporary
from reviewpress.tidy import to_bytes
from reviewpress.yaml import dump_yaml, items_of

_SHOWN = re.compile(r"\{\{<\s*meta\s+([\w-]+)")
_HEADING = re.compile(r"^# \S", re.M)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was made: the folder, the kind of what it was made from, its chapters, the notes."""

    folder: Path
    kind: Kind
    chapters: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class _Making:
    """What is put together before anything is written: files by name, and notes."""

    original: Original
    execute: bool
    texts: dict[str, bytes] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    chapters: list[Source] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    """The ids that headings have so far."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """The languages that no chapter is executed in, and why."""
    apart: list[str] = field(default_factory=list)
    """Documents that are no chapters, and stay as they are."""


def adopt(path: Path, goal: Path | None = None, *, execute: bool = True) -> Adopted:
    """Make a review of a project, a folder of bookdown or a document; never change that.

    It is made in `goal`, or beside the original under its name and `-review`. Code is shown in
    place of what it makes where it cannot be executed here, and everywhere without `execute`.
    Raises ConfigError where there is nothing to move in, or something is in the way.
    """
    clear_temporary()
    original = find_original(path)
    base = original.root if original.kind == "document" else original.root.parent
    place = empty_place(goal or base / f"{original.name}-review")
    if place.is_relative_to(original.root) and original.kind != "document":
        message = "the review cannot be made inside what is moved in."
        raise ConfigError(message, Place(str(place)), "Choose a folder beside it.")
    made = _put_together(original, execute=execute)
    make_folder(place, lambda root: _write(root, made))
    names = tuple(source.goal for source in made.chapters)
    return Adopted(place, original.kind, names, gathered(made.notes))


def _put_together(original: Original, *, execute: bool) -> _Making:
    made = _Making(original, execute)
    texts = {each.path: _read(original, each) for each in original.sources}
    ids = _new_ids(texts.values()) if original.kind == "bookdown" else {}
    if original.kind == "bookdown":
        # One session of R runs all of its chapters: each may need what another one made.
        made.shown = not_executed("\n".join(texts.values()), original.root, execute=execute)
    heads: list[Mapping[str, Plain]] = []
    for source in original.sources:
        if source.path.endswith(".ipynb"):
            made.texts[source.goal] = (original.root / source.path).read_bytes()
            made.chapters.append(source)
            heads.append({})
            continue
        if heads and is_presentation(front_matter(texts[source.path])[1]):
            made.apart.append(source.path)
            message = "it is a presentation, which a review has none of; kept as a file."
            made.notes.append(Note(Place(source.path), message, is_left=True))
            continue
        heads.append(_text_chapter(source, texts[source.path], ids, made))
    first = heads[0] if heads else {}
    settings = review_settings(original, first, made.notes)
    if not any(PurePosixPath(each.goal).stem == "index" for each in made.chapters[:1]):
        made.texts["index.qmd"] = _first_page(settings)
        made.chapters.insert(0, Source("", "index.qmd"))
        message = "made, since a review begins with a first page."
        made.notes.append(Note(Place("index.qmd"), message))
    for name in formats_left_out(original, first):
        where = Place(original.settings_file or original.sources[0].path)
        message = f"the format {name} is not made; pages, a PDF and a Word file are."
        made.notes.append(Note(where, message, is_left=True))
    _complete(made, settings)
    made.texts["_quarto.yml"] = dump_yaml(settings).encode()
    made.texts["_quarto-report.yml"] = dump_yaml(_edition(made.chapters)).encode()
    return made


def _complete(made: _Making, settings: dict[str, Plain]) -> None:
    """See to it that each citation is in a bibliography, or is text where there is none."""
    listed = [as_text(each) for each in items_of(settings.get("bibliography"))]
    root = made.original.root
    files = [root / name.lstrip("/") for name in listed if (root / name.lstrip("/")).is_file()]
    names = {each.goal: each.path for each in made.chapters if each.path}
    made.notes += complete_citations(
        made.texts,
        names,
        files if listed else None,
        [root / each for each in made.original.files if each.endswith(TEXTS)],
    )
    if MISSING in made.texts:
        settings["bibliography"] = [*listed, MISSING]


def _text_chapter(
    source: Source, text: str, ids: Mapping[str, str], made: _Making
) -> Mapping[str, Plain]:
    """Put one chapter of text together; return what stands above it."""
    head, said, lines = front_matter(text)
    body = text[len(head) :].split("\n")
    folder = (made.original.root / source.path).parent
    shown = {**not_executed(text, folder, execute=made.execute), **made.shown}
    done = convert_text(
        body,
        source.path,
        after=head.count("\n"),
        ids=ids,
        shown=shown,
        folder=folder,
        root=made.original.root,
        taken=made.ids,
        above=0 if _has_chapters_title(said, text) else 1,
    )
    made.notes += done.notes
    beside = PurePosixPath(source.goal).parent
    made.texts |= {(beside / name).as_posix(): content for name, content in done.files.items()}
    converted = "\n".join(done.lines)
    main = language_of_chapter(text)
    kernel = "" if main in shown else main
    above, dropped = front_matter_lines(
        head,
        said,
        is_first=source is made.original.sources[0],
        kind=made.original.kind,
        freeze=kernel == "python",
        shown=set(_SHOWN.findall(text)),
    )
    if not _has_title(above, converted):
        title = _title_of(source, made.original)
        above = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", *above[1:-1], "---"]
        message = f"the chapter has the title “{title}” now: each has one."
        made.notes.append(Note(Place(source.path), message, is_left=True))  # fmt: skip
    for name in dropped:
        where = Place(source.path, line=lines.get((name,)))
        made.notes.append(Note(where, f'"{name}" has no effect here, and is left out.'))
    full = "\n".join([*above, "", converted.lstrip("\n")] if above else [converted.lstrip("\n")])
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
    return said


def _has_chapters_title(said: Mapping[str, Plain], text: str) -> bool:
    """Say whether the title of a chapter is none of its headings, though some are of level 1."""
    count = sum(1 for a, b in prose(text) for _ in _HEADING.finditer(text, a, b))
    return count > (0 if said.get("title") else 1)


def _has_title(above: Sequence[str], text: str) -> bool:
    """Say whether a chapter has one title: above its text, or as its only heading of level 1."""
    if any(line.startswith("title:") for line in above):
        return True
    return sum(1 for a, b in prose(text) for _ in _HEADING.finditer(text, a, b)) == 1


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


def _new_ids(texts: Iterable[str]) -> dict[str, str]:
    """Return the new ids of sections that bookdown refers to: Quarto's begin with `sec-`."""
    found: set[str] = set()
    for text in texts:
        found |= headings_referred_to(text)
    return {name: f"sec-{name}" for name in sorted(found) if not name.startswith("sec-")}


def _first_page(settings: Mapping[str, Plain]) -> bytes:
    title = settings["book"]["title"]  # type: ignore[index,call-overload]
    return f"# {title} {{.unnumbered #sec-index}}\n".encode()


def _edition(chapters: list[Source]) -> dict[str, Plain]:
    """Return what `_quarto-report.yml` says: the chapters in their parts, and three formats."""
    listed: list[Plain] = []
    appendices: list[Plain] = [each.goal for each in chapters if each.appendix]
    parts: dict[str, list[Plain]] = {}
    for each in chapters:
        if each.appendix:
            continue
        if not each.part or not listed:
            listed.append(each.goal)
        elif each.part in parts:
            parts[each.part].append(each.goal)
        else:
            parts[each.part] = [each.goal]
            listed.append({"part": each.part, "chapters": parts[each.part]})
    book: dict[str, Plain] = {"chapters": listed}
    if appendices:
        book["appendices"] = appendices
    return {
        "project": {"output-dir": "_output/report"},
        "book": book,
        "format": dict.fromkeys(FORMATS, "default"),
    }


def _read(original: Original, source: Source) -> str:
    try:
        content = (original.root / source.path).read_bytes()
        text = "" if source.path.endswith(".ipynb") else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "the file is not UTF-8."
        raise ConfigError(message, Place(source.path), "Save it as UTF-8.") from None
    except OSError as error:
        message = f"the chapter cannot be read: {error.strerror}."
        raise ConfigError(message, Place(source.path)) from None
    return text.replace("\r\n", "\n")


def _write(root: Path, made: _Making) -> None:
    for name in (*made.original.files, *made.apart):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made.original.root / name, root / name)
    copy_machinery(root)
    (root / ".gitignore").write_bytes((TEMPLATE / "gitignore").read_bytes())
    for name, content in made.texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    _draw(root, made)
    made.notes += settle(root, made.original.settings_file or made.original.sources[0].path)
    made.notes += acknowledge_what_stands(root)


def _draw(root: Path, made: _Making) -> None:
    """Make the PNG of each drawing that chapters name: Word cannot show SVG."""
    texts = b"\n".join(made.texts.values())
    for name in (*made.original.files, *made.texts):
        file = root / name
        beside = file.with_suffix(".png")
        if file.suffix == ".svg" and not beside.exists() and file.name.encode() in texts:
            png = drawing_as_png(file)
            if png:
                beside.write_bytes(png)
                message = f"{beside.name} is made of it, since Word cannot show SVG."
                made.notes.append(Note(Place(name), message))
