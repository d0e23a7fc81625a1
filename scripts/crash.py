"""Kill commands with -9 at random moments, and look at what they leave.

    make crash                           50 moments of each verb
    make crash ARGS="render --points 10 --seed 7"
    make crash ARGS="publish import --signal TERM"      as a system does that shuts down

After each kill: every source and the edition are as before or as after, and nothing that the
command started runs on. Then the command is run again: it ends well, with what an uninterrupted run
makes, and nothing is left over. A verb joins by a row in `VERBS`; one that writes nothing is in
`READS`, and a test fails for a verb that is in neither.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
MINIMAL = REPOSITORY / "tests" / "projects" / "minimal"
OLDER = REPOSITORY / "tests" / "projects" / "made-with-0.1.0"
EXTENSION = REPOSITORY / "_extensions" / "reviewpress"
MARK = "REVIEWPRESS_CRASH"
LEFT = (".reviewpress-", ".staging-", ".new-", ".extension-", ".old")
KEPT = (".reviewpress-edition", ".reviewpress-matrix")
SECONDS_TO_END = 10.0
COMMAND = (sys.executable, "-m", "reviewpress.cli")
MATRIX = ("render", "--engine", "pandoc", "--matrix", "data/areas.csv")
SIGNALS = {"KILL": signal.SIGKILL, "TERM": signal.SIGTERM, "INT": signal.SIGINT}
READS = ("cite",)
"""The verbs that write nothing."""

State = dict[str, str]


@dataclass(frozen=True, slots=True)
class Verb:
    """A command to kill.

    `prepare` makes the review that it works on in a folder. `statuses` are those with which the
    run after the kill may end: `new` finds its work done where the kill came late. A command that
    does not end by itself is killed before it has said `until`, run again until then, and followed
    by `then`.
    """

    words: tuple[str, ...]
    prepare: Callable[[Path], None]
    statuses: tuple[int, ...] = (0,)
    until: str = ""
    then: tuple[str, ...] = ()


def prepare_review(folder: Path) -> None:
    """Make a review with an edition in every format, and a text that has changed since."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    report = folder / "_quarto-report.yml"
    formats = "\n  reviewpress-typst: default\n  reviewpress-docx: default\n"
    report.write_text(report.read_text("utf-8").rstrip() + formats, encoding="utf-8")
    run(["render", "--engine", "pandoc"], folder)
    index = folder / "index.qmd"
    index.write_text(index.read_text("utf-8") + "\nA new sentence.\n", encoding="utf-8")
    chapter = folder / "chapters" / "findings.ipynb"
    notebook = json.loads(chapter.read_text("utf-8"))
    notebook["cells"][2]["source"] = [*notebook["cells"][2]["source"], "\n# changed"]
    chapter.write_text(json.dumps(notebook), encoding="utf-8")


def prepare_matrix(folder: Path) -> None:
    """Make a review with an edition for each of two regions and an index, and changed words."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    areas = folder / "data" / "areas.csv"
    areas.write_text("regions,folder\nScotland,scotland\nEurope,europe\n", encoding="utf-8")
    run([*MATRIX], folder)
    areas.write_text("regions,folder\nScotland,scotland\nOceania,europe\n", encoding="utf-8")
    with (folder / "index.qmd").open("a", encoding="utf-8") as index:
        index.write("\nA new sentence.\n")


def prepare_import(folder: Path) -> None:
    """Make a review, and an export of records to import."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    record = (
        "TY  - JOUR\nAU  - Author{n}, A.\nTI  - A study of the subject {n}\nPY  - 2020\nER  -\n"
    )
    records = (record.replace("{n}", str(number)) for number in range(300))
    (folder / "export.ris").write_text("".join(records), encoding="utf-8")


def prepare_replacing(folder: Path) -> None:
    """Make a review with an export imported, and a corrected one to take its place."""
    prepare_import(folder)
    run(["import", "export.ris"], folder)
    records = (folder / "export.ris").read_text("utf-8")
    corrected = records.replace("subject 7\n", "subject seven\n").split("TY  - ", 250)
    (folder / "export.ris").write_text("TY  - ".join(corrected[:250]), encoding="utf-8")


def prepare_withdrawing(folder: Path) -> None:
    """Make a review with two exports imported, one of which is to be withdrawn."""
    prepare_import(folder)
    run(["import", "export.ris"], folder)
    more = (folder / "export.ris").read_text("utf-8").replace("subject", "matter")
    (folder / "more.ris").write_text(more, encoding="utf-8")
    run(["import", "more.ris"], folder)


def prepare_including(folder: Path) -> None:
    """Make a review with an export imported, and all of its records included on full text."""
    prepare_import(folder)
    run(["import", "export.ris"], folder)
    decide = ["--stage", "full text", "--decision", "include", "--reviewer", "AB"]
    run(["import", "export.ris", *decide], folder)


def prepare_tidy(folder: Path) -> None:
    """Make a review of many notebooks that a program has saved its outputs into."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    notebook = json.loads((folder / "chapters" / "findings.ipynb").read_text("utf-8"))
    output = {"output_type": "stream", "name": "stdout", "text": ["x" * 1000]}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [output] * 50
    for number in range(40):
        path = folder / "chapters" / f"more-{number}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")


def prepare_upgrade(folder: Path) -> None:
    """Make a review as an earlier version left it, with its copy of the extension."""
    shutil.copytree(OLDER, folder, dirs_exist_ok=True)
    # They are still as they were then.
    shutil.copytree(EXTENSION / "fonts", folder / "_extensions" / "reviewpress" / "fonts")
    for notebook in folder.glob("chapters/*.ipynb"):
        run(["tidy", notebook.relative_to(folder).as_posix()], folder)


def prepare_renaming(folder: Path) -> None:
    """Make a review in which many chapters name the one that gets another name."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    for number in range(200):
        text = "See @sec-findings and [there](findings.html#sec-findings).\n" * 50
        (folder / "chapters" / f"more-{number}.qmd").write_text(text, encoding="utf-8")


def prepare_adopting(folder: Path) -> None:
    """Make a book of Quarto with many chapters, to be moved in."""
    book = folder / "book"
    (book / "parts").mkdir(parents=True)
    (book / "index.qmd").write_text("# Preface\n\nText.\n", encoding="utf-8")
    names = [f"parts/part-{number}.qmd" for number in range(40)]
    for name in names:
        (book / name).write_text(f"# {name}\n\n{'Some text. ' * 500}\n", encoding="utf-8")
    chapters = "".join(f"    - {name}\n" for name in ("index.qmd", *names))
    settings = f"project:\n  type: book\nbook:\n  title: A book\n  chapters:\n{chapters}"
    (book / "_quarto.yml").write_text(settings, encoding="utf-8")


def prepare_publishing(folder: Path) -> None:
    """Make a review with an edition that says which version it is."""
    shutil.copytree(MINIMAL, folder, dirs_exist_ok=True)
    project = folder / "_quarto.yml"
    text = project.read_text("utf-8").replace("reviewpress:\n", 'reviewpress:\n  version: "1.0"\n')
    project.write_text(text, encoding="utf-8")
    run(["render", "--engine", "pandoc"], folder)


def prepare_packing(folder: Path) -> None:
    """Make a review with a published version."""
    prepare_publishing(folder)
    run(["publish"], folder)


def prepare_nothing(folder: Path) -> None:
    """Leave the folder empty, for a review to be made in it."""


VERBS = {
    "render": Verb(("render", "--engine", "pandoc"), prepare_review),
    "render-matrix": Verb(MATRIX, prepare_matrix),
    "import": Verb(("import", "export.ris"), prepare_import),
    "import-replace": Verb(("import", "--replace", "export.ris"), prepare_replacing),
    "import-withdraw": Verb(("import", "--withdraw", "more.ris"), prepare_withdrawing, (0, 1)),
    "import-decisions": Verb(
        ("import", "export.ris", "--decision", "exclude", "--reviewer", "AB"), prepare_withdrawing
    ),
    "include": Verb(("include",), prepare_including, (0, 1)),
    "tidy": Verb(("tidy",), prepare_tidy),
    "upgrade": Verb(("tidy",), prepare_upgrade),
    "run": Verb(("run",), prepare_review),
    "rename": Verb(("rename", "findings", "results"), prepare_renaming, (0, 1)),
    "check": Verb(("check",), prepare_review),
    "preview": Verb(
        ("preview", "--no-browser"), prepare_review, until="Pages ready",
        then=("render", "--engine", "pandoc"),
    ),
    "explain": Verb(("explain", "data/papers.csv:1:regions"), prepare_review),
    "diff": Verb(("diff", "_output/report"), prepare_review),
    "adopt": Verb(("adopt", "book", "--to", "review"), prepare_adopting, (0, 1)),
    "publish": Verb(("publish",), prepare_publishing, (0, 1)),
    "pack": Verb(("pack",), prepare_packing),
    "new": Verb(("new", "fresh"), prepare_nothing, (0, 1)),
    "new-here": Verb(("new", "."), prepare_nothing, (0, 1)),
}  # fmt: skip


def main() -> int:
    """Kill as often as asked; return 1 where something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verbs", nargs="*", metavar="VERB", help=", ".join(VERBS))
    parser.add_argument("--points", type=int, default=50, help="moments of each verb (50)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="seed of the moments")
    parser.add_argument("--signal", choices=SIGNALS, default="KILL", help="-9 (KILL), or another")
    given = parser.parse_args()
    # What runs in the background of a shell ignores Ctrl-C, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    print(f"seed {given.seed}", flush=True)
    wrong = 0
    for name in given.verbs or VERBS:
        with tempfile.TemporaryDirectory(prefix="crash-") as place:
            moments = random.Random(f"{given.seed} {name}")
            trial = Trial(name, Path(place).resolve(), moments, SIGNALS[given.signal])
            found = []
            while trial.killed < given.points:
                found += trial.kill_once()
        print(f"{name}: {trial.killed} kills, {len(found)} problems", flush=True)
        wrong += len(found)
    return 1 if wrong else 0


class Trial:
    """The kills of one verb: what it works on, and what it makes where nobody kills it."""

    def __init__(
        self, name: str, place: Path, moments: random.Random, sent: signal.Signals
    ) -> None:
        self.name, self.verb, self._sent = name, VERBS[name], sent
        self.place, self._moments = place, moments
        self.killed = 0
        self._base = place / "base"
        self._base.mkdir()
        self.verb.prepare(self._base)
        self._before = look(self._base)
        whole = self._copy()
        self._seconds = seconds_until(self.verb, whole)
        if self.verb.then:
            run(self.verb.then, whole)
        self._after = look(whole)

    def kill_once(self) -> list[str]:
        """Kill the command once, look, run it again, look again; return what was wrong.

        Where it ended before the moment came, `killed` does not count it.
        """
        work, temporary = self._copy(), self.place / "temporary"
        temporary.mkdir(exist_ok=True)
        moment = self._moments.uniform(0, self._seconds)
        environment = {MARK: str(work), "TMPDIR": str(temporary)}
        started = time.monotonic()
        if kill_after(moment, self.verb.words, work, environment, self._sent):
            self.killed += 1
        else:
            # It was quicker than the first time: later moments would be wasted.
            self._seconds = time.monotonic() - started
        problems = [f"still runs: {each}" for each in still_running(str(work))]
        problems += self._torn(look(work))
        if self.verb.then:
            seconds_until(self.verb, work, environment)
        again = run(self.verb.then or self.verb.words, work, environment, self.verb.statuses)
        if again:
            problems.append(f"the next run failed: {again}")
        elif look(work) != self._after:
            problems.append(
                f"the next run made something else: {differing(look(work), self._after)}"
            )
        problems += [f"left over: {path}" for path in left_over(work, temporary)]
        for problem in problems:
            print(f"{self.name}, killed after {moment:.3f} s: {problem}", flush=True)
        shutil.rmtree(work)
        shutil.rmtree(temporary)
        return problems

    def _torn(self, now: State) -> Iterator[str]:
        """Yield each file that is neither as before nor as after; an edition counts as one."""
        kept = (".reviewpress", "figures")
        for name in now.keys() | self._before.keys():
            if name.split("/")[0] in kept or any(part in name for part in LEFT):
                continue
            if now.get(name) not in (self._before.get(name), self._after.get(name)):
                yield f"{name} is neither as before nor as after"
        for edition in sorted(
            str(Path(name).parent) for name in self._after if name.endswith(KEPT[0])
        ):
            files = [{n: s for n, s in each.items() if n.startswith(f"{edition}/")}
                     for each in (now, self._before, self._after)]  # fmt: skip
            if files[0] not in files[1:]:
                yield f"the edition in {edition} is a mixture"

    def _copy(self) -> Path:
        # Always the same path: what is kept in the store may name it.
        work = self.place / "review"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self._base, work, symlinks=True)
        return work


def run(
    words: tuple[str, ...] | list[str],
    folder: Path,
    environment: dict[str, str] | None = None,
    statuses: tuple[int, ...] = (0,),
) -> str:
    """Run a command to its end; return what it said where it ended otherwise than it may."""
    done = subprocess.run(
        [*COMMAND, *words], cwd=folder, env={**os.environ, **(environment or {})},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "" if done.returncode in statuses else f"status {done.returncode}: {done.stderr[-500:]}"


def seconds_until(verb: Verb, folder: Path, environment: dict[str, str] | None = None) -> float:
    """Run a command to its end, or until it has said what it waits for; return the seconds."""
    started = time.monotonic()
    if not verb.until:
        run(verb.words, folder)
        return time.monotonic() - started
    process = subprocess.Popen(
        [*COMMAND, *verb.words], cwd=folder, env={**os.environ, **(environment or {})}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if verb.until in line:
            break
    seconds = time.monotonic() - started
    # Not as Ctrl-C, which what runs in the background of a shell ignores.
    process.send_signal(signal.SIGTERM)
    process.stderr.read()
    process.wait()
    return seconds


def kill_after(
    seconds: float,
    words: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    sent: signal.Signals = signal.SIGKILL,
) -> bool:
    """Start a command, kill it and nothing else; say whether it had not ended by then."""
    process = subprocess.Popen(
        [*COMMAND, *words], cwd=folder, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(sent)
        process.wait()
        return True
    return False


def still_running(mark: str) -> list[str]:
    """Return the commands of programs that a killed one started, after they had time to end."""
    deadline = time.monotonic() + SECONDS_TO_END
    while (found := _marked(f"{MARK}={mark}".encode())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _marked(mark: bytes) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                words = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append(words.decode("utf-8", "replace")[:120])
        except OSError:
            continue
    return [words for words in found if words]


def look(folder: Path) -> State:
    """Return the hash of every file of a review but those of its store."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        kept = name.startswith(".reviewpress/") or "/.reviewpress/" in name
        # A list of no versions is as none: it says whose the folder is.
        if path.is_file() and not kept and path.read_bytes() != b"[]\n":
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def differing(one: State, other: State) -> str:
    """Name some files in which two states differ."""
    names = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    return ", ".join(names[:5])


def left_over(work: Path, temporary: Path) -> list[str]:
    """Return what no run may leave: parts of files, folders aside, temporary files."""
    found = [path for path in work.parent.rglob("*")
             if any(part in path.name for part in LEFT) and path.name not in KEPT]  # fmt: skip
    found += [*temporary.iterdir(), *(work / ".reviewpress" / "tmp").glob("*")]
    found += (work / ".reviewpress").glob("changes")
    return [path.relative_to(work.parent).as_posix() for path in found]


if __name__ == "__main__":
    raise SystemExit(main())
