"""Import an export as a dry run; print how many records of each kind, seconds, megabytes."""

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from reviewpress.config import load_config
from reviewpress.imports import import_records


def main() -> None:
    """Do it."""
    config = load_config(Path(sys.argv[1]), check_chapters=False)
    start = time.process_time()
    report = import_records(config, [Path(sys.argv[2])], dry_run=True)
    seconds = time.process_time() - start
    print(json.dumps([Counter(one.kind for one in report.outcomes), seconds, _most()]))


def _most() -> float:
    """Return the most memory of this process, in MB.

    Linux counts what the program had that started this one in `ru_maxrss`: a whole run of tests.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text(encoding="utf-8").splitlines()
        [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        return int(peak) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()
