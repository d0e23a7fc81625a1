"""What benchmarks beside other libraries share: their environment, and the page of the figures."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".reviewpress" / "bench" / "libraries"
PAGE = ROOT / "docs" / "explanation" / "beside-other-libraries.md"


def peers_python(*packages: str) -> Path:
    """Return the Python of an environment with these packages; make it the first time."""
    name = "-".join(re.sub(r"\W+", "-", package) for package in packages)
    python = PLACE / name / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE / name)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(pip, check=True)
    return python


def stamp(*versions: str) -> str:
    """Say when and on what figures were measured, beside which versions."""
    day = f"{datetime.now(UTC):%-d %B %Y}"
    load = f", load {os.getloadavg()[0]:.0f}" if hasattr(os, "getloadavg") else ""
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors{load}"
    return f"Measured on {day} ({machine}), beside {' and '.join(versions)}."


def record(part: str, text: str) -> None:
    """Print figures, and write them into their place in the page."""
    print(text + "\n")
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- make bench: {part} -->", f"<!-- end: {part} -->"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{PAGE.name} has no place for {part}.")
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
