"""What changed as lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence

from reviewpress.comparison.causes import TEXT
from reviewpress.comparison.changes import Changes, FloatChange, NumberChange
from reviewpress.comparison.wording import compare_words, same_number, with_names
from reviewpress.edition import KeptBlock, KeptStatement

_AROUND, _LONGEST = 40, 160
_FACTS = {"lang": "language", "errata": "corrections"}


def change_lines(changes: Changes) -> Iterator[str]:
    """Yield what changed, a heading above each kind; a line that says so where nothing did."""
    sections = (
        ("About the edition", _facts(changes)),
        ("Chapters", _pages(changes)),
        ("Numbers", (_number(changes, each) for each in changes.numbers)),
        ("Statements", _statements(changes)),
        ("Papers", _papers(changes)),
        ("Figures and tables", map(_float, changes.floats)),
        ("Text", _texts(changes)),
    )
    for title, lines in sections:
        told = list(lines)
        if told:
            yield f"{title} ({len(told)})"
            yield from (f"  {line}" for line in told)
    if not changes.count:
        yield "Nothing has changed."


def _number(changes: Changes, change: NumberChange) -> str:
    is_same = same_number(change.before, change.after)
    note = ", the same number written differently" if is_same else ""
    return (
        f"{change.page}: {change.before} → {change.after}{note} ({because(change.causes)}): "
        f"“{with_names(words_around(change), changes.after.names)}”"
    )


def because(causes: Sequence[str]) -> str:
    """Return causes as words; which of several it was is not known."""
    return "because of " + " or ".join(causes) if causes else "for a reason that is not known"


def words_around(change: NumberChange) -> str:
    """Return the words before and after a number, where its text is longer than a line."""
    text = change.within
    start = text.rfind(" ", 0, max(0, change.at - _AROUND)) + 1
    end = text.find(" ", change.at + len(change.after) + _AROUND)
    cut = text[start : end if end > 0 else len(text)]
    return f"{'… ' if start else ''}{cut}{' …' if end > 0 else ''}"


def _float(change: FloatChange) -> str:
    if change.happened != "changed":
        return f"{change.id}: {change.happened}"
    return f"{change.id}: different {', '.join(change.what)} ({because(change.causes)})"


def fact_name(name: str) -> str:
    """Return what a fact of an edition is called."""
    return _FACTS.get(name, name)


def _facts(changes: Changes) -> Iterator[str]:
    for name, before, after in changes.facts:
        yield f"{fact_name(name)}: {before or 'none'} → {after or 'none'}"


def _pages(changes: Changes) -> Iterator[str]:
    for each in changes.pages:
        words = "at another address" if each.happened == "changed" else each.happened
        yield f"“{each.title}”: {words} ({each.addresses})"


def _statements(changes: Changes) -> Iterator[str]:
    for each in changes.statements:
        told = each.after or each.before or KeptStatement("", "")
        name = f"{told.kind} {told.id}".strip()
        if each.before and each.after:
            if each.before.text != each.after.text:
                yield f"{name}, reworded: {marked(each.before.text, each.after.text, changes)}"
            if each.before.papers != each.after.papers:
                old, new = ", ".join(each.before.papers), ", ".join(each.after.papers)
                yield f"{name} rests on other papers: {old or 'none'} → {new or 'none'}"
        else:
            names = (changes.after if each.after else changes.before).names
            yield f"{name}, {each.happened}: “{with_names(told.text, names)}”"


def _papers(changes: Changes) -> Iterator[str]:
    for words, papers in (("in", changes.papers_in), ("out", changes.papers_out)):
        for paper in papers:
            code = f"{paper.code}, " if paper.code else ""
            yield f"{words}: {code}{paper.name} ({paper.key})"
    for words, keys, names in (
        ("cited now", changes.cited, changes.after.names),
        ("not cited any more", changes.uncited, changes.before.names),
    ):
        yield from (f"{words}: {names.get(key, key)} ({key})" for key in keys)


def _texts(changes: Changes) -> Iterator[str]:
    for each in changes.texts:
        why = "" if each.causes in ((), (TEXT,)) else f" ({because(each.causes)})"
        what = f"{each.page}, {_kind(each.block)} {each.happened}{why}: "
        if each.before and each.after and each.happened == "changed":
            yield what + marked(each.before.text, each.after.text, changes)
        else:
            names = (changes.after if each.after else changes.before).names
            yield what + _shortened(with_names(each.block.text, names))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _kind(block: KeptBlock) -> str:
    kinds = {"text": "paragraph", "item": "list item", "row": "table row", "float": "place of"}
    return kinds.get(block.kind, block.kind)


def marked(before: str, after: str, changes: Changes) -> str:
    """Return two texts as one for a terminal: `[-gone-]` and `{+new+}`."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    names: dict[str, Mapping[str, str]] = {"gone": changes.before.names}
    return "".join(
        signs[piece.kind].format(with_names(piece.text, names.get(piece.kind, changes.after.names)))
        for piece in compare_words(before, after)
    )
