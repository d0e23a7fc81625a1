"""All versions of a review side by side, as a site: made anew from what is kept.

    site/report/, site/summary/     the newest, at addresses that do not change
    site/v1.0/report/ …             each version as it was
    site/latest/report/             leads on to the newest
    site/404.html                   for addresses that lead nowhere, where the review has one
    site/versions.html              the list of them; site/changes/ has what changed in each

In pages of older versions a notice leads to the same page of the newest; what is kept has none.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from reviewpress.comparison.changes import compare_editions, renamed_pages
from reviewpress.comparison.page import page_style, write_page
from reviewpress.comparison.phrases import Phrase
from reviewpress.comparison.states import pictures_in
from reviewpress.config import Config
from reviewpress.edition import EditionRecord, read_edition
from reviewpress.errors import ConfigError, Place
from reviewpress.formats.objects.html import LOST_PAGE
from reviewpress.html_tree import plain_page
from reviewpress.kept_versions import (
    PUBLISHED,
    KeptVersion,
    edition_folder,
    kept_versions,
    version_folder,
)
from reviewpress.labels import Labels, labels_of
from reviewpress.publishing.keeping import check_kept
from reviewpress.store.files import cannot_write, flush_tree, replace_folder
from reviewpress.store.interrupts import note_done, uninterrupted
from reviewpress.store.output_folder import LIST, check_contents, check_place, write_list
from reviewpress.store.temporary_files import STAGING, clear_folders, release_folder, reserve_folder

SITE, LATEST, CHANGES = "site", "latest", "changes"
_MAIN = re.compile(r"<main\b[^>]*>")
_MOVED = 'http-equiv="refresh"'


@dataclass(frozen=True, slots=True)
class _Edition:
    """An edition through its versions: its folder's name, and where each version keeps it."""

    name: str
    kept: tuple[tuple[KeptVersion, Path], ...]
    record: EditionRecord
    """That of the newest version."""
    labels: Labels
    moves: tuple[Mapping[str, str], ...]
    """From each version to the next: the new addresses of the pages that were renamed."""

    def newest_page(self, version: KeptVersion, page: str) -> str:
        """Return where a page of a version would be in the newest, whether it is there or not."""
        at = [kept for kept, _ in self.kept].index(version)
        for moved in self.moves[at:]:
            page = moved.get(page, page)
        return page

    def has_page(self, page: str) -> bool:
        """Whether the newest version has a page."""
        return (self.kept[-1][1] / page).is_file()


def clear_left(config: Config) -> None:
    """Remove what a run that was killed left where versions and their site are made."""
    for folder in (config.root / PUBLISHED, _site_folder(config).parent):
        clear_folders(folder, STAGING)


def is_kept_alone(config: Config, asked: str) -> bool:
    """Say whether the review's version is kept and the site lacks it, as after a kill between."""
    version = config.publication.version
    kept = version in {each.version for each in kept_versions(config.root)}
    return kept and asked in ("", version) and not (_site_folder(config) / f"v{version}").is_dir()


def make_site(config: Config) -> Path:
    """Put the site together beside the editions, whole or not at all; return its folder.

    Raises ConfigError where nothing is published, where a version is not what was published, and
    where the folder holds something else.
    """
    if not kept_versions(config.root):
        hint = "Keep one by `reviewpress publish`."
        raise ConfigError("no version has been published.", Place(PUBLISHED), hint)
    check_kept(config.root)
    folder = _site_folder(config)
    check_place(folder, config.root)
    check_contents(folder, config.root, SITE, (), frozenset())
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        handle, staging = reserve_folder(folder.parent, STAGING)
    except OSError as error:
        raise cannot_write(folder, error) from None
    try:
        staging.chmod(0o755)
        _put_together(config, staging)
        write_list(staging, SITE)
        flush_tree(staging)
        with uninterrupted():
            replace_folder(staging, folder)
            note_done(f"{folder.name} written")
    except OSError as error:
        raise cannot_write(folder, error) from None
    finally:
        release_folder(handle, staging)
    return folder


def _site_folder(config: Config) -> Path:
    return config.output_dir.parent / SITE


def _put_together(config: Config, site: Path) -> None:
    versions = kept_versions(config.root)
    for version in versions:
        _copy(version_folder(config.root, version.version), site / f"v{version.version}")
    editions = [*_editions(config, versions)]
    for edition in editions:
        _copy(edition.kept[-1][1], site / edition.name)
        for version, kept in edition.kept[:-1]:
            _mark_pages(site, edition, version, kept)
        # The last version that had a page comes first.
        for version, kept in reversed(edition.kept[:-1]):
            _lead_back(site, edition, version, kept)
        _lead(site, f"{LATEST}/{edition.name}/index.html", f"{edition.name}/index.html", edition)
    names = [edition.name for edition in editions]
    first = editions[names.index(config.output_dir.name) if config.output_dir.name in names else 0]
    _lead(site, "index.html", f"{first.name}/index.html", first)
    lost = site / first.name / LOST_PAGE
    if lost.is_file():
        # Its addresses begin at the server's root: it serves the whole site.
        shutil.copyfile(lost, site / LOST_PAGE)
    _write_versions(site, first, editions)


def _editions(config: Config, versions: Sequence[KeptVersion]) -> Iterator[_Edition]:
    for profile in dict.fromkeys(name for each in reversed(versions) for name in each.editions):
        found = [(each, edition_folder(config.root, each, profile)) for each in versions]
        kept = tuple((version, folder) for version, folder in found if folder)
        if kept:
            version, folder = kept[-1]
            record = read_edition(folder, f"{PUBLISHED}/{version.version}")
            labels = labels_of(config, record.lang)
            records = [read_edition(each) for _, each in kept]
            moves = tuple(map(renamed_pages, records, records[1:]))
            yield _Edition(version.editions[profile], kept, record, labels, moves)


def _copy(folder: Path, goal: Path) -> None:
    shutil.copytree(folder, goal, ignore=shutil.ignore_patterns(LIST), dirs_exist_ok=True)


def _pages(folder: Path) -> Iterator[str]:
    yield from sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def _mark_pages(site: Path, edition: _Edition, version: KeptVersion, kept: Path) -> None:
    """Say at the top of each page of an older version where the newest is."""
    own = f"v{version.version}/{version.editions[edition.record.profile]}"
    for page in _pages(kept):
        file = site / own / page
        text = file.read_text(encoding="utf-8")
        if _MOVED in text:
            continue
        there = edition.newest_page(version, page)
        there = there if edition.has_page(there) else "index.html"
        notice = _notice(edition.labels, _relative(f"{own}/{page}", f"{edition.name}/{there}"))
        marked = _MAIN.sub(lambda found, words=notice: f"{found[0]}\n{words}", text, count=1)  # type: ignore[misc]
        file.write_text(marked, encoding="utf-8", newline="")


def _notice(labels: Labels, address: str) -> str:
    words, link = escape(labels["status-superseded"]), escape(labels["read-newer"])
    return (
        f'<p class="edition-status" role="note">{words}. <a href="{escape(address)}">{link}</a></p>'
    )


def _lead_back(site: Path, edition: _Edition, version: KeptVersion, kept: Path) -> None:
    """Let addresses that the newest version lacks lead on: to the page as it is called now, or
    else to the last version that had it."""
    own = f"v{version.version}/{version.editions[edition.record.profile]}"
    for page in _pages(kept):
        if (site / edition.name / page).exists():
            continue
        now = edition.newest_page(version, page)
        goal = f"{edition.name}/{now}" if edition.has_page(now) else f"{own}/{page}"
        _lead(site, f"{edition.name}/{page}", goal, edition)


def _lead(site: Path, page: str, goal: str, edition: _Edition) -> None:
    address = escape(_relative(page, goal))
    head = f'<meta {_MOVED} content="0; url={address}">\n<link rel="canonical" href="{address}">'
    body = f'<p><a href="{address}">{escape(edition.record.title)}</a></p>'
    _write(site / page, edition, edition.record.title, head, body)


def _relative(page: str, goal: str) -> str:
    return os.path.relpath(goal, os.path.dirname(page) or ".").replace(os.sep, "/")


def _write_versions(site: Path, first: _Edition, editions: Sequence[_Edition]) -> None:
    """Write the list of versions, the newest first, with what changed in each."""
    labels = first.labels
    changed = dict(_write_changes(site, editions))
    items = []
    for version, folder in reversed(first.kept):
        links = [_link(f"v{version.version}/{first.name}/index.html",
                       labels.fill("version", version=version.version))]  # fmt: skip
        if version.date:
            links.append(escape(labels.date(version.date)))
        made = read_edition(folder).reviewpress
        links.append(escape(labels.fill("made-with", version=made)))
        if version.commit:
            links.append(escape(labels.fill("sources-commit", commit=version.commit[:10])))
        links += changed.get(version.version, [])
        items.append(f"<li>{', '.join(links)}</li>")
    errata = [f"<li>{escape(text)}</li>" for text in first.record.errata]
    body = "<ul>\n" + "\n".join(items) + "\n</ul>"
    if errata:
        body += f"\n<h2>{escape(labels['errata'])}</h2>\n<ul>\n" + "\n".join(errata) + "\n</ul>"
    title = f"{first.record.title}: {labels['all-versions']}"
    style = f'<link rel="stylesheet" href="{CHANGES}/page.css">'
    (site / CHANGES).mkdir(exist_ok=True)
    (site / CHANGES / "page.css").write_bytes(page_style(labels))
    _write(site / "versions.html", first, title, style, body)


def _write_changes(site: Path, editions: Sequence[_Edition]) -> Iterator[tuple[str, list[str]]]:
    """Write what changed in each version of each edition; yield links to it by version."""
    links: dict[str, list[str]] = {}
    for edition in editions:
        for (old, before), (new, after) in zip(edition.kept, edition.kept[1:], strict=False):
            changes = compare_editions(read_edition(before), read_edition(after))
            file = f"{CHANGES}/{new.version}-{edition.name}.html"
            names = (Phrase("version-in-line", old.version), Phrase("version-in-line", new.version))
            pictures = (pictures_in(before), pictures_in(after))
            write_page(changes, names, pictures, site / file, labels=edition.labels)
            words = edition.record.subtitle or edition.name
            link = _link(file, edition.labels.fill("diff-link", edition=words))
            links.setdefault(new.version, []).append(link)
    yield from links.items()


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _write(file: Path, edition: _Edition, title: str, head: str, body: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = plain_page(title, body, head=head, lang=edition.record.lang)
    file.write_text(text, encoding="utf-8", newline="")
