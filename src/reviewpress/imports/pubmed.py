"""PubMed's XML."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element

from reviewpress.bibliography import Entry, Name
from reviewpress.imports.records import (
    Reading,
    Record,
    Rejected,
    find_doi,
    find_month,
    find_repeated,
    join_pages,
    make_entry,
    name_titles,
    read_year,
)
from reviewpress.imports.xmlfiles import flat_text, iterate_elements

RECORDS = ("PubmedArticle", "PubmedBookArticle")
"""The elements that are a record each."""
_ONE = {
    "pubmed-pmid": "./MedlineCitation/PMID", "pubmed-issn": ".//Journal/ISSN",
    "pubmed-journal": ".//Journal/Title", "pubmed-volume": ".//JournalIssue/Volume",
    "pubmed-issue": ".//JournalIssue/Issue", "pubmed-date": ".//JournalIssue/PubDate",
    "pubmed-language": ".//Article/Language",
}  # fmt: skip
"""Elements whose first is in a field, and the fields of others."""
_SINGLE = {
    ".//JournalIssue/PubDate": "year", ".//Journal/Title": "journal",
    ".//JournalIssue/Volume": "volume", ".//JournalIssue/Issue": "issue", "doi": "DOI",
}  # fmt: skip
"""What a work has one of; one with two titles is rejected."""
NOTICES = {
    "pubmed-rin": "RetractionIn", "pubmed-rri": "RetractedandRepublishedIn",
    "pubmed-eci": "ExpressionOfConcernIn", "pubmed-ein": "ErratumIn",
    "pubmed-cri": "CorrectedandRepublishedIn",
}  # fmt: skip
"""Fields for what was published on a work, and what PubMed calls it."""


def read_pubmed(content: bytes, file: str) -> Reading:
    """Read PubMed's XML; every record is either in the records or among the rejected.

    Raises BibliographyError where the file is broken.
    """
    records, rejected = [], []
    repeated: list[tuple[int, str]] = []
    elements = iterate_elements(content, file, RECORDS, "PubMed XML")
    for number, element in enumerate(elements, start=1):
        title = _first(element, ".//ArticleTitle", ".//BookTitle", ".//VernacularTitle")
        both = (element.findall(path) for path in (".//ArticleTitle", ".//BookTitle"))
        titles = [flat_text(one) for one in max(both, key=len)]
        if len(titles) > 1:
            reason = name_titles([title] * (title not in titles) + titles, "the end of a record")
            rejected.append(Rejected(file, number, title, reason))
        elif title:
            records.append(Record(file, number, _entry(element, title)))
            said = {path: _texts(element, path) for path in _SINGLE} | {"doi": _dois(element)}
            repeated += find_repeated(number, said, _SINGLE)
        else:
            known = _first(element, ".//PMID") or flat_text(element)
            rejected.append(Rejected(file, number, "", f"has no title (“{known[:60]}”)"))
    return Reading("PubMed XML", tuple(records), tuple(rejected), repeated=tuple(repeated))


def _entry(element: Element, title: str) -> Entry:
    is_book = element.tag == "PubmedBookArticle"
    date = _first(element, ".//JournalIssue/PubDate", ".//Book/PubDate", ".//PubDate")
    kind = "article"
    if is_book:
        kind = "incollection" if _first(element, ".//ArticleTitle") else "book"
    texts = {
        "title": title.removesuffix(".") if not title.endswith("..") else title,
        "journal": _first(element, ".//Journal/Title", ".//Journal/ISOAbbreviation"),
        "booktitle": _first(element, ".//BookTitle") if kind == "incollection" else "",
        "publisher": _first(element, ".//PublisherName"),
        "year": read_year(date, _first(element, ".//ArticleDate")),
        "month": _month(date),
        "volume": _first(element, ".//JournalIssue/Volume"),
        "number": _first(element, ".//JournalIssue/Issue"),
        "pages": _pages(element),
        "doi": find_doi(*_dois(element)),
        "issn": _first(element, ".//Journal/ISSN"),
        "isbn": _first(element, ".//Isbn"),
        "abstract": " ".join(_labelled(element.findall(".//Abstract/AbstractText"))),
        "language": _first(element, ".//Language"),
        "keywords": "; ".join(dict.fromkeys([
            *_texts(element, ".//MeshHeading/DescriptorName"), *_texts(element, ".//Keyword")])),
        "pmid": _first(element, ".//PMID"),
        "pmcid": next(iter(_ids(element, "ArticleId", "IdType", "pmc")), ""),
        "affiliation": "; ".join(dict.fromkeys(_texts(element, ".//AffiliationInfo/Affiliation"))),
    }  # fmt: skip
    texts |= _others(element)
    lists = element.findall(".//AuthorList")
    authors = [one for one in lists if one.get("Type") != "editors"][:1]
    editors = [one for one in lists if one.get("Type") == "editors"][:1]
    return make_entry(kind, texts, _people(authors), _people(editors))


def _others(element: Element) -> Mapping[str, str]:
    """Return what a work has beside, under the names of the elements."""
    paths = {
        "pubmed-types": ".//PublicationType", "pubmed-grants": ".//Grant/GrantID",
        "pubmed-databank": ".//AccessionNumber", "pubmed-vernacular": ".//VernacularTitle",
        "pubmed-chemicals": ".//NameOfSubstance",
        "pubmed-investigators": ".//Investigator/LastName",
        "pubmed-comments": ".//CommentsCorrections/RefSource", "pubmed-coi": ".//CoiStatement",
        "pubmed-other-abstract": ".//OtherAbstract/AbstractText",
        "pubmed-ta": ".//MedlineJournalInfo/MedlineTA",
    }  # fmt: skip
    paths |= {
        name: f".//CommentsCorrections[@RefType='{kind}']/RefSource"
        for name, kind in NOTICES.items()
    }
    others = {name: _texts(element, path) for name, path in paths.items()}
    others |= {name: _texts(element, path)[1:] for name, path in _ONE.items()}
    first, *dois = _dois(element) or [""]
    others["pubmed-dois"] = [doi for doi in dois if doi.casefold() != first.casefold()]
    return {name: "; ".join(dict.fromkeys(found)) for name, found in others.items()}


def _month(date: str) -> str:
    """Return the month of a date of PubMed: "2021 Mar 5", "2021 03 05", "2021 Mar-Apr"."""
    words = date.split()
    if len(words) > 1 and words[1].isdigit():
        return find_month(f"{words[0]}/{words[1]}")
    return find_month(date)


def _pages(element: Element) -> str:
    whole = _first(element, ".//Pagination/MedlinePgn")
    first, last = _first(element, ".//StartPage"), _first(element, ".//EndPage")
    return join_pages(whole, "") or join_pages(first, last)


def _ids(element: Element, tag: str, kind: str, value: str) -> list[str]:
    """Return the identifiers of the work itself; it lists those of its references, too."""
    own = [
        found
        for path in (f".//Article/{tag}", f"./PubmedData/ArticleIdList/{tag}",
                     f"./PubmedBookData//{tag}", f"./BookDocument/{tag}",
                     f"./BookDocument/ArticleIdList/{tag}")
        for found in element.findall(path)
    ]  # fmt: skip
    return [flat_text(found) for found in own if found.get(kind) == value]


def _dois(element: Element) -> list[str]:
    """Return the DOIs of the work itself: one, or the same in two places."""
    return [
        *_ids(element, "ELocationID", "EIdType", "doi"),
        *_ids(element, "ArticleId", "IdType", "doi"),
    ]


def _labelled(parts: Iterable[Element]) -> Iterable[str]:
    for part in parts:
        label = part.get("Label") or ""
        yield f"{label}: {flat_text(part)}" if label else flat_text(part)


def _people(lists: list[Element]) -> list[Name]:
    people = []
    for author in lists[0].findall("Author") if lists else ():
        body, family = _first(author, "CollectiveName"), _first(author, "LastName")
        if family:
            given = _first(author, "ForeName", "Initials")
            people.append(Name(family, given, _first(author, "Suffix")))
        elif body:
            people.append(Name(body, is_body=True))
    return people


def _first(element: Element, *paths: str) -> str:
    return next((text for path in paths for text in _texts(element, path)), "")


def _texts(element: Element, path: str) -> list[str]:
    found = (
        " ".join(flat_text(part) for part in one)
        if len(one) and one.tag == "PubDate"
        else flat_text(one)
        for one in element.findall(path)
    )
    return [text for text in found if text]
