"""`_quarto.yml` and its profiles, read into one frozen Config.

profiles   which files there are, and how they merge
table      what each of Quarto's keys does
known      the keys of files held against the table
chapters   the chapters that a book lists
settings   what stands under `reviewpress:`
options    what documents are asked to be like: by project, format and chapter
review     Config, which all this makes
reader     where it is read
"""

from reviewpress.config.chapters import CHAPTER_ENDINGS, Chapter
from reviewpress.config.profiles import (
    PROJECT_FILE,
    default_profile,
    find_root,
    list_profiles,
    merge_yaml,
)
from reviewpress.config.reader import load_config
from reviewpress.config.review import Collection, Config
from reviewpress.config.settings import CITATION_STYLES, SETTINGS, Section, Settings

__all__ = [
    "CHAPTER_ENDINGS",
    "CITATION_STYLES",
    "PROJECT_FILE",
    "SETTINGS",
    "Chapter",
    "Collection",
    "Config",
    "Section",
    "Settings",
    "default_profile",
    "find_root",
    "list_profiles",
    "load_config",
    "merge_yaml",
]
