"""Where a review's configuration is read."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urljoin

from reviewpress import keys
from reviewpress.archives import UnreadableArchive, unpack
from reviewpress.config.authors import AUTHOR_KEYS, read_authors, wrong_authors
from reviewpress.config.chapters import (
    Chapter,
    chapter_bibliographies,
    check_chapters,
    find_chapter,
    leave_out_drafts,
    list_chapters,
    on_disk,
)
from reviewpress.config.citation_style import wrong_style
from reviewpress.config.files import ConfigFiles
from reviewpress.config.known import find_unobeyed, refusals, remarks
from reviewpress.config.options import options_of
from reviewpress.config.profiles import (
    PROJECT_FILE,
    default_profile,
    find_root,
    list_profiles,
    merge_yaml,
)
from reviewpress.config.publication import URL_KEYS, Publication, read_publication
from reviewpress.config.review import Config
from reviewpress.config.settings import check_names, check_section_chapters, read_settings
from reviewpress.config.status import ended_embargo, wrong_status
from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.extension import wrong_brand
from reviewpress.formats.objects import ALL_NAMES, DOCX, HTML, base_name, find_format, obeying
from reviewpress.identifiers import wrong_identifiers
from reviewpress.labels import wrong_labels
from reviewpress.programs.limits import read_limits, wrong_limits
from reviewpress.programs.pdf_standards import ALL_STANDARDS, conflict
from reviewpress.shapes import as_mapping
from reviewpress.store.ordinary_files import not_a_file, odd_sources, refuse_special_files
from reviewpress.store.output_folder import OWN_FOLDER, wrong_place
from reviewpress.yaml import items_of, read_yaml

VARIABLES_FILE = "_variables.yml"
_UNSURE = re.compile(r"[*?!]|^/?figures/(?:fig|tbl)-")
"""Resources that need not be there: patterns, and what the build itself makes."""
_DOWNLOAD = "Nothing is fetched while an edition is made: download it, and name the file."
_TABLES = {keys.MATRIX_KEY: "the matrix", "retractions": "retractions"}
"""Settings that name a table, and what of."""


def load_config(
    start: Path | None = None,
    profile: str | None = None,
    *,
    check_chapters: bool = True,
    over: Mapping[str, Any] = MappingProxyType({}),
    drafts: bool = False,
) -> Config:
    """Read the review around `start` (the current folder) as `profile` sees it.

    Without `profile`, the default profile of `_quarto.yml` is taken. Profiles merge as in Quarto:
    mappings deeply, arrays by union, scalars by override. A chapter that computes does not need
    the others to exist: without `check_chapters` they may be missing. `over` is merged over what
    the files say, as another profile would be. Chapters that are drafts are left out, unless
    `drafts` are wanted; then no chapter is read. Raises ConfigError or Problems.
    """
    if start is not None and not start.exists():
        raise ConfigError("the folder does not exist.", Place(str(start)))
    root = find_root(start or Path.cwd())
    refuse_special_files(root)
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
        merged = merge_yaml(merged, said)
    merged = merge_yaml(merged, dict(over))
    return _config(
        root, name or "report", profiles, merged, ConfigFiles(files),
        is_whole=check_chapters, drafts=drafts,
    )  # fmt: skip


def _config(
    root: Path,
    name: str,
    profiles: tuple[str, ...],
    data: dict[str, Any],
    files: ConfigFiles,
    *,
    is_whole: bool,
    drafts: bool,
) -> Config:
    book = data.get("book") or {}
    project = data.get("project") or {}
    if project.get("type") != "book":
        files.add(("project", "type"), "a review is a project of type book.")
    listed = list_chapters(book, root)
    if is_whole:
        check_chapters(root, listed, files)
        # A chapter that computes does not depend on what the others are.
        listed = tuple(find_chapter(root, chapter.path, chapter) for chapter in listed)
    chapters = listed if drafts else leave_out_drafts(root, book, listed)
    if listed and not chapters:
        files.add(("book", "chapters"), "every chapter is a draft.")
    settings = read_settings(data.get("reviewpress") or {}, files, str(data.get("lang") or ""))
    if is_whole:
        check_section_chapters(root, settings.sections, [c.name for c in listed], files)
        files.problems += [*odd_sources(root), *wrong_brand(root)]
    _check_values(root, data, files)
    publication = read_publication(data, files)
    _check_standards(data, files)
    formats = _formats(data.get("format") or {HTML.name: "default"}, files)
    bibliography = tuple(
        root / on_disk(root, str(path)) for path in items_of(data.get("bibliography"))
    )
    bibliography = _with_chapters(root, bibliography, chapters if is_whole else (), files)
    csl = root / data["csl"] if data.get("csl") else None
    _check_files(root, data, bibliography, csl, files)
    if is_whole:
        # A chapter that computes reads none of these, and does not depend on them.
        _check_style(root, csl, files)
        _check_reference(root, data, files)
        _check_filters(root, files)
        check_names(root, settings, profiles, files)
    # Without dots: `new/../old` would be nothing before a build makes `new`, and `old` after it.
    output_dir = Path(os.path.normpath(root / str(project.get("output-dir") or f"_output/{name}")))
    publication = _beside_default(publication, root, name, output_dir, files)
    sources = (*(file.path for file in files.files), *bibliography, root / settings.schema,
               *(root / chapter.path for chapter in chapters))  # fmt: skip
    _check_output(output_dir, root, sources, files)
    variables = root / VARIABLES_FILE
    read = [*(file.path for file in files.files), *([variables] if variables.is_file() else [])]
    said = _judge_keys(root, files) if is_whole else ()
    out = tuple(chapter for chapter in listed if chapter not in chapters)
    said += tuple(_left_out(chapter) for chapter in out)
    said += ended_embargo(data, files) if is_whole else ()
    raise_all(files.problems)
    return Config(
        root=root,
        profile=name,
        profiles=profiles,
        title=str(book.get("title") or data.get("title") or root.name),
        subtitle=str(book.get("subtitle") or ""),
        authors=read_authors(
            next((at[key] for at in (book, data) for key in AUTHOR_KEYS if at.get(key)), None),
            book.get("affiliations") or data.get("affiliations"),
        ),
        date=str(book.get("date") or data.get("date") or ""),
        lang=str(data.get("lang") or "en"),
        chapters=chapters,
        formats=formats,
        output_dir=output_dir,
        bibliography=bibliography,
        csl=csl,
        settings=settings,
        publication=publication,
        limits=read_limits(settings.limits),
        metadata=data,
        variables=read_yaml(variables, root, keys.NAMES).data if variables.is_file() else {},
        sources=tuple(read),
        remarks=said,
        drafts=out,
        places=files.option_places(),
    )


def _beside_default(
    publication: Publication, root: Path, name: str, output_dir: Path, files: ConfigFiles
) -> Publication:
    """Return the facts of an edition with an address of its own.

    An address in `_quarto.yml` alone is that of the default edition; another is beside it as their
    folders are, where links between the two lead.
    """
    base, *over = files.files
    default = default_profile(base.data) or "report"
    said = any(file.line(path) for file in over for path in URL_KEYS)
    if not publication.url or not over or said or default == name:
        return publication
    path = root / f"_quarto-{default}.yml"
    own = read_yaml(path, root, keys.QUARTO).data if path.is_file() else {}
    project = {**as_mapping(base.data.get("project")), **as_mapping(own.get("project"))}
    first = root / str(project.get("output-dir") or f"_output/{default}")
    way = Path(os.path.relpath(output_dir, first)).as_posix()
    url = urljoin(f"{publication.url.rstrip('/')}/", f"{way}/")
    return replace(publication, url=url, shared_url=publication.url)


def _judge_keys(root: Path, files: ConfigFiles) -> tuple[Problem, ...]:
    """Return what is to be said of keys that are refused, and of those that ask in vain."""
    said: list[Problem] = []
    for file in files.files:
        found = list(find_unobeyed(file.data, file.lines, "project"))
        said += refusals(found, file.name)
        said += remarks(found, file.name, root)
    return tuple(said)


def _left_out(chapter: Chapter) -> Problem:
    message = "the chapter is a draft: it is left out of the edition."
    hint = "`reviewpress preview` shows it. Without `draft: true` it is published."
    return Problem("draft-chapter", message, Place(chapter.path), hint)


def _formats(data: Any, files: ConfigFiles) -> tuple[str, ...]:
    names = list(data) if isinstance(data, Mapping) else items_of(data)
    found = []
    for name in names:
        if isinstance(name, Mapping):
            message = "the formats are a list in one file, and have options in another."
            hint = "Write them in one way, as in `reviewpress-html: default`."
            raise ConfigError(message, files.place(("format",)), hint)
        made = find_format(str(name))
        if made is None:
            message = f'the format "{name}" is not one that reviewpress makes.'
            hint = nearest(base_name(str(name)), ALL_NAMES)
            files.add(("format", str(name)), message, hint)
        else:
            found.append(made.name)
    return tuple(dict.fromkeys(found))


def _check_values(root: Path, data: Mapping[str, Any], files: ConfigFiles) -> None:
    book = data.get("book") or {}
    for at, written in ((("book", "date"), book.get("date")), (("date",), data.get("date"))):
        try:
            datetime.fromisoformat(str(written or "2000-01-01"))
        except ValueError:
            hint = "Write it as in 2026-11-22: a report made twice says the same."
            files.add(at, f'the date "{written}" is not a date.', hint)
    for find in (wrong_identifiers, wrong_authors, wrong_status, wrong_limits):
        for wrong in find(data):
            files.add(*wrong)
    for wrong in wrong_labels(root, data):
        files.add(*wrong)


def _options_below(data: Mapping[str, Any], name: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield path and value of an option: at the top, and below each format that obeys it."""
    formats = data.get("format")
    yield (name,), data.get(name)
    for written, options in formats.items() if isinstance(formats, Mapping) else ():
        if find_format(str(written)) in obeying(name) and isinstance(options, Mapping):
            yield ("format", str(written), name), options.get(name)


def _check_standards(data: Mapping[str, Any], files: ConfigFiles) -> None:
    """Note what no PDF can conform to, before one is typeset."""
    for path, value in _options_below(data, "pdf-standard"):
        names = [str(name) for name in items_of(value)]
        unknown = [name for name in names if name not in ALL_STANDARDS]
        for name in unknown:
            message = f'"{name}" is not a standard that Typst can make a PDF conform to.'
            files.add(path, message, nearest(name, ALL_STANDARDS))
        both = None if unknown else conflict(names)
        if both:
            message = f"no PDF conforms to {both[0]} and {both[1]} at once."
            files.add(path, message, "Leave one of them out.")


def _with_chapters(
    root: Path, shared: tuple[Path, ...], chapters: Sequence[Chapter], files: ConfigFiles
) -> tuple[Path, ...]:
    """Return the bibliographies of the project, and those that chapters have of their own."""
    found = dict.fromkeys(shared)
    for where, path in chapter_bibliographies(root, chapters):
        if path.is_file() and path.is_relative_to(root):
            found[path] = None
        else:
            name = os.path.relpath(path, root)
            odd = not_a_file(path) if path.is_relative_to(root) else ""
            message = f"the bibliography {name} {odd or 'does not exist in the review'}."
            files.problems.append(Problem("bibliography", message, where))
    return tuple(found)


def _check_files(
    root: Path,
    data: Mapping[str, Any],
    bibliography: tuple[Path, ...],
    csl: Path | None,
    files: ConfigFiles,
) -> None:
    for key, what in (("bibliography", "bibliography"), ("csl", "citation style")):
        for name in map(str, items_of(data.get(key))):
            if "://" in name:
                message = f"the {what} {name} would be fetched from the network."
                files.add((key,), message, _DOWNLOAD, name)
    for path in bibliography:
        name = path.relative_to(root).as_posix()
        if not path.is_file() and ":/" not in name:
            odd = not_a_file(path)
            message = f"the bibliography {name} {odd or 'does not exist'}."
            stands = [path.relative_to(root).as_posix() for path in root.glob("*/*.bib")]
            files.add(("bibliography",), message, "" if odd else nearest(name, stands), name)
    for key, what in _TABLES.items():
        said = (data.get("reviewpress") or {}).get(key)
        table = str((said.get("rows") if isinstance(said, Mapping) else said) or "")
        if table and not (root / table).is_file():
            odd = not_a_file(root / table) or "does not exist"
            files.add(("reviewpress", key), f"the table of {what}, {table}, {odd}.")
    favicon = (data.get("book") or {}).get("favicon")
    if favicon and not (root / favicon).is_file():
        odd = not_a_file(root / favicon)
        message = f"the picture {favicon} {odd}." if odd else f"there is no picture {favicon}."
        files.add(("book", "favicon"), message)
    for name in map(str, items_of((data.get("project") or {}).get("resources"))):
        if not _UNSURE.search(name) and not (root / name.strip("/")).exists():
            message = f"the file {name} of the resources does not exist."
            files.add(("project", "resources"), message, item=name)


def _check_style(root: Path, csl: Path | None, files: ConfigFiles) -> None:
    if csl is not None and ":/" in csl.relative_to(root).as_posix():
        return
    if csl is not None and not csl.is_file():
        odd = not_a_file(csl) or "does not exist"
        files.add(("csl",), f"the citation style {csl.relative_to(root).as_posix()} {odd}.")
    elif csl is not None and (wrong := wrong_style(csl, root)):
        files.problems.append(wrong)


def _check_reference(root: Path, data: Mapping[str, Any], files: ConfigFiles) -> None:
    """Note a reference document that is none of Word's."""
    name = options_of(DOCX.name, data).text("reference-doc")
    if not name or _is_word_file(root / name):
        return
    odd = not_a_file(root / name)
    message = f"{name} {odd}." if odd else f"there is no Word file {name}."
    files.add(files.option("reference-doc"), message, "Save it from Word as .docx.")


def _check_filters(root: Path, files: ConfigFiles) -> None:
    """Note filters in Lua that are not there, under either engine; other names may be Quarto's."""
    for file in files.files:
        for path, value in _options_below(file.data, "filters"):
            for item in items_of(value):
                name = str(item.get("path") if isinstance(item, Mapping) else item)
                if name.endswith(".lua") and not (root / name).is_file():
                    near = [each.relative_to(root).as_posix() for each in root.glob("**/*.lua")]
                    message = f"there is no filter {name}."
                    files.add(path, message, nearest(name, near), name)


def _is_word_file(path: Path) -> bool:
    try:
        # A pipe would have to be waited for.
        return path.is_file() and "word/styles.xml" in unpack(path.read_bytes())
    except (UnreadableArchive, OSError):
        return False


def _check_output(
    output_dir: Path,
    root: Path,
    sources: Sequence[Path],
    files: ConfigFiles,
) -> None:
    """A build replaces the output folder whole: it may hold nothing that an author wrote."""
    message = wrong_place(output_dir, root, sources)
    if message:
        files.add(("project", "output-dir"), message, OWN_FOLDER)
