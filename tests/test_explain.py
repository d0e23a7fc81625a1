"""`reviewpress explain`: where a number comes from, what depends on a cell, what would change."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from reviewpress.explain import computed_lines, sentence_of
from reviewpress.provenance import Computed, Provenance
from reviewpress.provenance.code import claim_code
from reviewpress.tables.lineage import ColumnRead
from reviewpress.trial import claim_changes

Run = Callable[..., Any]

CELLS = (
    ("markdown", "# Findings {#sec-findings}\n\nWhat the papers found.\n"),
    ("parameters", "regions = []"),
    (
        "code",
        "import reviewpress\nfrom reviewpress import words\n\n"
        'review = reviewpress.load()\nbox = review.section("Outcomes")\n'
        'papers = review.papers\npeer = papers["source_type"] == "Peer reviewed"\n'
        'several = papers["regions"].map(len) > 1',
    ),
    (
        "markdown",
        "## What was found {#sec-findings-what}\n\n"
        '`{python} words(box.papers, "paper")` speak of outcomes, and\n'
        "`{python} words(int(peer.sum()))  # peer-reviewed papers` was reviewed by peers. Several\n"
        "regions: `{python} words(int(several.sum()))`. In Scotland: "
        '`{python} box.regions["Scotland"]`.'
        "\n[Joined services helped [@known2020; @other2021].]"
        '{.finding of="outcomes-01"} The method is that of @method2018. @tbl-papers lists '
        "them.\n\n"
        "::: {.key-message}\n[Joined services helped [@known2020; @other2021].]"
        '{.finding of="outcomes-01"}\n:::\n',
    ),
    (
        "code",
        'table = papers[["source_type"]].reset_index()\n'
        'review.table(table, id="tbl-papers", caption="The papers")',
    ),
)


def notebook() -> str:
    """Return the chapter as a notebook."""
    cells = []
    for number, (kind, source) in enumerate(CELLS):
        cell: dict[str, Any] = {
            "cell_type": "markdown" if kind == "markdown" else "code",
            "id": f"c{number}",
            "metadata": {"tags": ["parameters"]} if kind == "parameters" else {},
            "source": source,
        }
        cells.append(
            cell if kind == "markdown" else cell | {"execution_count": None, "outputs": []}
        )
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def review(project: Any) -> Path:
    """A small review whose chapter counts several columns."""
    root: Path = project(files={"chapters/findings.ipynb": notebook()})
    return root


def values_of(root: Path, reviewpress: Run) -> dict[str, str]:
    """Return the values on the pages of a real build, by their ids."""
    from lxml import html

    done = reviewpress("render --engine pandoc --to html", cwd=root)
    assert done.status == 0, done.stderr
    page = html.parse(root / "_output/report/chapters/findings.html")
    article = page.xpath("//article//span[@class='value']")
    return {span.get("data-of"): span.text_content() for span in article}


def test_values_of_one_cell_say_different_columns(review: Path, reviewpress: Run) -> None:
    """Each names what it read, the rows where the review knows them, and its author's words."""
    done = reviewpress("explain chapters/findings.ipynb:4", cwd=review)
    assert done.status == 0, done.stderr
    blocks = dict(zip(("box", "peer", "several", "scotland"), _blocks(done.stdout), strict=True))
    assert "data/papers.csv: code, sections (SHA-256" in blocks["box"]
    assert "rows 1, 2" in blocks["box"]
    assert "data/papers.csv: code, source_type (SHA-256" in blocks["peer"]
    assert "the whole column" in blocks["peer"]
    assert "in words    peer-reviewed papers" in blocks["peer"]
    assert "code        words(int(peer.sum()))\n" in blocks["peer"]
    assert "data/papers.csv: code, regions (SHA-256" in blocks["several"]
    assert "data/papers.csv: code, regions, sections (SHA-256" in blocks["scotland"]
    assert blocks["scotland"].count("rows 1\n") == 1


@pytest.mark.parametrize("count", [0, 30, 31, 753])
def test_all_rows_of_a_long_table_are_its_whole_column(count: int) -> None:
    """They are listed where they are few or not all, and one line says the rest."""
    rows = tuple(range(count))
    reads = (
        ColumnRead("findings.csv", "place"),
        ColumnRead("findings.csv", "section", rows, keyed=True),
        ColumnRead("papers.csv", "code", rows),
    )
    record = Provenance(rows={"findings.csv": count, "papers.csv": count + 1})
    [*whole, papers] = record.sources(reads)
    assert papers == ("papers.csv", ("code",), rows)
    if count > 30:
        assert whole == [("findings.csv", ("place", "section"), None)]
    else:
        assert whole == [
            ("findings.csv", ("section",), rows),
            ("findings.csv", ("place",), None),
        ]


def _blocks(text: str) -> list[str]:
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith(" "):
            found[-1] += line
        else:
            found.append(line)
    return found


def test_a_paper_a_finding_and_a_text_are_explained(review: Path, reviewpress: Run) -> None:
    """A code says where the paper is used, an id what it is, a text which values say it."""
    paper = reviewpress("explain 1", cwd=review).stdout
    assert paper.startswith("Paper 1: known2020\n")
    assert "for     outcomes-01: Joined services helped." in paper
    assert "counted findings-1: two papers" in paper
    finding = reviewpress("explain outcomes-01", cwd=review).stdout
    assert "papers for  1 (no appraisal), 2 (no appraisal)" in finding
    assert "place       What was found, paragraph 1" in finding
    text = reviewpress(["explain", "Two papers"], cwd=review).stdout
    assert "says        two papers speak of outcomes, and one was reviewed by peers." in text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("chapters/findings.ipynb:9", "has no cell 9.\n    Its cells are 1 to 5."),
        ("chapters/finding.ipynb:2", 'no chapter "finding".\n    Did you mean "findings"?'),
        ("data/paper.csv:1:regions", 'Did you mean "data/papers.csv"?'),
        ("data/papers.csv:region", 'Did you mean "regions"?'),
        ("paper 7", 'nothing is called "paper 7"'),
        ("data/papers.csv:1:region", 'Did you mean "regions"?'),
        ("data/papers.csv:3:regions", 'data/papers.csv has no row "3".\n    Valid: 1, 2.'),
        ("outcomes-1", 'Did you mean "outcomes-01"?'),
        ("_quarto.yml:1:title", "_quarto.yml is not a table."),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_name(
    question: str, said: str, review: Path, reviewpress: Run
) -> None:
    """A mistyped question ends with status 1 and a hint."""
    done = reviewpress(["explain", question], cwd=review)
    assert (done.status, said in done.stderr) == (1, True), done.stderr


def test_a_cell_says_what_depends_on_it(review: Path, reviewpress: Run) -> None:
    """The values, tables and sentences of its column, and no others."""
    done = reviewpress("explain data/papers.csv:2:source_type", cwd=review).stdout
    assert "data/papers.csv:2:source_type is “Grey literature”." in done
    assert "findings-2  one" in done
    assert "tbl-papers" in done
    assert "findings-1" not in done
    assert "findings-3" not in done


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("2:regions", "Scotland"),
        ("1:regions", "Scotland; Europe"),
        ("2:source_type", "Peer reviewed"),
        ("2:regions", "Europe"),
    ],
)
def test_a_trial_says_what_a_build_then_says(
    cell: str, text: str, review: Path, reviewpress: Run
) -> None:
    """Values that it calls changed are those that a real build changes, and the sources stay."""
    before = values_of(review, reviewpress)
    table = review / "data/papers.csv"
    content = table.read_bytes()
    done = reviewpress(["explain", f"data/papers.csv:{cell}", "--try", text], cwd=review)
    assert done.status == 0, done.stderr
    assert table.read_bytes() == content
    said = {
        line.split()[1]: tuple(line.rsplit("): ", 1)[1].split(" → "))
        for line in done.stdout.splitlines()
        if line.startswith("  value ")
    }
    row, column = cell.split(":")
    lines = table.read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index(column)
    cells = lines[int(row)].split(",")
    cells[at] = text
    lines[int(row)] = ",".join(cells)
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    after = values_of(review, reviewpress)
    changed = {id: (before[id], after[id]) for id in before if before[id] != after[id]}
    assert said == changed


@pytest.mark.parametrize("part", ["statement", "published", "explanation"])
def test_a_trial_says_what_the_page_of_claims_says(part: str) -> None:
    """What was published, and why it differs, is shown though the computed number stays."""
    old = Computed("claim", "screened", "chapters/claims.ipynb", 0, "", "8", status="differs")
    assert not [*claim_changes(old, old)]
    now = replace(old, **{part: "9"})  # type: ignore[arg-type]
    [effect] = claim_changes(old, now)
    assert str(effect) == f"claim screened, {part} (chapters/claims.ipynb): (nothing) → 9"


def test_a_paper_is_found_however_it_is_named(review: Path, reviewpress: Run) -> None:
    """By its code, by its key, and in a question in plain words."""
    said = {
        reviewpress(["explain", question], cwd=review).stdout
        for question in ("1", "paper 1", "known2020", "where is paper 1 used?")
    }
    assert len(said) == 1
    assert said.pop().startswith("Paper 1: known2020\n")


def test_a_file_and_a_column_say_what_depends_on_them(review: Path, reviewpress: Run) -> None:
    """All that was made from anything in the file, or from the column alone."""
    file = reviewpress(["explain", "data/papers.csv"], cwd=review).stdout
    assert "4 values can change with it:" in file
    assert "1 table can change with it:" in file
    column = reviewpress(["explain", "data/papers.csv:regions"], cwd=review).stdout
    assert ("findings-3" in column, "findings-2" in column) == (True, False)


def test_a_figure_or_table_is_explained_with_its_code(review: Path, reviewpress: Run) -> None:
    """In all its lines, in the terminal and on the page."""
    said = reviewpress(["explain", "tbl-papers"], cwd=review).stdout
    assert '  code        table = papers[["source_type"]].reset_index()\n' in said
    assert '\n              review.table(table, id="tbl-papers", caption="The papers")\n' in said
    done = reviewpress("render --engine pandoc --to html", cwd=review)
    assert done.status == 0, done.stderr
    page = (review / "_output/report/chapters/findings.html").read_text(encoding="utf-8")
    entry = page.split('id="from-tbl-papers"')[1]
    read, code = entry.split('<code class="lines">')[:2]
    assert "source_type</code>" in read
    assert "reset_index()\nreview.table" in code.split("</code>")[0]


def test_a_cell_without_numbers_says_which_have_some(review: Path, reviewpress: Run) -> None:
    """Who miscounts is led on."""
    said = reviewpress(["explain", "chapters/findings.ipynb:3"], cwd=review).stdout
    assert "states no value, figure, table or claim.\n  Its cells that do: 4, 5." in said


def test_a_trial_with_a_wrong_value_says_what_is_wrong(review: Path, reviewpress: Run) -> None:
    """A term that the column has not ends as it would in a build, with the nearest one."""
    done = reviewpress(["explain", "data/papers.csv:2:regions", "--try", "Scotlnd"], cwd=review)
    assert done.status == 1
    assert 'Did you mean "Scotland"?' in done.stderr


def test_only_a_cell_of_a_table_can_be_tried(review: Path, reviewpress: Run) -> None:
    """Anything else is a wrong use of the command."""
    done = reviewpress(["explain", "outcomes-01", "--try", "x"], cwd=review)
    assert done.status == 2
    assert "--try is for a cell of a table" in done.stderr


def test_pages_say_where_numbers_come_from(review: Path, reviewpress: Run) -> None:
    """A list at the end of the page has an entry for each value, and leads back to it."""
    from lxml import html

    values_of(review, reviewpress)
    page = html.parse(review / "_output/report/chapters/findings.html")
    [details] = page.xpath("//article/details[@class='provenance']")
    assert details.xpath("./summary")[0].text_content().strip() == "Where the numbers come from"
    for number in (1, 2, 3, 4):
        [value] = page.xpath(f"//span[@id='value-findings-{number}']")
        [entry] = details.xpath(f".//div[@id='from-findings-{number}']")
        [link] = entry.xpath("./strong/a | ./p/strong/a")
        assert (link.get("href"), link.text_content()) == (
            f"#value-findings-{number}",
            value.text_content(),
        )
    assert details.xpath(".//div[@id='from-tbl-papers']")
    [finding] = details.xpath(".//div[@id='from-outcomes-01']")
    assert "Joined services helped." in finding.text_content()
    links = finding.xpath(".//dd/a")
    assert [link.get("href") for link in links] == [
        "references.html#ref-known2020",
        "references.html#ref-other2021",
    ]


def test_an_edition_can_leave_it_out(review: Path, reviewpress: Run) -> None:
    """With `show-values: false` pages have neither the list nor the code of values."""
    settings = review / "_quarto-report.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\nreviewpress:\n  show-values: false\n", encoding="utf-8")
    assert values_of(review, reviewpress) == {}
    page = (review / "_output/report/chapters/findings.html").read_text(encoding="utf-8")
    assert "provenance" not in page
    assert "data-expr" not in page


def test_a_number_can_be_asked_by_key_and_by_pointer(
    review: Path, reviewpress: Run, page: Any
) -> None:
    """A switch marks numbers; a box says where one comes from, and gives the focus back."""
    values_of(review, reviewpress)
    page.goto((review / "_output/report/chapters/findings.html").as_uri())
    is_open = "document.querySelector('.provenance-popup').matches(':popover-open')"
    number = page.locator("#value-findings-2")
    number.click()
    assert not page.evaluate(is_open)
    switch = page.get_by_role("button", name="Show where numbers come from")
    switch.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true"
    number.press("Enter")
    assert page.evaluate(is_open)
    said = page.locator(".provenance-popup").inner_text()
    assert "peer-reviewed papers" in said
    assert "source_type" in said
    page.keyboard.press("Escape")
    assert not page.evaluate(is_open)
    assert page.evaluate("document.activeElement.id") == "value-findings-2"
    number.click()
    assert page.evaluate(is_open)
    page.get_by_role("button", name="Close").click()
    switch.click()
    assert number.get_attribute("role") is None
    assert number.get_attribute("tabindex") is None


CLAIM_CELLS = (
    'review.claim("plain", len(papers))',
    "review.claim(\n    id='worded',\n    value=papers.year.min(),\n)",
    'for place, count in counts.items():\n    review.claim(f"region-{place}", count)',
    "def give(name, value):\n    review.claim(name, value)",
    'give("helped", 3)\ngive("other", 4)',
    'for name, count in {"listed": 1, "second": 2}.items():\n    review.claim(name, count)',
    'review.not_checkable("unknown")',
    "if x:  # a cell with a mistake\nreview.claim(",
)


@pytest.mark.parametrize(
    ("id", "cell", "code"),
    [
        ("plain", 1, "len(papers)"),
        ("worded", 2, "papers.year.min()"),
        ("region-Wales", 3, CLAIM_CELLS[2]),
        ("helped", 5, 'give("helped", 3)'),
        ("second", 6, CLAIM_CELLS[5]),
        ("unknown", 7, CLAIM_CELLS[6]),
        ("read-from-a-file", 0, f"{CLAIM_CELLS[3]}\n{CLAIM_CELLS[5]}"),
    ],
)
def test_a_claim_has_its_code_where_its_id_is_computed_too(id: str, cell: int, code: str) -> None:
    """A loop, a function and a table of ids are found; what several cells may give names none."""
    run: Any = SimpleNamespace(
        cells=[SimpleNamespace(kind="code", number=n) for n in range(1, len(CLAIM_CELLS) + 1)],
        notebook={"cells": [{"source": [source]} for source in CLAIM_CELLS]},
        claims={id: "1"},
    )
    assert claim_code(run)[id] == (cell, code)


def test_a_claim_that_no_cell_gives_says_so() -> None:
    """Its value comes from something that a cell calls: there is no code to show."""
    claim = Computed("claim", "c", "chapters/c.ipynb", 0, "", "8", status="agrees")
    lines = [*computed_lines(Provenance(), claim)]
    assert "  code        in no cell of chapters/c.ipynb: something that it calls gives it" in lines


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("One. Of them VALUE left. Two.", "Of them four left."),
        ('[VALUE say so [@a; @b].]{.finding of="x-1"} Others do not.', "four say so."),
        ("[Before [@a].]{.finding of=x} In VALUE cases.\nAfter.", "In four cases."),
        ("First paragraph\n\nVALUE at its start, e. g. here", "four at its start, e. g. here"),
        ("**Wales.** VALUE girls (p. 3) spoke! Then", "four girls (p. 3) spoke!"),
    ],
)
def test_the_sentence_of_a_value_is_that_one_alone(markdown: str, said: str) -> None:
    """Marks of a finding close behind a full stop, and a heading in bold is a sentence."""
    text = markdown.replace("VALUE", '[four]{.value expr="n" of="c-1"}')
    cells = [SimpleNamespace(number=3, markdown=text)]
    runs: Any = {"chapters/c.ipynb": SimpleNamespace(cells=cells)}
    value = Computed("value", "c-1", "chapters/c.ipynb", 3, "", "four")
    assert sentence_of(runs, value) == said
