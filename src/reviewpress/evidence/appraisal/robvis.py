"""robvis tables: judgements by study and domain, as the robvis tools read and write them.

The columns are `Study`, one a domain (`D1`, `D2`, … or any names), `Overall` and perhaps `Weight`
last. The order of the file is kept, judgements are compared without regard to letter case, and a
table that is read and written comes out byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviewpress.errors import DataError, Place, Problem, nearest, raise_all
from reviewpress.evidence.appraisal.answers import ANSWERED
from reviewpress.tables.reader import decode_table

if TYPE_CHECKING:
    from reviewpress.evidence.appraisal.answers import Appraisal
    from reviewpress.evidence.findings import Code

STUDY, OVERALL, WEIGHT = "study", "overall", "weight"


@dataclass(frozen=True, slots=True)
class Judged:
    """One study: its label, its judgement in each domain, overall, and its weight if given."""

    study: str
    domains: tuple[str, ...]
    overall: str
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Robvis:
    """A robvis table: the domains' names, the studies, and the bytes it was read from."""

    domains: tuple[str, ...]
    studies: tuple[Judged, ...]
    content: bytes = b""


def parse_robvis(content: bytes, name: str, judgements: Sequence[str] = ()) -> Robvis:
    """Read a robvis table; judgements get the spelling of `judgements` where these are given.

    Raises DataError for another layout, Problems for ragged rows, repeated or unnamed studies,
    weights that are no numbers and unknown judgements.
    """
    lines = _lines(decode_table(content, name), name)
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    folded = [cell.casefold() for cell in header]
    weighted = bool(folded) and folded[-1] == WEIGHT
    last = len(folded) - (2 if weighted else 1)
    if last < 2 or folded[0] != STUDY or folded[last] != OVERALL:
        message = "the columns are not those of robvis: Study, one a domain, Overall."
        raise DataError(message, Place(name, row=1), "A column Weight may stand last.")
    problems: list[Problem] = []
    studies = tuple(_studies(lines[1:], header, weighted, judgements, name, problems))
    raise_all(problems)
    return Robvis(tuple(header[1:last]), studies, content)


def write_robvis(table: Robvis) -> bytes:
    """Return a table as robvis reads it; one that was read comes out byte for byte."""
    if table.content:
        return table.content
    weighted = any(study.weight is not None for study in table.studies)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Study", *table.domains, "Overall", *(["Weight"] if weighted else [])])
    for study in table.studies:
        weight = ["" if study.weight is None else f"{study.weight:g}"] if weighted else []
        writer.writerow([study.study, *study.domains, study.overall, *weight])
    return out.getvalue().encode()


def appraisal_robvis(
    appraisal: Appraisal, design: str, labels: dict[Code, str] | None = None
) -> Robvis:
    """Return the answers to one design's criteria as a robvis table.

    Domains are the design's criteria, overall is the share answered Yes (that of this design).
    Only papers with an answer are in it; an unanswered criterion is an empty cell. `labels` names
    the studies (their codes otherwise). Raises DataError for a design that the tool lacks.
    """
    if design not in appraisal.design_names:
        hint = nearest(design, appraisal.design_names)
        raise DataError(f'the appraisal tool has no design "{design}".', hint=hint)
    domains = tuple(one.id for one in appraisal.tool if one.design == design)
    studies = []
    for code in appraisal.available:
        answers = {
            mark.criterion: mark.answer or ""
            for mark in appraisal.of(code)
            if mark.status == ANSWERED and mark.criterion in domains
        }
        if answers:
            label = (labels or {}).get(code, str(code))
            cells = tuple(answers.get(domain, "") for domain in domains)
            studies.append(Judged(label, cells, f"{appraisal.ratings(code)[design]}%"))
    return Robvis(domains, tuple(studies))


def _lines(text: str, name: str) -> list[tuple[int, list[str]]]:
    previous = csv.field_size_limit(2**31 - 1)
    try:
        rows = list(enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1))
    except csv.Error as error:
        raise DataError(f"the table cannot be read: {error}.", Place(name)) from None
    finally:
        csv.field_size_limit(previous)
    return [(number, cells) for number, cells in rows if cells]


def _studies(
    lines: Iterable[tuple[int, list[str]]],
    header: list[str],
    weighted: bool,
    judgements: Sequence[str],
    name: str,
    problems: list[Problem],
) -> Iterator[Judged]:
    seen: dict[str, int] = {}
    for number, cells in lines:
        place = Place(name, row=number)
        if len(cells) != len(header):
            message = f"the row has {len(cells)} cells, the header {len(header)}."
            problems.append(Problem("robvis", message, place))
            continue
        study = cells[0].strip()
        if not study or seen.setdefault(study, number) != number:
            message = (
                f'"{study[:60]}" stands in row {seen[study]} already.'
                if study
                else ("the study has no name.")
            )
            problems.append(Problem("robvis", message, place))
        last = len(cells) - (2 if weighted else 1)
        found = [
            _judgement(cell, column, judgements, place, problems)
            for cell, column in zip(cells[1 : last + 1], header[1 : last + 1], strict=True)
        ]
        weight = _weight(cells[-1], place, problems) if weighted else None
        yield Judged(study, tuple(found[:-1]), found[-1], weight)


def _judgement(
    cell: str, column: str, judgements: Sequence[str], place: Place, problems: list[Problem]
) -> str:
    text = cell.strip()
    if not text or not judgements:
        return text
    spelled = {judgement.casefold(): judgement for judgement in judgements}
    if text.casefold() not in spelled:
        message = f'"{text[:60]}" is no judgement.'
        where = Place(place.file, row=place.row, column=column)
        problems.append(Problem("robvis", message, where, nearest(text[:60], judgements)))
    return spelled.get(text.casefold(), text)


def _weight(cell: str, place: Place, problems: list[Problem]) -> float | None:
    text = cell.strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", text):
        where = Place(place.file, row=place.row, column="Weight")
        problems.append(Problem("robvis", f'"{text[:60]}" is not a weight.', where))
        return None
    return float(text)
