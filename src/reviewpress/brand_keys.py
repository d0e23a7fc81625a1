"""Keys of `_brand.yml` that have no effect: unknown ones, and some of Quarto's."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from reviewpress.brand import ROLES
from reviewpress.errors import Place, Problem, nearest
from reviewpress.keys import BRAND
from reviewpress.shapes import Plain
from reviewpress.yaml import YamlFile, read_yaml

_OBEYED: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): ("color", "defaults", "logo", "meta", "typography"),
    ("color",): ("palette", *ROLES),
    ("typography",): ("base", "fonts", "headings", "monospace"),
    ("typography", "base"): ("family", "line-height"),
    ("typography", "headings"): ("family",),
    ("typography", "monospace"): ("family",),
    ("logo",): ("images", "large", "medium", "path", "small"),
    ("defaults", "reviewpress"): ("charts", "dark"),
    ("defaults", "reviewpress", "dark"): ROLES,
}
"""The keys below each path that are obeyed, or that describe the brand and ask for nothing."""
_OF_TYPE = ("background-color", "color", "decoration", "size", "style", "weight")
_IDLE: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("color",): ("dark",),
    ("typography",): ("link", "monospace-block", "monospace-inline"),
    ("typography", "base"): _OF_TYPE,
    ("typography", "headings"): ("line-height", *_OF_TYPE),
    ("typography", "monospace"): ("line-height", *_OF_TYPE),
}
"""Keys of Quarto's brand that change nothing here: pages and PDF have one design."""


def find_idle_keys(path: Path, root: Path) -> Iterator[Problem]:
    """Yield a warning for each key of a review's brand that is unknown or has no effect."""
    file = read_yaml(path, root, BRAND)
    yield from _judge(file.data, (), file)


def _judge(
    values: Mapping[str, Plain], above: tuple[str, ...], file: YamlFile
) -> Iterator[Problem]:
    for name, value in values.items():
        here = (*above, name)
        place = Place(file.name, line=file.line(here))
        if name in _IDLE.get(above, ()):
            message = f'the key "{": ".join(here)}" has no effect.'
            hint = "Pages and PDF have one design: a brand changes colours, families and the logo."
            yield Problem("key-without-effect", message, place, hint)
        elif above in _OBEYED and name not in _OBEYED[above]:
            message = f'unknown key "{": ".join(here)}": it has no effect.'
            yield Problem("unknown-key", message, place, nearest(name, _OBEYED[above]))
        elif isinstance(value, Mapping):
            yield from _judge(value, here, file)
