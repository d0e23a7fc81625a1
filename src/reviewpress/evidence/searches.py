"""The searches: concept blocks, the strings generated from them, and the published ones beside."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from reviewpress.errors import ConfigError, Place, Problem, nearest, raise_all
from reviewpress.evidence.strategy_lines import SearchLine, read_lines
from reviewpress.keys import SEARCHES, SOURCE_KINDS
from reviewpress.shapes import Plain, as_list, as_mapping
from reviewpress.yaml import YamlFile, read_yaml

FILE = "data/searches.yml"
EARLIER = "earlier-version"
_KEYS = {
    "strings": ("id", "title", "concepts", "published", "slips", "hits"),
    "sources": ("id", "name", "kind", "platform", "coverage"),
    "searches": ("id", "source", "string", "terms", "date", "file", "records", "limits", "filters"),
}
_TOP = ("title", EARLIER, "operators", "concepts", "strings", "peer-review", *_KEYS)
_LIKE = 0.8
"""A key of one's own is not as like one of these as this; a mistyped one is."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept block: the terms that stand for one idea."""

    id: str
    title: str
    terms: tuple[str, ...]
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class SearchString:
    """One full search string: generated from its concepts, and as published.

    `slips` say in words how the published string departs from the generated one. A string without
    concepts is a strategy as it was run, and is compared with nothing.
    """

    id: str
    title: str
    concepts: tuple[str, ...]
    generated: str
    published: str
    slips: tuple[str, ...]
    hits: Mapping[str, Plain] = field(default_factory=dict, repr=False)
    line: int | None = field(default=None, compare=False, repr=False)

    @property
    def agrees(self) -> bool | None:
        """Whether the two are the same after normalising; None where only one is there."""
        if not self.published or not self.concepts:
            return None
        return normalise_string(self.generated) == normalise_string(self.published)

    @property
    def lines(self) -> tuple[SearchLine, ...]:
        """The published strategy, line by line; without numbers of its own lines are counted."""
        return tuple(read_lines(self.published, self.hits))


@dataclass(frozen=True, slots=True)
class Searches:
    """Everything about how the papers were looked for; `data` is the file as it stands."""

    title: str
    concepts: tuple[Concept, ...]
    strings: tuple[SearchString, ...]
    data: Mapping[str, Plain] = field(repr=False)
    file: YamlFile = field(repr=False, compare=False)

    def __getitem__(self, name: str) -> Plain:
        try:
            return self.data[name]
        except KeyError:
            hint = nearest(name, self.data)
            raise ConfigError(f'the searches have no "{name}".', hint=hint) from None

    def listed(self, name: str) -> tuple[Mapping[str, Plain], ...]:
        """Return what the file lists under a name, such as `sources`; none without it."""
        return tuple(as_mapping(item) for item in as_list(self.data.get(name)))

    @property
    def earlier_until(self) -> str:
        """The last day of the earlier version's searches, empty where there was none."""
        return str(as_mapping(self.data.get(EARLIER)).get("until") or "")

    def line(self, name: str, id: str) -> int | None:
        """Return the line of the item with an id that the file lists under a name."""
        return self.file.line((name,), id) or self.file.line((name,))

    def string(self, id: str) -> SearchString:
        """Return a search string by its id; ConfigError with the nearest id otherwise."""
        for string in self.strings:
            if string.id == id:
                return string
        hint = nearest(id, [string.id for string in self.strings])
        raise ConfigError(f'there is no search string "{id}".', hint=hint)


def is_before(date: Plain, until: str) -> bool:
    """Whether a date is one of the earlier version, which ended at a day, a month or a year.

    >>> is_before("2025-12-31", "2025"), is_before("2026-01-01", "2025"), is_before("", "2025")
    (True, False, False)
    """
    return bool(date) and str(date)[: len(until)] <= until


def read_searches(path: Path, root: Path, lang: str = "") -> Searches:
    """Read the searches; of texts in several languages they have those of `lang`.

    Raises ConfigError for a file that is no YAML, Problems for concepts without terms, strings of
    unknown concepts, searches of unknown sources or strings, and ids that are there twice.
    """
    file = read_yaml(path, root, SEARCHES, lang)
    operators = file.data.get("operators") or {}
    within, between = str(operators.get("within", "OR")), str(operators.get("between", "AND"))
    problems: list[Problem] = []
    concepts = {concept.id: concept for concept in _concepts(file, problems)}
    strings = tuple(_strings(file, concepts, within, between, problems))
    problems += _wrong_ids(file)
    raise_all(problems)
    title = str(file.data.get("title", ""))
    return Searches(title, tuple(concepts.values()), strings, file.data, file)


def build_string(concepts: list[Concept], *, within: str = "OR", between: str = "AND") -> str:
    """Return the full search string of some concepts, each term in quotes.

    >>> build_string([Concept("a", "A", ("child", "youth")), Concept("b", "B", ("care",))])
    '(("child" OR "youth") AND ("care"))'
    """
    blocks = [f"({f' {within} '.join(_quoted(term) for term in c.terms)})" for c in concepts]
    return f"({f' {between} '.join(blocks)})"


def normalise_string(text: str) -> str:
    """Return a search string without case, kinds of quotes and spacing, to compare strings by.

    >>> normalise_string("( “Child”  or 'youth')") == normalise_string('("child" OR "youth")')
    True
    """
    text = re.sub(r"[“”„\"]|(?<!\w)[‘’']|[‘’'](?!\w)", '"', text).casefold().replace("’", "'")
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*([()])\s*", r"\1", text).strip()


def check_searches(searches: Searches, name: str) -> Iterator[Problem]:
    """Yield a problem for each published string that differs without a slip that says how.

    A slip that is recorded where the two agree is a problem as well.
    """
    for string in searches.strings:
        place = Place(name, line=string.line)
        if string.agrees is False and not string.slips:
            message = f'the published string "{string.id}" is not the one its concepts give.'
            yield Problem("search", message, place, "Correct the terms, or record the slip.")
        elif string.slips and string.published == string.generated:
            message = f'slips are recorded for "{string.id}", but the two strings agree.'
            yield Problem("search", message, place, "Delete the slips.")
        yield from _wrong_hits(string, place)
    yield from _without_kind(searches, name)
    yield from _mistyped(searches, name)


def _wrong_hits(string: SearchString, place: Place) -> Iterator[Problem]:
    """Yield a problem for `hits` of a line that is not there, or that says something else."""
    own = {str(line.number): line.hits for line in read_lines(string.published, {})}
    for number, count in string.hits.items():
        line = re.sub(r"\D", "", str(number))
        if line not in own:
            message = f'the strategy "{string.id}" has no line {number}, of which `hits` speaks.'
            yield Problem("search", message, place, nearest(line, own) if len(own) > 1 else "")
        elif own[line] not in (None, count):
            message = (
                f'line {line} of the strategy "{string.id}" says that it found'
                f" {own[line]:,} records, and `hits` says {count:,}."
            )
            yield Problem("search", message, place, "Correct one of them.")


def _mistyped(searches: Searches, name: str) -> Iterator[Problem]:
    """Yield a problem for each key that is like one that would be read, and is not."""
    for part, known in _KEYS.items():
        for item in searches.listed(part):
            id = str(item.get("id", ""))
            for key, meant in _like_known(item, known):
                line = searches.file.line_of_item((part,), str(key)) or searches.line(part, id)
                message = f'"{key}", of "{id}" under {part}, is not read.'
                yield Problem("search", message, Place(name, line=line), meant)
    below = as_mapping(searches.data.get("concepts"))
    for path, known in (
        ((), _TOP),
        (("operators",), ("within", "between")),
        *((("concepts", str(id)), ("title", "terms", "common")) for id in below),
    ):
        data: Plain = searches.data
        for step in path:
            data = as_mapping(data).get(step)
        for key, meant in _like_known(as_mapping(data), known):
            of = f", of {': '.join(path)}," if path else ""
            message = f'"{key}"{of} is not read.'
            place = Place(name, line=searches.file.line((*path, key)))
            yield Problem("search", message, place, meant)


def _like_known(item: Mapping[str, Plain], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each key that is like a known one that is not there, with a hint that names it."""
    for key in map(str, item):
        close = get_close_matches(key.casefold(), known, n=1, cutoff=_LIKE)
        if key not in known and close and close[0] not in item:
            yield key, f'Did you mean "{close[0]}"?'


def _without_kind(searches: Searches, name: str) -> Iterator[Problem]:
    """Yield a problem for each source whose records no box of the flow would count."""
    for source in searches.listed("sources"):
        id = str(source.get("id", ""))
        of_it = [one for one in searches.listed("searches") if str(one.get("source")) == id]
        if not source.get("kind") and any(one.get("file") or one.get("records") for one in of_it):
            message = f'the source "{id}" has no kind: no box of the flow counts its records.'
            hint = f"Write one of {', '.join(SOURCE_KINDS)}."
            yield Problem("search", message, Place(name, line=searches.line("sources", id)), hint)


def _wrong_ids(file: YamlFile) -> Iterator[Problem]:
    """Yield a problem for each id that is there twice, and each that a search names and is not."""
    ids = {name: _ids(file, name) for name in ("strings", "sources", "searches")}
    for name, found in ids.items():
        for id in sorted(id for id, count in Counter(found).items() if count > 1):
            message = f'the id "{id}" is given twice under {name}.'
            place = Place(file.name, line=file.line((name,), id))
            yield Problem("search", message, place, "Give one of them another id.")
    for search in map(as_mapping, as_list(file.data.get("searches"))):
        for key, known in (("source", ids["sources"]), ("string", ids["strings"])):
            named = search.get(key)
            if named is not None and str(named) not in known:
                id = str(search.get("id", ""))
                place = Place(file.name, line=file.line(("searches",), id or None))
                message = f'the search "{id}" names the {key} "{named}", which is not there.'
                yield Problem("search", message, place, nearest(str(named), known))


def _ids(file: YamlFile, name: str) -> list[str]:
    items = map(as_mapping, as_list(file.data.get(name)))
    return [str(item["id"]) for item in items if item.get("id") is not None]


def _concepts(file: YamlFile, problems: list[Problem]) -> Iterator[Concept]:
    described = file.data.get("concepts")
    for id, data in (described if isinstance(described, Mapping) else {}).items():
        terms = data.get("terms") if isinstance(data, Mapping) else None
        if not isinstance(terms, list) or not terms:
            place = Place(file.name, line=file.line(("concepts", str(id))))
            problems.append(Problem("search", f'the concept "{id}" has no terms.', place))
            continue
        yield Concept(
            id=str(id),
            title=str(data.get("title", id)),
            terms=tuple(str(term) for term in terms),
            is_common=bool(data.get("common", False)),
        )


def _strings(
    file: YamlFile,
    concepts: Mapping[str, Concept],
    within: str,
    between: str,
    problems: list[Problem],
) -> Iterator[SearchString]:
    described = file.data.get("strings")
    for data in described if isinstance(described, list) else []:
        if not isinstance(data, Mapping):
            continue
        id, names = str(data.get("id", "")), [str(name) for name in data.get("concepts") or ()]
        for name in names:
            if name not in concepts:
                place = Place(file.name, line=file.line(("strings",), id))
                message = f'the search string "{id}" has an unknown concept, "{name}".'
                problems.append(Problem("search", message, place, nearest(name, concepts)))
        found = [concepts[name] for name in names if name in concepts]
        yield SearchString(
            id=id,
            title=str(data.get("title", id)),
            concepts=tuple(names),
            generated=build_string(found, within=within, between=between),
            published=str(data.get("published") or ""),
            slips=tuple(str(slip) for slip in data.get("slips") or ()),
            hits=as_mapping(data.get("hits") or {}),
            line=file.line(("strings",), id),
        )


def _quoted(term: str) -> str:
    return f'"{term}"'
