"""Code cells that are moved in: options in braces, pictures of files, cells with other engines.

R Markdown has the options of a chunk in its braces, `{r plot, fig.cap="A line", echo=FALSE}`; they
become lines `#| fig-cap: "A line"`. A chunk that only shows a file becomes an image.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence

from reviewpress.figures.published import NOT_DESCRIBED

KERNELS: Mapping[str, tuple[str, str]] = {
    "python": ("Python", "python3"), "r": ("R", "ir"), "julia": ("Julia", "julia"),
}  # fmt: skip
"""The languages of cells that can be executed: their names, and those of their kernels."""
_OPTION = re.compile(
    r"\s*(?:([\w.-]+)\s*=\s*)?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[\w.]+\([^()]*\)|[^,\s]+)\s*,?"
)
_PICTURE = re.compile(
    r"\A\s*(?:knitr::)?include_graphics\(\s*(?:path\s*=\s*)?([\"'])([^\"']+)\1[^()]*\)\s*\Z"
)
_LITERALS = {"TRUE": "true", "FALSE": "false", "T": "true", "F": "false", "NULL": "null"}
_MARK = r"(?:#|//|%%|--)\|"
"""What an option begins with: a comment of the language, in Mermaid, Graphviz, Observable, SQL."""
_OPTION_LINE = re.compile(_MARK)
_HASHED = re.compile(rf"^{_MARK} ?([\w.-]+): ?(.*)$")
_RENAMED = {"results": "output", "fig-align": "fig-align"}
_SHOWS = {"'asis'": "asis", '"asis"': "asis", "'hide'": "false", '"hide"': "false"}


NOT_MADE = "Not made yet."
"""The caption of a figure or table whose code is not executed, and that has none."""
_DRAWING = {
    "r": re.compile(
        r"^[^#]*\b(?:\w*plot\w*|hist|curve|pairs|pie|persp|contour|forest|funnel|geom_\w+)\("
    ),
    "python": re.compile(
        r"^(?!\s*(?:import|from)\b)[^#]*(?:\bplt\.|\bsns\.|\.plot\b|\bggplot\(|\.hist\()"
    ),
}
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_KABLE = re.compile(r"\b(?:kable|kbl|gt|flextable)\b[\s\S]*?\bcaption\s*=\s*(\"[^\"]+\"|'[^']+')")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
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
        return [picture_line(picture[2], {**dict(_options(header)), **hashed})]
    if language == "r" and _SETUP.match("\n".join(own)):
        return []
    lines = [f"#| {name}: {value}" for name, value in _options(header) if name not in hashed]
    given = {**dict(_options(header)), **hashed}
    caption, label = given.get("fig-cap", ""), given.get("label", "")
    is_figure = bool(caption) or label.startswith("fig-") or _draws(language, own, given)
    is_one = not caption.startswith("[") and "fig-subcap" not in given
    alt = given.get("fig-alt", "")
    is_told = bool(alt) and _unquoted(alt).strip() != _unquoted(caption).strip()
    if is_figure and is_one and not is_told and "!expr" not in caption:
        code = [line for line in code if not line.startswith("#| fig-alt:")]
        lines = [line for line in lines if not line.startswith("#| fig-alt:")]
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


def _draws(language: str, code: Sequence[str], options: Mapping[str, str]) -> bool:
    """Say whether code seems to show a picture."""
    if {options.get("include"), options.get("output"), options.get("eval")} & {"false"}:
        return False
    drawing = _DRAWING.get(language)
    return bool(drawing and any(drawing.search(line) for line in code))


def is_executed(language: str, header: str, code: Sequence[str]) -> bool:
    """Say whether a cell is executed: it neither only shows a file nor is it said not to be."""
    own = "\n".join(line for line in code if not line.startswith("#|"))
    given = cell_options(header, code)
    if given.get("error") == "true":
        # It is there to fail, which no cell of a review may.
        return False
    return given.get("eval") != "false" and bool(own.strip()) and not is_replaced(language, code)


def is_replaced(language: str, code: Sequence[str]) -> bool:
    """Say whether a cell needs no kernel: it only shows a file, or sets options of knitr."""
    own = "\n".join(line for line in code if not line.startswith("#|"))
    return language == "r" and bool(_PICTURE.match(own) or _SETUP.match(own))


def shown_cell(
    language: str,
    header: str,
    code: Sequence[str],
    *,
    fence: str = "```",
    taken: Collection[str] = (),
) -> list[str]:
    """Return the lines of a cell that is not executed: its code, in place of what it makes.

    `taken` are labels that the text has already. What is referred to, a figure or a table, holds
    the code until it is made. Code that the author has hidden and that publishes nothing is left
    out.

    >>> shown_cell("r", 'plot, fig.cap="A line"', ["plot(x)"])
    ['::: {#fig-plot}', '```r', 'plot(x)', '```', '', 'A line', ':::']
    """
    given = cell_options(header, code)
    own = [line for line in code if not _OPTION_LINE.match(line)]
    while own and not own[0].strip():
        own = own[1:]
    if given.get("include") == "false" or not own:
        return []
    shown = [f"{fence}{language}", *own, fence]
    label, kind = given.get("label", ""), ""
    caption = given.get("fig-cap", "")
    kind = "fig" if caption or label.startswith("fig-") else ""
    if table := given.get("tbl-cap") or _table_caption(own):
        kind, caption = "tbl", table
    elif label.startswith("tbl-"):
        kind = "tbl"
    if not kind or not label or label in taken:
        return shown
    label = f"{kind}-{label.removeprefix(f'{kind}-')}"
    return [f"::: {{#{label}}}", *shown, "", _caption_text(caption) or NOT_MADE, ":::"]


def _table_caption(code: Sequence[str]) -> str:
    """Return the caption that code in R gives a table; empty where it gives none."""
    match = _KABLE.search("\n".join(each for each in code if not each.lstrip().startswith("#")))
    return match[1] if match else ""


def _caption_text(caption: str) -> str:
    """Return a caption in one line without HTML; captions of parts are one after the other."""
    bare = caption.removeprefix("!expr ").strip()
    parts = _QUOTED.findall(bare) if bare[:1] in "[c" else []
    words = "; ".join(part[1:-1] for part in parts) or _unquoted(bare)
    return " ".join(_TAG.sub(" ", words).split())


def cell_options(header: str, code: Sequence[str]) -> dict[str, str]:
    """Return the options of a cell as they are written, those on lines before those in braces."""
    return {**dict(_options(header)), **dict(_hashed(code))}


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


def picture_line(path: str, options: Mapping[str, str]) -> str:
    """Return an image of a file, with what the options of its cell say of it."""
    caption = _unquoted(options.get("fig-cap", ""))
    alt = _unquoted(options.get("fig-alt", "")) or not_described(caption)
    label = options.get("label", "").removeprefix("fig-")
    parts = [f"#fig-{label}"] if label and caption else []
    parts += [f'fig-alt="{alt}"'.replace('\\"', "'")] if alt else []
    width = _unquoted(options.get("out-width", ""))
    parts += [f'width="{width}"'] if re.fullmatch(r"\d+(?:px|%|cm|in)", width) else []
    return f"![{caption}]({path}){{{' '.join(parts)}}}" if parts else f"![{caption}]({path})"


def _unquoted(text: str) -> str:
    """Return a text of R or YAML without its quotation marks, and with a backslash for two.

    >>> _unquoted('"One \\\\"two\\\\""')
    'One "two"'
    """
    bare = text.removeprefix("!expr ")
    if bare[:1] not in ("'", '"') or bare[-1:] != bare[:1]:
        return bare
    is_escaped = bare[0] == '"' or "''" not in bare[1:-1]
    return re.sub(r"\\([\\\"'])", r"\1", bare[1:-1]) if is_escaped else bare[1:-1]
