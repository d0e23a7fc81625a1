"""Packaging: an installed wheel is enough; no file of the repository is needed."""

import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the repository, without network."""
    if find_spec("hatchling") is None:
        reason = "hatchling is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the wheel's files, as pip unpacks them."""
    folder = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run(arguments: list[str], installed: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run reviewpress as it is installed, with nothing of the repository on the path."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    environment.pop("REVIEWPRESS_ROOT", None)
    command = [sys.executable, "-P", "-m", "reviewpress.cli", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_wheel_holds_all_that_is_read(wheel: Path) -> None:
    """Extension, template, scripts, checklists and empty flow are in it, and no review."""
    names = zipfile.ZipFile(wheel).namelist()
    assert all(name.startswith(("reviewpress/", "reviewpress-")) for name in names)
    for wanted in (
        "reviewpress/extension/_extension.yml",
        "reviewpress/extension/fonts/OFL.txt",
        "reviewpress/template/_quarto.yml",
        "reviewpress/template/gitignore",
        "reviewpress/template/scripts/executed.py",
        "reviewpress/checklists/prisma-2020.yml",
        "reviewpress/evidence/flow-template.csv",
    ):
        assert wanted in names, wanted
    sources = {
        path.relative_to(REPOSITORY / "src").as_posix()
        for path in (REPOSITORY / "src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources - set(names) == set()
    assert not any("__pycache__" in name or ".ipynb_checkpoints" in name for name in names)


def test_installed_wheel_makes_a_review(installed: Path, tmp_path: Path) -> None:
    """`reviewpress new x && cd x && reviewpress render` works from the installed files alone."""
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import reviewpress; print(reviewpress.__file__)"],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(installed))
    made = run(["new", "x"], installed, tmp_path)
    assert made.returncode == 0, made.stderr
    rendered = run(["render", "--engine", "pandoc"], installed, tmp_path / "x")
    assert rendered.returncode == 0, rendered.stderr
    for name in ("index.html", "report.pdf", "report.docx"):
        assert (tmp_path / "x" / "_output" / "report" / name).stat().st_size > 1000
    for path in (tmp_path / "x").rglob("*"):
        if path.is_file() and path.suffix in (".html", ".ipynb", ".json", ".py", ".yml", ".csv"):
            assert str(REPOSITORY) not in path.read_text(encoding="utf-8"), path


def test_metadata_states_python_licence_and_extras() -> None:
    """The package says which Pythons it runs on, its licence, and what can be left out."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert project["license"] == "MIT"
    assert set(project["optional-dependencies"]) >= {"quarto"}
    assert not any(name.startswith("quarto") for name in project["dependencies"])
