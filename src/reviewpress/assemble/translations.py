"""The other editions of a review: its text in other languages, and its report or summary.

    _quarto-report.yml       the report
    _quarto-report-cy.yml    lang: cy, and by its name the report in Welsh
    _quarto-crynodeb.yml     reviewpress: {translation-of: summary} says it of any other name

Two chapters are one in two languages if their files have the same name (`chapters/outcomes.qmd` and
`cy/outcomes.qmd`, or `outcomes.cy.qmd`), or their first headings the same id, or if the front
matter of one names the other: `translation-of: outcomes`.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reviewpress.assemble.front_matter import read_front_matter
from reviewpress.cldr import own_name
from reviewpress.config import Chapter, Config, default_profile, list_profiles, load_config
from reviewpress.errors import ReportError
from reviewpress.formats.objects import HTML
from reviewpress.languages import TAG, base_of
from reviewpress.notebooks.document import cells_of, load_document, text_of

KEY = "translation-of"
_LANG = re.compile(r"^lang:", re.M)
_HEADING = re.compile(r"^#\s.*\{[^}\n]*#([^\s}]+)", re.M)


@dataclass(frozen=True, slots=True)
class Translation:
    """An edition of the same text in another language, as an edition sees it.

    `pages` maps each chapter of the edition that has a counterpart there to that one's page.
    """

    config: Config
    name: str
    """What the language calls itself."""
    pages: Mapping[str, str]
    missing: tuple[Chapter, ...]
    """The chapters of the edition that the other one lacks."""

    @property
    def lang(self) -> str:
        """The tag of the language."""
        return self.config.lang

    def page_address(self, edition: Config, chapter: Chapter) -> str:
        """Return the address of a chapter's counterpart, or of the first page where it has none."""
        return self.address(edition, self.pages.get(chapter.path, "index.html"), chapter.page)

    def address(self, edition: Config, file: str, here: str) -> str:
        """Return the address of one of its files, as a file of the edition leads to it.

        It is on the web where each edition says under `url` where it is published, else beside the
        edition's own folder.
        """
        return address_of(self.config, file, edition, here)


def address_of(other: Config, file: str, edition: Config, here: str) -> str:
    """Return the address of another edition's file, as a file `here` of an edition leads to it."""
    said, theirs = (
        each.publication.shared_url or each.publication.url for each in (edition, other)
    )
    if said != theirs:
        address = web_address(other, file)
        if address:
            return address
    folder = (edition.output_dir / here).parent
    return os.path.relpath(other.output_dir / file, folder).replace(os.sep, "/")


def find_companions(config: Config) -> tuple[Config, ...]:
    """Return the other editions of a review in the same language, by their profiles.

    One of a matrix has none: they are of other parameters.
    """
    if config.collection is not None:
        return ()
    return tuple(other for other in other_editions(config) if other.lang == config.lang)


def find_translations(config: Config) -> tuple[Translation, ...]:
    """Return the editions of the same text in other languages, by their languages."""
    if config.collection is not None or not any(
        _LANG.search(_text(path)) for path in config.root.glob("_quarto-*.yml")
    ):
        return ()
    found = {}
    for other in other_editions(config):
        if original_of(other) == original_of(config) and other.lang != config.lang:
            found[other.lang] = _translation(config, other)
    return tuple(found[lang] for lang in sorted(found))


def web_address(config: Config, file: str) -> str:
    """Return where a file of an edition is on the web; empty where the review does not say."""
    url = config.publication.url
    return f"{url.rstrip('/')}/{file}" if url else ""


def page_links(
    config: Config, translations: Sequence[Translation], chapter: Chapter
) -> Iterator[dict[str, str]]:
    """Yield for readers the chapter in other languages, or the first page where it has no other."""
    for other in translations:
        if HTML in other.config.made:
            address = other.page_address(config, chapter)
            yield {"lang": other.lang, "name": other.name, "href": address}


def page_alternates(
    config: Config, translations: Sequence[Translation], chapter: Chapter
) -> list[dict[str, str]]:
    """Return for programs the chapter's page in each language that has it, its own among them."""
    found = [
        {"lang": other.lang, "href": other.page_address(config, chapter)}
        for other in translations
        if chapter.path in other.pages and HTML in other.config.made
    ]
    on_web = all(each["href"].startswith("http") for each in found)
    own = (on_web and web_address(config, chapter.page)) or chapter.page.rpartition("/")[2]
    return [{"lang": config.lang, "href": own}, *found] if found else []


def original_of(config: Config) -> str:
    """Return the profile of which an edition is the translation, its own where it is none.

    `reviewpress: translation-of:` says it, or else its name: `report-cy` is of `report`, and `cy`
    of the default edition.
    """
    said = config.settings.other.get(KEY)
    if said:
        return str(said)
    name, _, tag = config.profile.rpartition("-")
    if TAG.fullmatch(tag) and base_of(tag) == base_of(config.lang):
        original = name or default_profile(config.metadata)
        if original in config.profiles:
            return original
    return config.profile


def other_editions(config: Config) -> Iterator[Config]:
    """Yield the other editions of a review that can be read, by their profiles."""
    for profile in list_profiles(config.root):
        # What is wrong with another edition is for its own check to say.
        with suppress(ReportError):
            if profile != config.profile:
                yield load_config(config.root, profile, check_chapters=False)


def _translation(config: Config, other: Config) -> Translation:
    theirs: dict[str, str] = {}
    for chapter in reversed(other.chapters):
        theirs |= dict.fromkeys(_names_of(other, chapter), chapter.page)
    pages, missing = {}, []
    for chapter in config.chapters:
        page = next((theirs[name] for name in _names_of(config, chapter) if name in theirs), "")
        if page:
            pages[chapter.path] = page
        else:
            missing.append(chapter)
    region_matters = base_of(other.lang) == base_of(config.lang)
    name = own_name(other.lang if region_matters else base_of(other.lang))
    return Translation(other, name, pages, tuple(missing))


def _names_of(config: Config, chapter: Chapter) -> tuple[str, ...]:
    """Return what a chapter is known by in every language."""
    path = config.root / chapter.path
    with suppress(OSError, ReportError):
        stat = path.stat()
        return _names(path, chapter.path, config.lang, stat.st_mtime_ns, stat.st_size)
    return ()


@lru_cache(maxsize=500)
def _names(path: Path, name: str, lang: str, modified: int, size: int) -> tuple[str, ...]:
    text = _text(path)
    if name.endswith(".ipynb"):
        cells = cells_of(load_document(path, name))
        text = "\n\n".join(text_of(cell) for cell in cells if cell["cell_type"] != "code")
    said = read_front_matter(f"{text}\n", name).data.get(KEY)
    if said:
        return (_stem(str(said), ""),)
    heading = _HEADING.search(text)
    return (_stem(name, lang), *([f"#{heading[1]}"] if heading else []))


def _stem(name: str, lang: str) -> str:
    """Return a file's name without folder, ending and language.

    >>> _stem("cy/outcomes.ipynb", "cy"), _stem("chapters/outcomes-cy.qmd", "cy-GB")
    ('outcomes', 'outcomes')
    """
    stem = re.sub(r"\.(qmd|ipynb|md)$", "", name).rpartition("/")[2]
    tags = "|".join(re.escape(tag) for tag in dict.fromkeys((lang, base_of(lang))) if tag)
    return re.sub(rf"[._-](?:{tags})$", "", stem, flags=re.I) if tags else stem


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig", errors="replace")
