"""Execution of one notebook: code cells and live values, in the order they stand.

The engine extends papermill's own, which runs on nbclient.
"""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from queue import Empty
from time import monotonic
from typing import Any

from jupyter_core.utils import ensure_event_loop, run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, from_dict
from papermill.engines import NBClientEngine, NotebookExecutionManager

from reviewpress.errors import ExecutionError, Place, Problem, SetupError, raise_all
from reviewpress.markdown import escape
from reviewpress.notebooks.chart_outputs import Row
from reviewpress.notebooks.error_hints import hint_of_cells, hint_of_text
from reviewpress.notebooks.kernel_client import KernelClient, Session, Start
from reviewpress.notebooks.labelled import (
    FIGURE,
    MARKDOWN,
    Labelled,
    Output,
    Picture,
    float_outputs,
)
from reviewpress.notebooks.outputs import error_shown
from reviewpress.notebooks.run_warnings import (
    INJECTED_TAG,
    METADATA,
    broken_streams,
    changed_sources,
    executed_cells,
    read_change,
)
from reviewpress.notebooks.source import FAILING_TAG, HIDING_TAGS, OPTION_PREFIX, read_options
from reviewpress.notebooks.unlabelled import drawn_outputs, publish_unlabelled
from reviewpress.notebooks.values import fill_values, find_values, value_span
from reviewpress.programs.limits import SHOW_LESS
from reviewpress.shapes import Plain, as_list, as_mapping, as_text

KERNEL = '__import__("reviewpress.notebooks.kernel", fromlist=["kernel"])'
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_FILE = re.compile(r" \(\d+\.py, line \d+\)$| \([^()]*[/\\][^()]*\.py\)$")
"""What Python adds to a syntax error: a file that an author does not have."""
ENDINGS = ("SystemExit", "MemoryError")
OUTPUT_SECONDS = 60
"""How long what a cell shows may be on its way when the cell has ended."""
CELL_LINE = re.compile(r"Cell In\s?\[\d+\], line (\d+)")


Message = Mapping[str, Mapping[str, list[dict[str, str]]]]
"""A message of the kernel's, as far as we look into it."""


@contextmanager
def own_event_loop() -> Iterator[None]:
    """Give nbclient an event loop that is closed at the end.

    Left alone, it makes one for each thread and keeps it, with its sockets, for good.
    """
    loop = ensure_event_loop()
    try:
        yield
    finally:
        waiting = asyncio.all_tasks(loop)
        for task in waiting:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        asyncio.set_event_loop(None)


class ChapterEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's nbclient engine with live values, and a record of what the run depended on."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        session: Session | None = None,
        start_timeout: int = 60,
        **_: object,
    ) -> None:
        """Run the notebook; fill its live values; leave results in `metadata.reviewpress`.

        Raises ExecutionError or Problems with chapter and cell; SetupError without a kernel.
        """
        session = session or Session()
        client = (session.client or ChapterClient)(
            nb_man,
            km=session.manager,
            kernel_name=kernel_name,
            startup_timeout=start_timeout,
            shutdown_kernel="immediate",
            shell_timeout_interval=1,
            timeout=session.limits.cell_seconds,
            iopub_timeout=OUTPUT_SECONDS,
            raise_on_iopub_timeout=True,
        )
        client.session = session
        client.execute()


class ChapterClient(KernelClient):
    """Runs code cells as papermill does, and evaluates the live values of the cells between."""

    begun = 0.0
    """When the cell began that runs now."""
    running: int | None = None
    """Which cell that is, by its index."""

    def execute(self, **_: object) -> NotebookNode:
        """Start the kernel, run every cell, ask what was read, stop the kernel."""
        self.reset_execution_trackers()
        options: Start = {}
        if self.session.environment:
            options["env"] = dict(self.session.environment)
        if self.session.folder:
            options["cwd"] = self.session.folder
        self._start(options)
        try:
            self.papermill_execute_cells()
        finally:
            run_sync(self._stop)()
        executed: NotebookNode = self.nb
        return executed

    def papermill_execute_cells(self) -> None:
        """Run the cells in order; report every failed value, and the cell that stopped the run."""
        problems: list[Problem] = []
        self.begin()
        index = 0
        try:
            for index, cell in enumerate(self.nb.cells):
                self.session.on_cell(self.number(index))
                self.begun, self.running = monotonic(), index
                if cell.cell_type == "markdown":
                    problems += self.fill_cell(cell, index)
                elif cell.cell_type == "code":
                    self.execute_cell(cell, index)
                    problems += self.not_shown(cell, index) or self.publish_shown(cell, index)
            raise_all(problems)
            self.nb.metadata[METADATA] = record = self.record()
            self.forget_published(as_list(record["published"]))
            broken = [as_mapping(each) for each in as_list(record.get("broken"))]
            raise_all(broken_streams(broken, self.session.name, executed_cells(self.nb)))
        except CellExecutionError as error:
            raise_all([*problems, *self.explain(error, index)])
        except CellTimeoutError:
            late = monotonic() - self.begun >= self.session.limits.cell_seconds
            raise_all([*problems, self.late(index) if late else self.unheard(index)])
        except DeadKernelError:
            raise_all([*problems, self.dead(index)])
        except ExecutionError as error:
            raise_all([*problems, *error.problems])

    def number(self, index: int) -> int:
        """Return the number a cell has for its author, who does not see the injected one."""
        cells = self.nb.cells[: index + 1]
        return sum(INJECTED_TAG not in cell.metadata.get("tags", ()) for cell in cells)

    def place(self, index: int, *, line: int | None = None, expression: str | None = None) -> Place:
        """Say where the cell at `index` stands."""
        return Place(self.session.name, cell=self.number(index), line=line, expression=expression)

    def fill_cell(self, cell: NotebookNode, index: int) -> list[Problem]:
        """Evaluate the live values of a text cell and put them in their places."""
        problems: list[Problem] = []
        spans, results = [], []
        sites = find_values(cell.source, self.session.language.live)
        most = self.session.limits.cell_megabytes
        expressions = [site.expression for site in sites]
        replies = self.evaluate(expressions, index, problems) if sites else []
        for site, reply in zip(sites, replies, strict=True):
            if "error" in reply:
                place = self.place(index, expression=site.expression)
                said = {**reply, "hint": self.hint(as_text(reply["error"]), reply, index)}
                problems.append(_problem("execution", said, place, key="error"))
                continue
            plain = as_text(reply["text"])
            if len(plain) > most * 1_000_000:
                message = f"the live value holds more than {most:g} MB of text."
                place = self.place(index, expression=site.expression)
                problems.append(Problem("execution", message, place, SHOW_LESS))
                continue
            text = plain if reply["raw"] else escape(plain)
            spans.append(value_span(text, site.expression))
            result = {"expression": site.expression, "result": plain, "markdown": text}
            results.append({**result, "reads": reply.get("reads", [])})
        if not problems and spans:
            cell.source = fill_values(cell.source, spans, self.session.language.live)
        cell.metadata[METADATA] = {"values": results}
        return problems

    def begin(self) -> None:
        """Begin to watch what the chapter does."""
        self.ask(f"start({self.session.limits.cell_bytes!r})")

    def record(self) -> Mapping[str, Plain]:
        """Return what the run depended on."""
        return self.ask("finish()")

    def told_of_error(self) -> Mapping[str, Plain]:
        """Return what the kernel's side says of the error that stopped the last cell."""
        with suppress(DeadKernelError, SetupError):
            return self.ask("describe_error()")
        return {}

    def evaluate(
        self, expressions: Sequence[str], index: int, problems: list[Problem]
    ) -> list[Mapping[str, Plain]]:
        """Evaluate the live values of a cell; what that changed goes to `problems`."""
        # All of a cell at once: each question costs as much as a short cell of code.
        told = self.ask(f"evaluate({list(expressions)!r})")
        changes = [read_change(as_mapping(each)) for each in as_list(told.get("changes"))]
        problems += changed_sources(changes, self.session.name, (), self.place(index))
        return [as_mapping(each) for each in as_list(told.get("values"))]

    def publish_shown(self, cell: NotebookNode, index: int) -> list[Problem]:
        """Publish what a cell shows: under the label and captions that its options give, if any."""
        options = (
            read_options(cell.source, self.place(index)) if OPTION_PREFIX in cell.source else {}
        )
        labelled = Labelled(options, self.number(index))
        if labelled.shows_nothing or not HIDING_TAGS.isdisjoint(cell.metadata.get("tags", ())):
            return []
        figures = self.session.figures
        outputs, problems = drawn_outputs(cell.outputs, figures)
        if problems:
            pass
        elif labelled.says_anything:
            problems = self._publish_labelled(cell, labelled, outputs)
        else:
            shown, problems = publish_unlabelled(outputs, labelled.number, figures, self)
            cell.outputs = [from_dict(dict(each)) for each in shown]  # type: ignore[no-untyped-call]
        return [replace(problem, where=self.place(index)) for problem in problems]

    def _publish_labelled(
        self, cell: NotebookNode, labelled: Labelled, outputs: Sequence[Output]
    ) -> list[Problem]:
        shows = any(output["output_type"] == "execute_result" for output in cell.outputs)
        seen = [each.get("data", {}).get(FIGURE) for each in cell.outputs]
        left = [each for each in self.left_open(shows=shows) if each["data"][FIGURE] not in seen]
        text, problems = float_outputs([*outputs, *left], labelled, self.session.figures, self)
        if text:
            is_text = labelled.options.get("output") == "asis"
            kept = [
                each for each in cell.outputs
                if each["output_type"] == "stream" and not (is_text and each["name"] == "stdout")
            ]  # fmt: skip
            shown = {"output_type": "display_data", "metadata": {}, "data": {MARKDOWN: text}}
            cell.outputs = [*kept, from_dict(shown)]  # type: ignore[no-untyped-call]
        return problems

    def left_open(self, *, shows: bool) -> list[dict[str, dict[str, Plain]]]:
        """Return outputs for the figures that a cell has drawn, and not shown by itself."""
        marks = as_list(self.ask(f"show_rest(shows={shows})")["marks"])
        return [{"data": {FIGURE: mark}} for mark in marks]

    def draw(self, mark: int, picture: Picture, caption: str) -> str | list[Problem]:
        """Publish a figure of matplotlib; see `Maker`."""
        given = {"id": picture.id, "words": picture.caption, "caption": caption, "alt": picture.alt}
        return _made(self.ask(f"draw({mark}, **{given!r})"))

    def frame(self, label: str, caption: str) -> str | list[Problem]:
        """Publish the cell's value as a table, if it is a DataFrame; see `Maker`."""
        return _made(self.ask(f"publish_frame({label!r}, caption={caption!r})"))

    def rows(self, id: str, rows: Sequence[Row]) -> str | list[Problem]:
        """Publish the numbers behind a chart; see `Maker`."""
        return _made(self.ask(f"publish_frame({id!r}, rows={json.dumps(rows)!r})"))

    def forget_published(self, marks: Sequence[Plain]) -> None:
        """Take from cells' outputs the figures that the chapter has published by itself."""
        for cell in self.nb.cells:
            if cell.cell_type == "code":
                kept = [o for o in cell.outputs if o.get("data", {}).get(FIGURE, -1) not in marks]
                cell.outputs = kept

    def ask(self, call: str) -> Mapping[str, Plain]:
        """Call a function of the kernel's side and return its reply."""
        # With no code to run, the count of executions stays as it is.
        self.watch.hear()
        message = self.kc.execute(
            "", silent=True, store_history=False, user_expressions={"reply": f"{KERNEL}.{call}"}
        )
        content = self.wait_for_reply(message)["content"]
        self.watch.hear()
        reply = content.get("user_expressions", {}).get("reply", {})
        if content["status"] != "ok" or reply.get("status") != "ok":
            said = (reply or content).get("evalue", "")
            message = f"the kernel cannot load reviewpress: {said}."
            at = Place(self.session.name) if self.running is None else self.place(self.running)
            raise SetupError(message, at)
        payload: Mapping[str, Plain] = reply["data"]["application/json"]
        return payload

    def explain(self, error: CellExecutionError, index: int) -> list[Problem]:
        """Tell in the author's words why a cell failed."""
        trace = ANSI.sub("", error.traceback)
        lines = CELL_LINE.findall(trace)
        place = self.place(index, line=int(lines[-1]) if lines else None)
        reply = self.told_of_error()
        changes = [read_change(as_mapping(each)) for each in as_list(reply.get("changes"))]
        changed = changed_sources(changes, self.session.name, executed_cells(self.nb))
        expected = as_list(reply.get("problems"))
        if expected:
            told = [_problem("execution", as_mapping(each), place) for each in expected]
            return [*changed, *told]
        name, value = error.ename, error.evalue
        if name == "NoneType":  # the cell's value could not be shown, and IPython has lost why
            shown = [
                each for each in self.nb.cells[index].outputs if each.get("ename", name) != name
            ]
            name, value = (shown[0].ename, shown[0].evalue) if shown else ("Error", "")
        if name in ENDINGS:
            return [*changed, self.ending(name, place)]
        said = value.strip().splitlines()
        message = f"{name}: {said[0]}" if said else name
        if not self.session.language.is_python and said:
            message = said[0]
        message = CELL_FILE.sub("", message)
        code = self.nb.cells[index].source.splitlines()
        at = code[place.line - 1].strip() if place.line and place.line <= len(code) else ""
        hint = self.hint(message, reply, index) or (f"The line is: {at}" if at else "")
        return [*changed, Problem("execution", message, place, hint)]

    def hint(self, message: str, reply: Mapping[str, Plain], index: int) -> str:
        """Say what to do about an error: which other cell has the name, or what is meant."""
        cells = (
            (self.number(at), cell.cell_type, cell.source) for at, cell in enumerate(self.nb.cells)
        )
        cell = self.nb.cells[index]
        is_read = cell.cell_type != "code" or not message.startswith("SyntaxError")
        return (
            hint_of_cells(message, self.number(index), cells)
            or as_text(reply.get("hint") or "")
            or ("" if is_read else hint_of_text(cell.source))
        )

    def not_shown(self, cell: Any, index: int) -> list[Problem]:
        """Tell of a value that the cell could not show, though it went on; show what may fail."""
        if FAILING_TAG in cell.metadata.get("tags", ()):
            # Papermill takes any error among the outputs for the end of the run.
            for at, each in enumerate(cell.outputs):
                if each.output_type == "error":
                    shown = error_shown(each.ename, ANSI.sub("", each.evalue))
                    cell.outputs[at] = from_dict(shown)  # type: ignore[no-untyped-call]
            return []
        hint = "It is raised by what shows the value: `__repr__`, `_repr_html_` or the like."
        found = []
        for each in cell.outputs:
            if each.output_type == "error":
                said = ANSI.sub("", each.evalue).strip().splitlines()
                message = f"{each.ename}: {said[0]}" if said else each.ename
                found.append(Problem("execution", message, self.place(index), hint))
        return found

    def ending(self, name: str, place: Place) -> Problem:
        """Tell of a cell that ends itself, or was ended by the limit of memory."""
        message = "the cell ends the program, and the chapter has to go on."
        hint = "Leave out sys.exit() and the like."
        if name == "MemoryError":
            allowed = (self.session.limits.cell_bytes or 0) / 1e9
            message = f"the cell needs more memory than the {allowed:.3g} GB that it may take."
            hint = "If it needs more, set `reviewpress: limits: cell-gigabytes:`."
        return Problem("execution", message, place, hint)

    async def _check_raise_for_error(
        self, cell: NotebookNode, index: int, reply: Message | None
    ) -> None:
        """Stop the run at a cell that asks the kernel to end, which it does when it has ended."""
        await super()._check_raise_for_error(cell, index, reply)
        for said in (reply or {}).get("content", {}).get("payload") or ():
            if said.get("source") == "ask_exit":
                message = "the cell ends the kernel, and the chapter has to go on."
                hint = "Leave out quit(), exit() and the like."
                raise_all([Problem("execution", message, self.place(index), hint)])

    def late(self, index: int) -> Problem:
        """Tell that a cell was stopped because it took too long."""
        seconds = self.session.limits.cell_seconds
        message = f"the cell was stopped after {seconds} seconds."
        hint = "If it needs longer, set `reviewpress: limits: cell-seconds:`."
        return Problem("execution", message, self.place(index), hint)

    def unheard(self, index: int) -> Problem:
        """Tell that a cell has run, and that what it shows did not arrive."""
        message = f"the cell has run, but not all that it shows arrived in {OUTPUT_SECONDS} s."
        hint = "Print less in it. If it prints little, the machine was busy: build again."
        return Problem("execution", message, self.place(index), hint)

    async def _async_handle_timeout(
        self, timeout: int, cell: NotebookNode | None = None
    ) -> Message:
        """End the wait for a cell, or for a live value, that takes too long.

        On a busy machine nbclient is woken before, and takes it for the end: then wait on.
        """
        while monotonic() - self.begun < timeout:
            with suppress(Empty):
                answer: Message = await self.kc.get_shell_msg(timeout=1)
                return answer
            await self._async_check_alive()
        raise CellTimeoutError("too long")

    def dead(self, index: int) -> Problem:
        """Tell why a cell did not come to its end, and what the kernel said last."""
        if self.excess:
            hint = SHOW_LESS if "MB" in self.excess else "Show fewer, or one table of them all."
            return Problem("execution", f"{self.excess}.", self.place(index), hint)
        if self.silence:
            message = f"the kernel does not answer any more: {self.silence}."
            hint = "Look for what stops the process, replaces it, or closes what it has open."
            return Problem("execution", message, self.place(index), hint)
        hint = "Look for os._exit, a crash of a compiled package, or memory running out."
        said = self._last_words()
        message = f"the kernel died ({said})." if said else "the kernel died."
        return Problem("execution", message, self.place(index), hint)


def _made(reply: Mapping[str, Plain]) -> str | list[Problem]:
    """Return what the kernel's side made, or what is wrong."""
    told = as_list(reply.get("problems"))
    if told:
        return [_problem("figure", as_mapping(each), Place("")) for each in told]
    return as_text(reply.get("markdown") or "")


def _problem(
    rule: str, said: Mapping[str, Plain], place: Place, *, key: str = "message"
) -> Problem:
    """Return what the kernel's side says that is wrong."""
    return Problem(rule, as_text(said[key]), place, as_text(said["hint"]))
