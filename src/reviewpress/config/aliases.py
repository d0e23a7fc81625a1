"""The addresses at which chapters were before, which `aliases` in their front matter name."""

import posixpath

from reviewpress.config.chapters import Chapter, keys_of
from reviewpress.config.review import Config
from reviewpress.errors import ConfigError, Place
from reviewpress.yaml import items_of


def moved_pages(config: Config) -> dict[str, dict[str, str]]:
    """Return for each old address the pages it leads to, by the fragment they are for.

    Addresses begin at the chapter's page, or with `/` at the edition; without an ending they are
    folders, as in Quarto. Raises ConfigError for one that is a page of the edition.
    """
    pages = {chapter.page: chapter for chapter in config.chapters}
    moved: dict[str, dict[str, str]] = {}
    for chapter in config.chapters:
        for alias in items_of(keys_of(config.root, chapter, "aliases").get("aliases")):
            path, _, fragment = str(alias).partition("#")
            old = _old_page(chapter, path)
            if old in pages or old.startswith(".."):
                message = f'the alias "{alias}" is the address of a page of this edition.'
                if old not in pages:
                    message = f'the alias "{alias}" leads out of the edition.'
                raise ConfigError(message, Place(chapter.path), "Take it out of `aliases:`.")
            moved.setdefault(old, {})[fragment] = chapter.page
    return moved


def _old_page(chapter: Chapter, path: str) -> str:
    if path.endswith("/"):
        path += "index.html"
    elif not posixpath.splitext(path)[1]:
        path += "/index.html"
    folder = "" if path.startswith("/") else posixpath.dirname(chapter.page)
    return posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
