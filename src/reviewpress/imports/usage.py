"""Which entries a review uses by itself: what it cites, and what its tables name."""

import re
from pathlib import Path

from reviewpress.evidence.decisions import FILE as SCREENING
from reviewpress.evidence.duplicates import FILE as PAIRS
from reviewpress.evidence.import_log import FILE

ASIDE = "data/withdrawn.csv"
_CITED = re.compile(r"@([\w][\w:.#$%&+?<>~/-]*)")
_NOT_SEARCHED = ("_output", ".reviewpress", ".git", "node_modules", ".venv")


def cited_keys(root: Path) -> set[str]:
    """Return the keys that the review's texts cite, and words that look like some."""
    paths = (path for kind in ("*.qmd", "*.ipynb", "*.md") for path in root.rglob(kind))
    return {
        key.rstrip(".:,;")
        for path in paths
        if not set(path.relative_to(root).parts) & set(_NOT_SEARCHED)
        for key in _CITED.findall(path.read_text(encoding="utf-8", errors="replace"))
    }


def tabled_words(root: Path) -> set[str]:
    """Return every word of the review's tables but those that imports and screening fill."""
    of_imports = {Path(name).name for name in (FILE, SCREENING, PAIRS, ASIDE)}
    return {
        word
        for path in (root / "data").glob("*.csv")
        if path.name not in of_imports
        for word in re.split(r"[,;\"\s]+", path.read_text(encoding="utf-8", errors="replace"))
    }
