"""Chapters of text with Python cells, as Quarto is handed them: results that it takes for its own.

    _freeze/chapters/levels/execute-results/html.json    hash of the chapter, Markdown of its run

Quarto's filters of notebooks are for `.ipynb` alone. A chapter whose front matter says `freeze:
auto` is not executed where there is a result for it as it stands, and so never by Quarto.
"""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from reviewpress.code_cells import find_cells
from reviewpress.config import Chapter, Config
from reviewpress.config.chapters import keys_of
from reviewpress.errors import ConfigError, Place, Problem, raise_all
from reviewpress.shapes import as_mapping
from reviewpress.store.digests import quarto_digest
from reviewpress.store.files import write_cached

FOLDER = "_freeze"
_ENDINGS = ("html", "typ", "pdf", "docx", "epub")
"""How the files end for which Quarto looks up a result."""
_HINT = "Write `execute:` and below it `  freeze: auto` between the lines `---` at its top."


def check_freezable(config: Config) -> None:
    """Refuse chapters with Python cells that Quarto would execute by itself.

    It would show their figures and tables in another way, with scripts from the network, and knows
    nothing of when their data changed.
    """
    problems = []
    for chapter in config.chapters:
        if not chapter.has_cells:
            continue
        where = Place(chapter.path)
        said = as_mapping(keys_of(config.root, chapter, "execute").get("execute"))
        if not any(cell.runs for cell in find_cells(_text(config, chapter.path))):
            message = "Quarto computes no values in a chapter without a code cell."
            hint = "Add one, as ```{python} with `import reviewpress`, or make it an .ipynb."
            problems.append(Problem("config", message, where, hint))
        elif said.get("freeze") not in ("auto", True):
            message = "Quarto would execute the Python cells of this chapter by itself."
            problems.append(Problem("config", message, where, _HINT))
    raise_all(problems)


def check_whole(chapters: tuple[Chapter, ...]) -> None:
    """Refuse a render of one chapter with Python cells: Quarto then executes it in any case."""
    for chapter in chapters:
        if chapter.has_cells:
            message = "rendered alone, Quarto would execute its Python cells by itself."
            hint = "Use `quarto render` for all of it, or `reviewpress preview`."
            raise ConfigError(message, Place(chapter.path), hint)


def write_frozen(config: Config, texts: Mapping[str, str]) -> None:
    """Write the Markdown of runs where Quarto looks for results, by the paths of chapters."""
    for path, markdown in texts.items():
        digest = quarto_digest(_text(config, path))
        result = {
            "engine": "jupyter", "markdown": markdown, "supporting": [], "filters": [],
            "includes": {},
        }  # fmt: skip
        content = json.dumps({"hash": digest, "result": result}, ensure_ascii=False, indent=2)
        folder = config.root / FOLDER / PurePosixPath(path).with_suffix("") / "execute-results"
        for ending in _ENDINGS:
            _write(folder / f"{ending}.json", content.encode())


def _write(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_cached(path, content)


def _text(config: Config, path: str) -> str:
    content = (config.root / path).read_bytes().decode("utf-8-sig", errors="replace")
    return content.replace("\r\n", "\n")
