"""Strategies are read line by line, by search-query, where it knows the platform.

The strategies that are right were run: Cochrane's filters for PubMed and CINAHL, an example of a
library's guide. What search-query makes of them was seen with 0.15.0 on 29 November 2026.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.evidence.strategies import ReadStrategy, read_strategies
from reviewpress.review import load

RIGHT = {
    "PubMed": (
        "1. randomized controlled trial [pt]\n2. drug therapy [sh]\n3. trial [tiab]\n"
        "4. #1 OR #2 OR #3\n5. animals [mh] NOT humans [mh]\n6. #4 NOT #5",
        "randomized controlled trial[pt] OR clinical trials as topic[mesh:noexp]\n"
        "OR trial[ti] NOT (animals[mh] NOT humans[mh])",
        '("gardening"[MeSH Terms]) AND ("2021"[Date - Publication] : "3000"[Date - Publication])',
    ),
    "EBSCOhost": (
        "S1. MH randomized controlled trials\nS2. TI (randomised OR randomized)\n"
        "S3. AB (control W5 group)\nS4. MH animals+\nS5. S1 OR S2 OR S3\nS6. S5 NOT S4",
        "S2\tTI (S100 OR calprotectin)\t1,234\nS1\tS100 calprotectin\t20",
        '((MH "Primary Health Care+") OR Family practice) AND TI (failure* N3 treat*)',
    ),
    "Web of Science Core Collection": (
        'TS=((communit* NEAR/3 garden*) OR allotment$)\tAND\nTS=(wellbeing OR "well-being")',
        "# 2\t1,234\t#1 AND TS=(roof*)\nIndexes=SSCI Timespan=1990-2025\n# 1\t45\tTS=(garden*)",
        "1. TS=(garden*)  1,234\n2. TI=(rat OR rats)  5\n3. #1 NOT #2  1,230",
    ),
}
WRONG = [
    ("PubMed", "1. garden[tiab] OR (allotment[tiab]\n2. health[tiab]\n3. #1 AND #2", 1, "bracket"),
    ("PubMed", "1. garden[tiab]\n2. #1 AND #7", 2, "refers to line 7, which is not there"),
    ("EBSCO", "S1. TI garden*\nS2. TI health\nS3. S1 AND S4", 3, "refers to line 4"),
    ("Web of Science", 'TS=("mental health OR wellbeing)', 1, "quotation mark is not closed"),
    ("EBSCOhost", "S1. TI garden*\nS2. TI garden* (TI health)", 2, "operator is missing"),
]


def read(project: Any, platform: str, *strategies: str) -> list[ReadStrategy]:
    text = "title: Searches\nsources:\n"
    text += f"  - {{id: one, name: One, kind: database, platform: {platform}}}\nstrings:\n"
    for number, strategy in enumerate(strategies):
        lines = "".join(f"      {line}\n" for line in strategy.splitlines())
        text += f"  - id: s{number}\n    title: Strategy {number}\n    published: |\n{lines}"
    runs = [f"{{id: r{n}, source: one, string: s{n}, records: 1}}" for n in range(len(strategies))]
    text += "searches:\n" + "".join(f"  - {run}\n" for run in runs)
    return [*read_strategies(load(project(runs=False, files={"data/searches.yml": text})))]


@pytest.mark.parametrize("platform", RIGHT)
def test_what_was_run_is_not_found_wrong(project: Any, platform: str) -> None:
    """Nothing is said of fields, wildcards or brackets that are not needed."""
    found = read(project, platform, *RIGHT[platform])
    assert [strategy.problems for strategy in found] == [()] * len(RIGHT[platform])
    assert all(strategy.platform for strategy in found)


@pytest.mark.parametrize(("platform", "strategy", "line", "told"), WRONG)
def test_a_line_that_cannot_be_read(
    project: Any, platform: str, strategy: str, line: int, told: str
) -> None:
    """It is named with its number in the strategy, and its line in the file."""
    (found,) = read(project, platform, strategy)
    (problem,) = found.problems
    assert f"line {line} of the strategy" in problem.message
    assert told in problem.message
    assert problem.where.line == 7 + line


def test_other_platforms_are_not_read(project: Any) -> None:
    """Ovid's brackets and numbers are its own affair: they are said to be not read."""
    (found,) = read(project, "Ovid", "1. exp Gardening/\n2. (garden* or allotment*.ti,ab.")
    assert (found.platform, found.lines, found.problems) == ("", 2, ())


def test_check_searches_tells_lines(project: Any, reviewpress: Callable[..., Any]) -> None:
    """Which strategies could be read, which not, and what is wrong; status 1 if anything is."""
    searches = {
        "title": "Searches",
        "sources": [
            {"id": "p", "name": "PubMed", "kind": "database"},
            {"id": "o", "name": "Medline", "kind": "database", "platform": "Ovid"},
        ],
        "strings": [
            {"id": "p", "title": "PubMed", "published": "1. garden[tiab\n2. #1 AND #3\n"},
            {"id": "o", "title": "Medline", "published": "1. exp Gardening/\n"},
        ],
        "searches": [
            {"id": "p1", "source": "p", "string": "p", "records": 2},
            {"id": "o1", "source": "o", "string": "o", "records": 2},
        ],
    }
    root: Path = project(runs=False, files={"data/searches.yml": json.dumps(searches)})
    outcome = reviewpress("check --searches", cwd=root)
    assert outcome.status == 1
    assert outcome.stdout.splitlines()[0] == "PubMed: 2 lines read."
    assert "Medline: not read" in outcome.stdout
    assert "line 2 of the strategy refers to line 3, which is not there." in outcome.stderr
    outcome = reviewpress("check --searches", cwd=project(folder="without"))
    assert 'no file "data/searches.yml"' in outcome.stderr
