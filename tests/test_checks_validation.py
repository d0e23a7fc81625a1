"""Validation: everything about the evidence, checked in one pass, every problem told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import reviewpress
from reviewpress.checks.validation import validate

ROOT = Path(__file__).parent / "projects" / "small-evidence"
FLAGSHIP = Path(__file__).parent.parent
KNOWN = "appraisal-unanswered"


@pytest.fixture
def change(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that changes one file of a good review and validates it."""

    def changed(name: str, old: str, new: str) -> list[tuple[str, str]]:
        root = shutil.copytree(ROOT, tmp_path / "review", dirs_exist_ok=True)
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        found = validate(reviewpress.load(root))
        return [(problem.rule, str(problem)) for problem in found if problem.rule != KNOWN]

    return changed


def test_a_good_review_has_only_its_known_problem() -> None:
    """The small review is sound but for one unanswered criterion."""
    assert [problem.rule for problem in validate(reviewpress.load(ROOT))] == [KNOWN]


def test_the_flagship_has_only_acknowledged_problems() -> None:
    """Every problem of the flagship's evidence is in its list of acknowledged ones."""
    text = (FLAGSHIP / "data/acknowledged.yml").read_text(encoding="utf-8")
    for problem in validate(reviewpress.load(FLAGSHIP)):
        assert f"- rule: {problem.rule}\n    place: {problem.subject}\n" in text, str(problem)


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "message"),
    [
        (
            "data/papers.csv",
            "bee2021",
            "bee2020",
            "reference-unknown",
            'row 3, column citekey: "bee2020" is not a key of the bibliography. '
            'Did you mean "bee2021"?',
        ),
        (
            "data/findings.csv",
            "1; 2,3",
            "1; 9,3",
            "reference-unknown",
            'row 2, column codes_for: "9" is not a code of papers.',
        ),
        ("data/schema.yml", "title: The papers", "titel: The papers", "schema", "unknown key"),
        ("data/papers.csv", "Trial", "Trail", "table", 'Did you mean "Trial"?'),
        ("data/papers.csv", "code,citekey", "code;citekey", "table", "unknown column"),
        (
            "bib/references.bib",
            "code = {2}",
            "code = {22}",
            "paper-code",
            '"bee2021" has the code 2 here and 22 in the bibliography.',
        ),
        (
            "bib/references.bib",
            "  code = {2},\n",
            "",
            "paper-code",
            "the bibliography does not give it a code. Add the field code = {2}.",
        ),
        (
            "bib/references.bib",
            "year = {2018},",
            "year = {2018}, code = {7},",
            "paper-missing",
            '"method2018" is included, but the table of papers lacks it.',
        ),
        ("bib/references.bib", "title = {First", "titel = {First", "bibliography-field", "lacks"),
        ("bib/references.bib", "{2019}", "{1919}", "bibliography-year", "of 1919"),
        ("bib/references.bib", "title = {First", "title = First", "bibliography", "braces"),
        ("data/flow.csv", ",80", ",81", "flow", "database_results (100) is 100"),
        ("data/searches.yml", "social care", "social cure", "search", 'published string "both"'),
        ("data/searches.yml", "[who, what]", "[who, wat]", "search", "unknown concept"),
        ("data/forms/checklist.yml", "call: [basics]", "call: [basic]", "form", "calls no section"),
        ("data/papers.csv", "Wales,5", "=Wales,5", "table", '"=Wales" is not a term'),
        ("data/schema.yml", "Remedies]}", "Remedies, Cures]}", "section-unknown", '"Cures"'),
        ("_quarto.yml", "    Remedies: remedies\n", "", "section-unknown", '"Remedies"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(
    change: Callable[..., list[tuple[str, str]]],
    name: str,
    old: str,
    new: str,
    rule: str,
    message: str,
) -> None:
    """Each slip in a table, the bibliography, a form or the settings has its rule and message."""
    found = change(name, old, new)
    assert any(one == rule and message in told for one, told in found), found


def test_a_broken_file_hides_no_problem_of_another(tmp_path: Path) -> None:
    """Problems of all files are told together, whatever cannot be read."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    (root / "data/papers.csv").write_bytes(b"\xff\xfe")
    (root / "bib/references.bib").write_text("@misc{a")
    (root / "data/flow.csv").write_text("x\n")
    (root / "data/searches.yml").write_text("a: [")
    (root / "data/forms/checklist.yml").write_text("- a\n")
    (root / "data/claims.csv").unlink()
    files = {problem.where.file for problem in validate(reviewpress.load(root)) if problem.where}
    assert files >= {
        "data/papers.csv",
        "bib/references.bib",
        "data/flow.csv",
        "data/searches.yml",
        "data/forms/checklist.yml",
        "data/claims.csv",
    }


def test_an_edited_data_dictionary_is_told(tmp_path: Path) -> None:
    """A generated README that is not what the schema gives is a warning: it stops no report."""
    from reviewpress.tables.dictionary import dictionary

    root = shutil.copytree(ROOT, tmp_path / "review")
    review = reviewpress.load(root)
    (root / "data/README.md").write_text(dictionary(review.schema))
    assert [problem.rule for problem in validate(reviewpress.load(root))] == [KNOWN]
    (root / "data/README.md").write_text(dictionary(review.schema) + "more")
    problems = validate(reviewpress.load(root))
    assert [problem.rule for problem in problems] == ["dictionary", KNOWN]
    assert problems[0].severity == "warning"


def test_a_section_of_the_vocabulary_alone_has_a_line(
    change: Callable[..., list[tuple[str, str]]],
) -> None:
    """A term that the settings do not have as a section is told with the line of its column."""
    found = change("data/schema.yml", "enum: [Causes, Remedies]", "enum: [Causes, Remedies, Ends]")
    message = 'data/schema.yml, line 29: the vocabulary of sections has "Ends"'
    assert any(message in said for _, said in found)
