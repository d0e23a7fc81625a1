"""What Quarto leaves behind or publishes besides is taken away again, and said."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.config import load_config
from reviewpress.figures.folder import publish_figures
from reviewpress.quarto.cleanup import (
    claim_unfinished,
    clear_typst,
    note_begun,
    note_finished,
    remove_other_figures,
    remove_store,
)
from reviewpress.quarto.hooks import _say_what_else
from reviewpress.store.output_folder import look_into


def test_the_source_of_a_failed_pdf_goes_and_an_authors_file_stays(tmp_path: Path) -> None:
    """Quarto leaves `index.typ` where Typst refuses it (fact 40)."""
    file = tmp_path / "index.typ"
    file.write_text("// Some definitions presupposed by pandoc's typst output.\n= One\n")
    clear_typst(tmp_path)
    assert not file.exists()
    file.write_text("= My own\n")
    clear_typst(tmp_path)
    assert file.read_text() == "= My own\n"


def test_a_published_run_store_is_taken_out_again(project: Callable[..., Path]) -> None:
    """A pattern without a slash matches in hidden folders, too (fact 36)."""
    root = project()
    config = load_config(root)
    output = root / "_output" / "report"
    assert remove_store(config, output) == []
    figures = output / ".reviewpress" / "runs" / "a" / "figures"
    figures.mkdir(parents=True)
    (figures / "fig-a.csv").touch()
    (problem,) = remove_store(config, output)
    assert not (output / ".reviewpress").exists()
    assert problem.severity == "warning"
    assert "`/figures/*.svg`" in problem.hint


def test_a_file_alone_says_what_quarto_makes_besides(
    project: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """One chapter makes the whole PDF and Word file anew, unless a format is given (fact 42)."""
    root = project(formats=("html", "docx"))
    config = load_config(root)
    words = ["quarto", "render", "chapters/findings.ipynb"]
    _say_what_else(config, [*words, "--to", "html"])
    _say_what_else(config, ["quarto", "render"])
    _say_what_else(config, ["quarto", "preview", "chapters/findings.ipynb"])
    assert capsys.readouterr().err == ""
    _say_what_else(config, words)
    said = capsys.readouterr().err
    assert said.startswith("Quarto makes the Word file as well. ")
    assert "`quarto render chapters/findings.ipynb --to " in said


@pytest.mark.parametrize(
    ("name", "goes"), [("site_libs/a.css", True), ("search.json", True), ("notes.txt", False)]
)
def test_a_render_that_failed_does_not_bar_the_next(
    project: Callable[..., Path], name: str, goes: bool
) -> None:
    """Quarto calls no hook after a failed PDF: what it had made may be replaced, and no more."""
    config = load_config(project())
    shutil.rmtree(config.output_dir, ignore_errors=True)
    note_begun(config)
    file = config.output_dir / name
    file.parent.mkdir(parents=True)
    file.touch()
    claim_unfinished(config)
    assert (look_into(config.output_dir).foreign == ()) is goes


def test_a_folder_that_no_render_began_is_not_claimed(project: Callable[..., Path]) -> None:
    """Nor is one whose render came to its end."""
    config = load_config(project())
    shutil.rmtree(config.output_dir, ignore_errors=True)
    (config.output_dir / "site_libs").mkdir(parents=True)
    (config.output_dir / "site_libs" / "a.css").touch()
    claim_unfinished(config)
    note_begun(config)
    note_finished(config)
    claim_unfinished(config)
    assert look_into(config.output_dir).foreign == ("site_libs/a.css",)


def test_figures_of_another_edition_alone_are_taken_out(project: Callable[..., Path]) -> None:
    """An edition has its own figures, and what an author put among them."""
    root = project()
    names = {"report": ("fig-a.svg", "fig-both.svg"), "summary": ("fig-b.svg", "fig-both.svg")}
    for edition, figures in names.items():
        made = {name: root / "made" / name for name in figures}
        for path in made.values():
            path.parent.mkdir(exist_ok=True)
            path.touch()
        publish_figures(load_config(root, edition), made)
    config = load_config(root, "report")
    folder = config.output_dir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("fig-a.svg", "fig-b.svg", "fig-both.svg", "drawn.svg"):
        (folder / name).touch()
    remove_other_figures(config, config.output_dir)
    kept = {path.name for path in folder.glob("*.svg")}
    assert kept >= {"fig-a.svg", "fig-both.svg", "drawn.svg"}
    assert "fig-b.svg" not in kept


def test_an_edition_that_never_published_loses_no_figure(project: Callable[..., Path]) -> None:
    """A variant made before its official edition shows figures that another edition lists."""
    root = project()
    picture = root / "fig-a.svg"
    picture.touch()
    publish_figures(load_config(root, "summary"), {"fig-a.svg": picture})
    config = load_config(root, "report")
    folder = config.output_dir / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fig-a.svg").touch()
    remove_other_figures(config, config.output_dir)
    assert (folder / "fig-a.svg").is_file()
