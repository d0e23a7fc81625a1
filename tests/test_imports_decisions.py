"""Decisions of screening programs come in whole, matched with the records, or not at all.

How the files look was seen in public exports, and in code that reads them, on 29 November 2026:
Rayyan's notes, and the log beside them; Covidence's exports by outcome, and its data extraction;
DistillerSR's answers with User, Level and a column for each question (two scripts that clean raw
downloads; Refid from its reports, of which no public file was found);
EPPI-Reviewer's JSON and its report of all coding in each form (from its source, read on 30
November 2026); ASReview 1 to 3 (from its documentation and source, of which version 3 was read on
30 November 2026).
"""

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest

from reviewpress.config import Config, load_config
from reviewpress.errors import Problems, ReportError
from reviewpress.imports import Asked, DecisionReport, import_decisions, read_decision_files
from reviewpress.imports.readers import parse_records

RECORDS = """@article{ash2020,
  author = {Ash, Ann},
  title = {Gardens and neighbours in the city},
  journal = {Journal of Gardens},
  year = {2020},
  doi = {10.1000/xyz1},
}

@article{birch2021,
  author = {Birch, Bob},
  title = {Ponds, frogs and the children who watch them},
  journal = {Journal of Gardens},
  year = {2021},
  pmid = {32000002},
}

@article{cedar2022,
  author = {Cedar, Cy},
  title = {Benches in parks: who sits where},
  journal = {Park Life},
  year = {2022},
}
"""
TITLES = {
    "ash2020": "Gardens and neighbours in the city",
    "birch2021": "Ponds, frogs and the children who watch them",
    "cedar2022": "Benches in parks: who sits where",
}
PEOPLE = {"ash2020": "Ash, Ann", "birch2021": "Birch, Bob", "cedar2022": "Cedar, Cy"}
YEARS = {"ash2020": "2020", "birch2021": "2021", "cedar2022": "2022"}
T, F = "title and abstract", "full text"


@pytest.fixture
def config(project: Any) -> Config:
    """A review with three records and no decisions."""
    root = project(runs=False)
    path = root / "bib" / "references.bib"
    path.write_text(path.read_text("utf-8") + "\n" + RECORDS, "utf-8")
    return load_config(root, check_chapters=False)


def take(
    config: Config, name: str, content: str, *, replace: bool = False, dry_run: bool = False,
    **asked: str,
) -> DecisionReport:  # fmt: skip
    """Import a file of decisions that is made here."""
    path = config.root.parent / name
    path.write_text(content, encoding="utf-8")
    files = read_decision_files([path], Asked(**asked))
    assert files
    return import_decisions(config, files, [path], dry_run=dry_run, replace_others=replace)


def rows(config: Config) -> list[tuple[str, ...]]:
    """Return the table of decisions: record, stage, decision, reason, reviewer."""
    with (config.root / "data" / "screening.csv").open(encoding="utf-8", newline="") as file:
        names = ("record", "stage", "decision", "reason", "reviewer")
        return [tuple(row[name] for name in names) for row in csv.DictReader(file)]


def column(config: Config, name: str) -> list[str]:
    with (config.root / "data" / "screening.csv").open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def table(header: str, *records: tuple[str, ...]) -> str:
    """Return a CSV with title, authors and year of records, and cells of one's own after them."""
    lines = [["Title", "Authors", "Year", *header.split(",")]]
    lines += [[TITLES[key], PEOPLE[key], YEARS[key], *cells] for key, *cells in records]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    return "\n".join(quoted) + "\n"


def ris(key: str, note: str) -> str:
    """Return a record in RIS with a note."""
    lines = [("TY", "JOUR"), ("AU", PEOPLE[key]), ("TI", TITLES[key]), ("PY", YEARS[key])]
    return "".join(f"{tag}  - {text}\n" for tag, text in [*lines, ("N1", note), ("ER", "")])


RAYYAN_NOTE = (
    'RAYYAN-INCLUSION: {"Jo Ann"=>"Included", "Wei"=>"Excluded"} | RAYYAN-LABELS: pond,'
    "awaiting classification | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language"
    ' | USER-NOTES: {"Wei"=>["not children", "see table 2"]}'
)


def test_rayyan_has_reviewers_reasons_and_labels(config: Config) -> None:
    """The reason is that of who excluded; the second one, labels and notes are kept beside it."""
    note = 'RAYYAN-INCLUSION: {"Jo Ann"=>"Maybe", "Wei"=>"Included"}'
    content = table("notes", ("ash2020", RAYYAN_NOTE), ("birch2021", note), ("cedar2022", ""))
    report = take(config, "rayyan.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "Jo Ann"),
        ("ash2020", T, "exclude", "wrong population", "Wei"),
        ("birch2021", T, "unsure", "", "Jo Ann"),
        ("birch2021", T, "include", "", "Wei"),
    ]
    assert column(config, "labels")[0] == "pond; awaiting classification"
    assert column(config, "note")[1] == "also: foreign language; not children; see table 2"
    assert [str(one) for one in report.disagreements] == [
        f"@ash2020, {T}: include (Jo Ann), exclude (Wei)",
        f"@birch2021, {T}: unsure (Jo Ann), include (Wei)",
    ]
    assert any("1 record has no decision: row 4" in one for one in report.remarks)


def test_rayyan_in_ris_and_at_full_text(config: Config) -> None:
    """Its notes are the same in RIS; a label can say what Rayyan has no decision for."""
    take(config, "rayyan.ris", ris("ash2020", RAYYAN_NOTE), stage=F)
    assert rows(config) == [
        ("ash2020", F, "include", "", "Jo Ann"),
        ("ash2020", F, "exclude", "wrong population", "Wei"),
        ("ash2020", F, "awaiting classification", "", "agreed"),
    ]


def test_consensus_after_discussion_is_a_row_of_its_own(config: Config) -> None:
    """Reviewers who change their votes later do not change what agreement is computed from."""
    before = 'RAYYAN-INCLUSION: {"Jo"=>"Included", "Wei"=>"Excluded"}'
    after = 'RAYYAN-INCLUSION: {"Jo"=>"Excluded", "Wei"=>"Excluded"}'
    take(config, "one.csv", table("notes", ("ash2020", before), ("birch2021", after)))
    with pytest.raises(Problems, match="Jo decided exclude on @ash2020"):
        take(config, "two.csv", table("notes", ("ash2020", after)))
    settled = table("notes", ("ash2020", after), ("birch2021", after))
    take(config, "two.csv", settled, reviewer="agreed")
    assert rows(config)[-1] == ("ash2020", T, "exclude", "", "agreed")
    assert len(rows(config)) == 5, "what needed no settling has no row of the agreed"
    with pytest.raises(Problems, match="is not settled"):
        take(config, "three.csv", table("notes", ("ash2020", before)), reviewer="agreed")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("review_7_irrelevant_csv_20251101.csv", [("ash2020", T, "exclude", "", "agreed")]),
        ("review_7_select_csv_20251101.csv", [("ash2020", T, "include", "", "agreed")]),
        (
            "review_7_excluded_csv_20251101.csv",
            [
                ("ash2020", T, "include", "", "agreed"),
                ("ash2020", F, "exclude", "Wrong study design", "agreed"),
            ],
        ),
        (
            "review_7_included_csv_20251101.csv",
            [("ash2020", T, "include", "", "agreed"), ("ash2020", F, "include", "", "agreed")],
        ),
    ],
)
def test_covidence_by_the_name_of_its_export(
    name: str, expected: list[tuple[str, ...]], config: Config
) -> None:
    """The name of the file is all that says of which outcome its records are."""
    notes = "Exclusion reason: Wrong study design; " if "excluded" in name else ""
    cells = ("ash2020", "#12", "Ash 2020", notes, "")
    take(config, name, table("Covidence #,Study,Notes,Tags", cells))
    assert rows(config) == expected


def test_covidence_tags_and_reports_of_a_study(config: Config) -> None:
    """Two tags of Covidence's are outcomes; records of one number are reports of one study."""
    content = table(
        "Covidence #,Study,Notes,Tags",
        ("ash2020", "#12", "Ash 2020", "", "Ongoing study"),
        ("birch2021", "#13", "Birch 2021", "", "Awaiting classification; Grey"),
        ("cedar2022", "#13", "Cedar 2022", "", ""),
    )
    take(config, "review_7_included_csv_1.csv", content)
    found = [row for row in rows(config) if row[1] == F]
    assert [row[2] for row in found] == ["ongoing", "awaiting classification", "include"]
    assert column(config, "study") == ["", "", *["Birch 2021 (#13)"] * 4]


def test_covidence_without_an_outcome_in_its_name(config: Config) -> None:
    """The user says of which outcome it is; without that, it is a file of records."""
    content = table("Covidence #,Study", ("ash2020", "#12", "Ash 2020"))
    path = config.root.parent / "renamed.csv"
    path.write_text(content, "utf-8")
    assert read_decision_files([path], Asked()) == ()
    take(config, "renamed.csv", content, stage=F, decision="include")
    assert rows(config)[-1] == ("ash2020", F, "include", "", "agreed")


DISTILLER = "Refid,User,Level,Population,Does it meet the criteria for inclusion?,Reason"


def test_distiller_has_a_row_a_reviewer_and_level(config: Config) -> None:
    """The question that is answered with decisions alone is the one; levels are stages."""
    content = table(
        DISTILLER,
        ("ash2020", "1", "ann", "1", "Children", "Yes", ""),
        ("ash2020", "1", "bob", "1", "Children", "No", "Wrong topic"),
        ("ash2020", "1", "bob", "2", "Children", "Exclude - wrong outcome", ""),
    )
    take(config, "distiller.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "ann"),
        ("ash2020", T, "exclude", "Wrong topic", "bob"),
        ("ash2020", F, "exclude", "wrong outcome", "bob"),
    ]


def test_the_level_of_a_row_counts_and_not_what_its_question_speaks_of(config: Config) -> None:
    """Each level of DistillerSR has its form: the first asks whether to go on to the full text."""
    header = "Refid,User,Level,Should this go on to full text?,Include in the review?,Reason"
    content = table(
        header,
        ("ash2020", "1", "ann", "Level 1 Title/Abstract", "Yes", "", ""),
        ("birch2021", "2", "ann", "Level 1 Title/Abstract", "No", "", "Wrong topic"),
        ("ash2020", "1", "bob", "Level 2 Full Text", "", "No", "Wrong outcome"),
    )
    take(config, "distiller.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "ann"),
        ("birch2021", T, "exclude", "Wrong topic", "ann"),
        ("ash2020", F, "exclude", "Wrong outcome", "bob"),
    ]


def test_a_question_whether_to_go_on_to_the_full_text_is_of_the_first_level(
    config: Config,
) -> None:
    """A report of one form alone has no level."""
    header = "Refid,User,Include: proceed to full-text review?"
    take(config, "distiller.csv", table(header, ("ash2020", "1", "ann", "Yes")))
    assert rows(config) == [("ash2020", T, "include", "", "ann")]


@pytest.mark.parametrize("tool", ["AI Reviewer", "ai_reviewer", "Rayyan AI", "GPT-4o mini"])
def test_rayyans_ai_is_a_member_of_the_team_and_no_reviewer(config: Config, tool: str) -> None:
    """What it decided is a suggestion; where nobody else decided, there is no decision."""
    both = f'RAYYAN-INCLUSION: {{"Jo"=>"Included", "{tool}"=>"Excluded"}}'
    alone = f'RAYYAN-INCLUSION: {{"{tool}"=>"Excluded"}}'
    report = take(config, "rayyan.ris", ris("ash2020", both) + ris("birch2021", alone))
    assert rows(config) == [("ash2020", T, "include", "", "Jo")]
    assert column(config, "suggestion") == [f"exclude ({tool})"]
    assert report.disagreements == ()
    assert [one for one in report.remarks if tool in one] == [
        f"decisions of {tool} on 1 record are kept as suggestions: a tool does not count as a"
        " reviewer",
        f"{tool} alone decided on 1 record: that is no decision, and people's are still to come",
    ]


def test_an_ai_that_comes_later_is_a_suggestion_beside_decisions_that_are_there(
    config: Config,
) -> None:
    """The same export again, after the AI was switched on; nobody's decision changes."""
    take(config, "rayyan.ris", ris("ash2020", 'RAYYAN-INCLUSION: {"Jo"=>"Included"}'))
    note = 'RAYYAN-INCLUSION: {"Jo"=>"Included", "AI Reviewer"=>"Maybe"}'
    again = take(config, "rayyan2.ris", ris("ash2020", note))
    assert (again.added, again.already, again.replaced) == (0, 0, 1)
    assert rows(config) == [("ash2020", T, "include", "", "Jo")]
    assert column(config, "suggestion") == ["unsure (AI Reviewer)"]


@pytest.mark.parametrize("robot", ["DistillerAI", "Distiller AI", "AI Screener 2", "robot"])
def test_distillers_robot_is_a_user_and_no_reviewer(config: Config, robot: str) -> None:
    """It has rows of its own; a person whose initials are AI is a person."""
    content = table(
        DISTILLER,
        ("ash2020", "1", "ann", "1", "Children", "Yes", ""),
        ("ash2020", "1", robot, "1", "Children", "No", "Wrong topic"),
        ("birch2021", "2", "AI", "1", "Children", "No", "Wrong topic"),
        ("birch2021", "2", "Daisy", "1", "Children", "No", "Wrong topic"),
    )
    take(config, "distiller.csv", content)
    assert [(row[0], row[4]) for row in rows(config)] == [
        ("ash2020", "ann"), ("birch2021", "AI"), ("birch2021", "Daisy"),
    ]  # fmt: skip
    assert column(config, "suggestion") == [f"exclude ({robot})", "", ""]
    settled = take(config, "settled.csv", content, reviewer="agreed")
    assert settled.added == 0, "what needed no settling adds nothing"


def test_distiller_with_two_questions_asks_which(config: Config) -> None:
    """Nothing is guessed: the columns are named, and the user says which is the decision."""
    content = table("Refid,User,Include?,Relevant to policy?", ("ash2020", "1", "ann", "Yes", "No"))
    with pytest.raises(ReportError, match="several columns may be the decision: “Include\\?”"):
        take(config, "distiller.csv", content)
    take(config, "distiller.csv", content, column="Relevant to policy?")
    assert rows(config) == [("ash2020", T, "exclude", "", "ann")]
    with pytest.raises(ReportError, match="has no column"):
        take(config, "distiller.csv", content, column="Relevant")


def test_asreview_excludes_the_unseen_by_automation(config: Config) -> None:
    """Records without a label were seen by nobody; a later export replaces no decision of it."""
    header = "asreview_label,asreview_time,asreview_note,asreview_user_name"
    content = table(
        header,
        ("ash2020", "1", "2025-09-07T11:00:00Z", "good", "ann"),
        ("birch2021", "0.0", "2025-09-07T11:05:00Z", "", "ann"),
        ("cedar2022", "", "", "", ""),
    )
    report = take(config, "asreview.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "ann"),
        ("birch2021", T, "exclude", "", "ann"),
        ("cedar2022", T, "exclude", "not seen: screening had stopped", "automation"),
    ]
    assert column(config, "date")[:2] == ["2025-09-07"] * 2
    assert any("1 of its records" in remark for remark in report.remarks)
    later = table(header, ("cedar2022", "1", "", "", "ann"))
    take(config, "asreview2.csv", later)
    assert report.disagreements == ()


def test_asreview_1_and_its_ris(config: Config) -> None:
    """The label has another name in version 1, and is a word of the notes in RIS."""
    old = table("record_id,included,asreview_ranking", ("ash2020", "0", "1", "1"))
    take(config, "old.csv", old, reviewer="AB")
    assert rows(config) == [("ash2020", T, "include", "", "AB")]
    take(config, "new.ris", ris("cedar2022", "ASReview_not_seen"))
    assert rows(config)[-1][4] == "automation"


def test_tags_of_asreview_are_labels_and_reasons(config: Config) -> None:
    """A ticked box is a label; one of a group of reasons says why a record is excluded."""
    group = "asreview_tag_exclusion_reasons"
    reasons = (f"{group}_wrong_topic", f"{group}_adults")
    content = table(
        ",".join(("included", "asreview_group_id", "asreview_label", "asreview_time", *reasons,
                  "asreview_tag_method_interviews", "asreview_user_email")),
        ("ash2020", "0", "0", "1", "2026-03-01 10:00:00", "0", "0", "1", "ann@example.org"),
        ("birch2021", "1", "1", "0", "2026-03-02 10:00:00", "1", "1", "0", "ann@example.org"),
        ("cedar2022", "1", "2", "", "", "", "", "", ""),
    )  # fmt: skip
    take(config, "asreview_relevant_irrelevant_not_seen_gardens.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "ann@example.org"),
        ("birch2021", T, "exclude", "wrong topic", "ann@example.org"),
        ("cedar2022", T, "exclude", "not seen: screening had stopped", "automation"),
    ]
    assert column(config, "labels")[0] == "method interviews"
    assert column(config, "note")[1] == "also: adults"


def test_the_ris_of_asreview_names_reviewer_day_and_tags(config: Config) -> None:
    """All but the label are notes of their own, with the value as JSON."""
    notes = (
        "ASReview_irrelevant",
        'asreview_time: "2026-03-01 10:00:00"',
        'asreview_note: "says \\"pond\\"; not caf\\u00e9"',
        "asreview_tag_exclusion_reasons_wrong_topic: 1",
        "asreview_tag_exclusion_reasons_adults: 0",
        'asreview_user_name: "Zo\\u00eb Ash"',
        "asreview_group_id: 4",
    )
    take(config, "asreview.ris", ris("cedar2022", "\nN1  - ".join(notes)))
    assert rows(config) == [("cedar2022", T, "exclude", "wrong topic", "Zoë Ash")]
    assert column(config, "date") == ["2026-03-01"]
    assert column(config, "note") == ['says "pond"; not café']


def eppi(codes: list[int], **reference: str) -> str:
    """Return an export of EPPI-Reviewer's with one reference."""
    attributes = [
        {
            "AttributeId": 1,
            "AttributeName": "INCLUDE on title & abstract",
            "AttributeType": "Include",
        },
        {"AttributeId": 2, "AttributeName": "EXCLUDE on country", "AttributeType": "Exclude"},
        {"AttributeId": 3, "AttributeName": "Wrong topic", "AttributeType": "Exclude"},
    ]
    other = [{"AttributeId": 9, "AttributeName": "Include children", "AttributeType": "Selectable"}]
    full = [{"AttributeId": 5, "AttributeName": "Ongoing", "AttributeType": "Exclude"}]
    return json.dumps({
        "CodeSets": [
            {"SetName": "Screening on Title and Abstract",
             "Attributes": {"AttributesList": attributes}},
            {"SetName": "Screening on full text", "Attributes": {"AttributesList": full}},
            {"SetName": "Population", "Attributes": {"AttributesList": other}},
        ],
        "References": [{"ItemId": 41, "Title": TITLES["birch2021"], "Authors": "Birch B;",
                        "Year": "2021", "Codes": [{"AttributeId": n} for n in codes], **reference}],
    })  # fmt: skip


def test_eppi_json_by_sets_of_codes(config: Config) -> None:
    """Stage and decision follow from the code and its set; other sets are no decisions."""
    take(config, "eppi.json", eppi([2, 3, 9, 5]))
    assert rows(config) == [
        ("birch2021", T, "exclude", "country", "agreed"),
        ("birch2021", F, "ongoing", "", "agreed"),
    ]
    assert column(config, "note")[0] == "also: Wrong topic"


def test_eppi_json_without_screening_is_one_of_records(config: Config) -> None:
    """Family names come first, with the small words before them; without a title it is rejected."""
    items = [
        {"ItemId": 1, "Title": "Ponds", "Authors": "de Ash Ann B; Ox Bob ; Elm, Eva; Fir Council;",
         "ParentTitle": "Park Life", "TypeName": "Journal, Article", "Pages": "3-9", "Year": "2020",
         "Keywords": "pond\r\nfrog", "StandardNumber": "1234-5679", "Codes": []},
        {"ItemId": 2, "Title": "", "ShortTitle": "Fir (2021)", "Authors": "Fir Flo", "Codes": []},
    ]  # fmt: skip
    text = json.dumps({"CodeSets": [{"SetName": "Topics"}], "References": items})
    path = config.root.parent / "export.json"
    path.write_text(text, encoding="utf-8-sig")
    assert not read_decision_files([path], Asked())
    reading = parse_records(path.read_bytes(), path.name)
    assert (reading.format, reading.maker) == ("EPPI-Reviewer JSON", "EPPI-Reviewer")
    (entry,) = [one.entry for one in reading.records]
    assert entry.fields["author"] == "de Ash, Ann B and Ox, Bob and Elm, Eva and {Fir Council}"
    known = {name: entry.text(name) for name in ("journal", "pages", "keywords", "issn")}
    assert list(known.values()) == ["Park Life", "3--9", "pond; frog", "1234-5679"]
    assert [one.reason for one in reading.rejected] == ["has no title (“Fir (2021)”)"]


def test_eppi_report_of_all_coding(config: Config) -> None:
    """Each of those who gave a code decided so; the line of paths is no record."""
    header = "ItemId,I/E/D/S flag,INCLUDE on title & abstract,EXCLUDE,EXCLUDE on country"
    content = table(
        header,
        ("ash2020", "41", "(I)", "Ann Ash [completed]\nBo Li", "", ""),
        ("birch2021", "42", "(E)", "Ann Ash", "", "Bo Li"),
    )
    take(config, "eppi.csv", content)
    assert rows(config) == [
        ("ash2020", T, "include", "", "Ann Ash"),
        ("ash2020", T, "include", "", "Bo Li"),
        ("birch2021", T, "include", "", "Ann Ash"),
        ("birch2021", T, "exclude", "country", "Bo Li"),
    ]


CODES = ("INCLUDE on title & abstract", "EXCLUDE", "EXCLUDE\\Wrong topic")
CODED = (
    ("ash2020", (("Ann Ash", True), ("Bo Li", False)), (), ()),
    ("birch2021", (("Bo Li", False),), (("Ann Ash", True),), (("Ann Ash", True),)),
    ("cedar2022", (("Ann Ash", False),), (), ()),
)
IN_REPORT = [
    ("ash2020", T, "include", "", "Ann Ash"),
    ("ash2020", T, "include", "", "Bo Li"),
    ("birch2021", T, "exclude", "Wrong topic", "Ann Ash"),
    ("birch2021", T, "exclude", "Wrong topic", "agreed"),
    ("birch2021", T, "include", "", "Bo Li"),
    ("cedar2022", T, "include", "", "Ann Ash"),
]
SHORT = "Someone (2020)"
REPORT = "Screen on T&A full coding report"


def coding_json() -> str:
    """Return EPPI-Reviewer's report of all coding as JSON."""
    keys = [{"attId": n, "attName": path, "fullPath": path} for n, path in enumerate(CODES)]
    items = [
        {"itemId": n, "title": TITLES[key], "shortTitle": SHORT, "state": "I", "outcomesLists": [],
         "codingsList": [
             {"key": keys[code], "value": [{"contactName": who, "isComplete": done, "armName": ""}
                                           for who, done in people]}
             for code, people in enumerate(given) if people]}
        for n, (key, *given) in enumerate(CODED)
    ]  # fmt: skip
    return json.dumps({"attributes": keys, "items": items, "hasOutcomes": False})


def coding_page() -> str:
    """Return the report as the web page that is saved."""

    def cell(people: tuple[tuple[str, bool], ...]) -> str:
        spans = [
            f"<span {'class=complete' if done else ''}>{who}<br />[info]: unlike Bo Li,\nBo</span>"
            for who, done in people
        ]
        return f"<td>{'<br />'.join(spans)}</td>"

    names = "".join(f"<th>{path.rpartition(chr(92))[2]}</th>" for path in CODES)
    paths = "".join(f"<td>{path}</td>" for path in CODES)
    rows = "".join(
        f"<tr><td>{n}</td><td>{SHORT}</td><td>{TITLES[key]}</td><td>I</td>"
        + "".join(map(cell, given))
        for n, (key, *given) in enumerate(CODED)
    )
    return (
        "<HTML><head><title>Full Comparison Report</title></head><body><table><tr><th>ItemId</th>"
        f"<th>ShortTitle</th><th>Title</th><th>I/E/D/S flag</th>{names}</tr>"
        f"<tr><td colspan='4'><div>FullPath:</div></td>{paths}</tr>{rows}</table></body></html>"
    )


def coding_sheet(none: str, incomplete: str, complete: str, title: str = "Full title") -> str:
    """Return the sheet of the report: a code is named once, for all its reviewers."""
    people = ("Ann Ash", "Bo Li")
    lines = [["ITEM_ID", "Short Title", title, "I/E/D/S flag"], ["Full code path", "", "", ""],
             ["Reviewers:", "", "", ""]]  # fmt: skip
    for path in CODES:
        lines[0] += [path.rpartition("\\")[2], ""]
        lines[1] += [path, ""]
        lines[2] += people
    for n, (key, *given) in enumerate(CODED):
        marks = [{who: complete if done else incomplete for who, done in said} for said in given]
        cells = [said.get(who, none) for said in marks for who in people]
        lines.append([str(n), SHORT, TITLES[key] if title else "", "I", *cells])
    return "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines) + "\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"{REPORT}.json", coding_json()),
        (f"{REPORT}.html", coding_page()),
        (f"{REPORT}.csv", coding_sheet("", "0", "1")),
        (f"{REPORT}.csv", coding_sheet("", "Incomplete", "Complete")),
    ],
)
def test_eppi_report_of_all_coding_in_each_form(config: Config, name: str, content: str) -> None:
    """Who gave a code decided so; of two, what the one says whose coding is complete was agreed."""
    report = take(config, name, content)
    assert sorted(rows(config)) == IN_REPORT
    assert [one.reason for one in report.matched] == ["same title"] * 3


def test_eppi_report_that_does_not_say_what_is_complete(config: Config) -> None:
    """With colours alone for what is complete, 1 is a code and 0 is none."""
    take(config, f"{REPORT}.csv", coding_sheet("0", "1", "1"))
    assert sorted(rows(config)) == [row for row in IN_REPORT if row[-1] != "agreed"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (coding_sheet("", "0", "1", title=""), "no titles, by which its records are recognised"),
        (coding_sheet("no", "some", "all"), "clear which mark means that no code was given: “all”"),
        (coding_sheet("", "0", "1").replace("CLUDE", "TEREST"), "no code that is a decision"),
    ],
)
def test_an_eppi_report_that_cannot_be_used_says_why(
    config: Config, content: str, message: str
) -> None:
    """And what to choose when it is saved again."""
    with pytest.raises(ReportError, match=message):
        take(config, f"{REPORT}.csv", content)


def test_an_eppi_report_is_no_export_of_records(config: Config) -> None:
    """Its items have titles, and would be records without authors and years."""
    with pytest.raises(ReportError, match="a report of coding"):
        parse_records(coding_json().encode(), "coding.json")
    unknown = coding_json().replace("Gardens and neighbours", "Lamps and lanterns")
    with pytest.raises(Problems, match="from the search's export"):
        take(config, f"{REPORT}.json", unknown)


def test_tags_that_are_decisions(config: Config) -> None:
    """As Zotero exports them, sorted, beside other tags; of two decisions neither is taken."""
    content = table(
        "Manual Tags",
        ("ash2020", "garden; include; pond"),
        ("birch2021", "exclude: wrong topic; pond"),
        ("cedar2022", "pond"),
    )
    take(config, "zotero.csv", content, column="Manual Tags", reviewer="AB")
    assert rows(config) == [
        ("ash2020", T, "include", "", "AB"),
        ("birch2021", T, "exclude", "wrong topic", "AB"),
    ]
    both = table("Manual Tags", ("cedar2022", "exclude: late; include"))
    with pytest.raises(Problems, match="the cell holds 2 decisions"):
        take(config, "both.csv", both, column="Manual Tags")


def test_a_column_to_include_and_one_to_exclude(config: Config) -> None:
    """A mark stands in one of them, as in EPPI-Reviewer's sheet for screening."""
    header = "Include (?),Exclude (?),Comments"
    content = table(header, ("ash2020", "x", "", ""), ("birch2021", "", "X", "late"),
                    ("cedar2022", "", "", "?")).replace("Title,", "Full Title,")  # fmt: skip
    take(config, "sheet.csv", content, reviewer="AB")
    assert [row[0:3] for row in rows(config)] == [
        ("ash2020", T, "include"),
        ("birch2021", T, "exclude"),
    ]
    with pytest.raises(Problems, match="the cell holds 2 decisions"):
        take(config, "two.csv", table(header, ("cedar2022", "x", "x", "")))


def test_plain_tables_long_and_wide(config: Config) -> None:
    """A row a decision, or a column a reviewer; records by citekey, DOI or title."""
    long = "citekey;stage;decision;reason;reviewer\nash2020;Full text;exclude;Wrong topic;AB\n"
    take(config, "long.csv", long)
    assert rows(config) == [("ash2020", F, "exclude", "Wrong topic", "AB")]
    wide = "DOI,Reviewer 1,Reviewer 2,Consensus\n10.1000/XYZ1,yes,no,yes\n"
    report = take(config, "wide.csv", wide)
    assert rows(config)[1:] == [
        ("ash2020", T, "include", "", "Reviewer 1"),
        ("ash2020", T, "exclude", "", "Reviewer 2"),
        ("ash2020", T, "include", "", "agreed"),
    ]
    assert [one.reason for one in report.matched] == ["DOI"]


def test_suggestions_are_no_decisions(config: Config) -> None:
    """What a tool suggested has a column of its own, and nobody's name."""
    content = table("decision,reviewer,ai suggestion", ("ash2020", "include", "AB", "exclude"))
    take(config, "own.csv", content)
    assert rows(config) == [("ash2020", T, "include", "", "AB")]
    assert column(config, "suggestion") == ["exclude"]


def test_a_report_that_waited_gets_a_later_row(config: Config) -> None:
    """The program exports no date: the row has that of the import, and the one of then stays."""
    name = "review_7_{}_csv_{}.csv"
    header, cells = "Covidence #,Study,Notes,Tags", ("ash2020", "#12", "Ash 2020", "")
    waiting = table(header, (*cells, "Awaiting classification"))
    take(config, name.format("excluded", 1), waiting)
    with pytest.raises(Problems, match="awaiting classification in row"):
        take(config, name.format("included", 2), table(header, (*cells, "")))
    searches = config.root / "data" / "searches.yml"
    searches.write_text("title: S\nearlier-version: {until: 2025-12-31}\n", encoding="utf-8")
    report = take(config, name.format("included", 2), table(header, (*cells, "")))
    assert (report.added, report.replaced) == (1, 0)
    assert any("has the date of this import" in remark for remark in report.remarks)
    found = list(zip(rows(config), column(config, "date"), strict=True))[-2:]
    assert [row[2] for row, _ in found] == ["awaiting classification", "include"]
    assert [bool(date) for _, date in found] == [False, True]
    again = take(config, name.format("included", 3), table(header, (*cells, "")))
    assert (again.added, again.already) == (0, 1)
    with pytest.raises(Problems, match="include in row 4"):
        take(config, name.format("excluded", 4), table(header, (*cells, "")))
    dated = table("record,stage,decision,date", ("ash2020", "ash2020", F, "exclude", "2025-03-01"))
    with pytest.raises(Problems):
        take(config, "dated.csv", dated, reviewer="agreed")


def test_what_has_been_read_since_it_waited_is_no_disagreement(config: Config) -> None:
    """Somebody does not disagree with what was decided in the earlier version of the review."""
    header = "record,stage,decision,reviewer,date\n"
    take(config, "then.csv", f"{header}ash2020,{F},awaiting classification,Ann,\n")
    searches = config.root / "data" / "searches.yml"
    searches.write_text("title: S\nearlier-version: {until: 2025-12-31}\n", encoding="utf-8")
    report = take(config, "now.csv", f"{header}ash2020,{F},include,Ann,2026-02-01\n")
    assert (report.added, report.disagreements) == (1, ())
    later = take(config, "wei.csv", f"{header}ash2020,{F},exclude,Wei,2026-02-03\n")
    [one] = later.disagreements
    assert str(one) == "@ash2020, full text: include (Ann), exclude (Wei)"


def test_an_unmatched_decision_is_listed_and_nothing_written(config: Config) -> None:
    """Each with its row; a decision on a record that may be another is not merged."""
    content = table("decision,reviewer", ("ash2020", "include", "AB"))
    content += '"A study of nothing that anybody imported","Nobody, N","1999","exclude","AB"\n'
    with pytest.raises(Problems) as caught:
        take(config, "own.csv", content)
    (problem,) = caught.value.problems
    assert problem.message.startswith("“A study of nothing that anybody imported” is not a record")
    assert str(problem.where) == "own.csv, row 3"
    assert not (config.root / "data" / "screening.csv").exists()


def test_a_cell_that_is_no_decision_is_listed(config: Config) -> None:
    """With row and column; other rows are not imported either."""
    content = table(
        "decision,reviewer", ("ash2020", "include", "AB"), ("birch2021", "perhaps so", "AB")
    )
    with pytest.raises(
        Problems, match=r'own\.csv, row 3, column decision: "perhaps so" is not a decision'
    ):
        take(config, "own.csv", content)
    content = "citekey,stage,decision,reviewer\nash2020,Tea time,include,AB\n"
    with pytest.raises(Problems, match='"Tea time" is not a stage of screening'):
        take(config, "own.csv", content)


def test_again_adds_nothing_and_keeps_every_byte(config: Config) -> None:
    """The second import of a file changes nothing; new rows go below what an author wrote."""
    own = 'record,stage,decision,reason,reviewer,export\r\nash2020,full text,include,"",AB,\r\n'
    path = config.root / "data" / "screening.csv"
    path.write_bytes(own.encode())
    content = table("decision,reviewer", ("birch2021", "include", "AB"))
    take(config, "own.csv", content)
    once = path.read_bytes()
    assert once.startswith(own.encode())
    report = take(config, "own.csv", content)
    assert (report.added, report.already, path.read_bytes()) == (0, 1, once)


def test_two_rows_of_one_record(config: Config) -> None:
    """Alike, they are one decision, and that is said; different ones are refused."""
    same = table("decision,reviewer", ("ash2020", "include", "AB"), ("ash2020", "include", "AB"))
    report = take(config, "own.csv", same)
    assert len(rows(config)) == 1
    assert any("are one record, @ash2020" in one for one in report.remarks)
    other = table("decision,reviewer", ("cedar2022", "include", "AB"), ("cedar2022", "no", "AB"))
    with pytest.raises(Problems, match="Two rows of the file are one record"):
        take(config, "two.csv", other)


def test_a_file_of_new_records_brings_them_as_well(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """Where none of its records is known, records and decisions come in together."""
    root = project(runs=False)
    (root.parent / "rayyan.csv").write_text(
        table("key,notes,doi", ("ash2020", "rayyan-1", RAYYAN_NOTE, "10.1000/xyz1")), "utf-8"
    )
    outcome = reviewpress("import ../rayyan.csv", cwd=root)
    assert "rayyan.csv: records and decisions on title and abstract, Rayyan." in outcome.stdout
    assert "ash2020" in (root / "data" / "screening.csv").read_text("utf-8")
    assert "ash2020" in (root / "data" / "imports.csv").read_text("utf-8")
    outcome = reviewpress("import ../rayyan.csv --as records", cwd=root)
    assert "records, CSV" in outcome.stdout


def test_wrong_words_on_the_command_line(project: Any, reviewpress: Callable[..., Any]) -> None:
    """A stage or decision that does not exist is wrong usage, with the nearest name."""
    root = project(runs=False)
    (root / "a.csv").write_text("citekey,decision\nx,include\n", "utf-8")
    assert (
        'Did you mean "retrieval"?'
        in reviewpress("import a.csv --stage retreival", cwd=root).stderr
    )
    assert reviewpress("import a.csv --decision perhaps", cwd=root).status == 2
    (root / "b.csv").write_text("citekey,country\nx,Wales\n", "utf-8")
    assert "no decisions were found" in reviewpress("import b.csv --as decisions", cwd=root).stderr


def test_an_import_of_decisions_can_be_taken_back(
    config: Config, reviewpress: Callable[..., Any]
) -> None:
    """Its rows go, and others stay."""
    take(config, "one.csv", table("decision,reviewer", ("ash2020", "include", "AB")))
    take(config, "two.csv", table("decision,reviewer", ("birch2021", "include", "AB")))
    outcome = reviewpress("import --withdraw one.csv", cwd=config.root)
    assert outcome.stdout == "withdrawn: 1 decision that one.csv had brought.\n"
    assert [row[0] for row in rows(config)] == ["birch2021"]
    outcome = reviewpress("import --withdraw one.csv", cwd=config.root)
    assert 'no export named "one.csv" was imported' in outcome.stderr


def test_a_file_without_any_decision_is_refused(config: Config) -> None:
    """As an export of which nobody has screened a record yet."""
    with pytest.raises(Problems, match="no record of the file has a decision"):
        take(config, "eppi.json", eppi([9]))


def test_a_record_that_is_not_certain_is_named(config: Config) -> None:
    """It is not merged: the message names what it may be, and how to say that it is."""
    near = table("decision,reviewer", ("ash2020", "include", "AB"))
    near += '"Benches in parks: who sits where and why","Cedar, C","2021","include","AB"\n'
    with pytest.raises(
        Problems, match=r"not for certain a record of the review \(perhaps @cedar2022"
    ):
        take(config, "own.csv", near)
    certain = "record,title,authors,year,decision,reviewer\n"
    certain += "cedar2022,Benches in parks: who sits where and why,Cedar,2021,include,AB\n"
    take(config, "own.csv", certain)
    assert rows(config) == [("cedar2022", T, "include", "", "AB")]


def test_tabs_and_spreadsheets(config: Config, load_script: Callable[[str], Any]) -> None:
    """ASReview and DistillerSR export these too."""
    text = table("asreview_label", ("ash2020", "1"), ("birch2021", "0"))
    tabs = "\n".join("\t".join(row) for row in csv.reader(text.splitlines())) + "\n"
    take(config, "asreview.tsv", tabs)
    assert [row[2] for row in rows(config)] == ["include", "exclude"]
    sheet = load_script("spoiling").make_workbook([["citekey", "stage", "decision", "reviewer"],
                           ["cedar2022", "Full text", "Ongoing", "CD"]])  # fmt: skip
    path = config.root.parent / "own.xlsx"
    path.write_bytes(sheet)
    import_decisions(config, read_decision_files([path], Asked()), [path])
    assert rows(config)[-1] == ("cedar2022", F, "ongoing", "", "CD")


def test_columns_of_the_table_of_decisions_come_in(config: Config) -> None:
    """A table that names its records has what data/screening.csv may have: nothing is lost."""
    names = "record,stage,decision,reason,reviewer,source,study,date,note"
    cells = ("ash2020", F, "include", "", "agreed", "Website", "Ash 2020", "2026-02-01", "Read.")
    take(config, "ours.csv", f"{names}\n{','.join(cells)}\n")
    for name, cell in zip(names.split(","), cells, strict=True):
        assert column(config, name) == [cell]


def test_the_date_of_a_publication_is_no_date_of_a_decision(config: Config) -> None:
    """Nor is its source that of the record, where a table describes its records."""
    text = "title,author,year,date,source,decision,reviewer\n"
    text += f'{TITLES["ash2020"]},"Ash, Ann",2020,2020-05-01,Scopus,include,AB\n'
    take(config, "ours.csv", text)
    head = (config.root / "data/screening.csv").read_text("utf-8").splitlines()[0]
    assert "date" not in head
    assert "source" not in head


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("Yes", "No - wrong population", "Unclear"), ("include", "exclude", "unsure")),
        (("Yes, include", "No (exclude): wrong population", "Can't tell"),
         ("include", "exclude", "unsure")),
        (("Include", "Exclude, wrong population", "Unsure"), ("include", "exclude", "unsure")),
    ],
)  # fmt: skip
def test_distiller_answers_with_words_beside_them(
    config: Config, answers: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    """A question may be answered with yes or no, and the reason; levels have names."""
    level = "Title and Abstract Screening"
    header = "Refid,User,Level,country,Does this reference meet the criteria?"
    cells = [("ash2020", str(n), f"P{n}", level, "AFG", one) for n, one in enumerate(answers)]
    take(config, "distiller.csv", table(header, *cells))
    assert [row[2] for row in rows(config)] == list(expected)
    assert rows(config)[1][3] == "wrong population"


def test_distiller_without_a_decision_is_not_taken_for_records(config: Config) -> None:
    """The questions are named; a list of references alone is one of records."""
    header = "Refid,User,Level,Country,Population"
    content = table(header, ("ash2020", "1", "ann", "1", "AFG", "Children"))
    with pytest.raises(ReportError, match="is a decision throughout: “Country”, “Population”"):
        take(config, "distiller.csv", content)
    path = config.root.parent / "refs.csv"
    path.write_text(table("Refid", ("ash2020", "1")), encoding="utf-8")
    assert not read_decision_files([path], Asked())


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("review_2837_2024.csv", "Covidence #,Study ID,Title,Reviewer Name,Aim of study\n12,Ash"
         " 2020,Gardens,Consensus,x\n", "Covidence’s data extraction"),
        ("customizations_log.csv", "id,article_id,user_id,key,value,created_at\n1,rayyan-1,5,"
         "included,1,2024-01-01\n", "Rayyan’s log of changes"),
    ],
)  # fmt: skip
def test_what_the_programs_export_besides(config: Config, name: str, text: str, told: str) -> None:
    """It is named, with what to import in its place, and not taken for records."""
    with pytest.raises(ReportError, match=told) as caught:
        parse_records(text.encode(), name)
    assert "mport" in caught.value.hint or "xport" in caught.value.hint


def test_reviewers_and_notes_of_rayyan_in_any_words(config: Config) -> None:
    """Names of any script, and a stroke within a note, which parts the fields elsewhere."""
    note = (
        'RAYYAN-INCLUSION: {"俊"=>"Included", "Fei P."=>"Excluded"} | RAYYAN-LABELS: ML,Hospital'
        ' | RAYYAN-EXCLUSION-REASONS: wrong population | USER-NOTES: {"Fei P."=>["look", "a | b"]}'
    )
    take(config, "articles.csv", table("notes", ("ash2020", note)))
    assert [(row[4], row[2]) for row in rows(config)] == [("俊", "include"), ("Fei P.", "exclude")]
    assert rows(config)[1][3] == "wrong population"


def test_a_title_alone_names_the_only_record_that_has_it(config: Config) -> None:
    """As people keep their own tables; with two such records, or another title, it is asked."""
    take(config, "own.csv", f'title,decision\n"{TITLES["birch2021"].upper()}",include\n')
    assert column(config, "record") == ["birch2021"]
    for title in ("Benches in parks: who lies where", "Benches in parks"):
        with pytest.raises(Problems):
            take(config, "other.csv", f"title,decision\n{title},include\n")
    path = config.bibliography[0]
    again = RECORDS.replace("cedar2022", "cedar2010").replace("2022", "2010")
    path.write_text(path.read_text("utf-8") + again[again.index("@article{cedar") :], "utf-8")
    with pytest.raises(Problems):
        take(config, "twice.csv", f"title,decision\n{TITLES['cedar2022']},include\n")


@pytest.mark.parametrize(
    ("header", "year", "date", "taken"),
    [
        ("title,decision,reviewer,date", "", "2026-11-20", True),
        ("title,year,decision,stage,date", "2021,", "2026-11-20", True),
        ("title,year,decision,stage,date", "2021,", "2021-03-02", False),
        ("title,decision,date", "", "2021-03-02", False),
        ("title,decision,reviewer,date", "", "2021-03", False),
    ],
)
def test_a_date_beside_titles_is_the_decisions_where_it_can_be_no_other(
    config: Config, header: str, year: str, date: str, taken: bool
) -> None:
    """Beside reviewers or stages, whole, and in another year than the paper's; else the paper's."""
    who = {"reviewer": "AB,", "stage": "title and abstract,"}
    middle = next((text for name, text in who.items() if name in header), "")
    content = f'{header}\n"{TITLES["birch2021"]}",{year}include,{middle}{date}\n'
    take(config, "own.csv", content)
    assert column(config, "record") == ["birch2021"]
    assert (date in (config.root / "data/screening.csv").read_text()) == taken


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("decision_ta,decision_ft,reason_ft", ("include", "exclude", "Topic"),
         [(T, "include", ""), (F, "exclude", "Topic")]),
        ("Title and abstract decision,Full-text decision,Reason at full text",
         ("yes", "ongoing", "Topic"), [(T, "include", ""), (F, "ongoing", "")]),
        ("Status (TiAb),Reason", ("EXCLUDED – topic", ""), [(T, "exclude", "topic")]),
        ("Level Name,Reviewer,Include?", ("2 - Full Text", "ann", "Include"),
         [(F, "include", "")]),
    ],
)  # fmt: skip
def test_a_column_for_each_stage(
    config: Config, header: str, cells: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    """As people keep one row a record: the reason is that of the stage whose column has it."""
    take(config, "own.csv", table(header, ("ash2020", *cells)))
    assert [(row[1], row[2], row[3]) for row in rows(config)] == expected


def test_columns_that_only_look_like_decisions(config: Config) -> None:
    """Whether a full text is there, and marks of codes, are not what was decided."""
    path = config.root.parent / "own.csv"
    for header in ("Full text available", "INCLUDE on title & abstract"):
        path.write_text(table(header, ("ash2020", "1"), ("birch2021", "")), encoding="utf-8")
        assert not read_decision_files([path], Asked())


def test_rayyans_old_exports_say_true_and_false(config: Config) -> None:
    """They have no quotation marks around the decision."""
    note = 'RAYYAN-INCLUSION: {"Ann"=>true, "Wei"=>false}'
    take(config, "rayyan.csv", table("notes", ("ash2020", note)))
    assert [(row[2], row[4]) for row in rows(config)] == [("include", "Ann"), ("exclude", "Wei")]


def test_different_reasons_at_full_text_are_listed(config: Config) -> None:
    """The flow counts one reason, so that it is to be settled as well."""
    content = table(
        "stage,decision,reason,reviewer",
        ("ash2020", F, "exclude", "Topic", "Ann"), ("ash2020", F, "exclude", "Design", "Wei"),
        ("birch2021", T, "exclude", "Topic", "Ann"), ("birch2021", T, "exclude", "Design", "Wei"),
    )  # fmt: skip
    report = take(config, "own.csv", content)
    told = [str(one) for one in report.disagreements]
    assert told == [f"@ash2020, {F}: exclude, as Topic (Ann), Design (Wei)"]


def test_several_decisions_in_one_cell(config: Config) -> None:
    """Each is of whom the line names, also where a cell has but one; without names it is asked."""
    header = "title,author,year,Title and abstract screening,Full text screening"
    one = f'{TITLES["ash2020"]},"Ash, Ann",2020,"INCLUDE (Ann)\nINCLUDE (Bo)",INCLUDE (Ann)'
    two = f'"{TITLES["birch2021"]}","Birch, Bob",2021,"EXCLUDE on topic (Ann)\nExclude: age [Bo]",'
    take(config, "report.csv", "\n".join((header, one, two)))
    assert rows(config) == [
        ("ash2020", T, "include", "", "Ann"),
        ("ash2020", T, "include", "", "Bo"),
        ("ash2020", F, "include", "", "Ann"),
        ("birch2021", T, "exclude", "topic", "Ann"),
        ("birch2021", T, "exclude", "age", "Bo"),
    ]
    with pytest.raises(Problems, match="the cell holds 2 decisions") as caught:
        take(config, "other.csv", "\n".join((header, one.replace(" (Bo)", ""))))
    assert "row 2, column Title and abstract screening" in str(caught.value)


def test_a_reason_keeps_its_brackets(config: Config) -> None:
    """What stands in brackets at its end is of the reason, where nobody is called so."""
    take(config, "own.csv", f"record,stage,decision\nash2020,{T},Exclude: adults (over 65)\n")
    assert rows(config) == [("ash2020", T, "exclude", "adults (over 65)", "reviewer")]


def test_asreview_writes_seconds(config: Config) -> None:
    """A time in seconds since 1970 is a day as any other."""
    header = "title,authors,year,doi,asreview_label,asreview_time"
    first = f'{TITLES["ash2020"]},"Ash, Ann",2020,10.1000/xyz1,1.0,1748773800.25'
    second = f'{TITLES["cedar2022"]},"Cedar, Cy",2022,,0.0,2025-06-02 08:00:01.5'
    take(config, "asreview.csv", "\n".join((header, first, second)))
    assert column(config, "date") == ["2025-06-01", "2025-06-02"]
