"""A kernel that will never answer is noticed in seconds, and what a cell did to it is told."""

import json
import time
from pathlib import Path

import pytest

from reviewpress.config import Config, load_config
from reviewpress.errors import Problems
from reviewpress.notebooks import execute_chapters

STOPPED = "the kernel does not answer any more: its process was stopped."
ENDED = "the kernel does not answer any more: the cell has ended, and no answer comes."
DIED = "the kernel died"


def write_review(root: Path, *sources: str) -> Config:
    """Write a review whose chapter has a cell of text and one of code."""
    names = [f"chapters/a{number}.ipynb" for number in range(len(sources))]
    (root / "chapters").mkdir(parents=True, exist_ok=True)
    for name, source in zip(names, sources, strict=True):
        cells = [
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A"},
            {"cell_type": "code", "id": "b", "metadata": {}, "source": source,
             "execution_count": None, "outputs": []},
        ]  # fmt: skip
        document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (root / name).write_text(json.dumps(document), encoding="utf-8")
    (root / "index.qmd").write_text("# Index\n", encoding="utf-8")
    (root / "_quarto.yml").write_text(
        f"project: {{type: book}}\nbook: {{title: T, chapters: {json.dumps(names)}}}\n",
        encoding="utf-8",
    )
    return load_config(root)


def failing(config: Config) -> str:
    """Execute the chapters, and return what is said of the one that fails."""
    paths = [Path(chapter.path) for chapter in config.chapters]
    with pytest.raises(Problems) as caught:
        execute_chapters(config, paths, edition="report")
    return "\n".join(map(str, caught.value.problems))


SILENCED = {
    "import sys\nsys.stdout = None": "the cell leaves sys.stdout so that nothing can be written",
    "import sys\nsys.stderr.close()": "the cell leaves sys.stderr so that nothing can be written",
    "import sys\nsys.modules.clear()": "the cell takes from sys.modules what Python itself needs",
    "import sys\nsys.path.clear()\nsys.meta_path.clear()": "the cell takes from sys.meta_path what",
    "import builtins\ndel builtins.len, builtins.print": "the cell takes from builtins what Python",
    "import builtins\nbuiltins.len = lambda x: 0": "the cell takes from builtins what Python",
    "get_ipython().run_cell = print": "the cell takes from get_ipython() what Python",
    (
        "import sys, builtins\ndef spoil():\n    sys.modules.clear()\n"
        "    for name in list(vars(builtins)): vars(builtins).pop(name)\n    1 / 0\nspoil()"
    ): "NameError: name 'vars' is not defined",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)": STOPPED,
    "get_ipython().kernel.shell_stream.close()": ENDED,
    "get_ipython().kernel.iopub_socket.close()": ENDED,
    "import os\nos.closerange(3, 4000)": DIED,
    "import os\nos._exit(0)": DIED,
    "import os\nos.execv('/bin/sleep', ['sleep', '100'])": "a ping has had no answer for 10 s",
    (
        "import sys\nsys.setrecursionlimit(10**9)\ndef deep(n): return deep(n + 1)\ndeep(0)"
    ): "RecursionError: maximum recursion depth exceeded",
}


@pytest.mark.parametrize("source", SILENCED)
def test_a_cell_that_silences_its_kernel_is_told(tmp_path: Path, source: str) -> None:
    """With its chapter and cell, long before a cell's hour is over."""
    started = time.monotonic()
    said = failing(write_review(tmp_path, source))
    assert said.startswith("chapters/a0.ipynb, cell 2")
    assert SILENCED[source] in said
    assert time.monotonic() - started < 45


def test_a_cell_may_print_in_its_own_way(tmp_path: Path) -> None:
    """A kernel can answer whatever `print` and `open` are."""
    source = "import builtins, functools\nbuiltins.print = functools.partial(print, 'mine')"
    config = write_review(tmp_path, f"{source}\nprint('x')")
    [run] = execute_chapters(config, [Path("chapters/a0.ipynb")], edition="report").values()
    assert "mine x" in run.warnings[0].message


def test_a_program_that_asks_gets_no_answer(tmp_path: Path) -> None:
    """It is told that there is none, where it would wait at a terminal that nobody sees."""
    asks = '!read x; echo "got <$x>, $(test -t 1 || echo no terminal)"'
    config = write_review(tmp_path, asks)
    runs = execute_chapters(config, [Path("chapters/a0.ipynb")], edition="report")
    [run] = runs.values()
    assert "got <>, no terminal" in run.warnings[0].message


def test_a_fork_that_comes_to_the_end_of_its_cell_ends(tmp_path: Path) -> None:
    """It is no second kernel, whether it raised or not, and its status is what it would be."""
    source = (
        "import os, sys\n"
        "child = os.fork()\n"
        "if not child:\n    {}\n"
        "else:\n    print('status', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    wanted = {"x = 1": 0, "1 / 0": 1, "sys.exit(3)": 3}
    config = write_review(tmp_path, *(source.format(line) for line in wanted))
    paths = [Path(chapter.path) for chapter in config.chapters]
    runs = execute_chapters(config, paths, edition="report")
    said = [str(run.warnings) for run in runs.values()]
    assert all(f"status {status}" in s for status, s in zip(wanted.values(), said, strict=True))


FAILING = {
    "class A:\n    def __repr__(self): raise ValueError('oops')\nA()": "ValueError: oops",
    "class A:\n    def __repr__(self): return 5\nA()": "TypeError: __repr__ returned non-string",
    "class A:\n    def _repr_html_(self): raise KeyError('k')\ndisplay(A())": "KeyError: 'k'",
    "class A:\n    def _repr_markdown_(self): raise OSError\nA()": "OSError",
    "raise ValueError('\\ud800')": "ValueError: \\ud800",
}


@pytest.mark.parametrize("source", FAILING)
def test_a_value_that_cannot_be_shown_is_told(tmp_path: Path, source: str) -> None:
    """As the exception that its author raised, never as `NoneType: None`."""
    said = failing(write_review(tmp_path, source))
    assert said.startswith("chapters/a0.ipynb, cell 2")
    assert FAILING[source] in said
    assert "NoneType" not in said


def test_half_a_character_is_not_lost(tmp_path: Path) -> None:
    """It is shown by its number, as Python itself shows it."""
    config = write_review(tmp_path, "print('a \\ud800 b')")
    runs = execute_chapters(config, [Path("chapters/a0.ipynb")], edition="report")
    [run] = runs.values()
    assert "a \\ud800 b" in run.warnings[0].message


CHANGES = {
    "import os\nos.system('echo x >> ../index.qmd');": "index.qmd was changed",
    "import subprocess as s\ns.run(['sh', '-c', 'echo x >> ../_quarto.yml']);": "_quarto.yml was ",
    "import os\nos.system('echo x > other.qmd');": "chapters/other.qmd was created",
    "import os\nos.system('rm ../data/a.csv');": "data/a.csv was deleted",
    (
        "import os\nos.system('touch -r ../data/a.csv ../stamp; printf 7,8 > ../data/a.csv;"
        " touch -r ../stamp ../data/a.csv');"
    ): "data/a.csv was changed",
    (
        "import multiprocessing as m\n"
        "def f(): open('../data/a.csv', 'a')\n"
        "p = m.get_context('fork').Process(target=f); p.start(); p.join()"
    ): "the cell writes over data/a.csv",
    (
        "import multiprocessing as m\n"
        "def f(n):\n    try: open('../index.qmd', 'a')\n    except Exception: pass\n"
        "with m.get_context('fork').Pool(1) as pool: pool.map(f, [1])"
    ): "the cell writes over index.qmd",
    "import os\nif not os.fork(): open('../data/b.csv', 'w')\nelse: os.wait()": "creates data/b",
}


@pytest.mark.parametrize("source", CHANGES)
def test_what_a_cells_programs_write_is_told(tmp_path: Path, source: str) -> None:
    """A source that a program or a fork changed, or was to change, is told with the cell."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data/a.csv").write_text("1,2", encoding="utf-8")
    said = failing(write_review(tmp_path, source))
    assert said.startswith("chapters/a0.ipynb, cell 2: ")
    assert CHANGES[source] in said


def test_an_author_may_save_a_text_meanwhile(tmp_path: Path) -> None:
    """A chapter that started no program did not change it, and is not blamed."""
    config = write_review(tmp_path, "import time\nopen('../on', 'w').close()\ntime.sleep(1)")
    from threading import Timer

    save = Timer(0, lambda: None)

    def progress(event: object) -> None:
        nonlocal save
        if getattr(event, "cell", None) == 2:
            save = Timer(0.5, lambda: (tmp_path / "index.qmd").write_text("# Saved\n", "utf-8"))
            save.start()

    paths = [Path("chapters/a0.ipynb")]
    execute_chapters(config, paths, edition="report", progress=progress)
    save.join()
    assert (tmp_path / "index.qmd").read_text("utf-8") == "# Saved\n"


def test_half_a_character_in_markdown_is_a_sign_that_says_so(tmp_path: Path) -> None:
    """An escape in its place would be read as a command of TeX; all around it is kept."""
    code = "class M:\n    def _repr_markdown_(self):\n        return 'a *b* \\ud800 c'\nM()"
    config = write_review(tmp_path, code)
    runs = execute_chapters(config, [Path("chapters/a0.ipynb")], edition="report")
    [run] = runs.values()
    assert any("a *b* \ufffd c" in cell.markdown for cell in run.cells)
