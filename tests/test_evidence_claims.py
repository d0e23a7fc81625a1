"""Claims: published numbers recomputed by expressions that data may hold."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reviewpress
from reviewpress.checks.claims_cache import keep_claims, take_claims
from reviewpress.checks.validation import validate
from reviewpress.config import load_config
from reviewpress.errors import DataError, Problems
from reviewpress.evidence.claims import same_value, show
from reviewpress.evidence.expressions import evaluate_expression
from reviewpress.review import Review

ROOT = Path(__file__).parent / "projects" / "small-evidence"


@pytest.fixture(scope="module")
def review() -> Review:
    return reviewpress.load(ROOT)


def test_claims_agree_differ_or_cannot_be_checked(review: Review) -> None:
    """Each claim has its computed value beside the published one."""
    assert [(c.id, c.published, c.computed, c.status) for c in review.recomputed] == [
        ("papers", "4", "4", "agrees"),
        ("welsh", "3", "2", "differs"),
        ("lost", "1,224", "", "not checkable"),
    ]
    assert review.claims.status.tolist() == ["agrees", "differs", "not checkable"]
    assert review.claims.index.name == "id"


def checked_claims(root: Path) -> list[tuple[str, str]]:
    """Recompute the claims as a build does; return each one's id and computed value."""
    config = load_config(root, check_chapters=False)
    review = reviewpress.load(root)
    if not take_claims(config, review):
        keep_claims(config, review)
    return [(claim.id, claim.computed) for claim in review.recomputed]


def test_claims_are_recomputed_only_for_other_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build of the same data takes what the last one computed; a changed cell counts at once."""
    root = tmp_path / "review"
    shutil.copytree(ROOT, root)
    before = checked_claims(root)
    with monkeypatch.context() as patched:
        patched.setattr("reviewpress.review.recompute_claims", None)
        assert checked_claims(root) == before
        table = root / "data/papers.csv"
        table.write_text(table.read_text().replace("Survey,Wales,", "Survey,Scotland,"))
        with pytest.raises(TypeError):
            checked_claims(root)
    assert dict(checked_claims(root))["welsh"] == "1"
    assert dict(before)["welsh"] == "2"


@pytest.mark.parametrize("content", ["", "{}", '{"reads": {}, "claims": [{"id": "a"}]}'])
def test_damaged_kept_claims_are_computed_again(tmp_path: Path, content: str) -> None:
    """What is kept is no input: it may be lost at any time."""
    root = tmp_path / "review"
    shutil.copytree(ROOT, root)
    before = checked_claims(root)
    [kept] = (root / ".reviewpress/claims").iterdir()
    kept.write_text(content)
    assert checked_claims(root) == before


def test_claims_are_of_the_whole_review() -> None:
    """A restriction to regions does not make a published number wrong."""
    assert reviewpress.load(ROOT, regions=["Scotland"]).claims.status.iloc[0] == "agrees"


def test_a_wrong_table_is_told_once_and_not_for_each_claim(tmp_path: Path) -> None:
    """The claims that need a broken table are not to blame, whoever asks for them."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    path = root / "data" / "papers.csv"
    path.write_text(path.read_text().replace("Trial,Scotland", "Trail,Scotland"))
    found = [str(problem) for problem in validate(reviewpress.load(root))]
    assert [text for text in found if "Trail" in text] == found[:1]
    assert not any("claims.csv" in text for text in found)
    with pytest.raises(Problems) as raised:
        _ = reviewpress.load(root).recomputed
    assert [str(problem) for problem in raised.value.problems] == found[:1]


def test_expressions_that_fail_are_told_together(tmp_path: Path) -> None:
    """Each failing expression comes with its row and text; none becomes an empty value."""
    root = shutil.copytree(ROOT, tmp_path / "review")
    path = root / "data" / "claims.csv"
    path.write_text(
        "id,statement,place,published,expression,explanation,section\n"
        'a,A,,1,review.section("Causs").papers,,\n'
        "b,B,,1,len(review.codes,,\n"
        "c,C,,1,open(1),,\n"
        "d,D,,1,1 / 0,,\n"
    )
    with pytest.raises(Problems) as raised:
        _ = reviewpress.load(root).recomputed
    told = [str(problem) for problem in raised.value.problems]
    assert len(told) == 4
    assert told[0] == (
        'data/claims.csv, row 2, column expression, `review.section("Causs").papers`: '
        'there is no section "Causs". Did you mean "Causes"?'
    )
    assert "the expression is not complete" in told[1]
    assert 'does not know "open"' in told[2]
    assert "ZeroDivisionError" in told[3]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3 - 4 // 3", 6),
        ("7 % 4 if True else 0", 3),
        ("-(2 - 5)", 3),
        ("1 < 2 <= 2 < 3", True),
        ("1 < 2 > 3", False),
        ("not (1 in (1, 2)) or 5", 5),
        ("0 or () and 1", ()),
        ("[n for n in (1, 2, 3) if n > 1]", [2, 3]),
        ("{a + b for a, b in ((1, 2), (2, 1))}", {3}),
        ("sum(a * b for a in (1, 2) for b in (3, a))", 14),
        ("len({1, 2} | {3})", 3),
        ("sorted([3, 1], key=lambda n: -n)[0]", 3),
        ("(1, 2, 3)[1:]", (2, 3)),
        ('"abc".startswith(("a", "b"))', True),
        ("review.codes", (1, 2, 3, 4)),
        ('review.section("Causes").regions["Wales"]', 2),
        ('len([c for c in review.codes if review.papers.study_type[c] == "Survey"])', 2),
        ("review.papers.staff.gt(4).sum()", 2),
        ('review.papers.loc[review.papers.study_type == "Survey"].shape[0]', 2),
        ("[review.papers.regions[c][0] for c in (1, 2)]", ["Scotland", "Wales"]),
        ('review.appraisal.agreement().verdict.eq("differs").sum()', 1),
        ('review.finding("causes-01").count', 2),
        ("review.people().papers[0]", 2),
    ],
)
def test_the_language_of_expressions(review: Review, expression: str, value: object) -> None:
    """Calculating, comparing, choosing, collecting, and asking the evidence."""
    assert evaluate_expression(expression, {"review": review}) == value


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')",
        "open('/etc/passwd')",
        "().__class__",
        "review.__class__",
        "review.section.__globals__",
        "review.root",
        "review.path('data/claims.csv')",
        "review.papers.to_csv('x')",
        "review.papers.to_pickle('x')",
        "review.papers.query('@x')",
        "review.papers.eval('1')",
        "review.papers.staff.values.tofile('x')",
        "review.papers.pipe(print)",
        "'{0.__class__}'.format(1)",
        "'a' * 10",
        "(1,) * 10",
        "10 * 'a'",
        "'%s' % 1",
        "2 ** 99",
        "2 << 99",
        "f'{review}'",
        "[x := 1]",
        "{1: 2}",
        "print(1)",
        "len(*[1])",
        "dict(**{})",
        "(lambda f: f(f))(lambda f: f(f))",
        "[n for n in (1, 2) if x]",
        "[a.b for a.b in (1,)]",
        "yield 1",
        "1; 2",
        "import os",
        "1 +",
        "",
        "[" * 200 + "]" * 200,
        "-" * 100 + "1",
        "1" * 3000,
        "x" * 10,
    ],
)
def test_expressions_can_do_nothing_else(review: Review, expression: str) -> None:
    """Files, modules, hidden attributes, formatting and powers are no part of the language."""
    with pytest.raises(DataError):
        evaluate_expression(expression, {"review": review})


def test_expressions_share_parts_that_are_written_alike(review: Review) -> None:
    """On one line or several, whatever stands before: each still has its own value."""
    shared: dict[bytes, object] = {}
    expressions = {
        "len(review.codes)": 4,
        "'é' + str(len(review.codes))": "é4",
        "(len(\n  review.codes\n) + len(review.codes))": 8,
        "len(review.codes) +\r len(review\r\n.codes)": None,
        "[review.codes[n] for n in range(1)]": None,
        "[review.codes[n] for n in (0, 1)]": [1, 2],
        "[review.codes[m] for m in (2, 3)]": [3, 4],
        "[len(n) for n in (review.codes, review.codes[:2])]": [4, 2],
    }
    for expression, value in expressions.items():
        if value is None:
            with pytest.raises(DataError):
                evaluate_expression(expression, {"review": review}, shared)
        else:
            assert evaluate_expression(expression, {"review": review}, shared) == value


@settings(deadline=None, max_examples=300)
@given(st.text("abcreview.()[]{}0123456789+-*/%<>=!&|~^:,'\"\\ \n_lambdforints", max_size=60))
def test_any_expression_has_a_value_or_is_told(expression: str) -> None:
    """Nothing but a DataError comes out of any text."""
    try:
        evaluate_expression(expression, {"review": (1, 2)})
    except DataError:
        return


@pytest.mark.parametrize(
    ("published", "computed", "same"),
    [
        ("34", 34, True),
        ("1,224", 1224, True),
        ("47%", 47.0, True),
        ("47%", 46.9, False),
        ("yes", "Yes", True),
        ("seven", 7, False),
        ("3", "3", True),
        ("2012 to 2022", "2012  to 2022", True),
        ("1", True, True),
    ],
)
def test_values_are_compared_as_readers_do(published: str, computed: object, same: bool) -> None:
    """Marks for thousands and per cent do not count, words and digits differ."""
    assert same_value(published, computed) is same


def test_computed_values_are_shown_plainly() -> None:
    """Whole numbers have no decimal point, collections are lists."""
    assert [show(value) for value in (80.0, 1.5, "a", (1, "b"), {2, 1}, None)] == [
        "80",
        "1.5",
        "a",
        "1; b",
        "1; 2",
        "None",
    ]
