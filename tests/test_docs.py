"""Documentation: commands and blocks of code run, links lead somewhere, the reference is fresh.

A block's braces say what it is: `{filename="…"}` writes that file; with `change="append"` it adds
to its end, with `change="edit"` it is a diff to apply, with `change="cell"` a new cell of a
notebook. `{run="yes"}` executes Python, `{status="1"}` is the status a command ends with,
`{not-run="…"}` says why it is not run. What a ```text block after a command shows has to be printed
by it. The built pages show the file's name above a block.
"""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from reading import Page

from reviewpress.new import make_review

REPOSITORY = Path(__file__).resolve().parents[1]
DOCS = REPOSITORY / "docs"
GUIDES = sorted((DOCS / "how-to").glob("*.md"))
PAGES = [REPOSITORY / "README.md", DOCS / "tutorial.md", *GUIDES]
NOT_RUN = ("needs", "starts")
SOURCES = sorted(path for path in DOCS.rglob("*.md") if "_output" not in path.parts)
FENCE = re.compile(r"^( *)```(\w+) ?(?:\{(.*?)\})?\n(.*?)^\1```$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what its braces say, its text and its line."""

    language: str
    options: dict[str, str]
    text: str
    line: int


def blocks(path: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, without the indent of a list."""
    text = path.read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        indent, language, braces, body = match.groups()
        options = dict(re.findall(r'([\w-]+)="([^"]*)"', braces or ""))
        if indent:
            body = re.sub(rf"^{indent}", "", body, flags=re.M)
        yield Block(language, options, body, text[: match.start()].count("\n") + 1)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new review, executed once, that each guide begins with."""
    root = make_review(tmp_path_factory.mktemp("docs") / "my-review")
    make_pages(root)
    shutil.rmtree(root / "_output")
    shutil.rmtree(root / ".reviewpress" / "builds", ignore_errors=True)
    return root


def make_pages(root: Path) -> Any:
    """Build the pages of a project; return what the build says that it did."""
    from reviewpress.build import build
    from reviewpress.cli.engines import choose_engine
    from reviewpress.config import load_config
    from reviewpress.display import choose_display

    with choose_display() as display:
        config = load_config(root).with_formats(["html"])
        return build(config, engine=choose_engine("pandoc"), progress=display)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_page_runs(
    page: Path, example: Path, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """Everything on the page works in the order in which it stands, and prints what it shows."""
    here = tmp_path
    if page.parent.name == "how-to":
        here = tmp_path / "my-review"
        shutil.copytree(example, here)
    said, names = "", dict[str, Any]()
    for block in blocks(page):
        where = f"{page.name}, line {block.line}"
        if "not-run" in block.options:
            assert block.options["not-run"].startswith(NOT_RUN), where
        elif block.language == "bash":
            here, said = run_commands(block, here, reviewpress, where)
        elif "filename" in block.options or "run" in block.options:
            apply(block, here, names, where)
        elif block.language == "text":
            for line in filter(str.strip, block.text.splitlines()):
                assert line.strip() in said, f"{where}: {line!r} not in\n{said}"
        elif block.language == "python":
            compile(block.text, where, "exec")
        else:
            assert block.language == "markdown", where


def test_the_workflow_runs_from_an_empty_home(example: Path, tmp_path: Path) -> None:
    """Each command of the guide's workflow, in its order, in a checkout that nobody prepared."""
    guide = DOCS / "how-to" / "use-in-continuous-integration.md"
    [block] = [each for each in blocks(guide) if each.options.get("filename", "").endswith(".yml")]
    steps = yaml.safe_load(block.text)["jobs"]["report"]["steps"]
    commands = [step["run"] for step in steps if "run" in step]
    assert [command.split()[0] for command in commands] == ["pip", *["reviewpress"] * 4]
    assert commands[-1] == "reviewpress publish --site"
    root, home = tmp_path / "checkout", tmp_path / "home"
    shutil.copytree(example, root, ignore=shutil.ignore_patterns(".reviewpress", "_output"))
    home.mkdir()
    environment = {
        "HOME": str(home), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
    }  # fmt: skip
    begin = "git init -q . && git add -A && git commit -qm All"
    # The author keeps the version before a tag is set; the workflow puts its site together.
    keep = (
        "reviewpress publish && git add published && git commit -qm Version && rm -r _output/site"
    )
    for command in [begin, *commands[1:-1], keep, commands[-1]]:
        done = subprocess.run(
            ["bash", "-c", command], cwd=root, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    assert "reviewpress==" in (root / "requirements.txt").read_text("utf-8")
    for edition in ("report", "summary"):
        assert (root / "_output" / edition / f"{edition}.pdf").is_file()
        assert (root / "_output" / "site" / edition / f"{edition}.pdf").is_file()


def run_commands(
    block: Block, here: Path, reviewpress: Callable[..., Any], where: str
) -> tuple[Path, str]:
    """Run the commands of a block one by one; return the folder it ends in and what was said."""
    said = ""
    for line in block.text.strip().splitlines():
        words = shlex.split(line)
        if words[0] == "cd":
            here = (here / words[1]).resolve()
        elif words[0] == "export":
            assert "=" in words[1], where
        else:
            assert words[0] == "reviewpress", f"{where}: {line}"
            outcome = reviewpress(words[1:], cwd=here)
            said += outcome.stdout + outcome.stderr
            assert outcome.status == int(block.options.get("status", 0)), f"{where}\n{said}"
    return here, said


def apply(block: Block, here: Path, names: dict[str, Any], where: str) -> None:
    """Do with a block what its braces say."""
    options, text = block.options, block.text
    if "run" in options:
        run_python(text, here, names)
        return
    path, change = here / options["filename"], options.get("change", "")
    if not change:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    elif change == "append":
        assert path.is_file(), where
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    elif change == "edit":
        edit(path, text, every="every" in options, where=where)
    else:
        assert change == "cell", where
        empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        notebook = json.loads(path.read_bytes()) if path.is_file() else empty
        kind = "code" if block.language == "python" else "markdown"
        metadata = {"tags": options["tags"].split()} if "tags" in options else {}
        cell = {"cell_type": kind, "id": f"added-{block.line}", "metadata": metadata}
        cell["source"] = text
        extra = {"execution_count": None, "outputs": []} if kind == "code" else {}
        notebook["cells"].append(cell | extra)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def run_python(text: str, here: Path, names: dict[str, Any]) -> None:
    """Run a block of Python in the review's folder; blocks of a page share their names."""
    import contextlib

    with contextlib.chdir(here):
        exec(text, names)


def edit(path: Path, diff: str, *, every: bool, where: str) -> None:
    """Apply a diff, which says the old lines and the new, once or everywhere."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = path.read_text(encoding="utf-8")
    count = text.count(old)
    assert count >= 1 if every else count == 1, f"{where}: {old!r} stands {count} times in {path}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def every_page() -> list[Path]:
    """Return all pages that a reader may open."""
    return [*SOURCES, REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", every_page(), ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to a file or picture of the repository finds it."""
    text = re.sub(r"^( *)(`{3,}|~{3,}).*?^\1\2$", "", page.read_text("utf-8"), flags=re.M | re.S)
    text = re.sub(r"``.*?``|`[^`]*`", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://", "#")):
            continue
        path = (page.parent / target.partition("#")[0]).resolve()
        assert path.exists(), f"{target} in {page.name}"


@pytest.mark.parametrize("page", every_page(), ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_pages_are_well_formed(page: Path) -> None:
    """One title a page, headings in order, and every block of code says its language."""
    text = re.sub(r"^( *)(~{3,})\w.*?^\1\2$", "", page.read_text("utf-8"), flags=re.M | re.S)
    text = re.sub(r"^( *)```\w.*?^\1```$", "", text, flags=re.M | re.S)
    assert "```" not in text
    levels = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.M)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_reference_is_fresh() -> None:
    """The generated pages are what `make docs` writes now."""
    import runpy

    made = runpy.run_path(str(REPOSITORY / "scripts" / "write_docs.py"))["made"]()
    stale = [
        path.relative_to(REPOSITORY).as_posix()
        for path, text in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs`"


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation as pages that reviewpress makes of a copy of it."""
    root = tmp_path_factory.mktemp("manual") / "docs"
    made = shutil.ignore_patterns("_output", ".reviewpress")
    shutil.copytree(DOCS, root, ignore=made)
    built = make_pages(root)
    assert built.report.clean
    assert built.report.warnings == ()
    return root / "_output"


def test_reviewpress_makes_the_documentation(manual: Path) -> None:
    """Every page is a chapter of the book, at its own address, and has its words."""
    listed = {path.relative_to(DOCS).with_suffix(".html").as_posix() for path in SOURCES}
    found = {path.relative_to(manual).as_posix() for path in manual.rglob("*.html")}
    assert listed - {"README.html"} == found - {"index.html"}
    for path in SOURCES:
        name = "index.html" if path == DOCS / "README.md" else path.relative_to(DOCS)
        page = (manual / name).with_suffix(".html").read_text(encoding="utf-8")
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        assert title in page


def test_pages_of_the_documentation_lead_to_each_other(manual: Path) -> None:
    """No page leads to the Markdown that it was made from, and none to what is not there."""
    from reviewpress.checks.release.links import check_page_links

    assert list(check_page_links(manual)) == []
    for page in manual.rglob("*.html"):
        assert not re.search(r'href="[^":]*\.md["#]', page.read_text(encoding="utf-8")), page


def test_the_notation_of_code_is_not_shown(manual: Path) -> None:
    """A block's file stands above it; what the tests are told does not stand in the text."""
    page = (manual / "how-to" / "add-a-chapter.html").read_text(encoding="utf-8")
    label = r'class="code-filename">\s*chapters/background.qmd\s*</div>\s*<(div|pre)'
    assert re.search(label, page)
    for path in manual.rglob("*.html"):
        assert not re.search(r"(not-run|change|status)=", Page(path).words()), path


def test_every_guide_is_listed() -> None:
    """The first page of the documentation leads to every other page."""
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(DOCS).as_posix() for path in SOURCES]
    missing = [name for name in pages if name != "README.md" and f"({name})" not in text]
    assert [name for name in missing if not name.startswith("gallery/")] == []


def test_each_promise_of_security_has_its_test() -> None:
    """What SECURITY.md promises names a test that exists."""
    named = re.findall(r"\| `(tests/\w+\.py)::(\w+)(?:\[([\w-]+)\])?` \|", read("SECURITY.md"))
    assert len(named) == read("SECURITY.md").count("| `tests/")
    for file, function, situation in named:
        assert f"def {function}(" in read(file), (file, function)
        assert not situation or (REPOSITORY / "tests/projects" / situation).is_dir(), situation


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")
