"""What stands under `reviewpress:`, and the sections of a review."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewpress import keys
from reviewpress.config.files import ConfigFiles
from reviewpress.errors import ConfigError, nearest
from reviewpress.identifiers import plain_doi
from reviewpress.languages import tag_for
from reviewpress.store.ordinary_files import not_a_file

CITATION_STYLES = ("codes", "author-date")
SETTINGS = {name: setting.says for name, setting in keys.SETTINGS.items()}


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
    shown: str = ""
    """What readers see, where the edition's language has a name for it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands under `reviewpress:`."""

    sections: tuple[Section, ...] = ()
    citations: str = "codes"
    unit: str = "papers"
    included_years: tuple[int, int] | None = None
    typed_numbers: bool = True
    typed_claims: bool = True
    hyphenation: bool = False
    word_page_numbers: bool = False
    show_values: bool = True
    data_package: bool | tuple[str, ...] = True
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


def read_settings(written: Mapping[str, Any], files: ConfigFiles, lang: str = "") -> Settings:
    """Return the settings of a review in a language; what is wrong is noted in `files`."""
    data = {key: value for key, value in written.items() if value is not None}
    for key in written:
        if key not in SETTINGS:
            message = f'unknown key "{key}" under reviewpress.'
            path = ("reviewpress", str(key))
            files.add(path, message, nearest(str(key), SETTINGS))
    citations = str(data.get("citations", "codes"))
    if citations not in CITATION_STYLES:
        message = f'citations cannot be "{citations}".'
        hint = nearest(citations, CITATION_STYLES)
        files.add(("reviewpress", "citations"), message, hint)
    years = data.get("included-years")
    asked = data.get("data-package", True)
    tables = [asked] if isinstance(asked, str) else asked
    other = {key: value for key, value in data.items() if key in SETTINGS and key != "limits"}
    if "doi" in other:
        other["doi"] = plain_doi(str(other["doi"]))
    return Settings(
        sections=_sections(data.get("sections"), files, lang),
        citations=citations,
        unit=str(data.get("unit", "papers")),
        included_years=(years[0], years[1]) if years else None,
        typed_numbers=bool(data.get("typed-numbers", True)),
        typed_claims=bool(data.get("typed-claims", True)),
        hyphenation=bool(data.get("hyphenation", False)),
        word_page_numbers=bool(data.get("word-page-numbers", False)),
        show_values=bool(data.get("show-values", True)),
        data_package=tuple(tables) if isinstance(tables, list) else tables,
        schema=str(data.get("schema", "data/schema.yml")),
        limits=data.get("limits", {}),
        other=other,
    )


def check_section_chapters(
    root: Path, sections: tuple[Section, ...], listed: Iterable[str], files: ConfigFiles
) -> None:
    """Note sections that belong to no chapter, `listed` in the edition or in the folders."""
    stands = set(listed) | {
        path.stem for pattern in ("*.qmd", "*.ipynb") for path in root.glob(pattern)
    }
    stands |= {path.stem for path in (root / "chapters").glob("*.[iq]*")}
    for section in sections:
        if section.chapter not in stands:
            message = (
                f'section "{section.name}" belongs to "{section.chapter}", which is not a chapter.'
            )
            path = ("reviewpress", "sections", section.name)
            files.add(path, message, nearest(section.chapter, stands))


def check_names(
    root: Path, settings: Settings, profiles: Sequence[str], files: ConfigFiles
) -> None:
    """Note settings that name a file or an edition that cannot be what they ask for."""
    said = {name: str(value) for name, value in settings.other.items() if value}
    schema = said.get("schema", "")
    if schema and not (root / schema).is_file():
        near = [each.relative_to(root).as_posix() for each in (root / "data").glob("*.yml")]
        odd = not_a_file(root / schema)
        message = f"the schema {schema} {odd}." if odd else f"there is no schema {schema}."
        files.add(("reviewpress", "schema"), message, "" if odd else nearest(schema, near))
    records = said.get("records", "")
    if records and (not records.endswith(".bib") or (root / records).is_dir()):
        message = f"imports could not write their records to {records}."
        files.add(("reviewpress", "records"), message, "Name a file that ends in .bib.")
    original = said.get("translation-of", "")
    if original and original not in profiles:
        message = f'there is no edition "{original}", of which this one could be the translation.'
        files.add(("reviewpress", "translation-of"), message, nearest(original, profiles))


def _sections(data: Any, files: ConfigFiles, lang: str) -> tuple[Section, ...]:
    if data is None:
        return ()
    sections = []
    for name, value in data.items():
        target, recorded, shown = value, True, ""
        if isinstance(value, Mapping):
            named = value.get("name") or ""
            shown = str(_said(named, lang) if isinstance(named, Mapping) else named)
            target, recorded = value.get("chapter"), bool(value.get("recorded", True))
        if not isinstance(target, str):
            message = f'section "{name}" names no chapter.'
            files.add(("reviewpress", "sections", str(name)), message)
            continue
        chapter, _, anchor = target.partition("#")
        sections.append(Section(str(name), chapter, anchor or None, recorded, shown))
    return tuple(sections)


def _said(names: Mapping[str, Any], lang: str) -> Any:
    """Return the name of a section in a language; empty where it has its own alone."""
    tag = tag_for(names, lang)
    return names[tag] if tag else ""
