"""Importing: added, merged, unsure, rejected; nothing overwritten, nothing lost, twice is once."""

import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reviewpress.bibliography import load_bibliography
from reviewpress.config import Config, load_config
from reviewpress.errors import BibliographyError, ConfigError, Problems, ReportError, SetupError
from reviewpress.evidence.import_log import read_log
from reviewpress.imports import ImportReport, import_records
from reviewpress.programs.tools import find_pandoc
from reviewpress.store import journal

SMALL = Path(__file__).parent / "projects" / "small-evidence"
GENERATOR = Path(__file__).parent / "generators" / "large_export.py"

EXPORT = """\
TY  - JOUR
AU  - Abel, A.
TI  - FIRST STUDY
JO  - J Tests
PY  - 2020
VL  - 7
DO  - https://doi.org/10.1234/ABEL.2020
AB  - About 50% of it.
ER  -
TY  - JOUR
AU  - Neu, N.
TI  - A new study of joined-up care
JO  - Journal of Tests
PY  - 2021
ER  -
TY  - JOUR
AU  - Neu, N.
TI  - A new study of joined-up care.
JO  - Journal of Tests
PY  - 2021
VL  - 3
ER  -
TY  - JOUR
AU  - Neu, N.
TI  - A new study of joined-up care
JO  - Journal of Tests
PY  - 2019
ER  -
TY  - JOUR
AU  - Nobody, N.
ER  -
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    root = shutil.copytree(SMALL, tmp_path / "review")
    return load_config(root, check_chapters=False)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.ris"
    path.write_text(EXPORT)
    return path


def files(config: Config) -> dict[str, bytes]:
    """Return the review's files, but for the lock of an import."""
    paths = (path for path in config.root.rglob("*") if path.is_file())
    names = {path.relative_to(config.root).as_posix(): path for path in paths}
    return {n: p.read_bytes() for n, p in names.items() if not n.startswith(".reviewpress/")}


def logged(config: Config) -> list[tuple[int, str, str]]:
    return [(row.number, row.outcome, row.key) for row in read_log(config.root)]


def kinds(report: ImportReport) -> list[tuple[int, str, str]]:
    return [(one.number, one.kind, one.key) for one in report.outcomes]


EXPECTED = [
    (1, "merged", "abel2020"),
    (2, "added", "neu2021"),
    (3, "merged", "neu2021"),
    (4, "unsure", "neu2019"),
    (5, "rejected", ""),
]


def test_every_record_has_an_outcome(config: Config, export: Path) -> None:
    """New, known, doubtful and unusable records are told apart, also within one file."""
    report = import_records(config, [export])
    assert kinds(report) == EXPECTED
    assert (len(report.added), len(report.merged), len(report.unsure), len(report.rejected)) == (
        1,
        2,
        1,
        1,
    )
    first = report.outcomes[0]
    assert first.added_fields == ("volume", "abstract")
    assert [str(difference) for difference in first.differences] == [
        "author: Abel, A.",
        "journal: J Tests",
    ]
    assert report.unsure[0].like == "neu2021"
    assert report.rejected[0].reason.startswith("has no title")
    assert report.formats == (("export.ris", "records, RIS"),)


def test_nothing_that_was_there_changes(config: Config, export: Path) -> None:
    """Fields are added before an entry's end, entries after the last; all else stays."""
    before = config.bibliography[0].read_text()
    import_records(config, [export])
    after = config.bibliography[0].read_text()
    old, new = before.splitlines(), after.splitlines()
    kept = iter(new)
    assert all(line in kept for line in old), "a line is gone, or lines changed their order"
    found = load_bibliography(config.bibliography[0])
    abel = found["abel2020"]
    assert abel.fields["title"] == "First study"
    assert abel.text("volume") == "7"
    assert abel.text("abstract") == "About 50% of it."
    assert found["neu2021"].text("volume") == "3"
    assert found["neu2019"].text("possible-duplicate") == "neu2021"
    assert found.keys[-2:] == ("neu2021", "neu2019")


def test_importing_twice_changes_nothing(config: Config, export: Path) -> None:
    """The second time every record is there already, and no byte differs."""
    import_records(config, [export])
    before = files(config)
    report = import_records(config, [export])
    assert [one.kind for one in report.outcomes] == ["already there"] * 4 + ["rejected"]
    assert files(config) == before


def test_the_same_records_in_another_file_change_no_entry(
    config: Config, export: Path, tmp_path: Path
) -> None:
    """A second export with the same records is logged, and the bibliography stays."""
    import_records(config, [export])
    before = config.bibliography[0].read_bytes()
    other = tmp_path / "other.ris"
    other.write_text(EXPORT + "\n")
    assert [one.kind for one in import_records(config, [other]).outcomes[:4]] == [
        "already there"
    ] * 4
    assert config.bibliography[0].read_bytes() == before
    assert len(read_log(config.root)) == 10


def test_a_dry_run_tells_the_same_and_writes_nothing(config: Config, export: Path) -> None:
    """What would happen is what happens."""
    before = files(config)
    dry = import_records(config, [export], dry_run=True)
    assert files(config) == before
    assert dry.outcomes == import_records(config, [export]).outcomes
    assert dry.dry_run


def test_unwanted_fields_stay_out(config: Config, export: Path) -> None:
    """Abstracts are somebody's text: a review that is published may leave them out."""
    settings = replace(config.settings, other={"import-without": ["Abstract"]})
    import_records(replace(config, settings=settings), [export])
    entries = load_bibliography(config.bibliography[0])
    assert not any("abstract" in entry.fields for entry in entries)
    assert any(entry.fields.get("volume") == "7" for entry in entries)
    wrong = replace(config.settings, other={"import-without": "abstract"})
    with pytest.raises(ConfigError, match="takes a list of fields"):
        import_records(replace(config, settings=wrong), [export])


def test_the_log_says_what_became_of_each_record(config: Config, export: Path) -> None:
    """File, number, outcome, key and what the entry says otherwise: nothing of a record is lost."""
    import_records(config, [export])
    rows = read_log(config.root)
    assert [(row.number, row.outcome, row.key) for row in rows] == EXPECTED
    assert "journal: J Tests" in rows[0].differences
    assert rows[3].like == "neu2021"


def test_an_export_that_cannot_be_read_changes_nothing(
    config: Config, export: Path, tmp_path: Path
) -> None:
    """One bad file among several stops the import before anything is written."""
    bad = tmp_path / "bad.xml"
    bad.write_text("<xml><record>")
    before = files(config)
    with pytest.raises(BibliographyError, match=r"bad\.xml"):
        import_records(config, [export, bad])
    with pytest.raises(BibliographyError, match="does not exist"):
        import_records(config, [export, tmp_path / "none.ris"])
    assert files(config) == before


def test_a_folder_is_told(config: Config, tmp_path: Path) -> None:
    """Someone has a folder of exports, and is told how to name them."""
    folder = tmp_path / "exports"
    folder.mkdir()
    with pytest.raises(
        BibliographyError, match=r"is a folder. Name the files in it, as in exports/"
    ):
        import_records(config, [folder])


def test_a_broken_bibliography_is_not_added_to(config: Config, export: Path) -> None:
    """An import does not make a bad bibliography worse."""
    path = config.bibliography[0]
    path.write_text(path.read_text() + "@misc{broken, title={x\n")
    before = files(config)
    with pytest.raises(Problems, match="broken"):
        import_records(config, [export])
    assert files(config) == before


@pytest.mark.parametrize("failing", ["imports.csv", "references.bib"])
def test_an_import_that_fails_half_way_leaves_all_as_it_was(
    config: Config, export: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """A full disk while writing the log or the bibliography loses nothing."""
    put = journal._put
    failed = []

    def put_or_fail(made: Path, path: Path) -> None:
        if path.name == failing and not failed:
            failed.append(path)
            raise SetupError("the disk is full.")
        put(made, path)

    monkeypatch.setattr(journal, "_put", put_or_fail)
    before = files(config)
    with pytest.raises(SetupError):
        import_records(config, [export])
    assert files(config) == before
    assert kinds(import_records(config, [export])) == EXPECTED


ENDING = """
import os, signal, sys
from reviewpress.store import journal
from reviewpress.cli import main
number, at = int(sys.argv[1]), int(sys.argv[2])
count = 0

def counted(function):
    def call(*arguments):
        global count
        count += 1
        if count == at:
            os.kill(os.getpid(), number)
        return function(*arguments)
    return call

journal._put = counted(journal._put)
journal._close = counted(journal._close)
main(["import", sys.argv[3]])
"""


def end_import(config: Config, export: Path, number: int, at: int) -> tuple[int, str]:
    """Import, and send a signal at one of the three last steps; return status and words."""
    command = [sys.executable, "-c", ENDING, str(int(number)), str(at), str(export)]
    done = subprocess.run(command, cwd=config.root, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_import_interrupted_at_its_end_is_complete_and_says_so(
    config: Config, export: Path, number: int, at: int
) -> None:
    """Bibliography and log are both new, and the message does not say that they are untouched."""
    status, said = end_import(config, export, number, at)
    assert status == 128 + number
    expected = "Interrupted. Done before that: bib/references.bib written; data/imports.csv written"
    assert said.strip() == f"{expected}. All else is untouched."
    again = import_records(config, [export])
    assert {outcome.reason for outcome in again.of_kind("already there")} == {"imported before"}
    assert len(again.of_kind("already there")) == 4
    assert logged(config) == EXPECTED


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_killed_import_is_finished_by_the_next_verb(
    config: Config, export: Path, at: int
) -> None:
    """Whatever runs next brings the second file in line with the first, and says so."""
    status, _ = end_import(config, export, signal.SIGKILL, at)
    assert status == -signal.SIGKILL
    command = [sys.executable, "-m", "reviewpress.cli", "cite", "nothing of this name"]
    said = subprocess.run(command, cwd=config.root, capture_output=True, text=True, check=False)
    told = "A change that was interrupted is now complete: bib/references.bib and data/imports.csv"
    assert said.stderr.startswith(told)
    assert import_records(config, [export]).of_kind("already there")
    assert logged(config) == EXPECTED
    assert not (config.store / "changes").exists()
    assert not list((config.store / "tmp").iterdir())


def test_a_file_edited_after_a_killed_import_is_not_written_over(
    config: Config, export: Path
) -> None:
    """Somebody has changed the bibliography meanwhile: nothing is done, and what to do is said."""
    end_import(config, export, signal.SIGKILL, 1)
    path = config.bibliography[0]
    path.write_text(path.read_text("utf-8") + "\n% mine\n", encoding="utf-8")
    mine = path.read_bytes()
    with pytest.raises(SetupError, match=r"has been changed since.*\.reviewpress/changes/0"):
        import_records(config, [export])
    assert path.read_bytes() == mine


def test_a_second_import_at_the_same_time_is_refused(config: Config, export: Path) -> None:
    """Two that write the same log would lose the rows of one; a dry run disturbs nobody."""
    before = files(config)
    program = (
        "import sys, time; from pathlib import Path\n"
        "from reviewpress.store.locks import IMPORT, Lock\n"
        "print(Lock(Path(sys.argv[1]) / IMPORT, 'an import').take(), flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", program, str(config.store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with pytest.raises(SetupError, match="an import is running already"):
            import_records(config, [export])
        assert files(config) == before
        assert import_records(config, [export], dry_run=True).added
        other.kill()
    assert import_records(config, [export]).added


def test_a_log_whose_entries_are_gone_is_imported_again(config: Config, export: Path) -> None:
    """An entry that an author deleted comes back when its export is imported again."""
    import_records(config, [export])
    path = config.bibliography[0]
    text = path.read_text()
    path.write_text(text[: text.index("@article{neu2021")])
    report = import_records(config, [export])
    assert (2, "added", "neu2021") in kinds(report)


def test_line_ends_and_mark_of_a_bibliography_stay(config: Config, export: Path) -> None:
    """A bibliography made on Windows stays one."""
    path = config.bibliography[0]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    import_records(config, [export])
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert "neu2021" in load_bibliography(path)


def test_a_review_without_bibliography_is_told(config: Config, export: Path) -> None:
    """There has to be a file to import into."""
    (config.root / "_quarto.yml").write_text("project:\n  type: book\nbook:\n  title: x\n")
    bare = load_config(config.root, check_chapters=False)
    with pytest.raises(ReportError, match="no bibliography"):
        import_records(bare, [export])


def test_a_bibliography_of_the_same_works_merges_by_doi(config: Config, tmp_path: Path) -> None:
    """BibTeX keeps its fields as written, and free keys of its own."""
    path = tmp_path / "zotero.bib"
    path.write_text(
        "@article{zot_1, title={First {Study}}, doi={10.1234/abel.2020}, eprint={x}}\n"
        "@book{zot_2, title={An {NHS} book}, year={2001}}\n"
    )
    assert kinds(import_records(config, [path])) == [
        (1, "merged", "abel2020"),
        (2, "added", "zot_2"),
    ]
    assert load_bibliography(config.bibliography[0])["zot_2"].fields["title"] == "An {NHS} book"


def test_an_entry_of_no_known_type_takes_the_records(config: Config, tmp_path: Path) -> None:
    """A misc of one's own table becomes an article once its journal is known, and no other."""
    path = config.bibliography[0]
    own = (
        "@Misc{own2021, title={A new study of joined-up care}, author={Neu, N.}, year={2021}}\n"
        "@misc{web2020, title={Another study of care}, author={Web, W.}, journal={Blog}}\n"
    )
    path.write_text(path.read_text() + own)
    export = tmp_path / "export.ris"
    export.write_text(
        "TY  - JOUR\nAU  - Neu, N.\nTI  - A new study of joined-up care\nPY  - 2021\n"
        "JO  - Journal of Tests\nSP  - 1\nEP  - 9\nER  -\n"
        "TY  - JOUR\nAU  - Web, W.\nTI  - Another study of care\nJO  - Blog\nVL  - 2\nER  -\n"
    )
    import_records(config, [export])
    entries = load_bibliography(path)
    assert (entries["own2021"].type, entries["own2021"].text("pages")) == ("article", "1--9")
    assert (entries["web2020"].type, entries["web2020"].text("volume")) == ("misc", "2")


def test_a_key_that_cannot_be_kept_is_noted(config: Config, tmp_path: Path) -> None:
    """The key of a record's own bibliography can be looked up where it is taken or unfit."""
    path = tmp_path / "dblp.bib"
    path.write_text("@book{DBLP:conf/x/Doe20, title={Growing}, author={Doe, Jo}, year={2020}}\n")
    import_records(config, [path])
    entry = load_bibliography(config.bibliography[0])["doe2020"]
    assert entry.text("ids") == "DBLP:conf/x/Doe20"


def test_what_has_to_be_looked_at_is_told_last(
    config: Config, export: Path, reviewpress: Callable[..., Any]
) -> None:
    """A long list of records that are new does not hide those that need eyes."""
    told = reviewpress(["import", str(export)], cwd=config.root).stdout.splitlines()
    assert [line.partition(":")[0] for line in told[:-1]] == [
        "export.ris", "added", "merged", "merged", "unsure", "rejected",
    ]  # fmt: skip
    assert told[-2].startswith("rejected: export.ris, record 5 has no title: ")
    assert told[-1] == "1 added, 2 merged, 0 already there, 1 unsure, 1 rejected."


MEASURE = Path(__file__).parent / "generators" / "measure_import.py"


@pytest.mark.skipif(sys.platform == "win32", reason="measures memory as Unix does")
def test_a_large_export_is_imported_linearly_and_in_little_memory(
    config: Config, tmp_path: Path
) -> None:
    """4,000 records in less than 1 GB; one record in ten repeats an earlier one."""
    found = {}
    for count in (1000, 4000):
        path = tmp_path / f"{count}.ris"
        generate = [sys.executable, str(GENERATOR), str(path), "--records", str(count)]
        subprocess.run(generate, check=True)
        command = [sys.executable, str(MEASURE), str(config.root), str(path)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        found[count] = json.loads(ran.stdout)
    outcomes, seconds, size = found[4000]
    repeated = (tmp_path / "4000.ris").read_text().count("C8  - ")
    assert outcomes.get("merged", 0) + outcomes.get("already there", 0) == repeated
    assert outcomes["added"] == 4000 - repeated
    assert size < 1024
    assert seconds < 8 * found[1000][1]


ODD = st.text(
    st.characters()
    | st.sampled_from("\x00\x07\x1a\x85\x92\ufeff\ufffd\u202e\u2028{}\\%$&#@\"',=;[]<>"),
    max_size=30,
)
EXPORTS = [
    lambda a, b: f"TY  - JOUR\nTI  - {a}\nAU  - {b}\nJO  - {b}\nDO  - 10.1000/{b}\nER  - \n",
    lambda a, b: f"PMID- 1\nTI  - {a}\nFAU - {b}\nAB  - {b}\n",
    lambda a, b: f"@book_x{{{b},\n title = {{{a}}},\n author = {{{b}}},\n {b} = {{{a}}},\n}}\n",
    lambda a, b: json.dumps([{"title": a, "author": [{"literal": b}], b: a, "URL": b}]),
    lambda a, b: f'Title,Authors,DOI,{b.replace(",", "")}\n"{a}","{b}",{b.replace(",", "")},x\n',
    lambda a, b: f"PT J\nTI {a}\nAU {b}\nSO {b}\nER\n",
    lambda a, b: f"%0 Journal Article\n%T {a}\n%A {b}\n%J {b}\n%D {a}\n%P {b}\n",
    lambda a, b: f"RT Journal Article\nT1 {a}\nA1 {b}\nJF {b}\nYR {a}\nSP {b}\nU1 {a}\n",
    lambda a, b: f"<1>\nTitle\n  {a}\nAuthor\n  {b}\nSource\n  {b}. 3(2):{a}, 2020.\n",
    lambda a, b: f"ty - jour\nti - {a}\nau - {b}\npy - {a}\nt2 - {b}\ner -\n",
]


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(EXPORTS), ODD.filter(str.strip), ODD, st.text(max_size=8))
@example(EXPORTS[4], "#N/A", "a", "#REF!")
@example(EXPORTS[3], "a\ud800b", "c\ud83d", "\udcff.json")
@example(EXPORTS[0], "0", "a", "\r")
def test_what_import_writes_can_be_read_by_all(
    export: Callable[[str, str], str], one: str, other: str, name: str
) -> None:
    """Whatever an export and its name hold, log and bibliography are read, by pandoc as well."""
    with tempfile.TemporaryDirectory() as folder:
        root = shutil.copytree(SMALL, Path(folder) / "review")
        config = load_config(root, check_chapters=False)
        path = Path(folder) / ("x" + re.sub("[/\0\ud800-\udc7f\udd00-\udfff]", "", name))
        path.write_bytes(export(one, other).encode("utf-8", "surrogatepass"))
        try:
            first = import_records(config, [path])
        except ReportError:
            assert read_log(root) == []
            return
        assert len(read_log(root)) == len(first.outcomes)
        bibliography = load_bibliography(config.bibliography[0])
        command = [find_pandoc(), "--fail-if-warnings", "--from", "bibtex", "--to", "csljson"]
        done = subprocess.run(
            command, input=config.bibliography[0].read_bytes(), capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert [item["id"] for item in json.loads(done.stdout)] == list(bibliography.keys)
        again = import_records(config, [path])
        assert {outcome.kind for outcome in again.outcomes} <= {"already there", "rejected"}


def test_et_al_is_completed_by_a_record_with_the_names(config: Config, tmp_path: Path) -> None:
    """Names take the place of "and others", also in quotes; nothing else of an entry changes."""
    path = config.bibliography[0]
    own = (
        "@misc{alder2020,\n  author = {Alder and others},\n  title = {Gardens and walks of men},\n"
        "  year = 2020 }\n"
        '@misc{oak2021, title={Ponds of old women},Author = "{\\"O}ak, O and others", year=2021}\n'
        "@misc{elm2022, title={Trees of the very young}, author={Elm, E and others}, year=2022}\n"
    )
    path.write_text(path.read_text() + own)
    export = tmp_path / "export.ris"
    export.write_text(
        "TY  - JOUR\nAU  - Alder, Roland\nAU  - Beech, Meredith\nTI  - Gardens and walks of men\n"
        "PY  - 2020\nER  - \nTY  - JOUR\nAU  - Öak, O\nAU  - Ash, A\nTI  - Ponds of old women\n"
        "PY  - 2021\nER  - \nTY  - JOUR\nAU  - Elm, E\nAU  - et al.\n"
        "TI  - Trees of the very young\nPY  - 2022\nER  - \n"
    )
    report = import_records(config, [export])
    assert [one.kind for one in report.outcomes] == ["merged", "merged", "already there"]
    assert "author" in report.outcomes[0].added_fields
    text = path.read_text()
    assert "  author = {Alder, Roland and Beech, Meredith},\n  title = {Gardens" in text
    assert "Author = {Öak, O and Ash, A}, year=2021" in text
    assert "author={Elm, E and others}" in text
    before = path.read_bytes()
    import_records(config, [export])
    assert path.read_bytes() == before


def test_import_ends_with_1_where_records_were_rejected(
    config: Config, export: Path, reviewpress: Callable[..., Any]
) -> None:
    """A script sees that something has to be looked at; what can be imported is."""
    assert reviewpress(["import", str(export)], cwd=config.root).status == 1
    clean = export.with_name("clean.ris")
    clean.write_text(EXPORT.rpartition("TY  - JOUR")[0])
    assert reviewpress(["import", str(clean)], cwd=config.root).status == 0


def test_remarks_are_said_once_with_the_file(
    config: Config, tmp_path: Path, reviewpress: Callable[..., Any]
) -> None:
    """What was taken out of a file stands above the sums."""
    path = tmp_path / "a.ris"
    path.write_text("TY  - JOUR\nTI  - Pre\ufffdscribing\nER  - \nLink to it\n", encoding="utf-8")
    told = reviewpress(["import", str(path)], cwd=config.root).stdout.splitlines()
    assert told[-3:-1] == [
        "note: a.ris: 1 damaged or invisible character was taken out or replaced: "
        "U+FFFD (replacement character), in line 2.",
        "note: a.ris: a line between records belongs to none and was left out: “Link to it”.",
    ]
