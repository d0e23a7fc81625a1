"""Fonts for the letters that a brand's own lack, the same in pages, PDF and charts.

Some come with the extension (Greek, Cyrillic, Hebrew), the others in the packages of the extra
`fonts`; the machine's are never used. What a text needs is chosen script by script, so that a text
whose letters the brand has is set as if there were none of this.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from unicodedata import category

from reviewpress.fonts import cover, name_of_script, script_of

INSTALL = 'pip install "reviewpress[fonts]"'
PACKAGES = (
    "manimgx_fonts", "weblate_fonts", "noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold",
)  # fmt: skip
"""The packages of the extra."""
_SHOWN = 5
_KURINTO = "static/weblate_fonts/kurinto/ttf"
_WITH_HAN = ("Hira", "Kana", "Bopo")
"""Scripts of words that have Chinese characters, too: one font for both."""
LATIN = "\u017f"
_UNMARKED = ("Zyyy", "Zinh")
_VARIATIONS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))}


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and what it is for: a weight or, of a variable font, a range of them."""

    path: Path
    weight: str = "400"
    style: str = "normal"


@dataclass(frozen=True, slots=True)
class Fallback:
    """A family that stands in where the brand's own have no letter."""

    family: str
    faces: tuple[Face, ...]
    shipped: bool = False

    @property
    def characters(self) -> frozenset[str]:
        """What its first file has; the others have the same."""
        return cover(self.faces[0].path)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a text needs: the families that stand in, and what none of them has."""

    families: tuple[Fallback, ...] = ()
    lacking: str = ""


def choose_fonts(
    characters: Iterable[str], own: Iterable[Path], lang: str, extension: Path
) -> Choice:
    """Return the families for what the files of `own` lack, in the order they are asked.

    Each script is set in the first family that has all that is needed of it. `extension` is the
    folder of the extension; `lang` says whose forms of Chinese characters come first.
    """
    files = list(own)
    # Ours have every letter up to there: a text of no others is not looked at.
    least = LATIN if any(path.parent == extension / "fonts" for path in files) else ""
    needed = {each for each in characters if each > least and _is_shown(each)}
    for path in files:
        if not needed:
            break
        needed -= cover(path)
    if not needed:
        return Choice()
    known = fallbacks(extension, lang)
    chosen: set[str] = set()
    for script, wanted in _by_script(needed):
        wanted = wanted - _of(known, chosen) if script in _UNMARKED else wanted
        chosen |= set(_families_for(script, wanted, known))
    found = tuple(each for each in known if each.family in chosen)
    return Choice(found, "".join(sorted(needed - _of(found, chosen))))


def fallbacks(extension: Path, lang: str) -> tuple[Fallback, ...]:
    """Return every family that can stand in here, in the order they are asked."""
    return (*_shipped(extension), *_noto(), *_kurinto(lang))


def is_letter(character: str) -> bool:
    """Say whether a character is written with others, and so has to be of their font."""
    return category(character)[0] in "LM"


def lacking_words(characters: str) -> str:
    """Say which characters no font has, the first few of many.

    >>> lacking_words("王")
    'the character "王" (U+738B, Han)'
    >>> lacking_words("王芳一二三四五")
    '7 characters of Han: "王", "芳", "一", "二", "三" and 2 more'
    """
    script = scripts_of(characters)
    if len(characters) == 1:
        return f'the character "{characters}" (U+{ord(characters):04X}{script and f", {script}"})'
    shown = ", ".join(f'"{each}"' for each in characters[:_SHOWN])
    more = f" and {len(characters) - _SHOWN} more" if len(characters) > _SHOWN else ""
    return f"{len(characters)} characters{script and f' of {script}'}: {shown}{more}"


def mending_hint() -> str:
    """Say what to do about characters that no font has."""
    other = "add a font that has it to `_brand.yml`, or write it in letters that the fonts have"
    if all(_folder(package) for package in PACKAGES):
        return f"{other[0].upper()}{other[1:]}."
    return f"Run `{INSTALL}`, which brings fonts for nearly every script; or {other}."


def scripts_of(characters: str) -> str:
    """Say in English what some characters are: "Han and Thai".

    >>> scripts_of("王芳ก☎")
    'Han and Thai'
    >>> scripts_of("☎")
    ''
    """
    found = {script_of(each) for each in characters} - {*_UNMARKED, "Zzzz"}
    names = sorted(map(name_of_script, found))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _is_shown(character: str) -> bool:
    """Whether a character has a shape: not a mark that says how others are to be written."""
    is_invisible = category(character) in ("Cc", "Cf") or category(character)[0] == "Z"
    return not is_invisible and character not in _VARIATIONS


def _by_script(characters: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield the characters of each script, those of none at the end."""
    found: dict[str, set[str]] = {}
    for each in characters:
        script = script_of(each)
        found.setdefault("Hani" if script in _WITH_HAN else script, set()).add(each)
    yield from sorted(found.items(), key=lambda pair: (pair[0] in _UNMARKED, pair[0]))


def _families_for(script: str, wanted: set[str], known: Sequence[Fallback]) -> Iterator[str]:
    """Yield the first family that has all, else each that has some of what is still wanted."""
    if not wanted:
        return
    able = [each for each in known if wanted & each.characters]
    whole = next((each for each in able if wanted <= each.characters), None)
    for each in [whole] if whole else able:
        if wanted & each.characters:
            yield each.family
            wanted = wanted - each.characters


def _of(families: Iterable[Fallback], chosen: set[str]) -> set[str]:
    found: set[str] = set()
    return found.union(*(each.characters for each in families if each.family in chosen))


def _shipped(extension: Path) -> Iterator[Fallback]:
    faces = {"Regular": "400", "Italic": "400", "SemiBold": "600", "Bold": "700"}
    for folder, family in (
        ("fonts", "Review Sans"),
        ("fonts-more", "Review Sans More"),
        ("fonts-more", "Review Sans Hebrew"),
    ):
        stem = f"{folder}/{family.replace(' ', '')}"
        found = tuple(
            Face(path, weight, "italic" if style == "Italic" else "normal")
            for style, weight in faces.items()
            if (path := extension / f"{stem}-{style}.ttf").is_file()
        )
        if found:
            yield Fallback(family, found, shipped=True)


def _noto() -> tuple[Fallback, ...]:
    """Return the families of a package with a file for each script.

    Not its Arabic, whose letters are put together from parts: what is copied from a PDF has them
    twice.
    """
    folder = _folder(PACKAGES[0])
    if folder is None:
        return ()
    scripts = ("Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu",
               "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Georgian",
               "Armenian", "Ethiopic")  # fmt: skip
    names = [*(f"Noto Sans {script}" for script in scripts), "Noto Emoji", "Noto Sans Symbols"]
    paths = [(name, folder / f"{name.replace(' ', '')}[wght].ttf") for name in names]
    return tuple(Fallback(name, (Face(path, "400 700"),)) for name, path in paths if path.is_file())


def _kurinto(lang: str) -> tuple[Fallback, ...]:
    """Return the families of a package for most scripts, the language's own first."""
    folder = _folder(PACKAGES[1])
    if folder is None:
        return ()
    found = []
    japanese = _noto_japanese()
    for ending in ("", *_east_asian_order(lang)):
        if ending == "JP" and japanese:
            found.append(japanese)
            continue
        name = f"KurintoSans{ending}"
        faces = (
            Face(folder / _KURINTO / f"{name}-Rg.ttf"),
            Face(folder / _KURINTO / f"{name}-Bd.ttf", "700"),
        )
        if all(face.path.is_file() for face in faces):
            found.append(Fallback(f"Kurinto Sans {ending}".strip(), faces))
    return tuple(found)


def _noto_japanese() -> Fallback | None:
    """Return a family for Japanese: Kurinto's has kana lighter than its Chinese characters."""
    regular, bold = map(_folder, PACKAGES[2:])
    if regular is None or bold is None:
        return None
    faces = (
        Face(regular / "NotoSansCJKjp-Regular.otf"),
        Face(bold / "NotoSansCJKjp-Bold.otf", "700"),
    )
    whole = all(face.path.is_file() for face in faces)
    return Fallback("Noto Sans CJK JP", faces) if whole else None


def _east_asian_order(lang: str) -> tuple[str, ...]:
    """Return whose forms of Chinese characters a language has, those first.

    >>> _east_asian_order("zh-Hant-HK")[0], _east_asian_order("ja")[0], _east_asian_order("en")[0]
    ('TC', 'JP', 'SC')
    """
    tags = lang.casefold().split("-")
    first = {"ja": "JP", "ko": "KR"}.get(tags[0], "SC")
    if tags[0] in ("zh", "yue") and {"hant", "tw", "hk", "mo"} & {*tags, *tags[:1]}:
        first = "TC"
    return tuple(dict.fromkeys((first, "SC", "TC", "KR", "JP")))


def _folder(package: str) -> Path | None:
    found = find_spec(package)
    places = found.submodule_search_locations if found else None
    return Path(places[0]) if places else None
