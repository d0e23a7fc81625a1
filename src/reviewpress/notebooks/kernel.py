"""What runs inside a chapter's kernel beside the chapter: live values, what was read, errors."""

import faulthandler
import json
import math
import numbers
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, SupportsFloat

from reviewpress.errors import Place, ReportError
from reviewpress.notebooks.dataflow import flow
from reviewpress.notebooks.error_hints import hint_of_error
from reviewpress.notebooks.pulse import PULSE_ENV, Pulse
from reviewpress.notebooks.shell import Safeguards, limit_memory, show_specifications
from reviewpress.notebooks.source_guard import Guard, guard
from reviewpress.programs.watchdog import mark_started
from reviewpress.rounding import rounded
from reviewpress.store.digests import ABSENT, digest_or_absent
from reviewpress.store.versions import PACKAGE, package_files
from reviewpress.tables.lineage import lineage_data, recorder

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from reviewpress.figures.published import Published


SETTINGS = "_quarto.yml#reviewpress"
CONFIG_PREFIX = "_quarto"
EXTENSIONS = "_extensions/"
LOG_ENV = "REVIEWPRESS_LOG"
REVIEW_ENV = "REVIEWPRESS_ROOT"
PROFILE_ENV = "REVIEWPRESS_PROFILE"
RUN_ENV = "REVIEWPRESS_RUN_DIR"
IGNORED_FOLDERS = (".reviewpress", ".git", ".quarto", ".ipynb_checkpoints", "__pycache__")
_ASSIGNS = re.compile(r"\s*[\w.\[\]'\"]+\s*=[^=]|\s*(?:import|from|print)\s")
MISSING_HINT = "Say in words that it is not recorded, or leave the missing rows out."
PLAIN_TYPES = (str, numbers.Number, date)

_at_start: dict[str, list[int]] = {}
"""When the files of this package were changed, and their sizes, as the run began."""
_CHANGED = "changed"
"""In place of the hash of a module that was edited during the run: nobody knows which was used."""
_RUNNERS = ("notebooks/", "speed/fork")
"""What executes chapters: in the kernel, and outside of it, where the record of a run is made."""
_opened: dict[tuple[str, bool], int] = {}
_execution = 0
_made: dict[str, int] = {}
"""The execution that made each figure and table to be published."""
_drawn: dict[int, int] = {}
"""The execution in which each figure of pyplot was first seen open."""
_watching = False
_guard: Guard | None = None
_pulse: Pulse | None = None
_safeguards: Safeguards | None = None


class Reply:
    """A value that travels to the client as JSON, whatever the kernel's way of displaying."""

    def __init__(self, payload: Mapping[str, object]) -> None:
        self.payload = payload

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {"text/plain": "", "application/json": self.payload}


def start(most: int | None = None) -> Reply:
    """Begin to watch which files of the review the chapter opens, and for a crash.

    From now on the kernel may take `most` bytes of memory.
    """
    global _watching, _guard, _pulse, _safeguards
    limit_memory(most)
    mark_started()
    if not _watching and os.environ.get(REVIEW_ENV):
        _shell().events.register("pre_run_cell", _count)
        # `%matplotlib inline` would show each figure before it is published with its label.
        _shell().register_magic_function(lambda _: None, "line", "matplotlib")  # type: ignore[arg-type]
        show_specifications(_shell())
        sys.addaudithook(_watch)
        _guard = guard(os.environ[REVIEW_ENV], lambda: _execution)
        _safeguards = Safeguards(_shell(), lambda: _execution)
        _shell().events.register("post_run_cell", _end_cell)
        flow.start(_namespace, _made_so_far, _read_past_tables)
        _shell().ast_transformers.append(flow)
        if os.environ.get(PULSE_ENV):
            _pulse = Pulse(os.environ[PULSE_ENV])
        _watching = True
    _at_start.update((name, state) for name, *state in package_files())
    if os.environ.get(LOG_ENV):
        # ipykernel keeps the standard error stream for itself, so that a crash says nothing there.
        faulthandler.enable(open(os.environ[LOG_ENV], "a", encoding="utf-8"))  # noqa: SIM115
    return Reply({})


def _busy(call: Callable[..., Reply]) -> Callable[..., Reply]:
    """Let those who wait for the answer to a call know that the kernel works on it."""

    @wraps(call)
    def answer(*arguments: object, **options: object) -> Reply:
        _note("busy")
        try:
            return call(*arguments, **options)
        finally:
            _note("done")

    return answer


@_busy
def evaluate(expressions: Sequence[str]) -> Reply:
    """Evaluate live values among the chapter's names, in order.

    The reply's `values` hold for each its `text` and whether that is Markdown already (`raw`), or
    `error` and `hint`; `changes` are those of sources that the values made.
    """
    known = len(_guard.changes) if _guard else 0
    values = [_evaluated(expression) for expression in expressions]
    if _guard is None:
        return Reply({"values": values, "changes": []})
    _guard.look()
    changes = [each._asdict() for each in _guard.take(known) if not each.refused]
    return Reply({"values": values, "changes": changes})


@_busy
def describe_error() -> Reply:
    """Tell the expected problems that stopped the last cell, in their own words.

    The reply's `problems` is empty where the error was none that reviewpress expects; `hint` may
    then name what was meant. `changes` are those of sources that happened before: the error may
    follow from them.
    """
    error = getattr(sys, "last_value", None)
    changes = [each._asdict() for each in _guard.changes if not each.refused] if _guard else []
    if isinstance(error, ReportError):
        told = [_problem(p.message, p.hint, p.where) for p in error.problems]
        return Reply({"problems": told, "changes": changes})
    hint = hint_of_error(error, _namespace())
    return Reply({"problems": [], "hint": hint, "changes": changes})


@_busy
def show_rest(*, shows: bool) -> Reply:
    """Show what pyplot has open at the end of a cell, and the cell's value if it is a figure.

    The cell has a value if it `shows` one: `_` may be that of an earlier cell. The reply's `marks`
    are those of `figures.screen`.
    """
    value = _namespace().get("_") if shows else None
    if "matplotlib.figure" not in sys.modules:
        return Reply({"marks": []})
    # Imported here: pyplot is for chapters with such cells.
    from reviewpress.figures import screen

    value_marks = [screen.note(value)] if screen.is_figure(value) else []
    return Reply({"marks": list(dict.fromkeys([*screen.show_open(), *value_marks]))})


@_busy
def draw(mark: int, *, id: str, caption: str, words: str, alt: str) -> Reply:
    """Publish a figure that was shown; the reply holds its `markdown`, or `problems`.

    `words` is what stands below it, Markdown, and `caption` what it is called.
    """
    from reviewpress.figures import screen
    from reviewpress.figures.publish import publish_picture

    figure = screen.shown_figure(mark)
    flow.draw(id)
    return _made_of(lambda: publish_picture(figure, id=id, caption=caption, words=words, alt=alt))


@_busy
def publish_frame(label: str, *, caption: str = "", rows: str = "") -> Reply:
    """Publish the last cell's value, if it is a frame, or the `rows` of a chart, which are JSON."""
    from reviewpress.figures.unnumbered import frame_markdown, rows_markdown

    if rows:
        return _made_of(lambda: rows_markdown(label, json.loads(rows)))
    value = _namespace().get("_")
    if hasattr(value, "iloc"):
        flow.draw(label)
    return _made_of(lambda: frame_markdown(value, label, caption))


def _made_of(publish: "Callable[[], str | Published]") -> Reply:
    try:
        made = publish()
        return Reply({"markdown": made if isinstance(made, str) else made.markdown})
    except ReportError as error:
        return Reply({"problems": [_problem(p.message, p.hint, p.where) for p in error.problems]})


@_busy
def finish() -> Reply:
    """Tell what the run depended on.

    `reads` maps each file of the review that was read to its SHA-256 (`absent` where it was
    looked for and did not exist; of `_quarto.yml`, the settings only); `modules` does so for
    reviewpress itself, relative to its package; `imported` names the packages that were
    imported; `unrecorded` lists files that were opened past the review, each with the number of
    the execution that did; `unpublished` holds for each figure that pyplot still has open the
    execution that drew it, `published` the marks of those that were shown and are published, and
    `made` which execution made what is to be published; `changes` are
    those of sources, each with the execution and whether it was refused; `broken` names what a
    cell took from the kernel, with the execution; `claims` are the values that the chapter
    gave to published numbers.
    """
    if _guard is not None:
        _guard.look()
    root = _root()
    recorded = _recorded()
    reads = {name: sha for name, sha in recorded.items() if not os.path.isabs(name)}
    modules = _own_modules()
    modules |= {_from_package(n): sha for n, sha in recorded.items() if os.path.isabs(n)}
    unrecorded = []
    for (path, writing), execution in sorted(_opened.items()):
        name = _inside(path, root)
        if name is None or name in reads:
            continue
        if name.startswith(CONFIG_PREFIX) and not writing:
            # Imported here: a chapter that reads no settings does not depend on what reads them.
            from reviewpress.context import settings_digest

            reads[SETTINGS] = settings_digest(Path(root), os.environ.get(PROFILE_ENV) or None)
            continue
        found = digest_or_absent(path)
        if writing or not (found == ABSENT or name.startswith(EXTENSIONS)):
            unrecorded.append({"path": name, "execution": execution, "writing": writing})
        if not writing:
            reads[name] = found
    reads |= _local_modules(root)
    return Reply(
        {
            "reads": dict(sorted(reads.items())),
            "modules": dict(sorted(modules.items())),
            "imported": _imported(),
            "unrecorded": unrecorded,
            "unpublished": _left_open(),
            "published": _published_marks(),
            "made": [{"id": name, "execution": execution} for name, execution in _made.items()],
            "changes": [change._asdict() for change in _guard.changes] if _guard else [],
            "broken": [one._asdict() for one in _safeguards.broken] if _safeguards else [],
            "claims": _given(root),
            "lineage": flow.data(),
        }
    )


def _left_open() -> list[int]:
    """Return the execution that drew each figure that pyplot has open and nobody published."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    numbers = pyplot.get_fignums() if pyplot is not None else []
    return [_drawn.get(number, _execution) for number in numbers]


def _published_marks() -> list[int]:
    screen = sys.modules.get("reviewpress.figures.screen")
    return list(screen.published_marks()) if screen is not None else []


def _evaluated(expression: str) -> dict[str, object]:
    if not expression.strip():
        return {"error": "the live value holds no expression.", "hint": "Write one, or delete it."}
    try:
        code = compile(expression, "<live value>", "eval")
        value, reads = flow.evaluate(expression, lambda: _shown(eval(code, _namespace())))
        return {**value, **({"reads": lineage_data(reads)} if reads else {})}
    except ReportError as error:
        return {"error": error.message, "hint": error.hint}
    except Exception as error:
        # A syntax error names a file and a line that the author does not have.
        said = error.msg if isinstance(error, SyntaxError) else error
        message = f"{type(error).__name__}: {said}"
        hint = hint_of_error(error, _namespace())
        if isinstance(error, SyntaxError) and _ASSIGNS.match(expression):
            hint = "A live value shows something: assign in a code cell, and name it here."
        return {"error": message, "hint": hint}


def _shell() -> "InteractiveShell":
    from IPython import get_ipython

    shell: InteractiveShell = get_ipython()
    return shell


def _namespace() -> dict[str, object]:
    names: dict[str, object] = _shell().user_ns
    return names


def _shown(value: object) -> dict[str, str | bool]:
    name = type(value).__name__
    if name in ("NAType", "NaTType"):
        return {"error": "the expression gives a missing value.", "hint": MISSING_HINT}
    if hasattr(value, "_repr_markdown_"):
        return {"text": " ".join(value._repr_markdown_().split()), "raw": True}
    floats = isinstance(value, float) or (hasattr(value, "dtype") and value.dtype.kind == "f")
    if floats and isinstance(value, SupportsFloat):
        return {"text": _number(float(value)), "raw": False}
    is_one = isinstance(value, str) or getattr(value, "shape", None) == ()
    container, truth = hasattr(value, "__len__") and not is_one, name in ("bool", "bool_")
    if value is None or value is ... or truth or container or not _has_text(value):
        kind = "nothing (None)" if value is None else str(value) if truth else f"a {name}"
        hint = (
            'A value in a sentence is a number or a text; `words(…)` or `", ".join(…)` makes one.'
        )
        return {"error": f"the expression gives {kind}.", "hint": hint}
    return {"text": str(value), "raw": False}


def _has_text(value: object) -> bool:
    """Whether a value has a text of its own, and not Python's name for it."""
    named: object = type(value).__str__
    return named is not object.__str__ or isinstance(value, PLAIN_TYPES)


def _number(value: float) -> str:
    """Write a float as a sentence has it, its decimals after the review's own mark."""
    if math.isnan(value) or math.isinf(value):
        raise ReportError("the expression gives a missing value.", hint=MISSING_HINT)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    # Imported here: a chapter without such a value does not depend on the review's labels.
    from reviewpress.context import review_labels

    return review_labels().mark(rounded(value))


def _problem(message: str, hint: str, where: Place | None) -> dict[str, str]:
    return {"message": f"{where}: {message}" if where else message, "hint": hint}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open":
        return
    path, mode, flags = arguments
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if not isinstance(path, str):
        return
    writing = isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    if isinstance(mode, str) and mode:
        writing = any(character in mode for character in "wax+")
    if not os.path.isabs(path):
        path = os.path.join(os.getcwd(), path)
    if not writing:
        flow.opened.append(path)
    key = (os.path.normpath(path), writing)
    if key not in _opened:
        _opened[key] = _execution


def _count(*_: object) -> None:
    """Count the executions of cells; IPython's own count differs with its version."""
    global _execution
    _execution += 1
    _note("busy")


def _end_cell(*_: object) -> None:
    """Look at what the cell did that has ended."""
    flow.end()
    flow.show(_execution)
    if _safeguards is not None:
        _safeguards.look()
    if _guard is not None:
        _guard.look()
    _note_what_was_made()
    _note("done")


def _made_so_far() -> list[str]:
    """Return the ids of figures and tables, and those of claims, that the chapter made so far."""
    module = sys.modules.get("reviewpress.figures.published")
    return [*(module.made if module else ()), *(f"claim:{id}" for id in _given(_root()))]


def _read_past_tables(paths: Sequence[str]) -> set[str]:
    """Return which of some files that were opened are of the review, but none of its tables."""
    root = _root()
    names = {name for path in set(paths) if (name := _inside(path, root))}
    names -= set(_recorded()) - recorder.asked
    return {name for name in names if not name.startswith((CONFIG_PREFIX, EXTENSIONS))}


def _note_what_was_made() -> None:
    """Note by which cell each figure and table was made, and each figure of pyplot opened."""
    module = sys.modules.get("reviewpress.figures.published")
    for name in module.made if module else ():
        _made.setdefault(name, _execution)
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in pyplot.get_fignums() if pyplot is not None else ():
        _drawn.setdefault(number, _execution)


def _note(state: str) -> None:
    if _pulse is not None:
        _pulse.note(state, _execution)


def _recorded() -> dict[str, str]:
    """Return what the loaded reviews and the charts recorded as read."""
    module = sys.modules.get("reviewpress.tables.reads")
    return dict(module.reads.collect()) if module else {}


def _given(root: str) -> dict[str, str | None]:
    """Return the values that the chapter gave to claims of this review."""
    module = sys.modules.get("reviewpress.evidence.claims")
    return dict(module.given.get(Path(root), {})) if module else {}


def _inside(path: str, root: str) -> str | None:
    """Return the path relative to the review, or None where it is none of the review's files."""
    real = os.path.realpath(path)
    if os.path.commonpath([real, root]) != root:
        return None
    parts = os.path.relpath(real, root).split(os.sep)
    if any(part in IGNORED_FOLDERS for part in parts) or parts[-1].endswith((".py", ".pyc")):
        return None
    installed = (sys.prefix, str(PACKAGE), os.environ.get(RUN_ENV) or sys.prefix)
    if any(real.startswith(_real_folder(folder) + os.sep) for folder in installed):
        return None
    return "/".join(parts)


def _root() -> str:
    return os.path.realpath(os.environ.get(REVIEW_ENV) or os.getcwd())


def _local_modules(root: str) -> dict[str, str]:
    """Return the review's own Python modules that the chapter imported."""
    found = {}
    outside = (os.path.realpath(sys.prefix) + os.sep, str(PACKAGE) + os.sep)
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not path or not path.endswith(".py"):
            continue
        real = _real_path(path)
        if real.startswith(root + os.sep) and not real.startswith(outside):
            found[os.path.relpath(real, root).replace(os.sep, "/")] = digest_or_absent(real)
    return found


@cache
def _real_path(path: str) -> str:
    """Return `os.path.realpath`, which would look up every folder of a thousand modules anew."""
    if os.path.islink(path):
        return os.path.realpath(path)
    return os.path.join(_real_folder(os.path.dirname(path)), os.path.basename(path))


@cache
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _own_modules() -> dict[str, str]:
    """Return the modules of reviewpress that execute chapters or were imported, with hashes.

    A fork server has imported what chapters usually need, so that their runs depend on all of it.
    """
    names = {name for name in _at_start if name.startswith(_RUNNERS) and name.endswith(".py")}
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path and (name == "reviewpress" or name.startswith("reviewpress.")):
            names.add(_from_package(path))
    now = {name: state for name, *state in package_files()}
    return {name: _module_digest(name, now) for name in sorted(names)}


def _module_digest(name: str, now: Mapping[str, list[int]]) -> str:
    known = _at_start.get(name)
    is_changed = known is not None and known != now.get(name)
    return _CHANGED if is_changed else digest_or_absent(PACKAGE / name)


def _from_package(path: str) -> str:
    """Return a path relative to the package, so that it means the same on another machine."""
    return os.path.relpath(_real_path(path), PACKAGE).replace(os.sep, "/")


def _imported() -> list[str]:
    """Return the top-level names of what was imported, the standard library left out."""
    names = {name.partition(".")[0] for name in list(sys.modules)}
    names -= {"__main__", "__mp_main__", "reviewpress", *sys.stdlib_module_names}
    return sorted(name for name in names if not name.startswith("_"))
