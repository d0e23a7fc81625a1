"""An author's own Word file as the reference document: its styles, and ours where it has none."""

from collections.abc import Mapping
from copy import deepcopy

from reviewpress.archives import UnreadableArchive
from reviewpress.errors import ConfigError, EngineError, Place
from reviewpress.formats.word_parts import (
    NAMES,
    STYLES,
    Element,
    WordFile,
    find_all,
    qualified,
    value,
)

_NAMING = "//w:basedOn | //w:next | //w:link | //w:pStyle | //w:rStyle | //w:tblStyle"


def complete_reference(own: bytes, name: str, ours: bytes) -> bytes:
    """Return an author's Word file, of some name, with the styles of ours that it lacks.

    Word calls a style by an id of the author's language and by a name; the ids become those that
    we write. What Word would fetch from elsewhere, such as a template, is left out. Raises
    ConfigError for a file that is not Word's.
    """
    try:
        word = WordFile(own)
        styles = word.tree(STYLES)
        trees = [word.tree(part) for part in word.parts
                 if part.startswith("word/") and part.endswith(".xml")]  # fmt: skip
        _forget_outside(word)
    except (UnreadableArchive, EngineError) as error:
        message = f"the reference document {name} is not a Word file that can be read."
        hint = "Save it from Word as .docx, without a password."
        raise ConfigError(message, Place(name), hint) from error
    brought = _by_name(WordFile(ours).tree(STYLES))
    known = _by_name(styles)
    ids = {_id(known[name]): _id(brought[name]) for name in known if name in brought}
    # What has an id of ours, and another name, makes way for it.
    ids |= {name: f"{name}Own" for name in map(_id, known.values())
            if name not in ids and name in ids.values()}  # fmt: skip
    for tree in trees:
        _rename(tree, ids)
    for name in brought:
        if name not in known:
            style = deepcopy(brought[name])
            # There is one default of each kind: the author's.
            style.attrib.pop(qualified("w:default"), "")
            styles.append(style)
    return word.content()


def _forget_outside(word: WordFile) -> None:
    """Leave out what a reader's Word would fetch: templates and pictures of other hosts."""
    for name in [part for part in word.parts if part.endswith(".rels")]:
        relations = word.tree(name)
        # A link is followed only by who clicks it.
        outside = {
            each.get("Id"): each
            for each in relations
            if each.get("TargetMode") == "External"
            and not each.get("Type", "").endswith("/hyperlink")
        }
        part = name.replace("_rels/", "").removesuffix(".rels")
        users = [*word.tree(part).iter()] if outside and part in word.parts else []
        for element in users:
            if any(element.get(f"{{{NAMES['r']}}}{key}") in outside for key in ("id", "link")):
                parent = element.getparent()
                (element.attrib.clear() if parent is None else parent.remove(element))
        for each in outside.values():
            relations.remove(each)


def _by_name(styles: Element) -> dict[str, Element]:
    """Return the styles of a Word file by their names in small letters."""
    named = styles.findall(qualified("w:style"))
    return {value(style, "w:name").lower(): style for style in named}


def _id(style: Element) -> str:
    return value(style, name="styleId")


def _rename(tree: Element, ids: Mapping[str, str]) -> None:
    """Give styles other ids, where they are defined and where they are named."""
    places = [(style, qualified("w:styleId")) for style in find_all(tree, "//w:style")]
    places += [(naming, qualified("w:val")) for naming in find_all(tree, _NAMING)]
    for element, name in places:
        given = element.get(name, "")
        element.set(name, ids.get(given, given))
