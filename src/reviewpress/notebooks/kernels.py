"""Kernels: this Python, in the chapter's folder, with nothing of the user's own settings."""

import atexit
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from reviewpress.errors import SetupError
from reviewpress.lock import Lock
from reviewpress.notebooks.identity import environment_digest
from reviewpress.notebooks.kernel import LOG_ENV, REVIEW_ENV, RUN_ENV, package_folder
from reviewpress.notebooks.launcher import LAUNCHER
from reviewpress.notebooks.provisioner import KEY, NAME, register
from reviewpress.notebooks.warm import WarmParent, can_fork

ARGUMENTS = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
    "--InteractiveShell.colors=nocolor",
)
LOG = "kernel.log"
CONNECTIONS = "rpk-"
FIXED_ENVIRONMENT = {
    # One thread: results do not depend on the machine, and a process can be forked.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

_LOCK = "lock"
_MINUTE = 60

_parents: dict[str, WarmParent] = {}
_warming = threading.Lock()


class ThisPython(KernelSpecManager):
    """Offers one kernel, the Python that runs reviewpress, whatever name a notebook gives.

    With `forked`, the kernel comes out of the warm parent known under that key.
    """

    forked: str = ""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one specification."""
        command = [sys.executable, "-m", LAUNCHER, "-f", "{connection_file}", *ARGUMENTS]
        metadata = {}
        if self.forked:
            metadata = {"kernel_provisioner": {"provisioner_name": NAME}, KEY: self.forked}
        return KernelSpec(
            argv=command, display_name="Python 3", language="python", metadata=metadata
        )


def check_kernel() -> None:
    """Raise SetupError where this Python has no kernel to run chapters with."""
    if find_spec("ipykernel") is None:
        hint = f"Install it with `{Path(sys.executable).name} -m pip install ipykernel`."
        raise SetupError("there is no kernel: ipykernel is not installed.", hint=hint)


def kernel_manager(folder: Path, forked: str = "") -> AsyncKernelManager:
    """Return a manager for one kernel that keeps its connection in `folder`.

    `forked` is the key of a warm parent, as `warm_up` gives it.
    """
    specifications = ThisPython()
    specifications.forked = forked
    options: dict[str, Any] = {"connection_file": str(folder / "kernel.json")}
    if os.name == "posix":
        # Sockets in a folder of our own: no port to lose to another process.
        options |= {"transport": "ipc", "ip": str(folder / "k")}
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specifications, **options)


def kernel_environment(root: Path, run_folder: Path, home: Path) -> dict[str, str]:
    """Return the environment of a chapter's kernel."""
    return {
        **_shared_environment(),
        "IPYTHONDIR": str(home / "ipython"),
        LOG_ENV: str(home / LOG),
        REVIEW_ENV: str(root),
        RUN_ENV: str(run_folder),
    }


def warm_up(*, chapters: int = 2) -> str:
    """Return the key of a warm parent for kernels, starting one where there is none.

    A parent lives as long as this process, and is renewed when packages or reviewpress itself
    change. For a single chapter none is started: an ordinary kernel is as quick. The key is empty
    where kernels are not forked.
    """
    if not can_fork():
        return ""
    environment = _shared_environment()
    key = environment_digest(environment)
    with _warming:
        parent = _parents.get(key)
        if parent is not None and parent.is_alive():
            return key
        cool_down()
        if chapters < 2:
            return ""
        _parents[key] = WarmParent(environment)
        register(key, _parents[key])
    return key


def cool_down() -> None:
    """End the warm parents of this process."""
    for key in list(_parents):
        register(key, None)
        _parents.pop(key).close()


@contextmanager
def connection_folder() -> Iterator[str]:
    """Give a new folder, of a short path, for a kernel's sockets; it goes at the end.

    It is locked meanwhile: a process number would say nothing to a press in another container
    that shares the folder for temporary files.
    """
    folder = tempfile.mkdtemp(prefix=CONNECTIONS, dir=_short_temp())
    lock = Lock(Path(folder) / _LOCK, "a kernel")
    lock.take()
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def tidy_connections() -> None:
    """Remove the folders of kernels whose press was killed."""
    for folder in Path(_short_temp() or tempfile.gettempdir()).glob(f"{CONNECTIONS}*"):
        lock = Lock(folder / _LOCK, "")
        # What is newer may be about to be locked; another user's cannot be looked into.
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _MINUTE and lock.take():
                lock.release()
                shutil.rmtree(folder, ignore_errors=True)


def kill_kernel(manager: AsyncKernelManager) -> None:
    """End a kernel and what it started, now."""
    process = getattr(getattr(manager, "provisioner", None), "pid", None)
    if not process:
        return
    with suppress(OSError):
        if not hasattr(os, "killpg"):
            os.kill(process, signal.SIGTERM)
            return
        try:
            os.killpg(process, signal.SIGKILL)
        except ProcessLookupError:
            # A fork that has no group of its own yet.
            os.kill(process, signal.SIGKILL)


def _shared_environment() -> dict[str, str]:
    """Return what the environments of all kernels of this process have in common."""
    dropped = ("JPY_", "REVIEWPRESS_", "IPYTHON", "PYTHONSTARTUP")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    environment |= FIXED_ENVIRONMENT
    source = str(package_folder().parent)
    if source not in (os.path.realpath(folder) for folder in _standard_path()):
        path = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{source}{os.pathsep}{path}" if path else source
    return environment


def _standard_path() -> list[str]:
    import site

    return [*site.getsitepackages(), site.getusersitepackages()]


def _short_temp() -> str | None:
    """Return a folder whose sockets stay below the length that systems allow, about 100."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 or os.name != "posix" else "/tmp"


atexit.register(cool_down)
