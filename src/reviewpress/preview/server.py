"""The preview's server: one edition, on this machine only. The only importer of starlette, uvicorn.

A page is sent with one script more than it has on disk; nothing on disk is changed.
"""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator
from html import escape
from mimetypes import guess_type
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from reviewpress.display import problem_texts
from reviewpress.errors import SetupError
from reviewpress.formats.objects import FORMATS
from reviewpress.preview.state import PreviewState

HOST = "127.0.0.1"
FIRST_PORT = 4280
TRIED = 20
OWN = "/__reviewpress__/"

_TICK = 0.05  # seconds between two looks at the state
_ALIVE = 15.0  # seconds after which a silent connection says that it is there
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_POLICY = "default-src 'self'; object-src 'self'; base-uri 'none'; frame-ancestors 'self'"
_FILES = {"reload.js": "text/javascript", "preview.css": "text/css"}


class Server:
    """Serves a preview from a thread of its own while the `with` block lasts."""

    def __init__(self, state: PreviewState, port: int | None) -> None:
        self._socket = _listen(port)
        self.url = f"http://{HOST}:{self._socket.getsockname()[1]}/"
        self._state = state
        self._server = _uvicorn(make_app(state))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="server", daemon=True
        )

    def __enter__(self) -> "Server":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._state.stopped.set()
        self._server.should_exit = True
        self._thread.join(3)
        self._socket.close()


def make_app(state: PreviewState) -> Starlette:
    """Return the ASGI application that serves a preview."""

    async def own_file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _FILES:
            return Response("Not found", 404, media_type="text/plain")
        content = (Path(__file__).parent / name).read_bytes()
        return Response(content, media_type=_FILES[name], headers=_HEADERS)

    async def events(request: Request) -> Response:
        stream = _events(state, request.query_params.get("page", "index.html"))
        return StreamingResponse(stream, media_type="text/event-stream", headers=_HEADERS)

    async def page(request: Request) -> Response:
        address = request.path_params["path"].strip("/") or "index.html"
        asked = request.headers.get("sec-fetch-dest") == "document"
        status, kind, content = answer(state, address, as_document=asked)
        extra = {"Content-Security-Policy": _POLICY} if kind == _HTML and status != 200 else {}
        return Response(content, status, media_type=kind, headers=_HEADERS | extra)

    # A page of another site may ask the browser for this address under a name of its own.
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(
        routes=[
            Route(f"{OWN}events", events),
            Route(OWN + "{name}", own_file),
            Route("/{path:path}", page),
        ],
        middleware=[guard],
    )


_HTML = "text/html"


def answer(state: PreviewState, address: str, *, as_document: bool) -> tuple[int, str, bytes]:
    """Return status, media type and content for an address of the edition.

    A PDF that a person opens (`as_document`) comes in a page that shows it anew when it changes.
    """
    file = state.find(address)
    if as_document and address.endswith(".pdf"):
        return 200, _HTML, _viewer(state, address)
    if file is None:
        return 404, _HTML, _nothing_yet(state, address)
    try:
        content = file.read_bytes()
    except OSError:
        return 404, _HTML, _nothing_yet(state, address)
    kind = guess_type(file.name)[0] or "application/octet-stream"
    return 200, kind, inject(state, address, content) if kind == _HTML else content


def inject(state: PreviewState, address: str, content: bytes) -> bytes:
    """Return a page with the preview's script and style before the end of its head."""
    return content.replace(b"</head>", f"{_tags(state, address)}</head>".encode(), 1)


def _tags(state: PreviewState, address: str) -> str:
    return (
        f'<link rel="stylesheet" href="{OWN}preview.css">'
        f'<script src="{OWN}reload.js" data-page="{escape(address)}"'
        f' data-version="{state.version(address)}" defer></script>'
    )


def _viewer(state: PreviewState, address: str) -> bytes:
    name = escape(address)
    body = f'<iframe id="reviewpress-pdf" title="{name}" src="/{name}"></iframe>'
    if state.find(address) is None:
        body = "<p>The PDF is being made.</p>"
    return _page(state, address, name, body, "reviewpress-viewer")


def _nothing_yet(state: PreviewState, address: str) -> bytes:
    within = state.edition_at(address)
    if not within and state.shown.builds == 0 and address.endswith((".html", "/")):
        return _page(state, address, "Preview", "<p>The first pages are being made.</p>")
    text = f"<p>The preview has nothing at <code>/{escape(address)}</code>.</p>"
    if within:
        name = escape(state.others[within].profile)
        text = (
            f"<p>The page is in the edition {name}, which has not been rendered yet: "
            f"<code>reviewpress render --profile {name}</code> makes it, and "
            f"<code>reviewpress preview --profile {name}</code> shows it while you write.</p>"
        )
    for each in FORMATS:
        if not each.in_preview and address.endswith(f".{each.ending}"):
            text += f"<p>{each.short} files are made by <code>reviewpress render</code>.</p>"
    return _page(state, address, "Not found", f'{text}<p><a href="/">First page</a></p>')


def _page(state: PreviewState, address: str, title: str, body: str, name: str = "") -> bytes:
    text = (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title}</title>{_tags(state, address)}</head>"
        f'<body class="{name}"><main>{body}</main></body></html>'
    )
    return text.encode()


async def _events(state: PreviewState, address: str) -> AsyncIterator[str]:
    told, silent = -1, 0.0
    while not state.stopped.is_set():
        shown = state.shown
        if shown.serial != told:
            told, silent = shown.serial, 0.0
            version = await asyncio.to_thread(state.version, address)
            message = {
                "status": shown.status,
                "version": version,
                "problems": problem_texts(shown.problems),
                "warnings": problem_texts(shown.warnings),
                "since": state.since,
                "changes": state.changes.get(address.strip("/") or "index.html", ""),
            }
            yield f"data: {json.dumps(message)}\n\n"
        elif silent >= _ALIVE:
            silent = 0.0
            yield ": still here\n\n"
        silent += _TICK
        await asyncio.sleep(_TICK)


def _uvicorn(app: Starlette) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app, log_level="critical", access_log=False, lifespan="off", ws="none",
            timeout_graceful_shutdown=1, server_header=False,
        )
    )  # fmt: skip


def _listen(port: int | None) -> socket.socket:
    """Return a listening socket on the port, or on the first free one from `FIRST_PORT` on."""
    ports = [port] if port is not None else [*range(FIRST_PORT, FIRST_PORT + TRIED), 0]
    for number in ports:
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, number))
            # Two previews may be bound to a port at once; only one can listen there.
            one.listen()
            return one
        except OSError:
            one.close()
    raise SetupError(f"port {port} is in use.", hint="Give another with `--port`, or none.")
