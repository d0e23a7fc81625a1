"""Every fixture review in tests/projects: the exact message, the status, nothing else touched."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECTS = Path(__file__).resolve().parent / "projects"
SITUATIONS = sorted(path.parent.name for path in PROJECTS.glob("*/expected.yml"))
EDITIONS = ("report", "summary")
MADE = (".reviewpress", "_output", "figures")
PROGRESS = re.compile(r"(Executing|Assembling|Checking|Rendering|  \S+\.(?:ipynb|qmd): )")


def snapshot(root: Path) -> dict[str, str]:
    """Return the content of every source of a review, as hashes."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] not in MADE
    }


def untouched(root: Path) -> set[str]:
    """Return the editions that still are as the last good build left them."""
    pages = {name: root / "_output" / name / "index.html" for name in EDITIONS}
    return {
        name
        for name, page in pages.items()
        if page.is_file() and "The last good edition" in page.read_text("utf-8")
    }


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation(situation: str, project: Any, reviewpress: Callable[..., Any]) -> None:
    """The command says exactly what is expected, and leaves sources and last edition alone."""
    expected = yaml.safe_load((PROJECTS / situation / "expected.yml").read_text("utf-8"))
    root = project(situation)
    sources = snapshot(root)
    outcome = reviewpress(expected["args"], cwd=root)

    said = [line.strip() for line in outcome.stderr.splitlines() if not PROGRESS.match(line)]
    assert said == expected["stderr"]
    assert outcome.status == expected["status"]
    assert snapshot(root) == sources
    words = expected["args"].split()
    made = words[words.index("--profile") + 1] if "--profile" in words else "report"
    assert untouched(root) == (set(EDITIONS) if outcome.status else set(EDITIONS) - {made})
    assert sorted(path.name for path in (root / "_output").iterdir()) == sorted(EDITIONS)


def test_every_folder_of_projects_is_used() -> None:
    """A fixture review without expectations is one that some test names."""
    texts = [path.read_text("utf-8") for path in Path(__file__).parent.glob("*.py")]
    for folder in PROJECTS.iterdir():
        if folder.is_dir() and folder.name not in SITUATIONS:
            assert any(f'"{folder.name}"' in text for text in texts), folder.name
