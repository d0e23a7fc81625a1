"""The evidence of a large review: small in memory, and linear."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parent / "generators" / "large_review.py"
FLAGSHIP = Path(__file__).parent.parent
MEASURE = Path(__file__).parent / "generators" / "measure_load.py"


def measure(folder: Path) -> tuple[int, float, float]:
    """Return problems, seconds of processor time after imports, and megabytes, of a new process."""
    command = [sys.executable, str(MEASURE), str(folder)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    problems, seconds, size = json.loads(found.stdout)
    return problems, seconds, size


def generate(folder: Path, papers: int, references: int) -> Path:
    command = [sys.executable, str(GENERATOR), str(folder), "--papers", str(papers)]
    command += ["--references", str(references), "--chapters", "6"]
    subprocess.run(command, check=True)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix does")
def test_five_thousand_papers_load_linearly_and_in_little_memory(tmp_path: Path) -> None:
    """5,000 papers and 10,000 references: under 1 GB, and validation is linear."""
    small = measure(generate(tmp_path / "small", 1250, 2500))
    large = measure(generate(tmp_path / "large", 5000, 10_000))
    assert (small[0], large[0]) == (0, 0)
    assert large[2] < 1024
    assert large[1] < 8 * small[1]


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
