"""The text of an export, whatever its encoding; what is not certain is asked for, never guessed.

Records of a database are English with a few names in other languages. What tells encodings apart
is only in those few words: read in the right one they are words of some language, with its
letters, capitals at the start, and a vowel; read in a wrong one they are not.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from reviewpress.errors import BibliographyError, Place

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"^%\s*encoding:\s*([\w.-]+)", re.IGNORECASE | re.MULTILINE)
"""How JabRef says in which encoding it wrote a file."""
_WESTERN = (
    "àâæçéèêëîïôœùûüÿ", "äöüßé", "áéíóúñüª", "áâãàçéêíóôõúª", "àèéìòù", "æøåéöäü", "áðéíóúýþæö",
    "àçèéíïòóúü", "ëïéèöüáó", "áéíóú",
)  # fmt: skip
_CENTRAL = (
    "áčďéěíňóřšťúůýž", "áäčéíľňóôšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "čćđšž", "ăâîșțşţ", "äöüß",
)  # fmt: skip
_TURKISH = ("çğıöşüâî",)
"""The letters of languages that an encoding is used for; those that are rare in one left out."""
_VOWELS = frozenset("aeiouyæøœıаеёиоуыэюяєіїαεηιουωάέήίόύώ")
_ALONE = frozenset("àáâéèíóúöåæøőůñºªàÀÉÁÓÍÖÅ")
_SIGNS = frozenset("‘’“”‚„–—…«»‹›•·°±×÷€£¥©®™§¶†‡¼½¾²³¹µ¿¡ ≤≥−")
_TOKEN = re.compile(r"[^\s\x00-\x20]*[^\x00-\x7f][^\s\x00-\x20]*")
_SIGN_WITHIN = re.compile(
    r"(?<=[^\W\d_])[«»‹›“”„‚•°×€©®™†‡²³¹¿¡≤≥−](?=[^\W\d_])"
    r"|(?<=[^\W\d_])[±÷¶§£¥¼½¾]|[±÷¶¼½¾](?=[^\W\d_])|[ΰΐ]"
)
"""A sign between two letters, or beside one, where no language has it; two letters of Greek that
are rare, and stand for frequent ones of Russian."""
_NO_VOWEL_AFTER = re.compile("[ńśź][aeiouyąęó]")
"""Polish writes these before a vowel with an i."""
_FEW = 3
"""So many bytes may be damaged in an encoding that somebody asked for."""
_MOST = 3000
"""How many words with letters beyond ASCII are looked at."""


@dataclass(frozen=True, slots=True)
class _Encoding:
    """An encoding: what it is called, and which words of a text are words in it."""

    name: str
    title: str
    explains: Callable[[str, str], bool]


def decode_export(content: bytes, file: str, encoding: str = "") -> tuple[str, str]:
    """Return the text of an export, and a remark where it is not Unicode.

    Raises BibliographyError where it is not in `encoding`, and where no encoding is certain.
    """
    if encoding:
        return _decode_as(content, file, encoding)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace").removeprefix("\ufeff"), ""
    wide = _wide_encoding(content) if b"\0" in content else ""
    if wide:
        return content.decode(wide, errors="replace"), ""
    text = _decode_damaged(content)
    if text is not None:
        return text, ""
    declared = _DECLARED.search(content[:2000])
    if declared:
        with suppress(LookupError, UnicodeDecodeError):
            name = declared[1].decode("ascii")
            return content.decode(name), f"it was read as {name}, as it says of itself"
    return _decode_by_words(content, file)


def _decode_as(content: bytes, file: str, encoding: str) -> tuple[str, str]:
    """Return the text in an encoding that was asked for; a few bytes may be damaged."""
    try:
        return content.decode(encoding).removeprefix("\ufeff"), ""
    except LookupError:
        message = f'"{encoding}" is not the name of an encoding.'
        hint = "Names are utf-8, cp1252, latin2, mac_roman, gb18030, shift_jis …"
        raise BibliographyError(message, hint=hint) from None
    except UnicodeDecodeError as error:
        first = content.count(b"\n", 0, error.start) + 1
    text = content.decode(encoding, errors="replace").removeprefix("\ufeff")
    bad, beyond = text.count("\ufffd"), sum(byte > 127 for byte in content)
    is_unicode = codecs.lookup(encoding).name.startswith("utf")
    if not is_unicode or (bad > _FEW and bad * 10 > beyond):
        message = f"the file is not in the encoding {encoding}."
        raise BibliographyError(message, Place(file, line=first))
    lines = "1 byte is" if bad == 1 else f"{bad} bytes are"
    return text, f"{lines} damaged in {encoding}, the first in line {first}"


def _wide_encoding(content: bytes) -> str:
    """Return UTF-16 of the order in which half of the bytes are zero, if any."""
    sample = content[:4000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 3 < len(sample) // 2 or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _decode_damaged(content: bytes) -> str | None:
    """Return the text of UTF-8, with a sign in the place of bytes that are damaged if few are."""
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8")
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(len(found) for found in re.findall(r"[^\x00-\x7f\ufffd]+", text))
    return text if bad * 4 <= good else None


def _decode_by_words(content: bytes, file: str) -> tuple[str, str]:
    """Return the text in the encoding in which its words are words.

    Raises BibliographyError where that is none, or more than one that differ.
    """
    found = []
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding.name)
        except UnicodeDecodeError:
            continue
        words = _TOKEN.findall(text)[:_MOST]
        good = [encoding.explains(word, text) for word in words]
        found.append((sum(good) / len(good) if good else 1.0, encoding, text, words, good))
    found.sort(key=lambda one: -one[0])
    if not found or found[0][0] < 0.6:
        raise _not_certain(file, content, [(one[1], one[3]) for one in found[:3]])
    _, best, text, words, good = found[0]
    rivals = [
        (other, other_words)
        for _, other, other_text, other_words, other_good in found[1:]
        if other_text != text and not _is_worse(words, good, other_words, other_good)
    ]
    if rivals:
        raise _not_certain(file, content, [(best, words), *rivals[:3]])
    return text, f"it was read as {best.title}: --encoding says otherwise"


def _is_worse(
    words: list[str], good: list[bool], others: list[str], other_good: list[bool]
) -> bool:
    """Whether fewer words are words in the other reading, among those that differ."""
    if len(words) != len(others):
        return sum(other_good) * max(len(words), 1) < max(sum(good), 1) * len(others)
    apart = [n for n, (one, other) in enumerate(zip(words, others, strict=True)) if one != other]
    more = sum(good[n] for n in apart) - sum(other_good[n] for n in apart)
    return more > 0 and more * 10 >= len(apart)


def _damaged_in_utf8(content: bytes) -> int:
    """Return the line of the first damaged byte of UTF-8; 0 where nothing in it is UTF-8."""
    text = content.decode("utf-8", errors="replace")
    if text.count("\ufffd") > _FEW or not re.search(r"[^\x00-\x7f\ufffd]", text):
        return 0
    return text.count("\n", 0, text.find("\ufffd")) + 1


def _not_certain(
    file: str, content: bytes, found: list[tuple[_Encoding, list[str]]]
) -> BibliographyError:
    told = []
    pairs = list(zip(*(words for _, words in found), strict=False))
    differing = next((pair for pair in pairs if len(set(pair)) > 1), None)
    for position, (encoding, words) in enumerate(found):
        word = differing[position] if differing else next(iter(words), "")
        told.append(f"{encoding.title} (“{word[:30]}”, --encoding {encoding.name})")
    message = "the file is not UTF-8, and its encoding is not certain."
    damaged = _damaged_in_utf8(content)
    if damaged:
        told.insert(0, f"UTF-8 with a damaged byte in line {damaged} (--encoding utf-8)")
    hint = "Say which with --encoding."
    if told:
        hint = f"It may be {', '.join(told[:-1])}{' or ' if told[1:] else ''}{told[-1]}."
    return BibliographyError(message, Place(file), hint)


def _parts(word: str) -> Iterator[str]:
    return (part for part in re.split(r"[\W\d_]+", word) if part)


def _is_cased(part: str) -> bool:
    """Whether no capital beyond ASCII stands after a small letter, nor a small one in capitals."""
    bare = part[1:]
    return not any(
        not char.isascii() and char.isupper() and before.islower()
        for before, char in zip(part, bare, strict=False)
    ) and not (len(part) > 3 and part[0].islower() and bare.isupper())


def _has_vowel(part: str) -> bool:
    letters = unicodedata.normalize("NFKD", part.lower())
    return len(part) < 2 or any(char in _VOWELS for char in letters)


def _in_alphabets(alphabets: tuple[str, ...]) -> Callable[[str, str], bool]:
    """Return what says whether the words of a token have the letters of one language each."""
    sets = [frozenset(letters) for letters in alphabets]

    def explains(word: str, _: str) -> bool:
        signs = {char for char in word if not char.isascii() and not char.isalpha()}
        if signs - _SIGNS or _SIGN_WITHIN.search(word):
            return False
        for part in _parts(word):
            letters = {char for char in part.lower() if not char.isascii()}
            if not letters:
                continue
            if len(part) == 1 and part not in _ALONE:
                return False
            if not any(letters <= known for known in sets):
                return False
            if not (_is_cased(part) and _has_vowel(part)) or _NO_VOWEL_AFTER.search(part.lower()):
                return False
        return True

    return explains


def _in_script(name: str) -> Callable[[str, str], bool]:
    """Return what says whether all letters of a token beyond ASCII are of one script."""

    def explains(word: str, _: str) -> bool:
        others = {char for char in word if not char.isascii() and not char.isalpha()}
        if others - _SIGNS:
            return False
        for part in _parts(word):
            if part.isascii():
                continue
            if not all(unicodedata.name(char, "").startswith(name) for char in part):
                return False  # a letter of another alphabet within a word
            if not (_is_cased(part) and _has_vowel(part)) or (len(part) > 2 and part.isupper()):
                return False
        return True

    return explains


def _in_characters(name: str, first: int, last: int, more: str = "") -> Callable[[str, str], bool]:
    """Return what says whether a token is of frequent East Asian characters.

    The first bytes of those are between `first` and `last`. `more` are letters of which the text
    has to have some, as Japanese has.
    """

    def explains(word: str, text: str) -> bool:
        frequent = all_of_it = 0
        for char in word:
            if char.isascii() or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef":
                continue
            all_of_it += 1
            encoded = char.encode(name, errors="replace")
            is_letter = "\u4e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"
            frequent += (is_letter and first <= encoded[0] <= last) or (
                bool(more) and "\u3040" <= char <= "\u30ff"
            )
        return frequent * 4 >= all_of_it * 3 and (not more or bool(re.search(more, text)))

    return explains


_KANA = "[\u3041-\u3096\u30a1-\u30fa]"
_ENCODINGS = (
    _Encoding("cp1252", "Windows-1252", _in_alphabets(_WESTERN)),
    _Encoding("mac_roman", "Mac Roman", _in_alphabets(_WESTERN)),
    _Encoding("cp1250", "Windows-1250", _in_alphabets(_CENTRAL)),
    _Encoding("iso8859_2", "Latin-2", _in_alphabets(_CENTRAL)),
    _Encoding("cp1254", "Windows-1254", _in_alphabets(_TURKISH)),
    _Encoding("gb18030", "GBK", _in_characters("gb18030", 0xB0, 0xD7)),
    _Encoding("big5", "Big5", _in_characters("big5", 0xA4, 0xC6)),
    _Encoding("euc_kr", "EUC-KR", _in_characters("euc_kr", 0xB0, 0xC8)),
    _Encoding("shift_jis", "Shift JIS", _in_characters("shift_jis", 0x88, 0x97, _KANA)),
    _Encoding("euc_jp", "EUC-JP", _in_characters("euc_jp", 0xB0, 0xCF, _KANA)),
    _Encoding("cp1251", "Windows-1251", _in_script("CYRILLIC")),
    _Encoding("koi8_r", "KOI8-R", _in_script("CYRILLIC")),
    _Encoding("cp1253", "Windows-1253", _in_script("GREEK")),
)
