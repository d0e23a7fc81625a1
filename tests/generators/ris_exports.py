"""Make exports in RIS of the kinds that databases and people write, each with what it holds.

The works are those of `made_up_works.csv`, each with a DOI of its own. A kind is a function from
works to the file's bytes; its docstring says what is particular about it. The same works make the
same files.
"""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
Work = dict[str, str]
Kind = Callable[[list[Work]], bytes]
ABSTRACT = (
    "Little is known of this. We asked people in four places and followed them for a year with the "
    "help of those who look after them. More than half of those asked gave an answer."
)


def made_up_works(count: int = 20) -> list[Work]:
    """Return works with title, author, year, journal, volume, pages, doi and abstract."""
    with (HERE / "made_up_works.csv").open(encoding="utf-8", newline="") as file:
        works = list(csv.DictReader(file))[:count]
    return [
        {**work, "doi": f"10.1000/made.up.{number}", "abstract": ABSTRACT}
        for number, work in enumerate(works, 1)
    ]


def lines_of(work: Work) -> list[str]:
    """Return a record as the description of the format has it."""
    first, _, last = work["pages"].partition("--")
    pairs = [("TY", "JOUR"), *(("AU", name) for name in work["author"].split(" and "))]
    pairs += [("TI", work["title"]), ("JO", work["journal"]), ("PY", work["year"])]
    pairs += [("VL", work["volume"]), ("SP", first), ("EP", last), ("DO", work["doi"])]
    pairs += [("AB", work["abstract"]), ("ER", "")]
    return [f"{tag}  - {value}" for tag, value in pairs if value or tag == "ER"]


def file_of(records: Iterator[list[str]] | list[list[str]], *, end: str = "\n") -> bytes:
    """Return records as a file, with an empty line after each."""
    return "".join(f"{end.join(record)}{end}{end}" for record in records).encode()


def plain(works: list[Work]) -> bytes:
    """as the format’s description has it"""
    return file_of([lines_of(work) for work in works])


def carriage_returns(works: list[Work]) -> bytes:
    """a byte order mark, lines that end as on Windows"""
    return b"\xef\xbb\xbf" + file_of([lines_of(work) for work in works], end="\r\n")


def other_tags(works: list[Work]) -> bytes:
    """T1, A1, JF, Y1 and UR in place of TI, AU, JO, PY and DO"""
    changes = {"TI": "T1", "AU": "A1", "JO": "JF", "PY": "Y1", "DO": "UR"}

    def change(line: str) -> str:
        tag, value = line[:2], line[6:]
        value = (
            f"https://doi.org/{value}" if tag == "DO" else f"{value}///" if tag == "PY" else value
        )
        return f"{changes.get(tag, tag)}  - {value}"

    return file_of([[change(line) for line in lines_of(work)] for work in works])


def own_tags(works: list[Work]) -> bytes:
    """tags that the format does not have"""
    extra = ["XX  - 17", "Q1  - yes", "PMID- 31415926"]
    return file_of([[*lines_of(work)[:-1], *extra, "ER  - "] for work in works])


def no_space_after_the_end(works: list[Work]) -> bytes:
    """ER without the space after its hyphen"""
    return file_of([[line.rstrip() for line in lines_of(work)] for work in works])


def one_space(works: list[Work]) -> bytes:
    """one space before the hyphen"""
    return file_of([[line.replace("  - ", " - ", 1) for line in lines_of(work)] for work in works])


def tabs(works: list[Work]) -> bytes:
    """tabs around the hyphen"""
    return file_of([[line.replace("  - ", "\t-\t", 1) for line in lines_of(w)] for w in works])


def lower_case(works: list[Work]) -> bytes:
    """tags in lower-case letters"""
    return file_of([[line[:2].lower() + line[2:] for line in lines_of(work)] for work in works])


def indented(works: list[Work]) -> bytes:
    """lines indented by two spaces"""
    return file_of([[f"  {line}" for line in lines_of(work)] for work in works])


def wrapped(works: list[Work]) -> bytes:
    """long values wrapped, the rest on lines without a tag"""
    return file_of([list(_wrapped(work, "")) for work in works])


def wrapped_and_indented(works: list[Work]) -> bytes:
    """long values wrapped, the rest on indented lines"""
    return file_of([list(_wrapped(work, "      ")) for work in works])


def _wrapped(work: Work, indent: str) -> Iterator[str]:
    for line in lines_of(work):
        first, *rest = re.findall(r".{1,60}(?:\s|$)", line) or [line]
        yield first.rstrip() if rest else line
        yield from (f"{indent}{part.strip()}" for part in rest)


def numbered(works: list[Work]) -> bytes:
    """a number and a line on the database between records"""
    heads = [[f"<{number}>", "Database: Made up"] for number in range(1, len(works) + 1)]
    return file_of([head + lines_of(work) for head, work in zip(heads, works, strict=True)])


def no_last_end(works: list[Work]) -> bytes:
    """the last record without its end"""
    return file_of([lines_of(work) for work in works]).rstrip().removesuffix(b"ER  -")


def no_ends(works: list[Work]) -> bytes:
    """no record with its end"""
    return file_of([lines_of(work)[:-1] for work in works])


def one_lost_end(works: list[Work]) -> bytes:
    """one record in the middle without its end"""
    records = [lines_of(work) for work in works]
    records[len(works) // 2].pop()
    return file_of(records)


def one_lost_type(works: list[Work]) -> bytes:
    """one record in the middle without its type"""
    records = [lines_of(work) for work in works]
    records[len(works) // 2].pop(0)
    return file_of(records)


def type_later(works: list[Work]) -> bytes:
    """the type after the title"""
    records = [lines_of(work) for work in works]
    return file_of([[*record[1:3], record[0], *record[3:]] for record in records])


def note_before(works: list[Work]) -> bytes:
    """a line of greeting before the first record"""
    return b"Your search results, exported today\n\n" + plain(works)


def one_author_line(works: list[Work]) -> bytes:
    """all authors in one tag, with semicolons"""

    def join(work: Work) -> list[str]:
        names = work["author"].replace(" and ", "; ")
        rest = [line for line in lines_of(work) if not line.startswith("AU")]
        return [rest[0], f"AU  - {names}", *rest[1:]]

    return file_of([join(work) for work in works])


def windows(works: list[Work]) -> bytes:
    """Windows-1252, with accents"""
    return _accented(works).encode("cp1252")


def utf_16(works: list[Work]) -> bytes:
    """UTF-16, with accents"""
    return _accented(works).encode("utf-16")


def _accented(works: list[Work]) -> str:
    return plain(with_accents(works)).decode()


def with_accents(works: list[Work]) -> list[Work]:
    """Return the works with an accent in the title and in the first author’s name."""
    return [
        {**work, "author": f"Séguin-{work['author']}", "title": f"À propos: {work['title']}"}
        for work in works
    ]


KINDS: tuple[Kind, ...] = (
    plain, carriage_returns, other_tags, own_tags, no_space_after_the_end, one_space, tabs,
    lower_case, indented, wrapped, wrapped_and_indented, numbered, no_last_end, no_ends,
    one_lost_end, one_lost_type, type_later, note_before, one_author_line, windows, utf_16,
)  # fmt: skip
ENCODINGS = {windows: "cp1252", utf_16: "utf-16", carriage_returns: "utf-8-sig"}
ACCENTED = (windows, utf_16)
