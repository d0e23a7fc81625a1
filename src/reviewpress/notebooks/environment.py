"""What the environments of all kernels have in common."""

import os
import site
from importlib.util import find_spec

from reviewpress.store.versions import PACKAGE

FIXED_ENVIRONMENT = {
    # One thread: results do not depend on the machine, and a process can be forked.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://reviewpress.figures.screen",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def shared_environment() -> dict[str, str]:
    """Return what the environments of all kernels of this process have in common."""
    dropped = ("JPY_", "REVIEWPRESS_", "IPYTHON", "PYTHONSTARTUP")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    environment |= FIXED_ENVIRONMENT
    # plotly draws a picture of each chart that it shows, if it can.
    shown = "plotly_mimetype+svg" if find_spec("kaleido") else "plotly_mimetype"
    environment.setdefault("PLOTLY_RENDERER", shown)
    source = str(PACKAGE.parent)
    if source not in (os.path.realpath(folder) for folder in _standard_path()):
        path = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = f"{source}{os.pathsep}{path}" if path else source
    return environment


def _standard_path() -> list[str]:
    return [*site.getsitepackages(), site.getusersitepackages()]
