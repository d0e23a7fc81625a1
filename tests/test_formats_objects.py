"""Formats as objects: what is asked of each, and that what they name is there."""

from pathlib import Path

import pytest

from reviewpress.extension import installed_extension
from reviewpress.formats.making import maker_of
from reviewpress.formats.objects import FORMATS, Format, find_format
from reviewpress.labels import load_language
from reviewpress.quarto_keys import DOCUMENT_KEYS

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("made", FORMATS, ids=lambda each: each.name)
def test_what_a_format_names_is_there(made: Format) -> None:
    """Its maker can be called, its folder and label are there, and Quarto has its keys."""
    assert callable(maker_of(made))
    assert (installed_extension().folder / made.name).is_dir()
    assert not made.download or made.download in load_language("en", ROOT)
    assert made.keys <= {key.name for key in DOCUMENT_KEYS.values() if key.at}


@pytest.mark.parametrize("made", FORMATS, ids=lambda each: each.name)
def test_a_format_has_quartos_names(made: Format) -> None:
    """It is found by its own name, by others, and by that of the extension's format."""
    names = (made.name, *made.also, f"reviewpress-{made.name}", f"{made.name}+smart")
    assert [find_format(name) for name in names] == [made] * len(names)


def test_no_two_formats_have_one_name() -> None:
    """Names and endings each belong to one format alone."""
    for names in (
        [name for each in FORMATS for name in (each.name, *each.also)],
        [each.ending for each in FORMATS],
    ):
        assert len(names) == len(set(names))


def test_a_format_that_is_not_made_is_not_found() -> None:
    """Quarto makes more formats than are made here."""
    assert find_format("revealjs") is None
