"""What Quarto leaves or publishes that is no part of an edition."""

import shutil
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import Place, Problem

_TYPST = "index.typ"
# Pandoc's own words at the head of its Typst: an author's file has none of them.
_BY_PANDOC = "// Some definitions presupposed by pandoc's typst output."


def clear_typst(root: Path) -> None:
    """Remove the Typst source that Quarto leaves in the review where its PDF failed."""
    file = root / _TYPST
    if file.is_file() and _BY_PANDOC in file.read_text(encoding="utf-8", errors="replace"):
        file.unlink()


def remove_store(config: Config, output: Path) -> list[Problem]:
    """Take the run store out of what was published, and warn of the setting that put it there.

    A pattern under `project: resources:` without a slash before it matches in every folder, hidden
    ones too.
    """
    published = output / config.store.name
    if not published.is_dir():
        return []
    shutil.rmtree(published)
    message = f"resources: published {config.store.name}/, too; it was taken out again."
    hint = "Write a slash before each pattern of resources:, as in `/figures/*.svg`."
    return [Problem("published-store", message, Place("_quarto.yml"), hint)]
