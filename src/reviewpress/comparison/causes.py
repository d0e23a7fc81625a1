"""What made a number, a figure or a text another one: data, code, text, settings, Reviewpress.

Of a chapter is known which files its run read and what its code is. Where more than one of them
changed, all are named: which one it was nothing here can say.
"""

from collections.abc import Iterator

from reviewpress.edition import EditionRecord, KeptBlock, KeptFloat, KeptPage

TEXT = "the text"
_PYTHON, _BIBLIOGRAPHY = ".py", (".bib", ".json")
_SETTINGS = "_quarto.yml#reviewpress"


class Causes:
    """What differs between the sources of two editions."""

    def __init__(self, before: EditionRecord, after: EditionRecord) -> None:
        self._before = before
        self._after = after

    def of_value(
        self, pages: tuple[KeptPage, KeptPage], before: str, after: str
    ) -> tuple[str, ...]:
        """Return what may have changed a value, whose expressions were these."""
        own = () if before == after else (f"its expression, which was `{before}`",)
        return own + tuple(self._of_run(*pages, ())) or self._of_all()

    def of_block(self, before: KeptPage, after: KeptPage, block: KeptBlock) -> tuple[str, ...]:
        """Return what may have changed the words of a block, its values apart."""
        if block.origin == "text":
            return (TEXT,)
        found = tuple(self._of_run(before, after, ()))
        return found if block.origin == "code" and found else (*found, TEXT)

    def of_float(
        self, pages: tuple[KeptPage, KeptPage], before: KeptFloat, after: KeptFloat
    ) -> tuple[str, ...]:
        """Return what may have changed a figure or table: of code, its own cell first."""
        if not before.code and not after.code:
            return (TEXT,)
        own = () if before.code == after.code else (f"the code of {after.id}",)
        return own + tuple(self._of_run(*pages, (before.code, after.code))) or self._of_all()

    def _of_run(self, before: KeptPage, after: KeptPage, but: tuple[str, ...]) -> Iterator[str]:
        if any(set(one.code) - set(other.code) - set(but)
               for one, other in ((before, after), (after, before))):  # fmt: skip
            yield f"the code of {after.source}"
        # A file that one of the two did not read is for its code to explain.
        for name in sorted(before.reads.keys() & after.reads.keys()):
            if before.reads[name] != after.reads[name]:
                yield _words(name)

    def _of_all(self) -> tuple[str, ...]:
        """Return what else may be the reason where a chapter's own inputs are the same."""
        if self._before.reviewpress != self._after.reviewpress:
            return (f"Reviewpress {self._after.reviewpress}",)
        one, other = self._before.sources, self._after.sources
        names = (name for name in sorted({*one, *other}) if one.get(name) != other.get(name))
        settings = [name for name in names if name.endswith(".yml")]
        return tuple(settings) or ("nothing that is known",)


def _words(name: str) -> str:
    if name == _SETTINGS:
        return "the settings"
    if name.endswith(_BIBLIOGRAPHY):
        return f"the references in {name}"
    return f"the code of {name}" if name.endswith(_PYTHON) else f"the data of {name}"
