"""Tables on pages, in a real browser: wide ones opened, rows as entries, tables to explore."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from chapters_made import write_chapters
from reading import Page

from reviewpress.checks.release.markup import check_markup
from reviewpress.checks.release.wcag import check_wcag, serve_folder
from reviewpress.cli.engines import embedded_engine
from reviewpress.config import load_config
from reviewpress.errors import Problems
from reviewpress.figures import md
from reviewpress.figures.table_notes import noted
from reviewpress.figures.tables import table
from reviewpress.pipeline import assemble_edition

Wait = Callable[[Any, str], None]
ROWS = 1000
REGIONS = ("Asia", "Europe", "Scotland")
THEMES = ("Access", "Costs")
EXPLORER = {"pages": "explore", "map": ("Regions", "Themes"), "quality": "Rating"}
COUNT = "(document.querySelector('.explored .explore-count')?.textContent ?? '')"
ALL = "[...document.querySelectorAll('#tbl-explore tbody tr')]"
SHOWN = f"{ALL}.filter((row) => row.offsetHeight).length"
# Numbers as extraction tables have them, each column from the least to the most.
LEVELS = ["Low", "Moderate", "High"]
KINDS = {
    "Row": ["third", "first", "second"],
    "p": [noted("0.03", "a"), 2.3e-8, "<0.001"],
    "Cost": ["£1,204.50", "-£998", "£-5"],
    "People": ["120 (60%)", "9 (100%)", "88 [40%]"],
    "Share": ["12.5%", "9.25 %", "9.5%"],
    "Effect": ["1.2 (0.9 to 1.6)", "-1.05 (-2 to 0)", "1.05 (-1 to 3)"],
    noted("Level", "a"): pd.Categorical(["High", "Low", "Moderate"], LEVELS, ordered=True),
}
# What one task may take of the processor, in milliseconds: three times what was seen.
LONGEST = 150


def studies(count: int) -> pd.DataFrame:
    """Made-up studies: every third is of Scotland too, every fourth of both themes."""
    numbers = range(count)
    rating = pd.Categorical([("High", "Moderate", "Low")[n % 3] for n in numbers],
                            categories=["High", "Moderate", "Low"], ordered=True)  # fmt: skip
    return pd.DataFrame(
        {
            "Study": [md(f"[Author{n:04} {2000 + n % 25}]{{#row-{n}}}") for n in numbers],
            "People": [7 * n % 9001 for n in numbers],
            "Regions": [(REGIONS[n % 2], *(["Scotland"] if n % 3 == 0 else [])) for n in numbers],
            "Themes": [THEMES if n % 4 == 0 else (THEMES[n % 2],) for n in numbers],
            "Rating": rating,
            "Sample": ["not reported" if n % 9 == 0 else f"{13 * n:,}" for n in numbers],
            "Aim": [f"To say how services of place {n} work together" for n in numbers],
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with a table to explore, one told as entries, and one that is wider than the text."""
    root = tmp_path_factory.mktemp("tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWPRESS_RUN_DIR", str(root / "run"))
        frame = studies(ROWS)
        explored = table(frame, id="tbl-explore", caption="Studies", **EXPLORER)  # type: ignore[arg-type]
        entries = table(frame.head(3), id="tbl-entries", caption="Some", pages="entries")
        wide = table({f"Characteristic {n}": ["some words"] * 30 for n in range(14)}, id="tbl-wide",
                     caption="Wide")  # fmt: skip
        data = table(
            {f"Number {n}": ["not reported"] for n in range(9)}, id="tbl-data", caption="Data"
        )
        cells = {"Statement": ["Words of it. " * 20], "Papers": ["1, 2"], "Place": ["Page 3"]}
        named = {"Finding": ["needs-and-lives-01"], **cells, "Note": ["None"], "Rating": ["High"]}
        listed = table(named, id="tbl-listed", caption="Five", landscape=True)
        kinds = table(KINDS, id="tbl-kinds", caption="Kinds", pages="explore", quality="Level",
                      notes={"a": "Adjusted."})  # fmt: skip
    texts = {"one": f"# One\n\n{explored.markdown}\n", "two": f"# Two\n\n{entries.markdown}\n"
             f"\n{wide.markdown}\n",
             "three": f"# Three\n\n::: {{.figure-data}}\n{data.markdown}\n:::\n"
             f"\n::: {{.evidence-box}}\n{wide.markdown.replace('tbl-wide', 'tbl-boxed')}\n:::\n"
             f"\n{listed.markdown}\n",
             "four": f"# Four\n\n{kinds.markdown}\n"}  # fmt: skip
    config = write_chapters(root / "book", texts)
    quarto = config.root / "_quarto.yml"
    quarto.write_text(quarto.read_text().replace(", reviewpress-typst: default", "")
                      .replace(", reviewpress-docx: default", ""))  # fmt: skip
    config = load_config(config.root)
    folder = root / "out"
    folder.mkdir()
    embedded_engine(config.root).render(assemble_edition(config, {}), folder)
    return folder


@pytest.fixture(scope="module")
def address(made: Path) -> Iterator[str]:
    """Where the pages are served."""
    with serve_folder(made) as address:
        yield address


def test_a_map_of_too_many_values_is_refused() -> None:
    """By review.table, and not left out on the page."""
    frame = studies(200)
    with pytest.raises(Problems) as caught:
        table(frame, id="tbl-a", caption="A", pages="explore", map=("Study", "Themes"))
    [problem] = caught.value.problems
    assert problem.message == 'tbl-a: the column "Study" has 200 values, too many for a map.'


def test_words_and_columns_filter_rows(page: Any, address: str, wait_until: Wait) -> None:
    """By words anywhere, a choice, a range; how many match is said; the address holds it all."""
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT}.startsWith('1000 of 1000')")
    assert page.locator(".explore-count").get_attribute("role") == "status"
    page.get_by_label("Words anywhere").fill("author00 place")
    wait_until(page, f"{COUNT} === '100 of 1000 rows match. The first 50 are shown.'")
    page.locator("summary", has_text="Filter by column").click()
    page.get_by_label("Regions", exact=True).select_option("Scotland")
    wait_until(page, f"{COUNT} === '34 of 1000 rows match.'")
    page.get_by_label("People, to").fill("70")
    wait_until(page, f"{COUNT} === '4 of 1000 rows match.'")
    shown = page.locator(".explore tbody tr th[scope=row]").all_inner_texts()
    assert [each.split()[0] for each in shown[-4:]] == ["Author0000", "Author0003", "Author0006",
                                                       "Author0009"]  # fmt: skip
    shared = page.url
    page.goto("about:blank")
    page.goto(shared)
    wait_until(page, f"{COUNT} === '4 of 1000 rows match.'")
    assert page.get_by_label("Regions", exact=True).input_value() == "Scotland"
    page.get_by_role("button", name="Clear filters").click()
    wait_until(page, f"{COUNT}.startsWith('1000 of 1000')")
    assert "?" not in page.url


def test_rows_are_sorted_by_keyboard(page: Any, address: str, wait_until: Wait) -> None:
    """Numbers by their size, up and down; a screen reader hears which way."""
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT}.length > 0")
    page.locator("th .sort", has_text="People").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    head = page.locator("th", has=page.locator(".sort", has_text="People"))
    assert head.get_attribute("aria-sort") == "descending"
    people = page.locator("#tbl-explore tbody tr td:nth-child(2)").all_inner_texts()
    assert [*map(int, people)] == sorted(map(int, people), reverse=True)
    assert int(people[0]) == max(7 * n % 9001 for n in range(ROWS))


def test_the_map_counts_and_filters_the_same_rows(
    page: Any, address: str, wait_until: Wait
) -> None:
    """Each cell has its number, divided by quality; pressing it shows its rows."""
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT}.length > 0")
    cell = page.locator(".explore-map button", has_text="Scotland, Costs:")
    numbers = [n for n in range(ROWS) if n % 3 == 0 and (n % 4 == 0 or n % 2 == 1)]
    assert cell.inner_text().split() == [
        "Scotland,", "Costs:", str(len(numbers)), "High", str(len(numbers))
    ]  # fmt: skip
    cell.focus()
    page.keyboard.press("Space")
    wait_until(page, f"{COUNT}.startsWith('{len(numbers)} of 1000')")
    assert cell.get_attribute("aria-pressed") == "true"
    assert "Regions=Scotland&Themes=Costs" in page.url
    page.get_by_label("Words anywhere").fill("author000")
    wait_until(page, f"{COUNT} === '3 of 1000 rows match.'")
    assert cell.inner_text().split()[2:] == ["3", "High", "3"]


def test_the_tab_key_passes_the_map_in_one_step(page: Any, address: str, wait_until: Wait) -> None:
    """Arrow keys lead from cell to cell; behind the map is the table."""
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT}.length > 0")
    cells = page.locator(".explore-map button:not([disabled])")
    inside = "document.activeElement.closest('td')?.parentElement.rowIndex"
    cells.first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(inside) > 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('td').cellIndex") > 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.explore-map')") is None
    assert page.evaluate("document.activeElement.closest('.explore') !== null")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('td').cellIndex") > 1


def test_numbers_are_those_of_the_language(page: Any, address: str, wait_until: Wait) -> None:
    """One with a sign between thousands is no decimal; what is no number comes last, either way."""
    page.goto(f"{address}/one.html?Sample.from=11700&sort=Sample")
    wait_until(page, f"{COUNT}.length > 0")
    wanted = [n for n in range(900, ROWS) if n % 9]
    assert page.evaluate(COUNT).startswith(f"{len(wanted)} of")
    for order in ("ascending", "descending"):
        page.goto(f"{address}/one.html?q=author000&sort=Sample&order={order}")
        wait_until(page, f"{COUNT}.length > 0")
        cells = page.locator("#tbl-explore tbody tr td:nth-child(6)").all_inner_texts()
        assert cells[-1] == "not reported"


def test_columns_are_sorted_by_what_they_say(page: Any, address: str, wait_until: Wait) -> None:
    """Numbers beside signs, brackets and symbols of notes by their size, levels as they follow."""
    page.goto(f"{address}/four.html")
    wait_until(page, f"{COUNT}.length > 0")
    rows = "[...document.querySelectorAll('#tbl-kinds tbody th')].map((each) => each.innerText)"
    for name in ("p", "Cost", "People", "Share", "Effect", "Level"):
        page.get_by_role("button", name=name, exact=True).press("Enter")
        assert page.evaluate(rows) == ["first", "second", "third"], name
        page.keyboard.press("Space")
        assert page.evaluate(rows) == ["third", "second", "first"], name
    # The symbol of a head's note is a link of its own.
    assert page.locator("#tbl-kinds thead a.note-mark").count() == 1
    assert page.locator("#tbl-kinds button a").count() == 0


def test_a_thousand_rows_do_not_stutter(page: Any, address: str, wait_until: Wait) -> None:
    """So many rows are laid out at once; more are asked for, and the focus goes to the first."""
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT} === '1000 of 1000 rows match. The first 50 are shown.'")
    assert page.evaluate(SHOWN) == 50
    page.get_by_role("button", name="Show 50 more").click()
    assert page.evaluate(SHOWN) == 100
    assert page.evaluate("document.activeElement.innerText").startswith("Author0050")


def test_no_task_of_a_thousand_rows_is_long(window: Any, address: str, wait_until: Wait) -> None:
    """Whether the page loads, a reader types, sorts or asks the map: the browser can answer."""
    page = window.new_page()

    def act() -> None:
        page.goto(f"{address}/one.html")
        wait_until(page, f"{COUNT}.length > 0")
        page.get_by_label("Words anywhere").press_sequentially("author00")
        wait_until(page, f"{COUNT}.startsWith('100 of')")
        page.locator("th .sort", has_text="People").click()
        page.locator(".explore-map button", has_text="Scotland, Costs:").click()

    window.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    act()
    events = json.loads(window.stop_tracing())["traceEvents"]
    page.close()
    names = [(e["pid"], e["tid"]) for e in events if e["name"] == "thread_name"
             and e["args"]["name"] == "CrRendererMain"]  # fmt: skip
    taken = [e.get("tdur", 0) / 1000 for e in events if "RunTask" in e["name"]
             and (e["pid"], e["tid"]) in names]  # fmt: skip
    assert 0 < max(taken) < LONGEST


@pytest.mark.parametrize(
    ("script", "count"),
    [('document.documentElement.classList.add("explores")', 50), (None, ROWS)],
)
def test_rows_wait_for_a_script_that_has_come(
    script: str | None, count: int, page: Any, address: str
) -> None:
    """Few rows are laid out before it has read them; where it never comes, all are there."""
    page.route("**/tables*.js", lambda route: route.fulfill(body=script or "", status=200 if script
               else 404, content_type="text/javascript"))  # fmt: skip
    page.goto(f"{address}/one.html")
    assert page.evaluate(SHOWN) == count


def test_a_link_leads_to_a_row_that_is_not_shown(page: Any, address: str, wait_until: Wait) -> None:
    """The rows up to it are shown, whatever was asked for."""
    page.goto(f"{address}/one.html?q=nothing#row-700")
    wait_until(page, f"{COUNT}.startsWith('1000 of')")
    assert page.evaluate(SHOWN) == 701
    assert page.locator("#row-700").is_visible()


@pytest.mark.parametrize(("asked", "count"), [("", ROWS), ("?Regions=Asia", ROWS // 2)])
def test_all_rows_that_match_are_printed(
    asked: str, count: int, page: Any, address: str, wait_until: Wait, tmp_path: Path
) -> None:
    """A table to explore is printed whole, its head on each page, however few rows are shown."""
    page.goto(f"{address}/one.html{asked}")
    wait_until(page, f"{COUNT}.length > 0")
    before = page.evaluate(SHOWN)
    assert before < count
    page.pdf(path=str(tmp_path / "one.pdf"), format="A4")
    assert page.evaluate(SHOWN) == before
    command = ["pdftotext", "-layout", str(tmp_path / "one.pdf"), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert len(set(re.findall(r"Author\d{4}", printed))) == count
    assert "Regions by Themes: how many rows each cell has" in printed
    assert re.search(r"Scotland +\d+ +\d+\n", printed)
    assert ("Regions: Asia\n" in printed) == ("Asia" in asked)
    pages = [text for text in printed.split("\f") if "Author" in text]
    assert len(pages) > 5
    assert all("Study" in text and "Aim" in text for text in pages)


def test_nothing_is_fetched_and_nothing_needs_a_script(
    window: Any, page: Any, address: str, wait_until: Wait
) -> None:
    """No request leaves the site while rows are filtered; without scripts there is the table."""
    asked: list[str] = []
    page.goto(f"{address}/one.html")
    wait_until(page, f"{COUNT}.length > 0")
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("Words anywhere").fill("author01")
    wait_until(page, f"{COUNT}.startsWith('100 of')")
    assert [each for each in asked if not each.startswith(address)] == []
    context = window.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{address}/one.html")
    assert plain.locator("#tbl-explore tbody tr").count() == ROWS
    assert plain.locator(".explore form").count() == 0
    context.close()


def test_a_wide_table_says_so_and_opens_to_the_window(
    page: Any, address: str, wait_until: Wait
) -> None:
    """Its first column stays in sight; Escape closes it and gives the focus back."""
    page.goto(f"{address}/two.html")
    wait_until(page, "document.querySelector('.table-more:not([hidden])') !== null")
    assert "goes on beyond its edge" in page.locator(".table-more").inner_text()
    region = "document.querySelector('.table-scroll.wide')"
    page.evaluate(f"{region}.scrollLeft = 600")
    left = (
        "document.querySelector('#tbl-wide tbody tr > :first-child').getBoundingClientRect().left"
    )
    assert page.evaluate(f"{left} - {region}.getBoundingClientRect().left") < 3
    page.get_by_role("button", name="Open at full width").click()
    assert page.evaluate("document.querySelector('dialog[open] #tbl-wide') !== null")
    assert page.evaluate(f"{region}.clientWidth") > 1180
    page.keyboard.press("Escape")
    wait_until(page, "document.querySelector('dialog.table-dialog') === null")
    assert page.evaluate("document.activeElement.textContent") == "Open at full width"
    assert page.evaluate("document.querySelector('main #tbl-wide') !== null")


# Cells whose text is printed beyond them, and tables beyond the page that nothing says go on.
SPILT = """async () => {
  const spilt = [];
  document.querySelectorAll("details").forEach((each) => (each.open = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (const cell of document.querySelectorAll("main :is(th, td)")) {
    if (cell.querySelector(".visually-hidden")) continue;
    const box = cell.getBoundingClientRect();
    const text = document.createRange();
    text.selectNodeContents(cell);
    for (const line of text.getClientRects())
      if (line.left < box.left - 1 || line.right > box.right + 1) spilt.push(cell.innerText);
  }
  for (const table of document.querySelectorAll("main table")) {
    const region = table.closest(".table-scroll");
    const goesOn = region.scrollWidth > region.clientWidth + 1;
    const more = region.previousElementSibling;
    const isSaid = more?.matches(".table-more:not([hidden])") && region.tabIndex === 0;
    if (goesOn && !isSaid && !region.matches(".explore-map")) spilt.push(table.innerText);
    if (isSaid && more.getBoundingClientRect().bottom > region.getBoundingClientRect().top)
      spilt.push(more.innerText);
  }
  return [document.documentElement.scrollWidth - document.documentElement.clientWidth, spilt];
}"""


@pytest.mark.parametrize("width", [320, 1280, 1920])
def test_no_text_leaves_its_cell_and_no_table_the_page(
    width: int, page: Any, address: str, wait_until: Wait
) -> None:
    """A table wider than its place scrolls in it, below words that say so."""
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("one", "two", "three"):
        page.goto(f"{address}/{name}.html")
        wait_until(page, "document.querySelector('.table-more:not([hidden])') !== null"
                   if name != "one" else f"{COUNT}.length > 0")  # fmt: skip
        assert page.evaluate(SPILT) == [0, []]


def test_a_wide_table_of_few_columns_fits_the_window(
    page: Any, address: str, wait_until: Wait
) -> None:
    """Of a window of 1,280 pixels: it goes on where its columns ask for it, not always."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{address}/three.html")
    region = "document.querySelector('.table-scroll.wide:has(#tbl-listed)')"
    assert page.evaluate(f"{region}.scrollWidth - {region}.clientWidth") == 0
    assert page.evaluate(f"{region}.clientWidth") > 900


@pytest.mark.parametrize("width", [320, 1280])
def test_an_opened_table_fills_the_window(
    width: int, page: Any, address: str, wait_until: Wait
) -> None:
    """To its edges; its head stays above the rows, and the page behind does not move."""
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(f"{address}/two.html")
    wait_until(page, "document.querySelector('.table-more:not([hidden])') !== null")
    page.get_by_role("button", name="Open at full width").click()
    box = page.locator("dialog[open]").bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": 600}
    region = "document.querySelector('dialog .table-scroll')"
    assert page.evaluate(f"{region}.scrollHeight > {region}.clientHeight")
    page.evaluate(f"{region}.scrollTop = 900")
    top = "document.querySelector('dialog thead').getBoundingClientRect().top"
    assert page.evaluate(f"{top} - {region}.getBoundingClientRect().top") < 3
    assert page.evaluate(f"{region}.getBoundingClientRect().bottom") <= 600
    assert page.evaluate("document.querySelector('dialog').scrollHeight") <= 600
    assert (
        page.evaluate("document.querySelector('dialog thead th').getBoundingClientRect().left") >= 0
    )


def test_rows_told_as_entries_keep_all_cells(made: Path) -> None:
    """What names a row, then each cell after the name of its column."""
    page = Page(made / "two.html")
    box = page.one("//div[@id='tbl-entries']")
    assert [each.words() for each in box.all(".//div[@role='listitem']/p")] == [
        "Author0000 2000", "Author0001 2001", "Author0002 2002",
    ]  # fmt: skip
    first = box.all(".//dl")[0]
    assert [each.words() for each in first.all("./dt")] == [
        "People", "Regions", "Themes", "Rating", "Sample", "Aim"
    ]  # fmt: skip
    assert first.all("./dd")[1].words() == "Asia; Scotland"
    assert "Table 2.1: Some" in box.words()


def test_pages_with_tables_have_no_barrier(made: Path, browser: str, tool: Any) -> None:
    """axe finds none at any width, and the Nu checker no error."""
    tool("java")
    assert [str(problem) for problem in check_wcag(made)] == []
    assert [str(problem) for problem in check_markup(made)] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pages": "explorer"}, 'tbl-a: pages cannot be "explorer".'),
        ({"map": ("Regions", "Themes")}, "tbl-a has a map and is not explored."),
        ({**EXPLORER, "map": ("Regions",)}, "tbl-a: a map needs two columns."),
        ({**EXPLORER, "quality": "Rated"}, 'tbl-a has no column "Rated", which map names.'),
        ({"pages": "entries", "groups": "Rating"},
         "tbl-a has groups or spans, which entries cannot show."),
    ],
)  # fmt: skip
def test_what_pages_cannot_have_is_said(options: dict[str, Any], message: str) -> None:
    """With what to do."""
    with pytest.raises(Problems) as caught:
        table(studies(4), id="tbl-a", caption="A", **options)
    assert message in [problem.message for problem in caught.value.problems]
