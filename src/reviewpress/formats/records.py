"""Records of an edition for those who catalogue and archive it.

CITATION.cff    Citation File Format 1.2, as forges and Zenodo read it
datacite.json   DataCite Metadata Schema 4.5: for a DOI of DataCite's, from a repository
crossref.xml    Crossref's deposit schema 5.3.1: for a DOI of Crossref's, from a publisher

The last two are made where they can be whole: the one with a publisher and a date, the other with a
DOI, an address and somebody to write to as well.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import yaml
from lxml import etree
from lxml.builder import ElementMaker

from reviewpress.assemble import Book
from reviewpress.assemble.translations import web_address
from reviewpress.config.authors import Affiliation, Author
from reviewpress.config.publication import Funder
from reviewpress.formats.documents import published_tables
from reviewpress.formats.self_citation import full_title
from reviewpress.shapes import Plain

_CROSSREF = "http://www.crossref.org/schema/5.3.1"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
_OTHER = {
    "jats": "http://www.ncbi.nlm.nih.gov/JATS1",
    "fr": "http://www.crossref.org/fundref.xsd",
    "ai": "http://www.crossref.org/AccessIndicators.xsd",
}
_NAMES = dict[str | None, str](**{"xsi": _SCHEMA, **_OTHER}) | {None: _CROSSREF}
_X = ElementMaker(namespace=_CROSSREF, nsmap=_NAMES)
_JATS = ElementMaker(namespace=_OTHER["jats"])
_FUNDING = ElementMaker(namespace=_OTHER["fr"])
_ACCESS = ElementMaker(namespace=_OTHER["ai"])
_BLANK = re.compile(r"\n\s*\n")
Element: TypeAlias = etree._Element


def write_records(book: Book, folder: Path) -> None:
    """Write the records that can be whole into the folder of an edition."""
    config, given = book.config, book.config.publication
    text = yaml.safe_dump(_citation_file(book), allow_unicode=True, sort_keys=False, width=100)
    (folder / "CITATION.cff").write_text(text, encoding="utf-8")
    if given.publisher and config.date:
        record = json.dumps(_datacite(book), ensure_ascii=False, indent=2)
        (folder / "datacite.json").write_text(f"{record}\n", encoding="utf-8")
    writer = next(
        (author for author in config.authors if author.corresponding and author.email), None
    )
    if given.publisher and config.date and given.doi and web_address(config, "") and writer:
        deposit = etree.tostring(
            _crossref(book, writer), xml_declaration=True, encoding="UTF-8", pretty_print=True
        )
        (folder / "crossref.xml").write_bytes(deposit)


def _told(fields: dict[str, Plain]) -> dict[str, Plain]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


# CITATION.cff


def _citation_file(book: Book) -> dict[str, Plain]:
    """Return what is to be cited: a report, of which the format has no own kind at the top."""
    config, given = book.config, book.config.publication
    address = web_address(config, "")
    report = _told({
        "type": "report",
        "title": full_title(book),
        "authors": _cff_authors(book),
        "institution": {"name": given.publisher} if given.publisher else {},
        "publisher": {"name": given.publisher} if given.publisher else {},
        "date-released": config.date,
        "year": int(config.date[:4]) if config.date[:4].isdigit() else "",
        "version": given.version,
        "doi": given.doi,
        "isbn": given.isbn,
        "issn": given.issn,
        "url": address,
    })  # fmt: skip
    return _told({
        "cff-version": "1.2.0",
        "message": book.labels["section-title-citation"],
        "type": "dataset",
        "title": full_title(book),
        "abstract": given.abstract or given.description,
        "authors": _cff_authors(book),
        "keywords": list(given.keywords),
        "date-released": config.date,
        "version": given.version,
        "doi": given.doi,
        "url": address,
        "license-url": given.licence_url,
        "preferred-citation": report,
    })  # fmt: skip


def _cff_authors(book: Book) -> list[Plain]:
    """Return the authors, of whom the format asks for one at least."""
    config = book.config
    named = config.publication.publisher or config.title
    return [_cff_author(author) for author in config.authors] or [{"name": named}]


def _cff_author(author: Author) -> dict[str, Plain]:
    if author.is_body:
        return {"name": author.name}
    return _told({
        "family-names": author.family,
        "given-names": author.given,
        "name-suffix": author.suffix,
        "affiliation": "; ".join(each.name for each in author.affiliations),
        "orcid": f"https://orcid.org/{author.orcid}" if author.orcid else "",
        "email": author.email if author.corresponding else "",
    })  # fmt: skip


# DataCite


def _datacite(book: Book) -> dict[str, Plain]:
    config, given = book.config, book.config.publication
    numbers = [("ISBN", given.isbn), ("ISSN", given.issn), ("URL", web_address(config, ""))]
    rights = {"rights": given.licence, "rightsUri": given.licence_url}
    abstract = given.abstract or given.description
    described = {"description": abstract, "descriptionType": "Abstract", "lang": config.lang}
    return _told({
        "doi": given.doi,
        "creators": [_creator(each) for each in config.authors],
        "titles": [
            {"title": config.title, "lang": config.lang},
            *([{"title": config.subtitle, "titleType": "Subtitle", "lang": config.lang}]
              if config.subtitle else []),
        ],
        "publisher": _told({
            "name": given.publisher,
            "publisherIdentifier": given.publisher_ror,
            "publisherIdentifierScheme": "ROR" if given.publisher_ror else "",
            "schemeUri": "https://ror.org/" if given.publisher_ror else "",
        }),
        "publicationYear": config.date[:4],
        "dates": [{"date": config.date, "dateType": "Issued"}],
        "types": {"resourceTypeGeneral": "Report", "resourceType": "Evidence review"},
        "subjects": [{"subject": word} for word in given.keywords],
        "language": config.lang,
        "alternateIdentifiers": [
            {"alternateIdentifier": number, "alternateIdentifierType": kind}
            for kind, number in numbers if number
        ],
        "version": given.version,
        "rightsList": [_told(dict(rights))] if any(rights.values()) else [],
        "descriptions": [described] if abstract else [],
        "fundingReferences": [_funding(each) for each in given.funders],
        "relatedIdentifiers": [
            {"relatedIdentifier": web_address(config, name), "relatedIdentifierType": "URL",
             "relationType": "HasPart"}
            for name in published_tables(config) if web_address(config, "")
        ],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    })  # fmt: skip


def _creator(author: Author) -> dict[str, Plain]:
    orcid = {"nameIdentifier": f"https://orcid.org/{author.orcid}", "nameIdentifierScheme": "ORCID",
             "schemeUri": "https://orcid.org/"}  # fmt: skip
    return _told({
        "name": author.inverted,
        "nameType": "Organizational" if author.is_body else "Personal",
        "givenName": author.given,
        "familyName": author.family,
        "nameIdentifiers": [dict(orcid)] if author.orcid else [],
        "affiliation": [
            _told({
                "name": each.name,
                "affiliationIdentifier": each.ror,
                "affiliationIdentifierScheme": "ROR" if each.ror else "",
            })
            for each in author.affiliations
        ],
    })  # fmt: skip


def _funding(funder: Funder) -> dict[str, Plain]:
    return _told({
        "funderName": funder.name,
        "funderIdentifier": funder.ror,
        "funderIdentifierType": "ROR" if funder.ror else "",
        "awardNumber": funder.award,
    })  # fmt: skip


# Crossref


def _crossref(book: Book, writer: Author) -> Element:
    """Return a deposit of the edition as a report; its number is made of what it deposits."""
    config, given = book.config, book.config.publication
    day = config.date.replace("-", "")
    batch = f"{given.doi}-{given.version or day}".replace("/", "-")
    report = _X("report-paper_metadata", {"language": config.lang[:2]},
                *_contributors(config.authors), _titles(book), *_abstract(book))  # fmt: skip
    year, month, date = config.date[:4], config.date[5:7], config.date[8:10]
    report.append(_X.publication_date(_X.month(month), _X.day(date), _X.year(year)))
    if given.isbn:
        report.append(_X.isbn(given.isbn))
    report.append(_X.publisher(_X.publisher_name(given.publisher)))
    report.extend([*_funded(given.funders), *_licensed(given.licence_url)])
    report.append(_X.doi_data(_X.doi(given.doi), _X.resource(web_address(config, ""))))
    deposit: Element = _X.doi_batch(
        {"version": "5.3.1",
         f"{{{_SCHEMA}}}schemaLocation": f"{_CROSSREF} {_CROSSREF}/crossref5.3.1.xsd"},
        _X.head(
            _X.doi_batch_id(batch),
            _X.timestamp(f"{day}000000"),
            _X.depositor(_X.depositor_name(given.publisher), _X.email_address(writer.email)),
            _X.registrant(given.publisher),
        ),
        _X.body(_X("report-paper", report)),
    )  # fmt: skip
    return deposit


def _titles(book: Book) -> Element:
    config = book.config
    subtitle = [_X.subtitle(config.subtitle)] if config.subtitle else []
    return _X.titles(_X.title(config.title), *subtitle)


def _abstract(book: Book) -> Iterator[Element]:
    if text := book.config.publication.abstract:
        yield _JATS.abstract(*(_JATS.p(" ".join(each.split())) for each in _BLANK.split(text)))


def _funded(funders: tuple[Funder, ...]) -> Iterator[Element]:
    """Yield who paid, each in a group with the address in the ROR and the number of the award."""
    if funders:
        yield _FUNDING.program({"name": "fundref"}, *map(_funder, funders))


def _funder(funder: Funder) -> Element:
    facts = {"funder_name": funder.name, "ror": funder.ror, "award_number": funder.award}
    told = (_FUNDING.assertion(text, name=name) for name, text in facts.items() if text)
    group: Element = _FUNDING.assertion({"name": "fundgroup"}, *told)
    return group


def _licensed(address: str) -> Iterator[Element]:
    if address:
        yield _ACCESS.program({"name": "AccessIndicators"}, _ACCESS.license_ref(address))


def _institution(body: Affiliation) -> Element:
    known = [_X.institution_id(body.ror, type="ror")] if body.ror else []
    made: Element = _X.institution(_X.institution_name(body.name), *known)
    return made


def _contributors(authors: tuple[Author, ...]) -> Iterator[Element]:
    if not authors:
        return
    made = _X.contributors()
    for number, author in enumerate(authors):
        order = {"sequence": "additional" if number else "first", "contributor_role": "author"}
        if author.is_body:
            made.append(_X.organization(order, author.name))
            continue
        person = _X.person_name(order)
        if author.given:
            person.append(_X.given_name(author.given))
        person.append(_X.surname(author.family))
        if author.suffix:
            person.append(_X.suffix(author.suffix))
        if author.affiliations:
            person.append(_X.affiliations(*map(_institution, author.affiliations)))
        if author.orcid:
            person.append(_X.ORCID(f"https://orcid.org/{author.orcid}"))
        made.append(person)
    yield made
