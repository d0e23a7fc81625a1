"""The programs we start, and the only place that starts them."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from reviewpress.errors import EngineError, SetupError

Run = Callable[..., str]


@cache
def find_pandoc() -> str:
    """Return the path of the pandoc that came with pypandoc-binary.

    Raises SetupError where the wheel has none for this machine.
    """
    from importlib.util import find_spec

    spec = find_spec("pypandoc")
    if spec is not None and spec.origin:
        for name in ("pandoc", "pandoc.exe"):
            path = Path(spec.origin).parent / "files" / name
            if path.is_file():
                return str(path)
    raise SetupError(
        "pandoc is not installed.", hint="Install it with `pip install pypandoc-binary`."
    )


def find_browser() -> str:
    """Return the path of a Chromium; SetupError where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"):
        path = shutil.which(name)
        if path:
            return path
    raise SetupError("no Chromium was found.", hint="Install Chromium, or put it on the PATH.")


def find_axe() -> Path:
    """Return axe-core's script, from `node_modules` here or above; SetupError without it."""
    return _find_module("axe-core/axe.min.js", "axe-core")


def find_vnu() -> tuple[str, ...]:
    """Return the command of the Nu HTML checker: `vnu`, or Java with npm's vnu-jar."""
    vnu = shutil.which("vnu")
    if vnu:
        return (vnu,)
    java = shutil.which("java")
    if java is None:
        raise SetupError("neither vnu nor Java was found.", hint="Install one of them.")
    return (java, "-Xss4m", "-jar", str(_find_module("vnu-jar/build/dist/vnu.jar", "vnu-jar")))


def _find_module(name: str, package: str) -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        path = folder / "node_modules" / name
        if path.is_file():
            return path
    raise SetupError(f"{package} is not installed.", hint=f"`npm install {package}`.")


def run_pandoc(arguments: Sequence[str], text: str, *, folder: Path) -> str:
    """Run pandoc on `text` in `folder` and return what it prints.

    Raises EngineError with pandoc's own words where it fails or warns of something lost.
    """
    # Warnings are failures: what pandoc skips would be missing from the report.
    command = [find_pandoc(), "--fail-if-warnings", *arguments]
    return run_program(command, text, folder=folder, name="pandoc")


def run_program(command: Sequence[str], text: str, *, folder: Path, name: str) -> str:
    """Run a program with `text` on its standard input and return its standard output."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0")}
    try:
        done = subprocess.run(
            list(command), input=text, capture_output=True, text=True, encoding="utf-8",
            cwd=folder, env=environment, check=False,
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{name} could not be started: {error.strerror}.") from None
    if done.returncode:
        message = done.stderr.strip() or f"ended with status {done.returncode}"
        raise EngineError(f"{name}: {message}")
    return done.stdout
