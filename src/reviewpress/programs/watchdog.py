"""The guard: a small program that ends what a build started when the build is killed.

    build ── "+ 4711", "- 4711" ──▶ guard ── the pipe ends: kill 4711 ──▶ a program that loops

A program that waits for its input ends by itself when the build does; one that is busy would go on
alone. The guard waits for the end of a pipe that only this process holds, so it notices however
the process ended, on every system that has a shell. On Linux it also ends whatever has the mark of
this process in its environment: what programs started in their turn, browsers for example.
"""

import atexit
import os
import secrets
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache

_SHELL = "/bin/sh"
_SCRIPT = """\
pids=" "
while read -r act pid; do
  case $act in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="${pids%% $pid *} ${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
rounds=0
while [ $rounds -lt 100 ]; do
  found=$(grep -lzxF -e "$1" /proc/[0-9]*/environ 2>/dev/null)
  [ -n "$found" ] || break
  for file in $found; do file=${file#/proc/}; kill -9 "${file%/environ}" 2>/dev/null; done
  rounds=$((rounds + 1))
  sleep 0.05
done
"""
MARK = "REVIEWPRESS_BUILD"
LATER = "REVIEWPRESS_MARK"
"""Names of the mark, and of what becomes the mark of all that a process starts."""

_lock = threading.Lock()
_guard: "subprocess.Popen[bytes] | None" = None


def protect(process: int) -> None:
    """Have a process ended when this one is killed; a negative number is a group."""
    _tell(f"+ {process}\n")


def release(process: int) -> None:
    """Forget a process that has ended: its number may soon be another's."""
    _tell(f"- {process}\n")


def mark(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment by which the guard knows what is started with it."""
    _tell("")
    return {**environment, MARK: _own_mark()}


def mark_later(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for a process that ends by itself with this one, after it has ended
    what it started: that has the mark once `mark_started` is called there.
    """
    _tell("")
    return {**environment, LATER: _own_mark()}


def mark_started() -> None:
    """Mark all that this process starts from now on."""
    if LATER in os.environ:
        os.environ[MARK] = os.environ.pop(LATER)


@cache
def _own_mark() -> str:
    return f"{os.getpid()}-{secrets.token_hex(8)}"


@contextmanager
def protected(process: int) -> Iterator[None]:
    """Have a process ended when this one is killed meanwhile."""
    protect(process)
    try:
        yield
    finally:
        release(process)


def _tell(line: str) -> None:
    global _guard
    with _lock, suppress(OSError):
        if _guard is None or _guard.poll() is not None:
            if not os.path.exists(_SHELL):
                return
            # A group of its own: Ctrl-C is for the build, which ends its programs by itself.
            _guard = subprocess.Popen(
                [_SHELL, "-c", _SCRIPT, "guard", f"{MARK}={_own_mark()}"], stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                env={name: text for name, text in os.environ.items() if name != MARK},
            )  # fmt: skip
        assert _guard.stdin is not None
        _guard.stdin.write(line.encode())
        _guard.stdin.flush()


def _end() -> None:
    """Let the guard end with this process."""
    global _guard
    with _lock:
        guard, _guard = _guard, None
    if guard is not None and guard.stdin is not None:
        with suppress(OSError):
            guard.stdin.close()
        guard.wait()


atexit.register(_end)
