"""Keys of the brand that have no effect."""

from pathlib import Path

import pytest

from reviewpress.brand_keys import find_idle_keys

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "colour: {ink: red}\n",
            'line 1: unknown key "colour": it has no effect. Did you mean "co',
        ),
        ("color:\n  primry: ink\n", 'line 2: unknown key "color: primry": it has no effect'),
        ("typography:\n  base:\n    size: 12pt\n", 'line 3: the key "typography: base: size" has'),
        ("typography:\n  link: {weight: bold}\n", 'line 2: the key "typography: link" has no'),
        ("logo:\n  smal: x.png\n", 'line 2: unknown key "logo: smal"'),
        ("defaults:\n  reviewpress:\n    drak: {}\n", 'Did you mean "dark"?'),
    ],
)
def test_a_key_in_vain_is_named_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    """Nothing that a brand asks for is left out without a word."""
    (tmp_path / "_brand.yml").write_text(text, "utf-8")
    (problem,) = find_idle_keys(tmp_path / "_brand.yml", tmp_path)
    assert problem.severity == "warning"
    assert message in str(problem)


def test_what_is_obeyed_or_only_describes_is_not_named(tmp_path: Path) -> None:
    """Names of the palette, other programs' defaults and what describes the brand are fine."""
    text = (
        "meta: {name: A body}\ncolor: {palette: {any: '#000000'}, primary: any}\n"
        "typography: {base: {family: A, line-height: 1.5}, headings: B}\nlogo: x.png\n"
        "defaults: {bootstrap: {any: 1}, reviewpress: {charts: [any]}}\n"
    )
    (tmp_path / "_brand.yml").write_text(text, "utf-8")
    assert list(find_idle_keys(tmp_path / "_brand.yml", tmp_path)) == []
    assert list(find_idle_keys(ROOT / "_brand.yml", ROOT)) == []
