"""Versions that are kept, the site of all of them, and what may not be published."""

import json
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.display import PlainDisplay
from reviewpress.formats.objects import TYPST
from reviewpress.formats.parts import files_of_other_editions
from reviewpress.kept_versions import digest_folder, kept_versions
from reviewpress.pipeline import prepare
from reviewpress.store.files import replace_folder

Project = Callable[..., Path]
Cli = Callable[..., Any]


def git(root: Path, *words: str) -> str:
    """Run git in a review, as somebody."""
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    done = subprocess.run(
        ["git", *who, *words], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def set_version(root: Path, version: str, more: str = "") -> None:
    """Have a review say which version it is."""
    file = root / "_quarto.yml"
    lines = [line for line in file.read_text("utf-8").splitlines() if "  version:" not in line]
    text = "\n".join(lines).replace("reviewpress:", f'reviewpress:\n  version: "{version}"{more}')
    file.write_text(text + "\n", encoding="utf-8")


@pytest.fixture
def review(project: Project) -> Path:
    """A review of version 1.0 in a repository, with an address, rendered in both editions."""
    root = project()
    shutil.rmtree(root / "_output")
    (root / ".gitignore").write_text("_output/\n.reviewpress/\nfigures/\n", encoding="utf-8")
    set_version(root, "1.0")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "First")
    return root


def test_a_version_is_kept_whole_and_named_by_its_commit(review: Path, reviewpress: Cli) -> None:
    """Both editions, byte for byte as rendered, and a list that says what there is."""
    assert reviewpress("render --profile report,summary", cwd=review).status == 0
    done = reviewpress("publish", cwd=review)
    assert done.status == 0, done.stderr
    (kept,) = kept_versions(review)
    assert (kept.version, kept.date) == ("1.0", "2026-01-31")
    assert kept.commit == git(review, "rev-parse", "HEAD")
    assert dict(kept.editions) == {"report": "report", "summary": "summary"}
    for edition in ("report", "summary"):
        made, there = (review / place / edition for place in ("_output", "published/1.0"))
        assert digest_folder(made) == digest_folder(there)
    assert git(review, "status", "--porcelain") == "?? published/"
    # What is published is no source: nothing is made again for it.
    assert "is up to date" in reviewpress("render", cwd=review).stdout


def test_an_edition_names_a_commit_that_came_after_it(review: Path, reviewpress: Cli) -> None:
    """What was rendered before it was committed is kept with the commit that has it."""
    (review / "index.qmd").write_text("# Read this {.unnumbered #sec-index}\n\nNew words.\n")
    reviewpress("render", cwd=review)
    edition = json.loads((review / "_output/report/edition.json").read_bytes())
    assert edition["changed"] == ["index.qmd"]
    refused = reviewpress("publish --profile report", cwd=review)
    assert refused.status == 1
    assert "the last commit lacks index.qmd" in refused.stderr
    assert not (review / "published").exists()
    git(review, "commit", "--quiet", "--all", "--message", "Second")
    assert reviewpress("publish --profile report", cwd=review).status == 0
    kept = json.loads((review / "published/1.0/report/edition.json").read_bytes())
    assert (kept["commit"], kept["changed"]) == (git(review, "rev-parse", "HEAD"), [])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda root: None, ""),
        (lambda root: set_version(root, "1.0", "\n  status: draft"), "marked as draft"),
        (
            lambda root: set_version(root, "1.0", "\n  status: {embargoed-until: 2027-01-01}"),
            "marked as embargoed-until",
        ),
        (
            lambda root: (root / "index.qmd").write_text(
                "# Read {#sec-index}\n\nTODO: say more.\n"
            ),
            "TODO",
        ),
        (lambda root: set_version(root, "1.1"), "is version 1.1, not 1.0"),
        (lambda root: set_version(root, "../x"), "is version ../x, not 1.0"),
    ],
)
def test_what_may_not_be_published_is_refused(
    change: Callable[[Path], object], words: str, review: Path, reviewpress: Cli
) -> None:
    """A draft, an open note, another version: nothing is kept, and the message says why."""
    change(review)
    reviewpress("render", cwd=review)
    done = reviewpress("publish 1.0 --profile report --uncommitted", cwd=review)
    assert (done.status, words in done.stderr) == (1 if words else 0, True), done.stderr
    assert (review / "published/1.0").exists() is not bool(words)


def test_an_edition_that_its_sources_would_not_make_is_refused(
    review: Path, reviewpress: Cli
) -> None:
    """Also one of which only some formats are new."""
    reviewpress("render", cwd=review)
    text = (review / "index.qmd").read_text("utf-8")
    (review / "index.qmd").write_text(text.replace("Made-up papers", "Invented papers"), "utf-8")
    done = reviewpress("publish --profile report --uncommitted", cwd=review)
    assert "_output/report: is not what its sources make now." in done.stderr
    set_formats(review, "docx")
    reviewpress("render --to html", cwd=review)
    done = reviewpress("publish --profile report --uncommitted", cwd=review)
    assert "the Word file did not come from its last build" in done.stderr
    assert not (review / "published").exists()


def set_formats(root: Path, name: str) -> None:
    """Add a format to the report."""
    file = root / "_quarto-report.yml"
    file.write_text(f"{file.read_text('utf-8')}  reviewpress-{name}: default\n", encoding="utf-8")


@pytest.fixture
def two_versions(review: Path, reviewpress: Cli) -> Path:
    """The review with a version 1.1, in which a chapter has gone and another has a new name."""
    (review / "chapters/extra.qmd").write_text("# Extra {#sec-extra}\n\nMore.\n", encoding="utf-8")
    # Pages of one edition link to the other, and this one is all that is published.
    (review / "_quarto-summary.yml").unlink()
    settings = review / "_quarto.yml"
    address = "book:\n  site-url: https://example.org/r/report/\n"
    settings.write_text(settings.read_text("utf-8").replace("book:\n", address), encoding="utf-8")
    file = review / "_quarto-report.yml"
    whole = file.read_text("utf-8")
    more = whole.replace(
        "    - chapters/references", "    - chapters/extra.qmd\n    - chapters/references"
    )
    file.write_text(more, encoding="utf-8")
    for version in ("1.0", "1.1"):
        set_version(
            review,
            version,
            "" if version == "1.0" else "\n  errata: [{date: 2026-02-01, text: “Two” is three.}]",
        )
        assert reviewpress("render", cwd=review).status == 0
        done = reviewpress("publish --profile report --uncommitted", cwd=review)
        assert done.status == 0, done.stderr
        file.write_text(whole, encoding="utf-8")
    return review


def test_all_versions_stand_side_by_side(two_versions: Path) -> None:
    """Each has its address; old pages lead to the new, and old addresses to what was there."""
    site = two_versions / "_output" / "site"
    old = (site / "v1.0/report/chapters/findings.html").read_text("utf-8")
    assert 'class="edition-status"' in old
    assert 'href="../../../report/chapters/findings.html"' in old
    gone = (site / "v1.0/report/chapters/extra.html").read_text("utf-8")
    assert 'href="../../../report/index.html"' in gone
    moved = (site / "report/chapters/extra.html").read_text("utf-8")
    assert 'url=../../v1.0/report/chapters/extra.html"' in moved
    newest = two_versions / "published/1.1/report"
    for page in newest.rglob("*.html"):
        name = page.relative_to(newest)
        assert (site / "report" / name).read_bytes() == page.read_bytes()
        assert (site / "v1.1/report" / name).read_bytes() == page.read_bytes()
    assert 'url=../../report/index.html"' in (site / "latest/report/index.html").read_text("utf-8")
    assert 'url=report/index.html"' in (site / "index.html").read_text("utf-8")
    assert 'href="/r/report/' in (site / "404.html").read_text("utf-8")
    listed = (site / "versions.html").read_text("utf-8")
    assert listed.index("v1.1/report/index.html") < listed.index("v1.0/report/index.html")
    assert "changes/1.1-report.html" in listed
    assert "<li>1 February 2026: “Two” is three.</li>" in listed
    assert listed.count("made with Reviewpress ") == 2
    assert "Extra" in (site / "changes/1.1-report.html").read_text("utf-8")
    assert "edition-status" not in (two_versions / "published/1.0/report/index.html").read_text()


def test_the_old_address_of_a_renamed_chapter_leads_to_the_new(
    two_versions: Path, reviewpress: Cli
) -> None:
    """Through all versions since; the notice in the old page leads there, too."""
    for old, new, version in (("findings", "results", "1.2"), ("results", "evidence", "1.3")):
        assert reviewpress(f"rename {old} {new}", cwd=two_versions).status == 0
        set_version(two_versions, version)
        done = reviewpress("render", cwd=two_versions)
        assert done.status == 0, done.stderr
        done = reviewpress("publish --profile report --uncommitted", cwd=two_versions)
        assert done.status == 0, done.stderr
    site = two_versions / "_output" / "site"
    for name in ("findings", "results"):
        page = (site / f"report/chapters/{name}.html").read_text("utf-8")
        assert 'url=evidence.html"' in page
    for version, name in (("1.0", "findings"), ("1.1", "findings"), ("1.2", "results")):
        old_page = (site / f"v{version}/report/chapters/{name}.html").read_text("utf-8")
        assert 'href="../../../report/chapters/evidence.html"' in old_page


def test_links_of_the_site_lead_somewhere(two_versions: Path) -> None:
    """Every relative link of every page, and all that pages load."""
    site = two_versions / "_output" / "site"
    dead = []
    for page in site.rglob("*.html"):
        for link in re.findall(r'\b(?:href|src)="([^"#?:]+)(?:#[^"]*)?"', page.read_text("utf-8")):
            here = site / link.removeprefix("/r/") if link.startswith("/") else page.parent / link
            if not here.exists():
                dead.append((page.relative_to(site).as_posix(), link))
    assert dead == []


def test_a_version_that_was_published_is_never_written_over(
    two_versions: Path, reviewpress: Cli
) -> None:
    """Neither by a version of the same name nor where a file of it was changed."""
    done = reviewpress("publish --profile report --uncommitted", cwd=two_versions)
    assert "version 1.1 is published already" in done.stderr
    before = (two_versions / "_output/site/index.html").read_bytes()
    (two_versions / "published/1.0/report/index.html").write_text("Other words", encoding="utf-8")
    done = reviewpress("publish --site", cwd=two_versions)
    assert done.status == 1
    assert "published/1.0: version 1.0 is not what was published" in done.stderr
    assert (two_versions / "_output/site/index.html").read_bytes() == before


def test_a_folder_that_holds_something_else_is_left_alone(review: Path, reviewpress: Cli) -> None:
    """Neither `published/` nor the site replaces what no build made."""
    reviewpress("render", cwd=review)
    (review / "published").mkdir()
    (review / "published/notes.txt").write_text("mine", encoding="utf-8")
    done = reviewpress("publish --profile report", cwd=review)
    assert "holds something else than published versions" in done.stderr
    shutil.rmtree(review / "published")
    (review / "_output/site").mkdir()
    (review / "_output/site/CNAME").write_text("example.org", encoding="utf-8")
    done = reviewpress("publish --profile report", cwd=review)
    assert "the output folder holds CNAME, which no build made" in done.stderr
    assert (review / "_output/site/CNAME").read_text("utf-8") == "example.org"


def test_what_a_killed_run_left_is_replaced(review: Path, reviewpress: Cli) -> None:
    """A folder that the list does not name is no version."""
    reviewpress("render", cwd=review)
    (review / "published/1.0/report").mkdir(parents=True)
    (review / "published/1.0/report/half.html").write_text("half", encoding="utf-8")
    (review / "published/versions.json").write_text("[]\n", encoding="utf-8")
    done = reviewpress("publish --profile report", cwd=review)
    assert done.status == 0, done.stderr
    assert not (review / "published/1.0/report/half.html").exists()


def test_the_site_that_a_killed_run_did_not_reach_is_made_by_the_next(
    review: Path, reviewpress: Cli
) -> None:
    """The version is kept by then, and stays as it is; what the run left goes."""
    reviewpress("render", cwd=review)
    reviewpress("publish --profile report --uncommitted", cwd=review)
    kept = (review / "published/versions.json").read_bytes()
    left = review / "_output/.staging-0123"
    (review / "_output/site").rename(left)
    done = reviewpress("publish --profile report --uncommitted", cwd=review)
    assert done.status == 0, done.stderr
    assert "version 1.0: kept before; its site is made now" in done.stdout
    assert (review / "_output/site/v1.0/report/index.html").is_file()
    assert (review / "published/versions.json").read_bytes() == kept
    assert not left.exists()


def test_a_review_without_git_names_no_commit(project: Project, reviewpress: Cli) -> None:
    """It may be published all the same, and that is said."""
    root = project()
    shutil.rmtree(root / "_output")
    set_version(root, "1.0")
    reviewpress("render", cwd=root)
    done = reviewpress("publish --profile report", cwd=root)
    assert done.status == 0, done.stderr
    assert "names no commit" in done.stderr
    assert kept_versions(root)[0].commit == ""


def test_a_diff_goes_from_a_version_a_commit_or_a_folder(
    two_versions: Path, reviewpress: Cli
) -> None:
    """All that names an edition is understood; what does not is refused with the nearest."""
    git(two_versions, "add", "--all")
    git(two_versions, "commit", "--quiet", "--message", "Second")
    for before, name in (
        ("", "version 1.1"), ("1.1", "version 1.1"), ("published/1.1", "published/1.1"),
        ("HEAD", f"commit {git(two_versions, 'rev-parse', 'HEAD')[:10]}"),
    ):  # fmt: skip
        done = reviewpress(["diff", *([before] if before else [])], cwd=two_versions)
        assert done.stdout.splitlines() == [f"From {name} to now:", "Nothing has changed."]
    done = reviewpress("diff 1.0 1.1", cwd=two_versions)
    assert "version: 1.0 → 1.1" in done.stdout
    assert "“Extra”: gone" in done.stdout
    done = reviewpress("diff 1.2", cwd=two_versions)
    assert "neither a version, nor a commit, nor a folder" in done.stderr
    assert git(two_versions, "worktree", "list").count("\n") == 0
    assert git(two_versions, "status", "--porcelain") == ""


def test_a_review_that_published_nothing_is_told_what_to_compare_with(
    project: Project, reviewpress: Cli
) -> None:
    """The message names what there is to do."""
    done = reviewpress("diff", cwd=project())
    assert done.status == 1
    assert "no version of this edition has been published" in done.stderr
    assert "reviewpress publish" in done.stderr


def test_report_and_summary_lead_to_each_others_pdf(project: Project) -> None:
    """By the place beside each other, or on the web where both say where they are published."""
    root = project(formats=("typst",))
    for profile, other, name in (
        ("report", "summary", "Summary"),
        ("summary", "report", "Full report"),
    ):
        book = prepare(load_config(root, profile), progress=PlainDisplay()).manuscript.book
        others = book.companions, book.translations
        [told] = files_of_other_editions(book.config, book.labels, *others, TYPST)
        assert (told["href"], told["name"]) == (f"../{other}/{other}.pdf", name)


@pytest.mark.parametrize(("module", "said"), [
    ("keeping", "version 1.0 kept"), ("site", "site written"),
])  # fmt: skip
def test_an_interruption_says_what_is_published(
    module: str, said: str, review: Path, reviewpress: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while a folder is put in its place ends after the list has it too, and says so."""
    assert reviewpress("render --profile report,summary", cwd=review).status == 0
    place = f"reviewpress.publishing.{module}.replace_folder"

    def interrupted(made: Path, goal: Path) -> None:
        replace_folder(made, goal)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(place, interrupted)
    done = reviewpress("publish", cwd=review)
    assert done.status == 130
    assert said in done.stderr
    assert "What was there before is untouched" not in done.stderr
    assert [each.version for each in kept_versions(review)] == ["1.0"]
    assert (review / "published/1.0/report/index.html").is_file()
