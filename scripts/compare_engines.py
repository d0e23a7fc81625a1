"""Compare what two editions say, whichever engines made them: pages, PDF and Word.

python scripts/compare_engines.py _output/report _output/by-quarto
python scripts/compare_engines.py --format html,docx _output/report _output/by-quarto

Headings with their numbers, captions, texts of cross-references, citations, reference lists,
alternative texts, live values and key messages, page by page; in PDF and Word also the other text;
header cells of tables, sizes of pictures, what navigation says, and what is published beside.
Prints what differs; exit status 1 if anything does, 2 where there is nothing to compare.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import SequenceMatcher
from pathlib import Path

from compare_page import read_looks
from compare_pdf import read_pdf
from compare_word import read_word

from reviewpress.formats.hashed_names import plain_name
from reviewpress.quarto.html_pages import HtmlPage, read_page

ASIDE = frozenset({"unresolved", "unknown", "remote"})
NOT_PAGES = frozenset({"site_libs", "pagefind", "assets"})
FORMATS = ("html", "pdf", "docx")
# What an engine needs for itself: search, and which files are its own.
FURNITURE = frozenset(("search.json", "sitemap.xml", "robots.txt", ".nojekyll"))
# Quarto writes "Appendix A — Title" and, in Word, "1. Title", and sets a hard space after a number.
_DRESSED = re.compile(r"^(?:Appendix ([A-Z]+) — |(\d+)\. )")

Said = Mapping[str, Sequence[tuple[str, str]]]


def main(arguments: list[str]) -> int:
    """Compare two folders and say what differs, with a count for each format."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("first", type=Path, help="folder of an edition")
    parser.add_argument("second", type=Path, help="folder of the same edition by the other engine")
    parser.add_argument(
        "--format", default=",".join(FORMATS), metavar="html,pdf,docx", help="what to compare"
    )
    given = parser.parse_args(arguments)
    wanted = given.format.split(",")
    if unknown := [name for name in wanted if name not in FORMATS]:
        parser.error(f"no such format: {', '.join(unknown)}")
    total = compared = 0
    for name in wanted:
        files, others = (files_of(folder, name) for folder in (given.first, given.second))
        if not files and not others:
            continue
        differences = list(compare_files(given.first, given.second, files, others))
        for line in differences:
            print(line)
        print(f"{name}: {_counted(len(files & others), 'file')} compared, "
              f"{_counted(len(differences), 'difference')}")  # fmt: skip
        compared += len(files & others)
        total += len(differences)
    if wanted == list(FORMATS):
        beside = list(compare_published(given.first, given.second))
        for line in beside:
            print(line)
        print(f"beside: {_counted(len(beside), 'difference')}")
        total += len(beside)
    if not compared and not total:
        print(f"error: {given.first} and {given.second} hold nothing to compare.", file=sys.stderr)
        return 2
    return 1 if total else 0


def files_of(folder: Path, format: str) -> set[str]:
    """Return the files of a format in an edition, by their addresses."""
    found = (path.relative_to(folder) for path in folder.rglob(f"*.{format}"))
    return {
        path.as_posix()
        for path in found
        if not NOT_PAGES & set(path.parts) and path.name not in ("404.html", "search.html")
    }


def compare_files(first: Path, second: Path, files: set[str], others: set[str]) -> Iterator[str]:
    """Yield a line for each thing that two editions say differently in files of one format."""
    for name in sorted(files ^ others):
        yield f"{name}: only in {first if name in files else second}"
    for name in sorted(files & others):
        for line in compare_said(read(first / name, first), read(second / name, second)):
            yield f"{name}: {line}"


def compare_published(first: Path, second: Path) -> Iterator[str]:
    """Yield a line for each file beside the pages that only one edition has."""
    one, other = (_published(folder) for folder in (first, second))
    for name in sorted(one ^ other):
        yield f"{name}: published only in {first if name in one else second}"


def _published(folder: Path) -> set[str]:
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    found = (path.with_name(plain_name(path.name)) for path in files)
    return {path.as_posix() for path in found
            if not NOT_PAGES & {*map(plain_name, path.parts)} and path.name not in FURNITURE
            and path.suffix[1:] not in FORMATS}  # fmt: skip


def read(path: Path, root: Path) -> Said:
    """Return what a page, a PDF or a Word file of the edition in `root` says, by kind."""
    if path.suffix == ".pdf":
        return read_pdf(path)
    if path.suffix == ".docx":
        return read_word(path)
    page = read_page(path)
    told = {field.name: getattr(page, field.name) for field in fields(HtmlPage)
            if field.name not in ASIDE}  # fmt: skip
    return {**told, **read_looks(path, root)}


def compare_said(first: Said, second: Said) -> Iterator[str]:
    """Yield a line for each difference between two files; − is the first's, + the second's."""
    for kind in first:
        one, other = (list(_plain(kind, said[kind])) for said in (first, second))
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        for change, a, b, c, d in matcher.get_opcodes():
            if change == "equal":
                continue
            yield from (f"{kind}: − {_shown(pair)}" for pair in one[a:b])
            yield from (f"{kind}: + {_shown(pair)}" for pair in other[c:d])


def _plain(kind: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs with white space made alike, and headings without Quarto's dress."""
    for name, words in pairs:
        same = " ".join(words.split())
        if kind in ("headings", "outline", "navigation"):
            same = _DRESSED.sub(lambda match: f"{match[1] or match[2]} ", same)
        yield name, same


def _shown(pair: tuple[str, str]) -> str:
    name, words = pair
    return f"[{name}] {words}" if name else words


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
