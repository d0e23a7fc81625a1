"""What Quarto leaves behind or publishes besides is taken away again, and said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reviewpress.config import load_config
from reviewpress.engines.hooks import _say_what_else
from reviewpress.engines.leftovers import clear_typst, remove_store


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
    _say_what_else(config, [*words, "--to", "html"], ["chapters/findings.ipynb"])
    _say_what_else(config, ["quarto", "preview"], ["chapters/findings.ipynb"])
    assert capsys.readouterr().err == ""
    _say_what_else(config, words, ["chapters/findings.ipynb"])
    said = capsys.readouterr().err
    assert said.startswith("Quarto makes the Word file as well. ")
    assert "`quarto render chapters/findings.ipynb --to " in said
