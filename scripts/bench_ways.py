"""How each tool makes the same report of the same chapters, as its users would.

reviewpress   reviewpress render: both editions; pages, PDF and Word, checked
plain         papermill for each notebook, then for both editions pandoc once a format and
              Typst once a PDF
nbconvert     jupyter nbconvert --execute: the report's notebooks, pages only
jupyter-book  jb build: the report's notebooks, pages only, kept in its cache (jupyter-book 1,
              the last release that builds without the network)
quarto        quarto render: both editions; pages, PDF and Word
myst          myst build --html --execute: the report's notebooks, pages only; its theme has to
              be downloaded by each new review
manubot       nbconvert --execute for the report's notebooks, manubot process, and pandoc for
              one page and one Word file
showyourwork  an article in LaTeX, by tectonic, in an environment that conda makes
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench_measure import Command

BIN = Path(sys.executable).parent
KEPT = ("_quarto.yml", "_quarto-*.yml", "_brand.yml", "*.qmd", "chapters", "data", "bib",
        "_extensions", "scripts")  # fmt: skip
ASIDE = ".aside-"
"""How folders begin in which earlier copies lie, to be removed at the end."""

NBCONVERT = "nbconvert>=7"
JUPYTER_BOOK = "jupyter-book>=1.0,<2"
MYST = "mystmd==1.11.0"
MANUBOT = "manubot==0.6.1"
NOTEBOOK = "ipynb" + "".join(f"+{name}" for name in (
    "bracketed_spans", "citations", "definition_lists", "fenced_divs", "footnotes",
    "header_attributes", "implicit_figures", "link_attributes", "raw_attribute", "subscript",
    "superscript", "table_captions",
))  # fmt: skip
"""How pandoc reads a notebook: with what its own Markdown has and the chapters need."""


@dataclass(frozen=True, slots=True)
class Way:
    """One tool's way: its commands, what they make, and the version to print.

    `chapters` are told on the `pages` that it makes, globs below the review.
    """

    name: str
    makes: str
    version: str
    commands: tuple[Command, ...]
    environment: dict[str, str]
    chapters: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    problem: str = ""


def copy_review(source: Path, folder: Path) -> Path:
    """Copy a review's sources, without anything made, to an empty folder.

    What stood there is put aside: for minutes after many files were removed, some file systems are
    slow to make new ones.
    """
    if folder.exists():
        folder.rename(Path(tempfile.mkdtemp(dir=folder.parent, prefix=ASIDE)) / folder.name)
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


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition to be made: its profile, chapters in order, and formats."""

    profile: str
    chapters: tuple[str, ...]
    formats: tuple[str, ...]

    @property
    def notebooks(self) -> list[str]:
        """The chapters that are notebooks."""
        return [chapter for chapter in self.chapters if chapter.endswith(".ipynb")]


def make_way(name: str, review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    """Return the way of this name for a copy of the review."""
    return _WAYS[name](review, editions, tools)


def _reviewpress(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    profiles = ",".join(edition.profile for edition in editions)
    command = [str(BIN / "reviewpress"), "render", "--engine", "pandoc", "--profile", profiles]
    version = _say([str(BIN / "reviewpress"), "--version"])
    return Way("reviewpress", "HTML, PDF, Word; checked", version, (command,), {},
               _chapters(editions), ("_output/*/**/*.html",))  # fmt: skip


def _plain(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    runs = review / "_plain"
    runs.mkdir(exist_ok=True)
    # Each notebook once, though two editions show it.
    notebooks = dict.fromkeys(name for edition in editions for name in edition.notebooks)
    commands: list[Command] = [
        [str(BIN / "papermill"), "--no-progress-bar", "-k", "python3",
         "--cwd", str(review / "chapters"), name, str(runs / Path(name).name)]
        for name in notebooks
    ]  # fmt: skip
    for edition in editions:
        commands += _plain_outputs(review, runs, edition)
    version = f"papermill {_version('papermill')}, {_say([_pandoc(), '--version'])}, "
    return Way("plain", "HTML, PDF, Word", version + f"typst {_version('typst')}",
               tuple(commands), {}, _chapters(editions), ("_plain/*.html",))  # fmt: skip


def _plain_outputs(review: Path, runs: Path, edition: Edition) -> list[Command]:
    """Return the commands that make one edition's files of executed notebooks."""
    source = str(runs / f"{edition.profile}.ipynb")
    joined = [str(review / c) if c.endswith(".qmd") else str(runs / Path(c).name)
              for c in edition.chapters]  # fmt: skip
    commands: list[Command] = [
        [sys.executable, str(Path(__file__).with_name("bench_join.py")), source, *joined]
    ]
    for name in edition.formats:
        ending = "typ" if name == "typst" else name
        commands.append(plain_pandoc(review, source, runs / f"{edition.profile}.{ending}"))
    if "typst" in edition.formats:
        compile_it = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])"
        files = [str(runs / f"{edition.profile}.{ending}") for ending in ("typ", "pdf")]
        commands.append([sys.executable, "-c", compile_it, *files])
    return commands


def plain_pandoc(review: Path, source: str, goal: Path) -> Command:
    """Return the pandoc command that makes one file of one notebook, as its users would."""
    return [_pandoc(), "--from", NOTEBOOK, "--standalone", "--toc", "--number-sections",
            "--quiet", "--citeproc", "--bibliography", "bib/references.bib",
            "--resource-path", f".:{review / 'chapters'}", source,
            "--output", str(goal)]  # fmt: skip


def _nbconvert(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    place = tools / "nbconvert"
    if not _install(place, place / "bin/jupyter-nbconvert", NBCONVERT):
        return Way("nbconvert", "HTML", "", (), {}, problem=f"{NBCONVERT} cannot be installed")
    notebooks = editions[0].notebooks
    program = str(place / "bin/jupyter-nbconvert")
    command = [program, "--execute", "--to", "html", "--no-input", "--output-dir", "_nbconvert",
               *notebooks]  # fmt: skip
    version = _say([program, "--version"])
    return Way("nbconvert", "HTML", f"nbconvert {version}", (command,), _kernel(tools),
               tuple(notebooks), ("_nbconvert/*.html",))  # fmt: skip


def _jupyter_book(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    place = tools / "jupyter-book"
    command = place / "bin" / "jb"
    if not _install(place, command, JUPYTER_BOOK):
        problem = f"{JUPYTER_BOOK} cannot be installed"
        return Way("jupyter-book", "HTML", "", (), {}, problem=problem)
    notebooks = editions[0].notebooks
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
               (build,), _kernel(tools), tuple(notebooks), ("_jb/**/*.html",))  # fmt: skip


def _quarto(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    quarto = shutil.which("quarto")
    if quarto is None:
        return Way("quarto", "HTML, PDF, Word", "", (), {}, problem="Quarto is not installed")
    commands = tuple([quarto, "render", "--profile", edition.profile] for edition in editions)
    return Way("quarto", "HTML, PDF, Word", f"Quarto {_say([quarto, '--version'])}", commands, {},
               _chapters(editions), ("_output/*/**/*.html",))  # fmt: skip


def _myst(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    place = tools / "myst"
    program = place / "bin" / "myst"
    if not _install(place, program, MYST):
        return Way("myst", "HTML", "", (), {}, problem=f"{MYST} cannot be installed")
    notebooks = editions[0].notebooks
    files = [{"file": name} for name in notebooks]
    project = {"title": "Review", "toc": files, "bibliography": ["bib/references.bib"]}
    described = {"version": 1, "project": project, "site": {"template": "book-theme"}}
    # JSON is YAML.
    (review / "myst.yml").write_text(json.dumps(described))
    environment = _kernel(tools)
    version = f"MyST {_say([str(program), '--version'])}"
    build = [str(program), "build", "--html", "--ci"]
    tried = subprocess.run(build, cwd=review, env={**os.environ, **environment}, text=True,
                           capture_output=True, stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    problem = ""
    if tried.returncode:
        lines = (tried.stdout + tried.stderr).splitlines()
        said = next((line for line in lines if "failed" in line), "it did not say why")
        problem = f"`{' '.join(['myst', *build[1:]])}` does not build here: {said.strip()}"
    return Way("myst", "HTML", version, ([*build, "--execute"],), environment, tuple(notebooks),
               ("_build/html/**/*.html",), problem)  # fmt: skip


def _manubot(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    place, converter = tools / "manubot", tools / "nbconvert"
    program, convert = place / "bin/manubot", converter / "bin/jupyter-nbconvert"
    if not (_install(place, program, MANUBOT) and _install(converter, convert, NBCONVERT)):
        return Way("manubot", "HTML, Word", "", (), {}, problem=f"{MANUBOT} cannot be installed")
    notebooks, content, made = editions[0].notebooks, review / "content", review / "_manubot"
    content.mkdir(exist_ok=True)
    (content / "metadata.yaml").write_text("title: Review\n")
    # In order, by its name.
    commands: list[Command] = [
        [str(convert), "--execute", "--to", "markdown", "--output-dir", "content",
         "--output", f"{number:02}.{Path(name).stem}.md", name]
        for number, name in enumerate(notebooks, 1)
    ]  # fmt: skip
    folders = ["--content-directory", str(content), "--output-directory", str(made)]
    commands.append([str(program), "process", *folders, "--skip-citations", "--skip-remote"])
    for ending in ("html", "docx"):
        commands.append([_pandoc(), "--standalone", "--toc", "--number-sections", "--quiet",
                         "--citeproc", "--bibliography", "bib/references.bib",
                         "--resource-path", f".:{content}", str(made / "manuscript.md"),
                         "--output", str(made / f"manuscript.{ending}")])  # fmt: skip
    return Way("manubot", "HTML, Word", f"{_say([str(program), '--version'])}", tuple(commands),
               _kernel(tools), tuple(notebooks), ("_manubot/*.html",))  # fmt: skip


def _showyourwork(review: Path, editions: Sequence[Edition], tools: Path) -> Way:
    problem = (
        "showyourwork 0.4 makes an article in LaTeX with tectonic, which downloads its packages, in"
        " an environment that conda makes from the network; it takes no notebooks and no Markdown"
    )
    return Way("showyourwork", "PDF", "showyourwork", (), {}, problem=problem)


def _chapters(editions: Sequence[Edition]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chapter for edition in editions for chapter in edition.chapters))


_WAYS = {
    "reviewpress": _reviewpress,
    "plain": _plain,
    "nbconvert": _nbconvert,
    "jupyter-book": _jupyter_book,
    "quarto": _quarto,
    "myst": _myst,
    "manubot": _manubot,
    "showyourwork": _showyourwork,
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
    from reviewpress.programs.tools import find_pandoc

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
