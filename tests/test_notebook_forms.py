"""What a notebook that somebody has open shows of what its cells end with."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

KINDS = {
    "box": "review.evidence_box('Outcomes')",
    "table": "review.table(review.papers[['source_type', 'regions']].assign(cited=review.cite(1)),"
    " id='tbl-a', caption=reviewpress.md('Papers of *ours* [@method2018]'))",
    "finding": "review.finding('outcomes-01')",
    "ranking": "reviewpress.rank({'Surveys': 3, 'Focus groups': 5, 'Interviews': 5})",
    "share": "reviewpress.Share(18, 31)",
    "markdown": "reviewpress.md('as [@method2018] *says*')",
    "figure": "review.figure(review.charts.bars({'Asia': 2, 'Europe': 1}), id='fig-a', title='T',"
    " subtitle=reviewpress.md('S [@method2018]'), alt='Two \"of\" three & more.', data={'a': [1]})",
    "value": "1 + 1",
}
SCRIPT = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import reviewpress; review = reviewpress.load()")
found = {}
for name, code in json.loads(sys.argv[1]).items():
    result = shell.run_cell(code)
    result.raise_error()
    found[name] = shell.display_formatter.format(result.result)[0]
with open(sys.argv[2], "w") as file:
    json.dump(found, file)
"""


def displayed(root: Path, kinds: dict[str, str], tmp_path: Path) -> dict[str, dict[str, str]]:
    """Return what Jupyter is given to show for each piece of code, as a kernel gives it."""
    goal = tmp_path / "shown.json"
    command = [sys.executable, "-c", SCRIPT, json.dumps(kinds), str(goal)]
    subprocess.run(command, cwd=root / "chapters", check=True, capture_output=True)
    return json.loads(goal.read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.fixture
def shown(project: Any, tmp_path: Path) -> dict[str, str]:
    """The HTML of each kind, without the line breaks that pandoc puts into it."""
    found = displayed(project(runs=False), KINDS, tmp_path)
    return {name: " ".join(kinds.get("text/html", "").split()) for name, kinds in found.items()}


def test_the_notebook_shows_what_the_page_will_show(shown: dict[str, str]) -> None:
    """No marks of Markdown, and citations as readers see them; other values as ever."""
    assert shown["value"] == ""
    marks = re.compile(r":::|\[@|\(\'|\*\*|\{#")
    assert {name for name, text in shown.items() if marks.search(text)} == set()
    assert '<div class="evidence-box">' in shown["box"]
    assert (
        "<caption>Papers of <em>ours</em> <span>[Method (2018)]</span></caption>" in shown["table"]
    )
    assert "<sup>1</sup></span></td>" in shown["table"]
    assert ">Europe; Oceania</td>" in shown["table"]
    assert "<span>[Method (2018)]</span> <em>says</em>" in shown["markdown"]
    assert "18 of 31" in shown["share"]
    assert "Focus groups and Interviews</th><td>five each</td>" in shown["ranking"]


def test_a_finding_is_a_card_with_its_papers(shown: dict[str, str]) -> None:
    """Its statement, and the papers for it and against it."""
    assert "Joined services" in shown["finding"]
    assert '<th scope="row">for</th><td>1, 2</td>' in shown["finding"]


def test_a_figure_is_shown_with_its_alternative_and_its_data(shown: dict[str, str]) -> None:
    """The picture is in the notebook, its data open on demand, its caption has its citation."""
    assert 'src="data:image/png;base64,' in shown["figure"]
    assert 'alt="Two &quot;of&quot; three &amp; more."' in shown["figure"]
    assert "<details><summary>" in shown["figure"]
    assert "S <span>[Method (2018)]</span>" in shown["figure"]


def test_a_run_is_given_markdown_alone(
    project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is published must not depend on a screen."""
    root = project(runs=False)
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("REVIEWPRESS_ROOT", str(root))
    found = displayed(root, {name: KINDS[name] for name in ("box", "figure", "table")}, tmp_path)
    assert {kind for kinds in found.values() for kind in kinds} == {"text/markdown", "text/plain"}
