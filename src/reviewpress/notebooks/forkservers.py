"""The fork servers of this process. A build starts one first of all, so little is imported here."""

import atexit
import os
import threading

from reviewpress.notebooks.forkserver import ForkServer, can_fork
from reviewpress.notebooks.identity import environment_digest
from reviewpress.notebooks.kernel import package_folder

FIXED_ENVIRONMENT = {
    # One thread: results do not depend on the machine, and a process can be forked.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://reviewpress.figures.screen",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}

_parents: dict[str, ForkServer] = {}
_warming = threading.Lock()


def start_forkserver(*, chapters: int = 2) -> str:
    """Return the key of a fork server for kernels, starting one where there is none.

    A parent lives as long as this process, and is renewed when packages or reviewpress itself
    change. For a single chapter none is started: an ordinary kernel is as quick. The key is empty
    where kernels are not forked.
    """
    if not can_fork():
        return ""
    environment = shared_environment()
    key = environment_digest(environment)
    with _warming:
        parent = _parents.get(key)
        if parent is not None and parent.is_alive():
            return key
        end_forkservers()
        if chapters < 2:
            return ""
        _parents[key] = ForkServer(environment)
    return key


def find_forkserver(key: str) -> ForkServer | None:
    """Return the fork server that `start_forkserver` gave this key, if it is still there."""
    return _parents.get(key)


def end_forkservers() -> None:
    """End the fork servers of this process."""
    for key in list(_parents):
        _parents.pop(key).close()


def shared_environment() -> dict[str, str]:
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


atexit.register(end_forkservers)
