"""An import costs what it adds: an index beside the bibliography, and records in a file apart."""

import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from reviewpress.bibliography import load_bibliographies, read_in_pieces
from reviewpress.config import Config, load_config
from reviewpress.errors import Problems, SetupError
from reviewpress.imports import import_records, stored_index
from reviewpress.imports.nbib import pieces_of_nbib
from reviewpress.imports.readers import parse_records
from reviewpress.imports.relocation import move_records
from reviewpress.imports.ris import pieces_of_ris
from reviewpress.imports.stored_index import StoredIndex, open_index
from reviewpress.imports.writing import files_of_records
from reviewpress.store.pruning import RECORDS

GENERATOR = Path(__file__).parent / "generators" / "large_export.py"
PROJECT = """project:
  type: book
book:
  title: Growth
  chapters: [index.qmd]
bibliography: bib/references.bib
"""
OWN = """@article{own2020,
  author = {Own, A},
  title = {A paper of our own},
  year = {2020},
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A review of version 0.1.0: all its entries are in one file."""
    for name, text in {
        "_quarto.yml": PROJECT,
        "index.qmd": "# Growth\n\nAs @own2020 says.\n",
        "bib/references.bib": OWN,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def apart(root: Path) -> Path:
    """A review whose records are in a file of their own."""
    text = f"{PROJECT}reviewpress:\n  records: bib/records.bib\n"
    (root / "_quarto.yml").write_text(text, encoding="utf-8")
    return root


def config_of(root: Path) -> Config:
    """Read the review."""
    return load_config(root, check_chapters=False)


def export(root: Path, records: int, seed: int) -> Path:
    """Make an export of records, one in ten of which comes twice."""
    path = root / f"export-{seed}.ris"
    program = [sys.executable, str(GENERATOR), str(path)]
    subprocess.run([*program, "--records", str(records), "--seed", str(seed)], check=True)
    return path


def rows(root: Path) -> dict[str, list[object]]:
    """Return all that the index holds."""
    connection = sqlite3.connect(root / ".reviewpress" / RECORDS)
    names = ("files", "entries", "spans", "names", "traits", "blocks", "said")
    found = {name: sorted(connection.execute(f"select * from {name}"), key=repr) for name in names}
    connection.close()
    order = {number: place for place, (number, *_) in enumerate(sorted(found["entries"]))}
    at = {"names": 1, "blocks": 1, "entries": 0, "spans": 0, "traits": 0, "said": 2}
    for name, column in at.items():  # numbers count on where entries were taken away
        found[name] = sorted(
            [(*row[:column], order[row[column]], *row[column + 1 :]) for row in found[name]],
            key=repr,
        )
    return found


def made_anew(root: Path) -> dict[str, list[object]]:
    """Return what an index made of the files alone holds."""
    config = config_of(root)
    (config.store / RECORDS).unlink()
    files = files_of_records(config)
    open_index(config.store, files, root, kept=True, optional=files[1:]).close()
    return rows(root)


def fields_lost(path: Path) -> Path:
    """Make an export of some records of another, with an issue that the first did not have."""
    text = path.read_text(encoding="utf-8")
    found = [one for number, one in enumerate(text.split("\nER  - \n")) if number % 3 == 0]
    other = path.with_name(f"more-{path.name}")
    whole = "\nER  - \n".join(
        one.replace("\nVL  - ", "\nIS  - 4\nVL  - ") for one in found if one.strip()
    )
    other.write_text(f"{whole}\nER  - \n", encoding="utf-8")
    return other


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_index_is_what_the_files_are(root: Path, newline: str) -> None:
    """After imports that add, merge and change entries in their places, it is as if made anew."""
    (root / "bib/references.bib").write_bytes(OWN.replace("\n", newline).encode())
    first = export(root, 60, 1)
    import_records(config_of(root), [first])
    merged = import_records(config_of(root), [fields_lost(first)])
    import_records(config_of(root), [export(root, 30, 2)])
    assert len(merged.merged) > 9
    held = rows(root)
    assert made_anew(root) == held


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("review", ["root", "apart"])
def test_the_index_follows_what_is_taken_back(
    review: str, newline: str, request: pytest.FixtureRequest
) -> None:
    """After a withdrawal and a replacement it is as if made anew; the files are as before."""
    root: Path = request.getfixturevalue(review)
    config = config_of(root)
    config.bibliography[0].write_text(OWN, encoding="utf-8", newline=newline)
    first, second, third = (export(root, 120, seed) for seed in (1, 2, 3))
    import_records(config, [first, second])
    home = files_of_records(config)[-1]
    before = home.read_bytes()
    more = fields_lost(second)
    import_records(config, [third, more])
    import_records(config, [], withdraw=[third])
    import_records(config, [], withdraw=[more])
    assert home.read_bytes() == before
    assert rows(root) == made_anew(root)
    corrected = third.with_name(first.name)
    corrected.write_text(first.read_text().replace("VL  - ", "VL  - 1").split("TY  - ", 30)[-1])
    corrected.write_text("TY  - " + corrected.read_text())
    replaced = import_records(config, [corrected], replace=True)
    assert replaced.withdrawals[0].removed
    assert rows(root) == made_anew(root)


def test_taking_six_records_back_reads_no_others(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither does putting a corrected export in the place of one: it costs what it takes back."""
    config = config_of(root)
    import_records(config, [export(root, 200, 1)])
    few = export(root, 6, 7)
    import_records(config, [few])
    asked: list[str] = []
    entry = StoredIndex.entry
    monkeypatch.setattr(
        StoredIndex, "entry", lambda one, key: (asked.append(key), entry(one, key))[1]
    )
    monkeypatch.setattr(stored_index, "read_in_pieces", lambda *_: pytest.fail("all was read"))
    few.write_text(few.read_text().replace("VL  - ", "VL  - 1"))
    import_records(config, [few], replace=True)
    import_records(config, [], withdraw=[few])
    assert 0 < len(set(asked)) <= 6


def test_what_stays_keeps_the_book_that_it_is_in(root: Path) -> None:
    """Of an export taken back, a chapter that the review cites stays, and so does its book."""
    config = config_of(root)
    path = root / "books.bib"
    path.write_text(
        """@incollection{elm2001, author = {Elm, E}, title = {Of ponds and of their frogs},
  crossref = {oak2001}}
@incollection{fir2001, author = {Fir, F}, title = {Of benches in the parks of the north},
  crossref = {oak2001}}
@book{oak2001, editor = {Oak, O}, title = {The book of all that is green}, year = {2001}}
@book{yew2002, editor = {Yew, Y}, title = {Another book of a wood in winter}, year = {2002}}
"""
    )
    import_records(config, [path])
    (root / "index.qmd").write_text("# Growth\n\nAs @own2020 and @elm2001 say.\n")
    [withdrawal] = import_records(config, [], withdraw=[path]).withdrawals
    assert set(withdrawal.removed) == {"fir2001", "yew2002"}
    assert dict(withdrawal.kept)["oak2001"] == "another entry inherits from it"
    left = load_bibliographies(config.bibliography, root).keys
    assert left == ("own2020", "elm2001", "oak2001")
    assert rows(root) == made_anew(root)


def test_without_the_index_an_import_does_the_same(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Deleted or damaged, it is made again, and every file comes out byte for byte."""
    made = []
    for spoil in (None, b"", b"no database at all"):
        first = export(root, 60, 1)
        (root / "bib/references.bib").write_text(OWN, encoding="utf-8")
        (root / "data/imports.csv").unlink(missing_ok=True)
        import_records(config_of(root), [first])
        if spoil is not None:
            (root / ".reviewpress" / RECORDS).write_bytes(spoil)
        import_records(config_of(root), [fields_lost(first)])
        made.append(
            [(root / name).read_bytes() for name in ("bib/references.bib", "data/imports.csv")]
        )
    assert made[0] == made[1] == made[2]


def test_a_full_disk_is_no_matter_for_the_index_alone(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where all is written but the index, the import is done; the next one makes the index anew."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(StoredIndex, "_note_digests", full)
        added = import_records(config_of(root), [export(root, 6, 1)]).outcomes
    assert len(load_bibliographies(config_of(root).bibliography, root).keys) == 1 + len(added)
    again = import_records(config_of(root), [export(root, 6, 1)]).outcomes
    assert {outcome.key for outcome in again} == {outcome.key for outcome in added}
    assert rows(root) == made_anew(root)


def test_an_index_that_is_damaged_within_is_an_error(root: Path) -> None:
    """It is deleted, nothing is changed, and the same command does it then."""
    import_records(config_of(root), [export(root, 600, 1)])
    index = root / ".reviewpress" / RECORDS
    held = bytearray(index.read_bytes())
    # The pages after the first tables, which say whether a file has changed.
    held[len(held) // 4 :] = b"\xff" * (len(held) - len(held) // 4)
    index.write_bytes(held)
    before = (root / "bib/references.bib").read_bytes()
    more = export(root, 20, 2)
    with pytest.raises(SetupError, match=r"records\.sqlite: cannot be read"):
        import_records(config_of(root), [more])
    assert (root / "bib/references.bib").read_bytes() == before
    import_records(config_of(root), [more])
    assert rows(root) == made_anew(root)


def test_a_changed_file_is_read_again_and_no_other(
    apart: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an author edits counts at the next import; thousands of records are not read for it."""
    import_records(config_of(apart), [export(apart, 40, 1)])
    text = OWN + OWN.replace("own2020", "other2021").replace("our own", "some others").replace(
        "2020", "2021"
    )
    (apart / "bib/references.bib").write_text(text, encoding="utf-8")
    read = []
    monkeypatch.setattr(
        "reviewpress.imports.stored_index.read_in_pieces",
        lambda path, load=read_in_pieces: (read.append(path.name), load(path))[1],
    )
    twice = apart / "twice.ris"
    twice.write_text("TY  - JOUR\nAU  - Own, A\nTI  - A paper of some others\nPY  - 2021\nER  - \n")
    report = import_records(config_of(apart), [twice])
    assert [outcome.key for outcome in report.outcomes] == ["other2021"]
    assert read == ["references.bib"]
    held = rows(apart)
    assert made_anew(apart) == held


def test_a_key_in_two_files_is_named(apart: Path) -> None:
    """Also where one of the two was read before."""
    import_records(config_of(apart), [export(apart, 5, 1)])
    key = next(iter(load_bibliographies([apart / "bib/records.bib"], apart))).key
    (apart / "bib/references.bib").write_text(OWN.replace("own2020", key.upper()), encoding="utf-8")
    with pytest.raises(Problems, match=r"is in bib/references\.bib already"):
        import_records(config_of(apart), [export(apart, 5, 2)])


def test_a_dry_run_writes_no_index(root: Path) -> None:
    """It writes nothing at all."""
    import_records(config_of(root), [export(root, 5, 1)], dry_run=True)
    assert not (root / ".reviewpress" / RECORDS).exists()


def test_records_go_to_their_own_file(apart: Path) -> None:
    """The bibliography that authors cite from is not touched; a record of it is recognised."""
    twice = apart / "twice.ris"
    twice.write_text("TY  - JOUR\nAU  - Own, A\nTI  - A paper of our own\nPY  - 2020\nER  - \n")
    report = import_records(config_of(apart), [export(apart, 20, 1), twice])
    assert report.outcomes[-1].key == "own2020"
    assert (apart / "bib/references.bib").read_text(encoding="utf-8") == OWN
    assert len(load_bibliographies([apart / "bib/records.bib"], apart)) == len(report.added)


def test_what_is_cited_or_assessed_moves_to_the_bibliography(apart: Path) -> None:
    """With its text as it is; what nobody uses any more goes back, and nothing is lost."""
    import_records(config_of(apart), [export(apart, 20, 1)])
    records = apart / "bib/records.bib"
    before = {e.key: e for e in load_bibliographies([records], apart)}
    cited, read = list(before)[3], list(before)[7]
    (apart / "index.qmd").write_text(f"# Growth\n\n@own2020 and @{cited}.\n", encoding="utf-8")
    (apart / "data/screening.csv").write_text(
        f"record,stage,decision,reason,reviewer\n{read},full text,exclude,wrong outcome,AB\n"
    )
    moved = move_records(config_of(apart))
    assert (set(moved.taken), moved.aside) == ({cited, read}, ())
    held = rows(apart)
    assert made_anew(apart) == held
    (apart / "index.qmd").write_text("# Growth\n\n@own2020.\n", encoding="utf-8")
    assert move_records(config_of(apart)).aside == (cited,)
    held = rows(apart)
    assert made_anew(apart) == held
    after = {e.key: e for e in load_bibliographies([apart / "bib/references.bib", records], apart)}
    assert {key: after[key] for key in before} == before
    assert next(iter(after)) == "own2020"
    assert move_records(config_of(apart)).taken == ()


def test_a_review_of_0_1_0_is_brought_over(root: Path) -> None:
    """Records that imports brought and nobody uses leave the bibliography; the key is set."""
    import_records(config_of(root), [export(root, 20, 1)])
    whole = {e.key: e for e in load_bibliographies([root / "bib/references.bib"], root)}
    moved = move_records(config_of(root))
    config = config_of(root)
    assert moved.new_file
    assert config.records == root / "bib/records.bib"
    assert (root / "bib/references.bib").read_text(encoding="utf-8") == OWN
    both = load_bibliographies(files_of_records(config), root)
    assert {e.key: e for e in both} == whole
    assert import_records(config, [root / "export-1.ris"]).added == ()


def test_pieces_of_a_file_are_read_as_the_whole() -> None:
    """Wherever it is parted, the records, their numbers and the remarks are the same."""
    rng = random.Random(3)
    text = "".join(
        f"{rng.choice(['', 'Provider: X', 'a line of none'])}\nTY  - JOUR\nAU  - Ash{n}, A\n"
        f"TI  - {rng.choice(['Growth', ''])} {n if rng.random() < 0.9 else ''}\nER  - \n\n"
        for n in range(60)
    )
    assert "".join(pieces_of_ris(text, 100)) == text
    assert len(list(pieces_of_ris(text, 100))) > 20
    whole = parse_records(text.encode(), "a.ris")

    def parted(make, _pieces):
        return map(make, pieces_of_ris(text, 100))

    assert parse_records(text.encode(), "a.ris", share=parted) == whole
    assert whole.rejected
    assert whole.remarks


def test_pieces_of_nbib_are_read_as_the_whole() -> None:
    """PubMed's records, one without a title; whole what begins otherwise, as ERIC's may."""
    rng = random.Random(5)
    text = "\n" + "".join(
        f"PMID- {n}\nOWN - NLM\nTI  - {'Growth and' if n % 7 else ''}\n      more {n}\n"
        f"FAU - Ash{n}, Ann\nAB  - See PMID: 3.\nJT  - Park life\n{rng.choice(['', ' '])}\n"
        for n in range(1, 60)
    ).replace("TI  - \n      more 21\n", "")
    pieces = list(pieces_of_nbib(text, 100))
    assert "".join(pieces) == text
    assert len(pieces) > 20
    whole = parse_records(text.encode(), "a.nbib")
    parted = parse_records(text.encode(), "a.nbib", share=lambda make, _: map(make, pieces))
    assert parted == whole
    assert (len(whole.records), len(whole.rejected)) == (58, 1)
    eric = "OWN - ERIC\nTI  - One\nPMID- 1\n\nTI  - Two\nPMID- 2\n\n"
    assert list(pieces_of_nbib(eric, 1)) == [eric]


def test_a_first_import_of_nothing_but_rejected_records(apart: Path, tmp_path: Path) -> None:
    """The file for records is not there yet, and nothing is written to it."""
    (tmp_path / "empty.ris").write_text("TY  - JOUR\nAU  - Ash, Ann\nER  -\n", encoding="utf-8")
    config = load_config(apart, check_chapters=False)
    assert config.records
    assert not config.records.exists()
    report = import_records(config, [tmp_path / "empty.ris"])
    assert (len(report.rejected), config.records.exists()) == (1, False)
    (tmp_path / "one.ris").write_text(
        "TY  - JOUR\nAU  - Ash, Ann\nTI  - Ponds\nER  -\n", encoding="utf-8"
    )
    assert len(import_records(config, [tmp_path / "one.ris"]).added) == 1
