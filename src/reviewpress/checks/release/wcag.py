"""WCAG 2.2 AA and best practices on each page, by axe-core in Chromium; owns playwright."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewpress.errors import Place, Problem, SetupError
from reviewpress.tools import find_axe, find_browser

WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
BROWSER_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
)  # fmt: skip
_RUN = "() => axe.run(document, {resultTypes: ['violations']})"
_OVERFLOWS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a page is looked at: width in CSS pixels, and colour scheme."""

    width: int
    scheme: str


def check_wcag(folder: Path) -> Iterator[Problem]:
    """Yield each violation that axe-core finds, and each page that has to be scrolled sideways.

    Every page is looked at in light and dark, at 320 and 1280 pixels. Raises SetupError where
    Playwright, a browser or axe-core is missing.
    """
    axe = find_axe().read_text(encoding="utf-8")
    pages = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.html"))
        if "pagefind" not in path.relative_to(folder).parts
    ]
    found: dict[tuple[str, str, str], Problem] = {}
    with serve(folder) as address, open_browser() as browser:
        for setting in (Setting(w, s) for w in WIDTHS for s in SCHEMES):
            view = browser.new_page(
                viewport={"width": setting.width, "height": 900}, color_scheme=setting.scheme
            )
            for name in pages:
                view.goto(f"{address}/{name}")
                for problem in _look(view, name, axe, setting):
                    found.setdefault((problem.rule, name, problem.subject), problem)
            view.close()
    yield from found.values()


def _look(view: Any, name: str, axe: str, setting: Setting) -> Iterator[Problem]:
    label = f"{setting.scheme}, {setting.width} px"
    if view.evaluate(_OVERFLOWS):
        message = f"the page has to be scrolled sideways ({label})."
        yield Problem("wcag", message, Place(name), subject="reflow")
    view.evaluate(axe)
    for violation in view.evaluate(_RUN)["violations"]:
        node = violation["nodes"][0]
        places = f"{len(violation['nodes'])} places, first " if len(violation["nodes"]) > 1 else ""
        message = f"{violation['help']} ({label}; {places}{' '.join(map(str, node['target']))})."
        yield Problem("wcag", message, Place(name), violation["helpUrl"], subject=violation["id"])


@contextmanager
def open_browser() -> Iterator[Any]:
    """Open a headless Chromium; SetupError where Playwright or the browser is missing."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SetupError("Playwright is not installed.", hint="`pip install playwright`.") from None
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(BROWSER_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on the loopback for as long as the block lasts; yield its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
