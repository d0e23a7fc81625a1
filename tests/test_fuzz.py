"""Every reader with spoiled files, for a moment; `make fuzz` does so for an hour."""

import ast
import importlib
import os
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import ReportError
from reviewpress.imports.readers import reader_modules

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "fuzz.py"
MOMENT = 1.5


def _load() -> Any:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        return importlib.import_module("fuzz")
    finally:
        sys.path.remove(str(SCRIPT.parent))


fuzz = _load()
spoiling = sys.modules["spoiling"]


@pytest.mark.parametrize("name", fuzz.READERS)
def test_spoiled_files(name: str) -> None:
    """None ends in a traceback, takes ten seconds, or loses a record without a word."""
    outcome = fuzz.fuzz(name, MOMENT, seed=3)
    assert outcome.files > 3
    assert outcome.found == []


@pytest.mark.parametrize("kind", reader_modules())
def test_every_format_has_good_files(kind: str) -> None:
    """A format that can be imported is fed, with records that can be counted without its reader."""
    reader = fuzz.READERS[kind.lower().replace(" ", "-")]
    assert reader.seeds, f"tests/fuzz_seeds has no {kind}"
    for seed in reader.seeds:
        titles = fuzz.titles_of(reader, seed)
        assert len(titles) == reader.count(seed) > 2


PARSERS = {
    "DictReader", "TTFont", "XMLParser", "ZipFile", "decode_table", "fromstring", "from_json",
    "iterparse", "load_yaml", "load_yaml_lines", "loads", "parse_flow", "parse_table", "read_table",
    "read_yaml", "split_rows", "unpack",
}  # fmt: skip
"""What makes something of a file's content."""
OWN = {
    "adopt/settling.py": "the settings that adopt wrote",
    "assemble/ast.py": "pandoc's answers",
    "bibliography/kept.py": "the entries that bibtex.py read, from the store",
    "checks/subject.py": "the problems that checks found, from the store",
    "assemble/quotations.py": "the extension's tables",
    "assemble/reader.py": "pandoc's answers",
    "assemble/stages.py": "pandoc's answers",
    "archives.py": "what asks for its parts is fed",
    "checks/glyphs.py": "the store",
    "checks/release/epub.py": "the answers of a checker",
    "checks/release/markup.py": "the answers of a checker",
    "config/reader.py": "the Word file is fed as word-reference",
    "extension.py": "the extension, which is trusted",
    "evidence/data.py": "fed with table, searches and form",
    "formats/citations.py": "pandoc's answers",
    "formats/edition_record.py": "tables that were read",
    "formats/epub.py": "pandoc's answers",
    "figures/vector.py": "what matplotlib drew",
    "formats/data_package.py": "tables that were read, and figures that were published",
    "formats/epub_package.py": "pandoc's answers",
    "bibliography/retractions.py": "a table that is downloaded whole; its columns are checked",
    "imports/relocation.py": "the log, which imports write",
    "imports/stored_index.py": "the store",
    "imports/decision_import.py": "fed with screening and decisions",
    "imports/withdrawal.py": "fed with screening",
    "notebooks/markup_outputs.py": "pandoc's answers",
    "inclusion.py": "fed with screening and table",
    "imports/sheet_extents.py": "fed with spreadsheet",
    "imports/xmlfiles.py": "fed with EndNote XML and PubMed XML",
    "matrix/making.py": "the store",
    "new.py": "the template, and what own_table.py read",
    "notebooks/kernel.py": "rows of a chart, which the engine wrote",
    "notebooks/execute.py": "what the kernel sent",
    "speed/forkserver.py": "what the launcher sent",
    "notebooks/html_tables.py": "pandoc's answers",
    "notebooks/run_store.py": "the store",
    "notebook_forms.py": "pandoc's answers",
    "notebooks/source_guard.py": "what the kernel sent",
    "speed/pandoc_pool.py": "pandoc's answers",
    "packing/contents.py": "tables of a version, which is as it was published",
    "programs/pagefind.py": "the index that Pagefind made",
    "programs/typesetting.py": "the answers of a child",
    "quarto/hooks.py": "what Quarto hands over",
    "quarto/inputs.py": "the store",
    "quarto/page_repairs.py": "the store",
    "reference_reader.py": "pandoc's answers",
    "references.py": "pandoc's answers",
    "store/freshness.py": "the store",
    "store/journal.py": "the store",
    "store/locks.py": "the store",
    "store/records.py": "the store",
    "upgrade.py": "the extension, which is trusted",
}
"""The modules that read what this program, or one that it started, has written."""


def test_every_module_that_reads_a_kind_of_file_is_fed() -> None:
    """One that makes something of a file is among some reader's modules, or reads our own alone."""
    source = SCRIPT.parents[1] / "src" / "reviewpress"
    reading = set()
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                of = getattr(getattr(node.func, "value", None), "id", "")
                if name in PARSERS or (of, name) == ("csv", "reader"):
                    reading.add(path.relative_to(source).as_posix())
    fed = {module for reader in fuzz.READERS.values() for module in reader.modules}
    assert reading - fed - set(OWN) == set()
    assert set(OWN) - reading == set(), "these read nothing any more"
    assert all((source / module).is_file() for module in fed)


def test_what_is_wrong_is_found() -> None:
    """A reader that raises does not pass, nor one that refuses without saying why."""

    def refuse(content: bytes) -> None:
        raise ReportError(" ")

    raises = fuzz.Reader([b"x"], lambda content: content.decode("ascii"), ())
    assert fuzz.feed(raises, b"\xff", [], fuzz.Outcome()).startswith("UnicodeDecodeError")
    silent = fuzz.Reader([b"x"], refuse, ())
    assert fuzz.feed(silent, b"x", [], fuzz.Outcome()).startswith("Silent")


def test_a_reader_that_computes_or_waits_is_ended() -> None:
    """A second of either is too long where a second is allowed; half a second is not."""

    def compute(content: bytes) -> None:
        while content:
            pass

    for wait in (compute, lambda _: time.sleep(60)):
        with pytest.raises(fuzz.TooLong), fuzz.in_time(1):
            wait(b"x")
    with fuzz.in_time(1):
        time.sleep(0.5)


def test_seconds_are_of_processor_time() -> None:
    """A reader that waits gets no fewer files for it."""
    waits = fuzz.Reader([b"x"], lambda _: time.sleep(0.05), ())
    fuzz.READERS["waits"] = waits
    try:
        assert fuzz.fuzz("waits", 0.03, seed=1).files > 1
    finally:
        del fuzz.READERS["waits"]


@pytest.mark.parametrize("name", [name for name, r in fuzz.READERS.items() if r.count])
def test_a_lost_record_is_found(name: str) -> None:
    """A reader that drops one record of a good file does not pass, whichever it is."""
    good = fuzz.READERS[name]
    seed = good.seeds[0]
    titles = fuzz.titles_of(good, seed)
    for lost in range(len(titles)):

        def read(content: bytes, lost: int = lost) -> Any:
            reading = good.read(content)
            kept = [one for n, one in enumerate(reading.records) if n != lost]
            return replace(reading, records=tuple(kept))

        reader = replace(good, read=read)
        found = fuzz.feed(reader, seed, titles, fuzz.Outcome())
        assert found == f"Lost: 1 of {len(titles)}, and 0 rejected"


def test_no_temporary_folder_is_left(tmp_path: Path) -> None:
    """What the small reviews need goes when the program ends."""
    command = [sys.executable, str(SCRIPT), "--seconds", "0.2", "config", "notebook", "ris"]
    done = subprocess.run(
        command, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "% " not in done.stdout.splitlines()[0].split(";")[0]
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["config", "notebook", "ris"]
    assert all("%" in line for line in done.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


DAMAGED = {
    "nbib": (b"\nPMID- 90000002", b"{PMID- 90000002", "has 2 titles"),
    "nbib inside a line": (
        b"12(4):101-19. doi: 10.5555/whistle.2020.1.\n\nPMID- 90000002\nOWN - NLM\n"
        b"STAT- Publisher\nDP  - 2018 Nov\n", b"\\", "also “Hammock sleepers: a survey",
    ),
    "endnote-xml": (b"</record>\n<record>\n<rec-number>2", b"<rec-number>2", "has 2 titles"),
    "csl-json": (b'"\n  },\n  {\n    "id": "http://example.org/items/2"', b'"', "has 2 titles"),
    "pubmed-xml": (b"</PubmedArticle>\n<PubmedArticle>\n", b"", "has 2 titles"),
    "bibtex": (b' }\n\n@article{okonjo2019,', b"", "part of @preamble"),
    "csv inside a row": (
        "the patience of lighthouse keepers,\"Bergström, Å.\",2011,,Handbook of Solitary Trades,,,"
        "55-78,,,#2\n".encode(), b",", "Annual review of saltmarsh fencing",
    ),
    "csv": (b"", b"Low cost bread,B,2019,May,J,1,2,3,,,#9\n", "is above the header"),
}  # fmt: skip
"""What is damaged in a good file, and why a record is rejected then."""


@pytest.mark.parametrize("name", DAMAGED)
def test_two_records_that_became_one_are_rejected(name: str) -> None:
    """Where what parts two records is damaged, neither is lost without a word."""
    good, bad, reason = DAMAGED[name]
    name = name.partition(" ")[0]
    content = fuzz.READERS[name].seeds[0]
    spoiled = content.replace(good, bad, 1) if good else bad + content
    assert spoiled != content
    assert reason in str(fuzz.READERS[name].read(spoiled).rejected)


def test_words_above_a_table_are_told_of() -> None:
    """A line above the header that is no record is left out with a remark; so is an empty file."""
    content = fuzz.READERS["csv"].seeds[0]
    reading = fuzz.READERS["csv"].read(b"Search of 1 May\n" + content)
    assert len(reading.records) == 4
    assert "1 line above the header was left out: “Search of 1 May”" in reading.remarks
    header = content.split(b"\n")[0]
    assert fuzz.READERS["csv"].read(header).remarks == ("no record was found in it",)


def test_a_long_number_is_no_hang() -> None:
    """Five thousand figures in a source of Ovid's take no time, wherever they stand."""
    content = fuzz.READERS["ovid-text"].seeds[0]
    for place in (b"12(4)", b"101-19", b"3:55"):
        spoiled = content.replace(place, b"9" * 5000 + place)
        with fuzz.in_time(2):
            assert len(fuzz.READERS["ovid-text"].read(spoiled).records) == 3


def test_a_refworks_record_without_its_type_is_read() -> None:
    """What stands before the first type is the file's own words, but not where it is a record."""
    content = fuzz.READERS["refworks"].seeds[0]
    spoiled = content.replace(b"RT Journal Article\n", b"", 1)
    assert len(fuzz.READERS["refworks"].read(spoiled).records) == 3


def test_a_refworks_record_without_its_beginning_is_told_of() -> None:
    """Where the first lines of the first record are damaged, what is left of it is not silent."""
    content = fuzz.READERS["refworks"].seeds[0]
    first = content.index(b"BEGIN EXPORT")
    spoiled = content[:first] + b"BEGI[" + content[content.index(b"T1 Kitchen") :]
    reading = fuzz.READERS["refworks"].read(spoiled)
    assert len(reading.records) + len(reading.rejected) == 3


def test_spoiled_notebooks_end_both_commands_with_a_message(project: Any, reviewpress: Any) -> None:
    """What `check` accepts can be rendered; what it refuses has a message, and no traceback."""
    root = project()
    path = root / "chapters/findings.ipynb"
    good, chance = path.read_bytes(), random.Random(16)
    for _ in range(6):
        path.write_bytes(spoiling.spoil_json(good, chance, 2))
        checked = reviewpress("check", cwd=root)
        rendered = reviewpress("render --engine pandoc", cwd=root)
        assert "Traceback" not in checked.stderr + rendered.stderr
        assert checked.status == rendered.status
        assert checked.status == 0 or "error: " in checked.stderr


def test_an_issue_of_thousands_of_digits_is_no_traceback() -> None:
    """A number that Python does not read is an issue like any other."""
    for reader, before in (("endnote-xml", b"<number>"), ("ris", b"IS  - ")):
        seed = fuzz.READERS[reader].seeds[0]
        assert before in seed
        spoiled = seed.replace(before, before + b"9" * 5000)
        assert len(fuzz.READERS[reader].read(spoiled).records) == fuzz.READERS[reader].count(seed)


TAGGED = {
    "ris": r"([A-Z][A-Z0-9])  - (.+)",
    "nbib": r"([A-Z]{2,4}) *- (.+)",
    "web-of-science": r"([A-Z][A-Z0-9]) (.+)",
    "endnote-tagged": r"%(.) (.+)",
    "refworks": r"([A-Z][A-Z0-9]) (.+)",
    "bibtex": r"\s*(\w+)\s*=\s*([^,]+),",
    "csl-json": r'\s*"([\w-]+)": ("[^"]*"|\d+),',
    "endnote-xml": r"\s*<([\w-]+)[^>]*>(.+)</\1>",
    "pubmed-xml": r"\s*<([\w-]+)[^>]*>([^<]+)</\1>",
}  # fmt: skip
"""A line of each format that says one thing: its name, and its value."""
OF_THE_FILE = {
    "nbib": {"OWN", "STAT", "DCOM", "LR", "PST"},
    "web-of-science": {"FN", "VR", "PT"},
    "csl-json": {"id"},
    "endnote-xml": {"database", "source-app", "rec-number", "ref-type", "keywords", "authors",
                    "secondary-authors"},
}  # fmt: skip
"""What says nothing of the work, or holds other elements."""


def _another_value(value: str) -> tuple[str, str]:
    """Return another value of the same kind, and what of it has to be found again."""
    if value.startswith(("{", '"')):
        other, word = _another_value(value[1:-1])
        closing = "}" if value[0] == "{" else '"'
        return f"{value[0]}{other}{closing}", word
    if "10." in value:
        return "10.1234/zymurgy", "10.1234/zymurgy"
    return ("2007", "2007") if value.isdigit() else ("Zymurgy", "zymurgy")


@pytest.mark.parametrize("name", TAGGED)
def test_what_a_record_says_twice_is_kept_or_told(name: str) -> None:
    """A second value of any tag is in the record, among the rejected, or in a remark."""
    reader, seen = fuzz.READERS[name], set[str]()
    lines = reader.seeds[0].decode("utf-8-sig").split("\n")
    for at, line in enumerate(lines):
        found = re.fullmatch(TAGGED[name], line)
        if found is None or found[1] in seen | OF_THE_FILE.get(name, set()):
            continue
        seen.add(found[1])
        value, word = _another_value(found[2])
        again = line[: found.start(2)] + value + line[found.end(2) :]
        reading = reader.read("\n".join([*lines[:at], line, again, *lines[at + 1 :]]).encode())
        told = repr((reading.records, reading.rejected, reading.remarks)).casefold()
        assert word in told, again
    assert len(seen) > 7


@pytest.mark.parametrize(("name", "old", "new", "told"), [
    ("ris", "PY  - 2019", "PY  - 2019\nPY  - 2007", "year of record 1"),
    ("nbib", "VI  - 12", "VI  - 12\nVI  - 77", "volume of record 1"),
    ("web-of-science", "PY 2019", "PY 2019\nPY 2007", "year of record 1"),
    ("endnote-tagged", "%D 2019", "%D 2019\n%D 2007", "year of record 1"),
    ("bibtex", "year     = 2019,", "year = 2019, year = 2007,", "year of record 1"),
    ("csl-json", '"volume": "12"', '"volume": "12", "volume": "77"', "volume of record 1"),
    ("endnote-xml", "<volume>12</volume>", "<volume>12</volume><volume>7</volume>", "volume of r"),
    ("endnote-xml", "<dates><year>2011", "<dates><year>2007</year><year>2011", "year of record 2"),
    ("pubmed-xml", "<Issue>4</Issue>", "<Issue>4</Issue><Issue>5</Issue>", "issue of record 1"),
    ("pubmed-xml", '"doi">10.5555/whistle.2020.1</Art', '"doi">10.5555/other.7</Art', "DOI of rec"),
    ("csv", "10.5555/jin.2019.0101", "10.5555/jin.2019.0101; 10.5555/other.7", "DOI of record 1"),
])  # fmt: skip
def test_two_years_in_a_record_are_remarked(name: str, old: str, new: str, told: str) -> None:
    """What a work has one of and a record gives twice is said with the record's number."""
    text = fuzz.READERS[name].seeds[0].decode("utf-8-sig")
    assert old in text
    reading = fuzz.READERS[name].read(text.replace(old, new, 1).encode())
    assert told in str(reading.remarks)
    assert "given twice" not in str(fuzz.READERS[name].read(text.encode()).remarks)


def test_two_columns_of_a_name_are_one_where_they_say_the_same() -> None:
    """A table of two exports side by side has its titles, years and DOIs twice."""
    table = "Title,Authors,Year,DOI,title,DOI\n{}\nOther ponds,Elm,2020,,,\n"
    for cells, told in (
        ('"Ponds, a study",Ash,2019,10.1000/a,"Ponds, a  Study",https://doi.org/10.1000/A', ""),
        ("Ponds,Ash,2019,10.1000/a,Lakes,10.1000/a", "title of record 1;"),
        ("Ponds,Ash,2019,10.1000/a,,10.1000/b", "DOI of record 1;"),
    ):
        reading = fuzz.READERS["csv"].read(table.format(cells).encode())
        assert len(reading.records) == 2
        assert (told in str(reading.remarks)) if told else reading.remarks == ()
        assert ("Lakes" in cells) == ("Lakes" in str(reading.records))


@pytest.mark.parametrize(("name", "cut"), [
    ("bibtex", " at most.},\n  keywords = {gardens, diet}\n}\n\n@InCollection{bergstrom2011,\n"),
    ("web-of-science", "ER\n\nPT "), ("csl-json", '"\n  },\n  {\n    "id": "http'),
    ("pubmed-xml", "</PubmedArticle>\n<PubmedArticle>"),
])  # fmt: skip
def test_titles_of_records_that_became_one_are_named(name: str, cut: str) -> None:
    """Where what parts two records is gone, the reason of the rejection has both titles."""
    reader = fuzz.READERS[name]
    text = reader.seeds[0].decode("utf-8-sig")
    at = text.index(cut)
    end = at + len(cut)
    titles = [one.title for one in reader.read(text.encode()).records[:2]]
    reading = reader.read((text[:at] + text[end:]).encode())
    assert all(title[:40] in str(reading.rejected) for title in titles), reading
