"""What an edition is not: a draft, under embargo, superseded; and what has been corrected in it."""

from dataclasses import dataclass

from reviewpress.config import Config
from reviewpress.config.status import status_of
from reviewpress.identifiers import address_of_work
from reviewpress.labels import Labels
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

_HIDDEN = frozenset({"draft", "embargoed"})


@dataclass(frozen=True, slots=True)
class Status:
    """The mark that every page has: its kind, its words, and where the newer version is.

    Of several, the kind is the one that keeps readers away most.
    """

    kind: str
    words: str
    address: str = ""

    @property
    def is_hidden(self) -> bool:
        """Whether search engines are asked to leave the pages out."""
        return self.kind in _HIDDEN


def edition_status(config: Config, labels: Labels) -> Status | None:
    """Return the mark of an edition under `status:`; None where it has none."""
    said = status_of(config.settings.other)
    marks = {}
    if said.get("draft"):
        marks["draft"] = labels["status-draft"]
    if until := said.get("embargoed-until"):
        marks["embargoed"] = labels.fill("status-embargoed", date=labels.date(str(until)))
    if newer := str(said.get("superseded-by") or ""):
        marks["superseded"] = labels["status-superseded"]
    if not marks:
        return None
    return Status(next(iter(marks)), ". ".join(marks.values()), address_of_work(newer))


def corrections(config: Config, labels: Labels) -> list[dict[str, Plain]]:
    """Return what has been corrected, `{date, words, text}`, the newest first."""
    told = [as_mapping(each) for each in as_list(config.settings.other.get("errata"))]
    return [
        {
            "date": as_text(each.get("date", "")),
            "words": labels.date(as_text(each.get("date", ""))),
            "text": as_text(each["text"]),
        }
        for each in sorted(told, key=lambda each: as_text(each.get("date", "")), reverse=True)
    ]


def earlier_versions(config: Config, labels: Labels) -> list[dict[str, Plain]]:
    """Return the versions that were published before, `{version, words, url}`, the newest first."""
    told = [as_mapping(each) for each in as_list(config.settings.other.get("versions"))]
    return [
        {
            "version": labels.fill("version", version=as_text(each["version"])),
            "words": labels.date(as_text(each.get("date", ""))),
            "url": as_text(each.get("url", "")),
        }
        for each in sorted(told, key=lambda each: as_text(each.get("date", "")), reverse=True)
    ]
