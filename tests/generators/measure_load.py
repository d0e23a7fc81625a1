"""Load and validate a review; print problems, processor seconds after imports, megabytes."""

import json
import resource
import sys
import time

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
    unit = 2**20 if sys.platform == "darwin" else 2**10
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps([len(problems), seconds, size]))


if __name__ == "__main__":
    main()
