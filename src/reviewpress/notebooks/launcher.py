"""The program of an ordinary kernel: ipykernel's own, which ends with the build that started it."""

import os
import signal
import sys
from typing import NoReturn

from reviewpress.programs.processes import adopt_orphans, end_descendants, end_with

LAUNCHER = "reviewpress.notebooks.launcher"
KERNEL = "ipykernel_launcher"


def launch() -> None:
    """Be a kernel, as `python -m ipykernel_launcher` is."""
    from runpy import run_module

    parent = os.environ.get("JPY_PARENT_PID", "")
    if parent.isdigit() and sys.platform.startswith("linux"):
        keep_kernel(int(parent))
    run_module(KERNEL, run_name="__main__", alter_sys=True)


def keep_kernel(parent: int) -> None:
    """Stay behind as the keeper of a kernel, and go on in a fork as the kernel.

    The keeper adopts what the kernel's cells leave behind, and ends it when the kernel ends, or
    the build.
    """
    adopt_orphans()
    keeper = os.getpid()
    kernel = os.fork()
    if kernel == 0:
        end_with(keeper)
        adopt_orphans()
        os.environ["JPY_PARENT_PID"] = str(keeper)
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end_keeper(1))
    end_with(parent, signal.SIGTERM)
    ended = status = 0
    while ended != kernel:
        ended, status = os.waitpid(-1, 0)
    _end_keeper(os.waitstatus_to_exitcode(status))


def _end_keeper(status: int) -> NoReturn:
    """End all that the kernel left, and then as it ended."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    end_descendants(os.getpid())
    if status < 0:
        signal.signal(-status, signal.SIG_DFL) if -status != signal.SIGKILL else None
        os.kill(os.getpid(), -status)
    os._exit(status)


if __name__ == "__main__":
    launch()
