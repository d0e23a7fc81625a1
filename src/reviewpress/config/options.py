"""What documents are asked to be like: by project, format and chapter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reviewpress.config.profiles import merge_yaml
from reviewpress.formats.objects import find_format
from reviewpress.yaml import items_of


@dataclass(frozen=True, slots=True)
class Options:
    """The keys of a document, as its format, project and chapter together say."""

    data: Mapping[str, Any]

    def truth(self, name: str, *, otherwise: bool) -> bool:
        """Return whether a key is true."""
        value = self.data.get(name)
        return otherwise if value is None else bool(value)

    def number(self, name: str, otherwise: int) -> int:
        """Return the whole number of a key."""
        value = self.data.get(name)
        return otherwise if value is None else int(value)

    def text(self, name: str, otherwise: str = "") -> str:
        """Return the words of a key."""
        value = self.data.get(name)
        return otherwise if value is None else str(value)

    def items(self, name: str) -> list[Any]:
        """Return the items of a key that takes one or more."""
        return items_of(self.data.get(name))


def options_of(name: str, *layers: Mapping[str, Any]) -> Options:
    """Return what a document of a format is asked to be like.

    The later layer wins, and in each what stands below the format over what stands at the top:
    lists are added to, as Quarto does.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = merge_yaml(
            merged, {key: value for key, value in layer.items() if value is not None}
        )
        formats = layer.get("format")
        for written, options in formats.items() if isinstance(formats, Mapping) else ():
            made = find_format(str(written))
            if made and made.name == name and isinstance(options, Mapping):
                merged = merge_yaml(merged, options)
    return Options(merged)
