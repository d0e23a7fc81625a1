"""Record what the real Quarto hands to our filters, hooks and engine, and what it makes of answers.

python scripts/record_quarto.py                    record every case, and say what changed
python scripts/record_quarto.py foreign-book       record one case
python scripts/record_quarto.py new-review/first,summary   record some of its runs

Needs Quarto. Each case of `tests/quarto_recordings/cases.yml` is a project, rendered in a temporary
folder with a recorder before and after the extension's filters, and in place of the hooks and the
notebook filter, which it calls. Recordings go to `tests/quarto_recordings/<case>/<run>/`:

    run.json                     date, version, command, state of the project (a digest), status,
                                 what Quarto printed, calls of hooks and of the notebook filter,
                                 which file below is what it made, what is published, what
                                 navigation says
    <notebook>.notebook.answered.json  what the notebook filter answered
    <document>.<format>.handed.json    what the first filter gets: a line about it, then the tree
    <document>.<format>.answered.json  what our last filter leaves
    <page>.made.html, book.made.typ    what Quarto makes of that: the main part of a page, the body
                                 of the Typst source
    made.pdf, made.docx          the files as Quarto leaves them, before the last hook

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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from compare_page import read_looks
from quarto_cases import (
    EXTENSION,
    RECORDINGS,
    REPOSITORY,
    SCRIPTS,
    STAGING,
    Case,
    Run,
    edited,
    lay_out,
    load_cases,
    state_of,
)

from reviewpress.programs.tools import find_quarto

RECORDERS = REPOSITORY / "tests" / "fake_quarto"
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
_OF_QUARTO = re.compile(r"/[\w/.-]*?(filters/main\.lua:\d+)")
_OWN_CODE = re.compile(r"Stack trace:|\s+at .*quarto\.js")
_MARK = re.compile(r"(<<|>>)\w+")
_READ = ("project", "book", "format", "execute")


def main(arguments: Sequence[str]) -> int:
    """Record the cases that are named, or all; print each file that is another than before."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    cases = load_cases()
    parser.add_argument("case", nargs="*", help=f"<case> or <case>/<run>,<run>: {', '.join(cases)}")
    given = [name.partition("/") for name in parser.parse_args(arguments).case]
    for name, _, runs in given:
        known = {run.name for run in cases[name].runs} if name in cases else set()
        if unknown := set(runs.split(",") if runs else [name]) - known - set(cases):
            parser.error(f"no such case or run: {', '.join(unknown)}; cases are {', '.join(cases)}")
    program = find_quarto()
    if program is None:
        print("error: Quarto is not installed.", file=sys.stderr)
        return 2
    changed = 0
    for name, _, runs in given or [(name, "", "") for name in cases]:
        for line in record(cases[name], program, runs.split(",") if runs else ()):
            print(line, flush=True)
            changed += 1
    return 1 if changed else 0


def record(case: Case, program: str, only: Sequence[str] = ()) -> Iterator[str]:
    """Render a case's project run by run, or some; yield a line for each changed recording."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve() / "project"
        lay_out(case, root)
        insert_recorders(root, is_review=case.is_review)
        for run in case.runs:
            if only and run.name not in only:
                continue
            taken = Path(name).resolve() / "taken" / run.name
            taken.mkdir(parents=True)
            with edited(root, run.edits):
                if run.is_fresh:
                    for folder in (".reviewpress", "_output"):
                        shutil.rmtree(root / folder, ignore_errors=True)
                said = render(program, root, run, taken)
            keep(root, taken, run, said)
            yield from replace(taken, RECORDINGS / case.name / run.name)
    kept = {run.name for run in case.runs} | {"project"}
    for old in sorted((RECORDINGS / case.name).iterdir()):
        if old.is_dir() and old.name not in kept:
            yield f"{case.name}/{old.name}: no longer recorded"


def insert_recorders(root: Path, *, is_review: bool) -> None:
    """Put recorders around the filters of the extension, and in place of what Quarto calls."""
    extension = root / EXTENSION / "_extension.yml"
    described = yaml.safe_load(extension.read_text())
    common = described["contributes"]["formats"]["common"]
    for name in ("first", "last"):
        shutil.copy(RECORDERS / f"record_{name}.lua", root / EXTENSION)
    common["filters"] = ["record_first.lua", *common["filters"], "record_last.lua"]
    described["contributes"]["formats"]["typst"]["keep-typ"] = True
    extension.write_text(yaml.safe_dump(described, sort_keys=False))
    if is_review:
        (root / "scripts" / "original").mkdir()
        for name in SCRIPTS:
            script = root / "scripts" / f"{name}.py"
            script.rename(root / "scripts" / "original" / script.name)
            shutil.copy(RECORDERS / "record_call.py", script)


def render(program: str, root: Path, run: Run, taken: Path) -> dict[str, Any]:
    """Call Quarto, and return what is known of the call."""
    command = [word.replace("{staging}", STAGING) for word in run.command]
    state = state_of(root)
    done = subprocess.run(
        [program, *command], cwd=root, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {
            "REVIEWPRESS_RECORD": str(taken), "QUARTO_PYTHON": sys.executable,
            "SOURCE_DATE_EPOCH": "1790000000", **run.environment,
            # Quarto's index of notebooks is the user's: another that renders now could break this.
            "XDG_CACHE_HOME": str(taken.parent.parent / "cache"),
        },
    )  # fmt: skip
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    calls = taken / "calls.jsonl"
    listed = calls.read_text().splitlines() if calls.is_file() else []
    calls.unlink(missing_ok=True)
    said: dict[str, Any] = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "quarto": version.stdout.strip(),
        "command": list(run.command),
        "environment": dict(run.environment),
        "state": state,
        "status": done.returncode,
    }
    if run.command[0] == "inspect":
        return said | {"answer": _inspected(done.stdout)}
    printed, ours = _printed(done.stdout)
    return said | {
        "printed": printed,
        "hooks-printed": ours,
        "calls": [json.loads(line) for line in listed],
        "gitignore": _lines(root / ".gitignore"),
    }


def keep(root: Path, taken: Path, run: Run, said: dict[str, Any]) -> None:
    """Write what was made beside what was handed, without paths of this machine."""
    for file in (*taken.glob("*.handed.json"), *taken.glob("*.answered.json")):
        if file.name.endswith(".notebook.answered.json"):
            continue
        if "trees" in run.keeps:
            *about, tree = file.read_text().splitlines()
            file.write_text("\n".join([*about, _without_own(tree)]) + "\n")
        else:
            file.unlink()
    if "calls" in said:
        said |= _made(root, taken, run, said)
        for call in said["calls"]:
            given = call["environment"].items()
            call["environment"] = {key: value for key, value in given if _KEPT.match(key)}
    for file in taken.glob("made.*"):
        if "files" not in run.keeps:
            file.unlink()
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    (taken / "run.json").write_text(text)
    for file in taken.iterdir():
        if file.suffix not in (".pdf", ".docx"):
            text = file.read_text().replace(str(taken), "{recorded}")
            text = text.replace(str(root), "{project}").replace(STAGING, "{staging}")
            text = _OF_QUARTO.sub(r"\1", text)
            file.write_text(_TEMPORARY.sub("{temporary}", text))
    for typst in root.glob("index.typ"):
        typst.unlink()


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


def _made(root: Path, taken: Path, run: Run, said: dict[str, Any]) -> dict[str, Any]:
    """Keep what Quarto made; return by its address which file that is, and what pages show."""
    output = _output_folder(root, said)
    newest = {path for path in output.rglob("*") if path.is_file()} if output.is_dir() else set()
    made: dict[str, str] = {}
    looks: dict[str, Any] = {}
    for path in sorted(newest):
        address = path.relative_to(output).as_posix()
        if path.suffix == ".html" and "pages" in run.keeps:
            found = re.search(r"<main.*</main>", path.read_text(), re.S)
            if found and "site_libs" not in path.parts:
                made[address] = f"{address.replace('/', '.').removesuffix('.html')}.made.html"
                (taken / made[address]).write_text(found[0] + "\n")
                looked = read_looks(path, output)
                looks[address] = {kind: looked[kind] for kind in ("navigation", "shortcodes")}
        elif path.suffix in (".pdf", ".docx") and "files" in run.keeps:
            made[address] = f"made{path.suffix}"
            if not (taken / made[address]).is_file():
                shutil.copy(path, taken / made[address])
    if "files" in run.keeps and (root / "index.typ").is_file():
        text = (root / "index.typ").read_text().partition(_BEFORE_TEXT)[2]
        (taken / "book.made.typ").write_text(text)
    names = (path.relative_to(root).as_posix() for path in newest)
    published = sorted({re.sub(r"(site_libs)/.*", r"\1", name) for name in names})
    if STAGING in str(output):
        shutil.rmtree(output, ignore_errors=True)
    return {"made": made, "looks": looks, "published": published}


def _output_folder(root: Path, said: dict[str, Any]) -> Path:
    """Return where Quarto wrote: it says so to hooks; the foreign projects' is their own."""
    for call in said["calls"]:
        if "QUARTO_PROJECT_OUTPUT_DIR" in call["environment"]:
            return Path(root, call["environment"]["QUARTO_PROJECT_OUTPUT_DIR"])
    settings = yaml.safe_load((root / "_quarto.yml").read_text())
    profile = said["command"][-1] if "--profile" in said["command"] else "report"
    if "output-dir" not in settings["project"]:
        settings = yaml.safe_load((root / f"_quarto-{profile}.yml").read_text())
    return Path(root, str(settings["project"]["output-dir"]))


def _printed(text: str) -> tuple[list[str], list[str]]:
    """Return the lines that Quarto printed, and those of our hooks, which stand between marks."""
    own: list[str] = []
    hooks: list[str] = []
    within = False
    for line in _TERMINAL.sub("", text).splitlines():
        if _MARK.fullmatch(line):
            within = line.startswith("<<")
        elif line.strip() and not _OWN_CODE.match(line):
            (hooks if within else own).append(line.rstrip())
    return own, hooks


def _inspected(text: str) -> dict[str, Any]:
    """Return what is read of the answer of `quarto inspect`."""
    answer = json.loads(text)
    config = {key: answer["config"][key] for key in _READ if key in answer["config"]}
    extensions = [{"id": each["id"]} for each in answer["extensions"]]
    return {
        "config": config, "files": {"input": answer["files"]["input"]}, "extensions": extensions
    }  # fmt: skip


def _without_own(tree: str) -> str:
    """Return a tree without Quarto's own metadata."""
    document = json.loads(tree)
    document["meta"] = {k: v for k, v in document["meta"].items() if k not in OWN}
    return json.dumps(document, ensure_ascii=False)


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.is_file() else []


def _dateless(file: Path) -> bytes:
    """Return a recording without what differs each time: the date, and times that were printed."""
    if file.suffix in (".pdf", ".docx"):
        return file.read_bytes()
    text = re.sub(r'"date": "[\d-]+"', "", file.read_text())
    return re.sub(r"\d+\.\d s\b", "", text).encode()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
