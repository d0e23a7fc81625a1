"""Workers that share the reading of a large file."""

import os
import signal
import sys

import pytest

from reviewpress.speed.workers import LARGE, workers
from reviewpress.store.interrupts import signals_as_interrupts

if sys.platform != "linux":
    pytest.skip("files are read by one process elsewhere", allow_module_level=True)


def test_workers_end_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command takes for an interrupt is how it ends its workers: no traceback of theirs.

    A worker that waited for work when it was ended printed one, after an import of 100,000 records.
    """
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    with signals_as_interrupts(), workers(LARGE) as shared:
        handlers = list(shared(signal.getsignal, [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]))
    assert handlers == [signal.SIG_DFL, signal.SIG_DFL, signal.SIG_IGN]
