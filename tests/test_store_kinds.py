"""What is kept is found again only by the program that would make the same."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.store import kinds, versions
from reviewpress.store.kinds import KINDS, REFERENCES, RUNS, Kind
from reviewpress.store.output_folder import LIST

REPOSITORY = Path(__file__).resolve().parents[1]
FORMATS = """\
book:
  chapters: [index.qmd, chapters/findings.ipynb, chapters/references.qmd]
format: {html: default, typst: default, docx: default}
"""
PROGRAM_NAMES = {"pandoc": "pypandoc-binary", "Typst": "typst", "pagefind": "pagefind-bin"}
AFTER_EXECUTION = ("assemble/", "checks/", "formats/", "programs/pandoc", "programs/t", "quarto/")
"""Modules that a patch may change without executing a notebook: what pandoc and Typst do."""
UNCHANGED = "Executing nothing: 1 notebook unchanged"
MOST = 32
"""How many modules an upgrade changes at once."""
SHOWN = 12
"""Of how many of them the change has to show: of those that write most of the output."""
WORDS = [f"word{number:02}q" for number in range(MOST)]
"""Words of the review, one for each module that is changed."""

LOOK = """
import json, sys, threading
from collections import Counter
from types import FunctionType

seen = Counter()


def look(frame, event, value):
    code = frame.f_code
    if event != "return" or "/reviewpress/" not in code.co_filename or code.co_flags & 0x20:
        return
    ours = frame.f_globals.get(code.co_name)
    if type(ours) is FunctionType and ours.__code__ is code:
        told = value if isinstance(value, str | bytes) else repr(value)
        is_file = isinstance(value, bytes) and value.startswith((b"%PDF", b"PK"))
        if is_file or (b"word00q" if isinstance(told, bytes) else "word00q") in told:
            seen[frame.f_globals["__file__"], code.co_name] += len(told)


sys.setprofile(look)
threading.setprofile(look)
from reviewpress.cli import main

try:
    main()
finally:
    sys.setprofile(None)
    with open("seen.json", "w") as file:
        json.dump(seen.most_common(), file, default=list)
"""
"""Renders, and notes how much of the review's text each function of the package passes on."""

CHANGE = """

def _marked_by_test(value, word={word!r}):
    if isinstance(value, str):
        return value.replace(word, word.upper())
    if isinstance(value, bytes) and value.startswith(b"%PDF"):
        return value + b"% " + word.upper().encode()
    if isinstance(value, bytes) and value.startswith(b"PK"):
        from io import BytesIO
        from zipfile import ZipFile
        file = BytesIO(value)
        with ZipFile(file, "a") as archive:
            archive.comment = word.upper().encode()
        return file.getvalue()
    if isinstance(value, bytes):
        return value.replace(word.encode(), word.upper().encode())
    if isinstance(value, dict):
        return {{key: _marked_by_test(each) for key, each in value.items()}}
    if type(value) in (list, tuple):
        return type(value)(map(_marked_by_test, value))
    return value


_unmarked_by_test = {function}


def {function}(*arguments, **options):
    return _marked_by_test(_unmarked_by_test(*arguments, **options))
"""
"""At the end of a module: has one of its functions give something else."""


class Installation:
    """A copy of the package, to be upgraded, and a review that is made with it."""

    def __init__(self, folder: Path) -> None:
        self.package = folder / "site" / "reviewpress"
        self.root = folder / "review"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(versions.PACKAGE, self.package, ignore=ignored)
        shutil.copytree(
            REPOSITORY / "_extensions" / "reviewpress", self.package / "extension",
            dirs_exist_ok=True,
        )  # fmt: skip
        shutil.copytree(REPOSITORY / "tests" / "projects" / "minimal", self.root)
        (self.root / "_quarto-report.yml").write_text(FORMATS, encoding="utf-8")

    def render(self, code: str = "from reviewpress.cli import main; main()") -> str:
        """Render the report; return what the command said."""
        command = [sys.executable, "-c", code, "render", "--engine", "pandoc"]
        environment = os.environ | {"PYTHONPATH": str(self.package.parent)}
        done = subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def made(self) -> dict[str, bytes]:
        """Return every file of the edition."""
        output = self.root / "_output"
        return {
            path.relative_to(output).as_posix(): path.read_bytes()
            for path in sorted(output.rglob("*"))
            if path.is_file() and path.name != LIST
        }

    def append(self, module: str, code: str) -> None:
        """Change a module of the package."""
        with (self.package / module).open("a", encoding="utf-8") as file:
            file.write(code)


def unpacked(files: dict[str, bytes]) -> bytes:
    """Return all that files say, that of the Word file included."""
    with zipfile.ZipFile(io.BytesIO(files["report/report.docx"])) as word:
        return b"".join([*files.values(), *(word.read(name) for name in word.namelist())])


def depended(there: Installation, part: str) -> set[str]:
    """Return the modules, or the packages, that the review's runs depend on."""
    records = (there.root / ".reviewpress" / "runs").glob("*/*/record.json")
    return {name for file in records for name in json.loads(file.read_bytes())["depends"][part]}


def writers(there: Installation) -> list[tuple[str, str]]:
    """Return the modules that write most of an edition, each with the function that does.

    Without those that the chapters' runs depend on: a change of these executes them.
    """
    kernel = depended(there, "modules")
    found: dict[str, str] = {}
    for (file, function), _ in json.loads((there.root / "seen.json").read_bytes()):
        found.setdefault(Path(file).relative_to(there.package).as_posix(), function)
    return [(module, name) for module, name in found.items() if module not in kernel][:MOST]


def test_an_upgrade_makes_what_a_build_from_nothing_makes(tmp_path: Path) -> None:
    """Nothing that the last version made is found by the next; and no notebook is executed."""
    there = Installation(tmp_path)
    for path, text, put in (
        ("index.qmd", "Made-up", "{} Made-up"),
        ("bib/references.bib", "title = {", "title = {{{} "),
    ):
        file = there.root / path
        new = put.format(" ".join(WORDS))
        file.write_text(file.read_text("utf-8").replace(text, new, 1), encoding="utf-8")
    assert "Executing 1 notebook" in there.render(LOOK)
    before = there.made()
    changed = writers(there)
    (there.root / "seen.json").unlink()
    for word, (module, function) in zip(WORDS, changed, strict=False):
        there.append(module, CHANGE.format(word=word, function=function))
    assert UNCHANGED in there.render()
    upgraded = there.made()
    shutil.rmtree(there.root / ".reviewpress")
    shutil.rmtree(there.root / "_output")
    there.render()
    anew = there.made()
    assert [name for name in anew if anew[name] != upgraded.get(name)] == []
    assert anew.keys() == upgraded.keys()
    shown = [name for name, word in zip(changed, WORDS, strict=False)
             if word.upper().encode() in unpacked(upgraded)]  # fmt: skip
    assert len(shown) >= SHOWN, (shown, changed)
    assert not any(word.upper().encode() in unpacked(before) for word in WORDS)


def test_another_pandoc_or_typst_executes_no_notebook(tmp_path: Path) -> None:
    """All else is made again; a change of what the kernel imports executes the notebook."""
    there = Installation(tmp_path)
    there.render()
    modules, packages = depended(there, "modules"), depended(there, "packages")
    assert {"evidence/words.py", "notebooks/execute.py", "tables/reader.py"} <= modules
    late = [name for name in modules if name.startswith(AFTER_EXECUTION)]
    # What formats there are, the configuration knows, which a kernel reads.
    assert [n for n in late if not n.startswith(("formats/objects/", "formats/__init__"))] == []
    assert packages & {*kinds.PROGRAMS} <= {"bibtexparser", "pylatexenc"}
    pages = len(list((there.root / ".reviewpress" / "pages").iterdir()))
    for name in ("pypandoc_binary", "typst"):
        newer = there.package.parent / f"{name}-99.1.dist-info"
        newer.mkdir()
        (newer / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.1\n")
    said = there.render()
    assert "written" in said
    assert UNCHANGED in said
    kept = there.root / ".reviewpress"
    assert len(list((kept / "pages").iterdir())) == 2 * pages
    assert len(list((kept / "pdf").iterdir())) == 2
    there.append("evidence/words.py", "\n\ndef words(*_, **__):\n    return 'COUNTED'\n")
    assert "Executing 1 notebook" in there.render()
    assert b"COUNTED" in unpacked(there.made())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package, of which keys are made."""
    folder = tmp_path / "reviewpress"
    shutil.copytree(versions.PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(versions, "PACKAGE", folder)
    return folder


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Callable[[Kind], str]:
    """Return the key of a kind for the same inputs, as a new process makes it."""
    monkeypatch.setattr(kinds, "package_digest", versions.package_digest.__wrapped__)
    return lambda kind: kinds._made_by.__wrapped__(kind.programs, kind.by_package)


def test_every_module_changes_the_key(package: Path, key: Callable[[Kind], str]) -> None:
    """So does each Lua file, template and table of words, a new file, and one that is gone."""
    files = [path for path in sorted(package.rglob("*")) if path.is_file()]
    seen = {key(REFERENCES)}
    for count, path in enumerate(files, 2):
        with path.open("ab") as file:
            file.write(b" ")
        seen.add(key(REFERENCES))
        assert len(seen) == count, path
    (package / "newest.py").touch()
    seen.add(key(REFERENCES))
    (package / "newest.py").unlink()
    (package / "labels.py").unlink()
    seen.add(key(REFERENCES))
    assert len(seen) == len(files) + 3


def test_every_kind_but_runs_depends_on_the_package(
    package: Path, key: Callable[[Kind], str]
) -> None:
    """A changed byte of it is enough."""
    before = [key(kind) for kind in KINDS]
    assert [key(kind) for kind in KINDS] == before
    with (package / "errors.py").open("a", encoding="utf-8") as file:
        file.write("#")
    assert [kind for kind, was in zip(KINDS, before, strict=True) if key(kind) == was] == [RUNS]


@pytest.mark.parametrize("program", kinds.PROGRAMS)
def test_a_kind_depends_on_its_programs_alone(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: Callable[[Kind], str]
) -> None:
    """Another version, or another file put in the program's place by hand."""
    place = tmp_path / versions._FOLDERS.get(program, program)
    place.mkdir(parents=True)
    (place / "program").write_bytes(b"1")
    (tmp_path / f"{program.replace('-', '_')}-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    keys = [[key(kind) for kind in KINDS]]
    (place / "program").write_bytes(b"one")
    keys.append([key(kind) for kind in KINDS])
    (tmp_path / f"{program.replace('-', '_')}-1.0.dist-info").rename(
        tmp_path / f"{program.replace('-', '_')}-1.1.dist-info"
    )
    versions_of = versions.installed()
    assert versions_of[program] == "1.1"
    keys.append([key(kind) for kind in KINDS])
    for kind, *found in zip(KINDS, *keys, strict=True):
        assert len(set(found)) == (3 if program in kind.programs else 1), kind


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    """What is damaged is made again; what could not be made is not kept."""
    kind, made = Kind("things", ".txt"), []

    def get(text: str) -> int:
        def make() -> tuple[int, bytes]:
            made.append(text)
            return int(text), text.encode()

        return kind.get(tmp_path, [text.encode()], make=make, read=int)

    assert [get("1"), get("1"), get("2")] == [1, 1, 2]
    assert made == ["1", "2"]
    kind.place(tmp_path, [b"1"]).write_bytes(b"damaged")
    assert [get("1"), get("1")] == [1, 1]
    assert made == ["1", "2", "1"]
    with pytest.raises(ValueError, match="x"):
        get("x")
    assert not kind.place(tmp_path, [b"x"]).exists()


def test_kinds_do_not_share_an_address() -> None:
    """The same inputs make one thing of each kind, also of two that share a folder."""
    assert len({(kind.folder, kind.ending) for kind in KINDS}) == len(KINDS)
    assert len({kind.key([b"a"]) for kind in KINDS}) == len(KINDS)


def test_the_page_lists_every_kind() -> None:
    """Its folder, and the programs that make it, as the table of kinds has them."""
    page = (REPOSITORY / "docs" / "explanation" / "what-is-kept.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)/` \| .* \| (.*) \|$", page, re.M)
    listed = {
        folder: {PROGRAM_NAMES.get(name, name) for name in told.split(", ")}
        for folder, told in rows
    }
    found: dict[str, set[str]] = {}
    for kind in KINDS:
        recorded = "not on Reviewpress as a whole: what its record names"
        assert kind.programs or not kind.by_package
        found.setdefault(kind.folder, set()).update(kind.programs or {recorded})
    assert listed == found
