"""What `page-footer` says at the foot of pages, as Markdown."""

from collections.abc import Iterator, Mapping

from reviewpress.config import Config
from reviewpress.yaml import items_of

_PLACES = ("left", "center", "right")


def footers(config: Config) -> Iterator[str]:
    """Yield what `page-footer` says in each place in which there is something, as Markdown."""
    given = (config.metadata.get("book") or {}).get("page-footer") or ""
    places = given if isinstance(given, Mapping) else {"center": given}
    for place in _PLACES:
        items = [_item(each) for each in items_of(places.get(place)) if each and each is not True]
        if items:
            yield " · ".join(items)


def _item(item: object) -> str:
    """Return words, or an entry with a link, as Markdown."""
    if not isinstance(item, Mapping):
        return str(item)
    text, href = str(item.get("text") or item.get("href") or ""), str(item.get("href") or "")
    return f"[{text}]({href})" if href else text
