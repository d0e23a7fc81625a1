"""Results: several rows a paper, counted and summed up by study, and never pooled."""

from typing import Any

import pytest

from reviewpress.errors import ConfigError, DataError
from reviewpress.review import Review, load

SCHEMA = """
  results:
    path: results.csv
    primaryKey: result
    foreignKeys:
      - fields: code
        reference: {resource: papers, fields: code}
    fields:
      - {name: result, type: integer}
      - {name: code, type: integer}
      - {name: outcome, type: string}
      - {name: arms, type: list, delimiter: "; "}
      - {name: smd, type: number}
"""
RESULTS = """result,code,outcome,arms,smd
1,1,Sleep,A; B,0.2
2,1,Sleep,A,0.4
3,2,Sleep,B,1.5
4,2,Mood,B,
5,1,Stress,A,-0.1
"""


def review_of(project: Any, results: str = RESULTS, unit: str = "studies") -> Review:
    """Return a review whose two papers are reports of one study, or of two."""
    root = project(runs=False, files={"data/results.csv": results})
    (root / "data/studies.csv").write_text("study,papers\nTrial,1; 2\n", "utf-8")
    schema = root / "data/schema.yml"
    schema.write_text(schema.read_text("utf-8") + SCHEMA, "utf-8")
    settings = root / "_quarto.yml"
    settings.write_text(settings.read_text("utf-8") + f"  unit: {unit}\n", "utf-8")
    return load(root)


def test_results_are_counted_by_study(project: Any) -> None:
    """A study with several rows and reports counts once, with the median of its results."""
    frame = review_of(project).results_by("outcome", "smd").set_index("term")
    assert list(frame.columns) == ["results", "studies", "without", "median", "lowest", "highest"]
    assert list(frame.loc["Sleep"])[:3] == [3, 1, 0]
    assert frame.loc["Sleep", "median"] == frame.loc["Sleep", "lowest"] == 0.4
    assert list(frame.loc["Mood"])[:3] == [1, 1, 1]
    assert frame["median"].isna().tolist() == [False, True, False]


def test_results_are_counted_by_paper(project: Any) -> None:
    """Where the review counts papers, each is by itself; most papers come first."""
    frame = review_of(project, unit="papers").results_by("outcome", "smd")
    assert frame["term"].tolist() == ["Sleep", "Mood", "Stress"]
    assert frame["papers"].tolist() == [2, 1, 1]
    assert frame["lowest"][0] == pytest.approx(0.3)
    assert (frame["median"][0], frame["highest"][0]) == (pytest.approx(0.9), 1.5)


def test_a_row_counts_for_each_of_its_terms(project: Any) -> None:
    """A column of lists is counted as papers are; without a value there are counts alone."""
    frame = review_of(project, unit="papers").results_by("arms")
    assert list(frame.columns) == ["term", "results", "papers"]
    assert dict(zip(frame["term"], frame["papers"], strict=True)) == {"A": 1, "B": 2}


@pytest.mark.parametrize(
    ("by", "value", "table", "error", "told"),
    [
        ("outcome", "arms", "results", DataError, "does not hold numbers"),
        ("outcom", None, "results", ConfigError, "outcome"),
        ("heading", None, "findings", DataError, "does not say which paper"),
        ("outcome", None, "result", ConfigError, "results"),
    ],
)
def test_what_cannot_be_summed_up(
    project: Any, by: str, value: str | None, table: str, error: type[Exception], told: str
) -> None:
    """The message says what is missing, or what comes near."""
    with pytest.raises(error) as caught:
        review_of(project).results_by(by, value, table=table)
    assert told in f"{caught.value} {getattr(caught.value, 'hint', '')}"
