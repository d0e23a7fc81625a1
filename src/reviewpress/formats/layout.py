"""How formats that are one file are laid out: paper, sizes, lists, and the PDF's standards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reviewpress.config import Config
from reviewpress.config.options import Options
from reviewpress.formats.objects import TYPST, find_format
from reviewpress.programs.pdf_standards import PDF_STANDARDS, conflict

_PDF_CONTENTS = 1
"""Parts and chapters: one page of contents, and then the text."""
_US_PAPER = ("letter", "legal", "executive")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a document: which there are, how deep contents go, their title."""

    contents: bool
    depth: int
    title: str
    figures: bool
    tables: bool


def lists_of(options: Options, labels: Mapping[str, str], *, depth: int = 2) -> Lists:
    """Return the lists that a document has; contents go `depth` deep where nothing else is said."""
    depth = options.number("toc-depth", depth)
    return Lists(
        contents=options.truth("toc", otherwise=True) and depth > 0,
        depth=depth,
        title=options.text("toc-title", labels["toc-title-document"]),
        figures=options.truth("lof", otherwise=True),
        tables=options.truth("lot", otherwise=True),
    )


def typst_metadata(options: Options, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return what the template of the PDF is told of pages and lists, where it is not as usual."""
    lists = lists_of(options, labels, depth=_PDF_CONTENTS)
    told: dict[str, Any] = {
        "papersize": _typst_paper(options.text("papersize")),
        "fontsize": options.text("fontsize"),
        "margins": [
            {"side": side, "length": str(length)}
            for side, length in (options.data.get("margin") or {}).items()
        ],
        "reviewpress-labels": {**labels, "toc-title-document": lists.title},
        "no-toc": not lists.contents,
        "toc-levels": str(lists.depth) if lists.depth != _PDF_CONTENTS else "",
        **{
            f"{'with' if wanted else 'no'}-{name}": wanted is False or name in options.data
            for name, wanted in (("lof", lists.figures), ("lot", lists.tables))
        },
    }
    return {name: value for name, value in told.items() if value}


def pdf_standards(config: Config) -> tuple[str, ...]:
    """Return what the PDF has to conform to.

    The extension's format asks for PDF/UA-1 always, as it does under Quarto.
    """
    given = [str(name) for name in config.options(TYPST.name).items("pdf-standard")]
    if not given:
        return PDF_STANDARDS
    named = config.metadata.get("format")
    ours = [name for name in named or () if find_format(str(name)) is TYPST]
    if any(str(name).startswith("reviewpress") for name in ours):
        given += [] if conflict([*given, "ua-1"]) else ["ua-1"]
    return tuple(sorted(set(given)))


def _typst_paper(name: str) -> str:
    """Return what Typst calls a paper that may be named as LaTeX does."""
    plain = re.sub(r"paper$", "", name)
    return f"us-{plain}" if plain in _US_PAPER else plain
