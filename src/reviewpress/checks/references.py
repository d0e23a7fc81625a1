"""Citations and references: each key exists, each reference is cited."""

from collections.abc import Iterator

from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem, nearest


def check_references(subject: Subject) -> Iterator[Problem]:
    """Find citekeys that the bibliography lacks, and references that nobody cites.

    Imported records wait in the bibliography for a decision; nobody has to cite them yet.
    """
    known = subject.references.references
    for page in subject.book.pages:
        for key in page.cited:
            if key not in known:
                message = f"the citation @{key} is not in the bibliography."
                place = page.source.place(f"@{key}")
                yield Problem("unknown-citation", message, place, nearest(key, known), subject=key)
    if not subject.main:
        return
    waiting = _imported(subject)
    for key, reference in known.items():
        if key not in subject.book.cited and not (key in waiting and reference.code is None):
            message = f"nobody cites {reference.label} (@{key})."
            names = [path.relative_to(subject.config.root).as_posix()
                     for path in subject.config.bibliography]  # fmt: skip
            hint = "Cite it, or take it out of the bibliography."
            yield Problem("uncited-reference", message, Place(", ".join(names)), hint, subject=key)


def _imported(subject: Subject) -> set[str]:
    """Return the citekeys of records that an import added."""
    from reviewpress.imports.log import read_log

    rows = read_log(subject.config.root)
    return {row.key for row in rows if row.outcome in ("added", "unsure")}
