"""Where a command's tasks are done: here, or by the workers of the scheduler that it names."""

from collections.abc import Iterator
from contextlib import contextmanager

from reviewpress.config import Config
from reviewpress.keys import SCHEDULER_KEY
from reviewpress.pipeline import Progress
from reviewpress.tasks import Here, Tasks


@contextmanager
def choose_tasks(
    config: Config, scheduler: str | None, jobs: int | None, progress: Progress
) -> Iterator[Tasks]:
    """Give what does the tasks; without `scheduler` the review says by which one, if by any."""
    address = scheduler or str(config.settings.other.get(SCHEDULER_KEY) or "")
    if not address:
        yield Here(jobs)
        return
    # Not with the module: few builds have a cluster.
    from reviewpress.cluster import on_cluster

    def say(line: str) -> None:
        progress.step("cluster", line)

    with on_cluster(address, jobs=jobs, say=say) as cluster:
        yield cluster
