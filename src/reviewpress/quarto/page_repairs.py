"""Faults in the markup around Quarto's pages, repaired where a project's hook can.

Seen with Quarto 1.10.18 on 29 November 2026: a style sheet is linked with an attribute that HTML
does not have; two navigation landmarks have no names; what opens a part in the sidebar has the role
of a landmark; links to the page before and after are called by a chapter's title alone, without its
number and which of the two they are (WCAG 2.5.3, 1.3.1).
"""

import re
from collections.abc import Mapping
from functools import partial
from html import escape, unescape
from pathlib import Path

from reviewpress.config import Config
from reviewpress.labels import load_labels
from reviewpress.store.files import write_atomically

_HASHED = re.compile(r'(<link\b[^<>]*?) append-hash="true"')
_OPENER = re.compile(r'(<a\b[^<>]*?) role="navigation"')
_SIDEBAR = re.compile(r'<nav id="quarto-sidebar"(?![^<>]* aria-label=)')
_TURNS = '<nav class="page-navigation">'
_TURN = re.compile(
    r'(<div class="nav-page nav-page-(previous|next)">\s*<a\b[^<>]*?)(?: aria-label="[^"]*")?'
    r"(>(.*?)</a>)",
    re.DOTALL,
)
_TAG = re.compile(r"<[^<>]*>")


def repair_pages(config: Config, folder: Path) -> None:
    """Repair the pages of an edition that Quarto wrote into a folder."""
    labels = load_labels(config)
    for path in sorted(folder.rglob("*.html")):
        if "site_libs" in path.parts:
            continue
        made = path.read_text(encoding="utf-8")
        repaired = repair_page(made, labels)
        if repaired != made:
            write_atomically(path, repaired.encode())


def repair_page(text: str, labels: Mapping[str, str]) -> str:
    """Return a page of Quarto's with what is wrong in its markup repaired."""
    text = _HASHED.sub(r"\1", text)
    text = _OPENER.sub(r'\1 role="button"', text)
    contents = escape(labels["toc-title-document"])
    text = _SIDEBAR.sub(f'<nav id="quarto-sidebar" aria-label="{contents}"', text)
    turns = escape(labels["page-turns"])
    text = text.replace(_TURNS, f'{_TURNS[:-1]} aria-label="{turns}">')
    return _TURN.sub(partial(_name_turn, labels), text)


def _name_turn(labels: Mapping[str, str], link: re.Match[str]) -> str:
    """Call a link to the page before or after by which it is and by the words that it shows."""
    words = " ".join(unescape(_TAG.sub("", link[4])).split())
    name = f"{labels[f'{link[2]}-page']}: {words}"
    return f'{link[1]} aria-label="{escape(name)}"{link[3]}'
