"""The fonts of an edition's pages and PDF for the letters that its brand's own lack."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from reviewpress.brand import Brand
from reviewpress.brand_fonts import EAST_ASIAN, PageFont, for_pages
from reviewpress.config import Config
from reviewpress.extension import Extension
from reviewpress.fallback_fonts import LATIN, Choice, Face, Fallback, choose_fonts
from reviewpress.fonts import cut_for_pages
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import FACES

_WIDE = "\u2014\u2018\u2019\u201c\u201d\u2026"
"""Marks that Latin shares with Chinese and Japanese, which have them as wide as their letters."""
_WIDE_RANGE = "U+2014,U+2018-2019,U+201C-201D,U+2026"


def _stand_ins(
    config: Config, extension: Extension, brand: Brand, characters: Iterable[str]
) -> Choice:
    """Return the families for the characters of an edition that its brand's fonts lack."""
    return choose_fonts(characters, brand.text_files, config.lang, extension.folder)


def page_fonts(
    config: Config, extension: Extension, brand: Brand, characters: set[str]
) -> tuple[list[PageFont], Mapping[str, bytes]]:
    """Return the fonts that an edition's pages are given beside the brand's, and their files."""
    fonts: list[PageFont] = []
    files: dict[str, bytes] = {}
    wide = config.lang.split("-")[0] in EAST_ASIAN
    wanted = characters | set(_WIDE) if wide else characters
    for number, family in enumerate(_stand_ins(config, extension, brand, characters).families, 1):
        name = family.family if family.shipped else f"Stand-in {number}"
        for face in family.faces:
            file, content = _page_file(config, name, family, face, wanted)
            fonts.append(PageFont(name, file, face.weight, face.style))
            files[file] = content
            if wide and set(_WIDE) <= family.characters:
                fonts.append(PageFont("Wide marks", file, face.weight, range=_WIDE_RANGE))
    return fonts, files


def typst_folders(
    config: Config, extension: Extension, brand: Brand, source: str, work: Path
) -> tuple[list[str], tuple[Path, ...]]:
    """Return the families that a Typst source needs beside the brand's, and all font folders.

    Typst looks through whole folders, and a package of fonts has many: the files that are needed
    are put into folders of their own below `work`.
    """
    drawn = (path.read_text("utf-8", "replace") for path in sorted(work.rglob("*.svg")))
    characters = set(source).union(*(text for text in drawn if "<text" in text))
    families = _stand_ins(config, extension, brand, characters).families
    folders = list(brand.font_folders)
    for family in families:
        if family.shipped:
            folders.append(family.faces[0].path.parent)
            continue
        folder = work / "fonts" / family.family.replace(" ", "")
        folder.mkdir(parents=True, exist_ok=True)
        for face in family.faces:
            goal = folder / face.path.name
            if not goal.is_file() or goal.stat().st_size != face.path.stat().st_size:
                shutil.copyfile(face.path, goal)
        folders.append(folder)
    return [family.family for family in families], tuple(dict.fromkeys(folders))


def _page_file(
    config: Config, name: str, family: Fallback, face: Face, wanted: set[str]
) -> tuple[str, bytes]:
    """Return a font file for pages: one that came with the extension whole, others cut."""
    if family.shipped:
        path = for_pages(face.path)
        return path.name, path.read_bytes()
    text = "".join(sorted(each for each in wanted & family.characters if each > LATIN))
    stem = f"{name.replace(' ', '')}-{face.weight.replace(' ', '-')}"

    def make() -> tuple[bytes, bytes]:
        content = cut_for_pages(face.path, text, name)
        return content, content

    inputs = [digest_file(face.path).encode(), text.encode(), name.encode()]
    return f"{stem}.woff2", FACES.get(config.store, inputs, make=make, read=bytes)
