"""What a file is taken for: a format and a tool, or what cannot be imported yet."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import BibliographyError
from reviewpress.imports.ballots import Asked
from reviewpress.imports.decision_files import read_decision_file
from reviewpress.imports.file_kinds import FORMATS, format_named
from reviewpress.imports.readers import parse_records

SMALL = Path(__file__).parent / "projects" / "small-evidence"
RIS = "TY  - JOUR\nTI  - A title\nAU  - Alder, A\n{}ER  - \n"
WORD = "word/document.xml"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(**files: str) -> bytes:
    """Return a zip file of texts by name."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as zipped:
        for name, text in files.items():
            zipped.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RIS.format(""), "RIS"),
        (RIS.format("DB  - Ovid MEDLINE(R)\n"), "RIS from Ovid"),
        ("Provider: EBSCOhost\n\n" + RIS.format(""), "RIS from EBSCO"),
        (RIS.format("AN  - WOS:000123\n"), "RIS from Web of Science"),
        (RIS.format("DB  - Scopus\n"), "RIS from Scopus"),
        (RIS.format("UR  - https://www.proquest.com/x\n"), "RIS from ProQuest"),
        ("PMID- 1\nOWN - NLM\nTI  - A title\n", "NBIB from PubMed"),
        ("@article{a, title={A}, source={Scopus}}", "BibTeX from Scopus"),
        ("% Encoding: UTF-8\n@article{a, title={A}}\n", "BibTeX from JabRef"),
        ('[{"id": "http://zotero.org/users/1/items/2", "title": "A"}]', "CSL JSON from Zotero"),
        ("Title,Authors,Covidence #\nA,B,#1\n", "CSV from Covidence"),
        ("%0 Book\n%T A title\n", "EndNote tagged"),
        ("RT Book\nT1 A title\n", "RefWorks"),
    ],
)  # fmt: skip
def test_a_file_of_records_says_its_format_and_tool(text: str, kind: str) -> None:
    """The tool is named where its export shows it."""
    assert parse_records(text.encode(), "a.txt").kind == f"records, {kind}"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (archive(**{WORD: f"<w:p {W}><w:ins w:id='1'/></w:p>",
                    "word/comments.xml": f"<w:comment {W} w:id='1'/>"}),
         "an edited Word file (1 comment and 1 tracked change)"),
        (archive(**{WORD: f"<n:p {W.replace(':w', ':n')}><n:del\n n:id='1'/><n:moveTo/></n:p>"}),
         "an edited Word file (0 comments and 2 tracked changes)"),
        (archive(**{WORD: f"<w:p {W}/>"}), "a Word file without comments and tracked changes"),
        (archive(**{"ppt/slides/slide1.xml": "x"}), "a presentation"),
        (archive(**{"library.enl": "x"}), "a library of EndNote"),
        (archive(**{"project.json": "{}", "data/x.csv": "title"}), "a project of ASReview"),
        (archive(**{"export.ris": "x"}), "a zip archive"),
        (archive(mimetype="application/vnd.oasis.opendocument.text"), "a document"),
        (b"%PDF-1.7 x", "a PDF"),
        (b"SQLite format 3\0 x", "the database of a reference manager"),
        (b"\x1f\x8b\x08 x", "a compressed file"),
        (b"record,other,decision\na,b,same\n", "decisions on duplicates"),
        (b"Study,D1,D2,D3,D4,Overall\nAsh 2020,Low,Low,High,Low,High\n", "a filled-in form"),
        (b"code,S1,S2,1.1,1.2,1.3\n4,Yes,Yes,No,Yes,Yes\n", "a filled-in form"),
        (b"paper,question,answer\n4,1.1,Yes\n", "a filled-in form"),
        (b"form: mmat\npaper: 4\nanswers:\n  S1: yes\n", "a filled-in form"),
        (b"data,node,box,description\nNA,1,x,y\n", "a PRISMA flow"),
        (b'{"cells": [], "metadata": {}, "nbformat": 4}', "a notebook"),
        (b"<modsCollection><mods/></modsCollection>", "XML of another kind (MODS)"),
        (b"<rdf:RDF></rdf:RDF>", "XML of another kind (RDF)"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_yet_is_named(content: bytes, what: str) -> None:
    """A message says what the file is, and what to do with it."""
    with pytest.raises(BibliographyError, match="which cannot be imported yet") as caught:
        parse_records(content, "given.dat")
    assert str(caught.value).startswith(f"given.dat: the file is {what}, which")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({WORD: f"<w:p {W}><w:ins w:id='1'/></w:p>"}, "an edited Word file"),
        ({"project.json": "{}"}, "a project of ASReview"),
        ({"export.ris": "x"}, "a zip archive"),
    ],
)
def test_a_container_is_named_before_decisions_are_looked_for(
    parts: dict[str, str], what: str, tmp_path: Path
) -> None:
    """It is no damaged spreadsheet: `import` looks for decisions first."""
    path = tmp_path / "given.dat"
    path.write_bytes(archive(**parts))
    with pytest.raises(BibliographyError, match=f"the file is {what}"):
        read_decision_file(path, Asked())


@pytest.mark.parametrize("name", [*FORMATS, "RIS", "csl json", "Web of Science", "records"])
def test_a_format_has_names(name: str) -> None:
    """Case and blanks do not matter; "records" leaves the format to be found."""
    assert format_named(name) in (*FORMATS.values(), "")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("riss", 'Did you mean "ris"?'),
        ("bibtx", 'Did you mean "bibtex"?'),
        ("endnote", 'Did you mean "endnote-'),
        ("decisons", 'Did you mean "decisions"?'),
        ("form", "appraisal.csv"),
        ("word", "chapters"),
    ],
)
def test_a_name_that_is_none_is_told_the_nearest(name: str, told: str) -> None:
    """What cannot be imported yet is named, too."""
    with pytest.raises(BibliographyError) as caught:
        format_named(name)
    assert told in caught.value.hint


def test_a_format_overrules_what_a_file_looks_like() -> None:
    """A table of records is BibTeX if somebody says so."""
    text = b"title,authors,year\n@article{a, title={One}}\n"
    assert parse_records(text, "a.txt").format == "CSV"
    found = parse_records(text, "a.txt", kind="BibTeX")
    assert [record.title for record in found.records] == ["One"]


def test_import_says_first_what_it_took_files_for(
    tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """The line stands above all others; an unknown format is told the nearest one."""
    root = shutil.copytree(SMALL, tmp_path / "review")
    (root / "export.ris").write_text(RIS.format("DB  - Scopus\n"), encoding="utf-8")
    found = reviewpress("import export.ris --dry-run", cwd=root)
    assert found.stdout.splitlines()[0] == "export.ris: records, RIS from Scopus."
    found = reviewpress("import export.ris --as riss", cwd=root)
    assert found.status == 1
    assert 'Did you mean "ris"?' in found.stdout + found.stderr
    assert reviewpress("import export.ris --as ris --dry-run", cwd=root).status == 0
