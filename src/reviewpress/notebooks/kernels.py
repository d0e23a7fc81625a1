"""Kernels: this Python, in the chapter's folder, with nothing of the user's own settings."""

import os
import secrets
import signal
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from reviewpress.errors import SetupError
from reviewpress.notebooks.kernel import REVIEW_ENV, RUN_ENV, package_folder

ARGUMENTS = (
    "--HistoryManager.enabled=False",
    "--IPKernelApp.exec_PYTHONSTARTUP=False",
    "--InteractiveShell.colors=nocolor",
)
FIXED_ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


class ThisPython(KernelSpecManager):
    """Offers one kernel, the Python that runs reviewpress, whatever name a notebook gives."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the one specification."""
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=[*command, *ARGUMENTS], display_name="Python 3", language="python")


def check_kernel() -> None:
    """Raise SetupError where this Python has no kernel to run chapters with."""
    if find_spec("ipykernel") is None:
        hint = f"Install it with `{Path(sys.executable).name} -m pip install ipykernel`."
        raise SetupError("there is no kernel: ipykernel is not installed.", hint=hint)


def kernel_manager(folder: Path) -> AsyncKernelManager:
    """Return a manager for one kernel that keeps its connection in `folder`."""
    options: dict[str, Any] = {"connection_file": str(folder / "kernel.json")}
    if os.name == "posix":
        # Sockets in a folder of our own: no port to lose to another process.
        options |= {"transport": "ipc", "ip": str(folder / "k")}
    return AsyncKernelManager(kernel_name="python3", kernel_spec_manager=ThisPython(), **options)


def kernel_environment(root: Path, run_folder: Path, home: Path) -> dict[str, str]:
    """Return the environment of a chapter's kernel."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JPY_")}
    environment |= FIXED_ENVIRONMENT
    environment |= {
        "IPYTHONDIR": str(home / "ipython"),
        REVIEW_ENV: str(root),
        RUN_ENV: str(run_folder),
    }
    source = str(package_folder().parent)
    if source not in (os.path.realpath(folder) for folder in _standard_path()):
        path = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{source}{os.pathsep}{path}" if path else source
    return environment


def connection_folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder, of a short path, for a kernel's sockets; it goes when closed."""
    return tempfile.TemporaryDirectory(prefix=f"rp-{secrets.token_hex(2)}-", dir=_short_temp())


def kill_kernel(manager: AsyncKernelManager) -> None:
    """End a kernel and what it started, now."""
    process = getattr(getattr(manager, "provisioner", None), "pid", None)
    if not process:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process, signal.SIGKILL)
        else:
            os.kill(process, signal.SIGTERM)


def _standard_path() -> list[str]:
    import site

    return [*site.getsitepackages(), site.getusersitepackages()]


def _short_temp() -> str | None:
    """Return a folder whose sockets stay below the length that systems allow, about 100."""
    folder = tempfile.gettempdir()
    return folder if len(folder) < 60 or os.name != "posix" else "/tmp"
