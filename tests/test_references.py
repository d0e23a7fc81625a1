"""The references that an edition can cite, as pandoc reads them."""

from pathlib import Path
from typing import Any

import pytest

from reviewpress import reference_reader
from reviewpress.config import load_config
from reviewpress.errors import OutOfTime
from reviewpress.imports import import_records
from reviewpress.references import load_references


def test_abstracts_of_waiting_records_are_not_given_to_pandoc(
    project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands may wait: what no style publishes would take gigabytes; all else is as before."""
    config = load_config(project(runs=False))
    export = tmp_path / "export.ris"
    export.write_text(
        "TY  - JOUR\nAU  - Neu, N.\nTI  - A new study of {care}\nJO  - Journal of Tests\n"
        "PY  - 2021\nSP  - 3\nAB  - A long abstract.\nER  -\n"
    )
    import_records(config, [export])
    given: list[str] = []
    run = reference_reader.run_pandoc

    def note(arguments: list[str], text: str, **options: Any) -> Any:
        given.append(text)
        return run(arguments, text, **options)

    monkeypatch.setattr(reference_reader, "run_pandoc", note)
    index = load_references(config)
    before = config.bibliography[0].read_text()
    assert "A long abstract" in before
    assert "A long abstract" not in given[0]
    assert given[0].startswith(before[: before.index("@article{neu2021")])
    item = index.csl["neu2021"]
    assert (item["title"], item["container-title"]) == ("A new study of {care}", "Journal of Tests")
    assert (item["page"], index.references["neu2021"].label) == ("3", "Neu (2021)")


def test_a_bibliography_that_takes_too_long_is_named(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its time grows with its size, as that of everything else does."""
    config = load_config(project(runs=False))
    given: list[float] = []

    def slow(arguments: list[str], text: str, *, seconds: float, **_: Any) -> str:
        given.append(seconds)
        assert seconds == config.limits.program(len(text))
        raise OutOfTime("pandoc", seconds)

    monkeypatch.setattr(reference_reader, "run_pandoc", slow)
    with pytest.raises(OutOfTime, match=r"references\.bib: pandoc was stopped after 120 seconds"):
        load_references(config)
    assert len(given) == 1
