"""Configuration: profiles merge as in Quarto, mistakes are told with their line."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewpress.config import SETTINGS, Config, find_root, list_profiles, load_config, merge_yaml
from reviewpress.errors import ConfigError, Problems

BASE = """\
project: {type: book}
profile: {default: report, group: [[report, summary]]}
lang: en-GB
book:
  title: A book
  author: [One Author, {name: Two Author}]
  date: 2026-01-31
  chapters: [index.qmd]
"""
REPORT = "book: {chapters: [chapters/one.qmd], appendices: [chapters/extra.qmd]}\n"
SUMMARY = "format: {html: default}\n"
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small review and return its folder."""

    def make(base: str = BASE, report: str = REPORT, **more: str) -> Path:
        files = {"_quarto.yml": base, "_quarto-report.yml": report, "_quarto-summary.yml": SUMMARY}
        for name in ("index.qmd", "chapters/one.qmd", "chapters/extra.qmd"):
            files[name] = "# Title\n"
        for name, text in {**files, **more}.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def wrong(root: Path, profile: str | None = None) -> list[str]:
    with pytest.raises((ConfigError, Problems)) as caught:
        load_config(root, profile)
    return [str(problem) for problem in caught.value.problems]


def test_the_default_profile_is_taken(write: Write) -> None:
    """Without a name, `profile: default:` says which edition it is."""
    config = load_config(write())
    assert (config.profile, config.profiles) == ("report", ("report", "summary"))
    assert [chapter.path for chapter in config.chapters] == [
        "index.qmd",
        "chapters/one.qmd",
        "chapters/extra.qmd",
    ]
    assert [chapter.appendix for chapter in config.chapters] == [False, False, True]
    assert config.author_names == ["One Author", "Two Author"]
    assert config.formats == ("html",)
    assert config.output_dir == config.root / "_output/report"


def test_a_review_is_found_from_below(write: Write) -> None:
    """Any folder of a review stands for it."""
    root = write()
    assert find_root(root / "chapters") == root
    assert load_config(root / "chapters").root == root
    assert list_profiles(root) == ("report", "summary")


def test_outside_a_review(tmp_path: Path) -> None:
    """What to do is said."""
    with pytest.raises(ConfigError, match="reviewpress new my-review"):
        find_root(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", [b"review \xff", b"\xe9tude/review", b"a\xed\xa0\x80"])
def test_a_path_that_is_not_utf8_is_refused(name: bytes, tmp_path: Path) -> None:
    """The folder is shown with its bytes as numbers; a path with other letters is fine."""
    folder = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name)))
    folder.mkdir(parents=True)
    (folder / "_quarto.yml").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"not UTF-8") as raised:
        find_root(folder)
    assert re.search(r"\\x(ff|e9|ed)", str(raised.value))
    str(raised.value).encode("utf-8")
    fine = tmp_path / "étude 研究"
    fine.mkdir()
    (fine / "_quarto.yml").write_text("", encoding="utf-8")
    assert find_root(fine) == fine


def test_a_folder_that_is_not_there(write: Write) -> None:
    """A mistyped folder is not taken for the review around it."""
    with pytest.raises(ConfigError, match="the folder does not exist"):
        load_config(write() / "nowhere")


def test_parts_and_pages(write: Write) -> None:
    """Chapters know their part, and their page's address, whatever their place."""
    report = "book:\n  chapters:\n    - part: First part\n      chapters: [chapters/one.qmd]\n"
    chapter = load_config(write(report=report)).chapter("one")
    assert (chapter.part, chapter.page, chapter.is_notebook) == (
        "First part",
        "chapters/one.html",
        False,
    )


def test_navigation_may_have_words_of_its_own(write: Write) -> None:
    """An entry of `chapters:` with a `text:` is the chapter of its `href:`, in parts, too."""
    report = (
        "book:\n  chapters:\n    - href: chapters/one.qmd\n      text: The first\n"
        "  appendices:\n    - file: chapters/two.qmd\n      text: The second\n    - index.qmd\n"
    )
    config = load_config(write(report=report), check_chapters=False)
    shown = [(c.path, c.label, c.appendix) for c in config.chapters]
    assert ("chapters/one.qmd", "The first", False) in shown
    assert shown[-2:] == [("chapters/two.qmd", "The second", True), ("index.qmd", "", True)]


def test_formats_are_called_as_in_quarto(write: Write) -> None:
    """`reviewpress-typst`, `typst` and `pdf` are one format; one can be asked for alone."""
    report = REPORT + "format: {reviewpress-html: {toc: true}, pdf: default, docx: default}\n"
    config = load_config(write(report=report))
    assert config.formats == ("html", "typst", "docx")
    assert config.with_formats(["pdf", "typst"]).formats == ("typst",)
    with pytest.raises(ConfigError, match='Did you mean "docx"'):
        config.with_formats(["dox"])


def test_every_setting_has_an_explanation() -> None:
    """The keys under `reviewpress:` are told in words, for the reference."""
    assert all(len(words.split()) >= 3 for words in SETTINGS.values())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("reviewpress: {sectoins: {}}", 'line 9: unknown key "sectoins" under reviewpress. Did'),
        ("reviewpress: {citations: numbers}", 'line 9: citations cannot be "numbers". Valid: '),
        ("reviewpress: {included-years: 2012}", 'line 9: "included-years" takes two years'),
        (
            "reviewpress: {sections: [a]}",
            'line 9: "sections" takes the name of each section with its chapter',
        ),
        ("reviewpress: {sections: {A: 1}}", 'line 9: section "A" names no chapter.'),
        ("reviewpress: {sections: {A: onee}}", 'which is not a chapter. Did you mean "one"?'),
        ("bibliography: refs.bib", "line 9: the bibliography refs.bib does not exist."),
        ("csl: apa.csl", "line 9: the citation style apa.csl does not exist."),
        ("number-depth: deep", 'line 9: "number-depth" takes a whole number'),
        ("format: {revealjs: default}", 'the format "revealjs" is not one that reviewpress makes.'),
    ],
)
def test_mistakes_are_told_with_their_line(lines: str, message: str, write: Write) -> None:
    """The file, the line, what is wrong, and the nearest name where there is one."""
    said = wrong(write(BASE + lines + "\n"))
    assert len(said) == 1
    assert said[0].startswith("_quarto.yml, line 9: ")
    assert message.removeprefix("line 9: ") in said[0]


def test_all_mistakes_are_told_together(write: Write) -> None:
    """One run of the command shows everything that is wrong with the configuration."""
    base = BASE.replace("type: book", "type: website") + "csl: apa.csl\nreviewpress: {a: 1}\n"
    said = wrong(write(base, report="book: {chapters: [chapters/onne.qmd, x.docx]}\n"))
    assert len(said) == 5
    assert (
        "_quarto-report.yml, line 1: the chapter chapters/onne.qmd does not exist. Did" in said[1]
    )
    assert "x.docx is neither text (.qmd, .md) nor a notebook (.ipynb)." in said[2]


@pytest.mark.parametrize("name", ["pipe.qmd", "pipe.ipynb", "endless.ipynb", "folder.qmd"])
def test_a_chapter_that_is_no_ordinary_file(name: str, write: Write) -> None:
    """A pipe or a device, which would never end, is refused before anything reads it."""
    root = write(BASE, report=f"book: {{chapters: [{name}]}}\n")
    make = {
        "pipe": os.mkfifo,
        "endless": lambda path: path.symlink_to("/dev/zero"),
        "folder": Path.mkdir,
    }
    make[name.partition(".")[0]](root / name)
    said = wrong(root)
    assert any(
        re.search(f"the chapter {name} is a (pipe|device|folder), not a file", line)
        for line in said
    )


@pytest.mark.parametrize(
    "listed",
    [
        "chapters: [{href: chapters/one.qmd, text: '{{< meta title >}}'}]",
        "chapters: [{part: 'All: {{< var all >}}', chapters: [chapters/one.qmd]}]",
        "appendices: [{href: chapters/one.qmd, text: '{{< meta title >}}'}], chapters: [index.qmd]",
    ],
)
def test_names_of_parts_and_chapters_are_words(listed: str, write: Write) -> None:
    """Neither engine resolves a shortcode there, and Quarto leaves it out of a PDF."""
    said = wrong(write(report=f"book: {{{listed}}}\n"))
    found = [line for line in said if "is a shortcode, not words." in line]
    assert len(found) == 1
    assert found[0].startswith("_quarto-report.yml, line 1: the name ")


@pytest.mark.parametrize("folder", [".", "chapters", "..", "chapters/.."])
def test_the_output_folder_may_hold_no_source(folder: str, write: Write) -> None:
    """A build replaces it whole: a review must not be replaced by its report."""
    report = REPORT + f"project: {{output-dir: {folder}}}\n"
    (said,) = wrong(write(report=report))
    assert "which a build would then delete." in said


def test_profiles_are_named_when_mistyped(write: Write) -> None:
    """An unknown profile is an error, unlike in Quarto."""
    assert wrong(write(), "sumary") == ['there is no profile "sumary". Did you mean "summary"?']


def test_missing_chapters_may_be_overlooked(write: Write) -> None:
    """A kernel needs its own chapter only."""
    root = write()
    (root / "index.qmd").unlink()
    assert len(load_config(root, check_chapters=False).chapters) == 3


def test_sections_and_chapters_are_asked_for_by_name(write: Write) -> None:
    """Sections may be parts of a chapter, or not be recorded in the data."""
    sections = "reviewpress: {sections: {A: one, B: one#sec-b, C: {chapter: one, recorded: no}}}\n"
    config: Config = load_config(write(BASE + sections))
    found = {section.name: section for section in config.settings.sections}
    assert (found["B"].chapter, found["B"].anchor) == ("one", "sec-b")
    assert [found[name].recorded for name in "ABC"] == [True, True, False]
    with pytest.raises(ConfigError, match='no section "D"'):
        config.settings.section("D")
    with pytest.raises(ConfigError, match='no chapter "two"'):
        config.chapter("two")


def test_variables_come_along(write: Write) -> None:
    """`_variables.yml` is a source, and may be wrong."""
    config = load_config(write(**{"_variables.yml": "a: {b: 1}\n"}))
    assert config.variables == {"a": {"b": 1}}
    assert config.root / "_variables.yml" in config.sources


@given(VALUES)
def test_merging_nothing_changes_nothing(value: object) -> None:
    """A mapping merged with an empty one, or with itself, stays as it is."""
    whole = {"a": value}
    assert merge_yaml(whole, {}) == whole
    assert merge_yaml({}, whole) == whole


@given(VALUES, VALUES)
def test_what_comes_later_wins(one: object, two: object) -> None:
    """Scalars override, keys of both are kept, lists keep all of both."""
    merged = merge_yaml({"a": one, "b": 1}, {"a": two})
    assert merged["b"] == 1
    if isinstance(one, list) or isinstance(two, list):
        both = [each for each in (one, two) if each is not None]
        lists = [each if isinstance(each, list) else [each] for each in both]
        assert all(item in merged["a"] for each in lists for item in each)
    elif not (isinstance(one, dict) and isinstance(two, dict)):
        assert merged["a"] == two


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("bibliography: lost.bib", 2),
        ("title: One\nbibliography:\n  - lost.bib", 4),
        ("bibliography: [lost.bib]\nlang: en", 2),
    ],
)
def test_a_chapters_own_bibliography_that_is_missing_has_its_line(
    above: str, line: int, write: Write
) -> None:
    """As one of the review has."""
    root = write(BASE)
    chapter = root / "chapters/one.qmd"
    chapter.write_text(f"---\n{above}\n---\n\nText.\n")
    assert wrong(root) == [
        f"chapters/one.qmd, line {line}: the bibliography chapters/lost.bib does not exist in the"
        " review."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: data/shema.yml", "there is no schema data/shema.yml."),
        ("records: data/papers.csv", "imports could not write their records to data/papers.csv."),
        ("records: bib", "imports could not write their records to bib."),
        ("translation-of: reprot", 'there is no edition "reprot"'),
        ("translation-of: report", ""),
        ("records: bib/records.bib", ""),
    ],
)
def test_settings_that_name_nothing_are_errors(text: str, message: str, write: Write) -> None:
    """A schema that is not there would leave the data unchecked, without a word."""
    root = write(f"{BASE}reviewpress:\n  {text}\n")
    if not message:
        load_config(root, "summary")
        return
    [said] = wrong(root)
    assert said.startswith(f"_quarto.yml, line 10: {message}")


def test_formats_as_a_list_and_with_options_are_an_error(write: Write) -> None:
    """The two cannot be merged, and the message says so."""
    root = write(f"{BASE}format: [html, pdf]\n", f"{REPORT}format: {{html: default}}\n")
    [said] = wrong(root)
    assert "the formats are a list in one file, and have options in another." in said


@pytest.mark.parametrize("group", ["report", "{report: summary}", "[[report, [summary]]]", "5"])
def test_groups_of_profiles_are_lists(group: str, write: Write) -> None:
    """As Quarto takes them."""
    root = write(BASE.replace("[[report, summary]]", group))
    assert any("line 2: " in said and "group" in said for said in wrong(root))
