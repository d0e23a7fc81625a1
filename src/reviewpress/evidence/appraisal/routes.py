"""Every route through a form, walked: no question unreachable, no dead end.

A state of the walk is what is still to do (a stack of questions, with a mark where a called form
ends) and the answers that a later condition will look at. Each answer that a condition tells apart
is tried once in each state, so that the walk is finite also where a form goes back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from reviewpress.errors import Place, Problem
from reviewpress.evidence.appraisal.forms import Form, Question, Route
from reviewpress.shapes import Plain, as_list, as_text

_LIMIT = 50_000
_DEPTH = 30
_END_OF_FORM = ""
_OTHER = "any other answer"

Task = tuple[str, str]
"""A form and the question to ask next; an empty question ends the form."""


@dataclass(frozen=True, slots=True)
class RoutePoint:
    """A point on a route: what is still to do, the answers kept, the conditional questions met."""

    tasks: tuple[Task, ...]
    answers: frozenset[tuple[Task, str]]
    met: frozenset[Task]
    criteria: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Walk:
    """What walking a form found: the questions that can be reached, and what is wrong.

    `criteria` are the sets of appraisal criteria that the routes ask, one set a kind of route.
    """

    reached: frozenset[Task]
    criteria: frozenset[frozenset[str]]
    states: int
    problems: tuple[Problem, ...]


def check_forms(forms: Mapping[str, Form]) -> list[Problem]:
    """Walk every form and return what is wrong with its routes."""
    return [problem for form in forms.values() for problem in walk_form(form, forms).problems]


def walk_form(form: Form, forms: Mapping[str, Form]) -> Walk:
    """Walk every route through a form, and through the forms it calls.

    Problems are questions that no route reaches, questions from which no route ends, calls that
    never come back, and questions whose `shown_if` disagrees with the routes.
    """
    walker = _Walker(forms)
    start = RoutePoint(((form.id, _END_OF_FORM), (form.id, form.start)), frozenset(), frozenset())
    walker.explore(start)
    problems = [
        _problem(form, question, "no route leads to it.", "Correct a goto, or delete it.")
        for question in form.questions
        if (form.id, question.id) not in walker.reached
    ]
    problems += walker.problems(form)
    return Walk(
        reached=frozenset(walker.reached),
        criteria=frozenset(state.criteria for state in walker.ends),
        states=len(walker.seen),
        problems=tuple(dict.fromkeys(problems)),
    )


class _Walker:
    """Explores states breadth first, and remembers which state led to which."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self.forms = forms
        self.questions = {
            (form.id, question.id): question
            for form in forms.values()
            for question in form.questions
        }
        self.conditions = _conditions(forms)
        self.criteria = {
            (form.id, question.id): criterion
            for form in forms.values()
            for criterion, _, question in form.criteria
        }
        self.conditional = {key for key, found in self.questions.items() if found.shown_if}
        self.next = _next_questions(forms)
        self.seen: set[RoutePoint] = set()
        self.before: dict[RoutePoint, set[RoutePoint]] = defaultdict(set)
        self.ends: set[RoutePoint] = set()
        self.reached: set[Task] = set()
        self.found: list[Problem] = []

    def explore(self, start: RoutePoint) -> None:
        """Visit every state that can be reached."""
        waiting = [start]
        self.seen.add(start)
        while waiting:
            state = waiting.pop()
            for following in self.follow(state):
                self.before[following].add(state)
                if following in self.seen:
                    continue
                if len(self.seen) >= _LIMIT or len(following.tasks) > _DEPTH:
                    form, question = state.tasks[-1]
                    message = "its routes never come to an end."
                    self.found.append(
                        _problem(self.forms[form], self.questions.get((form, question)), message)
                    )
                    return
                self.seen.add(following)
                waiting.append(following)

    def follow(self, state: RoutePoint) -> Iterator[RoutePoint]:
        """Yield the states after each answer to the question at hand."""
        if not state.tasks:
            self.ends.add(state)
            self._check_not_met(state)
            return
        task = state.tasks[-1]
        rest = state.tasks[:-1]
        if task[1] == _END_OF_FORM:
            yield RoutePoint(rest, state.answers, state.met, state.criteria)
            return
        question = self.questions[task]
        self.reached.add(task)
        met = state.met | {task} if task in self.conditional else state.met
        criterion = self.criteria.get(task)
        criteria = state.criteria | {criterion} if criterion else state.criteria
        if task in self.conditional and not _holds(question.shown_if, task[0], state.answers):
            message = "a route leads to it whose answers shown_if does not name."
            self.found.append(_problem(self.forms[task[0]], question, message))
        for answer in self.conditions.get(task, ("",)):
            kept = frozenset(pair for pair in state.answers if pair[0] != task)
            answers = kept | {(task, answer)} if task in self.conditions else state.answers
            route = _route(question, task, answer, answers)
            yield RoutePoint(self._after(task, route, rest), answers, met, criteria)

    def problems(self, form: Form) -> list[Problem]:
        """Return what is wrong: dead ends, and what was found on the way."""
        alive = set(self.ends)
        waiting = list(self.ends)
        while waiting:
            for earlier in self.before[waiting.pop()]:
                if earlier not in alive:
                    alive.add(earlier)
                    waiting.append(earlier)
        dead = {state.tasks[-1] for state in self.seen - alive if state.tasks}
        stuck = [
            _problem(self.forms[name], self.questions[name, id], "no route from it ends the form.")
            for name, id in sorted(dead)
            if name == form.id and id != _END_OF_FORM
        ]
        return [*self.found, *([] if self.found else stuck)]

    def _after(self, task: Task, route: Route | None, rest: tuple[Task, ...]) -> tuple[Task, ...]:
        form = task[0]
        if route is not None and route.end:
            tasks = rest[: max(i for i, t in enumerate(rest) if t == (form, _END_OF_FORM)) + 1]
        elif route is not None and route.goto:
            tasks = (*rest, (form, route.goto))
        else:
            following = self.next.get(task)
            tasks = (*rest, (form, following)) if following else rest
        for call in reversed(route.calls if route else ()):
            tasks = (*tasks, *self._called(form, call))
        return tasks

    def _called(self, form: str, call: str) -> tuple[Task, ...]:
        for section in self.forms[form].sections:
            if section.id == call and section.questions:
                return ((form, section.questions[0].id),)
        if call in self.forms:
            return ((call, _END_OF_FORM), (call, self.forms[call].start))
        return ()

    def _check_not_met(self, state: RoutePoint) -> None:
        for task in self.conditional - state.met:
            question = self.questions[task]
            if task[0] in self._entered(state) and _holds(
                question.shown_if, task[0], state.answers
            ):
                message = "shown_if names answers whose route does not lead to it."
                self.found.append(_problem(self.forms[task[0]], question, message))

    def _entered(self, state: RoutePoint) -> set[str]:
        return {task[0] for task, _ in state.answers} | {task[0] for task in state.met}


def _route(
    question: Question, task: Task, answer: str, answers: frozenset[tuple[Task, str]]
) -> Route | None:
    for route in question.routes:
        if not route.is_conditional:
            return route
        given = dict(answers).get((task[0], route.question)) if route.question else answer
        if given is not None and _matches(route.answers, route.below, given):
            return route
    return None


def _matches(wanted: tuple[str, ...], below: Plain, given: str) -> bool:
    if isinstance(below, int | float):
        return given == _below(below)
    return given in wanted


def _below(limit: float) -> str:
    return f"< {limit:g}"


def _holds(condition: Plain, form: str, answers: frozenset[tuple[Task, str]]) -> bool:
    if not isinstance(condition, Mapping):
        return True
    if "any" in condition:
        return any(_holds(part, form, answers) for part in as_list(condition["any"]))
    if "all" in condition:
        return all(_holds(part, form, answers) for part in as_list(condition["all"]))
    given = dict(answers).get((form, str(condition.get("question"))))
    wanted = _words(condition.get("answer"))
    return given is not None and _matches(wanted, condition.get("below"), given)


def _conditions(forms: Mapping[str, Form]) -> dict[Task, tuple[str, ...]]:
    """Return the answers that conditions tell apart, for each question that one looks at."""
    told: dict[Task, dict[str, None]] = defaultdict(dict)
    for form in forms.values():
        for question in form.questions:
            for route in question.routes:
                if route.is_conditional:
                    asked = (form.id, route.question or question.id)
                    told[asked] |= dict.fromkeys(_named(route.answers, route.below))
            for part in _leaves(question.shown_if):
                asked = (form.id, str(part.get("question")))
                told[asked] |= dict.fromkeys(_named(_words(part.get("answer")), part.get("below")))
    questions = {(form.id, q.id): q for form in forms.values() for q in form.questions}
    return {
        task: (*answers, _OTHER) if _has_others(questions.get(task), answers) else tuple(answers)
        for task, answers in told.items()
    }


def _has_others(question: Question | None, named: Collection[str]) -> bool:
    """Whether a question can be answered in a way that no condition names."""
    return question is None or question.answer != "one" or not set(question.options) <= set(named)


def _named(answers: tuple[str, ...], below: Plain) -> tuple[str, ...]:
    return (_below(below),) if isinstance(below, int | float) else answers


def _leaves(condition: Plain) -> Iterator[Mapping[str, Plain]]:
    if not isinstance(condition, Mapping):
        return
    parts = condition.get("any") or condition.get("all")
    if parts is None:
        yield condition
    else:
        for part in as_list(parts):
            yield from _leaves(part)


def _next_questions(forms: Mapping[str, Form]) -> dict[Task, str]:
    """Return the question that follows each one where no route says otherwise."""
    following: dict[Task, str] = {}
    for form in forms.values():
        open_sections = [section for section in form.sections if not section.called]
        for section in form.sections:
            ids = [question.id for question in section.questions]
            if not section.called and section.questions:
                later = open_sections[open_sections.index(section) + 1 :]
                ids += [after.questions[0].id for after in later if after.questions][:1]
            for id, after in pairwise(ids):
                if section.questions and id in {question.id for question in section.questions}:
                    following[form.id, id] = after
    return following


def _words(value: Plain) -> tuple[str, ...]:
    items = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
    words = {True: "Yes", False: "No"}
    return tuple(words[item] if isinstance(item, bool) else as_text(item) for item in items)


def _problem(form: Form, question: Question | None, message: str, hint: str = "") -> Problem:
    asked = f'question "{question.id}"' if question else "the form"
    where = Place(form.file, line=(question and question.line) or 1)
    return Problem("form", f"{asked}: {message}", where, hint)
