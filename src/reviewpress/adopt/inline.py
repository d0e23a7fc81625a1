"""TeX among the words of a line, which only a PDF by LaTeX has: its Markdown, or a comment.

Pandoc keeps it for LaTeX and drops it elsewhere. Formulas and code hold TeX of their own.
"""

import re
from collections.abc import Callable, Mapping

from reviewpress.assemble.macros import defines_macros

_APART = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->|(?<!\\)\$\$.*?\$\$|(?<!\\)\$(?=\S)(?:\\.|[^\\$])*?(?<=\S)\$(?!\d)"
)
_BETWEEN = r"\s*(?:,|;)\s*(?:(?:and|&)\s+)?|\s+(?:and|&|und|et|og|och|en|y|e|i)\s+"
"""What authors write between citations, where a semicolon is to be."""
_KEY = r"-?@[\w:.#$%&+?<>~/-]*\w"
_COMMAS = re.compile(rf"(?<=\[){_KEY}(?:(?:{_BETWEEN}){_KEY})+(?=\])")
_FORMULA = re.compile(r"(\s*\$\$\n?)(.*?)(\n?\s*\$\$[^$]*)\Z", re.S)
_GOES_ON = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|<!--.*?-->|\$\$.*?\$\$"
    r"|(?<![\\$])\$(?=[^\s$])(?:(?!\n\s*\n)[^$])*?(?<=\S)\$(?!\d)",
    re.S,
)
_BACKSLASHED = re.compile(
    r"(`+)(?!`).*?(?<!`)\1(?!`)|\$\$.*?\$\$|(?<![\\$])\$(?=\S)[^$]*?(?<=\S)\$(?!\d)"
    r"|(?<!\\)\\\[((?:(?!\n\s*\n).)+?)(?<!\\)\\\]"
    r"|(?<!\\)\\\(((?:(?!\n\s*\n).)+?)(?<!\\)\\\)",
    re.S,
)
_INNER = re.compile(r"\\begin\{(\w+\*?)\}(?:(?!\\begin\{).)*?\\end\{\1\}|(?<!\\)\{[^{}]*\}", re.S)
_UNKNOWN = re.compile(
    r"(?<!\\)<(?!(?:B|I|P|BR|HR|U|S|TD|TR|TH|UL|OL|LI|H\d|IMG|DIV|SPAN)>)([A-Z]{2}[\w-]*)>"
)
"""Words in angle brackets that are no HTML, as where something is to be filled in."""
_BRACES = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_COMMAND = re.compile(rf"(?<!\\)\\([A-Za-z]+)\*?((?:\[[^\]\n]*\])*)((?:{_BRACES})*)(?:\{{\}})?")
_GROUP = re.compile(rf"({_BRACES})")
_INSIDE = r"(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*?"
_OVER = re.compile(rf"(?<!\\)\{{({_INSIDE})\\over(?![A-Za-z])({_INSIDE})\}}")
_WORDS: Mapping[str, str] = {
    "textbf": "**{}**", "emph": "*{}*", "textit": "*{}*", "texttt": "`{}`",
    "underline": "[{}]{{.underline}}", "textsc": "[{}]{{.smallcaps}}",
    "textsuperscript": "^{}^", "textsubscript": "~{}~",
    "footnote": "^[{}]", "url": "<{}>", "mbox": "{}", "text": "{}", "centerline": "{}",
    "cite": "@{}", "citet": "@{}", "citep": "[@{}]", "parencite": "[@{}]", "autocite": "[@{}]",
}  # fmt: skip
"""What a command with one argument is in Markdown."""
_PAIRS: Mapping[str, str] = {"href": "[{1}]({0})", "textcolor": "{1}", "colorbox": "{1}"}
"""What a command with two arguments is in Markdown."""
_SIGNS: Mapping[str, str] = {
    "ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "newline": "\\\n", "quad": " ",
    "textbackslash": "\\\\", "textasciitilde": "\\~", "copyright": "©", "pounds": "£", "S": "§",
}  # fmt: skip


def without_tex(line: str) -> tuple[str, list[str]]:
    """Return a line with Markdown for its TeX, and what has none, which are comments in it.

    >>> without_tex(r"A \\textbf{bold} word\\index{word}, and $\\alpha$")
    ('A **bold** word<!-- \\\\index{word} -->, and $\\\\alpha$', ['\\\\index{word}'])
    """
    left: list[str] = []
    if defines_macros(line):
        return line, left
    return on_words(line, lambda text: _converted(text, left)), left


def on_words(
    line: str, change: Callable[[str], str], on_formula: Callable[[str], str] | None = None
) -> str:
    """Return a line with its words changed, and its code and comments as they are.

    Formulas among words stay, too, where `on_formula` does not change them.
    """
    parts, at = [], 0
    for match in _APART.finditer(line):
        is_formula = match[0].startswith("$") and not match[0].startswith("$$")
        apart = on_formula(match[0]) if on_formula and is_formula else match[0]
        parts += [change(line[at : match.start()]), apart]
        at = match.end()
    return "".join([*parts, change(line[at:])])


def with_fractions(tex: str) -> str:
    """Return TeX with `\\frac` for `\\over`, which stands between what it divides.

    >>> with_fractions(r"{Q \\over {k - 1}}")
    '\\\\frac{Q}{{k - 1}}'
    """
    before = ""
    while tex != before:
        before = tex
        tex = _OVER.sub(lambda match: f"\\frac{{{match[1].strip()}}}{{{match[2].strip()}}}", tex)
    return tex


def in_lines(text: str) -> str:
    """Return a formula between `$$` whose lines are those of an environment, as TeX has them.

    >>> in_lines(r"$$a &= b \\\\ &= c$$")
    '$$\\\\begin{aligned}\\na &= b \\\\\\\\ &= c\\n\\\\end{aligned}$$'
    """
    found = _FORMULA.match(text)
    if found is None:
        return text
    bare, before = found[2], ""
    while bare != before:
        before, bare = bare, _INNER.sub("", bare)
    if not re.search(r"\\\\|(?<!\\)&", bare):
        return text
    inner = found[2].strip("\n")
    return f"{found[1]}\\begin{{aligned}}\n{inner}\n\\end{{aligned}}{found[3]}"


def with_dollars(text: str) -> str:
    r"""Return text whose formulas are between `$`: R Markdown has `\(…\)`, too.

    >>> with_dollars(r"Of \( x \), not `\(y\)` or $\[a\]$")
    'Of $x$, not `\\(y\\)` or $\\[a\\]$'
    """

    def one(match: re.Match[str]) -> str:
        if match[2]:
            return f"$${match[2]}$$"
        return f"${match[3].strip()}$" if match[3] else match[0]

    return _BACKSLASHED.sub(one, text)


def lines_in_formulas(text: str) -> set[int]:
    """Return the lines among which a formula within a sentence begins, goes on or ends.

    >>> lines_in_formulas("One\\nof $a\\n= b$.\\nAnd $c$.")
    {1, 2}
    """
    found: set[int] = set()
    for match in _GOES_ON.finditer(text):
        if match[0].startswith("$") and not match[0].startswith("$$") and "\n" in match[0]:
            first = text.count("\n", 0, match.start())
            found |= {*range(first, first + match[0].count("\n") + 1)}
    return found


def apart_citations(line: str) -> str:
    """Return a line whose citations in one pair of brackets have semicolons between them.

    >>> apart_citations("Seen [@one2020, @two2021 & @three2022].")
    'Seen [@one2020; @two2021; @three2022].'
    """
    return _COMMAS.sub(lambda match: "; ".join(re.split(_BETWEEN, match[0])), line)


def _converted(text: str, left: list[str]) -> str:
    def one(match: re.Match[str]) -> str:
        name = match[1]
        inside = [each[1:-1] for each in _GROUP.findall(match[3])]
        if name in _WORDS and len(inside) == 1:
            words = (
                "; @".join(re.split(r"\s*,\s*", inside[0])) if "@" in _WORDS[name] else inside[0]
            )
            return _WORDS[name].format(_converted(words, left))
        if name in _PAIRS and len(inside) == 2:
            return _PAIRS[name].format(*inside)
        if name in _SIGNS and not any(inside):
            return _SIGNS[name]
        left.append(match[0])
        return f"<!-- {match[0].replace('-->', '-- >')} -->"

    return _COMMAND.sub(one, _UNKNOWN.sub(r"\\<\1\\>", text))
