"""What an edition that Quarto made says of itself: which formats were made together."""

from pathlib import Path

import pytest

from reviewpress.edition import EDITION, EditionRecord, edition_text, read_edition
from reviewpress.quarto.postprocessing import bring_figures, state_formats

RECORD = EditionRecord(
    "T", "", "1.0", "2026-01-31", "report", "en", ("html", "typst", "docx"), "0.2", "", (), {}, {},
    (), (), (), (), (), (), {},
)  # fmt: skip


@pytest.mark.parametrize("made", [("html",), ("typst", "docx"), ("html", "typst", "docx")])
def test_a_record_names_the_formats_of_its_render(made: tuple[str, ...], tmp_path: Path) -> None:
    """`--to` chooses some, which the record that was handed over before does not know."""
    (tmp_path / EDITION).write_bytes(edition_text(RECORD))
    state_formats(tmp_path, made)
    assert read_edition(tmp_path).formats == made


def test_a_folder_without_a_record_gets_none(tmp_path: Path) -> None:
    """Nothing is made up where a render was not whole."""
    state_formats(tmp_path, ("html",))
    assert not (tmp_path / EDITION).exists()


def test_what_is_published_with_a_figure_stands_beside_it(tmp_path: Path) -> None:
    """Quarto copies what pages link to: the picture to take away of a cell's figure is not."""
    shown, kept = tmp_path / "out" / "figures", tmp_path / "figures"
    shown.mkdir(parents=True)
    kept.mkdir()
    (shown / "fig-a.svg").write_text("shown")
    for name in ("fig-a.svg", "fig-a-titled.svg", "fig-a-titled.png", "fig-b.svg", "fig-a.alt.txt"):
        (kept / name).write_text("kept")
    bring_figures(tmp_path, tmp_path / "out")
    found = {path.name: path.read_text() for path in shown.iterdir()}
    assert found == {
        "fig-a.svg": "shown", "fig-a-titled.svg": "kept", "fig-a-titled.png": "kept",
    }  # fmt: skip
