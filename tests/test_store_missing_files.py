"""Files that are not there because they are links to what is not."""

import shutil
from pathlib import Path

import pytest

from reviewpress.cli import main
from reviewpress.store.files import missing_hint

MINIMAL = Path(__file__).parent / "projects" / "minimal"


def test_a_link_to_nothing_is_not_its_own_nearest_name(tmp_path: Path) -> None:
    """The hint says where the link leads; for a file that is not there it is the nearest name."""
    (tmp_path / "one.qmd").symlink_to("gone.qmd")
    said = missing_hint(tmp_path / "one.qmd", "one.qmd", ["one.qmd", "two.qmd"])
    assert said == "one.qmd is a symbolic link to gone.qmd, which does not exist."
    assert missing_hint(tmp_path / "onn.qmd", "onn.qmd", ["one.qmd"]) == 'Did you mean "one.qmd"?'


@pytest.mark.parametrize(
    "name",
    ["chapters/references.qmd", "bib/references.bib", "data/papers.csv", "a.png", "a.txt"],
)
def test_a_review_with_a_link_to_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chapter, bibliography, table, image and linked file say it alike."""
    shutil.copytree(MINIMAL, tmp_path / "review")
    monkeypatch.chdir(tmp_path / "review")
    with Path("index.qmd").open("a", encoding="utf-8") as text:
        text.write('\n![A](a.png){fig-alt="A"} and [a file](a.txt).\n')
    for each in ("a.png", "a.txt"):
        shutil.copy("index.qmd", each)
    Path(name).unlink()
    Path(name).symlink_to("elsewhere")
    with pytest.raises(SystemExit):
        main(["check"])
    said = capsys.readouterr().err
    assert f"{Path(name).name} is a symbolic link to elsewhere, which does not exist" in said
    assert f'Did you mean "{name}"?' not in said
