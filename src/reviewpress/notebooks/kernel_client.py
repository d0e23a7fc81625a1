"""The client's side of a kernel: started, listened to, and ended, whatever its language."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any, BinaryIO, TypedDict

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_async, run_sync
from nbclient.exceptions import DeadKernelError
from nbformat.validator import NotebookValidationError
from papermill.clientwrap import PapermillNotebookClient

from reviewpress.errors import ExecutionError, Place, SetupError
from reviewpress.notebooks.kernels import LOG
from reviewpress.notebooks.labelled import Figures
from reviewpress.notebooks.languages import PYTHON, Language
from reviewpress.notebooks.pulse import PULSE, PulseWatch
from reviewpress.programs.limits import Limits
from reviewpress.shapes import Plain, as_mapping

FATAL = "Fatal Python error:"
MOST_SHOWN = 2000
"""How many values, tables or pictures one cell may display."""
_SHOWS = ("display_data", "execute_result")


class Start(TypedDict, total=False):
    """What a kernel is started with."""

    env: dict[str, str]
    cwd: str


@dataclass(frozen=True, slots=True)
class Session:
    """What one execution is told: the chapter's name for problems, and its kernel."""

    name: str = "notebook"
    manager: AsyncKernelManager | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: str | None = None
    on_cell: Callable[[int], None] = lambda number: None
    limits: Limits = field(default_factory=Limits)
    figures: Figures = field(default_factory=lambda: Figures(Path("figures"), "figures", Path()))
    language: Language = PYTHON
    client: "type[KernelClient] | None" = None
    """What runs the cells of another language than Python."""
    reads: Callable[[], Mapping[str, str]] = dict
    """Gives what a kernel that does not say so may have read, as `kernel.finish` does."""


class KernelClient(PapermillNotebookClient):  # type: ignore[misc]
    """Starts a kernel, hears whether it lives, and ends it."""

    session: Session
    # nbclient's own types for these two have neither what it puts there nor what we call.
    km: Any
    kc: Any
    watch = PulseWatch(Path())
    silence = ""
    """Why nothing will be heard of the kernel any more."""
    excess = ""
    """What a cell shows more of than it may."""
    _shown_by = -1
    _shown = 0
    _shown_characters = 0
    answers_pings = True
    """Whether the kernel answers a ping while it runs a cell."""

    async def _async_check_alive(self) -> None:
        """Raise DeadKernelError where the kernel has ended, or will never answer."""
        await super()._async_check_alive()
        if self.answers_pings and self.watch.socket is None and self.km is not None:
            self.watch.socket = self.km.connect_hb()
        self.silence = await self.watch.look()
        if self.silence:
            raise DeadKernelError(self.silence)

    def process_message(self, *arguments: Any, **options: Any) -> Any:
        """Take what the kernel publishes, and note that it said something."""
        self.watch.hear()
        self._weigh(arguments[0], arguments[2])
        if self.excess:
            return None
        try:
            return super().process_message(*arguments, **options)
        except NotebookValidationError as error:
            said = error.message.splitlines()[0][:80]
            message = f"the cell displays what no notebook can hold: {said}."
            raise ExecutionError(message, self.place(arguments[2])) from None

    def _weigh(self, message: Mapping[str, Any], index: int) -> None:
        """End the wait for a cell that shows more than it may; `excess` says what."""
        if index != self._shown_by or message["msg_type"] == "clear_output":
            self._shown_by, self._shown, self._shown_characters = index, 0, 0
        content = message["content"]
        if message["msg_type"] in _SHOWS:
            self._shown += 1
            self._shown_characters += _characters(content["data"])
        elif message["msg_type"] == "stream":
            self._shown_characters += len(content["text"])
        most = self.session.limits.cell_megabytes
        if self._shown_characters > most * 1_000_000:
            self.excess = f"the cell shows more than {most:g} MB"
        elif self._shown > MOST_SHOWN:
            self.excess = f"the cell displays more than {MOST_SHOWN:,} things"
        if self.excess and self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    def place(self, index: int) -> Place:
        """Say where the cell at `index` stands."""
        return Place(self.session.name, cell=index + 1)

    def _last_words(self, of: str = FATAL) -> str:
        """Return the line of the kernel's log that says why it ended, if one does.

        That is the first one that begins with what Python says of a crash, or else the last one.
        """
        log = self._log()
        if log is None or not log.is_file():
            return ""
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        if not of:
            lines = [line for line in lines if line.strip()][-1:]
        fatal = (line for line in lines if line.startswith(of))
        return next(fatal, "").removeprefix(of).strip()

    def _log(self) -> Path | None:
        """Return where the kernel's own standard error goes: beside its connection file."""
        connection = getattr(self.km, "connection_file", "")
        return Path(connection).with_name(LOG) if connection else None

    def _start(self, options: Start) -> None:
        if self.km is None:
            self.km = self.create_kernel_manager()
        try:
            with self._output() as log:
                self.start_new_kernel(**options, **log)
            until = monotonic() + self.startup_timeout
            run_sync(self._listen)(until)
            self.watch = PulseWatch(Path(self.km.connection_file).with_name(PULSE))
            self.kc = self.km.client()
            self.kc.start_channels(stdin=False, hb=False, control=False)
            run_sync(self._answer)(until)
        except (OSError, RuntimeError) as error:
            run_sync(self._stop)()
            hint = self._last_words(of="") or (
                "Something may have killed it, or memory ran out: free some and try again."
            )
            place = Place(self.session.name)
            raise SetupError(f"no kernel could be started: {error}", place, hint) from error

    @contextmanager
    def _output(self) -> Iterator[dict[str, BinaryIO]]:
        """Keep what the kernel itself writes (not the chapter) off the author's terminal."""
        log = self._log()
        if log is None or not log.parent.is_dir():
            yield {}
            return
        with log.open("ab") as file:
            yield {"stdout": file, "stderr": file}

    async def _listen(self, until: float) -> None:
        """Wait until the kernel has made its sockets, where they are files.

        Who connects earlier is refused, and tries again a tenth of a second later at best.
        """
        if self.km.transport != "ipc":
            return
        ports = (self.km.shell_port, self.km.iopub_port)
        sockets = [Path(f"{self.km.ip}-{port}") for port in ports]
        while not all(socket.exists() for socket in sockets):
            await self._wait_a_little(until)

    async def _answer(self, until: float) -> None:
        """Wait until the kernel answers, and what it publishes arrives.

        jupyter_client's own waiting ends with a fifth of a second of listening to silence.
        """
        while True:
            self.kc.kernel_info()
            with suppress(Empty):
                # On a busy machine the answer to an earlier question is as good.
                await self.kc.get_shell_msg(timeout=1)
                while True:
                    # What was published before anyone listened is lost: ask again soon.
                    message = await self.kc.get_iopub_msg(timeout=0.05)
                    if message["content"].get("execution_state") == "idle":
                        return
            await self._wait_a_little(until)

    async def _wait_a_little(self, until: float) -> None:
        if not await ensure_async(self.km.is_alive()):
            raise RuntimeError("it ended before it answered.")
        if monotonic() > until:
            raise RuntimeError(f"it did not answer in {self.startup_timeout} seconds.")
        await asyncio.sleep(0.002)

    async def _stop(self) -> None:
        """End the kernel at once: there is nothing that it still has to do."""
        if self.watch.socket is not None:
            self.watch.socket.close(0)
            self.watch.socket = None
        if self.kc is not None:
            self.kc.stop_channels()
        if self.km is None:
            return
        provisioner = self.km.provisioner
        process = provisioner.process if provisioner is not None else None
        if process is not None:
            await provisioner.kill()
            process.wait()
        await ensure_async(self.km.cleanup_resources())


def _characters(data: Plain) -> int:
    """Return how long the texts are that a cell displays, whatever holds them."""
    if isinstance(data, str):
        return len(data)
    if isinstance(data, list):
        return sum(map(_characters, data))
    return sum(map(_characters, as_mapping(data).values()))
