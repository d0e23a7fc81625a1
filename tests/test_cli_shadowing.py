"""What stands on PYTHONPATH in the place of a module is named, and is no traceback."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reviewpress.cli.shadowing import tell_shadow

MINIMAL = Path(__file__).parent / "projects" / "minimal"


def check(folder: Path, place: Path) -> "subprocess.CompletedProcess[str]":
    review = folder / "review"
    shutil.copytree(MINIMAL, review, dirs_exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "reviewpress.cli", "check"], cwd=review, text=True,
        env={**os.environ, "PYTHONPATH": str(place)}, capture_output=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("module", "text"), [
    ("json", "1 / 0"), ("json", "x = 1"), ("yaml", "def ("), ("yaml", "x = 1"),
    ("click", "import a_module_that_is_nowhere"), ("random", "x = 1"), ("orjson", "raise OSError"),
])  # fmt: skip
def test_a_file_in_the_place_of_a_module_is_named(module: str, text: str, tmp_path: Path) -> None:
    """It says which file is loaded, why it fails, and what to do; the status is 2."""
    place = tmp_path / "own"
    place.mkdir()
    (place / f"{module}.py").write_text(f"{text}\n", encoding="utf-8")
    done = check(tmp_path, place)
    assert done.returncode == 2, done.stderr
    assert f"{place / module}.py is loaded in place of the module {module}," in done.stderr
    assert "PYTHONPATH" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_package_is_named_too(tmp_path: Path) -> None:
    """A folder with an `__init__.py` hides a module as a file does."""
    place = tmp_path / "own"
    (place / "yaml").mkdir(parents=True)
    (place / "yaml" / "__init__.py").write_text("1 / 0\n", encoding="utf-8")
    done = check(tmp_path, place)
    assert done.returncode == 2
    assert "in place of the module yaml" in done.stderr


def test_a_folder_of_own_modules_harms_nothing(tmp_path: Path) -> None:
    """What hides no module, or is not asked for, is not spoken of."""
    place = tmp_path / "own"
    place.mkdir()
    (place / "of_my_own.py").write_text("1 / 0\n", encoding="utf-8")
    (place / "telnetlib.py").write_text("1 / 0\n", encoding="utf-8")
    done = check(tmp_path, place)
    assert done.returncode == 0, done.stderr
    assert "in place of" not in done.stderr


def test_a_fault_of_our_own_keeps_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """An error from no such file is not explained away."""
    with pytest.raises(KeyError) as raised:
        _ = os.environ["NOWHERE_SET"]
    assert not tell_shadow(raised.value)
    assert capsys.readouterr().err == ""


def test_an_interruption_while_modules_are_loaded_is_said(tmp_path: Path) -> None:
    """Ctrl-C before the command line has begun is no traceback, and ends with its signal."""
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt\n", encoding="utf-8")
    done = check(tmp_path / "in", tmp_path)
    assert done.stderr.strip() == "Interrupted. What was there before is untouched."
    assert done.returncode == -signal.SIGINT
