"""Tables that are wider than a page, with heads of several rows: in print, in Word and on pages."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from chapters_made import write_chapters
from reading import Page, word_part, words_of

from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.cli.engines import embedded_engine
from reviewpress.figures.table_notes import noted
from reviewpress.figures.tables import table
from reviewpress.formats.word_parts import find_all
from reviewpress.notebooks.html_tables import html_table_markdown
from reviewpress.pipeline import assemble_edition

Make = Callable[[str], Path]

WORDS = [
    "Discrimination",
    "Unemployment",
    "Incarceration",
    "Hypersexuality",
    "Loneliness",
    "International",
    "Subpopulation",
    "Randomisation",
    "Effectiveness",
    "Implementation",
    "Questionnaire",
    "Safeguarding",
]
GERMAN = [
    "Kindertageseinrichtungen",
    "Einverständniserklärungen",
    "Krankenversicherungsbeiträge",
    "Datenschutzanforderungen",
    "Finanzierungsvoraussetzung",
    "Zugehörigkeit",
    "Stichprobengröße",
]
ADDRESS = "https://doi.org/10.1136/bmjopen-2018-024683.supplement-two_and-three"


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Render a chapter with tables in every format; return where."""
    monkeypatch.setenv("REVIEWPRESS_RUN_DIR", str(tmp_path / "run"))

    def render(text: str) -> Path:
        config = write_chapters(tmp_path / "book", {"one": f"# Start\n\nSome text.\n\n{text}"})
        folder = tmp_path / "out"
        folder.mkdir()
        embedded_engine(config.root).render(assemble_edition(config, {}), folder)
        return folder

    return render


def of_words(words: list[str], count: int, rows: int = 3, **options: object) -> str:
    """Return a table of so many columns whose cells are single words."""
    names = [
        "Study",
        *(words[n % len(words)] + "\u200a" * (n // len(words)) for n in range(count - 1)),
    ]
    cells = {
        name: [
            f"Alder et al. 202{row}" if at == 0 else words[(at + row) % len(words)]
            for row in range(rows)
        ]
        for at, name in enumerate(names)
    }
    return table(cells, id="tbl-a", caption="A", **options).markdown  # type: ignore[arg-type]


NUMBERS = {
    "n": "12,345", "Mean (SD)": "23.41 (12.30)", "OR (95% CI)": "0.52 (0.41–0.66)",
    "Events": "1,234", "Total": "1234567", "Weight": "12.5%", "Year": "2019", "Age": "34.5",
    "Women": "56", "Men": "44", "p": "<0.001",
}  # fmt: skip


def of_numbers() -> str:
    """Return a table of numbers."""
    cells = {"Study": ["Alder 2020"], **{name: [cell] for name, cell in NUMBERS.items()}}
    return table(cells, id="tbl-a", caption="A").markdown


@pytest.mark.parametrize(
    "text",
    [
        lambda: of_words(WORDS, 8),
        lambda: of_words(WORDS, 12, landscape=True),
        lambda: of_words(WORDS, 30),
        lambda: of_words(GERMAN, 6),
        lambda: of_words(GERMAN, 14, landscape=True),
        lambda: of_words([ADDRESS, "Interview", "10.1002/14651858.CD013740.pub2", "Scotland"], 7),
        lambda: of_words([word.upper() for word in WORDS], 9, row_headers=2),
        lambda: f"::: {{.evidence-box}}\n{of_words(WORDS, 12)}\n:::\n",
        of_numbers,
        lambda: of_words(
            ['f(x_axis="balanced",n_jobs=2)', "(a_long_name_of_a_variable)", "Kind"], 9
        ),
    ],
    ids=[
        "8",
        "12 across",
        "30",
        "German",
        "14 German",
        "addresses",
        "capitals",
        "box",
        "numbers",
        "quotations",
    ],
)
def test_no_word_prints_over_another(text: Callable[[], str], make: Make) -> None:
    """However many columns of whatever words: none reaches into the next, or over the edge."""
    words = sorted(words_of(make(text())))
    for one, other in pairwise(words):
        if (one.page, one.top) == (other.page, other.top):
            assert one.right <= other.left + 0.5, (one, other)
    assert max(word.right for word in words if word.page > 1) < 842 - 45


def test_numbers_stay_whole(make: Make) -> None:
    """None is broken, however many columns there are."""
    said = {word.text.replace("&lt;", "<") for word in words_of(make(of_numbers()))}
    assert said >= {part for cell in NUMBERS.values() for part in cell.split()}


def test_numbers_have_room_for_their_decimals(make: Make) -> None:
    """The decimal marks of a narrow column are below each other also where few are long."""
    values = ["0.000120034", "&lt;0.001", "0.049", "≤0.01"]
    frame = {"Study": list("abcd"), "p": [each.replace("&lt;", "<") for each in values]}
    frame |= {f"Outcome {n}": ["some words of it"] * 4 for n in range(6)}
    text = table(frame, id="tbl-a", caption="A", align={"p": "decimal"}).markdown
    found = {each.text: each for each in words_of(make(text)) if each.text in values}
    # A digit is as wide as another, and the decimals of each begin at its mark.
    digit = (found["0.049"].right - found["0.049"].left) / 4.5
    starts = [found[v].right - digit * len(v.partition(".")[2]) for v in values]
    assert max(starts) - min(starts) < digit / 2


def test_what_fits_no_page_goes_on_in_parts(make: Make) -> None:
    """Each part has the row heads and all rows, and says what it continues."""
    made = make(of_words(WORDS, 30, spans=None))
    found = words_of(made)
    parts = sum(word.text == "Study" for word in found)
    assert parts >= 3
    assert sum(word.text == "continued" for word in found) == parts - 1
    assert sum(word.text == "2021" for word in found) >= parts
    with pikepdf.open(next(made.glob("*.pdf"))) as pdf:
        wide = [page for page in pdf.pages if page.mediabox[2] > page.mediabox[3]]
    assert wide
    assert not [p.message for p in check_pdfs(made) if p.severity == "error"]
    document = word_part(next(made.glob("*.docx")))
    tables = find_all(document, ".//w:tbl")
    assert len(tables) >= 3
    assert all(find_all(each, "w:tr[1]/w:trPr/w:tblHeader") for each in tables)
    rows = Page(made / "one.html").all("//table//tr")
    assert [len(row.all("./*")) for row in rows] == [30] * 4


LONG = " ".join(f"w{n:02}" for n in range(60))


@pytest.mark.parametrize("others", [6, 11, 14])
def test_a_long_text_has_a_column_that_can_be_read(others: int, make: Make) -> None:
    """It is not set word below word: the table turns, or is divided."""
    cells = {name: ["Text of a cell"] * 3 for name in (*WORDS, "Attrition", "Funding")[:others]}
    text = table({**cells, "Results": [LONG] * 3}, id="tbl-a", caption="A").markdown
    lines: dict[tuple[int, float], int] = {}
    for word in words_of(make(text)):
        if word.text[0] == "w" and word.text[1:].isdigit():
            lines[word.page, word.top] = lines.get((word.page, word.top), 0) + 1
    assert sum(lines.values()) == 3 * 60
    assert len(lines) <= 3 * 15


FINDINGS = {
    "Outcomes and time frame": [
        "Placement stability\n\nFollow-up: 6 to 24 months",
        "Child mental health (SDQ)\n\nLower is better",
        "Cost per child",
    ],
    "Risk without": ["310 per 1,000", "The mean was 14.2 points", "–"],
    "Risk with": ["245 per 1,000 (201 to 299)", "1.8 points lower (3.1 lower to 0.5 lower)", "–"],
    "Relative effect (95% CI)": ["RR 0.79 (0.65 to 0.96)", "–", "Not estimable"],
    "Participants (studies)": ["2,310 (6 RCTs)", "1,002 (4 RCTs)", "0 (0)"],
    "Certainty": ["⊕⊕⊕◯ MODERATE a", "⊕⊕◯◯ LOW a,b", "⊕◯◯◯ VERY LOW"],
    "What happens": [
        "Integration probably improves stability.\n\nThe effect was larger where teams shared a "
        "budget, in three of the six trials; the others did not say.",
        "May improve slightly.",
        "Nothing is known.",
    ],
}


def test_a_text_in_a_column_of_a_word_or_two_turns_its_table(make: Make) -> None:
    """Though it has few lines: an upright page has no room for columns that can be read."""
    made = make(table(FINDINGS, id="tbl-a", caption="A").markdown)
    words = words_of(made)
    [first] = [word for word in words if word.text == "larger"]
    [last] = [word for word in words if word.text == "say."]
    assert last.top - first.top < 60
    with pikepdf.open(next(made.glob("*.pdf"))) as pdf:
        box = pdf.pages[first.page - 1].mediabox
    assert box[2] > box[3]


def test_numbers_of_registers_stay_whole(make: Make) -> None:
    """However many columns there are: a broken one finds no trial."""
    cells: dict[str, list[str]] = {"Study": ["Alder 2020"]}
    cells |= {name: ["Unclear"] for name in (*WORDS[:9], "Other")}
    cells["Support"] = ["No protocol; the register (NCT01234567) and ISRCTN12345678 say nothing."]
    said = {word.text for word in words_of(make(table(cells, id="tbl-a", caption="A").markdown))}
    assert {"(NCT01234567)", "ISRCTN12345678"} <= said


@pytest.mark.parametrize("kind", ["experiences-information", "rob_domain_randomisation_process"])
def test_a_number_stays_with_what_it_counts(kind: str, make: Make) -> None:
    """An identifier may end a line at its signs, but not before its number."""
    sign = "_" if "_" in kind else "-"
    cells = {"Study": [f"{kind}{sign}0{n}" for n in range(1, 4)]}
    cells |= {name: ["Cell of text"] * 3 for name in WORDS[:8]}
    made = make(table(cells, id="tbl-a", caption="A").markdown)
    said = {word.text.rstrip("\u200b") for word in words_of(made)}
    assert not said & {"01", "02", "03"}
    assert any(word.endswith(f"{sign}02") for word in said)


PLACES = [
    "Needs of families, paragraph 1",
    "Lives, paragraph 12; Costs of services, table 3",
    "Begun in 2012 and ended in March 2020",
    "Of every kind of place: 7",
]


def test_a_number_in_a_cell_of_word_stays_with_its_word(make: Make) -> None:
    """At the end of the cell or of a place in it, as in the PDF; years and other numbers do not."""
    cells = {"Place": PLACES, "Said": [LONG] * 4}
    made = make(table(cells, id="tbl-a", caption="A", widths=[1, 2]).markdown)
    document = word_part(next(made.glob("*.docx")))
    said = "|".join(text.text or "" for text in find_all(document, ".//w:tbl//w:t"))
    assert re.findall(r"\w*:?\xa0[\d;]+", said) == [
        "paragraph\xa01",
        "paragraph\xa012;",
        "table\xa03",
    ]


def test_heads_of_columns_end_at_their_rule(make: Make) -> None:
    """One of a line beside one of several, in the PDF as on pages."""
    cells = {
        "Study": ["Alder"],
        "Overall rating of all who were asked for it": ["4"],
        "Note": [LONG],
    }
    words = words_of(make(table(cells, id="tbl-a", caption="A", widths=[1, 1, 4]).markdown))
    heads = {
        word.text: word.top for word in words if word.text in ("Study", "Note", "Overall", "it")
    }
    assert heads["Overall"] < heads["it"] == heads["Study"] == heads["Note"]


def extraction(rows: int = 3) -> str:
    """Return a table as extraction sheets are: names of variables, addresses, a long text."""
    cells: dict[str, list[object]] = {
        "link": [f"https://doi.org/10.1371/journal.pntd.000918{row}" for row in range(rows)],
        "intervention_duration_weeks": list(range(rows)),
        **{f"outcome_measured_at_{n}_months": ["not_stated"] * rows for n in range(3, 27, 3)},
        "findings": ["What was found, in many words. " * 12] * rows,
        "empty": [None] * rows,
        "note": ["<b>bold</b> & 5 < 6\nsecond line 🙂 عربي"] * rows,
    }  # fmt: skip
    return table(cells, id="tbl-a", caption="A").markdown


def test_names_and_addresses_end_lines_at_their_signs(make: Make) -> None:
    """Names of variables are parted after underscores, addresses after slashes; nothing within."""
    made = make(extraction())
    said = [word.text.rstrip("\u200b") for word in words_of(made)]
    parts = {"intervention_", "duration_", "weeks", "outcome_", "measured_", "months"}
    joined = {"intervention_duration_weeks", "intervention_duration_", "duration_weeks"}
    assert {part for part in said if part.startswith("interv")} <= parts | joined
    assert not [part for part in said if part[:5] == "https" and part[-1] not in "/.0123456789"]
    document = word_part(next(made.glob("*.docx")))
    heads = "".join(text.text or "" for text in find_all(document, ".//w:tbl//w:t"))
    assert "intervention_\u200bduration_" in heads


def test_columns_of_long_texts_are_wide_on_pages(make: Make) -> None:
    """However many columns there are; addresses may end lines, which nobody copies."""
    page = Page(make(extraction()) / "one.html")
    [head] = page.all("//th[contains(., 'findings')]")
    assert "w-longest" in head.get("class")
    link = page.all("//tbody//th")[0]
    assert link.words() == "https://doi.org/10.1371/journal.pntd.0009180"
    assert len(link.all(".//wbr")) >= 3


RICH = {
    "Design": ["Trial", "Trial", "Cohort"],
    "Study": ["Alder 2020", "Birch 2021", "Cedar 2022"],
    "n": [120, 1450, 88],
    "Mean": [12.5, 3.0, 0.25],
    "Ratio": [noted("0.52", "a"), noted("1", "a"), noted("12.25", "a", "b")],
    "Remarks": ["First.\n\nSecond.", "None", "None"],
}


def rich() -> str:
    """Return a table with all that tables can have."""
    return table(RICH, id="tbl-a", caption="A", groups="Design", units={"Mean": "points"},
                 spans={"Outcome": ["Mean", "Ratio"]}, align={"Ratio": "decimal"},
                 notes={"a": "Adjusted.", "b": "One outlier."}).markdown  # fmt: skip


def test_heads_have_their_scope_and_symbols_their_note(make: Make) -> None:
    """On pages: a span heads columns, a group its rows; each symbol leads to one note below."""
    page = Page(make(rich()) / "one.html")
    heads = page.all("//thead//th")
    assert [(head.words(), head.get("scope")) for head in heads] == [
        ("Study", "col"), ("n", "col"), ("Outcome", "colgroup"), ("Remarks", "col"),
        ("Mean (points)", "col"), ("Ratio", "col"),
    ]  # fmt: skip
    groups = page.all("//tbody/tr/th[@colspan='5']")
    assert [(head.words(), head.get("scope")) for head in groups] == [
        ("Trial", "rowgroup"), ("Cohort", "rowgroup"),
    ]  # fmt: skip
    assert {head.get("scope") for head in page.all("//tbody/tr/th[not(@colspan)]")} == {"row"}
    marks = page.values("//td//a[@role='doc-noteref']/@href")
    assert marks == ["#note-tbl-a-a", "#note-tbl-a-a", "#note-tbl-a-a", "#note-tbl-a-b"]
    assert len(page.all("//*[@id='note-tbl-a-a']")) == 1
    assert page.values("//div[@role='region']/@aria-describedby") == ["notes-tbl-a"]
    assert len(page.all("//td[p]")[0].all("./p")) == 2


def test_heads_are_heads_in_print_and_in_word(make: Make) -> None:
    """Header cells for columns, groups and rows in the tags; header rows that Word repeats."""
    made = make(rich())
    assert not [p.message for p in check_pdfs(made) if p.severity == "error"]
    with pikepdf.open(next(made.glob("*.pdf"))) as pdf:
        names = pdf.Root.StructTreeRoot.IDTree
        assert len(pikepdf.NameTree(names)) >= 6 + 2 + 3
    document = word_part(next(made.glob("*.docx")))
    [found] = find_all(document, ".//w:tbl")
    assert len(find_all(found, "w:tr[w:trPr/w:tblHeader]")) == 2
    assert find_all(found, "w:tr[1]/w:tc/w:tcPr/w:gridSpan[@w:val='2']")
    groups = find_all(found, "w:tr[w:tc/w:tcPr/w:gridSpan[@w:val='5']]")
    assert [len(find_all(row, ".//w:pPr/w:keepNext")) for row in groups] == [1, 1]
    assert len(find_all(found, ".//w:keepNext")) == 2
    assert len(find_all(document, ".//w:p[w:pPr/w:pStyle[@w:val='TableNote']]")) == 2


def last_lines(pdf: Path) -> list[list[str]]:
    """Return the lines of each page that has some, above its number."""
    with pymupdf.open(pdf) as pages:
        found = [[" ".join(line.split()) for line in page.get_text().split("\n")] for page in pages]
    return [lines for lines in ([line for line in page if line] for page in found) if lines]


def test_the_name_of_a_group_stays_with_its_rows_in_print(make: Make) -> None:
    """No page ends with one, wherever it would fall."""
    rows = [(group, f"Study {group}.{n}") for group in range(30) for n in range(1 + group % 4)]
    frame = {
        "Group": [f"Group {group}" for group, _ in rows],
        "Study": [study for _, study in rows],
        "Found": ["word " * (at * 7 % 40) for at in range(len(rows))],
    }
    made = make(table(frame, id="tbl-a", caption="A", groups="Group", pages="grid").markdown)
    pages = last_lines(next(made.glob("*.pdf")))
    ends = [line for page in pages for line in page[-3:] if line.startswith("Group ")]
    assert len(pages) > 3
    assert sum(line.startswith("Group ") for page in pages for line in page) == 30
    assert ends == []


@pytest.mark.parametrize("count", [4, 40])
def test_links_in_text_and_heads_that_go_on_are_no_faults(make: Make, count: int) -> None:
    """A link is read where it is painted; heads that are printed again are no content."""
    text = "See [this](https://a.example) and [that](https://b.example).\n\n" * count
    head = " / ".join(f"share of all cases that are in part {n}" for n in range(20))
    cells = {"Study": [f"Study {n}" for n in range(90)], head: ["Yes"] * 90}
    made = make(f"{text}\n\n## A table\n\n{table(cells, id='tbl-a', caption='A').markdown}")
    assert {problem.subject for problem in check_pdfs(made)} & {"ORD-001", "TAG-002"} == set()


def test_rows_under_one_name_go_on_over_pages(make: Make) -> None:
    """However many there are: none is printed over the foot of the page or beyond it."""
    rows = "".join(
        f"<tr>{'<th rowspan=90>Scotland</th>' if number == 0 else ''}"
        f"<td>Place{number}</td><td>{number}</td></tr>"
        for number in range(90)
    )
    head = "<thead><tr><th>Country</th><th>Place</th><th>n</th></tr></thead>"
    text = html_table_markdown(f"<table>{head}<tbody>{rows}</tbody></table>")
    assert isinstance(text, str)
    words = [word for word in words_of(make(text)) if word.text.startswith(("Place", "Scotland"))]
    assert {f"Place{number}" for number in range(90)} <= {word.text for word in words}
    assert len({word.page for word in words}) >= 3
    assert max(word.top for word in words) < 842 - 70
    [name] = [word for word in words if word.text == "Scotland"]
    [first] = [word for word in words if word.text == "Place0"]
    assert (name.page, name.top) == (first.page, first.top)


def test_a_row_longer_than_a_page_goes_on_over_pages(make: Make) -> None:
    """Nothing of it is lost, and the heads stand on each page."""
    sentence = "Interviews were held with staff of several services. "
    text = "\n\n".join(f"Begin{n} {sentence * 30} end{n}." for n in range(6))
    made = table({"Study": ["Alder", "Birch"], "Methods": [text, "Short"]}, id="tbl-a", caption="A")
    words = words_of(make(made.markdown))
    pages = {word.page for word in words if word.text == "Methods"}
    assert len(pages) >= 2
    for n in range(6):
        assert [w for w in words if w.text == f"end{n}."]
    assert max(word.top for word in words) < 842


def test_no_part_begins_with_its_caption_alone(make: Make) -> None:
    """A high first row takes what says that the table goes on to the next page with it."""
    sentence = "Interviews were held with staff of several services. "
    parts = []
    for n in range(5):
        late = [f"Late{n} {sentence * 12}", *["Short"] * (2 + n)]
        frame = {
            "Study": [f"Alder{row}" for row in range(3 + n)],
            **{f"Short{at}": [sentence * 2] * (3 + n) for at in range(6)},
            **{f"Long{at}": late for at in range(7)},
        }
        parts.append(table(frame, id=f"tbl-{n}", caption="Named").markdown)
    words = words_of(make("\n\n".join(parts)))
    pages = {word.text: word.page for word in words if word.text.startswith("Late")}
    assert [word.page for word in words if word.text == "continued"] == [*pages.values()]
