"""The data dictionary: generated from the schema, and up to date."""

from pathlib import Path

import reviewpress
from reviewpress.tables.dictionary import check_dictionary, dictionary

ROOT = Path(__file__).parent / "projects" / "small-evidence"
FLAGSHIP = Path(__file__).parent.parent


def test_the_flagships_dictionary_is_what_its_schema_gives() -> None:
    """data/README.md is generated, never written by hand."""
    review = reviewpress.load(FLAGSHIP)
    assert check_dictionary(review.schema, FLAGSHIP) == []
    assert (FLAGSHIP / "data/README.md").read_text(encoding="utf-8") == dictionary(review.schema)


def test_columns_are_told_with_kind_and_meaning() -> None:
    """Type, vocabulary, range and what an empty cell means stand beside each column."""
    text = dictionary(reviewpress.load(ROOT).schema)
    assert text.startswith("# Data of a small review\n")
    assert "| `code` | whole number, required | At least 1. |" in text
    assert (
        "| `regions` | list | **Regions covered.** Any of: Scotland; Wales; North*America. "
        "Empty: not recorded. |" in text
    )
    assert "`codes_for` refers to `code` of papers." in text
    assert "- `flow.csv`: " in text
    assert "screening.csv" not in text
