"""What is known of languages without babel, and by it."""

import sys

import pytest
from babel.core import Locale

from reviewpress.cldr import (
    _locale,
    _numbers,
    known_labels,
    own_name,
    plural_rule,
    regional_labels,
)
from reviewpress.languages import base_of


@pytest.mark.parametrize("lang", ["cy", "de", "en", "es", "fr", "pt", "fr-FR", "pt-PT", "cy-GB"])
def test_languages_with_labels_of_their_own_need_no_babel(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands in the module is what CLDR says."""
    usual = Locale.parse(base_of(lang)).plural_form
    region = Locale.parse(lang, sep="-")
    numbers, own = _numbers(region), _numbers(Locale.parse(base_of(lang)))
    differing = {name: text for name, text in numbers.items() if own[name] != text}
    monkeypatch.setitem(sys.modules, "babel.core", None)
    for asked in (own_name, known_labels, regional_labels, _locale):
        asked.cache_clear()
    assert [plural_rule(lang)(n) for n in range(200)] == [usual(n) for n in range(200)]
    assert regional_labels(lang) == differing
    assert known_labels(lang) == {}
    assert base_of(lang) != lang or own_name(lang) != lang
