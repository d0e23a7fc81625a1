"""The page that says how Reviewpress does beside other libraries: its own figures are current."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "beside-other-libraries.md"


def part(name: str, page: str = "") -> str:
    """Return what `make bench` wrote for a part."""
    text = page or PAGE.read_text(encoding="utf-8")
    found = re.search(f"<!-- make bench: {name} -->(.*)<!-- end: {name} -->", text, re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("name", ["ris", "duplicates"])
def test_figures_say_when_and_beside_what(name: str) -> None:
    """Above each table stand the day, the machine and the versions."""
    line = part(name).strip().split("\n")[0]
    assert re.fullmatch(
        r"Measured on \d+ \w+ 20\d\d \(.+\), beside [\w-]+ \d[\d.]+( and .+)?\.", line
    )


def test_the_figures_of_ris_are_current(load_script: Callable[[str], ModuleType]) -> None:
    """As many records of each kind of export are read as the page says."""
    bench = load_script("bench_ris")
    rows = re.findall(r"^\| (.+) \| (\d+) \| \d+ \|$", part("ris"), re.M)
    found = [(what, str(bench.read_right(text, works))) for what, text, _, works in bench.exports()]
    total = sum(int(count) for _, count in found)
    assert rows == [*found, ("**of 420 records**", str(total))]


def test_the_figures_of_duplicates_are_current(load_script: Callable[[str], ModuleType]) -> None:
    """Precision, recall and the rest are what the rules now give, but for the seconds."""
    bench = load_script("bench_duplicates")
    rows = re.findall(r"^\| (.+) \| reviewpress \| (.+) \| [\d.]+ \|$", part("duplicates"), re.M)
    found = [(one.name, bench.row(bench.find(one), one)) for one in bench.committed()]
    assert rows == [(name, row.rpartition(" | ")[0]) for name, row in found]


def test_figures_are_written_into_their_place(
    load_script: Callable[[str], ModuleType],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And nowhere else; a page without a place for them is refused."""
    peers = load_script("bench_peers")
    page = tmp_path / "page.md"
    monkeypatch.setattr(peers, "PAGES", (page,))
    before, after = "# Page\n\n", "\n\nThe end.\n"
    place = "<!-- make bench: ris -->\nold\n<!-- end: ris -->"
    page.write_text(before + place + after)
    peers.record("ris", "new")
    text = page.read_text()
    assert part("ris", text).strip() == "new"
    assert text.startswith(before)
    assert text.endswith(after)
    assert capsys.readouterr().out == "new\n\n"
    with pytest.raises(SystemExit, match="place for duplicates"):
        peers.record("duplicates", "new")


def test_exports_hold_what_they_say(load_script: Callable[[str], ModuleType]) -> None:
    """Each kind differs from the plain one, and all hold 20 works."""
    exports = list(load_script("bench_ris").exports())
    contents = [content for _, content, _, _ in exports]
    assert len(set(contents)) == len(contents) == 21
    assert {len(works) for *_, works in exports} == {20}
    for _, content, encoding, works in exports:
        text = re.sub(r"\s+", " ", content.decode(encoding)).casefold()
        assert all(doi in text for *_, doi in works)
