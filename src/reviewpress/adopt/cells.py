"""Code cells that are moved in: options in braces, pictures of files, cells with other engines.

R Markdown has the options of a chunk in its braces, `{r plot, fig.cap="A line", echo=FALSE}`; they
become lines `#| fig-cap: "A line"`. A chunk that only shows a file becomes an image.
"""

import json
import re
from collections.abc import Sequence

from reviewpress.figures.published import NOT_DESCRIBED

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


_SETUP = re.compile(r"\A\s*(?:knitr::)?opts_(?:chunk|knit)\$set\(.*\)\s*\Z", re.S)
_COMPUTED = re.compile(r"^#\| ?[\w.-]+: ?!expr ")


def not_described(caption: str) -> str:
    """Return the alternative text of a figure whose author gave none.

    >>> not_described("By *year*")
    'A figure that is not described yet: By year.'
    """
    words = " ".join(re.sub(r"\[@[^\]]*\]|[*_`^~$\\{}\[\]\"<>]", "", caption).split())
    return f"{NOT_DESCRIBED}: {words.rstrip('.')}." if words else f"{NOT_DESCRIBED}."


def convert_cell(language: str, header: str, code: Sequence[str]) -> list[str] | None:
    """Return the lines of a cell with its options as lines; None where nothing is to change.

    >>> convert_cell("r", 'plot, fig.cap="A line", echo=FALSE', ["plot(x)"])[1:3]
    ['#| label: plot', '#| fig-cap: "A line"']
    """
    own = [line for line in code if not line.startswith("#|")]
    hashed = dict(_hashed(code))
    picture = _PICTURE.match("\n".join(own)) if language == "r" else None
    if picture:
        return [_image(picture[2], {**dict(_options(header)), **hashed})]
    if language == "r" and _SETUP.match("\n".join(own)):
        return []
    lines = [f"#| {name}: {value}" for name, value in _options(header)]
    given = {**dict(_options(header)), **hashed}
    caption, label = given.get("fig-cap", ""), given.get("label", "")
    is_figure = bool(caption) or label.startswith("fig-")
    is_one = not caption.startswith("[") and "fig-subcap" not in given
    if is_figure and is_one and "fig-alt" not in given and "!expr" not in caption:
        lines.append(
            f"#| fig-alt: {json.dumps(not_described(_unquoted(caption)), ensure_ascii=False)}"
        )
    computed = [each for each in (*lines, *code) if _COMPUTED.match(each)]
    if not (header or lines or computed):
        return None
    # What R would compute no notebook does: said as a comment.
    kept = [each for each in (*lines, *code) if each not in computed]
    left = [f"# left out: {each.removeprefix('#|').strip()}" for each in computed]
    options = [each for each in kept if each.startswith("#|")]
    rest = [each for each in kept if not each.startswith("#|")]
    return [f"```{{{language}}}", *options, *left, *rest, "```"]


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
    alt = _unquoted(options.get("fig-alt", "")) or not_described(caption)
    label = options.get("label", "").removeprefix("fig-")
    parts = [f"#fig-{label}"] if label and caption else []
    parts += [f'fig-alt="{alt}"'.replace('\\"', "'")] if alt else []
    width = _unquoted(options.get("out-width", ""))
    parts += [f'width="{width}"'] if re.fullmatch(r"\d+(?:px|%|cm|in)", width) else []
    return f"![{caption}]({path}){{{' '.join(parts)}}}" if parts else f"![{caption}]({path})"


def _unquoted(text: str) -> str:
    bare = text.removeprefix("!expr ")
    return bare[1:-1] if bare[:1] in "\"'" and bare[-1:] == bare[:1] else bare
