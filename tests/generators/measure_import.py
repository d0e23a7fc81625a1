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
    unit = 2**20 if sys.platform == "darwin" else 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps([Counter(one.kind for one in report.outcomes), seconds, size]))


if __name__ == "__main__":
    main()
