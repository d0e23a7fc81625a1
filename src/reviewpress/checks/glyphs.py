"""Characters that the fonts of the PDF lack: found before Typst, which would end, meets them."""

import json
from collections.abc import Iterator, Mapping

from reviewpress.assemble import ast
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.extension import find_extension
from reviewpress.formats.objects import TYPST
from reviewpress.programs.typesetting import missing_glyphs
from reviewpress.store.files import digest_file
from reviewpress.store.kinds import GLYPHS
from reviewpress.store.temporary_files import temporary_folder

_EVERYWHERE = 0x17F
"""Up to this character every font for Latin letters has all."""
_HINT = "Add a font that has it to `_brand.yml`, or write it in letters that the fonts have."


def check_glyphs(subject: Subject) -> Iterator[Problem]:
    """Find characters of chapters, references and titles that no font of the PDF has."""
    config, book = subject.config, subject.book
    if not subject.embedded or TYPST.name not in config.formats:
        return
    items = {key: json.dumps(subject.references.csl.get(key, {}), ensure_ascii=False)
             for key in book.cited}  # fmt: skip
    title = " ".join([config.title, config.subtitle, *config.authors])
    texts = [title, *items.values(), *(page.source.text for page in book.pages)]
    rare = {each for text in texts for each in text if ord(each) > _EVERYWHERE}
    missing = _missing(subject, "".join(sorted(rare))) if rare else ""
    if missing:
        yield from _in_chapters(subject, missing)
        yield from _in_references(subject, items, missing)
        for each in missing:
            if each in title:
                yield _problem(each, Place("_quarto.yml"))


def _missing(subject: Subject, characters: str) -> str:
    """Ask Typst, once for the same characters and fonts."""
    config = subject.config
    fonts = find_extension(config.root).brand(config.root).font_folders
    files = [digest_file(path) for folder in fonts for path in sorted(folder.glob("*.[ot]t[fc]"))]

    def make() -> tuple[str, bytes]:
        with temporary_folder() as folder:
            missing = missing_glyphs(characters, folder, fonts)
        return missing, missing.encode()

    inputs = [*(each.encode() for each in files), characters.encode()]
    return GLYPHS.get(config.store, inputs, make=make, read=bytes.decode)


def _in_chapters(subject: Subject, missing: str) -> Iterator[Problem]:
    for page in subject.book.pages:
        if not any(each in page.source.text for each in missing):
            continue
        # What stands in a comment, or is for another format, is not set.
        shown = ast.to_json(page.copy_for(TYPST.name)).decode()
        for each in missing:
            if each in shown:
                yield _problem(each, page.source.place_of(each))


def _in_references(subject: Subject, items: Mapping[str, str], missing: str) -> Iterator[Problem]:
    config = subject.config
    names = [path.relative_to(config.root).as_posix() for path in config.bibliography]
    for key, text in items.items():
        for each in missing:
            if each in text:
                yield _problem(each, Place(", ".join(names)), f" of @{key}")


def _problem(character: str, place: Place, where: str = "") -> Problem:
    code = f"U+{ord(character):04X}"
    message = f'the fonts of the PDF lack the character "{character}" ({code}){where}.'
    return Problem("glyph", message, place, _HINT)
