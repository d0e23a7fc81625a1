"""The review that is made of a project, beside it and whole, and what is left to do in it."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reviewpress.adopt.chapters import Move, included_texts, notebook_chapter, text_chapter
from reviewpress.adopt.citing import MISSING, complete_citations
from reviewpress.adopt.keys import FORMATS, formats_left_out, is_presentation, review_settings
from reviewpress.adopt.leading import lead_to_chapters
from reviewpress.adopt.macros import defined_macros, readable_macros
from reviewpress.adopt.mending import amend_cells, mend
from reviewpress.adopt.notes import Note, gathered, listing
from reviewpress.adopt.original import TEXTS, Kind, Original, Source, find_original, front_matter
from reviewpress.adopt.running import Quiet, not_executed, what_fails, why_it_failed
from reviewpress.adopt.settling import settle
from reviewpress.adopt.standing import acknowledge_what_stands
from reviewpress.adopt.texts import headings_referred_to
from reviewpress.errors import ConfigError, Place
from reviewpress.new import TEMPLATE, copy_machinery, empty_place, make_folder
from reviewpress.pipeline import Progress
from reviewpress.programs.typesetting import drawing_as_png
from reviewpress.shapes import Plain, as_text
from reviewpress.store.temporary_files import clear_temporary
from reviewpress.yaml import dump_yaml, items_of

QUIET = Quiet()
_EMPTY = re.compile(
    rb"^[ \t]*(?:doi|url)[ \t]*=[ \t]*(?:\{[ \t]*\}|\"[ \t]*\")[ \t]*,?", re.M | re.I
)
_FIRST = PurePosixPath("index")
NOTES = "moved.txt"
"""The file of a review that lists all that was changed, and what is left to do."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was made: the folder, the kind of what it was made from, its chapters, the notes."""

    folder: Path
    kind: Kind
    chapters: tuple[str, ...]
    notes: tuple[Note, ...]


def adopt(
    path: Path, goal: Path | None = None, *, execute: bool = True, progress: Progress = QUIET
) -> Adopted:
    """Make a review of a project, a folder of bookdown or a document; never change that.

    It is made in `goal`, or beside the original under its name and `-review`. Its code is executed
    once: what fails here is shown in place of what it makes, and all code without `execute`.
    Raises ConfigError where there is nothing to move in, or something is in the way.
    """
    clear_temporary()
    original = find_original(path)
    base = original.root if original.kind == "document" else original.root.parent
    place = empty_place(goal or base / f"{original.name}-review")
    if place.is_relative_to(original.root) and original.kind != "document":
        message = "the review cannot be made inside what is moved in."
        raise ConfigError(message, Place(str(place)), "Choose a folder beside it.")
    made = Move(original, execute)
    _put_together(made)
    make_folder(place, lambda root: _write(root, made, progress))
    names = tuple(source.goal for source in made.chapters)
    return Adopted(place, original.kind, names, tuple(made.notes))


def _put_together(made: Move) -> None:
    """Put all texts together, anew where something was found to fail."""
    made.begin()
    original = made.original
    sources = tuple(_there(made))
    texts = {each.path: _read(original, each) for each in sources}
    ids = _new_ids(texts.values()) if original.kind == "bookdown" else {}
    if original.kind == "bookdown":
        # One session of R runs all of its chapters: each may need what another one made.
        made.shown = not_executed("\n".join(texts.values()), original.root, execute=made.execute)
    heads = [front_matter(text)[0] for text in texts.values()]
    made.macros = readable_macros(defined_macros(original.root, [*_settings(original), *heads]))
    for source in sources:
        if source.path.endswith(".ipynb"):
            notebook_chapter(source, made)
            continue
        if made.heads and is_presentation(front_matter(texts[source.path])[1]):
            made.apart.append(source.path)
            message = "it is a presentation, which a review has none of; kept as a file."
            made.notes.append(Note(Place(source.path), message, is_left=True))
            continue
        text_chapter(source, texts[source.path], ids, made)
    included_texts(made, ids)
    lead_to_chapters(made)
    first = made.heads[0][1] if made.heads else {}
    settings = review_settings(original, first, made.notes)
    goals = [PurePosixPath(each.goal) for each in made.chapters]
    if not any(each.with_suffix("") == _FIRST for each in goals) and (
        not goals or goals[0].stem != "index"
    ):
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


def _settings(original: Original) -> Iterator[str]:
    """Yield the texts of a project's settings."""
    for file in sorted(original.root.glob("_*.y*ml")):
        if original.kind != "document":
            yield file.read_text(encoding="utf-8", errors="replace")


def _there(made: Move) -> Iterator[Source]:
    """Yield the chapters that there are; one that is only listed is named as left to do."""
    for source in made.original.sources:
        if os.path.isfile(made.original.root / source.path):
            yield source
        else:
            message = "the chapter is listed and does not exist; it is left out."
            made.notes.append(Note(Place(source.path), message, is_left=True))


def _complete(made: Move, settings: dict[str, Plain]) -> None:
    """See to it that each citation is in a bibliography, or is text where there is none."""
    root = made.original.root
    listed, lacking = _bibliographies(made, settings)
    where = Place(made.original.settings_file or made.original.sources[0].path)
    for name in lacking:
        why = "would be fetched from the network" if "://" in name else "does not exist"
        message = f"the bibliography {name} {why}, and is left out."
        made.notes.append(Note(where, message, is_left=True))
    if [as_text(each) for each in items_of(settings.get("bibliography"))] != listed:
        settings["bibliography"] = [*listed]
    if not listed:
        settings.pop("bibliography", None)
    files = [root / name for name in listed]
    names = {each.goal: each.path for each in made.chapters if each.path}
    made.notes += complete_citations(
        made.texts,
        names,
        files if listed else None,
        [root / each for each in made.original.files if each.endswith(TEXTS)],
    )
    if MISSING in made.texts:
        settings["bibliography"] = [*listed, MISSING]


def _bibliographies(made: Move, settings: Mapping[str, Plain]) -> tuple[list[str], list[str]]:
    """Return the bibliographies of a project and of its chapters, and those that do not exist.

    A review has its bibliography for all chapters.
    """
    root = made.original.root
    named = [as_text(each).lstrip("/") for each in items_of(settings.get("bibliography"))]
    for source, head in made.heads:
        folder = PurePosixPath(source.path).parent
        for name in map(as_text, items_of(head.get("bibliography"))):
            base = PurePosixPath() if name.startswith("/") else folder
            is_file = "://" not in name
            named.append(os.path.normpath(base / name.lstrip("/")) if is_file else name)
    named = list(dict.fromkeys(each for each in named if each))
    found = [name for name in named if os.path.isfile(root / name)]
    return found, [name for name in named if name not in found]


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


def _write(root: Path, made: Move, progress: Progress) -> None:
    for name in (*made.original.files, *made.apart):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made.original.root / name, root / name)
        if name.endswith(".bib"):
            # An address that is empty is a link to nothing, which ends a PDF.
            text = (root / name).read_bytes()
            (root / name).write_bytes(_EMPTY.sub(b"", text))
    copy_machinery(root)
    (root / ".gitignore").write_bytes((TEMPLATE / "gitignore").read_bytes())
    while not _runs(root, made, progress):
        for name in made.texts:
            (root / name).unlink()
        _put_together(made)
    originals = {each.goal: made.original.root / each.path for each in made.chapters if each.path}
    made.notes += mend(root, originals, progress)
    made.notes += acknowledge_what_stands(root, progress)
    made.notes = list(gathered(made.notes))
    (root / NOTES).write_text("".join(f"{line}\n" for line in listing(made.notes)), "utf-8")


def _runs(root: Path, made: Move, progress: Progress) -> bool:
    """Write the texts, and say whether all code runs; what does not is noted in what is made."""
    for name, content in made.texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    _draw(root, made)
    settings_file = made.original.settings_file or made.original.sources[0].path
    made.notes += settle(root, settings_file)
    if not made.execute:
        return True
    while (failing := what_fails(root, progress)) and (amended := amend_cells(root, failing)):
        made.notes += amended
    paths = {each.goal: each.path for each in made.chapters if each.path}
    failed = {
        paths[each.where.file]: why_it_failed(each)
        for each in reversed(failing)
        if each.where and each.where.file in paths and paths[each.where.file] not in made.failed
    }
    made.failed |= failed
    return not failed


def _draw(root: Path, made: Move) -> None:
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
