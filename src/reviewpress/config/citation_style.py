"""The citation style of a review: a file in CSL that pandoc can use without asking the network."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from reviewpress.errors import Place, Problem, nearest

_CSL = "{http://purl.org/net/xbiblio/csl}"
_FETCH = "Download it from the Zotero style repository, or from where you had this one."


def wrong_style(path: Path, root: Path) -> Problem | None:
    """Return what keeps a file from being used as a citation style; None where nothing does.

    A dependent style holds no rules, but the address of the style that does: pandoc would fetch it.
    """
    name = path.relative_to(root).as_posix()
    try:
        style = ElementTree.fromstring(path.read_bytes())
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
    return _wrong_macro(style, path.read_text("utf-8", "replace"), name)


def _wrong_macro(style: ElementTree.Element, text: str, name: str) -> Problem | None:
    """Return what is wrong with the macros: one that is not there, or that asks for itself.

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
    return None


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
