"""Release checks: what takes a browser, a validator, and the files of an edition.

    links      every internal link and fragment of the pages
    markup     valid HTML, by the Nu checker
    wcag       WCAG 2.2 AA in a browser, by axe-core
    pdf        PDF/UA-1 of each PDF, by outloud
    epub       valid EPUB 3, by EPUBCheck, where the edition has one

What could not be checked is said to be not checked; it is never a pass.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewpress.checks.release.epub import check_epubs
from reviewpress.checks.release.links import check_page_links
from reviewpress.checks.release.markup import check_markup
from reviewpress.checks.release.pdf import check_pdfs
from reviewpress.checks.release.wcag import check_wcag
from reviewpress.errors import Problem, SetupError

ReleaseCheck = Callable[[Path], Iterator[Problem]]

RELEASE_CHECKS: dict[str, ReleaseCheck] = {
    "links within the pages": check_page_links,
    "valid HTML": check_markup,
    "WCAG 2.2 AA in a browser": check_wcag,
    "PDF/UA-1": check_pdfs,
    "EPUB 3": check_epubs,
}
_WHERE_THERE_IS = {"EPUB 3": "*.epub"}
"""The files without which a check has nothing to look at, and is not named."""


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What the release checks found, what they covered, and what could not be checked, and why."""

    problems: tuple[Problem, ...]
    checked: tuple[str, ...]
    not_checked: tuple[tuple[str, str], ...]


def run_release_checks(
    folder: Path, *, say: Callable[[str], None] = lambda name: None
) -> ReleaseReport:
    """Check the files of a rendered edition; `say` is told of each check as it begins.

    Raises SetupError where there is no edition to check.
    """
    if not any(any(folder.glob(name)) for name in ("**/*.html", "*.pdf", "*.epub")):
        raise SetupError(
            f"there is no edition in {folder}.", hint="Run `reviewpress render` first."
        )
    problems: list[Problem] = []
    checked: list[str] = []
    not_checked: list[tuple[str, str]] = []
    for name, check in RELEASE_CHECKS.items():
        if name in _WHERE_THERE_IS and not any(folder.glob(_WHERE_THERE_IS[name])):
            continue
        say(name)
        try:
            problems += check(folder)
            checked.append(name)
        except SetupError as error:
            not_checked.append((name, str(error)))
    return ReleaseReport(tuple(problems), tuple(checked), tuple(not_checked))


__all__ = ["RELEASE_CHECKS", "ReleaseReport", "run_release_checks"]
