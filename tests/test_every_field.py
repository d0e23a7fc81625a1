"""Every field that is read, with what has a meaning in any language: it stays text, or is refused.

The fields are those that the code knows: keys of YAML files, columns of tables, fields of entries
and tags of records. What reads them says which may hold such a text; all of those then do, in one
review, which is made in every format.
"""

import csv
import io
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree, html

from reviewpress import quarto_keys
from reviewpress.bibliography import exports, load_bibliography
from reviewpress.bibliography.latex import encode_latex
from reviewpress.bibliography.quality import REQUIRED
from reviewpress.checks.evidence import load_evidence
from reviewpress.config import load_config
from reviewpress.errors import ReportError
from reviewpress.imports.ris_tags import TAGS
from reviewpress.keys import SETTINGS
from reviewpress.labels import load_language
from reviewpress.new import make_review
from reviewpress.programs.typesetting import Typesetter
from reviewpress.yaml import load_yaml_lines

EVIL = (
    "</script><script>evil()</script><b id=evil onclick=evil()> ' \" ` --> ]]> <?evil ?> "
    'x"+panic("p")+" ]#panic("p")[ )#panic("p")( */#panic("p")/* $#panic("p")$ #panic("p") '
    "\\evil{panic} %panic ^_~ @panic [o](javascript:panic) ![i](http://evil.invalid/x.png) "
    ";}body{background:url(evil)} \\22 evil <w:p/> HYPERLINK --evil $(evil) && || ; | & "
)
BRACES = " {{name}} ${evil} $if(evil)$ {v} ``` ::: "
VALUES = (EVIL + BRACES, re.sub(r"[{}$]", "", EVIL), 'evil\'onclick="evil()" #panic(1)')
"""From the worst to what is still bad: a field that refuses one is given the next."""
MARK = "panic"
FORMATS = ("html", "typst", "docx", "epub")
CHECKED = ("url", "doi", "code", "year", "date", "crossref", "group", "ids")
"""Fields of entries that say something of their own: what is none of that is refused."""
SHORT = ("screening", "searches", "flow", "imports")
"""Files whose words stand in the boxes of a flow chart, which may be no higher than a page."""
ANSWERS = "appraisal"
"""The chart of its answers has signs for those that it knows, and refuses others."""
LINKS = (
    "section", "sections", "regions", "citekey", "code", "codes_for", "codes_against", "id",
)  # fmt: skip
"""Columns that name rows and entries: whether chapters agree with them is checked."""
ADDRESSES = {"TY", "ER", "UR", "LK", "L1", "L2", "L3", "L4", "DO", "PY", "Y1", "YR", "DA"}
"""Tags that begin and end a record, and those of addresses and dates, which are read as such."""
COLOURS = (("color", "palette"), ("defaults", "reviewpress"))
FILES = ("filters", "css", "include-in-header", "theme", "nocite", "data-package")
"""Keys that name files, entries and tables: the check refuses those that are not there."""


@pytest.fixture
def values(load_script: Callable[[str], Any]) -> Any:
    return load_script("wrong_values")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What was started, and what was typeset."""
    found: dict[str, list[Any]] = {"commands": [], "typst": []}
    begin = subprocess.Popen.__init__

    def start(self: Any, args: Any, *more: Any, **options: Any) -> None:
        found["commands"].append((args, options.get("shell", False)))
        begin(self, args, *more, **options)

    read = Typesetter.typeset

    def typeset(self: Any, file: Path, **options: Any) -> bytes:
        found["typst"] += [path.read_text("utf-8") for path in file.parent.glob("*.typ")]
        return read(self, file, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", start)
    monkeypatch.setattr(Typesetter, "typeset", typeset)
    return found


def known_keys() -> list[tuple[str, ...]]:
    """Return the paths of the keys of `_quarto.yml` that are obeyed."""
    tables = {
        (): quarto_keys.DOCUMENT_KEYS,
        ("book",): quarto_keys.BOOK_KEYS,
        ("project",): quarto_keys.PROJECT_KEYS,
        ("crossref",): quarto_keys.CROSSREF_KEYS,
        ("execute",): quarto_keys.EXECUTE_KEYS,
    }
    found = [(*at, key.name) for at, table in tables.items() for key in table.values() if key.at]
    found += [("reviewpress", name) for name in SETTINGS]
    found += [("language", name) for name in load_language("en")]
    return found


def spoil_yaml(
    root: Path, name: str, paths: Iterable[tuple[Any, ...]], worst: Sequence[str], values: Any
) -> int:
    """Give each key of a file the worst value that is taken, all at once; return how many are.

    What refuses a value says on which line: those keys are given the next.
    """
    file = root / name
    unique = dict.fromkeys(paths)
    waiting = [
        path for path in unique if not any(path == o[: len(path)] for o in unique if o != path)
    ]
    given: dict[tuple[Any, ...], str] = {}
    before = file.read_text("utf-8")
    for value in worst:
        given |= dict.fromkeys(waiting, value)
        waiting = []
        while refused := refused_keys(root, name, before, given, values):
            waiting += refused
            for path in refused:
                del given[path]
    return len(given)


def refused_keys(
    root: Path, name: str, before: str, given: dict[tuple[Any, ...], str], values: Any
) -> list[tuple[Any, ...]]:
    """Write a file with some values, and return the keys of those that its reader refuses."""
    file = root / name
    text = values.change_values(name, before, given)
    file.write_text(text, "utf-8")
    try:
        values.read_review(root, name)
    except ReportError as error:
        lines = {p.where.line for p in error.problems if p.where and p.where.file.endswith(name)}
        named = {key for key, line in lines_of(text).items() if line in lines}
        found = [path for path in given if named & keys_above(path)]
        if not found and len(given) == 1:
            return list(given)
        # Said of another key, as of what is called by a name of the palette: each by itself.
        each = ((path, {path: value}) for path, value in given.items())
        return found or [p for p, one in each if refused_keys(root, name, before, one, values)]
    return []


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of each key; of those in a list, the line in the last item that has it."""
    head = text.startswith("---")
    _, lines = load_yaml_lines(text.split("---")[1].lstrip("\n") if head else text)
    return {path: line + head for path, line in lines.items()}


def keys_above(path: tuple[Any, ...]) -> set[tuple[str, ...]]:
    """Return a path, and those to what it lies in, without the positions in lists."""
    names = tuple(step for step in path if isinstance(step, str))
    return {names[:length] for length in range(1, len(names) + 1)}


def leaves(data: Any, values: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the paths to what is a text, in a file as it stands; of lists the first item."""
    for path in values.paths_of(data):
        if any(isinstance(step, int) and step for step in path):
            continue
        at = data
        for step in path:
            at = at[step]
        if isinstance(at, str):
            yield path


def spoil_tables(root: Path) -> int:
    """Give a cell of each column of each table the worst text that is taken."""
    taken = 0
    for file in sorted((root / "data").glob("*.csv")):
        if file.stem == ANSWERS:
            continue
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
        for column in range(len(rows[0]) if len(rows) > 1 else 0):
            if rows[0][column] in LINKS:
                continue
            for value in VALUES[-1:] if file.stem in SHORT else VALUES:
                before, rows[1][column] = rows[1][column], value
                with file.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows(rows)
                try:
                    checked = load_evidence(load_config(root))
                    wrong = [
                        p for p in (checked.problems if checked else ()) if p.severity == "error"
                    ]
                    if not wrong:
                        taken += 1
                        break
                except ReportError:
                    pass
                rows[1][column] = before
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
    return taken


def entry_fields() -> list[str]:
    """Return the names of all fields of entries that the code knows."""
    of_exports = [*exports._RIS_FIELDS, *exports._CSL_FIELDS, *exports._CONTAINERS]
    required = [name for names in REQUIRED.values() for name in re.findall(r"[a-z]+", str(names))]
    more = ["abstract", "author", "editor", "keywords", "note", "subtitle", "url", "doi", "year"]
    return list(dict.fromkeys([*of_exports, *exports._PUBLISHERS, *required, *more]))


def look_at_pages(folder: Path) -> None:
    """No element, attribute, address, script or rule comes of a text."""
    for file in folder.rglob("*.html"):
        tree = html.document_fromstring(file.read_bytes())
        look_at_elements(tree, str(file))
        for script in tree.xpath("//script[not(@src)][not(@type='application/ld+json')]/text()"):
            assert "evil" not in script, file
        for style in tree.xpath("//style/text()"):
            assert "evil" not in without_strings(style), file
    for file in folder.rglob("*.css"):
        assert "evil" not in without_strings(file.read_text("utf-8")), file


def look_at_elements(tree: Any, file: str) -> None:
    """No element and no attribute comes of a text, and no address leads where one says."""
    assert not tree.xpath("//*[@id='evil'] | //*[local-name()='evil']"), file
    for element in tree.iter(etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (file, element.tag, name)
            if name in ("href", "src", "action", "style"):
                assert not re.match(r"\s*(javascript|data:text|http://evil)", value), value


def look_at_book(file: Path) -> None:
    """Every page and list of an EPUB is XML, in which no text is more than text."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".ncx"))]
        assert any(MARK in archive.read(name).decode() for name in names)
        for name in names:
            tree = etree.fromstring(archive.read(name))
            look_at_elements(tree, name)
            assert not tree.xpath("//*[local-name()='script'][not(@type='application/ld+json')]")
        for name in archive.namelist():
            assert MARK not in name
            if name.endswith(".css"):
                assert "evil" not in without_strings(archive.read(name).decode()), name


def without_strings(text: str) -> str:
    """Return a style sheet or Typst code without its strings and comments."""
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", text, flags=re.S)


def look_at_word(file: Path) -> None:
    """Every part is XML, and no text is an element, a field or an address."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if not name.endswith((".xml", ".rels")):
                continue
            tree = etree.fromstring(archive.read(name))
            for element in tree.iter(etree.Element):
                assert "evil" not in etree.QName(element).localname
                if etree.QName(element).localname == "instrText":
                    assert MARK not in (element.text or ""), name
                if etree.QName(element).localname == "Relationship":
                    assert not re.match("javascript|http://evil", element.get("Target", ""))


def look_at_what_ran(seen: dict[str, list[Any]]) -> None:
    """No text is a part of a command line, and Typst finds every text in a string or escaped."""
    assert seen["commands"]
    for command, shell in seen["commands"]:
        assert not shell
        assert isinstance(command, list | tuple)
        assert not [word for word in map(str, command) if MARK in word], command
    assert any(MARK in source for source in seen["typst"])
    for source in seen["typst"]:
        for line in source.splitlines():
            # In a string of code a sign is no command; in text it stands behind a backslash.
            bare = re.search(r"(?<!\\)#panic", without_strings(line))
            assert bare is None, line[max(0, bare.start() - 80) : bare.end() + 40]


def test_keys_of_settings_and_brand(
    values: Any, tmp_path: Path, seen: dict[str, list[Any]], reviewpress: Callable[..., Any]
) -> None:
    """Each key of `_quarto.yml`, labels, variables, front matter and the brand."""
    root = tmp_path / "review"
    values.make_base(root)
    report = root / "_quarto-report.yml"
    data = yaml.safe_load(report.read_text("utf-8"))
    data["format"] = {f"reviewpress-{name}": "default" for name in FORMATS}
    report.write_text(yaml.safe_dump(data), "utf-8")
    # Two chapters cannot tell all that the data hold: fields of the data have a test of their own.
    for name in ("acknowledged.yml", "checklists.yml", "schema.yml"):
        (root / "data" / name).unlink()
    taken = 0
    for name in ("_quarto.yml", "_variables.yml", "_brand.yml", "index.qmd"):
        holds = values.load_file(name, (root / name).read_text("utf-8"))
        known = known_keys() if name == "_quarto.yml" else ()
        found = [*known, *leaves(holds, values)]
        # Colours are refused one like the other, and the front matter is the author's Markdown.
        found = [path for path in found if path[:2] not in COLOURS and path[-1] not in FILES]
        worst = VALUES[-1:] if name == "index.qmd" else VALUES
        taken += spoil_yaml(root, name, found, worst, values)
    assert taken > 200
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 0, outcome.stderr
    folder = root / "_output" / "report"
    look_at_pages(folder)
    look_at_word(next(folder.glob("*.docx")))
    look_at_book(next(folder.glob("*.epub")))
    look_at_what_ran(seen)


def test_data_bibliography_and_records(
    values: Any, tmp_path: Path, seen: dict[str, list[Any]], reviewpress: Callable[..., Any]
) -> None:
    """Each column of each table, field of an entry, tag of a record, and key beside the data."""
    root = make_review(tmp_path / "review", sections=["Outcomes"])
    taken = 0
    for file in sorted((root / "data").rglob("*.yml")):
        name = file.relative_to(root).as_posix()
        holds = yaml.safe_load(file.read_text("utf-8"))
        found = [path for path in leaves(holds, values) if ANSWERS not in path]
        worst = VALUES[-1:] if file.stem in SHORT else VALUES
        taken += spoil_yaml(root, name, found, worst, values)
    taken += spoil_tables(root)
    written = encode_latex(VALUES[0])
    fields = "".join(
        f"  {name} = {{{written}}},\n" for name in entry_fields() if name not in CHECKED
    )
    with (root / "bib/references.bib").open("a", encoding="utf-8") as file:
        file.write(f"@article{{evil2020,\n{fields}  year = 2020\n}}\n\n")
        file.write(f"@book{{evil2021,\n{fields}  year = 2021\n}}\n")
    record = "".join(f"{tag}  - {VALUES[0]}\n" for tag in sorted(TAGS - ADDRESSES))
    (root / "evil.ris").write_text(f"TY  - JOUR\nPY  - 2019\n{record}ER  - \n", "utf-8")
    assert taken > 30
    outcome = reviewpress("import evil.ris", cwd=root)
    assert outcome.status == 0, outcome.stderr
    files = (root / "bib/references.bib", root / "bib/records.bib")
    keys = [e.key for file in files for e in load_bibliography(file) if MARK in e.title]
    assert len(keys) == 3
    index = root / "index.qmd"
    cited = "; ".join(f"@{key}" for key in keys)
    index.write_text(f"{index.read_text('utf-8')}\n\nSee [{cited}].\n", "utf-8")
    assert reviewpress("tidy --records", cwd=root).status == 0
    outcome = reviewpress(f"render --engine pandoc --to {','.join(FORMATS)}", cwd=root)
    assert outcome.status == 0, outcome.stderr
    folder = root / "_output" / "report"
    look_at_pages(folder)
    look_at_word(next(folder.glob("*.docx")))
    look_at_book(next(folder.glob("*.epub")))
    look_at_what_ran(seen)
