"""Documents written many at a time are those that pandoc writes one by one."""

import json
from pathlib import Path

import pytest

from reviewpress.assemble.reader import read_markdown
from reviewpress.engines.writing import Draft, _share, begin_drafts
from reviewpress.errors import EngineError
from reviewpress.extension import find_extension
from reviewpress.tools import run_pandoc

EXTENSION = find_extension(Path(__file__).resolve().parents[1])
TEXTS = (
    "# One {#sec-one}\n\nA word, `code`{.python}, and a note.[^1]\n\n[^1]: The note.\n",
    "```python\nx = 1  # highlighted\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
    '::: {.callout-note}\nMind *this*: $x^2$.\n:::\n\n![Drawn](a.svg){fig-alt="A drawing"}\n',
)


def documents(tmp_path: Path) -> list[str]:
    read = [read_markdown([(f"{n}.qmd", text)], cache_folder=tmp_path / "trees")[0]
            for n, text in enumerate(TEXTS)]  # fmt: skip
    return [json.dumps(each) for each in read]


@pytest.mark.parametrize("to", ["html5", "typst"])
def test_the_same_as_one_by_one(tmp_path: Path, to: str) -> None:
    """No document differs from what pandoc itself writes of it through the same filters."""
    sources = documents(tmp_path)
    drafts = [Draft(tmp_path / f"{n}.out", lambda s=source: s)  # type: ignore[misc]
              for n, source in enumerate(sources)]  # fmt: skip
    begin_drafts(drafts, to=to, extension=EXTENSION, root=tmp_path)()
    filters = [f"--lua-filter={path}" for path in EXTENSION.filters]
    command = ["--from", "json", "--to", to, "--wrap=preserve", *filters]
    for draft, source in zip(drafts, sources, strict=True):
        alone = run_pandoc(command, source, folder=tmp_path)
        assert draft.kept.read_text(encoding="utf-8").rstrip("\n") == alone.rstrip("\n")


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept.html"
    kept.write_text("kept")

    def make() -> str:
        raise AssertionError

    begin_drafts([Draft(kept, make)], to="html5", extension=EXTENSION, root=tmp_path)()
    assert kept.read_text() == "kept"


def test_a_warning_is_a_failure_and_nothing_is_kept(tmp_path: Path) -> None:
    """What pandoc cannot write would be missing from the report."""
    read = read_markdown([("m.qmd", "$\\nonsense{$\n")], cache_folder=tmp_path / "trees")
    draft = Draft(tmp_path / "m.html", lambda: json.dumps(read[0]))
    with pytest.raises(EngineError, match="nonsense"):
        begin_drafts([draft], to="html5", extension=EXTENSION, root=tmp_path)()
    assert not draft.kept.exists()


def test_documents_are_dealt_out_evenly() -> None:
    lengths = [9, 1, 1, 1, 5, 1]
    drafts = [(Draft(Path(str(n)), str), "x" * length) for n, length in enumerate(lengths)]
    shares = _share(drafts, 2)
    assert sorted(sum(len(text) for _, text in share) for share in shares) == [9, 9]
    assert len(_share(drafts[:1], 4)) == 1
