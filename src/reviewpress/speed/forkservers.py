"""The fork servers of this process. A build starts one first of all, so little is imported here."""

import atexit
import sys
import threading
from collections.abc import Mapping

from reviewpress.speed.forkserver import ForkServer, can_fork
from reviewpress.store.digests import digest_parts
from reviewpress.store.versions import installed, package_times

_parents: dict[str, ForkServer] = {}
_warming = threading.Lock()


def start_forkserver(environment: Mapping[str, str], *, chapters: int = 2) -> str:
    """Return the key of a fork server for kernels, starting one where there is none.

    `environment` is what the environments of all kernels have in common.
    A parent lives as long as this process, and is renewed when packages or reviewpress itself
    change. For a single chapter none is started: an ordinary kernel is as quick. The key is empty
    where kernels are not forked.
    """
    if not can_fork():
        return ""
    key = digest_parts([sys.executable, package_times(), dict(installed()), dict(environment)])
    with _warming:
        parent = _parents.get(key)
        if parent is not None and parent.is_alive():
            return key
        end_forkservers()
        if chapters < 2:
            return ""
        _parents[key] = ForkServer(environment)
    return key


def find_forkserver(key: str) -> ForkServer | None:
    """Return the fork server that `start_forkserver` gave this key, if it is still there."""
    return _parents.get(key)


def end_forkservers() -> None:
    """End the fork servers of this process."""
    for key in list(_parents):
        _parents.pop(key).close()


atexit.register(end_forkservers)
