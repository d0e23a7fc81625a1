"""What a notebook that somebody has open shows of what its cells end with: as the page will.

A build keeps Markdown, which Jupyter would show with its marks. `give_forms` gives Jupyter forms in
HTML: of boxes, tables with captions, figures, findings, and what headlines claim. A build asks for
none of them.
"""

from __future__ import annotations

import base64
import html
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from reviewpress.assemble import ast
from reviewpress.assemble.ast import Node
from reviewpress.config import Config
from reviewpress.context import review_config, review_labels, review_root
from reviewpress.errors import ReportError
from reviewpress.evidence.box import EvidenceBox
from reviewpress.evidence.findings import Code, Finding
from reviewpress.evidence.headlines import Rank, Ranking, Share
from reviewpress.figures.published import RUN_ENV, Published
from reviewpress.labels import KINDS
from reviewpress.markdown import Markdown
from reviewpress.programs.tools import run_pandoc
from reviewpress.references import load_references

STYLE = """<style>
.rp-shown { max-width: 42em; line-height: 1.5; font-family: sans-serif; }
.rp-shown .evidence-box, .rp-shown .key-message, .rp-shown .rp-finding
  { border-left: 4px solid #0b8a9c; background: #80808014; padding: .6em 1.2em; margin: 1em 0; }
.rp-shown .comment, .rp-shown .todo { border: 1px dashed; padding: 0 .4em; font-style: italic; }
.rp-shown caption, .rp-shown figcaption { text-align: left; padding: .3em 0; }
.rp-shown table { border-collapse: collapse; margin: .5em 0; }
.rp-shown :is(td, th):not([style]) { text-align: left; }
.rp-shown :is(td, th) { border-bottom: 1px solid #80808066; padding: .2em .6em; white-space: normal;
  vertical-align: top; }
.rp-shown figure { margin: 1em 0; } .rp-shown img { max-width: 100%; background: #fff; }
</style>"""
"""How it looks on a light and on a dark screen."""


def give_forms() -> None:
    """Give the notebook that is open, if one is, the forms of what its cells may end with."""
    jupyter = sys.modules.get("IPython")
    shell = jupyter.get_ipython() if jupyter is not None else None
    if shell is None or os.environ.get(RUN_ENV):
        return
    forms = shell.display_formatter.formatters["text/html"]
    for kind, form in _FORMS.items():
        forms.for_type(kind, form)


def to_html(config: Config, parts: Sequence[tuple[str, str]]) -> str:
    """Turn parts, each (kind, text), into HTML: Markdown by pandoc in one go, HTML as it is."""
    kept = {f"reviewpress-part-{n}": text for n, (kind, text) in enumerate(parts) if kind == "html"}
    text = "\n\n".join(
        part if kind == "markdown" else f"reviewpress-part-{n}"
        for n, (kind, part) in enumerate(parts)
    )
    reading = ["--from", "markdown", "--to", "json"]
    seconds = config.limits.program(len(text))
    tree = json.loads(run_pandoc(reading, text, folder=config.root, seconds=seconds))
    _cite(tree["blocks"], config)
    for node in ast.walk(tree["blocks"]):
        if node["t"] == "Para" and (name := ast.text(node["c"])) in kept:
            node |= {"t": "RawBlock", "c": ["html", kept[name]]}
        elif node["t"] == "Div" and "figure-data" in node["c"][0][1]:
            node["c"][1] = _to_open(node["c"][1])
        elif node["t"] == "Table":
            # The shares are those of a printed page.
            node["c"][2] = [[side, {"t": "ColWidthDefault"}] for side, _ in node["c"][2]]
    arguments = ["--from", "json", "--to", "html", "--wrap", "none"]
    return run_pandoc(arguments, json.dumps(tree), folder=config.root, seconds=seconds)


def shown(content: str) -> str:
    """Return HTML in the look of what is shown in a notebook."""
    return f'{STYLE}<div class="rp-shown">{content}</div>'


def _to_open(blocks: list[Node]) -> list[Node]:
    """Return the data of a figure as a page has them: there for readers who ask."""
    label = html.escape(review_labels()["figure-data"])
    opening = {"t": "RawBlock", "c": ["html", f"<details><summary>{label}</summary>"]}
    return [opening, *blocks, {"t": "RawBlock", "c": ["html", "</details>"]}]


def _cite(blocks: list[Node], config: Config) -> None:
    """Put in the place of each citation what readers see: raised codes, or authors and year."""
    cites = [node for node in ast.walk(blocks) if node["t"] == "Cite"]
    try:
        known = load_references(config).references if cites else {}
    except ReportError:
        known = {}
    titles = {
        ast.identifier(node): ast.heading_text(node)
        for node in ast.walk(blocks)
        if cites and node["t"] == "Header"
    }
    for node in cites:
        keys = [citation["citationId"] for citation in node["c"][0]]
        if words := _reference(keys, titles):
            node["t"], node["c"] = "Span", [["", [], []], [{"t": "Str", "c": words}]]
            continue
        found = [known[key] for key in keys if key in known]
        if len(found) < len(keys):
            continue
        codes = [str(reference.code) for reference in found if reference.group == "included"]
        others = [reference.label for reference in found if reference.group != "included"]
        content: list[Node] = []
        if others:
            content.append({"t": "Str", "c": f"[{'; '.join(others)}]"})
        if codes:
            content.append({"t": "Superscript", "c": [{"t": "Str", "c": ",".join(codes)}]})
        node["t"], node["c"] = "Span", [["", [], []], content]


def _reference(keys: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return what a cross-reference leads to, in words: its number is known to a build alone."""
    labels = review_labels()
    found = []
    for key in keys:
        kind, _, name = key.partition("-")
        if kind not in KINDS or not name:
            return ""
        found.append(f"{labels.in_reference(kind)} “{titles.get(key, name.replace('-', ' '))}”")
    return ", ".join(found)


def _markdown(text: str) -> str | None:
    """Return Markdown as HTML; None in a build, and where it cannot be: Jupyter shows it then."""
    if os.environ.get(RUN_ENV):
        return None
    try:
        return shown(to_html(review_config(review_root()), [("markdown", text)]))
    except ReportError:
        return None


def _box(box: EvidenceBox) -> str | None:
    return _markdown(box._repr_markdown_())


def _inline(text: Markdown) -> str | None:
    return _markdown(text.text)


def _published(published: Published) -> str | None:
    found = _markdown(published.markdown)
    for path in published.files if found else ():
        if path.suffix == ".png":
            picture = base64.b64encode(path.read_bytes()).decode()
            address = f"../figures/{path.stem}.svg"
            found = str(found).replace(f'src="{address}"', f'src="data:image/png;base64,{picture}"')
    return found


def _finding(finding: Finding) -> str | None:
    """Return a finding as its row has it: a card that no page has."""
    rows = {
        finding.id: finding.statement,
        "for": _codes(finding.papers),
        "against": _codes(finding.against),
        "place": finding.place,
        "caveat": finding.caveat,
    }
    return _rows({name: text for name, text in rows.items() if text}, "rp-finding")


def _codes(codes: Sequence[Code]) -> str:
    return ", ".join(map(str, codes))


def _ranking(ranking: Ranking) -> str | None:
    return _rows({str(rank): rank.number for rank in ranking.ranks})


def _said(value: Rank | Share) -> str | None:
    return None if os.environ.get(RUN_ENV) else shown(f"<p>{html.escape(str(value))}</p>")


def _rows(rows: Mapping[str, str], name: str = "") -> str | None:
    if os.environ.get(RUN_ENV):
        return None
    cells = "".join(
        f'<tr><th scope="row">{html.escape(head)}</th><td>{html.escape(text)}</td></tr>'
        for head, text in rows.items()
    )
    return shown(f'<div class="{name}"><table>{cells}</table></div>')


_FORMS: Mapping[type, Callable[..., str | None]] = {
    EvidenceBox: _box,
    Finding: _finding,
    Markdown: _inline,
    Published: _published,
    Rank: _said,
    Ranking: _ranking,
    Share: _said,
}
"""What a cell may end with, and how it is shown."""
