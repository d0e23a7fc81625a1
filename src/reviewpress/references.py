"""The references an edition can cite: codes, groups, labels and CSL data, read once."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from threading import Lock

from reviewpress.config import Config
from reviewpress.errors import Problems, ReportError
from reviewpress.labels import load_labels
from reviewpress.reference_index import Reference, ReferenceIndex
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.store.digests import digest_file, digest_or_absent
from reviewpress.store.kinds import REFERENCES

_WORDS = (
    "two-authors", "et-al", "no-date", "thesis-phd", "thesis-master", "retracted",
    "expression-of-concern", "erratum",
)  # fmt: skip

_aliases: dict[tuple[str, ...], Mapping[str, str]] = {}
"""Those of the last bibliography, by its digests: every chapter asks for them."""
_last: dict[tuple[object, ...], ReferenceIndex | Problems] = {}
_reading = Lock()
"""Chapters ask at the same time, and many times, also where the bibliography cannot be read."""


def load_references(config: Config) -> ReferenceIndex:
    """Read the review's bibliography; an unchanged one comes from the store, or from memory.

    Nobody changes what comes back. Raises Problems for entries that cannot be read.
    """
    texts = [path.read_bytes() for path in config.bibliography]
    style = config.settings.citations
    labels = load_labels(config)
    words = json.dumps([labels[name] for name in _WORDS])
    watched = config.retractions
    state = digest_or_absent(watched) if watched else ""
    inputs = [style.encode(), words.encode(), config.lang.encode(), state.encode(), *texts]

    def make() -> tuple[ReferenceIndex, bytes]:
        # Not with the module: a bibliography that was read before is not read, nor what reads it.
        from reviewpress.reference_reader import read_references

        index = read_references(config, [text.decode("utf-8-sig") for text in texts], labels)
        return index, _to_json(index).encode()

    key = (config.root, *config.bibliography, REFERENCES.key(inputs))
    with _reading:
        if key not in _last:
            found: ReferenceIndex | Problems
            try:
                found = REFERENCES.get(config.store, inputs, make=make, read=_from_json)
            except Problems as error:
                found = error
            _last.clear()
            _last[key] = found
        found = _last[key]
    if isinstance(found, Problems):
        raise Problems(found.problems)
    return found


def load_aliases(config: Config) -> Mapping[str, str]:
    """Return the keys that works were cited by before, and those of their entries now.

    None of a bibliography that cannot be read: that is reported where it is checked.
    """
    digests = tuple(map(digest_file, config.bibliography))
    if digests not in _aliases:
        has_some = any(b"ids" in path.read_bytes() for path in config.bibliography)
        try:
            found = load_references(config).aliases if has_some else {}
        except ReportError:
            # Not kept: what cannot be read may be another file than the bibliography.
            return {}
        _aliases.clear()
        _aliases[digests] = found
    return _aliases[digests]


def load_names(config: Config, keys: Collection[str]) -> Mapping[str, str]:
    """Return how a sentence names the works of those keys that exist: by author and year.

    None of a bibliography that cannot be read: that is reported where it is checked.
    """
    if not keys:
        return {}
    try:
        index = load_references(config)
    except ReportError:
        return {}
    works = {key: index.references.get(index.aliases.get(key, key)) for key in keys}
    return {work.key: work.label for work in works.values() if work}


def _to_json(index: ReferenceIndex) -> str:
    references = [asdict(reference) for reference in index.references.values()]
    data = {"references": references, "csl": dict(index.csl), "aliases": dict(index.aliases)}
    return json.dumps(data, ensure_ascii=False)


def _from_json(text: bytes) -> ReferenceIndex:
    data: Mapping[str, Plain] = json.loads(text)
    found = (as_mapping(item) for item in as_list(data["references"]))
    references = [
        Reference(
            key=as_text(item["key"]),
            group=as_text(item["group"]),
            code=code if isinstance(code := item["code"], int) else None,
            label=as_text(item["label"]),
            short=as_text(item["short"]),
        )
        for item in found
    ]
    csl = {key: as_mapping(item) for key, item in as_mapping(data["csl"]).items()}
    aliases = {key: as_text(name) for key, name in as_mapping(data["aliases"]).items()}
    return ReferenceIndex({one.key: one for one in references}, csl, aliases)
