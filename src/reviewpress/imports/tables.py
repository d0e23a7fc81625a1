"""Tables of records: CSV and spreadsheets of databases and screening programs, by their columns."""

import ast
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from reviewpress.bibliography import Entry, Name, fold_accents
from reviewpress.errors import BibliographyError, Place
from reviewpress.imports.csv_rows import Cells, split_csv
from reviewpress.imports.file_kinds import refuse_other_tables
from reviewpress.imports.people import read_names, read_people
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_issn,
    find_month,
    find_repeated,
    join_pages,
    make_entry,
    read_year,
)
from reviewpress.tables.reader import find_separator

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "article title", "document title", "item title", "primary title",
              "title primary", "paper title", "articletitle", "title of article", "study title",
              "full title", "public title", "display name", "scientific title", "ti", "title 题名",
              "标题", "题名",
              "titulo", "titre", "titel", "titolo"),
    "authors": ("author full names", "af", "authors", "author", "author s", "author names",
                "authors primary", "creators", "author list", "first authors", "au",
                "authorships author display name",
                "author 作者", "作者", "autores", "autor", "autor es", "auteurs", "autoren",
                "autori"),
    "short": ("authors", "author", "au"),
    "year": ("published year", "publication year", "year", "pubyear", "pub year", "year published",
             "year of publication", "publicationyear", "py", "year 年", "年份", "年", "ano",
             "ano de publicacion", "ano de publicacao", "annee", "jahr", "anno"),
    "date": ("date", "publication date", "date published", "pub date", "cover date", "pubdate",
             "date of publication", "pubtime 发表时间", "pubtime 出版时间"),
    "registered": ("study first posted", "first posted", "date registration3",
                   "date registration", "date of registration", "study first submitted",
                   "start date"),
    "month": ("published month", "month", "月份"),
    "journal": ("journal", "source title", "publication title", "journal title", "journal book",
                "periodical full", "periodical abbrev", "source title anthology title",
                "journal name", "journal source", "pubtitle", "publication name", "publication",
                "container title", "so",
                "primary location source display name", "host venue display name",
                "source 文献来源", "source 刊名", "期刊", "刊名",
                "revista", "revue", "zeitschrift", "rivista"),
    "container": ("title secondary", "anthology title"),
    "source": ("source", "citation", "source information", "original source"),
    "volume": ("volume", "journal volume", "vol", "vl", "biblio volume", "volume 卷", "roll 卷",
               "卷"),
    "number": ("issue", "issue number", "journal issue", "is", "biblio issue", "period 期", "期"),
    "pages": ("pages", "pagination", "page range", "page numbers", "page 页码", "pagecount 页码",
              "页码", "paginas", "seiten", "pagine"),
    "first": ("page start", "start page", "startpage", "first page", "beginning page", "bp",
              "biblio first page"),
    "last": ("page end", "end page", "endpage", "last page", "ending page", "other pages", "ep",
             "biblio last page"),
    "eid": ("art no", "article number"),
    "doi": ("doi", "item doi", "digital object identifier", "digitalobjectidentifier", "doi link",
            "di", "doi doi"),
    "url": ("url", "link", "article url", "articleurl", "external url", "plink", "urls",
            "source urls", "open url link", "document url", "study url", "web address",
            "url 网址", "link 链接"),
    "abstract": ("abstract", "abstract note", "abstracts", "ab", "brief summary",
                 "summary 摘要", "摘要", "resumen", "resumo", "resume", "zusammenfassung",
                 "riassunto"),
    "keywords": ("keywords", "author keywords", "subjects", "subject terms", "keyword",
                 "keyword 关键词", "关键词", "palabras clave", "palavras chave", "mots cles"),
    "tags": ("tags", "manual tags"),
    "issn": ("issn", "issns", "issn s", "issn isbn", "issn 国际标准刊号",
             "primary location source issn l"),
    "isbn": ("isbn", "isbns"),
    "publisher": ("publisher", "出版商"),
    "address": ("location", "place", "place published", "place of publication"),
    "language": ("language", "language of original document", "languages", "idioma"),
    "note": ("notes", "note"),
    "pmid": ("pmid", "pubmed id", "pubmedid", "medline id", "medline pmid", "pm",
             "ids pmid"),
    "pmcid": ("pmcid", "pmc id", "ids pmcid"),
    "type": ("document type", "item type", "publication type", "content type", "type",
             "type of reference", "reference type", "doctype", "document identifier",
             "srcdatabase 来源库"),
    "broad type": ("publication type",),
    "accession": ("accession number", "embase accession number"),
    "trial": ("nct number", "trialid", "trial id", "nct id"),
    "covidence": ("covidence", "covidence number"),
    "editors": ("editors", "editor", "book editors", "authors secondary"),
}  # fmt: skip
"""What each field may be called, in words without signs and accents; the better names first."""
_SINGLE = {
    "title": "title", "year": "year", "journal": "journal", "doi": "DOI", "volume": "volume",
    "number": "issue",
}  # fmt: skip
"""What a work has one of."""
_TELLING = frozenset((
    "authors", "doi", "year", "pmid", "covidence", "abstract", "source", "date", "trial",
))  # fmt: skip
"""Columns that make records of rows with titles."""
_MAKERS: Sequence[tuple[str, frozenset[str]]] = (
    ("Covidence", frozenset(("covidence",))),
    ("Rayyan", frozenset(("key", "pubmed id", "notes"))),
    ("Scopus", frozenset(("source title", "eid"))),
    ("Scopus", frozenset(("author s id", "source title"))),
    ("IEEE Xplore", frozenset(("document title", "publication title"))),
    ("Web of Science", frozenset(("ut unique wos id",))),
    ("Web of Science", frozenset(("ut", "ti", "so"))),
    ("Embase", frozenset(("author names", "emtree medical index terms"))),
    ("Lens", frozenset(("lens id",))),
    ("Dimensions", frozenset(("publication id", "pubyear"))),
    ("OpenAlex", frozenset(("authorships author display name",))),
    ("OpenAlex", frozenset(("source", "citation count", "id"))),
    ("Publish or Perish", frozenset(("gsrank", "querydate"))),
    ("Zotero", frozenset(("item type", "abstract note"))),
    ("PubMed", frozenset(("journal book", "citation"))),
    ("ClinicalTrials.gov", frozenset(("nct number", "conditions"))),
    ("ICTRP", frozenset(("trialid", "public title"))),
    ("RefWorks", frozenset(("title primary", "authors primary"))),
    ("CNKI", frozenset(("title 题名", "author 作者"))),
)
"""Who makes tables with such columns."""
_JOURNAL_IS_SOURCE = frozenset(("OpenAlex", "Publish or Perish"))
"""Makers whose column "Source" holds the journal, and not the database or a whole citation."""
_TYPES = (
    ("chapter", "incollection"), ("section", "incollection"), ("conference", "inproceedings"),
    ("proceeding", "inproceedings"), ("thesis", "phdthesis"), ("dissertation", "phdthesis"),
    ("report", "report"), ("web", "online"), ("book", "book"), ("article", "article"),
    ("review", "article"), ("journal", "article"), ("硕士", "phdthesis"), ("博士", "phdthesis"),
    ("会议", "inproceedings"), ("期刊", "article"),
)  # fmt: skip
"""Words in the column of types and what they mean, the more exact ones first."""
_NEED_CONTAINER = {"incollection": "booktitle", "inproceedings": "booktitle", "article": "journal"}
_EMBASE = re.compile(
    r"(?P<journal>[^()]+?) \((?P<year>\d{4})\)(?: (?P<volume>[\w-]+))?(?::(?P<number>[\w ./-]+?))?"
    r"(?: \((?P<pages>[\w–-]+)\))?\.?(?: |$)"
)
_PUBMED = re.compile(r"; ?(?P<volume>[\w-]+)?(?:\((?P<number>[^)]*)\))?:(?P<pages>[\w-]+)\.")
_NOT_IN_PMIDS = re.compile(r"(?<=\d)(?:\.0$|;.*|/$)|^https?://\S+/(?=\d)")
_AUTHOR_IDS = re.compile(r"\s*\(\d{5,}\)")
_NAME = re.compile(r"\w+(?: \w+)*")
_QUOTED = 300
"""How much of a wrong row is quoted: two records may have become one."""
_PREAMBLE = 5
"""In how many rows a header is looked for: some tables begin with words about themselves."""


def find_header(rows: Sequence[Cells]) -> int | None:
    """Return which of the first rows is the header of a table of records, None where none is."""
    for position, cells in enumerate(rows[:_PREAMBLE]):
        known = _recognised(cells).values()
        if "title" in known and _TELLING & set(known):
            return position
    return None


def first_rows(text: str) -> list[Cells]:
    """Return the first lines of a text as the rows of a table, as far as they can be read."""
    rows: list[Cells] = []
    for line in text.lstrip().split("\n")[:_PREAMBLE]:
        try:
            rows += csv.reader([line], delimiter=find_separator(line))
        except csv.Error:
            break
    return rows


def read_record_table(text: str, file: str) -> Reading:
    """Read a table in CSV; rows that are longer or shorter than the header are rejected.

    Raises BibliographyError where the file cannot be read as CSV or its columns are not known.
    """
    broken: list[int] = []
    reading = read_rows(split_table(text, file, broken), file, "CSV")
    if not broken:
        return reading
    which = ", ".join(map(str, broken[:5])) + (" …" if len(broken) > 5 else "")
    noun = f"{len(broken):,} lines have" if len(broken) > 1 else "1 line has"
    remark = (
        f"{noun} quotation marks inside a cell that are not doubled, and may be damaged: {which}"
    )
    return replace(reading, remarks=(*reading.remarks, remark))


def read_rows(rows: Sequence[Cells], file: str, kind: str) -> Reading:
    """Read the rows of a table, of which one of the first is the header, or which is turned.

    Raises BibliographyError with the columns that are known where none holds the titles.
    """
    if is_turned(rows):
        rows = turn_table(rows)
    start = find_header(rows)
    if start is None:
        refuse_other_tables(rows, file)
        raise not_recognised(rows[0] if rows else [], file)
    header = rows[start]
    columns = _recognised(header)
    maker = _maker(header)
    if maker in _JOURNAL_IS_SOURCE and "journal" not in columns.values():
        columns = {at: "journal" if name == "source" else name for at, name in columns.items()}
    prefix = re.split(r"\W", maker.casefold())[0] or "csv"
    names = [_words(name) for name in header]
    records: list[Record] = []
    repeated: list[tuple[int, str]] = []
    above, remarks = _above(rows[:start], header, file)
    rejected = [*above]
    for number, _, cells in numbered_rows(rows, start, file):
        row = {position: cell.strip() for position, cell in enumerate(cells)}
        title = next((row[p] for p, name in columns.items() if name == "title" and row.get(p)), "")
        if len(cells) != len(header):
            said = " ".join(filter(None, map(str.strip, cells)))
            reason = f"has {len(cells)} cells, the header {len(header)} (“{said[:_QUOTED]}”)"
            rejected.append(Rejected(file, number, title, reason))
        elif not title:
            rejected.append(Rejected(file, number, "", f"has no title (“{' '.join(cells)[:60]}”)"))
        else:
            records.append(Record(file, number, _entry(row, columns, names, prefix)))
            repeated += find_repeated(number, _said(row, columns, names), _SINGLE)
    return Reading(kind, tuple(records), tuple(rejected), remarks, maker, repeated=tuple(repeated))


def numbered_rows(rows: Sequence[Cells], start: int, file: str) -> Iterator[tuple[int, int, Cells]]:
    """Yield the rows below a header: the number as a record, the row of the file, the cells."""
    above, _ = _above(rows[:start], rows[start], file)
    number = len(above)
    for row, cells in enumerate(rows[start + 1 :], start=start + 2):
        if not any(cells):
            continue
        number += 1
        while len(cells) > len(rows[start]) and not cells[-1].strip():
            cells = cells[:-1]
        yield number, row, cells


def is_turned(rows: Sequence[Cells]) -> bool:
    """Whether a table has a row for each field of a record, as Embase's "fields by row" has."""
    named = [cells[:1] for cells in rows if len(cells) > 1 and _NAME.fullmatch(cells[0])]
    names = {name for cell in named for name in _recognised(cell).values()}
    return "title" in names and bool(_TELLING & names) and find_header(rows) is None


def turn_table(rows: Sequence[Cells]) -> list[Cells]:
    """Return a turned table with a row for each record; an empty row or a field again begins one.

    >>> turn_table([["TITLE", "One"], ["AUTHOR NAMES", "Ash A.", "Oak B."], [], ["TITLE", "Two"]])
    [['TITLE', 'AUTHOR NAMES'], ['One', 'Ash A.; Oak B.'], ['Two', '']]
    """
    records: list[dict[str, str]] = [{}]
    for cells in rows:
        name = cells[0].strip() if cells else ""
        if records[-1] and (name in records[-1] or not name):
            records.append({})
        if name:
            records[-1][name] = "; ".join(filter(None, map(str.strip, cells[1:])))
    header = list(dict.fromkeys(name for record in records for name in record))
    first = next(at for at, one in enumerate(records) if "title" in _recognised(list(one)).values())
    above = [[*record, *record.values()] for record in records[:first]]
    return [*above, header, *([one.get(n, "") for n in header] for one in records[first:] if one)]


def split_table(text: str, file: str, broken: list[int] | None = None) -> list[Cells]:
    """Return all rows of a table in CSV; BibliographyError where it cannot be read.

    With `broken`, rows that are not CSV are read each by itself, and their lines added to it.
    """
    first = first_rows(text)
    lines = text.lstrip().split("\n")
    header = find_header(first) or 0
    separator = find_separator(lines[header]) if lines else ","
    below = split_csv("\n".join(lines[header:]), separator, file, broken)
    if broken:
        above = header + text[: len(text) - len(text.lstrip())].count("\n")
        broken[:] = [line + above for line in broken]
    return [*first[:header], *below]


def _above(
    rows: Sequence[Cells], header: Cells, file: str
) -> tuple[list[Rejected], tuple[str, ...]]:
    """Return what is above the header: rows of a record each are rejected, words remarked."""
    rejected: list[Rejected] = []
    words: list[str] = []
    for row in rows:
        filled = [cell.strip() for cell in row if cell.strip()]
        if len(filled) > max(2, len([cell for cell in header if cell.strip()]) // 2):
            reason = f"is above the header (“{filled[0][:60]}”)"
            rejected.append(Rejected(file, len(rejected) + 1, filled[0], reason))
        elif filled:
            words.append(" ".join(filled))
    if not words:
        return rejected, ()
    noun = "line above the header was" if len(words) == 1 else "lines above the header were"
    return rejected, (f"{len(words)} {noun} left out: “{words[0][:60]}”",)


def not_recognised(header: Cells, file: str) -> BibliographyError:
    """Return what is said of a table whose columns are not those of records."""
    known = {header[position]: name for position, name in _recognised(header).items()}
    message = "no column of the table holds titles of papers."
    if "title" in known.values():
        message = "the table has titles, but no column for authors, year, DOI or abstract."
    told = ", ".join(f"{column.strip()} ({name})" for column, name in known.items())
    hint = f"Recognised: {told}." if told else "No column was recognised."
    return BibliographyError(message, Place(file, row=1), f"{hint} Rename the others to match.")


def count_known(header: Cells) -> int:
    """Count the columns of a header that only a table of records has."""
    return len(set(_recognised(header).values()) - {"type", "note", "source", "number"})


def _recognised(header: Cells) -> dict[int, str]:
    """Return the field of each column that is known, by position; only the best column has one."""
    names = [fold_accents(_words(name)) for name in header]
    found: dict[int, str] = {}
    for field, wanted in _COLUMNS.items():
        positions = [names.index(name) for name in wanted if name in names]
        free = [position for position in positions if position not in found]
        if free:
            found[free[0]] = field
    return found


def _words(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def _maker(header: Cells) -> str:
    names = {_words(name) for name in header}
    return next((maker for maker, telling in _MAKERS if telling <= names), "")


def _entry(
    row: Mapping[int, str], columns: Mapping[int, str], names: Sequence[str], prefix: str
) -> Entry:
    cells = {field: row[position] for position, field in columns.items() if row[position]}
    source = _source(cells.get("source", ""))
    kind = _kind(cells, source)
    authors = _people(cells.get("authors", "")) or _people(cells.get("short", ""))
    editors = _people(cells.get("editors", ""))
    container = cells.get("journal") or source.get("journal", "") or cells.get("container", "")
    if sum(map(str.isdigit, cells.get("issn", ""))) in (10, 13) and "isbn" not in cells:
        cells["isbn"] = cells.pop("issn")  # RefWorks has one column for both
    texts = {
        "title": cells["title"],
        _NEED_CONTAINER.get(kind, "journal"): container,
        "year": read_year(
            cells.get("year", ""),
            cells.get("date", ""),
            source.get("year", ""),
            cells.get("registered", ""),
        ),
        "month": find_month(cells.get("month", "")) or find_month(cells.get("date", "")),
        "pages": join_pages(
            cells.get("first") or cells.get("pages") or source.get("pages", ""),
            cells.get("last", "") if cells.get("first") else "",
        ),
        "doi": find_doi(cells.get("doi", ""), cells.get("source", "")),
        "issn": find_issn(cells.get("issn", "")),
        "keywords": "; ".join(filter(None, (cells.get("keywords"), cells.get("tags")))),
        "covidence": cells.get("covidence", "").lstrip("#"),
        "pmid": _NOT_IN_PMIDS.sub("", cells.get("pmid", "")),
        "accession": cells.get("accession") or cells.get("trial", ""),
        **{name: cells.get(name) or source.get(name, "") for name in ("volume", "number")},
    }
    same = ("eid", "url", "abstract", "isbn", "publisher", "address", "language", "note", "pmcid")
    texts |= {name: cells.get(name, "") for name in same}
    texts |= _others(row, columns, names, prefix, texts)
    return make_entry(kind, texts, authors, editors)


def _said(
    row: Mapping[int, str], columns: Mapping[int, str], names: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    """Return what a row says of a field in all columns of the same name, and each of its DOIs."""
    said = {
        field: [row[at] for at, name in enumerate(names) if name == names[position]]
        for position, field in columns.items()
        if field in _SINGLE
    }
    return said | {"doi": [find_doi(word) for cell in said.get("doi", ()) for word in cell.split()]}


def _others(
    row: Mapping[int, str], columns: Mapping[int, str], names: Sequence[str], prefix: str,
    texts: Mapping[str, str],
) -> dict[str, str]:  # fmt: skip
    """Return what no field takes, under the names of the columns: nothing of a row is lost."""
    whole = {
        "authors",
        "short",
        "editors",
        "keywords",
        "tags",
        "covidence",
        "title",
        "first",
        "last",
    }
    told = {_squeezed(text) for text in texts.values() if text}
    others: dict[str, str] = {}
    for position, value in row.items():
        field = columns.get(position, "")
        has_ids = field == "authors" and _AUTHOR_IDS.search(value)
        if not value or (field in whole and not has_ids) or _squeezed(value) in told:
            continue
        name = f"{prefix}-{names[position].replace(' ', '-')[:40] or position + 1}"
        while others.get(name, value) != value:
            name += "-2"
        others[name] = value
    return others


def _squeezed(text: str) -> str:
    return re.sub(r"\s+|^https?://(?:dx\.)?doi\.org/|[-–]+", "", text).casefold()


def _people(text: str) -> list[Name]:
    """Return the names in a cell, also of a list as Python and JSON write it."""
    if text.startswith("[") and text.endswith("]"):
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            listed = ast.literal_eval(text)
            if isinstance(listed, list) and all(isinstance(name, str) for name in listed):
                return [person for name in listed for person in read_people(name)]
    return read_names(_AUTHOR_IDS.sub("", text))


def _kind(cells: Mapping[str, str], source: Mapping[str, str]) -> str:
    told = re.sub(r"[\W_]+", "", cells.get("type") or cells.get("broad type", "")).casefold()
    kind = next((kind for word, kind in _TYPES if word in told), "")
    if kind == "online" or not kind:
        has_journal = cells.get("journal") or source.get("journal")
        return "article" if has_journal else kind or "misc"
    return kind


def _source(text: str) -> Mapping[str, str]:
    """Return what a citation in one column says: that of Embase, and that of PubMed."""
    found = _EMBASE.match(text) or _PUBMED.search(text)
    return {name: value for name, value in found.groupdict().items() if value} if found else {}
