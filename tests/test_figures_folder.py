"""The folder `figures/`: builds write over what builds wrote, and over nothing else."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from reviewpress.build import variant, wrong_places
from reviewpress.config import Config, load_config
from reviewpress.errors import ReportError
from reviewpress.figures.folder import (
    LIST,
    claim_figures,
    lend_figures,
    lent,
    publish_figures,
    restore_figures,
)
from reviewpress.store.pruning import clear_leftovers
from reviewpress.store.temporary_files import MARK, reserve_file

Run = Callable[..., Any]
FIGURE = "figures/fig-papers.csv"
OUTPUT = "QUARTO_PROJECT_OUTPUT_DIR"
ENDINGS = (".svg", ".png", ".csv", ".alt.txt")


@pytest.fixture
def config(project: Callable[..., Path]) -> Config:
    """A review without figures yet."""
    return load_config(project(), "report")


def made(config: Config, **texts: str) -> dict[str, Path]:
    """Return figures as runs have them: `made(config, a="one")` is fig-a with all its files."""
    folder = config.store / "runs" / "made"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for figure, text in texts.items():
        for ending in ENDINGS:
            path = folder / f"{text}-fig-{figure}{ending}"
            path.write_text(f"{text} {ending}", encoding="utf-8")
            found[f"fig-{figure}{ending}"] = path
    return found


def look(config: Config) -> dict[str, str]:
    """Return what `figures/` holds beside the list."""
    files = [path for path in (config.root / "figures").iterdir() if path.name != LIST]
    return {path.name: path.read_text("utf-8") for path in files}


def expected(**texts: str) -> dict[str, str]:
    return {f"fig-{name}{end}": f"{text} {end}" for name, text in texts.items() for end in ENDINGS}


def refused(work: Callable[..., Any], config: Config, figures: Mapping[str, Path]) -> str:
    """Return why figures are refused; nothing may have changed by then."""
    before = look(config)
    with pytest.raises(ReportError) as caught:
        work(config, figures)
    assert look(config) == before
    return str(caught.value)


def test_a_build_replaces_and_removes_what_builds_wrote(config: Config) -> None:
    """Each edition takes its own away, also where the store was deleted meanwhile."""
    summary = load_config(config.root, "summary")
    publish_figures(config, made(config, a="one", b="one", c="one"))
    publish_figures(summary, made(config, b="one"))
    shutil.rmtree(config.store)
    publish_figures(config, made(config, c="two"))
    assert look(config) == expected(b="one", c="two")
    publish_figures(summary, {})
    assert look(config) == expected(c="two")
    publish_figures(config, {})
    assert list((config.root / "figures").iterdir()) == []


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("work", [claim_figures, publish_figures, lend_figures])
def test_what_an_author_put_there_is_not_written_over(
    work: Callable[..., Any], ending: str, config: Config
) -> None:
    """A file that was changed, one that was new, a link and a folder: each is named."""
    publish_figures(config, made(config, a="one"))
    name = f"fig-a{ending}"
    path = config.root / "figures" / name
    own = config.root / "figures/drawn/own.svg"
    own.parent.mkdir()
    own.write_text(f"one {ending}", encoding="utf-8")
    figures = made(config, a="two", b="two")
    path.write_text("mine", encoding="utf-8")
    own.parent.rename(config.root / "drawn")  # `look` reads files only
    assert name in refused(work, config, figures)
    path.unlink()
    path.symlink_to(config.root / "drawn/own.svg")
    said = refused(work, config, figures)
    assert f"write over what is not as a build left it: {name}." in said
    assert "figures/drawn/" in said
    assert "--take-over" in said
    path.unlink()
    path.mkdir()
    with pytest.raises(ReportError, match=name):
        work(config, figures)
    path.rmdir()
    other = config.root / "figures" / f"fig-b{ending}"
    other.write_text("mine", encoding="utf-8")
    assert other.name in refused(work, config, figures)
    other.unlink()
    work(config, figures)


def test_what_an_author_changed_is_not_removed(config: Config) -> None:
    """Where the report publishes a figure no longer, a changed file of it stays."""
    publish_figures(config, made(config, a="one"))
    (config.root / "figures/fig-a.svg").write_text("mine", encoding="utf-8")
    publish_figures(config, {})
    assert look(config) == {"fig-a.svg": "mine"}
    assert "fig-a.svg" in refused(publish_figures, config, made(config, a="one"))


def test_the_same_bytes_are_in_nobodys_way(config: Config) -> None:
    """They are listed from then on."""
    figures = made(config, a="one")
    (config.root / "figures").mkdir()
    for name, file in figures.items():
        shutil.copyfile(file, config.root / "figures" / name)
    publish_figures(config, figures)
    publish_figures(config, made(config, a="two"))
    assert look(config) == expected(a="two")


def test_with_leave_files_are_taken_over(config: Config) -> None:
    """They are named; what a link leads to stays; a folder is refused all the same."""
    folder = config.root / "figures"
    folder.mkdir()
    own = config.root / "own.svg"
    own.write_text("mine", encoding="utf-8")
    (folder / "fig-a.svg").symlink_to(own)
    (folder / "fig-a.csv").write_text("mine", encoding="utf-8")
    (folder / "fig-b.csv").write_text("mine too", encoding="utf-8")
    figures = made(config, a="one")
    taken = claim_figures(config, figures, take_over=True)
    assert taken == ("figures/fig-a.csv", "figures/fig-a.svg")
    publish_figures(config, figures)
    assert look(config) == {**expected(a="one"), "fig-b.csv": "mine too"}
    assert own.read_text("utf-8") == "mine"
    (folder / "fig-a.svg").unlink()
    (folder / "fig-a.svg").mkdir()
    with pytest.raises(ReportError, match=r"fig-a\.svg"):
        claim_figures(config, figures, take_over=True)


def test_a_build_names_the_file_before_it_renders(project: Any, reviewpress: Run) -> None:
    """The edition stays, too; --take-over says what it replaced."""
    root = project("typed-claim", formats=("html",))
    (root / FIGURE).parent.mkdir()
    (root / FIGURE).write_text("mine", encoding="utf-8")
    outcome = reviewpress("render --engine pandoc", cwd=root)
    assert outcome.status == 1
    said = "figures: the build would write over what is not as a build left it: fig-papers.csv.\n"
    assert said in outcome.stderr
    assert "Rendering" not in outcome.stderr
    assert "last good" in (root / "_output/report/index.html").read_text("utf-8")
    assert (root / FIGURE).read_text("utf-8") == "mine"
    outcome = reviewpress("render --engine pandoc -P regions:Oceania", cwd=root)
    assert outcome.status == 0, outcome.stderr  # a variant writes nothing there
    outcome = reviewpress("render --engine pandoc --take-over", cwd=root)
    assert outcome.status == 0
    assert f"    written over, though no build had made it: {FIGURE}\n" in outcome.stderr
    assert (root / FIGURE).read_text("utf-8") != "mine"


def test_the_list_names_no_machine_and_no_time(config: Config) -> None:
    """Same figures, same bytes; sums and names only."""
    lists = []
    for text in ("one", "two", "one"):
        publish_figures(config, made(config, b=text, a=text))
        lists.append((config.root / "figures" / LIST).read_bytes())
    assert lists[0] == lists[2] != lists[1]
    assert str(config.root).encode() not in lists[0]
    names = [line.split(b"\t")[2] for line in lists[0].splitlines()[1:]]
    assert names == sorted(f"fig-{figure}{end}".encode() for figure in "ab" for end in ENDINGS)


@pytest.mark.parametrize("copies", range(1, 5))
def test_a_build_that_was_killed_blocks_none_after_it(
    copies: int, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever files it had replaced by then, the next build makes yet others."""
    import reviewpress.figures.folder as module

    publish_figures(config, made(config, a="one", b="one"))
    copy, left = module._copy, copies

    def stop_after(file: Path, goal: Path) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        copy(file, goal)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_copy", stop_after)
        with pytest.raises(KeyboardInterrupt):
            publish_figures(config, made(config, a="two", c="two"))
    assert look(config) not in (expected(a="one", b="one"), expected(a="two", c="two"))
    publish_figures(config, made(config, a="three", c="three"))
    assert look(config) == expected(a="three", c="three")


def test_what_a_killed_build_was_writing_is_removed(config: Config) -> None:
    """Parts of files in the folder of figures are looked for as elsewhere."""
    handle, part = reserve_file(config.root / "figures/fig-a.svg")
    os.close(handle)
    assert MARK in part.name
    clear_leftovers(config.root)
    assert not part.exists()


# What 0.1.0 left: no list


def test_figures_of_the_first_version_are_known_by_its_record(config: Config) -> None:
    """Only those that it names; the list takes the record's place."""
    folder, record = config.root / "figures", config.store / "published/report.txt"
    folder.mkdir()
    record.parent.mkdir(parents=True, exist_ok=True)
    old = expected(a="old", b="old")
    for name, text in {**old, "fig-c.svg": "mine"}.items():
        (folder / name).write_text(text, encoding="utf-8")
    record.write_text("\n".join(old), encoding="utf-8")
    assert "fig-c.svg" in refused(publish_figures, config, made(config, a="new", c="new"))
    publish_figures(config, made(config, a="new"))
    assert look(config) == {**expected(a="new"), "fig-c.svg": "mine"}
    assert not record.parent.exists()
    (folder / LIST).unlink()
    assert "fig-a" in refused(publish_figures, config, made(config, a="newer"))


def test_figures_of_the_first_version_are_known_by_its_edition(config: Config) -> None:
    """Without its record: what an edition has with the same bytes may be replaced."""
    folder, edition = config.root / "figures", config.output_dir / "figures"
    folder.mkdir()
    edition.mkdir()
    (folder / "fig-a.svg").write_text("old", encoding="utf-8")
    (edition / "fig-a.svg").write_text("old", encoding="utf-8")
    (folder / "fig-b.svg").write_text("mine", encoding="utf-8")
    (edition / "fig-b.svg").write_text("old", encoding="utf-8")
    assert "fig-b.svg" in refused(publish_figures, config, made(config, a="new", b="new"))
    publish_figures(config, made(config, a="new"))
    assert look(config) == {**expected(a="new"), "fig-b.svg": "mine"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"text\nx\n", "first line only"])
def test_a_broken_list_is_none(content: bytes | str, config: Config) -> None:
    """What cannot be read names no file: nothing is written over for it."""
    publish_figures(config, made(config, a="one"))
    file = config.root / "figures" / LIST
    if isinstance(content, str):
        content = file.read_bytes().splitlines()[0] + b"\nno tab\n"
    file.write_bytes(content)
    assert "fig-a" in refused(publish_figures, config, made(config, a="two"))
    publish_figures(config, made(config, a="one"))


# What Quarto is lent


def test_lent_figures_go_back(config: Config) -> None:
    """What stood there returns, what was not there goes; also after a kill, before the next."""
    publish_figures(config, made(config, a="one"))
    other = variant(config, {"regions": "Oceania"})
    with lent(other, made(config, a="two", b="two")):
        assert look(config) == expected(a="two", b="two")
    assert look(config) == expected(a="one")
    lend_figures(other, made(config, a="two", b="two"))
    publish_figures(config, made(config, a="three", c="three"))
    assert look(config) == expected(a="three", c="three")
    restore_figures(config)
    assert look(config) == expected(a="three", c="three")


def test_what_is_put_in_the_place_of_a_lent_file_stays(config: Config) -> None:
    """Also where the build that lent it was killed; the next one names it."""
    publish_figures(config, made(config, a="one"))
    figures = made(config, a="two", b="two")
    lend_figures(config, figures)
    for name in ("fig-a.svg", "fig-b.csv"):
        (config.root / "figures" / name).write_text("mine", encoding="utf-8")
    said = refused_after_restoring(config, figures)
    assert "fig-a.svg, fig-b.csv" in said
    assert look(config) == {**expected(a="one"), "fig-a.svg": "mine", "fig-b.csv": "mine"}


def refused_after_restoring(config: Config, figures: Mapping[str, Path]) -> str:
    with pytest.raises(ReportError) as caught:
        claim_figures(config, figures)
    return str(caught.value)


def test_what_the_first_version_had_lent_goes_back(config: Config) -> None:
    """Its store says of a file that was not there that it was absent."""
    folder, aside = config.root / "figures", config.store / "quarto/figures"
    folder.mkdir()
    aside.mkdir(parents=True)
    for path in (folder / "fig-a.svg", folder / "fig-b.svg", aside / "fig-b.svg.absent"):
        path.write_text("lent", encoding="utf-8")
    (aside / "fig-a.svg").write_text("one", encoding="utf-8")
    restore_figures(config)
    assert look(config) == {"fig-a.svg": "one"}
    assert not aside.exists()


def test_quartos_hook_refuses_too(project: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`quarto render` ends before Quarto begins, and says the same; a variant's does too."""
    from reviewpress.quarto.hooks import pre_render

    root = project("typed-claim")
    path = root / FIGURE
    path.parent.mkdir()
    path.write_text("mine", encoding="utf-8")
    environment = {"QUARTO_PROJECT_DIR": str(root), "QUARTO_PROJECT_RENDER_ALL": "1"}
    command = ["quarto", "render", "-P", "regions:Oceania"]
    for given, words in ((environment, []), (environment | {OUTPUT: "_output/other"}, command)):
        assert pre_render(given, lambda words=words: words) == 1
        assert "over what is not as a build left it: fig-papers.csv." in capsys.readouterr().err
        assert path.read_text("utf-8") == "mine"
    path.unlink()
    assert pre_render(environment, list) == 0
    assert path.is_file()


def test_a_check_finds_what_is_in_the_way(config: Config) -> None:
    """It says what a build would say, and changes nothing."""
    (config.root / FIGURE).parent.mkdir(exist_ok=True)
    (config.root / FIGURE).write_text("mine", encoding="utf-8")
    [problem] = wrong_places(config, made(config, papers="one"))
    assert problem.message.endswith("is not as a build left it: fig-papers.csv.")
    assert look(config) == {"fig-papers.csv": "mine"}
