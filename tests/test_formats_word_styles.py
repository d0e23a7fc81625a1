"""Word's reference document: the brand's styles in pandoc's file."""

import re
import subprocess
import sys
from pathlib import Path

from reading import W, word_part

from reviewpress.brand import load_brand
from reviewpress.formats.word_styles import PANELS, brand_reference, brand_styles, style_id

ROOT = Path(__file__).parents[1]
EXTENSION = ROOT / "_extensions" / "reviewpress"


def test_extension_ships_what_its_brand_makes() -> None:
    """The reference document and Typst's brand in the extension are up to date."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "extension.py", "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


def test_every_style_is_there_once() -> None:
    """Each style of the brand stands in the document, none twice."""
    brand = load_brand(EXTENSION / "_brand.yml")
    styles = word_part(EXTENSION / "docx" / "reference.docx", "word/styles.xml")
    names = [style.find(f"{W}name").get(f"{W}val") for style in styles.iter(f"{W}style")]
    for style in brand_styles(brand):
        assert names.count(style.name) == 1, style.name


def test_filters_use_only_styles_that_exist() -> None:
    """A style that a filter names for Word is one of the reference document."""
    brand = load_brand(EXTENSION / "_brand.yml")
    known = {style.name for style in brand_styles(brand)}
    text = (EXTENSION / "docx" / "format.lua").read_text()
    named = set(re.findall(r'"(Reference(?: Numbered)?|Cited In)"', text))
    blocks = (EXTENSION / "filters" / "blocks.lua").read_text()
    named |= set(re.findall(r'= \{ (?:"[a-z-]+", )?"([A-Z][A-Za-z ]+)"', blocks))
    assert {"Reference Numbered", "Key Message", "Callout Tip"} <= named
    assert named <= known


def test_every_style_has_a_base_and_a_successor_that_exist() -> None:
    """Pandoc adds a style of its own for one whose base it cannot find."""
    styles = word_part(EXTENSION / "docx" / "reference.docx", "word/styles.xml")
    known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    for style in styles.iter(f"{W}style"):
        for name in ("basedOn", "next"):
            other = style.find(f"{W}{name}")
            assert other is None or other.get(f"{W}val") in known, style.get(f"{W}styleId")


def test_boxes_differ_in_grey() -> None:
    """Each kind of box has an edge or a title of its own, whatever its colours."""
    looks = [(panel.line, panel.sides, panel.inverse) for panel in PANELS]
    assert len(set(looks)) == len(PANELS)


def test_neighbouring_boxes_stay_apart() -> None:
    """The title of a box has edges of its own: Word joins paragraphs whose edges are the same."""
    styles = word_part(EXTENSION / "docx" / "reference.docx", "word/styles.xml")
    edges = {
        style.get(f"{W}styleId"): [(edge.tag, *sorted(edge.items())) for edge in border]
        for style in styles.iter(f"{W}style")
        if (border := style.find(f"{W}pPr/{W}pBdr")) is not None
    }
    for panel in PANELS:
        body, title = (edges[style_id(name)] for name in (panel.name, f"{panel.name} Title"))
        assert body
        assert title != body


def test_branding_again_changes_the_brand_alone(tmp_path: Path) -> None:
    """A branded document can be branded anew; the same brand gives the same bytes."""
    base = (EXTENSION / "docx" / "reference.docx").read_bytes()
    default = load_brand(EXTENSION / "_brand.yml")
    assert brand_reference(base, default) == base
    own = tmp_path / "_brand.yml"
    own.write_text("color:\n  primary: '#7b1e3a'\n")
    changed = brand_reference(base, load_brand(EXTENSION / "_brand.yml", own))
    heading = next(
        style
        for style in word_part(changed, "word/styles.xml").iter(f"{W}style")
        if style.get(f"{W}styleId") == "Heading1"
    )
    colour = heading.find(f"{W}rPr/{W}color")
    assert colour is not None
    assert colour.get(f"{W}val") == "7b1e3a"
