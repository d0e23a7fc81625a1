"""Every headline of the flagship's figures, recomputed from the figure's own published CSV.

The checks are in `headline_checks.py`. They look at the figures as they are built, and at figures
of changed data, with ties and with answers that are missing.
"""

import ast
import json
import re
import runpy
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from csv import DictWriter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reading import Page

ROOT = Path(__file__).parent.parent
_CHECKS = runpy.run_path(str(Path(__file__).with_name("headline_checks.py")))
CHECKS, NUMBER = _CHECKS["CHECKS"], _CHECKS["NUMBER"]
number, read_figure, rows_of = _CHECKS["number"], _CHECKS["read_figure"], _CHECKS["rows_of"]


@pytest.fixture(scope="module")
def built(flagship: dict[str, Path]) -> dict[str, Any]:
    """The figures of the built flagship, with the captions of its pages."""
    found = {}
    for folder in flagship.values():
        for page in folder.glob("chapters/*.html"):
            for drawn in Page(page).all("//figure[starts-with(@id, 'fig-')]"):
                name, text = drawn.get("id"), drawn.one("(.//figcaption)[1]").words()
                figure = read_figure(ROOT / "figures", name, "", ROOT)
                assert figure.title in text, f"{name} has another title on its page"
                subtitle = text.partition(figure.title)[2].strip(". ")
                found[name] = replace(figure, subtitle=subtitle)
    return found


def test_every_figure_of_the_flagship_has_a_check(built: dict[str, Any]) -> None:
    """A figure that nothing here recomputes fails, and so does a check without a figure."""
    published = {path.stem for path in (ROOT / "figures").glob("fig-*.csv")}
    assert set(built) == published == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_headline_follows_from_the_csv(name: str, built: dict[str, Any]) -> None:
    """Title, subtitle and text alternative of the built figure."""
    CHECKS[name](built[name])


def wrong_titles(title: str) -> Iterator[str]:
    """Return a title with each of its numbers one too high, or another title."""
    found = list(re.finditer(rf"(?<![\w(])(?<!than ){NUMBER}(?![\w)])(?! or fewer)", title, re.I))
    for match in found:
        wrong = str(number(match[1]) + 1)
        yield title[: match.start(1)] + wrong + title[match.end(1) :]
    if not found:
        yield "Nothing is known"


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_wrong_headline_is_noticed(name: str, built: dict[str, Any]) -> None:
    """Each number of a title, one too high, and a title that says something else."""
    for title in wrong_titles(built[name].title):
        with pytest.raises(AssertionError):
            CHECKS[name](replace(built[name], title=title))


CHANGED = (
    "appendix-coding", "discussion", "experiences", "included", "levels", "outcomes", "process",
    "quality", "rationales",
)  # fmt: skip


def rewrite(path: Path, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of a table."""
    rows = rows_of(path)
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def level_out(column: str, first: str, second: str) -> Callable[[list[dict[str, str]]], None]:
    """Move papers from the first term to the second until both have as many; one loses its cell."""

    def change(rows: list[dict[str, str]]) -> None:
        only = [r for r in rows if r[column] == first]
        while only:
            counts = Counter(term for row in rows for term in row[column].split("; "))
            if counts[first] <= counts[second]:
                break
            only.pop()[column] = "" if counts[first] - counts[second] == 1 else second

    return change


def cite_more(name: str, codes: Iterable[int]) -> Callable[[list[dict[str, str]]], None]:
    """Let a finding cite further papers."""

    def change(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["id"] == name)
        more = [code for code in map(str, codes) if code not in row["codes_for"].split("; ")]
        row["codes_for"] = "; ".join(filter(None, [row["codes_for"], *more]))

    return change


def tied_and_missing(root: Path) -> None:
    """Make ties for the first and the last place, and take answers away."""
    papers, findings = root / "data/papers.csv", root / "data/findings.csv"
    rewrite(papers, level_out("regions", "North America", "Europe (non-UK)"))
    rewrite(papers, level_out("methods", "Interview", "Survey"))
    rewrite(papers, lambda rows: rows[1].update(participants="Not defined", regions=""))
    rewrite(papers, lambda rows: rows[0].update(staff="", staff_published="Not stated"))
    rewrite(
        papers, lambda rows: rows[4].update(parents="", young_people="", people_published="N/A")
    )
    rewrite(findings, cite_more("outcomes-measuring-04", (1, 2, 3)))
    rewrite(findings, cite_more("levels-organisation-01", (87,)))
    rewrite(findings, cite_more("levels-local-01", (1, 2, 3, 4)))
    rewrite(findings, cite_more("process-contact-01", (85, 86)))
    rewrite(findings, cite_more("rationales-improvement-01", (2, 3, 4, 5, 6, 8, 14)))
    coding = rows_of(root / "data/coding.csv")
    extra = [r for r in coding if r["level1"] == "Rationales for integration"][:2]
    rewrite(root / "data/coding.csv", lambda rows: rows.extend(added(extra)))
    rewrite(root / "data/appraisal.csv", take_answers_away)


def added(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**row, "level2": f"Another {number}"} for number, row in enumerate(rows)]


def take_answers_away(rows: list[dict[str, str]]) -> None:
    """Of two Yes to criterion 4.5, which 11 of 19 papers meet: most of them do so no more."""
    yes = [row for row in rows if row["criterion"] == "4.5" and row["answer"] == "Yes"]
    for row in yes[:2]:
        row.update(answer="", published="", status="unanswered")


def run_chapters(root: Path, folder: Path, chapters: Iterable[str]) -> Iterator[Any]:
    """Run the code cells of chapters on a review, and yield the figures they publish."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWPRESS_ROOT", str(root))
        patch.chdir(root / "chapters")
        for chapter in chapters:
            patch.setenv("REVIEWPRESS_RUN_DIR", str(folder / chapter))
            for shown in run_cells(root / f"chapters/{chapter}.ipynb"):
                name = str(getattr(shown, "id", ""))
                if name.startswith("fig-"):
                    caption, _, _ = shown.markdown.partition("](")
                    text = re.sub(r"\\(\W)", r"\1", caption)
                    [subtitle] = re.findall(r"!\[\*\*.*?\*\*\s(.*?)\.?$", text)
                    yield read_figure(folder / chapter / "figures", name, subtitle, root)


def run_cells(path: Path) -> Iterator[Any]:
    """Run a chapter's code cells, and yield what the last line of each shows."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        body = ast.parse("".join(cell["source"])).body
        shown = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), str(path), "exec"), names)
        if isinstance(shown, ast.Expr):
            yield eval(compile(ast.Expression(shown.value), str(path), "eval"), names)


def copy_review(folder: Path) -> Path:
    """Copy what the chapters of the flagship are run on."""
    root = folder / "review"
    for name in ("data", "bib", "chapters", "_extensions"):
        shutil.copytree(ROOT / name, root / name)
    for path in ROOT.glob("_*.yml"):
        shutil.copy(path, root)
    return root


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of a review with ties and missing answers, by id."""
    folder = tmp_path_factory.mktemp("changed")
    root = copy_review(folder)
    tied_and_missing(root)
    return {figure.name: figure for figure in run_chapters(root, folder / "runs", CHANGED)}


@pytest.mark.parametrize(
    "name",
    [
        "fig-coding-sizes", "fig-discussion-map", "fig-experiences-parents",
        "fig-experiences-participants", "fig-included-families", "fig-included-kinds",
        "fig-included-map", "fig-included-methods", "fig-included-participants",
        "fig-included-regions", "fig-included-staff", "fig-included-years", "fig-levels-papers",
        "fig-outcomes-measured", "fig-process-themes", "fig-quality-criteria",
        "fig-quality-overall", "fig-quality-papers", "fig-rationales-themes",
    ],
)  # fmt: skip
def test_the_headline_follows_from_changed_data(name: str, changed: dict[str, Any]) -> None:
    """With ties for the first and the last place, and answers that are missing."""
    CHECKS[name](changed[name])


def test_changed_data_have_the_ties_that_they_are_to_have(changed: dict[str, Any]) -> None:
    """So that the checks of changed data look at ties indeed."""
    said = {
        "fig-coding-sizes": "Outcomes and Rationales for integration have the most sub-codes",
        "fig-included-methods": "Interviews and Surveys were the most common way to collect data",
        "fig-included-regions": "Europe (non-UK) and North America have the most papers, 29 each",
        "fig-levels-papers": "the national level and the local government level the fewest",
        "fig-outcomes-measured": "Return to the family and Clinical treatment are the measures",
        "fig-process-themes": "“Frequency of contact” and “Community involvement” on the fewest",
        "fig-quality-criteria": "13 of the 25 criteria are met by most of the papers they apply to",
        "fig-rationales-themes": "Meeting needs and improving lives and Service improvement have",
    }
    for name, words in said.items():
        assert words in changed[name].title
    assert (
        "; not applicable for 23 papers; not defined for two papers"
        in changed["fig-included-participants"].subtitle
    )
    assert changed["fig-experiences-parents"].subtitle.endswith("for three no number is published")
    assert changed["fig-included-staff"].title.startswith("32 of 49 papers")
    assert "seven involved professionals without one" in changed["fig-included-staff"].subtitle
