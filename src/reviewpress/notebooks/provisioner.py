"""A jupyter-client kernel provisioner that takes kernels from the fork server."""

import os
import sys
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from reviewpress.notebooks.launcher import LAUNCHER
from reviewpress.programs.processes import end_tree
from reviewpress.programs.watchdog import mark, protect, release
from reviewpress.speed.forkserver import ForkedProcess
from reviewpress.speed.forkservers import find_forkserver

NAME = "reviewpress-fork"
KEY = "reviewpress"
GROUP = "jupyter_client.kernel_provisioners"


class ForkProvisioner(LocalProvisioner):
    """Asks the fork server for a kernel; without one, starts an ordinary kernel."""

    group = 0
    """The group of processes that the guard knows of, as it takes it."""
    has_keeper = False
    """Whether its process is the keeper of the kernel, and ends all by itself."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, with everything after the module's name as its arguments.

        What its cells start is of its group, and is ended with it when this process is killed. An
        ordinary kernel on Linux has a keeper that does more; one of another language has not.
        """
        is_own = LAUNCHER in cmd
        if not is_own:
            kwargs["env"] = mark(kwargs["env"])
        info = await self._launch(cmd, **kwargs)
        self.release_group()
        is_ordinary = is_own and not isinstance(self.process, ForkedProcess)
        self.has_keeper = is_ordinary and sys.platform.startswith("linux")
        if self.pgid and self.pgid != os.getpgrp() and not self.has_keeper:
            self.group = -self.pgid
            protect(self.group)
        return info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel, and all that its cells started."""
        self.end_all()
        server = find_forkserver(self.kernel_spec.metadata.get(KEY, ""))
        if isinstance(self.process, ForkedProcess) and server is not None:
            server.end_strays(self.pid)
        await super().kill(restart)

    def end_all(self) -> None:
        """End the kernel, and what is below it."""
        if self.pid:
            # A keeper ends all by itself where this process is killed meanwhile.
            end_tree(self.pid, stop=not self.has_keeper)

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the kernel, which has ended."""
        self.release_group()
        await super().cleanup(restart)

    def release_group(self) -> None:
        """Let the guard forget the group of a kernel that has ended."""
        if self.group:
            release(self.group)
        self.group = 0

    async def _launch(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        parent = find_forkserver(self.kernel_spec.metadata.get(KEY, ""))
        process = None
        if parent is not None:
            arguments = cmd[cmd.index(LAUNCHER) + 1 :]
            folder = str(kwargs.get("cwd") or os.getcwd())
            log = os.path.join(os.path.dirname(self.connection_info_file()), "kernel.log")
            process = parent.fork(arguments, kwargs["env"], folder, log)
        if process is None:
            return await super().launch_kernel(cmd, **kwargs)
        # It does what jupyter-client asks of a Popen.
        self.process = ForkedProcess(process)  # type: ignore[assignment]
        self.pid = process
        self.pgid = process
        self.cwd = kwargs.get("cwd")
        return self.connection_info

    def connection_info_file(self) -> str:
        """Return the path of the kernel's connection file."""
        return str(getattr(self.parent, "connection_file", ""))


def register() -> None:
    """Make the provisioner known to jupyter-client, by the name that specifications give."""
    KernelProvisionerFactory.provisioners.setdefault(
        NAME, EntryPoint(NAME, f"{__name__}:{ForkProvisioner.__name__}", GROUP)
    )
