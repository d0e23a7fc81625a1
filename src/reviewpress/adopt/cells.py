"""Code cells that are moved in: options in braces, pictures of files, cells with other engines.

R Markdown has the options of a chunk in its braces, `{r plot, fig.cap="A line", echo=FALSE}`; they
become lines `#| fig-cap: "A line"`. A chunk that only shows a file becomes an image.
"""

import re
from collections.abc import Sequence

_OPTION = re.compile(
    r"\s*(?:([\w.-]+)\s*=\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\w.]+\([^()]*\)|[^,\s]+)\s*,?"
)
_PICTURE = re.compile(
    r"\A\s*(?:knitr::)?include_graphics\(\s*(?:path\s*=\s*)?([\"'])([^\"']+)\1[^()]*\)\s*\Z"
)
_LITERALS = {"TRUE": "true", "FALSE": "false", "T": "true", "F": "false", "NULL": "null"}
_HASHED = re.compile(r"^#\| ?([\w.-]+): ?(.*)$")
_RENAMED = {"results": "output", "fig-align": "fig-align"}
_SHOWS = {"'asis'": "asis", '"asis"': "asis", "'hide'": "false", '"hide"': "false"}


def convert_cell(language: str, header: str, code: Sequence[str]) -> list[str] | None:
    """Return the lines of a cell with its options as lines; None where nothing is to change.

    >>> convert_cell("r", 'plot, fig.cap="A line", echo=FALSE', ["plot(x)"])
    ['```{r}', '#| label: plot', '#| fig-cap: "A line"', '#| echo: false', 'plot(x)', '```']
    """
    own = [line for line in code if not line.startswith("#|")]
    hashed = dict(_hashed(code))
    picture = _PICTURE.match("\n".join(own)) if language == "r" else None
    if picture:
        return [_image(picture[2], {**dict(_options(header)), **hashed})]
    lines = [f"#| {name}: {value}" for name, value in _options(header)]
    given = {**dict(_options(header)), **hashed}
    caption = given.get("fig-cap", "")
    if language == "python" and caption and "fig-alt" not in given:
        lines.append(f"#| fig-alt: {caption}")
    return [f"```{{{language}}}", *lines, *code, "```"] if header or lines else None


def _options(header: str) -> list[tuple[str, str]]:
    found = []
    for number, match in enumerate(_OPTION.finditer(header)):
        name, value = match[1], match[2]
        if name is None:
            # The first word is the name of the chunk; others are classes and the like.
            if number == 0 and re.fullmatch(r"[\w-]+", value):
                found.append(("label", value))
            continue
        name = name.replace(".", "-")
        if name == "results" and value in _SHOWS:
            found.append(("output", _SHOWS[value]))
        elif name != "results":
            found.append((name, _value(value)))
    return found


def _value(text: str) -> str:
    """Return a value of R as one of YAML; what R would compute is marked so, as knitr has it."""
    if text in _LITERALS:
        return _LITERALS[text]
    is_literal = text[:1] in "\"'" or re.fullmatch(r"-?\d+(?:\.\d+)?", text)
    return text if is_literal else f"!expr {text}"


def _hashed(code: Sequence[str]) -> list[tuple[str, str]]:
    found = (_HASHED.match(line) for line in code)
    return [(match[1], match[2]) for match in found if match]


def _image(path: str, options: dict[str, str]) -> str:
    caption = _unquoted(options.get("fig-cap", ""))
    alt = _unquoted(options.get("fig-alt", "")) or re.sub(r"[*_`\[\]]", "", caption)
    label = options.get("label", "").removeprefix("fig-")
    parts = [f"#fig-{label}"] if label and caption else []
    parts += [f'fig-alt="{alt}"'.replace('\\"', "'")] if alt else []
    width = _unquoted(options.get("out-width", ""))
    parts += [f'width="{width}"'] if re.fullmatch(r"\d+(?:px|%|cm|in)", width) else []
    return f"![{caption}]({path}){{{' '.join(parts)}}}" if parts else f"![{caption}]({path})"


def _unquoted(text: str) -> str:
    bare = text.removeprefix("!expr ")
    return bare[1:-1] if bare[:1] in "\"'" and bare[-1:] == bare[:1] else bare
