"""SVG pictures: nothing in them runs, and nothing is fetched."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.svg import check_svg

ROOT = Path(__file__).resolve().parents[1]
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def found(body: str = "", attributes: str = "", before: str = "") -> list[str]:
    """Return what is wrong with a picture."""
    text = f"{before}{HEAD} {attributes}>{body}</svg>"
    return [str(problem) for problem in check_svg(text.encode(), "a.svg")]


@pytest.mark.parametrize(
    "body",
    [
        "<rect fill='url(#a)' style='fill:#123'/>",
        "<style>.a{font-family:'X'} /* url(http://x) */</style>",
        "<image href='data:image/png;base64,AA=='/>",
        "<a xlink:href='https://example.org/'><text>x</text></a>",
        "<use xlink:href='#a'/><textPath href='#b'/>",
        "<animate attributeName='opacity' values='0;1'/>",
        "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
        "<i:view xmlns:i='http://www.inkscape.org/namespaces/inkscape' i:zoom='1'/>",
    ],
)
def test_what_drawing_programs_write_may_be_there(body: str) -> None:
    """Own ids, pictures inside, links to follow and the notes of programs do nothing."""
    assert found(body) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<script>1</script>", "has the element <script>"),
        ("<s:script xmlns:s='http://www.w3.org/2000/svg'/>", "has the element <script>"),
        ("<foreignObject/>", "has the element <foreignObject>"),
        ("<handler/>", "has the element <handler>"),
        ("<g xmlns='http://www.w3.org/1999/xhtml'/>", "has the element <g>"),
        ("<rect onclick='x()'/>", "has the attribute onclick of <rect>"),
        ("<rect ONLOAD='x()'/>", "has the attribute ONLOAD of <rect>"),
        ("<image href='http://x/y.png'/>", "leads to http://x/y.png"),
        ("<image xlink:href='//x/y.png'/>", "leads to //x/y.png"),
        ("<use href='b.svg#x'/>", "leads to b.svg#x"),
        ("<image href='data:image/svg+xml,x'/>", "leads to data:image/svg+xml,x"),
        ("<a href='java&#10;script:x'/>", "leads to java script:x"),
        ("<g xml:base='http://x/'/>", "leads to http://x/"),
        ("<rect fill='url(http://x)'/>", "fetches http://x"),
        ("<rect style='fill:u\\72l(http://x)'/>", "fetches http://x"),
        ("<style>@im\\port 'http://x';</style>", "has @import in a style"),
        ("<style>a{b:image-set('x' 1x)}</style>", "fetches image-set("),
        ("<set attributeName='onclick' to='x'/>", "changes onclick by itself"),
        ("<animate attributeName='xlink:href' to='#a'/>", "changes xlink:href by itself"),
    ],
)
def test_what_would_run_or_fetch_is_named(body: str, what: str) -> None:
    """Script in any dress, events, addresses, styles and animations that lead elsewhere."""
    assert found(f"\n{body}")[0].startswith(f"a.svg, line 2: the picture {what}.")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (f"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/hosts'>]>{HEAD}>&x;</svg>", "entities"),
        (f"<!DOCTYPE svg [<!ENTITY x 'y'>]>{HEAD}>&x;</svg>", "entities"),
        (f"<?xml-stylesheet href='http://x'?>{HEAD}/>", "instruction <?xml-stylesheet?>"),
        ("<html/>", "outermost element is <html>"),
        ("<svg/>", "is not SVG"),
        ("<svg", "not valid XML"),
        ("", "not valid XML"),
        ("\x1f\N{PADDING CHARACTER}", "not valid XML"),
    ],
)
def test_a_file_that_is_no_plain_picture_is_refused(content: str, what: str) -> None:
    """Entities, instructions, other documents and broken ones are named."""
    assert what in str(next(check_svg(content.encode(), "a.svg")))


def test_the_pictures_of_the_extension_are_plain() -> None:
    """What the product itself brings keeps the rule."""
    pictures = [*ROOT.glob("_extensions/**/*.svg"), *ROOT.glob("figures/drawn/*.svg")]
    assert pictures
    for picture in pictures:
        assert list(check_svg(picture.read_bytes(), picture.name)) == []


def test_a_picture_with_a_script_is_not_published(
    project: Any, reviewpress: Callable[..., Any]
) -> None:
    """As a logo, in a chapter, or linked to: one message with the file's line, nothing is made."""
    evil = f"{HEAD}>\n<script>alert(1)</script></svg>"
    text = "# Start {#sec-start}\n\n![A dot](figures/drawn/dot.svg)\n\n[A dot](data/map.svg)\n"
    files = {"figures/drawn/dot.svg": evil, "data/map.svg": evil, "index.qmd": text}
    root = project(files=files, runs=False)
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    for name in ("figures/drawn/dot.svg", "data/map.svg"):
        assert f"{name}, line 2: the picture has the element <script>." in outcome.stderr
    (root / "_brand.yml").write_text("logo: data/map.svg\n")
    outcome = reviewpress("check", cwd=root)
    assert outcome.status == 1
    assert "data/map.svg, line 2: the picture has the element <script>." in outcome.stderr


def test_a_picture_that_no_page_could_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused before it is read, which takes long."""
    monkeypatch.setattr("reviewpress.svg.MOST_BYTES", 2_000_000)
    [said] = found("<rect/>" * 400_000)
    assert said.startswith("a.svg: the picture takes 3 MB, more than a page can show: 2 MB.")
