"""The fork server: forks, renewal, refusal, its end."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewpress.notebooks.environment import shared_environment
from reviewpress.speed import forkserver as warm
from reviewpress.speed import forkservers as parents
from reviewpress.speed.forkserver import ForkedProcess, ForkServer, can_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def environment() -> dict[str, str]:
    return shared_environment()


@pytest.fixture(scope="module")
def parent() -> Iterator[ForkServer]:
    made = ForkServer(environment())
    yield made
    made.close()


def fork(parent: ForkServer, folder: Path, *arguments: str) -> ForkedProcess:
    """Ask for a kernel that ends at once: it only prints its help."""
    process = parent.fork(arguments or ["--help"], environment(), str(folder), str(folder / "log"))
    assert process is not None
    return ForkedProcess(process)


def test_a_parent_forks_kernels(parent: ForkServer, tmp_path: Path) -> None:
    """Each is a process of its own that ends by itself."""
    first, second = fork(parent, tmp_path), fork(parent, tmp_path)
    assert len({first.pid, second.pid, os.getpid()}) == 3
    for process in (first, second):
        process.wait(20)
        assert process.poll() is not None
        process.send_signal(0)
    assert parent.is_alive()


def test_a_forked_kernel_is_killed(parent: ForkServer, tmp_path: Path) -> None:
    """With nothing left of it."""
    process = fork(parent, tmp_path, "-f", str(tmp_path / "kernel.json"))
    time.sleep(0.3)
    assert process.poll() is None
    process.kill()
    process.wait(5)
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


def test_what_goes_wrong_in_a_fork_stands_in_its_log(parent: ForkServer, tmp_path: Path) -> None:
    """A folder that does not exist ends the fork, not the parent."""
    process = parent.fork(["--help"], environment(), str(tmp_path / "none"), str(tmp_path / "log"))
    assert process is not None
    ForkedProcess(process).wait(20)
    assert "FileNotFoundError" in (tmp_path / "log").read_text("utf-8")
    assert parent.is_alive()


def test_an_ended_parent_forks_no_more(tmp_path: Path) -> None:
    """The caller is told to start an ordinary kernel."""
    parent = ForkServer(environment())
    parent.close()
    assert not parent.is_alive()
    assert parent.fork([], environment(), str(tmp_path), str(tmp_path / "log")) is None


@pytest.fixture
def cold() -> Iterator[None]:
    parents.end_forkservers()
    yield
    parents.end_forkservers()


@pytest.mark.usefixtures("cold")
def test_a_parent_is_kept_and_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same while nothing changed; another after a package, module or variable did."""
    key = parents.start_forkserver(shared_environment())
    kept = parents._parents[key]
    assert parents.start_forkserver(shared_environment(), chapters=1) == key
    assert parents._parents == {key: kept}
    monkeypatch.setenv("SOME_VARIABLE", "changed")
    other = parents.start_forkserver(shared_environment())
    assert other != key
    assert not kept.is_alive()
    assert list(parents._parents) == [other]


@pytest.mark.usefixtures("cold")
def test_a_parent_that_died_is_replaced() -> None:
    """Without a word."""
    key = parents.start_forkserver(shared_environment())
    parents._parents[key]._process.kill()
    parents._parents[key]._process.wait()
    assert parents.start_forkserver(shared_environment()) == key
    assert parents._parents[key].is_alive()


@pytest.mark.usefixtures("cold")
def test_one_chapter_warms_no_parent() -> None:
    """An ordinary kernel is as quick."""
    assert parents.start_forkserver(shared_environment(), chapters=1) == ""
    assert parents._parents == {}


def test_forking_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment, and by a system other than Linux unless told otherwise."""
    monkeypatch.setenv("REVIEWPRESS_FORK", "0")
    assert not can_fork()
    assert parents.start_forkserver(shared_environment()) == ""
    monkeypatch.setattr(warm.sys, "platform", "darwin")
    monkeypatch.delenv("REVIEWPRESS_FORK")
    assert not can_fork()
    monkeypatch.setenv("REVIEWPRESS_FORK", "1")
    assert can_fork()
