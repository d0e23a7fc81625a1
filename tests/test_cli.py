"""The command line: its words, its exit statuses, what it loads."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest

from reviewpress.cli import VERBS, cli

Run = Callable[..., Any]
HEAVY = ("pandas", "matplotlib", "papermill", "numpy", "nbclient", "typst", "rich", "yaml")


def command(name: str) -> click.Command:
    """Return the command of a verb."""
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def test_help_lists_the_verbs(reviewpress: Run, tmp_path: Path) -> None:
    """Each verb has one line; the first ones are those of every day."""
    outcome = reviewpress("--help", cwd=tmp_path)
    assert outcome.status == 0
    lines = outcome.stdout.splitlines()
    assert lines[0] == "Usage: reviewpress [OPTIONS] COMMAND [ARGS]..."
    for name, said in VERBS.items():
        assert any(line.split()[:1] == [name] for line in lines), name
        assert command(name).get_short_help_str(200) == said, name
    assert {"render", "run", "check"} <= set(VERBS)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_explains_itself(verb: str, reviewpress: Run, tmp_path: Path) -> None:
    """`--help` and `-h` answer outside a review; every option says what it is for."""
    outcome = reviewpress(f"{verb} --help", cwd=tmp_path)
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout == reviewpress(f"{verb} -h", cwd=tmp_path).stdout
    for parameter in command(verb).params:
        if parameter.param_type_name == "option":
            assert getattr(parameter, "help", None), f"{verb} {parameter.name}"


def test_render_help_reads_like_quartos(reviewpress: Run, tmp_path: Path) -> None:
    """The flags are Quarto's."""
    text = reviewpress("render --help", cwd=tmp_path).stdout
    for flag in ("--profile", "--to", "--engine", "-P, --execute-param", "--execute-params"):
        assert flag in text


def test_help_imports_nothing_heavy() -> None:
    """Neither pandas nor Jupyter is loaded to show help, and little of this package."""
    program = (
        "import sys\nfrom reviewpress.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "import json\nprint(json.dumps(list(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = json.loads(done.stderr)
    assert [name for name in HEAVY if name in loaded] == []
    assert len([name for name in loaded if name.startswith("reviewpress.")]) < 40


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        ("rendr", 2, 'Error: no verb "rendr". Did you mean "render"?'),
        ("render --profil x", 2, "No such option"),
        ("render -P regions", 2, 'Error: -P takes KEY:VALUE, as in -P regions:Scotland, not "re'),
        ("render --jobs 0", 2, "Error: Invalid value for '--jobs': 0 is not in the range"),
        ("render", 1, "no _quarto.yml here or in a folder above."),
        ("check", 1, "no _quarto.yml here or in a folder above."),
        ("run chapters/x.ipynb", 1, "chapters: the folder does not exist."),
    ],
)
def test_usage(arguments: str, status: int, message: str, reviewpress: Run, tmp_path: Path) -> None:
    """A mistake in the command ends with 2, one in the review with 1."""
    outcome = reviewpress(arguments, cwd=tmp_path)
    assert outcome.status == status
    assert message in outcome.stderr


def test_version(reviewpress: Run, tmp_path: Path) -> None:
    """The number alone, for scripts."""
    assert reviewpress("--version", cwd=tmp_path).stdout.strip() == version("reviewpress")


def test_run_executes_and_says_which_run(project: Any, reviewpress: Run) -> None:
    """Each chapter has its state and the start of its run's identity."""
    root = project()
    outcome = reviewpress("run", cwd=root)
    assert outcome.status == 0
    assert outcome.stdout.startswith("chapters/findings.ipynb: unchanged, run ")
    alone = reviewpress("run chapters/findings.ipynb", cwd=root)
    assert alone.stdout == outcome.stdout
    assert reviewpress("run index.qmd chapters/no.ipynb", cwd=root).status == 1


def test_check_looks_without_rendering(project: Any, reviewpress: Run) -> None:
    """A clean review has no problems; nothing is written to the edition."""
    root = project()
    outcome = reviewpress("check", cwd=root)
    assert (outcome.status, outcome.stdout) == (0, "No problems.\n")
    assert "last good edition" in (root / "_output/report/index.html").read_text("utf-8")


def test_check_fails_with_problems(project: Any, reviewpress: Run) -> None:
    """Errors end with 1; acknowledged ones are listed with their reasons when asked for."""
    assert reviewpress("check", cwd=project("unknown-citation")).status == 1


def test_check_lists_what_is_acknowledged(project: Any, reviewpress: Run) -> None:
    """`--all` prints each acknowledged problem and why it stays."""
    root = project("acknowledged-problem")
    assert "acknowledged: " not in reviewpress("check", cwd=root).stderr
    outcome = reviewpress("check --all", cwd=root)
    assert (outcome.status, outcome.stdout) == (0, "No new problems.\n")
    assert (
        "acknowledged: bib/references.bib: Method (2018) (@method2018) is not cited"
        in outcome.stderr
    )


def test_parameters_come_from_file_and_command(project: Any, reviewpress: Run) -> None:
    """The command line goes over the file; values are YAML, as in Quarto."""
    root = project(files={"params.yml": "regions: [Scotland]\n"})
    one = reviewpress("run --execute-params params.yml", cwd=root)
    two = reviewpress("run --execute-params params.yml -P regions:Oceania", cwd=root)
    same = reviewpress("run -P regions:[Oceania]", cwd=root)
    assert one.status == two.status == 0, one.stderr + two.stderr
    assert one.stdout.split()[-1] != two.stdout.split()[-1]
    assert same.stdout.split()[-1] == two.stdout.split()[-1]


def test_notebooks_are_not_written_to(project: Any, reviewpress: Run) -> None:
    """What an author wrote stays as it is, also when its chapter is executed."""
    root = project(runs=False)
    before = (root / "chapters/findings.ipynb").read_bytes()
    reviewpress("run", cwd=root)
    assert (root / "chapters/findings.ipynb").read_bytes() == before
    assert json.loads(before)["cells"][1]["outputs"] == []


def test_quartos_variable_chooses_the_edition(
    project: Any, reviewpress: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with Quarto: where no profile is named. A flag wins, an empty variable is none."""
    root = project()
    monkeypatch.setenv("QUARTO_PROFILE", "summary")
    assert "_output/summary written" in reviewpress("render --engine pandoc", cwd=root).stdout
    flag = reviewpress("render --engine pandoc --profile report", cwd=root).stdout
    assert "_output/report written" in flag
    monkeypatch.setenv("QUARTO_PROFILE", "repotr")
    wrong = reviewpress("check", cwd=root)
    assert wrong.status == 1
    assert 'there is no profile "repotr"' in wrong.stderr
    monkeypatch.setenv("QUARTO_PROFILE", "")
    assert "_output/report is up to date" in reviewpress("render --engine pandoc", cwd=root).stdout


@pytest.mark.parametrize(
    "place", ["_output/report", "_output/report/short", "_output/../_output/report"]
)
def test_check_sees_two_editions_in_one_folder(place: str, project: Any, reviewpress: Run) -> None:
    """One would replace the other: that is said before anything is rendered."""
    root = project()
    summary = root / "_quarto-summary.yml"
    text = summary.read_text("utf-8")
    assert "output-dir: _output/summary" in text
    changed = text.replace("output-dir: _output/summary", f"output-dir: {place}")
    summary.write_text(changed, encoding="utf-8")
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "the output folder is or lies in that of report" in outcome.stderr
    assert "_quarto-summary.yml" in outcome.stderr
