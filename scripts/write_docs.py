"""Write the generated pages: commands, configuration, Markdown, Python, and the data dictionaries.

python scripts/write_docs.py          write them
python scripts/write_docs.py --check  say what is out of date; exit status 1 if anything is
"""

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs`; do not edit. -->"
CHARTS = "reviewpress.figures.charts"
API = (
    "load", "words", "Words", "percent", "rank", "Ranking", "Rank", "share", "Share", "joined",
    "Review", "Finding", "finding_ledger", "paper_ledger", "SectionEvidence", "Appraisal", "Flow",
    "parse_flow", "write_flow", "check_flow", "Searches", "Form",
    "figure", "table", "md", "noted", "Markdown", CHARTS, "load_checklists", "checklist_frame",
    "ReportError", "Problems",
)  # fmt: skip
"""The order in which the reference of Python lists what `reviewpress.__all__` has, and charts."""
IN_QUARTO = {
    "render": "the same",
    "preview": "the same",
    "run": "runs a script; chapters are executed by `quarto render`",
    "check": "looks at the installation, as `reviewpress check --setup` does",
}
"""What Quarto does by verbs of the same names."""


def main(arguments: list[str]) -> int:
    """Write the pages that differ, or name them."""
    check = "--check" in arguments
    stale = {path: text for path, text in made().items() if _differs(path, text)}
    for path, text in stale.items():
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


def made() -> dict[Path, str]:
    """Return the text of every generated page."""
    from reviewpress.tables.dictionary import dictionary
    from reviewpress.tables.schema import read_schema

    schema = read_schema(ROOT / "data" / "schema.yml", ROOT)
    return {
        REFERENCE / "commands.md": _commands(),
        REFERENCE / "configuration.md": _configuration(),
        REFERENCE / "quarto-keys.md": _quarto_keys(),
        REFERENCE / "labels.md": _labels(),
        REFERENCE / "quarto-markdown.md": _markdown(),
        REFERENCE / "api.md": _api(),
        REFERENCE / "rules.md": _rules(),
        REFERENCE / "data.md": _data(),
        ROOT / "data" / "README.md": dictionary(schema),
    }


def _commands() -> str:
    from reviewpress.cli import cli

    lines = ["# Commands", "", NOTE, "", "Each command tells what it can do with `--help`."]
    status = "They end with 0 when all is well, 1 for problems that an author can mend, 2 for"
    lines += ["", f"{status} wrong usage or where they could not run."]
    parent = click.Context(cli, info_name="reviewpress", **cli.context_settings)
    lines += ["", "Flags that Quarto has, too, mean the same.", ""]
    lines += ["| Verb | Does | In Quarto |", "| --- | --- | --- |"]
    for name in cli.list_commands(parent):
        verb = cli.get_command(parent, name)
        assert verb is not None
        does = verb.get_short_help_str(limit=200)
        lines.append(f"| [`{name}`](#reviewpress-{name}) | {does} | {IN_QUARTO.get(name, '')} |")
    for name in cli.list_commands(parent):
        command = cli.get_command(parent, name)
        assert command is not None
        context = click.Context(command, parent=parent, info_name=name, terminal_width=88)
        with context:
            text = command.get_help(context)
        lines += ["", f"## reviewpress {name}", "", "```text", text.rstrip(), "```"]
    return _page(lines)


def _configuration() -> str:
    from reviewpress.config import CITATION_STYLES, SETTINGS

    lines = ["# Configuration", "", NOTE, ""]
    lines += [
        "A review is described by `_quarto.yml` and a file `_quarto-NAME.yml` for each edition, in"
        " Quarto’s own keys. Profiles merge as in Quarto: mappings key by key, lists by union, all"
        " else by the profile’s word.",
        "",
        "What each of Quarto’s keys does here: [Quarto’s keys](quarto-keys.md).",
        "",
        "## Keys under `reviewpress:`",
        "",
        "An unknown key is an error that names the nearest one.",
        "",
        "| Key | Meaning |",
        "| --- | --- |",
    ]
    lines += [f"| `{key}` | {meaning} |" for key, meaning in SETTINGS.items()]
    lines += [
        "",
        f"`citations` is one of: {', '.join(f'`{style}`' for style in CITATION_STYLES)}.",
        "",
        "`sections` maps the name of each section in the data to its chapter’s file name, to a part"
        " of it (`experiences#sec-experiences-rights`), or, where the table of papers does not"
        " record it, to `{chapter: definitions, recorded: false}`.",
    ]
    return _page(lines)


def _quarto_keys() -> str:
    from reviewpress.cell_keys import CELL_KEYS
    from reviewpress.quarto_keys import (
        BOOK_KEYS,
        CROSSREF_KEYS,
        DOCUMENT_KEYS,
        EXECUTE_KEYS,
        PROJECT_KEYS,
    )

    lines = ["# Quarto’s keys", "", NOTE, ""]
    lines += [
        "What the embedded engine does with each key of Quarto’s. With Quarto installed, Quarto"
        " obeys its own keys; the pages, the PDF and the Word file are then as the extension’s"
        " formats make them.",
        "",
        "A key is at the top of `_quarto.yml` or of a profile (*project*), below a format as in"
        " `format: {reviewpress-typst: {papersize: a5}}` (*format*), or in a chapter’s front matter"
        " (*chapter*). The chapter has the last word, then the format. `check` and `render` name"
        " keys without effect once, and keys that nobody knows with the nearest name; such a key is"
        " no error, since chapters may ask for any by `{{< meta key >}}`.",
    ]
    for title, table in (
        ("Keys of documents", DOCUMENT_KEYS),
        ("Below `project:`", PROJECT_KEYS),
        ("Below `book:`", BOOK_KEYS),
        ("Below `crossref:`", CROSSREF_KEYS),
        ("Below `execute:`", EXECUTE_KEYS),
        ("Options of code cells", CELL_KEYS),
    ):
        lines += ["", f"## {title}", "", *_key_table(table)]
    return _page(lines)


def _key_table(table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the rows of keys that are obeyed, and those of all others by their reason."""
    from reviewpress.formats.objects import FORMATS, obeying

    if any(key.at for key in table.values()):
        yield from ("| Obeyed | Where | What it does |", "| --- | --- | --- |")
    for key in table.values():
        if key.at:
            made = obeying(key.name)
            words = ", ".join(each.short for each in made)
            says = key.says if made == FORMATS else f"{key.says} ({words})"
            yield f"| `{key.name}` | {', '.join(key.at)} | {_shown(says)} |"
    for heading, refused in (("Refused | What to do", True), ("Without effect | Why", False)):
        reasons: dict[str, list[str]] = {}
        for key in table.values():
            if not key.at and key.refused == refused:
                reasons.setdefault(key.says, []).append(f"`{key.name}`")
        if reasons:
            yield from ("", f"| {heading} |", "| --- | --- |")
            yield from (f"| {', '.join(names)} | {says} |" for says, names in reasons.items())


def _labels() -> str:
    from reviewpress.labels import load_language

    english, french = load_language("en", ROOT), load_language("fr", ROOT)
    lines = ["# Labels", "", NOTE, ""]
    lines += [
        "The words that Reviewpress writes, in pages, PDF and Word, in charts and evidence boxes."
        " They are in the language that `lang` names: English, French, German, Portuguese, Spanish"
        " and Welsh are complete, some thirty others have the common words, and what a language"
        " lacks is English. Under `language:`"
        " in `_quarto.yml` a review gives words of its own, as labels or as the name of a YAML"
        " file with labels; see"
        " [Write in another language](../how-to/write-in-another-language.md).",
        "",
        "What stands in braces is filled in. `-one` is for one of something, `-other` for more."
        " Names that begin with `toc-title-`, `section-title-`, `callout-`, `crossref-`,"
        " `search-label` and `copy-button-` are Quarto’s.",
        "",
        "| Label | English | French |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| `{name}` | {_shown(text)} | {_shown(french[name])} |" for name, text in english.items()
    ]
    return _page(lines)


def _shown(text: str) -> str:
    """Return a label as a cell of a table; spaces at its ends count."""
    told = text.replace("\u202f", "&#8239;").replace("|", "\\|")
    return told if told == told.strip() else f"`{text}`"


_CELLS = """
## Python cells

A `.qmd` chapter may have code cells and live values in Python. It is then executed, kept and
reported as a notebook is, and a message names the line of the `.qmd`.

~~~~markdown
```{python}
#| label: tbl-counts
#| tbl-cap: Papers by year
counts
```

There are `{python} len(counts)` years.
~~~~

Options are lines `#| key: value` at the top of a cell:
[those that are obeyed](quarto-keys.md#options-of-code-cells). `execute:` of the chapter, or of
`_quarto.yml`, says `echo`, `error`, `eval`, `include`, `output` and `warning` for all cells
without them. Code is not shown unless `echo: true` is said. With `error: true`, or the tag
`raises-exception`, the error of a cell is what it shows, and the cells below go on.

With Quarto, the front matter of such a chapter says `freeze: auto` below `execute:`: Quarto then
takes the run that reviewpress made, and does not execute the cells itself.
""".splitlines()


_REFUSED = """
Each with its reason, and what to write in its place. `check` names all of them with their lines.
Refused are also [some keys](quarto-keys.md), [what some cells show](notebook-output.md), what
would be fetched from the network, and what breaks [a rule](rules.md).
""".strip().splitlines()


def _markdown() -> str:
    from reviewpress.assemble.constructs import SUPPORTED
    from reviewpress.assemble.refusals import HINT, REFUSALS

    lines = ["# Markdown that both engines understand", "", NOTE, ""]
    lines += ["Chapters are written in Quarto’s Markdown. This part of it works with and without"]
    lines += ["Quarto. Anything else is an error that names construct, file and line."]
    lines += ["", "## Supported"]
    for construct in SUPPORTED:
        lines += _example(construct.name, construct.note, construct.example)
    lines += ["", "## Not supported", "", *_REFUSED]
    for refusal in REFUSALS:
        lines += _example(refusal.name, refusal.note, refusal.example)
        said = f"{refusal.why} {refusal.hint.removeprefix(HINT).strip()}".strip()
        # Live values are shown, and not executed.
        lines += ["", re.sub(r"(`\{\w+\} [^`]+`)", r"`` \1 ``", said)]
    return _page([*lines, *_CELLS])


def _example(name: str, note: str, example: str) -> list[str]:
    said = f" ({note})" if note else ""
    return ["", f"**{name}**{said}", "", "~~~~markdown", *example.splitlines(), "~~~~"]


def _api() -> str:
    import reviewpress
    from reviewpress.figures import charts

    lines = ["# Python in chapters", "", NOTE, ""]
    lines += [
        "What a chapter can ask. `review = reviewpress.load()` reaches nearly all of it; what"
    ]
    lines += [
        "else a chapter imports, it imports from `reviewpress`: `from reviewpress import md`."
    ]
    lines += ["Names that are not on this page may change with any version."]
    unlisted = sorted({*API} ^ {*reviewpress.__all__, CHARTS})
    if unlisted:
        raise SystemExit(f"API and reviewpress.__all__ differ in: {', '.join(unlisted)}")
    for name in API:
        if name == CHARTS:
            for chart in charts.__all__:
                lines += _object(chart, getattr(charts, chart), charts=True)
        else:
            lines += _object(name, getattr(reviewpress, name), charts=False)
    return _page(lines)


def _object(name: str, value: Any, *, charts: bool) -> Iterator[str]:
    shown = f"review.charts.{name}" if charts else name
    yield from ("", f"## {shown}", "")
    if inspect.isclass(value):
        yield from _text(value)
        for member, function in inspect.getmembers_static(value):
            if member.startswith("_") or not (target := _function(function)):
                continue
            is_method = inspect.isfunction(function)
            title = f"{member}{_signature(target)}" if is_method else member
            yield from ("", f"### `{title}`", "")
            yield from _text(target)
    else:
        yield f"`{shown}{_signature(value)}`"
        yield ""
        yield from _text(value)


def _function(member: Any) -> Any:
    """Return what documents a member: a function, or the getter of a property; else None."""
    target = getattr(member, "fget", None) or getattr(member, "func", None) or member
    return target if inspect.isfunction(target) and target.__doc__ else None


def _signature(value: Any) -> str:
    if not callable(value):
        return ""
    found = inspect.signature(value)
    parameters = [p for name, p in found.parameters.items() if name != "self"]
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in parameters]
    return str(inspect.Signature(plain))


def _text(value: Any) -> Iterator[str]:
    """Yield a docstring as Markdown; its examples become code."""
    lines = (inspect.getdoc(value) or "").splitlines()
    fenced = False
    for line in lines:
        if line.startswith(">>>") and not fenced:
            yield "~~~pycon"
            fenced = True
        elif not line.strip() and fenced:
            yield "~~~"
            fenced = False
        yield line if fenced else re.sub(r"(?<![`\w])<(\w+)>", r"`<\1>`", line)
    if fenced:
        yield "~~~"


def _rules() -> str:
    from reviewpress.rules import RULES

    lines = ["# Rules", "", NOTE, "", "What a check can find, by the name of its rule. An error"]
    lines += ["stops a build; a warning does not.", "", "## May be acknowledged", ""]
    lines += ["[How](../how-to/acknowledge-a-problem.md), with a `place` such as these.", ""]
    lines += ["| Rule | Finds | `place`, for instance |", "| --- | --- | --- |"]
    for rule in RULES.values():
        if rule.may_be_acknowledged:
            finds = f"(a warning) {rule.finds}" if rule.severity == "warning" else rule.finds
            lines.append(f"| `{rule.name}` | {finds} | {rule.place} |")
    lines += ["", "## Has to be mended", "", "| Rule | Finds |", "| --- | --- |"]
    for rule in RULES.values():
        if not rule.may_be_acknowledged:
            finds = f"(a warning) {rule.finds}" if rule.severity == "warning" else rule.finds
            lines.append(f"| `{rule.name}` | {finds} |")
    return _page(lines)


def _data() -> str:
    from reviewpress.tables.schema import CONSTRAINTS, FIELD_KEYS, ROLES, TYPES

    lines = ["# Data", "", NOTE, ""]
    lines += [
        "Tables are CSV in UTF-8 with commas and a header. `data/schema.yml` says which there are,"
        " in the words of Frictionless Table Schema; `reviewpress tidy` writes `data/README.md`,"
        " the data dictionary, from it; that of this repository’s review stands there as an"
        " example.",
        "",
        f"- **Types** of a column: {_listed(TYPES)}. A `list` holds several items in one cell,"
        " separated by semicolons.",
        f"- **Constraints**: {_listed(CONSTRAINTS)}. `enum` is the vocabulary; in a list it holds"
        " for each item.",
        f"- **Keys** of a column: {_listed(FIELD_KEYS)}.",
        f"- **Roles** say what the framework uses a column for: {_listed(ROLES)}.",
        "- `evidence` is the name under which the evidence box counts a column’s terms.",
        "- `missingValues` maps each cell that says there is no value to what it means.",
        "",
        "## Files",
        "",
        "| File | Holds |",
        "| --- | --- |",
        "| `papers.csv` | the included papers: `code`, `citekey` and what columns you like |",
        "| `findings.csv` | statements: `id`, `section`, `heading`, `statement`, `codes_for`,"
        " `codes_against`, `place`, `caveat` |",
        "| `appraisal.csv`, `appraisal_overall.csv` | answers to the criteria of the appraisal"
        " tool, and overall ratings |",
        "| `forms/*.yml` | forms: questions, options and routes |",
        "| `searches.yml` | concepts, strings, sources, searches: "
        "[each key](../how-to/describe-searches.md) |",
        "| `screening.csv` | decisions: [guide](../how-to/import-and-screen.md) |",
        "| `studies.csv` | which papers report one study: [guide]"
        "(../how-to/screen-and-update.md#group-reports-into-studies) |",
        "| `extraction.csv` | what two people extracted: `paper`, `item`, `value`, `extractor` |",
        "| `imports.csv` | what became of every imported record; written by `reviewpress import` |",
        "| `duplicates.csv` | pairs of records that people decided are the same, or different:"
        " [guide](../how-to/import-and-screen.md#settle-possible-duplicates) |",
        "| `withdrawn.csv` | decisions on records of exports that were withdrawn or replaced |",
        "| `flow.csv` | the PRISMA 2020 flow, where decisions do not give it |",
        "| `claims.csv` | numbers that were published elsewhere, to be computed again:"
        " [guide](../how-to/check-published-numbers.md) |",
        "| `checklists.yml` | [answers to reporting checklists](../how-to/answer-a-checklist.md) |",
        "| `acknowledged.yml` | problems that are true and stay: rule, place, reason |",
    ]
    return _page(lines)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _page(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
