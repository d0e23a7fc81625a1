"""Bibliographies as an edition cites them: read by us for codes and labels, by pandoc for CSL."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reviewpress.bibliography import (
    Bibliography,
    Entry,
    Name,
    Notice,
    entry_spans,
    find_notices,
    read_bibliographies,
    read_retraction_watch,
    with_notice,
    write_bibtex,
)
from reviewpress.bibliography.entries import is_family_first, plain_address, split_names
from reviewpress.bibliography.pandoc_check import lost_volumes, lost_words, repair
from reviewpress.config import Config
from reviewpress.errors import OutOfTime, Place, raise_all
from reviewpress.evidence.import_log import waiting_keys
from reviewpress.identifiers import is_web_address
from reviewpress.labels import Labels
from reviewpress.programs.tools import run_pandoc
from reviewpress.reference_index import Reference, ReferenceIndex
from reviewpress.shapes import Plain, as_list, as_mapping

_THESES = {"phdthesis": "thesis-phd", "mastersthesis": "thesis-master"}
_VOLUME_TITLE = '"volume-title'
"""How a citation style names the title of a volume, where it shows it."""
_OTHER_LANGUAGE = "latin"
"""What an entry is said to be in that is not in English: a language that pandoc knows."""
_LONG = ("abstract", "affiliation", "keywords")
"""Fields that no style publishes, and that make up most of what databases export."""


def read_references(config: Config, texts: Sequence[str], labels: Labels) -> ReferenceIndex:
    """Read the review's bibliographies, whose texts these are; Problems for wrong entries."""
    style = config.settings.citations
    references: dict[str, Reference] = {}
    # Of a key that two files have, only one entry would be published.
    bibliographies = read_bibliographies(config.bibliography, config.root)
    for bibliography in bibliographies:
        for entry in bibliography:
            code = entry.code if isinstance(entry.code, int) else None
            authors = entry.name_authors(labels["two-authors"], labels["et-al"])
            year = entry.year or entry.first("year", "date") or labels["no-date"]
            references[entry.key] = Reference(
                key=entry.key,
                group="included" if code is not None and style == "codes" else "additional",
                code=code,
                label=f"{authors} ({year})",
                short=f"{authors} {entry.year or labels['no-date']}",
            )
    csl: dict[str, Mapping[str, Plain]] = {}
    path = config.retractions
    watched = read_retraction_watch(path, path.name) if path else None
    for text, bibliography in zip(texts, bibliographies, strict=True):
        items = _read_items(text, bibliography, config)
        notices = find_notices(bibliography, watched)
        csl |= {
            key: _in_words(item, bibliography.get(key), labels, notices.get(key))
            for key, item in items.items()
        }
    aliases = {
        alias: entry.key
        for bibliography in bibliographies
        for entry in bibliography
        for alias in entry.other_keys
        if alias not in references
    }
    return ReferenceIndex(references, csl, aliases)


def _in_words(
    item: Mapping[str, Plain], entry: Entry | None, labels: Labels, notice: Notice | None
) -> Mapping[str, Plain]:
    """Return an item that says in the review's language what it is: a kind of thesis, retracted."""
    if entry is None:
        return item
    said = dict(item)
    if with_notice(entry, notice, labels) is not entry and notice is not None:
        said["title"] = f"{said.get('title', '')} [{labels[notice.kind]}]".strip()
    label = _THESES.get(entry.type)
    if label and not entry.fields.get("type"):
        said["genre"] = labels[label]
    for role in ("author", "editor"):
        # Pandoc takes the last word of a name for the family's in every script.
        if role in said and is_family_first(entry.fields.get(role, "")):
            said[role] = [_csl_name(name) for name in split_names(entry.fields[role])]
    return said


def _csl_name(name: Name) -> dict[str, str]:
    if name.is_body or not name.given:
        return {"literal": name.family}
    suffix = {"suffix": name.suffix} if name.suffix else {}
    return {"family": name.family, "given": name.given, **suffix}


def _read_items(
    text: str, bibliography: Bibliography, config: Config
) -> dict[str, Mapping[str, Plain]]:
    """Let pandoc read a bibliography, and again what it did not read whole.

    Records that wait for a decision are not published, and not compared.
    """
    waiting = waiting_keys(config.root, bibliography)
    text = _without_abstracts(text, bibliography, waiting)
    items = _ask_pandoc(_keeping_capitals(text, bibliography, config.lang), config)
    published = [entry for entry in bibliography if entry.key not in waiting]
    repaired = {e.key: e for entry in published if (e := repair(entry, items.get(entry.key, {})))}
    if repaired:
        read_again = _with_parents(
            [repaired.get(entry.key, entry) for entry in published], repaired
        )
        again = _keeping_capitals(write_bibtex(read_again), bibliography, config.lang)
        items |= _ask_pandoc(again, config)
    style = config.csl.read_text("utf-8", errors="replace") if config.csl else ""
    looks = (lost_words,) if _VOLUME_TITLE in style else (lost_words, lost_volumes)
    raise_all([p for e in published for look in looks for p in look(e, items.get(e.key, {}))])
    return items


def _with_parents(entries: Sequence[Entry], changed: Collection[str]) -> list[Entry]:
    """Return the entries that changed, those that inherit from them, and all these inherit from."""
    parents = {entry.key: entry.text("crossref") for entry in entries}
    wanted = {key for key, parent in parents.items() if key in changed or parent in changed}
    wanted |= {parents[key] for key in wanted}
    return [entry for entry in entries if entry.key in wanted]


def _ask_pandoc(bibtex: str, config: Config) -> dict[str, Mapping[str, Plain]]:
    seconds = config.limits.program(len(bibtex))
    arguments = ["--from", "bibtex", "--to", "csljson"]
    try:
        answer = run_pandoc(arguments, bibtex, folder=config.root, seconds=seconds)
    except OutOfTime as error:
        name, allowed = error.args[:2]
        file = ", ".join(path.name for path in config.bibliography)
        raise OutOfTime(name, allowed, Place(file)) from None
    return {item["id"]: _as_published(item) for item in json.loads(answer)}


def _without_abstracts(text: str, bibliography: Bibliography, waiting: Collection[str]) -> str:
    """Return a bibliography without the abstracts of records that wait for a decision.

    Thousands of them may be imported, and pandoc takes eighty times their size in memory.
    """
    if not waiting:
        return text
    pieces, end = [], 0
    for key, start, stop in entry_spans(text, bibliography.name):
        if key in waiting:
            pieces.append(text[end:start])
            end = stop
    short = (
        replace(e, fields={n: t for n, t in e.fields.items() if n not in _LONG})
        for e in bibliography
        if e.key in waiting
    )
    return f"{''.join(pieces)}{text[end:]}\n{write_bibtex(short)}"


def _keeping_capitals(text: str, bibliography: Bibliography, lang: str) -> str:
    """Return a bibliography in which entries that are not in English say so.

    Pandoc takes titles for English ones, of which it makes all but the first word small, where
    neither the entry nor the machine's LANG has another language.
    """
    known = {e.key: e for e in bibliography if not _is_english(e, lang) and not _says_language(e)}
    if not known:
        return text
    pieces, end = [], 0
    for key, start, stop in entry_spans(text, bibliography.name):
        after_key = text.find(",", start, stop) + 1
        if key in known and after_key:
            pieces += [text[end:after_key], f" langid = {{{_OTHER_LANGUAGE}}},"]
            end = after_key
    return f"{''.join(pieces)}{text[end:]}"


def _says_language(entry: Entry) -> bool:
    return bool(entry.first("langid", "hyphenation"))


def _is_english(entry: Entry, lang: str) -> bool:
    named = entry.first("language") or lang
    return named.strip().lower().startswith(("en", "anglais", "inglés", "inglês", "inglese"))


def _as_published(item: dict[str, Plain]) -> dict[str, Plain]:
    """Leave out our notes on corrections, and keep "de Silva" whole as its owner writes it."""
    kept = {key: value for key, value in item.items() if key not in ("note", "keyword")}
    kept |= {name: plain_address(str(kept[name])) for name in ("DOI", "URL") if name in kept}
    if kept.get("language") == "la":
        del kept["language"]
    if not is_web_address(str(kept.get("URL", "https://example.org"))):
        del kept["URL"]  # reported by the checks; a link in a page it must not become
    for role in ("author", "editor"):
        if role in kept:
            kept[role] = [_whole_family(as_mapping(name)) for name in as_list(kept[role])]
    return kept


def _whole_family(name: Mapping[str, Plain]) -> dict[str, Plain]:
    said = dict(name)
    if "dropping-particle" in said:
        said["non-dropping-particle"] = said.pop("dropping-particle")
    return said
