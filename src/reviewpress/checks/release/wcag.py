"""WCAG 2.2 AA and best practices on each page, by axe-core in Chromium; owns playwright."""

import functools
import http.server
import os
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reviewpress.errors import Place, Problem, missing_extra
from reviewpress.formats.objects.html import LOST_PAGE
from reviewpress.programs.tools import find_axe, find_browser
from reviewpress.programs.watchdog import mark

if TYPE_CHECKING:
    # For types alone: Playwright need not be installed.
    from playwright.sync_api import Browser, Page

WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
BROWSER_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
)  # fmt: skip
# The rules whose result hangs on colours. The pages' style sheets set nothing but colours by
# scheme: a page that hides or shows something in the dark is none of theirs.
COLOUR_RULES = ("color-contrast", "link-in-text-block")
BROWSERS = 2
HEIGHT = 900
# axe-core leaves the size of targets out unless it is asked, though WCAG 2.2 AA has it.
_RUN = """only => axe.run(document, {
  resultTypes: ['violations'],
  rules: {'target-size': {enabled: true}},
  ...(only.length ? {runOnly: {type: 'rule', values: only}} : {}),
})"""
_OVERFLOWS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def check_wcag(folder: Path) -> Iterator[Problem]:
    """Yield each violation that axe-core finds, and each page that has to be scrolled sideways.

    Every page is looked at in light and dark, at 320 and 1280 pixels. It is loaded once, and its
    width and colours are changed where it stands. Raises SetupError where Playwright, a browser or
    axe-core is missing.
    """
    axe = find_axe().read_text(encoding="utf-8")
    # The page for lost readers is the first page but for its words; it loads from another place.
    pages = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))
             if path.name != LOST_PAGE]  # fmt: skip
    found: dict[str, list[Problem]] = {}
    with serve_folder(folder) as address, ThreadPoolExecutor(BROWSERS) as pool:
        waiting = deque(sorted(pages, key=lambda name: -(folder / name).stat().st_size))
        look = functools.partial(_look_at_pages, address, axe, waiting, found)
        for done in [pool.submit(look) for _ in range(min(BROWSERS, len(pages)))]:
            done.result()
    for name in pages:
        yield from found[name]


def _look_at_pages(
    address: str, axe: str, waiting: deque[str], found: dict[str, list[Problem]]
) -> None:
    """Take pages off the list, in a browser of its own, until none is left."""
    with open_browser() as browser:
        view = browser.new_page()
        while waiting:
            try:
                name = waiting.popleft()
            except IndexError:
                return
            found[name] = list(_look(view, address, name, axe))


def _look(view: "Page", address: str, name: str, axe: str) -> Iterator[Problem]:
    """Yield what is wrong with a page, each kind once."""
    known: set[str] = set()
    view.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    view.goto(f"{address}/{name}")
    # A script reads such a table in steps, and then adds what filters it.
    view.wait_for_selector(".explores .explore:not(.explored)", state="detached")
    view.evaluate(axe)
    for width in WIDTHS:
        view.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in SCHEMES:
            view.emulate_media(color_scheme=scheme)
            # All rules in the first colours of a width; in the others what colour can change.
            only = [] if scheme == SCHEMES[0] else COLOUR_RULES
            for problem in _look_once(view, name, only, f"{scheme}, {width} px"):
                if problem.subject not in known:
                    known.add(problem.subject)
                    yield problem


def _look_once(view: "Page", name: str, only: Sequence[str], label: str) -> Iterator[Problem]:
    if view.evaluate(_OVERFLOWS):
        message = f"the page has to be scrolled sideways ({label})."
        yield Problem("wcag", message, Place(name), subject="reflow")
    for violation in view.evaluate(_RUN, list(only))["violations"]:
        node = violation["nodes"][0]
        places = f"{len(violation['nodes'])} places, first " if len(violation["nodes"]) > 1 else ""
        message = f"{violation['help']} ({label}; {places}{' '.join(map(str, node['target']))})."
        yield Problem("wcag", message, Place(name), violation["helpUrl"], subject=violation["id"])


@contextmanager
def open_browser() -> Iterator["Browser"]:
    """Open a headless Chromium; SetupError where Playwright or the browser is missing."""
    try:
        # Here, where it is missed with a message.
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise missing_extra("Playwright", "release") from None
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=list(BROWSER_FLAGS), env={**mark(os.environ)}
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve_folder(folder: Path) -> Iterator[str]:
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
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
