"""`_quarto.yml` and its profiles, read into one frozen Config."""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from reviewpress import keys
from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.extension import wrong_brand
from reviewpress.identifiers import plain_doi, wrong_identifiers
from reviewpress.labels import wrong_labels
from reviewpress.programs.limits import Limits, read_limits, wrong_limits
from reviewpress.store.output_folder import OWN_FOLDER, wrong_place
from reviewpress.yaml import YamlFile, read_yaml

PROJECT_FILE = "_quarto.yml"
VARIABLES_FILE = "_variables.yml"
FORMATS = {"html": "html", "typst": "typst", "docx": "docx", "pdf": "typst"}
CITATION_STYLES = ("codes", "author-date")
CHAPTER_ENDINGS = (".qmd", ".ipynb", ".md")
SETTINGS = {name: setting.says for name, setting in keys.SETTINGS.items()}


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file of the book, with the part it stands in."""

    path: str
    part: str | None = None
    appendix: bool = False
    label: str = ""
    """What navigation calls it where `text:` says so; else it has the chapter's title."""

    @property
    def name(self) -> str:
        """The file's name without ending: what `sections:` and `from=` call it."""
        return Path(self.path).stem

    @property
    def page(self) -> str:
        """Address of its page in the edition, the same in both engines."""
        return posixpath.splitext(posixpath.normpath(self.path))[0] + ".html"

    @property
    def is_notebook(self) -> bool:
        """Whether it is executed."""
        return self.path.endswith(".ipynb")

    @property
    def is_plain(self) -> bool:
        """Whether it is Markdown as a forge shows it: words in an image's brackets are its
        alternative text, and an image is no figure with a caption."""
        return self.path.endswith(".md")


@dataclass(frozen=True, slots=True)
class Section:
    """A research theme: its name in the data, and the chapter (or part of one) it belongs to.

    A section that is not `recorded` has no term in the data table; its papers are those that
    its findings cite.
    """

    name: str
    chapter: str
    anchor: str | None = None
    recorded: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands under `reviewpress:`."""

    sections: tuple[Section, ...] = ()
    citations: str = "codes"
    included_years: tuple[int, int] | None = None
    typed_numbers: bool = True
    typed_claims: bool = True
    schema: str = "data/schema.yml"
    limits: Mapping[str, Any] = field(default_factory=dict, repr=False)
    other: Mapping[str, Any] = field(default_factory=dict)

    def section(self, name: str) -> Section:
        """Return the section of this name; ConfigError with the nearest name otherwise."""
        for section in self.sections:
            if section.name == name:
                return section
        raise ConfigError(
            f'there is no section "{name}".',
            hint=nearest(name, [section.name for section in self.sections]),
        )


@dataclass(frozen=True, slots=True)
class Config:
    """A review as one profile sees it: everything the four steps need to know."""

    root: Path
    profile: str
    profiles: tuple[str, ...]
    title: str
    subtitle: str
    authors: tuple[str, ...]
    date: str
    lang: str
    chapters: tuple[Chapter, ...]
    formats: tuple[str, ...]
    output_dir: Path
    bibliography: tuple[Path, ...]
    csl: Path | None
    settings: Settings
    limits: Limits
    metadata: Mapping[str, Any]
    variables: Mapping[str, Any]
    sources: tuple[Path, ...]

    @property
    def store(self) -> Path:
        """The folder of runs and caches, ignored by git."""
        return self.root / ".reviewpress"

    def chapter(self, name: str) -> Chapter:
        """Return the chapter whose file is called `name`; ConfigError otherwise."""
        for chapter in self.chapters:
            if chapter.name == name or chapter.path == name:
                return chapter
        raise ConfigError(
            f'edition "{self.profile}" has no chapter "{name}".',
            Place(f"_quarto-{self.profile}.yml"),
            nearest(name, [chapter.name for chapter in self.chapters]),
        )

    def format_options(self, name: str) -> Mapping[str, Any]:
        """Return the options of a format (`html`, `typst`, `docx`), empty where none are set."""
        for key, options in (self.metadata.get("format") or {}).items():
            if _base_format(key) == name and isinstance(options, Mapping):
                return options
        return {}

    def with_formats(self, formats: Sequence[str]) -> "Config":
        """Return the same review restricted to some of its formats.

        Raises ConfigError for one that the edition does not have.
        """
        wanted = []
        for name in formats:
            base = _base_format(name)
            if base not in self.formats:
                raise ConfigError(
                    f'edition "{self.profile}" has no format "{name}".',
                    hint=nearest(name, self.formats),
                )
            wanted.append(base)
        return replace(self, formats=tuple(dict.fromkeys(wanted)))

    def with_output(self, output_dir: Path) -> "Config":
        """Return the same review written to another folder."""
        return replace(self, output_dir=output_dir)


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds `_quarto.yml`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise ConfigError(
        f"no {PROJECT_FILE} here or in a folder above.",
        Place(str(start)),
        "Go to a review's folder, or start one with `reviewpress new my-review`.",
    )


def list_profiles(root: Path) -> tuple[str, ...]:
    """Return the names of the profiles that have a file, in alphabetical order."""
    prefix = "_quarto-"
    return tuple(sorted(path.stem.removeprefix(prefix) for path in root.glob(f"{prefix}*.yml")))


def load_config(
    start: Path | None = None, profile: str | None = None, *, check_chapters: bool = True
) -> Config:
    """Read the review around `start` (the current folder) as `profile` sees it.

    Without `profile`, the default profile of `_quarto.yml` is taken. Profiles merge as in Quarto:
    mappings deeply, arrays by union, scalars by override. A chapter that computes does not need
    the others to exist: without `check_chapters` they may be missing. Raises ConfigError or
    Problems.
    """
    if start is not None and not start.exists():
        raise ConfigError("the folder does not exist.", Place(str(start)))
    root = find_root(start or Path.cwd())
    base = read_yaml(root / PROJECT_FILE, root, keys.QUARTO)
    profiles = list_profiles(root)
    name = profile or default_profile(base.data)
    files = [base]
    if name:
        if name not in profiles:
            place = None if profile else Place(base.name, line=base.line(("profile",)))
            message = f'there is no profile "{name}".'
            raise ConfigError(message, place, nearest(name, profiles))
        files.append(read_yaml(root / f"_quarto-{name}.yml", root, keys.QUARTO))
    merged: dict[str, Any] = {}
    for file in files:
        # A key with nothing after it says nothing.
        said = {key: value for key, value in file.data.items() if value is not None}
        merged = merge(merged, said)
    return _config(root, name or "report", profiles, merged, files, check_chapters)


def merge(base: Any, override: Any) -> Any:
    """Merge two YAML values as Quarto merges profiles: beside a list, one value is a list of it.

    >>> merge({"a": [1, 2], "b": {"c": 1}}, {"a": 3, "b": {"d": 2}})
    {'a': [1, 2, 3], 'b': {'c': 1, 'd': 2}}
    """
    if isinstance(base, dict) and isinstance(override, dict):
        result = dict(base)
        for key, value in override.items():
            result[key] = merge(base[key], value) if key in base else value
        return result
    if isinstance(base, list) or isinstance(override, list):
        first, second = (_as_list(value) for value in (base, override))
        return [*first, *(item for item in second if item not in first)]
    return override


def default_profile(data: Mapping[str, Any]) -> str | None:
    """Return the profile that `profile: default:` names first, or `profile:` alone."""
    profile = data.get("profile")
    default = profile.get("default") if isinstance(profile, Mapping) else profile
    names = _as_list(default)
    return str(names[0]) if names and names[0] else None


def _config(
    root: Path,
    name: str,
    profiles: tuple[str, ...],
    data: dict[str, Any],
    files: list[YamlFile],
    check_chapters: bool,
) -> Config:
    problems: list[Problem] = []
    book = data.get("book") or {}
    project = data.get("project") or {}
    if project.get("type") != "book":
        problems.append(_problem(files, ("project", "type"), "a review is a project of type book."))
    chapters = _chapters(book)
    if check_chapters:
        _check_chapters(root, chapters, files, problems)
    settings = _settings(data.get("reviewpress") or {}, files, problems)
    if check_chapters:
        _check_sections(root, settings.sections, files, problems)
    _check_values(data, files, problems)
    wrong = (*wrong_labels(root, data), *wrong_identifiers(data), *wrong_limits(data))
    problems += [_problem(files, *each) for each in wrong]
    if check_chapters:
        problems += wrong_brand(root)
    formats = _formats(data.get("format") or {"html": "default"}, files, problems)
    bibliography = tuple(root / path for path in _as_list(data.get("bibliography")))
    csl = root / data["csl"] if data.get("csl") else None
    _check_files(root, bibliography, csl, files, problems)
    output_dir = root / str(project.get("output-dir") or f"_output/{name}")
    sources = (*(file.path for file in files), *bibliography, root / settings.schema,
               *(root / chapter.path for chapter in chapters))  # fmt: skip
    _check_output(output_dir, root, sources, files, problems)
    variables = root / VARIABLES_FILE
    raise_all(problems)
    return Config(
        root=root,
        profile=name,
        profiles=profiles,
        title=str(book.get("title") or data.get("title") or root.name),
        subtitle=str(book.get("subtitle") or ""),
        authors=_authors(book.get("author") or data.get("author")),
        date=str(book.get("date") or data.get("date") or ""),
        lang=str(data.get("lang") or "en"),
        chapters=chapters,
        formats=formats,
        output_dir=output_dir,
        bibliography=bibliography,
        csl=csl,
        settings=settings,
        limits=read_limits(settings.limits),
        metadata=data,
        variables=read_yaml(variables, root, keys.NAMES).data if variables.is_file() else {},
        sources=(*(f.path for f in files), *([variables] if variables.is_file() else [])),
    )


def _chapters(book: Mapping[str, Any]) -> tuple[Chapter, ...]:
    found: list[Chapter] = []
    for item in _as_list(book.get("chapters")):
        if isinstance(item, Mapping) and "part" in item:
            part = str(item["part"])
            found += [_chapter(path, part=part) for path in _as_list(item.get("chapters"))]
        else:
            found.append(_chapter(item))
    for item in _as_list(book.get("appendices")):
        found.append(_chapter(item, appendix=True))
    return tuple(found)


def _chapter(item: object, *, part: str | None = None, appendix: bool = False) -> Chapter:
    label = str(item.get("text") or "") if isinstance(item, Mapping) else ""
    return Chapter(_chapter_path(item), part, appendix, label)


def _check_chapters(
    root: Path, chapters: tuple[Chapter, ...], files: list[YamlFile], problems: list[Problem]
) -> None:
    if not chapters:
        problems.append(_problem(files, ("book", "chapters"), "the book lists no chapters."))
    stands = sorted(
        path.relative_to(root).as_posix()
        for path in (*root.glob("*"), *root.glob("chapters/*"))
        if path.suffix in CHAPTER_ENDINGS
    )
    for chapter in chapters:
        listed = ("book", "appendices" if chapter.appendix else "chapters")
        if not chapter.path.endswith(CHAPTER_ENDINGS):
            message = f"{chapter.path} is neither text (.qmd, .md) nor a notebook (.ipynb)."
            problems.append(_problem(files, listed, message, item=chapter.path))
        elif not (root / chapter.path).is_file():
            message = f"the chapter {chapter.path} does not exist."
            hint = nearest(chapter.path, stands)
            problems.append(_problem(files, listed, message, hint, chapter.path))
    for page, count in Counter(chapter.page for chapter in chapters).items():
        if count > 1:
            paths = [chapter.path for chapter in chapters if chapter.page == page]
            message = f"{' and '.join(paths)} would make one page, {page}."
            if len(set(paths)) == 1:
                message = f"{paths[0]} is listed {count} times."
            problems.append(_problem(files, ("book", "chapters"), message, item=paths[-1]))


def _check_sections(
    root: Path, sections: tuple[Section, ...], files: list[YamlFile], problems: list[Problem]
) -> None:
    stands = {path.stem for pattern in ("*.qmd", "*.ipynb") for path in root.glob(pattern)}
    stands |= {path.stem for path in (root / "chapters").glob("*.[iq]*")}
    for section in sections:
        if section.chapter not in stands:
            message = (
                f'section "{section.name}" belongs to "{section.chapter}", which is no chapter.'
            )
            path = ("reviewpress", "sections", section.name)
            problems.append(_problem(files, path, message, nearest(section.chapter, stands)))


def _check_values(data: Mapping[str, Any], files: list[YamlFile], problems: list[Problem]) -> None:
    book = data.get("book") or {}
    for at, written in ((("book", "date"), book.get("date")), (("date",), data.get("date"))):
        try:
            date.fromisoformat(str(written or "2000-01-01")[:10])
        except ValueError:
            hint = "Write it as in 2026-11-22: a report made twice says the same."
            problems.append(_problem(files, at, f'the date "{written}" is no date.', hint))


def _check_files(
    root: Path,
    bibliography: tuple[Path, ...],
    csl: Path | None,
    files: list[YamlFile],
    problems: list[Problem],
) -> None:
    for path in bibliography:
        if not path.is_file():
            name = path.relative_to(root).as_posix()
            message = f"the bibliography {name} does not exist."
            stands = [path.relative_to(root).as_posix() for path in root.glob("*/*.bib")]
            problems.append(
                _problem(files, ("bibliography",), message, nearest(name, stands), name)
            )
    if csl is not None and not csl.is_file():
        message = f"the citation style {csl.relative_to(root).as_posix()} does not exist."
        problems.append(_problem(files, ("csl",), message))


def _check_output(
    output_dir: Path,
    root: Path,
    sources: Sequence[Path],
    files: list[YamlFile],
    problems: list[Problem],
) -> None:
    """A build replaces the output folder whole: it may hold nothing that an author wrote."""
    message = wrong_place(output_dir, root, sources)
    if message:
        problems.append(_problem(files, ("project", "output-dir"), message, OWN_FOLDER))


def _chapter_path(item: Any) -> str:
    if isinstance(item, Mapping):
        return str(item.get("file") or item.get("href") or next(iter(item.values()), ""))
    return str(item)


def _settings(
    written: Mapping[str, Any], files: list[YamlFile], problems: list[Problem]
) -> Settings:
    data = {key: value for key, value in written.items() if value is not None}
    for key in written:
        if key not in SETTINGS:
            message = f'unknown key "{key}" under reviewpress.'
            path = ("reviewpress", str(key))
            problems.append(_problem(files, path, message, nearest(str(key), SETTINGS)))
    citations = str(data.get("citations", "codes"))
    if citations not in CITATION_STYLES:
        message = f'citations cannot be "{citations}".'
        hint = nearest(citations, CITATION_STYLES)
        problems.append(_problem(files, ("reviewpress", "citations"), message, hint))
    years = data.get("included-years")
    other = {key: value for key, value in data.items() if key in SETTINGS and key != "limits"}
    if "doi" in other:
        other["doi"] = plain_doi(str(other["doi"]))
    return Settings(
        sections=_sections(data.get("sections"), files, problems),
        citations=citations,
        included_years=(years[0], years[1]) if years else None,
        typed_numbers=bool(data.get("typed-numbers", True)),
        typed_claims=bool(data.get("typed-claims", True)),
        schema=str(data.get("schema", "data/schema.yml")),
        limits=data.get("limits", {}),
        other=other,
    )


def _sections(data: Any, files: list[YamlFile], problems: list[Problem]) -> tuple[Section, ...]:
    if data is None:
        return ()
    sections = []
    for name, value in data.items():
        target, recorded = value, True
        if isinstance(value, Mapping):
            target, recorded = value.get("chapter"), bool(value.get("recorded", True))
        if not isinstance(target, str):
            message = f'section "{name}" names no chapter.'
            problems.append(_problem(files, ("reviewpress", "sections", str(name)), message))
            continue
        chapter, _, anchor = target.partition("#")
        sections.append(Section(str(name), chapter, anchor or None, recorded))
    return tuple(sections)


def _formats(data: Any, files: list[YamlFile], problems: list[Problem]) -> tuple[str, ...]:
    names = list(data) if isinstance(data, Mapping) else _as_list(data)
    found = []
    for name in names:
        base = _base_format(str(name))
        if base not in FORMATS.values():
            message = f'the format "{name}" is not one that reviewpress makes.'
            hint = nearest(base, FORMATS)
            problems.append(_problem(files, ("format", str(name)), message, hint))
        else:
            found.append(base)
    return tuple(dict.fromkeys(found))


def _base_format(name: str) -> str:
    base = re.sub(r"^.*-(?=[^-]+$)", "", name).split("+")[0]
    return FORMATS.get(base, base)


def _authors(value: Any) -> tuple[str, ...]:
    items = (
        item.get("name") or item.get("literal") if isinstance(item, Mapping) else item
        for item in _as_list(value)
    )
    return tuple(str(name) for name in items if name)


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _problem(
    files: Sequence[YamlFile],
    path: tuple[str, ...],
    message: str,
    hint: str = "",
    item: str | None = None,
) -> Problem:
    """Place a problem at the last file that says something at `path`."""
    for file in reversed(files):
        line = file.line(path, item)
        if line is not None:
            return Problem("config", message, Place(file.name, line=line), hint)
    return Problem("config", message, Place(files[0].name), hint)
