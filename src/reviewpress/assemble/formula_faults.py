"""What pandoc says of a formula that it cannot read, in an author's words."""

import re

from reviewpress.errors import nearest

RAISED = 12
"""How many exponents and indices may be in one another: pandoc's time doubles with each."""
EMPTY = "nothing is between its dollar signs"
_BRACES = re.compile(r"\\.|[\^_]\s*\{|[{}]", re.S)
_UNEXPECTED = re.compile(r"^\s*unexpected (control sequence )?(.+)$", re.M)
_ENVIRONMENT = re.compile(r"\\begin\s*\{([^{}]*)\}")
_LINES = r"Put the lines between `\begin{aligned}` and `\end{aligned}`."
_LEFT_OUT = "Write the formula, or take the dollar signs out."
_REFERENCE = "Refer to it in the text beside the formula, as in `@eq-one`."
_INSTEAD = {
    r"\eqref": _REFERENCE,
    r"\ref": _REFERENCE,
    r"\argmin": r"Write `\operatorname*{arg\,min}`.",
    r"\argmax": r"Write `\operatorname*{arg\,max}`.",
    r"\middle": r"Write `|`, or `\mid`.",
}
_COMMAND = r"Write it with commands of LaTeX, or its name as `\operatorname{name}`."
_SIGNS = {
    "'&'": ("an `&` is outside an environment", _LINES),
    "'}'": ("a `}` has no `{` before it", r"Take it out, or write `\}` for the sign itself."),
    "eof": ("it ends too early",
            "Look for a bracket without its other half, and for what follows `^` or `_`."),
}  # fmt: skip


def find_fault(tex: str) -> str:
    r"""Say what is wrong with a formula that pandoc is not asked for; "" for nothing.

    It holds nothing, or too much is raised or lowered in one another.

    >>> find_fault("a^{" * 13 + "b" + "}" * 13)
    '13 exponents or indices are nested; at most 12 may be'
    """
    if not tex.strip():
        return EMPTY
    open_at: list[bool] = []
    raised = deepest = 0
    for sign in _BRACES.finditer(tex):
        if sign[0].endswith("{") and sign[0][0] != "\\":
            open_at.append(len(sign[0]) > 1)
            raised += open_at[-1]
            deepest = max(deepest, raised)
        elif sign[0] == "}" and open_at:
            raised -= open_at.pop()
    if deepest <= RAISED:
        return ""
    return f"{deepest} exponents or indices are nested; at most {RAISED} may be"


def say_fault(tex: str, why: str) -> tuple[str, str]:
    r"""Return what is wrong with a formula, and what to do.

    >>> say_fault(r"\foo", 'unexpected control sequence \\foo\nexpecting "%"')[0]
    'the command `\\foo` is not known'
    >>> say_fault(r"\begin{aling}a", 'unexpected "a"\nexpecting "Bmatrix", "align" or "split"')
    ('there is no environment "aling"', 'Did you mean "align"?')
    """
    found = _UNEXPECTED.search(why)
    if not found:
        return " ".join(why.split()), _LEFT_OUT if why == EMPTY else ""
    is_command, sign = found[1], found[2].strip()
    if is_command and sign == "\\\\":
        return r"a new line, `\\`, is outside an environment", _LINES
    if is_command:
        return f"the command `{sign}` is not known", _INSTEAD.get(sign, _COMMAND)
    expected = re.findall(r'"(\w+)"', why)
    wrong = [name for name in _ENVIRONMENT.findall(tex) if name.rstrip("*") not in expected]
    if "Bmatrix" in expected and wrong:
        return f'there is no environment "{wrong[0]}"', nearest(wrong[0], expected)
    return _SIGNS.get(sign, (f"{sign} is not expected there", ""))
