"""Kernels: this Python, in the chapter's folder, with nothing of the user's own settings."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from importlib.util import find_spec
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from reviewpress.errors import SetupError
from reviewpress.notebooks.environment import shared_environment
from reviewpress.notebooks.kernel import LOG_ENV, PROFILE_ENV, REVIEW_ENV, RUN_ENV
from reviewpress.notebooks.launcher import LAUNCHER
from reviewpress.notebooks.provisioner import KEY, NAME, ForkProvisioner, register
from reviewpress.notebooks.pulse import PULSE, PULSE_ENV
from reviewpress.notebooks.source_guard import SOURCES_ENV
from reviewpress.programs.limits import SHOWN_ENV, USUAL, Limits
from reviewpress.programs.watchdog import mark_later
from reviewpress.store.temporary_files import short_temporary, temporary_folder

ARGUMENTS = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
    "--InteractiveShell.colors=nocolor",
)
LOG = "kernel.log"


class ThisPython(KernelSpecManager):
    """Offers one kernel, the Python that runs reviewpress, whatever name a notebook gives.

    With `forked`, the kernel comes out of the fork server known under that key.
    """

    forked: str = ""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one specification."""
        command = [sys.executable, "-m", LAUNCHER, "-f", "{connection_file}", *ARGUMENTS]
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

    `forked` is the key of a fork server, as `start_forkserver` gives it.
    """
    register()
    specifications = ThisPython()
    specifications.forked = forked
    options = {"connection_file": str(folder / "kernel.json")}
    if os.name == "posix":
        # Sockets in a folder of our own: no port to lose to another process.
        options |= {"transport": "ipc", "ip": str(folder / "k")}
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specifications, **options)


def kernel_environment(
    root: Path,
    run_folder: Path,
    home: Path,
    sources: Sequence[str] = (),
    profile: str = "",
    limits: Limits = USUAL,
) -> dict[str, str]:
    """Return the environment of a chapter's kernel, which is executed for the edition `profile`.

    `sources` are folders of the review's own.
    """
    return {
        **mark_later(shared_environment()),
        "IPYTHONDIR": str(home / "ipython"),
        LOG_ENV: str(home / LOG),
        REVIEW_ENV: str(root),
        PROFILE_ENV: profile,
        PULSE_ENV: str(home / PULSE),
        RUN_ENV: str(run_folder),
        SHOWN_ENV: str(limits.cell_megabytes),
        SOURCES_ENV: os.pathsep.join(sources),
    }


def connection_folder() -> AbstractContextManager[Path]:
    """Give a new folder, of a short path, for a kernel's sockets; it goes at the end."""
    return temporary_folder(short_temporary())


def kill_kernel(manager: AsyncKernelManager) -> None:
    """End a kernel and what it started, now."""
    provisioner = manager.provisioner
    if not isinstance(provisioner, ForkProvisioner) or not provisioner.pid:
        return
    provisioner.end_all()
    if hasattr(os, "killpg"):
        with suppress(OSError):
            os.killpg(provisioner.pid, signal.SIGKILL)
