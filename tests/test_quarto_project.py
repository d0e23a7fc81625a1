"""The repository's own configuration, held to the facts about Quarto; the extension elsewhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compare_pdf import read_pdf
from quarto_cases import RECORDINGS

from reviewpress.config import load_config, merge_yaml

REPOSITORY = Path(__file__).resolve().parents[1]
EXTENSION = REPOSITORY / "_extensions" / "reviewpress"
EDITIONS = ("report", "summary")


def read(name: str) -> dict[str, Any]:
    """Return a YAML file of the repository."""
    data: dict[str, Any] = yaml.safe_load((REPOSITORY / name).read_text())
    return data


def chapters(config: dict[str, Any]) -> Iterator[str]:
    """Yield the chapters that a configuration lists."""
    for item in [*config["book"].get("chapters", []), *config["book"].get("appendices", [])]:
        if isinstance(item, dict):
            yield from item.get("chapters") or [item["href"]]
        else:
            yield item


@pytest.mark.parametrize("edition", EDITIONS)
def test_listed_chapters_exist(edition: str) -> None:
    """Quarto looks for the chapters before the pre-render script runs (fact 1)."""
    listed = list(chapters(read(f"_quarto-{edition}.yml")))
    assert listed
    assert [name for name in listed if not (REPOSITORY / name).is_file()] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_navigation_names_are_words(edition: str) -> None:
    """Quarto's navigation resolves no shortcode: a chapter with one in its title has a `text:`."""
    for chapter in load_config(REPOSITORY, edition).chapters:
        title = re.search(r"^# .+$", _words_of(REPOSITORY / chapter.path), re.M)
        assert title is not None, chapter.path
        assert "{{<" not in (chapter.label or title[0]), chapter.path


def _words_of(path: Path) -> str:
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = json.loads(path.read_text())["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_filter_is_named_relative_to_the_notebooks(edition: str) -> None:
    """The filter's path holds for every notebook's folder (fact 2)."""
    filters = read("_quarto.yml")["execute"]["ipynb-filters"]
    notebooks = [n for n in chapters(read(f"_quarto-{edition}.yml")) if n.endswith(".ipynb")]
    assert notebooks
    for name in notebooks:
        for script in filters:
            assert ((REPOSITORY / name).parent / script).is_file()


def test_hooks_exist_and_are_python() -> None:
    """Quarto runs a `.py` hook under QUARTO_PYTHON (fact 4)."""
    project = read("_quarto.yml")["project"]
    for key in ("pre-render", "post-render"):
        assert project[key].endswith(".py")
        assert (REPOSITORY / project[key]).is_file()


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_array_merges_by_accident(edition: str) -> None:
    """Arrays of a profile are added to those of `_quarto.yml`: none may stand in both (fact 6)."""
    base, own = read("_quarto.yml"), read(f"_quarto-{edition}.yml")
    assert "chapters" not in base["book"]
    assert "format" not in base
    for path, value in _lists(own):
        assert _at(base, path) is None, path
        assert _at(merge_yaml(base, own), path) == value


def test_profiles_are_a_group_with_a_default() -> None:
    """Without `--profile` the report is made, and never both editions at once (fact 6)."""
    profile = read("_quarto.yml")["profile"]
    assert profile["default"] == "report"
    assert profile["group"] == [list(EDITIONS)]


@pytest.mark.parametrize("edition", EDITIONS)
def test_files_are_called_alike_in_both_engines(edition: str) -> None:
    """Quarto names the PDF by `output-file`, the embedded engine by the edition."""
    assert read(f"_quarto-{edition}.yml")["book"]["output-file"] == edition


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_lists_its_references(edition: str) -> None:
    """A link to a chapter that the profile lacks is dead without a warning (fact 22)."""
    texts = [(REPOSITORY / n).read_text() for n in chapters(read(f"_quarto-{edition}.yml"))]
    assert sum("#refs-included" in text for text in texts) == 1
    assert sum("#refs-additional" in text for text in texts) == 1


def test_citations_are_ours() -> None:
    """Neither citeproc nor Typst makes a bibliography, nor an empty chapter for it (21)."""
    config = read("_quarto.yml")
    assert config["citeproc"] is False
    assert config["suppress-bibliography"] is True
    assert config["execute"]["echo"] is False


def test_the_extension_is_whole() -> None:
    """Every file that `_extension.yml` names is there, and the version it needs is said."""
    data = yaml.safe_load((EXTENSION / "_extension.yml").read_text())
    assert data["quarto-required"] == ">=1.9.0"
    formats = data["contributes"]["formats"]
    assert set(formats) == {"common", "html", "typst", "docx"}
    names = [
        *(each if isinstance(each, str) else each["path"]
          for each in formats["common"]["filters"]),
        formats["common"]["csl"], *formats["html"]["css"],
        *formats["typst"]["template-partials"], *formats["typst"]["font-paths"],
        formats["docx"]["reference-doc"],
    ]  # fmt: skip
    assert [name for name in names if not (EXTENSION / name).exists()] == []


def test_the_typst_format_keeps_what_quarto_needs() -> None:
    """The partials replace Quarto's whole list, numbering too; both standards (11, 16, 17).

    Quarto joins lists and takes nothing away, so the extension has what any version can make.
    """
    data = yaml.safe_load((EXTENSION / "_extension.yml").read_text())
    typst = data["contributes"]["formats"]["typst"]
    partials = {Path(name).stem for name in typst["template-partials"]}
    assert {"typst-template", "typst-show", "numbering", "page"} <= partials
    assert typst["pdf-standard"] == ["ua-1"]
    for folder in (REPOSITORY, REPOSITORY / "src" / "reviewpress" / "template"):
        for name in ("report", "summary"):
            formats = yaml.safe_load(
                "format:" + (folder / f"_quarto-{name}.yml").read_text().partition("\nformat:")[2]
            )["format"]
            assert formats["reviewpress-typst"]["pdf-standard"] == ["ua-1", "a-2a"]
    assert data["contributes"]["formats"]["common"]["callout-icon"] is False


def test_pages_fetch_nothing() -> None:
    """No address of another machine in the styles; mathematics without MathJax (fact 10)."""
    data = yaml.safe_load((EXTENSION / "_extension.yml").read_text())
    html = data["contributes"]["formats"]["html"]
    assert html["html-math-method"] == "mathml"
    for name in html["css"]:
        text = (EXTENSION / name).read_text()
        assert "//" not in re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        for address in re.findall(r'url\("([^"]+)"\)', text):
            assert ((EXTENSION / name).parent / address).is_file()


def test_another_project_can_use_the_formats() -> None:
    """Without reviewpress, citations are set by CSL, linked, and listed on each page (fact 34)."""
    made = RECORDINGS / "foreign-book" / "first"
    page = " ".join((made / "soil.made.html").read_text().split())
    assert '<a href="#ref-moss2021"' in page
    assert re.search(r'id="ref-moss2021".*?Moss', page)
    start = " ".join((made / "index.made.html").read_text().split())
    assert re.search(r'id="ref-moss2021".*?Moss', start)


def test_another_projects_pdf_is_whole() -> None:
    """References are listed once and linked, appendices lettered, equations read out (35, 45)."""
    made = RECORDINGS / "foreign-book" / "first"
    said = read_pdf(made / "made.pdf")
    outline = [words.strip() for _, words in said["outline"]]
    assert outline[-2:] == ["References", "A Recipes"]
    assert outline.count("References") == 1
    assert len(said["references"]) == 2
    assert ("", "Moss and Stone, 2021") in said["citations"]
    typst = (made / "book.made.typ").read_text()
    for words in ("mass over volume", "g is about nine point eight", "m = ρV"):
        assert f'alt: "{words}"' in typst, words


def _lists(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _lists(item, (*path, key))
    elif isinstance(value, list):
        yield path, value


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
