#!/usr/bin/env python
"""Give every key of a review's YAML files each of a dozen wrong values, and read the review.

    make wrong-values                          every key, in a few minutes
    make wrong-values ARGS="--every 7 brand"   every seventh value of the files named so
    make wrong-values ARGS="--every 7 --from 2"    every seventh value, from the second on

A wrong value is refused with a message that has its file and line, or it is a value that the key
may have. It never ends in another exception, in more than a second, or in a message without place.
"""

import argparse
import re
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from reviewpress.assemble import assemble
from reviewpress.checklists import load_checklists
from reviewpress.checks.acknowledgements import apply_acknowledgements
from reviewpress.checks.evidence import load_evidence
from reviewpress.config import load_config
from reviewpress.errors import ReportError, raise_all
from reviewpress.new import make_review

ROOT = Path(__file__).resolve().parents[1]
WRONG: tuple[Any, ...] = (
    5, -1, 10**20, 1.5, True, "", "word", "a\u0001b", "../../x", "/etc/hosts", "{{< meta x >}}",
    [], ["a"], [["a"]], [5], {}, {"a": "b"}, {"a": {"b": ["c"]}}, "x" * 5000, "[@a]{#b",
)  # fmt: skip
"""What may be wrong: numbers, signs, paths out of the review, lists, mappings, nothing."""
LONGEST = 1.0
_FIRST = 40

MORE: Mapping[str, Mapping[str, Any]] = {
    "_quarto.yml": {
        "title": "A", "author": "B", "date": "2026-01-01", "csl": "a.csl", "language": {"x": "y"},
        "crossref": {"fig-title": "Figure", "tbl-title": "Table", "chapters": True},
        "format": {"html": {"toc": True, "css": "a.css", "toc-depth": 3}, "docx": "default",
                   "typst": {"papersize": "a4", "fontsize": "11pt", "pdf-standard": ["ua-1"],
                             "margin": {"x": "2cm"}}},
        "toc": True, "toc-title": "Contents", "filters": ["a.lua"], "theme": "cosmo",
        "project": {"resources": ["a.csv"], "output-dir": "_output/report"},
        "book": {"subtitle": "S", "description": "D", "abstract": "E", "doi": "10.1234/x",
                 "repo-url": "https://example.org", "author": [{"name": "A", "orcid": "x"}]},
        "reviewpress": {"citations": "codes", "included-years": [2000, 2020], "ai": "None",
                        "publisher": "P", "doi": "10.1234/x", "url": "https://example.org/",
                        "source": {"title": "T"}, "appraisal": {"form": "appraisal"},
                        "typed-numbers": True, "typed-claims": False, "schema": "data/schema.yml",
                        "import-without": ["abstract"], "parameters": {"region": "Wales"},
                        "limits": {"cell-seconds": 60, "cell-gigabytes": 4,
                                   "program-seconds": 60}},
    },
    "_variables.yml": {"name": "value", "nested": {"name": "value"}},
}  # fmt: skip
"""Keys beside those of a new review."""
HEAD = {
    "title": "Start", "subtitle": "S", "author": [{"name": "A"}], "date": "2026-01-01",
    "abstract": "A", "keywords": ["a"], "description": "D", "lang": "en", "toc": True,
    "number-sections": True, "execute": {"echo": False}, "format": {"html": {"toc": True}},
    "bibliography": "bib/references.bib", "reviewpress": {"typed-numbers": False},
}  # fmt: skip
"""What a chapter may begin with."""


@dataclass(slots=True)
class Tally:
    """What became of the values."""

    tried: int = 0
    refused: int = 0
    found: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, where: str) -> None:
        """Note what went wrong, with the first value that did so."""
        self.found[what] += 1
        self.first.setdefault(what, where)


def main() -> None:
    """Try every value, and print what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", metavar="FILE", help="parts of names of files")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--from", type=int, default=0, metavar="N", dest="first")
    given = parser.parse_args()
    tally = try_values(given.files, every=given.every, first=given.first)
    print(f"{tally.tried} values, {tally.refused} refused, {sum(tally.found.values())} badly")
    for what, count in tally.found.most_common():
        print(f"{count:>5}  {what}\n       {tally.first[what]}")
    sys.exit(bool(tally.found))


def try_values(parts: Sequence[str] = (), *, every: int = 1, first: int = 0) -> Tally:
    """Try every so many-th wrong value in the files whose names have one of `parts`."""
    tally = Tally()
    with TemporaryDirectory(prefix="reviewpress-values-") as folder:
        root = Path(folder) / "review"
        make_base(root)
        names = [name for name in list_files(root) if not parts or any(p in name for p in parts)]
        number = 0
        for name in names:
            for path, value in variants(name, load_file(name, (root / name).read_text("utf-8"))):
                number += 1
                if (number - first) % every == 0:
                    try_value(root, name, path, value, tally)
    return tally


def make_base(root: Path) -> None:
    """Make a review whose edition is text alone, with the brand of the extension as its own."""
    make_review(root, title="A review", sections=["Outcomes"])
    shutil.copyfile(ROOT / "_extensions/reviewpress/_brand.yml", root / "_brand.yml")
    for folder in ("fonts", "html"):
        shutil.copytree(ROOT / "_extensions/reviewpress" / folder, root / folder)
    shutil.copyfile(ROOT / "data/forms/mmat.yml", root / "data/forms/mmat.yml")
    example = {"rule": "typed-number", "place": "3", "reason": "It is so."}
    (root / "data/acknowledged.yml").write_text(yaml.safe_dump({"acknowledged": [example]}))
    (root / "_variables.yml").write_text("name: value\nnested:\n  name: value\n")
    (root / "index.qmd").write_text(f"---\n{yaml.safe_dump(HEAD)}---\n\nText.\n")
    report = {
        "project": {"output-dir": "_output/report"},
        "book": {"output-file": "report", "chapters": ["index.qmd"],
                 "appendices": ["chapters/references.qmd"]},
        "format": {"reviewpress-html": "default", "reviewpress-typst": {"pdf-standard": ["ua-1"]}},
    }  # fmt: skip
    (root / "_quarto-report.yml").write_text(yaml.safe_dump(report))


def list_files(root: Path) -> list[str]:
    """Return the YAML files of a review, and the text that begins with such."""
    found = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.yml"))
    skipped = (".", "_extensions")
    return [*(name for name in found if not name.startswith(skipped)), "index.qmd"]


def variants(name: str, data: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield each key or item of a file with each wrong value."""
    paths = dict.fromkeys((*paths_of(data), *paths_of(MORE.get(name, {}))))
    for path in paths:
        yield from ((path, wrong) for wrong in WRONG)


def try_value(root: Path, name: str, path: tuple[str | int, ...], value: Any, tally: Tally) -> None:
    """Write one wrong value into a file, read the review, and put the file back."""
    file = root / name
    before = file.read_text("utf-8")
    shown = f"{name}: {'.'.join(map(str, path))} = {str(value)[:40]!r} ({type(value).__name__})"
    file.write_text(change_values(name, before, {path: value}), "utf-8")
    tally.tried += 1
    begun = time.process_time()
    try:
        read_review(root, name)
    except ReportError as error:
        tally.refused += 1
        for problem in error.problems:
            where = problem.where
            placed = where is not None and (where.line or where.row or where.cell)
            if not placed:
                told = re.sub(r'"[^"]*"', "…", str(problem))
                tally.note(f"no line: {told[:150]}", shown)
    except Exception as error:
        tally.note(f"{type(error).__name__}: {place_of(error)}", f"{shown}: {error}"[:300])
    finally:
        file.write_text(before, "utf-8")
    if time.process_time() - begun > LONGEST:
        tally.note("more than a second", shown)


def read_review(root: Path, name: str = "") -> None:
    """Read all that `check` reads of a file before a kernel is started, and the text."""
    config = load_config(root)
    if not name.startswith(("_brand", "index")):
        checked = load_evidence(config)
        apply_acknowledgements(config, [])
        load_checklists(root)
        _ = checked and (checked.review.forms, checked.review.searches)
    if not name.startswith(("_brand", "data")):
        book = assemble(config, {})
        raise_all([p for p in book.problems if p.severity == "error"])


def place_of(error: BaseException) -> str:
    """Return the module and line of this project that an exception came out of last."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "reviewpress" in path.parts:
            place = f"{path.name} {trace.tb_lineno}"
        trace = trace.tb_next
    return place


def load_file(name: str, text: str) -> Any:
    """Return what a file says in YAML: all of it, or what stands between the first dashes."""
    return yaml.safe_load(text.split("---")[1] if name.endswith(".qmd") else text)


def change_values(name: str, text: str, values: Mapping[tuple[str | int, ...], Any]) -> str:
    """Return the text of a file with other values at some paths, each on one line."""
    data = load_file(name, text) or {}
    for path, value in values.items():
        at = data
        for step, after in pairwise(path):
            inner = at[step] if step in _steps(at) else None
            if not isinstance(inner, dict | list):
                inner = ["a", "a"] if isinstance(after, int) else {}
                at[step] = inner
            at = inner
        at[path[-1]] = value
    written = yaml.dump(
        data, Dumper=_NoAliases, sort_keys=False, allow_unicode=True, width=sys.maxsize
    )
    if not name.endswith(".qmd"):
        return str(written)
    before, _, after_head = text.split("---", 2)
    return f"{before}---\n{written}---{after_head}"


def _steps(value: Any) -> Sequence[Any]:
    return range(len(value)) if isinstance(value, list) else list(value)


class _NoAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def paths_of(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path to each key and to the first items of each list."""
    if path:
        yield path
    if isinstance(data, dict | list):
        for step in _steps(data)[: 2 if isinstance(data, list) else _FIRST]:
            yield from paths_of(data[step], (*path, step))


if __name__ == "__main__":
    main()
