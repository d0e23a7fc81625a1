"""Characters that no font of an edition has: found before Typst, which would end, meets them."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from unicodedata import category

from reviewpress.assemble import ast
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.extension import find_extension
from reviewpress.fallback_fonts import choose_fonts, is_letter, lacking_words, mending_hint
from reviewpress.formats.objects import TYPST
from reviewpress.programs.typesetting import missing_glyphs
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import GLYPHS
from reviewpress.store.temporary_files import temporary_folder

_ENTITY = re.compile(r"&#?\w+;")


def check_glyphs(subject: Subject) -> Iterator[Problem]:
    """Find characters of chapters, references and titles that no font of the PDF has."""
    config, book = subject.config, subject.book
    if not subject.embedded or TYPST.name not in config.formats:
        return
    items = {key: json.dumps(subject.references.csl.get(key, {}), ensure_ascii=False)
             for key in book.cited}  # fmt: skip
    title = " ".join([config.title, config.subtitle, *config.author_names])
    labels = " ".join(book.labels.values())
    texts = (page.source.text for page in book.pages)
    shown = [title, labels, *items.values(), *map(unescape, texts)]
    yield from _private(subject)
    missing = _missing(subject, set().union(*shown))
    if missing:
        yield from _in_chapters(subject, missing)
        for key, text in items.items():
            yield from _problems(_of(text, missing), _place_of_entry(subject, key), f" of @{key}")
        yield from _problems(_of(title, missing), Place("_quarto.yml"))
        where = f' of what is written in the language "{config.lang}", such as a date'
        yield from _problems(_of(labels, missing), Place("_quarto.yml"), where)


def _private(subject: Subject) -> Iterator[Problem]:
    """Yield characters of icon fonts: only their font says what they are, and PDF/A has none."""
    for page in subject.book.pages:
        text = page.source.text
        for each in sorted({each for each in unescape(text) if category(each) == "Co"}):
            message = f"the character U+{ord(each):04X} is for private use, and no PDF/A has those."
            hint = "Write the character that is meant, or show it as an image."
            yield Problem("glyph", message, page.source.place_of(_written(each, text)), hint)


def _written(character: str, text: str) -> str:
    """Return how a character is written in a text: as it is, or as an entity."""
    entities = (each for each in _ENTITY.findall(text) if unescape(each) == character)
    return character if character in text else next(entities, character)


def _missing(subject: Subject, characters: set[str]) -> set[str]:
    """Return what no font has: of letters no brand's nor stand-in, of signs not Typst's own."""
    config, extension = subject.config, find_extension(subject.config.root)
    brand = extension.brand(config.root)
    lacking = choose_fonts(characters, brand.text_files, config.lang, extension.folder).lacking
    letters = {each for each in lacking if is_letter(each)}
    signs = "".join(each for each in lacking if each not in letters)
    fonts = brand.font_folders
    files = [digest_file(path) for folder in fonts for path in sorted(folder.glob("*.[ot]t[fc]"))]

    def make() -> tuple[str, bytes]:
        # Asked once for the same signs and fonts.
        with temporary_folder() as folder:
            missing = missing_glyphs(signs, folder, fonts)
        return missing, json.dumps(missing).encode()

    def read(kept: bytes) -> str:
        return str(json.loads(kept))

    found = GLYPHS.get(config.store, [files, signs], make=make, read=read) if signs else ""
    return letters | set(found)


def _in_chapters(subject: Subject, missing: set[str]) -> Iterator[Problem]:
    for page in subject.book.pages:
        text = page.source.text
        if not _of(unescape(text), missing):
            continue
        # What stands in a comment, or is for another format, is not set.
        found = _of(ast.to_json(page.copy_for(TYPST.name)).decode(), missing)
        places: dict[Place, list[str]] = {}
        for each in found:
            places.setdefault(page.source.place_of(_written(each, text)), []).append(each)
        for place, here in sorted(places.items(), key=lambda pair: str(pair[0])):
            yield from _problems(here, place)


def _problems(missing: Iterable[str], place: Place, where: str = "") -> Iterator[Problem]:
    characters = "".join(missing)
    if characters:
        message = f"the fonts of the PDF lack {lacking_words(characters)}{where}."
        yield Problem("glyph", message, place, mending_hint())


def _of(text: str, missing: set[str]) -> list[str]:
    """Return the missing characters of a text, in their order there."""
    return [each for each in dict.fromkeys(text) if each in missing]


def _place_of_entry(subject: Subject, key: str) -> Place:
    """Return where the bibliography has an entry; its files, where the key is written otherwise."""
    config = subject.config
    names = {path: path.relative_to(config.root).as_posix() for path in config.bibliography}
    for path, name in names.items():
        before, found, _ = path.read_text(encoding="utf-8", errors="replace").partition(f"{{{key},")
        if found:
            return Place(name, line=before.count("\n") + 1)
    return Place(", ".join(names.values()))
