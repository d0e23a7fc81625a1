"""Texts of a review's YAML in several languages: which one an edition has."""

import pytest

from reviewpress.languages import choose, in_language, is_by_language


@pytest.mark.parametrize(
    ("lang", "text"),
    [("en", "Region"), ("cy", "Rhanbarth"), ("cy-GB", "Rhanbarth"), ("pt-BR", "Região"),
     ("pt-PT", "Região"), ("fr", "Region"), ("", "Region")],
)  # fmt: skip
def test_the_text_of_a_language(lang: str, text: str) -> None:
    """Its region's comes first, then any of the language, then the first that is given."""
    assert choose({"en": "Region", "cy": "Rhanbarth", "pt-BR": "Região"}, lang) == text


def test_only_texts_by_language_are_chosen_from() -> None:
    """A mapping that is none of texts by tag stays, under whatever name, and so do lists."""
    data = {
        "fields": [{"title": {"en": "Kind", "de": "Art"}, "terms": {"de": {"Survey": "Umfrage"}}}],
        "concepts": {"note": {"title": {"en": "A", "de": "B"}, "terms": ["a"]}},
    }
    assert in_language(data, "de-AT") == {
        "fields": [{"title": "Art", "terms": {"de": {"Survey": "Umfrage"}}}],
        "concepts": {"note": {"title": "B", "terms": ["a"]}},
    }
    assert not is_by_language({"title": "A"})
    assert not is_by_language({"en": ["A"]})
