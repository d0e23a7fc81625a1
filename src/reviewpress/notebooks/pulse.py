"""Whether a kernel that says nothing still works: what it notes for those who wait, and how they
read it.

    kernel: pre_run_cell ─▶ "4711 busy 3"    post_run_cell ─▶ "4711 done 3"    (a small file)
    client: once a second ─▶ the file, the process's state and processor time, a ping

A cell may take an hour. A kernel whose process is stopped, whose cell has ended without a reply, or
that leaves a ping without an answer, never answers: then nobody waits for it.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

PULSE_ENV = "REVIEWPRESS_PULSE"
PULSE = "pulse"
_WIDTH = 40
STOPPED_SECONDS = 3.0
"""How long a process may be stopped: some stop and go on."""
DONE_SECONDS = 5.0
"""How long a reply may be on its way from a kernel that does nothing any more."""
SLOW_SECONDS = 60.0
"""The same, from one that works, or of which nobody knows whether it does."""
PING_SECONDS = 10.0
"""How long an answer to a ping may take. A thread that does nothing else gives it at once."""
_STILL = 2
"""Ticks of processor time in a second that are none: the threads that wait wake up now and then."""


class Pulse:
    """The kernel's side: notes which cell runs, or has run."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._process = os.getpid()

    def note(self, state: str, execution: int) -> None:
        """Note that a cell is `busy` or `done`; a fork of the kernel has nothing to note."""
        if os.getpid() == self._process:
            line = f"{self._process} {state} {execution}".ljust(_WIDTH)
            # A cell may have closed everything that was open.
            with suppress(OSError):
                os.pwrite(self._file, line.encode(), 0)


@dataclass(slots=True)
class PulseWatch:
    """The client's side: looked at once a second while nothing is heard of a kernel."""

    path: Path
    socket: Any = None
    """What pings the kernel's heartbeat."""
    heard: float = 0.0
    """When the kernel said something last."""
    _stopped: float | None = None
    _done: float | None = None
    _still: float | None = None
    _ticks: int | None = None
    _pinged: float | None = None

    def hear(self) -> None:
        """Note that the kernel said something."""
        self.heard = monotonic()
        self._stopped = self._done = self._still = None

    async def look(self) -> str:
        """Return why nothing will be heard of the kernel any more; empty where it may."""
        now = monotonic()
        process, state = self._read()
        stopped, ticks = _process_state(process)
        self._stopped = (self._stopped or now) if stopped else None
        if self._stopped is not None and now - self._stopped >= STOPPED_SECONDS:
            return "its process was stopped"
        self._done = (self._done or now) if state == "done" else None
        is_still = None not in (ticks, self._ticks) and (ticks or 0) - (self._ticks or 0) <= _STILL
        self._still = (self._still or now) if is_still else None
        self._ticks = ticks
        since = max(self._done or now, self.heard)
        is_idle = self._still is not None and now - self._still >= DONE_SECONDS - 1
        if now - since >= (DONE_SECONDS if is_idle else SLOW_SECONDS):
            return "the cell has ended, and no answer comes"
        if await self._ping(now):
            return f"a ping has had no answer for {PING_SECONDS:.0f} s"
        return ""

    async def _ping(self, now: float) -> bool:
        """Ask whether the kernel is there; say whether it has been silent for too long."""
        if self.socket is None:
            return False
        if self._pinged is not None and await self.socket.poll(0):
            await self.socket.recv()
            self._pinged = None
        if self._pinged is None:
            await self.socket.send(b"ping")
            self._pinged = now
        return now - max(self._pinged, self.heard) >= PING_SECONDS

    def _read(self) -> tuple[int, str]:
        with suppress(OSError, ValueError, IndexError):
            words = self.path.read_text("ascii").split()
            return int(words[0]), words[1]
        return 0, ""


def _process_state(process: int) -> tuple[bool, int | None]:
    """Return whether a process is stopped, and how much processor time it took, on Linux."""
    with suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
        fields = text.rpartition(")")[2].split()
        return fields[0] in ("T", "t"), int(fields[11]) + int(fields[12])
    return False, None
