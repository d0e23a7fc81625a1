"""The accessibility statement: what keys say, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from reviewpress.accessibility_statement import (
    is_contradictory,
    missing_facts,
    say_accessibility,
)
from reviewpress.config import load_config

WHOLE: dict[str, Any] = {
    "body": "Elm Press",
    "status": "partial",
    "failures": [
        {"what": "Some tables scroll sideways.", "criterion": "1.4.10", "reason": "They are wide."}
    ],
    "contact": "Write to access@example.org.",
    "answer-within": 5,
    "enforcement": "The [regulator](https://example.org) decides.",
    "prepared": "2026-01-31",
    "reviewed": "2026-02-01",
    "tested": "2026-01-30",
    "tested-by": "Elm Labs",
}
WORDS = (
    "Elm Press is responsible", "It partly meets", "- Some tables scroll sideways. This fails"
    " criterion 1.4.10. They are wide.", "Write to <access@example.org>.", "within 5 days", "(https://example.org)",
    "prepared on 31 January 2026", "reviewed on 1 February 2026", "30 January 2026, by Elm Labs",
)  # fmt: skip


def review(root: Path, said: dict[str, Any], lang: str = "en-GB") -> Any:
    """Return the configuration of a review that says this in its statement."""
    (root / "index.qmd").write_text("# A\n", "utf-8")
    text = f"project: {{type: book}}\nlang: {lang}\nbook: {{title: T, chapters: [index.qmd]}}\n"
    (root / "_quarto.yml").write_text(
        f"{text}reviewpress: {{accessibility: {json.dumps(said)}}}\n", "utf-8"
    )
    return load_config(root)


def test_a_whole_statement_says_all_that_keys_say(tmp_path: Path) -> None:
    """Who, how far, what fails which criterion and why, contact, enforcement, dates."""
    config = review(tmp_path, WHOLE)
    said = str(say_accessibility(config))
    for words in WORDS:
        assert words in said, words
    assert said.count("## ") == 5
    assert missing_facts(config) == []


@pytest.mark.parametrize("said", ["<a@b.org>", "[a@b.org](mailto:a@b.org)", "[us](mailto:a@b.org)"])
def test_an_address_that_is_a_link_stays_one(tmp_path: Path, said: str) -> None:
    """Only what is no link yet becomes one."""
    assert f" {said}" in str(say_accessibility(review(tmp_path, {**WHOLE, "contact": said})))


@pytest.mark.parametrize(
    "name",
    ["body", "status", "contact", "enforcement", "prepared", "reviewed", "tested", "failures"],
)
def test_what_is_not_said_is_missing_and_not_made_up(name: str, tmp_path: Path) -> None:
    """Each fact that the law asks for is named where it is not there."""
    config = review(tmp_path, {key: value for key, value in WHOLE.items() if key != name})
    assert missing_facts(config) == [name]
    if name in ("enforcement", "failures"):
        assert str(say_accessibility(config)).count("## ") == 4


@pytest.mark.parametrize(
    ("failures", "missing"),
    [
        ([{"what": "A."}], ["failures, 1: criterion", "failures, 1: reason"]),
        ([*WHOLE["failures"], {"what": "B.", "criterion": "1.1.1"}], ["failures, 2: reason"]),
        ([{"what": "A.", "criterion": "", "reason": "B."}], ["failures, 1: criterion"]),
    ],
)
def test_a_failure_has_a_criterion_and_a_reason(
    failures: list[dict[str, str]], missing: list[str], tmp_path: Path
) -> None:
    """Each that lacks one is named by its number."""
    assert missing_facts(review(tmp_path, {**WHOLE, "failures": failures})) == missing


def test_a_statement_that_claims_all_lists_no_failures(tmp_path: Path) -> None:
    """Full conformity beside a list of failures is untrue."""
    assert is_contradictory(review(tmp_path, {**WHOLE, "status": "full"}))
    assert not is_contradictory(review(tmp_path, WHOLE))
    assert not is_contradictory(review(tmp_path, {**WHOLE, "status": "full", "failures": []}))


def test_what_was_not_tested_says_so(tmp_path: Path) -> None:
    """No date of a test is asked for then, and no conformity is claimed."""
    config = review(tmp_path, {"status": "not-tested", "contact": "x"})
    assert "tested" not in missing_facts(config)
    assert "has not been tested yet" in str(say_accessibility(config))


@pytest.mark.parametrize("lang", ["cy", "de", "es", "fr", "pt"])
def test_a_statement_is_in_the_reviews_language(lang: str, tmp_path: Path) -> None:
    """No heading or sentence of it stays English."""
    said = str(say_accessibility(review(tmp_path, WHOLE, lang)))
    for words in ("Compliance", "responsible for it", "partly meets", "Preparation", "prepared"):
        assert words not in said


def test_check_warns_of_a_statement_that_is_not_whole(tmp_path: Path, reviewpress: Any) -> None:
    """With the keys to add; a status that nobody knows is an error."""
    review(tmp_path, {"body": "Elm Press", "status": "full"})
    said = reviewpress("check", cwd=tmp_path)
    assert "does not say: contact, enforcement, prepared, reviewed, tested." in said.stderr
    config = tmp_path / "_quarto.yml"
    config.write_text(config.read_text("utf-8").replace('"full"', '"fully"'), "utf-8")
    said = reviewpress("check", cwd=tmp_path)
    assert (said.status, "full, partial, none or not-tested" in said.stderr) == (1, True)
