"""Pictures in the text of a chapter: each has an alternative text, or says that it has none yet."""

import os
import re
from base64 import b64decode
from collections.abc import Collection, Sequence
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from reviewpress.adopt.cells import not_described
from reviewpress.adopt.inline import on_words
from reviewpress.programs.typesetting import drawing_as_png
from reviewpress.store.digests import digest_bytes

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
_LINKED = re.compile(
    r"\[!\[([^\[\]]*)\]\(((?:https?:)?//[^()\s]+)(?:\s+\"[^\"]*\")?\)(?:\{[^{}]*\})?\]"
    r"\(([^()\s]+)(?:\s+\"[^\"]*\")?\)"
)
"""A picture of the network that is a link, as badges are."""
_TAG = re.compile(r"<img\b[^<>]*>", re.I)
_TAKEN = ("src", "alt", "width", "height", "title", "style")
_DATA = re.compile(
    r"(\]\(\s*<?|\]:\s*<?|\bsrc=[\"']?)data:image/([a-z]+)((?:\+xml)?(?:;[\w=-]+)*),"
    r"([^\s()<>\"']+)",
    re.I,
)
_ENDINGS = {"jpeg": "jpg"}
_NESTED = re.compile(
    r"<a\b[^<>]*\bhref=[\"']?([^\"'\s>]+)[^<>]*>\s*\[([^\[\]]*)\]\([^()]*\)\s*</a>", re.I
)
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
    line = on_words(_ICON.sub("", line), lambda text: _TAG.sub(lambda m: described_tag(m[0]), text))
    if match := FIGURE.match(line):
        inside = _described((match[4] or "{}")[1:-1].strip(), match[2])
        return f"{match[1]}![{match[2]}]({match[3]}){{{inside}}}"
    return on_words(line, lambda text: _BARE.sub(_bare, text))


def described_tag(tag: str) -> str:
    """Return an `<img>` that can be read, with an alternative text.

    >>> described_tag('<img src="a.png" alt="" width=45%" onclick="x()">')
    '<img alt="A figure that is not described yet." src="a.png" width="45%">'
    """
    said = _attributes(tag)
    said["alt"] = said.get("alt", "").strip() or not_described("")
    made = " ".join(f'{key}="{escape(said[key])}"' for key in sorted(said) if key in _TAKEN)
    return f"<img {made}>"


def _attributes(tag: str) -> dict[str, str]:
    """Return the attributes of a tag as browsers read them, whose quotation marks may be odd."""
    found: dict[str, str] = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            for key, value in attrs:
                found.setdefault(key, (value or "").strip('"'))

    Reader().feed(tag)
    return found


def _bare(match: re.Match[str]) -> str:
    inside = _described((match[2] or "{}")[1:-1].strip(), "")
    return f"![]({match[1]}){{{inside}}}"


def placed_line(
    line: str, folder: Path, root: Path, beside: Collection[str] = ()
) -> tuple[str, list[str]]:
    """Return a line whose pictures are files of the original, and what was changed.

    A picture of the network is a link; one that does not exist has another in its place. Those
    that will be `beside` the chapter exist. Bookdown reads names in chapters of a folder from the
    project's, too.
    """
    said: list[str] = []

    def place(words: str, address: str, whole: str) -> str:
        if re.match(r"(?:https?:)?//", address):
            said.append(f"a picture of the network is a link now: download it, {address}")
            return f"[{words or address}]({address})"
        base = root if address.startswith("/") else folder
        if address in (STANDIN, "", *beside) or "{" in address or address.startswith("data:"):
            return whole
        name = unquote(address).lstrip("/")
        if os.path.isfile(base / name):
            return whole
        new = STANDIN
        if os.path.isfile(root / name):
            new = os.path.relpath(root / address.lstrip("/"), folder).replace(os.sep, "/")
        else:
            said.append(f"the picture {address} does not exist; another has its place.")
        at = whole.rindex(address)
        return f"{whole[:at]}{new}{whole[at + len(address) :]}"

    def placed(match: re.Match[str]) -> str:
        return place(match[1], match[2], match[0])

    def linked(match: re.Match[str]) -> str:
        said.append(f"a picture of the network is words now: download it, {match[2]}")
        return f"[{match[1] or match[3]}]({match[3]})"

    def tagged(match: re.Match[str]) -> str:
        given = _attributes(match[0])
        return place(given.get("alt", ""), given.get("src", ""), match[0])

    def changed(text: str) -> str:
        return _NESTED.sub(r"[\2](\1)", _TAG.sub(tagged, _LINKED.sub(linked, text)))

    line = on_words(line, changed)
    if (match := FIGURE.match(line)) and "#fig-" in (match[4] or "") and "//" in match[3]:
        name = re.search(r"#fig-[\w-]+", match[4])
        inner = on_words(f"![]({match[3]})", lambda text: _ANY.sub(placed, text))
        if said and name:
            return f"::: {{{name[0]}}}\n{inner}\n\n{match[2]}\n:::", said
    return on_words(line, lambda text: _ANY.sub(placed, text)), said


def without_data(line: str) -> tuple[str, dict[str, bytes]]:
    """Return a line whose pictures are not written into it, and the files that they are now.

    >>> without_data("![A](data:image/png;base64,QUI=)")
    ('![A](picture-38164fbd.png)', {'picture-38164fbd.png': b'AB'})
    """
    files: dict[str, bytes] = {}

    def one(match: re.Match[str]) -> str:
        content = unquote_to_bytes(match[4])
        try:
            content = b64decode(content, validate=True) if "base64" in match[3] else content
        except ValueError:
            return match[0]
        digest = digest_bytes(content)[:8]
        name = f"picture-{digest}.{_ENDINGS.get(match[2].lower(), match[2].lower())}"
        files[name] = content
        return f"{match[1]}{name}"

    return on_words(line, lambda text: _DATA.sub(one, text)), files


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
