"""Where an edition may be, and what of its folder a build may replace."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.build import take_place
from reviewpress.config import load_config
from reviewpress.errors import ConfigError, ReportError
from reviewpress.store.output_folder import LIST, check_place, look_into, read_list, write_list
from reviewpress.store.temporary_files import remove_if_left

Run = Callable[..., Any]
REPORT = "_quarto-report.yml"
OWN = "figures/drawn/hand.png"


@pytest.fixture
def review(project: Callable[..., Path]) -> Path:
    """A review in a repository, with drawings of its own and folders beside it."""
    root = project(files={OWN: "drawn", "images/photo.jpg": "photo", ".git/HEAD": "history"})
    (root.parent / "sibling").mkdir()
    (root.parent / "sibling/photo.jpg").write_text("photo", encoding="utf-8")
    return root


def put(root: Path, folder: str) -> Path:
    """Give the report another output folder; return it."""
    path = root / REPORT
    text = path.read_text("utf-8").replace("output-dir: _output/report", f"output-dir: '{folder}'")
    path.write_text(text, encoding="utf-8")
    return root / folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".reviewpress" not in path.parts
    }


def refused(root: Path) -> str:
    """Return why the report is refused; nothing may have changed by then."""
    before = files(root.parent)
    with pytest.raises(ReportError) as caught:
        take_place(load_config(root, "report"))
    assert files(root.parent) == before
    return str(caught.value)


OUTSIDE = (
    "..", "../..", "/", "~here", "~/x", "../sibling", "../sibling/", "{root}/../sibling",
)  # fmt: skip
INSIDE = (
    ".git", ".git/", "./.git", ".git/report", "figures", "figures/drawn", "figures/new", "Figures",
    "FIGURES/drawn", "data", "DATA/out", "chapters/", "chapters/out", "bib", "scripts",
    "scripts/new", "_extensions", "_extensions/x", "images", ".reviewpress", ".reviewpress/x", ".",
    "_output/../data", "_output/..", "data/../chapters", ".venv", ".github/pages", "data./x",
    "Bib. .",
)  # fmt: skip


@pytest.mark.parametrize("folder", [*OUTSIDE, *INSIDE])
def test_what_an_author_has_is_no_output_folder(
    folder: str, review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources, repository, home, root, and any folder with files that no build made."""
    if folder == "~here":
        monkeypatch.setenv("HOME", str(review.parent / "home"))
        (review.parent / "home/x").mkdir(parents=True)
        folder = "../home"
    put(review, folder.format(root=review))
    said = refused(review)
    assert "output folder" in said
    assert "output-dir" in said or "--take-over" in said


@pytest.mark.parametrize("folder", ["figures", "Data/out", ".git", "../sibling"])
def test_even_with_a_list_a_source_folder_is_none(folder: str, review: Path) -> None:
    """A list that got into such a folder does not make it a build's."""
    place = put(review, folder)
    place.mkdir(parents=True, exist_ok=True)
    write_list(place, "report")
    if folder == "../sibling":
        assert take_place(load_config(review, "report")) == ()
        return
    assert "output folder" in refused(review)


@pytest.mark.parametrize("folder", ["new/place", "empty", "../beside", "pages in words/ü #1%"])
def test_a_new_or_empty_folder_is_one(folder: str, review: Path, reviewpress: Run) -> None:
    """Also beside the review; the edition says which files are its own."""
    place = put(review, folder)
    if folder == "empty":
        place.mkdir()
        (place / ".DS_Store").touch()
    outcome = reviewpress("render --engine pandoc", cwd=review)
    assert outcome.status == 0, outcome.stderr
    edition, names = read_list(place)
    assert edition == "report"
    assert names == {name for name in files(place) if name != LIST}
    assert {"index.html", "chapters/findings.html"} <= names
    again = reviewpress("render --engine pandoc", cwd=review)
    assert again.stdout.endswith("is up to date\n")


def test_the_list_is_the_same_in_every_folder(tmp_path: Path) -> None:
    """It names no machine: same inputs, same bytes."""
    lists = []
    for name in ("one", "another place"):
        folder = tmp_path / name
        (folder / "chapters").mkdir(parents=True)
        for page in ("index.html", "chapters/a.html", ".DS_Store"):
            (folder / page).touch()
        write_list(folder, "report")
        lists.append((folder / LIST).read_bytes())
    assert lists[0] == lists[1]
    assert lists[0].endswith(b"\nreport\nchapters/a.html\nindex.html\n")


@pytest.mark.parametrize("name", ["notes.txt", "chapters/photo.jpg", "figures/.hidden", "old.docx"])
def test_files_that_no_build_made_stay(name: str, review: Path, reviewpress: Run) -> None:
    """A file put into the edition is named, not erased; with --take-over its removal is said."""
    path = review / "_output/report" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=review)
    assert outcome.status == 1
    said = f"error: _output/report: the output folder holds {name}, which no build made.\n"
    assert said in outcome.stderr
    assert path.read_text("utf-8") == "mine"
    outcome = reviewpress("render --engine pandoc --take-over", cwd=review)
    assert outcome.status == 0
    assert f"    removed, though no build had made it: {name}\n" in outcome.stderr
    assert not path.exists()


@pytest.mark.parametrize(
    "folder", ["new/sub/../../mine", "_output/none/../../mine", "../none/../review/mine/."]
)
def test_a_way_through_a_folder_that_is_not_there_leads_where_it_will(
    folder: str, project: Callable[..., Path], reviewpress: Run
) -> None:
    """A build makes the folder, and then the way leads to one that holds an author's files."""
    root = project(files={"mine/kept.sav": "mine"})
    put(root, folder.replace("review/", f"{root.name}/"))
    assert "the output folder holds kept.sav, which no build made" in refused(root)
    assert reviewpress("render --engine pandoc", cwd=root).status == 1
    assert (root / "mine/kept.sav").read_text("utf-8") == "mine"


def test_a_link_inside_the_edition_is_kept(review: Path) -> None:
    """It is none of the build's files, even where it has the name of one."""
    page = review / "_output/report/index.html"
    page.unlink()
    page.symlink_to(review / OWN)
    assert "holds index.html, which no build made" in refused(review)


def test_an_output_folder_that_is_a_link_stays_one(review: Path, reviewpress: Run) -> None:
    """The edition is made where the link leads; what a link leads to is judged as any folder."""
    place = review / "_output/report"
    shutil.rmtree(place)
    goal = review.parent / "disk/report"
    place.symlink_to(goal)
    assert reviewpress("render --engine pandoc", cwd=review).status == 0
    assert place.is_symlink()
    assert (goal / "index.html").is_file()
    for wrong in (review / "figures", review.parent / "sibling"):
        place.unlink()
        place.symlink_to(wrong)
        assert "output folder" in refused(review)


def test_a_mount_is_not_replaced(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither at the folder nor in it."""
    place = review / "_output/report"
    (place / "disk").mkdir()
    for mounted in (place, place / "disk"):
        monkeypatch.setattr(os.path, "ismount", lambda path, it=mounted: Path(path) == it)
        assert "mounted" in refused(review)


def test_editions_do_not_share_a_folder(review: Path, reviewpress: Run) -> None:
    """The same folder, and one inside the other, in whichever order they are made."""
    summary = review / "_quarto-summary.yml"
    text = summary.read_text("utf-8")
    for folder in ("_output/report", "_output/report/summary", "_output/./report/"):
        summary.write_text(text.replace("_output/summary", folder), encoding="utf-8")
        with pytest.raises(ReportError, match="output folder"):
            take_place(load_config(review, "summary"))
        outcome = reviewpress("render --profile report,summary --engine pandoc", cwd=review)
        assert outcome.status == 1
        assert "the output folder is or lies in that of report." in outcome.stderr
    put(review, "_output")
    summary.write_text(text, encoding="utf-8")
    assert "which no build made" in refused(review)


def test_an_edition_of_the_first_version_is_known_by_its_record(
    review: Path, reviewpress: Run
) -> None:
    """Without a list: what the last build is recorded to have written may be replaced."""
    assert reviewpress("render --engine pandoc", cwd=review).status == 0
    place = review / "_output/report"
    (place / LIST).unlink()
    change = (review / "index.qmd").read_text("utf-8") + "\nMore.\n"
    (review / "index.qmd").write_text(change, encoding="utf-8")
    assert take_place(load_config(review, "report")) == ()
    assert read_list(place)[0] == "report"
    (place / LIST).unlink()
    (place / "mine.png").touch()
    assert "mine.png" in refused(review)
    (place / "mine.png").unlink()
    shutil.rmtree(review / ".reviewpress/builds")
    assert "--take-over" in refused(review)
    assert reviewpress("render --engine pandoc --take-over", cwd=review).status == 0


def test_a_format_of_an_earlier_build_is_named(project: Any, reviewpress: Run) -> None:
    """`--to html` keeps the PDF, and says that it is none of today's; the next build does too."""
    root = project(formats=("html", "typst"))
    assert reviewpress("render --engine pandoc --to typst", cwd=root).status == 0
    for state in ("written", "is up to date"):
        outcome = reviewpress("render --engine pandoc --to html", cwd=root)
        assert outcome.stdout == f"_output/report {state}\n"
        told = "    from an earlier build: report.pdf; this one was asked for html\n"
        assert outcome.stderr.endswith(told)
    assert "report.pdf" in look_names(root / "_output/report")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert "from an earlier build" not in outcome.stderr


def look_names(folder: Path) -> frozenset[str]:
    assert look_into(folder).foreign == ()
    return read_list(folder)[1]


def test_quartos_hooks_refuse_and_list(review: Path) -> None:
    """`quarto render --output-dir figures` is ended before Quarto empties the folder."""
    from reviewpress.quarto.hooks import pre_render

    environment = {"QUARTO_PROJECT_DIR": str(review), "QUARTO_PROJECT_RENDER_ALL": "1"}
    before = files(review)
    for folder in ("figures", ".git", "../sibling", str(review)):
        assert pre_render({**environment, "QUARTO_PROJECT_OUTPUT_DIR": folder}, list) == 1
    assert files(review) == before


def test_a_variant_is_judged_too(review: Path, reviewpress: Run) -> None:
    """Its folder has a name of its own, where something may be."""
    place = review / "_output/report-regions=Oceania"
    place.mkdir()
    (place / "mine").touch()
    outcome = reviewpress("render --engine pandoc -P regions:Oceania", cwd=review)
    assert outcome.status == 1
    assert "holds mine, which no build made" in outcome.stderr


@pytest.mark.parametrize("is_copy", [False, True])
def test_another_reviews_edition_is_not_replaced(
    is_copy: bool, review: Path, reviewpress: Run
) -> None:
    """It may be called alike, and have the same title; one's own beside the review is replaced."""
    other = review.parent / "other"
    shutil.copytree(review, other)
    if not is_copy:
        project = other / "_quarto.yml"
        text = project.read_text("utf-8")
        project.write_text(text.replace("A minimal review", "Another"), encoding="utf-8")
        put(other, "../site")
    outcome = reviewpress("render --engine pandoc", cwd=other)
    assert outcome.status == 0, outcome.stderr
    put(review, "../other/_output/report" if is_copy else "../site")
    title = "A minimal review" if is_copy else "Another"
    assert f'the edition "report" of another review, "{title}".' in refused(review)
    assert take_place(load_config(review, "report"), take_over=True) == ()
    assert take_place(load_config(other, "report")) == ()
    if not is_copy:
        # A fresh clone knows of no build.
        shutil.rmtree(other / ".reviewpress")
        assert take_place(load_config(other, "report")) == ()


def test_a_link_that_leads_to_itself_is_no_output_folder(review: Path) -> None:
    """It is refused before anything is rendered."""
    (review / "pages").symlink_to("pages")
    put(review, "pages")
    assert "a link that leads to itself" in refused(review)


def test_what_an_interrupted_swap_set_aside_comes_back(review: Path) -> None:
    """Where names cannot be exchanged, a kill between the two renames loses no edition."""
    place = review / "_output/report"
    before = files(place)
    place.rename(place.with_name(".report.old"))
    assert take_place(load_config(review, "report")) == ()
    assert files(place) == before
    assert not place.with_name(".report.old").exists()


def test_a_broken_list_is_none(tmp_path: Path) -> None:
    """What cannot be read, or is not ours, names no files."""
    for content in (b"", b"\xff\xfe", b"some text\nreport\nindex.html\n", json.dumps({}).encode()):
        (tmp_path / LIST).write_bytes(content)
        assert read_list(tmp_path) == (None, frozenset())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_no_output_folder_and_is_not_waited_for(tmp_path: Path) -> None:
    """Nor is a folder below a file; what killed runs left is looked for without opening it."""
    os.mkfifo(tmp_path / "report")
    with pytest.raises(ConfigError, match="the output folder is a file"):
        check_place(tmp_path / "report", tmp_path)
    with pytest.raises(ConfigError, match="lies in report, which is a file"):
        check_place(tmp_path / "report/a/b", tmp_path)
    remove_if_left(tmp_path / "report")
    assert (tmp_path / "report").exists()
