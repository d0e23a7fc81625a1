"""What `status:` says an edition is not: a draft, under embargo, superseded, or several of them."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from reviewpress.config.files import ConfigFiles
from reviewpress.errors import Problem, nearest
from reviewpress.identifiers import Wrong, address_of_work
from reviewpress.shapes import as_mapping

KEYS = ("draft", "embargoed-until", "superseded-by")
_PATH = ("reviewpress", "status")


def status_of(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what `status:` says, by `KEYS`; `draft` alone says one of them."""
    said = settings.get("status")
    return {"draft": True} if said == "draft" else as_mapping(said)


def wrong_status(data: Mapping[str, Any]) -> Iterator[Wrong]:
    """Give keys of `status:` that are not known, and an address that is none."""
    said = status_of(as_mapping(data.get("reviewpress")))
    for key in said:
        if key not in KEYS:
            yield (*_PATH, key), f'unknown key "{key}" under status.', nearest(str(key), KEYS)
    newer = said.get("superseded-by")
    if newer and not address_of_work(str(newer)):
        message = f'"{str(newer)[:80]}" is neither an address of the web nor a DOI.'
        hint = "Write where the newer version is, as in https://example.org/2/ or 10.1234/g.2."
        yield (*_PATH, "superseded-by"), message, hint


def ended_embargo(data: Mapping[str, Any], files: ConfigFiles) -> tuple[Problem, ...]:
    """Return a remark on an embargo that is over: pages still say it, whenever they are made."""
    until = status_of(as_mapping(data.get("reviewpress"))).get("embargoed-until")
    if not until or str(until) > date.today().isoformat():
        return ()
    path = (*_PATH, "embargoed-until")
    message = f"the embargo until {until} is over, and the edition still says it."
    return (Problem("ended-embargo", message, files.place(path), "Leave the key out."),)
