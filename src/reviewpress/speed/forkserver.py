"""The fork server: a process that has imported what chapters use, and forks a kernel for each.

    build ── one line of JSON (environment, folder, arguments) ──▶ parent ── fork ──▶ kernel
    build ◀── one line of JSON (process) ─────────────────────────┘

When the build ends, however it ends, the parent's requests end too, and so does the parent; its
kernels end with it.

The parent does nothing else: it has one thread, no figure, no kernel, no event loop. A kernel that
comes out of it has its own environment, session, random seeds and standard streams, and differs
from an ordinary one only in having started sooner. This module is the parent's program as well as
the build's side of it.
"""

import gc
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import BinaryIO, TypedDict

from reviewpress.programs.processes import adopt_orphans, end_descendants, end_process, end_with
from reviewpress.shapes import Plain, as_text
from reviewpress.speed import is_on

PRELOADED = (
    "fontTools.subset",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "matplotlib.pyplot",
    "pandas",
    "reviewpress.figures.charts",
    "reviewpress.figures.publish",
    "reviewpress.notebooks.kernel",
    "reviewpress.review",
)
"""What a chapter begins with; what these import comes with them."""
SWITCH = "REVIEWPRESS_FORK"
READY = {"ready": True}
CLOSING_SECONDS = 5
"""How long the parent may take to end what its kernels started."""


class Request(TypedDict):
    """What a kernel is to be: its arguments, and where it runs."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str
    log: str


class EndRequest(TypedDict):
    """A kernel that has ended, and may have left something behind."""

    ended: int


class ForkServer:
    """The build's side: starts the parent, asks it for kernels, ends it.

    Who asks while the parent is still importing waits: an ordinary kernel would take as long to
    start, and a processor from the parent.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            start_new_session=True,
        )
        self._ready: bool | None = None

    def fork(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: str, log: str
    ) -> int | None:
        """Return the process of a new kernel; None where the parent cannot make one."""
        request: Request = {
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": folder,
            "log": log,
        }
        with self._lock:
            if self._ready is None:
                self._ready = self._receive() == READY
            if not self._ready:
                return None
            reply = self._exchange(request)
        process = reply.get("process")
        return int(as_text(process)) if process else None

    def is_alive(self) -> bool:
        """Whether the parent runs."""
        return self._process.poll() is None

    def end_strays(self, kernel: int) -> None:
        """Have the parent end what a kernel that has ended left behind."""
        with self._lock:
            if self._ready:
                self._exchange({"ended": kernel})

    def close(self) -> None:
        """End the parent, which ends its kernels and what they started."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSING_SECONDS)
        end_process(self._process)

    def _exchange(self, request: Request | EndRequest) -> Mapping[str, Plain]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            return {}
        return self._receive()

    def _receive(self) -> Mapping[str, Plain]:
        assert self._process.stdout is not None
        try:
            reply: Mapping[str, Plain] = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            return {}
        return reply


class ForkedProcess:
    """A kernel that the fork server made, as far as `subprocess.Popen` is needed of it."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return None while the kernel runs. The parent reaps it, so its status is not known."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = -1
            except PermissionError:
                pass
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the kernel to end."""
        started = time.monotonic()
        while self.poll() is None:
            if timeout is not None and time.monotonic() - started > timeout:
                raise subprocess.TimeoutExpired("kernel", timeout)
            time.sleep(0.01)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


def can_fork() -> bool:
    """Whether kernels may be forked: on Linux, unless REVIEWPRESS_FORK=0 says otherwise.

    Nor are they where nothing is done for speed alone.

    macOS can fork too, but its system libraries may not be used afterwards.
    """
    wanted = os.environ.get(SWITCH)
    return (
        is_on()
        and hasattr(os, "fork")
        and (wanted == "1" or (wanted != "0" and sys.platform == "linux"))
    )


def serve_kernels() -> None:
    """Be the parent: import, say so, and fork a kernel for each line that comes."""
    _import_everything(int(sys.argv[1]))
    requests, replies = _own_streams()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    adopt_orphans()
    parent = os.getpid()
    # A fork that collects garbage would look at all that was imported, and copy it by looking: a
    # tenth of the time that the flagship's chapters take.
    gc.collect()
    gc.freeze()
    _send(replies, READY if _threads() == 1 else {"ready": False})
    kernels: set[int] = set()
    for line in requests:
        request = json.loads(line)
        if "ended" in request:
            kernels.discard(request["ended"])
            end_descendants(parent, but=kernels)
            _send(replies, {})
            continue
        process = os.fork()
        if process == 0:
            requests.close()
            os.close(replies)
            _become_kernel(request, parent)
        kernels.add(process)
        _send(replies, {"process": process})
    end_descendants(parent)


def _import_everything(press: int) -> None:
    """Import what is to be there before a fork; end where the build ends meanwhile."""
    # As `python -m ipykernel_launcher` does: the folder it was started in is no place for modules.
    if sys.path[0] in ("", os.getcwd()):
        del sys.path[0]
    for name in PRELOADED:
        if os.getppid() != press:
            raise SystemExit(1)
        import_module(name)
    import_module("reviewpress.figures.letters").know_usual_letters()


def _own_streams() -> tuple[BinaryIO, int]:
    """Keep the two pipes to the build for ourselves, and nothing in the standard streams."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    return requests, replies


def _send(replies: int, reply: Mapping[str, Plain]) -> None:
    os.write(replies, json.dumps(reply).encode() + b"\n")


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _become_kernel(request: Request, parent: int) -> None:
    """Turn a fresh fork into a kernel; never returns."""
    status = 1
    try:
        end_with(parent)
        adopt_orphans()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.environ["JPY_PARENT_PID"] = str(parent)
        os.chdir(request["folder"])
        _forget_seeds()
        from ipykernel.kernelapp import IPKernelApp

        launcher = find_spec("ipykernel_launcher")
        sys.argv = [str(launcher.origin) if launcher else "", *request["arguments"]]
        # The application read JPY_PARENT_PID when it was imported, so it has to be told.
        IPKernelApp.launch_instance(argv=request["arguments"], parent_handle=parent)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _forget_seeds() -> None:
    """Give the fork its own randomness, as a new process would have."""
    random.seed()
    tempfile._name_sequence = None  # type: ignore[attr-defined]
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


if __name__ == "__main__":
    serve_kernels()
