"""Replacing and withdrawing exports, and what people decided on pairs, as an import obeys it."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import reviewpress
from reviewpress.bibliography import load_bibliography
from reviewpress.cli import cli
from reviewpress.config import Config, load_config
from reviewpress.errors import BibliographyError, DataError
from reviewpress.evidence.import_log import read_log
from reviewpress.imports import import_records

SMALL = Path(__file__).parent / "projects" / "small-evidence"
FERNS = ("Fern, F.", "Ferns of the northern islands and those who count them", "2001")
BENCHES = ("Larch, L.", "Benches in the shade and the people who sit on them", "2015")
GULLS = ("Gull, G.", "Gulls on the roof: a survey of four harbours", "2010")


def ris(*records: tuple[str, str, str], **fields: str) -> str:
    """Return an export; `fields` are tags that each record has besides."""
    more = "".join(f"{tag}  - {value}\n" for tag, value in fields.items())
    return "".join(
        f"TY  - JOUR\nAU  - {author}\nTI  - {title}\nPY  - {year}\n{more}ER  -\n"
        for author, title, year in records
    )


@pytest.fixture
def config(tmp_path: Path) -> Config:
    root = shutil.copytree(SMALL, tmp_path / "review")
    return load_config(root, check_chapters=False)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    path = tmp_path / "first.ris"
    path.write_text(ris(FERNS, BENCHES))
    return path


def keys(config: Config) -> tuple[str, ...]:
    return load_bibliography(config.bibliography[0]).keys


def decide(config: Config, name: str, *rows: str) -> None:
    header = {"screening": "record,stage,decision,reason,reviewer"}.get(
        name, "record,other,decision"
    )
    (config.root / "data" / f"{name}.csv").write_text("\n".join([header, *rows, ""]))


def sources(config: Config) -> dict[str, bytes]:
    paths = [*config.bibliography, *(config.root / "data").glob("*.csv")]
    return {path.name: path.read_bytes() for path in paths}


def test_a_withdrawn_import_leaves_no_trace_but_its_absence(config: Config, first: Path) -> None:
    """The bibliography is byte for byte what it was, and the log has no row of it."""
    before = config.bibliography[0].read_bytes()
    import_records(config, [first])
    assert len(keys(config)) > len(load_bibliography(SMALL / "bib" / "references.bib").keys)
    report = import_records(config, [], withdraw=[first])
    assert config.bibliography[0].read_bytes() == before
    assert read_log(config.root) == []
    [withdrawal] = report.withdrawals
    assert (withdrawal.file, withdrawal.records) == ("first.ris", 2)
    assert withdrawal.removed == ("fern2001", "larch2015")


def test_a_withdrawal_in_a_dry_run_writes_nothing(config: Config, first: Path) -> None:
    """It says the same as the withdrawal."""
    import_records(config, [first])
    before = sources(config)
    dry = import_records(config, [], dry_run=True, withdraw=[first])
    assert sources(config) == before
    assert dry.withdrawals == import_records(config, [], withdraw=[first]).withdrawals


def test_what_another_import_found_stays(config: Config, first: Path, tmp_path: Path) -> None:
    """The entry is from then on one that the other import added."""
    import_records(config, [first])
    second = tmp_path / "second.ris"
    second.write_text(ris(BENCHES, GULLS))
    import_records(config, [second])
    report = import_records(config, [], withdraw=[Path("first.ris")])
    assert report.withdrawals[0].removed == ("fern2001",)
    assert "larch2015" in keys(config)
    rows = [(row.file, row.outcome, row.key) for row in read_log(config.root)]
    assert rows == [("second.ris", "added", "larch2015"), ("second.ris", "added", "gull2010")]


def test_fields_that_a_withdrawn_record_gave_go_with_it(config: Config, tmp_path: Path) -> None:
    """An entry that was there before is as it was, unless a later record was merged too."""
    own = tmp_path / "own.ris"
    own.write_text(ris(FERNS, BENCHES))
    import_records(config, [own])
    before = config.bibliography[0].read_bytes()
    more = tmp_path / "more.ris"
    more.write_text(ris(FERNS, BENCHES, DO="10.1000/wrong", VL="7").replace("wrong", "a", 1))
    import_records(config, [more])
    assert b"10.1000/a" in config.bibliography[0].read_bytes()
    import_records(config, [], withdraw=[more])
    assert config.bibliography[0].read_bytes() == before


def test_decisions_on_removed_records_are_set_aside(config: Config, first: Path) -> None:
    """They go to a file of their own with the export and the date, and are listed; others stay."""
    import_records(config, [first])
    decide(
        config,
        "screening",
        'fern2001,title and abstract,exclude,"not here, not now",AB',
        "abel2020,title and abstract,include,,AB",
        "larch2015,title and abstract,include,,AB",
    )
    report = import_records(config, [], withdraw=[first])
    assert report.withdrawals[0].decisions == (
        "@fern2001: title and abstract, exclude, not here, not now, AB",
        "@larch2015: title and abstract, include, AB",
    )
    left = (config.root / "data" / "screening.csv").read_text()
    assert left == (
        "record,stage,decision,reason,reviewer\nabel2020,title and abstract,include,,AB\n"
    )
    aside = list(csv.DictReader((config.root / "data" / "withdrawn.csv").read_text().splitlines()))
    assert [(row["export"], row["record"]) for row in aside] == [
        ("first.ris", "fern2001"),
        ("first.ris", "larch2015"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_decisions_that_stay_are_not_written_anew(end: str, config: Config, first: Path) -> None:
    """Signs that end a line elsewhere, accents in two parts and very long cells stay."""
    import_records(config, [first])
    path = config.root / "data" / "screening.csv"
    stays = (
        f'abel2020,title and abstract,include,"a\u2028b\x0cc\x85d e\u0301 {"x" * 200_000}",AB{end}'
    )
    goes = f"fern2001,title and abstract,exclude,not\u2028here,AB{end}"
    header = f"\ufeffrecord,stage,decision,reason,reviewer{end}"
    path.write_bytes(f"{header}{goes}{stays}{stays.replace(chr(34), '')}".encode())
    import_records(config, [], withdraw=[first])
    assert path.read_bytes().decode() == f"{header}{stays}{stays.replace(chr(34), '')}"
    with (config.root / "data" / "withdrawn.csv").open(encoding="utf-8", newline="") as file:
        assert [row["reason"] for row in csv.DictReader(file)] == ["not\u2028here"]


def test_decisions_in_another_encoding_are_not_touched(config: Config, first: Path) -> None:
    """What cannot be read is refused with its line, and nothing is withdrawn."""
    import_records(config, [first])
    path = config.root / "data" / "screening.csv"
    rows = (
        "fern2001,title and abstract,exclude,Caf\xe9,AB\nabel2020,retrieval,include,Na\xefve,AB\n"
    )
    path.write_bytes(f"record,stage,decision,reason,reviewer\n{rows}".encode("cp1252"))
    before = sources(config)
    with pytest.raises(DataError, match=r"screening\.csv, line 2: the file is not UTF-8"):
        import_records(config, [], withdraw=[first])
    assert sources(config) == before


def test_what_the_review_uses_stays(config: Config, first: Path) -> None:
    """A cited record and an included paper are kept, and it is said why."""
    import_records(config, [first])
    (config.root / "notes.qmd").write_text("As @fern2001 says.\n")
    report = import_records(config, [], withdraw=[first])
    assert report.withdrawals[0].kept == (("fern2001", "the review cites it"),)
    assert "fern2001" in keys(config)
    assert "larch2015" not in keys(config)


def test_a_corrected_export_does_not_count_twice(
    config: Config, first: Path, tmp_path: Path
) -> None:
    """Keys and decisions stay, its values win, and what it lacks now is gone."""
    first.write_text(ris(("Fern, F.", FERNS[1].replace("northern", "nothern"), "2001"), BENCHES))
    import_records(config, [first])
    decide(config, "screening", "fern2001,title and abstract,include,,AB")
    folder = tmp_path / "clean"
    folder.mkdir()
    corrected = folder / "first.ris"
    corrected.write_text(ris(FERNS, GULLS, VL="3"))
    report = import_records(config, [corrected], replace=True)
    found = load_bibliography(config.bibliography[0])
    assert {"fern2001", "gull2010"} <= set(found.keys)
    assert "larch2015" not in found.keys
    assert (found["fern2001"].title, found["fern2001"].text("volume")) == (FERNS[1], "3")
    assert [(d.field, d.kept) for d in report.outcomes[0].differences] == [("title", FERNS[1])]
    assert [(row.outcome, row.key) for row in read_log(config.root)] == [
        ("added", "fern2001"),
        ("added", "gull2010"),
    ]
    assert "fern2001" in (config.root / "data" / "screening.csv").read_text()
    assert report.withdrawals[0].removed == ("larch2015",)


def test_an_own_paper_keeps_its_values(config: Config, tmp_path: Path) -> None:
    """Only what an import wrote is replaced, never what somebody had before."""
    before = load_bibliography(config.bibliography[0])["abel2020"]
    export = tmp_path / "first.ris"
    export.write_text(ris(("Abel, A.", f"{before.title}.", "2020"), DO=before.doi, VL="7"))
    assert import_records(config, [export]).merged
    export.write_text(export.read_text().replace("study", "studdy").replace("VL  - 7", "VL  - 8"))
    import_records(config, [export], replace=True)
    after = load_bibliography(config.bibliography[0])["abel2020"]
    assert (after.title, after.text("volume")) == (before.title, "8")
    import_records(config, [], withdraw=[export])
    assert load_bibliography(config.bibliography[0])["abel2020"] == before


def test_replacing_with_the_same_bytes_changes_nothing(config: Config, first: Path) -> None:
    """An export that was not corrected is imported already."""
    import_records(config, [first])
    before = sources(config)
    report = import_records(config, [first], replace=True)
    assert sources(config) == before
    assert len(report.of_kind("already there")) == 2


def test_an_export_that_nobody_imported_cannot_be_replaced(config: Config, first: Path) -> None:
    """The nearest name is offered, and nothing is written."""
    with pytest.raises(BibliographyError, match=r'no export named "first\.ris" was imported'):
        import_records(config, [first], replace=True)
    import_records(config, [first])
    before = sources(config)
    with pytest.raises(BibliographyError, match=r'Did you mean "first\.ris"') as caught:
        import_records(config, [], withdraw=[Path("frist.ris")])
    assert caught.value.hint
    assert sources(config) == before


def test_an_export_of_a_name_that_was_imported_is_pointed_out(config: Config, first: Path) -> None:
    """Two exports of one name would both be counted."""
    import_records(config, [first])
    first.write_text(ris(FERNS, BENCHES, GULLS))
    [remark] = import_records(config, [first], dry_run=True).remarks
    assert "imported before" in remark
    assert "--replace" in remark


def test_imports_are_dated(config: Config, first: Path) -> None:
    """The log says when; a log of version 0.1.0, which does not, is read too."""
    import_records(config, [first])
    assert all(len(row.date) == len("2026-01-31") for row in read_log(config.root))
    path = config.root / "data" / "imports.csv"
    with path.open() as file:
        rows = [row[:-2] for row in csv.reader(file)]
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    assert [(row.key, row.date) for row in read_log(config.root)] == [
        ("fern2001", ""),
        ("larch2015", ""),
    ]
    assert len(import_records(config, [first]).of_kind("already there")) == 2


def test_a_merge_is_taken_back_by_a_decision(config: Config, first: Path, tmp_path: Path) -> None:
    """The record is an entry again when its export is imported again; its fields go with it."""
    import_records(config, [first])
    before = load_bibliography(config.bibliography[0])["fern2001"]
    second = tmp_path / "second.ris"
    second.write_text(ris(FERNS, VL="9"))
    assert import_records(config, [second]).merged
    decide(config, "duplicates", "second.ris#1,fern2001,different")
    assert "still one entry" in _problems(config)
    [outcome] = import_records(config, [second]).outcomes
    assert (outcome.kind, outcome.key) == ("added", "fern2001a")
    found = load_bibliography(config.bibliography[0])
    assert found["fern2001"] == before
    assert found["fern2001a"].text("volume") == "9"
    assert "still one entry" not in _problems(config)
    assert [row.key for row in read_log(config.root)][-1] == "fern2001a"
    assert import_records(config, [second]).of_kind("already there")


def test_same_records_are_one_for_the_next_import(config: Config, tmp_path: Path) -> None:
    """What matches the one that was joined is merged into the one that is counted."""
    early, late = (tmp_path / f"{name}.ris" for name in ("early", "late"))
    early.write_text(ris(FERNS))
    late.write_text(ris((FERNS[0], FERNS[1], "2004")))
    import_records(config, [early])
    assert import_records(config, [late]).unsure
    decide(config, "duplicates", "fern2004,fern2001,same")
    again = tmp_path / "again.ris"
    again.write_text(ris((FERNS[0], FERNS[1], "2004"), VL="4"))
    [outcome] = import_records(config, [again]).outcomes
    assert (outcome.kind, outcome.key) == ("merged", "fern2001")


def test_the_command_lists_what_was_withdrawn(config: Config, first: Path) -> None:
    """Removed entries and decisions that were set aside are told; without names it is an error."""
    run = CliRunner()
    import_records(config, [first])
    decide(config, "screening", "fern2001,title and abstract,include,,AB")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(config.root)
        said = run.invoke(cli, ["import", "--withdraw", "first.ris"])
        assert said.exit_code == 0, said.output
        assert "removed: @larch2015" in said.output
        assert "set aside in data/withdrawn.csv: @fern2001" in said.output
        assert run.invoke(cli, ["import"]).exit_code == 2


def _problems(config: Config) -> str:
    from reviewpress.evidence.duplicates import check_pair_decisions

    keys_now = load_bibliography(config.bibliography[0]).keys
    found = check_pair_decisions(config.root, read_log(config.root), keys_now)
    return "\n".join(map(str, found))


def test_an_unsure_record_that_is_an_own_paper_adds_up(config: Config, tmp_path: Path) -> None:
    """The paper is found for the first time, not as a duplicate, however that is said."""
    export = tmp_path / "export.ris"
    export.write_text(ris(("Wim, V. A.", FERNS[1], "2001"), GULLS))
    bibliography = config.bibliography[0]
    author, title, year = FERNS
    own = f"author = {{{author}}}, title = {{{title}}}, year = {{{year}}}"
    bibliography.write_text(f"{bibliography.read_text()}\n@article{{own2001, {own}}}\n")
    assert import_records(config, [export]).unsure[0].like == "own2001"
    (config.root / "data" / "flow.csv").unlink()
    (config.root / "data" / "searches.yml").write_text(
        "title: Searches\nsources:\n  - {id: a, name: A, kind: database}\n"
        "searches:\n  - {id: one, source: a, date: 2025-01-15, file: export.ris}\n"
    )
    screened = [
        "own2001,title and abstract,exclude,,AB",
        "gull2010,title and abstract,exclude,,AB",
    ]
    decide(config, "screening", *screened)
    decide(config, "duplicates", "wim2001,own2001,same")
    expected = {"database_results": 2, "duplicates": 0, "records_screened": 2}
    flow = reviewpress.load(config.root).flow
    assert {box: flow[box] for box in expected} == expected
    (config.root / "data" / "duplicates.csv").unlink()
    decide(config, "screening", *screened, "wim2001,before screening,exclude,duplicate,AB")
    flow = reviewpress.load(config.root).flow
    assert {box: flow[box] for box in expected} == expected


def test_an_export_is_withdrawn_by_its_name(config: Config, first: Path) -> None:
    """A copy of it under another name was not imported, and takes nothing back."""
    import_records(config, [first])
    copy = first.with_name("copy.ris")
    copy.write_bytes(first.read_bytes())
    report = import_records(config, [copy])
    assert report.remarks == (
        "copy.ris: the same was imported as first.ris, and is not counted again",
    )
    before = sources(config)
    with pytest.raises(BibliographyError, match=r'"first.ris" has the same content'):
        import_records(config, [], withdraw=[copy])
    assert sources(config) == before


def test_of_two_exports_of_one_name_the_file_at_hand_is_withdrawn(
    config: Config, first: Path, tmp_path: Path
) -> None:
    """Its content says which; without it both are meant."""
    import_records(config, [first])
    second = tmp_path / "later" / first.name
    second.parent.mkdir()
    second.write_text(ris(GULLS))
    import_records(config, [second])
    import_records(config, [], withdraw=[second])
    assert "gull2010" not in keys(config)
    assert {row.number for row in read_log(config.root)} == {1, 2}
