"""Time the parts that no build can leave out: the chapters' own code, one pandoc, one Typst a PDF.

    python scripts/bench_floor.py code NOTEBOOK…      on all processors, each in a fork of its own
    python scripts/bench_floor.py typst PROFILE…      the Typst source is made before the clock runs

Run in a review that has been built. Prints the seconds.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def run_code(notebooks: list[str]) -> float:
    """Run the code cells and live values of notebooks, as many at a time as processors.

    Imports are done before the clock runs, as a fork server does them. Raises RuntimeError where
    a notebook fails: its time would be none.
    """
    from reviewpress.speed.forkserver import PRELOADED

    os.environ["MPLBACKEND"] = "agg"
    for name in (*PRELOADED, "nbformat"):
        __import__(name)
    code = {name: list(_code(Path(name))) for name in notebooks}
    # A thread waits for each fork; the forks do the work.
    started = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        states = list(pool.map(lambda name: _run_forked(Path(name), code[name]), notebooks))
    seconds = time.perf_counter() - started
    failed = [name for name, state in zip(notebooks, states, strict=True) if state]
    if failed:
        raise RuntimeError(f"{', '.join(failed)} failed")
    return seconds


def typeset_books(profiles: list[str]) -> float:
    """Typeset each edition once, from Typst source that is made before the clock runs."""
    from reviewpress.cli.engines import embedded_engine
    from reviewpress.config import load_config
    from reviewpress.formats.parts import document_time
    from reviewpress.pipeline import prepare
    from reviewpress.programs.typesetting import typeset

    class Silent:
        def step(self, name: str, detail: str = "") -> None: ...

        def chapter(self, event: object) -> None: ...

    seconds = 0.0
    for profile in profiles:
        config = load_config(Path.cwd(), profile)
        engine = embedded_engine(config.root)
        checked = prepare(config, progress=Silent())
        with tempfile.TemporaryDirectory() as name:
            work = Path(name).resolve()
            engine.make_pdf(checked.manuscript, work)
            fonts = engine.extension.brand(config.root).font_folders
            (work / "again.typ").write_bytes((work / "book.typ").read_bytes())
            started = time.perf_counter()
            typeset(work / "again.typ", root=work, fonts=fonts, timestamp=document_time(config))
            seconds += time.perf_counter() - started
    return seconds


def _code(path: Path) -> Iterator[str]:
    """Yield what a notebook runs, in order: code cells and the expressions of text cells."""
    import nbformat

    from reviewpress.notebooks.values import find_values

    for cell in nbformat.read(path, as_version=4).cells:  # type: ignore[no-untyped-call]
        if cell.cell_type == "code":
            yield cell.source
        elif cell.cell_type == "markdown":
            for site in find_values(cell.source):
                yield f"({site.expression})"


def _run_forked(path: Path, sources: list[str]) -> int:
    """Run sources in a fork, in the notebook's folder; return its exit status."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            with tempfile.TemporaryDirectory() as folder:
                os.environ["REVIEWPRESS_ROOT"] = str(Path.cwd())
                os.environ["REVIEWPRESS_RUN_DIR"] = folder
                os.chdir(path.parent)
                names: dict[str, object] = {"__name__": "__main__"}
                for source in sources:
                    exec(compile(source, path.name, "exec"), names)
            status = 0
        finally:
            os._exit(status)
    _, state = os.waitpid(process, 0)
    return state


if __name__ == "__main__":
    part, *given = sys.argv[1:]
    print(run_code(given) if part == "code" else typeset_books(given))
