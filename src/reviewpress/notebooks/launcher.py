"""The program of an ordinary kernel: ipykernel's own, which ends with the build that started it."""

import os
import signal
import sys
from contextlib import suppress

LAUNCHER = "reviewpress.notebooks.launcher"
KERNEL = "ipykernel_launcher"
_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Have the system kill this process when its parent ends; end now if it has ended already.

    A kernel looks for its parent by itself, but only once it runs, and not where another process
    than the first adopts orphans. Elsewhere than on Linux, that has to do. The parent is the
    thread that started this process.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def launch() -> None:
    """Be a kernel, as `python -m ipykernel_launcher` is."""
    from runpy import run_module

    parent = os.environ.get("JPY_PARENT_PID", "")
    if parent.isdigit():
        end_with(int(parent))
    run_module(KERNEL, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    launch()
