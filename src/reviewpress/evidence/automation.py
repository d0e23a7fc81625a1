"""AI and automation: what made or suggested judgements, and what is said of it.

    reviewpress:
      automation:
        - tool: ASReview
          version: "2.2"
          step: screening titles and abstracts
          checked-by: AB and CD
          stopping-rule: 100 irrelevant records in a row

Cochrane, Campbell, JBI and CEE ask since October 2025 that any such use be reported
(Flemyng et al. 2025, 10.1002/cl2.70074). An empty list says that there was none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reviewpress.errors import Place, Problem
from reviewpress.evidence.data import Evidence
from reviewpress.evidence.decisions import AUTOMATION, FILE, is_tool, read_screening
from reviewpress.labels import load_labels
from reviewpress.languages import tag_for
from reviewpress.markdown import Markdown, escape
from reviewpress.shapes import Plain, as_list, as_mapping

KEY = "automation"
_WHERE = Place("_quarto.yml")


@dataclass(frozen=True, slots=True)
class Tool:
    """One use of a tool: what, in which version, for which step, and who checked what it gave."""

    name: str
    version: str = ""
    step: str = ""
    checked_by: str = ""
    stopping_rule: str = ""
    note: str = ""


def read_automation(evidence: Evidence) -> tuple[Tool, ...] | None:
    """Return the tools that the review says it used; None where it says nothing."""
    said = evidence.config.settings.other.get(KEY)
    if said is None:
        return None
    lang = evidence.config.lang
    return tuple(_tool(as_mapping(item), lang) for item in as_list(said))


def _tool(item: Mapping[str, Plain], lang: str) -> Tool:
    def text(name: str) -> str:
        value = item.get(name)
        if isinstance(value, Mapping):
            tag = tag_for(value, lang)
            value = value[tag] if tag else next(iter(value.values()), "")
        return "" if value is None else str(value)

    return Tool(
        text("tool"), text("version"), text("step"), text("checked-by"), text("stopping-rule"),
        text("note"),
    )  # fmt: skip


def say_automation(evidence: Evidence) -> Markdown:
    """Return the statement on AI and automation, in the review's language.

    Empty where the review says nothing of it.
    """
    tools = read_automation(evidence)
    labels = load_labels(evidence.config)
    if tools is None:
        return Markdown("")
    if not tools:
        return Markdown(labels["automation-none"])
    paragraphs = []
    for tool in tools:
        name = escape(" ".join(filter(None, (tool.name, tool.version))))
        said = [labels.fill("automation-used", tool=name, step=escape(tool.step))]
        if tool.stopping_rule:
            rule = escape(tool.stopping_rule.rstrip("."))
            said.append(labels.fill("automation-stopped", rule=f"{rule}."))
        people = escape(tool.checked_by)
        said.append(
            labels.fill("automation-checked", people=people)
            if people
            else labels["automation-unchecked"]
        )
        paragraphs.append(" ".join([*said, escape(tool.note)]).strip())
    return Markdown("\n\n".join(paragraphs))


def check_automation(evidence: Evidence) -> Iterator[Problem]:
    """Yield a problem for records that no reviewer saw without a rule, and for tools as reviewers.

    Raises what reading the decisions raises.
    """
    tools = read_automation(evidence)
    names = {tool.name.casefold(): tool.name for tool in tools or () if tool.name}
    if not evidence.holds(FILE):
        return
    votes = read_screening(evidence).votes
    unseen = [vote for vote in votes if vote.reviewer == AUTOMATION]
    if unseen and not any(tool.stopping_rule for tool in tools or ()):
        records = "1 record was" if len(unseen) == 1 else f"{len(unseen)} records were"
        message = (
            f"{records} not seen by a reviewer, and the review does not say by"
            " which rule screening was stopped."
        )
        hint = "Say it in _quarto.yml: `stopping-rule:` of a tool under `reviewpress: automation:`."
        yield Problem("automation", message, Place(FILE, row=unseen[0].row), hint)
    for vote in votes:
        if vote.reviewer.casefold() in names or is_tool(vote.reviewer):
            message = f'"{vote.reviewer}" is a tool, and no reviewer.'
            hint = "What a tool suggests belongs in the column `suggestion`."
            yield Problem("automation", message, Place(FILE, row=vote.row, column="reviewer"), hint)
            return
