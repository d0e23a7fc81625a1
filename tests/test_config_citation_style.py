"""Files of citation styles that pandoc could not use, or would use without end."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reviewpress.config.citation_style import wrong_style
from reviewpress.errors import OutOfTime
from reviewpress.formats.citations import _refused_style

STYLE = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0"><info><title>A</title></info>'
    '{}<citation><layout><text macro="top"/></layout></citation></style>'
)
TOP = '<macro name="top"><text macro="m{}"/></macro>'
FIRST = '<macro name="m0"><text variable="title"/></macro>'
TWICE = '<macro name="m{0}"><text macro="m{1}"/><text macro="m{1}"/></macro>'
CHOICE = (
    '<macro name="m{0}"><choose><if type="book"><text macro="m{1}"/></if>'
    "<else>{2}</else></choose></macro>"
)


def doubling(times: int, each: str = TWICE) -> str:
    """Return a style each of whose macros asks for the one before it twice."""
    again = '<text macro="m{}"/>'
    macros = "".join(each.format(n, n - 1, again.format(n - 1)) for n in range(1, times + 1))
    return STYLE.format(FIRST + macros + TOP.format(times))


def said(path: Path, content: bytes) -> str:
    """Return what is wrong with a style; nothing where nothing is."""
    path.write_bytes(content)
    wrong = wrong_style(path, path.parent)
    return "" if wrong is None else f"{wrong.where}: {wrong.message}"


@pytest.mark.parametrize("each", [TWICE, CHOICE])
def test_macros_that_double(each: str, tmp_path: Path) -> None:
    """Some do in every style; where it would come to millions of millions, it is said."""
    path = tmp_path / "own.csl"
    assert said(path, doubling(12, each).encode()) == ""
    for times in (40, 3000):
        found = said(path, doubling(times, each).encode())
        assert found.startswith("own.csl, line 2: the macro")
        assert "of the citation style comes to" in found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1"])
def test_a_style_in_another_encoding(encoding: str, tmp_path: Path) -> None:
    """XML may be written so, but pandoc does not read it."""
    text = doubling(1).replace("utf-8", encoding.removesuffix("-le")).replace(">A<", ">Á<")
    assert said(tmp_path / "own.csl", text.encode(encoding)) == (
        "own.csl: the citation style is not in UTF-8."
    )
    assert said(tmp_path / "own.csl", doubling(1).replace(">A<", ">Á<").encode("utf-8-sig")) == ""


def test_a_style_that_takes_too_long_is_named(tmp_path: Path) -> None:
    """Where pandoc is stopped as it sets the citations, the style is the first thing to look at."""
    config: Any = SimpleNamespace(csl=tmp_path / "csl" / "own.csl", root=tmp_path)
    manuscript: Any = SimpleNamespace(book=SimpleNamespace(config=config))
    error = _refused_style(OutOfTime("pandoc", 121), manuscript)
    assert str(error).startswith("csl/own.csl: pandoc was stopped after 121 seconds.")
    assert "program-seconds" in str(error)
