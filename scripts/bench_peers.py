"""What benchmarks share: an environment for other libraries, and the pages of the figures."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".reviewpress" / "bench" / "libraries"
PAGES = tuple(
    ROOT / "docs" / "explanation" / f"beside-other-{name}.md" for name in ("libraries", "tools")
)


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
    beside = f", beside {' and '.join(versions)}" if versions else ""
    return f"Measured on {day} ({machine}){beside}."


def record(part: str, text: str) -> None:
    """Print figures, and write them into their place in a page."""
    print(text + "\n")
    begin, end = f"<!-- make bench: {part} -->", f"<!-- end: {part} -->"
    for page in PAGES:
        before, found, rest = page.read_text(encoding="utf-8").partition(begin)
        _, closed, after = rest.partition(end)
        if found and closed:
            page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
            return
    raise SystemExit(f"No page has a place for {part}.")
