"""A matrix made: what is executed once, what one failure leaves alone, and going on after it."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.assemble import reader
from reviewpress.cli.engines import embedded_engine
from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.matrix import RowOutcome, make_matrix, read_matrix

Make = Callable[..., Path]
Run = Callable[..., Any]
AREAS = "code,area\nS1,Fife\nS2,Angus\nS3,Moray\n"
ONE_CHAPTER = "\nassert area != 'Angus', 'no data for Angus'"


def make(root: Path, *, resume: bool = False) -> list[RowOutcome]:
    matrix = read_matrix(load_config(root))
    engine = embedded_engine(root)
    with PlainDisplay() as display:
        return list(make_matrix(matrix, engine=engine, resume=resume, progress=display))


def spoil(root: Path) -> None:
    """Let a chapter fail for one area."""
    path = root / "chapters/homes.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    code = {"cell_type": "code", "id": "spoiled", "metadata": {}, "execution_count": None,
            "outputs": [], "source": ONE_CHAPTER.strip()}  # fmt: skip
    notebook["cells"].append(code)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def page(root: Path, area: str, name: str = "index") -> str:
    return (root / f"_output/report-areas/{area}/{name}.html").read_text("utf-8")


def test_what_does_not_depend_on_a_row_is_executed_and_read_once(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the 32 council areas two chapters depend on the area, and the rest is one review's."""
    root = project("council-areas")
    read: Counter[str] = Counter()
    ask = reader._ask_pandoc

    def count(path: str, *others: Any) -> Any:
        read[path] += 1
        return ask(path, *others)

    monkeypatch.setattr(reader, "_ask_pandoc", count)
    outcomes = make(root)
    executed = Counter(name for outcome in outcomes for name in outcome.built.executed)
    assert executed["chapters/homes.ipynb"] == executed["chapters/places.ipynb"] == 32
    assert executed["chapters/findings.ipynb"] <= 1
    assert read["chapters/homes.ipynb"] == 32
    assert read["index.qmd"] <= 1
    assert {outcome.row.folder for outcome in outcomes} == {
        path.name
        for path in (root / "_output/report-areas").iterdir()
        if (path / "chapters").is_dir()
    }
    homes = page(root, "na-h-eileanan-siar", "chapters/homes")
    assert re.search(r"In <[^>]*>Na h-Eileanan Siar</span> there are homes", homes)
    assert "A review for Fife" in page(root, "fife")
    assert make(root)[0].built.fresh


def test_an_edition_that_fails_stops_no_other_and_stays_as_it_was(project: Make) -> None:
    """What was made of it before is what readers still find; --resume makes it alone."""
    root = project("council-areas", files={"data/areas.csv": AREAS})
    make(root)
    before = page(root, "angus", "chapters/homes")
    spoil(root)
    outcomes = make(root)
    assert [bool(outcome.built.problems) for outcome in outcomes] == [False, True, False]
    [problem] = outcomes[1].built.problems
    assert "no data for Angus" in problem.message
    assert page(root, "angus", "chapters/homes") == before
    assert 'href="angus/index.html"' in (root / "_output/report-areas/index.html").read_text(
        "utf-8"
    )
    again = make(root, resume=True)
    assert [outcome.row.folder for outcome in again] == ["angus"]
    (root / "data/areas.csv").write_text(AREAS.replace("Angus", "Angus and Dundee"), "utf-8")
    assert [outcome.row.folder for outcome in make(root)] == ["fife", "angus-and-dundee", "moray"]
    assert make(root, resume=True) == []


def test_the_command_says_what_became_of_each_edition(project: Make, reviewpress: Run) -> None:
    """Status 1 where one was not made, with its row and its problem; the sum comes last."""
    root = project("council-areas", files={"data/areas.csv": AREAS})
    spoil(root)
    outcome = reviewpress("render", cwd=root)
    assert outcome.status == 1
    assert outcome.stdout == "_output/report-areas: 2 written, 0 up to date, 1 not made (angus)\n"
    assert "data/areas.csv, row 3: Angus:\nerror: chapters/homes.ipynb, cell 4" in outcome.stderr
    assert "Edition 3 of 3: moray written" in outcome.stderr


def test_a_matrix_is_of_the_embedded_engine_and_of_its_table(
    project: Make, reviewpress: Run
) -> None:
    """Quarto makes one edition at a time, and -P would be a second source of parameters."""
    root = project("council-areas", files={"data/areas.csv": AREAS})
    refused = reviewpress("render --engine quarto", cwd=root)
    assert (refused.status, "`--engine pandoc`" in refused.stderr) == (1, True)
    doubled = reviewpress("render -P area:Fife", cwd=root)
    assert (doubled.status, "not from -P" in doubled.stderr) == (2, True)
    assert not (root / "_output/report-areas").exists()


def test_check_reads_the_table_and_says_what_it_did_not_look_at(
    project: Make, reviewpress: Run
) -> None:
    """A wrong row fails without being executed; `--matrix` looks at each edition."""
    root = project("council-areas", files={"data/areas.csv": AREAS})
    spoil(root)
    plain = reviewpress("check", cwd=root)
    assert "Not checked: the 3 editions of data/areas.csv" in plain.stderr
    each = reviewpress("check --matrix", cwd=root)
    assert each.status == 1
    assert "data/areas.csv, row 3: Angus:\nerror: chapters/homes.ipynb, cell 4" in each.stderr
    assert each.stdout == "data/areas.csv: 3 editions checked\n"
    assert each.stderr.endswith("with errors: angus\n")
    assert not (root / "_output/report-areas").exists()
    (root / "data/areas.csv").write_text(f"{AREAS}S1,Fife\n", encoding="utf-8")
    wrong = reviewpress("check", cwd=root)
    assert wrong.status == 1
    assert 'data/areas.csv, row 5: the folder "fife" is that of row 2 too.' in wrong.stderr
