"""The registry of rules: complete, and the only place that says how grave a problem is."""

import ast
from collections.abc import Iterator
from pathlib import Path

from reviewpress.rules import RULES

SOURCES = sorted((Path(__file__).parents[1] / "src" / "reviewpress").rglob("*.py"))


def named_rules() -> Iterator[tuple[str, str]]:
    """Yield each rule that the code names where it makes a problem, with its file."""
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            value: object = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                value = node.args[0] if node.func.id == "Problem" and node.args else None
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                is_rule = node.targets[0].id in ("rule", "_RULE")
                value = node.value if is_rule else None
            if isinstance(value, ast.IfExp):
                value = value.body
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, path.name


def test_every_rule_that_the_code_names_is_registered() -> None:
    """A problem of a rule that nobody registered could be neither looked up nor acknowledged."""
    named = list(named_rules())
    assert len(named) > 60
    assert not [(rule, file) for rule, file in named if rule not in RULES]


def test_every_registered_rule_is_used() -> None:
    """No rule stays in the guide that no code can break."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCES if path.name != "rules.py")
    assert not [name for name in RULES if f'"{name}"' not in text]


def test_what_readers_would_meet_broken_cannot_be_acknowledged() -> None:
    """Citations, cross-references, links and alternative texts have to be mended."""
    for name in ("unknown-citation", "unresolved-reference", "dead-link", "alt-text", "wcag"):
        assert not RULES[name].may_be_acknowledged
