"""What a file of an edition says of itself to those who file it: its properties.

Whoever opens a PDF or Word file finds them under File → Properties; archives and libraries read
them without opening it.
"""

import uuid
from dataclasses import dataclass

from reviewpress.config import Config


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file says of itself; empty where the review does not say."""

    title: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    publisher: str = ""
    rights: str = ""
    identifier: str = ""
    document: str = ""
    """What all versions of the document are known by, and no other document."""


def document_properties(config: Config, ending: str) -> Properties:
    """Return the properties of one of an edition's files.

    Report and summary are two documents: the subtitle tells their titles apart.
    """
    given = config.publication
    separator = " " if config.title.endswith((".", "?", "!", ":")) else ": "
    named = "/".join([given.address or config.title, config.profile, config.lang, ending])
    return Properties(
        title=separator.join(part for part in (config.title, config.subtitle) if part),
        description=" ".join((given.description or given.abstract).split()),
        keywords=given.keywords,
        publisher=given.publisher,
        rights=". ".join(
            part for part in (given.copyright, given.licence, given.licence_url) if part
        ),
        identifier=given.address,
        document=f"uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}",
    )
