"""Files of records in any of the formats that databases and reference managers export."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from reviewpress.bibliography import Entry
from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.absent import without_absent
from reviewpress.imports.bibtex import read_bibtex
from reviewpress.imports.cleaning import (
    bad_characters,
    clean_text,
    describe_characters,
    find_bad_lines,
)
from reviewpress.imports.coding_report import is_coding_json
from reviewpress.imports.csl import read_csl
from reviewpress.imports.encodings import decode_export
from reviewpress.imports.endnote import read_endnote
from reviewpress.imports.eppi import is_eppi, read_eppi_records
from reviewpress.imports.file_kinds import (
    FORMATS,
    find_maker,
    refuse_other_files,
    refuse_other_tables,
    refuse_other_text,
)
from reviewpress.imports.ictrp import ROOT as ICTRP_ROOT
from reviewpress.imports.ictrp import read_ictrp
from reviewpress.imports.labelled import is_cnki, is_cochrane, read_cnki, read_cochrane
from reviewpress.imports.nbib import is_nbib, pieces_of_nbib, read_nbib
from reviewpress.imports.ovid import is_ovid, read_ovid
from reviewpress.imports.pubmed import RECORDS as PUBMED_RECORDS
from reviewpress.imports.pubmed import read_pubmed
from reviewpress.imports.record_numbers import FIELD, are_record_numbers, set_number_aside
from reviewpress.imports.records import Reading, Record, Rejected, is_spreadsheet_error
from reviewpress.imports.ris import pieces_of_ris, read_ris
from reviewpress.imports.ris_tags import has_tags
from reviewpress.imports.tables import (
    count_known,
    find_header,
    first_rows,
    is_turned,
    not_recognised,
    read_record_table,
)
from reviewpress.imports.tagged import (
    is_endnote_tagged,
    is_refworks,
    read_endnote_tagged,
    read_refworks,
)
from reviewpress.imports.traits import traits_of
from reviewpress.imports.webofscience import is_web_of_science, read_web_of_science
from reviewpress.imports.workbooks import is_workbook, read_workbook
from reviewpress.speed.workers import Mapped

_READERS = {
    "RIS": read_ris,
    "NBIB": read_nbib,
    "BibTeX": read_bibtex,
    "CSL JSON": read_csl,
    "EPPI-Reviewer JSON": read_eppi_records,
    "CSV": read_record_table,
    "Web of Science": read_web_of_science,
    "EndNote tagged": read_endnote_tagged,
    "RefWorks": read_refworks,
    "Ovid text": read_ovid,
    "Cochrane text": read_cochrane,
    "CNKI text": read_cnki,
}
_WITH_A_MAKER = frozenset(("RIS", "NBIB", "BibTeX", "CSL JSON"))
"""Formats that many tools write."""
_PIECES: dict[str, Callable[[str], Iterator[str]]] = {
    "RIS": pieces_of_ris,
    "NBIB": pieces_of_nbib,
}
"""Formats that can be parted: BibTeX has names for all of a file, a table its head."""
_Numbered = TypeVar("_Numbered", Record, Rejected)
_BINARY = {
    "EndNote XML": read_endnote,
    "PubMed XML": read_pubmed,
    "ICTRP XML": read_ictrp,
    "spreadsheet": read_workbook,
}


def reader_modules() -> dict[str, str]:
    """Return the module that reads each format, as a path in the package."""
    readers = {**_READERS, **_BINARY}
    return {
        kind: reader.__module__.removeprefix("reviewpress.").replace(".", "/") + ".py"
        for kind, reader in readers.items()
    }


def parse_records(
    content: bytes, file: str, encoding: str = "", kind: str = "", share: Mapped = map
) -> Reading:
    """Read records from a file's content, as a format of `FORMATS` where `kind` names one.

    Where it can be parted, `share` may read the pieces at the same time.

    Damaged and invisible characters are taken out here and nowhere else: of the text before it is
    read, and of what JSON, XML and HTML can write without them.
    """
    file = clean_text(file)
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise BibliographyError("the file is empty.", Place(file), "Export it again.")
    if not kind:
        refuse_other_files(content, file)
    binary = kind if kind in _BINARY else "" if kind in _READERS else _detect_binary(content)
    if binary:  # it says its encoding itself
        return _joined([_cleaned(_BINARY[binary](content, file))])
    text, taken_for = _decode(content, file, encoding, kind)
    kind = kind or _detect(text, file)
    found = bad_characters(text)
    remarks = [f"the file is not UTF-8; {taken_for}"] if taken_for else []
    if found:
        remarks.append(_remark(found, _lines(find_bad_lines(text))))
        text = clean_text(text)
    maker = find_maker(text) if kind in _WITH_A_MAKER else ""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    pieces = _PIECES.get(kind, _whole)(text)
    reading = _joined(list(share(partial(_read_piece, kind, file), pieces)))
    maker = reading.maker or maker
    return replace(reading, remarks=(*remarks, *reading.remarks), maker=maker)


def _decode(content: bytes, file: str, encoding: str, kind: str) -> tuple[str, str]:
    try:
        return decode_export(content, file, encoding)
    except BibliographyError:
        if not kind:
            _detect(content.decode("latin-1"), file)  # it may be no export at all
        raise


def _detect_binary(content: bytes) -> str:
    """Return the format of a file that is read as bytes, empty for one that is text."""
    if is_workbook(content):
        return "spreadsheet"
    head = content[:5000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head[:1] != b"<" or not (head[1:2].isalpha() or head[1:2] in (b"?", b"!")):
        return ""
    if ICTRP_ROOT.encode() in head:
        return "ICTRP XML"
    is_pubmed = any(name.encode() in head for name in PUBMED_RECORDS)
    return "PubMed XML" if is_pubmed else "EndNote XML"


def _detect(text: str, file: str) -> str:
    head = clean_text(text[:200_000]).lstrip()
    lines = [line for line in head.splitlines() if line.strip()]
    rows = first_rows(head)
    refuse_other_tables(rows, file)
    if is_coding_json(text):
        message = "the file is a report of coding, and says no more of its records than titles."
        raise BibliographyError(message, Place(file), "Export its references as RIS.")
    if is_cnki(lines):
        return "CNKI text"
    if head[:1] in ("{", "["):
        return "EPPI-Reviewer JSON" if is_eppi(text) else "CSL JSON"
    if find_header(rows) is not None:
        return "CSV"
    if is_nbib(lines):
        return "NBIB"
    if has_tags(lines[:200]):
        return "RIS"
    if is_web_of_science(lines):
        return "Web of Science"
    if is_refworks(lines):
        return "RefWorks"
    if is_endnote_tagged(lines):
        return "EndNote tagged"
    if is_cochrane(lines):
        return "Cochrane text"
    if is_ovid(lines):
        return "Ovid text"
    if any(line.lstrip().startswith("@") for line in lines):
        return "BibTeX"
    if is_turned(rows):
        return "CSV"
    refuse_other_text(head, file)
    if rows and count_known(rows[0]) > 1:
        raise not_recognised(rows[0], file)
    message = "the file is in no format that can be imported."
    hint = f"These can: {', '.join(FORMATS.values())}. --as says which of them it is."
    raise BibliographyError(message, Place(file), hint)


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """What a piece of a file held, and what was taken out of its records."""

    reading: Reading
    found: Counter[str]
    absent: Counter[str]
    numbers: tuple[int, ...]


def _whole(text: str) -> Iterator[str]:
    yield text


def _read_piece(kind: str, file: str, text: str) -> _Cleaned:
    return _cleaned(_READERS[kind](text, file))


def _cleaned(reading: Reading) -> _Cleaned:
    """Return a reading without damaged and invisible characters, and without signs for nothing."""
    found: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    numbers: list[int] = []
    records, rejected = [], []
    for record in reading.records:
        texts = "".join(record.entry.fields.values())
        if not (texts.isascii() and texts.isprintable()) and (bad := bad_characters(texts)):
            found += bad
            numbers.append(record.number)
            record = replace(record, entry=_clean_entry(record.entry))
        entry, gone = without_absent(record.entry)
        if not entry.title or is_spreadsheet_error(entry.title):
            reason = f"has no title (“{record.title}”)" if record.title else "has no title"
            rejected.append(Rejected(record.file, record.number, "", reason))
        else:
            absent.update(gone)
            records.append(replace(record, entry=entry, traits=traits_of(entry)))
    rejected += [
        replace(one, title=clean_text(one.title), reason=clean_text(one.reason))
        for one in reading.rejected
    ]
    reading = replace(reading, records=tuple(records), rejected=tuple(rejected))
    return _Cleaned(reading, found, absent, tuple(numbers))


def _joined(parts: Sequence[_Cleaned]) -> Reading:
    """Return what the pieces of a file held as one reading, with remarks on what was taken out."""
    found: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    records: list[Record] = []
    rejected: list[Rejected] = []
    numbers: list[int] = []
    repeated: list[tuple[int, str]] = []
    for part in parts:
        before = len(records) + len(rejected)
        repeated += [(number + before, name) for number, name in part.reading.repeated]
        records += _counted_on(part.reading.records, before)
        rejected += _counted_on(part.reading.rejected, before)
        numbers += [number + before for number in part.numbers]
        found.update(part.found)
        absent.update(part.absent)
    remarks = (
        *parts[0].reading.remarks,
        *_left_out([t for p in parts for t in p.reading.left_out]),
        *_repeated(repeated),
    )
    if not records and not rejected:
        remarks += ("no record was found in it",)
    if found:
        remarks += (_remark(found, f"record{'s' * (len(numbers) > 1)} {_listed(numbers)}"),)
    if absent:
        remarks += (_absence(absent),)
    rejected.sort(key=lambda one: one.number)
    return _without_record_numbers(
        replace(
            parts[0].reading,
            records=tuple(records),
            rejected=tuple(rejected),
            remarks=remarks,
            left_out=(),
            repeated=(),
        )
    )


def _counted_on(found: Sequence[_Numbered], before: int) -> Iterable[_Numbered]:
    return [replace(one, number=one.number + before) for one in found] if before else found


def _left_out(lines: Sequence[str]) -> tuple[str, ...]:
    if not lines:
        return ()
    first = lines[0] if len(lines[0]) < 60 else lines[0][:60] + "…"
    if len(lines) == 1:
        return (f"a line between records belongs to none and was left out: “{first}”.",)
    return (f"{len(lines)} lines between records belong to none and were left out: “{first}”, …",)


def _repeated(found: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Return a remark on records of which something is said twice, first the first few of them."""
    if not found:
        return ()
    told = ", ".join(f"{name} of record {number}" for number, name in found[:5])
    more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
    which = (
        f"the first value was taken, the other{'s are' if len(found) > 1 else ' is'} kept beside"
    )
    return (f"given twice, in different words: {told}{more}; {which} it: see whether two works"
            " have become one",)  # fmt: skip


def _without_record_numbers(reading: Reading) -> Reading:
    """Return a reading in which no record has a library's number of it in the place of an issue."""
    if not are_record_numbers([record.entry for record in reading.records]):
        return reading
    remark = (
        "the numbers in the place of issues count the records of a library, since hardly one comes"
        f" twice; they are kept as {FIELD}, and no issue is shown"
    )
    records = tuple(
        replace(one, entry=set_number_aside(one.entry), traits=None) for one in reading.records
    )
    return replace(reading, records=records, remarks=(*reading.remarks, remark))


def _clean_entry(entry: Entry) -> Entry:
    fields = {name: " ".join(clean_text(text).split(" ")) for name, text in entry.fields.items()}
    return replace(
        entry, key=clean_text(entry.key), fields={n: t for n, t in fields.items() if t.strip()}
    )


def _remark(found: Counter[str], where: str) -> str:
    number = found.total()
    what = "1 damaged or invisible character was" if number == 1 else (
        f"{number:,} damaged or invisible characters were"
    )  # fmt: skip
    return f"{what} taken out or replaced: {describe_characters(found)}, in {where}"


def _absence(found: Counter[str]) -> str:
    """Return a remark on the signs for nothing that were taken for no value."""
    told = ", ".join(f"“{text}”" for text, _ in found.most_common(3))
    more = " …" if len(found) > 3 else ""
    number = found.total()
    what = "1 field says only that there is nothing, and was" if number == 1 else (
        f"{number:,} fields say only that there is nothing, and were"
    )  # fmt: skip
    return f"{what} left out: {told}{more}"


def _lines(lines: list[int]) -> str:
    return f"line{'s' * (len(lines) > 1)} {_listed(lines)}"


def _listed(numbers: list[int]) -> str:
    told = ", ".join(map(str, numbers[:5]))
    return told + (" …" if len(numbers) > 5 else "")
