"""The citation style of a review: a file in CSL that pandoc can use without asking the network."""

from pathlib import Path
from xml.etree import ElementTree

from reviewpress.errors import Place, Problem

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
    return None
