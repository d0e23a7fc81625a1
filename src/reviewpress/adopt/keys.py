"""Settings that are moved in: those that are obeyed here, where they belong."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from reviewpress.adopt.notes import Note
from reviewpress.adopt.original import Original
from reviewpress.errors import Place
from reviewpress.key_table import Key, Level
from reviewpress.quarto_keys import BOOK_KEYS, CROSSREF_KEYS, DOCUMENT_KEYS, EXECUTE_KEYS
from reviewpress.shapes import Plain, as_mapping, as_text, find_misfits
from reviewpress.yaml import dump_yaml, items_of

_BELOW = {"execute": EXECUTE_KEYS, "crossref": CROSSREF_KEYS}
_APART = (
    "project",
    "book",
    "website",
    "site",
    "manuscript",
    "format",
    "output",
    "profile",
    "filters",
)
"""Keys whose place here is another, or none."""
_OF_THE_REVIEW = ("author", "affiliations", "date", "abstract", "keywords", "bibliography",
                  "csl", "lang", "number-sections", "crossref")  # fmt: skip
"""What a document says that a review says for all its chapters."""
_OF_FORMATS = ("css", "include-in-header", "filters", "reference-doc", "margin", "papersize")
"""What a format says for itself alone."""
_LISTED = ("chapters", "appendices", "title", "author", "date")
_DATES = ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%m/%d/%Y", "%Y/%m/%d", "%d %b %Y", "%b %d, %Y")
_WHOLE_KEY = re.compile(r"^([^\s#'\"][^:\n]*|'[^'\n]+'|\"[^\"\n]+\"):(?:[ \t]|$)")
FORMATS = ("reviewpress-html", "reviewpress-typst", "reviewpress-docx")


def review_settings(
    original: Original, first: Mapping[str, Plain], notes: list[Note]
) -> dict[str, Plain]:
    """Return what `_quarto.yml` of the review says, without its chapters.

    `first` is what stands above the text of the first chapter. What is left out is in `notes`.
    """
    given = dict(original.settings) if original.kind != "bookdown" else {}
    if original.kind in ("document", "manuscript", "bookdown"):
        given = {**{key: first[key] for key in _OF_THE_REVIEW if key in first}, **given}
    formats = {**as_mapping(given.get("format")), **as_mapping(first.get("format"))}
    lifted: dict[str, Plain] = {}
    for options in formats.values():
        lifted |= {
            key: value for key, value in as_mapping(options).items()
            if key not in lifted and key not in _OF_FORMATS
        }  # fmt: skip
    kept = _kept(given, "project")
    kept = {**_kept(lifted, "project"), **kept}
    dropped = [key for key in original.settings if key not in kept and key not in _APART]
    notes += _left_out(dropped, original)
    site = {
        **as_mapping(given.get("website") or given.get("site")),
        **as_mapping(given.get("book")),
    }
    book = {
        key: value for key, value in site.items()
        if key in BOOK_KEYS and BOOK_KEYS[key].at and key not in _LISTED
        and _fits(BOOK_KEYS[key], value)
    }  # fmt: skip
    title = as_text(site.get("title") or first.get("title")) or original.name
    title = " ".join(title.split())
    author = site.get("author") or kept.pop("author", None)
    if not author and (author := first.get("author")) and "affiliations" in first:
        kept.setdefault("affiliations", first["affiliations"])
    date = day_of(site.get("date") or kept.pop("date", None) or first.get("date"))
    named = {"author": author} if author and _fits(DOCUMENT_KEYS["author"], author) else {}
    named |= {"date": date} if date else {}
    kept.pop("title", None), kept.pop("date", None), kept.pop("author", None)
    if original.kind not in ("book", "bookdown"):
        kept = {"number-sections": False, "crossref": {"chapters": False}, **kept}
    execute = {"echo": True, **as_mapping(kept.pop("execute", None))}
    execute["ipynb-filters"] = ["../scripts/executed.py"]
    return {
        "project": {
            "type": "book", "pre-render": "scripts/pre_render.py",
            "post-render": "scripts/post_render.py",
        },
        "profile": {"default": "report"},
        "lang": as_text(kept.pop("lang", None)) or "en",
        "suppress-bibliography": True,
        "citeproc": False,
        **kept,
        "book": {"title": title, **named, **book},
        "execute": execute,
    }  # fmt: skip


def front_matter_lines(
    head: str,
    said: Mapping[str, Plain],
    *,
    is_first: bool,
    kind: str,
    freeze: bool,
    shown: set[str],
) -> tuple[list[str], list[str]]:
    """Return the lines that stand above a chapter here, and the keys that were left out.

    Keys are kept that the text itself has `shown`.
    """
    moved = {*_OF_THE_REVIEW} if is_first and kind in ("document", "manuscript", "bookdown") else ()
    kept = {key for key in _kept(said, "chapter") if key not in (*moved, "bibliography")} | (
        shown & {*said}
    )
    execute = as_mapping(said.get("execute")) if "execute" in kept else {}
    if freeze:
        kept.discard("execute")
    inside, lines, found = False, list[str](), list[str]()
    for line in head.splitlines()[1:-1]:
        match = _WHOLE_KEY.match(line)
        if match:
            inside = match[1].strip("'\" ") in kept
            found.append(match[1].strip("'\" "))
        if inside:
            lines.append(line)
    if freeze:
        lines += dump_yaml({"execute": {**execute, "freeze": "auto"}}).splitlines()
    if not any(line.startswith("title:") for line in lines) and as_text(said.get("title")):
        lines = [*dump_yaml({"title": said["title"]}).splitlines(), *lines]
    dropped = [
        key for key in found if key not in kept and key not in (*moved, "execute", "bibliography")
    ]
    return (["---", *lines, "---"] if lines else []), dropped


def day_of(value: Plain) -> str:
    """Return a day as a review has it; empty where it is none, as `last-modified` is not."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    for form in _DATES:
        with suppress(ValueError):
            return datetime.datetime.strptime(as_text(value).strip(), form).date().isoformat()
    return ""


def _kept(given: Mapping[str, Plain], level: Level) -> dict[str, Plain]:
    """Return the keys that are obeyed at a level, without what below them is not."""
    kept: dict[str, Plain] = {}
    for name, value in given.items():
        key = DOCUMENT_KEYS.get(name)
        if key is None or name in _APART or level not in key.at or value is None:
            continue
        if name in _BELOW and isinstance(value, Mapping):
            table = _BELOW[name]
            value = {k: v for k, v in value.items() if k in table and table[k].at}
        if _fits(key, value):
            kept[name] = value
    return kept


def _fits(key: Key, value: Plain) -> bool:
    return not any(find_misfits(value, key.takes))


def _left_out(names: Iterable[str], original: Original) -> Iterator[Note]:
    for name in names:
        line = original.lines.get((name,))
        where = Place(original.settings_file, line=line)
        yield Note(where, f'"{name}" has no effect in a review, and is left out.')


def formats_left_out(original: Original, first: Mapping[str, Plain]) -> list[str]:
    """Return the formats that were made, and are not made here."""
    return unmade_formats(original.settings.get("format") or first.get("format"))


def is_presentation(said: Mapping[str, Plain]) -> bool:
    """Say whether a document is made in no format that a review has, as slides are."""
    given = said.get("format")
    count = len(given) if isinstance(given, Mapping) else len(items_of(given))
    return bool(given) and len(unmade_formats(given)) == count


def unmade_formats(given: Plain) -> list[str]:
    """Return the names of formats that a review does not have."""
    names = list(given) if isinstance(given, Mapping) else [as_text(n) for n in items_of(given)]
    made = re.compile(r"(?:[\w-]+-)?(?:html|pdf|typst|docx|latex|epub)$|default$")
    return [name for name in names if not made.match(name)]
