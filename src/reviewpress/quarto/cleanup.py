"""What Quarto leaves or publishes that is no part of an edition."""

import shutil
from pathlib import Path

from reviewpress.config import Config
from reviewpress.errors import ConfigError, Place, Problem
from reviewpress.figures.folder import FOLDER, figures_of_others
from reviewpress.formats.objects import FORMATS
from reviewpress.store.files import write_atomically
from reviewpress.store.output_folder import look_into, write_list

_TYPST = "index.typ"
_BEGUN = "begun"
_MADE = ("site_libs/", "figures/", "search.json", "sitemap.xml", "robots.txt")
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


def remove_other_figures(config: Config, output: Path) -> None:
    """Take figures of other editions alone out of what was published.

    A pattern of `project: resources:` takes all that the last builds of all editions left.
    """
    for name in figures_of_others(config):
        (output / FOLDER / name).unlink(missing_ok=True)


def remove_drafts(config: Config, output: Path) -> None:
    """Take the pages of drafts out of what was published: Quarto makes them, and lists none."""
    for chapter in config.drafts:
        (output / chapter.page).unlink(missing_ok=True)


def check_drafts(config: Config) -> None:
    """Refuse drafts in an edition that has files for all chapters: Quarto does not leave them out.

    Raises ConfigError.
    """
    whole = [each.words for each in config.made if each.is_one_file]
    if whole and config.drafts:
        message = f"Quarto would publish this draft in {whole[0]}."
        hint = "Take it out of `chapters:`, or use `reviewpress render --engine pandoc`."
        raise ConfigError(message, Place(config.drafts[0].path), hint)


def note_begun(config: Config) -> None:
    """Note that Quarto renders into the output folder: if it fails, no hook is called after."""
    write_atomically(_note(config), str(config.output_dir.resolve()).encode())


def claim_unfinished(config: Config) -> None:
    """List what a render that failed left in the output folder as made by a build.

    Files that Quarto makes of no book are not listed: they keep the folder from being replaced.
    """
    note, output = _note(config), config.output_dir
    if not note.is_file() or note.read_text(encoding="utf-8") != str(output.resolve()):
        return
    pages = [chapter.page for chapter in config.chapters]
    whole = {config.file_name(each.ending) for each in FORMATS if each.is_one_file}
    foreign = look_into(output, pages).foreign if output.is_dir() else ()
    if foreign and all(name.startswith(_MADE) or name in whole for name in foreign):
        write_list(output, config.profile)


def note_finished(config: Config) -> None:
    """Take back what `note_begun` noted."""
    _note(config).unlink(missing_ok=True)


def _note(config: Config) -> Path:
    return config.store / "quarto" / config.profile / _BEGUN
