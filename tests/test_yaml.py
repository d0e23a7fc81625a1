"""YAML files: values, and the line of every key."""

from pathlib import Path

import pytest

from reviewpress.errors import ConfigError
from reviewpress.yaml import dump_yaml, load_yaml, read_yaml

TEXT = "a:\n  b: 1\n  list:\n    - first\n    - name: second\n'c d': é\n"


def test_lines_of_keys_and_items(tmp_path: Path) -> None:
    """A key has its line, a list's item too, however deep."""
    path = tmp_path / "x.yml"
    path.write_text(TEXT, encoding="utf-8")
    file = read_yaml(path, tmp_path)
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
        read_yaml(path, tmp_path)
    assert message in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is an author's mistake, not a traceback."""
    with pytest.raises(ConfigError, match="does not exist"):
        read_yaml(tmp_path / "x.yml", tmp_path)


def test_an_empty_file_has_no_keys(tmp_path: Path) -> None:
    """A file with nothing, or only a byte order mark, is an empty mapping."""
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xef\xbb\xbf")
    assert read_yaml(path, tmp_path).data == {}


def test_what_is_written_is_read_again() -> None:
    """Keys keep their order, letters their accents."""
    value = {"z": ["é", 1], "a": {"b": None}}
    assert load_yaml(dump_yaml(value)) == value
    assert dump_yaml(value).startswith("z:\n- é\n")
