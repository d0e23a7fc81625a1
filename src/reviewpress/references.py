"""The references an edition can cite: codes, groups, labels and CSL data, read once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from reviewpress.config import Config
from reviewpress.errors import ReportError
from reviewpress.labels import load_labels
from reviewpress.store.files import digest_parts, mark_used, write_cached

_FORMAT = b"5"
_WORDS = ("two-authors", "no-date", "thesis-phd", "thesis-master")


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography as a text cites it.

    `label` reads in a sentence ("Scobie et al. (2022)"), `short` in a link's name
    ("Scobie 2022"). `code` is the number of an included paper, whichever way
    it is cited; its group is additional where the review cites everything by author and year.
    """

    key: str
    group: str
    code: int | None
    label: str
    short: str


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceIndex:
    """Every reference by its citekey, the CSL JSON item of each, and other keys for some.

    An entry's `ids` are keys that it was cited by before; `aliases` leads from them to its key.
    """

    references: Mapping[str, Reference]
    csl: Mapping[str, Mapping[str, Any]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def included(self, code: int) -> Reference | None:
        """Return the included paper of this code."""
        found = (r for r in self.references.values() if r.code == code)
        return next(found, None)

    def items(self, keys: Iterable[str]) -> list[Mapping[str, Any]]:
        """Return the CSL items of those keys that exist, in the order of the keys' names."""
        return [self.csl[key] for key in sorted(set(keys)) if key in self.csl]


def load_references(config: Config) -> ReferenceIndex:
    """Read the review's bibliography; an unchanged one comes from the store.

    Raises Problems for entries that cannot be read.
    """
    texts = [path.read_bytes() for path in config.bibliography]
    style = config.settings.citations
    labels = load_labels(config)
    words = json.dumps([labels[name] for name in _WORDS])
    key = digest_parts([_FORMAT, style.encode(), words.encode(), config.lang.encode(), *texts])
    kept = config.store / "references" / f"{key}.json"
    mark_used(kept)
    try:
        return _from_json(json.loads(kept.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    # Not with the module: a bibliography that was read before is not read, nor what reads it.
    from reviewpress.reference_reader import read_references

    index = read_references(config, [text.decode("utf-8-sig") for text in texts], labels)
    write_cached(kept, _to_json(index).encode())
    return index


def load_aliases(config: Config) -> Mapping[str, str]:
    """Return the keys that works were cited by before, and those of their entries now.

    None of a bibliography that cannot be read: that is reported where it is checked.
    """
    if not any(b"ids" in path.read_bytes() for path in config.bibliography):
        return {}
    try:
        return load_references(config).aliases
    except ReportError:
        return {}


def _to_json(index: ReferenceIndex) -> str:
    references = [asdict(reference) for reference in index.references.values()]
    data = {"references": references, "csl": dict(index.csl), "aliases": dict(index.aliases)}
    return json.dumps(data, ensure_ascii=False)


def _from_json(data: Mapping[str, Any]) -> ReferenceIndex:
    references = {item["key"]: Reference(**item) for item in data["references"]}
    return ReferenceIndex(references, data["csl"], data["aliases"])
