"""How each tool makes the same report of the same chapters, as its users would.

reviewpress   reviewpress render: pages, PDF and Word, checked
plain         papermill for each notebook, then pandoc once a format, Typst for the PDF
nbconvert     jupyter nbconvert --execute: pages only
jupyter-book  jb build: pages only; notebooks kept in its cache (jupyter-book 1, the last
              release that builds without the network)
quarto        quarto render: pages, PDF and Word, `execute: freeze: auto`
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_measure import Command

BIN = Path(sys.executable).parent
KEPT = ("_quarto.yml", "_quarto-*.yml", "_brand.yml", "*.qmd", "chapters", "data", "bib",
        "_extensions", "scripts")  # fmt: skip
NBCONVERT = "nbconvert>=7"
JUPYTER_BOOK = "jupyter-book>=1.0,<2"


@dataclass(frozen=True, slots=True)
class Way:
    """One tool's way: its commands, what they make, and the version to print."""

    name: str
    makes: str
    version: str
    commands: tuple[Command, ...]
    environment: dict[str, str]
    problem: str = ""


def copy_review(source: Path, folder: Path) -> Path:
    """Copy a review's sources, without anything made, to an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for pattern in KEPT:
        for path in source.glob(pattern):
            if path.is_dir():
                shutil.copytree(path, folder / path.name)
            else:
                shutil.copyfile(path, folder / path.name)
    if (source / "figures/drawn").is_dir():
        shutil.copytree(source / "figures/drawn", folder / "figures/drawn")
    return folder


def make_way(name: str, review: Path, chapters: Sequence[str], tools: Path) -> Way:
    """Return the way of this name for a copy of the review."""
    return _WAYS[name](review, chapters, tools)


def _reviewpress(review: Path, chapters: Sequence[str], tools: Path) -> Way:
    command = [str(BIN / "reviewpress"), "render", "--engine", "pandoc"]
    version = _say([str(BIN / "reviewpress"), "--version"])
    return Way("reviewpress", "HTML, PDF, Word; checked", version, (command,), {})


def _plain(review: Path, chapters: Sequence[str], tools: Path) -> Way:
    runs = review / "_plain"
    runs.mkdir(exist_ok=True)
    commands: list[Command] = []
    for chapter in chapters:
        if chapter.endswith(".ipynb"):
            goal = runs / Path(chapter).name
            commands.append([str(BIN / "papermill"), "--no-progress-bar", "-k", "python3",
                             "--cwd", str(review / "chapters"), chapter, str(goal)])  # fmt: skip
    joined = [str(review / c) if c.endswith(".qmd") else str(runs / Path(c).name) for c in chapters]
    join = [sys.executable, str(Path(__file__).with_name("bench_join.py")), str(runs / "all.ipynb")]
    commands.append([*join, *joined])
    pandoc = _pandoc()
    read = [pandoc, "--from", "ipynb+raw_markdown", "--standalone", "--toc", "--number-sections",
            "--quiet", "--citeproc", "--bibliography", "bib/references.bib",
            "--resource-path", f".:{review / 'chapters'}"]  # fmt: skip
    source = str(runs / "all.ipynb")
    for ending in ("html", "docx", "typ"):
        commands.append([*read, source, "--output", str(runs / f"report.{ending}")])
    commands.append(
        [sys.executable, "-c", "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])",
         str(runs / "report.typ"), str(runs / "report.pdf")]
    )  # fmt: skip
    version = f"papermill {_version('papermill')}, {_say([pandoc, '--version'])}, "
    return Way("plain", "HTML, PDF, Word", version + f"typst {_version('typst')}",
               tuple(commands), {})  # fmt: skip


def _nbconvert(review: Path, chapters: Sequence[str], tools: Path) -> Way:
    place = tools / "nbconvert"
    if not _install(place, place / "bin/jupyter-nbconvert", NBCONVERT):
        return Way("nbconvert", "HTML", "", (), {}, f"{NBCONVERT} cannot be installed")
    notebooks = [chapter for chapter in chapters if chapter.endswith(".ipynb")]
    program = str(place / "bin/jupyter-nbconvert")
    command = [program, "--execute", "--to", "html", "--no-input", "--output-dir", "_nbconvert",
               *notebooks]  # fmt: skip
    version = _say([program, "--version"])
    return Way("nbconvert", "HTML", f"nbconvert {version}", (command,), _kernel(tools))


def _jupyter_book(review: Path, chapters: Sequence[str], tools: Path) -> Way:
    place = tools / "jupyter-book"
    command = place / "bin" / "jb"
    if not _install(place, command, JUPYTER_BOOK):
        return Way("jupyter-book", "HTML", "", (), {}, f"{JUPYTER_BOOK} cannot be installed")
    notebooks = [chapter for chapter in chapters if chapter.endswith(".ipynb")]
    listed = "".join(f"  - file: {name.removesuffix('.ipynb')}\n" for name in notebooks[1:])
    root = notebooks[0].removesuffix(".ipynb")
    (review / "_toc.yml").write_text(f"format: jb-book\nroot: {root}\nchapters:\n{listed}")
    (review / "_config.yml").write_text(
        "title: Review\nonly_build_toc_files: true\n"
        "execute: {execute_notebooks: cache, timeout: 300}\n"
        "bibtex_bibfiles: [bib/references.bib]\nsphinx: {config: {suppress_warnings: ['*']}}\n"
    )
    build = [str(command), "build", ".", "--path-output", "_jb"]
    version = _say([str(command), "--version"])
    return Way("jupyter-book", "HTML", f"Jupyter Book {version.partition(':')[2].strip()}",
               (build,), _kernel(tools))  # fmt: skip


def _quarto(review: Path, chapters: Sequence[str], tools: Path) -> Way:
    quarto = shutil.which("quarto")
    if quarto is None:
        return Way("quarto", "HTML, PDF, Word", "", (), {}, "Quarto is not installed")
    command = [quarto, "render", "--profile", "report"]
    return Way("quarto", "HTML, PDF, Word", f"Quarto {_say([quarto, '--version'])}", (command,), {})


_WAYS = {
    "reviewpress": _reviewpress,
    "plain": _plain,
    "nbconvert": _nbconvert,
    "jupyter-book": _jupyter_book,
    "quarto": _quarto,
}
NAMES = tuple(_WAYS)


def _install(place: Path, program: Path, package: str) -> bool:
    """Make an environment for a peer, once; say whether it is there."""
    if program.is_file():
        return True
    install = [str(place / "bin/python"), "-m", "pip", "install", "--quiet", package]
    commands = ([sys.executable, "-m", "venv", str(place)], install)
    return all(not subprocess.run(each, check=False).returncode for each in commands)


def _kernel(tools: Path) -> dict[str, str]:
    """Give a peer the kernel that has what the chapters import."""
    kernel = tools / "kernels" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    described = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(described))
    return {"JUPYTER_PATH": str(tools / "kernels")}


def _pandoc() -> str:
    from reviewpress.tools import find_pandoc

    return find_pandoc()


def _say(command: Command) -> str:
    done = subprocess.run(list(command), capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return next((line for line in lines if line[:1].isdigit() or "version" in line.lower()
                 or "pandoc" in line), lines[0] if lines else "")  # fmt: skip


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
