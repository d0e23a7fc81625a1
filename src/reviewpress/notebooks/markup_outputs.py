"""HTML and LaTeX that cells show, as the Markdown that every format can hold.

words and simple elements of HTML    as `assemble.raw_html` reads them in a text
tables                               as tables
Math(), Latex(), sympy               equations on lines of their own
scripts, frames, forms, drawings     refused by name
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reviewpress.errors import EngineError, Problem
from reviewpress.notebooks.html_tables import (
    has_heads,
    html_table_markdown,
    is_deep,
    lost_cells,
    tables_of,
    write_table,
)
from reviewpress.notebooks.outputs import fenced
from reviewpress.shapes import Plain, as_list, as_mapping, as_text
from reviewpress.speed.pandoc_pool import read_markdown_text, write_text

_WRITTEN = "markdown+raw_html-raw_attribute-simple_tables-multiline_tables-smart"
_HTML = "html+raw_html-native_divs-native_spans-auto_identifiers"
_LATEX = "latex+raw_tex-auto_identifiers-smart"
_REFUSED = re.compile(
    r"<(script|iframe|object|embed|form|input|button|select|textarea|svg|canvas|video|audio)\b",
    re.I,
)
_STYLE = re.compile(r"<style\b.*?</style\s*>|<(?:link|meta)\b[^<>]*>", re.S | re.I)
_ENVIRONMENT = re.compile(r"\\begin\{(?:equation|align|gather|multline|eqnarray)\*?\}")
"""What is an equation of its own, without dollar signs."""
_GAPS = ("LineBreak", "SoftBreak", "Space")
_DISPLAY = re.compile(r"\A(?:\\displaystyle\b\s*)+")


def html_markdown(html: str) -> str | list[Problem]:
    """Return what HTML shows as Markdown, or what no format but a page could hold of it."""
    made = html_table_markdown(html, captioned=True, alone=False) if has_heads(html) else ""
    if made:
        return made
    if refused := _REFUSED.search(html):
        message = (
            f"the cell shows HTML with `<{refused[1].lower()}>`, which the PDF and Word "
            "cannot hold."
        )
        hint = "Show a table, words, or a picture of it; or hide what the cell shows."
        return [Problem("execution", message, hint=hint)]
    html = _STYLE.sub("", html)
    if is_deep(html):
        return html_table_markdown(html)
    return _markdown(html, _HTML)


def latex_markdown(latex: str) -> str | list[Problem]:
    """Return what LaTeX shows as Markdown: a formula by itself is an equation on its own line."""
    return _markdown(latex, _LATEX)


def _markdown(text: str, written: str) -> str | list[Problem]:
    try:
        document = as_mapping(json.loads(read_markdown_text(text, written)))
        blocks = [*as_list(document["blocks"])]
        if raw := next(_raw_tex(blocks), ""):
            message = f"the cell shows LaTeX that has no meaning in pages and Word: `{raw[:40]}`."
            hint = "Show a formula, as by Math(…), or hide what the cell shows."
            return [Problem("execution", message, hint=hint)]
        parts = [_written(document, as_mapping(each)) for each in blocks]
    except EngineError as error:
        message = f"what the cell shows cannot be read: {error.message}"
        return [Problem("execution", message, hint="Show it as Markdown, or hide it.")]
    return lost_cells(parts) or "\n\n".join(filter(None, parts))


def _written(document: Mapping[str, Plain], block: Mapping[str, Plain]) -> str:
    """Return a block as Markdown."""
    if block["t"] == "Table":
        return "\n\n".join(
            write_table(document, table, captioned=True) for table in tables_of(dict(block))
        )
    if formula := _lone_formula(block):
        return formula if _ENVIRONMENT.match(formula) else f"$$\n{formula}\n$$"
    if block["t"] == "CodeBlock":
        return fenced(as_text(as_list(block["c"])[1]))
    source = json.dumps({**document, "meta": {}, "blocks": [_plain(block)]})
    task = {"to": "markdown", "as": _WRITTEN, "filters": [], "folder": "."}
    return write_text(source, task).strip("\n")


def _lone_formula(block: Mapping[str, Plain]) -> str:
    """Return the formula that alone is in a paragraph; empty for another block."""
    words = as_list(block.get("c")) if block["t"] in ("Para", "Plain") else []
    own = [as_mapping(each) for each in words]
    own = [each for each in own if each.get("t") not in _GAPS]
    if len(own) != 1 or own[0].get("t") != "Math":
        return ""
    return _DISPLAY.sub("", as_text(as_list(own[0]["c"])[1]).strip())


def _plain(value: Any) -> Any:
    """Return a part of a tree without how code and formulas among words are to look."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict) and value.get("t") == "Math":
        kind, formula = value["c"]
        return {"t": "Math", "c": [kind, _DISPLAY.sub("", formula.strip())]}
    if isinstance(value, dict) and value.get("t") in ("Code", "CodeBlock"):
        return {"t": value["t"], "c": [["", [], []], value["c"][1]]}
    if isinstance(value, dict) and value.get("t") in ("Para", "Plain"):
        words = _plain(value["c"])
        while words and words[0]["t"] in _GAPS:
            words = words[1:]
        return {"t": value["t"], "c": words}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return value


def _raw_tex(value: Plain) -> Iterator[str]:
    """Yield the commands of TeX in a tree that are neither formulas nor words."""
    if isinstance(value, list):
        for each in value:
            yield from _raw_tex(each)
    elif isinstance(value, dict) and value.get("t") in ("RawBlock", "RawInline"):
        kind, text = map(as_text, as_list(value["c"]))
        if kind in ("latex", "tex"):
            yield text
    elif isinstance(value, dict):
        yield from _raw_tex(value.get("c"))
