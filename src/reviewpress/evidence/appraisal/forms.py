"""The review's forms as data: questions, options and routing, checked by walking every route.

A form is a list of sections, a section a list of questions asked in order. A question's routes
are tried in order and the first whose condition holds decides: `answer` (or `below`, for numbers)
is compared with the answer to the question itself, or to the earlier one that `question` names.
A route goes on (`goto`), goes through other sections or another form and comes back (`call`), or
ends the form (`end`). Without a route that holds, the next question of the section follows; after
a section's last question the next section that is not `called`, or the caller.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewpress.errors import Place, Problem, Problems, nearest, raise_all
from reviewpress.keys import FORM
from reviewpress.shapes import Plain
from reviewpress.yaml import YamlFile, items_of, read_yaml

ANSWERS = ("one", "many", "text", "year", "number")
FORM_KEYS = ("id", "title", "description", "source", "start", "vocabularies", "sections", "note")
SECTION_KEYS = ("id", "title", "published", "design", "called", "note", "questions")
QUESTION_KEYS = (
    "id", "criterion", "ask", "answer", "options", "routes", "shown_if", "published", "note",
    "comment",
)  # fmt: skip
ROUTE_KEYS = ("answer", "below", "question", "goto", "call", "end", "note")


@dataclass(frozen=True, slots=True)
class Route:
    """Where a form goes on after a question, if its condition holds."""

    answers: tuple[str, ...] = ()
    below: float | None = None
    question: str = ""
    goto: str = ""
    calls: tuple[str, ...] = ()
    end: bool = False

    @property
    def is_conditional(self) -> bool:
        """Whether it holds for some answers only."""
        return bool(self.answers) or self.below is not None


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its wording (ours), its kind of answer, and where the form goes on."""

    id: str
    ask: str
    answer: str = "text"
    options: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    criterion: str = ""
    shown_if: Plain = None
    section: str = ""
    line: int | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FormSection:
    """Questions asked in order; a `called` section is only entered by a call."""

    id: str
    title: str
    questions: tuple[Question, ...]
    design: str = ""
    called: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the review."""

    id: str
    title: str
    sections: tuple[FormSection, ...]
    start: str
    source: str = ""
    file: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the form's order."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, id: str) -> Question:
        """Return a question by its id; Problems with the nearest id otherwise."""
        for question in self.questions:
            if question.id == id:
                return question
        hint = nearest(id, [question.id for question in self.questions])
        message = f'the form "{self.id}" has no question "{id}".'
        raise Problems([Problem("form", message, Place(self.file), hint)])

    @property
    def criteria(self) -> tuple[tuple[str, str, Question], ...]:
        """The appraisal criteria in it: criterion, design, question."""
        return tuple(
            (question.criterion, section.design, question)
            for section in self.sections
            for question in section.questions
            if question.criterion and section.design
        )


def read_forms(paths: Sequence[Path], root: Path, lang: str = "") -> Mapping[str, Form]:
    """Read forms by their ids; of texts in several languages they have those of `lang`.

    Raises ConfigError for a file that is no YAML, Problems with everything wrong in the others:
    unknown keys and kinds of answer, routes to nowhere, answers that are no option.
    """
    problems: list[Problem] = []
    forms: dict[str, Form] = {}
    files: dict[str, YamlFile] = {}
    for path in paths:
        file = read_yaml(path, root, FORM, lang)
        form = _form(file, problems)
        forms[form.id] = form
        files[form.id] = file
    for form in forms.values():
        problems += _dangling(form, forms, files[form.id])
    raise_all(problems)
    return forms


def _form(file: YamlFile, problems: list[Problem]) -> Form:
    _check_keys(file, file.data, FORM_KEYS, "form", problems)
    sections = []
    for data in _mappings(file.data.get("sections")):
        _check_keys(file, data, SECTION_KEYS, "section", problems)
        id = str(data.get("id", ""))
        questions = tuple(
            _question(file, item, id, problems) for item in _mappings(data.get("questions"))
        )
        sections.append(
            FormSection(
                id=id,
                title=str(data.get("title", "")),
                questions=questions,
                design=str(data.get("design", "")),
                called=bool(data.get("called", False)),
                note=" ".join(str(data.get("note", "")).split()),
            )
        )
    ids = [question.id for section in sections for question in section.questions]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        problems.append(_problem(file, f'the question "{id}" is given twice.', id))
    return Form(
        id=str(file.data.get("id", file.path.stem)),
        title=str(file.data.get("title", "")),
        sections=tuple(sections),
        start=str(file.data.get("start", ids[0] if ids else "")),
        source=str(file.data.get("source", "")),
        file=file.name,
    )


def _question(
    file: YamlFile, data: Mapping[str, Plain], section: str, problems: list[Problem]
) -> Question:
    id = str(data.get("id", ""))
    if not id.strip():
        problems.append(
            _problem(file, f'a question of the section "{section}" has no id.', section)
        )
    _check_keys(file, data, QUESTION_KEYS, f'question "{id}"', problems)
    kind = str(data.get("answer", "text"))
    if kind not in ANSWERS:
        message = f'question "{id}" cannot be answered by "{kind}".'
        problems.append(_problem(file, message, id, nearest(kind, ANSWERS)))
    options = tuple(_word(option) for option in items_of(data.get("options")))
    if kind in ("one", "many") and not options:
        problems.append(_problem(file, f'question "{id}" has no options.', id))
    routes = []
    for route in _mappings(data.get("routes")):
        _check_keys(file, route, ROUTE_KEYS, f'a route of question "{id}"', problems)
        routes.append(_route(route))
    return Question(
        id=id,
        ask=" ".join(str(data.get("ask", "")).split()),
        answer=kind,
        options=options,
        routes=tuple(routes),
        criterion=str(data.get("criterion", "")),
        shown_if=data.get("shown_if"),
        section=section,
        line=file.line((), id),
    )


def _route(data: Mapping[str, Plain]) -> Route:
    below = data.get("below")
    return Route(
        answers=tuple(_word(answer) for answer in items_of(data.get("answer"))),
        below=below if isinstance(below, (int, float)) and not isinstance(below, bool) else None,
        question=str(data.get("question", "")),
        goto=str(data.get("goto", "")),
        calls=tuple(str(call) for call in items_of(data.get("call"))),
        end=bool(data.get("end", False)),
    )


def _dangling(form: Form, forms: Mapping[str, Form], file: YamlFile) -> Iterator[Problem]:
    """Report routes that lead nowhere, and conditions that no answer can meet."""
    questions = {question.id: question for question in form.questions}
    sections = {section.id for section in form.sections}
    if form.start not in questions:
        yield _problem(file, f'the form starts at no question: "{form.start}".')
    for question in questions.values():
        for route in question.routes:
            if route.goto and route.goto not in questions:
                message = f'question "{question.id}" goes on to no question: "{route.goto}".'
                yield _problem(file, message, question.id, nearest(route.goto, questions))
            for call in route.calls:
                if call not in sections and call not in forms:
                    message = f'question "{question.id}" calls no section or form: "{call}".'
                    yield _problem(file, message, question.id, nearest(call, (*sections, *forms)))
            asked = questions.get(route.question) if route.question else question
            if asked is None:
                message = f'a route of question "{question.id}" looks at no question.'
                yield _problem(file, message, question.id, nearest(route.question, questions))
                continue
            for answer in route.answers:
                if asked.options and answer not in asked.options:
                    message = f'"{answer}" is not an answer to question "{asked.id}".'
                    yield _problem(file, message, question.id, nearest(answer, asked.options))


def _check_keys(
    file: YamlFile,
    data: Mapping[str, Plain],
    valid: tuple[str, ...],
    what: str,
    problems: list[Problem],
) -> None:
    for key in data:
        if str(key) not in valid:
            message = f'unknown key "{key}" in {what}.'
            problems.append(_problem(file, message, str(key), nearest(str(key), valid)))


def _problem(file: YamlFile, message: str, id: str = "", hint: str = "") -> Problem:
    line = (file.line((), id) if id else None) or file.line(("start",)) or 1
    return Problem("form", message, Place(file.name, line=line), hint)


def _word(value: Plain) -> str:
    return {True: "Yes", False: "No"}[value] if isinstance(value, bool) else str(value)


def _mappings(value: Plain) -> Iterator[Mapping[str, Plain]]:
    return (item for item in items_of(value) if isinstance(item, Mapping))
