"""Work that is not done: what starts nothing, and what starts only what changed."""

import json
import sys
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble import stages
from reviewpress.assemble.reader import MARKDOWN
from reviewpress.speed import SWITCH, pandoc_pool
from reviewpress.speed.dialect import quick_form
from reviewpress.speed.forkserver import can_fork
from reviewpress.speed.joining import join_words
from reviewpress.speed.pandoc_pool import end_pandocs, read_markdown_text
from reviewpress.store.output_folder import LIST
from reviewpress.tasks import Here

CALL = (
    "import json, sys\n"
    "started = []\n"
    "def see(event, args):\n"
    "    if event in ('subprocess.Popen', 'os.fork', 'os.posix_spawn', 'os.system'):\n"
    "        started.append([event, [str(a) for a in (args[1] if len(args) > 1 else [])]])\n"
    "    if event == 'reviewpress.pandoc':\n"
    "        asked.append(list(args))\n"
    "    if event == 'import' and args[0] in ('typst', 'pandas', 'papermill', 'matplotlib'):\n"
    "        imported.add(args[0])\n"
    "imported = set()\n"
    "asked = []\n"
    "sys.addaudithook(see)\n"
    "from reviewpress.cli import main\n"
    "try:\n"
    "    main(sys.argv[1:])\n"
    "finally:\n"
    "    seen = {'started': started, 'imported': sorted(imported), 'asked': asked}\n"
    "    print(json.dumps(seen))\n"
)


PROSE = """

## More prose

It [has a span with [@other2021] in it, and words one by one]{.a}, *emphasis  over*
lines -- "quoted", `code  here`[^1] and [a link](chapters/findings.ipynb).

| a b | c |
|---|---|
| 1 2 | [x [y]{.b} z]{.a} |

[^1]: A note, with  blanks.

Gardens have grown since
1998. A year that begins a line.
"""


def watched(root: Path, *arguments: str) -> dict[str, Any]:
    """Run the command line in a process that notes what it starts and what it imports."""
    import subprocess

    command = [sys.executable, "-c", CALL, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def kinds(seen: dict[str, Any]) -> dict[str, int]:
    """Count the programs started: kernels and their parent, pandoc by what it writes.

    Of a pandoc that lives on, the documents that it was asked to read or to write are counted.
    """
    found: dict[str, int] = {}
    for what, count in seen["asked"]:
        found[f"asked {what}"] = found.get(f"asked {what}", 0) + count
    for _, command in seen["started"]:
        words = " ".join(command)
        kind = "other"
        if "pandoc_pool.lua" in words or "--print-default-data-file" in words:
            continue
        if "while read -r act" in words:  # the guard, which ends what a killed build began
            continue
        if "pandoc" in words:
            kind = f"pandoc {command[command.index('--to') + 1]}"
        elif "ipykernel" in words or "reviewpress.notebooks" in words:
            kind = "kernel"
        elif "pagefind" in words:
            kind = "pagefind"
        elif "typesetting" in words or "typst" in words:
            kind = "typesetter"
        found[kind] = found.get(kind, 0) + 1
    return found


def change_prose(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def pages(root: Path) -> dict[str, bytes]:
    """Return every file of the report."""
    folder = root / "_output/report"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != LIST
    }


def test_nothing_changed_starts_nothing(project: Callable[..., Path]) -> None:
    """No kernel, no pandoc, no Typst, no pandas; one edition after the other likewise."""
    root = project(formats=("html", "typst"))
    watched(root, "render", "--profile", "report,summary", "--engine", "pandoc")
    for profile in ("report", "summary", "report,summary"):
        seen = watched(root, "render", "--profile", profile, "--engine", "pandoc")
        assert seen == {"started": [], "imported": [], "asked": []}


def test_changed_prose_starts_no_kernel_and_one_chapter_s_pandoc(
    project: Callable[..., Path],
) -> None:
    """A word in one chapter: it is read once and written once; no other chapter is."""
    root = project(formats=("html",))
    watched(root, "render", "--engine", "pandoc")
    change_prose(root / "chapters/findings.ipynb", "What the papers found", "What papers found")
    seen = watched(root, "render", "--engine", "pandoc")
    assert kinds(seen) == {"asked read": 1, "asked html5": 1, "pagefind": 1}
    assert seen["imported"] == []
    assert b"What papers found" in pages(root)["chapters/findings.html"]


def test_changed_prose_writes_only_its_chapter_for_the_pdf(project: Callable[..., Path]) -> None:
    """The other chapters’ Typst comes from the store; one more document is the whole book."""
    root = project(formats=("typst",))
    watched(root, "render", "--engine", "pandoc")
    change_prose(root / "chapters/findings.ipynb", "What the papers found", "What papers found")
    seen = watched(root, "render", "--engine", "pandoc")
    assert kinds(seen) == {"asked read": 1, "asked typst": 2, "typesetter": 1}


def test_changed_prose_filters_only_its_chapter_for_word(project: Callable[..., Path]) -> None:
    """The others come from the store; one pandoc without filters writes the file."""
    root = project(formats=("docx",))
    watched(root, "render", "--engine", "pandoc")
    kept = set((root / ".reviewpress/docx").glob("*.json"))
    change_prose(root / "chapters/findings.ipynb", "What the papers found", "What papers found")
    seen = watched(root, "render", "--engine", "pandoc")
    assert kinds(seen) == {"asked read": 1, "asked docx": 1, "pandoc docx": 1}
    [writing] = [command for _, command in seen["started"] if "--output" in " ".join(command)]
    assert not any("lua-filter" in word for word in writing)
    assert len(set((root / ".reviewpress/docx").glob("*.json")) - kept) == 1


def test_an_incremental_build_is_the_build_from_nothing(project: Callable[..., Path]) -> None:
    """After several changes, pages and PDF are byte for byte those of an empty store."""
    root = project(formats=("html", "typst"))
    render = ("render", "--engine", "pandoc")
    watched(root, *render)
    change_prose(root / "chapters/findings.ipynb", "What the papers found", "What papers found")
    watched(root, *render)
    change_prose(root / "index.qmd", "Made-up papers", "Invented papers")
    change_prose(root / "chapters/findings.ipynb", "## What was found", "## What they found")
    watched(root, *render)
    incremental = pages(root)

    fresh = project(formats=("html", "typst"), runs=False, folder="fresh")
    for name in ("index.qmd", "chapters/findings.ipynb"):
        (fresh / name).write_bytes((root / name).read_bytes())
    (fresh / "_quarto.yml").write_bytes((root / "_quarto.yml").read_bytes())
    watched(fresh, *render)
    assert pages(fresh) == incremental


def test_without_what_exists_for_speed_all_is_the_same(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, each of it turned off by the one switch; `.ci/run` compares the flagship."""
    found = []
    for switch in ("1", "0"):
        monkeypatch.setenv(SWITCH, switch)
        root = project(formats=("html", "typst", "docx"), runs=False, folder=f"speed{switch}")
        with (root / "index.qmd").open("a", encoding="utf-8") as file:
            file.write(PROSE)
        watched(root, "render", "--engine", "pandoc")
        found.append(pages(root))
        assert b"words one by one" in found[-1]["index.html"]
    assert [name for name in found[0] if found[0][name] != found[1].get(name)] == []
    assert found[0].keys() == found[1].keys()


def test_a_paragraph_of_very_many_words_is_no_single_word() -> None:
    """Words are joined some hundreds at a time: writers take too long for one of all of them."""
    word = b'{"t":"Str","c":"word"}'
    joined = join_words(b"[%s]" % b',{"t":"Space"},'.join([word] * 20_000))
    texts = [node.get("c", " ") for node in json.loads(joined)]
    assert "".join(texts) == " ".join(["word"] * 20_000)
    assert len(texts) > 1
    assert max(map(len, texts)) < 5000


def test_the_switch_turns_all_of_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text keeps its form, words stay nodes, no pandoc waits, no kernel is forked."""
    words = b'[{"t":"Str","c":"two"},{"t":"Space"},{"t":"Str","c":"words"}]'
    span = "It [is a span, [see here]{.a}]{.b}."
    end_pandocs()
    for switch, is_on in (("0", False), ("", True)):
        monkeypatch.setenv(SWITCH, switch)
        assert (quick_form(span, MARKDOWN) != (span, MARKDOWN)) is is_on
        assert (join_words(words) != words) is is_on
        read_markdown_text("One.", MARKDOWN)
        assert bool(pandoc_pool._idle) is is_on
        assert can_fork() is (is_on and sys.platform == "linux")


def test_a_changed_table_runs_the_chapters_that_read_it(project: Callable[..., Path]) -> None:
    """One cell of one CSV: the chapter that read it is executed again, the other is not."""
    plain = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": ["# Other {#sec-o}\n"]}
    code = "import reviewpress\nreview = reviewpress.load()\ncount = len(review.findings)"
    reads = {"cell_type": "code", "id": "r", "metadata": {}, "execution_count": None,
             "outputs": [], "source": code.splitlines(keepends=True)}  # fmt: skip
    text = json.dumps({**plain, "cells": [title, reads]})
    root = project(files={"chapters/other.ipynb": text}, formats=("html",))
    change_prose(
        root / "_quarto-report.yml",
        "    - chapters/findings.ipynb\n",
        "    - chapters/findings.ipynb\n    - chapters/other.ipynb\n",
    )
    assert executed(root) == {"chapters/other.ipynb"}
    assert executed(root) == set()
    change_prose(root / "data/papers.csv", "Peer reviewed", "Grey literature")
    assert executed(root) == {"chapters/findings.ipynb"}


def test_a_kept_pdf_leaves_the_typesetter_ready(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The preview typesets once though the PDF came from the store, and then only changes."""
    from reviewpress.cli.engines import embedded_engine
    from reviewpress.config import load_config
    from reviewpress.display import PlainDisplay
    from reviewpress.pipeline import prepare
    from reviewpress.programs.typesetting import LIVING

    root = project(formats=("typst",))
    watched(root, "render", "--engine", "pandoc")
    count = []
    typeset = LIVING.typeset
    monkeypatch.setattr(LIVING, "typeset", lambda *a, **k: count.append(1) or typeset(*a, **k))
    config = load_config(root, "report")
    work = (config.store / "preview" / "typst").resolve()
    work.mkdir(parents=True)
    engine = embedded_engine(root)
    manuscript = prepare(config, progress=PlainDisplay()).manuscript
    kept = engine.make_pdf(manuscript, work)
    assert kept.startswith(b"%PDF")
    assert not count
    for _ in range(2):
        engine.keep_ready(manuscript, work)
    LIVING.end()
    assert len(count) == 1


def executed(root: Path) -> set[str]:
    """Bring the runs up to date; return the chapters for which a kernel ran."""
    from reviewpress.config import load_config
    from reviewpress.pipeline import execute_runs, plan_runs

    class Silent:
        def step(self, name: str, detail: str = "") -> None: ...

        def chapter(self, event: Any) -> None: ...

    config = load_config(root)
    runs = execute_runs(plan_runs(config, parameters={}), config, tasks=Here(1), progress=Silent())
    return {path for path, run in runs.items() if run.fresh}


def test_a_stage_is_made_again_when_an_input_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same inputs are made once, even by another process; problems are never kept."""
    from reviewpress.assemble.stages import make_stage

    made = []

    def make(keep: bool = True) -> Any:
        made.append(keep)
        return {"n": 1}, [{"t": "Para", "c": [{"t": "Str", "c": "a"}]}], keep

    first = make_stage(tmp_path, ["a", 1], make)
    monkeypatch.setattr(stages, "_memory", OrderedDict())
    again = make_stage(tmp_path, ["a", 1], make)
    assert len(made) == 1
    assert (again.facts, again.tree.blocks) == (first.facts, first.tree.blocks)
    assert again.copy_blocks() is not again.copy_blocks()
    make_stage(tmp_path, ["a", 2], make)
    assert len(made) == 2
    for _ in range(2):
        make_stage(tmp_path, ["b"], lambda: make(keep=False))
    assert len(made) == 4


def test_few_trees_of_a_large_book_are_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first go when there are many, and are the same when they are asked for again."""
    from reviewpress.assemble import stages

    monkeypatch.setattr(stages, "_HELD", 3)
    monkeypatch.setattr(stages, "_held", {})
    made = []
    for number in range(6):
        blocks = [{"t": "Para", "c": [{"t": "Str", "c": str(number)}]}]
        made.append(stages.make_stage(tmp_path, ["many", number], lambda b=blocks: ({}, b, True)))  # type: ignore[misc]
        made[-1].hold(blocks)
    assert len(stages._held) == 3
    assert [stage.tree.blocks[0]["c"][0]["c"] for stage in made] == list("012345")
    assert len(stages._held) == 3
