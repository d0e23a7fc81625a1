"""What is kept is found again only by the program that would make the same."""

import io
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
from reviewpress.store.digests import digest_file
from reviewpress.store.kinds import KINDS, REFERENCES, Kind

REPOSITORY = Path(__file__).resolve().parents[1]
FORMATS = """\
book:
  chapters: [index.qmd, chapters/findings.ipynb, chapters/references.qmd]
format: {html: default, typst: default, docx: default}
"""
PROGRAM_NAMES = {"pandoc": "pypandoc-binary", "Typst": "typst", "pagefind": "pagefind-bin"}
UNCHANGED = "Executing nothing: 1 notebook unchanged"
PARAGRAPH = '{{"t": "Para", "c": [{{"t": "Str", "c": "{}"}}]}}'


def wrapped(function: str, answer: str) -> str:
    """Return code that, at the end of a module, has one of its functions answer something else."""
    return (
        f"\n_told = {function}\ndef {function}(*a, **k):\n    told = _told(*a, **k)\n    {answer}\n"
    )


def with_paragraph(function: str, mark: str) -> str:
    return wrapped(function, f"return [*told, {PARAGRAPH.format(mark)}]")


UPGRADE = {
    "reference_reader.py": wrapped(
        "read_references",
        "from dataclasses import replace\n"
        "    new = {key: replace(one, short=one.short + ' ANNO')"
        " for key, one in told.references.items()}\n"
        "    return replace(told, references=new)",
    ),
    "assemble/ast.py": wrapped("join_words", "return told.replace(b'speak of', b'JOINED')"),
    "assemble/blocks.py": with_paragraph("resolve_blocks", "RESOLVED"),
    "assemble/numbering.py": wrapped(
        "number_blocks", f"a[0].append({PARAGRAPH.format('NUMBERED')})\n    return told"
    ),
    "formats/citations.py": wrapped(
        "_described", "return {k: v | {'short': v['short'] + ' CITED'} for k, v in told.items()}"
    ),
    "formats/documents.py": with_paragraph("page_blocks", "BLOCKS"),
    "formats/html.py": wrapped("_page_metadata", "return told | {'description': 'DESCRIBED'}"),
    "formats/parts.py": wrapped("book_metadata", "return told | {'title': 'TITLED'}"),
    "formats/pdf_tags.py": wrapped("mark_row_headers", "return told + b'% TAGGED'"),
    "formats/word_document.py": "\n_told = finish_word\n"
    "def finish_word(document, labels, facts, *a):\n"
    "    return _told(document, labels, [*facts, 'WORDED'], *a)\n",
    "bibliography/exports.py": wrapped("write_ris", "return told + 'EXPORTED'"),
    "brand.py": wrapped("css", "return told + '/* BRANDED */'"),
    "programs/pagefind.py": wrapped("_index", "(a[1] / 'INDEXED').write_text('INDEXED')"),
}
"""What an upgrade changes in the modules that write most of the output; each leaves its mark."""
MARKS = (
    "ANNO", "JOINED", "RESOLVED", "NUMBERED", "CITED", "BLOCKS", "DESCRIBED", "TITLED", "TAGGED",
    "WORDED", "EXPORTED", "BRANDED", "INDEXED",
)  # fmt: skip


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

    def render(self) -> str:
        """Render the report; return what the command said."""
        code = "from reviewpress.cli import main; main()"
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
            if path.is_file()
        }

    def append(self, module: str, code: str) -> None:
        """Change a module of the package."""
        with (self.package / module).open("a", encoding="utf-8") as file:
            file.write(code)


def unpacked(files: dict[str, bytes]) -> bytes:
    """Return all that files say, that of the Word file included."""
    with zipfile.ZipFile(io.BytesIO(files["report/report.docx"])) as word:
        return b"".join([*files.values(), *(word.read(name) for name in word.namelist())])


def test_an_upgrade_makes_what_a_build_from_nothing_makes(tmp_path: Path) -> None:
    """Nothing that the last version made is found by the next; and no notebook is executed."""
    there = Installation(tmp_path)
    assert "Executing 1 notebook" in there.render()
    before = there.made()
    for module, code in UPGRADE.items():
        there.append(module, code)
    assert UNCHANGED in there.render()
    upgraded = there.made()
    shutil.rmtree(there.root / ".reviewpress")
    shutil.rmtree(there.root / "_output")
    there.render()
    anew = there.made()
    assert [name for name in anew if anew[name] != upgraded.get(name)] == []
    assert anew.keys() == upgraded.keys()
    assert [mark for mark in MARKS if mark.encode() not in unpacked(upgraded)] == []
    assert [mark for mark in MARKS if mark.encode() in unpacked(before)] == []


def test_another_pandoc_or_typst_executes_no_notebook(tmp_path: Path) -> None:
    """All else is made again; a change of what the kernel imports executes the notebook."""
    there = Installation(tmp_path)
    there.render()
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
    there.append("evidence/words.py", wrapped("words", "return 'COUNTED'"))
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
    return lambda kind: kinds._made_by.__wrapped__(kind.programs).decode()


def test_every_module_changes_the_key(
    package: Path, key: Callable[[Kind], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does each Lua file, template and table of words, a new file, and one that is gone."""
    digests: dict[tuple[Path, int, int], str] = {}

    def digest_once(path: Path) -> str:
        state = path.stat()
        name = path, state.st_size, state.st_mtime_ns
        if name not in digests:
            digests[name] = digest_file(path)
        return digests[name]

    monkeypatch.setattr(versions, "digest_file", digest_once)
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


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.folder}{kind.ending}")
def test_every_kind_depends_on_the_package(
    kind: Kind, package: Path, key: Callable[[Kind], str]
) -> None:
    """A changed byte of it is enough."""
    before = key(kind)
    assert key(kind) == before
    with (package / "errors.py").open("a", encoding="utf-8") as file:
        file.write("#")
    assert key(kind) != before


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
        found.setdefault(kind.folder, set()).update(kind.programs)
    assert listed == found
