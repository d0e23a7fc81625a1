"""What is to be moved in: a project of Quarto, a folder of bookdown, or one document."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from reviewpress.config.chapters import list_chapters
from reviewpress.errors import ConfigError, Place, Problem, Problems
from reviewpress.shapes import Plain, as_mapping, as_text
from reviewpress.yaml import at_place, items_of, load_yaml_lines

Kind = Literal["book", "website", "manuscript", "project", "bookdown", "document"]
PROJECT, BOOKDOWN = "_quarto.yml", "_bookdown.yml"
PROJECTS = (PROJECT, "_quarto.yaml")
INPUTS = (".qmd", ".Rmd", ".rmd", ".ipynb")
"""How the files end that Quarto renders without being asked to."""
TEXTS = (*INPUTS, ".md")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_PART = re.compile(r"^# \(PART\\?\*?\) *(.*?) *(?:\{[^}]*\})?$", re.M)
_APPENDIX = re.compile(r"^# \(APPENDIX\)", re.M)
_TAGGED = re.compile(r"(:[ \t]+|-[ \t]+)!(?:expr|r)[ \t]+(.+?)[ \t]*$", re.M)
_SHORTCODE = re.compile(r"^([ \t-]*(?:[\w.-]+:[ \t]+)?)(\{\{<.*?>\}\})[ \t]*$", re.M)
_VALUE = re.compile(r"^([ \t-]*(?:[\w.-]+:)?[ \t]*)([^\s\"'].*?)[ \t]*$")
_NO_VALUE = "is not a value that YAML has"
_TRIES = 9
_MADE = ("_site", "_book", "_output", "_freeze", "_extensions", "node_modules", "renv", "packrat",
         "site_libs", "__pycache__", "libs")  # fmt: skip
_NAMED = re.compile(r"[\w./~ -]*\w\.\w{1,5}\b")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that becomes a chapter: where it is, and where it will be."""

    path: str
    goal: str
    part: str | None = None
    appendix: bool = False


@dataclass(frozen=True, slots=True)
class Original:
    """What is to be moved in.

    `settings` are those of its `_quarto.yml` or `_bookdown.yml`, `lines` the lines of their keys;
    `files` are all other files that the review needs.
    """

    kind: Kind
    root: Path
    sources: tuple[Source, ...]
    settings: Mapping[str, Plain] = field(default_factory=dict)
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    settings_file: str = ""
    files: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called: its folder, or its file without ending."""
        return Path(self.sources[0].path).stem if self.kind == "document" else self.root.name


def find_original(path: Path) -> Original:
    """Return what is at a path. Raises ConfigError where nothing can be moved in."""
    here = path.resolve()
    if here.is_file():
        return _document(here, path)
    if not here.is_dir():
        raise ConfigError("there is no such file or folder.", Place(str(path)))
    for name in (*PROJECTS, BOOKDOWN):
        if (here / name).is_file():
            settings, lines = _read(here / name)
            found = _project(here, settings) if name in PROJECTS else _bookdown(here, settings)
            if not found.sources:
                raise ConfigError("it has no chapters.", Place(str(path)))
            found = replace(found, settings=settings, lines=lines, settings_file=name)
            found = replace(found, sources=tuple(_apart(found.sources)))
            return replace(found, files=tuple(_others(found)))
    if any((here / name).is_file() for name in ("index.Rmd", "index.rmd")):
        # Bookdown takes all R Markdown beside its first page, where nothing else is said.
        found = _bookdown(here, {})
        return replace(found, settings_file=found.sources[0].path, files=tuple(_others(found)))
    if any(next(here.glob(f"*{ending}"), None) for ending in INPUTS):
        # Without settings Quarto makes each document by itself.
        found = _project(here, {})
        found = replace(found, sources=tuple(_apart(found.sources)))
        return replace(found, settings_file=found.sources[0].path, files=tuple(_others(found)))
    message = f"it is neither a project of Quarto ({PROJECT}) nor of bookdown ({BOOKDOWN})."
    raise ConfigError(message, Place(str(path)), _elsewhere(here))


def _apart(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield sources with a goal of its own each: `a.Rmd` and `a.qmd` may be side by side."""
    taken: set[str] = set()
    for each in dict.fromkeys(sources):
        stem, _, ending = each.goal.rpartition(".")
        goal = each.goal if each.goal not in taken else f"{stem}-{_own(each.path)}.{ending}"
        taken.add(goal)
        yield replace(each, goal=goal)


def _own(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").lower()


def _elsewhere(folder: Path) -> str:
    """Say where else a project may be: in a folder below, or in one document."""
    below = sorted(each for name in (*PROJECTS, BOOKDOWN) for each in folder.glob(f"*/{name}"))
    if below:
        return f"There is one in {below[0].parent.name}/."
    return "Name one document (.qmd, .Rmd, .ipynb, .md)."


def front_matter(text: str) -> tuple[str, Mapping[str, Plain], Mapping[tuple[str, ...], int]]:
    """Return the lines above a text, what they say, and the line of each key; empty if not YAML."""
    match = _FRONT.match(text)
    if match is None:
        return "", {}, {}
    try:
        data, lines = load_yaml_lines(_untagged(match[1]))
    except (ConfigError, Problems):
        return match[0], {}, {}
    return match[0], as_mapping(data), {path: line + 1 for path, line in lines.items()}


def with_readable_values(text: str) -> tuple[str, Problem | None]:
    """Return a text whose front matter is YAML, and what is wrong with it where it cannot be.

    A value that this YAML does not have is a text: Quarto takes the date 2023-02-29 for one in
    March.
    """
    for _ in range(_TRIES):
        match = _FRONT.match(text)
        try:
            load_yaml_lines(_untagged(match[1]) if match else "")
        except (ConfigError, Problems) as error:
            wrong = error.problems[0]
            line = wrong.where.line if wrong.where else None
            lines = text.split("\n")
            quoted = _VALUE.sub(_quoted, lines[line]) if line and _NO_VALUE in wrong.message else ""
            if not line or not quoted or quoted == lines[line]:
                return text, replace(wrong, where=Place("", line=line + 1 if line else None))
            text = "\n".join([*lines[:line], quoted, *lines[line + 1 :]])
        else:
            return text, None
    return text, None


def _quoted(match: re.Match[str]) -> str:
    return f"{match[1]}{json.dumps(match[2], ensure_ascii=False)}"


def _read(path: Path) -> tuple[Mapping[str, Plain], Mapping[tuple[str, ...], int]]:
    try:
        data, lines = load_yaml_lines(_untagged(path.read_text(encoding="utf-8-sig")))
    except UnicodeDecodeError as error:
        raise ConfigError("the file is not UTF-8.", Place(str(path))) from error
    except (ConfigError, Problems) as error:
        raise at_place(error, Place(path.name)) from None
    return as_mapping(data), lines


def _untagged(text: str) -> str:
    """Return YAML in which what R would compute, and a shortcode, is text.

    >>> _untagged("fig: !expr paste(1)")
    'fig: "paste(1)"'
    """
    return _SHORTCODE.sub(_quoted, _TAGGED.sub(_quoted, text))


def _document(file: Path, named: Path) -> Original:
    if file.suffix not in TEXTS:
        message = "it is not a document that Quarto renders."
        raise ConfigError(message, Place(str(named)), f"These are: {', '.join(TEXTS)}.")
    source = Source(file.name, f"index{_ending(file.name)}")
    found = Original("document", file.parent, (source,))
    return replace(found, files=tuple(_named_files(file)))


def _project(root: Path, settings: Mapping[str, Plain]) -> Original:
    project = as_mapping(settings.get("project"))
    kind = as_text(project.get("type")) or "default"
    if kind == "book":
        listed = list_chapters(as_mapping(settings.get("book")), root)
        found = [
            Source(each.path, _goal(each.path), each.part, each.appendix)
            for each in listed
            # Unlike a path's own method, this says no to a name that is too long for a file.
            if os.path.isfile(root / each.path) or each.path.endswith(TEXTS)
        ]
        return Original("book", root, tuple(found))
    if kind == "manuscript":
        article = as_text(as_mapping(settings.get("manuscript")).get("article"))
        article = article or next((n for n in _inputs(root) if _stem(n) == "index"), "index.qmd")
        return Original("manuscript", root, (Source(article, f"index{_ending(article)}"),))
    names = list(dict.fromkeys(_rendered(root, project)))
    order = dict(_navigation(as_mapping(settings.get("website") or settings.get("site"))))
    names += [name for name in order if name not in names and (root / name).is_file()]
    places = {name: number for number, name in enumerate(order)}
    names.sort(key=lambda name: (_stem(name) != "index", places.get(name, len(places)), name))
    sources = tuple(Source(name, _goal(name), order.get(name)) for name in names)
    return Original("website" if kind == "website" else "project", root, sources)


def _rendered(root: Path, project: Mapping[str, Plain]) -> Iterator[str]:
    """Yield what a project renders: what `render:` lists, else all inputs in it."""
    patterns = [as_text(each) for each in items_of(project.get("render"))]
    wanted = [each for each in patterns if not each.startswith("!")]
    without = [each.removeprefix("!") for each in patterns if each.startswith("!")]
    out = as_text(project.get("output-dir"))
    for name in _inputs(root, md=bool(wanted)):
        path = PurePosixPath(name)
        if out and path.is_relative_to(out):
            continue
        if wanted and not any(_matches(path, each) for each in wanted):
            continue
        if not any(_matches(path, each) for each in without):
            yield name


def _matches(path: PurePosixPath, pattern: str) -> bool:
    pattern = pattern.removeprefix("/").removeprefix("./")
    return path.full_match(pattern) if hasattr(path, "full_match") else (
        path.match(pattern) or path.is_relative_to(pattern.rstrip("/*") or "/")
    )  # fmt: skip


def _inputs(root: Path, *, md: bool = False) -> Iterator[str]:
    endings = TEXTS if md else INPUTS
    for path, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(("_", ".")))
        folders[:] = [name for name in folders if name not in _MADE]
        for name in sorted(names):
            if name.endswith(endings) and not name.startswith(("_", ".")):
                yield (Path(path) / name).relative_to(root).as_posix()


def _navigation(website: Mapping[str, Plain]) -> Iterator[tuple[str, str | None]]:
    """Yield the files that sidebar and navigation bar list, with the section of each."""
    for sidebar in items_of(website.get("sidebar")):
        yield from _contents(as_mapping(sidebar).get("contents"), None)
    bar = as_mapping(website.get("navbar"))
    for side in ("left", "right"):
        yield from _contents(bar.get(side), None)


def _contents(items: Plain, section: str | None) -> Iterator[tuple[str, str | None]]:
    for item in items_of(items):
        if isinstance(item, str):
            if item.endswith(TEXTS):
                yield _plain(item), section
            continue
        each = as_mapping(item)
        named = as_text(each.get("href") or each.get("file"))
        if named.endswith(TEXTS):
            yield _plain(named), section
        heading = as_text(each.get("section") or each.get("text"))
        if heading.endswith(TEXTS):
            yield _plain(heading), section
            heading = ""
        for inner in ("contents", "menu"):
            yield from _contents(each.get(inner), heading or section)


def names_of_pages(website: Mapping[str, Plain]) -> dict[str, str]:
    """Return what sidebar and navigation bar call the files that they list.

    >>> names_of_pages({"navbar": {"left": [{"text": "The team", "href": "team.qmd"}]}})
    {'team.qmd': 'The team'}
    """
    named: dict[str, str] = {}
    waiting: list[Plain] = [website.get("sidebar"), website.get("navbar")]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting += item
        each = as_mapping(item)
        file, words = as_text(each.get("href") or each.get("file")), as_text(each.get("text"))
        if file.endswith(TEXTS) and words:
            named.setdefault(_plain(file), words)
        waiting += [value for value in each.values() if isinstance(value, (list, dict))]
    return named


def _plain(name: str) -> str:
    return os.path.normpath(name.removeprefix("/"))


def _bookdown(root: Path, settings: Mapping[str, Plain]) -> Original:
    listed = settings.get("rmd_files")
    listed = next(iter(as_mapping(listed).values()), None) if isinstance(listed, dict) else listed
    names = [as_text(each) for each in items_of(listed)]
    if not names:
        # What bookdown puts together of all, and leaves behind where it fails.
        merged = f"{PurePosixPath(as_text(settings.get('book_filename'))).stem}.rmd"
        names = sorted(p.name for p in root.glob("*.[Rr]md") if not p.name.startswith("_"))
        names = [name for name in names if name.lower() != merged.lower()]
        names.sort(key=lambda name: _stem(name) != "index")
    for folder in [as_text(each) for each in items_of(settings.get("rmd_subdir"))]:
        if folder and (root / folder).is_dir():
            names += sorted(p.relative_to(root).as_posix() for p in (root / folder).rglob("*.Rmd"))
    # `rmd_files` and `rmd_subdir` may name the same.
    names = list(dict.fromkeys(os.path.normpath(name) for name in names))
    sources: list[Source] = []
    part, appendix = None, False
    for name in names:
        text = _text(root / name)
        if found := _PART.search(text):
            part = found[1].strip("*") or None
        appendix = appendix or bool(_APPENDIX.search(text))
        own = None if _stem(name) == "index" and not sources else part
        sources.append(Source(name, _goal(name), None if appendix else own, appendix))
    return Original("bookdown", root, tuple(sources))


def _others(found: Original) -> Iterator[str]:
    """Yield the other files of a project, without what was made of it."""
    project = as_mapping(found.settings.get("project"))
    made = as_text(project.get("output-dir") or found.settings.get("output_dir"))
    taken = {source.path for source in found.sources}
    for path, folders, names in os.walk(found.root):
        inside = Path(path).relative_to(found.root)
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name not in _MADE
            and not name.endswith(("_files", "_cache", ".rproj.user"))
            and (not made or (inside / name).as_posix() != made.strip("./"))
        )  # fmt: skip
        for name in sorted(names):
            relative = (inside / name).as_posix()
            if relative not in taken and not name.startswith(("_quarto", ".", "_bookdown")):
                yield relative


def _named_files(file: Path) -> Iterator[str]:
    """Yield the files beside a document that it names, and those that included texts name."""
    waiting, seen = [file], {file}
    while waiting:
        text = _text(waiting.pop())
        found = (match[0].strip() for match in _NAMED.finditer(text))
        for name in dict.fromkeys(part for words in found for part in _endings_of(words)):
            path = Path(os.path.normpath(file.parent / name))
            inside = path.is_relative_to(file.parent)
            # Unlike a path’s own method, this says no to a name that is too long for a file.
            if inside and os.path.isfile(path) and path not in seen:
                seen.add(path)
                yield path.relative_to(file.parent).as_posix()
                if path.suffix in TEXTS:
                    waiting.append(path)


def _endings_of(words: str) -> Iterator[str]:
    """Yield words, and what is left of them without the first ones: one may be a file's name."""
    parts = words.split(" ")
    yield from (" ".join(parts[at:]) for at in range(len(parts)))


def _goal(name: str) -> str:
    return f"{name.rpartition('.')[0]}{_ending(name)}"


def _ending(name: str) -> str:
    ending = PurePosixPath(name).suffix
    return ".qmd" if ending.lower() == ".rmd" else ending


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
