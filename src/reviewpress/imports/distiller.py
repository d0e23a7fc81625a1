"""The answers of DistillerSR's forms: a row for each reference, reviewer and level."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.decision_columns import OF_RECORDS, DecisionTable, all_decisions
from reviewpress.imports.decision_words import stage_of

_NO_QUESTION = frozenset((
    "refid", "year", "volume", "issue", "pages", "number", "pmid", "pubmed id", "level", "user",
    "month", "day", "id", "rank", "duplicate",
))  # fmt: skip
_QUESTION = re.compile(r"inclu|exclu|eligib|relevan|screen|decision", re.IGNORECASE)


def question_columns(table: DecisionTable) -> dict[int, tuple[str, str]]:
    """Return the columns that are decisions, by position: of each its stage, where only it says so.

    Each level has its form, and in it one question that decides. What a row says of its level
    counts, whatever the question speaks of. Raises BibliographyError where several may decide.
    """
    found = [
        n
        for n, name in enumerate(table.words)
        if name not in _NO_QUESTION and all_decisions(table, n)
    ]
    answered = _by_level(table, found)
    levels = [[n for n in here if _QUESTION.search(table.words[n])] or here for here in answered]
    telling = tuple(dict.fromkeys(n for columns in levels for n in columns))
    stages = {n: (stage_of(table.words[n]), "") for n in telling}
    if len(telling) < 2 or all(len(set(telling) & set(here)) == 1 for here in answered):
        has_levels = table.position("stage") is not None
        return dict.fromkeys(telling, ("", "")) if has_levels else stages
    if len({stage for stage, _ in stages.values()} - {""}) == len(telling):
        return stages
    names = ", ".join(f"“{table.header[n]}”" for n in telling)
    message = f"several columns may be the decision: {names}."
    raise BibliographyError(message, Place(table.file), "Name the one that is: --column “…”.")


def _by_level(table: DecisionTable, columns: Sequence[int]) -> list[list[int]]:
    """Return which of the columns are answered at each level."""
    found: dict[str, dict[int, None]] = {}
    for _, _, cells in table.rows:
        here = found.setdefault(table.of_role(cells, "stage"), {})
        here.update((n, None) for n in columns if n < len(cells) and cells[n].strip())
    return [list(here) for here in found.values() if here]


def which_question(table: DecisionTable) -> BibliographyError:
    """Return the error for answers to a form, none of whose questions is a decision throughout."""
    asked = [
        f"“{name}”"
        for name, words in zip(table.header, table.words, strict=True)
        if words not in _NO_QUESTION and words not in OF_RECORDS
    ]
    message = f"no column of the form’s answers is a decision throughout: {', '.join(asked[:6])}."
    hint = "Name the one that is: --column “…”. `--as records` takes the records alone."
    return BibliographyError(message, Place(table.file), hint)
