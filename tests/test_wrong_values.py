"""Wrong values of YAML keys: refused with a place, or taken; `make wrong-values` tries them all."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))


@pytest.mark.parametrize(
    ("file", "every"),
    [("_brand.yml", 61), ("_quarto.yml", 151), ("index.qmd", 43), ("data/schema", 211)],
)
def test_wrong_values_are_refused_with_their_place(file: str, every: int) -> None:
    """No traceback, no message without file and line, nothing that takes seconds."""
    import wrong_values

    tally = wrong_values.try_values([file], every=every)
    assert tally.tried
    # How long a value takes is for a quiet machine to say.
    found = {what: tally.first[what] for what in tally.found if what != "more than a second"}
    assert not found


def test_a_source_without_its_id_is_no_traceback(tmp_path: Path) -> None:
    """Searches refer to a source by its id; one without any is of no search."""
    import wrong_values

    root = tmp_path / "review"
    wrong_values.make_base(root)
    tally = wrong_values.Tally()
    for value in (["a"], [{}], [{"name": "a"}]):
        wrong_values.try_value(root, "data/searches.yml", ("sources",), value, tally)
    assert not [what for what in tally.found if "Error" in what]
