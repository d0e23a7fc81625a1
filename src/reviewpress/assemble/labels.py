"""The words a report puts before its numbers, in the report's language."""

from collections.abc import Mapping
from typing import Any

_LABELS = {
    "en": {
        "fig": "Figure", "tbl": "Table", "sec": "Section", "chapter": "Chapter",
        "appendix": "Appendix", "caption-separator": ": ", "appendices": "Appendices",
    },
    "fr": {
        "fig": "Figure", "tbl": "Tableau", "sec": "Section", "chapter": "Chapitre",
        "appendix": "Annexe", "caption-separator": "\u00a0: ", "appendices": "Annexes",
    },
}  # fmt: skip
_CROSSREF_KEYS = {"fig-title": "fig", "tbl-title": "tbl"}
_LANGUAGE_KEYS = {
    "crossref-fig-title": "fig", "crossref-tbl-title": "tbl", "crossref-sec-prefix": "sec",
    "crossref-ch-prefix": "chapter", "crossref-apx-prefix": "appendix",
}  # fmt: skip


def load_labels(lang: str, metadata: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the labels of a language, with Quarto's `crossref:` and `language:` overrides.

    Languages we have no words for fall back to English, unless `language:` gives them.
    """
    labels = dict(_LABELS.get(lang.split("-")[0], _LABELS["en"]))
    for section, keys in (("crossref", _CROSSREF_KEYS), ("language", _LANGUAGE_KEYS)):
        given = metadata.get(section)
        if isinstance(given, Mapping):
            labels |= {keys[key]: str(value) for key, value in given.items() if key in keys}
    return labels
