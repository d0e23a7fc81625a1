"""The references that an edition can cite, as pandoc reads them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reviewpress import reference_reader, references
from reviewpress.config import load_config
from reviewpress.errors import BibliographyError, OutOfTime, Problems
from reviewpress.imports import import_records
from reviewpress.references import load_aliases, load_references


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


BOOK = """\
project: {type: book}
book: {title: T, chapters: [index.qmd, parts/a.qmd, parts/b.ipynb]}
bibliography: shared.bib
"""
WORK = "@book{%s, author = {Ash, Ann}, title = {T}, publisher = {P}, year = {2020}}\n"
NOTEBOOK = (
    '{"cells": [{"cell_type": "raw", "metadata": {}, "source": "---\\ntitle: B\\n'
    'bibliography: [../top.bib, own.bib]\\n---"}], "metadata": {}, "nbformat": 4}'
)


def write_book(root: Path, own: str = "own2021") -> Path:
    """Write a book whose chapters have bibliographies of their own."""
    (root / "parts").mkdir()
    files = {
        "_quarto.yml": BOOK,
        "index.qmd": "# Start\n",
        "parts/a.qmd": "---\ntitle: A\nbibliography: own.bib\n---\n",
        "parts/b.ipynb": NOTEBOOK,
        "shared.bib": WORK % "shared2020",
        "top.bib": WORK % "top2022",
        "parts/own.bib": WORK % own,
    }
    for name, text in files.items():
        (root / name).write_text(text, "utf-8")
    return root


def test_bibliographies_of_chapters_join_the_others(tmp_path: Path) -> None:
    """Each once, its address from the chapter's folder on, in `.qmd` and in notebooks."""
    config = load_config(write_book(tmp_path))
    names = [path.relative_to(tmp_path).as_posix() for path in config.bibliography]
    assert names == ["shared.bib", "parts/own.bib", "top.bib"]
    assert {*load_references(config).references} == {"shared2020", "own2021", "top2022"}


def test_addresses_are_read_as_reference_managers_escape_them(tmp_path: Path) -> None:
    """Mendeley and EndNote write the marks of LaTeX into them, which would end in dead links."""
    write_book(tmp_path)
    fields = r"doi = {10.1000/978-3{\_}7}, url = {https://x.org/a{\_}b\_c\%20d{\&}e/{~}f$\sim$g},"
    work = (WORK % "shared2020").replace("{shared2020,", "{shared2020, " + fields)
    (tmp_path / "shared.bib").write_text(work, "utf-8")
    item = load_references(load_config(tmp_path)).csl["shared2020"]
    assert (item["DOI"], item["URL"]) == ("10.1000/978-3_7", "https://x.org/a_b_c%20d&e/~f~g")


def test_a_key_of_two_bibliographies_is_reported(tmp_path: Path) -> None:
    """Only one of the entries would be published."""
    config = load_config(write_book(tmp_path, own="shared2020"))
    with pytest.raises(Problems, match=r'the key "shared2020" is in shared\.bib already'):
        load_references(config)


def test_a_bibliography_that_a_chapter_lacks_is_reported(tmp_path: Path) -> None:
    """With the chapter; one outside the review too."""
    root = write_book(tmp_path)
    (root / "top.bib").unlink()
    with pytest.raises(
        Problems, match=r"parts/b\.ipynb, cell 1: the bibliography top\.bib does not exist"
    ):
        load_config(root)


def test_earlier_keys_are_read_again_after_what_kept_them_from_it(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a preview, which lives on while another file than the bibliography is mended."""
    root = project(runs=False)
    path = root / "bib/references.bib"
    path.write_text(path.read_text().replace("{known2020,", "{known2020,\n  ids = {known2019},", 1))
    config = load_config(root)
    monkeypatch.setattr(references, "load_references", _raise)
    assert load_aliases(config) == {}
    monkeypatch.undo()
    assert load_aliases(config) == {"known2019": "known2020"}


def _raise(_config: object) -> None:
    raise BibliographyError("the table of retractions cannot be read.")


def test_a_bibliography_that_cannot_be_read_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each chapter asks for it, at the same time; what is wrong in all files is said at once."""
    root = write_book(tmp_path)
    (root / "top.bib").write_text("@book{top2022, title {T}}\n")
    (root / "shared.bib").write_text("@book{shared2020, title {T}}\n")
    config = load_config(root)
    asked: list[object] = []
    read = reference_reader.read_references

    def note(*given: Any) -> Any:
        asked.append(given)
        return read(*given)

    monkeypatch.setattr(reference_reader, "read_references", note)
    with ThreadPoolExecutor(4) as pool:
        tried = [pool.submit(load_references, config) for _ in range(6)]
    files = [{p.where.file for p in each.exception().problems} for each in tried]  # type: ignore[union-attr]
    assert files == [{"shared.bib", "top.bib"}] * 6
    assert len(asked) == 1
    (root / "top.bib").write_text(WORK % "top2022")
    (root / "shared.bib").write_text(WORK % "shared2020")
    assert {*load_references(config).references} == {"shared2020", "own2021", "top2022"}
