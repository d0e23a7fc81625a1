"""The search index where the disk is full, and where pagefind is missing or writes none."""

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from reviewpress.errors import EngineError, SetupError
from reviewpress.programs.limits import Limits
from reviewpress.programs.pagefind import write_search_index
from reviewpress.programs.tools import run_program


def test_a_full_disk_is_said_and_no_part_of_an_index_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pagefind ends well on a full disk: what it left is not taken for an index."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<html lang=en><body><p>Ponds and lakes</p>", "utf-8")
    store = tmp_path / "store"
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(SetupError, match="No space left"):
        write_search_index(pages, store=store, limits=Limits())
    assert [path for path in store.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    write_search_index(pages, store=store, limits=Limits())
    assert (pages / "pagefind/pagefind-entry.json").is_file()


@pytest.mark.parametrize(
    "wrote", ["", "mkdir -p $4", "mkdir -p $4; echo '{' > $4/pagefind-entry.json"]
)
def test_an_index_that_is_none_is_no_full_disk(
    wrote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pagefind that ends well and writes nothing is named, and not the disk."""
    program = tmp_path / "pagefind"
    program.write_text(f"#!/bin/sh\n{wrote}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr("pagefind.service.get_executable", lambda: program)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<html lang=en><body><p>Ponds and lakes</p>", "utf-8")
    with pytest.raises(EngineError, match="pagefind ended without an error, and without an index"):
        write_search_index(pages, store=tmp_path / "store", limits=Limits())
    assert [path.name for path in pages.rglob("*")] == ["index.html"]


def test_a_missing_pagefind_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install: the package of Python, or the program that it starts."""
    (tmp_path / "index.html").write_text("<html lang=en><body><p>Ponds and lakes</p>", "utf-8")
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    for message in ("no program for this machine", "pagefind is not installed"):
        with pytest.raises(SetupError, match=message) as raised:
            write_search_index(tmp_path, store=tmp_path / "store", limits=Limits())
        assert "pip install" in str(raised.value)
        monkeypatch.setitem(sys.modules, "pagefind.service", None)


def test_an_index_is_of_what_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index of the same pages is kept, and made anew once other parts are left out."""
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "index.html").write_text("<html lang=en><body><p>Ponds</p><p class=x>Lakes", "utf-8")
    runs: list[str] = []

    def run(command: list[str], *rest: Any, **options: Any) -> Any:
        runs.append(command[-1])
        return run_program(command, *rest, **options)

    monkeypatch.setattr("reviewpress.programs.pagefind.run_program", run)
    for left_out in ("sup", "sup", "sup, .x"):
        monkeypatch.setattr("reviewpress.programs.pagefind._LEFT_OUT", left_out)
        shutil.rmtree(pages / "pagefind", ignore_errors=True)
        write_search_index(pages, store=tmp_path / "store", limits=Limits())
        assert (pages / "pagefind/pagefind-entry.json").is_file()
    assert runs == ["sup", "sup, .x"]
