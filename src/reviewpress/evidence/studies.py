"""Studies: what several reports of one piece of research have in common.

    data/papers.csv     a column `study` names the study of each paper; `primary` marks one of them
    data/studies.csv    or a row a study: `study`, `papers` (codes, the primary one first), and what
                        columns you like

A paper that neither names is a study by itself. The primary report of a study is the one that is
marked so, or else the first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from reviewpress.errors import Place, Problem, Problems, nearest
from reviewpress.evidence.data import PAPERS, Evidence
from reviewpress.evidence.decisions import FILE as DECISIONS
from reviewpress.evidence.decisions import read_decisions
from reviewpress.evidence.findings import Code
from reviewpress.tables.reader import Row, TableRows, decode_table, parse_table, read_bytes
from reviewpress.tables.schema import Field, Table

FILE = "data/studies.csv"
TABLE = "studies"
STUDY, PRIMARY = "study", "primary"
_YES = re.compile(r"(?:yes|true|primary|1|x|✓)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Study:
    """One study: its name, and the codes of its reports, the primary one first.

    It is `named` by the review, or else after its only report.
    """

    name: str
    codes: tuple[Code, ...]
    named: bool = True

    @property
    def primary(self) -> Code:
        """The code of the report that stands for the study."""
        return self.codes[0]


@dataclass(frozen=True, slots=True)
class Studies:
    """The studies of a review, in the order of their first reports.

    `grouped` says whether the review groups its papers at all.
    """

    found: tuple[Study, ...]
    grouped: bool = False

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Study]:
        return iter(self.found)

    @property
    def by_code(self) -> Mapping[Code, Study]:
        """The study of each paper."""
        return {code: study for study in self.found for code in study.codes}

    def of(self, codes: Iterable[Code]) -> tuple[Study, ...]:
        """Return the studies that some papers report, in the order of all."""
        wanted = set(codes)
        return tuple(study for study in self.found if wanted.intersection(study.codes))


def read_studies(evidence: Evidence) -> Studies:
    """Read which papers are of one study. Raises DataError, or Problems by cell."""
    rows = evidence.rows(PAPERS)
    codes = rows.row_keys
    names, primary = _named_in_papers(rows)
    if evidence.holds(FILE):
        if names:
            message = "the studies are named here, and in the table of papers as well."
            raise Problems([Problem("study", message, Place(FILE), "Keep one of the two.")])
        names, primary = _named_in_studies(evidence, codes)
    names = names or _named_in_decisions(evidence, rows)
    members: dict[tuple[str, Code | None], list[Code]] = {}
    own = _own_names(evidence, rows, names)
    for code in codes:
        member = (names[code], None) if code in names else (own[code], code)
        members.setdefault(member, []).append(code)
    found = (
        Study(name, tuple(sorted(group, key=lambda code: code not in primary)), code is None)
        for (name, code), group in members.items()
    )
    return Studies(tuple(found), grouped=bool(names))


def read_study_rows(evidence: Evidence) -> TableRows:
    """Read the table of studies, with the columns that it has. Raises DataError or Problems."""
    if evidence.has(TABLE):
        return evidence.rows(TABLE)
    content = read_bytes(evidence.path(FILE), FILE)
    header = decode_table(content, FILE).partition("\n")[0]
    names = [name.strip(' "\r') for name in header.split(",")]
    others = [name for name in names if name not in (STUDY, "papers")]
    fields = (
        Field(STUDY, title="Study", required=True, unique=True),
        Field("papers", title="Papers", required=True),
        *(Field(name) for name in others if name),
    )
    return parse_table(content, Table(TABLE, "studies.csv", fields, title="Studies"), FILE)


def studies_by_key(evidence: Evidence) -> Mapping[str, str]:
    """Return the study of each paper, by citekey, where the review names it."""
    if not evidence.has(PAPERS) or "citekey" not in evidence.rows(PAPERS).table.columns:
        return {}
    rows = evidence.rows(PAPERS)
    known = read_studies(evidence).by_code
    pairs = zip(rows.row_keys, rows.texts("citekey"), strict=True)
    return {key: known[code].name for code, key in pairs if known[code].named}


def check_studies(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for each study that is named in a way that cannot be.

    Raises what `read_studies` raises.
    """
    studies = read_studies(evidence)
    rows = evidence.rows(PAPERS)
    if PRIMARY not in rows.table.columns:
        return
    marked = {
        code for code, cell in zip(rows.row_keys, rows[PRIMARY], strict=True) if _is_yes(cell)
    }
    for study in studies:
        several = [code for code in study.codes if code in marked]
        if len(several) > 1:
            message = f'the study "{study.name}" has {len(several)} primary reports.'
            position = rows.row_keys.index(several[1])
            yield Problem("study", message, rows.where(position, PRIMARY), "Mark one of them.")


def _named_in_papers(rows: TableRows) -> tuple[dict[Code, str], set[Code]]:
    """Return what the table of papers says: the study of each paper, and which are primary."""
    if STUDY not in rows.table.columns:
        return {}, set()
    named = dict(zip(rows.row_keys, rows.texts(STUDY), strict=True))
    marked = rows[PRIMARY] if PRIMARY in rows.table.columns else ()
    primary = {code for code, cell in zip(rows.row_keys, marked, strict=False) if _is_yes(cell)}
    return {code: name.strip() for code, name in named.items() if name.strip()}, primary


def _named_in_decisions(evidence: Evidence, rows: TableRows) -> dict[Code, str]:
    """Return the studies that the decisions name, where neither table does."""
    if not evidence.holds(DECISIONS) or "citekey" not in rows.table.columns:
        return {}
    named = {
        row.text("record"): row.text(STUDY)
        for row in read_decisions(evidence).records()
        if row.get(STUDY)
    }
    pairs = zip(rows.row_keys, rows.texts("citekey"), strict=True)
    return {code: named[key] for code, key in pairs if key in named}


def _is_yes(cell: object) -> bool:
    return cell is True or bool(_YES.fullmatch(str(cell).strip()))


def _named_in_studies(
    evidence: Evidence, codes: Sequence[Code]
) -> tuple[dict[Code, str], set[Code]]:
    """Return what the table of studies says. Raises Problems for codes that no paper has."""
    rows = read_study_rows(evidence)
    names: dict[Code, str] = {}
    primary: set[Code] = set()
    known = {str(code): code for code in codes}
    problems: list[Problem] = []
    for position, row in enumerate(rows.records()):
        place = rows.where(position, "papers")
        listed = _codes(row)
        if not listed:
            problems.append(Problem("study", "the study has no papers.", place))
        for code in listed:
            if code not in known:
                message = f"no paper has the code {code}."
                problems.append(Problem("study", message, place, nearest(code, known)))
            elif known[code] in names:
                other = names[known[code]]
                message = f'the paper {code} is of the study "{other}" already.'
                problems.append(Problem("study", message, place, "A paper is of one study."))
            else:
                names[known[code]] = row.text(STUDY)
        primary |= {known[code] for code in listed[:1] if code in known}
    if problems:
        raise Problems(problems)
    return names, primary


def _codes(row: Row) -> list[str]:
    cell = row.get("papers")
    items = cell if isinstance(cell, tuple) else re.split(r"[;,]", row.text("papers"))
    return [str(item).strip() for item in items if str(item).strip()]


def _own_names(evidence: Evidence, rows: TableRows, names: Mapping[Code, str]) -> dict[Code, str]:
    """Name the studies of single papers by first author and year, with letters where alike."""
    keys = rows.texts("citekey") if "citekey" in rows.table.columns else ()
    labels: dict[Code, str] = {}
    for code, key in zip(rows.row_keys, keys, strict=False):
        entry = evidence.bibliography.get(key)
        people = (entry.authors or entry.editors) if entry else ()
        year = str(entry.year) if entry and entry.year else ""
        labels[code] = f"{people[0].family} {year}".strip() if people else key
    for code in rows.row_keys:
        labels.setdefault(code, str(code))
    taken = Counter(label for code, label in labels.items() if code not in names)
    taken.update(set(names.values()))
    letters: Counter[str] = Counter()
    for code, label in labels.items():
        if code not in names and taken[label] > 1:
            letters[label] += 1
            number = letters[label]
            labels[code] = f"{label}{ascii_lowercase[number - 1] if number < 27 else f'-{number}'}"
    return labels
