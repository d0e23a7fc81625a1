"""A chapter may read every source of its review, and change none."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

GUARDED = """
import json, os, pathlib, shutil, sys, tempfile
import pandas
from reviewpress.errors import ReportError
from reviewpress.notebooks.source_guard import guard
root = pathlib.Path(sys.argv[1])
os.chdir(root / "chapters")
guarded = guard(str(root), lambda: 7)
told = {}
for line in json.loads(sys.argv[2]):
    try:
        exec(line)
        told[line] = ""
    except ReportError as error:
        told[line] = error.message
print(json.dumps(told))
"""

REFUSED = {
    'open("../data/papers.csv", "w")': "writes over data/papers.csv",
    'open("../data/papers.csv", "a")': "writes over data/papers.csv",
    'open("../data/papers.csv", "r+b")': "writes over data/papers.csv",
    'open("../data/new.csv", "x")': "creates data/new.csv",
    'open(b"../bib/references.bib", "wb")': "writes over bib/references.bib",
    'os.open("../bib/references.bib", os.O_WRONLY | os.O_TRUNC)': "writes over bib/references.bib",
    'pathlib.Path("../data/papers.csv").write_text("x")': "writes over data/papers.csv",
    'pathlib.Path("../data/papers.csv").unlink()': "deletes data/papers.csv",
    'pathlib.Path("../data/sub").mkdir()': "creates data/sub",
    'os.remove(root / "data/papers.csv")': "deletes data/papers.csv",
    'os.rename("../data/papers.csv", "../data/old.csv")': "renames data/papers.csv",
    'os.replace(root / "cache/free.txt", "../data/papers.csv")': "writes over data/papers.csv",
    'os.symlink("/", "../data/link")': "creates data/link",
    'os.link(root / "cache/free.txt", "../data/hard")': "creates data/hard",
    'os.truncate("../data/papers.csv", 0)': "writes over data/papers.csv",
    'shutil.copy(root / "cache/free.txt", "../data/papers.csv")': "writes over data/papers.csv",
    'shutil.move("../data/papers.csv", root / "out.csv")': "renames data/papers.csv",
    'shutil.rmtree("../data")': "deletes data",
    "shutil.rmtree(root)": "deletes bib",
    'os.rename("../figures", "../drawings")': "renames figures/drawn",
    'os.rename(root, str(root) + " 2")': "renames bib",
    'os.link("../data/papers.csv", "../hard")': "gives a second name to data/papers.csv",
    'os.chmod("../data/papers.csv", 0)': "changes the state of data/papers.csv",
    'os.chmod("../data", 0)': "changes the state of data",
    'os.fchmod(os.open("../data/papers.csv", os.O_RDONLY), 0)': (
        "changes the state of data/papers.csv"
    ),
    'os.chmod("papers.csv", 0, dir_fd=os.open("../data", os.O_RDONLY))': (
        "changes the state of data/papers.csv"
    ),
    'os.chmod(root / "alias/papers.csv", 0)': "changes the state of data/papers.csv",
    'os.chown("../data/papers.csv", 1, 1)': "changes the state of data/papers.csv",
    'os.utime("a.qmd", (1, 1))': "changes the state of chapters/a.qmd",
    'os.setxattr("../data/papers.csv", "user.a", b"b")': "changes the state of data/papers.csv",
    'pandas.DataFrame({"a": [1]}).to_csv("../data/papers.csv")': "writes over data/papers.csv",
    'open("own.csv", "w")': "creates chapters/own.csv",
    'open("../figures/drawn/a.svg", "w")': "creates figures/drawn/a.svg",
    'open("../_quarto.yml", "a")': "writes over _quarto.yml",
    'open(root / "alias/papers.csv", "w")': "writes over data/papers.csv",
    'os.chdir(root / "data"); open("papers.csv", "w")': "writes over data/papers.csv",
}
ALLOWED = (
    'open(root / "data/papers.csv").read()',
    'os.open(root / "data/papers.csv", os.O_RDONLY)',
    'pandas.read_csv(root / "data/papers.csv")',
    'open(root / "out.csv", "w").close()',
    (
        'os.makedirs(root / "made", exist_ok=True); open(root / "made/x", "w").close(); '
        'os.remove(root / "made/x")'
    ),
    "tempfile.TemporaryFile()",
    'open(root / "figures/made.svg", "w").close()',
    'os.makedirs(root / "chapters/__pycache__")',
    'os.path.exists(root / "data/papers.csv")',
    'shutil.copy(root / "data/papers.csv", root / "copy.csv")',
    'os.chmod(root / "out.csv", 0o600)',
    'os.link(root / "out.csv", root / "hard-out.csv")',
    'os.makedirs(root / "figures/own"); shutil.rmtree(root / "figures/own")',
)


@pytest.fixture
def review(tmp_path: Path) -> Path:
    root = tmp_path / "review {x} ü"
    for name in ("data/papers.csv", "bib/references.bib", "chapters/a.qmd", "_quarto.yml",
                 "cache/free.txt", "figures/drawn/b.svg"):  # fmt: skip
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("a,b\n1,2\n", encoding="utf-8")
    (root / "alias").symlink_to("data")
    return root


def files(folder: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def told_of(review: Path, lines: list[str]) -> dict[str, str]:
    command = [sys.executable, "-c", GUARDED, str(review), json.dumps(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(done.stdout)
    return told


def test_what_would_change_a_source_is_refused(review: Path) -> None:
    """Every way that Python has to write, remove, rename or make a file; nothing has happened."""
    before = files(review)
    told = told_of(review, list(REFUSED))
    assert told == {
        line: f"the cell {words}, a source of the review." for line, words in REFUSED.items()
    }
    assert files(review) == before


def test_reading_and_writing_elsewhere_is_allowed(review: Path) -> None:
    """Sources are read, and other folders written, as before."""
    assert told_of(review, list(ALLOWED)) == dict.fromkeys(ALLOWED, "")


CELLS = {
    "python": "import pandas\npandas.DataFrame({'a': [1]}).to_csv('../data/papers.csv')",
    "caught": "try:\n    open('../bib/references.bib', 'a')\nexcept Exception:\n    pass",
    "program": "import subprocess\nsubprocess.run(['sh', '-c', 'echo x >> ../data/papers.csv'])",
    "made": "import subprocess\nsubprocess.run(['touch', '../data/new.csv'])",
}
TOLD = {
    "python": "cell 2, line 2: the cell writes over data/papers.csv, a source of the review.",
    "caught": "cell 2: the cell writes over bib/references.bib, a source of the review.",
    "program": "cell 2: data/papers.csv was changed while the cell ran.",
    "made": "cell 2: data/new.csv was created while the cell ran.",
}


@pytest.mark.parametrize("kind", CELLS)
def test_a_cell_that_changes_a_source_is_an_error(
    kind: str, project: Any, reviewpress: Run
) -> None:
    """Chapter and cell are named, and no edition is made."""
    root = project()
    path = root / "chapters/findings.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    cell = {**notebook["cells"][2], "id": "changes", "source": CELLS[kind]}
    cell["metadata"] = {}
    notebook["cells"].insert(1, cell)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    before = files(root / "bib")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 1
    assert f"error: chapters/findings.ipynb, {TOLD[kind]}\n" in outcome.stderr
    assert files(root / "bib") == before
    assert "The last good edition" in (root / "_output/report/index.html").read_text("utf-8")
