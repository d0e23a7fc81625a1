"""Documents written many at a time are those that pandoc writes one by one."""

import json
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from reviewpress.assemble.reader import MARKDOWN, read_markdown
from reviewpress.errors import EngineError
from reviewpress.extension import find_extension
from reviewpress.formats.writers import Draft, Writers, _Given, _share
from reviewpress.programs.tools import run_pandoc

EXTENSION = find_extension(Path(__file__).resolve().parents[1])
TEXTS = (
    "# One {#sec-one}\n\nA word, `code`{.python}, and a note.[^1]\n\n[^1]: The note.\n",
    "```python\nx = 1  # highlighted\n```\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n",
    '::: {.callout-note}\nMind *this*: $x^2$.\n:::\n\n![Drawn](a.svg){fig-alt="A drawing"}\n',
)


def write(drafts: Sequence[Draft], folder: Path, *, to: str, as_parts: bool = False) -> None:
    with Writers() as writers:
        writers.begin(drafts, to=to, extension=EXTENSION, root=folder, as_parts=as_parts,
                      then=lambda: None)()  # fmt: skip


@pytest.fixture(autouse=True)
def _modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pandoc that a test starts by itself finds the modules that filters share."""
    monkeypatch.setenv("LUA_PATH", f"{EXTENSION.folder}/filters/?.lua;;")


def documents(tmp_path: Path) -> list[str]:
    read = [read_markdown([(f"{n}.qmd", text)], store=tmp_path)[0]
            for n, text in enumerate(TEXTS)]  # fmt: skip
    return [json.dumps(each) for each in read]


@pytest.mark.parametrize("to", ["html5", "typst"])
def test_the_same_as_one_by_one(tmp_path: Path, to: str) -> None:
    """No document differs from what pandoc itself writes of it through the same filters."""
    sources = documents(tmp_path)
    drafts = [Draft(tmp_path / f"{n}.out", f"{n}", lambda s=source: s)  # type: ignore[misc]
              for n, source in enumerate(sources)]  # fmt: skip
    write(drafts, tmp_path, to=to)
    filters = [f"--lua-filter={path}" for path in EXTENSION.filters]
    command = ["--from", "json", "--to", to, "--wrap=preserve", "--mathml", *filters]
    for draft, source in zip(drafts, sources, strict=True):
        alone = run_pandoc(command, source, folder=tmp_path)
        assert draft.kept.read_text(encoding="utf-8").rstrip("\n") == alone.rstrip("\n")


def test_parts_of_word_are_the_whole(tmp_path: Path) -> None:
    """Chapters filtered for Word one by one, put together, are the document filtered whole."""
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    trees = [json.loads(source) for source in documents(tmp_path)]
    drafts = [Draft(tmp_path / f"{n}.json", f"{n}", lambda t=tree: json.dumps(t))  # type: ignore[misc]
              for n, tree in enumerate(trees)]  # fmt: skip
    write(drafts, tmp_path, to="docx", as_parts=True)
    parts = [json.loads(draft.kept.read_bytes())["blocks"] for draft in drafts]
    whole = {**trees[0], "blocks": [block for tree in trees for block in tree["blocks"]]}
    joined = {**trees[0], "blocks": [block for part in parts for block in part]}
    filters = [f"--lua-filter={path}" for path in EXTENSION.filters]
    assert word(whole, filters, tmp_path) == word(joined, [], tmp_path)


WORDS = """# One {#sec-one}

Two words, *two more* and ‘*quoted*’ ones; it’s "so", a\\ b, `two codes`, a<b & 5 > 3
over a line. Ends in a colon:

- 1\\. first (a) item
- = second / third // fourth

| 1. a word | b c |
|-----------|-----|
| 2\\. two words | 3. |
| **4. Strong words** | _x y_ |

A note.[^1] A \\"quoted\\" back\\\\slash {"t":"Space"}.

[^1]: Two words.
"""


@pytest.mark.parametrize("to", ["html5", "typst", "docx"])
def test_joined_words_are_written_as_single_ones_are(tmp_path: Path, to: str) -> None:
    """That the framework joins the words of a text shows in no format."""
    [joined] = read_markdown([("a.qmd", WORDS)], store=tmp_path)
    single = json.loads(run_pandoc(["--from", MARKDOWN, "--to", "json"], WORDS, folder=tmp_path))
    assert len(json.dumps(joined)) < 0.8 * len(json.dumps(single))
    filters = [f"--lua-filter={path}" for path in EXTENSION.filters]
    if to == "docx":
        assert word(joined, filters, tmp_path) == word(single, filters, tmp_path)
        return
    command = ["--from", "json", "--to", to, "--wrap=preserve", *filters]
    assert run_pandoc(command, json.dumps(joined), folder=tmp_path) == run_pandoc(
        command, json.dumps(single), folder=tmp_path
    )


def test_what_follows_goes_on_before_what_was_begun_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes after the last part of its own, and what it makes is handed over."""
    # With several at once, what was begun later may end first.
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    order: list[str] = []

    def begin(writers: Writers, name: str) -> Callable[[], str]:
        drafts = [Draft(tmp_path / f"{name}{n}.html", "", lambda: documents(tmp_path)[0])
                  for n in range(3)]  # fmt: skip

        def then() -> str:
            assert all(draft.kept.exists() for draft in drafts)
            order.append(name)
            return f"made of {name}"

        return writers.begin(drafts, to="html5", extension=EXTENSION, root=tmp_path, then=then)

    with Writers() as writers:
        waits = [begin(writers, name) for name in ("first", "second", "third")]
        assert [wait() for wait in waits] == ["made of first", "made of second", "made of third"]
    assert order == ["first", "second", "third"]


def test_an_error_of_what_follows_is_told(tmp_path: Path) -> None:
    """To who waits, and nobody waits for good."""

    def then() -> None:
        raise EngineError("no PDF.")

    with Writers() as writers, pytest.raises(EngineError, match="no PDF"):
        writers.begin([], to="html5", extension=EXTENSION, root=tmp_path, then=then)()


def word(tree: dict[str, Any], filters: list[str], folder: Path) -> bytes:
    command = ["--from", "json", "--to", "docx", "--output=a.docx", *filters]
    run_pandoc(command, json.dumps(tree), folder=folder)
    with zipfile.ZipFile(folder / "a.docx") as archive:
        return archive.read("word/document.xml")


def test_what_was_begun_after_an_error_is_not_written(tmp_path: Path) -> None:
    """An edition that fails ends soon: pandocs that wait for their turn are not started."""
    slow = [Draft(tmp_path / f"{n}.html", "", lambda: documents(tmp_path)[0]) for n in range(40)]
    writers = Writers()
    waits = [
        writers.begin([draft], to="html5", extension=EXTENSION, root=tmp_path, then=list)
        for draft in slow
    ]
    writers.__exit__(ValueError)
    assert not all(draft.kept.exists() for draft in slow)
    with pytest.raises(CancelledError):
        waits[-1]()


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    kept = tmp_path / "kept.html"
    kept.write_text("kept")

    def make() -> str:
        raise AssertionError

    write([Draft(kept, "", make)], tmp_path, to="html5")
    assert kept.read_text() == "kept"


def test_two_formats_of_one_source_make_it_once(tmp_path: Path) -> None:
    made = []

    def make() -> str:
        made.append(1)
        return documents(tmp_path)[0]

    drafts = {to: Draft(tmp_path / to, "source", make) for to in ("typst", "html5")}
    with Writers() as writers:
        for to, draft in drafts.items():
            writers.begin([draft], to=to, extension=EXTENSION, root=tmp_path, then=lambda: None)()
    assert len(made) == 1
    texts = [draft.kept.read_text(encoding="utf-8") for draft in drafts.values()]
    assert texts[0] != texts[1]


def test_a_warning_is_a_failure_and_nothing_is_kept(tmp_path: Path) -> None:
    """What pandoc cannot write would be missing from the report."""
    read = read_markdown([("m.qmd", "$\\nonsense{$\n")], store=tmp_path)
    draft = Draft(tmp_path / "m.html", "", lambda: json.dumps(read[0]))
    with pytest.raises(EngineError, match="nonsense"):
        write([draft], tmp_path, to="html5")
    assert not draft.kept.exists()


@pytest.mark.parametrize(
    ("lengths", "sizes", "expected"),
    [
        ([9, 1, 1, 1, 5, 1], [1, 1], [9, 9]),
        ([1] * 12, [1 / 2, 1 / 2, 1 / 4, 1 / 4], [4, 4, 2, 2]),
        ([7], [1, 1, 1], [7]),
        ([], [1, 1], []),
    ],
)
def test_documents_are_dealt_out_by_length(
    lengths: list[int], sizes: list[float], expected: list[int]
) -> None:
    """Evenly, or in proportion to what shares are to be; no share is empty."""
    documents = [_Given(Draft(Path(), "", str), Path(), Path(), length) for length in lengths]
    shares = _share(documents, sizes)
    assert [sum(given.size for given in share) for share in shares] == expected


def test_a_filter_that_fails_leaves_nothing_to_the_next_document(
    project: Any, reviewpress: Any
) -> None:
    """A pandoc that lives on knows no module of the format that it failed in."""
    root = project(runs=False)
    settings = (root / "_quarto.yml").read_text("utf-8")
    (root / "bad.lua").write_text('function Para() error("no") end\n', "utf-8")
    (root / "_quarto.yml").write_text(f"{settings}filters: [quarto, bad.lua]\n", "utf-8")
    assert reviewpress("render --to html", cwd=root).status == 1
    (root / "_quarto.yml").write_text(settings, "utf-8")
    # Whichever pandoc gets it: each chapter has a picture.
    for name in ("a.svg", "chapters/a.svg"):
        (root / name).write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
        Image.new("RGB", (8, 8)).save((root / name).with_suffix(".png"))
    picture = '\n\n![Drawn](a.svg){fig-alt="A drawing"}\n'
    for path in (root / "index.qmd", root / "chapters/references.qmd"):
        path.write_text(path.read_text("utf-8") + picture, "utf-8")
    notebook = json.loads((root / "chapters/findings.ipynb").read_text("utf-8"))
    notebook["cells"][0]["source"] = [*notebook["cells"][0]["source"], picture]
    (root / "chapters/findings.ipynb").write_text(json.dumps(notebook), "utf-8")
    done = reviewpress("render --to docx", cwd=root)
    assert done.status == 0, done.stderr
