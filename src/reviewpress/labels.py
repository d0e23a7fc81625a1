"""The words that the framework writes, in the review's language.

    _extensions/reviewpress/language/en.json      every label, in English
    _extensions/reviewpress/language/fr.json      the same in French
    _extensions/reviewpress/language/en-US.json   only what differs where English has a region
    language: in _quarto.yml                      the review's own, over all of these

Labels that Quarto has too bear Quarto's names. Filters and templates get them as the metadata
`reviewpress-labels`, under Quarto from what the pre-render script hands over.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from reviewpress.cldr import known_labels, plural_rule, regional_labels
from reviewpress.errors import ConfigError, ReportError, SetupError, nearest
from reviewpress.extension import find_extension, installed_extension
from reviewpress.keys import NAMES
from reviewpress.languages import settle_joins
from reviewpress.shapes import Plain, as_mapping
from reviewpress.yaml import read_yaml

FOLDER = "language"
KEY = "language"
FALLBACK = "en"
KINDS = {
    "fig": "crossref-fig-title",
    "tbl": "crossref-tbl-title",
    "lst": "crossref-lst-title",
    "eq": "crossref-eq-prefix",
    "nte": "callout-note-title",
    "tip": "callout-tip-title",
    "imp": "callout-important-title",
    "wrn": "callout-warning-title",
    "cau": "callout-caution-title",
    "thm": "crossref-thm-title",
    "lem": "crossref-lem-title",
    "cor": "crossref-cor-title",
    "prp": "crossref-prp-title",
    "cnj": "crossref-cnj-title",
    "def": "crossref-def-title",
    "exm": "crossref-exm-title",
    "exr": "crossref-exr-title",
    "alg": "crossref-alg-title",
    "prf": "environment-proof-title",
    "rem": "environment-remark-title",
    "sol": "environment-solution-title",
    "sec": "crossref-sec-prefix",
    "chapter": "crossref-ch-prefix",
    "appendix": "crossref-apx-prefix",
}
"""What a cross-reference points to, and the label before its number."""
ALIKE = frozenset(("caption-separator", "evidence-source", "list-separator"))
"""Labels that are the same in many languages, and English in none."""
NUMBER_WORDS = frozenset(
    ("number-words", "number-words-feminine", "number-none", "number-none-feminine", "number-one",
     "number-one-feminine")
)  # fmt: skip
"""Labels in whose place a language that lacks them has digits."""
QUARTO_FAMILIES = (
    "appendix-", "article-", "back-", "code-", "draft", "environment-", "launch-", "listing-",
    "manuscript-", "notebook-", "other-", "related-", "repo-", "source-", "title-block-", "toggle-",
)  # fmt: skip
QUARTO_NAMES = (
    "copy-button-tooltip", "section-title-footnotes",
    "section-title-references", "section-title-reuse", "section-title-copyright",
    "search-no-results-text", "search-matching-documents-text", "search-copy-link-title",
    "search-hide-matches-text", "search-more-match-text", "search-more-matches-text",
    "search-clear-button-title", "search-text-placeholder", "search-detached-cancel-button-title",
    "search-submit-button-title", "crossref-fig-prefix", "crossref-tbl-prefix",
    "crossref-lol-title",
)  # fmt: skip
"""Labels that only Quarto writes: its own to check."""
_PREFIXES = {
    "fig": "crossref-fig-prefix", "tbl": "crossref-tbl-prefix", "lst": "crossref-lst-prefix",
}  # fmt: skip
"""What a reference to a float says before the number, where it is not as in captions."""
_TITLE_DELIM = "crossref-title-delim"
_CROSSREF_KEYS = {
    "fig-title": "crossref-fig-title",
    "tbl-title": "crossref-tbl-title",
    "lst-title": "crossref-lst-title",
    "lst-prefix": "crossref-lst-prefix",
    "fig-prefix": "crossref-fig-prefix",
    "tbl-prefix": "crossref-tbl-prefix",
    "sec-prefix": "crossref-sec-prefix",
    "eq-prefix": "crossref-eq-prefix",
    "lof-title": "crossref-lof-title",
    "lot-title": "crossref-lot-title",
    "title-delim": _TITLE_DELIM,
    **{f"{kind}-title": f"crossref-{kind}-title"
       for kind in ("thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr")},
}  # fmt: skip
_FORMS = ("zero", "two", "few", "many")
"""Forms of a label beside `-one` and `-other`, for languages that have several plurals."""
PLURALS = "plural-categories"
"""The label by which filters know the rule: the category of each number from 0 on."""
_PERIOD = 200
"""After so many, categories of whole numbers are those of 100 to 199 again (but Cornish 1000)."""
_SAME = {"in": "id", "iw": "he", "no": "nb", "zh-HK": "zh-TW", "zh-Hant": "zh-TW", "zh-MO": "zh-TW"}
"""Tags of which the extension has labels under another name."""
_PLACE = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


class Worded(Protocol):
    """What has words in a language: a review, by its settings."""

    @property
    def root(self) -> Path: ...
    @property
    def lang(self) -> str: ...
    @property
    def metadata(self) -> Mapping[str, Plain]: ...


@dataclass(frozen=True, slots=True)
class Labels(Mapping[str, str]):
    """The labels of one language by name; `lang` is the review's language tag.

    `known` names those that are in that language; the others are English.
    """

    lang: str
    texts: Mapping[str, str]
    known: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def language(self) -> str:
        """The language without its region."""
        return self.lang.split("-")[0].lower()

    def has(self, name: str) -> bool:
        """Whether a label is in the review's language, not an English one in its place."""
        return name in self.known

    def of_kind(self, kind: str) -> str:
        """Return the label before the number of a figure, table, section, chapter or appendix."""
        return self.texts.get(KINDS.get(kind, ""), "")

    def in_reference(self, kind: str) -> str:
        """Return what a reference to something of a kind says before its number."""
        return self.texts.get(_PREFIXES.get(kind, "")) or self.of_kind(kind)

    @property
    def after_caption_label(self) -> str:
        """What stands between the number of a figure or table and its caption."""
        return self.texts.get(_TITLE_DELIM, self.texts["caption-separator"]).rstrip(" ")

    def fill(self, name: str, /, **values: object) -> str:
        """Return a label with `{name}` replaced by each value.

        >>> load_language("fr").fill("version", version="1.0")
        'Version 1.0'
        """
        given = {key: str(value) for key, value in values.items()}
        filled = _PLACE.sub(lambda found: given.get(found[1], found[0]), self.texts[name])
        return settle_joins(filled)

    def count(self, name: str, number: float, /, **values: object) -> str:
        """Return the form of a label that a number takes: `name-one`, else `name-other`.

        A language may have others, by the category that Unicode gives its numbers: `name-few`.

        >>> load_language("en").count("cited-in-places", 3)
        'Cited in 3 places'
        """
        form = "one" if number == 1 else "other"
        if any(f"{name}-{other}" in self.texts for other in _FORMS):
            own = plural_rule(self.lang)(number)
            form = own if f"{name}-{own}" in self.texts else form
        return self.fill(f"{name}-{form}", **{"count": self.digits(number), **values})

    def digits(self, number: float) -> str:
        """Return a number in digits, as the language separates thousands and decimals.

        >>> load_language("en").digits(1224.5)
        '1,224.5'
        """
        return self.mark(f"{int(number):,}" if int(number) == number else f"{number:,g}")

    def date(self, date: str) -> str:
        """Return an ISO date in words, as the language writes it; what is no date comes back.

        >>> load_language("en").date("2026-11-22")
        '22 November 2026'
        """
        try:
            day = datetime.date.fromisoformat(date)
        except ValueError:
            return date
        month = self.texts["months"].split(" ")[day.month - 1]
        return self.fill("date-first" if day.day == 1 else "date", day=day.day, month=month,
                         year=day.year)  # fmt: skip

    def mark(self, number: str) -> str:
        """Return a number that is written as in English with the marks of the language."""
        marks = {",": self.texts["number-thousands"], ".": self.texts["number-decimal"]}
        return "".join(marks.get(character, character) for character in number)

    def join(self, items: list[str], last: str = "list-last") -> str:
        """Join items as a sentence lists them; `last` names the label of the last step.

        >>> load_language("fr").join(["a", "b", "c"])
        'a, b et c'
        """
        if len(items) < 2:
            return "".join(items)
        return self.fill(last, items=", ".join(items[:-1]), last=items[-1])


@dataclass(frozen=True, slots=True)
class _InLanguage:
    """A review's words, in a language."""

    root: Path
    lang: str
    metadata: Mapping[str, Plain]


def load_language(lang: str, root: Path | None = None) -> Labels:
    """Return the labels of a language as the extension has them.

    Numbers, dates and lists that it has not are as Unicode's CLDR says, and so are the numbers of
    a region. What else a language lacks is English. `root` is the review whose extension is read;
    what a copy of an earlier version lacks is that of the installed one.
    """
    folder = find_extension(root or Path.cwd()).folder / FOLDER
    texts = dict(_read(installed_extension().folder / FOLDER / f"{FALLBACK}.json"))
    texts |= _read(folder / f"{FALLBACK}.json")
    own: set[str] = set()
    for tag in _tags(lang):
        if _TAG.fullmatch(tag) and (folder / f"{tag}.json").is_file():
            found = _read(folder / f"{tag}.json")
            texts |= found
            own |= found.keys()
    if own < texts.keys():
        missing = {name: text for name, text in known_labels(lang).items() if name not in own}
        texts |= missing
        own |= missing.keys()
    return Labels(lang, {**texts, **regional_labels(lang)}, frozenset(own | ALIKE))


def load_labels(config: Worded) -> Labels:
    """Return a review's labels: those of its language, with its `language:` and `crossref:`.

    Raises ConfigError where the file that `language:` names cannot be read.
    """
    known = load_language(config.lang, config.root)
    own = _own(config.root, config.metadata, known.lang)
    crossref = config.metadata.get("crossref")
    renamed = {
        _CROSSREF_KEYS[name]: str(value)
        for name, value in (crossref.items() if isinstance(crossref, Mapping) else ())
        if name in _CROSSREF_KEYS
    }
    given = {
        name: str(text)
        for name, text in own.items()
        if name in known or name in _PREFIXES.values() or _form_of(name) in known
    }
    # As in Quarto, a word for captions is not one for references.
    said = {**known.texts, **given}
    prefixes = {name: said.get(name) or said[KINDS[kind]] for kind, name in _PREFIXES.items()}
    given = prefixes | given if renamed else given
    own_words = frozenset((*renamed, *given, PLURALS))
    texts = {**known.texts, **given, **renamed}
    if any(name.rpartition("-")[2] in _FORMS for name in texts):
        rule = plural_rule(known.lang)
        texts[PLURALS] = " ".join(map(rule, range(_PERIOD)))
    return Labels(known.lang, texts, known.known | own_words)


def labels_of(config: Worded, lang: str) -> Labels:
    """Return the labels of an edition in a language, which need not be that of the sources now."""
    return load_labels(_InLanguage(config.root, lang, config.metadata))


def wrong_labels(
    root: Path, metadata: Mapping[str, Plain]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield path, message and hint of each label under `language:` that cannot be used.

    Names that only Quarto knows are left to Quarto.
    """
    given = metadata.get(KEY)
    if given is None:
        return
    try:
        data = _given(root, given)
    except ReportError as error:
        message = f"the labels cannot be read: {error.problems[0].message}"
        yield (KEY,), message, "It takes the name of a YAML file, or labels: `close: Fermer`."
        return
    valid = load_language(FALLBACK, root)
    for path, name, value in _each(data):
        where = (KEY, *path, name)
        english = name if name in valid else _form_of(name)
        if english not in valid:
            if not _is_quartos(name):
                yield where, f'there is no label "{name}".', nearest(name, valid)
        elif isinstance(value, Mapping | list) or value is None:
            yield where, f'the label "{name}" takes words.', f'In English: "{valid[english]}".'
        else:
            yield from _wrong_places(where, english, str(value), valid[english], root)


def _wrong_places(
    where: tuple[str, ...], name: str, text: str, english: str, root: Path
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield what stands in braces in a label and is no place that it has."""
    places = {place for each in (english, load_language("fr", root)[name])
              for place in _PLACE.findall(each)}  # fmt: skip
    for place in _PLACE.findall(text):
        if place not in places:
            hint = nearest(place, places) or f'In English: "{english}".'
            yield where, f'the label "{name}" has no place {{{place}}}.', hint


def _tags(lang: str) -> tuple[str, ...]:
    """Return the names of a language, from the widest: sr, sr-Latn, sr-Latn-RS."""
    parts = lang.split("-")
    tags = [parts[0].lower(), *("-".join(parts[:n]) for n in range(2, len(parts) + 1))]
    return tuple(dict.fromkeys(name for tag in tags for name in (_SAME.get(tag, tag), tag)))


def _own(root: Path, metadata: Mapping[str, Plain], lang: str) -> dict[str, Plain]:
    """Return the review's own labels, those for its language or region over those for all."""
    if metadata.get(KEY) is None:
        return {}
    data = _given(root, metadata[KEY])
    own: dict[str, Plain] = {n: text for n, text in data.items() if not isinstance(text, Mapping)}
    for tag in dict.fromkeys((lang.split("-")[0], lang)):
        own |= as_mapping(data.get(tag))
    return own


def _given(root: Path, value: Plain) -> Mapping[str, Plain]:
    """Return what `language:` holds: labels, or the name of a YAML file with them."""
    if isinstance(value, Mapping):
        return value
    path = root / str(value)
    if not isinstance(value, str) or not path.is_file():
        raise ConfigError(f"there is no file {value}.")
    return read_yaml(path, root, NAMES).data


def _each(data: Mapping[str, Plain]) -> Iterator[tuple[tuple[str, ...], str, Plain]]:
    """Yield where each label stands, its name and its words."""
    for name, value in data.items():
        if isinstance(value, Mapping) and _TAG.fullmatch(str(name)):
            yield from (((str(name),), str(inner), text) for inner, text in value.items())
        else:
            yield (), str(name), value


def _form_of(name: str) -> str:
    """Return the label of which another is a form of several: `papers-other` of `papers-few`."""
    stem, _, form = name.rpartition("-")
    return f"{stem}-other" if form in _FORMS else ""


def _is_quartos(name: str) -> bool:
    return name in QUARTO_NAMES or name.startswith(QUARTO_FAMILIES)


def _read(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        message = f"the extension lacks {FOLDER}/{path.name}."
        raise SetupError(message, hint="Install reviewpress again, or `quarto add` it.")
    stat = path.stat()
    return _parse(path, stat.st_mtime_ns, stat.st_size)


@cache
def _parse(path: Path, modified: int, size: int) -> Mapping[str, str]:
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
