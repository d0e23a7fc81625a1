"""Files that pages load are named by what they hold; what is taken keeps its name."""

import re
from pathlib import Path
from typing import Any

import pytest

from reviewpress.formats.hashed_names import hash_names, plain_name

PAGE = """<!DOCTYPE html><html><head>
<link rel="stylesheet" href="../assets/a.css?x#y">
<link rel="next" href="other.html"><link rel=alternate href="../data/t.csv">
<script src="../assets/a.js" type="module"></script></head>
<body data-search="../assets/a.js" data-index="../pagefind/">
<picture><source media="screen" srcset="../figures/f%20g-narrow.svg 1x, ../figures/f%20g.svg 2x">
<img src='../figures/f%20g.svg' alt="a > b &amp; c"></picture>
<img alt="" src="https://example.org/figures/f.svg"><img alt="" src="data:image/png;base64,AAAA">
<a href="../figures/f%20g.svg">SVG</a> <a href="../data/t.csv">CSV</a>
<img alt="" src="../figures/gone.svg"></body></html>
"""
FILES = {
    "chapters/p.html": PAGE,
    "chapters/other.html": "<p>Other",
    "assets/a.css": "@import 'b.css'; p {background: url(\"fonts/x.woff2#z\")}",
    "assets/b.css": "p {color: red}",
    "assets/fonts/x.woff2": "font",
    "assets/a.js": 'import {b} from "./in/b.js"; const c = import("./in/b.js"); "./in/b.js";',
    "assets/in/b.js": "export const b = 1;",
    "figures/f g.svg": "<svg/>",
    "figures/f g-narrow.svg": "<svg></svg>",
    "pagefind/pagefind.js": "1",
    "pagefind/index/x": "2",
    "data/t.csv": "a",
}


def site(folder: Path, **changed: str) -> Path:
    """Write the files of a site."""
    for name, text in (FILES | changed).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def names(folder: Path) -> set[str]:
    """Return the files of a site."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def plain(folder: Path) -> set[str]:
    """Return what the files of a site are called but for what their content adds."""
    return {"/".join(map(plain_name, name.split("/"))) for name in names(folder)}


def test_what_pages_load_is_named_by_its_content(tmp_path: Path) -> None:
    """Styles, what they load, scripts, what they import, pictures, the index; each is there."""
    hash_names(site(tmp_path))
    page = (tmp_path / "chapters/p.html").read_text("utf-8")
    new = r"\.[0-9a-f]{10}"
    for pattern in (
        rf'href="\.\./assets/a{new}\.css\?x#y"', rf'src="\.\./assets/a{new}\.js"',
        rf'data-search="\.\./assets/a{new}\.js"', rf'data-index="\.\./pagefind{new}/"',
        rf'srcset="\.\./figures/f%20g-narrow{new}\.svg 1x, \.\./figures/f%20g{new}\.svg 2x"',
        rf'src="\.\./figures/f%20g{new}\.svg" alt="a > b &amp; c"',
    ):  # fmt: skip
        assert re.search(pattern, page), pattern
    assert plain(tmp_path) == FILES.keys()
    [style] = tmp_path.glob("assets/a.*.css")
    text = style.read_text("utf-8")
    [inner], [font] = (tmp_path.glob(f"assets/{name}") for name in ("b.*.css", "fonts/x.*.woff2"))
    assert inner.name in text
    assert f"fonts/{font.name}#z" in text
    [script], [imported] = (tmp_path.glob(f"assets/{name}") for name in ("a.*.js", "in/b.*.js"))
    assert script.read_text("utf-8").count(f"./in/{imported.name}") == 2
    assert script.read_text("utf-8").endswith('"./in/b.js";')


def test_what_readers_take_keeps_its_name(tmp_path: Path) -> None:
    """What a page links to, and what was published by its name; the rest is there once."""
    hash_names(site(tmp_path), stable={"assets/fonts/x.woff2"})
    page = (tmp_path / "chapters/p.html").read_text("utf-8")
    for kept in ('<a href="../figures/f%20g.svg">', '<a href="../data/t.csv">',
                 'rel="next" href="other.html"', 'src="https://example.org/figures/f.svg"',
                 'src="data:image/png;base64,AAAA"', 'src="../figures/gone.svg"'):  # fmt: skip
        assert kept in page
    assert names(tmp_path) >= {"figures/f g.svg", "data/t.csv", "assets/fonts/x.woff2"}
    assert "figures/f g-narrow.svg" not in names(tmp_path)
    assert "assets/a.css" not in names(tmp_path)


@pytest.mark.parametrize(
    ("changed", "follow"),
    [
        ("assets/fonts/x.woff2", {"assets/fonts/x.woff2", "assets/a.css"}),
        ("assets/in/b.js", {"assets/in/b.js", "assets/a.js"}),
        ("figures/f g.svg", {"figures/f g.svg"}),
        ("pagefind/index/x", {"pagefind/pagefind.js", "pagefind/index/x"}),
    ],
)
def test_a_change_gives_new_names_to_what_shows_it(
    tmp_path: Path, changed: str, follow: set[str]
) -> None:
    """To a file, and to those that load it, and to no others; twice the same is the same."""
    one, two, three = (tmp_path / name for name in ("one", "two", "three"))
    hash_names(site(one))
    hash_names(site(two))
    hash_names(site(three, **{changed: "another"}))
    assert names(one) == names(two)
    gone = names(one) - names(three)
    assert {"/".join(map(plain_name, name.split("/"))) for name in gone} == follow
    for name in names(one):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_names_are_given_once(tmp_path: Path) -> None:
    """As where Quarto makes one page anew, beside others that are done; its libraries stay."""
    hash_names(site(tmp_path), keep="assets/")
    done = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    assert done.keys() > {"assets/a.css", "assets/in/b.js"}
    hash_names(tmp_path, keep="assets/")
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == done
    site(tmp_path)
    hash_names(tmp_path, keep="assets/")
    assert (tmp_path / "chapters/p.html").read_bytes() == done["chapters/p.html"]


def test_an_edition_in_which_a_chart_changed_asks_for_it(project: Any, reviewpress: Any) -> None:
    """The page of an update loads the new chart; its download is at the old address."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="%s"/></svg>'
    text = "# Start\n\n![It](a.svg){fig-alt='A square.'}\n\n[Take it](a.svg)\n"
    root = project(files={"index.qmd": text, "a.svg": picture % "one"}, runs=False)
    folder = root / "_output/report"
    loaded = []
    for name in ("one", "two"):
        (root / "a.svg").write_text(picture % name, "utf-8")
        done = reviewpress("render --engine pandoc --to html", cwd=root)
        assert done.status == 0, done.stderr
        page = (folder / "index.html").read_text("utf-8")
        [source] = re.findall(r'<img src="(a\.[^"]*)"', page)
        assert 'href="a.svg"' in page
        assert (folder / source).read_text("utf-8") == picture % name
        assert (folder / "a.svg").read_text("utf-8") == picture % name
        loaded.append(source)
    assert loaded[0] != loaded[1]
    assert not (folder / loaded[0]).exists()


def test_the_index_has_only_what_search_loads(project: Any, reviewpress: Any) -> None:
    """No other interface of Pagefind's, and its program for the edition's language alone."""
    root = project(runs=False)
    assert reviewpress("render --engine pandoc --to html", cwd=root).status == 0
    [index] = (root / "_output/report").glob("pagefind.*")
    found = {
        re.sub(r"_[0-9a-f]{5,}|\.en-gb_[0-9a-f]+", "", path.name) for path in index.rglob("*.*")
    }
    assert found == {
        "pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.en-gb.pagefind",
        "en-gb.pf_fragment", "en-gb.pf_index", "pagefind.pf_meta",
    }  # fmt: skip
