"""The author's loop, with the real server and a real browser."""

import errno
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from reviewpress.config import load_config
from reviewpress.errors import ChapterError, Overtaken, Problem, SetupError
from reviewpress.preview.loop import Extras, Loop, Served, _addresses
from reviewpress.preview.server import _listen, answer, inject
from reviewpress.preview.state import Beside, PreviewState
from reviewpress.preview.watch import Watch, is_source, source_folders

INDEX = "# How to read this review {.unnumbered #sec-index}\n\n"
PATIENCE = 60.0


class Preview:
    """A preview that runs in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", root: Path) -> None:
        self.process, self.root = process, root
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self.wait_for(lambda: re.search(r"http://\S+/", self.said))[0]

    @property
    def said(self) -> str:
        return "".join(self.lines)

    def wait_for(self, found: Callable[[], Any]) -> Any:
        """Return what `found` finds as soon as it finds something."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            value = found()
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"waited in vain; the preview said:\n{self.said}")

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        host, _, port = self.url.removeprefix("http://").strip("/").partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        try:
            connection.putrequest("GET", path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)


@contextmanager
def running(root: Path, *arguments: str) -> Iterator[Preview]:
    command = [sys.executable, "-m", "reviewpress.cli", "preview", "--no-browser", *arguments]
    process = subprocess.Popen(
        command, cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        preview = Preview(process, root)
        preview.wait_for(lambda: "Pages ready" in preview.said)
        yield preview
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()
            assert process.stderr is not None
            preview._reader.join(5)
            process.stderr.close()


def processes_of(session: int) -> list[int]:
    """Return the living processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(folder.name))
    return found


def commands_of(session: int) -> str:
    """Return the command lines of the living processes of a session."""
    found = []
    for process in processes_of(session):
        with suppress(OSError):
            found.append((Path("/proc") / str(process) / "cmdline").read_text())
    return " ".join(found)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_preview_rebuilds_reports_recovers_and_ends_clean(project: Any) -> None:
    """A save gives a new page, a mistake keeps the last good one, Ctrl-C leaves nothing."""
    root = project()
    before = {path: path.read_bytes() for path in (root / "_output").rglob("*") if path.is_file()}
    with running(root) as preview:
        assert "Made-up papers" in preview.get("/")[1]
        preview.write("index.qmd", f"{INDEX}Quite other words.")
        preview.wait_for(lambda: "Quite other words" in preview.get("/")[1])

        preview.write("index.qmd", f"{INDEX}See @fig-nowhere.")
        preview.wait_for(lambda: "@fig-nowhere points to nothing" in preview.said)
        assert "Quite other words" in preview.get("/")[1]

        preview.write("index.qmd", f"{INDEX}Words without a mistake.")
        preview.wait_for(lambda: "Words without a mistake" in preview.get("/")[1])
        session = preview.process.pid
    assert preview.process.returncode == 0
    assert "Preview ended." in preview.said
    assert processes_of(session) == []
    assert not list((root / ".reviewpress/preview").rglob(".new-*"))
    after = {path: path.read_bytes() for path in (root / "_output").rglob("*") if path.is_file()}
    assert after == before


def test_a_place_that_cannot_be_written_is_told_without_a_traceback(project: Any) -> None:
    """A full or read-only disk is the author's to mend; the preview goes on after it."""
    root = project()
    with running(root) as preview:
        block = root / ".reviewpress/preview/report/.new-pages"
        block.write_text("in the way")
        preview.write("index.qmd", f"{INDEX}Words that wait.")
        preview.wait_for(lambda: "cannot be written" in preview.said)
        assert "Traceback" not in preview.said
        block.unlink()
        preview.write("index.qmd", f"{INDEX}Words that came through.")
        preview.wait_for(lambda: "Words that came through" in preview.get("/")[1])


def test_the_last_of_several_quick_saves_is_shown(project: Any) -> None:
    """Saves that come faster than builds end with the pages of the last one."""
    with running(project()) as preview:
        for number in range(30):
            preview.write("index.qmd", f"{INDEX}This is save {number}.")
            time.sleep(0.03)
        preview.wait_for(lambda: "This is save 29." in preview.get("/")[1])
        time.sleep(1)
        assert "This is save 29." in preview.get("/")[1]


def test_previews_that_begin_at_once_take_ports_of_their_own() -> None:
    """A port is taken as soon as it is chosen, before anybody serves there."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(_listen(None)) for _ in range(3)]
        assert len({one.getsockname()[1] for one in sockets}) == 3
        with pytest.raises(SetupError, match="is in use"):
            _listen(sockets[0].getsockname()[1])


def test_only_this_machine_by_its_own_name_and_only_the_edition(project: Any) -> None:
    """Other host names are refused, and no address leads out of the edition."""
    with running(project()) as preview:
        assert preview.url.startswith("http://127.0.0.1:")
        assert preview.get("/", Host="evil.example")[0] == 400
        assert preview.get("/", Host="localhost")[0] == 200
        for path in (
            "/../../../../_quarto.yml",
            "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/_quarto.yml",
            "/..%2f..%2f..%2f..%2f_quarto.yml",
            "//etc/passwd",
            "/__reviewpress__/loop.py",
            "/__reviewpress__/..%2floop.py",
            "/\x00",
        ):
            status, text = preview.get(path) if "\x00" not in path else preview.get("/%00")
            assert status == 404, path
            assert "import" not in text
            assert "bibliography" not in text


def test_a_port_that_is_taken_is_said(project: Any) -> None:
    """A preview on a port that something else has ends with status 2 and a hint."""
    root = project()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        command = [sys.executable, "-m", "reviewpress.cli", "preview", "--port", port]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert f"port {port} is in use" in done.stderr


@pytest.mark.browser
def test_a_page_reloads_where_the_reader_is(
    project: Any, browser: str, wait_until: Callable[[Any, str], None]
) -> None:
    """In a browser: new words with the scroll kept, problems laid over, gone when mended."""
    playwright = pytest.importorskip("playwright.sync_api")
    long = "\n\n".join(f"Paragraph {number} of many." for number in range(200))
    root = project(files={"index.qmd": f"{INDEX}{long}\n"}, formats=("html", "typst"))
    with running(root) as preview, playwright.sync_playwright() as driver:
        engine = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = engine.new_page()
        errors: list[str] = []
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(preview.url)
        page.evaluate("scrollTo(0, 1500)")
        preview.write("index.qmd", f"{INDEX}{long}\n\nThe newest words.")
        page.get_by_text("The newest words.").wait_for(timeout=PATIENCE * 1000)
        wait_until(page, "Math.abs(scrollY - 1500) < 5")

        preview.write("index.qmd", f"{INDEX}{long}\n\nSee @fig-nowhere.")
        panel = page.get_by_role("region", name="1 problem")
        panel.wait_for(timeout=PATIENCE * 1000)
        assert "index.qmd, line" in panel.inner_text()
        assert page.get_by_text("The newest words.").count() == 1
        panel.get_by_role("button", name="Hide").click()
        assert panel.count() == 0

        preview.write("index.qmd", f"{INDEX}{long}\n\nMended words.")
        page.get_by_text("Mended words.").wait_for(timeout=PATIENCE * 1000)
        assert page.get_by_role("region", name="problem").count() == 0
        preview.wait_for(lambda: preview.get("/report.pdf")[1].startswith("%PDF"))
        assert errors == []
        engine.close()


def test_a_pdf_opened_as_a_page_comes_in_a_viewer(tmp_path: Path) -> None:
    """A navigation gets a page that reloads, a frame gets the PDF itself."""
    state = PreviewState(tmp_path)
    state.files.mkdir(parents=True)
    assert b"is being made" in answer(state, "report.pdf", as_document=True)[2]
    (state.files / "report.pdf").write_bytes(b"%PDF-1.7")
    status, kind, content = answer(state, "report.pdf", as_document=True)
    assert (status, kind) == (200, "text/html")
    assert b'src="/report.pdf"' in content
    assert answer(state, "report.pdf", as_document=False)[2] == b"%PDF-1.7"


def test_a_page_has_a_new_version_when_what_it_shows_changes(tmp_path: Path) -> None:
    """Its own text and its images count; a PDF it links to does not."""
    state = PreviewState(tmp_path)
    (state.pages / "figures").mkdir(parents=True)
    page = b'<head></head><img src="figures/a.svg"><a href="report.pdf">PDF</a>'
    (state.pages / "index.html").write_bytes(page)
    (state.pages / "figures/a.svg").write_text("<svg/>")
    first = state.version("index.html")
    (state.pages / "report.pdf").write_bytes(b"%PDF")
    assert state.version("index.html") == first
    (state.pages / "figures/a.svg").write_text("<svg>changed</svg>")
    second = state.version("index.html")
    assert second != first
    (state.pages / "index.html").write_bytes(page + b"More.")
    assert state.version("index.html") not in (first, second)


def test_problems_stay_until_a_build_succeeds(tmp_path: Path) -> None:
    """While a build goes on the problems of the last one are still shown."""
    state = PreviewState(tmp_path)
    state.failed((Problem("chapter", "wrong"),))
    state.building()
    assert [p.message for p in state.shown.problems] == ["wrong"]
    state.succeeded()
    assert state.shown.problems == ()
    assert state.shown.builds == 1


def test_warnings_are_shown_with_the_pages_that_have_them(project: Any) -> None:
    """The terminal says the warnings, the page is sent them; mended, they are gone."""
    root = project("typed-number")
    with running(root) as preview:
        preview.wait_for(lambda: "1 warning:" in preview.said)
        said = preview.wait_for(
            lambda: re.search(r"warning: \S+, cell 4: the number 34.*", preview.said)
        )
        assert "“" in said[0]
        host = preview.url.removeprefix("http://").strip("/")
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", "/__reviewpress__/events?page=index.html")
        told = json.loads(connection.getresponse().readline().removeprefix(b"data: "))
        connection.close()
        assert told["status"] == "good"
        assert said[0] in told["warnings"][0]
        (root / "_quarto.yml").write_text(
            (root / "_quarto.yml").read_text("utf-8") + "  typed-numbers: false\n", "utf-8"
        )
        preview.wait_for(lambda: re.search(r"Pages ready in \S+ s\n", preview.said))


@pytest.mark.browser
def test_a_page_shows_the_warnings_it_has(project: Any, browser: str) -> None:
    """In a browser: a panel of warnings over the new page, which can be hidden."""
    playwright = pytest.importorskip("playwright.sync_api")
    with running(project("typed-number")) as preview, playwright.sync_playwright() as driver:
        engine = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = engine.new_page()
        page.goto(preview.url)
        panel = page.get_by_role("region", name="1 warning")
        panel.wait_for(timeout=PATIENCE * 1000)
        assert "cell 4: the number 34 is typed by hand" in panel.inner_text()
        assert "last good one" not in panel.inner_text()
        panel.get_by_role("button", name="Hide").click()
        page.reload()
        page.wait_for_timeout(1000)
        assert panel.count() == 0
        engine.close()


def test_the_script_is_added_to_what_is_sent_only(tmp_path: Path) -> None:
    """The page on disk stays as the engine wrote it."""
    state = PreviewState(tmp_path)
    state.pages.mkdir()
    page = b"<html><head><title>T</title></head><body>&lt;/head></body></html>"
    (state.pages / "index.html").write_bytes(page)
    sent = inject(state, "index.html", page)
    assert sent.count(b"/__reviewpress__/reload.js") == 1
    assert (state.pages / "index.html").read_bytes() == page


def test_what_is_made_is_not_watched(tmp_path: Path) -> None:
    """Editions, stores, environments, published figures and backups start no build."""
    for name in ("chapters", "data", "_output", ".reviewpress", "venv", "figures/drawn"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "venv/pyvenv.cfg").touch()
    names = [path.relative_to(tmp_path).as_posix() for path in source_folders(tmp_path)]
    assert names == ["chapters", "data", "figures/drawn"]
    for name in ("chapters/a.ipynb", "_quarto.yml", "figures/drawn/a.svg", "data/forms/x.yml"):
        assert is_source(tmp_path / name, tmp_path), name
    for name in (
        "_output/report/index.html", ".reviewpress/runs/x", "venv/lib/x.py", "figures/fig-a.svg",
        "chapters/.ipynb_checkpoints/a.ipynb", "chapters/a.ipynb~", "chapters/.a.ipynb.swp",
        "_output", "venv", "chapters/__pycache__/a.pyc",
    ):  # fmt: skip
        assert not is_source(tmp_path / name, tmp_path), name


def test_a_save_ends_the_run_that_it_makes_pointless(project: Any) -> None:
    """An endless loop ends with the save that takes it out; a save elsewhere lets it go on."""
    root = project()
    chapter = root / "chapters/findings.ipynb"
    good = chapter.read_text("utf-8")
    document = json.loads(good)
    cell = {"cell_type": "code", "id": "loop", "metadata": {}, "outputs": []}
    document["cells"].append({**cell, "execution_count": None, "source": "while True: pass"})
    with running(root) as preview:
        preview.write("chapters/findings.ipynb", json.dumps(document))
        preview.wait_for(lambda: preview.said.count("findings.ipynb: running") == 1)
        preview.write("index.qmd", f"{INDEX}Words of another chapter.")
        time.sleep(2)
        assert "building anew" not in preview.said
        preview.write("chapters/findings.ipynb", good)
        preview.wait_for(lambda: "Words of another chapter" in preview.get("/")[1])
        assert "Saved again: building anew" in preview.said
        assert "error:" not in preview.said


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_typst_that_never_ends_is_ended(project: Any) -> None:
    """It keeps nobody from writing on, and ends with the preview."""
    root = project(formats=("html", "typst"))
    loop = "#for x in range(9000) { for y in range(9000) { for z in range(9000) { let w = z } } }"
    raw = f'::: {{.content-visible when-format="typst"}}\n```{{=typst}}\n{loop}\n```\n:::\n'
    with running(root) as preview:
        session = preview.process.pid
        preview.write("index.qmd", f"{INDEX}Words and a loop.\n\n{raw}")
        preview.wait_for(lambda: "a loop" in preview.get("/")[1])
        preview.wait_for(lambda: "typesetting" in commands_of(session))
        preview.write("index.qmd", f"{INDEX}Words after it.\n\n{raw}")
        preview.wait_for(lambda: "after it" in preview.get("/")[1])
    assert preview.process.returncode == 0
    assert processes_of(session) == []


def test_nothing_in_a_review_ends_the_watching(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link in a circle, a name that is no UTF-8, folders that cannot be watched any more."""
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (tmp_path / "circle").symlink_to("circle")
    assert source_folders(tmp_path) == [chapters]
    assert source_folders(tmp_path / "gone") == []
    changed: list[set[Path]] = []
    with Watch(tmp_path, [], changed.append):
        time.sleep(0.5)
        Path(os.fsdecode(os.fsencode(chapters) + b"/\xff.qmd")).touch()
        time.sleep(0.5)
        for number in range(100):
            (chapters / "a.qmd").write_text(f"Text {number}.", encoding="utf-8")
            if any(chapters / "a.qmd" in each for each in changed):
                break
            time.sleep(0.1)
    assert any(chapters / "a.qmd" in each for each in changed)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "OS file watch limit reached.")

    monkeypatch.setattr("reviewpress.preview.watch.watch", refuse)
    monkeypatch.setattr("reviewpress.preview.watch._PAUSE", 0)
    watch = Watch(tmp_path, [], changed.append)
    assert list(watch._changes([chapters], watch._ended, recursive=True)) == []
    assert watch._polls


@pytest.mark.parametrize(
    ("fault", "printed", "shown"),
    [
        (KeyError("odd"), True, "the preview failed: KeyError"),
        (OSError(errno.ENOSPC, "No space left", "new"), False, "cannot be written: No space left"),
    ],
)
def test_a_fault_while_the_index_is_made_ends_no_preview(
    fault: Exception,
    printed: bool,
    shown: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is shown on the pages, and the next book has its PDF and its index again."""
    made: list[str] = []

    class Book:
        class engine:
            stop_pdf = staticmethod(lambda *_: None)

        class config:
            store = tmp_path

    def fail(_: Extras, book: Served) -> None:
        made.append("begun")
        raise fault

    for step in ("_compare", "_make_pdf", "_keep_ready"):
        monkeypatch.setattr(Extras, step, lambda *_: None)
    monkeypatch.setattr(Extras, "_make_index", fail)
    state = PreviewState(tmp_path)
    extras = Extras(state, tmp_path, lambda _: None)
    for number in (1, 2):
        extras.make(Book())  # type: ignore[arg-type]
        for _ in range(100):
            if len(made) == number:
                break
            time.sleep(0.05)
        assert len(made) == number
    extras.end()
    assert ("Traceback" in capsys.readouterr().err) == printed
    assert shown in str(state.shown.problems)


def test_a_cell_that_saves_its_own_chapter_is_let_run_and_named(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each build would be ended by its own save; an endless loop is ended all the same."""
    ended: list[set[Path]] = []
    monkeypatch.setattr("reviewpress.preview.loop.end_pointless_runs", lambda _, p: ended.append(p))
    monkeypatch.setattr("reviewpress.preview.loop._PATIENCE", 0.5)
    root = project(runs=False)
    state = PreviewState(root / "preview")
    loop = Loop(load_config(root), state, root / "preview", lambda _: None, lambda _: None)  # type: ignore[arg-type,return-value]
    saved = {root / "chapters/findings.ipynb"}

    def overtaken() -> Served:
        before = len(ended)
        loop.changed(saved)
        if len(ended) == before:
            raise ChapterError("it was changed while the cell ran.")
        raise Overtaken("a later save made this run pointless.")

    monkeypatch.setattr(loop, "_make", overtaken)
    for _ in range(3):
        loop.build()
        assert state.shown.problems == ()
    loop.build()
    assert "changed while the cell ran" in str(state.shown.problems)
    assert ended == [saved] * 3
    time.sleep(1)
    assert ended == [saved] * 4
    loop.end()


def test_what_the_preview_prints_starts_no_build(tmp_path: Path) -> None:
    """Its output may go to a file of the review: only other files that change are told."""
    changed: list[set[Path]] = []
    log, chapter = tmp_path / "preview.log", tmp_path / "index.qmd"
    log.touch()
    chapter.touch()
    with log.open("w") as file:
        own = os.dup(1)
        os.dup2(file.fileno(), 1)
        try:
            watch = Watch(tmp_path, [], changed.append)
        finally:
            os.dup2(own, 1)
            os.close(own)
    watch._tell({log})
    watch._tell({log, chapter})
    assert changed == [{chapter}]


def test_links_to_other_editions_lead_to_what_was_rendered_last(tmp_path: Path) -> None:
    """A page in another language, or the summary; one not rendered yet is named with what to do."""
    other = tmp_path / "_output" / "report-cy"
    state = PreviewState(tmp_path / "preview", {"report-cy": Beside("report-cy", other)})
    status, _, content = answer(state, "report-cy/cy/a.html", as_document=True)
    assert status == 404
    assert b"reviewpress render --profile report-cy" in content
    (other / "cy").mkdir(parents=True)
    (other / "cy" / "a.html").write_text("<head></head>Croeso", "utf-8")
    (tmp_path / "_output" / "secret.html").write_text("no", "utf-8")
    status, _, content = answer(state, "report-cy/cy/a.html", as_document=True)
    assert (status, b"Croeso" in content) == (200, True)
    assert answer(state, "report-cy/../secret.html", as_document=True)[0] == 404
    assert b"edition" not in answer(state, "report-cymru/a.html", as_document=True)[2]


def test_the_addresses_of_other_editions_are_those_of_a_browser(project: Any) -> None:
    """`../../report-cy/cy/a.html` from a chapter is `/report-cy/cy/a.html` there."""
    root = project("two-languages", runs=False)
    found = _addresses(load_config(root, "report"))
    assert {name: beside.profile for name, beside in found.items()} == {
        "report-cy": "report-cy", "summary": "summary",
    }  # fmt: skip
