"""The citation style of a review: a file in CSL that pandoc can use without asking the network."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from reviewpress.errors import Place, Problem, nearest

_CSL = "{http://purl.org/net/xbiblio/csl}"
_MOST = 50_000_000
"""How many elements the macros of a style may come to, each put in where it is asked for.

Of the styles of the Zotero repository none has more than three million: those of Chicago.
"""
_FETCH = "Download it from the Zotero style repository, or from where you had this one."


def wrong_style(path: Path, root: Path) -> Problem | None:
    """Return what keeps a file from being used as a citation style; None where nothing does.

    A dependent style holds no rules, but the address of the style that does: pandoc would fetch it.
    """
    name = path.relative_to(root).as_posix()
    try:
        content = path.read_bytes()
        style = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError, OSError) as error:
        line = getattr(error, "position", (None,))[0]
        message = f"the citation style cannot be read as XML: {error}."
        return Problem("config", message, Place(name, line=line), _FETCH)
    if style.tag != f"{_CSL}style":
        message = "the file is not a citation style in CSL: it does not begin with <style>."
        return Problem("config", message, Place(name), _FETCH)
    for link in style.iter(f"{_CSL}link"):
        if link.get("rel") == "independent-parent":
            parent = str(link.get("href")).rpartition("/")[2]
            message = f"the citation style holds no rules: it only refers to the style {parent}."
            return Problem("config", message, Place(name), f"Use {parent}.csl in its place.")
    if style.find(f"{_CSL}citation/{_CSL}layout") is None:
        message = (
            "the citation style does not say how to cite: it has no <citation> with a <layout>."
        )
        return Problem("config", message, Place(name), _FETCH)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        # XML may be in other encodings; pandoc reads none.
        message = "the citation style is not in UTF-8."
        return Problem("config", message, Place(name), "Save it in UTF-8, and name no other.")
    return _wrong_macro(style, text, name)


def _wrong_macro(style: ElementTree.Element, text: str, name: str) -> Problem | None:
    """Return what is wrong with the macros: one that is not there, or that asks for itself, or
    that asks for others which ask for others twice, and so on.

    Pandoc would say so only when a citation needs one, or would never come to an end.
    """
    uses = {str(macro.get("name")): _macros_in(macro) for macro in style.iter(f"{_CSL}macro")}
    for asked in _macros_in(style):
        if asked not in uses:
            message = f'the citation style asks for the macro "{asked}", which it does not have.'
            return Problem("config", message, _place(text, name, asked), nearest(asked, uses))
        if _leads_to_itself(asked, uses):
            message = f'the macro "{asked}" of the citation style asks for itself.'
            return Problem("config", message, _place(text, name, asked), _FETCH)
    for macro, size in _sizes(style, uses).items():
        if size > _MOST:
            message = f'the macro "{macro}" of the citation style comes to {size:.0e} elements.'
            return Problem("config", message, _place(text, name, macro), _FETCH)
    return None


def _sizes(style: ElementTree.Element, uses: Mapping[str, list[str]]) -> dict[str, int]:
    """Return how many elements each macro comes to with those that it asks for.

    None asks for itself. The first that is too large is the last.
    """
    asked = {
        str(macro.get("name")): [each.get("macro") for each in macro.iter()]
        for macro in style.iter(f"{_CSL}macro")
    }
    found: dict[str, int] = {}
    waiting = [*uses]
    while waiting:
        macro = waiting[-1]
        missing = [each for each in uses[macro] if each not in found]
        waiting += missing
        if not missing:
            waiting.pop()
            found[macro] = sum(1 + found.get(str(each), 0) for each in asked[macro])
            if found[macro] > _MOST:
                break
    return found


def _macros_in(element: ElementTree.Element) -> list[str]:
    found = (each.get("macro") for each in element.iter())
    return list(dict.fromkeys(each for each in found if each is not None))


def _leads_to_itself(macro: str, uses: Mapping[str, list[str]]) -> bool:
    seen: set[str] = set()
    waiting = list(uses[macro])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += uses.get(each, [])
    return macro in seen


def _place(text: str, name: str, macro: str) -> Place:
    found = re.search(rf"""macro\s*=\s*["']{re.escape(macro)}["']""", text)
    return Place(name, line=text.count("\n", 0, found.start()) + 1 if found else None)
