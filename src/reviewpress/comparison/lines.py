"""What changed as lines for a terminal."""

from collections.abc import Iterator, Mapping

from reviewpress.comparison.causes import TEXT
from reviewpress.comparison.changes import Changes, FloatChange, NumberChange
from reviewpress.comparison.phrases import because, terminal_labels
from reviewpress.comparison.wording import compare_words, same_number, with_names
from reviewpress.edition import KeptBlock, KeptStatement
from reviewpress.labels import Labels

_AROUND, _LONGEST = 40, 160


def change_lines(changes: Changes) -> Iterator[str]:
    """Yield what changed, a heading above each kind; a line that says so where nothing did."""
    labels = terminal_labels()
    sections = (
        ("diff-edition", _facts(changes, labels)),
        ("diff-chapters", _pages(changes)),
        ("diff-numbers", (_number(changes, each, labels) for each in changes.numbers)),
        ("diff-statements", _statements(changes)),
        ("diff-papers", _papers(changes)),
        ("provenance-figures", (_float(each, labels) for each in changes.floats)),
        ("diff-texts", _texts(changes, labels)),
    )
    for title, lines in sections:
        told = list(lines)
        if told:
            yield f"{labels[title]} ({len(told)})"
            yield from (f"  {line}" for line in told)
    if not changes.count:
        yield labels["diff-nothing"]


def _number(changes: Changes, change: NumberChange, labels: Labels) -> str:
    is_same = same_number(change.before, change.after)
    note = f", {labels['diff-same-number']}" if is_same else ""
    why = because(change.causes, labels)
    around = with_names(words_around(change), changes.after.names)
    return f"{change.page}: {change.before} → {change.after}{note} ({why}): “{around}”"


def words_around(change: NumberChange) -> str:
    """Return the words before and after a number, where its text is longer than a line."""
    text = change.within
    start = text.rfind(" ", 0, max(0, change.at - _AROUND)) + 1
    end = text.find(" ", change.at + len(change.after) + _AROUND)
    cut = text[start : end if end > 0 else len(text)]
    return f"{'… ' if start else ''}{cut}{' …' if end > 0 else ''}"


def _float(change: FloatChange, labels: Labels) -> str:
    if change.happened != "changed":
        return f"{change.id}: {change.happened}"
    return f"{change.id}: {differs(change, labels)} ({because(change.causes, labels)})"


def differs(change: FloatChange, labels: Labels) -> str:
    """Return in words what of a figure or table is another."""
    return labels.fill("diff-differs", parts=", ".join(map(labels.__getitem__, change.what)))


def _facts(changes: Changes, labels: Labels) -> Iterator[str]:
    for name, before, after in changes.facts:
        yield f"{labels[f'diff-fact-{name}']}: {before or 'none'} → {after or 'none'}"


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


def _texts(changes: Changes, labels: Labels) -> Iterator[str]:
    for each in changes.texts:
        why = "" if each.causes in ((), (TEXT,)) else f" ({because(each.causes, labels)})"
        what = f"{each.page}, {_kind(each.block, labels)} {each.happened}{why}: "
        if each.before and each.after and each.happened == "changed":
            yield what + marked(each.before.text, each.after.text, changes)
        else:
            names = (changes.after if each.after else changes.before).names
            yield what + _shortened(with_names(each.block.text, names))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rpartition(' ')[0]} …"


def _kind(block: KeptBlock, labels: Labels) -> str:
    return "place of" if block.kind == "float" else labels[f"diff-kind-{block.kind}"]


def marked(before: str, after: str, changes: Changes) -> str:
    """Return two texts as one for a terminal: `[-gone-]` and `{+new+}`."""
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    names: dict[str, Mapping[str, str]] = {"gone": changes.before.names}
    return "".join(
        signs[piece.kind].format(with_names(piece.text, names.get(piece.kind, changes.after.names)))
        for piece in compare_words(before, after)
    )
