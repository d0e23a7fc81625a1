"""Checks of the flagship's headlines, by the ids of its figures: what each claims, recounted.

The code here shares nothing with the chapters': it reads the words of a title, counts in the CSV
with the standard library, and compares. What a subtitle adds is counted in `data/`.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
NUMBER = rf"(\d+|no|{'|'.join(WORDS)})"
BLANK = {"": "not recorded", "N/A": "not applicable", "Not defined": "not defined"}


@dataclass(frozen=True)
class Figure:
    """A published figure: its words, the rows of its CSV, and the review it is of."""

    name: str
    title: str
    subtitle: str
    alt: str
    rows: list[dict[str, str]] = field(repr=False)
    root: Path

    @property
    def columns(self) -> list[str]:
        return list(self.rows[0])

    def counts(self) -> dict[str, int]:
        """The numbers of a table of two columns, by name."""
        name, number = self.columns
        return {row[name]: int(row[number]) for row in self.rows if row[number]}

    def totals(self) -> dict[str, int]:
        """The sums of the rows, by the first column."""
        name, *numbers = self.columns
        return {row[name]: sum(int(row[column]) for column in numbers) for row in self.rows}


def number(word: str) -> int:
    """Read a number as house style writes it."""
    if word.lower() == "no":
        return 0
    return WORDS.index(word.lower()) if word.lower() in WORDS else int(word.replace(",", ""))


def said(pattern: str, text: str) -> tuple[str, ...]:
    """Return the groups of a pattern that the whole text has to have; N stands for a number."""
    match = re.fullmatch(pattern.replace("<N>", NUMBER), text)
    assert match, f"{text!r} is not of the form {pattern!r}"
    return match.groups(default="")


def named(text: str, names: Iterable[str]) -> set[str]:
    """Return which names a text mentions; the longest are looked for first."""
    found, rest = set(), text.lower()
    for name in sorted(names, key=len, reverse=True):
        if name.lower() in rest:
            found.add(name)
            rest = rest.replace(name.lower(), " ")
    return found


def top(counts: Mapping[str, int]) -> tuple[set[str], int]:
    """Return all names that have the highest number, and the number."""
    highest = sorted(counts.values(), reverse=True)[0]
    return {name for name in counts if counts[name] == highest}, highest


def bottom(counts: Mapping[str, int]) -> tuple[set[str], int]:
    """Return all names that have the lowest number, and the number."""
    lowest = sorted(counts.values())[0]
    return {name for name in counts if counts[name] == lowest}, lowest


def check_rank(
    words: str, value: str, each: str, counts: Mapping[str, int], *, fewest: bool
) -> None:
    """Compare who is said to have most or fewest, how many, and whether they are tied."""
    names, expected = bottom(counts) if fewest else top(counts)
    assert named(words, counts) == names
    assert number(value) == expected
    assert bool(each) == (len(names) > 1)


def lists_all(alt: str, counts: Mapping[str, int]) -> None:
    """Every row of the CSV is in the text alternative, with its number."""
    for name, value in counts.items():
        found = re.search(rf"{re.escape(name.lower())}[,:]? {NUMBER}\b", alt.lower())
        assert found, f"{name} is not in the alternative"
        assert number(found[1]) == value, name


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_figure(folder: Path, name: str, subtitle: str, root: Path) -> Figure:
    """Read a figure's files; its title stands in the SVG."""
    title = etree.parse(folder / f"{name}.svg").findtext("{http://www.w3.org/2000/svg}title")
    alt = (folder / f"{name}.alt.txt").read_text("utf-8")
    return Figure(name, title, subtitle, alt, rows_of(folder / f"{name}.csv"), root)


def table(figure: Figure, name: str) -> list[dict[str, str]]:
    """The rows of a table of the review."""
    return rows_of(figure.root / f"data/{name}.csv")


def check_blanks(figure: Figure, column: str, section: str = "") -> None:
    """Compare what the subtitle says of papers without a term with the cells of the table."""
    rows = [row for row in table(figure, "papers") if section in row["sections"]]
    cells = Counter(BLANK[row[column]] for row in rows if row[column] in BLANK)
    given = re.findall(rf"; (not \w+) for {NUMBER}\b", figure.subtitle)
    assert {label: number(count) for label, count in given} == cells


def drawn_graph(figure: Figure) -> None:
    """The text alternative of a flow chart names each of its arrows."""
    source, condition, target = figure.columns
    for row in figure.rows:
        given = f", if {row[condition]}," if row[condition] else ""
        start, end = (" ".join(row[name].split()) for name in (source, target))
        assert f"{start} leads{given} to {end}" in " ".join(figure.alt.split())


def appraisal_routing(figure: Figure) -> None:
    ways = {row["To"] for row in figure.rows if row["From"].startswith("1.3")}
    assert "methods decide which sections" in figure.title
    assert len(ways) > 1
    drawn_graph(figure)


def extraction_routing(figure: Figure) -> None:
    ending = {row["From"] for row in figure.rows if row["To"].startswith("31")}
    (count,) = said(r"<N> questions? can end the form; primary .*", figure.title.lower())
    assert number(count) == len(ending)
    detour = [r for r in figure.rows if r["If"] == "primary research"]
    assert [row["To"] for row in detour] == ["Appraisal form"]
    drawn_graph(figure)


def background_features(figure: Figure) -> None:
    parts = {"Planning": "planning", "delivery": "delivered", "finance": "Finance"}
    said(
        "Planning, delivery and finance had to change, Audit Scotland reported in 2018",
        figure.title,
    )
    for row in figure.rows:
        assert any(word in row["What had to change"] for word in parts.values())
        assert row["What had to change"].lower() in figure.alt
    (count,) = re.findall(rf"Diagram of {NUMBER} boxes", figure.alt)
    assert number(count) == len(figure.rows)


def coding_sizes(figure: Figure) -> None:
    names, value, each = said(r"(.+) (?:has|have) the most sub-codes, <N>( each)?", figure.title)
    check_rank(names, value, each, figure.counts(), fewest=False)
    assert figure.subtitle.endswith(f"of {sum(figure.counts().values())}")
    lists_all(figure.alt, figure.counts())


def components(figure: Figure) -> None:
    (count,) = said(r"The text names <N> components? of integration, and ranks none", figure.title)
    assert number(count) == len({row["Component"] for row in figure.rows}) == len(figure.rows)
    assert all(row["Component"].lower() in figure.alt for row in figure.rows)
    (panels,) = re.findall(rf"in {NUMBER} panels", figure.alt)
    assert number(panels) == len({row["Kind"] for row in figure.rows})


def continuum(figure: Figure) -> None:
    levels: dict[str, list[str]] = {}
    for row in figure.rows:
        levels.setdefault(row["Model"], []).append(row["Level"])
    (rest,) = said(r"Full integration is the last of (.+)", figure.title)
    given = {
        name: number(count)
        for count, name in re.findall(rf"{NUMBER} levels? in (.+?\(\d+\))", rest)
    }
    assert given == {
        m: len(named) for m, named in levels.items() if named[-1] == "Full integration"
    }
    assert f"{WORDS[len(levels)]} models" in figure.alt


def discussion_map(figure: Figure) -> None:
    themes = figure.columns[1:]
    cells = {
        theme: {
            row["Method"]: len([c for c in row[theme].split(";") if c.strip()])
            for row in figure.rows
        }
        for theme in themes
    }
    alone = [theme for theme in themes if top(cells[theme])[0] == {"Interview"}]
    level = [t for t in themes if "Interview" in top(cells[t])[0] and t not in alone]
    if len(alone) == len(themes):
        said("In every theme, interviews are the most common source of evidence", figure.title)
    elif len(alone) + len(level) == len(themes):
        pattern = (
            "No source is more common than interviews in any theme; on (.+) others are as common"
        )
        assert named(said(pattern, figure.title)[0], themes) == set(level)
    else:
        count, whole = said("Interviews are the most common .* in <N> of <N> themes", figure.title)
        assert (number(count), number(whole)) == (len(alone), len(themes))
    for theme in themes:
        (with_interviews,) = re.findall(rf"{theme}: {NUMBER} papers?, {NUMBER} of them", figure.alt)
        assert number(with_interviews[1]) == cells[theme]["Interview"]


def parents(figure: Figure) -> None:
    of, took, few, limit = said(
        r"Of <N> papers on the experiences of parents and carers, <N> record parents taking part, "
        r"<N> of them fewer than (\d+)",
        figure.title,
    )
    cells = [row["Parents and carers"] for row in figure.rows]
    numbers = [int(cell) for cell in cells if cell]
    assert number(of) == len(cells)
    assert number(took) == len([n for n in numbers if n])
    assert number(few) == len([n for n in numbers if 0 < n < int(limit)])
    missing = re.search(rf"; for {NUMBER} no number is published$", figure.subtitle)
    assert (number(missing[1]) if missing else 0) == cells.count("")
    lists_all(figure.alt, {name: n for name, n in figure.counts().items() if n})


def experiences_participants(figure: Figure) -> None:
    given = said(
        r"Health practitioners are heard in <N> papers? on experiences, social work practitioners "
        r"in <N> and young people in <N>",
        figure.title,
    )
    groups = ("Health practitioners", "Social work practitioners", "Young people")
    assert [number(word) for word in given] == [figure.counts()[group] for group in groups]
    (whole,) = re.findall(rf"of {NUMBER} papers on experiences", figure.subtitle)
    there = [r for r in table(figure, "papers") if "Experiences" in r["sections"].split("; ")]
    assert number(whole) == len(there)
    check_blanks(figure, "participants", "Experiences")
    lists_all(figure.alt, figure.counts())


def families(figure: Figure) -> None:
    count, whole, few, limit = said(
        r"<N> of <N> papers count young people who took part, and <N> of them heard (\d+) or fewer",
        figure.title.lower(),
    )
    young = [int(row["Young people"]) for row in figure.rows]
    assert (number(count), number(few)) == (sum(young), young[0])
    assert figure.rows[0]["People"] == f"1 to {limit}"
    assert number(whole) == len(table(figure, "papers"))
    (without,) = re.findall(rf"; for {NUMBER} no number is published$", figure.subtitle)
    assert number(without) == [r["young_people"] for r in table(figure, "papers")].count("")
    for column in figure.columns[1:]:
        part = figure.alt.split("By number of")[column != "Young people"]
        lists_all(part, {row["People"]: int(row[column]) for row in figure.rows})


def kinds(figure: Figure) -> None:
    part, whole = said(r"<N> of <N> papers report primary research", figure.title)
    assert number(part) == figure.totals()["Primary research"]
    assert number(whole) == sum(figure.totals().values())
    lists_all(figure.alt, figure.totals())


def included_map(figure: Figure) -> None:
    where, value, each, rights = said(
        r"The most papers are on (.+), <N>( each)?; no region has more than <N> on rights",
        figure.title,
    )
    cells = {
        f"{theme.lower()}|{row['Region']}": int(row[theme])
        for row in figure.rows
        for theme in figure.columns[1:]
    }
    fullest, highest = top(cells)
    regions = [row["Region"] for row in figure.rows]
    mentioned = set()
    for part in re.findall(rf"(.+?) in ({'|'.join(map(re.escape, regions))})", where):
        mentioned |= {f"{theme.lower()}|{part[1]}" for theme in named(part[0], figure.columns[1:])}
    assert (mentioned, number(value), bool(each)) == (fullest, highest, len(fullest) > 1)
    assert number(rights) == sorted(int(row["Rights"]) for row in figure.rows)[-1]
    assert str(len(table(figure, "papers"))) in figure.subtitle


def methods(figure: Figure) -> None:
    names, value, each, whole = said(
        r"(.+) were the most common way to collect data, in <N>( each)? of <N> papers", figure.title
    )
    check_rank(names, value, each, figure.totals(), fewest=False)
    papers = table(figure, "papers")
    assert number(whole) == len(papers)
    check_blanks(figure, "methods")
    lists_all(figure.alt, figure.totals())


def included_participants(figure: Figure) -> None:
    given = said(
        r"Health practitioners took part in <N> papers? and social work practitioners in <N>, "
        r"parents or carers in <N> and young people in <N>",
        figure.title,
    )
    order = (
        "Health practitioners",
        "Social work practitioners",
        "Parents / carers",
        "Young people",
    )
    assert [number(word) for word in given] == [figure.totals()[group] for group in order]
    check_blanks(figure, "participants")
    lists_all(figure.alt, figure.totals())


def regions(figure: Figure) -> None:
    names, value, each, scotland = said(
        r"(.+) (?:has|have) the most papers, <N>( each)?; Scotland is in <N>", figure.title
    )
    check_rank(names, value, each, figure.totals(), fewest=False)
    assert number(scotland) == figure.totals()["Scotland"]
    check_blanks(figure, "regions")
    lists_all(figure.alt, figure.totals())


def staff(figure: Figure) -> None:
    part, whole, limit = said(
        r"<N> of <N> papers that count professionals heard more than (\d+) of them",
        figure.title.lower(),
    )
    counts = figure.counts()
    above = [n for band, n in counts.items() if int(re.findall(r"\d+", band)[0]) >= int(limit)]
    assert (number(part), number(whole)) == (sum(above), sum(counts.values()))
    (without,) = re.findall(rf"; {NUMBER} involved professionals without one", figure.subtitle)
    assert (
        number(without)
        == Counter(r["staff_published"] for r in table(figure, "papers"))["Not stated"]
    )
    lists_all(figure.alt, counts)


def years(figure: Figure) -> None:
    names, value, each = said(r"Publications peaked in (.+), with <N>( each)?", figure.title)
    check_rank(names, value, each, figure.totals(), fewest=False)
    assert figure.subtitle.endswith(f"of {sum(figure.totals().values())}")
    lists_all(figure.alt, figure.totals())


def levels(figure: Figure) -> None:
    most, value, each, fewest, low, low_each = said(
        r"Of the levels, (.+) (?:has|have) the most papers, <N>( each)?, "
        r"and (.+) the fewest, <N>( each)?",
        figure.title,
    )
    check_rank(most, value, each, figure.counts(), fewest=False)
    check_rank(fewest, low, low_each, figure.counts(), fewest=True)
    lists_all(figure.alt, figure.counts())


def flow(figure: Figure) -> None:
    known = [row for row in figure.rows if row["Number"].isdigit()]
    (count,) = said("<N> reports were included; the other numbers are in .*", figure.title)
    assert [int(row["Number"]) for row in known] == [number(count)]
    assert {r["Number"] for r in figure.rows if r not in known} == {"none", "not in our copy"}


def process(figure: Figure) -> None:
    screen, meeting, read = said(
        r"(.+) screened each record, a (.+) settled the unsure ones, and (.+) read each paper",
        figure.title,
    )
    who = {row["From"].split("(")[0].strip(): row["Who"] for row in figure.rows}
    doers = [who[step] for step in who if step.startswith(("Screen", "Agree", "Read"))]
    assert doers == [screen.lower(), meeting, read]
    assert all(f"({name})" in row["From"] for row in figure.rows if (name := row["Who"]))
    assert all(name in figure.alt for name in who.values())
    assert {r["Decision"] for r in figure.rows if r["From"].startswith("Agree")} == {
        "include",
        "exclude",
    }


def measured(figure: Figure) -> None:
    names, value, each = said(
        r"(.+) (?:is the measure|are the measures) with the most papers behind (?:it|them), "
        r"<N>( each)?",
        figure.title,
    )
    check_rank(names, value, each, figure.counts(), fewest=False)
    assert not named("access", figure.counts())
    lists_all(figure.alt, figure.counts())


def themes(figure: Figure) -> None:
    most, value, each, fewest, low, low_each = said(
        r"(.+) rests? on the most papers, <N>( each)?, and (.+) on the fewest, <N>( each)?",
        figure.title,
    )
    counts = {row["Theme"]: int(row["Papers"]) for row in figure.rows}
    check_rank(most, value, each, counts, fewest=False)
    check_rank(fewest, low, low_each, counts, fewest=True)
    lists_all(figure.alt, counts)


def criteria(figure: Figure) -> None:
    met, whole = said(
        r"<N> of the <N> criteria are met by most of the papers they apply to", figure.title
    )
    answers = ("Yes", "No", "Can't tell", "Unanswered")
    most = [r for r in figure.rows if 2 * int(r["Yes"]) > sum(int(r[answer]) for answer in answers)]
    assert (number(met), number(whole)) == (len(most), len(figure.rows))
    (blank,) = re.findall(r"(\d+) answers are blank", figure.subtitle)
    assert int(blank) == sum(int(row["Unanswered"]) for row in figure.rows)
    for row in figure.rows:
        numbers = [row[answer] for answer in answers]
        line = "{}: {} yes, {} no, {} can't tell, {} unanswered.".format(row["Criterion"], *numbers)
        assert line in figure.alt


def overall(figure: Figure) -> None:
    part, whole, rating = said(
        r"<N> of <N> papers with a rating in our copy of the original are rated (\d+%)",
        figure.title,
    )
    assert number(part) == figure.counts().get(rating)
    assert number(whole) == sum(figure.counts().values())
    assert rating == f"{sorted(int(name.strip('%')) for name in figure.counts())[-1]}%"
    status = Counter(row["status"] for row in table(figure, "appraisal_overall"))
    of, missing, no = re.findall(
        rf"Of the (\d+) papers, (\d+) are in .* to {NUMBER}$", figure.subtitle
    )[0]
    assert (int(missing), number(no)) == (status["not available"], status["not applicable"])
    assert int(of) == int(missing) + number(no) + number(whole)
    lists_all(figure.alt, figure.counts())


def answers(figure: Figure) -> None:
    yes, whole, count, cannot, no = said(
        "<N> of the <N> answers for the <N> papers are “Yes”, <N> “Can[’']t tell” and <N> “No”",
        figure.title,
    )
    given = Counter(answer for row in figure.rows for answer in row.values())
    assert [number(yes), number(cannot), number(no)] == [
        given[each] for each in ("Yes", "Can't tell", "No")
    ]
    assert number(whole) == number(yes) + number(cannot) + number(no)
    assert number(count) == len({row["Paper"] for row in figure.rows})
    assert f"{len(figure.rows)} papers by the {len(figure.columns) - 1} criteria" in figure.alt


def reasons(figure: Figure) -> None:
    names, value, each, costs = said(
        r"(.+) (?:has|have) the most papers behind (?:it|them), <N>( each)?; "
        r"lower costs are a reason in <N>",
        figure.title,
    )
    check_rank(names, value, each, figure.counts(), fewest=False)
    assert number(costs) == figure.counts()["Costs"]
    lists_all(figure.alt, figure.counts())


def summary_components(figure: Figure) -> None:
    said(r"Integration has many components, in no known order of importance", figure.title)
    rows = [(row["Kind"], row["Component"]) for row in figure.rows]
    assert rows == [(row["kind"], row["component"]) for row in table(figure, "components")]
    assert all(component.lower() in figure.alt for _, component in rows)
    # What the reviewers found of their order is one of the findings.
    (finding,) = (
        row for row in table(figure, "findings") if row["id"] == "definitions-components-02"
    )
    assert "order" in finding["statement"]


CHECKS: Mapping[str, Callable[[Figure], None]] = {
    "fig-appraisal-routing": appraisal_routing,
    "fig-background-features": background_features,
    "fig-coding-sizes": coding_sizes,
    "fig-definitions-components": components,
    "fig-definitions-continuum": continuum,
    "fig-discussion-map": discussion_map,
    "fig-experiences-parents": parents,
    "fig-experiences-participants": experiences_participants,
    "fig-extraction-routing": extraction_routing,
    "fig-included-families": families,
    "fig-included-kinds": kinds,
    "fig-included-map": included_map,
    "fig-included-methods": methods,
    "fig-included-participants": included_participants,
    "fig-included-regions": regions,
    "fig-included-staff": staff,
    "fig-included-years": years,
    "fig-levels-papers": levels,
    "fig-methods-flow": flow,
    "fig-methods-process": process,
    "fig-outcomes-measured": measured,
    "fig-process-themes": themes,
    "fig-quality-criteria": criteria,
    "fig-quality-overall": overall,
    "fig-quality-papers": answers,
    "fig-rationales-themes": reasons,
    "fig-summary-components": summary_components,
}
