"""Every reader with spoiled files, for a moment; `make fuzz` does so for an hour."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "fuzz.py"
MOMENT = 1.5


def _load() -> Any:
    found = importlib.util.spec_from_file_location("fuzz", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules["fuzz"] = module
    found.loader.exec_module(module)
    return module


fuzz = _load()


@pytest.mark.parametrize("name", fuzz.READERS)
def test_spoiled_files(name: str) -> None:
    """None ends in a traceback, takes ten seconds, or loses a record without a word."""
    outcome = fuzz.fuzz(name, MOMENT, seed=3)
    assert outcome.files > 3
    assert outcome.found == []


def test_what_is_wrong_is_found() -> None:
    """A reader that raises, or drops what was not touched, does not pass."""
    drops = fuzz.Reader([], lambda content: content[:20], ())
    outcome = fuzz.Outcome()
    assert fuzz.feed(drops, b"", ["Zebra5quagga"], outcome).startswith("Lost: 1 of 1")
    raises = fuzz.Reader([b"x"], lambda content: content.decode("ascii"), ())
    assert fuzz.feed(raises, b"\xff", [], outcome).startswith("UnicodeDecodeError")


def test_two_records_that_became_one_are_rejected() -> None:
    """Where the line between two NBIB records is damaged, neither is lost without a word."""
    head, records, tail = fuzz.READERS["nbib"].records
    joined = records[0].rstrip() + b"\n{" + records[1]
    reading = fuzz.READERS["nbib"].read(head + joined + tail)
    assert "has 2 titles" in str(reading.rejected)
