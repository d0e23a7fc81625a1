"""The extension and the brand as the edition will show them: versions, and fonts that lack."""

from collections.abc import Iterator

from reviewpress.brand_keys import find_idle_keys
from reviewpress.checks.pictures import wrong_picture
from reviewpress.checks.subject import Subject
from reviewpress.errors import Place, Problem
from reviewpress.extension import find_extension
from reviewpress.tables.reads import relative_name
from reviewpress.upgrade import check_copy


def check_extension(subject: Subject) -> Iterator[Problem]:
    """Find a copy of the extension that an earlier version of Reviewpress made."""
    yield from check_copy(subject.config.root)


def check_brand(subject: Subject) -> Iterator[Problem]:
    """Find families without a font file, a logo that is no picture, and keys without effect.

    Raises ConfigError or Problems where the brand cannot be read.
    """
    root = subject.config.root
    brand = find_extension(root).brand(root)
    for family in brand.missing_families:
        message = (
            f'no font file brings "{family}": the PDF and charts are set in '
            f"{brand.fallback_family}, and pages in {family} only where a reader has it."
        )
        hint = "List its files under `typography: fonts:`, with `source: file`."
        yield Problem("font", message, Place(brand.file.name), hint, family)
    own = root / "_brand.yml"
    if brand.logo is not None and brand.file == own:
        wrong, hint = wrong_picture(subject, brand.logo)
        if wrong:
            name = relative_name(brand.logo, root)
            yield Problem("image", f"the logo {name} {wrong}.", Place(own.name), hint)
    if own.is_file():
        yield from find_idle_keys(own, root)
