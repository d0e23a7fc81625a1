"""BibTeX as databases and reference managers write it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from html import unescape
from html.entities import html5

from reviewpress.bibliography import Entry, Unread, plain, read_loosely, valid_entry
from reviewpress.bibliography.latex import encode_latex
from reviewpress.imports.people import tidy_names
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_year,
    more_than_doi,
    no_pages,
    read_year,
    split_title,
)

_PROSE = ("title", "subtitle", "booktitle", "journal", "abstract")
_PEOPLE = ("author", "editor")
_LESS, _GREATER = r"(?:<|\{\\textless\s*\})", r"(?:>|\{\\textgreater\s*\})"
_HTML = re.compile(
    rf"{_LESS}/?(?:b|em|i|p|scp|strong|sub|sup|jats:[a-z]+)/?{_GREATER}", re.IGNORECASE
)
"""What Crossref leaves in its titles, and Mendeley writes as LaTeX."""
_ENTITY = re.compile(
    r"(?:\\?&|\{\\&\})((?:\\?#|\{\\#\})(?:\d{1,6}|x[0-9a-f]{1,5});|[a-z]\w{1,30};)", re.IGNORECASE
)
"""A character as HTML writes it; ACM's files escape its signs for LaTeX besides."""
_DATE = re.compile(r"\d{4}(?:-\d\d){0,2}")
_SINGLE = ("title", "year", "date", "journal", "doi", "volume", "number")
"""What a work has one of."""
_TITLES = ("title", "booktitle", "maintitle", "shorttitle", "journaltitle")


def read_bibtex(text: str, file: str) -> Reading:
    """Read BibTeX; every entry is either in the records or among the rejected.

    Raises BibliographyError where the file is no BibTeX.
    """
    records: list[Record] = []
    rejected: list[Rejected] = []
    repeated: list[tuple[int, str]] = []
    for number, found in enumerate(_with_shared_data(read_loosely(text, file)), start=1):
        if isinstance(found, Unread):
            reason = f"cannot be used, line {found.line}: {found.reason}"
            rejected.append(Rejected(file, number, found.title, reason))
            continue
        entry = _tidy(valid_entry(_plainer(found)))
        if entry.title:
            records.append(Record(file, number, entry))
            repeated += [(number, name) for name in _SINGLE if f"{name}-2" in entry.fields]
        else:
            key = f" (“{entry.key[:60]}”)" if entry.key else f", line {entry.line}"
            rejected.append(Rejected(file, number, "", f"has no title{key}"))
    return Reading("BibTeX", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _with_shared_data(found: Sequence[Entry | Unread]) -> Iterator[Entry | Unread]:
    """Yield each entry with the fields that its `xdata` names; what only holds those is none."""
    shared = {
        one.key.casefold(): dict(one.fields)
        for one in found
        if isinstance(one, Entry) and one.type == "xdata"
    }
    sorter = TopologicalSorter(
        {key: _named(fields) & shared.keys() for key, fields in shared.items()}
    )
    with suppress(CycleError):
        sorter.prepare()
    circling = {*shared}
    while ready := sorter.get_ready():
        shared |= {key: _inherit(shared[key], shared) for key in ready}
        circling.difference_update(ready)
        sorter.done(*ready)
    for key in circling:  # these have what they hold themselves
        shared[key].pop("xdata")
    for one in found:
        if isinstance(one, Unread):
            yield one
        elif one.type != "xdata":
            has_shared = "xdata" in one.fields
            yield replace(one, fields=_inherit(one.fields, shared)) if has_shared else one


def _named(fields: Mapping[str, str]) -> set[str]:
    return {name.strip().casefold() for name in fields.get("xdata", "").split(",")}


def _inherit(fields: Mapping[str, str], shared: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return fields with those of the entries that `xdata` names; names not found are kept."""
    names = [name.strip() for name in fields.get("xdata", "").split(",") if name.strip()]
    missing = [name for name in names if name.casefold() not in shared]
    whole = {name: text for name, text in fields.items() if name != "xdata"}
    for name in dict.fromkeys(names):
        whole = {**shared.get(name.casefold(), {}), **whole}
    return {**whole, "xdata": ", ".join(missing)} if missing else whole


def _plainer(entry: Entry) -> Entry:
    """Return an entry without HTML, with persons apart, and whose DOI is no LaTeX.

    The signs < and > often are LaTeX, in both.
    """
    fields = {
        name: _HTML.sub("", _ENTITY.sub(_character, text)) if name in _PROSE else text
        for name, text in entry.fields.items()
    }
    fields |= {name: tidy_names(fields[name]) for name in _PEOPLE if name in fields}
    said = plain(re.sub(r"\$\s*(?:\\?([<>]))\s*\$", r"\1", entry.fields.get("doi", "")))
    if doi := find_doi(said):
        fields |= {"doi": doi, **({"bibtex-doi": said} if more_than_doi(said) else {})}
    return replace(entry, fields=fields)


def _character(entity: re.Match[str]) -> str:
    written = re.sub(r"[\\{}]", "", entity[1])
    if written not in html5 and not written.startswith("#"):
        return entity[0]
    return encode_latex(unescape(f"&{written}"))


def _tidy(entry: Entry) -> Entry:
    """Return an entry with what stands in the wrong field, or in one field too few, put right."""
    fields = dict(entry.fields)
    if not entry.title:
        title = next((fields[name] for name in _TITLES if fields.get(name)), "")
        fields |= {"title": title} if title else {}
    if not fields.get("journal") and "journaltitle" in fields:  # as BibTeX calls it
        fields = {("journal" if n == "journaltitle" else n): t for n, t in fields.items()}
    title, notes = split_title(fields.get("title", ""))
    if notes:
        fields["title"] = title
        fields["note"] = "; ".join(filter(None, (fields.get("note", ""), *notes)))
    year = plain(fields.get("year", ""))
    told = read_year(year)
    if "/" in told:
        fields["year"] = told
    elif not _DATE.fullmatch(year) and find_year(year):  # pandoc shows no year for 2020a or c2012
        fields |= {"year": told, "bibtex-year": fields["year"]}
    if no_pages(plain(fields.get("pages", ""))):
        fields.pop("pages", None)
    return entry if fields == entry.fields else replace(entry, fields=fields)
