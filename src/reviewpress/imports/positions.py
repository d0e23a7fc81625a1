"""Where in a journal two records say that they stand: its pages and its issue."""

import re

_NUMBER = re.compile(r"\d+")
_ISSUE = re.compile(
    r"\W*(?:issue|no|number|n|part|pt|h)?\W{0,2}(\d{1,2}(?:\s?[-–/,&+]\s?\d{1,2})*)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\b(?:spring|summer|autumn|fall|winter|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_MOST_ISSUES = 26
"""A larger number in the place of an issue's is mostly one of the database."""


def same_pages(one: tuple[str, ...], other: tuple[str, ...]) -> bool | None:
    """Whether two records begin on one page; None where they count in two ways."""
    if not one or not other:
        return None
    if set(one) & set(other):
        return True
    first, second = one[0], other[0]
    if first.strip("abcdefghijklmnopqrstuvwxyz") == second.strip("abcdefghijklmnopqrstuvwxyz"):
        return None  # 69 for S69
    if _is_locator(first) != _is_locator(second):
        return None  # a number of the article, and pages counted within it
    return False


def _is_locator(page: str) -> bool:
    return page.startswith(("e", "cd", "ar", "id", "no")) or len(page.strip("abcdefgs")) > 5


def same_issue(one: str, other: str) -> bool | None:
    """Whether two issues share a number or a month; None where one is not known or has none."""
    first, second = (
        {int(number) for number in _NUMBER.findall(found[1])} if found else set()
        for found in (_ISSUE.match(one), _ISSUE.match(other))
    )
    if first and second and max(first | second) <= _MOST_ISSUES:
        return bool(first & second)
    times = [{word[:3].casefold() for word in _TIMES.findall(issue)} for issue in (one, other)]
    return bool(times[0] & times[1]) if all(times) else None
