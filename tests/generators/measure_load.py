"""Load and validate a review; print problems, processor seconds after imports, megabytes."""

import json
import re
import resource
import sys
import time
from pathlib import Path

import bibtexparser  # noqa: F401
import pandas  # noqa: F401
import pylatexenc.latex2text  # noqa: F401

import reviewpress
from reviewpress.checks.validation import validate


def main() -> None:
    """Do it."""
    start = time.process_time()
    review = reviewpress.load(sys.argv[1])
    problems = validate(review)
    for name in review.schema.tables:
        review.frame(name)
    len(review.papers), len(review.findings), review.appraisal.by_design()
    for section in review.config.settings.sections:
        review.section(section.name)
    seconds = time.process_time() - start
    print(json.dumps([len(problems), seconds, _megabytes()]))


def _megabytes() -> float:
    """Return the most memory that this program had."""
    status = Path("/proc/self/status")
    if status.is_file():
        # What `getrusage` says is on Linux at least what the program had that started this one.
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("ascii"))
        assert found
        return int(found[1]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main()
