"""What a file is: records, in which format and from which tool, or what cannot be imported yet."""

import re
from collections.abc import Mapping, Sequence

from reviewpress.archives import UnreadableArchive, unpack
from reviewpress.errors import BibliographyError, Place, nearest
from reviewpress.imports.xmlfiles import iterate_elements

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FORMATS: Mapping[str, str] = {
    "ris": "RIS", "nbib": "NBIB", "bibtex": "BibTeX", "csl-json": "CSL JSON", "csv": "CSV",
    "spreadsheet": "spreadsheet", "endnote-xml": "EndNote XML", "endnote-tagged": "EndNote tagged",
    "pubmed-xml": "PubMed XML", "web-of-science": "Web of Science", "refworks": "RefWorks",
    "ovid": "Ovid text", "eppi-json": "EPPI-Reviewer JSON", "cochrane": "Cochrane text",
    "cnki": "CNKI text", "ictrp-xml": "ICTRP XML",
}  # fmt: skip
"""The formats of records, by the names that `--as` takes."""
_NOT_YET: Mapping[str, tuple[str, str]] = {
    "duplicates": ("decisions on duplicates", "Put the file at data/duplicates.csv."),
    "form": ("a filled-in form", "Write the answers to data/appraisal.csv."),
    "word": ("an edited Word file", "Make its changes in the chapters."),
    "flow": ("a PRISMA flow", "Put the file at data/flow.csv."),
    "extraction": (
        "Covidence’s data extraction",
        "Export the references, as “included” or “excluded”; put the data beside data/papers.csv.",
    ),
    "rayyan log": (
        "Rayyan’s log of changes",
        "Import the file beside it, articles.csv, which has the decisions.",
    ),
}
"""What else may be given to `import`, by the names that `--as` takes; and what to do with it."""
_MAKERS: Sequence[tuple[str, str]] = (
    (r"\bovidsp?\.ovid\.com|Link to the Ovid Full Text|\bOvid (?:MEDLINE|Technologies)", "Ovid"),
    (r"^Provider: ?EBSCO|search\.ebscohost\.com|openurl\.ebsco", "EBSCO"),
    (r"source ?= ?\{Scopus\}|^(?:DB|N1) +- .*Scopus|scopus\.com/inward", "Scopus"),
    (r"^(?:UT|AN) +- WOS:|Unique-ID ?= ?\{+(?:WOS|ISI):", "Web of Science"),
    (r"^OWN ?- NLM|^(?:DB|DP) +- (?:PubMed|NLM)\b", "PubMed"),
    (r"^OWN ?- ERIC|^DB +- ERIC|eric\.ed\.gov", "ERIC"),
    (r"search\.proquest\.com|www\.proquest\.com", "ProQuest"),
    (r"cochranelibrary\.com|^DB +- .*Cochrane", "Cochrane Library"),
    (r"^DB +- .*PsycINFO|psycnet\.apa\.org", "PsycINFO"),
    (r"RAYYAN-(?:INCLUSION|LABELS|EXCLUSION)|rayyan-\d{5}", "Rayyan"),
    (r"[cC]ovidence", "Covidence"),
    (r"jabref-(?:meta|entrytype)|^% Encoding: ", "JabRef"),
    (r"Mendeley Desktop|mendeley-groups", "Mendeley"),
    (r"zotero\.org/", "Zotero"),
    (r"bibsource ?= ?\{dblp", "dblp"),
    (r"ieeexplore\.ieee\.org", "IEEE Xplore"),
    (r"dl\.acm\.org|acmid ?= ?\{", "ACM"),
)
"""What a tool leaves in the text of its exports."""
_XML: Sequence[tuple[bytes, str]] = (
    (b"<mods", "MODS"), (b"mods:mods", "MODS"), (b"<marc", "MARC"), (b"MARC21/slim", "MARC"),
    (b"<rdf:RDF", "RDF"), (b"b:Sources", "Word's list of sources"), (b"<TEI", "TEI"),
    (b"<rss", "a news feed"), (b"<feed", "a news feed"), (b"<CitaviExchange", "Citavi's"),
)  # fmt: skip
_STARTS: Sequence[tuple[bytes, str, str]] = (
    (b"%PDF-", "a PDF", "Export the references from where it was made."),
    (b"SQLite format 3", "the database of a reference manager",
     "Export from the program itself, as RIS or BibTeX."),
    (b"\x1f\x8b", "a compressed file", "Unpack it, and import what is in it."),
    (b"BZh", "a compressed file", "Unpack it, and import what is in it."),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it, and import what is in it."),
    (b"\x89PNG", "a picture", "Export the references as RIS."),
    (b"\xff\xd8\xff", "a picture", "Export the references as RIS."),
)  # fmt: skip
_CRITERION = re.compile(r"(?:[dsq]\d{1,2}(?:\.\d{1,2})?|\d{1,2}\.\d{1,2})\b.*", re.IGNORECASE)
_STUDY = frozenset(("study", "paper", "code", "record", "study id", "citekey"))


def format_named(name: str) -> str:
    """Return the format that `--as` names, empty for `records` of whichever format.

    Raises BibliographyError for what cannot be imported yet, and for what nothing is called.
    """
    wanted = re.sub(r"[\s_]+", "-", name.strip().casefold())
    named = {**FORMATS, **{title.casefold().replace(" ", "-"): title for title in FORMATS.values()}}
    if wanted in named:
        return named[wanted]
    if wanted == "records":
        return ""
    if wanted in _NOT_YET:
        what, hint = _NOT_YET[wanted]
        raise BibliographyError(f"{what} cannot be imported yet.", hint=hint)
    message = f'"{name}" is not a kind of file that can be imported.'
    valid = (*FORMATS, "records", "decisions", *_NOT_YET)
    raise BibliographyError(message, hint=nearest(wanted, valid) or f"Valid: {', '.join(FORMATS)}.")


def find_maker(text: str) -> str:
    """Return the tool whose marks stand in the first records of an export, empty where none do."""
    head = text[:30_000]
    return next((name for mark, name in _MAKERS if re.search(mark, head, re.MULTILINE)), "")


def refuse_other_files(content: bytes, file: str) -> None:
    """Raise BibliographyError for a file that is no text, spreadsheet or XML of records."""
    for start, what, hint in _STARTS:
        if content.startswith(start):
            raise _refused(file, what, hint)
    if content.startswith(b"PK\x03\x04"):
        _refuse_container(content, file)
    head = content[:3000]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        for mark, what in _XML:
            if mark in head:
                raise _refused(file, f"XML of another kind ({what})", "Export it as RIS or BibTeX.")
    if b'"nbformat"' in content and b'"cells"' in content[:200_000]:
        raise _refused(file, "a notebook", "Put it into chapters/, and name it in _quarto.yml.")


def refuse_other_tables(rows: Sequence[Sequence[str]], file: str) -> None:
    """Raise BibliographyError for a table of answers, or of numbers of a flow."""
    for cells in rows[:3]:
        names = [" ".join(re.findall(r"[^\W_]+(?:\.\d+)?", cell.casefold())) for cell in cells]
        kind = _kind_of_table(names)
        if kind:
            what, hint = _NOT_YET[kind]
            raise _refused(file, what, hint)


def refuse_other_text(head: str, file: str) -> None:
    """Raise BibliographyError for a form that was filled in as YAML."""
    if re.search(r"^(?:answers|responses)\s*:", head, re.MULTILINE):
        what, hint = _NOT_YET["form"]
        raise _refused(file, what, hint)


def _kind_of_table(names: Sequence[str]) -> str:
    known = set(names)
    if {"record", "other", "decision"} <= known:
        return "duplicates"
    if {"data", "node", "box"} <= known:
        return "flow"
    if {"covidence", "reviewer name"} <= known:
        return "extraction"
    if {"article id", "key", "value"} <= known:
        return "rayyan log"
    criteria = [name for name in names if _CRITERION.fullmatch(name)]
    answers = {"question", "answer"} <= known or "overall" in known or len(criteria) > 3
    if "title" not in known and known & _STUDY and answers and (criteria or "answer" in known):
        return "form"
    return ""


def _refuse_container(content: bytes, file: str) -> None:
    """Raise BibliographyError for a zip file that is no spreadsheet."""
    try:
        names = unpack(content)
    except UnreadableArchive as error:
        message = f"the file cannot be read as a spreadsheet: {error}."
        raise BibliographyError(message, Place(file), "Save it as CSV UTF-8.") from None
    kinds = names.get("mimetype", b"")[:80]
    if "word/document.xml" in names:
        raise _refused(file, _edits(names), _NOT_YET["word"][1])
    if any(name.startswith("ppt/") for name in names):
        raise _refused(file, "a presentation", "Export the references as RIS.")
    if b"opendocument.text" in kinds or b"epub" in kinds:
        raise _refused(file, "a document", "Export the references as RIS.")
    if any(name.endswith((".enl", ".eni")) for name in names):
        hint = "In EndNote choose File, Export, XML."
        raise _refused(file, "a library of EndNote", hint)
    if "project.json" in names:
        hint = "In ASReview LAB, export its records as CSV, Excel or RIS, and import that file."
        raise _refused(file, "a project of ASReview", hint)
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise _refused(file, "a zip archive", "Unpack it, and import the files in it.")


def _edits(parts: Mapping[str, bytes]) -> str:
    """Return in words that a file is of Word, and how many comments and changes it has."""
    comments = _count(parts, "word/comments.xml", "comment")
    changes = _count(parts, "word/document.xml", "ins", "del", "moveFrom", "moveTo")
    if not comments and not changes:
        return "a Word file without comments and tracked changes"
    told = [f"{n} {word}{'s' * (n != 1)}" for n, word in
            ((comments, "comment"), (changes, "tracked change"))]  # fmt: skip
    return f"an edited Word file ({' and '.join(told)})"


def _count(parts: Mapping[str, bytes], part: str, *names: str) -> int:
    """Count the elements of Word's that have one of some names."""
    if part not in parts:
        return 0
    tags = tuple(f"{{{_WORD}}}{name}" for name in names)
    return sum(1 for _ in iterate_elements(parts[part], part, tags, "of Word"))


def _refused(file: str, what: str, hint: str) -> BibliographyError:
    return BibliographyError(
        f"the file is {what}, which cannot be imported yet.", Place(file), hint
    )
