"""Where the values of an edition come from, in the words of W3C PROV, as JSON-LD."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from reviewpress.edition import EditionRecord
from reviewpress.shapes import Plain

_CONTEXT = {
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "http://schema.org/",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "value": "prov:value",
    "sha256": "https://w3id.org/ro/terms/test#sha256",
    "used": {"@id": "prov:used", "@type": "@id"},
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
    "isPartOf": {"@id": "schema:isPartOf", "@type": "@id"},
}


def provenance_text(record: EditionRecord) -> bytes:
    """Return what an edition says of its values, figures and tables as a graph of PROV.

    Runs of chapters are activities, columns and files are entities. A value without known columns
    was derived from all that its chapter read.
    """
    graph = [*_graph(record)]
    return (
        json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def _graph(record: EditionRecord) -> Iterator[dict[str, Plain]]:
    yield {
        "@id": "#reviewpress",
        "@type": "prov:SoftwareAgent",
        "label": f"Reviewpress {record.reviewpress}",
    }
    for name, digest in record.sources.items():
        yield {"@id": _file(name), "@type": "prov:Entity", "label": name, "sha256": digest}
    for name in record.columns:
        file, _, column = name.partition(":")
        yield {"@id": _file(name), "@type": "prov:Entity", "label": f"column {column} of {file}",
               "isPartOf": _file(file)}  # fmt: skip
    for page in record.pages:
        used = [_file(name) for name in page.reads if name in record.sources]
        yield {"@id": _run(page.source), "@type": "prov:Activity", "label": f"run of {page.source}",
               "used": [_file(page.source), *used],
               "wasAssociatedWith": "#reviewpress"}  # fmt: skip
        values = [value for block in page.blocks for value in block.values]
        for number, value in enumerate(values, start=1):
            known = [_file(name) for name in value.reads]
            yield {"@id": f"{quote(page.page)}#value-{number}", "@type": "prov:Entity",
                   "label": value.expression, "value": value.text,
                   "wasGeneratedBy": _run(page.source),
                   "wasDerivedFrom": known or used}  # fmt: skip
    sources = {page.page: page.source for page in record.pages}
    for each in record.floats:
        made: dict[str, Plain] = {"wasGeneratedBy": _run(sources[each.page])} if each.code else {}
        yield {"@id": f"{quote(each.page)}#{each.id}", "@type": "prov:Entity",
               "label": each.caption, **made,
               "wasDerivedFrom": [_file(name) for name in each.reads]}  # fmt: skip


def _file(name: str) -> str:
    return f"#source/{quote(name, safe='/')}"


def _run(name: str) -> str:
    return f"#run/{quote(name, safe='/')}"
