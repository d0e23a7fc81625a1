"""The description of an archive as an RO-Crate 1.2: the only importer of rocrate."""

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from reviewpress.config import Config
from reviewpress.config.authors import Affiliation, Author
from reviewpress.config.publication import Publication
from reviewpress.edition import EditionRecord
from reviewpress.errors import SetupError
from reviewpress.shapes import Plain
from reviewpress.store.digests import digest_bytes

METADATA = "ro-crate-metadata.json"
INSTALL = 'Install it with `pip install "reviewpress[archive]"`.'
_TYPES = {
    ".html": "text/html", ".pdf": "application/pdf", ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json", ".zip": "application/zip", ".svg": "image/svg+xml",
    ".png": "image/png", ".bib": "application/x-bibtex", ".css": "text/css", ".cff": "text/yaml",
    ".ris": "application/x-research-info-systems", ".js": "text/javascript", ".md": "text/markdown",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".epub": "application/epub+zip", ".xml": "application/xml", ".txt": "text/plain",
}  # fmt: skip


def describe_archive(config: Config, record: EditionRecord, files: Mapping[str, bytes]) -> bytes:
    """Return the description of an archive's files.

    Raises SetupError where rocrate is not installed.
    """
    # Not with the module: few archive, and it brings jinja2 and requests.
    try:
        from rocrate.model.contextentity import ContextEntity
        from rocrate.rocrate import ROCrate
    except ImportError:
        raise SetupError("rocrate is not installed.", hint=INSTALL) from None
    crate = ROCrate(version="1.2")

    def entity(identifier: str, facts: dict[str, Plain]) -> dict[str, Plain]:
        crate.add(ContextEntity(crate, identifier, properties=facts))
        return {"@id": identifier}

    given, root = config.publication, crate.root_dataset
    named = {
        "name": f"{record.title}: {record.subtitle}" if record.subtitle else record.title,
        "description": given.abstract or given.description or record.title,
        "datePublished": record.date,
        "version": record.version,
        "inLanguage": record.lang,
        "keywords": ", ".join(given.keywords),
        "identifier": f"https://doi.org/{given.doi}" if given.doi else "",
        "url": given.url,
        "copyrightNotice": given.copyright,
    }
    for name, text in named.items():
        if text:
            root[name] = text
    licence = given.licence_url or "#licence"
    root["license"] = entity(
        licence, {"@type": "CreativeWork", "name": given.licence or "not stated",
                  "description": given.licence or "The review states no licence."}
    )  # fmt: skip
    bodies = {each for author in config.authors for each in author.affiliations}
    for each in sorted(bodies, key=lambda each: (each.name, each.ror)):
        entity(_address(each), {"@type": "Organization", "name": each.name})
    root["author"] = [entity(*_agent(number, each)) for number, each in enumerate(config.authors)]
    for name, identifier, body in _bodies(given):
        there = entity(identifier, {"@type": "Organization", "name": body})
        root.append_to(name, there, compact=True)
    # Not a SoftwareApplication: RO-Crate asks for the address of one.
    software = entity("#reviewpress", {"@type": "CreativeWork", "name": "Reviewpress",
                                       "version": record.reviewpress})  # fmt: skip
    made = entity("#build", {
        "@type": "CreateAction", "name": "The build of the editions", "instrument": software,
        "result": {"@id": "./"},
        "description": f"Made from commit {record.commit}." if record.commit else
        "The sources are in no repository, or not all of them.",
    })  # fmt: skip
    root["mentions"] = made
    for name, content in files.items():
        facts = _facts(name, content)
        crate.add_file(None, dest_path=name, properties=facts)
    return (json.dumps(crate.metadata.generate(), ensure_ascii=False, indent=1) + "\n").encode()


def _bodies(given: Publication) -> Iterator[tuple[str, str, str]]:
    """Yield publisher and funders: what they are, how they are identified, and their names."""
    if given.publisher:
        yield "publisher", given.publisher_ror or "#publisher", given.publisher
    for number, each in enumerate(given.funders, 1):
        yield "funder", each.ror or f"#funder-{number}", each.name


def _facts(name: str, content: bytes) -> dict[str, Plain]:
    path = PurePosixPath(name)
    kind = _TYPES.get(path.suffix, "application/octet-stream")
    return {"name": path.name, "encodingFormat": kind, "contentSize": str(len(content)),
            "sha256": digest_bytes(content)}  # fmt: skip


def _agent(number: int, author: Author) -> tuple[str, dict[str, Plain]]:
    facts: dict[str, Plain] = {"@type": "Organization" if author.is_body else "Person",
                               "name": author.name}  # fmt: skip
    if author.affiliations:
        named: list[Plain] = [{"@id": _address(each)} for each in author.affiliations]
        facts["affiliation"] = named[0] if len(named) == 1 else named
    known = f"https://orcid.org/{author.orcid}" if author.orcid else f"#author-{number + 1}"
    return known, facts


def _address(body: Affiliation) -> str:
    return body.ror or f"#{quote(body.name, safe='')}"
