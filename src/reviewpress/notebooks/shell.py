"""What a chapter's kernel does otherwise than IPython: so that nothing a cell does silences it.

A cell that leaves no stream to write to, or no modules or builtins to answer with, a fork that
comes to the end of its cell, text that cannot be sent, or a traceback of a hundred thousand calls
would each keep the kernel from answering.
"""

import builtins
import io
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

DEEPEST = 100_000
"""How deep functions may call each other, however much a cell asks for: memory is not endless."""
_SHOWN = 40
"""How many calls of a traceback are kept: the first, which are those of the cell."""
_STREAMS = ("stdout", "stderr")

_ALTAIR = ("v5", "v6", "v7")
_MARKUP = ("text/markdown", "text/html", "image/svg+xml")


_MODULES = "sys.modules"
_BUILTINS = "builtins"
_SHELL = "get_ipython()"
_OWN_WAYS = frozenset((
    "__import__", "breakpoint", "copyright", "credits", "exit", "help", "input", "license", "open",
    "print", "quit",
))  # fmt: skip
"""Builtins that a cell may replace by its own, as a kernel can answer without them."""
_ANSWERS = (
    "run_cell", "run_cell_async", "_run_cell", "run_ast_nodes", "run_code", "should_run_async",
    "transform_cell", "user_expressions",
)  # fmt: skip
"""What of the shell a kernel calls to run a cell and to answer."""
_NEEDED = sys.stdlib_module_names | {
    "IPython", "comm", "ipykernel", "jupyter_client", "jupyter_core", "reviewpress", "tornado",
    "traitlets", "zmq",
}  # fmt: skip
"""The packages without which a kernel answers nobody."""


class Broken(NamedTuple):
    """What a cell took from the kernel: a stream to write to, modules or builtins."""

    name: str
    execution: int


class Safeguards:
    """Keeps a kernel able to answer. `execution` says which cell runs, counted from 1."""

    def __init__(self, shell: Any, execution: Callable[[], int]) -> None:
        self._shell, self._execution = shell, execution
        self._streams = {name: getattr(sys, name) for name in _STREAMS}
        self.broken: list[Broken] = []
        self._taken: set[str] = set()
        self._builtins = vars(builtins)
        own = shell.builtin_trap.auto_builtins  # IPython adds and removes them with each cell
        self._kept_builtins = {n: each for n, each in self._builtins.items() if n not in own}
        self._needed_builtins = {
            name: each for name, each in self._kept_builtins.items() if name not in _OWN_WAYS
        }
        self._kept_modules = {
            name: each for name, each in sys.modules.items() if name.split(".")[0] in _NEEDED
        }
        shell.system = self._run_command
        self._kept_places: list[tuple[str, list[Any], list[Any]]] = [
            ("sys.path", sys.path, list(sys.path)),
            ("sys.meta_path", sys.meta_path, list(sys.meta_path)),
        ]
        self._keep_able()
        self._keep_packing()
        self._cut_tracebacks()
        _limit_recursion()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._end_with_the_cell)

    def look(self) -> None:
        """Put back what the cell that has ended left without a stream, and note what it took."""
        for name, kept in self._streams.items():
            if not _can_write(getattr(sys, name, None)):
                setattr(sys, name, kept)
                self.broken.append(Broken(f"sys.{name}", self._execution()))
        self.broken += [Broken(name, self._execution()) for name in sorted(self._taken)]
        self._taken.clear()

    def _run_command(self, command: str) -> None:
        """Run what stands after `!`, without a terminal on which it would wait for an answer."""
        if command.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        with subprocess.Popen(
            self._shell.var_expand(command, depth=1), shell=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for line in process.stdout:
                print(line.decode(errors="replace"), end="")
        self._shell.user_ns["_exit_code"] = process.returncode
        if process.returncode and self._shell.system_raise_on_error:
            raise subprocess.CalledProcessError(process.returncode, command)

    def _keep_able(self) -> None:
        """Have modules and builtins back as soon as a statement of a cell has taken them."""
        run = self._shell.run_code

        async def run_whole(*arguments: Any, **options: Any) -> Any:
            try:
                return await run(*arguments, **options)
            finally:
                self._give_back()

        self._shell.run_code = run_whole
        self._shell_state = vars(self._shell)
        self._kept_answers = {name: self._shell_state.get(name) for name in _ANSWERS}

    def _give_back(self) -> None:
        # Nothing is called here by a name that may be gone.
        kept, now = self._kept_builtins, self._builtins
        if not kept.keys() <= now.keys() or now["__import__"] is None:
            now.update(kept)
            self._taken.add(_BUILTINS)
        for name, needed in self._needed_builtins.items():
            if now[name] is not needed:
                now[name] = needed
                self._taken.add(_BUILTINS)
        state = self._shell_state
        for name, answer in self._kept_answers.items():
            if state.get(name) is not answer:
                state.pop(name, None)
                if answer is not None:
                    state[name] = answer
                self._taken.add(_SHELL)
        modules, loaded = self._kept_modules, sys.modules
        for name in modules:
            if name not in loaded or loaded[name] is None:
                loaded.update(modules)
                self._taken.add(_MODULES)
                break
        for name, place, kept_places in self._kept_places:
            if not place:
                place.extend(kept_places)
                self._taken.add(name)

    def _keep_packing(self) -> None:
        """Send text with half of a surrogate pair too: with an escape in its place."""
        session = self._shell.kernel.session
        pack = session.pack

        def pack_all(content: Any) -> bytes:
            try:
                packed: bytes = pack(content)
            except (UnicodeError, ValueError):
                packed = pack(_writable(content))
            return packed

        session.pack = pack_all

    def _cut_tracebacks(self) -> None:
        """Show the first calls of a traceback alone: to show one takes a millisecond."""
        show = self._shell.showtraceback

        def show_some(*arguments: Any, **options: Any) -> None:
            self._give_back()
            _cut(sys.exc_info()[1])
            show(*arguments, **options)

        self._shell.showtraceback = show_some

    def _end_with_the_cell(self) -> None:
        """In a fork of the kernel: end it where the cell ends, so that it is no second kernel."""
        self._shell.showtraceback = _end_with_error
        self._shell.events.callbacks["post_run_cell"] = [lambda *_: os._exit(0)]


def limit_memory(most: int | None) -> None:
    """Let a cell that takes too much end in a MemoryError, where the system counts that (Linux)."""
    if most is None:
        return
    with suppress(ImportError, OSError, ValueError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def show_specifications(shell: Any) -> None:
    """Let charts of altair show what they are drawn by, and not a page that draws them."""
    forms = shell.display_formatter.mimebundle_formatter
    for version in _ALTAIR:
        forms.for_type_by_name(f"altair.vegalite.{version}.api", "TopLevelMixin", _specified)


def _specified(chart: Any, **_: Any) -> dict[str, Any]:
    """Return a chart's specification, and the picture if the author has asked altair for one."""
    shown = chart._repr_mimebundle_()
    data = shown[0] if isinstance(shown, tuple) else shown
    pictures = {kind: value for kind, value in data.items() if kind.startswith("image/")}
    return {**pictures, "application/vnd.vegalite.v5+json": chart.to_dict(), "text/plain": ""}


def _can_write(stream: Any) -> bool:
    try:
        stream.flush()
    except Exception:  # whatever a cell has put there
        return False
    return callable(getattr(stream, "write", None)) and not getattr(stream, "closed", False)


def _writable(content: Any) -> Any:
    if isinstance(content, str):
        return content.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(content, dict):
        return {
            # In a text that is read as markup, an escape would be a command of TeX.
            _writable(name): value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if name in _MARKUP and isinstance(value, str)
            else _writable(value)
            for name, value in content.items()
        }
    if isinstance(content, list | tuple):
        return [_writable(value) for value in content]
    return content


def _cut(error: BaseException | None) -> None:
    seen = 0
    while error is not None and seen < _SHOWN:
        place, seen = error.__traceback__, seen + 1
        for _ in range(_SHOWN):
            place = place.tb_next if place is not None else None
        if place is not None:
            place.tb_next = None
        error = error.__cause__ or error.__context__


def _limit_recursion() -> None:
    ask = sys.setrecursionlimit
    sys.setrecursionlimit = lambda limit: ask(min(limit, DEEPEST))


def _end_with_error(*_: Any, **__: Any) -> None:
    """End a fork that raised: with the status it wanted, or with the error on the kernel's log."""
    error = sys.exc_info()[1]
    if isinstance(error, SystemExit):
        os._exit(error.code if isinstance(error.code, int) else int(bool(error.code)))
    said = io.StringIO()
    traceback.print_exception(error, limit=_SHOWN, file=said)
    os.write(2, said.getvalue().encode("utf-8", "backslashreplace"))
    os._exit(1)
