"""Pictures in the text of a chapter: each has an alternative text, or says that it has none yet."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

from reviewpress.adopt.cells import not_described
from reviewpress.adopt.inline import on_words
from reviewpress.programs.typesetting import drawing_as_png

FIGURE = re.compile(
    r"^(\s*)!\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+(?:\s+\"[^\"]*\")?)\)(\{[^}]*\})?\s*$"
)
_BARE = re.compile(r"!\[\]\(([^()\s]+(?:\s+\"[^\"]*\")?)\)(\{[^{}]*\})?")
_ANY = re.compile(r"!\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)(?:\s+\"[^\"]*\")?\)(?:\{[^{}]*\})?")
STANDIN = "placeholder.svg"
"""The picture that stands where one is to be put."""
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200" viewBox="0 0 300 200">'
    b'<path d="M1 1h298v198h-298zl298 198m0-198l-298 198" fill="none" stroke="#767676"/></svg>\n'
)
_ALT = re.compile(r"\bfig-alt=(\"[^\"]*\"|'[^']*')")
_ICON = re.compile(r"<i\s[^<>]*class=\"(?:fa|bi)[^<>]*>\s*</i>")


def put_standin(folder: Path) -> None:
    """Put the picture that stands for others into a folder, and its PNG for Word."""
    file = folder / STANDIN
    file.write_bytes(DRAWING)
    if png := drawing_as_png(file):
        file.with_suffix(".png").write_bytes(png)


def described_line(line: str) -> str:
    """Return a line whose pictures have an alternative text, without signs that only decorate.

    A text that only repeats the caption says nothing of the picture.

    >>> described_line("By year ![](plot.png) here")
    'By year ![](plot.png){fig-alt="A figure that is not described yet."} here'
    """
    line = _ICON.sub("", line)
    if match := FIGURE.match(line):
        inside = _described((match[4] or "{}")[1:-1].strip(), match[2])
        return f"{match[1]}![{match[2]}]({match[3]}){{{inside}}}"
    return on_words(line, lambda text: _BARE.sub(_bare, text))


def _bare(match: re.Match[str]) -> str:
    inside = _described((match[2] or "{}")[1:-1].strip(), "")
    return f"![]({match[1]}){{{inside}}}"


def placed_line(line: str, folder: Path, root: Path) -> tuple[str, list[str]]:
    """Return a line whose pictures are files of the original, and what was changed.

    A picture of the network is a link; one that does not exist has another in its place.
    """
    said: list[str] = []

    def placed(match: re.Match[str]) -> str:
        words, address = match[1], match[2]
        if re.match(r"(?:https?:)?//", address):
            said.append(f"a picture of the network is a link now: download it, {address}")
            return f"[{words or address}]({address})"
        base = root if address.startswith("/") else folder
        if address in (STANDIN, "") or "{" in address or address.startswith("data:"):
            return match[0]
        if (base / unquote(address).lstrip("/")).is_file():
            return match[0]
        said.append(f"the picture {address} does not exist; another has its place.")
        return match[0].replace(f"]({address}", f"]({STANDIN}", 1)

    if (match := FIGURE.match(line)) and "#fig-" in (match[4] or "") and "//" in match[3]:
        name = re.search(r"#fig-[\w-]+", match[4])
        inner = on_words(f"![]({match[3]})", lambda text: _ANY.sub(placed, text))
        if said and name:
            return f"::: {{{name[0]}}}\n{inner}\n\n{match[2]}\n:::", said
    return on_words(line, lambda text: _ANY.sub(placed, text)), said


def joined_pictures(lines: Sequence[str]) -> list[str]:
    """Return lines with each picture on one: a caption of several lines is joined.

    As many lines stay, empty ones after it.
    """
    made = list(lines)
    for at, line in enumerate(made):
        if not line.lstrip().startswith("![") or "](" in line:
            continue
        end = next((n for n in range(at + 1, len(made)) if "](" in made[n]), None)
        if end is None or not all(each.strip() for each in made[at:end]):
            continue
        joined = " ".join([line, *(each.strip() for each in made[at + 1 : end + 1])])
        if FIGURE.match(joined):
            made[at : end + 1] = [joined, *[""] * (end - at)]
    return made


def _described(attributes: str, caption: str) -> str:
    given = _ALT.search(attributes)
    if given is None:
        return f'{attributes} fig-alt="{not_described(caption)}"'.strip()
    if caption and given[1][1:-1].strip() == caption.strip():
        return _ALT.sub(f'fig-alt="{not_described(caption)}"'.replace("\\", ""), attributes)
    return attributes
