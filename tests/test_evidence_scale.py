"""The evidence of a large review: fast, small in memory, and linear."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

GENERATOR = Path(__file__).parent / "generators" / "large_review.py"
FLAGSHIP = Path(__file__).parent.parent
MEASURE = """
import json, resource, sys, time
import bibtexparser, pandas, pylatexenc.latex2text
import reviewpress
from reviewpress.evidence import validate

start = time.process_time()
review = reviewpress.load(sys.argv[1])
problems = validate(review)
for name in review.schema.tables:
    review.frame(name)
len(review.papers), len(review.findings), review.appraisal.by_design()
for section in review.config.settings.sections:
    review.section(section.name)
if review.has("claims"):
    review.claims
seconds = time.process_time() - start
unit = 2**20 if sys.platform == "darwin" else 2**10
size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(json.dumps([len(problems), seconds, size]))
"""


def measure(folder: Path) -> tuple[int, float, float]:
    """Return problems, seconds of processor time after imports, and megabytes, of a new process."""
    command = [sys.executable, "-c", MEASURE, str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    problems, seconds, size = json.loads(found.stdout)
    return problems, seconds, size


def generate(folder: Path, papers: int, references: int) -> Path:
    command = [sys.executable, str(GENERATOR), str(folder), "--papers", str(papers)]
    command += ["--references", str(references), "--chapters", "6"]
    subprocess.run(command, check=True)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix does")
def test_five_thousand_papers_load_in_time_and_memory(tmp_path: Path) -> None:
    """5,000 papers and 10,000 references: under 10 s and 1 GB, and validation is linear."""
    small = measure(generate(tmp_path / "small", 1250, 2500))
    large = measure(generate(tmp_path / "large", 5000, 10_000))
    assert (small[0], large[0]) == (0, 0)
    assert large[1] < 10
    assert large[2] < 1024
    assert large[1] < 8 * small[1]


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix does")
def test_the_flagship_loads_in_half_a_second() -> None:
    """Everything of this review, loaded and validated, claims and all tables included.

    Five new processes, of which the one in the middle counts.
    """
    seconds = [measure(FLAGSHIP)[1] for _ in range(5)]
    assert median(seconds) < 0.5, seconds
    assert max(seconds) < 1, seconds


def test_reviewpress_and_a_review_are_there_before_pandas() -> None:
    """Importing the package and opening a review import no library of data or figures."""
    code = (
        "import sys, reviewpress; review = reviewpress.load(sys.argv[1]); review.rows('papers')\n"
        "print([name for name in ('pandas', 'numpy', 'matplotlib', 'pylatexenc', 'bibtexparser')"
        " if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(FLAGSHIP)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
