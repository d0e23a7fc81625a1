"""Forms and their routing: every route walked, every dead end found."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewpress.errors import Problems, ReportError
from reviewpress.evidence.appraisal.forms import Form, read_forms
from reviewpress.evidence.appraisal.routes import check_forms, walk_form
from reviewpress.yaml import dump_yaml

ROOT = Path(__file__).parent / "projects" / "small-evidence"

FORM = """\
id: main
start: a
sections:
  - id: one
    questions:
      - id: a
        ask: First?
        answer: one
        options: ["Yes", "No"]
        routes:
          - {answer: "No", goto: why}
      - id: b
        ask: Second?
        answer: year
        routes:
          - {below: 2012, goto: why}
          - {question: a, answer: "Yes", call: [sub, other]}
      - id: c
        ask: Third?
        answer: text
        routes:
          - {end: true}
      - id: why
        ask: Why not?
        answer: text
        shown_if:
          any:
            - {question: a, answer: "No"}
            - {question: b, below: 2012}
  - id: sub
    called: true
    questions:
      - {id: s1, ask: Called?, answer: text}
"""
OTHER = """\
id: other
start: x
sections:
  - id: only
    questions:
      - {id: x, ask: Another form?, answer: text}
"""


def forms_of(folder: Path, *texts: str) -> Mapping[str, Form]:
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"form{number}.yml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return read_forms(paths, folder)


def told(folder: Path, *texts: str) -> list[str]:
    return [problem.message for problem in check_forms(forms_of(folder, *texts))]


def test_every_question_is_reached_through_calls_and_back(tmp_path: Path) -> None:
    """A call goes through its sections and forms, and comes back to the next question."""
    forms = forms_of(tmp_path, FORM, OTHER)
    found = walk_form(forms["main"], forms)
    assert found.problems == ()
    assert found.reached == {
        ("main", "a"),
        ("main", "b"),
        ("main", "c"),
        ("main", "why"),
        ("main", "s1"),
        ("other", "x"),
    }


def test_a_good_form_has_its_criteria_by_route() -> None:
    """The sets of criteria that the routes of an appraisal form ask."""
    forms = read_forms([ROOT / "data/forms/checklist.yml"], ROOT)
    assert check_forms(forms) == []
    assert walk_form(forms["checklist"], forms).criteria == {
        frozenset({"T1", "T2", "B1", "B2"}),
        frozenset({"B1", "B2"}),
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("goto: why}\n      - id: b", "end: true}\n      - id: b", "shown_if names answers"),
        ('question: a, answer: "No"}', 'question: a, answer: "Yes"}', "shown_if"),
        ("call: [sub, other]", "call: [other]", 'question "s1": no route leads to it.'),
        (
            "- {end: true}",
            "- {goto: a}",
            'question "c": no route from it ends the form.',
        ),
    ],
)
def test_unreachable_questions_and_dead_ends_are_found(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    """A slip in the routing is told with the question it concerns."""
    assert old in FORM
    changed = FORM.replace(old, new)
    if "goto: a" in new:
        changed = changed.replace('answer: "No", goto: why', 'answer: "No", goto: c').replace(
            "below: 2012, goto: why", "below: 2012, goto: c"
        )
    assert any(message in problem for problem in told(tmp_path, changed, OTHER))


@pytest.mark.parametrize(
    ("after", "message"),
    [
        ("", "no route from it ends the form"),
        ("\n      - {id: s2, ask: More?}", "never come to an end"),
    ],
)
def test_a_section_that_calls_itself_is_found(tmp_path: Path, after: str, message: str) -> None:
    """A call that never comes back does not hang the check."""
    text = FORM.replace(
        "{id: s1, ask: Called?, answer: text}",
        "{id: s1, ask: Called?, answer: text, routes: [{call: [sub]}]}" + after,
    )
    assert any(message in problem for problem in told(tmp_path, text, OTHER))


def test_an_answer_that_all_conditions_name_leaves_no_other_way(tmp_path: Path) -> None:
    """Where each option has a route, the next question is not reached by falling through."""
    text = FORM.replace(
        '- {answer: "No", goto: why}',
        '- {answer: "No", goto: why}\n          - {answer: "Yes", goto: c}',
    )
    assert 'question "b": no route leads to it.' in told(tmp_path, text, OTHER)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "goto: why}\n      - id: b",
            "goto: whyy}\n      - id: b",
            'goes on to no question: "whyy"',
        ),
        ("call: [sub, other]", "call: [sup]", 'calls no section or form: "sup". Did you mean'),
        ('{answer: "No", goto', "{answer: Nope, goto", '"Nope" is not an answer to question "a"'),
        ("{question: a, answer", "{question: z, answer", "looks at no question"),
        ("answer: year", "answer: yeer", 'cannot be answered by "yeer". Did you mean "year"?'),
        ('        options: ["Yes", "No"]\n', "", 'question "a" has no options.'),
        ("      - id: b\n", "      - id: ''\n", 'a question of the section "one" has no id.'),
        ("      - id: b\n        ask", "      - ask", '"id" takes a text, not nothing.'),
        ("start: a", "start: ''", 'the form starts at no question: "".'),
        ("start: a", "start: q", 'the form starts at no question: "q".'),
        ("id: c\n", "id: b\n", 'the question "b" is given twice.'),
        ("called: true", "caled: true", 'unknown key "caled" in section. Did you mean "called"?'),
    ],
)
def test_a_slip_in_a_form_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Routes to nowhere, answers that are no option, unknown keys, with the nearest name."""
    assert old in FORM
    with pytest.raises(Problems) as raised:
        forms_of(tmp_path, FORM.replace(old, new, 1), OTHER)
    assert message in " ".join(str(problem) for problem in raised.value.problems)


def test_an_unknown_question_is_told(tmp_path: Path) -> None:
    """Asking a form for a question it lacks names the nearest."""
    with pytest.raises(Problems, match='has no question "why2"'):
        forms_of(tmp_path, FORM, OTHER)["main"].question("why2")


ids = st.sampled_from(["a", "b", "c", "d"])
routes = st.fixed_dictionaries(
    {},
    optional={
        "answer": st.sampled_from(["Yes", "No"]),
        "question": ids,
        "goto": ids,
        "call": st.lists(st.sampled_from(["s0", "s1", "s2"]), max_size=2),
        "end": st.booleans(),
    },
)


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.booleans(), st.lists(routes, max_size=3), st.sampled_from(["one", "text"])),
        min_size=4,
        max_size=4,
    )
)
def test_the_walk_of_any_form_ends(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[bool, list[object], str]]
) -> None:
    """Whatever the routes, walking ends, with problems or without."""
    sections = [
        {
            "id": f"s{number}",
            "called": called,
            "questions": [
                {"id": id, "ask": "?", "answer": kind, "options": ["Yes", "No"], "routes": found}
            ],
        }
        for number, (id, (called, found, kind)) in enumerate(zip("abcd", parts, strict=True))
    ]
    text = dump_yaml({"id": "f", "start": "a", "sections": sections})
    try:
        check_forms(forms_of(tmp_path_factory.mktemp("form"), text))
    except ReportError:
        return
