"""A scoping review's five exports, counted to the record: first, corrected, and withdrawn."""

import csv
import shutil
from pathlib import Path

import pytest

import reviewpress
from reviewpress.bibliography import load_bibliography
from reviewpress.config import Config, load_config
from reviewpress.evidence.flow_sums import check_flow
from reviewpress.imports import import_records

SMALL = Path(__file__).parent / "projects" / "small-evidence"
TOPICS = (
    "shared gardens", "night buses", "school meals", "debt advice", "river walks", "book clubs",
    "repair cafes", "choirs", "allotments", "cold homes", "hearing aids", "foot care",
)  # fmt: skip
TITLES = tuple(f"What neighbours make of {topic}: a study of two towns" for topic in TOPICS)
NAMES = ("Alder", "Beech", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper",
         "Kapok", "Larch")  # fmt: skip


def doi(n: int) -> str:
    return f"10.5555/town.{n}"


def nbib(works: range) -> str:
    """Return an export of PubMed."""
    return "\n".join(
        f"PMID- {7000 + n}\nOWN - NLM\nDP  - 2020 Mar\nTI  - {TITLES[n]}.\nPG  - {n + 1}-{n + 9}\n"
        f"FAU - {NAMES[n]}, Ann\nAU  - {NAMES[n]} A\nVI  - 4\nJT  - Journal of towns\n"
        f"AID - {doi(n)} [doi]\n"
        for n in works
    )


def scopus(works: range) -> str:
    """Return an export of Scopus, whose abstracts are missing."""
    rows = ["Authors,Title,Year,Source title,Volume,Page start,Page end,DOI,Abstract,EID"]
    rows += [
        f'"{NAMES[n]} A.","{TITLES[n]}",2020,Journal of Towns,4,{n + 1},{n + 9},{doi(n)},'
        f"[No abstract available],2-s2.0-{n}"
        for n in works
    ]
    return "\n".join(rows) + "\n"


def web_of_science(works: range) -> str:
    """Return tagged text of the Web of Science."""
    body = "\n".join(
        f"PT J\nAU {NAMES[n]}, A\nAF {NAMES[n]}, Ann\nTI {TITLES[n]}\nSO JOURNAL OF TOWNS\n"
        f"PY 2020\nVL 4\nBP {n + 1}\nEP {n + 9}\nUT WOS:{n}\nER\n"
        for n in works
    )
    return f"FN Clarivate Analytics Web of Science\nVR 1.0\n{body}\nEF\n"


def ovid(works: range) -> str:
    """Return RIS of Embase at Ovid, with its lines between the records."""
    return "\n".join(
        f"{n}. \nTY  - JOUR\nDB  - Embase\nA1  - {NAMES[n]} A.\nT1  - {TITLES[n]}. [Review]\n"
        f"Y1  - 2020//\nJF  - J. Towns\nVL  - 4\nSP  - {n + 1}\nEP  - {n + 9}\nER  - \n\n"
        f"Link to the Ovid Full Text or citation:\nhttp://ovidsp.ovid.com/x?AN={n}\n"
        for n in works
    )


def psycinfo(works: range) -> str:
    """Return RIS of PsycINFO, in lower case, with pages that there are none of."""
    return "\n".join(
        f"ty  - jour\nau  - {NAMES[n]}, Ann\nti  - {TITLES[n]}\npy  - 2020\n"
        f"jf  - Journal of Towns\nsp  - No\nep  - Specified\nan  - 2020-{n}\ner  - \n"
        for n in works
    )


@pytest.fixture
def config(tmp_path: Path) -> Config:
    root = shutil.copytree(SMALL, tmp_path / "review")
    (root / "data" / "flow.csv").unlink()
    return load_config(root, check_chapters=False)


def expect(config: Config, *, found: int, one: int) -> None:
    """Decide on every entry that an import brought; compare the flow, which adds up."""
    own = set(load_bibliography(SMALL / "bib" / "references.bib").keys)
    new = [key for key in load_bibliography(config.bibliography[0]).keys if key not in own]
    assert len(new) == one
    with (config.root / "data" / "screening.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["record", "stage", "decision", "reason", "reviewer"])
        rows.writerows([key, "title and abstract", "exclude", "", "AB"] for key in new)
    flow = reviewpress.load(config.root).flow
    told = {box: flow[box] for box in ("database_results", "duplicates", "records_screened")}
    assert told == {
        "database_results": found, "duplicates": found - one, "records_screened": one,
    }  # fmt: skip
    assert list(check_flow(flow)) == []


def test_five_exports_are_counted_to_the_record(config: Config, tmp_path: Path) -> None:
    """Found, duplicates and screened add up first, after a correction, and after a withdrawal."""
    exports = {
        "pubmed.nbib": nbib(range(6)), "scopus.csv": scopus(range(3, 9)),
        "savedrecs.txt": web_of_science(range(2, 7)), "embase.ris": ovid(range(5, 11)),
        "psycinfo.ris": psycinfo(range(8, 12)),
    }  # fmt: skip
    searches = "title: Searches\nsources:\n  - {id: all, name: All, kind: database}\nsearches:\n"
    for name, text in exports.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        searches += f"  - {{id: {Path(name).stem}, source: all, date: 2025-01-15, file: {name}}}\n"
    (config.root / "data" / "searches.yml").write_text(searches, encoding="utf-8")
    report = import_records(config, [tmp_path / name for name in exports])
    assert len(report.outcomes) == 6 + 6 + 5 + 6 + 4
    assert {one.kind for one in report.outcomes} <= {"added", "merged", "already there"}
    expect(config, found=27, one=12)

    (tmp_path / "psycinfo.ris").write_text(psycinfo(range(8, 11)), encoding="utf-8")
    import_records(config, [tmp_path / "psycinfo.ris"], replace=True)
    expect(config, found=26, one=11)

    import_records(config, [], withdraw=[Path("embase.ris")])
    (config.root / "data" / "searches.yml").write_text(
        "".join(line for line in searches.splitlines(keepends=True) if "embase" not in line)
    )
    expect(config, found=20, one=11)
