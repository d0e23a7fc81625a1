"""YAML files: values, and the line of every key."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from reviewpress.assemble.front_matter import read_front_matter
from reviewpress.errors import ChapterError, ConfigError, Problems
from reviewpress.shapes import ANYTHING
from reviewpress.yaml import dump_yaml, load_yaml, read_yaml

TEXT = "a:\n  b: 1\n  list:\n    - first\n    - name: second\n'c d': é\n"


def test_lines_of_keys_and_items(tmp_path: Path) -> None:
    """A key has its line, a list's item too, however deep."""
    path = tmp_path / "x.yml"
    path.write_text(TEXT, encoding="utf-8")
    file = read_yaml(path, tmp_path, ANYTHING)
    assert file.data == {"a": {"b": 1, "list": ["first", {"name": "second"}]}, "c d": "é"}
    assert [file.line(key) for key in (("a",), ("a", "b"), ("c d",), ("no",))] == [1, 2, 6, None]
    assert file.line(("a", "list"), "first") == 4
    assert file.line(("a", "list"), "missing") == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: b: c\n", "x.yml, line 1: not valid YAML: mapping values are not allowed"),
        (b"- a\n", "x.yml, line 1: the file is not a list of keys and values."),
        (b"a: \xff\n", "x.yml: the file is not UTF-8 (byte 4)."),
        (b"a: 2026-02-31\n", "x.yml"),
        (b"a: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
    ],
)
def test_what_cannot_be_read(content: bytes, message: str, tmp_path: Path) -> None:
    """The file and the line are named; nothing in a file is ever called."""
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_yaml(path, tmp_path, ANYTHING)
    assert message in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is an author's mistake, not a traceback."""
    with pytest.raises(ConfigError, match="does not exist"):
        read_yaml(tmp_path / "x.yml", tmp_path, ANYTHING)


def test_an_empty_file_has_no_keys(tmp_path: Path) -> None:
    """A file with nothing, or only a byte order mark, is an empty mapping."""
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xef\xbb\xbf")
    assert read_yaml(path, tmp_path, ANYTHING).data == {}


def test_what_is_written_is_read_again() -> None:
    """Keys keep their order, letters their accents."""
    value = {"z": ["é", 1], "a": {"b": None}}
    assert load_yaml(dump_yaml(value)) == value
    assert dump_yaml(value).startswith("z:\n- é\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 'line 3: the key "a" is given twice'),
        ("a:\n  b: 2026-13-45\n", 'line 2: "2026-13-45" is not a value that YAML has: month'),
        ("a:\n  - " + "9" * 5000 + "\n", "line 2: the YAML cannot be used: a number has too many"),
        ("a: 0x" + "f" * 5000 + "\n", "line 1: the YAML cannot be used: a number has too many"),
        ("a: 1\n~: 5\n", "line 2: the key ~ is not a name"),
        ("a: 1\n2026-01-31: 5\n", "line 2: the key 2026-01-31 is not a name"),
        ("a: 1\n? [b]\n: 5\n", "line 2: the key this is not a name"),
        ("a: &a\n  b: *a\n", "line 2: the YAML cannot be used: an alias repeats what it is in"),
        ("<<: 5\n", "line 1: not valid YAML"),
        ("a: !!set {b}\n", 'line 1: "a" takes text, numbers, lists'),
        ("a: *b\n", "line 1: not valid YAML"),
    ],
)
def test_what_yaml_can_say_and_nobody_means(text: str, message: str, tmp_path: Path) -> None:
    """What YAML allows and no author wants is a message with its line."""
    path = tmp_path / "x.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((ConfigError, Problems)) as caught:
        read_yaml(path, tmp_path, ANYTHING)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "a: " + "{b: " * 200 + "1" + "}" * 200,
        "".join(" " * n + "a:\n" for n in range(100)),
        "- " * 2000 + "a\n",
        "? " * 2000 + "a\n",
    ],
)
def test_what_nests_too_deeply(text: str) -> None:
    """Levels beyond reason are refused before a value is made of them."""
    with pytest.raises(ConfigError, match="more than 50 levels"):
        load_yaml(text)


@pytest.mark.parametrize("merged", [False, True])
def test_aliases_that_multiply(merged: bool) -> None:
    """A few lines that grow to a billion items are refused at once."""
    lines = ["a0: &a0 {k: [1, 1, 1, 1, 1, 1, 1, 1, 1]}"]
    for n in range(1, 12):
        again = f"*a{n - 1}"
        inner = ", ".join(f"k{m}: {again}" for m in range(9))
        lines.append(f"a{n}: &a{n} {{{'<<: ' + again + ', ' if merged else ''}{inner}}}")
    started = time.monotonic()
    with pytest.raises(ConfigError, match="aliases repeat too much"):
        load_yaml("\n".join(lines))
    assert time.monotonic() - started < 1


def test_aliases_of_a_vocabulary() -> None:
    """An alias where an author wants one is no bomb, and merge keys merge."""
    text = "a: &a {x: 1, y: [2]}\nb: {<<: *a, x: 3}\nc: [*a, *a]\n"
    assert load_yaml(text)["b"] == {"x": 3, "y": [2]}


def test_aliases_of_a_long_text() -> None:
    """A long text, too, is not repeated until it fills the memory."""
    text = "a: &a " + "x" * 100_000 + "\nb: [" + ", ".join(["*a"] * 3000) + "]\n"
    with pytest.raises(ConfigError, match="line 2: the YAML cannot be used: its aliases repeat"):
        load_yaml(text)


def test_a_key_that_is_a_list() -> None:
    """A list for a key is not shown as Python has it, also where it stands there twice."""
    with pytest.raises(Problems, match="line 1: the key this is not a name"):
        load_yaml("? &a [1, 2]\n: 1\n? *a\n: 2\n")


@pytest.mark.parametrize(
    ("yaml", "said"),
    [("a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n", "its aliases repeat too much"),
     ("date: 2023-02-31\n", '"2023-02-31" is not a value that YAML has')],
)  # fmt: skip
def test_front_matter_says_why_it_cannot_be_used(yaml: str, said: str) -> None:
    """With the chapter's line, as the other YAML files do."""
    many = "".join(f"{n}: &{n} [{', '.join(['*' + p] * 10)}]\n" for p, n in pairwise("abcdefg"))
    text = f"---\ntitle: A\n{yaml}{many if '&' in yaml else ''}---\n"
    with pytest.raises(ChapterError, match=rf"index\.qmd, line \d+: of its front matter, .*{said}"):
        read_front_matter(text, "index.qmd")


def test_front_matter_that_never_ends() -> None:
    """It would be a rule and a paragraph; a text that begins with a rule is none."""
    said = "index.qmd, line 1: its front matter never ends. Write a line `---`"
    with pytest.raises(ChapterError, match=said):
        read_front_matter("---\ntitle: A\nauthor: B\n\n# A\n\nWords.\n", "index.qmd")
    assert read_front_matter("---\n\nTitle: words after a rule.\n", "index.qmd").data == {}


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a:\n  b: 1\n  \tc: 2\n"])
def test_a_tab_before_a_key_is_named(text: str) -> None:
    """YAML has no tabs there, and nobody sees one."""
    with pytest.raises(ConfigError, match="The line begins with a tab: indent it with spaces"):
        load_yaml(text)
