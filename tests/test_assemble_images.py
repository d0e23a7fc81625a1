"""Images whose addresses lead nowhere."""

from pathlib import Path

import pytest
from chapters_made import write_chapters

from reviewpress.assemble.images import wrong_images
from reviewpress.pipeline import assemble_edition


@pytest.mark.parametrize(
    ("address", "said", "hint"),
    [
        (r"..\figures\dot.png", r"the image ..\figures\dot.png has backslashes in its address.",
         "Write `../figures/dot.png`."),
        ("C:/Users/Jane/dot.png", "the image C:/Users/Jane/dot.png is on one machine, and not in "
         "the review.", "Put a copy in figures/drawn/, and write "
         "`../figures/drawn/name.png`."),
        ("file:///home/jane/dot.png", "the image file:///home/jane/dot.png is on one machine, and "
         "not in the review.", "Put a copy in figures/drawn/, and write "
         "`../figures/drawn/name.png`."),
        ("dto.png", "the image dto.png does not exist.", 'Did you mean "dot.png"?'),
    ],
)  # fmt: skip
def test_an_address_of_a_machine_is_named_as_one(
    address: str, said: str, hint: str, tmp_path: Path
) -> None:
    """With what to write, not as a file that is missing."""
    config = write_chapters(tmp_path, {"one": f'# One\n\n![]({address}){{fig-alt="A dot."}}\n'})
    (tmp_path / "dot.png").write_bytes(b"")
    [problem] = wrong_images(assemble_edition(config, {}).book, {})
    assert (problem.message, problem.hint) == (said, hint)
