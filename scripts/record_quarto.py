"""Record what the real Quarto hands to our filters, hooks and engine, and what it makes of answers.

python scripts/record_quarto.py                    record every case, and say what changed
python scripts/record_quarto.py foreign-book       record one case

Needs Quarto. Each case is a project, rendered in a temporary folder with a recorder before and
after the extension's filters, around the notebook filter, and beside the hooks. Recordings go to
`tests/quarto_recordings/<case>/<run>/`:

    run.json                     date, versions, command, status, what was printed, calls of hooks
    <document>.<format>.handed.json    what the first filter gets: a line about it, then the tree
    <document>.<format>.answered.json  what our last filter leaves
    <document>.<format>.made.…   what Quarto makes of that: the main part of a page, the body of
                                 the Typst source

Quarto's own templates, scripts and settings are left out (`OWN`). Exit status 1 if anything is
another than it was recorded before, 2 where Quarto is not installed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from reviewpress.programs.tools import find_quarto

REPOSITORY = Path(__file__).resolve().parents[1]
TESTS = REPOSITORY / "tests"
RECORDINGS = TESTS / "quarto_recordings"
EXTENSION = Path("_extensions") / "reviewpress"
# Metadata of Quarto's own: its templates' scripts and words.
OWN = frozenset(
    ("header-includes", "include-before", "include-after", "labels", "quarto-template-params",
     "quarto-version", "revealjs-plugins", "reviewpress-labels", "reviewpress-brand")
)  # fmt: skip
_KEPT = re.compile(r"QUARTO_(?:PROJECT|DOCUMENT|PROFILE|USE_FILE)\w*")
_TEMPORARY = re.compile(r"[\w:/\\.-]*quarto-session[\w/\\.-]*")
# The end of the extension's typst-show.typ, after which the text of the book stands.
_BEFORE_TEXT = "  counted: true,\n)\n"
_TERMINAL = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True, slots=True)
class Run:
    """One call of Quarto in a case's project, after the calls before it."""

    name: str
    arguments: tuple[str, ...]
    keeps_trees: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """A project to record: a folder of the tests laid over a new review, or alone."""

    name: str
    runs: tuple[Run, ...]
    folder: str = ""
    is_review: bool = True


WHOLE = ("render",)
CASES = (
    Case("new-review", (
        Run("first", WHOLE), Run("again", WHOLE, keeps_trees=False),
        Run("summary", (*WHOLE, "--profile", "summary")),
        Run("one-chapter", ("render", "chapters/methods.ipynb"), keeps_trees=False),
    )),
    Case("flagship-shape", (Run("first", WHOLE),), "quarto_recordings/flagship-shape/project"),
    Case("foreign-book", (Run("first", WHOLE),), "foreign-book", is_review=False),
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Record the cases that are named, or all; print each file that is another than before."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [case.name for case in CASES]
    parser.add_argument("case", nargs="*", help=", ".join(names))
    given = parser.parse_args(arguments).case
    if unknown := [name for name in given if name not in names]:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(names)}")
    program = find_quarto()
    if program is None:
        print("error: Quarto is not installed.", file=sys.stderr)
        return 2
    changed = 0
    for case in CASES:
        if not given or case.name in given:
            for line in record(case, program):
                print(line, flush=True)
                changed += 1
    return 1 if changed else 0


def record(case: Case, program: str) -> Iterator[str]:
    """Render a case's project run by run; yield a line for each recording that changed."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve() / "project"
        lay_out(case, root)
        insert_recorders(root)
        for run in case.runs:
            taken = Path(name) / run.name
            taken.mkdir()
            said = render(program, root, run, taken)
            if not run.keeps_trees:
                for tree in taken.glob("*.json"):
                    tree.unlink()
            keep(root, taken, said)
            yield from replace(taken, RECORDINGS / case.name / run.name)


def lay_out(case: Case, root: Path) -> None:
    """Write the project of a case into `root`."""
    if case.is_review:
        command = [
            sys.executable,
            "-c",
            "from reviewpress.cli import main; main()",
            "new",
            root.name,
        ]
        subprocess.run(command, cwd=root.parent, check=True, capture_output=True)
    else:
        shutil.copytree(REPOSITORY / EXTENSION, root / EXTENSION)
    if case.folder:
        shutil.copytree(TESTS / case.folder, root, dirs_exist_ok=True)


def insert_recorders(root: Path) -> None:
    """Put recorders around the filters of the extension, and before notebook filter and hooks."""
    extension = root / EXTENSION / "_extension.yml"
    described = yaml.safe_load(extension.read_text())
    common = described["contributes"]["formats"]["common"]
    for name in ("first", "last"):
        shutil.copy(TESTS / "fake_quarto" / f"record_{name}.lua", root / EXTENSION / "filters")
    common["filters"] = [
        "filters/record_first.lua", *common["filters"], "filters/record_last.lua"
    ]  # fmt: skip
    described["contributes"]["formats"]["typst"]["keep-typ"] = True
    extension.write_text(yaml.safe_dump(described, sort_keys=False))
    settings = root / "_quarto.yml"
    text = settings.read_text()
    call = "scripts/record_call.py"
    for hook in ("pre-render", "post-render"):
        text = re.sub(rf"(?m)^(  {hook}:) (.+)$", rf"\1 [{call}, \2]", text)
    text = text.replace("ipynb-filters: [../", f"ipynb-filters: [../{call}, ../")
    settings.write_text(text)
    (root / "scripts").mkdir(exist_ok=True)
    shutil.copy(TESTS / "fake_quarto" / "record_call.py", root / "scripts")


def render(program: str, root: Path, run: Run, taken: Path) -> dict[str, Any]:
    """Call Quarto, and return what is known of the call."""
    done = subprocess.run(
        [program, *run.arguments], cwd=root, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"REVIEWPRESS_RECORD": str(taken), "QUARTO_PYTHON": sys.executable},
    )  # fmt: skip
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    calls = taken / "calls.jsonl"
    listed = calls.read_text().splitlines() if calls.is_file() else []
    calls.unlink(missing_ok=True)
    printed = _TERMINAL.sub("", done.stdout).splitlines()
    return {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "quarto": version.stdout.strip(),
        "command": list(run.arguments),
        "status": done.returncode,
        "printed": [line.rstrip() for line in printed if line.strip()],
        "calls": [json.loads(line) for line in listed],
        "published": _published(root),
        "gitignore": _lines(root / ".gitignore"),
    }


def keep(root: Path, taken: Path, said: dict[str, Any]) -> None:
    """Write what was made beside what was handed, without paths of this machine."""
    for file in (*taken.glob("*.handed.json"), *taken.glob("*.answered.json")):
        *about, tree = file.read_text().splitlines()
        file.write_text("\n".join([*about, _without_own(tree)]) + "\n")
    for handed in taken.glob("*.handed.json"):
        stem, format, *_ = handed.name.split(".")
        made = _made(root, stem, format)
        if made:
            (taken / f"{stem}.{format}.made.{'html' if format == 'html' else 'typ'}").write_text(
                made
            )
    said["calls"] = [
        {**call, "environment": {k: v for k, v in call["environment"].items() if _KEPT.match(k)}}
        for call in said["calls"]
    ]
    (taken / "run.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n")
    for file in taken.iterdir():
        text = file.read_text().replace(str(root), "{project}").replace(str(taken), "{recorded}")
        file.write_text(_TEMPORARY.sub("{temporary}", text))


def replace(taken: Path, kept: Path) -> Iterator[str]:
    """Put a run's recordings in place of those kept; yield a line for each that changed."""
    before = {file.name: _dateless(file) for file in kept.glob("*")}
    now = {file.name: _dateless(file) for file in taken.glob("*")}
    for name in sorted(before | now):
        if before.get(name) != now.get(name):
            how = "new" if name not in before else "gone" if name not in now else "changed"
            yield f"{kept.parent.name}/{kept.name}/{name}: {how}"
    if before != now:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(taken, kept)


def _without_own(tree: str) -> str:
    """Return a tree without Quarto's own metadata."""
    document = json.loads(tree)
    document["meta"] = {k: v for k, v in document["meta"].items() if k not in OWN}
    return json.dumps(document, ensure_ascii=False)


def _made(root: Path, stem: str, format: str) -> str:
    """Return what Quarto made: a page's main part, or the text of the Typst source."""
    if format == "html":
        pages = sorted(root.glob(f"_output/*/**/{stem}.html")) or sorted(
            root.glob(f"_book/{stem}.html")
        )
        newest = max(pages, key=lambda page: page.stat().st_mtime, default=None)
        found = re.search(r"<main.*</main>", newest.read_text(), re.S) if newest else None
        return found[0] + "\n" if found else ""
    if format == "typst" and (root / "index.typ").is_file():
        return (root / "index.typ").read_text().partition(_BEFORE_TEXT)[2]
    return ""


def _published(root: Path) -> list[str]:
    """Name what stands in the output folders, Quarto's own libraries as one."""
    folders = [*root.glob("_output/*"), *root.glob("_book")]
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(root).as_posix() for path in files}
    return sorted({re.sub(r"(site_libs)/.*", r"\1", name) for name in names})


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.is_file() else []


def _dateless(file: Path) -> str:
    """Return a recording without what differs each time: the date, and times that were printed."""
    text = re.sub(r'"date": "[\d-]+"', "", file.read_text())
    return re.sub(r"\d+\.\d s\b", "", text)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
