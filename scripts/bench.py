"""Time Reviewpress beside its peers: the same chapters, the same machine, the median of several.

    python scripts/bench.py                       everything
    python scripts/bench.py --ways reviewpress,plain --rounds 5
    python scripts/bench.py --parts scale         only the review of 200 chapters

What it prints it writes into docs/explanation/beside-other-tools.md, too.

Works on copies in .reviewpress/bench/; the review itself is not touched. How each tool is called
stands in bench_ways.py.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from bench_measure import Measured, measure, together
from bench_peers import record, stamp
from bench_proof import lost_chapters
from bench_ways import ASIDE, NAMES, Edition, copy_review, make_way, plain_pandoc

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".reviewpress" / "bench"
PARTS = (
    "peers",
    "quarto",
    "install",
    "floor",
    "scale",
    "evidence",
    "imports",
    "cluster",
    "duplicates",
    "ris",
)
CHAPTER = "chapters/process.ipynb"
TABLE = "data/deviations.csv"
SITUATIONS = ("cold", "unchanged", "one word", "one CSV cell")


def main() -> None:
    """Run the parts that were asked for, and print their tables as Markdown."""
    given = _arguments()
    try:
        if "peers" in given.parts:
            _compare(given.ways, given.rounds, given.cold_rounds)
        if "quarto" in given.parts:
            # It takes some hundred times as long: once, and not in every situation.
            _compare(["reviewpress", "quarto"], 1, 1, part="quarto", situations=SITUATIONS[:2])
        if "floor" in given.parts:
            _floor(given.cold_rounds)
        others: dict[str, Callable[[], None]] = {
            "install": partial(_libraries, "install"),
            "scale": _scale,
            "evidence": _evidence,
            "imports": _imports,
            "cluster": partial(_libraries, "cluster"),
            "duplicates": partial(_libraries, "duplicates"),
            "ris": partial(_libraries, "ris"),
        }
        for name, part in others.items():
            if name in given.parts:
                part()
    finally:
        for folder in PLACE.glob(f"{ASIDE}*"):
            shutil.rmtree(folder, ignore_errors=True)


def _compare(
    names: list[str],
    rounds: int,
    cold_rounds: int,
    *,
    part: str = "peers",
    situations: Sequence[str] = SITUATIONS,
) -> None:
    """Print what each way takes in each situation, in seconds, and its peak memory.

    The ways take turns in every round, for a machine is not equally quick at all times. A first
    cold build of each looks at its memory, and is not timed. What it made must hold the text of
    every chapter.
    """
    editions = _editions()
    ways = {name: make_way(name, copy_review(ROOT, PLACE / name), editions, PLACE / "tools")
            for name in names}  # fmt: skip
    problems = {name: [way.problem] for name, way in ways.items() if way.problem}
    found: dict[str, dict[str, list[Measured]]] = {name: {} for name in names}

    def build(name: str, situation: str, *, memory: bool = False) -> None:
        made = measure(ways[name].commands, PLACE / name, ways[name].environment, memory=memory)
        said = made.problem or f"{made.megabytes:.0f} MB" if memory else made
        print(f"  {name}, {situation}: {said}", file=sys.stderr, flush=True)
        if made.problem:
            problems.setdefault(name, []).append(f"{situation}: {made.problem}")
        found[name].setdefault("memory" if memory else situation, []).append(made)

    def begin_again(name: str) -> None:
        review = copy_review(ROOT, PLACE / name)
        make_way(name, review, editions, PLACE / "tools")

    def each_way() -> Iterator[str]:
        yield from (name for name in names if name not in problems)

    for name in each_way():
        begin_again(name)
        # Where there is one round alone, its time and its memory are of the same build.
        build(name, "cold", memory=True)
        if cold_rounds == 1:
            found[name]["cold"] = found[name]["memory"]
        if lost := lost_chapters(PLACE / name, ways[name].chapters, ways[name].pages):
            problems.setdefault(name, []).append(f"its pages lack the text of {', '.join(lost)}")
    for situation in situations:
        if situation == "cold" and cold_rounds == 1:
            continue
        for number in range(cold_rounds if situation == "cold" else rounds):
            for name in each_way():
                if situation == "cold":
                    begin_again(name)
                elif situation == "one word":
                    change_word(PLACE / name, number)
                elif situation == "one CSV cell":
                    change_cell(PLACE / name, number)
                build(name, situation)
    rows = []
    for name, measured in found.items():
        times = [str(together(measured.get(situation, ()))) for situation in situations]
        peak = together(measured.get("memory", ())).megabytes
        rows.append([name, ways[name].makes, *times, f"{peak:.0f} MB" if peak else "–"])
    told = ["\n  - ".join([f"- {name}: {ways[name].version}", *problems.get(name, ())])
            for name in names]  # fmt: skip
    tables = [_table(["way", "makes", *situations, "peak memory"], rows), "\n".join(told)]
    if ratios := _ratios(found, situations):
        tables.insert(1, ratios)
    _record(part, "\n".join(tables))


def _ratios(
    found: Mapping[str, Mapping[str, Sequence[Measured]]], situations: Sequence[str]
) -> str:
    """Return how many times as long as Reviewpress each way takes, round by round, as a table."""
    ours = found.get("reviewpress", {})
    rows = []
    for name, measured in found.items():
        cells = []
        for situation in situations:
            pairs = zip(measured.get(situation, ()), ours.get(situation, ()), strict=False)
            times = [a.median / b.median for a, b in pairs if a.seconds and b.seconds]
            least, most = (
                (f"{each:.3g}" for each in (min(times), max(times))) if times else ("", "")
            )
            cells.append(f"{least} to {most}" if len(times) > 1 else least or "–")
        if name != "reviewpress":
            rows.append([name, *cells])
    head = ["times as long as Reviewpress, in single rounds", *situations]
    return _table(head, rows) if rows and ours else ""


def _editions() -> list[Edition]:
    """Return both editions of the review of this repository."""
    sys.path.insert(0, str(ROOT / "src"))
    from reviewpress.config import load_config

    configs = [load_config(ROOT, profile) for profile in ("report", "summary")]
    return [
        Edition(c.profile, tuple(chapter.path for chapter in c.chapters), c.formats)
        for c in configs
    ]


def _floor(rounds: int) -> None:
    """Time what no build can leave out, and a cold build beside it, in turn.

    That is the chapters' own code, one pandoc for the report, one Typst for each PDF.
    """
    editions = _editions()
    review, cold = PLACE / "floor", PLACE / "floor-cold"
    copy_review(ROOT, review)
    for name in ("plain", "reviewpress"):
        way = make_way(name, review, editions, PLACE / "tools")
        measure(way.commands, review, way.environment)
    program = [sys.executable, str(Path(__file__).with_name("bench_floor.py"))]
    notebooks = list(dict.fromkeys(name for edition in editions for name in edition.notebooks))
    source, goal = str(review / "_plain/report.ipynb"), review / "_plain/floor.html"
    measured: list[tuple[float, float, float, float]] = []
    for _ in range(rounds):
        code = _printed([*program, "code", *notebooks], review)
        pandoc = measure([plain_pandoc(review, source, goal)], review).median
        typst = _printed([*program, "typst", *(edition.profile for edition in editions)], review)
        way = make_way("reviewpress", copy_review(ROOT, cold), editions, PLACE / "tools")
        measured.append((code, pandoc, typst, measure(way.commands, cold).median))
        print(f"  floor: {measured[-1]}", file=sys.stderr, flush=True)
    if lost := lost_chapters(review, editions[0].chapters, [str(goal.relative_to(review))]):
        raise SystemExit(f"The one pandoc pass lacks the text of {', '.join(lost)}.")
    code, pandoc, typst, built = (median(part) for part in zip(*measured, strict=True))
    together = median(sum(each[:3]) for each in measured)
    rows = [
        ["the notebooks' own code, on all processors", f"{code:.1f} s"],
        ["one pandoc pass (the report as one page)", f"{pandoc:.1f} s"],
        ["one Typst pass for each PDF", f"{typst:.1f} s"],
        ["together", f"{together:.1f} s"],
        ["a cold build, in turn with these", f"{built:.1f} s"],
        ["the cold build to these", f"{median(each[3] / sum(each[:3]) for each in measured):.2f}"],
    ]
    _record("floor", _table([f"what no build can leave out, median of {rounds}", "time"], rows))


def _printed(command: list[str], folder: Path) -> float:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return float(done.stdout.split()[-1])


def change_word(review: Path, number: int) -> None:
    """Add a word to the first long paragraph of a chapter."""
    path = review / CHAPTER
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and len(text) > 800:
            at = text.index(". ", 400)
            word = "and so forth" + " again" * number
            cell["source"] = f"{text[:at]}, {word}{text[at:]}".splitlines(keepends=True)
            break
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def change_cell(review: Path, number: int) -> None:
    """Change the last cell of a table's second line."""
    path = review / TABLE
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[1] = f"{lines[1].removesuffix('.')} (changed {number})."
    path.write_text("\n".join(lines), encoding="utf-8")


def _scale() -> None:
    """Time 200 chapters with a figure each, 2,000 papers, 10,000 references; and a tenth of it."""
    rows = []
    for chapters, papers, references in ((20, 200, 1000), (200, 2000, 10_000)):
        folder = PLACE / f"scale-{chapters}"
        shutil.rmtree(folder, ignore_errors=True)
        generator = [sys.executable, str(ROOT / "tests/generators/large_review.py"), str(folder)]
        sizes = ["--chapters", str(chapters), "--papers", str(papers)]
        measure([[*generator, *sizes, "--references", str(references)]], ROOT)
        render = [
            [str(Path(sys.executable).parent / "reviewpress"), "render", "--engine", "pandoc"]
        ]
        for situation in ("cold", "unchanged", "one word"):
            if situation == "one word":
                path = folder / "chapters/theme-1.ipynb"
                path.write_text(path.read_text().replace("About theme", "All about theme"))
            # A large review takes long: its time and its memory come from the same run.
            found = measure(render, folder, memory=True)
            each = found.median / chapters * 1000 if found.seconds else 0
            rows.append([f"{chapters} chapters, {papers} papers, {references} references",
                         situation, found.problem or str(found), f"{each:.0f} ms",
                         f"{found.megabytes:.0f} MB"])  # fmt: skip
            if found.problem:
                break
    _record("scale", _table(["review", "situation", "HTML", "a chapter", "peak memory"], rows))


def _evidence() -> None:
    """Time loading and validating 5,000 papers with 10,000 references."""
    folder = PLACE / "evidence"
    shutil.rmtree(folder, ignore_errors=True)
    generator = [sys.executable, str(ROOT / "tests/generators/large_review.py"), str(folder)]
    measure([[*generator, "--chapters", "6", "--papers", "5000", "--references", "10000"]], ROOT)
    code = (
        "import sys, reviewpress; from reviewpress.checks.validation import validate\n"
        "review = reviewpress.load(sys.argv[1])\n"
        "assert not validate(review), validate(review)[:3]; len(review.papers)"
    )
    found = measure([[sys.executable, "-c", code, str(folder)]], ROOT, memory=True)
    row = ["load and validate 5,000 papers, 10,000 references", found.problem or str(found),
           f"{found.megabytes:.0f} MB"]  # fmt: skip
    _record("evidence", _table(["evidence", "time", "peak memory"], [row]))


def _imports() -> None:
    """Time the import of 100,000 records into a new review, and of six more records after them."""
    folder = PLACE / "imports"
    shutil.rmtree(folder, ignore_errors=True)
    tests = ROOT / "tests/generators"
    generator = [sys.executable, str(tests / "large_review.py"), str(folder)]
    measure([[*generator, "--chapters", "1", "--papers", "100", "--references", "200"]], ROOT)
    rows = []
    for name, count, seed in (("records", 100_000, 1), ("more", 6, 7)):
        export = [sys.executable, str(tests / "large_export.py"), str(folder / f"{name}.ris")]
        measure([[*export, "--records", str(count), "--seed", str(seed)]], ROOT)
        code = (
            "from pathlib import Path; from reviewpress.config import load_config\n"
            "from reviewpress.imports import import_records\n"
            f"import_records(load_config(Path('.'), None), [Path('{name}.ris')])\n"
        )
        found = measure([[sys.executable, "-c", code]], folder, memory=True)
        row = [f"import {count:,} records (RIS)", found.problem or str(found)]
        rows.append([*row, f"{found.megabytes:.0f} MB"])
    _record("imports", _table(["import", "time", "peak memory, workers included"], rows))


def _libraries(name: str) -> None:
    """Measure a part beside the libraries that do it; print it, and write it into its page."""
    program = [sys.executable, str(ROOT / "scripts" / f"bench_{name}.py")]
    subprocess.run(program, cwd=ROOT, check=True)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def _record(part: str, text: str) -> None:
    record(part, f"{stamp()}\n\n{text.strip()}")


def _listed(text: str) -> list[str]:
    return text.split(",")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--parts", default=[*PARTS], type=_listed, help=", ".join(PARTS))
    parser.add_argument("--ways", default=[*NAMES], type=_listed, help=", ".join(NAMES))
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each situation")
    parser.add_argument("--cold-rounds", type=int, default=3, help="rounds of the cold build")
    given = parser.parse_args()
    for kind, valid in (("parts", PARTS), ("ways", NAMES)):
        unknown = set(getattr(given, kind)) - set(valid)
        if unknown:
            parser.error(f"--{kind}: {', '.join(sorted(unknown))}; valid: {', '.join(valid)}")
    return given


if __name__ == "__main__":
    main()
