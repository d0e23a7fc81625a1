"""Equations: which has an id and a number, and what is read out where it cannot be seen.

    $$ I^2 = 45 $$ {#eq-i2 alt="I squared is 45"}     [$x^2$]{alt="x squared"}

Each becomes a Span of the class `equation` with the text that stands for it: the author's, else the
formula in plain signs where it can be written on one line, else in words: in English, or in signs
for fractions and roots where the language is another. Its source in TeX is for what has none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.assemble.formula_faults import find_fault, say_fault
from reviewpress.assemble.places import Places
from reviewpress.errors import OutOfTime, Place, Problem
from reviewpress.extension import installed_extension
from reviewpress.speed.pandoc_pool import read_formulas

EQUATION = "equation"
"""The class of the Span that holds an equation."""
KIND = "eq"
SPOKEN = "filters/spoken.lua"
"""What says formulas in words, beside what writes them for pandoc: Quarto has the same."""
_OWN = re.compile(r"\s*\{#(eq-[\w.:-]+)([^{}]*)\}")
_ENDS = r"(?=\s+[.#]|\s+[\w-]+=|\s*$)"
_ALT = re.compile(rf"\balt\s*=\s*(?:[\"“](.*?)[\"”]|[‘'](.*?)[’']){_ENDS}", re.S)
_ENVIRONMENT = re.compile(
    r"\s*\\begin\{((?:equation|align|gather|multline|eqnarray|flalign|alignat|displaymath)\*?)\}"
    r".*\\end\{\1\}\s*", re.S
)  # fmt: skip
"""What is an equation of its own in LaTeX, and in MathJax, without dollar signs."""
_VALUE = re.compile(r'\[[^][]*\]\{\.value expr="((?:[^"\\]|\\.)*)"[^{}]*\}')
_LONGEST = 60
_A_WHILE = 10
"""Seconds for a formula: more than a thousand take."""
_HINT = 'Write what it says, as in `[$x^2$]{alt="x squared"}` or `$$ … $$ {#eq-one alt="…"}`.'
_ONE_VALUE = (
    'Make the whole formula one value: `md(f"$x = {n}$")`, with `md` of reviewpress; or write the '
    "value after the formula."
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as pandoc reads it; how it is read out, if it can be; else what is wrong."""

    tex: str
    plain: str = ""
    wrong: str = ""


def is_equation(node: Node) -> bool:
    """Say whether a node is the Span of an equation."""
    return node["t"] == "Span" and EQUATION in ast.classes(node)


def set_equations(blocks: list[Node], places: Places, lang: str) -> list[Problem]:
    """Make Spans of the equations of a chapter, in place, and return what is wrong with them.

    To be called before quotation marks are set: they stand in attributes, too.
    """
    known, unread = _set(blocks, lang)
    wrong = {tex: formula.wrong for tex, formula in known.items() if formula.wrong}
    problems = [*_problems(wrong, unread, places)]
    _write(blocks, known)
    return problems


def set_equations_of_words(blocks: list[Node], lang: str) -> None:
    """Make Spans of the equations in a title or a caption; what is no formula there is text."""
    known, _ = _set(blocks, lang)
    wrong = {tex for tex, formula in known.items() if formula.wrong}

    def change(span: Node) -> list[Node]:
        if not is_equation(span) or _tex(span) not in wrong:
            return [span]
        return [{"t": "Str", "c": f"${_tex(span)}$"}]

    if wrong:
        ast.replace(blocks, "Span", change)
    _write(blocks, known)


def _write(blocks: list[Node], known: Mapping[str, Formula]) -> None:
    """Write equations as pandoc reads them."""
    for node in ast.walk(blocks):
        if is_equation(node) and _tex(node) in known:
            node["c"][1][0]["c"][1] = known[_tex(node)].tex


def _set(blocks: list[Node], lang: str) -> tuple[dict[str, Formula], list[str]]:
    """Make Spans of equations; return what was read of each formula, and those read out as TeX."""
    for node in [each for each in ast.walk(blocks) if each["t"] in ("RawBlock", "RawInline")]:
        _take_environment(node)
    for node in [each for each in ast.walk(blocks) if each["t"] == "Span"]:
        _take_alternative(node)
    _wrap(blocks)
    equations = [node for node in ast.walk(blocks) if is_equation(node)]
    texts = [*dict.fromkeys(map(_tex, equations))]
    known = dict(zip(texts, _read(texts, lang), strict=True)) if texts else {}
    unread = dict[str, None]()
    for node in equations:
        formula = known[_tex(node)]
        if not ast.attribute(node, "alt"):
            ast.set_attribute(node, "alt", formula.plain or " ".join(_tex(node).split()))
            if not formula.plain:
                unread[_tex(node)] = None
    return known, [*unread]


def _read(texts: Sequence[str], lang: str) -> list[Formula]:
    found = {tex: Formula(tex, wrong=wrong) for tex in texts if (wrong := find_fault(tex))}
    asked = [tex for tex in texts if tex not in found]
    try:
        read = _say(asked, lang, _A_WHILE + len(asked)) if asked else []
    except OutOfTime:
        read = [_alone(tex, lang) for tex in asked]
    for tex, each in zip(asked, read, strict=True):
        plain = each.get("plain") or each.get("words", "")
        found[tex] = Formula(each.get("tex", tex), plain, each.get("wrong", ""))
    return [found[tex] for tex in texts]


def _say(texts: Sequence[str], lang: str, seconds: float) -> list[dict[str, str]]:
    filters = installed_extension().file(SPOKEN).parent
    return read_formulas(texts, lang=lang, filters=filters, seconds=seconds)


def _alone(tex: str, lang: str) -> dict[str, str]:
    """Return what pandoc makes of one of the formulas that keep it from coming to an end."""
    try:
        return _say([tex], lang, _A_WHILE)[0]
    except OutOfTime:
        return {"wrong": "pandoc does not come to an end with it"}


def _problems(wrong: Mapping[str, str], unread: Iterable[str], places: Places) -> Iterator[Problem]:
    for tex, why in wrong.items():
        if _VALUE.search(tex):
            said = _VALUE.sub(lambda match: f"`{{python}} {_expression(match[1])}`", tex)
            message = f"a live value cannot be in a formula: ${_shown(said)}$"
            for place in _places(tex, places):
                yield Problem("equation", message, place, _ONE_VALUE)
            continue
        fault, hint = say_fault(tex, why)
        named = f"the equation `{_shown(tex)}`" if tex.strip() else "an equation"
        message = f"{named} cannot be read: {fault}."
        for place in _places(tex, places):
            yield Problem("equation", message, place, hint)
    for tex in unread:
        if tex not in wrong:
            message = f"the equation `{_shown(tex)}` has no text, and is read out as TeX."
            for place in _places(tex, places):
                yield Problem("equation-text", message, place, _HINT)


def _expression(kept: str) -> str:
    """Return the expression of a value as its author wrote it."""
    return re.sub(r"\\(.)", r"\1", unescape(kept))


def _places(tex: str, places: Places) -> list[Place]:
    shown = tex if tex.strip() else f"$${tex}$$"
    return places.where(lambda node: node["t"] == "Math" and bool(node["c"][1] == tex), shown)


def _shown(tex: str) -> str:
    line = " ".join(tex.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _tex(node: Node) -> str:
    return str(node["c"][1][0]["c"][1])


def _take_environment(raw: Node) -> None:
    """Make an equation of an environment of LaTeX for one."""
    kind, tex = raw["c"]
    if kind not in ("tex", "latex") or not _ENVIRONMENT.fullmatch(tex):
        return
    math = {"t": "Math", "c": [{"t": "DisplayMath"}, tex.strip()]}
    is_block = raw["t"] == "RawBlock"
    raw.update({"t": "Para", "c": [math]} if is_block else math)


def _take_alternative(span: Node) -> None:
    """Take a Span with a text around one equation for the equation's own."""
    holds = [each for each in span["c"][1] if each["t"] == "Math"]
    if ast.attribute(span, "alt") is not None and len(holds) == len(span["c"][1]) == 1:
        ast.attr(span)[1].append(EQUATION)


def _wrap(value: object) -> None:
    """Put each equation below a value into a Span, with the attributes that follow it."""
    if isinstance(value, list):
        for item in value:
            if not (isinstance(item, dict) and "t" in item and is_equation(item)):
                _wrap(item)
        if any(isinstance(item, dict) and item.get("t") == "Math" for item in value):
            value[:] = _wrapped(value)
    elif isinstance(value, dict):
        for item in value.values():
            _wrap(item)


def _wrapped(inlines: list[Node]) -> Iterator[Node]:
    rest = list(inlines)
    while rest:
        node = rest.pop(0)
        if node["t"] != "Math":
            yield node
            continue
        name, alt, rest = _attributes(rest)
        attributes = {"alt": alt} if alt else {}
        whole = ast.span([node], EQUATION, **attributes)
        whole["c"][0][0] = name
        yield whole


def _attributes(rest: list[Node]) -> tuple[str, str, list[Node]]:
    """Return the id and the text that follow an equation in braces, and what follows them."""
    if rest and rest[0]["t"] in ("Str", "Space", "SoftBreak"):
        for count in range(1, len(rest) + 1):
            text = _text(rest[:count])
            found = _OWN.match(text)
            if found:
                alt = _ALT.search(found[2])
                said = (alt[1] or alt[2] or "") if alt else ""
                return found[1], said, [*ast.text_inlines(text[found.end() :]), *rest[count:]]
            if not text.lstrip().startswith("{#eq-"[: len(text.lstrip())]):
                break
    return "", "", rest


def _text(inlines: list[Node]) -> str:
    """Return the text of inlines with the spaces at its ends."""
    parts = [" " if each["t"] in ("Space", "SoftBreak") else
             each["c"] if each["t"] == "Str" else ast.text([each]) for each in inlines]  # fmt: skip
    return "".join(parts)
