"""Files of records in any of the formats that databases and reference managers export."""

from pathlib import Path

from reviewpress.bibliography import read_entries
from reviewpress.errors import BibliographyError, Place, ReportError
from reviewpress.imports.covidence import is_covidence, read_covidence
from reviewpress.imports.csl import read_csl
from reviewpress.imports.endnote import read_endnote
from reviewpress.imports.nbib import read_nbib
from reviewpress.imports.records import Reading, Record, Rejected
from reviewpress.imports.ris import read_ris

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
FORMATS = ("RIS", "NBIB", "EndNote XML", "BibTeX", "CSL JSON", "Covidence CSV")


def read_records(path: Path) -> Reading:
    """Read a file of records, of whichever format its content is.

    Raises BibliographyError where the file is missing, is of no known format, or cannot be read
    as a whole; single bad records are among the rejected.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise BibliographyError("the file does not exist.", Place(str(path))) from None
    except OSError as error:
        raise BibliographyError(f"cannot be read: {error.strerror}.", Place(str(path))) from None
    return parse_records(content, path.name)


def parse_records(content: bytes, file: str) -> Reading:
    """Read records from a file's content; see `read_records`."""
    kind = detect_format(content, file)
    if kind == "EndNote XML":
        return read_endnote(content, file)
    text = _decode(content, file)
    if kind == "BibTeX":
        return _read_bibtex(text, file)
    readers = {
        "RIS": read_ris,
        "NBIB": read_nbib,
        "CSL JSON": read_csl,
        "Covidence CSV": read_covidence,
    }
    return readers[kind](text, file)


def detect_format(content: bytes, file: str) -> str:
    """Return the format of a file by its content; its name is not trusted.

    Raises BibliographyError where it is none of `FORMATS`.
    """
    if not content.strip():
        raise BibliographyError("the file is empty.", Place(file), "Export it again.")
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    head = content[:200_000].decode(encoding, errors="replace").lstrip()
    lines = [line for line in head.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if head.startswith("<"):
        return "EndNote XML"
    if head[:1] in ("{", "["):
        return "CSL JSON"
    if any(line.startswith("PMID-") for line in lines[:50]):
        return "NBIB"
    if any(line.lstrip().startswith(("TY  -", "TY -", "TY-")) for line in lines[:50]):
        return "RIS"
    if any(line.lstrip().startswith("@") for line in lines):
        return "BibTeX"
    if is_covidence(first):
        return "Covidence CSV"
    message = "the file is in no format that can be imported."
    raise BibliographyError(message, Place(file), f"These can: {', '.join(FORMATS)}.")


def _decode(content: bytes, file: str) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode("utf-16" if content.startswith(_UTF_16) else encoding)
        except UnicodeDecodeError:
            continue
    raise BibliographyError("the file is neither UTF-8 nor Windows-1252.", Place(file))


def _read_bibtex(text: str, file: str) -> Reading:
    try:
        entries, problems = read_entries(text, file)
    except ReportError as error:
        raise BibliographyError(error.message, error.where, error.hint) from None
    bad = {problem.where.line for problem in problems if problem.where}
    records, rejected = [], []
    for number, entry in enumerate(entries, start=1):
        if entry.line in bad:
            continue
        if entry.title:
            records.append(Record(file, number, entry))
        else:
            rejected.append(Rejected(file, number, "", f"has no title (“{entry.key}”)"))
    for number, problem in enumerate(problems, start=len(entries) + 1):
        line = problem.where.line if problem.where else None
        reason = f"cannot be used, line {line}: {problem.message.rstrip('.')}"
        rejected.append(Rejected(file, number, "", reason))
    return Reading("BibTeX", tuple(records), tuple(rejected))
