"""The accessibility statement that `accessibility:` in `_quarto.yml` makes.

It has the parts of the model statement for the public sector of the United Kingdom: who is
responsible, how far the guidelines are met, what fails which criterion and why, whom to write to,
who enforces, when it was prepared, tested and reviewed. What is not said is not made up.
"""

import re
from collections.abc import Iterator, Mapping

from reviewpress.config import Config
from reviewpress.labels import Labels, load_labels
from reviewpress.markdown import Markdown, escape
from reviewpress.shapes import Plain, as_list, as_mapping

KEY = "accessibility"
ANCHOR = "sec-accessibility-"
"""How the ids of the statement's headings begin."""
# An address that is in no link yet.
_EMAIL = re.compile(r"(?<![\w.+<:\[/-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+(?![\w>\]-])")
_WANTED = ("body", "status", "contact", "enforcement", "prepared", "reviewed", "tested")


def say_accessibility(config: Config) -> Markdown:
    """Return the statement, in the review's language."""
    labels = load_labels(config)
    said = as_mapping(config.settings.other.get(KEY))
    body = str(said.get("body") or config.publication.publisher or ", ".join(config.author_names))
    title = escape(config.title)
    parts = [labels.fill("statement-scope", title=title, body=escape(body))]
    for name, lines in _sections(said, labels):
        parts += [f"## {labels[f'statement-{name}']} {{#{ANCHOR}{name}}}", *lines]
    return Markdown("\n\n".join(parts))


def missing_facts(config: Config) -> list[str]:
    """Return the keys that a statement needs and the review does not have, in order."""
    said = as_mapping(config.settings.other.get(KEY))
    missing = [name for name in _WANTED if not said.get(name)]
    if said.get("status") == "not-tested":
        missing = [name for name in missing if name != "tested"]
    failures = [as_mapping(each) for each in as_list(said.get("failures"))]
    if said.get("status") in ("partial", "none") and not failures:
        missing.append("failures")
    for number, each in enumerate(failures, start=1):
        lacks = [name for name in ("criterion", "reason") if not each.get(name)]
        missing += [f"failures, {number}: {name}" for name in lacks]
    return missing


def is_contradictory(config: Config) -> bool:
    """Say whether a statement claims that all is met, and lists what fails."""
    said = as_mapping(config.settings.other.get(KEY))
    return said.get("status") == "full" and bool(said.get("failures"))


def _sections(said: Mapping[str, Plain], labels: Labels) -> Iterator[tuple[str, list[str]]]:
    """Yield each part with its paragraphs, but for those of which nothing is said."""
    parts = {
        "status": [labels[f"statement-{said.get('status') or 'not-tested'}"]],
        "failures": ["\n".join(_failures(said, labels))],
        "contact": [*_contact(said, labels)],
        "enforcement": [str(said.get("enforcement") or "")],
        "preparation": [" ".join(_dates(said, labels))],
    }
    for name, lines in parts.items():
        told = [line for line in lines if line]
        if told:
            yield name, told


def _failures(said: Mapping[str, Plain], labels: Labels) -> Iterator[str]:
    for each in map(as_mapping, as_list(said.get("failures"))):
        criterion = each.get("criterion")
        parts = [str(each.get("what") or "").strip()]
        if criterion:
            parts.append(labels.fill("statement-criterion", criterion=criterion))
        parts.append(str(each.get("reason") or "").strip())
        yield "- " + " ".join(part for part in parts if part)


def _contact(said: Mapping[str, Plain], labels: Labels) -> Iterator[str]:
    if said.get("contact"):
        contact = _EMAIL.sub(r"<\g<0>>", str(said["contact"]))
        yield labels.fill("statement-write", contact=contact)
    if said.get("answer-within"):
        yield labels.fill("statement-answer", days=said["answer-within"])


def _dates(said: Mapping[str, Plain], labels: Labels) -> Iterator[str]:
    for name in ("prepared", "reviewed", "tested"):
        date = labels.date(str(said.get(name) or ""))
        by = said.get("tested-by") if name == "tested" else None
        if date and by:
            yield labels.fill("statement-tested-by", date=date, tester=escape(str(by)))
        elif date:
            yield labels.fill(f"statement-{name}", date=date)
