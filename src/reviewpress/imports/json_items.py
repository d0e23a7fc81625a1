"""JSON of records, without losing what an object says twice."""

import json

from reviewpress.errors import BibliographyError, Place
from reviewpress.shapes import Plain


class MergedItem(dict[str, Plain]):
    """An object with a key more than once, of which JSON keeps the last: here it is the first.

    `others` are the values of the others. Where there are titles among them, two items became one.
    """

    def __init__(self, pairs: list[tuple[str, Plain]]) -> None:
        super().__init__(reversed(pairs))
        self.others: dict[str, list[Plain]] = {}
        for key, value in pairs:
            if value != self[key]:
                self.others.setdefault(key, []).append(value)


def _keys_once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    whole = dict(pairs)
    return whole if len(whole) == len(pairs) else MergedItem(pairs)


def read_items(text: str, file: str) -> Plain:
    """Return what a text says as JSON; BibliographyError, with its line, where it is none."""
    try:
        data: Plain = json.loads(text, object_pairs_hook=_keys_once)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        reason = getattr(error, "msg", None) or "it is nested too deeply"
        raise BibliographyError(f"not valid JSON: {reason}.", Place(file, line=line)) from None
    return data


def said_again(item: Plain) -> dict[str, list[Plain]]:
    """Return the other values of each key that an object has more than once."""
    return item.others if isinstance(item, MergedItem) else {}
