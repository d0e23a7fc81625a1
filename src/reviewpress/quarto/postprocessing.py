"""What files that Quarto made lack of those that the embedded engine makes."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reviewpress.config import Config
from reviewpress.config.resources import list_resources
from reviewpress.edition import EDITION, edition_text, read_edition
from reviewpress.extension import find_extension
from reviewpress.figures.folder import FOLDER
from reviewpress.formats.data_package import write_data_package
from reviewpress.formats.documents import FIGURE_FILES
from reviewpress.formats.downloads import write_included_papers
from reviewpress.formats.hashed_names import hash_names
from reviewpress.formats.objects import TYPST
from reviewpress.formats.properties import document_properties
from reviewpress.formats.shown_tables import write_shown_tables
from reviewpress.formats.site_files import base_path, write_site_files
from reviewpress.formats.word import REFERENCE_DOCX, finish_docx
from reviewpress.labels import load_labels
from reviewpress.quarto.cleanup import remove_drafts, remove_other_figures
from reviewpress.quarto.inputs import PUBLISHED, inputs_folder
from reviewpress.quarto.page_repairs import repair_pages
from reviewpress.store.files import write_atomically


def finish_files(config: Config, folder: Path) -> None:
    """Finish the PDFs and Word files in a folder that Quarto wrote an edition into.

    Pages are repaired. In PDFs, cells that name a row become header cells. Word files get contents,
    lists of figures and tables, the edition's facts, page numbers, and the review's brand. Beside
    pages stand the included papers as files for reference managers; what pages load is named by its
    content.
    """
    if next(folder.glob("*.html"), None):
        write_included_papers(config, folder)
        bring_figures(config.root, folder)
        remove_other_figures(config, folder)
        remove_drafts(config, folder)
        labels = load_labels(config)
        write_shown_tables(folder, labels)
        write_data_package(config, folder)
        repair_pages(config, folder)
        for handed in (inputs_folder(config) / PUBLISHED).glob("*"):
            shutil.copyfile(handed, folder / handed.name)
        resources = list_resources(config)
        # A render of one page brings its libraries anew, under their own names.
        write_site_files(config, labels, find_extension(config.root), folder)
        hash_names(folder, stable=resources, base=base_path(config), keep="site_libs/")
    elif (record := inputs_folder(config) / PUBLISHED / EDITION).is_file():
        shutil.copyfile(record, folder / EDITION)
    for path in sorted(folder.glob("*.pdf")):
        _finish_pdf(config, path)
    for path in sorted(folder.glob("*.docx")):
        _finish_docx(config, path)


def bring_figures(root: Path, folder: Path) -> None:
    """Copy what is published with the figures of pages, whether or not pages link to it."""
    for shown in sorted((folder / FOLDER).glob("*.svg")):
        for ending in FIGURE_FILES:
            goal = shown.with_name(f"{shown.stem}{ending}")
            source = root / FOLDER / goal.name
            if source.is_file() and not goal.exists():
                shutil.copyfile(source, goal)


def state_formats(folder: Path, formats: Sequence[str]) -> None:
    """Say in the record of an edition which of its formats were made together.

    Quarto does not say before a render which those will be.
    """
    if (folder / EDITION).is_file():
        record = read_edition(folder)
        if record.formats != tuple(formats):
            made = replace(record, formats=tuple(formats))
            write_atomically(folder / EDITION, edition_text(made))


def _finish_pdf(config: Config, path: Path) -> None:
    # Not with the module: pikepdf and lxml take long to load, and a render of pages needs neither.
    from reviewpress.formats.pdf_tags import finish_pdf

    write_atomically(path, finish_pdf(path.read_bytes(), document_properties(config, TYPST.ending)))


def _finish_docx(config: Config, path: Path) -> None:
    # As above.
    from reviewpress.formats.word_document import is_finished
    from reviewpress.formats.word_reference import complete_reference
    from reviewpress.formats.word_styles import brand_reference

    made = path.read_bytes()
    # A render of other formats leaves the file of the last one in place.
    if is_finished(made):
        return
    extension = find_extension(config.root)
    brand = extension.brand(config.root)
    if (config.root / "_brand.yml").is_file():
        made = brand_reference(made, brand)
    # An author's own reference document has not all styles that the text is set in.
    ours = brand_reference(extension.file(REFERENCE_DOCX).read_bytes(), brand)
    made = complete_reference(made, path.name, ours)
    labels = load_labels(config)
    write_atomically(path, finish_docx(config, labels, made))
