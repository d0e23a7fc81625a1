"""Compare what two editions say, whichever engines made them.

python scripts/compare_engines.py _output/report _output/report-quarto

Headings with their numbers, captions, texts of cross-references, citations, reference lists,
alternative texts, live values and key messages, page by page. Prints what differs; exit status 1
if anything does, 2 where a folder holds no pages.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import fields
from difflib import SequenceMatcher
from pathlib import Path

from reviewpress.engines.made import MadePage, read_page

ASIDE = frozenset({"unresolved", "unknown", "remote"})
NOT_PAGES = frozenset({"site_libs", "pagefind", "assets"})


def main(arguments: list[str]) -> int:
    """Compare two folders and say what differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("first", type=Path, help="folder of an edition")
    parser.add_argument("second", type=Path, help="folder of the same edition by the other engine")
    given = parser.parse_args(arguments)
    for folder in (given.first, given.second):
        if not any(pages_of(folder)):
            print(f"error: {folder} holds no pages.", file=sys.stderr)
            return 2
    differences = list(compare_folders(given.first, given.second))
    for line in differences:
        print(line)
    count = len(list(pages_of(given.first)))
    print(f"{count} pages compared, {len(differences)} differences")
    return 1 if differences else 0


def compare_folders(first: Path, second: Path) -> Iterator[str]:
    """Yield a line for each thing that two editions say differently."""
    pages, others = set(pages_of(first)), set(pages_of(second))
    for name in sorted(pages ^ others):
        yield f"{name}: only in {first if name in pages else second}"
    for name in sorted(pages & others):
        for line in compare_pages(read_page(first / name), read_page(second / name)):
            yield f"{name}: {line}"


def compare_pages(first: MadePage, second: MadePage) -> Iterator[str]:
    """Yield a line for each difference between two pages; − is the first's, + the second's."""
    for field in fields(MadePage):
        if field.name in ASIDE:
            continue
        one, other = getattr(first, field.name), getattr(second, field.name)
        matcher = SequenceMatcher(None, one, other, autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind == "equal":
                continue
            yield from (f"{field.name}: − {_shown(pair)}" for pair in one[a:b])
            yield from (f"{field.name}: + {_shown(pair)}" for pair in other[c:d])


def pages_of(folder: Path) -> Iterator[str]:
    """Yield the pages of an edition, by their addresses."""
    for path in folder.rglob("*.html"):
        relative = path.relative_to(folder)
        if not NOT_PAGES & set(relative.parts) and relative.name not in ("404.html", "search.html"):
            yield relative.as_posix()


def _shown(pair: tuple[str, str]) -> str:
    name, words = pair
    return f"[{name}] {words}" if name else words


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
