"""An edition in another language: what it lacks beside the one that it translates."""

from collections.abc import Iterator

from reviewpress.assemble.translations import original_of
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.languages import base_of

_NAMED = 6


def check_translations(subject: Subject) -> Iterator[Problem]:
    """Warn of chapters without a counterpart, and of terms without a name in the language."""
    book = subject.book
    for other in book.translations:
        for chapter in other.missing:
            message = f"the chapter has no counterpart in {other.name} ({other.config.profile})."
            hint = (
                "Give it the same file name or the same id of its first heading, or say "
                "`translation-of: …` in its front matter."
            )
            yield Problem("translation-missing", message, Place(chapter.path), hint, chapter.path)
    if book.translations and original_of(subject.config) != subject.config.profile:
        yield from _unnamed_terms(subject)


def _unnamed_terms(subject: Subject) -> Iterator[Problem]:
    """Warn of terms that papers are counted by and that readers would see in another language."""
    if subject.review is None:
        return
    schema, config = subject.review.schema, subject.config
    sections = {section.name for section in config.settings.sections if not section.shown}
    found: dict[str, None] = {}
    for table in schema.tables.values():
        for field in table.fields:
            if field.role == "sections":
                found |= dict.fromkeys(term for term in field.enum if term in sections)
            elif field.is_counted and table.name == "papers":
                found |= dict.fromkeys(term for term in field.enum if term not in field.terms)
    if found:
        named = ", ".join(f'"{term}"' for term in [*found][:_NAMED])
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        message = f'terms of the data have no name in the language "{config.lang}": {named}{more}.'
        tag = base_of(config.lang)
        hint = f"Say `terms: {{{tag}: …}}` for their column, `name: {{{tag}: …}}` for a section."
        yield Problem("untranslated-term", message, Place(schema.file), hint)
