"""Make a review of any size: papers, findings, appraisal, bibliography, chapters.

    python tests/generators/large_review.py FOLDER --papers 2000 --references 10000 --chapters 200

The same arguments make the same files.
"""

import argparse
import csv
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

REGIONS = ("Scotland", "UK (Other)", "Europe (non-UK)", "North America", "Oceania")
SOURCES = ("Peer reviewed", "Grey literature")
STUDY_TYPES = ("Primary research", "Systematic literature review", "Other")
METHODS = ("Interview", "Focus group", "Survey", "Observation", "Documentary review")
CRITERIA = tuple(f"1.{number}" for number in range(1, 6))
WORDS = (
    "care", "child", "family", "health", "school", "service", "team", "trust", "rural", "access",
    "shared", "local", "early", "help", "review", "practice", "support", "joint", "plan", "home",
)  # fmt: skip
NAMES = ("Adams", "Brown", "Clark", "Davis", "Evans", "Fisher", "Grant", "Hughes", "Ito", "Jones")


def make_review(
    folder: Path, *, papers: int, references: int, chapters: int = 1, seed: int = 1
) -> Path:
    """Write a review and return its folder; `references` counts the included papers too."""
    rng = random.Random(seed)
    sections = [f"Theme {number}" for number in range(1, max(chapters, 1) + 1)]
    for name in ("data", "bib", "chapters"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_settings(folder, sections, chapters)
    write_schema(folder, sections, papers)
    rows = list(paper_rows(rng, papers, sections))
    write_table(folder / "data/papers.csv", rows)
    write_table(folder / "data/findings.csv", list(finding_rows(rng, rows, sections)))
    write_table(folder / "data/appraisal.csv", list(score_rows(rng, papers)))
    bibliography = "\n".join(entry(rng, number, papers) for number in range(1, references + 1))
    (folder / "bib/references.bib").write_text(bibliography, encoding="utf-8")
    for number in range(1, chapters + 1):
        others = range(papers + number, references + 1, chapters)
        write_chapter(folder, number, sections[number - 1], others)
    return folder


def write_settings(folder: Path, sections: list[str], chapters: int) -> None:
    """Write `_quarto.yml` and the report's profile."""
    named = "\n".join(f"    {section}: theme-{n}" for n, section in enumerate(sections, start=1))
    listed = "\n".join(f"    - chapters/theme-{n}.ipynb" for n in range(1, chapters + 1))
    (folder / "_quarto.yml").write_text(
        "project:\n  type: book\nprofile:\n  default: report\n  group: [[report]]\n"
        "lang: en-GB\nbibliography: bib/references.bib\nbook:\n  title: A large review\n"
        "  author: [Generated]\n  date: 2026-01-31\nexecute:\n  echo: false\n"
        f"reviewpress:\n  sections:\n{named}\n"
    )
    (folder / "_quarto-report.yml").write_text(
        "project:\n  output-dir: _output/report\nbook:\n  chapters:\n    - index.qmd\n"
        f"{listed}\n    - chapters/references.qmd\nformat:\n  html: default\n"
    )
    (folder / "index.qmd").write_text("# How to read this report {#sec-index}\n\nGenerated.\n")
    (folder / "chapters/references.qmd").write_text(
        "# References {.unnumbered #sec-references}\n\n## Included papers\n\n"
        "::: {#refs-included}\n:::\n\n## Additional references\n\n::: {#refs-additional}\n:::\n"
    )


def write_schema(folder: Path, sections: list[str], papers: int) -> None:
    """Write the description of the tables."""
    enum = json.dumps(sections)
    source = json.dumps(SOURCES)
    whole = f"type: integer, constraints: {{required: true, minimum: 1, maximum: {papers}}}"
    (folder / "data/schema.yml").write_text(
        f"""\
tables:
  papers:
    primaryKey: code
    foreignKeys:
      - {{fields: citekey, reference: {{resource: bib/references.bib, fields: key}}}}
    fields:
      - {{name: code, {whole}}}
      - {{name: citekey, constraints: {{required: true, unique: true}}}}
      - {{name: source_type, constraints: {{required: true, enum: {source}}}}}
      - {{name: study_type, constraints: {{required: true, enum: {json.dumps(STUDY_TYPES)}}}}}
      - {{name: methods, type: list, constraints: {{enum: {json.dumps(METHODS)}}}}}
      - {{name: staff, type: integer, constraints: {{minimum: 0}}}}
      - {{name: regions, type: list, constraints: {{enum: {json.dumps(REGIONS)}}}}}
      - {{name: sections, type: list, constraints: {{enum: {enum}}}}}
      - {{name: note}}
  findings:
    primaryKey: id
    foreignKeys:
      - {{fields: codes_for, reference: {{resource: papers, fields: code}}}}
      - {{fields: codes_against, reference: {{resource: papers, fields: code}}}}
    fields:
      - {{name: id, constraints: {{required: true, unique: true}}}}
      - {{name: section, constraints: {{required: true, enum: {enum}}}}}
      - {{name: heading}}
      - {{name: statement, constraints: {{required: true}}}}
      - {{name: codes_for, type: list, itemType: integer}}
      - {{name: codes_against, type: list, itemType: integer}}
      - {{name: place}}
      - {{name: caveat}}
  appraisal:
    primaryKey: [code, criterion]
    foreignKeys:
      - {{fields: code, reference: {{resource: papers, fields: code}}}}
    fields:
      - {{name: code, {whole}}}
      - {{name: criterion, constraints: {{required: true}}}}
      - {{name: answer, constraints: {{enum: ["Yes", "No", "Can't tell"]}}}}
      - {{name: status, constraints: {{required: true, enum: [answered, unanswered]}}}}
"""
    )


def paper_rows(rng: random.Random, papers: int, sections: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the papers table; each paper is recorded for one to three sections."""
    for code in range(1, papers + 1):
        first = (code - 1) % len(sections)
        more = rng.sample(range(len(sections)), min(2, len(sections)))
        recorded = [sections[n] for n in sorted({first, *more})]
        yield {
            "code": code,
            "citekey": f"ref{code}",
            "source_type": "Grey literature" if rng.random() < 0.1 else "Peer reviewed",
            "study_type": rng.choice(STUDY_TYPES),
            "methods": "; ".join(rng.sample(METHODS, rng.randint(1, 3))),
            "staff": rng.choice(["", 0, rng.randint(1, 400)]),
            "regions": "; ".join(rng.sample(REGIONS, rng.randint(1, 2))),
            "sections": "; ".join(recorded),
            "note": sentence(rng),
        }


def finding_rows(
    rng: random.Random, papers: list[dict[str, Any]], sections: list[str]
) -> Iterator[dict[str, Any]]:
    """Yield findings that own every paper of every section, four papers or so each."""
    for number, section in enumerate(sections, start=1):
        codes = [row["code"] for row in papers if section in row["sections"].split("; ")]
        for part, start in enumerate(range(0, len(codes), 5), start=1):
            owned = codes[start : start + 5]
            yield {
                "id": f"theme-{number}-{part:04}",
                "section": section,
                "heading": f"Part {part}",
                "statement": sentence(rng),
                "codes_for": "; ".join(map(str, owned[:4])),
                "codes_against": "; ".join(map(str, owned[4:])),
                "place": f"Part {part}, paragraph 1",
                "caveat": "",
            }


def score_rows(rng: random.Random, papers: int) -> Iterator[dict[str, Any]]:
    """Yield five appraisal criteria for each paper."""
    for code in range(1, papers + 1):
        for criterion in CRITERIA:
            answer = rng.choice(["Yes", "Yes", "Yes", "No", "Can't tell"])
            yield {"code": code, "criterion": criterion, "answer": answer, "status": "answered"}


def entry(rng: random.Random, number: int, papers: int) -> str:
    """Return one BibTeX entry; those of papers carry their code."""
    authors = [
        f"{rng.choice(NAMES)}{number}, A.",
        *(f"{name}, B." for name in rng.sample(NAMES, 2)),
    ]
    code = f"  code = {{{number}}},\n" if number <= papers else ""
    journal = f"Journal of {rng.choice(WORDS)}"
    return (
        f"@article{{ref{number},\n{code}  author = {{{' and '.join(authors)}}},\n"
        f"  title = {{{sentence(rng)[:-1]} {number}}},\n  journal = {{{journal}}},\n"
        f"  year = {{{rng.randint(2012, 2022)}}},\n  volume = {{{rng.randint(1, 60)}}},\n"
        f"  pages = {{{number}--{number + 9}}},\n  doi = {{10.1000/generated.{number}}},\n}}\n"
    )


def sentence(rng: random.Random) -> str:
    """Return a made-up sentence."""
    return " ".join(rng.choices(WORDS, k=10)).capitalize() + "."


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_chapter(folder: Path, number: int, section: str, others: Sequence[int]) -> None:
    """Write a notebook with an evidence box, a live value, a figure and its findings.

    It cites its share of the references that are no included papers, so that all are cited.
    """
    name = f"theme-{number}"
    with (folder / "data/findings.csv").open(encoding="utf-8", newline="") as file:
        findings = [row for row in csv.DictReader(file) if row["section"] == section]
    told = "\n\n".join(_told(row) for row in findings)
    context = "\n\n".join(
        f"Others say so [{'; '.join(f'@ref{code}' for code in others[at : at + 5])}]."
        for at in range(0, len(others), 5)
    )
    cells = [
        _cell("markdown", "title", f"# {section} {{#sec-{name}}}\n\nAbout {section.lower()}."),
        _cell("code", "parameters", f'section = "{section}"\nregions = []', ["parameters"]),
        _cell(
            "code",
            "load",
            "import reviewpress\nfrom reviewpress import words\n\n"
            "review = reviewpress.load(regions=regions)\nbox = review.section(section)",
        ),
        _cell("code", "box", "review.evidence_box(section)"),
        _cell("markdown", "count", 'Here `{python} words(box.papers, "paper")` are synthesised.'),
        _cell(
            "code",
            "figure",
            'counts = review.count("regions", box.codes)\n'
            'figure = review.charts.bars(counts.set_index("term")["papers"])\n'
            f'review.figure(figure, id="fig-{name}", title="Papers by region", '
            'subtitle="Number of papers", alt=f"Bar chart of papers by region: '
            '{dict(zip(counts.term, counts.papers))}.", data=counts)',
        ),
        _cell("markdown", "findings", f"## Findings {{#sec-{name}-findings}}\n\n{told}"),
        _cell("markdown", "context", f"## Context {{#sec-{name}-context}}\n\n{context}"),
    ]
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "chapters" / f"{name}.ipynb"
    path.write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")


def _told(row: dict[str, str]) -> str:
    codes = [code for name in ("codes_for", "codes_against") for code in row[name].split("; ")]
    cited = "; ".join(f"@ref{code}" for code in codes if code)
    return f'[{row["statement"][:-1]} [{cited}].]{{.finding of="{row["id"]}"}}'


def _cell(kind: str, id: str, source: str, tags: list[str] | None = None) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": id,
        "metadata": {"tags": tags} if tags else {},
        "source": source.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--papers", type=int, default=2000)
    parser.add_argument("--references", type=int, default=10_000)
    parser.add_argument("--chapters", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    make_review(
        given.folder,
        papers=given.papers,
        references=given.references,
        chapters=given.chapters,
        seed=given.seed,
    )
