"""The client of a scheduler: it hands tasks over, and waits for what workers make of them."""

import asyncio
import logging
import re
import threading
import time
import uuid
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from reviewpress.cluster.machine import differences, machine_state
from reviewpress.cluster.parcels import Parcel, leave
from reviewpress.errors import ConfigError, EngineError, SetupError, missing_extra
from reviewpress.shapes import Plain
from reviewpress.tasks import Folder, Kind

try:
    import distributed
    from distributed.scheduler import KilledWorker

    from reviewpress.cluster.worker import HandedTask, do_task, hold, unlike
except ImportError:
    raise missing_extra("Dask.distributed", "cluster") from None

T = TypeVar("T")

_ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
_ANSWERS = 10
"""Seconds in which a scheduler has to answer."""
_PATIENCE = 60
"""Seconds in which a worker has to be there."""
_LOOK = 1.0
"""Seconds after which whoever waits for a task looks whether anything can still do it."""
_AHEAD = 2
"""How many tasks are handed over for each thread of a worker, so that none waits for the next."""
_WORDS: Mapping[Kind, str] = {
    "run": "chapters executed", "page": "pages", "part": "parts of files", "pdf": "PDFs",
    "word": "Word files",
}  # fmt: skip


@contextmanager
def on_cluster(
    address: str, *, jobs: int | None = None, say: Callable[[str], None]
) -> "Iterator[Cluster]":
    """Give what hands tasks to the workers of a scheduler.

    `address` is one such as `tcp://10.0.0.1:8786`, or the name of a scheduler file. With the first
    task it is asked; `say` is told how many workers there are, and at the end what they did.
    """
    # Each of these has a level of its own, which Dask gives it.
    for name in ("distributed", "distributed.client", "distributed.gc"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    cluster = Cluster(address, jobs, say)
    try:
        yield cluster
        cluster.say_what_was_done()
    finally:
        cluster.close()


class Cluster:
    """Tasks that are done by the workers of a scheduler; see `tasks.Tasks`.

    What asks the scheduler first raises ConfigError for an address that is none, SetupError where
    no scheduler answers, no worker comes, or one is not like this machine.
    """

    is_here = False

    def __init__(self, address: str, jobs: int | None, say: Callable[[str], None]) -> None:
        self._address = address
        self._jobs = jobs
        self._say = say
        self._client: distributed.Client | None = None
        self._given_up = threading.Event()
        self._done: Counter[Kind] = Counter()
        self._sent: dict[str, distributed.Future[Any]] = {}
        self._lock = threading.Lock()
        self._threads = 1
        self._seen = time.monotonic()

    @property
    def runs_at_once(self) -> int:
        """How many chapters are handed over at a time."""
        return self._jobs or self.at_once

    @property
    def at_once(self) -> int:
        """How many other tasks are handed over at a time."""
        self._asked()
        return _AHEAD * self._threads

    def do(
        self,
        kind: Kind,
        function: Callable[..., T],
        folders: Sequence[Folder],
        *arguments: Any,
        listen: Callable[[Plain], None] | None = None,
    ) -> T:
        """Let a worker call the function in copies of the folders; see `Tasks.do`.

        A worker that ends meanwhile costs the task a second time. Raises EngineError where each
        worker that began it has ended, SetupError where none is left.
        """
        if self._given_up.is_set():
            raise SetupError("the build was given up.")
        parcels = [Parcel.of(folder) for folder in folders]
        topic = f"reviewpress-{uuid.uuid4().hex}" if listen else ""
        task = HandedTask(
            function,
            leave(arguments, [folder.path for folder in folders]),
            tuple((p.digest, f.own) for p, f in zip(parcels, folders, strict=True)),
            machine_state(),
            topic,
        )
        client = self._asked()
        contents = [self._send(client, parcel) for parcel in parcels]
        with _heard(client, topic, listen):
            future = client.submit(
                do_task, task, *contents, key=f"reviewpress-{kind}-{uuid.uuid4().hex}", pure=False
            )
            made: T = self._wait(client, future)
            # Else it would be done again where the worker that has it still ends later on.
            future.release()
        with self._lock:
            self._done[kind] += 1
        return made

    def give_up(self) -> None:
        """Let whoever waits for a task go on with an error, and workers end what they do."""
        self._given_up.set()

    def close(self) -> None:
        """Give up what is not done, and leave the scheduler."""
        self.give_up()
        if self._client is not None:
            self._client.close(timeout=_ANSWERS)

    def say_what_was_done(self) -> None:
        """Say how many tasks of each kind workers have done, if any."""
        done = [f"{self._done[kind]} {words}" for kind, words in _WORDS.items() if self._done[kind]]
        if done:
            self._say(f"done by workers: {', '.join(done)}")

    def _asked(self) -> "distributed.Client":
        """Return the client, which asks for scheduler and workers the first time."""
        with self._lock:
            if self._client is None:
                self._client = _connect(self._address)
                self._wait_for_workers()
                self._check_workers()
                noun = "task" if self._threads == 1 else "tasks"
                self._say(f"{self._address}, {self._threads} {noun} at a time")
            return self._client

    def _wait_for_workers(self) -> None:
        if not self._count_workers():
            self._say(f"no worker at {self._address} yet: waiting")
        while not self._count_workers():
            self._look_for_workers()
            time.sleep(_LOOK / 4)

    def _check_workers(self) -> None:
        """Raise SetupError for a worker that would not make what this machine makes."""
        assert self._client is not None
        found = self._client.run(machine_state, on_error="return")
        for address, there in found.items():
            if isinstance(there, BaseException):
                message = f"the worker {address} has no reviewpress that could be asked: {there}."
                raise SetupError(message, hint='It needs `pip install "reviewpress[cluster]"`.')
            differs = differences(machine_state(), there)
            if differs:
                raise unlike(address, differs)

    def _count_workers(self) -> int:
        assert self._client is not None
        found = self._client.scheduler_info(n_workers=-1)["workers"]
        self._threads = max(sum(worker["nthreads"] for worker in found.values()), 1)
        if found:
            self._seen = time.monotonic()
        return len(found)

    def _look_for_workers(self) -> None:
        """Raise SetupError where there has been no worker for a minute, or no scheduler."""
        if self._client is None or self._client.status not in ("running", "connecting"):
            raise self._silent()
        if not self._count_workers() and time.monotonic() - self._seen > _PATIENCE:
            message = f"no worker has been at {self._address} for {_PATIENCE} seconds."
            raise SetupError(message, hint=f"Start one: `dask worker {self._address}`.")

    def _send(self, client: "distributed.Client", parcel: Parcel) -> "distributed.Future[Any]":
        """Return where workers get a parcel: it is sent once."""
        with self._lock:
            future = self._sent.get(parcel.digest)
            if future is None:
                with warnings.catch_warnings():
                    # Dask would have large files read by the workers, which do not have them.
                    warnings.simplefilter("ignore", UserWarning)
                    future = client.submit(
                        hold, parcel.files(), key=f"reviewpress-files-{parcel.digest}"
                    )
                self._sent[parcel.digest] = future
        return future

    def _wait(self, client: "distributed.Client", future: "distributed.Future[Any]") -> Any:
        # `future.result(timeout=…)` gives up what it waits for, which is shared with whoever
        # waits for another task at that time. So this asks once, and looks at what comes of it.
        loop = client.loop
        if loop is None:
            raise self._silent()
        there = loop.asyncio_loop  # type: ignore[attr-defined]
        answer = asyncio.run_coroutine_threadsafe(_gather(client, future), there)
        while True:
            try:
                return answer.result(timeout=_LOOK)
            except TimeoutError:
                if answer.done():
                    raise
                if self._given_up.is_set():
                    future.cancel()
                    raise SetupError("the build was given up.") from None
                self._look_for_workers()
            except KilledWorker as error:
                message = f"every worker that was given it has ended, the last one {_last(error)}."
                hint = "Such a worker has mostly run out of memory: see its log."
                raise EngineError(message, hint=hint) from None
            except (CancelledError, OSError) as error:
                raise self._silent() from error

    def _silent(self) -> SetupError:
        return SetupError(f"the scheduler at {self._address} does not answer any more.")


async def _gather(client: "distributed.Client", future: "distributed.Future[Any]") -> Any:
    return await client.gather(future, asynchronous=True)


@contextmanager
def _heard(
    client: "distributed.Client", topic: str, listen: Callable[[Plain], None] | None
) -> Iterator[None]:
    """Give what is told under a topic to `listen`, until the task has ended."""
    if listen is None:
        yield
        return
    heard = listen
    is_open = True

    def hear(event: tuple[float, Plain]) -> None:
        if is_open:
            heard(event[1])

    client.subscribe_topic(topic, hear)
    try:
        yield
    finally:
        is_open = False
        if client.status == "running":
            client.unsubscribe_topic(topic)


def _connect(address: str) -> "distributed.Client":
    is_file = address.endswith(".json")
    if is_file and not Path(address).is_file():
        raise ConfigError(f"there is no scheduler file {address}.")
    if not is_file and not _ADDRESS.fullmatch(address):
        hint = "An address is such as tcp://10.0.0.1:8786."
        raise ConfigError(f'"{address}" is not the address of a scheduler.', hint=hint)
    given = {"scheduler_file": address} if is_file else {"address": address}
    try:
        return distributed.Client(**given, timeout=_ANSWERS, set_as_default=False)
    except (OSError, ValueError):
        hint = "Start one with `dask scheduler`, or name the one that runs."
        raise SetupError(f"no scheduler answers at {address}.", hint=hint) from None


def _last(error: "KilledWorker") -> str:
    worker = getattr(error, "last_worker", None)
    return str(getattr(worker, "address", worker))
