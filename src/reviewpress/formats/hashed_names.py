"""Names that change with content, for all that pages load; what readers take keeps its name.

A browser, and whatever is between it and a server, keeps `brand.css` for as long as it may. After
an update it would show new words with an old chart. So what a page loads is named by its content,
as in `brand.3fa94c1b07.css`, and may be kept for ever; pages, and the files that they offer for
download, keep their names.

pages      the addresses in `link`, `script`, `img` and the like; those in `a` are downloads
styles     what `url()` and `@import` name      scripts    what `import` names
"""

import html
import posixpath
import re
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import quote, unquote

from reviewpress.config.page_files import change_style_addresses
from reviewpress.store.digests import digest_bytes, digest_files

_LETTERS = 10
_HASHED = re.compile(rf"\.[0-9a-f]{{{_LETTERS}}}(?=\.[^.]+$|$)")
_TAG = re.compile(
    r"<(body|img|link|object|script|source|track|video|audio|a)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
)
_ATTRIBUTE = re.compile(
    r"(?<=\s)(src|href|srcset|poster|data|data-search|data-index)=(?:\"([^\"]*)\"|'([^']*)')"
)
_RELATION = re.compile(
    r"\brel=[\"']?(?:shortcut )?(?:stylesheet|icon|preload|modulepreload|manifest)"
)
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.I)
_IMPORT = re.compile(r"(\b(?:from|import)\s*\(?\s*[\"'])(\.{1,2}/[^\"']+)(?=[\"'])")
_PAGE_ENDINGS = (".html", ".htm")
_CANDIDATE = re.compile(r"(^|,)(\s*)([^\s,]+)")


def plain_name(name: str) -> str:
    """Return a file's name without what its content adds.

    >>> plain_name("fig-a.0123456789.svg"), plain_name("fig-a.svg")
    ('fig-a.svg', 'fig-a.svg')
    """
    return _HASHED.sub("", name)


def hash_names(
    folder: Path, *, stable: Collection[str] = (), base: str = "/", keep: str = ""
) -> None:
    """Give what the pages in a folder load names by content, in the folder and on the pages.

    A file stays under its own name as well where a page links to it, where it is `stable`, or where
    its path begins with `keep`. `base` is the path at which the folder is published.
    """
    site = _Site(folder, base)
    for path in sorted(folder.rglob("*.html")):
        written = path.read_text(encoding="utf-8")
        changed = site.change_page(path.relative_to(folder).as_posix(), written)
        if changed != written:
            path.write_text(changed, encoding="utf-8")
    for name in sorted(site.names.keys() - site.linked - set(stable)):
        if site.names[name] != name and not (keep and name.startswith(keep)):
            (folder / name).unlink(missing_ok=True)


class _Site:
    """The files of a folder, with the names that they get."""

    def __init__(self, folder: Path, base: str) -> None:
        self.names: dict[str, str] = {}
        self.linked: set[str] = set()
        self._folder = folder
        self._base = base
        self._tags: dict[tuple[str, str], str] = {}

    def change_page(self, page: str, text: str) -> str:
        """Return a page that loads files by their new names; note what it links to."""
        folder = posixpath.dirname(page)

        def change(tag: re.Match[str]) -> str:
            # Of a contents list every page has the same tags again.
            key = folder, tag[0]
            if key not in self._tags:
                self._tags[key] = self._change_tag(page, tag)
            return self._tags[key]

        return _TAG.sub(change, text)

    def _change_tag(self, page: str, tag: re.Match[str]) -> str:
        if tag[1] == "a":
            files = (self._file(page, _value(found)) for found in _ATTRIBUTE.finditer(tag[2]))
            self.linked.update(filter(None, files))
            return tag[0]
        if tag[1] == "link" and not _RELATION.search(tag[2]):
            return tag[0]

        def change(found: re.Match[str]) -> str:
            value = _value(found)
            if found[1] == "srcset":
                new = _CANDIDATE.sub(lambda c: c[1] + c[2] + self._renamed(page, c[3]), value)
            else:
                new = self._renamed(page, value)
            return found[0] if new == value else f'{found[1]}="{html.escape(new)}"'

        return f"<{tag[1]}{_ATTRIBUTE.sub(change, tag[2])}>"

    def _renamed(self, place: str, address: str) -> str:
        """Return the new address of what stands at one, as the file at `place` names it."""
        name = self._file(place, address)
        new = self._name(name) if name else name
        if new == name:
            return address
        plain = re.split(r"[?#]", address, maxsplit=1)[0]
        rest = address[len(plain) :]
        above, slash, _ = plain.rstrip("/").rpartition("/")
        last = quote(posixpath.basename(new))
        return f"{above}{slash}{last}{'/' * plain.endswith('/')}{rest}"

    def _file(self, place: str, address: str) -> str:
        """Return the path from the folder of a file, or of the search index, at an address.

        It is empty where there is none, and for a page.
        """
        plain = unquote(re.split(r"[?#]", address, maxsplit=1)[0])
        begins_at_base = plain.startswith(self._base)
        if _OUTSIDE.match(address) or (plain.startswith("/") and not begins_at_base):
            return ""
        if plain.startswith("/"):
            name = posixpath.normpath(plain.removeprefix(self._base))
        else:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(place), plain))
        if name == "." or name.startswith("..") or name.endswith(_PAGE_ENDINGS):
            return ""
        return name if name in self.names or (self._folder / name).exists() else ""

    def _name(self, name: str) -> str:
        """Return the new name of a file or folder, which is written under it on the first call."""
        if name not in self.names:
            # Should two files load each other, one of them keeps its name.
            self.names[name] = name
            self.names[name] = self._write(name)
        return self.names[name]

    def _write(self, name: str) -> str:
        path = self._folder / name
        if _HASHED.search(path.name):
            return name
        if path.is_dir():
            inner = [each for each in sorted(path.rglob("*")) if each.is_file()]
            names = [each.relative_to(path).as_posix() for each in inner]
            new = _with_hash(name, digest_files(path, names))
            shutil.rmtree(self._folder / new, ignore_errors=True)
            path.rename(self._folder / new)
            return new
        content = self._content(name, path)
        new = _with_hash(name, digest_bytes(content))
        (self._folder / new).write_bytes(content)
        return new

    def _content(self, name: str, path: Path) -> bytes:
        """Return a file's content, with the new names of what it loads."""

        def renamed(address: str) -> str:
            return self._renamed(name, address)

        changes: dict[str, Callable[[str], str]] = {
            ".css": lambda text: change_style_addresses(text, renamed),
            ".js": lambda text: _IMPORT.sub(lambda found: found[1] + renamed(found[2]), text),
        }
        content = path.read_bytes()
        if path.suffix not in changes:
            return content
        return changes[path.suffix](content.decode(errors="surrogateescape")).encode(
            errors="surrogateescape"
        )


def _value(attribute: re.Match[str]) -> str:
    return html.unescape(attribute[2] if attribute[2] is not None else attribute[3]).strip()


def _with_hash(name: str, digest: str) -> str:
    """Return a file's name with the first letters of its digest before its ending."""
    stem, ending = posixpath.splitext(name)
    return f"{stem}.{digest[:_LETTERS]}{ending}"
