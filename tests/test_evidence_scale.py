"""The evidence of a large review: fast, small in memory, and linear."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parent / "generators" / "large_review.py"
FLAGSHIP = Path(__file__).parent.parent
MEASURE = """
import json, resource, sys, time
import bibtexparser, pandas, pylatexenc.latex2text
import reviewpress
from reviewpress.evidence import validate

seconds = []
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    review = reviewpress.load(sys.argv[1])
    problems = validate(review)
    len(review.papers), len(review.findings), review.appraisal.by_design()
    for section in review.config.settings.sections:
        review.section(section.name)
    seconds.append(time.process_time() - start)
unit = 2**20 if sys.platform == "darwin" else 2**10
size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(json.dumps([len(problems), min(seconds), size]))
"""


def measure(folder: Path, rounds: int = 1) -> tuple[int, float, float]:
    """Return problems, seconds of processor time after imports, and megabytes."""
    command = [sys.executable, "-c", MEASURE, str(folder), str(rounds)]
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
    """Everything of this review, loaded and validated, claims included."""
    assert measure(FLAGSHIP, rounds=8)[1] < 0.5
