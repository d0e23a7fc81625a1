"""The kernel's specification and environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewpress.errors import SetupError
from reviewpress.notebooks import kernels
from reviewpress.store.temporary_files import PREFIX, clear_folders


def test_the_kernel_is_this_python(tmp_path: Path) -> None:
    """Whatever name the notebook gives."""
    manager = kernels.kernel_manager(tmp_path)
    command = manager.kernel_spec.argv
    assert command[:3] == [sys.executable, "-m", "reviewpress.notebooks.launcher"]
    assert manager.connection_file == str(tmp_path / "kernel.json")


def test_the_environment_is_the_same_for_everyone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own start-up files and kernel settings stay out; the rest stays."""
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    monkeypatch.setenv("PYTHONSTARTUP", "mine.py")
    monkeypatch.setenv("REVIEWPRESS_FORK", "1")
    monkeypatch.setenv("KEPT", "yes")
    found = kernels.kernel_environment(tmp_path, tmp_path / "run", tmp_path / "home")
    assert found["KEPT"] == "yes"
    assert found["PYTHONHASHSEED"] == "0"
    assert found["MPLBACKEND"] == "module://reviewpress.figures.screen"
    assert found["REVIEWPRESS_RUN_DIR"] == str(tmp_path / "run")
    assert found["IPYTHONDIR"].startswith(str(tmp_path))
    assert not {"JPY_PARENT_PID", "PYTHONSTARTUP", "REVIEWPRESS_FORK"} & set(found)


def test_without_ipykernel_there_is_no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint is the command that installs it."""
    monkeypatch.setattr(kernels, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="pip install ipykernel"):
        kernels.check_kernel()


def test_sockets_have_short_paths() -> None:
    """Unix refuses one of more than about a hundred characters."""
    with kernels.connection_folder() as folder:
        assert len(str(folder)) < 80
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def test_sockets_of_a_killed_press_are_removed(tmp_path: Path) -> None:
    """Those of a press that runs stay."""
    code = (
        "import sys, time; from pathlib import Path; from reviewpress.notebooks import kernels\n"
        "kernels.short_temporary = lambda: Path(sys.argv[1])\n"
        "with kernels.connection_folder() as folder: print(folder, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    presses = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        killed, living = [Path((p.stdout or sys.stdin).readline().strip()) for p in presses]
        presses[0].kill()
        presses[0].wait()
        (tmp_path / "other").mkdir()
        for folder in (killed, living, tmp_path / "other"):
            os.utime(folder, (0, 0))
        clear_folders(tmp_path, PREFIX)
        assert {path.name for path in tmp_path.iterdir()} == {living.name, "other"}
    finally:
        for press in presses:
            press.kill()
            press.communicate()
