"""What chapters may import: `reviewpress.__all__`, and nothing else."""

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import reviewpress

ROOT = Path(__file__).resolve().parents[1]
OLD = "made-with-0.1.0"
NOTEBOOKS = sorted(
    path
    for folder in ("chapters", "src/reviewpress/template", "tests/projects")
    for path in (ROOT / folder).rglob("*.ipynb")
    if not {OLD, "not-a-notebook"} & {*path.parts}
)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def code_of(path: Path) -> str:
    """Return the Python of a notebook's code cells, or of a page's blocks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return "\n".join(re.findall(r"^```python[^\n]*\n(.*?)^```$", text, re.M | re.S))
    cells = json.loads(text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def imported(code: str) -> Iterator[str]:
    """Yield what code imports of reviewpress, as `module.name`; line by line, for some is wrong."""
    for line in re.findall(
        r"^[ ]*((?:from|import) reviewpress\b[^\n(]*(?:\([^)]*\))?)", code, re.M
    ):
        for node in ast.parse(line).body:
            if isinstance(node, ast.ImportFrom):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda p: str(p.relative_to(ROOT)))
def test_chapters_and_pages_import_public_names_only(path: Path) -> None:
    """An author copies what stands in a chapter; it has to work in the next version too."""
    allowed = {"reviewpress", *(f"reviewpress.{name}" for name in reviewpress.__all__)}
    assert [name for name in imported(code_of(path)) if name not in allowed] == []


def test_imports_are_found_in_what_chapters_hold() -> None:
    """The test above would pass if nothing were read."""
    assert any(list(imported(code_of(path))) for path in NOTEBOOKS)
    code = "import reviewpress\nfrom reviewpress.figures.style import (\n    text_on,\n)\n!ls\n"
    assert list(imported(code)) == ["reviewpress", "reviewpress.figures.style.text_on"]


@pytest.mark.parametrize("name", reviewpress.__all__)
def test_public_names_exist_and_say_what_they_are(name: str) -> None:
    """Each can be imported as the reference has it, and is documented."""
    assert getattr(reviewpress, name).__doc__
    assert name in dir(reviewpress)


def test_an_unknown_name_is_an_import_error() -> None:
    """A misspelt name is not found only when it is used."""
    with pytest.raises(ImportError, match="lod"):
        exec("from reviewpress import lod")


def test_the_command_line_imports_nothing_of_chapters() -> None:
    """Public names are imported when they are asked for: `reviewpress --help` waits for none."""
    code = "import sys, reviewpress.cli; print(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "matplotlib", "reviewpress.review"} & {*done.stdout.split()}


@pytest.mark.parametrize(
    "name",
    [
        "reviewpress.brand.mix",
        "reviewpress.checklists.checklist_frame",
        "reviewpress.checklists.load_checklists",
        "reviewpress.evidence.flow.COUNTS",
        "reviewpress.evidence.flow.write_flow",
        "reviewpress.evidence.ledger.finding_ledger",
        "reviewpress.evidence.ledger.paper_ledger",
        "reviewpress.figures.md",
        "reviewpress.figures.style.series_colours",
        "reviewpress.figures.style.text_on",
    ],
)
def test_names_that_chapters_of_0_1_0_import_are_still_there(name: str) -> None:
    """Reviews made with 0.1.0 hold chapters that its template, report and guides had."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(import_module(module), attribute)


SCRIPT = """
import json
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.completer import provisionalcompleter
shell = InteractiveShell.instance()
shell.run_cell("import reviewpress; review = reviewpress.load()")
found = {}
for jedi in (True, False):
    shell.Completer.use_jedi = jedi
    with provisionalcompleter():
        names = [each.text for each in shell.Completer.completions("review.charts.", 14)]
    found[str(jedi)] = [name.lstrip(".") for name in names]
print("\\n" + json.dumps(found))
"""


def test_the_charts_are_completed_in_a_notebook(project: Any) -> None:
    """Jupyter completes with jedi where it is installed, and without; neither runs a property."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=project(runs=False), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for names in json.loads(done.stdout.splitlines()[-1]).values():
        assert {"bars", "evidence_map", "flow", "stacked_bars"} <= set(names)


@pytest.mark.parametrize("name", ["figure", "table"])
def test_help_names_every_option(name: str) -> None:
    """`review.figure?` shows what `reviewpress.figure` takes, and says what each option is for."""
    method = getattr(reviewpress.Review, name)
    options = list(inspect.signature(method).parameters)[1:]
    function = inspect.signature(getattr(reviewpress, name))
    assert options == list(function.parameters)
    assert [option for option in options[1:] if f"`{option}`" not in method.__doc__] == []
    given = inspect.signature(method).parameters
    assert [given[option].default for option in options] == [
        parameter.default for parameter in function.parameters.values()
    ]
